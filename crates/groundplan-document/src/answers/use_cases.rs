//! Use cases that are written down; operations are counted, since a path is no use case.

use super::goals::requirement_text;
use super::operation_words::distinct_operations;
use super::records;
use super::seen::end;
use crate::answer::Answer;
use crate::context::Context;
use crate::subject::Subject;
use crate::text::{bullets, first_places, inline};
use crate::tree::{Block, Item, Span, Text};
use crate::words;
use groundplan_model::{Interface, Requirement, RequirementKind, Topic};

records! {
    "requirement-count": requirement_count, "How many use cases are written down and how many operations there are; the question where neither is known.";
    "use-cases": use_cases, "Use cases that are written down, else the features, else how many operations there are.";
    "use-cases-primary": use_cases_primary, "The heaviest use cases with actor, flow and frequency.";
    "use-cases-secondary": use_cases_secondary, "The other use cases.";
}

/// Use cases that documents and requirements state.
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
    stated.chain(functional(c).map(requirement_text)).collect()
}

/// The features that its authors name, in their words; how it is installed is none.
pub(super) fn features(c: &Context) -> Vec<Text> {
    const SETUP: [&str; 14] = [
        "docker",
        "deploy",
        "deployment",
        "install",
        "installation",
        "installer",
        "kubernetes",
        "helm",
        "binary",
        "binaries",
        "self-host",
        "self-hosted",
        "setup",
        "packages",
    ];
    let of_setup = |text: &str| {
        let lower = text.to_lowercase();
        let mut words = lower.split(|ch: char| !ch.is_alphanumeric() && ch != '-');
        words.any(|w| SETUP.contains(&w))
    };
    let all = c.blueprint.system.features.iter();
    all.filter(|f| c.designed() || !of_setup(&f.text))
        .map(crate::text::stated)
        .collect()
}

/// Features where no use case is written down, with what they are.
fn only_features(c: &Context) -> Option<Answer> {
    let mut all = features(c);
    if all.is_empty() {
        return None;
    }
    all.truncate(15);
    let lead = Text::plain(
        "These are features, in the words of the authors; which uses they serve, and which come first, is asked in ",
    );
    let lead = lead.and(c.ask("use-cases")).then(".");
    Some(Answer::blocks(vec![Block::Paragraph(lead), bullets(all)]))
}

fn functional<'a>(c: &Context<'a>) -> impl Iterator<Item = &'a Requirement> {
    let all = c.blueprint.requirements.iter();
    all.filter(|r| r.kind == RequirementKind::Functional)
}

/// How many operations callers have, in one sentence; `None` if there is none but probes. A path
/// is no use case, so none is made of it.
fn offered(c: &Context) -> Option<Text> {
    let offering: Vec<(&Interface, usize)> = c
        .primary
        .iter()
        .map(|i| (*i, i.operations.iter().filter(|o| !is_plumbing(o)).count()))
        .filter(|(_, n)| *n > 0)
        .collect();
    let total = distinct_operations(offering.iter().map(|(i, _)| *i));
    if total == 0 {
        return None;
    }
    let partial = offering
        .iter()
        .any(|(i, _)| super::interfaces::is_partial(i));
    let shown = offering.iter().map(|(i, _)| {
        let owner = i.element.as_deref();
        Span::Code(owner.map_or(i.name.as_str(), |id| c.name_of(id)).to_owned())
    });
    let mut owners: Vec<Span> = Vec::new();
    for span in shown {
        if !owners.contains(&span) {
            owners.push(span);
        }
    }
    let verb = words::verb_for(owners.len(), "offers", "offer");
    let least = if partial { "at least " } else { "" };
    let text = Text::default()
        .spans(words::list_spans(owners, 4, "and"))
        .then(format!(
            " {verb} {least}{}",
            words::count(total, "operation")
        ));
    Some(text.from(&first_places(
        offering.iter().map(|(i, _)| &i.provenance),
        3,
    )))
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
                | "version"
                | "healthy"
                | "liveness"
                | "readiness"
                | "alive"
        )
        || path.contains("/static")
        || path.contains("/actuator")
        || path.contains("/assets/")
}

/// What an operation does, in the words of its handler: `placeOrderHandler` is “place order”. A
/// name that says no more than the method does, and one that contradicts it, says nothing; one
/// that leaves out the thing (`get_all`) gets it from the path.
pub(super) fn action(o: &groundplan_model::Operation) -> Option<String> {
    let handler = o.handler.as_deref()?;
    let name = handler
        .rsplit(['.', ':', '#', '/'])
        .next()
        .unwrap_or(handler);
    // A set of views is named after its thing: `ExportTemplateViewSet` exports nothing.
    if name.ends_with("ViewSet") || name.ends_with("Viewset") {
        return None;
    }
    let words = split_name(name);
    let kept = |w: &&str| {
        !matches!(
            *w,
            "handler"
                | "handle"
                | "endpoint"
                | "action"
                | "async"
                | "json"
                | "view"
                | "route"
                | "controller"
        )
    };
    let mut bare: Vec<&str> = words.iter().map(String::as_str).filter(kept).collect();
    // `ByID` and what follows it says how, not what.
    if let Some(by) = bare.iter().position(|w| *w == "by").filter(|by| *by >= 1) {
        // `GET /apps/by-self` and `GET /apps/findByName` are not `GET /apps`.
        if fixed_part(&o.path).is_some_and(|p| split_name(p).iter().any(|w| w == "by")) {
            return None;
        }
        bare.truncate(by.max(2));
    }
    let first = *bare.first()?;
    let reads = matches!(o.method.as_str(), "GET" | "HEAD" | "OPTIONS" | "QUERY");
    // `post_keys` of `POST` repeats the method.
    let repeats =
        matches!(first, "post" | "put" | "patch") && first.eq_ignore_ascii_case(&o.method);
    if repeats || reads && WRITING.contains(&first) {
        return None;
    }
    // `get_logout` of `GET` gets nothing: its first word is the method, and the second says what it does.
    if let ("get", [_, second]) = (first, bare.as_slice()) {
        match *second {
            "login" => return Some("log in".to_owned()),
            "logout" => return Some("log out".to_owned()),
            "signin" => return Some("sign in".to_owned()),
            "signout" => return Some("sign out".to_owned()),
            "signup" => return Some("sign up".to_owned()),
            word if VERBS.contains(&word) || WRITING.contains(&word) => return None,
            _ => {}
        }
    }
    if !VERBS.contains(&first) && !WRITING.contains(&first) {
        // `usersHandler` at `GET /users`
        let last = fixed_part(&o.path)?;
        // A page may be called after what is set on it.
        let version = o
            .path
            .strip_prefix("/v")
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        let programs = o.path.starts_with("/api") || version || words.len() > 1;
        let plural = bare.len() == 1 && last.ends_with('s') && !last.ends_with("ss") && programs;
        return (reads && plural && split_name(last) == bare).then(|| format!("list {first}"));
    }
    if bare.iter().any(|w| !w.chars().all(char::is_alphabetic)) {
        return None;
    }
    // Which of several words of a class is what is done to, only its authors know:
    // `RemovePasswordDocumentsView` removes passwords.
    if bare.len() > 2
        && ["View", "Resource", "APIView"]
            .iter()
            .any(|end| name.ends_with(end))
    {
        return None;
    }
    let generic = bare.len() == 2
        && matches!(
            bare[1],
            "all" | "one" | "many" | "list" | "item" | "items" | "by" | "object"
        );
    if generic {
        return with_thing(o, first, bare[1]);
    }
    // One word is rarely more than the path says.
    if bare.len() < 2 {
        return None;
    }
    // The server shows a page; its caller opens it.
    if matches!(first, "show" | "render" | "view" | "display") && reads {
        let page = bare.last() == Some(&"page");
        let thing = bare[1..bare.len() - usize::from(page)].join(" ");
        return (!thing.is_empty()).then(|| match page {
            true => format!("open the page “{thing}”"),
            false => format!("open “{thing}”"),
        });
    }
    Some(bare.join(" "))
}

/// `get_all` of `/api/admin/backups` as “get all backups”, `delete_one` of `/items/{id}` as
/// “delete one of items”.
fn with_thing(o: &groundplan_model::Operation, verb: &str, which: &str) -> Option<String> {
    let last = o.path.trim_end_matches('/').rsplit('/').next()?;
    let thing = split_name(fixed_part(&o.path)?).join(" ");
    let one = matches!(which, "one" | "item" | "object" | "by");
    // All of them are not behind the parameter that names one, and one that is found by it is.
    let fits = match which {
        "by" => last.starts_with('{'),
        _ => one || !last.starts_with('{'),
    };
    // `PUT /foods/merge` is about foods, which its last part does not say.
    if !fits || !thing.ends_with('s') {
        return None;
    }
    Some(match one {
        true => format!("{verb} one of the {thing}"),
        false => format!("{verb} all {thing}"),
    })
}

/// The last part of a path that is no parameter.
fn fixed_part(path: &str) -> Option<&str> {
    path.split('/')
        .rfind(|p| !p.is_empty() && !p.contains('{') && *p != "…")
}

/// Verbs of handlers whose operations change nothing, or may.
const VERBS: [&str; 36] = [
    "authenticate",
    "browse",
    "calculate",
    "check",
    "confirm",
    "convert",
    "discover",
    "display",
    "download",
    "empty",
    "export",
    "fetch",
    "find",
    "follow",
    "get",
    "import",
    "list",
    "load",
    "log",
    "lookup",
    "preview",
    "read",
    "render",
    "request",
    "resolve",
    "search",
    "send",
    "show",
    "sign",
    "start",
    "stop",
    "subscribe",
    "test",
    "validate",
    "verify",
    "view",
];

/// Verbs that change something: no `GET` does what they say.
const WRITING: [&str; 52] = [
    "accept",
    "activate",
    "add",
    "apply",
    "approve",
    "archive",
    "assign",
    "block",
    "book",
    "buy",
    "cancel",
    "change",
    "charge",
    "clear",
    "close",
    "create",
    "deactivate",
    "delete",
    "disable",
    "edit",
    "enable",
    "flush",
    "insert",
    "invite",
    "like",
    "mark",
    "merge",
    "move",
    "pay",
    "place",
    "post",
    "publish",
    "refresh",
    "refund",
    "register",
    "remove",
    "rename",
    "replace",
    "reset",
    "restore",
    "revoke",
    "save",
    "set",
    "share",
    "ship",
    "submit",
    "toggle",
    "unshare",
    "update",
    "upload",
    "upsert",
    "withdraw",
];

/// `placeOrder`, `place_order` and `PlaceOrder` as lower-case words; `getByIDHandler` keeps `id`
/// apart from `handler`.
fn split_name(name: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut before = '_';
    let letters: Vec<char> = name.chars().collect();
    for (at, &c) in letters.iter().enumerate() {
        if !c.is_alphanumeric() {
            before = '_';
            out.push(String::new());
            continue;
        }
        let next_small = letters.get(at + 1).is_some_and(|n| n.is_lowercase());
        let begins = c.is_uppercase()
            && (before.is_lowercase()
                || before.is_numeric()
                || before.is_uppercase() && next_small);
        // `getIDs` and `listAPIs` have a plural behind the initials.
        let plural = next_small
            && before.is_uppercase()
            && letters.get(at + 1) == Some(&'s')
            && letters.get(at + 2).is_none_or(|n| !n.is_lowercase());
        if out.is_empty() || begins && !plural {
            out.push(String::new());
        }
        before = c;
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
        let features = only_features(c);
        return features
            .or_else(|| only_offered(c))
            .unwrap_or(Answer::Gap("use-cases"));
    }
    all.truncate(15);
    let mut blocks = vec![bullets(all)];
    if total > 15 {
        blocks.push(Block::Paragraph(crate::text::unlisted(
            total - 15,
            "use case",
        )));
    }
    Answer::blocks(blocks)
}

/// What stands for use cases where nothing but operations is known.
pub(super) fn only_offered(c: &Context) -> Option<Answer> {
    let text = offered(c)?
        .then("; which of them matter most is asked in ")
        .and(c.ask("use-cases"))
        .then(".");
    Some(Answer::text(text))
}

fn requirement_count<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let stated = all_use_cases(c).len();
    let written = match stated {
        0 => features(c).len(),
        n => n,
    };
    let offered = offered(c);
    if written == 0 && offered.is_none() {
        return Answer::Gap("requirements");
    }
    if c.designed() {
        let text = Text::plain(format!(
            "{} from what the brief asks for.",
            match written {
                1 => "One use case follows".to_owned(),
                n => format!(
                    "{} follow",
                    words::capital(&words::spelled_count(n, "use case"))
                ),
            }
        ));
        return Answer::text(crate::context::counted(
            text,
            "functional requirements",
            Vec::new(),
        ));
    }
    // Without one the label above says what is offered instead.
    if written == 0 {
        let text = Text::plain("What callers want of it is asked in ");
        return Answer::text(text.and(c.ask("requirements")).then("."));
    }
    // How many features there are depends on who counts them.
    let mut text = Text::plain(match stated {
        0 => "The authors name features, which stand below".to_owned(),
        n => {
            let all = words::capital(&words::spelled_count(n, "use case"));
            format!("{all} {} written down", words::verb_for(n, "is", "are"))
        }
    });
    if let Some(offered) = offered {
        text = text.then("; ").append(offered);
    }
    let text = text
        .then("; what was wanted beyond them is asked in ")
        .and(c.ask("requirements"))
        .then(".");
    Answer::text(crate::context::counted(
        text,
        "stated use cases, functional requirements, features and public operations",
        Vec::new(),
    ))
}

fn use_cases_primary<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    // What was followed best is not what matters most: the authors' own words go first.
    if !c.designed()
        && all_use_cases(c).is_empty()
        && let Some(answer) = only_features(c)
    {
        return answer;
    }
    let mut items = Vec::new();
    for flow in c.blueprint.flows.iter().take(4) {
        let actor = match &flow.actor {
            // A request is sent by somebody.
            Some(actor) => Text::plain(words::sentence(&match actor.strip_prefix("a request ") {
                Some(request) => format!("whoever sends {request}"),
                None => actor.clone(),
            })),
            None if c.designed() => {
                let first = flow.steps.first().map_or("", |s| s.from.as_str());
                Text::plain("None: an event or a clock starts ")
                    .then_code(c.name_of(first))
                    .then(".")
            }
            None => Text::plain("Not known: ").and(c.ask("users")).then("."),
        };
        let way = super::flows::way(c, &flow.steps, 8);
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
                        None => Text::plain("Not known: ").and(c.ask("use-cases")).then("."),
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
        true => only_features(c)
            .or_else(|| only_offered(c))
            .unwrap_or(Answer::Gap("use-cases")),
        false => {
            let list = Block::List {
                ordered: true,
                items,
            };
            match c.designed() || c.blueprint.flows.is_empty() {
                true => Answer::blocks(vec![list]),
                false => Answer::both(
                    Text::plain(
                        "Those whose steps were followed furthest in code; which matter most is asked in ",
                    )
                    .and(c.ask("use-cases"))
                    .then(":"),
                    vec![list],
                ),
            }
        }
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

#[cfg(test)]
mod tests {
    use super::action;
    use groundplan_model::Operation;

    fn of(method: &str, path: &str, handler: &str) -> String {
        let value = serde_json::json!({
            "id": format!("{method} {path}"), "method": method, "path": path, "handler": handler,
            "provenance": {"kind": "observed"},
        });
        let operation: Operation = match serde_json::from_value(value) {
            Ok(operation) => operation,
            Err(error) => return error.to_string(),
        };
        action(&operation).unwrap_or_else(|| "-".to_owned())
    }

    #[test]
    fn handlers_say_what_is_done() {
        assert_eq!(
            of("POST", "/orders", "shop.placeOrderHandler"),
            "place order"
        );
        assert_eq!(
            of("GET", "/api/admin/backups", "get_all"),
            "get all backups"
        );
        assert_eq!(
            of("DELETE", "/api/backups/{name}", "delete_one"),
            "delete one of the backups"
        );
        assert_eq!(of("GET", "/x/{id}/rename", "h.renameCredential"), "-");
        assert_eq!(
            of("GET", "/about", "h.showAboutPage"),
            "open the page “about”"
        );
        assert_eq!(
            of("GET", "/feeds/{id}/icon", "getIconByIDHandler"),
            "get icon"
        );
        assert_eq!(of("GET", "/v1/users", "usersHandler"), "list users");
        assert_eq!(
            of("GET", "/orders/{id}", "findById"),
            "find one of the orders"
        );
        // A list, and a path that says it itself.
        assert_eq!(of("GET", "/orders", "findByCustomer"), "-");
        assert_eq!(of("GET", "/pets/findByStatus", "findByStatus"), "-");
        assert_eq!(of("POST", "/keys", "post_keys"), "-");
        assert_eq!(of("PUT", "/api/foods/merge", "merge_one"), "-");
        assert_eq!(of("POST", "/x", "views.RemovePasswordDocumentsView"), "-");
        assert_eq!(
            of("GET", "/export-templates", "views.ExportTemplateViewSet"),
            "-"
        );
        assert_eq!(
            of("POST", "/feed/{id}/refresh", "handler.refreshFeed"),
            "refresh feed"
        );
        assert_eq!(
            of("GET", "/entries/ids", "getEntryIDsHandler"),
            "get entry ids"
        );
    }
}
