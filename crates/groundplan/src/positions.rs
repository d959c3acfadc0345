//! A positions file: where a person wants the boxes of drawings.

use anyhow::{Context, Result, bail};
use groundplan_diagram::{Hints, Pin, can_be_pinned};
use groundplan_model::{Diagnostic, Severity, View};
use groundplan_syntax::{Lines, Node, yaml};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

/// What such a file begins with.
const HEAD: &str = "\
# Where boxes stand in drawings: groundplan diagram --positions FILE
# x is the middle of a box; boxes with about the same y stand in one row. A box without a line is
# placed by itself. id and name find a box again, or beside: the boxes that it was joined with.
";

/// A box's place and the line that says it.
type Placed = (Pin, u32);

/// The places in one file, by view.
#[derive(Default)]
pub(crate) struct Positions {
    file: String,
    text: String,
    views: BTreeMap<String, (u32, Vec<Placed>)>,
}

impl Positions {
    /// Reads `file`; without one nothing is placed.
    pub(crate) fn read(file: Option<&Path>) -> Result<Positions> {
        let Some(path) = file else {
            return Ok(Positions::default());
        };
        let shown = path.display().to_string();
        let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {shown}"))?;
        let (documents, faults) = yaml(&text);
        if let Some(fault) = faults.first() {
            bail!("{shown}:{}: {}", fault.line, fault.message);
        }
        let mut views = BTreeMap::new();
        for (key, boxes) in documents.first().map_or(Vec::new(), |root| root.entries()) {
            let mut pins = Vec::new();
            for node in boxes.items() {
                pins.push((pin(node, &shown)?, node.first));
            }
            if pins.is_empty() {
                bail!(
                    "{shown}:{}: expected a list of boxes with `id`, `x` and `y` below `{}`",
                    key.line,
                    key.text
                );
            }
            views.insert(key.text.clone(), (key.line, pins));
        }
        if views.is_empty() {
            bail!("{shown}: expected names of views, each with a list of boxes");
        }
        Ok(Positions {
            file: shown,
            text,
            views,
        })
    }

    /// `hints` with the places of the boxes of `view`.
    pub(crate) fn pin(&self, view: &View, hints: &mut Hints) {
        hints.pin(view, &self.pins(&view.id));
    }

    fn pins(&self, view: &str) -> Vec<Pin> {
        let found = self.views.get(view).map_or(&[][..], |(_, pins)| pins);
        found.iter().map(|(pin, _)| pin.clone()).collect()
    }

    /// What the file names and no view has.
    pub(crate) fn unknown(&self, views: &[View]) -> Vec<Diagnostic> {
        let lines = Lines::new(&self.text);
        let warning = |line: u32, message: String| {
            let place = lines.evidence(&self.file, line, line);
            Diagnostic::new(Severity::Warning, "position-unknown", message).at(place)
        };
        let mean =
            |found: Diagnostic, name: &str, all: Vec<&str>| match groundplan_knowledge::nearest(
                name, all,
            ) {
                Some(near) => found.help(format!("did you mean `{near}`?")),
                None => found,
            };
        let mut out = Vec::new();
        for (name, (line, placed)) in &self.views {
            let Some(view) = views.iter().find(|v| v.id == *name) else {
                let found = warning(*line, format!("there is no view `{name}`"));
                out.push(mean(
                    found,
                    name,
                    views.iter().map(|v| v.id.as_str()).collect(),
                ));
                continue;
            };
            if !can_be_pinned(view) {
                let message =
                    format!("`{name}` has its places from what it shows: none can be chosen");
                out.push(warning(*line, message));
                continue;
            }
            let pins = self.pins(name);
            for pin in Hints::default().pin(view, &pins) {
                let at = placed.iter().find(|(other, _)| other == pin);
                let found = warning(
                    at.map_or(*line, |(_, line)| *line),
                    format!("there is no box `{}` in `{name}`", pin.id),
                );
                out.push(mean(
                    found,
                    &pin.id,
                    view.nodes.iter().map(|n| n.id.as_str()).collect(),
                ));
            }
        }
        out
    }

    /// Places of `view` instead of those it had.
    pub(crate) fn set(&mut self, view: &str, pins: Vec<Pin>) {
        if !pins.is_empty() {
            let pins = pins.into_iter().map(|pin| (pin, 0)).collect();
            self.views.insert(view.to_owned(), (0, pins));
        }
    }

    /// The text of a file with all places, one line for each box.
    pub(crate) fn written(&self) -> String {
        let mut out = HEAD.to_owned();
        for (name, (_, pins)) in &self.views {
            let _ = writeln!(out, "{}:", quoted(name));
            for (pin, _) in pins {
                let _ = write!(
                    out,
                    "- {{id: {}, name: {}, x: {}, y: {}",
                    quoted(&pin.id),
                    quoted(&pin.name),
                    pin.x,
                    pin.y
                );
                if !pin.beside.is_empty() {
                    let beside: Vec<String> = pin.beside.iter().map(|id| quoted(id)).collect();
                    let _ = write!(out, ", beside: [{}]", beside.join(", "));
                }
                out.push_str("}\n");
            }
        }
        out
    }
}

/// A text as JSON has it, which is YAML too.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn pin(node: &Node, file: &str) -> Result<Pin> {
    let text = |key: &str| node.str_of(key).unwrap_or_default().to_owned();
    let mut pin = Pin {
        id: text("id"),
        name: text("name"),
        ..Pin::default()
    };
    if pin.id.is_empty() {
        bail!(
            "{file}:{}: expected a box with `id`, `x` and `y`",
            node.first
        );
    }
    for (key, value) in [("x", &mut pin.x), ("y", &mut pin.y)] {
        let given = node.str_of(key).unwrap_or_default();
        match given.parse::<i32>() {
            Ok(number) if number.abs() < 200_000 => *value = number,
            _ => bail!(
                "{file}:{}: expected `{key}` of `{}` to be a whole number of pixels, found `{given}`",
                node.first,
                text("id")
            ),
        }
    }
    let beside = node.get("beside").map_or(&[][..], Node::items);
    pin.beside = (beside.iter())
        .filter_map(|id| id.str().map(str::to_owned))
        .collect();
    Ok(pin)
}
