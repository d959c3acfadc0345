//! Messages over socket.io that a server answers, and events that it sends to its clients.

use crate::conditions;
use crate::extractor::{Extractor, Reads};
use crate::facts::FileFacts;
use crate::scan::{self, Part};
use crate::source::SourceFile;
use groundplan_model::{OVER_SOCKETS, SOCKET_MESSAGE, Topic};
use groundplan_syntax::{Code, Language};
use std::collections::BTreeSet;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "js-socket-messages",
    docs: "\
### What it finds
Messages that a server of socket.io answers: `socket.on('addNote', async (note, callback) => …)` where the socket is
handed to the function, with the check that stands first in it (`checkLogin(socket)`) and whether it acknowledges;
and events that it sends to all or to a room (`io.to(room).emit('noteList', …)`).

### What it does not find
What messages hold, names that are put together, and code of browsers.
",
    reads: &[Reads::Own(&[Language::JavaScript, Language::TypeScript])],
    markers: &["socket.on(", "client.on(", ".emit("],
    run: extract,
};

/// Events that sockets have by themselves
/// (<https://socket.io/docs/v4/server-socket-instance/#events>, <https://nodejs.org/api/net.html#class-netsocket>).
const OWN: [&str; 25] = [
    "close",
    "connect",
    "connect_error",
    "connection",
    "data",
    "disconnect",
    "disconnecting",
    "drain",
    "end",
    "error",
    "finish",
    "keylog",
    "listening",
    "lookup",
    "message",
    "open",
    "ping",
    "pong",
    "ready",
    "reconnect",
    "reconnecting",
    "secureConnect",
    "session",
    "timeout",
    "upgrade",
];

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let of_page = [".tsx", ".jsx", ".vue"]
        .iter()
        .any(|end| file.path.ends_with(end))
        || file.path.split('/').any(|part| {
            matches!(
                part,
                "client"
                    | "frontend"
                    | "web"
                    | "ui"
                    | "components"
                    | "pages"
                    | "mixins"
                    | "hooks"
                    | "public"
                    | "store"
                    | "composables"
                    | "views"
                    | "static"
                    | "assets"
                    | "browser"
                    | "www"
            )
        });
    let of_client = [
        "socket.io-client",
        "/client-dist",
        "store.commit(",
        "document.",
        "window.",
    ]
    .iter()
    .any(|word| file.text.contains(word));
    if of_page || of_client || scan::part(file) != Part::Own || file.is_test() {
        return;
    }
    let code = file.code();
    let mut told: BTreeSet<&str> = BTreeSet::new();
    for call in code.calls() {
        let at = scan::word_at(code, call);
        let Some(name) = code.string(call.open + 1).filter(|name| is_name(name)) else {
            continue;
        };
        if at < 2 || !code.is(at - 1, ".") {
            continue;
        }
        match code.raw(at) {
            "on" if handed(code, at - 2) && told.insert(name) => {
                message(acc, file, code, call.open, call.line, name);
            }
            "emit" if to_clients(code, at) => {
                let detail = Some(OVER_SOCKETS.to_owned());
                scan::mark(acc, file, call.line, Topic::Event, name, detail);
            }
            _ => {}
        }
    }
}

/// Whether a text is the name of a message of one's own.
fn is_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-:./".contains(c);
    !OWN.contains(&name) && !name.is_empty() && name.len() <= 60 && name.chars().all(plain)
}

/// Whether a socket is a parameter of a function around it. Much else is called a client: that is one only
/// where its function is told of connections.
fn handed(code: &Code<'_>, at: usize) -> bool {
    let name = code.raw(at);
    if !matches!(name, "socket" | "client") || at > 0 && code.is(at - 1, ".") {
        return false;
    }
    // Outwards, from function to function.
    let mut from = at;
    while let Some((open, body)) = conditions::function_around(code, from) {
        let close = code.partner(open).unwrap_or(open);
        if (open + 1..close).any(|i| code.is(i, name) && !code.is(i - 1, ".")) {
            return name == "socket" || of_connections(code, open);
        }
        from = body.min(open);
    }
    false
}

/// Whether a function with its parameters at `open` is given behind `"connection"`:
/// `io.on("connection", async (client) => …)`.
fn of_connections(code: &Code<'_>, open: usize) -> bool {
    let mut at = open;
    while at > 2 && code.ident(at - 1).is_some() {
        at -= 1;
    }
    at > 2 && code.is(at - 1, ",") && code.string(at - 2) == Some("connection")
}

/// Whether an event goes to clients: `io.emit(`, `io.to(room).emit(`, `server.io.emit(`.
fn to_clients(code: &Code<'_>, at: usize) -> bool {
    let mut before = at - 2;
    if code.is(before, ")") {
        let Some(open) = code.partner(before) else {
            return false;
        };
        let room = open > 2
            && matches!(code.raw(open - 1), "to" | "in" | "except")
            && code.is(open - 2, ".");
        if !room {
            return false;
        }
        before = open - 3;
    }
    code.is(before, "io")
}

/// Words with which the name of a check begins.
const CHECKS: [&str; 7] = [
    "check",
    "require",
    "ensure",
    "assert",
    "verify",
    "authenticate",
    "authorize",
];

/// A message with what checks it first.
fn message(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    code: &Code<'_>,
    open: usize,
    line: u32,
    name: &str,
) {
    let close = code.partner(open).unwrap_or(open);
    let body =
        (open..close).find(|&i| code.is_byte(i, b'{') && !matches!(code.raw(i - 1), "(" | ","));
    let first = body.and_then(|body| {
        let calls = body..(body + 40).min(close);
        let mut names =
            calls.filter(|&i| code.is(i + 1, "(") && !code.is(i.saturating_sub(1), "."));
        let at = names.find(|&i| {
            code.ident(i)
                .is_some_and(|name| !matches!(name, "if" | "log" | "require"))
        })?;
        // A check of who asks is given the socket.
        let end = code.partner(at + 1).unwrap_or(at + 1);
        let given = (at + 2..end).any(|i| code.is(i, "socket") || code.is(i, "client"));
        code.ident(at)
            .filter(|_| given)
            .filter(|name| CHECKS.iter().any(|word| name.starts_with(word)))
    });
    let detail = match first {
        Some(check) => format!("{name}\n{check}"),
        None => name.to_owned(),
    };
    scan::mark(acc, file, line, Topic::Stated, SOCKET_MESSAGE, Some(detail));
}
