use crate::{Mode, Role};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a view shows.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names are C4's and the field's")]
pub enum ViewKind {
    SystemContext,
    Container,
    Component,
    Deployment,
    DataFlow,
    EntityRelationship,
    Sequence,
    Pipeline,
    // Several software systems with their people and neighbours.
    Landscape,
    // Who uses whom as a table of cells; an edge's label is its count.
    Matrix,
    // Phases in order, by id; rows are deliverables.
    Roadmap,
    // Quantities, one node each, in the order of ids; rows are series, value and unit. A series
    // called `target` is a mark, not a bar.
    Chart,
}

/// A box.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ViewNode {
    /// Unique in the view; the element's or entity's id. A further copy of a container in a deployment view has
    /// `@` and the id of its deployment node behind it.
    pub id: String,
    /// First line: the name.
    pub name: String,
    /// Second line in brackets: kind and technology, for example `Container: Go`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// One sentence, may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Decides the shape and colour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// Whether it is a person (C4 person shape).
    #[serde(default)]
    pub person: bool,
    /// Whether it lies outside the described system.
    #[serde(default)]
    pub external: bool,
    /// Id of the group it stands in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// Rows of an entity: name, type, marks (`PK`, `FK`, `UQ`); empty for other nodes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<(String, String, String)>,
}

/// A line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ViewEdge {
    /// Unique in the view.
    pub id: String,
    /// Node it starts at.
    pub from: String,
    /// Node it ends at.
    pub to: String,
    /// What happens, short.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub label: String,
    /// Protocol or library, shown in brackets under the label.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub technology: String,
    /// Dashed if async.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<Mode>,
    /// For entity relationships: the marks at the two ends, `1`, `0..1`, `1..*`, `0..*`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends: Option<(String, String)>,
}

/// A boundary around nodes and other groups.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ViewGroup {
    /// Unique among groups of the view.
    pub id: String,
    /// Title.
    pub name: String,
    /// Kind in brackets, for example `Software System`, `trust boundary`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// Enclosing group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
}

/// A message of a sequence view, in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ViewStep {
    /// Node that sends.
    pub from: String,
    /// Node that receives; equal to `from` for an internal step.
    pub to: String,
    /// What is sent.
    pub label: String,
    /// Whether the line is a reply (dashed).
    #[serde(default)]
    pub reply: bool,
    /// Whether the sender does not wait.
    #[serde(default)]
    pub is_async: bool,
}

/// A diagram before layout: everything that is to be drawn, with its words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct View {
    /// Unique, kebab-case; names the file under `diagrams/`.
    pub id: String,
    /// What it shows.
    pub kind: ViewKind,
    /// Title over the drawing.
    pub title: String,
    /// Boxes.
    pub nodes: Vec<ViewNode>,
    /// Lines.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub edges: Vec<ViewEdge>,
    /// Boundaries.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<ViewGroup>,
    /// Messages of a sequence view.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<ViewStep>,
    /// What was left out or grouped, one sentence; empty if nothing.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub omitted: String,
}
