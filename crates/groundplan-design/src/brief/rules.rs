//! What a brief demands and no list knows: `sealed cases must not appear in public`, `SMS to the
//! driver within 60 s`. It stands among the requirements in the words of the brief, so that nothing
//! that binds is lost because no pack speaks of it.

use super::token::{Token, tokens};
use super::{Brief, Field, Place};
use groundplan_knowledge::design_tables;

/// A demand in the words of the brief.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Rule {
    /// One clause or sentence, without its full stop.
    pub(crate) text: String,
    /// Where.
    pub(crate) place: Place,
}

/// Words by which a sentence of a purpose binds.
const BINDING: [&str; 8] = [
    "must",
    "never",
    "cannot",
    "needs",
    "offline",
    "mandatory",
    "forbidden",
    "nobody",
];

/// Words of a clause that says nothing yet.
const NOTHING: [&str; 8] = [
    "idea",
    "unknown",
    "tbd",
    "none",
    "undecided",
    "unclear",
    "maybe",
    "budget",
];

/// Words that make the name of a place one of hosting.
const HOSTING: [&str; 14] = [
    "data",
    "stay",
    "stays",
    "leave",
    "host",
    "hosted",
    "hosting",
    "region",
    "only",
    "residency",
    "within",
    "servers",
    "stored",
    "kept",
];

/// Demands of one brief beyond these are left out: more than people write, so that a hostile text ends.
const MOST: usize = 40;

/// The demands of a brief that nothing else of it reads.
pub(crate) fn rules(brief: &Brief) -> Vec<Rule> {
    let mut all = Vec::new();
    for sentence in parts(brief.text(Field::Purpose), false) {
        let words: Vec<String> = tokens(&sentence)
            .iter()
            .map(|t| t.word().to_owned())
            .collect();
        let binds = words.iter().any(|w| BINDING.contains(&w.as_str()));
        if binds && (3..40).contains(&words.len()) {
            all.push(rule(brief, Field::Purpose, sentence));
        }
    }
    for clause in parts(brief.text(Field::Constraints), true) {
        if !known(brief, &clause) {
            all.push(rule(brief, Field::Constraints, clause));
        }
    }
    all.truncate(MOST);
    all
}

fn rule(brief: &Brief, field: Field, text: String) -> Rule {
    let place = brief.place(field, &text);
    Rule { text, place }
}

/// Sentences of a text, or its clauses.
fn parts(text: &str, clauses: bool) -> Vec<String> {
    let all = tokens(text);
    let mut parts = Vec::new();
    let mut start = None;
    let mut end = 0;
    let mut close = |start: &mut Option<usize>, end: usize| {
        if let Some(part) = start.take().and_then(|s: usize| text.get(s..end)) {
            parts.push(part.split_whitespace().collect::<Vec<_>>().join(" "));
        }
    };
    for token in &all {
        let ends = match clauses {
            true => token.ends_clause(),
            false => ['.', ';', '!', '?', ':'].iter().any(|c| token.is(*c)),
        };
        if ends {
            close(&mut start, end);
            continue;
        }
        start = start.or(Some(token.start));
        end = token.end;
    }
    close(&mut start, end);
    parts
}

/// Whether something else of the brief was read from a clause of the constraints, or it says
/// nothing that binds.
fn known(brief: &Brief, clause: &str) -> bool {
    let words: Vec<Token> = tokens(clause);
    let has = |list: &[&str]| words.iter().any(|t| list.contains(&t.word()));
    let keyed = |k: &String| {
        let plain = |text: &str| {
            let all = tokens(text);
            let words = all.iter().filter(|t| !t.word().is_empty());
            words.map(|t| t.word().to_owned()).collect::<Vec<_>>()
        };
        plain(k) == plain(clause) || k.contains(clause)
    };
    if brief.keyed.iter().any(keyed) {
        return true;
    }
    if words.len() < 3 || has(&NOTHING) || clause.contains(['?', '{', '}', ':']) {
        return true;
    }
    let stated = brief
        .numbers
        .iter()
        .filter(|(key, _)| key.starts_with("constraints."))
        .any(|(_, n)| !n.words.is_empty() && n.words.split("; ").any(|w| clause.contains(w)));
    let kept = brief
        .retention
        .iter()
        .any(|r| clause.contains(r.period.as_str()));
    let vocabulary = &design_tables().vocabulary;
    let mut names = vocabulary
        .names
        .values()
        .flat_map(|all| all.values())
        .chain(vocabulary.packs.values())
        .chain(vocabulary.rules.values())
        .chain(vocabulary.partners.iter().map(|p| &p.alias))
        .chain(vocabulary.traits.values());
    let partner = brief
        .partners
        .iter()
        .any(|p| clause.to_lowercase().contains(&p.name.to_lowercase()));
    let found = |names: &Vec<String>| !super::words::find(&words, names).is_empty();
    let place = has(&HOSTING) && vocabulary.regions.values().any(found);
    stated || kept || partner || place || names.any(found)
}

#[cfg(test)]
mod tests {
    use super::rules;
    use crate::read_brief;

    fn told(purpose: &str, constraints: &str) -> Vec<String> {
        let text = format!("purpose: {purpose}\nconstraints: {constraints}\n");
        let (brief, _) = read_brief("brief.yaml", &text);
        rules(&brief).into_iter().map(|r| r.text).collect()
    }

    #[test]
    fn what_binds_and_no_list_knows_is_kept_in_its_words() {
        assert_eq!(
            told(
                "Clerks list hearings. Sealed cases must not appear in public.",
                "GDPR, 99.9 %, SMS to the driver within 60 s of an excursion, must integrate with Stripe, data must stay in the EU, $200/month, no Kubernetes"
            ),
            [
                "Sealed cases must not appear in public",
                "SMS to the driver within 60 s of an excursion"
            ]
        );
        assert!(
            told(
                "Clerks list hearings.",
                "budget? no idea yet, records kept for 7 years"
            )
            .is_empty()
        );
    }
}
