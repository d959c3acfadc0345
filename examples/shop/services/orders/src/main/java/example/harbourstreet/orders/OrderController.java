package example.harbourstreet.orders;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
public class OrderController {
    record Line(
        @Pattern(regexp = "97[89]\\d{10}") String isbn,
        @Min(1) @Max(20) int quantity,
        @Min(1) long pricePence) { }

    record NewOrder(
        @NotBlank @Size(max = 120) String name,
        @NotBlank @Size(max = 400) String address,
        @NotBlank @Size(max = 10) String postcode,
        @NotBlank String paymentToken,
        boolean giftWrap,
        @NotEmpty List<@Valid Line> lines) { }

    record View(UUID id, String status, long totalPence, String trackingNumber) { }

    private final OrderService service;

    OrderController(OrderService service) {
        this.service = service;
    }

    @PostMapping("/v1/orders")
    @ResponseStatus(HttpStatus.CREATED)
    View place(
            @AuthenticationPrincipal Jwt customer,
            @RequestHeader("Idempotency-Key") @Size(max = 64) String key,
            @Valid @RequestBody NewOrder order) {
        return service.view(service.place(customer, key, order));
    }

    @GetMapping("/v1/orders/{id}")
    View show(@AuthenticationPrincipal Jwt customer, @PathVariable UUID id) {
        return service.view(service.ofCustomer(id, customer.getSubject()));
    }

    @PostMapping("/v1/orders/{id}/cancel")
    View cancel(@AuthenticationPrincipal Jwt customer, @PathVariable UUID id) {
        return service.view(service.cancel(id, customer.getSubject()));
    }

    @GetMapping("/staff/orders")
    List<View> open(@RequestParam(defaultValue = "PAID") Order.Status status) {
        return service.withStatus(status).stream().map(service::view).toList();
    }

    @ExceptionHandler(NoSuchElementException.class)
    ProblemDetail missing() {
        return ProblemDetail.forStatusAndDetail(HttpStatus.NOT_FOUND, "no such order");
    }

    @ExceptionHandler(IllegalStateException.class)
    ProblemDetail conflict(IllegalStateException cause) {
        return ProblemDetail.forStatusAndDetail(HttpStatus.CONFLICT, cause.getMessage());
    }
}
