//! Constants of Go packages that hold paths.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, PathConstant};
use crate::paths;
use crate::source::SourceFile;
use groundplan_syntax::Language;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "go-path-constants",
    docs: "\
### What it finds
Constants of a package that are named for a path (`URLPathAPI = \"/api\"`, `BasePath`, `AdminRoute`), so that
routes of other packages can be read that are written with them.

### What it does not find
Constants that are put together from others, and those inside of functions.
",
    reads: &[Reads::Languages(&[Language::Go])],
    markers: &[" = \"/"],
    run: extract,
};

/// Constants of a file at most.
const MOST: usize = 500;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) || paths::is_generated(file.path, file.text) {
        return;
    }
    let code = file.code();
    let mut found = 0;
    for equals in 1..code.tokens.len() {
        if !code.is(equals, "=") || found >= MOST {
            continue;
        }
        let (Some(value), Some(name)) = (code.string(equals + 1), code.ident(equals - 1)) else {
            continue;
        };
        let named = ["Base", "Endpoint", "Path", "Prefix", "Route", "URI", "URL"]
            .iter()
            .any(|word| name.contains(word));
        let alone = code.starts_line(equals + 2) || code.is(equals + 2, ")");
        if named
            && alone
            && name.starts_with(char::is_uppercase)
            && value.starts_with('/')
            && !value.contains(' ')
            && code.function_at(equals).is_none()
        {
            found += 1;
            let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
            let class = folder.rsplit('/').next().unwrap_or(folder).to_owned();
            let constant = PathConstant {
                class,
                name: name.to_owned(),
                value: value.to_owned(),
            };
            let line = code.line(equals);
            acc.add(file, line, line, Claim::PathConstant(constant));
        }
    }
}
