//! Labels of images that say what an image is for and who keeps it.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Mark, Purpose};
use crate::source::SourceFile;
use crate::statements::said::{is_placeholder, without_addresses};
use groundplan_model::Topic;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "image-labels",
    docs: "\
### What it finds
In Dockerfiles what the labels `org.opencontainers.image.description` and `org.label-schema.description` say that
the image is for, and whom `org.opencontainers.image.authors`, `maintainer` and `MAINTAINER` name.

### What it does not find
E-mail addresses, which are left out; labels with a variable in their value.
",
    reads: &[Reads::Paths(&[
        "Dockerfile",
        "Dockerfile.*",
        "Dockerfile-*",
        "*.Dockerfile",
        "Containerfile",
    ])],
    markers: &["LABEL", "MAINTAINER", "label", "maintainer"],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let mut within = false;
    let (mut purpose, mut people) = (false, false);
    for (number, line) in file.text.lines().enumerate() {
        let at = number as u32 + 1;
        let trimmed = line.trim();
        if trimmed.starts_with('#') || trimmed.is_empty() {
            continue;
        }
        let keyword = trimmed.split_whitespace().next().unwrap_or_default();
        let starts = keyword.eq_ignore_ascii_case("LABEL");
        let alone = keyword.eq_ignore_ascii_case("MAINTAINER");
        let of_label = starts || within;
        within = of_label && trimmed.ends_with('\\');
        let rest = match starts || alone {
            true => trimmed[keyword.len()..].trim(),
            false => trimmed,
        };
        if alone && !people {
            people = keeps(acc, file, at, rest);
        }
        if !of_label {
            continue;
        }
        for (key, value) in pairs(rest.trim_end_matches('\\').trim()) {
            match key.as_str() {
                "org.opencontainers.image.description" | "org.label-schema.description"
                    if !purpose =>
                {
                    purpose = true;
                    if says(&value) {
                        let claim = Purpose {
                            subject: file.path.to_owned(),
                            text: value,
                        };
                        acc.add(file, at, at, Claim::Purpose(claim));
                    }
                }
                "org.opencontainers.image.authors"
                | "maintainer"
                | "org.label-schema.maintainer"
                    if !people =>
                {
                    people = keeps(acc, file, at, &value);
                }
                _ => {}
            }
        }
    }
}

/// Whether a text says in words what something is for.
fn says(text: &str) -> bool {
    text.split_whitespace().count() > 1 && !text.contains('$') && text.len() < 400
}

/// Notes who keeps the image, if the label has a name and not an address alone.
fn keeps(acc: &mut FileFacts, file: &SourceFile<'_>, at: u32, value: &str) -> bool {
    // Images deeper down are often taken over with the names of those who made them.
    if file.path.contains('/') {
        return false;
    }
    let name = without_addresses(value.trim_matches(['"', '\'']));
    let name = name.trim_matches(|c: char| !c.is_alphanumeric() && c != ')');
    if name.chars().filter(|c| c.is_alphabetic()).count() < 3
        || name.contains("http")
        || name.contains('$')
        || is_placeholder(name)
    {
        return false;
    }
    let mark = Mark {
        topic: Topic::Stated,
        name: "maintainers".to_owned(),
        detail: Some(format!("Maintainer of the image: {name}")),
    };
    acc.add(file, at, at, Claim::Mark(mark));
    true
}

/// `key="value"` and `key=value` of a line of labels.
fn pairs(line: &str) -> Vec<(String, String)> {
    let mut all = Vec::new();
    let mut rest = line;
    while let Some((key, behind)) = rest.split_once('=') {
        let key = key.trim().trim_matches('"').to_ascii_lowercase();
        let behind = behind.trim_start();
        let quote = behind.chars().next().filter(|c| matches!(c, '"' | '\''));
        let (value, next) = match quote {
            Some(quote) => {
                let inner = &behind[1..];
                let ends = |at: &usize| !inner[..*at].ends_with('\\');
                match inner.match_indices(quote).map(|(at, _)| at).find(ends) {
                    Some(end) => (&inner[..end], &inner[end + 1..]),
                    None => break,
                }
            }
            None => behind.split_once(' ').unwrap_or((behind, "")),
        };
        all.push((key, value.trim().replace("\\\"", "\"")));
        rest = next;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::pairs;

    #[test]
    fn labels_are_read_in_both_spellings() {
        let escaped = pairs("a=\"the \\\"best\\\" shop\" b=c");
        assert_eq!(escaped[0].1, "the \"best\" shop");
        let found = pairs("a.b=\"Sells paint = cheap\" \"c\"='d e' f=g h=\"\"");
        let found: Vec<(&str, &str)> = found
            .iter()
            .map(|(k, v)| (k.as_str(), v.as_str()))
            .collect();
        assert_eq!(
            found,
            [
                ("a.b", "Sells paint = cheap"),
                ("c", "d e"),
                ("f", "g"),
                ("h", "")
            ]
        );
    }
}
