// Command catalogue serves books over HTTP and search over gRPC.
package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"go.opentelemetry.io/contrib/instrumentation/google.golang.org/grpc/otelgrpc"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracegrpc"
	"go.opentelemetry.io/otel/sdk/trace"
	"google.golang.org/grpc"
	"google.golang.org/grpc/health"
	"google.golang.org/grpc/health/grpc_health_v1"

	"harbourstreet.example/catalogue/gen/cataloguev1"
	"harbourstreet.example/catalogue/internal/search"
	"harbourstreet.example/catalogue/internal/store"
	"harbourstreet.example/catalogue/internal/web"
)

func setting(name, fallback string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return fallback
}

func main() {
	slog.SetDefault(slog.New(slog.NewJSONHandler(os.Stdout, nil)).With("service", "catalogue"))
	if err := run(); err != nil {
		slog.Error("catalogue stopped", "error", err)
		os.Exit(1)
	}
}

func run() error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()

	// The exporter reads OTEL_EXPORTER_OTLP_ENDPOINT.
	exporter, err := otlptracegrpc.New(ctx)
	if err != nil {
		return err
	}
	traces := trace.NewTracerProvider(trace.WithBatcher(exporter))
	otel.SetTracerProvider(traces)
	defer traces.Shutdown(context.Background())

	books, err := store.Open(ctx, os.Getenv("CATALOGUE_DATABASE_URL"))
	if err != nil {
		return err
	}
	defer books.Close()

	listener, err := net.Listen("tcp", setting("GRPC_ADDR", ":9081"))
	if err != nil {
		return err
	}
	rpc := grpc.NewServer(grpc.StatsHandler(otelgrpc.NewServerHandler()))
	cataloguev1.RegisterCatalogueSearchServer(rpc, search.NewServer(books))
	grpc_health_v1.RegisterHealthServer(rpc, health.NewServer())
	go func() {
		if err := rpc.Serve(listener); err != nil {
			slog.Error("grpc stopped", "error", err)
			stop()
		}
	}()

	server := &http.Server{
		Addr:              setting("HTTP_ADDR", ":8081"),
		Handler:           otelhttp.NewHandler(web.Routes(books), "catalogue"),
		ReadHeaderTimeout: 2 * time.Second,
		WriteTimeout:      5 * time.Second,
	}
	go func() {
		<-ctx.Done()
		rpc.GracefulStop()
		limit, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		_ = server.Shutdown(limit)
	}()
	slog.Info("catalogue listens", "http", server.Addr, "grpc", listener.Addr().String())
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
