//! Go: one handler that tells requests apart itself, by method and path.

use crate::code_view::CodeView;
use crate::extractor::{Extractor, Reads};
use crate::extractors::go_guards;
use crate::extractors::go_paths;
use crate::facts::{Claim, Endpoint, FileFacts};
use crate::http_paths;
use crate::paths;
use crate::source::SourceFile;
use groundplan_syntax::{Code, Language};
use std::collections::BTreeSet;
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "go-request-branches",
    docs: "\
### What it finds
Operations of a handler that asks `r.Method` and `r.URL.Path` in a row of conditions and hands the request to a
function in each: `if r.Method == http.MethodGet && r.URL.Path == healthPath { return s.handleHealth(w, r) }`, also by
`strings.HasPrefix`, by regular expressions of the same file and in a `switch` over the path. The route that leads to
the handler is none of its own then.

### What it does not find
Conditions that are put into functions, and fewer than three of them or with one handler for all: to leave a path
out of something is no operation. Branches that tell methods apart inside of them.
",
    reads: &[Reads::Own(&[Language::Go])],
    markers: &["URL.Path"],
    run: extract,
};

/// Branches of one function from which on it tells requests apart.
const FEWEST: usize = 3;

/// Operations of one file at most.
const MOST: usize = 200;

/// One branch: its operations, and where it stands.
struct Branch {
    methods: Vec<String>,
    paths: Vec<String>,
    handler: String,
    guards: Vec<String>,
    line: u32,
}

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) || paths::is_generated(file.path, file.text) {
        return;
    }
    if !file.text.contains("net/http") || file.is_test() {
        return;
    }
    let view = CodeView::of(file);
    let code = view.code;
    let mut all: Vec<Branch> = Vec::new();
    let mut tellers: BTreeSet<&str> = BTreeSet::new();
    for function in code.functions() {
        let Some((writer, request)) = function.params.and_then(|open| parameters(code, open))
        else {
            continue;
        };
        let names = Names { writer, request };
        let mut found = Vec::new();
        for at in function.body.clone() {
            if code.is(at, "if") {
                found.extend(condition(&view, &names, at));
            } else if code.is(at, "switch") && names.is_path(code, at + 1) {
                found.extend(cases(&view, &names, at + 6));
            }
        }
        // What leaves paths out of a check hands all of them to the same one, or to the next.
        let handlers: BTreeSet<&str> = found.iter().map(|b| b.handler.as_str()).collect();
        let leaves_out = |handler: &&str| {
            let mut words = handler.split('.');
            words.any(|word| word.eq_ignore_ascii_case("next"))
        };
        if found.len() >= FEWEST && handlers.len() > 1 && !handlers.iter().any(leaves_out) {
            tellers.insert(function.name);
            all.extend(found);
        }
    }
    if all.is_empty() {
        return;
    }
    // The route that leads here answers nothing by itself.
    acc.facts.retain(|fact| match &fact.claim {
        Claim::Endpoint(e) => {
            let handler = e.handler.as_deref().unwrap_or_default();
            let last = handler.rsplit('.').next().unwrap_or(handler);
            e.method != "ANY" || e.path != "/" || !tellers.contains(last)
        }
        _ => true,
    });
    let mut told: BTreeSet<(String, String)> = BTreeSet::new();
    for branch in all {
        let summary = view.summary(&branch.handler);
        for path in &branch.paths {
            for method in &branch.methods {
                if told.len() >= MOST || !told.insert((method.clone(), path.clone())) {
                    continue;
                }
                let endpoint = Endpoint {
                    method: method.clone(),
                    path: path.clone(),
                    handler: Some(branch.handler.clone()),
                    framework: "go-net-http".to_owned(),
                    summary: summary.clone(),
                    router: None,
                    verbs: Vec::new(),
                    given: false,
                    mounts: Vec::new(),
                    class: None,
                    guards: branch.guards.clone(),
                };
                http_paths::add(acc, file, branch.line, branch.line, endpoint);
            }
        }
    }
}

/// What a function calls the answer and the request.
struct Names<'t> {
    writer: &'t str,
    request: &'t str,
}

impl Names<'_> {
    /// Whether `r.URL.Path` begins at a token.
    fn is_path(&self, code: &Code<'_>, at: usize) -> bool {
        code.is(at, self.request)
            && code.is(at + 1, ".")
            && code.is(at + 2, "URL")
            && code.is(at + 3, ".")
            && code.is(at + 4, "Path")
    }
}

/// The names of the answer and of the request among the parameters behind a bracket.
fn parameters<'t>(code: &Code<'t>, open: usize) -> Option<(&'t str, &'t str)> {
    let close = code.partner(open)?;
    let (mut writer, mut request) = (None, None);
    for at in open + 1..close {
        if code.is(at, "ResponseWriter") && at >= open + 4 && code.is(at - 2, "http") {
            writer = code.ident(at - 3);
        }
        let pointer = code.is(at, "Request") && at >= open + 5 && code.is(at - 2, "http");
        if pointer && code.is(at - 3, "*") {
            request = code.ident(at - 4);
        }
    }
    Some((writer?, request?))
}

/// The branch of `if r.Method == … && r.URL.Path == … { return handle(w, r) }`.
fn condition(view: &CodeView<'_, '_>, names: &Names<'_>, at: usize) -> Option<Branch> {
    let code = view.code;
    let line = code.line(at);
    let open = (at + 1..code.tokens.len())
        .take_while(|&i| code.line(i) <= line + 2)
        .find(|&i| code.is_byte(i, b'{'))?;
    let asked = at + 1..open;
    // What must not be, and what is made before it is asked, says no path; that something else is there
    // (`x != nil`, `x != ""`) only narrows.
    let plain = asked.clone().all(|i| match code.raw(i) {
        ";" => false,
        ":" => !code.is(i + 1, "="),
        "!" => {
            let narrows = code.is(i + 2, "nil") || code.string(i + 2).is_some_and(str::is_empty);
            code.is(i + 1, "=") && narrows
        }
        _ => true,
    });
    if !plain {
        return None;
    }
    let paths = asked_paths(view, names, &asked);
    let (handler, guards) = handed(code, names, open + 1..code.partner(open)?)?;
    let methods = methods(code, names, &asked);
    // `GET && "/a" || POST && "/b"`: which method goes with which path is not told by the two lists.
    let compared = asked.clone().filter(|&i| names.is_path(code, i)).count();
    if compared > 1 && (methods.len() > 1 || methods != ["ANY"] && is_either(code, &asked)) {
        return None;
    }
    (!paths.is_empty()).then_some(Branch {
        methods,
        paths,
        handler,
        guards,
        line,
    })
}

/// Whether a condition holds where one of two does, outside of brackets.
fn is_either(code: &Code<'_>, asked: &Range<usize>) -> bool {
    let mut at = asked.start;
    while at < asked.end {
        match code.raw(at) {
            "(" | "[" | "{" => at = code.partner(at).unwrap_or(at),
            "|" => return true,
            _ => {}
        }
        at += 1;
    }
    false
}

/// The methods that a condition names.
fn methods(code: &Code<'_>, names: &Names<'_>, asked: &Range<usize>) -> Vec<String> {
    let mut found = BTreeSet::new();
    for at in asked.clone() {
        let asks = code.is(at, names.request) && code.is(at + 1, ".") && code.is(at + 2, "Method");
        if !asks || !equal(code, at + 3) {
            continue;
        }
        let named = code.string(at + 5).map(str::to_owned);
        let constant = code.ident(at + 7).filter(|_| code.is(at + 5, "http"));
        let constant = constant.and_then(|name| name.strip_prefix("Method"));
        found.extend(named.or_else(|| constant.map(str::to_ascii_uppercase)));
    }
    match found.is_empty() {
        true => vec!["ANY".to_owned()],
        false => found.into_iter().collect(),
    }
}

/// The paths that a condition compares with that of the request.
fn asked_paths(view: &CodeView<'_, '_>, names: &Names<'_>, asked: &Range<usize>) -> Vec<String> {
    let code = view.code;
    let mut found = Vec::new();
    for at in asked.clone().filter(|&at| names.is_path(code, at)) {
        let behind = at + 5;
        if equal(code, behind) {
            found.extend(path(view, behind + 2));
        } else if at > 2 && equal(code, at - 2) {
            found.extend(path(view, at - 3));
        } else if code.is(at - 1, "(") && code.is(at.saturating_sub(2), "MatchString") {
            let expression = code
                .ident(at.saturating_sub(4))
                .and_then(|name| expression(code, name));
            found.extend(expression.map(templates).unwrap_or_default());
        } else if code.is(at - 1, "(")
            && code.is(at.saturating_sub(2), "HasPrefix")
            && code.is(behind, ",")
        {
            found.extend(
                path(view, behind + 1).map(|path| format!("{}/*", path.trim_end_matches('/'))),
            );
        }
    }
    found
}

/// Whether `==` begins at a token.
fn equal(code: &Code<'_>, at: usize) -> bool {
    code.is(at, "=") && code.is(at + 1, "=")
}

/// The path that one token is: a literal, or a constant or variable of the package.
fn path(view: &CodeView<'_, '_>, at: usize) -> Option<String> {
    let code = view.code;
    let rooted = |text: &&str| text.starts_with('/') && !text.contains([' ', '\\']);
    if let Some(text) = code.string(at) {
        return rooted(&text).then(|| http_paths::template(text));
    }
    let name = code.ident(at)?;
    let given = (0..code.tokens.len())
        .find(|&i| code.is(i, name) && code.is(i + 1, "=") && code.function_at(i).is_none());
    match given {
        Some(i) => code.string(i + 2).filter(rooted).map(http_paths::template),
        None => go_paths::constant_of(view, &(at..at + 1)),
    }
}

/// The branches of `switch r.URL.Path { case "/a": handle(w, r) }`.
fn cases(view: &CodeView<'_, '_>, names: &Names<'_>, open: usize) -> Vec<Branch> {
    let code = view.code;
    let Some(close) = code.partner(open).filter(|_| code.is_byte(open, b'{')) else {
        return Vec::new();
    };
    let mut starts: Vec<usize> = Vec::new();
    let mut at = open + 1;
    while at < close {
        match code.raw(at) {
            "{" | "(" | "[" => at = code.partner(at).unwrap_or(at),
            "case" | "default" => starts.push(at),
            _ => {}
        }
        at += 1;
    }
    let mut found = Vec::new();
    for (index, &start) in starts.iter().enumerate() {
        let end = starts.get(index + 1).copied().unwrap_or(close);
        let Some(colon) = (start..end).find(|&i| code.is(i, ":")) else {
            continue;
        };
        let paths: Vec<String> = (start + 1..colon)
            .step_by(2)
            .filter_map(|i| path(view, i))
            .collect();
        if let Some((handler, guards)) =
            handed(code, names, colon + 1..end).filter(|_| !paths.is_empty())
        {
            let methods = vec!["ANY".to_owned()];
            let line = code.line(start);
            found.push(Branch {
                methods,
                paths,
                handler,
                guards,
                line,
            });
        }
    }
    found
}

/// The function to which a range hands the request at last, with the functions around it that let only some pass:
/// `return s.ensureUser(s.handleAccount)(w, r)`. None where it tells methods apart, and a function that is asked in
/// a condition before is none of its own.
fn handed(
    code: &Code<'_>,
    names: &Names<'_>,
    range: Range<usize>,
) -> Option<(String, Vec<String>)> {
    let given = |&at: &usize| {
        code.is(at, "(")
            && code.is(at + 1, names.writer)
            && (code.is(at + 2, ")") || code.is(at + 2, ",") && code.is(at + 3, names.request))
    };
    let mut open = None;
    let mut at = range.start;
    while at < range.end {
        if code.is(at, names.request) && code.is(at + 1, ".") && code.is(at + 2, "Method") {
            return None;
        }
        if given(&at) {
            open = Some(at);
        }
        at += 1;
    }
    let open = open?;
    let behind = code.partner(open)? + 1;
    let ends = behind >= range.end || code.starts_line(behind) || code.is(behind, ";");
    // Under a condition of its own it is one of several.
    let mut around = (range.start..open).filter(|&i| code.is_byte(i, b'{'));
    if !ends || around.any(|i| code.partner(i).is_some_and(|close| close > open)) {
        return None;
    }
    let mut at = open.checked_sub(1)?;
    let mut begin = named_from(code, at);
    let mut guards = Vec::new();
    if code.is(at, ")") {
        begin = named_from(code, code.partner(at)?.checked_sub(1)?);
    }
    let before = begin.checked_sub(1).map_or("", |before| code.raw(before));
    let joined = ["&", "|", "!", "=", "(", ",", "."].contains(&before);
    let first = begin == range.start || code.starts_line(begin) || before == ";";
    if joined || !first && before != "return" {
        return None;
    }
    // Wrappers close before the request is handed on.
    while code.is(at, ")") {
        let wrapped = code.partner(at)?;
        let name = code.ident(wrapped.checked_sub(1)?)?;
        if go_guards::lets_some_pass(name) {
            guards.push(name.to_owned());
        }
        at = at.checked_sub(1)?;
        // What stands last among the arguments is the handler.
        if at <= wrapped || at < range.start {
            return None;
        }
    }
    let name = code.ident(at)?;
    let foreign = code.is(at.checked_sub(1)?, ".")
        && matches!(
            code.raw(at.saturating_sub(2)),
            "http" | "json" | "fmt" | "io" | "gzip" | "csv" | "xml"
        );
    if foreign {
        return None;
    }
    let handler = code.dotted(named_from(code, at), at + 1);
    Some((
        if handler.is_empty() {
            name.to_owned()
        } else {
            handler
        },
        guards,
    ))
}

/// The first token of a name with dots that ends at a token: `s` of `s.notes.handle`.
fn named_from(code: &Code<'_>, at: usize) -> usize {
    let mut first = at;
    while first > 1 && code.is(first - 1, ".") && code.ident(first - 2).is_some() {
        first -= 2;
    }
    first
}

/// The text of a regular expression that the file keeps under a name.
fn expression<'t>(code: &Code<'t>, name: &str) -> Option<&'t str> {
    let at = (0..code.tokens.len()).find(|&at| {
        code.is(at, name)
            && code.is(at + 1, "=")
            && code.is(at + 2, "regexp")
            && code.is(at + 4, "MustCompile")
    })?;
    code.string(at + 6)
}

/// The paths of which a regular expression tells the form: `^/file/([a-z]{1,64})$` is `/file/{value}`. None where it
/// is of another form.
fn templates(expression: &str) -> Vec<String> {
    let Some(text) = expression.strip_prefix('^').filter(|t| t.starts_with('/')) else {
        return Vec::new();
    };
    // What is open at its end takes whatever begins so.
    if !text.ends_with('$') && !text.ends_with(".+") && !text.ends_with(".*") {
        return Vec::new();
    }
    let text = text.trim_end_matches('$');
    /// Words of one choice, and paths of one expression, at most.
    const WORDS: usize = 6;
    const PATHS: usize = 64;
    const PARAMETER: &str = "{value}";
    let mut all = vec![String::new()];
    let push = |all: &mut Vec<String>, piece: &str| {
        for path in all.iter_mut() {
            if piece != PARAMETER || !path.ends_with(PARAMETER) {
                path.push_str(piece);
            }
        }
    };
    let chars: Vec<char> = text.chars().collect();
    let mut at = 0;
    while at < chars.len() {
        let (open, close) = match chars[at] {
            '[' => ('[', ']'),
            '(' => ('(', ')'),
            '\\' => {
                match chars.get(at + 1) {
                    Some(c) if c.is_ascii_alphanumeric() => push(&mut all, PARAMETER),
                    Some(c) => push(&mut all, &c.to_string()),
                    None => {}
                }
                at = quantified(&chars, at + 2);
                continue;
            }
            '.' => {
                let last = quantified(&chars, at + 1);
                push(&mut all, if last >= chars.len() { "*" } else { PARAMETER });
                at = last;
                continue;
            }
            '|' | '?' | '+' | '*' | '{' | '}' | ')' | ']' => return Vec::new(),
            c => {
                push(&mut all, &c.to_string());
                at += 1;
                continue;
            }
        };
        let mut depth = 0;
        let Some(end) = (at..chars.len()).find(|&i| {
            depth += i32::from(chars[i] == open) - i32::from(chars[i] == close);
            depth == 0
        }) else {
            return Vec::new();
        };
        let inner: String = chars[at + 1..end].iter().collect();
        let inner = inner.strip_prefix("?:").unwrap_or(&inner);
        let words: Vec<&str> = inner.split('|').collect();
        let behind = quantified(&chars, end + 1);
        let plain = |word: &&str| {
            !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        };
        let steps = open == '(' && inner.replace("[^/]", "").contains('/');
        if open == '(' && words.iter().all(plain) {
            // One word alone stands in brackets because it may be left out, as does what a `?` follows.
            let many = words.len() > WORDS || all.len() * words.len() > PATHS;
            if words.len() < 2 || many || behind > end + 1 {
                return Vec::new();
            }
            let before = std::mem::take(&mut all);
            for word in &words {
                all.extend(before.iter().map(|path| format!("{path}{word}")));
            }
        } else if open == '(' && inner == "|/.*" && behind >= chars.len() {
            push(&mut all, "*");
        } else if steps {
            return Vec::new();
        } else {
            push(&mut all, PARAMETER);
        }
        at = behind;
    }
    all
}

/// The place behind what says how often something stands.
fn quantified(chars: &[char], at: usize) -> usize {
    match chars.get(at) {
        Some('+' | '*' | '?') => at + 1,
        Some('{') => (at..chars.len())
            .find(|&i| chars[i] == '}')
            .map_or(at, |end| end + 1),
        _ => at,
    }
}

#[cfg(test)]
mod tests {
    use super::templates;

    #[test]
    fn expressions_tell_the_form_of_paths() {
        assert_eq!(templates("^/[-_A-Za-z0-9]{1,64}$"), ["/{value}"]);
        assert_eq!(
            templates("^/[-_a-z]{1,64}(,[-_a-z]{1,64})*/json$"),
            ["/{value}/json"]
        );
        assert_eq!(
            templates("^/[a-z]+/(publish|send)$"),
            ["/{value}/publish", "/{value}/send"]
        );
        assert_eq!(templates("^/static/.+"), ["/static/*"]);
        assert_eq!(templates("^/docs(|/.*)$"), ["/docs*"]);
        assert_eq!(
            templates(r"^/file/([a-z]{1,64})(?:\.[a-z]{1,16})?$"),
            ["/file/{value}"]
        );
        let users = ["/users/{value}"];
        assert_eq!(templates("^/users/([^/]+)$"), users);
        assert_eq!(templates("^/users/(?:[a-z]+)$"), users);
        let many = format!("^/{}$", "(a|b|c|d|e|f)".repeat(40));
        for none in [
            "^https?://",
            "/users/[a-z]+$",
            "^/users(/[a-z]+)*$",
            "^/(api)/users$",
            "^/(a|b|c|d|e|f|g)$",
            "^/users/(new|old)?$",
            "^/users/new",
            many.as_str(),
        ] {
            assert_eq!(templates(none), [""; 0], "{none}");
        }
    }
}
