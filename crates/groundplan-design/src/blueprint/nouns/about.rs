//! Who uses a system, whom it tells, what it is about and what is paid for, as the brief says it.

use super::Nouns;
use crate::brief::story::{Act, Deed, heading, single};
use crate::brief::{Brief, Field, tokens};
use crate::capabilities::Chosen;
use crate::domain::{actor, many};
use groundplan_knowledge::{Capability, capability::Entity, design_tables};

/// Organisations sign nobody in; the people who act there do. An operator may be both.
fn is_organisation(noun: &str) -> bool {
    let vocabulary = &design_tables().vocabulary;
    vocabulary.organisations.iter().any(|o| o == noun)
        && !vocabulary.sounds_like_person(noun)
        && !vocabulary.users.iter().any(|u| u == noun)
}

/// Nobody is `a staff` or `a public`.
fn one_of(person: String) -> String {
    match person.as_str() {
        "staff" | "personnel" => "staff member".to_owned(),
        "public" => "visitor".to_owned(),
        _ => person,
    }
}

/// Whether a deed is work on a record, and not a look at what others did.
fn works(deed: &Deed) -> bool {
    const LOOKS: [&str; 6] = ["inspect", "check", "audit", "verify", "examine", "validate"];
    deed.act != Act::Read && !LOOKS.contains(&deed.verb.as_str())
}

/// Who only sends something to those who ask, singular: of `receivers mail us reports` a receiver. They
/// stand outside and sign in nowhere; `customers send us photos and follow the repair` do more.
fn sends_us(text: &str, deeds: &[Deed]) -> Vec<String> {
    const SEND: [&str; 5] = ["send", "mail", "email", "post", "fax"];
    let does_more = |one: &str| {
        deeds.iter().any(|d| {
            let head = actor(d).and_then(|who| who.rsplit(' ').next());
            head == Some(one) && !SEND.contains(&d.verb.as_str())
        })
    };
    let all = tokens(text);
    let word = |i: usize| all.get(i).map_or("", |t| t.word());
    let sent = (1..all.len()).filter(|i| word(*i) == "us" && SEND.contains(&word(i - 1)));
    sent.filter_map(|i| {
        let start = crate::brief::clause(&all, i).start;
        let mut nouns = (start.max(i.saturating_sub(8))..i - 1).map(|k| single(word(k)));
        nouns.find(|one| is_person(one))
    })
    .filter(|one| !does_more(one))
    .collect()
}

/// What is heaviest of what weighs something, of equals the first.
fn heaviest(all: Vec<(String, usize)>) -> Option<String> {
    let most = all.iter().map(|(_, n)| *n).max();
    let found = all.into_iter().find(|(_, n)| Some(*n) == most);
    found.map(|(name, _)| name)
}

impl Nouns {
    /// Who uses the system, in the singular.
    pub(super) fn person(&self, brief: &Brief, packs: &[&Capability], deeds: &[Deed]) -> String {
        let outside = sends_us(brief.text(Field::Purpose), deeds);
        // A role that people are known by comes before an organisation that acts.
        let mut doing: Vec<(&str, usize)> = Vec::new();
        for who in deeds.iter().filter_map(actor) {
            let head = who.rsplit(' ').next().unwrap_or(who);
            // Who only looks over the shoulder of others does not stand for them.
            let looks = ["auditor", "inspector", "regulator"].contains(&head)
                && !deeds.iter().any(|d| actor(d) == Some(who) && works(d));
            let named = who.contains('-') || brief.people.iter().any(|p| p == who || p == head);
            if looks || is_organisation(head) || !named || outside.contains(&head.to_owned()) {
                continue;
            }
            match doing.iter_mut().find(|(w, _)| *w == who) {
                Some((_, n)) => *n += 1,
                None => doing.push((who, 1)),
            }
        }
        // `Bidder for advertising: the bidder answers`: the system itself is nobody.
        let itself = heading(brief.text(Field::Purpose));
        doing.retain(|(who, _)| itself.as_deref() != Some(*who));
        // `people post photos`: those whom no role names are users.
        let anybody = |d: &&Deed| matches!(d.who.as_deref(), Some("people" | "person" | "user"));
        let crowd = deeds.iter().filter(anybody).count();
        let most = doing.iter().map(|(_, n)| *n).max();
        if most.is_some_and(|most| crowd > most) {
            doing = vec![("user", crowd)];
        }
        let doing = doing.into_iter().map(|(who, n)| (who.to_owned(), n));
        let person = heaviest(doing.collect())
            .or_else(|| {
                let mut acting = deeds
                    .iter()
                    .filter_map(actor)
                    .filter(|w| is_organisation(w));
                acting
                    .next()
                    .filter(|_| !outside.is_empty())
                    .map(str::to_owned)
            })
            .or_else(|| {
                let mut own = brief.people.iter().filter(|p| !outside.contains(p));
                own.find(|p| !is_organisation(p)).cloned()
            })
            .or_else(|| brief.people.first().cloned())
            .or_else(|| {
                let mut acting = deeds.iter().filter_map(actor);
                acting.find(|who| !who.contains(' ')).map(str::to_owned)
            })
            .or_else(|| {
                let own = packs.iter().filter(|p| p.always_if.is_none());
                let mut actors = own.flat_map(|p| p.actors.iter());
                actors.find_map(|a| self.actors.get(&a.id).map(|(one, _)| one.clone()))
            });
        one_of(person.unwrap_or_else(|| "user".to_owned()))
    }

    /// What the system is about: what people do most with; of equals, what is said first.
    pub(super) fn thing(
        &self,
        brief: &Brief,
        chosen: &Chosen,
        deeds: &[Deed],
        system: &str,
    ) -> String {
        let vocabulary = &design_tables().vocabulary;
        let packs = chosen.packs();
        let domain = chosen.domain.as_ref();
        let names: Vec<&str> = domain.map_or_else(Vec::new, |d| {
            d.entities.iter().map(|e| e.name.as_str()).collect()
        });
        let record = |noun: &String| -> Option<String> {
            let snake = noun.replace([' ', '-'], "_");
            let kept = crate::domain::recorded(noun).replace([' ', '-'], "_");
            let own = names
                .iter()
                .find(|n| **n == snake || **n == kept || n.ends_with(&format!("_{snake}")));
            own.map(|n| (*n).to_owned()).or_else(|| {
                let packs = packs.iter().filter(|p| p.always_if.is_none());
                let mut all = packs.flat_map(|p| p.entities.iter());
                let named = |e: &&Entity| {
                    let called = self.entities.get(&e.name).is_some_and(|n| *n == snake);
                    called || e.nouns.iter().any(|n| n.singular == *noun)
                };
                let entity = all.find(named)?;
                self.entities.get(&entity.name).cloned()
            })
        };
        let mut counts: Vec<(String, usize)> = Vec::new();
        let add = |counts: &mut Vec<(String, usize)>, name: String, weight: usize| match counts
            .iter_mut()
            .find(|(n, _)| *n == name)
        {
            Some((_, count)) => *count += weight,
            None => counts.push((name, weight)),
        };
        // What is made and worked on weighs more than what is looked at; a place, an organisation or
        // an entry of a list is chosen, and nothing that the system is about.
        let chosen_from = [
            "language", "country", "currency", "tag", "category", "label", "region",
        ];
        for deed in deeds {
            let weight = match deed.act {
                Act::Create => 3,
                Act::Change => 2,
                Act::Read => 1,
            };
            let plain = |n: &&String| {
                let head = n.rsplit(' ').next().unwrap_or(n);
                !chosen_from.contains(&head) && !is_organisation(head)
            };
            for name in deed.what.iter().filter(plain).filter_map(record) {
                add(&mut counts, name, weight);
            }
        }
        // What stands beside the record that a system is about is it only where nothing else is.
        let aside = |name: &String| {
            let head = name.rsplit('_').next().unwrap_or(name);
            let tenant = self.entities.get("tenant") == Some(name);
            tenant
                || vocabulary.beside.iter().any(|b| b == head)
                || vocabulary.users.iter().any(|u| u == head)
                || chosen.has("tracking") && is_person(head)
        };
        // What is followed on its way, as the scale counts it: of `640 buses, position every 10 s` a bus.
        let followed = brief
            .nouns
            .get("scale.devices")
            .filter(|n| chosen.has("tracking") && !is_person(n))
            .cloned();
        // `Tax returns`: the title names it, if a sentence of the purpose does, too.
        let acting = |noun: &String| {
            let mut who = deeds.iter().filter_map(|d| d.who.as_deref());
            who.any(|w| w.rsplit(' ').next() == Some(noun.as_str()))
        };
        let title = titled(brief, system);
        if let Some(noun) = title.filter(|n| !is_organisation(n) && !acting(n)) {
            let name = record(&noun).unwrap_or_else(|| noun.replace([' ', '-'], "_"));
            add(&mut counts, name, 4);
        }
        let of_title = tokens(brief.title.as_deref().unwrap_or_default());
        let named = |name: &String| {
            let head = name.rsplit('_').next().unwrap_or(name);
            of_title.iter().any(|t| single(t.word()) == head)
        };
        // `Satellite scene archive: fetches scenes`: a word of both counts as what a deed makes, and
        // where deeds name it anyway only decides between equals.
        let purpose = tokens(brief.text(Field::Purpose));
        for word in of_title.iter().map(|t| t.word().to_owned()) {
            // `Chimney sweeps`, where the sweep leaves a note: who acts is nothing that is kept.
            let acts = acting(&single(&word))
                || vocabulary.is_somebody(&word)
                || vocabulary.devices.contains(&word);
            let plural = many(&word);
            let told =
                word.len() > 3 && plural != word && purpose.iter().any(|t| t.word() == plural);
            if !told || acts || is_organisation(&word) {
                continue;
            }
            let name = record(&word).unwrap_or(word);
            match counts.iter().any(|(n, _)| *n == name) {
                true => add(&mut counts, name, 1),
                false => counts.insert(0, (name, 3)),
            }
        }
        let (side, main): (Vec<_>, Vec<_>) = counts
            .into_iter()
            .partition(|(name, _)| aside(name) && !named(name));
        let own: Vec<&&Capability> = packs.iter().filter(|p| p.always_if.is_none()).collect();
        let central = || {
            let records = own.iter().filter_map(|p| vocabulary.central.get(&p.id));
            records.map(|record| self.entity(record.rsplit(' ').next().unwrap_or(record)))
        };
        let told = |name: &String| self.entities.values().any(|n| n == name);
        let thing = heaviest(main)
            .or(followed)
            .or_else(|| {
                let mut names = names.iter().map(|n| (*n).to_owned());
                names.find(|name| !aside(name))
            })
            .or_else(|| central().find(told).or_else(|| central().next()))
            .or_else(|| heaviest(side))
            .or_else(|| names.first().map(|n| (*n).to_owned()))
            .unwrap_or_else(|| {
                let mut all = own.iter().flat_map(|p| &p.entities);
                let named = all.find(|e| self.entities.contains_key(&e.name));
                let entity = named.or_else(|| own.iter().find_map(|p| p.entities.first()));
                entity.map_or("record".to_owned(), |e| self.entity(&e.name))
            });
        // Whose readings they are tells them from those of others.
        let mut owned = vocabulary
            .central
            .values()
            .filter_map(|c| c.split_once(' '));
        let owner = owned.find(|(_, record)| *record == thing);
        let owner = owner.and_then(|(owner, _)| self.entities.get(owner));
        let thing = owner.map_or(thing.clone(), |owner| format!("{owner}_{thing}"));
        thing.replace('_', " ")
    }

    /// What is paid for: what the brief says behind `pay`, else the record of the first capability whose
    /// records cost money.
    pub(super) fn paid(&self, deeds: &[Deed], packs: &[&Capability]) -> Option<String> {
        // Whom and with what one pays is not what one pays for.
        const OTHERWISE: [&str; 12] = [
            "card", "deposit", "fee", "money", "cash", "wallet", "amount", "price", "invoice",
            "bill", "phone", "app",
        ];
        const COSTLY: [&str; 6] = [
            "orders",
            "seating",
            "booking",
            "charging",
            "auctions",
            "subscriptions",
        ];
        let vocabulary = &design_tables().vocabulary;
        let mut paying = deeds.iter().filter(|d| d.verb == "pay");
        let said = paying.find_map(|d| {
            d.what.iter().find(|what| {
                let head = what.rsplit(' ').next().unwrap_or(what);
                !OTHERWISE.contains(&head)
                    && !vocabulary.users.iter().any(|u| u == head)
                    && !vocabulary.organisations.iter().any(|o| o == head)
                    && !vocabulary.sounds_like_person(head)
            })
        });
        said.cloned().or_else(|| {
            let pack = COSTLY
                .iter()
                .find(|id| packs.iter().any(|p| p.id == **id))?;
            // No system is about its subscriptions.
            let record = vocabulary.central.get(*pack);
            Some(self.spoken(record.map_or("subscription", String::as_str)))
        })
    }
}

/// The plural noun with which the title ends, singular, if the purpose speaks of it: `Tax returns`.
fn titled(brief: &Brief, system: &str) -> Option<String> {
    let title = tokens(system);
    let last = title.last()?.word();
    let one = single(last);
    let purpose = tokens(brief.text(Field::Purpose));
    let told = purpose.iter().any(|t| single(t.word()) == one);
    let whole = one.len() > 3 && many(&one) == last;
    (brief.title.is_some() && whole && told).then_some(one)
}

/// Whether a noun, in the singular, is a person by a list or by its ending.
fn is_person(noun: &str) -> bool {
    let vocabulary = &design_tables().vocabulary;
    vocabulary.is_person(noun) || vocabulary.sounds_like_person(noun)
}

/// Who is told something: `parents are told`, `the farmer is warned`.
pub(super) fn told_of_it(words: &[String]) -> Option<String> {
    const TOLD: [&str; 7] = [
        "told", "informed", "notified", "alerted", "warned", "reminded", "paged",
    ];
    (2..words.len()).find_map(|i| {
        let told = words.get(i).is_some_and(|w| TOLD.contains(&w.as_str()));
        let be = words.get(i - 1).is_some_and(|w| w == "is" || w == "are");
        let one = single(words.get(i - 2)?);
        (told && be && is_person(&one)).then(|| one_of(one))
    })
}

/// Whom something tells: `values alert staff`, `notifies the farmer`.
pub(super) fn whom_it_tells(words: &[String]) -> Option<String> {
    const TELL: [&str; 8] = [
        "alert", "alerts", "notify", "notifies", "warn", "warns", "remind", "reminds",
    ];
    (0..words.len()).find_map(|i| {
        words.get(i).filter(|w| TELL.contains(&w.as_str()))?;
        let article = words
            .get(i + 1)
            .is_some_and(|w| matches!(w.as_str(), "the" | "our" | "all"));
        let one = single(words.get(i + 1 + usize::from(article))?);
        is_person(&one).then(|| one_of(one))
    })
}
