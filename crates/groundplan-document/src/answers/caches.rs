//! Caches by layer: browsers, networks, proxies, servers, processes and queries.

use super::configuration::{is, scoped};
use super::failures::is_code;
use super::found::{found, kind_of, mark_text, more, product_text, products, users_of, with_role};
use super::framework_choices::{self, Kept};
use super::goals::distinct;
use super::records;
use super::seen::{Group, end, groups, is_aside};
use super::volumes::{keeps_nothing, kept_volumes, misplaced};
use crate::answer::Answer;
use crate::context::{Context, counted};
use crate::subject::Subject;
use crate::text::{first_places, inline, name, names, plain_cell, table};
use crate::tree::{Block, Text};
use crate::words;
use groundplan_knowledge::{Category, knowledge};
use groundplan_model::{
    Element, Observation, PROCESS_MEMORY, Provenance, RelationshipKind, Role, Setting, Topic,
};
use std::collections::BTreeMap;

records! {
    "browser-cache": browser_cache, "What browsers may keep.";
    "cache": cache, "What is cached where, and what its loss means.";
    "cache-count": cache_count, "How many layers of cache there are.";
    "cache-layers": cache_layers, "Layers of cache with what they hold and for how long.";
    "cache-product": |c, _| cache_product(c), "Cache products with versions.";
    "cdn": cdn, "Whether a content delivery network stands before the system.";
    "query-cache": query_cache, "Whether results of queries are cached.";
}

fn cache_product(c: &Context) -> Answer {
    let caches = products(c, |t| t.category == Category::Cache);
    // What only carries jobs and messages is told as a queue.
    let carries = |e: &&Element| e.role == Some(Role::Broker);
    let items = caches.iter();
    let items = items.filter(|p| p.runs.is_empty() || !p.runs.iter().all(carries));
    if let Some(answer) = found(items.map(product_text).collect()) {
        return answer;
    }
    // A program may keep values in its own memory, with no product beside it.
    let own = uses_at(c, Layer::Application);
    let stays = |detail: &str| is_time(detail) || detail.contains(PROCESS_MEMORY);
    let kept: Vec<&Observation> = (own.into_iter())
        .filter(|o| is_memory(&o.name) && o.detail.as_deref().is_none_or(stays))
        .collect();
    let first = groups(c, &kept).into_iter().take(1);
    let chosen = framework_choices::text(c, Kept::Cache);
    let first = first.map(|g| {
        let text = Text::plain("No product of its own: the program keeps values in its memory, ");
        end(text
            .append(within(&g))
            .from(&first_places(g.sources.iter().copied(), 2)))
    });
    found(chosen.into_iter().chain(first).collect())
        .unwrap_or_else(|| c.absent("cache", &["images", "package manifests"], "caching"))
}

/// Whether a mark of a cache is that of the memory of a process: the library's own, or a map that is called so;
/// annotations, frameworks and libraries of several layers may keep elsewhere.
fn is_memory(name: &str) -> bool {
    const LAYERED: [&str; 2] = ["FusionCache", "HybridCache"];
    let is_name = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    let called = name.to_lowercase();
    let called = called.trim_end_matches('_').trim_end_matches('s');
    name.starts_with("memory cache of ")
        || is_name && !LAYERED.contains(&name) && called.ends_with("cache")
}

/// Observations of caches by layer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Layer {
    Browser,
    Proxy,
    Application,
}

fn layer(o: &Observation) -> Option<Layer> {
    let name = o.name.to_lowercase();
    if forbids(o) {
        return None;
    }
    Some(match name.as_str() {
        // Compression is no cache, though the same directive block sets it.
        n if n.contains("gzip") || n.contains("compress") || n.contains("encode") => return None,
        n if n.starts_with("expires") || n.contains("cache-control") || n.contains("etag") => {
            Layer::Browser
        }
        n if n.starts_with("proxy_cache")
            || n.starts_with("fastcgi_cache")
            || n.starts_with("uwsgi_cache") =>
        {
            Layer::Proxy
        }
        _ => Layer::Application,
    })
}

/// Whether it forbids that an answer is kept, in all the values that are known of it: that is no cache.
pub(super) fn forbids(o: &Observation) -> bool {
    let Some(values) = o.detail.as_deref() else {
        return false;
    };
    let values = values.strip_prefix("by place ").unwrap_or(values);
    values.split(" | ").all(|value| {
        let value = value.to_ascii_lowercase().replace(' ', "");
        ["no-store", "max-age=0", "nostore=true"]
            .iter()
            .any(|no| value.contains(no))
    })
}

/// Whether something is kept by it: what forbids that is no optimization, nor is what an example says.
pub(super) fn keeps(o: &Observation) -> bool {
    layer(o).is_some() && !is_aside(&o.provenance)
}

/// Whether code sets it on answers that it gives: such a header is that of an answer, not a layer of the
/// system.
fn of_answers(o: &Observation) -> bool {
    let mut places = o.provenance.evidence.iter();
    places.any(|at| is_code(&at.path)) && !o.name.to_lowercase().contains("middleware")
}

/// The file of what stands in one file of code, to be said beside it.
fn file_of<'g>(g: &Group<'g>) -> Option<&'g str> {
    let mut paths = g.sources.iter().filter_map(|s| s.first());
    let first = paths.next()?.path.as_str();
    (is_code(first) && paths.all(|at| at.path == first)).then_some(first)
}

/// The same with the file that the name stands in: `` in `views.py` ``.
fn with_file(text: Text, g: &Group) -> Text {
    match file_of(g) {
        Some(path) => text.then(", in ").then_code(path),
        None => text,
    }
}

fn uses_at<'a>(c: &Context<'a>, wanted: Layer) -> Vec<&'a Observation> {
    c.seen(Topic::CacheUse)
        .iter()
        .filter(|o| layer(o) == Some(wanted) && !is_aside(&o.provenance))
        .copied()
        .collect()
}

/// Whether messages pass through it, so that it is a queue more than a cache.
fn carries_messages(c: &Context, e: &Element) -> bool {
    let kinds = [RelationshipKind::Publishes, RelationshipKind::Subscribes];
    c.incoming(&e.id).iter().any(|r| kinds.contains(&r.kind))
}

/// What is not known of the use of a store of this kind, jobs apart that libraries keep in it.
fn use_unknown(c: &Context, e: &Element) -> String {
    let store = e.technology.iter().find_map(|t| knowledge().by_name(t));
    let Some(store) = store else {
        return "; whether as a cache, a store or a queue was not followed.".to_owned();
    };
    let queues = products(c, |t| {
        (t.jobs_in.iter()).any(|j| knowledge().serves(&store.id, j))
    });
    let queues: Vec<&str> = queues.iter().map(|p| p.technology.name.as_str()).collect();
    match queues.is_empty() {
        true => "; whether as a cache, a store or a queue was not followed.".to_owned(),
        false => format!(
            "; jobs of {} may wait in it, and whether it is a cache or a store as well was not followed.",
            words::list(&queues, "and")
        ),
    }
}

fn cache_text(c: &Context, e: &Element) -> Text {
    let users = users_of(c, e);
    if carries_messages(c, e) {
        let verb = words::verb_for(users.len(), " exchanges", " exchange");
        let text = Text::default()
            .spans(names(users, 4))
            .then(format!("{verb} messages through "));
        let text = end(text.then_code(&e.name).then(kind_of(e)));
        let sources = c.incoming(&e.id).iter().map(|r| &r.provenance);
        return text.from(&first_places(sources.chain([&e.provenance]), 3));
    }
    if let Some(leader) = e.attribute("replica-of") {
        let text = Text::code(&e.name)
            .then(kind_of(e))
            .then(" is a replica of ")
            .then_code(&leader.value);
        return end(text.from(&leader.provenance));
    }
    if users.is_empty() {
        return super::store_hints::undecided_cache(c, e);
    }
    // What a product can be used for is not what it is used for here, and that no other store was
    // read does not make it the only one.
    let mut text = Text::code(&e.name)
        .then(kind_of(e))
        .then(" is used by ")
        .spans(names(users.iter().copied(), 5))
        .then(if c.designed() {
            ".".to_owned()
        } else {
            use_unknown(c, e)
        });
    let mut sources: Vec<&Provenance> = c
        .incoming(&e.id)
        .iter()
        .map(|r| &r.provenance)
        .take(3)
        .collect();
    if let Some(volume) = kept_volumes(e).first() {
        text = end(text.then(" Mounted into it: ").then_code(&volume.value));
        sources.push(&volume.provenance);
    } else if let Some(more) = misplaced(e) {
        text = text.then(" ").append(more);
    } else if keeps_nothing(e) {
        text = text.then(" No volume was found for it.");
    }
    sources.push(&e.provenance);
    text.from(&first_places(sources, 4))
}

fn in_process(c: &Context) -> Vec<Text> {
    let libraries = products(c, |t| t.category == Category::Cache && !t.is_server());
    libraries
        .iter()
        .map(|p| {
            let text = Text::default().spans(names(p.users.iter().copied(), 4));
            let text = match p.users.is_empty() {
                true => Text::plain(format!("{} {}", p.technology.name, p.technology.about)),
                false => text
                    .then(words::verb_for(p.users.len(), " has ", " have "))
                    .then(format!("{} among ", p.technology.name))
                    .then(words::verb_for(p.users.len(), "its", "their"))
                    .then(format!(" packages{}", super::security::gloss(p.technology))),
            };
            end(text.from(&first_places(p.sources.iter().copied(), 2)))
        })
        .collect()
}

/// The name of a mark and where it stands.
fn within(g: &Group) -> Text {
    let text = Text::code(g.name);
    match g.elements.is_empty() {
        true => text,
        false => text
            .then(" in ")
            .spans(names(g.elements.iter().copied(), 3)),
    }
}

/// A product of whole numbers as one: `60 * 60` is `3600`.
fn folded(detail: &str) -> Option<u64> {
    let factors = detail.split('*').map(|f| f.trim().replace('_', ""));
    let whole = |f: &String| !f.is_empty() && f.bytes().all(|b| b.is_ascii_digit());
    factors
        .map(|f| whole(&f).then(|| f.parse::<u64>().ok()).flatten())
        .try_fold(1_u64, |product, f| product.checked_mul(f?))
}

/// Whether a detail is no value but an expression that chooses one.
fn is_computed(detail: &str) -> bool {
    let chooses = [" if ", " ? ", " ?: ", " || ", " ?? ", " or ", " + ", " - "];
    chooses.iter().any(|mark| detail.contains(mark))
}

/// Whether a detail is the name of a variable that holds a time: `cache_time`,
/// `settings.CACHE_TTL`.
fn is_variable(detail: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._[]'\"".contains(c);
    let lower = detail.to_ascii_lowercase();
    detail.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && detail.chars().all(plain)
        && (["ttl", "time", "age", "expir", "duration"]
            .iter()
            .any(|word| lower.contains(word))
            || has_unit(detail))
}

/// Whether a word of a name is a unit of time: `ONE_DAY`, `cacheSeconds`, and not `secondary`.
fn has_unit(name: &str) -> bool {
    const UNITS: [&str; 5] = ["day", "hour", "minute", "second", "week"];
    let parts = crate::named::parts(name);
    parts.iter().any(|part| {
        let one = part.strip_suffix('s').unwrap_or(part);
        UNITS.contains(&one)
    })
}

/// How the survey ends the name of a cache's size.
const SIZE: &str = ", entries at most";

/// How it ends the name of its time to live.
const LASTS: &str = ", time to live";

/// Whether the first group is the size of the cache whose time to live the second one is: one
/// expression builds both.
fn is_of_one(size: &Group, lasts: &Group) -> bool {
    let library = size.name.strip_suffix(SIZE);
    let same = library.is_some() && library == lasts.name.strip_suffix(LASTS);
    same && size.elements == lasts.elements && {
        let first = |g: &Group| g.sources.first().and_then(|s| s.first().cloned());
        let (a, b) = (first(size), first(lasts));
        a.zip(b).is_some_and(|(a, b)| {
            a.path == b.path && a.lines[0] <= b.lines[1] && b.lines[0] <= a.lines[1]
        })
    }
}

/// What code caches, with the size of a cache and its time to live kept together: two caches of one size are one
/// group only where they last alike.
fn cache_groups<'a>(c: &Context<'a>, all: &[&'a Observation]) -> Vec<Group<'a>> {
    // Each is held against all.
    const MOST: usize = 2_000;
    let bounded = |o: &Observation| o.name.ends_with(SIZE) || o.name.ends_with(LASTS);
    let place = |o: &'a Observation| o.provenance.first();
    // What the same expression says of the other kind.
    let beside = |o: &'a Observation| -> Option<Option<&'a str>> {
        let (library, _) = o.name.split_once(", ")?;
        let own = place(o).filter(|_| all.len() <= MOST)?;
        all.iter().find_map(|other| {
            let (of, _) = other.name.split_once(", ")?;
            let at = place(other)?;
            let touches =
                at.path == own.path && at.lines[0] <= own.lines[1] && own.lines[0] <= at.lines[1];
            let same = of == library && other.name != o.name && other.element == o.element;
            (same && bounded(other) && touches).then_some(other.detail.as_deref())
        })
    };
    let plain: Vec<&Observation> = all.iter().filter(|o| !bounded(o)).copied().collect();
    let mut alike: BTreeMap<_, Vec<&'a Observation>> = BTreeMap::new();
    for o in all.iter().filter(|o| bounded(o)) {
        let key = (o.name.as_str(), o.detail.as_deref(), beside(o));
        alike.entry(key).or_default().push(o);
    }
    let kept = alike.into_values().flat_map(|of_one| groups(c, &of_one));
    // What is bounded says more than a name.
    kept.chain(groups(c, &plain)).collect()
}

/// Sentences on what code caches; of a cache with a size and a time to live one.
pub(super) fn application_texts<'a>(c: &Context<'a>, all: &[&'a Observation]) -> Vec<Text> {
    let applied = cache_groups(c, all);
    let told = |g: &&Group| !applied.iter().any(|lasts| is_of_one(g, lasts));
    let text = |g: &Group| {
        let size = applied.iter().find(|size| is_of_one(size, g));
        match size.and_then(|size| size.detail) {
            Some(n) => bounded_text(g, n),
            None => application_text(g),
        }
    };
    applied.iter().filter(told).map(text).collect()
}

/// `` In `server` a Caffeine cache keeps an entry for `1 day` and holds 10000 entries at most ``.
fn bounded_text(lasts: &Group, size: &str) -> Text {
    let library = lasts.name.strip_suffix(LASTS).unwrap_or(lasts.name);
    let text = match lasts.detail.map(str::trim) {
        Some(n) => keeps_for(lasts, library, n),
        None => a_cache(lasts).then(format!(
            "{library} cache lets entries expire, after a time that was not followed,"
        )),
    };
    let size = size.trim();
    let noun = words::verb_for(usize::from(size != "1") + 1, "entry", "entries");
    let text = text.then(format!(" and holds {size} {noun} at most"));
    end(text.from(&first_places(lasts.sources.iter().copied(), 3)))
}

/// How the sentence on a cache that is bounded begins: `` In `server` a ``.
fn a_cache(g: &Group) -> Text {
    match g.elements.is_empty() {
        true => Text::plain("A "),
        false => Text::plain("In ")
            .spans(names(g.elements.iter().copied(), 3))
            .then(" a "),
    }
}

/// What a value is put into: `` Code of `web` in `web/plugins.py` keeps values in `Django cache` ``.
fn puts(g: &Group) -> Text {
    let text = match g.elements.is_empty() {
        true => Text::plain("Code"),
        false => Text::plain("Code of ").spans(names(g.elements.iter().copied(), 3)),
    };
    let text = match file_of(g) {
        Some(path) => text.then(" in ").then_code(path),
        None => text,
    };
    text.then(" keeps values in ").then_code(g.name)
}

fn keeps_for(g: &Group, library: &str, lasts: &str) -> Text {
    a_cache(g)
        .then(format!("{library} cache keeps an entry for "))
        .append(match duration(lasts) {
            Some(text) => Text::plain(text),
            None => Text::code(lasts),
        })
}

/// A length of time of Rust, `Duration::from_secs(30)`, as people write it.
fn duration(detail: &str) -> Option<String> {
    let (unit, rest) = detail.strip_prefix("Duration::from_")?.split_once('(')?;
    let n = folded(rest.strip_suffix(')')?)?;
    let unit = match unit {
        "millis" => "ms",
        "secs" => "s",
        "mins" => "min",
        "hours" => "h",
        _ => return None,
    };
    Some(format!("{n} {unit}"))
}

/// How long something is kept, as a cell of a table has it.
fn lasting(detail: &str) -> String {
    let detail = detail.trim();
    if let Some(text) = duration(detail).or_else(|| of_ruby(detail)) {
        return text;
    }
    match folded(detail) {
        Some(n) if detail.contains('*') => n.to_string(),
        None if is_computed(detail) => "computed by code".to_owned(),
        _ => detail.to_owned(),
    }
}

/// A length of time of Ruby, `2.hours`, as people write it.
fn of_ruby(detail: &str) -> Option<String> {
    const UNITS: [&str; 7] = ["second", "minute", "hour", "day", "week", "month", "year"];
    let (number, unit) = detail.split_once('.')?;
    let n = folded(number)?;
    let unit = UNITS
        .iter()
        .find(|u| unit.strip_suffix('s').unwrap_or(unit) == **u)?;
    Some(format!("{n} {unit}{}", if n == 1 { "" } else { "s" }))
}

/// What an application caches, as a sentence with a unit:
/// `` In `server` a moka cache holds 10000 entries at most ``.
fn application_text(g: &Group) -> Text {
    let product = g
        .detail
        .filter(|d| d.contains('*'))
        .and_then(folded)
        .map(|n| n.to_string());
    let number = product.as_deref().or(g
        .detail
        .map(str::trim)
        .filter(|d| !d.is_empty() && d.chars().all(|c| c.is_ascii_digit() || c == '_')));
    let ruby = g.detail.and_then(|d| of_ruby(d.trim()));
    let called = |with: &str| {
        let joint = if file_of(g).is_some() { "," } else { "" };
        with_file(within(g), g).then(format!("{joint} is called with {with}"))
    };
    let said = match (g.name.split_once(", "), g.detail.map(str::trim), number) {
        (None, Some(detail), None) if is_computed(detail) => {
            within(g).then(" is called with a time to live that code computes")
        }
        (Some((library, "entries at most")), Some(n), _) => {
            let noun = words::verb_for(usize::from(n != "1") + 1, "entry", "entries");
            a_cache(g).then(format!("{library} cache holds {n} {noun} at most"))
        }
        (Some((library, "time to live")), Some(n), _) => keeps_for(g, library, n),
        (Some((library, "entries at most")), None, _) => a_cache(g).then(format!(
            "{library} cache is given a limit of entries, not as a number"
        )),
        (Some((library, "time to live")), None, _) => a_cache(g).then(format!(
            "{library} cache is given a time after which entries expire, not as a number"
        )),
        (None, _, Some(n)) if g.name == "Django cache" => {
            let seconds = words::verb_for(usize::from(n != "1") + 1, "second", "seconds");
            puts(g).then(format!(" for {n} {seconds}"))
        }
        (None, _, Some(n)) => called("").then_code(n).then(" as its time to live"),
        (None, Some(detail), None) if ruby.is_some() || is_variable(detail) => match &ruby {
            Some(time) => called(&format!("{time} as its time to live")),
            // The name of a variable tells no time.
            None => called("a time to live from ")
                .then_code(detail)
                .then(", whose value was not read"),
        },
        // A bare name tells that something is called after a cache, and no more.
        (None, None, None) if !g.name.contains([' ', '`', '/']) => {
            let place = match g.elements.is_empty() {
                true => Text::plain("Code"),
                false => Text::plain("Code of ").spans(names(g.elements.iter().copied(), 3)),
            };
            place
                .then(" names something after a cache: ")
                .then_code(g.name)
        }
        (None, None, None) if !g.elements.is_empty() => {
            let verb = words::verb_for(g.elements.len(), " calls ", " call ");
            Text::default()
                .spans(names(g.elements.iter().copied(), 3))
                .then(verb)
                .then_code(g.name)
                .then("; for how long it keeps what it is given was not read")
        }
        _ => return mark_text(g),
    };
    end(said.from(&first_places(g.sources.iter().copied(), 3)))
}

fn cache<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let mut items: Vec<Text> = with_role(c, &[Role::Cache])
        .iter()
        .map(|e| cache_text(c, e))
        .collect();
    items.extend(in_process(c));
    items.extend(application_texts(c, &uses_at(c, Layer::Application)));
    items.extend(framework_choices::text(c, Kept::Cache));
    if items.is_empty() {
        let drivers = products(c, |t| t.category == Category::Cache);
        items = drivers.iter().map(product_text).collect();
    }
    found(items).unwrap_or_else(|| {
        c.absent_topics(
            &[Topic::CacheUse],
            "cache",
            &["images", "package manifests", "settings"],
            "caching",
        )
    })
}

/// The layer of what browsers keep, as the table names it.
const BROWSER: &str = "Browser";

/// What stands in the place of a layer where a manifest has a package for a cache and no use of it
/// was read.
const ONLY_PACKAGE: &str = "Process (package only)";

/// The rows of the table of caches: layer, what, how long, invalidation.
fn rows(c: &Context) -> Vec<Vec<Text>> {
    let pages = c.see_pages("caching");
    let ask = || match &pages {
        Some(pages) => pages.clone(),
        None => Text::plain("Asked in ").and(c.ask("caching")),
    };
    let mut rows: Vec<Vec<Text>> = Vec::new();
    if c.designed() {
        for o in c.seen(Topic::CacheUse).iter().take(12) {
            let detail = o.detail.as_deref().unwrap_or_default();
            let (ttl, ended) = detail
                .split_once("; ends with: ")
                .unwrap_or((detail, "age"));
            rows.push(vec![
                Text::plain(if o.element.as_deref() == Some("edge") {
                    "Client"
                } else {
                    "Application"
                }),
                Text::sourced(&*o.name, o.provenance.clone()),
                Text::plain(ttl),
                Text::plain(ended),
            ]);
        }
        return rows;
    }
    for (kind, word) in [(Layer::Browser, BROWSER), (Layer::Proxy, "Proxy")] {
        for g in groups(c, &uses_at(c, kind)).iter().take(3) {
            let what = with_file(name(g.name), g);
            rows.push(vec![
                Text::plain(word),
                what.from(&first_places(g.sources.iter().copied(), 2)),
                plain_cell(&words::short(g.detail.unwrap_or(""), 60)),
                Text::plain("By age"),
            ]);
        }
    }
    for e in cdn_elements(c) {
        rows.push(vec![
            Text::plain("CDN"),
            name(&e.name).from(&e.provenance),
            ask(),
            ask(),
        ]);
    }
    let applied = cache_groups(c, &uses_at(c, Layer::Application));
    // A framework may keep its cache elsewhere: only what names the product of a server is known to lie there.
    let names_it = |g: &Group, e: &Element| {
        let lower = g.name.to_ascii_lowercase();
        let word = |t: &String| {
            let word = t.split([' ', '(']).next().filter(|w| !w.is_empty());
            word.map(str::to_ascii_lowercase)
        };
        e.technology
            .iter()
            .filter_map(word)
            .any(|w| lower.contains(&w))
    };
    let servers = with_role(c, &[Role::Cache]);
    for e in servers.iter().copied().take(6) {
        let users = users_of(c, e);
        let near: Vec<_> = applied
            .iter()
            .filter(|g| g.elements.iter().any(|x| users.contains(x)))
            .collect();
        let mine: Vec<_> = near.iter().filter(|g| names_it(g, e)).collect();
        let what = match users.is_empty() {
            true => Text::code(&e.name),
            false => Text::plain("Data of ")
                .spans(names(users, 4))
                .then(" in ")
                .then_code(&e.name),
        };
        let lasts = match mine.first() {
            Some(g) => {
                let lasts = lasting(g.detail.unwrap_or(""));
                plain_cell(&lasts).from(&first_places(g.sources.iter().copied(), 2))
            }
            None if near.is_empty() => Text::plain("No expiry was found"),
            None => Text::plain("Not read"),
        };
        let timed = mine.iter().all(|g| g.detail.is_some_and(is_time));
        rows.push(vec![
            Text::plain("Server"),
            what.from(&e.provenance),
            lasts,
            match timed && !mine.is_empty() {
                true => Text::plain("By age"),
                false => ask(),
            },
        ]);
    }
    // What code caches is a cache also where its server was not found.
    let sized = |g: &Group| g.name.ends_with(SIZE);
    let of_server = |g: &Group| servers.iter().any(|e| names_it(g, e));
    let told =
        |g: &&Group| (!sized(g) || !applied.iter().any(|t| is_of_one(g, t))) && !of_server(g);
    for g in applied.iter().filter(told).take(4) {
        // How many entries a cache holds is no time: one cache is one row.
        let (library, bounded) = match g.name.split_once(", ") {
            Some((library, "time to live" | "entries at most")) => (library, true),
            _ => (g.name, false),
        };
        // `` on `settings`, made once and kept in the memory of the process ``
        let held = g.detail.filter(|d| d.contains(PROCESS_MEMORY));
        let held = held.and_then(|d| d.split_once(", "));
        let what = match held {
            Some((of, _)) => Text::code(library).then(" ").spans(inline(of)),
            None => Text::code(library),
        };
        let what = match g.elements.is_empty() {
            true => what,
            false => what
                .then(" in ")
                .spans(names(g.elements.iter().copied(), 3)),
        };
        let size = match sized(g) {
            true => g.detail,
            false => applied
                .iter()
                .find(|s| is_of_one(s, g))
                .and_then(|s| s.detail),
        };
        let what = match size.filter(|_| bounded) {
            Some("1") => what.then(", 1 entry at most"),
            Some(n) => what.then(format!(", {n} entries at most")),
            None => what,
        };
        let lasts = match sized(g) {
            true => Text::plain("No expiry was found"),
            false => held
                .map(|(_, lasts)| lasts)
                .or(g.detail)
                .map_or_else(ask, |d| Text::default().spans(inline(&lasting(d)))),
        };
        let ends = held.is_some_and(|(_, d)| d.starts_with("made once") || d.ends_with(" ends"));
        rows.push(vec![
            Text::plain("Application"),
            what.from(&first_places(g.sources.iter().copied(), 2)),
            lasts,
            match (leaves(library), g.detail) {
                _ if ends => Text::plain("With the process"),
                (Some(how), _) => Text::plain(how),
                (None, Some(detail)) if is_time(detail) => Text::plain("By age"),
                _ => ask(),
            },
        ]);
    }
    // A package is a layer only where code uses it: the abstraction in code and the library that
    // stands behind it are one.
    let using: Vec<&str> = distinct(applied.iter().flat_map(|g| g.elements.iter().copied()));
    for p in products(c, |t| t.category == Category::Cache && !t.is_server())
        .iter()
        .filter(|p| !p.users.iter().any(|u| using.contains(u)))
        .take(4)
    {
        let what = match p.users.is_empty() {
            true => Text::plain(p.technology.name.as_str()),
            false => Text::plain(format!("{} in ", p.technology.name))
                .spans(names(p.users.iter().copied(), 4)),
        };
        rows.push(vec![
            Text::plain(ONLY_PACKAGE),
            what.from(&first_places(p.sources.iter().copied(), 2)),
            ask(),
            ask(),
        ]);
    }
    for s in query_settings(c).into_iter().take(2) {
        rows.push(vec![
            Text::plain("Query"),
            name(&s.name).from(&s.provenance),
            plain_cell(s.value.as_deref().unwrap_or("")),
            ask(),
        ]);
    }
    rows
}

/// Whether a detail says how long something is kept, so that it leaves by its age.
fn is_time(detail: &str) -> bool {
    let detail = detail.trim();
    let first = detail.starts_with(|c: char| c.is_ascii_digit());
    (first && !is_computed(detail)) || detail.starts_with("`Cache-Control:")
}

/// What makes an entry leave a cache whose kind says so
/// (<https://docs.python.org/3/library/functools.html#functools.lru_cache>,
/// <https://cachetools.readthedocs.io/en/stable/#cachetools.TTLCache>).
fn leaves(kind: &str) -> Option<&'static str> {
    match kind {
        "lru_cache" | "LRUCache" | "lru-cache" => Some("The least recently used goes first"),
        "TTLCache" => Some("By age; when it is full, the least recently used goes first"),
        _ => None,
    }
}

fn no_cache(c: &Context) -> Answer {
    c.absent_topics(
        &[Topic::CacheUse],
        "cache of any layer",
        &[
            "images",
            "package manifests",
            "settings",
            "nginx and Caddy configuration",
        ],
        "caching",
    )
}

fn cache_layers<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let rows = rows(c);
    if rows.is_empty() {
        return no_cache(c);
    }
    let n = rows.len();
    let mut blocks = vec![table(
        &["Layer", "What", "TTL", "Invalidation"],
        rows.into_iter().take(12).collect(),
    )];
    if n > 12 {
        blocks.push(Block::Paragraph(more(n - 12)));
    }
    Answer::blocks(blocks)
}

fn cache_count<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let rows = rows(c);
    // A header that code sets on single answers is no layer of the system.
    let all = uses_at(c, Layer::Browser);
    let single = !c.designed() && all.iter().all(|o| of_answers(o));
    let of_browser = |r: &Vec<Text>| {
        let layer = r.first().map(crate::text::plain);
        layer.is_some_and(|l| l == BROWSER)
    };
    let (loose, rows): (Vec<Vec<Text>>, Vec<Vec<Text>>) =
        rows.into_iter().partition(|r| single && of_browser(r));
    if rows.is_empty() && !loose.is_empty() {
        let groups = groups(c, &all);
        let items = groups.iter().map(|g| {
            let text = Text::plain("Single answers tell browsers how long to keep them: ");
            let text = text.append(within(g));
            end(with_file(text, g).from(&first_places(g.sources.iter().copied(), 2)))
        });
        return found(items.take(3).collect()).unwrap_or_else(|| no_cache(c));
    }
    let texts: Vec<String> = rows
        .iter()
        .filter_map(|r| r.first())
        .map(crate::text::plain)
        .collect();
    let layers = distinct(texts.iter().map(String::as_str));
    if layers.is_empty() {
        return no_cache(c);
    }
    let layers: Vec<&str> = layers.into_iter().filter(|l| *l != ONLY_PACKAGE).collect();
    if layers.is_empty() {
        return found(in_process(c)).unwrap_or_else(|| no_cache(c));
    }
    let lower: Vec<String> = layers
        .iter()
        .map(|l| {
            if *l == "CDN" {
                (*l).to_owned()
            } else {
                l.to_lowercase()
            }
        })
        .collect();
    let words_of = format!(
        "{}: {}.",
        words::capital(&words::spelled_count(layers.len(), "layer")),
        words::list(&lower, "and")
    );
    let inputs = rows.iter().filter_map(|r| r.get(1)).map(crate::text::plain);
    let text = counted(
        Text::plain(words_of),
        match c.designed() {
            true => "layers with a cache",
            false => "layers at which a cache was found",
        },
        inputs,
    );
    let sources: Vec<Provenance> = rows
        .into_iter()
        .filter_map(|r| r.into_iter().nth(1))
        .flat_map(|t| t.sources)
        .collect();
    Answer::text(text.from(&first_places(sources.iter(), 3)))
}

fn browser_cache<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let all = uses_at(c, Layer::Browser);
    let items = groups(c, &all)
        .iter()
        .map(|g| match file_of(g) {
            // What one file sets is in the answers of that file.
            Some(path) => Text::plain("In ")
                .then_code(path)
                .then(": ")
                .append(mark_text(g)),
            None => mark_text(g),
        })
        .collect();
    found(items).unwrap_or_else(|| {
        c.absent_topics(
            &[Topic::CacheUse],
            "expiry for browsers",
            &["nginx and Caddy configuration"],
            "caching",
        )
    })
}

fn cdn_elements<'a>(c: &Context<'a>) -> Vec<&'a Element> {
    // Hosts that serve files; of a vendor with other products the bare name alone.
    let marks = [
        "cloudfront.net",
        "fastly",
        "akamai",
        "cdn.",
        ".cdn",
        "azureedge.net",
        "cdnjs.cloudflare.com",
    ];
    let serves = |name: &str| {
        let name = name.to_lowercase();
        name == "cloudflare" || marks.iter().any(|m| name.contains(m))
    };
    let all = c.externals.iter().filter(|e| serves(&e.name));
    all.copied().collect()
}

fn cdn<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let mut items: Vec<Text> = products(c, |t| t.category == Category::Cdn)
        .iter()
        .map(product_text)
        .collect();
    for e in cdn_elements(c) {
        let users = users_of(c, e);
        let text = Text::code(&e.name).then(" serves files");
        let text = if users.is_empty() {
            text
        } else {
            text.then(" to ").spans(names(users, 4))
        };
        items.push(end(text.from(&e.provenance)));
    }
    found(items).unwrap_or_else(|| {
        c.absent(
            "CDN",
            &[
                "package manifests",
                "foreign hosts in configuration and code",
            ],
            "caching",
        )
    })
}

fn query_settings<'a>(c: &Context<'a>) -> Vec<&'a Setting> {
    let speaks = |name: &str| {
        let plain: String = name
            .to_lowercase()
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .collect();
        ["querycache", "secondlevelcache"]
            .iter()
            .any(|w| plain.contains(w))
    };
    c.blueprint
        .settings
        .iter()
        .filter(|s| !s.secret && speaks(&s.name))
        .collect()
}

fn query_cache<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let items: Vec<Text> = query_settings(c)
        .iter()
        .map(|s| {
            let text = Text::code(&s.name);
            let text = match s.value.as_deref().filter(|v| !v.is_empty()) {
                Some(v) => scoped(
                    text.then(is(Some(s))).then_code(words::short(v, 40)),
                    Some(s),
                ),
                None => text.then(" is set"),
            };
            let text = match s.element.as_deref() {
                Some(id) => text.then(" in ").then_code(c.name_of(id)),
                None => text,
            };
            end(text.from(&s.provenance))
        })
        .collect();
    // What code keeps in a cache of its own may be what a query gave.
    let own: Vec<&Observation> = (c.seen(Topic::CacheUse).iter().copied())
        .filter(|o| !is_aside(&o.provenance))
        .collect();
    if items.is_empty() && !own.is_empty() && !c.designed() {
        let text = Text::plain("No setting of a database or of an object mapper turns one on");
        let places = first_places(own.iter().map(|o| &o.provenance), 2);
        return Answer::text(end(text.from(&places)));
    }
    found(items).unwrap_or_else(|| {
        c.absent(
            "query cache",
            &["settings of databases and of object mappers"],
            "caching",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_are_folded_and_choices_are_computed() {
        assert_eq!(lasting("60 * 60"), "3600");
        assert_eq!(lasting("300"), "300");
        assert_eq!(lasting("5 * time.Minute"), "5 * time.Minute");
        assert_eq!(
            lasting("left if left > 0 else cache_time"),
            "computed by code"
        );
    }
}
