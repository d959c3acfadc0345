//! Flows of requests: what the code that answers one calls, in the order in which it stands there.
//!
//! The function that answers is read from its first to its last line, and where it calls a function of its
//! own file, of the class or package that it names, or the only one of that name in its project, that one
//! in its place. What another part of the system is asked for is followed there in the same way, and what
//! is read and written of the records of the program is told. A request that stays in one part is told by
//! the components that it passes. Of conditions only that there is one is told.

use crate::facts::{Branch, Called, Span};
use crate::resolve::described::shape;
use crate::resolve::names::{plain, slug};
use crate::resolve::record_uses::{self, RecordPlace, stem};
use crate::resolve::world::World;
use groundplan_model::{
    Blueprint, Element, ElementKind, Entity, Evidence, Flow, Interface, InterfaceKind, Operation,
    Provenance, Relationship, RelationshipKind, Role, Statement, Step, StepKind,
};
use groundplan_syntax::Language;
use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

/// Flows of requests at most; of several parts as far as there are some.
const MOST: usize = 3;

/// Steps of a flow at most: what has more is no picture.
const MOST_STEPS: usize = 12;

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

/// A function of a file.
type Place<'w> = (&'w str, &'w Span);

struct Ways<'w> {
    world: &'w World<'w>,
    blueprint: &'w Blueprint,
    elements: BTreeMap<&'w str, &'w Element>,
    /// Functions by their file.
    of_file: BTreeMap<&'w str, &'w [Span]>,
    /// Functions by project and name.
    by_name: BTreeMap<(usize, &'w str), Vec<Place<'w>>>,
    /// The same by project and the letters of the name, made when a contract of procedures asks first.
    by_letters: OnceCell<BTreeMap<(usize, String), Vec<Place<'w>>>>,
    /// What a part uses, by part and file.
    uses: BTreeMap<(&'w str, &'w str), Vec<(Act<'w>, &'w Evidence)>>,
    /// Which records are read and written, by file.
    records: BTreeMap<&'w str, Vec<RecordPlace<'w>>>,
    /// Components with their folder, by part.
    components: BTreeMap<&'w str, Vec<(&'w str, &'w Element)>>,
    /// The one database that each part uses.
    databases: BTreeMap<&'w str, Option<&'w str>>,
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
            // What browsers ask before they ask is no request of its own.
            if operation.id.starts_with("OPTIONS ") || operation.id.starts_with("HEAD ") {
                continue;
            }
            let steps = ways.steps(interface, operation);
            let ends = steps.iter().flat_map(|s| [s.from.as_str(), s.to.as_str()]);
            let parts = ends.collect::<BTreeSet<&str>>().len();
            if steps.len() > 1 && steps.len() <= MOST_STEPS {
                let flow = ways.flow(element, operation, steps);
                found.push((parts, element, flow));
            }
        }
    }
    found.sort_by(|a, b| {
        let weight = |f: &(usize, &str, Flow)| {
            let writes = f.2.steps.iter().any(|s| s.kind == StepKind::Write);
            std::cmp::Reverse((f.0, writes, f.2.steps.len()))
        };
        (weight(a), &a.2.id).cmp(&(weight(b), &b.2.id))
    });
    // One of each part first; more of a part only as far as they go other ways.
    let mut parts: BTreeSet<&str> = BTreeSet::new();
    let (mut chosen, others): (Vec<_>, Vec<_>) = found
        .into_iter()
        .partition(|(_, part, _)| parts.insert(part));
    let mut ways_taken: BTreeSet<Vec<String>> = chosen.iter().map(|f| way(&f.2)).collect();
    chosen.extend(others.into_iter().filter(|f| ways_taken.insert(way(&f.2))));
    chosen.truncate(MOST);
    chosen.into_iter().map(|(.., flow)| flow).collect()
}

/// What a flow passes and does, in the order of names.
fn way(flow: &Flow) -> Vec<String> {
    let steps = flow.steps.iter();
    let all: BTreeSet<String> = steps.map(|s| format!("{} {}", s.to, s.action)).collect();
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
        let mut ways = Ways {
            world,
            blueprint,
            elements: (blueprint.elements.iter())
                .map(|e| (e.id.as_str(), e))
                .collect(),
            of_file: BTreeMap::new(),
            by_name: BTreeMap::new(),
            by_letters: OnceCell::new(),
            uses: BTreeMap::new(),
            records: record_uses::places(blueprint, world),
            components: BTreeMap::new(),
            databases: BTreeMap::new(),
        };
        for element in &blueprint.elements {
            if element.kind == ElementKind::Component
                && let (Some(part), Some(folder)) = (&element.parent, &element.source)
            {
                let all = ways.components.entry(part).or_default();
                all.push((folder, element));
            }
        }
        for relationship in &blueprint.relationships {
            let to = ways.elements.get(relationship.to.as_str());
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

    fn flow(&self, element: &str, operation: &Operation, steps: Vec<Step>) -> Flow {
        let name = (self.elements.get(element)).map_or(element, |e| e.name.as_str());
        let failures: Vec<String> = (operation.responses.iter())
            .map(|r| r.status.clone())
            .filter(|status| status.starts_with(['4', '5']))
            .collect();
        let errors = (!failures.is_empty()).then(|| {
            let answers = listed(failures.into_iter(), "or");
            Statement {
                text: format!("`{name}` answers {answers}; which step leads there was not read."),
                provenance: operation.provenance.clone(),
            }
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

    /// What happens when an operation is asked for: between parts if it goes on to others, else between the
    /// components of the one that answers.
    fn steps(&self, interface: &'w Interface, operation: &'w Operation) -> Vec<Step> {
        let Some((element, uses)) = self.reached(interface, operation, When::default()) else {
            return Vec::new();
        };
        let steps = self.told(element, &uses, 0);
        let own = |id: &str| {
            let element = self.elements.get(id);
            element.is_some_and(|e| e.kind == ElementKind::Container && !e.is_store())
        };
        let parts = steps.iter().flat_map(|s| [s.from.as_str(), s.to.as_str()]);
        match parts.filter(|id| own(id)).collect::<BTreeSet<&str>>().len() > 1 {
            true => steps,
            false => self.told_inside(element, &uses),
        }
    }

    /// The part that answers an operation, and what its code does then; nothing where that was not followed
    /// to its end.
    fn reached(
        &self,
        interface: &'w Interface,
        operation: &'w Operation,
        when: When,
    ) -> Option<(&'w str, Vec<Use<'w>>)> {
        let element = interface.element.as_deref()?;
        let start = match interface.kind {
            InterfaceKind::Http => self.handler(operation),
            InterfaceKind::Grpc => self.procedure(element, operation),
            _ => None,
        }?;
        let mut uses = Vec::new();
        let mut seen = BTreeSet::new();
        self.walk(element, start, when, &mut seen, &mut uses);
        (seen.len() < MOST_FUNCTIONS).then_some((element, uses))
    }

    /// The steps between parts, each once, with what those do that are asked.
    fn told(&self, element: &str, uses: &[Use<'w>], far: usize) -> Vec<Step> {
        let mut steps: Vec<Step> = Vec::new();
        for used in uses {
            let between = !matches!(used.act, Act::Inner(..));
            let Some(step) = self.step(element, used).filter(|_| between) else {
                continue;
            };
            let kind = step.kind;
            if !put(&mut steps, step) {
                continue;
            }
            let Act::Relation(relationship, asked) = used.act else {
                continue;
            };
            match (asked.filter(|_| far < FURTHEST), kind) {
                (Some(asked), StepKind::Request) => {
                    steps.extend(self.beyond(&relationship.to, asked, far, used.when));
                }
                (Some(topic), StepKind::Publish) => {
                    steps.extend(self.taken(&relationship.to, topic));
                }
                _ => {}
            }
        }
        steps
    }

    /// The steps between the components of a part and what they use, each once.
    fn told_inside(&self, element: &str, uses: &[Use<'w>]) -> Vec<Step> {
        let mut steps: Vec<Step> = Vec::new();
        for used in uses {
            let component = self.component(element, used.path);
            let (Some(mut step), Some(component)) = (self.step(element, used), component) else {
                continue;
            };
            for end in [&mut step.from, &mut step.to] {
                if end == element {
                    end.clone_from(&component.id);
                }
            }
            step.relationship = None;
            let taken = match used.act {
                Act::Relation(relationship, Some(topic)) if step.kind == StepKind::Publish => {
                    self.taken(&relationship.to, topic)
                }
                _ => Vec::new(),
            };
            if put(&mut steps, step) {
                steps.extend(taken);
            }
        }
        steps
    }

    /// The component of a part that a file belongs to: the innermost folder.
    fn component(&self, element: &str, path: &str) -> Option<&'w Element> {
        let all = self.components.get(element)?.iter();
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
        let when = used.when.words();
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
            Act::Record(entities, writes) => {
                let (verb, kind) = match writes {
                    true => ("writes", StepKind::Write),
                    false => ("reads", StepKind::Read),
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
    fn beyond(&self, element: &str, asked: &str, far: usize, when: When) -> Vec<Step> {
        let mut own =
            (self.blueprint.interfaces.iter()).filter(|i| i.element.as_deref() == Some(element));
        let found = own.find_map(|i| {
            // Caller and called name what stands in a path each in their own way.
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

    /// The function that answers an operation: by its name in the file of the route or alone in its
    /// project, or what is written into the route.
    fn handler(&self, operation: &Operation) -> Option<Place<'w>> {
        let routes = operation.provenance.evidence.iter();
        for at in routes.filter(|at| Language::of(&at.path).is_code()) {
            let Some((path, spans)) = self.of_file.get_key_value(at.path.as_str()) else {
                continue;
            };
            let whole = operation.handler.as_deref().unwrap_or_default();
            let mut words = whole
                .rsplit([':', '.', '\\', '#', '@'])
                .filter(|w| !w.is_empty());
            let name = words.next().unwrap_or_default();
            let class = words.next().unwrap_or_default();
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
            // `orders#show` of Rails names the controller by its path.
            let named = [class.to_owned(), format!("{class}_controller")];
            let mut owned = (all.into_iter().flatten())
                .filter(|place| !class.is_empty() && named.iter().any(|n| belongs(**place, n)));
            if let Some(place) = owned.next()
                && owned.next().is_none()
            {
                return Some(*place);
            }
        }
        None
    }

    /// The function that a procedure of a contract is carried out by: the only one of its name in the
    /// project of the part, however its language writes it (`PlaceOrder`, `place_order`, `placeOrder`).
    fn procedure(&self, element: &str, operation: &Operation) -> Option<Place<'w>> {
        let element = self.elements.get(element)?;
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
            .filter(|(_, at)| within.contains(&at.lines[0]))
            .map(|(act, at)| (at.lines[0], 0, Next::Use(act.clone(), at)))
            .collect();
        // One statement may read several tables.
        let records = self.records.get(path).map_or(&[][..], Vec::as_slice);
        let same = |a: &RecordPlace<'_>, b: &RecordPlace<'_>| {
            a.at.lines == b.at.lines && a.writes == b.writes && a.entity.store == b.entity.store
        };
        for places in records.chunk_by(same) {
            // What another part keeps is read and written there.
            let own = |p: &&RecordPlace<'w>| p.entity.owner.as_deref().is_none_or(|o| o == element);
            if let Some(first) = places.iter().find(own)
                && within.contains(&first.at.lines[0])
            {
                let entities = places
                    .iter()
                    .filter(own)
                    .map(|place| place.entity)
                    .collect();
                let act = Act::Record(entities, first.writes);
                all.push((first.at.lines[0], 0, Next::Use(act, first.at)));
            }
        }
        for called in &span.calls {
            if let Some(place) = self.called(path, span, called) {
                all.push((called.line, 1, Next::Call(called, place)));
            }
        }
        all.sort_by_key(|(line, rank, _)| (*line, *rank));
        let component = self.component(element, path);
        for (line, _, next) in all {
            let holding = (span.branches.iter()).filter(|(a, b, _)| (*a..=*b).contains(&line));
            let when = holding.fold(outer, |when, (.., kind)| when.and(*kind));
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

    /// The function that a call names: that of the class or package before its name, else the only one of
    /// its file, else the only one of its project.
    fn called(&self, path: &'w str, from: &Span, called: &Called) -> Option<Place<'w>> {
        let name = called.name.as_str();
        let project = self.world.project_of(path);
        let named = |name| project.and_then(|project| self.by_name.get(&(project, name)));
        if called.of == "new" {
            let handlers = ["handle", "Handle", "execute", "Execute", "__invoke"];
            let handler = format!("{name}Handler");
            let mut all = (handlers.iter().filter_map(|h| named(h)).flatten())
                .filter(|place| belongs(**place, &handler) || belongs(**place, name));
            return all.next().filter(|_| all.next().is_none()).copied();
        }
        if !matches!(called.of.as_str(), "" | "this" | "self" | "super") {
            let mut owned = (named(name).into_iter().flatten())
                .filter(|place| belongs(**place, &called.of) && place.1.first != from.first);
            if let Some(place) = owned.next() {
                let one = owned.all(|other| other.0 == place.0 && other.1.class == place.1.class);
                return one.then_some(*place);
            }
        }
        let inside = matches!(called.of.as_str(), "" | "this" | "self" | "super");
        let fits = |s: &Span| match inside {
            true => s.class.is_empty() || s.class == from.class,
            false => may_be(&s.class, &called.of),
        };
        let other = |s: &&'w Span| s.name == name && s.first != from.first && fits(s);
        let mut own = self.of_file.get(path)?.iter().filter(other);
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
        // Of an object whose class is not known, a name of one word may be that of any: `auth().user()`.
        let words = name.contains('_') || name.chars().skip(1).any(char::is_uppercase);
        if COMMON.contains(&name.to_ascii_lowercase().as_str()) || !called.of.is_empty() && !words {
            return None;
        }
        match named(name)?.as_slice() {
            [only] if only.0 != path && may_be(&only.1.class, &called.of) => Some(*only),
            _ => None,
        }
    }
}

/// Whether what is called by the name of a type or variable may be of a class: an interface and what carries
/// it out share a word (`Store` and `SqlStore`).
fn may_be(class: &str, of: &str) -> bool {
    let (class, wanted) = (plain(class), plain(of));
    let is_type = of.starts_with(char::is_uppercase);
    class.is_empty() || !is_type || class.contains(&wanted) || wanted.contains(&class)
}

/// Adds a step that is not told yet; whether it was.
fn put(steps: &mut Vec<Step>, step: Step) -> bool {
    let known = |s: &Step| s.from == step.from && s.to == step.to && s.action == step.action;
    let new = !steps.iter().any(known);
    if new {
        steps.push(step);
    }
    new
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
    let whole = |wanted: &str| {
        file == wanted
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
    when: When,
}

#[derive(Clone)]
enum Act<'w> {
    /// Another part is used, for an operation if one is known.
    Relation(&'w Relationship, Option<&'w str>),
    /// Records are read, or written.
    Record(Vec<&'w Entity>, bool),
    /// A function of another component is called.
    Inner(&'w Element, &'w str),
}

/// The branches around a step, outer ones first.
#[derive(Clone, Copy, Default)]
struct When {
    holds: bool,
    otherwise: bool,
    failed: bool,
    case: bool,
}

impl When {
    fn and(mut self, branch: Branch) -> When {
        match branch {
            Branch::If => self.holds = true,
            Branch::Else => (self.otherwise, self.holds) = (true, false),
            Branch::Caught => self.failed = true,
            Branch::Case => self.case = true,
        }
        self
    }

    fn words(self) -> &'static str {
        match (self.failed, self.otherwise, self.holds || self.case) {
            (true, ..) => ", after a failure",
            (_, true, true) => ", otherwise, if a condition holds",
            (_, true, false) => ", otherwise",
            (_, false, true) if !self.holds => ", in one of several cases",
            (_, false, true) => ", if a condition holds",
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
