//! Who acts: verbs behind people that no list of verbs has, people who have something, and records
//! that only hold what they are about.

use super::{Act, LINKS, MODALS, POINTERS, Reader, STOPS, base, plural, single};
use groundplan_knowledge::design_tables;

/// `Clients' files hold illnesses`: it tells what a record holds, and that nobody does anything.
pub(super) fn holds(who: Option<&str>, verb: &str) -> bool {
    const RECORDS: [&str; 14] = [
        "file", "form", "record", "sheet", "card", "list", "register", "folder", "profile",
        "report", "document", "entry", "dossier", "ticket",
    ];
    let head = who.and_then(|w| w.rsplit(' ').next());
    head.is_some_and(|head| RECORDS.contains(&head)) && ["hold", "keep", "list"].contains(&verb)
}

/// One of the last noun of several words: one of the `wardrobe people` is a wardrobe person.
pub(super) fn one_of_many(head: &str) -> String {
    match head {
        "people" => "person".to_owned(),
        _ => single(head),
    }
}

impl Reader<'_> {
    /// The verb at `i` behind somebody who is known to act.
    pub(super) fn behind_people(
        &self,
        clause: usize,
        i: usize,
        wish: bool,
    ) -> Option<(String, Act, bool)> {
        let word = self.word(i);
        let (noun, many) = self.subject(clause, i)?;
        let head = noun.rsplit(' ').next().unwrap_or(&noun);
        let vocabulary = &design_tables().vocabulary;
        let lists = [&vocabulary.users, &vocabulary.movers];
        let known = lists.iter().any(|l| l.iter().any(|u| u == head))
            || vocabulary.organisations.iter().any(|u| u == head)
            || vocabulary.workplaces.iter().any(|u| u == head)
            || vocabulary.sounds_like_person(head)
            || vocabulary.folk.iter().any(|u| u == head)
            || crate::brief::role_nouns().contains(head);
        // `microphones measure levels`, `the model counts fish`: machines do what verbs say.
        let machines = [
            &vocabulary.devices,
            &vocabulary.sensing,
            &vocabulary.programs,
        ];
        let machine = machines.iter().any(|l| l.iter().any(|u| u == head));
        let listed = vocabulary.verbs.get("passive").is_some_and(|all| {
            let verb = if many { word.to_owned() } else { single(word) };
            all.contains(&verb)
        });
        let known = known || machine && listed;
        // Directly behind the noun, and bent as it asks.
        let mut last = i;
        while last > clause && MODALS.contains(&self.word(last - 1)) {
            last -= 1;
        }
        // `the officer shall call the crew`: with a modal a verb has one form.
        let modal = |k: usize| !matches!(self.word(k), "to" | "also" | "then" | "want");
        let helped = last < i && (last..i).all(modal) && !plural(word);
        let end = if helped { last } else { i };
        let directly =
            one_of_many(self.word(end - 1)) == head || single(self.word(end - 1)) == head;
        let next = self.word(i + 1);
        // `families with a ration card | draw | their quota`: what somebody has stands between, and
        // an article says that something is done.
        let with = (clause + 1..end).find(|k| self.word(*k) == "with");
        let having = with.is_some_and(|k| {
            single(self.word(k - 1)) == head
                && end - k <= 4
                && POINTERS.contains(&next)
                && !plural(self.word(end - 1))
                && (k + 1..end).all(|k| !self.comma(k) && !LINKS.contains(&self.word(k)))
        });
        if !known || !(directly || having && many) || many == plural(word) && !helped {
            return None;
        }
        let object = POINTERS.contains(&next)
            || matches!(next, "it" | "them" | "us")
            || plural(next)
                && !LINKS.contains(&next)
                && !matches!(self.word(i + 2), "is" | "are" | "can" | "must")
                && base(next).is_none_or(|(_, _, bent)| !bent);
        // `microphones measure sound levels`
        let object = object
            || listed
                && plural(self.word(i + 2))
                && !LINKS.contains(&next)
                && !STOPS.contains(&next)
                && !next.ends_with("ed");
        let verb = match many || helped {
            true => word.to_owned(),
            false => single(word),
        };
        if wish {
            return object.then(|| ("get".to_owned(), Act::Read, !many));
        }
        object.then_some((verb, Act::Change, !many))
    }

    /// Whether the clause of the verb at `i` is a condition: `when he finds`.
    pub(super) fn conditional(&self, i: usize) -> bool {
        let before = (0..i).rev().take(5);
        let mut before = before.take_while(|k| !self.comma(*k) && !self.ends(*k));
        before.any(|k| matches!(self.word(k), "when" | "if" | "once" | "whenever"))
    }
}
