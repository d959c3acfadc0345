//! Templates of Helm read without running Helm: what stands outside the actions is plain YAML, and
//! an action that only names a value becomes a placeholder that the chart's `values.yaml` fills.

use std::collections::VecDeque;

/// A template as YAML, line by line where the template has it.
pub(super) struct Masked {
    /// The text: actions are blanks or placeholders `${Values.a.b}`; `${helm}` is unknown.
    pub(super) text: String,
    /// First line of each document, with the values that have to be true for it to be made;
    /// nothing for a condition that was not understood.
    starts: Vec<(u32, Option<Vec<String>>)>,
}

/// A block that an action opens.
struct Block {
    /// Whether it stands around whole documents.
    wraps: bool,
    /// The condition: nothing if it was not understood.
    condition: Option<Vec<String>>,
    /// Whether its lines count.
    kept: bool,
}

impl Masked {
    /// The values that have to be true for the object at a line.
    pub(super) fn conditions(&self, line: u32) -> Option<&[String]> {
        let start = self.starts.iter().rev().find(|(first, _)| *first <= line);
        start.map_or(Some(&[][..]), |(_, all)| all.as_deref())
    }
}

/// Masks the actions of a template that lies at `path`.
pub(super) fn masked(path: &str, text: &str) -> Masked {
    let chart = chart_of(path);
    let mut out = String::with_capacity(text.len());
    let mut blocks: Vec<Block> = Vec::new();
    let mut starts = Vec::new();
    let mut begun = false;
    let mut lines: VecDeque<&str> = text.split_inclusive('\n').collect();
    let mut number = 0u32;
    while let Some(line) = lines.pop_front() {
        number += 1;
        // An action over several lines is a comment or a call: the lines stay, empty.
        let mut whole = line.to_owned();
        let mut extra = 0;
        while whole.matches("{{").count() > whole.matches("}}").count() {
            let Some(next) = lines.pop_front() else { break };
            whole.push_str(next);
            extra += 1;
        }
        let first = number;
        number += extra;
        let content = whole
            .trim_end_matches(['\n', '\r'])
            .replace(['\n', '\r'], " ");
        let mut shown = String::new();
        let mut rest = content.as_str();
        let mut plain = false;
        while let Some(at) = rest.find("{{") {
            let (before, after) = rest.split_at(at);
            plain |= !before.trim().is_empty();
            shown.push_str(before);
            let end = after.find("}}").unwrap_or(after.len());
            let action = after.get(2..end).unwrap_or("");
            let action = action.trim_matches(['-', ' ', '\t']);
            rest = after.get(end + 2..).unwrap_or("");
            match block_word(action) {
                Some(word) => step(&mut blocks, word, action, !begun),
                None => shown.push_str(&value(action, chart)),
            }
        }
        plain |= !rest.trim().is_empty();
        shown.push_str(rest);
        let kept = blocks.iter().all(|b| b.kept);
        let separator = content.starts_with("---");
        if separator {
            begun = false;
        } else if kept && plain && !content.trim_start().starts_with('#') && !begun {
            begun = true;
            let all: Option<Vec<Vec<String>>> = blocks
                .iter()
                .filter(|b| b.wraps)
                .map(|b| b.condition.clone())
                .collect();
            starts.push((first, all.map(|all| all.concat())));
        }
        if separator || (kept && plain) {
            // `{{ .Release.Name }}-web` is called by what comes after.
            out.push_str(
                &shown
                    .replace("${release}-", "")
                    .replace("${release}", "${helm}"),
            );
        }
        for _ in 0..=extra {
            out.push('\n');
        }
    }
    Masked { text: out, starts }
}

/// The folder of the chart that a template belongs to.
fn chart_of(path: &str) -> &str {
    let folder = path
        .rsplit_once("/templates/")
        .map_or("", |(folder, _)| folder);
    folder.rsplit('/').next().unwrap_or("")
}

/// The word of an action that opens, parts, or closes a block, or that shows nothing.
fn block_word(action: &str) -> Option<&str> {
    let word = action.split([' ', '\t']).next().unwrap_or("");
    let is_block = matches!(
        word,
        "if" | "with" | "range" | "define" | "block" | "else" | "end" | "/*"
    );
    (is_block || action.starts_with("/*") || action.starts_with('$') && action.contains(":="))
        .then_some(word)
}

fn step(blocks: &mut Vec<Block>, word: &str, action: &str, outside: bool) {
    match word {
        "end" => {
            blocks.pop();
        }
        "else" => {
            if let Some(block) = blocks.last_mut() {
                block.kept = false;
            }
        }
        "if" | "with" | "range" | "define" | "block" => {
            let tested = action.split_once(' ').map_or("", |(_, rest)| rest.trim());
            let negated = word == "if" && tested.starts_with("not ");
            let path = tested.strip_prefix(".Values.").filter(|p| is_path(p));
            let condition = path.filter(|_| word == "if").map(|p| vec![p.to_owned()]);
            blocks.push(Block {
                wraps: outside,
                kept: match outside {
                    true => !matches!(word, "define" | "block"),
                    // Values that switch a line on are mostly off, and those that switch it off too.
                    false => negated,
                },
                condition,
            });
        }
        _ => {}
    }
}

fn is_path(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
}

/// What stands for an action that shows something.
fn value(action: &str, chart: &str) -> String {
    const UNKNOWN: &str = "${helm}";
    let mut steps = action.split('|').map(str::trim);
    let head = steps.next().unwrap_or("");
    let mut name = None;
    let mut default = None;
    let words: Vec<&str> = head.split_whitespace().collect();
    match words.as_slice() {
        ["int" | "quote" | "toString", path] | [path] if path.starts_with(".Values.") => {
            name = path.strip_prefix(".Values.");
        }
        ["default", other, path] if path.starts_with(".Values.") => {
            name = path.strip_prefix(".Values.");
            default = Some(*other);
        }
        [".Chart.Name"] if !chart.is_empty() => return chart.to_owned(),
        [".Release.Name"] => return "${release}".to_owned(),
        // The usual name of all that a chart makes: `include "shop.fullname" .`
        ["include" | "template", called, ..] => {
            let called = called.trim_matches('"');
            return match called.rsplit_once('.') {
                Some((owner, "fullname" | "name"))
                    if !owner.contains('.') && !matches!(owner, "common" | "library" | "lib") =>
                {
                    owner.to_owned()
                }
                _ => UNKNOWN.to_owned(),
            };
        }
        _ => {}
    }
    for step in steps {
        let words: Vec<&str> = step.split_whitespace().collect();
        match words.as_slice() {
            ["quote" | "squote" | "int" | "toString" | "trim"] => {}
            // Names are cut to what Kubernetes takes.
            ["trunc", _] | ["trimSuffix", _] => {}
            ["default", other] => default = Some(*other),
            _ => return UNKNOWN.to_owned(),
        }
    }
    let Some(name) = name.filter(|n| is_path(n)) else {
        return UNKNOWN.to_owned();
    };
    let literal = default.filter(|d| !d.starts_with(['.', '(', '$']));
    match literal
        .map(|d| d.trim_matches('"'))
        .filter(|d| !d.is_empty())
    {
        Some(text) if !text.contains([':', '#', '}', '"']) => format!("${{Values.{name}:-{text}}}"),
        _ => format!("${{Values.{name}}}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_become_placeholders_and_blanks() {
        let text = "{{- if .Values.worker.enabled }}\nkind: Deployment\nmetadata:\n  name: {{ include \"shop.fullname\" . }}-worker\nspec:\n  {{- if .Values.psp }}\n  x: y\n  {{- end }}\n  replicas: {{ .Values.worker.replicas | default 2 }}\n  image: \"{{ .Values.repo }}/worker:{{ .Chart.AppVersion }}\"\n{{- end }}\n---\nkind: Service\n";
        let masked = masked("charts/shop/templates/worker.yaml", text);
        assert_eq!(masked.text.lines().count(), text.lines().count());
        assert!(masked.text.contains("name: shop-worker\n"));
        assert!(
            masked
                .text
                .contains("replicas: ${Values.worker.replicas:-2}\n")
        );
        assert!(masked.text.contains("\"${Values.repo}/worker:${helm}\""));
        assert!(!masked.text.contains("x: y"));
        let all = masked.conditions(2).unwrap_or_default();
        assert_eq!(all, ["worker.enabled".to_owned()]);
        assert_eq!(masked.conditions(13), Some(&[][..]));
    }
}
