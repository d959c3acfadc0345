//! PHP: observations on how code of Laravel is run, watched and protected.

mod schedules;

use crate::conditions::is_short_and_open;
use crate::extractor::{Extractor, Reads};
use crate::extractors::laravel_config::{self, NAME, VALUE};
use crate::facts::{Channel, Claim, FileFacts};
use crate::paths;
use crate::php;
use crate::php_actions;
use crate::scan::{self, Part};
use crate::script_lines::{self, ScriptLine};
use crate::script_marks::{self, Named, Rule, behind, hinted, rule};
use crate::source::SourceFile;
use groundplan_model::{DELETED_DAYS, Topic};
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
        "Prunable",
        "Bus::",
    ],
    run: extract,
};

/// The name of what a model lets a command delete, where that runs.
pub(crate) const PRUNED: &str = "pruned after a time";

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
    schedules::read(acc, file);
    classes(acc, file, &lines);
    raised(acc, file, &lines);
    limiters(acc, file, &lines);
    pruned(acc, file);
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
    // Other libraries and programs have such names too.
    hinted(
        "Validator::make",
        "Illuminate\\",
        Topic::InputValidation,
        Named::Fixed("rules of Laravel"),
        &[],
    ),
    hinted(
        "$request->validate",
        "Illuminate\\",
        Topic::InputValidation,
        Named::Fixed("rules of Laravel"),
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
        if jobs.contains(name) && said.insert(name.to_owned()) {
            scan::add(acc, file, line.number, Claim::Channel(job(name, true)));
        } else if events.contains(name) && said.insert(name.to_owned()) {
            scan::mark(acc, file, line.number, Topic::Event, name, None);
        }
    }
    schedules::batches(acc, file, &jobs, &mut said);
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
        // The id of a record points to the newest one: it is state, which is written anew.
        let value = rest.trim_end_matches([';', ')', ' ']);
        if line.text.contains("::forever(")
            && (value.ends_with("->id") || value.ends_with("->getKey("))
        {
            continue;
        }
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

/// The rows that a model lets `model:prune` delete by their age
/// (<https://laravel.com/docs/eloquent#pruning-models>).
fn pruned(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if !(file.text.contains("Prunable") && file.text.contains("prunable")) {
        return;
    }
    let code = file.code();
    let Some(class) = php_actions::class(code) else {
        return;
    };
    let methods = php_actions::methods(code, &class);
    let Some(method) = methods.iter().find(|m| m.name == "prunable") else {
        return;
    };
    let body = method.body.clone();
    // More than one condition chooses by more than the age.
    let wheres = body.clone().filter(|&at| {
        code.ident(at)
            .is_some_and(|w| w.to_ascii_lowercase().contains("where"))
    });
    let before = |at: &usize| {
        let word = code.raw(*at);
        let unit = [
            "subMinutes",
            "subHours",
            "subDays",
            "subWeeks",
            "subMonths",
            "subYears",
        ];
        unit.contains(&word) && code.is_byte(at + 1, b'(')
    };
    let older = body
        .clone()
        .any(|at| matches!(code.string(at), Some("<" | "<=")));
    let Some(at) = body
        .clone()
        .find(before)
        .filter(|_| older && wheres.count() == 1)
    else {
        return;
    };
    let unit = code.raw(at).trim_start_matches("sub").trim_end_matches('s');
    let unit = unit.to_ascii_lowercase();
    let number = code.raw(at + 2);
    let plain = code.is_byte(at + 3, b')') && number.bytes().all(|b| b.is_ascii_digit());
    let after = match laravel_config::asked(code, at + 2, NAME) {
        Some((name, _)) if unit == "day" => format!("{DELETED_DAYS}{name}"),
        None if plain && !number.is_empty() => scan::many(number, &unit),
        _ => return,
    };
    // What else chooses rows or where they come from would have to be told.
    const PLAIN: [&str; 6] = [
        "limit",
        "newQuery",
        "orderBy",
        "query",
        "where",
        "withTrashed",
    ];
    let decides = |at: usize| matches!(code.raw(at), "if" | "match" | "switch");
    let query = body.clone().find_map(|at| {
        let own = matches!(code.raw(at), "static" | "self" | "$this") || code.is(at, class.name);
        php::chain_at(code, at).filter(|_| own)
    });
    let plain = |q: &php::Chain<'_>| q.links.iter().all(|l| PLAIN.contains(&l.name));
    let Some(query) = query.filter(|q| plain(q) && !body.clone().any(decides)) else {
        return;
    };
    let column = query.links.iter().find(|l| l.name == "where");
    let column = column.and_then(|l| php::text(code, code.arguments(l.open).first()?));
    let Some(column) = column else { return };
    let mut detail = format!("{}\n{after}", class.name);
    if !column.contains("creat") {
        detail.push('\n');
        detail.push_str(&column);
    }
    scan::mark(
        acc,
        file,
        code.line(at),
        Topic::Stated,
        PRUNED,
        Some(detail),
    );
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
        let limit = limits(lines.get(index..).unwrap_or_default());
        // A limiter is there for routes or jobs that name it (`throttle:api`); none has to.
        let detail = limit.map(|limit| format!("{limit}, for routes or jobs that name it"));
        scan::mark(acc, file, line.number, Topic::RateLimit, name, detail);
    }
}

/// What a limiter gives, which begins on the first of these lines: one limit, several by a condition or together,
/// and when none.
fn limits(lines: &[ScriptLine<'_>]) -> Option<String> {
    const LONGEST: usize = 40;
    let mut depth = 0_i32;
    let last = lines.iter().take(LONGEST).position(|line| {
        for c in line.text.chars() {
            match c {
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' => depth -= 1,
                _ => {}
            }
        }
        depth <= 0
    });
    let own = lines.get(..=last?).unwrap_or_default();
    let mut all: Vec<String> = Vec::new();
    let mut none: Option<String> = None;
    for (at, line) in own.iter().enumerate() {
        for rest in line.text.split("Limit::").skip(1) {
            if rest.starts_with("none(") {
                let before = at.checked_sub(1).and_then(|at| own.get(at));
                let asked = before.and_then(|b| b.text.strip_prefix("if (")?.strip_suffix(") {"));
                let asked = asked.filter(|a| is_short_and_open(a) && !a.contains('`'));
                none = Some(match asked {
                    Some(asked) => format!("none if `{asked}`"),
                    None => "none by a condition".to_owned(),
                });
                continue;
            }
            // One that is not read leaves the others open.
            let read = rate(rest)?;
            if !all.contains(&read) {
                all.push(read);
            }
        }
    }
    // `return [` or `=> [`; a list that only some of the callers have is left open.
    let says = |is: fn(&str) -> bool| own.iter().filter(|line| is(line.text)).count();
    let together = says(|text| text.contains("[Limit::") || text.ends_with('[')) > 0;
    let chosen = says(|text| text.contains("return") && !text.contains("Limit::none(")) > 1
        || says(|text| text.contains(" ? ") || text.starts_with("? ") || text.contains("match"))
            > 0;
    let told = match all.as_slice() {
        [] => return None,
        [one] => one.clone(),
        // One setting is filled in later, and no more.
        many if many.iter().any(|one| one.contains(VALUE)) => return None,
        _ if together && chosen => return None,
        many if together => many.join(" and "),
        many => format!("{}, by a condition", many.join(" or ")),
    };
    Some(match none {
        Some(none) => format!("{told}, {none}"),
        None => told,
    })
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
    if let Some(key) = rest.strip_prefix("config(").and_then(script_marks::first) {
        return Some(format!("at most {VALUE}{key}}} {unit}"));
    }
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
