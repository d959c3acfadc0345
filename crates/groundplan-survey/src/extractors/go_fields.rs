//! Fields of Go that are read: what is set and never read does nothing.

use crate::code_view::CodeView;
use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FieldsRead, FileFacts};
use crate::paths;
use crate::scan;
use crate::source::SourceFile;
use groundplan_syntax::{Code, Language};
use std::collections::BTreeSet;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "go-fields",
    docs: "\
### What it finds
Names of fields that a file of Go reads of values (`cfg.HTTP.Port`), but for what it only prints, and fields called
after a cache that a literal gives what a package makes (`UserCache: cache.New(time.Hour)`): once all files are
known, a cache or a switch of the environment whose field nobody reads is told as none.

### What it does not find
Fields that are read by reflection, or by programs of other repositories.
",
    reads: &[Reads::Own(&[Language::Go])],
    markers: &[],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) {
        return;
    }
    let view = CodeView::of(file);
    let code = view.code;
    let mut fields = FieldsRead::default();
    let mut names: BTreeSet<u32> = BTreeSet::new();
    for at in 1..code.tokens.len() {
        let Some(name) = code.ident(at) else {
            continue;
        };
        if code.is(at - 1, ".") {
            // Names of packages count too: a variable is often called like one (`config.EnableMetrics`).
            let set = code.is(at + 1, "=") && !code.is(at + 2, "=");
            let key = FieldsRead::key(name);
            if !set && !names.contains(&key) && !is_printed(code, at) {
                names.insert(key);
            }
            continue;
        }
        let made = code.is(at + 1, ":")
            && view.alias(code.raw(at + 2)).is_some()
            && code.is(at + 3, ".")
            && code.is(at + 5, "(");
        if made && name.to_ascii_lowercase().ends_with("cache") && is_of_own_type(code, at) {
            fields.made.push((name.to_owned(), code.line(at)));
        }
    }
    if names.is_empty() && fields.made.is_empty() {
        return;
    }
    fields.read = names.into_iter().collect();
    acc.add(file, 1, 1, Claim::FieldsRead(Box::new(fields)));
}

/// Whether a field stands in a literal of a type of the package itself: what a literal of another package is given,
/// that package reads.
fn is_of_own_type(code: &Code<'_>, at: usize) -> bool {
    let open = scan::open_around(code, at).filter(|&open| open >= 2 && code.is(open, "{"));
    open.is_some_and(|open| code.ident(open - 1).is_some() && !code.is(open - 2, "."))
}

/// Whether a value stands in a call that prints or logs it.
fn is_printed(code: &Code<'_>, at: usize) -> bool {
    // Whole words: `db.LogMode(cfg.LogSQL)` and `Login(cfg.Open)` print nothing, `e.Debug(cfg.Debug)` may set it.
    const PRINTS: [&str; 13] = [
        "Debugf", "Debugw", "Info", "Infof", "Infow", "Logf", "Print", "Printf", "Println",
        "Tracef", "Warn", "Warnf", "Warnw",
    ];
    let mut depth = 0_u32;
    for open in (at.saturating_sub(60)..at).rev() {
        match code.raw(open) {
            ")" => depth += 1,
            "{" | "}" | ";" => return false,
            "(" if depth > 0 => depth -= 1,
            "(" => {
                let name = open.checked_sub(1).and_then(|before| code.ident(before));
                return name.is_some_and(|name| PRINTS.contains(&name));
            }
            _ => {}
        }
    }
    false
}
