//! Thresholds of test coverage.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Mark};
use crate::source::SourceFile;
use groundplan_model::Topic;
use groundplan_syntax::Node;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "coverage",
    docs: "\
### What it finds
Coverage that a build demands: `coverageThreshold` of Jest, `thresholds` of Vitest, `fail_under` of
coverage.py, targets of Codecov, minima of JaCoCo in Maven and Gradle, `fail-under` of tarpaulin,
limits of nyc and coverlet.

### What it does not find
Coverage that was reached.
",
    reads: &[Reads::Paths(&[
        "package.json",
        "jest.config.*",
        "vitest.config.*",
        "vite.config.*",
        ".nycrc",
        ".nycrc.json",
        ".coveragerc",
        "setup.cfg",
        "tox.ini",
        "pytest.ini",
        "pyproject.toml",
        "codecov.yml",
        ".codecov.yml",
        "codecov.yaml",
        "pom.xml",
        "build.gradle",
        "build.gradle.kts",
        "tarpaulin.toml",
        ".tarpaulin.toml",
        "*.csproj",
        "Directory.Build.props",
    ])],
    markers: &[
        "coverageThreshold",
        "thresholds",
        "fail_under",
        "fail-under",
        "cov-fail-under",
        "target",
        "<minimum>",
        "minimum",
        "check-coverage",
        "<Threshold>",
    ],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if file.path.split('/').any(|part| part == "node_modules") {
        return;
    }
    let name = file.name().to_ascii_lowercase();
    if name.contains("codecov") {
        return codecov(acc, file);
    }
    if name == "package.json" {
        let jest = file
            .json()
            .and_then(|r| r.at(&["jest", "coverageThreshold"]));
        if let Some(node) = jest {
            let detail = limits(node);
            add(acc, file, (node.first, node.last), "Jest", detail);
        }
        return;
    }
    if name.starts_with("jest.") || name.starts_with("vite") {
        return script(acc, file, &name);
    }
    let (tool, marks): (&str, &[&str]) = match name.as_str() {
        "pom.xml" => ("JaCoCo", &["<minimum>"]),
        "build.gradle" | "build.gradle.kts" => ("JaCoCo", &["minimum = ", "minimum="]),
        n if n.contains("tarpaulin") => ("tarpaulin", &["fail-under"]),
        n if n.starts_with(".nycrc") => ("nyc", &["\"lines\"", "\"branches\"", "\"statements\""]),
        n if n.ends_with(".csproj") || n.ends_with(".props") => ("coverlet", &["<Threshold>"]),
        _ => ("coverage.py", &["fail_under", "fail-under"]),
    };
    if tool == "JaCoCo" && !file.text.to_ascii_lowercase().contains("jacoco") {
        return;
    }
    for (number, line) in file.text.lines().enumerate() {
        let Some(mark) = marks.iter().find(|mark| line.contains(**mark)) else {
            continue;
        };
        let after = line.split_once(mark).map_or("", |(_, after)| after);
        if let Some(value) = number_in(after).filter(|_| !line.trim_start().starts_with('#')) {
            let number = number as u32 + 1;
            add(acc, file, (number, number), tool, Some(percent(value)));
        }
    }
}

fn codecov(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let Some(root) = file.yaml().first() else {
        return;
    };
    for kind in ["project", "patch"] {
        let Some(status) = root.at(&["coverage", "status", kind]) else {
            continue;
        };
        for (_, node) in status.entries() {
            let target = node.get("target").filter(|_| node.is_mapping());
            if let Some((target, text)) = target.and_then(|t| Some((t, t.str()?))) {
                let mut detail = format!("{kind} {text}");
                // A fall within the threshold passes all the same.
                let slack = node.get("threshold").and_then(|t| t.str());
                if let Some(slack) = slack {
                    detail.push_str(&format!(", a fall of {slack} passes"));
                }
                if node.get("informational").and_then(|n| n.str()) == Some("true") {
                    detail.push_str(", told only");
                }
                let detail = Some(detail);
                add(acc, file, (target.first, target.last), "Codecov", detail);
            }
        }
    }
}

/// Settings in JavaScript: the object behind `coverageThreshold` or `thresholds`.
fn script(acc: &mut FileFacts, file: &SourceFile<'_>, name: &str) {
    let code = file.code();
    for at in 0..code.tokens.len() {
        let tool = match code.ident(at) {
            Some("coverageThreshold") => "Jest",
            Some("thresholds") if name.starts_with("vite") => "Vitest",
            _ => continue,
        };
        if !(code.is(at + 1, ":") && code.is(at + 2, "{")) {
            continue;
        }
        let Some(end) = code.partner(at + 2) else {
            continue;
        };
        let mut parts = Vec::new();
        for inner in at + 3..end {
            if let Some(key) = code.ident(inner).filter(|_| code.is(inner + 1, ":"))
                && let Some(value) = number_in(code.raw(inner + 2))
            {
                parts.push(format!("{key} {}", percent(value)));
            }
        }
        let detail = (!parts.is_empty()).then(|| parts.join(", "));
        add(acc, file, (code.line(at), code.line(end)), tool, detail);
    }
}

/// The limits under `global`, else under the first key.
fn limits(node: &Node) -> Option<String> {
    let global = node
        .get("global")
        .or_else(|| node.entries().first().map(|(_, n)| *n))?;
    let parts: Vec<String> = global
        .entries()
        .iter()
        .filter_map(|(key, value)| {
            Some(format!(
                "{} {}",
                key.text,
                percent(number_in(value.str()?)?)
            ))
        })
        .collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// The first number of a text, as written.
fn number_in(text: &str) -> Option<&str> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let lead = text.get(..start)?;
    if !lead.chars().all(|c| " \t=:\"'>(".contains(c)) {
        return None;
    }
    let rest = text.get(start..)?;
    let end = rest
        .find(|c: char| !(c.is_ascii_digit() || c == '.'))
        .unwrap_or(rest.len());
    Some(rest[..end].trim_end_matches('.'))
}

/// A ratio up to one or a percentage, as a percentage.
fn percent(value: &str) -> String {
    match value.split_once('.') {
        Some(("0", digits)) => {
            let padded = format!("{digits:0<2}");
            let (whole, rest) = padded.split_at(2.min(padded.len()));
            let whole = whole.trim_start_matches('0');
            let whole = if whole.is_empty() { "0" } else { whole };
            let rest = rest.trim_end_matches('0');
            if rest.is_empty() {
                format!("{whole} %")
            } else {
                format!("{whole}.{rest} %")
            }
        }
        Some(("1", zeros)) if zeros.bytes().all(|b| b == b'0') => "100 %".to_owned(),
        _ => format!("{value} %"),
    }
}

fn add(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    (first, last): (u32, u32),
    tool: &str,
    detail: Option<String>,
) {
    let mark = Mark {
        topic: Topic::CoverageSetting,
        name: tool.to_owned(),
        detail,
    };
    acc.add(file, first, last, Claim::Mark(mark));
}
