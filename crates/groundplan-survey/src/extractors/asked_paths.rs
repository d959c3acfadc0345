//! Paths that tests, pages and documents of a repository ask its programs for.

use crate::extractor::{Extractor, Reads};
use crate::facts::{AskedPath, AskedPaths, Claim, FileFacts};
use crate::scan::{self, Part};
use crate::source::SourceFile;
use groundplan_syntax::Language;
use groundplan_syntax::finders::Finders;
use std::collections::{BTreeMap, BTreeSet};

mod context;
mod literals;
mod shape;

pub(crate) use shape::{HOLE, tells};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "asked-paths",
    docs: "\
### What it finds
Paths of HTTP that tests, code of pages, files of requests (`.http`, `.rest`, `.hurl`, Bruno, Postman), scripts and
blocks of code in Markdown ask for, and those of addresses of this system in its text, with the method beside them;
what clients of pages put before the paths that they ask for (`baseURL: '/api/v1'`). They tell where the routes
of a program stand whose begin was not read in its code.

### What it does not find
Paths behind a public address or in files that name one of an interface of others, paths of pages
(`visit`, `navigate`, links), routes that a test registers itself, paths in code of servers, and more than 300 of a
file.
",
    reads: &[
        Reads::Languages(&[
            Language::CSharp,
            Language::Elixir,
            Language::Go,
            Language::Html,
            Language::Java,
            Language::JavaScript,
            Language::Kotlin,
            Language::Markdown,
            Language::Php,
            Language::Python,
            Language::Ruby,
            Language::Rust,
            Language::Shell,
            Language::TypeScript,
            Language::Vue,
        ]),
        Reads::Paths(&["*.{http,rest,hurl,bru}", "*postman_collection.json", "*postman*.json"]),
    ],
    // None of fewer than four bytes: each of those is one search more over every file. The last letters are
    // those of `get`, `post`, `put`, `request`, `fetch`, `patch`, `delete`, `head`, `uri` and `…Async`.
    markers: &[
        "t(\"/",
        "t('/",
        "t(`/",
        "h(\"/",
        "h('/",
        "h(`/",
        "e(\"/",
        "e('/",
        "e(`/",
        "d(\"/",
        "d('/",
        "n(\"/",
        "n('/",
        "i(\"/",
        "c(\"/",
        "f(\"/",
        ">(\"/",
        ">('/",
        ">(`/",
        "t(`${",
        "h(`${",
        "e(`${",
        ">(`${",
        "($\"/",
        "(f\"/",
        "(f\"{",
        "t \"/",
        "t '/",
        "e \"/",
        "e '/",
        "h \"/",
        "h '/",
        ", \"/",
        ", '/",
        "= \"/",
        "= '/",
        "= `/",
        ": \"/",
        ": '/",
        ": `/",
        "+ \"/",
        "+ '/",
        "URL+\"/",
        "Url+\"/",
        "://localhost",
        "://127.0.0.1",
        "http://${",
        "baseURL",
        "pathRewrite",
        "curl ",
        "GET {",
        "GET /",
        "POST {",
        "POST /",
        "PUT {",
        "PATCH {",
        "DELETE {",
        ": \"{{",
    ],
    run: extract,
};

/// Paths of one file at most.
const MOST: usize = 300;
/// Bases of one file at most.
const MOST_BASES: usize = 16;
/// Longer lines were written by a program.
const LONGEST: usize = 1_000;

/// What a file is, as far as it says whom it asks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A test: what stands in quotes and looks like a path is asked for.
    Test,
    /// A page or a test in a language of browsers, where paths are those of pages too.
    Script,
    /// Documents, scripts and files of requests.
    Requests,
}

fn kind(file: &SourceFile<'_>) -> Option<Kind> {
    match file.language {
        Language::JavaScript | Language::TypeScript | Language::Vue | Language::Html => {
            (scan::part(file) != Part::Foreign).then_some(Kind::Script)
        }
        Language::Markdown | Language::Shell | Language::Json | Language::Other => {
            Some(Kind::Requests)
        }
        _ => {
            let test = file.is_test() || scan::is_test(file.path);
            (test && scan::part(file) != Part::Foreign).then_some(Kind::Test)
        }
    }
}

/// Whether a test may ask for something. Most tests of large trees in Go and Java ask nobody, and hold paths of
/// files.
fn may_ask(file: &SourceFile<'_>) -> bool {
    static GO: Finders = Finders::of(&[
        "net/http",
        "httpexpect",
        "resty",
        "apitest",
        "NewRequest",
        "fasthttp",
        "\"GET\"",
        "\"POST\"",
    ]);
    static JVM: Finders = Finders::of(&[
        "Mvc",
        "WebTestClient",
        "webTestClient",
        "WebClient",
        "webClient",
        "RestClient",
        "estTemplate",
        "estAssured",
        "estassured",
        "HttpRequest",
        "HttpClient",
        "httpClient",
        "testApplication",
        "okhttp",
        "OkHttp",
        "HttpGet",
        "HttpURL",
        "Unirest",
        "target(\"/",
        "get(\"/",
        "post(\"/",
        "put(\"/",
        "delete(\"/",
    ]);
    match file.language {
        Language::Go => GO.any(file.text),
        Language::Java | Language::Kotlin => JVM.any(file.text),
        _ => true,
    }
}

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let Some(kind) = kind(file) else { return };
    if kind == Kind::Test && !may_ask(file) {
        return;
    }
    let mut asked = asked(file, kind).unwrap_or_default();
    asked.rewrites = kind == Kind::Script && rewrites(file);
    for one in &mut asked.paths {
        one.hash = file.evidence(one.line, one.line).hash;
    }
    if asked != AskedPaths::default() {
        let line = asked.paths.first().map_or(1, |one| one.line);
        acc.add(file, line, line, Claim::AskedPaths(Box::new(asked)));
    }
}

/// What a file asks for; nothing of one that serves it itself.
fn asked(file: &SourceFile<'_>, kind: Kind) -> Option<AskedPaths> {
    // A file that speaks to somebody else may have all its paths from there.
    if kind != Kind::Requests && context::is_of_others(file.text) {
        return None;
    }
    let test = kind != Kind::Requests && (file.is_test() || scan::part(file) == Part::Test);
    let mut asked = AskedPaths::default();
    let mut seen: BTreeSet<(Option<String>, String)> = BTreeSet::new();
    let mut variables = BTreeMap::new();
    let (mut before, mut fenced) = ("", false);
    for (line, number) in file.text.lines().zip(1_u32..) {
        let text = line.trim();
        if text.starts_with("```") {
            fenced = !fenced;
        }
        if asked.paths.len() >= MOST {
            break;
        }
        if text.is_empty() || line.len() > LONGEST {
            continue;
        }
        if kind != Kind::Requests && context::is_comment(text) {
            continue;
        }
        let mut found: Vec<AskedPath> = Vec::new();
        if text.contains('/') {
            match kind {
                Kind::Requests => {
                    literals::requests((text, before), file.language, fenced, &mut found);
                }
                _ => {
                    let done = literals::literals(
                        text,
                        before,
                        file.language,
                        (kind, test),
                        &variables,
                        &mut found,
                    );
                    // What a test serves itself, it asks for where it put it.
                    if done == literals::Line::Serves {
                        return None;
                    }
                }
            }
            if kind == Kind::Script {
                if let Some(base) = context::base(text)
                    && asked.bases.len() < MOST_BASES
                    && !asked.bases.contains(&base)
                {
                    asked.bases.push(base);
                }
                variables.extend(context::variable(text));
            }
        }
        before = text;
        for mut one in found {
            if asked.paths.len() < MOST && seen.insert((one.method.clone(), one.path.clone())) {
                one.line = number;
                asked.paths.push(one);
            }
        }
    }
    asked.bases.sort();
    Some(asked)
}

/// Whether a proxy for developers changes what it hands on
/// (<https://vite.dev/config/server-options#server-proxy>).
fn rewrites(file: &SourceFile<'_>) -> bool {
    static MARKS: Finders = Finders::of(&["pathRewrite", "rewrite:", "rewrite(", "rewrites("]);
    MARKS.any(file.text)
}
