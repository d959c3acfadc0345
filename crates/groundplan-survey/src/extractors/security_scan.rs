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
cargo-deny, OSV-Scanner and Semgrep, and scanners among the hooks of pre-commit.

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
        ".pre-commit-config.y*ml",
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
        n if n.starts_with(".pre-commit-config.") => return hooks(acc, file),
        "dependabot.yml" | "dependabot.yaml" if proposes_nothing(file) => return,
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

/// Scanners among the hooks of pre-commit (<https://pre-commit.com/#plugins>).
fn hooks(acc: &mut FileFacts, file: &SourceFile<'_>) {
    const SCANNERS: [(&str, &str); 13] = [
        ("bandit", "Bandit"),
        ("brakeman", "Brakeman"),
        ("checkov", "Checkov"),
        ("detect-private-key", "detect-private-key"),
        ("detect-secrets", "detect-secrets"),
        ("gitleaks", "Gitleaks"),
        ("osv-scanner", "OSV-Scanner"),
        ("pip-audit", "pip-audit"),
        ("semgrep", "Semgrep"),
        ("terraform_tfsec", "tfsec"),
        ("terraform_trivy", "Trivy"),
        ("trufflehog", "TruffleHog"),
        ("zizmor", "zizmor"),
    ];
    let repos = file.yaml().first().and_then(|root| root.get("repos"));
    for repo in repos.map(Node::items).unwrap_or_default() {
        for hook in repo.get("hooks").map(Node::items).unwrap_or_default() {
            let id = hook.str_of("id").unwrap_or_default();
            let tool = SCANNERS.iter().find(|(part, _)| {
                let rest = id.strip_prefix(part);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
            });
            let Some((_, tool)) = tool.filter(|_| !tests_rules(hook)) else {
                continue;
            };
            let mark = Mark {
                topic: Topic::SecurityScan,
                name: (*tool).to_owned(),
                detail: Some("a hook of pre-commit".to_owned()),
            };
            acc.add(file, hook.first, hook.last, Claim::Mark(mark));
        }
    }
}

/// Whether a hook tries the rules of a scanner on samples.
fn tests_rules(hook: &Node) -> bool {
    let args = hook.get("args").map(Node::strings).unwrap_or_default();
    args.iter().any(|(word, _)| *word == "--test")
}

/// Whether every entry of Dependabot allows no open request at all, which turns updates of versions off
/// (<https://docs.github.com/code-security/dependabot/working-with-dependabot/dependabot-options-reference#open-pull-requests-limit->).
fn proposes_nothing(file: &SourceFile<'_>) -> bool {
    let root = file.yaml().first();
    let updates = root.and_then(|root| root.get("updates")).map(Node::items);
    let updates = updates.unwrap_or_default();
    let none = |update: &Node| update.str_of("open-pull-requests-limit") == Some("0");
    !updates.is_empty() && updates.iter().all(|update| none(update))
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
