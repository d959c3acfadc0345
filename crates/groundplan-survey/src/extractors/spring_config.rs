//! Configuration files of Spring applications.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, GatewayRoute, Property};
use crate::finders::Finders;
use crate::scan;
use crate::secrets;
use crate::source::SourceFile;
use groundplan_model::Topic;
use groundplan_syntax::{Node, Value};
use std::collections::BTreeMap;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "spring-config",
    docs: "\
### What it finds
Every key of `application` and `bootstrap` files (YAML and properties, with the profile of the file
name or document), with the topics that channels of MicroProfile and Spring Cloud Stream lead to, and of other YAML and properties files that begin a section of Spring, Eureka or
Zuul, as in the folder of a configuration server. Routes of Zuul and Spring Cloud Gateway.

### What it does not find
Values of secrets. Placeholders stay as written. Files below a folder of tests are left out.
",
    reads: &[Reads::Paths(&["*.yml", "*.yaml", "*.properties"])],
    markers: &[],
    run: extract,
};

/// More leaves than this are no configuration but data.
const MAX_LEAVES: usize = 4_000;

/// A key with its value and where it stands.
struct Leaf {
    key: String,
    value: String,
    line: u32,
}

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let name = file.name().to_ascii_lowercase();
    let stem = name
        .rsplit_once('.')
        .map_or(name.as_str(), |(stem, _)| stem);
    let own = ["application", "bootstrap"].iter().find_map(|start| {
        let rest = stem.strip_prefix(start)?;
        (rest.is_empty() || rest.starts_with('-')).then(|| rest.trim_start_matches('-'))
    });
    let yaml = !name.ends_with(".properties");
    let templated = file.path.contains("/templates/") || file.text.contains("{{");
    if scan::is_test(file.path)
        || templated
        || yaml && is_other(file.text)
        || (own.is_none() && crate::paths::is_translation(file.path))
        || (own.is_none() && !is_spring(file.text, yaml, stem))
    {
        return;
    }
    let file_profile = own.filter(|p| !p.is_empty()).map(str::to_owned);
    let documents = if yaml {
        file.yaml().iter().map(|node| flat(node)).collect()
    } else {
        properties(file.text)
    };
    for leaves in documents {
        document(acc, file, &leaves, file_profile.as_deref());
    }
}

/// Whether a file of a usual name is a contract or an object of a cluster, by its first keys:
/// `application.yaml` of Argo CD, `bootstrap.yaml` of a service that is called so.
fn is_other(text: &str) -> bool {
    let keys = ["apiVersion:", "asyncapi:", "openapi:", "swagger:"];
    let mut lines = text.lines().take(200);
    // `swagger:` alone is a section of settings.
    let told = |line: &str, key: &str| {
        let rest = line.strip_prefix(key);
        rest.is_some_and(|version| !version.trim().is_empty())
    };
    lines.any(|line| keys.iter().any(|key| told(line, key)))
}

/// Whether a file without one of the usual names is configuration of Spring, by its sections.
fn is_spring(text: &str, yaml: bool, stem: &str) -> bool {
    if matches!(stem, "values" | "gradle" | "messages") || stem.contains("compose") {
        return false;
    }
    // Hardly any file has one of the words, and to look at the begin of each line costs more.
    static WORDS: Finders = Finders::of(&["spring", "eureka", "zuul"]);
    if !WORDS.any(text) {
        return false;
    }
    let starts = |wanted: &[&str]| {
        text.lines()
            .take(20_000)
            .any(|line| wanted.iter().any(|w| line.starts_with(w)))
    };
    if yaml {
        starts(&["spring:", "eureka:", "zuul:", "spring.", "eureka."])
            && !starts(&["apiVersion:", "services:", "jobs:", "on:"])
    } else {
        starts(&["spring.", "eureka.", "zuul."])
    }
}

fn document(acc: &mut FileFacts, file: &SourceFile<'_>, leaves: &[Leaf], profile: Option<&str>) {
    let activated = leaves.iter().find(|leaf| {
        let key = leaf.key.split('[').next().unwrap_or_default();
        matches!(
            key,
            "spring.profiles"
                | "spring.config.activate.on-profile"
                | "spring.config.activate.onProfile"
        )
    });
    let profile = activated
        .map(|leaf| leaf.value.trim().to_owned())
        .or_else(|| profile.map(str::to_owned));
    for leaf in leaves {
        let cipher = secrets::kept_elsewhere(&leaf.value).filter(|mark| *mark == "{cipher}");
        let value = match cipher {
            Some(mark) => Some(format!("{mark}…")),
            None => secrets::keep(&leaf.key, &leaf.value),
        };
        let property = Property {
            commented: false,
            key: leaf.key.clone(),
            secret: secrets::is_secret_name(&leaf.key) || value.is_none() || cipher.is_some(),
            value,
            profile: profile.clone(),
        };
        acc.add(file, leaf.line, leaf.line, Claim::Property(property));
        // Filters of Spring Cloud Gateway that stand around the calls of its routes.
        if leaf.key.contains("filters[") {
            let topic = match leaf.value.split('=').next().unwrap_or_default() {
                "Retry" => Some(Topic::Retry),
                "CircuitBreaker" => Some(Topic::CircuitBreaker),
                "RequestRateLimiter" => Some(Topic::RateLimit),
                _ => None,
            };
            if let Some(topic) = topic {
                let name = format!("filter {}", leaf.value);
                scan::mark(acc, file, leaf.line, topic, name, None);
            }
        }
        if let Some((topic, name)) = guard(&leaf.key) {
            let field = leaf.key.rsplit('.').next().unwrap_or_default();
            let mut detail = format!("{field} = {}", leaf.value);
            // So many in which time: a limit says nothing without its period.
            if topic == Topic::RateLimit
                && let Some(period) = leaves.iter().find(|l| is_period_of(&l.key, &leaf.key))
            {
                let field = period.key.rsplit('.').next().unwrap_or_default();
                detail.push_str(&format!(", {field} = {}", period.value));
            }
            scan::mark(acc, file, leaf.line, topic, name, Some(detail));
        }
        if let Some(path) = health_path(leaf, leaves) {
            let detail = Some("Spring Boot Actuator".to_owned());
            scan::mark(acc, file, leaf.line, Topic::HealthCheck, path, detail);
        }
        if let Some((name, detail)) = login(leaf) {
            scan::mark(
                acc,
                file,
                leaf.line,
                Topic::Authentication,
                name,
                Some(detail),
            );
        }
        if let Some((name, detail)) = origins(leaf, leaves) {
            scan::mark(acc, file, leaf.line, Topic::Cors, name, detail);
        }
        if let Some(logger) = leaf.key.strip_prefix("logging.level.") {
            let level = leaf.value.to_ascii_uppercase();
            let detail = Some(match &profile {
                Some(profile) => format!("{level} in profile {profile}"),
                None => level,
            });
            scan::mark(acc, file, leaf.line, Topic::LogLevel, logger, detail);
        }
    }
    routes(acc, file, leaves);
    if profile.is_none() {
        channels(acc, file, leaves);
    }
}

/// How callers show who they are, as Micronaut and Quarkus are told in settings
/// (<https://micronaut-projects.github.io/micronaut-security/latest/guide/>,
/// <https://quarkus.io/guides/security-oidc-bearer-token-authentication>).
fn login(leaf: &Leaf) -> Option<(&'static str, String)> {
    let value = leaf.value.trim();
    match leaf.key.as_str() {
        "micronaut.security.authentication" if !value.is_empty() => {
            Some(("Micronaut Security", format!("authentication = {value}")))
        }
        "micronaut.security.token.jwt.enabled" if value == "true" => {
            Some(("Micronaut Security", "token.jwt.enabled = true".to_owned()))
        }
        "quarkus.oidc.client-id" if !value.is_empty() => {
            Some(("Quarkus OIDC", format!("client-id = {value}")))
        }
        _ => None,
    }
}

/// Origins that pages may call from, as Quarkus and Micronaut are told in settings: where they are
/// listed, those; where the rule is only switched on, the switch
/// (<https://quarkus.io/guides/security-cors>, <https://docs.micronaut.io/latest/guide/#cors>).
fn origins(leaf: &Leaf, all: &[Leaf]) -> Option<(String, Option<String>)> {
    let key = leaf.key.to_ascii_lowercase();
    let key = key.split('[').next().unwrap_or_default();
    let listed = |key: &str| {
        key == "quarkus.http.cors.origins"
            || key.starts_with("micronaut.server.cors.configurations.")
                && (key.ends_with(".allowed-origins") || key.ends_with(".allowedorigins"))
    };
    let value = leaf.value.trim();
    if listed(key) && !value.is_empty() {
        return Some((value.to_owned(), None));
    }
    let switch = matches!(
        key,
        "quarkus.http.cors" | "quarkus.http.cors.enabled" | "micronaut.server.cors.enabled"
    );
    let told = all.iter().any(|l| {
        let key = l.key.to_ascii_lowercase();
        listed(key.split('[').next().unwrap_or_default())
    });
    (switch && value == "true" && !told).then(|| (leaf.key.clone(), None))
}

/// What Resilience4j puts around calls, by the setting that its limit stands in
/// (<https://resilience4j.readme.io/docs/getting-started-3#configuration>).
fn guard(key: &str) -> Option<(Topic, &str)> {
    let (kind, rest) = key.strip_prefix("resilience4j.")?.split_once('.')?;
    let rest = rest.strip_prefix("instances.").or_else(|| {
        // What several share says nothing of itself; a named set of them is used by its name.
        let rest = rest.strip_prefix("configs.")?;
        (!rest.starts_with("default.")).then_some(rest)
    })?;
    let (name, field) = rest.split_once('.')?;
    let field: String = field.chars().filter(|c| *c != '-').collect();
    let topic = match (kind, field.to_ascii_lowercase().as_str()) {
        ("ratelimiter", "limitforperiod") => Topic::RateLimit,
        ("circuitbreaker", "failureratethreshold") => Topic::CircuitBreaker,
        ("retry", "maxattempts" | "maxretryattempts") => Topic::Retry,
        ("timelimiter", "timeoutduration") => Topic::Timeout,
        _ => return None,
    };
    Some((topic, name))
}

/// Whether a setting is the period of a limit beside it.
fn is_period_of(key: &str, limit: &str) -> bool {
    let (Some((of, field)), Some((beside, _))) = (key.rsplit_once('.'), limit.rsplit_once('.'))
    else {
        return false;
    };
    let field: String = field.chars().filter(|c| *c != '-').collect();
    of == beside && field.eq_ignore_ascii_case("limitRefreshPeriod")
}

/// The path at which the health of a program is told, where a setting says that it is: what
/// Actuator lays open to the network, or how it shows health
/// (<https://docs.spring.io/spring-boot/reference/actuator/endpoints.html>).
fn health_path(leaf: &Leaf, leaves: &[Leaf]) -> Option<String> {
    let key = leaf.key.split('[').next().unwrap_or_default();
    let lists = |word: &str| leaf.value.split(',').any(|w| w.trim() == word);
    let told = match key {
        "management.endpoints.web.exposure.include" => lists("*") || lists("health"),
        "management.endpoint.health.show-details" => leaf.value.trim() != "never",
        "management.endpoint.health.probes.enabled" => leaf.value.trim() == "true",
        _ => false,
    };
    let base = |key: &str| {
        let set = leaves.iter().find(|l| l.key == key)?;
        let path = set.value.trim();
        (path.starts_with('/') && !path.contains('$')).then(|| path.trim_end_matches('/'))
    };
    let base = base("management.endpoints.web.base-path").unwrap_or("/actuator");
    told.then(|| format!("{base}/health"))
}

/// Connectors of MicroProfile Reactive Messaging and their products
/// (<https://smallrye.io/smallrye-reactive-messaging/>).
const CONNECTORS: [(&str, &str); 5] = [
    ("smallrye-amqp", "amqp"),
    ("smallrye-kafka", "kafka"),
    ("smallrye-mqtt", "mqtt"),
    ("smallrye-pulsar", "pulsar"),
    ("smallrye-rabbitmq", "rabbitmq"),
];

/// Channels that configuration connects with topics: `mp.messaging.outgoing.NAME.connector` of MicroProfile,
/// and the functional names of Spring Cloud Stream, `bindings.NAME-out-0.destination`
/// (<https://docs.spring.io/spring-cloud-stream/reference/spring-cloud-stream/functional-binding-names.html>).
fn channels(acc: &mut FileFacts, file: &SourceFile<'_>, leaves: &[Leaf]) {
    for leaf in leaves {
        let produces;
        let (name, broker) = if let Some(rest) = leaf.key.strip_prefix("mp.messaging.") {
            let Some((side, channel)) = rest.split_once('.') else {
                continue;
            };
            produces = side == "outgoing";
            let channel = channel.strip_suffix(".connector");
            let connector = CONNECTORS.iter().find(|(c, _)| *c == leaf.value.trim());
            let (Some(channel), Some((_, broker))) = (channel, connector) else {
                continue;
            };
            let base = leaf.key.trim_end_matches("connector");
            let names = ["topic", "address", "exchange.name", "queue.name"];
            let set = names.iter().find_map(|name| {
                let key = format!("{base}{name}");
                leaves
                    .iter()
                    .find(|l| l.key == key)
                    .map(|l| l.value.clone())
            });
            let own = channel.trim_matches(['"', '\'']).to_owned();
            (set.unwrap_or(own), Some(*broker))
        } else {
            let rest = leaf.key.strip_prefix("spring.cloud.stream.bindings.");
            let Some(channel) = rest.and_then(|r| r.strip_suffix(".destination")) else {
                continue;
            };
            produces = channel.contains("-out-");
            if !produces && !channel.contains("-in-") {
                continue;
            }
            (leaf.value.clone(), None)
        };
        let side = match produces {
            true => scan::Side::Produces,
            false => scan::Side::Consumes,
        };
        scan::channel(acc, file, leaf.line, Some(name), side, broker);
    }
}

/// The leaves of a document by dotted key; items of a list by `[index]`.
fn flat(node: &Node) -> Vec<Leaf> {
    let mut leaves = Vec::new();
    collect(node, "", 0, &mut leaves);
    leaves
}

fn collect(node: &Node, key: &str, depth: u32, leaves: &mut Vec<Leaf>) {
    if depth > 40 || leaves.len() >= MAX_LEAVES {
        return;
    }
    match &node.value {
        Value::Null => {}
        Value::Scalar { text, .. } => leaves.push(Leaf {
            key: key.to_owned(),
            value: text.clone(),
            line: node.first,
        }),
        Value::Sequence(items) => {
            for (index, item) in items.iter().enumerate() {
                collect(item, &format!("{key}[{index}]"), depth + 1, leaves);
            }
        }
        Value::Mapping(_) => {
            for (name, child) in node.entries() {
                let below = if key.is_empty() {
                    name.text.clone()
                } else {
                    format!("{key}.{}", name.text)
                };
                if below.len() < 400 {
                    collect(child, &below, depth + 1, leaves);
                }
            }
        }
    }
}

/// The documents of a properties file, divided by lines of `#---`.
fn properties(text: &str) -> Vec<Vec<Leaf>> {
    let mut documents = vec![Vec::new()];
    let mut pending: Option<(String, u32)> = None;
    for (number, raw) in text.lines().enumerate() {
        let line = raw.trim();
        let at = number as u32 + 1;
        if pending.is_none() && (line.starts_with(['#', '!']) || line.is_empty()) {
            if matches!(line, "#---" | "!---") {
                documents.push(Vec::new());
            }
            continue;
        }
        let (mut whole, first) = pending.take().unwrap_or((String::new(), at));
        if let Some(head) = line.strip_suffix('\\') {
            whole.push_str(head);
            pending = Some((whole, first));
            continue;
        }
        whole.push_str(line);
        let Some(mark) = whole.find(['=', ':']) else {
            continue;
        };
        let (key, value) = (whole[..mark].trim(), whole[mark + 1..].trim());
        let plain = |c: char| c.is_ascii_alphanumeric() || "_.-[]/*".contains(c);
        if let Some(leaves) = documents.last_mut()
            && leaves.len() < MAX_LEAVES
            && !key.is_empty()
            && key.chars().all(plain)
        {
            leaves.push(Leaf {
                key: key.to_owned(),
                value: value.to_owned(),
                line: first,
            });
        }
    }
    documents
}

/// A route that is being put together from its keys.
#[derive(Default)]
struct Route {
    name: String,
    paths: Vec<String>,
    hosts: Vec<String>,
    target: String,
    first: u32,
    last: u32,
}

const GATEWAYS: [&str; 5] = [
    "spring.cloud.gateway.routes[",
    "spring.cloud.gateway.server.webflux.routes[",
    "spring.cloud.gateway.server.webmvc.routes[",
    "spring.cloud.gateway.mvc.routes[",
    "spring.cloud.gateway.webflux.routes[",
];

fn routes(acc: &mut FileFacts, file: &SourceFile<'_>, leaves: &[Leaf]) {
    let mut zuul: BTreeMap<(u32, &str), Route> = BTreeMap::new();
    let mut zuul_names: BTreeMap<&str, u32> = BTreeMap::new();
    let mut gateway: BTreeMap<(&str, u32), Route> = BTreeMap::new();
    let prefix = leaves
        .iter()
        .find(|leaf| leaf.key == "zuul.prefix")
        .map_or("", |leaf| leaf.value.trim_end_matches('/'));
    for leaf in leaves {
        if let Some(rest) = leaf.key.strip_prefix("zuul.routes.") {
            let (name, field) = rest.split_once('.').unwrap_or((rest, ""));
            let first = *zuul_names.entry(name).or_insert(leaf.line);
            let route = zuul.entry((first, name)).or_default();
            if route.first == 0 {
                (route.name, route.target) = (name.to_owned(), name.to_owned());
                route.first = leaf.line;
            }
            route.last = leaf.line.max(route.last);
            match field {
                "" | "path" => route.paths.push(format!("{prefix}{}", leaf.value)),
                "serviceId" | "service-id" | "url" | "location" => {
                    route.target = leaf.value.clone();
                }
                _ => {}
            }
        }
        for start in GATEWAYS {
            let Some((index, field)) = leaf
                .key
                .strip_prefix(start)
                .and_then(|r| r.split_once("]."))
            else {
                continue;
            };
            let Ok(index) = index.parse::<u32>() else {
                continue;
            };
            let route = gateway.entry((start, index)).or_default();
            if route.first == 0 {
                route.first = leaf.line;
            }
            route.last = leaf.line.max(route.last);
            gateway_field(route, field, &leaf.value);
        }
    }
    for route in zuul.into_values() {
        emit(acc, file, "Zuul", &route);
    }
    if let Some(route) = gateway.values().next() {
        let mark = "spring.cloud.gateway.routes";
        scan::uses(
            acc,
            file,
            route.first,
            "spring-cloud-gateway",
            "server",
            mark,
        );
    }
    for route in gateway.values() {
        emit(acc, file, "Spring Cloud Gateway", route);
    }
}

fn gateway_field(route: &mut Route, field: &str, value: &str) {
    match field {
        "id" => route.name = value.to_owned(),
        "uri" => route.target = value.to_owned(),
        _ if field.starts_with("predicates[") => {
            let all = |list: &str| {
                list.split(',')
                    .map(|p| p.trim().to_owned())
                    .collect::<Vec<_>>()
            };
            if let Some(list) = value.strip_prefix("Path=") {
                route.paths.extend(all(list));
            } else if let Some(list) = value.strip_prefix("Host=") {
                route.hosts.extend(all(list));
            } else if field.contains(".args") && value.starts_with('/') {
                route.paths.push(value.to_owned());
            }
        }
        _ => {}
    }
}

fn emit(acc: &mut FileFacts, file: &SourceFile<'_>, gateway: &str, route: &Route) {
    let target = route.target.trim().trim_matches('"');
    let target = ["lb:ws://", "lb:wss://", "lb://"]
        .iter()
        .find_map(|start| target.strip_prefix(start))
        .unwrap_or(target);
    if target.is_empty() || target.starts_with("forward:") || target.starts_with("no://") {
        return;
    }
    let mut paths: Vec<Option<String>> = route.paths.iter().cloned().map(Some).collect();
    if paths.is_empty() {
        paths.push(None);
    }
    for path in paths {
        let claim = Claim::Route(GatewayRoute {
            class: None,
            gateway: gateway.to_owned(),
            name: (!route.name.is_empty()).then(|| route.name.clone()),
            host: route.hosts.first().cloned(),
            path,
            target: secrets::without_credentials(target),
            tls: false,
        });
        acc.add(file, route.first, route.last, claim);
    }
}
