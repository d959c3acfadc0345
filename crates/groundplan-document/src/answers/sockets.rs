//! Messages over sockets that parts answer.

use super::seen::end;
use crate::context::Context;
use crate::text::{first_places, names};
use crate::tree::Text;
use crate::words;
use groundplan_model::{Observation, SOCKET_MESSAGE, Topic};
use std::collections::BTreeMap;

/// `` `notes` answers 12 messages over socket.io: `addNote`, …; 10 of them ask `checkLogin` first ``, of each part.
pub(super) fn texts(c: &Context) -> Vec<Text> {
    let mut parts: BTreeMap<&str, Vec<&Observation>> = BTreeMap::new();
    for o in c
        .seen(Topic::Stated)
        .iter()
        .filter(|o| o.name == SOCKET_MESSAGE)
    {
        parts
            .entry(o.element.as_deref().unwrap_or_default())
            .or_default()
            .push(o);
    }
    let texts = parts.into_iter().map(|(id, all)| {
        let split = |o: &&Observation| -> Option<(String, Option<String>)> {
            let detail = o.detail.as_deref()?;
            Some(match detail.split_once('\n') {
                Some((name, check)) => (name.to_owned(), Some(check.to_owned())),
                None => (detail.to_owned(), None),
            })
        };
        let messages: BTreeMap<String, Option<String>> = all.iter().filter_map(split).collect();
        let text = match id {
            "" => Text::plain("Code"),
            id => Text::code(c.name_of(id)),
        };
        let count = words::count(messages.len(), "message");
        let text = text.then(format!(" answers at least {count} over socket.io: "));
        let text = text.spans(names(messages.keys().map(String::as_str), 8));
        let mut checks: BTreeMap<&str, usize> = BTreeMap::new();
        for check in messages.values().flatten() {
            *checks.entry(check).or_default() += 1;
        }
        let text = match checks.into_iter().max_by_key(|(_, n)| *n) {
            Some((check, n)) => text
                .then(format!("; {n} of them ask "))
                .then_code(check)
                .then(" first"),
            None => text,
        };
        end(text.from(&first_places(all.iter().map(|o| &o.provenance), 3)))
    });
    texts.collect()
}
