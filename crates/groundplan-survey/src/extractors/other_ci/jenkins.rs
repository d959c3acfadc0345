//! Stages of a Jenkinsfile (<https://www.jenkins.io/doc/book/pipeline/syntax/>).

use super::scripted;
use crate::source::SourceFile;
use groundplan_model::Job;

/// The stages in order, each with the commands of its `sh`, `bat` and `powershell` steps.
pub(super) fn jobs(file: &SourceFile<'_>) -> Vec<Job> {
    let mut found: Vec<(String, u32, u32, Vec<String>)> = Vec::new();
    let mut open: Option<&str> = None;
    let mut last = 0;
    for (number, line) in file.text.lines().enumerate() {
        let number = number as u32 + 1;
        let line = line.trim();
        last = number;
        if let Some(quote) = open {
            let (text, ends) = match line.split_once(quote) {
                Some((text, _)) => (text.trim(), true),
                None => (line, false),
            };
            if let Some((.., lines)) = found.last_mut()
                && !text.is_empty()
            {
                lines.push(text.to_owned());
            }
            if ends {
                open = None;
            }
            continue;
        }
        if line.starts_with("//") || line.starts_with('*') {
            continue;
        }
        if let Some(name) = argument(line, "stage") {
            if let Some((_, _, end, _)) = found.last_mut() {
                *end = number.saturating_sub(1);
            }
            found.push((name.to_owned(), number, number, Vec::new()));
            continue;
        }
        for step in ["sh", "bat", "powershell", "pwsh"] {
            let Some(rest) = after(line, step) else {
                continue;
            };
            let quote = ["\'\'\'", "\"\"\""]
                .into_iter()
                .find(|q| rest.starts_with(q));
            if let Some(quote) = quote {
                let text = rest.get(3..).unwrap_or_default();
                match text.split_once(quote) {
                    Some((text, _)) => push(&mut found, text),
                    None => {
                        push(&mut found, text);
                        open = Some(quote);
                    }
                }
            } else if let Some(text) = quoted(rest) {
                push(&mut found, text);
            }
        }
    }
    if let Some((_, _, end, _)) = found.last_mut() {
        *end = last;
    }
    let mut all: Vec<Job> = Vec::new();
    for (name, first, last, lines) in found {
        let needs = all.last().map(|j| j.id.clone()).into_iter().collect();
        all.push(scripted(&name, &lines, needs, file.evidence(first, last)));
    }
    all
}

fn push(found: &mut [(String, u32, u32, Vec<String>)], text: &str) {
    if let Some((.., lines)) = found.last_mut()
        && !text.trim().is_empty()
    {
        lines.push(text.trim().to_owned());
    }
}

/// What follows the name of a step, the parenthesis and `script:` left out.
fn after<'t>(line: &'t str, step: &str) -> Option<&'t str> {
    let at = line.find(step)?;
    let before = line.get(..at)?.chars().next_back();
    if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '.') {
        return None;
    }
    let rest = line.get(at + step.len()..)?;
    if !rest.starts_with([' ', '(', '\'', '"']) {
        return None;
    }
    let rest = rest.trim_start_matches([' ', '(']);
    Some(rest.strip_prefix("script:").unwrap_or(rest).trim_start())
}

fn argument<'t>(line: &'t str, step: &str) -> Option<&'t str> {
    quoted(line.strip_prefix(step)?.trim_start_matches([' ', '(']))
}

fn quoted(text: &str) -> Option<&str> {
    let quote = text.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    let inner = text.get(1..)?;
    inner.get(..inner.find(quote)?)
}
