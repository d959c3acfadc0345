//! What code says of how long it keeps data, what it answers over sockets, and what it catches.

mod common;

use common::{edge, element, say, seen_at, surveyed};
use groundplan_model::{
    CAUGHT_CALL, DELETED_AFTER, ElementKind, Evidence, FOR_ALL_CALLS, KEPT_FOR, Provenance,
    RelationshipKind, Role, SOCKET_MESSAGE, Topic,
};

#[test]
fn what_is_deleted_and_kept_is_told_with_its_time() {
    let mut blueprint = surveyed();
    let stated = |name: &str, detail: &str, line: u32| {
        let mut seen = seen_at(Topic::Stated, "shop", name, "shop/clean.js", line);
        seen.detail = Some(detail.to_owned());
        seen
    };
    blueprint.observations = vec![
        stated(DELETED_AFTER, "tokens\nexpired", 3),
        stated(DELETED_AFTER, "visits", 4),
        stated(KEPT_FOR, "DEFAULT_KEEP_PERIOD\n365", 1),
    ];
    let text = say(&blueprint, "data-retention-seen");
    assert!(
        text.contains("tokens` whose time of expiry has passed"),
        "{text}"
    );
    assert!(text.contains("visits` by their age"), "{text}");
    assert!(text.contains("DEFAULT_KEEP_PERIOD` is `365`"), "{text}");
}

#[test]
fn messages_over_sockets_are_counted_with_their_check() {
    let mut blueprint = surveyed();
    blueprint.elements = vec![element("shop", Role::Service, &["JavaScript"])];
    let message = |detail: &str, line: u32| {
        let mut seen = seen_at(
            Topic::Stated,
            "shop",
            SOCKET_MESSAGE,
            "shop/server.js",
            line,
        );
        seen.detail = Some(detail.to_owned());
        seen
    };
    blueprint.observations = vec![
        message("login", 1),
        message("addNote\ncheckLogin", 9),
        message("dropNote\ncheckLogin", 20),
    ];
    let text = say(&blueprint, "events");
    assert!(
        text.contains("`shop` answers at least 3 messages over socket.io: `addNote`, `dropNote` and `login`; 2 of them ask `checkLogin` first"),
        "{text}"
    );
}

#[test]
fn what_holds_for_all_calls_softens_each() {
    let mut blueprint = surveyed();
    let mut to_pay = edge("shop", "pay.example.com", RelationshipKind::Calls);
    to_pay.provenance = Provenance::observed([Evidence::new("pay/client.js", 40, 40, "")]);
    blueprint.relationships = vec![to_pay];
    let name = format!("axios{FOR_ALL_CALLS}");
    let mut set = seen_at(Topic::Timeout, "shop", &name, "server.js", 8);
    set.detail = Some("300 * 1000".to_owned());
    let caught = seen_at(Topic::Stated, "shop", CAUGHT_CALL, "pay/client.js", 40);
    blueprint.observations = vec![set, caught];
    let mut pay = element("pay.example.com", Role::External, &[]);
    pay.external = true;
    pay.kind = ElementKind::SoftwareSystem;
    blueprint.elements = vec![element("shop", Role::Service, &["JavaScript"]), pay];
    let text = say(&blueprint, "failure-modes");
    assert!(
        text.contains("A timeout of `300 * 1000` for all calls of `axios`"),
        "{text}"
    );
    assert!(
        text.contains("errors of a call are caught in its function"),
        "{text}"
    );
}
