//! Switches in settings that bring a store or broker in and are off by default.

use crate::extractor::{Extractor, Reads};
use crate::facts::FileFacts;
use crate::scan;
use crate::source::SourceFile;
use groundplan_model::Topic;
use groundplan_syntax::Language;

/// The name of observations of [`Topic::Stated`] of a switch that is off; the detail is its key.
pub(crate) const OFF: &str = "a switch that is off";

/// The name of observations of [`Topic::Stated`] of a switch that code asks; the detail is its key.
pub(crate) const ASKED: &str = "a switch that code asks";

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "off-switches",
    docs: "\
### What it finds
Keys with the word of a store or broker in them (`import_with_redis`) that a list of settings in YAML has off
(`name: import_with_redis` beside `value: 0`), and conditions of code that ask for such a key.

### What it does not find
Switches that are put together, and those whose default stands in code.
",
    reads: &[
        Reads::Paths(&["**/config/**/*.yaml", "**/config/**/*.yml"]),
        Reads::Own(&[
            Language::JavaScript,
            Language::Php,
            Language::Python,
            Language::Ruby,
            Language::TypeScript,
        ]),
    ],
    markers: &[
        "_redis",
        "_rabbitmq",
        "_kafka",
        "_memcached",
        "_elasticsearch",
        "_opensearch",
        "_meilisearch",
    ],
    run: extract,
};

/// Lines between the key and the value of one entry.
const NEAR: usize = 3;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::is_test(file.path) {
        return;
    }
    match file.language.is_code() {
        true => asked(acc, file),
        false => off(acc, file),
    }
}

/// Whether a key holds the word of a product.
fn is_key(key: &str) -> bool {
    let names = |word: &str| {
        EXTRACTOR
            .markers
            .iter()
            .any(|marker| marker.strip_prefix('_') == Some(word))
    };
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    key.len() <= 60 && key.bytes().all(plain) && key.split('_').skip(1).any(names)
}

/// `name: import_with_redis` with `value: 0` in the same entry.
fn off(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let lines: Vec<&str> = file.text.lines().collect();
    for (at, line) in lines.iter().enumerate() {
        let Some((_, key)) = pair(line).filter(|(word, key)| *word == "name" && is_key(key)) else {
            continue;
        };
        let first = (at.saturating_sub(NEAR)..=at)
            .rev()
            .find(|&i| lines.get(i).is_some_and(|line| begins(line)));
        let Some(first) = first else { continue };
        let rest = lines.iter().skip(first + 1);
        let entry = rest.take_while(|line| !begins(line)).take(NEAR);
        let mut entry = lines.get(first).into_iter().chain(entry);
        let is_off = entry.any(|line| {
            pair(line).is_some_and(|(word, value)| {
                word == "value" && matches!(value, "0" | "false" | "no" | "off")
            })
        });
        if is_off {
            scan::mark(
                acc,
                file,
                at as u32 + 1,
                Topic::Stated,
                OFF,
                Some(key.to_owned()),
            );
        }
    }
}

/// Whether an entry of a list begins with a line.
fn begins(line: &str) -> bool {
    line.trim_start().starts_with('-')
}

/// The key and the value of a line.
fn pair(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_start().trim_start_matches("- ");
    let (key, value) = line.split_once(':')?;
    let value = value.trim().trim_matches(['"', '\'']);
    (!line.starts_with('#')).then(|| (key.trim(), value))
}

/// `if (config.get('import_with_redis'))`.
fn asked(acc: &mut FileFacts, file: &SourceFile<'_>) {
    for (at, line) in file.text.lines().enumerate() {
        let begin = line.trim_start().trim_start_matches("} ");
        let asks = [
            "if ", "if(", "elif ", "elsif ", "elseif ", "else if", "elseif(", "unless ",
        ];
        if !asks.iter().any(|word| begin.starts_with(word)) {
            continue;
        }
        let mut texts = line.split(['"', '\'']).skip(1).step_by(2);
        if let Some(key) = texts.find(|text| is_key(text)) {
            let key = Some(key.to_owned());
            scan::mark(acc, file, at as u32 + 1, Topic::Stated, ASKED, key);
        }
    }
}
