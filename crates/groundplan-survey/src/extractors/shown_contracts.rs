//! Where requests and answers are shown to readers.

use crate::extractor::{Extractor, Reads};
use crate::facts::FileFacts;
use crate::paths;
use crate::scan;
use crate::source::SourceFile;
use crate::statements::is_of_others;
use groundplan_model::{CONTRACT_SHOWN, Topic};
use groundplan_syntax::Language;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "shown-contracts",
    docs: "\
### What it finds
That a page of HTML holds an OpenAPI contract in its script, with its version and the number of operations; that a
file is a collection of Postman, with the number of its requests; that a document on an API gives three examples in
JSON or more.

### What it does not find
What the requests and answers are: such a page is made from code of some day, and the code goes before it.
",
    reads: &[Reads::Languages(&[
        Language::Html,
        Language::Json,
        Language::Markdown,
    ])],
    markers: &[
        "\"openapi\"",
        "\"swagger\"",
        "schema.getpostman.com",
        "```json",
    ],
    run: extract,
};

/// Examples that a page has at least.
const FEWEST: usize = 3;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if file.is_test() || is_of_others(file.path) {
        return;
    }
    let found = match file.language {
        Language::Html => contract(file.text),
        Language::Json => collection(file.text),
        _ => examples(file),
    };
    if let Some((at, said)) = found {
        let line = file.text[..at].matches('\n').count() as u32 + 1;
        scan::mark(acc, file, line, Topic::Stated, CONTRACT_SHOWN, Some(said));
    }
}

/// `var spec = {"openapi": "3.1.0", …}` in the script of a page.
fn contract(text: &str) -> Option<(usize, String)> {
    ["\"openapi\"", "\"swagger\""].iter().find_map(|key| {
        let at = text.find(key)?;
        // The key is the first of its object: a text about contracts has none around it.
        let first = text[..at].trim_end().ends_with('{');
        let value = text[at + key.len()..].trim_start().strip_prefix(':')?;
        let version = value.trim_start().strip_prefix('"')?.split('"').next()?;
        if !first || !version.starts_with(['2', '3']) || !text.contains("\"paths\"") {
            return None;
        }
        let n = text.matches("\"operationId\"").count();
        let of = match n {
            0 => String::new(),
            1 => " with one operation".to_owned(),
            n => format!(" with {n} operations"),
        };
        Some((at, format!("OpenAPI {version}{of}")))
    })
}

/// A collection of Postman (<https://schema.postman.com>).
fn collection(text: &str) -> Option<(usize, String)> {
    let at = text.find("schema.getpostman.com/json/collection")?;
    let requests = text.match_indices("\"request\"").filter(|(at, key)| {
        let rest = text[at + key.len()..].trim_start();
        rest.strip_prefix(':')
            .is_some_and(|r| r.trim_start().starts_with('{'))
    });
    let n = requests.count();
    (n > 1).then(|| (at, format!("a Postman collection with {n} requests")))
}

/// A page on an API with requests and answers in JSON.
fn examples(file: &SourceFile<'_>) -> Option<(usize, String)> {
    let name = paths::lower(file.name());
    let mut words = name.split(|c: char| !c.is_ascii_alphanumeric());
    // `apiv2`
    let version = |rest: &str| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit());
    let on_api = words.any(|word| {
        matches!(word, "api" | "apis" | "endpoints" | "rest")
            || word.strip_prefix("apiv").is_some_and(version)
    });
    let fence = "```json";
    let n = file.text.matches(fence).count();
    let calls = ["GET", "POST", "PUT", "PATCH", "DELETE"];
    // `POSTGRES` and `INPUT` name no method.
    let words = file
        .text
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let named = words.filter(|word| calls.contains(word)).take(FEWEST);
    if !on_api || n < FEWEST || named.count() < FEWEST {
        return None;
    }
    let at = file.text.find(fence)?;
    Some((at, format!("a page with {n} examples in JSON")))
}
