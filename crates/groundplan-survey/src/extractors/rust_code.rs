//! Rust: imports, environment, entry points, crate and module comments.

use crate::code_view::CodeView;
use crate::env_reads;
use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, Entry, FileFacts, Import, Purpose};
use crate::paths;
use crate::sentence;
use crate::source::SourceFile;
use groundplan_syntax::Language;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "rust-code",
    docs: "\
### What it finds
Imports (one per leaf of a `use` tree, `mod x;` as `self::x`); environment variables with their
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
    // What a build script reads holds while the program is built.
    if file.name() != "build.rs" {
        env_reads::claims(acc, &view);
    }
    entries(acc, &view);
    purpose(acc, file);
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
