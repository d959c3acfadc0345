//! Projects of Docker Compose: files that are started together, each told by itself. Of several nobody
//! starts the sum.

use super::seen::end;
use crate::context::Context;
use crate::text::first_places;
use crate::tree::Text;
use crate::words;
use groundplan_model::{Element, Environment, EnvironmentTier, Provenance};
use std::cmp::Reverse;

/// The projects of Compose files of the system, with how many containers each starts, and how many more
/// with a profile.
pub(super) fn projects<'a>(c: &Context<'a>) -> Vec<(&'a Environment, usize, usize)> {
    let all = c.blueprint.environments.iter();
    let number = |e: &Environment, key: &str| {
        let found = e.attributes.iter().find(|a| a.key == key);
        found
            .and_then(|a| a.value.parse::<usize>().ok())
            .unwrap_or(0)
    };
    let mut all: Vec<_> = all
        .filter(|e| e.mechanism.contains("Docker Compose") && e.tier != EnvironmentTier::Test)
        // A container to work in is no system.
        .filter(|e| !e.name.contains("devcontainer/"))
        // A file that is named for building starts nothing.
        .filter(|e| {
            let name = e.name.rsplit('/').next().unwrap_or(&e.name);
            !name.split(['.', '-', '_']).any(|word| word == "build")
        })
        .map(|e| {
            let later = number(e, "containers-by-profile");
            (e, number(e, "containers"), later)
        })
        .filter(|(_, always, later)| always + later > 0)
        .collect();
    // The one that the parts are told by comes first.
    let started = super::deployment::started(c);
    let main = |e: &Environment| {
        let by = started.iter().filter_map(|s| s.attribute("deployed-by"));
        let here = |p: &&Provenance| p.evidence.iter().any(|at| at.path == e.name);
        by.map(|a| &a.provenance).filter(here).count()
    };
    all.sort_by_key(|(e, always, _)| (Reverse(main(e)), Reverse(*always), e.name.clone()));
    all
}

/// How many containers the one project of Compose starts as its file has it, where that is more than
/// the parts that are told.
pub(super) fn parsed(c: &Context, by: &str, told: &[&Element]) -> Option<usize> {
    let all = projects(c);
    match all.as_slice() {
        [(_, always, _)] if by == "Docker Compose" && *always > told.len() && !told.is_empty() => {
            Some(*always)
        }
        _ => None,
    }
}

/// What each project starts, where there are several: `` Docker Compose starts six containers with
/// `a/compose.yml` and three, and one more with a profile, with `b/compose.yml` ``.
pub(super) fn alternatives(c: &Context) -> Option<Text> {
    const MOST: usize = 6;
    let all = projects(c);
    let layered = c
        .blueprint
        .environments
        .iter()
        .any(|e| e.mechanism.contains("Compose override"));
    if all.len() < 2 && !layered || all.is_empty() {
        return None;
    }
    let mut text = Text::plain("Docker Compose starts ");
    let shown = all.len().min(MOST);
    for (at, (e, always, later)) in all.iter().take(MOST).enumerate() {
        let joint = match at {
            0 => "",
            _ if at + 1 == shown && all.len() <= MOST => " and ",
            _ => ", ",
        };
        let noun = |n: usize| match at {
            0 => words::spelled_count(n, "container"),
            _ => words::spelled(n),
        };
        let n = match (*always, *later) {
            (0, later) => format!("{} by profiles", noun(later)),
            (always, 0) => noun(always),
            (always, later) => {
                let more = words::spelled(later);
                format!("{} ({more} more by profiles)", noun(always))
            }
        };
        text = text.then(format!("{joint}{n} with ")).then_code(&e.name);
    }
    if all.len() > MOST {
        let n = words::spelled(all.len() - MOST);
        text = text.then(words::verb_for(
            all.len() - MOST,
            &format!(", and others with {n} more file"),
            &format!(", and others with {n} more files"),
        ));
    }
    let places: Vec<&Provenance> = all.iter().map(|(e, _, _)| &e.provenance).collect();
    Some(end(text.from(&first_places(places, 3))))
}
