//! Goals, people with an interest, phases and terms.

use super::Maker;
use super::elements::capital;
use super::quality::{applying, control_reason};
use crate::capabilities::Reason;
use crate::facts::number;
use groundplan_knowledge::capabilities;
use groundplan_model::{
    Blueprint, Goal, Milestone, Priority, Provenance, RequirementKind, Stakeholder, Term,
};

/// Everything about what is planned and with whom.
pub(crate) fn plan(m: &Maker, b: &mut Blueprint) {
    goals(m, b);
    people(m, b);
    phases(m, b);
    terms(m, b);
}

fn goals(m: &Maker, b: &mut Blueprint) {
    let own: Vec<_> = m.packs.iter().filter(|p| p.always_if.is_none()).collect();
    for pack in own.iter().take(4) {
        if let Some(first) = pack.requirements.first() {
            let actor = m.nouns.actor(&first.actor);
            b.goals.push(Goal {
                text: format!(
                    "{}: {} {actor} can {}",
                    pack.name,
                    super::article(&actor),
                    they(&m.nouns.text(&first.wants))
                ),
                provenance: m.reason(pack),
            });
        }
    }
    let facts = |template: &str, inputs: &[&str]| Goal {
        text: m.tell(template),
        provenance: m.computed("targets", inputs),
    };
    b.goals.push(facts("Answer {slo.availability_target} of requests, P99 within {latency.p99_target_ms} at {load.peak_rps}", &["slo.availability_target", "latency.p99_target_ms"]));
    let until = match m.brief.numbers.get("timeline.weeks") {
        // `6 months` needs a word before it, `by 2027-08` has one; a sentence is none of both.
        Some(said) if said.words.starts_with(|c: char| c.is_ascii_digit()) => {
            format!("Be live within {} with {{team.engineers}}", said.words)
        }
        Some(said)
            if ["by ", "in ", "until ", "before ", "within "]
                .iter()
                .any(|word| said.words.starts_with(word)) =>
        {
            format!("Be live {} with {{team.engineers}}", said.words)
        }
        _ => match &m.brief.deadline {
            Some(day) => format!("Be live by {} with {{team.engineers}}", day.value),
            None => "Be live after {schedule.weeks} with {team.engineers}".to_owned(),
        },
    };
    b.goals
        .push(facts(&until, &["schedule.weeks", "team.engineers"]));
    // What the brief itself leaves out comes first, in its words.
    for denial in crate::brief::denials::denials(m.brief) {
        b.non_goals.push(Goal {
            text: format!("{}.", capital(&denial.text)),
            provenance: Provenance::declared(denial.place.evidence.clone()),
        });
    }
    for pack in &own {
        // What another part of the design does is none: `live broadcast` beside live shows.
        let done = |text: &&String| {
            let words = crate::brief::tokens(text);
            own.iter()
                .any(|o| o.id != pack.id && words.iter().any(|t| t.word() == o.id))
        };
        for text in pack.non_goals.iter().take(1).filter(|text| !done(text)) {
            b.non_goals.push(Goal {
                text: m.nouns.text(text),
                provenance: m.reason(pack),
            });
        }
    }
    b.non_goals.truncate(5);
    // What lies near and was not asked for; what speaks of things of the brief may be asked for in
    // other words.
    let mut told: Vec<String> = Vec::new();
    for field in [
        crate::brief::Field::Purpose,
        crate::brief::Field::Scale,
        crate::brief::Field::Constraints,
    ] {
        let words = crate::brief::tokens(m.brief.text(field));
        told.extend(words.iter().map(|t| crate::brief::story::single(t.word())));
    }
    let speaks = |about: &str| {
        let words = crate::brief::tokens(&unmarked(about));
        words.iter().any(|t| {
            let word = t.word();
            word.len() > 3
                && !crate::brief::story::is_filler(word)
                && told.contains(&crate::brief::story::single(word))
        })
    };
    // What every kind of system may be joined with brings nothing near.
    let plain = |id: &str| {
        matches!(
            id,
            "notifications"
                | "files"
                | "integration"
                | "accounts"
                | "admin"
                | "realtime"
                | "search"
                | "exports"
                | "domain"
                | "offline"
        )
    };
    let doubted = |id: &str| m.design.chosen.doubted.iter().any(|(d, ..)| *d == id);
    let near: Vec<_> = capabilities()
        .iter()
        .filter(|p| {
            !m.has(&p.id)
                && !m.design.chosen.heard.contains(p.id.as_str())
                && !doubted(&p.id)
                && !speaks(&p.about)
                && !plain(&p.id)
                && (own
                    .iter()
                    .any(|o| !plain(&o.id) && o.joins.iter().any(|j| j.with == p.id))
                    || p.joins
                        .iter()
                        .any(|j| !plain(&j.with) && own.iter().any(|o| o.id == j.with)))
        })
        .take(5usize.saturating_sub(b.non_goals.len()).max(2))
        .collect();
    for pack in near {
        b.non_goals.push(Goal {
            text: format!(
                "{}: the brief does not ask for a system that {}",
                pack.name,
                m.nouns.text(&pack.about)
            ),
            provenance: m.computed("no word of the brief speaks of it", &["brief.purpose"]),
        });
    }
    for (id, words, by) in &m.design.chosen.cancelled {
        let by = first_words(by);
        // A part that is there all the same, and a word that cancels itself, say nothing.
        let says = by.split(' ').any(|w| !crate::brief::story::is_filler(w));
        if m.has(id) || words.to_lowercase().contains(&by) || !says {
            continue;
        }
        b.non_goals.push(Goal {
            text: format!(
                "{}: “{words}” asks for no such part, since the brief speaks of “{}”",
                named(id),
                by
            ),
            provenance: m.computed("a word that cancels", &["brief.purpose"]),
        });
    }
    b.non_goals.truncate(5);
}

/// What a person wants, told of others: `know whether I lead` becomes `know whether they lead`.
fn they(wants: &str) -> String {
    let bent = |word: &str| {
        Some(match word {
            "I" | "we" => "they",
            "us" => "them",
            "our" => "their",
            "ours" => "theirs",
            "me" => "them",
            "my" => "their",
            "mine" => "theirs",
            "myself" => "themselves",
            "am" => "are",
            _ => return None,
        })
    };
    wants
        .split(' ')
        .map(|w| match bent(w.trim_end_matches([',', '.', ';'])) {
            Some(other) => w.replacen(w.trim_end_matches([',', '.', ';']), other, 1),
            None => w.to_owned(),
        })
        .collect::<Vec<_>>()
        .join(" ")
}

/// The name of a pack.
fn named(id: &str) -> &str {
    let pack = capabilities().iter().find(|p| p.id == id);
    pack.map_or(id, |p| p.name.as_str())
}

/// A pattern of words as a reader would say it: of several words for one place the first.
fn first_words(pattern: &str) -> String {
    let words = pattern.split_whitespace();
    let first: Vec<&str> = words
        .filter_map(|w| w.split('|').next())
        .map(|w| w.trim_start_matches('='))
        .map(|w| if w == "..." { "…" } else { w })
        .collect();
    first.join(" ")
}

fn people(m: &Maker, b: &mut Blueprint) {
    let mut add = |role: &str, concern: &str, provenance: Provenance| {
        b.stakeholders.push(Stakeholder {
            name: format!("{} (to be named)", capital(role)),
            role: role.to_owned(),
            concern: Some(m.tell(concern)),
            provenance,
        });
    };
    let team = m.computed("roles that the design needs", &["team.engineers"]);
    add(
        "product owner",
        "scope and order of the phases",
        team.clone(),
    );
    add(
        "tech lead",
        "the decisions of this document, {parts}",
        team.clone(),
    );
    add(
        "operations lead",
        "{slo.availability_target}, on-call among {team.engineers}",
        team,
    );
    for (pack, _, assumed) in applying(m) {
        let role = match pack.id.as_str() {
            "gdpr" => "data protection officer",
            "hipaa" => "privacy officer",
            "pci-dss" => "PCI contact",
            _ => "auditor's contact",
        };
        add(
            role,
            &format!("evidence for {}", pack.name),
            control_reason(m, pack, assumed),
        );
    }
    for pack in m.packs.iter().filter(|p| p.always_if.is_none()) {
        if let Some(question) = pack.questions.first() {
            add(&question.role, &question.text, m.reason(pack));
        }
    }
    b.stakeholders
        .sort_by(|x, y| x.role.cmp(&y.role).then(x.concern.cmp(&y.concern)));
    b.stakeholders.dedup_by(|x, y| x.role == y.role);
}

fn phases(m: &Maker, b: &mut Blueprint) {
    let weeks = m.design.inputs.weeks();
    let tight = m.design.outcome.team.ratio > 1.1;
    let of = |priority: Priority| -> Vec<String> {
        let all = b
            .requirements
            .iter()
            .filter(|r| r.kind == RequirementKind::Functional && r.priority == Some(priority));
        all.map(|r| {
            let wants = r.text.split("I want to ").nth(1).unwrap_or(&r.text);
            capital(
                wants
                    .split(" so that ")
                    .next()
                    .unwrap_or(wants)
                    .trim_end_matches('.'),
            )
        })
        .collect()
    };
    let reason = m.computed(
        "MoSCoW order of the requirements over the weeks of the brief",
        &["schedule.weeks", "schedule.ratio"],
    );
    let (must, should, could) = (
        of(Priority::Must),
        of(Priority::Should),
        of(Priority::Could),
    );
    let share = |part: f64| number((weeks * part).round().max(1.0));
    let mut base = vec![m.tell(
        "Pipeline, environments, sign-in of {persons}, first deployment of {name} behind a flag",
    )];
    base.push(m.tell("Walking skeleton: {a_thing} from the edge to the database, with metrics, traces and an alert"));
    let half = must.len().div_ceil(2);
    let mut all = vec![
        (
            match share(0.15).to_string().as_str() {
                "1" => "Phase 0, foundation (week 1)".to_owned(),
                weeks => format!("Phase 0, foundation (weeks 1 to {weeks})"),
            },
            "short",
            base,
        ),
        (
            format!("Phase 1, first users (to week {})", share(0.6)),
            "short",
            must.iter().take(half).cloned().collect(),
        ),
        (
            match m.design.outcome.team.must_ratio {
                // A phase ends when its work does, whatever the brief says.
                ratio if ratio > 1.1 => format!(
                    "Phase 2, launch (asked for by week {}; the must requirements take until about week {})",
                    share(1.0),
                    number((weeks * ratio).ceil())
                ),
                _ => format!("Phase 2, launch (to week {})", share(1.0)),
            },
            "medium",
            must.iter().skip(half).cloned().collect(),
        ),
    ];
    let later: Vec<String> = should.iter().take(12).cloned().collect();
    // Nothing is left for after the launch where nothing is put off.
    if later.is_empty() {
    } else if tight {
        all.push((
            format!(
                "Phase 3, cut from the launch since the scope takes {} times the available time",
                m.fact("schedule.ratio")
            ),
            "medium",
            later,
        ));
    } else {
        all.push((
            format!("Phase 3, completion (after week {})", share(1.0)),
            "medium",
            later,
        ));
    }
    let mut long: Vec<String> = could.iter().take(6).cloned().collect();
    for (path, flips) in &m.design.flips {
        if let Some(flip) = flips
            .iter()
            .find(|f| f.driver == crate::decide::Driver::PeakLoad && f.at > f.now)
        {
            long.push(format!(
                "Revisit {}: {} from about {} requests/s",
                path.replace('_', " "),
                flip.to,
                number(flip.at)
            ));
        }
    }
    all.push((
        "Later, by growth".to_owned(),
        "long",
        long.into_iter().take(12).collect(),
    ));
    for (name, term, deliverables) in all {
        b.roadmap.push(Milestone {
            name,
            term: Some(term.to_owned()),
            deliverables,
            provenance: reason.clone(),
        });
    }
}

fn terms(m: &Maker, b: &mut Blueprint) {
    for pack in &m.packs {
        for term in &pack.terms {
            b.glossary.push(Term {
                term: term.term.clone(),
                meaning: m.nouns.text(&term.meaning),
                provenance: m.reason(pack),
            });
        }
        if let Some(Reason::Words { words, .. }) = m.design.chosen.reasons.get(pack.id.as_str()) {
            b.glossary.push(Term {
                term: pack.name.clone(),
                meaning: format!(
                    "the capability that {}; the brief calls it “{words}”",
                    m.nouns.text(&pack.about)
                ),
                provenance: m.reason(pack),
            });
        }
    }
    for (term, meaning) in [
        (
            "error budget",
            "the share of requests of {persons} that may fail in 30 days before changes stop",
        ),
        (
            "outbox",
            "a table in which an event on {a_thing} is written in the transaction that causes it",
        ),
        (
            "T0 to T4",
            "tiers of redundancy, from one machine to two active regions; {name} runs at {region_tier}",
        ),
        (
            "P99",
            "the time within which 99 of 100 requests are answered",
        ),
    ] {
        b.glossary.push(Term {
            term: term.to_owned(),
            meaning: m.tell(meaning),
            provenance: m.computed("terms of this document", &[]),
        });
    }
    b.glossary.sort_by_key(|t| t.term.to_lowercase());
    b.glossary
        .dedup_by(|x, y| x.term.eq_ignore_ascii_case(&y.term));
}

/// A text without its marks, which stand for words of the brief itself.
fn unmarked(text: &str) -> String {
    let parts = text.split('{').enumerate().map(|(i, part)| match i {
        0 => part,
        _ => part.split_once('}').map_or(part, |(_, behind)| behind),
    });
    parts.collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn marks_are_no_words() {
        let text = super::unmarked("keeps {things} that {persons} sign");
        assert_eq!(text, "keeps  that  sign");
    }
}
