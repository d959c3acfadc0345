//! What the system is, what it is for, and what is to be said of it in one breath.

use super::records;
use super::seen::{Use, constraint, constraint_or, end, uses};
use super::structure::role_word;
use crate::answer::Answer;
use crate::context::{Context, counted};
use crate::subject::Subject;
use crate::text::{bullets, first_places, names, plain_cell, stated};
use crate::tree::{Block, Item, Span, Text};
use crate::words;
use groundplan_knowledge::Category;
use groundplan_model::{
    Attribute, DependencyScope, Element, ElementKind, EnvironmentTier, Job, JobStage,
    LanguageCoverage, Relationship, RelationshipKind, Role,
};
use std::collections::{BTreeMap, BTreeSet};

records! {
    "budget": |c, _| constraint_or(c, "budget", "cost"), "What it may cost.";
    "key-technologies": key_technologies, "The main technologies with what each is for.";
    "primary-technologies": primary_technologies, "The main technologies in one line.";
    "problem": problem, "The problem that the system solves.";
    "project-overview": project_overview, "Two or three sentences on the whole.";
    "purpose": purpose, "What the system is for.";
    "purpose-and-scope": purpose_and_scope, "Purpose, and how far the system reaches.";
    "scale": scale, "Load and data volume, stated or as far as files show it.";
    "summary": summary, "Two to four paragraphs on the whole.";
    "target-users": target_users, "Who uses the system.";
    "team": team, "How many people build and run it.";
    "timeline": |c, _| constraint_or(c, "timeline", "timeline"), "When it must be live.";
    "tldr": tldr, "The whole in one paragraph.";
}

fn purpose<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let purpose = c.blueprint.system.purpose.as_ref();
    purpose.map_or(Answer::Gap("purpose"), |p| Answer::text(stated(p)))
}

fn problem<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let problem = c.blueprint.system.problem.as_ref();
    problem.map_or(Answer::Gap("problem"), |p| Answer::text(stated(p)))
}

fn purpose_and_scope<'a>(c: &Context<'a>, s: Subject<'a>) -> Answer {
    let scope = parts_sentence(c);
    match (purpose(c, s), scope) {
        (Answer::Said { text, blocks }, Some(scope)) => {
            let blocks = [vec![Block::Paragraph(scope)], blocks].concat();
            Answer::both(text, blocks)
        }
        (Answer::Said { text, blocks }, None) => Answer::both(text, blocks),
        (_, Some(scope)) => {
            let ask = Text::plain(" What it is for is asked in ");
            Answer::text(scope.append(ask.and(c.ask("purpose")).then(".")))
        }
        (gap, None) => gap,
    }
}

fn project_overview<'a>(c: &Context<'a>, s: Subject<'a>) -> Answer {
    purpose_and_scope(c, s)
}

fn scale<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let stated = constraint(c, "scale").map_or(Answer::Gap("scale"), Answer::text);
    if stated.is_said() || c.designed() || c.stated_in_documents("scale").is_some() {
        return stated;
    }
    let ask = |size: Text| {
        let text = size.then("; what load they must bear is asked in ");
        Answer::text(text.and(c.ask("scale")).then("."))
    };
    super::qualities::size(c).map_or(stated, ask)
}

fn team<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    if let Some(text) = constraint(c, "team") {
        return Answer::text(text);
    }
    if let Some(text) = c.stated_in_documents("team") {
        return Answer::text(text);
    }
    let history = &c.blueprint.history;
    if let Some(text) = super::people::listed(c) {
        let lead = "; how many of them work on it, and who runs it, is asked in ";
        return Answer::text(c.asked_in(text, lead, "team"));
    }
    let (_, n) = super::people::committers(c, 0);
    if n == 0 {
        return Answer::Gap("team");
    }
    let bound = if history.shallow { "at least " } else { "" };
    let text = Text::plain(format!(
        "{}{} committed so far",
        words::capital(bound),
        words::count(n, "person"),
    ));
    let inputs = history.revision.clone();
    let text = counted(
        text,
        "distinct authors of all commits up to the described revision",
        inputs,
    );
    let lead = "; how many work on it today was not stated: ";
    Answer::text(c.asked_in(text, lead, "team"))
}

fn target_users<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    if let Some(text) = constraint(c, "users") {
        return Answer::text(text);
    }
    let users = c.blueprint.stakeholders.iter().filter(|s| s.role == "user");
    let mut spans: Vec<Span> = Vec::new();
    let mut sources = Vec::new();
    for user in users {
        spans.push(Span::Plain(user.name.clone()));
        sources.push(&user.provenance);
    }
    for person in c
        .blueprint
        .elements
        .iter()
        .filter(|e| e.kind == ElementKind::Person)
        // Whoever comes in by an open port is drawn, but nobody said who that is.
        .filter(|e| c.designed() || e.description.is_some() || e.name != "User")
    {
        let mut words = person.name.clone();
        if let Some(d) = &person.description {
            words = format!("{words} ({})", d.text.trim_end_matches('.'));
        }
        if !spans.contains(&Span::Plain(words.clone())) {
            spans.push(Span::Plain(words));
            sources.push(&person.provenance);
        }
    }
    if spans.is_empty() {
        // The sentence that says what it is may say for whom it is.
        let said = c.blueprint.system.purpose.as_ref();
        let said = said.filter(|p| !c.designed() && names_people(words::first_sentence(&p.text)));
        return match said {
            Some(purpose) => {
                let text = words::sentence(words::first_sentence(&purpose.text));
                let text = Text::plain("In its own words: ").spans(crate::text::inline(&text));
                Answer::text(text.from(&purpose.provenance))
            }
            None => by_role(c),
        };
    }
    let text = Text::default().spans(words::list_spans(spans, 8, "and"));
    Answer::text(end(text.from(&first_places(sources, 4))))
}

/// Who is listed as a user, else the roles that code tells apart, where nobody says for whom it is.
fn by_role(c: &Context) -> Answer {
    if let Some(text) = super::people::adopters(c) {
        return match c.stated_in_documents("users") {
            Some(said) => Answer::text(said.then(" ").append(text.then("."))),
            None => {
                let text = text.then("; how many people and programs use it is asked in ");
                Answer::text(text.and(c.ask("users")).then("."))
            }
        };
    }
    let mut roles = match c.designed() || c.stated_in_documents("users").is_some() {
        true => Vec::new(),
        false => super::security::role_texts(c),
    };
    if roles.is_empty() {
        return Answer::Gap("users");
    }
    let more = roles.len().saturating_sub(2);
    roles.truncate(2);
    let lead = Text::plain("Code tells these roles apart: ");
    let all = roles.into_iter().fold(lead, |all, role| {
        let gap = if all.sources.is_empty() { "" } else { " " };
        all.then(gap).append(role)
    });
    let all = match more {
        0 => all,
        n => all.then(format!(
            " The code of {} does so, too.",
            words::count(n, "more part")
        )),
    };
    let all = all.then(" For whom it is made is asked in ");
    Answer::text(all.and(c.ask("users")).then("."))
}

/// Whether a sentence says for which people something is: `an invoice app for small businesses`.
fn names_people(sentence: &str) -> bool {
    const PEOPLE: [&str; 30] = [
        "admins",
        "administrators",
        "agencies",
        "analysts",
        "artists",
        "businesses",
        "clinics",
        "communities",
        "companies",
        "creators",
        "developers",
        "engineers",
        "everyone",
        "families",
        "freelancers",
        "individuals",
        "makers",
        "operators",
        "organisations",
        "organizations",
        "people",
        "professionals",
        "researchers",
        "schools",
        "startups",
        "students",
        "teachers",
        "teams",
        "users",
        "writers",
    ];
    let lower = sentence.to_lowercase();
    lower.split(" for ").skip(1).any(|rest| {
        let words = rest.split(|c: char| !c.is_alphanumeric());
        let mut near = words.filter(|w| !w.is_empty()).take(4);
        near.any(|word| PEOPLE.contains(&word))
    })
}

/// The parts of the system as it is started by default; all of them where each waits for a profile.
pub(super) fn told<'a>(c: &Context<'a>) -> Vec<&'a Element> {
    let (later, told): (Vec<&Element>, Vec<&Element>) = c
        .containers
        .iter()
        .copied()
        .partition(|e| super::deployment::is_on_demand(e));
    // Where all that is deployed waits for a profile, what else is built does not stand for it.
    let deployed = |all: &[&Element]| all.iter().any(|e| e.attribute("deployed-by").is_some());
    let by_profile = later
        .iter()
        .any(|e| e.attribute("profile").is_some() && !super::deployment::is_of_development(e));
    let mut all = if told.is_empty() || by_profile && !deployed(&told) {
        c.containers.clone()
    } else {
        told
    };
    // What another part carries is none beside it.
    let own = |e: &&Element| super::deployment::carriers(e).is_empty();
    if all.iter().any(own) {
        all.retain(|e| own(e));
    }
    all
}

/// What the parts carry, and the libraries that they are made with.
fn beside_parts(c: &Context) -> Vec<Text> {
    let carried = c
        .containers
        .iter()
        .filter(|e| e.role == Some(Role::Ui) && !super::deployment::carriers(e).is_empty());
    let mut items: Vec<Text> = carried
        .filter_map(|e| {
            let text = super::deployment::carried_text(e)?;
            Some(Text::plain("The user interface ").append(text))
        })
        .collect();
    // Those that are the parts themselves are told already.
    let told = |e: &Element| c.containers.iter().any(|part| part.id == e.id);
    let libraries = (c.blueprint.elements.iter()).filter(|e| {
        e.role == Some(Role::Library) && e.tags.iter().any(|t| t == "imported") && !told(e)
    });
    let (modules, packages): (Vec<&Element>, Vec<&Element>) =
        libraries.partition(|e| is_of_terraform(e));
    let kinds = [
        (
            packages,
            "package",
            " is a library, which others import: ",
            " are libraries, which others import: ",
        ),
        (
            modules,
            "module",
            " of Terraform makes infrastructure: ",
            " of Terraform make infrastructure: ",
        ),
    ];
    for (parts, noun, one, many) in kinds {
        if parts.is_empty() {
            continue;
        }
        // Who imports what stands in build files that may compute it.
        let n = words::spelled_count(parts.len(), noun);
        let verb = words::verb_for(parts.len(), one, many);
        let text = Text::plain(format!("At least {n}{verb}"))
            .spans(names(parts.iter().map(|e| e.name.as_str()), 6))
            .then(".");
        items.push(text.from(&first_places(parts.iter().map(|e| &e.provenance), 2)));
    }
    items
}

fn is_of_terraform(e: &Element) -> bool {
    e.technology.first().is_some_and(|t| t == "Terraform")
}

/// `33 containers and one app`: what a deployment file or a Dockerfile makes a container, and what is
/// built and started otherwise, each counted under its own name.
fn parts_noun(c: &Context) -> String {
    let deployed = |e: &Element| e.attribute("deployed-by").is_some();
    let any = told(c).iter().any(|e| deployed(e));
    let mut counts: BTreeMap<(u8, &str), usize> = BTreeMap::new();
    for e in told(c) {
        let image = e.attribute("image").is_some() || e.attribute("base-image").is_some();
        let key = match (deployed(e), e.role) {
            (true, _) => (0, "container"),
            (false, _) if !any && image => (0, "container"),
            (false, Some(Role::Ui)) => (1, "app"),
            (false, Some(Role::Program)) => (2, "program"),
            (false, Some(Role::Library)) if is_of_terraform(e) => (3, "Terraform module"),
            (false, Some(Role::Library)) => (3, "library"),
            (false, _) => (4, "part"),
        };
        *counts.entry(key).or_default() += 1;
    }
    // The roles behind the colon name programs and libraries again.
    let named = |(_, word): &(u8, &str)| matches!(*word, "program" | "library");
    if counts.len() > 1 && counts.keys().any(named) {
        return words::spelled_count(counts.values().sum(), "part");
    }
    let others = counts.keys().any(|(rank, _)| *rank < 4);
    let all: Vec<String> = counts
        .iter()
        .map(|((rank, word), n)| match (*rank, others) {
            (4, true) => words::spelled_count(*n, "other part"),
            _ => words::spelled_count(*n, word),
        })
        .collect();
    words::list(&all, "and")
}

/// `Nine containers make up Shop: five services, three databases and one message broker.`
pub(super) fn parts_sentence(c: &Context) -> Option<Text> {
    let shown = told(c);
    if shown.is_empty() {
        return None;
    }
    let system = &c.blueprint.system.name;
    let mut roles: BTreeMap<&str, usize> = BTreeMap::new();
    for e in &shown {
        *roles
            .entry(e.role.map_or("container", |_| role_word(c, e)))
            .or_default() += 1;
    }
    let mut roles: Vec<(&str, usize)> = roles.into_iter().collect();
    roles.sort_by_key(|(word, n)| (std::cmp::Reverse(*n), *word));
    let kinds: Vec<String> = roles
        .iter()
        .map(|(w, n)| words::spelled_count(*n, w))
        .collect();
    let ids = shown.iter().map(|e| e.id.clone());
    let noun = parts_noun(c);
    let loose = untied(c);
    let text = match shown.as_slice() {
        [only] => {
            let kind = words::with_article(only.role.map_or("container", |_| role_word(c, only)));
            // `Shop is a service, api`: a part that no file makes a container needs no second noun.
            let (noun, kind) = match noun.as_str() {
                "one part" => (kind, String::new()),
                _ => (noun, format!(", {kind}")),
            };
            // A part that most of the code is not tied to is told by the rest of it alone.
            let technology = only.technology.first().filter(|_| loose.is_none());
            let built = match (technology, kind.is_empty()) {
                (Some(t), true) => format!(", built with {t}."),
                (Some(t), false) => format!("{kind} built with {t}."),
                (None, _) => format!("{kind}."),
            };
            Text::plain(format!("{system} is {noun}, "))
                .then_code(&only.name)
                .then(built)
                .from(&only.provenance)
        }
        // A second count of the same says nothing.
        _ if roles.len() == 1
            && (roles.first()).is_some_and(|(w, _)| matches!(*w, "container" | "library")) =>
        {
            Text::plain(format!("{} make up {system}.", words::capital(&noun)))
        }
        _ => Text::plain(format!(
            "{} make up {system}: {}.",
            words::capital(&noun),
            words::list(&kinds, "and")
        )),
    };
    let later = |e: &&&Element| {
        shown.iter().all(|s| s.id != e.id) && super::deployment::carriers(e).is_empty()
    };
    let (bench, optional): (Vec<&Element>, Vec<&Element>) = (c.containers.iter().copied())
        .filter(|e| later(&e))
        .partition(|e| super::deployment::is_of_development(e));
    let mut text = text;
    for (all, how) in [
        (optional.clone(), super::deployment::later_words(&optional)),
        (bench, "for development"),
    ] {
        if !all.is_empty() {
            let n = words::capital(&words::spelled(all.len()));
            // What developers start beside the program may stand elsewhere under other names.
            let verb = match how == "for development" {
                true => words::verb_for(all.len(), "is started here", "are started here"),
                false => words::verb_for(all.len(), "runs", "run"),
            };
            text = text
                .then(format!(" {n} more {verb} only {how}: "))
                .spans(names(all.iter().map(|e| e.name.as_str()), 5))
                .then(".");
        }
    }
    let text = match shown.len() {
        1 => text,
        _ => counted(text, "containers by role", ids),
    };
    let text = match loose {
        Some(more) => text.then(" ").append(more),
        None => text,
    };
    let more = beside_parts(c).into_iter();
    Some(more.fold(text, |all, one| all.then(" ").append(one)))
}

/// That most code of the repository is in languages that no part was seen to be built with: what is told of
/// the parts is then not what most of it does.
fn untied(c: &Context) -> Option<Text> {
    let all = crate::searched::code(&c.blueprint.coverage);
    let tied = |language: &str| {
        let mut technologies = c.blueprint.elements.iter().flat_map(|e| &e.technology);
        technologies.any(|t| t.split([' ', ',']).any(|word| word == language))
    };
    let (with, without): (Vec<&LanguageCoverage>, Vec<&LanguageCoverage>) =
        all.into_iter().partition(|l| tied(&l.language));
    let lines = |all: &[&LanguageCoverage]| all.iter().map(|l| l.lines).sum::<u32>();
    let (tied, rest) = (lines(&with), lines(&without));
    if rest <= tied {
        return None;
    }
    let spoken: Vec<&str> = without.iter().map(|l| l.language.as_str()).collect();
    let text = Text::plain(format!(
        "Most of the code, {}, is in {} that no part was seen to be built with: ",
        words::count(rest as usize, "line"),
        words::verb_for(spoken.len(), "a language", "languages"),
    ));
    let spans = spoken.into_iter().map(|l| Span::Plain(l.to_owned()));
    let text = text.spans(words::list_spans(spans.collect(), 4, "and"));
    let inputs = without
        .iter()
        .map(|l| format!("{}: {} lines", l.language, l.lines));
    Some(counted(text.then("."), "lines of code by language", inputs))
}

/// Which container reaches most others, and which most others need; a superlative only without a tie.
fn weight_sentence(c: &Context) -> Option<Text> {
    let ends = |all: &[&Relationship], end: fn(&Relationship) -> &str| -> usize {
        let used = all
            .iter()
            .filter(|r| r.kind != RelationshipKind::Observes && super::calls::is_connection(c, r));
        let set: BTreeSet<&str> = used.map(|r| end(r)).collect();
        set.len()
    };
    let reaches = |e: &Element| ends(c.outgoing(&e.id), |r| &r.to);
    // Who asks it from outside is no part.
    let needed = |e: &Element| {
        let parts = c.incoming(&e.id).iter().copied();
        let parts = parts.filter(|r| {
            c.element(&r.from)
                .is_some_and(|f| f.kind == ElementKind::Container)
        });
        ends(&parts.collect::<Vec<_>>(), |r| &r.from)
    };
    // A rank among few connections says how much was found, not who stands in the middle.
    let joined = |e: &&&Element| reaches(e) + needed(e) > 0;
    let ranked = c.containers.iter().filter(joined).count() * 4 > c.containers.len() * 3;
    let first = |weight: &dyn Fn(&Element) -> usize| {
        let all = c.containers.iter().map(|e| (weight(e), *e));
        let (n, e) = all.max_by_key(|(n, e)| (*n, std::cmp::Reverse(&e.id)))?;
        let alone = ranked
            && c.containers.len() > 1
            && c.containers.iter().filter(|e| weight(e) == n).count() == 1;
        // Of several with as much, none is the one to name.
        (n > 1 && (alone || c.containers.len() == 1)).then_some((n, e))
    };
    // Of two nothing stands out.
    let candidates = |weight: &dyn Fn(&Element) -> usize| {
        c.containers.iter().filter(|e| weight(e) > 0).count() > 2
    };
    let mut text = Text::default();
    if let Some((n, most)) = first(&reaches) {
        let outside = c
            .outgoing(&most.id)
            .iter()
            .all(|r| c.element(&r.to).is_some_and(|t| t.external));
        let noun = words::noun_for(n, if outside { "system" } else { "part" });
        let what = match outside {
            // What a program can call it need not need.
            true => format!(" can call {}{} {noun} outside", least(c), words::spelled(n)),
            false => format!(
                " connects to {}{} other {noun}",
                least(c),
                words::spelled(n)
            ),
        };
        text = text.then_code(&most.name).then(what);
        if candidates(&reaches) && !c.designed() {
            text = text.then(", more than any other part here was seen to do");
        }
        text = text.from_all(c.outgoing(&most.id).iter().take(2).map(|r| &r.provenance));
    }
    if let Some((n, base)) = first(&needed) {
        let joint = if text.spans.is_empty() { "" } else { "; " };
        text = text.then(joint).then_code(&base.name);
        let noun = if joint.is_empty() { " parts" } else { "" };
        text = text.then(format!(
            " is used by {}{}{noun}",
            least(c),
            words::spelled(n)
        ));
        if candidates(&needed) && !c.designed() {
            text = text.then(", more than any other part here was seen to be");
        }
        text = text.from_all(c.incoming(&base.id).iter().take(2).map(|r| &r.provenance));
    }
    (!text.spans.is_empty()).then(|| text.then("."))
}

/// What is counted in code may not be all; of a design everything is known.
fn least(c: &Context) -> &'static str {
    if c.designed() { "" } else { "at least " }
}

/// Systems outside that only one container reaches: losing it loses them.
fn single_path_sentence(c: &Context) -> Option<Text> {
    let mut by_holder: Vec<(&Element, Vec<&Element>)> = Vec::new();
    let stores = c.containers.iter().filter(|e| e.is_store());
    for target in c.externals.iter().chain(stores) {
        let mut callers: Vec<&str> = c
            .incoming(&target.id)
            .iter()
            .map(|r| r.from.as_str())
            .collect();
        callers.dedup();
        if let [only] = callers.as_slice()
            && let Some(holder) = c
                .element(only)
                .filter(|e| e.kind == ElementKind::Container && !super::calls::is_workbench(e))
        {
            match by_holder.iter_mut().find(|(h, _)| h.id == holder.id) {
                Some((_, list)) => list.push(target),
                None => by_holder.push((holder, vec![target])),
            }
        }
    }
    by_holder.sort_by_key(|(h, list)| (std::cmp::Reverse(list.len()), h.id.clone()));
    let several = c.containers.iter().filter(|e| !e.is_store()).count() > 1;
    let (holder, targets) = by_holder.into_iter().next().filter(|_| several)?;
    let sources: Vec<_> = targets
        .iter()
        .flat_map(|t| c.incoming(&t.id))
        .map(|r| &r.provenance)
        .collect();
    let outside = targets.iter().all(|t| t.external);
    // What a tool of the developers calls tells nothing of the system.
    if outside && matches!(holder.role, Some(Role::Program | Role::Library)) {
        return None;
    }
    let text = Text::code(&holder.name)
        .then(if outside {
            " calls at least "
        } else {
            " reaches at least "
        })
        .spans(names(targets.iter().map(|t| t.name.as_str()), 4));
    Some(end(text.from(&first_places(sources, 3))))
}

/// Languages by weight, how it is deployed and what builds it.
pub(super) fn made_of_sentence(c: &Context) -> Option<Text> {
    let mut shown = super::technology::languages(c);
    let left = shown.len().saturating_sub(4);
    shown.truncate(4);
    if shown.is_empty() {
        return None;
    }
    let parts: Vec<String> = shown
        .iter()
        .map(|l| {
            format!(
                "{} ({})",
                l.language,
                words::count(l.lines as usize, "line")
            )
        })
        .collect();
    let mut text = Text::plain(match left {
        0 => format!("It is written in {}", words::list(&parts, "and")),
        n => format!(
            "It is written in {} and {}",
            parts.join(", "),
            words::count(n, "more language")
        ),
    });
    text = super::technology::with_site(c, text);
    text = counted(text, "lines per language of the files read", Vec::new());
    // What starts only ready images deploys nothing that is written here.
    let own = |e: &&&Element| e.source.is_some() || e.attribute("build").is_some();
    let own: Vec<&&Element> = c.containers.iter().filter(own).collect();
    let mut platforms: BTreeMap<&str, Vec<&Attribute>> = BTreeMap::new();
    let of_own = own
        .iter()
        .filter(|e| !super::deployment::is_of_development(e));
    for a in match own.is_empty() {
        true => c.containers.iter().collect::<Vec<_>>(),
        false => of_own.copied().collect(),
    }
    .into_iter()
    .flat_map(|e| e.attributes_of("deployed-by"))
    {
        platforms.entry(&a.value).or_default().push(a);
    }
    if let Some((name, all)) = platforms.iter().max_by_key(|(_, all)| all.len()) {
        // Files that build what they start, or bind it to the machine, are for who works on it.
        let local = *name == "Docker Compose"
            && (c.blueprint.environments.iter())
                .filter(|e| e.mechanism.contains("Compose"))
                .all(|e| matches!(e.tier, EnvironmentTier::Development | EnvironmentTier::Test))
            && c.blueprint
                .environments
                .iter()
                .any(|e| e.mechanism.contains("Compose"));
        let verb = if local { "started" } else { "deployed" };
        let others = platforms.keys().filter(|other| *other != name).copied();
        let all_names: Vec<&str> = std::iter::once(*name).chain(others).collect();
        text = text.then(format!(", {verb} with {}", words::list(&all_names, "or")));
        text = text.from(&first_places(all.iter().map(|a| &a.provenance), 1));
    } else if let Some(base) = own.iter().find_map(|e| e.attribute("base-image"))
        && let Some(at) = base.provenance.first()
    {
        let bases = own.iter().flat_map(|e| e.attributes_of("base-image"));
        let files: BTreeSet<&str> = bases
            .filter_map(|a| Some(a.provenance.first()?.path.as_str()))
            .collect();
        text = match files.len() {
            0 | 1 => text.then(", packed into an image by ").then_code(&at.path),
            n => text.then(format!(
                ", packed into images by {} build files",
                words::spelled(n)
            )),
        };
        text = text.from(&base.provenance);
    }
    // What only tests it builds nothing that is kept.
    let does = |stages: &'static [JobStage]| {
        let is = move |j: &&Job| stages.iter().any(|s| j.stages.contains(s));
        let mut all = c.blueprint.pipelines.iter();
        all.find_map(|p| Some((p, p.jobs.iter().find(is)?)))
    };
    let built = does(&[JobStage::Build, JobStage::Package]).map(|job| ("built", job));
    let tested = || does(&[JobStage::Test]).map(|job| ("tested", job));
    if let Some((verb, (p, job))) = built.or_else(tested) {
        text = text
            .then(format!(", {verb} by {}", p.product))
            .from(&job.provenance);
    }
    Some(text.then("."))
}

fn summary<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let mut first = match &c.blueprint.system.purpose {
        Some(p) => stated(p),
        None => Text::default(),
    };
    if let Some(problem) = &c.blueprint.system.problem {
        let gap = if first.spans.is_empty() { "" } else { " " };
        first = first.then(gap).append(stated(problem));
    }
    let mut second = parts_sentence(c).unwrap_or_default();
    let weights = [weight_sentence(c), single_path_sentence(c)];
    for more in own_stores(c).chain(weights.into_iter().flatten()) {
        let gap = if second.spans.is_empty() { "" } else { " " };
        second = second.then(gap).append(more);
    }
    let mut paragraphs: Vec<Text> = c.status().into_iter().chain([first, second]).collect();
    paragraphs.extend(made_of_sentence(c));
    if let Some(style) = &c.blueprint.system.style {
        paragraphs.push(stated(style));
    }
    paragraphs.retain(|t| !t.is_empty());
    if paragraphs.is_empty() {
        return Answer::Gap("purpose");
    }
    if c.blueprint.system.purpose.is_none() {
        let ask = Text::plain("What it is for is asked in ")
            .and(c.ask("purpose"))
            .then(".");
        paragraphs.push(ask);
    }
    let features = &c.blueprint.system.features;
    let mut blocks: Vec<Block> = paragraphs.into_iter().map(Block::Paragraph).collect();
    if !features.is_empty() {
        let words = match c.designed() {
            true => "What it offers:",
            false => "What it offers, in the words of its authors:",
        };
        blocks.push(Block::Paragraph(Text::plain(words)));
        blocks.push(bullets(features.iter().take(6).map(stated).collect()));
    }
    Answer::blocks(blocks)
}

/// Where the first parts keep their data that no other part keeps for them.
fn own_stores<'a>(c: &'a Context<'a>) -> impl Iterator<Item = Text> + 'a {
    let all = super::deployment::started(c).into_iter();
    all.filter_map(|e| super::storage::own_store(c, e)).take(2)
}

fn tldr<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let mut text = Text::default();
    let purpose = c.blueprint.system.purpose.as_ref().map(|p| {
        let mut short = stated(p);
        short.spans = crate::text::inline(&words::sentence(words::first_sentence(&p.text)));
        short
    });
    for more in [
        purpose,
        c.status(),
        parts_sentence(c),
        weight_sentence(c),
        made_of_sentence(c),
    ]
    .into_iter()
    .flatten()
    {
        let gap = if text.spans.is_empty() { "" } else { " " };
        text = text.then(gap).append(more);
    }
    if text.spans.is_empty() {
        Answer::Gap("purpose")
    } else {
        Answer::text(text)
    }
}

/// The categories that shape a system, for short lists. What runs or connects others shapes it only
/// where it runs: its client in a manifest says what is called. Packages for tests and building
/// shape nothing.
fn shaping(category: Option<Category>, scope: Option<DependencyScope>) -> bool {
    let aside = matches!(
        scope,
        Some(DependencyScope::Test | DependencyScope::Development | DependencyScope::Build)
    );
    let platform = matches!(
        category,
        Some(Category::Orchestrator | Category::ServiceMesh | Category::Gateway)
    );
    if aside || platform && scope.is_some() {
        return false;
    }
    category.is_some_and(|k| {
        matches!(
            k,
            Category::Language
                | Category::WebFramework
                | Category::UiFramework
                | Category::Rpc
                | Category::Database
                | Category::Cache
                | Category::Search
                | Category::Broker
                | Category::Streaming
                | Category::ObjectStorage
                | Category::Gateway
                | Category::ServiceMesh
                | Category::Orchestrator
                | Category::Orm
        )
    })
}

/// What shapes the system, by weight: languages, then what runs as a part of its own, frameworks,
/// and last what only a manifest names.
fn shaping_uses<'a>(c: &Context<'a>) -> Vec<Use<'a>> {
    let mut all = uses(c, shaping);
    let lines = super::technology::languages(c);
    all.sort_by_key(|u| {
        let category = groundplan_knowledge::knowledge()
            .by_name(u.name)
            .map(|t| t.category);
        let runs = c.containers.iter().any(|e| {
            e.technology.iter().any(|t| t == u.name) && u.elements.contains(&e.name.as_str())
        });
        // Of languages the one with most lines comes first.
        let place = || {
            let found = lines.iter().position(|l| l.language == u.name);
            found.unwrap_or(lines.len())
        };
        match category {
            Some(Category::Language) if runs => (0, place()),
            Some(Category::Language) => (4, place()),
            Some(Category::WebFramework | Category::UiFramework | Category::Rpc) => (2, 0),
            _ if runs => (1, 0),
            _ => (3, 0),
        }
    });
    all
}

/// Databases of which one part has several drivers and none is seen to run: alternatives of a
/// setting, of which no one shapes the system.
fn alternatives<'a>(c: &Context<'a>, all: &[Use<'a>]) -> Vec<&'a str> {
    let driver = |u: &&Use| {
        let known = groundplan_knowledge::knowledge().by_name(u.name);
        known.is_some_and(|t| t.category == Category::Database)
            && !c.blueprint.elements.iter().any(|e| {
                e.technology.iter().any(|t| t == u.name) || e.name.eq_ignore_ascii_case(u.name)
            })
    };
    let drivers: Vec<&Use> = all.iter().filter(driver).collect();
    let beside = |u: &&&Use| {
        let mut others = drivers.iter().filter(|o| o.name != u.name);
        others.any(|o| o.elements.iter().any(|e| u.elements.contains(e)))
    };
    drivers.iter().filter(beside).map(|u| u.name).collect()
}

fn primary_technologies<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let mut all = shaping_uses(c);
    let several = alternatives(c, &all);
    all.retain(|u| !several.contains(&u.name) && !is_driver(c, u));
    if all.is_empty() {
        return languages(c).unwrap_or(Answer::Gap("technology"));
    }
    let spans = all
        .iter()
        .take(7)
        .map(|u| Span::Plain(u.name.to_owned()))
        .collect();
    let sources = all
        .iter()
        .take(7)
        .filter_map(|u| u.sources.first().copied());
    let text = Text::default().spans(words::list_spans(spans, 7, "and"));
    Answer::text(end(text.from(&first_places(sources, 7))))
}

fn languages(c: &Context) -> Option<Answer> {
    let names: Vec<&str> = super::technology::languages(c)
        .iter()
        .take(5)
        .map(|l| l.language.as_str())
        .collect();
    let text = Text::plain(format!("{}.", words::list(&names, "and")));
    (!names.is_empty()).then(|| {
        Answer::text(counted(
            text,
            "languages of the files read, by lines",
            Vec::new(),
        ))
    })
}

/// `language of orders and stock`: packages and folders are counted, for they are no parts.
fn language_text(c: &Context, u: &Use) -> Text {
    // A folder may be called like a container that runs something else.
    let is_part = |name: &&str| {
        let mut all = c.containers.iter();
        all.any(|e| e.name == **name && e.technology.iter().any(|t| t == u.name))
    };
    let (parts, mut beside): (Vec<&str>, Vec<&str>) = u.elements.iter().copied().partition(is_part);
    // A folder inside of a part that is told is that part.
    let told: Vec<&str> = (c.containers.iter())
        .filter(|e| parts.contains(&e.name.as_str()))
        .map(|e| e.id.as_str())
        .collect();
    beside.retain(|name| {
        let mut own = (c.blueprint.elements.iter()).filter(|e| e.name == *name);
        own.any(|e| {
            !e.parent
                .as_deref()
                .is_some_and(|above| told.contains(&above))
        })
    });
    let counted = |n: usize| words::spelled_count(n, "package or folder");
    let text = match (parts.is_empty(), beside.len()) {
        (true, 0) => Text::plain("a language of its code"),
        (true, n) => Text::plain(format!("language of {}", counted(n))),
        (false, 0) => Text::plain("language of ").spans(names(parts, 4)),
        (false, n) => Text::plain("language of ")
            .spans(names(parts, 4))
            .then(format!(", and of {} beside", counted(n))),
    };
    text.from(&first_places(u.sources.iter().copied(), 1))
}

fn key_technologies<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let all = shaping_uses(c);
    let several = alternatives(c, &all);
    let (all, drivers): (Vec<Use>, Vec<Use>) = (all.into_iter()).partition(|u| !is_driver(c, u));
    if all.is_empty() {
        return languages(c).unwrap_or(Answer::Gap("technology"));
    }
    let mut items: Vec<Item> = all
        .iter()
        .take(10)
        .map(|u| {
            let category = groundplan_knowledge::knowledge()
                .by_name(u.name)
                .map(|t| t.category);
            if category == Some(Category::Language) {
                return Item::labelled(u.name, language_text(c, u));
            }
            let mut text = match several.contains(&u.name) {
                true => plain_cell("one of several databases that code may open"),
                false => plain_cell(u.about.unwrap_or("used")),
            };
            if !u.elements.is_empty() {
                // A package in a manifest shows what can be used; what runs or is written in it is.
                let runs = c.blueprint.elements.iter().any(|e| {
                    e.technology.iter().any(|t| t == u.name)
                        && u.elements.contains(&e.name.as_str())
                });
                text = text
                    .then(if runs {
                        ", in "
                    } else {
                        "; among the packages of "
                    })
                    .spans(names(u.elements.iter().copied(), 4));
            }
            Item::labelled(
                u.name,
                text.from(&first_places(u.sources.iter().copied(), 1)),
            )
        })
        .collect();
    if !drivers.is_empty() {
        let names = drivers.iter().map(|u| Span::Plain(u.name.to_owned()));
        let text = Text::default().spans(words::list_spans(names.collect(), 8, "and"));
        let sources = drivers.iter().filter_map(|u| u.sources.first().copied());
        items.push(Item::labelled(
            "Drivers among the packages",
            text.from(&first_places(sources, 2)),
        ));
    }
    Answer::blocks(vec![Block::List {
        ordered: false,
        items,
    }])
}

/// Whether a use is only a driver or client of a server that no part of the system is: one that somebody
/// may set up, or that a plugin speaks with.
fn is_driver(c: &Context, u: &Use) -> bool {
    let known = groundplan_knowledge::knowledge().by_name(u.name);
    let server = known.is_some_and(|t| {
        t.is_server()
            && matches!(
                t.category,
                Category::Database
                    | Category::Cache
                    | Category::Search
                    | Category::Broker
                    | Category::Streaming
                    | Category::ObjectStorage
            )
    });
    // A server that speaks the protocol of the driver is what it reaches.
    let served = |name: &str| {
        known.is_some_and(|k| {
            let other = groundplan_knowledge::knowledge().by_name(name);
            other.is_some_and(|o| groundplan_knowledge::knowledge().serves(&o.id, &k.id))
        })
    };
    let runs = |e: &Element| {
        (e.technology.iter()).any(|t| t == u.name || served(t))
            || e.name.eq_ignore_ascii_case(u.name)
    };
    server && !c.designed() && !c.blueprint.elements.iter().any(runs)
}
