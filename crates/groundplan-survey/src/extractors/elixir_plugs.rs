//! Elixir: plugs of the program's own that answer a path by themselves, and plugs that log requests.

use crate::elixir::{self, Statement};
use crate::extractor::{Extractor, Reads};
use crate::facts::{Endpoint, FileFacts};
use crate::paths;
use crate::scan;
use crate::source::SourceFile;
use groundplan_model::Topic;
use std::collections::BTreeMap;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "elixir-plugs",
    docs: "\
### What it finds
Modules whose `call` takes the requests of one path, named in its head (`def call(%{request_path:
\"/health\"} = conn, _)`) or in a list that its guard compares with, and answers them itself
(<https://hexdocs.pm/plug/Plug.html>): an operation that no router lists. `Plug.Logger` and `Plug.Telemetry`
of an endpoint of Phoenix, which log each request.

### What it does not find
Paths that the body compares, what a plug answers in some cases and else hands on, whether an endpoint puts the plug before its router, plugs of libraries.
",
    reads: &[Reads::Paths(&["*.ex"])],
    markers: &["request_path:", "path_info:", "Plug.Logger", "Plug.Telemetry"],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) || scan::is_test(file.path) {
        return;
    }
    for (name, module) in elixir::modules(&elixir::statements(file.text)) {
        let uses = |what: &str| {
            let used = |s: &Statement| s.arguments.first().is_some_and(|a| a == what);
            (module.body.iter()).any(|s| s.word == "use" && used(s))
        };
        let is_endpoint = uses("Phoenix.Endpoint");
        let attributes = elixir::attributes(&module.body);
        for statement in &module.body {
            match statement.word.as_str() {
                "plug" if is_endpoint => logger(acc, file, statement),
                "def" => answered(acc, file, statement, &name, &attributes),
                _ => {}
            }
        }
    }
}

/// `plug Plug.Logger`, `plug Plug.Telemetry, event_prefix: [:phoenix, :endpoint]`
fn logger(acc: &mut FileFacts, file: &SourceFile<'_>, plug: &Statement) {
    let first = plug.arguments.first().map_or("", String::as_str);
    // The framework logs what happens under the prefix that its generator writes
    // (<https://hexdocs.pm/phoenix/Phoenix.Logger.html>).
    let of_phoenix = || {
        let prefix = plug.option("event_prefix").unwrap_or_default();
        prefix.replace(' ', "") == "[:phoenix,:endpoint]"
    };
    let detail = match first {
        "Plug.Logger" => "logs each request",
        "Plug.Telemetry" if of_phoenix() => {
            "logs each request unless `config :phoenix, :logger` is false"
        }
        _ => return,
    };
    let detail = Some(detail.to_owned());
    scan::mark(acc, file, plug.lines.0, Topic::Logging, first, detail);
}

/// `def call(%Plug.Conn{request_path: "/health"} = conn, _opts) do`
fn answered(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    clause: &Statement,
    module: &str,
    attributes: &BTreeMap<&str, String>,
) {
    let head = clause.arguments.first().map_or("", String::as_str);
    if !head.starts_with("call(") || !answers(clause, 0) || passes(clause, 0) {
        return;
    }
    let paths = match path(head) {
        Some(path) => vec![path],
        None => listed(head, attributes),
    };
    let verb = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"]
        .into_iter()
        .find(|verb| head.contains(&format!("method: \"{verb}\"")));
    for path in paths {
        let endpoint = Endpoint {
            method: verb.unwrap_or("ANY").to_owned(),
            path,
            handler: Some(module.to_owned()),
            framework: "plug".to_owned(),
            summary: None,
            router: None,
            verbs: Vec::new(),
            given: false,
            mounts: Vec::new(),
            class: None,
            guards: Vec::new(),
        };
        let (first, last) = clause.lines;
        scan::endpoint(acc, file, first, last, endpoint);
    }
}

/// The path that the head of a function asks for, where it is whole.
fn path(head: &str) -> Option<String> {
    if let Some((_, rest)) = head.split_once("request_path: \"") {
        let (path, after) = rest.split_once('"')?;
        // `"/files/" <> name` is the begin of many.
        let whole = !after.trim_start().starts_with("<>") && path.starts_with('/');
        return whole.then(|| scan::path(path));
    }
    let (_, rest) = head.split_once("path_info: [")?;
    let (inner, _) = rest.split_once(']')?;
    let mut path = String::new();
    for part in inner.split(',') {
        let text = part.trim().strip_prefix('"')?.strip_suffix('"')?;
        path.push('/');
        path.push_str(text);
    }
    (path.len() > 1).then_some(path)
}

/// The paths that a guard compares with: `call(%{request_path: path} = conn, _) when path in @paths`.
fn listed(head: &str, attributes: &BTreeMap<&str, String>) -> Vec<String> {
    let found = || {
        let (_, rest) = head.split_once("request_path: ")?;
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))?;
        let name = rest.get(..end).filter(|name| !name.is_empty())?;
        let (_, guard) = head.split_once(" when ")?;
        let given = guard.strip_prefix(name)?.trim_start();
        let given = given.strip_prefix("in ").or(given.strip_prefix("== "))?;
        let of = |text: &str| attributes.get(text).cloned();
        let text = of(given.trim()).unwrap_or_else(|| given.to_owned());
        let parts = elixir::list(&text).unwrap_or_else(|| vec![text]);
        // An attribute may be one of the list.
        let one = |part: String| {
            let text = of(&part).unwrap_or(part);
            let path = text.strip_prefix('"')?.strip_suffix('"')?;
            (path.starts_with('/') && !path.contains(['"', '#'])).then(|| scan::path(path))
        };
        parts
            .into_iter()
            .take(20)
            .map(one)
            .collect::<Option<Vec<String>>>()
    };
    found().unwrap_or_default()
}

/// Whether a function hands the connection on as it is in some case: it asks who calls, and others answer.
fn passes(statement: &Statement, depth: u32) -> bool {
    let hands = |text: &str| {
        let given = text.strip_prefix("do: ").or(text.strip_prefix("else: "));
        given.is_some_and(|given| given.trim() == "conn")
    };
    depth < 8
        && statement.body.iter().any(|s| {
            let bare = s.word == "conn" && s.arguments.is_empty();
            let arrow = s
                .arguments
                .iter()
                .any(|a| a.trim_end().ends_with("-> conn"));
            bare || arrow || s.arguments.iter().any(|a| hands(a)) || passes(s, depth + 1)
        })
}

/// Whether a function sends what a request is answered with.
fn answers(statement: &Statement, depth: u32) -> bool {
    depth < 8
        && statement.body.iter().any(|s| {
            let sends = |text: &str| text.contains("send_re") || text.contains("send_file(");
            let word = s.word.starts_with("send_re") || s.word == "send_file";
            word || s.arguments.iter().any(|a| sends(a)) || answers(s, depth + 1)
        })
}

#[cfg(test)]
mod tests {
    use super::path;

    #[test]
    fn paths_of_heads() {
        let of = |head| path(head);
        let whole = of("call(%Plug.Conn{request_path: \"/health\"} = conn, _opts)");
        assert_eq!(whole.as_deref(), Some("/health"));
        let parts = of("call(%{path_info: [\"api\", \"live\"]} = conn, _)");
        assert_eq!(parts.as_deref(), Some("/api/live"));
        assert_eq!(of("call(%{request_path: \"/files/\" <> name}, _)"), None);
        assert_eq!(of("call(%{path_info: [\"api\" | rest]} = conn, _)"), None);
    }
}
