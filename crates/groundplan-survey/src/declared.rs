//! What people declare in `groundplan.yaml`: what code cannot say, and corrections of what it says.
//!
//! The text is checked against one table ([`declaration_schema`] is made from the same), read into
//! a [`Declaration`] whose values carry their lines, and joined with what was observed by
//! [`reconcile`]: declared beats observed, and a contradiction is told with both places.

mod answers;
mod editor;
mod parts;
mod read;
mod reconcile;
mod shape;
mod source;
// A row for each key, so that the whole format can be seen at once.
#[rustfmt::skip]
mod table;
mod targets;
mod validate;

pub use editor::declaration_schema;
pub use reconcile::reconcile;

use crate::facts::Placed;
use groundplan_model::{
    Attribute, Decision, Diagnostic, ElementKind, Environment, EnvironmentTier, Evidence, Goal,
    Milestone, Mode, Observation, RelationshipKind, Requirement, Role, Severity, Slo, Stakeholder,
    Statement, StepKind, Term, Threat,
};
use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

/// Names under which a declaration is looked for, the preferred one first.
pub const DECLARATION: [&str; 2] = ["groundplan.yaml", "groundplan.yml"];

/// A larger file is no declaration.
const MAX_DECLARATION: usize = 1024 * 1024;

/// What a person wrote in `groundplan.yaml`. Every value carries its place; an empty list means
/// that nothing was declared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Declaration {
    /// Name of the system.
    pub name: Option<Statement>,
    /// What it is for.
    pub purpose: Option<Statement>,
    /// The problem it solves.
    pub problem: Option<Statement>,
    /// Its version.
    pub version: Option<Statement>,
    /// Its architecture style.
    pub style: Option<Statement>,
    /// What it offers.
    pub features: Vec<Statement>,
    /// Every declared text by its dotted key.
    pub answers: BTreeMap<String, Statement>,
    /// Team, timeline and the like, by key.
    pub constraints: Vec<(String, Statement)>,
    /// People, teams and roles.
    pub stakeholders: Vec<Stakeholder>,
    /// Goals.
    pub goals: Vec<Goal>,
    /// Non-goals.
    pub non_goals: Vec<Goal>,
    /// Requirements, and targets that are no service level objectives.
    pub requirements: Vec<Requirement>,
    /// Service level objectives.
    pub slos: Vec<Slo>,
    /// Decisions.
    pub decisions: Vec<Decision>,
    /// Roadmap.
    pub roadmap: Vec<Milestone>,
    /// Glossary.
    pub glossary: Vec<Term>,
    /// Threats.
    pub threats: Vec<Threat>,
    /// Use cases, limitations and debt.
    pub observations: Vec<Observation>,
    /// Environments.
    pub environments: Vec<EnvironmentDeclaration>,
    /// Element id or glob, and owner.
    pub owners: Vec<(String, Statement)>,
    /// Corrections and additions of elements.
    pub elements: Vec<ElementDeclaration>,
    /// Corrections and additions of relationships.
    pub relationships: Vec<RelationshipDeclaration>,
    /// Flows.
    pub flows: Vec<FlowDeclaration>,
    /// Ids of entities and of interfaces that something was said about.
    pub subjects: Vec<Subject>,
    /// Outlines to write unless the caller says otherwise.
    pub outlines: Vec<Statement>,
    /// Globs of paths to survey.
    pub include: Vec<String>,
    /// Globs of paths to leave out.
    pub exclude: Vec<String>,
    /// Web address of the files, without an end slash.
    pub source_url: Option<Statement>,
    /// The lines of `brief` as they stand in the file, for the design stage.
    pub brief: Option<Placed<String>>,
}

/// An entity or interface that something was said about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// `entities` or `interfaces`.
    pub section: String,
    /// The id or name, as written.
    pub id: String,
    /// What it is for, if that was said.
    pub description: Option<Statement>,
    /// Where.
    pub place: Evidence,
}

/// An environment as declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvironmentDeclaration {
    /// Its name, tier if that was not given, and properties.
    pub environment: Environment,
    /// The tier, if it was given.
    pub tier: Option<EnvironmentTier>,
}

/// A correction of an element, or an element that code cannot show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ElementDeclaration {
    /// Id, name or alias of the element.
    pub id: String,
    /// New name.
    pub name: Option<Statement>,
    /// What it is for.
    pub purpose: Option<Statement>,
    /// C4 kind.
    pub kind: Option<ElementKind>,
    /// What it does in the system.
    pub role: Option<Placed<Role>>,
    /// Technologies, main one first.
    pub technology: Vec<Statement>,
    /// Whether it lies outside.
    pub external: Option<Placed<bool>>,
    /// Id of the element that contains it.
    pub parent: Option<Statement>,
    /// Marks to add.
    pub tags: Vec<String>,
    /// Names to add.
    pub aliases: Vec<String>,
    /// Owner, responsibilities, terms and the like.
    pub attributes: Vec<Attribute>,
    /// Leave it out.
    pub hide: bool,
    /// It is not in the code.
    pub add: bool,
    /// Where it is declared.
    pub place: Evidence,
}

/// A correction of a relationship, or one that code cannot show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelationshipDeclaration {
    /// Element that needs the other.
    pub from: Statement,
    /// Element that is needed.
    pub to: Statement,
    /// What happens.
    pub kind: Option<RelationshipKind>,
    /// Phrase for the edge.
    pub description: Option<Statement>,
    /// Library or product that carries it.
    pub technology: Option<Statement>,
    /// Wire protocol.
    pub protocol: Option<Statement>,
    /// Whether the caller waits.
    pub mode: Option<Placed<Mode>>,
    /// Leave it out.
    pub hide: bool,
    /// Where it is declared.
    pub place: Evidence,
}

/// A flow as declared; the elements of its steps are not looked up yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlowDeclaration {
    /// Title.
    pub title: Statement,
    /// Who starts it.
    pub actor: Option<Statement>,
    /// Steps in order.
    pub steps: Vec<StepDeclaration>,
    /// Where it is declared.
    pub place: Evidence,
}

/// A step as declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepDeclaration {
    /// Element that acts; `None` for a step inside the element that was reached before.
    pub from: Option<String>,
    /// Element acted upon.
    pub to: Option<String>,
    /// What happens.
    pub action: String,
    /// What kind of step it is.
    pub kind: Option<StepKind>,
    /// Where it is declared.
    pub place: Evidence,
}

/// Reads the text of a declaration that lies at `path`. What is wrong is an error with its place;
/// what is right is read all the same.
pub fn declaration(text: &str, path: &str) -> (Declaration, Vec<Diagnostic>) {
    let source = source::Source::new(text, path);
    if text.len() > MAX_DECLARATION {
        let fault = Diagnostic::new(
            Severity::Error,
            "declaration-too-large",
            format!(
                "expected at most {MAX_DECLARATION} bytes, found {}",
                text.len()
            ),
        );
        return (Declaration::default(), vec![fault.at(source.at(1, 1))]);
    }
    // The mark that some editors put first is no YAML; it stays in what is cited.
    let (documents, faults) =
        groundplan_syntax::yaml(text.strip_prefix('\u{feff}').unwrap_or(text));
    let mut diagnostics: Vec<Diagnostic> = faults
        .iter()
        .map(|fault| {
            let mut diagnostic = Diagnostic::new(
                Severity::Error,
                "broken-yaml",
                format!("expected YAML, found a fault: {}", fault.message),
            )
            .at(source.at(fault.line, fault.line))
            .help("check the indentation, and quote texts that hold `: ` or ` #`");
            if fault.column > 0 {
                diagnostic = diagnostic.columns(fault.column, fault.column);
            }
            diagnostic
        })
        .collect();
    if let Some(second) = documents.get(1) {
        diagnostics.push(
            Diagnostic::new(
                Severity::Error,
                "declaration-documents",
                format!("expected one YAML document, found {}", documents.len()),
            )
            .at(source.at(second.first, second.first))
            .help("remove the lines `---` that separate documents"),
        );
    }
    let Some(root) = documents.first() else {
        return (Declaration::default(), diagnostics);
    };
    let (readable, faults) = validate::validate(root, &source);
    diagnostics.extend(faults);
    if !readable {
        return (Declaration::default(), diagnostics);
    }
    (read::read(root, text, &source), diagnostics)
}

/// The declaration of the repository at `root`; `None` if there is none. A link is not followed.
pub fn read_declaration(root: &Path) -> (Option<Declaration>, Vec<Diagnostic>) {
    let mut found: Option<(&str, Declaration, Vec<Diagnostic>)> = None;
    for name in DECLARATION {
        let full = root.join(name);
        let Ok(kind) = std::fs::symlink_metadata(&full) else {
            continue;
        };
        let fault = |severity, text: &str, help: &str| {
            Diagnostic::new(severity, "unreadable-declaration", text).help(help)
        };
        if let Some((first, _, diagnostics)) = &mut found {
            diagnostics.push(fault(
                Severity::Warning,
                &format!("expected one declaration, found `{first}` and `{name}`; the second was not read"),
                &format!("move its content to `{first}`"),
            ));
            continue;
        }
        if !kind.is_file() {
            let text = format!("expected `{name}` to be a regular file, found a link or folder");
            let diagnostic = fault(Severity::Error, &text, "put the file itself there");
            return (None, vec![diagnostic]);
        }
        let mut bytes = Vec::new();
        let most = MAX_DECLARATION as u64 + 1;
        let read = std::fs::File::open(&full).and_then(|f| f.take(most).read_to_end(&mut bytes));
        if let Err(error) = read {
            let text = format!("cannot read `{name}`: {}", error.kind());
            return (
                None,
                vec![fault(Severity::Error, &text, "give read permission")],
            );
        }
        let Ok(text) = String::from_utf8(bytes) else {
            let text = format!("expected `{name}` to be UTF-8, found other bytes");
            return (
                None,
                vec![fault(Severity::Error, &text, "save it as UTF-8")],
            );
        };
        let (declared, diagnostics) = declaration(&text, name);
        found = Some((name, declared, diagnostics));
    }
    match found {
        Some((_, declared, diagnostics)) => (Some(declared), diagnostics),
        None => (None, Vec::new()),
    }
}

/// Whether a dotted key, for example `operations.rto` or `elements.<id>.owner`, is a place in
/// `groundplan.yaml`: the questions that documents ask must name such places.
pub fn is_declaration_key(key: &str) -> bool {
    let path: Vec<&str> = key.split('.').collect();
    !key.is_empty() && shape::allows(&table::ROOT, &path)
}
