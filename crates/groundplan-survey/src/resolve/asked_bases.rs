//! Bases by callers: where the begin of routes was not read, tests, pages and documents of the same repository
//! say the whole paths. What stands before the same routes wherever they are asked for is their base.

use crate::extractors::asked_paths::HOLE;
use crate::facts::{AskedPath, Claim};
use crate::http_paths::{self, UNREAD};
use crate::imports::is_version;
use crate::resolve::world::{World, folder_of};
use groundplan_model::{Blueprint, Evidence, Interface, InterfaceKind, Operation};
use groundplan_syntax::Language;
use std::collections::{BTreeMap, BTreeSet};

mod heads;

use heads::{Hit, decide};

/// Asked paths of one repository at most: each is held against the operations that end like it.
const MOST: usize = 20_000;
/// Comparisons of asked paths with operations at most: a tree may ask for one word very often.
const STEPS: usize = 4_000_000;
/// Operations of one interface that an asked path may fit alike, as one for each method does; more of them say
/// that it is too short to tell any.
const MOST_ALIKE: usize = 16;
/// Parts at the end of a path that an operation may have without a fixed word.
const DEEPEST: usize = 4;

/// A path that is asked for, in parts.
struct Ask<'f> {
    parts: Vec<String>,
    method: Option<&'f str>,
    open: bool,
    test: bool,
    project: Option<usize>,
    path: &'f str,
    asked: &'f AskedPath,
}

/// An operation as what is asked for may match it.
struct Served {
    interface: usize,
    place: usize,
    parts: Vec<String>,
    method: String,
    unread: bool,
    /// Whether code says it, and not a contract.
    code: bool,
    file: String,
    project: Option<usize>,
}

/// Puts what callers ask for before the operations of each router whose base was not read.
pub(crate) fn put(blueprint: &mut Blueprint, world: &World<'_>) {
    let served = served(blueprint, world);
    if !served.iter().any(|s| s.code) {
        return;
    }
    let (asks, changed) = asks(world);
    let open = served.iter().any(|s| s.code && s.unread);
    if asks.is_empty() || !open && !asks.iter().any(|ask| ask.test) {
        return;
    }
    let routes = world.facts().filter_map(|(_, fact)| match &fact.claim {
        Claim::Route(route) => route.path.as_deref(),
        _ => None,
    });
    let routes: BTreeSet<&str> = routes.collect();
    // What hands requests on below the same word may take it off.
    let routed = |head: &str| {
        let first = head.split('/').nth(1).unwrap_or_default();
        changed || routes.iter().any(|path| path.contains(first))
    };
    let hits = hits(&served, &asks, blueprint, changed || !routes.is_empty());
    let mut told: BTreeMap<usize, Vec<(String, Vec<usize>)>> = BTreeMap::new();
    let mut groups: BTreeMap<(usize, bool), Vec<usize>> = BTreeMap::new();
    for (at, one) in served.iter().enumerate().filter(|(_, s)| s.code) {
        groups
            .entry((one.interface, !one.unread))
            .or_default()
            .push(at);
    }
    for ((interface, read), group) in groups {
        let found = match read {
            false => below_unread(&served, &group, &hits, &routed),
            true => at_root(&served, &group, &hits).into_iter().collect(),
        };
        for (head, asked, all) in found {
            if apply(blueprint, &served, &all, &head) {
                told.entry(interface).or_default().push((head, asked));
            }
        }
    }
    for (interface, told) in told {
        if let Some(interface) = blueprint.interfaces.get_mut(interface) {
            tell(interface, &told, &asks);
        }
    }
}

/// A base, the asked paths that say it, and the operations that stand below it.
type Base = (String, Vec<usize>, Vec<usize>);

/// The bases of operations whose begin was not read: one for all, or one for each folder or file of routers. Where
/// something in between hands requests on, it may have put a base before them, so that only tests of the program
/// say it then.
fn below_unread(
    served: &[Served],
    group: &[usize],
    hits: &BTreeMap<usize, Vec<Hit>>,
    routed: &dyn Fn(&str) -> bool,
) -> Vec<Base> {
    let whole = |all: &[usize]| {
        let (head, asked, supported) = decide(served, all, hits, true)?;
        if routed(&head) && !by_tests(&supported, hits, &head) {
            return None;
        }
        let below = beside(served, all, &supported);
        Some((head, asked, below))
    };
    if let Some(found) = whole(group) {
        return vec![found];
    }
    let mut found = Vec::new();
    for folder in by(group, |at| folder_of(&served[at].file).to_owned()) {
        match whole(&folder) {
            Some(one) => found.push(one),
            None => {
                let files = by(&folder, |at| served[at].file.clone());
                found.extend(files.iter().filter_map(|file| whole(file)));
            }
        }
    }
    found
}

/// Whether tests of the program itself ask for all of these below a base.
fn by_tests(supported: &[usize], hits: &BTreeMap<usize, Vec<Hit>>, head: &str) -> bool {
    supported.iter().all(|at| {
        let mut all = hits.get(at).into_iter().flatten();
        all.any(|hit| hit.own && hit.head == head)
    })
}

/// The base of operations that are told at the root. What is asked there as it stands has none, and only tests of
/// the program say another: pages may ask through a proxy that takes it off, whose settings lie elsewhere.
fn at_root(served: &[Served], group: &[usize], hits: &BTreeMap<usize, Vec<Hit>>) -> Option<Base> {
    let at_root = |at: &usize| {
        hits.get(at)
            .is_some_and(|all| all.iter().any(|hit| hit.head.is_empty()))
    };
    if group.iter().any(at_root) {
        return None;
    }
    let begins = |at: &usize| {
        let first = served[*at].parts.first().map_or("", String::as_str);
        matches!(first, "api" | "rest") || is_version(first)
    };
    if group.iter().any(begins) {
        return None;
    }
    let (head, asked, supported) = decide(served, group, hits, false)?;
    let shapes = heads::shapes(served, group.iter().copied());
    let few = heads::shapes(served, supported.iter().copied()).len() * 10 < shapes.len();
    if few || !by_tests(&supported, hits, &head) {
        return None;
    }
    // Probes and pages stand beside what is mounted.
    let files: BTreeSet<&str> = supported
        .iter()
        .map(|&at| served[at].file.as_str())
        .collect();
    let asked_for: BTreeSet<usize> = supported.iter().copied().collect();
    let below = |at: &&usize| {
        asked_for.contains(*at)
            || files.contains(served[**at].file.as_str())
                && !served[**at].parts.iter().any(|p| is_aside(p))
    };
    let below: Vec<usize> = group.iter().filter(below).copied().collect();
    Some((head, asked, below))
}

/// Whether a part of a path is one of what programs serve beside their interface.
fn is_aside(part: &str) -> bool {
    const WORDS: [&str; 9] = [
        ".well-known",
        "docs",
        "favicon.ico",
        "openapi.json",
        "ping",
        "robots.txt",
        "static",
        "swagger",
        "version",
    ];
    WORDS.contains(&part) || http_paths::probe(part).is_some()
}

/// The operations of the files that some are asked for in, of those in the same folders, and of all in the folder
/// that holds these where some are asked for in half of its files.
fn beside(served: &[Served], group: &[usize], supported: &[usize]) -> Vec<usize> {
    let files: BTreeSet<&str> = supported
        .iter()
        .map(|&at| served[at].file.as_str())
        .collect();
    let mut folders = files.iter().map(|file| folder_of(file));
    let first = folders.next().unwrap_or_default();
    let common = folders.fold(first, common);
    let within = |file: &str| {
        !common.is_empty()
            && file
                .strip_prefix(common)
                .is_some_and(|rest| rest.starts_with('/'))
    };
    let all: BTreeSet<&str> = group.iter().map(|&at| served[at].file.as_str()).collect();
    let most = all.iter().filter(|file| within(file)).count() <= files.len() * 2;
    let own: BTreeSet<&str> = files.iter().map(|file| folder_of(file)).collect();
    let own = |folder: &str| !folder.is_empty() && own.contains(folder);
    let below = |file: &str| files.contains(file) || own(folder_of(file)) || most && within(file);
    let fixed = |at: usize| served[at].parts.iter().any(|part| part != HOLE);
    group
        .iter()
        .copied()
        .filter(|&at| below(&served[at].file) && fixed(at))
        .collect()
}

/// The folder that holds both.
fn common<'a>(a: &'a str, b: &str) -> &'a str {
    let same = a.split('/').zip(b.split('/')).take_while(|(x, y)| x == y);
    let length: usize = same.map(|(part, _)| part.len() + 1).sum();
    a.get(..length.saturating_sub(1)).unwrap_or_default()
}

/// The members of a group by a key.
fn by(group: &[usize], key: impl Fn(usize) -> String) -> Vec<Vec<usize>> {
    let mut all: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for &at in group {
        all.entry(key(at)).or_default().push(at);
    }
    all.into_values().collect()
}

/// Puts a base before operations; whether any has it now.
fn apply(blueprint: &mut Blueprint, served: &[Served], all: &[usize], head: &str) -> bool {
    let mut any = false;
    let mut known: BTreeMap<usize, BTreeSet<(String, String)>> = BTreeMap::new();
    let key = |o: &Operation| (o.method.clone(), o.path.clone());
    for &at in all {
        let Served {
            interface: number,
            place,
            ..
        } = served[at];
        let Some(interface) = blueprint.interfaces.get_mut(number) else {
            continue;
        };
        let known = known
            .entry(number)
            .or_insert_with(|| interface.operations.iter().map(key).collect());
        let Some(operation) = interface.operations.get_mut(place) else {
            continue;
        };
        let path = http_paths::join(head, below(&operation.path));
        if path == operation.path || !known.insert((operation.method.clone(), path.clone())) {
            continue;
        }
        operation.id = operation.id.replacen(&operation.path, &path, 1);
        operation.path = path;
        any = true;
    }
    any
}

/// A path without what stands for its begin.
fn below(path: &str) -> &str {
    let bare = path.trim_start_matches('/');
    bare.strip_prefix(UNREAD).unwrap_or(path)
}

/// Says in an interface who says what its bases are.
fn tell(interface: &mut Interface, told: &[(String, Vec<usize>)], asks: &[Ask<'_>]) {
    let mut said = Vec::new();
    for (head, asked) in told {
        let all: Vec<Evidence> = asked
            .iter()
            .take(2)
            .filter_map(|&at| asks.get(at))
            .map(evidence)
            .collect();
        let Some(first) = all.first() else { continue };
        let one = format!("`{head}` (`{}`)", first.label());
        if !said.contains(&one) {
            said.push(one);
        }
        interface.provenance = interface.provenance.clone().and(all);
    }
    let text = format!(
        "Callers in the repository ask for its operations below {}; what puts that before its routes was not read.",
        said.join(" and ")
    );
    interface.description = Some(match interface.description.take() {
        Some(before) => format!("{before} {text}"),
        None => text,
    });
    interface
        .operations
        .sort_by(|a, b| (&a.path, &a.method).cmp(&(&b.path, &b.method)));
}

fn evidence(ask: &Ask<'_>) -> Evidence {
    Evidence::new(
        ask.path,
        ask.asked.line,
        ask.asked.line,
        ask.asked.hash.clone(),
    )
}

/// All operations of HTTP with the parts of their paths.
fn served(blueprint: &Blueprint, world: &World<'_>) -> Vec<Served> {
    let mut all = Vec::new();
    for (number, interface) in blueprint.interfaces.iter().enumerate() {
        if interface.kind != InterfaceKind::Http {
            continue;
        }
        for (place, operation) in interface.operations.iter().enumerate() {
            let file = operation
                .provenance
                .first()
                .map_or("", |at| at.path.as_str());
            let bare = operation.path.trim_start_matches('/');
            let rest = bare.strip_prefix(UNREAD);
            // `…-list` is no part of a path.
            if rest.is_some_and(|rest| !rest.starts_with('/')) {
                continue;
            }
            let parts = rest.unwrap_or(bare).split('/').filter(|p| !p.is_empty());
            let parts = parts.map(|part| match part.contains('{') || part.contains(UNREAD) {
                true => HOLE.to_owned(),
                false => part.to_lowercase(),
            });
            all.push(Served {
                interface: number,
                place,
                parts: parts.collect(),
                method: operation.method.clone(),
                unread: rest.is_some(),
                code: Language::of(file).is_code(),
                file: file.to_owned(),
                project: world.project_of(file),
            });
        }
    }
    all
}

/// What files ask for, and whether a proxy for developers changes paths.
fn asks<'f>(world: &World<'f>) -> (Vec<Ask<'f>>, bool) {
    let mut bases: BTreeMap<Option<usize>, BTreeSet<&str>> = BTreeMap::new();
    let mut found = Vec::new();
    let mut changed = false;
    for (file, fact) in world.facts() {
        let Claim::AskedPaths(asked) = &fact.claim else {
            continue;
        };
        changed |= asked.rewrites;
        let serves = |claim: &Claim| {
            matches!(
                claim,
                Claim::Endpoint(_) | Claim::Router(_) | Claim::Mount(_)
            )
        };
        if file.facts.iter().any(|fact| serves(&fact.claim)) {
            continue;
        }
        let test = crate::paths::is_test(&file.path) || crate::scan::is_test(&file.path);
        let project = world.project_of(&file.path);
        if !test {
            bases
                .entry(project)
                .or_default()
                .extend(asked.bases.iter().map(String::as_str));
        }
        found.push((file, asked, test, project));
    }
    let mut asks = Vec::new();
    for (file, asked, test, project) in found {
        // What a page puts before its paths says nothing of what documents ask for behind a variable.
        let page = !test && is_script(&file.path);
        let base = bases.get(&project).filter(|all| all.len() == 1 && page);
        let base = base.and_then(|all| all.first().copied());
        for one in &asked.paths {
            if asks.len() >= MOST {
                return (asks, changed);
            }
            let mut path = one.path.clone();
            let mut open = one.open;
            let is_below = |base: &str| {
                let rest = one.path.strip_prefix(base);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            };
            if let Some(base) = base.filter(|base| open && !is_below(base)) {
                path = format!("{base}{path}");
                open = false;
            }
            asks.push(Ask {
                parts: path.split('/').skip(1).map(str::to_owned).collect(),
                method: one.method.as_deref(),
                open,
                test,
                project,
                path: &file.path,
                asked: one,
            });
        }
    }
    (asks, changed)
}

/// Whether a file is in a language of pages, whose own tests may name what a proxy takes off.
fn is_script(path: &str) -> bool {
    matches!(
        Language::of(path),
        Language::Html | Language::JavaScript | Language::TypeScript | Language::Vue
    )
}

/// Whether a test is one of those that ask from a page.
fn in_browser(path: &str) -> bool {
    let folder = |part: &str| matches!(part, "cypress" | "playwright");
    path.contains(".cy.") || path.split('/').any(folder)
}

/// The asked paths that match each operation: each goes to the operations that it fits best, of the interface
/// that most of what is asked for fits.
fn hits(
    served: &[Served],
    asks: &[Ask<'_>],
    blueprint: &Blueprint,
    routed: bool,
) -> BTreeMap<usize, Vec<Hit>> {
    let mut ends: BTreeMap<(usize, &str), Vec<usize>> = BTreeMap::new();
    for (at, one) in served.iter().enumerate() {
        let last = one.parts.iter().rev().position(|part| part != HOLE);
        let Some(depth) = last.filter(|depth| *depth < DEEPEST) else {
            continue;
        };
        let word = one.parts[one.parts.len() - 1 - depth].as_str();
        ends.entry((depth, word)).or_default().push(at);
    }
    // By asked path and interface: the operations that it fits best.
    let mut fits: Vec<BTreeMap<usize, Vec<usize>>> = Vec::new();
    let mut matched: BTreeMap<usize, BTreeSet<&[String]>> = BTreeMap::new();
    let mut steps = 0_usize;
    for ask in asks {
        let lower: Vec<String> = ask.parts.iter().map(|part| part.to_lowercase()).collect();
        let mut best: BTreeMap<usize, ((usize, usize), Vec<usize>)> = BTreeMap::new();
        for depth in 0..DEEPEST.min(lower.len()) {
            let word = lower[lower.len() - 1 - depth].as_str();
            for &at in ends.get(&(depth, word)).into_iter().flatten() {
                steps += 1;
                if steps > STEPS {
                    return BTreeMap::new();
                }
                let one = &served[at];
                let Some(score) = heads::score(&one.parts, &lower) else {
                    continue;
                };
                let method = matches!(one.method.as_str(), "" | "ANY" | "ALL");
                if !method && ask.method.is_some_and(|m| m != one.method) {
                    continue;
                }
                let known = best.entry(one.interface).or_default();
                if score > known.0 {
                    *known = (score, vec![at]);
                } else if score == known.0 && known.1.len() <= MOST_ALIKE {
                    known.1.push(at);
                }
            }
        }
        if best.values().any(|(_, all)| all.len() > MOST_ALIKE) {
            best.clear();
        }
        for (interface, (_, all)) in &best {
            let shapes = matched.entry(*interface).or_default();
            shapes.extend(all.iter().map(|&at| served[at].parts.as_slice()));
        }
        fits.push(
            best.into_iter()
                .map(|(interface, (_, all))| (interface, all))
                .collect(),
        );
    }
    let code: BTreeSet<usize> = served
        .iter()
        .filter(|s| s.code)
        .map(|s| s.interface)
        .collect();
    let answering: BTreeSet<usize> = served
        .iter()
        .filter(|s| s.code)
        .filter_map(|s| s.project)
        .collect();
    let owner = |interface: usize| {
        blueprint
            .interfaces
            .get(interface)
            .and_then(|i| i.element.as_ref())
    };
    let mut hits: BTreeMap<usize, Vec<Hit>> = BTreeMap::new();
    for ((number, ask), fits) in asks.iter().enumerate().zip(fits) {
        // What another part serves at this very path is its own.
        let whole = |at: &usize| !served[*at].unread && served[*at].parts.len() == ask.parts.len();
        let elsewhere = fits
            .iter()
            .find(|(_, all)| all.iter().any(whole))
            .map(|(i, _)| *i);
        let best = fits
            .keys()
            .filter(|i| code.contains(i))
            .map(|i| (matched.get(i).map_or(0, BTreeSet::len), *i));
        let Some((most, interface)) = best.clone().max() else {
            continue;
        };
        let alone = best.filter(|(count, _)| *count == most).count() == 1;
        let other = elsewhere.is_some_and(|other| {
            other != interface && owner(other).is_some() && owner(other) != owner(interface)
        });
        if !alone || other {
            continue;
        }
        for &at in fits.get(&interface).into_iter().flatten() {
            let one = &served[at];
            let length = ask.parts.len() - one.parts.len();
            let head = ask.parts.get(..length).unwrap_or_default();
            if head.iter().any(|part| part == HOLE) {
                continue;
            }
            let head: String = head.iter().map(|part| format!("/{part}")).collect();
            // What stands behind something that is not known, says nothing of the root of a begin that was not read.
            if head.is_empty() && ask.open && (one.unread || !ask.test) {
                continue;
            }
            // Tests that lie apart may ask through what stands before the program, as tests in browsers do.
            let page = || in_browser(ask.path) || routed && !one.unread && is_script(ask.path);
            let apart = ask.project != one.project || page();
            let answers = ask.project.is_some_and(|p| answering.contains(&p));
            let own = ask.test && (!apart || one.unread && !routed && !answers);
            hits.entry(at).or_default().push(Hit {
                head,
                own,
                ask: number,
            });
        }
    }
    hits
}

#[cfg(test)]
mod tests;
