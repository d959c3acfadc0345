//! One component: what it is for, does, needs and how it runs.

mod clients;
mod kept;
mod running;
mod twins;

use super::goals::distinct;
use super::protection::DYNAMIC;
use super::records;
use super::schemas::types;
use super::seen::{MOST, depend, depends, end, if_depends};
use super::structure::{in_one_sentence, no_components, way};
use crate::answer::Answer;
use crate::context::Context;
use crate::subject::Subject;
use crate::text::{bullets, first_places, full_table, name, names, plain_cell, table};
use crate::tree::{Block, Item, Span, Text};
use crate::words;
use groundplan_model::{
    Attribute, DependencyScope, Element, Entity, Interface, Observation, Operation, QUEUED,
    Relationship, RelationshipKind, STARTED, Setting, SettingSource, Topic,
};
use std::collections::BTreeMap;

pub(super) use running::scaling_text;

records! {
    "component-configuration": |c, s| of(s, |e| configuration(c, e)), "Settings, ports and values of a component.";
    "component-data": |c, s| of(s, |e| data(c, e)), "Which records a component keeps, and where.";
    "component-dependencies": |c, s| of(s, |e| dependencies(c, e)), "What a component needs to run.";
    "component-entities": |c, s| of(s, |e| entities(c, e)), "Structures that a component defines.";
    "component-interfaces": |c, s| of(s, |e| interfaces(c, e)), "What a component offers and uses.";
    "component-monitoring": |c, s| of(s, |e| running::monitoring(c, e)), "Probes, metrics and logs of a component.";
    "component-operations": |c, s| of(s, |e| operations(c, e)), "The operations of a component.";
    "component-purpose": |c, s| of(s, |e| purpose(c, e)), "What a component is for.";
    "component-responsibilities": |c, s| of(s, |e| responsibilities(c, e)), "What a component does, from its operations, data and connections.";
    "component-scaling": |c, s| of(s, |e| running::scaling(c, e)), "Replicas and scaling of a component.";
    "component-security": |c, s| of(s, |e| running::security(c, e)), "What was seen of security at a component.";
    "component-sql": |c, s| of(s, |e| sql(c, e)), "The tables of a component as SQL.";
    "component-technology": |c, s| of(s, |e| technology(c, e)), "Languages, frameworks and images of a component.";
    "components-intro": intro, "How many components follow, and in which order.";
    "components-missing": |c, _| no_components(c), "Why there are no components.";
}

fn of<'a>(subject: Subject<'a>, run: impl FnOnce(&'a Element) -> Answer) -> Answer {
    match subject {
        Subject::Element(e) => run(e),
        _ => Answer::Gap("components"),
    }
}

fn intro<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    match c.containers.as_slice() {
        [] => no_components(c),
        [_] => Answer::text(super::identity::parts_sentence(c).unwrap_or_default()),
        _ if c.designed() => {
            let text = super::identity::parts_sentence(c).unwrap_or_default();
            Answer::text(text.then(" The most connected stand first."))
        }
        _ => Answer::text(super::identity::parts_sentence(c).unwrap_or_default()),
    }
}

fn purpose(c: &Context, e: &Element) -> Answer {
    in_one_sentence(c, e).map_or(Answer::Gap("component-purpose"), Answer::text)
}

/// Entities that an element defines or keeps.
pub(super) fn entities_of<'a>(c: &Context<'a>, e: &Element) -> Vec<&'a Entity> {
    let of = |id: &Option<String>| id.as_deref() == Some(e.id.as_str());
    c.blueprint
        .entities
        .iter()
        .filter(|x| of(&x.owner) || of(&x.store))
        .collect()
}

fn targets<'a>(
    c: &Context<'a>,
    e: &Element,
    kinds: &[RelationshipKind],
) -> (Vec<&'a str>, Vec<&'a Relationship>) {
    let all: Vec<&Relationship> = c
        .outgoing(&e.id)
        .iter()
        .filter(|r| kinds.contains(&r.kind))
        .copied()
        .collect();
    (
        distinct(
            all.iter()
                .filter_map(|r| c.element(&r.to))
                .map(|e| e.name.as_str()),
        ),
        all,
    )
}

/// Whether the connection is that of a part whose data a store keeps: what watches it, or reads it
/// for dashboards, keeps nothing there.
pub(super) fn keeps_data(c: &Context, r: &Relationship) -> bool {
    let monitoring = c
        .element(&r.from)
        .is_some_and(|e| e.role == Some(groundplan_model::Role::Monitoring));
    match r.kind {
        RelationshipKind::Observes => false,
        RelationshipKind::Reads | RelationshipKind::Calls => !monitoring,
        _ => true,
    }
}

/// `kind:name:path` in words: the path, and the volume that is mounted there.
fn volume(value: &str) -> Text {
    let mut parts = value.rsplitn(2, ':');
    let (path, rest) = (parts.next().unwrap_or(value), parts.next());
    match rest {
        Some(rest) if path.starts_with('/') => {
            let temporary = rest.starts_with("empty_dir");
            let name = rest.rsplit(':').next().unwrap_or(rest);
            let kind = if temporary {
                "a volume of its own, which goes with the instance: "
            } else {
                "the volume "
            };
            Text::plain(kind)
                .then_code(name)
                .then(" at ")
                .then_code(path)
        }
        _ => Text::plain("the volume ").then_code(value),
    }
}

fn responsibilities(c: &Context, e: &Element) -> Answer {
    let mut items: Vec<Text> = Vec::new();
    for i in c.interfaces_of(&e.id).into_iter().take(3) {
        if i.operations.is_empty() {
            continue;
        }
        let least = match super::interfaces::is_partial(i) {
            true => "at least ",
            false => "",
        };
        let text = Text::plain(format!(
            "Answers {least}{}: ",
            super::interfaces::counted(i)
        ));
        let text = text.spans(names(super::interfaces::named_operations(i), 4));
        items.push(end(text.from(&first_places(
            i.operations.iter().map(|o| &o.provenance),
            2,
        ))));
    }
    // What is only handed over is not kept.
    let mut entities = entities_of(c, e);
    entities.retain(|x| x.kind.is_kept() && x.kind != groundplan_model::EntityKind::View);
    if !entities.is_empty() {
        let text = kept::text(&entities);
        let stores = distinct(
            entities
                .iter()
                .filter_map(|x| x.store.as_deref())
                .filter(|s| *s != e.id)
                .map(|s| c.name_of(s)),
        );
        let text = match stores.is_empty() {
            true => text,
            false => text.then(" in ").spans(names(stores, 3)),
        };
        items.push(end(
            text.from(&first_places(entities.iter().map(|x| &x.provenance), 2))
        ));
    }
    items.extend(super::storage::own_store(c, e));
    for (kinds, verb) in [
        (&[RelationshipKind::Routes][..], "Routes requests to "),
        (&[RelationshipKind::Calls], "Calls "),
        (&[RelationshipKind::Reads], "Reads data from "),
        (&[RelationshipKind::Writes], "Uses "),
        (&[RelationshipKind::Publishes], "Publishes messages to "),
        (&[RelationshipKind::Subscribes], "Consumes messages from "),
        (&[RelationshipKind::Observes], "Observes "),
    ] {
        let (_, all) = targets(c, e, kinds);
        let (all, open): (Vec<&Relationship>, Vec<&Relationship>) = all
            .into_iter()
            .filter(|r| !super::calls::is_link(r))
            .partition(|r| !(r.kind == RelationshipKind::Calls && is_broker(c, &r.to)));
        let (told, all): (Vec<&Relationship>, Vec<&Relationship>) =
            all.into_iter().partition(|r| r.only_addressed());
        let (reports, all): (Vec<&Relationship>, Vec<&Relationship>) =
            all.into_iter().partition(|r| r.only_reports());
        // Who of the two sends is not known where only an address was seen.
        for (verb, all) in [
            (verb, all),
            ("Reports to ", reports),
            ("Has the address of ", told),
            ("Is connected to ", open),
        ] {
            // What depends on something is told with that.
            let mut groups: BTreeMap<Option<&str>, Vec<&Relationship>> = BTreeMap::new();
            for r in all {
                groups.entry(depends(r)).or_default().push(r);
            }
            for (condition, all) in groups {
                let to = distinct(all.iter().map(|r| c.name_of(&r.to)));
                let text = if_depends(Text::plain(verb).spans(names(to, 5)), condition);
                items.push(end(
                    text.from(&first_places(all.iter().map(|r| &r.provenance), 2))
                ));
            }
        }
    }
    let jobs = c.seen_at(Topic::Job, &e.id);
    let queued = |o: &Observation| o.detail.as_deref().is_some_and(|d| d.starts_with(QUEUED));
    let puts = jobs.iter().any(|o| queued(o));
    let does = jobs.iter().any(|o| !queued(o));
    let verb = match (puts, does) {
        (true, false) => "Puts jobs aside: ",
        (false, true) => "Does jobs that were put aside: ",
        _ => "Puts jobs aside and does them: ",
    };
    for (topic, verb) in [
        (Topic::ScheduledJob, "Runs on a schedule: "),
        (Topic::Job, verb),
        (Topic::Event, "Raises events: "),
    ] {
        let mut seen = c.seen_at(topic, &e.id);
        // What a pipeline does on a schedule is no work of the part.
        seen.retain(|o| {
            let place = o.provenance.first();
            !place.is_some_and(|p| super::goals::is_pipeline(c.blueprint, &p.path))
        });
        if !seen.is_empty() {
            let text =
                Text::plain(verb).spans(names(distinct(seen.iter().map(|o| o.name.as_str())), 4));
            items.push(end(
                text.from(&first_places(seen.iter().map(|o| &o.provenance), 2))
            ));
        }
    }
    let mut started = c.seen_at(Topic::Stated, &e.id);
    started.retain(|o| o.name == STARTED);
    if !started.is_empty() {
        let programs = distinct(started.iter().filter_map(|o| o.detail.as_deref()));
        let text = Text::plain("Starts programs: ").spans(names(programs, 5));
        let places = started.iter().map(|o| &o.provenance);
        items.push(end(text.from(&first_places(places, 2))));
    }
    items.extend(super::externals::given_addresses(c, Some(&e.id)));
    if let Some(a) = e.attribute("schedule") {
        items.push(end(Text::plain("Runs on the schedule ")
            .then_code(&a.value)
            .from(&a.provenance)));
    }
    if e.is_store() || items.is_empty() {
        // Whoever only watches a store keeps nothing in it.
        let users = c
            .incoming(&e.id)
            .iter()
            .filter(|r| !e.is_store() || keeps_data(c, r));
        let users = users.filter(|r| !r.only_addressed() && !kept::is_bare_use(c, r));
        let users: Vec<&Relationship> = users.copied().collect();
        let from = distinct(users.iter().map(|r| c.name_of(&r.from)));
        if !from.is_empty() {
            let text = Text::plain("Is used by ").spans(names(from, 5));
            let text = if_depends(text, depend(users.iter().copied()));
            items.push(end(
                text.from(&first_places(users.iter().map(|r| &r.provenance), 2))
            ));
        }
    }
    if let Some(a) = super::volumes::kept_volumes(e).first() {
        let text = Text::plain("Keeps files on ").append(volume(&a.value));
        items.push(end(text.from(&a.provenance)));
    }
    if items.is_empty() {
        let told = c.incoming(&e.id);
        let told: Vec<_> = told.iter().filter(|r| r.only_addressed()).collect();
        let from = distinct(told.iter().map(|r| c.name_of(&r.from)));
        if !from.is_empty() {
            let text = Text::plain("Its address stands in settings of ").spans(names(from, 5));
            let places = told.iter().map(|r| &r.provenance);
            items.push(end(text.from(&first_places(places, 2))));
        }
    }
    if let Some(text) = twins::told_there(c, e) {
        items.insert(0, text);
    }
    if items.is_empty() {
        // A purpose that stands above is no open question.
        let runs = e.source.is_some() && !c.designed();
        match in_one_sentence(c, e) {
            // Code that was read in part may well do what was not seen.
            Some(text) if runs => Answer::text(text),
            Some(_) => c.absent(
                "operation, message, table or connection of the part",
                &["contracts", "code", "deployment files"],
                "component-purpose",
            ),
            None => Answer::Gap("component-purpose"),
        }
    } else {
        Answer::blocks(vec![bullets(items)])
    }
}

/// Whether a dependency is a plugin of the tool that builds, which Maven and Gradle list beside
/// packages: by the names that Maven asks of plugins
/// (<https://maven.apache.org/guides/plugin/guide-java-plugin-development.html>), or as an id of
/// Gradle without a group. What only compilation needs is a package.
pub(super) fn is_build_plugin(d: &groundplan_model::Dependency) -> bool {
    let artifact = d.name.rsplit(':').next().unwrap_or(&d.name);
    d.scope == DependencyScope::Build
        && d.ecosystem == "maven"
        && (artifact.ends_with("-maven-plugin")
            || artifact.starts_with("maven-") && artifact.ends_with("-plugin")
            || !d.name.contains(':'))
}

fn technology(c: &Context, e: &Element) -> Answer {
    let mut text = Text::default();
    if !e.technology.is_empty() {
        text = Text::plain(words::list(&e.technology, "and")).from(&e.provenance);
    }
    let images = super::images::images_of(e);
    for (i, a) in images.iter().take(3).enumerate() {
        let joint = match (i, text.spans.is_empty()) {
            (0, true) => "Image ",
            (0, false) => "; image ",
            _ => ", ",
        };
        text = text.then(joint).then_code(&a.value);
        // Of several tags each is that of one file.
        let path = a.provenance.first().map(|e| e.path.as_str());
        if let Some(path) = path.filter(|_| images.len() > 1) {
            text = text.then(" in ").then_code(path);
        }
        text = text.from(&a.provenance);
    }
    if images.len() > 3 {
        text = text.then(format!(
            " and {} more",
            words::number(images.len() as u64 - 3)
        ));
    }
    if let Some(a) = e.attribute("base-image") {
        let joint = if text.spans.is_empty() {
            "Built on "
        } else {
            "; built on "
        };
        text = text.then(joint).then_code(&a.value).from(&a.provenance);
    }
    let packages: Vec<_> = c
        .blueprint
        .dependencies
        .iter()
        .filter(|d| d.element.as_deref() == Some(&e.id))
        .filter(|d| !is_build_plugin(d))
        .collect();
    if !packages.is_empty() {
        // By the part itself: others may bear its name.
        // What only those who work on it need is none of its own; pages are built of what npm calls
        // development.
        let at_work = packages.iter().filter(|d| {
            let aside = matches!(
                d.scope,
                DependencyScope::Development | DependencyScope::Test
            );
            !aside || d.ecosystem == "npm"
        });
        let known = at_work.filter_map(|d| d.technology.as_deref());
        let mut mine = distinct(known.filter(|name| {
            let technology = groundplan_knowledge::knowledge().by_name(name);
            let language =
                technology.is_some_and(|t| t.category == groundplan_knowledge::Category::Language);
            !language && !e.technology.iter().any(|t| t == name)
        }));
        mine.sort_by_cached_key(|name| {
            let users = c.users().get(*name).map_or(0, |users| users.len());
            (std::cmp::Reverse(users), (*name).to_owned())
        });
        let libraries: Vec<Span> = mine
            .iter()
            .map(|name| Span::Plain((*name).to_owned()))
            .collect();
        let total = distinct(packages.iter().map(|d| d.name.as_str())).len();
        let n = words::count(total, "package");
        let manifests =
            distinct((packages.iter()).filter_map(|d| Some(d.provenance.first()?.path.as_str())));
        let joint = if text.spans.is_empty() { "" } else { "; " };
        text = match manifests.len() {
            0 | 1 => text.then(format!("{joint}{n} in its manifest")),
            m => text.then(format!(
                "{joint}{n} in its {} manifests",
                words::number(m as u64)
            )),
        };
        if !libraries.is_empty() {
            // "Among them" is said of some, not of all.
            let joint = match libraries.len() < total {
                true => ", among them packages for ",
                false => ": ",
            };
            text = text
                .then(joint)
                .spans(words::list_spans(libraries, 6, "and"));
        }
        text = text.from(&first_places(packages.iter().map(|d| &d.provenance), 1));
    }
    if text.spans.is_empty() {
        return c.absent_at(
            e,
            "manifest, image or language mark",
            &["folder", "deployment files"],
            "technology",
        );
    }
    let mut answer = end(text);
    if let Some(Span::Plain(first)) = answer.spans.first_mut() {
        *first = words::capital(first);
    }
    Answer::text(answer)
}

fn ports(e: &Element) -> Vec<&Attribute> {
    e.attributes
        .iter()
        .filter(|a| a.key == "port" || (a.key == "exposed" && a.value != DYNAMIC))
        .collect()
}

fn interfaces(c: &Context, e: &Element) -> Answer {
    let mut inbound: Vec<Item> = Vec::new();
    for i in c.interfaces_of(&e.id) {
        let n = super::interfaces::counted(i);
        let least = match super::interfaces::is_partial(i) && !i.operations.is_empty() {
            true => "at least ",
            false => "",
        };
        let mut text = Text::code(&i.name).then(format!(", {least}{n}"));
        if !i.operations.is_empty() {
            text = text
                .then(": ")
                .spans(names(super::interfaces::named_operations(i), 5));
        }
        inbound.push(Item::of(end(text.from(&i.provenance))));
    }
    let is_exposed = |a: &&Attribute| a.key == "exposed";
    let (host, inside): (Vec<&Attribute>, Vec<&Attribute>) =
        ports(e).into_iter().partition(is_exposed);
    // Beside ports of a deployment, what an image names (`EXPOSE`) says nothing of who listens.
    let of_image = |a: &&Attribute| {
        let all = &a.provenance.evidence;
        let image =
            |at: &groundplan_model::Evidence| super::configuration::names_build_file(&at.path);
        !all.is_empty() && all.iter().all(image)
    };
    let (named, inside): (Vec<&Attribute>, Vec<&Attribute>) = match inside.iter().all(of_image) {
        true => (Vec::new(), inside),
        false => inside.into_iter().partition(of_image),
    };
    let open = e.reachable_ports();
    let (host, local): (Vec<&Attribute>, Vec<&Attribute>) =
        host.into_iter().partition(|a| open.contains(a));
    for (all, where_to) in [
        (inside, ""),
        (host, " of the host"),
        (local, " that only the host itself reaches:"),
    ] {
        let values = distinct(all.iter().map(|a| a.value.as_str()));
        if values.is_empty() {
            continue;
        }
        let noun = words::verb_for(values.len(), "Port", "Ports");
        let text = Text::plain(format!("{noun}{where_to} ")).spans(names(values, 6));
        inbound.push(Item::of(end(
            text.from(&first_places(all.iter().map(|a| &a.provenance), 2))
        )));
    }
    let values = distinct(named.iter().map(|a| a.value.as_str()));
    if !values.is_empty() {
        let noun = words::verb_for(
            values.len(),
            "Its image names port ",
            "Its image names ports ",
        );
        let text = Text::plain(noun)
            .spans(names(values, 6))
            .then(" too; whether anything listens there was not followed");
        inbound.push(Item::of(end(
            text.from(&first_places(named.iter().map(|a| &a.provenance), 2))
        )));
    }
    // What is built with it calls nothing: that stands with the dependencies.
    let calling = || {
        let all = c.incoming(&e.id).iter();
        all.filter(|r| !super::calls::is_link(r) && !kept::is_bare_use(c, r))
    };
    for r in calling().take(MOST) {
        inbound.push(Item::of(edge(c.name_of(&r.from), r, true)));
    }
    let left = calling().count().saturating_sub(MOST);
    if left > 0 {
        inbound.push(Item::of(super::found::more(left)));
    }
    let called = || {
        let all = c.outgoing(&e.id).iter();
        all.filter(|r| !super::calls::is_link(r))
    };
    let outbound: Vec<Item> = called()
        .take(12)
        .map(|r| Item::of(edge(c.name_of(&r.to), r, false)))
        .collect();
    let left = called().count().saturating_sub(12);
    let more = (left > 0).then(|| Item::of(super::found::more(left)));
    let outbound: Vec<Item> = outbound.into_iter().chain(more).collect();
    if inbound.is_empty() && outbound.is_empty() {
        if let Some(open) = open_calls(e) {
            return Answer::text(open);
        }
        if let Some(text) = named_as_host(c, e) {
            return Answer::text(text);
        }
        if let Some(text) = clients::unfollowed(c, e, true) {
            return Answer::text(text);
        }
        return c.absent_at(
            e,
            "port, operation or connection",
            &["code", "contracts", "deployment files"],
            "interfaces",
        );
    }
    let mut blocks = Vec::new();
    for (title, items) in [("Inbound:", inbound), ("Outbound:", outbound)] {
        if !items.is_empty() {
            blocks.push(Block::Paragraph(
                Text::default().and(Span::Emphasis(title.to_owned())),
            ));
            blocks.push(Block::List {
                ordered: false,
                items,
            });
        }
    }
    Answer::blocks(blocks)
}

/// `` `orders` over gRPC: places orders ``, or with the verb of the connection where nothing more is known
/// of it: `` `orders` calls it over gRPC: `PlaceOrder` `` and `` Calls `orders` over gRPC ``.
fn edge(other: &str, r: &Relationship, inbound: bool) -> Text {
    // A bare verb after the name says nothing more.
    let bare = r.description.is_empty() || r.description == r.verb();
    let mut text = match (bare && !r.only_addressed(), inbound) {
        (false, _) => Text::code(other),
        (true, true) => Text::code(other).then(format!(" {} it", r.verb())),
        (true, false) => Text::plain(words::capital(r.verb()))
            .then(" ")
            .then_code(other),
    };
    if let Some(way) = way(r) {
        text = text.then(format!(" over {way}"));
    }
    if r.only_addressed() {
        text = text.then(", by an address in a setting");
        return end(text.from(&r.provenance));
    }
    if !bare {
        text = text.then(format!(": {}", words::short(&r.description, 100)));
    } else if !r.operations.is_empty() {
        text = text
            .then(": ")
            .spans(names(r.operations.iter().map(String::as_str), 3));
    }
    end(text.from(&r.provenance))
}

fn operations(c: &Context, e: &Element) -> Answer {
    let all = c.interfaces_of(&e.id);
    let operations: Vec<_> = all.iter().flat_map(|i| &i.operations).collect();
    if operations.is_empty() {
        return Answer::Gap("interfaces");
    }
    let rows = operations
        .iter()
        .take(12)
        .map(|o| {
            let what = o.handler.as_deref().unwrap_or(&o.id);
            vec![
                name(what),
                name(&format!("{} {}", o.method, o.path)).from(&o.provenance),
                plain_cell(o.summary.as_deref().unwrap_or("")),
            ]
        })
        .collect();
    let mut blocks = vec![full_table(
        &["Operation", "Endpoint", "Description"],
        rows,
        &[],
    )];
    if operations.len() > 12 {
        let open = c.interfaces_of(&e.id);
        let open = open.iter().any(|i| super::interfaces::is_partial(i));
        blocks.push(Block::Paragraph(Text::plain(format!(
            "{}{} {} offered.",
            if open { "At least " } else { "" },
            words::count(operations.len() - 12, "more operation"),
            words::verb_for(operations.len() - 12, "is", "are")
        ))));
    }
    Answer::blocks(blocks)
}

/// The settings of an element, secrets last.
pub(super) fn settings_of<'a>(c: &Context<'a>, e: &Element) -> Vec<&'a Setting> {
    let all = c
        .blueprint
        .settings
        .iter()
        .filter(|s| s.element.as_deref() == Some(&e.id));
    let mut all: Vec<&Setting> = all.collect();
    // What the deployment sets goes before what a file has, and that before the code's own default.
    // A pattern for a file of variables says nothing of what holds, a profile little.
    let rank = |s: &Setting| match (&s.value, s.source) {
        (Some(_), _) if super::configuration::is_example(s) => 5,
        (Some(_), SettingSource::File) if s.profile.is_some() => 3,
        (None, SettingSource::Deployment) if !s.secret => 3,
        (None, _) if !s.secret => 4,
        (_, SettingSource::Deployment) => 0,
        (_, SettingSource::File) => 1,
        (_, SettingSource::Environment | SettingSource::Property) => 2,
    };
    all.sort_by_cached_key(|s| (s.secret, s.name.clone(), rank(s), s.profile.clone()));
    all
}

fn configuration(c: &Context, e: &Element) -> Answer {
    let settings = settings_of(c, e);
    let keep = |a: &&Attribute| {
        ["port", "replicas", "command", "user", "restart"].contains(&a.key.as_str())
            || a.key.starts_with("limit.")
            || a.key.starts_with("request.")
    };
    let attributes: Vec<&Attribute> = e.attributes.iter().filter(keep).take(10).collect();
    if settings.is_empty() && attributes.is_empty() {
        return c.absent_at(
            e,
            "setting, port or limit",
            &[
                "environment variables in code",
                "configuration files",
                "deployment files",
            ],
            "configuration",
        );
    }
    let mut rows: Vec<Vec<Text>> = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    let mut left = 0usize;
    for s in &settings {
        if seen.contains(&s.name.as_str()) {
            continue;
        }
        seen.push(&s.name);
        if rows.len() >= 15 {
            left += 1;
            continue;
        }
        let charted = super::charted::value_of(c, s);
        let value = match (&s.value, s.secret) {
            (Some(_), _) if charted.is_some() => {
                super::charted::value_text(charted.unwrap_or_default())
            }
            (Some(v), _) if v.is_empty() && s.source.is_read() => Text::plain("empty by default"),
            (Some(v), _) if v.is_empty() => Text::plain("empty"),
            (Some(v), true) if !v.starts_with("${") && !v.starts_with("secret:") => {
                Text::plain("secret, to be put in place of ").then_code(words::short(v, 60))
            }
            (_, true) => Text::plain("secret, not shown"),
            (Some(v), false) if super::configuration::placeholder(v).is_some() => {
                let default = super::configuration::placeholder(v).map_or("", |(_, d)| d);
                Text::code(words::middle(default, 60)).then(" unless given")
            }
            // Addresses and paths are what the cell is about, and values of one key differ at the end.
            (Some(v), false) => {
                let value = Text::code(words::middle(v, if v.contains(' ') { 60 } else { 120 }));
                match s.source {
                    source if source.is_read() => Text::plain("default ").append(value),
                    _ if super::configuration::is_example(s) => value,
                    _ => super::configuration::scoped(value, Some(s)),
                }
            }
            (None, false) => match &s.profile {
                Some(variant) if s.source == SettingSource::Deployment => {
                    Text::plain("set in the variant ").then_code(variant)
                }
                // Nothing was read, which is not to say that there is none.
                _ if s.source.is_read() => plain_cell(""),
                _ => Text::plain("not read"),
            },
        };
        let from = match s.source {
            SettingSource::Environment => "environment variable",
            SettingSource::Property => "property that code reads",
            _ if super::configuration::is_example(s) => "example file",
            SettingSource::File => "configuration file",
            SettingSource::Deployment => "deployment file",
        };
        rows.push(vec![
            name(&s.name),
            value,
            Text::plain(from).from(&s.provenance),
        ]);
    }
    for a in &attributes {
        // Alternative deployments may each have a value of their own; then the file tells them apart.
        let place = |a: &Attribute| a.provenance.first().map(|e| e.path.clone());
        let several = attributes
            .iter()
            .any(|o| o.key == a.key && o.value != a.value && place(o) != place(a));
        let from = match place(a).filter(|_| several) {
            Some(path) => Text::plain("in ").then_code(&path),
            None => Text::plain("deployment file"),
        };
        rows.push(vec![
            name(&a.key),
            Text::code(words::short(&a.value, 60)),
            from.from(&a.provenance),
        ]);
    }
    let mut blocks = vec![table(&["Key", "Value", "Where from"], rows)];
    if left > 0 {
        blocks.push(Block::Paragraph(Text::plain(format!(
            "At least {} more {} read.",
            words::number(left as u64),
            words::verb_for(left, "setting is", "settings are")
        ))));
    }
    Answer::blocks(blocks)
}

fn dependencies(c: &Context, e: &Element) -> Answer {
    let needs = c.outgoing(&e.id);
    let waits = c.starts_after(&e.id);
    let open = open_calls(e);
    if needs.is_empty() && waits.is_empty() {
        if let Some(open) = open.filter(|_| c.surveyed()) {
            return Answer::text(open);
        }
        if let Some(text) = clients::unfollowed(c, e, false) {
            return Answer::text(text);
        }
        if let Some(text) = twins::told_there(c, e) {
            return Answer::text(text);
        }
        return c.absent_at(
            e,
            "outgoing connection",
            searched_for_calls(e),
            "connections",
        );
    }
    let mut items: Vec<Text> = Vec::new();
    let (linked, needs): (Vec<&Relationship>, Vec<&Relationship>) =
        needs.iter().partition(|r| super::calls::is_link(r));
    if !linked.is_empty() {
        let to = distinct(linked.iter().map(|r| c.name_of(&r.to)));
        let text = Text::plain("Is built with ").spans(names(to, 12));
        items.push(end(
            text.from(&first_places(linked.iter().map(|r| &r.provenance), 2))
        ));
    }
    for r in needs.iter().take(12) {
        let mut text = Text::code(c.name_of(&r.to));
        let what = if r.only_addressed() {
            "by an address in a setting".to_owned()
        } else if r.description.is_empty() {
            format!("{} it", verb(r.kind))
        } else {
            words::short(&r.description, 100)
        };
        text = text.then(format!(" ({what}"));
        if let Some(way) = way(r) {
            text = text.then(format!(", {way}"));
        }
        items.push(text.then(")").from(&r.provenance));
    }
    if needs.len() > 12 {
        items.push(Text::plain(format!("and {} more", needs.len() - 12)));
    }
    if !waits.is_empty() {
        let order =
            Text::plain("Starts after ").spans(names(waits.iter().map(|r| c.name_of(&r.to)), 8));
        let order = order.then(
            ", by the start order of the deployment; no call or address that joins the two was recognized",
        );
        items.push(end(
            order.from(&first_places(waits.iter().map(|r| &r.provenance), 2))
        ));
    }
    items.extend(open);
    Answer::blocks(vec![bullets(items)])
}

/// Where connections of a part were looked for: clients only in languages whose clients are known.
fn searched_for_calls(e: &Element) -> &'static [&'static str] {
    let (_, unread) = crate::searched::languages_of(&e.technology);
    // A ready image has no code here.
    match unread.is_empty() && e.source.is_some() {
        true => &["addresses in configuration", "clients in code"],
        false => &["addresses in configuration"],
    }
}

/// The setting that names a part as the host of its value, though no part was found that uses it.
fn named_as_host(c: &Context, e: &Element) -> Option<Text> {
    let name = e.name.to_ascii_lowercase();
    let host = |value: &str| {
        let lower = value.to_ascii_lowercase();
        let place = lower.rsplit("://").next().unwrap_or(&lower);
        let place = place.split('/').next().unwrap_or(place);
        place.rsplit_once(':').is_some_and(|(host, _)| host == name)
            || lower.ends_with(&format!("//{name}"))
    };
    let setting = c
        .blueprint
        .settings
        .iter()
        .find(|s| s.value.as_deref().is_some_and(host))?;
    let text = Text::code(&setting.name).then(" names it as the host of an address");
    Some(end(text.from(&setting.provenance)))
}

/// That calls in the code of a part were not followed; how many is no measure, since a wrapper is
/// one line for many calls.
pub(super) fn open_calls(e: &Element) -> Option<Text> {
    let a = e.attribute("unresolved-calls")?;
    let text = "Further HTTP calls stand in its code, at places that name no host.";
    Some(Text::plain(text).from(&a.provenance))
}

pub(super) fn is_broker(c: &Context, id: &str) -> bool {
    c.element(id)
        .is_some_and(|e| e.role == Some(groundplan_model::Role::Broker))
}

fn verb(kind: RelationshipKind) -> &'static str {
    match kind {
        RelationshipKind::Calls => "calls",
        RelationshipKind::Reads => "reads",
        RelationshipKind::Writes => "uses",
        RelationshipKind::Publishes => "publishes to",
        RelationshipKind::Subscribes => "subscribes to",
        RelationshipKind::Routes => "routes to",
        RelationshipKind::Observes => "observes",
        RelationshipKind::Configures => "is configured by",
        RelationshipKind::StartsAfter => "starts after",
    }
}

fn data(c: &Context, e: &Element) -> Answer {
    let (stores, all) = targets(c, e, &[RelationshipKind::Reads, RelationshipKind::Writes]);
    let entities = entities_of(c, e);
    if stores.is_empty() && entities.is_empty() {
        // What it opens itself says where they lie, if not which.
        let own = super::storage::own_store(c, e).map(|text| vec![bullets(vec![text])]);
        return own.map_or(Answer::Gap("stores"), Answer::blocks);
    }
    let mut items = Vec::new();
    let left = all.len().saturating_sub(6);
    for r in all.iter().take(6) {
        let kept: Vec<&str> = entities
            .iter()
            .filter(|x| x.store.as_deref() == Some(r.to.as_str()))
            .map(|x| x.name.as_str())
            .collect();
        let mut text = Text::code(c.name_of(&r.to));
        if !kept.is_empty() {
            text = text.then(": ").spans(names(kept, 6));
        }
        items.push(end(text.from(&r.provenance)));
    }
    if left > 0 {
        items.push(super::found::more(left));
    }
    if items.is_empty() {
        let text = Text::default().spans(names(entities.iter().map(|x| x.name.as_str()), 8));
        items.push(end(
            text.from(&first_places(entities.iter().map(|x| &x.provenance), 2))
        ));
    }
    Answer::blocks(vec![bullets(items)])
}

/// The types that the operations of a part take and give, from its contracts or handlers.
fn exchanged(c: &Context, e: &Element) -> Option<Text> {
    let own = c.interfaces_of(&e.id);
    // Where code of the part is not read, its callers say which contract they call here.
    let called = |i: &&Interface| {
        let names = |op: &String| {
            op.strip_prefix(i.name.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '.']))
        };
        i.element.is_none()
            && c.incoming(&e.id)
                .iter()
                .any(|r| r.operations.iter().any(names))
    };
    let by_callers = own.iter().all(|i| i.operations.is_empty());
    let all: Vec<&Operation> = match by_callers {
        false => own.iter().flat_map(|i| &i.operations).collect(),
        true => {
            let others = c.blueprint.interfaces.iter().filter(called);
            others.flat_map(|i| &i.operations).collect()
        }
    };
    let named = distinct(all.iter().copied().flat_map(types));
    if named.is_empty() {
        return None;
    }
    let typed = all.iter().filter(|o| types(o).next().is_some());
    let text = Text::plain(match by_callers {
        false => "Its operations take and give ",
        true => "By the contract that its callers name, its operations take and give ",
    })
    .spans(names(named, 12));
    Some(end(
        text.from(&first_places(typed.map(|o| &o.provenance), 3))
    ))
}

/// A record with its fields, or that it has none.
fn with_fields(name: &str, fields: Vec<&str>) -> Text {
    match fields.is_empty() {
        true => Text::code(name).then(", without fields"),
        false => Text::code(name).then(": ").spans(names(fields, 8)),
    }
}

fn entities(c: &Context, e: &Element) -> Answer {
    let entities = entities_of(c, e);
    let schemas: Vec<_> = c
        .interfaces_of(&e.id)
        .into_iter()
        .flat_map(|i| &i.schemas)
        .collect();
    let mut items: Vec<Text> = entities
        .iter()
        .take(MOST)
        .map(|x| {
            let fields = x.fields.iter().map(|f| f.name.as_str());
            end(with_fields(&x.name, fields.collect()).from(&x.provenance))
        })
        .collect();
    items.extend(schemas.iter().take(MOST - items.len().min(MOST)).map(|s| {
        let fields = s.fields.iter().map(|f| f.0.as_str());
        end(with_fields(&s.name, fields.collect()).from(&s.provenance))
    }));
    if items.is_empty() {
        items.extend(exchanged(c, e));
    }
    match items.is_empty() {
        true => c.absent_at(
            e,
            "table, message or type of its own",
            &["migrations", "ORM code", "contracts"],
            "data-model",
        ),
        false => Answer::blocks(vec![bullets(items)]),
    }
}

fn sql(c: &Context, e: &Element) -> Answer {
    let mine: Vec<&Entity> = entities_of(c, e)
        .into_iter()
        .filter(|x| {
            x.owner.as_deref() == Some(&e.id) && x.kind == groundplan_model::EntityKind::Table
        })
        .collect();
    match mine.is_empty() {
        true => Answer::Gap("data-model"),
        false => Answer::blocks(vec![super::ddl::sql_block(&mine, 6)]),
    }
}
