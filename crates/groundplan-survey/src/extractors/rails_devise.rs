//! Devise: what its models switch on.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Router};
use crate::paths;
use crate::ruby::{self, Statement, Value};
use crate::scan;
use crate::source::SourceFile;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "rails-devise",
    docs: "\
### What it finds
The modules that a model of Rails switches on in Devise (`devise :database_authenticatable, :recoverable`), on which
the routes of `devise_for` depend (<https://github.com/heartcombo/devise>).

### What it does not find
Modules that the program chooses while it runs.
",
    reads: &[Reads::Paths(&["**/app/models/**/*.rb"])],
    markers: &["devise :", "devise("],
    run: extract,
};

/// Begins the name under which the modules of a model are told.
pub(crate) const MODULES: &str = "devise:";

/// Stands for the routes of a model whose modules nobody knows.
pub(crate) const ANY: &str = "*";

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if !paths::is_test(file.path) && !scan::is_test(file.path) {
        below(acc, file, &ruby::statements(file.text), "", 0);
    }
}

fn below(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    all: &[Statement<'_>],
    outer: &str,
    depth: u8,
) {
    for statement in all.iter().filter(|_| depth < 8) {
        match statement.word {
            "class" | "module" => {
                let name = match statement.args.first() {
                    Some(Value::Word(name) | Value::Code(name)) => *name,
                    _ => continue,
                };
                let whole = match outer {
                    "" => name.to_owned(),
                    outer => format!("{outer}::{name}"),
                };
                below(acc, file, &statement.body, &whole, depth + 1);
            }
            "devise" if !outer.is_empty() => {
                let named = statement.args.iter().filter_map(|value| value.name());
                let router = Router {
                    name: format!("{MODULES}{outer}"),
                    verbs: named.map(str::to_owned).collect(),
                    ..Router::default()
                };
                let (first, last) = statement.lines;
                acc.add(file, first, last, Claim::Router(router));
            }
            // `included do`, `if …`
            _ => below(acc, file, &statement.body, outer, depth + 1),
        }
    }
}
