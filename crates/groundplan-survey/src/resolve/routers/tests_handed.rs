//! Whole paths of routes that are handed to others: routers given to a function, handlers that say themselves
//! where they answer, classes with a path of their own.

use super::tests::paths;

#[test]
fn functions_take_in_the_routers_that_they_are_given() {
    let wanted = [
        "/v1/orders GET list_orders",
        "/v1/orders/{id}/lines POST add_line",
        "…/stock/counts GET counts",
    ];
    assert_eq!(paths("python-http/handed-routers", &[]), wanted);
}

#[test]
fn handlers_described_for_utoipa_answer_where_they_are_taken_in() {
    let wanted = [
        "/api/v1/orders GET list_orders",
        "/api/v1/orders/new PUT add_order",
        "/api/v1/orders/{id} DELETE drop_order",
        "/health GET health",
        "/internal/stock/count GET count",
        "/ping GET ping",
        "/ping HEAD ping",
    ];
    assert_eq!(paths("rust-http/described-handlers", &[]), wanted);
}

#[test]
fn classes_of_a_loop_have_paths_of_their_own() {
    let wanted = [
        "/returns/{id} DELETE this.drop",
        "/v2/counts GET this.counts",
        "/v2/orders GET this.list",
        "/v2/orders/{id}/lines POST this.addLine",
        "…/ping GET this.ping",
    ];
    assert_eq!(paths("js-http/own-paths", &[]), wanted);
}

#[test]
fn loops_add_routes_that_are_objects() {
    let wanted = [
        "/api/v1/orders GET ",
        "/api/v1/stock GET count",
        "/api/v2/stock/{id} PUT ",
    ];
    assert_eq!(paths("js-route-objects/depot", &[]), wanted);
}
