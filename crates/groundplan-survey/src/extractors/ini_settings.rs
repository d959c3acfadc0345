//! Settings in files of sections.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Property};
use crate::scan;
use crate::secrets;
use crate::source::SourceFile;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "ini-settings",
    docs: "\
### What it finds
Keys and values of files of sections that a program reads for its settings (`conf/app.ini`, `config.ini`), each
behind its section: `database.TYPE`. A file that is there to be copied (`app.example.ini`) is told as an example.

### What it does not find
Values of secrets: of those only the key is kept. Files of tools that have a form of their own (supervisord,
uWSGI, Alembic, pytest, PHP), inventories of Ansible, keys behind more than two levels of sections.
",
    reads: &[Reads::Paths(&[
        "app.ini",
        "app.example.ini",
        "config.ini",
        "settings.ini",
        "**/conf/*.ini",
        "**/config/*.ini",
        "**/configs/*.ini",
    ])],
    markers: &["["],
    run: extract,
};

/// Names of files of settings wherever they lie.
const FILES: [&str; 4] = ["app.ini", "app.example.ini", "config.ini", "settings.ini"];

/// Sections of tools whose files are no settings of the program.
const TOOLS: [&str; 14] = [
    "supervisord",
    "uwsgi",
    "alembic",
    "pytest",
    "mypy",
    "tox",
    "tool",
    "php",
    "opcache",
    "all",
    "isort",
    "flake8",
    "loggers",
    "program",
];

/// Keys of one file at most: more are data.
const MOST: usize = 600;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let name = file.name().to_ascii_lowercase();
    let copied = |part| matches!(part, "example" | "sample" | "dist");
    let profile = name.split('.').any(copied).then(|| "example".to_owned());
    for (line, key, value) in settings(file).unwrap_or_default() {
        let kept = secrets::keep(&key, value);
        let property = Property {
            commented: false,
            secret: secrets::is_secret_name(&key) || kept.is_none(),
            value: kept,
            profile: profile.clone(),
            key,
        };
        acc.add(file, line, line, Claim::Property(property));
    }
}

/// Whether the settings of a file are read with their sections.
pub(super) fn reads(file: &SourceFile<'_>) -> bool {
    let path = file.path;
    let parent = crate::paths::split_name(path).map_or("", |(folder, _)| folder);
    let parent = parent.rsplit('/').next().unwrap_or(parent);
    let placed = matches!(parent, "conf" | "config" | "configs") && path.ends_with(".ini");
    (placed || FILES.contains(&file.name())) && settings(file).is_some()
}

/// Lines, keys behind their sections, and values; `None` of a file that is a tool's, a test's or data.
fn settings<'t>(file: &SourceFile<'t>) -> Option<Vec<(u32, String, &'t str)>> {
    if scan::is_test(file.path) || file.name() == "php.ini" {
        return None;
    }
    let mut section = "";
    let mut found: Vec<(u32, String, &str)> = Vec::new();
    for (number, line) in (1_u32..).zip(file.text.lines()) {
        let line = line.trim();
        if line.is_empty() || line.starts_with([';', '#']) {
            continue;
        }
        if let Some(head) = line
            .strip_prefix('[')
            .and_then(|rest| rest.split(']').next())
        {
            let first = head.split([':', '.', ' ']).next().unwrap_or(head);
            if TOOLS.iter().any(|tool| first.eq_ignore_ascii_case(tool)) {
                return None;
            }
            section = head.trim();
            continue;
        }
        let Some((key, value)) = line.split_once('=') else {
            continue;
        };
        let (key, value) = (key.trim(), value.trim().trim_matches('`'));
        let plain = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
        if key.is_empty() || !key.chars().all(plain) {
            continue;
        }
        let whole = match section {
            "" => key.to_owned(),
            section => format!("{section}.{key}"),
        };
        found.push((number, whole, value));
    }
    (found.len() <= MOST).then_some(found)
}
