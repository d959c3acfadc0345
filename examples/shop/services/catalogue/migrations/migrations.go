// Package migrations carries the SQL files inside the program.
package migrations

import "embed"

//go:embed *.sql
var Files embed.FS
