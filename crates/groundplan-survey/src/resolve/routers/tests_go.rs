//! Whole paths of routes of Go that several files give.

use super::tests::paths;

#[test]
fn namespaces_stand_before_the_comments_of_a_controller() {
    let wanted = [
        "/alive GET ",
        "/api/orders GET controllers.OrderController.List",
        "/api/orders POST controllers.OrderController.Save",
        "/api/orders PUT controllers.OrderController.Save",
        "/api/orders/{id} ANY controllers.OrderController.One",
        "/carts ANY controllers.NewCart",
        "/echo ANY controllers.Echo",
        "/v1/late DELETE controllers.LateController.Drop",
        "/v1/products GET ProductController.All",
        "/v1/products/{id} GET ProductController.One",
        "/v1/products/{id} PUT ProductController.One",
        "/v1/users GET controllers.UserController.List",
        "/v1/users/me GET controllers.Me",
    ];
    assert_eq!(paths("go-beego/routes", &[]), wanted);
}

#[test]
fn the_type_of_a_router_says_where_it_stands() {
    let wanted = [
        "/admin/orders GET h.list",
        "/admin/orders GET h.moved",
        "/admin/orders/{id} DELETE h.drop",
        "/login POST h.login",
        "/orders/export GET h.export",
        "/orders/{id} GET h.show",
        "/own GET own",
    ];
    assert_eq!(paths("go-http/own-routers", &[]), wanted);
}

#[test]
fn constants_of_other_files_are_parts_of_paths() {
    let wanted = [
        "/api/v2/quotas/users/scans GET scans",
        "/api/v2/token GET s.token",
        "/api/v2/users GET list",
        "/api/v2/users POST add",
        "/api/v2/users/groups/{name} GET group",
        "/api/v2/users/{username} PUT update",
        "/api/v3/files GET files",
        "/health GET health",
        "/health/stats GET health",
        "/pages GET pages",
        "…  ",
        "…/login GET login",
        "…/logs GET logs",
    ];
    assert_eq!(paths("go-http/constants-of-other-files", &[]), wanted);
}

#[test]
fn a_subrouter_may_have_the_whole_path() {
    let wanted = [
        "/api/ping GET pong",
        "/api/ping HEAD pong",
        "…/me GET getMe",
        "…/users/{user_id} GET getUser",
        "…/users/{user_id} HEAD getUser",
        "…/users/{user_id} PUT putUser",
    ];
    assert_eq!(paths("go-http/gorilla-subrouters", &[]), wanted);
}

#[test]
fn a_router_that_is_handed_on_stays_where_it_stands() {
    let wanted = [
        "/health GET health",
        "/offices GET rs.list",
        "/teams/{team} GET team",
        "/users POST register",
        "/users/roles/actions GET actions",
        "/users/{id} GET show",
        "/users/{id}/roles GET list",
        "/users/{id}/roles/{role} DELETE drop",
        "/{domain}/orders GET list",
        "/{domain}/orders/roles GET list",
        "/{domain}/orders/roles/{role} DELETE drop",
    ];
    assert_eq!(paths("go-http/handed-routers", &[]), wanted);
}

#[test]
fn tables_of_routes_are_read() {
    let wanted = [
        "/ GET Index",
        "/notes POST NoteCreate",
        "/notes/{note} DELETE NoteDrop",
        "/tags GET c.ListTags",
        "/v1/pets/{id} GET ShowPetHandler",
        "…  ",
    ];
    assert_eq!(paths("go-http/route-tables", &[]), wanted);
}

#[test]
fn helpers_may_be_given_the_method() {
    let wanted = [
        "/api/tokens GET a.tokens",
        "/api/tokens POST a.newToken",
        "/v1/invoices/{id}/pdf GET pdf",
        "/v1/users GET a.users",
        "/v1/users/{id} GET a.user",
        "/whoami ANY a.whoami",
    ];
    assert_eq!(paths("go-http/method-helpers", &[]), wanted);
}
