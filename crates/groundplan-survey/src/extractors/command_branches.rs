//! Branches of a program by a word of its command line.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts};
use crate::paths;
use crate::source::SourceFile;
use groundplan_syntax::{Code, Language, TokenKind};
use std::collections::BTreeSet;
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "command-branches",
    docs: "\
### What it finds
In Go, Java, JavaScript and TypeScript the cases of a `switch` over a word of the command line
(`flag.Arg(0)`, `os.Args[1]`, `args[0]`, `process.argv[2]`, or a variable that is given one of them), with
the lines of each: one program that is started as several.

### What it does not find
Chains of `if`, commands of libraries for command lines, and words that a function computes.
",
    reads: &[Reads::Own(&[
        Language::Go,
        Language::Java,
        Language::JavaScript,
        Language::TypeScript,
    ])],
    markers: &["switch"],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) || paths::is_generated(file.path, file.text) {
        return;
    }
    // Java calls the parameter of its start by any name, most often by this one.
    let words: &[&str] = match file.language {
        Language::Go => &["os.Args", "flag.Arg(", "flag.Args("],
        Language::Java => &["String[] args", "String... args"],
        _ => &["process.argv"],
    };
    if !words.iter().any(|word| file.text.contains(word)) {
        return;
    }
    let code = file.code();
    let given = given(code, file.language);
    for at in 0..code.tokens.len() {
        if !code.is(at, "switch") {
            continue;
        }
        // What is between the word and the bracket is what the cases are held against.
        let mut open = at + 1;
        let mut subject = at + 1..at + 1;
        if code.is(open, "(")
            && let Some(close) = code.partner(open)
        {
            subject = open + 1..close;
            open = close + 1;
        } else {
            while open < code.tokens.len() && !code.is(open, "{") && open < at + 24 {
                open += 1;
            }
            subject.end = open;
        }
        let Some(close) = code.partner(open).filter(|_| code.is(open, "{")) else {
            continue;
        };
        let of_command = of_arguments(code, file.language, subject.clone())
            || subject.into_iter().any(|i| {
                let name = code.ident(i);
                name.is_some_and(|name| given.contains(name))
            });
        if of_command {
            cases(acc, file, code, open, close);
        }
    }
}

/// Variables that are given a word of the command line.
fn given<'t>(code: &Code<'t>, language: Language) -> BTreeSet<&'t str> {
    let mut all = BTreeSet::new();
    for at in 1..code.tokens.len() {
        let gives = code.is(at, ":=") || code.is(at, "=") && !code.is(at + 1, "=");
        // The sign of Go is two.
        let before = at - 1 - usize::from(at > 1 && code.is(at - 1, ":"));
        let Some(name) = code.ident(before).filter(|_| gives) else {
            continue;
        };
        let line = code.line(at);
        let end = (at + 1..code.tokens.len())
            .find(|&i| code.line(i) != line || code.is(i, ";"))
            .unwrap_or(code.tokens.len());
        if of_arguments(code, language, at + 1..end) {
            all.insert(name);
        }
    }
    all
}

/// Whether tokens hold a word of the command line.
fn of_arguments(code: &Code<'_>, language: Language, range: Range<usize>) -> bool {
    range.into_iter().any(|i| {
        let behind = |owner: &str| i >= 2 && code.is(i - 1, ".") && code.is(i - 2, owner);
        match language {
            Language::Go => {
                code.is(i, "Args") && (behind("os") || behind("flag"))
                    || code.is(i, "Arg") && behind("flag")
            }
            Language::Java => code.is(i, "args") && code.is(i + 1, "["),
            _ => code.is(i, "argv") && behind("process"),
        }
    })
}

/// Adds the branches of a `switch` between two brackets; labels above each other share one.
fn cases(acc: &mut FileFacts, file: &SourceFile<'_>, code: &Code<'_>, open: usize, close: usize) {
    let mut labels: Vec<(u32, &str)> = Vec::new();
    let mut body = false;
    let mut at = open + 1;
    let mut last = code.line(open);
    let finish = |acc: &mut FileFacts, labels: &mut Vec<(u32, &str)>, last: u32| {
        let first = labels.iter().map(|(line, _)| *line).min();
        for (_, word) in labels.drain(..) {
            let first = first.unwrap_or(last);
            let claim = Claim::CommandBranch(word.to_owned());
            acc.add(file, first, last.max(first), claim);
        }
    };
    while at < close {
        if code.is(at, "case") || code.is(at, "default") {
            if body {
                finish(acc, &mut labels, last);
                body = false;
            }
            let line = code.line(at);
            let arrow = |i: usize| {
                code.is(i, ":") || code.is(i, "->") || code.is(i, "-") && code.is(i + 1, ">")
            };
            while at < close && !arrow(at) {
                if code.tokens[at].kind == TokenKind::Str
                    && let Some(word) = code.string(at)
                {
                    labels.push((line, word));
                }
                at += 1;
            }
            last = line;
            at += 1;
            continue;
        }
        body = true;
        last = code.line(at);
        at = match code.partner(at).filter(|&end| end > at) {
            Some(end) => {
                last = code.line(end);
                end + 1
            }
            None => at + 1,
        };
    }
    finish(acc, &mut labels, last);
}
