//! Comments of JavaScript that describe operations as OpenAPI does.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Handler};
use crate::jsdoc_contracts;
use crate::scan::{self, Part};
use crate::source::SourceFile;
use groundplan_syntax::Language;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "jsdoc-operations",
    docs: "\
### What it finds
What `@swagger` and `@openapi` comments (<https://github.com/Surnet/swagger-jsdoc>) say that an operation does, by its
method and path.

### What it does not find
Schemas of such comments; what they say of parameters and answers, but for actions of Sails.
",
    reads: &[Reads::Own(&[Language::JavaScript, Language::TypeScript])],
    markers: &["@swagger", "@openapi"],
    run: extract,
};

/// The name under which what comments say of operations is kept: `GET /orders/{id}` and the sentence.
pub(crate) const DESCRIBED: &str = "*jsdoc-operation";

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own {
        return;
    }
    for one in jsdoc_contracts::all(file.code()) {
        let Some(summary) = one.told.summary else {
            continue;
        };
        let handler = Handler {
            name: DESCRIBED.to_owned(),
            docs: vec![(format!("{} {}", one.method, one.path), summary)],
            deprecated: one.told.deprecated,
            ..Handler::default()
        };
        let claim = Claim::Handler(Box::new(handler));
        acc.add(file, one.line, one.line, claim);
    }
}
