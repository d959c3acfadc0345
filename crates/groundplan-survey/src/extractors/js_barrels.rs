//! JavaScript and TypeScript: what a file gives away of others.

use crate::extractor::{Extractor, Reads};
use crate::extractors::js_http::EVERYTHING;
use crate::facts::{Claim, FileFacts, Mount};
use crate::paths;
use crate::source::SourceFile;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "js-barrels",
    docs: "\
### What it finds
Names that an `index`, `routes` or `routers` file gives away of others, so that routers are followed through it:
`export { default } from './orders'`, `export { default as users } from './users'`, `export * from './baskets'`.

### What it does not find
Types, classes, constants and hooks of a user interface, which are no routers; what is first imported and then given away
is told where routers are read.
",
    reads: &[Reads::Paths(&[
        "**/index.ts",
        "**/index.js",
        "**/index.mts",
        "**/index.mjs",
        "**/routes.ts",
        "**/routes.js",
        "**/routers.ts",
        "**/routers.js",
    ])],
    markers: &["} from ", "* from "],
    run: extract,
};

/// Names of a file at most.
const MOST: usize = 200;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) {
        return;
    }
    let mut left = MOST;
    let mut lines = (1..).zip(file.text.lines());
    while let Some((number, line)) = lines.next() {
        let Some(rest) = line.strip_prefix("export ") else {
            continue;
        };
        if let Some(rest) = rest.strip_prefix("* from ") {
            if left > 0 {
                left -= 1;
                add(acc, file, number, EVERYTHING, module(rest), "");
            }
            continue;
        }
        let Some(mut inner) = rest.strip_prefix('{').map(str::to_owned) else {
            continue;
        };
        while !inner.contains('}') && inner.len() < 8000 {
            let Some((_, next)) = lines.next() else {
                break;
            };
            inner.push(' ');
            inner.push_str(next.split("//").next().unwrap_or(next));
        }
        let Some((names, rest)) = inner.split_once('}') else {
            continue;
        };
        let from = rest.trim_start().strip_prefix("from ").and_then(module);
        for name in names.split(',').map(str::trim).filter(|n| is_value(n)) {
            let (name, given) = name.split_once(" as ").unwrap_or((name, name));
            if left > 0 {
                left -= 1;
                add(acc, file, number, given.trim(), from, name.trim());
            }
        }
    }
}

/// The file that is named: `./users` of `'./users';`.
fn module(rest: &str) -> Option<&str> {
    let mut parts = rest.trim_start().split(['\'', '"']);
    let named = parts.next()?.is_empty().then(|| parts.next()).flatten()?;
    named.starts_with('.').then_some(named)
}

/// Whether a name may be one of a router: `default`, `users`, `default as users`.
fn is_value(name: &str) -> bool {
    let given = name.rsplit(' ').next().unwrap_or(name);
    let hook = |name: &str| {
        name.strip_prefix("use")
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()))
    };
    !name.starts_with("type ")
        && given.starts_with(|c: char| c.is_ascii_lowercase())
        && !hook(given)
}

fn add(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    line: u32,
    given: &str,
    module: Option<&str>,
    name: &str,
) {
    let Some(module) = module else {
        return;
    };
    let target = match name {
        "" => module.to_owned(),
        name => format!("{module}#{name}"),
    };
    let mount = Mount {
        router: Some(given.to_owned()),
        target,
        alias: true,
        ..Mount::default()
    };
    acc.add(file, line, line, Claim::Mount(mount));
}
