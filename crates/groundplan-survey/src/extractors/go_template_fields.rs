//! Fields of Go that templates read.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FieldsRead, FileFacts};
use crate::source::SourceFile;
use std::collections::BTreeSet;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "go-template-fields",
    docs: "\
### What it finds
Names of fields that templates of Go read (`{{ if .Config.Signup }}`), those of templ among them, which then count as
read.

### What it does not find
Fields in templates with delimiters of their own, and those that a template names by a text (`index . \"Signup\"`).
",
    reads: &[Reads::Paths(&["*.gohtml", "*.html", "*.templ", "*.tmpl", "*.tpl"])],
    markers: &["{{", "templ "],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let mut names: BTreeSet<u32> = BTreeSet::new();
    // Too many names are the safe side: they only keep what else would be left out.
    if file.path.ends_with(".templ") {
        take(&mut names, file.text, |_| true);
    } else {
        // Of a field that is not exported a template gets nothing, and templates of others have hardly any but such.
        for rest in file.text.split("{{").skip(1) {
            let inside = rest.split("}}").next().unwrap_or_default();
            take(&mut names, inside, |word| {
                word.starts_with(char::is_uppercase)
            });
        }
    }
    if names.is_empty() {
        return;
    }
    let fields = FieldsRead {
        read: names.into_iter().collect(),
        ..FieldsRead::default()
    };
    acc.add(file, 1, 1, Claim::FieldsRead(Box::new(fields)));
}

/// Takes those of the words behind dots that may be fields.
fn take(names: &mut BTreeSet<u32>, text: &str, may_be: impl Fn(&str) -> bool) {
    for part in text.split('.').skip(1) {
        let word = part
            .split(|c: char| !c.is_alphanumeric() && c != '_')
            .next();
        let word = word.filter(|word| !word.is_empty() && may_be(word));
        names.extend(word.map(FieldsRead::key));
    }
}
