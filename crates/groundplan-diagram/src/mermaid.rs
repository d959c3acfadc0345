//! Mermaid text in the dialect that code-hosting sites draw: `flowchart`, `erDiagram`,
//! `sequenceDiagram`; generated ids, quoted labels, every special character as an entity.

use crate::card::shape;
use crate::description::further;
use crate::measure::plain;
use crate::scene::Shape;
use groundplan_model::{Mode, Role, View, ViewKind, ViewNode};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Longest text of one label part; the full text stands in the description.
const LONGEST: usize = 120;

/// A view in normal form as Mermaid.
pub(crate) fn write(view: &View) -> String {
    match view.kind {
        ViewKind::EntityRelationship => entities(view),
        ViewKind::Sequence => sequence(view),
        ViewKind::Pipeline | ViewKind::Roadmap => flowchart(view, "LR"),
        ViewKind::Chart => chart(view).unwrap_or_else(|| flowchart(view, "LR")),
        _ => flowchart(view, "TB"),
    }
}

/// Text that no Mermaid grammar can misread: letters, digits, spaces and harmless punctuation
/// stay, everything else becomes an entity, emoji and other pictures are dropped.
pub(crate) fn safe(text: &str) -> String {
    let text = plain(text);
    let cut = text.chars().count() > LONGEST;
    let mut out = String::new();
    for c in text.chars().take(if cut { LONGEST - 1 } else { LONGEST }) {
        match c {
            '"' => out.push_str("#quot;"),
            '<' => out.push_str("#lt;"),
            '>' => out.push_str("#gt;"),
            '&' => out.push_str("#amp;"),
            ' ' | ',' | '/' | '_' | '.' | '-' | '+' | '\'' | '!' | '?' | '=' => out.push(c),
            ':' | '(' | ')' | '#' | ';' | '%' | '`' | '[' | ']' | '{' | '}' | '|' | '\\' | '@'
            | '*' | '~' | '^' | '$' => {
                let _ = write!(out, "#{};", u32::from(c));
            }
            c if c.is_ascii_alphanumeric() => out.push(c),
            c if c.is_alphanumeric() => out.push(c),
            '–' | '—' | '…' | '→' | '×' | '·' => out.push(c),
            _ => {}
        }
    }
    if cut {
        out.push('…');
    }
    // `1.` at the start reads as a list, `end` as a keyword in some contexts.
    guard(out)
}

fn guard(text: String) -> String {
    let trimmed = text.trim();
    let list = trimmed.starts_with(|c: char| c.is_ascii_digit())
        && trimmed
            .trim_start_matches(|c: char| c.is_ascii_digit())
            .starts_with(['.', ')'])
        || trimmed.starts_with("- ")
        || trimmed.starts_with("+ ");
    if list {
        format!("#8203;{trimmed}")
    } else {
        trimmed.to_owned()
    }
}

/// `safe` without the entities that sequence texts and unquoted places do not take, and with the
/// keyword `end` kept from standing alone.
fn bare(text: &str) -> String {
    let safe = safe(text);
    let mut out = String::new();
    for word in safe.split(' ') {
        if !out.is_empty() {
            out.push(' ');
        }
        if word.eq_ignore_ascii_case("end") {
            let mut letters = word.chars();
            let first = letters.next().unwrap_or('e');
            let _ = write!(out, "#{};{}", u32::from(first), letters.as_str());
        } else {
            out.push_str(word);
        }
    }
    if out.is_empty() { "-".to_owned() } else { out }
}

fn ids(view: &View) -> BTreeMap<&str, String> {
    view.nodes
        .iter()
        .enumerate()
        .map(|(n, node)| (node.id.as_str(), format!("n{n}")))
        .collect()
}

fn shown(node: &ViewNode) -> String {
    let name = safe(&node.name);
    if name.is_empty() {
        bare(&node.id)
    } else {
        name
    }
}

fn class(node: &ViewNode) -> &'static str {
    match node.role {
        _ if node.external || shape(node) == Shape::Stack => "external",
        _ if node.person => "person",
        Some(role) if role.is_store() => "store",
        Some(Role::Broker) => "broker",
        _ => "service",
    }
}

fn flowchart(view: &View, direction: &str) -> String {
    let ids = ids(view);
    let mut out = format!("flowchart {direction}\n");
    let group_ids: BTreeMap<&str, String> = view
        .groups
        .iter()
        .enumerate()
        .map(|(n, g)| (g.id.as_str(), format!("g{n}")))
        .collect();
    block(&mut out, view, &ids, &group_ids, None, 1);
    for edge in &view.edges {
        let (Some(from), Some(to)) = (ids.get(edge.from.as_str()), ids.get(edge.to.as_str()))
        else {
            continue;
        };
        let mut label = safe(&edge.label);
        let technology = safe(&edge.technology);
        if !technology.is_empty() {
            let gap = if label.is_empty() { "" } else { "<br/>" };
            let _ = write!(label, "{gap}#91;{technology}#93;");
        }
        let arrow = if edge.mode == Some(Mode::Async) {
            "-.->"
        } else {
            "-->"
        };
        if label.is_empty() {
            let _ = writeln!(out, "    {from} {arrow} {to}");
        } else {
            let _ = writeln!(out, "    {from} {arrow}|\"{label}\"| {to}");
        }
    }
    classes(&mut out, view, &ids);
    out
}

fn block(
    out: &mut String,
    view: &View,
    ids: &BTreeMap<&str, String>,
    group_ids: &BTreeMap<&str, String>,
    parent: Option<&str>,
    depth: usize,
) {
    let pad = "    ".repeat(depth);
    for node in view.nodes.iter().filter(|n| n.parent.as_deref() == parent) {
        let Some(id) = ids.get(node.id.as_str()) else {
            continue;
        };
        let mut label = shown(node);
        if !node.kind.trim().is_empty() {
            let _ = write!(label, "<br/>#91;{}#93;", safe(&node.kind));
        }
        let description = safe(&node.description);
        if !description.is_empty() {
            let _ = write!(label, "<br/>{description}");
        }
        for (name, value, unit) in &node.rows {
            let _ = write!(label, "<br/>· {}", safe(&format!("{name} {value} {unit}")));
        }
        let (open, close) = match shape(node) {
            Shape::Person => ("([", "])"),
            Shape::Cylinder => ("[(", ")]"),
            Shape::Pipe => ("[[", "]]"),
            Shape::Card | Shape::Table | Shape::Dot | Shape::Bar => ("[", "]"),
            Shape::Stack => ("{{", "}}"),
        };
        let _ = writeln!(out, "{pad}{id}{open}\"{label}\"{close}");
    }
    for group in view.groups.iter().filter(|g| g.parent.as_deref() == parent) {
        let Some(id) = group_ids.get(group.id.as_str()) else {
            continue;
        };
        let mut title = safe(&group.name);
        if !group.kind.trim().is_empty() {
            let _ = write!(title, " #91;{}#93;", safe(&group.kind));
        }
        let _ = writeln!(out, "{pad}subgraph {id}[\"{title}\"]");
        if depth < 20 {
            block(out, view, ids, group_ids, Some(&group.id), depth + 1);
        }
        let _ = writeln!(out, "{pad}end");
    }
}

fn classes(out: &mut String, view: &View, ids: &BTreeMap<&str, String>) {
    const STYLES: [(&str, &str); 5] = [
        ("broker", "fill:#ece3f6,stroke:#6a4796,color:#1b2733"),
        (
            "external",
            "fill:#ececec,stroke:#5c636a,color:#1b2733,stroke-dasharray:5 3",
        ),
        ("person", "fill:#fde9cf,stroke:#8a5a10,color:#1b2733"),
        ("service", "fill:#dbe9f6,stroke:#2a5d8f,color:#1b2733"),
        ("store", "fill:#dff0e1,stroke:#2f6b3a,color:#1b2733"),
    ];
    for (name, style) in STYLES {
        let members: Vec<&str> = view
            .nodes
            .iter()
            .filter(|n| class(n) == name)
            .filter_map(|n| ids.get(n.id.as_str()).map(String::as_str))
            .collect();
        if !members.is_empty() {
            let _ = writeln!(out, "    classDef {name} {style}");
            let _ = writeln!(out, "    class {} {name}", members.join(","));
        }
    }
}

/// Bars from zero as tasks that all begin at zero: the one form of bars that every version draws.
fn chart(view: &View) -> Option<String> {
    let bars = crate::figures::bars(view)?;
    let most = bars.iter().map(|(_, value, _)| *value).fold(0.0, f64::max);
    // Ends are whole numbers.
    if !(20.0..1e9).contains(&most) {
        return None;
    }
    let word = |text: &str| -> String {
        let kept = |c: &char| c.is_alphanumeric() || " .,/%+-()".contains(*c);
        let text: String = plain(text).chars().filter(kept).take(LONGEST).collect();
        if text.trim().is_empty() {
            "-".to_owned()
        } else {
            text.trim().to_owned()
        }
    };
    let mut out = format!(
        "gantt\n    title {}\n    dateFormat X\n    axisFormat %s\n",
        word(&view.title)
    );
    for (name, value, words) in bars {
        let _ = writeln!(out, "    section {}", word(name));
        let _ = writeln!(out, "    {} : 0, {}", word(&words), value.round().max(1.0));
    }
    Some(out)
}

/// A word for the columns of `erDiagram`: a letter, then letters, digits, `_` and `-`.
fn word(text: &str) -> String {
    let mut out = String::new();
    for c in plain(text).chars().take(60) {
        if c.is_ascii_alphanumeric() || c == '_' {
            out.push(c);
        } else if !out.ends_with('_') {
            out.push('_');
        }
    }
    let out = out.trim_matches('_');
    match out.chars().next() {
        None => "unknown".to_owned(),
        Some(c) if c.is_ascii_alphabetic() => out.to_owned(),
        Some(_) => format!("x_{out}"),
    }
}

fn entities(view: &View) -> String {
    let ids = ids(view);
    let mut out = String::from("erDiagram\n");
    for node in &view.nodes {
        let Some(id) = ids.get(node.id.as_str()) else {
            continue;
        };
        let _ = writeln!(out, "    {id}[\"{}\"] {{", shown(node));
        let fields = node.rows.iter().filter(|row| further(row).is_none());
        for (name, data_type, marks) in fields {
            let keys: Vec<&str> = ["PK", "FK", "UQ"]
                .into_iter()
                .filter(|key| marks.split([',', ' ']).any(|m| m == *key))
                .map(|key| if key == "UQ" { "UK" } else { key })
                .collect();
            let keys = if keys.is_empty() {
                String::new()
            } else {
                format!(" {}", keys.join(", "))
            };
            let _ = writeln!(out, "        {} {}{keys}", word(data_type), word(name));
        }
        let _ = writeln!(out, "    }}");
    }
    for edge in &view.edges {
        let (Some(from), Some(to)) = (ids.get(edge.from.as_str()), ids.get(edge.to.as_str()))
        else {
            continue;
        };
        let (left, right) = crate::texts::crow_feet(edge);
        let label = safe(&edge.label);
        let label = if label.is_empty() {
            "refers to".to_owned()
        } else {
            label
        };
        let _ = writeln!(out, "    {from} {left}--{right} {to} : \"{label}\"");
    }
    out
}

fn sequence(view: &View) -> String {
    let ids = ids(view);
    let mut out = String::from("sequenceDiagram\n    autonumber\n");
    for node in &view.nodes {
        let Some(id) = ids.get(node.id.as_str()) else {
            continue;
        };
        let word = if node.person { "actor" } else { "participant" };
        let name = bare(if node.name.trim().is_empty() {
            &node.id
        } else {
            &node.name
        });
        let _ = writeln!(out, "    {word} {id} as {name}");
    }
    for step in &view.steps {
        let (Some(from), Some(to)) = (ids.get(step.from.as_str()), ids.get(step.to.as_str()))
        else {
            continue;
        };
        let arrow = match (step.reply, step.is_async) {
            (true, _) => "-->>",
            (false, true) => "-)",
            (false, false) => "->>",
        };
        let _ = writeln!(out, "    {from}{arrow}{to}: {}", bare(&step.label));
    }
    out
}
