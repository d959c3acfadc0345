//! Comments that say that work is left, in the languages whose own readers do not look for them.

use crate::extractor::{Extractor, Reads};
use crate::facts::FileFacts;
use crate::paths;
use crate::prose;
use crate::scan::{self, Part};
use crate::source::SourceFile;
use groundplan_syntax::Language;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "open-work",
    docs: "\
### What it finds
`TODO`, `FIXME`, `HACK` and `XXX` in comments of PHP, Ruby, Scala, Swift, C, C++, Elixir, Dart and Lua,
with what the comment says.

### What it does not find
Such words in texts, in tests, and in code that somebody else wrote.
",
    reads: &[Reads::Languages(&[
        Language::Php,
        Language::Ruby,
        Language::Scala,
        Language::Swift,
        Language::C,
        Language::Cpp,
        Language::Elixir,
        Language::Dart,
        Language::Lua,
    ])],
    markers: &["TODO", "FIXME", "HACK", "XXX"],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) == Part::Own && !paths::is_test(file.path) {
        prose::todos(acc, file);
    }
}
