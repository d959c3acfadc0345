//! Symfony: listeners that put one exception in the place of another before it is answered.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Handler};
use crate::paths;
use crate::php;
use crate::php_actions::{self, status_of};
use crate::source::SourceFile;
use groundplan_syntax::{Code, Language};
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "symfony-exceptions",
    docs: "\
### What it finds
Listeners of `kernel.exception` that put another exception of HTTP in the place of one
(`if ($e instanceof AccessDeniedHttpException) { $event->setThrowable(new NotFoundHttpException()); }`), so that
its status is answered.

### What it does not find
Listeners that make the answer themselves, and those for exceptions of other kinds.
",
    reads: &[Reads::Own(&[Language::Php])],
    markers: &["ExceptionEvent"],
    run: extract,
};

/// The name of what such a listener turns: among what it throws stand both statuses with [`INTO`] between them, or
/// [`PERHAPS`] where it does so under more conditions.
pub(crate) const TURNS: &str = "#exceptions";

/// Stands between the status of an exception and the one that is always answered in its place.
pub(crate) const INTO: char = '>';

/// Stands there where it is not always.
pub(crate) const PERHAPS: char = '?';

/// Exceptions that are turned in one file at most.
const MOST: usize = 20;

/// Tokens of a block that are looked through at most.
const LONGEST: usize = 400;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if php::is_foreign(file.path) || paths::is_test(file.path) {
        return;
    }
    let code = file.code();
    let Some(class) = php_actions::class(code) else {
        return;
    };
    let mut found = 0;
    for method in php_actions::methods(code, &class) {
        let takes = method.params.clone().any(|at| {
            let word = code.ident(at).and_then(|w| w.rsplit('\\').next());
            matches!(
                word,
                Some("ExceptionEvent" | "GetResponseForExceptionEvent")
            )
        });
        if !takes {
            continue;
        }
        for at in method.body.clone() {
            let Some((from, to, set)) = turned(code, at) else {
                continue;
            };
            found += 1;
            if found > MOST {
                return;
            }
            // What it does before may have left it, what stands around may not hold, and other conditions may ask
            // before it or within its block.
            let alone = code.is(at - 3, "if")
                && !(at..set).any(|i| {
                    matches!(
                        code.raw(i),
                        "if" | "else" | "elseif" | "switch" | "match" | "return"
                    )
                })
                && !(method.body.start..set).any(|i| code.is(i, "return"))
                && !(method.body.start..at.saturating_sub(3)).any(|i| {
                    code.is_byte(i, b'{') && code.partner(i).is_some_and(|close| close > at)
                });
            let mark = if alone { INTO } else { PERHAPS };
            let handler = Handler {
                name: TURNS.to_owned(),
                throws: vec![format!("{from}{mark}{to}")],
                ..Handler::default()
            };
            let (first, last) = (code.line(at), code.line(set));
            acc.add(file, first, last, Claim::Handler(Box::new(handler)));
        }
    }
}

/// The statuses of the exception that a condition asks for, `instanceof` standing at a token, and of the one that is
/// put in its place in the block behind, with the place where that is done.
fn turned(code: &Code<'_>, at: usize) -> Option<(&'static str, &'static str, usize)> {
    if !code.is(at, "instanceof") || at < 3 {
        return None;
    }
    let alone = code.is_byte(at - 2, b'(') && matches!(code.raw(at - 3), "if" | "elseif");
    let from = code.ident(at + 1)?.rsplit('\\').next()?;
    // Those of the security component were turned into these before listeners of the program are asked.
    let asked = from.ends_with("HttpException") && code.is_byte(at + 2, b')');
    let open = at + 3;
    if !alone || !asked || !code.is_byte(open, b'{') {
        return None;
    }
    let block = open + 1..code.partner(open)?;
    let set = block.clone().take(LONGEST).find(|&i| {
        matches!(code.raw(i), "setThrowable" | "setException") && code.is_byte(i + 1, b'(')
    })?;
    let given = code.arguments(set + 1).into_iter().next()?;
    let to = made(code, given, block)?;
    Some((status_of(from)?, status_of(to)?, set))
}

/// The class of an exception that is made where it is given, or in a variable before.
fn made<'t>(code: &Code<'t>, given: Range<usize>, block: Range<usize>) -> Option<&'t str> {
    let start = match code.is(given.start, "new") {
        true => given.start,
        false if given.len() == 1 => block.clone().take(LONGEST).find(|&i| {
            i > block.start && code.is(i, "new") && {
                let name = i.checked_sub(2).map_or("", |name| code.raw(name));
                code.is_byte(i - 1, b'=') && name == code.raw(given.start)
            }
        })?,
        false => return None,
    };
    code.ident(start + 1)?.rsplit('\\').next()
}
