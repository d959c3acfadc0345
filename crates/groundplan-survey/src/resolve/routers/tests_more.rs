//! Whole paths of routes that several files give: Kotlin, API Platform, and routers that are handed on.

use super::tests::paths;

#[test]
fn functions_and_resources_of_ktor_are_joined() {
    let wanted = [
        "/api/v1/books GET ",
        "/api/v1/books POST ",
        "/api/v1/books/{isbn} GET ",
        "/api/v1/books/{isbn}/cover DELETE ",
        "/api/v1/books/{isbn}/cover/progress WEBSOCKET ",
        "/api/v1/books/{isbn}/title PATCH rename",
        "/api/v1/exports/{format} PUT ",
        "/api/v1/loans GET ",
        "/api/v1/loans/{id} GET ",
        "/api/v1/loans/{id}/return POST ",
        "/api/v1/overdue GET ",
        "/api/v1/shelves GET ",
        "/api/v1/shelves HEAD ",
        "/health GET ",
        "…/drafts GET ",
    ];
    assert_eq!(paths("ktor-routes/library", &[]), wanted);
}

#[test]
fn resources_of_api_platform_stand_where_the_configuration_says() {
    let wanted = [
        "/api/clerk/orders/{id} PATCH Order",
        "/api/internal/hauliers GET Carrier",
        "/api/internal/hauliers POST Carrier",
        "/api/internal/hauliers/{id} DELETE Carrier",
        "/api/internal/hauliers/{id} GET Carrier",
        "/api/internal/hauliers/{id} PATCH Carrier",
        "/api/login POST ",
        "/api/v2/categories GET ProductCategory",
        "/api/v2/categories POST ProductCategory",
        "/api/v2/categories/{id} DELETE ProductCategory",
        "/api/v2/categories/{id} GET ProductCategory",
        "/api/v2/categories/{id} PATCH ProductCategory",
        "/api/v2/customers/{customerId}/orders GET Order",
        "/api/v2/delivery-notes GET DeliveryNote",
        "/api/v2/delivery-notes/{id} GET DeliveryNote",
        "/api/v2/delivery-notes/{id}/signature POST DeliveryNote",
        "/api/v2/media POST MediaObject",
        "/api/v2/media-objects GET MediaObject",
        "/api/v2/orders GET Order",
        "/api/v2/orders/{id} GET Order",
        "/api/v2/orders/{id}/cancellation POST Order",
    ];
    assert_eq!(paths("api-platform/shop", &[]), wanted);
}

#[test]
fn methods_of_routers_are_handed_on() {
    let wanted = [
        "/.well-known/depot GET m.get",
        "/api/v1/orders GET m.list",
        "/api/v1/orders POST m.create",
        "/api/v1/orders/{IDKey} DELETE m.remove",
        "/api/v1/orders/{IDKey}/lines GET m.lines",
    ];
    assert_eq!(paths("go-http/handed-methods", &[]), wanted);
}

#[test]
fn configurations_of_actix_are_handed_on() {
    let wanted = [
        "/.well-known/depot GET info",
        "/api/orders GET list",
        "/api/orders/{id}/lines POST add",
    ];
    assert_eq!(paths("rust-http/handed-configuration", &[]), wanted);
}

#[test]
fn annotations_of_a_program_make_controllers() {
    let wanted = [
        "/admin/orders GET all",
        "/admin/orders/{id} DELETE drop",
        "/tenants/{tenant}/orders GET all",
    ];
    assert_eq!(paths("java-http/composed", &[]), wanted);
}

#[test]
fn objects_of_other_files_have_routers() {
    let wanted = [
        "/api/books GET BookController.findAll",
        "/api/books/{id} DELETE BookController.delete",
        "/ping GET ",
        "/public/shares/{slug} GET ShareController.find",
    ];
    assert_eq!(paths("js-http/objects-with-routers", &[]), wanted);
}

#[test]
fn functions_with_types_make_routers_of_rust() {
    let wanted = [
        "/catalog/v1/config GET T::config",
        "/catalog/v1/{prefix}/tables GET T::list",
        "/catalog/v1/{prefix}/tables/rename POST T::rename",
    ];
    assert_eq!(paths("rust-http/typed-routers", &[]), wanted);
}

#[test]
fn mappings_of_spring_put_prefixes_before_classes_with_an_annotation() {
    let wanted = [
        "/crews/{crew}/roster GET roster",
        "/crews/{crew}/roster/{day} PUT change",
    ];
    assert_eq!(paths("java-http/combined", &[]), wanted);
}
