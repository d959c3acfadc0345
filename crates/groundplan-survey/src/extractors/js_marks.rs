//! Observations in JavaScript and TypeScript: security, resilience, jobs, metrics, state.

pub(crate) mod composed;
pub(crate) mod guards;
mod limited;

use crate::extractor::{Extractor, Reads};
use crate::facts::FileFacts;
use crate::finders::Finders;
use crate::marks::{self, Name, Row, row};
use crate::scan::{self, Part};
use crate::source::SourceFile;
use crate::timers;
use crate::values::Values;
use groundplan_model::Topic;
use groundplan_syntax::{DeclKind, Language};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "js-marks",
    docs: "\
### What it finds
Calls and decorators of the usual packages: CORS, security headers, rate limits, authentication,
guards and roles, input validation, scheduled jobs, metrics, tracing, logging, caches, timeouts,
circuit breakers, feature flags, stores of user interfaces.

### What it does not find
What middleware of another file adds, and hand-written equivalents. Of a rate limit of Express the routes of its own
file are told.
",
    reads: &[Reads::Own(&[Language::JavaScript, Language::TypeScript])],
    markers: &["(", "@"],
    run: extract,
};

use Name::{Argument, Declared, Fixed, Made};
use Topic as T;

#[rustfmt::skip]
const CALLS: [Row; 57] = [
    row("CircuitBreaker", "opossum", T::CircuitBreaker, Declared, &["timeout", "errorThresholdPercentage", "resetTimeout"]),
    row("Counter", "prom-client", T::Metric, Argument(&["name"]), &["help"]),
    row("CronJob", "cron", T::ScheduledJob, Declared, &["cronTime", "0"]),
    row("Gauge", "prom-client", T::Metric, Argument(&["name"]), &["help"]),
    row("Histogram", "prom-client", T::Metric, Argument(&["name"]), &["help"]),
    row("Joi.object", "", T::InputValidation, Declared, &[]),
    row("NodeCache", "node-cache", T::CacheUse, Declared, &["stdTTL", "checkperiod"]),
    row("NodeSDK", "opentelemetry", T::Tracing, Fixed("OpenTelemetry SDK"), &["serviceName"]),
    row("NodeTracerProvider", "opentelemetry", T::Tracing, Fixed("OpenTelemetry tracer provider"), &[]),
    row("Sentry.init", "sentry", T::ErrorHandling, Fixed("Sentry"), &["tracesSampleRate", "environment"]),
    row("Summary", "prom-client", T::Metric, Argument(&["name"]), &["help"]),
    row("Tracer", "zipkin", T::Tracing, Fixed("Zipkin tracer"), &["localServiceName"]),
    row("WebTracerProvider", "opentelemetry", T::Tracing, Fixed("OpenTelemetry tracer provider"), &[]),
    row("agenda.define", "agenda", T::ScheduledJob, Argument(&[]), &[]),
    row("axios.create", "axios", T::Timeout, Fixed("axios"), &["timeout"]),
    row("axiosRetry", "axios-retry", T::Retry, Fixed("axios-retry"), &["retries"]),
    row("setEx", "redis", T::CacheUse, Fixed("Redis entry with expiry"), &["1"]),
    row("setex", "redis", T::CacheUse, Fixed("Redis entry with expiry"), &["1"]),
    row("boolVariation", "launchdarkly", T::FeatureFlag, Argument(&[]), &[]),
    row("bunyan.createLogger", "bunyan", T::Logging, Fixed("bunyan"), &["name"]),
    row("collectDefaultMetrics", "prom-client", T::Metric, Fixed("default process metrics"), &["prefix"]),
    row("configureStore", "@reduxjs/toolkit", T::StateManagement, Fixed("Redux store"), &[]),
    row("cors", "cors", T::Cors, Fixed("cors"), &["origin", "credentials", "methods"]),
    row("createMeter", "opentelemetry", T::Metric, Argument(&[]), &[]),
    row("createCounter", "opentelemetry", T::Metric, Argument(&[]), &["description", "unit"]),
    row("createHistogram", "opentelemetry", T::Metric, Argument(&[]), &["description", "unit"]),
    row("createCipheriv", "crypto", T::Encryption, Fixed("encryption by `createCipheriv`"), &["0"]),
    row("createPinia", "pinia", T::StateManagement, Fixed("Pinia"), &[]),
    row("cron.schedule", "cron", T::ScheduledJob, Argument(&[]), &[]),
    row("enableVersioning", "@nestjs", T::Versioning, Fixed("versioning of NestJS"), &["type", "defaultVersion"]),
    row("enableCors", "@nestjs", T::Cors, Fixed("cors"), &["origin", "credentials", "methods"]),
    row("expressJwt", "express-jwt", T::Authentication, Fixed("JWT verified"), &["algorithms"]),
    row("getBooleanValue", "openfeature", T::FeatureFlag, Argument(&[]), &[]),
    row("getBooleanDetails", "openfeature", T::FeatureFlag, Argument(&[]), &[]),
    row("createInsecure", "grpc", T::Tls, Fixed("gRPC without TLS"), &[]),
    row("helmet", "helmet", T::SecurityHeader, Fixed("helmet"), &HELMET),
    row("jwt.sign", "jsonwebtoken", T::Authentication, Fixed("JWT issued"), &["expiresIn"]),
    row("jwt.verify", "jsonwebtoken", T::Authentication, Fixed("JWT verified"), &["algorithms"]),
    row("morgan", "morgan", T::Logging, Fixed("morgan"), &["0"]),
    row("passport.use", "passport", T::Authentication, Made, &[]),
    row("pino", "pino", T::Logging, Fixed("pino"), &["level", "name"]),
    row("pinoHttp", "pino-http", T::Logging, Fixed("pino"), &["level"]),
    row("rateLimit", "express-rate-limit", T::RateLimit, Declared, &["windowMs", "max", "limit"]),
    row("schedule.scheduleJob", "node-schedule", T::ScheduledJob, Argument(&[]), &[]),
    row("upsertJobScheduler", "bullmq", T::ScheduledJob, Argument(&[]), &["pattern", "every"]),
    row("winston.createLogger", "winston", T::Logging, Fixed("winston"), &["level"]),
    row("yup.object", "yup", T::InputValidation, Declared, &[]),
    row("z.object", "zod", T::InputValidation, Declared, &[]),
    row("ThrottlerModule.forRoot", "@nestjs", T::RateLimit, Fixed("throttler"), &["ttl", "limit"]),
    row("LRUCache", "lru-cache", T::CacheUse, Fixed("lru-cache"), &["ttl", "max"]),
    row("CacheModule.register", "@nestjs", T::CacheUse, Fixed("CacheModule"), &["ttl", "max"]),
    row("CacheModule.registerAsync", "@nestjs", T::CacheUse, Fixed("CacheModule"), &["ttl", "max"]),
    row("makeCounterProvider", "nestjs-prometheus", T::Metric, Argument(&["name"]), &["help"]),
    row("makeGaugeProvider", "nestjs-prometheus", T::Metric, Argument(&["name"]), &["help"]),
    row("makeHistogramProvider", "nestjs-prometheus", T::Metric, Argument(&["name"]), &["help"]),
    row("makeSummaryProvider", "nestjs-prometheus", T::Metric, Argument(&["name"]), &["help"]),
    row("Vuex.Store", "vuex", T::StateManagement, Fixed("Vuex store"), &[]),
];

/// Headers of helmet that a program may switch off or set, by the names of its options
/// (<https://helmetjs.github.io/#reference>).
const HELMET: [&str; 12] = [
    "contentSecurityPolicy",
    "crossOriginEmbedderPolicy",
    "crossOriginOpenerPolicy",
    "crossOriginResourcePolicy",
    "frameguard",
    "hsts",
    "noSniff",
    "originAgentCluster",
    "referrerPolicy",
    "strictTransportSecurity",
    "xContentTypeOptions",
    "xFrameOptions",
];

#[rustfmt::skip]
const DECORATORS: [Row; 7] = [
    row("Catch", "@nestjs", T::ErrorHandling, Declared, &[]),
    row("Cron", "@nestjs/schedule", T::ScheduledJob, Declared, &["0"]),
    row("Interval", "@nestjs/schedule", T::ScheduledJob, Declared, &["0"]),
    row("CacheTTL", "@nestjs", T::CacheUse, Declared, &["0"]),
    row("CacheKey", "@nestjs", T::CacheUse, Argument(&[]), &[]),
    row("Throttle", "@nestjs", T::RateLimit, Declared, &["limit", "ttl"]),
    row("OnEvent", "@nestjs/event-emitter", T::Event, Argument(&[]), &[]),
];

pub(super) fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own {
        return;
    }
    let values = Values::new(file);
    marks::calls(acc, file, &values, &CALLS);
    limited::add(acc, file);
    marks::annotations(acc, file, &values, &DECORATORS);
    // Most files have none of the words that these begin with, and one search tells so.
    static WORDS: Finders = Finders::of(&[
        "UseGuards",
        "APP_GUARD",
        "PassportStrategy(",
        "argon2",
        "bcrypt",
        "class-validator",
        "setInterval(",
    ]);
    let told = WORDS.any(file.text);
    match told {
        true => guards::add(acc, file),
        false => composed::standing(acc, file),
    }
    roles(acc, file);
    if told {
        hashes(acc, file);
        validators(acc, file);
        intervals(acc, file);
    }
}

/// `argon2.hash(password)`. The same hash is also there for tokens: what is hashed is told by its name.
fn hashes(acc: &mut FileFacts, file: &SourceFile<'_>) {
    const LIBRARIES: [(&str, &str); 3] = [
        ("argon2", "Argon2"),
        ("bcrypt", "bcrypt"),
        ("bcryptjs", "bcrypt"),
    ];
    const NO_PASSWORDS: [&str; 8] = [
        "code", "codes", "hash", "key", "nonce", "otp", "salt", "token",
    ];
    if !LIBRARIES.iter().any(|(library, _)| file.says(library)) {
        return;
    }
    let code = file.code();
    for call in code.calls() {
        let name = code.name(call);
        let Some(receiver) = name.strip_suffix(".hash") else {
            continue;
        };
        let receiver = receiver.rsplit('.').next().unwrap_or(receiver);
        let Some((_, hash)) = (LIBRARIES.iter())
            .find(|(library, _)| receiver.eq_ignore_ascii_case(library) && file.says(library))
        else {
            continue;
        };
        let what = code.arguments(call.open).into_iter().next();
        let what = what.and_then(|range| code.ident(range.end.checked_sub(1)?));
        let last = what.and_then(|what| crate::secrets::words_of(what).pop());
        let found = match (what, last) {
            (Some(what), Some(last)) if NO_PASSWORDS.contains(&last.as_str()) => {
                format!("{hash} hash of {what}")
            }
            _ => format!("{hash} for passwords"),
        };
        scan::mark(acc, file, call.line, T::Encryption, found, None);
    }
}

/// `setInterval(purgeOldEvents, HOUR)`: what removes data at an interval.
fn intervals(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if !file.says("setInterval(") {
        return;
    }
    let code = file.code();
    for call in code.calls() {
        if code.is(call.open - 1, "setInterval")
            && let Some(close) = code.partner(call.open)
            && let Some(name) = timers::removal(code, call.open + 1..close)
        {
            let detail = Some("by `setInterval`".to_owned());
            scan::mark(acc, file, call.line, T::ScheduledJob, name, detail);
        }
    }
}

/// `@Roles("admin")`, `@RequiresTeamRole(TeamRole.OWNER)`; what `@UseGuards(…)` says stands in a file of its own.
fn roles(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let code = file.code();
    for declared in file.declared() {
        let asks = |name: &str| {
            let begins = ["Allow", "Has", "Min", "Need", "Require"];
            name == "Roles"
                || (name.ends_with("Role") || name.ends_with("Roles"))
                    && begins.iter().any(|begin| name.starts_with(begin))
        };
        let all = declared.annotations.iter().filter(|a| asks(&a.name));
        for annotation in all {
            let arguments = annotation.open.map(|open| code.arguments(open));
            for range in arguments.into_iter().flatten() {
                let role = code
                    .string(range.start)
                    .or_else(|| code.ident(range.end - 1));
                marks::role_name(acc, file, annotation.line, role.unwrap_or_default());
            }
        }
    }
}

/// Classes whose fields class-validator checks, one observation per class.
fn validators(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if !file.says("class-validator") {
        return;
    }
    let outline = file.outline();
    for (index, class) in outline.types.iter().enumerate() {
        let checks = |name: &str| {
            (name.starts_with("Is") && name.len() > 2)
                || matches!(
                    name,
                    "Min" | "Max" | "MinLength" | "MaxLength" | "Length" | "Matches"
                )
                || name == "ValidateNested"
        };
        let fields = (outline.declared.iter())
            .filter(|d| d.kind == DeclKind::Field && d.owner == Some(index))
            .filter(|d| d.annotations.iter().any(|a| checks(&a.name)))
            .count();
        if fields > 0 {
            let unit = if fields == 1 { "field" } else { "fields" };
            let detail = Some(format!("{fields} checked {unit}"));
            scan::mark(
                acc,
                file,
                class.line,
                T::InputValidation,
                class.name.as_str(),
                detail,
            );
        }
    }
}
