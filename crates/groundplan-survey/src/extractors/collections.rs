//! Collections of document stores that code names.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts};
use crate::paths;
use crate::records;
use crate::source::SourceFile;
use groundplan_model::EntityKind;
use groundplan_syntax::Language;
use std::collections::BTreeSet;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "collections",
    docs: "\
### What it finds
Collections of MongoDB and Firestore by the name that code gives them: `db.collection(\"orders\")`,
`client.Collection(\"orders\")`, `GetCollection<Order>(\"orders\")`.

### What it does not find
Fields of documents, collections whose name is not a literal or constant of the file.
",
    reads: &[Reads::Own(&[
        Language::CSharp,
        Language::Go,
        Language::Java,
        Language::JavaScript,
        Language::Kotlin,
        Language::Python,
        Language::Rust,
        Language::TypeScript,
    ])],
    markers: &[
        "firestore",
        "Firestore",
        "mongodb",
        "MongoClient",
        "mongo-driver",
        "pymongo",
        "MongoDB",
    ],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if file.is_test() || paths::is_generated(file.path, file.text) {
        return;
    }
    let code = file.code();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for call in code.calls() {
        // Of `collection::<Order>(` and `GetCollection<Order>(` the word before the type.
        let mut at = call.open.saturating_sub(1);
        if code.is(at, ">") {
            let from = at.saturating_sub(8);
            at = (from..at).rev().find(|&i| code.is(i, "<")).unwrap_or(at);
            at = at.saturating_sub(1);
            while code.is(at, ":") {
                at -= 1;
            }
        }
        if !matches!(
            code.raw(at),
            "collection" | "Collection" | "getCollection" | "GetCollection" | "collectionGroup"
        ) {
            continue;
        }
        // `collection(db, "orders")` of the modular SDK names it second.
        let named = code.arguments(call.open).into_iter().take(2).find_map(|r| {
            if r.len() != 1 {
                return None;
            }
            let word = code.raw(r.start);
            let constant = code.constants().get(word).map(|(text, _)| *text);
            code.string(r.start).or(constant)
        });
        let Some(name) = named.filter(|name| is_name(name)) else {
            continue;
        };
        if seen.insert(name) {
            let line = code.line(call.open);
            let entity = records::entity(
                file,
                name,
                Some(name.to_owned()),
                EntityKind::Collection,
                line,
                line,
            );
            acc.add(file, line, line, Claim::Entity(Box::new(entity)));
        }
    }
}

/// Whether a text may be the name of a collection: no variable, no path.
fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 60
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c))
}
