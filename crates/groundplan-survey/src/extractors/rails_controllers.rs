//! Controllers of Rails: which actions they define, and what those take, answer and ask.

pub(crate) mod actions;
mod befores;
mod params;

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Handler};
use crate::paths;
use crate::ruby::members::Members;
use crate::scan;
use crate::source::SourceFile;
use actions::Reader;
use std::collections::BTreeSet;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "rails-controllers",
    docs: "\
### What it finds
Classes and modules of `app/controllers` with their parent, the modules that they include and the
methods that they define: routes are held against them. Of each method what it reads (`params`,
`permit`, headers, cookies), what it answers (`render`, `head`, `redirect_to`, `send_file`,
`respond_to`, exceptions, its template), what it asks of the caller (`authorize`) and which methods
it calls; what is done before actions (`before_action`, `skip_before_action`) and with exceptions
(`rescue_from`).

### What it does not find
Methods that are made when the program runs; such a controller may answer anything. Statuses and
fields that are computed, what methods of packages read and answer.
",
    // Of templates it counts that they are there.
    reads: &[Reads::Paths(&[
        "**/app/controllers/**/*.rb",
        "**/app/views/**/*.builder",
        "**/app/views/**/*.haml",
        "**/app/views/**/*.jbuilder",
        "**/app/views/**/*.rabl",
        "**/app/views/**/*.slim",
    ])],
    markers: &["class ", "module "],
    run: extract,
};

/// The folder below which controllers have their names.
pub(crate) const FOLDER: &str = "app/controllers/";

/// What stands before the name of a module that a class includes.
pub(crate) const INCLUDED: &str = "include:";

/// Words at the begin of a line that make methods while the program runs.
const MAKERS: [&str; 7] = [
    "define_method",
    "alias_method",
    "alias ",
    "inherit_resources",
    "delegate ",
    "def_delegator",
    "class_eval",
];

/// Methods of one file at most.
const MOST: usize = 400;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) || scan::is_test(file.path) {
        return;
    }
    let Some((_, name)) = file.path.split_once(FOLDER) else {
        return;
    };
    let mut handler = Handler {
        name: name.trim_end_matches(".rb").to_owned(),
        ..Handler::default()
    };
    let mut first = None;
    for (number, line) in file.text.lines().enumerate() {
        let text = line.trim_start();
        let word = |rest: &str| -> String {
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != ':');
            rest[..end.unwrap_or(rest.len())].to_owned()
        };
        if let Some(head) = text.strip_prefix("class ") {
            // Of several classes the first that has a parent is the controller.
            if let Some((_, parent)) = head.split_once('<')
                && !parent.starts_with('<')
                && handler.bases.iter().all(|b| b.starts_with(INCLUDED))
            {
                handler.bases.push(word(parent.trim_start()));
            }
            first = first.or(Some(number as u32 + 1));
        } else if text.starts_with("module ") {
            first = first.or(Some(number as u32 + 1));
        } else if let Some(name) = text.strip_prefix("def ") {
            if handler.methods.len() < MOST {
                handler.methods.push(word(name));
            }
        } else if let Some(names) = text.strip_prefix("include ") {
            let names = names.split(',').map(|n| word(n.trim()));
            let names = names.filter(|n| !n.is_empty());
            handler
                .bases
                .extend(names.map(|n| format!("{INCLUDED}{n}")));
        } else if MAKERS.iter().any(|maker| text.starts_with(maker)) {
            handler.more = true;
        } else if text.contains(" def ") {
            // `private def load`, `memoize def show`
            let name = text.split(" def ").nth(1).map(word);
            handler.methods.extend(name);
        }
    }
    let Some(line) = first else { return };
    let class = handler.name.clone();
    scan::add(acc, file, line, Claim::Handler(Box::new(handler)));
    members(acc, file, &class);
}

/// What stands between the name of a controller and that of one of its methods.
pub(crate) const METHOD: char = '#';

/// What stands behind the name of a controller where it says what is done before its actions.
pub(crate) const BEFORE: char = '~';

/// Files longer than this are not read for what their methods do.
const LONGEST: usize = 400_000;

/// Adds what each method does, and what is done before actions.
fn members(acc: &mut FileFacts, file: &SourceFile<'_>, class: &str) {
    if file.text.len() > LONGEST {
        return;
    }
    let all = Members::of(file.text);
    if all.torn {
        return;
    }
    let own: BTreeSet<&str> = all.methods.iter().map(|method| method.name).collect();
    for said in &all.said {
        let Some(read) = befores::read(&all, said).filter(|r| !r.befores.is_empty()) else {
            continue;
        };
        let mut reader = Reader::new(&all, &own);
        if let Some(block) = read.block {
            reader.read(0..0, block, false);
        }
        let first = all.token(said.tokens.start).map_or(1, |t| t.line);
        let last = said.tokens.end.checked_sub(1);
        let last = last.and_then(|at| all.token(at)).map_or(first, |t| t.line);
        let handler = Handler {
            name: format!("{class}{BEFORE}"),
            befores: read.befores,
            ..reader.handler
        };
        acc.add(file, first, last, Claim::Handler(Box::new(handler)));
    }
    for method in &all.methods {
        let mut reader = Reader::new(&all, &own);
        reader.read(method.params.clone(), method.body.clone(), method.public);
        // The class says that there is such a method; one that does nothing of this says no more.
        if reader.handler == Handler::default() {
            continue;
        }
        let handler = Handler {
            name: format!("{class}{METHOD}{}", method.name),
            ..reader.handler
        };
        let (first, last) = method.lines;
        acc.add(file, first, last, Claim::Handler(Box::new(handler)));
    }
}
