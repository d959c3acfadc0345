//! Where data lies: databases, caches, object storage, search, and how they grow.

use super::components::entities_of;
use super::found::{
    absent, found, kind_of, mark_text, more, product_answer, product_text, products, users_of, with_role,
};
use super::goals::distinct;
use super::records;
use super::seen::{MOST, end, groups};
use crate::answer::{Absence, Answer};
use crate::context::{Context, counted};
use crate::subject::Subject;
use crate::text::{first_places, name, names, plain_cell, table};
use crate::tree::{Block, Text};
use crate::words;
use groundplan_knowledge::Category;
use groundplan_model::{
    Element, Observation, Provenance, RelationshipKind, Role, Setting, Topic,
};

records! {
    "browser-cache": browser_cache, "What browsers may keep.";
    "cache": cache, "What is cached where, and what its loss means.";
    "cache-count": cache_count, "How many layers of cache there are.";
    "cache-layers": cache_layers, "Layers of cache with what they hold and for how long.";
    "cache-product": |c, _| cache_product(c), "Cache products with versions.";
    "cdn": cdn, "Whether a content delivery network stands before the system.";
    "database-products": |c, _| database_products(c), "Database products with versions.";
    "object-storage": object_storage, "Where files lie.";
    "primary-database": primary_database, "The databases, the most used first.";
    "query-cache": query_cache, "Whether results of queries are cached.";
    "read-replicas": read_replicas, "Copies of databases for reading.";
    "search-index": search_index, "Search indexes.";
    "sharding": sharding, "How data is split over machines.";
    "state": state, "Which containers keep state of their own.";
}

/// Mounts that outlive a container: no temporary, read-only or configuration mounts.
pub(super) fn kept_volumes<'e>(e: &'e Element) -> Vec<&'e groundplan_model::Attribute> {
    let kept = |value: &str| {
        let temporary = ["empty_dir:", "config_map:", "secret:", "projected:", "downward", "tmpfs"];
        let target = value.split(':').nth(1).unwrap_or(value);
        let file = target.rsplit('/').next().is_some_and(|n| n.contains('.') && !n.starts_with('.'));
        !temporary.iter().any(|t| value.starts_with(t))
            && !value.ends_with(":ro")
            && !value.contains("docker.sock")
            && !["/proc", "/sys", "/dev", "/etc", "/"].contains(&value.split(':').next().unwrap_or(""))
            && !file
    };
    e.attributes.iter().filter(|a| a.key == "volume-claim" || a.key == "volume" && kept(&a.value)).collect()
}

/// Whether nothing at all is mounted into a container that is started from an image.
fn keeps_nothing(e: &Element) -> bool {
    let mounts = ["volume", "volume-claim"];
    !e.external
        && e.attribute("deployed-by").is_some()
        && !e.attributes.iter().any(|a| mounts.contains(&a.key.as_str()))
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
    let mut text = match (owners.as_slice(), others.as_slice()) {
        ([], []) => Text::code(&e.name).then(kind).then(" keeps data; which part uses it was not found"),
        ([], some) => Text::default()
            .spans(names(some.iter().copied(), 4))
            .then(words::verb_for(some.len(), " reaches ", " reach "))
            .then_code(&e.name)
            .then(kind),
        (some, rest) => {
            let text = Text::default()
                .spans(names(some.iter().copied(), 4))
                .then(words::verb_for(some.len(), " keeps its data in ", " keep their data in "))
                .then_code(&e.name)
                .then(kind);
            match rest.is_empty() {
                true => text,
                false => text.then(", which ").spans(names(rest.iter().copied(), 3)).then(words::verb_for(
                    rest.len(),
                    " reaches too",
                    " reach too",
                )),
            }
        }
    };
    let mut sources: Vec<&Provenance> = c.incoming(&e.id).iter().map(|r| &r.provenance).take(2).collect();
    if !entities.is_empty() {
        text = text.then(": ").spans(names(entities.iter().map(|x| x.name.as_str()), 5));
        sources.extend(entities.iter().map(|x| &x.provenance).take(1));
    }
    text = end(text);
    let volumes = kept_volumes(e);
    if let Some(volume) = volumes.first() {
        text = end(text.then(" It lies on ").then_code(&volume.value));
        sources.push(&volume.provenance);
    } else if keeps_nothing(e) {
        text = text.then(" No volume is mounted, so its data goes with its container.");
    }
    sources.push(&e.provenance);
    text.from(&first_places(sources, 3))
}

fn primary_database<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let stores = with_role(c, &[Role::Database]);
    if !stores.is_empty() {
        return found(stores.iter().map(|e| store_text(c, e)).collect()).unwrap_or(Answer::Gap("stores"));
    }
    // Without a server of its own, what holds a driver says which kind is meant.
    let drivers = products(c, |t| t.category == Category::Database);
    if !drivers.is_empty() {
        let texts: Vec<Text> = drivers
            .iter()
            .map(|p| {
                let text = Text::default().spans(names(p.users.iter().copied(), 4));
                let text = match p.users.is_empty() {
                    true => Text::plain("A manifest holds"),
                    false => text.then(words::verb_for(p.users.len(), " holds", " hold")),
                };
                // What has no server of its own runs inside its user.
                let text = match p.technology.is_server() {
                    false => text.then(format!(" {}, which keeps data inside the process", p.technology.name)),
                    true => text.then(format!(" a driver for {}; no server of it stands in the deployment files", p.technology.name)),
                };
                end(text.from(&first_places(p.sources.iter().copied(), 2)))
            })
            .collect();
        return found(texts).unwrap_or(Answer::Gap("stores"));
    }
    c.absent("database", &["images", "addresses in settings", "package manifests"], "stores")
}

fn database_products(c: &Context) -> Answer {
    product_answer(c, &[Category::Database])
        .unwrap_or_else(|| c.absent("database", &["images", "package manifests"], "stores"))
}

fn cache_product(c: &Context) -> Answer {
    product_answer(c, &[Category::Cache])
        .unwrap_or_else(|| c.absent("cache", &["images", "package manifests"], "caching"))
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
    Some(match name.as_str() {
        // Compression is no cache, though the same directive block sets it.
        n if n.contains("gzip") || n.contains("compress") || n.contains("encode") => return None,
        n if n.starts_with("expires") || n.contains("cache-control") || n.contains("etag") => Layer::Browser,
        n if n.starts_with("proxy_cache") || n.starts_with("fastcgi_cache") || n.starts_with("uwsgi_cache") => Layer::Proxy,
        _ => Layer::Application,
    })
}

fn uses_at<'a>(c: &Context<'a>, wanted: Layer) -> Vec<&'a Observation> {
    c.seen(Topic::CacheUse).iter().filter(|o| layer(o) == Some(wanted)).copied().collect()
}

/// What loses its only store with this cache.
fn only_store_of<'a>(c: &Context<'a>, cache: &Element) -> Vec<&'a Element> {
    let mut all: Vec<&Element> = Vec::new();
    for r in c.incoming(&cache.id) {
        let Some(user) = c.element(&r.from).filter(|e| !e.external) else { continue };
        let others = c.outgoing(&user.id).iter().any(|o| {
            o.to != cache.id && c.element(&o.to).is_some_and(|t| t.is_store() || t.role == Some(Role::Broker))
        });
        let monitoring = matches!(user.role, Some(Role::Monitoring | Role::LoadGenerator));
        if !others && !monitoring && !all.iter().any(|e| e.id == user.id) {
            all.push(user);
        }
    }
    all
}

/// Whether messages pass through it, so that it is a queue more than a cache.
fn carries_messages(c: &Context, e: &Element) -> bool {
    let kinds = [RelationshipKind::Publishes, RelationshipKind::Subscribes];
    c.incoming(&e.id).iter().any(|r| kinds.contains(&r.kind))
}

fn cache_text(c: &Context, e: &Element) -> Text {
    let users = users_of(c, e);
    if carries_messages(c, e) {
        let text = Text::default().spans(names(users, 4)).then(" exchange messages through ");
        let text = end(text.then_code(&e.name).then(kind_of(e)));
        let sources = c.incoming(&e.id).iter().map(|r| &r.provenance);
        return text.from(&first_places(sources.chain([&e.provenance]), 3));
    }
    let only = only_store_of(c, e);
    let mut text = match (only.as_slice(), users.as_slice()) {
        (_, []) => Text::code(&e.name).then(kind_of(e)).then(" is a cache; which part uses it was not found."),
        ([], some) => end(
            Text::default()
                .spans(names(some.iter().copied(), 5))
                .then(words::verb_for(some.len(), " keeps data in ", " keep data in "))
                .then_code(&e.name)
                .then(kind_of(e)),
        ),
        ([one], _) => Text::plain("Losing ")
            .then_code(&e.name)
            .then(kind_of(e))
            .then(" loses what ")
            .then_code(&one.name)
            .then(" keeps there: it reaches no other store."),
        (several, _) => Text::plain("Losing ")
            .then_code(&e.name)
            .then(kind_of(e))
            .then(" loses what ")
            .spans(names(several.iter().map(|e| e.name.as_str()), 4))
            .then(" keep there: they reach no other store."),
    };
    let mut sources: Vec<&Provenance> = c.incoming(&e.id).iter().map(|r| &r.provenance).take(3).collect();
    if let Some(volume) = kept_volumes(e).first() {
        text = end(text.then(" It writes to ").then_code(&volume.value));
        sources.push(&volume.provenance);
    } else if keeps_nothing(e) && !only.is_empty() {
        text = text.then(" No volume is mounted.");
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
                    .then(words::verb_for(p.users.len(), " uses ", " use "))
                    .then(format!("{}, which {}", p.technology.name, p.technology.about)),
            };
            end(text.from(&first_places(p.sources.iter().copied(), 2)))
        })
        .collect()
}

fn cache<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let mut items: Vec<Text> = with_role(c, &[Role::Cache]).iter().map(|e| cache_text(c, e)).collect();
    items.extend(in_process(c));
    items.extend(groups(c, &uses_at(c, Layer::Application)).iter().map(mark_text));
    if items.is_empty() {
        let drivers = products(c, |t| t.category == Category::Cache);
        items = drivers.iter().map(product_text).collect();
    }
    found(items).unwrap_or_else(|| absent(c, "cache", &["images", "package manifests", "settings"], "caching"))
}

/// The rows of the table of caches: layer, what, how long, invalidation.
fn rows(c: &Context) -> Vec<Vec<Text>> {
    let ask = || Text::plain("Asked in ").and(c.ask("caching"));
    let mut rows: Vec<Vec<Text>> = Vec::new();
    for (kind, word) in [(Layer::Browser, "Browser"), (Layer::Proxy, "Proxy")] {
        for g in groups(c, &uses_at(c, kind)).iter().take(3) {
            rows.push(vec![
                Text::plain(word),
                name(g.name).from(&first_places(g.sources.iter().copied(), 2)),
                plain_cell(&words::short(g.detail.unwrap_or(""), 60)),
                Text::plain("By age"),
            ]);
        }
    }
    for e in cdn_elements(c) {
        rows.push(vec![Text::plain("CDN"), name(&e.name).from(&e.provenance), ask(), ask()]);
    }
    let applied = groups(c, &uses_at(c, Layer::Application));
    for e in with_role(c, &[Role::Cache]).into_iter().take(6) {
        let users = users_of(c, e);
        let mine: Vec<_> =
            applied.iter().filter(|g| g.elements.iter().any(|x| users.contains(x))).collect();
        let what = match users.is_empty() {
            true => Text::code(&e.name),
            false => Text::plain("Data of ").spans(names(users, 4)).then(" in ").then_code(&e.name),
        };
        let lasts = match mine.first() {
            Some(g) => plain_cell(g.detail.unwrap_or("")).from(&first_places(g.sources.iter().copied(), 2)),
            None => Text::plain("No expiry was found"),
        };
        rows.push(vec![Text::plain("Server"), what.from(&e.provenance), lasts, ask()]);
    }
    for p in products(c, |t| t.category == Category::Cache && !t.is_server()).iter().take(4) {
        let what = match p.users.is_empty() {
            true => Text::plain(p.technology.name.as_str()),
            false => Text::plain(format!("{} in ", p.technology.name)).spans(names(p.users.iter().copied(), 4)),
        };
        rows.push(vec![
            Text::plain("Process"),
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

fn no_cache(c: &Context) -> Answer {
    absent(
        c,
        "cache of any layer",
        &["images", "package manifests", "settings", "nginx and Caddy configuration"],
        "caching",
    )
}

fn cache_layers<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let rows = rows(c);
    if rows.is_empty() {
        return no_cache(c);
    }
    let n = rows.len();
    let mut blocks = vec![table(&["Layer", "What", "TTL", "Invalidation"], rows.into_iter().take(12).collect())];
    if n > 12 {
        blocks.push(Block::Paragraph(more(n - 12)));
    }
    Answer::blocks(blocks)
}

fn cache_count<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let rows = rows(c);
    let texts: Vec<String> = rows.iter().filter_map(|r| r.first()).map(crate::text::plain).collect();
    let layers = distinct(texts.iter().map(String::as_str));
    if layers.is_empty() {
        return no_cache(c);
    }
    let lower: Vec<String> = layers
        .iter()
        .map(|l| if *l == "CDN" { (*l).to_owned() } else { l.to_lowercase() })
        .collect();
    let words_of = format!(
        "{}: {}.",
        words::capital(&words::spelled_count(layers.len(), "layer")),
        words::list(&lower, "and")
    );
    let inputs = rows.iter().filter_map(|r| r.get(1)).map(crate::text::plain);
    let text = counted(Text::plain(words_of), "layers at which a cache was found", inputs);
    let sources: Vec<Provenance> = rows.into_iter().filter_map(|r| r.into_iter().nth(1)).flat_map(|t| t.sources).collect();
    Answer::text(text.from(&first_places(sources.iter(), 3)))
}

fn browser_cache<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let all = uses_at(c, Layer::Browser);
    let items = groups(c, &all).iter().map(mark_text).collect();
    found(items).unwrap_or_else(|| {
        c.absent("expiry for browsers", &["nginx and Caddy configuration"], "caching")
    })
}

fn cdn_elements<'a>(c: &Context<'a>) -> Vec<&'a Element> {
    let marks = ["cloudfront.net", "fastly", "akamai", "cdn.", ".cdn", "azureedge.net", "cloudflare"];
    c.externals.iter().filter(|e| marks.iter().any(|m| e.name.to_lowercase().contains(m))).copied().collect()
}

fn cdn<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let mut items: Vec<Text> = products(c, |t| t.category == Category::Cdn).iter().map(product_text).collect();
    for e in cdn_elements(c) {
        let users = users_of(c, e);
        let text = Text::code(&e.name).then(" serves files");
        let text = if users.is_empty() { text } else { text.then(" to ").spans(names(users, 4)) };
        items.push(end(text.from(&e.provenance)));
    }
    found(items).unwrap_or_else(|| {
        c.absent("CDN", &["package manifests", "foreign hosts in configuration and code"], "caching")
    })
}

fn query_settings<'a>(c: &Context<'a>) -> Vec<&'a Setting> {
    let speaks = |name: &str| {
        let plain: String = name.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
        ["querycache", "secondlevelcache"].iter().any(|w| plain.contains(w))
    };
    c.blueprint.settings.iter().filter(|s| !s.secret && speaks(&s.name)).collect()
}

fn query_cache<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let items = query_settings(c)
        .iter()
        .map(|s| {
            let text = Text::code(&s.name);
            let text = match s.value.as_deref().filter(|v| !v.is_empty()) {
                Some(v) => text.then(" is ").then_code(words::short(v, 40)),
                None => text.then(" is set"),
            };
            let text = match s.element.as_deref() {
                Some(id) => text.then(" in ").then_code(c.name_of(id)),
                None => text,
            };
            end(text.from(&s.provenance))
        })
        .collect();
    found(items).unwrap_or_else(|| {
        c.absent("query cache", &["settings of databases and of object mappers"], "caching")
    })
}

fn object_storage<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let mut items: Vec<Text> =
        with_role(c, &[Role::ObjectStorage]).iter().map(|e| store_text(c, e)).collect();
    items.extend(super::security::seen_texts(c, Topic::ObjectStorage, |_| true));
    let known = products(c, |t| t.category == Category::ObjectStorage);
    items.extend(known.iter().filter(|p| p.runs.is_empty()).map(product_text));
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
    let sources = holders.iter().flat_map(|e| kept_volumes(e)).map(|a| &a.provenance);
    let text = Text::plain(format!("No object storage was found (searched: {}). Volumes are mounted into ", words::list(&places, "and")))
        .spans(names(holders.iter().map(|e| e.name.as_str()), 5))
        .then(".");
    Answer::Absent(Absence::because(text.from(&first_places(sources, 3))))
}

fn search_index<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let mut items: Vec<Text> =
        with_role(c, &[Role::SearchIndex]).iter().map(|e| store_text(c, e)).collect();
    let known = products(c, |t| t.category == Category::Search);
    items.extend(known.iter().filter(|p| p.runs.is_empty()).map(product_text));
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
            let text = Text::code(&e.name).then(kind_of(e)).then(" is one by its name");
            items.push(end(text.from(&e.provenance)));
        }
        for a in e.attributes_of("command").filter(|a| speaks(&a.value)) {
            let text = Text::code(&e.name).then(" starts with ").then_code(words::short(&a.value, 80));
            items.push(end(text.from(&a.provenance)));
        }
    }
    for s in c.blueprint.settings.iter().filter(|s| !s.secret && speaks(&s.name)) {
        let store = s.element.as_deref().and_then(|id| c.element(id)).is_some_and(Element::is_store);
        let of_data = ["db", "database", "mongo", "postgres", "mysql", "redis", "datasource", "jdbc", "elastic"];
        let lower = s.name.to_lowercase();
        if store || of_data.iter().any(|w| lower.contains(w)) {
            let text = Text::code(&s.name);
            let text = match s.value.as_deref().filter(|v| !v.is_empty()) {
                Some(v) => text.then(" is ").then_code(words::short(v, 60)),
                None => text.then(" is read"),
            };
            items.push(end(text.from(&s.provenance)));
        }
    }
    items.truncate(MOST);
    items
}

fn sharding<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let mut items: Vec<Text> = c
        .entities
        .iter()
        .filter_map(|e| {
            let clause = e.partitioning.as_deref()?;
            let text = Text::code(&e.name).then(" is split by ").then_code(words::short(clause, 80));
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

fn read_replicas<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let mut items = store_marks(c, &["replica", "slave", "standby", "read_only_host", "readonly", "replset"]);
    for e in with_role(c, &[Role::Database]) {
        let many = e.attributes_of("replicas").find(|a| a.value.parse::<u32>().is_ok_and(|n| n > 1));
        if let Some(a) = many {
            let text = Text::code(&e.name).then(format!(" runs {} replicas; which of them serve reads was not found", a.value));
            items.push(end(text.from(&a.provenance)));
        }
    }
    found(items).unwrap_or_else(|| {
        c.absent(
            "read replica",
            &["names, replica counts and start commands of databases", "settings"],
            "scaling",
        )
    })
}

fn state<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let stores = with_role(c, &[Role::Database, Role::Cache, Role::SearchIndex, Role::ObjectStorage, Role::Broker]);
    let counts = |e: &&&Element| {
        !stores.iter().any(|s| s.id == e.id)
            && !e.is_store()
            && !matches!(e.role, Some(Role::Broker | Role::Monitoring | Role::LoadGenerator | Role::Library))
            && e.attribute("deployed-by").is_some()
    };
    let services: Vec<&Element> = c.containers.iter().filter(counts).copied().collect();
    if services.is_empty() {
        return c.absent("volume of a service", &["Compose and Kubernetes files"], "scaling");
    }
    let holding: Vec<&Element> =
        services.iter().filter(|e| !kept_volumes(e).is_empty()).copied().collect();
    let free = services.len() - holding.len();
    let all = words::count(services.len(), "service");
    let ids = services.iter().map(|e| e.id.clone());
    let formula = "services without a volume that outlives their container";
    let mut text = match (holding.is_empty(), services.as_slice()) {
        (true, [one]) => Text::code(&one.name).then(" mounts no volume that outlives its container."),
        (true, _) => Text::plain(format!("All {all} mount no volume that outlives their container.")),
        (false, _) => {
            let all = words::spelled_count(services.len(), "service");
            let subject = words::capital(&words::spelled(free));
            let verb = words::verb_for(free, "mounts", "mount");
            let text = match free {
                0 => Text::default(),
                _ => Text::plain(format!("{subject} of {all} {verb} no volume that outlives the container. ")),
            };
            let text = text.spans(names(holding.iter().map(|e| e.name.as_str()), 5));
            text.then(words::verb_for(
                holding.len(),
                " writes to a volume, which a second replica would have to share.",
                " write to volumes, which a second replica would have to share.",
            ))
        }
    };
    text = counted(text, formula, ids);
    let caching: Vec<&str> = distinct(
        products(c, |t| t.category == Category::Cache && !t.is_server())
            .iter()
            .flat_map(|p| p.users.iter().copied()),
    );
    if !caching.is_empty() {
        let verb = words::verb_for(caching.len(), " caches in its own memory, so replicas may differ.", " cache in their own memory, so replicas may differ.");
        text = text.then(" ").spans(names(caching, 4)).then(verb);
    }
    let sources: Vec<&Provenance> = match holding.is_empty() {
        true => services.iter().map(|e| &e.provenance).collect(),
        false => holding.iter().flat_map(|e| kept_volumes(e)).map(|a| &a.provenance).collect(),
    };
    Answer::text(text.from(&first_places(sources, 3)))
}
