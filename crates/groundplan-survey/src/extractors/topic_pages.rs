//! Pages and sections of documents by what they are on.

use crate::extractor::{Extractor, Reads};
use crate::statements::topics;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "topic-pages",
    docs: "\
### What it finds
Which topics (backups, releases, authentication, limits, monitoring and others) pages and sections of documents
are on, by the names of files, titles and headings, with their first sentence: beside the README, below `docs`, in wikis and in
sites of documents. Files that name those who keep the system: `MAINTAINERS`.

### What it does not find
What a page says further down; pages in other languages than English; pages on plugins, clients and other products.
",
    reads: &[Reads::Paths(&[
        "*.md",
        "*.mdx",
        "*.markdown",
        "*.rst",
        "*.adoc",
        "MAINTAINERS",
        "MAINTAINERS.txt",
    ])],
    markers: &[],
    run: topics::add,
};
