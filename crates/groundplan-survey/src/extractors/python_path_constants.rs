//! Python: constants of a module that are paths, for routers of other modules that stand below them.

use crate::code_view::CodeView;
use crate::extractor::{Extractor, Reads};
use crate::extractors::base_defaults;
use crate::facts::{Claim, FileFacts, PathConstant};
use crate::paths;
use crate::scan::{self, Part};
use crate::source::SourceFile;
use groundplan_syntax::Language;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "python-path-constants",
    docs: "\
### What it finds
Constants of modules whose value is a path (`API_PREFIX = \"/api\"`, also put together of others of the same file).
A router of another module that names one as its prefix stands below it, if the project has one value of that name.

### What it does not find
Constants in functions and classes, those of tests and examples, addresses and folders of the machine.
",
    reads: &[Reads::Own(&[Language::Python])],
    markers: &["= \"/", "= '/", "= f\"{", "= f'{"],
    run: extract,
};

/// Constants of one file at most.
const MOST: usize = 100;

/// What constants of a path of an interface are called for; other paths are folders as often.
const WORDS: [&str; 4] = ["API", "ENDPOINT", "PREFIX", "ROUTE"];

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own || paths::is_test(file.path) || paths::is_example(file.path) {
        return;
    }
    let view = CodeView::of(file);
    let upper = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    let named = |name: &str| name.split('_').any(|word| WORDS.contains(&word));
    let all =
        view.code.definitions().iter().filter(|d| {
            d.scope.is_none() && !d.param && d.name.chars().all(upper) && named(d.name)
        });
    for definition in all.take(MOST) {
        let value = view.constant(definition.value.clone());
        let path = value.filter(|value| value.len() > 1 && base_defaults::is_path(value));
        let Some(value) = path else {
            continue;
        };
        let line = view.code.line(definition.at);
        let constant = PathConstant {
            class: String::new(),
            name: definition.name.to_owned(),
            value,
        };
        acc.add(file, line, line, Claim::PathConstant(constant));
    }
}
