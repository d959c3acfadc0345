//! Path templates: every framework's way to write a parameter becomes `{name}`.

use crate::facts::{Claim, Endpoint, FileFacts, Mark};
use crate::source::SourceFile;
use groundplan_model::Topic;

/// Adds an endpoint, and a mark if its path says that it answers probes or gives metrics.
pub(crate) fn add(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    first: u32,
    last: u32,
    mut endpoint: Endpoint,
) {
    endpoint.path = without_base(&endpoint.path);
    let included = endpoint
        .handler
        .as_deref()
        .is_some_and(|h| h.starts_with("include:"));
    let topic = probe(&endpoint.path).filter(|_| !included);
    let mark = topic.map(|topic| Mark {
        topic,
        name: endpoint.path.clone(),
        detail: endpoint.handler.clone(),
    });
    let answers = matches!(endpoint.method.as_str(), "GET" | "HEAD" | "ANY");
    acc.add(file, first, last, Claim::Endpoint(endpoint));
    if let Some(mark) = mark.filter(|_| answers) {
        acc.add(file, first, last, Claim::Mark(mark));
    }
}

/// What a path of operations is for, by its last segment.
fn probe(path: &str) -> Option<Topic> {
    let last = path.trim_end_matches('/').rsplit('/').next()?;
    let last = last.to_ascii_lowercase();
    let word = last.trim_matches('_').replace(['-', '_'], "");
    match word.as_str() {
        "health" | "healthz" | "healthcheck" | "ready" | "readyz" | "readiness" | "live"
        | "livez" | "liveness" | "alive" | "heartbeat" | "startupz" => Some(Topic::HealthCheck),
        "metrics" | "prometheus" => Some(Topic::Telemetry),
        _ => None,
    }
}

/// A path with a leading `/`, `{name}` for parameters, no query, no trailing `/`, no regular
/// expressions.
pub(crate) fn template(raw: &str) -> String {
    let mut out = String::from("/");
    for segment in segments(raw) {
        // A base that the environment gives stands before the path and is no part of it.
        if out.len() == 1 && segment.starts_with("{env:") && segment.ends_with('}') {
            continue;
        }
        if !out.ends_with('/') {
            out.push('/');
        }
        out.push_str(&one(&segment));
    }
    if out.len() > 1 && out.ends_with('/') {
        out.pop();
    }
    out
}

/// Two templates one after the other.
pub(crate) fn join(prefix: &str, path: &str) -> String {
    let prefix = prefix.trim_end_matches('/');
    let path = path.trim_start_matches('/');
    match (prefix.is_empty(), path.is_empty()) {
        (_, false) => format!("{prefix}/{path}"),
        (false, true) => prefix.to_owned(),
        (true, true) => "/".to_owned(),
    }
}

/// Two templates one after the other where a slash at the end is part of the path, as in Django: an
/// empty path ends as the prefix does.
pub(crate) fn append(prefix: &str, path: &str) -> String {
    if path.trim_matches('/').is_empty() && !prefix.trim_matches('/').is_empty() {
        return prefix.to_owned();
    }
    join(prefix, path)
}

/// A path without the base that configuration puts before it: `/{settings.BASE_PATH}/x`,
/// `/{BASE_PATH}/x`. Its value is one of the deployment, no parameter of a caller.
pub(crate) fn without_base(path: &str) -> String {
    let Some((name, rest)) = path.strip_prefix("/{").and_then(|p| p.split_once('}')) else {
        return path.to_owned();
    };
    let head = name.split('.').next().unwrap_or(name);
    let settings = name.contains('.')
        && matches!(
            head,
            "settings" | "config" | "cfg" | "conf" | "app" | "self" | "options" | "process"
        );
    let constant = name.len() > 2
        && name
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
    match (settings || constant, rest.is_empty()) {
        (true, true) => "/".to_owned(),
        (true, false) if rest.starts_with('/') => rest.to_owned(),
        _ => path.to_owned(),
    }
}

/// Splits at slashes outside of braces, brackets and angle brackets.
fn segments(raw: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut segment = String::new();
    let mut depth = 0_u32;
    for c in raw.chars() {
        match c {
            '{' | '<' | '(' => depth += 1,
            '}' | '>' | ')' => depth = depth.saturating_sub(1),
            '?' if depth == 0 && !segment.is_empty() => break,
            '/' if depth == 0 => {
                if !segment.is_empty() {
                    all.push(std::mem::take(&mut segment));
                }
                continue;
            }
            _ => {}
        }
        segment.push(c);
    }
    if !segment.is_empty() {
        all.push(segment);
    }
    all
}

fn one(segment: &str) -> String {
    if segment == "*" {
        return "{path}".to_owned();
    }
    if segment == "{$}" {
        return String::new();
    }
    for mark in [':', '*'] {
        if let Some(name) = segment.strip_prefix(mark) {
            let (name, rest) = word(name);
            if !name.is_empty() {
                let rest = rest.trim_end_matches(['?', '+', '*']);
                // `:name.json` keeps its ending; an expression after the name goes.
                let rest = if rest.starts_with('(') || rest.starts_with('<') {
                    ""
                } else {
                    rest
                };
                return format!("{{{name}}}{rest}");
            }
        }
    }
    let mut out = String::new();
    let mut rest = segment;
    while let Some(at) = rest.find(['{', '<']) {
        out.push_str(&rest[..at]);
        let open = rest.as_bytes()[at];
        let close = if open == b'{' { b'}' } else { b'>' };
        let mut depth = 0;
        let end = rest.as_bytes()[at..]
            .iter()
            .position(|&b| {
                if b == open {
                    depth += 1;
                } else if b == close {
                    depth -= 1;
                }
                depth == 0
            })
            .map_or(rest.len(), |p| at + p);
        let inner = rest.get(at + 1..end).unwrap_or_default();
        let name = if open == b'<' {
            // `<int:id>` of Flask and Django, `<id>` and `<path..>` of Rocket.
            inner.rsplit_once(':').map_or(inner, |(_, name)| name)
        } else {
            // `{id:[0-9]+}` of Go, `{id}` of OpenAPI, `{id:int}` of Starlette.
            inner.split(':').next().unwrap_or(inner)
        };
        let name = name.trim_matches(['.', '*', ' ', '?', '=', '_']);
        let name = if name.is_empty() { "path" } else { name };
        if inner.starts_with("env:") {
            out.push_str(&format!("{{{inner}}}"));
        } else {
            out.push_str(&format!("{{{name}}}"));
        }
        rest = rest.get(end + 1..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

fn word(text: &str) -> (&str, &str) {
    let end = text
        .find(|c: char| !(c.is_alphanumeric() || c == '_'))
        .unwrap_or(text.len());
    text.split_at(end)
}

/// A regular expression of Django or Tornado as a template: `^users/(?P<id>\d+)/$`.
pub(crate) fn from_regex(pattern: &str) -> String {
    let body = pattern
        .trim_start_matches('^')
        .trim_start_matches("\\A")
        .trim_end_matches("\\Z")
        .trim_end_matches('$')
        .trim_end_matches("/?");
    let mut out = String::new();
    let mut rest = body;
    let mut unnamed = 0;
    while let Some(at) = rest.find('(') {
        out.push_str(&rest[..at]);
        let mut depth = 0;
        let mut escaped = false;
        let end = rest
            .bytes()
            .enumerate()
            .skip(at)
            .find(|&(_, b)| {
                if escaped {
                    escaped = false;
                    return false;
                }
                match b {
                    b'\\' => escaped = true,
                    b'(' => depth += 1,
                    b')' => depth -= 1,
                    _ => {}
                }
                depth == 0
            })
            .map_or(rest.len(), |(p, _)| p);
        let group = rest.get(at + 1..end).unwrap_or_default();
        let named = group
            .strip_prefix("?P<")
            .and_then(|g| g.split_once('>'))
            .map(|(name, _)| name.to_owned());
        if let Some(name) = named {
            out.push_str(&format!("{{{name}}}"));
        } else if !group.starts_with("?:") {
            unnamed += 1;
            out.push_str(&format!("{{arg{unnamed}}}"));
        }
        rest = rest.get(end + 1..).unwrap_or_default();
        rest = rest.trim_start_matches(['?', '*', '+']);
    }
    out.push_str(rest);
    let plain = out.replace(['\\', '^', '$'], "").replace(".*", "{path}");
    template(&plain)
}
