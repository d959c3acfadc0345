package example.harbourstreet.orders;

import jakarta.persistence.CascadeType;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.OneToMany;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** What a customer bought, and how far it has come. */
@Entity
@Table(name = "orders")
public class Order {
    public enum Status { PLACED, PAID, DISPATCHED, CANCELLED }

    @Id
    UUID id;

    @Column(name = "customer_id", nullable = false)
    String customerId;

    @Enumerated(EnumType.STRING)
    @Column(nullable = false)
    Status status = Status.PLACED;

    @Column(name = "delivery_name", nullable = false)
    String deliveryName;

    @Column(nullable = false)
    String address;

    @Column(nullable = false)
    String postcode;

    @Column(name = "gift_wrap", nullable = false)
    boolean giftWrap;

    @Column(name = "total_pence", nullable = false)
    long totalPence;

    @Column(name = "idempotency_key", nullable = false, unique = true)
    String idempotencyKey;

    @Column(name = "created_at", nullable = false)
    Instant createdAt = Instant.now();

    @Version
    long version;

    @OneToMany(cascade = CascadeType.ALL, fetch = FetchType.EAGER)
    @JoinColumn(name = "order_id", nullable = false)
    List<OrderLine> lines = new ArrayList<>();

    protected Order() { }

    Order(UUID id, String customerId, String idempotencyKey) {
        this.id = id;
        this.customerId = customerId;
        this.idempotencyKey = idempotencyKey;
    }

    /** Paid orders are refunded by hand, so only unpaid ones can be cancelled. */
    void cancel() {
        if (status != Status.PLACED) {
            throw new IllegalStateException("order is " + status);
        }
        status = Status.CANCELLED;
    }
}
