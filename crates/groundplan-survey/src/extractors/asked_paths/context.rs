//! What stands around a path and says whether somebody asks for it.

use super::shape;
use groundplan_syntax::finders::Finders;

/// Methods, as functions are called after them.
const METHODS: [&str; 6] = ["get", "post", "put", "patch", "delete", "head"];

/// What a word before a path says.
pub(super) struct Said {
    /// Method in capitals.
    pub(super) method: Option<String>,
    /// Whether it is a call that sends a request.
    pub(super) asks: bool,
    /// Whether a client stands before it that may put something before the path.
    pub(super) client: bool,
}

/// What stands right before a literal, and on the line before it where that is nothing.
pub(super) fn said(before: &str, above: &str) -> Said {
    let mut text = before.trim_end();
    // The letters that begin a literal of another kind: `f"`, `@"`, `$"`.
    text = text
        .trim_end_matches(['f', 'r', 'b', '$', '@', '&'])
        .trim_end();
    if text.is_empty() {
        text = above.trim_end();
    }
    let named = method_named(text);
    // `"GET", "/orders"`: the call stands before the method.
    let mut head = text.trim_end_matches(['(', ' ', '{', '[']);
    if text.ends_with(',') {
        head = text.rsplit_once('(').map_or("", |(head, _)| head);
    }
    let head = without_types(head.trim_end());
    let key = head.ends_with([':', '=']);
    let word = last_word(head.trim_end_matches([':', '=', ' ']));
    let lower = word.to_ascii_lowercase();
    let by_name = METHODS
        .iter()
        .find(|method| is_called_after(&lower, method));
    let method = named.or_else(|| by_name.map(|method| method.to_ascii_uppercase()));
    let sends = [
        "fetch", "request", "axios", "ajax", "inject", "perform", "curl",
    ];
    let asks = match key {
        true => matches!(lower.as_str(), "url" | "uri" | "endpoint"),
        false => by_name.is_some() || method.is_some() || sends.iter().any(|w| lower.contains(w)),
    };
    let receiver = head
        .strip_suffix(word)
        .is_some_and(|head| head.ends_with('.'));
    let client = lower != "fetch" && (receiver || key || lower.contains("api"));
    Said {
        method,
        asks,
        client,
    }
}

/// Whether a function is called after a method of HTTP: `get`, `getJson`, `PostAsJsonAsync`, `post_json`.
fn is_called_after(lower: &str, method: &str) -> bool {
    let Some(rest) = lower.strip_prefix(method) else {
        return false;
    };
    let rest = rest.trim_matches('_');
    matches!(
        rest,
        "" | "async"
            | "json"
            | "jsonasync"
            | "asjsonasync"
            | "fromjsonasync"
            | "forobject"
            | "forentity"
            | "request"
            | "with"
            | "auth"
            | "ok"
            | "stringasync"
    )
}

/// The method that is written beside a path: `"GET",`, `http.MethodGet,`, `HttpMethod.PUT,`.
fn method_named(text: &str) -> Option<String> {
    let head = text.strip_suffix(',')?.trim_end();
    let word = head.trim_end_matches(['"', '\'', '`']);
    let quoted = word.len() < head.len();
    let word = last_word(word);
    let plain = word.strip_prefix("Method").unwrap_or(word);
    let upper = plain.bytes().all(|b| b.is_ascii_uppercase());
    let known = METHODS
        .iter()
        .any(|method| plain.eq_ignore_ascii_case(method));
    (known && (quoted || upper || plain.len() < word.len())).then(|| plain.to_ascii_uppercase())
}

/// A call without the types that it is given: `get<Order[]>`.
fn without_types(head: &str) -> &str {
    if !head.ends_with('>') || head.ends_with("=>") {
        return head;
    }
    let mut depth = 0_u32;
    for (at, c) in head.char_indices().rev().take(120) {
        match c {
            '>' => depth += 1,
            '<' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return head.get(..at).unwrap_or(head);
        }
    }
    head
}

fn last_word(text: &str) -> &str {
    let apart = |c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '$');
    text.rsplit(apart).next().unwrap_or_default()
}

/// Whether what stands before a path says that it is one of a page, of a file, or one that others are to answer.
pub(super) fn is_no_request(before: &str) -> bool {
    const WORDS: [&str; 30] = [
        "alias",
        "component",
        "goto",
        "href",
        "import",
        "join",
        "link",
        "load",
        "mount",
        "navigate",
        "open",
        "pathname",
        "push",
        "readfile",
        "redirect",
        "redirect_to",
        "redirectto",
        "render",
        "replace",
        "require",
        "router",
        "src",
        "sendredirect",
        "to",
        "urlequalto",
        "urlmatching",
        "urlpathequalto",
        "urlpathmatching",
        "visit",
        "withpath",
    ];
    let head = before.trim_end();
    let head = head.trim_end_matches(['(', ' ', '=', ':', '{', '"', '\'']);
    let word = last_word(head).to_ascii_lowercase();
    WORDS.contains(&word.as_str())
}

/// Whether a line registers a route: what a test serves itself.
pub(super) fn serves(before: &str, after: &str) -> bool {
    const WORDS: [&str; 16] = [
        "Any",
        "Group",
        "Handle",
        "HandleFunc",
        "Map",
        "MapGet",
        "MapPost",
        "Methods",
        "Mount",
        "Route",
        "nest",
        "resource",
        "route",
        "scope",
        "service",
        "use",
    ];
    let head = before.trim_end();
    let Some(head) = head.strip_suffix('(') else {
        return false;
    };
    let word = last_word(head);
    if WORDS.contains(&word) && head.len() > word.len() {
        return true;
    }
    let method = METHODS
        .iter()
        .any(|method| word.eq_ignore_ascii_case(method))
        || word == "all";
    let handler = [
        ", func",
        ", async",
        ", function",
        ", (",
        ", handler",
        ", h.",
        ", ctx",
        ", c ",
    ];
    method
        && (handler.iter().any(|h| after.starts_with(h))
            || after.contains("=>")
            // `r.GET("/orders", list)` of a router of Go.
            || word.bytes().all(|b| b.is_ascii_uppercase()) && after.starts_with(','))
}

/// Whether a line is a comment or an annotation.
pub(super) fn is_comment(text: &str) -> bool {
    ["//", "*", "/*", "#", "--", "@"]
        .iter()
        .any(|mark| text.starts_with(mark))
}

/// Whether a file names an address of an interface that is none of this system.
pub(super) fn is_of_others(text: &str) -> bool {
    static ADDRESSES: Finders = Finders::of(&["https://", "http://"]);
    if !ADDRESSES.any(text) {
        return false;
    }
    text.match_indices("://").take(200).any(|(at, _)| {
        let rest = text.get(at + 3..).unwrap_or_default();
        let ends = |c: char| !c.is_ascii_graphic() || "\"'`)<>".contains(c);
        let mut places = rest.char_indices().take(300);
        let end = places.find(|(at, c)| *at >= 280 || ends(*c));
        let address = rest.get(..end.map_or(rest.len(), |(at, _)| at));
        let address = address.unwrap_or_default();
        let (host, path) = address.split_once('/').unwrap_or((address, ""));
        let host = host.rsplit('@').next().unwrap_or(host);
        let api = host.contains("api") || path.starts_with("api/");
        api && !is_own_host(host)
    })
}

/// Whether a host may be one of this system: this machine, a name without a land, a hole, or an example.
pub(super) fn is_own_host(host: &str) -> bool {
    let name = host.rsplit('@').next().unwrap_or(host);
    let name = name.split(':').next().unwrap_or(name);
    // `{shop}.example.dev` is an address of somebody, whatever fills the hole.
    let named = name.rsplit(['}', ')', '>', ']']).next();
    let named = named.is_some_and(|end| end.contains('.'));
    let hole = host.contains(['{', '$', '<', '%', '[', '(']) && !named;
    let local = name.starts_with("127.")
        || name.starts_with("192.168.")
        || name.starts_with("10.")
        || name == "0.0.0.0";
    let example = name.ends_with("example.com")
        || name.ends_with("example.org")
        || name.ends_with("example.net");
    let inner = [".local", ".localhost", ".internal", ".test", ".example"]
        .iter()
        .any(|end| name.ends_with(end));
    hole || local || example || inner || !name.is_empty() && !name.contains('.')
}

/// What a client of a page puts before its paths: `baseURL: '/api/v1'`, `const API_BASE = "/api"`.
pub(super) fn base(line: &str) -> Option<String> {
    let at = line.find(['"', '\'', '`'])?;
    let head = line.get(..at)?.trim_end();
    let head = head.strip_suffix([':', '='])?.trim_end();
    let letters = last_word(head).bytes().filter(u8::is_ascii_alphanumeric);
    let name: String = letters
        .map(|b| char::from(b.to_ascii_lowercase()))
        .collect();
    const ENDS: [&str; 10] = [
        "apibase",
        "apiendpoint",
        "apipath",
        "apiprefix",
        "apiroot",
        "apiurl",
        "backendurl",
        "basepath",
        "baseurl",
        "serverurl",
    ];
    if !ENDS.iter().any(|end| name.ends_with(end)) {
        return None;
    }
    let quote = line.get(at..)?.chars().next()?;
    let value = line.get(at + 1..)?;
    let value = value.get(..value.find(quote)?)?;
    // `${host}/api`, `http://localhost:8080/api`
    let path = match value.split_once("://") {
        Some((_, rest)) => {
            let (host, _) = rest.split_once('/')?;
            is_own_host(host).then(|| rest.get(host.len()..))??
        }
        None => match value.strip_prefix("${") {
            Some(rest) => rest.split_once('}')?.1,
            None => value,
        },
    };
    // `/auth` is a part of the interface, and no base of all of it.
    let plain = |part: &str| !part.is_empty() && !shape::tells(part);
    shape::base(path).filter(|base| base.split('/').any(plain))
}

/// A variable of a file that begins paths: `const base = '/orders'`.
pub(super) fn variable(line: &str) -> Option<(&str, &str)> {
    let rest = ["const ", "let ", "var "]
        .iter()
        .find_map(|word| line.strip_prefix(word))?;
    let (name, value) = rest.split_once('=')?;
    let name = name.split(':').next().unwrap_or_default().trim();
    let value = value.trim().trim_end_matches(';');
    let quote = value.chars().next().filter(|c| "\"'`".contains(*c))?;
    let inner = value.get(1..)?.strip_suffix(quote)?;
    let plain = inner.len() > 1
        && inner.starts_with('/')
        && inner
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"/-_".contains(&b));
    plain.then_some((name, inner))
}
