//! Repositories of Spring Data and Micronaut Data: of which classes they keep objects.

use super::java_entities::parameters;
use crate::extractor::{Extractor, Reads};
use crate::facts::{ANY_CLASS, Claim, FileFacts};
use crate::scan::{self, Part};
use crate::source::SourceFile;
use groundplan_syntax::Language;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "java-repositories",
    docs: "\
### What it finds
The class whose objects a repository of Spring Data or Micronaut Data keeps
(`interface Trips extends CrudRepository<Trip, Long>`), and files that use templates
(`MongoTemplate`), which keep objects of any class.

### What it does not find
Classes that code of the repository's own stores in another way.
",
    reads: &[Reads::Own(&[Language::Java, Language::Kotlin])],
    markers: &[
        "Repository<",
        "MongoTemplate",
        "MongoOperations",
        "ElasticsearchOperations",
    ],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own {
        return;
    }
    let code = file.code();
    let templates = [
        "MongoTemplate",
        "MongoOperations",
        "ElasticsearchOperations",
    ];
    if let Some(word) = templates.iter().find(|w| file.text.contains(*w)) {
        // A comment may speak of it too.
        let mut tokens = 0..code.tokens.len();
        if let Some(at) = tokens.find(|&at| code.ident(at).is_some_and(|n| n.ends_with(word))) {
            let line = code.line(at);
            acc.add(file, line, line, Claim::Keeps(ANY_CLASS.to_owned()));
        }
    }
    let outline = file.outline();
    for class in &outline.types {
        for at in class.heritage.clone() {
            let repository = code.ident(at).is_some_and(|n| n.ends_with("Repository"));
            if repository
                && code.is(at + 1, "<")
                && let Some(mut kept) = code.ident(at + 2)
            {
                let mut last = at + 2;
                while code.is(last + 1, ".")
                    && let Some(name) = code.ident(last + 2)
                {
                    (kept, last) = (name, last + 2);
                }
                // A base of repositories keeps what those that extend it say.
                if parameters(code, class).contains(&kept) {
                    kept = ANY_CLASS;
                }
                let claim = Claim::Keeps(kept.to_owned());
                acc.add(file, class.line, class.line, claim);
            }
        }
    }
}
