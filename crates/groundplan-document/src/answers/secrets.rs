//! Where secrets come from, and which stand in files.

use super::found::{found, products};
use super::goals::distinct;
use super::records;
use super::security::library_texts;
use super::seen::{end, groups, is_aside, of_tests};
use crate::answer::Answer;
use crate::context::{Context, declared};
use crate::subject::Subject;
use crate::text::{first_places, names};
use crate::tree::Text;
use crate::words;
use groundplan_knowledge::Category;
use groundplan_model::{Observation, Provenance, Setting, SettingSource, Topic};
use std::collections::BTreeMap;

records! {
    "secrets": secrets, "Where secrets come from.";
}

/// Whether a setting stands in a file for those who develop the system or for its pipelines: what it
/// guards holds no data of users.
fn is_for_developers(c: &Context, s: &Setting) -> bool {
    const WORDS: [&str; 12] = [
        "ci",
        "circleci",
        "dev",
        "devcontainer",
        "develop",
        "development",
        "drone",
        "github",
        "gitlab",
        "local",
        "localhost",
        "woodpecker",
    ];
    let path = s.provenance.first().map_or("", |at| at.path.as_str());
    let lower = path.to_lowercase();
    let (folders, name) = lower.rsplit_once('/').unwrap_or(("", &lower));
    // A folder is meant as a whole: `local-storage` is no place for developers.
    let folder = |f: &str| WORDS.contains(&f.trim_start_matches('.'));
    let element = s.element.as_deref().and_then(|id| c.element(id));
    folders.split('/').any(folder)
        || name
            .split(['.', '-', '_'])
            .any(|word| WORDS.contains(&word))
        || element.is_some_and(super::deployment::is_of_development)
}

/// Secrets whose value stands in a file for developers.
fn bench_secrets<'a>(c: &Context<'a>) -> Vec<&'a Setting> {
    let all = c.blueprint.settings.iter();
    all.filter(|s| s.secret && !s.source.is_read() && s.value.is_none())
        .filter(|s| !of_tests(&s.provenance) && !is_aside(&s.provenance))
        .filter(|s| !c.designed() && is_for_developers(c, s))
        .collect()
}

/// Secrets whose value stands in a deployment file: neither a variable nor a reference. Files for
/// developers and pipelines are left out, and examples.
pub(super) fn written_secrets<'a>(c: &Context<'a>) -> Vec<&'a Setting> {
    let all = c.blueprint.settings.iter();
    let mut all: Vec<&Setting> = all
        .filter(|s| s.secret && !s.source.is_read() && s.value.is_none())
        .filter(|s| !s.name.to_uppercase().contains("ALLOW_EMPTY"))
        .filter(|s| !of_tests(&s.provenance) && !is_aside(&s.provenance))
        .filter(|s| c.designed() || !is_for_developers(c, s))
        .collect();
    // Not every connection string holds a password.
    all.sort_by_key(|s| {
        s.name
            .to_lowercase()
            .replace('_', "")
            .contains("connectionstring")
    });
    all
}

/// `POSTGRES_PASSWORD` in `db`, by name.
fn by_name<'a>(
    c: &Context<'a>,
    settings: &[&'a Setting],
) -> Vec<(&'a str, Vec<&'a str>, Vec<&'a Provenance>)> {
    let mut all: BTreeMap<&str, (Vec<&str>, Vec<&Provenance>)> = BTreeMap::new();
    for s in settings {
        let entry = all.entry(&s.name).or_default();
        if let Some(e) = s.element.as_deref().map(|id| c.name_of(id))
            && !entry.0.contains(&e)
        {
            entry.0.push(e);
        }
        entry.1.push(&s.provenance);
    }
    all.into_iter()
        .map(|(name, (elements, sources))| (name, elements, sources))
        .collect()
}

fn secrets<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let mut items: Vec<Text> = declared(c, "security.secrets").into_iter().collect();
    for group in groups(c, c.seen(Topic::SecretLeak)) {
        let text = super::found::mark_text(&group);
        items.push(Text::plain("A secret lies open in the repository: ").append(text));
    }
    let written = written_secrets(c);
    let groups = by_name(c, &written);
    if !groups.is_empty() {
        let n = words::spelled_count(groups.len(), "secret");
        let mounted = written.iter().any(|s| s.source == SettingSource::File);
        let place = if mounted {
            "deployment or configuration"
        } else {
            "deployment"
        };
        let verb = match groups.len() {
            1 => format!(" stands with its value in a {place} file: "),
            _ => format!(" stand with their values in {place} files: "),
        };
        let text = Text::plain(format!("At least {n}{verb}"));
        let text = text.spans(names(groups.iter().map(|(name, _, _)| *name), 6));
        items.push(end(
            text.from(&first_places(written.iter().map(|s| &s.provenance), 4))
        ));
    }
    let bench = bench_secrets(c);
    let groups = by_name(c, &bench);
    if !groups.is_empty() {
        let verb = words::verb_for(
            groups.len(),
            " has its value in a file for development or pipelines",
            " have their values in files for development or pipelines",
        );
        let text = Text::default().spans(names(groups.iter().map(|(name, _, _)| *name), 6));
        items.push(end(text
            .then(verb)
            .from(&first_places(bench.iter().map(|s| &s.provenance), 3))));
    }
    items.extend(library_texts(c, |t| {
        t.category == Category::Secrets && !t.about.contains("certificates")
    }));
    for e in products(c, |t| t.category == Category::Secrets)
        .iter()
        .flat_map(|p| &p.runs)
    {
        let users = super::found::users_of(c, e);
        if !users.is_empty() {
            let text = Text::code(&e.name)
                .then(" hands secrets to ")
                .spans(names(users, 5));
            items.push(end(text.from(&e.provenance)));
        }
    }
    let referred: Vec<&Setting> = c
        .blueprint
        .settings
        .iter()
        .filter(|s| s.value.as_deref().is_some_and(|v| v.starts_with("secret:")))
        .collect();
    for (name, elements, sources) in by_name(c, &referred).into_iter().take(4) {
        let from = referred
            .iter()
            .find(|s| s.name == name)
            .and_then(|s| s.value.as_deref());
        let from = from.and_then(|v| v.strip_prefix("secret:")).unwrap_or("");
        let verb = words::verb_for(elements.len(), " takes ", " take ");
        let text = Text::default()
            .spans(names(elements, 4))
            .then(verb)
            .then_code(name);
        // Tools of clouds say only that it is one.
        let text = match from.is_empty() {
            true => text.then(" from a secret"),
            false => text.then(" from the Kubernetes Secret ").then_code(from),
        };
        items.push(end(text.from(&first_places(sources, 2))));
    }
    let seen: Vec<&Observation> = c.seen(Topic::SecretReference).to_vec();
    let mut by_detail: BTreeMap<&str, Vec<&Observation>> = BTreeMap::new();
    for o in &seen {
        by_detail
            .entry(o.detail.as_deref().unwrap_or(""))
            .or_default()
            .push(o);
    }
    for (detail, all) in by_detail {
        let which = distinct(all.iter().map(|o| o.name.as_str()));
        let n = which.len();
        let text = match (detail.strip_prefix("secret of "), detail.is_empty()) {
            (Some(product), _) => Text::plain(format!(
                "{product} holds {}: ",
                words::spelled_count(n, "secret")
            ))
            .spans(names(which, 5)),
            (None, false) => Text::default()
                .spans(names(which, 5))
                .then(words::verb_for(n, " comes ", " come "))
                .then(detail),
            (None, true) => Text::default().spans(names(which, 5)).then(words::verb_for(
                n,
                " is kept as a secret object",
                " are kept as secret objects",
            )),
        };
        items.push(end(
            text.from(&first_places(all.iter().map(|o| &o.provenance), 3))
        ));
    }
    let read: Vec<&Setting> = c
        .blueprint
        .settings
        .iter()
        .filter(|s| s.secret && s.source.is_read())
        .filter(|s| !written.iter().any(|w| w.name == s.name))
        .collect();
    let groups = by_name(c, &read);
    if !groups.is_empty() {
        // The value is not seen, and a name alone does not prove what it holds.
        let lead = match written.is_empty() {
            true => "Code reads",
            false => "Beside these, code reads",
        };
        let properties = read.iter().any(|s| s.source == SettingSource::Property);
        let (noun, from) = match properties {
            true => ("variable or property", ""),
            false => ("variable", " from the environment"),
        };
        let text = Text::plain(match c.designed() {
            true => words::capital(&format!(
                "{} of the environment {}: ",
                words::spelled_count(groups.len(), "variable"),
                words::verb_for(groups.len(), "holds a secret", "hold secrets"),
            )),
            false => format!(
                "{lead} at least {}{from} that by {} {}: ",
                words::spelled_count(groups.len(), noun),
                words::verb_for(groups.len(), "its name", "their names"),
                words::verb_for(groups.len(), "holds a secret", "hold secrets"),
            ),
        });
        let text = text.spans(names(groups.iter().map(|(name, _, _)| *name), 16));
        items.push(end(
            text.from(&first_places(read.iter().map(|s| &s.provenance), 3))
        ));
    }
    let handed: Vec<&Setting> = c
        .blueprint
        .settings
        .iter()
        .filter(|s| s.secret && !s.source.is_read())
        .filter(|s| s.value.as_deref().is_some_and(|v| v.starts_with("${")))
        .collect();
    let groups = by_name(c, &handed);
    if !groups.is_empty() {
        let n = words::spelled_count(groups.len(), "secret");
        let verb = words::verb_for(
            groups.len(),
            " comes from a variable of the shell or an environment file: ",
            " come from variables of the shell or an environment file: ",
        );
        let text = Text::plain(format!("At least {n}{verb}"));
        let text = text.spans(names(groups.iter().map(|(name, _, _)| *name), 6));
        items.push(end(
            text.from(&first_places(handed.iter().map(|s| &s.provenance), 3))
        ));
    }
    found(items).unwrap_or_else(|| {
        c.absent_topics(
            &[],
            "secret or secret store",
            &[
                "Compose and Kubernetes files",
                "pipelines",
                "package manifests",
            ],
            "secrets",
        )
    })
}
