//! What a good capability pack is, as messages for the one who writes it. The tests run it over
//! the built-in packs.

use crate::capability::{Always, Capability};
use crate::capability_lexicon::pattern_fault;
use crate::capability_parts::{
    AuthClass, Entity, Field, FlowStep, Idempotency, JoinRelation, RuleKind, Stride,
};
use crate::decisions::decisions;
use std::collections::{BTreeMap, BTreeSet};

/// Types of fields, in the words of PostgreSQL; what stands in parentheses is free.
const TYPES: &[&str] = &[
    "uuid",
    "text",
    "citext",
    "varchar",
    "char",
    "boolean",
    "smallint",
    "int",
    "bigint",
    "numeric",
    "real",
    "double",
    "date",
    "time",
    "timestamptz",
    "interval",
    "jsonb",
    "bytea",
    "inet",
    "enum",
    "geography",
    "tstzrange",
    "daterange",
    "numrange",
    "vector",
    "tsvector",
    "ltree",
];

/// Words that are true of every product; see `docs/concepts/prose.md`, rule 7.
const FILLER: &[&str] = &[
    "robust",
    "scalable",
    "modern",
    "seamless",
    "best practice",
    "leverag",
    "ensures",
    "powerful",
    "state-of-the-art",
    "cutting-edge",
    "efficient",
    "user-friendly",
    "as needed",
    "etc.",
];

/// Checks all packs, each alone and with each other; a sentence for every fault, sorted by pack.
pub fn lint_capabilities(packs: &[Capability]) -> Vec<String> {
    let mut lint = Lint {
        packs,
        faults: Vec::new(),
    };
    for pack in packs {
        lint.pack(pack);
    }
    lint.unique();
    lint.faults
}

struct Lint<'a> {
    packs: &'a [Capability],
    faults: Vec<String>,
}

/// The names that a pack may use: its own, those of required packs, those of packs that are
/// always there, and those of a joined pack.
struct Scope<'a> {
    parts: BTreeSet<&'a str>,
    components: BTreeSet<&'a str>,
    actors: BTreeSet<&'a str>,
    entities: BTreeMap<&'a str, &'a Entity>,
    events: BTreeSet<&'a str>,
}

impl<'a> Lint<'a> {
    fn fault(&mut self, pack: &Capability, message: String) {
        self.faults.push(format!("{}: {message}", pack.id));
    }

    /// The pack with all that it requires, and the packs that are always there.
    fn closure(&self, pack: &'a Capability, joined: Option<&str>) -> Vec<&'a Capability> {
        let mut found: Vec<&Capability> = vec![pack];
        let always = self.packs.iter().filter(|p| {
            p.always_if == Some(Always::Any)
                || p.always_if == Some(Always::HumanUsers)
                || joined == Some(p.id.as_str())
        });
        found.extend(always);
        let mut at = 0;
        while let Some(next) = found.get(at).copied() {
            for id in &next.requires {
                let required = self.packs.iter().find(|p| p.id == *id);
                let new = required.filter(|r| !found.iter().any(|f| f.id == r.id));
                found.extend(new);
            }
            at += 1;
        }
        found
    }

    fn scope(&self, pack: &'a Capability, joined: Option<&str>) -> Scope<'a> {
        let packs = self.closure(pack, joined);
        let components = packs
            .iter()
            .flat_map(|p| &p.components)
            .map(|c| c.id.as_str());
        let components: BTreeSet<&str> = components.collect();
        let actors = packs.iter().flat_map(|p| &p.actors).map(|a| a.id.as_str());
        let actors: BTreeSet<&str> = actors.collect();
        let externals = packs
            .iter()
            .flat_map(|p| &p.externals)
            .map(|e| e.id.as_str());
        let entities = packs.iter().flat_map(|p| &p.entities);
        let events = packs
            .iter()
            .flat_map(|p| &p.events)
            .map(|e| e.name.as_str());
        Scope {
            parts: components
                .iter()
                .chain(&actors)
                .copied()
                .chain(externals)
                .collect(),
            components,
            actors,
            entities: entities.map(|e| (e.name.as_str(), e)).collect(),
            events: events.collect(),
        }
    }

    fn pack(&mut self, pack: &'a Capability) {
        let scope = self.scope(pack, None);
        self.filled(pack);
        self.patterns(pack);
        self.names(pack);
        self.prose(pack);
        for id in &pack.requires {
            if !self.packs.iter().any(|p| p.id == *id) {
                self.fault(pack, format!("requires `{id}`, which does not exist"));
            }
        }
        for requirement in &pack.requirements {
            let id = &requirement.id;
            if !scope.actors.contains(requirement.actor.as_str()) {
                self.fault(
                    pack,
                    format!("requirement `{id}`: no actor `{}`", requirement.actor),
                );
            }
            if requirement.accept.is_empty() {
                self.fault(pack, format!("requirement `{id}`: no acceptance criterion"));
            }
        }
        for component in &pack.components {
            if component.does.len() < 3 {
                self.fault(
                    pack,
                    format!("component `{}`: fewer than 3 duties", component.id),
                );
            }
            for entity in &component.stores {
                if pack.entity(entity).is_none() {
                    self.fault(
                        pack,
                        format!("`{}` stores no entity `{entity}`", component.id),
                    );
                }
            }
        }
        for entity in &pack.entities {
            let writers = pack
                .components
                .iter()
                .filter(|c| c.stores.contains(&entity.name));
            if writers.count() != 1 {
                let name = &entity.name;
                self.fault(
                    pack,
                    format!("entity `{name}`: not exactly one component stores it"),
                );
            }
            self.entity(pack, entity, &scope);
        }
        self.endpoints(pack, &scope);
        self.flows(pack, &scope);
        self.threats(pack, &scope);
        self.joins(pack);
        for event in &pack.events {
            let ends = event.consumers.iter().chain([&event.producer]);
            for end in ends.filter(|end| !scope.components.contains(end.as_str())) {
                self.fault(
                    pack,
                    format!("event `{}`: no component `{end}`", event.name),
                );
            }
            self.fields(pack, &event.name, &event.payload);
        }
    }

    fn filled(&mut self, pack: &Capability) {
        let counts = [
            ("actors", pack.actors.len(), 1),
            ("requirements", pack.requirements.len(), 3),
            ("components", pack.components.len(), 1),
            ("entities", pack.entities.len(), 2),
            ("endpoints", pack.endpoints.len(), 3),
            ("flows", pack.flows.len(), 1),
            ("events", pack.events.len(), 1),
            ("threats", pack.threats.len(), 2),
            ("slos", pack.slos.len(), 1),
            ("metrics", pack.metrics.len(), 2),
            ("tests", pack.tests.len(), 2),
            ("runbooks", pack.runbooks.len(), 1),
            ("costs", pack.costs.len(), 1),
            ("non_goals", pack.non_goals.len(), 1),
            ("questions", pack.questions.len(), 1),
            ("lexicon", pack.lexicon.strong.len(), 2),
        ];
        for (kind, found, least) in counts {
            if found < least {
                self.fault(pack, format!("{found} {kind}, expected at least {least}"));
            }
        }
        if !(0.0..=1.0).contains(&pack.reads.value) {
            self.fault(pack, "reads is not between 0 and 1".to_owned());
        }
        if pack.effort.value <= 0.0 || pack.cpu.value <= 0.0 {
            self.fault(pack, "effort and cpu must be positive".to_owned());
        }
    }

    /// A noun of a brief names one entity of a pack, and a part that nothing uses is forgotten.
    fn names(&mut self, pack: &Capability) {
        let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
        let mut twice = Vec::new();
        for entity in &pack.entities {
            for noun in &entity.nouns {
                if let Some(first) = seen.insert(&noun.singular, &entity.name) {
                    twice.push(format!(
                        "`{}` names `{first}` and `{}`",
                        noun.singular, entity.name
                    ));
                }
            }
        }
        for message in twice {
            self.fault(pack, message);
        }
        for component in &pack.components {
            let id = component.id.as_str();
            let mut steps = pack.flows.iter().flat_map(|f| &f.steps);
            let acts = steps.any(|s| s.from == id || s.to == id);
            let mut events = pack.events.iter();
            let reacts = events.any(|e| e.producer == id || e.consumers.iter().any(|c| c == id));
            if !acts && !reacts && component.stores.is_empty() {
                self.fault(
                    pack,
                    format!("component `{id}`: no flow, event or entity uses it"),
                );
            }
        }
    }

    fn patterns(&mut self, pack: &Capability) {
        let lexicon = &pack.lexicon;
        for pattern in lexicon
            .strong
            .iter()
            .chain(&lexicon.weak)
            .chain(&lexicon.not)
        {
            if let Some(fault) = pattern_fault(pattern) {
                self.fault(pack, format!("pattern `{pattern}` {fault}"));
            }
        }
    }

    fn prose(&mut self, pack: &Capability) {
        let stories = pack
            .threats
            .iter()
            .flat_map(|t| [&t.story, &t.mitigation, &t.detection]);
        let duties = pack
            .components
            .iter()
            .flat_map(|c| c.does.iter().chain([&c.about]));
        let criteria = pack
            .requirements
            .iter()
            .flat_map(|r| r.accept.iter().chain([&r.wants]));
        let actions = pack
            .runbooks
            .iter()
            .flat_map(|r| r.actions.iter().chain(&r.checks));
        let told = pack.entities.iter().map(|e| &e.about);
        let told = told.chain(pack.endpoints.iter().map(|e| &e.does));
        let told = told.chain(pack.flows.iter().map(|f| &f.title));
        let told = told.chain(pack.tests.iter().map(|t| &t.shows));
        let told = told.chain(pack.terms.iter().map(|t| &t.meaning));
        let texts: Vec<&String> = stories
            .chain(duties)
            .chain(criteria)
            .chain(actions)
            .chain(told)
            .collect();
        // It is told of systems that lack the pack, too, which have none of its records.
        for mark in marks(&pack.about).filter(|m| !MARKS.contains(m)) {
            self.fault(pack, format!("nothing fills `{{{mark}}}`: {}", pack.about));
        }
        for text in texts {
            let lower = text.to_lowercase();
            if let Some(word) = FILLER.iter().find(|word| lower.contains(**word)) {
                self.fault(pack, format!("`{word}` says nothing: {text}"));
            }
        }
    }

    fn fields(&mut self, pack: &Capability, place: &str, fields: &[Field]) {
        let mut seen = BTreeSet::new();
        for field in fields {
            let base = field.data_type.trim_end_matches("[]");
            let base = base.split_once('(').map_or(base, |(word, _)| word);
            if !TYPES.contains(&base) {
                let data_type = &field.data_type;
                self.fault(
                    pack,
                    format!("{place}.{}: no type `{data_type}`", field.name),
                );
            }
            if !seen.insert(&field.name) {
                self.fault(pack, format!("{place}.{}: twice", field.name));
            }
        }
    }

    fn entity(&mut self, pack: &Capability, entity: &Entity, scope: &Scope<'_>) {
        let name = &entity.name;
        self.fields(pack, name, &entity.fields);
        let key = entity.fields.iter().any(|f| f.primary_key)
            || entity.rules.iter().any(|r| r.kind == RuleKind::Primary);
        if !key {
            self.fault(pack, format!("entity `{name}`: no primary key"));
        }
        if entity.only_if_named && entity.nouns.is_empty() {
            self.fault(
                pack,
                format!("entity `{name}`: only_if_named without nouns"),
            );
        }
        let is_taken = |m: String| {
            let fixed = MARKS.contains(&m.as_str()) || FACTS.contains(&m.as_str());
            fixed || decisions().iter().any(|d| d.path == m)
        };
        let mut marks = [name.clone(), format!("{name}s"), format!("a_{name}")].into_iter();
        if !entity.nouns.is_empty() && marks.any(is_taken) {
            self.fault(pack, format!("entity `{name}`: its mark is of another"));
        }
        let targets = entity.fields.iter().filter_map(|f| f.references.as_deref());
        for target in targets.filter(|target| !scope.entities.contains_key(target)) {
            self.fault(
                pack,
                format!("entity `{name}`: refers to unknown `{target}`"),
            );
        }
        for rule in &entity.rules {
            let listed = !matches!(rule.kind, RuleKind::Check | RuleKind::Exclude);
            let names = rule
                .over
                .split(',')
                .map(|n| n.trim().split(' ').next().unwrap_or(""));
            let names = names.filter(|n| listed && !n.contains('('));
            for field in names {
                if !entity.fields.iter().any(|f| f.name == field) {
                    self.fault(
                        pack,
                        format!("entity `{name}`: rule over unknown `{field}`"),
                    );
                }
            }
        }
    }

    fn endpoints(&mut self, pack: &Capability, scope: &Scope<'_>) {
        for endpoint in &pack.endpoints {
            let op = &endpoint.op;
            let known = ["GET", "POST", "PUT", "PATCH", "DELETE", "WS", "MQTT", "SSE"];
            if !known.contains(&endpoint.method()) || endpoint.path().is_empty() {
                self.fault(pack, format!("`{op}`: no method and path"));
            }
            if endpoint.method() == "GET" && endpoint.idempotency != Idempotency::Safe {
                self.fault(pack, format!("`{op}`: reads, so its idempotency is `safe`"));
            }
            if !scope.entities.contains_key(endpoint.entity.as_str()) {
                self.fault(pack, format!("`{op}`: no entity `{}`", endpoint.entity));
            }
            for actor in endpoint
                .by
                .iter()
                .filter(|a| !scope.actors.contains(a.as_str()))
            {
                self.fault(pack, format!("`{op}`: no actor `{actor}`"));
            }
            let people = matches!(endpoint.auth, AuthClass::User | AuthClass::Admin);
            if people && endpoint.by.is_empty() {
                self.fault(pack, format!("`{op}`: says not which actors may call it"));
            }
            if endpoint.errors.is_empty() {
                self.fault(pack, format!("`{op}`: no error case"));
            }
            for error in &endpoint.errors {
                if !(400..600).contains(&error.status) {
                    self.fault(pack, format!("`{op}`: {} is no error", error.status));
                }
            }
            self.fields(pack, op, &endpoint.request);
            self.fields(pack, op, &endpoint.response.fields);
        }
    }

    fn step(&mut self, pack: &Capability, flow: &str, step: &FlowStep, scope: &Scope<'_>) {
        for end in [&step.from, &step.to] {
            if !scope.parts.contains(end.as_str()) {
                self.fault(
                    pack,
                    format!("flow `{flow}`: no actor, external or component `{end}`"),
                );
            }
        }
    }

    fn flows(&mut self, pack: &Capability, scope: &Scope<'_>) {
        for flow in &pack.flows {
            for step in &flow.steps {
                self.step(pack, &flow.id, step, scope);
            }
            if flow.steps.len() < 3 || flow.errors.is_empty() {
                self.fault(
                    pack,
                    format!("flow `{}`: too few steps or no error", flow.id),
                );
            }
            for error in &flow.errors {
                if error.step == 0 || error.step > flow.steps.len() {
                    self.fault(pack, format!("flow `{}`: no step {}", flow.id, error.step));
                }
            }
        }
    }

    fn threats(&mut self, pack: &Capability, scope: &Scope<'_>) {
        for threat in &pack.threats {
            let on = threat.on.as_str();
            if !scope.parts.contains(on) && !scope.entities.contains_key(on) {
                self.fault(pack, format!("threat `{}`: no element `{on}`", threat.id));
            }
            let range = 1..=4;
            if !range.contains(&threat.likelihood) || !range.contains(&threat.impact) {
                self.fault(
                    pack,
                    format!("threat `{}`: likelihood and impact are 1 to 4", threat.id),
                );
            }
        }
        let letters: BTreeSet<Stride> = pack.threats.iter().map(|t| t.stride).collect();
        if letters.len() < 2 {
            self.fault(pack, "all threats have one letter".to_owned());
        }
    }

    fn joins(&mut self, pack: &'a Capability) {
        for join in &pack.joins {
            let with = join.with.as_str();
            if !self.packs.iter().any(|p| p.id == with) {
                self.fault(pack, format!("join with unknown `{with}`"));
                continue;
            }
            let scope = self.scope(pack, Some(with));
            for JoinRelation { entity, field } in &join.relations {
                let target = field.references.as_deref().unwrap_or_default();
                if !scope.entities.contains_key(entity.as_str()) {
                    self.fault(pack, format!("join with `{with}`: no entity `{entity}`"));
                }
                if !scope.entities.contains_key(target) {
                    self.fault(pack, format!("join with `{with}`: no entity `{target}`"));
                }
                let own = scope.entities.get(entity.as_str());
                if own.is_some_and(|e| e.fields.iter().any(|f| f.name == field.name)) {
                    self.fault(
                        pack,
                        format!("join: `{entity}` has `{}` already", field.name),
                    );
                }
            }
            for added in &join.steps {
                let flows = self.closure(pack, Some(with));
                let mut flows = flows.iter().flat_map(|p| &p.flows);
                match flows.find(|f| f.id == added.flow) {
                    Some(flow) if added.after <= flow.steps.len() => {}
                    _ => self.fault(
                        pack,
                        format!("join: no step {}@{}", added.flow, added.after),
                    ),
                }
                self.step(pack, &added.flow, &added.step, &scope);
            }
            for reaction in &join.subscriptions {
                if !scope.components.contains(reaction.component.as_str()) {
                    self.fault(pack, format!("join: no component `{}`", reaction.component));
                }
                if !scope.events.contains(reaction.event.as_str()) {
                    self.fault(pack, format!("join: no event `{}`", reaction.event));
                }
            }
            if join.relations.is_empty() && join.steps.is_empty() && join.subscriptions.is_empty() {
                self.fault(pack, format!("join with `{with}` adds nothing"));
            }
        }
    }

    /// Names that must differ over all packs, so that any two combine.
    fn unique(&mut self) {
        let mut seen: BTreeMap<(&str, String), &str> = BTreeMap::new();
        let mut twice = Vec::new();
        for pack in self.packs {
            let mut names: Vec<(&str, String)> = vec![("pack", pack.id.clone())];
            let mut add = |kind, name: &str| names.push((kind, name.to_owned()));
            pack.components.iter().for_each(|c| add("component", &c.id));
            pack.entities.iter().for_each(|e| add("entity", &e.name));
            pack.endpoints
                .iter()
                .for_each(|e| add("endpoint", &shape(&e.op)));
            pack.flows.iter().for_each(|f| add("flow", &f.id));
            pack.events.iter().for_each(|e| add("event", &e.name));
            pack.threats.iter().for_each(|t| add("threat", &t.id));
            pack.slos.iter().for_each(|s| add("slo", &s.id));
            pack.metrics.iter().for_each(|m| add("metric", &m.name));
            pack.tests.iter().for_each(|t| add("test", &t.id));
            pack.runbooks.iter().for_each(|r| add("runbook", &r.id));
            for r in &pack.requirements {
                add("requirement", &format!("{}/{}", pack.id, r.id));
            }
            for j in &pack.joins {
                let (a, b) = (pack.id.as_str().min(&j.with), pack.id.as_str().max(&j.with));
                add("join", &format!("{a}+{b}"));
            }
            for name in names {
                if let Some(first) = seen.insert(name.clone(), &pack.id) {
                    let (kind, name) = name;
                    twice.push(format!("{}: {kind} `{name}` also in `{first}`", pack.id));
                }
            }
        }
        self.faults.extend(twice);
    }
}

/// Marks that every design fills; see [`Capability`].
const MARKS: [&str; 14] = [
    "a_paid",
    "a_person",
    "a_thing",
    "file_bytes",
    "file_most",
    "name",
    "paid",
    "partner",
    "parts",
    "person",
    "persons",
    "thing",
    "things",
    "verb",
];

/// Facts whose path is one word, besides those of decisions: they are filled after the names of records.
const FACTS: [&str; 3] = ["budget", "deployables", "region_tier"];

/// The marks in the file of a pack that no design of it fills.
pub fn unfilled<'t>(pack: &Capability, file: &'t str) -> Vec<&'t str> {
    // Without a word of the brief there may be no such record.
    let entities = pack.entities.iter();
    let named: Vec<&str> = (entities.filter(|e| !e.nouns.is_empty() && !e.only_if_named))
        .map(|e| e.name.as_str())
        .collect();
    let fills = |mark: &str| {
        let one = mark.strip_prefix("a_").or(mark.strip_suffix('s'));
        MARKS.contains(&mark) || named.contains(&mark) || one.is_some_and(|m| named.contains(&m))
    };
    marks(file).filter(|mark| !fills(mark)).collect()
}

/// The marks of a text; parameters of a path are none.
fn marks(text: &str) -> impl Iterator<Item = &str> {
    let mut before = "";
    text.split('{').enumerate().filter_map(move |(i, piece)| {
        let path = before.ends_with('/');
        before = piece;
        let mark = piece.split_once('}')?.0;
        (i > 0 && !path).then_some(mark)
    })
}

/// An operation with its parameters unnamed: `GET /v1/orders/{}`.
fn shape(op: &str) -> String {
    let mut inside = false;
    let keep = |c: &char| {
        let was = inside;
        inside = *c == '{' || (inside && *c != '}');
        !was || *c == '}'
    };
    op.chars().filter(keep).collect()
}
