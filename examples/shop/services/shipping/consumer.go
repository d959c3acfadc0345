package main

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net"
	"net/url"
	"os"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
	amqp "github.com/rabbitmq/amqp091-go"
)

var labels = promauto.NewCounterVec(prometheus.CounterOpts{
	Name: "shipping_labels_total",
	Help: "Labels asked of the carrier, by result",
}, []string{"result"})

// PaidOrder is the content of order.paid.
type PaidOrder struct {
	OrderID      string `json:"orderId"`
	Email        string `json:"email"`
	CustomerName string `json:"customerName"`
	Address      string `json:"address"`
	Postcode     string `json:"postcode"`
}

// Dispatched is the content of shipment.dispatched.
type Dispatched struct {
	OrderID        string `json:"orderId"`
	Email          string `json:"email"`
	CustomerName   string `json:"customerName"`
	TrackingNumber string `json:"trackingNumber"`
	Carrier        string `json:"carrier"`
}

type Consumer struct {
	connection *amqp.Connection
	channel    *amqp.Channel
	carrier    *Carrier
}

// Connect declares what this service needs of the broker.
func Connect(carrier *Carrier) (*Consumer, error) {
	address := url.URL{
		Scheme: "amqp",
		User:   url.UserPassword(os.Getenv("RABBITMQ_USER"), os.Getenv("RABBITMQ_PASSWORD")),
		Host:   net.JoinHostPort(os.Getenv("RABBITMQ_HOST"), os.Getenv("RABBITMQ_PORT")),
	}
	connection, err := amqp.Dial(address.String())
	if err != nil {
		return nil, err
	}
	channel, err := connection.Channel()
	if err != nil {
		return nil, err
	}
	_, queueErr := channel.QueueDeclare("shipping.paid-orders", true, false, false, false,
		amqp.Table{"x-dead-letter-exchange": "shop.dead-letters"})
	err = errors.Join(
		channel.ExchangeDeclare("shop.events", "topic", true, false, false, false, nil),
		queueErr,
		channel.QueueBind("shipping.paid-orders", "order.paid", "shop.events", false, nil),
		channel.Qos(5, 0, false),
	)
	return &Consumer{connection, channel, carrier}, err
}

func (c *Consumer) Closed() bool { return c.connection.IsClosed() }

// Run handles paid orders until the context ends or the broker goes away.
func (c *Consumer) Run(ctx context.Context) error {
	messages, err := c.channel.ConsumeWithContext(ctx, "shipping.paid-orders", "", false, false, false, false, nil)
	if err != nil {
		return err
	}
	for message := range messages {
		if err := c.dispatch(ctx, message.Body); err != nil {
			labels.WithLabelValues("failed").Inc()
			slog.Error("order not dispatched", "error", err)
			_ = message.Nack(false, false)
			continue
		}
		labels.WithLabelValues("booked").Inc()
		_ = message.Ack(false)
	}
	return ctx.Err()
}

func (c *Consumer) dispatch(ctx context.Context, body []byte) error {
	var order PaidOrder
	if err := json.Unmarshal(body, &order); err != nil {
		return err
	}
	label, err := c.carrier.Label(ctx, order)
	if err != nil {
		return err
	}
	event, err := json.Marshal(Dispatched{order.OrderID, order.Email, order.CustomerName,
		label.TrackingNumber, "Coastal Parcel"})
	if err != nil {
		return err
	}
	slog.Info("order dispatched", "order", order.OrderID, "tracking", label.TrackingNumber)
	return c.channel.PublishWithContext(ctx, "shop.events", "shipment.dispatched", false, false,
		amqp.Publishing{ContentType: "application/json", DeliveryMode: amqp.Persistent, Body: event})
}
