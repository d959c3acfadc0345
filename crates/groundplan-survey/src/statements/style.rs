//! Sentences of a README that name the architecture style in which the system is built.

use super::mark;
use crate::facts::FileFacts;
use crate::markdown::{Block, Kind};
use crate::source::SourceFile;

/// Names of styles as authors write them, lower case, hyphens as spaces. Patterns inside of a program
/// such as CQRS or domain-driven design are no style of the whole.
const STYLES: [&str; 26] = [
    "clean architecture",
    "event driven architecture",
    "event driven microservice",
    "hexagonal architecture",
    "layered architecture",
    "micro service architecture",
    "micro services architecture",
    "microkernel architecture",
    "microservice application",
    "microservice architecture",
    "microservice based",
    "microservice oriented",
    "microservices application",
    "microservices architecture",
    "microservices based",
    "microservices oriented",
    "modular monolith",
    "monolithic application",
    "monolithic architecture",
    "onion architecture",
    "plugin architecture",
    "ports and adapters",
    "serverless architecture",
    "service oriented architecture",
    "three tier architecture",
    "vertical slice architecture",
];

/// Words that say that the system is so; a name without one is the title of a link.
const VERBS: [&str; 22] = [
    "adopts",
    "are",
    "based",
    "built",
    "composed",
    "consists",
    "demonstrates",
    "designed",
    "developed",
    "follows",
    "follow",
    "implementing",
    "implements",
    "is",
    "made",
    "organized",
    "structured",
    "use",
    "uses",
    "using",
    "with",
    "written",
];

/// Words after which the style is that of something else, or is left or only wished for.
const TURNS: [&str; 18] = [
    " not ",
    "alternative to",
    "article",
    "book",
    "course",
    "instead of",
    "learn about",
    "learn more",
    "migrat",
    "ported",
    "rather than",
    "repository",
    "should",
    "unlike",
    "used to be",
    "versus",
    "want",
    "was a ",
];

/// Headings below which others speak.
const OF_OTHERS: [&str; 9] = [
    "acknowledg",
    "article",
    "credit",
    "further reading",
    "inspir",
    "link",
    "reference",
    "related",
    "resource",
];

/// Adds a mark for the first sentence of the README at the root that names a style.
pub(crate) fn add(acc: &mut FileFacts, file: &SourceFile<'_>, blocks: &[Block]) {
    if file.path.contains('/') {
        return;
    }
    let mut foreign = false;
    for block in blocks {
        let text = block.plain().to_owned();
        match block.kind {
            Kind::Heading(_) => {
                let heading = text.to_lowercase();
                foreign = OF_OTHERS.iter().any(|w| heading.contains(w));
            }
            Kind::Paragraph | Kind::Item(_) if !foreign => {
                let said = text.split_inclusive(['.', '!', '?']).map(str::trim);
                // A full stop inside of a name ends no sentence: then its rest has no verb.
                if let Some(said) = said.into_iter().find(|s| names_style(s)) {
                    let lines = (block.first, block.last);
                    mark(acc, file, lines, "architecture-style", said.to_owned());
                    return;
                }
            }
            _ => {}
        }
    }
}

fn names_style(sentence: &str) -> bool {
    let words = sentence.split_whitespace().count();
    if !(5..=45).contains(&words) || sentence.ends_with('?') {
        return false;
    }
    let lower = sentence.to_lowercase().replace('-', " ");
    // A platform for such systems need not be one.
    let own = |style: &&str| {
        let before = lower.find(*style).and_then(|at| lower.get(..at));
        before.is_some_and(|b| !b.split_whitespace().rev().take(4).any(|w| w == "for"))
    };
    STYLES.iter().any(own)
        && !TURNS.iter().any(|t| lower.contains(t))
        && lower
            .split(|c: char| !c.is_alphanumeric())
            .any(|w| VERBS.contains(&w))
}

#[cfg(test)]
mod tests {
    use super::names_style;

    #[test]
    fn styles_are_said_of_the_system() {
        for said in [
            "Using Microservices and Vertical Slice Architecture as a high level architecture.",
            "This is a sample microservice application for testing.",
            "The backend is a modular monolith with one schema for each module.",
        ] {
            assert!(names_style(said), "{said}");
        }
        for other in [
            "Microservices architecture, by Sam Newman.",
            "Unlike a monolithic application it is fast and is small.",
            "We want to use an event-driven architecture one day.",
            "It is fast.",
        ] {
            assert!(!names_style(other), "{other}");
        }
    }
}
