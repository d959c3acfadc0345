// Package search answers the gRPC contract proto/catalogue/v1/search.proto.
package search

import (
	"context"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"harbourstreet.example/catalogue/gen/cataloguev1"
	"harbourstreet.example/catalogue/internal/store"
)

var searchSeconds = promauto.NewHistogram(prometheus.HistogramOpts{
	Name:    "catalogue_search_seconds",
	Help:    "Time of a full-text search",
	Buckets: []float64{0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1},
})

type Server struct {
	cataloguev1.UnimplementedCatalogueSearchServer
	books *store.Store
}

func NewServer(books *store.Store) *Server { return &Server{books: books} }

func (s *Server) Search(ctx context.Context, req *cataloguev1.SearchRequest) (*cataloguev1.SearchResponse, error) {
	words := strings.TrimSpace(req.GetQuery())
	if len(words) < 2 {
		return nil, status.Error(codes.InvalidArgument, "query needs two letters")
	}
	limit := int(req.GetLimit())
	if limit == 0 || limit > 50 {
		limit = 20
	}
	begin := time.Now()
	found, err := s.books.Search(ctx, words, req.GetInStockOnly(), int(req.GetOffset()), limit)
	searchSeconds.Observe(time.Since(begin).Seconds())
	if err != nil {
		return nil, status.Error(codes.Unavailable, "search failed")
	}
	answer := &cataloguev1.SearchResponse{Total: uint32(len(found))}
	for _, book := range found {
		answer.Hits = append(answer.Hits, &cataloguev1.BookHit{
			Isbn: book.ISBN, Title: book.Title, Authors: book.Authors,
			PricePence: book.PricePence, InStock: book.Available > 0,
		})
	}
	return answer, nil
}

func (s *Server) Suggest(ctx context.Context, req *cataloguev1.SuggestRequest) (*cataloguev1.SuggestResponse, error) {
	titles, err := s.books.Titles(ctx, req.GetPrefix())
	if err != nil {
		return nil, status.Error(codes.Unavailable, "suggestions failed")
	}
	return &cataloguev1.SuggestResponse{Titles: titles}, nil
}
