-- Partitioned by month, so that old events go away by dropping a partition.
CREATE TABLE outbox_events (
    id          bigint GENERATED ALWAYS AS IDENTITY,
    order_id    uuid NOT NULL,
    routing_key varchar(60) NOT NULL,
    payload     jsonb NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    sent_at     timestamptz,
    PRIMARY KEY (id, created_at)
) PARTITION BY RANGE (created_at);

CREATE TABLE outbox_events_default PARTITION OF outbox_events DEFAULT;

CREATE INDEX outbox_events_unsent ON outbox_events (id) WHERE sent_at IS NULL;
