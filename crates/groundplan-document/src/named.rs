//! Names in the blueprint that speak against an absence: an operation `POST /login` is no login
//! mechanism that a reader knows, but a document that lists it may not say that there is none.

use crate::answers::framework_choices;
use crate::spoken::{Spoken, is_silent};
use groundplan_knowledge::AbsenceTopic;
use groundplan_model::{Blueprint, DependencyScope, Evidence, Setting, Topic};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// A name of the blueprint in a form that is quickly searched.
struct Name {
    /// As it is shown.
    shown: String,
    /// Its parts in lower case.
    parts: Vec<String>,
    /// Letters and digits alone, in lower case.
    whole: String,
    place: Option<Evidence>,
    table: bool,
    /// Whether rows of the table say who did something; so may those of one whose columns were not read.
    acts: bool,
    /// Whether such a name means the thing: that of an operation, a table or a package.
    sure: bool,
}

impl Name {
    fn of(shown: String, place: Option<&Evidence>, sure: bool) -> Self {
        let parts = parts(&shown);
        Name {
            whole: parts.concat(),
            shown,
            parts,
            place: place.cloned(),
            table: false,
            acts: false,
            sure,
        }
    }
}

/// All names of a blueprint that may speak against an absence, in its order.
pub(crate) struct Names {
    all: Vec<Name>,
    /// The first name that speaks of each topic that was asked about, by its id.
    speaking: RefCell<BTreeMap<String, Option<usize>>>,
}

/// Words of this many letters and more count wherever they stand in a name.
const LONG: usize = 8;

impl Names {
    pub(crate) fn of(blueprint: &Blueprint) -> Self {
        let mut all: Vec<Name> = Vec::new();
        for e in &blueprint.entities {
            let mut name = Name::of(e.name.clone(), e.provenance.evidence.first(), true);
            name.table = e.kind.is_kept();
            name.acts = e.fields.is_empty() || crate::deeds::may_be_kept(e);
            all.push(name);
        }
        let mut add_as = |sure: bool, shown, place| all.push(Name::of(shown, place, sure));
        let mut add = |shown, place| add_as(true, shown, place);
        for interface in &blueprint.interfaces {
            for o in &interface.operations {
                let shown = match o.path.starts_with('/') {
                    true => format!("{} {}", o.method, o.path),
                    false => o.path.clone(),
                };
                add(shown, o.provenance.evidence.first());
            }
        }
        for d in &blueprint.dependencies {
            let at_work = matches!(
                d.scope,
                DependencyScope::Runtime | DependencyScope::Optional
            );
            if !at_work {
                continue;
            }
            let mut name = Name::of(d.name.clone(), d.provenance.evidence.first(), true);
            if d.ecosystem == "maven" {
                // The group of an artifact is called after whoever makes it.
                name.parts = parts(d.name.rsplit(':').next().unwrap_or(&d.name));
                name.whole = name.parts.concat();
            }
            all.push(name);
        }
        let mut add_as = |sure: bool, shown, place| all.push(Name::of(shown, place, sure));
        let mut add = |shown, place| add_as(true, shown, place);
        // `BACKUP_SCHEDULE` is a setting of something that is there.
        let at_work = |s: &&Setting| !framework_choices::is_idle(s);
        for s in blueprint.settings.iter().filter(at_work) {
            add(s.name.clone(), s.provenance.evidence.first());
        }
        let mut add = |shown, place| add_as(false, shown, place);
        for e in blueprint.containers().chain(blueprint.externals()) {
            add(e.name.clone(), e.provenance.evidence.first());
        }
        // What another answer tells under such a name.
        for o in &blueprint.observations {
            // Sentences of the authors, and the keys of what they answer.
            let told = match o.topic {
                // And what is still to be done.
                Topic::Limitation | Topic::Documentation | Topic::Todo => true,
                Topic::Stated => {
                    !matches!(o.name.as_str(), "backup" | "rollback" | "data-retention")
                }
                _ => false,
            };
            if told {
                continue;
            }
            add(o.name.clone(), o.provenance.first());
        }
        Names {
            all,
            speaking: RefCell::default(),
        }
    }

    /// The first name that speaks of a topic.
    pub(crate) fn speaking(&self, topic: &AbsenceTopic) -> Option<Spoken> {
        let known = self.speaking.borrow().get(&topic.id).copied();
        let found = known.unwrap_or_else(|| {
            let found = self.first_speaking(topic);
            self.speaking.borrow_mut().insert(topic.id.clone(), found);
            found
        });
        let found = self.all.get(found?)?;
        Some(Spoken {
            said: String::new(),
            word: found.shown.clone(),
            documents: false,
            sure: found.sure,
            places: found.place.iter().cloned().collect(),
        })
    }

    fn first_speaking(&self, topic: &AbsenceTopic) -> Option<usize> {
        // In such a name the word means something else.
        let squash = |words: &String| words.chars().filter(|c| c.is_alphanumeric()).collect();
        let but: Vec<String> = topic.but.iter().map(squash).collect();
        self.all.iter().position(|name| {
            let speaks = |word: &String| {
                // `FIRSTRUN_NOAUTHENTICATION` says that there is none.
                let none = |p: &String| p.strip_prefix("no").is_some_and(|rest| rest == word);
                let long = word.len() >= LONG && name.whole.contains(word.as_str());
                long && !name.parts.iter().any(none) || name.parts.iter().any(|p| p == word)
            };
            let table = name.table && name.acts;
            // What only shows or prepares something is called so by the way.
            let silent = || {
                let place = name.place.as_ref().filter(|_| !name.sure);
                place.is_some_and(|at| is_silent(&topic.id, &at.path))
            };
            (topic.names.iter().any(speaks) || table && topic.tables.iter().any(speaks))
                && !but.iter().any(|words| name.whole.contains(words.as_str()))
                && !silent()
        })
    }
}

/// `rate`, `limit` of `RATE_LIMIT`, `rateLimit` and `/rate-limit`.
pub(crate) fn parts(name: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut part = String::new();
    let mut small = false;
    for c in name.chars() {
        let breaks = !c.is_alphanumeric() || c.is_uppercase() && small;
        if breaks && !part.is_empty() {
            all.push(std::mem::take(&mut part));
        }
        if c.is_alphanumeric() {
            part.extend(c.to_lowercase());
        }
        small = c.is_lowercase() || c.is_ascii_digit();
    }
    if !part.is_empty() {
        all.push(part);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use groundplan_knowledge::absence_topics_of;
    use groundplan_model::Entity;

    #[test]
    fn what_the_blueprint_names_speaks_against_an_absence() {
        let table = |name: &str| -> Option<Entity> {
            let value = serde_json::json!({
                "id": name, "name": name, "kind": "table", "fields": [],
                "provenance": {"kind": "observed"},
            });
            serde_json::from_value(value).ok()
        };
        let entities = [table("product"), table("user_events")];
        let blueprint = Blueprint {
            entities: entities.into_iter().flatten().collect(),
            ..Blueprint::default()
        };
        let names = Names::of(&blueprint);
        let said = |noun: &str| {
            let topics = absence_topics_of(noun);
            let found = topics.into_iter().find_map(|t| names.speaking(t));
            found.map(|s| s.word)
        };
        assert_eq!(said("audit record").as_deref(), Some("user_events"));
        assert_eq!(said("rate limit or quota"), None);
        let with = |fields: &[&str]| {
            let mut table = table("push_events");
            if let Some(table) = &mut table {
                let of = |name: &&str| {
                    let field = serde_json::json!({
                        "name": name, "type": "text", "provenance": {"kind": "observed"}
                    });
                    serde_json::from_value(field).ok()
                };
                table.fields = fields.iter().filter_map(of).collect();
            }
            let entities: Vec<Entity> = table.into_iter().collect();
            let names = Names::of(&Blueprint {
                entities,
                ..Blueprint::default()
            });
            let topics = absence_topics_of("audit record");
            topics.into_iter().any(|t| names.speaking(t).is_some())
        };
        assert!(with(&["user_id", "verb", "old_value"]));
        // The address alone says who, and nothing of what.
        assert!(!with(&["ip", "is_new"]));
        // What waits to be sent.
        assert!(!with(&["user_id", "payload", "is_sent"]));
    }

    #[test]
    fn what_there_is_none_of_speaks_of_nothing() {
        let said = |shown: &str| {
            let all = vec![Name::of(shown.to_owned(), None, true)];
            let speaking = RefCell::default();
            let names = Names { all, speaking };
            let topics = absence_topics_of("authentication mechanism");
            topics.into_iter().any(|t| names.speaking(t).is_some())
        };
        assert!(!said("FIRSTRUN_NOAUTHENTICATION"));
        // A switch is one of something that is there.
        assert!(said("DISABLE_AUTHENTICATION"));
        assert!(said("casino_authentication"));
    }

    #[test]
    fn names_are_split_where_words_begin() {
        assert_eq!(parts("RATE_LIMIT"), ["rate", "limit"]);
        assert_eq!(parts("rateLimit"), ["rate", "limit"]);
        assert_eq!(
            parts("POST /auth/v1/login"),
            ["post", "auth", "v1", "login"]
        );
    }
}
