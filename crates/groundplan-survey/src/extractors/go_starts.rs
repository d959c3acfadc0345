//! Go: which functions files that start programs have, and which they ask others for.

use crate::code_view::CodeView;
use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Starts};
use crate::paths;
use crate::source::SourceFile;
use groundplan_syntax::{Call, Language};
use std::collections::{BTreeMap, BTreeSet};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "go-starts",
    docs: "\
### What it finds
Of files of Go with a `main` function, of those of packages of commands (a folder called `cmd`,
`command` or `cli`, or an import of a library for command lines) and of those that register a server of
gRPC: the functions of the file, and the functions of other packages that it names. Several programs often
import one package of commands and ask it for one command each.

### What it does not find
Methods, functions of other packages, and what is asked for through a variable.
",
    reads: &[Reads::Own(&[Language::Go])],
    markers: &["func main(", "cobra", "cli", "kingpin", "kong", "flag", "package c", "Register"],
    run: extract,
};

/// A file that names more is not told: all of its package is then part of what imports it.
const MOST: usize = 400;

/// Libraries for command lines.
const LIBRARIES: [&str; 7] = [
    "github.com/alecthomas/kingpin",
    "github.com/alecthomas/kong",
    "github.com/jessevdk/go-flags",
    "github.com/mitchellh/cli",
    "github.com/spf13/cobra",
    "github.com/spf13/pflag",
    "github.com/urfave/cli",
];

/// Words before brackets that are no functions of a package.
const BUILT_IN: [&str; 15] = [
    "append", "cap", "close", "copy", "delete", "func", "import", "len", "make", "max", "min",
    "new", "panic", "print", "string",
];

/// Whether a folder is called like a package of commands.
fn is_of_commands(folder: &str) -> bool {
    let last = folder.rsplit('/').next().unwrap_or(folder);
    matches!(last, "cmd" | "cmds" | "command" | "commands" | "cli")
}

/// Whether a module comes with Go.
fn is_given(module: &str) -> bool {
    // Others begin with the name of a host.
    let first = module.split('/').next().unwrap_or(module);
    !first.contains('.')
}

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) || paths::is_generated(file.path, file.text) {
        return;
    }
    let main = file.says("func main(");
    let serves = file.says("Register") && file.says("Server(");
    if !main
        && !serves
        && !is_of_commands(file.folder())
        && !LIBRARIES.iter().any(|l| file.text.contains(l))
    {
        return;
    }
    let view = CodeView::of(file);
    let code = view.code;
    let mut makes = BTreeSet::new();
    let mut line = None;
    for function in code.functions() {
        // Between the word and the name of a method stands whose it is.
        let plain = function
            .at
            .checked_sub(1)
            .is_some_and(|at| code.is(at, "func"));
        if plain && function.parent.is_none() && !function.class && !function.name.is_empty() {
            line = line.or(Some(function.line));
            makes.insert(function.name.to_owned());
        }
    }
    let mut modules: BTreeMap<&str, &str> = BTreeMap::new();
    for import in view.imports() {
        let names = import.names.iter().map(|(name, _)| name.as_str());
        modules.extend(names.map(|name| (name, import.module.as_str())));
    }
    let mut asks = BTreeSet::new();
    for at in 2..code.tokens.len() {
        let Some(name) = code.ident(at).filter(|_| code.is(at - 1, ".")) else {
            continue;
        };
        let behind = at > 2 && code.is(at - 3, ".");
        let module = code.ident(at - 2).filter(|_| !behind);
        let Some(&module) = module.and_then(|alias| modules.get(alias)) else {
            continue;
        };
        let exported = name.starts_with(|c: char| c.is_ascii_uppercase());
        if exported && !is_given(module) {
            asks.insert((module.to_owned(), name.to_owned()));
        }
    }
    for (name, calls) in view.calls() {
        let plain = |call: &Call| code.name(*call) == name;
        let own = makes.contains(name) || BUILT_IN.binary_search(&name).is_ok();
        if !own && calls.iter().any(plain) {
            asks.insert((String::new(), name.to_owned()));
        }
    }
    // What is left out would count as not asked for.
    let more = makes.len() > MOST || asks.len() > MOST;
    if more || makes.is_empty() && asks.is_empty() {
        return;
    }
    let line = line.unwrap_or(1);
    let starts = Starts {
        makes: makes.into_iter().collect(),
        asks: asks.into_iter().collect(),
    };
    acc.add(file, line, line, Claim::Starts(Box::new(starts)));
}
