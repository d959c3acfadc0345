//! Form requests of Laravel: which fields they let through and who may send them.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Handler};
use crate::paths;
use crate::php;
use crate::php_actions::{self, rules};
use crate::source::SourceFile;
use crate::statuses;
use groundplan_syntax::Code;
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "laravel-requests",
    docs: "\
### What it finds
Of classes of `Requests` folders the fields of `rules()`, what they are and whether they must be given,
and whether the class decides who may send them (`authorize()`).

### What it does not find
Rules that are put together while the program runs.
",
    reads: &[Reads::Paths(&["**/Requests/**/*.php", "**/Request/**/*.php"])],
    markers: &["function rules"],
    run: extract,
};

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
    let (mut told, mut own) = (false, false);
    for method in php_actions::methods(code, &class) {
        match method.name {
            "rules" => {
                told = true;
                fields(code, method.body.clone(), &mut handler);
            }
            "authorize" => {
                let mut body = method.body.clone();
                let open = body.len() == 3 && code.is(body.start, "return");
                let word = code.raw(body.start + 1).to_ascii_lowercase();
                if !(open && word == "true") && body.any(|at| code.is(at, "return")) {
                    handler.guards.push(format!("{}::authorize", class.name));
                    statuses::add(&mut handler.responses, "403");
                }
            }
            "failedValidation" | "failedAuthorization" => own = true,
            _ => {}
        }
    }
    if told {
        // How a caller hears of a fault, the class may say itself.
        handler.leaves |= own;
        if !own && (handler.more || !handler.inputs.is_empty()) {
            handler.throws.push(php_actions::INVALID.to_owned());
        }
        let (first, last) = (code.line(class.at), code.line(class.body.end));
        acc.add(file, first, last, Claim::Handler(Box::new(handler)));
    }
}

/// The fields of all lists of rules of a body: those that are returned, and those of a variable.
fn fields(code: &Code<'_>, body: Range<usize>, handler: &mut Handler) {
    let (mut lists, mut changed) = (0, false);
    let mut at = body.start;
    while at < body.end {
        let begins = code.is(at, "return")
            || code.is_byte(at, b'=') && code.ident(at - 1).is_some_and(|w| w.starts_with('$'));
        let list = begins
            .then(|| php::list_at(code, &(at + 1..body.end)))
            .flatten();
        let Some(open) = list else {
            // `$rules['x'] = …`, `array_merge(…)`, `+`.
            let adds = code.is_byte(at, b']') && code.is_byte(at + 1, b'=');
            let joins = code.is(at, "array_merge") || code.is(at, "parent");
            handler.more |= adds || joins;
            changed |= adds;
            at += 1;
            continue;
        };
        let (found, whole) = rules::of(code, open);
        handler.more |= !whole;
        lists += 1;
        for input in found {
            if !handler.inputs.iter().any(|i| i.name == input.name) {
                handler.inputs.push(input);
            }
        }
        at = code.partner(open).unwrap_or(at) + 1;
    }
    handler.more |= lists == 0;
    // Which of several lists counts, and what is changed in one, the running program decides.
    if lists > 1 || changed {
        for input in &mut handler.inputs {
            input.required = false;
        }
    }
}
