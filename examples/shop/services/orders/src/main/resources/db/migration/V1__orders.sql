CREATE TABLE customers (
    id         varchar(64) PRIMARY KEY,
    email      varchar(254) NOT NULL UNIQUE,
    name       varchar(120) NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE orders (
    id              uuid PRIMARY KEY,
    customer_id     varchar(64) NOT NULL REFERENCES customers (id),
    status          varchar(20) NOT NULL
        CHECK (status IN ('PLACED', 'PAID', 'DISPATCHED', 'CANCELLED')),
    delivery_name   varchar(120) NOT NULL,
    address         varchar(400) NOT NULL,
    postcode        varchar(10) NOT NULL,
    gift_wrap       boolean NOT NULL DEFAULT false,
    total_pence     bigint NOT NULL CHECK (total_pence >= 0),
    idempotency_key varchar(64) NOT NULL UNIQUE,
    created_at      timestamptz NOT NULL DEFAULT now(),
    version         bigint NOT NULL DEFAULT 0
);
CREATE INDEX orders_customer_created ON orders (customer_id, created_at DESC);
CREATE INDEX orders_open ON orders (status) WHERE status IN ('PLACED', 'PAID');

CREATE TABLE order_lines (
    id          uuid PRIMARY KEY,
    order_id    uuid NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    isbn        char(13) NOT NULL,
    quantity    integer NOT NULL CHECK (quantity BETWEEN 1 AND 20),
    price_pence bigint NOT NULL CHECK (price_pence > 0),
    UNIQUE (order_id, isbn)
);
