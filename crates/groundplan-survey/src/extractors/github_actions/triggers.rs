//! What starts a workflow, as phrases.

use crate::extractors::manifests::{Field, Fields, mark};
use crate::facts::{Claim, FileFacts, Overlay};
use crate::source::SourceFile;
use groundplan_model::Topic;
use groundplan_syntax::Node;

/// Paths of a filter that are written out.
const MOST_PATHS: usize = 6;

/// A schedule with its first and last line.
pub(super) type Schedule = (String, (u32, u32));

/// How an environment is chosen by whoever starts a workflow.
pub(crate) const CHOICE: &str = "choice of a pipeline";

/// The environments among which somebody who starts a workflow by hand chooses
/// (<https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#onworkflow_dispatchinputsinput_idtype>).
pub(super) fn choices(acc: &mut FileFacts, file: &SourceFile<'_>, on: Field<'_>) {
    let inputs = on
        .node
        .get("workflow_dispatch")
        .and_then(|d| d.get("inputs"));
    for input in inputs.map(Fields::of).iter().flat_map(Fields::iter) {
        let name = input.key.text.to_ascii_lowercase();
        let mut words = name.split(['-', '_']);
        if !words.any(|w| matches!(w, "environment" | "env" | "stage")) {
            continue;
        }
        let options = input.node.get("options").map(Node::strings);
        for (option, line) in options.unwrap_or_default() {
            let overlay = Overlay {
                mechanism: CHOICE.to_owned(),
                name: option.to_owned(),
                resources: Vec::new(),
                changes: Vec::new(),
                variables: Vec::new(),
            };
            let claim = Claim::Overlay(overlay);
            acc.add(file, line, line, claim);
        }
    }
}

/// Phrases, and the schedules among them with their lines.
pub(super) fn read(on: Field<'_>) -> (Vec<String>, Vec<Schedule>) {
    let mut phrases = Vec::new();
    let mut schedules = Vec::new();
    for (event, _) in on.node.strings() {
        phrases.push(plain(event));
    }
    for event in Fields::of(on.node).iter() {
        match event.key.text.as_str() {
            "push" => phrases.extend(push(event.node)),
            "pull_request" | "pull_request_target" | "merge_group" => {
                let mut phrase = plain(&event.key.text);
                let branches = words(event.node, "branches");
                if !branches.is_empty() {
                    phrase = format!("{phrase} to {}", branches.join(", "));
                }
                phrases.push(phrase + &filters(event.node));
            }
            "schedule" => {
                for item in event.node.items() {
                    if let Some(cron) = item.str_of("cron") {
                        phrases.push(format!("schedule {cron}"));
                        schedules.push((cron.to_owned(), (item.first, item.last)));
                    }
                }
            }
            "workflow_run" => {
                let names = words(event.node, "workflows");
                phrases.push(format!("after workflow {}", names.join(", ")));
            }
            "release" => {
                let types = words(event.node, "types");
                phrases.push(format!("release {}", types.join(", ")).trim().to_owned());
            }
            other => phrases.push(plain(other)),
        }
    }
    (phrases, schedules)
}

/// Jobs by the clock are also marked by themselves.
pub(super) fn marks(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    name: &str,
    schedules: &[Schedule],
) {
    for (cron, lines) in schedules {
        let detail = Some(format!("{cron} (GitHub Actions)"));
        mark(acc, file, *lines, Topic::ScheduledJob, name, detail);
    }
}

fn words(node: &Node, key: &str) -> Vec<String> {
    let found = node.get(key).map(Node::strings).unwrap_or_default();
    found.into_iter().map(|(word, _)| word.to_owned()).collect()
}

/// What narrows an event: its types, and the paths that must or must not be among the changes.
fn filters(node: &Node) -> String {
    let mut text = String::new();
    let types = words(node, "types");
    // These three are what happens without a list.
    let usual = ["opened", "synchronize", "reopened"];
    let all_usual =
        types.len() == usual.len() && usual.iter().all(|u| types.iter().any(|t| t == u));
    if !types.is_empty() && !all_usual {
        text.push_str(&format!(" when {}", types.join(", ").replace('_', " ")));
    }
    for (key, word) in [
        ("paths", "for changes of"),
        ("paths-ignore", "unless all changes are of"),
    ] {
        let (mut paths, but) = taken(words(node, key));
        // Nearly every workflow names its own file, which tells least.
        paths.sort_by_key(|path| path.starts_with(".github/"));
        if let [shown @ .., last] = paths.as_slice()
            && paths.len() <= MOST_PATHS
        {
            let before = if shown.is_empty() {
                String::new()
            } else {
                format!("{} or ", shown.join(", "))
            };
            text.push_str(&format!(" {word} {before}{last}{but}"));
        } else if let Some(first) = paths.first() {
            let more = paths.len() - 1;
            text.push_str(&format!(" {word} {first} or {more} other paths{but}"));
        }
    }
    text
}

/// Patterns that are taken, and those of `!` that are taken out again, in words
/// (<https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#example-including-and-excluding-branches-and-tags>).
fn taken(patterns: Vec<String>) -> (Vec<String>, String) {
    let (out, taken): (Vec<String>, Vec<String>) =
        patterns.into_iter().partition(|p| p.starts_with('!'));
    let out: Vec<&str> = out.iter().map(|p| p.trim_start_matches('!')).collect();
    let but = match out.as_slice() {
        [] => String::new(),
        [first, _, _, _, more @ ..] => format!(" but not {first} or {} more", more.len() + 3),
        some => format!(" but not {}", some.join(" or ")),
    };
    (taken, but)
}

fn push(node: &Node) -> Vec<String> {
    let (branches, other_branches) = taken(words(node, "branches"));
    let mut all = Vec::new();
    if !branches.is_empty() {
        all.push(format!("push to {}{other_branches}", branches.join(", ")));
    }
    let (tags, other_tags) = taken(words(node, "tags"));
    all.extend(tags.iter().map(|tag| format!("tag {tag}{other_tags}")));
    for phrase in all.iter_mut().filter(|p| p.starts_with("push")) {
        phrase.push_str(&filters(node));
    }
    if all.is_empty() {
        let without = words(node, "branches-ignore");
        all.push(
            if without.is_empty() {
                "push".to_owned()
            } else {
                format!("push except to {}", without.join(", "))
            } + &filters(node),
        );
    }
    all
}

fn plain(event: &str) -> String {
    match event {
        "workflow_dispatch" => "manual".to_owned(),
        "workflow_call" => groundplan_model::CALLED.to_owned(),
        "repository_dispatch" => "call of the API".to_owned(),
        "merge_group" => "merge queue".to_owned(),
        "pull_request_target" => "pull request (with secrets)".to_owned(),
        other => other.replace('_', " "),
    }
}
