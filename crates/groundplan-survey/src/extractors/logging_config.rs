//! Configuration files of Logback and Log4j.

use crate::extractor::{Extractor, Reads};
use crate::facts::FileFacts;
use crate::scan;
use crate::source::SourceFile;
use groundplan_model::{LINES_OF_TEXT, Topic};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "logging-config",
    docs: "\
### What it finds
Appenders and levels of Logback and Log4j configuration in XML, for how long those of Logback keep files, whether an
encoder of Logback writes lines of text or in JSON, and where its appenders send to, if a logger refers to them.

### What it does not find
Configuration in code; patterns of log lines.
",
    reads: &[Reads::Paths(&["logback*.xml", "log4j*.xml"])],
    markers: &["ppender", "logger", "Logger", "root", "Root"],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::is_test(file.path) {
        return;
    }
    let Ok(document) = groundplan_syntax::xml(file.text) else {
        return;
    };
    let product = if file.name().to_ascii_lowercase().starts_with("logback") {
        "Logback"
    } else {
        "Log4j"
    };
    let referenced: Vec<&str> = document
        .descendants()
        .filter_map(|node| node.attribute("ref"))
        .collect();
    let mut in_appenders = None;
    for node in document.descendants().filter(|node| node.is_element()) {
        let line = document.text_pos_at(node.range().start).row;
        let tag = node.tag_name().name().to_ascii_lowercase();
        match tag.as_str() {
            "appenders" => in_appenders = Some(node.id()),
            "appender" => {
                let class = node.attribute("class").unwrap_or_default();
                let class = class.rsplit('.').next().unwrap_or_default();
                let name = node.attribute("name").unwrap_or(class);
                // An encoder says how its lines look.
                let encoder = node
                    .children()
                    .find(|c| c.has_tag_name("encoder") || c.has_tag_name("layout"));
                let form = encoder.map_or(String::new(), |encoder| {
                    let class = encoder.attribute("class").unwrap_or_default();
                    let mut nested = encoder.children().filter_map(|c| c.attribute("class"));
                    let json = |class: &str| class.contains("Json") || class.contains("Logstash");
                    let pattern = encoder.children().any(|c| c.has_tag_name("pattern"));
                    match json(class) || nested.any(json) {
                        true => ", lines in JSON".to_owned(),
                        false if pattern => format!(", {LINES_OF_TEXT}"),
                        false => String::new(),
                    }
                });
                // One that hands its lines to another writes none itself.
                let hands_on = class.ends_with("AsyncAppender")
                    && node.children().any(|c| c.has_tag_name("appender-ref"));
                if !hands_on {
                    let detail = Some(format!("{product} {class}{form}"));
                    scan::mark(acc, file, line, Topic::Logging, name, detail);
                }
                if let Some(days) = kept_for(node).filter(|_| referenced.contains(&name)) {
                    let detail = Some(format!("logs are kept for {days}"));
                    scan::mark(acc, file, line, Topic::Logging, name, detail);
                }
                let place = |tag: &str| {
                    let found = node.children().find(|c| c.has_tag_name(tag));
                    found
                        .and_then(|c| c.text())
                        .map(str::trim)
                        .filter(|t| !t.is_empty())
                };
                // An appender that no logger refers to sends nothing.
                let target = place("destination").map(str::to_owned).or_else(|| {
                    let host = place("remoteHost").or_else(|| place("syslogHost"))?;
                    Some(place("port").map_or(host.to_owned(), |port| format!("{host}:{port}")))
                });
                if let Some(target) = target.filter(|_| referenced.contains(&name)) {
                    let client = scan::call("tcp", Some(target), "logback");
                    scan::client(acc, file, line, client);
                }
            }
            "root" | "logger" | "asyncroot" | "asynclogger" => {
                let name = node.attribute("name").unwrap_or("root");
                if let Some(level) = node.attribute("level") {
                    let level = Some(level.to_owned());
                    scan::mark(acc, file, line, Topic::LogLevel, name, level);
                }
            }
            _ => {
                // Log4j names its appenders by their tag.
                let inside = node.parent().map(|p| p.id());
                if inside.is_some() && inside == in_appenders {
                    let name = node.attribute("name").unwrap_or(node.tag_name().name());
                    let detail = Some(format!("{product} {}", node.tag_name().name()));
                    scan::mark(acc, file, line, Topic::Logging, name, detail);
                }
            }
        }
    }
}

/// Elements of one appender that are looked at.
const MOST_INSIDE: usize = 2_000;

/// For how long an appender of Logback keeps its files: so many of the periods that the date in their name rolls by
/// (<https://logback.qos.ch/manual/appenders.html#TimeBasedRollingPolicy>).
fn kept_for(appender: roxmltree::Node<'_, '_>) -> Option<String> {
    let inside = |tag: &str| {
        // Logback takes `FileNamePattern` as well.
        let mut all = appender.descendants().take(MOST_INSIDE);
        let found = all.find(|n| n.tag_name().name().eq_ignore_ascii_case(tag))?;
        found.text().map(str::trim)
    };
    let most = inside("maxHistory")?;
    // `${logs.days:-30}` is thirty unless it is set.
    let (number, set) = match most.strip_prefix("${").and_then(|m| m.strip_suffix('}')) {
        Some(inner) => {
            let (name, default) = inner.split_once(":-")?;
            (default, Some(name))
        }
        None => (most, None),
    };
    let n: u32 = number.parse().ok().filter(|n| *n > 0)?;
    let pattern = inside("fileNamePattern")?;
    let (_, date) = pattern.split_once("%d")?;
    // Without a pattern of its own it is a day; of several dates the one that is no help rolls.
    let date = match date.strip_prefix('{') {
        Some(rest) => rest.split_once('}')?.0,
        None => "yyyy-MM-dd",
    };
    // A comma parts the pattern from the zone of the time, or from the word that it is no help to roll by.
    let (date, aux) = date
        .split_once(',')
        .map_or((date, false), |(date, rest)| (date, rest.contains("aux")));
    let unit = match date {
        _ if aux => return None,
        d if d.contains('m') || d.contains('s') => "minute",
        d if d.contains('H') || d.contains('h') => "hour",
        d if d.contains('d') || d.contains('D') => "day",
        d if d.contains('w') || d.contains('W') => "week",
        d if d.contains('M') => "month",
        _ => return None,
    };
    let text = scan::many(&n.to_string(), unit);
    Some(match set {
        Some(name) => format!("{text} unless {name} is set"),
        None => text,
    })
}
