//! PHP: observations on how code of Laravel is run, watched and protected.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Channel, Claim, FileFacts};
use crate::paths;
use crate::php;
use crate::scan::{self, Part};
use crate::script_lines::{self, ScriptLine};
use crate::script_marks::{self, Named, Rule, behind, hinted, rule};
use crate::source::SourceFile;
use groundplan_model::Topic;
use groundplan_syntax::Language;
use std::collections::BTreeSet;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "php-marks",
    docs: "\
### What it finds
Of Laravel: guards of `config/auth.php` with their driver, gates, permissions that are asked for by name, form requests, rate limiters, caches
with their expiry, scheduled commands and jobs with their frequency, queued jobs and who dispatches
them, events that code raises, tries of jobs, timeouts of the HTTP client, allowed origins, feature
flags of Pennant, hashing and encryption.

### What it does not find
Schedules, guards and limits that are computed, listeners of events, other frameworks, tests.
",
    reads: &[Reads::Own(&[Language::Php])],
    markers: &[
        "Illuminate",
        "Schedule",
        "schedule",
        "dispatch",
        "event(",
        "Cache::",
        "guards'",
        "allowed_origins",
        "Gate::",
        "checkPermission",
        "hasPermissionTo",
        "userCan(",
        "FormRequest",
        "Feature::",
        "openssl_encrypt",
        "sodium_crypto_secretbox",
        "Defuse",
        "password_hash",
        "Component\\Validator",
    ],
    run: extract,
};

/// What keeps queued jobs is a setting of the application.
const QUEUE: &str = "laravel-queue";

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own
        || paths::is_test(file.path)
        || php::is_foreign(file.path)
        || file.path.ends_with(".blade.php")
    {
        return;
    }
    let lines = script_lines::lines(file.text, file.language);
    script_marks::apply(acc, file, &lines, RULES);
    encrypts(acc, file, &lines);
    schedules(acc, file, &lines);
    classes(acc, file, &lines);
    raised(acc, file, &lines);
    limiters(acc, file, &lines);
    remembered(acc, file, &lines);
    match file.name() {
        "auth.php" if file.folder().ends_with("config") => guards(acc, file),
        "cors.php" if file.folder().ends_with("config") => origins(acc, file),
        _ => {}
    }
}

static RULES: &[Rule] = &[
    rule("Gate::define", Topic::Authorization, Named::First, &[]),
    // Methods of a program's own and of spatie/laravel-permission, by what they ask for.
    rule("->checkPermission", Topic::Authorization, Named::First, &[]),
    rule("->hasPermissionTo", Topic::Authorization, Named::First, &[]),
    rule("userCan", Topic::Authorization, Named::First, &[]),
    rule("Feature::active", Topic::FeatureFlag, Named::First, &[]),
    rule(
        "Hash::make",
        Topic::Encryption,
        Named::Fixed("password hashes of Laravel"),
        &[],
    ),
    rule(
        "Crypt::encrypt",
        Topic::Encryption,
        Named::Fixed("encryption of Laravel"),
        &[],
    ),
    rule(
        "Crypt::encryptString",
        Topic::Encryption,
        Named::Fixed("encryption of Laravel"),
        &[],
    ),
    rule(
        "password_hash",
        Topic::Encryption,
        Named::Fixed("password hashes of PHP"),
        &[],
    ),
    hinted(
        "#[Assert",
        "Symfony\\Component\\Validator",
        Topic::InputValidation,
        Named::Fixed("constraints of Symfony"),
        &[],
    ),
    rule(
        "\\Sentry\\init",
        Topic::Telemetry,
        Named::Fixed("Sentry"),
        &[],
    ),
];

/// Calls that encrypt: the words, what the file must hold beside, and the name.
const ENCRYPTING: [(&str, &str, &str); 3] = [
    ("openssl_encrypt(", "", "openssl_encrypt"),
    ("sodium_crypto_secretbox(", "", "sodium_crypto_secretbox"),
    ("Crypto::encrypt", "Defuse", "defuse/php-encryption"),
];

fn encrypts(acc: &mut FileFacts, file: &SourceFile<'_>, lines: &[ScriptLine<'_>]) {
    for (words, hint, name) in ENCRYPTING {
        if !file.text.contains(words) || !file.text.contains(hint) {
            continue;
        }
        let mut all = lines.iter().filter(|l| !l.quoted);
        if let Some(line) = all.find(|l| behind(l.text, words).is_some()) {
            let detail = Some("encrypts values".to_owned());
            scan::mark(acc, file, line.number, Topic::Encryption, name, detail);
        }
    }
}

/// `$schedule->command('orders:close')->dailyAt('03:00')`, `Schedule::job(new Sync)->hourly()`.
fn schedules(acc: &mut FileFacts, file: &SourceFile<'_>, lines: &[ScriptLine<'_>]) {
    if !file.text.contains("Schedul") {
        return;
    }
    for (index, line) in lines.iter().enumerate().filter(|(_, l)| !l.quoted) {
        let calls = ["$schedule->", "Schedule::"];
        let Some(rest) = calls.iter().find_map(|call| behind(line.text, call)) else {
            continue;
        };
        let (kind, arguments) = rest.split_once('(').unwrap_or((rest, ""));
        if !matches!(kind, "command" | "job" | "exec" | "call") {
            continue;
        }
        // The call goes on in lines that begin with an arrow.
        let mut whole = rest.to_owned();
        let mut more = lines.get(index + 1..).unwrap_or_default().iter().take(12);
        while !whole.trim_end().ends_with(';')
            && let Some(next) = more.next()
        {
            whole.push_str(next.text);
        }
        let name = match kind {
            "call" => None,
            _ => script_marks::first(arguments).or_else(|| made(arguments)),
        };
        let when = whole.split("->").skip(1).find(|link| {
            let word = link.split('(').next().unwrap_or_default();
            word.starts_with("every")
                || word.starts_with("daily")
                || word.starts_with("hourly")
                || word.starts_with("weekly")
                || word.starts_with("monthly")
                || word.starts_with("twice")
                || word.starts_with("quarterly")
                || word.starts_with("yearly")
                || word == "cron"
        });
        let when = when.map(|link| link.trim_end_matches([';', ' ']).to_owned());
        let Some(when) = when.filter(|w| w.len() < 80) else {
            continue;
        };
        let name = name.unwrap_or("a closure");
        let when = when.trim_end_matches("()").replace(['(', ')', '\''], " ");
        let words: Vec<&str> = when.split_whitespace().collect();
        let detail = Some(words.join(" "));
        scan::mark(acc, file, line.number, Topic::ScheduledJob, name, detail);
    }
}

/// The class of `new Orders\Close(…)` or `Close::class`.
fn made(text: &str) -> Option<&str> {
    let text = text.trim_start_matches(['(', ' ']);
    let text = text.strip_prefix("new ").unwrap_or(text);
    let end = text
        .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '\\'))
        .unwrap_or(text.len());
    let name = text.get(..end)?.rsplit('\\').next()?;
    name.starts_with(|c: char| c.is_ascii_uppercase())
        .then_some(name)
}

/// Queued jobs, form requests, and what a job says of its tries.
fn classes(acc: &mut FileFacts, file: &SourceFile<'_>, lines: &[ScriptLine<'_>]) {
    let mut inside = "";
    let mut queued = false;
    for (index, line) in lines.iter().enumerate().filter(|(_, l)| !l.quoted) {
        let head = line
            .text
            .trim_start_matches("final ")
            .trim_start_matches("readonly ");
        if let Some(rest) = head.strip_prefix("class ") {
            let end = rest
                .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
                .unwrap_or(rest.len());
            inside = rest.get(..end).unwrap_or_default();
            let next = lines.get(index + 1).map_or("", |l| l.text);
            let heads = [rest, if rest.contains('{') { "" } else { next }];
            let has = |word: &str| heads.iter().any(|h| h.contains(word));
            let of_jobs = file.folder().split('/').any(|part| part == "Jobs");
            queued = has("ShouldQueue") && of_jobs;
            if has("extends FormRequest") {
                let topic = Topic::InputValidation;
                scan::mark(
                    acc,
                    file,
                    line.number,
                    topic,
                    inside,
                    Some("form request".to_owned()),
                );
            }
            if queued && !inside.is_empty() {
                let channel = job(inside, false);
                scan::add(acc, file, line.number, Claim::Channel(channel));
            }
        }
        let tries = behind(line.text, "$tries").map(|rest| rest.trim_start_matches([' ', '=']));
        if queued && let Some(count) = tries.and_then(script_lines::literal) {
            // One try is no second one.
            if count != "1" {
                let detail = Some(format!("{count} tries"));
                scan::mark(acc, file, line.number, Topic::Retry, inside, detail);
            }
        }
    }
}

fn job(name: &str, produces: bool) -> Channel {
    Channel {
        name: name.to_owned(),
        produces,
        consumes: !produces,
        broker: Some(QUEUE.to_owned()),
        awaited: false,
    }
}

/// Jobs that are dispatched and events that are raised, told apart by where their classes lie.
fn raised(acc: &mut FileFacts, file: &SourceFile<'_>, lines: &[ScriptLine<'_>]) {
    let (mut jobs, mut events) = (BTreeSet::new(), BTreeSet::new());
    for line in lines {
        let Some(used) = line.text.strip_prefix("use ") else {
            continue;
        };
        let used = used.trim_end_matches(';');
        let name = used.rsplit(['\\', ' ']).next().unwrap_or(used);
        if used.contains("\\Jobs\\") {
            jobs.insert(name);
        } else if used.contains("\\Events\\") {
            events.insert(name);
        }
    }
    let mut said = BTreeSet::new();
    for line in lines.iter().filter(|l| !l.quoted) {
        let calls = [
            "event(",
            "dispatch(",
            "dispatchSync(",
            "dispatch_sync(",
            "dispatchNow(",
            "dispatch_now(",
        ];
        let given = calls
            .iter()
            .find_map(|call| made(behind(line.text, call)?.strip_prefix("new ")?));
        let of = line.text.find("::dispatch").and_then(|at| {
            let head = line.text.get(..at)?;
            let start = head
                .rfind(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
                .map_or(0, |at| at + 1);
            head.get(start..)
        });
        let Some(name) = given.or(of).filter(|name| !name.is_empty()) else {
            continue;
        };
        let at_once = [
            "dispatchSync(",
            "dispatch_sync(",
            "dispatchNow(",
            "dispatch_now(",
        ];
        if jobs.contains(name) && at_once.iter().any(|call| line.text.contains(call)) {
            let claim = Claim::DoneAtOnce(name.to_owned());
            scan::add(acc, file, line.number, claim);
        }
        if jobs.contains(name) && said.insert(name) {
            scan::add(acc, file, line.number, Claim::Channel(job(name, true)));
        } else if events.contains(name) && said.insert(name) {
            scan::mark(acc, file, line.number, Topic::Event, name, None);
        }
    }
}

/// `Cache::remember('latest_version', 900, fn () => …)`: what is kept, and for how long as it is written
/// (<https://laravel.com/docs/cache#retrieve-store>). The unit of a plain number depends on the version of Laravel.
fn remembered(acc: &mut FileFacts, file: &SourceFile<'_>, lines: &[ScriptLine<'_>]) {
    if !file.text.contains("emember") && !file.text.contains("::forever(") {
        return;
    }
    const CALLS: [(&str, bool); 5] = [
        ("Cache::remember", false),
        ("cache()->remember", false),
        ("Cache::rememberForever", true),
        ("cache()->rememberForever", true),
        ("Cache::forever", true),
    ];
    let mut said = BTreeSet::new();
    for line in lines.iter().filter(|l| !l.quoted) {
        let found = CALLS.iter().find_map(|(call, forever)| {
            let rest = behind(line.text, call)?;
            rest.starts_with('(').then_some((rest, *forever))
        });
        let Some((rest, forever)) = found else {
            continue;
        };
        let Some(name) = script_marks::first(rest) else {
            continue;
        };
        // Behind the key, which may be put together with what a call gives.
        let after = rest.get(1..).and_then(lasting);
        let detail = match (forever, after) {
            (true, _) => Some("for ever".to_owned()),
            (false, Some(after)) => Some(after),
            (false, None) => None,
        };
        if said.insert((name, detail.clone())) {
            scan::mark(acc, file, line.number, Topic::CacheUse, name, detail);
        }
    }
}

/// The second of the arguments of a call, where it is a number or a length of time: `15`, `60 * 60`,
/// `now()->addMinutes(5)`.
fn lasting(inner: &str) -> Option<String> {
    let (mut depth, mut quote, mut from) = (0_i32, None, None);
    for (at, c) in inner.char_indices() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(c),
            (None, '(' | '[') => depth += 1,
            (None, ')' | ']') if depth > 0 => depth -= 1,
            (None, ',') if depth == 0 => match from {
                None => from = Some(at + 1),
                Some(begin) => {
                    let text = inner.get(begin..at)?.trim();
                    let number = text
                        .bytes()
                        .all(|b| b.is_ascii_digit() || b" *_".contains(&b))
                        && text.starts_with(|c: char| c.is_ascii_digit());
                    let told = text.strip_prefix("now()->add").and_then(|rest| {
                        let (unit, n) = rest.trim_end_matches(')').split_once('(')?;
                        let n = if n.is_empty() { "1" } else { n };
                        let plain = n.bytes().all(|b| b.is_ascii_digit());
                        plain.then(|| format!("{n} {}", unit.to_lowercase()))
                    });
                    let unit = "seconds (before Laravel 5.8 minutes)";
                    return told.or_else(|| number.then(|| format!("{text} {unit}")));
                }
            },
            _ => {}
        }
    }
    None
}

/// `RateLimiter::for('api', fn () => Limit::perMinute(60))`
fn limiters(acc: &mut FileFacts, file: &SourceFile<'_>, lines: &[ScriptLine<'_>]) {
    for (index, line) in lines.iter().enumerate().filter(|(_, l)| !l.quoted) {
        let Some(rest) = behind(line.text, "RateLimiter::for") else {
            continue;
        };
        let Some(name) = script_marks::first(rest) else {
            continue;
        };
        let mut near = lines.get(index..).unwrap_or_default().iter().take(5);
        let limit = near.find_map(|l| behind(l.text, "Limit::")).and_then(rate);
        // A limiter is there for routes that name it (`throttle:api`); none has to.
        let detail = limit.map(|limit| format!("{limit}, for routes that name it"));
        scan::mark(acc, file, line.number, Topic::RateLimit, name, detail);
    }
}

/// `perMinute(60)->by(…)` as `at most 60 a minute`.
fn rate(text: &str) -> Option<String> {
    let (call, rest) = text.split_once('(')?;
    let unit = match call.trim() {
        "perSecond" => "a second",
        "perMinute" => "a minute",
        "perHour" => "an hour",
        "perDay" => "a day",
        _ => return None,
    };
    let number = rest.split([')', ',']).next()?.trim();
    let plain = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit() || b == b'_');
    plain.then(|| format!("at most {} {unit}", number.replace('_', "")))
}

/// `'guards' => ['api' => ['driver' => 'passport', …]]` of `config/auth.php`.
fn guards(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let code = file.code();
    let Some(at) = (0..code.tokens.len()).find(|&at| {
        code.string(at) == Some("guards")
            && code.is_byte(at + 1, b'=')
            && code.is_byte(at + 2, b'>')
    }) else {
        return;
    };
    let Some(open) = php::list_at(code, &(at + 3..code.tokens.len())) else {
        return;
    };
    for (key, value) in php::entries(code, open).into_iter().take(20) {
        let Some(name) = key.and_then(|key| php::text(code, &key)) else {
            continue;
        };
        let Some(inner) = php::list_at(code, &value) else {
            continue;
        };
        let driver = php::value_of(code, inner, "driver").and_then(|range| php::text(code, &range));
        let Some(driver) = driver else { continue };
        let detail = Some(format!("guard with the driver `{driver}`"));
        let line = code.line(value.start);
        scan::mark(acc, file, line, Topic::Authentication, name, detail);
    }
}

/// `'allowed_origins' => ['*']` of `config/cors.php`.
fn origins(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let code = file.code();
    for at in 0..code.tokens.len() {
        let is = code.string(at) == Some("allowed_origins")
            && code.is_byte(at + 1, b'=')
            && code.is_byte(at + 2, b'>');
        if !is {
            continue;
        }
        let range = at + 3..code.tokens.len();
        let Some(open) = php::list_at(code, &range) else {
            continue;
        };
        for origin in php::all_texts(code, open).into_iter().take(6) {
            scan::mark(acc, file, code.line(at), Topic::Cors, origin, None);
        }
    }
}
