//! Alert rules, where alerts go, and dashboards.

use super::goals::distinct;
use super::observability::{Records, is_business};
use super::records;
use super::seen::{MOST, end};
use super::tools::{lines, of, sentences, told, tools};
use crate::answer::{Absence, Answer};
use crate::context::Context;
use crate::subject::Subject;
use crate::text::{first_places, name, names, plain_cell, table};
use crate::tree::{Block, Text};
use crate::words;
use groundplan_knowledge::Category;
use groundplan_model::{Element, Observation, Provenance, Role, Setting, Topic};
use std::collections::{BTreeMap, BTreeSet};

records! {
    "alert-channels": alert_channels, "Where alerts go.";
    "alert-table": alert_table, "Alert rules with threshold and severity.";
    "alerting": alerting, "Products that raise alerts, and how many rules there are.";
    "alerts-critical": |c, _| alerts(c, Class::Critical), "Alert rules that wake somebody.";
    "alerts-warning": |c, _| alerts(c, Class::Warning), "Alert rules that warn.";
    "business-dashboards": |c, _| dashboards(c, true), "Dashboards about the business, by their titles.";
    "dashboards": |c, _| dashboards(c, false), "Dashboards about how the system runs.";
}

const SEARCHED: [&str; 3] = [
    "Prometheus rule files",
    "PrometheusRule objects",
    "rules that Grafana is provisioned with",
];

/// How urgent a rule is, by its severity label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    Critical,
    Warning,
    Other,
}

/// An alert rule in its parts.
struct Rule<'a> {
    name: &'a str,
    expression: &'a str,
    wait: Option<&'a str>,
    severity: Option<&'a str>,
    provenance: &'a Provenance,
}

impl Rule<'_> {
    fn class(&self) -> Class {
        let lower = self.severity.unwrap_or("").to_lowercase();
        match lower.as_str() {
            "critical" | "crit" | "page" | "pager" | "emergency" | "fatal" | "disaster"
            | "high" | "major" | "error" | "p0" | "p1" | "sev0" | "sev1" | "s1" => Class::Critical,
            "warning" | "warn" | "ticket" | "minor" | "medium" | "average" | "low" | "p2"
            | "p3" | "sev2" | "sev3" | "s2" => Class::Warning,
            _ => Class::Other,
        }
    }
}

/// Takes `EXPR for 5m, severity page` and `EXPR; for 5m; severity page` apart.
fn parts(detail: &str) -> (&str, Option<&str>, Option<&str>) {
    let mut rest = detail.trim();
    let mut severity = None;
    if let Some(at) = rest.rfind("severity ") {
        let before = rest.get(..at).unwrap_or("");
        let value = rest.get(at + "severity ".len()..).unwrap_or("").trim();
        let stands_last = before.trim_end().is_empty() || before.trim_end().ends_with([',', ';']);
        if stands_last && !value.is_empty() && !value.contains([' ', ',', ';']) {
            severity = Some(value);
            rest = before.trim_end().trim_end_matches([',', ';']).trim_end();
        }
    }
    let mut wait = None;
    let at = match rest.starts_with("for ") {
        true => Some(0),
        false => rest.rfind(" for ").map(|at| at + 1),
    };
    if let Some(at) = at {
        let value = rest.get(at + "for ".len()..).unwrap_or("").trim();
        let time = value.starts_with(|c: char| c.is_ascii_digit())
            && value.len() < 12
            && value.chars().all(|c| c.is_ascii_alphanumeric());
        if time {
            wait = Some(value);
            rest = rest
                .get(..at)
                .unwrap_or("")
                .trim_end()
                .trim_end_matches(';')
                .trim_end();
        }
    }
    (rest, wait, severity)
}

/// Files that name the same rules as a file before them, or have the same expressions.
fn copies<'a>(c: &Context<'a>) -> BTreeSet<&'a str> {
    type Words<'a> = BTreeSet<&'a str>;
    let mut files: BTreeMap<&str, (Words, Words)> = BTreeMap::new();
    for o in c.seen(Topic::AlertRule) {
        if let Some(place) = o.provenance.first() {
            let (names, details) = files.entry(&place.path).or_default();
            names.insert(&o.name);
            details.extend(o.detail.as_deref());
        }
    }
    let mut known: BTreeSet<BTreeSet<&str>> = BTreeSet::new();
    let mut copies = BTreeSet::new();
    for (path, (names, details)) in files {
        let many = names.len() > 1;
        let is_copy = !known.insert(names) | (details.len() > 1 && !known.insert(details));
        if many && is_copy {
            copies.insert(path);
        }
    }
    copies
}

/// Every rule once, also if two extractors read it.
fn rules<'a>(c: &Context<'a>) -> Vec<Rule<'a>> {
    let mut seen: BTreeSet<(&str, &str, u32)> = BTreeSet::new();
    // Two files with the same names are one set, written for two products or two places.
    let copies = copies(c);
    let mut out = Vec::new();
    for o in c.seen(Topic::AlertRule) {
        let place = o
            .provenance
            .first()
            .map_or(("", 0), |e| (e.path.as_str(), e.lines[0]));
        if !seen.insert((&o.name, place.0, place.1)) {
            continue;
        }
        if copies.contains(place.0) {
            continue;
        }
        let (expression, wait, severity) = parts(o.detail.as_deref().unwrap_or(""));
        out.push(Rule {
            name: &o.name,
            expression,
            wait,
            severity,
            provenance: &o.provenance,
        });
    }
    let rank = |r: &Rule| match r.class() {
        Class::Critical => 0,
        Class::Warning => 1,
        Class::Other => 2,
    };
    out.sort_by_key(rank);
    out
}

/// `` `HighLoad` fires when `load > 5` holds for 5m ``.
fn rule_text(rule: &Rule) -> Text {
    let mut text = Text::code(rule.name);
    if !rule.expression.is_empty() {
        text = text
            .then(" fires when ")
            .then_code(words::short(rule.expression, 120));
        text = match rule.wait {
            Some(wait) => text.then(format!(" holds for {wait}")),
            None => text.then(" holds"),
        };
    }
    end(text.from(rule.provenance))
}

/// `Twelve alert rules are defined, three of them critical.`
pub(super) fn rules_sentence(c: &Context) -> Option<Text> {
    let all = rules(c);
    let n = all.len();
    if n == 0 {
        return None;
    }
    let critical = all.iter().filter(|r| r.class() == Class::Critical).count();
    let mut text = Text::plain(words::capital(&words::spelled_count(n, "alert rule")));
    text = text.then(words::verb_for(n, " is defined", " are defined"));
    text = match critical {
        0 => text,
        k if k == n => text.then(words::verb_for(n, ", critical", ", all of them critical")),
        k => text.then(format!(", {} of them critical", words::spelled(k))),
    };
    // The part whose configuration they are is what evaluates them.
    let evaluates = distinct(
        c.seen(Topic::AlertRule)
            .iter()
            .filter_map(|o| o.element.as_deref())
            .map(|id| c.name_of(id)),
    );
    if !evaluates.is_empty() {
        let verb = words::verb_for(evaluates.len(), " evaluates", " evaluate");
        let them = words::verb_for(n, " it", " them");
        text = text
            .then("; ")
            .spans(names(evaluates, 3))
            .then(format!("{verb}{them}"));
    }
    Some(end(
        text.from(&first_places(all.iter().map(|r| r.provenance), 3))
    ))
}

fn no_rule(c: &Context) -> Answer {
    c.absent("alert rule", &SEARCHED, "alerting")
}

fn alerting<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    // A client of a chat is no alerting by itself; a container of the product is.
    let mut products = of(c, &[Category::Alerting]);
    products.retain(|t| !t.servers.is_empty() || t.technology.role != Some(Role::External));
    let mut out = sentences(c, &products);
    out.extend(rules_sentence(c));
    let answer = lines(out).unwrap_or_else(|| {
        c.absent(
            "alerting product or alert rule",
            &["containers", SEARCHED[0], SEARCHED[1], SEARCHED[2]],
            "alerting",
        )
    });
    told(c, &["observability.alerts"], answer)
}

fn alerts(c: &Context, class: Class) -> Answer {
    let all = rules(c);
    let word = if class == Class::Critical {
        "critical"
    } else {
        "warning"
    };
    let mut out: Vec<Text> = all
        .iter()
        .filter(|r| r.class() == class)
        .map(rule_text)
        .collect();
    let plain: Vec<&Rule> = all.iter().filter(|r| r.severity.is_none()).collect();
    if class == Class::Critical && !plain.is_empty() && plain.len() < all.len() {
        let text = Text::default().spans(names(plain.iter().map(|r| r.name), 6));
        let text = text.then(words::verb_for(
            plain.len(),
            " has no severity.",
            " have no severity.",
        ));
        out.push(text.from(&first_places(plain.iter().map(|r| r.provenance), 3)));
    }
    let answer = lines(out).unwrap_or_else(|| {
        if all.is_empty() {
            return no_rule(c);
        }
        if plain.len() == all.len() {
            let n = all.len();
            let mut text = Text::plain(format!(
                "No severity was found at {}: ",
                words::verb_for(n, "the one alert rule", "any alert rule"),
            ));
            text = text.spans(names(all.iter().map(|r| r.name), 6));
            text = text.then(format!(
                " (searched: {} of {}).",
                words::noun_for(n, "label"),
                words::count(n, "rule")
            ));
            return Answer::Absent(Absence::because(
                text.from(&first_places(all.iter().map(|r| r.provenance), 3)),
            ));
        }
        let mut text = Text::plain(format!(
            "No alert rule of severity {word} was found (searched: {}",
            words::count(all.len(), "alert rule")
        ));
        let severities = distinct(all.iter().filter_map(|r| r.severity));
        if !severities.is_empty() {
            let noun = words::noun_for(severities.len(), "severity");
            text = text.then(format!(", {noun} ")).spans(names(severities, 4));
        }
        let text = text.then(").");
        Answer::Absent(Absence::because(
            text.from(&first_places(all.iter().map(|r| r.provenance), 2)),
        ))
    });
    match class {
        Class::Critical => told(c, &["observability.alerts"], answer),
        _ => answer,
    }
}

fn alert_table<'a>(c: &Context<'a>, s: Subject<'a>) -> Answer {
    const COLUMNS: [&str; 4] = ["Alert", "Threshold", "Severity", "Response Time"];
    let all = rules(c);
    if all.is_empty() {
        let none = no_rule(c);
        // Beside channels that are there the section stands, and its table says that it has no row.
        return match none {
            Answer::Absent(absence) if alert_channels(c, s).is_said() => {
                let rest = std::iter::repeat_n(plain_cell(""), COLUMNS.len() - 1);
                let row = std::iter::once(absence.sentence()).chain(rest).collect();
                Answer::blocks(vec![table(&COLUMNS, vec![row])])
            }
            none => none,
        };
    }
    let rows = all
        .iter()
        .take(12)
        .map(|r| {
            let mut threshold = match r.expression {
                "" => plain_cell(""),
                e => Text::code(words::short(e, 100)),
            };
            if let Some(wait) = r.wait {
                threshold = threshold.then(format!(" for {wait}"));
            }
            // A rule says when it fires, never how fast somebody must answer.
            let response = match (c.designed(), r.severity) {
                (false, _) => Text::default().and(c.ask("alerting")),
                (true, Some("critical" | "page")) => Text::plain("15 min"),
                (true, _) => Text::plain("next working day"),
            };
            vec![
                name(r.name).from(r.provenance),
                threshold,
                plain_cell(r.severity.unwrap_or("")),
                response,
            ]
        })
        .collect();
    let mut blocks = vec![table(&COLUMNS, rows)];
    if all.len() > 12 {
        let more = all.len() - 12;
        let text = format!(
            "{} {} in the blueprint.",
            words::count(more, "more rule"),
            words::verb_for(more, "stands", "stand")
        );
        blocks.push(Block::Paragraph(Text::plain(text)));
    }
    Answer::blocks(blocks)
}

/// What a setting's name says of where alerts go.
fn channel(name: &str) -> Option<&'static str> {
    let lower = name.to_lowercase();
    let known = [
        ("slack", "Slack"),
        ("pagerduty", "PagerDuty"),
        ("opsgenie", "Opsgenie"),
        ("victorops", "VictorOps"),
        ("telegram", "Telegram"),
        ("discord", "Discord"),
        ("msteams", "Microsoft Teams"),
        ("teams_webhook", "Microsoft Teams"),
        ("smtp", "mail"),
        ("email", "mail"),
        ("webhook", "a webhook"),
    ];
    known
        .iter()
        .find(|(word, _)| lower.contains(word))
        .map(|(_, channel)| *channel)
}

/// Containers that raise alerts.
fn raisers<'a>(c: &Context<'a>) -> Vec<&'a Element> {
    let all = tools(c, |t| t.role == Some(Role::Monitoring));
    all.into_iter()
        .flat_map(|t| t.servers)
        .filter(|e| !e.external)
        .collect()
}

/// What receivers send alerts to: `` Receiver `team` sends to Slack. ``
fn receivers(c: &Context) -> Vec<Text> {
    let seen = c.seen(Topic::AlertReceiver);
    let mut all: Vec<(&str, Vec<&str>, Vec<&Provenance>)> = Vec::new();
    for o in seen {
        let to = o.detail.as_deref().unwrap_or_default();
        match all.iter_mut().find(|(name, ..)| *name == o.name) {
            Some((_, known, places)) => {
                if !known.contains(&to) {
                    known.push(to);
                }
                places.push(&o.provenance);
            }
            None => all.push((&o.name, vec![to], vec![&o.provenance])),
        }
    }
    let text = |(name, to, places): &(&str, Vec<&str>, Vec<&Provenance>)| {
        let to: Vec<String> = to.iter().map(|t| (*t).to_owned()).collect();
        let text = Text::plain("Receiver ").then_code(*name).then(" sends to ");
        let text = text.then(words::list(&to, "and"));
        end(text.from(&first_places(places.iter().copied(), 2)))
    };
    all.iter().take(6).map(text).collect()
}

fn alert_channels<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let mut out: Vec<Text> = Vec::new();
    for e in raisers(c) {
        let mine = c
            .blueprint
            .settings
            .iter()
            .filter(|s| s.element.as_deref() == Some(&e.id));
        let mut told: BTreeSet<&str> = BTreeSet::new();
        for (s, channel) in mine.filter_map(|s: &Setting| Some((s, channel(&s.name)?))) {
            if told.insert(channel) {
                let text = Text::code(&e.name)
                    .then(" can send alerts to ")
                    .then(channel)
                    .then(": it reads ");
                out.push(end(text.then_code(&s.name).from(&s.provenance)));
            }
        }
    }
    // A client may as well show alerts as send them.
    let mut services = tools(c, |t| {
        t.category == Category::Alerting && t.role == Some(Role::External)
    });
    services.retain(|t| !t.servers.is_empty());
    out.extend(sentences(c, &services));
    out.extend(receivers(c));
    let answer = lines(out).unwrap_or_else(|| {
        c.absent(
            "alert channel",
            &[
                "receivers of Alertmanager",
                "contact points of Grafana",
                "settings of containers that watch",
                "containers",
            ],
            "alerting",
        )
    });
    told(
        c,
        &["observability.alert_channels", "operations.alert_channels"],
        answer,
    )
}

/// `Three dashboards are kept with the code, of `Sales` and …`.
pub(super) fn dashboards_sentence(c: &Context) -> Option<Text> {
    let all = boards(c);
    let n = all.len();
    if n == 0 {
        return None;
    }
    let text = Text::plain(words::capital(&words::spelled_count(n, "dashboard")));
    let text = text.then(words::verb_for(
        n,
        " is kept with the code: ",
        " are kept with the code: ",
    ));
    let text = text.spans(names(all.iter().map(|o| o.name.as_str()), 4));
    Some(end(
        text.from(&first_places(all.iter().map(|o| &o.provenance), 3))
    ))
}

/// Dashboards by title, each title once.
fn boards<'a>(c: &Context<'a>) -> Vec<&'a Observation> {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    c.seen(Topic::Dashboard)
        .iter()
        .filter(|o| seen.insert(&o.name))
        .copied()
        .collect()
}

fn dashboards(c: &Context, business: bool) -> Answer {
    let all = boards(c);
    let records = Records::of(c);
    let wanted: Vec<&Observation> = all
        .iter()
        .filter(|o| is_business(&records, &o.name) == business)
        .copied()
        .collect();
    let mut out: Vec<Text> = wanted
        .iter()
        .take(if wanted.len() > MOST + 1 {
            MOST
        } else {
            wanted.len()
        })
        .map(|o| {
            let mut text = Text::code(&o.name);
            if let Some(detail) = &o.detail {
                text = text.then(format!(", {detail}"));
            }
            end(text.from(&o.provenance))
        })
        .collect();
    if wanted.len() > MOST + 1 {
        out.push(Text::plain(format!("and {} more", wanted.len() - MOST)));
    }
    if !business && all.is_empty() {
        for tool in of(c, &[Category::Dashboard]) {
            for e in &tool.servers {
                out.push(super::tools::server_text(c, e, tool.name));
            }
        }
        if !out.is_empty() {
            let text = Text::plain(
                "Its dashboards are not kept with the code; which ones are looked at is asked in ",
            );
            out.push(text.and(c.ask("dashboards")).then("."));
        }
    }
    let many = out.len() > 1;
    let answer = match (out, many) {
        (out, true) => Answer::blocks(vec![crate::text::bullets(out)]),
        (mut out, false) => match out.pop() {
            Some(one) => Answer::text(one),
            None if !all.is_empty() => {
                let n = all.len();
                let about = match business {
                    true => "the business",
                    false => "how the system runs",
                };
                let text = Text::plain(format!(
                    "No dashboard about {about} was found (searched: the {} of {}).",
                    words::noun_for(n, "title"),
                    words::count(n, "dashboard"),
                ));
                Answer::Absent(Absence::because(
                    text.from(&first_places(all.iter().map(|o| &o.provenance), 2)),
                ))
            }
            None => {
                let noun = if business {
                    "dashboard about the business"
                } else {
                    "dashboard"
                };
                c.absent(
                    noun,
                    &[
                        "Grafana dashboards in JSON",
                        "containers that show dashboards",
                    ],
                    "dashboards",
                )
            }
        },
    };
    match business {
        true => answer,
        false => told(c, &["observability.dashboards"], answer),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use groundplan_model::Evidence;

    #[test]
    fn rules_are_taken_apart() {
        for (detail, wanted) in [
            (
                "up == 0 for 5m, severity page",
                ("up == 0", Some("5m"), Some("page")),
            ),
            (
                "up == 0; for 5m; severity page",
                ("up == 0", Some("5m"), Some("page")),
            ),
            ("up == 0", ("up == 0", None, None)),
            ("for 1h", ("", Some("1h"), None)),
            ("severity critical", ("", None, Some("critical"))),
            (
                "a{b=\"wait for it\"} > 1",
                ("a{b=\"wait for it\"} > 1", None, None),
            ),
            ("ü{severity \"x\"}", ("ü{severity \"x\"}", None, None)),
            ("", ("", None, None)),
        ] {
            assert_eq!(parts(detail), wanted, "{detail}");
        }
    }

    #[test]
    fn channels_are_known_by_name() {
        assert_eq!(channel("SLACK_HOOK_URL"), Some("Slack"));
        assert_eq!(channel("GF_SMTP_HOST"), Some("mail"));
        assert_eq!(channel("GF_PATHS_DATA"), None);
    }

    fn blueprint(severities: &[&str]) -> groundplan_model::Blueprint {
        let rule = |(i, severity): (usize, &&str)| Observation {
            topic: Topic::AlertRule,
            element: None,
            name: format!("Rule{i}"),
            detail: Some(format!("up == {i} for 5m, severity {severity}")),
            provenance: Provenance::observed([Evidence::new("rules.yaml", i as u32 + 1, 9, "")]),
        };
        let mut blueprint = groundplan_model::Blueprint::default();
        blueprint.coverage.files = 1;
        blueprint.observations = severities.iter().enumerate().map(rule).collect();
        blueprint
    }

    #[test]
    fn sentences_agree_with_the_number_of_rules() {
        let options = crate::compose::Options::default();
        for (severities, wanted) in [
            (&[][..], None),
            (&["page"][..], Some("One alert rule is defined, critical.")),
            (&["warning"][..], Some("One alert rule is defined.")),
            (
                &["page", "warning"][..],
                Some("Two alert rules are defined, one of them critical."),
            ),
            (
                &["page", "critical"][..],
                Some("Two alert rules are defined, all of them critical."),
            ),
        ] {
            let blueprint = blueprint(severities);
            let context = Context::new(&blueprint, &options);
            let said = rules_sentence(&context).map(|text| crate::text::plain(&text));
            assert_eq!(said.as_deref(), wanted);
        }
    }

    #[test]
    fn rules_of_another_severity_are_named_in_the_absence() {
        let options = crate::compose::Options::default();
        let blueprint = blueprint(&["slack"]);
        let context = Context::new(&blueprint, &options);
        let Answer::Absent(absence) = alerts(&context, Class::Critical) else {
            panic!("no absence");
        };
        assert_eq!(
            crate::text::plain(&absence.sentence()),
            "No alert rule of severity critical was found (searched: 1 alert rule, severity slack)."
        );
    }
}
