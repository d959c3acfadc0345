//! Roadmaps.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts};
use crate::markdown::{Kind, Markup, blocks, is_ticked, plain};
use crate::source::SourceFile;
use groundplan_model::{Milestone, Provenance};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "roadmap",
    docs: "\
### What it finds
Phases of a `ROADMAP` file: each heading with a list below it, and the term if the heading says
short, medium or long. Of a roadmap without lists beside the README or in the documents the first paragraph.

### What it does not find
Roadmaps in other files; what is ticked off.
",
    reads: &[Reads::Paths(&["ROADMAP.md", "ROADMAP.rst", "ROADMAP.adoc"])],
    markers: &[],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let mut open: Option<(Milestone, (u32, u32))> = None;
    let all = blocks(file.text, Markup::of(file.path));
    crate::statements::pages::roadmap(acc, file, &all);
    for block in all {
        let text = plain(&block.text);
        match block.kind {
            Kind::Heading(_) => {
                finish(acc, file, open.take());
                let milestone = Milestone {
                    term: term(&text),
                    name: text,
                    deliverables: Vec::new(),
                    provenance: Provenance::observed([]),
                };
                open = Some((milestone, (block.first, block.last)));
            }
            // What is ticked off is planned no more.
            Kind::Item(_) if is_ticked(file.lines().text(block.first)) == Some(true) => {}
            Kind::Item(indent) if indent < 2 && !text.is_empty() => {
                if let Some((milestone, lines)) = &mut open {
                    milestone.deliverables.push(text);
                    lines.1 = block.last;
                }
            }
            _ => {}
        }
    }
    finish(acc, file, open);
}

fn finish(acc: &mut FileFacts, file: &SourceFile<'_>, open: Option<(Milestone, (u32, u32))>) {
    let Some((mut milestone, (first, last))) = open else {
        return;
    };
    if milestone.deliverables.is_empty() || milestone.name.is_empty() {
        return;
    }
    milestone.provenance = Provenance::observed([file.evidence(first, last)]);
    acc.add(file, first, last, Claim::Milestone(Box::new(milestone)));
}

fn term(heading: &str) -> Option<String> {
    let lower = heading.to_lowercase();
    let has = |words: &[&str]| {
        lower
            .split(|c: char| !c.is_alphanumeric())
            .any(|part| words.contains(&part))
    };
    let term = if has(&["short", "now", "current"]) {
        "short"
    } else if has(&["medium", "mid", "next"]) {
        "medium"
    } else if has(&["long", "later", "future", "someday"]) {
        "long"
    } else {
        return None;
    };
    Some(term.to_owned())
}
