//! Places that a person chose, with what finds a box again that has another id by now.

use crate::hints::Hints;
use crate::lay_out_after;
use groundplan_model::{View, ViewKind};
use std::collections::{BTreeMap, BTreeSet};

/// The place of a box.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pin {
    /// Id of the box.
    pub id: String,
    /// Its name when it was placed.
    pub name: String,
    /// Middle of the box, in the pixels of the drawing.
    pub x: i32,
    /// The same downwards: boxes with about the same stand in one row.
    pub y: i32,
    /// Ids of the boxes that lines joined it with.
    pub beside: BTreeSet<String>,
}

/// Whether a person can place the boxes of such a view: sequences, pipelines and what is not boxes and
/// lines have their places from what they show.
pub fn can_be_pinned(view: &View) -> bool {
    !matches!(
        view.kind,
        ViewKind::Sequence
            | ViewKind::Pipeline
            | ViewKind::Matrix
            | ViewKind::Roadmap
            | ViewKind::Chart
    )
}

/// The places of all boxes of a drawing; none where [`can_be_pinned`] says so.
pub fn pins(view: &View, hints: &Hints) -> Vec<Pin> {
    if !can_be_pinned(view) {
        return Vec::new();
    }
    let mut beside = neighbours(view);
    let names: BTreeMap<&str, &str> = (view.nodes.iter())
        .map(|n| (n.id.as_str(), n.name.as_str()))
        .collect();
    let boxes = lay_out_after(view, hints).boxes.into_iter();
    let pin = boxes.map(|b| Pin {
        name: names
            .get(b.id.as_str())
            .copied()
            .unwrap_or(&b.id)
            .to_owned(),
        x: b.rect.x + b.rect.w / 2,
        y: b.rect.y + b.rect.h / 2,
        beside: (beside.remove(b.id.as_str()).unwrap_or_default().into_iter())
            .map(str::to_owned)
            .collect(),
        id: b.id,
    });
    pin.collect()
}

fn neighbours(view: &View) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut beside: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for edge in view.edges.iter().filter(|e| e.from != e.to) {
        beside.entry(&edge.from).or_default().insert(&edge.to);
        beside.entry(&edge.to).or_default().insert(&edge.from);
    }
    beside
}

/// The places of the boxes of `view`, and the pins of which no box is left. A pin goes by the id; one
/// whose id is gone by the name, if one box without a pin has it; else by the neighbours, if most of
/// them are the same.
pub(crate) fn places<'p>(
    view: &View,
    pins: &'p [Pin],
) -> (BTreeMap<String, (i32, i32)>, Vec<&'p Pin>) {
    let mut free: BTreeMap<&str, &str> = (view.nodes.iter())
        .map(|n| (n.id.as_str(), n.name.trim()))
        .collect();
    let mut found: BTreeMap<String, (i32, i32)> = BTreeMap::new();
    let mut left: Vec<&Pin> = Vec::new();
    for pin in pins {
        match free.remove(pin.id.as_str()) {
            Some(_) => drop(found.insert(pin.id.clone(), (pin.x, pin.y))),
            None => left.push(pin),
        }
    }
    // Ids that were, by what they are now.
    let mut renamed: BTreeMap<&str, &str> = BTreeMap::new();
    left.retain(|pin| {
        let name = pin.name.trim();
        let mut same = free.iter().filter(|(_, other)| **other == name);
        let only = same.next().filter(|_| !name.is_empty());
        let (Some((id, _)), None) = (only, same.next()) else {
            return true;
        };
        let id = *id;
        free.remove(id);
        renamed.insert(&pin.id, id);
        found.insert(id.to_owned(), (pin.x, pin.y));
        false
    });
    let beside = neighbours(view);
    left.retain(|pin| {
        let then: BTreeSet<&str> = (pin.beside.iter())
            .map(|id| renamed.get(id.as_str()).copied().unwrap_or(id))
            .collect();
        let alike = |id: &str| {
            let now = beside.get(id)?;
            let common = now.intersection(&then).count();
            (2 * common > now.len().max(then.len())).then_some(common)
        };
        let best = (free.keys())
            .filter_map(|id| Some((alike(id)?, std::cmp::Reverse(*id))))
            .max();
        let Some((_, std::cmp::Reverse(id))) = best else {
            return true;
        };
        free.remove(id);
        found.insert(id.to_owned(), (pin.x, pin.y));
        false
    });
    (found, left)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{NeutralEdge, NeutralNode};

    /// Boxes with id and name, and lines between them.
    fn view(nodes: &[(&str, &str)], edges: &[(&str, &str)]) -> View {
        let diagram = crate::Neutral {
            nodes: (nodes.iter())
                .map(|(id, name)| NeutralNode {
                    id: (*id).to_owned(),
                    name: Some((*name).to_owned()),
                    ..NeutralNode::default()
                })
                .collect(),
            edges: (edges.iter())
                .map(|(from, to)| NeutralEdge {
                    from: (*from).to_owned(),
                    to: (*to).to_owned(),
                    ..NeutralEdge::default()
                })
                .collect(),
            ..crate::Neutral::default()
        };
        diagram.view("test")
    }

    /// Ids with their middles.
    fn middles(view: &View, hints: &Hints) -> Vec<(String, i32, i32)> {
        let pins = pins(view, hints).into_iter();
        pins.map(|pin| (pin.id, pin.x, pin.y)).collect()
    }

    const NODES: [(&str, &str); 4] = [("a", "App"), ("b", "Books"), ("c", "Cars"), ("d", "Data")];
    const EDGES: [(&str, &str); 4] = [("a", "b"), ("a", "c"), ("b", "d"), ("c", "d")];

    #[test]
    fn what_was_saved_is_drawn_again() {
        let view = view(&NODES, &EDGES);
        let free = pins(&view, &Hints::default());
        let mut hints = Hints::default();
        assert!(hints.pin(&view, &free).is_empty());
        assert_eq!(pins(&view, &hints), free);
    }

    #[test]
    fn a_box_stands_where_a_person_puts_it() {
        let view = view(&NODES, &EDGES);
        let free = middles(&view, &Hints::default());
        // Left and right change places; only one of them is named.
        let (left, right) = (free[1].1.min(free[2].1), free[1].1.max(free[2].1));
        let moved = if free[1].1 == left { 1 } else { 2 };
        let pin = Pin {
            id: free[moved].0.clone(),
            x: right + 200,
            y: free[moved].2 + 7,
            ..Pin::default()
        };
        let mut hints = Hints::default();
        hints.pin(&view, &[pin]);
        let now = middles(&view, &hints);
        assert!(now[moved].1 > now[3 - moved].1, "{free:?} {now:?}");
        assert_eq!(now[moved].2, now[3 - moved].2, "one row");
    }

    #[test]
    fn joined_boxes_do_not_stand_in_one_row() {
        let view = view(&NODES, &EDGES);
        let free = middles(&view, &Hints::default());
        let pin = Pin {
            id: "a".to_owned(),
            x: free[1].1 + 400,
            y: free[1].2,
            ..Pin::default()
        };
        let mut hints = Hints::default();
        hints.pin(&view, &[pin]);
        let now = middles(&view, &hints);
        assert!(now[0].1 > now[1].1 && now[0].1 > now[2].1, "{now:?}");
        assert_ne!(now[0].2, now[1].2);
    }

    #[test]
    fn a_renamed_box_is_found_by_name_or_neighbours() {
        let before = pins(&view(&NODES, &EDGES), &Hints::default());
        let other = [
            ("a", "App"),
            ("books", "Books"),
            ("x", "Wheels"),
            ("d", "Data"),
        ];
        let now = view(
            &other,
            &[("a", "books"), ("a", "x"), ("books", "d"), ("x", "d")],
        );
        let (found, unknown) = places(&now, &before);
        assert!(unknown.is_empty(), "{unknown:?}");
        assert_eq!(found["books"], (before[1].x, before[1].y));
        assert_eq!(found["x"], (before[2].x, before[2].y));
    }

    #[test]
    fn a_pin_without_a_box_is_returned() {
        let pin = Pin {
            id: "gone".to_owned(),
            name: "Gone".to_owned(),
            ..Pin::default()
        };
        let pins = [pin];
        let (found, unknown) = places(&view(&NODES, &EDGES), &pins);
        assert!(found.is_empty());
        assert_eq!(unknown, [&pins[0]]);
    }
}
