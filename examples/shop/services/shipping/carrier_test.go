package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestLabelIsAskedForAgainWithTheSameKey(t *testing.T) {
	var keys []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		keys = append(keys, r.Header.Get("Idempotency-Key"))
		if len(keys) == 1 {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		_, _ = w.Write([]byte(`{"trackingNumber":"CP1"}`))
	}))
	defer server.Close()

	label, err := NewCarrier(server.URL, "").Label(context.Background(), PaidOrder{OrderID: "o-1"})
	if err != nil || label.TrackingNumber != "CP1" {
		t.Fatalf("label %v, error %v", label, err)
	}
	if len(keys) != 2 || keys[0] != keys[1] {
		t.Fatalf("keys %v", keys)
	}
}
