//! Variables of the environment that the configuration of a Symfony application reads.

use crate::extractor::{Extractor, Reads};
use crate::facts::FileFacts;
use crate::scan;
use crate::source::SourceFile;
use std::collections::BTreeMap;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "symfony-env",
    docs: "\
### What it finds
Variables in `%env(DATABASE_URL)%` of configuration in YAML, behind whatever processors
(`%env(default:fallback:bool:DEBUG)%`), and their defaults (`env(APP_DEBUG): '0'` among the parameters):
<https://symfony.com/doc/current/configuration/env_var_processors.html>.

### What it does not find
Configuration in PHP or XML; defaults that another parameter holds.
",
    reads: &[Reads::Paths(&["**/config/**/*.yaml", "**/config/**/*.yml"])],
    markers: &["%env("],
    run: extract,
};

/// Variables of one file at most.
const MOST: usize = 200;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let of_tests = |part: &str| part.split(['.', '_', '-']).any(|word| word == "test");
    if scan::is_test(file.path) || file.path.split('/').any(of_tests) {
        return;
    }
    let defaults = defaults(file);
    let mut known = 0;
    for (index, line) in file.text.lines().enumerate() {
        // What a comment shows is read by nobody.
        let line = line.split(" #").next().unwrap_or(line);
        if line.trim_start().starts_with('#') {
            continue;
        }
        for part in line.split("%env(").skip(1) {
            let Some((inner, _)) = part.split_once(")%") else {
                continue;
            };
            let name = inner.rsplit(':').next().unwrap_or(inner).trim();
            if known < MOST && is_name(name) {
                known += 1;
                scan::env(
                    acc,
                    file,
                    index as u32 + 1,
                    name,
                    defaults.get(name).copied(),
                );
            }
        }
    }
}

/// What the parameters of a file say that variables are unless somebody sets them.
fn defaults<'t>(file: &SourceFile<'t>) -> BTreeMap<&'t str, &'t str> {
    let default = |line: &'t str| {
        let (name, value) = line.trim().strip_prefix("env(")?.split_once("):")?;
        let value = value.split(" #").next().unwrap_or(value).trim();
        let value = value.trim_matches(['"', '\'']);
        let plain = !value.is_empty() && !matches!(value, "~" | "null") && !value.contains('%');
        plain.then_some((name, value))
    };
    file.text.lines().filter_map(default).collect()
}

fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase() || c == '_')
        && name
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
}
