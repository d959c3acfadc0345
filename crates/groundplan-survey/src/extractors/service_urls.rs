//! Addresses of neighbours that stand in literals of code.

use crate::addresses;
use crate::extractor::{Extractor, Reads};
use crate::facts::FileFacts;
use crate::scan::{self, Part};
use crate::source::SourceFile;
use groundplan_syntax::Language;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "service-urls",
    docs: "\
### What it finds
String literals in Java, Kotlin, JavaScript, TypeScript and C# that are the URL of a host inside one
network (a name without a dot, or one that ends in `.local`, `.svc`, `.internal`) or a connection
string. Each becomes a client, unless another claim of the file speaks of the same host. It runs
after the extractors that know calls. In Go and Python such literals count where they are given a name:
`BROKER = redis://cache:6379`, as fields of a structure are.

### What it does not find
Local addresses; URLs with a public host; literals that are only logged, compared or documented.
",
    reads: &[Reads::Own(&[
        Language::Java,
        Language::Kotlin,
        Language::JavaScript,
        Language::TypeScript,
        Language::CSharp,
        Language::Go,
        Language::Python,
    ])],
    markers: &["://", "Server=", "Host=", "Data Source="],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) == Part::Own {
        addresses::literals(acc, file);
    }
}
