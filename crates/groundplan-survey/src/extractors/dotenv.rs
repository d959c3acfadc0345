//! `.env` files.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Property};
use crate::secrets;
use crate::source::SourceFile;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "dotenv",
    docs: "\
### What it finds
Keys and values of `.env` files, with the infix of the file name as profile (`.env.staging`).

### What it does not find
Values of secrets: of those only the key is kept. Variables inside values stay as written.
",
    reads: &[Reads::Paths(&[".env", ".env.*", ".env-*", "*.env"])],
    markers: &["="],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let profile = profile(file.name());
    for (number, line) in file.text.lines().enumerate() {
        let line = line.trim();
        let line = line.strip_prefix("export ").unwrap_or(line);
        if line.starts_with('#') {
            continue;
        }
        let Some((key, value)) = line.split_once('=') else {
            continue;
        };
        let key = key.trim();
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
            key: key.to_owned(),
            secret: secrets::holds_secret(key, value)
                || kept.is_none()
                || secrets::holds_credentials(value),
            value: kept,
            profile: profile.clone(),
        };
        let at = number as u32 + 1;
        acc.add(file, at, at, Claim::Property(property));
    }
}

fn profile(name: &str) -> Option<String> {
    let rest = name
        .strip_prefix(".env.")
        .or_else(|| name.strip_suffix(".env"))?;
    let rest = rest.trim_matches('.');
    (!rest.is_empty()).then(|| rest.to_owned())
}
