//! What holds for interfaces as a whole: versions, deprecation, methods, paths, statuses and types.

use super::goals::distinct;
use super::interfaces::{is_contract, unread};
use super::records;
use super::seen::{Group, end, groups, item};
use crate::answer::{Absence, Answer};
use crate::context::Context;
use crate::subject::Subject;
use crate::text::{first_places, names};
use crate::tree::{Span, Text};
use crate::words;
use groundplan_model::{
    Interface, InterfaceKind, LIVE_PAGES, Observation, Operation, Origin, Provenance, Topic,
};
use std::collections::{BTreeMap, BTreeSet};

records! {
    "backward-compatibility": backward_compatibility, "What is promised to old callers.";
    "content-types": content_types, "In which forms data is exchanged.";
    "deprecation": deprecation, "Which operations are marked as deprecated.";
    "http-methods": http_methods, "Which HTTP methods are used how often.";
    "interface-versioning": versioning, "How interfaces are versioned.";
    "migration-guides": migration_guides, "How callers get from one version to the next.";
    "resource-urls": resource_urls, "The paths, by the thing they are about.";
    "status-codes": status_codes, "Which status codes are answered.";
}

/// Documents that speak of an upgrade by their names; schema migrations tell callers nothing.
fn migration_guides<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let guide = |o: &&&Observation| {
        let path = o.provenance.first().map_or("", |e| e.path.as_str());
        let last = path.rsplit('/').next().unwrap_or(path).to_lowercase();
        ["migrat", "upgrad", "breaking"]
            .iter()
            .any(|w| last.contains(w))
    };
    let all: Vec<_> = c
        .seen(Topic::Documentation)
        .iter()
        .filter(guide)
        .copied()
        .collect();
    super::seen::say(c, &all, "upgrade guide")
        .or_else(|| c.stated_in_documents("migration-guide").map(Answer::text))
        .unwrap_or_else(|| c.absent("migration guide", &["names of documents"], "versioning"))
}

/// Versions in paths, and how many operations have each.
fn path_versions<'a>(c: &Context<'a>) -> BTreeMap<String, Vec<&'a Operation>> {
    let mut found: BTreeMap<String, Vec<&Operation>> = BTreeMap::new();
    for (_, version, o) in versioned(c) {
        found.entry(version).or_default().push(o);
    }
    found
}

/// Operations with the version in their path and what stands before it: only those below one prefix
/// are versions of one thing.
fn versioned<'a>(c: &Context<'a>) -> Vec<(String, String, &'a Operation)> {
    let mut found = Vec::new();
    let plain = |o: &Operation| o.path.trim_end_matches('/').to_owned();
    let served: BTreeSet<String> = c.primary_operations().map(|(_, o)| plain(o)).collect();
    let paths = c.primary_operations();
    for (i, o) in paths.filter(|(i, _)| i.kind != InterfaceKind::Graphql) {
        // What only says that it is gone is no version that is served.
        let gone = |handler: &str| handler.rsplit(['#', '.', ':']).next() == Some("gone");
        if o.handler.as_deref().is_some_and(gone) {
            continue;
        }
        // The package of a method of gRPC has points between its names; a path has files in them.
        let base = i.base_path.as_deref().unwrap_or("");
        let split = |text: &'_ str| -> Vec<String> {
            let parts = text.split(|c| c == '/' || c == '.' && i.kind != InterfaceKind::Http);
            parts.filter(|p| !p.is_empty()).map(str::to_owned).collect()
        };
        let whole: Vec<String> = split(base).into_iter().chain(split(&o.path)).collect();
        if let Some(at) = whole.iter().position(|p| is_version(p)) {
            let owner = i.element.as_deref().unwrap_or(&i.id);
            let before = format!("{owner} {}", whole[..at].join("/"));
            found.push((before, whole[at].clone(), o));
        } else if let Some((last, above)) = whole.split_last()
            && let Some((stem, version)) = last.rsplit_once('-').filter(|(_, v)| is_version(v))
            && (plain(o).strip_suffix(&format!("-{version}")))
                .is_some_and(|older| served.contains(older) || has_other(&served, older, version))
        {
            // `/series/all-v2` beside `/series/all`; alone it may be the version of what it is about:
            // `/import/shop-v1` takes what another program once wrote.
            let owner = i.element.as_deref().unwrap_or(&i.id);
            let before = format!("{owner} {}/{stem}", above.join("/"));
            found.push((before, version.to_owned(), o));
        }
    }
    found
}

/// Whether another version of a path is served beside one: `/series/all-v1` beside `/series/all-v2`.
fn has_other(served: &BTreeSet<String>, stem: &str, version: &str) -> bool {
    const LOOKED_AT: usize = 8;
    let begin = format!("{stem}-");
    let beside = served.range(begin.clone()..).take(LOOKED_AT);
    let mut others = beside.filter_map(|path| path.strip_prefix(&begin));
    others.any(|other| other != version && is_version(other))
}

/// `v1`, `v1beta2`, or `v{version}` where a caller gives the number.
pub(super) fn is_version(part: &str) -> bool {
    let rest = part.strip_prefix(['v', 'V']).unwrap_or("");
    let given = || {
        let name = rest.strip_prefix('{').and_then(|r| r.strip_suffix('}'));
        name.is_some_and(|name| name.to_ascii_lowercase().contains("version"))
    };
    // `v2` and `v2.0`.
    let number = |p: &str| (1..4).contains(&p.len()) && p.chars().all(|c| c.is_ascii_digit());
    let numbers = || rest.split('.').count() < 3 && rest.split('.').all(number);
    // (<https://kubernetes.io/docs/reference/using-api/#api-versioning>)
    let staged = || {
        let parts = ["alpha", "beta"]
            .iter()
            .find_map(|stage| rest.split_once(stage));
        parts.is_some_and(|(major, minor)| number(major) && number(minor))
    };
    !rest.is_empty() && numbers() || staged() || given()
}

/// How many paths the operations have; one path often has several methods.
fn distinct_paths(all: &[&Operation]) -> usize {
    let set: BTreeSet<&str> = all.iter().map(|o| o.path.as_str()).collect();
    set.len()
}

fn versioning<'a>(c: &Context<'a>, s: Subject<'a>) -> Answer {
    let seen: Vec<_> = c.seen(Topic::Versioning).to_vec();
    let set_up = |g: &Group| end(Text::plain("Set up in code: ").append(item(g)));
    let set: Vec<Text> = groups(c, &seen).iter().take(3).map(set_up).collect();
    let Some(more) = super::goals::one_line(set) else {
        return told_versions(c, s);
    };
    match (told_versions(c, s), more) {
        (Answer::Said { text, blocks }, Answer::Said { text: more, .. })
            if !path_versions(c).is_empty() =>
        {
            Answer::both(text.then(" ").append(more), blocks)
        }
        (_, more) => more,
    }
}

/// Versions that stand in paths and contracts.
fn told_versions<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let versions = path_versions(c);
    // An operation of GraphQL has no path that could hold a version.
    let every: Vec<&Operation> = c
        .primary_operations()
        .filter(|(i, _)| i.kind != InterfaceKind::Graphql)
        .map(|(_, o)| o)
        .collect();
    let total = distinct_paths(&every);
    let parts: Vec<Span> = versions
        .iter()
        .flat_map(|(v, all)| {
            [
                Span::Code(v.clone()),
                Span::Plain(format!(" in {}", words::count(distinct_paths(all), "path"))),
            ]
        })
        .collect();
    if !parts.is_empty() {
        let mut text = Text::plain("Version in the path: ");
        for (i, pair) in parts.chunks(2).enumerate() {
            text = text
                .then(if i == 0 { "" } else { ", " })
                .spans(pair.to_vec());
        }
        let with: usize = versions.values().map(|all| distinct_paths(all)).sum();
        if with < total {
            text = text.then(format!(
                "; {} without one",
                words::count(total - with, "path")
            ));
        }
        let sources = versions.values().flatten().map(|o| &o.provenance);
        return Answer::text(end(text.from(&first_places(sources, 3))));
    }
    let stated: Vec<&&Interface> = c.primary.iter().filter(|i| i.version.is_some()).collect();
    if stated.is_empty() {
        return unversioned(c, &every).unwrap_or_else(|| {
            c.absent(
                "version in paths or contracts",
                &["paths", "contracts"],
                "versioning",
            )
        });
    }
    let mut text = Text::plain("No version stands in the paths; the contracts state ");
    for (n, i) in stated.iter().take(4).enumerate() {
        text = text.then(if n == 0 { "" } else { ", " }).then_code(&i.name);
        text = text
            .then(format!(" {}", i.version.as_deref().unwrap_or("")))
            .from(&i.provenance);
    }
    Answer::text(end(text))
}

/// That the paths begin without a version, with some of them. A path whose begin was not read may have
/// one, and a word in the repository may speak of one that stands elsewhere.
fn unversioned(c: &Context, every: &[&Operation]) -> Option<Answer> {
    let whole: Vec<&&Operation> = every
        .iter()
        .filter(|o| o.path.starts_with('/') && o.method != "RPC")
        .collect();
    let open = every.iter().any(|o| o.path.starts_with('…'));
    let told = Absence::of("version in paths or contracts", &["paths", "contracts"]);
    let spoken = c.unless_spoken(told);
    if whole.is_empty() || open || !spoken.spoken.is_empty() || !c.surveyed() {
        return None;
    }
    let paths = distinct(whole.iter().map(|o| o.path.as_str()));
    let n = paths.len();
    let text = match n {
        1 => Text::plain("The one path that was read, ")
            .spans(names(paths, 1))
            .then(", carries no version"),
        n => Text::plain(format!(
            "{} that were read, for example ",
            words::count(n, "path")
        ))
        .spans(names(paths.into_iter().take(3), 3))
        .then(", carry no version"),
    };
    let contracts = c.blueprint.interfaces.iter();
    let text = match contracts.clone().any(|i| i.version.is_some()) {
        true => text,
        false => text.then(", and no contract states one"),
    };
    let text = end(text.from(&first_places(whole.iter().map(|o| &o.provenance), 2)));
    if let Some(said) = c.stated_of_versions() {
        return Some(Answer::text(text.then(" ").append(said)));
    }
    let lead = " How an operation may change is asked in ";
    Some(Answer::text(c.asked_in(text, lead, "versioning")))
}

fn deprecation<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let old: Vec<_> = c
        .primary_operations()
        .filter(|(_, o)| o.deprecated)
        .collect();
    // Code marks few operations as deprecated; contracts have a place for it.
    let of_contract = |o: &Operation| {
        let mut places = o.provenance.evidence.iter();
        places.any(|at| is_contract(&at.path))
    };
    let contracts = c.primary.iter().any(|i| i.version.is_some())
        || c.primary_operations().any(|(_, o)| of_contract(o));
    // Which versions get fixes says nothing of how an operation is retired.
    let said = || c.stated_in_documents("deprecation-policy");
    if old.is_empty()
        && let Some(text) = said()
    {
        return Answer::text(text);
    }
    if old.is_empty() && !contracts {
        return c.absent(
            "contract that could mark an operation as deprecated",
            &["contracts"],
            "versioning",
        );
    }
    if old.is_empty() {
        return c.absent(
            "deprecated operation of a contract",
            &["contracts"],
            "versioning",
        );
    }
    let text = Text::plain(format!(
        "{} marked as deprecated: ",
        words::verb_for(old.len(), "One operation is", "Operations are")
    ));
    let text = text.spans(names(old.iter().map(|(_, o)| o.id.as_str()), 6));
    let mut text = end(text.from(&first_places(old.iter().map(|(_, o)| &o.provenance), 3)));
    // What is to be used in its place, in the words of whoever marked it.
    let told = old.iter().find_map(|(_, o)| {
        let tells = |said: &&str| {
            let lower = said.to_lowercase();
            let marked = lower.contains("obsolete") || lower.contains("deprecated");
            let says = [" instead", "no longer", "replaced by", "superseded"];
            marked && lower.contains("use ") || says.iter().any(|t| lower.contains(t))
        };
        Some((o, o.summary.as_deref()?.split(". ").find(tells)?))
    });
    if let Some((o, said)) = told {
        let said = format!(" is described so: “{}”.", said.trim_end_matches('.'));
        text = text.then(" ").then_code(&*o.id).then(said);
    }
    Answer::text(c.asked_in(text, " For how long they stay is asked in ", "versioning"))
}

fn backward_compatibility<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let all = versioned(c);
    let mut by: BTreeMap<&str, BTreeMap<&str, &Operation>> = BTreeMap::new();
    for (before, version, o) in &all {
        let known = by.entry(before).or_default();
        known.entry(version).or_insert(o);
    }
    by.retain(|_, versions| versions.len() > 1);
    let versions: BTreeMap<&str, &Operation> = by.into_values().flatten().collect();
    if !versions.is_empty() {
        let text = Text::plain("Several versions are served side by side: ")
            .spans(names(versions.keys().copied(), 5));
        let sources = versions.values().map(|o| &o.provenance);
        return Answer::text(end(text.from(&first_places(sources, 3))));
    }
    c.stated_of_versions()
        .map_or(Answer::Gap("versioning"), Answer::text)
}

fn http_methods<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let http: Vec<_> = c
        .primary_operations()
        .filter(|(i, _)| i.kind == InterfaceKind::Http)
        // A socket is opened by a GET and has no method of its own, a topic has none.
        .filter(|(_, o)| o.method != "WEBSOCKET" && !super::interfaces::is_topic(o))
        .collect();
    for (_, o) in &http {
        *counts.entry(o.method.as_str()).or_default() += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(m, n)| (std::cmp::Reverse(*n), *m));
    let parts: Vec<String> = counts
        .iter()
        .take(8)
        .map(|(m, n)| format!("{m} {n}"))
        .collect();
    match parts.is_empty() {
        true => match super::interfaces::generated_routes(c) {
            Some(text) => Answer::text(text),
            None => c.absent(
                "HTTP operation",
                &["routes in code", "OpenAPI contracts"],
                "interfaces",
            ),
        },
        false => {
            let n = words::count(http.len(), "HTTP operation");
            let partial = http.iter().any(|(i, _)| super::interfaces::is_partial(i));
            let mut text = Text::plain(match partial {
                true => format!("At least {n}"),
                false => n,
            });
            let by = distinct(
                http.iter()
                    .filter_map(|(i, _)| i.element.as_deref())
                    .map(|id| c.name_of(id)),
            );
            if !by.is_empty() {
                text = text.then(" of ").spans(names(by, 4));
            }
            let text = text.then(format!(" by method: {}.", parts.join(", ")));
            let text = text.from(&first_places(http.iter().map(|(_, o)| &o.provenance), 2));
            Answer::text(match live_pages(c) {
                Some(live) => text.then(" ").append(live),
                None => text,
            })
        }
    }
}

/// `7 of the GET operations are pages of live views, which a WebSocket keeps up to date.`
fn live_pages(c: &Context) -> Option<Text> {
    let mut seen = c.seen(Topic::Stated).to_vec();
    seen.retain(|o| o.name == LIVE_PAGES);
    let counts = seen.iter().filter_map(|o| o.detail.as_deref());
    let n: usize = counts.filter_map(|n| n.parse::<usize>().ok()).sum();
    let verb = words::verb_for(
        n,
        "One of the GET operations is a page of a live view, which a WebSocket keeps up to date",
        "of the GET operations are pages of live views, which a WebSocket keeps up to date",
    );
    let text = match n {
        0 => return None,
        1 => verb.to_owned(),
        n => format!("{n} {verb}"),
    };
    Some(end(
        Text::plain(text).from(&first_places(seen.iter().map(|o| &o.provenance), 2))
    ))
}

fn resource_urls<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let http: Vec<_> = c
        .primary_operations()
        .filter(|(i, _)| i.kind == InterfaceKind::Http)
        .collect();
    let paths = distinct(http.iter().map(|(_, o)| o.path.as_str()));
    match paths.is_empty() {
        true => match super::interfaces::generated_routes(c) {
            Some(text) => Answer::text(text),
            None => c.absent(
                "HTTP path",
                &["routes in code", "OpenAPI contracts"],
                "interfaces",
            ),
        },
        false => {
            // `/api/orders.list` names a method as calls of procedures do, and no resource.
            let called: Vec<&str> = paths.iter().copied().filter(|p| is_call(p)).collect();
            if called.len() * 2 > paths.len() {
                let n = words::count(paths.len(), "path");
                let text = format!(
                    "{} of {n} {} a method as calls of procedures do, and no resource: ",
                    words::number(called.len() as u64),
                    words::verb_for(called.len(), "names", "name"),
                );
                let of = |o: &Operation| is_call(&o.path);
                let sources = http
                    .iter()
                    .filter(|(_, o)| of(o))
                    .map(|(_, o)| &o.provenance);
                let text = Text::plain(words::capital(&text)).spans(names(called, 5));
                return Answer::text(end(text.from(&first_places(sources, 3))));
            }
            let n = words::count(paths.len(), "path");
            let text = Text::plain(format!("{n}, for example ")).spans(names(paths, 5));
            Answer::text(end(
                text.from(&first_places(http.iter().map(|(_, o)| &o.provenance), 3))
            ))
        }
    }
}

/// Whether the last part of a path is a noun and a verb joined by a point: `orders.list`.
fn is_call(path: &str) -> bool {
    const FILES: [&str; 12] = [
        "css", "gif", "html", "ico", "jpg", "js", "json", "png", "svg", "txt", "xml", "zip",
    ];
    let last = path
        .trim_end_matches('/')
        .rsplit('/')
        .next()
        .unwrap_or(path);
    let word = |w: &str| w.len() > 1 && w.chars().all(|c| c.is_ascii_alphabetic() || c == '_');
    last.rsplit_once('.').is_some_and(|(noun, verb)| {
        noun.split('.').all(word) && word(verb) && !FILES.contains(&verb)
    })
}

/// The statuses of HTTP that contracts declare, and those that were found in handlers, which may
/// give more.
pub(super) fn statuses(c: &Context) -> Option<Vec<Text>> {
    let mut declared: BTreeMap<&str, &Operation> = BTreeMap::new();
    let mut found: BTreeMap<&str, &Operation> = BTreeMap::new();
    // What only decorators beside the code name, and what refuses with a status of success.
    let mut beside: BTreeMap<&str, &Operation> = BTreeMap::new();
    let mut refused: BTreeMap<(&str, &str), &Operation> = BTreeMap::new();
    // Only HTTP has a status line; the outcome of a call of gRPC is none.
    let http = c
        .primary_operations()
        .filter(|(i, _)| i.kind == InterfaceKind::Http);
    for (_, o) in http {
        let all = match c.surveyed() && super::interfaces::in_code(o) {
            true => &mut found,
            false => &mut declared,
        };
        for r in &o.responses {
            match r.origin {
                None => {
                    all.entry(r.status.as_str()).or_insert(o);
                }
                Some(Origin::Declared) => {
                    beside.entry(r.status.as_str()).or_insert(o);
                }
                Some(Origin::Thrown) => {
                    let said = r.description.as_deref().unwrap_or_default();
                    refused.entry((r.status.as_str(), said)).or_insert(o);
                }
            }
        }
    }
    beside.retain(|status, _| {
        !found.contains_key(status) && !refused.keys().any(|(thrown, _)| thrown == status)
    });
    let told = |lead: &str, all: &BTreeMap<&str, &Operation>| {
        let parts: Vec<Span> = all.keys().map(|s| Span::Code((*s).to_owned())).collect();
        let text = Text::plain(lead).spans(words::list_spans(parts, 12, "and"));
        text.from(&first_places(all.values().map(|o| &o.provenance), 3))
    };
    let mut texts = Vec::new();
    if !declared.is_empty() {
        texts.push(end(told("Contracts declare the answers ", &declared)));
    }
    if !found.is_empty() {
        let text = told("Handlers in code answer with ", &found);
        texts.push(end(text.then(", as far as they were read")));
    }
    if !beside.is_empty() {
        let lead = match texts.is_empty() {
            true => "Decorators of handlers declare ",
            false => "Decorators of handlers declare besides ",
        };
        let text = told(lead, &beside);
        texts.push(end(text.then(", which no code that was read gives")));
    }
    for ((status, said), o) in refused.into_iter().take(4) {
        let text = Text::code(status).then(match found.contains_key(status) {
            true => " also refuses what was asked",
            false => " is no success here but refuses what was asked",
        });
        let text = match said {
            "" => text,
            said => text.then(": ").spans(crate::text::inline(said)),
        };
        // The guard that throws it stands behind the handler.
        let places = o.provenance.evidence.last().cloned();
        texts.push(end(text.from(&Provenance::observed(places))));
    }
    // What stands before the handlers answers for all of them.
    for o in c.seen(Topic::ErrorHandling) {
        let answers = o.detail.as_deref().and_then(|d| d.strip_prefix("answers "));
        if let Some(answers) = answers {
            let parts = answers.split(", ").map(|s| Span::Code(s.to_owned()));
            let text = Text::plain("Middleware ")
                .then_code(&o.name)
                .then(" answers with ")
                .spans(words::list_spans(parts.collect(), 12, "and"));
            texts.push(end(text.from(&o.provenance)));
        }
    }
    (!texts.is_empty()).then_some(texts)
}

fn status_codes<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let Some(texts) = statuses(c) else {
        return unread(c).unwrap_or_else(|| {
            c.absent(
                "declared status code",
                &["contracts", "handlers"],
                "schemas",
            )
        });
    };
    super::goals::one_line(texts).unwrap_or(Answer::Gap("schemas"))
}

fn content_types<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    if c.designed() && !c.primary.is_empty() {
        let sources = c.primary.iter().map(|i| &i.provenance);
        let text = Text::plain(
            "JSON in UTF-8 both ways; another type gets 415, and a caller that accepts no JSON gets 406.",
        );
        return Answer::text(text.from_all(sources));
    }
    let mut all: BTreeMap<&str, Vec<&Observation>> = BTreeMap::new();
    for o in c.seen(Topic::MediaType) {
        all.entry(&o.name).or_default().push(o);
    }
    let mut all: Vec<_> = all.into_iter().collect();
    all.sort_by_key(|(_, seen)| std::cmp::Reverse(seen.len()));
    let texts = all
        .into_iter()
        .map(|(media, seen)| media_text(c, media, &seen));
    // Which types bodies have beside these stands in contracts and handlers, where it is not read.
    super::tools::lines(texts.take(8).collect()).unwrap_or(Answer::Gap("schemas"))
}

/// `` `application/json`: in answers of `orders` and in bodies that `carts` takes. ``
fn media_text(c: &Context, media: &str, seen: &[&Observation]) -> Text {
    let mut text = Text::code(media);
    let mut first = true;
    for direction in ["answers", "takes"] {
        let here: Vec<_> = (seen.iter())
            .filter(|o| o.detail.as_deref() == Some(direction))
            .collect();
        if here.is_empty() {
            continue;
        }
        let who = distinct(
            here.iter()
                .filter_map(|o| o.element.as_deref())
                .map(|id| c.name_of(id)),
        );
        text = text.then(if first { ": in " } else { " and in " });
        let one = who.len() == 1;
        text = match (direction, who.is_empty()) {
            ("answers", true) => text.then("answers"),
            ("answers", false) => text.then("answers of ").spans(names(who, 4)),
            (_, true) => text.then("bodies that are taken"),
            (_, false) => (text.then("bodies that ").spans(names(who, 4))).then(if one {
                " takes"
            } else {
                " take"
            }),
        };
        first = false;
    }
    end(text.from(&first_places(seen.iter().map(|o| &o.provenance), 2)))
}

#[cfg(test)]
mod tests {
    use super::is_version;

    #[test]
    fn versions_are_numbers_or_given_by_the_caller() {
        assert!(
            [
                "v1",
                "V12",
                "v2.0",
                "v1beta2",
                "v{version}",
                "v{apiVersion}"
            ]
            .iter()
            .all(|p| is_version(p))
        );
        assert!(
            ![
                "v",
                "vat",
                "valpha1",
                "v1beta",
                "{version}",
                "v{id}",
                "v1234",
                "v1.",
                "v1.2.3"
            ]
            .iter()
            .any(|p| is_version(p))
        );
    }
}
