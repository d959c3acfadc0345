//! Functions that make clients, and calls of such functions of other modules.

use crate::code_view::CodeView;
use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Made};
use crate::paths;
use crate::source::SourceFile;
use groundplan_syntax::Language;
use std::collections::BTreeSet;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "client-makers",
    docs: "\
### What it finds
Functions of Go, Python, JavaScript and TypeScript whose name says that they make a client, stub,
channel or connection (`NewUsersClient`, `get_db_client`, `createConnection`), and calls of such
functions of an imported module, so that a client made in a shared module belongs to those that
ask for it.

### What it does not find
Clients that a container of dependencies hands over; makers with other names; tests and generated
code.
",
    reads: &[Reads::Own(&[
        Language::Go,
        Language::Python,
        Language::JavaScript,
        Language::TypeScript,
    ])],
    markers: &["lient", "Stub", "stub", "hannel", "onnect", "Dial"],
    run: extract,
};

/// Whether a name says that its function makes a client.
fn makes(name: &str) -> bool {
    let ends = |word: &str| {
        let end = name.len().checked_sub(word.len());
        end.and_then(|at| name.as_bytes().get(at..))
            .is_some_and(|end| end.eq_ignore_ascii_case(word.as_bytes()))
    };
    // The last letter nearly always says no.
    let last = name.as_bytes().last().map(u8::to_ascii_lowercase);
    name.len() > 7
        && matches!(last, Some(b't' | b'b' | b'l' | b'n'))
        && ["client", "stub", "channel", "connection", "connect"]
            .into_iter()
            .any(ends)
        || name.bytes().any(|b| b == b'D') && name.contains("Dial")
}

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if file.is_test() || paths::is_generated(file.path, file.text) {
        return;
    }
    // To resolve the names of a file costs much, and most have no such name.
    let code = file.code();
    let may_make = |at: usize| {
        code.ident(at)
            .is_some_and(|name| name.len() > 3 && makes(name))
    };
    if !(0..code.tokens.len()).any(may_make) {
        return;
    }
    let view = CodeView::of(file);
    for function in view.code.functions() {
        if function.class || function.parent.is_some() || !makes(function.name) {
            continue;
        }
        let last = view.code.line(function.body.end);
        let name = function.name.to_owned();
        acc.add(
            file,
            function.line,
            last.max(function.line),
            Claim::Maker(name),
        );
    }
    let mut found = BTreeSet::new();
    for (last, calls) in view.calls() {
        if !makes(last) {
            continue;
        }
        for &call in calls {
            let callee = view.callee(call);
            let Some(module) = callee.on.filter(|m| m.len() > 1) else {
                continue;
            };
            let module = module.replace("::", ".");
            found.insert((
                view.code.line(call.first),
                module,
                callee.method.to_string(),
            ));
        }
    }
    // A function of Go may be handed on without being called: `fx.Provide(NewClient)`.
    if file.language == Language::Go {
        for at in 1..view.code.tokens.len() {
            let Some(name) = view.code.ident(at).filter(|n| makes(n)) else {
                continue;
            };
            if !view.code.is(at - 1, "func") {
                found.insert((view.code.line(at), String::new(), name.to_owned()));
            }
        }
    }
    let mut seen = BTreeSet::new();
    for (line, module, function) in found {
        if seen.insert((module.clone(), function.clone())) {
            acc.add(file, line, line, Claim::Made(Made { module, function }));
        }
    }
}
