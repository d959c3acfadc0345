//! `.env` files.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Property};
use crate::secrets;
use crate::source::SourceFile;
use std::collections::BTreeSet;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "dotenv",
    docs: "\
### What it finds
Keys and values of `.env` files, with the infix of the file name as profile (`.env.staging`); in files
that are there to be copied (`.env.example`, `server.env.template`) also those that are commented out.

### What it does not find
Values of secrets: of those only the key is kept. Variables inside values stay as written.
",
    reads: &[Reads::Paths(&[
        ".env",
        ".env.*",
        ".env-*",
        "*.env",
        "*.env.dist",
        "*.env.example",
        "*.env.sample",
        "*.env.template",
    ])],
    markers: &["="],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let profile = profile(file.name());
    let copied = profile.as_deref().is_some_and(is_to_be_copied);
    let mut outcommented: BTreeSet<&str> = BTreeSet::new();
    for (number, line) in file.text.lines().enumerate() {
        let line = line.trim();
        let line = line.strip_prefix("export ").unwrap_or(line);
        let inner = line.strip_prefix('#').filter(|_| copied);
        let line = match inner.map(str::trim_start) {
            Some(inner) if is_variable(inner) => inner,
            _ => line,
        };
        if line.starts_with('#') {
            continue;
        }
        let Some((key, value)) = line.split_once('=') else {
            continue;
        };
        let key = key.trim();
        // Of several values that a file offers for one variable the first is the common one.
        if inner.is_some() && !outcommented.insert(key) {
            continue;
        }
        if key.is_empty()
            || !key
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c))
        {
            continue;
        }
        let value = value.trim();
        let value = value
            .split(" #")
            .next()
            .unwrap_or(value)
            .trim()
            .trim_matches(['"', '\'']);
        let kept = secrets::keep(key, value);
        let property = Property {
            commented: inner.is_some(),
            key: key.to_owned(),
            // What nobody has filled in is nothing to hide, and nothing that anybody is given; in a pattern it waits to be.
            secret: (!value.is_empty() || file.name() != ".env")
                && secrets::holds_secret(key, value)
                || kept.is_none()
                || secrets::holds_credentials(value),
            value: kept,
            profile: profile.clone(),
        };
        let at = number as u32 + 1;
        acc.add(file, at, at, Claim::Property(property));
    }
}

/// Whether a file is no configuration, but one to make yours from.
fn is_to_be_copied(profile: &str) -> bool {
    let last = profile.rsplit('.').next().unwrap_or(profile);
    matches!(last, "dist" | "example" | "sample" | "template")
}

/// `KEY=value` without a blank before the sign, as nothing else in a comment is written.
fn is_variable(text: &str) -> bool {
    let key = text.split_once('=').map_or("", |(key, _)| key);
    key.len() > 2
        && key.starts_with(|c: char| c.is_ascii_uppercase())
        && (key.bytes()).all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
}

fn profile(name: &str) -> Option<String> {
    let ending = || name.rsplit_once(".env.").map(|(_, ending)| ending);
    let rest = name
        .strip_prefix(".env.")
        .or_else(|| name.strip_suffix(".env"))
        .or_else(ending)?;
    let rest = rest.trim_matches('.');
    (!rest.is_empty()).then(|| rest.to_owned())
}
