//! What most answers need: observations and technologies as sentences.

use crate::answer::Answer;
use crate::context::Context;
use crate::text::{bullets, first_places, inline, names};
use crate::tree::{Span, Text};
use crate::words;
use groundplan_knowledge::{Category, Technology, knowledge};
use groundplan_model::{
    Dependency, DependencyScope, Element, ElementKind, Observation, Provenance, Relationship, Topic,
};
use std::collections::{BTreeMap, BTreeSet};

/// Most items of a list in a document; the rest is counted.
pub(super) const MOST: usize = 8;

/// Observations with the same name and detail as one, with the elements at which they were seen.
pub(super) struct Group<'a> {
    pub(super) name: &'a str,
    pub(super) detail: Option<&'a str>,
    pub(super) elements: Vec<&'a str>,
    pub(super) sources: Vec<&'a Provenance>,
}

/// Groups observations; the order of the first of each is kept.
pub(super) fn groups<'a>(context: &Context<'a>, all: &[&'a Observation]) -> Vec<Group<'a>> {
    let mut at: BTreeMap<(&str, Option<&str>), usize> = BTreeMap::new();
    let mut out: Vec<Group> = Vec::new();
    for o in all {
        let key = (o.name.as_str(), o.detail.as_deref());
        let position = *at.entry(key).or_insert_with(|| {
            out.push(Group {
                name: &o.name,
                detail: o.detail.as_deref(),
                elements: Vec::new(),
                sources: Vec::new(),
            });
            out.len() - 1
        });
        if let Some(group) = out.get_mut(position) {
            if let Some(element) = o.element.as_deref().map(|id| context.name_of(id))
                && !group.elements.contains(&element)
            {
                group.elements.push(element);
            }
            group.sources.push(&o.provenance);
        }
    }
    out
}

/// `` `name` in `element`: detail ``, with its source.
pub(super) fn item(group: &Group) -> Text {
    let mut text = Text::code(group.name);
    if !group.elements.is_empty() {
        text = text
            .then(" in ")
            .spans(names(group.elements.iter().copied(), 3));
    }
    let said = |d: &&str| !d.trim().is_empty() && !super::found::repeats(group.name, d.trim());
    if let Some(detail) = group.detail.filter(said) {
        text = match detail.trim().contains(' ') {
            true => text
                .then(": ")
                .spans(inline(&words::short_steps(detail, 160))),
            false => text
                .then(" (")
                .then_code(words::short(detail.trim(), 160))
                .then(")"),
        };
    }
    text.from(&first_places(group.sources.iter().copied(), 3))
}

/// Whether a health check is that of the part itself: `/health`, `/api/v4/health`, a gRPC service, but
/// not `/image/health`, which asks a neighbour.
pub(super) fn is_own_health(name: &str) -> bool {
    const ROOTS: [&str; 8] = [
        "api",
        "actuator",
        "internal",
        "admin",
        "system",
        "management",
        "manage",
        "rest",
    ];
    if !name.starts_with('/') {
        return true;
    }
    let parts: Vec<&str> = name.split('/').filter(|p| !p.is_empty()).collect();
    let version = |p: &str| {
        p.strip_prefix('v')
            .is_some_and(|n| !n.is_empty() && n.chars().all(|c| c.is_ascii_digit() || c == '.'))
    };
    let speaks = |p: &str| {
        let lower = p.to_lowercase();
        [
            "health", "ready", "live", "status", "ping", "alive", "probe",
        ]
        .iter()
        .any(|w| lower.contains(w))
    };
    let before = parts.iter().take_while(|p| !speaks(p));
    before
        .into_iter()
        .all(|p| version(p) || ROOTS.contains(&p.to_lowercase().as_str()))
}

/// `` Health is reported at `/health` by `cart` and `orders` and `/live` by `web`. ``
pub(super) fn health_text<'a>(context: &Context<'a>, all: &[&'a Observation]) -> Option<Text> {
    let mut by: BTreeMap<&str, (Vec<&str>, Vec<&Provenance>)> = BTreeMap::new();
    for o in all {
        let entry = by.entry(o.name.as_str()).or_default();
        if let Some(name) = o.element.as_deref().map(|id| context.name_of(id))
            && !entry.0.contains(&name)
        {
            entry.0.push(name);
        }
        entry.1.push(&o.provenance);
    }
    if by.is_empty() {
        return None;
    }
    // A class that reports health is no address.
    let placed = by
        .keys()
        .all(|name| name.contains(['/', '.']) || name.contains(' '));
    let mut text = Text::plain(match placed {
        true => "Health is reported at ",
        false => "Health is reported by ",
    });
    let last = by.len().saturating_sub(1);
    for (i, (name, (elements, _))) in by.iter().enumerate().take(6) {
        let joint = match i {
            0 => "",
            i if i == last => " and ",
            _ => ", ",
        };
        text = text.then(joint).then_code(*name);
        if !elements.is_empty() {
            let joint = if placed { " by " } else { " in " };
            text = text.then(joint).spans(names(elements.iter().copied(), 3));
        }
    }
    if by.len() > 6 {
        text = text.then(format!(
            " and {} more",
            words::number((by.len() - 6) as u64)
        ));
    }
    let sources = by.values().filter_map(|(_, s)| s.first().copied());
    Some(end(text.from(&first_places(sources, 3))))
}

/// Says what was seen: one sentence for one thing, a sentence and a list for several.
pub(super) fn say<'a>(
    context: &Context<'a>,
    all: &[&'a Observation],
    noun: &str,
) -> Option<Answer> {
    let groups = groups(context, all);
    match groups.as_slice() {
        [] => None,
        [one] => Some(Answer::text(end(item(one)))),
        many => {
            let mut elements: Vec<&str> = Vec::new();
            for name in many.iter().flat_map(|g| &g.elements) {
                if !elements.contains(name) {
                    elements.push(name);
                }
            }
            let mut text = Text::plain(words::capital(&words::spelled_count(many.len(), noun)));
            if elements.len() > 1 {
                text = text.then(format!(
                    " across {}",
                    words::spelled_count(elements.len(), "component")
                ));
            }
            text = text.then(":");
            let mut items: Vec<Text> = many.iter().take(MOST).map(item).collect();
            if many.len() > MOST {
                items.push(Text::plain(format!(
                    "and {} more",
                    words::number((many.len() - MOST) as u64)
                )));
            }
            Some(Answer::both(text, vec![bullets(items)]))
        }
    }
}

/// What was seen about topics, or that nothing was found, or the question.
pub(super) fn topic<'a>(
    context: &Context<'a>,
    topics: &[Topic],
    noun: &str,
    searched: &[&str],
    question: &'static str,
) -> Answer {
    let all: Vec<&Observation> = topics
        .iter()
        .flat_map(|t| context.seen(*t))
        .copied()
        .collect();
    say(context, &all, noun).unwrap_or_else(|| context.absent(noun, searched, question))
}

/// Whether a place is that of tests or of a template: what is set there is not set where it runs.
pub(super) fn of_tests(place: &Provenance) -> bool {
    const PARTS: [&str; 12] = [
        "test",
        "tests",
        "testing",
        "e2e",
        "playwright",
        "cypress",
        "spec",
        "fixtures",
        "example",
        "examples",
        "template",
        "sample",
    ];
    let Some(at) = place.first() else {
        return false;
    };
    let lower = at.path.to_lowercase();
    let mut parts = lower.split(['/', '.', '-', '_']);
    parts.any(|part| PARTS.contains(&part))
}

/// Whether a place is an example that users copy, or the server of developers: what is set there holds
/// nowhere by itself.
pub(super) fn is_aside(place: &Provenance) -> bool {
    let Some(at) = place.first() else {
        return false;
    };
    let lower = at.path.to_lowercase();
    let (folders, name) = lower.rsplit_once('/').unwrap_or(("", &lower));
    let word = |w: &str| matches!(w, "contrib" | "example" | "examples" | "sample" | "samples");
    let tools = ["vite.", "webpack.", "next.", "vue.", "playwright."];
    folders
        .split('/')
        .any(|f| f.split(['_', '-', '.']).any(word))
        || name.split(['.', '-', '_']).any(word)
        || name.contains(".config.") && tools.iter().any(|t| name.starts_with(t))
        || name.contains("devserver")
}

/// Whether a file, by its name in lower case, holds the tasks of those who build the system.
pub(crate) fn is_task_file(name: &str) -> bool {
    const FILES: [&str; 6] = [
        "gruntfile.js",
        "gulpfile.js",
        "jakefile.js",
        "magefile.go",
        "makefile",
        "rakefile",
    ];
    FILES.contains(&name)
}

/// How many parts are told of at the begin of a sentence: what was read of a system need not be all of it.
pub(super) fn among(c: &Context, n: usize, noun: &str) -> String {
    let n = words::spelled_count(n, noun);
    match c.designed() {
        true => words::capital(&n),
        false => format!("Among the parts told here, {n}"),
    }
}

/// `` `STRIPE_KEY` is set `` of a connection that is described as `calls when STRIPE_KEY is set`.
pub(super) fn when(r: &Relationship) -> Option<&str> {
    r.description.strip_prefix(r.verb())?.strip_prefix(" when ")
}

/// On what a connection depends, as its description ends: `when STRIPE_KEY is set`, `in development`, `in the variant
/// compose.redis.yml`.
pub(super) fn depends(r: &Relationship) -> Option<&str> {
    let said = r.description.strip_prefix(r.verb())?;
    let marks = [" when ", " in development", " in the variant "];
    let at = marks.iter().filter_map(|mark| said.find(mark)).min()?;
    said.get(at + 1..)
}

/// On what connections depend that all depend on the same.
pub(super) fn depend<'a>(all: impl IntoIterator<Item = &'a Relationship>) -> Option<&'a str> {
    let mut all = all.into_iter();
    let first = depends(all.next()?)?;
    all.all(|r| depends(r) == Some(first)).then_some(first)
}

/// A text with what holds for it behind it: names of variables and of files are code.
pub(super) fn if_depends(text: Text, condition: Option<&str>) -> Text {
    let Some(condition) = condition else {
        return text;
    };
    let is_name = |w: &str| {
        let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
        w.contains('_') && w.bytes().all(plain) || w.ends_with(".yml") || w.ends_with(".yaml")
    };
    (condition.split(' ')).fold(text, |text, word| match is_name(word) {
        true => text.then(" ").then_code(word),
        false => text.then(format!(" {word}")),
    })
}

/// A sentence that ends with a period.
pub(super) fn end(mut text: Text) -> Text {
    let done = match text.spans.last() {
        Some(Span::Plain(t)) => t.trim_end().ends_with(['.', '!', '?', '…']),
        _ => false,
    };
    if !done {
        text.spans.push(Span::Plain(".".to_owned()));
    }
    text
}

/// The use of a technology.
pub(super) struct Use<'a> {
    pub(super) name: &'a str,
    pub(super) about: Option<&'static str>,
    /// Names of the elements that use it.
    pub(super) elements: Vec<&'a str>,
    pub(super) sources: Vec<&'a Provenance>,
    /// Version as in the manifest or image, if all uses agree.
    pub(super) version: Option<&'a str>,
    /// Packages that are only of its family, where none of its own name was met.
    pub(super) packages: BTreeSet<&'a str>,
    /// Whether a package of its own name, or a container of it, was met.
    pub(super) own: bool,
}

/// Technologies that manifests and elements name, most used first; `wanted` chooses by category.
pub(super) fn uses<'a>(
    context: &Context<'a>,
    wanted: impl Fn(Option<Category>, Option<DependencyScope>) -> bool,
) -> Vec<Use<'a>> {
    let mut found: BTreeMap<&'a str, Use<'a>> = BTreeMap::new();
    let mut users: BTreeSet<(&'a str, &'a str)> = BTreeSet::new();
    let mut manifests: BTreeSet<(&'a str, Option<&'a str>)> = BTreeSet::new();
    let mut add = |name: &'a str,
                   element: Option<&'a Element>,
                   source: &'a Provenance,
                   version: &'a str,
                   scope: Option<DependencyScope>,
                   package: Option<&'a str>| {
        let technology = knowledge().by_name(name);
        let category = technology.map(|t| t.category);
        // A product has one name, whatever a part calls it.
        let name = technology.map_or(name, |t| t.name.as_str());
        // A sentence about parts cites what belongs to them, not a manifest elsewhere; and where a
        // manifest of a part says it, the place where the part begins adds nothing.
        let placed = manifests.contains(&(name, None));
        let known = package.is_none()
            && element.is_some_and(|e| manifests.contains(&(name, Some(e.name.as_str()))));
        // A component is written in what the manifest of its part names.
        let inner = placed && element.is_some_and(|e| e.kind == ElementKind::Component);
        if !wanted(category, scope) || element.is_none() && placed || known || inner {
            return;
        }
        if let Some(element) = element.filter(|_| package.is_some()) {
            manifests.extend([(name, None), (name, Some(element.name.as_str()))]);
        }
        let entry = found.entry(name).or_insert_with(|| Use {
            name,
            about: technology.map(|t| t.about.as_str()),
            elements: Vec::new(),
            sources: Vec::new(),
            version: Some(version),
            packages: BTreeSet::new(),
            own: false,
        });
        let of_family = package
            .zip(technology)
            .filter(|(package, t)| !super::packages::is_own(package, t));
        match of_family {
            Some((package, _)) => {
                entry.packages.insert(package);
            }
            None => entry.own |= package.is_some(),
        }
        if entry.version != Some(version) {
            entry.version = None;
        }
        // One place of each part comes before further places of one.
        match element.filter(|e| users.insert((name, &e.name))) {
            Some(element) => {
                entry.sources.insert(entry.elements.len(), source);
                entry.elements.push(&element.name);
            }
            None => entry.sources.push(source),
        }
    };
    // Where the package of a product's own name is there, it is the one to cite: beside it stand
    // plug-ins, which have versions of their own.
    let is_main = |d: &Dependency| {
        let plain = |t: &str| t.to_lowercase().replace(['.', '-', ' ', '_'], "");
        let product = d.technology.as_deref().unwrap_or_default();
        d.technology.is_some()
            && d.scope == DependencyScope::Runtime
            && (plain(&d.name) == plain(product) || plain(product) == plain(&d.name) + "js")
    };
    let mains: BTreeSet<(Option<&str>, Option<&str>)> = context
        .blueprint
        .dependencies
        .iter()
        .filter(|d| is_main(d))
        .map(|d| (d.technology.as_deref(), d.element.as_deref()))
        .collect();
    let (placed, loose): (Vec<&Dependency>, Vec<&Dependency>) =
        context.blueprint.dependencies.iter().partition(|d| {
            d.element
                .as_deref()
                .is_some_and(|id| context.element(id).is_some())
        });
    let bundled = bundled(context);
    let of_manifest = |d: &'a Dependency| {
        let name = d.technology.as_deref()?;
        if mains.contains(&(Some(name), d.element.as_deref())) && !is_main(d) {
            return None;
        }
        let element = d.element.as_deref().and_then(|id| context.element(id));
        let package = Some(d.name.as_str());
        // What such a page shows and keeps is part of it; what checks and builds it is not.
        let shown = |t: &Technology| {
            matches!(
                t.category,
                Category::StateManagement | Category::UiFramework | Category::UiLibrary
            )
        };
        let inside = d.ecosystem == "npm"
            && d.element.as_deref().is_some_and(|e| bundled.contains(e))
            && knowledge().by_name(name).is_some_and(shown);
        let scope = match d.scope {
            DependencyScope::Development if inside => DependencyScope::Runtime,
            scope => scope,
        };
        Some((
            name,
            element,
            &d.provenance,
            &*d.version,
            Some(scope),
            package,
        ))
    };
    let of_element = |e: &'a Element| {
        let version = e
            .attribute("image-version")
            .map_or("", |a| a.value.as_str());
        let one = move |name: &'a String| (&**name, Some(e), &e.provenance, version, None, None);
        e.technology.iter().map(one)
    };
    let known: Vec<_> = placed.into_iter().filter_map(&of_manifest).collect();
    let more = context.blueprint.elements.iter().flat_map(of_element);
    let rest: Vec<_> = loose.into_iter().filter_map(of_manifest).collect();
    for (name, element, source, version, scope, package) in
        known.into_iter().chain(more).chain(rest)
    {
        add(name, element, source, version, scope, package);
    }
    let mut all: Vec<Use> = found.into_values().collect();
    all.sort_by_key(|u| std::cmp::Reverse(u.elements.len()));
    all
}

/// Parts whose manifest names even the framework of their pages among what development needs: all that a page is made
/// of is built into it, so that such a list tells nothing of what runs.
fn bundled<'a>(context: &Context<'a>) -> BTreeSet<&'a str> {
    let frameworks = context.blueprint.dependencies.iter().filter(|d| {
        let known = d.technology.as_deref().and_then(|t| knowledge().by_name(t));
        d.ecosystem == "npm" && known.is_some_and(|t| t.category == Category::UiFramework)
    });
    let (aside, at_work): (Vec<&Dependency>, Vec<&Dependency>) =
        frameworks.partition(|d| d.scope == DependencyScope::Development);
    let parts = |all: Vec<&'a Dependency>| -> BTreeSet<&'a str> {
        all.into_iter()
            .filter_map(|d| d.element.as_deref())
            .collect()
    };
    let at_work = parts(at_work);
    let mut parts = parts(aside);
    parts.retain(|part| !at_work.contains(part));
    parts
}

/// Technologies of these categories.
pub(super) fn uses_of<'a>(context: &Context<'a>, categories: &[Category]) -> Vec<Use<'a>> {
    uses(context, |c, _| c.is_some_and(|c| categories.contains(&c)))
}

/// Both answers, one after the other; what one of them does not say is left out.
pub(super) fn joined(first: Answer, second: Answer) -> Answer {
    match (first, second) {
        (
            Answer::Said { text, mut blocks },
            Answer::Said {
                text: more,
                blocks: below,
            },
        ) => {
            if !more.is_empty() {
                blocks.push(crate::tree::Block::Paragraph(more));
            }
            blocks.extend(below);
            Answer::Said { text, blocks }
        }
        (said @ Answer::Said { .. }, _) => said,
        (_, said @ Answer::Said { .. }) => said,
        (first, _) => first,
    }
}

/// A statement of the constraints (`team`, `budget`, `scale` …).
pub(super) fn constraint<'a>(context: &Context<'a>, key: &str) -> Option<Text> {
    let all = &context.blueprint.system.constraints;
    let (_, statement) = all.iter().find(|(k, _)| k == key)?;
    Some(crate::text::stated(statement))
}

/// A constraint or the question.
pub(super) fn constraint_or(context: &Context, key: &str, question: &'static str) -> Answer {
    constraint(context, key).map_or(Answer::Gap(question), Answer::text)
}
