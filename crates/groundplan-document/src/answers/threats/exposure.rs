//! Stories about what lies open: secrets, ports, wires, settings.

use super::{Story, administers, mutual_tls, story};

use super::super::found::users_of;
use super::super::goals::distinct;
use super::super::protection::{file_of, fixed_ports, plain_address};
use super::super::secrets::written_secrets;
use super::super::seen::{end, is_aside};
use crate::context::Context;
use crate::text::{first_places, names};
use crate::tree::Text;
use crate::words;
use groundplan_model::{
    Element, ElementKind, Observation, Provenance, RelationshipKind, Role, Topic, UNCHECKED,
};

/// Secrets that stand in deployment files: information disclosure.
pub(super) fn readable_secrets(c: &Context) -> Option<Story> {
    let written = written_secrets(c);
    let leaks = c.seen(Topic::SecretLeak);
    if written.is_empty() && leaks.is_empty() {
        return None;
    }
    let first = distinct(
        leaks
            .iter()
            .map(|o| o.name.as_str())
            .chain(written.iter().map(|s| s.name.as_str())),
    );
    let holders = distinct(
        written
            .iter()
            .filter_map(|s| s.element.as_deref())
            .map(|id| c.name_of(id)),
    );
    let n = first.len();
    let verb = words::verb_for(
        n,
        "Whoever can read the repository reads the value of ",
        "Whoever can read the repository reads the values of ",
    );
    let mut text = Text::plain(verb).spans(names(first, 3));
    if !holders.is_empty() {
        text = text.then(" for ").spans(names(holders, 3));
    }
    text = text.then(words::verb_for(
        n,
        ", which stands in its files",
        ", which stand in its files",
    ));
    let sources = leaks
        .iter()
        .map(|o| &o.provenance)
        .chain(written.iter().map(|s| &s.provenance));
    Some(story(
        3,
        "Information disclosure",
        text.from(&first_places(sources, 4)),
    ))
}

/// Stores and administration pages whose ports are open on the host: information disclosure.
pub(super) fn open_stores(c: &Context) -> Vec<Story> {
    let open = |e: &&&Element| !fixed_ports(e).is_empty() && e.kind == ElementKind::Container;
    let mut stores: Vec<&Element> = c
        .containers
        .iter()
        .filter(open)
        .filter(|e| e.is_store() || e.role == Some(Role::Broker))
        // What developers start on their machine is open to them alone.
        .filter(|e| !super::super::deployment::is_of_development(e))
        .copied()
        .collect();
    stores.sort_by_key(|e| !e.is_store());
    let mut all = Vec::new();
    if let Some(first) = stores.first() {
        let fixed = fixed_ports(first).first().copied();
        let port = fixed.map_or("", |a| a.value.as_str());
        let text = match fixed.and_then(file_of) {
            Some(file) => Text::plain("Where ")
                .then_code(file)
                .then(" starts it, anybody who reaches the host can try "),
            None => Text::plain("Anybody who reaches the host can try "),
        };
        let text = text
            .then_code(&first.name)
            .then(" on port ")
            .then_code(port)
            .then(" past every service");
        let text = match users_of(c, first).as_slice() {
            [] => text,
            some => text
                .then(": what ")
                .spans(names(some.iter().copied(), 3))
                .then(words::verb_for(
                    some.len(),
                    " keeps there hangs on its own login alone",
                    " keep there hangs on its own login alone",
                )),
        };
        let text = if stores.len() > 1 {
            let others = stores.iter().skip(1).map(|e| e.name.as_str());
            end(text)
                .then(" The same holds for ")
                .spans(names(others, 4))
        } else {
            text
        };
        let sources = stores
            .iter()
            .flat_map(|e| e.reachable_ports())
            .map(|a| &a.provenance);
        all.push(story(
            3,
            "Information disclosure",
            text.from(&first_places(sources, 3)),
        ));
    }
    let pages: Vec<&Element> = c
        .containers
        .iter()
        .filter(open)
        .filter(|e| {
            matches!(
                e.role,
                Some(Role::Monitoring | Role::Registry | Role::Coordinator | Role::ConfigServer)
            ) || administers(e)
        })
        .filter(|e| {
            !e.technology.iter().any(|t| {
                ["Collector", "Fluent", "Exporter", "exporters"]
                    .iter()
                    .any(|w| t.contains(w))
            })
        })
        .copied()
        .collect();
    if let Some(first) = pages.first() {
        let fixed = fixed_ports(first).first().copied();
        let port = fixed.map_or("", |a| a.value.as_str());
        let text = Text::plain("Anybody who reaches the host opens ")
            .then_code(&first.name)
            .then(" on port ")
            .then_code(port)
            .then(match first.role {
                Some(Role::ConfigServer) => {
                    " and, unless it asks for a password, reads the settings of every service"
                }
                Some(Role::Registry) => {
                    " and, unless it asks for a password, learns the address of every service"
                }
                _ if administers(first) => {
                    " and, unless it asks for a password, sees what it administers"
                }
                _ => " and, unless it asks for a password, sees how the system is built and loaded",
            });
        let text = if pages.len() > 1 {
            let others = pages.iter().skip(1).map(|e| e.name.as_str());
            end(text)
                .then(words::verb_for(
                    pages.len() - 1,
                    " As open is ",
                    " As open are ",
                ))
                .spans(names(others, 5))
        } else {
            text
        };
        let sources = pages
            .iter()
            .flat_map(|e| e.reachable_ports())
            .map(|a| &a.provenance);
        all.push(story(
            2,
            "Information disclosure",
            text.from(&first_places(sources, 3)),
        ));
    }
    all
}

/// Connections whose address says that everything goes in the clear: information disclosure.
pub(super) fn plain_wires(c: &Context) -> Option<Story> {
    if mutual_tls(c) {
        return None;
    }
    let mut wires: Vec<(&str, &str, &str, &Provenance, bool)> = Vec::new();
    for s in c.blueprint.settings.iter().filter(|s| !s.secret) {
        let (Some(id), Some(value)) = (s.element.as_deref(), s.value.as_deref()) else {
            continue;
        };
        let Some(host) = plain_address(value) else {
            continue;
        };
        let target = c
            .blueprint
            .elements
            .iter()
            .find(|e| e.name == host || e.aliases.iter().any(|a| a == host));
        let Some(target) = target.filter(|t| t.id != id && t.role != Some(Role::Monitoring)) else {
            continue;
        };
        let scheme = value
            .strip_prefix("jdbc:")
            .unwrap_or(value)
            .split("://")
            .next()
            .unwrap_or("");
        wires.push((
            c.name_of(id),
            target.name.as_str(),
            scheme,
            &s.provenance,
            target.is_store(),
        ));
    }
    wires.sort_by_key(|w| (!w.4, w.0, w.1));
    wires.dedup_by_key(|w| (w.0, w.1));
    let (from, to, scheme, source, store) = *wires.first()?;
    let what = if store { "the records that " } else { "what " };
    let text = Text::plain(format!("A listener in the network can read {what}"))
        .then_code(from)
        .then(" and ")
        .then_code(to)
        .then(" exchange: the address begins with ")
        .then_code(format!("{scheme}://"));
    let text = if wires.len() > 1 {
        let n = wires.len() - 1;
        let verb = words::verb_for(n, "does", "do");
        end(text).then(format!(
            " So {verb} {}.",
            words::spelled_count(n, "other connection")
        ))
    } else {
        text
    };
    let sources = std::iter::once(source).chain(wires.iter().skip(1).map(|w| w.3));
    Some(story(
        2,
        "Information disclosure",
        text.from(&first_places(sources, 3)),
    ))
}

/// Settings that services take from a place outside: tampering.
pub(super) fn foreign_settings(c: &Context) -> Option<Story> {
    let all = c
        .blueprint
        .relationships
        .iter()
        .filter(|r| r.kind == RelationshipKind::Configures);
    let outside: Vec<_> = all
        .filter(|r| c.element(&r.to).is_some_and(|e| e.external))
        .collect();
    let first = outside.first()?;
    let text = Text::plain("Whoever can push to ")
        .then_code(c.name_of(&first.to))
        .then(" changes the settings of ")
        .then_code(c.name_of(&first.from));
    Some(story(3, "Tampering", text.from(&first.provenance)))
}

/// Any origin may read answers: information disclosure.
pub(super) fn any_origin(c: &Context) -> Option<Story> {
    let wide = c.seen(Topic::Cors).iter().find(|o| {
        !is_aside(&o.provenance)
            && [Some(o.name.as_str()), o.detail.as_deref()]
                .into_iter()
                .flatten()
                .any(|t| t.trim_matches(['"', '\'', '[', ']', ' ']) == "*")
    })?;
    let text = Text::plain("A page of any origin reads answers that need no cookie: ")
        .then_code(&wide.name)
        .then(" allows ")
        .then_code("*");
    Some(story(
        1,
        "Information disclosure",
        text.from(&wide.provenance),
    ))
}

/// Code that takes any certificate lets whoever stands between speak for the other side.
pub(super) fn unchecked_certificates(c: &Context) -> Option<Story> {
    let seen: Vec<&Observation> = (c.seen(Topic::Tls).iter().copied())
        .filter(|o| o.detail.as_deref().is_some_and(|d| d.ends_with(UNCHECKED)))
        .collect();
    seen.first()?;
    let parts = distinct(seen.iter().filter_map(|o| o.element.as_deref()));
    let text = Text::plain("An attacker on the way between ");
    let text = match parts.is_empty() {
        true => text.then("the program"),
        false => text.spans(names(parts.into_iter().map(|id| c.name_of(id)), 3)),
    };
    let text = text.then(
        " and a server that it calls answers in place of that server: code there can take any certificate",
    );
    let text = text.from(&first_places(seen.iter().map(|o| &o.provenance), 2));
    Some(story(2, "Spoofing", text))
}
