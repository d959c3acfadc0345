//! Go: imports, environment, entry points, package comments.

use crate::code_view::CodeView;
use crate::env_reads;
use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, Entry, FileFacts, Import, Purpose};
use crate::paths;
use crate::sentence;
use crate::source::SourceFile;
use groundplan_syntax::Language;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "go-code",
    docs: "\
### What it finds
Imports; environment variables with their defaults (`os.Getenv`, `os.LookupEnv`, helpers whose
name speaks of the environment, `env:\"X\"` tags, `EnvVars` of urfave/cli,
keys of viper that the same file binds to the environment); `main` packages and
cobra commands; the package comment.

### What it does not find
Variables whose name is computed, keys of viper in other files than the one that binds them to the
environment, and the reads of test files.
",
    reads: &[Reads::Languages(&[Language::Go])],
    markers: &["package"],
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
    env_reads::claims(acc, &view);
    entries(acc, &view);
    purpose(acc, &view);
}

fn entries(acc: &mut FileFacts, view: &CodeView<'_, '_>) {
    let code = view.code;
    let file = view.file;
    let is_main = (0..code.tokens.len().min(64))
        .find(|&at| code.is(at, "package"))
        .is_some_and(|at| code.is(at + 1, "main"));
    if is_main
        && let Some(main) = view.function("main")
        && main.parent.is_none()
    {
        let folder = file.folder().rsplit('/').next().unwrap_or_default();
        let name = if folder.is_empty() { "main" } else { folder };
        let claim = Claim::Entry(Entry {
            kind: "main".to_owned(),
            name: name.to_owned(),
        });
        acc.add(file, main.line, main.line, claim);
    }
    for at in 1..code.tokens.len() {
        if !code.is(at, "{") || !code.is(at - 1, "Command") || at < 3 {
            continue;
        }
        let cobra = view
            .canonical(&code.dotted(at - 3, at), at - 3)
            .is_some_and(|c| c == "github.com/spf13/cobra.Command");
        if !cobra {
            continue;
        }
        let Some(usage) = view.field(at, "Use").and_then(|r| view.fold(r)) else {
            continue;
        };
        let Some(name) = usage.split_whitespace().next() else {
            continue;
        };
        let claim = Claim::Entry(Entry {
            kind: "cli".to_owned(),
            name: name.to_owned(),
        });
        acc.add(file, code.line(at), code.line(at), claim);
    }
}

fn purpose(acc: &mut FileFacts, view: &CodeView<'_, '_>) {
    let code = view.code;
    let Some(at) = (0..code.tokens.len().min(64)).find(|&at| code.is(at, "package")) else {
        return;
    };
    let Some((first, last, text)) = code.comment_above(code.line(at)) else {
        return;
    };
    let Some(text) = sentence::first(&text, 240) else {
        return;
    };
    let claim = Claim::Purpose(Purpose {
        subject: view.file.folder().to_owned(),
        text,
    });
    acc.add(view.file, first, last, claim);
}
