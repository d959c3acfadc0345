//! Diagrams that were written by hand or by another program: nodes, boundaries and edges in the
//! form of the layout benchmark, turned into a view.

mod back;

use groundplan_model::{Mode, Role, View, ViewEdge, ViewGroup, ViewKind, ViewNode, ViewStep};
use serde::{Deserialize, Serialize};

/// A diagram in the neutral form: `type`, `title`, `nodes`, `boundaries`, `edges`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Neutral {
    /// What it shows: `c4-context`, `c4-container`, `c4-component`, `deployment`, `data-flow`,
    /// `er`, `sequence`, `pipeline`, `c4-landscape`, `matrix`, `roadmap`, `chart`; anything else is
    /// drawn as containers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub r#type: Option<String>,
    /// Title over the drawing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Boxes.
    pub nodes: Vec<NeutralNode>,
    /// Boundaries around boxes and other boundaries.
    pub boundaries: Vec<NeutralBoundary>,
    /// Lines; of a sequence the messages in order.
    pub edges: Vec<NeutralEdge>,
    /// What the drawing leaves out, said under it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub omitted: Option<String>,
}

/// A box in the neutral form.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct NeutralNode {
    /// Unique among the nodes.
    pub id: String,
    /// `person`, `system`, `container`, `component`, `database`, `queue`, `external`, `table` …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Name; the id if empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Technology in brackets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub technology: Option<String>,
    /// One sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Boundary it stands in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// What it does, where its kind does not say so: `cache`, `broker`, `object_storage` …; decides
    /// its shape and colour.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// Whether it is a person, where its kind does not say so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<bool>,
    /// Whether it lies outside the described system, where its kind does not say so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external: Option<bool>,
    /// Fields of a table.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<NeutralColumn>,
}

/// A field of a table in the neutral form.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct NeutralColumn {
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub r#type: Option<String>,
    /// `PK`, `FK`, `UK`, or several with commas.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

/// A boundary in the neutral form.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct NeutralBoundary {
    /// Unique among the boundaries.
    pub id: String,
    /// Title; the id if empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Kind in brackets; `group` is not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Boundary it stands in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
}

/// A line in the neutral form.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct NeutralEdge {
    /// Unique among the edges; made up if empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Node it starts at.
    pub from: String,
    /// Node it ends at.
    pub to: String,
    /// What happens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Protocol, in brackets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub technology: Option<String>,
    /// `async` for a dashed line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<String>,
    /// How many stand at the start: `1`, `0..1`, `1..n`, `0..n`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card_from: Option<String>,
    /// How many stand at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card_to: Option<String>,
}

impl Neutral {
    /// The view that it describes, whole; `id` names the view.
    pub fn view(&self, id: &str) -> View {
        let kind = self.kind();
        let nodes = self.nodes.iter().map(|n| box_of(n, kind)).collect();
        let groups = self.boundaries.iter().map(group_of).collect();
        let sequence = kind == ViewKind::Sequence;
        let (edges, steps): (&[_], &[_]) = if sequence {
            (&[], &self.edges)
        } else {
            (&self.edges, &[])
        };
        View {
            id: id.to_owned(),
            kind,
            title: text(&self.title).unwrap_or_else(|| id.to_owned()),
            nodes,
            edges: edges
                .iter()
                .enumerate()
                .map(|(n, e)| line_of(e, n, kind))
                .collect(),
            groups,
            steps: steps.iter().map(step_of).collect(),
            omitted: text(&self.omitted).unwrap_or_default(),
        }
    }

    fn kind(&self) -> ViewKind {
        let word = text(&self.r#type).unwrap_or_default().to_lowercase();
        let has = |part: &str| word.contains(part);
        let tables = |n: &NeutralNode| !n.columns.is_empty() || is(n, &["table", "entity"]);
        if word == "er" || word == "erd" || has("entity") {
            ViewKind::EntityRelationship
        } else if has("landscape") {
            ViewKind::Landscape
        } else if has("context") {
            ViewKind::SystemContext
        } else if has("component") {
            ViewKind::Component
        } else if has("deploy") {
            ViewKind::Deployment
        } else if has("flow") || word == "dfd" {
            ViewKind::DataFlow
        } else if has("sequence") || has("dynamic") {
            ViewKind::Sequence
        } else if has("matrix") || word == "dsm" {
            ViewKind::Matrix
        } else if has("roadmap") || word == "timeline" {
            ViewKind::Roadmap
        } else if has("chart") {
            ViewKind::Chart
        } else if has("pipeline") {
            ViewKind::Pipeline
        } else if word.is_empty() && !self.nodes.is_empty() && self.nodes.iter().all(tables) {
            ViewKind::EntityRelationship
        } else {
            ViewKind::Container
        }
    }
}

fn text(value: &Option<String>) -> Option<String> {
    value
        .as_deref()
        .map(str::trim)
        .filter(|v| !v.is_empty())
        .map(str::to_owned)
}

/// Whether the kind of a node has one of these words: `message_queue` is a queue, and
/// `business-service` no bus.
fn is(node: &NeutralNode, words: &[&str]) -> bool {
    let kind = text(&node.kind).unwrap_or_default().to_lowercase();
    let mut parts = kind.split(|c: char| !c.is_alphanumeric());
    parts.any(|part| words.contains(&part))
}

fn box_of(node: &NeutralNode, kind: ViewKind) -> ViewNode {
    let external = node
        .external
        .unwrap_or_else(|| is(node, &["external", "ext"]));
    let role = if is(
        node,
        &[
            "database",
            "db",
            "store",
            "datastore",
            "containerdb",
            "systemdb",
            "cylinder",
        ],
    ) {
        Some(Role::Database)
    } else if is(node, &["cache"]) {
        Some(Role::Cache)
    } else if is(
        node,
        &[
            "queue",
            "topic",
            "broker",
            "bus",
            "stream",
            "containerqueue",
            "systemqueue",
        ],
    ) {
        Some(Role::Broker)
    } else if external {
        Some(Role::External)
    } else {
        None
    };
    let role = node.role.or(role);
    let word = text(&node.kind).unwrap_or_default();
    let word = match word.to_lowercase().as_str() {
        "external" => "External System".to_owned(),
        "queue" => "Message Queue".to_owned(),
        "table" | "entity" if kind == ViewKind::EntityRelationship => String::new(),
        _ => capital(&word),
    };
    let technology = text(&node.technology).unwrap_or_default();
    let kind = match (word.is_empty(), technology.is_empty()) {
        (_, true) => word,
        (true, false) => technology,
        (false, false) => format!("{word}: {technology}"),
    };
    let rows = node.columns.iter().map(|column| {
        (
            text(&column.name).unwrap_or_default(),
            text(&column.r#type).unwrap_or_default(),
            marks(column.key.as_deref().unwrap_or_default()),
        )
    });
    ViewNode {
        id: node.id.clone(),
        name: text(&node.name).unwrap_or_else(|| node.id.clone()),
        kind,
        description: text(&node.description).unwrap_or_default(),
        role,
        person: node
            .person
            .unwrap_or_else(|| is(node, &["person", "actor", "user"])),
        external,
        parent: text(&node.parent),
        rows: rows.collect(),
    }
}

/// The keys of a field as they are drawn: `PK,FK` with a space, `UQ` for `UK`.
fn marks(key: &str) -> String {
    let marks = key.split([',', ' ']).map(str::trim);
    let marks = marks.filter(|mark| !mark.is_empty());
    let marks = marks.map(|mark| if mark == "UK" { "UQ" } else { mark });
    marks.collect::<Vec<_>>().join(", ")
}

fn group_of(boundary: &NeutralBoundary) -> ViewGroup {
    let kind = text(&boundary.kind).unwrap_or_default();
    let kind = match kind.to_lowercase().as_str() {
        "group" | "boundary" => String::new(),
        "system" => "Software System".to_owned(),
        _ => capital(&kind),
    };
    ViewGroup {
        id: boundary.id.clone(),
        name: text(&boundary.name).unwrap_or_else(|| boundary.id.clone()),
        kind,
        parent: text(&boundary.parent),
    }
}

/// The first letter as a capital, underscores as spaces.
fn capital(word: &str) -> String {
    let word = word.replace(['_', '-'], " ");
    let mut letters = word.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => word,
    }
}

fn line_of(edge: &NeutralEdge, n: usize, kind: ViewKind) -> ViewEdge {
    let mode = text(&edge.mode).unwrap_or_default().to_lowercase();
    let many = |card: &Option<String>| match text(card).as_deref() {
        Some("1" | "1..1") => "1".to_owned(),
        Some("0..1") => "0..1".to_owned(),
        Some("1..n" | "1..*" | "1..m") => "1..*".to_owned(),
        _ => "0..*".to_owned(),
    };
    let ends = edge.card_from.is_some() || edge.card_to.is_some();
    let ends = ends || kind == ViewKind::EntityRelationship;
    ViewEdge {
        id: text(&edge.id).unwrap_or_else(|| format!("{}->{}#{n}", edge.from, edge.to)),
        from: edge.from.clone(),
        to: edge.to.clone(),
        label: text(&edge.label).unwrap_or_default(),
        technology: text(&edge.technology).unwrap_or_default(),
        mode: Some(if mode.starts_with("async") {
            Mode::Async
        } else {
            Mode::Sync
        }),
        ends: ends.then(|| (many(&edge.card_from), many(&edge.card_to))),
    }
}

fn step_of(edge: &NeutralEdge) -> ViewStep {
    let mode = text(&edge.mode).unwrap_or_default().to_lowercase();
    ViewStep {
        from: edge.from.clone(),
        to: edge.to.clone(),
        label: text(&edge.label).unwrap_or_default(),
        reply: mode == "reply" || mode == "return",
        is_async: mode.starts_with("async"),
    }
}
