//! What steps show beside their stage: scans, linters, coverage, load tests, registries, secrets.

use super::{Step, stages};
use crate::extractors::manifests::mark;
use crate::facts::FileFacts;
use crate::source::SourceFile;
use groundplan_model::Topic;
use groundplan_syntax::Node;
use std::collections::{BTreeMap, BTreeSet};

/// Parts of actions and first words of commands, with the tool they are.
const TOOLS: [(&str, &str, Topic); 49] = [
    ("codeql", "CodeQL", Topic::SecurityScan),
    ("trivy", "Trivy", Topic::SecurityScan),
    ("snyk", "Snyk", Topic::SecurityScan),
    ("gitleaks", "Gitleaks", Topic::SecurityScan),
    ("trufflehog", "TruffleHog", Topic::SecurityScan),
    (
        "dependency-review",
        "Dependency review",
        Topic::SecurityScan,
    ),
    ("scorecard", "OpenSSF Scorecard", Topic::SecurityScan),
    ("zizmor", "zizmor", Topic::SecurityScan),
    ("checkov", "Checkov", Topic::SecurityScan),
    ("tfsec", "tfsec", Topic::SecurityScan),
    ("semgrep", "Semgrep", Topic::SecurityScan),
    ("grype", "Grype", Topic::SecurityScan),
    ("anchore", "Anchore", Topic::SecurityScan),
    ("govulncheck", "govulncheck", Topic::SecurityScan),
    ("pip-audit", "pip-audit", Topic::SecurityScan),
    ("npm audit", "npm audit", Topic::SecurityScan),
    ("cargo audit", "cargo-audit", Topic::SecurityScan),
    ("cargo deny", "cargo-deny", Topic::SecurityScan),
    ("cargo-deny", "cargo-deny", Topic::SecurityScan),
    ("bandit", "Bandit", Topic::SecurityScan),
    ("brakeman", "Brakeman", Topic::SecurityScan),
    ("osv-scanner", "OSV-Scanner", Topic::SecurityScan),
    ("codecov", "Codecov", Topic::CoverageSetting),
    ("coveralls", "Coveralls", Topic::CoverageSetting),
    ("golangci", "golangci-lint", Topic::Linter),
    ("super-linter", "Super-Linter", Topic::Linter),
    ("eslint", "ESLint", Topic::Linter),
    ("pre-commit", "pre-commit", Topic::Linter),
    ("hadolint", "hadolint", Topic::Linter),
    ("ruff", "Ruff", Topic::Linter),
    ("flake8", "Flake8", Topic::Linter),
    ("mypy", "mypy", Topic::Linter),
    ("shellcheck", "ShellCheck", Topic::Linter),
    ("markdownlint", "markdownlint", Topic::Linter),
    ("rubocop", "RuboCop", Topic::Linter),
    ("cargo clippy", "Clippy", Topic::Linter),
    ("cargo fmt", "rustfmt", Topic::Linter),
    ("prettier", "Prettier", Topic::Linter),
    ("sonarqube", "SonarQube", Topic::Linter),
    ("sonarcloud", "SonarCloud", Topic::Linter),
    ("sonar:sonar", "SonarQube", Topic::Linter),
    ("sonar-scanner", "SonarQube", Topic::Linter),
    (
        "org.sonarsource.scanner.maven:sonar-maven-plugin:sonar",
        "SonarQube",
        Topic::Linter,
    ),
    ("k6 run", "k6", Topic::LoadTest),
    ("grafana/k6", "k6", Topic::LoadTest),
    ("locust", "Locust", Topic::LoadTest),
    ("artillery", "Artillery", Topic::LoadTest),
    ("fossa", "FOSSA", Topic::License),
    ("addlicense", "addlicense", Topic::License),
];

/// Marks of one step of `of`, a job or an action; `seen` holds the tools that this has shown already.
pub(super) fn read(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    of: &str,
    step: &Step<'_>,
    variables: &BTreeMap<String, String>,
    seen: &mut BTreeSet<&'static str>,
) {
    let place = (step.node.first, step.node.last);
    let detail = Some(of.to_owned());
    let uses = step.uses.unwrap_or_default().to_ascii_lowercase();
    let lines = stages::lines(step);
    // What hands in the findings of another tool looks for nothing itself.
    let hands_in = uses.contains("upload-sarif");
    for (part, tool, topic) in TOOLS.iter().copied().filter(|_| !hands_in) {
        let runs = || lines.iter().any(|line| has(line, part) && !says_only(line));
        if (uses.contains(part) || runs()) && seen.insert(tool) {
            mark(acc, file, place, topic, tool, detail.clone());
        }
    }
    for registry in registries(step, &uses, &lines, variables) {
        mark(
            acc,
            file,
            place,
            Topic::ImageRegistry,
            registry,
            detail.clone(),
        );
    }
}

/// Whether a line speaks of a tool and does not run it: it prints, puts the tool on the runner, or tries
/// its rules.
fn says_only(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    let one = !line.contains("&&") && !line.contains(';');
    line.starts_with("echo ") || one && stages::installs(&words) || stages::tries_rules(line)
}

/// Whether a command stands in a line as words of its own.
fn has(line: &str, part: &str) -> bool {
    line.match_indices(part).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + part.len()..].chars().next();
        let free = |c: Option<char>| c.is_none_or(|c| c.is_whitespace() || "\"';|&()/".contains(c));
        // An address only names it.
        let word = line[..at].rsplit(char::is_whitespace).next();
        free(before) && free(after) && !word.is_some_and(|word| word.contains("://"))
    })
}

/// Registries that a step logs in to or pushes to.
fn registries(
    step: &Step<'_>,
    uses: &str,
    lines: &[String],
    variables: &BTreeMap<String, String>,
) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let with = step.node.get("with");
    let input = |key: &str| {
        with.and_then(|w| w.str_of(key))
            .map(|t| expand(t, variables))
    };
    if uses.contains("docker/login-action") {
        let registry = input("registry").unwrap_or_else(|| "docker.io".to_owned());
        found.insert(registry);
    }
    if uses.contains("amazon-ecr-login") {
        found.insert("Amazon ECR".to_owned());
    }
    if uses.contains("build-push-action") || uses.contains("metadata-action") {
        for key in ["tags", "images"] {
            let text = input(key).unwrap_or_default();
            found.extend(text.split([',', '\n', ' ']).filter_map(host));
        }
    }
    for line in lines {
        let line = expand(line, variables);
        let words: Vec<&str> = line.split_whitespace().collect();
        let pushes = words.windows(2).any(|pair| {
            matches!(
                pair,
                ["docker" | "podman", "push" | "login"] | ["configure-docker", _]
            )
        });
        if pushes || line.contains("configure-docker") {
            found.extend(words.iter().filter_map(|word| host(word)));
        }
        if line.contains("ecr get-login") {
            found.insert("Amazon ECR".to_owned());
        }
    }
    found
}

/// The registry of an image reference, if it names one.
fn host(reference: &str) -> Option<String> {
    let reference = reference.trim_matches(['"', '\'', ',']);
    let host = reference.split('/').next()?;
    let known = host.ends_with(".io")
        || host.ends_with("gcr.io")
        || host.ends_with(".pkg.dev")
        || host.ends_with(".amazonaws.com")
        || host.ends_with(".azurecr.io")
        || host.starts_with("registry.");
    (known && !host.contains(['$', '@', '='])).then(|| host.to_owned())
}

/// `${{ env.NAME }}` with the value of the workflow's environment.
fn expand(text: &str, variables: &BTreeMap<String, String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((head, tail)) = rest.split_once("${{") {
        out.push_str(head);
        let Some((inner, after)) = tail.split_once("}}") else {
            out.push_str("${{");
            rest = tail;
            continue;
        };
        let name = inner.trim();
        match name.strip_prefix("env.").and_then(|n| variables.get(n)) {
            Some(value) => out.push_str(value),
            None => out.push_str(&format!("${{{{ {name} }}}}")),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Secrets by name, each where it is first used. `GITHUB_TOKEN` is there by itself.
pub(super) fn secrets(acc: &mut FileFacts, file: &SourceFile<'_>, root: &Node) {
    let mut seen = BTreeSet::from(["GITHUB_TOKEN"]);
    for number in root.first..=root.last {
        let line = file.lines().text(number);
        if line.trim_start().starts_with('#') {
            continue;
        }
        for (at, word) in line.match_indices("secrets.") {
            let before = line[..at].chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || "_./-".contains(c)) {
                continue;
            }
            let tail = &line[at + word.len()..];
            let end = tail
                .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                .unwrap_or(tail.len());
            let name = &tail[..end];
            // A file such as `secrets.yaml` is no secret of the store.
            let used = line[..at].contains("${{") || line.trim_start().starts_with("if:");
            if used && !name.is_empty() && seen.insert(name) {
                let detail = Some("secret of GitHub Actions".to_owned());
                let place = (number, number);
                mark(acc, file, place, Topic::SecretReference, name, detail);
            }
        }
    }
}
