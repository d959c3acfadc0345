// Command shipping has paid orders collected by the carrier and quotes what delivery costs.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"
)

func main() {
	slog.SetDefault(slog.New(slog.NewJSONHandler(os.Stdout, nil)).With("service", "shipping"))
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()

	carrier := NewCarrier(os.Getenv("CARRIER_API_URL"), os.Getenv("CARRIER_API_KEY"))
	consumer, err := Connect(carrier)
	if err != nil {
		slog.Error("broker does not answer", "error", err)
		os.Exit(1)
	}
	go func() {
		if err := consumer.Run(ctx); err != nil {
			slog.Error("consumer stopped", "error", err)
			stop()
		}
	}()

	server := &http.Server{Addr: ":8082", Handler: routes(carrier, consumer), ReadHeaderTimeout: 2 * time.Second}
	go func() {
		<-ctx.Done()
		_ = server.Shutdown(context.Background())
	}()
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		slog.Error("shipping stopped", "error", err)
		os.Exit(1)
	}
}

func routes(carrier *Carrier, consumer *Consumer) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/quotes", func(w http.ResponseWriter, r *http.Request) {
		items, err := strconv.Atoi(r.URL.Query().Get("items"))
		if err != nil || items < 1 {
			http.Error(w, "items must be a positive number", http.StatusBadRequest)
			return
		}
		quote, err := carrier.Quote(r.Context(), r.URL.Query().Get("postcode"), items)
		if err != nil {
			// Better a flat rate than a checkout that does not work.
			slog.Warn("carrier gave no quote", "error", err)
			quote = Quote{Pence: 350, Days: 4}
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(quote)
	})
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) {
		if consumer.Closed() {
			http.Error(w, "no broker", http.StatusServiceUnavailable)
		}
	})
	mux.Handle("GET /metrics", promhttp.Handler())
	return mux
}
