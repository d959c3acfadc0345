//! Controllers of Rails: which actions they define.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Handler};
use crate::paths;
use crate::scan;
use crate::source::SourceFile;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "rails-controllers",
    docs: "\
### What it finds
Classes and modules of `app/controllers` with their parent, the modules that they include and the
methods that they define: routes are held against them.

### What it does not find
Methods that are made when the program runs; such a controller may answer anything.
",
    reads: &[Reads::Paths(&["**/app/controllers/**/*.rb"])],
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
    scan::add(acc, file, line, Claim::Handler(Box::new(handler)));
}
