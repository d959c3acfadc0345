//! Flows of requests: what the code that answers one calls, in the order in which it stands there.
//!
//! The function that answers is read from its first to its last line, and where it calls a function of its
//! own file, or the only one of that name in its project, that one in its place. What another part of the
//! system is asked for is followed there in the same way. Of conditions only that there is one is told.

use crate::facts::{Branch, Span};
use crate::resolve::names::{plain, slug};
use crate::resolve::world::World;
use groundplan_model::{
    Blueprint, Evidence, Flow, Interface, InterfaceKind, Operation, Provenance, Relationship,
    RelationshipKind, Statement, Step, StepKind,
};
use groundplan_syntax::Language;
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

/// Flows of requests at most; each of another part.
const MOST: usize = 3;

/// Steps of a flow at most: what has more is no picture.
const MOST_STEPS: usize = 12;

/// Functions of a part that are followed for one request at most, and parts behind parts.
const MOST_FUNCTIONS: usize = 40;
const FURTHEST: usize = 2;

/// Methods that many classes have: without its type a call of one says nothing of whose it is.
const COMMON: [&str; 34] = [
    "add", "all", "apply", "build", "call", "close", "connect", "create", "delete", "do", "exec",
    "execute", "find", "format", "get", "handle", "init", "list", "log", "main", "new", "next",
    "open", "parse", "post", "put", "query", "remove", "run", "save", "send", "set", "start",
    "update",
];

/// A function of a file.
type Place<'w> = (&'w str, &'w Span);

struct Ways<'w> {
    world: &'w World<'w>,
    blueprint: &'w Blueprint,
    /// Functions by their file.
    of_file: BTreeMap<&'w str, &'w [Span]>,
    /// Functions by project and name.
    by_name: BTreeMap<(usize, &'w str), Vec<Place<'w>>>,
    /// The same by project and the letters of the name, made when a contract of procedures asks first.
    by_letters: OnceCell<BTreeMap<(usize, String), Vec<Place<'w>>>>,
    /// What a part uses, by part and file.
    uses: BTreeMap<(&'w str, &'w str), Vec<Use<'w>>>,
}

/// The heaviest flows of requests, those through most parts first.
pub(super) fn flows(blueprint: &Blueprint, world: &World<'_>) -> Vec<Flow> {
    let ways = Ways::of(blueprint, world);
    let mut found: Vec<(usize, &str, Flow)> = Vec::new();
    for interface in &blueprint.interfaces {
        let Some(element) = interface.element.as_deref() else {
            continue;
        };
        for operation in &interface.operations {
            let steps = ways.steps(interface, operation, 0);
            let ends = steps.iter().flat_map(|s| [s.from.as_str(), s.to.as_str()]);
            let parts = ends.collect::<BTreeSet<&str>>().len();
            if steps.len() > 1 && steps.len() <= MOST_STEPS {
                let flow = flow(blueprint, element, operation, steps);
                found.push((parts, element, flow));
            }
        }
    }
    found.sort_by(|a, b| {
        let weight = |f: &(usize, &str, Flow)| std::cmp::Reverse((f.0, f.2.steps.len()));
        (weight(a), &a.2.id).cmp(&(weight(b), &b.2.id))
    });
    let mut parts: BTreeSet<&str> = BTreeSet::new();
    found.retain(|(_, part, _)| parts.len() < MOST && parts.insert(part));
    found.into_iter().map(|(.., flow)| flow).collect()
}

fn flow(blueprint: &Blueprint, element: &str, operation: &Operation, steps: Vec<Step>) -> Flow {
    let name = (blueprint.elements.iter())
        .find(|e| e.id == element)
        .map_or(element, |e| e.name.as_str());
    let failures: Vec<&str> = (operation.responses.iter())
        .map(|r| r.status.as_str())
        .filter(|status| status.starts_with(['4', '5']))
        .collect();
    let answers = failures.iter().map(|status| format!("`{status}`"));
    let answers = answers.collect::<Vec<String>>().join(" or ");
    let errors = (!failures.is_empty()).then(|| Statement {
        text: format!("`{name}` answers {answers}; which step leads there was not read."),
        provenance: operation.provenance.clone(),
    });
    Flow {
        id: format!("request-{}", slug(&format!("{name} {}", operation.id))),
        title: format!("{} of {name}", operation.id),
        actor: Some(format!("a request {} to {name}", operation.id)),
        steps,
        errors: errors.into_iter().collect(),
        provenance: operation.provenance.clone(),
    }
}

impl<'w> Ways<'w> {
    fn of(blueprint: &'w Blueprint, world: &'w World<'w>) -> Self {
        let mut ways = Ways {
            world,
            blueprint,
            of_file: BTreeMap::new(),
            by_name: BTreeMap::new(),
            by_letters: OnceCell::new(),
            uses: BTreeMap::new(),
        };
        for file in world.files.iter().filter(|f| !f.spans.is_empty()) {
            ways.of_file.insert(&file.path, &file.spans);
            let Some(project) = world.project_of(&file.path) else {
                continue;
            };
            for span in file.spans.iter().filter(|s| !s.name.is_empty()) {
                let all = ways.by_name.entry((project, &span.name)).or_default();
                all.push((&file.path, span));
            }
        }
        for relationship in &blueprint.relationships {
            if step_kind(relationship.kind).is_none() {
                continue;
            }
            let mut add = |provenance: &'w Provenance, operation: Option<&'w str>| {
                for at in &provenance.evidence {
                    if Language::of(&at.path).is_code() {
                        let key = (relationship.from.as_str(), at.path.as_str());
                        let all = ways.uses.entry(key).or_default();
                        all.push(Use {
                            relationship,
                            operation,
                            at,
                            when: When::default(),
                        });
                    }
                }
            };
            for place in &relationship.places {
                add(&place.provenance, Some(&place.operation));
            }
            if relationship.places.is_empty() {
                add(&relationship.provenance, None);
            }
        }
        ways
    }

    /// What the code of an operation does with other parts.
    fn steps(&self, interface: &'w Interface, operation: &'w Operation, far: usize) -> Vec<Step> {
        let Some(element) = interface.element.as_deref() else {
            return Vec::new();
        };
        let start = match interface.kind {
            InterfaceKind::Http => self.handler(operation),
            InterfaceKind::Grpc => self.procedure(element, operation),
            _ => None,
        };
        let Some(start) = start else {
            return Vec::new();
        };
        let mut uses = Vec::new();
        let mut seen = BTreeSet::new();
        self.walk(element, start, When::default(), &mut seen, &mut uses);
        let mut steps: Vec<Step> = Vec::new();
        for used in uses {
            let Some(step) = step(&used) else {
                continue;
            };
            if !steps
                .iter()
                .any(|s| s.to == step.to && s.action == step.action)
            {
                let kind = step.kind;
                steps.push(step);
                match (used.operation.filter(|_| far < FURTHEST), kind) {
                    (Some(asked), StepKind::Request) => {
                        steps.extend(self.beyond(&used.relationship.to, asked, far));
                    }
                    (Some(topic), StepKind::Publish) => {
                        steps.extend(self.taken(&used.relationship.to, topic));
                    }
                    _ => {}
                }
            }
        }
        steps
    }

    /// What a part does when it is asked for an operation by another.
    fn beyond(&self, element: &str, asked: &str, far: usize) -> Vec<Step> {
        let mut own =
            (self.blueprint.interfaces.iter()).filter(|i| i.element.as_deref() == Some(element));
        let found = own.find_map(|i| {
            let operation = i.operations.iter().find(|o| o.id == asked)?;
            Some(self.steps(i, operation, far + 1))
        });
        found.unwrap_or_default()
    }

    /// Those who take a message.
    fn taken(&self, broker: &str, topic: &str) -> Vec<Step> {
        let takes = |r: &&Relationship| {
            r.kind == RelationshipKind::Subscribes
                && r.to == broker
                && r.operations.iter().any(|o| o == topic)
        };
        let step = |r: &Relationship| Step {
            from: r.from.clone(),
            to: r.to.clone(),
            action: format!("consumes {topic}"),
            kind: StepKind::Consume,
            relationship: Some(r.id.clone()),
            provenance: r.at(topic).clone(),
        };
        (self.blueprint.relationships.iter())
            .filter(takes)
            .map(step)
            .collect()
    }

    /// The function that answers an operation: by its name in the file of the route or alone in its
    /// project, or what is written into the route.
    fn handler(&self, operation: &Operation) -> Option<Place<'w>> {
        let routes = operation.provenance.evidence.iter();
        for at in routes.filter(|at| Language::of(&at.path).is_code()) {
            let Some((path, spans)) = self.of_file.get_key_value(at.path.as_str()) else {
                continue;
            };
            let name = operation.handler.as_deref().unwrap_or_default();
            let name = name
                .rsplit([':', '.', '\\', '#', '@'])
                .next()
                .unwrap_or_default();
            let named = |s: &&'w Span| !name.is_empty() && s.name == name;
            // A method stands below its route, another of its name above or far below it.
            let below = spans.iter().filter(named).find(|s| s.first >= at.lines[0]);
            let written = || {
                spans
                    .iter()
                    .find(|s| s.name.is_empty() && s.first == at.lines[0])
            };
            if let Some(found) = below.or_else(|| spans.iter().find(named)).or_else(written) {
                return Some((path, found));
            }
            let project = self.world.project_of(&at.path);
            let all = project.and_then(|project| self.by_name.get(&(project, name)));
            if let Some([only]) = all.map(Vec::as_slice) {
                return Some(*only);
            }
        }
        None
    }

    /// The function that a procedure of a contract is carried out by: the only one of its name in the
    /// project of the part, however its language writes it (`PlaceOrder`, `place_order`, `placeOrder`).
    fn procedure(&self, element: &str, operation: &Operation) -> Option<Place<'w>> {
        let element = self.blueprint.elements.iter().find(|e| e.id == element)?;
        let project = self.world.project_at(element.source.as_deref()?)?;
        let name = operation.id.rsplit(['.', '/']).next().unwrap_or_default();
        let by_letters = self.by_letters.get_or_init(|| {
            let mut all: BTreeMap<(usize, String), Vec<Place<'w>>> = BTreeMap::new();
            for ((project, name), places) in &self.by_name {
                all.entry((*project, plain(name)))
                    .or_default()
                    .extend(places);
            }
            all
        });
        match by_letters.get(&(project, plain(name)))?.as_slice() {
            [only] => Some(*only),
            _ => None,
        }
    }

    fn walk(
        &self,
        element: &str,
        (path, span): Place<'w>,
        outer: When,
        seen: &mut BTreeSet<(&'w str, u32)>,
        out: &mut Vec<Use<'w>>,
    ) {
        if seen.len() >= MOST_FUNCTIONS || !seen.insert((path, span.first)) {
            return;
        }
        let within = span.first..=span.last;
        let own = self
            .uses
            .get(&(element, path))
            .map_or(&[][..], Vec::as_slice);
        let mut all: Vec<(u32, u8, Next<'w>)> = (own.iter())
            .filter(|used| within.contains(&used.at.lines[0]))
            .map(|used| (used.at.lines[0], 0, Next::Use(*used)))
            .collect();
        for (line, name) in &span.calls {
            if let Some(place) = self.called(path, span, name) {
                all.push((*line, 1, Next::Call(place)));
            }
        }
        all.sort_by_key(|(line, rank, _)| (*line, *rank));
        for (line, _, next) in all {
            let holding = (span.branches.iter()).filter(|(a, b, _)| (*a..=*b).contains(&line));
            let when = holding.fold(outer, |when, (.., kind)| when.and(*kind));
            match next {
                Next::Use(used) => out.push(Use { when, ..used }),
                Next::Call(place) => self.walk(element, place, when, seen, out),
            }
        }
    }

    /// The function that a call names: the only one of its file, else the only one of its project.
    fn called(&self, path: &'w str, from: &Span, name: &str) -> Option<Place<'w>> {
        let other = |s: &&'w Span| s.name == name && s.first != from.first;
        let mut own = self.of_file.get(path)?.iter().filter(other);
        if let Some(first) = own.next() {
            return own.next().is_none().then_some((path, first));
        }
        if COMMON.contains(&name.to_ascii_lowercase().as_str()) {
            return None;
        }
        let project = self.world.project_of(path)?;
        let all = self.by_name.get(&(project, name))?;
        match all.as_slice() {
            [only] if only.0 != path => Some(*only),
            _ => None,
        }
    }
}

/// What is used, for which operation, where, and under what condition.
#[derive(Clone, Copy)]
struct Use<'w> {
    relationship: &'w Relationship,
    operation: Option<&'w str>,
    at: &'w Evidence,
    when: When,
}

/// The branches around a step, outer ones first.
#[derive(Clone, Copy, Default)]
struct When {
    holds: bool,
    otherwise: bool,
    failed: bool,
}

impl When {
    fn and(mut self, branch: Branch) -> When {
        match branch {
            Branch::If => self.holds = true,
            Branch::Else => (self.otherwise, self.holds) = (true, false),
            Branch::Caught => self.failed = true,
        }
        self
    }

    fn words(self) -> &'static str {
        match (self.failed, self.otherwise, self.holds) {
            (true, ..) => ", after a failure",
            (_, true, true) => ", otherwise, if a condition holds",
            (_, true, false) => ", otherwise",
            (_, false, true) => ", if a condition holds",
            (_, false, false) => "",
        }
    }
}

enum Next<'w> {
    Use(Use<'w>),
    Call(Place<'w>),
}

fn step_kind(kind: RelationshipKind) -> Option<StepKind> {
    Some(match kind {
        RelationshipKind::Calls => StepKind::Request,
        RelationshipKind::Reads => StepKind::Read,
        RelationshipKind::Writes => StepKind::Write,
        RelationshipKind::Publishes => StepKind::Publish,
        _ => return None,
    })
}

fn step(used: &Use<'_>) -> Option<Step> {
    let when = used.when.words();
    let relationship = used.relationship;
    let verb = match relationship.kind {
        RelationshipKind::Calls => "calls",
        RelationshipKind::Publishes => "publishes",
        _ => relationship.kind.verb(),
    };
    Some(Step {
        from: relationship.from.clone(),
        to: relationship.to.clone(),
        action: match used.operation {
            Some(operation) => format!("{verb} {operation}{when}"),
            None => format!("{verb}{when}"),
        },
        kind: step_kind(relationship.kind)?,
        relationship: Some(relationship.id.clone()),
        provenance: Provenance::observed([used.at.clone()]),
    })
}
