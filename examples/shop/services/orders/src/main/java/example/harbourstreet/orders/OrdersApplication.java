package example.harbourstreet.orders;

import org.springframework.amqp.core.Binding;
import org.springframework.amqp.core.BindingBuilder;
import org.springframework.amqp.core.Declarables;
import org.springframework.amqp.core.FanoutExchange;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.core.QueueBuilder;
import org.springframework.amqp.core.TopicExchange;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.http.HttpMethod;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;

@SpringBootApplication
@EnableScheduling
public class OrdersApplication {
    static final String EXCHANGE = "shop.events";

    public static void main(String[] args) {
        SpringApplication.run(OrdersApplication.class, args);
    }

    /** Customers reach their own orders, staff reach all, probes need no token. */
    @Bean
    SecurityFilterChain security(HttpSecurity http) throws Exception {
        return http
            .csrf(csrf -> csrf.disable())
            .sessionManagement(s -> s.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
            .authorizeHttpRequests(requests -> requests
                .requestMatchers("/actuator/**").permitAll()
                .requestMatchers(HttpMethod.GET, "/staff/**").hasAuthority("SCOPE_staff")
                .anyRequest().authenticated())
            .oauth2ResourceServer(server -> server.jwt(jwt -> { }))
            .build();
    }

    @Bean
    TopicExchange events() {
        return new TopicExchange(EXCHANGE, true, false);
    }

    @Bean
    Declarables queues(TopicExchange events) {
        Queue payments = QueueBuilder.durable("orders.payment-results")
            .deadLetterExchange("shop.dead-letters").build();
        Queue shipments = QueueBuilder.durable("orders.shipments")
            .deadLetterExchange("shop.dead-letters").build();
        FanoutExchange dead = new FanoutExchange("shop.dead-letters");
        Queue deadLetters = QueueBuilder.durable("shop.dead-letters").build();
        Binding settled = BindingBuilder.bind(payments).to(events).with("payment.*");
        Binding dispatched = BindingBuilder.bind(shipments).to(events).with("shipment.dispatched");
        return new Declarables(payments, shipments, dead, deadLetters, settled, dispatched,
            BindingBuilder.bind(deadLetters).to(dead));
    }
}
