//! Where code and scripts send log lines, and in which form.

use crate::extractor::{Extractor, Reads};
use crate::extractors::nest_above::imported;
use crate::facts::FileFacts;
use crate::scan::{self, Part};
use crate::source::SourceFile;
use groundplan_model::{LINES_OF_TEXT, Topic};
use groundplan_syntax::Language;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "log-sinks",
    docs: "\
### What it finds
Sinks of Serilog (`WriteTo.File(path, rollingInterval: …)`) with their form, its least level and those of single
sources; targets of NLog that code makes beside a rule; loggers of winston with their transports and their form; the logger of NestJS
where code makes one; and of services that a script sets up the file that takes their lines
(`StandardOutput=append:…`) and how long logrotate keeps them.

### What it does not find
Sinks in configuration files, and loggers that a bootstrap only uses until the real one is there.
",
    reads: &[Reads::Own(&[
        Language::CSharp,
        Language::JavaScript,
        Language::Shell,
        Language::TypeScript,
    ])],
    markers: &[
        "LoggingRule",
        "WriteTo",
        "createLogger",
        "@nestjs/common",
        "StandardOutput=append:",
        "logrotate",
    ],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own || file.is_test() {
        return;
    }
    match file.language {
        Language::CSharp => {
            serilog(acc, file);
            nlog(acc, file);
        }
        Language::Shell => services(acc, file),
        _ => {
            winston(acc, file);
            nest(acc, file);
        }
    }
}

/// `new Logger(OrderService.name)` of `@nestjs/common` (<https://docs.nestjs.com/techniques/logger>).
fn nest(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if !(file.says("@nestjs/common") && file.says("Logger")) {
        return;
    }
    let code = file.code();
    if !imported(code, "@nestjs/common").contains("Logger") {
        return;
    }
    let made = |at: &usize| {
        code.is(*at, "Logger")
            && (code.is(at.wrapping_sub(1), "new") && code.is(at + 1, "(") || code.is(at + 1, "."))
    };
    if let Some(at) = (1..code.tokens.len()).find(made) {
        let line = code.line(at);
        scan::mark(acc, file, line, Topic::Logging, "NestJS Logger", None);
    }
}

/// `.WriteTo.File("logs/shop.log", rollingInterval: RollingInterval.Day)`
fn serilog(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let code = file.code();
    if !["Serilog", "LoggerConfiguration"]
        .iter()
        .any(|sign| file.text.contains(sign))
    {
        return;
    }
    let bootstrap = |from: usize| {
        let end = (from..code.tokens.len()).find(|&i| code.is(i, ";"));
        end.is_some_and(|end| (from..end).any(|i| code.is(i, "CreateBootstrapLogger")))
    };
    for at in 0..code.tokens.len() {
        let named = code.is(at, "WriteTo") || code.is(at, "MinimumLevel");
        if !named || !code.is(at + 1, ".") || !code.is(at + 3, "(") || bootstrap(at) {
            continue;
        }
        if code.is(at, "WriteTo") {
            let Some(sink) = code.ident(at + 2) else {
                continue;
            };
            let open = at + 3;
            let close = code.partner(open).unwrap_or(open);
            let json = (open..close).any(|i| code.ident(i).is_some_and(|w| w.contains("Json")));
            // Other sinks send events, which are no lines.
            let lines = matches!(sink, "Console" | "Debug" | "File" | "RollingFile" | "Trace");
            let mut detail = lines.then(|| form(json).to_owned());
            if sink == "File"
                && let Some(first) = code.arguments(open).first().cloned()
            {
                // `Path.Join(folder, "shop.log")` ends with the name.
                let path = first
                    .clone()
                    .rev()
                    .find_map(|i| code.string(i))
                    .or_else(|| {
                        let name = code.ident(first.start).filter(|_| first.len() == 1)?;
                        code.constants().get(name).map(|(value, _)| *value)
                    });
                let path = path.filter(|p| !p.is_empty());
                // A file of its own for what concerns security is a trail.
                let lower = path.unwrap_or_default().to_ascii_lowercase();
                if ["audit", "security"]
                    .iter()
                    .any(|word| lower.contains(word))
                {
                    let detail = Some("a log file of its own".to_owned());
                    let path = path.unwrap_or_default();
                    scan::mark(acc, file, code.line(at), Topic::AuditLog, path, detail);
                }
                let place = path.map_or(String::new(), |path| format!(" in `{path}`"));
                let mut told = format!("{}{place}", form(json));
                let rolls = code.named_argument(open, "rollingInterval");
                let last = rolls.and_then(|r| code.ident(r.end.checked_sub(1)?));
                if let Some(span) = last.filter(|span| *span != "Infinite") {
                    told = format!("{told}, a new one each {}", span.to_ascii_lowercase());
                }
                detail = Some(told);
            }
            let name = format!("WriteTo.{sink}");
            scan::mark(acc, file, code.line(at), Topic::Logging, name, detail);
        }
        // `.MinimumLevel.Override("Microsoft", LogEventLevel.Warning)`
        if code.is(at, "MinimumLevel") {
            let arguments = code.arguments(at + 3);
            let level = |range: &std::ops::Range<usize>| code.ident(range.end.checked_sub(1)?);
            let line = code.line(at);
            match (code.raw(at + 2), arguments.as_slice()) {
                ("Override", [source, of]) => {
                    if let (Some(source), Some(of)) = (code.string(source.start), level(of))
                        && LEVELS.contains(&of)
                    {
                        scan::mark(
                            acc,
                            file,
                            line,
                            Topic::LogLevel,
                            source,
                            Some(of.to_owned()),
                        );
                    }
                }
                (of, []) if LEVELS.contains(&of) => {
                    scan::mark(acc, file, line, Topic::LogLevel, of, None);
                }
                _ => {}
            }
        }
    }
}

/// Ends of the names of targets of NLog, and of classes made of them, with where they write
/// (<https://nlog-project.org/config/?tab=targets>).
const TARGETS: [(&str, &str); 8] = [
    ("ConsoleTarget", "to the console"),
    ("DatabaseTarget", "to a table of a database"),
    ("EventLogTarget", "to the event log of Windows"),
    ("FileTarget", "to files"),
    ("MailTarget", "to an address of mail"),
    ("NetworkTarget", "to an address on the network"),
    ("SentryTarget", "to Sentry"),
    ("SyslogTarget", "to syslog"),
];

/// Targets of one file at most.
const MOST_TARGETS: usize = 60;

/// `var target = new FileTarget { MaxArchiveFiles = 7 };` beside a rule of NLog.
fn nlog(acc: &mut FileFacts, file: &SourceFile<'_>) {
    // What no rule hands lines to writes none.
    if !file.text.contains("NLog") || !file.text.contains("LoggingRule") {
        return;
    }
    let code = file.code();
    let mut found: Vec<&str> = Vec::new();
    for at in 1..code.tokens.len() {
        let Some(name) = code.ident(at).filter(|_| code.is(at - 1, "new")) else {
            continue;
        };
        let made = code.is(at + 1, "(") || code.is(at + 1, "{");
        let row = TARGETS.iter().find(|(end, _)| name.ends_with(end));
        let new = || found.len() < MOST_TARGETS && !found.contains(&name);
        if let Some((_, to)) = row.filter(|_| made && new()) {
            found.push(name);
            // What goes elsewhere is often added for those alone who name the place.
            let usual = name.ends_with("ConsoleTarget") || name.ends_with("FileTarget");
            let detail = match usual {
                true => format!("NLog, {to}"),
                false => format!("NLog, {to}; when it is added was not followed"),
            };
            let detail = Some(detail);
            scan::mark(acc, file, code.line(at), Topic::Logging, name, detail);
        }
    }
}

/// Levels of Serilog (<https://github.com/serilog/serilog/wiki/Configuration-Basics>).
const LEVELS: [&str; 6] = [
    "Verbose",
    "Debug",
    "Information",
    "Warning",
    "Error",
    "Fatal",
];

fn form(json: bool) -> &'static str {
    match json {
        true => "lines in JSON",
        false => LINES_OF_TEXT,
    }
}

/// `winston.createLogger({ format: …, transports: [new winston.transports.Console()] })`
fn winston(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if !file.text.contains("winston") {
        return;
    }
    let code = file.code();
    for at in 1..code.tokens.len() {
        if !code.is(at, "createLogger") || !code.is(at + 1, "(") {
            continue;
        }
        let Some(close) = code.partner(at + 1) else {
            continue;
        };
        let has = |words: &[&str]| {
            (at..close).any(|i| words.contains(&code.raw(i)) && code.is(i + 1, "("))
        };
        let json = has(&["json", "logstash"]);
        let text = has(&["printf", "simple", "cli", "prettyPrint"]);
        // Forms that stand elsewhere are not known.
        if json == text {
            continue;
        }
        let mut detail = form(json).to_owned();
        let to: Vec<&str> = (at..close)
            .filter(|&i| code.is(i, "transports") && code.is(i + 1, ".") && code.is(i + 3, "("))
            .filter_map(|i| code.ident(i + 2))
            .collect();
        let places = [("Console", "on the console"), ("File", "in a file")];
        let places = places
            .iter()
            .filter(|(transport, _)| to.contains(transport));
        let places: Vec<&str> = places.map(|(_, place)| *place).collect();
        if !places.is_empty() {
            detail = format!("{detail} {}", places.join(" and "));
        }
        let line = code.line(at);
        scan::mark(acc, file, line, Topic::Logging, "winston", Some(detail));
    }
}

/// Units of systemd and blocks of logrotate that a script writes.
fn services(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let mut told: Vec<&str> = Vec::new();
    let mut block: Option<(&str, u32, Option<&str>, Option<&str>)> = None;
    for (number, line) in (1_u32..).zip(file.text.lines()) {
        let line = line.trim();
        if let Some(path) = line.strip_prefix("StandardOutput=append:")
            && !told.contains(&path)
        {
            told.push(path);
            let detail = Some(format!("lines of a service that are appended to `{path}`"));
            scan::mark(acc, file, number, Topic::Logging, "StandardOutput", detail);
        }
        if let Some(path) = line
            .strip_suffix(" {")
            .filter(|p| p.contains(".log") && !p.contains(' '))
        {
            block = Some((path, number, None, None));
            continue;
        }
        let Some((path, at, every, count)) = &mut block else {
            continue;
        };
        match line {
            "daily" | "weekly" | "monthly" | "yearly" => *every = Some(line),
            "}" => {
                if let (Some(every), Some(count)) = (*every, *count) {
                    let unit = match every {
                        "daily" => "day",
                        "weekly" => "week",
                        "monthly" => "month",
                        _ => "year",
                    };
                    let kept = scan::many(count, unit);
                    let detail = Some(format!("logs are kept for {kept}"));
                    scan::mark(acc, file, *at, Topic::Logging, *path, detail);
                }
                block = None;
            }
            _ => {
                let rotate = line.strip_prefix("rotate ");
                *count = rotate
                    .filter(|n| n.bytes().all(|b| b.is_ascii_digit()))
                    .or(*count);
            }
        }
    }
}
