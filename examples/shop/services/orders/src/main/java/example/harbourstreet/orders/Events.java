package example.harbourstreet.orders;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageBuilder;
import org.springframework.amqp.core.MessageDeliveryMode;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Sends what the outbox holds, and hears what payments and shipping have done. */
@Component
public class Events {
    record Pending(long id, String routingKey, String payload) { }

    private final RabbitTemplate rabbit;
    private final JdbcClient sql;
    private final OrderService service;
    private final ObjectMapper json;
    private final int batchSize;

    Events(RabbitTemplate rabbit, JdbcClient sql, OrderService service, ObjectMapper json,
            @Value("${outbox.batch-size}") int batchSize) {
        this.rabbit = rabbit;
        this.sql = sql;
        this.service = service;
        this.json = json;
        this.batchSize = batchSize;
    }

    /** SKIP LOCKED lets every replica send without sending twice. */
    @Scheduled(fixedDelay = 500)
    @Transactional
    public void sendOutbox() {
        var waiting = sql.sql("SELECT id, routing_key, payload::text AS payload FROM outbox_events"
                + " WHERE sent_at IS NULL ORDER BY id LIMIT ? FOR UPDATE SKIP LOCKED")
            .param(batchSize).query(Pending.class).list();
        for (var event : waiting) {
            var message = MessageBuilder.withBody(event.payload().getBytes(StandardCharsets.UTF_8))
                .setContentType("application/json")
                .setDeliveryMode(MessageDeliveryMode.PERSISTENT)
                .setMessageId("order-event-" + event.id())
                .build();
            rabbit.send("shop.events", event.routingKey(), message);
            sql.sql("UPDATE outbox_events SET sent_at = now() WHERE id = ?").param(event.id()).update();
        }
    }

    @RabbitListener(queues = "orders.payment-results")
    public void paymentResult(Message message) throws IOException {
        JsonNode result = json.readTree(message.getBody());
        service.settled(UUID.fromString(result.get("orderId").asText()), result.get("chargeId").asText(),
            "payment.settled".equals(message.getMessageProperties().getReceivedRoutingKey()));
    }

    @RabbitListener(queues = "orders.shipments")
    public void shipment(Message message) throws IOException {
        JsonNode sent = json.readTree(message.getBody());
        service.dispatched(UUID.fromString(sent.get("orderId").asText()),
            sent.get("trackingNumber").asText(), sent.get("carrier").asText());
    }
}
