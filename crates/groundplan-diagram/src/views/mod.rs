//! The views of a blueprint, one module per kind; what they share stands here.

mod budget;
mod charts;
mod components;
mod containers;
mod context;
mod dataflow;
mod deployment;
mod entities;
mod flows;
mod landscape;
mod matrix;
mod pipelines;
mod roadmap;
mod split;

pub(crate) use budget::{Budget, split, within};
use groundplan_model::{
    Blueprint, Confidence, Element, ElementKind, Mode, Relationship, RelationshipKind, View,
    ViewEdge, ViewKind, ViewNode,
};
use std::collections::{BTreeMap, BTreeSet};

/// Longest description that stands on an edge, in characters.
const PHRASE: usize = 40;
/// Longest description that stands in a box, in characters.
const SENTENCE: usize = 90;

/// All views, in document order; ids are unique, a view has at least one node.
pub(crate) fn all(blueprint: &Blueprint, budget: Budget) -> Vec<View> {
    let model = Model::of(blueprint, budget);
    let mut views: Vec<View> = Vec::new();
    let sized = |make: fn(&Model<'_>) -> Vec<View>| sized(&model, make);
    views.extend(sized(landscape::views));
    views.extend(sized(context::views));
    views.extend(sized(containers::views));
    views.extend(components::views(&model));
    views.extend(sized(deployment::views));
    views.extend(sized(dataflow::views));
    views.extend(entities::views(&model));
    views.extend(flows::views(&model));
    views.extend(pipelines::views(&model));
    views.extend(roadmap::view(&model));
    views.extend(charts::views(&model));
    views.retain(|view| !view.nodes.is_empty());
    // Two ids may be alike once they are written as file names.
    let mut seen = BTreeSet::new();
    for view in &mut views {
        let base = view.id.clone();
        let mut count = 1;
        while !seen.insert(view.id.clone()) {
            count += 1;
            view.id = format!("{base}-{count}");
        }
    }
    views
}

/// The least boxes of a view that is cut so that its text can be read on paper.
const FEWEST: usize = 8;

/// A view and its parts, with fewer boxes in each where one could not be read on paper. A budget that
/// somebody asked for beyond the usual one is kept.
fn sized(model: &Model<'_>, make: fn(&Model<'_>) -> Vec<View>) -> Vec<View> {
    let mut made = make(model);
    let mut boxes = model.budget.nodes;
    while boxes > FEWEST && boxes <= Budget::DEFAULT.nodes && !made.iter().all(is_legible) {
        boxes = (boxes * 3 / 4).max(FEWEST);
        made = make(&Model::of(model.blueprint, Budget::of(boxes)));
    }
    made
}

/// Whether some sheet shows the drawing of a view legibly.
fn is_legible(view: &View) -> bool {
    // What is so small is legible without a look.
    if !crate::bare::is_of_boxes(view.kind) || view.nodes.len() < 6 {
        return true;
    }
    let scene = crate::lay_out(view);
    let legible = crate::page::is_legible((scene.width, scene.height));
    crate::looked::keep(view, scene);
    legible
}

/// A blueprint with the look-ups that all views need.
pub(crate) struct Model<'a> {
    blueprint: &'a Blueprint,
    by_id: BTreeMap<&'a str, &'a Element>,
    /// Id of the described system.
    system: String,
    /// Its name as titles have it.
    name: String,
    /// How much one view shows.
    budget: Budget,
}

impl<'a> Model<'a> {
    fn of(blueprint: &'a Blueprint, budget: Budget) -> Self {
        let by_id: BTreeMap<&str, &Element> = blueprint
            .elements
            .iter()
            .map(|e| (e.id.as_str(), e))
            .collect();
        let own = blueprint
            .elements
            .iter()
            .find(|e| e.kind == ElementKind::SoftwareSystem && !e.external);
        let system = match (blueprint.system.id.as_str(), own) {
            ("", Some(element)) => element.id.clone(),
            ("", None) => "system".to_owned(),
            (id, _) => id.to_owned(),
        };
        let element = by_id.get(system.as_str()).copied().or(own);
        let name = match (blueprint.system.name.as_str(), element) {
            ("", Some(element)) => element.name.clone(),
            ("", None) => "System".to_owned(),
            (name, _) => name.to_owned(),
        };
        Model {
            blueprint,
            by_id,
            system,
            name,
            budget,
        }
    }

    /// The element and what encloses it, inner first; cycles end the line.
    fn lineage(&self, id: &str) -> Vec<&'a Element> {
        let mut line: Vec<&Element> = Vec::new();
        let mut at = self.by_id.get(id).copied();
        while let Some(element) = at {
            if line.len() > 50 || line.iter().any(|e| e.id == element.id) {
                break;
            }
            line.push(element);
            at = element
                .parent
                .as_deref()
                .and_then(|p| self.by_id.get(p).copied());
        }
        line
    }

    /// The outermost external element around `id`, if it is external.
    fn outside(&self, id: &str) -> Option<&'a Element> {
        self.lineage(id)
            .into_iter()
            .rfind(|e| e.external && e.kind != ElementKind::Person)
    }

    /// The relationships that are sure enough to be drawn.
    fn sure(&self) -> impl Iterator<Item = &'a Relationship> + use<'a, '_> {
        self.blueprint.relationships.iter().filter(|r| {
            r.confidence != Confidence::Low
                && r.kind != RelationshipKind::StartsAfter
                && self.by_id.contains_key(r.from.as_str())
                && self.by_id.contains_key(r.to.as_str())
        })
    }

    /// The sure relationships with their ends lifted; parallel ones in one edge. `lift` gives the
    /// node an element is drawn as, if it is drawn; `word` the label.
    fn edges(
        &self,
        lift: impl Fn(&str) -> Option<String>,
        word: impl Fn(&Relationship) -> String,
    ) -> Vec<Bundle> {
        let mut bundles: BTreeMap<(String, String), Bundle> = BTreeMap::new();
        for relationship in self.sure() {
            let (Some(from), Some(to)) = (lift(&relationship.from), lift(&relationship.to)) else {
                continue;
            };
            if from == to {
                continue;
            }
            let bundle = bundles
                .entry((from.clone(), to.clone()))
                .or_insert_with(|| Bundle {
                    from,
                    to,
                    labels: BTreeSet::new(),
                    technologies: BTreeSet::new(),
                    kinds: BTreeSet::new(),
                    waits: false,
                    count: 0,
                });
            bundle.labels.insert(word(relationship));
            bundle.technologies.extend(
                relationship
                    .protocol
                    .clone()
                    .or_else(|| relationship.technology.clone()),
            );
            bundle.kinds.insert(relationship.kind);
            bundle.waits |= relationship.mode == Mode::Sync;
            bundle.count += 1;
        }
        bundles.into_values().collect()
    }
}

/// Parallel relationships that are drawn as one edge.
#[derive(Clone, Debug)]
pub(crate) struct Bundle {
    from: String,
    to: String,
    labels: BTreeSet<String>,
    technologies: BTreeSet<String>,
    kinds: BTreeSet<RelationshipKind>,
    waits: bool,
    count: usize,
}

impl Bundle {
    fn edge(&self) -> ViewEdge {
        let labels: Vec<String> = self
            .labels
            .iter()
            .filter(|l| !l.is_empty())
            // No picture sets a name of code apart from words.
            .map(|l| l.replace('`', ""))
            .collect();
        let mut label = crate::description::list(&labels);
        // Edges of a finished view have words only, and no kinds to fall back on.
        if label.chars().count() > PHRASE && !self.kinds.is_empty() {
            let verbs: BTreeSet<&str> = self.kinds.iter().map(|k| k.verb()).collect();
            let verbs: Vec<String> = verbs.into_iter().map(str::to_owned).collect();
            label = crate::description::list(&verbs);
        }
        if self.count > 1 && (label.is_empty() || label.chars().count() > PHRASE) {
            label = format!("{} relations", self.count);
        }
        let mut technologies: Vec<String> = self.technologies.iter().cloned().collect();
        if technologies.len() > 3 {
            technologies.truncate(2);
            technologies.push("others".to_owned());
        }
        ViewEdge {
            id: format!("{}->{}", self.from, self.to),
            from: self.from.clone(),
            to: self.to.clone(),
            label,
            technology: technologies.join(", "),
            mode: Some(if self.waits { Mode::Sync } else { Mode::Async }),
            ends: None,
        }
    }
}

/// Bundles with the same ends as one, sorted.
fn merge(bundles: Vec<Bundle>) -> Vec<Bundle> {
    let mut merged: BTreeMap<(String, String), Bundle> = BTreeMap::new();
    for bundle in bundles {
        match merged.get_mut(&(bundle.from.clone(), bundle.to.clone())) {
            Some(held) => {
                held.labels.extend(bundle.labels);
                held.technologies.extend(bundle.technologies);
                held.kinds.extend(bundle.kinds);
                held.waits |= bundle.waits;
                held.count += bundle.count;
            }
            None => {
                merged.insert((bundle.from.clone(), bundle.to.clone()), bundle);
            }
        }
    }
    merged.into_values().collect()
}

/// The words of a relationship: its description if it is short, else its verb.
fn phrase(relationship: &Relationship) -> String {
    let description = relationship.description.trim().trim_end_matches('.');
    if description.is_empty() || description.chars().count() > PHRASE {
        relationship.verb().to_owned()
    } else {
        description.to_owned()
    }
}

/// An element as a box.
fn node(element: &Element) -> ViewNode {
    let word = match element.kind {
        ElementKind::Person => "Person",
        ElementKind::SoftwareSystem if element.external => "External System",
        ElementKind::SoftwareSystem => "Software System",
        ElementKind::Container if element.external => "External Container",
        ElementKind::Container => "Container",
        ElementKind::Component => "Component",
        ElementKind::DeploymentNode => "Deployment Node",
    };
    // A system outside that is called after its product says it once; of a container C4 asks the technology.
    let said = |t: &&String| !element.external || !t.eq_ignore_ascii_case(&element.name);
    let technology: Vec<&str> = (element.technology.iter())
        .take(3)
        .filter(said)
        .map(String::as_str)
        .collect();
    let kind = if technology.is_empty() {
        word.to_owned()
    } else {
        format!("{word}: {}", technology.join(", "))
    };
    let description = element.description.as_ref().map_or("", |d| d.text.as_str());
    ViewNode {
        id: element.id.clone(),
        name: element.name.clone(),
        kind,
        description: short(description),
        role: element.role,
        person: element.kind == ElementKind::Person,
        external: element.external,
        parent: None,
        rows: Vec::new(),
    }
}

/// The first sentence, cut between words if it is long.
fn short(text: &str) -> String {
    let text = crate::measure::plain(text);
    let first = text
        .split_once(". ")
        .map_or(text.as_str(), |(first, _)| first);
    let first = first.trim_end_matches('.');
    if first.chars().count() <= SENTENCE {
        return first.to_owned();
    }
    let mut out = String::new();
    let mut length = 0;
    for word in first.split(' ') {
        let next = length + word.chars().count() + 1;
        if next > SENTENCE {
            break;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
        length = next;
    }
    if out.is_empty() {
        out = first.chars().take(SENTENCE - 1).collect();
    }
    format!("{} …", out.trim_end_matches([',', ';', ':']))
}

/// Adds a sentence to what is said of the things left out.
fn say(view: &mut View, sentence: &str) {
    if !view.omitted.is_empty() {
        view.omitted.push(' ');
    }
    view.omitted.push_str(sentence);
}

/// `text` with a capital at the start.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).collect()
}

/// A node that stands for no element: a phase, a quantity, a system that nobody describes.
fn quantity() -> ViewNode {
    ViewNode {
        id: String::new(),
        name: String::new(),
        kind: String::new(),
        description: String::new(),
        role: None,
        person: false,
        external: false,
        parent: None,
        rows: Vec::new(),
    }
}

/// An empty view.
fn view(id: impl Into<String>, kind: ViewKind, title: impl Into<String>) -> View {
    View {
        id: id.into(),
        kind,
        title: title.into(),
        nodes: Vec::new(),
        edges: Vec::new(),
        groups: Vec::new(),
        steps: Vec::new(),
        omitted: String::new(),
    }
}

/// `text` as part of a view id: lower case letters, digits and single hyphens.
fn kebab(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars().take(80) {
        if c.is_ascii_alphanumeric() {
            out.push(c.to_ascii_lowercase());
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    let out = out.trim_end_matches('-');
    if out.is_empty() {
        "unnamed".to_owned()
    } else {
        out.to_owned()
    }
}
