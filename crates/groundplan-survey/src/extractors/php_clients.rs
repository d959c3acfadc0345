//! The HTTP client of Laravel with all that stands in the chain of a call, and programs that PHP starts.

use crate::extractor::{Extractor, Reads};
use crate::extractors::laravel_config::{VALUE, asked};
use crate::facts::FileFacts;
use crate::paths;
use crate::php::{self, Chain};
use crate::scan::{self, Part};
use crate::source::SourceFile;
use groundplan_model::{STARTED, Topic};
use groundplan_syntax::{Code, Language};
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "php-clients",
    docs: "\
### What it finds
Calls of the HTTP client of Laravel whose address comes from the configuration, `Http::get(config('billing.url'))`,
also by way of one variable, and addresses from it that Guzzle is given. Attempts and timeouts in the chain of a
call. Programs that `new Process([…])`, `Process::run(…)`, `exec(…)`, `proc_open(…)` and `passthru(…)` start, by
their name.

### What it does not find
Addresses that are kept in a database or given from outside, and commands that are put together.
",
    reads: &[Reads::Own(&[Language::Php])],
    markers: &[
        "Http::",
        "base_uri",
        "Process",
        "exec(",
        "proc_open(",
        "passthru(",
    ],
    run: extract,
};

/// Tokens before a call in which what its variables hold is looked for.
const FAR: usize = 4_000;

/// Verbs of the client (<https://laravel.com/docs/http-client>).
const VERBS: [&str; 7] = ["delete", "get", "head", "patch", "post", "put", "send"];

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own || php::is_foreign(file.path) || paths::is_test(file.path) {
        return;
    }
    let code = file.code();
    let laravel = file.text.contains("Facades\\Http");
    let symfony = file.text.contains("Component\\Process");
    let facade = file.text.contains("Facades\\Process");
    for at in 0..code.tokens.len() {
        let behind = at > 0 && matches!(code.raw(at - 1), ">" | ":" | "function" | "\\");
        match code.raw(at) {
            "Http" if laravel => {
                if let Some(chain) = php::chain_at(code, at) {
                    call(acc, file, &chain);
                }
            }
            "Process" if at > 0 && code.is(at - 1, "new") && symfony => {
                let first = code.arguments(at + 1).into_iter().next();
                started(acc, file, at, first);
            }
            "Process" if facade => {
                let link = php::chain_at(code, at).and_then(|chain| {
                    let mut all = chain.links.into_iter();
                    all.find(|l| matches!(l.name, "run" | "start" | "command"))
                });
                let first = link.and_then(|l| code.arguments(l.open).into_iter().next());
                started(acc, file, at, first);
            }
            "exec" | "shell_exec" | "proc_open" | "passthru" if !behind => {
                let first = code.arguments(at + 1).into_iter().next();
                started(acc, file, at, first.filter(|_| code.is_byte(at + 1, b'(')));
            }
            _ if code.string(at) == Some("base_uri")
                && code.is_byte(at + 1, b'=')
                && code.is_byte(at + 2, b'>') =>
            {
                client(acc, file, &(at + 3..code.tokens.len()), "Guzzle");
            }
            _ => {}
        }
    }
}

/// One chain of calls from the facade on.
fn call(acc: &mut FileFacts, file: &SourceFile<'_>, chain: &Chain<'_>) {
    let code = file.code();
    let number = |open: usize, index: usize| {
        let range = code.arguments(open).get(index).cloned()?;
        let digits = code.raw(range.start);
        let plain = range.len() == 1 && digits.bytes().all(|b| b.is_ascii_digit());
        plain.then_some(digits)
    };
    let name = "HTTP client of Laravel";
    for link in &chain.links {
        let line = code.line(link.open);
        match link.name {
            "retry" => {
                let apart = number(link.open, 1).map(|ms| format!(", {ms} ms apart"));
                if let Some(count) = number(link.open, 0).filter(|count| *count != "1") {
                    let detail = format!("{count} attempts{}", apart.unwrap_or_default());
                    scan::mark(acc, file, line, Topic::Retry, name, Some(detail));
                }
            }
            "timeout" | "connectTimeout" => {
                // Nought is none.
                if let Some(seconds) = number(link.open, 0).filter(|s| *s != "0") {
                    let detail = Some(format!("{seconds} s"));
                    scan::mark(acc, file, line, Topic::Timeout, name, detail);
                }
            }
            "baseUrl" => {
                if let Some(first) = code.arguments(link.open).first() {
                    client(acc, file, first, "Laravel HTTP client");
                }
            }
            verb if VERBS.contains(&verb) => {
                let nth = usize::from(verb == "send");
                let url = php::named(code, link.open, "url");
                if let Some(url) = url.or(code.arguments(link.open).get(nth).cloned()) {
                    client(acc, file, &url, "Laravel HTTP client");
                }
                // What follows is asked of the answer.
                return;
            }
            _ => {}
        }
    }
}

/// Notes a call to an address that the configuration gives.
fn client(acc: &mut FileFacts, file: &SourceFile<'_>, range: &Range<usize>, library: &str) {
    let code = file.code();
    if let Some(target) = address(code, range.start, 0) {
        let client = scan::call("http", Some(target), library);
        scan::client(acc, file, code.line(range.start), client);
    }
}

/// Whether an argument or a value ends at a token; what is joined behind it is a path.
fn is_whole(code: &Code<'_>, end: usize) -> bool {
    matches!(code.raw(end), "," | ")" | ";" | "]" | ".")
}

/// The address that begins at a token: `config('a.b')`, or a variable that was given that just before.
fn address(code: &Code<'_>, at: usize, depth: u8) -> Option<String> {
    if let Some((target, end)) = asked(code, at, VALUE) {
        return is_whole(code, end).then_some(target);
    }
    let name = code
        .ident(at)
        .filter(|n| n.starts_with('$') && depth == 0)?;
    let value = given(code, name, at).filter(|_| is_whole(code, at + 1))?;
    // `$url = $url ?? config('a.b')`
    let itself = code.is(value, name) && code.is_byte(value + 1, b'?');
    address(code, value + 3 * usize::from(itself), 1)
}

/// Where the value begins that a variable is given in the function around, if it is given one only.
fn given(code: &Code<'_>, name: &str, at: usize) -> Option<usize> {
    let first = at.saturating_sub(FAR);
    let begin = match (first..at).rev().find(|&i| code.is(i, "function")) {
        Some(function) => (function..at).find(|&i| code.is_byte(i, b'{'))?,
        None => Some(0).filter(|_| first == 0)?,
    };
    let mut set = (begin..at).filter(|&i| {
        code.is(i, name) && code.is_byte(i + 1, b'=') && !matches!(code.raw(i + 2), "=" | ">")
    });
    let one = set.next()?;
    set.next().is_none().then_some(one + 2)
}

/// Notes a program by the first word of a command, where that is written out.
fn started(acc: &mut FileFacts, file: &SourceFile<'_>, at: usize, range: Option<Range<usize>>) {
    let code = file.code();
    let Some(mut range) = range else { return };
    let mut list = php::list_at(code, &range);
    // `$command = array_filter(['backup', …]); new Process($command)`
    if list.is_none() && range.len() == 1 && code.raw(range.start).starts_with('$') {
        let Some(value) = given(code, code.raw(range.start), at) else {
            return;
        };
        let filtered = matches!(code.raw(value), "array_filter" | "array_values");
        range = value + 2 * usize::from(filtered)..at;
        list = php::list_at(code, &range);
        if list.is_none() {
            return;
        }
    }
    let first = match list {
        Some(open) => code.arguments(open).into_iter().next(),
        None => Some(range),
    };
    // A model may have the name too: `new Process(['name' => 'x'])`.
    let first = first.filter(|first| !code.is_byte(first.start + 1, b'='));
    let Some((text, at_text)) = first.and_then(|f| Some((code.string(f.start)?, f.start))) else {
        return;
    };
    // `'php-' . $version`
    if !text.contains(' ') && code.is_byte(at_text + 1, b'.') {
        return;
    }
    let program = text.split(' ').next().unwrap_or_default();
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
    let named = program.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/');
    if !named || program.len() > 60 || !program.chars().all(plain) || program.ends_with('/') {
        return;
    }
    let program = program.rsplit('/').next().unwrap_or(program);
    // What the shell does itself, and what only asks whether a program is there.
    const OF_SHELL: [&str; 16] = [
        "cd", "command", "echo", "exit", "export", "for", "if", "kill", "printf", "set", "test",
        "type", "where", "whereis", "which", "while",
    ];
    if OF_SHELL.contains(&program) {
        return;
    }
    let detail = Some(program.to_owned());
    scan::mark(acc, file, code.line(at), Topic::Stated, STARTED, detail);
}
