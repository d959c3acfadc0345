//! Python: observations on how the code is run, watched and protected.

mod guards;
mod metrics;

use crate::call_rules::{self, Rule, Table, mark};
use crate::code_view::CodeView;
use crate::extractor::{Extractor, Reads};
use crate::extractors::python_routers::condition;
use crate::facts::{Claim, FileFacts, Mark};
use crate::import_marks::{self, ImportMark, NoteMark};
use crate::paths;
use crate::source::SourceFile;
use crate::todos;
use groundplan_model::{PROCESS_MEMORY, Topic};
use groundplan_syntax::{Call, Language};
use std::collections::BTreeSet;
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "python-marks",
    docs: "\
### What it finds
Metrics with name and help (prometheus_client, OpenTelemetry, also by a meter of the program's own), tracing and error reporting, set-up
of logging and its level, retries, timeouts with their values, circuit breakers, rate limits, CORS,
security middleware, authentication and authorization by decorator, dependency, class attribute and
library, caches, feature flags, scheduled jobs, and comments such as TODO.

### What it does not find
What wrappers of the system itself do, values that come from elsewhere, tests.
",
    reads: &[Reads::Languages(&[Language::Python])],
    markers: &["import", "TODO", "FIXME", "HACK", "XXX"],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_generated(file.path, file.text) {
        return;
    }
    let view = CodeView::of(file);
    todos::claims(acc, &view);
    if paths::is_test(file.path) {
        return;
    }
    import_marks::imports(acc, &view, IMPORTS);
    import_marks::notes(acc, &view, NOTES);
    let known: Vec<&str> = NOTES.iter().map(|(name, _)| *name).collect();
    guards::guards(acc, &view, &known);
    call_rules::apply(acc, &view, &TABLE);
    if file.says("django.core.cache") {
        django_cache(acc, &view);
    }
    metrics::passed(acc, &view);
    metrics::of_meters(acc, &view);
    middleware(acc, &view);
    dependencies(acc, &view);
    lists(acc, &view);
    gathered_tasks(acc, &view);
    wrapped_health(acc, &view);
    traced_errors(acc, &view);
    remembered(acc, &view);
}

/// `sentry_sdk.init(traces_sample_rate=…)`: what reports errors records spans as well
/// (<https://docs.sentry.io/platforms/python/tracing/>).
fn traced_errors(acc: &mut FileFacts, view: &CodeView<'_, '_>) {
    if !view.imports_any(&["sentry_sdk"]) {
        return;
    }
    const SWITCHES: [&str; 3] = ["traces_sample_rate", "traces_sampler", "enable_tracing"];
    for &call in view.calls_of("init") {
        if view.callee(call).on.as_deref() != Some("sentry_sdk") {
            continue;
        }
        let given = SWITCHES.iter().find_map(|name| {
            let value = view.code.named_argument(call.open, name)?;
            let text: String = value.clone().map(|at| view.code.raw(at)).collect();
            (!matches!(text.as_str(), "0" | "0.0" | "None" | "False")).then_some(*name)
        });
        if let Some(name) = given {
            let detail = Some(name.to_owned());
            push(acc, view, call.line, Topic::Tracing, "Sentry", detail);
        }
    }
}

/// Functions whose answers are kept in the process: `@lru_cache` on one that takes something, and on one
/// that takes nothing, whose answer is made once.
fn remembered(acc: &mut FileFacts, view: &CodeView<'_, '_>) {
    if !view.imports_any(&["functools", "cachetools"]) {
        return;
    }
    let code = view.code;
    for note in code.annotations() {
        let last = note.name.rsplit('.').next().unwrap_or(&note.name);
        let of_functools = last == "cache"
            && view.canonical(&note.name, note.next).as_deref() == Some("functools.cache");
        if !matches!(last, "lru_cache" | "cached") && !of_functools {
            continue;
        }
        let next = code
            .functions()
            .iter()
            .find(|f| !f.class && f.line > note.line);
        let Some((function, open)) = next.and_then(|f| Some((f, f.params?))) else {
            continue;
        };
        let mut given = code.arguments(open).into_iter().peekable();
        let once = given.peek().is_none() && last != "cached";
        if !once && given.all(|r| matches!(code.raw(r.start), "self" | "cls")) {
            continue;
        }
        // What has room for some only loses the oldest.
        let size = note.open.and_then(|open| {
            let named = code.named_argument(open, "maxsize");
            named.or_else(|| code.arguments(open).into_iter().next())
        });
        let endless = size.is_some_and(|size| size.len() == 1 && code.is(size.start, "None"));
        let until = match last {
            "cache" => " until it ends",
            "lru_cache" if endless => " until it ends",
            _ => "",
        };
        let made = match once {
            true => ", made once and kept in the ",
            false => ", in the ",
        };
        let until = if once { "" } else { until };
        let detail = Some(format!(
            "on `{}`{made}{PROCESS_MEMORY}{until}",
            function.name
        ));
        push(acc, view, note.line, Topic::CacheUse, last, detail);
    }
}

/// A function that answers health checks around an application:
/// `application = health_check(application, "/health/")`.
fn wrapped_health(acc: &mut FileFacts, view: &CodeView<'_, '_>) {
    if memchr::memmem::find(view.file.text.as_bytes(), b"health").is_none() {
        return;
    }
    let code = view.code;
    for at in 1..code.tokens.len() {
        let called = code.ident(at).is_some_and(|name| name.contains("health"))
            && code.is(at + 1, "(")
            && !code.is(at - 1, "def")
            && code.ident(at + 2).is_some()
            && code.is(at + 3, ",");
        let path = code
            .string(at + 4)
            .filter(|_| called && code.is(at + 5, ")"));
        let Some(path) = path.filter(|p| p.starts_with('/') && !p.contains(' ')) else {
            continue;
        };
        let mark = Mark {
            topic: Topic::HealthCheck,
            name: path.to_owned(),
            detail: None,
        };
        let line = code.line(at);
        acc.add(view.file, line, line, Claim::Mark(mark));
    }
}

const IMPORTS: &[ImportMark] = &[
    ("jwt", Topic::Authentication, "JSON Web Tokens"),
    ("jose", Topic::Authentication, "JSON Web Tokens"),
    (
        "rest_framework_simplejwt",
        Topic::Authentication,
        "JSON Web Tokens",
    ),
    (
        "flask_jwt_extended",
        Topic::Authentication,
        "JSON Web Tokens",
    ),
    ("ssl", Topic::Tls, "TLS settings in code"),
    ("flask_login", Topic::Authentication, "flask-login"),
    ("allauth", Topic::Authentication, "django-allauth"),
    ("ldap3", Topic::Authentication, "LDAP"),
    ("passlib", Topic::Encryption, "password hashes of passlib"),
    ("pwdlib", Topic::Encryption, "password hashes of pwdlib"),
    ("bcrypt", Topic::Encryption, "bcrypt password hashes"),
    ("argon2", Topic::Encryption, "Argon2 password hashes"),
    (
        "cryptography.fernet",
        Topic::Encryption,
        "encryption by Fernet",
    ),
    (
        "cryptography.hazmat.primitives.ciphers",
        Topic::Encryption,
        "encryption by the package cryptography",
    ),
    (
        "Crypto.Cipher",
        Topic::Encryption,
        "encryption by PyCryptodome",
    ),
    ("guardian", Topic::Authorization, "django-guardian"),
    ("casbin", Topic::Authorization, "Casbin"),
    ("rq_scheduler", Topic::ScheduledJob, "jobs of rq-scheduler"),
    ("marshmallow", Topic::InputValidation, "marshmallow"),
    ("cerberus", Topic::InputValidation, "Cerberus"),
    ("voluptuous", Topic::InputValidation, "voluptuous"),
];

const NOTES: &[NoteMark] = &[
    ("login_required", Topic::Authentication),
    ("jwt_required", Topic::Authentication),
    ("token_required", Topic::Authentication),
    ("requires_auth", Topic::Authentication),
    ("auth_required", Topic::Authentication),
    ("permission_required", Topic::Authorization),
    ("user_passes_test", Topic::Authorization),
    ("roles_required", Topic::Authorization),
    ("staff_member_required", Topic::Authorization),
    ("requires_permission", Topic::Authorization),
    ("ratelimit", Topic::RateLimit),
    ("scheduled_job", Topic::ScheduledJob),
    ("repeat_every", Topic::ScheduledJob),
    ("periodic_task", Topic::ScheduledJob),
    ("db_periodic_task", Topic::ScheduledJob),
];

const HTTP: &str = "requests$ requests.Session$ httpx$ httpx.Client$ httpx.AsyncClient$";

static TABLE: Table = Table::new(RULES);

const RULES: &[Rule] = &[
    mark(
        "prometheus_client$ prometheus_client.metrics$",
        "Counter Gauge Histogram Summary Info Enum",
        Topic::Metric,
        "0 name=",
        "1 documentation=",
    ),
    mark(
        "opentelemetry.metrics",
        "create_counter create_histogram create_up_down_counter create_observable_gauge create_gauge",
        Topic::Metric,
        "0 name=",
        "description=",
    ),
    mark(
        "opentelemetry.sdk.trace$",
        "TracerProvider",
        Topic::Tracing,
        "=OpenTelemetry",
        "",
    ),
    mark(
        "opentelemetry.exporter",
        "OTLPSpanExporter JaegerExporter ZipkinExporter",
        Topic::Tracing,
        "@",
        "endpoint=",
    ),
    mark(
        "opentelemetry.sdk.metrics$",
        "MeterProvider",
        Topic::Telemetry,
        "=OpenTelemetry~metrics",
        "",
    ),
    mark(
        "opentelemetry.instrumentation",
        "instrument instrument_app",
        Topic::Tracing,
        "=OpenTelemetry~instrumentation",
        "",
    ),
    mark("ddtrace", "patch_all patch", Topic::Tracing, "=Datadog", ""),
    mark(
        "py_zipkin.zipkin",
        "zipkin_span",
        Topic::Tracing,
        "=Zipkin",
        "service_name=",
    ),
    mark("sentry_sdk$", "init", Topic::Telemetry, "=Sentry", ""),
    mark(
        "googlecloudprofiler",
        "start",
        Topic::Telemetry,
        "=Google~Cloud~Profiler",
        "service=",
    ),
    mark(
        "prometheus_client$",
        "start_http_server make_wsgi_app make_asgi_app generate_latest",
        Topic::Telemetry,
        "=Prometheus~exposition",
        "@",
    ),
    mark(
        "prometheus_fastapi_instrumentator",
        "instrument",
        Topic::Telemetry,
        "=Prometheus~instrumentator",
        "",
    ),
    mark(
        "logging$",
        "basicConfig",
        Topic::Logging,
        "=logging.basicConfig",
        "format=",
    ),
    mark(
        "logging.config$",
        "dictConfig fileConfig",
        Topic::Logging,
        "@",
        "",
    ),
    mark("structlog$", "configure", Topic::Logging, "=structlog", ""),
    mark("loguru", "add configure", Topic::Logging, "=loguru", "0"),
    mark(
        "pythonjsonlogger",
        "JsonFormatter",
        Topic::Logging,
        "=JSON~formatter",
        "",
    ),
    mark(
        "grpc grpc.aio",
        "insecure_channel add_insecure_port",
        Topic::Tls,
        "=gRPC~without~TLS",
        "",
    ),
    mark("logging$", "basicConfig", Topic::LogLevel, "level=", ""),
    // The level of one logger or handler is not the level of the program.
    mark("logging.root", "setLevel", Topic::LogLevel, "0 level=", ""),
    mark("tenacity$", "retry", Topic::Retry, "=tenacity", ""),
    mark(
        "tenacity$",
        "stop_after_attempt",
        Topic::Retry,
        "=attempts",
        "0!",
    ),
    mark(
        "tenacity$",
        "stop_after_delay",
        Topic::Retry,
        "=seconds~in~all",
        "0!",
    ),
    mark(
        "backoff$",
        "on_exception on_predicate",
        Topic::Retry,
        "=backoff",
        "max_tries= max_time=",
    ),
    mark(
        "urllib3.util.retry urllib3.util urllib3 requests.adapters",
        "Retry",
        Topic::Retry,
        "=urllib3.Retry",
        "total= 0",
    ),
    mark(
        "retrying$ retry$",
        "retry",
        Topic::Retry,
        "@",
        "stop_max_attempt_number= tries=",
    ),
    mark(
        HTTP,
        "get post put delete patch head request",
        Topic::Timeout,
        "=HTTP~request",
        "timeout=!",
    ),
    mark(
        "httpx$",
        "Client AsyncClient Timeout",
        Topic::Timeout,
        "=HTTP~client",
        "timeout= 0!",
    ),
    mark(
        "aiohttp$",
        "ClientTimeout",
        Topic::Timeout,
        "=HTTP~client",
        "total= 0!",
    ),
    mark(
        "asyncio$",
        "wait_for timeout",
        Topic::Timeout,
        "=asyncio.wait_for",
        "timeout= 1!",
    ),
    mark(
        "pybreaker$",
        "CircuitBreaker",
        Topic::CircuitBreaker,
        "name= =pybreaker",
        "fail_max=",
    ),
    mark(
        "circuitbreaker$",
        "circuit CircuitBreaker",
        Topic::CircuitBreaker,
        "=circuitbreaker",
        "failure_threshold=",
    ),
    mark(
        "flask_limiter$ slowapi$ slowapi.extension$",
        "Limiter",
        Topic::RateLimit,
        "@",
        "default_limits=",
    ),
    mark(
        "flask_limiter slowapi ?flask_limiter ?slowapi",
        "limit",
        Topic::RateLimit,
        "0",
        "",
    ),
    mark(
        "flask_cors$",
        "CORS cross_origin",
        Topic::Cors,
        "=flask-cors",
        "origins= resources=",
    ),
    mark("aiohttp_cors$", "setup", Topic::Cors, "=aiohttp-cors", ""),
    mark(
        "flask_talisman$",
        "Talisman",
        Topic::SecurityHeader,
        "=flask-talisman",
        "",
    ),
    mark("secure$", "Secure", Topic::SecurityHeader, "=secure", ""),
    mark(
        "flask_wtf.csrf$ flask_wtf$",
        "CSRFProtect",
        Topic::SecurityHeader,
        "=CSRF~tokens",
        "",
    ),
    mark(
        "fastapi.security",
        "OAuth2PasswordBearer HTTPBearer HTTPBasic APIKeyHeader APIKeyCookie OAuth2AuthorizationCodeBearer OpenIdConnect",
        Topic::Authentication,
        "@",
        "tokenUrl= name=",
    ),
    mark(
        "flask_httpauth",
        "HTTPBasicAuth HTTPTokenAuth",
        Topic::Authentication,
        "@",
        "",
    ),
    mark(
        "flask_login$",
        "LoginManager",
        Topic::Authentication,
        "@",
        "",
    ),
    mark(
        "redis ?redis",
        "setex",
        Topic::CacheUse,
        "=Redis~entry~with~expiry",
        "1 time=!",
    ),
    mark(
        "redis ?redis",
        "set",
        Topic::CacheUse,
        "=Redis~entry~with~expiry",
        "ex= px=!",
    ),
    mark("redis", "expire", Topic::CacheUse, "=Redis~expiry", "1!"),
    mark(
        "cachetools$",
        "TTLCache LRUCache LFUCache",
        Topic::CacheUse,
        "@",
        "ttl= 1 maxsize= 0",
    ),
    mark(
        "flask_caching$",
        "Cache",
        Topic::CacheUse,
        "=flask-caching",
        "",
    ),
    mark(
        "flask_caching.Cache",
        "cached memoize",
        Topic::CacheUse,
        "@",
        "timeout= 0",
    ),
    mark(
        "openfeature",
        "get_boolean_value get_string_value get_integer_value get_float_value get_object_value get_boolean_details",
        Topic::FeatureFlag,
        "0 flag_key=",
        "=OpenFeature",
    ),
    mark(
        "waffle",
        "flag_is_active",
        Topic::FeatureFlag,
        "1",
        "=django-waffle",
    ),
    mark(
        "waffle",
        "switch_is_active sample_is_active",
        Topic::FeatureFlag,
        "0",
        "=django-waffle",
    ),
    mark(
        "UnleashClient",
        "is_enabled",
        Topic::FeatureFlag,
        "0",
        "=Unleash",
    ),
    mark(
        "ldclient",
        "variation",
        Topic::FeatureFlag,
        "0",
        "=LaunchDarkly",
    ),
    mark(
        "apscheduler",
        "add_job",
        Topic::ScheduledJob,
        "text",
        "trigger= 1",
    ),
    mark(
        "schedule$",
        "every",
        Topic::ScheduledJob,
        "text =schedule",
        "=schedule",
    ),
    mark(
        "django.views.decorators.cache$",
        "cache_page",
        Topic::CacheUse,
        "=cache_page",
        "0",
    ),
    mark(
        "alembic.command$",
        "upgrade",
        Topic::Migration,
        "=Alembic",
        "1",
    ),
    mark(
        "flask_migrate$",
        "Migrate",
        Topic::Migration,
        "=flask-migrate",
        "",
    ),
];

fn push(
    acc: &mut FileFacts,
    view: &CodeView<'_, '_>,
    line: u32,
    topic: Topic,
    name: &str,
    detail: Option<String>,
) {
    let claim = Claim::Mark(Mark {
        topic,
        name: name.to_owned(),
        detail,
    });
    acc.add(view.file, line, line, claim);
}

/// What the name of a middleware class says.
fn middleware_topic(name: &str) -> Option<Topic> {
    let lower = name.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|w| lower.contains(w));
    if has(&["cors"]) {
        Some(Topic::Cors)
    } else if has(&["authentication", "jwt", "loginrequired"]) {
        Some(Topic::Authentication)
    } else if has(&[
        "csrf",
        "securitymiddleware",
        "trustedhost",
        "httpsredirect",
        "clickjacking",
        "xframeoptions",
        "cspmiddleware",
    ]) {
        Some(Topic::SecurityHeader)
    } else if has(&["prometheus", "opentelemetry", "sentry"]) {
        Some(Topic::Telemetry)
    } else if has(&["ratelimit", "slowapi", "throttl"]) {
        Some(Topic::RateLimit)
    } else {
        None
    }
}

/// Headers that middleware of Django sends without a setting
/// (<https://docs.djangoproject.com/en/stable/ref/middleware/#module-django.middleware.security>,
/// <https://docs.djangoproject.com/en/stable/ref/clickjacking/>). Where a setting speaks of one, its value
/// is not known.
fn django_headers(acc: &mut FileFacts, view: &CodeView<'_, '_>, line: u32, class: &str) {
    let sent: &[(&str, &str, &str)] = match class {
        "django.middleware.security.SecurityMiddleware" => &[
            (
                "X-Content-Type-Options",
                "nosniff",
                "SECURE_CONTENT_TYPE_NOSNIFF",
            ),
            ("Referrer-Policy", "same-origin", "SECURE_REFERRER_POLICY"),
        ],
        "django.middleware.clickjacking.XFrameOptionsMiddleware" => {
            &[("X-Frame-Options", "DENY", "X_FRAME_OPTIONS")]
        }
        _ => return,
    };
    for (header, value, setting) in sent {
        let set = view.file.text.contains(setting);
        let detail =
            (!set).then(|| format!("{value}, which Django sends unless it is told otherwise"));
        push(acc, view, line, Topic::SecurityHeader, header, detail);
    }
}

/// `app.add_middleware(CORSMiddleware, allow_origins=[…])`.
fn middleware(acc: &mut FileFacts, view: &CodeView<'_, '_>) {
    let code = view.code;
    for &call in view.calls_of("add_middleware") {
        let Some(class) = view.argument(call.open, 0) else {
            continue;
        };
        let name = code.dotted(class.start, class.end);
        let Some(topic) = middleware_topic(&name) else {
            continue;
        };
        let detail = ["allow_origins", "allow_origin_regex", "allowed_hosts"]
            .iter()
            .find_map(|key| code.named_argument(call.open, key))
            .and_then(|r| {
                let words: Vec<&str> = r.clone().filter_map(|at| code.string(at)).collect();
                (!words.is_empty()).then(|| words.join(", "))
            });
        let condition = condition(view, call.first).map(|text| format!("only if `{text}`"));
        let detail = match (detail, condition) {
            (Some(detail), Some(condition)) => Some(format!("{detail}, {condition}")),
            (detail, condition) => detail.or(condition),
        };
        push(acc, view, call.line, topic, &name, detail);
    }
}

/// `Depends(get_current_user)`.
fn dependencies(acc: &mut FileFacts, view: &CodeView<'_, '_>) {
    let mut seen = BTreeSet::new();
    for name in ["Depends", "Security"] {
        for &call in view.calls_of(name) {
            let Some(given) = view.argument(call.open, 0) else {
                continue;
            };
            let target = view.code.dotted(given.start, given.end);
            let lower = target.to_ascii_lowercase();
            let topic = if ["superuser", "permission", "role", "admin", "scope"]
                .iter()
                .any(|w| lower.contains(w))
            {
                Topic::Authorization
            } else if ["current_user", "auth", "token", "oauth2", "api_key"]
                .iter()
                .any(|w| lower.contains(w))
            {
                Topic::Authentication
            } else {
                continue;
            };
            if seen.insert(target.clone()) {
                push(acc, view, call.line, topic, &target, Some(name.to_owned()));
            }
        }
    }
}

/// What Django REST framework checks where a view says nothing of its own
/// (<https://www.django-rest-framework.org/api-guide/settings/>).
fn defaults(acc: &mut FileFacts, view: &CodeView<'_, '_>, range: Range<usize>) {
    let code = view.code;
    for at in range {
        let topic = match code.string(at) {
            Some("DEFAULT_AUTHENTICATION_CLASSES") => Topic::Authentication,
            Some("DEFAULT_PERMISSION_CLASSES") => Topic::Authorization,
            Some("DEFAULT_THROTTLE_CLASSES") => Topic::RateLimit,
            // `"DEFAULT_VERSIONING_CLASS": "rest_framework.versioning.AcceptHeaderVersioning"`
            Some("DEFAULT_VERSIONING_CLASS") => {
                if let Some(text) = code.string(at + 2).filter(|_| code.is(at + 1, ":")) {
                    let name = text.rsplit('.').next().unwrap_or(text);
                    let line = code.line(at);
                    let class = Some(text.to_owned());
                    push(acc, view, line, Topic::Versioning, name, class);
                }
                continue;
            }
            Some("DEFAULT_THROTTLE_RATES") => {
                rates(acc, view, at + 2);
                continue;
            }
            _ => continue,
        };
        if !code.is(at + 1, ":") || !matches!(code.raw(at + 2), "[" | "(") {
            continue;
        }
        for item in code.arguments(at + 2) {
            let Some(text) = code.string(item.start) else {
                continue;
            };
            let name = text.rsplit('.').next().unwrap_or(text);
            // Everybody passes there.
            if name != "AllowAny" {
                push(
                    acc,
                    view,
                    code.line(item.start),
                    topic,
                    name,
                    Some(text.to_owned()),
                );
            }
        }
    }
}

/// `"DEFAULT_THROTTLE_RATES": {"login": "5/minute"}`
fn rates(acc: &mut FileFacts, view: &CodeView<'_, '_>, open: usize) {
    let code = view.code;
    if !code.is(open, "{") {
        return;
    }
    for entry in code.arguments(open).into_iter().take(20) {
        let rate = code.string(entry.start + 2);
        if let (Some(scope), Some(rate)) = (code.string(entry.start), rate)
            && code.is(entry.start + 1, ":")
        {
            let line = code.line(entry.start);
            push(
                acc,
                view,
                line,
                Topic::RateLimit,
                scope,
                Some(rate.to_owned()),
            );
        }
    }
}

/// Words of keys under which a store of Django holds a lock, a counter or a sign of life.
const NO_COPIES: [&str; 19] = [
    "attempt",
    "attempts",
    "block",
    "blocked",
    "count",
    "counter",
    "cooldown",
    "health",
    "heartbeat",
    "limit",
    "lock",
    "locked",
    "mutex",
    "probe",
    "rate",
    "ratelimit",
    "running",
    "throttle",
    "tries",
];

/// What is kept in the cache of Django, by its key: what counts, locks or proves that the store answers
/// is no copy of anything (<https://docs.djangoproject.com/en/stable/topics/cache/#basic-usage>).
fn django_cache(acc: &mut FileFacts, view: &CodeView<'_, '_>) {
    let code = view.code;
    let cache = |call: Call| is_django_cache(view, call);
    let key = |call: Call| -> Option<String> {
        let range = view.argument(call.open, 0)?;
        Some(range.map(|at| code.raw(at)).collect())
    };
    // A key that is also added or counted up is that of a lock or of a counter.
    let mut others: BTreeSet<String> = BTreeSet::new();
    for name in ["add", "incr", "decr"] {
        let calls = view.calls_of(name).iter().copied();
        others.extend(calls.filter(|c| cache(*c)).filter_map(key));
    }
    for name in ["set", "get_or_set"] {
        for &call in view.calls_of(name) {
            let Some(written) = key(call).filter(|_| cache(call)) else {
                continue;
            };
            let lower = written.to_ascii_lowercase();
            let mut words = lower.split(|c: char| !c.is_ascii_alphanumeric());
            if others.contains(&written) || words.any(|word| NO_COPIES.contains(&word)) {
                continue;
            }
            let timeout = timeout(view, call);
            let detail = timeout.map(|range| range.map(|at| code.raw(at)).collect::<String>());
            let line = code.line(call.first);
            // What is kept is its key, where that is written out.
            let text = view.argument(call.open, 0).filter(|range| range.len() == 1);
            let text = text.and_then(|range| code.string(range.start));
            let start = text.map(|text| text.split(['{', '%']).next().unwrap_or(text));
            let start = start.map(|text| text.trim_end_matches(['_', ':', '-', '.', '/']));
            match start.filter(|s| s.len() > 2 && !s.contains([' ', '`', '/'])) {
                Some(key) => push(acc, view, line, Topic::CacheUse, key, None),
                None => push(acc, view, line, Topic::CacheUse, "Django cache", detail),
            }
        }
    }
}

/// Whether a call is one of a cache of Django.
pub(super) fn is_django_cache(view: &CodeView<'_, '_>, call: Call) -> bool {
    let on = view.callee(call).on.unwrap_or_default();
    on.starts_with("django.core.cache")
}

/// How long `cache.set(key, value, timeout)` keeps what it is given.
pub(super) fn timeout(view: &CodeView<'_, '_>, call: Call) -> Option<Range<usize>> {
    let named = view.code.named_argument(call.open, "timeout");
    named.or_else(|| view.argument(call.open, 2))
}

/// Tasks that a function puts into the schedule of Celery beat: `{"name": "Close orders", "task":
/// "shop.tasks.close"}` in a list that it goes through.
fn gathered_tasks(acc: &mut FileFacts, view: &CodeView<'_, '_>) {
    let text = view.file.text;
    if !text.contains("beat_schedule") || !text.contains("\"task\"") {
        return;
    }
    let code = view.code;
    for at in 1..code.tokens.len() {
        if !code.is(at, "{") || !matches!(code.raw(at - 1), "[" | ",") {
            continue;
        }
        let (mut name, mut task) = (None, None);
        for entry in code.arguments(at) {
            let value = code.string(entry.start + 2).filter(|_| entry.len() == 3);
            match code.string(entry.start) {
                Some("name") => name = value,
                Some("task") => task = value,
                _ => {}
            }
        }
        if let (Some(name), Some(task)) = (name, task.filter(|t| t.contains('.'))) {
            let detail = Some(task.to_owned());
            push(acc, view, code.line(at), Topic::ScheduledJob, name, detail);
        }
    }
}

/// Lists that frameworks read: `MIDDLEWARE` of Django, classes of a view of Django REST framework,
/// the schedule of Celery beat.
fn lists(acc: &mut FileFacts, view: &CodeView<'_, '_>) {
    let code = view.code;
    let mut seen = BTreeSet::new();
    for definition in code.definitions() {
        let range = definition.value.clone();
        match definition.name {
            "MIDDLEWARE" | "MIDDLEWARE_CLASSES" => {
                for at in range {
                    let Some(text) = code.string(at) else {
                        continue;
                    };
                    // It only says who is signed in, and lets everybody pass.
                    if text.starts_with("django.contrib.auth.middleware.Authentication") {
                        continue;
                    }
                    let name = text.rsplit('.').next().unwrap_or(text);
                    if let Some(topic) = middleware_topic(name) {
                        push(acc, view, code.line(at), topic, name, Some(text.to_owned()));
                    }
                    django_headers(acc, view, code.line(at), text);
                }
            }
            "REST_FRAMEWORK" => defaults(acc, view, range),
            "permission_classes" | "authentication_classes" | "throttle_classes" => {
                let topic = match definition.name {
                    "permission_classes" => Topic::Authorization,
                    "throttle_classes" => Topic::RateLimit,
                    _ => Topic::Authentication,
                };
                for at in range {
                    if let Some(name) = code.ident(at).filter(|n| n.starts_with(char::is_uppercase))
                        && seen.insert(name)
                    {
                        push(
                            acc,
                            view,
                            code.line(at),
                            topic,
                            name,
                            Some(definition.name.to_owned()),
                        );
                    }
                }
            }
            "beat_schedule" | "CELERY_BEAT_SCHEDULE" | "CELERYBEAT_SCHEDULE" | "BEAT_SCHEDULE" => {
                let open = range.start;
                if !code.is(open, "{") {
                    continue;
                }
                for entry in code.arguments(open) {
                    let Some(name) = code.string(entry.start) else {
                        continue;
                    };
                    let task = (entry.start..entry.end)
                        .find(|&at| code.string(at) == Some("task"))
                        .and_then(|at| code.string(at + 2))
                        .map(str::to_owned);
                    push(
                        acc,
                        view,
                        code.line(entry.start),
                        Topic::ScheduledJob,
                        name,
                        task,
                    );
                }
            }
            _ => {}
        }
    }
}
