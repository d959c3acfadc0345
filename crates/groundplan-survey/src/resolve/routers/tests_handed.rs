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

#[test]
fn tables_stand_where_the_router_beside_them_does() {
    let wanted = [
        "/api/v1/orders GET orders.List",
        "/api/v1/orders/{id} PUT orders.Put",
        "/healthz GET orders.Health",
    ];
    assert_eq!(paths("go-http/handed-tables", &[]), wanted);
}

#[test]
fn routers_that_are_taken_in_twice_stand_at_both_places() {
    let wanted = [
        "/stock GET count",
        "/v1/orders GET list_orders",
        "/v1/orders/custom GET list_orders",
    ];
    assert_eq!(paths("python-http/taken-in-twice", &[]), wanted);
    let wanted = [
        "/api/orders/{id} GET one",
        "/api/ping GET ping",
        "/api/v2/orders/{id} GET one",
        "/api/v2/ping GET ping",
        "/stock/count GET count",
    ];
    assert_eq!(paths("js-http/taken-in-twice", &[]), wanted);
}

#[test]
fn nobody_knows_which_of_several_loops_adds_an_object() {
    let admin = "import { Router } from \"express\";
const admin = Router();
for (const route of adminRoutes) {
  admin[route.method](`/admin${route.path}`, route.handler);
}
export default admin;
";
    let wanted = ["…/orders GET ", "…/stock GET count", "…/stock/{id} PUT "];
    let found = paths("js-route-objects/depot", &[("api/src/admin.ts", admin)]);
    assert_eq!(found, wanted);
}
