module harbourstreet.example/shipping

go 1.23

require (
	github.com/prometheus/client_golang v1.20.5
	github.com/rabbitmq/amqp091-go v1.10.0
)
