//! Who may come in, what they may do, and who notices.

use super::found::{found, mark_text, products};
use super::goals::distinct;
use super::operation_guards::optional_ones;
use super::records;
use super::seen::{Group, MOST, end, groups, is_aside, uses_of};
use crate::answer::{Absence, Answer};
use crate::context::{Context, declared};
use crate::subject::Subject;
use crate::text::{first_places, inline, names};
use crate::tree::{Span, Text};
use crate::words;
use groundplan_knowledge::{Category, Technology};
use groundplan_model::{
    DependencyScope, Entity, Field, NO_SIGN_IN, Observation, Provenance, Role, Topic,
};
use std::collections::{BTreeMap, BTreeSet};

records! {
    "audit-log": audit_log, "Which actions leave a trace.";
    "authentication": authentication, "How callers prove who they are.";
    "authorization": authorization, "Who may do what, and where that is decided.";
    "roles": roles, "Roles of users and of workloads.";
    "security-metrics": security_metrics, "Metrics that show attacks.";
    "security-monitoring": security_monitoring, "What watches over security.";
    "security-scans": security_scans, "What searches code and images for weaknesses.";
}

/// What a library of the category `auth-library` is for, by its own description.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Guard {
    Authentication,
    Both,
    Authorization,
    Passwords,
    Cors,
    Headers,
}

pub(super) fn guard(t: &Technology) -> Option<Guard> {
    let about = t.about.as_str();
    Some(match t.category {
        Category::IdentityProvider => Guard::Authentication,
        // Tokens for calls of its own prove nobody who calls.
        Category::AuthLibrary if about.starts_with("fetches") => return None,
        Category::AuthLibrary if about.contains("CORS") => Guard::Cors,
        Category::AuthLibrary if about.contains("headers") || about.contains("CSRF") => {
            Guard::Headers
        }
        Category::AuthLibrary if about.starts_with("hashes") => Guard::Passwords,
        Category::AuthLibrary if about.contains("what they may do") => Guard::Both,
        Category::AuthLibrary
            if about.starts_with("decides")
                || about.contains("policies")
                || about.contains("permissions") =>
        {
            Guard::Authorization
        }
        Category::AuthLibrary => Guard::Authentication,
        _ => return None,
    })
}

/// `` `orders` uses PyJWT (signs and verifies JSON Web Tokens in Python). `` where code imports it.
pub(super) fn library_texts<'a>(
    c: &Context<'a>,
    wanted: impl Fn(&Technology) -> bool,
) -> Vec<Text> {
    marks_and_libraries(c, &[], |_| false, wanted)
}

/// What was seen about a topic, as sentences; `wanted` chooses by name.
pub(super) fn seen_texts(c: &Context, topic: Topic, wanted: impl Fn(&str) -> bool) -> Vec<Text> {
    marks_and_libraries(c, &[topic], wanted, |_| false)
}

/// Marks in code and configuration, then libraries. A mark that is only the import of one of the
/// libraries becomes the first source of that library.
pub(super) fn marks_and_libraries<'a>(
    c: &Context<'a>,
    topics: &[Topic],
    wanted: impl Fn(&str) -> bool,
    library: impl Fn(&Technology) -> bool,
) -> Vec<Text> {
    let all: Vec<&Observation> = topics
        .iter()
        .flat_map(|t| c.seen(*t))
        .filter(|o| wanted(&o.name))
        // A limit in an example that users copy, or for the server of developers, holds nowhere.
        .filter(|o| o.topic != Topic::RateLimit || !is_aside(&o.provenance))
        .copied()
        .collect();
    let mut marks = groups(c, &all);
    // What is open, and how callers prove who they are, says more than one more class behind a guard.
    marks.sort_by_key(|g| match g.detail {
        Some(detail) if detail.starts_with("by Passport") => 0,
        Some(detail) if detail.starts_with("stands at the class") => 1,
        _ => 2,
    });
    let mut libraries = Vec::new();
    for p in products(c, library) {
        let packages: Vec<&str> = c
            .blueprint
            .dependencies
            .iter()
            .filter(|d| d.technology.as_deref() == Some(p.technology.name.as_str()))
            .map(|d| d.name.as_str())
            .collect();
        // An import of another part, in another language, shows no use here.
        let here = |g: &Group| {
            g.elements.is_empty() || g.elements.iter().any(|e| p.users.iter().any(|u| u == e))
        };
        let imports = |g: &Group| {
            here(g)
                && g.detail.is_some_and(|d| {
                    packages
                        .iter()
                        .any(|n| n.to_lowercase().contains(&d.to_lowercase()) && d.len() > 2)
                })
        };
        let mut sources: Vec<&Provenance> = marks
            .iter()
            .filter(|g| imports(g))
            .filter_map(|g| g.sources.first().copied())
            .collect();
        let imported = !sources.is_empty();
        marks.retain(|g| !imports(g));
        sources.extend(p.sources.iter().copied());
        let users = distinct(
            p.users
                .iter()
                .copied()
                .chain(p.runs.iter().map(|e| e.name.as_str())),
        );
        // An import shows use; a manifest shows what could be used, an extra what can be added.
        let optional = c
            .blueprint
            .dependencies
            .iter()
            .filter(|d| d.technology.as_deref() == Some(p.technology.name.as_str()))
            .all(|d| d.scope == DependencyScope::Optional);
        let runs = !p.runs.is_empty();
        let name = &p.technology.name;
        // What a product with a process of its own does is not what its client library does.
        let client = p.technology.role.is_some() && !runs;
        // A tool that people run reads a directory of others; nobody is let in by it.
        let is_tool = |user: &&str| {
            let mut all = c.containers.iter();
            all.any(|e| e.name == *user && e.role == Some(Role::Program))
        };
        if client && !users.is_empty() && users.iter().all(is_tool) {
            continue;
        }
        let about = match client {
            true => String::new(),
            false => gloss(p.technology),
        };
        let name = match client {
            true => format!("a client library of {name}"),
            false => name.clone(),
        };
        let n = users.len();
        let text = match users.as_slice() {
            [] => Text::plain(format!("A manifest names {name}{about}")),
            some => {
                let text = Text::default().spans(names(some.iter().copied(), 4));
                let verb = if imported || runs {
                    words::verb_for(n, " uses ", " use ")
                } else if optional {
                    words::verb_for(n, " can be installed with ", " can be installed with ")
                } else {
                    words::verb_for(n, " has ", " have ")
                };
                let text = text.then(format!("{verb}{name}"));
                let text = match imported || runs || optional {
                    true => text,
                    false => text.then(words::verb_for(
                        n,
                        " among its packages",
                        " among their packages",
                    )),
                };
                text.then(about)
            }
        };
        // A library that makes and checks tokens may make them for links in mails alone.
        let tokens = p.technology.about.starts_with("signs and verifies");
        let lets_in = tokens && topics.contains(&Topic::Authentication) && !imported;
        let text = match lets_in && !checks_tokens(c) {
            true => text.then("; no code was found that checks a token with it"),
            false => text,
        };
        libraries.push(end(text.from(&first_places(sources, 3))));
    }
    // Whether a guard that code names is the one that lets callers in was not followed.
    let followed = c.designed()
        || !(topics.iter()).any(|t| {
            matches!(
                t,
                Topic::Authentication | Topic::Authorization | Topic::Encryption
            )
        });
    gathered(&marks, followed)
        .into_iter()
        .chain(libraries)
        .collect()
}

/// What a library is for, in brackets: whether the system does it with the library is another matter.
/// A product that runs by itself does what it is for.
pub(super) fn gloss(t: &Technology) -> String {
    let about = &t.about;
    match t.role.is_some() {
        true => format!(" ({about})"),
        false if t.name.ends_with("libraries") => format!(" (such a library {about})"),
        false => format!(" (a library that {about})"),
    }
}

/// Whether a call was seen that checks a token.
fn checks_tokens(c: &Context) -> bool {
    let seen = c.seen(Topic::Authentication);
    seen.iter().any(|o| o.name == "JWT verified")
}

/// Marks as sentences; many of one kind at one element are one sentence.
fn gathered(marks: &[Group], followed: bool) -> Vec<Text> {
    if !followed {
        return super::found::named_texts(marks);
    }
    let mut kinds: BTreeMap<(Option<&str>, Option<&str>), Vec<&Group>> = BTreeMap::new();
    for g in marks.iter().filter(|g| g.elements.len() < 2) {
        kinds
            .entry((g.elements.first().copied(), g.detail))
            .or_default()
            .push(g);
    }
    let mut said: Vec<(Option<&str>, Option<&str>)> = Vec::new();
    let mut items = Vec::new();
    for g in marks {
        let kind = (g.elements.first().copied(), g.detail);
        let all = match kinds.get(&kind) {
            Some(all) if all.len() > 2 && g.elements.len() < 2 => all,
            _ => {
                items.push(mark_text(g));
                continue;
            }
        };
        if said.contains(&kind) {
            continue;
        }
        said.push(kind);
        let list = names(all.iter().map(|g| g.name), 5);
        let mut text = match kind.0 {
            Some(element) => Text::default().spans(list).then(" in ").then_code(element),
            None => Text::default().spans(list),
        };
        if let Some(detail) = kind.1.map(str::trim).filter(|d| !d.is_empty()) {
            // One word is where they stand or what they are set to; several are a phrase.
            text = match detail.contains(' ') {
                true => text.then(": ").spans(inline(&words::short(detail, 120))),
                false => text
                    .then(" (")
                    .then_code(words::short(detail, 120))
                    .then(")"),
            };
        }
        let sources = all.iter().filter_map(|g| g.sources.first().copied());
        items.push(end(text.from(&first_places(sources, 3))));
    }
    items
}

/// Products that let everybody in without a name, with what they may do there.
pub(super) fn anonymous_access(c: &Context) -> Vec<Text> {
    let seen = c.blueprint.observations_of(Topic::Authentication);
    let open = seen.filter(|o| o.name == ANONYMOUS);
    let open = open.map(|o| (o.element.as_deref(), o.detail.as_deref(), &o.provenance));
    let set =
        c.blueprint.settings.iter().filter(|s| {
            s.name == "GF_AUTH_ANONYMOUS_ENABLED" && s.value.as_deref() == Some("true")
        });
    let set = set.map(|s| (s.element.as_deref(), None, &s.provenance));
    let told = open.chain(set).map(|(element, role, place)| {
        let text = match element {
            Some(id) => Text::code(c.name_of(id)),
            None => Text::plain("Grafana"),
        };
        let text = text.then(" lets everybody in without a name");
        let text = match role {
            Some(role) => text.then(", as ").then_code(role),
            None => text,
        };
        end(text.from(place))
    });
    told.collect()
}

/// The name under which the survey notes that nobody has to sign in.
pub(crate) const ANONYMOUS: &str = "anonymous access";

fn authentication<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let mut items: Vec<Text> = declared(c, "security.authentication").into_iter().collect();
    for e in c.with_role(&[Role::Auth]) {
        let users = super::found::askers_of(c, e);
        let text = Text::code(&e.name).then(super::found::kind_of(e));
        let text = match users.is_empty() {
            true => text.then(" is an identity provider; which part asks it was not found"),
            false => text
                .then(" proves who callers are for ")
                .spans(names(users, 5)),
        };
        items.push(end(text.from(&e.provenance)));
    }
    for i in &c.blueprint.interfaces {
        let guards = |name: &String| {
            let of = i.operations.iter();
            of.filter(|o| o.security.contains(name)).count()
        };
        let mut schemes: Vec<_> = i.security_schemes.iter().collect();
        schemes.sort_by_cached_key(|(name, _)| std::cmp::Reverse(guards(name)));
        let left = schemes.len().saturating_sub(4);
        // One more takes no more room than to say that there is one.
        let shown = if left == 1 { 5 } else { 4 };
        for (at, (name, kind)) in schemes.into_iter().take(shown).enumerate() {
            let guarded = guards(name);
            // What a contract names, code may grant to anybody.
            let (text, on) = match c.designed() {
                true => (Text::code(&i.name).then(" accepts "), "on"),
                false => {
                    let text = Text::plain("The contract of ").then_code(&i.name);
                    (text.then(" names "), "for")
                }
            };
            let text = text.then_code(name).then(format!(" ({kind})"));
            let text = match guarded {
                0 => text,
                n => text
                    .then(format!(
                        " {on} {} of {}",
                        n,
                        words::count(i.operations.len(), "operation")
                    ))
                    .then(optional_ones(
                        i.operations.iter().filter(|o| o.security.contains(name)),
                    )),
            };
            let text = match left > 1 && at + 1 == shown {
                true => text.then(format!("; {left} more schemes stand in its contract")),
                false => text,
            };
            items.push(end(text.from(super::operation_guards::default_or_own(i))));
        }
    }
    items.extend(marks_and_libraries(
        c,
        &[Topic::Authentication],
        |_| true,
        |t| matches!(guard(t), Some(Guard::Authentication | Guard::Both)),
    ));
    let none = c.absent_topics(
        &[Topic::Authentication],
        "identity provider, security scheme or login library",
        &[
            "OpenAPI contracts",
            "package manifests",
            "images",
            "gateway and proxy configuration",
        ],
        "authentication",
    );
    // How a tool lets people in is no answer to how the system does.
    let mut open = anonymous_access(c);
    if let (true, false, Answer::Absent(absence)) = (items.is_empty(), open.is_empty(), &none) {
        items.push(absence.sentence());
    }
    // How passwords are kept says that some have one, and not how they sign in.
    let kept = super::protection::password_texts(c);
    if items.is_empty() && open.is_empty() && !kept.is_empty() {
        open.push(Text::plain(
            "How those who have a password sign in was not read.",
        ));
    }
    open.extend(kept);
    items.extend(open);
    // What the authors say of the whole stands before what was found of its parts.
    if let Some(said) = c.said(NO_SIGN_IN) {
        let words = said.detail.as_deref().unwrap_or_default().trim();
        let words = words.trim_end_matches('.');
        let text = Text::plain("The authors say: ").then(format!("“{words}”."));
        items.insert(0, text.from(&said.provenance));
    }
    found(items).unwrap_or(none)
}

/// Kubernetes' own objects of access control, as the survey names them.
pub(super) fn is_cluster_object(name: &str) -> bool {
    [
        "ServiceAccount ",
        "Role ",
        "ClusterRole ",
        "RoleBinding ",
        "ClusterRoleBinding ",
    ]
    .iter()
    .any(|k| name.starts_with(k))
}

/// `prometheus` of ``ClusterRole `prometheus` ``.
fn object_name(name: &str) -> &str {
    name.split('`').nth(1).unwrap_or(name)
}

/// Who may do what in the cluster, in one or two sentences.
fn cluster_access(c: &Context) -> Vec<Text> {
    let all: Vec<&Observation> = c
        .blueprint
        .observations_of(Topic::Authorization)
        .filter(|o| is_cluster_object(&o.name))
        .collect();
    let mut items = Vec::new();
    let of = |prefix: &str| -> Vec<&Observation> {
        all.iter()
            .filter(|o| o.name.starts_with(prefix))
            .copied()
            .collect()
    };
    let bound = all.iter().any(|o| !o.name.starts_with("ServiceAccount "));
    // A name alone gives no right: without a role or binding nothing is said of permissions.
    let accounts = match bound {
        true => of("ServiceAccount "),
        false => Vec::new(),
    };
    let account_names = distinct(accounts.iter().map(|o| object_name(&o.name)));
    if !account_names.is_empty() {
        let n = words::spelled_count(account_names.len(), "service account");
        let verb = words::verb_for(
            account_names.len(),
            " names a workload to Kubernetes: ",
            " name workloads to Kubernetes: ",
        );
        let text = Text::plain(format!("{}{verb}", words::capital(&n)));
        let text = text.spans(names(account_names, 6));
        items.push(end(
            text.from(&first_places(accounts.iter().map(|o| &o.provenance), 3))
        ));
    }
    let rules: Vec<&Observation> = of("ClusterRole ").into_iter().chain(of("Role ")).collect();
    for g in groups(c, &rules) {
        let kind = g.name.split(' ').next().unwrap_or("Role");
        let text = Text::plain(format!("{kind} ")).then_code(object_name(g.name));
        // Without a rule of its own a role gets its rights from others, or has none.
        let Some(detail) = g.detail.filter(|d| !d.trim().is_empty()) else {
            continue;
        };
        let all: Vec<&str> = detail.split("; ").collect();
        let few: Vec<String> = all.iter().take(4).map(|d| words::short(d, 240)).collect();
        let text = text.then(format!(" may {}", few.join("; ")));
        let text = match all.len() - few.len() {
            0 => text,
            n => text.then(format!("; and {}", words::count(n, "more rule"))),
        };
        items.push(end(text.from(&first_places(g.sources.iter().copied(), 2))));
    }
    items
}

fn authorization<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let mut items: Vec<Text> = declared(c, "security.authorization").into_iter().collect();
    items.extend(marks_and_libraries(
        c,
        &[Topic::Authorization],
        |n| !is_cluster_object(n),
        |t| matches!(guard(t), Some(Guard::Authorization | Guard::Both)),
    ));
    items.extend(annotated(c));
    items.extend(cluster_access(c));
    found(items).unwrap_or_else(|| {
        c.absent_topics(
            &[Topic::Authorization],
            "permission check, policy or role binding",
            &[
                "package manifests",
                "Kubernetes manifests",
                "gateway and proxy configuration",
            ],
            "authorization",
        )
    })
}

/// `` `@RequiresPermissions` in code guards 36 of 40 operations ``: annotations at handlers that ask for a right, which
/// no observation tells.
fn annotated(c: &Context) -> Vec<Text> {
    // Those that ask only who somebody is ask for no right.
    const RIGHTS: [&str; 4] = [
        "RequiresPermissions",
        "RequiresRoles",
        "SaCheckPermission",
        "SaCheckRole",
    ];
    let all: Vec<_> = c.primary_operations().map(|(_, o)| o).collect();
    let mut by: BTreeMap<&str, Vec<&groundplan_model::Operation>> = BTreeMap::new();
    for o in &all {
        // One operation may have two of a kind.
        let names: BTreeSet<&str> = (o.guards.iter())
            .map(|guard| {
                guard
                    .split_once('(')
                    .map_or(guard.as_str(), |(name, _)| name)
            })
            .filter(|name| RIGHTS.contains(name))
            .collect();
        for name in names {
            by.entry(name).or_default().push(o);
        }
    }
    let texts = by.into_iter().map(|(name, of)| {
        let text = Text::code(format!("@{name}")).then(format!(
            " in code guards {} of {}",
            of.len(),
            words::count(all.len(), "operation")
        ));
        end(text.from(&first_places(of.iter().map(|o| &o.provenance), 2)))
    });
    texts.collect()
}

/// `` `Admin`, `Member` and 2 more in `shop` `` of each part.
pub(super) fn role_texts(c: &Context) -> Vec<Text> {
    if c.designed() {
        return seen_texts(c, Topic::Role, |_| true);
    }
    let mut parts: BTreeMap<&str, Vec<&Observation>> = BTreeMap::new();
    for o in c.seen(Topic::Role) {
        parts
            .entry(o.element.as_deref().unwrap_or_default())
            .or_default()
            .push(o);
    }
    let texts = parts.into_iter().map(|(id, all)| {
        let text = Text::default().spans(names(distinct(all.iter().map(|o| o.name.as_str())), 8));
        let text = match id {
            "" => text,
            id => text.then(" in ").then_code(c.name_of(id)),
        };
        end(text.from(&first_places(all.iter().map(|o| &o.provenance), 3)))
    });
    texts.collect()
}

fn roles<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let mut items: Vec<Text> = declared(c, "security.roles").into_iter().collect();
    items.extend(role_texts(c));
    let users = c.blueprint.stakeholders.iter().filter(|s| s.role == "user");
    items.extend(users.map(|s| end(Text::plain(s.name.as_str()).from(&s.provenance))));
    if items.is_empty() {
        items = cluster_access(c);
    }
    found(items).unwrap_or_else(|| {
        c.absent_topics(
            &[Topic::Authorization],
            "role of users or workloads",
            &["Kubernetes manifests", "package manifests"],
            "authorization",
        )
    })
}

fn speaks_of(name: &str, parts: &[&str]) -> bool {
    let lower = name.to_lowercase();
    parts.iter().any(|p| lower.contains(p))
}

fn audit_log<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let mut items: Vec<Text> = declared(c, "security.audit").into_iter().collect();
    items.extend(seen_texts(c, Topic::AuditLog, |_| true));
    for e in c
        .containers
        .iter()
        .filter(|e| speaks_of(&e.name, &["audit"]))
    {
        let text = Text::code(&e.name);
        let needs = distinct(c.outgoing(&e.id).iter().map(|r| c.name_of(&r.to)));
        let text = match (&e.description, needs.is_empty()) {
            (Some(d), _) => text.then(format!(": {}", words::short(&d.text, 140))),
            (None, false) => text
                .then(" keeps the audit trail by its name; it is connected to ")
                .spans(names(needs, 4)),
            (None, true) => text.then(" keeps the audit trail by its name"),
        };
        items.push(end(text.from(&e.provenance)));
    }
    let mut kept: BTreeSet<String> = BTreeSet::new();
    for e in
        c.blueprint.entities.iter().filter(|e| {
            speaks_of(&e.name, &["audit"]) || e.kind.is_kept() && crate::deeds::logged(e)
        })
    {
        // One record may be read twice: where its table is made, and where code has it.
        if !kept.insert(e.name.to_lowercase()) {
            continue;
        }
        let text = Text::plain("Records are kept as ").then_code(&e.name);
        let text = match e.fields.is_empty() {
            true => text,
            false => text
                .then(" with ")
                .spans(names(e.fields.iter().map(|f| f.name.as_str()), 6)),
        };
        items.push(end(text.from(&e.provenance)));
    }
    items.extend(deeds(c, &kept));
    let reads: Vec<_> = (c.primary_operations())
        .map(|(_, o)| o)
        .filter(|o| speaks_of(&o.path, &["audit"]))
        .collect();
    if !reads.is_empty() {
        let text = Text::plain(words::verb_for(
            reads.len(),
            "An operation speaks of an audit trail by its name: ",
            "Operations speak of an audit trail by their names: ",
        ));
        let text = text.spans(names(reads.iter().map(|o| o.id.as_str()), 4));
        let places = reads.iter().map(|o| &o.provenance);
        items.push(end(text.from(&first_places(places, 2))));
    }
    found(items).unwrap_or_else(|| {
        c.absent(
            "audit record",
            &["names of containers", "names of tables and messages"],
            "audit",
        )
    })
}

/// Tables that keep, by their columns, who did what and when, whatever they are called: a person, a deed and a
/// time, each in a column of its own.
fn deeds(c: &Context, told: &BTreeSet<String>) -> Vec<Text> {
    let mut out = Vec::new();
    for e in &c.blueprint.entities {
        if !e.kind.is_kept() || told.contains(&e.name.to_lowercase()) {
            continue;
        }
        if let Some(columns) = crate::deeds::kept(e) {
            let columns = columns.map(|f| f.name.as_str());
            let text = Text::code(&e.name)
                .then(" keeps by its columns who did what and when: ")
                .spans(names(columns, 3));
            out.push(end(text.from(&e.provenance)));
            continue;
        }
        let (columns, says) = match (requests(e), attempts(e)) {
            (Some(columns), _) => (
                columns.to_vec(),
                " keeps by its columns which requests came from where and when: ",
            ),
            (None, Some(columns)) => (
                columns.to_vec(),
                " keeps by its columns who tried to come in, from where, when and whether they did: ",
            ),
            (None, None) => continue,
        };
        let text = Text::code(&e.name)
            .then(says)
            .spans(names(columns.into_iter().map(|f| f.name.as_str()), 4));
        out.push(end(text.from(&e.provenance)));
    }
    out.truncate(3);
    out
}

/// Whether rows of a table are actions, by its columns; who tried to come in has done nothing yet.
pub(super) fn keeps_actions(e: &Entity) -> bool {
    e.kind.is_kept() && (crate::deeds::kept(e).is_some() || requests(e).is_some())
}

fn column<'a>(e: &'a Entity, names: &[&str]) -> Option<&'a Field> {
    e.fields.iter().find(|f| is_called(f, names))
}

fn origin(e: &Entity) -> Option<&Field> {
    column(e, &["ip", "ip_address", "client_ip", "remote_addr"])
}

/// Rows of requests say of those who send them who did what and when.
fn requests(e: &Entity) -> Option<[&Field; 3]> {
    let what = column(e, &["path", "url", "uri", "endpoint"])?;
    let time = e.fields.iter().find(|f| crate::deeds::is_time(f))?;
    Some([origin(e)?, what, time])
}

/// Rows of attempts to sign in. A payment has a person, an address, an outcome and a time, too, so that the table
/// has to be called after it.
fn attempts(e: &Entity) -> Option<[&Field; 4]> {
    let words = crate::named::parts(&e.name);
    let is = |word: &String| {
        matches!(
            word.as_str(),
            "auth"
                | "authentication"
                | "authentications"
                | "login"
                | "logins"
                | "logon"
                | "logons"
                | "signin"
                | "signins"
        )
    };
    let pair = |pair: &[String]| match pair {
        [first, second] => first == "sign" && matches!(second.as_str(), "in" | "ins"),
        _ => false,
    };
    if !words.iter().any(is) && !words.windows(2).any(pair) {
        return None;
    }
    let who = column(e, &["email", "login", "user", "user_id", "username"])?;
    let passed = column(
        e,
        &["failed", "outcome", "succeeded", "success", "successful"],
    )?;
    let time = e.fields.iter().find(|f| crate::deeds::is_time(f))?;
    Some([who, origin(e)?, passed, time])
}

fn is_called(field: &Field, names: &[&str]) -> bool {
    names.contains(&crate::named::parts(&field.name).join("_").as_str())
}

/// Words in names of metrics and alerts that speak of security.
const SECURITY_WORDS: [&str; 16] = [
    "auth",
    "login",
    "logon",
    "denied",
    "forbidden",
    "unauthori",
    "security",
    "intrusion",
    "attack",
    "password",
    "permission",
    "blocked",
    "ratelimit",
    "rate_limit",
    "certificate",
    "token_",
];

/// Whether a name speaks of security; that of the system or of a part in it says nothing of a metric.
fn speaks_of_security(c: &Context, name: &str) -> bool {
    let mut lower = name.to_lowercase();
    let own = c.containers.iter().map(|e| e.name.as_str());
    for part in std::iter::once(c.blueprint.system.name.as_str()).chain(own) {
        let part = part.to_lowercase();
        if part.len() > 3 {
            lower = lower.replace(&part, " ");
        }
    }
    speaks_of(&lower, &SECURITY_WORDS)
}

fn security_metrics<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let items = seen_texts(c, Topic::Metric, |n| speaks_of_security(c, n));
    found(items).unwrap_or_else(|| {
        let seen = c.seen(Topic::Metric);
        let text = match distinct(seen.iter().map(|o| o.name.as_str())).as_slice() {
            [] => {
                return c.absent_topics(&[Topic::Metric], "metric about logins, permissions or attacks",
                    &["scrape settings", "alert rules"],
                    "metrics",
                );
            }
            [one] => Text::plain("None about logins, permissions or attacks by its name (searched: the one metric seen, ")
                .then_code(*one)
                .then(")."),
            many if c.designed() => Text::plain(format!(
                "None: no name of the {} of the design speaks of logins, permissions or attacks.",
                words::count(many.len(), "metric")
            )),
            many => Text::plain(format!(
                "None of the metrics that were found speaks by its name of logins, permissions or attacks (searched: the names of {}).",
                words::count(many.len(), "metric")
            )),
        };
        let places = first_places(seen.iter().map(|o| &o.provenance), 2);
        Answer::Absent(Absence::because(text.from(&places)))
    })
}

fn security_monitoring<'a>(c: &Context<'a>, s: Subject<'a>) -> Answer {
    let mut items: Vec<Text> = seen_texts(c, Topic::AlertRule, |n| speaks_of_security(c, n));
    items.extend(seen_texts(c, Topic::AuditLog, |_| true));
    items.extend(deeds(c, &BTreeSet::new()));
    items.extend(seen_texts(c, Topic::Metric, |n| speaks_of_security(c, n)));
    if let Answer::Said { text, .. } = security_scans(c, s) {
        items.push(text);
    }
    found(items).unwrap_or_else(|| {
        c.absent_topics(
            &[Topic::Metric],
            "audit record, alert rule or security scan",
            &["alert rules", "pipelines", "metric names"],
            "alerting",
        )
    })
}

/// One sentence, since it also stands in table cells.
fn security_scans<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    // Tools that raise versions do not look for weaknesses.
    let renews = |name: &str| ["Renovate", "Dependabot"].contains(&name);
    // Sonar judges style, and looks for weaknesses beside it.
    let sonar = c.seen(Topic::Linter).iter();
    let sonar = sonar.filter(|o| o.name.starts_with("Sonar"));
    let all = c.seen(Topic::SecurityScan).iter().chain(sonar);
    let seen: Vec<&Observation> = all.filter(|o| !renews(&o.name)).copied().collect();
    let mut tools: Vec<&str> = distinct(seen.iter().map(|o| o.name.as_str()));
    let mut sources: Vec<&Provenance> = seen.iter().map(|o| &o.provenance).collect();
    let known = uses_of(c, &[Category::SecurityScanner]);
    for u in &known {
        if !tools.contains(&u.name) {
            tools.push(u.name);
            sources.extend(u.sources.first());
        }
    }
    let jobs = c
        .blueprint
        .pipelines
        .iter()
        .flat_map(|p| p.jobs.iter().map(move |j| (p, j)));
    let security: Vec<_> = jobs
        .filter(|(_, j)| j.stages.contains(&groundplan_model::JobStage::Security))
        .collect();
    let renewing: Vec<&Observation> = c
        .seen(Topic::SecurityScan)
        .iter()
        .filter(|o| renews(&o.name))
        .copied()
        .collect();
    if let (true, true, Some(first)) = (tools.is_empty(), security.is_empty(), renewing.first()) {
        let text = Text::plain(format!(
            "No scan of code or images was found (searched: pipelines and package manifests); {} raises versions of packages.",
            first.name
        ));
        return Answer::Absent(Absence::because(text.from(&first.provenance)));
    }
    if tools.is_empty() && security.is_empty() {
        return c.absent(
            "scan for weaknesses in code, packages or images",
            &["pipelines", "package manifests"],
            "quality-gates",
        );
    }
    let mut text = Text::default();
    if !tools.is_empty() {
        let spans = tools.iter().map(|t| Span::Plain((*t).to_owned())).collect();
        let verb = words::verb_for(tools.len(), " searches", " search");
        text = text
            .spans(words::list_spans(spans, MOST, "and"))
            .then(format!("{verb} for weaknesses"));
    } else {
        let n = words::spelled_count(security.len(), "pipeline job");
        text = text.then(format!("{} for security", words::capital(&n)));
    }
    if !security.is_empty() {
        let all = distinct(security.iter().map(|(_, j)| j.name.as_str()));
        text = match tools.is_empty() {
            true => text.then(": ").spans(names(all, 5)),
            false => {
                let noun = words::noun_for(all.len(), "job");
                text.then(format!(" ({noun} "))
                    .spans(names(all, 5))
                    .then(")")
            }
        };
        sources.extend(security.iter().map(|(_, j)| &j.provenance));
    }
    Answer::text(end(text.from(&first_places(sources, 3))))
}
