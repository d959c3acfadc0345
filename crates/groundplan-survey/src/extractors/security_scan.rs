//! Dependency updates and scanners by their settings.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Mark};
use crate::source::SourceFile;
use groundplan_model::Topic;
use groundplan_syntax::Node;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "security-scan",
    docs: "\
### What it finds
Dependabot with its ecosystems, Renovate, gosec among the linters that golangci-lint is told to run, and the settings of Snyk, Trivy, Gitleaks, SonarQube,
cargo-deny, OSV-Scanner and Semgrep.

### What it does not find
Scanners that only a pipeline calls; those stand in the jobs of the pipeline.
",
    reads: &[Reads::Paths(&[
        "**/.github/dependabot.y*ml",
        "renovate.json",
        "renovate.json5",
        ".renovaterc",
        ".renovaterc.json",
        ".snyk",
        ".trivyignore*",
        "trivy.yaml",
        ".gitleaks.toml",
        "sonar-project.properties",
        "deny.toml",
        "osv-scanner.toml",
        ".semgrep.yml",
        ".semgrepignore",
        "audit.toml",
        ".golangci.y*ml",
    ])],
    markers: &[],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let name = file.name().to_ascii_lowercase();
    let (tool, detail) = match name.as_str() {
        n if n.starts_with(".golangci.") => {
            let detail = Some("a linter of golangci-lint".to_owned());
            let listed = file.yaml().iter().find_map(|root| {
                let all = root.at(&["linters", "enable"])?.strings();
                all.into_iter()
                    .find(|(name, _)| *name == "gosec")
                    .map(|(_, line)| line)
            });
            if let Some(line) = listed {
                crate::scan::mark(acc, file, line, Topic::SecurityScan, "gosec", detail);
            }
            return;
        }
        "dependabot.yml" | "dependabot.yaml" => ("Dependabot", ecosystems(file)),
        n if n.starts_with("renovate") || n.starts_with(".renovate") => ("Renovate", None),
        ".snyk" => ("Snyk", None),
        n if n.starts_with(".trivy") || n.starts_with("trivy") => ("Trivy", None),
        ".gitleaks.toml" => ("Gitleaks", None),
        "sonar-project.properties" => ("SonarQube", None),
        "deny.toml" => ("cargo-deny", None),
        "osv-scanner.toml" => ("OSV-Scanner", None),
        "audit.toml" => ("cargo-audit", None),
        _ => ("Semgrep", None),
    };
    let last = if detail.is_some() {
        file.lines().count()
    } else {
        1
    };
    let mark = Mark {
        topic: Topic::SecurityScan,
        name: tool.to_owned(),
        detail,
    };
    acc.add(file, 1, last, Claim::Mark(mark));
}

/// The ecosystems that Dependabot watches, each once, in the order of the file.
fn ecosystems(file: &SourceFile<'_>) -> Option<String> {
    let root = file.yaml().first()?;
    let mut names: Vec<&str> = Vec::new();
    for update in root.get("updates").map(Node::items).unwrap_or_default() {
        if let Some(name) = update.str_of("package-ecosystem")
            && !names.contains(&name)
        {
            names.push(name);
        }
    }
    (!names.is_empty()).then(|| names.join(", "))
}
