//! Addresses on the machine of a developer that files for tasks give to what they start.

use crate::extractor::{Extractor, Reads};
use crate::facts::FileFacts;
use crate::scan;
use crate::source::SourceFile;
use groundplan_model::Topic;

/// The name of observations of [`Topic::Stated`] of such an address: the detail has the variable and, behind a line
/// break, the port.
pub(crate) const TASK_ADDRESS: &str = "address for tasks";

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "task-addresses",
    docs: "\
### What it finds
Variables of Taskfiles, Makefiles and justfiles that lead to this machine: `DATABASE_URL: postgres://localhost:5432/shop`, and
`SMTP_HOST: localhost` with the port of `SMTP_PORT` beside it.

### What it does not find
Variables that a command sets in front of what it starts, and lines that are commented out.
",
    reads: &[Reads::Paths(&[
        "Taskfile.yml",
        "Taskfile.yaml",
        "Makefile",
        "GNUmakefile",
        "justfile",
        "Justfile",
        ".justfile",
    ])],
    markers: &["localhost", "127.0.0.1"],
    run: extract,
};

/// Addresses of one file at most.
const MOST: usize = 20;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let variables: Vec<(u32, &str, &str)> = (1u32..)
        .zip(file.text.lines())
        .filter_map(|(at, line)| variable(line).map(|(key, value)| (at, key, value)))
        .collect();
    let mut told = 0;
    for (place, (at, key, value)) in variables.iter().enumerate() {
        let port = port_of(value).or_else(|| {
            let before = ["_HOST", "_SERVER"]
                .iter()
                .find_map(|end| key.strip_suffix(end))?;
            // The port stands in the same block.
            let beside = variables.iter().skip(place.saturating_sub(6)).take(13);
            let port = beside.filter(|(_, k, _)| k.strip_suffix("_PORT") == Some(before));
            let (_, _, port) = port.min_by_key(|(other, ..)| other.abs_diff(*at))?;
            (is_local(value) && is_number(port)).then_some(*port)
        });
        if let Some(port) = port.filter(|_| told < MOST) {
            told += 1;
            let detail = Some(format!("{key}\n{port}"));
            scan::mark(acc, file, *at, Topic::Stated, TASK_ADDRESS, detail);
        }
    }
}

/// `KEY: value` or `KEY = value` of a key in capitals.
fn variable(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_start();
    let line = line.strip_prefix("export ").unwrap_or(line);
    let end = line.find(|c: char| !c.is_ascii_uppercase() && !c.is_ascii_digit() && c != '_')?;
    let (key, rest) = line.split_at(end);
    let rest = rest.trim_start();
    let value = [":=", "?=", "=", ":"]
        .iter()
        .find_map(|sign| rest.strip_prefix(sign))?;
    let value = value.split(" #").next().unwrap_or(value).trim();
    let value = value.trim_matches(['"', '\'']);
    // An address has no blank: behind one stands what is started.
    (key.len() > 3 && !value.contains([' ', '\t'])).then_some((key, value))
}

fn is_local(value: &str) -> bool {
    matches!(value, "localhost" | "127.0.0.1")
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.len() < 6 && text.bytes().all(|b| b.is_ascii_digit())
}

/// The port of an address on this machine.
fn port_of(value: &str) -> Option<&str> {
    let host = ["localhost:", "127.0.0.1:"];
    let rest = host.iter().find_map(|host| value.split_once(host))?.1;
    let port = rest.split(|c: char| !c.is_ascii_digit()).next()?;
    is_number(port).then_some(port)
}
