//! What JavaScript and TypeScript files import, read and start.

mod schemas;

use crate::code_lines;
use crate::env_reads;
use crate::environment::environment_at;
use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Import, Purpose};
use crate::finders::{Finders, firsts};
use crate::prose;
use crate::scan::{self, Part};
use crate::source::SourceFile;
use groundplan_syntax::{Call, Code, Language, TokenKind};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "js-code",
    docs: "\
### What it finds
In JavaScript and TypeScript: imports of every form with a literal module, variables of the
environment with their defaults (`process.env`, `import.meta.env`, `Deno.env`, `ConfigService`, and
the keys of schemas that the whole environment is checked with: envalid, zod, t3-env, joi, yup,
convict, env-var, fastify, NestJS, AdonisJS, also keys that objects of settings name with a schema, `{ env: \"PORT\",
schema, default }`, as those of figue, also of schemas that constants of the file make of one another, and with
defaults that its helpers are given: `flag(\"false\")`),
entry points of servers, user interfaces, lambdas and command lines, what an entry file says it is
for, and comments that say that work is left. Of tests only imports and the number of cases are
kept.

### What it does not find
Modules and variables whose names are put together at run time, and schemas of the environment that
another file holds. Packed and copied libraries are
left out.
",
    reads: &[Reads::Languages(&[
        Language::JavaScript,
        Language::TypeScript,
    ])],
    markers: &[],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let part = scan::part(file);
    if part == Part::Foreign {
        return;
    }
    if part == Part::Test {
        tested(acc, file);
        return;
    }
    imports(acc, file);
    environment(acc, file);
    schemas::add(acc, file);
    starts(acc, file);
    purpose(acc, file);
    prose::todos(acc, file);
}

pub(super) fn imports(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let code = file.code();
    for at in 0..code.tokens.len() {
        let Some(word) = code.ident(at) else {
            continue;
        };
        let place = match word {
            "from" => {
                let clause = at > 0
                    && (matches!(code.raw(at - 1), "}" | "*") || code.ident(at - 1).is_some());
                Some(at + 1).filter(|_| clause)
            }
            "import" if code.string(at + 1).is_some() => Some(at + 1),
            "import" => called(code, at),
            "require" if at == 0 || !code.is(at - 1, ".") => called(code, at),
            _ => None,
        };
        let Some(place) = place else {
            continue;
        };
        if let Some(module) = code.string(place).filter(|m| is_module(m)) {
            let (line, module) = (code.line(place), module.to_owned());
            acc.add(file, line, line, Claim::Import(Import { module }));
        }
    }
}

/// The place of the only argument of `import("x")` or `require("x")`.
fn called(code: &Code<'_>, at: usize) -> Option<usize> {
    let end = if code.is(at + 3, ",") { at + 4 } else { at + 3 };
    let alone = code.is(at + 1, "(") && code.is(end, ")");
    Some(at + 2).filter(|_| alone)
}

fn is_module(name: &str) -> bool {
    !name.is_empty() && name.len() < 200 && !name.contains(['$', ' ', '\n', '{'])
}

/// What a bundler puts in place of `import.meta.env.X` when it builds: nobody can set these.
const BUILT_IN: [&str; 5] = ["BASE_URL", "DEV", "MODE", "PROD", "SSR"];

/// Whether a file sets up a runner of tests: what it reads is no setting of the system.
fn sets_up_tests(file: &SourceFile<'_>) -> bool {
    const RUNNERS: [&str; 7] = [
        "cypress",
        "jest",
        "karma",
        "playwright",
        "vitest",
        "wdio",
        "codecept",
    ];
    let mut words = file.name().split('.');
    let runner = words.next().is_some_and(|word| RUNNERS.contains(&word));
    runner
        && words
            .next()
            .is_some_and(|word| matches!(word, "config" | "conf"))
}

pub(super) fn environment(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if sets_up_tests(file) {
        return;
    }
    // Few files have a word of those that reads begin with.
    static BEGINNINGS: Finders = Finders::of(&[
        "process",
        "import.meta",
        "Deno",
        "onfigService",
        "onfigservice",
        "ONFIGSERVICE",
        "OnfigService",
        // `requireEnv("PORT")`
        "nv(\"",
        "nv('",
    ]);
    if !BEGINNINGS.any(file.text) {
        return;
    }
    let code = file.code();
    for at in 0..code.tokens.len() {
        match code.tokens[at].kind {
            TokenKind::Ident => {}
            TokenKind::Str => {
                in_template(acc, file, at);
                continue;
            }
            _ => continue,
        }
        let Some((found, next)) = environment_at(code, at) else {
            continue;
        };
        let line = code.line(at);
        let Some(found) = found else {
            destructured(acc, file, at);
            continue;
        };
        let name = found.trim_start_matches("{env:").trim_end_matches('}');
        let written = code.is(next, "=") && !code.is(next + 1, "=");
        let built_in = code.is(at, "import") && BUILT_IN.contains(&name);
        if built_in || written || (at > 0 && code.is(at - 1, "delete")) {
            continue;
        }
        let mut after = next;
        while matches!(code.raw(after), "as" | "string" | "!" | ")") && !code.is(after + 1, "=") {
            after += 1;
        }
        let default = match code.raw(after) {
            mark @ ("|" | "?") if code.is(after + 1, mark) => literal(code, after + 2),
            _ => None,
        };
        let in_call = found_default_in_call(code, at, next);
        let beside = beside_in_a_reader(code, at, next);
        let default = default.or(in_call).or(beside);
        let default = default.or_else(|| env_reads::unset(code, next));
        scan::env(acc, file, line, name, default);
        if is_asked(code, at, next) {
            scan::may_miss(acc, name);
        }
    }
}

/// Whether code asks whether a variable is set, and goes on where it is not: `if (process.env.X)`,
/// `process.env.X ? a : b`, `process.env.X?.split(",")`.
fn is_asked(code: &Code<'_>, at: usize, next: usize) -> bool {
    let before = |back: usize| at.checked_sub(back).map_or("", |at| code.raw(at));
    // `if (!process.env.X) throw …`
    if before(1) == "!" && before(2) != "!" {
        return false;
    }
    let alone = before(1) == "(" && before(2) == "if" && code.is(next, ")");
    let last = before(1) == "&" && before(2) == "&" && matches!(code.raw(next), ")" | "&");
    let chosen = code.is(next, "?") && !code.is(next + 1, "?");
    if chosen {
        return true;
    }
    let joined = last || code.is(next, "&") && code.is(next + 1, "&");
    if !alone && !joined {
        return false;
    }
    // `assert(process.env.A && process.env.B)` and `if (!(…)) throw …` go on with all of them alone.
    let within = |open: &usize| {
        let around = |at: usize| matches!(code.raw(at), "{" | "[");
        let holds = |i: usize| around(i) && code.partner(i).is_some_and(|close| close > at);
        !(*open + 1..at).any(holds)
    };
    let Some(open) = scan::bracket_around(code, at, 80).filter(within) else {
        return true;
    };
    let asks = matches!(
        code.raw(open.saturating_sub(1)),
        "if" | "while" | "=" | "return"
    );
    asks && !code
        .partner(open)
        .is_some_and(|close| else_stops(code, close + 1))
}

/// Whether what is done in the other case ends the program or the function: `{ … } else { throw … }`.
fn else_stops(code: &Code<'_>, from: usize) -> bool {
    /// Tokens that are looked at, at most.
    const MOST: usize = 60;
    let other = match code.is(from, "{") {
        true => code.partner(from).map_or(from, |close| close + 1),
        false => return false,
    };
    if !code.is(other, "else") {
        return false;
    }
    let end = code.partner(other + 1).unwrap_or(other + 8);
    (other + 1..end)
        .take(MOST)
        .any(|at| matches!(code.raw(at), "throw" | "exit"))
}

/// `configService.get("X", "default")`, `envOr("X", "default")`
fn found_default_in_call<'t>(code: &Code<'t>, at: usize, next: usize) -> Option<&'t str> {
    let open = (at..next).find(|&o| code.is(o, "("))?;
    let second = code.arguments(open).get(1)?.clone();
    // `requireEnv("PORT", "is needed")` says what is wrong where it is not set.
    let name = code.raw(open.saturating_sub(1)).to_ascii_lowercase();
    let needs = [
        "assert", "check", "ensure", "expect", "must", "need", "require",
    ];
    if needs.iter().any(|word| name.contains(word)) {
        return None;
    }
    // `env("PORT", "number")` names a type.
    let kind = matches!(
        code.string(second.start),
        Some(
            "bool" | "boolean" | "float" | "int" | "integer" | "json" | "number" | "string" | "url"
        )
    );
    let word = code.raw(second.start);
    let switch = matches!(word, "true" | "false").then_some(word);
    (second.len() == 1 && !kind).then(|| literal(code, second.start).or(switch))?
}

/// `parseEnvVarNumber(process.env.PORT, 4242)`: what a function that reads a variable is given beside it.
fn beside_in_a_reader<'t>(code: &Code<'t>, at: usize, next: usize) -> Option<&'t str> {
    const READERS: [&str; 5] = ["bool", "default", "fallback", "number", "safe"];
    let alone = at >= 2 && code.is(at - 1, "(") && code.is(next, ",");
    let function = code.ident(at.checked_sub(2)?).filter(|_| alone)?;
    let lower = function.to_ascii_lowercase();
    // `parseInt(process.env.PORT, 10)` names a base.
    let reads = lower != "parseint" && READERS.iter().any(|word| lower.contains(word));
    let ends = matches!(code.raw(next + 2), ")" | ",");
    let truth = matches!(code.raw(next + 1), "true" | "false");
    let found = || literal(code, next + 1).or_else(|| truth.then(|| code.raw(next + 1)));
    (reads && ends).then(found)?
}

/// A string, a number, or the empty text for `null` and `undefined`.
fn literal<'t>(code: &Code<'t>, at: usize) -> Option<&'t str> {
    if matches!(code.raw(at), "null" | "undefined") {
        return Some("");
    }
    let number = code
        .tokens
        .get(at)
        .is_some_and(|t| t.kind == TokenKind::Number);
    code.string(at).or_else(|| number.then(|| code.raw(at)))
}

/// `${process.env.X || "d"}` inside a template.
fn in_template(acc: &mut FileFacts, file: &SourceFile<'_>, at: usize) {
    let code = file.code();
    let raw = code.raw(at);
    if !raw.starts_with('`') {
        return;
    }
    for (offset, prefix) in raw.match_indices("process.env.") {
        // Outside of `${…}` a template is text: sample code reads nothing.
        let before = &raw[..offset];
        let filled = before
            .rfind("${")
            .is_some_and(|at| !before[at..].contains('}'));
        if !filled {
            continue;
        }
        let rest = &raw[offset + prefix.len()..];
        let end = rest
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .unwrap_or(rest.len());
        let line = code.line(at) + raw[..offset].matches('\n').count() as u32;
        scan::env(acc, file, line, &rest[..end], None);
    }
}

/// `const { A, B = "d" } = process.env`
fn destructured(acc: &mut FileFacts, file: &SourceFile<'_>, at: usize) {
    let code = file.code();
    let close = match at.checked_sub(2) {
        Some(close) if code.is(at - 1, "=") && code.is(close, "}") => close,
        _ => return,
    };
    let Some(open) = code.partner(close) else {
        return;
    };
    for part in code.arguments(open) {
        let Some(name) = code.ident(part.start) else {
            continue;
        };
        if code.is(at, "import") && BUILT_IN.contains(&name) {
            continue;
        }
        let default = part
            .clone()
            .find(|&i| code.is(i, "="))
            .and_then(|i| literal(code, i + 1));
        scan::env(acc, file, code.line(part.start), name, default);
    }
}

fn starts(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let code = file.code();
    let name = stem(file);
    if file.text.starts_with("#!") && file.text.lines().next().is_some_and(|l| l.contains("node")) {
        scan::entry(acc, file, 1, "cli", name);
    }
    for call in code.calls() {
        if let Some(kind) = start(file, call) {
            scan::entry(acc, file, call.line, kind, name);
        }
    }
    for at in 2..code.tokens.len() {
        if code.is(at, "handler") && code.is(at - 2, "exports") && code.is(at + 1, "=") {
            scan::entry(acc, file, code.line(at), "lambda", name);
        }
    }
}

fn start(file: &SourceFile<'_>, call: Call) -> Option<&'static str> {
    let code = file.code();
    let imports = |module: &str| {
        ["\"", "'"]
            .iter()
            .any(|q| file.text.contains(&format!("{q}{module}{q}")))
    };
    let word = code.raw(call.open - 1);
    match word {
        "listen" => {
            let receiver = call.open.checked_sub(3).map_or("", |at| code.raw(at));
            let lower = receiver.to_ascii_lowercase();
            let serves = ["app", "server", "fastify", "http", "https", "koa"]
                .iter()
                .any(|part| lower.contains(part))
                || code.name(call).contains("createServer");
            (serves && !code.is(call.open + 1, ")") || lower == "app").then_some("server")
        }
        "start" | "bind" | "bindAsync" => {
            let grpc = imports("@grpc/grpc-js") || imports("grpc");
            let served = code.name(call).to_ascii_lowercase().contains("server");
            (grpc && served && word != "start").then_some("server")
        }
        "createMicroservice" if code.name(call).starts_with("NestFactory") => Some("server"),
        "render" => (code.name(call) == "ReactDOM.render").then_some("ui"),
        "createRoot" | "hydrateRoot" => imports("react-dom/client").then_some("ui"),
        "createApp" => imports("vue").then_some("ui"),
        "Vue" => {
            (call.first > 0 && code.is(call.first - 1, "new") && imports("vue")).then_some("ui")
        }
        "bootstrapModule" | "bootstrapApplication" => Some("ui"),
        _ => None,
    }
}

fn stem<'t>(file: &SourceFile<'t>) -> &'t str {
    let name = file.name();
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// What the comment at the head of an entry file says.
fn purpose(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if !acc.facts.iter().any(|f| matches!(f.claim, Claim::Entry(_))) {
        return;
    }
    let code = file.code();
    let Some((line, comment)) = code.comments().next() else {
        return;
    };
    let before_code = code.tokens.first().is_none_or(|t| t.line > line);
    if !comment.starts_with("/**") || !before_code {
        return;
    }
    let last = line + comment.matches('\n').count() as u32;
    let Some((_, _, text)) = code.comment_above(last + 1) else {
        return;
    };
    if let Some(text) = prose::sentence(&text).filter(|t| prose::says_purpose(t)) {
        let subject = file.path.to_owned();
        acc.add(file, line, last, Claim::Purpose(Purpose { subject, text }));
    }
}

/// Imports and cases of a test file, by its lines: tests are more than half of many trees, and
/// nothing else is wanted of them.
fn tested(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let mut opened: Option<u32> = None;
    let mut cases: Vec<u32> = Vec::new();
    static FROM: Finders = Finders::of(&["from "]);
    static ASKED: Finders = Finders::of(&["require(", "import("]);
    // Most tests ask for nothing so.
    let asks = ASKED.any(file.text);
    for (at, text) in code_lines::lines(file) {
        // The name of a case may stand on the line after its bracket.
        let quoted = |text: &str| text.trim_start().starts_with(['"', '\'', '`']);
        if let Some(line) = opened.take().filter(|_| quoted(text)) {
            cases.push(line);
        }
        let mut calls = false;
        for open in memchr::memchr_iter(b'(', text.as_bytes()) {
            calls = true;
            let (before, rest) = (&text[..open], &text[open + 1..]);
            let word = (before.strip_suffix("it")).or_else(|| before.strip_suffix("test"));
            let own = |c: char| c.is_alphanumeric() || "_$.\"'`".contains(c);
            if word.is_none_or(|before| before.ends_with(own)) {
                continue;
            }
            if quoted(rest) {
                cases.push(at);
            } else if rest.trim().is_empty() {
                opened = Some(at);
            }
        }
        let begins = text.starts_with("import")
            || text.starts_with("export")
            || text.starts_with('}') && text.len() > 1;
        let from = || {
            let at = FROM.places(text).next()??;
            quoted_text(&text[at + "from ".len()..])
        };
        let bare = || quoted_text(text.strip_prefix("import")?.trim_start());
        let asked = || {
            ["require(", "import("].iter().find_map(|call| {
                let (before, rest) = text.split_once(call)?;
                let name = quoted_text(rest)?;
                // A method of that name, or a call with more than the name, is another.
                let alone = rest[name.len() + 2..].starts_with(')');
                (alone && !before.ends_with(['.', '"', '\'', '`'])).then_some(name)
            })
        };
        let module = (begins.then(from).flatten())
            .or_else(|| begins.then(bare).flatten())
            .or_else(|| (asks && calls).then(asked).flatten());
        if let Some(module) = module.filter(|m| is_module(m)) {
            let module = module.to_owned();
            acc.add(file, at, at, Claim::Import(Import { module }));
        }
    }
    const FRAMEWORKS: [(&str, &str); 7] = [
        ("vitest", "vitest"),
        ("@playwright/test", "playwright"),
        ("cy.", "cypress"),
        ("TestBed", "jasmine"),
        ("jest", "jest"),
        ("chai", "mocha"),
        ("node:test", "node"),
    ];
    if super::tests::is_sample(file) {
        return;
    }
    static MARKS: Finders = Finders::of(&const { firsts(&FRAMEWORKS) });
    let found = MARKS.first(file.text).and_then(|at| FRAMEWORKS.get(at));
    let framework = found.map_or("JavaScript tests", |(_, name)| name);
    scan::tests(acc, file, framework, &cases);
}

/// The text between the quotes with which `text` begins.
fn quoted_text(text: &str) -> Option<&str> {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let inner = &text[1..];
    inner.find(quote).map(|end| &inner[..end])
}
