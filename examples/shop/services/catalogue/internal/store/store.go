// Package store keeps books, stock and reservations in PostgreSQL.
package store

import (
	"context"
	"errors"

	"github.com/golang-migrate/migrate/v4"
	_ "github.com/golang-migrate/migrate/v4/database/pgx/v5"
	"github.com/golang-migrate/migrate/v4/source/iofs"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"harbourstreet.example/catalogue/migrations"
)

var (
	ErrNotFound   = errors.New("no such book")
	ErrOutOfStock = errors.New("not enough copies in stock")
)

type Book struct {
	ISBN       string   `json:"isbn"`
	Title      string   `json:"title"`
	Authors    []string `json:"authors"`
	PricePence int64    `json:"pricePence"`
	Available  int      `json:"available"`
}

type Line struct {
	ISBN     string `json:"isbn"`
	Quantity int    `json:"quantity"`
}

type Store struct{ pool *pgxpool.Pool }

// Open connects to the database and brings its tables up to date.
func Open(ctx context.Context, url string) (*Store, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	config.MaxConns = 20
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	files, err := iofs.New(migrations.Files, ".")
	if err != nil {
		return nil, err
	}
	steps, err := migrate.NewWithSourceInstance("iofs", files, "pgx5"+url[len("postgres"):])
	if err != nil {
		return nil, err
	}
	if err := steps.Up(); err != nil && !errors.Is(err, migrate.ErrNoChange) {
		return nil, err
	}
	return &Store{pool: pool}, nil
}

func (s *Store) Close()                         { s.pool.Close() }
func (s *Store) Ping(ctx context.Context) error { return s.pool.Ping(ctx) }

const selectBooks = `
	SELECT b.isbn, b.title, array_agg(a.name ORDER BY ba.position), b.price_pence, s.on_hand - s.reserved
	FROM books b
	JOIN book_authors ba ON ba.isbn = b.isbn
	JOIN authors a ON a.id = ba.author_id
	JOIN stock_levels s ON s.isbn = b.isbn `

func (s *Store) query(ctx context.Context, sql string, args ...any) ([]Book, error) {
	rows, err := s.pool.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (Book, error) {
		var b Book
		err := row.Scan(&b.ISBN, &b.Title, &b.Authors, &b.PricePence, &b.Available)
		return b, err
	})
}

func (s *Store) Book(ctx context.Context, isbn string) (Book, error) {
	books, err := s.query(ctx, selectBooks+`WHERE b.isbn = $1 GROUP BY b.isbn, s.isbn`, isbn)
	if err == nil && len(books) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return Book{}, err
	}
	return books[0], nil
}

func (s *Store) Newest(ctx context.Context, limit int) ([]Book, error) {
	return s.query(ctx, selectBooks+`GROUP BY b.isbn, s.isbn ORDER BY b.published_on DESC LIMIT $1`, limit)
}

// Search ranks by the text index over title and description.
func (s *Store) Search(ctx context.Context, words string, inStockOnly bool, offset, limit int) ([]Book, error) {
	return s.query(ctx, selectBooks+`
		WHERE b.search_text @@ websearch_to_tsquery('english', $1)
		  AND (NOT $2 OR s.on_hand > s.reserved)
		GROUP BY b.isbn, s.isbn
		ORDER BY ts_rank(b.search_text, websearch_to_tsquery('english', $1)) DESC
		OFFSET $3 LIMIT $4`, words, inStockOnly, offset, limit)
}

func (s *Store) Titles(ctx context.Context, prefix string) ([]string, error) {
	rows, err := s.pool.Query(ctx, `SELECT title FROM books WHERE lower(title) LIKE lower($1) || '%' LIMIT 8`, prefix)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// Reserve takes all lines of an order, or none.
func (s *Store) Reserve(ctx context.Context, orderID string, lines []Line) error {
	return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		for _, line := range lines {
			done, err := tx.Exec(ctx, `UPDATE stock_levels SET reserved = reserved + $2
				WHERE isbn = $1 AND on_hand - reserved >= $2`, line.ISBN, line.Quantity)
			if err != nil {
				return err
			}
			if done.RowsAffected() == 0 {
				return ErrOutOfStock
			}
			if _, err := tx.Exec(ctx, `INSERT INTO stock_reservations (order_id, isbn, quantity)
				VALUES ($1, $2, $3)`, orderID, line.ISBN, line.Quantity); err != nil {
				return err
			}
		}
		return nil
	})
}

// Release gives the copies of a cancelled order back; a second call changes nothing.
func (s *Store) Release(ctx context.Context, orderID string) error {
	_, err := s.pool.Exec(ctx, `WITH gone AS (
			DELETE FROM stock_reservations WHERE order_id = $1 RETURNING isbn, quantity)
		UPDATE stock_levels SET reserved = reserved - gone.quantity
		FROM gone WHERE stock_levels.isbn = gone.isbn`, orderID)
	return err
}

func (s *Store) SetStock(ctx context.Context, isbn string, onHand int) error {
	_, err := s.pool.Exec(ctx, `UPDATE stock_levels SET on_hand = $2, counted_at = now()
		WHERE isbn = $1 AND reserved <= $2`, isbn, onHand)
	return err
}
