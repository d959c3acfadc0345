//! Documents beside the code: guides, runbooks, the security policy.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Mark};
use crate::markdown::{Kind, Markup, blocks, front_title, links};
use crate::source::SourceFile;
use crate::statements;
use groundplan_model::Topic;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "docs",
    docs: "\
### What it finds
Documents below `doc` or `docs` by their title; runbooks and playbooks by folder or file name;
contribution guides; the security policy with the address for reports, if that is a link. Under
headings such as goals, non-goals, threat model, releases, versioning or backup the first sentence,
as the answer to the question of that name. Of `PRODUCT`, `VISION`, `MISSION`, `RELEASE` and `MAINTAINERS`
what they are there to say, and of `ADOPTERS` and `USERS` who is listed; `DESIGN` is read like other documents.
Who may make a release; where the roadmap is kept; what is not supported, by sentences of pages on the
installation and by questions that are answered with no; why a technology is used and what the authors have
decided; headings with a sentence that says what a thing of that name is. Goals that a sentence leads to, moves under
way, what is deprecated and will be removed, what was not tried, how many may run, and who hosts it for others.

### What it does not find
What else the documents say. E-mail addresses are left out.
",
    reads: &[Reads::Paths(&[
        "**/doc/**/*.md",
        "**/docs/**/*.md",
        "**/docs/**/*.rst",
        "**/docs/**/*.adoc",
        "**/docs/**/*.mdx",
        "*glossary*.md",
        "*terminology*.md",
        "**/*runbook*/**/*.md",
        "**/*playbook*/**/*.md",
        "*runbook*.md",
        "*playbook*.md",
        "SECURITY.md",
        "CONTRIBUTING.md",
        "CONTRIBUTING.rst",
        "ARCHITECTURE.md",
        "DEVELOPMENT.md",
        "DEPLOYMENT.md",
        "OPERATIONS.md",
        "RELEASE.md",
        "RELEASING.md",
        "THREAT_MODEL.md",
        "THREAT-MODEL.md",
        "VERSIONING.md",
        "DEPRECATIONS.md",
        "FAQ.md",
        "GOVERNANCE.md",
        "KNOWN_ISSUES.md",
        "KNOWN-ISSUES.md",
        "MAINTAINERS.md",
        "PRODUCT.md",
        "VISION.md",
        "MISSION.md",
        "DESIGN.md",
        "ADOPTERS.md",
        "USERS.md",
        "RELEASE_PROCESS.md",
        "RELEASE-PROCESS.md",
        "PULL_REQUEST_TEMPLATE.md",
    ])],
    markers: &[],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let lower = file.path.to_ascii_lowercase();
    let is_foreign = |part: &str| {
        matches!(
            part,
            "node_modules"
                | "vendor"
                | "third_party"
                | "adr"
                | "adrs"
                | "decisions"
                // What a site keeps of releases of the past, and translations.
                | "versioned_docs"
                | "i18n"
        )
    };
    if lower.split('/').any(is_foreign) {
        return;
    }
    let blocks = blocks(file.text, Markup::of(file.path));
    statements::pages::add(acc, file, &blocks);
    statements::add(acc, file, &blocks);
    statements::said::add(acc, file, &blocks);
    statements::documented::add(acc, file);
    let stem = lower.rsplit('/').next().unwrap_or(&lower);
    let own = [
        "readme",
        "changelog",
        "changes",
        "license",
        "roadmap",
        "codeowners",
        "pull_request_template",
    ];
    if own.iter().any(|name| stem.starts_with(name)) {
        return;
    }
    let mut headings = blocks
        .iter()
        .filter(|block| matches!(block.kind, Kind::Heading(_)));
    let title = headings.find_map(|block| {
        let text = block.plain().to_owned();
        (!text.is_empty()).then_some((text, block))
    });
    if stem == "security.md" {
        return security_policy(acc, file, &blocks);
    }
    // Where a page has a title in its head, its first heading is that of a chapter, unless it is a title too.
    let whole = title
        .as_ref()
        .is_some_and(|(_, b)| b.kind == Kind::Heading(1));
    let front = front_title(file.text).filter(|_| !whole);
    let title = title.map(|(name, block)| (name, block.first, block.last));
    let Some((name, first, last)) = front.or(title) else {
        return;
    };
    let is_runbook = ["runbook", "playbook", "run-book", "on-call", "oncall"]
        .iter()
        .any(|word| lower.contains(word));
    let mark = Mark {
        topic: if is_runbook {
            Topic::Runbook
        } else {
            Topic::Documentation
        },
        name,
        detail: Some(file.path.to_owned()),
    };
    acc.add(file, first, last, Claim::Mark(mark));
}

/// The policy with the first link that stands where reports are spoken of.
fn security_policy(acc: &mut FileFacts, file: &SourceFile<'_>, blocks: &[crate::markdown::Block]) {
    let mut contact = None;
    for block in blocks {
        let lower = block.text.to_lowercase();
        if !(lower.contains("report") || lower.contains("disclos") || lower.contains("contact")) {
            continue;
        }
        let link = links(&block.text)
            .into_iter()
            .find(|(_, address)| address.starts_with("http") && !address.contains('@'));
        if let Some((_, address)) = link {
            contact = Some((address, block.first, block.last));
            break;
        }
    }
    if blocks.is_empty() {
        return;
    }
    let (first, last) = contact.as_ref().map_or_else(
        || blocks.first().map_or((1, 1), |b| (b.first, b.last)),
        |(_, first, last)| (*first, *last),
    );
    let mark = Mark {
        topic: Topic::Documentation,
        name: "security policy".to_owned(),
        detail: contact.map(|(address, ..)| address),
    };
    acc.add(file, first, last, Claim::Mark(mark));
}
