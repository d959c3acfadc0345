//! Laravel and Lumen: which methods a controller has.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Handler};
use crate::paths;
use crate::php;
use crate::source::SourceFile;
use groundplan_syntax::Code;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "laravel-controllers",
    docs: "\
### What it finds
The public methods of each controller of Laravel, and what it extends: a resource makes the routes of
all its actions, and only those with a method answer.

### What it does not find
What methods take and answer, and methods that come from traits or from classes of packages.
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
    let class = (1..code.tokens.len()).find(|&at| {
        let begins = matches!(
            code.raw(at - 1),
            ";" | "}" | "abstract" | "final" | "readonly" | "]"
        );
        code.is(at, "class") && begins && code.ident(at + 1).is_some()
    });
    let Some((at, name)) = class.and_then(|at| Some((at, code.ident(at + 1)?))) else {
        return;
    };
    let Some(open) = (at..at + 60).find(|&i| code.is_byte(i, b'{')) else {
        return;
    };
    let Some(close) = code.partner(open) else {
        return;
    };
    let extends = (at..open).find(|&i| code.is(i, "extends"));
    // `\App\Http\Controller` ends with the name.
    let base = extends.and_then(|from| {
        let end = (from + 1..=open).find(|&i| matches!(code.raw(i), "implements" | "{"))?;
        code.ident(end - 1)
    });
    let mut handler = Handler {
        name: name.to_owned(),
        bases: base.map(last_word).into_iter().collect(),
        ..Handler::default()
    };
    let mut next = open + 1;
    while next < close {
        match code.raw(next) {
            "{" | "(" | "[" => next = code.partner(next).unwrap_or(next),
            "use" => {
                let end = (next..close).find(|&i| matches!(code.raw(i), ";" | "{"));
                let names = (next + 1..end.unwrap_or(close)).filter_map(|i| code.ident(i));
                let mut names = names.filter(|n| !PLAIN.contains(&last_word(n).as_str()));
                handler.more |= names.next().is_some();
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
    if !handler.methods.is_empty() || !handler.bases.is_empty() {
        let (first, last) = (code.line(at), code.line(open));
        acc.add(file, first, last, Claim::Handler(Box::new(handler)));
    }
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
