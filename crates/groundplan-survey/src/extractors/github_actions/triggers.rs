//! What starts a workflow, as phrases.

use crate::extractors::manifests::{Field, Fields, mark};
use crate::facts::FileFacts;
use crate::source::SourceFile;
use groundplan_model::Topic;
use groundplan_syntax::Node;

/// A schedule with its first and last line.
pub(super) type Schedule = (String, (u32, u32));

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
                let word = plain(&event.key.text);
                let branches = words(event.node, "branches");
                if branches.is_empty() {
                    phrases.push(word);
                } else {
                    phrases.push(format!("{word} to {}", branches.join(", ")));
                }
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

fn push(node: &Node) -> Vec<String> {
    let branches = words(node, "branches");
    let mut all = Vec::new();
    if !branches.is_empty() {
        all.push(format!("push to {}", branches.join(", ")));
    }
    all.extend(
        words(node, "tags")
            .into_iter()
            .map(|tag| format!("tag {tag}")),
    );
    if all.is_empty() {
        let without = words(node, "branches-ignore");
        all.push(if without.is_empty() {
            "push".to_owned()
        } else {
            format!("push except to {}", without.join(", "))
        });
    }
    all
}

fn plain(event: &str) -> String {
    match event {
        "workflow_dispatch" => "manual".to_owned(),
        "workflow_call" => "called by another workflow".to_owned(),
        "repository_dispatch" => "call of the API".to_owned(),
        "merge_group" => "merge queue".to_owned(),
        "pull_request_target" => "pull request (with secrets)".to_owned(),
        other => other.replace('_', " "),
    }
}
