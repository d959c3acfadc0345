//! Passive clauses: `finished games are archived`, `a dispatcher is called by the clerk`.

use super::{Act, Reader, plural};

const BE: [&str; 7] = ["is", "are", "gets", "get", "be", "been", "was"];

/// The past participle of a verb, which names a state too.
pub(crate) fn past(verb: &str) -> String {
    const ODD: [(&str, &str); 58] = [
        ("put", "put"),
        ("set", "set"),
        ("cut", "cut"),
        ("let", "let"),
        ("hit", "hit"),
        ("shut", "shut"),
        ("split", "split"),
        ("cast", "cast"),
        ("bring", "brought"),
        ("teach", "taught"),
        ("win", "won"),
        ("choose", "chosen"),
        ("leave", "left"),
        ("hang", "hung"),
        ("build", "built"),
        ("withdraw", "withdrawn"),
        ("hold", "held"),
        ("tell", "told"),
        ("swear", "sworn"),
        ("ride", "ridden"),
        ("drive", "driven"),
        ("fly", "flown"),
        ("ring", "rung"),
        ("sew", "sewn"),
        ("shear", "shorn"),
        ("bind", "bound"),
        ("dig", "dug"),
        ("wake", "woken"),
        ("breed", "bred"),
        ("weave", "woven"),
        ("thaw", "thawed"),
        ("mow", "mown"),
        ("sell", "sold"),
        ("buy", "bought"),
        ("write", "written"),
        ("run", "run"),
        ("feed", "fed"),
        ("send", "sent"),
        ("take", "taken"),
        ("give", "given"),
        ("see", "seen"),
        ("pay", "paid"),
        ("keep", "kept"),
        ("draw", "drawn"),
        ("read", "read"),
        ("hear", "heard"),
        ("find", "found"),
        ("get", "got"),
        ("grow", "grown"),
        ("lend", "lent"),
        ("bid", "bid"),
        ("make", "made"),
        ("open", "opened"),
        ("edit", "edited"),
        ("cancel", "cancelled"),
        ("label", "labelled"),
        ("enrol", "enrolled"),
        ("freeze", "frozen"),
    ];
    if let Some((_, done)) = ODD.iter().find(|(v, _)| *v == verb) {
        return (*done).to_owned();
    }
    if let Some((head, tail)) = verb.split_once(' ') {
        return format!("{} {tail}", past(head));
    }
    if let Some(stem) = verb.strip_suffix('y')
        && !stem.ends_with(['a', 'e', 'o', 'u'])
    {
        return format!("{stem}ied");
    }
    if verb.ends_with('e') {
        return format!("{verb}d");
    }
    // A short vowel before the last consonant doubles it: `planned`, `submitted`.
    let letters: Vec<char> = verb.chars().rev().take(3).collect();
    let vowel = |c: &char| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u');
    let short = verb.len() <= 4
        || matches!(
            verb,
            "submit" | "permit" | "refer" | "commit" | "admit" | "transfer"
        );
    match letters.as_slice() {
        [last, middle, before]
            if short
                && vowel(middle)
                && !vowel(before)
                && !vowel(last)
                && !matches!(last, 'w' | 'x' | 'y') =>
        {
            format!("{verb}{last}ed")
        }
        _ => format!("{verb}ed"),
    }
}

/// The participle of a verb as Americans write it, where that differs.
pub(super) fn american(verb: &str) -> Option<&'static str> {
    match verb {
        "cancel" => Some("canceled"),
        "label" => Some("labeled"),
        _ => None,
    }
}

/// The verb that a participle is of.
pub(super) fn participle(word: &str) -> Option<(&'static str, Act)> {
    super::verbs::verbs().participles.get(word).copied()
}

/// A passive clause: what is done to which noun, by whom, and where its participle stands.
pub(super) struct Passive {
    pub(super) verb: &'static str,
    pub(super) act: Act,
    pub(super) what: String,
    pub(super) who: Option<String>,
    pub(super) at: usize,
}

impl Reader<'_> {
    /// The passive clause whose form of `be` stands at `i`; `before` is the noun of the passive
    /// clause in front of it, which `and can be replayed` goes on with.
    pub(super) fn passive(
        &self,
        clause: usize,
        i: usize,
        to: usize,
        before: Option<&str>,
    ) -> Option<Passive> {
        let be = self.word(i);
        if !BE.contains(&be) {
            return None;
        }
        let mut at = i + 1;
        while matches!(
            self.word(at),
            "also" | "then" | "always" | "only" | "automatically" | "all" | "both"
        ) {
            at += 1;
        }
        let (verb, act) = participle(self.word(at)).filter(|_| at < to)?;
        // `relatives are written to` is no deed on a record.
        let dangling = matches!(self.word(at + 1), "to" | "at" | "for" | "with")
            && (at + 2 >= to
                || self.comma(at + 2)
                || self.ends(at + 2)
                || self.word(at + 2) == "and");
        // `sold elsewhere, not by us`
        let denied = (at + 1..at + 5).any(|k| {
            matches!(self.word(k), "elsewhere" | "outside")
                || self.word(k) == "not" && self.word(k + 1) == "by"
        });
        if dangling || denied {
            return None;
        }
        let mut start = clause;
        while start < i && super::MODALS.contains(&self.word(start)) {
            start += 1;
        }
        let what = if start == i {
            before?.to_owned()
        } else {
            let (noun, many) = self.subject(clause, i)?;
            let agrees = match be {
                "are" => many,
                "is" | "gets" => !many || !plural(&noun),
                _ => true,
            };
            noun_of(noun).filter(|_| agrees)?
        };
        let by = (at + 1..(at + 5).min(to)).find(|k| self.word(*k) == "by");
        let who = by
            .and_then(|k| self.noun(k + 1, false))
            .filter(|(_, _, sure)| *sure)
            .map(|(_, noun, _)| noun)
            // `billed by the build minute`: by what, and by nobody.
            .filter(|noun| {
                let head = noun.rsplit(' ').next().unwrap_or(noun);
                let words = &groundplan_knowledge::design_tables().vocabulary;
                let sums = ["bill", "charge", "pay", "price", "invoice", "meter", "sell"];
                let is_sum = sums.contains(&verb)
                    && !words.is_somebody(head)
                    && !words.jobs.iter().any(|j| j == head);
                crate::brief::grammar::seconds(head).is_none() && !is_sum
            });
        Some(Passive {
            verb,
            act,
            what,
            who,
            at,
        })
    }
}

fn noun_of(noun: String) -> Option<String> {
    let pronoun = [
        "it", "they", "this", "that", "which", "who", "he", "she", "what",
    ];
    (!pronoun.contains(&noun.as_str())).then_some(noun)
}
