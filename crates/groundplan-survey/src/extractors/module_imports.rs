//! What files of C, C++, Dart, Elixir, Lua, PHP, Ruby, Scala and Swift import.

mod by_lines;
mod by_tokens;

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Import};
use crate::scan::{self, Part};
use crate::source::SourceFile;
use groundplan_syntax::Language;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "module-imports",
    docs: "\
### What it finds
Imports as they are written: `#include` of C and C++; `import`, `export` and `part` of Dart; `alias`,
`import`, `require` and `use` of Elixir; `require` of Lua; `use` of namespaces, `include` and
`require` of PHP; `require`, `require_relative` (as `./x`) and `load` of Ruby; `import` of Scala and
Swift. A group is one import for each of its names.

### What it does not find
Modules whose names are put together at run time, constants that Ruby loads by their names, and
copied libraries.
",
    reads: &[Reads::Languages(&[
        Language::C,
        Language::Cpp,
        Language::Dart,
        Language::Elixir,
        Language::Lua,
        Language::Php,
        Language::Ruby,
        Language::Scala,
        Language::Swift,
    ])],
    markers: &[
        "alias", "export", "import", "include", "load", "part", "require", "use",
    ],
    run: extract,
};

/// One import: its line and the module as it goes into the claim.
type Found = (u32, String);

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) == Part::Foreign {
        return;
    }
    let found = match file.language {
        Language::C | Language::Cpp => by_lines::c(file.text),
        Language::Ruby => by_lines::ruby(file.text),
        Language::Dart => by_tokens::dart(file.code()),
        Language::Elixir => by_tokens::elixir(file.code()),
        Language::Lua => by_tokens::lua(file.code()),
        Language::Php => by_tokens::php(file.code()),
        Language::Scala => by_tokens::scala(file.code()),
        Language::Swift => by_tokens::swift(file.code()),
        _ => Vec::new(),
    };
    for (line, module) in found {
        if !module.is_empty() && module.len() < 300 {
            acc.add(file, line, line, Claim::Import(Import { module }));
        }
    }
}
