//! Routes and settings of nginx.

use super::directives::Directive;
use crate::extractors::manifests::{add_route, mark, one_line};
use crate::facts::{Claim, FileFacts, GatewayRoute};
use crate::source::SourceFile;
use groundplan_model::Topic;
use std::collections::BTreeMap;

/// Servers of an upstream and names of a server beyond these are left out.
const MAX_SERVERS: usize = 16;
const MAX_NAMES: usize = 8;
/// Values of a variable beyond this are left out.
const MAX_VALUES: usize = 8;

pub(super) fn read(acc: &mut FileFacts, file: &SourceFile<'_>, all: &[Directive]) {
    let mut index = Index::default();
    for (at, directive) in all.iter().enumerate() {
        index.add(all, at, directive);
    }
    let mut limits: BTreeMap<&str, &str> = BTreeMap::new();
    for directive in all {
        if directive.name == "limit_req_zone" {
            let part = |start: &str| {
                directive
                    .arguments
                    .iter()
                    .find_map(|a| a.strip_prefix(start))
            };
            if let (Some(zone), Some(rate)) = (part("zone="), part("rate=")) {
                limits.insert(zone.split(':').next().unwrap_or(zone), rate);
            }
        }
    }
    if let Some(root) = served(all) {
        acc.add(file, root.first, root.last, Claim::ServesFiles);
    }
    for (at, directive) in all.iter().enumerate() {
        if directive.name.ends_with("_pass") && !directive.block {
            pass(acc, file, all, at, &index);
        } else {
            // Beside no address that is let in, nobody is: files that nobody may fetch.
            let allows = |d: &Directive| d.name == "allow" && d.parent == directive.parent;
            if directive.name != "deny" || all.iter().any(allows) {
                setting(acc, file, directive, &limits);
            }
        }
    }
}

/// The `root` of a server that only serves files: nothing here hands a request on, nor may anything that
/// is included.
fn served(all: &[Directive]) -> Option<&Directive> {
    let harmless = |file: &String| file.ends_with("mime.types") || file.ends_with("_params");
    let hands_on = |d: &Directive| {
        d.name.ends_with("_pass")
            || d.name.contains("_by_lua")
            || d.name == "js_content"
            || d.name == "include" && !d.arguments.iter().all(harmless)
    };
    // Outside of a block it is no site.
    let of_site = |d: &&Directive| d.name == "root" && d.parent.is_some();
    all.iter()
        .find(of_site)
        .filter(|_| !all.iter().any(hands_on))
}

/// What routes need of the whole file.
#[derive(Default)]
struct Index<'d> {
    /// Servers by the name of their upstream.
    upstreams: BTreeMap<&'d str, Vec<&'d str>>,
    /// By the block in which they hold and the name of their variable the values that `set` gives
    /// it there under one condition or another.
    variables: BTreeMap<(Option<usize>, &'d str), Vec<&'d str>>,
    /// By the index of a server block: its names, and whether TLS ends there.
    servers: BTreeMap<usize, (Vec<&'d str>, bool)>,
}

impl<'d> Index<'d> {
    fn add(&mut self, all: &'d [Directive], at: usize, directive: &'d Directive) {
        let arguments = &directive.arguments;
        let parent = directive.parent.map(|p| (p, &all[p]));
        match (directive.name.as_str(), parent) {
            ("server", None) if directive.block => {
                self.servers.entry(at).or_default();
            }
            ("server", Some((_, block))) if block.name == "upstream" && !directive.block => {
                if let (Some(name), Some(address)) = (block.arguments.first(), arguments.first()) {
                    let servers = self.upstreams.entry(name).or_default();
                    if servers.len() < MAX_SERVERS {
                        servers.push(address);
                    }
                }
            }
            ("set", _) => {
                if let [name, value, ..] = arguments.as_slice() {
                    let name = name.trim_start_matches('$');
                    let scope = blocks(all, at).find(|&b| all[b].name != "if");
                    let values = self.variables.entry((scope, name)).or_default();
                    if values.len() < MAX_VALUES && !values.contains(&value.as_str()) {
                        values.push(value);
                    }
                }
            }
            ("server_name", Some((server, _))) => {
                let names = arguments.iter().map(String::as_str);
                let names = names.filter(|n| !matches!(*n, "_" | "" | "localhost"));
                let known = &mut self.servers.entry(server).or_default().0;
                known.extend(names.take(MAX_NAMES));
            }
            ("listen", Some((server, _))) => {
                let tls = arguments
                    .iter()
                    .any(|a| a == "ssl" || a == "quic" || a == "443" || a.ends_with(":443"));
                self.servers.entry(server).or_default().1 |= tls;
            }
            ("ssl_certificate", Some((server, _))) => {
                self.servers.entry(server).or_default().1 = true;
            }
            ("ssl", Some((server, _))) if arguments.first().is_some_and(|a| a == "on") => {
                self.servers.entry(server).or_default().1 = true;
            }
            _ => {}
        }
    }

    /// `$name` with what `set` gave it in the nearest block around, one text for each value of the first such variable;
    /// `$NAME` of a template becomes `${NAME}`.
    fn fill(&self, text: &str, around: &[usize]) -> Vec<String> {
        let mut all = vec![String::with_capacity(text.len())];
        let mut rest = text;
        while let Some((head, tail)) = rest.split_once('$') {
            let end = tail
                .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                .unwrap_or(tail.len());
            let (name, after) = tail.split_at(end);
            let written = [
                if name.chars().any(|c| c.is_ascii_lowercase()) || name.is_empty() {
                    format!("${name}")
                } else {
                    format!("${{{name}}}")
                },
            ];
            let mut values: Vec<&str> = written.iter().map(String::as_str).collect();
            let scopes = around.iter().map(|b| Some(*b)).chain([None]);
            let known = scopes.filter_map(|scope| self.variables.get(&(scope, name)));
            if let Some(known) = known.into_iter().next() {
                values.clone_from(known);
            }
            let many = all.len() == 1;
            let values = if many { &values[..] } else { &values[..1] };
            all = all
                .iter()
                .flat_map(|text| {
                    values
                        .iter()
                        .map(move |value| format!("{text}{head}{value}"))
                })
                .collect();
            rest = after;
        }
        all.iter_mut().for_each(|text| text.push_str(rest));
        all
    }
}

/// The blocks around a directive, the nearest first.
fn blocks(all: &[Directive], at: usize) -> impl Iterator<Item = usize> {
    std::iter::successors(all[at].parent, |&block| all[block].parent)
}

fn pass(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    all: &[Directive],
    at: usize,
    index: &Index<'_>,
) {
    let directive = &all[at];
    let Some(address) = directive.arguments.first() else {
        return;
    };
    let around: Vec<usize> = blocks(all, at).collect();
    for address in index.fill(address, &around) {
        route(acc, file, all, at, index, &address);
    }
}

fn route(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    all: &[Directive],
    at: usize,
    index: &Index<'_>,
    address: &str,
) {
    let directive = &all[at];
    let authority = authority(address);
    // What only a request decides, such as `$host`, names no service.
    let open = authority.replace("${", "").contains('$');
    if authority.is_empty() || open {
        return;
    }
    let (mut path, mut server) = (None, None);
    let mut around = directive.parent;
    while let Some(block) = around {
        match all[block].name.as_str() {
            "location" if path.is_none() => {
                let name = all[block].arguments.last();
                path = name.filter(|name| !name.starts_with('@')).cloned();
            }
            "server" => server = index.servers.get(&block),
            _ => {}
        }
        around = all[block].parent;
    }
    let (names, tls) = match server {
        Some((names, tls)) => (names.as_slice(), *tls),
        None => (&[][..], false),
    };
    let hosts: Vec<Option<String>> = if names.is_empty() {
        vec![None]
    } else {
        names.iter().map(|name| Some((*name).to_owned())).collect()
    };
    let name = authority.split(':').next().unwrap_or_default();
    let (upstream, targets) = match index.upstreams.get(authority).or(index.upstreams.get(name)) {
        Some(servers) => (
            Some(name.to_owned()),
            servers.iter().flat_map(|s| index.fill(s, &[])).collect(),
        ),
        None => (None, vec![authority.to_owned()]),
    };
    for host in &hosts {
        for target in &targets {
            let route = GatewayRoute {
                class: None,
                gateway: "nginx".to_owned(),
                name: upstream.clone(),
                host: host.clone(),
                path: path.clone(),
                target: crate::secrets::without_credentials(target),
                tls,
            };
            add_route(acc, file, (directive.first, directive.last), route);
        }
    }
}

/// Host and port of an address: what stands between `://` and the path.
fn authority(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    if rest.starts_with("unix:") {
        return rest.trim_end_matches(':');
    }
    let rest = rest.rsplit_once('@').map_or(rest, |(_, rest)| rest);
    rest.split(['/', '?']).next().unwrap_or(rest)
}

const HEADERS: [&str; 12] = [
    "content-security-policy",
    "content-security-policy-report-only",
    "cross-origin-embedder-policy",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
    "permissions-policy",
    "referrer-policy",
    "strict-transport-security",
    "x-content-type-options",
    "x-frame-options",
    "x-permitted-cross-domain-policies",
    "x-xss-protection",
];

/// Settings that become a mark as they stand: directive, topic.
const SETTINGS: [(&str, Topic); 20] = [
    ("auth_basic", Topic::Authentication),
    ("auth_jwt", Topic::Authentication),
    ("auth_request", Topic::Authentication),
    ("expires", Topic::CacheUse),
    ("fastcgi_cache", Topic::CacheUse),
    ("gzip", Topic::CacheUse),
    ("limit_conn", Topic::RateLimit),
    ("log_format", Topic::Logging),
    ("opentelemetry", Topic::Tracing),
    ("opentracing", Topic::Tracing),
    ("otel_trace", Topic::Tracing),
    ("proxy_cache", Topic::CacheUse),
    ("proxy_connect_timeout", Topic::Timeout),
    ("proxy_next_upstream", Topic::Retry),
    ("proxy_read_timeout", Topic::Timeout),
    ("proxy_send_timeout", Topic::Timeout),
    ("ssl_certificate", Topic::Tls),
    ("ssl_protocols", Topic::Tls),
    ("stub_status", Topic::Metric),
    ("uwsgi_read_timeout", Topic::Timeout),
];

fn setting(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    directive: &Directive,
    limits: &BTreeMap<&str, &str>,
) {
    let lines = (directive.first, directive.last);
    let arguments = &directive.arguments;
    let first = arguments.first().map_or("", String::as_str);
    match directive.name.as_str() {
        "add_header" | "more_set_headers" => {
            let (name, value) = match first.split_once(':') {
                Some((name, value)) => (name, value.trim().to_owned()),
                None => (first, arguments.get(1).cloned().unwrap_or_default()),
            };
            let lower = name.to_ascii_lowercase();
            let value = Some(one_line(&value));
            if HEADERS.contains(&lower.as_str()) {
                mark(acc, file, lines, Topic::SecurityHeader, name, value);
            } else if lower.starts_with("access-control-") {
                mark(acc, file, lines, Topic::Cors, name, value);
            }
        }
        "limit_req" => {
            let zone = arguments.iter().find_map(|a| a.strip_prefix("zone="));
            let zone = zone.unwrap_or(first);
            let burst = arguments.iter().find_map(|a| a.strip_prefix("burst="));
            let mut parts: Vec<String> = Vec::new();
            parts.extend(limits.get(zone).map(|rate| (*rate).to_owned()));
            parts.extend(burst.map(|burst| format!("burst {burst}")));
            mark(
                acc,
                file,
                lines,
                Topic::RateLimit,
                zone,
                Some(parts.join(", ")),
            );
        }
        "deny" if first == "all" => {
            let detail = Some("deny all but listed addresses".to_owned());
            mark(acc, file, lines, Topic::NetworkPolicy, "nginx", detail);
        }
        "location" if directive.block => {
            let path = arguments.last().map_or("", String::as_str);
            const WORDS: [&str; 7] = [
                "health",
                "healthz",
                "healthcheck",
                "ping",
                "ready",
                "readyz",
                "livez",
            ];
            let is_health = path
                .split(|c: char| !c.is_ascii_alphanumeric())
                .any(|word| WORDS.contains(&word.to_ascii_lowercase().as_str()));
            if is_health && !path.starts_with('@') {
                let detail = Some("location of nginx".to_owned());
                mark(acc, file, lines, Topic::HealthCheck, path, detail);
            }
        }
        name => {
            let Some((_, topic)) = SETTINGS.iter().find(|(known, _)| *known == name) else {
                return;
            };
            if directive.block || matches!(first, "off" | "-1") {
                return;
            }
            // The name of a key file is worth showing, a realm is not.
            let detail = Some(one_line(&arguments.join(" ")));
            mark(acc, file, lines, *topic, name, detail);
        }
    }
}
