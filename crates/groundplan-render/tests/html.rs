//! The page of a hostile document: nothing of ours breaks, nothing of theirs runs.
#![allow(clippy::unwrap_used, reason = "tests report by panicking")]

mod common;

use common::{load, render, replaced};
use std::collections::BTreeSet;
use std::path::Path;

fn read(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

fn page() -> String {
    let (document, blueprint) = load("conformance");
    render("html", &document, &blueprint)
}

/// A start or end tag: its name and its attributes.
struct Tag {
    name: String,
    end: bool,
    closed: bool,
    attributes: Vec<(String, String)>,
}

/// Reads tags as a browser does, apart from what our own pages never hold (unquoted values,
/// comments). Scripts and styles are taken as raw text.
fn tags(page: &str) -> Vec<Tag> {
    let mut out = Vec::new();
    let mut rest = page;
    while let Some(start) = rest.find('<') {
        rest = &rest[start + 1..];
        if rest.starts_with('!') {
            continue;
        }
        let end = rest.starts_with('/');
        let body = rest.strip_prefix('/').unwrap_or(rest);
        let length = body.find(|c: char| !c.is_ascii_alphanumeric()).unwrap();
        assert!(
            length > 0,
            "a bare `<` before {:?}",
            body.chars().take(40).collect::<String>()
        );
        let name = body[..length].to_string();
        let mut attributes = Vec::new();
        let mut at = body[length..].trim_start();
        while !at.starts_with('>') && !at.starts_with("/>") {
            let stop = at
                .find(|c: char| c == '=' || c == '>' || c.is_whitespace())
                .unwrap();
            let key = at[..stop].to_string();
            at = &at[stop..];
            let mut value = String::new();
            if let Some(quoted) = at.strip_prefix("=\"") {
                let close = quoted.find('"').unwrap();
                value = quoted[..close].to_string();
                at = &quoted[close + 1..];
                assert!(
                    at.starts_with([' ', '>', '/', '\n']),
                    "after {key}: {:?}",
                    &at[..1]
                );
            }
            attributes.push((key, value));
            at = at.trim_start();
        }
        rest = at;
        let closed = at.starts_with('/');
        if !end && (name == "script" || name == "style") {
            let close = rest.find(&format!("</{name}")).unwrap();
            rest = &rest[close..];
        }
        out.push(Tag {
            name,
            end,
            closed,
            attributes,
        });
    }
    out
}

#[test]
fn the_only_scripts_are_ours() {
    let page = page();
    only_ours(&page);
}

#[test]
fn no_string_of_a_document_leaves_its_place() {
    for words in [
        "<script>alert(1)</script>",
        "\"><script>alert(1)</script>",
        "'><img src=x onerror=alert(1)>",
        "--></style></script><svg onload=alert(1)>",
        "javascript:alert(1)",
        "\" onmouseover=\"alert(1)",
        "]]><!--",
        "&quot;&lt;script&gt;",
        "",
    ] {
        let (document, blueprint) = replaced(words);
        only_ours(&render("html", &document, &blueprint));
    }
}

/// Checks that a page holds our scripts and nothing else that could run or load.
fn only_ours(page: &str) {
    let scripts: Vec<&str> = page
        .split("<script")
        .skip(1)
        .map(|s| s.split("</script").next().unwrap())
        .collect();
    assert_eq!(scripts.len(), 4, "theme, sources, behaviour, drawings");
    assert_eq!(scripts[0], format!(">{}", read("assets/early.js")));
    assert!(scripts[1].starts_with(" type=\"application/json\" id=\"provenance\">[{"));
    assert_eq!(scripts[2], format!(">{}", read("assets/page.js")));
    assert_eq!(scripts[3], format!(">{}", read("assets/drawing.js")));
    for tag in tags(page) {
        for (key, value) in &tag.attributes {
            assert!(!key.starts_with("on"), "{} {key}", tag.name);
            let low = value.to_ascii_lowercase();
            if key == "href" {
                let sound = ["#", "../../", "https://", "mailto:"]
                    .iter()
                    .any(|s| low.starts_with(s));
                assert!(sound, "{value}");
            }
            assert!(
                key != "src" && key != "srcset" && key != "action",
                "{} {key}",
                tag.name
            );
        }
        let foreign = [
            "iframe", "img", "link", "object", "embed", "base", "form", "video",
        ];
        assert!(!foreign.contains(&tag.name.as_str()), "{}", tag.name);
    }
}

#[test]
fn tags_are_balanced_and_ids_unique() {
    let page = page();
    let void = [
        "meta", "input", "wbr", "br", "rect", "path", "line", "circle", "use",
    ];
    let mut open: Vec<String> = Vec::new();
    let mut ids = BTreeSet::new();
    let mut targets = Vec::new();
    for tag in tags(&page) {
        for (key, value) in &tag.attributes {
            if key == "id" {
                assert!(ids.insert(value.clone()), "{value} twice");
            }
            if let Some(anchor) = value.strip_prefix('#').filter(|_| key == "href") {
                targets.push(anchor.to_string());
            }
        }
        if tag.end {
            assert_eq!(open.pop().as_deref(), Some(tag.name.as_str()));
        } else if !tag.closed && !void.contains(&tag.name.as_str()) {
            open.push(tag.name);
        }
    }
    assert!(open.is_empty(), "{open:?}");
    assert!(targets.len() > 20);
    for target in targets {
        assert!(ids.contains(&target), "#{target} leads nowhere");
    }
}

#[test]
fn every_statement_names_sources_that_exist() {
    let page = page();
    let json = page
        .split("id=\"provenance\">")
        .nth(1)
        .unwrap()
        .split("</script")
        .next()
        .unwrap();
    let sources: Vec<serde_json::Value> = serde_json::from_str(json).unwrap();
    let mut met = BTreeSet::new();
    for tag in tags(&page) {
        for (_, numbers) in tag.attributes.iter().filter(|(key, _)| key == "data-p") {
            met.extend(numbers.split(' ').map(|n| n.parse::<usize>().unwrap()));
        }
    }
    assert_eq!(met, (0..sources.len()).collect());
    let kinds: BTreeSet<&str> = sources.iter().filter_map(|s| s["kind"].as_str()).collect();
    assert_eq!(kinds.len(), 5, "{kinds:?}");
    assert_eq!(sources[0]["evidence"][0]["href"], "../../Cargo.toml#L3");
    assert_eq!(sources[0]["evidence"][0]["hash"], "0123456789abcdef");
}

#[test]
fn a_component_of_a_drawing_leads_to_its_code() {
    let (document, mut blueprint) = load("conformance");
    let view = &mut blueprint.views[0];
    view.kind = groundplan_model::ViewKind::Component;
    let id = view.nodes[0].id.clone();
    let mut page = |kind: &str| {
        let element = serde_json::json!({
            "id": id, "kind": kind, "name": "Orders", "provenance": {
                "kind": "observed", "evidence": [{"path": "src/orders.rs", "lines": [3, 9]}],
            },
        });
        blueprint.elements = vec![serde_json::from_value(element).unwrap()];
        render("html", &document, &blueprint)
    };
    let item = format!("<li data-code=\"{id}\">");
    assert!(page("component").contains(&item));
    // A container has a section of its own.
    assert!(!page("container").contains(&item));
}

/// The figures from which and to which the script leads are those of views that are made.
#[test]
fn a_system_leads_to_a_drawing_that_there_is() {
    let two = "../groundplan-diagram/fixtures/blueprint/two-systems-with-numbers/blueprint.json";
    let blueprint = serde_json::from_str(&read(two)).unwrap();
    let views = groundplan_diagram::views(&blueprint);
    let script = read("assets/drawing.js");
    let next = script.split_once("const NEXT = {").unwrap().1;
    let next = next.split_once("};").unwrap().0;
    let named = next.split('"').filter_map(|s| s.strip_prefix("_view-"));
    let named: Vec<&str> = named.collect();
    assert_eq!(named.len(), 4, "{named:?}");
    for id in named {
        assert!(views.iter().any(|view| view.id == id), "no view `{id}`");
    }
}

#[test]
fn no_script_of_ours_can_end_early() {
    for name in [
        "assets/drawing.js",
        "assets/early.js",
        "assets/page.js",
        "assets/page.css",
    ] {
        let asset = read(name).to_ascii_lowercase();
        assert!(
            !asset.contains("</") && !asset.contains("<!--") && !asset.contains("://"),
            "{name}"
        );
    }
}

/// The colours of the rule that begins with `selector`: name and red, green, blue.
fn colours(style: &str, selector: &str) -> Vec<(String, [u8; 3])> {
    let rule = style
        .split(selector)
        .nth(1)
        .unwrap()
        .split('}')
        .next()
        .unwrap();
    let mut out = Vec::new();
    for line in rule.lines().filter(|line| line.trim().starts_with("--")) {
        let (name, value) = line
            .trim()
            .trim_end_matches(';')
            .split_once(": #")
            .unwrap_or(("", ""));
        let digits: Vec<u8> = value
            .chars()
            .filter_map(|c| c.to_digit(16))
            .map(|d| u8::try_from(d).unwrap())
            .collect();
        match digits.as_slice() {
            [r, g, b] => out.push((name.to_string(), [r * 17, g * 17, b * 17])),
            [a, b, c, d, e, f] => {
                out.push((name.to_string(), [a * 16 + b, c * 16 + d, e * 16 + f]))
            }
            _ => {}
        }
    }
    out
}

/// Contrast of two colours (WCAG 2.2).
fn contrast(one: [u8; 3], two: [u8; 3]) -> f64 {
    let luminance = |colour: [u8; 3]| -> f64 {
        let linear = colour.map(|part| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 {
                part / 12.92
            } else {
                ((part + 0.055) / 1.055).powf(2.4)
            }
        });
        0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    };
    let (one, two) = (luminance(one), luminance(two));
    (one.max(two) + 0.05) / (one.min(two) + 0.05)
}

#[test]
fn text_can_be_read_in_both_schemes() {
    let style = read("assets/page.css");
    let schemes = [
        ":root {",
        ":root:not([data-theme=\"light\"]) {",
        ":root[data-theme=\"dark\"] {",
    ];
    for scheme in schemes {
        let colours = colours(&style, scheme);
        let colour = |name: &str| colours.iter().find(|(n, _)| n == name).unwrap().1;
        let mut pairs = vec![
            ("--warn", "--warn-tint"),
            ("--warn", "--ground"),
            ("--text", "--mark"),
        ];
        for text in ["--text", "--muted", "--accent"] {
            pairs.extend(["--ground", "--raised", "--tint"].map(|ground| (text, ground)));
        }
        for (text, ground) in pairs {
            let found = contrast(colour(text), colour(ground));
            assert!(found >= 4.5, "{scheme} {text} on {ground}: {found:.2}");
        }
    }
    assert_eq!(colours(&style, schemes[1]), colours(&style, schemes[2]));
}
