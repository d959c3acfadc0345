//! Ruby: observations on how the code is run, watched and protected.

use crate::extractor::{Extractor, Reads};
use crate::facts::FileFacts;
use crate::paths;
use crate::scan::{self, Part};
use crate::script_lines::{self, ScriptLine};
use crate::script_marks::{self, Named, Rule, asks_what, asks_who, behind, hinted, rule};
use crate::source::SourceFile;
use groundplan_model::Topic;
use groundplan_syntax::Language;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "ruby-marks",
    docs: "\
### What it finds
Guards of controllers by the names of their `before_action`, sign-in by Devise, HTTP Basic and
`has_secure_password`, checks of CanCanCan and Pundit; validations of models; caches with their
expiry, rate limits of Rack::Attack and of Rails, CORS, content security policy, TLS that is forced,
timeouts, retries of jobs, metrics of the Prometheus client, log level, error reporting and tracing,
feature flags of Flipper, notifications of Active Support; schedules of whenever, clockwork,
sidekiq-cron and GoodJob.

### What it does not find
Guards that are blocks or whose names do not say what they do, values that come from elsewhere, tests.
",
    reads: &[Reads::Languages(&[Language::Ruby])],
    markers: &[
        "_action",
        "authenticat",
        "authorize",
        "has_secure_password",
        "hash_token_secrets",
        "hash_application_secrets",
        ".permit(",
        "params.expect",
        "devise",
        "validates",
        "Rails.cache",
        "JWT.",
        "throttle",
        "rate_limit",
        "Rack::Cors",
        "content_security_policy",
        "force_ssl",
        "timeout",
        "retry_on",
        "docstring:",
        "log_level",
        ".init",
        ".configure",
        "Flipper",
        "Notifications.instrument",
        "every",
        "cron",
    ],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let of_tests = file.path.ends_with("environments/test.rb") || file.name() == "Gemfile";
    if scan::part(file) != Part::Own || paths::is_test(file.path) || of_tests {
        return;
    }
    let lines = script_lines::lines(file.text, file.language);
    script_marks::apply(acc, file, &lines, RULES);
    guards(acc, file, &lines);
    validations(acc, file, &lines);
    forced(acc, file, &lines);
    switched(acc, file, &lines);
    metrics(acc, file, &lines);
    schedules(acc, file, &lines);
    levels(acc, file, &lines);
}

const NETWORK: &str = "Net::";

static RULES: &[Rule] = &[
    rule(
        "http_basic_authenticate_with",
        Topic::Authentication,
        Named::Fixed("HTTP Basic"),
        &[],
    ),
    rule(
        "authenticate_or_request_with_http_basic",
        Topic::Authentication,
        Named::Fixed("HTTP Basic"),
        &[],
    ),
    rule(
        "authenticate_with_http_token",
        Topic::Authentication,
        Named::Fixed("token in the header"),
        &[],
    ),
    rule(
        "authenticate_or_request_with_http_token",
        Topic::Authentication,
        Named::Fixed("token in the header"),
        &[],
    ),
    rule(
        "has_secure_password",
        Topic::Encryption,
        Named::Fixed("bcrypt password hashes"),
        &[],
    ),
    rule(
        ".permit(",
        Topic::InputValidation,
        Named::Fixed("strong parameters"),
        &[],
    ),
    rule(
        "params.expect",
        Topic::InputValidation,
        Named::Fixed("strong parameters"),
        &[],
    ),
    rule(
        "load_and_authorize_resource",
        Topic::Authorization,
        Named::Fixed("load_and_authorize_resource"),
        &[],
    ),
    rule(
        "include Pundit",
        Topic::Authorization,
        Named::Fixed("Pundit"),
        &[],
    ),
    rule(
        "include CanCan::Ability",
        Topic::Authorization,
        Named::Fixed("CanCanCan"),
        &[],
    ),
    rule(
        "Rails.cache.fetch",
        Topic::CacheUse,
        Named::Fixed("Rails.cache"),
        &["expires_in:"],
    ),
    rule(
        "Rails.cache.write",
        Topic::CacheUse,
        Named::Fixed("Rails.cache"),
        &["expires_in:"],
    ),
    rule(
        "caches_page",
        Topic::CacheUse,
        Named::Fixed("caches_page"),
        &[],
    ),
    rule(
        "caches_action",
        Topic::CacheUse,
        Named::Fixed("caches_action"),
        &[],
    ),
    hinted(
        "throttle",
        "Rack::Attack",
        Topic::RateLimit,
        Named::First,
        &["limit:", "period:"],
    ),
    rule(
        "rate_limit to:",
        Topic::RateLimit,
        Named::Fixed("rate_limit"),
        &["within:", "only:"],
    ),
    hinted("origins", "Rack::Cors", Topic::Cors, Named::First, &[]),
    rule(
        "content_security_policy do",
        Topic::SecurityHeader,
        Named::Fixed("Content-Security-Policy"),
        &[],
    ),
    rule(
        "SecureHeaders::Configuration.default",
        Topic::SecurityHeader,
        Named::Fixed("secure_headers"),
        &[],
    ),
    hinted(
        "open_timeout",
        NETWORK,
        Topic::Timeout,
        Named::Fixed("HTTP connection"),
        &["="],
    ),
    hinted(
        "read_timeout",
        NETWORK,
        Topic::Timeout,
        Named::Fixed("HTTP answer"),
        &["="],
    ),
    rule(
        "retry_on",
        Topic::Retry,
        Named::Written,
        &["wait:", "attempts:"],
    ),
    rule(
        "JWT.encode",
        Topic::Authentication,
        Named::Fixed("JWT issued"),
        &[],
    ),
    rule("Sentry.init", Topic::Telemetry, Named::Fixed("Sentry"), &[]),
    hinted(
        "traces_sampler =",
        "Sentry.init",
        Topic::Tracing,
        Named::Fixed("Sentry"),
        &[],
    ),
    rule(
        "Raven.configure",
        Topic::Telemetry,
        Named::Fixed("Sentry"),
        &[],
    ),
    rule(
        "Bugsnag.configure",
        Topic::Telemetry,
        Named::Fixed("Bugsnag"),
        &[],
    ),
    rule(
        "Rollbar.configure",
        Topic::Telemetry,
        Named::Fixed("Rollbar"),
        &[],
    ),
    rule(
        "Honeybadger.configure",
        Topic::Telemetry,
        Named::Fixed("Honeybadger"),
        &[],
    ),
    rule(
        "Datadog.configure",
        Topic::Tracing,
        Named::Fixed("Datadog"),
        &[],
    ),
    rule(
        "OpenTelemetry::SDK.configure",
        Topic::Tracing,
        Named::Fixed("OpenTelemetry"),
        &[],
    ),
    rule("Flipper.enabled?", Topic::FeatureFlag, Named::First, &[]),
    rule("Flipper[", Topic::FeatureFlag, Named::First, &[]),
    rule(
        "ActiveSupport::Notifications.instrument",
        Topic::Event,
        Named::First,
        &[],
    ),
    rule(
        "lograge.enabled = true",
        Topic::Logging,
        Named::Fixed("Lograge"),
        &[],
    ),
];

/// The class that each line stands in is the last one that begins above it.
fn class(text: &str) -> Option<&str> {
    let head = text
        .strip_prefix("class ")
        .or(text.strip_prefix("module "))?;
    let end = head
        .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == ':'))
        .unwrap_or(head.len());
    head.get(..end).filter(|name| !name.is_empty())
}

/// `before_action :require_login, only: [:show]` of controllers.
fn guards(acc: &mut FileFacts, file: &SourceFile<'_>, lines: &[ScriptLine<'_>]) {
    const WORDS: [&str; 6] = [
        "before_action",
        "prepend_before_action",
        "append_before_action",
        "before_filter",
        "prepend_before_filter",
        "before",
    ];
    let (mut inside, mut shared) = ("", false);
    let lines: Vec<&ScriptLine<'_>> = lines.iter().filter(|l| !l.quoted).collect();
    for (index, line) in lines.iter().enumerate() {
        if let Some(name) = class(line.text) {
            inside = name;
            shared = line.text.starts_with("module ");
        }
        if let Some(rest) = line.text.strip_prefix("devise :") {
            let rest = continued(rest, &lines[index + 1..]);
            let modules: Vec<&str> = rest
                .split(',')
                .map(|m| m.trim().trim_matches(':'))
                .collect();
            let plain = |m: &&&str| m.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            let modules: Vec<&str> = modules.iter().take_while(plain).copied().collect();
            let detail = format!("`{inside}` with {}", modules.join(", "));
            scan::mark(
                acc,
                file,
                line.number,
                Topic::Authentication,
                "Devise",
                Some(detail),
            );
            continue;
        }
        let Some((word, rest)) = line.text.split_once([' ', '(']) else {
            continue;
        };
        if !WORDS.contains(&word) || inside.is_empty() || !rest.trim_start().starts_with(':') {
            continue;
        }
        let rest = &continued(rest, &lines[index + 1..]);
        let narrowed = ["only:", "except:"].into_iter().find_map(|key| {
            let at = rest.find(key)?;
            let list = rest.get(at + key.len()..)?.trim_start();
            let end = match list.starts_with('[') || list.starts_with('%') {
                true => list.find(']').map_or(list.len(), |at| at + 1),
                false => list.find([',', ')']).unwrap_or(list.len()),
            };
            let names = list.get(..end)?.trim_start_matches("%i");
            let names = names.replace([':', '[', ']'], "");
            let verb = if key == "only:" { "only" } else { "all but" };
            Some(format!(", {verb} {}", names.trim()))
        });
        for name in rest.split(',').map(str::trim) {
            let Some(name) = name.strip_prefix(':') else {
                break;
            };
            let name = name.trim_end_matches(')').split(' ').next().unwrap_or(name);
            let topic = match (asks_what(name), asks_who(name)) {
                (true, _) => Topic::Authorization,
                (false, true) => Topic::Authentication,
                _ => continue,
            };
            let whose = match shared {
                true => format!("controllers that include `{inside}`"),
                false => format!("`{inside}`"),
            };
            let detail = match &narrowed {
                Some(narrowed) if narrowed.len() < 120 => {
                    format!("before actions of {whose}{narrowed}")
                }
                Some(_) => format!("before some actions of {whose}"),
                None => format!("before actions of {whose}"),
            };
            scan::mark(acc, file, line.number, topic, name, Some(detail));
        }
    }
}

/// A statement with the lines on which it goes on: behind a comma, or within brackets.
fn continued(first: &str, after: &[&ScriptLine<'_>]) -> String {
    const MOST: usize = 12;
    let more = |text: &str, sign: char, other: char| {
        text.matches(sign).count() > text.matches(other).count()
    };
    let open = |text: &str| more(text, '[', ']') || more(text, '(', ')');
    let mut whole = first.to_owned();
    for line in after.iter().take(MOST) {
        if !whole.trim_end().ends_with(',') && !open(&whole) {
            break;
        }
        whole.push(' ');
        whole.push_str(line.text);
    }
    whole
}

/// `JWT.decode(token, key, true, …)`, which verifies nothing where it is told `false`, and traces of Sentry, none of
/// which are taken at a rate of zero.
fn switched(acc: &mut FileFacts, file: &SourceFile<'_>, lines: &[ScriptLine<'_>]) {
    let sentry = file.text.contains("Sentry.init");
    let (mut verified, mut traced) = (false, false);
    let lines: Vec<&ScriptLine<'_>> = lines.iter().filter(|l| !l.quoted).collect();
    for (index, line) in lines.iter().enumerate() {
        if let Some(rest) = behind(line.text, "JWT.decode").filter(|_| !verified) {
            // Arguments may stand on the lines below.
            let whole = continued(rest, &lines[index + 1..]);
            let words = whole.split([',', '(', ')']);
            if !words.map(str::trim).any(|word| word == "false") {
                verified = true;
                let (topic, name) = (Topic::Authentication, "JWT verified");
                scan::mark(acc, file, line.number, topic, name, None);
            }
        }
        if !sentry || traced {
            continue;
        }
        if let Some(rest) = behind(line.text, "traces_sample_rate =") {
            let value = rest.trim();
            let none = value == "nil" || value.parse::<f64>().is_ok_and(|rate| rate <= 0.0);
            if !none {
                traced = true;
                scan::mark(acc, file, line.number, Topic::Tracing, "Sentry", None);
            }
        }
    }
}

/// `config.force_ssl = true`, also by a variable; tokens that Doorkeeper keeps as hashes
/// (<https://doorkeeper.gitbook.io/guides/security/token-and-application-secrets>).
fn forced(acc: &mut FileFacts, file: &SourceFile<'_>, lines: &[ScriptLine<'_>]) {
    let mut told: Vec<&str> = Vec::new();
    for line in lines.iter().filter(|l| !l.quoted) {
        let text = line.text.trim();
        let kept = match text.split([' ', ',']).next() {
            Some("hash_token_secrets") => Some("hashes of OAuth tokens"),
            Some("hash_application_secrets") => Some("hashes of OAuth application secrets"),
            _ => None,
        };
        if let Some(name) = kept.filter(|name| !told.contains(name)) {
            told.push(name);
            let detail = Some("kept in place of them by Doorkeeper".to_owned());
            scan::mark(acc, file, line.number, Topic::Encryption, name, detail);
        }
        if let Some(rest) = text.split("config.force_ssl").nth(1)
            && let Some(value) = rest.trim_start().strip_prefix('=')
        {
            let value = value.split(" #").next().unwrap_or(value).trim();
            if value.starts_with("false") || value.starts_with("nil") {
                continue;
            }
            let detail = match value {
                "true" => None,
                value => Some(value.to_owned()).filter(|v| v.len() <= 100),
            };
            scan::mark(acc, file, line.number, Topic::Tls, "force_ssl", detail);
        }
    }
}

/// One observation for each class that validates what it keeps.
fn validations(acc: &mut FileFacts, file: &SourceFile<'_>, lines: &[ScriptLine<'_>]) {
    let mut inside = "";
    let mut found: Vec<(&str, u32, usize)> = Vec::new();
    for line in lines.iter().filter(|l| !l.quoted) {
        if let Some(name) = class(line.text) {
            inside = name;
        }
        let word = line.text.split([' ', '(']).next().unwrap_or_default();
        let validates = matches!(word, "validates" | "validate")
            || word.starts_with("validates_") && word.len() > 10;
        if !validates || inside.is_empty() || !line.text.contains(':') {
            continue;
        }
        match found.iter_mut().find(|(name, ..)| *name == inside) {
            Some(known) => known.2 += 1,
            None => found.push((inside, line.number, 1)),
        }
    }
    for (name, line, count) in found {
        let detail = match count {
            1 => "1 validation".to_owned(),
            n => format!("{n} validations"),
        };
        scan::mark(acc, file, line, Topic::InputValidation, name, Some(detail));
    }
}

/// `Prometheus::Client::Counter.new(:orders_total, docstring: "Orders")`, also by helpers that are given
/// the same.
fn metrics(acc: &mut FileFacts, file: &SourceFile<'_>, lines: &[ScriptLine<'_>]) {
    for (index, line) in lines.iter().enumerate().filter(|(_, l)| !l.quoted) {
        let known = ["counter", "gauge", "histogram", "summary"]
            .into_iter()
            .any(|kind| {
                let lower = line.text.to_ascii_lowercase();
                lower.contains(&format!("::{kind}.new"))
                    || lower.contains(&format!("_{kind} "))
                    || lower.contains(&format!("_{kind}("))
                    || lower.contains(&format!(".{kind}("))
            });
        let near = lines.get(index..).unwrap_or_default().iter().take(3);
        let documented = || {
            near.clone().find_map(|l| {
                let rest = behind(l.text, "docstring:")?;
                script_lines::literal(rest)
            })
        };
        // The first symbol: a colon that neither ends a name nor joins two.
        let symbol = line.text.match_indices(':').find_map(|(at, _)| {
            let before = line.text.get(..at)?.chars().next_back()?;
            let rest = line.text.get(at..)?;
            let begins = rest.get(1..)?.starts_with(|c: char| c.is_ascii_lowercase());
            (begins && matches!(before, ' ' | '(')).then_some(rest)
        });
        let name = symbol.and_then(script_marks::first);
        if !known {
            continue;
        }
        if let (Some(name), Some(text)) = (name.filter(|n| n.len() > 2), documented()) {
            let detail = Some(text.to_owned());
            scan::mark(acc, file, line.number, Topic::Metric, name, detail);
        }
    }
}

/// `every 1.day, at: "4:30 am" do` of whenever and clockwork, crons of sidekiq-cron and GoodJob.
fn schedules(acc: &mut FileFacts, file: &SourceFile<'_>, lines: &[ScriptLine<'_>]) {
    let whenever = file.path.ends_with("config/schedule.rb");
    let clockwork = file.text.contains("Clockwork");
    let mut period: Option<(usize, String)> = None;
    for (index, line) in lines.iter().enumerate().filter(|(_, l)| !l.quoted) {
        if period
            .as_ref()
            .is_some_and(|(indent, _)| line.indent <= *indent)
        {
            period = None;
        }
        if (whenever || clockwork)
            && let Some(rest) = line.text.strip_prefix("every")
        {
            let rest = rest.trim_start_matches(['(', ' ']);
            let rest = rest.trim_end_matches(" do").trim_end_matches(')');
            if clockwork && let Some((every, task)) = rest.split_once(',') {
                if let Some(task) = script_marks::first(task) {
                    let detail = Some(format!("every {}", every.trim()));
                    scan::mark(acc, file, line.number, Topic::ScheduledJob, task, detail);
                }
            } else {
                let text = rest.trim_start_matches(':').replace(['"', '\''], "");
                let text = text.replace(", at:", " at");
                period = Some((line.indent, format!("every {}", text.trim())));
            }
            continue;
        }
        if let Some((_, every)) = &period {
            let word = line.text.split([' ', '(']).next().unwrap_or_default();
            let task = line.text.get(word.len()..).and_then(script_marks::first);
            if matches!(word, "rake" | "runner" | "command" | "script")
                && let Some(task) = task
            {
                scan::mark(
                    acc,
                    file,
                    line.number,
                    Topic::ScheduledJob,
                    task,
                    Some(every.clone()),
                );
            }
        }
        if !(file.text.contains("Sidekiq::Cron") || file.text.contains("good_job")) {
            continue;
        }
        // `cron: "0 * * * *"` stands beside the class that it starts.
        let Some(cron) = behind(line.text, "cron:").and_then(script_lines::literal) else {
            continue;
        };
        if cron.split(' ').count() < 3 {
            continue;
        }
        let from = index.saturating_sub(3);
        let near = lines.get(from..).unwrap_or_default().iter().take(7);
        let class = near
            .clone()
            .find_map(|l| behind(l.text, "class:").and_then(script_lines::literal));
        if let Some(class) = class {
            let detail = Some(cron.to_owned());
            scan::mark(acc, file, line.number, Topic::ScheduledJob, class, detail);
        }
    }
}

/// `config.log_level = :info`
fn levels(acc: &mut FileFacts, file: &SourceFile<'_>, lines: &[ScriptLine<'_>]) {
    for line in lines.iter().filter(|l| !l.quoted) {
        let Some(rest) = behind(line.text, "config.log_level =") else {
            continue;
        };
        let stage = file.path.contains("/environments/").then(|| {
            let name = file.name().trim_end_matches(".rb");
            format!("in {name}")
        });
        if let Some(level) = script_marks::first(rest) {
            scan::mark(acc, file, line.number, Topic::LogLevel, level, stage);
        }
    }
}
