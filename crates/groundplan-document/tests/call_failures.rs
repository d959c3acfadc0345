//! What the table of failures says where the code of callers was read, and where it was not.

mod common;

use common::{edge, element, say, seen_at, surveyed, with};
use groundplan_model::{
    Blueprint, CallFailure, Evidence, Outcome, Provenance, RelationshipKind, Role, Topic,
};

fn failure(asked: &str, during: &str, outcome: Outcome, answer: Option<&str>) -> CallFailure {
    let at = |line| Evidence::new("shop/main.go", line, line, "");
    CallFailure {
        asked: Some(asked.to_owned()),
        during: Some(during.to_owned()),
        outcome,
        answer: answer.map(str::to_owned),
        provenance: Provenance::observed([at(10), at(20)]),
    }
}

/// `gate` calls `shop`, `shop` calls `cart` and `ads`.
fn blueprint() -> Blueprint {
    let mut blueprint = surveyed();
    blueprint.elements = ["gate", "shop", "cart", "ads"]
        .map(|id| element(id, Role::Service, &["Go"]))
        .to_vec();
    let mut to_shop = edge("gate", "shop", RelationshipKind::Calls);
    to_shop.failures = vec![failure(
        "Shop.Place",
        "POST /orders",
        Outcome::Returned,
        Some("502"),
    )];
    let mut to_cart = edge("shop", "cart", RelationshipKind::Calls);
    to_cart.failures = vec![
        failure("Cart.Get", "Place", Outcome::Returned, Some("Internal")),
        failure("Cart.Empty", "Place", Outcome::Ignored, None),
    ];
    let mut to_ads = edge("shop", "ads", RelationshipKind::Calls);
    to_ads.failures = vec![failure("Ads.Get", "Place", Outcome::Fallback, Some("nil"))];
    blueprint.relationships = vec![to_shop, to_cart, to_ads];
    blueprint
}

fn row(text: &str, part: &str) -> String {
    let begin = format!("`{part}` is down");
    let found = text.lines().find(|line| line.starts_with(&begin));
    found.unwrap_or_default().to_owned()
}

#[test]
fn the_impact_is_what_the_code_of_callers_does() {
    let text = say(&blueprint(), "failure-modes");
    let cart = row(&text, "cart");
    assert!(
        cart.contains("`shop` answers `Internal` to `Place`"),
        "{cart}"
    );
    assert!(
        cart.contains("through it `gate` answers `502` to `POST /orders`"),
        "{cart}"
    );
    // What one call has ended does not go on after another.
    assert!(!cart.contains("goes on"), "{cart}");
    let ads = row(&text, "ads");
    assert!(
        ads.contains("`shop` takes `nil` in place of the answer in `Place`"),
        "{ads}"
    );
    assert!(!ads.contains("gate"), "{ads}");
}

#[test]
fn callers_that_were_not_read_lose_the_answer() {
    let mut blueprint = blueprint();
    blueprint
        .relationships
        .push(edge("gate", "cart", RelationshipKind::Calls));
    let cart = row(&say(&blueprint, "failure-modes"), "cart");
    assert!(cart.contains("`shop` answers `Internal`"), "{cart}");
    assert!(cart.contains("`gate` gets no answer from it"), "{cart}");
}

#[test]
fn a_limit_is_told_at_its_own_call_alone() {
    let mut blueprint = blueprint();
    let mut limit = seen_at(
        Topic::Timeout,
        "shop",
        "context.WithTimeout",
        "shop/main.go",
        12,
    );
    limit.detail = Some("100*time.Millisecond".to_owned());
    blueprint.observations = vec![limit.clone()];
    blueprint.relationships[2].limits = vec![limit];
    let text = say(&blueprint, "failure-modes");
    let ads = row(&text, "ads");
    assert!(
        ads.contains("A timeout of `100*time.Millisecond` around the call"),
        "{ads}"
    );
    let cart = row(&text, "cart");
    assert!(!cart.contains("100*time.Millisecond"), "{cart}");
    assert!(
        cart.contains("whether a timeout of `shop` stands around the call was not followed")
            || cart.contains("Whether a timeout of `shop` stands around the call was not followed"),
        "{cart}"
    );
}

#[test]
fn what_a_part_serves_is_gone_with_it() {
    let mut blueprint = blueprint();
    for page in ["desk", "till"] {
        let mut pages = element(page, Role::Ui, &["TypeScript"]);
        with(&mut pages, "built-into", "shop");
        blueprint.elements.push(pages);
        let mut to_shop = edge(page, "shop", RelationshipKind::Calls);
        to_shop.failures = vec![failure("Shop", "Load", Outcome::Fallback, Some("null"))];
        blueprint.relationships.push(to_shop);
    }
    let shop = row(&say(&blueprint, "failure-modes"), "shop");
    assert!(
        shop.contains("`desk` and `till`, served by it, are gone with it; "),
        "{shop}"
    );
    // A page does nothing in place of an answer when it is not served.
    assert!(!shop.contains("null"), "{shop}");
    assert!(shop.contains("`gate` answers `502`"), "{shop}");
}
