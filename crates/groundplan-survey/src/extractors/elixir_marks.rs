//! Elixir: observations on how code of Phoenix is run, watched and protected.

use crate::extractor::{Extractor, Reads};
use crate::facts::FileFacts;
use crate::paths;
use crate::scan::{self, Part};
use crate::script_lines::{self, ScriptLine};
use crate::script_marks::{self, Named, Rule, asks_what, asks_who, behind, hinted, rule};
use crate::source::SourceFile;
use crate::timers;
use groundplan_model::Topic;
use groundplan_syntax::Language;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "elixir-marks",
    docs: "\
### What it finds
Plugs of pipelines and controllers that by their name ask who calls or what they may do, plugs for CORS,
rate limits and security headers; crontabs of Oban and of Quantum; metrics of `Telemetry.Metrics`; error
reporting, tracing and log level; caches of Cachex and ConCache; limits of Hammer; attempts of jobs,
timeouts and retries of HTTP clients, circuit breakers of fuse, changesets, feature flags and what is
broadcast under a literal topic.

### What it does not find
Plugs whose names do not say what they do, what macros make, values that come from elsewhere, tests.
",
    reads: &[Reads::Own(&[Language::Elixir])],
    markers: &[
        "plug ", "plug(", "Oban", "Quantum", "Telemetry", "config :", "Cachex", "ConCache",
        "Hammer", "max_attempts", "timeout", "changeset", "FunWithFlags", "broadcast", "fuse.", "Middleware.",
    ],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own
        || paths::is_test(file.path)
        || file.path.ends_with("config/test.exs")
        || file.path.ends_with("config/dev.exs")
    {
        return;
    }
    let lines = script_lines::lines(file.text, file.language);
    script_marks::apply(acc, file, &lines, RULES);
    plugs(acc, file, &lines);
    crons(acc, file, &lines);
    metrics(acc, file, &lines);
    // Migrations bring along what records were once checked by.
    if !file.path.split('/').any(|folder| folder == "migrations") {
        changesets(acc, file, &lines);
    }
}

static RULES: &[Rule] = &[
    rule(
        "Cachex.fetch",
        Topic::CacheUse,
        Named::First,
        &["ttl:", "expire:"],
    ),
    rule("Cachex.get", Topic::CacheUse, Named::First, &[]),
    rule(
        "Cachex.put",
        Topic::CacheUse,
        Named::First,
        &["ttl:", "expire:"],
    ),
    rule("ConCache.get_or_store", Topic::CacheUse, Named::First, &[]),
    rule("Hammer.check_rate", Topic::RateLimit, Named::First, &[]),
    rule(
        "FunWithFlags.enabled?",
        Topic::FeatureFlag,
        Named::First,
        &[],
    ),
    rule(
        "config :sentry",
        Topic::Telemetry,
        Named::Fixed("Sentry"),
        &[],
    ),
    rule(
        "config :appsignal",
        Topic::Telemetry,
        Named::Fixed("AppSignal"),
        &[],
    ),
    rule(
        "config :opentelemetry",
        Topic::Tracing,
        Named::Fixed("OpenTelemetry"),
        &[],
    ),
    hinted(
        "recv_timeout:",
        "HTTPoison",
        Topic::Timeout,
        Named::Fixed("HTTP answer"),
        &[],
    ),
    rule(
        "Tesla.Adapter.Finch",
        Topic::Timeout,
        Named::Fixed("HTTP answer"),
        &["receive_timeout:"],
    ),
    rule(
        "Finch.request",
        Topic::Timeout,
        Named::Fixed("HTTP answer"),
        &["receive_timeout:", "pool_timeout:"],
    ),
    rule(
        "Req.new",
        Topic::Timeout,
        Named::Fixed("HTTP answer"),
        &["receive_timeout:", "pool_timeout:"],
    ),
    rule(
        "Tesla.Middleware.Timeout",
        Topic::Timeout,
        Named::Fixed("HTTP answer"),
        &["timeout:"],
    ),
    rule(
        "WebSockex.start_link",
        Topic::Timeout,
        Named::Fixed("WebSocket"),
        &["socket_connect_timeout:", "socket_recv_timeout:"],
    ),
    rule(
        "Tesla.Middleware.Retry",
        Topic::Retry,
        Named::Fixed("Tesla"),
        &["max_retries:", "delay:"],
    ),
    rule(
        "Tesla.Middleware.Fuse",
        Topic::CircuitBreaker,
        Named::Fixed("fuse"),
        &[],
    ),
    rule(
        ":fuse.install",
        Topic::CircuitBreaker,
        Named::Fixed("fuse"),
        &[],
    ),
    rule(
        "use Cloak.Vault",
        Topic::Encryption,
        Named::Fixed("Cloak"),
        &[],
    ),
    rule(
        "Bcrypt.hash_pwd_salt",
        Topic::Encryption,
        Named::Fixed("bcrypt password hashes"),
        &[],
    ),
    rule(
        "Argon2.hash_pwd_salt",
        Topic::Encryption,
        Named::Fixed("Argon2 password hashes"),
        &[],
    ),
];

fn module(text: &str) -> Option<&str> {
    let name = text.strip_prefix("defmodule ")?.trim_end_matches(" do");
    Some(name.trim())
}

/// `plug :authorize when action in [:show]` of controllers and `plug Shop.Auth` of pipelines.
fn plugs(acc: &mut FileFacts, file: &SourceFile<'_>, lines: &[ScriptLine<'_>]) {
    let mut inside = "";
    let mut pipeline: Option<(usize, &str)> = None;
    for (index, line) in lines.iter().enumerate().filter(|(_, l)| !l.quoted) {
        if let Some(name) = module(line.text) {
            inside = name;
        }
        if pipeline.is_some_and(|(indent, _)| line.indent <= indent) {
            pipeline = None;
        }
        if let Some(rest) = line.text.strip_prefix("pipeline") {
            pipeline = script_marks::first(rest).map(|name| (line.indent, name));
            continue;
        }
        let called = line
            .text
            .strip_prefix("plug ")
            .or(line.text.strip_prefix("plug("));
        let Some(rest) = called.map(str::trim) else {
            continue;
        };
        // `plug(` alone goes on in the lines below, up to its bracket.
        let whole = match rest.is_empty() {
            true => {
                let more = lines.get(index + 1..).unwrap_or_default().iter().take(5);
                let more = more.take_while(|l| l.indent > line.indent);
                more.map(|l| l.text).collect::<Vec<_>>().join(" ")
            }
            false => rest.to_owned(),
        };
        let rest = whole.as_str();
        let end = rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || "_.:?!".contains(c)))
            .unwrap_or(rest.len());
        let written = rest.get(..end).unwrap_or_default().trim_matches(':');
        let name = written.rsplit('.').next().unwrap_or(written);
        let Some(topic) = topic(written) else {
            continue;
        };
        let actions = rest.find("when action in").and_then(|at| {
            let list = rest.get(at + "when action in".len()..)?;
            let list = list
                .trim_matches([' ', ')', '('])
                .replace([':', '[', ']'], "");
            (!list.contains("not ") && list.len() < 100).then_some(list)
        });
        let detail = match (pipeline, actions) {
            (Some((_, name)), _) => format!("in the pipeline `{name}`"),
            (None, Some(actions)) => format!("before {actions} of `{inside}`"),
            (None, None) if rest.contains(" when ") => format!("before some actions of `{inside}`"),
            (None, None) => format!("before all of `{inside}`"),
        };
        scan::mark(acc, file, line.number, topic, name, Some(detail));
    }
}

/// Whether a plug asks who calls, by its name: one for those who have not signed in turns the others away, and one
/// that asks only some lets the rest pass.
fn is_who(name: &str) -> bool {
    let words = scan::snake(name);
    let opposite = [
        "no_auth",
        "not_auth",
        "unauth",
        "redirect_if_",
        "maybe_",
        "optional",
    ];
    asks_who(name) && !opposite.iter().any(|word| words.contains(word))
}

/// What a plug does, if its name, with its module before it, says so.
fn topic(written: &str) -> Option<Topic> {
    let written = written.trim_start_matches(':');
    let name = written.rsplit('.').next().unwrap_or(written);
    let lower = name.to_ascii_lowercase();
    // `Pow.Plug.Session` and the like only load who has signed in.
    let loads = matches!(written, "Plug.Session" | "Plug.CSRFProtection") || lower == "session";
    let limits = ["ratelimit", "rate_limit", "throttle"];
    if matches!(name, "Corsica" | "CORSPlug") {
        Some(Topic::Cors)
    } else if name == "put_secure_browser_headers" {
        Some(Topic::SecurityHeader)
    } else if limits.iter().any(|word| lower.contains(word)) {
        Some(Topic::RateLimit)
    } else if asks_what(name) {
        Some(Topic::Authorization)
    } else if is_who(name) && !loads {
        Some(Topic::Authentication)
    } else {
        None
    }
}

/// Whether a plug asks who calls or what they may do, by its name, with its module before it.
pub(crate) fn asks(written: &str) -> bool {
    let topic = topic(written);
    matches!(topic, Some(Topic::Authorization | Topic::Authentication))
}

/// `{"0 * * * *", Shop.Workers.Close}` of Oban and Quantum.
fn crons(acc: &mut FileFacts, file: &SourceFile<'_>, lines: &[ScriptLine<'_>]) {
    let known = ["Oban", "crontab", "Scheduler", "Quantum"];
    if !known.iter().any(|word| file.text.contains(word)) {
        return;
    }
    for (index, line) in lines.iter().enumerate().filter(|(_, l)| !l.quoted) {
        let Some(rest) = line.text.find('{').and_then(|at| line.text.get(at + 1..)) else {
            continue;
        };
        let cron = rest.strip_prefix('"').and_then(|r| r.split_once('"'));
        let Some((cron, mut after)) = cron.filter(|(text, _)| timers::is_cron(text)) else {
            continue;
        };
        after = after.trim_start_matches([',', ' ']);
        if after.is_empty() {
            after = lines.get(index + 1).map_or("", |l| l.text);
        }
        let after = after.trim_start_matches('{');
        let end = after
            .find(|c: char| !(c.is_ascii_alphanumeric() || "_.".contains(c)))
            .unwrap_or(after.len());
        let name = after.get(..end).unwrap_or_default();
        if name.starts_with(|c: char| c.is_ascii_uppercase()) {
            let detail = Some(cron.to_owned());
            scan::mark(acc, file, line.number, Topic::ScheduledJob, name, detail);
        }
    }
}

/// `summary("phoenix.endpoint.stop.duration", unit: …)` of `Telemetry.Metrics`.
fn metrics(acc: &mut FileFacts, file: &SourceFile<'_>, lines: &[ScriptLine<'_>]) {
    if !file.text.contains("Telemetry.Metrics") {
        return;
    }
    const KINDS: [&str; 5] = ["counter", "sum", "last_value", "summary", "distribution"];
    for (index, line) in lines.iter().enumerate().filter(|(_, l)| !l.quoted) {
        let Some(rest) = KINDS
            .iter()
            .find_map(|kind| line.text.strip_prefix(kind)?.strip_prefix('('))
        else {
            continue;
        };
        let rest = match rest.trim().is_empty() {
            true => lines.get(index + 1).map_or("", |l| l.text),
            false => rest,
        };
        let name = script_marks::first(rest).filter(|name| name.contains('.'));
        if let Some(name) = name {
            scan::mark(acc, file, line.number, Topic::Metric, name, None);
        }
    }
}

/// One observation for each module that checks what it is given before it is kept.
fn changesets(acc: &mut FileFacts, file: &SourceFile<'_>, lines: &[ScriptLine<'_>]) {
    let mut inside = "";
    let mut found: Vec<(&str, u32, usize)> = Vec::new();
    for line in lines.iter().filter(|l| !l.quoted) {
        if let Some(name) = module(line.text) {
            inside = name;
        }
        if behind(line.text, "validate_").is_none() || !line.text.starts_with("|>") {
            continue;
        }
        match found.iter_mut().find(|(name, ..)| *name == inside) {
            Some(known) => known.2 += 1,
            None => found.push((inside, line.number, 1)),
        }
    }
    for (name, line, count) in found {
        let detail = match count {
            1 => "1 validation of its changesets".to_owned(),
            n => format!("{n} validations of its changesets"),
        };
        scan::mark(acc, file, line, Topic::InputValidation, name, Some(detail));
    }
}
