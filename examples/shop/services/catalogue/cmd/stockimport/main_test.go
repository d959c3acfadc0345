package main

import (
	"context"
	"encoding/csv"
	"strings"
	"testing"
)

func TestBadLinesAreSkipped(t *testing.T) {
	lines := csv.NewReader(strings.NewReader("9780000000002,many\n9780000000019,-4\n"))
	count, err := load(context.Background(), lines, nil)
	if err != nil || count != 0 {
		t.Fatalf("imported %d lines, error %v", count, err)
	}
}
