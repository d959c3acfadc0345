//! Rust: observations on how the code is run, watched and protected.

use crate::call_rules::{self, Rule, Table, mark};
use crate::code_view::CodeView;
use crate::extractor::{Extractor, Reads};
use crate::facts::FileFacts;
use crate::import_marks::{self, ImportMark};
use crate::paths;
use crate::source::SourceFile;
use crate::timers;
use crate::todos;
use groundplan_model::Topic;
use groundplan_syntax::Language;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "rust-marks",
    docs: "\
### What it finds
Metrics with name and help (metrics, prometheus, OpenTelemetry), tracing and error reporting,
set-up of logging and its level, retries, timeouts with their values, rate limits, CORS,
authentication libraries, caches, scheduled jobs, migrations, and comments such as TODO.

### What it does not find
What wrappers of the system itself do, values that come from elsewhere, tests.
",
    reads: &[Reads::Languages(&[Language::Rust])],
    markers: &["use ", "::", "TODO", "FIXME", "HACK", "XXX"],
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
    call_rules::apply(acc, &view, &TABLE);
    jobs(acc, &view);
}

/// `Job::new(schedule, || { runtime.spawn(purge_sends(pool)) })` of `job_scheduler`: the name of what the
/// job calls.
fn jobs(acc: &mut FileFacts, view: &CodeView<'_, '_>) {
    if !view.file.text.contains("job_scheduler") {
        return;
    }
    let code = view.code;
    const ASIDE: [&str; 9] = [
        "block_on",
        "clone",
        "expect",
        "new",
        "parse",
        "spawn",
        "unwrap",
        "unwrap_or",
        "unwrap_or_default",
    ];
    for &call in view.calls_of("new") {
        if call.open < 4 || !code.is(call.open - 4, "Job") {
            continue;
        }
        let Some(close) = code.partner(call.open) else {
            continue;
        };
        // What the closure calls, not what its schedule is made of.
        let Some(begins) = (call.open..close).find(|&at| code.is(at, "|")) else {
            continue;
        };
        let called = |at: &usize| code.is(at + 1, "(") && !ASIDE.contains(&code.raw(*at));
        let name = timers::removal(code, begins..close)
            .or_else(|| (begins..close).filter(called).find_map(|at| code.ident(at)));
        if let Some(name) = name {
            let detail = Some("job_scheduler".to_owned());
            crate::scan::mark(acc, view.file, call.line, Topic::ScheduledJob, name, detail);
        }
    }
}

const IMPORTS: &[ImportMark] = &[
    ("jsonwebtoken", Topic::Authentication, "JSON Web Tokens"),
    ("jwt", Topic::Authentication, "JSON Web Tokens"),
    ("rustls", Topic::Tls, "TLS settings in code"),
    ("native_tls", Topic::Tls, "TLS settings in code"),
    // Other modules of it are about keys, hashes and certificates.
    ("openssl::ssl", Topic::Tls, "TLS settings in code"),
    ("openidconnect", Topic::Authentication, "OpenID Connect"),
    ("axum_login", Topic::Authentication, "axum-login"),
    ("actix_identity", Topic::Authentication, "actix-identity"),
    (
        "totp_rs",
        Topic::Authentication,
        "time-based one-time passwords",
    ),
    ("casbin", Topic::Authorization, "Casbin"),
    ("aes_gcm", Topic::Encryption, "AES-GCM encryption"),
    (
        "chacha20poly1305",
        Topic::Encryption,
        "ChaCha20-Poly1305 encryption",
    ),
    (
        "crypto_secretbox",
        Topic::Encryption,
        "encryption by secretbox",
    ),
    (
        "xsalsa20poly1305",
        Topic::Encryption,
        "XSalsa20-Poly1305 encryption",
    ),
    ("argon2", Topic::Encryption, "Argon2 password hashes"),
    ("bcrypt", Topic::Encryption, "bcrypt password hashes"),
    ("validator", Topic::InputValidation, "validator"),
    ("garde", Topic::InputValidation, "garde"),
];

static TABLE: Table = Table::new(RULES);

const RULES: &[Rule] = &[
    // Keys are derived of anything; what is verified is a password.
    mark(
        "ring.pbkdf2 aws_lc_rs.pbkdf2",
        "verify",
        Topic::Encryption,
        "=PBKDF2~for~passwords",
        "",
    ),
    mark(
        "metrics ?metrics",
        "counter gauge histogram",
        Topic::Metric,
        "0",
        "",
    ),
    mark(
        "metrics ?metrics",
        "describe_counter describe_gauge describe_histogram",
        Topic::Metric,
        "0",
        "1",
    ),
    mark(
        "prometheus ?prometheus",
        "register_counter register_int_counter register_gauge register_int_gauge register_histogram register_counter_vec register_int_counter_vec register_gauge_vec register_int_gauge_vec register_histogram_vec",
        Topic::Metric,
        "0",
        "1",
    ),
    mark(
        "prometheus.Opts prometheus.opts prometheus.HistogramOpts prometheus.IntCounter prometheus.Counter prometheus.Gauge prometheus.IntGauge",
        "new",
        Topic::Metric,
        "0",
        "1",
    ),
    mark(
        "opentelemetry",
        "u64_counter f64_counter u64_histogram f64_histogram i64_up_down_counter u64_gauge f64_gauge",
        Topic::Metric,
        "0",
        "",
    ),
    mark(
        "tracing_opentelemetry",
        "layer",
        Topic::Tracing,
        "=OpenTelemetry",
        "",
    ),
    mark(
        "opentelemetry_otlp",
        "new_pipeline new_exporter builder",
        Topic::Tracing,
        "=OTLP~exporter",
        "",
    ),
    mark(
        "opentelemetry_jaeger",
        "new_pipeline new_agent_pipeline new_collector_pipeline",
        Topic::Tracing,
        "=Jaeger",
        "",
    ),
    mark(
        "tower_http.trace.TraceLayer",
        "new_for_http new_for_grpc",
        Topic::Tracing,
        "=request~tracing~of~tower-http",
        "",
    ),
    mark(
        "tracing_actix_web.TracingLogger",
        "default new",
        Topic::Tracing,
        "=request~tracing~of~tracing-actix-web",
        "",
    ),
    mark("sentry", "init", Topic::Telemetry, "=Sentry", ""),
    mark(
        "actix_web_prom.PrometheusMetricsBuilder",
        "new",
        Topic::Telemetry,
        "=metrics~of~actix-web-prom",
        "0",
    ),
    mark(
        "metrics_exporter_prometheus.PrometheusBuilder",
        "new",
        Topic::Telemetry,
        "=Prometheus~exporter",
        "",
    ),
    mark(
        "tracing_subscriber",
        "init try_init registry",
        Topic::Logging,
        "=tracing-subscriber",
        "",
    ),
    mark(
        "env_logger",
        "init try_init",
        Topic::Logging,
        "=env_logger",
        "",
    ),
    mark(
        "tracing_subscriber.EnvFilter tracing_subscriber.filter.EnvFilter",
        "new",
        Topic::LogLevel,
        "0",
        "",
    ),
    mark(
        "tracing_subscriber",
        "with_max_level",
        Topic::LogLevel,
        "0",
        "",
    ),
    mark("env_logger", "filter_level", Topic::LogLevel, "0", ""),
    mark(
        "backoff.ExponentialBackoff backoff.ExponentialBackoffBuilder",
        "default new",
        Topic::Retry,
        "=backoff",
        "",
    ),
    mark(
        "tokio_retry.Retry",
        "spawn",
        Topic::Retry,
        "=tokio-retry",
        "",
    ),
    mark(
        "reqwest_retry.RetryTransientMiddleware",
        "new_with_policy",
        Topic::Retry,
        "=reqwest-retry",
        "",
    ),
    mark(
        "reqwest_retry.policies.ExponentialBackoff",
        "build_with_max_retries",
        Topic::Retry,
        "=reqwest-retry",
        "0!",
    ),
    mark(
        "reqwest",
        "timeout connect_timeout",
        Topic::Timeout,
        "=HTTP~client",
        "0!",
    ),
    mark(
        "tokio.time$",
        "timeout",
        Topic::Timeout,
        "=tokio::time::timeout",
        "0!",
    ),
    mark(
        "tower_http.timeout.TimeoutLayer",
        "new",
        Topic::Timeout,
        "=HTTP~server",
        "0!",
    ),
    mark(
        "governor",
        "direct keyed per_second per_minute burst_size",
        Topic::RateLimit,
        "=governor",
        "0",
    ),
    mark(
        "tower_governor actix_governor",
        "per_second per_minute burst_size",
        Topic::RateLimit,
        "=governor",
        "0!",
    ),
    mark(
        "actix_cors.Cors",
        "default permissive",
        Topic::Cors,
        "=actix-cors",
        "@",
    ),
    mark(
        "tower_http.cors.CorsLayer",
        "new permissive very_permissive",
        Topic::Cors,
        "=CorsLayer",
        "@",
    ),
    mark(
        "actix_cors",
        "allowed_origin",
        Topic::Cors,
        "0 !",
        "=allowed~origin",
    ),
    mark("warp$", "cors", Topic::Cors, "=CORS~of~warp", ""),
    mark(
        "redis deadpool_redis",
        "set_ex",
        Topic::CacheUse,
        "=Redis~entry~with~expiry",
        "2!",
    ),
    mark(
        "redis deadpool_redis",
        "expire",
        Topic::CacheUse,
        "=Redis~expiry",
        "1!",
    ),
    mark(
        "moka",
        "time_to_live time_to_idle",
        Topic::CacheUse,
        "=moka,~time~to~live",
        "0",
    ),
    mark(
        "moka",
        "max_capacity",
        Topic::CacheUse,
        "=moka,~entries~at~most",
        "0!",
    ),
    mark(
        "tokio_cron_scheduler.Job",
        "new new_async",
        Topic::ScheduledJob,
        "0",
        "=tokio-cron-scheduler",
    ),
    mark(
        "clokwerk",
        "every",
        Topic::ScheduledJob,
        "text",
        "=clokwerk",
    ),
    mark(
        "sqlx$",
        "migrate",
        Topic::Migration,
        "=sqlx~migrations",
        "0",
    ),
    mark(
        "sea_orm.sea_query.Table sea_query.Table sea_orm_migration.prelude.Table",
        "create alter",
        Topic::Migration,
        "=tables~that~sea-query~makes",
        "",
    ),
    mark(
        "diesel_migrations ?diesel_migrations",
        "embed_migrations",
        Topic::Migration,
        "=diesel~migrations",
        "0",
    ),
    mark(
        "axum_server.tls_rustls.RustlsConfig",
        "from_pem_file from_pem",
        Topic::Tls,
        "=HTTP~server~with~TLS",
        "",
    ),
    mark(
        "tonic.transport",
        "tls_config",
        Topic::Tls,
        "=gRPC~with~TLS",
        "",
    ),
];
