//! JavaScript and TypeScript: what names of imports stand for, and what a file gives away of another.

use crate::extractors::js_http::EVERYTHING;
use crate::facts::{Claim, FileFacts, Mount};
use crate::source::SourceFile;
use groundplan_syntax::Code;
use std::collections::BTreeMap;

/// What names of imports stand for: `./users#default`, `./users#router`.
pub(super) fn imports(code: &Code<'_>) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for at in 0..code.tokens.len() {
        // With a folder in its name it may be an alias of one, which only the list of files tells.
        let Some(module) = code
            .string(at)
            .filter(|m| m.starts_with('.') || m.contains('/') && !m.contains(' '))
        else {
            continue;
        };
        let required = at >= 2 && code.is(at - 1, "(") && code.is(at - 2, "require");
        let end = if required {
            // `const x = require("./x")`
            at.checked_sub(3).filter(|&i| code.is(i, "="))
        } else {
            at.checked_sub(1).filter(|&i| code.is(i, "from"))
        };
        let Some(end) = end.filter(|&e| e > 0) else {
            continue;
        };
        // `require("./x").router`
        let part = (required && code.is(at + 2, "."))
            .then(|| code.ident(at + 3))
            .flatten();
        let mut last = end - 1;
        if code.is(last, "}") {
            let Some(open) = code.partner(last) else {
                continue;
            };
            for item in code.arguments(open) {
                let (Some(name), Some(alias)) = (code.ident(item.start), code.ident(item.end - 1))
                else {
                    continue;
                };
                all.insert(alias.to_owned(), format!("{module}#{name}"));
            }
            if open < 2 || !code.is(open - 1, ",") {
                continue;
            }
            last = open - 2;
        }
        if let Some(name) = code.ident(last) {
            let what = part.unwrap_or("default");
            all.insert(name.to_owned(), format!("{module}#{what}"));
        }
    }
    all
}

/// `module.exports = require("./routes")`: what the file gives away is another.
pub(super) fn handed_on(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if !file.says("exports = require(") {
        return;
    }
    let code = file.code();
    let found = (0..code.tokens.len()).find_map(|at| {
        let gives = code.is(at, "exports")
            && code.is(at.wrapping_sub(2), "module")
            && code.is(at + 1, "=")
            && code.is(at + 2, "require")
            && code.is(at + 3, "(")
            && code.is(at + 5, ")");
        // What follows would be a part of it, or the result of a call.
        let alone = !matches!(code.raw(at + 6), "." | "(" | "[");
        let module = code.string(at + 4)?;
        (gives && alone && module.starts_with('.')).then(|| (code.line(at), module.to_owned()))
    });
    if let Some((line, target)) = found {
        let mount = Mount {
            router: Some(EVERYTHING.to_owned()),
            target,
            alias: true,
            ..Mount::default()
        };
        acc.add(file, line, line, Claim::Mount(mount));
    }
}
