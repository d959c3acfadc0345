//! Go: observations on how the code is run, watched and protected.

use crate::call_rules::{self, Rule, Table, mark};
use crate::code_view::CodeView;
use crate::extractor::{Extractor, Reads};
use crate::extractors::go_helpers;
use crate::facts::{Claim, Fact, FileFacts};
use crate::import_marks::{self, ImportMark};
use crate::paths;
use crate::source::SourceFile;
use crate::timers;
use crate::todos;
use groundplan_model::Topic;
use groundplan_syntax::Language;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "go-marks",
    docs: "\
### What it finds
Metrics with name and help (Prometheus, OpenTelemetry), tracing and error reporting, set-up of
logging and its level, retries, timeouts with their values, circuit breakers, rate limits, CORS,
security headers, authentication libraries, caches, feature flags, scheduled jobs, migrations, and
comments such as TODO.

### What it does not find
What wrappers of the system itself do, values that come from elsewhere, tests.
",
    reads: &[Reads::Languages(&[Language::Go])],
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
    call_rules::apply(acc, &view, &TABLE);
    dropped_contexts(acc, file);
    json_lines(acc, file);
    secure_headers(acc, &view);
    configuration_file(acc, &view);
    metrics_of_helpers(acc, &view);
    scheduled(acc, &view);
    tickers(acc, &view);
}

/// Takes back the timeouts of contexts that are thrown away: `_, cancel := context.WithTimeout(…)` limits nothing.
fn dropped_contexts(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let dropped = |fact: &Fact| match &fact.claim {
        Claim::Mark(mark) if mark.name == "context.WithTimeout" => {
            let line = file.lines().text(fact.at.lines[0]);
            line.trim_start().starts_with("_, ")
        }
        _ => false,
    };
    if file.says("_, cancel") {
        acc.facts.retain(|fact| !dropped(fact));
    }
}

/// Metrics that a helper registers under a name that its callers give: `registerMetric("users", "…")`.
fn metrics_of_helpers(acc: &mut FileFacts, view: &CodeView<'_, '_>) {
    if !view.imports_any(&[PROMETHEUS]) {
        return;
    }
    let code = view.code;
    for open in 1..code.tokens.len() {
        let options = code.is(open, "{")
            && matches!(
                code.raw(open - 1),
                "CounterOpts" | "GaugeOpts" | "HistogramOpts" | "SummaryOpts" | "Opts"
            );
        let name = view.field(open, "Name").filter(|_| options);
        let Some(name) = name.and_then(|range| go_helpers::open_path(view, &range)) else {
            continue;
        };
        let help = view.field(open, "Help");
        let help = help
            .and_then(|range| go_helpers::open_path(view, &range).or_else(|| view.constant(range)));
        let texts = [name, help.unwrap_or_default()];
        for (line, made) in go_helpers::by_callers(view, open, &texts) {
            let mut made = made.into_iter();
            if let Some(Some(name)) = made.next() {
                let help = made
                    .next()
                    .flatten()
                    .filter(|help| !help.is_empty() && help.len() <= 240);
                crate::scan::mark(acc, view.file, line, Topic::Metric, name, help);
            }
        }
    }
}

/// Jobs given to a scheduler of the program's own: `cron.Schedule("0 * * * *", purge)`,
/// `scheduler.Add(spec, func() {…})`. Each is called after its function, or the one around.
fn scheduled(acc: &mut FileFacts, view: &CodeView<'_, '_>) {
    let code = view.code;
    for &call in ["Add", "AddFunc", "Schedule"]
        .iter()
        .flat_map(|name| view.calls_of(name))
    {
        let arguments = code.arguments(call.open);
        let [every, job] = arguments.as_slice() else {
            continue;
        };
        let on = view
            .callee(call)
            .on
            .unwrap_or_default()
            .to_ascii_lowercase();
        let last = on.rsplit('/').next().unwrap_or_default();
        let package = last.split('.').next().unwrap_or_default();
        if !matches!(package, "cron" | "schedule" | "scheduler") || on.contains("robfig/cron") {
            continue;
        }
        let spec = view.constant(every.clone());
        let cron = spec
            .as_deref()
            .is_some_and(|s| s.starts_with('@') || (5..=6).contains(&s.split_whitespace().count()));
        let literal = code.is(job.start, "func");
        if !(cron || literal && spec.is_none()) {
            continue;
        }
        let named = match literal {
            true => go_helpers::named(view, call.open).map(|function| function.name.to_owned()),
            false => Some(code.dotted(job.start, job.end)),
        };
        // `purge(session)` gives the job that is meant.
        let name = named.map(|n| n.split('(').next().unwrap_or_default().to_owned());
        if let Some(name) = name.filter(|n| !n.is_empty()) {
            let detail = spec.filter(|_| cron);
            crate::scan::mark(acc, view.file, call.line, Topic::ScheduledJob, name, detail);
        }
    }
}

/// `viper.ReadInConfig()`, with the name that `SetConfigName` gives the file.
fn configuration_file(acc: &mut FileFacts, view: &CodeView<'_, '_>) {
    if !view.imports_any(&["github.com/spf13/viper"]) {
        return;
    }
    let Some(call) = view.calls_of("ReadInConfig").first() else {
        return;
    };
    let mut named = view.calls_of("SetConfigName").iter();
    let file = named.find_map(|call| view.constant(view.argument(call.open, 0)?));
    let file = file.filter(|name| name.len() <= 60);
    let name = crate::extractors::CONFIGURATION_FILE;
    crate::scan::mark(acc, view.file, call.line, Topic::Stated, name, file);
}

/// Fields of the options of `unrolled/secure`, with the header that each makes the program send
/// (<https://pkg.go.dev/github.com/unrolled/secure#Options>).
const SECURE: [(&str, &str); 10] = [
    ("FrameDeny", "X-Frame-Options"),
    ("CustomFrameOptionsValue", "X-Frame-Options"),
    ("ContentTypeNosniff", "X-Content-Type-Options"),
    ("ReferrerPolicy", "Referrer-Policy"),
    ("PermissionsPolicy", "Permissions-Policy"),
    ("FeaturePolicy", "Feature-Policy"),
    ("ContentSecurityPolicy", "Content-Security-Policy"),
    ("STSSeconds", "Strict-Transport-Security"),
    ("BrowserXssFilter", "X-XSS-Protection"),
    ("CrossOriginOpenerPolicy", "Cross-Origin-Opener-Policy"),
];

/// Headers that `unrolled/secure` is told to send.
fn secure_headers(acc: &mut FileFacts, view: &CodeView<'_, '_>) {
    if !view.imports_any(&["github.com/unrolled/secure"]) {
        return;
    }
    let code = view.code;
    for open in 1..code.tokens.len() {
        if !code.is(open, "{") || !code.is(open - 1, "Options") {
            continue;
        }
        let mut told: Vec<(&str, u32, Option<String>)> = Vec::new();
        for (field, header) in SECURE {
            let Some(value) = view.field(open, field) else {
                continue;
            };
            let line = code.line(value.start);
            let first = code.raw(value.start);
            let text = match (first, field) {
                ("false" | "0", _) => continue,
                ("true", "FrameDeny") => Some("DENY".to_owned()),
                ("true", "ContentTypeNosniff") => Some("nosniff".to_owned()),
                ("true", _) => None,
                _ => view
                    .constant(value)
                    .filter(|text| field != "STSSeconds" && text.len() <= 160),
            };
            // A value of its own stands in place of the plain one.
            match told.iter_mut().find(|(known, ..)| *known == header) {
                Some(known) => known.2 = text,
                None => told.push((header, line, text)),
            }
        }
        for (header, line, text) in told {
            crate::scan::mark(acc, view.file, line, Topic::SecurityHeader, header, text);
        }
    }
}

fn file_text<'t>(view: &CodeView<'_, 't>, start: u32, end: u32) -> Option<&'t str> {
    let text = view.file.text.get(start as usize..end as usize)?;
    (text.len() <= 60).then_some(text)
}

/// `time.NewTicker(5 * time.Minute)` in a function that removes data when it ticks.
fn tickers(acc: &mut FileFacts, view: &CodeView<'_, '_>) {
    let code = view.code;
    for &call in ["NewTicker", "Tick", "AfterFunc"]
        .iter()
        .flat_map(|name| view.calls_of(name))
    {
        let scope = code
            .function_at(call.open)
            .and_then(|s| code.functions().get(s));
        let (Some(scope), Some(every)) = (scope, code.arguments(call.open).into_iter().next())
        else {
            continue;
        };
        let end = scope.body.end.min(call.open + timers::REACH);
        // What stands in the brackets is the period, which may be named for the job.
        let behind = code.partner(call.open).unwrap_or(call.open);
        if let Some(name) = timers::removal(code, behind..end) {
            let every = period(view, every);
            let token = |at: usize| code.tokens.get(at);
            let text = token(every.start).zip(token(every.end.saturating_sub(1)));
            let text = text.and_then(|(a, b)| file_text(view, a.start, b.end));
            let detail = text.map(|every| format!("every {every}"));
            crate::scan::mark(acc, view.file, call.line, Topic::ScheduledJob, name, detail);
        }
    }
}

/// The expression that a constant of this file gives for a period; else the one that stands there.
fn period(view: &CodeView<'_, '_>, every: std::ops::Range<usize>) -> std::ops::Range<usize> {
    let name = view.code.ident(every.start).filter(|_| every.len() == 1);
    let definitions = name
        .map(|name| view.visible(name, every.start))
        .unwrap_or_default();
    match definitions.as_slice() {
        [one] if !one.param && one.scope.is_none() && !one.value.is_empty() => one.value.clone(),
        _ => every,
    }
}

/// `Encoding: "json"` of a `zap.Config`.
fn json_lines(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if !file.text.contains("zap.Config{") {
        return;
    }
    let code = file.code();
    for at in 0..code.tokens.len() {
        let set = code.is(at, "Encoding") && code.is(at + 1, ":");
        if set && code.string(at + 2) == Some("json") {
            let detail = Some("JSON".to_owned());
            crate::scan::mark(acc, file, code.line(at), Topic::Logging, "zap", detail);
        }
    }
}

const IMPORTS: &[ImportMark] = &[
    (
        "github.com/golang-jwt/jwt",
        Topic::Authentication,
        "JSON Web Tokens",
    ),
    (
        "github.com/dgrijalva/jwt-go",
        Topic::Authentication,
        "JSON Web Tokens",
    ),
    (
        "github.com/lestrrat-go/jwx",
        Topic::Authentication,
        "JSON Web Tokens",
    ),
    (
        "github.com/coreos/go-oidc",
        Topic::Authentication,
        "OpenID Connect",
    ),
    ("crypto/tls", Topic::Tls, "TLS settings in code"),
    (
        "google.golang.org/grpc/credentials/insecure",
        Topic::Tls,
        "gRPC without TLS",
    ),
    (
        "github.com/gorilla/sessions",
        Topic::Authentication,
        "session cookies",
    ),
    (
        "github.com/gorilla/securecookie",
        Topic::Authentication,
        "signed cookies",
    ),
    ("github.com/casbin/casbin", Topic::Authorization, "Casbin"),
    (
        "github.com/open-policy-agent/opa",
        Topic::Authorization,
        "Open Policy Agent",
    ),
    (
        "golang.org/x/crypto/bcrypt",
        Topic::Encryption,
        "bcrypt password hashes",
    ),
    (
        "golang.org/x/crypto/argon2",
        Topic::Encryption,
        "Argon2 password hashes",
    ),
    ("crypto/aes", Topic::Encryption, "AES encryption"),
    (
        "golang.org/x/crypto/chacha20poly1305",
        Topic::Encryption,
        "ChaCha20-Poly1305 encryption",
    ),
    (
        "golang.org/x/crypto/nacl/secretbox",
        Topic::Encryption,
        "encryption by secretbox",
    ),
    (
        "github.com/asaskevich/govalidator",
        Topic::InputValidation,
        "govalidator",
    ),
    (
        "github.com/gorilla/csrf",
        Topic::SecurityHeader,
        "CSRF tokens",
    ),
    (
        "github.com/go-playground/validator",
        Topic::InputValidation,
        "go-playground/validator",
    ),
    (
        "github.com/go-ozzo/ozzo-validation",
        Topic::InputValidation,
        "ozzo-validation",
    ),
];

const PROMETHEUS: &str = "github.com/prometheus/client_golang/prometheus";
const OTEL: &str = "go.opentelemetry.io/otel";
const REDIS: &str = "github.com/redis/go-redis github.com/go-redis/redis";

static TABLE: Table = Table::new(RULES);

const RULES: &[Rule] = &[
    mark(
        PROMETHEUS,
        "NewCounter NewCounterVec NewGauge NewGaugeVec NewGaugeFunc NewCounterFunc NewHistogram NewHistogramVec NewSummary NewSummaryVec",
        Topic::Metric,
        "prometheus",
        "Help=",
    ),
    mark(
        OTEL,
        "Int64Counter Float64Counter Int64UpDownCounter Float64UpDownCounter Int64Histogram Float64Histogram Int64Gauge Float64Gauge Int64ObservableGauge Int64ObservableCounter",
        Topic::Metric,
        "0",
        "",
    ),
    mark(
        "go.opentelemetry.io/otel/sdk/trace",
        "NewTracerProvider",
        Topic::Tracing,
        "=OpenTelemetry",
        "@",
    ),
    mark(
        "go.opentelemetry.io/otel/sdk/metric",
        "NewMeterProvider",
        Topic::Telemetry,
        "=OpenTelemetry~metrics",
        "@",
    ),
    mark(
        "go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracegrpc go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp go.opentelemetry.io/otel/exporters/otlp/otlptrace",
        "New",
        Topic::Tracing,
        "=OTLP~exporter",
        "",
    ),
    mark(
        "go.opentelemetry.io/otel/exporters/jaeger go.opentelemetry.io/otel/exporters/zipkin",
        "New",
        Topic::Tracing,
        "=Jaeger~or~Zipkin~exporter",
        "0",
    ),
    mark(
        "go.opentelemetry.io/contrib/instrumentation",
        "NewHandler NewTransport Middleware NewServerHandler NewClientHandler UnaryServerInterceptor UnaryClientInterceptor StreamServerInterceptor",
        Topic::Tracing,
        "=OpenTelemetry~instrumentation",
        "@",
    ),
    mark(
        "github.com/openzipkin/zipkin-go",
        "NewTracer",
        Topic::Tracing,
        "=Zipkin",
        "",
    ),
    mark(
        "github.com/uber/jaeger-client-go",
        "NewTracer",
        Topic::Tracing,
        "=Jaeger",
        "",
    ),
    mark(
        "gopkg.in/DataDog/dd-trace-go github.com/DataDog/dd-trace-go",
        "Start",
        Topic::Tracing,
        "=Datadog",
        "",
    ),
    mark(
        "cloud.google.com/go/profiler",
        "Start",
        Topic::Telemetry,
        "=Google~Cloud~Profiler",
        "Service=",
    ),
    mark(
        "github.com/getsentry/sentry-go",
        "Init",
        Topic::Telemetry,
        "=Sentry",
        "",
    ),
    mark(
        "github.com/newrelic/go-agent",
        "NewApplication",
        Topic::Telemetry,
        "=New~Relic",
        "",
    ),
    mark(
        "go.uber.org/zap",
        "NewProduction NewDevelopment New NewProductionConfig NewDevelopmentConfig",
        Topic::Logging,
        "=zap",
        "@",
    ),
    mark(
        "github.com/sirupsen/logrus",
        "New JSONFormatter TextFormatter",
        Topic::Logging,
        "=logrus",
        "@",
    ),
    mark(
        "github.com/rs/zerolog",
        "New",
        Topic::Logging,
        "=zerolog",
        "@",
    ),
    mark(
        "log/slog",
        "NewJSONHandler NewTextHandler SetDefault",
        Topic::Logging,
        "=slog",
        "@",
    ),
    mark(
        "github.com/sirupsen/logrus",
        "SetLevel",
        Topic::LogLevel,
        "0",
        "",
    ),
    mark(
        "github.com/rs/zerolog",
        "SetGlobalLevel Level",
        Topic::LogLevel,
        "0",
        "",
    ),
    mark("log/slog", "HandlerOptions", Topic::LogLevel, "Level=", ""),
    mark(
        "github.com/cenkalti/backoff",
        "NewExponentialBackOff NewConstantBackOff Retry",
        Topic::Retry,
        "=cenkalti/backoff",
        "@",
    ),
    mark(
        "github.com/avast/retry-go",
        "Do DoWithData",
        Topic::Retry,
        "=avast/retry-go",
        "",
    ),
    mark(
        "github.com/avast/retry-go",
        "Attempts",
        Topic::Retry,
        "=attempts",
        "0!",
    ),
    mark(
        "github.com/hashicorp/go-retryablehttp",
        "NewClient",
        Topic::Retry,
        "=go-retryablehttp",
        "",
    ),
    mark(
        "github.com/sethvargo/go-retry",
        "NewExponential NewConstant NewFibonacci",
        Topic::Retry,
        "=go-retry",
        "0",
    ),
    mark(
        "github.com/sony/gobreaker",
        "NewCircuitBreaker NewTwoStepCircuitBreaker",
        Topic::CircuitBreaker,
        "Name= =gobreaker",
        "=gobreaker",
    ),
    mark(
        "github.com/afex/hystrix-go",
        "ConfigureCommand Do",
        Topic::CircuitBreaker,
        "0",
        "=hystrix-go",
    ),
    mark(
        "net/http$",
        "Client",
        Topic::Timeout,
        "=HTTP~client",
        "Timeout=!",
    ),
    mark(
        "net/http$",
        "Server",
        Topic::Timeout,
        "=HTTP~server~read",
        "ReadTimeout= ReadHeaderTimeout=!",
    ),
    mark(
        "net/http$",
        "TimeoutHandler",
        Topic::Timeout,
        "=HTTP~handler",
        "1!",
    ),
    mark(
        "context$",
        "WithTimeout",
        Topic::Timeout,
        "=context.WithTimeout",
        "1!",
    ),
    mark(
        "golang.org/x/time/rate$",
        "NewLimiter",
        Topic::RateLimit,
        "=golang.org/x/time/rate",
        "0",
    ),
    mark(
        "github.com/go-chi/httprate",
        "Limit LimitByIP LimitAll",
        Topic::RateLimit,
        "=httprate",
        "0",
    ),
    mark(
        "github.com/ulule/limiter",
        "New NewRateFromFormatted",
        Topic::RateLimit,
        "=ulule/limiter",
        "0",
    ),
    mark(
        "github.com/didip/tollbooth",
        "NewLimiter",
        Topic::RateLimit,
        "=tollbooth",
        "0",
    ),
    mark(
        "github.com/gofiber/fiber/middleware/limiter",
        "New",
        Topic::RateLimit,
        "=fiber~limiter",
        "Max=",
    ),
    mark(
        "github.com/rs/cors github.com/gin-contrib/cors github.com/gofiber/fiber/middleware/cors",
        "New Default AllowAll",
        Topic::Cors,
        "=CORS~middleware",
        "AllowedOrigins= AllowOrigins=",
    ),
    mark(
        "github.com/go-chi/cors",
        "Handler New",
        Topic::Cors,
        "=CORS~middleware",
        "AllowedOrigins=",
    ),
    mark(
        "github.com/gorilla/handlers",
        "CORS",
        Topic::Cors,
        "=CORS~middleware",
        "",
    ),
    mark(
        "github.com/gorilla/handlers",
        "AllowedOrigins",
        Topic::Cors,
        "=allowed~origins",
        "0",
    ),
    mark(
        "github.com/labstack/echo",
        "CORS CORSWithConfig",
        Topic::Cors,
        "=CORS~middleware",
        "AllowOrigins=",
    ),
    mark(
        "github.com/labstack/echo/middleware",
        "JWT JWTWithConfig",
        Topic::Authentication,
        "=JWT~middleware~of~echo",
        "",
    ),
    mark(
        "github.com/labstack/echo/middleware",
        "BasicAuth KeyAuth",
        Topic::Authentication,
        "@",
        "",
    ),
    mark(
        "github.com/labstack/echo/middleware",
        "Secure SecureWithConfig",
        Topic::SecurityHeader,
        "=secure~middleware~of~echo",
        "",
    ),
    mark(
        "github.com/gin-gonic/gin$",
        "BasicAuth",
        Topic::Authentication,
        "=BasicAuth~of~gin",
        "",
    ),
    mark(
        "github.com/go-chi/chi/middleware$",
        "Heartbeat",
        Topic::HealthCheck,
        "0",
        "=Heartbeat~of~chi",
    ),
    mark(
        "github.com/unrolled/secure",
        "New",
        Topic::SecurityHeader,
        "=unrolled/secure",
        "",
    ),
    mark(
        "github.com/gofiber/fiber/middleware/helmet github.com/gofiber/helmet",
        "New",
        Topic::SecurityHeader,
        "=helmet",
        "",
    ),
    mark(
        REDIS,
        "Set SetNX SetEX SetEx",
        Topic::CacheUse,
        "=Redis~entry~with~expiry",
        "3!",
    ),
    mark(REDIS, "Expire", Topic::CacheUse, "=Redis~expiry", "2!"),
    mark(
        "github.com/patrickmn/go-cache",
        "New",
        Topic::CacheUse,
        "=go-cache",
        "0",
    ),
    mark(
        "github.com/dgraph-io/ristretto",
        "NewCache",
        Topic::CacheUse,
        "=Ristretto",
        "MaxCost=",
    ),
    mark(
        "github.com/allegro/bigcache",
        "NewBigCache New",
        Topic::CacheUse,
        "=BigCache",
        "",
    ),
    mark(
        "github.com/hashicorp/golang-lru",
        // The first argument is how many entries it holds.
        "New NewLRU",
        Topic::CacheUse,
        "=golang-lru,~entries~at~most",
        "0",
    ),
    mark(
        "github.com/open-feature/go-sdk",
        "BooleanValue StringValue IntValue FloatValue ObjectValue Boolean",
        Topic::FeatureFlag,
        "1",
        "=OpenFeature",
    ),
    mark(
        "github.com/launchdarkly/go-server-sdk gopkg.in/launchdarkly/go-server-sdk",
        "BoolVariation StringVariation IntVariation JSONVariation",
        Topic::FeatureFlag,
        "0",
        "=LaunchDarkly",
    ),
    mark(
        "github.com/Unleash/unleash-client-go",
        "IsEnabled",
        Topic::FeatureFlag,
        "0",
        "=Unleash",
    ),
    mark(
        "github.com/robfig/cron",
        "AddFunc AddJob",
        Topic::ScheduledJob,
        "0",
        "=robfig/cron",
    ),
    mark(
        "github.com/go-co-op/gocron",
        "CronJob Cron",
        Topic::ScheduledJob,
        "0",
        "=gocron",
    ),
    mark(
        "net/http",
        "ListenAndServeTLS ServeTLS",
        Topic::Tls,
        "=HTTP~server~with~TLS",
        "",
    ),
    mark(
        "google.golang.org/grpc/credentials",
        "NewTLS NewClientTLSFromFile NewServerTLSFromFile NewClientTLSFromCert",
        Topic::Tls,
        "=gRPC~with~TLS",
        "@",
    ),
    mark(
        "crypto/tls",
        "LoadX509KeyPair X509KeyPair",
        Topic::Tls,
        "=TLS~key~pair",
        "",
    ),
    mark(
        "golang.org/x/crypto/acme/autocert",
        "Manager NewListener",
        Topic::Tls,
        "=ACME~certificates",
        "",
    ),
    mark(
        "github.com/golang-migrate/migrate",
        "New NewWithDatabaseInstance",
        Topic::Migration,
        "=golang-migrate",
        "0",
    ),
    mark(
        "github.com/pressly/goose",
        "Up UpContext",
        Topic::Migration,
        "=goose",
        "",
    ),
    mark(
        "gorm.io/gorm github.com/jinzhu/gorm",
        "AutoMigrate",
        Topic::Migration,
        "=GORM~AutoMigrate",
        "",
    ),
    mark(
        "gorm.io/gorm github.com/jinzhu/gorm",
        "Open",
        Topic::Orm,
        "=GORM",
        "",
    ),
];
