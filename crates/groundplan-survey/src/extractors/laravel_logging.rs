//! Where Laravel writes its log: the channels of `config/logging.php` that are chosen.

use crate::extractor::{Extractor, Reads};
use crate::extractors::laravel_config::returned;
use crate::extractors::laravel_stores::{environment, variables};
use crate::facts::FileFacts;
use crate::paths;
use crate::php;
use crate::scan;
use crate::source::SourceFile;
use groundplan_model::{LINES_OF_TEXT, Topic};
use groundplan_syntax::Code;
use std::collections::BTreeSet;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "laravel-logging",
    docs: "\
### What it finds
Of `config/logging.php` the channel that is chosen unless a variable names another, and those that a stack of channels
hands its lines to: where each writes, from which level on, and how many days a daily file is kept
(<https://laravel.com/docs/logging>).

### What it does not find
Channels that code makes or chooses, handlers of custom drivers.
",
    reads: &[Reads::Paths(&["**/config/logging.php"])],
    markers: &["'channels'", "\"channels\""],
    run: extract,
};

/// Channels that are followed at most.
const MOST: usize = 12;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if php::is_foreign(file.path) || paths::is_test(file.path) || scan::is_test(file.path) {
        return;
    }
    let code = file.code();
    let Some(root) = returned(code) else { return };
    let chosen = setting(code, root, "default");
    let channels =
        php::value_of(code, root, "channels").and_then(|range| php::list_at(code, &range));
    let (Some(chosen), Some(channels)) = (chosen, channels) else {
        return;
    };
    let mut sheet = Sheet {
        acc,
        file,
        code,
        channels,
        seen: BTreeSet::new(),
    };
    // Without a default nothing here says which one it is.
    if let Some(name) = chosen.value {
        let by: Vec<String> = chosen.variable.into_iter().collect();
        sheet.channel(&name, &by);
    }
}

/// A value, or the default of the variable that gives it.
struct Given {
    value: Option<String>,
    variable: Option<String>,
}

fn setting(code: &Code<'_>, open: usize, key: &str) -> Option<Given> {
    let range = php::value_of(code, open, key)?;
    Some(given(environment(code, &range, 0)?))
}

/// `{env:LOG_CHANNEL:stack}` is `stack` unless `LOG_CHANNEL` says otherwise; of variables in each other the last
/// one has the default.
fn given(text: String) -> Given {
    let Some((names, default)) = variables(&text) else {
        return Given {
            value: Some(text),
            variable: None,
        };
    };
    Given {
        value: Some(default.to_owned()).filter(|default| !default.is_empty()),
        variable: names.first().map(|name| (*name).to_owned()),
    }
}

struct Sheet<'a, 'f, 's> {
    acc: &'a mut FileFacts,
    file: &'f SourceFile<'s>,
    code: &'f Code<'s>,
    channels: usize,
    seen: BTreeSet<String>,
}

impl Sheet<'_, '_, '_> {
    /// Tells a channel, and the variables that can choose another in its place.
    fn channel(&mut self, name: &str, chosen_by: &[String]) {
        if self.seen.len() >= MOST || !self.seen.insert(name.to_owned()) {
            return;
        }
        let code = self.code;
        let Some(range) = php::value_of(code, self.channels, name) else {
            return;
        };
        let Some(open) = php::list_at(code, &range) else {
            return;
        };
        let Some(driver) = setting(code, open, "driver").and_then(|d| d.value) else {
            return;
        };
        if driver == "stack" {
            for (inner, by) in self.stacked(open) {
                let by: Vec<String> = chosen_by.iter().cloned().chain(by).collect();
                self.channel(&inner, &by);
            }
            return;
        }
        let Some(to) = self.target(open, &driver) else {
            return;
        };
        let line = code.line(range.start);
        let names: Vec<String> = chosen_by.iter().map(|v| format!("`{v}`")).collect();
        let chosen = match names.is_empty() {
            true => String::new(),
            false => format!(", taken unless {} is set,", names.join(" or ")),
        };
        let mut detail = format!("a channel of Laravel{chosen} that writes {to}");
        if let Some(level) = setting(code, open, "level") {
            match (level.value, level.variable) {
                (Some(level), Some(by)) => {
                    detail = format!("{detail}, from level `{level}` on unless `{by}` is set");
                }
                (Some(level), None) => detail = format!("{detail}, from level `{level}` on"),
                _ => {}
            }
        }
        scan::mark(
            self.acc,
            self.file,
            line,
            Topic::Logging,
            name,
            Some(detail),
        );
        // A file of each day is deleted after so many days, 7 unless the channel says it
        // (<https://laravel.com/docs/logging#configuring-the-single-and-daily-channels>).
        if driver == "daily" {
            let days = setting(code, open, "days");
            let (days, by) = match days {
                Some(days) => (days.value, days.variable),
                None => (Some("7".to_owned()), None),
            };
            let whole = |d: &String| !d.is_empty() && d.bytes().all(|b| b.is_ascii_digit());
            // Zero keeps all files.
            if let Some(days) = days.filter(whole).filter(|d| d != "0") {
                let kept = scan::many(&days, "day");
                let unless = by.map_or_else(String::new, |by| format!(" unless `{by}` is set"));
                let detail = Some(format!("logs are kept for {kept}{unless}"));
                scan::mark(self.acc, self.file, line, Topic::Logging, name, detail);
            }
        }
    }

    /// The channels that a stack hands its lines to, with the variable that chooses them.
    fn stacked(&self, open: usize) -> Vec<(String, Option<String>)> {
        let code = self.code;
        let Some(range) = php::value_of(code, open, "channels") else {
            return Vec::new();
        };
        if php::list_at(code, &range).is_some() {
            let all = php::texts(code, &range);
            return all.into_iter().map(|name| (name, None)).collect();
        }
        // `explode(',', env('LOG_STACK', 'single'))`
        if !code.is(range.start, "explode") {
            return Vec::new();
        }
        let all = code.arguments(range.start + 1);
        let Some(told) = all.get(1).and_then(|range| environment(code, range, 0)) else {
            return Vec::new();
        };
        let told = given(told);
        let names = told.value.unwrap_or_default();
        let names = names.split(',').map(str::trim).filter(|n| !n.is_empty());
        names
            .map(|name| (name.to_owned(), told.variable.clone()))
            .collect()
    }

    /// Where a channel writes, by its driver.
    fn target(&self, open: usize, driver: &str) -> Option<String> {
        let code = self.code;
        let file = || {
            let range = php::value_of(code, open, "path")?;
            // `storage_path('logs/laravel.log')`
            let within = match code.raw(range.start) {
                "storage_path" => "storage/",
                "base_path" | "" => "",
                _ if range.len() == 1 => "",
                _ => return None,
            };
            let mut texts = range.filter_map(|at| code.string(at));
            let text = texts.next().filter(|_| texts.next().is_none())?;
            Some(format!("{within}{text}"))
        };
        // A form of its own may be lines of JSON.
        let formed = ["formatter", "tap"]
            .iter()
            .any(|key| php::value_of(code, open, key).is_some());
        let lines = |to: &str| match formed {
            true => to.to_owned(),
            false => format!("{LINES_OF_TEXT} {to}"),
        };
        Some(match driver {
            "single" => lines(&match file() {
                Some(path) => format!("to the file `{path}`"),
                None => "to a file".to_owned(),
            }),
            "daily" => lines(&match file() {
                Some(path) => format!("to a new file each day after `{path}`"),
                None => "to a new file each day".to_owned(),
            }),
            "errorlog" => lines("to the error log of PHP"),
            "syslog" => lines("to syslog"),
            "slack" => "to Slack".to_owned(),
            "monolog" => {
                let all = php::value_of(code, open, "with")
                    .or_else(|| php::value_of(code, open, "handler_with"))
                    .and_then(|range| php::list_at(code, &range));
                let stream = all.and_then(|with| setting(code, with, "stream"));
                match stream.and_then(|s| s.value).as_deref() {
                    Some("php://stderr") => "to standard error".to_owned(),
                    Some("php://stdout") => "to standard output".to_owned(),
                    _ => {
                        let handler = php::value_of(code, open, "handler")?;
                        let handler = php::class(code, &handler)?;
                        format!("by the handler `{handler}`")
                    }
                }
            }
            _ => return None,
        })
    }
}
