//! Settings: variables, files, defaults and where they come from at run time.

use super::charted;
use super::deployment::told;
use super::found::{found, more, product_text, products};
use super::goals::distinct;
use super::records;
use super::seen::{end, is_task_file};
use crate::answer::Answer;
use crate::context::{Context, counted};
use crate::text::{first_places, name, names, table};
use crate::tree::{Block, Text};
use crate::words;
use groundplan_knowledge::Category;
use groundplan_model::{Provenance, Role, Setting, SettingSource, Topic};
use std::collections::{BTreeMap, BTreeSet};

records! {
    "configuration-file-count": |c, _| file_count(c), "How many configuration files there are.";
    "configuration-files": |c, _| files_answer(c), "Configuration files with what they set.";
    "default-values": |c, _| default_values(c), "Values that hold when nobody sets others.";
    "environment-variable-count": |c, _| variable_count(c), "How many environment variables there are.";
    "environment-variables": |c, _| variables_answer(c), "Environment variables, those of most components first.";
    "remote-configuration": |c, _| remote(c), "What serves settings at run time.";
}

/// One environment variable over all components.
struct Variable<'a> {
    name: &'a str,
    elements: Vec<&'a str>,
    values: BTreeSet<&'a str>,
    /// Those of `elements` for which a value is known.
    holders: BTreeSet<&'a str>,
    secret: bool,
    /// Whether a file sets it to nothing.
    empty: bool,
    read: bool,
    /// Whether the shell of a start command reads it.
    started: bool,
    set: bool,
    /// Whether an example of a file of variables names it.
    proposed: bool,
    /// What that example proposes, which is what nothing takes by itself.
    examples: BTreeSet<&'a str>,
    /// Variants whose value is known, and whether one is known that holds for all.
    variants: BTreeSet<&'a str>,
    common: bool,
    /// Values of a chart that it takes and that are empty by default.
    charted: BTreeSet<&'a str>,
    /// Where it is read and set: first where it has a value.
    sources: Vec<&'a Provenance>,
    /// How many of the first places have one.
    valued: usize,
}

fn variables<'a>(c: &Context<'a>) -> Vec<Variable<'a>> {
    let mut all: BTreeMap<&str, Variable> = BTreeMap::new();
    for s in c
        .blueprint
        .settings
        .iter()
        .filter(|s| !matches!(s.source, SettingSource::File | SettingSource::Property))
    {
        let v = all.entry(&s.name).or_insert_with(|| Variable {
            name: &s.name,
            elements: Vec::new(),
            values: BTreeSet::new(),
            holders: BTreeSet::new(),
            secret: false,
            empty: false,
            read: false,
            started: false,
            set: false,
            proposed: false,
            examples: BTreeSet::new(),
            variants: BTreeSet::new(),
            common: false,
            charted: BTreeSet::new(),
            sources: Vec::new(),
            valued: 0,
        });
        if let Some(element) = s.element.as_deref().map(|id| c.name_of(id))
            && v.elements.last() != Some(&element)
            && !v.elements.contains(&element)
        {
            v.elements.push(element);
        }
        // A reference to the same or another variable is no value.
        let given = |value: &&str| {
            !value.is_empty() && (!value.starts_with("${") || placeholder(value).is_some())
        };
        v.charted.extend(charted::value_of(c, s));
        let example = is_example(s);
        if example {
            v.examples.extend(s.value.as_deref().filter(given));
        } else if let Some(value) = s.value.as_deref().filter(given) {
            // `#1976D2` and `#1976d2`, `True` and `true` are one.
            if !v
                .values
                .iter()
                .any(|known| known.eq_ignore_ascii_case(value))
            {
                v.values.insert(value);
            }
            v.variants.extend(s.profile.as_deref());
            v.common |= s.profile.is_none();
            v.holders
                .extend(s.element.as_deref().map(|id| c.name_of(id)));
        }
        v.empty |= s.value.as_deref() == Some("") && !example;
        v.secret |= s.secret;
        v.read |= s.source == SettingSource::Environment;
        v.started |= s.source == SettingSource::Environment && is_build_file(s);
        v.set |= s.source == SettingSource::Deployment && !example;
        v.proposed |= example;
        // The value that is told stands in the place that is told first.
        match s.value.as_deref().filter(given).is_some() && !s.secret {
            true => {
                let valued = v.valued;
                v.sources.insert(valued, &s.provenance);
                v.valued += 1;
            }
            false => v.sources.push(&s.provenance),
        }
    }
    let mut all: Vec<Variable> = all.into_values().collect();
    all.sort_by_key(|v| (std::cmp::Reverse(v.elements.len()), v.name));
    all
}

/// Whether a setting stands in a file that builds an image.
fn is_build_file(s: &Setting) -> bool {
    s.provenance
        .first()
        .is_some_and(|e| names_build_file(&e.path))
}

pub(super) fn names_build_file(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default().to_lowercase();
    name.contains("dockerfile") || name.starts_with("containerfile")
}

/// A text with the properties that code reads by key, which are no variables of the environment.
fn with_properties(c: &Context, text: Text) -> Text {
    let all: Vec<&Setting> = (c.blueprint.settings.iter())
        .filter(|s| s.source == SettingSource::Property)
        .collect();
    let keys = distinct(all.iter().map(|s| s.name.as_str()));
    if keys.is_empty() {
        return text;
    }
    let lead = match text.is_empty() {
        true => "Code",
        false => " Beside these, code",
    };
    let properties = Text::plain(format!(
        "{lead} reads at least {} by key: ",
        words::spelled_count(keys.len(), "property")
    ));
    let sources = first_places(all.iter().map(|s| &s.provenance), 2);
    text.append(end(properties.spans(names(keys, 5)).from(&sources)))
}

fn no_variable(c: &Context) -> Answer {
    let properties = with_properties(c, Text::default());
    if !properties.is_empty() {
        return Answer::text(properties);
    }
    c.absent(
        "environment variable",
        &["code", "Dockerfiles", "Compose and Kubernetes files"],
        "configuration",
    )
}

/// `At least 112 environment variables: code reads 45 and deployment files set 80; by their names, 9 of them
/// hold secrets`.
fn variables_text(c: &Context, all: &[Variable]) -> Text {
    if c.designed() {
        return designed_variables(all);
    }
    let read = all.iter().filter(|v| v.read).count();
    let set = all.iter().filter(|v| v.set).count();
    let secret = all.iter().filter(|v| v.secret).count();
    let mut parts = Vec::new();
    if read > 0 {
        // Names that are made at run time, or stand in a table of their own, are not seen.
        let reader = match all.iter().any(|v| v.started) {
            true if read == all.iter().filter(|v| v.started).count() => "start commands read",
            true => "code and start commands read",
            false => "code reads",
        };
        parts.push(format!("{reader} at least {}", words::number(read as u64)));
    }
    if set > 0 {
        let built = all
            .iter()
            .flat_map(|v| &v.sources)
            .any(|p| p.first().is_some_and(|e| names_build_file(&e.path)));
        let files = match built {
            true => "build and deployment files set",
            false => "deployment files set",
        };
        parts.push(format!("{files} {}", words::number(set as u64)));
    }
    let proposed = all.iter().filter(|v| v.proposed).count();
    if proposed > 0 {
        let n = words::number(proposed as u64);
        parts.push(format!("an example of a file of variables names {n}"));
    }
    let mut text = Text::plain(format!(
        "At least {}: {}",
        words::count(all.len(), "environment variable"),
        words::list(&parts, "and")
    ));
    if secret > 0 {
        text = text.then(format!(
            "; by {}, {} of them {}",
            words::verb_for(secret, "its name", "their names"),
            words::number(secret as u64),
            words::verb_for(secret, "holds a secret", "hold secrets")
        ));
    }
    counted(
        end(text),
        "distinct names of variables that code reads or deployment files set",
        ["settings of the blueprint".to_owned()],
    )
    .from(&first_places(
        all.iter().filter_map(|v| v.sources.first().copied()),
        2,
    ))
}

/// `11 environment variables; 3 of them hold secrets`: of a design all are known.
fn designed_variables(all: &[Variable]) -> Text {
    let secret = all.iter().filter(|v| v.secret).count();
    let mut text = Text::plain(words::count(all.len(), "environment variable"));
    if secret > 0 {
        text = text.then(format!(
            "; {} of them {}",
            words::number(secret as u64),
            words::verb_for(secret, "holds a secret", "hold secrets")
        ));
    }
    let sources = all.iter().filter_map(|v| v.sources.first().copied());
    counted(
        end(text),
        "distinct names of variables of the design",
        ["settings of the blueprint".to_owned()],
    )
    .from(&first_places(sources, 2))
}

fn variable_count(c: &Context) -> Answer {
    let all = variables(c);
    if all.is_empty() {
        return no_variable(c);
    }
    Answer::text(with_properties(c, variables_text(c, &all)))
}

fn variables_answer(c: &Context) -> Answer {
    let all = variables(c);
    if all.is_empty() {
        return no_variable(c);
    }
    let rows = all
        .iter()
        .take(12)
        .map(|v| {
            let value = match (v.secret, v.values.len()) {
                (_, 0) if v.charted.len() == 1 => {
                    let key = v.charted.first().copied().unwrap_or_default();
                    charted::value_text(key)
                }
                (_, 0) if v.empty && !v.set => Text::plain("empty by default"),
                (_, 0) if v.empty => Text::plain("empty"),
                (true, _) => Text::plain("secret, not shown"),
                (false, 0) if v.set => Text::plain("passed on, or set in a variant"),
                (false, 0) if !v.examples.is_empty() => {
                    let all = v.examples.iter().map(|x| words::middle(x, 60));
                    let all: Vec<String> = all.collect();
                    Text::default()
                        .spans(names(all.iter().map(String::as_str), 2))
                        .then(" in an example")
                }
                // Nothing was read, which is not to say that there is none.
                (false, 0) if v.read => Text::plain("read by code"),
                (false, 0) => Text::plain("not read"),
                (false, 1) => {
                    let value = v.values.first();
                    let value = value.map_or_else(Text::default, |x| {
                        if let Some((_, default)) = placeholder(x) {
                            return Text::code(words::middle(default, 60)).then(" unless given");
                        }
                        let value = Text::code(words::middle(x, 60));
                        let value = match v.common || v.variants.is_empty() {
                            true => value,
                            false => value
                                .then(" in the variant ")
                                .spans(names(v.variants.iter().copied(), 3)),
                        };
                        match v.set {
                            true => value,
                            // What code takes where nobody sets the variable.
                            false => Text::plain("default ").append(value),
                        }
                    });
                    match v.holders.len() {
                        0 => value,
                        n if n == v.elements.len() => value,
                        _ => value
                            .then(" in ")
                            .spans(names(v.holders.iter().copied(), 3))
                            .then("; none found for the others"),
                    }
                }
                (false, 2 | 3) if v.values.iter().all(|x| x.len() < 40) => {
                    Text::plain("one of ").spans(names(v.values.iter().copied(), 3))
                }
                (false, n) => Text::plain(format!("{n} values")),
            };
            let components = match v.elements.is_empty() {
                true => Text::plain("no part"),
                false => Text::default().spans(names(v.elements.iter().copied(), 4)),
            };
            vec![
                name(v.name).from(&first_places(v.sources.iter().copied(), 2)),
                components,
                value,
            ]
        })
        .collect();
    let mut blocks = vec![table(&["Variable", "Component", "Value"], rows)];
    if all.len() > 12 {
        blocks.push(Block::Paragraph(more(all.len() - 12)));
    }
    Answer::both(with_properties(c, variables_text(c, &all)), blocks)
}

/// Configuration files by path, with their settings.
fn files<'a>(c: &Context<'a>) -> Vec<(&'a str, Vec<&'a Setting>)> {
    let mut all: BTreeMap<&str, Vec<&Setting>> = BTreeMap::new();
    for s in c
        .blueprint
        .settings
        .iter()
        .filter(|s| s.source == SettingSource::File || is_dotenv(s))
    {
        if let Some(place) = s.provenance.first() {
            all.entry(&place.path).or_default().push(s);
        }
    }
    let mut all: Vec<_> = all.into_iter().collect();
    all.sort_by_key(|(_, settings)| std::cmp::Reverse(settings.len()));
    all
}

/// Whether a setting of the environment stands in a dotenv file.
fn is_dotenv(s: &Setting) -> bool {
    let path = s.provenance.first().map_or("", |e| e.path.as_str());
    let name = path.rsplit('/').next().unwrap_or_default();
    s.source == SettingSource::Deployment
        && (name == ".env" || name.starts_with(".env.") || name.ends_with(".env"))
}

/// Only some kinds of files are read for settings, and a program may read any: where none of these
/// was found, who knows is asked.
fn no_file(c: &Context) -> Answer {
    if c.blueprint.settings.is_empty() {
        return Answer::Gap("configuration");
    }
    let reads = c.seen(Topic::Stated).iter();
    if let Some(reads) = reads.into_iter().find(|o| o.name == "configuration-file") {
        let text = Text::plain("Code reads a file of configuration with Viper");
        let text = match &reads.detail {
            Some(file) => text.then(", named ").then_code(file.as_str()),
            None => text,
        };
        let text = text.then(" and found in the folders that it lists; its keys were not read from a file of the repository");
        return Answer::text(end(text.from(&reads.provenance)));
    }
    Answer::text(
        Text::plain("No setting was read from a file of configuration; which files programs read is asked in ")
            .and(c.ask("configuration"))
            .then("."),
    )
}

fn file_count(c: &Context) -> Answer {
    let all = files(c);
    if all.is_empty() {
        return no_file(c);
    }
    let keys: usize = all
        .iter()
        .map(|(_, s)| distinct(s.iter().map(|s| s.name.as_str())).len())
        .sum();
    let profiles: BTreeSet<&str> = all
        .iter()
        .flat_map(|(_, s)| s.iter())
        .filter(|s| !is_example(s))
        .filter_map(|s| s.profile.as_deref())
        .collect();
    let examples = all
        .iter()
        .filter(|(_, s)| s.iter().all(|s| is_example(s)))
        .count();
    let open = all.iter().any(|(_, s)| of_secrets_alone(s));
    let mut text = Text::plain(format!(
        "{} with {}{}",
        words::count(all.len(), "file"),
        if open { "at least " } else { "" },
        words::count(keys, "setting")
    ));
    if examples > 0 {
        text = text.then(match (examples, all.len()) {
            (1, 1) => ", which is an example".to_owned(),
            (n, all) if n == all => ", all of them examples".to_owned(),
            (n, _) => format!(
                ", {} of them {}",
                words::number(n as u64),
                words::verb_for(n, "an example", "examples")
            ),
        });
    }
    if !profiles.is_empty() {
        text = text
            .then(", some of them for one profile only: ")
            .spans(names(profiles, 5));
    }
    let sources = all
        .iter()
        .filter_map(|(_, s)| s.first())
        .map(|s| &s.provenance);
    let inputs = all.iter().take(20).map(|(path, _)| (*path).to_owned());
    Answer::text(
        counted(end(text), "files from which settings were read", inputs)
            .from(&first_places(sources, 2)),
    )
}

fn files_answer(c: &Context) -> Answer {
    let items = files(c)
        .into_iter()
        .map(|(path, settings)| {
            let keys = distinct(settings.iter().map(|s| s.name.as_str()));
            let elements = distinct(
                settings
                    .iter()
                    .filter_map(|s| s.element.as_deref())
                    .map(|id| c.name_of(id)),
            );
            let n = words::count(keys.len(), "key");
            let text = Text::code(path).then(match settings.iter().all(|s| is_example(s)) {
                true => format!(", an example, names {n}"),
                // Of files of kinds that are not read whole only keys that are called so are seen.
                false if of_secrets_alone(&settings) => {
                    format!(" holds at least {}", words::count(keys.len(), "secret"))
                }
                false => format!(" sets {n}"),
            });
            let text = if elements.is_empty() {
                text
            } else {
                text.then(" of ").spans(names(elements, 4))
            };
            let text = match of_secrets_alone(&settings) && !settings.iter().all(|s| is_example(s))
            {
                true => text.then("; its other keys were not read"),
                false => text,
            };
            end(text.from(&first_places(settings.iter().map(|s| &s.provenance), 1)))
        })
        .collect();
    found(items)
        .or_else(|| told(c, &["configuration"]).map(Answer::text))
        .unwrap_or_else(|| no_file(c))
}

/// Whether no more is known of a file than the keys in it that are called as secrets are.
fn of_secrets_alone(settings: &[&Setting]) -> bool {
    settings
        .iter()
        .all(|s| s.secret && s.source == SettingSource::File)
}

/// The value after the colon of `${NAME:default}` or `${NAME:-default}`, with the name.
pub(super) fn placeholder(value: &str) -> Option<(&str, &str)> {
    let inner = value.strip_prefix("${")?.strip_suffix('}')?;
    let (name, default) = inner.split_once(':')?;
    let default = default.strip_prefix(['-', '=']).unwrap_or(default);
    (!default.is_empty() && !default.starts_with(['?', '+']) && !inner.contains("${"))
        .then_some((name, default))
}

/// Whether a setting stands in a pattern for a file of variables: what somebody may set.
pub(super) fn is_example(s: &Setting) -> bool {
    let path = s.provenance.first().map_or("", |e| e.path.as_str());
    let name = path.rsplit('/').next().unwrap_or_default();
    let words = [
        "sample", "example", "template", "tmpl", "dist", "default", "defaults", "schema",
    ];
    // A deployment that asks for a file which is not there is told by its pattern.
    matches!(s.source, SettingSource::File | SettingSource::Deployment)
        && name.contains("env")
        && name
            .split(['.', '-', '_'])
            .any(|part| words.iter().any(|w| part.eq_ignore_ascii_case(w)))
}

/// A text about the value of a setting, with what it holds for: one profile, or no more than an
/// example.
pub(super) fn scoped(text: Text, s: Option<&Setting>) -> Text {
    let Some(s) = s else { return text };
    if is_example(s) {
        return text.then(" in an example file");
    }
    match (&s.profile, s.source) {
        (None, _) => text,
        (Some(profile), SettingSource::Deployment) => {
            text.then(" in the variant ").then_code(profile)
        }
        (Some(profile), _) => text.then(" in the profile ").then_code(profile),
    }
}

/// The verb between a setting and its value: what code has is only what holds unless somebody sets
/// another.
pub(super) fn is(s: Option<&Setting>) -> &'static str {
    match s.is_some_and(|s| s.source.is_read()) {
        true => " is by default ",
        false => " is ",
    }
}

/// Elements that hold a default, and where.
type Holders<'a> = (Vec<&'a str>, Vec<&'a Provenance>);

/// Whether a setting is read by what only developers run: a bundler, its server, a runner of tests,
/// a script of the build.
fn is_of_tools(s: &Setting) -> bool {
    let path = s.provenance.first().map_or("", |at| at.path.as_str());
    let lower = path.to_lowercase();
    let name = lower.rsplit('/').next().unwrap_or(&lower);
    let ends = ["js", "ts", "mjs", "cjs", "mts", "cts"];
    let config = name.contains(".config.")
        && name
            .rsplit('.')
            .next()
            .is_some_and(|end| ends.contains(&end));
    // What the server of a framework runs by is set there as well.
    let of_server = ["nuxt.", "keystone.", "payload.", "medusa-"];
    s.source.is_read()
        && (config && !of_server.iter().any(|n| name.starts_with(n)) || is_task_file(name))
}

fn default_values(c: &Context) -> Answer {
    let mut tools: Vec<&Setting> = Vec::new();
    let mut all: BTreeMap<(&str, &str, Option<&str>), Holders> = BTreeMap::new();
    let readable = c.blueprint.settings.iter().filter(|s| !s.secret);
    for s in readable {
        let Some(value) = s.value.as_deref().filter(|v| !v.is_empty()) else {
            continue;
        };
        let pair = match s.source {
            source if source.is_read() => Some((s.name.as_str(), value)),
            _ => placeholder(value),
        };
        let Some((name, default)) = pair else {
            continue;
        };
        // A pattern for a file of variables is none that holds.
        if is_example(s) {
            continue;
        }
        if is_of_tools(s) && !c.designed() {
            tools.push(s);
            continue;
        }
        let entry = all
            .entry((name, default, s.profile.as_deref()))
            .or_default();
        if let Some(element) = s.element.as_deref().map(|id| c.name_of(id))
            && !entry.0.contains(&element)
        {
            entry.0.push(element);
        }
        entry.1.push(&s.provenance);
    }
    if all.is_empty() {
        if let Some(answer) = super::tools::lines(overridable(c)) {
            return answer;
        }
        if !tools.is_empty() {
            let known = distinct(tools.iter().map(|s| s.name.as_str()));
            let text = Text::plain("Only tools of developers were seen to have defaults, for ");
            let sources = tools.iter().map(|s| &s.provenance);
            let text = text.spans(names(known, 6)).from(&first_places(sources, 3));
            return Answer::text(end(text));
        }
        return c.absent(
            "default value",
            &[
                "reads of environment variables in code",
                "placeholders in configuration and deployment files",
            ],
            "configuration",
        );
    }
    let pairs = all.len();
    let mut all: Vec<_> = all.into_iter().collect();
    all.sort_by_key(|(_, (elements, _))| std::cmp::Reverse(elements.len()));
    let total = distinct(all.iter().map(|((name, ..), _)| *name)).len();
    let properties = all.iter().any(|((name, ..), _)| name.contains('.'));
    // Of several defaults of one name each holds where it is read.
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    for ((name, _, profile), _) in &all {
        if profile.is_none() {
            *times.entry(name).or_default() += 1;
        }
    }
    let items: Vec<Text> = all
        .into_iter()
        .map(|((name, default, profile), (elements, sources))| {
            // A template with a call is code, not what it gives.
            let verb = match default.contains("${") && default.contains('(') {
                true => " is computed from ",
                false => " is ",
            };
            let text = Text::code(name)
                .then(verb)
                .then_code(words::middle(default, 60));
            let text = if elements.is_empty() {
                text
            } else {
                text.then(" in ").spans(names(elements, 3))
            };
            let text = match profile {
                Some(profile) => text.then(" in the profile ").then_code(profile),
                None => text,
            };
            let several = profile.is_none() && times.get(name).is_some_and(|n| *n > 1);
            let place = sources.first().and_then(|p| p.first()).filter(|_| several);
            let text = match place {
                Some(at) => text
                    .then(" unless set, where ")
                    .then_code(&at.path)
                    .then(" reads it"),
                None => text.then(" unless set"),
            };
            end(text.from(&first_places(sources, 2)))
        })
        .collect();
    let answer = found(items).unwrap_or(Answer::Gap("configuration"));
    match answer {
        Answer::Said { text, blocks } if text.is_empty() => {
            // The items are pairs of a name and a value: one variable may have several defaults.
            let noun = match properties {
                true => "variable or property",
                false => "variable",
            };
            let lead = match (total, pairs) {
                (1, _) => format!("At least 1 {noun} has a default:"),
                (n, pairs) if n == pairs => {
                    format!("At least {} have a default:", words::count(n, noun))
                }
                (n, pairs) => format!(
                    "At least {} have {}, some more than one:",
                    words::count(n, noun),
                    words::count(pairs, "default")
                ),
            };
            let text = Text::plain(lead);
            Answer::both(text, blocks)
        }
        other => other,
    }
}

/// Files whose values hold unless an installation or the environment gives others, by the rules of
/// Helm, Spring Boot and ASP.NET Core.
fn overridable(c: &Context) -> Vec<Text> {
    let mut all: BTreeMap<&str, Vec<&Setting>> = BTreeMap::new();
    for s in &c.blueprint.settings {
        let path = s.provenance.first().map_or("", |e| e.path.as_str());
        let valued = s.value.as_deref().is_some_and(|v| !v.is_empty());
        if s.source == SettingSource::File
            && s.profile.is_none()
            && !s.secret
            && valued
            && others_give(path).is_some()
        {
            all.entry(path).or_default().push(s);
        }
    }
    let mut all: Vec<_> = all.into_iter().collect();
    all.sort_by_key(|(_, settings)| std::cmp::Reverse(settings.len()));
    all.into_iter()
        .take(6)
        .filter_map(|(path, settings)| {
            let giver = others_give(path)?;
            let first = settings.first()?;
            let text = Text::code(path).then(format!(
                " sets {} that {giver} may override, for example ",
                words::count(settings.len(), "value")
            ));
            let value = words::middle(first.value.as_deref()?, 60);
            let text = text.then_code(&first.name).then(" = ").then_code(value);
            Some(end(text.from(&first.provenance)))
        })
        .collect()
}

/// Who may override the values of a file, by its name.
fn others_give(path: &str) -> Option<&'static str> {
    let name = path.rsplit('/').next().unwrap_or(path);
    match name {
        "values.yaml" | "values.yml" => Some("an installation of the chart"),
        "application.properties" | "application.yml" | "application.yaml" | "appsettings.json" => {
            Some("the environment")
        }
        _ => None,
    }
}

/// Packages by which programs fetch their configuration from a product that does more than that.
fn config_clients(c: &Context) -> Vec<Text> {
    const CLIENTS: [&str; 7] = [
        "com.alibaba.boot:nacos-config-spring-boot-starter",
        "com.alibaba.cloud:spring-cloud-starter-alibaba-nacos-config",
        "com.ctrip.framework.apollo:apollo-client",
        "org.springframework.cloud:spring-cloud-starter-consul-config",
        "org.springframework.cloud:spring-cloud-starter-vault-config",
        "org.springframework.cloud:spring-cloud-starter-zookeeper-config",
        "org.springframework.cloud:spring-cloud-starter-kubernetes-client-config",
    ];
    let mut all: BTreeMap<&str, (Vec<&str>, Vec<&Provenance>)> = BTreeMap::new();
    for d in &c.blueprint.dependencies {
        if CLIENTS.contains(&d.name.as_str()) {
            let (users, sources) = all.entry(&d.name).or_default();
            users.extend(d.element.as_deref().map(|id| c.name_of(id)));
            sources.push(&d.provenance);
        }
    }
    let text = |(name, (users, sources)): (&str, (Vec<&str>, Vec<&Provenance>))| {
        let package = name.rsplit(':').next().unwrap_or(name);
        let users = distinct(users.into_iter());
        let text = match users.is_empty() {
            true => Text::plain("Configuration is fetched by ").then_code(package),
            false => Text::default()
                .spans(names(users.iter().copied(), 6))
                .then(words::verb_for(users.len(), " fetches", " fetch"))
                .then(" configuration by ")
                .then_code(package),
        };
        end(text.from(&first_places(sources, 2)))
    };
    all.into_iter().map(text).collect()
}

fn remote(c: &Context) -> Answer {
    let mut items: Vec<Text> = Vec::new();
    for e in c.with_role(&[Role::ConfigServer]) {
        let users = super::found::users_of(c, e);
        let text = Text::code(&e.name)
            .then(super::found::kind_of(e))
            .then(" serves configuration");
        let text = if users.is_empty() {
            text
        } else {
            text.then(" to ").spans(names(users, 6))
        };
        let sources = c.incoming(&e.id).iter().map(|r| &r.provenance);
        items.push(end(text
            .from(&e.provenance)
            .from(&first_places(sources, 2))));
    }
    let known = products(c, |t| t.category == Category::ConfigServer);
    let runs =
        |p: &super::found::Product| p.runs.iter().any(|e| e.role == Some(Role::ConfigServer));
    items.extend(known.iter().filter(|p| !runs(p)).map(product_text));
    items.extend(config_clients(c));
    found(items).unwrap_or_else(|| {
        c.absent(
            "configuration server",
            &["images", "package manifests", "imports of configuration"],
            "configuration",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_give_their_default() {
        assert_eq!(placeholder("${PORT:8080}"), Some(("PORT", "8080")));
        assert_eq!(placeholder("${PORT:-8080}"), Some(("PORT", "8080")));
        assert_eq!(placeholder("${PORT:?must be set}"), None);
        assert_eq!(placeholder("${A:${B:c}}"), None);
        assert_eq!(placeholder("${PORT}"), None);
        assert_eq!(placeholder("8080"), None);
    }
}
