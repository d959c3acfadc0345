//! How long an outage may last, in words: `may be down for two hours`, `must not stop for more than 10
//! minutes`.

use super::Field;
use super::extract::Reader;
use super::grammar::Quantity;
use super::token::Token;
use super::words::{Force, clause, force};

impl Reader<'_> {
    /// `down for a working day is acceptable`, `may be down for two hours`: how long an outage may
    /// last.
    pub(super) fn downtime(&mut self, field: Field, tokens: &[Token]) {
        let word = |i: usize| tokens.get(i).map_or("", Token::word);
        for i in 0..tokens.len() {
            if !matches!(word(i), "down" | "outage" | "downtime" | "offline")
                || !matches!(word(i + 1), "for" | "of" | "up")
            {
                continue;
            }
            let range = clause(tokens, i);
            let allowed = tokens
                .get(range.clone())
                .unwrap_or_default()
                .iter()
                .any(|t| {
                    matches!(
                        t.word(),
                        "acceptable"
                            | "fine"
                            | "ok"
                            | "okay"
                            | "tolerable"
                            | "tolerated"
                            | "may"
                            | "can"
                            | "allowed"
                    )
                });
            if !allowed || force(tokens, i) == Force::Forbid {
                continue;
            }
            let mut at = i + 2;
            while matches!(word(at), "to" | "at" | "most" | "up") {
                at += 1;
            }
            let count = match word(at) {
                "half" => 0.5,
                w => match self.vocabulary.numbers.get(w).copied() {
                    Some(n) => n,
                    None => match tokens.get(at).map(|t| &t.kind) {
                        Some(super::token::Kind::Number { value, suffix, .. })
                            if suffix.is_empty() =>
                        {
                            *value
                        }
                        _ => continue,
                    },
                },
            };
            at += 1;
            while matches!(word(at), "a" | "an" | "of") {
                at += 1;
            }
            let working = matches!(word(at), "working" | "business" | "work");
            at += usize::from(working);
            let Some(unit) = super::grammar::seconds(word(at)) else {
                continue;
            };
            // A working day has eight hours.
            let unit = if working && unit == 86_400.0 {
                28_800.0
            } else {
                unit
            };
            let (start, end) = (tokens.get(i), tokens.get(at));
            let (Some(start), Some(end)) = (start, end) else {
                continue;
            };
            let (start, end) = (start.start, end.end);
            self.target(
                field,
                "constraints.rto_min",
                count * unit / 60.0,
                start,
                end,
            );
        }
    }

    /// `must not stop for more than 10 minutes`: how long an outage may last.
    pub(super) fn stop(&mut self, field: Field, tokens: &[Token]) {
        let word = |i: usize| tokens.get(i).map_or("", Token::word);
        for i in 0..tokens.len() {
            let halts = matches!(word(i), "stop" | "down" | "unavailable" | "interrupted");
            let than = word(i + 1) == "for"
                && matches!(word(i + 2), "more" | "longer")
                && word(i + 3) == "than"
                || word(i + 1) == "longer" && word(i + 2) == "than";
            let from = clause(tokens, i).start;
            let denied = (from..i).any(|k| matches!(word(k), "not" | "never" | "cannot"));
            if !halts || !than || !denied {
                continue;
            }
            let at = i + if word(i + 1) == "for" { 4 } else { 3 };
            let grammar = self.grammar(tokens);
            let found = grammar.single_quantity(at);
            // `2 hours a month` is an availability.
            let all = found
                .as_ref()
                .is_some_and(|f| grammar.period(f.next).is_some());
            if let Some(found) = found.filter(|_| !all)
                && let Quantity::Duration(s) = found.quantity
            {
                let start = tokens.get(i).map_or(0, |t| t.start);
                self.target(field, "constraints.rto_min", s / 60.0, start, found.end);
            }
        }
    }
}
