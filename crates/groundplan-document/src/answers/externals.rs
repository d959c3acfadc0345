//! Systems outside: what for, over what, with which credentials, limits and care for failures.

use super::failures::{beside, is_around};
use super::found::waits;
use super::goals::distinct;
use super::records;
use super::seen::{end, groups, item, when};
use super::structure::way;
use crate::answer::{Absence, Answer};
use crate::context::{Context, declared};
use crate::subject::Subject;
use crate::text::{bullets, first_places, name, names, stated, table};
use crate::tree::{Block, Span, Text};
use crate::words;
use groundplan_knowledge::{Technology, knowledge};
use groundplan_model::{
    Element, GIVEN_ADDRESS, HOSTS_REACHED, Mode, Observation, Relationship, RelationshipKind,
    Setting, Topic,
};
use std::collections::BTreeMap;

records! {
    "external-authentication": |c, s| of(c, s, authentication), "With which credentials an external system is called.";
    "external-dependencies": external_dependencies, "Systems outside, with purpose and way of integration.";
    "external-errors": |c, s| of(c, s, errors), "What the callers do when an external system fails.";
    "external-limits": |c, s| of(c, s, limits), "How much an external system may be asked for.";
    "external-protocol": |c, s| of(c, s, protocol), "Over what an external system is called.";
    "external-purpose": |c, s| of(c, s, purpose), "What an external system is for.";
    "external-resources": external_resources, "Addresses on the web: the repository and the pages of the main products.";
    "externals-missing": |c, _| missing(c), "Why there are no external systems.";
}

/// Services that the code of parts can call by a client library, though nothing shows that it does.
fn callable(c: &Context) -> Vec<Text> {
    let text = |e: &&'_ Element| {
        let all: Vec<_> = e.attributes_of("can-call").collect();
        let spans: Vec<Span> = all.iter().map(|a| Span::Plain(a.value.clone())).collect();
        if spans.is_empty() {
            return None;
        }
        let text = Text::code(&e.name)
            .then(" can call ")
            .spans(words::list_spans(spans, 8, "and"))
            .then(" from its code");
        Some(end(
            text.from(&first_places(all.iter().map(|a| &a.provenance), 3))
        ))
    };
    c.containers.iter().filter_map(text).collect()
}

/// The places in which systems outside are looked for.
const SEARCHED: [&str; 3] = [
    "addresses in configuration",
    "clients in code",
    "deployment files",
];

/// That no address of a system outside was found, with the services that client libraries reach without
/// one: in one sentence, since no section of its own tells of each.
fn missing(c: &Context) -> Answer {
    let mut all: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut places = Vec::new();
    for e in &c.containers {
        for a in e.attributes_of("can-call") {
            all.entry(&a.value).or_default().push(&e.name);
            places.push(&a.provenance);
        }
    }
    if all.is_empty() {
        return reached(c).or_else(|| given_addresses(c, None)).map_or_else(
            || c.absent("external system", &SEARCHED, "external-systems"),
            Answer::text,
        );
    }
    let mut products: Vec<(&str, Vec<&str>)> = all.into_iter().collect();
    products.sort_by_key(|(name, users)| (std::cmp::Reverse(users.len()), *name));
    let most = 5;
    let mut shown: Vec<String> = products
        .iter()
        .take(most)
        .map(|(name, users)| match users.as_slice() {
            [only] => format!("{name} (from `{only}`)"),
            several => format!("{name} (from {})", words::count(several.len(), "part")),
        })
        .collect();
    if products.len() > most {
        shown.push(format!("{} more", words::spelled(products.len() - most)));
    }
    let text = Text::plain(format!(
        "No address of a system outside was found (searched: {}); client libraries in the code can call ",
        words::list(&SEARCHED, "and"),
    ));
    let text = text.spans(crate::text::inline(&words::list(&shown, "and")));
    Answer::Absent(Absence::because(end(text.from(&first_places(places, 3)))))
}

fn of<'a>(
    c: &Context<'a>,
    subject: Subject<'a>,
    run: fn(&Context<'a>, &'a Element) -> Answer,
) -> Answer {
    match subject {
        Subject::Element(e) => run(c, e),
        _ => missing(c),
    }
}

/// The product that an external system is, by its technologies.
pub(super) fn product(e: &Element) -> Option<&'static Technology> {
    e.technology.iter().find_map(|t| knowledge().by_name(t))
}

/// Names of the own parts that use it.
fn callers<'a>(c: &Context<'a>, e: &Element) -> Vec<&'a str> {
    distinct(
        c.incoming(&e.id)
            .iter()
            .map(|r| c.element(&r.from).map_or("", |f| f.name.as_str())),
    )
    .into_iter()
    .filter(|n| !n.is_empty())
    .collect()
}

/// A condition with the names of its variables in code font: `` `STRIPE_KEY` is set ``.
fn condition(words: &str) -> Vec<Span> {
    let is_name = |w: &str| {
        w.contains('_')
            && w.bytes()
                .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
    };
    let mut out: Vec<Span> = Vec::new();
    for (at, word) in words.split(' ').enumerate() {
        let joint = if at > 0 { " " } else { "" };
        match is_name(word) {
            true => out.extend([Span::Plain(joint.to_owned()), Span::Code(word.to_owned())]),
            false => out.push(Span::Plain(format!("{joint}{word}"))),
        }
    }
    out.retain(|s| !matches!(s, Span::Plain(p) if p.is_empty()));
    out
}

/// What the own parts do with it, in one sentence.
fn use_text(c: &Context, e: &Element) -> Option<Text> {
    let into = c.incoming(&e.id);
    let first = into.first()?;
    let who = callers(c, e);
    let one = who.len() == 1;
    let verb = |r: &Relationship| match (r.kind, one) {
        (RelationshipKind::Calls, true) if r.only_addressed() => "has its address",
        (RelationshipKind::Calls, false) if r.only_addressed() => "have its address",
        (RelationshipKind::Calls, true) if r.only_reports() => "reports to it",
        (RelationshipKind::Calls, false) if r.only_reports() => "report to it",
        (RelationshipKind::Calls, true) => "calls it",
        (RelationshipKind::Calls, false) => "call it",
        (RelationshipKind::Reads, true) => "reads from it",
        (RelationshipKind::Reads, false) => "read from it",
        (RelationshipKind::Writes, true) => "uses it",
        (RelationshipKind::Writes, false) => "use it",
        (RelationshipKind::Publishes, true) => "publishes to it",
        (RelationshipKind::Publishes, false) => "publish to it",
        (RelationshipKind::Subscribes, true) => "subscribes to it",
        (RelationshipKind::Subscribes, false) => "subscribe to it",
        (RelationshipKind::Routes, true) => "routes to it",
        (RelationshipKind::Routes, false) => "route to it",
        (RelationshipKind::Observes, true) => "watches it",
        (RelationshipKind::Observes, false) => "watch it",
        (RelationshipKind::Configures, true) => "takes its configuration from it",
        (RelationshipKind::Configures, false) => "take their configuration from it",
        (RelationshipKind::StartsAfter, true) => "starts after it",
        (RelationshipKind::StartsAfter, false) => "start after it",
    };
    let form = |r: &Relationship| (r.kind, r.only_addressed(), r.only_reports());
    let same = into.iter().all(|r| form(r) == form(first));
    let verb = match (same, one) {
        (true, _) => verb(first),
        (false, true) => "uses it",
        (false, false) => "use it",
    };
    let mut text = Text::default()
        .spans(names(who, 4))
        .then(format!(" {verb}"));
    let operations = distinct(into.iter().flat_map(|r| &r.operations).map(String::as_str));
    // A description that only repeats the kind says nothing more.
    let said = |r: &&&Relationship| !r.description.trim().is_empty() && r.description != r.verb();
    let described = distinct(into.iter().filter(said).map(|r| r.description.as_str()));
    if !operations.is_empty() {
        text = text.then(": ").spans(names(operations, 4));
    } else if let [one] = described.as_slice() {
        // `calls when KEY is set` repeats the verb that stands before it.
        let said = into.iter().find(|r| r.description == *one);
        text = match said.and_then(|r| when(r)) {
            Some(rest) => text.then(" when ").spans(condition(rest)),
            None => text.then(format!(": {}", words::short(one, 100))),
        };
    }
    Some(end(
        text.from(&first_places(into.iter().map(|r| &r.provenance), 3))
    ))
}

fn purpose(c: &Context, e: &Element) -> Answer {
    if let Some(description) = &e.description {
        return Answer::text(stated(description));
    }
    let known =
        product(e).map(|t| Text::plain(format!("{} {}.", t.name, t.about)).from(&e.provenance));
    match (known, use_text(c, e)) {
        (Some(known), Some(used)) => Answer::text(known.then(" ").append(used)),
        (Some(known), None) => Answer::text(known),
        // Who calls it says nothing of what it is for.
        (None, _) => Answer::Gap("external-systems"),
    }
}

/// Protocols or libraries of the connections to it.
fn ways<'a>(c: &Context<'a>, e: &Element) -> Vec<&'a str> {
    distinct(c.incoming(&e.id).iter().filter_map(|r| way(r)))
}

/// The protocol that the first word of a host name is the custom for.
fn by_name(e: &Element) -> Option<String> {
    let first = e.name.split('.').next()?;
    let known = ["smtp", "imap", "ldap", "ldaps", "ftp", "sftp", "mqtt"];
    (e.name.contains('.') && known.contains(&first)).then(|| first.to_uppercase())
}

fn protocol(c: &Context, e: &Element) -> Answer {
    let into = c.incoming(&e.id);
    let all = ways(c, e);
    if all.is_empty() {
        return match product(e).and_then(|t| t.protocol.as_deref()) {
            Some(p) => {
                Answer::text(Text::plain(format!("{p}, by the product.")).from(&e.provenance))
            }
            None if by_name(e).is_some() => {
                let text = Text::plain(format!(
                    "{}, by the name of the host.",
                    by_name(e).unwrap_or_default()
                ));
                Answer::text(text.from(&e.provenance))
            }
            None => c.absent(
                "protocol",
                &["the addresses and clients that name it"],
                "external-terms",
            ),
        };
    }
    let text = Text::plain(words::list(&all, "and"));
    let callers = |of: &dyn Fn(&Relationship) -> bool| {
        let called = into.iter().filter(|r| of(r)).map(|r| c.name_of(&r.from));
        distinct(called)
    };
    let waiting = callers(&|r| waits(c, r));
    let text = if !waiting.is_empty() {
        let verb = words::verb_for(waiting.len(), "waits", "wait");
        let text = text.then("; ").spans(names(waiting, 3));
        text.then(format!(" {verb} for the answer."))
    } else if into.iter().all(|r| r.mode == Mode::Async) {
        let sending = callers(&|_| true);
        let verb = words::verb_for(sending.len(), "goes", "go");
        let text = text.then("; ").spans(names(sending, 3));
        text.then(format!(" {verb} on without an answer."))
    } else {
        end(text)
    };
    Answer::text(text.from(&first_places(into.iter().map(|r| &r.provenance), 2)))
}

/// Words that tell an external system from others: parts of its host name and product.
fn marks(e: &Element) -> Vec<String> {
    let common = [
        "www", "api", "com", "org", "net", "github", "gitlab", "http", "https", "cloud", "service",
        "services", "server",
    ];
    let all = std::iter::once(&e.name)
        .chain(&e.aliases)
        .chain(&e.technology);
    let mut out: Vec<String> = Vec::new();
    for word in all.flat_map(|n| n.split(|ch: char| !ch.is_alphanumeric())) {
        let word = word.to_lowercase();
        if word.chars().count() > 2 && !common.contains(&word.as_str()) && !out.contains(&word) {
            out.push(word);
        }
    }
    if out.iter().any(|w| w == "smtp") {
        out.push("mail".to_owned());
    }
    out
}

/// Whether a word of a setting names no product: `API_KEY` may be for whatever is called beside it.
fn is_of_any(word: &str) -> bool {
    matches!(
        word,
        "access"
            | "api"
            | "app"
            | "auth"
            | "authorization"
            | "bearer"
            | "client"
            | "id"
            | "key"
            | "my"
            | "pass"
            | "password"
            | "private"
            | "secret"
            | "token"
            | "url"
            | "user"
    )
}

/// Secret settings of its callers whose names hold a word of its name, or name no product and are read
/// where it is called; a likeness of parts of words ties nothing together.
fn credentials<'a>(c: &Context<'a>, e: &Element) -> Vec<&'a Setting> {
    let mut marks = marks(e);
    // The product's own name before all its variables says nothing of whom one of them is for.
    let own = |mark: &str| {
        let is = |name: &str| name.eq_ignore_ascii_case(mark);
        is(&c.blueprint.system.name) || c.containers.iter().any(|x| is(&x.name))
    };
    marks.retain(|mark| !own(mark));
    let into = c.incoming(&e.id);
    let from: Vec<&str> = into.iter().map(|r| r.from.as_str()).collect();
    let speaks = |s: &&Setting| {
        let lower = s.name.to_lowercase();
        let parts = lower.split(|ch: char| !ch.is_alphanumeric());
        let beside = || {
            let read = s.secret && s.source.is_read();
            read && into.iter().any(|r| beside(c, &s.provenance, r))
        };
        let mut words = parts.clone();
        words.any(|p| marks.iter().any(|m| m == p)) || parts.clone().all(is_of_any) && beside()
    };
    let signs_in = |name: &str| {
        let lower = name.to_lowercase();
        [
            "user",
            "username",
            "login",
            "auth",
            "client-id",
            "client_id",
            "clientid",
        ]
        .iter()
        .any(|w| lower.ends_with(w))
    };
    let all = c
        .blueprint
        .settings
        .iter()
        .filter(|s| s.secret || signs_in(&s.name));
    all.filter(|s| s.element.as_deref().is_none_or(|id| from.contains(&id)))
        .filter(speaks)
        .collect()
}

/// A call to it that carries a key in its query.
fn keyed<'a>(c: &Context<'a>, e: &Element) -> Option<(&'a Relationship, &'a str)> {
    let keys = [
        "api_key",
        "apikey",
        "api-key",
        "access_token",
        "access_key",
        "token",
        "appid",
        "key",
    ];
    let carries = |operation: &str| {
        let query = operation.split_once('?').map_or("", |(_, query)| query);
        let mut names = query
            .split('&')
            .map(|pair| pair.split('=').next().unwrap_or("").to_lowercase());
        names.any(|name| keys.contains(&name.as_str()))
    };
    c.incoming(&e.id)
        .iter()
        .flat_map(|r| r.operations.iter().map(move |o| (*r, o.as_str())))
        .find(|(_, operation)| carries(operation))
}

fn authentication(c: &Context, e: &Element) -> Answer {
    if let Some(said) = e.attribute("auth") {
        return Answer::text(end(Text::plain(&said.value).from(&said.provenance)));
    }
    let found = credentials(c, e);
    if !found.is_empty() {
        let all = distinct(found.iter().map(|s| s.name.as_str()));
        let readers = distinct(
            found
                .iter()
                .filter_map(|s| s.element.as_deref())
                .map(|id| c.name_of(id)),
        );
        let mut text = match readers.is_empty() {
            true => Text::default(),
            false => Text::default()
                .spans(names(readers.clone(), 3))
                .then(words::verb_for(readers.len(), " reads ", " read ")),
        };
        let verb = words::verb_for(all.len(), " speaks of it by name", " speak of it by name");
        text = text.spans(names(all, 4));
        if readers.is_empty() {
            text = text.then(verb);
        }
        return Answer::text(end(
            text.from(&first_places(found.iter().map(|s| &s.provenance), 2))
        ));
    }
    if let Some((r, operation)) = keyed(c, e) {
        let text = Text::code(c.name_of(&r.from))
            .then(" sends a key in the query: ")
            .then_code(words::short(operation, 120));
        return Answer::text(end(text.from(&r.provenance)));
    }
    let who = callers(c, e);
    if who.is_empty() || !c.surveyed() {
        return Answer::Gap("external-terms");
    }
    // A call may carry a key in its path, a header or a field, which was not followed.
    Answer::Gap("external-terms")
}

fn limits(c: &Context, e: &Element) -> Answer {
    let key = format!("elements.{}.terms", e.id);
    if let Some(text) = declared(c, &key) {
        return Answer::text(text);
    }
    if let Some(terms) = e.attribute("terms") {
        return Answer::text(end(Text::plain(&terms.value).from(&terms.provenance)));
    }
    // Own limits on the way out are in files; what the other side allows is not.
    Answer::Gap("external-terms")
}

const CARE: [(Topic, &str); 4] = [
    (Topic::Timeout, "Timeout"),
    (Topic::Retry, "Retry"),
    (Topic::CircuitBreaker, "Circuit breaker"),
    (Topic::ErrorHandling, "Error handling"),
];

fn errors(c: &Context, e: &Element) -> Answer {
    if let Some(said) = e.attribute("errors") {
        return Answer::text(end(Text::plain(&said.value).from(&said.provenance)));
    }
    let from = distinct(c.incoming(&e.id).iter().map(|r| r.from.as_str()));
    let marks = marks(e);
    let into = c.incoming(&e.id);
    let mut named: Vec<Text> = Vec::new();
    named.extend(super::call_failures::sentence(c, into));
    for (topic, word) in CARE {
        let all: Vec<&Observation> = from.iter().flat_map(|id| c.seen_at(topic, id)).collect();
        let speaks = |o: &&&Observation| {
            let text = format!("{} {}", o.name, o.detail.as_deref().unwrap_or("")).to_lowercase();
            let mut parts = text.split(|ch: char| !ch.is_alphanumeric());
            into.iter().any(|r| is_around(c, o, r))
                || parts.any(|p| marks.iter().any(|m| m.len() > 3 && m == p))
        };
        let mine: Vec<&Observation> = all.iter().filter(speaks).copied().collect();
        named.extend(
            groups(c, &mine)
                .iter()
                .take(2)
                .map(|g| end(Text::plain(format!("{word}: ")).append(item(g)))),
        );
    }
    if let Some(answer) = super::tools::lines(named) {
        return answer;
    }
    // What stands elsewhere in the code of its callers guards other calls, and what was not found
    // beside these calls may stand around them in a form that is not known.
    Answer::Gap("external-terms")
}

fn external_dependencies<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    if c.externals.is_empty() {
        return missing(c);
    }
    let row = |e: &&'a Element| {
        let what = match purpose(c, e) {
            Answer::Said { text, .. } => text,
            // What it is for was not written; who needs it is seen.
            _ => use_text(c, e).unwrap_or_else(|| Text::default().and(c.ask("external-systems"))),
        };
        let ways = ways(c, e);
        let how = match ways.is_empty() {
            true => Text::default().and(c.ask("external-terms")),
            false => Text::plain(words::list(&ways, "and")),
        };
        (what, how)
    };
    if let [one] = c.externals.as_slice() {
        let (what, _) = row(one);
        let text = end(Text::code(&one.name).then(": ").append(what));
        let mut all = vec![text.clone()];
        all.extend(callable(c));
        all.extend(reached(c));
        all.extend(given_addresses(c, None));
        return super::tools::lines(all).unwrap_or_else(|| Answer::text(text));
    }
    let rows = c
        .externals
        .iter()
        .take(12)
        .map(|e| {
            let (what, how) = row(e);
            vec![name(&e.name).from(&e.provenance), what, how]
        })
        .collect();
    let mut blocks = vec![table(&["System", "Purpose", "Integration"], rows)];
    if c.externals.len() > 12 {
        let more = c.externals.len() - 12;
        let text = format!(
            "{} {} in the blueprint.",
            words::count(more, "more system"),
            words::verb_for(more, "stands", "stand")
        );
        blocks.push(Block::Paragraph(Text::plain(text)));
    }
    let mut more = callable(c);
    more.extend(reached(c));
    more.extend(given_addresses(c, None));
    if !more.is_empty() {
        blocks.push(bullets(more));
    }
    Answer::blocks(blocks)
}

/// What is called at addresses that only who uses or runs the system knows.
pub(super) fn given_addresses(c: &Context, element: Option<&str>) -> Option<Text> {
    let mut all = match element {
        Some(id) => c.seen_at(Topic::Stated, id),
        None => c.seen(Topic::Stated).to_vec(),
    };
    all.retain(|o| o.name == GIVEN_ADDRESS);
    let held = distinct(all.iter().filter_map(|o| o.detail.as_deref()));
    if held.is_empty() {
        return None;
    }
    let text = Text::plain(match element {
        Some(_) => "Calls addresses that are given at run time: ",
        None => "Addresses that are given at run time are called too: ",
    });
    let places = first_places(all.iter().map(|o| &o.provenance), 2);
    Some(end(text.spans(names(held, 4)).from(&places)))
}

/// The hosts that a document says have to be reached.
fn reached(c: &Context) -> Option<Text> {
    let said = c.said(HOSTS_REACHED)?;
    let mut lines = said.detail.as_deref()?.lines();
    let heading = lines.next()?;
    let hosts: Vec<&str> = lines.collect();
    if hosts.is_empty() {
        return None;
    }
    let path = said.provenance.first()?.path.clone();
    let text = Text::default().and(Span::Code(path));
    let text = text.then(format!(" lists under “{heading}”: "));
    let more = hosts.len();
    Some(end(text.spans(names(hosts, more)).from(&said.provenance)))
}

/// Only addresses that a reader can open.
fn is_web(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

fn external_resources<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let mut out: Vec<Text> = Vec::new();
    if let Some(remote) = c.blueprint.history.remote.as_deref().filter(|r| is_web(r)) {
        let link = Span::Link {
            text: remote.to_owned(),
            url: remote.to_owned(),
        };
        out.push(Text::plain("Repository: ").and(link));
    }
    for u in super::seen::uses(c, |_, _| true) {
        if out.len() >= 12 {
            break;
        }
        let Some(technology) = knowledge().by_name(u.name) else {
            continue;
        };
        if !is_web(&technology.homepage) {
            continue;
        }
        let link = Span::Link {
            text: technology.homepage.clone(),
            url: technology.homepage.clone(),
        };
        let text = Text::plain(format!("{}: ", u.name)).and(link);
        out.push(text.from(&first_places(u.sources.iter().copied(), 1)));
    }
    match out.is_empty() {
        true => c.absent(
            "repository address or known product",
            &["git remotes", "package manifests", "deployment files"],
            "technology",
        ),
        false => Answer::blocks(vec![bullets(out)]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use groundplan_model::{ElementKind, Provenance};

    #[test]
    fn marks_leave_common_words_out() {
        let e = Element::new(
            "x",
            ElementKind::SoftwareSystem,
            "smtp.gmail.com",
            Provenance::observed([]),
        );
        assert_eq!(marks(&e), ["smtp", "gmail", "mail"]);
        let e = Element::new(
            "x",
            ElementKind::SoftwareSystem,
            "api.github.com",
            Provenance::observed([]),
        );
        assert!(marks(&e).is_empty());
    }
}
