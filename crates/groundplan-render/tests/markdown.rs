//! The Markdown of hostile documents as a real CommonMark parser reads it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests report by panicking"
)]

mod common;

use common::{load, replaced};
use comrak::nodes::{AstNode, NodeValue};
use comrak::{Anchorizer, Arena, Options, parse_document};
use groundplan_document::{Block, Document, Item, Section, Span, State, Text};
use groundplan_model::Blueprint;

fn options() -> Options<'static> {
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.autolink = true;
    options.extension.strikethrough = true;
    options.extension.tasklist = true;
    options.extension.footnotes = true;
    options
}

fn render(document: &Document, blueprint: &Blueprint) -> String {
    common::render("md", document, blueprint)
}

fn words<'a>(node: &'a AstNode<'a>) -> String {
    let mut out = String::new();
    for below in node.descendants() {
        match &below.data.borrow().value {
            NodeValue::Text(text) => out.push_str(text),
            NodeValue::Code(code) => out.push_str(&code.literal),
            NodeValue::SoftBreak | NodeValue::LineBreak => out.push(' '),
            _ => {}
        }
    }
    out
}

/// One paragraph of the given spans, alone in a document.
fn paragraph(spans: Vec<Span>) -> Document {
    let text = Text {
        spans,
        sources: Vec::new(),
    };
    with(vec![Block::Paragraph(text)])
}

fn with(blocks: Vec<Block>) -> Document {
    let section = Section {
        anchor: "s".into(),
        heading: "S".into(),
        number: None,
        state: State::Filled,
        blocks,
        sections: Vec::new(),
    };
    Document {
        outline: "o".into(),
        title: "T".into(),
        header: Vec::new(),
        sections: vec![section],
        footer: Text::default(),
    }
}

#[test]
fn nothing_hostile_becomes_markup() {
    let (document, blueprint) = load("conformance");
    let text = render(&document, &blueprint);
    let arena = Arena::new();
    let root = parse_document(&arena, &text, &options());
    let mut links = 0;
    for node in root.descendants() {
        match &node.data.borrow().value {
            NodeValue::HtmlBlock(html) => panic!("raw HTML: {}", html.literal),
            NodeValue::HtmlInline(html) => panic!("raw HTML: {html}"),
            NodeValue::Image(image) => panic!("image: {}", image.url),
            NodeValue::FootnoteDefinition(_) | NodeValue::FootnoteReference(_) => {
                panic!("footnote")
            }
            NodeValue::ThematicBreak | NodeValue::BlockQuote | NodeValue::Strikethrough => {
                panic!("a rule, quote or strike-through that nobody wrote")
            }
            NodeValue::Link(link) => {
                links += 1;
                let ours = [
                    "https://shop.example/",
                    "https://a.example/",
                    "https://bare.example/",
                    "https://groundplan.example/",
                    "mailto:a@b.example",
                    "../../",
                    "#",
                    "diagrams/",
                ];
                assert!(
                    ours.iter().any(|start| link.url.starts_with(start)),
                    "{}",
                    link.url
                );
            }
            _ => {}
        }
    }
    assert!(links > 20);
}

#[test]
fn no_string_of_a_document_leaves_its_place() {
    for words in [
        "<script>alert(1)</script>",
        "](javascript:alert(1))",
        "`<img src=x onerror=alert(1)>",
        "```\n\n<script>alert(1)</script>",
        "\n\n<b>\n\n# a\n",
        "|<b>|",
        "**<b>**",
        "",
    ] {
        let (document, blueprint) = replaced(words);
        let text = render(&document, &blueprint);
        let arena = Arena::new();
        for node in parse_document(&arena, &text, &options()).descendants() {
            match &node.data.borrow().value {
                NodeValue::HtmlBlock(html) => panic!("{words:?}: raw HTML: {}", html.literal),
                NodeValue::HtmlInline(html) => panic!("{words:?}: raw HTML: {html}"),
                NodeValue::Image(image) => panic!("{words:?}: image: {}", image.url),
                NodeValue::Link(link) => {
                    let ours = ["../../", "#", "diagrams/"]
                        .iter()
                        .any(|s| link.url.starts_with(s));
                    assert!(ours, "{words:?}: {}", link.url);
                }
                _ => {}
            }
        }
    }
}

#[test]
fn every_anchor_leads_to_a_heading() {
    let (document, blueprint) = load("conformance");
    let text = render(&document, &blueprint);
    let arena = Arena::new();
    let root = parse_document(&arena, &text, &options());
    let mut anchorizer = Anchorizer::new();
    let mut anchors = Vec::new();
    let mut wanted = Vec::new();
    for node in root.descendants() {
        match &node.data.borrow().value {
            NodeValue::Heading(_) => anchors.push(anchorizer.anchorize(&words(node))),
            NodeValue::Link(link) if link.url.starts_with('#') => wanted.push(link.url.clone()),
            _ => {}
        }
    }
    assert_eq!(
        anchors.iter().filter(|a| a.starts_with("11-lists")).count(),
        2
    );
    assert!(wanted.len() > 10);
    for link in wanted {
        let link = link.replace("%EF%B8%8F", "\u{fe0f}");
        assert!(
            anchors.iter().any(|a| link[1..] == **a),
            "{link} is not among {anchors:?}"
        );
    }
}

#[test]
fn tables_keep_their_cells() {
    let (document, blueprint) = load("conformance");
    let text = render(&document, &blueprint);
    let arena = Arena::new();
    let root = parse_document(&arena, &text, &options());
    let mut tables = Vec::new();
    for node in root.descendants() {
        if let NodeValue::Table(_) = node.data.borrow().value {
            let rows = node
                .children()
                .map(|row| row.children().map(words).collect::<Vec<_>>());
            tables.push(rows.collect::<Vec<_>>());
        }
    }
    assert_eq!(tables.len(), 3);
    assert_eq!(tables[0].len(), 5);
    assert!(
        tables[0].iter().all(|row| row.len() == 4),
        "{:?}",
        tables[0]
    );
    assert_eq!(tables[0][0][1], "Rows | bytes");
    assert_eq!(tables[0][1][0], "orders|x");
    assert_eq!(tables[0][1][3], "a | b (1.sql:1, +1 more)");
    assert_eq!(tables[0][2][0], "`tick` \\| bar");
    assert_eq!(tables[0][2][3], "line break");
    assert_eq!(tables[0][3][3], "A|B x|y");
    assert_eq!(tables[0][4][0], "a\\|b");
    assert_eq!(tables[1].len(), 1);
}

/// The words that a reader sees are the words that the document holds.
#[test]
fn words_survive_as_they_are() {
    let long = "w".repeat(10_000);
    let cases = [
        "# heading",
        "- item",
        "+ item",
        "* item",
        "1. number",
        "2) number",
        "> quote",
        "---",
        "***",
        "===",
        "~~~",
        "```",
        "``",
        "a_b_c",
        "_a_",
        "__init__",
        "*a*",
        "2 * 3 * 4",
        "a*b*c",
        "<b>",
        "</script>",
        "&lt;",
        "&#60;",
        "R&D",
        "[a](b)",
        "![a](b)",
        "[a]",
        "[a]: b",
        "[^a]",
        "a\\b",
        "\\",
        "\\*",
        "|a|b|",
        "C #",
        "#",
        "~~a~~",
        "~5 ms ~ 6 ms~",
        "https://a.example/x_y_",
        "www.a.example",
        "a!",
        "12:30",
        "ü_ü_",
        "_ü",
        "é*é*",
        "[ ] a",
        "[x] a",
        ":smile:",
        "@a/b",
        &long,
    ];
    for case in cases {
        let document = paragraph(vec![Span::Plain(case.into())]);
        let text = render(&document, &Blueprint::default());
        let arena = Arena::new();
        let root = parse_document(&arena, &text, &options());
        let last = root.children().last().unwrap();
        assert!(
            matches!(last.data.borrow().value, NodeValue::Paragraph),
            "{case}: {text}"
        );
        assert_eq!(words(last), case, "{text}");
        assert_eq!(root.children().count(), 3, "{text}");

        let item = Item {
            text: Text::plain(case),
            ..Item::default()
        };
        let columns = vec!["A".into(), "B".into()];
        let rows = vec![vec![Text::plain(case), Text::plain("end")]];
        let items = vec![item.clone(), item];
        let document = with(vec![
            Block::List {
                ordered: false,
                items,
            },
            Block::Table { columns, rows },
        ]);
        let text = render(&document, &Blueprint::default());
        let arena = Arena::new();
        let root = parse_document(&arena, &text, &options());
        let blocks: Vec<_> = root.children().collect();
        assert_eq!(blocks.len(), 4, "{text}");
        for item in blocks[2].children() {
            assert!(
                matches!(item.data.borrow().value, NodeValue::Item(_)),
                "{case}: {text}"
            );
            assert_eq!(words(item), case, "{text}");
        }
        let row = blocks[3].children().nth(1).unwrap();
        assert_eq!(
            row.children().map(words).collect::<Vec<_>>(),
            [case, "end"],
            "{text}"
        );
    }
}

/// Every pair and triple of spans whose ends are the characters that matter to delimiters.
#[test]
fn neighbouring_spans_do_not_mix() {
    let ends = ["a", "(", "*", "_", " ", "`", "!", "[", "\\", "&", "~"];
    let kinds: [fn(String) -> Span; 4] = [Span::Plain, Span::Strong, Span::Emphasis, Span::Code];
    for first in ends {
        for second in ends {
            for (i, one) in kinds.iter().enumerate() {
                for two in kinds.iter().skip(i % 2) {
                    let spans = vec![
                        Span::Plain(format!("x{first}")),
                        one(format!("{second}y{first}")),
                        two(format!("{first}z{second}")),
                        Span::Plain(format!("{second}q")),
                    ];
                    let document = paragraph(spans.clone());
                    let text = render(&document, &Blueprint::default());
                    let arena = Arena::new();
                    let root = parse_document(&arena, &text, &options());
                    let seen = words(root.children().last().unwrap());
                    let wanted: String = spans
                        .iter()
                        .map(|span| match span {
                            Span::Plain(w) | Span::Strong(w) | Span::Emphasis(w) => w.clone(),
                            Span::Code(w) => w.trim().to_string(),
                            _ => String::new(),
                        })
                        .collect();
                    let squeeze = |s: &str| s.split_whitespace().collect::<Vec<_>>().join("");
                    assert_eq!(squeeze(&seen), squeeze(&wanted), "{text}");
                }
            }
        }
    }
}

#[test]
fn only_the_header_ends_lines_with_spaces() {
    let (document, blueprint) = load("conformance");
    let text = render(&document, &blueprint);
    for line in text.lines().filter(|line| line.ends_with(' ')) {
        assert!(line.starts_with("**") && line.ends_with("  "), "{line:?}");
    }
}

/// Random words of the characters that matter, in spans of every kind: what a reader sees is what
/// the document holds, in a paragraph, an item and a cell.
#[test]
fn random_words_survive() {
    const ALPHABET: [&str; 40] = [
        "a", "b", "é", " ", " ", "*", "**", "_", "__", "`", "``", "[", "]", "(", ")", "<", ">",
        "&", "lt;", "#", "!", "|", "\\", "~", "~~", "-", "+", "1.", ":", "//", "http", "www.", "@",
        "$", "\"", "'", "\n", "^", "=", "{",
    ];
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = |limit: usize| {
        // xorshift64 (Marsaglia): the same sequence in every run.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % limit as u64) as usize
    };
    let kinds: [fn(String) -> Span; 5] = [
        Span::Plain,
        Span::Strong,
        Span::Emphasis,
        Span::Code,
        |text| Span::Link {
            text: format!("k{text}"),
            url: "https://a.example/".into(),
        },
    ];
    for _ in 0..4000 {
        let mut spans = vec![Span::Plain("s".into())];
        if next(2) == 0 {
            spans.clear();
        }
        for _ in 0..=next(4) {
            let words: String = (0..=next(6))
                .map(|_| ALPHABET[next(ALPHABET.len())])
                .collect();
            spans.push(kinds[next(kinds.len())](words));
        }
        let wanted: String = spans
            .iter()
            .map(|span| match span {
                Span::Plain(w) | Span::Strong(w) | Span::Emphasis(w) | Span::Code(w) => w.as_str(),
                Span::Link { text, .. } => text,
                _ => "",
            })
            .collect();
        let text = Text {
            spans,
            sources: Vec::new(),
        };
        let item = Item {
            text: text.clone(),
            ..Item::default()
        };
        let blocks = vec![
            Block::Paragraph(text.clone()),
            Block::List {
                ordered: true,
                items: vec![item],
            },
            Block::Table {
                columns: vec!["A".into(), "B".into()],
                rows: vec![vec![text, "end".into()]],
            },
        ];
        let text = render(&with(blocks), &Blueprint::default());
        let arena = Arena::new();
        let root = parse_document(&arena, &text, &options());
        let squeeze = |s: &str| s.split_whitespace().collect::<String>();
        let wanted = squeeze(&wanted);
        let mut seen: Vec<String> = root
            .children()
            .skip(2)
            .map(|b| squeeze(&words(b)))
            .collect();
        let table = seen.pop().unwrap();
        assert_eq!(table, format!("AB{wanted}end"), "{text}");
        assert_eq!(seen.pop().unwrap(), wanted, "{text}");
        assert_eq!(seen.pop().unwrap_or_default(), wanted, "{text}");
        assert!(seen.is_empty(), "{text}");
        for node in root.descendants() {
            let value = &node.data.borrow().value;
            let raw = matches!(
                value,
                NodeValue::HtmlBlock(_) | NodeValue::HtmlInline(_) | NodeValue::Image(_)
            );
            assert!(!raw, "{text}");
            if let NodeValue::Link(link) = value {
                assert!(
                    link.url == "https://a.example/" || link.url.starts_with("mailto:"),
                    "{text}"
                );
            }
        }
    }
}
