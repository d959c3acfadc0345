//! Observations in C#: security, resilience, jobs, metrics, logging.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts};
use crate::marks::{self, Name, Row, row};
use crate::scan::{self, Part};
use crate::source::SourceFile;
use crate::values::Values;
use groundplan_model::Topic;
use groundplan_syntax::{DeclKind, Language};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "csharp-marks",
    docs: "\
### What it finds
Attributes, registrations and base classes of ASP.NET Core and the usual packages: authentication,
authorisation with policies and roles, CORS, health checks, rate limits, retries and circuit
breakers of Polly, background services, validators, data annotations of requests, timeouts,
metrics, tracing, logging, caches, feature flags.

### What it does not find
What extension methods of another file register.
",
    reads: &[Reads::Languages(&[Language::CSharp])],
    markers: &[
        "Add",
        "Use",
        "[",
        "Async",
        "BackgroundService",
        "Validator",
        "Create",
        "Timeout",
    ],
    run: extract,
};

use Name::{Argument, Declared, Fixed};
use Topic as T;

#[rustfmt::skip]
const CALLS: [Row; 41] = [
    row("AddApiVersioning", "", T::Versioning, Fixed("API versioning of ASP.NET Core"), &[]),
    row("AddOrUpdate", "IRecurringJobManager", T::ScheduledJob, Argument(&[]), &["2"]),
    row("AddCookie", "AddAuthentication", T::Authentication, Fixed("cookie"), &[]),
    row("AddCors", "", T::Cors, Fixed("cors"), &[]),
    row("AddHangfire", "", T::ScheduledJob, Fixed("Hangfire"), &[]),
    row("AddHealthChecks", "", T::HealthCheck, Fixed("health checks"), &[]),
    row("AddIdentity", "", T::Authentication, Fixed("ASP.NET Core Identity"), &[]),
    row("AddIdentityServer", "", T::Authentication, Fixed("IdentityServer"), &[]),
    row("AddJwtBearer", "", T::Authentication, Fixed("JWT bearer"), &[]),
    row("AddOpenIdConnect", "", T::Authentication, Fixed("OpenID Connect"), &[]),
    row("AddOtlpExporter", "", T::Tracing, Fixed("OTLP exporter"), &[]),
    row("AddOutputCache", "", T::CacheUse, Fixed("output cache"), &[]),
    row("AddPolicy", "Authoriz", T::Authorization, Argument(&[]), &[]),
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
const ATTRIBUTES: [Row; 6] = [
    row("Authorize", "", T::Authorization, Declared, &["Roles", "Policy", "AuthenticationSchemes"]),
    row("EnableCors", "", T::Cors, Declared, &["0"]),
    row("EnableRateLimiting", "", T::RateLimit, Argument(&[]), &[]),
    row("FeatureGate", "", T::FeatureFlag, Argument(&[]), &[]),
    row("OutputCache", "", T::CacheUse, Declared, &["Duration", "PolicyName"]),
    row("ResponseCache", "", T::CacheUse, Declared, &["Duration", "Location", "NoStore"]),
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
/// told to.
fn telemetry(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let code = file.code();
    let traced = || ["racing", "racer"].iter().any(|w| file.says(w));
    for call in code.calls() {
        let at = scan::word_at(code, call);
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
    telemetry(acc, file);
    said(acc);
    constrained(acc, file);
    timeouts(acc, file);
    let code = file.code();
    for declared in &file.outline().declared {
        let Some(found) = declared.annotation(&["Authorize"]) else {
            continue;
        };
        let roles = found
            .open
            .and_then(|open| code.named_argument(open, "Roles"))
            .and_then(|range| values.fold(range));
        for role in roles.as_deref().unwrap_or_default().split(',') {
            marks::role_name(acc, file, found.line, role.trim());
        }
    }
    for call in code.calls() {
        if code.raw(call.open - 1) == "RequireRole" {
            for range in code.arguments(call.open) {
                marks::role_name(
                    acc,
                    file,
                    call.line,
                    code.string(range.start).unwrap_or_default(),
                );
            }
        }
    }
}

/// `client.Timeout = TimeSpan.FromSeconds(20)`.
fn timeouts(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let code = file.code();
    for at in 0..code.tokens.len() {
        let Some(name) = code.ident(at).filter(|n| n.ends_with("Timeout")) else {
            continue;
        };
        if !(code.is(at + 1, "=") && code.is(at + 2, "TimeSpan") && code.is(at + 3, ".")) {
            continue;
        }
        let unit = match code.raw(at + 4) {
            "FromMilliseconds" => "ms",
            "FromSeconds" => "s",
            "FromMinutes" => "min",
            _ => continue,
        };
        let value = code.raw(at + 6);
        if code.is(at + 7, ")") && value.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
            let of = at.checked_sub(2).filter(|_| code.is(at - 1, "."));
            let of = of.and_then(|of| code.ident(of));
            let name = of.map_or_else(|| name.to_owned(), |of| format!("{of}.{name}"));
            let detail = Some(format!("{value} {unit}"));
            scan::mark(acc, file, code.line(at), Topic::Timeout, name, detail);
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
        let detail = format!("data annotations: {}", words.join(", "));
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
