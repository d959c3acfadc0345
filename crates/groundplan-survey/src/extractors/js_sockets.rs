//! Servers of socket.io, which answer beside the routes of a program.

use crate::facts::{Endpoint, FileFacts};
use crate::http_paths;
use crate::scan;
use crate::source::SourceFile;
use crate::values::Values;
use groundplan_syntax::Code;
use std::collections::BTreeSet;

/// The path at which a server of socket.io answers if it is told no other
/// (<https://socket.io/docs/v4/server-options/#path>).
const USUAL: &str = "/socket.io";

/// Adds `new Server(http, { path: '/live' })` of a file that takes in socket.io.
pub(super) fn add(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if !file.says("'socket.io'") && !file.says("\"socket.io\"") {
        return;
    }
    let code = file.code();
    let names = names(code);
    let values = Values::new(file);
    for call in code.calls() {
        if !names.contains(code.raw(scan::word_at(code, call))) || call.first + 1 != call.open {
            continue;
        }
        let object = (code.arguments(call.open).iter())
            .find_map(|range| values.literal_at(range).filter(|&at| code.is(at, "{")));
        let path = object.and_then(|at| values.property(at, "path"));
        let path = match path {
            Some(range) => values.fold(range).map(|p| http_paths::template(&p)),
            None => Some(USUAL.to_owned()),
        };
        let endpoint = Endpoint {
            method: "WEBSOCKET".to_owned(),
            path: path.unwrap_or_else(|| http_paths::UNREAD.to_owned()),
            handler: None,
            framework: "socket.io".to_owned(),
            summary: None,
            router: None,
            verbs: Vec::new(),
            given: false,
            mounts: Vec::new(),
            class: None,
            guards: Vec::new(),
        };
        scan::endpoint(acc, file, call.line, call.line, endpoint);
    }
}

/// What the file calls the server: `import { Server as Live } from 'socket.io'`,
/// `const io = require('socket.io')`.
fn names<'t>(code: &Code<'t>) -> BTreeSet<&'t str> {
    let mut all = BTreeSet::new();
    for at in 2..code.tokens.len() {
        if code.string(at) != Some("socket.io") {
            continue;
        }
        let required = code.is(at - 1, "(") && code.is(at - 2, "require");
        if !required && !code.is(at - 1, "from") {
            continue;
        }
        for back in (at.saturating_sub(24)..at - 1).rev() {
            match code.raw(back) {
                "import" | "const" | "let" | "var" | ";" | "type" => break,
                "require" | "=" | "from" | "as" | "{" | "}" | "," | "(" => {}
                "Socket" | "Namespace" => {}
                _ => all.extend(code.ident(back)),
            }
        }
    }
    all
}
