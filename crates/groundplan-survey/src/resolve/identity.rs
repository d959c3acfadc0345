//! What the system is called and what it is for; who owns it; what its texts promise.

use crate::extractors::INTERFACE_TERM;
use crate::facts::{Claim, Mark, Package, Readme};
use crate::resolve::Surroundings;
use crate::resolve::names::{is_aside, plain, slug};
use crate::resolve::world::{World, folder_of, tail};
use groundplan_model::{
    Blueprint, CODE_OWNER, Evidence, Goal, Observation, Provenance, Stakeholder, Statement, Term,
    Topic,
};
use std::collections::{BTreeMap, BTreeSet};

/// The version that projects of .NET have in common: what the nearest `Directory.Build.props` to the
/// root gives to all of them, else the one that every project with a version has.
fn common_version(world: &World<'_>) -> Option<Statement> {
    let mut given: Vec<(&str, &str, &Evidence)> = Vec::new();
    for (file, fact) in world.facts() {
        if let Claim::ManagedVersion(v) = &fact.claim
            && v.name.is_empty()
            && v.ecosystem == "nuget"
            && !is_aside(&file.path)
        {
            given.push((&file.path, &v.version, &fact.at));
        }
    }
    let of_all = |path: &str| {
        let name = path.rsplit('/').next().unwrap_or(path);
        name.eq_ignore_ascii_case("Directory.Build.props")
    };
    if given.iter().any(|(path, ..)| of_all(path)) {
        given.retain(|(path, ..)| of_all(path));
        let depth = |path: &str| path.matches('/').count();
        let nearest = given.iter().map(|(path, ..)| depth(path)).min()?;
        given.retain(|(path, ..)| depth(path) == nearest);
    }
    let (_, version, at) = given.first()?;
    let same = given.iter().all(|(_, other, _)| other == version);
    same.then(|| statement(version, at))
}

/// Whether a version is one that nobody raises: npm wants a number also of what is never published.
fn is_placeholder(version: &str) -> bool {
    matches!(
        version.trim_start_matches('v'),
        "0.0.0" | "0.0.0-development" | "0.0.0-dev"
    )
}

/// The version of the programs of a workspace of npm whose root has none, where all of them have the same.
fn version_of_members(world: &World<'_>) -> Option<Statement> {
    let projects = world
        .projects
        .iter()
        .filter(|p| !p.folder.is_empty() && !p.is_aside);
    let packages = projects.flat_map(|p| &p.packages);
    let programs =
        packages.filter(|(package, _)| package.ecosystem == "npm" && package.application);
    let mut given = programs.map(|(package, at)| (package.version.as_deref(), *at));
    let (version, at) = given.next()?;
    let version = version.filter(|version| !is_placeholder(version))?;
    given
        .all(|(other, _)| other == Some(version))
        .then(|| statement(version, at))
}

/// The version in the file of code that a manifest names; that of setuptools may lie below `src` and be a
/// package.
fn version_in(world: &World<'_>, package: &Package) -> Option<Statement> {
    let path = package.version_file.as_deref()?;
    let stem = path.strip_suffix(".py").unwrap_or(path);
    let fits = |found: &str| {
        let found = found.strip_prefix("src/").unwrap_or(found);
        found == path || found.strip_suffix("/__init__.py") == Some(stem)
    };
    world.facts().find_map(|(file, fact)| match &fact.claim {
        Claim::ManagedVersion(v)
            if v.ecosystem == "pypi" && v.name.is_empty() && fits(&file.path) =>
        {
            Some(statement(&v.version, &fact.at))
        }
        _ => None,
    })
}

/// Fills name, purpose, features, goals, stakeholders, decisions and roadmap.
pub(crate) fn fill(blueprint: &mut Blueprint, world: &World<'_>, surroundings: &Surroundings) {
    let readme = root_readme(world);
    let purpose = readme.and_then(|r| r.purpose.as_ref());
    let purpose = purpose.map_or("", |p| p.value.as_str());
    let root = world.project_at("").map(|p| &world.projects[p].packages);
    let package = root.into_iter().flatten().find(|(p, _)| !p.name.is_empty());
    let packages: Vec<&str> = (root.into_iter().flatten())
        .map(|(p, _)| tail(&p.name).unwrap_or(&p.name))
        .filter(|name| !name.is_empty())
        .collect();
    // What the manifests and the repository are called, to hold a title against.
    let called: Vec<&str> = (packages.iter().copied())
        .chain([surroundings.fallback_name.as_str()])
        .collect();
    let title = readme
        .and_then(|r| r.title.as_ref())
        .filter(|t| readme.is_none_or(|r| is_at_the_top(r, t)) || shares_word(&t.value, &called))
        .map(|t| bare_of_version(without_tagline(&t.value), &called))
        .filter(|t| is_name(t))
        .filter(|t| {
            let headings = readme.into_iter().flat_map(|r| &r.headings);
            let headings = headings.map(|(_, heading)| heading.value.as_str());
            !is_slogan(t) && !is_tagline(t, headings, &packages)
        });
    // Under a title that says what it is the first sentence names it: `Acme is a …`.
    let by_sentence = || {
        let subject = subject(purpose)?;
        let known = called.iter().any(|name| plain(name) == plain(subject));
        (known && title.is_some_and(|t| !shares_word(t, &[subject]))).then_some(subject)
    };
    let name = by_sentence()
        .map(str::to_owned)
        .or_else(|| title.map(|t| named_kind(purpose, t).unwrap_or(t).to_owned()))
        .or_else(|| {
            let name = package.map(|(p, _)| tail(&p.name).unwrap_or(&p.name))?;
            let name = whole(name, &packages, &surroundings.fallback_name);
            let name = Some(name).filter(|name| !is_kind(name))?;
            // The README writes the name as people do.
            Some(as_written(readme, purpose, name).unwrap_or_else(|| name.to_owned()))
        })
        .unwrap_or_else(|| {
            let name = surroundings.fallback_name.as_str();
            as_written(readme, purpose, name).unwrap_or_else(|| name.to_owned())
        });
    let name = if name.trim().is_empty() {
        "system".to_owned()
    } else {
        name
    };
    blueprint.system.id = slug(&name);
    blueprint.system.name = name;
    if let Some((package, at)) = package {
        let workspace = package.ecosystem == "npm" && !package.application;
        let own = package
            .version
            .as_ref()
            .filter(|v| !workspace || !is_placeholder(v));
        blueprint.system.version = own.map(|v| statement(v, at));
        if own.is_none() && workspace {
            blueprint.system.version = version_of_members(world);
        }
        if let Some(text) = &package.description {
            blueprint.system.purpose = Some(statement(text, at));
        }
    }
    // A program of Python whose manifest names the file of its version has no other, whatever the
    // manifest of its pages says.
    let read = |(p, _): &&(&Package, &Evidence)| p.version.is_none() && p.version_file.is_some();
    if let Some((package, _)) = root.into_iter().flatten().find(read) {
        blueprint.system.version = version_in(world, package);
    }
    // What the root gives to all projects is the version of the whole.
    if blueprint.system.version.is_none() {
        blueprint.system.version = common_version(world);
    }
    // The one chart of a repository says what it installs; where there is no code, it is the whole.
    let mut charts = world.outer_charts();
    if let (Some((chart, at)), None) = (charts.next(), charts.next()) {
        let code = world.files.iter().any(|f| f.language.is_code());
        let version = match code {
            true => &chart.app_version,
            false => &chart.version,
        };
        let known = blueprint.system.version.take();
        blueprint.system.version = known.or_else(|| version.as_ref().map(|v| statement(v, at)));
        if blueprint.system.purpose.is_none()
            && let Some(text) = chart.description.as_ref().filter(|d| says_something(d))
        {
            blueprint.system.purpose = Some(statement(text, at));
        }
    }
    if let Some(readme) = readme {
        // A title that goes on behind the name says what the system is.
        let tagline = (readme.title.as_ref())
            .filter(|t| is_name(without_tagline(&t.value)) && without_tagline(&t.value) != t.value)
            // What stands in brackets behind a name is a version or another name.
            .filter(|t| {
                !t.value[without_tagline(&t.value).len()..]
                    .trim_start()
                    .starts_with('(')
            });
        if let Some(purpose) = &readme.purpose {
            blueprint.system.purpose = Some(statement(&purpose.value, &purpose.at));
        } else if let Some(title) = tagline.filter(|_| blueprint.system.purpose.is_none()) {
            blueprint.system.purpose = Some(statement(&title.value, &title.at));
        }
        let all = |items: &[crate::facts::Placed<String>]| -> Vec<Goal> {
            items
                .iter()
                .map(|i| Goal {
                    text: i.value.clone(),
                    provenance: Provenance::observed([i.at.clone()]),
                })
                .collect()
        };
        blueprint.goals = all(&readme.goals);
        blueprint.non_goals = all(&readme.non_goals);
        blueprint.system.features = readme
            .features
            .iter()
            .map(|f| statement(&f.value, &f.at))
            .collect();
        for item in &readme.limitations {
            blueprint.observations.push(Observation {
                topic: Topic::Limitation,
                element: None,
                name: item.value.clone(),
                detail: None,
                provenance: Provenance::observed([item.at.clone()]),
            });
        }
    }
    for (name, at) in warnings(world) {
        blueprint.observations.push(Observation {
            topic: Topic::Limitation,
            element: None,
            name: name.to_owned(),
            detail: None,
            provenance: Provenance::observed([at.clone()]),
        });
    }
    let mut objectives: BTreeMap<String, usize> = BTreeMap::new();
    for (file, fact) in world.facts() {
        match &fact.claim {
            Claim::Slo(slo) if !is_aside(&file.path) => {
                // Several of one name differ in what they are about.
                let known = objectives.entry(slo.id.clone()).or_default();
                *known += 1;
                let mut slo = slo.as_ref().clone();
                if *known > 1 {
                    slo.id = format!("{}-{known}", slo.id);
                }
                blueprint.slos.push(slo);
            }
            Claim::Mark(mark) if mark.name == INTERFACE_TERM && !is_aside(&file.path) => {
                add_term(blueprint, mark, &fact.at);
            }
            Claim::Decision(decision) => blueprint.decisions.push(decision.as_ref().clone()),
            Claim::Milestone(milestone) => blueprint.roadmap.push(milestone.as_ref().clone()),
            _ => {}
        }
    }
    for (pattern, owners, at) in super::ownership::patterns(world) {
        for owner in owners {
            add_owner(blueprint, owner, pattern, at);
        }
    }
    tell_apart(blueprint);
}

/// What the README of the system and those beside its deployment files warn against.
fn warnings<'f>(world: &World<'f>) -> Vec<(&'f str, &'f Evidence)> {
    let folders: BTreeSet<&str> = (world.facts())
        .filter(|(_, fact)| matches!(fact.claim, Claim::Deployable(_)))
        .map(|(file, _)| folder_of(&file.path))
        .collect();
    let deployed = |path: &str| folders.contains(folder_of(path));
    (world.readmes.iter())
        .flat_map(|readme| &readme.warnings)
        .filter(|w| !w.at.path.contains('/') || !is_aside(&w.at.path) && deployed(&w.at.path))
        .map(|w| (w.value.as_str(), &w.at))
        .collect()
}

/// Whether the description of a chart is more than what `helm create` writes.
fn says_something(text: &str) -> bool {
    !text
        .trim_end_matches('.')
        .eq_ignore_ascii_case("A Helm chart for Kubernetes")
}

/// Whether a title is a heading of the first level, or the first heading of all.
fn is_at_the_top(readme: &Readme, title: &crate::facts::Placed<String>) -> bool {
    let of = readme
        .headings
        .iter()
        .find(|(_, h)| h.at.lines == title.at.lines);
    let first = readme.headings.first().map(|(_, h)| h.at.lines);
    of.is_none_or(|(level, _)| *level == 1) || first == Some(title.at.lines)
}

/// Whether a title has a word of one of the names, or is put together as one of them is.
fn shares_word(title: &str, names: &[&str]) -> bool {
    const LONG: usize = 3;
    let parts = |text: &str| -> Vec<String> {
        let words = text.split(|c: char| !c.is_alphanumeric());
        words
            .filter(|w| w.len() >= LONG)
            .map(str::to_lowercase)
            .collect()
    };
    let (own, whole) = (parts(title), plain(title));
    names.iter().any(|name| {
        let other = plain(name);
        other.len() >= LONG
            && (whole.contains(&other) || whole.len() >= LONG && other.contains(&whole))
            || parts(name).iter().any(|word| own.contains(word))
    })
}

/// A title without the number of a version behind a name that the manifests or the repository have:
/// `Acme` of `Acme 3.X`.
fn bare_of_version<'t>(title: &'t str, called: &[&str]) -> &'t str {
    let Some((name, last)) = title.rsplit_once(' ') else {
        return title;
    };
    let number = last.trim_start_matches(['v', 'V']);
    let is_version = number.starts_with(|c: char| c.is_ascii_digit())
        && number
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '.' | 'x' | 'X'));
    let known = called.iter().any(|other| plain(other) == plain(name));
    if is_version && known { name } else { title }
}

/// A name as the README writes it: `Acme` where the manifest has `acme`.
fn as_written(readme: Option<&Readme>, purpose: &str, name: &str) -> Option<String> {
    if let Some(subject) = subject(purpose).filter(|s| plain(s) == plain(name)) {
        return Some(subject.to_owned());
    }
    let headings = readme.into_iter().flat_map(|r| &r.headings);
    let texts = std::iter::once(purpose).chain(headings.map(|(_, h)| h.value.as_str()));
    let mut words = texts.flat_map(|t| t.split(|c: char| !c.is_alphanumeric()));
    let found = words.find(|word| {
        word.eq_ignore_ascii_case(name) && word.starts_with(|c: char| c.is_uppercase()) && *word != name
            // What is all in capitals is a heading that cries.
            && (word.len() < 4 || word.chars().any(char::is_lowercase))
    })?;
    Some(found.to_owned())
}

/// What a sentence is about: `Redash` of `Redash is designed to …`, `Depot` of `Depot 是…`.
fn subject(sentence: &str) -> Option<&str> {
    // Words of Chinese have no space between them: of a name in other letters it is known where it ends.
    let chinese = || sentence.split_once('是').filter(|(of, _)| of.is_ascii());
    let (subject, _) = sentence.split_once(" is ").or_else(chinese)?;
    let subject = subject.trim_matches(['*', '_', '`', ' ']);
    let words = subject.split_whitespace().count();
    let clean = !subject.contains(['.', ',', ':', '[', '(', '<']);
    ((1..=5).contains(&words) && clean).then_some(subject)
}

/// The name of a system whose README has its kind as title: under `# Sample Shop` the sentence
/// `Acme is a sample shop for …` names Acme.
fn named_kind<'t>(purpose: &'t str, title: &str) -> Option<&'t str> {
    let subject = subject(purpose)?;
    let (_, rest) = purpose.split_once(" is ")?;
    let rest = rest.trim_start_matches("a ").trim_start_matches("an ");
    let rest = rest.trim_start_matches("the ").to_lowercase();
    // `The project is …`, `This repository is …`, `It is …` name nothing.
    let first = subject.split_whitespace().next().unwrap_or_default();
    let pronoun = matches!(
        first.to_lowercase().as_str(),
        "this" | "it" | "here" | "there" | "what" | "the" | "a" | "an" | "our" | "my" | "your"
    );
    let several = title.split_whitespace().count() > 1;
    (!pronoun && !is_kind(subject) && several && rest.starts_with(&title.to_lowercase()))
        .then_some(subject)
}

/// Whether a word is the name of no system: what the package at the root of many a repository is
/// called.
fn is_kind(name: &str) -> bool {
    matches!(
        name.to_lowercase().as_str(),
        "api"
            | "app"
            | "application"
            | "backend"
            | "client"
            | "code"
            | "demo"
            | "example"
            | "frontend"
            | "main"
            | "monorepo"
            | "my-app"
            | "my-project"
            | "parent"
            | "project"
            | "repo"
            | "repository"
            | "root"
            | "server"
            | "service"
            | "services"
            | "src"
            | "system"
            | "ui"
            | "web"
            | "workspace"
            | "workspaces"
    )
}

/// A title without what follows the name: `Acme` of `Acme - the shop that never sleeps`. A single
/// word after the mark belongs to the name, as in `Acme: Server`.
fn without_tagline(title: &str) -> &str {
    const MARKS: [&str; 12] = [
        " - ", " – ", " — ", "——", " -- ", " | ", " · ", " • ", " :: ", ": ", "：", " (",
    ];
    let cut = MARKS.iter().filter_map(|m| title.split_once(m));
    let words = |t: &str| t.split_whitespace().count();
    // Chinese and Japanese write no blanks.
    let wide = |t: &str| t.chars().filter(|c| *c as u32 >= 0x3040).count() > 3;
    cut.map(|(name, rest)| (name.trim(), rest))
        .filter(|(name, rest)| (1..=4).contains(&words(name)) && (words(rest) > 1 || wide(rest)))
        .min_by_key(|(name, _)| name.len())
        .map_or(title, |(name, _)| name)
}

/// The name of the whole, where a manifest at the root is that of a part of it: `shop` for
/// `shop-client` beside another manifest, or a repository, of that name.
fn whole<'n>(name: &'n str, packages: &[&str], repository: &str) -> &'n str {
    const PARTS: [&str; 8] = [
        "-client",
        "-frontend",
        "-front-end",
        "-ui",
        "-web",
        "-webapp",
        "-app",
        "-backend",
    ];
    // The manifest that only joins others.
    const JOINS: [&str; 5] = ["-parent", "-root", "-monorepo", "-workspace", "-aggregator"];
    let name = JOINS
        .iter()
        .find_map(|part| name.strip_suffix(part))
        .unwrap_or(name);
    let bare = PARTS.iter().find_map(|part| name.strip_suffix(part));
    let known = |bare: &&str| {
        packages.iter().any(|p| p.eq_ignore_ascii_case(bare))
            || repository.eq_ignore_ascii_case(bare)
    };
    bare.filter(known).unwrap_or(name)
}

/// Two records with one number keep both, the later ones with a letter.
fn tell_apart(blueprint: &mut Blueprint) {
    let mut seen = BTreeMap::new();
    for decision in &mut blueprint.decisions {
        let count: &mut u8 = seen.entry(decision.id.clone()).or_default();
        if *count > 0 {
            let letter = char::from(b'a' + (*count).min(25));
            decision.id = format!("{}{letter}", decision.id);
        }
        *count = count.saturating_add(1);
    }
}

fn root_readme<'f>(world: &World<'f>) -> Option<&'f Readme> {
    let mut best: Option<(usize, &str, &Readme)> = None;
    for (file, fact) in world.facts() {
        // What other documents say of parts is no word on the whole.
        let file_name = file.path.rsplit('/').next().unwrap_or(&file.path);
        if let Claim::Readme(readme) = &fact.claim
            && file_name
                .get(..6)
                .is_some_and(|n| n.eq_ignore_ascii_case("readme"))
        {
            let depth = file.path.matches('/').count();
            let hidden = file.path.starts_with(".github/") || file.path.starts_with("docs/");
            if depth > usize::from(hidden) {
                continue;
            }
            let key = (depth, file.path.as_str(), readme.as_ref());
            if best.is_none_or(|(d, p, _)| (depth, file.path.len()) < (d, p.len())) {
                best = Some(key);
            }
        }
    }
    best.map(|(_, _, readme)| readme)
}

/// Whether a title speaks to its reader instead of naming something: `Document your life`. A name that is
/// written with capitals throughout is one: `Your Priorities`.
fn is_slogan(title: &str) -> bool {
    const SPOKEN: [&str; 6] = ["your", "you", "our", "we", "my", "yours"];
    let words: Vec<&str> = title.split_whitespace().collect();
    words.len() > 2 && words.iter().skip(1).any(|word| SPOKEN.contains(word))
}

/// Whether a title of several words only says what the system does: it has nothing of what the manifests call it,
/// and another heading names it so (`Updating acme.io` below `Watch Pages For Changes`).
fn is_tagline<'r>(
    title: &str,
    mut headings: impl Iterator<Item = &'r str>,
    packages: &[&str],
) -> bool {
    const LONG: usize = 5;
    let is_package = |word: &str| {
        let word = plain(word);
        word.len() >= LONG && packages.iter().any(|name| plain(name) == word)
    };
    title.split_whitespace().count() > 2
        && !shares_word(title, packages)
        && headings.any(|heading| heading.split_whitespace().any(is_package))
}

/// A heading that can serve as a name: short, and no sentence.
fn is_name(title: &str) -> bool {
    let words = title.split_whitespace().count();
    let plain = title.to_ascii_lowercase();
    (1..=8).contains(&words)
        && title.len() <= 60
        && !title.ends_with('.')
        && !matches!(
            plain.as_str(),
            "readme" | "overview" | "introduction" | "getting started" | "about"
        )
}

fn statement(text: &str, at: &Evidence) -> Statement {
    Statement {
        text: text.trim().to_owned(),
        provenance: Provenance::observed([at.clone()]),
    }
}

/// Adds a term that a contract explains; the first contract that does counts.
fn add_term(blueprint: &mut Blueprint, mark: &Mark, at: &Evidence) {
    let told = mark.detail.as_deref().and_then(|d| d.split_once('\n'));
    let Some((term, meaning)) = told.filter(|_| mark.topic == Topic::Stated) else {
        return;
    };
    if !blueprint.glossary.iter().any(|t| t.term == term) {
        blueprint.glossary.push(Term {
            term: term.to_owned(),
            meaning: meaning.to_owned(),
            provenance: Provenance::observed([at.clone()]),
        });
    }
}

fn add_owner(blueprint: &mut Blueprint, owner: &str, pattern: &str, at: &Evidence) {
    let known = blueprint.stakeholders.iter_mut().find(|s| s.name == owner);
    match known {
        Some(person) => {
            if let Some(concern) = &mut person.concern
                && concern.len() < 400
            {
                concern.push_str(", ");
                concern.push_str(pattern);
            }
            person.provenance = person.provenance.clone().and([at.clone()]);
        }
        None => blueprint.stakeholders.push(Stakeholder {
            name: owner.to_owned(),
            role: CODE_OWNER.to_owned(),
            concern: Some(pattern.to_owned()),
            provenance: Provenance::observed([at.clone()]),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::{
        as_written, bare_of_version, is_kind, named_kind, shares_word, subject, whole,
        without_tagline,
    };

    #[test]
    fn a_title_is_named_without_its_tagline() {
        for (title, name) in [
            ("Acme - A reliable shop", "Acme"),
            ("Acme: shops for everyone", "Acme"),
            ("Acme – ein Laden", "Acme"),
            ("Acme: Server", "Acme: Server"),
            ("Acme Shop：A Sample Microservice System", "Acme Shop"),
            ("Acme：一个微服务商城", "Acme"),
            ("Acme (formerly Emca Shop)", "Acme"),
            ("Acme Micro-Shop", "Acme Micro-Shop"),
            (
                "A long way to say it - and more",
                "A long way to say it - and more",
            ),
        ] {
            assert_eq!(without_tagline(title), name);
        }
    }

    #[test]
    fn titles_are_held_against_the_names_of_manifests() {
        assert!(shares_word("gotify/server", &["server"]));
        assert!(shares_word("Open Shop", &["openshop"]));
        assert!(!shares_word("Thank You", &["acme", "acme-e2e"]));
        assert_eq!(bare_of_version("Acme 3.X", &["acme"]), "Acme");
        assert_eq!(bare_of_version("Area 51", &["acme"]), "Area 51");
        assert_eq!(bare_of_version("Acme Shop", &["acme"]), "Acme Shop");
        let told = as_written(None, "Put simply, Acme is open.", "acme");
        assert_eq!(told.as_deref(), Some("Acme"));
        assert_eq!(as_written(None, "Run acme.", "acme"), None);
    }

    #[test]
    fn a_title_that_no_manifest_knows_is_a_tagline() {
        let is = |title: &str, heading: &str| {
            super::is_tagline(title, [title, heading].into_iter(), &["acme.io"])
        };
        assert!(is("Watch Pages For Changes", "Updating acme.io"));
        assert!(!is("Watch Pages For Changes", "Updating"));
        assert!(!is("Acme.io Watches Pages", "Updating acme.io"));
        assert!(!is("Pages Watched", "Updating acme.io"));
    }

    #[test]
    fn a_kind_is_no_name() {
        let purpose = "Acme Shop is a sample store application that you can try.";
        assert_eq!(
            named_kind(purpose, "Sample Store Application"),
            Some("Acme Shop")
        );
        assert_eq!(named_kind("This is a sample store", "Sample Store"), None);
        for subject in ["The project", "This repository", "Our system"] {
            let purpose = format!("{subject} is a sample store with three parts.");
            assert_eq!(named_kind(&purpose, "Sample Store"), None);
        }
        assert!(is_kind("Monorepo") && !is_kind("acme"));
        assert_eq!(whole("acme-parent", &[], "x"), "acme");
        assert_eq!(subject("Redoak is made to help"), Some("Redoak"));
        assert_eq!(subject("Depot 是一个开源的仓库"), Some("Depot"));
        assert_eq!(subject("这是一个开源的仓库"), None);
        assert_eq!(subject("Depot不是一个库"), None);
        assert_eq!(whole("shop-client", &["shop-client", "shop"], "x"), "shop");
        assert_eq!(whole("shop-client", &["shop-client"], "x"), "shop-client");
    }
}
