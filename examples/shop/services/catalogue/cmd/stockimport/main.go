// Command stockimport fetches the wholesaler's stock list and writes it to the catalogue.
// A CronJob runs it once a night.
package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"strconv"
	"time"

	"harbourstreet.example/catalogue/internal/store"
)

func main() {
	slog.SetDefault(slog.New(slog.NewJSONHandler(os.Stdout, nil)).With("service", "stock-import"))
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Minute)
	defer cancel()
	count, err := importStock(ctx, os.Getenv("WHOLESALER_FEED_URL"))
	if err != nil {
		slog.Error("import failed", "error", err, "imported", count)
		os.Exit(1)
	}
	slog.Info("import done", "imported", count)
}

func importStock(ctx context.Context, feed string) (int, error) {
	books, err := store.Open(ctx, os.Getenv("CATALOGUE_DATABASE_URL"))
	if err != nil {
		return 0, err
	}
	defer books.Close()

	request, err := http.NewRequestWithContext(ctx, http.MethodGet, feed, nil)
	if err != nil {
		return 0, err
	}
	request.Header.Set("Authorization", "Bearer "+os.Getenv("WHOLESALER_TOKEN"))
	client := &http.Client{Timeout: 2 * time.Minute}
	answer, err := client.Do(request)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return 0, fmt.Errorf("wholesaler answered %s", answer.Status)
	}
	return load(ctx, csv.NewReader(answer.Body), books)
}

// load expects lines of isbn, quantity. A bad line is skipped: one typing error
// at the wholesaler's must not leave the shop with yesterday's stock.
func load(ctx context.Context, lines *csv.Reader, books *store.Store) (int, error) {
	count := 0
	for {
		line, err := lines.Read()
		if errors.Is(err, io.EOF) {
			return count, nil
		}
		if err != nil || len(line) < 2 {
			slog.Warn("line skipped", "error", err)
			continue
		}
		quantity, err := strconv.Atoi(line[1])
		if err != nil || quantity < 0 {
			slog.Warn("quantity skipped", "isbn", line[0], "quantity", line[1])
			continue
		}
		if err := books.SetStock(ctx, line[0], quantity); err != nil {
			return count, err
		}
		count++
	}
}
