package example.harbourstreet.orders;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import example.harbourstreet.orders.OrderController.NewOrder;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

interface OrderRepository extends JpaRepository<Order, UUID> {
    Optional<Order> findByIdempotencyKey(String key);

    List<Order> findTop100ByStatusOrderByCreatedAt(Order.Status status);
}

@Service
@Transactional
public class OrderService {
    private static final Logger LOG = LoggerFactory.getLogger(OrderService.class);

    private final OrderRepository orders;
    private final Clients clients;
    private final JdbcClient sql;
    private final ObjectMapper json;
    private final MeterRegistry metrics;
    private final boolean giftWrap;

    OrderService(OrderRepository orders, Clients clients, JdbcClient sql, ObjectMapper json,
            MeterRegistry metrics, @Value("${features.gift-wrap}") boolean giftWrap) {
        this.orders = orders;
        this.clients = clients;
        this.sql = sql;
        this.json = json;
        this.metrics = metrics;
        this.giftWrap = giftWrap;
    }

    /** Reserves, charges and stores; the same key gives the same order again. */
    Order place(Jwt customer, String key, NewOrder wish) {
        var known = orders.findByIdempotencyKey(key);
        if (known.isPresent()) {
            return known.get();
        }
        sql.sql("INSERT INTO customers (id, email, name) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING")
            .params(customer.getSubject(), customer.getClaimAsString("email"), wish.name()).update();
        var order = new Order(UUID.randomUUID(), customer.getSubject(), key);
        order.deliveryName = wish.name();
        order.address = wish.address();
        order.postcode = wish.postcode();
        order.giftWrap = wish.giftWrap() && giftWrap;
        wish.lines().forEach(l -> order.lines.add(new OrderLine(l.isbn(), l.quantity(), l.pricePence())));
        order.totalPence = order.lines.stream().mapToLong(l -> l.quantity * l.pricePence).sum();

        clients.reserve(order.id, order.lines.stream()
            .map(l -> new Clients.Copies(l.isbn, l.quantity)).toList());
        try {
            var charged = clients.charge(order.id, order.totalPence, wish.paymentToken());
            orders.saveAndFlush(order);
            sql.sql("INSERT INTO payments (id, order_id, status, pence) VALUES (?, ?, 'PENDING', ?)")
                .params(charged.id(), order.id, order.totalPence).update();
        } catch (RuntimeException failed) {
            clients.release(order.id);
            throw failed;
        }
        announce(order, "order.placed", Map.of());
        metrics.counter("orders.placed").increment();
        LOG.atInfo().addKeyValue("order", order.id).log("order placed");
        return order;
    }

    Order cancel(UUID id, String customerId) {
        var order = ofCustomer(id, customerId);
        order.cancel();
        clients.release(id);
        announce(order, "order.cancelled", Map.of());
        return order;
    }

    void settled(UUID id, String paymentId, boolean successful) {
        var order = orders.findById(id).orElseThrow();
        sql.sql("UPDATE payments SET status = ?, changed_at = now() WHERE id = ?")
            .params(successful ? "SETTLED" : "FAILED", paymentId).update();
        if (order.status != Order.Status.PLACED) {
            return;
        }
        if (successful) {
            order.status = Order.Status.PAID;
            announce(order, "order.paid", Map.of("postcode", order.postcode, "address", order.address));
        } else {
            order.cancel();
            clients.release(id);
            announce(order, "order.cancelled", Map.of());
        }
    }

    void dispatched(UUID id, String trackingNumber, String carrier) {
        orders.findById(id).orElseThrow().status = Order.Status.DISPATCHED;
        sql.sql("INSERT INTO shipments (tracking_number, order_id, carrier, dispatched_at)"
                + " VALUES (?, ?, ?, now()) ON CONFLICT DO NOTHING")
            .params(trackingNumber, id, carrier).update();
    }

    Order ofCustomer(UUID id, String customerId) {
        return orders.findById(id).filter(o -> o.customerId.equals(customerId))
            .orElseThrow(NoSuchElementException::new);
    }

    List<Order> withStatus(Order.Status status) {
        return orders.findTop100ByStatusOrderByCreatedAt(status);
    }

    OrderController.View view(Order order) {
        var tracking = sql.sql("SELECT tracking_number FROM shipments WHERE order_id = ?")
            .param(order.id).query(String.class).optional().orElse(null);
        return new OrderController.View(order.id, order.status.name(), order.totalPence, tracking);
    }

    /** Writes the event beside the order; {@link Events} sends it afterwards. */
    private void announce(Order order, String routingKey, Map<String, Object> more) {
        var email = sql.sql("SELECT email FROM customers WHERE id = ?")
            .param(order.customerId).query(String.class).single();
        var payload = new java.util.TreeMap<String, Object>(more);
        payload.putAll(Map.of("orderId", order.id, "email", email,
            "customerName", order.deliveryName, "totalPence", order.totalPence));
        try {
            sql.sql("INSERT INTO outbox_events (order_id, routing_key, payload) VALUES (?, ?, ?::jsonb)")
                .params(order.id, routingKey, json.writeValueAsString(payload)).update();
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
