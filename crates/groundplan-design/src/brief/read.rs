//! Brief files: YAML to [`Brief`], with findings.

use super::extract::{Reader, placed};
use super::keys;
use super::{Brief, Field, Force, Place, Said, Stated, Wish};
use groundplan_knowledge::design_tables;
use groundplan_model::{Diagnostic, Severity};
use groundplan_syntax::{Lines, Node, yaml};
use std::collections::{BTreeMap, BTreeSet};

/// Optional keys that hold words.
pub(super) const WORDS: [&str; 13] = [
    "schema",
    "id",
    "title",
    "criticality",
    "business_hours",
    "locale",
    "currency",
    "as_of_date",
    "data_classes",
    "regions",
    "language_skills",
    "existing_systems",
    "actors",
];

/// Optional keys that hold more than words.
pub(super) const MORE: [&str; 8] = [
    "entities",
    "flows",
    "integrations",
    "payload",
    "capabilities",
    "measured",
    "held_out",
    "brief",
];

/// Keys of structured fields that hold words.
pub(super) const LISTS: [&str; 13] = [
    "stack.must",
    "stack.prefer",
    "stack.avoid",
    "stack.languages",
    "stack.cloud",
    "constraints.compliance",
    "constraints.integrations",
    "constraints.hosting",
    "constraints.regions",
    "constraints.residency",
    "constraints.currency",
    "scale.text",
    "constraints.text",
];

/// Reads a brief, a file of its own or the part under `brief:` of another. `path` is how documents
/// cite it. Findings are diagnostics named by their code; an error means that no design can be
/// made.
pub fn read_brief(path: &str, text: &str) -> (Brief, Vec<Diagnostic>) {
    let (mut documents, mut errors) = yaml(text);
    let mut reader = reader(path, text);
    if !errors.is_empty()
        && let Some((again, names)) = super::hints::quoted(text)
    {
        let (read, faults) = yaml(&again);
        if faults.is_empty() {
            (documents, errors) = (read, faults);
            let message = format!(
                "`: ` stands without quotes in `{}`, which is read as one text",
                names.join("`, `")
            );
            let note = Diagnostic::new(Severity::Note, "brief-quotes", message);
            reader
                .diagnostics
                .push(note.help("put the value in quotes, so that other programs read it too"));
        }
    }
    for error in errors {
        let message = format!("expected YAML, found: {}", error.message);
        let mut diagnostic = Diagnostic::new(Severity::Error, "broken-yaml", message)
            .help("quote texts that hold `: ` or begin with a mark");
        if let Some(place) = reader.evidence(error.line, error.line) {
            diagnostic = diagnostic.at(place);
        }
        reader.diagnostics.push(diagnostic);
    }
    if let Some(root) = documents.first() {
        let root = root.get("brief").unwrap_or(root);
        reader.root(root);
    }
    reader.finish();
    (reader.brief, reader.diagnostics)
}

/// A reader of a file that documents cite as `path`, before it has read anything.
fn reader<'t>(path: &str, text: &'t str) -> Reader<'t> {
    Reader {
        lines: Some(Lines::new(text)),
        spans: BTreeMap::new(),
        structured: BTreeSet::new(),
        vocabulary: &design_tables().vocabulary,
        brief: Brief {
            path: path.to_owned(),
            source: text.to_owned(),
            ..Brief::default()
        },
        diagnostics: Vec::new(),
    }
}

/// Reads a file of measured values, the part under `measured:` or the whole file, and puts them over
/// those of the brief. YAML or JSON; `path` is how documents cite it.
pub fn read_measured(brief: &mut Brief, path: &str, text: &str) -> Vec<Diagnostic> {
    let (documents, errors) = yaml(text);
    let mut reader = reader(path, text);
    for error in errors {
        let message = format!("expected YAML or JSON, found: {}", error.message);
        let mut fault = Diagnostic::new(Severity::Error, "broken-yaml", message);
        if let Some(place) = reader.evidence(error.line, error.line) {
            fault = fault.at(place);
        }
        reader.diagnostics.push(fault);
    }
    if let Some(root) = documents.first() {
        reader.measured(root.get("measured").unwrap_or(root));
    }
    brief.measured.extend(reader.brief.measured);
    reader.diagnostics
}

/// Says a whole field anew, as `--what-if constraints=…` does.
pub(crate) fn restate(brief: &mut Brief, field: Field, text: &str) -> Result<(), String> {
    let mut next = Brief {
        path: brief.path.clone(),
        source: brief.source.clone(),
        title: brief.title.clone(),
        fields: brief.fields.clone(),
        written: brief.written.clone(),
        answers: brief.answers.clone(),
        entities: brief.entities.clone(),
        flows: brief.flows.clone(),
        capabilities: brief.capabilities.clone(),
        keyed: brief.keyed.clone(),
        ..Brief::default()
    };
    let outline = super::outline::plain(field, text);
    next.written.remove(&field);
    let told = outline.inspect(|_| {
        next.written.insert(field, text.to_owned());
    });
    next.fields.insert(
        field,
        Said {
            text: told.unwrap_or_else(|| text.to_owned()),
            place: Place::default(),
        },
    );
    let mut reader = Reader {
        lines: None,
        spans: BTreeMap::new(),
        structured: BTreeSet::new(),
        vocabulary: &design_tables().vocabulary,
        brief: next,
        diagnostics: Vec::new(),
    };
    reader.finish();
    match reader
        .diagnostics
        .iter()
        .find(|d| d.severity == Severity::Error)
    {
        Some(fault) => Err(format!("{}: {}", fault.name, fault.message)),
        None => {
            *brief = reader.brief;
            Ok(())
        }
    }
}

impl Reader<'_> {
    fn root(&mut self, root: &Node) {
        if !root.is_mapping() {
            self.diagnostics.push(
                Diagnostic::new(Severity::Error, "brief-shape", "expected a mapping with `purpose`, `scale`, `team`, `timeline`, `stack` and `constraints`")
                    .help("begin with `purpose: what the system is for`"),
            );
            return;
        }
        for (key, node) in root.entries() {
            let name = key.text.as_str();
            let place = Place {
                evidence: self.evidence(node.first, node.last),
                columns: None,
            };
            if let Some(field) = Field::ALL.into_iter().find(|f| f.key() == name) {
                self.spans
                    .insert(field, [key.line, node.last.max(key.line)]);
                self.field(field, node, &place);
            } else if WORDS.contains(&name) {
                let value = join(node);
                if name == "title" {
                    self.brief.title = Some(value.clone()).filter(|t| !t.trim().is_empty());
                }
                self.closed(name, &value, &place);
                let words = value.clone();
                self.brief.answers.insert(
                    name.to_owned(),
                    Stated {
                        value,
                        words,
                        place,
                    },
                );
            } else if let Some(known) = keys::known(name) {
                self.number(known, node, place);
            } else if MORE.contains(&name) {
                self.more(name, node, &place);
            } else {
                self.unknown(name, key.line, "");
            }
        }
    }

    pub(super) fn unknown(&mut self, name: &str, line: u32, prefix: &str) {
        let full = format!("{prefix}{name}");
        let mut diagnostic = Diagnostic::new(
            Severity::Error,
            "V-KEY-UNKNOWN",
            format!("expected a key of a brief, found `{full}`"),
        );
        if let Some(place) = self.evidence(line, line) {
            diagnostic = diagnostic.at(place);
        }
        let help = super::hints::help(name, prefix);
        self.diagnostics.push(diagnostic.help(help));
    }

    pub(super) fn number(&mut self, key: &'static str, node: &Node, place: Place) {
        let text = node.str().unwrap_or_default();
        match keys::number(key, text).filter(|n| *n > 0.0) {
            Some(value) => {
                if key == "constraints.budget_per_month" {
                    self.brief.currency = keys::currency(text).map(str::to_owned);
                }
                let stated = Stated {
                    value,
                    words: format!("{key}: {text}"),
                    place,
                };
                self.brief.numbers.insert(key, stated);
            }
            None => {
                let code = match key {
                    "team.engineers" => "V-TEAM-INVALID",
                    _ => "V-NUMBER-INVALID",
                };
                let message = format!("expected a positive number for `{key}`, found `{text}`");
                let fault = Diagnostic::new(Severity::Error, code, message);
                self.diagnostics.push(placed(fault, &place).help(format!(
                    "write it as `{}: {}`",
                    key.rsplit('.').next().unwrap_or(key),
                    super::hints::example(key)
                )));
            }
        }
    }

    /// A field as text, or in its structured form.
    fn field(&mut self, field: Field, node: &Node, place: &Place) {
        if !node.is_mapping() {
            let mut text = unwrapped(&join(node));
            if let Some(told) = super::outline::plain(field, &text) {
                let written = std::mem::replace(&mut text, told);
                self.brief.written.insert(field, written);
            }
            let said = Said {
                text,
                place: place.clone(),
            };
            self.brief.fields.insert(field, said);
            return;
        }
        let mut words = Vec::new();
        self.structured.insert(field);
        for (key, node) in node.entries() {
            let full = format!("{}.{}", field.key(), key.text);
            let place = Place {
                evidence: self.evidence(key.line, node.last.max(key.line)),
                columns: None,
            };
            if let Some(known) = keys::known(&full) {
                let phrase = format!("{} {}", key.text.replace('_', " "), join(node));
                words.push(phrase.clone());
                self.brief.keyed.push(phrase);
                self.number(known, node, place);
            } else if LISTS.contains(&full.as_str()) {
                self.listed(&full, node, &place, &mut words);
            } else {
                self.unknown(&key.text, key.line, &format!("{}.", field.key()));
            }
        }
        let said = Said {
            text: words.join(", "),
            place: place.clone(),
        };
        self.brief.fields.insert(field, said);
    }

    /// A list of a structured field, put into the words that the grammar knows.
    fn listed(&mut self, key: &str, node: &Node, place: &Place, words: &mut Vec<String>) {
        for (item, _) in node.strings() {
            let phrase = match key {
                "stack.must" => format!("must use {item}"),
                "stack.prefer" => format!("prefer {item}"),
                "stack.avoid" => format!("no {item}"),
                "constraints.integrations" => format!("integrate with {item}"),
                "constraints.residency" => format!("data must stay in {item}"),
                "constraints.regions" => format!("hosted in region {item}"),
                _ => item.to_owned(),
            };
            // What stands under a key of its own was read, whatever lists know of it.
            if key.starts_with("constraints.") && key != "constraints.text" {
                self.brief.keyed.push(phrase.clone());
            }
            if key == "constraints.residency" && !self.known_place(item) {
                let place = self.brief.place(Field::Constraints, item);
                let place = match place.evidence {
                    Some(_) => place,
                    None => node_place(self, node),
                };
                self.brief
                    .residency
                    .insert(item.trim().to_lowercase(), place);
            }
            words.push(phrase);
        }
        if key == "stack.must" {
            // Names that no decision knows are kept as wishes of their own.
            for (item, _) in node.strings() {
                let wish = Wish {
                    decision: "other".to_owned(),
                    value: item.to_lowercase(),
                    name: item.to_owned(),
                    force: Force::Must,
                    place: place.clone(),
                };
                self.brief.wishes.push(wish);
            }
        }
    }

    /// Whether a place is one of the regions that the tables know.
    fn known_place(&self, item: &str) -> bool {
        let words = super::tokens(item);
        let mut names = self.vocabulary.regions.values();
        names.any(|names| !super::words::find(&words, names).is_empty())
    }

    /// Reads the texts, and says what is missing.
    fn finish(&mut self) {
        for field in Field::ALL {
            let said = self.brief.fields.entry(field).or_default();
            let empty = said.is_empty();
            let none = matches!(
                said.text.trim().to_lowercase().as_str(),
                "none" | "-" | "n/a" | "any" | "no preference"
            );
            if none && matches!(field, Field::Stack | Field::Constraints) {
                said.text = String::new();
                continue;
            }
            if empty {
                let severity = match field {
                    Field::Purpose => Severity::Error,
                    Field::Stack | Field::Constraints => Severity::Note,
                    _ => Severity::Warning,
                };
                let code = format!("V-MISSING-{}", field.key().to_uppercase());
                let help = match field {
                    Field::Purpose => {
                        "say who does what with it: `patients book slots, clinics manage calendars`"
                    }
                    Field::Scale => {
                        "say how many users, requests/s or devices; 1,000 monthly users are assumed"
                    }
                    Field::Team => "say how many engineers build and run it; 4 are assumed",
                    Field::Timeline => "say when it must be live; 26 weeks are assumed",
                    Field::Stack => "name technologies that are mandatory; the choice is free",
                    Field::Constraints => "name budget, compliance, regions, availability target",
                };
                self.find(
                    severity,
                    &code,
                    &format!("`{}` is empty", field.key()),
                    field,
                    None,
                    help,
                );
            }
        }
        // Sums ask for traits, not for answers.
        self.brief.mark();
        self.names();
        self.skills();
        // A structured field gives its numbers by key.
        if !self.structured.contains(&Field::Scale) {
            self.scale();
        }
        if !self.structured.contains(&Field::Team) {
            self.team();
        }
        if !self.structured.contains(&Field::Timeline) {
            self.timeline();
        }
        self.bodies_kept();
        self.trail_kept();
        self.kept_endless();
        if let Some(code) = self.brief.answers.get("currency") {
            self.brief.currency = Some(code.value.trim().to_uppercase());
        }
    }
}

fn node_place(reader: &Reader<'_>, node: &Node) -> Place {
    Place {
        evidence: reader.evidence(node.first, node.last),
        columns: None,
    }
}

fn join(node: &Node) -> String {
    let parts: Vec<&str> = node.strings().into_iter().map(|(text, _)| text).collect();
    parts.join(", ")
}

/// A text whose sentences go on over the ends of lines: in a block with `|` a line that is long and
/// ends without a mark goes on in the next one.
fn unwrapped(text: &str) -> String {
    const LONG: usize = 60;
    let lines: Vec<&str> = text.lines().collect();
    let mut out = String::with_capacity(text.len());
    for (i, line) in lines.iter().enumerate() {
        out.push_str(line);
        let Some(next) = lines.get(i + 1) else { break };
        let open = line.chars().count() >= LONG
            && !line
                .trim_end()
                .ends_with(['.', ',', ';', ':', '!', '?', ')'])
            && !next.trim_start().starts_with(['-', '*', '•']);
        let last = line.split_whitespace().next_back().unwrap_or_default();
        let last = last.to_lowercase();
        let goes_on = next.trim_start().starts_with(char::is_lowercase)
            || super::story::is_filler(&last)
            || matches!(
                last.as_str(),
                "be" | "is" | "are" | "at" | "except" | "has" | "have"
            );
        let listed = line.trim_end().ends_with(',') && line.chars().count() >= LONG;
        out.push(if open && goes_on || listed { ' ' } else { '\n' });
    }
    out
}
