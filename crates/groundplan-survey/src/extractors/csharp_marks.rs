//! Observations in C#: security, resilience, jobs, metrics, logging.

mod caches;
mod middleware;
mod policies;

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts};
use crate::marks::{self, Name, Row, row};
use crate::scan::{self, Part};
use crate::source::SourceFile;
use crate::values::Values;
use groundplan_model::{DATA_ANNOTATIONS, Topic};
use groundplan_syntax::{DeclKind, Language};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "csharp-marks",
    docs: "\
### What it finds
Attributes, registrations and base classes of ASP.NET Core and the usual packages: authentication,
authorisation with policies, what they ask for and roles, servers that issue tokens, migrations that a
program applies, CORS, health checks, rate limits, retries and circuit
breakers of Polly, background services, validators, data annotations of requests, timeouts,
metrics, tracing, logging, caches with the profiles and spans of time that they are given, feature flags, statuses
that middleware answers with. A task whose method for triggers gives none is not scheduled.

### What it does not find
What extension methods of another file register.
",
    reads: &[Reads::Own(&[Language::CSharp])],
    markers: &[
        "Add",
        "Use",
        "[",
        "Async",
        "BackgroundService",
        "Validator",
        "Create",
        "Timeout",
        "Require",
        "Migrate",
        "Lru",
        "Expiration",
        "CacheProfile",
    ],
    run: extract,
};

pub(crate) use caches::PROFILE;

use Name::{Argument, Declared, Fixed};
use Topic as T;

#[rustfmt::skip]
const CALLS: [Row; 55] = [
    row("Aes.Create", "Cryptography", T::Encryption, Fixed("AES encryption"), &[]),
    row("AesGcm", "Cryptography", T::Encryption, Fixed("AES-GCM encryption"), &[]),
    row("CreateProtector", "DataProtection", T::Encryption, Fixed("Data Protection of ASP.NET Core"), &[]),
    row("AddDistributedMemoryCache", "", T::CacheUse, Fixed("distributed cache in the memory of one process"), &[]),
    row("AddFusionCache", "", T::CacheUse, Fixed("FusionCache"), &[]),
    row("AddHybridCache", "", T::CacheUse, Fixed("HybridCache"), &[]),
    row("AddLazyCache", "", T::CacheUse, Fixed("LazyCache"), &[]),
    row("AddMemoryCache", "", T::CacheUse, Fixed("memory cache of ASP.NET Core"), &[]),
    row("ConcurrentLru", "BitFaster", T::CacheUse, Fixed("BitFaster cache"), &[]),
    row("ConcurrentTLru", "BitFaster", T::CacheUse, Fixed("BitFaster cache"), &[]),
    row("FastConcurrentLru", "BitFaster", T::CacheUse, Fixed("BitFaster cache"), &[]),
    row("FastConcurrentTLru", "BitFaster", T::CacheUse, Fixed("BitFaster cache"), &[]),
    row("ConcurrentLruBuilder", "BitFaster", T::CacheUse, Fixed("BitFaster cache"), &[]),
    row("AddOpenIddict", "", T::Authentication, Fixed("OpenIddict"), &[]),
    row("AddApiVersioning", "", T::Versioning, Fixed("API versioning of ASP.NET Core"), &[]),
    row("AddOrUpdate", "IRecurringJobManager", T::ScheduledJob, Argument(&[]), &["2"]),
    row("AddCookie", "AddAuthentication", T::Authentication, Fixed("cookie"), &[]),
    row("AddEasyCaching", "", T::CacheUse, Fixed("EasyCaching"), &[]),
    row("AddCors", "", T::Cors, Fixed("cors"), &[]),
    row("AddHangfire", "", T::ScheduledJob, Fixed("Hangfire"), &[]),
    row("AddHealthChecks", "", T::HealthCheck, Fixed("health checks"), &[]),
    row("AddIdentity", "", T::Authentication, Fixed("ASP.NET Core Identity"), &[]),
    row("AddIdentityServer", "", T::Authentication, Fixed("IdentityServer"), &[]),
    row("AddJwtBearer", "", T::Authentication, Fixed("JWT bearer"), &[]),
    row("AddOpenIdConnect", "", T::Authentication, Fixed("OpenID Connect"), &[]),
    row("AddOtlpExporter", "", T::Tracing, Fixed("OTLP exporter"), &[]),
    row("AddOutputCache", "", T::CacheUse, Fixed("output cache"), &[]),
    row("AddRateLimiter", "", T::RateLimit, Fixed("rate limiter"), &[]),
    row("AddResponseCaching", "", T::CacheUse, Fixed("response caching"), &[]),
    row("AddScheme", "AddAuthentication", T::Authentication, Argument(&[]), &[]),
    row("AddStackExchangeRedisCache", "", T::CacheUse, Fixed("distributed cache in Redis"), &[]),
    row("AddStandardResilienceHandler", "", T::Retry, Fixed("standard resilience handler"), &[]),
    row("AddTransientHttpErrorPolicy", "", T::Retry, Fixed("transient HTTP errors"), &[]),
    row("AddZipkinExporter", "", T::Tracing, Fixed("Zipkin exporter"), &[]),
    row("AllowAnyOrigin", "", T::Cors, Fixed("any origin"), &[]),
    row("CircuitBreaker", "Polly", T::CircuitBreaker, Fixed("Polly circuit breaker"), &["exceptionsAllowedBeforeBreaking", "durationOfBreak"]),
    row("CircuitBreakerAsync", "Polly", T::CircuitBreaker, Fixed("Polly circuit breaker"), &["exceptionsAllowedBeforeBreaking", "durationOfBreak"]),
    row("CreateCounter", "eter", T::Metric, Argument(&["name"]), &["unit", "description"]),
    row("CreateHistogram", "eter", T::Metric, Argument(&["name"]), &["unit", "description"]),
    row("GetBooleanValueAsync", "OpenFeature", T::FeatureFlag, Argument(&[]), &[]),
    row("IsEnabledAsync", "Feature", T::FeatureFlag, Argument(&[]), &[]),
    row("RecurringJob.AddOrUpdate", "", T::ScheduledJob, Argument(&[]), &["2"]),
    row("RequireAuthorization", "", T::Authorization, Fixed("RequireAuthorization"), &["0"]),
    row("RequireRateLimiting", "", T::RateLimit, Fixed("RequireRateLimiting"), &["0"]),
    row("SetIsOriginAllowed", "", T::Cors, Fixed("origins that code allows"), &[]),
    row("UseExceptionHandler", "", T::ErrorHandling, Fixed("exception handler"), &["0"]),
    row("UseHsts", "", T::SecurityHeader, Fixed("HSTS"), &[]),
    row("UseHttpsRedirection", "", T::Tls, Fixed("redirect to HTTPS"), &[]),
    row("UseNLog", "", T::Logging, Fixed("NLog"), &[]),
    row("UseSerilog", "", T::Logging, Fixed("Serilog"), &[]),
    row("WaitAndRetry", "Polly", T::Retry, Fixed("Polly wait and retry"), &["retryCount", "0"]),
    row("WaitAndRetryAsync", "Polly", T::Retry, Fixed("Polly wait and retry"), &["retryCount", "0"]),
    row("WithCronSchedule", "", T::ScheduledJob, Fixed("Quartz"), &["0"]),
    row("WithOrigins", "", T::Cors, Argument(&[]), &[]),
    row("RetryForeverAsync", "Polly", T::Retry, Fixed("Polly retry without end"), &[]),
];

#[rustfmt::skip]
const ATTRIBUTES: [Row; 7] = [
    row("AutomaticRetry", "", T::Retry, Declared, &["Attempts"]),
    row("Authorize", "", T::Authorization, Declared, &["Roles", "Policy", "AuthenticationSchemes"]),
    row("EnableCors", "", T::Cors, Declared, &["0"]),
    row("EnableRateLimiting", "", T::RateLimit, Argument(&[]), &[]),
    row("FeatureGate", "", T::FeatureFlag, Argument(&[]), &[]),
    row("OutputCache", "", T::CacheUse, Declared, &["Duration", "PolicyName"]),
    row("ResponseCache", "", T::CacheUse, Declared, &["Duration", "Location", "NoStore", "CacheProfileName"]),
];

const SUPERTYPES: [(&str, Topic); 8] = [
    ("AbstractValidator", T::InputValidation),
    ("AuthenticationHandler", T::Authentication),
    ("AuthorizationHandler", T::Authorization),
    ("IExceptionHandler", T::ErrorHandling),
    ("IHealthCheck", T::HealthCheck),
    ("IJob", T::ScheduledJob),
    ("IRecurringJob", T::ScheduledJob),
    ("IScheduledTask", T::ScheduledJob),
];

/// Services that the host starts: they have a schedule only where they keep time.
const WORKERS: [(&str, Topic); 2] = [
    ("BackgroundService", T::ScheduledJob),
    ("IHostedService", T::ScheduledJob),
];

/// `builder.Logging.AddOpenTelemetry(…)` sends log lines; `services.AddOpenTelemetry()` traces where it is
/// told to, and measures `.WithMetrics(…)`
/// (<https://learn.microsoft.com/dotnet/core/diagnostics/observability-with-otel>).
fn telemetry(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let code = file.code();
    let traced = || ["racing", "racer"].iter().any(|w| file.says(w));
    for call in code.calls() {
        let at = scan::word_at(code, call);
        if code.is(at, "WithMetrics") && file.text.contains("AddOpenTelemetry") {
            let what = Some("metrics".to_owned());
            scan::mark(acc, file, call.line, T::Telemetry, "OpenTelemetry", what);
        }
        if !code.is(at, "AddOpenTelemetry") {
            continue;
        }
        let of_logs = at >= 2 && code.raw(at - 2).to_ascii_lowercase().contains("logging");
        let topic = match of_logs {
            true => T::Logging,
            false if traced() => T::Tracing,
            false => continue,
        };
        scan::mark(acc, file, call.line, topic, "OpenTelemetry", None);
    }
}

/// What calls of the framework do whose name stands for it.
fn said(acc: &mut FileFacts) {
    for fact in &mut acc.facts {
        let Claim::Mark(mark) = &mut fact.claim else {
            continue;
        };
        if mark.detail.is_some() {
            continue;
        }
        match mark.name.as_str() {
            "RequireAuthorization" => {
                mark.detail = Some("asks that callers are signed in".to_owned());
            }
            "redirect to HTTPS" => {
                mark.name = "UseHttpsRedirection".to_owned();
                mark.detail = Some("sends callers from HTTP to HTTPS".to_owned());
            }
            _ => {}
        }
    }
}

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own {
        return;
    }
    let values = Values::new(file);
    marks::calls(acc, file, &values, &CALLS);
    marks::annotations(acc, file, &values, &ATTRIBUTES);
    marks::supertypes(acc, file, &SUPERTYPES);
    let has = |words: &[&'static str]| words.iter().any(|word| file.says(word));
    // A delay alone is the pause of a loop that takes from a queue, or one before a start.
    if (has(&["PeriodicTimer", "CronExpression"]) || repeats(file))
        && !has(&[".Consume(", ".SubscribeAsync(", "ServiceBusProcessor"])
    {
        marks::supertypes(acc, file, &WORKERS);
    }
    untimed(acc, file);
    telemetry(acc, file);
    said(acc);
    middleware::add(acc, file);
    constrained(acc, file);
    timeouts(acc, file);
    let code = file.code();
    for declared in &file.outline().declared {
        let Some(found) = declared.annotation(&["Authorize"]) else {
            continue;
        };
        let range = found
            .open
            .and_then(|open| code.named_argument(open, "Roles"));
        let roles = range.clone().and_then(|range| values.fold(range));
        // A constant of another file: `Roles = UserRoles.Administrator`.
        if let Some(range) = range.filter(|_| roles.is_none()) {
            policies::role(acc, file, found.line, &range);
        }
        for role in roles.as_deref().unwrap_or_default().split(',') {
            marks::role_name(acc, file, found.line, role.trim());
        }
    }
    policies::add(acc, file, &values);
    caches::add(acc, file);
    migrated(acc, file);
}

/// Takes back what a class with an interface of tasks seemed to say, where its method for triggers gives
/// none: somebody has to start it.
fn untimed(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if !file.says("Triggers") {
        return;
    }
    let code = file.code();
    let outline = file.outline();
    for class in &outline.types {
        let triggers = |at: &usize| {
            code.ident(*at).is_some_and(|w| w.ends_with("Triggers")) && code.is_byte(at + 1, b'(')
        };
        let Some(at) = (class.open..class.close).find(triggers) else {
            continue;
        };
        let Some(close) = code.partner(at + 1) else {
            continue;
        };
        let end = match code.is_byte(close + 1, b'{') {
            true => code.partner(close + 1),
            false => (close..class.close).find(|&at| code.is(at, ";")),
        };
        let body = close + 1..end.unwrap_or(close + 1);
        let words = body.clone().filter_map(|at| code.ident(at));
        let words: Vec<&str> = words.filter(|word| *word != "return").collect();
        let has = |text: &str| body.clone().any(|at| code.is(at, text));
        let nothing = match words.as_slice() {
            [] => has("["),
            ["Array" | "Enumerable", "Empty", _] | ["yield", "break"] => true,
            ["new", _] => has("0"),
            _ => false,
        };
        if !nothing {
            continue;
        }
        acc.facts.retain(|fact| {
            !matches!(&fact.claim, Claim::Mark(mark)
                if mark.topic == T::ScheduledJob && mark.name == class.name)
        });
    }
}

/// `context.Database.MigrateAsync()`: the program brings its database up to date itself.
fn migrated(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let code = file.code();
    for call in code.calls() {
        let at = scan::word_at(code, call);
        let word = code.raw(at);
        let of = at
            .checked_sub(2)
            .map_or("", |at| code.raw(at))
            .to_ascii_lowercase();
        let known = of == "database" || of.ends_with("migrator");
        if matches!(word, "Migrate" | "MigrateAsync") && known {
            let detail = Some(marks::APPLIED.to_owned());
            scan::mark(acc, file, call.line, Topic::Migration, word, detail);
        }
    }
}

/// `client.Timeout = TimeSpan.FromSeconds(20)`.
fn timeouts(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let code = file.code();
    for at in 0..code.tokens.len() {
        // How long a pattern is matched or something is shown guards no call, and an account that is locked waits
        // for nothing.
        let waits = |name: &&str| {
            let aside = [
                "Regex", "Match", "Lockout", "Session", "Popup", "Snackbar", "Toast", "Tooltip",
            ];
            name.ends_with("Timeout") && !aside.iter().any(|word| name.contains(word))
        };
        let Some(name) = code.ident(at).filter(waits) else {
            continue;
        };
        let lasts = caches::span(code, at + 2).filter(|_| code.is(at + 1, "="));
        if lasts.is_some() {
            let of = at.checked_sub(2).filter(|_| code.is(at - 1, "."));
            let of = of.and_then(|of| code.ident(of));
            let name = of.map_or_else(|| name.to_owned(), |of| format!("{of}.{name}"));
            scan::mark(acc, file, code.line(at), Topic::Timeout, name, lasts);
        }
    }
}

/// Attributes of data annotations that a model of a request is checked by
/// (<https://learn.microsoft.com/aspnet/core/mvc/models/validation>).
const CONSTRAINTS: [&str; 11] = [
    "Compare",
    "CreditCard",
    "EmailAddress",
    "MaxLength",
    "MinLength",
    "Phone",
    "Range",
    "RegularExpression",
    "Required",
    "StringLength",
    "Url",
];

/// How types are called that carry what a request says; on records of a store the same attributes
/// describe columns.
const REQUESTS: [&str; 9] = [
    "Body",
    "Command",
    "Dto",
    "Input",
    "InputModel",
    "Payload",
    "Request",
    "RequestModel",
    "ViewModel",
];

/// Types of requests whose members have constraints, with the constraints.
fn constrained(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let outline = file.outline();
    let mut found: Vec<(usize, u32, Vec<&str>)> = Vec::new();
    for declared in &outline.declared {
        let Some(owner) = declared.owner.filter(|_| declared.kind != DeclKind::Type) else {
            continue;
        };
        let is_request = (outline.types.get(owner)).is_some_and(|t| {
            REQUESTS.iter().any(|end| t.name.ends_with(end)) || t.name.ends_with("DTO")
        });
        for annotation in declared.annotations.iter().filter(|_| is_request) {
            let word = annotation.name.rsplit('.').next().unwrap_or_default();
            let Some(word) = CONSTRAINTS.iter().find(|c| **c == word) else {
                continue;
            };
            match found.iter_mut().find(|(at, _, _)| *at == owner) {
                Some((_, _, words)) if words.contains(word) => {}
                Some((_, _, words)) => words.push(word),
                None => found.push((owner, annotation.line, vec![word])),
            }
        }
    }
    for (owner, line, words) in found {
        let Some(owner) = outline.types.get(owner) else {
            continue;
        };
        let detail = format!("{DATA_ANNOTATIONS}{}", words.join(", "));
        let topic = Topic::InputValidation;
        scan::mark(acc, file, line, topic, owner.name.as_str(), Some(detail));
    }
}

/// Whether a timer of a file goes off again and again: one with a due time and no period is a pause
/// (<https://learn.microsoft.com/dotnet/api/system.threading.timer.-ctor>).
fn repeats(file: &SourceFile<'_>) -> bool {
    let code = file.code();
    let of_timers = || file.says(".Elapsed") || file.says("System.Timers");
    code.calls().any(|call| {
        let new = call
            .first
            .checked_sub(1)
            .is_some_and(|at| code.is(at, "new"));
        if !new || code.raw(scan::word_at(code, call)) != "Timer" {
            return false;
        }
        let arguments = code.arguments(call.open);
        let never = |at: usize| code.raw(at).starts_with("Infinite") || code.is(at, "-");
        match arguments.as_slice() {
            [_, _, _, period] => !period.clone().any(never),
            _ => of_timers(),
        }
    })
}
