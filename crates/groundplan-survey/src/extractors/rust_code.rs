//! Rust: imports, environment, entry points, crate and module comments.

use crate::code_view::CodeView;
use crate::env_reads;
use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, Entry, FileFacts, Import, Purpose};
use crate::paths;
use crate::sentence;
use crate::source::SourceFile;
use groundplan_syntax::{Code, Language};
use std::collections::BTreeSet;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "rust-code",
    docs: "\
### What it finds
Imports (one per leaf of a `use` tree, `mod x;` as `self::x`); modules of the crate that bodies name by their
path (`crate::mail::send(…)`, `super::mail::send(…)`); environment variables with their
defaults (`std::env::var`, `dotenvy::var`, `env = \"X\"` of clap and envconfig); `main` functions
and clap programs; the `//!` comment of the file.

### What it does not find
Variables that a configuration library maps by prefix, what macros generate, `env!` (which is read
when the program is built).
",
    reads: &[Reads::Languages(&[Language::Rust])],
    markers: &["use ", "mod ", "fn ", "//!", "env"],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let view = CodeView::of(file);
    for import in view.imports() {
        let claim = Claim::Import(Import {
            module: import.module.clone(),
        });
        acc.add(file, import.line, import.line, claim);
    }
    if paths::is_test(file.path) || paths::is_generated(file.path, file.text) {
        return;
    }
    named_by_path(acc, file);
    // What a build script reads holds while the program is built.
    if file.name() != "build.rs" {
        env_reads::claims(acc, &view);
    }
    entries(acc, &view);
    purpose(acc, file);
}

/// Modules of the crate that bodies name by their path, each where that happens first.
fn named_by_path(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if !file.text.contains("crate::") && !file.text.contains("super::") {
        return;
    }
    let code = file.code();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut at = 0;
    while at < code.tokens.len() {
        match code.raw(at) {
            // Imports are known, and below a module of the same file `super` means the file.
            "use" => {
                while at < code.tokens.len() && !code.is(at, ";") {
                    at += 1;
                }
            }
            "mod" if code.is(at + 2, "{") => at = code.partner(at + 2).unwrap_or(at),
            word @ ("crate" | "super") => {
                let own = !at
                    .checked_sub(1)
                    .is_some_and(|before| code.is(before, "::"));
                let path = segments(code, at);
                if own && let [name, _, ..] = path.as_slice() {
                    let module = match word {
                        "crate" => Some(format!("crate::{name}")),
                        _ => parent(file.path).map(|above| format!("crate::{above}{name}")),
                    };
                    if let Some(module) = module.filter(|module| seen.insert(module.clone())) {
                        let line = code.line(at);
                        acc.add(file, line, line, Claim::PathUse(Import { module }));
                    }
                }
            }
            _ => {}
        }
        at += 1;
    }
}

/// The names of a path behind its first word: `mail`, `send` of `super::mail::send`.
fn segments<'t>(code: &Code<'t>, first: usize) -> Vec<&'t str> {
    let mut all = Vec::new();
    let mut at = first + 1;
    loop {
        at = match (code.is(at, "::"), code.is(at, ":") && code.is(at + 1, ":")) {
            (true, _) => at + 1,
            (_, true) => at + 2,
            _ => return all,
        };
        match code.ident(at) {
            Some(name) if all.len() < 4 => all.push(name),
            _ => return all,
        }
        at += 1;
    }
}

/// What stands between `crate::` and a name that `super::` leads to: `a::` in `src/a/b.rs`.
fn parent(path: &str) -> Option<String> {
    let inner = path.rsplit_once("src/").map_or(path, |(_, inner)| inner);
    let inner = inner.strip_suffix(".rs")?;
    let inner = inner.strip_suffix("/mod").unwrap_or(inner);
    let above = inner.rsplit_once('/').map_or("", |(above, _)| above);
    let parts = above.split('/').filter(|part| !part.is_empty());
    Some(parts.map(|part| format!("{part}::")).collect())
}

/// Folder of the package that holds a file below `src/`.
pub(super) fn package_folder(path: &str) -> &str {
    match path.rfind("/src/") {
        Some(at) => &path[..at],
        None => "",
    }
}

fn entries(acc: &mut FileFacts, view: &CodeView<'_, '_>) {
    let file = view.file;
    let package = package_folder(file.path)
        .rsplit('/')
        .next()
        .unwrap_or_default();
    let package = if package.is_empty() { "main" } else { package };
    let inside = file.path.rsplit_once("src/").map_or(file.path, |(_, p)| p);
    let name = match inside.strip_prefix("bin/") {
        Some(rest) => Some(rest.split(['/', '.']).next().unwrap_or(rest)),
        None => (inside == "main.rs").then_some(package),
    };
    if let Some(name) = name
        && let Some(main) = view.function("main")
        && main.parent.is_none()
    {
        let claim = Claim::Entry(Entry {
            kind: "main".to_owned(),
            name: name.to_owned(),
        });
        acc.add(file, main.line, main.line, claim);
    }
    for note in view.code.annotations() {
        let Some(open) = note.open.filter(|_| note.name == "derive") else {
            continue;
        };
        let parser = view.code.arguments(open).into_iter().any(|r| {
            let trait_name = view.code.dotted(r.start, r.end);
            let whole = view.canonical(&trait_name, r.start).unwrap_or_default();
            matches!(whole.as_str(), "clap.Parser" | "structopt.StructOpt")
        });
        if !parser {
            continue;
        }
        // A name given by `#[command(name = "x")]` on the same type.
        let named = view
            .code
            .annotations()
            .into_iter()
            .filter(|n| n.line >= note.line && n.line <= note.line + 8)
            .filter(|n| matches!(n.name.as_str(), "command" | "clap" | "structopt"))
            .find_map(|n| view.fold(view.field(n.open?, "name")?));
        let claim = Claim::Entry(Entry {
            kind: "cli".to_owned(),
            name: named.unwrap_or_else(|| package.to_owned()),
        });
        acc.add(file, note.line, note.line, claim);
    }
}

fn purpose(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let mut text = String::new();
    let mut lines = (0, 0);
    for (line, comment) in file.code().comments() {
        let block = comment.starts_with("/*!");
        let head = comment
            .strip_prefix("//!")
            .or_else(|| comment.strip_prefix("/*!"));
        let Some(head) = head else {
            if text.is_empty() && comment.starts_with("//") && line < 40 {
                continue;
            }
            break;
        };
        if lines.1 != 0 && line != lines.1 + 1 {
            break;
        }
        if lines.0 == 0 {
            lines.0 = line;
        }
        lines.1 = line + comment.matches('\n').count() as u32;
        text.push_str(head.trim_end_matches("*/").trim());
        text.push('\n');
        if block {
            break;
        }
    }
    let Some(text) = sentence::first(&text, 240) else {
        return;
    };
    let subject = match file.name() {
        "lib.rs" | "main.rs" if file.folder().ends_with("src") => {
            package_folder(file.path).to_owned()
        }
        "mod.rs" => file.folder().to_owned(),
        _ => file.path.to_owned(),
    };
    acc.add(
        file,
        lines.0,
        lines.1,
        Claim::Purpose(Purpose { subject, text }),
    );
}
