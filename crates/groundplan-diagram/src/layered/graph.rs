//! The layers cut into rows: boxes, titles of boundaries, labels of edges each have rows of their
//! own, and an edge has an item in every row that it passes. So whatever a row holds side by side
//! cannot overlap, and an edge never meets a foreign box, label or title.

use super::Input;
use super::lists::{small, wide};
use super::rank::Ranking;

/// What an item stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Node(u32),
    Label(u32),
    Bend,
    /// Where an edge turns beside the box that it leaves or reaches at a side.
    Flank,
}

/// Something that stands in a row; its extents count from its x.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) kind: Kind,
    pub(super) row: u32,
    /// Boundary it stands in; 0 is the drawing itself.
    pub(super) group: u32,
    pub(super) left: i32,
    pub(super) right: i32,
    pub(super) height: i32,
}

/// What a row is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum RowKind {
    Boxes,
    Labels,
    Titles,
}

/// A boundary with the rows that it spans.
#[derive(Clone, Debug)]
pub(super) struct Span {
    pub(super) parent: usize,
    pub(super) first: usize,
    pub(super) last: usize,
    pub(super) title: i32,
    /// How many boundaries end inside it in its last row, itself included.
    pub(super) closing: i32,
}

/// An end of an edge at the left or right side of its box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Flank {
    pub(super) right: bool,
    /// Distance from the upper side of the box.
    pub(super) down: i32,
}

/// Rows, items, and for every edge its items from top to bottom.
#[derive(Clone)]
pub(super) struct Graph {
    pub(super) items: Vec<Item>,
    pub(super) rows: Vec<RowKind>,
    pub(super) spans: Vec<Span>,
    pub(super) chains: Vec<Vec<usize>>,
    /// Per edge its upper and its lower end, where that is at a side: then the item beside the box is
    /// in the row of the box.
    pub(super) flanks: Vec<(Option<Flank>, Option<Flank>)>,
}

impl Graph {
    /// The flank between two items of an edge, of which one is a box and the other beside it.
    pub(super) fn flank(&self, edge: usize, a: usize, b: usize) -> Option<Flank> {
        if self.items[a].row != self.items[b].row {
            return None;
        }
        let (upper, lower) = self.flanks.get(edge).copied().unwrap_or_default();
        match self.items[a].kind {
            Kind::Node(_) => upper,
            _ => lower,
        }
    }
}

/// Cuts the layers into rows; `widest` limits a row of labels.
pub(super) fn build(input: &Input<'_>, ranking: &Ranking, widest: i32) -> Graph {
    let layers = ranking.layer.iter().max().map_or(0, |l| l + 1);
    let gap = label_gaps(input, ranking, layers);
    // Rows of labels per gap; gap `n` lies above layer `n`.
    let mut label_rows = vec![0_usize; layers];
    let mut label_row = vec![0_usize; input.edges.len()];
    for (n, rows) in label_rows.iter_mut().enumerate() {
        let here: Vec<usize> = (0..gap.len()).filter(|e| gap[*e] == Some(n)).collect();
        let total: i32 = here.iter().map(|e| input.edges[*e].label.0 + 10).sum();
        *rows = usize::try_from(total / widest.max(1)).unwrap_or(0) + 1;
        if here.is_empty() {
            *rows = 0;
        }
        let mut order = here;
        order.sort_by_key(|e| (upper(input, ranking, *e), lower(input, ranking, *e), *e));
        for (k, edge) in order.into_iter().enumerate() {
            label_row[edge] = k % (*rows).max(1);
        }
    }
    let (first_layer, last_layer, level) = levels(input, ranking);
    let mut rows = Vec::new();
    let mut box_row = vec![0; layers];
    let mut label_start = vec![0; layers];
    let mut title_row = vec![0; input.groups.len()];
    for n in 0..layers {
        label_start[n] = rows.len();
        rows.extend(std::iter::repeat_n(RowKind::Labels, label_rows[n]));
        let deepest = (1..level.len())
            .filter(|g| first_layer[*g] == n)
            .map(|g| level[g])
            .max()
            .unwrap_or(0);
        for g in 1..level.len() {
            if first_layer[g] == n {
                title_row[g] = rows.len() + deepest - level[g];
            }
        }
        rows.extend(std::iter::repeat_n(RowKind::Titles, deepest));
        box_row[n] = rows.len();
        rows.push(RowKind::Boxes);
    }
    let mut spans: Vec<Span> = (0..input.groups.len())
        .map(|g| Span {
            parent: input.groups[g].parent,
            first: if g == 0 { 0 } else { title_row[g] },
            last: if g == 0 {
                rows.len().saturating_sub(1)
            } else {
                box_row[last_layer[g]]
            },
            title: input.groups[g].title,
            closing: 1,
        })
        .collect();
    close(&mut spans);
    let mut graph = Graph {
        items: Vec::new(),
        rows,
        spans,
        chains: Vec::new(),
        flanks: vec![(None, None); input.edges.len()],
    };
    for (n, (w, h)) in input.boxes.iter().enumerate() {
        graph.items.push(Item {
            kind: Kind::Node(small(n)),
            row: small(box_row[ranking.layer[n]]),
            group: small(input.group_of[n]),
            left: w / 2,
            right: w - w / 2 + input.beside[n],
            height: *h,
        });
    }
    for (n, edge) in input.edges.iter().enumerate() {
        let (from, to) = (upper(input, ranking, n), lower(input, ranking, n));
        let between = graph.items[to].row.abs_diff(graph.items[from].row);
        let mut chain = Vec::with_capacity(wide(between) + 1);
        chain.push(from);
        let own = gap[n].map(|g| label_start[g] + label_row[n]);
        let passage = Passage::of(&graph.spans, input.group_of[from], input.group_of[to]);
        for row in wide(graph.items[from].row) + 1..wide(graph.items[to].row) {
            let labelled = own == Some(row);
            let half = if labelled { edge.label.0 / 2 } else { 0 };
            chain.push(graph.items.len());
            let group = passage.at(&graph.spans, row);
            graph.items.push(Item {
                kind: if labelled {
                    Kind::Label(small(n))
                } else {
                    Kind::Bend
                },
                row: small(row),
                group: small(group),
                left: half,
                right: half,
                height: if labelled { edge.label.1 } else { 0 },
            });
        }
        chain.push(to);
        graph.chains.push(chain);
    }
    graph
}

fn upper(input: &Input<'_>, ranking: &Ranking, edge: usize) -> usize {
    let e = &input.edges[edge];
    if ranking.layer[e.from] <= ranking.layer[e.to] {
        e.from
    } else {
        e.to
    }
}

fn lower(input: &Input<'_>, ranking: &Ranking, edge: usize) -> usize {
    let e = &input.edges[edge];
    if ranking.layer[e.from] <= ranking.layer[e.to] {
        e.to
    } else {
        e.from
    }
}

/// For every labelled edge the gap that takes its label: the emptiest it passes.
fn label_gaps(input: &Input<'_>, ranking: &Ranking, layers: usize) -> Vec<Option<usize>> {
    let mut used = vec![0_i32; layers];
    let mut gap = vec![None; input.edges.len()];
    let mut order: Vec<usize> = (0..input.edges.len())
        .filter(|n| input.edges[*n].label.0 > 0)
        .collect();
    let span = |n: usize| {
        let (a, b) = (upper(input, ranking, n), lower(input, ranking, n));
        (ranking.layer[a], ranking.layer[b])
    };
    order.sort_by_key(|n| {
        let (a, b) = span(*n);
        (b - a, a, *n)
    });
    for n in order {
        let (a, b) = span(n);
        let best = (a + 1..=b).min_by_key(|g| (used[*g], (2 * g).abs_diff(a + b + 1), *g));
        if let Some(best) = best {
            used[best] += input.edges[n].label.0 + 10;
            gap[n] = Some(best);
        }
    }
    gap
}

/// First and last layer of every group, and how many titles stand from its own down to the boxes.
fn levels(input: &Input<'_>, ranking: &Ranking) -> (Vec<usize>, Vec<usize>, Vec<usize>) {
    let count = input.groups.len();
    let mut first = vec![usize::MAX; count];
    let mut last = vec![0; count];
    for (n, layer) in ranking.layer.iter().enumerate() {
        let mut g = input.group_of[n];
        while g != 0 {
            first[g] = first[g].min(*layer);
            last[g] = last[g].max(*layer);
            g = input.groups[g].parent;
        }
    }
    let mut level = vec![1; count];
    let depth = |g: usize| {
        let mut at = g;
        let mut depth = 0;
        while at != 0 {
            depth += 1;
            at = input.groups[at].parent;
        }
        depth
    };
    let mut inner_first: Vec<usize> = (1..count).collect();
    inner_first.sort_by_key(|g| (std::cmp::Reverse(depth(*g)), *g));
    for g in inner_first {
        let parent = input.groups[g].parent;
        if parent != 0 && first[parent] == first[g] {
            level[parent] = level[parent].max(level[g] + 1);
        }
    }
    (first, last, level)
}

fn close(spans: &mut [Span]) {
    let depth = |g: usize, spans: &[Span]| {
        let mut at = g;
        let mut depth = 0;
        while at != 0 {
            depth += 1;
            at = spans[at].parent;
        }
        depth
    };
    let mut inner_first: Vec<usize> = (1..spans.len()).collect();
    inner_first.sort_by_key(|g| (std::cmp::Reverse(depth(*g, spans)), *g));
    for g in inner_first {
        let parent = spans[g].parent;
        if parent != 0 && spans[parent].last == spans[g].last {
            spans[parent].closing = spans[parent].closing.max(spans[g].closing + 1);
        }
    }
}

/// The boundaries of an edge: those around its upper and around its lower end alone, inner first, and
/// the common one.
struct Passage {
    upper: Vec<usize>,
    lower: Vec<usize>,
    common: usize,
}

impl Passage {
    /// Of an edge between boxes in the boundaries `from` and `to`.
    fn of(spans: &[Span], from: usize, to: usize) -> Passage {
        let line = |start: usize| {
            std::iter::successors(Some(start), |g| (*g != 0).then(|| spans[*g].parent))
        };
        let common = line(from).find(|g| line(to).any(|h| h == *g));
        let common = common.unwrap_or(0);
        Passage {
            upper: line(from).take_while(|g| *g != common).collect(),
            lower: line(to).take_while(|g| *g != common).collect(),
            common,
        }
    }

    /// The boundary in which the edge passes `row`: that of its upper end as long as that reaches, that
    /// of its lower end as soon as that begins, else the common one.
    fn at(&self, spans: &[Span], row: usize) -> usize {
        let reach = |line: &[usize]| {
            let mut own = line.iter().copied();
            own.find(|g| spans[*g].first <= row && row <= spans[*g].last)
        };
        match (reach(&self.upper), reach(&self.lower)) {
            (Some(g), None) | (None, Some(g)) => g,
            _ => self.common,
        }
    }
}
