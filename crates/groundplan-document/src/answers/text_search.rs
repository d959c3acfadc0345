//! Search inside of the process and of the database: libraries that keep an index, and indexes of
//! tables over words.

use super::found::package_text;
use super::seen::end;
use crate::context::Context;
use crate::text::{first_places, names};
use crate::tree::Text;
use groundplan_knowledge::{Category, knowledge};
use groundplan_model::{DependencyScope, Entity, Index, Provenance};
use std::collections::BTreeMap;

/// Packages that keep an index inside the process, by their names: stores of vectors are searched too.
pub(super) fn packages(c: &Context) -> Vec<Text> {
    const PARTS: [&str; 7] = [
        "vector-store",
        "vectorstore",
        "vector_store",
        "faiss",
        "lucene",
        "tantivy",
        "whoosh",
    ];
    const WHOLE: [&str; 21] = [
        "@orama/orama",
        "bm25s",
        "elasticlunr",
        "flexsearch",
        "fuse.js",
        "itemsjs",
        "js-search",
        "laravel/scout",
        "lunr",
        "lyra",
        "minisearch",
        "pagefind",
        "pg_search",
        "rank-bm25",
        "rank_bm25",
        "search-index",
        "sunspot",
        "teamtnt/tntsearch",
        "textacular",
        "thinking-sphinx",
        "xapian",
    ];
    let mut by: BTreeMap<&str, (Vec<&str>, Vec<&Provenance>)> = BTreeMap::new();
    for d in &c.blueprint.dependencies {
        let lower = d.name.to_lowercase();
        let aside = matches!(
            d.scope,
            DependencyScope::Test | DependencyScope::Development
        );
        if aside || !(WHOLE.contains(&lower.as_str()) || PARTS.iter().any(|n| lower.contains(n))) {
            continue;
        }
        let known = d.technology.as_deref().and_then(|t| knowledge().by_name(t));
        // Products of that category are told by their names.
        if known.is_some_and(|t| t.category == Category::Search) {
            continue;
        }
        let name = d.name.rsplit(':').next().unwrap_or(&d.name);
        let entry = by.entry(name).or_default();
        entry.0.extend(d.element.as_deref().map(|id| c.name_of(id)));
        entry.1.push(&d.provenance);
    }
    by.into_iter()
        .map(|(name, (users, sources))| package_text(name, users, &sources))
        .collect()
}

/// Tables with an index over words or parts of words.
pub(super) fn indexes(c: &Context) -> Vec<Text> {
    let speaks = |index: &&Index| is_of_text(index);
    let found: Vec<(&Entity, Vec<&Index>)> = c
        .entities
        .iter()
        .map(|e| (*e, e.indexes.iter().filter(speaks).collect::<Vec<_>>()))
        .filter(|(_, all)| !all.is_empty())
        .collect();
    let text = |(entity, all): &(&Entity, Vec<&Index>)| {
        let named: Vec<&str> = all
            .iter()
            .map(|i| i.name.as_str())
            .filter(|name| !name.is_empty())
            .collect();
        let text = Text::code(&entity.name).then(" has an index over text");
        let text = match named.is_empty() {
            true => text,
            false => text.then(": ").spans(names(named, 3)),
        };
        end(text.from(&first_places(all.iter().map(|i| &i.provenance), 3)))
    };
    found.iter().take(6).map(text).collect()
}

/// Whether an index finds words: by its method, the function or operator class it is made with, or
/// a name that says so (a generalised index over JSON is none).
fn is_of_text(index: &Index) -> bool {
    let method = index.method.as_deref().unwrap_or_default().to_lowercase();
    let words = |text: &str, known: &[&str]| {
        let lower = text.to_lowercase();
        known.iter().any(|word| lower.contains(word))
    };
    let over = ["tsvector", "trgm", "tsv", "search_vector"];
    let general = matches!(method.as_str(), "gin" | "gist" | "rum");
    method == "fulltext"
        || method == "bm25"
        || index
            .fields
            .iter()
            .any(|f| words(f, &["to_tsvector", "trgm_ops"]))
        || general
            && (index.fields.iter().any(|f| words(f, &over))
                || words(
                    &index.name,
                    &["trgm", "fulltext", "full_text", "tsv", "_fts"],
                ))
}

#[cfg(test)]
mod tests {
    use super::is_of_text;
    use groundplan_model::{Index, Provenance};

    #[test]
    fn an_index_over_words_is_told_from_one_over_json() {
        let index = |name: &str, method: Option<&str>, field: &str| Index {
            name: name.to_owned(),
            fields: vec![field.to_owned()],
            unique: false,
            method: method.map(str::to_owned),
            predicate: None,
            provenance: Provenance::observed([]),
        };
        for of_text in [
            index("post_title_trgm_idx", Some("gin"), "title"),
            index("a", Some("gin"), "to_tsvector('english', body)"),
            index("b", Some("fulltext"), "body"),
        ] {
            assert!(is_of_text(&of_text), "{}", of_text.name);
        }
        assert!(!is_of_text(&index(
            "post_data_gin_idx",
            Some("gin"),
            "data"
        )));
        assert!(!is_of_text(&index("research", None, "research_id")));
    }
}
