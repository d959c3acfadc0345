package example.harbourstreet.orders;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.UUID;
import org.junit.jupiter.api.Test;

class OrderTest {
    private final Order order = new Order(UUID.randomUUID(), "customer-1", "key-1");

    @Test
    void anUnpaidOrderCanBeCancelled() {
        order.cancel();
        assertEquals(Order.Status.CANCELLED, order.status);
    }

    @Test
    void aPaidOrderCannotBeCancelled() {
        order.status = Order.Status.PAID;
        assertThrows(IllegalStateException.class, order::cancel);
    }
}
