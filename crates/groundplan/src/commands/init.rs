//! `groundplan init`: the six questions, and a `groundplan.yaml` that asks the others.

mod brief;
mod skeleton;

use super::declaration_schema;
use crate::arguments::{Arguments, Init};
use crate::{diagnostics, outputs, stages};
use anyhow::{Context, Result, bail};
use groundplan_model::{Blueprint, ElementKind, ProvenanceKind, Severity, Statement};
use groundplan_survey::{DECLARATION, declaration};
use skeleton::Skeleton;
use std::collections::BTreeSet;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Where the schema for editors goes, relative to the declaration.
const SCHEMA: &str = ".groundplan/groundplan.schema.json";

/// One of the six questions.
struct Asked {
    /// Key of `groundplan.yaml`.
    key: &'static str,
    /// As the dialogue asks it.
    prompt: &'static str,
    /// What the survey or an earlier declaration offers as an answer.
    offer: Option<String>,
    /// What the survey knows about it, without being an answer.
    hint: Option<String>,
    /// What a person said: by option, in the dialogue, or in the file that is replaced.
    answer: Option<String>,
}

pub(crate) fn run(arguments: &Arguments, command: &Init) -> Result<ExitCode> {
    let root = &command.source.path;
    stages::must_be_folder(root)?;
    let path = target(root, command.force)?;
    outputs::stay_inside(root, [SCHEMA])?;
    let mut surveyed = stages::built(&command.source, &[], arguments.quiet)?;
    let mut blueprint = surveyed.blueprint()?;
    if blueprint.system.name.is_empty() {
        // Nothing to survey yet: the folder names the system, also in what is asked.
        let full = root.canonicalize().unwrap_or_else(|_| root.clone());
        let folder = full.file_name().map(|n| n.to_string_lossy().into_owned());
        blueprint.system.name = folder.unwrap_or_else(|| "the system".to_owned());
        stages::complete(&mut blueprint);
    }
    let terminal = std::io::stdin().is_terminal()
        && std::io::stdout().is_terminal()
        && std::io::stderr().is_terminal();
    if command.brief || blueprint.containers().next().is_none() {
        return as_brief(arguments, command, &blueprint, &path, terminal);
    }
    let mut asked = questions(&blueprint, command);
    if terminal && !command.yes {
        dialogue(&blueprint.system.name, &mut asked)?;
    }
    let schema = declaration_schema();
    let text = text(&blueprint, &asked, &schema);
    let name = path
        .file_name()
        .map(|n| n.to_string_lossy().into_owned())
        .unwrap_or_default();
    let (_, found) = declaration(&text, &name);
    if found.iter().any(|d| d.severity == Severity::Error) {
        diagnostics::print(
            &found,
            Path::new(""),
            arguments.diagnostics,
            arguments.quiet,
        );
        bail!("an answer cannot stand in {name}; nothing was written");
    }
    let schema = format!("{}\n", serde_json::to_string_pretty(&schema)?);
    outputs::write_one(&root.join(SCHEMA), schema.as_bytes())?;
    outputs::write_one(&path, text.as_bytes())?;
    if !arguments.quiet {
        let open = blueprint.questions.len();
        let (are, s) = if open == 1 { ("is", "") } else { ("are", "s") };
        diagnostics::say(&format!(
            "{open} question{s} {are} open in it; fill in what you know, then run `groundplan generate`"
        ));
    }
    super::print(&path.display().to_string())
}

/// Writes the six answers as a brief, from which the system is designed.
fn as_brief(
    arguments: &Arguments,
    command: &Init,
    blueprint: &Blueprint,
    path: &Path,
    terminal: bool,
) -> Result<ExitCode> {
    let name = &blueprint.system.name;
    let purpose = blueprint.system.purpose.as_ref().map(|s| s.text.clone());
    let mut all = brief::questions(command, purpose);
    if terminal && !command.yes {
        brief::dialogue(name, &mut all)?;
    }
    let text = brief::text(name, &all);
    let file = path.file_name().unwrap_or_default().to_string_lossy();
    let found = brief::checked(&text, &file);
    outputs::write_one(
        &command.source.path.join(SCHEMA),
        format!("{}\n", serde_json::to_string_pretty(&declaration_schema())?).as_bytes(),
    )?;
    outputs::write_one(path, text.as_bytes())?;
    // The file that the findings point to is there now.
    diagnostics::print(
        &found,
        &command.source.path,
        arguments.diagnostics,
        arguments.quiet,
    );
    if !arguments.quiet {
        diagnostics::say("`groundplan generate` designs the system and writes its documents");
    }
    super::print(&path.display().to_string())
}

/// The file to write; what is there stays unless `force`.
fn target(root: &Path, force: bool) -> Result<PathBuf> {
    for name in DECLARATION {
        let path = root.join(name);
        match std::fs::symlink_metadata(&path) {
            Ok(found) if found.is_dir() => {
                bail!("expected a file, found a folder: {}", path.display())
            }
            Ok(_) if force => return Ok(path),
            Ok(_) => bail!(
                "refused to replace {}; edit it, or use `--force` to start again",
                path.display()
            ),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => {
                return Err(error).with_context(|| format!("cannot look at {}", path.display()));
            }
        }
    }
    Ok(root.join(DECLARATION[0]))
}

fn questions(blueprint: &Blueprint, command: &Init) -> Vec<Asked> {
    let system = &blueprint.system;
    let declared = |key: &str| system.answers.get(key).map(|s| s.text.clone());
    let seen = |statement: &Option<Statement>| {
        let observed = |s: &&Statement| s.provenance.kind == ProvenanceKind::Observed;
        statement.as_ref().filter(observed).map(|s| s.text.clone())
    };
    let source = system.purpose.as_ref().and_then(|s| s.provenance.first());
    let purpose = seen(&system.purpose);
    let stack = technologies(blueprint);
    let authors = blueprint.history.authors.len();
    let plural = if authors == 1 { "" } else { "s" };
    let one = |key, prompt, option: &Option<String>, offer: Option<String>, hint| Asked {
        key,
        prompt,
        answer: option
            .clone()
            .or_else(|| declared(key))
            .filter(|text| !text.trim().is_empty()),
        offer,
        hint,
    };
    vec![
        one(
            "system.purpose",
            "What is the system for, in one or two sentences?",
            &command.purpose,
            purpose.clone(),
            purpose.map(|p| {
                format!(
                    "observed in {}: {p}",
                    source.map(|e| e.label()).unwrap_or_default()
                )
            }),
        ),
        one(
            "scale",
            "How much load: users, requests per second, data?",
            &command.scale,
            None,
            None,
        ),
        one(
            "constraints.team",
            "How many engineers build and run it?",
            &command.team,
            None,
            (authors > 0).then(|| format!("{authors} author{plural} in git")),
        ),
        one(
            "constraints.timeline",
            "When must it be live, or is it?",
            &command.timeline,
            None,
            None,
        ),
        one(
            "constraints.stack",
            "Which technologies are mandatory?",
            &command.stack,
            (!stack.is_empty()).then(|| stack.join(", ")),
            (!stack.is_empty()).then(|| format!("observed: {}", stack.join(", "))),
        ),
        one(
            "constraints.other",
            "What else limits it: budget, compliance, systems to integrate with?",
            &command.constraints,
            None,
            None,
        ),
    ]
}

/// Technologies of the system's own containers, the most used first.
fn technologies(blueprint: &Blueprint) -> Vec<String> {
    /// A longer list is no answer.
    const MOST: usize = 12;
    let all: Vec<&String> = blueprint.containers().flat_map(|e| &e.technology).collect();
    let mut names: Vec<&String> = all
        .iter()
        .copied()
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    names.sort_by_key(|name| std::cmp::Reverse(all.iter().filter(|n| n == &name).count()));
    names.into_iter().take(MOST).cloned().collect()
}

/// Asks what no option has answered.
fn dialogue(name: &str, asked: &mut [Asked]) -> Result<()> {
    cliclack::intro(format!("groundplan.yaml for {name}"))?;
    cliclack::log::remark("Enter keeps what is shown, `-` leaves it open.")?;
    for question in asked.iter_mut() {
        let offer = question.answer.clone().or_else(|| question.offer.clone());
        let mut input = cliclack::input(question.prompt).required(false);
        if let Some(offer) = &offer {
            input = input.default_input(offer);
        } else if let Some(hint) = &question.hint {
            input = input.placeholder(hint);
        }
        let said: String = match input.interact() {
            Ok(said) => said,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {
                bail!("cancelled; nothing was written")
            }
            Err(error) => return Err(error).context("cannot ask on this terminal"),
        };
        let said = said.trim();
        question.answer = (!said.is_empty() && said != "-").then(|| said.to_owned());
    }
    cliclack::outro("Thank you.")?;
    Ok(())
}

/// The whole file.
fn text(blueprint: &Blueprint, asked: &[Asked], schema: &serde_json::Value) -> String {
    let system = &blueprint.system;
    let mut skeleton = Skeleton::new(schema);
    match system.answers.get("system.name") {
        Some(name) => skeleton.answer("system.name", &name.text),
        None => skeleton.open("system.name", &format!("observed: {}", system.name)),
    }
    for question in asked {
        if let Some(answer) = &question.answer {
            skeleton.answer(question.key, answer);
        }
        if let Some(hint) = &question.hint {
            skeleton.open(question.key, hint);
        }
    }
    for question in &blueprint.questions {
        let note = match question.options.as_slice() {
            [] => format!("{} ({})", question.text, question.owner),
            options => {
                format!(
                    "{} ({}) For example: {}",
                    question.text,
                    question.owner,
                    options.join(", ")
                )
            }
        };
        for key in places(blueprint, &question.answer) {
            skeleton.open(&key, &note);
        }
    }
    for question in asked {
        let asks = |q: &groundplan_model::Question| q.answer == question.key;
        if !blueprint.questions.iter().any(asks) {
            skeleton.open(question.key, question.prompt);
        }
    }
    skeleton.text(&head(blueprint))
}

/// The keys that a question is about: `<id>` stands for each element, entity or interface.
fn places(blueprint: &Blueprint, key: &str) -> Vec<String> {
    /// Beyond this a person copies the pattern.
    const MOST: usize = 20;
    // The short form of an objective is what a person writes first.
    if key == "slos" {
        return ["targets.availability", "targets.latency_p95"]
            .map(str::to_owned)
            .to_vec();
    }
    if !key.contains("<id>") {
        return vec![key.to_owned()];
    }
    let ids: Vec<&str> = match key.split('.').next() {
        // Terms are promised by somebody outside.
        Some("elements") if key.ends_with(".terms") => {
            blueprint.externals().map(|e| e.id.as_str()).collect()
        }
        Some("elements") => blueprint.containers().map(|e| e.id.as_str()).collect(),
        Some("entities") => blueprint.entities.iter().map(|e| e.id.as_str()).collect(),
        Some("interfaces") => blueprint.interfaces.iter().map(|i| i.id.as_str()).collect(),
        _ => Vec::new(),
    };
    if ids.is_empty() {
        return vec![key.to_owned()];
    }
    // Ids may hold dots, so that they are not put into a dotted key as they are.
    ids.into_iter()
        .take(MOST)
        .map(|id| key.replace("<id>", &id.replace('.', "\u{1}")))
        .collect()
}

/// The first lines: what the file is for, and what the survey knows.
fn head(blueprint: &Blueprint) -> Vec<String> {
    let mut all = vec![
        format!(
            "What code cannot say about {}. `groundplan generate` reads this file, and what stands here \
             beats what is observed in the repository.",
            blueprint.system.name
        ),
        "Lines that begin with `#` are questions that nobody has answered yet: to answer one, take \
         the mark away and write behind the key."
            .to_owned(),
    ];
    let count =
        |n: usize, one: &str, many: &str| format!("{n} {}", if n == 1 { one } else { many });
    let elements = &blueprint.elements;
    let stores = blueprint.containers().filter(|e| e.is_store()).count();
    let parts = [
        (blueprint.containers().count(), "container", "containers"),
        (stores, "data store among them", "data stores among them"),
        (
            blueprint.externals().count(),
            "system outside",
            "systems outside",
        ),
        (
            elements
                .iter()
                .filter(|e| e.kind == ElementKind::Component)
                .count(),
            "component",
            "components",
        ),
        (blueprint.relationships.len(), "dependency", "dependencies"),
        (blueprint.entities.len(), "entity", "entities"),
        (blueprint.interfaces.len(), "interface", "interfaces"),
        (blueprint.decisions.len(), "decision", "decisions"),
    ];
    let known: Vec<String> = parts
        .iter()
        .filter(|(n, _, _)| *n > 0)
        .map(|(n, one, many)| count(*n, one, many))
        .collect();
    if !known.is_empty() {
        all.push(format!("The survey found {}.", known.join(", ")));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use groundplan_survey::is_declaration_key;

    #[test]
    fn questions_of_documents_name_keys_of_the_declaration() {
        let open = groundplan_document::open_questions(&Blueprint::default());
        assert!(open.len() > 10, "only {} questions", open.len());
        for question in open {
            assert!(
                is_declaration_key(&question.answer),
                "{} is no key",
                question.answer
            );
        }
    }

    #[test]
    fn what_is_written_can_be_read() {
        let mut blueprint = Blueprint::default();
        blueprint.system.name = "Shop: \"#1\"\n# x".to_owned();
        blueprint.questions = groundplan_document::open_questions(&blueprint);
        let hostile = "yes: no # {x} \u{7} \u{2028} - 'a' \"b\" \\ é";
        for answer in [
            "true",
            "",
            "  ",
            "4",
            "a: b",
            "- x",
            "*a",
            hostile,
            "2024-01-01",
            "{",
            "a #b",
        ] {
            let said = |key| Asked {
                key,
                prompt: "What?",
                offer: None,
                hint: Some(format!("hint {answer}\nkey: value")),
                answer: Some(answer.to_owned()).filter(|a| !a.trim().is_empty()),
            };
            let asked = ["system.purpose", "scale", "constraints.team"].map(said);
            let text = text(&blueprint, &asked, &declaration_schema());
            let (declared, found) = declaration(&text, "groundplan.yaml");
            assert_eq!(found, [], "{text}");
            let read = declared.purpose.map(|p| p.text).unwrap_or_default();
            let plain: String = answer.chars().filter(|c| *c != '\u{7}').collect();
            let plain: Vec<&str> = plain.split_whitespace().collect();
            assert_eq!(read, plain.join(" "), "{text}");
            // `system.scale` is another name of `scale`.
            let keys: Vec<&String> = declared.answers.keys().collect();
            assert_eq!(keys.len(), if plain.is_empty() { 0 } else { 4 }, "{keys:?}");
        }
    }

    #[test]
    fn every_question_can_be_answered_by_taking_marks_away() {
        let mut blueprint = Blueprint::default();
        blueprint.system.name = "Shop".to_owned();
        blueprint.questions = groundplan_document::open_questions(&blueprint);
        let text = text(&blueprint, &[], &declaration_schema());
        // A line `# key:` with an answer behind it must be a place that the check allows.
        let mut answered = 0;
        for (at, line) in text.lines().enumerate() {
            let Some(rest) = line.trim_start().strip_prefix("# ") else {
                continue;
            };
            if rest.ends_with(':') && !rest.contains(' ') && !rest.contains('<') {
                let indent = &line[..line.len() - line.trim_start().len()];
                let lines: Vec<String> = text
                    .lines()
                    .enumerate()
                    .map(|(n, l)| {
                        if n == at {
                            format!("{indent}{rest}")
                        } else {
                            l.to_owned()
                        }
                    })
                    .collect();
                let (_, found) = declaration(&lines.join("\n"), "groundplan.yaml");
                assert_eq!(found, [], "{rest}");
                answered += 1;
            }
        }
        assert!(answered > 20, "only {answered} keys");
    }
}
