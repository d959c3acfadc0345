CREATE TABLE stock_levels (
    isbn       char(13) PRIMARY KEY REFERENCES books (isbn),
    on_hand    integer NOT NULL DEFAULT 0 CHECK (on_hand >= 0),
    reserved   integer NOT NULL DEFAULT 0,
    counted_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT reserved_within_stock CHECK (reserved BETWEEN 0 AND on_hand)
);

-- The order lives in another database, so order_id has no foreign key.
CREATE TABLE stock_reservations (
    order_id   uuid NOT NULL,
    isbn       char(13) NOT NULL REFERENCES stock_levels (isbn),
    quantity   integer NOT NULL CHECK (quantity > 0),
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (order_id, isbn)
);
CREATE INDEX stock_reservations_created_at ON stock_reservations (created_at);
