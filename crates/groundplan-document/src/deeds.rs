//! Columns by whose names a table keeps who did what and when.

use crate::named::parts;
use groundplan_model::{Entity, Field};

/// Whether columns, by their names, say who acted and what was done, from where, or what it was before: rows that
/// only wait for something to be sent have none of these. Enough to deny nothing, too little to claim it.
pub(crate) fn may_be_kept(e: &Entity) -> bool {
    let actors = || e.fields.iter().filter(|f| may_be_person(&f.name));
    let deeds = || e.fields.iter().filter(|f| may_be_deed(&f.name));
    actors().any(|who| deeds().any(|what| what.name != who.name))
}

/// Whether a table is a log of deeds by its name, with a column for whoever acted: `operation_log`, `ActivityLogs`.
pub(crate) fn logged(e: &Entity) -> bool {
    is_log_of_deeds(&e.name) && e.fields.iter().any(|f| may_be_person(&f.name))
}

fn is_log_of_deeds(table: &str) -> bool {
    const DEEDS: [&str; 6] = [
        "action",
        "actions",
        "activity",
        "oper",
        "operate",
        "operation",
    ];
    let words = parts(table);
    let pair = |pair: &[String]| matches!(pair, [deed, log] if DEEDS.contains(&deed.as_str()) && matches!(log.as_str(), "log" | "logs"));
    // `operation_log_blob` holds what belongs to a row of another one.
    words.len() > 1 && words.get(words.len() - 2..).is_some_and(pair)
}

fn may_be_person(column: &str) -> bool {
    const PEOPLE: [&str; 20] = [
        "account",
        "actor",
        "admin",
        "author",
        "by",
        "creator",
        "customer",
        "editor",
        "employee",
        "ip",
        "member",
        "operator",
        "owner",
        "person",
        "principal",
        "staff",
        "user",
        "userid",
        "username",
        "who",
    ];
    parts(column).iter().any(|w| PEOPLE.contains(&w.as_str()))
}

fn may_be_deed(column: &str) -> bool {
    const DEEDS: [&str; 10] = [
        "action",
        "activity",
        "change",
        "changed",
        "changes",
        "deed",
        "diff",
        "ip",
        "operation",
        "verb",
    ];
    let words = parts(column);
    let side = |word: &str| matches!(word, "after" | "before" | "new" | "old");
    let kept = |word: &str| matches!(word, "data" | "state" | "value" | "values");
    // `old_value`; `is_new` and `not_before` are none.
    let pair = match words.as_slice() {
        [a, b] => side(a) && kept(b) || kept(a) && side(b),
        _ => false,
    };
    pair || words.iter().any(|w| DEEDS.contains(&w.as_str()))
}

/// Columns that say who did what and when, each in one of its own: `moderator_user_id`, `action`, `created_at`.
pub(crate) fn kept(e: &Entity) -> Option<[&Field; 3]> {
    let refers = |f: &Field| (e.relations.iter()).any(|r| r.fields.contains(&f.name));
    let mut fields = e.fields.iter();
    let person = fields.find(|f| is_person(&parts(&f.name), refers(f)))?;
    let mut fields = e.fields.iter();
    let deed = fields.find(|f| !refers(f) && is_deed(&f.name))?;
    let mut fields = e.fields.iter();
    let time = fields.find(|f| is_time(f))?;
    (person.name != time.name).then_some([person, deed, time])
}

/// `moderator_user_id`, `actor_name`, `performed_by`; `user_agent` is no person.
fn is_person(words: &[String], refers: bool) -> bool {
    const ROLES: [&str; 6] = ["user", "actor", "moderator", "admin", "author", "operator"];
    const SIGNS: [&str; 5] = ["id", "name", "email", "uuid", "username"];
    const DONE: [&str; 5] = ["performed", "changed", "modified", "done", "executed"];
    let first = words.first().map_or("", String::as_str);
    let last = words.last().map_or("", String::as_str);
    let role = words.iter().any(|w| ROLES.contains(&w.as_str()));
    // A relation to whoever acts needs no more words; the operator of a filter is a sign.
    let acts = matches!(first, "admin" | "author" | "moderator" | "operator");
    let alone = words.len() == 1 && (first == "actor" || refers && acts);
    role && SIGNS.contains(&last) && words.len() <= 3
        || alone
        || DONE.contains(&first) && last == "by"
}

/// `action`, `event_type`.
fn is_deed(name: &str) -> bool {
    const DEEDS: [&str; 9] = [
        "action",
        "action_type",
        "activity",
        "event",
        "event_type",
        "event_name",
        "operation",
        "verb",
        "change",
    ];
    DEEDS.contains(&parts(name).join("_").as_str())
}

/// `created_at`, `timestamp`, of a type that holds a time where the source says one.
pub(crate) fn is_time(field: &Field) -> bool {
    let words = parts(&field.name);
    const DONE: [&str; 6] = [
        "created",
        "occurred",
        "performed",
        "changed",
        "logged",
        "inserted",
    ];
    let first = words.first().map_or("", String::as_str);
    let last = words.last().map_or("", String::as_str);
    let named = matches!(last, "timestamp" | "at") || DONE.contains(&first) && last == "on";
    let typed = field.data_type.to_ascii_lowercase();
    named && (typed.is_empty() || ["time", "date", "stamp"].iter().any(|w| typed.contains(w)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operator_may_be_a_sign() {
        let words = |name: &str| parts(name);
        assert!(is_person(&words("moderator"), true));
        assert!(is_person(&words("actor"), false));
        assert!(!is_person(&words("operator"), false));
        assert!(!is_person(&words("user_agent"), false));
    }

    #[test]
    fn a_log_of_deeds_is_called_so() {
        for name in ["operation_log", "ActivityLogs", "sys_oper_log"] {
            assert!(is_log_of_deeds(name), "{name}");
        }
        for name in ["log", "operation_log_blob", "login_log", "operations"] {
            assert!(!is_log_of_deeds(name), "{name}");
        }
    }

    #[test]
    fn what_only_sounds_like_a_deed_is_none() {
        for name in ["verb", "old_value", "dataAfter", "ip"] {
            assert!(may_be_deed(name), "{name}");
        }
        for name in ["is_new", "not_before", "payment_method", "user_agent"] {
            assert!(!may_be_deed(name), "{name}");
        }
    }
}
