CREATE TABLE payments (
    id         varchar(64) PRIMARY KEY,
    order_id   uuid NOT NULL REFERENCES orders (id),
    status     varchar(20) NOT NULL CHECK (status IN ('PENDING', 'SETTLED', 'FAILED')),
    pence      bigint NOT NULL CHECK (pence > 0),
    changed_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX payments_order ON payments (order_id);

CREATE TABLE shipments (
    tracking_number varchar(40) PRIMARY KEY,
    order_id        uuid NOT NULL UNIQUE REFERENCES orders (id),
    carrier         varchar(40) NOT NULL,
    dispatched_at   timestamptz NOT NULL
);
