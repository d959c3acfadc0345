//! Open questions of a design: conflicts first, then what capabilities leave to the organisation,
//! then assumptions that a measurement or a person must replace.

use super::Maker;
use super::elements::capital;
use crate::decide::NARROW;
use groundplan_model::{Blueprint, Question};

/// Keys of questions that begin so are answered by finding out, not by deciding.
pub const RESEARCH: &str = "assumption-";

fn question(
    key: String,
    text: String,
    owner: &str,
    why: &str,
    answer: &str,
    options: Vec<String>,
) -> Question {
    Question {
        id: String::new(),
        key,
        text,
        owner: owner.to_owned(),
        why: why.to_owned(),
        answer: answer.to_owned(),
        options,
    }
}

/// All questions, unnumbered.
pub(crate) fn questions(m: &Maker, b: &mut Blueprint) {
    let mut all = Vec::new();
    conflicts(m, &mut all);
    narrow(m, &mut all);
    law(m, &mut all);
    bound(m, &mut all);
    for pack in m.packs.iter().filter(|p| p.always_if.is_none()) {
        for (i, q) in pack.questions.iter().take(2).enumerate() {
            all.push(question(
                format!("{}-{}", pack.id, i + 1),
                m.nouns.text(&q.text),
                &q.role,
                &capital(&m.nouns.text(&q.matters)),
                "requirements",
                Vec::new(),
            ));
        }
    }
    assumptions(m, &mut all);
    for (i, q) in all.iter_mut().enumerate() {
        q.id = format!("OQ-{}", i + 1);
    }
    b.questions = all;
}

/// What the brief demands in words that nothing of the design answers by itself.
fn bound(m: &Maker, all: &mut Vec<Question>) {
    for (i, rule) in m.rules.iter().enumerate() {
        all.push(question(
            format!("bound-{}", i + 1),
            format!(
                "“{}”: which part keeps this, what happens where it cannot be kept, and what proves it?",
                capital(&rule.text)
            ),
            "product owner",
            "The brief demands it and no capability covers it, so the design has no part, test or alert of its own for it yet.",
            "requirements",
            Vec::new(),
        ));
    }
    // What subject and verb of a clause brought, has its record: `underground containers report`.
    let brought = |rule: &crate::brief::rules::Rule| {
        let text = rule.text.to_lowercase();
        let mut words = m.design.chosen.live.values().flatten();
        words.any(|w| w.contains(' ') && text.contains(&w.to_lowercase()))
    };
    let lost = m.design.lost.iter().filter(|rule| !brought(rule));
    for (i, rule) in lost.enumerate() {
        all.push(question(
            format!("told-{}", i + 1),
            format!(
                "“{}”: who does this with which record, and what must be stored of it?",
                capital(&rule.text)
            ),
            "product owner",
            &m.tell("The brief tells it; {name} has no record, operation or flow of its own for it yet."),
            "purpose",
            Vec::new(),
        ));
    }
    for (id, words, _) in &m.design.chosen.doubted {
        let Some(pack) = groundplan_knowledge::capability::capability(id) else {
            continue;
        };
        all.push(question(
            format!("doubt-{id}"),
            format!(
                "Does {} need {}: a part that {}? Only “{words}” speaks of it.",
                m.name,
                pack.name.to_lowercase(),
                m.nouns.text(&pack.about)
            ),
            "product owner",
            "One word brings no capability; left out, it costs nothing, and put in, it is a product of its own.",
            "capabilities",
            Vec::new(),
        ));
    }
    for finding in m
        .design
        .findings
        .iter()
        .filter(|f| f.code == "W-STACK-UNREAD")
    {
        all.push(question(
            format!("stack-{}", super::slug(&finding.message)),
            format!("{}; what is it for?", capital(&finding.message)),
            "tech lead",
            "A product that the brief names and no decision takes up is lost.",
            "stack",
            finding.options.clone(),
        ));
    }
    for finding in m
        .design
        .findings
        .iter()
        .filter(|f| f.code == "W-KEEP-FOREVER")
    {
        all.push(question(
            format!("forever-{}", super::slug(&finding.message)),
            format!("{}; is any of it about people?", capital(&finding.message)),
            "data protection officer",
            "What is about people needs a period; the rest may stay.",
            "data.retention",
            finding.options.clone(),
        ));
    }
    let coded = |code: &'static str| m.design.findings.iter().filter(move |f| f.code == code);
    for finding in coded("W-BUDGET-LATER") {
        all.push(question(
            "budget-later".to_owned(),
            format!("{}: what gives way?", capital(&finding.message)),
            "finance lead",
            "The cost of the first year fits, and that of the years after does not.",
            "constraints.budget_per_month",
            finding.options.clone(),
        ));
    }
    // The pack of treatment asks for the law itself.
    for _ in coded("A-HEALTH").filter(|_| !m.has("health")) {
        all.push(question(
            "health-law".to_owned(),
            m.tell("{name} keeps health data: which law binds it, GDPR Art. 9, HIPAA or another, and on which basis may {persons} see it?"),
            "data protection officer",
            "The answer decides consent, access rights and the report of a breach.",
            "constraints.compliance",
            Vec::new(),
        ));
    }
    let mut asked: Vec<&str> = Vec::new();
    for (region, said) in &m.brief.pinned {
        if !m.spread() || !m.elsewhere(region) || asked.contains(&said.words.as_str()) {
            continue;
        }
        asked.push(&said.words);
        all.push(question(
            format!("pinned-{region}"),
            format!(
                "“{}”: do sign-in records, logs, support copies and indexes count too, and what holds for records that people of two places share?",
                capital(&said.words)
            ),
            "legal counsel",
            "What counts may live in its home region only; instances and costs of the design have no cell of their own for it yet.",
            "constraints.compliance",
            Vec::new(),
        ));
    }
    for kept in super::contracts::unmatched(m) {
        all.push(question(
            format!("kept-{}", kept.things.join("-")),
            format!(
                "Which records does the brief mean by “{}”, kept {}?",
                kept.things.join(" "),
                kept.period
            ),
            "product owner",
            "No record of the design has that name, so none of them is kept so long yet.",
            "data.retention",
            Vec::new(),
        ));
    }
}

fn conflicts(m: &Maker, all: &mut Vec<Question>) {
    for finding in m.design.findings.iter().filter(|f| f.is_conflict()) {
        let owner = match finding.code.as_str() {
            "C-PREF-TEAM" | "C-PREF-FIT" | "C-MUST-FIT" => "tech lead",
            "C-RESIDENCY" | "C-RESIDENCY-REGION" => "legal counsel",
            "C-KEEP-FOREVER" => "data protection officer",
            _ => "product owner",
        };
        let key = format!("conflict-{}", finding.code.to_lowercase());
        let text = format!(
            "{}: what gives way ({})?",
            capital(&finding.message),
            finding.code
        );
        let why =
            "The best feasible design of {name} is described; the gap stays until this is decided.";
        all.push(question(
            key,
            text,
            owner,
            &m.tell(why),
            "constraints",
            finding.options.clone(),
        ));
    }
}

fn narrow(m: &Maker, all: &mut Vec<Question>) {
    for taken in m.design.outcome.taken.values() {
        let Some(margin) = taken.margin().filter(|g| *g < NARROW && !taken.mandated) else {
            continue;
        };
        let Some((other, _)) = taken.runner_up() else {
            continue;
        };
        let apart = match margin.abs() < 0.005 {
            true => "score the same".to_owned(),
            false => format!("are {margin:.2} apart"),
        };
        let text = format!(
            "{}: {} or {}, which {apart}?",
            taken.spec.title,
            m.tell(taken.choice().name()),
            m.tell(other.name())
        );
        let options = [taken.choice(), other]
            .iter()
            .map(|o| m.tell(o.name()))
            .collect();
        all.push(question(
            format!("decision-{}", taken.spec.id.to_lowercase()),
            text,
            "tech lead",
            &m.tell("The scores do not tell them apart; skills of {team.engineers} may."),
            "stack",
            options,
        ));
    }
}

fn law(m: &Maker, all: &mut Vec<Question>) {
    for rule in m.brief.rules.keys() {
        let text = format!(
            "Which clauses of {rule} bind {}, and what proves each of them?",
            m.name
        );
        let why = format!(
            "The brief names {rule}; the design has no list of its controls, so none of them is met by it yet."
        );
        all.push(question(
            format!("rule-{}", rule.to_lowercase().replace(' ', "-")),
            text,
            "legal counsel",
            &why,
            "constraints.compliance",
            Vec::new(),
        ));
    }
    for words in m.brief.later.keys() {
        all.push(question(
            format!("later-{}", super::slug(words)),
            format!("From when on does {words} bind {}, if at all?", m.name),
            "legal counsel",
            "The brief speaks of it as of something to come; none of its controls is part of the design yet.",
            "constraints.compliance",
            Vec::new(),
        ));
    }
    let packs = &m.design.inputs.packs;
    if packs.contains("gdpr")
        && (m.profiles()
            || m.has("health")
            || m.has("kyc")
            || m.has("tracking")
            || m.design.outcome.load.mau > 100_000.0)
    {
        all.push(question("gdpr-dpia".to_owned(), format!("Who assesses what {} means for the protection of data (DPIA, GDPR Art. 35), and by when?", m.name), "data protection officer", &m.tell("{name} may not go live without it: special categories, location, scoring of people or large-scale processing."), "constraints.compliance", Vec::new()));
    }
    if packs.contains("gdpr") && m.profiles() {
        all.push(question(
            "ai-act".to_owned(),
            format!(
                "Is what the model of {} says about people a high-risk use under the EU AI Act (Annex III: hiring, credit, insurance, education and others)?",
                m.name
            ),
            "legal counsel",
            "Then risk management, data governance, logs, human oversight and a conformity assessment are due before it is used.",
            "constraints.compliance",
            Vec::new(),
        ));
    }
    let open = ["competitions", "social", "messaging", "live", "learning"];
    let consumers = m.design.inputs.segment == crate::inputs::Segment::Consumer;
    if consumers && m.design.inputs.any(&open) {
        let children = match packs.contains("gdpr") {
            true => "children below 16 (GDPR Art. 8)",
            false => "children",
        };
        all.push(question(
            "minors".to_owned(),
            m.tell(&format!("From which age may {{persons}} use {{name}}, how is that checked, and who consents for {children}?")),
            "legal counsel",
            &m.tell("Where a child needs the consent of a parent, {name} may not keep what it does with {things} before."),
            "constraints.compliance",
            Vec::new(),
        ));
    }
    if let Some(what) = published(m) {
        all.push(question(
            "notice-and-action".to_owned(),
            format!(
                "Who takes down {what} that somebody reports as unlawful or as a breach of copyright, within which time, and how can its author object?"
            ),
            "legal counsel",
            match m.has("social") {
                true => "What strangers publish needs notice and action (EU Digital Services Act, or the takedown rules of the country).",
                false => "What strangers publish needs notice and action (EU Digital Services Act, or the takedown rules of the country); the design has no moderation yet.",
            },
            "requirements",
            Vec::new(),
        ));
    }
    if packs.contains("hipaa") {
        all.push(question("hipaa-baa".to_owned(), "With which processors does a business associate agreement stand already, and which refuse one?".to_owned(), "privacy officer", "No PHI flows to a processor without it; it excludes providers.", "constraints.compliance", Vec::new()));
    }
    if m.has("health") && !packs.contains("hipaa") && !packs.contains("gdpr") {
        all.push(question(
            "health-law".to_owned(),
            "Which law holds for the health data: HIPAA, GDPR Art. 9, or another?".to_owned(),
            "legal counsel",
            "Retention, consent and breach duties follow from it.",
            "constraints.compliance",
            vec!["HIPAA".to_owned(), "GDPR".to_owned()],
        ));
    }
}

/// What people who are not staff publish for others, if they do and nobody moderates it.
fn published(m: &Maker) -> Option<String> {
    if m.has("moderation") || m.design.inputs.segment != crate::inputs::Segment::Consumer {
        return None;
    }
    let open = ["media", "social", "reviews", "listings"];
    if !open.iter().any(|id| m.has(id)) {
        return None;
    }
    let vocabulary = &groundplan_knowledge::design_tables().vocabulary;
    let verbs = [
        "upload", "post", "publish", "share", "comment", "stream", "list",
    ];
    let deeds = crate::brief::story::story(m.brief);
    let deed = deeds.iter().find(|d| {
        let stranger = d.who.as_ref().is_some_and(|who| {
            let last = who.rsplit(' ').next().unwrap_or(who);
            let listed = |list: &[String]| list.iter().any(|one| one == last);
            listed(&vocabulary.users) && !listed(&vocabulary.jobs)
        });
        stranger && verbs.contains(&d.verb.as_str()) && !d.what.is_empty()
    })?;
    Some(super::nouns::plural(deed.what.first()?))
}

fn assumptions(m: &Maker, all: &mut Vec<Question>) {
    let f = |template: &str| m.tell(template);
    let people = m.tell("{persons}");
    let stated = |key: &str| m.brief.numbers.contains_key(key);
    let mut assume = |key: &str, text: String, owner: &str, why: String, answer: &str| {
        all.push(question(
            format!("{RESEARCH}{key}"),
            text,
            owner,
            &why,
            answer,
            Vec::new(),
        ));
    };
    if m.design.outcome.load.assumed {
        assume(
            "scale",
            format!(
                "How many {people} are there in a month? Assumed: 1,000, since the brief counts nobody."
            ),
            "product owner",
            f(
                "Load, instances and cost follow from it: {load.peak_rps} and {cost.low} to {cost.high} today.",
            ),
            "scale",
        );
    }
    if !stated("team.engineers") {
        assume(
            "team",
            "How many engineers build and run it? Assumed: 4.".to_owned(),
            "product owner",
            "Deployables, on-call and schedule follow from it.".to_owned(),
            "team",
        );
    }
    if !stated("timeline.weeks") {
        assume(
            "timeline",
            match &m.brief.deadline {
                Some(day) => format!(
                    "On which day does the work begin? Live by {} is stated; until then 26 weeks are assumed.",
                    day.value
                ),
                None => "When must it be live? Assumed: 26 weeks.".to_owned(),
            },
            "product owner",
            "The phases are cut to it.".to_owned(),
            "timeline",
        );
    }
    if !stated("constraints.budget_per_month") {
        assume(
            "budget",
            f("What is the monthly budget for hosting {name}?"),
            "product owner",
            f(&format!(
                "The design {}; nothing in the brief bounds it.",
                super::costs(m)
            )),
            "constraints",
        );
    }
    if m.brief.has("devices_assumed") {
        assume(
            "devices",
            format!(
                "How many {} send? Assumed: one for each of “{}”.",
                m.brief
                    .nouns
                    .get("scale.devices")
                    .map_or_else(|| "devices".to_owned(), |n| crate::domain::many(n)),
                m.brief
                    .numbers
                    .get("scale.devices")
                    .map_or("", |s| s.words.as_str())
            ),
            "product owner",
            f(
                "{load.device_msgs_s} come of them, and what {name} takes in and keeps grows with each.",
            ),
            "scale",
        );
    }
    if m.design.chosen.people
        && !stated("scale.peak_rps")
        && m.design.facts.get("load.requests_per_user_day").is_some()
    {
        assume(
            "requests",
            f(
                "How many requests does a {person} cause? Assumed: {load.requests_per_user_day} per active user and day, at peak {load.peak_factor} times the average.",
            ),
            "product owner",
            f(
                "Every size grows with it; a week of access logs of a pilot with {persons} replaces it.",
            ),
            "scale",
        );
    } else if m
        .design
        .facts
        .get("load.implied_req_per_user_day")
        .is_some()
        // Programs look up, whoever is counted.
        && !m.design.inputs.looked_up
    {
        assume(
            "requests",
            f(
                "Is the stated peak right, are {load.peak_rps} really meant? It implies {load.implied_req_per_user_day} per active user and day.",
            ),
            "product owner",
            "Every size grows with it.".to_owned(),
            "scale",
        );
    }
    let prices = &m.design.inputs.tables.prices;
    let currency = m.brief.currency.as_deref().unwrap_or(&prices.currency);
    if stated("constraints.budget_per_month")
        && currency != prices.currency
        && !m.design.inputs.on_premises
    {
        let listed = &prices.currency;
        let rate = match m.design.inputs.exchange == 1.0 {
            true => format!("1 {listed} stands for 1 {currency}, which is no exchange rate"),
            false => format!(
                "one {listed} stands for {} {currency}, a rough exchange rate",
                crate::facts::number(m.design.inputs.exchange)
            ),
        };
        assume(
            "currency",
            format!(
                "At which exchange rate is {} compared with list prices in {listed}? Assumed: {rate}.",
                f("{budget}")
            ),
            "finance lead",
            f(
                "{cost.low} to {cost.high} stand beside {budget}; a price list of the provider in the currency of the budget replaces both.",
            ),
            "constraints",
        );
    }
    if !stated("constraints.availability") {
        assume(
            "availability",
            f(
                "What does an hour without {name} cost? Assumed from the kind of system: a target of {slo.availability_target}.",
            ),
            "product owner",
            f("It decides the tier ({region_tier}) and who is woken."),
            "constraints",
        );
    }
    if !stated("scale.gb_per_year") {
        assume(
            "data",
            f(
                "How much data do {things} bring in a year? Assumed: {data.gb_per_year}, growing by a factor of {data.growth}.",
            ),
            "product owner",
            f("Shards, backups and restore times of {things} follow from it."),
            "scale",
        );
    }
    assume(
        "cpu",
        f(
            "How much CPU does a request for {things} take? Assumed: {compute.cpu_ms}, an estimate of the language and the capabilities.",
        ),
        "tech lead",
        f(
            "{compute.instances} follow from it; the first load test replaces it (two days in phase 1).",
        ),
        "scale",
    );
    assume(
        "database",
        f(
            "How many changes of {things} does a vCPU of the database carry? Assumed: 400 writes or 1,500 reads a second.",
        ),
        "tech lead",
        f(&format!(
            "{{db.vcpu}} and {{db.shards}} follow from it; {} with this schema replaces it (one day).",
            super::dialect::bench(m)
        )),
        "scale",
    );
}
