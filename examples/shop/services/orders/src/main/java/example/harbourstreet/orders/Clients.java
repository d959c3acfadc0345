package example.harbourstreet.orders;

import io.github.resilience4j.circuitbreaker.annotation.CircuitBreaker;
import io.github.resilience4j.retry.annotation.Retry;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.HttpStatus;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.stereotype.Component;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.RestClient;

/** The two services that an order needs before it is accepted. */
@Component
public class Clients {
    record Copies(String isbn, int quantity) { }

    record Charge(UUID orderId, long pence, String paymentToken) { }

    record Charged(String id, String status) { }

    private final RestClient catalogue;
    private final RestClient payments;

    Clients(
            @Value("${clients.catalogue-url}") String catalogueUrl,
            @Value("${clients.payments-url}") String paymentsUrl,
            @Value("${clients.connect-timeout}") Duration connectTimeout,
            @Value("${clients.read-timeout}") Duration readTimeout,
            RestClient.Builder builder) {
        var timeouts = new SimpleClientHttpRequestFactory();
        timeouts.setConnectTimeout(connectTimeout);
        timeouts.setReadTimeout(readTimeout);
        this.catalogue = builder.clone().baseUrl(catalogueUrl).requestFactory(timeouts).build();
        this.payments = builder.clone().baseUrl(paymentsUrl).requestFactory(timeouts).build();
    }

    @Retry(name = "catalogue")
    void reserve(UUID orderId, List<Copies> lines) {
        catalogue.put().uri("/v1/reservations/{id}", orderId).body(lines).retrieve()
            .onStatus(HttpStatus.CONFLICT::equals, (request, answer) -> {
                throw new IllegalStateException("not enough copies in stock");
            })
            .toBodilessEntity();
    }

    @Retry(name = "catalogue")
    void release(UUID orderId) {
        catalogue.delete().uri("/v1/reservations/{id}", orderId).retrieve().toBodilessEntity();
    }

    /** Not retried: the key of the charge is the order, but a customer should not wait twice. */
    @CircuitBreaker(name = "payments")
    Charged charge(UUID orderId, long pence, String paymentToken) {
        try {
            return payments.post().uri("/v1/charges")
                .body(new Charge(orderId, pence, paymentToken))
                .retrieve().body(Charged.class);
        } catch (HttpClientErrorException refused) {
            throw new IllegalStateException("payment was refused");
        }
    }
}
