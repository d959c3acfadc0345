//! Stack, constraints and traits: names, money, targets, places, systems to integrate with.

mod of_others;
mod phrases;

use phrases::{
    SERVICE, by_number, days_of, demanded, integrated, is_other_word, merged, of_some,
    other_systems, raw_name, spoken, two_places, without_own,
};
pub(crate) use phrases::{locate, one_deed, placed};

use super::grammar::{Grammar, Quantity};
use super::retention::{self, Retention};
use super::token::{Token, singular, tokens};
use super::words::{Force, clause, find, force, mentions};
use super::{Brief, Field, Partner, Place, Stated, Wish};
use groundplan_knowledge::Vocabulary;
use groundplan_model::{Diagnostic, Evidence, Severity};
use groundplan_syntax::Lines;
use std::collections::{BTreeMap, BTreeSet};

/// The name of a sign-on of which the brief names no product.
const SIGN_ON: &str = "organisation's sign-on";

/// Whether a number without its sign can only be an availability: `99.5`, `99.95`, `99.999`.
fn nines(p: f64) -> bool {
    [99.5, 99.8, 99.9, 99.95, 99.99, 99.999].contains(&p)
}

/// The state of reading a brief.
pub(crate) struct Reader<'a> {
    /// The file, if there is one.
    pub(crate) lines: Option<Lines<'a>>,
    /// First and last line of each field.
    pub(crate) spans: BTreeMap<Field, [u32; 2]>,
    /// Fields that were given as a map.
    pub(crate) structured: BTreeSet<Field>,
    pub(crate) vocabulary: &'a Vocabulary,
    pub(crate) brief: Brief,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl<'a> Reader<'a> {
    pub(crate) fn grammar<'t>(&self, tokens: &'t [Token]) -> Grammar<'t>
    where
        'a: 't,
    {
        let locale = self.brief.answers.get("locale");
        let groups = ["de", "fr", "es", "it", "nl", "pt", "pl", "da", "sv"];
        Grammar {
            tokens,
            vocabulary: self.vocabulary,
            point_groups: locale.is_some_and(|l| {
                let language = l.value.split(['-', '_']).next().unwrap_or_default();
                groups.contains(&language.to_lowercase().as_str())
            }),
        }
    }

    /// The words of a field between two bytes.
    pub(crate) fn words(&self, field: Field, start: usize, end: usize) -> String {
        let text = self.brief.text(field);
        text.get(start..end).unwrap_or(text).trim().to_owned()
    }

    /// Where words of a field stand in the file. YAML folds lines and drops quotes, so the words
    /// are looked for in the lines of the field.
    pub(crate) fn place(&self, field: Field, start: usize, end: usize) -> Place {
        let (Some(lines), Some([first, last])) = (&self.lines, self.spans.get(&field)) else {
            return Place::default();
        };
        locate(
            lines,
            &self.brief.path,
            [*first, *last],
            &self.words(field, start, end),
        )
    }

    /// The lines of a node of the file.
    pub(crate) fn evidence(&self, first: u32, last: u32) -> Option<Evidence> {
        let lines = self.lines.as_ref()?;
        Some(lines.evidence(&self.brief.path, first, last))
    }

    /// Records a finding about a field.
    pub(crate) fn find(
        &mut self,
        severity: Severity,
        code: &str,
        message: &str,
        field: Field,
        span: Option<(usize, usize)>,
        help: &str,
    ) {
        let all = self.brief.text(field).len();
        let (start, end) = span.unwrap_or((0, all));
        let place = self.place(field, start, end);
        self.diagnostics
            .push(placed(Diagnostic::new(severity, code, message), &place).help(help));
    }

    /// Everything that names and constraints say, over all fields.
    pub(crate) fn names(&mut self) {
        for field in [Field::Stack, Field::Constraints] {
            let text = self.brief.text(field).to_owned();
            let tokens = tokens(&text);
            self.wishes(field, &tokens);
            self.limits(field, &tokens);
            self.places(field, &tokens);
        }
        for field in [Field::Purpose, Field::Scale] {
            let text = self.brief.text(field).to_owned();
            let tokens = tokens(&text);
            self.targets(field, &tokens);
            self.places(field, &tokens);
        }
        self.systems();
        self.traits();
        self.people();
        self.optional();
    }

    fn wishes(&mut self, field: Field, tokens: &[Token]) {
        let mut hits = Vec::new();
        for (decision, values) in &self.vocabulary.names {
            for (value, aliases) in values {
                let all = find(tokens, aliases).into_iter();
                hits.extend(all.map(|hit| (hit, decision.clone(), value.clone())));
            }
        }
        // Of overlapping names the longest is meant: `Oracle ERP` is no database.
        hits.sort_by_key(|(h, ..)| (std::cmp::Reverse(h.count), h.start));
        let others: Vec<(super::words::Hit, String)> = hits
            .iter()
            .map(|(h, d, _)| (h.clone(), d.clone()))
            .collect();
        let mut taken: Vec<(usize, usize)> = Vec::new();
        let partners = self.vocabulary.partners.iter();
        let systems = partners.flat_map(|p| find(tokens, &p.alias));
        taken.extend(systems.filter(|h| h.count > 1).map(|h| (h.start, h.end)));
        for (hit, decision, value) in hits {
            if taken.iter().any(|(s, e)| hit.start < *e && *s < hit.end) {
                continue;
            }
            taken.push((hit.start, hit.end));
            if of_others::is_of_others(tokens, &hit) {
                continue;
            }
            // `PHP today; squads want Go`: what there is now binds only where nothing else is named.
            let now = |h: &super::words::Hit| {
                let behind = tokens.get(h.at + h.count).map_or("", Token::word);
                matches!(behind, "today" | "currently" | "now" | "so")
            };
            if now(&hit)
                && others
                    .iter()
                    .any(|(h, d)| *d == decision && h.start != hit.start)
            {
                continue;
            }
            // A bare store, language or place is a mandate; a bare platform or style a preference.
            let soft = matches!(decision.as_str(), "platform" | "style" | "queue" | "mesh");
            let force = match hit.force {
                Force::Bare if soft => Force::Prefer,
                Force::Bare => Force::Must,
                other => other,
            };
            let wish = Wish {
                decision,
                value,
                name: self.words(field, hit.start, hit.end),
                force,
                place: self.place(field, hit.start, hit.end),
            };
            self.brief.wishes.push(wish);
        }
        self.brief.wishes.sort_by(|a, b| {
            (&a.decision, std::cmp::Reverse(a.force))
                .cmp(&(&b.decision, std::cmp::Reverse(b.force)))
        });
    }

    /// Budget, targets and compliance of a text.
    fn limits(&mut self, field: Field, tokens: &[Token]) {
        let found = self.grammar(tokens).quantities();
        for f in &found {
            if self.structured.contains(&field) {
                break;
            }
            if let Quantity::Money {
                per_month,
                currency,
                once: true,
                ..
            } = &f.quantity
            {
                let once = Stated {
                    value: *per_month,
                    words: self.words(field, f.start, f.end),
                    place: self.place(field, f.start, f.end),
                };
                let numbers = &mut self.brief.numbers;
                numbers.entry("constraints.budget_once").or_insert(once);
                self.brief.currency.get_or_insert(currency.clone());
                continue;
            }
            if let Quantity::Money {
                per_month,
                currency,
                stated,
                per,
                ..
            } = &f.quantity
                && !self
                    .brief
                    .numbers
                    .contains_key("constraints.budget_per_month")
            {
                let words = self.words(field, f.start, f.end);
                let mut per_month = *per_month;
                if let Some(noun) = per {
                    let Some(count) = self.how_many(noun) else {
                        self.find(
                            Severity::Warning,
                            "W-BUDGET-UNREAD",
                            &format!("`{words}` is money for each {noun}, and the brief does not count them"),
                            field,
                            Some((f.start, f.end)),
                            "say in `scale` how many there are, or give an amount a month",
                        );
                        continue;
                    };
                    per_month *= count;
                } else if !stated {
                    self.find(
                        Severity::Warning,
                        "W-BUDGET-PERIOD",
                        &format!("`{words}` has no period; a month is assumed"),
                        field,
                        Some((f.start, f.end)),
                        "write `$5k/month` or `$60k/year`",
                    );
                }
                let stated = Stated {
                    value: (per_month * 100.0).round() / 100.0,
                    words,
                    place: self.place(field, f.start, f.end),
                };
                self.brief
                    .numbers
                    .insert("constraints.budget_per_month", stated);
                self.brief.currency = Some(currency.clone());
            }
        }
        if field == Field::Constraints && !self.structured.contains(&field) {
            self.stock_of_data(&found, tokens);
            self.unsigned(&found, tokens);
        }
        self.targets(field, tokens);
        for (rule, aliases) in &self.vocabulary.rules {
            if let Some(hit) = find(tokens, aliases)
                .iter()
                .find(|h| h.force != Force::Forbid)
            {
                let place = self.place(field, hit.start, hit.end);
                self.brief.rules.entry(rule.clone()).or_insert(place);
            }
        }
        for (start, end) in by_number(tokens) {
            let place = self.place(field, start, end);
            let name = self.words(field, start, end);
            self.brief.rules.entry(name).or_insert(place);
        }
        let packs = self.vocabulary.packs.clone();
        for (pack, aliases) in packs {
            for hit in find(tokens, &aliases) {
                let behind = tokens.get(hit.at..clause(tokens, hit.at).end);
                let denied = behind.unwrap_or_default().iter().any(|t| t.word() == "not");
                if is_other_word(self.brief.text(field), tokens, &hit) {
                    continue;
                }
                // `SOX later` is asked about and binds nothing yet.
                let beside = [hit.at.checked_sub(1), Some(hit.at + hit.count)];
                let later = beside.into_iter().flatten().any(|i| {
                    let word = tokens.get(i).map_or("", Token::word);
                    matches!(word, "later" | "maybe" | "perhaps")
                });
                if later {
                    let words = self.words(field, hit.start, hit.end);
                    let place = self.place(field, hit.start, hit.end);
                    self.brief.later.entry(words).or_insert(place);
                    continue;
                }
                if hit.force != Force::Forbid && !denied {
                    let place = self.place(field, hit.start, hit.end);
                    self.brief.packs.entry(pack.clone()).or_insert(place);
                }
            }
        }
    }

    /// How many of a noun the scale counts; of what comes all the time, in a month.
    fn how_many(&self, noun: &str) -> Option<f64> {
        let text = self.brief.text(Field::Scale);
        let tokens = tokens(text);
        let found = self.grammar(&tokens).quantities();
        let mut all = found.iter();
        if matches!(noun, "user" | "mau" | "head" | "person" | "seat") {
            return all.find_map(|f| match f.quantity {
                Quantity::Users { number, .. } => Some(number),
                _ => None,
            });
        }
        all.find_map(|f| super::fields::counted(&f.quantity, noun))
    }

    /// Availability, latency and recovery targets of a text.
    fn targets(&mut self, field: Field, tokens: &[Token]) {
        let found = self.grammar(tokens).quantities();
        for f in &found {
            let range = clause(tokens, f.at);
            let part = |r: std::ops::Range<usize>| -> Vec<&str> {
                let part = tokens.get(r).unwrap_or_default();
                part.iter().map(Token::word).collect()
            };
            let mut words = part(range.start..f.next.min(tokens.len()));
            // `RTO 1 h / RPO 15 min`: each stands before its own time.
            let led: Vec<&str> = words.iter().rev().take(3).copied().collect();
            let rto = led.contains(&"rto") && !led.contains(&"rpo");
            // `below 200 ms at p99`: the percentile may stand behind, if none stands before.
            let percentile = |w: &&str| matches!(*w, "p50" | "p95" | "p99" | "median");
            if !words.iter().any(percentile) {
                let stops = |t: &Token| t.ends_clause() && !t.is('(');
                let behind = tokens.get(f.next..).unwrap_or_default().iter();
                words.extend(behind.take(3).take_while(|t| !stops(t)).map(Token::word));
            }
            let near = |names: &[&str]| words.iter().rev().take(8).any(|w| names.contains(w));
            let (key, value) = match f.quantity {
                // `within 3 s (95 %)` says how many answers, and not how long it is there.
                Quantity::Percent(p) if super::stops::share(tokens, &found, f) => {
                    let told = super::stops::answered(tokens, &found, f);
                    let Some((key, ms)) = told.and_then(|s| {
                        let key = match p {
                            95.0 => "constraints.p95_ms",
                            99.0 => "constraints.p99_ms",
                            _ => return None,
                        };
                        Some((key, s * 1e3))
                    }) else {
                        continue;
                    };
                    (key, ms)
                }
                // `99.95 during the show`: what else would begin a clause with so many nines?
                Quantity::Percent(p) | Quantity::Plain(p)
                    if (90.0..100.0).contains(&p)
                        && (matches!(f.quantity, Quantity::Percent(_))
                            || field == Field::Constraints && nines(p) && f.at == range.start) =>
                {
                    let clause = tokens.get(range.clone()).unwrap_or_default();
                    let in_hours = clause.windows(2).any(|pair| {
                        let words: Vec<&str> = pair.iter().map(Token::word).collect();
                        SERVICE.contains(&words[0]) && words[1].starts_with("hour")
                    });
                    if in_hours {
                        self.brief.traits.insert("available_in_hours".to_owned());
                    }
                    ("constraints.availability", p)
                }
                // `call setup under 3 s at p95` is the bound of one deed, told as such.
                Quantity::Duration(_)
                    if near(&["p50", "p95", "p99", "median"])
                        && field == Field::Constraints
                        && phrases::of_one_deed(
                            tokens.get(range.start..f.at).unwrap_or_default(),
                        ) =>
                {
                    continue;
                }
                Quantity::Duration(s) if near(&["p99"]) => ("constraints.p99_ms", s * 1e3),
                Quantity::Duration(s) if near(&["p95"]) => ("constraints.p95_ms", s * 1e3),
                Quantity::Duration(s) if near(&["p50", "median"]) => {
                    ("constraints.p50_ms", s * 1e3)
                }
                Quantity::Duration(s)
                    if rto || near(&["rto", "recover", "recovery"]) && !near(&["rpo"]) =>
                {
                    ("constraints.rto_min", s / 60.0)
                }
                // Of nothing no unit is needed: `RPO 0`.
                Quantity::Plain(p)
                    if p == 0.0
                        && tokens.get(f.at.wrapping_sub(1)).map(Token::word) == Some("rpo") =>
                {
                    ("constraints.rpo_min", 0.0)
                }
                Quantity::Duration(s) if near(&["rpo", "lose", "loss"]) => {
                    ("constraints.rpo_min", s / 60.0)
                }
                Quantity::Duration(s)
                    if s >= 86_400.0
                        && (near(&retention::KEEPING)
                            || retention::stores(tokens, &range)
                            || retention::goes_on(tokens, &range, f.at)
                            || near(&retention::ENDING) && near(&["after"])
                            // `audit trail 10 years`
                            || s >= 2_000_000.0
                                && field == Field::Constraints
                                && f.at > range.start
                                // `an audit in 18 months` is one that comes.
                                && !retention::is_due(tokens, f.at)
                                && retention::is_trail(&retention::things(
                                    tokens.get(range.start..f.at).unwrap_or_default(),
                                ))
                            // `inspection records 12 years`
                            || s >= 31_536_000.0
                                && field == Field::Constraints
                                && near(&["records", "archive", "archives"])) =>
                {
                    // `summaries 20 years and bursts 3 years`: each period has its own.
                    let other = |q: &&super::grammar::Found| {
                        range.contains(&q.at) && matches!(q.quantity, Quantity::Duration(_))
                    };
                    let before = found.iter().filter(other).rfind(|q| q.at < f.at);
                    let behind = found.iter().filter(other).find(|q| q.at > f.at);
                    let from = before.map_or(range.start, |q| q.next);
                    let until = behind.and_then(|q| {
                        (f.next..q.at).find(|i| tokens.get(*i).is_some_and(|t| t.word() == "and"))
                    });
                    let until = until.unwrap_or(range.end).max(f.next);
                    let head = tokens.get(from..f.at).unwrap_or_default();
                    let tail = tokens.get(f.next..until);
                    let mut things = retention::things(head);
                    if things.is_empty() {
                        things = retention::things_before(tokens, &range);
                    }
                    // `10 years after the tenancy ends`: from when it runs, and nothing that is kept.
                    let from = tail.and_then(|t| t.first()).is_some_and(|t| {
                        matches!(t.word(), "after" | "from" | "since" | "beyond" | "past")
                    });
                    let from = from && !things.is_empty();
                    if !(from || !things.is_empty() && retention::is_reason(tail)) {
                        things.extend(retention::things(tail.unwrap_or_default()));
                    }
                    let last = tail.and_then(|t| t.last()).filter(|_| from);
                    let until = last.map_or(f.end, |t| t.end);
                    let months = (s / 2_628_000.0).round();
                    if !things.is_empty() && !retention::is_trail(&things) {
                        // `claim records kept 10 years`: what proves them lives as long as they do.
                        // Fewer than five years say nothing of proof.
                        let records = head.iter().any(|t| t.word() == "records");
                        if records && months >= 60.0 && field == Field::Constraints {
                            let key = "constraints.retention_months";
                            self.target(field, key, months, f.start, f.end);
                        }
                        self.brief.retention.push(Retention {
                            things,
                            period: self.words(field, f.start, until),
                            place: self.place(field, f.start, until),
                        });
                        continue;
                    }
                    if months < 1.0 {
                        continue;
                    }
                    // A period of everything is one of the trail too.
                    if things.is_empty() {
                        let key = "constraints.data_retention_months";
                        self.target(field, key, months, f.start, f.end);
                    }
                    ("constraints.retention_months", months)
                }
                _ => continue,
            };
            self.target(field, key, value, f.start, f.end);
        }
        self.downtime(field, tokens);
        self.stops(field, tokens, &found);
        for (i, first) in tokens.iter().enumerate() {
            let word = |k: usize| tokens.get(i + k).map_or("", Token::word);
            let last = match (first.word(), word(1), word(2)) {
                ("zero" | "no", "data", "loss") => 2,
                ("rpo", "zero", _) => 1,
                _ => continue,
            };
            let end = tokens.get(i + last).map_or(first.end, |t| t.end);
            self.target(field, "constraints.rpo_min", 0.0, first.start, end);
        }
        let nines = [
            ("two", 99.0),
            ("three", 99.9),
            ("four", 99.99),
            ("five", 99.999),
        ];
        for (i, pair) in tokens.windows(2).enumerate() {
            let [first, second] = pair else { continue };
            let value = nines.iter().find(|(w, _)| *w == first.word());
            if let (Some((_, value)), "nines") = (value, second.word())
                && force(tokens, i) != Force::Forbid
            {
                self.target(
                    field,
                    "constraints.availability",
                    *value,
                    first.start,
                    second.end,
                );
            }
        }
    }

    pub(super) fn target(
        &mut self,
        field: Field,
        key: &'static str,
        value: f64,
        start: usize,
        end: usize,
    ) {
        let stated = Stated {
            value,
            words: self.words(field, start, end),
            place: self.place(field, start, end),
        };
        // Of two targets the stricter one binds.
        let stricter = |known: &Stated<f64>| match key {
            "constraints.availability"
            | "constraints.retention_months"
            | "constraints.data_retention_months" => value > known.value,
            _ => value < known.value,
        };
        if self.brief.numbers.get(key).is_none_or(stricter) {
            self.brief.numbers.insert(key, stated);
        }
    }

    /// Regions that a text names, as a place where data must stay or as hosting.
    fn places(&mut self, field: Field, tokens: &[Token]) {
        let regions = self.vocabulary.regions.clone();
        let stay = [
            "stay",
            "stays",
            "residency",
            "resident",
            "remain",
            "within",
            "leave",
            "only",
            "sovereignty",
            "hosting",
            "hosted",
            "stored",
            "kept",
            "keep",
            "be",
            "lie",
        ];
        let host = [
            "server",
            "servers",
            "region",
            "regions",
            "host",
            "hosted",
            "hosting",
            "deploy",
            "deployed",
            "run",
            "runs",
            "datacentre",
            "datacenter",
        ];
        for (region, names) in regions {
            for hit in find(tokens, &names) {
                let word = tokens.get(hit.at).map_or("", Token::word);
                let zone = word.matches('-').count() >= 1
                    && word.chars().any(|c| c.is_ascii_digit())
                    || word.ends_with("-east")
                    || word.ends_with("-west");
                let range = clause(tokens, hit.at);
                // `two regions (EU and US)`: the list says which.
                let opens = range
                    .start
                    .checked_sub(1)
                    .filter(|i| tokens.get(*i).is_some_and(|t| t.is('(') || t.is(':')));
                let listed = opens.and_then(|i| tokens.get(i.checked_sub(1)?));
                let listed = listed.is_some_and(|t| matches!(t.word(), "region" | "regions"));
                // Regions of sales are none that anything runs in.
                let led = opens.map_or(range.start..range.start, |i| clause(tokens, i));
                let led: Vec<&str> = tokens
                    .get(led)
                    .unwrap_or_default()
                    .iter()
                    .map(Token::word)
                    .collect();
                let says_one = |all: &[&str]| led.iter().any(|w| all.contains(w));
                let runs = [
                    "run", "runs", "host", "hosted", "deploy", "deployed", "active", "cloud",
                ];
                let kind = opens.and_then(|i| tokens.get(i.checked_sub(2)?));
                let sold = kind.is_some_and(|t| {
                    matches!(
                        t.word(),
                        "sales" | "market" | "selling" | "store" | "retail"
                    )
                });
                let listed = listed
                    && (matches!(field, Field::Constraints | Field::Stack) || says_one(&runs))
                    && !sold;
                let near: Vec<&str> = tokens
                    .get(range.clone())
                    .unwrap_or_default()
                    .iter()
                    .map(Token::word)
                    .collect();
                let says = |all: &[&str]| {
                    near.iter().any(|w| {
                        all.contains(w) || all.iter().any(|a| w.ends_with(&format!("-{a}")))
                    })
                };
                let place = self.place(field, hit.start, hit.end);
                let data = near
                    .iter()
                    .any(|w| matches!(*w, "data" | "records" | "residency"));
                // `must not leave Canada` binds to it; `not in the US` excludes it.
                let leaves = near
                    .iter()
                    .any(|w| matches!(*w, "leave" | "leaves" | "outside"));
                if hit.force == Force::Forbid && !leaves {
                    continue;
                }
                if !zone && (says(&stay) || data) {
                    if of_some(tokens, &range, &names, self.vocabulary) {
                        let start = tokens.get(range.start).map_or(0, |t| t.start);
                        let last = range.end.checked_sub(1).and_then(|i| tokens.get(i));
                        let end = last.map_or(hit.end, |t| t.end);
                        let words = self.words(field, start, end);
                        let said = Stated {
                            value: words.clone(),
                            words,
                            place: self.place(field, start, end),
                        };
                        self.brief.pinned.entry(region.clone()).or_insert(said);
                    }
                    self.brief.residency.entry(region.clone()).or_insert(place);
                } else if zone || listed || says(&host) {
                    self.brief.hosting.entry(region.clone()).or_insert(place);
                }
            }
        }
    }

    /// Systems to integrate with: known ones anywhere, others behind `integrate with`.
    fn systems(&mut self) {
        let mut found: Vec<(Field, usize, Partner)> = Vec::new();
        for field in [Field::Purpose, Field::Stack, Field::Constraints] {
            let text = self.brief.text(field).to_owned();
            let tokens = tokens(&text);
            for known in &self.vocabulary.partners {
                let hits = find(&tokens, &known.alias);
                if let Some(hit) = hits.iter().find(|h| h.force != Force::Forbid) {
                    let partner = Partner {
                        name: known.name.clone(),
                        what: known.what.clone(),
                        protocol: known.protocol.clone(),
                        auth: known.auth.clone(),
                        rps: None,
                        place: self.place(field, hit.start, hit.end),
                    };
                    found.push((field, hit.start, partner));
                }
            }
            let mut named = integrated(&text, &tokens);
            found.extend(self.stores_of_others(field, &text, &tokens));
            named.extend(other_systems(&text, &tokens));
            if field == Field::Purpose {
                named.extend(self.beside(&text, &tokens));
            }
            without_own(&mut named, self.brief.text(Field::Scale));
            for (name, start, end) in named {
                let known = found
                    .iter()
                    .any(|(f, s, _)| *f == field && (start..end).contains(s));
                if known {
                    continue;
                }
                let partner = Partner {
                    name,
                    what: "external system".to_owned(),
                    protocol: spoken(&tokens, end)
                        .unwrap_or("HTTPS; to be agreed")
                        .to_owned(),
                    auth: "client credentials; to be agreed".to_owned(),
                    rps: None,
                    place: self.place(field, start, end),
                };
                found.push((field, start, partner));
            }
        }
        for partner in self.existing() {
            found.push((Field::Stack, usize::MAX, partner));
        }
        for (_, _, partner) in merged(found) {
            if !self.brief.partners.iter().any(|p| p.name == partner.name) {
                self.brief.partners.push(partner);
            }
        }
        // `single sign-on with Entra ID`: the directory is what signs people in.
        let signs = |p: &Partner| p.what == "corporate directory" || p.what == "identity provider";
        let named = self
            .brief
            .partners
            .iter()
            .any(|p| signs(p) && p.name != SIGN_ON);
        if named {
            self.brief.partners.retain(|p| p.name != SIGN_ON);
        }
        self.brief.partners.sort_by(|a, b| a.name.cmp(&b.name));
    }

    /// Names that stand beside a deed: `sent to EMA and FDA`, `pay with M-Pesa`, `kept on the Vendor
    /// billing system`.
    fn beside(&self, text: &str, tokens: &[Token]) -> Vec<(String, usize, usize)> {
        const SENDING: [&str; 16] = [
            "send",
            "sends",
            "sent",
            "report",
            "reports",
            "reported",
            "submit",
            "submits",
            "submitted",
            "export",
            "exports",
            "exported",
            "forward",
            "forwards",
            "forwarded",
            "transmitted",
        ];
        let word = |i: usize| tokens.get(i).map_or("", Token::word);
        let raw = |i: usize| {
            let token = tokens.get(i);
            token
                .and_then(|t| text.get(t.start..t.end))
                .unwrap_or_default()
        };
        let place = |i: usize| {
            let one = tokens.get(i..i + 1).unwrap_or_default();
            let mut regions = self.vocabulary.regions.values();
            regions.any(|names| !find(one, names).is_empty())
        };
        let known = |i: usize| {
            let one = tokens.get(i..i + 1).unwrap_or_default();
            let mut all = self.vocabulary.names.values().flat_map(|v| v.values());
            all.any(|names| !find(one, names).is_empty())
        };
        // A name is written large inside of a sentence, and is no format that files have.
        let name = |i: usize| {
            let large = raw(i).chars().next().is_some_and(char::is_uppercase);
            let format = matches!(
                word(i),
                "pdf"
                    | "csv"
                    | "xml"
                    | "json"
                    | "excel"
                    | "gps"
                    | "sms"
                    | "qr"
                    | "nfc"
                    | "api"
                    | "i"
                    | "id"
                    | "ids"
                    | "it"
                    | "monday"
                    | "tuesday"
                    | "wednesday"
                    | "thursday"
                    | "friday"
                    | "saturday"
                    | "sunday"
                    | "english"
                    | "german"
                    | "french"
                    | "spanish"
                    | "face"
                    | "touch"
                    | "wi-fi"
                    | "bluetooth"
                    | "usb"
                    | "rfid"
                    | "ip"
                    | "https"
                    | "sftp"
                    | "rest"
                    | "mqtt"
                    | "soap"
                    | "sepa"
                    | "iban"
                    | "edifact"
                    | "lorawan"
                    | "html"
                    | "yaml"
                    | "email"
                    | "oidc"
                    | "saml"
                    | "totp"
                    | "ascii"
            );
            large && raw(i).len() > 2 && !format && !place(i) && !known(i)
        };
        let mut all = Vec::new();
        for i in 1..tokens.len() {
            let range = clause(tokens, i);
            let before = tokens.get(range.start..i).unwrap_or_default();
            let sending = before.iter().any(|t| SENDING.contains(&t.word()));
            let link = word(i) == "with" || word(i) == "to" && sending;
            let from = word(i) == "from" && word(i + 1) == "the";
            let on = word(i) == "on" && word(i + 1) == "the" || from;
            // `the pilot is told by ACARS`: a network that carries it.
            let short = raw(i + 1);
            let carried = matches!(word(i), "by" | "via" | "over")
                && short.len() > 3
                && short.chars().all(|c| c.is_ascii_uppercase());
            let mut at = i + 1 + usize::from(word(i + 1) == "the");
            if !(link || on || carried) || !name(at) || force(tokens, i) == Force::Forbid {
                continue;
            }
            loop {
                let mut end = at + 1;
                while name(end) {
                    end += 1;
                }
                // `the Vendor billing system`
                let system =
                    (end..end + 3).find(|k| self.vocabulary.systems.iter().any(|s| s == word(*k)));
                if let Some(k) = system {
                    end = k + 1;
                } else if on {
                    break;
                }
                let (start, stop) = (tokens.get(at), tokens.get(end - 1));
                if let (Some(start), Some(stop)) = (start, stop) {
                    all.push((raw_name(text, start.start, stop.end), start.start, stop.end));
                }
                if matches!(word(end), "and" | "or") && name(end + 1) {
                    at = end + 1;
                    continue;
                }
                break;
            }
        }
        all
    }

    fn traits(&mut self) {
        let mut all = Vec::new();
        for field in [
            Field::Purpose,
            Field::Scale,
            Field::Stack,
            Field::Constraints,
        ] {
            all.extend(tokens(self.brief.text(field)));
            all.extend(tokens("\n"));
        }
        if two_places(&all) {
            self.brief.traits.insert("two_sites".to_owned());
        }
        for (name, words) in &self.vocabulary.traits {
            let cut = |text: &str| tokens(text);
            let found = match name.as_str() {
                // `replaces a vendor whose contract ends` stands where the dates do.
                "legacy" => {
                    mentions(&all, words) || mentions(&cut(self.brief.text(Field::Timeline)), words)
                }
                // Who uses it stands in purpose and scale; the rest may stand anywhere.
                // `900 calls at the same time` counts what is open at once; nobody starts together.
                "spike" => {
                    let plain: Vec<String> = words
                        .iter()
                        .filter(|w| *w != "at the same time")
                        .cloned()
                        .collect();
                    mentions(&cut(self.brief.text(Field::Purpose)), words)
                        || mentions(&cut(self.brief.text(Field::Scale)), &plain)
                }
                "internal" | "business" => {
                    mentions(&cut(self.brief.text(Field::Purpose)), words)
                        || mentions(&cut(self.brief.text(Field::Scale)), words)
                }
                // `today it runs on one server` is no demand.
                "one_machine" => [Field::Stack, Field::Constraints]
                    .iter()
                    .any(|field| demanded(self.brief.text(*field), words)),
                _ => mentions(&all, words),
            };
            if found {
                self.brief.traits.insert(name.clone());
            }
        }
    }

    /// Optional answers that sums and sections read: actors, hours of business.
    fn optional(&mut self) {
        let answer = |brief: &Brief, key: &str| brief.answers.get(key).cloned();
        if let Some(said) = answer(&self.brief, "actors") {
            let named = said
                .value
                .split([',', ';'])
                .map(|a| a.trim().to_lowercase());
            let mut people: Vec<String> = named
                .filter(|a| !a.is_empty() && a.split_whitespace().count() < 4)
                .map(|a| super::story::single(&a))
                .collect();
            people.extend(std::mem::take(&mut self.brief.people));
            let mut seen = BTreeSet::new();
            people.retain(|p| seen.insert(p.clone()));
            self.brief.people = people;
        }
        if let Some(said) = answer(&self.brief, "business_hours") {
            for text in [said.value.clone(), format!("from {}", said.value)] {
                let tokens = tokens(&text);
                let found = self.grammar(&tokens).quantities();
                let hours = found.iter().find_map(|f| match f.quantity {
                    Quantity::Hours(Some((from, to))) => Some(to - from),
                    _ => None,
                });
                if let Some(value) = hours {
                    let stated = Stated {
                        value,
                        words: said.value.trim().to_owned(),
                        place: said.place.clone(),
                    };
                    let week = Stated {
                        value: value * days_of(&said.value),
                        ..stated.clone()
                    };
                    let numbers = &mut self.brief.numbers;
                    numbers.entry("scale.busy_hours").or_insert(stated);
                    let key = "constraints.service_hours_week";
                    numbers.entry(key).or_insert(week);
                    break;
                }
            }
        }
    }

    /// Kinds of people, in the order in which purpose and scale name them.
    fn people(&mut self) {
        let mut found = Vec::new();
        let deeds = super::story::story(&self.brief);
        let acts = |noun: &str| {
            let mut who = deeds.iter().filter_map(|d| d.who.as_deref());
            who.any(|w| w == noun || w.ends_with(&format!(" {noun}")))
        };
        for field in [Field::Purpose, Field::Scale] {
            let all = tokens(self.brief.text(field));
            for (i, token) in all.iter().enumerate() {
                // An ending alone makes nobody: who sounds like a person acts, or is counted, or
                // something is done by, for or to him.
                let led = |k: usize| {
                    let before = i.checked_sub(k).and_then(|k| all.get(k));
                    before.is_some_and(|t| {
                        matches!(
                            t.word(),
                            "by" | "for" | "to" | "with" | "of" | "their" | "our"
                        )
                    })
                };
                let noun = singular(token.word());
                let plain = !matches!(
                    noun,
                    "user" | "mau" | "dau" | "wau" | "account" | "human" | "people" | "person"
                );
                let known = self
                    .vocabulary
                    .users
                    .iter()
                    .chain(&self.vocabulary.movers)
                    .any(|u| u == noun)
                    || super::grammar::role_nouns().contains(noun)
                    || self.vocabulary.folk.iter().any(|f| f == noun)
                    || noun != token.word()
                        && self.vocabulary.sounds_like_person(noun)
                        && (field == Field::Scale || acts(noun) || led(1) || led(2));
                if plain && known && !found.contains(&noun.to_owned()) {
                    found.push(noun.to_owned());
                }
            }
        }
        self.brief.people = found;
    }
}
