//! Configuration of uWSGI.

use crate::extractor::{Extractor, Reads};
use crate::extractors::manifests::{mark, redact_command};
use crate::facts::FileFacts;
use crate::scan;
use crate::source::SourceFile;
use groundplan_model::Topic;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "uwsgi",
    docs: "\
### What it finds
What `uwsgi.ini` starts (<https://uwsgi-docs.readthedocs.io/en/latest/Options.html>): how many processes
of the application, after how long it ends a request (`harakiri`), the programs that run beside them
(`attach-daemon`) and what is run before them (`hook-pre-app`).

### What it does not find
Options of the command line, other formats than INI.
",
    reads: &[Reads::Paths(&["*uwsgi*.ini"])],
    markers: &["[uwsgi]"],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::is_test(file.path) {
        return;
    }
    let mut within = false;
    let mut condition: Option<&str> = None;
    for (number, line) in file.text.lines().enumerate() {
        let at = number as u32 + 1;
        let line = line.trim();
        if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            within = name == "uwsgi";
            continue;
        }
        if !within || line.is_empty() || line.starts_with(['#', ';']) {
            continue;
        }
        let (key, value) = line.split_once('=').unwrap_or((line, ""));
        let (key, value) = (key.trim(), value.trim());
        let plain = value.bytes().all(|b| b.is_ascii_digit()) && !value.is_empty();
        let told = match key {
            "if-env" => {
                condition = Some(value);
                continue;
            }
            "endif" => {
                condition = None;
                continue;
            }
            "processes" | "workers" if plain && value != "1" => {
                format!("uWSGI runs {value} processes of the application")
            }
            "attach-daemon" | "smart-attach-daemon" | "attach-daemon2" | "legion-attach-daemon" => {
                let command = value.trim_start_matches("cmd=");
                format!(
                    "uWSGI starts `{}` beside the application",
                    redact_command(command)
                )
            }
            "hook-pre-app" if value.starts_with("exec:") => {
                let command = redact_command(value.trim_start_matches("exec:"));
                format!("uWSGI runs `{command}` before the application")
            }
            "harakiri" if plain => {
                let detail = Some(format!("{value} s"));
                mark(
                    acc,
                    file,
                    (at, at),
                    Topic::Timeout,
                    "harakiri of uWSGI",
                    detail,
                );
                continue;
            }
            _ => continue,
        };
        let told = match condition {
            Some(variable) => format!("{told} where `{variable}` is set"),
            None => told,
        };
        mark(acc, file, (at, at), Topic::Host, file.name(), Some(told));
    }
}
