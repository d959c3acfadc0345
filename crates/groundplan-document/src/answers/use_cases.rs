//! Use cases, written down or taken from the operations that are offered.

use super::goals::requirement_text;
use super::records;
use super::seen::end;
use crate::answer::Answer;
use crate::context::Context;
use crate::subject::Subject;
use crate::text::{bullets, first_places, inline};
use crate::tree::{Block, Item, Span, Text};
use crate::words;
use groundplan_model::{RequirementKind, Topic};

records! {
    "requirement-count": requirement_count, "Asks for more where fewer than ten use cases are known.";
    "use-cases": use_cases, "Use cases, stated or taken from interfaces.";
    "use-cases-primary": use_cases_primary, "The heaviest use cases with actor, flow and frequency.";
    "use-cases-secondary": use_cases_secondary, "The other use cases.";
}

/// Use cases that interfaces, flows and declarations show.
fn all_use_cases(c: &Context) -> Vec<Text> {
    let stated = c.seen(Topic::UseCase).iter().map(|o| {
        let mut text = Text {
            spans: inline(&o.name),
            sources: vec![o.provenance.clone()],
        };
        if let Some(detail) = &o.detail {
            text = text.then(": ").spans(inline(detail));
        }
        end(text)
    });
    let functional = c
        .blueprint
        .requirements
        .iter()
        .filter(|r| r.kind == RequirementKind::Functional);
    let mut all: Vec<Text> = stated.chain(functional.map(requirement_text)).collect();
    all.extend(derived(c));
    all
}

/// One sentence for each thing that people and other systems can ask for.
pub(super) fn derived(c: &Context) -> Vec<Text> {
    let mut all: Vec<Text> = Vec::new();
    for subject in crate::subject::subjects(c, crate::outline::Repeat::Resource, Subject::System) {
        let Subject::Resource(resource) = subject else {
            continue;
        };
        let of: Vec<_> = c
            .primary_operations()
            .filter(|(_, o)| crate::subject::resource(o) == resource)
            // Pages of a site and probes are no use of the system, and the root is no thing.
            .filter(|(_, o)| !is_plumbing(o))
            .collect();
        let Some((interface, _)) = of.first() else {
            continue;
        };
        let sources = of.iter().map(|(_, o)| &o.provenance);
        let at = interface
            .element
            .as_deref()
            .map_or(interface.name.as_str(), |id| c.name_of(id));
        let mut text = Text::plain("A caller of ").then_code(at).then(" can ");
        let (named, bare): (Vec<_>, Vec<_>) = of.iter().partition(|(_, o)| action(o).is_some());
        for (i, (_, o)) in named.iter().take(4).enumerate() {
            let last = i + 1 == named.len() && bare.is_empty();
            text = text.then(match i {
                0 => "",
                _ if last => " and ",
                _ => ", ",
            });
            let words = action(o).unwrap_or_default();
            text = text.then(format!("{words} (")).then_code(&o.id).then(")");
        }
        let room = 5usize.saturating_sub(named.len().min(4));
        let shown = bare.len().min(room);
        let left = named.len().saturating_sub(4) + bare.len() - shown;
        if shown > 0 {
            text = text.then(match (named.is_empty(), left) {
                (true, _) => "call ",
                (false, 0) => " and call ",
                _ => ", call ",
            });
            let spans = bare
                .iter()
                .take(shown)
                .map(|(_, o)| Span::Code(o.id.clone()));
            text = text.spans(words::list_spans(spans.collect(), room, "and"));
        }
        if left > 0 {
            text = text.then(format!(" and use {}", words::count(left, "more operation")));
        }
        all.push(end(text.from(&first_places(sources, 3))));
    }
    all
}

/// Probes, static files and what programs look up: no use case.
fn is_plumbing(o: &groundplan_model::Operation) -> bool {
    let path = o.path.to_lowercase();
    let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or("");
    path == "/"
        || last.contains("health")
        || matches!(
            last,
            "robots.txt"
                | "favicon.ico"
                | "ready"
                | "readyz"
                | "live"
                | "livez"
                | "metrics"
                | "ping"
                | "status"
                | "sitemap.xml"
        )
        || path.contains("/static")
        || path.contains("/actuator")
        || path.contains("/assets/")
}

/// What an operation does, in the words of its handler: `placeOrderHandler` is “place order”.
pub(super) fn action(o: &groundplan_model::Operation) -> Option<String> {
    const VERBS: [&str; 61] = [
        "accept",
        "activate",
        "add",
        "apply",
        "approve",
        "assign",
        "authenticate",
        "block",
        "book",
        "browse",
        "buy",
        "calculate",
        "cancel",
        "change",
        "charge",
        "check",
        "clear",
        "close",
        "confirm",
        "convert",
        "create",
        "delete",
        "download",
        "edit",
        "empty",
        "export",
        "fetch",
        "find",
        "follow",
        "get",
        "import",
        "invite",
        "like",
        "list",
        "log",
        "mark",
        "merge",
        "move",
        "pay",
        "place",
        "post",
        "publish",
        "read",
        "refund",
        "register",
        "remove",
        "rename",
        "request",
        "reset",
        "resolve",
        "save",
        "search",
        "send",
        "set",
        "ship",
        "show",
        "sign",
        "submit",
        "update",
        "upload",
        "view",
    ];
    let handler = o.handler.as_deref()?;
    let name = handler
        .rsplit(['.', ':', '#', '/'])
        .next()
        .unwrap_or(handler);
    let words = split_name(name);
    let kept = |w: &&str| !matches!(*w, "handler" | "handle" | "endpoint" | "action" | "async");
    let bare: Vec<&str> = words.iter().map(String::as_str).filter(kept).collect();
    // One word is rarely more than the path says.
    (bare.len() >= 2
        && bare.first().is_some_and(|w| VERBS.contains(w))
        && bare.iter().all(|w| w.chars().all(char::is_alphabetic)))
    .then(|| bare.join(" "))
}

/// `placeOrder`, `place_order` and `PlaceOrder` as lower-case words.
fn split_name(name: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut before_lower = false;
    for c in name.chars() {
        if !c.is_alphanumeric() {
            before_lower = false;
            out.push(String::new());
            continue;
        }
        if out.is_empty() || c.is_uppercase() && before_lower {
            out.push(String::new());
        }
        before_lower = c.is_lowercase();
        if let Some(word) = out.last_mut() {
            word.extend(c.to_lowercase());
        }
    }
    out.retain(|w| !w.is_empty());
    out
}

fn use_cases<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let mut all = all_use_cases(c);
    let total = all.len();
    if total == 0 {
        return Answer::Gap("use-cases");
    }
    all.truncate(15);
    let mut blocks = vec![bullets(all)];
    if total > 15 {
        blocks.push(Block::Paragraph(Text::plain(format!(
            "{} more of this kind follow from the endpoints.",
            words::number((total - 15) as u64)
        ))));
    }
    Answer::blocks(blocks)
}

fn requirement_count<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let groups = derived(c).len();
    let written = all_use_cases(c).len() - groups;
    if groups + written == 0 {
        return Answer::Gap("requirements");
    }
    if c.designed() {
        let text = Text::plain(format!(
            "{} follow from what the brief asks for.",
            words::capital(&words::spelled_count(groups + written, "use case"))
        ));
        return Answer::text(crate::context::counted(
            text,
            "functional requirements and groups of operations",
            Vec::new(),
        ));
    }
    let of_operations = match groups {
        0 => String::new(),
        n => format!(
            "the operations that are offered fall into {} by what they are about",
            words::spelled_count(n, "group")
        ),
    };
    let text = match (written, of_operations.is_empty()) {
        (0, _) => {
            format!("No use case is written down; {of_operations}; what was wanted is asked in ")
        }
        (n, true) => format!(
            "{} written down; what was wanted beyond them is asked in ",
            words::capital(&words::spelled_count(n, "use case"))
        ),
        (n, false) => format!(
            "{} written down, and {of_operations}; what was wanted beyond them is asked in ",
            words::capital(&words::spelled_count(n, "use case"))
        ),
    };
    Answer::text(crate::context::counted(
        Text::plain(text).and(c.ask("requirements")).then("."),
        "stated use cases, functional requirements and groups of public operations",
        Vec::new(),
    ))
}

fn use_cases_primary<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let mut items = Vec::new();
    for flow in c.blueprint.flows.iter().take(4) {
        let mut path: Vec<&str> = Vec::new();
        for step in &flow.steps {
            for id in [&step.from, &step.to] {
                if path.last() != Some(&c.name_of(id)) {
                    path.push(c.name_of(id));
                }
            }
        }
        path.truncate(8);
        let actor = match &flow.actor {
            Some(actor) => Text::plain(words::sentence(actor)),
            None if c.designed() => Text::plain("None: an event or a clock starts it."),
            None => Text::plain("Not recorded: ").and(c.ask("users")).then("."),
        };
        let mut way = Text::default();
        for (i, name) in path.iter().enumerate() {
            way = way.then(if i == 0 { "" } else { " → " }).then_code(*name);
        }
        items.push(Item {
            items: vec![
                Item::labelled("Actor", actor),
                Item::labelled(
                    "Flow",
                    way.from(&first_places(flow.steps.iter().map(|s| &s.provenance), 2)),
                ),
                Item::labelled(
                    "Frequency",
                    match c.calculation(&format!("flow.{}.per_day", flow.id)) {
                        Some(n) => Text::sourced(
                            format!("About {} a day, predicted.", words::grouped(&n.value)),
                            n.provenance.clone(),
                        ),
                        None => Text::plain("Not recorded: ")
                            .and(c.ask("use-cases"))
                            .then("."),
                    },
                ),
            ],
            ..Item::labelled(&flow.title, Text::default().from(&flow.provenance))
        });
    }
    if items.is_empty() {
        items = all_use_cases(c).into_iter().take(4).map(Item::of).collect();
    }
    match items.is_empty() {
        true => Answer::Gap("use-cases"),
        false => Answer::blocks(vec![Block::List {
            ordered: true,
            items,
        }]),
    }
}

fn use_cases_secondary<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let all = all_use_cases(c);
    let skip = if c.blueprint.flows.is_empty() { 4 } else { 0 };
    let rest: Vec<Text> = all.into_iter().skip(skip).take(12).collect();
    if rest.is_empty() {
        Answer::Gap("use-cases")
    } else {
        Answer::blocks(vec![bullets(rest)])
    }
}
