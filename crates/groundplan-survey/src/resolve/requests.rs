//! Flows of requests: what the code that answers one calls, in the order in which it stands there.
//!
//! The function that answers is read from its first to its last line, and where it calls a function of its
//! own file, of the class or package that it names, or the only one of that name in its project, that one
//! in its place. What another part of the system is asked for is followed there in the same way, and what
//! is read and written of the records of the program is told. A request that stays in one part is told by
//! the components that it passes. Of conditions only that there is one is told.

use crate::extractors::record_calls;
use crate::facts::{Asked, Branch, Called, Span};
use crate::resolve::described::shape;
use crate::resolve::handlers::Handlers;
use crate::resolve::names::{plain, slug};
use crate::resolve::record_uses::{self, RecordPlace, stem};
use crate::resolve::world::World;
use groundplan_model::{
    Blueprint, CONDITIONS, CallFailure, Element, ElementKind, Entity, Evidence, Flow, IF,
    Interface, InterfaceKind, Operation, Outcome, Provenance, Relationship, RelationshipKind, Role,
    Statement, Step, StepKind,
};
use groundplan_syntax::Language;
use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

mod answers;
mod class_views;
mod failing;

use failing::Fate;

/// Flows of requests at most; of several parts as far as there are some.
const MOST: usize = 3;

/// Steps of a flow at most: what has more is no picture.
const MOST_STEPS: usize = 20;

/// A request that leads through so many functions of a part is not told; and parts behind parts that are
/// followed at most.
const MOST_FUNCTIONS: usize = 120;
const FURTHEST: usize = 2;

/// Methods that many classes have: without its type a call of one says nothing of whose it is.
const COMMON: [&str; 34] = [
    "add", "all", "apply", "build", "call", "close", "connect", "create", "delete", "do", "exec",
    "execute", "find", "format", "get", "handle", "init", "list", "log", "main", "new", "next",
    "open", "parse", "post", "put", "query", "remove", "run", "save", "send", "set", "start",
    "update",
];

/// The functions that a walk has passed, each with what becomes of an error that leaves it.
type Passed<'w> = BTreeMap<(&'w str, u32), BTreeSet<Option<Outcome>>>;

/// A step, and what becomes of its failure.
type Told<'w> = (Step, Fate<'w>);

/// A function of a file.
type Place<'w> = (&'w str, &'w Span);

struct Ways<'w> {
    world: &'w World<'w>,
    blueprint: &'w Blueprint,
    elements: BTreeMap<&'w str, &'w Element>,
    relationships: BTreeMap<&'w str, &'w Relationship>,
    /// Functions by their file.
    of_file: BTreeMap<&'w str, &'w [Span]>,
    /// Functions by project and name.
    by_name: BTreeMap<(usize, &'w str), Vec<Place<'w>>>,
    /// The same by project and the letters of the name, made when a contract of procedures asks first.
    by_letters: OnceCell<BTreeMap<(usize, String), Vec<Place<'w>>>>,
    /// What a part uses, by part and file.
    uses: BTreeMap<(&'w str, &'w str), Vec<(Act<'w>, &'w Evidence)>>,
    /// Functions by name of projects that nothing runs by itself: libraries of the same workspace.
    of_libraries: BTreeMap<&'w str, Vec<Place<'w>>>,
    /// Classes that answer, read when a route names the first.
    handlers: OnceCell<Handlers<'w>>,
    /// Which records are read and written, by file.
    records: BTreeMap<&'w str, Vec<RecordPlace<'w>>>,
    /// Of which records a class that answers says that they are its own, by file and line of the class.
    shown: BTreeMap<(&'w str, u32), RecordPlace<'w>>,
    /// Components with their folder, by part.
    components: BTreeMap<&'w str, Vec<(&'w str, &'w Element)>>,
    /// Components by their folder.
    by_folder: BTreeMap<&'w str, &'w str>,
    /// Which components import which, and those that import any.
    imports: BTreeSet<(&'w str, &'w str)>,
    importing: BTreeSet<&'w str>,
    /// The one database that each part uses.
    databases: BTreeMap<&'w str, Option<&'w str>>,
}

/// The heaviest flows of requests, those through most parts first; and what callers do when a call fails, by the
/// relationship that it goes over.
pub(super) fn flows(
    blueprint: &Blueprint,
    world: &World<'_>,
) -> (Vec<Flow>, BTreeMap<String, Vec<CallFailure>>) {
    let ways = Ways::of(blueprint, world);
    let mut found: Vec<(usize, &str, &Operation, Vec<Told<'_>>)> = Vec::new();
    let mut failures = failing::Failures::default();
    for interface in &blueprint.interfaces {
        for operation in &interface.operations {
            // What browsers ask before they ask is no request of its own.
            if operation.id.starts_with("OPTIONS ") || operation.id.starts_with("HEAD ") {
                continue;
            }
            let Some((element, uses)) = ways.reached(interface, operation, When::default()) else {
                continue;
            };
            failures.note(&operation.id, &uses);
            let steps = ways.steps(element, &uses);
            let ends = (steps.iter()).flat_map(|(s, _)| [s.from.as_str(), s.to.as_str()]);
            let parts = ends.collect::<BTreeSet<&str>>().len();
            if steps.len() > 1 && steps.len() <= MOST_STEPS {
                found.push((parts, element, operation, steps));
            }
        }
    }
    let failures = failures.all(&ways);
    found.sort_by_cached_key(|(parts, element, operation, steps)| {
        let writes = steps.iter().any(|(s, _)| s.kind == StepKind::Write);
        let weight = std::cmp::Reverse((*parts, writes, steps.len()));
        (weight, ways.flow_id(element, operation))
    });
    // One of each part first; more of a part only as far as they go other ways.
    let mut parts: BTreeSet<&str> = BTreeSet::new();
    let (mut chosen, others): (Vec<_>, Vec<_>) = found
        .into_iter()
        .partition(|(_, part, ..)| parts.insert(part));
    let mut ways_taken: BTreeSet<Vec<String>> = chosen.iter().map(|f| way(&f.3)).collect();
    chosen.extend(others.into_iter().filter(|f| ways_taken.insert(way(&f.3))));
    chosen.truncate(MOST);
    let flow = |(_, element, operation, steps)| ways.flow(element, operation, steps);
    (chosen.into_iter().map(flow).collect(), failures)
}

/// What a flow passes and does, in the order of names.
fn way(steps: &[Told<'_>]) -> Vec<String> {
    let steps = steps.iter();
    let all: BTreeSet<String> = (steps.map(|(s, _)| format!("{} {}", s.to, s.action))).collect();
    all.into_iter().collect()
}

/// Names in a sentence: `a`, `b` or `c`.
fn listed(names: impl Iterator<Item = String>, word: &str) -> String {
    let mut all: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    all.dedup();
    let last = all.pop().unwrap_or_default();
    match all.is_empty() {
        true => last,
        false => format!("{} {word} {last}", all.join(", ")),
    }
}

impl<'w> Ways<'w> {
    fn of(blueprint: &'w Blueprint, world: &'w World<'w>) -> Self {
        let (records, shown) = record_uses::places(blueprint, world);
        let mut ways = Ways {
            world,
            blueprint,
            elements: (blueprint.elements.iter())
                .map(|e| (e.id.as_str(), e))
                .collect(),
            relationships: (blueprint.relationships.iter())
                .map(|r| (r.id.as_str(), r))
                .collect(),
            of_file: BTreeMap::new(),
            by_name: BTreeMap::new(),
            by_letters: OnceCell::new(),
            uses: BTreeMap::new(),
            of_libraries: BTreeMap::new(),
            handlers: OnceCell::new(),
            records,
            shown,
            components: BTreeMap::new(),
            by_folder: BTreeMap::new(),
            imports: BTreeSet::new(),
            importing: BTreeSet::new(),
            databases: BTreeMap::new(),
        };
        let mut run: BTreeSet<usize> = BTreeSet::new();
        for element in &blueprint.elements {
            if let Some(folder) = &element.source
                && !element.is_store()
                && element.kind == ElementKind::Container
            {
                run.extend(world.project_at(folder));
            }
            if element.kind == ElementKind::Component
                && let (Some(part), Some(folder)) = (&element.parent, &element.source)
            {
                let all = ways.components.entry(part).or_default();
                all.push((folder, element));
                ways.by_folder.insert(folder, &element.id);
            }
        }
        for relationship in &blueprint.relationships {
            let to = ways.elements.get(relationship.to.as_str());
            let from = ways.elements.get(relationship.from.as_str());
            let inner = |e: Option<&&Element>| e.is_some_and(|e| e.kind == ElementKind::Component);
            if inner(from) && inner(to) {
                ways.importing.insert(&relationship.from);
                (ways.imports).insert((&relationship.from, &relationship.to));
            }
            let database = to.is_some_and(|e| e.role == Some(Role::Database));
            if database && relationship.kind != RelationshipKind::StartsAfter {
                let to = relationship.to.as_str();
                (ways.databases.entry(&relationship.from))
                    .and_modify(|known| *known = known.filter(|id| *id == to))
                    .or_insert(Some(to));
            }
        }
        for file in world.files.iter().filter(|f| !f.spans.is_empty()) {
            ways.of_file.insert(&file.path, &file.spans);
            let Some(project) = world.project_of(&file.path) else {
                continue;
            };
            // A folder of Go may be built into several programs of its module.
            let shared = world.users(&file.path);
            for span in file.spans.iter().filter(|s| !s.name.is_empty()) {
                let others = shared.iter().filter(|p| **p != project);
                for project in others.chain([&project]) {
                    let all = ways.by_name.entry((*project, &span.name)).or_default();
                    all.push((&file.path, span));
                }
                if !run.contains(&project) {
                    let all = ways.of_libraries.entry(&span.name).or_default();
                    all.push((&file.path, span));
                }
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
                        all.push((Act::Relation(relationship, operation), at));
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

    /// The relationship that a step goes over.
    fn relationship(&self, step: &Step) -> Option<&'w Relationship> {
        let id = step.relationship.as_deref()?;
        self.relationships.get(id).copied()
    }

    fn flow_id(&self, element: &str, operation: &Operation) -> String {
        let name = (self.elements.get(element)).map_or(element, |e| e.name.as_str());
        format!("request-{}", slug(&format!("{name} {}", operation.id)))
    }

    fn flow(&self, element: &str, operation: &Operation, told: Vec<Told<'w>>) -> Flow {
        let name = (self.elements.get(element)).map_or(element, |e| e.name.as_str());
        let mut errors = failing::errors(self, element, operation, &told);
        let shown = |status: &String| {
            let mark = format!("`{status}`");
            errors.iter().any(|e| e.text.contains(&mark))
        };
        let failures: Vec<String> = (operation.responses.iter())
            .filter(|r| !r.only_declared())
            .map(|r| r.status.clone())
            .filter(|status| status.starts_with(['4', '5']) && !shown(status))
            .collect();
        let others = (!failures.is_empty()).then(|| {
            let answers = listed(failures.into_iter(), "or");
            Statement {
                text: format!("`{name}` answers {answers}, at places that the steps do not show."),
                provenance: operation.provenance.clone(),
            }
        });
        errors.extend(others);
        let steps = told.into_iter().map(|(step, _)| step).collect();
        Flow {
            id: self.flow_id(element, operation),
            title: format!("{} of {name}", operation.id),
            actor: Some(format!("a request {} to {name}", operation.id)),
            steps,
            errors,
            provenance: operation.provenance.clone(),
        }
    }

    /// What happens when an operation is asked for: between parts if it goes on to others, else between the
    /// components of the one that answers.
    fn steps(&self, element: &'w str, uses: &[Use<'w>]) -> Vec<Told<'w>> {
        let steps = self.told(element, uses, 0);
        let own = |id: &str| {
            let element = self.elements.get(id);
            element.is_some_and(|e| e.kind == ElementKind::Container && !e.is_store())
        };
        let parts = (steps.iter()).flat_map(|(s, _)| [s.from.as_str(), s.to.as_str()]);
        match parts.filter(|id| own(id)).collect::<BTreeSet<&str>>().len() > 1 {
            true => steps,
            false => self.told_inside(element, uses),
        }
    }

    /// The part that answers an operation, and what its code does then; nothing where that was not followed
    /// to its end.
    fn reached(
        &self,
        interface: &'w Interface,
        operation: &'w Operation,
        when: When<'w>,
    ) -> Option<(&'w str, Vec<Use<'w>>)> {
        let element = interface.element.as_deref()?;
        let start = match interface.kind {
            InterfaceKind::Http => self.handler(operation),
            InterfaceKind::Graphql if operation.handler.is_some() => self.handler(operation),
            InterfaceKind::Grpc => self.procedure(element, operation),
            _ => None,
        };
        let when = When {
            asked: Asked::of(&operation.method),
            ..when
        };
        let mut uses = Vec::new();
        let mut seen = Passed::new();
        match start {
            Some(start) => self.walk(element, start, when, &mut seen, &mut uses),
            None => {
                let view = self.class_view(operation)?;
                self.walk_view(element, &view, when, &mut seen, &mut uses);
            }
        }
        (seen.len() < MOST_FUNCTIONS).then_some((element, uses))
    }

    /// The steps between parts, each once, with what those do that are asked.
    fn told(&self, element: &str, uses: &[Use<'w>], far: usize) -> Vec<Told<'w>> {
        let mut steps: Vec<Told<'w>> = Vec::new();
        for used in uses {
            let between = !matches!(used.act, Act::Inner(..));
            let Some(step) = self.step(element, used).filter(|_| between) else {
                continue;
            };
            let kind = step.kind;
            if !put(&mut steps, step, used.when.fate) {
                continue;
            }
            let Act::Relation(relationship, asked) = used.act else {
                continue;
            };
            match (asked.filter(|_| far < FURTHEST), kind) {
                (Some(asked), StepKind::Request) => {
                    let beyond = self.beyond(&relationship.to, asked, far, used.when);
                    steps.extend(beyond.into_iter().map(|(step, _)| (step, Fate::unknown())));
                }
                (Some(topic), StepKind::Publish) => {
                    let taken = self.taken(&relationship.to, topic);
                    steps.extend(taken.into_iter().map(|step| (step, Fate::unknown())));
                }
                _ => {}
            }
        }
        steps
    }

    /// The steps between the components of a part and what they use, each once.
    fn told_inside(&self, element: &str, uses: &[Use<'w>]) -> Vec<Told<'w>> {
        let mut steps: Vec<Told<'w>> = Vec::new();
        for used in uses {
            let Some(mut step) = self.step(element, used) else {
                continue;
            };
            // What lies beside all components is told of the part.
            if let Some(component) = self.component(element, used.path) {
                for end in [&mut step.from, &mut step.to] {
                    if end == element {
                        end.clone_from(&component.id);
                    }
                }
            }
            step.relationship = None;
            let taken = match used.act {
                Act::Relation(relationship, Some(topic)) if step.kind == StepKind::Publish => {
                    self.taken(&relationship.to, topic)
                }
                _ => Vec::new(),
            };
            if put(&mut steps, step, used.when.fate) {
                steps.extend(taken.into_iter().map(|step| (step, Fate::unknown())));
            }
        }
        steps
    }

    /// The component of a part that a file belongs to: the innermost folder.
    fn component(&self, element: &str, path: &str) -> Option<&'w Element> {
        let own = self.components.get(element).map_or(&[][..], Vec::as_slice);
        // A library stands beside the parts that it is built into.
        let parent = (self.elements.get(element)).and_then(|e| e.parent.as_deref());
        let beside = parent.and_then(|parent| self.components.get(parent));
        let all = own.iter().chain(beside.into_iter().flatten());
        let holds = |folder: &str| {
            let rest = path.strip_prefix(folder);
            rest.is_some_and(|rest| folder.is_empty() || rest.is_empty() || rest.starts_with('/'))
        };
        let found = all.filter(|(folder, _)| holds(folder));
        found
            .max_by_key(|(folder, _)| folder.len())
            .map(|(_, e)| *e)
    }

    fn step(&self, element: &str, used: &Use<'w>) -> Option<Step> {
        let when = match used.when.each {
            Some(each) => format!(", for each {each}{}", used.when.said()),
            None => used.when.said(),
        };
        let at = || Provenance::observed([used.at.clone().into_owned()]);
        match &used.act {
            Act::Relation(relationship, operation) => {
                let verb = match relationship.kind {
                    RelationshipKind::Calls => "calls",
                    RelationshipKind::Publishes => "publishes",
                    _ => relationship.kind.verb(),
                };
                Some(Step {
                    from: relationship.from.clone(),
                    to: relationship.to.clone(),
                    action: match operation {
                        Some(operation) => format!("{verb} {operation}{when}"),
                        None => format!("{verb}{when}"),
                    },
                    kind: step_kind(relationship.kind)?,
                    relationship: Some(relationship.id.clone()),
                    provenance: at(),
                })
            }
            Act::Record(entities, act) => {
                let (verb, kind) = match act {
                    RecordAct::Reads => ("reads", StepKind::Read),
                    RecordAct::Writes(verb) => (*verb, StepKind::Write),
                };
                let database = self.databases.get(element).copied().flatten();
                let first = entities.first()?;
                let store = first.store.as_deref().or(database).unwrap_or(element);
                let names = listed(entities.iter().map(|e| e.name.clone()), "and");
                Some(Step {
                    from: element.to_owned(),
                    to: store.to_owned(),
                    action: format!("{verb} {names}{when}"),
                    kind,
                    relationship: None,
                    provenance: at(),
                })
            }
            Act::Inner(to, name) => Some(Step {
                from: element.to_owned(),
                to: to.id.clone(),
                action: format!("calls `{name}`{when}"),
                kind: StepKind::Request,
                relationship: None,
                provenance: at(),
            }),
        }
    }

    /// What a part does when it is asked for an operation by another.
    fn beyond(&self, element: &str, asked: &str, far: usize, when: When<'w>) -> Vec<Told<'w>> {
        // What becomes of an error there is told where it is asked for.
        let when = When {
            fate: Fate::default(),
            ..when
        };
        let mut own =
            (self.blueprint.interfaces.iter()).filter(|i| i.element.as_deref() == Some(element));
        let found = own.find_map(|i| {
            // Caller and called name what stands in a path each in their own way.
            let of_service = asked
                .strip_prefix(&i.name)
                .and_then(|r| r.strip_prefix('.'));
            let asked = of_service.unwrap_or(asked);
            let asked = shape(asked.split('?').next().unwrap_or(asked));
            let operation = i.operations.iter().find(|o| shape(&o.id) == asked)?;
            let (element, uses) = self.reached(i, operation, when)?;
            Some(self.told(element, &uses, far + 1))
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

    /// The functions of a name in the project of a file, else in the libraries that lie beside it.
    fn named<'s>(&'s self, path: &str, name: &'s str) -> &'s [Place<'w>] {
        let own = (self.world.project_of(path)).and_then(|p| self.by_name.get(&(p, name)));
        // A library of another language is called by no name alone.
        let family = |path: &str| match Language::of(path) {
            Language::TypeScript => Language::JavaScript,
            other => other,
        };
        let same = |all: &&Vec<Place<'w>>| all.iter().all(|p| family(p.0) == family(path));
        let all = own.or_else(|| self.of_libraries.get(name).filter(same));
        all.map_or(&[], Vec::as_slice)
    }

    fn walk(
        &self,
        element: &str,
        (path, span): Place<'w>,
        outer: When<'w>,
        seen: &mut Passed<'w>,
        out: &mut Vec<Use<'w>>,
    ) {
        let again = |seen: &mut Passed<'w>| {
            let known = seen.entry((path, span.first)).or_default();
            !known.insert(outer.fate.outcome)
        };
        if seen.len() >= MOST_FUNCTIONS || again(seen) {
            return;
        }
        let within = span.first..=span.last;
        let own = self
            .uses
            .get(&(element, path))
            .map_or(&[][..], Vec::as_slice);
        let mut all: Vec<(u32, u8, Next<'w>)> = (own.iter())
            .filter(|(_, at)| within.contains(&at.lines[0]))
            .map(|(act, at)| (at.lines[0], 0, Next::Use(act.clone(), at)))
            .collect();
        // One statement may read several tables.
        let records = self.records.get(path).map_or(&[][..], Vec::as_slice);
        let same = |a: &RecordPlace<'_>, b: &RecordPlace<'_>| {
            a.at.lines == b.at.lines
                && a.writes == b.writes
                && a.keeper == b.keeper
                && a.entity.store == b.entity.store
        };
        for places in records.chunk_by(same) {
            // What another part keeps is read and written there.
            let own = |p: &&RecordPlace<'w>| p.entity.owner.as_deref().is_none_or(|o| o == element);
            if let Some(first) = places.iter().find(own)
                && within.contains(&first.at.lines[0])
                && !(first.keeper && self.is_kept_there(path, span, first))
            {
                let entities = places
                    .iter()
                    .filter(own)
                    .map(|place| place.entity)
                    .collect();
                let act = match first.writes {
                    true => RecordAct::Writes(span.verb(first.at.lines[0])),
                    false => RecordAct::Reads,
                };
                let act = Act::Record(entities, act);
                all.push((first.at.lines[0], 0, Next::Use(act, first.at)));
            }
        }
        // What stands before a handler at the border is not asked by who calls it from inside.
        let entry = seen.len() == 1;
        for called in &span.calls {
            let at_border = called.name == "canActivate" && called.line < span.first;
            if at_border && !entry {
                continue;
            }
            if let Some(place) = self.called(path, span, called) {
                all.push((called.line, 1, Next::Call(called, place)));
            }
        }
        all.sort_by_key(|(line, rank, _)| (*line, *rank));
        let component = self.component(element, path);
        for (line, _, next) in all {
            let lines = match &next {
                Next::Use(_, at) => at.lines,
                Next::Call(..) => [line, line],
            };
            let Some(when) = outer.within(path, span, lines) else {
                continue;
            };
            match next {
                Next::Use(act, at) => out.push(Use {
                    act,
                    at: Cow::Borrowed(at),
                    path,
                    when,
                }),
                Next::Call(called, place) => {
                    let to = self.component(element, place.0);
                    let before = out.len();
                    if let (Some(from), Some(to)) = (component, to)
                        && from.id != to.id
                    {
                        let hash = format!("{:016x}", called.hash);
                        let at = Evidence::new(path, line, line, hash);
                        let act = Act::Inner(to, &called.name);
                        out.push(Use {
                            act,
                            at: Cow::Owned(at),
                            path,
                            when,
                        });
                    }
                    let inside = out.len();
                    self.walk(element, place, when, seen, out);
                    // What leads to nothing that is told is no step.
                    if out.len() == inside {
                        out.truncate(before);
                    }
                }
            }
        }
    }

    /// Whether a method of what keeps records, called at a place, says itself which it reads and writes.
    fn is_kept_there(&self, path: &'w str, span: &'w Span, place: &RecordPlace<'w>) -> bool {
        let mut here = span.calls.iter().filter(|c| c.line == place.at.lines[0]);
        here.any(|called| {
            let Some((file, own)) = self.called(path, span, called) else {
                return false;
            };
            let within = |p: &RecordPlace<'_>| (own.first..=own.last).contains(&p.at.lines[0]);
            let places = self.records.get(file).map_or(&[][..], Vec::as_slice);
            file != path && places.iter().any(within)
        })
    }

    /// The function that a call names: that of the class or package before its name, else the only one of
    /// its file, else the only one of its project.
    fn called(&self, path: &'w str, from: &Span, called: &Called) -> Option<Place<'w>> {
        let name = called.name.as_str();
        let named = |name| self.named(path, name);
        let language = Language::of(path);
        // What a base of the class does stands elsewhere, and who makes an object calls none of its methods.
        if called.of == "super" && !from.class.is_empty() || matches!(name, "new" | "initialize") {
            return None;
        }
        if called.of == "new" {
            let handlers = ["handle", "Handle", "execute", "Execute", "__invoke"];
            let handler = format!("{name}Handler");
            let mut all = (handlers.iter().flat_map(|h| named(h)))
                .filter(|place| belongs(**place, &handler) || belongs(**place, name));
            return all.next().filter(|_| all.next().is_none()).copied();
        }
        // `artifact.Controller` of Go has the package before.
        let (package, of) = match called.of.rsplit_once('.') {
            Some((package, of)) => (package, of),
            None => ("", called.of.as_str()),
        };
        let inside = matches!(of, "" | "this" | "self" | "super" | "static");
        // A function of PHP that no object is named for is none of a class.
        if of.is_empty() && language == Language::Php {
            return None;
        }
        let one_type = |all: &[Place<'w>]| {
            let (first, rest) = all.split_first()?;
            let same = |p: &Place<'w>| p.0 == first.0 && p.1.class == first.1.class;
            rest.iter().all(same).then_some(*first)
        };
        let other = |place: &Place<'w>| place.0 != path || place.1.first != from.first;
        if !inside {
            let within = |p: &&Place<'w>| {
                p.0.rsplit('/').nth(1) == Some(package) && !p.1.class.is_empty() && other(p)
            };
            let packaged: Vec<Place<'w>> = match package.is_empty() {
                true => Vec::new(),
                false => named(name).iter().filter(within).copied().collect(),
            };
            let exact = |p: &&Place<'w>| belongs(**p, of);
            let owned: Vec<Place<'w>> = match packaged.is_empty() {
                true => named(name)
                    .iter()
                    .filter(|p| exact(p) && other(p))
                    .copied()
                    .collect(),
                false => packaged.iter().filter(exact).copied().collect(),
            };
            match (owned.is_empty(), packaged.is_empty()) {
                (false, _) => return one_type(&owned),
                // What carries out the interface of a package often stands beside it.
                (true, false) => return one_type(&packaged),
                (true, true) => {}
            }
        }
        // Of an object whose class is not known, a name of one word may be that of any: `auth().user()`.
        let words = name.contains('_') || name.chars().skip(1).any(char::is_uppercase);
        let typed = of.starts_with(char::is_uppercase);
        let of_classes = matches!(
            language,
            Language::Java
                | Language::Kotlin
                | Language::CSharp
                | Language::Php
                | Language::Ruby
                | Language::Elixir
        );
        let fits = |s: &Span| match (inside, typed) {
            (true, _) => s.class.is_empty() || s.class == from.class,
            // What a file named after a class does is done by that class.
            (_, true) if s.class.is_empty() && of_classes => may_be(stem(path), of),
            (_, true) if s.class.is_empty() && language == Language::Rust => false,
            (_, true) => may_be(&s.class, of),
            (_, false) => words && !of_classes,
        };
        let here = |s: &&'w Span| s.name == name && s.first != from.first && fits(s);
        let mut own = self.of_file.get(path)?.iter().filter(here);
        if let Some(first) = own.next() {
            let mut all = own.clone();
            if !all.all(|s| s.class == first.class) {
                return None;
            }
            // Of several forms of one function the longest does the work.
            let longer = |a: &'w Span, b: &'w Span| {
                if b.last - b.first > a.last - a.first {
                    b
                } else {
                    a
                }
            };
            return Some((path, own.fold(first, longer)));
        }
        // What mappers of records are asked for is told of the records.
        let of_mappers = !inside && !typed && record_calls::is_call(name);
        if COMMON.contains(&name.to_ascii_lowercase().as_str()) || !words || of_mappers {
            return None;
        }
        let [only] = named(name) else {
            return None;
        };
        let class = match only.1.class.is_empty() && of_classes {
            true => stem(only.0),
            false => &only.1.class,
        };
        // A function that stands alone in its file is no method of a type of Rust.
        if typed && language == Language::Rust && class.is_empty() {
            return None;
        }
        // A variable whose class is not known may hold an object of a class that is called like it.
        if !inside && !typed && of_classes && !plain(class).contains(&plain(of)) {
            return None;
        }
        (only.0 != path && may_be(class, of) && (typed || self.reaches(path, only.0)))
            .then_some(*only)
    }

    /// Whether code of one file may mean a function of another by its name alone: where components say
    /// which others they import, only of these.
    fn reaches(&self, from: &str, to: &str) -> bool {
        let controller = |path: &str| {
            let name = path.rsplit('/').next().unwrap_or(path);
            name.to_ascii_lowercase().contains("controller")
        };
        // What answers requests is called by what asks, or by its like.
        if controller(to) && !controller(from) {
            return false;
        }
        let (from, to) = (self.innermost(from), self.innermost(to));
        match (from, to) {
            (Some(from), Some(to)) if from != to => {
                !self.importing.contains(from) || self.imports.contains(&(from, to))
            }
            _ => true,
        }
    }

    /// The component that a file belongs to, of whatever part.
    fn innermost(&self, path: &str) -> Option<&'w str> {
        let mut folder = path;
        while let Some((above, _)) = folder.rsplit_once('/') {
            if let Some(id) = self.by_folder.get(above) {
                return Some(id);
            }
            folder = above;
        }
        None
    }
}

/// Whether what is called by the name of a type or variable may be of a class: an interface and what carries
/// it out share a word (`Store` and `SqlStore`).
fn may_be(class: &str, of: &str) -> bool {
    let (class, wanted) = (plain(class), plain(of));
    let is_type = of.starts_with(char::is_uppercase);
    class.is_empty() || !is_type || class.contains(&wanted) || wanted.contains(&class)
}

/// Adds a step that is not told yet; whether it was. Of what is done twice the failure that ends more counts.
fn put<'w>(steps: &mut Vec<Told<'w>>, step: Step, fate: Fate<'w>) -> bool {
    let known = |s: &Step| s.from == step.from && s.to == step.to && s.action == step.action;
    match steps.iter_mut().find(|(s, _)| known(s)) {
        Some((_, before)) => *before = before.worse(fate),
        None => {
            steps.push((step, fate));
            return true;
        }
    }
    false
}

/// Whether a file is that of a class or package, however its language writes it: `OrderService.java`,
/// `order_service.py`, `OrderServiceImpl.java` of `OrderService`, `orders/place.go` of `orders`.
fn belongs((path, span): Place<'_>, name: &str) -> bool {
    // A method is its type's, whatever the file is called.
    if !span.class.is_empty() {
        let (class, wanted) = (plain(&span.class), plain(name));
        return class == wanted
            || class.strip_suffix("impl") == Some(&wanted)
            || class.strip_prefix("default") == Some(&wanted);
    }
    let (file, wanted) = (plain(stem(path)), plain(name));
    if wanted.is_empty() {
        return false;
    }
    // `order.service.ts` has the class `OrderService`.
    let last = path.rsplit('/').next().unwrap_or(path);
    let whole_name = plain(last.rsplit_once('.').map_or(last, |(stem, _)| stem));
    let whole = |wanted: &str| {
        file == wanted
            || whole_name == wanted
            || file.strip_suffix("impl") == Some(wanted)
            || file.strip_prefix("default") == Some(wanted)
    };
    // Interfaces of C# begin with a letter of their own.
    let rest = name
        .strip_prefix('I')
        .filter(|r| r.starts_with(char::is_uppercase));
    whole(&wanted)
        || rest.is_some_and(|rest| whole(&plain(rest)))
        || path.rsplit('/').nth(1).is_some_and(|folder| folder == name)
}

/// What is done, where, and under what condition.
struct Use<'w> {
    act: Act<'w>,
    at: Cow<'w, Evidence>,
    /// The file of the function that does it.
    path: &'w str,
    when: When<'w>,
}

/// What is done to records.
#[derive(Clone, Copy, PartialEq, Eq)]
enum RecordAct {
    Reads,
    /// With the verb that tells how.
    Writes(&'static str),
}

#[derive(Clone)]
enum Act<'w> {
    /// Another part is used, for an operation if one is known.
    Relation(&'w Relationship, Option<&'w str>),
    /// Records are read, or written.
    Record(Vec<&'w Entity>, RecordAct),
    /// A function of another component is called.
    Inner(&'w Element, &'w str),
}

/// The branches around a step, outer ones first.
#[derive(Clone, Copy, Default)]
struct When<'w> {
    holds: bool,
    otherwise: bool,
    failed: bool,
    case: bool,
    past: bool,
    /// The method that is asked for, where it is one.
    asked: Option<Asked>,
    /// The condition that holds, where it is the only one that does not stand for itself.
    asks: Option<&'w str>,
    /// What each round of the loop around it is for.
    each: Option<&'w str>,
    /// What becomes of a failure.
    fate: Fate<'w>,
}

impl<'w> When<'w> {
    /// The same at lines of a function; nothing if they are for requests of another method.
    fn within(self, path: &'w str, span: &'w Span, lines: [u32; 2]) -> Option<When<'w>> {
        let line = lines[0];
        let holding = (span.branches.iter()).filter(|(a, b, _)| (*a..=*b).contains(&line));
        let mut when = self;
        for (first, last, kind) in holding {
            if let (Branch::Asked(only), Some(asked)) = (kind, when.asked) {
                if *only != asked {
                    return None;
                }
                continue;
            }
            if let (Branch::Unasked(others), Some(asked)) = (kind, when.asked) {
                if *others == asked {
                    return None;
                }
                continue;
            }
            let condition = span.asks.iter().find(|(a, b, _)| a == first && b == last);
            let alone = !when.holds && !when.otherwise && !when.case;
            let said = condition.map(|(.., said)| said.as_str());
            when.asks = said.filter(|_| alone && *kind == Branch::If);
            when = when.and(*kind);
        }
        let mut loops = span.loops.iter().rev();
        let each = loops.find(|(a, b, _)| (*a..=*b).contains(&line));
        when.each = each.map(|(.., said)| said.as_str()).or(when.each);
        when.fate = when.fate.at(path, span, lines);
        Some(when)
    }

    fn and(mut self, branch: Branch) -> When<'w> {
        match branch {
            Branch::Asked(_) | Branch::Unasked(_) => self.holds = true,
            Branch::If => self.holds = true,
            Branch::Else => (self.otherwise, self.holds) = (true, false),
            Branch::Caught => self.failed = true,
            Branch::Case => self.case = true,
            Branch::Past => self.past = true,
        }
        self
    }

    /// The words for it, with the condition itself where it is one that is written at a glance.
    fn said(self) -> String {
        let words = self.words();
        let [.., holds, _] = CONDITIONS;
        match self.asks.filter(|_| words == holds) {
            Some(asked) => format!("{IF}{asked}`"),
            None => words.to_owned(),
        }
    }

    fn words(self) -> &'static str {
        let [failed, both, otherwise, case, holds, past] = CONDITIONS;
        match (self.failed, self.otherwise, self.holds || self.case) {
            (true, ..) => failed,
            (_, true, true) => both,
            (_, true, false) => otherwise,
            (_, false, true) if !self.holds => case,
            (_, false, true) => holds,
            (_, false, false) if self.past => past,
            (_, false, false) => "",
        }
    }
}

enum Next<'w> {
    Use(Act<'w>, &'w Evidence),
    Call(&'w Called, Place<'w>),
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
