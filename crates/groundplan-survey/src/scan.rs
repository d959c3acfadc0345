//! What the extractors of programming languages share: which files count, how paths and comments
//! are written down, and short ways to add claims.

use crate::facts::{Channel, Claim, Client, Endpoint, Entry, EnvRead, FileFacts, Mark, Uses};
use crate::finders::Finders;
use crate::http_paths;
use crate::secrets;
use crate::source::SourceFile;
use groundplan_model::{Evidence, Topic};
use groundplan_syntax::{Call, Code, Language};
use std::ops::Range;

/// What part a source file plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Code of the system.
    Own,
    /// Tests of it.
    Test,
    /// Libraries that were copied in, and what tools wrote.
    Foreign,
}

/// What part the file plays, by path and by how it begins.
pub(crate) fn part(file: &SourceFile<'_>) -> Part {
    file.part(|| part_of(file))
}

fn part_of(file: &SourceFile<'_>) -> Part {
    if is_foreign(file) {
        Part::Foreign
    } else if is_test(file.path) {
        Part::Test
    } else {
        Part::Own
    }
}

/// Why the imports of a source file are not read, if so.
pub fn imports_left_out(path: &str, text: &str) -> Option<&'static str> {
    let file = SourceFile::new(path, text);
    match file.language {
        Language::Go if crate::paths::is_never_built(text) => Some("never built"),
        Language::Go | Language::Python | Language::Rust => None,
        _ => (part(&file) == Part::Foreign).then_some("copied or generated"),
    }
}

/// Whether a path is that of a test.
pub(crate) fn is_test(path: &str) -> bool {
    let (folders, name) = crate::paths::split_name(path).unwrap_or(("", path));
    let folder = |part: &str| {
        let lower = crate::paths::lower(part);
        matches!(
            lower.as_ref(),
            "test"
                | "tests"
                | "__tests__"
                | "__mocks__"
                | "e2e"
                | "cypress"
                | "playwright"
                | "testing"
                | "spec"
                | "integrationtest"
                | "integration-test"
                | "testfixtures"
        ) || lower == "benchmarks" && !crate::resolve::names::is_subject(folders, part, name)
            || [
                ".tests",
                ".test",
                "unittests",
                "unittest",
                "acceptancetests",
                "functionaltests",
                "integrationtests",
                "uitest",
                "-tests",
                "-e2e",
            ]
            .iter()
            .any(|end| lower.ends_with(end))
    };
    // `src/test`, `src/integrationTest`, `src/component-test`, and `src/it` of Maven Failsafe
    let source_set = |(before, part): (&str, &str)| {
        before == "src" && (part == "it" || crate::paths::lower(part).ends_with("test"))
    };
    let parts = || crate::paths::parts(folders);
    if parts().any(folder) || parts().zip(parts().skip(1)).any(source_set) {
        return true;
    }
    let lower = crate::paths::lower(name);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    [".test.", ".spec.", ".e2e-spec.", ".cy.", ".stories."]
        .iter()
        .any(|mark| lower.contains(mark))
        || ["Test", "Tests", "IT", "ITCase", "Specs", "TestCase"]
            .iter()
            .any(|end| stem.len() > end.len() && stem.ends_with(end))
}

fn is_foreign(file: &SourceFile<'_>) -> bool {
    let folders = file.folder();
    let foreign = |part| {
        matches!(
            part,
            ".mvn" | "node_modules" | "bower_components" | "third_party" | "thirdparty" | "dist"
        )
    };
    // Steps of a schema are no code of the program; what else a folder of that name holds in C# is.
    let step = || {
        let own = file.language == Language::CSharp
            && !crate::paths::is_schema_step(file.path)
            && ![
                "MigrationBuilder",
                "ModelSnapshot",
                "FluentMigrator",
                "IDesignTimeDbContextFactory",
            ]
            .iter()
            .any(|word| file.text.contains(word));
        crate::paths::parts(folders).any(|part| part == "Migrations") && !own
    };
    if step() {
        return true;
    }
    if crate::paths::parts(folders).any(foreign)
        || crate::vendored::is_library_folder(folders)
        || crate::vendored::is_vendored(file.path, file.language, file.text)
    {
        return true;
    }
    let name = file.name().to_ascii_lowercase();
    if name.contains(".min.") || name.contains("_pb.") || name.contains("_grpc_pb") {
        return true;
    }
    let head = head(file.text);
    let script = matches!(file.language, Language::JavaScript | Language::TypeScript);
    let kept = head.trim_start().starts_with("/*!") && !is_own_notice(head, file.text);
    if script && (kept || head.contains("@license")) {
        return true;
    }
    // Each mark has one of these in it, and hardly any file that people write.
    static SIGNS: Finders = Finders::of(&["enerated", "DO NOT EDIT"]);
    let generated = [
        "@generated",
        "DO NOT EDIT",
        "<auto-generated",
        "Autogenerated by",
        "auto-generated",
    ];
    if SIGNS.any(head) && generated.iter().any(|mark| head.contains(mark)) {
        return true;
    }
    // Code that was packed has few line ends.
    let sample = file.text.len().min(200_000);
    script && sample > 4_000 && sample as u32 / file.lines().count().max(1) > 300
}

/// Whether `/*!` begins the notice that a program puts over each file of its own: whose it is comes first, not the
/// name of a library, and the file is a module that is not wrapped for browsers.
fn is_own_notice(head: &str, text: &str) -> bool {
    let notice = head.trim_start().trim_start_matches("/*!");
    let first = notice.trim_start_matches(|c: char| c.is_whitespace() || c == '*');
    let module = ["\nmodule.exports", "\nimport ", "\nexport "];
    notice.starts_with(['\n', '\r'])
        && first.starts_with("Copyright")
        && module.iter().any(|mark| text.contains(mark))
        && !text.contains("define.amd")
}

/// The first 600 characters.
fn head(text: &str) -> &str {
    const LONG: usize = 600;
    if let Some(head) = text.get(..LONG).filter(|head| head.is_ascii()) {
        return head;
    }
    let end = text
        .char_indices()
        .nth(LONG)
        .map_or(text.len(), |(at, _)| at);
    &text[..end]
}

/// A path template: begins with `/`, `{name}` for parameters, no slash at the end.
pub(crate) fn path(written: &str) -> String {
    let written = written.split(['?', '#']).next().map_or(written, |head| {
        // `:id?` and `{id?}` are optional parameters, not queries.
        let optional = written[head.len()..].starts_with("?}")
            || written[head.len()..].starts_with("?/")
            || written.len() == head.len() + 1;
        if optional { written } else { head }
    });
    let mut out = String::new();
    for part in written.split('/').filter(|p| !p.is_empty()) {
        out.push('/');
        out.push_str(&segment(part));
    }
    if out.is_empty() {
        out.push('/');
    }
    out
}

fn segment(part: &str) -> String {
    // What stands for a base until all files are known.
    if part.starts_with(http_paths::BASE) {
        return part.to_owned();
    }
    if let Some(rest) = part.strip_prefix(':') {
        let end = rest
            .find(|c: char| !c.is_alphanumeric() && c != '_')
            .unwrap_or(rest.len());
        let (name, tail) = rest.split_at(end);
        let tail = tail.trim_start_matches(['?', '*', '+']);
        let tail = match tail.find(')') {
            Some(close) if tail.starts_with('(') => &tail[close + 1..],
            // `:id{[0-9]+}` of Hono
            _ if tail.starts_with('{') => "",
            _ => tail,
        };
        return format!("{{{name}}}{tail}");
    }
    if part.starts_with("${") || !part.contains('{') {
        return part.to_owned();
    }
    // `{id:int}`, `{id:[0-9]+}`, `{*rest}`, `{id?}`
    let mut out = String::new();
    let mut rest = part;
    while let Some(start) = rest.find('{') {
        out.push_str(&rest[..start]);
        let tail = &rest[start + 1..];
        let end = crate::environment::closing(tail);
        let name = tail[..end].split([':', '=']).next().unwrap_or_default();
        let name = name.trim().trim_matches(['*', '?']);
        out.push_str(&format!("{{{name}}}"));
        rest = tail.get(end + 1..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// Two path templates, one below the other.
pub(crate) fn below(prefix: &str, written: &str) -> String {
    let prefix = path(prefix);
    let own = path(written);
    match (prefix.as_str(), own.as_str()) {
        ("/", _) => own,
        (_, "/") => prefix,
        _ => format!("{prefix}{own}"),
    }
}

/// `OrderItem` as `order_item`.
pub(crate) fn snake(name: &str) -> String {
    let mut out = String::new();
    let mut before = '_';
    let letters: Vec<char> = name.chars().collect();
    for (at, &c) in letters.iter().enumerate() {
        let next_small = letters.get(at + 1).is_some_and(|n| n.is_lowercase());
        if c.is_uppercase()
            && before != '_'
            && (!before.is_uppercase() || next_small)
            && !out.is_empty()
        {
            out.push('_');
        }
        if c.is_ascii_alphanumeric() {
            out.extend(c.to_lowercase());
        } else if !out.ends_with('_') && !out.is_empty() {
            out.push('_');
        }
        before = if c.is_alphanumeric() { c } else { '_' };
    }
    out.trim_matches('_').to_owned()
}

/// Index of the last word of a call's name: before its bracket or its type arguments.
pub(crate) fn word_at(code: &Code<'_>, call: Call) -> usize {
    let last = call.open.saturating_sub(1);
    if !code.is(last, ">") {
        return last;
    }
    let mut depth = 0_u32;
    for at in (call.first..call.open).rev() {
        match code.raw(at) {
            ">" => depth += 1,
            "<" => {
                depth -= 1;
                if depth == 0 {
                    return at.saturating_sub(1);
                }
            }
            _ => {}
        }
    }
    last
}

/// The last word of the name that [`Code::name`] puts together, without putting it together.
pub(crate) fn last_of_name<'t>(code: &Code<'t>, call: Call) -> &'t str {
    let at = word_at(code, call);
    // `find!(…)`: what asserts that there is such a thing is no part of its name.
    match code.is_byte(at, b'!') {
        true => at.checked_sub(1).map_or("", |at| code.raw(at)),
        false => code.raw(at),
    }
}

/// A product of whole numbers that begins at a token, `60 * 60 * 24`, to the end of what holds it.
pub(crate) fn product(code: &Code<'_>, from: usize) -> Option<u64> {
    let mut at = from;
    let mut product = 1_u64;
    loop {
        let raw = code.raw(at).replace('_', "");
        product = product.checked_mul(raw.trim_end_matches(['L', 'l', 'n']).parse().ok()?)?;
        match code.raw(at + 1) {
            "*" => at += 2,
            ";" | "," | ")" | "}" | "]" | "" => return Some(product),
            // The end of a line ends a statement.
            _ if code.starts_line(at + 1) => return Some(product),
            _ => return None,
        }
    }
}

/// How many seconds a unit of time has, by its English name.
pub(crate) fn seconds(unit: &str) -> Option<u64> {
    const UNITS: [(&str, u64); 6] = [
        ("second", 1),
        ("minute", 60),
        ("hour", 3600),
        ("day", 86_400),
        ("week", 604_800),
        ("month", 2_629_800),
    ];
    let unit = unit.trim_end_matches('s');
    let known = UNITS.iter().find(|(word, _)| *word == unit);
    known.map(|(_, seconds)| *seconds)
}

/// A number with its unit: `1 day`, `30 days`.
pub(crate) fn many(number: &str, unit: &str) -> String {
    let plural = if number == "1" { "" } else { "s" };
    format!("{number} {unit}{plural}")
}

/// The innermost bracket that is open at a token.
pub(crate) fn open_around(code: &Code<'_>, at: usize) -> Option<usize> {
    let mut at = at;
    loop {
        at = at.checked_sub(1)?;
        match code.raw(at) {
            ")" | "]" | "}" => at = code.partner(at).unwrap_or(at),
            "(" | "[" | "{" => return Some(at),
            _ => {}
        }
    }
}

/// The parameters of a function or the fields of a structure; a comma among the arguments of a type parts none.
pub(crate) fn parameters(code: &Code<'_>, open: usize) -> Vec<Range<usize>> {
    let mut all: Vec<Range<usize>> = Vec::new();
    let mut depth = 0_i32;
    for range in code.arguments(open) {
        let within = depth > 0;
        let mut at = range.start;
        while at < range.end {
            match code.raw(at) {
                // What stands in brackets opens and closes its own.
                "(" | "[" | "{" => at = code.partner(at).unwrap_or(at),
                "<" => depth += 1,
                // `->` and `=>` close nothing.
                ">" if at > range.start && matches!(code.raw(at - 1), "-" | "=") => {}
                ">" => depth = (depth - 1).max(0),
                _ => {}
            }
            at += 1;
        }
        match all.last_mut().filter(|_| within) {
            Some(last) => last.end = range.end,
            None => all.push(range),
        }
    }
    all
}

/// The token that ends an expression: `;`, or a bracket that closes around it.
pub(crate) fn end_of_expression(code: &Code<'_>, from: usize) -> usize {
    let mut at = from;
    while at < code.tokens.len() && !code.is(at, ";") {
        at = match code.raw(at) {
            "(" | "[" | "{" => code.partner(at).unwrap_or(at) + 1,
            ")" | "]" | "}" => return at,
            _ => at + 1,
        };
    }
    at
}

/// The texts of tokens one after the other, without what stands between them.
pub(crate) fn joined(code: &Code<'_>, tokens: Range<usize>) -> String {
    let ends = (code.tokens.get(tokens.start)).zip(code.tokens.get(tokens.end.wrapping_sub(1)));
    let written = ends
        .filter(|_| tokens.start < tokens.end)
        .and_then(|(first, last)| code.text.get(first.start as usize..last.end as usize))
        .unwrap_or_default();
    let length: u32 = (code.tokens.get(tokens.clone()).unwrap_or_default().iter())
        .map(|token| token.end - token.start)
        .sum();
    // Most names are written without anything between their parts.
    match length as usize == written.len() {
        true => written.to_owned(),
        false => tokens.map(|at| code.raw(at)).collect(),
    }
}

/// The round bracket around a token that opens at most so many tokens before it.
pub(crate) fn bracket_around(code: &Code<'_>, at: usize, most: usize) -> Option<usize> {
    (at.saturating_sub(most)..at)
        .rev()
        .find(|&i| code.is_byte(i, b'(') && code.partner(i).is_some_and(|close| close > at))
}

/// The texts of tokens as people write them: with a blank behind each comma and between words.
pub(crate) fn spoken(code: &Code<'_>, tokens: Range<usize>) -> String {
    let mut out = String::new();
    for at in tokens.clone() {
        let words = at > tokens.start && code.ident(at).is_some() && code.ident(at - 1).is_some();
        if words || at > tokens.start && code.is(at - 1, ",") {
            out.push(' ');
        }
        out.push_str(code.raw(at));
    }
    out
}

/// The last word of a call's name, without putting the name together; `None` where that could have
/// another last word, as with type arguments on the way.
pub(crate) fn plain_word<'t>(code: &Code<'t>, call: Call) -> Option<&'t str> {
    let last = call.open.checked_sub(1)?;
    let word = code.ident(last)?;
    let is_plain = |at: usize| {
        let opens = code.is_byte(at, b'(') || code.is_byte(at, b'[');
        let closed = || code.partner(at).is_some_and(|close| close < call.open);
        !code.is_byte(at, b'<') && (!opens || closed())
    };
    (call.first..last).all(is_plain).then_some(word)
}

/// Whether what looks like a call is the head of a function: a type or keyword stands before its
/// name, or a body follows.
pub(crate) fn is_definition(code: &Code<'_>, call: Call) -> bool {
    let before = call.first.checked_sub(1);
    let word = before.and_then(|at| code.ident(at)).unwrap_or_default();
    let goes_on = matches!(
        word,
        "" | "return"
            | "new"
            | "await"
            | "throw"
            | "else"
            | "in"
            | "of"
            | "case"
            | "yield"
            | "default"
            | "typeof"
            | "do"
            | "void"
                if word != "void" || call.first + 1 < call.open
    );
    let body = code.language != Language::Kotlin
        && word != "new"
        && code
            .partner(call.open)
            .is_some_and(|close| code.is(close + 1, "{"));
    !goes_on || body
}

/// Adds a claim at one line unless this file already made it there.
pub(crate) fn add(acc: &mut FileFacts, file: &SourceFile<'_>, line: u32, claim: Claim) {
    let at = |e: &Evidence| e.lines[0] == line;
    let recent = acc.facts.iter().rev().take(40);
    if recent.into_iter().any(|f| at(&f.at) && f.claim == claim) {
        return;
    }
    acc.add(file, line, line, claim);
}

/// Adds an endpoint, and an observation where its path says that it answers whether the service is
/// well.
pub(crate) fn endpoint(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    first: u32,
    last: u32,
    endpoint: Endpoint,
) {
    const WELL: [&str; 12] = [
        "alive",
        "health",
        "health-check",
        "health_check",
        "healthcheck",
        "healthz",
        "live",
        "liveness",
        "livez",
        "readiness",
        "ready",
        "readyz",
    ];
    let mut endpoint = endpoint;
    endpoint.path = http_paths::from_unread(endpoint.path);
    let path = endpoint.path.clone();
    let word = path.rsplit('/').next().unwrap_or_default();
    // Below one of many things it is that thing which is well: `/devices/{id}/health`.
    let mut above = path.rsplit('/').skip(1);
    let one = above.next().unwrap_or_default();
    let things = above.next().unwrap_or_default();
    // `/{base}/health`, `/api/{version}/health`
    let whole = matches!(things, "" | "api" | "rest") || one.contains("ersion");
    let of_one = one.starts_with(['{', ':', '<']) && !whole;
    let health =
        WELL.contains(&word) && !of_one && matches!(endpoint.method.as_str(), "GET" | "ANY");
    acc.add(file, first, last, Claim::Endpoint(endpoint));
    if health {
        mark(acc, file, first, Topic::HealthCheck, path, None);
    }
}

/// The name of a secret under which is kept what a variable gives: `password` of
/// `'password' => env('SHOP_DOOR', …)`.
pub(crate) fn secret_key<'t>(file: &SourceFile<'t>, line: u32, name: &str) -> Option<&'t str> {
    // What a page is built with, everybody may read.
    if secrets::is_of_bundle(name) || name.contains("PUBLIC") {
        return None;
    }
    let text = file.lines().text(line);
    let part = |c: char| c.is_alphanumeric() || c == '_';
    // The name may be (a part of) the key as well: `'DOOR_PASSWORD' => env('DOOR', …)`.
    let (key, _) = text.match_indices(name).find_map(|(at, _)| {
        let (before, behind) = (text.get(..at)?, text.get(at + name.len()..)?);
        let whole = !before.ends_with(part) && !behind.starts_with(part);
        before.rsplit_once(['=', ':']).filter(|_| whole)
    })?;
    let key = key.trim_end_matches(['=', ':', '?', ' ', '"', '\'']);
    // `password: str = …`
    let typed = key
        .rsplit_once(": ")
        .filter(|(_, kind)| !kind.contains([',', '{', '(', '"', '\'']));
    [Some(key), typed.map(|(key, _)| key)]
        .into_iter()
        .flatten()
        .filter_map(|key| {
            let key = key.trim_end_matches(['?', ' ', '"', '\'']);
            key.rsplit(|c: char| !part(c)).next()
        })
        .find(|word| secrets::is_secret_name(word))
}

fn is_name_of_variable(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_.:-*[]".contains(c);
    (1..=120).contains(&name.len()) && name.chars().all(plain)
}

/// Adds a read of the environment.
pub(crate) fn env(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    line: u32,
    name: &str,
    default: Option<&str>,
) {
    if !is_name_of_variable(name) {
        return;
    }
    crate::open_defaults::note(acc, file, line, name, default);
    // What is on or off is no secret, whatever its name.
    let switch = matches!(default, Some("true" | "false"));
    let default = default
        // Scripts name nothing outright: `|| null`; elsewhere it stands for what must be given.
        .filter(|value| {
            let script = matches!(file.language, Language::JavaScript | Language::TypeScript);
            !value.is_empty() || script
        })
        .filter(|_| {
            let secret = || secrets::is_secret_name(name) || secret_key(file, line, name).is_some();
            switch || !secret()
        })
        .and_then(|value| secrets::keep(name, value));
    let read = EnvRead {
        field: None,
        name: name.to_owned(),
        default,
        computed: None,
        guarded: false,
        switch: switch && secrets::is_secret_name(name),
        keyed: false,
        optional: false,
    };
    add(acc, file, line, Claim::EnvRead(read));
}

/// Notes of the read that was added last that code goes on without it.
pub(crate) fn may_miss(acc: &mut FileFacts, name: &str) {
    if let Some(fact) = acc.facts.last_mut()
        && let Claim::EnvRead(read) = &mut fact.claim
        && read.name == name
    {
        read.optional = read.default.as_deref().is_none_or(str::is_empty);
    }
}

/// Adds a read of the environment whose default is an expression, as written: `20 * SECONDS`.
pub(crate) fn computed_env(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    line: u32,
    name: &str,
    code: &Code<'_>,
    value: Range<usize>,
) {
    const LONGEST: usize = 60;
    if !is_name_of_variable(name) {
        return;
    }
    let first = code.tokens.get(value.start).map_or(0, |t| t.start as usize);
    let last = code.tokens.get(value.end.saturating_sub(1));
    let text = file.text.get(first..last.map_or(0, |t| t.end as usize));
    let kept = text.filter(|t| t.len() <= LONGEST && !t.contains(['\n', '{']));
    let kept =
        kept.filter(|_| !secrets::is_secret_name(name) && secret_key(file, line, name).is_none());
    let read = EnvRead {
        name: name.to_owned(),
        computed: kept.and_then(|text| secrets::keep(name, text)),
        default: None,
        guarded: false,
        field: None,
        switch: false,
        keyed: false,
        optional: false,
    };
    add(acc, file, line, Claim::EnvRead(read));
}

/// Adds an observation.
pub(crate) fn mark(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    line: u32,
    topic: Topic,
    name: impl Into<String>,
    detail: Option<String>,
) {
    let mark = Mark {
        topic,
        name: name.into(),
        detail,
    };
    add(acc, file, line, Claim::Mark(mark));
}

/// Adds the use of a technology.
pub(crate) fn uses(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    line: u32,
    technology: &str,
    side: &str,
    mark: impl Into<String>,
) {
    let uses = Uses {
        technology: technology.to_owned(),
        side: side.to_owned(),
        mark: mark.into(),
    };
    add(acc, file, line, Claim::Uses(uses));
}

/// Adds an entry point.
pub(crate) fn entry(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    line: u32,
    kind: &str,
    name: impl Into<String>,
) {
    let entry = Entry {
        kind: kind.to_owned(),
        name: name.into(),
    };
    add(acc, file, line, Claim::Entry(entry));
}

/// Which side of a channel code stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Produces,
    Consumes,
    Neither,
}

/// Adds a channel; names that are wholly unknown are left out.
pub(crate) fn channel(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    line: u32,
    name: Option<String>,
    side: Side,
    broker: Option<&str>,
) {
    let Some(name) = name.filter(|n| !n.is_empty() && n.len() <= 200) else {
        return;
    };
    let channel = Channel {
        name: secrets::without_credentials(&name),
        produces: side == Side::Produces,
        consumes: side == Side::Consumes,
        broker: broker.map(str::to_owned),
        awaited: false,
    };
    add(acc, file, line, Claim::Channel(channel));
}

/// An address without credentials; of a `key=value;` connection string what says where.
fn address(target: &str) -> Option<String> {
    let target = target.trim();
    let pairs = target.contains('=') && target.contains(';') && !target.contains("://");
    if pairs {
        return secrets::connection_address(target);
    }
    (!secrets::is_secret_value(target)).then(|| secrets::without_credentials(target))
}

/// A call to somebody else, to be completed.
pub(crate) fn call(protocol: &str, target: Option<String>, library: &str) -> Client {
    Client {
        protocol: protocol.to_owned(),
        target: target.and_then(|t| address(&t)).filter(|t| !t.is_empty()),
        method: None,
        library: (!library.is_empty()).then(|| library.to_owned()),
        operation: None,
    }
}

/// Adds a client.
pub(crate) fn client(acc: &mut FileFacts, file: &SourceFile<'_>, line: u32, client: Client) {
    add(acc, file, line, Claim::Client(client));
}

/// Adds one observation for a file of tests: the framework and how many cases stand in the file.
pub(crate) fn tests(acc: &mut FileFacts, file: &SourceFile<'_>, framework: &str, lines: &[u32]) {
    let (Some(&first), count) = (lines.first(), lines.len()) else {
        return;
    };
    let detail = match count {
        1 => "1 test case".to_owned(),
        n => format!("{n} test cases"),
    };
    mark(acc, file, first, Topic::Test, framework, Some(detail));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_of_a_secret_is_the_one_before_its_variable() {
        for (path, line, name, key) in [
            (
                "a.php",
                "'password' => env('DOOR', 'x'),",
                "DOOR",
                Some("password"),
            ),
            (
                "a.php",
                "'DOOR_PASSWORD' => env('DOOR', 'x'),",
                "DOOR",
                Some("DOOR_PASSWORD"),
            ),
            ("a.php", "'token:ttl' => env('DOOR', 'x'),", "DOOR", None),
            (
                "a.py",
                "password: str = os.getenv(\"DOOR\", \"x\")",
                "DOOR",
                Some("password"),
            ),
            (
                "a.py",
                "{\"password\": a, \"host\": os.getenv(\"DOOR\", \"x\")}",
                "DOOR",
                None,
            ),
            (
                "a.ts",
                "apiKey: import.meta.env.VITE_DOOR || 'x',",
                "VITE_DOOR",
                None,
            ),
        ] {
            let text = format!("\n{line}\n");
            let file = SourceFile::new(path, &text);
            assert_eq!(secret_key(&file, 2, name), key, "{line}");
        }
    }
}
