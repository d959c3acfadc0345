package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// Carrier is the client of Coastal Parcel's API.
type Carrier struct {
	base string
	key  string
	http *http.Client
}

type Quote struct {
	Pence int `json:"pence"`
	Days  int `json:"days"`
}

type Label struct {
	TrackingNumber string `json:"trackingNumber"`
}

func NewCarrier(base, key string) *Carrier {
	return &Carrier{base: base, key: key, http: &http.Client{Timeout: 3 * time.Second}}
}

func (c *Carrier) Quote(ctx context.Context, postcode string, items int) (Quote, error) {
	var quote Quote
	path := fmt.Sprintf("/quotes?postcode=%s&grams=%d", url.QueryEscape(postcode), items*400)
	return quote, c.do(ctx, http.MethodGet, path, "", nil, &quote)
}

// Label books a collection. The order is the idempotency key: asked twice, the
// carrier answers with the label that it has already made.
func (c *Carrier) Label(ctx context.Context, order PaidOrder) (Label, error) {
	var label Label
	err := c.do(ctx, http.MethodPost, "/labels", order.OrderID, order, &label)
	for attempt := 1; err != nil && attempt < 4; attempt++ {
		time.Sleep(time.Duration(attempt*attempt) * 250 * time.Millisecond)
		err = c.do(ctx, http.MethodPost, "/labels", order.OrderID, order, &label)
	}
	return label, err
}

func (c *Carrier) do(ctx context.Context, method, path, key string, body, into any) error {
	var content bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&content).Encode(body); err != nil {
			return err
		}
	}
	request, err := http.NewRequestWithContext(ctx, method, c.base+path, &content)
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+c.key)
	request.Header.Set("Content-Type", "application/json")
	if key != "" {
		request.Header.Set("Idempotency-Key", key)
	}
	answer, err := c.http.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode >= 300 {
		return fmt.Errorf("carrier answered %s", answer.Status)
	}
	return json.NewDecoder(answer.Body).Decode(into)
}
