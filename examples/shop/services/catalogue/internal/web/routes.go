// Package web serves books and stock reservations over HTTP.
package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"harbourstreet.example/catalogue/internal/store"
)

var reservations = promauto.NewCounterVec(prometheus.CounterOpts{
	Name: "catalogue_reservations_total",
	Help: "Stock reservations by result",
}, []string{"result"})

type handler struct{ books *store.Store }

// Routes are all paths of the service.
func Routes(books *store.Store) http.Handler {
	h := handler{books}
	r := chi.NewRouter()
	r.Use(middleware.Recoverer)
	r.Get("/v1/books", h.list)
	r.Get("/v1/books/{isbn}", h.show)
	r.Put("/v1/reservations/{orderID}", h.reserve)
	r.Delete("/v1/reservations/{orderID}", h.release)
	r.Get("/healthz", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	r.Get("/readyz", h.ready)
	r.Handle("/metrics", promhttp.Handler())
	return r
}

func answer(w http.ResponseWriter, value any, err error) {
	switch {
	case errors.Is(err, store.ErrNotFound):
		http.Error(w, err.Error(), http.StatusNotFound)
	case errors.Is(err, store.ErrOutOfStock):
		http.Error(w, err.Error(), http.StatusConflict)
	case err != nil:
		http.Error(w, "internal error", http.StatusInternalServerError)
	case value == nil:
		w.WriteHeader(http.StatusNoContent)
	default:
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "public, max-age=30")
		_ = json.NewEncoder(w).Encode(value)
	}
}

func (h handler) list(w http.ResponseWriter, r *http.Request) {
	limit, err := strconv.Atoi(r.URL.Query().Get("limit"))
	if err != nil || limit < 1 || limit > 100 {
		limit = 24
	}
	books, err := h.books.Newest(r.Context(), limit)
	answer(w, books, err)
}

func (h handler) show(w http.ResponseWriter, r *http.Request) {
	book, err := h.books.Book(r.Context(), chi.URLParam(r, "isbn"))
	answer(w, book, err)
}

func (h handler) reserve(w http.ResponseWriter, r *http.Request) {
	var lines []store.Line
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<16)).Decode(&lines); err != nil {
		http.Error(w, "lines expected", http.StatusBadRequest)
		return
	}
	err := h.books.Reserve(r.Context(), chi.URLParam(r, "orderID"), lines)
	result := "held"
	if err != nil {
		result = "refused"
	}
	reservations.WithLabelValues(result).Inc()
	answer(w, nil, err)
}

func (h handler) release(w http.ResponseWriter, r *http.Request) {
	answer(w, nil, h.books.Release(r.Context(), chi.URLParam(r, "orderID")))
}

func (h handler) ready(w http.ResponseWriter, r *http.Request) {
	if err := h.books.Ping(r.Context()); err != nil {
		http.Error(w, "no database", http.StatusServiceUnavailable)
		return
	}
	w.WriteHeader(http.StatusOK)
}
