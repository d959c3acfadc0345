//! Logs: libraries, levels, form, and where they are gathered.

use super::goals::distinct;
use super::records;
use super::seen::{end, groups, item, of_tests};
use super::tools::{Tool, lines, of, package_texts, sentences, server_text, told};
use crate::answer::Answer;
use crate::context::Context;
use crate::subject::Subject;
use crate::text::{first_places, inline, name, names, plain_cell, table};
use crate::tree::{Block, Text};
use crate::words;
use groundplan_knowledge::Category;
use groundplan_model::{LINES_OF_TEXT, Observation, Provenance, Topic};

records! {
    "log-aggregation": log_aggregation, "Where the logs of all parts are gathered.";
    "log-levels": log_levels, "Which logger writes from which level on.";
    "logging": logging, "Products and libraries that write and gather logs.";
    "structured-logging": structured_logging, "In which form log lines are written.";
}

/// A log driver of the container runtime, with the containers that use it.
struct Driver<'a> {
    name: &'a str,
    containers: Vec<&'a str>,
    sources: Vec<&'a Provenance>,
}

/// The container that a log driver is set for, if the observation is about a log driver.
fn driven(o: &Observation) -> Option<&str> {
    let detail = o.detail.as_deref()?.strip_prefix("log driver of ")?;
    Some(detail.trim_matches('`'))
}

/// Drivers, those of most containers first.
fn drivers<'a>(c: &Context<'a>) -> Vec<Driver<'a>> {
    let mut out: Vec<Driver> = Vec::new();
    for o in c.seen(Topic::Logging) {
        let Some(container) = driven(o) else {
            continue;
        };
        let at = match out.iter().position(|d| d.name == o.name) {
            Some(at) => at,
            None => {
                out.push(Driver {
                    name: &o.name,
                    containers: Vec::new(),
                    sources: Vec::new(),
                });
                out.len() - 1
            }
        };
        if let Some(driver) = out.get_mut(at) {
            if !driver.containers.contains(&container) {
                driver.containers.push(container);
            }
            driver.sources.push(&o.provenance);
        }
    }
    out.sort_by_key(|d| std::cmp::Reverse(d.containers.len()));
    out
}

/// `` The log driver `fluentd` takes the lines of 15 containers: … ``.
fn driver_texts(c: &Context) -> Vec<Text> {
    let text = |d: &Driver| {
        let n = d.containers.len();
        let verb = match d.name {
            // These keep the lines on the host; nothing carries them away.
            "json-file" | "local" | "journald" => "keeps on the host",
            "none" => "throws away",
            _ => "sends away",
        };
        let text = Text::plain("The log driver ")
            .then_code(d.name)
            .then(format!(" {verb} what "));
        let text = text.spans(names(d.containers.iter().copied(), 4));
        let text = text.then(words::verb_for(n, " writes.", " write."));
        text.from(&first_places(d.sources.iter().copied(), 2))
    };
    drivers(c).iter().map(text).collect()
}

fn logging<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let mut out = sentences(c, &of(c, &[Category::Logging, Category::LogStore]));
    let own: Vec<&Observation> = set_up(c);
    // A library that a manifest names is not told twice.
    let known: Vec<String> = of(c, &[Category::Logging])
        .iter()
        .map(|t| t.name.to_lowercase())
        .collect();
    let new: Vec<&Observation> = own
        .into_iter()
        .filter(|o| o.name != "log_format" && !known.contains(&o.name.to_lowercase()))
        .collect();
    out.extend(by_name(c, &new));
    out.extend(access_logs(c));
    out.extend(driver_texts(c));
    let answer = lines(out).unwrap_or_else(|| {
        c.absent_topics(
            &[Topic::Logging],
            "logging product or library beside the language's own",
            &["containers", "package manifests"],
            "logging",
        )
    });
    told(c, &["observability.logging"], answer)
}

/// `` nginx writes its access log as `$remote_addr …` ``, each form once.
fn access_logs(c: &Context) -> Vec<Text> {
    let all: Vec<&Observation> = c
        .seen(Topic::Logging)
        .iter()
        .filter(|o| o.name == "log_format")
        .copied()
        .collect();
    let text = |g: &super::seen::Group| {
        let form = words::short(g.detail.unwrap_or(""), 200);
        let text = Text::plain("nginx writes its access log as ").then_code(form);
        end(text.from(&first_places(g.sources.iter().copied(), 2)))
    };
    groups(c, &all).iter().take(3).map(text).collect()
}

/// Observations of logging that are no log drivers.
fn set_up<'a>(c: &Context<'a>) -> Vec<&'a Observation> {
    c.seen(Topic::Logging)
        .iter()
        .filter(|o| driven(o).is_none())
        .copied()
        .collect()
}

/// One sentence per name: `` `zap` is set up in `cart` and `orders` ``.
fn by_name(c: &Context, all: &[&Observation]) -> Vec<Text> {
    let sorted = distinct(all.iter().map(|o| o.name.as_str()));
    let text = |n: &str| {
        let of: Vec<&&Observation> = all.iter().filter(|o| o.name == n).collect();
        let elements = distinct(
            of.iter()
                .filter_map(|o| o.element.as_deref())
                .map(|id| c.name_of(id)),
        );
        // What an appender is says more than its name; a call that sets a logger up does not.
        let details = distinct(of.iter().filter_map(|o| o.detail.as_deref()));
        const MOST: usize = 3;
        let telling = |d: &&str| d.contains(' ') && !d.contains('=');
        let what: Vec<&str> = details.iter().copied().filter(telling).collect();
        let mut text = Text::code(n);
        text = match (1..=MOST).contains(&what.len()) {
            true => text
                .then(" (")
                .spans(inline(&what.join("; ")))
                .then(") is set up"),
            false => text.then(" is set up"),
        };
        if !elements.is_empty() {
            text = text.then(" in ").spans(names(elements, 4));
        }
        end(text.from(&first_places(of.iter().map(|o| &o.provenance), 2)))
    };
    sorted.into_iter().map(text).collect()
}

fn log_aggregation<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let gathering = of(c, &[Category::Logging, Category::LogStore]);
    let mut out: Vec<Text> = gathering
        .iter()
        .flat_map(|t| t.servers.iter().map(|e| server_text(c, e, t.name)))
        .collect();
    let sends = |t: &&Tool| !t.clients.is_empty() || t.technology.category == Category::LogStore;
    out.extend(gathering.iter().filter(sends).flat_map(package_texts));
    // Appenders that write to a socket or a product send their lines away.
    let away = |o: &&Observation| {
        let detail = o.detail.as_deref().unwrap_or("");
        let named = [
            "Socket", "Logstash", "Kafka", "Http", "Syslog", "Gelf", "Fluent", "Loki", "Seq",
            "Elastic",
        ];
        named.iter().any(|w| detail.contains(w))
    };
    let appenders: Vec<&Observation> = set_up(c).into_iter().filter(away).collect();
    out.extend(by_name(c, &appenders));
    out.extend(driver_texts(c));
    out.extend(super::observability::pipelines(c, "logs"));
    let answer = lines(out).unwrap_or_else(|| {
        c.absent(
            "log collector or log store",
            &["containers", "package manifests", "log drivers"],
            "logging",
        )
    });
    told(c, &["observability.logging"], answer)
}

const LEVELS: [&str; 11] = [
    "trace",
    "debug",
    "info",
    "information",
    "notice",
    "warn",
    "warning",
    "error",
    "critical",
    "fatal",
    "notset",
];

/// Logger and level of an observation; some languages know the level only.
fn level(o: &Observation) -> (&str, &str) {
    let bare = LEVELS.contains(&o.name.to_lowercase().as_str());
    match o.detail.as_deref() {
        Some(detail) if !bare => (&o.name, detail),
        _ => ("", &o.name),
    }
}

/// Stands in a detail of the survey between a level and the profile that it holds for.
const IN_PROFILE: &str = " in profile ";

fn is_level_setting(name: &str) -> bool {
    let upper = name.to_uppercase();
    upper.contains("LOG_LEVEL") || upper.contains("LOGLEVEL") || upper == "RUST_LOG"
}

struct Level<'a> {
    logger: &'a str,
    /// The profile for which it holds.
    profile: Option<&'a str>,
    value: &'a str,
    elements: Vec<&'a str>,
    sources: Vec<&'a Provenance>,
}

fn log_levels<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let mut all: Vec<Level> = Vec::new();
    let seen = c.seen(Topic::LogLevel).iter().map(|o| {
        let (logger, value) = level(o);
        let (value, profile) = match value.split_once(IN_PROFILE) {
            Some((value, profile)) => (value, Some(profile)),
            None => (value, None),
        };
        (logger, value, profile, o.element.as_deref(), &o.provenance)
    });
    let settings = c
        .blueprint
        .settings
        .iter()
        .filter(|s| !s.secret && is_level_setting(&s.name));
    let settings = settings.filter(|s| !s.name.contains(['.', ':']) && !of_tests(&s.provenance));
    let settings = settings.map(|s| {
        let value = s.value.as_deref().filter(|v| !v.is_empty()).unwrap_or("");
        let profile = s.profile.as_deref();
        (
            s.name.as_str(),
            value,
            profile,
            s.element.as_deref(),
            &s.provenance,
        )
    });
    for (logger, value, profile, element, source) in seen.chain(settings) {
        let at = match all.iter().position(|l| {
            let same = l.logger == logger && l.profile == profile;
            same && l.value.eq_ignore_ascii_case(value)
        }) {
            Some(at) => at,
            None => {
                all.push(Level {
                    logger,
                    profile,
                    value,
                    elements: Vec::new(),
                    sources: Vec::new(),
                });
                all.len() - 1
            }
        };
        if let Some(found) = all.get_mut(at) {
            if let Some(e) = element
                .map(|id| c.name_of(id))
                .filter(|e| !found.elements.contains(e))
            {
                found.elements.push(e);
            }
            found.sources.push(source);
        }
    }
    // The level of everything first, then what concerns most parts.
    let root = |l: &Level| ["", "default", "root"].contains(&l.logger.to_lowercase().as_str());
    all.sort_by_key(|l| (!root(l), std::cmp::Reverse(l.elements.len())));
    let value = |l: &Level| {
        let text = match l.value {
            "" => Text::plain("set from outside"),
            v => Text::code(words::short(v, 40)),
        };
        match l.profile {
            Some(profile) => text.then(" in the profile ").then_code(profile),
            None => text,
        }
    };
    let answer = match all.as_slice() {
        [] => c.absent_topics(
            &[Topic::LogLevel],
            "log level",
            &["configuration files", "settings"],
            "logging",
        ),
        [one] => {
            let text = match one.logger {
                "" => Text::plain("Logging starts at level "),
                logger => Text::code(logger).then(if one.value.is_empty() {
                    " is "
                } else {
                    " starts at level "
                }),
            };
            let text = text.append(value(one));
            let text = match one.elements.is_empty() {
                true => text,
                false => text
                    .then(" in ")
                    .spans(names(one.elements.iter().copied(), 4)),
            };
            Answer::text(end(text.from(&first_places(one.sources.iter().copied(), 2))))
        }
        many => {
            let rows = many
                .iter()
                .take(12)
                .map(|l| {
                    let logger = if l.logger.is_empty() {
                        Text::plain("all")
                    } else {
                        name(l.logger)
                    };
                    let parts = match l.elements.is_empty() {
                        true => plain_cell(""),
                        false => Text::default().spans(names(l.elements.iter().copied(), 4)),
                    };
                    vec![
                        logger.from(&first_places(l.sources.iter().copied(), 1)),
                        value(l),
                        parts,
                    ]
                })
                .collect();
            let mut blocks = vec![table(
                &["Logger or setting", "From level", "Component"],
                rows,
            )];
            if many.len() > 12 {
                let more = format!("and {} more", many.len() - 12);
                blocks.push(Block::Paragraph(Text::plain(words::sentence(&more))));
            }
            Answer::blocks(blocks)
        }
    };
    told(c, &["observability.logging"], answer)
}

fn structured_logging<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let mut out: Vec<Text> = Vec::new();
    let speaks = |o: &&Observation| {
        let detail = o.detail.as_deref().unwrap_or("");
        o.name != "log_format"
            && [o.name.as_str(), detail]
                .iter()
                .map(|t| t.to_lowercase())
                .any(|t| t.contains("json") || t.contains("logfmt"))
    };
    let seen: Vec<&Observation> = set_up(c).into_iter().filter(speaks).collect();
    out.extend(groups(c, &seen).iter().take(6).map(|g| end(item(g))));
    // Lines that are set up as text are in no other form.
    let plain: Vec<&Observation> = (set_up(c).into_iter())
        .filter(|o| {
            o.detail
                .as_deref()
                .is_some_and(|d| d.contains(LINES_OF_TEXT))
        })
        .collect();
    // A part whose form is known says it better than its library; the others' may write in any.
    let formed: Vec<&str> = (seen.iter().chain(&plain))
        .filter_map(|o| o.element.as_deref())
        .map(|id| c.name_of(id))
        .collect();
    let tools: Vec<Tool> = (of(c, &[Category::Logging]).into_iter())
        .filter(|tool| {
            let about = &tool.technology.about;
            let structured = about.contains("JSON") || about.contains("structured");
            let set_up =
                |o: &&Observation| o.element.is_none() && o.name.eq_ignore_ascii_case(tool.name);
            structured
                && tool.users.iter().any(|user| !formed.contains(user))
                && !seen.iter().chain(&plain).copied().any(|o| set_up(&o))
        })
        .collect();
    if seen.is_empty() && !plain.is_empty() {
        let all = distinct(plain.iter().map(|o| o.name.as_str()));
        let n = all.len();
        let lead = if tools.is_empty() { "None: " } else { "" };
        let text = Text::plain(lead).spans(names(all, 4));
        let text = text.then(words::verb_for(n, " writes", " write"));
        let places = first_places(plain.iter().map(|o| &o.provenance), 2);
        out.push(end(text
            .then(format!(" {LINES_OF_TEXT}, no JSON"))
            .from(&places)));
    }
    for tool in tools {
        let about = &tool.technology.about;
        for mut text in package_texts(&tool).into_iter().take(1) {
            if let Some(crate::tree::Span::Plain(last)) = text.spans.last_mut() {
                // What a library can do is not yet how this program's lines look.
                *last = format!("{}: a library that {about}.", last.trim_end_matches('.'));
            }
            out.push(text);
        }
    }
    out.extend(access_logs(c));
    let answer = lines(out).unwrap_or_else(|| {
        c.absent_topics(
            &[Topic::Logging],
            "structured log format",
            &["log libraries in manifests", "nginx configuration"],
            "logging",
        )
    });
    told(c, &["observability.logging"], answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn observation(name: &str, detail: Option<&str>) -> Observation {
        Observation {
            topic: Topic::LogLevel,
            element: None,
            name: name.to_owned(),
            detail: detail.map(str::to_owned),
            provenance: Provenance::observed([]),
        }
    }

    #[test]
    fn levels_have_loggers_or_not() {
        assert_eq!(
            level(&observation("org.acme", Some("DEBUG"))),
            ("org.acme", "DEBUG")
        );
        assert_eq!(level(&observation("info", None)), ("", "info"));
        assert_eq!(level(&observation("Warning", Some("x"))), ("", "Warning"));
    }

    #[test]
    fn log_drivers_name_their_container() {
        assert_eq!(
            driven(&observation("fluentd", Some("log driver of `cart`"))),
            Some("cart")
        );
        assert_eq!(driven(&observation("zap", Some("NewProduction"))), None);
        assert_eq!(driven(&observation("zap", None)), None);
    }
}
