//! Tables of calls: which call of which library says what.
//!
//! A rule names the library and the function; the engine resolves imports, variables and
//! parameters, folds the arguments, and makes the claim.

use crate::code_view::{CodeView, is_below, is_unknown};
use crate::facts::{Channel, Claim, Client, FileFacts, Mark, Uses};
use crate::secrets;
use groundplan_model::Topic;
use groundplan_syntax::{Call, Language};
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::OnceLock;

/// HTTP methods.
pub(crate) const METHODS: &[&str] = &[
    "GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "CONNECT", "TRACE",
];

/// One rule. Selectors are separated by blanks and tried in order: `0` is a positional argument,
/// `addr=` a named argument or field of a literal, `=text` a fixed text with `~` for
/// blanks, `@` the name of the call,
/// `host+` an address put together of host, port and database, `amqp:0` an exchange or its key,
/// `prometheus` a full metric name, `text` the first argument as it is written;
/// `!` at the end: without one of these the rule says nothing.
pub(crate) struct Rule {
    /// Modules, types or constructors of the receiver, separated by blanks: `a.B` is `a.B` and all
    /// below it, `a.B$` is `a.B` only, `?a` is a receiver that this file does not tell while it
    /// imports `a`.
    pub(crate) on: &'static str,
    /// Functions or methods, separated by blanks.
    pub(crate) call: &'static str,
    /// Where the address, name or topic stands.
    pub(crate) value: &'static str,
    /// What it says.
    pub(crate) give: Give,
}

pub(crate) enum Give {
    /// Somebody else is called.
    Client {
        protocol: &'static str,
        library: &'static str,
        /// Selectors of the HTTP method; empty if it is no HTTP.
        method: &'static str,
    },
    /// A topic, queue or subject is used.
    Channel {
        broker: &'static str,
        produces: bool,
        consumes: bool,
    },
    /// An observation; the value is its name, and selectors give the detail; with `!` at their
    /// end the detail must be a number.
    Mark { topic: Topic, detail: &'static str },
}

pub(crate) const fn client(
    on: &'static str,
    call: &'static str,
    value: &'static str,
    protocol: &'static str,
    library: &'static str,
) -> Rule {
    Rule {
        on,
        call,
        value,
        give: Give::Client {
            protocol,
            library,
            method: "",
        },
    }
}

pub(crate) const fn http(
    on: &'static str,
    call: &'static str,
    value: &'static str,
    method: &'static str,
    library: &'static str,
) -> Rule {
    Rule {
        on,
        call,
        value,
        give: Give::Client {
            protocol: "http",
            library,
            method,
        },
    }
}

pub(crate) const fn produces(
    on: &'static str,
    call: &'static str,
    value: &'static str,
    broker: &'static str,
) -> Rule {
    channel(on, call, value, broker, true, false)
}

pub(crate) const fn consumes(
    on: &'static str,
    call: &'static str,
    value: &'static str,
    broker: &'static str,
) -> Rule {
    channel(on, call, value, broker, false, true)
}

pub(crate) const fn channel(
    on: &'static str,
    call: &'static str,
    value: &'static str,
    broker: &'static str,
    produces: bool,
    consumes: bool,
) -> Rule {
    Rule {
        on,
        call,
        value,
        give: Give::Channel {
            broker,
            produces,
            consumes,
        },
    }
}

pub(crate) const fn mark(
    on: &'static str,
    call: &'static str,
    topic: Topic,
    value: &'static str,
    detail: &'static str,
) -> Rule {
    Rule {
        on,
        call,
        value,
        give: Give::Mark { topic, detail },
    }
}

/// A claim is made where its call stands.
type Found = (u32, u32, Claim);

/// Rules with an index by function, built once.
pub(crate) struct Table {
    rules: &'static [Rule],
    /// Only ever asked for a name, so that its order shows nowhere.
    by_call: OnceLock<FxHashMap<&'static str, Vec<&'static Rule>>>,
}

impl Table {
    pub(crate) const fn new(rules: &'static [Rule]) -> Self {
        Table {
            rules,
            by_call: OnceLock::new(),
        }
    }

    fn by_call(&self) -> &FxHashMap<&'static str, Vec<&'static Rule>> {
        self.by_call.get_or_init(|| {
            let mut all: FxHashMap<&str, Vec<&Rule>> = FxHashMap::default();
            for rule in self.rules {
                for name in rule.call.split(' ') {
                    all.entry(name).or_default().push(rule);
                }
            }
            all
        })
    }
}

/// Adds what the rules find in a file, in the order of the lines.
pub(crate) fn apply(acc: &mut FileFacts, view: &CodeView<'_, '_>, table: &'static Table) {
    let by_call = table.by_call();
    let mut found: Vec<Found> = Vec::new();
    for (last, calls) in view.calls() {
        // `from redis import Redis as R` hides the name; the alias tells it.
        let original = view
            .alias(last)
            .and_then(|whole| whole.rsplit_once('.'))
            .map_or(last, |(_, name)| name);
        let Some(candidates) = by_call.get(last).or_else(|| by_call.get(original)) else {
            continue;
        };
        for &call in calls {
            let callee = view.callee(call);
            let on = callee.on.as_deref();
            let fits = |r: &&&'static Rule| {
                r.call.split(' ').any(|c| c == callee.method)
                    && r.on.split(' ').any(|p| is_on(view, on, p))
            };
            // One call makes one claim of a client or channel, but may show several things.
            for rule in candidates.iter().filter(fits) {
                run(view, call, rule, &mut found);
                if !matches!(rule.give, Give::Mark { .. }) {
                    break;
                }
            }
        }
    }
    found.sort_by_key(|(first, last, _)| (*first, *last));
    let mut seen = BTreeSet::new();
    for (first, last, claim) in found {
        // The same observation twice in one file says nothing more.
        let line = if matches!(claim, Claim::Mark(_)) {
            0
        } else {
            first
        };
        if seen.insert((line, format!("{claim:?}"))) {
            acc.add(view.file, first, last, claim);
        }
    }
}

fn is_on(view: &CodeView<'_, '_>, on: Option<&str>, pattern: &str) -> bool {
    match (on, pattern.strip_prefix('?')) {
        (Some(on), None) => match pattern.strip_suffix('$') {
            Some(exact) => on == exact,
            None => is_below(on, pattern),
        },
        (None, Some(module)) => view.imports_any(&[module]),
        _ => false,
    }
}

fn run(view: &CodeView<'_, '_>, call: Call, rule: &Rule, found: &mut Vec<Found>) {
    let lines = |call: Call| (view.code.line(call.first), last_line(view, call));
    let values: Vec<(Option<String>, Call)> = match selected(view, call, rule.value) {
        Selected::Text(text) => vec![(Some(text), call)],
        Selected::Range(range) => through_parameter(view, range, call, 0),
        Selected::Nothing if rule.value.ends_with('!') => return,
        Selected::Nothing => vec![(None, call)],
    };
    for (value, place) in values {
        let (first, last) = lines(place);
        let claim = match &rule.give {
            Give::Client {
                protocol,
                library,
                method,
            } => client_claim(view, call, value, protocol, library, method),
            Give::Channel {
                broker,
                produces,
                consumes,
            } => {
                let Some(name) = value.filter(|n| is_name(n)) else {
                    // The name of the topic stands in another file; that there is one stands here.
                    for (side, on) in [("producer", *produces), ("consumer", *consumes)] {
                        let uses = Uses {
                            technology: (*broker).to_owned(),
                            side: side.to_owned(),
                            mark: view.callee(call).method.into_owned(),
                        };
                        found.extend(on.then_some((first, last, Claim::Uses(uses))));
                    }
                    continue;
                };
                Some(Claim::Channel(Channel {
                    name,
                    produces: *produces,
                    consumes: *consumes,
                    broker: Some((*broker).to_owned()),
                    awaited: false,
                }))
            }
            Give::Mark { topic, detail } => {
                let Some(name) = value.and_then(|v| mark_name(*topic, &v)) else {
                    continue;
                };
                let needed = detail.ends_with('!');
                let detail = text_of(view, call, detail.trim_end_matches('!'))
                    .map(|d| secrets::without_credentials(&d))
                    .filter(|d| !secrets::is_secret_value(d) && d.len() <= 240 && !d.is_empty());
                let by_name = needed && *topic == Topic::Timeout && detail.is_none()
                    || needed && detail.as_deref().is_some_and(|d| d.contains('{'));
                if by_name && names_a_time(view, call, &give_detail(rule)) {
                    found.push((
                        first,
                        last,
                        Claim::Mark(Mark {
                            topic: *topic,
                            name,
                            detail: None,
                        }),
                    ));
                    continue;
                }
                if needed
                    && !detail
                        .as_deref()
                        .is_some_and(|d| d.bytes().any(|b| b.is_ascii_digit()))
                {
                    continue;
                }
                Some(Claim::Mark(Mark {
                    topic: *topic,
                    name,
                    detail,
                }))
            }
        };
        found.extend(claim.map(|c| (first, last, c)));
    }
}

fn give_detail(rule: &Rule) -> String {
    match &rule.give {
        Give::Mark { detail, .. } => detail.trim_end_matches('!').to_owned(),
        _ => String::new(),
    }
}

/// Whether a value is the name of a time that stands elsewhere: `timeout=settings.TIMEOUT`.
fn names_a_time(view: &CodeView<'_, '_>, call: Call, selectors: &str) -> bool {
    let Selected::Range(range) = selected(view, call, selectors) else {
        return false;
    };
    source(view, range).is_some_and(|text| {
        let lower = text.to_ascii_lowercase();
        ["timeout", "deadline", "seconds"]
            .iter()
            .any(|w| lower.contains(w))
    })
}

/// The name of an observation; what this file does not tell is no name, but a level may be a
/// constant: `logging.INFO`.
fn mark_name(topic: Topic, value: &str) -> Option<String> {
    let value = value.trim();
    if topic == Topic::LogLevel && !value.starts_with("{env:") {
        let word = value.trim_matches(['{', '}']);
        let word = word.rsplit(['.', ':']).next().unwrap_or(word);
        let word = word.strip_suffix("Level").unwrap_or(word);
        let word = word
            .strip_prefix("Level")
            .unwrap_or(word)
            .to_ascii_lowercase();
        const LEVELS: [&str; 10] = [
            "trace", "debug", "info", "notice", "warn", "warning", "error", "critical", "fatal",
            "notset",
        ];
        return LEVELS.contains(&word.as_str()).then_some(word);
    }
    let untold = value.contains('{') && !value.contains("{env:");
    (!value.is_empty() && value.len() <= 120 && !untold && !value.contains('\n'))
        .then(|| value.to_owned())
}

/// A name of a channel says something: `{topic}` alone does not, unless it is a variable of the
/// environment.
fn is_name(name: &str) -> bool {
    let known = name.contains("{env:")
        || name.split('{').any(|part| {
            part.rsplit('}')
                .next()
                .is_some_and(|p| p.chars().any(char::is_alphanumeric))
        });
    known && name.len() <= 200 && !name.contains(['\n', '<'])
}

fn client_claim(
    view: &CodeView<'_, '_>,
    call: Call,
    target: Option<String>,
    protocol: &str,
    library: &str,
    method: &str,
) -> Option<Claim> {
    let target = target
        .map(|t| address(&t))
        .filter(|t| !t.is_empty() && t.len() <= 400 && !t.contains('\n'))
        .filter(|t| !secrets::is_secret_value(t));
    let is_http = !method.is_empty();
    let go = view.code.language == Language::Go;
    let target = target.map(|t| {
        if go && is_http {
            told(view, call, t)
        } else {
            t
        }
    });
    let method = text_of(view, call, method).map(|m| m.to_ascii_uppercase());
    let method = method.filter(|m| METHODS.contains(&m.as_str()));
    if is_http && target.is_none() {
        return None;
    }
    let scheme = target
        .as_deref()
        .and_then(|t| t.split_once("://"))
        .map(|(scheme, _)| scheme.to_owned())
        .filter(|s| !s.contains('{'))
        // `sql.Open("postgres", dsn)` names the driver, and so does `ConnectContext(ctx, "postgres", dsn)`.
        .or_else(|| text_of(view, call, "0").filter(|t| go && !t.contains('{')))
        .or_else(|| text_of(view, call, "1").filter(|t| go && is_driver(t)));
    let protocol = match scheme {
        Some(scheme) if protocol == "sql" => protocol_of(&scheme).to_owned(),
        _ => protocol.to_owned(),
    };
    Some(Claim::Client(Client {
        protocol,
        target,
        method,
        library: (!library.is_empty()).then(|| library.to_owned()),
        operation: None,
    }))
}

/// An address without what only names of code stand for: of `base + url` and `strings.Replace(raw, …)` the
/// host is all that is known.
fn told(view: &CodeView<'_, '_>, call: Call, target: String) -> String {
    const PATHS: [&str; 12] = [
        "endpoint", "path", "query", "resource", "rest", "route", "suffix", "target", "uri", "url",
        "urlpath", "urlstr",
    ];
    let Some(host) = target.find("://").map(|at| at + 3) else {
        return target;
    };
    let mut from = host;
    while let Some(at) = target[from..].find('{').map(|at| from + at) {
        let name = target[at + 1..].split('}').next().unwrap_or_default();
        let last = name.rsplit('.').next().unwrap_or(name);
        let close = view.code.partner(call.open).unwrap_or(call.open);
        let called =
            (call.open..close).any(|at| view.code.is(at, last) && view.code.is(at + 1, "("));
        let open = PATHS.contains(&name.to_ascii_lowercase().as_str())
            || name.starts_with(char::is_uppercase) && !name.contains(['.', ':'])
            || called;
        let Some(start) = target[host..at].rfind(['/', '?']).map(|found| host + found) else {
            from = at + 1;
            continue;
        };
        if open {
            let end = target[host..].find('?').map(|found| host + found);
            return target[..end.filter(|&end| end < start).unwrap_or(start)].to_owned();
        }
        from = at + 1;
    }
    target
}

/// A folded address without credentials; `user:password@tcp(host)/db` has no scheme.
pub(crate) fn address(text: &str) -> String {
    let clean = secrets::without_credentials(text.trim());
    if clean.contains("://") {
        return clean;
    }
    match clean.rsplit_once('@') {
        Some((head, tail)) if head.contains(':') => tail.to_owned(),
        _ => clean,
    }
}

/// Whether a text is the name of a driver of SQL: in its place may as well stand an address or a name.
fn is_driver(text: &str) -> bool {
    let known = [
        "clickhouse",
        "mysql",
        "oracle",
        "postgresql",
        "sqlite",
        "sqlserver",
    ];
    text.bytes().all(|b| b.is_ascii_alphanumeric()) && known.contains(&protocol_of(text))
}

/// The knowledge id behind the scheme of a connection string or the name of a driver.
pub(crate) fn protocol_of(scheme: &str) -> &str {
    match scheme.split('+').next().unwrap_or(scheme) {
        "postgres" | "postgresql" | "pgx" | "pq" | "cockroachdb" | "psycopg2" => "postgresql",
        "mysql" | "mariadb" => "mysql",
        "sqlite" | "sqlite3" => "sqlite",
        "mssql" | "sqlserver" => "sqlserver",
        "mongodb" | "mongodb+srv" => "mongodb",
        "redis" | "rediss" => "redis",
        "amqp" | "amqps" => "amqp",
        "oracle" | "godror" => "oracle",
        "clickhouse" => "clickhouse",
        other => other,
    }
}

enum Selected {
    Range(Range<usize>),
    Text(String),
    Nothing,
}

fn selected(view: &CodeView<'_, '_>, call: Call, selectors: &str) -> Selected {
    for selector in selectors.split(' ').filter(|s| !s.is_empty()) {
        if let Some(text) = selector.strip_prefix('=') {
            return Selected::Text(text.replace('~', " "));
        }
        if selector == "@" {
            let name = view.callee(call).method.into_owned();
            return Selected::Text(name);
        }
        if let Some(place) = selector.strip_prefix("amqp:") {
            return exchange_and_key(view, call, place).map_or(Selected::Nothing, Selected::Text);
        }
        if selector == "prometheus" {
            // The full name is namespace, subsystem and name.
            let part = |key: &str| view.field(call.open, key).and_then(|r| view.constant(r));
            let parts = ["Namespace", "Subsystem", "Name"].map(part);
            if parts[2].is_none() {
                return Selected::Nothing;
            }
            let words: Vec<String> = parts.into_iter().flatten().collect();
            return Selected::Text(words.join("_"));
        }
        if selector == "text" {
            let text = view
                .code
                .arguments(call.open)
                .into_iter()
                .next()
                .and_then(|r| source(view, r));
            return text.map_or(Selected::Nothing, Selected::Text);
        }
        let range = if let Ok(index) = selector.parse::<usize>() {
            view.argument(call.open, index)
        } else if selector == "host+" {
            if let Some(text) = address_of_parts(view, call) {
                return Selected::Text(text);
            }
            None
        } else {
            selector
                .strip_suffix('=')
                .and_then(|name| view.field(call.open, name))
        };
        if let Some(range) = range.filter(|r| !r.is_empty()) {
            return Selected::Range(range);
        }
    }
    Selected::Nothing
}

/// AMQP publishes to an exchange under a key: the exchange is the channel, of the nameless one the
/// key, which is the queue then.
fn exchange_and_key(view: &CodeView<'_, '_>, call: Call, place: &str) -> Option<String> {
    let (exchange, key) = match place.parse::<usize>() {
        Ok(index) => (
            view.argument(call.open, index),
            view.argument(call.open, index + 1),
        ),
        Err(_) => (
            view.field(call.open, "exchange"),
            view.field(call.open, "routing_key"),
        ),
    };
    let text = |range: Option<Range<usize>>| range.and_then(|r| view.fold(r));
    text(exchange)
        .filter(|e| is_name(e))
        .or_else(|| text(key).filter(|k| is_name(k)))
}

fn text_of(view: &CodeView<'_, '_>, call: Call, selectors: &str) -> Option<String> {
    match selected(view, call, selectors) {
        Selected::Text(text) => Some(text),
        Selected::Range(range) => {
            // A duration or number is as good a value as a string: `10 * time.Second`.
            view.fold(range.clone())
                .filter(|t| !is_unknown(t))
                .or_else(|| listed(view, &range))
                .or_else(|| number(view, range))
        }
        Selected::Nothing => None,
    }
}

/// The literals of a list: `[]string{"a", "b"}`, `["a", "b"]`.
fn listed(view: &CodeView<'_, '_>, range: &Range<usize>) -> Option<String> {
    let list = matches!(view.code.raw(range.start), "[" | "vec" | "&");
    let words: Vec<&str> = range
        .clone()
        .filter_map(|at| view.code.string(at))
        .collect();
    (list && !words.is_empty()).then(|| words.join(", "))
}

/// A short expression with a number as it is written: `10 * time.Second`; of a name the
/// expression it was given.
fn number(view: &CodeView<'_, '_>, range: Range<usize>) -> Option<String> {
    let numeric = |text: &String| {
        text.bytes().any(|b| b.is_ascii_digit()) && !text.contains(['"', '\'', '[', '`'])
    };
    let range = match view.code.ident(range.start) {
        Some(name) if range.len() == 1 => {
            let definition = view.visible(name, range.start).into_iter().next_back()?;
            definition.value.clone()
        }
        _ => range,
    };
    source(view, range).filter(numeric)
}

/// A short expression as it is written.
fn source(view: &CodeView<'_, '_>, range: Range<usize>) -> Option<String> {
    let first = view.code.tokens.get(range.start)?;
    let last = view.code.tokens.get(range.end.checked_sub(1)?)?;
    let text = view
        .code
        .text
        .get(first.start as usize..last.end as usize)?;
    (text.len() <= 60 && !text.contains('\n')).then(|| text.to_owned())
}

/// `host=…, port=…, dbname=…` as an address.
fn address_of_parts(view: &CodeView<'_, '_>, call: Call) -> Option<String> {
    let pick = |names: &[&str]| {
        names
            .iter()
            .find_map(|n| view.field(call.open, n))
            .and_then(|r| {
                let number = view.code.raw(r.start).to_owned();
                let plain = r.len() == 1 && number.bytes().all(|b| b.is_ascii_digit());
                if plain { Some(number) } else { view.fold(r) }
            })
    };
    let mut address = pick(&["host", "hostname", "server", "Host"])?;
    if let Some(port) = pick(&["port", "Port"]).filter(|p| !address.ends_with(&format!(":{p}"))) {
        address = format!("{address}:{port}");
    }
    let base = pick(&["dbname", "database", "db", "db_name"]);
    // A number is an index of Redis, no name.
    if let Some(base) = base.filter(|b| b.parse::<u32>().is_err()) {
        address = format!("{address}/{base}");
    }
    Some(address)
}

/// An address that begins with a parameter of its function (`"{base}/orders"`), with what the
/// callers in this file give for it, if all that can be read agree.
fn with_given(view: &CodeView<'_, '_>, text: String, at: usize, depth: u8) -> String {
    let Some((word, rest)) = text.strip_prefix('{').and_then(|t| t.split_once('}')) else {
        return text;
    };
    if depth > 2 || !rest.starts_with('/') {
        return text;
    }
    let mut given: Option<String> = None;
    for (mut range, _) in given_by_callers(view, word, at) {
        // A reference to a value is the value.
        while range.len() > 1 && matches!(view.code.raw(range.start), "&" | "*" | "mut") {
            range.start += 1;
        }
        let Some(value) = view.fold(range).filter(|v| !is_unknown(v)) else {
            continue;
        };
        match &given {
            Some(known) if *known != value => return text,
            _ => given = Some(value),
        }
    }
    match given {
        Some(base) => format!("{}{rest}", base.trim_end_matches('/')),
        None => text,
    }
}

/// What the callers in this file give for a parameter of the function around `at`, each with its
/// call; nothing where `word` is no parameter.
fn given_by_callers(view: &CodeView<'_, '_>, word: &str, at: usize) -> Vec<(Range<usize>, Call)> {
    let function = view
        .parameter_of(word, at)
        .and_then(|scope| view.code.functions().get(scope))
        .filter(|f| !f.name.is_empty());
    let Some((function, open)) = function.and_then(|f| Some((f, f.params?))) else {
        return Vec::new();
    };
    let has =
        |r: &Range<usize>, words: &[&str]| r.clone().any(|at| words.contains(&view.code.raw(at)));
    let parameters = view.code.arguments(open);
    let Some(place) = parameters.iter().position(|r| has(r, &[word])) else {
        return Vec::new();
    };
    // The object itself is a parameter of the method, and no argument of its call.
    let has_self = parameters.first().is_some_and(|r| has(r, &["self", "cls"]));
    let place = place.saturating_sub(usize::from(has_self));
    let calls = view.calls_of(function.name).iter();
    calls
        .filter(|c| c.open != open)
        .take(32)
        .filter_map(|&c| {
            let given = view
                .code
                .named_argument(c.open, word)
                .filter(|_| view.code.language == Language::Python)
                .or_else(|| view.argument(c.open, place))?;
            Some((given, c))
        })
        .collect()
}

/// The value; where it is a parameter of the function around, the values that the callers in
/// this file give it, each at the call.
fn through_parameter(
    view: &CodeView<'_, '_>,
    range: Range<usize>,
    call: Call,
    depth: u8,
) -> Vec<(Option<String>, Call)> {
    let single = first_of_list(view, range);
    let own = || {
        let text = view.fold(single.clone());
        let text = text.map(|t| with_given(view, t, single.start, depth));
        let others = view.other_addresses(&single).into_iter().map(Some);
        others.chain([text]).map(|text| (text, call)).collect()
    };
    let Some(word) = view.code.ident(single.start).filter(|_| single.len() == 1) else {
        return own();
    };
    let callers: Vec<(Option<String>, Call)> = given_by_callers(view, word, single.start)
        .into_iter()
        .filter(|_| depth < 3)
        .flat_map(|(given, caller)| through_parameter(view, given, caller, depth + 1))
        .filter(|(value, _)| value.is_some())
        .collect();
    if callers.is_empty() { own() } else { callers }
}

/// The first element of `[]string{a, b}` or `[a, b]`.
fn first_of_list(view: &CodeView<'_, '_>, range: Range<usize>) -> Range<usize> {
    let code = view.code;
    let mut at = range.start;
    if code.is(at, "&") {
        at += 1;
    }
    let vec = code.is(at, "vec") && code.is(at + 1, "!");
    let open = if vec {
        at + 2
    } else if code.is(at, "[") && code.is(at + 1, "]") {
        at + 3
    } else {
        at
    };
    let dictionary = code.language == Language::Python && code.is(open, "{");
    if matches!(code.raw(open), "[" | "{" | "(")
        && !dictionary
        && open < range.end
        && (code.is(at, "[") || vec || open == at)
        && let Some(first) = code.arguments(open).first()
    {
        return first.clone();
    }
    range
}

fn last_line(view: &CodeView<'_, '_>, call: Call) -> u32 {
    let close = view.code.partner(call.open).unwrap_or(call.open);
    view.code.line(close).min(view.code.line(call.first) + 30)
}
