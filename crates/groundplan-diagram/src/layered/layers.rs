//! The layers alone. Rows of labels and titles between two layers can always be ordered so that the
//! edges cross no more often than straight lines from layer to layer do, so that the long search
//! for an order looks at a third of the rows, and the others follow.

use super::earlier::Earlier;
use super::graph::{Graph, RowKind, Span};
use super::lists::{small, wide};
use super::order::{Order, Sorter, Token};

/// The rows of boxes of a graph, and the item of the whole graph that each of its items is.
pub(super) struct Layers {
    pub(super) graph: Graph,
    whole: Vec<u32>,
}

impl Layers {
    pub(super) fn of(graph: &Graph) -> Layers {
        let is_layer = |row: usize| graph.rows.get(row) == Some(&RowKind::Boxes);
        // The layer that a row is or leads to.
        let mut layer = Vec::with_capacity(graph.rows.len());
        let mut next = 0;
        for row in 0..graph.rows.len() {
            layer.push(next);
            next += usize::from(is_layer(row));
        }
        let mut own = vec![u32::MAX; graph.items.len()];
        let mut items = Vec::new();
        let mut whole = Vec::new();
        for (n, item) in graph.items.iter().enumerate() {
            if is_layer(wide(item.row)) {
                own[n] = small(items.len());
                whole.push(small(n));
                let mut item = item.clone();
                item.row = small(layer[wide(item.row)]);
                items.push(item);
            }
        }
        let spans = graph.spans.iter().map(|span| Span {
            first: layer.get(span.first).copied().unwrap_or(0),
            last: layer.get(span.last).copied().unwrap_or(0),
            ..span.clone()
        });
        let chains = graph.chains.iter().map(|chain| {
            let mut kept = Vec::with_capacity(chain.len());
            kept.extend(chain.iter().map(|n| wide(own[*n])));
            kept.retain(|n| *n != wide(u32::MAX));
            kept
        });
        Layers {
            graph: Graph {
                items,
                rows: vec![RowKind::Boxes; next],
                spans: spans.collect(),
                chains: chains.collect(),
                flanks: vec![(None, None); graph.chains.len()],
            },
            whole,
        }
    }

    /// The order of all rows that follows from one of the layers, and its number of crossings.
    pub(super) fn expand(
        &self,
        graph: &Graph,
        layers: &Order,
        crossings: u64,
        earlier: Option<&Earlier>,
    ) -> (Order, u64) {
        let mut place = vec![0_i64; graph.items.len()];
        for (own, whole) in self.whole.iter().enumerate() {
            place[wide(*whole)] = layers.place[own];
        }
        let mut next = layers.rows.iter();
        let mut rows: Vec<Vec<Token>> = Vec::with_capacity(graph.rows.len());
        for kind in &graph.rows {
            let layer = (*kind == RowKind::Boxes).then(|| next.next()).flatten();
            let tokens = layer.into_iter().flatten().map(|token| match token {
                Token::Item(n) => Token::Item(self.whole[wide(*n)]),
                other => *other,
            });
            rows.push(tokens.collect());
        }
        // Between two layers an item stands halfway: two edges that do not cross on the straight way
        // do not cross above or below it either.
        let mut keys = place.clone();
        let is_layer = |n: usize| graph.rows.get(wide(graph.items[n].row)) == Some(&RowKind::Boxes);
        for chain in &graph.chains {
            let mut above = 0;
            for (k, item) in chain.iter().enumerate() {
                if is_layer(*item) {
                    above = place[*item];
                    continue;
                }
                let below = chain[k..].iter().find(|n| is_layer(**n));
                let below = below.map_or(above, |n| place[*n]);
                let title = graph.rows.get(wide(graph.items[*item].row)) == Some(&RowKind::Titles);
                // Boundaries begin with their title, so that what enters them stands as it does below.
                keys[*item] = if title { 2 * below } else { above + below };
                place[*item] = if title { above + below } else { below };
            }
        }
        let sorter = Sorter::new(graph, earlier);
        let mut order = Order {
            rows,
            place,
            rank: layers.rank.clone(),
        };
        for (row, kind) in graph.rows.iter().enumerate() {
            if *kind == RowKind::Boxes {
                sorter.estimate(&mut order, row);
            } else {
                sorter.arrange(&mut order, row, &keys);
            }
        }
        let mut found = sorter.crossings(&order);
        if found > crossings {
            sorter.exchange(&mut order, 2);
            found = sorter.crossings(&order);
        }
        sorter.ease(&mut order);
        (order, found)
    }
}
