//! What is lost when a part fails, what was found that softens it, and how long it lasts.

use super::call_failures;
use super::deployment::told;
use super::found::{users_of, waits, with_role};
use super::goals::distinct;
use super::scaling::{docker_restarts, softens};
use super::seen::{end, is_task_file, uses_of, when};
use super::sizes::replicas;
use super::volumes::lacks_volume;
use crate::answer::Answer;
use crate::context::{Context, counted};
use crate::text::{first_places, names, table};
use crate::tree::{Block, Span, Text};
use crate::words;
use groundplan_knowledge::Category;
use groundplan_model::{
    CAUGHT_CALL, Element, ElementKind, FOR_ALL_CALLS, Mode, Observation, Provenance, Relationship,
    RelationshipKind, Role, Step, StepKind, Topic,
};
use std::collections::{BTreeMap, BTreeSet};

/// Most rows of the table.
const ROWS: usize = 12;

/// Whether a place is code that no request of a user runs: build and release scripts, tools of
/// maintainers, containers to work in, telemetry, checks for a newer version, timers.
fn serves_nobody(path: &str) -> bool {
    const FOLDERS: [&str; 6] = [
        ".ci",
        ".devcontainer",
        ".github",
        "hack",
        "scripts",
        "telemetry",
    ];
    const WORDS: [&str; 5] = ["cron", "heartbeat", "telemetry", "updatecheck", "version"];
    let lower = path.to_lowercase();
    let (folders, name) = lower.rsplit_once('/').unwrap_or(("", &lower));
    // Commands of Django are run by hand
    // (<https://docs.djangoproject.com/en/5.2/howto/custom-management-commands/>).
    is_task_file(name)
        || folders.ends_with("management/commands")
        // Deeper down, tools may be what the system offers its users.
        || lower.starts_with("tools/")
        || folders.split('/').any(|f| FOLDERS.contains(&f))
        || name.contains(".config.")
        || name.split(['.', '-', '_']).any(|w| WORDS.contains(&w))
}

/// Whether all that shows a need stands in code that no request runs.
fn is_of_nobody(r: &Relationship) -> bool {
    let all = &r.provenance.evidence;
    !all.is_empty() && all.iter().all(|at| serves_nobody(&at.path))
}

/// Needs of containers on an element: those that only observe it are left out, and those of scripts,
/// telemetry and the like, whose failure no user meets.
fn needs<'a>(c: &Context<'a>, e: &Element) -> Vec<&'a Relationship> {
    c.incoming(&e.id)
        .iter()
        .filter(|r| {
            let from = c.element(&r.from);
            r.kind != RelationshipKind::Observes
                && from.is_some_and(|f| f.kind == ElementKind::Container)
                && (c.designed() || !is_of_nobody(r))
        })
        .copied()
        .collect()
}

/// Names of containers whose requests a flow follows through somebody between to an element. That one
/// part calls another, and that one a third, does not say that the first call needs the second.
fn followed<'a>(c: &Context<'a>, e: &Element) -> Vec<&'a str> {
    let direct: Vec<&str> = needs(c, e).iter().map(|r| r.from.as_str()).collect();
    let mut reached: BTreeSet<&str> = BTreeSet::new();
    for flow in &c.blueprint.flows {
        let asks = |s: &&Step| {
            !matches!(
                s.kind,
                StepKind::Publish | StepKind::Consume | StepKind::Respond
            )
        };
        let calls: Vec<&Step> = flow.steps.iter().filter(asks).collect();
        for (at, last) in calls.iter().enumerate().filter(|(_, s)| s.to == e.id) {
            let earlier = calls.iter().take(at);
            let before = earlier.filter(|s| s.to == last.from && s.from != s.to);
            reached.extend(before.map(|s| s.from.as_str()));
        }
    }
    let is_container = |id: &&str| {
        let part = c.element(id);
        part.is_some_and(|f| f.kind == ElementKind::Container) && !direct.contains(id)
    };
    let all = reached.into_iter().filter(is_container);
    all.map(|id| c.name_of(id)).collect()
}

/// Names of containers that fail with an element because somebody between waits for it: of a design,
/// whose connections are what its operations need.
fn further<'a>(c: &Context<'a>, e: &Element) -> Vec<&'a str> {
    if !c.designed() {
        return followed(c, e);
    }
    let own = needs(c, e);
    let direct: BTreeSet<&str> = own.iter().map(|r| r.from.as_str()).collect();
    let mut reached: BTreeSet<&str> = BTreeSet::new();
    // What only routes is not stopped by one of its targets.
    let stops = |r: &&&Relationship| r.kind != RelationshipKind::Routes && waits(c, r);
    let mut open: Vec<&str> = own.iter().filter(stops).map(|r| r.from.as_str()).collect();
    let mut seen: BTreeSet<&str> = open.iter().copied().collect();
    while let Some(id) = open.pop() {
        let Some(part) = c.element(id) else { continue };
        for r in needs(c, part) {
            if !waits(c, r) || r.from == e.id {
                continue;
            }
            if !direct.contains(r.from.as_str()) {
                reached.insert(&r.from);
            }
            if r.kind != RelationshipKind::Routes && seen.insert(&r.from) {
                open.push(&r.from);
            }
        }
    }
    reached.into_iter().map(|id| c.name_of(id)).collect()
}

/// What is lost while an element is down: with it all that it serves, then what those do without it that
/// call it.
fn impact(c: &Context, e: &Element, needs: &[&Relationship]) -> Text {
    let served =
        |from: &Element| (super::deployment::carriers(from).iter()).any(|a| a.value == e.name);
    let (gone, needs): (Vec<&Relationship>, Vec<&Relationship>) =
        (needs.iter().copied()).partition(|r| c.element(&r.from).is_some_and(served));
    let Some(first) = gone.first() else {
        return impact_on(c, e, &needs);
    };
    let pages: BTreeSet<&str> = gone.iter().map(|r| c.name_of(&r.from)).collect();
    let verb = words::verb_for(pages.len(), "is", "are");
    let text = Text::default()
        .spans(names(pages, 4))
        .then(format!(", served by it, {verb} gone with it"))
        .from(&first.provenance);
    match needs.is_empty() {
        true => end(text.then("; whoever comes in from outside gets no answer")),
        false => text.then("; ").append(impact_on(c, e, &needs)),
    }
}

fn impact_on(c: &Context, e: &Element, needs: &[&Relationship]) -> Text {
    // Beside those that call it, who only has its address is not known to miss it.
    let sure: Vec<&Relationship> = (needs.iter().copied())
        .filter(|r| !r.only_addressed())
        .collect();
    let told = sure.is_empty();
    let needs = if told { needs } else { &sure };
    let users = match told {
        true => users_of(c, e),
        false => {
            let calls = |name: &&str| needs.iter().any(|r| c.name_of(&r.from) == *name);
            users_of(c, e).into_iter().filter(calls).collect()
        }
    };
    let outside =
        !e.is_store() && (!e.reachable_ports().is_empty() || e.attribute("service").is_some());
    let makes_load = |name: &&str| {
        let mut all = c.containers.iter().filter(|x| x.name == **name);
        all.any(|x| x.role == Some(Role::LoadGenerator))
    };
    // Where somebody from outside comes in, a tool that plays them is not who misses it.
    if outside && !users.is_empty() && users.iter().all(makes_load) {
        let text = Text::plain("Whoever comes in from outside gets no answer");
        return end(text.from(&first_places([&e.provenance], 1)));
    }
    let text = match call_failures::told(c, needs).filter(|_| !told && !c.designed()) {
        Some(known) => {
            let open = |r: &&Relationship| {
                let mut own = needs.iter().filter(|o| o.from == r.from);
                !own.any(|o| call_failures::is_told(o))
            };
            let rest: Vec<&Relationship> = needs.iter().copied().filter(open).collect();
            let names: BTreeSet<&str> = rest.iter().map(|r| c.name_of(&r.from)).collect();
            let users: Vec<&str> = users.into_iter().filter(|u| names.contains(u)).collect();
            match users.is_empty() {
                true => known,
                false => known.then("; ").append(lost(c, e, &rest, &users, told)),
            }
        }
        None => lost(c, e, needs, &users, told),
    };
    let started = !e.external && e.attribute("deployed-by").is_some();
    // Who calls from outside stands in no file.
    let fixed = !super::protection::fixed_ports(e).is_empty();
    let open = !e.external && !e.is_store() && fixed;
    let text = match open && !needs.is_empty() {
        true => text.then("; nor do callers from outside reach it"),
        false => text,
    };
    let text = match e.is_store() && started && lacks_volume(e) {
        true if super::volumes::persistent(e).is_some() => text.then(
            "; no lasting volume was found where its image keeps data, and its container is kept when \
             the host stops",
        ),
        true => text.then("; no lasting volume was found where its image keeps data"),
        false => text,
    };
    end(text.from(&first_places(needs.iter().map(|r| &r.provenance), 2)))
}

/// Whether an element serves feature flags.
fn serves_flags(e: &Element) -> bool {
    let known = groundplan_knowledge::knowledge();
    (e.technology.iter())
        .filter_map(|name| known.by_name(name))
        .any(|t| t.category == Category::FeatureFlags)
}

/// What users of an element lose with it, as far as connections alone say it.
fn lost(c: &Context, e: &Element, needs: &[&Relationship], users: &[&str], told: bool) -> Text {
    let n = users.len();
    let text = selected(c, e, needs).spans(names(users.iter().copied(), 4));
    // A broker that is built here is known by what is spoken to it.
    let readers = needs.iter().all(|r| {
        let from = c.element(&r.from).and_then(|f| f.role);
        from == Some(Role::Monitoring)
    });
    let broker = with_role(c, &[Role::Broker]).iter().any(|b| b.id == e.id);
    let role = if broker { Some(Role::Broker) } else { e.role };
    let text = match role {
        Some(role) if role.is_store() => text.then(words::verb_for(
            n,
            " cannot reach what it keeps there",
            " cannot reach what they keep there",
        )),
        Some(Role::Broker) => text.then(words::verb_for(
            n,
            " can neither send nor receive messages",
            " can neither send nor receive messages",
        )),
        Some(Role::Registry) => text.then(words::verb_for(
            n,
            " cannot look up where others run",
            " cannot look up where others run",
        )),
        Some(Role::Coordinator) => text.then(words::verb_for(
            n,
            " cannot coordinate its members",
            " cannot coordinate their members",
        )),
        Some(Role::ConfigServer) => text.then(words::verb_for(
            n,
            " cannot fetch its settings when it starts",
            " cannot fetch their settings when they start",
        )),
        // An address in a setting does not say who waits for what.
        _ if told && !needs.is_empty() => text.then(words::verb_for(
            n,
            " has its address; what it does with it was not read",
            " have its address; what they do with it was not read",
        )),
        Some(Role::Auth) if needs.iter().any(|r| r.kind != RelationshipKind::Routes) => {
            text.then(" cannot check who asks")
        }
        // What shows numbers takes them from it; the others bring them.
        Some(Role::Monitoring) if readers => text.then(words::verb_for(
            n,
            " gets no data from it",
            " get no data from it",
        )),
        Some(Role::Monitoring) => text.then(words::verb_for(
            n,
            " cannot hand over its telemetry",
            " cannot hand over their telemetry",
        )),
        _ if !needs.is_empty() && needs.iter().all(|r| r.only_reports()) => {
            text.then(words::verb_for(
                n,
                " goes on; what it reports meanwhile may be lost",
                " go on; what they report meanwhile may be lost",
            ))
        }
        // A flag is asked for with the value that holds without an answer.
        _ if serves_flags(e) => text.then(words::verb_for(
            n,
            " cannot ask for its flags; where its code names a default, that holds",
            " cannot ask for their flags; where their code names a default, that holds",
        )),
        _ if needs.is_empty() => reach(c, e),
        _ => {
            // Where nothing shows how they talk, only the loss of the answer or message is sure.
            let messages = needs.iter().all(|r| r.mode == Mode::Async);
            let text = match !messages {
                true => text.then(words::verb_for(
                    n,
                    " gets no answer from it",
                    " get no answer from it",
                )),
                false => text.then(words::verb_for(
                    n,
                    " waits for its messages",
                    " wait for its messages",
                )),
            };
            let operations = asked_by_all(needs);
            match operations.is_empty() {
                true => text,
                false => text.then(" to ").spans(names(operations, 3)),
            }
        }
    };
    match further(c, e) {
        all if all.is_empty() || needs.is_empty() || e.role == Some(Role::Monitoring) => text,
        all => text
            .then(words::verb_for(
                n,
                "; through it an error may reach ",
                "; through them an error may reach ",
            ))
            .spans(names(all, 3)),
    }
}

/// `` Where `DB_ENGINE` selects it, `` before what is lost with a store that no file starts and that is
/// one of several.
fn selected(c: &Context, e: &Element, needs: &[&Relationship]) -> Text {
    // Of several conditions one may do, or all may have to hold.
    let conditions: Option<BTreeSet<&str>> = needs.iter().map(|r| when(r)).collect();
    if let Some(all) = conditions
        && let [only] = Vec::from_iter(all).as_slice()
        && let Some(name) = only.strip_suffix(" is set").filter(|n| !n.contains(' '))
    {
        return Text::plain("Where ").then_code(name).then(" is set, ");
    }
    if c.designed() || !e.is_store() || e.attribute("deployed-by").is_some() {
        return Text::default();
    }
    let switches = e.attributes_of("selected-by").map(|a| a.value.as_str());
    let switches = distinct(switches);
    if !switches.is_empty() {
        let verb = words::verb_for(switches.len(), " selects it, ", " select it, ");
        return Text::plain("Where ").spans(names(switches, 2)).then(verb);
    }
    // Several of one kind that no file starts are what somebody chooses from.
    let callers: Vec<&str> = c.incoming(&e.id).iter().map(|r| r.from.as_str()).collect();
    let rival = |o: &&&Element| {
        let mut needs = c.incoming(&o.id).iter();
        o.id != e.id && o.role == e.role && needs.any(|r| callers.contains(&r.from.as_str()))
    };
    let opens = |id: &&str| {
        let own = |u: &Element| u.attribute("opens").or(u.attribute("keeps")).is_some();
        c.element(id).is_some_and(own)
    };
    let chosen = c.containers.iter().chain(&c.externals).any(|o| rival(&o))
        || e.role == Some(Role::Database) && callers.iter().any(opens);
    match chosen {
        true => Text::plain("Where it is the one in use, "),
        false => Text::default(),
    }
}

/// Operations that every caller asks for; what only some ask for says nothing of the others.
fn asked_by_all<'a>(needs: &[&'a Relationship]) -> Vec<&'a str> {
    let mut of: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for r in needs {
        let asked = r.operations.iter().filter_map(|o| operation(o));
        of.entry(&r.from).or_default().extend(asked);
    }
    let all = distinct(
        needs
            .iter()
            .flat_map(|r| &r.operations)
            .filter_map(|o| operation(o)),
    );
    let common = |o: &&str| of.values().all(|asked| asked.contains(o));
    all.into_iter().filter(common).collect()
}

/// An operation as readers know it: a path as it is, of a method its last name; nothing for what
/// stands for every operation.
fn operation(name: &str) -> Option<&str> {
    let wild = name.chars().all(|c| "/*{}. ".contains(c));
    let path = name.contains(" /") || name.starts_with('/');
    let shown = if path {
        name
    } else {
        name.rsplit('/').next().unwrap_or(name)
    };
    (!wild && !shown.is_empty()).then_some(shown)
}

/// What cannot be reached without an element that nobody inside needs.
fn reach(c: &Context, e: &Element) -> Text {
    if c.containers.len() == 1 {
        return Text::plain("Everything that it does: no other container was found");
    }
    match behind(c, e) {
        behind if behind.is_empty() => Text::plain("What it does stops"),
        behind => Text::plain("Who comes through it does not reach ").spans(names(behind, 4)),
    }
}

/// What an element leads to: parts of the system that serve, not those that watch or configure.
/// Systems of others answer without it too.
fn behind<'a>(c: &Context<'a>, e: &Element) -> Vec<&'a str> {
    let serves = |id: &str| {
        let role = c.element(id).and_then(|t| t.role);
        c.element(id).is_some_and(|t| !t.external)
            && !matches!(
                role,
                Some(
                    Role::Monitoring
                        | Role::Registry
                        | Role::Coordinator
                        | Role::ConfigServer
                        | Role::Library
                )
            )
    };
    let all = c
        .outgoing(&e.id)
        .iter()
        .filter(|r| r.kind != RelationshipKind::Observes && serves(&r.to));
    distinct(all.map(|r| c.name_of(&r.to)))
}

/// Retries, timeouts and circuit breakers as they stand in code, with their elements.
struct Guards<'a> {
    all: Vec<(&'static str, &'a Observation)>,
}

impl<'a> Guards<'a> {
    fn of(c: &Context<'a>) -> Self {
        let kinds = [
            (Topic::Retry, "retry"),
            (Topic::CircuitBreaker, "circuit breaker"),
            (Topic::Timeout, "timeout"),
        ];
        let all = kinds
            .iter()
            .flat_map(|(topic, word)| c.seen(*topic).iter().map(move |o| (*word, *o)))
            // A script waits for nothing that a request waits for.
            .filter(|(_, o)| {
                let first = o.provenance.first();
                c.designed() || !first.is_some_and(|at| serves_nobody(&at.path))
            })
            .collect();
        Guards { all }
    }

    /// Those that stand where a caller calls the element.
    fn around(&self, c: &Context, needs: &[&Relationship]) -> Vec<(&'static str, &'a Observation)> {
        let near = |o: &Observation| needs.iter().any(|r| is_around(c, o, r));
        self.all.iter().filter(|(_, o)| near(o)).copied().collect()
    }

    /// What callers have, at calls that were not followed.
    fn loose(&self, c: &Context, needs: &[&Relationship]) -> Option<Text> {
        let of = |o: &Observation| needs.iter().any(|r| o.element.as_deref() == Some(&r.from));
        let all: Vec<&(&str, &Observation)> = self.all.iter().filter(|(_, o)| of(o)).collect();
        if all.is_empty() {
            return None;
        }
        let kinds = distinct(all.iter().map(|(word, _)| *word));
        let kinds: Vec<String> = kinds.into_iter().map(words::with_article).collect();
        let holders = distinct(all.iter().filter_map(|(_, o)| o.element.as_deref()));
        let text = Text::plain(format!("whether {} of ", words::list(&kinds, "or")))
            .spans(names(holders.iter().map(|id| c.name_of(id)), 3))
            .then(" stands around the call was not followed")
            .from(&first_places(all.iter().map(|(_, o)| &o.provenance), 2));
        Some(text)
    }

    /// What stands in code of the callers, apart from their calls: `At least 2 timeouts in cart; only
    /// those beside …`, and the first library for it among their packages.
    fn elsewhere(&self, c: &Context, callers: &BTreeSet<&str>) -> Option<Text> {
        let mut by: BTreeMap<(&str, &str), Vec<&Provenance>> = BTreeMap::new();
        for (word, o) in &self.all {
            if let Some(id) = o.element.as_deref().filter(|id| callers.contains(id)) {
                by.entry((c.name_of(id), word))
                    .or_default()
                    .push(&o.provenance);
            }
        }
        let library = uses_of(c, &[Category::Resilience])
            .into_iter()
            .filter(|u| u.about.is_some_and(softens))
            .find_map(|u| {
                let holders: Vec<&str> = u
                    .elements
                    .iter()
                    .filter(|name| callers.iter().any(|id| c.name_of(id) == **name))
                    .copied()
                    .collect();
                let source = u.sources.first().copied()?;
                (!holders.is_empty()).then_some((u.name, holders, source))
            });
        let held = library.map(|(name, holders, source)| {
            Text::default()
                .spans(names(holders.iter().copied(), 4))
                .then(words::verb_for(holders.len(), " has ", " have "))
                .then(format!("{name} among "))
                .then(words::verb_for(holders.len(), "its", "their"))
                .then(" packages; which calls it guards was not followed.")
                .from(&first_places([source], 1))
        });
        if by.is_empty() {
            return held;
        }
        let spans = by
            .iter()
            .map(|((name, word), all)| {
                Span::Plain(format!("{} in {name}", words::count(all.len(), word)))
            })
            .collect();
        let text = Text::plain("Code holds at least ")
            .spans(words::list_spans(spans, 6, "and"))
            .then("; only those around the call of a part are named in its row, and what the others guard was not followed.");
        let sources = by.values().filter_map(|all| all.first().copied());
        let text = text.from(&first_places(sources, 3));
        Some(match held {
            Some(held) => text.then(" ").append(held),
            None => text,
        })
    }
}

/// Lines between a call and what is set for it, at most.
const NEAR: u32 = 25;

/// Whether what limits calls of an element, or deals with their errors, was seen to hold for a call.
pub(super) fn is_around(c: &Context, o: &Observation, call: &Relationship) -> bool {
    // Of what deals with errors in code only its place is known.
    let by_place = c.designed() || o.topic == Topic::ErrorHandling;
    o.element.as_deref() == Some(&call.from)
        && match by_place {
            true => beside(c, &o.provenance, call),
            false => call.limits.contains(o),
        }
}

/// Whether something stands beside a call: within a few lines, or in a file that calls nobody else.
pub(super) fn beside(c: &Context, what: &Provenance, call: &Relationship) -> bool {
    if near(what, &call.provenance) {
        return true;
    }
    let in_file = |p: &Provenance, path: &str| p.evidence.iter().any(|at| at.path == path);
    what.evidence.iter().any(|w| {
        in_file(&call.provenance, &w.path)
            && is_code(&w.path)
            && c.outgoing(&call.from)
                .iter()
                .all(|r| r.to == call.to || !in_file(&r.provenance, &w.path))
    })
}

/// Files that hold whole deployments or configurations speak of more than one thing.
pub(super) fn is_code(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let end = name.rsplit_once('.').map_or("", |(_, end)| end);
    !matches!(
        end,
        "" | "yaml"
            | "yml"
            | "json"
            | "toml"
            | "env"
            | "properties"
            | "conf"
            | "xml"
            | "md"
            | "tmpl"
            | "template"
            | "tf"
    )
}

/// Whether something stands in the file of a call and within a few lines of it.
fn near(what: &Provenance, call: &Provenance) -> bool {
    what.evidence.iter().any(|w| {
        call.evidence.iter().any(|at| {
            w.path == at.path
                && w.lines[0] <= at.lines[1].saturating_add(NEAR)
                && at.lines[0] <= w.lines[1].saturating_add(NEAR)
        })
    })
}

fn mitigation(c: &Context, guards: &Guards, e: &Element, needs: &[&Relationship]) -> Text {
    if let Some(said) = e.attribute("mitigation") {
        return Text::sourced(&*said.value, said.provenance.clone());
    }
    let mut parts: Vec<Text> = Vec::new();
    if let Some(n) = replicas(e).filter(|n| *n > 1) {
        let text = Text::plain(words::count(n as usize, "replica"));
        parts.push(
            e.attribute("replicas")
                .map_or(text.clone(), |a| text.from(&a.provenance)),
        );
    }
    if let Some(a) = e.attribute("probe.liveness") {
        parts.push(Text::plain("restarted when its liveness probe fails").from(&a.provenance));
    } else if let Some(a) = e
        .attribute("workload")
        .filter(|a| a.value != "Job" && a.value != "CronJob")
    {
        parts.push(Text::plain("restarted by Kubernetes when it exits").from(&a.provenance));
    }
    if let Some(a) = e
        .attributes_of("restart")
        .find(|a| docker_restarts(&a.value))
    {
        parts.push(
            Text::plain("restart policy ")
                .then_code(&a.value)
                .from(&a.provenance),
        );
    }
    if e.attribute("probe.liveness").is_none()
        && let Some(a) = e.attribute("health-check")
        && parts.is_empty()
    {
        parts.push(
            Text::plain("a health check tells that it is down; nothing that was found restarts it")
                .from(&a.provenance),
        );
    }
    // What stands around calls does not help those who cannot start or be found.
    let called = e.external
        || !e.is_store()
            && !matches!(
                e.role,
                Some(
                    Role::Registry
                        | Role::Coordinator
                        | Role::ConfigServer
                        | Role::Broker
                        | Role::Monitoring
                )
            );
    let mut by_word: BTreeMap<(&str, Option<&str>), Vec<&Observation>> = BTreeMap::new();
    for (word, o) in guards.around(c, needs).into_iter().filter(|_| called) {
        let value = o
            .detail
            .as_deref()
            .filter(|d| d.len() <= 40 && word == "timeout");
        by_word.entry((word, value)).or_default().push(o);
    }
    for ((word, value), all) in by_word {
        let callers = distinct(needs.iter().map(|r| r.from.as_str()));
        let text = Text::plain(words::with_article(word));
        let text = match value {
            Some(value) => text.then(" of ").then_code(value),
            None => text,
        };
        // Which of several calls it is around.
        let of = distinct(all.iter().filter_map(|o| o.element.as_deref()));
        let text = match (callers.len(), of.as_slice()) {
            (0 | 1, _) | (_, []) => text.then(" around the call"),
            _ => text
                .then(" around the call of ")
                .spans(names(of.iter().map(|id| c.name_of(id)), 3)),
        };
        parts.push(text.from(&first_places(all.iter().map(|o| &o.provenance), 2)));
    }
    if called {
        parts.extend(for_all(c, needs));
        parts.extend(caught(c, needs));
    }
    let total = parts.len();
    let mut text = Text::default();
    for (i, part) in parts.into_iter().take(4).enumerate() {
        text = if i == 0 {
            part
        } else {
            text.then("; ").append(part)
        };
    }
    if let Some(Span::Plain(first)) = text.spans.first_mut() {
        *first = words::capital(first);
    }
    match total {
        // What is not seen may stand around the call in a form that no reader knows.
        0 if called => (guards.loose(c, needs)).unwrap_or_else(|| {
            Text::plain("no retry, timeout or circuit breaker was seen beside the call")
        }),
        0 => Text::plain("not known"),
        n if n > 4 => text.then(format!("; and {} more", n - 4)),
        _ => text,
    }
}

/// Times that a program sets for all calls through a client, where calls stand in files that may use it.
fn for_all(c: &Context, needs: &[&Relationship]) -> Option<Text> {
    let script = |at: &groundplan_model::Evidence| {
        [".js", ".mjs", ".cjs", ".ts"]
            .iter()
            .any(|end| at.path.ends_with(end))
    };
    let of_caller = |o: &Observation| {
        (needs.iter()).any(|r| {
            o.element.as_deref() == Some(r.from.as_str())
                && r.provenance.evidence.iter().any(script)
        })
    };
    let set = (c.seen(Topic::Timeout).iter())
        .find(|o| o.name.ends_with(FOR_ALL_CALLS) && of_caller(o))?;
    let client = set.name.strip_suffix(FOR_ALL_CALLS)?;
    // Then calls differ, and which of them have which time was not followed.
    let other = |o: &Observation| o.name == client && o.element == set.element;
    if c.seen(Topic::Timeout).iter().any(|o| other(o)) {
        return None;
    }
    let text = Text::plain("a timeout of ").then_code(set.detail.as_deref()?);
    Some(
        text.then(" for all calls of ")
            .then_code(client)
            .from(&set.provenance),
    )
}

/// Calls whose errors the function that makes them catches.
fn caught(c: &Context, needs: &[&Relationship]) -> Option<Text> {
    // What becomes of the errors says more.
    if needs.iter().any(|r| call_failures::is_told(r)) {
        return None;
    }
    let stated = c.seen(Topic::Stated).iter();
    let at_call = |o: &&&Observation| {
        let here = o.provenance.first();
        let same = |at: &groundplan_model::Evidence| {
            here.is_some_and(|h| {
                h.path == at.path && at.lines[0] <= h.lines[0] && h.lines[0] <= at.lines[1]
            })
        };
        o.name == CAUGHT_CALL && needs.iter().any(|r| r.provenance.evidence.iter().any(same))
    };
    let places: Vec<&Provenance> = stated.filter(at_call).map(|o| &o.provenance).collect();
    let text =
        (!places.is_empty()).then(|| Text::plain("errors of a call are caught in its function"))?;
    Some(text.from(&first_places(places, 2)))
}

/// Seconds until a failing liveness probe leads to a restart: period × failures, with the defaults
/// of Kubernetes (10 s, 3) where a manifest is silent.
fn detection(probe: &str) -> Option<(u64, u64)> {
    let number = |mark: &str| -> Option<u64> {
        let (_, rest) = probe.rsplit_once(mark)?;
        rest.chars()
            .take_while(char::is_ascii_digit)
            .collect::<String>()
            .parse()
            .ok()
    };
    // A hung probe fails when its own time is over, and the next one starts after it.
    let period = number(", every ").unwrap_or(10);
    let period = period.max(number(", timeout ").unwrap_or(1));
    let failures = number(", failures ").unwrap_or(3);
    (period < 100_000 && failures < 100_000).then_some((period, failures))
}

fn recovery(c: &Context, e: &Element) -> Text {
    if let Some(said) = e.attribute("recovery") {
        return Text::sourced(&*said.value, said.provenance.clone());
    }
    if e.external {
        return Text::plain("In the hands of its operator, ").and(c.ask("external-terms"));
    }
    if let Some(a) = e.attribute("probe.liveness")
        && let Some((period, failures)) = detection(&a.value)
    {
        let text = Text::plain(format!(
            "{} s until a hang is noticed, then its start",
            period * failures
        ));
        return counted(
            text,
            &format!("{period} s × {failures} failures"),
            [e.id.clone()],
        )
        .from(&first_places([&a.provenance], 1));
    }
    if let Some(text) = super::deployment::carried_text(e) {
        return text;
    }
    if e.attribute("deployed-by").is_none() {
        return Text::plain("What starts it again was not found: ").and(c.ask("failure-impact"));
    }
    let again = e
        .attribute("workload")
        .is_some_and(|a| a.value != "Job" && a.value != "CronJob")
        || e.attributes_of("restart")
            .any(|a| docker_restarts(&a.value));
    match again {
        true => Text::plain(
            "After an exit, as long as its start takes; after a hang, until somebody acts",
        ),
        false => Text::plain("Until somebody acts, ").and(c.ask("failure-impact")),
    }
}

/// The table of failures: parts that most others need first.
pub(super) fn failure_modes(c: &Context) -> Answer {
    let said = told(c, &["operations.failures"]);
    let aside = |e: &Element| {
        matches!(
            e.role,
            Some(Role::Library | Role::LoadGenerator | Role::Job)
        ) || super::deployment::is_of_development(e)
    };
    let mut parts: Vec<(&Element, Vec<&Relationship>)> = c
        .containers
        .iter()
        .chain(&c.externals)
        .filter(|e| !aside(e))
        .map(|e| (*e, needs(c, e)))
        .collect();
    let entry =
        |e: &Element| matches!(e.role, Some(Role::Gateway | Role::Ui)) || c.containers.len() == 1;
    // Pages that a server carries are away when it is, which stands in its row.
    parts.retain(|(e, _)| super::deployment::carriers(e).is_empty());
    let leads = |e: &Element| c.containers.len() == 1 || !behind(c, e).is_empty();
    parts.retain(|(e, needs)| !needs.is_empty() || (!e.external && entry(e) && leads(e)));
    if parts.is_empty() {
        return said.map_or(Answer::Gap("failure-impact"), Answer::text);
    }
    parts.sort_by_cached_key(|(e, needs)| {
        let from: BTreeSet<&str> = needs.iter().map(|r| r.from.as_str()).collect();
        // Telemetry is missed by people, not by requests.
        let observing = e.role == Some(Role::Monitoring) || serves_flags(e);
        // What ends operations of those who call it is missed most.
        let ended: BTreeSet<(&str, Option<&str>)> = (needs.iter())
            .flat_map(|r| r.failures.iter().map(move |f| (r.from.as_str(), f)))
            .filter(|(_, f)| !f.outcome.goes_on())
            .map(|(from, f)| (from, f.during.as_deref()))
            .collect();
        let weight = from.len() + usize::from(entry(e)) * 3 + ended.len().min(6);
        (observing, std::cmp::Reverse(weight), e.id.clone())
    });
    let guards = Guards::of(c);
    let total = parts.len();
    let rows = parts
        .iter()
        .take(ROWS)
        .map(|(e, needs)| {
            let what = match e.external {
                true => Text::code(&e.name).then(" does not answer"),
                false => Text::code(&e.name).then(" is down"),
            };
            vec![
                what,
                impact(c, e, needs),
                mitigation(c, &guards, e, needs),
                recovery(c, e),
            ]
        })
        .collect();
    let mut blocks = vec![table(
        &["Failure", "Impact", "Mitigation", "Recovery Time"],
        rows,
    )];
    if c.designed() {
        let text = format!(
            "Impact follows from {} of {}; recovery times are predicted until drills prove them.",
            words::count(c.blueprint.relationships.len(), "relationship"),
            c.blueprint.system.name
        );
        blocks.push(Block::Paragraph(Text::plain(text)));
        return Answer::both(said.unwrap_or_default(), blocks);
    }
    let shown = parts.get(..ROWS.min(total)).unwrap_or_default();
    let mut text = Text::plain(
        "Impact follows from connections and, where it was read, from what callers do with the error of a call; an answer from a cache was not followed. \
         Mitigation was searched in replica counts, probes, restart policies, and in retries, \
         timeouts and circuit breakers that stand around the call.",
    );
    let callers: BTreeSet<&str> = shown
        .iter()
        .flat_map(|(_, needs)| needs.iter().map(|r| r.from.as_str()))
        .collect();
    if let Some(more) = guards.elsewhere(c, &callers) {
        text = text.then(" ").append(more);
    }
    if shown
        .iter()
        .any(|(e, _)| !e.external && e.attribute("probe.liveness").is_some())
    {
        text = text.then(
            " A hang ends after the period of the liveness probe times its failures (10 s and 3 unless set).",
        );
    }
    text = text.then(" How long a start takes was not measured");
    let lead = "; what must be survived, and in what time, is open: ";
    text = c.asked_in(text, lead, "failure-impact");
    if total > ROWS {
        let rest = parts.iter().skip(ROWS).map(|(e, _)| e.name.as_str());
        let n = words::count(total - ROWS, "more part");
        text = text
            .then(format!(
                " {n} {} not shown: ",
                words::verb_for(total - ROWS, "is", "are")
            ))
            .spans(names(rest, 8))
            .then(".");
    }
    blocks.push(Block::Paragraph(text));
    Answer::both(said.unwrap_or_default(), blocks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_are_named_as_readers_know_them() {
        for (name, wanted) in [
            ("shop.CartService/AddItem", Some("AddItem")),
            ("CartService", Some("CartService")),
            ("POST /get-quote", Some("POST /get-quote")),
            ("/api/vet/**", Some("/api/vet/**")),
            ("/**", None),
            ("/", None),
            ("", None),
        ] {
            assert_eq!(operation(name), wanted, "{name}");
        }
    }

    #[test]
    fn probes_tell_when_a_failure_is_seen() {
        assert_eq!(
            detection("gRPC :9555, after 20 s, every 15 s"),
            Some((15, 3))
        );
        assert_eq!(
            detection("HTTP GET /health :80, every 3 s, timeout 2 s, failures 5"),
            Some((3, 5))
        );
        assert_eq!(detection("TCP :6379"), Some((10, 3)));
    }
}
