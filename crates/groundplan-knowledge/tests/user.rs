//! Entries that users add or change.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test may fail loudly"
)]

use groundplan_knowledge::{Knowledge, knowledge};
use groundplan_model::{Diagnostic, Severity};

const ENTRY: &str = "name: Acme Bus
category: broker
about: carries orders between the shops of Acme
licence: proprietary
homepage: https://bus.acme.example
images: [acme/bus]
drivers:
  npm: ['@acme/bus-client']
schemes: [acmebus]
role: broker
";

fn with(files: &[(&str, &str)]) -> (Knowledge, Vec<Diagnostic>) {
    let files: Vec<(String, String)> = files
        .iter()
        .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
        .collect();
    knowledge().with_user(&files)
}

fn path(id: &str) -> String {
    format!(".groundplan/technologies/{id}.yaml")
}

#[test]
fn an_entry_is_added() {
    let (known, diagnostics) = with(&[(&path("acme-bus"), ENTRY)]);
    assert_eq!(diagnostics, []);
    let found = known.by_image("registry.acme.example/acme/bus:4").unwrap();
    assert_eq!(found.id, "acme-bus");
    let (found, driver) = known.by_package("npm", "@acme/bus-client").unwrap();
    assert_eq!((found.name.as_str(), driver), ("Acme Bus", true));
    let (all, built_in) = (known.technologies(), knowledge().technologies());
    assert_eq!(all.len(), built_in.len() + 1);
    assert!(all.is_sorted_by(|a, b| a.id < b.id));
    assert!(knowledge().by_id("acme-bus").is_none());
}

#[test]
fn an_entry_extends_the_built_in_one() {
    let text = "images: [acme/pg]\nprotocol: Postgres\n";
    let (known, diagnostics) = with(&[(&path("postgresql"), text)]);
    assert_eq!(diagnostics, []);
    assert_eq!(known.by_image("acme/pg:1").unwrap().id, "postgresql");
    let found = known.by_image("postgres:16").unwrap();
    assert_eq!(found.protocol.as_deref(), Some("Postgres"));
    let built_in = knowledge().by_id("postgresql").unwrap();
    assert_eq!(built_in.protocol.as_deref(), Some("PostgreSQL"));
    // A second set of files builds on the first.
    let more = [(path("acme-bus"), ENTRY.to_owned())];
    let (known, _) = known.with_user(&more);
    assert_eq!(known.by_image("acme/pg:1").unwrap().id, "postgresql");
    assert!(known.by_id("acme-bus").is_some());
}

#[test]
fn the_users_claim_wins() {
    let text = ENTRY.replace("acme/bus", "redis");
    let (known, _) = with(&[(&path("acme-bus"), &text)]);
    assert_eq!(known.by_image("redis:7").unwrap().id, "acme-bus");
    assert_eq!(known.by_image("bitnami/redis:7").unwrap().id, "redis");
}

/// The message, line and help of the only diagnostic.
fn only(text: &str) -> (String, u32, String) {
    let (_, diagnostics) = with(&[(&path("acme-bus"), text)]);
    assert_eq!(diagnostics.len(), 1, "{diagnostics:#?}");
    let place = diagnostics[0].place.as_ref().unwrap();
    assert_eq!(place.path, path("acme-bus"));
    assert_eq!(place.hash.len(), 16);
    let help = diagnostics[0].help.join("; ");
    (diagnostics[0].message.clone(), place.lines[0], help)
}

#[test]
fn misspelt_words_are_named() {
    let (message, line, help) = only(&ENTRY.replace("images:", "imagse:"));
    assert_eq!(message, "`imagse` is no key of a technology");
    assert_eq!((line, help.as_str()), (6, "did you mean `images`?"));

    let (message, line, help) = only(&ENTRY.replace("npm:", "nmp:"));
    assert_eq!(message, "`nmp` is no ecosystem of a technology");
    assert_eq!((line, help.as_str()), (8, "did you mean `npm`?"));

    let (_, diagnostics) = with(&[(&path("acme-bus"), &ENTRY.replace("broker", "brokr"))]);
    assert_eq!(diagnostics[0].message, "`brokr` is no category");
    assert_eq!(diagnostics[0].help, ["did you mean `broker`?"]);
}

#[test]
fn what_is_missing_or_wrong_is_said() {
    let (message, _, _) = only(&ENTRY.replace("homepage: https://bus.acme.example\n", ""));
    assert_eq!(message, "missing field `homepage`");
    let (message, _, _) = only(&ENTRY.replace("https:", "http:"));
    assert!(message.contains("expected an https address"), "{message}");
    let (message, line, _) = only(&format!("id: other\n{ENTRY}"));
    assert!(message.contains("the id is `other`"), "{message}");
    assert_eq!(line, 1);
    let (message, _, _) = only("- a list\n");
    assert_eq!(message, "expected a mapping of keys");
    let (_, line, _) = only("name: Acme Bus\nimages: [acme\n");
    assert!(line >= 2, "{line}");
}

#[test]
fn hostile_files_give_diagnostics_only() {
    let deep = format!("{}{}", "[".repeat(50_000), "]".repeat(50_000));
    let bomb = "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e]\ng: [*f,*f,*f,*f,*f,*f,*f,*f]\n";
    let large = format!("name: {}", "x".repeat(300_000));
    let texts = [
        deep.as_str(),
        bomb,
        &large,
        "",
        "\0\u{feff}",
        "1: 2\n",
        "? [a]\n: b\n",
    ];
    for text in texts {
        let (known, diagnostics) = with(&[(&path("acme-bus"), text)]);
        assert!(diagnostics.iter().any(|d| d.severity == Severity::Error));
        assert!(known.by_id("acme-bus").is_none());
    }
    let (_, diagnostics) = with(&[("", ENTRY), ("notes.txt", ENTRY), ("x/.yaml", ENTRY)]);
    assert_eq!(diagnostics.len(), 3, "{diagnostics:#?}");
}
