//! Who builds and runs the system: the field on the team.

use super::Field;
use super::extract::Reader;
use super::token::{Kind, Token, multiplier, singular};
use groundplan_model::Severity;

/// People of whom only some build.
const FOLK: [&str; 5] = ["people", "persons", "heads", "staff", "employees"];

impl Reader<'_> {
    /// How many engineers there are.
    pub(crate) fn team(&mut self) {
        let field = Field::Team;
        let text = self.brief.text(field).to_owned();
        if text.trim().is_empty() {
            return;
        }
        let tokens = super::tokens(&text);
        let lone = [
            "solo",
            "alone",
            "one-person",
            "one-man",
            "one-woman",
            "myself",
            "me",
        ];
        let mut counted: Vec<(f64, usize, usize, bool)> = Vec::new();
        for (i, token) in tokens.iter().enumerate() {
            let (value, next) = match &token.kind {
                Kind::Number { value, suffix, .. } => match multiplier(suffix) {
                    Some(factor) => (value * factor, i + 1),
                    None => continue,
                },
                // `a lead developer and two developers`, and not `half a developer`.
                Kind::Word(word) if self.one_more(&tokens, i, word) => (1.0, i + 1),
                Kind::Word(word) if !matches!(word.as_str(), "a" | "an" | "half" | "single") => {
                    match self.vocabulary.number(word) {
                        Some(value) => (value, i + 1),
                        None => continue,
                    }
                }
                _ => continue,
            };
            let dash = i > 0
                && tokens
                    .get(i - 1)
                    .is_some_and(|t| t.is('-') || t.is('−') || t.is('–'));
            let range = dash
                && tokens.get(i - 1).is_some_and(|t| t.end == token.start)
                && i > 1
                && tokens
                    .get(i - 2)
                    .is_some_and(|t| matches!(t.kind, Kind::Number { .. }));
            // Of `4-5 engineers` the plan may rely on four.
            if range {
                if let (Some(last), true) = (counted.last_mut(), self.builds(&tokens, next)) {
                    last.3 = true;
                }
                continue;
            }
            // `26 people - 14 backend`: a dash between blanks joins, and takes nothing away.
            let glued = tokens
                .get(i.wrapping_sub(1))
                .is_some_and(|t| t.end == token.start);
            let negative = dash && glued;
            let value = if negative { -value } else { value };
            let builds = self.builds(&tokens, next);
            counted.push((value, token.start, token.end, builds));
        }
        // `12 people, of whom 9 engineers`
        let part = tokens.windows(2).find(|w| {
            matches!(w, [a, b] if a.word() == "of" && matches!(b.word(), "whom" | "which"))
                || matches!(w, [a, _] if a.word() == "including")
        });
        if let Some(start) = part.and_then(|w| w.first()).map(|t| t.start)
            && counted.iter().any(|c| c.1 > start)
        {
            counted.retain(|c| c.1 > start);
        }
        // `14 people, 9 of them developers`, `60 in the department, 16 of them on this`
        let is_own = |c: &&(f64, usize, usize, bool)| {
            let last = tokens.iter().position(|t| t.end == c.2);
            last.is_some_and(|i| self.own_part(&tokens, i + 1))
        };
        let own: Vec<_> = counted.iter().filter(is_own).copied().collect();
        if !own.is_empty() && own.len() < counted.len() {
            counted = own;
            for c in &mut counted {
                c.3 = true;
            }
        }
        // `6 (two firmware)`: what stands in brackets is part of the number before it.
        let inside = |at: usize| {
            let before = tokens.iter().filter(|t| t.start < at);
            before.fold(0_i32, |depth, t| {
                depth + i32::from(t.is('(')) - i32::from(t.is(')'))
            }) > 0
        };
        type Counted = (f64, usize, usize, bool);
        let (within, outside): (Vec<Counted>, Vec<Counted>) =
            counted.iter().copied().partition(|c| inside(c.1));
        let builds = |all: &[Counted]| all.iter().any(|c| c.3);
        let part: f64 = within.iter().map(|c| c.0).sum();
        // `24 people (15 developers, 4 testers, 5 analysts)`: who builds is said in the brackets.
        let whole = outside.first().is_some_and(|all| {
            let at = tokens.iter().position(|t| t.end == all.2).unwrap_or(0);
            tokens.get(at + 1).is_some_and(|t| FOLK.contains(&t.word()))
        });
        let parts = whole && within.len() > 1 && builds(&within);
        if parts && outside.len() == 1 {
            counted.retain(|c| inside(c.1));
        } else if outside.first().is_some_and(|all| part <= all.0)
            && (!builds(&within) || builds(&outside))
        {
            counted.retain(|c| !inside(c.1));
        }
        // `26 people: 14 backend, 6 mobile, 4 QA`: the parts of the first number say who builds.
        let folk = tokens.windows(2).any(|w| {
            counted.first().is_some_and(|c| w[0].start == c.1) && FOLK.contains(&w[1].word())
        });
        if let Some((all, parts)) = counted.split_first()
            && folk
            && parts.len() > 1
            && parts.iter().any(|c| c.3)
            && parts.iter().map(|c| c.0).sum::<f64>() == all.0
        {
            counted.remove(0);
        }
        let builders: Vec<_> = counted.iter().filter(|c| c.3).copied().collect();
        let chosen = match (builders.as_slice(), counted.as_slice()) {
            ([_, ..], _) => builders,
            (_, [only]) => vec![*only],
            // `3 backend, 2 frontend`: all of them build.
            (_, [_, ..]) => counted,
            _ => Vec::new(),
        };
        let (Some(first), Some(last)) = (chosen.first(), chosen.last()) else {
            let alone = tokens.iter().any(|t| lone.contains(&t.word()));
            let few = of_mine(&tokens)
                .map(|n| n + f64::from(alone && !tokens.iter().any(|t| t.word() == "alone")));
            if let Some(count) = few.or(alone.then_some(1.0)) {
                let stated = self.stated(field, count, 0, text.len());
                self.brief.numbers.insert("team.engineers", stated);
            } else {
                self.find(
                    Severity::Warning,
                    "V-TEAM-UNPARSED",
                    "expected a number of engineers in `team`, found none",
                    field,
                    None,
                    "say how many build and run it: `4 engineers`",
                );
            }
            return;
        };
        let total: f64 = chosen.iter().map(|c| c.0).sum();
        let sound = chosen.iter().all(|c| c.0 > 0.0) && total.fract() == 0.0 && total < 1e6;
        let span = (first.1, last.2);
        if sound {
            let stated = self.stated(field, total, span.0, span.1);
            self.brief.numbers.insert("team.engineers", stated);
            self.share(&tokens);
        } else {
            self.find(
                Severity::Error,
                "V-TEAM-INVALID",
                &format!(
                    "expected a whole number of engineers, at least 1, found `{}`",
                    text.trim()
                ),
                field,
                Some(span),
                "say how many build and run it: `4 engineers`",
            );
        }
    }

    /// Whether an article stands for one person who builds, beside others who are counted.
    fn one_more(&self, tokens: &[Token], at: usize, word: &str) -> bool {
        let before = at.checked_sub(1).and_then(|i| tokens.get(i));
        let begins = before.is_none_or(|t| t.is(',') || t.is('+') || t.is(';'))
            || before.is_some_and(|t| matches!(t.word(), "and" | "plus"));
        let counted = |t: &Token| {
            matches!(t.kind, Kind::Number { .. })
                || !matches!(t.word(), "a" | "an" | "half" | "single")
                    && self.vocabulary.number(t.word()).is_some()
        };
        // The noun stands in the same part of the list.
        let end = (at + 1..tokens.len())
            .find(|i| {
                let t = tokens.get(*i);
                t.is_some_and(|t| t.ends_clause() || matches!(t.word(), "and" | "plus"))
            })
            .unwrap_or(tokens.len());
        let own = tokens.get(..end).unwrap_or_default();
        matches!(word, "a" | "an")
            && begins
            && tokens.iter().any(counted)
            && self.builds(own, at + 1)
    }

    /// Whether the number before a token counts those of a larger number who build this system: `of
    /// them developers`, `of whom write code`, `on this`, `work for this project`.
    fn own_part(&self, tokens: &[Token], from: usize) -> bool {
        const WORK: [&str; 12] = [
            "are",
            "is",
            "work",
            "working",
            "assigned",
            "available",
            "allocated",
            "dedicated",
            "can",
            "will",
            "actually",
            "really",
        ];
        let word = |i: usize| tokens.get(i).map_or("", Token::word);
        let mut at = from;
        let of = word(at) == "of"
            && matches!(
                word(at + 1),
                "them" | "us" | "these" | "those" | "whom" | "which"
            );
        at += 2 * usize::from(of);
        while WORK.contains(&word(at)) {
            at += 1;
        }
        let here = matches!(word(at), "on" | "for" | "to") && matches!(word(at + 1), "this" | "it")
            || word(at) == "here";
        let codes = matches!(
            word(at),
            "build" | "builds" | "code" | "coding" | "write" | "writes" | "program" | "develop"
        );
        let partly = (at..at + 4).any(|i| matches!(word(i), "part-time" | "half" | "half-time"));
        here || of && !partly && (codes || self.builds(tokens, at))
    }

    /// `half time`, `part-time`, `20 % of their time`: the part of their time that goes into it.
    fn share(&mut self, tokens: &[Token]) {
        let field = Field::Team;
        let word = |i: usize| tokens.get(i).map_or("", Token::word);
        for i in 0..tokens.len() {
            let half = matches!(word(i), "half-time" | "part-time")
                || word(i) == "half"
                    && word(i + 1) == "of"
                    && matches!(word(i + 2), "her" | "his" | "their" | "my" | "the")
                    && word(i + 3) == "time"
                || word(i) == "half" && word(i + 1) == "time"
                || word(i) == "part" && word(i + 1) == "time";
            let percent = match tokens.get(i).map(|t| &t.kind) {
                Some(Kind::Number { value, suffix, .. })
                    if suffix == "%" || tokens.get(i + 1).is_some_and(|t| t.is('%')) =>
                {
                    let near = (i + 1..i + 6).any(|k| matches!(word(k), "time" | "capacity"));
                    (near && *value < 100.0 && *value > 0.0).then_some(value / 100.0)
                }
                _ => None,
            };
            // `one of them part-time` is not all of them: of two engineers three quarters are there.
            let part = (1..i).find(|k| {
                word(*k) == "of" && matches!(word(k + 1), "them" | "whom" | "which" | "these")
            });
            let count = part.and_then(|k| match tokens.get(k - 1).map(|t| &t.kind) {
                Some(Kind::Number { value, suffix, .. }) if suffix.is_empty() => Some(*value),
                _ => self.vocabulary.number(word(k - 1)),
            });
            let all = self.brief.number("team.engineers").unwrap_or(0.0);
            if let (Some(count), Some(share)) = (count, percent.or(half.then_some(0.5)))
                && count > 0.0
                && count <= all
            {
                let from = part.and_then(|k| tokens.get(k - 1)).map_or(0, |t| t.start);
                let to = tokens.get(i + 1).or(tokens.get(i)).map_or(from, |t| t.end);
                let stated = self.stated(field, (all - count * (1.0 - share)) / all, from, to);
                self.brief.numbers.insert("team.share", stated);
                return;
            }
            let some = (0..i).any(|k| matches!(word(k), "of" | "plus" | "and"));
            if let Some(share) = percent.or(half.then_some(0.5)).filter(|_| !some) {
                let (start, end) = (tokens.first(), tokens.last());
                let span = (start.map_or(0, |t| t.start), end.map_or(0, |t| t.end));
                let stated = self.stated(field, share, span.0, span.1);
                self.brief.numbers.insert("team.share", stated);
                return;
            }
        }
    }

    /// Whether the number before a token counts people who build: `three engineers`, `two senior
    /// backend developers`, and `three backend` in `three backend and two frontend developers`.
    fn builds(&self, tokens: &[Token], from: usize) -> bool {
        const KINDS: [&str; 28] = [
            "lead",
            "principal",
            "technical",
            "tech",
            "freelance",
            "external",
            "backend",
            "back-end",
            "frontend",
            "front-end",
            "fullstack",
            "full-stack",
            "full-time",
            "part-time",
            "senior",
            "junior",
            "mobile",
            "software",
            "data",
            "platform",
            "web",
            "experienced",
            "in-house",
            "devops",
            "embedded",
            "more",
            "other",
            "good",
        ];
        let counts = |t: &Token| {
            matches!(t.kind, Kind::Number { .. }) || self.vocabulary.number(t.word()).is_some()
        };
        for token in tokens.iter().skip(from).take(8) {
            let word = token.word();
            let joins = matches!(word, "and" | "plus") || token.is(',') || token.is('+');
            if self
                .vocabulary
                .engineers
                .iter()
                .any(|e| e == singular(word))
            {
                return true;
            }
            if !joins && !KINDS.contains(&word) && !counts(token) {
                return false;
            }
        }
        false
    }
}

/// `my nephew, evenings`, `a student of the school`: so many people, whoever they are.
fn of_mine(tokens: &[Token]) -> Option<f64> {
    let kin = &groundplan_knowledge::design_tables().vocabulary.kin;
    let word = |i: usize| tokens.get(i).map_or("", Token::word);
    let led = |i: usize| matches!(word(i), "my" | "our" | "a" | "an" | "the" | "his" | "her");
    let one = |i: &usize| led(*i) && kin.iter().any(|k| k == word(i + 1));
    let count = (0..tokens.len()).filter(one).count();
    // Of `my nephew and others` nobody knows how many they are.
    let more = tokens
        .iter()
        .any(|t| matches!(t.word(), "and" | "plus") || t.is('+'));
    (count > usize::from(more)).then_some(count as f64)
}
