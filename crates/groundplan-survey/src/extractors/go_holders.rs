//! Go: fields of types that hold what adds routes, so that other files of the package can hand routers on
//! through them.

use crate::code_view::CodeView;
use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Mount};
use crate::paths;
use crate::source::SourceFile;
use groundplan_syntax::Language;
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "go-holders",
    docs: "\
### What it finds
Fields of structures whose type is called like one that adds routes (`orders *orders.Module`), by the name of the
field, so that `s.orders.RegisterRoutes(api)` of another file leads to the method of that type.

### What it does not find
Fields of types with other names, and interfaces.
",
    reads: &[Reads::Own(&[Language::Go])],
    markers: &["struct {"],
    run: extract,
};

/// Stands before the name of a field, which is no name of a function.
pub(crate) const FIELD: &str = "->";

/// Fields of a file at most.
const MOST: usize = 400;

/// How types are called whose methods add routes.
const ENDS: [&str; 14] = [
    "API",
    "Api",
    "Apis",
    "Controller",
    "Controllers",
    "Endpoint",
    "Endpoints",
    "Handler",
    "Handlers",
    "Module",
    "Resource",
    "Router",
    "Routes",
    "Server",
];

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) || paths::is_generated(file.path, file.text) {
        return;
    }
    let view = CodeView::of(file);
    let fields = view.code.definitions().iter();
    let typed = fields.filter(|d| d.field && d.value.is_empty() && !d.kind.is_empty());
    for field in typed.take(MOST) {
        let Some(target) = named(&view, &field.kind) else {
            continue;
        };
        let line = view.code.line(field.at);
        let mount = Mount {
            router: Some(format!("{FIELD}{}", field.name)),
            target,
            alias: true,
            ..Mount::default()
        };
        acc.add(file, line, line, Claim::Mount(mount));
    }
}

/// A type of the program as other files know it: `github.com/acme/shop/orders.Module`, `.OrderHandler`.
fn named(view: &CodeView<'_, '_>, kind: &Range<usize>) -> Option<String> {
    let code = view.code;
    let first = kind.start + usize::from(code.is(kind.start, "*"));
    let word = code.ident(first)?;
    let ends = |name: &str| ENDS.iter().any(|end| name.ends_with(end));
    match kind.end - first {
        1 => ends(word).then(|| format!(".{word}")),
        3 if code.is(first + 1, ".") => {
            let module = view.alias(word)?;
            let name = code.ident(first + 2).filter(|name| ends(name))?;
            // Packages of Go itself have no host in their name.
            let host = module.split('/').next().unwrap_or(module);
            let own = host.contains('.') || !matches!(host, "net" | "go" | "log" | "text" | "html");
            own.then(|| format!("{module}.{name}"))
        }
        _ => None,
    }
}
