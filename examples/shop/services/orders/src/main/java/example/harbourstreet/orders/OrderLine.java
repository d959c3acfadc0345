package example.harbourstreet.orders;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.UUID;

/** One book of an order, at the price of that day. */
@Entity
@Table(name = "order_lines")
public class OrderLine {
    @Id
    UUID id = UUID.randomUUID();

    @Column(nullable = false, length = 13)
    String isbn;

    @Column(nullable = false)
    int quantity;

    @Column(name = "price_pence", nullable = false)
    long pricePence;

    protected OrderLine() { }

    OrderLine(String isbn, int quantity, long pricePence) {
        this.isbn = isbn;
        this.quantity = quantity;
        this.pricePence = pricePence;
    }
}
