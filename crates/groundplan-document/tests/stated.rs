//! What code says of how long it keeps data, what it answers over sockets, and what it catches.

mod common;

use common::{at, edge, element, of_each, package, say, seen, seen_at, surveyed, with};
use groundplan_model::{
    CAUGHT_CALL, DATABASE_BY_CODE, DELETED_AFTER, Decision, DecisionStatus, ElementKind, Evidence,
    FILES_DELETED_AFTER, FOR_ALL_CALLS, KEPT_FOR, LINES_OF_TEXT, Mode, Provenance, REASON,
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
    let files = |n: u32| stated(FILES_DELETED_AFTER, &format!("clean{n}\n{n} days"), n);
    blueprint.observations = (2..8).map(files).collect();
    let text = say(&blueprint, "data-retention-seen");
    assert!(text.contains("than 5 days, and with two more."), "{text}");
}

#[test]
fn who_publishes_may_wait_for_the_broker() {
    let mut blueprint = surveyed();
    blueprint.elements = vec![
        element("shop", Role::Service, &["Go"]),
        element("orders", Role::Service, &["Go"]),
    ];
    let mut publishes = edge("shop", "orders", RelationshipKind::Publishes);
    publishes.mode = Mode::Async;
    blueprint.relationships = vec![publishes];
    let answer = |blueprint: &_| of_each(blueprint, "endpoint", "endpoint-response");
    let text = answer(&blueprint);
    assert!(text.contains("goes on at once"), "{text}");
    blueprint.relationships[0].acknowledged = true;
    let text = answer(&blueprint);
    assert!(
        text.contains(
            "`shop` waits until `orders` has the message; no answer of a consumer comes back."
        ),
        "{text}"
    );
}

#[test]
fn people_decide_and_roles_do() {
    let mut blueprint = surveyed();
    let deciders = ["Jane Doe", "Max Roe"].map(str::to_owned).to_vec();
    blueprint.decisions = vec![Decision {
        id: "ADR-1".to_owned(),
        title: "Use a queue".to_owned(),
        status: DecisionStatus::Proposed,
        date: None,
        deciders,
        context: String::new(),
        options: Vec::new(),
        decision: String::new(),
        rationale: String::new(),
        positive: Vec::new(),
        negative: Vec::new(),
        consequences: Vec::new(),
        would_change: Vec::new(),
        superseded_by: None,
        status_note: None,
        places: std::collections::BTreeMap::new(),
        provenance: at(7),
    }];
    let text = of_each(&blueprint, "decision", "decision-date");
    assert!(
        text.contains("undated; Jane Doe and Max Roe decide"),
        "{text}"
    );
    // Words of a record are those of its day, and of one that holds or does not.
    let told =
        |blueprint: &groundplan_model::Blueprint, key: &str| of_each(blueprint, "decision", key);
    let mut record = blueprint.clone();
    record.decisions[0].decision = "We use one queue.".to_owned();
    record.decisions[0].date = Some("2024-05-06".to_owned());
    let text = told(&record, "decision-outcome");
    assert!(
        text.contains("Proposed; the record of 2024-05-06 says: We use one queue."),
        "{text}"
    );
    record.decisions[0].status = DecisionStatus::Accepted;
    let text = told(&record, "decision-outcome");
    assert!(
        text.contains("In the words of the record of 2024-05-06: We use one queue."),
        "{text}"
    );
    record.decisions[0].status = DecisionStatus::Superseded;
    record.decisions[0].superseded_by = Some("ADR-9".to_owned());
    let text = told(&record, "decision-outcome");
    assert!(text.contains("the record of 2024-05-06 said:"), "{text}");
    // What a record does not have is no question.
    assert!(!told(&record, "decision-rationale").contains("Not known"));
    blueprint.origin = "designed".to_owned();
    blueprint.decisions[0].deciders = vec!["architect".to_owned()];
    let text = of_each(&blueprint, "decision", "decision-date");
    assert!(text.contains("undated; the architect decides"), "{text}");
}

#[test]
fn both_bounds_of_scaling_are_those_of_one_part() {
    let mut blueprint = surveyed();
    blueprint.origin = "designed".to_owned();
    let mut store = element("store", Role::Database, &[]);
    with(&mut store, "replicas", "1");
    let mut web = element("web", Role::Service, &[]);
    with(&mut web, "replicas", "2");
    with(&mut web, "replicas.max", "6");
    blueprint.elements = vec![store, web];
    let text = say(&blueprint, "review-checklist");
    assert!(
        text.contains("Scaling of web has its bounds: from 2 to 6"),
        "{text}"
    );
}

#[test]
fn lines_of_one_part_hide_no_library_of_another() {
    let mut blueprint = surveyed();
    blueprint.elements = vec![
        element("shop", Role::Service, &["Go"]),
        element("orders", Role::Service, &["Go"]),
    ];
    let mut lines = seen_at(Topic::Logging, "shop", "winston", "shop/log.js", 3);
    lines.detail = Some(LINES_OF_TEXT.to_owned());
    blueprint.observations = vec![lines];
    let text = say(&blueprint, "structured-logging");
    assert!(
        text.contains("None: `winston` writes lines of text, no JSON"),
        "{text}"
    );
    blueprint.dependencies = vec![package("orders", "go", "go.uber.org/zap", "zap")];
    let text = say(&blueprint, "structured-logging");
    assert!(!text.contains("None"), "{text}");
    assert!(text.contains("structured log lines"), "{text}");
}

#[test]
fn a_dump_of_a_database_copies_no_files() {
    let mut blueprint = surveyed();
    let mut uploads = element("shop", Role::Service, &["Go"]);
    with(&mut uploads, "volume", "uploads:/srv/uploads");
    blueprint.elements = vec![uploads];
    let dumps = seen(Topic::Backup, "pg_dump", "by `nightly.sh`");
    let copies = seen(Topic::Backup, "backup_shop", DATABASE_BY_CODE);
    blueprint.observations = vec![dumps, copies];
    let text = say(&blueprint, "file-backup");
    assert!(
        !text.contains("pg_dump") && !text.contains("backup_shop"),
        "{text}"
    );
    blueprint
        .observations
        .push(seen(Topic::Backup, "restic", "by `nightly.sh`"));
    let text = say(&blueprint, "file-backup");
    assert!(text.contains("restic"), "{text}");
}

#[test]
fn timed_code_is_told_behind_the_missing_load_test() {
    let mut blueprint = surveyed();
    blueprint.elements = vec![element("shop", Role::Service, &["Rust"])];
    blueprint.dependencies = vec![package("shop", "cargo", "criterion", "criterion")];
    let text = say(&blueprint, "load-tests");
    let searched = text.find("k6");
    let timed = text.find("The time of parts of the code is measured: ");
    assert!(searched.is_some() && searched < timed, "{text}");
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

#[test]
fn documents_lead_to_plans_and_tell_reasons() {
    let mut blueprint = surveyed();
    assert!(!say(&blueprint, "decisions-missing").contains("documents tell this"));
    let stated = |name: &str, detail: &str, line: u32| {
        let mut seen = seen_at(Topic::Stated, "shop", name, "docs/faq.md", line);
        seen.detail = Some(detail.to_owned());
        seen
    };
    blueprint.observations = vec![
        stated("roadmap", "https://forge.example/projects/1", 3),
        stated(REASON, "Why a database?\nIt avoids errors.", 5),
        stated(REASON, "We settled on one container.", 9),
        stated("supported-versions", "The latest version gets fixes.", 12),
    ];
    let text = say(&blueprint, "roadmap-missing");
    assert!(
        text.contains("The roadmap is kept at `https://forge.example/projects/1`."),
        "{text}"
    );
    let text = say(&blueprint, "decisions-missing");
    for told in [
        "documents tell this",
        "Why a database? “It avoids errors.”",
        "“We settled on one container.”",
    ] {
        assert!(text.contains(told), "{text}");
    }
    // A long reason is told by how it begins.
    let mut long = blueprint.clone();
    let reason = format!("We settled on {}.", ["one container"; 30].join(" and "));
    long.observations = vec![stated(REASON, &reason, 9)];
    let text = say(&long, "decisions-missing");
    assert!(text.contains("“We settled on one container"), "{text}");
    assert!(text.contains("…”"), "{text}");
    // Which versions get fixes is no policy on deprecation.
    let text = say(&blueprint, "deprecation");
    assert!(!text.contains("gets fixes"), "{text}");
}
