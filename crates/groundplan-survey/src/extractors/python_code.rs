//! Python: imports, environment, entry points, module docstrings.

use crate::call_rules::{self, Give, Rule};
use crate::code_view::CodeView;
use crate::env_reads;
use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, Entry, FileFacts, Import, Purpose};
use crate::imports::ImportLine;
use crate::paths;
use crate::sentence;
use crate::source::SourceFile;
use groundplan_syntax::Language;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "python-code",
    docs: "\
### What it finds
Imports, those in functions included; environment variables with their defaults (`os.environ`,
`os.getenv`, django-environ, decouple, fields of pydantic's `BaseSettings`, `envvar` of click and
typer); `__main__` scripts, WSGI and ASGI applications, command lines and Celery workers; the
docstring of packages and of main modules.

### What it does not find
Imports by `importlib` with a computed name, variables whose name is computed, and the reads of
test files and of steps of migrations.
",
    reads: &[Reads::Languages(&[Language::Python])],
    markers: &["import", "environ", "\"\"\"", "'''", "__name__"],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let view = CodeView::of(file);
    for import in view.imports() {
        let claim = Claim::Import(Import {
            module: import.module.clone(),
        });
        acc.add(file, import.line, import.line, claim);
        for module in inner(file, import) {
            let claim = Claim::Import(Import { module });
            acc.add(file, import.line, import.line, claim);
        }
    }
    if paths::is_test(file.path) || paths::is_generated(file.path, file.text) {
        return;
    }
    // A step of migrations runs once, for whoever upgrades: what it reads is no setting of the program.
    if !is_step(file) {
        env_reads::claims(acc, &view);
    }
    main_block(acc, &view);
    applications(acc, &view);
    commands(acc, &view);
    purpose(acc, file);
}

/// What a line takes out of a package that the file itself lies in, and what may be a module of it:
/// `from shop import orders` in `shop/web/pages.py`.
fn inner(file: &SourceFile<'_>, import: &ImportLine) -> Vec<String> {
    let above = import.module.replace('.', "/");
    let own = format!("/{}/", file.folder());
    if import.module.is_empty()
        || import.module.starts_with('.')
        || !own.contains(&format!("/{above}/"))
    {
        return Vec::new();
    }
    let prefix = format!("{}.", import.module);
    let modules = import.names.iter().filter_map(|(_, whole)| {
        let name = whole.strip_prefix(&prefix)?;
        let lower = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        (!name.is_empty() && name.chars().all(lower)).then(|| whole.clone())
    });
    modules.collect()
}

/// Whether a file is one step of migrations of Django or Alembic.
fn is_step(file: &SourceFile<'_>) -> bool {
    let django = file.says("migrations.Migration");
    let alembic = || file.says("down_revision") && file.says("def upgrade");
    django && file.folder().rsplit('/').next() == Some("migrations") || alembic()
}

fn stem<'s>(file: &SourceFile<'s>) -> &'s str {
    let name = file.name();
    let stem = name.strip_suffix(".py").unwrap_or(name);
    match stem {
        "__init__" | "__main__" => file.folder().rsplit('/').next().unwrap_or(stem),
        stem => stem,
    }
}

fn entry(acc: &mut FileFacts, file: &SourceFile<'_>, line: u32, kind: &str, name: &str) {
    let claim = Claim::Entry(Entry {
        kind: kind.to_owned(),
        name: name.to_owned(),
    });
    acc.add(file, line, line, claim);
}

fn main_block(acc: &mut FileFacts, view: &CodeView<'_, '_>) {
    let code = view.code;
    for at in 0..code.tokens.len() {
        if code.is(at, "__name__")
            && at > 0
            && code.is(at - 1, "if")
            && code.is(at + 1, "=")
            && code.string(at + 3) == Some("__main__")
        {
            entry(acc, view.file, code.line(at), "script", stem(view.file));
            return;
        }
    }
}

const fn application(on: &'static str, call: &'static str, kind: &'static str) -> Rule {
    call_rules::client(on, call, "", kind, "")
}

/// Constructors of applications.
const APPLICATIONS: &[Rule] = &[
    application("flask", "Flask", "wsgi"),
    application("bottle", "Bottle", "wsgi"),
    application("falcon", "App API", "wsgi"),
    application("django.core.wsgi", "get_wsgi_application", "wsgi"),
    application("django.core.asgi", "get_asgi_application", "asgi"),
    application("fastapi", "FastAPI", "asgi"),
    application("starlette.applications", "Starlette", "asgi"),
    application("litestar", "Litestar", "asgi"),
    application("quart", "Quart", "asgi"),
    application("sanic", "Sanic", "asgi"),
    application("aiohttp.web", "Application", "asgi"),
    application("connexion", "FlaskApp App AsyncApp", "wsgi"),
    application("tornado.web", "Application", "tornado"),
    application("celery", "Celery", "worker"),
    application("typer", "Typer", "cli"),
    application("argparse", "ArgumentParser", "cli"),
];

fn applications(acc: &mut FileFacts, view: &CodeView<'_, '_>) {
    let mut found: Vec<(u32, &str, String)> = Vec::new();
    for rule in APPLICATIONS {
        let Give::Client { protocol: kind, .. } = rule.give else {
            continue;
        };
        for name in rule.call.split(' ') {
            for &call in view.calls_of(name) {
                let callee = view.callee(call);
                if callee.on.as_deref() != Some(rule.on) || callee.method != name {
                    continue;
                }
                let holder = view
                    .code
                    .definitions()
                    .iter()
                    .find(|d| d.value.start == call.first);
                let name = match kind {
                    "cli" => stem(view.file),
                    _ => holder.map_or(stem(view.file), |d| d.name),
                };
                found.push((view.code.line(call.first), kind, name.to_owned()));
            }
        }
    }
    found.sort();
    for (line, kind, name) in found {
        entry(acc, view.file, line, kind, &name);
    }
}

/// Functions under `@click.command()` and `@click.group()`.
fn commands(acc: &mut FileFacts, view: &CodeView<'_, '_>) {
    for note in view.code.annotations() {
        let last = note.name.rsplit('.').next().unwrap_or_default();
        if !matches!(last, "command" | "group") {
            continue;
        }
        let click = view
            .canonical(&note.name, view.code.tokens.len())
            .is_some_and(|c| c.starts_with("click."));
        if !click {
            continue;
        }
        let function = view.code.functions().iter().find(|f| f.first >= note.next);
        let given = note
            .open
            .and_then(|open| view.argument(open, 0))
            .and_then(|r| view.constant(r));
        let Some(name) = given.or_else(|| function.map(|f| f.name.to_owned())) else {
            continue;
        };
        entry(acc, view.file, note.line, "cli", &name);
    }
}

fn purpose(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let folder = file.folder().rsplit('/').next().unwrap_or_default();
    let name = stem(file);
    let speaks = matches!(
        file.name(),
        "__init__.py"
            | "__main__.py"
            | "main.py"
            | "app.py"
            | "server.py"
            | "wsgi.py"
            | "asgi.py"
            | "cli.py"
    ) || name == folder;
    let code = file.code();
    let Some(text) = code.string(0).filter(|_| speaks) else {
        return;
    };
    let Some(token) = code.tokens.first() else {
        return;
    };
    let Some(text) = sentence::first(text, 240) else {
        return;
    };
    let subject = if file.name() == "__init__.py" {
        file.folder()
    } else {
        file.path
    };
    let last = token.line + code.raw(0).matches('\n').count() as u32;
    let claim = Claim::Purpose(Purpose {
        subject: subject.to_owned(),
        text,
    });
    acc.add(file, token.line, last, claim);
}
