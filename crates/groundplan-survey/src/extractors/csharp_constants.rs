//! Constants of C# that name things which other files speak of.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, PathConstant};
use crate::scan::{self, Part};
use crate::secrets;
use crate::source::SourceFile;
use groundplan_syntax::{DeclKind, Language};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "csharp-constants",
    docs: "\
### What it finds
Constants of classes whose value is one plain word (`public const string WebApi = \"web-api\";`), in files
that hold such constants and no function, so that the names of resources in an application host can be
read.

### What it does not find
Constants beside code, and values that are put together.
",
    reads: &[Reads::Own(&[Language::CSharp])],
    markers: &["public const string "],
    run: extract,
};

/// Constants of a file at most: more are no list of the parts of a system.
const MOST: usize = 100;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own {
        return;
    }
    let code = file.code();
    let outline = file.outline();
    let mut found = Vec::new();
    for at in 3..code.tokens.len() {
        if !code.is(at, "=") || !code.is(at - 2, "string") || !code.is(at - 3, "const") {
            continue;
        }
        let class = outline.owner(at).and_then(|o| outline.types.get(o));
        let (Some(name), Some(value), Some(class)) =
            (code.ident(at - 1), code.string(at + 1), class)
        else {
            continue;
        };
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        let secret = secrets::holds_secret(name, value);
        if value.is_empty() || secret || !value.chars().all(plain) || !code.is(at + 2, ";") {
            continue;
        }
        let constant = PathConstant {
            class: class.name.clone(),
            name: name.to_owned(),
            value: value.to_owned(),
        };
        found.push((code.line(at), constant));
    }
    // A class with functions is a program that happens to have names in it.
    if found.len() > MOST
        || outline
            .declared
            .iter()
            .any(|d| d.kind == DeclKind::Function)
    {
        return;
    }
    for (line, constant) in found {
        acc.add(file, line, line, Claim::PathConstant(constant));
    }
}
