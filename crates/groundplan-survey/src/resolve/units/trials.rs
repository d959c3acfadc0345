//! Containers that only try the others: tests in an image of their own, and what runs the tests of a program.

use crate::facts::Deployable;
use crate::resolve::names::image_name;
use crate::resolve::world::World;
use groundplan_model::Evidence;
use std::collections::{BTreeMap, BTreeSet};

/// What deploys something, and where that stands.
type Placed<'f> = (&'f Deployable, &'f Evidence);

/// Takes out what a Compose file in the folder of one part starts beside that part for those who work on
/// it: nothing but servers of others, of products that the file which builds the part starts as well.
pub(super) fn leave_out_stands(world: &World<'_>, all: &mut Vec<Placed<'_>>) {
    let mut files: BTreeMap<&str, Vec<&Deployable>> = BTreeMap::new();
    for (d, at) in all.iter().filter(|(d, _)| d.source == "compose") {
        files.entry(&at.path).or_default().push(d);
    }
    let product = |d: &&Deployable| {
        let image = d.image.as_ref().filter(|_| d.build.is_none())?;
        let known = world.knowledge.by_image(&image.value)?;
        known.role.map(|_| known.id.as_str())
    };
    let stands = files.iter().filter(|(path, own)| {
        let wanted: Option<BTreeSet<&str>> = own.iter().map(product).collect();
        let Some(wanted) = wanted else { return false };
        files.iter().any(|(other, parts)| {
            // The file that builds the part lies outside of its folder.
            let builds = parts.iter().any(|d| {
                let folder = d.build.as_ref().map_or("", |b| b.value.as_str());
                let inside = |path: &str| {
                    let rest = path.strip_prefix(folder);
                    rest.is_some_and(|rest| rest.starts_with('/'))
                };
                !folder.is_empty() && inside(path) && !inside(other)
            });
            let starts: BTreeSet<&str> = parts.iter().filter_map(product).collect();
            builds && wanted.is_subset(&starts)
        })
    });
    let stands: BTreeSet<String> = stands.map(|(path, _)| (*path).to_owned()).collect();
    all.retain(|(d, at)| d.source != "compose" || !stands.contains(&at.path));
}

/// Whether a container of Compose runs tests: its image is that of another part with a word for tests behind
/// it (`cart-test` beside `cart`), or its command starts the tests of a program.
pub(super) fn runs_tests(d: &Deployable, made: &BTreeSet<String>) -> bool {
    if d.source != "compose" {
        return false;
    }
    let image = d.image.as_ref().map_or("", |i| image_name(&i.value));
    let tried = ["-test", "-tests", "_test", "_tests"]
        .iter()
        .find_map(|end| image.strip_suffix(end));
    let of_tests = tried.is_some_and(|name| name.len() > 2 && made.contains(name));
    let command = d.command.as_ref().map_or("", |c| c.value.as_str());
    of_tests || starts_tests(command)
}

/// Whether a command does nothing but start tests, as the tools of each language do.
fn starts_tests(command: &str) -> bool {
    let words: Vec<&str> = command
        .split_whitespace()
        .map(|word| word.trim_matches(['[', ']', '"', '\'', ',']))
        .filter(|word| !word.is_empty())
        .collect();
    // What goes on after the tests is something else.
    if command.contains(['&', ';', '|']) {
        return false;
    }
    let is_test = |word: &str| {
        let kind = word.split([':', '-']).next().unwrap_or(word);
        matches!(kind, "test" | "tests")
    };
    match words.as_slice() {
        [
            "go" | "cargo" | "dotnet" | "mix" | "gradle" | "./gradlew" | "mvn" | "./mvnw",
            rest @ ..,
        ] => rest
            .iter()
            .find(|w| !w.starts_with('-'))
            .is_some_and(|w| *w == "test"),
        ["npm" | "yarn" | "pnpm", "run", script, ..] => is_test(script),
        ["npm" | "yarn" | "pnpm" | "make", script, ..] => is_test(script),
        ["pytest" | "rspec" | "phpunit" | "jest" | "tox", ..] => true,
        ["python" | "python3", "-m", "pytest" | "unittest", ..] => true,
        ["bundle", "exec", "rspec", ..] => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::starts_tests;

    #[test]
    fn commands_that_start_tests() {
        for command in [
            "go test -v ./test/component",
            "npm run test:component",
            "[\"make\", \"test-integration\"]",
            "yarn test",
            "python -m pytest tests",
            "mvn -q test",
        ] {
            assert!(starts_tests(command), "{command}");
        }
        for command in [
            "npm run start",
            "go run ./cmd/test",
            "make testbed-server",
            "npm test && npm start",
            "node test/mock/rest/index.js",
            "python manage.py runserver",
            "./latest",
        ] {
            assert!(!starts_tests(command), "{command}");
        }
    }
}
