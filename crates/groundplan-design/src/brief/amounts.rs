//! Amounts among the constraints that stand without the word that would say what they are: money
//! without its currency, data without its place.

use super::extract::Reader;
use super::grammar::{Found, Quantity};
use super::token::Token;
use super::words::clause;
use super::{Field, Stated};
use groundplan_model::Severity;

impl Reader<'_> {
    /// `6k/month`, `budget 900 a month`: an amount that nothing else can be, without its currency.
    pub(super) fn unsigned(&mut self, found: &[Found], tokens: &[Token]) {
        const AROUND: [&str; 24] = [
            "budget",
            "hosting",
            "cloud",
            "infra",
            "infrastructure",
            "servers",
            "operations",
            "cost",
            "costs",
            "spend",
            "max",
            "maximum",
            "most",
            "under",
            "below",
            "at",
            "about",
            "around",
            "up",
            "to",
            "for",
            "all",
            "in",
            "is",
        ];
        /// Of these one says that money is meant.
        const MONEY: [&str; 10] = [
            "budget",
            "hosting",
            "cloud",
            "infra",
            "infrastructure",
            "servers",
            "operations",
            "cost",
            "costs",
            "spend",
        ];
        let key = "constraints.budget_per_month";
        for f in found {
            let Quantity::Plain(value) = f.quantity else {
                continue;
            };
            let period = self.grammar(tokens).period(f.next);
            let Some((seconds, next)) = period.filter(|(s, _)| *s > 2_000_000.0) else {
                continue;
            };
            let range = clause(tokens, f.at);
            let around = |from: usize, to: usize| {
                let mut all = tokens.get(from..to).unwrap_or_default().iter();
                all.all(|t| AROUND.contains(&t.word()) || t.is('~') || t.is('<'))
            };
            let alone = around(range.start, f.at) && around(next, range.end);
            // `letters by post, about 3,000 a month` are no money.
            let mut all = tokens.get(range.clone()).unwrap_or_default().iter();
            let money = all.any(|t| MONEY.contains(&t.word()))
                || range.start == f.at && next >= range.end
                || tokens.get(f.at).is_some_and(|t| t.word().ends_with('k'));
            let alone = alone && money;
            if !alone || value < 20.0 || self.brief.numbers.contains_key(key) {
                continue;
            }
            let end = tokens.get(next - 1).map_or(f.end, |t| t.end);
            let words = self.words(Field::Constraints, f.start, end);
            let currency = &groundplan_knowledge::design_tables().prices.currency;
            self.find(
                Severity::Warning,
                "W-BUDGET-CURRENCY",
                &format!(
                    "`{words}` names no currency; {currency} is taken, that of the list of prices"
                ),
                Field::Constraints,
                Some((f.start, end)),
                "write `$6k/month` or `6k EUR a month`",
            );
            let stated = Stated {
                value: (value * 2_628_000.0 / seconds * 100.0).round() / 100.0,
                words,
                place: self.place(Field::Constraints, f.start, end),
            };
            self.brief.numbers.insert(key, stated);
            self.brief.currency.get_or_insert(currency.clone());
        }
    }

    /// `scanned books 180 GB` among the constraints: so much is there, unless it is a limit.
    pub(super) fn stock_of_data(&mut self, found: &[Found], tokens: &[Token]) {
        let bounds = [
            "under", "below", "max", "maximum", "most", "limit", "limits", "than", "per", "up",
            "within", "ram", "memory", "disk", "quota", "each",
        ];
        for f in found {
            let Quantity::Data {
                gb,
                per_year: false,
            } = f.quantity
            else {
                continue;
            };
            let clause = tokens.get(clause(tokens, f.at)).unwrap_or_default();
            let bound = clause.iter().any(|t| bounds.contains(&t.word()));
            let known = self.brief.numbers.contains_key("scale.gb_initial");
            if bound || known || clause.len() < 3 {
                continue;
            }
            let said = Stated {
                value: gb,
                words: self.words(Field::Constraints, f.start, f.end),
                place: self.place(Field::Constraints, f.start, f.end),
            };
            self.brief.numbers.insert("scale.gb_initial", said);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::read_brief;

    fn budget(constraints: &str) -> Option<f64> {
        let text = format!("purpose: Clerks register parcels.\nconstraints: {constraints}\n");
        let (brief, found) = read_brief("brief.yaml", &text);
        let told = found.iter().any(|d| d.name == "W-BUDGET-CURRENCY");
        let value = brief.number("constraints.budget_per_month");
        assert_eq!(told, value.is_some());
        value
    }

    #[test]
    fn money_may_stand_without_its_currency() {
        assert_eq!(budget("GDPR, 6k/month, bids are secret"), Some(6_000.0));
        assert_eq!(budget("budget 900 a month for hosting"), Some(900.0));
        assert_eq!(budget("infra max 24k per year"), Some(2_000.0));
        assert_eq!(budget("40 releases a month"), None);
        assert_eq!(budget("at most 900 calls per month"), None);
    }
}
