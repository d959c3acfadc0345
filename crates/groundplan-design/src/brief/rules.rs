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
    /// Whether somebody does something in it, so that it is a use case; else it binds all of them.
    pub(crate) deed: bool,
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

/// Words with which a clause says when or where, before the sentence begins.
const OPENING: [&str; 9] = [
    "each", "every", "when", "if", "once", "until", "as", "during", "twice",
];

/// Words of work that has an end: `finished in 5 hours`.
const DONE: [&str; 8] = [
    "finished",
    "done",
    "complete",
    "completed",
    "ready",
    "over",
    "computed",
    "processed",
];

/// Words that begin a sentence on what there was before.
const REPLACING: [&str; 5] = [
    "replaces",
    "replace",
    "replacing",
    "replacement",
    "supersedes",
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
            all.push(rule(brief, Field::Purpose, binding_part(&sentence)));
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

/// Clauses of purpose and constraints that bound a deed in time, with what is measured and its
/// target: `Alarms within 90 s`. What is a target of all answers, of recovery or of keeping is none.
pub(crate) fn bounds(brief: &Brief) -> Vec<(Rule, String, String)> {
    let mut all: Vec<(Rule, String, String)> = Vec::new();
    let fields = [
        (Field::Purpose, false),
        (Field::Scale, false),
        (Field::Constraints, true),
    ];
    for (field, clauses) in fields {
        for text in parts(brief.text(field), clauses) {
            for part in text.split(", ").flat_map(|p| p.split(" so that ")) {
                if field == Field::Constraints && known(brief, part) && !deed_of(part) {
                    continue;
                }
                // Of a scale only what must be done by then: `a run must be finished in 5 hours`.
                let due = tokens(part)
                    .iter()
                    .any(|t| DONE.contains(&t.word()) || t.word() == "must");
                if field == Field::Scale && !due {
                    continue;
                }
                if let Some((indicator, target)) = bound_of(part) {
                    let rule = rule(brief, field, part.to_owned());
                    all.push((rule, indicator, target));
                }
            }
        }
    }
    all.truncate(5);
    all
}

/// Whether a clause bounds one deed although another reading took its number.
fn deed_of(clause: &str) -> bool {
    let words = tokens(clause);
    super::extract::one_deed(&words)
}

/// What a clause measures and its bound: `call setup under 3 s at P95`.
fn bound_of(clause: &str) -> Option<(String, String)> {
    const LED: [&str; 6] = ["within", "under", "below", "in", "after", "than"];
    let all = tokens(clause);
    let word = |i: usize| all.get(i).map_or("", Token::word);
    let at = (1..all.len()).find(|i| {
        let led = matches!(word(*i), "within" | "under" | "below")
            || word(*i) == "in" && DONE.contains(&word(i - 1))
            || word(*i) == "than" && word(i - 1) == "less";
        led && matches!(
            all.get(i + 1).map(|t| &t.kind),
            Some(super::token::Kind::Number { .. })
        )
    })?;
    let number = all.get(at + 1)?;
    let (value, unit, next) = match &number.kind {
        super::token::Kind::Number { value, suffix, .. } if suffix.is_empty() => {
            (*value, word(at + 2).to_owned(), at + 3)
        }
        super::token::Kind::Number { value, suffix, .. } => (*value, suffix.clone(), at + 2),
        _ => return None,
    };
    let seconds = value * super::grammar::seconds(&unit)?;
    if seconds <= 0.0 || seconds > 86_400.0 {
        return None;
    }
    let percentile = (0..all.len()).find(|i| matches!(word(*i), "p50" | "p95" | "p99"));
    let shown = clause.get(number.start..all.get(next - 1)?.end)?;
    let start = at - usize::from(word(at - 1) == "less" && word(at) == "than");
    let before = clause.get(..all.get(start)?.start)?.trim();
    let behind = match percentile {
        Some(_) => "",
        None => clause
            .get(all.get(next - 1)?.end..)?
            .trim_end_matches('.')
            .trim(),
    };
    let before = before
        .trim_start_matches("and ")
        .trim_start_matches("then ");
    // `P95 of search`: what is measured stands behind.
    let measured = ["of ", "for "]
        .iter()
        .find_map(|link| before.split_once(link))
        .filter(|(head, _)| matches!(head.trim().to_lowercase().as_str(), "p50" | "p95" | "p99"));
    let before = measured.map_or(before, |(_, what)| what);
    let indicator = format!("{before} {behind}");
    let indicator = indicator.trim();
    let own = tokens(indicator)
        .iter()
        .filter(|t| t.word().len() > 3)
        .count();
    // `P95 under 500 ms` is a target of all answers, `RTO below 4 h` one of recovery.
    let other = [
        "rto",
        "rpo",
        "latency",
        "response",
        "responses",
        "answers",
        "p95",
        "p99",
        "p50",
    ];
    let plain = tokens(indicator).iter().any(|t| other.contains(&t.word()));
    if own == 0 || plain || LED.contains(&indicator) {
        return None;
    }
    let target = match percentile {
        Some(i) => format!("{} ≤ {shown}", word(i).to_uppercase()),
        None => format!("≤ {shown}"),
    };
    Some((indicator.to_owned(), target))
}

/// The clause of a sentence that binds, if it can stand alone: `Teachers sign children in, and parents
/// are told when nobody comes` binds with its second half.
fn binding_part(sentence: &str) -> String {
    let all = tokens(sentence);
    let word = |i: usize| all.get(i).map_or("", Token::word);
    let opens = matches!(
        word(0),
        "if" | "when" | "once" | "after" | "before" | "until" | "as"
    );
    let cut = (1..all.len()).find(|i| {
        let mark = all.get(*i).is_some_and(|t| t.is(','));
        mark && matches!(word(i + 1), "and" | "but")
    });
    // `Nurses swap shifts, the sister approves, rest time of 11 h must be kept`: the last part has a
    // subject and a word of force of its own.
    let last = (1..all.len()).rfind(|i| all.get(*i).is_some_and(|t| t.is(',')));
    let alone = last.filter(|_| !opens && cut.is_none()).and_then(|comma| {
        let must = (comma + 2..all.len())
            .find(|i| matches!(word(*i), "must" | "cannot") && !word(i + 1).is_empty())?;
        let first = word(comma + 1);
        let led = super::story::links(first)
            || matches!(
                first,
                "it" | "they"
                    | "that"
                    | "this"
                    | "these"
                    | "which"
                    | "who"
                    | "where"
                    | "and"
                    | "or"
                    | "but"
            );
        let before = (0..comma).any(|i| BINDING.contains(&word(i)));
        let part = sentence.get(all.get(comma + 1)?.start..all.last()?.end)?;
        (must > comma + 1 && !led && !before).then(|| part.to_owned())
    });
    if let Some(part) = alone {
        return part;
    }
    let Some(cut) = cut.filter(|_| !opens) else {
        return sentence.to_owned();
    };
    let binds = |from: usize, to: usize| (from..to).any(|i| BINDING.contains(&word(i)));
    let points = |from: usize, to: usize| {
        (from..to).any(|i| {
            matches!(
                word(i),
                "it" | "they" | "them" | "that" | "this" | "these" | "both"
            )
        })
    };
    let (first, second) = ((0, cut), (cut + 2, all.len()));
    let part = match (binds(first.0, first.1), binds(second.0, second.1)) {
        (true, false) => first,
        (false, true) => second,
        _ => return sentence.to_owned(),
    };
    let alone = part.1 - part.0 >= 4
        && !points(part.0, part.1)
        && all.get(part.0..part.1).is_some_and(verbal);
    let text = match (all.get(part.0), all.get(part.1 - 1)) {
        (Some(from), Some(to)) if alone => sentence.get(from.start..to.end),
        _ => None,
    };
    text.unwrap_or(sentence).to_owned()
}

/// Clauses of the purpose of which most words stand in none of `texts`, the requirements that were
/// made of it, and in no demand: what a design would lose without a word.
pub(crate) fn untold(brief: &Brief, texts: &[String]) -> Vec<Rule> {
    /// Of a purpose that is no story at all the first say enough.
    const MOST: usize = 12;
    let text = brief.text(Field::Purpose);
    let all = tokens(text);
    let mut told: std::collections::BTreeSet<String> = std::collections::BTreeSet::new();
    let mut hear = |text: &str| {
        for token in tokens(text) {
            told.insert(stem(token.word()));
        }
    };
    texts.iter().for_each(|t| hear(t));
    // Every system has a trail of who did what.
    hear("every change, access, action and edit is audited, logged and recorded");
    // The participle of a passive clause is told as its verb.
    for deed in super::story::story(brief) {
        if texts.iter().any(|t| t.contains(deed.verb.as_str())) {
            hear(&super::story::past(&deed.verb));
        }
    }
    for rule in rules(brief).iter().filter(|r| text.contains(&r.text)) {
        hear(&rule.text);
    }
    hear(
        super::story::collection(text)
            .as_deref()
            .unwrap_or_default(),
    );
    let mut found = Vec::new();
    let mut past = super::story::before_now(text);
    past.extend(super::seeks::sought(text).and_then(|s| s.span));
    let whole = units(&all).into_iter().enumerate();
    let halves = whole.flat_map(|(nth, unit)| {
        let halves = halves(&all, &unit);
        halves
            .into_iter()
            .map(move |half| (nth, half, unit.clone()))
    });
    for (nth, half, unit) in halves.collect::<Vec<_>>() {
        let part = all.get(half.clone()).unwrap_or_default();
        let start = part.first().map_or(0, |t| t.start);
        if past.iter().any(|span| span.contains(&start)) {
            continue;
        }
        // A heading names the system and asks for nothing yet; `we run four ferries` presents who asks.
        let presents = matches!(part.first().map(Token::word), Some("we" | "our"));
        if nth == 0 && (presents || !verbal(part) || named_only(part)) {
            continue;
        }
        // What it replaces says what there is today; the plan of migration has it.
        if REPLACING.contains(&part.first().map_or("", Token::word)) {
            continue;
        }
        // What does not belong to the system stands among the non-goals.
        if super::denials::denies(part) {
            continue;
        }
        let part = match part.first().map(Token::word) {
            Some("and" | "then" | "but" | "or") => part.get(1..).unwrap_or_default(),
            _ => part,
        };
        let words: Vec<&Token> = part.iter().filter(|t| weighs(text, t)).collect();
        let lost = words
            .iter()
            .filter(|t| !told.contains(&stem(t.word())))
            .count();
        let (Some(first), Some(last)) = (part.first(), part.last()) else {
            continue;
        };
        // Half a sentence without its subject is told with the rest of it.
        let bare = half.start > unit.start && acts(first.word());
        let start = match all.get(unit.start).filter(|_| bare) {
            Some(first) => first.start,
            None => first.start,
        };
        // `answered within 30 s, also if the line is down`: a condition is told with what it is of.
        let also = matches!(first.word(), "also" | "even")
            && matches!(part.get(1).map(Token::word), Some("if" | "when" | "where"));
        let before = all.get(..half.start).unwrap_or_default();
        let ends = |t: &Token| ['.', ';', '!', '?', '\n'].iter().any(|c| t.is(*c));
        let opens = before.iter().rposition(ends).map_or(0, |k| k + 1);
        let start = match all.get(opens).filter(|_| also) {
            Some(first) => first.start,
            None => start,
        };
        let said = text.get(start..last.end).unwrap_or_default();
        let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
        let lost = lost >= 2 && lost * 2 >= words.len();
        let again = found.iter().any(|r: &Rule| said.starts_with(&r.text));
        if lost && !again && said.len() < 400 {
            found.push(rule(brief, Field::Purpose, said));
        }
    }
    found.truncate(MOST);
    found
}

/// The halves of a clause that says two things: `hotels see what is missing | and get an invoice`.
fn halves(all: &[Token], unit: &std::ops::Range<usize>) -> Vec<std::ops::Range<usize>> {
    let word = |i: usize| all.get(i).map_or("", Token::word);
    let cut = (unit.start + 3..unit.end).find(|k| {
        let head = all.get(unit.start..*k).unwrap_or_default();
        let rest = all.get(k + 1..unit.end).unwrap_or_default();
        word(*k) == "and" && super::story::is_verb(word(k + 1)) && rest.len() > 2 && verbal(head)
    });
    match cut {
        Some(k) => vec![unit.start..k, k + 1..unit.end],
        None => vec![unit.clone()],
    }
}

/// A word without the endings that only bend it.
fn stem(word: &str) -> String {
    let one = super::story::single(word);
    let cut = ["ing", "ed"].iter().find_map(|e| one.strip_suffix(e));
    let short = cut.filter(|c| c.len() > 3).unwrap_or(&one);
    short.trim_end_matches('e').to_owned()
}

/// Whether a token carries what its clause says: names, numbers, nouns and verbs.
fn weighs(text: &str, token: &Token) -> bool {
    let raw = text.get(token.start..token.end).unwrap_or_default();
    let upper = raw.len() > 1
        && raw
            .chars()
            .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    let word = token.word();
    let number = matches!(token.kind, super::token::Kind::Number { .. });
    number || upper || word.len() > 3 && !super::story::is_filler(word)
}

/// Whether a word is a verb, or part of one.
fn acts(word: &str) -> bool {
    super::story::is_verb(word)
        || matches!(
            word,
            "is" | "are"
                | "was"
                | "were"
                | "has"
                | "have"
                | "can"
                | "must"
                | "may"
                | "will"
                | "should"
        )
}

/// Whether a clause has a verb: one that is followed by what it is done to. `Charge per hole` has
/// none.
pub(super) fn verbal(part: &[Token]) -> bool {
    let word = |i: usize| part.get(i).map_or("", Token::word);
    (0..part.len()).any(|i| {
        let first = i == 0 || i == 1 && matches!(word(0), "and" | "then" | "or" | "but" | "can");
        let verb = acts(word(i)) || first && super::story::commands(word(i));
        verb && !word(i + 1).is_empty() && !matches!(word(i + 1), "per" | "of" | "and" | "or")
    })
}

/// Whether a sentence only names the system: `Internal tool for the dispatch desk of a firm`,
/// `Mobile app with which people learn`.
fn named_only(part: &[Token]) -> bool {
    let kinds = [
        "tool",
        "app",
        "application",
        "system",
        "platform",
        "marketplace",
        "portal",
        "website",
        "site",
        "service",
        "software",
        "api",
        "product",
        "backend",
        "shop",
    ];
    let word = |i: usize| part.get(i).map_or("", Token::word);
    let links = |w: &str| super::story::links(w) || matches!(w, "that" | "which" | "where");
    let head = (0..part.len().min(5)).find(|i| links(word(i + 1)));
    head.is_some_and(|i| kinds.contains(&word(i)) && (0..i).all(|k| !acts(word(k))))
}

/// Clauses between commas and full stops; one without a verb belongs to the one before it in its
/// sentence, as the list behind a colon does.
fn units(all: &[Token]) -> Vec<std::ops::Range<usize>> {
    let mut units: Vec<std::ops::Range<usize>> = Vec::new();
    let mut start = 0;
    let mut joins = false;
    let mut depth = 0_i32;
    for i in 0..=all.len() {
        let bracket = |c: char| i32::from(all.get(i).is_some_and(|t| t.is(c)));
        depth = (depth + bracket('(') - bracket(')')).max(0);
        // Commas in brackets list, and end nothing; a full stop ends what was left open.
        let hard = |t: &Token| ['.', '!', '?'].iter().any(|c| t.is(*c));
        let soft = |t: &Token| [',', ';', ':'].iter().any(|c| t.is(*c)) && depth == 0;
        let ends = all.get(i).is_none_or(|t| hard(t) || soft(t));
        if all.get(i).is_none_or(hard) {
            depth = 0;
        }
        if !ends {
            continue;
        }
        let part = all.get(start..i).unwrap_or_default();
        if !part.is_empty() {
            let verb = verbal(part);
            // `Each night, and on demand, portfolios are run`: an opening says when, and no more.
            let opening = units.last().is_some_and(|u| {
                let before = all.get(u.clone()).unwrap_or_default();
                let word = before.first().map_or("", Token::word);
                !verbal(before) && (OPENING.contains(&word) || super::story::links(word))
            });
            match units.last_mut().filter(|_| joins && (!verb || opening)) {
                Some(last) => last.end = i,
                None => units.push(start..i),
            }
        }
        joins = all
            .get(i)
            .is_some_and(|t| [',', ';', ':'].iter().any(|c| t.is(*c)));
        start = i + 1;
    }
    units
}

pub(super) fn rule(brief: &Brief, field: Field, text: String) -> Rule {
    let place = brief.place(field, &text);
    let deed = field != Field::Constraints || does(&text);
    Rule { text, place, deed }
}

/// Whether a clause of the constraints tells what somebody does: `vendors pay per 1,000 calls`.
/// `WCAG 2.1 AA`, `nothing may be lost` and `maintenance at night is fine` do not.
fn does(clause: &str) -> bool {
    const STATES: [&str; 16] = [
        "stay", "leave", "run", "work", "fail", "matter", "mean", "cost", "need", "sit", "cover",
        "support", "last", "end", "host", "live",
    ];
    const DENIES: [&str; 8] = [
        "no", "not", "never", "nobody", "nothing", "without", "cannot", "only",
    ];
    let all = tokens(clause);
    let word = |i: usize| all.get(i).map_or("", Token::word);
    if all.iter().any(|t| DENIES.contains(&t.word())) {
        return false;
    }
    // `hosting cost`, `data of clients`: a verb follows who acts, and is followed by something.
    (1..all.len()).any(|i| {
        let verb = word(i);
        let stem = super::token::singular(verb);
        super::story::is_verb(verb)
            && !STATES.contains(&stem)
            && !word(i + 1).is_empty()
            && !super::story::links(word(i - 1))
            && !super::story::is_filler(word(i - 1))
    })
}

/// The version and level of WCAG that the brief names: `2.1 AA`.
pub(crate) fn accessibility(brief: &Brief) -> Option<String> {
    [Field::Constraints, Field::Purpose, Field::Scale]
        .into_iter()
        .find_map(|field| wcag(brief.text(field)))
}

fn wcag(text: &str) -> Option<String> {
    let all = tokens(text);
    let at = all.iter().position(|t| t.word() == "wcag")?;
    let version = all.get(at + 1)?;
    let super::token::Kind::Number { value, .. } = version.kind else {
        return None;
    };
    let level = (at + 2..at + 4)
        .filter_map(|i| all.get(i))
        .map(Token::word)
        .find(|w| matches!(*w, "a" | "aa" | "aaa"));
    let version = format!("{value:.1}");
    Some(format!(
        "{version} {}",
        level.unwrap_or("aa").to_uppercase()
    ))
}

/// Which tokens stand in a short bracket, its marks included: `down for 4 h (Mon-Sat 9-18)` goes on.
fn in_brackets(all: &[Token]) -> Vec<bool> {
    /// Longer ones say something of their own.
    const LONGEST: usize = 10;
    let mut inside = vec![false; all.len()];
    let mut at = 0;
    while let Some(token) = all.get(at) {
        let near = all
            .get(at + 1..all.len().min(at + LONGEST))
            .unwrap_or_default();
        let close = near
            .iter()
            .position(|t| t.is(')'))
            .filter(|_| token.is('('));
        let part = close.and_then(|c| near.get(..c)).unwrap_or_default();
        let plain = !part
            .iter()
            .any(|t| ['.', ';', '\n', '('].iter().any(|c| t.is(*c)));
        match close.filter(|_| plain) {
            Some(close) => {
                let span = inside.get_mut(at..at + close + 2).unwrap_or_default();
                span.fill(true);
                at += close + 2;
            }
            None => at += 1,
        }
    }
    inside
}

/// Sentences of a text, or its clauses.
pub(super) fn parts(text: &str, clauses: bool) -> Vec<String> {
    let all = tokens(text);
    let mut parts = Vec::new();
    let mut start = None;
    let mut end = 0;
    let mut close = |start: &mut Option<usize>, end: usize| {
        if let Some(part) = start.take().and_then(|s: usize| text.get(s..end)) {
            parts.push(part.split_whitespace().collect::<Vec<_>>().join(" "));
        }
    };
    let bracketed = in_brackets(&all);
    for (i, token) in all.iter().enumerate() {
        // `can be offline for a day, but not lose a ticket`, `when the line is down, for up to 3 days`
        let next = all.get(i + 1).map_or("", Token::word);
        let after = all.get(i + 2).map_or("", Token::word);
        let on = token.is(',')
            && (next == "but" && after == "not"
                || next == "for" && matches!(after, "up" | "at" | "as" | "a" | "an" | "several")
                || breaks_off(&all, i));
        let ends = match clauses {
            true => token.ends_clause() && !on && !bracketed.get(i).is_some_and(|b| *b),
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
    match clauses {
        true => lists(text, parts),
        false => parts,
    }
}

/// Whether the clause behind a comma leaves to the one before it what it says: `an hour is bearable, losing a payment
/// is not`.
fn breaks_off(all: &[Token], comma: usize) -> bool {
    let clause = super::words::clause(all, comma + 1);
    let word = |back: usize| {
        let at = clause
            .end
            .checked_sub(back)
            .filter(|at| clause.contains(at));
        at.and_then(|at| all.get(at)).map_or("", Token::word)
    };
    word(1) == "not"
        && matches!(
            word(2),
            "is" | "are" | "does" | "do" | "may" | "must" | "can"
        )
}

/// Clauses that only go on with a list belong to the one that begins it: `languages German, French and
/// English`.
fn lists(text: &str, parts: Vec<String>) -> Vec<String> {
    let count = |part: &String| part.split_whitespace().count();
    let ends = |part: &String| count(part) == 3 && part.split_whitespace().nth(1) == Some("and");
    let mut all: Vec<String> = Vec::new();
    let mut at = 0;
    while let Some(part) = parts.get(at) {
        let single = parts.iter().skip(at + 1).take_while(|p| count(p) == 1);
        let last = at + 1 + single.count();
        let listed = count(part) == 2
            && parts.get(last).is_some_and(ends)
            && parts
                .get(at..=last)
                .is_some_and(|p| text.contains(&p.join(", ")));
        match parts.get(at..=last).filter(|_| listed) {
            Some(run) => {
                all.push(run.join(", "));
                at = last + 1;
            }
            None => {
                all.push(part.clone());
                at += 1;
            }
        }
    }
    all
}

/// Whether a word makes a sentence of what stands before a colon.
fn finite(word: &str) -> bool {
    matches!(
        word,
        "is" | "are" | "was" | "were" | "has" | "have" | "must" | "may" | "can" | "cannot"
    )
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
    // The scenario on keyboard and screen reader has it as its target.
    if words.len() < 9 && wcag(clause).is_some() {
        return true;
    }
    // `team: four` is a key; `at 5:00` is a time, and `pupils are minors: no names leave` a sentence.
    let key = ['?', '{', '}'].iter().any(|c| clause.contains(*c))
        || words.iter().position(|t| t.is(':')).is_some_and(|at| {
            let head = words.get(..at).unwrap_or_default();
            head.len() < 3 || !head.iter().any(|t| finite(t.word()))
        });
    if words.len() < 3 || has(&NOTHING) || key {
        return true;
    }
    let stated = brief
        .numbers
        .iter()
        .filter(|(key, _)| key.starts_with("constraints.") || **key == "scale.gb_initial")
        .any(|(_, n)| !n.words.is_empty() && n.words.split("; ").any(|w| clause.contains(w)));
    let periods = brief.retention.iter().chain(&brief.endless);
    let kept = periods
        .into_iter()
        .any(|r| clause.contains(r.period.as_str()));
    let vocabulary = &design_tables().vocabulary;
    let names = vocabulary
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
    // The data protection officer hosts nothing.
    let protects = |w: &[Token]| w[0].word() == "data" && w[1].word() == "protection";
    let hosts = words
        .iter()
        .any(|t| HOSTING.contains(&t.word()) && t.word() != "data")
        || has(&["data"]) && !words.windows(2).any(protects);
    let place = hosts && vocabulary.regions.values().any(found);
    // `kept for 5 years and must not be altered`, `no data leaves except by the network`: a period or a
    // partner is not all that such a clause says.
    let lower = clause.to_lowercase();
    let more = [" and must ", " but must ", " and never ", " and may not "]
        .iter()
        .any(|m| lower.contains(m));
    let denies = has(&["no", "nothing", "never"]) && words.len() > 5 && verbal(&words);
    if more && (stated || kept) || denies && !stated && !kept && !place {
        return false;
    }
    let law = brief
        .rules
        .keys()
        .any(|name| clause.contains(name.as_str()));
    if stated || kept || partner || place || law && words.len() < 8 {
        return true;
    }
    // A name in a long sentence is not all that it says.
    let mut named = 0;
    for all in names {
        let hits = super::words::find(&words, all);
        named = named.max(hits.iter().map(|h| h.count).sum::<usize>());
    }
    let more = words.iter().filter(|t| weighs(clause, t)).count();
    let binds = has(&["must", "has", "needs", "cannot", "never"]);
    named > 0 && !(binds && more > named + 4)
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

    #[test]
    fn the_part_that_binds_stands_alone() {
        let all = |purpose: &str| told(&format!("\"{purpose}\""), "GDPR");
        assert_eq!(
            all("Nurses swap shifts, the ward sister approves, rest time of 11 h must be kept."),
            ["rest time of 11 h must be kept"]
        );
        assert_eq!(
            all("Clerks enter parcels, surveyors check them, sealed files must not be shown."),
            ["sealed files must not be shown"]
        );
        assert_eq!(
            all("Teams hand in reports, late ones cannot be changed."),
            ["late ones cannot be changed"]
        );
        // What points back stays with what it points to.
        assert_eq!(
            all("Clerks enter parcels, which must not be changed."),
            ["Clerks enter parcels, which must not be changed"]
        );
    }
}
