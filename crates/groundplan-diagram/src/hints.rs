//! Where things stood in an earlier drawing, so that a reader finds them again in the next one.

use crate::pins::Pin;
use crate::scene::{Rect, Scene};
use groundplan_model::View;
use std::collections::{BTreeMap, BTreeSet};

/// Places in an earlier drawing, by id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hints {
    nodes: BTreeMap<String, (Rect, String)>,
    boundaries: BTreeMap<String, Rect>,
    beside: BTreeMap<String, BTreeSet<String>>,
    numbered: bool,
    /// Middles of the boxes that a person placed.
    pins: BTreeMap<String, (i32, i32)>,
}

impl Hints {
    /// Reads the places from an SVG that this crate wrote; empty if there are none in it.
    pub fn from_svg(svg: &str) -> Hints {
        let mut hints = Hints::default();
        for tag in svg.split('<') {
            let tag = tag.split('>').next().unwrap_or_default();
            hints.numbered |= tag.starts_with("svg ") && tag.contains(" data-numbered=");
            let rect = || attribute(tag, "data-bbox").and_then(|text| rect(&text));
            if let (Some(id), Some(rect)) = (attribute(tag, "data-node"), rect()) {
                let parent = attribute(tag, "data-parent").unwrap_or_default();
                hints.nodes.insert(id, (rect, parent));
            } else if let (Some(id), Some(rect)) = (attribute(tag, "data-boundary"), rect()) {
                hints.boundaries.insert(id, rect);
            } else if let (Some(from), Some(to)) = (
                attribute(tag, "data-edge-from"),
                attribute(tag, "data-edge-to"),
            ) {
                let (a, b) = (from.clone(), to.clone());
                hints.beside.entry(from).or_default().insert(b);
                hints.beside.entry(to).or_default().insert(a);
            }
        }
        hints
    }

    /// Puts boxes of `view` where a person wants them; returns the pins of which no box is left. A box
    /// that was renamed is known by its name or its neighbours.
    pub fn pin<'p>(&mut self, view: &View, pins: &'p [Pin]) -> Vec<&'p Pin> {
        let (places, unknown) = crate::pins::places(view, pins);
        self.pins.extend(places);
        unknown
    }

    /// What a person placed as places of an earlier drawing. Of the other boxes the places are those
    /// that are known; where most are not, those that they have without a person.
    pub(crate) fn with_pins(&self, view: &View, free: impl FnOnce() -> Scene) -> Hints {
        let is_known = |id: &str| self.nodes.contains_key(id) || self.pins.contains_key(id);
        let known = view.nodes.iter().filter(|n| is_known(&n.id)).count();
        let mut all = if 2 * known < view.nodes.len() {
            Hints::of_scene(&free())
        } else {
            self.clone()
        };
        all.pins.clone_from(&self.pins);
        let parents: BTreeMap<&str, Option<&str>> = (view.groups.iter())
            .map(|g| (g.id.as_str(), g.parent.as_deref()))
            .collect();
        for node in &view.nodes {
            let Some((x, y)) = all.pins.get(&node.id).copied() else {
                continue;
            };
            let parent = node.parent.clone().unwrap_or_default();
            let rect = Rect { x, y, w: 0, h: 0 };
            all.nodes.insert(node.id.clone(), (rect, parent));
            // A boundary stands where its boxes are.
            let mut at = node.parent.as_deref();
            for _ in 0..parents.len() {
                let Some(group) = at else { break };
                all.boundaries.remove(group);
                at = parents.get(group).copied().flatten();
            }
        }
        all
    }

    fn of_scene(scene: &Scene) -> Hints {
        let nodes = scene.boxes.iter();
        let nodes = nodes.map(|b| (b.id.clone(), (b.rect, b.parent.clone().unwrap_or_default())));
        let boundaries = scene.boundaries.iter();
        Hints {
            nodes: nodes.collect(),
            boundaries: boundaries.map(|b| (b.id.clone(), b.rect)).collect(),
            numbered: !scene.list.is_empty(),
            ..Hints::default()
        }
    }

    /// Whether a person placed anything.
    pub(crate) fn is_pinned(&self) -> bool {
        !self.pins.is_empty()
    }

    /// Whether a person placed this box.
    pub(crate) fn pins(&self, id: &str) -> bool {
        self.pins.contains_key(id)
    }

    /// Whether edges had numbers instead of words.
    pub(crate) fn is_numbered(&self) -> bool {
        self.numbered
    }

    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The earlier place of each node of `view`. A node that is new takes the place of one that
    /// has gone, if both stand in one boundary and have most of their neighbours in common: it was
    /// renamed.
    pub(crate) fn of_nodes(&self, view: &View) -> Vec<Option<Rect>> {
        let known: BTreeSet<&str> = view.nodes.iter().map(|n| n.id.as_str()).collect();
        let mut gone: BTreeSet<&str> = self.nodes.keys().map(String::as_str).collect();
        gone.retain(|id| !known.contains(id));
        let mut beside: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for edge in &view.edges {
            beside.entry(&edge.from).or_default().insert(&edge.to);
            beside.entry(&edge.to).or_default().insert(&edge.from);
        }
        let mut found = Vec::with_capacity(view.nodes.len());
        for node in &view.nodes {
            if let Some((rect, _)) = self.nodes.get(&node.id) {
                found.push(Some(*rect));
                continue;
            }
            let now = beside.get(node.id.as_str());
            let parent = node.parent.as_deref().unwrap_or_default();
            let alike = |id: &str| {
                let (_, old_parent) = self.nodes.get(id)?;
                let (now, then) = (now?, self.beside.get(id)?);
                let common = now.iter().filter(|id| then.contains(**id)).count();
                let most = 2 * common > now.len().max(then.len());
                (most && old_parent == parent).then_some(common)
            };
            let best = gone
                .iter()
                .filter_map(|id| alike(id).map(|common| (common, std::cmp::Reverse(*id))))
                .max();
            found.push(best.and_then(|(_, std::cmp::Reverse(id))| {
                gone.remove(id);
                self.nodes.get(id).map(|(rect, _)| *rect)
            }));
        }
        found
    }

    /// The earlier place of each boundary of `view`.
    pub(crate) fn of_groups(&self, view: &View) -> Vec<Option<Rect>> {
        let groups = view.groups.iter();
        groups
            .map(|g| self.boundaries.get(&g.id).copied())
            .collect()
    }
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    let (value, _) = rest.split_once('"')?;
    let mut out = value.to_owned();
    for (entity, plain) in [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ] {
        out = out.replace(entity, plain);
    }
    Some(out)
}

/// Four whole numbers of a size that a drawing can have.
fn rect(text: &str) -> Option<Rect> {
    let mut numbers = text.split(' ').map(str::parse::<i32>);
    let mut next = || {
        let number = numbers.next()?.ok()?;
        (number.abs() < 200_000).then_some(number)
    };
    Some(Rect {
        x: next()?,
        y: next()?,
        w: next()?,
        h: next()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read_back() {
        let hints = Hints::from_svg(
            "<g data-node=\"a &amp; b\" data-parent=\"g\" data-bbox=\"1 2 3 4\"><path \
             data-edge=\"e\" data-edge-from=\"x\" data-edge-to=\"y\"/>",
        );
        let rect = Rect {
            x: 1,
            y: 2,
            w: 3,
            h: 4,
        };
        assert_eq!(
            hints.nodes.get("a & b"),
            Some(&(rect, "g".to_owned())),
            "{hints:?}"
        );
        assert!(hints.beside["x"].contains("y"));
    }

    #[test]
    fn what_is_no_drawing_gives_no_places() {
        assert!(Hints::from_svg("<g data-node=\"a\" data-bbox=\"1 2 x\">").is_empty());
    }
}
