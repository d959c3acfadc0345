//! Elixir: jobs of Oban.

use crate::elixir::{self, Statement};
use crate::extractor::{Extractor, Reads};
use crate::facts::{Channel, Claim, FileFacts};
use crate::paths;
use crate::scan;
use crate::source::SourceFile;
use groundplan_model::Topic;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "elixir-channels",
    docs: "\
### What it finds
Jobs of Oban by the name of their module (`use Oban.Worker`), with the queue that the module names; who
puts them into their queue, where `Worker.new(…)` and `Oban.insert` stand in one statement. How many jobs of a
queue are done at once, where `config.exs`, `prod.exs` or `runtime.exs` of `config` says it as a number under no
condition (`queues: [mail: 10]`).

### What it does not find
Jobs whose module is computed, plugins and schedules of Oban, other libraries for jobs.
",
    reads: &[Reads::Paths(&["*.ex", "**/config/*.exs"])],
    markers: &["Oban.Worker", "Oban.insert", "Oban.Pro.Worker", "Oban,"],
    run: extract,
};

/// Oban keeps its jobs in the database of the application (<https://hexdocs.pm/oban>).
const OBAN: &str = "oban";

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) || scan::is_test(file.path) {
        return;
    }
    if file.path.ends_with(".exs") {
        // What developers and tests run says nothing of the rest.
        if elixir::is_for_production(file.name()) {
            queues(acc, file, &elixir::statements(file.text));
        }
        return;
    }
    visit(acc, file, &elixir::statements(file.text), "", 0);
}

/// `config :shop, Oban, queues: [mail: 10, reports: [limit: 2]]`: limits hold on each node
/// (<https://hexdocs.pm/oban/defining_queues.html>).
fn queues(acc: &mut FileFacts, file: &SourceFile<'_>, all: &[Statement]) {
    for statement in all {
        let of_oban = statement.arguments.get(1).is_some_and(|a| a == "Oban");
        if statement.word != "config" || !of_oban {
            // What stands under a condition holds only there.
            continue;
        }
        let list = statement.option("queues").and_then(elixir::list);
        for one in list.unwrap_or_default() {
            let Some((name, limit)) = one.split_once(": ") else {
                continue;
            };
            let limit = limit.trim();
            let inner = elixir::list(limit).unwrap_or_default();
            let limit = elixir::option(&inner, "limit").unwrap_or(limit);
            let Ok(limit) = limit.replace('_', "").parse::<u32>() else {
                continue;
            };
            let jobs = scan::many(&limit.to_string(), "job");
            let detail = format!("at most {jobs} at once on each node");
            let name = name.trim().trim_matches('"');
            let line = statement.lines.0;
            scan::mark(acc, file, line, Topic::Queue, name, Some(detail));
        }
    }
}

fn visit(acc: &mut FileFacts, file: &SourceFile<'_>, all: &[Statement], module: &str, depth: u32) {
    if depth > 12 {
        return;
    }
    for statement in all {
        let first = statement.arguments.first().map_or("", String::as_str);
        let mut inner = module.to_owned();
        match statement.word.as_str() {
            "defmodule" => {
                inner = match module.is_empty() {
                    true => first.to_owned(),
                    false => format!("{module}.{first}"),
                };
            }
            "use" if matches!(first, "Oban.Worker" | "Oban.Pro.Worker") => {
                let queue = statement.option("queue").and_then(elixir::name);
                add(acc, file, statement, module, false);
                if let Some(queue) = queue {
                    add(acc, file, statement, queue, false);
                }
            }
            // What a macro makes is of others.
            "quote" => continue,
            _ => {
                let text = format!("{} {}", statement.word, statement.arguments.join(", "));
                if text.contains("Oban.insert")
                    && let Some(worker) = worker(&text)
                {
                    add(acc, file, statement, worker, true);
                }
            }
        }
        visit(acc, file, &statement.body, &inner, depth + 1);
    }
}

/// The module in front of the first `.new`: `Shop.Mailer` of `%{id: 1} |> Shop.Mailer.new()`.
fn worker(text: &str) -> Option<&str> {
    let end = text.find(".new(").or_else(|| text.find(".new ("))?;
    let head = text.get(..end)?;
    let start = head
        .rfind(|c: char| !(c.is_ascii_alphanumeric() || c == '.' || c == '_'))
        .map_or(0, |at| at + 1);
    let name = head.get(start..)?;
    let known = name.starts_with(|c: char| c.is_ascii_uppercase()) && name != "Oban.Job";
    known.then_some(name)
}

fn add(acc: &mut FileFacts, file: &SourceFile<'_>, at: &Statement, name: &str, produces: bool) {
    if name.is_empty() || name.len() > 200 {
        return;
    }
    let channel = Channel {
        name: name.to_owned(),
        produces,
        consumes: !produces,
        broker: Some(OBAN.to_owned()),
        awaited: false,
    };
    acc.add(file, at.lines.0, at.lines.1, Claim::Channel(channel));
}
