//! The languages of other tools: whatever a name holds, what is written keeps its grammar.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use groundplan_diagram::{Neutral, TEXT_FORMS};
use groundplan_model::{Mode, View, ViewEdge, ViewGroup, ViewKind, ViewNode, ViewStep};

/// What has broken writers of such languages before.
const HOSTILE: [&str; 18] = [
    "say \"hello\"",
    "it's",
    "a < b > c & d",
    "a | b",
    "# not a comment; // nor this",
    "one\ntwo\r\nthree",
    "back\\slash and \\n and \\",
    "${constant} $variable %macro()",
    "{ open [ and ( left",
    "} close ] and ) left",
    "\u{1f980} crab",
    "\u{202e}right to left",
    "支払い",
    "end",
    "**bold** //italic// __under__ ~~",
    "-> --> ->>",
    "@enduml",
    "",
];

fn view(kind: ViewKind, name: &str, nodes: usize) -> View {
    let text = name.to_owned();
    View {
        id: "v".into(),
        kind,
        title: text.clone(),
        nodes: (0..nodes)
            .map(|n| ViewNode {
                id: format!("{name}{n}"),
                name: text.clone(),
                kind: format!("Container: {name}"),
                description: text.clone(),
                role: None,
                person: n % 7 == 1,
                external: n % 5 == 2,
                parent: (n % 2 == 0).then(|| "g".to_owned()),
                rows: match kind {
                    ViewKind::EntityRelationship => {
                        vec![(text.clone(), text.clone(), "PK".into()); 2]
                    }
                    _ => Vec::new(),
                },
            })
            .collect(),
        edges: (1..nodes)
            .map(|n| ViewEdge {
                id: format!("e{n}"),
                from: format!("{name}{}", n - 1),
                to: format!("{name}{n}"),
                label: text.clone(),
                technology: text.clone(),
                mode: Some(Mode::Async),
                ends: None,
            })
            .collect(),
        groups: vec![ViewGroup {
            id: "g".into(),
            name: text.clone(),
            kind: text.clone(),
            parent: None,
        }],
        steps: vec![ViewStep {
            from: format!("{name}0"),
            to: format!("{name}1"),
            label: text,
            reply: false,
            is_async: true,
        }],
        omitted: String::new(),
    }
}

/// The text without what stands in `quote`s, and whether every string was closed on its line.
fn outside_strings(text: &str, quote: char, escapes: bool) -> (String, bool) {
    let mut out = String::new();
    let mut closed = true;
    for line in text.lines() {
        let mut inside = false;
        let mut letters = line.chars();
        while let Some(c) = letters.next() {
            if c == '\\' && inside && escapes {
                letters.next();
            } else if c == quote {
                inside = !inside;
            } else if !inside {
                out.push(c);
            }
        }
        closed &= !inside;
        out.push('\n');
    }
    (out, closed)
}

#[test]
fn no_name_breaks_a_grammar() {
    let kinds = [
        ViewKind::SystemContext,
        ViewKind::Container,
        ViewKind::Component,
        ViewKind::Deployment,
        ViewKind::EntityRelationship,
        ViewKind::Sequence,
        ViewKind::Pipeline,
        ViewKind::Landscape,
        ViewKind::Matrix,
        ViewKind::Roadmap,
        ViewKind::Chart,
    ];
    let long = "long ".repeat(60);
    for form in &TEXT_FORMS {
        let quote = if form.name == "likec4" { '\'' } else { '"' };
        let escapes = form.name != "plantuml";
        for kind in kinds {
            for name in HOSTILE.iter().copied().chain([long.as_str()]) {
                let written = form.write(&view(kind, name, 4));
                let label = format!("{} {kind:?} {name:?}:\n{written}", form.name);
                let (bare, closed) = outside_strings(&written, quote, escapes);
                assert!(closed, "a string is open: {label}");
                for (open, close) in [('{', '}'), ('(', ')')] {
                    let count = |c: char| bare.matches(c).count();
                    // Its titles and messages are not in quotes and may hold brackets; crow's
                    // feet are braces too.
                    let free = form.name == "plantuml";
                    assert!(free || count(open) == count(close), "unbalanced: {label}");
                }
                assert!(!written.contains('\u{202e}'), "{label}");
                if form.name == "plantuml" {
                    let ends = written.lines().filter(|l| l.starts_with("@enduml"));
                    assert_eq!(ends.count(), 1, "{label}");
                }
                if form.name == "structurizr" {
                    assert!(!written.contains("${"), "{label}");
                }
            }
        }
    }
}

#[test]
fn a_thousand_boxes_are_written() {
    for form in &TEXT_FORMS {
        let written = form.write(&view(ViewKind::Container, "box", 1000));
        assert!(
            written.contains("n999") || written.contains("box999"),
            "{}",
            form.name
        );
    }
}

#[test]
fn what_is_written_as_json_is_drawn_again() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let json = TEXT_FORMS.iter().find(|f| f.name == "json").unwrap();
    let mut all: Vec<View> = Vec::new();
    for case in groundplan_testing::cases(&root) {
        let read = |name: &str| std::fs::read_to_string(case.path.join(name)).ok();
        // Where two things have one id, one of them has another name afterwards.
        let clear = !case.name.contains("hostile");
        if let Some(source) = read("view.json").filter(|_| clear) {
            all.push(serde_json::from_str(&source).unwrap());
        }
        if let Some(source) = read("blueprint.json") {
            all.extend(groundplan_diagram::views(
                &serde_json::from_str(&source).unwrap(),
            ));
        }
    }
    assert!(all.len() > 10);
    for view in all {
        let written = json.write(&view);
        let again: Neutral = serde_json::from_str(&written).unwrap();
        let again = again.view(&view.id);
        assert_eq!(json.write(&again), written, "{}", view.id);
        let said = |view: &View| groundplan_diagram::description(view).join("\n");
        // The kind of a boundary begins with a capital where it is read.
        assert_eq!(said(&again).to_lowercase(), said(&view).to_lowercase());
        let drawn = |view: &View| groundplan_diagram::lay_out(view);
        let shapes = |view: &View| {
            drawn(view)
                .boxes
                .into_iter()
                .map(|b| (b.shape, b.tone))
                .collect::<Vec<_>>()
        };
        assert_eq!(shapes(&again), shapes(&view), "{}", view.id);
    }
}
