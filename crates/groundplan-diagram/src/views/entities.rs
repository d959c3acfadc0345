//! Entity-relationship views: tables with their keys and references.

use super::{Budget, Model};
use groundplan_model::{
    Cardinality, Entity, EntityKind, EntityRelation, Field, View, ViewEdge, ViewKind, ViewNode,
};
use std::collections::{BTreeMap, BTreeSet};

/// Rows of one table in the picture, keys first where not all fit; the rest is counted in a last
/// row. The more tables a picture has, the fewer rows each of them gets.
const ROWS: [usize; 5] = [12, 9, 6, 4, 3];
/// What the tables of one picture of the usual budget may cover, in pixels²: a seventh of what an A3
/// sheet holds while the smallest text has 6 points. The lines between them take the rest.
const COVERED: usize = 350_000;
/// Views of this kind at most.
const VIEWS: usize = 3;
/// About what is said below a view that is one of several.
const SAID: &str = "20 of 100 entities are shown, the most connected and others whose references fit (part 1 of \
    3). 100 entities stand in no view. 100 references to or from entities outside this view are not drawn.";
/// Longest type in a row, in characters.
const TYPE: usize = 28;

/// The views `entities`, `entities-2` …: the most connected entities first.
pub(super) fn views(model: &Model<'_>) -> Vec<View> {
    let stored = |e: &&Entity| e.kind.is_kept();
    let mut entities: Vec<&Entity> = model.blueprint.entities.iter().filter(stored).collect();
    if entities.is_empty() {
        entities = model.blueprint.entities.iter().collect();
    }
    let edges = edges(&entities);
    let mut degree: BTreeMap<&str, usize> = BTreeMap::new();
    for edge in &edges {
        *degree.entry(&edge.from).or_default() += 1;
        *degree.entry(&edge.to).or_default() += 1;
    }
    entities.sort_by_key(|e| {
        (
            std::cmp::Reverse(degree.get(e.id.as_str()).copied().unwrap_or(0)),
            e.id.as_str(),
        )
    });
    let total = entities.len();
    let views = entities.iter().filter(|e| e.kind == EntityKind::View);
    // What shows the rows of others is counted apart.
    let of_them = match views.count() {
        0 => String::new(),
        1 => " (one of them a view)".to_owned(),
        some => format!(" ({some} of them views)"),
    };
    let mut made: Vec<View> = Vec::new();
    let mut rest = entities;
    let mut most = VIEWS;
    while !rest.is_empty() && made.len() < most {
        let (view, is_smaller) = next(model, made.len() + 1, &mut rest, &edges);
        made.push(view);
        // Where a view holds less than usual, there may be one more.
        most += usize::from(is_smaller && most < 2 * VIEWS);
    }
    let shown: usize = made.iter().map(|v| v.nodes.len()).sum();
    let count = made.len();
    for (n, view) in made.iter_mut().enumerate() {
        let ids: BTreeSet<&str> = view.nodes.iter().map(|n| n.id.as_str()).collect();
        let cut = edges
            .iter()
            .filter(|e| ids.contains(e.from.as_str()) != ids.contains(e.to.as_str()))
            .count();
        let mut said = Vec::new();
        if count > 1 || shown < total {
            said.push(format!(
                "{} of {total} entities{of_them} are shown, the most connected and others whose references fit{}.",
                view.nodes.len(),
                if count > 1 {
                    format!(" (part {} of {count})", n + 1)
                } else {
                    String::new()
                }
            ));
        }
        if shown < total && n + 1 == count {
            said.push(format!("{} entities stand in no view.", total - shown));
        }
        if cut > 0 {
            let word = if cut == 1 {
                "reference to or from an entity outside this view is"
            } else {
                "references to or from entities outside this view are"
            };
            said.push(format!("{cut} {word} not drawn."));
        }
        view.omitted = said.join(" ");
    }
    made
}

/// The next view, and whether it has fewer entities than usual, because more could not be read on paper.
/// A budget that somebody asked for beyond the usual one is kept.
fn next(
    model: &Model<'_>,
    part: usize,
    rest: &mut Vec<&Entity>,
    edges: &[ViewEdge],
) -> (View, bool) {
    let mut budget = model.budget;
    loop {
        let mut left = rest.clone();
        // Lines with ends and names take more room than others.
        let fewer = Budget {
            edges: budget.edges * 4 / 5,
            ..budget
        };
        let taken = take(&mut left, edges, fewer);
        let mut made = view(model, part, &taken, edges);
        // What will be said below the figure takes room as well.
        made.omitted = SAID.to_owned();
        let is_usual = model.budget.nodes <= Budget::DEFAULT.nodes;
        if is_usual {
            shorten(&mut made, &taken);
        }
        if !is_usual || taken.len() <= super::FEWEST || super::is_legible(&made) {
            *rest = left;
            return (made, budget.nodes < model.budget.nodes);
        }
        budget = Budget::of((taken.len() * 3 / 4).max(super::FEWEST));
    }
}

/// Takes rows from the tables until the drawing can be read on paper.
fn shorten(view: &mut View, entities: &[&Entity]) {
    for quarters in [3, 2, 1] {
        if super::is_legible(view) {
            return;
        }
        view.nodes = nodes(entities, COVERED * quarters / 4);
    }
}

/// The next entities of one view: the best connected one and then always its neighbours first, so
/// that references are seldom cut; as many as keep their references within the budget.
fn take<'a>(rest: &mut Vec<&'a Entity>, edges: &[ViewEdge], budget: Budget) -> Vec<&'a Entity> {
    let mut taken: Vec<&Entity> = Vec::new();
    // References between an entity and those taken, itself included.
    let mut links: BTreeMap<&str, usize> = BTreeMap::new();
    let mut beside: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for edge in edges {
        if edge.from == edge.to {
            *links.entry(&edge.from).or_default() += 1;
        } else {
            beside.entry(&edge.from).or_default().push(&edge.to);
            beside.entry(&edge.to).or_default().push(&edge.from);
        }
    }
    let mut drawn = 0;
    while taken.len() < budget.nodes && !rest.is_empty() {
        // `rest` is sorted by degree: the first of the best is the best connected.
        let mut best = None;
        for (n, entity) in rest.iter().enumerate() {
            let count = links.get(entity.id.as_str()).copied().unwrap_or(0);
            if drawn + count > budget.edges && !taken.is_empty() {
                continue;
            }
            if count > 0 {
                best = Some((n, count));
                break;
            }
            best.get_or_insert((n, count));
        }
        let Some((n, count)) = best else { break };
        let entity = rest.remove(n);
        drawn += count;
        for other in beside.get(entity.id.as_str()).into_iter().flatten() {
            *links.entry(other).or_default() += 1;
        }
        taken.push(entity);
    }
    taken
}

fn view(model: &Model<'_>, part: usize, entities: &[&Entity], edges: &[ViewEdge]) -> View {
    let (id, title) = if part == 1 {
        ("entities".to_owned(), format!("{}: entities", model.name))
    } else {
        (
            format!("entities-{part}"),
            format!("{}: entities, part {part}", model.name),
        )
    };
    let mut made = super::view(id, ViewKind::EntityRelationship, title);
    let covered = COVERED * model.budget.nodes / Budget::DEFAULT.nodes;
    made.nodes = nodes(entities, covered);
    let ids: BTreeSet<&str> = entities.iter().map(|e| e.id.as_str()).collect();
    made.edges = edges
        .iter()
        .filter(|e| ids.contains(e.from.as_str()) && ids.contains(e.to.as_str()))
        .cloned()
        .collect();
    made
}

/// The tables with as many rows as leave their text legible on paper.
fn nodes(entities: &[&Entity], covered: usize) -> Vec<ViewNode> {
    let mut made = Vec::new();
    for rows in ROWS {
        made = entities.iter().map(|e| node(e, rows)).collect();
        let area = |node: &ViewNode| {
            let rect = crate::card::card(node).rect;
            i64::from(rect.w) * i64::from(rect.h)
        };
        if usize::try_from(made.iter().map(area).sum::<i64>()).is_ok_and(|sum| sum <= covered) {
            break;
        }
    }
    made
}

fn node(entity: &Entity, most: usize) -> ViewNode {
    let foreign: BTreeSet<&str> = entity
        .relations
        .iter()
        .flat_map(|r| r.fields.iter().map(String::as_str))
        .collect();
    let weight = |f: &Field| match (f.primary_key, foreign.contains(f.name.as_str())) {
        (true, _) => 0,
        (_, true) => 1,
        _ => 2,
    };
    let mut fields: Vec<&Field> = entity.fields.iter().collect();
    if fields.len() > most {
        fields.sort_by_key(|f| weight(f));
    }
    let left = fields.len().saturating_sub(most);
    let mut rows: Vec<(String, String, String)> = fields
        .into_iter()
        .take(most)
        .map(|field| {
            let mut marks = Vec::new();
            if field.primary_key {
                marks.push("PK");
            }
            // Fields of messages hold other messages; keys belong to tables.
            let kept = entity.kind.is_kept();
            if kept && foreign.contains(field.name.as_str()) {
                marks.push("FK");
            }
            if field.unique && !field.primary_key {
                marks.push("UQ");
            }
            let mut data_type: String = field.data_type.chars().take(TYPE).collect();
            if data_type.len() < field.data_type.len() {
                data_type.push('…');
            }
            (field.name.clone(), data_type, marks.join(", "))
        })
        .collect();
    if left > 0 {
        rows.push((format!("… {left} more"), String::new(), String::new()));
    }
    let kind = match entity.kind {
        EntityKind::Table => "",
        EntityKind::View => "view",
        EntityKind::Collection => "collection",
        EntityKind::Message => "message",
        EntityKind::Type => "type",
    };
    ViewNode {
        id: entity.id.clone(),
        name: entity.name.clone(),
        kind: kind.to_owned(),
        description: String::new(),
        role: None,
        person: false,
        external: false,
        parent: None,
        rows,
    }
}

/// The references between `entities`; one that both sides declare is one edge.
fn edges(entities: &[&Entity]) -> Vec<ViewEdge> {
    let ids: BTreeSet<&str> = entities.iter().map(|e| e.id.as_str()).collect();
    let mut made: Vec<ViewEdge> = Vec::new();
    let mut seen: BTreeMap<(String, String), usize> = BTreeMap::new();
    // References with fields of their own come first: the other side's mirror image adds nothing.
    for mirrored in [false, true] {
        for entity in entities {
            for relation in entity
                .relations
                .iter()
                .filter(|r| ids.contains(r.to.as_str()))
            {
                let mirror = relation.cardinality == Cardinality::OneToMany;
                if mirror != mirrored {
                    continue;
                }
                let back = (relation.to.clone(), entity.id.clone());
                if mirror && seen.contains_key(&back) {
                    continue;
                }
                let count = seen
                    .entry((entity.id.clone(), relation.to.clone()))
                    .or_default();
                *count += 1;
                made.push(edge(entity, relation, *count));
            }
        }
    }
    made
}

fn edge(entity: &Entity, relation: &EntityRelation, count: usize) -> ViewEdge {
    let optional = entity
        .fields
        .iter()
        .any(|f| f.nullable && relation.fields.contains(&f.name));
    let target = if optional { "0..1" } else { "1" };
    let (a, b) = match relation.cardinality {
        Cardinality::ManyToOne => ("0..*", target),
        Cardinality::OneToOne => ("0..1", target),
        Cardinality::OneToMany => ("1", "0..*"),
        Cardinality::ManyToMany => ("0..*", "0..*"),
    };
    let label: String = relation.fields.join(", ");
    ViewEdge {
        id: format!("{}->{}:{count}", entity.id, relation.to),
        from: entity.id.clone(),
        to: relation.to.clone(),
        label: if label.chars().count() > 40 {
            String::new()
        } else {
            label
        },
        technology: String::new(),
        mode: None,
        ends: Some((a.to_owned(), b.to_owned())),
    }
}
