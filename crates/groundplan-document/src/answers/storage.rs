//! Where data lies: databases, object storage, search indexes, and how they grow.

use super::components::entities_of;
use super::configuration::{is, is_example, scoped};
use super::found::{drivers_text, found, kind_of, product_text, products, users_of, with_role};
use super::goals::distinct;
use super::records;
use super::seen::{MOST, depend, end, if_depends};
use super::text_search;
use super::volumes::{keeps_nothing, kept_volumes, misplaced, persistent};
use crate::Span;
use crate::answer::{Absence, Answer};
use crate::context::{Context, counted};
use crate::subject::Subject;
use crate::text::{first_places, names};
use crate::tree::Text;
use crate::words;
use groundplan_knowledge::{Category, Technology, knowledge};
use groundplan_model::{Element, Provenance, Role, Setting, Topic};
use std::collections::BTreeMap;

records! {
    "database-products": |c, _| database_products(c), "Database products with versions.";
    "object-storage": object_storage, "Where files lie.";
    "primary-database": primary_database, "The databases, the most used first.";
    "read-replicas": read_replicas, "Copies of databases for reading.";
    "search-index": search_index, "Search indexes.";
    "sharding": sharding, "How data is split over machines.";
    "state": state, "Which containers keep state of their own.";
}

fn store_text(c: &Context, e: &Element) -> Text {
    let users = users_of(c, e);
    let kind = kind_of(e);
    let entities = entities_of(c, e);
    // What has code of its own keeps data; a pool or an administration page only passes it on.
    let own = |name: &&&str| {
        let element = c.containers.iter().find(|x| x.name == **name);
        element.is_some_and(|x| x.source.is_some() || x.attribute("build").is_some())
    };
    let (owners, others): (Vec<&str>, Vec<&str>) = users.iter().partition(|n| own(n));
    let mut hints: Vec<&Provenance> = Vec::new();
    let of_owners = (c.incoming(&e.id).iter()).filter(|r| owners.contains(&c.name_of(&r.from)));
    let condition = depend(of_owners.copied());
    let mut text = match (owners.as_slice(), others.as_slice()) {
        ([], []) => {
            let (text, found) = super::store_hints::undecided(c, e);
            hints = found;
            text
        }
        ([], some) => Text::default()
            .spans(names(some.iter().copied(), 4))
            .then(words::verb_for(some.len(), " reaches ", " reach "))
            .then_code(&e.name)
            .then(kind),
        (some, rest) => {
            let text = Text::default()
                .spans(names(some.iter().copied(), 4))
                .then(words::verb_for(some.len(), " uses ", " use "))
                .then_code(&e.name)
                .then(kind);
            let text = if_depends(text, condition);
            match rest.is_empty() {
                true => text,
                false => text
                    .then(", which ")
                    .spans(names(rest.iter().copied(), 3))
                    .then(words::verb_for(rest.len(), " reaches too", " reach too")),
            }
        }
    };
    let mut sources: Vec<&Provenance> = c
        .incoming(&e.id)
        .iter()
        .map(|r| &r.provenance)
        .take(2)
        .collect();
    sources.extend(hints);
    let ids = (c.incoming(&e.id).iter()).filter(|r| users.contains(&c.name_of(&r.from)));
    let ids: std::collections::BTreeSet<&str> = ids.map(|r| r.from.as_str()).collect();
    if let Some(apart) = super::own_databases::of(c, e, &ids) {
        text = text
            .then(", each with a database of its own (")
            .spans(names(apart.values().map(|(name, _)| name.as_str()), 6))
            .then(")");
        sources.extend(apart.values().map(|(_, at)| *at).take(2));
    }
    let inside: Vec<&str> = e
        .attributes_of("database")
        .map(|a| a.value.as_str())
        .collect();
    if !inside.is_empty() {
        let lead = words::verb_for(
            inside.len(),
            ", with the database ",
            ", with the databases ",
        );
        text = text.then(lead).spans(names(inside, 6));
        sources.extend(e.attributes_of("database").map(|a| &a.provenance).take(1));
    }
    if let Some(server) = e.attribute("inside") {
        text = text.then(", inside the server ").then_code(&server.value);
        sources.push(&server.provenance);
    }
    if !entities.is_empty() {
        text = text
            .then(": ")
            .spans(names(entities.iter().map(|x| x.name.as_str()), 5));
        sources.extend(entities.iter().map(|x| &x.provenance).take(1));
    }
    text = end(text);
    let switches: Vec<_> = e.attributes_of("selected-by").collect();
    if !switches.is_empty() {
        let all = switches.iter().map(|a| Span::Code(a.value.clone()));
        text = text
            .then(" ")
            .spans(words::list_spans(all.collect(), 3, "and"))
            .then(words::verb_for(
                switches.len(),
                " chooses the product.",
                " choose the product.",
            ));
        sources.extend(switches.iter().map(|a| &a.provenance));
    }
    let volumes = kept_volumes(e);
    if let Some(volume) = volumes.first() {
        text = end(text.then(" Mounted into it: ").then_code(&volume.value));
        sources.push(&volume.provenance);
    } else if let Some(more) = misplaced(e) {
        text = text.then(" ").append(more);
    } else if let Some(volume) = e.attribute("variant-volume") {
        text = text.then(" A volume for it is in one variant alone: ");
        text = end(text.then_code(&volume.value));
        sources.push(&volume.provenance);
    } else if keeps_nothing(e) && !users.is_empty() {
        text = text.then(" No lasting volume was found for it");
        if let Some(lasting) = persistent(e) {
            text = text.then("; its container is kept when the host stops");
            sources.push(&lasting.provenance);
        }
        text = end(text);
    }
    sources.push(&e.provenance);
    text.from(&first_places(sources, 3))
}

/// Which parts hold a driver of a database or a database that runs inside of them.
pub(super) fn driver_texts(c: &Context) -> Vec<Text> {
    let mut all = kept_texts(c);
    all.extend(opened_texts(c));
    let opened: Vec<&str> = c
        .containers
        .iter()
        .flat_map(|e| e.attributes_of("opens").chain(e.attributes_of("keeps")))
        .map(|a| a.value.as_str())
        .collect();
    let packages = products(c, |t| t.category == Category::Database);
    // What code opens is more than that a package stands in a manifest.
    let silent = packages
        .iter()
        .filter(|p| !opened.contains(&p.technology.name.as_str()));
    all.extend(driver_lines(silent.collect()));
    all
}

/// Databases that only packages speak of: the drivers of servers in one sentence, what runs inside of
/// its user one by one.
fn driver_lines(all: Vec<&super::found::Product>) -> Vec<Text> {
    let (servers, inside): (Vec<_>, Vec<_>) =
        (all.into_iter()).partition(|p| p.technology.is_server() && p.runs.is_empty());
    let texts = inside.iter().map(|p| driver_text(p));
    let mut texts: Vec<Text> = texts.collect();
    texts.extend(match servers.as_slice() {
        [one] => Some(driver_text(one)),
        several => drivers_text(several),
    });
    texts
}

/// Databases without a server that parts keep their data in by their configuration.
fn kept_texts(c: &Context) -> Vec<Text> {
    c.containers.iter().filter_map(|e| kept_text(e)).collect()
}

/// Databases without a server that a part keeps its data in by its configuration.
fn kept_text(e: &Element) -> Option<Text> {
    let all: Vec<_> = e.attributes_of("keeps").collect();
    let spans: Vec<Span> = all.iter().map(|a| Span::Plain(a.value.clone())).collect();
    if spans.is_empty() {
        return None;
    }
    let text = Text::default()
        .and(Span::Code(e.name.clone()))
        .then(" keeps its data in ")
        .spans(words::list_spans(spans, 6, "and"))
        .then(" by its configuration");
    // What its code opens as well is chosen in place of that.
    let others: Vec<_> = e
        .attributes_of("opens")
        .filter(|a| !all.iter().any(|kept| kept.value == a.value))
        .collect();
    let names = others
        .iter()
        .map(|a| Span::Plain(a.value.clone()))
        .collect();
    let text = match others.is_empty() {
        true => text,
        false => text
            .then("; its code can also open ")
            .spans(words::list_spans(names, 6, "or")),
    };
    let switches = e.attributes_of("kept-by");
    let switches: Vec<Span> = switches.map(|a| Span::Code(a.value.clone())).collect();
    let several = switches.len() > 1;
    let text = match switches.is_empty() {
        true => text,
        false => text
            .then("; ")
            .spans(words::list_spans(switches, 3, "and"))
            .then(match several {
                true => " choose the product",
                false => " chooses the product",
            }),
    };
    let places = all.iter().chain(&others).map(|a| &a.provenance);
    Some(end(text.from(&first_places(places, 3))))
}

/// Databases that the code of parts opens though no part of the system is one.
pub(super) fn opened_texts(c: &Context) -> Vec<Text> {
    (c.containers.iter())
        .filter_map(|e| opened_text(c, e))
        .collect()
}

/// Databases that the code of a part opens though no part of the system is one.
fn opened_text(c: &Context, e: &Element) -> Option<Text> {
    // Beside what it keeps by its configuration they are told there.
    if e.attribute("keeps").is_some() {
        return None;
    }
    let all: Vec<_> = e.attributes_of("opens").collect();
    let spans: Vec<Span> = all.iter().map(|a| Span::Plain(a.value.clone())).collect();
    let several = spans.len() > 1;
    if spans.is_empty() {
        return None;
    }
    let text = Text::default()
        .and(Span::Code(e.name.clone()))
        .then(" can open ")
        .spans(words::list_spans(spans, 6, "or"))
        .then(" from its code");
    let names: Vec<&str> = all.iter().map(|a| a.value.as_str()).collect();
    let chosen = chosen(c, e, &names).filter(|_| several);
    let text = match chosen {
        Some(s) => text
            .then("; ")
            .then_code(&s.name)
            .then(if s.source.is_read() {
                " is by default "
            } else {
                " is "
            })
            .then_code(s.value.as_deref().unwrap_or_default()),
        None => text,
    };
    let setting = chosen.iter().map(|s| &s.provenance);
    let places = setting.chain(all.iter().map(|a| &a.provenance));
    Some(end(text.from(&first_places(places, 4))))
}

/// Where a part keeps its data that no other part keeps for it, by its configuration or its code.
pub(super) fn own_store(c: &Context, e: &Element) -> Option<Text> {
    kept_text(e).or_else(|| opened_text(c, e))
}

/// The setting of a part by which one of the products that its code can open is chosen: named after a
/// driver or kind of database, with the product as its value.
fn chosen<'a>(c: &Context<'a>, e: &Element, products: &[&str]) -> Option<&'a Setting> {
    const CHOICES: [&str; 8] = [
        "driver",
        "dialect",
        "engine",
        "adapter",
        "backend",
        "vendor",
        "dbtype",
        "databasetype",
    ];
    // `sqlite3` and `postgres` are written for SQLite and PostgreSQL.
    let names = |value: &str| {
        let value = value.to_ascii_lowercase();
        let is = |p: &&str| {
            let product = p.to_ascii_lowercase();
            let stem = value.trim_end_matches(|c: char| c.is_ascii_digit());
            stem.len() > 4 && product.starts_with(stem)
        };
        products.iter().any(is)
    };
    let chooses = |s: &&Setting| {
        let plain: String = s.name.chars().filter(char::is_ascii_alphanumeric).collect();
        let plain = plain.to_ascii_lowercase();
        CHOICES.iter().any(|word| plain.ends_with(word)) && s.value.as_deref().is_some_and(names)
    };
    let own = |s: &&Setting| s.element.as_deref() == Some(e.id.as_str());
    let all = || c.blueprint.settings.iter().filter(own).filter(chooses);
    // Two that say different things are for two stores, or for two places.
    let first = all().find(|s| s.profile.is_none())?;
    all().all(|s| s.value == first.value).then_some(first)
}

/// Settings that hold the address of a database, with the database.
fn addresses<'a>(c: &Context<'a>) -> Vec<(&'a Setting, &'static Technology)> {
    let settings = c.blueprint.settings.iter();
    settings
        .filter(|s| !is_example(s))
        .filter_map(|s| {
            let value = s.value.as_deref()?;
            let value = super::configuration::placeholder(value).map_or(value, |(_, d)| d);
            // `r2dbc:pool:mysql://host`, `jdbc:h2:file:./x`, `postgresql+psycopg://host`
            let wrapped = ["jdbc:", "r2dbc:"].iter().any(|w| value.starts_with(w));
            if !wrapped && !value.contains("://") {
                return None;
            }
            let technology = knowledge().by_scheme(value)?;
            (technology.category == Category::Database).then_some((s, technology))
        })
        .collect()
}

/// `` `spring.datasource.url` of `orders` names H2. `` where an address of a database is configured.
fn configured_texts(c: &Context, addresses: &[(&Setting, &'static Technology)]) -> Vec<Text> {
    type Key<'a> = (Option<&'a str>, &'a str, &'a str);
    type Found<'a> = (bool, Vec<&'a str>, Vec<&'a Setting>);
    let mut all: BTreeMap<Key, Found> = BTreeMap::new();
    for &(s, technology) in addresses {
        let key = (
            s.element.as_deref(),
            s.name.as_str(),
            technology.name.as_str(),
        );
        let entry = all.entry(key).or_default();
        match s.profile.as_deref() {
            Some(profile) if !entry.1.contains(&profile) => entry.1.push(profile),
            Some(_) => {}
            None => entry.0 = true,
        }
        entry.2.push(s);
    }
    let mut all: Vec<_> = all.into_iter().collect();
    // What holds without a profile comes first.
    all.sort_by_key(|(_, (common, ..))| !common);
    all.into_iter()
        .map(
            |((element, name, technology), (common, profiles, settings))| {
                let text = Text::code(name);
                let text = match element {
                    Some(id) => text.then(" of ").then_code(c.name_of(id)),
                    None => text,
                };
                let first = settings.first().copied();
                let default = first.is_some_and(|s| s.source.is_read());
                let text = text.then(match default {
                    true => " names by default ",
                    false => " names ",
                });
                let text = text.then(technology);
                let text = match (common, profiles.is_empty()) {
                    (_, true) => text,
                    (true, false) => text
                        .then(words::verb_for(
                            profiles.len(),
                            ", also in the profile ",
                            ", also in the profiles ",
                        ))
                        .spans(names(profiles, 4)),
                    (false, false) => text
                        .then(words::verb_for(
                            profiles.len(),
                            " in the profile ",
                            " in the profiles ",
                        ))
                        .spans(names(profiles, 4)),
                };
                end(text.from(&first_places(settings.iter().map(|s| &s.provenance), 2)))
            },
        )
        .collect()
}

fn driver_text(p: &super::found::Product) -> Text {
    let n = p.users.len();
    let text = Text::default().spans(names(p.users.iter().copied(), 8));
    let text = match n {
        0 => Text::plain("A manifest has"),
        _ => text.then(words::verb_for(n, " has", " have")),
    };
    let their = words::verb_for(n.max(1), "its", "their");
    // What has no server of its own runs inside its user, if that uses it at all.
    let text = match (p.technology.is_server(), p.runs.is_empty()) {
        (false, _) => text.then(format!(" {} among {their} packages", p.technology.name)),
        (true, true) => text.then(format!(
            " a driver for {}; no deployment file that was read has its server",
            p.technology.name
        )),
        (true, false) => text.then(format!(" a driver for {}", p.technology.name)),
    };
    end(text.from(&first_places(p.sources.iter().copied(), 2)))
}

fn primary_database<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let stores = with_role(c, &[Role::Database]);
    if !stores.is_empty() {
        // What a part keeps without a server holds by default; servers beside it are told after it.
        let mut texts = kept_texts(c);
        // Beside one that a file starts or a part is joined to, the others are names.
        let proven =
            |e: &&&Element| e.attribute("deployed-by").is_some() && !users_of(c, e).is_empty();
        let (first, rest): (Vec<&Element>, Vec<&Element>) =
            stores.iter().copied().partition(|e| proven(&e));
        let started = |e: &Element| e.attribute("deployed-by").is_some();
        let (others, named): (Vec<&Element>, Vec<&Element>) = (rest.into_iter())
            .partition(|e| first.is_empty() || started(e) || !users_of(c, e).is_empty());
        texts.extend(first.into_iter().chain(others).map(|e| store_text(c, e)));
        if !named.is_empty() {
            let text = Text::plain("Named in settings or code alone: ")
                .spans(names(named.iter().map(|e| e.name.as_str()), 4));
            let sources = named.iter().map(|e| &e.provenance);
            texts.push(end(text.from(&first_places(sources, 3))));
        }
        return found(texts).unwrap_or(Answer::Gap("stores"));
    }
    // An address in the configuration says more than a driver in a manifest.
    let addresses = addresses(c);
    let mut texts = configured_texts(c, &addresses);
    let named: Vec<&str> = addresses.iter().map(|a| a.1.name.as_str()).collect();
    if texts.is_empty() {
        texts = driver_texts(c);
    } else {
        texts.extend(kept_texts(c));
        texts.extend(opened_texts(c));
        let packages = products(c, |t| t.category == Category::Database);
        let rest = packages
            .iter()
            .filter(|p| !named.contains(&p.technology.name.as_str()));
        texts.extend(driver_lines(rest.collect()));
    }
    texts.extend(c.stated_in_documents("stores"));
    if !texts.is_empty() {
        return found(texts).unwrap_or(Answer::Gap("stores"));
    }
    c.absent(
        "database",
        &["images", "addresses in settings", "package manifests"],
        "stores",
    )
}

fn database_products(c: &Context) -> Answer {
    let mut all = products(c, |t| t.category == Category::Database);
    // Beside a database that runs and is used, a driver in a manifest is for what others bring.
    if all
        .iter()
        .any(|p| !p.runs.is_empty() && !p.linked.is_empty())
    {
        all.retain(|p| !p.runs.is_empty());
    }
    // What a part keeps its data in by its configuration is told of already.
    let kept = |name: &str| {
        let mut of = c.containers.iter().flat_map(|e| e.attributes_of("keeps"));
        of.any(|a| a.value == name)
    };
    all.retain(|p| !p.runs.is_empty() || !kept(&p.technology.name));
    let mut texts = kept_texts(c);
    texts.extend(all.iter().map(product_text));
    found(texts).unwrap_or_else(|| c.absent("database", &["images", "package manifests"], "stores"))
}

fn object_storage<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let mut items: Vec<Text> = with_role(c, &[Role::ObjectStorage])
        .iter()
        .map(|e| store_text(c, e))
        .collect();
    items.extend(super::security::seen_texts(c, Topic::ObjectStorage, |_| {
        true
    }));
    let known = products(c, |t| t.category == Category::ObjectStorage);
    let idle: Vec<_> = known.iter().filter(|p| p.runs.is_empty()).collect();
    items.extend(drivers_text(&idle));
    // What others run has the role of all that is outside.
    let outside = known.iter().flat_map(|p| p.runs.iter().copied());
    let outside = outside.filter(|e| e.external && e.role != Some(Role::ObjectStorage));
    items.extend(outside.map(|e| store_text(c, e)));
    let named = |name: &str| known.iter().any(|p| p.technology.name == name);
    for e in &c.containers {
        for a in e.attributes_of("can-call").filter(|a| !named(&a.value)) {
            let technology = knowledge().by_name(&a.value);
            if technology.is_some_and(|t| t.category == Category::ObjectStorage) {
                let text = Text::code(&e.name)
                    .then(format!(" can call {} from its code", a.value))
                    .from(&a.provenance);
                items.push(end(text));
            }
        }
    }
    if let Some(answer) = found(items) {
        return answer;
    }
    let holders: Vec<&Element> = c
        .containers
        .iter()
        .filter(|e| {
            let other = matches!(e.role, Some(Role::Broker | Role::Monitoring));
            !e.is_store() && !other && !kept_volumes(e).is_empty()
        })
        .copied()
        .collect();
    let places = ["images", "package manifests", "addresses in settings"];
    if holders.is_empty() || !c.surveyed() {
        return c.absent("object storage", &places, "stores");
    }
    let sources = holders
        .iter()
        .flat_map(|e| kept_volumes(e))
        .map(|a| &a.provenance);
    let absence = c.unless_spoken(Absence::of("object storage", &places));
    let text = absence
        .sentence()
        .then(" Volumes that outlive their container are mounted into ")
        .spans(names(holders.iter().map(|e| e.name.as_str()), 5))
        .then(".");
    Answer::Absent(Absence::because(text.from(&first_places(sources, 3))))
}

fn search_index<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let mut items: Vec<Text> = with_role(c, &[Role::SearchIndex])
        .iter()
        .map(|e| store_text(c, e))
        .collect();
    let known = products(c, |t| t.category == Category::Search);
    items.extend(known.iter().filter(|p| p.runs.is_empty()).map(product_text));
    items.extend(text_search::packages(c));
    items.extend(text_search::indexes(c));
    found(items)
        .unwrap_or_else(|| c.absent("search index", &["images", "package manifests"], "stores"))
}

/// Settings and start commands of stores that contain one of the words.
fn store_marks<'a>(c: &Context<'a>, marks: &[&str]) -> Vec<Text> {
    let speaks = |text: &str| {
        let lower = text.to_lowercase();
        marks.iter().any(|m| lower.contains(m))
    };
    let mut items = Vec::new();
    for e in with_role(c, &[Role::Database, Role::Cache, Role::SearchIndex]) {
        if speaks(&e.name) {
            let text = Text::code(&e.name)
                .then(kind_of(e))
                .then(" is one by its name");
            items.push(end(text.from(&e.provenance)));
        }
        for a in e.attributes_of("command").filter(|a| speaks(&a.value)) {
            let text = Text::code(&e.name)
                .then(" starts with ")
                .then_code(words::short(&a.value, 80));
            items.push(end(text.from(&a.provenance)));
        }
    }
    for s in c
        .blueprint
        .settings
        .iter()
        .filter(|s| !s.secret && speaks(&s.name))
    {
        let store = s
            .element
            .as_deref()
            .and_then(|id| c.element(id))
            .is_some_and(Element::is_store);
        let of_data = [
            "db",
            "database",
            "mongo",
            "postgres",
            "mysql",
            "redis",
            "datasource",
            "jdbc",
            "elastic",
        ];
        let lower = s.name.to_lowercase();
        if is_of_client(&lower) {
            continue;
        }
        if store || of_data.iter().any(|w| lower.contains(w)) {
            let text = Text::code(&s.name);
            let text = match s.value.as_deref().filter(|v| !v.is_empty()) {
                Some(v) => scoped(
                    text.then(is(Some(s))).then_code(words::short(v, 60)),
                    Some(s),
                ),
                None => text.then(" is read"),
            };
            items.push(end(text.from(&s.provenance)));
        }
    }
    items.truncate(MOST);
    items
}

/// Whether a setting only tunes how a client speaks with a store: `replica-connection-pool-size`.
fn is_of_client(name: &str) -> bool {
    let mut words = name.split(|c: char| !c.is_alphanumeric());
    words.any(|word| {
        matches!(
            word,
            "connection"
                | "connections"
                | "conn"
                | "idle"
                | "pool"
                | "size"
                | "timeout"
                | "timeouts"
                | "interval"
                | "retry"
                | "retries"
                | "attempts"
                | "keepalive"
        )
    })
}

fn sharding<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let mut items: Vec<Text> = c
        .entities
        .iter()
        .filter_map(|e| {
            let clause = e.partitioning.as_deref()?;
            let text = Text::code(&e.name)
                .then(" is split by ")
                .then_code(words::short(clause, 80));
            Some(end(text.from(&e.provenance)))
        })
        .collect();
    items.extend(store_marks(c, &["shard"]));
    found(items).unwrap_or_else(|| {
        c.absent(
            "shard or partition",
            &["SQL migrations", "start commands of stores", "settings"],
            "partitioning",
        )
    })
}

/// What names a store, or a connection to one, that only reads.
pub(super) fn replica_marks(c: &Context) -> Vec<Text> {
    store_marks(
        c,
        &[
            "replica",
            "slave",
            "standby",
            "read_only_host",
            "readonly",
            "replset",
        ],
    )
}

fn read_replicas<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let mut items = replica_marks(c);
    for e in with_role(c, &[Role::Database]) {
        let many = e
            .attributes_of("replicas")
            .find(|a| a.value.parse::<u32>().is_ok_and(|n| n > 1));
        if let Some(a) = many {
            let text = Text::code(&e.name).then(format!(
                " runs {} replicas; which of them serve reads was not found",
                a.value
            ));
            items.push(end(text.from(&a.provenance)));
        }
    }
    found(items).unwrap_or_else(|| {
        c.absent(
            "read replica",
            &[
                "names, replica counts and start commands of databases",
                "settings",
            ],
            "scaling",
        )
    })
}

fn state<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let stores = with_role(
        c,
        &[
            Role::Database,
            Role::Cache,
            Role::SearchIndex,
            Role::ObjectStorage,
            Role::Broker,
        ],
    );
    let counts = |e: &&&Element| {
        !stores.iter().any(|s| s.id == e.id)
            && !e.is_store()
            && !matches!(
                e.role,
                Some(Role::Broker | Role::Monitoring | Role::LoadGenerator | Role::Library)
            )
            && e.attribute("deployed-by").is_some()
            && !super::deployment::is_of_development(e)
    };
    let services: Vec<&Element> = c.containers.iter().filter(counts).copied().collect();
    if services.is_empty() {
        return c.absent(
            "volume of a service started for operation",
            &["Compose and Kubernetes files"],
            "scaling",
        );
    }
    let holding: Vec<&Element> = services
        .iter()
        .filter(|e| !kept_volumes(e).is_empty())
        .copied()
        .collect();
    let free = services.len() - holding.len();
    let ids = services.iter().map(|e| e.id.clone());
    let formula = "services without a volume that keeps data";
    let mut text = match (holding.is_empty(), services.as_slice()) {
        (true, [one]) => Text::code(&one.name).then(" runs without a volume that keeps data."),
        (true, _) => Text::plain(format!(
            "{} run without a volume that keeps data.",
            words::all_of(services.len(), "service"),
        )),
        (false, _) => {
            let all = words::spelled_count(services.len(), "service");
            let subject = words::capital(&words::spelled(free));
            let verb = words::verb_for(free, "runs", "run");
            let text = match free {
                0 => Text::default(),
                _ => Text::plain(format!(
                    "{subject} of {all} {verb} without a volume that keeps data. "
                )),
            };
            // Where several run, they share what is mounted, or each has its own.
            let (several, one): (Vec<&Element>, Vec<&Element>) = (holding.iter().copied())
                .partition(|e| super::sizes::replicas(e).is_some_and(|n| n > 1));
            let mut text = text.spans(names(one.iter().map(|e| e.name.as_str()), 5));
            text = match one.len() {
                0 => text,
                n => text.then(words::verb_for(
                    n,
                    " writes to a volume, which a second replica would have to share.",
                    " write to volumes, which a second replica would have to share.",
                )),
            };
            if !several.is_empty() {
                let space = if one.is_empty() { "" } else { " " };
                text = text.then(space);
                text = text.spans(names(several.iter().map(|e| e.name.as_str()), 5));
                text = text.then(words::verb_for(
                    several.len(),
                    " runs as several replicas and writes to a volume.",
                    " run as several replicas and write to volumes.",
                ));
            }
            text
        }
    };
    text = counted(text, formula, ids);
    let caching: Vec<&str> = distinct(
        products(c, |t| t.category == Category::Cache && !t.is_server())
            .iter()
            .flat_map(|p| p.users.iter().copied()),
    );
    if !caching.is_empty() {
        let verb = words::verb_for(
            caching.len(),
            " has a package that caches in the memory of a process; with it, replicas may differ.",
            " have a package that caches in the memory of a process; with it, replicas may differ.",
        );
        text = text.then(" ").spans(names(caching, 4)).then(verb);
    }
    let inside = products(c, |t| t.category == Category::Database && !t.is_server());
    let inside: Vec<&str> = distinct(inside.iter().flat_map(|p| p.users.iter().copied()))
        .into_iter()
        .filter(|name| services.iter().any(|e| e.name == *name))
        .collect();
    if !inside.is_empty() {
        let verb = words::verb_for(inside.len(), " has", " have");
        text = text.then(" ").spans(names(inside, 4)).then(verb).then(
            " a package that can keep records inside a process; where it does, replicas differ.",
        );
    }
    let sources: Vec<&Provenance> = match holding.is_empty() {
        true => services.iter().map(|e| &e.provenance).collect(),
        false => holding
            .iter()
            .flat_map(|e| kept_volumes(e))
            .map(|a| &a.provenance)
            .collect(),
    };
    Answer::text(text.from(&first_places(sources, 3)))
}
