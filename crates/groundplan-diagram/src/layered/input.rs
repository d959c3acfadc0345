//! A view as numbers: sizes, boundaries and ends by index.

use super::{Edge, Group, Input, LOOP, heading, loop_height, rank};
use crate::scene::{Rect, SceneBox, TextLine, TextStyle};
use crate::{card, numbers};
use groundplan_model::{View, ViewKind};
use std::collections::BTreeMap;

/// The boxes of a view with their words, each at the origin.
pub(super) fn cards(view: &View) -> Vec<SceneBox> {
    view.nodes.iter().map(card::card).collect()
}

impl<'a> Input<'a> {
    /// `numbered`: edges have numbers instead of words.
    pub(super) fn of(view: &'a View, numbered: bool) -> Self {
        Input::with(view, cards(view), numbered)
    }

    /// As [`Input::of`], with the cards of the boxes.
    pub(super) fn with(view: &'a View, cards: Vec<SceneBox>, numbered: bool) -> Self {
        let sideways = view.kind == ViewKind::Pipeline && view.groups.is_empty();
        let place: BTreeMap<&str, usize> = view
            .nodes
            .iter()
            .enumerate()
            .map(|(n, node)| (node.id.as_str(), n))
            .collect();
        let group: BTreeMap<&str, usize> = view
            .groups
            .iter()
            .enumerate()
            .map(|(n, g)| (g.id.as_str(), n + 1))
            .collect();
        let index = |id: Option<&str>| id.and_then(|id| group.get(id)).copied().unwrap_or(0);
        let mut groups = vec![Group {
            parent: 0,
            title: 0,
        }];
        for g in &view.groups {
            let title = TextStyle::Boundary.width(&heading(&g.name, &g.kind));
            groups.push(Group {
                parent: index(g.parent.as_deref()),
                title,
            });
        }
        let mut input = Input {
            view,
            boxes: cards.iter().map(|c| (c.rect.w, c.rect.h)).collect(),
            bare: cards.iter().map(card::bare_width).collect(),
            beside: vec![0; cards.len()],
            cards,
            group_of: view
                .nodes
                .iter()
                .map(|n| index(n.parent.as_deref()))
                .collect(),
            person: view.nodes.iter().map(|n| n.person).collect(),
            external: view.nodes.iter().map(|n| n.external && !n.person).collect(),
            groups,
            edges: Vec::new(),
            loops: Vec::new(),
            sideways,
            numbered,
        };
        for (n, edge) in view.edges.iter().enumerate() {
            let ends = (place.get(edge.from.as_str()), place.get(edge.to.as_str()));
            let (Some(from), Some(to)) = ends else {
                continue;
            };
            if from == to {
                input.loops.push((*from, n));
                continue;
            }
            let label = input.label(n);
            let label = label.map_or((0, 0), |(rect, _)| (rect.w, rect.h));
            input.edges.push(Edge {
                from: *from,
                to: *to,
                index: n,
                label,
            });
        }
        input.room_for_ports();
        input.room_for_loops();
        if sideways {
            input
                .boxes
                .iter_mut()
                .for_each(|(w, h)| std::mem::swap(w, h));
            input
                .edges
                .iter_mut()
                .for_each(|e| e.label = (e.label.1, e.label.0));
            input.beside.iter_mut().for_each(|b| *b = 0);
            input.loops.clear();
        }
        input
    }

    /// The same with boxes that are as wide as they were with shorter names, and without their words.
    pub(super) fn usual(&self) -> Input<'a> {
        let boxes = self.boxes.iter().zip(&self.bare);
        let boxes = boxes.map(|((w, h), bare)| match self.sideways {
            true => (*w, *h),
            false => (*bare, *h),
        });
        Input {
            view: self.view,
            cards: Vec::new(),
            boxes: boxes.collect(),
            bare: self.bare.clone(),
            beside: self.beside.clone(),
            group_of: self.group_of.clone(),
            person: self.person.clone(),
            external: self.external.clone(),
            groups: self.groups.clone(),
            edges: self.edges.clone(),
            loops: self.loops.clone(),
            sideways: self.sideways,
            numbered: self.numbered,
        }
    }

    /// What stands at an edge of the view, at the origin.
    pub(super) fn label(&self, edge: usize) -> Option<(Rect, Vec<TextLine>)> {
        let edge = self.view.edges.get(edge)?;
        let numbered = self.numbered.then_some(self.view.edges.len());
        numbers::label(&edge.label, &edge.technology, numbered)
    }

    pub(super) fn is_entities(&self) -> bool {
        self.view.kind == ViewKind::EntityRelationship
    }

    /// Makes boxes wide enough for the ends of their edges.
    fn room_for_ports(&mut self) {
        let apart = if self.is_entities() { 18 } else { 14 };
        let mut out = vec![0; self.boxes.len()];
        let mut inn = vec![0; self.boxes.len()];
        for edge in &self.edges {
            out[edge.from] += 1;
            inn[edge.to] += 1;
        }
        let edges: Vec<(usize, usize)> = self.edges.iter().map(|e| (e.from, e.to)).collect();
        for (turned, edge) in rank::backward(self.boxes.len(), &edges)
            .iter()
            .zip(&self.edges)
        {
            if *turned {
                out[edge.from] -= 1;
                inn[edge.from] += 1;
                inn[edge.to] -= 1;
                out[edge.to] += 1;
            }
        }
        for (n, card) in self.cards.iter_mut().enumerate() {
            let side = if self.sideways {
                self.boxes[n].1
            } else {
                self.boxes[n].0
            };
            let least = (out[n].max(inn[n]) + 1) * apart;
            self.bare[n] = self.bare[n].max(least);
            let more = least - side;
            if more <= 0 {
                continue;
            }
            let more = more + more % 2;
            let (dx, dy) = if self.sideways { (0, more) } else { (more, 0) };
            card.rect.w += dx;
            card.rect.h += dy;
            for line in &mut card.lines {
                line.shift(dx / 2, dy / 2);
            }
            self.boxes[n] = (card.rect.w, card.rect.h);
        }
    }

    fn room_for_loops(&mut self) {
        let mut height = vec![0; self.boxes.len()];
        for (node, edge) in &self.loops {
            let label = self.label(*edge);
            let (w, h) = label.map_or((0, 0), |(rect, _)| (rect.w + 4, rect.h));
            self.beside[*node] = self.beside[*node].max(LOOP + w + 4);
            height[*node] += loop_height(h);
        }
        for (n, height) in height.into_iter().enumerate() {
            // The loops hang on the side of the box.
            let missing = height - self.boxes[n].1;
            if missing > 0 {
                let missing = missing + missing % 2;
                self.boxes[n].1 += missing;
                self.cards[n].rect.h += missing;
            }
        }
    }
}
