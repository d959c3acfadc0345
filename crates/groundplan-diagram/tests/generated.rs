//! Generated views keep the promises of the layout, whatever they hold.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use groundplan_diagram::{Rect, Scene, lay_out};
use groundplan_model::{Mode, Role, View, ViewEdge, ViewGroup, ViewKind, ViewNode, ViewStep};

/// A fixed pseudo-random sequence (Knuth's MMIX constants).
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % n.max(1)
    }

    fn pick<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.below(all.len())]
    }
}

const NAMES: [&str; 9] = [
    "cart",
    "Order service",
    "PaymentAuthorisationAndCaptureServiceImplementation",
    "支払いサービス",
    "a",
    "",
    "<script>alert(1)</script>",
    "very-long-kebab-name-with-many-parts-that-never-ends-v2",
    "\u{202e}evil\u{0}\n name \u{1f980}",
];
const LABELS: [&str; 6] = [
    "",
    "calls",
    "Publishes product events to everyone who wants to know",
    "\"quoted\" & <b>",
    "読み書き",
    "supercalifragilisticexpialidociousandmore",
];

fn view(seed: u64, nodes: usize, kind: ViewKind) -> View {
    let mut dice = Dice(seed.wrapping_mul(77).wrapping_add(3));
    let groups = if dice.below(3) == 0 { 0 } else { dice.below(6) };
    let mut view = View {
        id: format!("v{seed}"),
        kind,
        title: format!("Generated {seed}"),
        nodes: Vec::new(),
        edges: Vec::new(),
        groups: Vec::new(),
        steps: Vec::new(),
        omitted: if dice.below(2) == 0 {
            String::new()
        } else {
            "Some are left out.".into()
        },
    };
    for g in 0..groups {
        let parent = (g > 0 && dice.below(2) == 0).then(|| format!("g{}", dice.below(g)));
        view.groups.push(ViewGroup {
            id: format!("g{g}"),
            name: dice.pick(&NAMES).to_owned(),
            kind: dice
                .pick(&["", "trust boundary", "Software System"])
                .to_owned(),
            parent,
        });
    }
    for n in 0..nodes {
        let roles = [
            None,
            Some(Role::Service),
            Some(Role::Database),
            Some(Role::Broker),
        ];
        let inside = groups > 0 && dice.below(4) > 0;
        let rows = if kind == ViewKind::EntityRelationship {
            dice.below(9)
        } else {
            0
        };
        view.nodes.push(ViewNode {
            id: format!("n{n:02}"),
            name: dice.pick(&NAMES).to_owned(),
            kind: dice.pick(&["", "Container: Go", "Component"]).to_owned(),
            description: dice.pick(&LABELS).to_owned(),
            role: roles[dice.below(4)],
            person: dice.below(12) == 0,
            external: dice.below(7) == 0,
            parent: inside.then(|| format!("g{}", dice.below(groups))),
            rows: (0..rows)
                .map(|_| (dice.pick(&NAMES).into(), "varchar(255)".into(), "PK".into()))
                .collect(),
        });
    }
    let edges = dice.below(nodes * 2 + 1);
    for e in 0..edges {
        let ends = (kind == ViewKind::EntityRelationship).then(|| ("0..*".into(), "1".into()));
        view.edges.push(ViewEdge {
            id: format!("e{e:03}"),
            from: format!("n{:02}", dice.below(nodes)),
            to: format!("n{:02}", dice.below(nodes + 1)),
            label: dice.pick(&LABELS).to_owned(),
            technology: dice.pick(&["", "gRPC", "HTTP, TLS"]).to_owned(),
            mode: Some(if dice.below(3) == 0 {
                Mode::Async
            } else {
                Mode::Sync
            }),
            ends,
        });
    }
    for _ in 0..if kind == ViewKind::Sequence { edges } else { 0 } {
        view.steps.push(ViewStep {
            from: format!("n{:02}", dice.below(nodes)),
            to: format!("n{:02}", dice.below(nodes)),
            label: dice.pick(&LABELS).to_owned(),
            reply: dice.below(4) == 0,
            is_async: dice.below(4) == 0,
        });
    }
    view
}

/// Every broken promise, in words.
fn faults(scene: &Scene, sequence: bool) -> Vec<String> {
    let mut out = Vec::new();
    let page = Rect {
        x: 0,
        y: 0,
        w: scene.width,
        h: scene.height,
    };
    let find = |id: &str| scene.boundaries.iter().find(|b| b.id == id);
    let inside = |parent: &Option<String>, id: &str| {
        let mut at = parent.clone();
        while let Some(parent) = at {
            if parent == id {
                return true;
            }
            at = find(&parent).and_then(|b| b.parent.clone());
        }
        false
    };
    for (n, a) in scene.boxes.iter().enumerate() {
        for b in &scene.boxes[n + 1..] {
            if a.rect.overlaps(&b.rect) {
                out.push(format!("box {} overlaps {}", a.id, b.id));
            }
        }
        if !page.contains(&a.rect) {
            out.push(format!("box {} leaves the page", a.id));
        }
        for (k, line) in a.lines.iter().enumerate() {
            if !a.rect.contains(&line.rect) {
                out.push(format!("text {:?} leaves box {}", line.text, a.id));
            }
            if a.lines[k + 1..]
                .iter()
                .any(|other| line.rect.overlaps(&other.rect))
            {
                out.push(format!("text {:?} overlaps in {}", line.text, a.id));
            }
        }
        for boundary in &scene.boundaries {
            if inside(&a.parent, &boundary.id) {
                if !boundary.rect.contains(&a.rect) {
                    out.push(format!("box {} outside its {}", a.id, boundary.id));
                }
            } else if boundary.rect.overlaps(&a.rect) {
                out.push(format!("box {} intrudes into {}", a.id, boundary.id));
            }
            if boundary.title.rect.overlaps(&a.rect) {
                out.push(format!("box {} on the title of {}", a.id, boundary.id));
            }
        }
    }
    for (n, a) in scene.boundaries.iter().enumerate() {
        if !a.rect.contains(&a.title.rect) || !page.contains(&a.rect) {
            out.push(format!("title of {} leaves it", a.id));
        }
        for b in &scene.boundaries[n + 1..] {
            let nested = inside(&a.parent, &b.id) || inside(&b.parent, &a.id);
            if a.rect.overlaps(&b.rect) && !nested {
                out.push(format!("boundary {} overlaps {}", a.id, b.id));
            }
            if inside(&b.parent, &a.id) && !a.rect.contains(&b.rect) {
                out.push(format!("boundary {} outside {}", b.id, a.id));
            }
            if a.title.rect.overlaps(&b.title.rect) {
                out.push(format!("titles of {} and {} overlap", a.id, b.id));
            }
        }
    }
    for edge in &scene.edges {
        for pair in edge.points.windows(2) {
            let on = |rect: &Rect| rect.crossed_by(pair[0], pair[1]);
            for b in &scene.boxes {
                let own = b.id == edge.from || b.id == edge.to;
                if on(&b.rect) && !own {
                    out.push(format!("edge {} through box {}", edge.id, b.id));
                }
            }
            for b in scene.boundaries.iter().filter(|b| on(&b.title.rect)) {
                out.push(format!("edge {} through the title of {}", edge.id, b.id));
            }
            for l in scene
                .labels
                .iter()
                .filter(|l| l.edge != edge.id && on(&l.rect))
            {
                out.push(format!("edge {} through the label of {}", edge.id, l.edge));
            }
            if pair[0].x != pair[1].x && pair[0].y != pair[1].y {
                out.push(format!("edge {} is slanted", edge.id));
            }
        }
        for point in &edge.points {
            if !page.contains(&Rect {
                x: point.x,
                y: point.y,
                w: 0,
                h: 0,
            }) {
                out.push(format!("edge {} leaves the page", edge.id));
            }
        }
        let touches = |id: &str, at: Option<&groundplan_diagram::Point>| {
            let made = scene.boxes.iter().find(|b| b.id == id);
            let near = |r: Rect| Rect {
                x: r.x - 1,
                y: r.y - 1,
                w: r.w + 2,
                h: r.h + 2,
            };
            made.zip(at).is_some_and(|(b, p)| {
                near(b.rect).contains(&Rect {
                    x: p.x,
                    y: p.y,
                    w: 0,
                    h: 0,
                })
            })
        };
        let ends =
            touches(&edge.from, edge.points.first()) && touches(&edge.to, edge.points.last());
        if !ends && !sequence {
            out.push(format!("edge {} hangs loose", edge.id));
        }
    }
    for (n, a) in scene.labels.iter().enumerate() {
        for line in &a.lines {
            if !a.rect.contains(&line.rect) {
                out.push(format!("text of {} leaves its plate", a.edge));
            }
        }
        let over = |r: &Rect| r.overlaps(&a.rect);
        if scene.boxes.iter().any(|b| over(&b.rect)) || !page.contains(&a.rect) {
            out.push(format!("label of {} on a box or off the page", a.edge));
        }
        if scene.boundaries.iter().any(|b| over(&b.title.rect)) {
            out.push(format!("label of {} on a title", a.edge));
        }
        if scene.labels[n + 1..].iter().any(|b| over(&b.rect)) {
            out.push(format!("label of {} on another label", a.edge));
        }
    }
    let marks = scene
        .title
        .iter()
        .chain(&scene.notes)
        .chain(scene.key.iter().map(|k| &k.text));
    let marks: Vec<_> = marks.collect();
    for (n, a) in marks.iter().enumerate() {
        let on_box = scene.boxes.iter().any(|b| b.rect.overlaps(&a.rect));
        if on_box || marks[n + 1..].iter().any(|b| a.rect.overlaps(&b.rect)) {
            out.push(format!("text {:?} overlaps", a.text));
        }
        if !page.contains(&a.rect) {
            out.push(format!("text {:?} leaves the page", a.text));
        }
    }
    out
}

/// Pairs of edges that run on one line for more than a moment.
fn shared(scene: &Scene) -> usize {
    let mut found = 0;
    for (n, a) in scene.edges.iter().enumerate() {
        for b in &scene.edges[n + 1..] {
            let on_one_line = a.points.windows(2).any(|p| {
                b.points.windows(2).any(|q| {
                    let flat = p[0].y == p[1].y && q[0].y == q[1].y && p[0].y == q[0].y;
                    let upright = p[0].x == p[1].x && q[0].x == q[1].x && p[0].x == q[0].x;
                    let along = |a: i32, b: i32, c: i32, d: i32| {
                        a.max(b).min(c.max(d)) - a.min(b).max(c.min(d)) > 2
                    };
                    (flat && along(p[0].x, p[1].x, q[0].x, q[1].x))
                        || (upright && along(p[0].y, p[1].y, q[0].y, q[1].y))
                })
            });
            found += usize::from(on_one_line);
        }
    }
    found
}

#[test]
fn nothing_overlaps_in_generated_views() {
    let kinds = [
        ViewKind::Container,
        ViewKind::EntityRelationship,
        ViewKind::Sequence,
        ViewKind::Pipeline,
        ViewKind::DataFlow,
    ];
    for seed in 0..40_u64 {
        let kind = kinds[usize::try_from(seed).unwrap() % kinds.len()];
        let nodes = 1 + usize::try_from(seed * 7 % 30).unwrap();
        let view = view(seed, nodes, kind);
        let scene = lay_out(&view);
        let found = faults(&scene, kind == ViewKind::Sequence);
        assert!(
            found.is_empty(),
            "seed {seed}, {nodes} nodes, {kind:?}: {found:#?}"
        );
        assert_eq!(scene.boxes.len(), view.nodes.len());
        if kind != ViewKind::Sequence {
            assert_eq!(shared(&scene), 0, "seed {seed}: edges share a line");
        }
    }
}

#[test]
fn a_large_view_stays_sound() {
    let view = view(4711, 60, ViewKind::Container);
    let found = faults(&lay_out(&view), false);
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn a_view_that_nobody_could_read_is_drawn_in_part() {
    let mut view = view(1, 3, ViewKind::Container);
    let first = view.nodes[0].clone();
    for n in 0..2100 {
        view.nodes.push(ViewNode {
            id: format!("x{n:04}"),
            parent: None,
            ..first.clone()
        });
    }
    let scene = lay_out(&view);
    assert_eq!(scene.boxes.len(), 2000);
    assert!(
        scene.notes.iter().any(|n| n.text.contains("2000")),
        "{:?}",
        scene.notes
    );
    let found = faults(&scene, false);
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn lines_that_pass_very_many_layers_are_drawn_in_part() {
    let mut view = view(1, 3, ViewKind::Container);
    let (node, edge) = (view.nodes[0].clone(), view.edges[0].clone());
    let id = |n: usize| format!("x{n:04}");
    view.nodes = (0..1500)
        .map(|n| ViewNode {
            id: id(n),
            parent: None,
            ..node.clone()
        })
        .collect();
    let chain = (0..1499).map(|n| (n, n + 1));
    let long = (0..600).map(|n| (n, 1499 - n));
    view.edges = chain
        .chain(long)
        .map(|(from, to)| ViewEdge {
            id: format!("{from}-{to}"),
            from: id(from),
            to: id(to),
            ..edge.clone()
        })
        .collect();
    let scene = lay_out(&view);
    assert_eq!(scene.boxes.len(), 400);
    let said = |n: &groundplan_diagram::TextLine| n.text.contains("400 best connected of 1500");
    assert!(scene.notes.iter().any(said), "{:?}", scene.notes);
}

#[test]
fn the_order_of_the_input_does_not_matter() {
    for seed in 0..8 {
        let first = view(seed, 14, ViewKind::Container);
        let mut second = first.clone();
        second.nodes.reverse();
        second.edges.reverse();
        second.groups.reverse();
        let third = first.clone();
        assert_eq!(
            groundplan_diagram::svg(&first),
            groundplan_diagram::svg(&second)
        );
        assert_eq!(
            groundplan_diagram::mermaid(&first),
            groundplan_diagram::mermaid(&second)
        );
        assert_eq!(
            groundplan_diagram::text(&first),
            groundplan_diagram::text(&second)
        );
        assert_eq!(
            groundplan_diagram::description(&first),
            groundplan_diagram::description(&second)
        );
        assert_eq!(lay_out(&first), lay_out(&third));
    }
}

#[test]
fn compound_graphs_of_every_size_stay_sound() {
    for nodes in (4..=60).step_by(4) {
        let seed = u64::try_from(nodes).unwrap() * 31;
        let scene = lay_out(&view(seed, nodes, ViewKind::Container));
        let found = faults(&scene, false);
        assert!(found.is_empty(), "{nodes} nodes: {found:#?}");
        assert_eq!(shared(&scene), 0, "{nodes} nodes: edges share a line");
    }
}

/// Pairs of boxes whose order from left to right or from top to bottom differs by more than 8
/// pixels both before and after, and all pairs.
fn flips(before: &Scene, after: &Scene) -> (usize, usize) {
    let middle = |scene: &Scene, id: &str| {
        let made = scene.boxes.iter().find(|b| b.id == id)?;
        Some((made.rect.middle(), made.rect.y + made.rect.h / 2))
    };
    let ids: Vec<&str> = before.boxes.iter().map(|b| b.id.as_str()).collect();
    let (mut flips, mut pairs) = (0, 0);
    for (n, a) in ids.iter().enumerate() {
        for b in &ids[n + 1..] {
            let found = (
                middle(before, a),
                middle(before, b),
                middle(after, a),
                middle(after, b),
            );
            let (Some(a0), Some(b0), Some(a1), Some(b1)) = found else {
                continue;
            };
            for (then, now) in [(a0.0 - b0.0, a1.0 - b1.0), (a0.1 - b0.1, a1.1 - b1.1)] {
                if then.abs() > 8 {
                    pairs += 1;
                    flips += usize::from((then > 0) != (now > 0) && now.abs() > 8);
                }
            }
        }
    }
    (flips, pairs)
}

#[test]
fn a_box_more_or_another_name_leaves_the_others_where_they_were() {
    use groundplan_diagram::{Hints, lay_out_after, svg};
    let (mut all, mut turned) = (0, 0);
    for seed in 0..12 {
        let first = view(seed, 18, ViewKind::Container);
        let before = lay_out(&first);
        let hints = Hints::from_svg(&svg(&first));
        let mut more = first.clone();
        more.nodes.push(ViewNode {
            id: "new".into(),
            name: "New one".into(),
            ..first.nodes[3].clone()
        });
        for (n, (from, to)) in [("n01", "new"), ("new", "n05")].into_iter().enumerate() {
            more.edges.push(ViewEdge {
                id: format!("new{n}"),
                from: from.into(),
                to: to.into(),
                label: "calls".into(),
                technology: String::new(),
                mode: None,
                ends: None,
            });
        }
        let mut renamed = first.clone();
        renamed.nodes[2].name = "A name of quite another length than before".into();
        for changed in [&more, &renamed, &first] {
            let after = lay_out_after(changed, &hints);
            let found = faults(&after, false);
            assert!(found.is_empty(), "seed {seed}: {found:#?}");
            let (flips, pairs) = flips(&before, &after);
            turned += flips;
            all += pairs;
        }
    }
    assert!(
        turned * 100 <= all * 3,
        "{turned} of {all} pairs changed their order"
    );
}

#[test]
fn a_fault_would_be_found() {
    let mut scene = lay_out(&view(5, 9, ViewKind::Container));
    let first = scene.boxes[0].rect;
    scene.boxes[1].rect = first;
    assert!(!faults(&scene, false).is_empty());
}

#[test]
fn text_lines_are_at_most_100_columns_and_svg_is_clean() {
    use unicode_width::UnicodeWidthStr;
    for seed in 0..15 {
        let view = view(seed, 12, ViewKind::Container);
        for line in groundplan_diagram::text(&view).lines() {
            assert!(
                line.width() <= 100,
                "seed {seed}: {} columns: {line}",
                line.width()
            );
        }
        let svg = groundplan_diagram::svg(&view);
        assert!(
            !svg.contains("<script") && !svg.contains("href"),
            "seed {seed}"
        );
    }
}
