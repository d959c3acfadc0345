//! Laravel and Lumen: which methods a controller has, and what they take, answer and ask.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Handler};
use crate::paths;
use crate::php;
use crate::php_actions::{self, Framework, TRAIT};
use crate::source::SourceFile;
use groundplan_syntax::Code;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "laravel-controllers",
    docs: "\
### What it finds
The public methods of each controller of Laravel, and what it extends: a resource makes the routes of
all its actions, and only those with a method answer. Of each method what it reads (`input`, `query`,
`validate`, the class of a form request), what it answers (`response()->json`, `redirect`, `view`,
resources, `abort`, `findOrFail`), what it asks (`authorize`), and the middleware of the constructor.

### What it does not find
Methods that come from traits outside of the folders of controllers or from classes of packages;
rules and statuses that are computed.
",
    reads: &[Reads::Paths(&["**/Controllers/**/*.php"])],
    markers: &["function "],
    run: extract,
};

/// Traits of the framework, which bring no action.
const PLAIN: [&str; 3] = ["AuthorizesRequests", "DispatchesJobs", "ValidatesRequests"];

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if php::is_foreign(file.path) || paths::is_test(file.path) {
        return;
    }
    let code = file.code();
    let Some(class) = php_actions::class(code) else {
        return;
    };
    let mut handler = Handler {
        name: class.name.to_owned(),
        bases: class.base.iter().cloned().collect(),
        ..Handler::default()
    };
    let mut next = class.body.start;
    while next < class.body.end {
        match code.raw(next) {
            "{" | "(" | "[" => next = code.partner(next).unwrap_or(next),
            "use" => {
                let end = (next..class.body.end).find(|&i| matches!(code.raw(i), ";" | "{"));
                let names = (next + 1..end.unwrap_or(class.body.end)).filter_map(|i| code.ident(i));
                for name in names.filter(|n| !PLAIN.contains(&last_word(n).as_str())) {
                    handler.more = true;
                    handler.bases.push(format!("{TRAIT}{}", last_word(name)));
                }
            }
            "function" => {
                if let Some(name) = code.ident(next + 1).filter(|_| is_public(code, next)) {
                    handler.more |= name == "__call";
                    handler.methods.push(name.to_owned());
                }
            }
            _ => {}
        }
        next += 1;
    }
    let (first, last) = (code.line(class.at), code.line(class.body.start - 1));
    acc.add(file, first, last, Claim::Handler(Box::new(handler)));
    php_actions::add(acc, file, &class, Framework::Laravel);
}

fn last_word(name: &str) -> String {
    name.rsplit('\\').next().unwrap_or(name).to_owned()
}

/// Whether nothing in front of a method hides it.
fn is_public(code: &Code<'_>, function: usize) -> bool {
    let from = function.saturating_sub(4);
    let words = (from..function).rev().map(|at| code.raw(at));
    let mut words = words.take_while(|word| !matches!(*word, ";" | "}" | "{" | "]"));
    !words.any(|word| matches!(word, "private" | "protected"))
}
