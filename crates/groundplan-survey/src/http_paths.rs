//! Path templates: every framework's way to write a parameter becomes `{name}`.

use crate::facts::{Claim, Endpoint, FileFacts, Mark};
use crate::source::SourceFile;
use groundplan_model::Topic;
use groundplan_syntax::{Code, Language, TokenKind};
use std::ops::Range;

/// Adds an endpoint, and a mark if its path says that it answers probes or gives metrics.
pub(crate) fn add(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    first: u32,
    last: u32,
    mut endpoint: Endpoint,
) {
    if is_profiler(file, &endpoint) {
        // The index of all profiles stands for them, and answers for the name of one as well:
        // `/debug/pprof/{name}`.
        if endpoint.handler.as_deref() == Some("pprof.Index") {
            let path = below_base(&endpoint.path);
            let open = |last: &str| last.is_empty() || last.starts_with(['*', '{']);
            let name = match path.rsplit_once('/') {
                Some((head, last)) if open(last) => head,
                _ => path.as_str(),
            };
            let mark = Mark {
                topic: Topic::Telemetry,
                name: name.to_owned(),
                detail: Some("profiles of the Go runtime".to_owned()),
            };
            // What stands below a router of its own has no path that says anything.
            if !name.is_empty() {
                acc.add(file, first, last, Claim::Mark(mark));
            }
        }
        return;
    }
    endpoint.path = from_unread(with_open_base(&endpoint.path));
    let included = endpoint
        .handler
        .as_deref()
        .is_some_and(|h| h.starts_with("include:"));
    let topic = probe(&endpoint.path).filter(|_| !included && !asks(&endpoint.path));
    let mark = topic.map(|topic| Mark {
        topic,
        name: below_base(&endpoint.path),
        detail: endpoint.handler.clone(),
    });
    let answers = matches!(endpoint.method.as_str(), "GET" | "HEAD" | "ANY");
    acc.add(file, first, last, Claim::Endpoint(endpoint));
    if let Some(mark) = mark.filter(|_| answers) {
        acc.add(file, first, last, Claim::Mark(mark));
    }
}

/// Whether what answers is the profiler of the standard library of Go (`net/http/pprof`), which tells of the
/// program while it runs and is no operation of its interface.
fn is_profiler(file: &SourceFile<'_>, endpoint: &Endpoint) -> bool {
    let handler = endpoint.handler.as_deref().unwrap_or_default();
    file.language == Language::Go && handler.starts_with("pprof.") && file.says("net/http/pprof")
}

/// What stands for a part of a path that was not read.
pub(crate) const UNREAD: &str = "…";

/// A path from the part on that was not read: what stands before it is no begin of the path.
pub(crate) fn from_unread(path: String) -> String {
    match path.rfind(UNREAD) {
        Some(at) if at > 0 => path[at..].to_owned(),
        _ => path,
    }
}

/// An endpoint whose path was not read: it says that there is more than is listed.
pub(crate) fn unread(framework: &str) -> Endpoint {
    Endpoint {
        method: String::new(),
        path: UNREAD.to_owned(),
        handler: None,
        framework: framework.to_owned(),
        summary: None,
        router: None,
        verbs: Vec::new(),
        given: false,
        mounts: Vec::new(),
        class: None,
        guards: Vec::new(),
    }
}

/// Begins the name of a constant of another file in a path: `{const:paths.Users}`, until all files are
/// known.
pub(crate) const CONSTANT: &str = "const:";

/// Begins a part of a path that stands for the base of the program, until the defaults of all settings are
/// known: `{base=system.routerprefix}`.
pub(crate) const BASE: &str = "{base=";

/// Begins a part of a path of which each round of a loop has another: `{loop=/v1|/v2}`.
pub(crate) const ROUNDS: &str = "{loop=";

/// What settings call a base, without what stands before the section: `conf.System.RouterPrefix` and
/// `system.router-prefix` are both `system.routerprefix`.
pub(crate) fn base_key(name: &str) -> String {
    let plain = |part: &str| {
        let chars = part.chars().filter(char::is_ascii_alphanumeric);
        chars.collect::<String>().to_ascii_lowercase()
    };
    let mut parts = name
        .trim_end_matches("()")
        .rsplit(['.', ':'])
        .filter(|p| !p.is_empty());
    let last = parts.next().map(plain).unwrap_or_default();
    match parts.next().map(plain) {
        Some(section) => format!("{section}.{last}"),
        None => last,
    }
}

/// The part of a path that stands for the base called `name`.
pub(crate) fn open_base(name: &str) -> String {
    format!("/{BASE}{}}}", base_key(name))
}

/// A path without what stands for its base.
pub(crate) fn below_base(path: &str) -> String {
    let mut out = path.to_owned();
    while let Some(at) = out.find(BASE) {
        let end = out[at..].find('}').map_or(out.len(), |end| at + end + 1);
        out.replace_range(at..end, "");
    }
    match out == path {
        true => out,
        false => join("", &out.replace("//", "/")),
    }
}

/// A path once for each round of the loop around it: `"/api/v" + version` has no slash between the two.
pub(crate) fn rounds(path: &str) -> Vec<String> {
    let Some((before, rest)) = path.split_once(ROUNDS) else {
        return vec![path.to_owned()];
    };
    let (values, after) = rest.split_once('}').unwrap_or((rest, ""));
    let all = values.split('|').flat_map(|value| {
        let whole = format!("{before}{value}{after}").replace("//", "/");
        match value.trim_matches('/').is_empty() && after.is_empty() {
            true => rounds(whole.trim_end_matches('/')),
            false => rounds(&whole),
        }
    });
    all.collect()
}

/// What code says about a path that it gives to a framework.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Written {
    /// Its text, which may begin with a part that was not read.
    Path(String),
    /// It comes from a variable or a call: there is a route, but no word of its path.
    Unread,
    /// The argument is no path.
    Other,
}

/// The path that an argument gives, without taking names of code for parameters of a caller:
/// of `scoped("/x")` the begin is not known, of `url` nothing.
pub(crate) fn written(
    code: &Code<'_>,
    range: &Range<usize>,
    fold: impl Fn(Range<usize>) -> Option<String>,
) -> Written {
    // `*urls` and `&path` are what their names are.
    let bare = (range.start..range.end)
        .find(|&at| !matches!(code.raw(at), "*" | "&" | "mut"))
        .unwrap_or(range.start);
    let range = &(bare..range.end);
    let Some(first) = code.tokens.get(range.start).filter(|_| !range.is_empty()) else {
        return Written::Other;
    };
    let texts: Vec<usize> = range
        .clone()
        .filter(|&at| code.string(at).is_some())
        .collect();
    let named = first.kind == TokenKind::Ident && code.string(range.start).is_none();
    // `scoped("/x")`: a function of the program puts something before it, or not.
    let call = (range.start..range.end)
        .find(|&at| code.ident(at).is_none() && !matches!(code.raw(at), "." | ":"))
        .filter(|&open| named && open > range.start && code.is(open, "("))
        .filter(|&open| code.partner(open).map(|close| close + 1) == Some(range.end));
    if let Some(open) = call
        && let [inner] = code.arguments(open).as_slice()
        && let [one] = texts.as_slice()
        && inner.len() == 1
        && inner.start == *one
        && !matches!(
            code.raw(open - 1),
            "String" | "from" | "str" | "Path" | "PathBuf" | "new" | "r" | "compile"
        )
    {
        return match fold(inner.clone()) {
            Some(text) if text.starts_with('/') => Written::Path(format!("{UNREAD}{text}")),
            Some(text) if text.is_empty() => Written::Unread,
            _ => Written::Other,
        };
    }
    let Some(text) = fold(range.clone()) else {
        return match named && texts.is_empty() {
            true => Written::Unread,
            false => Written::Other,
        };
    };
    let Some((name, rest)) = text
        .trim_start_matches('/')
        .strip_prefix('{')
        .and_then(|t| t.split_once('}'))
    else {
        return Written::Path(text);
    };
    let raw = code.raw(range.start);
    let filled = (code.language == Language::Python && raw.starts_with(['f', 'F']))
        || raw.starts_with(['`', '$'])
        || (code.language == Language::Rust
            && range
                .clone()
                .any(|at| code.is(at, "format") && code.is(at + 1, "!")));
    // A parameter in a literal is one of the caller; a constant is looked up later.
    // What a function of Rust is given as `prefix` is no setting.
    let constant = name.contains(['.', ':'])
        || name == "prefix" && code.language != Language::Rust
        || !name.bytes().any(|b| b.is_ascii_lowercase());
    // In a script nobody looks the name up.
    let script = matches!(code.language, Language::JavaScript | Language::TypeScript);
    let base = script && (named || filled) && rest.starts_with('/') && is_base(name);
    if (!(named || filled) || constant && !rest.is_empty()) && !base {
        return Written::Path(text);
    }
    match rest.trim_matches('/').is_empty() || !rest.starts_with('/') {
        true => Written::Unread,
        false
            if rest
                .split('/')
                .all(|p| p.is_empty() || p.starts_with('{') && p.ends_with('}')) =>
        {
            Written::Unread
        }
        // What is deployed below a base is told relative to it.
        false if is_base(name) => Written::Path(format!("{}{rest}", open_base(name))),
        false => Written::Path(format!("{UNREAD}{rest}")),
    }
}

/// Whether a name is that of the base under which a whole program is deployed: `uiConf.APIBaseURL`,
/// `contextPath`, `URL_PREFIX`.
pub(crate) fn is_base(name: &str) -> bool {
    let last = name.rsplit(['.', ':', '?']).next().unwrap_or(name);
    let mut words: Vec<String> = Vec::new();
    let mut before = '_';
    let mut chars = last.chars().peekable();
    while let Some(c) = chars.next() {
        if !c.is_ascii_alphanumeric() {
            before = '_';
            continue;
        }
        let next_is_lower = chars.peek().is_some_and(char::is_ascii_lowercase);
        // `APIBaseURL` is three words.
        let starts = before == '_'
            || c.is_ascii_uppercase() && (before.is_ascii_lowercase() || next_is_lower);
        if starts {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.push(c.to_ascii_lowercase());
        }
        before = c;
    }
    const WHOLE: [&str; 10] = [
        "baseurl",
        "basepath",
        "baseuri",
        "contextpath",
        "rootpath",
        "rooturl",
        "subpath",
        "urlprefix",
        "pathprefix",
        "urlbase",
    ];
    let pair = |pair: &[String]| match pair {
        [first, second] => matches!(
            (first.as_str(), second.as_str()),
            ("base" | "root", "url" | "path" | "uri" | "href" | "route")
                | ("context", "path" | "root")
                | (
                    "url" | "uri" | "path" | "route" | "web",
                    "prefix" | "base" | "root"
                )
                | ("sub", "path")
        ),
        _ => false,
    };
    // `config.System.RouterPrefix`, but no variable of that name.
    let of_settings = || name.contains('.') && words == ["router", "prefix"];
    of_settings()
        || words.windows(2).any(pair)
        || words.iter().any(|word| WHOLE.contains(&word.as_str()))
}

/// Whether a path asks for something that nobody who only looks after a program could give; the number of
/// a version is none.
pub(crate) fn asks(path: &str) -> bool {
    let path = below_base(path);
    let mut parts = path.split('/').filter(|part| part.contains('{'));
    parts
        .any(|part| !part.starts_with(['v', 'V']) && !part.to_ascii_lowercase().contains("version"))
}

/// What a path of operations is for, by its last segment.
pub(crate) fn probe(path: &str) -> Option<Topic> {
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
    // `/orders/{id}{?full}` of RFC 6570 names the query, which is no part of the path.
    if let Some((before, after)) = raw.split_once("{?")
        && let Some((query, rest)) = after.split_once('}')
        && query
            .chars()
            .all(|c| c.is_alphanumeric() || "_,*".contains(c))
        && !query.is_empty()
    {
        return template(&format!("{before}{rest}"));
    }
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

/// A path as it is written, and behind it what it comes to without its last parameters where these are
/// optional: `/orders/:id?` and `/orders/{id?}` answer `/orders` as well, `/orders[/{id}]` and `/orders{/:id}` of
/// Express 5 too.
pub(crate) fn alternatives(raw: &str) -> Vec<String> {
    /// Optional groups of one path at most: each of them doubles what it comes to.
    const MOST: usize = 4;
    if let Some((before, inner, after)) = optional_group(raw) {
        if raw.matches("{/").nth(MOST).is_some() {
            let first = raw.split("{/").next().unwrap_or(raw);
            return vec![first.to_owned()];
        }
        let mut all = alternatives(&format!("{before}{inner}{after}"));
        for path in alternatives(&format!("{before}{after}")) {
            if !all.contains(&path) {
                all.push(path);
            }
        }
        return all;
    }
    // Groups of that kind stand in one another.
    if raw.len() <= 2_000
        && let Some(inner) = raw.strip_suffix(']')
        && let Some(open) = bracket(inner)
    {
        let short = &raw[..open];
        let mut all = alternatives(&format!("{short}{}", &inner[open + 1..]));
        all.push(short.to_owned());
        return all;
    }
    let mut all = vec![raw.to_owned()];
    let mut rest = raw;
    while let Some(before) = without_optional(rest) {
        all.push(before.to_owned());
        rest = before;
    }
    all
}

/// What stands before, in and behind the last group of a path that begins with a slash: `{/:id}`.
fn optional_group(raw: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = raw.rsplit_once("{/")?;
    let (inner, after) = rest.split_once('}')?;
    // What a name in braces holds is no group.
    let plain = !inner.is_empty() && !inner.contains('{') && !before.ends_with('$');
    let from = before.len() + 1;
    plain.then(|| {
        (
            before,
            raw.get(from..from + 1 + inner.len()).unwrap_or_default(),
            after,
        )
    })
}

/// Where the optional part that ends a path of FastRoute begins: `/orders[/{id}` without the last bracket.
fn bracket(inner: &str) -> Option<usize> {
    let mut depth = 0_u32;
    inner.char_indices().find_map(|(at, c)| {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        (c == '[' && depth == 0).then_some(at)
    })
}

/// A path without the parameter that ends it, if that is optional.
fn without_optional(raw: &str) -> Option<&str> {
    let (before, last) = raw.rsplit_once('/').unwrap_or(("", raw));
    let named = |name: &str| {
        !name.is_empty()
            && name
                .chars()
                .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
    };
    let optional = match last.strip_prefix(':') {
        // `:id?` and `:id(\\d+)?`
        Some(rest) => rest
            .strip_suffix('?')
            .is_some_and(|name| named(name.split('(').next().unwrap_or(name))),
        None => last
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix("?}"))
            .is_some_and(|name| named(name.split(':').next().unwrap_or(name))),
    };
    optional.then_some(before)
}

/// A template that stands before others: the root is none.
pub(crate) fn prefix(raw: &str) -> String {
    match template(raw) {
        root if root == "/" => String::new(),
        path => path,
    }
}

/// A path whose words, but not its parameters, are in lower case.
pub(crate) fn lower_case(path: &str) -> String {
    let parts = path.split('/').map(|part| match part.contains(['{', '}']) {
        true => part.to_owned(),
        false => part.to_lowercase(),
    });
    parts.collect::<Vec<_>>().join("/")
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

/// A path with its base left open until all files are known, where [`without_base`] takes it away.
fn with_open_base(path: &str) -> String {
    let rest = without_base(path);
    let name = path.strip_prefix("/{").and_then(|p| p.split_once('}'));
    match name.filter(|(name, _)| rest != path && is_base(name)) {
        Some((name, after)) => format!("{}{after}", open_base(name)),
        None => rest,
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
    // `"/:" + fileserver.IDKey`: what the parameter is called stands elsewhere.
    if let Some(name) = segment.strip_prefix(":{")
        && name.ends_with('}')
        && !name.starts_with(CONSTANT)
    {
        return one(&segment[1..]);
    }
    for mark in [':', '*'] {
        if let Some(name) = segment.strip_prefix(mark) {
            let (name, rest) = word(name);
            if !name.is_empty() {
                let rest = rest.trim_end_matches(['?', '+', '*']);
                // `:name.json` keeps its ending; an expression after the name goes.
                let rest = if rest.starts_with(['(', '<', '{']) {
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
        if inner.starts_with("env:")
            || inner.starts_with(CONSTANT)
            || inner.starts_with(&ROUNDS[1..])
        {
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
    let mut unnamed = 0_u32;
    while let Some(at) = opened(rest) {
        out.push_str(&without_classes(&rest[..at], &mut unnamed));
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
    out.push_str(&without_classes(rest, &mut unnamed));
    let plain = out.replace(['\\', '^', '$'], "").replace(".*", "{path}");
    template(&plain)
}

/// Where the first group of a pattern opens: a bracket of a class or behind a backslash is none.
fn opened(pattern: &str) -> Option<usize> {
    let (mut escaped, mut class) = (false, false);
    for (at, b) in pattern.bytes().enumerate() {
        match b {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'[' => class = true,
            b']' => class = false,
            b'(' if !class => return Some(at),
            _ => {}
        }
    }
    None
}

/// A pattern without groups, with a parameter for each class of characters (`[^/]+`, `[a-z]{2}`, `\d+`).
fn without_classes(pattern: &str, unnamed: &mut u32) -> String {
    let mut out = String::new();
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' if !matches!(chars.peek(), Some('d' | 'w' | 's' | 'D' | 'W' | 'S')) => {
                out.push(c);
                out.extend(chars.next());
                continue;
            }
            '\\' => {
                chars.next();
            }
            '[' => {
                // A bracket that closes right behind the begin is one of the characters.
                let mut first = true;
                for c in chars.by_ref() {
                    if c == ']' && !first {
                        break;
                    }
                    first = first && c == '^';
                }
            }
            _ => {
                out.push(c);
                continue;
            }
        }
        *unnamed += 1;
        out.push_str(&format!("{{arg{unnamed}}}"));
        while chars.next_if(|c| matches!(c, '+' | '*' | '?')).is_some() {}
        if chars.peek() == Some(&'{') {
            for c in chars.by_ref() {
                if c == '}' {
                    break;
                }
            }
        }
    }
    out
}

/// What an operation does, with the condition under which it is offered.
pub(crate) fn only_if(summary: Option<&str>, condition: &str) -> String {
    let offered = format!("Offered only if {condition}.");
    match summary.map(|text| text.trim().trim_end_matches('.')) {
        Some(text) if !text.is_empty() => format!("{text}. {offered}"),
        _ => offered,
    }
}
