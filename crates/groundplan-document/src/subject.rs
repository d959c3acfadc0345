//! What an answer is about, and for what sections repeat.

use crate::answers::schemas::has_form;
use crate::context::Context;
use crate::outline::Repeat;
use crate::text::{name, plain_cell};
use crate::tree::{Block, Span, Text};
use groundplan_model::{
    Decision, Element, Entity, EntityKind, Flow, Interface, Milestone, Operation, Relationship,
};
use std::collections::{BTreeMap, BTreeSet};

/// What an answer is about.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Subject<'a> {
    /// The whole system.
    System,
    /// A container, or a system outside.
    Element(&'a Element),
    /// An entity.
    Entity(&'a Entity),
    /// An interface.
    Interface(&'a Interface),
    /// An operation of an interface.
    Operation(&'a Interface, &'a Operation),
    /// A connection inside the system for which no contract was found.
    Connection(&'a Relationship),
    /// A flow.
    Flow(&'a Flow),
    /// A decision.
    Decision(&'a Decision),
    /// A phase of the roadmap.
    Milestone(&'a Milestone),
    /// The operations about one thing: the name of the thing.
    Resource(&'a str),
}

impl<'a> Subject<'a> {
    /// Where it lies, which tells it from all others of the same blueprint: its kind is told by
    /// its place, but for the thing of a resource, whose name lies in what it is the name of.
    pub(crate) fn place(self) -> [usize; 2] {
        fn at<T: ?Sized>(of: &T) -> usize {
            std::ptr::from_ref(of).cast::<u8>().addr()
        }
        match self {
            Subject::System => [0, 0],
            Subject::Element(e) => [at(e), 0],
            Subject::Entity(e) => [at(e), 0],
            Subject::Interface(i) => [at(i), 0],
            Subject::Operation(i, o) => [at(i), at(o)],
            Subject::Connection(r) => [at(r), 0],
            Subject::Flow(f) => [at(f), 0],
            Subject::Decision(d) => [at(d), 0],
            Subject::Milestone(m) => [at(m), 0],
            Subject::Resource(name) => [at(name), 1 + name.len()],
        }
    }

    /// The name that stands in a heading.
    pub(crate) fn heading(self, context: &Context<'a>) -> String {
        match self {
            Subject::System => context.blueprint.system.name.clone(),
            Subject::Element(e) => e.name.clone(),
            Subject::Entity(e) => e.name.clone(),
            Subject::Interface(i) => i.name.clone(),
            Subject::Operation(_, o) => o.id.clone(),
            Subject::Connection(r) => {
                format!("{} → {}", context.name_of(&r.from), context.name_of(&r.to))
            }
            Subject::Flow(f) => f.title.clone(),
            Subject::Decision(d) => d.title.clone(),
            Subject::Milestone(m) => m.name.clone(),
            Subject::Resource(r) => r.to_owned(),
        }
    }
}

/// The subjects for which a section repeats below `above`, heaviest first.
pub(crate) fn subjects<'a>(
    context: &Context<'a>,
    repeat: Repeat,
    above: Subject<'a>,
) -> Vec<Subject<'a>> {
    let blueprint = context.blueprint;
    match (repeat, above) {
        (Repeat::Component, _) => context
            .containers
            .iter()
            .map(|e| Subject::Element(e))
            .collect(),
        (Repeat::Entity, _) => {
            let others = context.other_entities.iter();
            context
                .entities
                .iter()
                .chain(others)
                .map(|e| Subject::Entity(e))
                .collect()
        }
        (Repeat::Interface, _) => context
            .primary
            .iter()
            .map(|i| Subject::Interface(i))
            .collect(),
        (Repeat::Schema, _) => {
            // Of which only the name is known, nothing can be shown.
            let with = blueprint
                .interfaces
                .iter()
                .filter(|i| i.schemas.iter().any(has_form));
            with.map(Subject::Interface).collect()
        }
        // Those of which something is known come first: only they may get a section.
        (Repeat::Operation, Subject::Interface(i)) => {
            let (known, route): (Vec<_>, Vec<_>) = i.operations.iter().partition(|o| says(o));
            let all = known.into_iter().chain(route);
            all.map(|o| Subject::Operation(i, o)).collect()
        }
        (Repeat::Operation, _) => Vec::new(),
        (Repeat::Endpoint, _) => {
            let operations = context
                .internal
                .iter()
                .flat_map(|i| i.operations.iter().map(|o| Subject::Operation(i, o)));
            operations
                .chain(context.uncontracted.iter().map(|r| Subject::Connection(r)))
                .collect()
        }
        // Without an order of steps there is still what each part calls.
        (Repeat::Flow, _) if blueprint.flows.is_empty() => crate::answers::calling(context, 4)
            .into_iter()
            .map(Subject::Element)
            .collect(),
        (Repeat::Flow, _) => blueprint.flows.iter().map(Subject::Flow).collect(),
        (Repeat::Decision, _) => blueprint.decisions.iter().map(Subject::Decision).collect(),
        (Repeat::Phase, _) => blueprint.roadmap.iter().map(Subject::Milestone).collect(),
        (Repeat::ExternalService, _) => context
            .externals
            .iter()
            .map(|e| Subject::Element(e))
            .collect(),
        (Repeat::Resource, _) => {
            // `Settings` of a contract and `settings` in a path of code are one.
            let mut groups: BTreeMap<String, (&str, usize)> = BTreeMap::new();
            for (_, operation) in context.primary_operations() {
                let name = resource(operation);
                groups.entry(folded(name)).or_insert((name, 0)).1 += 1;
            }
            let mut groups: Vec<(&str, usize)> = groups.into_values().collect();
            groups.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
            groups
                .into_iter()
                .map(|(name, _)| Subject::Resource(name))
                .collect()
        }
    }
}

/// Whether more is known of an operation than its route.
pub(crate) fn says(o: &Operation) -> bool {
    o.summary.is_some()
        || o.request.is_some()
        || !o.responses.is_empty()
        || !o.security.is_empty()
        || o.parameters
            .iter()
            .any(|p| p.place != "path" || p.data_type.is_some())
}

/// A name of a resource as others write it: in any case, in one or many.
fn folded(name: &str) -> String {
    let lower = name.to_lowercase();
    match lower.strip_suffix('s') {
        Some(one) if one.len() > 2 && !one.ends_with(['s', 'u', 'i']) => one.to_owned(),
        _ => lower,
    }
}

/// Whether an operation is about a resource, however either writes it.
pub(crate) fn is_about(operation: &Operation, name: &str) -> bool {
    folded(resource(operation)) == folded(name)
}

/// The group of an operation of GraphQL, which has no path.
fn graphql_group(operation: &Operation) -> Option<&'static str> {
    Some(match operation.method.as_str() {
        "QUERY" => "queries",
        "MUTATION" => "mutations",
        "SUBSCRIPTION" => "subscriptions",
        _ => return None,
    })
}

/// The thing that an operation is about: its tag, else the first fixed part of its path that is no
/// version, else its own name.
pub(crate) fn resource(operation: &Operation) -> &str {
    if let Some(tag) = operation.tag.as_deref().filter(|t| !t.trim().is_empty()) {
        return tag;
    }
    if let Some(group) = graphql_group(operation) {
        return group;
    }
    let version = |part: &str| {
        let digits = part.strip_prefix('v').unwrap_or("");
        matches!(part, "api" | "…")
            || !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit())
    };
    let mut parts = operation.path.split('/').filter(|p| !p.is_empty());
    parts
        .find(|p| !p.starts_with('{') && !version(p))
        .unwrap_or(if operation.path.is_empty() {
            &operation.id
        } else {
            &operation.path
        })
}

/// Subjects with those first that get the `room` sections there are.
///
/// Of many operations these are of as many resources as there is room for, those with the most
/// operations first, and of each the one of which most is known; they keep their order.
pub(crate) fn spread<'a>(all: Vec<Subject<'a>>, room: usize) -> Vec<Subject<'a>> {
    let listed: Vec<&Operation> = operations(&all).collect();
    // Operations stand before what else gets sections beside them.
    if listed.len() <= room {
        return all;
    }
    let shared = shared_parts(&listed);
    let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (i, o) in listed.iter().enumerate().filter(|(_, o)| says(o)) {
        groups.entry(group_of(o, shared)).or_default().push(i);
    }
    let mut turns: Vec<(usize, std::cmp::Reverse<usize>, usize)> = Vec::new();
    for of in groups.values_mut() {
        let known = |i: &usize| listed.get(*i).map_or(0, |o| known_of(o));
        of.sort_by_key(|i| (std::cmp::Reverse(known(i)), *i));
        let size = std::cmp::Reverse(of.len());
        turns.extend(of.iter().enumerate().map(|(turn, i)| (turn, size, *i)));
    }
    turns.sort_unstable();
    let chosen: BTreeSet<usize> = turns.iter().take(room).map(|(.., i)| *i).collect();
    let (first, others): (Vec<_>, Vec<_>) =
        (all.into_iter().enumerate()).partition(|(i, _)| chosen.contains(i));
    first.into_iter().chain(others).map(|(_, s)| s).collect()
}

/// How much is known of an operation: a body and a description tell more than one more answer.
fn known_of(o: &Operation) -> usize {
    let told = usize::from(o.request.is_some()) + usize::from(o.summary.is_some());
    2 * told + o.responses.len().min(4) + o.parameters.len().min(2)
}

fn operations<'s, 'a: 's>(
    subjects: &'s [Subject<'a>],
) -> impl Iterator<Item = &'a Operation> + use<'s, 'a> {
    subjects.iter().filter_map(|s| match s {
        Subject::Operation(_, o) => Some(*o),
        _ => None,
    })
}

/// The table that stands for subjects that get no section of their own.
///
/// Connections are no operations, so they get a table with columns of their own; operations beyond
/// [`MOST_ROWS`] are counted by what they are about.
pub(crate) fn rest(context: &Context, subjects: &[Subject]) -> Vec<Block> {
    let (connections, others): (Vec<Subject>, Vec<Subject>) = subjects
        .iter()
        .partition(|s| matches!(s, Subject::Connection(_)));
    let count = operations(&others).count();
    let mut blocks = match count > MOST_ROWS && count == others.len() {
        true => by_resource(context, &others),
        false if others.is_empty() => Vec::new(),
        false => plain_rest(context, &others),
    };
    if !connections.is_empty() {
        blocks.extend(connection_table(context, &connections));
    }
    blocks
}

/// More operations than this are no table that anybody reads.
const MOST_ROWS: usize = 40;

/// Operations counted by what they are about, with their methods.
fn by_resource(context: &Context, subjects: &[Subject]) -> Vec<Block> {
    let all: Vec<&Operation> = operations(subjects).collect();
    let shared = shared_parts(&all);
    let mut groups: BTreeMap<String, Vec<&Operation>> = BTreeMap::new();
    for o in &all {
        groups.entry(group_of(o, shared)).or_default().push(o);
    }
    let n = all.len();
    // What was not read is in no count.
    let open = (context.blueprint.interfaces.iter()).any(crate::answers::is_partial);
    let least = if open { "At least " } else { "" };
    let lead = match all.iter().any(|o| says(o)) {
        true => format!(
            "{least}{} have no section of their own: of each resource of which more than the routes is known the best known has one, as far as there is room. Here those that were read are counted by resource, and the blueprint lists each of them:",
            crate::words::count(n, "more operation"),
        ),
        false => format!(
            "Of {}{} no more than the route was read. They are counted by resource, and the blueprint lists each of them:",
            least.to_lowercase(),
            crate::words::count(n, "operation"),
        ),
    };
    let lead = Text::plain(lead);
    let rows = groups
        .iter()
        .map(|(name_of, of)| {
            let mut methods: BTreeMap<&str, usize> = BTreeMap::new();
            for o in of {
                *methods.entry(o.method.as_str()).or_default() += 1;
            }
            let methods: Vec<String> = methods.iter().map(|(m, n)| format!("{m} {n}")).collect();
            let first = of.first().map(|o| &o.provenance);
            vec![
                name(name_of).from_all(first),
                plain_cell(&crate::words::number(of.len() as u64)),
                plain_cell(&methods.join(", ")),
            ]
        })
        .collect();
    let columns = ["Resource", "Operations without a section", "Methods"];
    vec![
        Block::Paragraph(lead),
        Block::Table {
            columns: columns.iter().map(|c| (*c).to_owned()).collect(),
            rows,
        },
    ]
}

/// How many first parts most paths share, so that they tell nothing apart: `api`, `v1`.
fn shared_parts(all: &[&Operation]) -> usize {
    let mut shared = 0;
    while shared < 3 {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for o in all {
            let part = parts_of(o).nth(shared);
            *counts.entry(part.unwrap_or("")).or_default() += 1;
        }
        let top = counts.iter().max_by_key(|(_, n)| **n);
        match top {
            Some((part, n))
                if !part.is_empty() && !part.starts_with('{') && n * 5 > all.len() * 4 =>
            {
                shared += 1;
            }
            _ => break,
        }
    }
    shared
}

fn parts_of(o: &Operation) -> impl Iterator<Item = &str> {
    o.path.split('/').filter(|p| !p.is_empty())
}

/// The path of an operation up to the first part that tells it apart.
fn group_of(o: &Operation, shared: usize) -> String {
    if let Some(group) = graphql_group(o) {
        return group.to_owned();
    }
    // A parameter at the begin, as of a tenant, is part of the name.
    let variable = |p: &&str| p.starts_with('{');
    let begin = parts_of(o).take_while(variable).count();
    let fixed = match begin {
        0 => shared + 1,
        _ => 1,
    };
    let literal = parts_of(o)
        .skip(begin)
        .take(fixed)
        .take_while(|p| !variable(p))
        .count();
    let parts: Vec<&str> = parts_of(o).take(begin + literal).collect();
    match parts.is_empty() {
        true if o.path.is_empty() => o.id.clone(),
        true => "/".to_owned(),
        // The begin of the path was not read.
        false if parts[0].starts_with('…') => parts.join("/"),
        false => format!("/{}", parts.join("/")),
    }
}

/// Connections by both ends.
fn connection_table(context: &Context, subjects: &[Subject]) -> Vec<Block> {
    let rows: Vec<Vec<Text>> = subjects
        .iter()
        .filter_map(|s| match s {
            Subject::Connection(r) => Some(vec![
                name(context.name_of(&r.from)).from(&r.provenance),
                name(context.name_of(&r.to)),
                plain_cell(r.protocol.as_deref().unwrap_or("")),
                plain_cell(r.verb()),
            ]),
            _ => None,
        })
        .collect();
    let n = rows.len();
    vec![
        Block::Paragraph(Text::plain(format!(
            "{} between parts {} no section of {} own:",
            crate::words::count(n, "more connection"),
            crate::words::verb_for(n, "has", "have"),
            crate::words::verb_for(n, "its", "their")
        ))),
        Block::Table {
            columns: ["From", "To", "Protocol", "What"]
                .iter()
                .map(|c| (*c).to_owned())
                .collect(),
            rows,
        },
    ]
}

/// Messages of a contract that stand as one row: those of one file, so that what belongs to a format of others is told
/// apart from what the system keeps.
const TOGETHER: usize = 6;

/// The file of a message.
fn contract_of<'a>(subject: &Subject<'a>) -> Option<&'a str> {
    match subject {
        Subject::Entity(e) if e.kind == EntityKind::Message => {
            e.provenance.first().map(|at| at.path.as_str())
        }
        _ => None,
    }
}

/// Rows for the files that have many messages, and the subjects that are left.
fn by_contract<'s, 'a>(subjects: &'s [Subject<'a>]) -> (Vec<Vec<Text>>, Vec<&'s Subject<'a>>) {
    let mut files: BTreeMap<&str, Vec<&Entity>> = BTreeMap::new();
    for subject in subjects {
        if let (Some(path), Subject::Entity(e)) = (contract_of(subject), subject) {
            files.entry(path).or_default().push(e);
        }
    }
    files.retain(|_, of| of.len() >= TOGETHER);
    let rows = files.iter().map(|(path, of)| {
        let names: Vec<Span> = of.iter().map(|e| Span::Code(e.name.clone())).collect();
        let count = crate::words::count(of.len(), "message");
        let first = of.first().map(|e| &e.provenance);
        let file = path.rsplit('/').next().unwrap_or(path);
        vec![
            name(file).from_all(first),
            plain_cell(&format!("{count}: ")).spans(crate::words::list_spans(names, 5, "and")),
        ]
    });
    let rows = rows.collect();
    let left = subjects
        .iter()
        .filter(|s| contract_of(s).is_none_or(|path| !files.contains_key(path)))
        .collect();
    (rows, left)
}

fn plain_rest(context: &Context, subjects: &[Subject]) -> Vec<Block> {
    let (grouped, left) = by_contract(subjects);
    let mut rows: Vec<Vec<Text>> = Vec::new();
    for subject in left {
        rows.push(match *subject {
            Subject::Element(e) => vec![
                name(&e.name).from(&e.provenance),
                plain_cell(&e.technology.join(", ")),
            ],
            Subject::Entity(e) => vec![
                name(&e.name).from(&e.provenance),
                plain_cell(&format!(
                    "{}{}",
                    if e.partial { "at least " } else { "" },
                    crate::words::count(e.fields.len(), "field")
                )),
            ],
            // The name of a handler or of the interface says nothing of what is done.
            Subject::Operation(_, o) => vec![
                name(&o.id).from(&o.provenance),
                plain_cell(&crate::answers::what(o)),
            ],
            Subject::Interface(i) => vec![
                name(&i.name).from(&i.provenance),
                plain_cell(&format!(
                    "{}{}",
                    if crate::answers::is_partial(i) {
                        "at least "
                    } else {
                        ""
                    },
                    crate::words::count(i.operations.len(), "operation")
                )),
            ],
            Subject::Flow(f) => vec![
                plain_cell(&f.title).from(&f.provenance),
                plain_cell(&crate::words::count(f.steps.len(), "step")),
            ],
            Subject::Decision(d) => vec![
                plain_cell(&format!("{}: {}", d.id, d.title)).from(&d.provenance),
                plain_cell(d.status.word()),
            ],
            Subject::Milestone(m) => vec![
                plain_cell(&m.name).from(&m.provenance),
                plain_cell(&crate::words::count(m.deliverables.len(), "deliverable")),
            ],
            Subject::Resource(r) => {
                // What two sources tell of is one.
                let all = context.primary_operations();
                let n = crate::answers::distinct_of(all.filter(|(_, o)| is_about(o, r)));
                vec![name(r), plain_cell(&crate::words::count(n, "operation"))]
            }
            // Connections have a table of their own.
            Subject::System | Subject::Connection(_) => continue,
        });
    }
    rows.extend(grouped);
    // A column without a single value tells nothing.
    let empty = rows.iter().all(|row| {
        row.get(1)
            .is_none_or(|cell| crate::text::plain(cell).trim() == "–")
    });
    if empty {
        rows.iter_mut().for_each(|row| row.truncate(1));
    }
    let second = match subjects.first() {
        Some(Subject::Element(_)) => "Built with",
        Some(Subject::Operation(..)) => "What it does",
        Some(Subject::Decision(_)) => "State",
        _ => "Size",
    };
    vec![
        Block::Paragraph(Text::plain(format!(
            "{} more {} no section of {} own:",
            crate::words::number(subjects.len() as u64),
            crate::words::verb_for(subjects.len(), "has", "have"),
            crate::words::verb_for(subjects.len(), "its", "their")
        ))),
        Block::Table {
            columns: match empty {
                true => vec!["Name".to_owned()],
                false => vec!["Name".to_owned(), second.to_owned()],
            },
            rows,
        },
    ]
}
