//! Observations in Java and Kotlin: resilience, security, caching, jobs, metrics.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Mark};
use crate::finders::Finders;
use crate::marks::{self, Name, Row, row};
use crate::scan::{self, Part};
use crate::source::SourceFile;
use crate::values::Values;
use groundplan_model::{IN_PROCESS, Topic};
use groundplan_syntax::{Code, DeclKind, Language};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "java-marks",
    docs: "\
### What it finds
Annotations and calls of the usual frameworks: circuit breakers, retries, timeouts, rate limits,
caches, scheduled jobs, authentication, authorisation with its roles, CORS, input validation,
error handling, metrics, tracing, health indicators, feature flags.

### What it does not find
Conditions other than the `@Profile` of caches; what configuration files switch on; security rules that are put together at run time.
",
    reads: &[Reads::Own(&[Language::Java, Language::Kotlin])],
    // Of each word of the tables below a part; receivers may be written in any case.
    markers: &[
        "AUGE",
        "Audited",
        "Authorize",
        "BytesEncryptor",
        "Cache",
        "Caffeine",
        "CircuitBreaker",
        "ControllerAdvice",
        "Counted",
        "CrossOrigin",
        "DISTRIBUTIONSUMMARY",
        "EGISTRY",
        "EnableCaching",
        "ExceptionHandler",
        "Fallback",
        "HealthIndicator",
        "HealthStatusManager",
        "HttpSecurity",
        "HystrixCommand",
        "IMER",
        "JWTS",
        "Jwts",
        "MethodSecurity",
        "NewSpan",
        "OUNTER",
        "PasswordEncoder",
        "QuartzJobBean",
        "RateLimiter",
        "Retry",
        "RolesAllowed",
        "Scheduled",
        "SchedulerLock",
        "Secured",
        "ApplicationEventPublisher",
        "TimeLimiter",
        "Timed",
        "Timeout",
        "UserDetailsService",
        "Valid",
        "WebFluxSecurity",
        "WebSecurity",
        "WithSpan",
        "auge",
        "boolVariation",
        "egistry",
        "getBooleanValue",
        "imer",
        "istributionSummary",
        "javax.crypto",
        "jwts",
        "llowedOrigin",
        "ounter",
        "spanBuilder",
        "unleash",
    ],
    run: extract,
};

use Name::{Argument, Declared, Fixed};
use Topic as T;

#[rustfmt::skip]
const ANNOTATIONS: [Row; 31] = [
    row("Audited", "envers", T::AuditLog, Declared, &[]),
    row("CacheEvict", "", T::CacheUse, Argument(&["value", "cacheNames"]), &["key"]),
    row("CachePut", "", T::CacheUse, Argument(&["value", "cacheNames"]), &["key"]),
    row("Cacheable", "", T::CacheUse, Argument(&["value", "cacheNames"]), &["key"]),
    row("CircuitBreaker", "", T::CircuitBreaker, Argument(&["name"]), &["fallbackMethod"]),
    row("ControllerAdvice", "", T::ErrorHandling, Declared, &[]),
    row("Counted", "", T::Metric, Argument(&["value", "name"]), &["description"]),
    row("CrossOrigin", "", T::Cors, Declared, &["origins", "value", "allowedOrigins", "maxAge"]),
    row("EnableGlobalMethodSecurity", "", T::Authorization, Declared, &[]),
    row("EnableMethodSecurity", "", T::Authorization, Declared, &[]),
    row("EnableWebFluxSecurity", "", T::Authentication, Declared, &[]),
    row("EnableWebSecurity", "", T::Authentication, Declared, &[]),
    row("ExceptionHandler", "", T::ErrorHandling, Declared, &["value"]),
    row("Fallback", "faulttolerance", T::CircuitBreaker, Declared, &["fallbackMethod"]),
    row("Gauge", "", T::Metric, Argument(&["name"]), &["description"]),
    row("HystrixCommand", "", T::CircuitBreaker, Declared, &["fallbackMethod", "commandKey"]),
    row("NewSpan", "", T::Tracing, Declared, &[]),
    row("PostAuthorize", "", T::Authorization, Declared, &["value"]),
    row("PreAuthorize", "", T::Authorization, Declared, &["value"]),
    row("RateLimiter", "", T::RateLimit, Argument(&["name"]), &["fallbackMethod"]),
    row("RestControllerAdvice", "", T::ErrorHandling, Declared, &[]),
    row("Retry", "", T::Retry, Declared, &["name", "maxRetries", "delay"]),
    row("Retryable", "", T::Retry, Declared, &["maxAttempts", "include", "value"]),
    row("RolesAllowed", "", T::Authorization, Declared, &["value"]),
    row("Scheduled", "", T::ScheduledJob, Declared,
        &["cron", "fixedRate", "fixedDelay", "fixedRateString", "fixedDelayString", "every"]),
    row("SchedulerLock", "", T::ScheduledJob, Argument(&["name"]), &["lockAtMostFor"]),
    row("Secured", "", T::Authorization, Declared, &["value"]),
    row("TimeLimiter", "", T::Timeout, Argument(&["name"]), &["fallbackMethod"]),
    row("Timed", "", T::Metric, Argument(&["value", "name"]), &["description"]),
    row("Timeout", "faulttolerance", T::Timeout, Declared, &["value", "unit"]),
    row("WithSpan", "", T::Tracing, Declared, &[]),
];

#[rustfmt::skip]
const CALLS: [Row; 33] = [
    row("publishEvent", "ApplicationEventPublisher", T::Event, Name::Made, &[]),
    row("AesBytesEncryptor", "", T::Encryption, Fixed("AES encryption"), &[]),
    row("Cipher.getInstance", "javax.crypto", T::Encryption, Argument(&[]), &[]),
    row("Counter.builder", "", T::Metric, Argument(&[]), &[]),
    row("DistributionSummary.builder", "", T::Metric, Argument(&[]), &[]),
    row("Gauge.builder", "", T::Metric, Argument(&[]), &[]),
    row("HealthStatusManager", "grpc", T::HealthCheck, Fixed("grpc.health.v1.Health"), &[]),
    row("Jwts.builder", "", T::Authentication, Fixed("JWT issued"), &[]),
    row("Jwts.parser", "", T::Authentication, Fixed("JWT verified"), &[]),
    row("Jwts.parserBuilder", "", T::Authentication, Fixed("JWT verified"), &[]),
    row("Timer.builder", "", T::Metric, Argument(&[]), &[]),
    row("create", "CircuitBreakerFactory", T::CircuitBreaker, Argument(&[]), &[]),
    row("connectTimeout", "", T::Timeout, Fixed("connect timeout"), &["0"]),
    row("cors", "HttpSecurity", T::Cors, Fixed("cors"), &[]),
    row("formLogin", "HttpSecurity", T::Authentication, Fixed("form login"), &[]),
    row("getBooleanValue", "openfeature", T::FeatureFlag, Argument(&[]), &[]),
    row("headers", "HttpSecurity", T::SecurityHeader, Fixed("headers"), &[]),
    row("httpBasic", "HttpSecurity", T::Authentication, Fixed("HTTP basic"), &[]),
    row("isEnabled", "unleash", T::FeatureFlag, Argument(&[]), &[]),
    row("boolVariation", "launchdarkly", T::FeatureFlag, Argument(&[]), &[]),
    row("meterRegistry.counter", "", T::Metric, Argument(&[]), &[]),
    row("meterRegistry.gauge", "", T::Metric, Argument(&[]), &[]),
    row("meterRegistry.summary", "", T::Metric, Argument(&[]), &[]),
    row("meterRegistry.timer", "", T::Metric, Argument(&[]), &[]),
    row("oauth2Login", "HttpSecurity", T::Authentication, Fixed("OAuth 2.0 login"), &[]),
    row("oauth2ResourceServer", "HttpSecurity", T::Authentication, Fixed("OAuth 2.0 resource server"), &[]),
    row("readTimeout", "", T::Timeout, Fixed("read timeout"), &["0"]),
    row("registry.counter", "", T::Metric, Argument(&[]), &[]),
    row("saml2Login", "HttpSecurity", T::Authentication, Fixed("SAML 2.0 login"), &[]),
    row("setConnectTimeout", "", T::Timeout, Fixed("connect timeout"), &["0"]),
    row("setReadTimeout", "", T::Timeout, Fixed("read timeout"), &["0"]),
    row("spanBuilder", "", T::Tracing, Argument(&[]), &[]),
    row("x509", "HttpSecurity", T::Authentication, Fixed("client certificates"), &[]),
];

const SUPERTYPES: [(&str, Topic); 6] = [
    ("AbstractHealthIndicator", T::HealthCheck),
    ("ConstraintValidator", T::InputValidation),
    ("HealthIndicator", T::HealthCheck),
    ("QuartzJobBean", T::ScheduledJob),
    ("ReactiveHealthIndicator", T::HealthCheck),
    ("UserDetailsService", T::Authentication),
];

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own {
        return;
    }
    let values = Values::new(file);
    marks::annotations(acc, file, &values, &ANNOTATIONS);
    let before = acc.facts.len();
    marks::calls(acc, file, &values, &CALLS);
    // Spring hands such events on within the program
    // (<https://docs.spring.io/spring-framework/reference/core/beans/context-introduction.html#context-functionality-events>).
    for fact in acc.facts.iter_mut().skip(before) {
        if let Claim::Mark(mark) = &mut fact.claim
            && mark.topic == T::Event
        {
            mark.detail = Some(IN_PROCESS.to_owned());
        }
    }
    marks::supertypes(acc, file, &SUPERTYPES);
    security(acc, file);
    validation(acc, file);
    // One of these has something to do in few files.
    static RARE: Finders = Finders::of(&[
        "llowedOrigin",
        CACHE_SWITCH,
        "CacheBuilder.newBuilder",
        "Caffeine.newBuilder",
        "PasswordEncoder",
    ]);
    if RARE.any(file.text) {
        origins(acc, file);
        cache_switch(acc, file, &values);
        built_caches(acc, file);
        passwords(acc, file, &values);
    }
}

/// Encoders of Spring Security with the hash that each makes.
const ENCODERS: [(&str, &str); 4] = [
    ("Argon2PasswordEncoder", "Argon2"),
    ("BCryptPasswordEncoder", "bcrypt"),
    ("Pbkdf2PasswordEncoder", "PBKDF2"),
    ("SCryptPasswordEncoder", "scrypt"),
];

/// What stands in the place of a hash where an encoder is called.
const HASHED: &str = "a hash";

/// The first argument of a call as it is written.
fn given<'t>(file: &SourceFile<'t>, open: usize) -> &'t str {
    let code = file.code();
    let range = code.arguments(open).into_iter().next();
    let places = range.and_then(|r| {
        let last = code.tokens.get(r.end.checked_sub(1)?)?;
        Some((code.tokens.get(r.start)?.start as usize, last.end as usize))
    });
    places.map_or("", |(from, to)| file.text.get(from..to).unwrap_or_default())
}

/// Whether a call of `encode` hashes a password: by the name of the encoder, or by what is given
/// to one of any name. `Base64.getEncoder()` is none.
fn encodes_password(name: &str, given: &str) -> bool {
    let (name, given) = (name.to_lowercase(), given.to_lowercase());
    let secret = ["passw", "pwd"].iter().any(|word| given.contains(word));
    name.contains("passwordencoder")
        || name.contains("encoder") && !name.contains("base64") && secret
}

/// How passwords are hashed, and where an encoder is called for it. Where an encoder delegates,
/// only the one of its own id hashes new passwords; the others check what was hashed before
/// (<https://docs.spring.io/spring-security/reference/features/authentication/password-storage.html>).
fn passwords(acc: &mut FileFacts, file: &SourceFile<'_>, values: &Values<'_, '_>) {
    if !file.says("PasswordEncoder") {
        return;
    }
    let code = file.code();
    let mut chosen: Option<String> = None;
    let mut found = Vec::new();
    for call in code.calls() {
        let name = code.name(call);
        let word = name.rsplit('.').next().unwrap_or(&name);
        if scan::is_definition(code, call) {
            continue;
        }
        match word {
            "DelegatingPasswordEncoder" => chosen = values.argument(call.open, 0),
            "createDelegatingPasswordEncoder" => found.push(("bcrypt", call.line)),
            // An encoder that is declared hashes nothing yet.
            "encode" if encodes_password(&name, given(file, call.open)) => {
                found.push((HASHED, call.line));
            }
            _ => found.extend(
                ENCODERS
                    .iter()
                    .find(|(encoder, _)| name.split('.').any(|part| part == *encoder))
                    .map(|(_, hash)| (*hash, call.line)),
            ),
        }
    }
    for (hash, line) in found {
        let old = chosen
            .as_ref()
            .is_some_and(|id| !id.to_lowercase().starts_with(&hash.to_lowercase()));
        let detail = match (hash == HASHED, old) {
            (true, _) => None,
            (false, true) => Some("only checked".to_owned()),
            (false, false) => Some("declared".to_owned()),
        };
        scan::mark(
            acc,
            file,
            line,
            T::Encryption,
            format!("{hash} for passwords"),
            detail,
        );
    }
}

/// Names the observation that says on which condition caches work; resolvers join it with them.
pub(crate) const CACHE_SWITCH: &str = "@EnableCaching";

/// `@EnableCaching` on a class that is for one profile only.
fn cache_switch(acc: &mut FileFacts, file: &SourceFile<'_>, values: &Values<'_, '_>) {
    if !file.text.contains(CACHE_SWITCH) {
        return;
    }
    for declared in &file.outline().declared {
        let switch = declared.annotation(&["EnableCaching"]);
        let profile = declared.annotation(&["Profile"]).and_then(|p| p.open);
        if let (Some(switch), Some(open)) = (switch, profile)
            && let Some(name) = values.argument(open, 0)
        {
            let condition = format!("only in profile {name}");
            scan::mark(
                acc,
                file,
                switch.line,
                T::CacheUse,
                CACHE_SWITCH,
                Some(condition),
            );
        }
    }
}

/// Builders of caches in the memory of the process.
const BUILDERS: [(&str, &str); 2] = [
    ("CacheBuilder.newBuilder", "Guava"),
    ("Caffeine.newBuilder", "Caffeine"),
];

/// What the builders of Guava and Caffeine are told: how many entries at most, and for how long
/// (<https://github.com/google/guava/wiki/CachesExplained>). What one chain of calls says is of one cache.
fn built_caches(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let Some((_, library)) = BUILDERS.iter().find(|(made, _)| file.text.contains(made)) else {
        return;
    };
    let code = file.code();
    // The lines of the chain, up to the one that the last call of it ends at.
    let mut chain: Option<(usize, u32, u32)> = None;
    for call in code.calls() {
        if code.raw(call.open - 1) == "newBuilder" {
            let mut end = call.open;
            for _ in 0..MOST_CALLS {
                let Some(close) = code.partner(end) else {
                    break;
                };
                let next = (close + 1..close + 4).find(|&at| code.is(at, "("));
                match next.filter(|_| code.is(close + 1, ".")) {
                    Some(open) => end = open,
                    None => break,
                }
            }
            let close = code.partner(end).unwrap_or(end);
            chain = Some((close, call.line, code.line(close)));
        }
        let what = match code.raw(call.open - 1) {
            "maximumSize" => "entries at most",
            "expireAfterWrite" | "expireAfterAccess" => "time to live",
            _ => continue,
        };
        if call.open < 2 || !code.is(call.open - 2, ".") {
            continue;
        }
        let detail = match what {
            "entries at most" => number_at(code, call.open + 1),
            _ => period(code, call.open),
        };
        let (first, last) = match chain {
            Some((end, first, last)) if call.open < end => (first, last),
            _ => (call.line, call.line),
        };
        let mark = Mark {
            topic: T::CacheUse,
            name: format!("{library}, {what}"),
            detail,
        };
        acc.add(file, first, last, Claim::Mark(mark));
    }
}

/// Calls of a chain that are followed at most.
const MOST_CALLS: usize = 40;

/// A whole number that stands alone in its brackets, without the marks that group its digits.
fn number_at(code: &Code<'_>, at: usize) -> Option<String> {
    let text = code.raw(at).trim_end_matches(['l', 'L']).replace('_', "");
    let whole = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    (whole && matches!(code.raw(at + 1), ")" | ",")).then_some(text)
}

/// `60 minutes`, `1 hour`.
fn period(code: &Code<'_>, open: usize) -> Option<String> {
    let (number, unit) = period_of(code, open)?;
    let unit = match number {
        1 => unit.strip_suffix('s').unwrap_or(&unit),
        _ => &unit,
    };
    Some(format!("{number} {unit}"))
}

/// The number and the unit of `(60, TimeUnit.MINUTES)` and of `(Duration.ofMinutes(60))`.
pub(super) fn period_of(code: &Code<'_>, open: usize) -> Option<(u64, String)> {
    const UNITS: [&str; 6] = [
        "milliseconds",
        "millis",
        "seconds",
        "minutes",
        "hours",
        "days",
    ];
    let of_duration =
        code.is(open + 1, "Duration") && code.is(open + 2, ".") && code.is(open + 4, "(");
    let (at, unit) = match of_duration {
        true => (open + 5, code.raw(open + 3).strip_prefix("of")?),
        false => (open + 1, code.raw(code.partner(open)? - 1)),
    };
    let unit = unit.to_lowercase();
    let number = scan::product(code, at)?;
    UNITS.contains(&unit.as_str()).then_some((number, unit))
}

/// Roles in annotations and in the chains of `HttpSecurity`.
fn security(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let code = file.code();
    for declared in &file.outline().declared {
        let names = ["PreAuthorize", "PostAuthorize", "RolesAllowed", "Secured"];
        for annotation in &declared.annotations {
            let word = annotation.name.rsplit('.').next().unwrap_or_default();
            let (true, Some(open)) = (names.contains(&word), annotation.open) else {
                continue;
            };
            let close = code.partner(open).unwrap_or(open);
            for at in open..close {
                let Some(text) = code.string(at) else {
                    continue;
                };
                if word.ends_with("Authorize") {
                    marks::roles(acc, file, code.line(at), text);
                } else {
                    let role = text.strip_prefix("ROLE_").unwrap_or(text);
                    marks::role_name(acc, file, code.line(at), role);
                }
            }
        }
    }
    if !file.says("HttpSecurity") {
        return;
    }
    for call in code.calls() {
        let word = code.raw(call.open - 1);
        if !matches!(
            word,
            "hasRole" | "hasAnyRole" | "hasAuthority" | "hasAnyAuthority"
        ) {
            continue;
        }
        for range in code.arguments(call.open) {
            if let Some(text) = code.string(range.start) {
                let role = text.strip_prefix("ROLE_").unwrap_or(text);
                marks::role_name(acc, file, call.line, role);
            }
        }
    }
}

/// Origins that pages may call from, as Spring is told: every text that such a call is given
/// (<https://docs.spring.io/spring-framework/reference/web/webmvc-cors.html>).
fn origins(acc: &mut FileFacts, file: &SourceFile<'_>) {
    const CALLS: [&str; 6] = [
        "addAllowedOrigin",
        "addAllowedOriginPattern",
        "allowedOriginPatterns",
        "allowedOrigins",
        "setAllowedOriginPatterns",
        "setAllowedOrigins",
    ];
    if !file.says("llowedOrigin") {
        return;
    }
    let code = file.code();
    for call in code.calls() {
        if !CALLS.contains(&code.raw(call.open - 1)) {
            continue;
        }
        let end = code.partner(call.open).unwrap_or(call.open);
        let texts: Vec<&str> = (call.open..end).filter_map(|at| code.string(at)).collect();
        for text in &texts {
            scan::mark(acc, file, call.line, T::Cors, *text, None);
        }
        if texts.is_empty() && end > call.open + 1 {
            let name = "origins that code gives";
            scan::mark(acc, file, call.line, T::Cors, name, None);
        }
    }
}

/// `@Valid` and `@Validated` parameters of what answers requests.
fn validation(acc: &mut FileFacts, file: &SourceFile<'_>) {
    for declared in &file.outline().declared {
        if declared.kind != DeclKind::Parameter {
            continue;
        }
        let Some(found) = declared.annotation(&["Valid", "Validated"]) else {
            continue;
        };
        let kind = file.variable_type(&declared.name).map(str::to_owned);
        let name = kind.unwrap_or_else(|| declared.name.clone());
        let mark = Some(format!("@{}", found.name));
        scan::mark(acc, file, found.line, T::InputValidation, name, mark);
    }
}
