//! Configuration files of Logback and Log4j.

use crate::extractor::{Extractor, Reads};
use crate::facts::FileFacts;
use crate::scan;
use crate::source::SourceFile;
use groundplan_model::Topic;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "logging-config",
    docs: "\
### What it finds
Appenders and levels of Logback and Log4j 2 configuration in XML.

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
                let detail = Some(format!("{product} {class}"));
                scan::mark(acc, file, line, Topic::Logging, name, detail);
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
