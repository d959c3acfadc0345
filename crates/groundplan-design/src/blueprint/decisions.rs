//! Decisions as records: drivers, options with scores, what was excluded, and what would change it.

use super::Maker;
use super::elements::{capital, listed};
use crate::decide::{Flip, NARROW, Taken};
use crate::derive::availability::{TIERS, shape};
use crate::facts::number;
use groundplan_knowledge::CRITERIA;
use groundplan_model::{Blueprint, Consideration, Decision, DecisionStatus, Provenance};

/// All records in the order of their ids.
pub(crate) fn decisions(m: &Maker, b: &mut Blueprint) {
    let mut all: Vec<Decision> = m
        .design
        .outcome
        .taken
        .values()
        .map(|t| record(m, t))
        .collect();
    all.push(tier(m));
    all.sort_by(|x, y| x.id.cmp(&y.id));
    b.decisions = all;
}

fn score(value: f64) -> String {
    format!("{value:.2}")
}

fn flips(m: &Maker, path: &str) -> Vec<String> {
    let all = m.design.flips.get(path).map_or(&[][..], Vec::as_slice);
    let mut words: Vec<String> = all.iter().map(flip).collect();
    let named: Vec<crate::decide::Driver> = all.iter().map(|f| f.driver).collect();
    let calm: Vec<&str> = [
        (crate::decide::Driver::PeakLoad, "peak load"),
        (crate::decide::Driver::Engineers, "team size"),
        (crate::decide::Driver::Data, "data"),
    ]
    .iter()
    .filter(|(d, _)| !named.contains(d))
    .map(|(_, w)| *w)
    .collect();
    if words.is_empty() {
        let calm = listed(&calm);
        words.push(m.tell(&format!(
            "Insensitive to {calm} between a thousandth and a thousand times of now, {{load.peak_rps}} and {{team.engineers}}"
        )));
    }
    words
}

fn flip(flip: &Flip) -> String {
    let (path, unit) = flip.driver.path();
    let what = match path {
        "load.peak_rps" => "peak load",
        "data.gb_per_year" => "data",
        "team.engineers" => "team",
        "budget" => "budget",
        "slo.availability_target" => "availability target",
        _ => "time until launch",
    };
    let at = number(flip.at);
    let unit = match at.as_str() {
        "1" => crate::facts::singular(unit),
        _ => unit.to_owned(),
    };
    let way = if flip.at > flip.now { "rises" } else { "falls" };
    format!(
        "{} if the {what} {way} from {} to about {} {unit}",
        capital(&flip.to),
        number(flip.now),
        at
    )
}

fn record(m: &Maker, taken: &Taken) -> Decision {
    let spec = taken.spec;
    let choice = taken.choice();

    // What the choice gives stands among the consequences, and an excluded option needs no more
    // than what excludes it; only the best alternative is argued with.
    let best = taken.runner_up().map(|(option, _)| option.id.as_str());
    let told = |texts: &[String]| texts.iter().map(|t| m.tell(t)).collect::<Vec<_>>();
    let options = spec
        .options
        .iter()
        .enumerate()
        .map(|(i, option)| {
            let rival = i != taken.chosen && best == Some(option.id.as_str());
            let excluded = taken.excluded.get(i).copied().flatten();
            let scored = taken.scores.get(i).copied().flatten();
            let mut cons = if rival {
                told(&option.cons)
            } else {
                Vec::new()
            };
            if !rival && i != taken.chosen && excluded.is_none() && scored.is_some() {
                let (criterion, gap) = strongest(m, taken, option);
                if gap > 0.01 {
                    let criterion = criterion.split(" (").next().unwrap_or_default();
                    cons.push(format!("{} behind in {criterion}", score(gap)));
                }
            }
            Consideration {
                name: m.tell(option.name()),
                chosen: i == taken.chosen,
                pros: if rival {
                    told(&option.pros)
                } else {
                    Vec::new()
                },
                cons,
                score: scored.map(score),
                excluded: excluded.map(|t| m.tell(t)),
            }
        })
        .collect();
    let mut rationale = Vec::new();
    if taken.mandated {
        rationale.push("The brief demands it.".to_owned());
    } else if taken.preferred {
        rationale.push("The brief prefers it, which is worth 0.15.".to_owned());
    }
    match (
        taken.runner_up(),
        taken.scores.get(taken.chosen).copied().flatten(),
    ) {
        (Some((other, theirs)), Some(own)) => {
            let (best, gap) = strongest(m, taken, other);
            let other = m.tell(other.name());
            if own >= theirs {
                rationale.push(format!(
                    "It scores {} against {} of {other}{}.",
                    score(own),
                    score(theirs),
                    if gap > 0.01 {
                        format!("; the difference is {best}")
                    } else {
                        String::new()
                    }
                ));
            } else {
                rationale.push(format!(
                    "{} would score {} against {}; without the demand it would be chosen.",
                    capital(&other),
                    score(theirs),
                    score(own)
                ));
            }
            if !taken.mandated && own - theirs < NARROW {
                rationale.push(format!(
                    "The margin of {} is narrow: the decision is open for discussion.",
                    score(own - theirs)
                ));
            }
        }
        _ => rationale.push(m.tell(&format!(
            "Each other option for {{name}}, {} in all, is excluded by a constraint.",
            taken.excluded.iter().flatten().count()
        ))),
    }
    let negative = choice.cons.iter().map(|t| m.tell(t)).collect();
    let consequences = choice
        .mitigation
        .iter()
        .map(|t| format!("mitigation: {}", m.tell(t)))
        .collect();
    Decision {
        id: spec.id.clone(),
        title: format!("{}: {}", spec.title, m.tell(choice.name())),
        status: DecisionStatus::Proposed,
        date: m.brief.answers.get("as_of_date").map(|d| d.value.clone()),
        deciders: vec!["tech lead".to_owned()],
        context: format!(
            "{} {}",
            m.tell(&spec.question),
            capital(&m.tell(&spec.context))
        ),
        options,
        decision: chosen(m, taken),
        rationale: rationale.join(" "),
        positive: choice.pros.iter().map(|t| m.tell(t)).collect(),
        negative,
        consequences,
        would_change: flips(m, &spec.path),
        superseded_by: None,
        status_note: None,
        places: std::collections::BTreeMap::new(),
        provenance: reason(m, taken),
    }
}

/// The choice as a sentence; where nothing is chosen, with what excludes the first alternative.
fn chosen(m: &Maker, taken: &Taken) -> String {
    let name = capital(&m.tell(taken.choice().name()));
    let why = taken.excluded.iter().flatten().next();
    match why.filter(|_| name.starts_with("No ")) {
        Some(why) => format!("{name}, because {}.", m.tell(why)),
        None => format!("{name}."),
    }
}

fn reason(m: &Maker, taken: &Taken) -> Provenance {
    let formula: Vec<String> = taken
        .spec
        .weights
        .iter()
        .map(|(key, weight)| {
            let name = CRITERIA
                .iter()
                .find(|(k, _)| k == key)
                .map_or(key.as_str(), |(_, n)| n);
            format!("{weight} × {name}")
        })
        .collect();
    let mut provenance = Provenance::decided(taken.spec.id.clone());
    provenance.formula = Some(formula.join(" + "));
    let wish = m
        .brief
        .wish(&taken.spec.path)
        .filter(|_| taken.mandated || taken.preferred);
    provenance.and(wish.and_then(|w| w.place.evidence.clone()))
}

/// The criterion on which the chosen option leads most, in words, and by how much.
fn strongest(m: &Maker, taken: &Taken, other: &groundplan_knowledge::Choice) -> (String, f64) {
    let value = |name: &str| m.design.outcome.variable(&m.design.inputs, name);
    let part = |option: &groundplan_knowledge::Choice, key: &str| {
        let weight = taken.spec.weights.get(key).copied().unwrap_or(0.0);
        option.scores.get(key).map_or(0.0, |c| c.at(value)) * weight
    };
    let mut best = (String::new(), 0.0);
    for (key, name) in CRITERIA {
        let gap = part(taken.choice(), key) - part(other, key);
        if gap > best.1 {
            best = (format!("{name} (+{})", score(gap)), gap);
        }
    }
    best
}

fn tier(m: &Maker) -> Decision {
    let out = &m.design.outcome;

    let currency = m.brief.currency.as_deref().unwrap_or("USD");
    let price = |t: usize| out.costs.get(t).map_or(0.0, |c| c.least()).round();
    let options = (0..5)
        .map(|t| {
            let reaches = out.reach.expected[t] >= out.reach.target;
            Consideration {
                name: format!("{}: {}", TIERS[t], shape(t, m.design.inputs.on_premises)),
                chosen: t == out.tier,
                pros: vec![format!("{} % expected", number(out.reach.expected[t]))],
                cons: vec![format!("{} {currency} a month or more", number(price(t)))],
                score: None,
                excluded: if t == out.tier {
                    None
                } else if !reaches {
                    Some(format!(
                        "misses the target of {} %",
                        number(out.reach.target)
                    ))
                } else if t > out.tier && out.reach.least == Some(out.tier) {
                    Some("a lesser tier reaches the target".to_owned())
                } else {
                    Some("budget, regions or team do not allow it".to_owned())
                },
            }
        })
        .collect();
    let mut rationale = vec![m.tell("The least tier that reaches {slo.availability_target}: {slo.availability_predicted} are predicted.")];
    if out.reach.expected[out.tier] < out.reach.target {
        rationale = vec![m.tell("No feasible tier reaches {slo.availability_target}; this one is the best that budget, regions and team allow, with {slo.availability_predicted} predicted.")];
    }
    for finding in m.design.findings.iter().filter(|f| {
        f.code.starts_with("C-AVAIL")
            || matches!(f.code.as_str(), "C-TEAM-SLO" | "C-RPO-UNREACHABLE")
    }) {
        rationale.push(format!("{}: {}.", finding.code, finding.message));
    }
    Decision {
        id: "K11".to_owned(),
        title: format!("Zones and regions: tier {}, {}", TIERS[out.tier], shape(out.tier, m.design.inputs.on_premises)),
        status: DecisionStatus::Proposed,
        date: m.brief.answers.get("as_of_date").map(|d| d.value.clone()),
        deciders: vec!["operations lead".to_owned()],
        context: m.tell("In how many zones and regions does {name} run? The target is {slo.availability_target}, {team.engineers} answer alerts."),
        options,
        decision: format!("{}: {}.", TIERS[out.tier], shape(out.tier, m.design.inputs.on_premises)),
        rationale: rationale.join(" "),
        positive: vec![m.tell("after the loss of the database the system serves again within {recovery.failover_min}")],
        negative: vec![m.tell("hosting costs {cost.low} to {cost.high}")],
        consequences: vec![m.tell(match super::loses(m) {
            true => "a restore drill each quarter measures how long the return takes and what it loses",
            false => "a restore drill each quarter proves {recovery.rto_min} and {recovery.rpo_min}",
        })],
        would_change: flips(m, "region_tier"),
        superseded_by: None,
        status_note: None,
        places: std::collections::BTreeMap::new(),
        provenance: Provenance::decided("K11"),
    }
}
