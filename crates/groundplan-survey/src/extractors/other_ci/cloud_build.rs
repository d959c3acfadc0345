//! Steps of Google Cloud Build
//! (<https://cloud.google.com/build/docs/build-config-file-schema>).

use super::scripted;
use crate::source::SourceFile;
use groundplan_model::Job;
use groundplan_syntax::Node;

/// The steps in order. Without `waitFor` a step waits for all before it; `-` waits for none.
pub(super) fn jobs(file: &SourceFile<'_>, root: &Node) -> Vec<Job> {
    let mut all: Vec<Job> = Vec::new();
    for (number, step) in root
        .get("steps")
        .map_or(&[][..], Node::items)
        .iter()
        .enumerate()
    {
        let Some(image) = step.str_of("name") else {
            continue;
        };
        let tool = image.rsplit('/').next().unwrap_or(image);
        let tool = tool.split(':').next().unwrap_or(tool);
        let id = match step.str_of("id") {
            Some(id) => id.to_owned(),
            None => format!("{tool} (step {})", number + 1),
        };
        let needs = match step.get("waitFor") {
            Some(waits) => {
                let waits = waits.strings().into_iter().map(|(id, _)| id.to_owned());
                waits.filter(|id| id != "-").collect()
            }
            None => all.last().map(|j| j.id.clone()).into_iter().collect(),
        };
        let lines = lines(tool, step);
        all.push(scripted(&id, &lines, needs, file.node(step)));
    }
    all
}

/// What a step runs: its script, or its entry point, which is that of the image where none stands,
/// with its arguments.
fn lines(tool: &str, step: &Node) -> Vec<String> {
    let text = |text: &str| -> Vec<String> {
        let lines = text.split(['\n', ';']).map(str::trim);
        let lines = lines.filter(|l| !l.is_empty() && !l.starts_with('#'));
        lines.map(str::to_owned).collect()
    };
    if let Some(script) = step.str_of("script") {
        return text(script);
    }
    let args = step.get("args").map(Node::strings).unwrap_or_default();
    let args: Vec<&str> = args.into_iter().map(|(arg, _)| arg).collect();
    let entry = step.str_of("entrypoint").unwrap_or(tool);
    match (entry, args.as_slice()) {
        ("bash" | "sh" | "/bin/bash" | "/bin/sh", ["-c" | "-ec" | "-xc", script, ..]) => {
            text(script)
        }
        // An image without an entry point of its own is told its program.
        (entry, [first, ..]) if *first == entry => vec![args.join(" ")],
        _ => vec![format!("{entry} {}", args.join(" "))],
    }
}
