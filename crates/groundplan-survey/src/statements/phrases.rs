//! Phrases by which a sentence or a heading says something of the system.

/// Whether a sentence says what was not good enough before.
pub(super) fn is_problem(lower: &str) -> bool {
    if is_command(lower) || is_of_page(lower) {
        return false;
    }
    has(
        lower,
        &[
            "alternative to ",
            "replacement for ",
            "without giving up",
            "without having to",
            "tired of ",
            "frustrated ",
            "the problem is",
            "the problem with",
            "there was no ",
            "there were no ",
            "i couldn't find",
            "we couldn't find",
        ],
    ) && !has(
        lower,
        &[
            "no longer",
            "deprecated",
            "not a replacement",
            "not an alternative",
            "you can use",
            "can be used",
            // A way to install it is an alternative to another one.
            "docker",
            "installer",
            "installation",
            " script",
        ],
    )
}

/// Whether a sentence is about the page that it stands on.
fn is_of_page(lower: &str) -> bool {
    has(
        lower,
        &[
            "this readme",
            "this guide",
            "this document",
            "this section",
            "this repository",
            "this tutorial",
            "this page",
            "this file",
            "the docs",
        ],
    )
}

/// Whether a sentence tells its reader to do something.
fn is_command(lower: &str) -> bool {
    let first = lower.split_whitespace().next().unwrap_or_default();
    matches!(
        first,
        "use"
            | "run"
            | "install"
            | "see"
            | "set"
            | "add"
            | "please"
            | "click"
            | "if"
            | "when"
            | "note:"
            | "check"
            | "try"
            | "read"
            | "make"
            | "to"
            | "alternatively,"
            | "alternatively"
    )
}

/// Whether a sentence says for whom the system is made.
pub(super) fn is_audience(lower: &str) -> bool {
    const PEOPLE: [&str; 26] = [
        "administrators",
        "admins",
        "agencies",
        "analysts",
        "businesses",
        "clinics",
        "communities",
        "companies",
        "creators",
        "developers",
        "engineers",
        "families",
        "freelancers",
        "households",
        "individuals",
        "librarians",
        "operators",
        "organisations",
        "organizations",
        "photographers",
        "researchers",
        "schools",
        "students",
        "teachers",
        "teams",
        "writers",
    ];
    let leads = [
        "aimed at ",
        "designed for ",
        "intended for ",
        "built for ",
        "made for ",
        "targeted at ",
        "geared towards ",
        "meant for ",
        "targets ",
    ];
    if ends_with_people(lower, &PEOPLE) {
        return true;
    }
    !is_of_page(lower)
        && leads.iter().any(|lead| {
            let Some((before, behind)) = lower.split_once(lead) else {
                return false;
            };
            let mut near = behind
                .split(|c: char| !c.is_alphanumeric())
                .filter(|w| !w.is_empty())
                .take(6);
            !denies(before) && near.any(|word| PEOPLE.contains(&word))
        })
}

/// Whether a sentence ends with those for whom the system is: `a manager for all teams`. What is written for them
/// is no system.
fn ends_with_people(lower: &str, people: &[&str]) -> bool {
    const WRITTEN: [&str; 8] = [
        "documentation",
        "docs",
        "guide",
        "guides",
        "instructions",
        "notes",
        "information",
        "resources",
    ];
    let Some((before, behind)) = lower.rsplit_once(" for ") else {
        return false;
    };
    let words = |text| {
        let all = str::split(text, |c: char| !c.is_alphanumeric() && c != '-');
        all.filter(|word| !word.is_empty())
    };
    let named = words(behind)
        .next_back()
        .is_some_and(|word| people.contains(&word));
    let written = words(before).any(|word| WRITTEN.contains(&word));
    named
        && words(behind).count() <= 4
        && !written
        && !denies(before)
        && !is_of_page(lower)
        && !is_command(lower)
}

/// Whether a text ends with a denial: `it is not made`.
fn denies(before: &str) -> bool {
    let mut last = before.split_whitespace().rev().take(2);
    last.any(|word| word == "not" || word.ends_with("n't"))
}

/// Whether a sentence says what the authors work on next.
pub(super) fn is_plan(lower: &str) -> bool {
    let works = has(
        lower,
        &[
            "working on ",
            "is planned",
            "are planned",
            "we plan to",
            "we are planning",
        ],
    );
    works
        && has(
            lower,
            &[
                "upcoming",
                "next ",
                "new version",
                "rewrite",
                "future",
                "planned",
                "plan to",
                "planning",
            ],
        )
        && !is_command(lower)
        && !has(lower, &["you are working", "you're working"])
}

/// Whether a sentence says what is to be reached with the system.
pub(super) fn is_goal(lower: &str, title: &str) -> bool {
    let begins = [
        "the goal is to ",
        "our goal is to ",
        "the goal of this project is ",
        "the aim is to ",
        "the main goal is to ",
        "the primary goal is to ",
        "this project aims to ",
        "the project aims to ",
        "our mission is to ",
        "the goal of the project is ",
        "the aim of this project is ",
        "the objective is to ",
        "our objective is to ",
    ];
    let named = || {
        // `The goal of Acme is to make …`
        let rest = lower
            .strip_prefix("the goal of ")
            .or(lower.strip_prefix("the aim of "));
        let (of, _) = rest.and_then(|r| r.split_once(" is "))?;
        let whole = of == "this project" || super::chapters::names(of, title);
        (of.split_whitespace().count() <= 3 && whole).then_some(())
    };
    let mut words = lower.split(|c: char| !c.is_alphanumeric());
    let whole = !is_of_page(lower) && !words.any(|w| matches!(w, "test" | "tests"));
    whole && (begins.iter().any(|b| lower.starts_with(b)) || named().is_some())
}

/// Whether a sentence says at which provider the service of the authors runs.
pub(super) fn is_place(lower: &str) -> bool {
    const PROVIDERS: [&str; 16] = [
        "digitalocean",
        "digital ocean",
        "hetzner",
        "amazon web services",
        " aws",
        "microsoft azure",
        "google cloud",
        " gcp",
        "linode",
        "ovh",
        "fly.io",
        "heroku",
        "scaleway",
        "vultr",
        "netcup",
        "contabo",
    ];
    let runs = has(
        lower,
        &[
            " currently runs on ",
            " runs on a single ",
            " is hosted on ",
            " is hosted at ",
            " hosted by ",
            " runs on one ",
            " run on a single ",
            "server runs on ",
            "instance runs on ",
        ],
    );
    let may = has(
        lower,
        &[
            " can ",
            " you ",
            "your ",
            " if ",
            "could ",
            "may ",
            "e.g.",
            "for example",
            " one-click",
            "button",
        ],
    );
    runs && !may && !lower.starts_with("if ") && PROVIDERS.iter().any(|p| lower.contains(p))
}

/// Whether a sentence says where the system keeps its data.
pub(super) fn is_store(lower: &str) -> bool {
    const KEEPS: [&str; 9] = [
        "no external database",
        "no database server",
        "all data is stored in ",
        "everything is stored in ",
        "keeps its data in ",
        "stores all data in ",
        "stores all its data in ",
        "stores its data in ",
        "embedded in a single database",
    ];
    // What holds for some, for others, or in a browser.
    const OTHERS: [&str; 10] = [
        "browser",
        "cookie",
        "if ",
        "unless ",
        "local storage",
        "localstorage",
        "your ",
        "you ",
        "session",
        "cache",
    ];
    let keeps = has(lower, &KEEPS) || lower.starts_with("data is stored in ");
    keeps && !has(lower, &OTHERS) && !lower.ends_with([':', '?'])
}

/// Whether a sentence says how many people keep the system: `Currently, there are 3 maintainers`.
pub(super) fn counts_people(sentence: &str) -> bool {
    const NUMBERS: [&str; 10] = [
        "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    ];
    let lower = sentence.to_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .collect();
    let number = |w: &str| w.bytes().all(|b| b.is_ascii_digit()) || NUMBERS.contains(&w);
    let people = |w: &str| matches!(w, "maintainers" | "maintainer" | "developers" | "engineers");
    let words = match words.first() {
        Some(&"currently") => &words[1..],
        _ => &words[..],
    };
    words.len() <= 20
        && words.first() == Some(&"there")
        && words
            .get(1..4)
            .is_some_and(|w| matches!(w[0], "are" | "is") && number(w[1]) && people(w[2]))
}

/// Whether a sentence says what a change must reach before it is merged.
pub(super) fn is_gate(lower: &str) -> bool {
    const WHAT: [&str; 11] = [
        "test", "tests", "tested", "lint", "linter", "linters", "linting", "ci", "check", "checks",
        "coverage",
    ];
    let words: Vec<&str> = lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .collect();
    let what = |all: &[&str]| all.iter().any(|w| WHAT.contains(w));
    let at = |names: &[&str]| words.iter().position(|w| names.contains(w));
    let near = |from: usize, to: usize| what(&words[from.min(words.len())..to.min(words.len())]);
    // `must pass our checks`, `all tests pass`.
    let passes = at(&["pass", "passes", "passing"])
        .is_some_and(|n| near(n + 1, n + 7) || near(n.saturating_sub(4), n));
    let green = at(&["green"]).is_some() && what(&words);
    let merged = has(
        lower,
        &[
            "not be merged un",
            "not be accepted un",
            "be evaluated if",
            "be merged if",
            "be merged once",
        ],
    ) && what(&words);
    let bound = has(
        lower,
        &[
            "must ",
            "have to ",
            "has to ",
            "should ",
            "make sure",
            "ensure",
            "need to ",
            "needs to ",
            "required",
            "please ",
            "i have ",
            "all ",
        ],
    );
    let begins =
        ["if ", "to run "].iter().any(|b| lower.starts_with(b)) || lower.contains("health check");
    (passes && bound || green || merged) && !begins
}

/// Whether a text says how much memory, how many processors or what disk is needed.
pub(super) fn is_size(text: &str) -> bool {
    let lower = text.to_lowercase();
    if lower.len() > 300 {
        return false;
    }
    if ["no minimum", "no specific hardware", "no special hardware"]
        .iter()
        .any(|none| lower.contains(none))
    {
        return true;
    }
    let words: Vec<&str> = lower
        .split(|c: char| !c.is_alphanumeric() && c != '.')
        .map(|w| w.trim_matches('.'))
        .filter(|w| !w.is_empty())
        .collect();
    let number = |word: &str| word.starts_with(|c: char| c.is_ascii_digit());
    let unit = |word: &str| {
        let letters = word.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        matches!(
            letters,
            "mb" | "mib" | "gb" | "gib" | "tb" | "gigabytes" | "megabytes"
        )
    };
    let amount = words
        .iter()
        .enumerate()
        .any(|(at, word)| unit(word) && (number(word) || at > 0 && number(words[at - 1])));
    let of = |names: &[&str]| words.iter().any(|w| names.contains(w));
    let cores = || {
        words.windows(2).any(|pair| {
            number(pair[0])
                && matches!(
                    pair[1],
                    "cpu" | "cpus" | "core" | "cores" | "vcpu" | "vcpus"
                )
        })
    };
    amount && of(&["ram", "memory", "disk", "storage", "space"]) || cores()
}

/// Whether a heading asks what is promised of the time that the system is there.
pub(super) fn promises(bare: &str) -> bool {
    let of = |words: &[&str]| {
        let mut all = bare.split(|c: char| !c.is_alphanumeric());
        all.any(|word| words.contains(&word))
    };
    matches!(
        bare,
        "sla" | "slas" | "service level agreement" | "service level agreements"
    ) || of(&["uptime", "availability"])
        && of(&[
            "guarantee",
            "guarantees",
            "guaranteed",
            "sla",
            "promise",
            "target",
            "targets",
        ])
}

pub(super) fn has(lower: &str, words: &[&str]) -> bool {
    words.iter().any(|word| lower.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gates_bind_changes() {
        for said in [
            "prs will not be merged unless all ci-checks are green.",
            "all pull requests must pass our continuous integration checks.",
            "code must have passing tests and no violations.",
            "please make sure that all tests pass before you open a pull request.",
        ] {
            assert!(is_gate(said), "{said}");
        }
        for other in [
            "the token must pass through the proxy.",
            "if the tests pass locally, something else is wrong.",
            "we write tests with jest.",
            "each workflow must pass its inputs.",
            "all health checks must pass.",
            "you will need to pass the platform flag for the platform that you want to build.",
        ] {
            assert!(!is_gate(other), "{other}");
        }
    }

    #[test]
    fn people_are_counted_where_a_sentence_counts_them() {
        assert!(counts_people("Currently, there are 3 maintainers:"));
        assert!(!counts_people("There are many maintainers."));
        assert!(!counts_people("At Globex there are 3 engineers."));
        assert!(!counts_people("3 maintainers have to agree."));
    }

    #[test]
    fn places_are_where_the_service_of_the_authors_runs() {
        assert!(is_place(
            "acme currently runs on a single digitalocean droplet, without redundancies."
        ));
        for other in [
            "you can run it on a digitalocean droplet.",
            "acme runs on linux.",
            "if it is hosted on heroku, set the port.",
            "deploy to heroku with one click.",
        ] {
            assert!(!is_place(other), "{other}");
        }
    }

    #[test]
    fn sizes_have_a_number_and_a_thing() {
        for said in [
            "At least 2400MB memory",
            "2 CPU Cores",
            "4 GB of RAM or more",
            "There are no minimum system requirements (CPU / RAM)",
        ] {
            assert!(is_size(said), "{said}");
        }
        for other in [
            "Node.js 18",
            "PHP 7.1 - 8.x",
            "A database",
            "Upload at most 5 MB",
        ] {
            assert!(!is_size(other), "{other}");
        }
    }

    #[test]
    fn problems_goals_and_users_are_said_of_the_system() {
        assert!(is_problem("acme is an open alternative to the big shop."));
        assert!(is_problem(
            "send messages without having to sign up or pay."
        ));
        assert!(!is_problem("use this as an alternative to the installer."));
        assert!(!is_problem("it is not a replacement for a backup."));
        assert!(is_goal(
            "the goal is to make the installation as easy as that of an app.",
            "acme"
        ));
        assert!(is_goal(
            "the goal of acme is to make the fastest shop.",
            "acme"
        ));
        assert!(!is_goal("the goal of code review is to find bugs.", "acme"));
        assert!(!is_goal(
            "the goal of this section is to show how to build.",
            "acme"
        ));
        assert!(is_audience(
            "acme is a shop designed for small businesses and makers."
        ));
        assert!(!is_audience("acme is not designed for teams."));
        assert!(is_audience("modern planning for all teams"));
        for other in [
            "the documentation for developers.",
            "see the guide for teams.",
            "it works for all of the servers out there that run linux.",
            "it is free for 14 days.",
        ] {
            assert!(!is_audience(other), "{other}");
        }
        assert!(!is_audience("it is designed for speed."));
        assert!(!is_audience("this readme is aimed at developers."));
        assert!(!is_problem(
            "the docker image is an alternative to the installer."
        ));
        assert!(is_plan("the team is working on an upcoming version."));
        assert!(!is_plan(
            "if you are working on the next release, read this."
        ));
    }

    #[test]
    fn headings_promise() {
        assert!(promises("what are the uptime guarantees") && promises("sla"));
        assert!(!promises("monitor uptime") && !promises("high availability"));
    }
}
