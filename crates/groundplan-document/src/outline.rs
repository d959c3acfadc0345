//! Outlines: data files that order and name the sections of a document.

use crate::answers;
use groundplan_model::{Diagnostic, Severity};
use serde::Deserialize;
use std::sync::OnceLock;

/// A document's form: headings, labels, and which answer fills what.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outline {
    /// Kebab-case key, for example `technical`.
    pub name: String,
    /// Title of the document; `{system}` stands for the name of the system.
    pub title: String,
    /// One line for the list of outlines.
    pub about: String,
    /// How first-level sections are numbered, if they are.
    #[serde(default)]
    pub numbering: Option<Numbering>,
    /// Lines under the title.
    #[serde(default)]
    pub header: Vec<LabelSpec>,
    /// Answer that gives the last line.
    #[serde(default)]
    pub footer: Option<String>,
    /// First-level sections.
    pub sections: Vec<SectionSpec>,
}

/// Manner of numbering, for example `0)`, `1)` or `1.`, `2.`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Numbering {
    /// Number of the first section.
    pub first: u32,
    /// What follows the number.
    pub suffix: String,
}

/// A heading and what stands under it, in this order: `fill`, `table`, `labels`, `sections`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SectionSpec {
    /// The heading. In a section that repeats, `{name}` and `{n}` stand for the subject.
    pub heading: String,
    /// What the section is repeated for, if it is.
    pub repeat: Option<Repeat>,
    /// Most repetitions; the rest goes to a table of the parent.
    pub limit: Option<usize>,
    /// Answer that says why there is no repetition. Only with `repeat`.
    pub empty: Option<String>,
    /// Answers whose blocks stand under the heading.
    pub fill: Vec<String>,
    /// A table with one row for each label.
    pub table: Option<TableSpec>,
    /// Labels with their answers.
    pub labels: Vec<LabelSpec>,
    /// How labels are set.
    pub style: Style,
    /// The section stands even if nothing is said in it.
    pub keep: bool,
    /// The section is left out if nothing is said in it.
    pub optional: bool,
    /// Sub-sections.
    pub sections: Vec<SectionSpec>,
}

/// A label of a section, and the answer to it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LabelSpec {
    /// The label as readers see it.
    pub label: String,
    /// Key of the answer.
    pub fill: String,
    /// The label is left out if nothing is said.
    #[serde(default)]
    pub optional: bool,
}

/// A table whose rows are labels.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableSpec {
    /// Column heads; the first is the column of the labels.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<RowSpec>,
}

/// A row of a table: a label and one answer for each further column.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowSpec {
    /// First cell.
    pub label: String,
    /// Keys of the answers.
    pub cells: Vec<String>,
}

/// How labels are set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Style {
    /// Each a paragraph.
    #[default]
    Paragraphs,
    /// Each an item of a list, unless an answer needs more room.
    List,
    /// Each an item of a numbered list, unless an answer needs more room.
    Numbered,
}

/// What a section is repeated for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Repeat {
    /// Containers of the system.
    Component,
    /// Entities.
    Entity,
    /// Interfaces that people and other systems use.
    Interface,
    /// Interfaces with structures that can be shown.
    Schema,
    /// Operations of the interface that the section above is about.
    Operation,
    /// Operations and connections inside the system.
    Endpoint,
    /// Flows.
    Flow,
    /// Decisions.
    Decision,
    /// Phases of the roadmap.
    Phase,
    /// Systems outside.
    ExternalService,
    /// Groups of operations about the same thing.
    Resource,
}

/// An outline of a data file.
///
/// # Errors
/// A diagnostic if the text is no YAML, has an unknown key, or asks for an answer that is not there.
pub fn parse_outline(text: &str) -> Result<Outline, Vec<Diagnostic>> {
    let outline: Outline = serde_saphyr::from_str(text).map_err(|error| {
        vec![Diagnostic::new(
            Severity::Error,
            "broken-outline",
            format!("the outline cannot be read: {error}"),
        )]
    })?;
    let found = validate(&outline);
    if found.is_empty() {
        Ok(outline)
    } else {
        Err(found)
    }
}

/// What is wrong with an outline: answers that do not exist, rows that do not fit their columns.
pub fn validate(outline: &Outline) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let header = outline.header.iter().map(|l| l.fill.as_str());
    for key in header.chain(outline.footer.as_deref()) {
        check_key(key, &outline.title, &mut found);
    }
    for section in &outline.sections {
        validate_section(section, &mut found);
    }
    found
}

fn validate_section(section: &SectionSpec, found: &mut Vec<Diagnostic>) {
    for key in section.keys() {
        check_key(key, &section.heading, found);
    }
    if section.heading.trim().is_empty() {
        found.push(Diagnostic::new(
            Severity::Error,
            "section-without-heading",
            "a section of the outline has no `heading`",
        ));
    }
    if let Some(table) = &section.table {
        for row in &table.rows {
            if row.cells.len() + 1 != table.columns.len() {
                found.push(Diagnostic::new(
                    Severity::Error,
                    "row-does-not-fit",
                    format!(
                        "row `{}` of section `{}` has {} cells, expected {}",
                        row.label,
                        section.heading,
                        row.cells.len(),
                        table.columns.len().saturating_sub(1)
                    ),
                ));
            }
        }
    }
    for below in &section.sections {
        validate_section(below, found);
    }
}

fn check_key(key: &str, place: &str, found: &mut Vec<Diagnostic>) {
    if answers::record(key).is_some() {
        return;
    }
    let mut diagnostic = Diagnostic::new(
        Severity::Error,
        "unknown-answer",
        format!("section `{place}` asks for the answer `{key}`, which does not exist"),
    );
    if let Some(near) = nearest(key) {
        diagnostic = diagnostic.help(format!("did you mean `{near}`?"));
    }
    found.push(diagnostic);
}

/// The answer key that is nearest to a wrong one, if one is near enough.
fn nearest(key: &str) -> Option<&'static str> {
    answers::keys()
        .map(|known| (distance(key, known), known))
        .filter(|(far, known)| *far <= 2 + known.len() / 6)
        .min()
        .map(|(_, known)| known)
}

/// Levenshtein distance; both sides are cut to 64 characters.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().take(64).enumerate() {
        let mut corner = i;
        let mut left = i + 1;
        for (j, y) in b.iter().enumerate() {
            let above = row.get(j + 1).copied().unwrap_or(usize::MAX);
            let best = (corner + usize::from(x != *y)).min(above + 1).min(left + 1);
            corner = above;
            if let Some(cell) = row.get_mut(j) {
                *cell = left;
            }
            left = best;
        }
        if let Some(cell) = row.last_mut() {
            *cell = left;
        }
    }
    row.last().copied().unwrap_or_default()
}

impl SectionSpec {
    /// All answer keys of the section itself, without its sub-sections.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &str> {
        let cells = self
            .table
            .iter()
            .flat_map(|t| &t.rows)
            .flat_map(|r| &r.cells);
        self.fill
            .iter()
            .chain(self.labels.iter().map(|l| &l.fill))
            .chain(&self.empty)
            .chain(cells)
            .map(String::as_str)
    }
}

/// The built-in outlines, sorted by name.
pub fn outlines() -> &'static [Outline] {
    static OUTLINES: OnceLock<Vec<Outline>> = OnceLock::new();
    OUTLINES.get_or_init(|| {
        // The tests hold them against the texts that people read and write.
        EMBEDDED
            .iter()
            .filter_map(|text| serde_json::from_str(text).ok())
            .collect()
    })
}

/// The built-in outline with this name.
pub fn outline(name: &str) -> Option<&'static Outline> {
    outlines().iter().find(|o| o.name == name)
}

/// The built-in outlines as JSON.
static EMBEDDED: &[&str] = &include!(concat!(env!("OUT_DIR"), "/outlines.rs"));

/// The same as they are written.
#[cfg(test)]
const TEXTS: [&str; 5] = [
    include_str!("../outlines/module.yaml"),
    include_str!("../outlines/proposal.yaml"),
    include_str!("../outlines/reference.yaml"),
    include_str!("../outlines/standard.yaml"),
    include_str!("../outlines/technical.yaml"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn built_in_outlines_are_valid() {
        for (text, embedded) in TEXTS.iter().zip(outlines()) {
            match parse_outline(text) {
                Ok(outline) => assert_eq!(format!("{outline:?}"), format!("{embedded:?}")),
                Err(found) => panic!("{found:#?}"),
            }
        }
        let names: Vec<&str> = outlines().iter().map(|o| o.name.as_str()).collect();
        assert_eq!(
            names,
            ["module", "proposal", "reference", "standard", "technical"]
        );
        assert!(outline("technical").is_some() && outline("novel").is_none());
    }

    #[test]
    fn every_answer_is_used() {
        let mut used = BTreeSet::new();
        fn walk<'a>(section: &'a SectionSpec, used: &mut BTreeSet<&'a str>) {
            used.extend(section.keys());
            section.sections.iter().for_each(|s| walk(s, used));
        }
        for outline in outlines() {
            used.extend(outline.header.iter().map(|l| l.fill.as_str()));
            used.extend(outline.footer.as_deref());
            outline.sections.iter().for_each(|s| walk(s, &mut used));
        }
        let unused: Vec<&str> = answers::keys().filter(|k| !used.contains(k)).collect();
        assert!(unused.is_empty(), "no outline uses {unused:?}");
    }

    #[test]
    fn a_wrong_key_gets_a_hint() {
        let text =
            "name: x\ntitle: x\nabout: x\nsections:\n  - {heading: A, fill: [rate-limitin]}\n";
        let found = parse_outline(text).unwrap_err();
        assert_eq!(found[0].name, "unknown-answer");
        assert_eq!(found[0].help, ["did you mean `rate-limiting`?"]);
        let found = parse_outline("name: x\nheadings: []\n").unwrap_err();
        assert_eq!(found[0].name, "broken-outline");
    }

    #[test]
    fn distance_counts_edits() {
        for (a, b, far) in [
            ("", "", 0),
            ("abc", "abc", 0),
            ("abc", "abd", 1),
            ("", "ab", 2),
            ("kitten", "sitting", 3),
        ] {
            assert_eq!(distance(a, b), far, "{a} {b}");
        }
    }
}
