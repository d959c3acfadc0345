//! Decorators of Python that keep what a function answers, with how long.

use crate::code_view::CodeView;
use crate::extractor::{Extractor, Reads};
use crate::extractors::python_marks::{is_django_cache, timeout};
use crate::facts::{Claim, FileFacts, Mark};
use crate::scan::{self, Part};
use crate::source::SourceFile;
use groundplan_model::Topic;
use groundplan_syntax::Language;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "cache-decorators",
    docs: "\
### What it finds
Decorators of the program itself that put what they are given into a cache of Django, with the seconds that they are
given where they stand before a function and their name says cache (`@cached(60 * 60)`), and by default.

### What it does not find
Times that are computed.
",
    reads: &[Reads::Own(&[Language::Python])],
    markers: &["cache"],
    run: extract,
};

/// What stands before the name of a decorator where it is defined.
pub(crate) const DEFINES: &str = "decorator ";

/// What stands before the name of a decorator where it is used.
pub(crate) const USED: &str = "decorated by @";

/// Uses of one file that are told at most.
const MOST: usize = 8;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own || file.is_test() {
        return;
    }
    // Most files that speak of a cache neither decorate nor fill one.
    if !file.text.contains('@') && !file.text.contains(".set(") {
        return;
    }
    let view = CodeView::of(file);
    defined(acc, &view);
    let code = view.code;
    let mut told = 0;
    for note in code.annotations() {
        let last = note.name.rsplit('.').next().unwrap_or(&note.name);
        let Some(open) = note
            .open
            .filter(|_| last.contains("cache") && last != "cache_page" && told < MOST)
        else {
            continue;
        };
        let given = code.named_argument(open, "timeout");
        let given = given.or_else(|| view.argument(open, 0));
        if let Some(n) = given.and_then(|range| scan::product(code, range.start)) {
            let name = format!("{USED}{last}");
            let lasts = Some(format!("{n} s"));
            scan::mark(acc, view.file, note.line, Topic::CacheUse, name, lasts);
            told += 1;
        }
    }
}

/// A function around one that calls `cache.set(key, answer, timeout)` with a parameter of it.
fn defined(acc: &mut FileFacts, view: &CodeView<'_, '_>) {
    let code = view.code;
    for &call in view.calls_of("set") {
        let time = timeout(view, call).filter(|r| r.len() == 1);
        let Some(name) = time.and_then(|r| code.ident(r.start)) else {
            continue;
        };
        if !is_django_cache(view, call) {
            continue;
        }
        // From the function of the call outwards to the one that has the parameter.
        let mut around = code.function_at(call.open);
        let mut inner = 0;
        while let Some(function) = around.and_then(|index| code.functions().get(index)) {
            let given = function.params.map(|open| code.arguments(open));
            let mut given = given.into_iter().flatten();
            let own = given.find(|range| code.is(range.start, name));
            if let Some(own) = own.filter(|_| inner > 0 && !function.class) {
                let default = own.clone().find(|&at| code.is(at, "="));
                let default = default.and_then(|at| scan::product(code, at + 1));
                let detail = default.map(|n| format!("{n} s unless its use says otherwise"));
                let line = code.line(function.at);
                let last = code.line(call.open);
                let claim = Claim::Mark(Mark {
                    topic: Topic::CacheUse,
                    name: format!("{DEFINES}{}", function.name),
                    detail,
                });
                acc.add(view.file, line, last, claim);
                break;
            }
            inner += 1;
            around = function.parent;
        }
    }
}
