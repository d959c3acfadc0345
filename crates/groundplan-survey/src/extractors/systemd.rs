//! Units of systemd.

use crate::extractor::{Extractor, Reads};
use crate::extractors::manifests::{mark, redact_command};
use crate::facts::FileFacts;
use crate::source::SourceFile;
use groundplan_model::Topic;
use std::collections::BTreeMap;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "systemd",
    docs: "\
### What it finds
Units that a repository ships for systemd: the command of a service, the user it runs as, when it is
started again, what it starts after, limits of memory and what it is shielded from; the schedule of
timers (<https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html>).

### What it does not find
Sockets and mounts, settings of files under `*.d`, variables.
",
    reads: &[Reads::Paths(&[
        "*.service",
        "*.service.in",
        "*.service.j2",
        "*.timer",
    ])],
    markers: &["ExecStart", "[Timer]"],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let mut given: Given<'_> = BTreeMap::new();
    let mut section = "";
    let (mut first, mut last) = (0, 0);
    let mut open: Option<(String, u32)> = None;
    let mut joined: Vec<(u32, u32, String)> = Vec::new();
    // A backslash at the end of a line joins it with the next, comments between them left out
    // (<https://www.freedesktop.org/software/systemd/man/latest/systemd.syntax.html>).
    for (number, line) in file.text.lines().enumerate() {
        let (line, number) = (line.trim(), number as u32);
        if open.is_some() && line.starts_with(['#', ';']) {
            continue;
        }
        let (mut whole, begun) = open.take().unwrap_or((String::new(), number));
        let part = line.strip_suffix('\\').filter(|_| whole.len() < 8000);
        if !whole.is_empty() {
            whole.push(' ');
        }
        whole.push_str(part.unwrap_or(line).trim_end());
        match part {
            Some(_) => open = Some((whole, begun)),
            None => joined.push((begun, number, whole)),
        }
    }
    if let Some((whole, begun)) = open {
        joined.push((begun, begun, whole));
    }
    for (number, end, line) in &joined {
        let line = line.as_str();
        if line.is_empty() || line.starts_with(['#', ';']) {
            continue;
        }
        if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            section = name;
        } else if let Some((key, value)) = line.split_once('=')
            && matches!(section, "Unit" | "Service" | "Timer")
        {
            let at = number + 1;
            first = if first == 0 { at } else { first };
            last = end + 1;
            let entry = given
                .entry((section, key.trim()))
                .or_insert((Vec::new(), at));
            entry.0.push(value.trim());
        }
    }
    let name = file.name().trim_end_matches(".j2").trim_end_matches(".in");
    tell(acc, file, (first.max(1), last.max(1)), name, &given);
}

/// What is set in a unit, by section and key, with the line of the first of several.
pub(super) type Given<'t> = BTreeMap<(&'t str, &'t str), (Vec<&'t str>, u32)>;

/// Marks what a unit of this name says.
pub(super) fn tell(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    lines: (u32, u32),
    name: &str,
    given: &Given<'_>,
) {
    let text = |section: &'static str, key: &'static str| {
        let (all, _) = given.get(&(section, key))?;
        all.last().copied().filter(|v| !v.is_empty())
    };
    if let Some(stem) = name.strip_suffix(".timer") {
        let every = text("Timer", "OnUnitActiveSec").map(|span| format!("every {span}"));
        let when = text("Timer", "OnCalendar").map(str::to_owned).or(every);
        if let Some(when) = when {
            let started = text("Timer", "Unit").unwrap_or(stem);
            let name = started.trim_end_matches(".service");
            mark(acc, file, lines, Topic::ScheduledJob, name, Some(when));
        }
        return;
    }
    let Some(command) = text("Service", "ExecStart") else {
        return;
    };
    let command = redact_command(command.trim_start_matches(['-', '@', ':', '+', '!']));
    let user = text("Service", "User").map(|user| format!(" as `{user}`"));
    let mut parts = vec![format!("starts `{command}`{}", user.unwrap_or_default())];
    if let Some(restart) = text("Service", "Restart").filter(|r| *r != "no") {
        let when = match restart {
            "always" => "starts it again whenever it ends".to_owned(),
            "on-failure" => "starts it again when it fails".to_owned(),
            other => format!("starts it again `{other}`"),
        };
        // A number alone is seconds.
        let after = text("Service", "RestartSec").map(|span| {
            let unit = span.bytes().all(|b| b.is_ascii_digit());
            format!(" after {span}{}", if unit { " s" } else { "" })
        });
        parts.push(format!("{when}{}", after.unwrap_or_default()));
    }
    for (key, words) in [
        ("MemoryMax", "at most {} of memory"),
        ("CPUQuota", "{} of CPU"),
    ] {
        if let Some(value) = text("Service", key) {
            parts.push(words.replace("{}", value));
        }
    }
    let needs: Vec<String> = ["Requires", "Wants"]
        .iter()
        .filter_map(|key| text("Unit", key))
        .flat_map(str::split_whitespace)
        .filter(|unit| unit.ends_with(".service"))
        .map(|unit| format!("`{unit}`"))
        .collect();
    if !needs.is_empty() {
        parts.push(format!("needs {}", needs.join(", ")));
    }
    let shields = [
        "ProtectSystem",
        "ProtectHome",
        "PrivateTmp",
        "NoNewPrivileges",
        "PrivateDevices",
    ];
    let on = |key: &&&str| {
        let value = given.get(&("Service", **key)).and_then(|(v, _)| v.last());
        value.is_some_and(|v| !matches!(*v, "no" | "false" | "off" | ""))
    };
    let shields: Vec<String> = shields
        .iter()
        .filter(on)
        .map(|k| format!("`{k}`"))
        .collect();
    if !shields.is_empty() {
        parts.push(format!("shielded by {}", shields.join(", ")));
    }
    let detail = Some(format!("systemd {}", parts.join(", ")));
    mark(acc, file, lines, Topic::Host, name, detail);
}
