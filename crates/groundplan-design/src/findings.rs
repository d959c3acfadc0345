//! Findings about a brief: what is missing, doubtful or in conflict, with the way out in numbers.

mod later;
mod law;

use crate::brief::rules::Rule;
use crate::brief::{Brief, Field, Place};
use crate::capabilities::{Chosen, Reason};
use crate::derive::availability::TIERS;
use crate::derive::cost::Cost;
use crate::derive::load::USUAL;
use crate::facts::number;
use crate::inputs::Inputs;
use crate::outcome::{Outcome, Standby};
use groundplan_model::{Diagnostic, Severity};

/// A finding.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Code: `V-` validation, `W-` doubt, `C-` conflict, `A-` assumption.
    pub code: String,
    /// How bad it is.
    pub severity: Severity,
    /// One phrase.
    pub message: String,
    /// The words that it is about.
    pub place: Place,
    /// Ways out, the first one the most likely.
    pub options: Vec<String>,
}

impl Finding {
    /// Whether the brief demands what cannot be had together.
    pub fn is_conflict(&self) -> bool {
        self.code.starts_with("C-")
    }

    /// The finding as a diagnostic; an assumption is a note.
    pub fn diagnostic(&self) -> Diagnostic {
        let mut diagnostic = Diagnostic::new(self.severity, &self.code, self.message.clone());
        diagnostic.place.clone_from(&self.place.evidence);
        diagnostic.columns = self.place.columns;
        diagnostic.help.clone_from(&self.options);
        diagnostic
    }
}

/// `1 engineer`, `4 engineers`.
fn people(engineers: f64) -> String {
    let many = if engineers == 1.0 { "" } else { "s" };
    format!("{} engineer{many}", number(engineers))
}

fn place(brief: &Brief, key: &str, field: Field) -> Place {
    let number = brief.numbers.get(key).map(|s| s.place.clone());
    let field = brief.fields.get(&field).map(|s| s.place.clone());
    number.or(field).unwrap_or_default()
}

/// What follows from the numbers: conflicts first, then doubts, then assumptions.
pub(crate) fn findings(
    brief: &Brief,
    chosen: &Chosen,
    inputs: &Inputs,
    out: &Outcome,
    lost: &[Rule],
) -> Vec<Finding> {
    let mut all = Vec::new();
    availability(brief, inputs, out, &mut all);
    schedule(brief, out, &mut all);
    wishes(brief, out, &mut all);
    mesh(brief, out, &mut all);
    law::places(brief, &mut all);
    law::endless(brief, &mut all);
    doubts(brief, inputs, out, &mut all);
    assumptions(brief, chosen, inputs, out, &mut all);
    unheard(chosen, lost, &mut all);
    strange(brief, &mut all);
    outside(brief, chosen, &mut all);
    all
}

/// Neighbours that a capability brings along where the brief lets nothing leave the place.
fn outside(brief: &Brief, chosen: &Chosen, all: &mut Vec<Finding>) {
    const PLACES: [&str; 15] = [
        "airport",
        "site",
        "building",
        "premises",
        "plant",
        "factory",
        "house",
        "network",
        "campus",
        "hospital",
        "clinic",
        "station",
        "ship",
        "facility",
        "perimeter",
    ];
    let text = brief.text(Field::Constraints);
    let words = crate::brief::tokens(text);
    let word = |i: usize| words.get(i).map_or("", |t| t.word());
    let leaves = (2..words.len()).find(|i| {
        let verb = matches!(word(*i), "leave" | "leaves");
        let near =
            |list: &[&str], from: usize, to: usize| (from..to).any(|k| list.contains(&word(k)));
        let before = i.saturating_sub(4);
        // That no patient leaves says nothing of what is told about them.
        let what = [
            "bytes",
            "data",
            "information",
            "nothing",
            "records",
            "traffic",
        ];
        verb && near(&what, before, *i)
            && near(&["no", "nothing", "not", "never"], before, *i)
            && near(&PLACES, i + 1, i + 4)
    });
    let Some(at) = leaves else { return };
    let named = |name: &str| {
        brief
            .partners
            .iter()
            .any(|p| p.name.eq_ignore_ascii_case(name))
    };
    let mut out: Vec<String> = Vec::new();
    for external in chosen.packs().iter().flat_map(|p| &p.externals) {
        let name = external.id.replace('-', " ");
        // Who signs people in may stand inside; a scanner can.
        let inside = matches!(
            external.id.as_str(),
            "identity-provider" | "malware-scanner" | "partner-system"
        );
        if !inside && !named(&name) && !out.contains(&name) {
            out.push(name);
        }
    }
    if out.is_empty() {
        return;
    }
    let first = (at.saturating_sub(3)..at)
        .rev()
        .take_while(|k| !word(*k).is_empty());
    let (start, end) = (first.last().unwrap_or(at), at + 2);
    let mut said = (start..=end).filter_map(|k| words.get(k));
    let span = said.clone().next().zip(said.next_back());
    let said = span
        .and_then(|(a, b)| text.get(a.start..b.end))
        .unwrap_or_default();
    let listed = crate::blueprint::listed(&out);
    push(
        all,
        "C-OUTSIDE",
        Severity::Warning,
        brief.place(Field::Constraints, said),
        format!("“{said}”, and the design speaks with {listed} outside"),
        vec![
            format!("run what {listed} would do on machines of the place"),
            format!("allow {listed}, and say which data may go there"),
            "drop what needs it".to_owned(),
        ],
    );
}

/// Products of the stack that no list knows: the design would lose them without a word.
fn strange(brief: &Brief, all: &mut Vec<Finding>) {
    let text = brief.text(Field::Stack);
    let words = crate::brief::tokens(text);
    let vocabulary = &groundplan_knowledge::design_tables().vocabulary;
    let mut known = vocabulary
        .names
        .values()
        .flat_map(|all| all.values())
        .chain(vocabulary.partners.iter().map(|p| &p.alias))
        .chain(vocabulary.regions.values())
        .chain(vocabulary.packs.values())
        .chain([&vocabulary.spoken])
        .fold(vec![false; words.len()], |mut seen, names| {
            for hit in crate::brief::found(&words, names) {
                seen.iter_mut()
                    .skip(hit.0)
                    .take(hit.1)
                    .for_each(|s| *s = true);
            }
            seen
        });
    known.resize(words.len(), false);
    for (i, token) in words.iter().enumerate() {
        let raw = text.get(token.start..token.end).unwrap_or_default();
        let mut letters = raw.chars();
        let large = letters.next().is_some_and(char::is_uppercase);
        let inner = letters.any(char::is_uppercase);
        // The first word of a sentence is large in any case; `LiveKit` is a name anywhere.
        let opens = i == 0 || words.get(i - 1).is_some_and(|t| t.is('.'));
        let near = [i.wrapping_sub(1), i + 1]
            .iter()
            .any(|k| known.get(*k) == Some(&true));
        let skill = brief.answers.contains_key("language_skills");
        if !large
            || raw.len() < 3
            || known.get(i) == Some(&true)
            || opens && !inner
            || near && !inner
            || skill
            || brief.partners.iter().any(|p| p.name.contains(raw))
        {
            continue;
        }
        push(
            all,
            "W-STACK-UNREAD",
            Severity::Warning,
            brief.place(Field::Stack, raw),
            format!("no decision knows {raw}: the design has no part for it"),
            vec![format!(
                "say what {raw} does for the system: database, queue, language, platform, or a system to integrate with"
            )],
        );
    }
}

/// Sentences that became no part of the design, and capabilities of which one word alone speaks.
fn unheard(chosen: &Chosen, lost: &[Rule], all: &mut Vec<Finding>) {
    for rule in lost {
        push(
            all,
            "W-DEED-UNREAD",
            Severity::Warning,
            rule.place.clone(),
            format!(
                "“{}” was not read as somebody's deed: it stands among the requirements in these words, without record, operation or flow of its own",
                rule.text
            ),
            vec![
                "say it as who does what with which record: `inspectors reject a batch`".to_owned(),
                "or describe it under `entities` and `flows`".to_owned(),
            ],
        );
    }
    for (id, words, place) in &chosen.doubted {
        let pack = groundplan_knowledge::capability::capability(id);
        let name = pack.map_or(*id, |p| p.name.as_str());
        push(
            all,
            "W-CAPABILITY-DOUBT",
            Severity::Warning,
            place.clone(),
            format!(
                "only “{words}” speaks of {}, and nobody does anything with it: it is left out",
                name.to_lowercase()
            ),
            vec![format!(
                "add `capabilities: {{{id}: true}}` if it belongs to the system"
            )],
        );
    }
}

fn push(
    all: &mut Vec<Finding>,
    code: &str,
    severity: Severity,
    place: Place,
    message: String,
    options: Vec<String>,
) {
    all.push(Finding {
        code: code.to_owned(),
        severity,
        message,
        place,
        options,
    });
}

fn availability(brief: &Brief, inputs: &Inputs, out: &Outcome, all: &mut Vec<Finding>) {
    let target = out.reach.target;
    let currency = brief.currency.as_deref().unwrap_or("USD");
    let engineers = inputs.engineers();
    let budget = inputs.get("constraints.budget_per_month").unwrap_or(0.0);
    let reached = match out.reach.counts_hours {
        true => out.reach.in_hours[out.tier],
        false => out.reach.expected[out.tier],
    };
    let least = |tier: usize| out.costs.get(tier).map_or(0.0, Cost::least);
    let affordable = format!(
        "accept {} %, the best that is feasible here: tier {} at {} {currency} a month or more",
        number(reached),
        TIERS[out.tier],
        number(least(out.tier).round()),
    );
    // What recovery asks for is given up as such, and not as availability.
    let slower = |option: &String| match out.standby {
        Some(Standby::Time) => format!("recover by a full restore; {option}"),
        Some(Standby::Loss) => format!("lose what is not in the log yet; {option}"),
        None => option.clone(),
    };
    for code in &out.cuts {
        let here = place(brief, "constraints.availability", Field::Constraints);
        match *code {
            "C-AVAIL-UNREACHABLE" => {
                // One site has no second region.
                let one_site = inputs.on_premises && !inputs.has("two_sites");
                let alone = inputs.has("one_machine");
                let (tiers, how) = match one_site {
                    _ if alone => (1, "on one machine"),
                    true => (3, "on machines of one site"),
                    false => (TIERS.len(), "with two active regions"),
                };
                let reachable = out.reach.expected.iter().take(tiers);
                let best = reachable.copied().fold(0.0, f64::max);
                push(
                    all,
                    code,
                    Severity::Warning,
                    here,
                    format!(
                        "{} % lies above what any tier reaches with {}: {} % {how}",
                        number(target),
                        people(engineers),
                        number(best)
                    ),
                    vec![
                        affordable.clone(),
                        match one_site {
                            _ if alone => "allow a second machine, which takes over".to_owned(),
                            true => "add a second site, away from the first".to_owned(),
                            false => {
                                "add engineers: with 8 somebody answers within 45 min at any hour"
                                    .to_owned()
                            }
                        },
                    ],
                );
            }
            "C-AVAIL-REGION" => push(
                all,
                code,
                Severity::Warning,
                here,
                format!(
                    "{} % needs two regions ({}), and the brief demands a single region, single-region designs reach {} % at best",
                    number(target),
                    TIERS[out.wanted],
                    number(out.reach.expected[2])
                ),
                vec![affordable.clone(), "allow a second region".to_owned()],
            ),
            "C-TEAM-SLO" => push(
                all,
                code,
                Severity::Warning,
                here,
                format!(
                    "two regions need {} engineers to operate, the team has {}",
                    if out.wanted == 4 { 8 } else { 4 },
                    number(engineers)
                ),
                vec![
                    affordable.clone(),
                    "add engineers, or buy on-call from an operator".to_owned(),
                ],
            ),
            "C-AVAIL-BUDGET" => push(
                all,
                code,
                Severity::Warning,
                match out.standby {
                    Some(Standby::Time) => place(brief, "constraints.rto_min", Field::Constraints),
                    Some(Standby::Loss) => place(brief, "constraints.rpo_min", Field::Constraints),
                    None => here,
                },
                format!(
                    "{} tier {} at {} {currency} a month or more; the budget is {} {currency}",
                    match out.standby {
                        Some(standby) => format!("{}: that needs a replica,", standby.reason()),
                        None => format!("{} % needs", number(target)),
                    },
                    TIERS[out.wanted],
                    number(least(out.wanted).round()),
                    number(budget)
                ),
                vec![
                    slower(&affordable),
                    format!(
                        "raise the budget to {} {currency} a month",
                        number(out.costs.get(out.wanted).map_or(0.0, Cost::most).round())
                    ),
                ],
            ),
            "C-BUDGET" => push(
                all,
                code,
                Severity::Warning,
                place(brief, "constraints.budget_per_month", Field::Constraints),
                format!(
                    "the smallest design costs {} to {} {currency} a month; the budget is {} {currency}",
                    number(least(0).round()),
                    number(out.costs.first().map_or(0.0, Cost::most).round()),
                    number(budget)
                ),
                vec![
                    format!(
                        "raise the budget to {} {currency} a month",
                        number(out.costs.first().map_or(0.0, Cost::most).round())
                    ),
                    cheaper(inputs),
                ],
            ),
            _ => {}
        }
    }
    later::later(brief, inputs, out, all);
    // Who promises hours of work needs nobody at night.
    if engineers < 8.0
        && !out.reach.counts_hours
        && target >= 99.95
        && !out.cuts.contains(&"C-TEAM-SLO")
    {
        let here = place(brief, "team.engineers", Field::Team);
        push(
            all,
            "C-TEAM-SLO",
            Severity::Warning,
            here,
            format!(
                "{} % leaves {} min a month, and {} cannot keep two people on call around the clock; that takes 8",
                number(target),
                number(out.reach.budget_min()),
                people(engineers)
            ),
            vec![
                "buy first-level on-call".to_owned(),
                "accept a lower target at night".to_owned(),
            ],
        );
    }
}

/// What makes the smallest design cheaper.
fn cheaper(inputs: &Inputs) -> String {
    match inputs.get("scale.device_interval_s") {
        Some(s) => format!(
            "send less often than every {} s, or on change: the messages decide the cost",
            number(s)
        ),
        None => "lower the load or the amount of data that the brief states".to_owned(),
    }
}

fn schedule(brief: &Brief, out: &Outcome, all: &mut Vec<Finding>) {
    // Without a date nothing is late.
    if brief.has("no_deadline") {
        return;
    }
    let team = &out.team;
    let here = place(brief, "timeline.weeks", Field::Timeline);
    let stated = brief.numbers.contains_key("timeline.weeks");
    let until = match (&brief.deadline, stated) {
        (_, true) => "until the date".to_owned(),
        (Some(day), false) => format!("in the 26 weeks that are assumed until {}", day.value),
        (None, false) => "in the 26 weeks that are assumed".to_owned(),
    };
    let sum = format!(
        "the scope takes {} engineer-weeks, {} are there {until} (ratio {})",
        number(team.effort.round()),
        number(team.available.round()),
        number((team.ratio * 100.0).round() / 100.0)
    );
    if team.ratio > 1.1 {
        let weeks = (team.effort
            / (team.available / out.variables.get("weeks").copied().unwrap_or(26.0)))
        .ceil();
        push(
            all,
            "C-SCHEDULE",
            Severity::Warning,
            here,
            sum,
            vec![
                format!("move the date to week {}", number(weeks)),
                match team.must_ratio > 1.1 {
                    false => "ship the must requirements first and the rest later".to_owned(),
                    true => format!(
                        "drop whole capabilities: the must requirements alone exceed the time too (about {} times of it)",
                        number((team.must_ratio * 10.0).round() / 10.0)
                    ),
                },
                "buy the common part".to_owned(),
            ],
        );
    } else if team.ratio < 0.2
        && ["team.engineers", "timeline.weeks"]
            .iter()
            .all(|key| brief.numbers.contains_key(key))
    {
        push(
            all,
            "W-SCHEDULE-LOW",
            Severity::Warning,
            here,
            format!("{sum}: five times what the scope needs as it was read"),
            vec![
                "look for work that no sentence of the brief names: rollout by site, validation, training, data of older systems".to_owned(),
                "take fewer engineers, or an earlier date".to_owned(),
            ],
        );
    } else if team.ratio > 0.8 {
        push(
            all,
            "W-SCHEDULE",
            Severity::Warning,
            here,
            sum,
            vec!["cut the should requirements from the first phase".to_owned()],
        );
    }
}

fn wishes(brief: &Brief, out: &Outcome, all: &mut Vec<Finding>) {
    for taken in out.taken.values() {
        if let Some(reason) = taken.waived {
            let wish = brief.wish(&taken.spec.path);
            let named = wish.map_or_else(|| taken.choice().name().to_owned(), |w| w.name.clone());
            push(
                all,
                "W-MUST-COST",
                Severity::Warning,
                wish.map(|w| w.place.clone()).unwrap_or_default(),
                format!(
                    "{named} is demanded and taken, though the sums do not ask for it: {reason}"
                ),
                vec![format!(
                    "drop the demand for {named}, or say what it is for"
                )],
            );
        }
        let Some(refused) = taken.refused else {
            continue;
        };
        let Some(option) = taken.spec.options.get(refused) else {
            continue;
        };
        let wish = brief.wish(&taken.spec.path);
        let here = wish.map(|w| w.place.clone()).unwrap_or_default();
        let team = matches!(taken.spec.path.as_str(), "platform" | "style");
        // A name under `stack.must` is a demand whatever it names; a bare one leaves room.
        let must = wish.is_some_and(|w| {
            let same = |o: &&crate::brief::Wish| o.name.eq_ignore_ascii_case(&w.name);
            brief
                .wishes
                .iter()
                .filter(|o| o.decision == "other")
                .any(|o| same(&o))
        });
        let (code, severity) = if must && !team {
            ("C-MUST-FIT", Severity::Warning)
        } else if team {
            ("C-PREF-TEAM", Severity::Warning)
        } else {
            ("C-PREF-FIT", Severity::Warning)
        };
        let reason = taken
            .excluded
            .get(refused)
            .copied()
            .flatten()
            .unwrap_or_default();
        let named = wish.map_or_else(|| option.name().to_owned(), |w| w.name.clone());
        push(
            all,
            code,
            severity,
            here,
            match must {
                true => format!("{named} is demanded, and the sums refuse it: {reason}"),
                false => format!("{named} is asked for and not chosen: {reason}"),
            },
            match must {
                true => vec![
                    format!(
                        "drop the demand: {} carries this load with less to run",
                        taken.choice().name()
                    ),
                    format!("keep {named} and say what of the brief it is for"),
                ],
                false => vec![format!(
                    "take {} now; the record of the decision names what would change it",
                    taken.choice().name()
                )],
            },
        );
    }
}

/// A mesh is a platform for many services.
fn mesh(brief: &Brief, out: &Outcome, all: &mut Vec<Finding>) {
    /// Deployables from which a mesh pays (K20).
    const LEAST: f64 = 20.0;
    let Some(wish) = brief.wish("mesh").filter(|_| out.deployables < LEAST) else {
        return;
    };
    push(
        all,
        "C-PREF-FIT",
        Severity::Warning,
        wish.place.clone(),
        format!(
            "{} is asked for and not chosen: a mesh pays from about {} deployables, and there {}",
            wish.name,
            number(LEAST),
            if out.deployables == 1.0 {
                "is 1".to_owned()
            } else {
                format!("are {}", number(out.deployables))
            }
        ),
        vec!["take TLS of the platform; retries and time-outs stand in the adapters".to_owned()],
    );
}

/// A stated response time that the model does not reach.
fn latency(brief: &Brief, out: &Outcome, all: &mut Vec<Finding>) {
    let stated = ["constraints.p99_ms", "constraints.p95_ms"];
    let Some(key) = stated.into_iter().find(|k| brief.numbers.contains_key(k)) else {
        return;
    };
    let (read, write) = (out.latency.read.1, out.latency.write.1);
    let target = out.compute.p99_ms;
    if read.max(write) <= target {
        return;
    }
    let (what, predicted) = match read > target {
        true => ("reads and writes", read.max(write)),
        false => ("writes", write),
    };
    push(
        all,
        "C-LATENCY",
        Severity::Warning,
        place(brief, key, Field::Constraints),
        format!(
            "P99 of {what} is predicted at {} ms; the target is {} ms",
            number((predicted * 10.0).round() / 10.0),
            number(target)
        ),
        vec![
            "decide in memory and write behind: the answer then waits for a copy in a second instance, not for the database".to_owned(),
            format!("accept {} ms, or state for which operations the target holds", number(predicted.ceil())),
        ],
    );
}

/// Stated traffic against what the counted fetches weigh.
fn traffic(brief: &Brief, inputs: &Inputs, all: &mut Vec<Finding>) {
    let get = |key: &str| inputs.get(key);
    let (Some(egress), Some(mb), Some(avg)) = (
        get("scale.egress_gb_month"),
        get("scale.object_mb"),
        get("scale.avg_rps"),
    ) else {
        return;
    };
    let implied = avg * 2_628_000.0 * mb / 1e3;
    if (0.5..=2.0).contains(&(implied / egress)) {
        return;
    }
    push(
        all,
        "W-SCALE-INCONSISTENT",
        Severity::Warning,
        place(brief, "scale.egress_gb_month", Field::Scale),
        format!(
            "{} fetches a second of {} MB are {} GB a month; the brief states {} GB",
            number(avg),
            number(mb),
            number(implied.round()),
            number(egress)
        ),
        vec!["check the size, the count or the traffic; the stated traffic is taken".to_owned()],
    );
}

fn doubts(brief: &Brief, inputs: &Inputs, out: &Outcome, all: &mut Vec<Finding>) {
    let here = place(brief, "scale.peak_rps", Field::Scale);
    // Of what programs send or ask, people cause a small part.
    let programs = out.load.write_heavy
        || inputs.ids.contains("devapi")
        || inputs.has("public_api")
        || inputs.looked_up
        || inputs.ids.contains("gateway");
    let usual = if programs { f64::INFINITY } else { USUAL };
    if let Some(implied) = out.load.implied.filter(|i| !(1.0..=usual).contains(i)) {
        push(
            all,
            "W-SCALE-INCONSISTENT",
            Severity::Warning,
            here.clone(),
            format!(
                "the stated peak implies {} requests per active user and day; between 1 and {} is usual",
                number(implied),
                number(USUAL)
            ),
            vec!["check the rate and the count of users; the stated rate is taken".to_owned()],
        );
    }
    if out.load.inconsistent_devices {
        push(
            all,
            "W-SCALE-INCONSISTENT",
            Severity::Warning,
            here,
            format!(
                "the devices send {} messages/s, the stated peak is {} requests/s",
                number(out.load.device_msgs),
                number(inputs.get("scale.peak_rps").unwrap_or(0.0))
            ),
            vec!["check the interval; the larger one is taken".to_owned()],
        );
    }
    for (rule, here) in &brief.rules {
        push(
            all,
            "W-RULE-UNREAD",
            Severity::Warning,
            here.clone(),
            format!(
                "{rule} is named, and no list of its controls is known: none of them is in the design"
            ),
            vec![format!(
                "have the legal counsel name the clauses of {rule} that bind, and what proves each"
            )],
        );
    }
    if out.data.objects && out.data.only_rows {
        push(
            all,
            "A-BODY-SIZE",
            Severity::Note,
            place(brief, "scale.object_mb", Field::Scale),
            "files are kept, and the brief names no size of one: they stand in no sum of data or cost"
                .to_owned(),
            vec!["say how large one is and how many come: `3 photos per case of 2 MB`".to_owned()],
        );
    }
    latency(brief, out, all);
    traffic(brief, inputs, all);
    let rto = crate::table::rto_min(inputs, out);
    if out.data.restore_h * 60.0 > rto {
        push(
            all,
            "W-RTO-RESTORE",
            Severity::Warning,
            place(brief, "scale.gb_per_year", Field::Scale),
            format!(
                "a full restore of {} GB takes {} h, longer than the recovery time of {} h",
                number((out.data.db_gb_year3 / out.data.shards).round()),
                number((out.data.restore_h * 10.0).round() / 10.0),
                number(rto / 60.0)
            ),
            match out.tier < 2 {
                true => vec!["recover by promoting a replica, and restore by partition".to_owned()],
                false => vec![format!(
                    "a lost database is replaced within {} min by what stands by; rows that were deleted or damaged wait for the restore: restore by partition, newest first",
                    number(crate::table::failover_min(out))
                )],
            },
        );
    }
    let alone = inputs.has("one_machine");
    let failover = crate::table::failover_min(out);
    if failover > rto && inputs.get("constraints.rto_min").is_some() {
        push(
            all,
            "W-RTO-FAILOVER",
            Severity::Warning,
            place(brief, "constraints.rto_min", Field::Constraints),
            format!(
                "after the loss of the database the system serves again after {} min; the brief allows {} min",
                number((failover * 10.0).round() / 10.0),
                number(rto)
            ),
            vec![
                match alone {
                    true => "allow a second machine, which takes over",
                    false => "let a replica beside the primary be promoted by itself, within 2 min",
                }
                .to_owned(),
                format!(
                    "accept {} min for the loss of the database",
                    number(failover.ceil())
                ),
            ],
        );
    }
    // One machine has nowhere to put a second copy before a change is confirmed.
    let allowed = inputs.get("constraints.rpo_min");
    if let Some(rpo) = allowed.filter(|rpo| alone && *rpo < 1.0) {
        push(
            all,
            "C-RPO-UNREACHABLE",
            Severity::Warning,
            place(brief, "constraints.rpo_min", Field::Constraints),
            format!(
                "what was written since the last copy outside is lost with the one machine; the brief allows {} min",
                number(rpo)
            ),
            vec![
                "allow a second machine, which has each change before it is confirmed".to_owned(),
                "accept 1 min of lost data, by a log that is shipped every minute to another place"
                    .to_owned(),
            ],
        );
    }
    stale_prices(brief, inputs, all);
    let currency = brief.currency.as_deref().unwrap_or("USD");
    if currency != inputs.tables.prices.currency
        && inputs.get("constraints.budget_per_month").is_some()
    {
        push(
            all,
            "W-CURRENCY",
            Severity::Note,
            place(brief, "constraints.budget_per_month", Field::Constraints),
            format!(
                "prices are listed in {}; one {} is taken for {} {currency}",
                inputs.tables.prices.currency,
                inputs.tables.prices.currency,
                match inputs.exchange == 1.0 {
                    true => "one".to_owned(),
                    false => number(inputs.exchange),
                }
            ),
            vec!["multiply with the rate of the day".to_owned()],
        );
    }
}

/// Prices that are older than 180 days on the day of the brief.
fn stale_prices(brief: &Brief, inputs: &Inputs, all: &mut Vec<Finding>) {
    let Some(day) = brief.answers.get("as_of_date") else {
        return;
    };
    let version = &inputs.tables.prices.version;
    let (Some(now), Some(then)) = (days(&day.value), days(version)) else {
        return;
    };
    if inputs.on_premises || now - then <= 180.0 {
        return;
    }
    push(
        all,
        "W-PRICES-STALE",
        Severity::Warning,
        day.place.clone(),
        format!(
            "the list prices of {version} are {} days old on {}; after 180 days they are doubtful",
            number((now - then).round()),
            day.value.trim()
        ),
        vec!["compare the largest items of the cost table with the provider's list".to_owned()],
    );
}

/// Days of `YYYY-MM` or `YYYY-MM-DD` since year 0, months of 30.44 days.
fn days(text: &str) -> Option<f64> {
    let mut parts = text.trim().split('-').map(|p| p.parse::<f64>().ok());
    let (year, month) = (parts.next()??, parts.next()??);
    let day = parts.next().flatten().unwrap_or(1.0);
    Some(year * 365.25 + (month - 1.0) * 30.44 + day)
}

fn assumptions(
    brief: &Brief,
    chosen: &Chosen,
    inputs: &Inputs,
    out: &Outcome,
    all: &mut Vec<Finding>,
) {
    let field = |f: Field| {
        brief
            .fields
            .get(&f)
            .map(|s| s.place.clone())
            .unwrap_or_default()
    };
    let mut assume = |code: &str, place: Place, message: String| {
        push(all, code, Severity::Note, place, message, Vec::new());
    };
    if out.load.assumed {
        assume(
            "A-SCALE",
            field(Field::Scale),
            "1,000 monthly users are assumed".to_owned(),
        );
    }
    if inputs.get("team.engineers").is_none() {
        assume(
            "A-TEAM",
            field(Field::Team),
            "4 engineers are assumed".to_owned(),
        );
    }
    let reason = |id: &str| match chosen.reasons.get(id) {
        Some(Reason::Words { place, .. }) => place.clone(),
        _ => Place::default(),
    };
    let card = !inputs.has("bank_money") || inputs.has("card_money");
    if inputs.ids.contains("payments") && card && !inputs.packs.contains("pci-dss") {
        assume(
            "A-PCI",
            reason("payments"),
            "payments bring PCI DSS into scope; SAQ A by hosted fields is assumed".to_owned(),
        );
    }
    if (inputs.ids.contains("health") || inputs.has("health_data"))
        && !inputs.packs.contains("hipaa")
        && !inputs.packs.contains("gdpr")
    {
        assume(
            "A-HEALTH",
            reason("health"),
            "health data: whether HIPAA or GDPR Art. 9 binds must be decided".to_owned(),
        );
    }
    let stated = brief.answers.get("data_classes");
    let here = stated.map(|s| s.place.clone()).unwrap_or_default();
    let classes = brief.data_classes();
    let private = |c: &&str| ["personal", "location", "health"].contains(c);
    if classes.iter().any(private) && inputs.packs.is_empty() {
        assume(
            "A-PRIVACY",
            here.clone(),
            "data about people is stated and no law is named: which one binds must be decided"
                .to_owned(),
        );
    }
    if classes.contains(&"card")
        && !inputs.packs.contains("pci-dss")
        && !inputs.ids.contains("payments")
    {
        assume(
            "A-PCI",
            here,
            "card data is stated: PCI DSS binds; SAQ A by hosted fields is assumed".to_owned(),
        );
    }
    if inputs.packs.contains("hipaa") {
        let here = brief.packs.get("hipaa").cloned().unwrap_or_default();
        assume(
            "A-HIPAA",
            here,
            "a business associate agreement with every processor of PHI is assumed".to_owned(),
        );
    }
}
