//! Configuration of HAProxy.

use crate::extractor::{Extractor, Reads};
use crate::extractors::manifests::{add_route, mark};
use crate::facts::{FileFacts, GatewayRoute};
use crate::source::SourceFile;
use groundplan_model::Topic;
use std::collections::BTreeMap;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "haproxy",
    docs: "\
### What it finds
Routes of HAProxy: which frontend leads to which servers, by the host and path of its rules; health
checks, time-outs and rate limits.

### What it does not find
Rules in map files and Lua, and servers that are found at run time.
",
    reads: &[Reads::Paths(&[
        "haproxy*.cfg",
        "haproxy*.cfg.*",
        "**/haproxy/**/*.cfg",
    ])],
    markers: &["backend", "listen"],
    run: extract,
};

/// Routes of one frontend rule beyond this are left out.
const MAX_TARGETS: usize = 16;

#[derive(Default)]
struct Rules<'t> {
    /// Host and path by the name of a rule.
    by_name: BTreeMap<&'t str, (Option<&'t str>, Option<&'t str>)>,
    /// Whether a `bind` of the section ends TLS.
    tls: bool,
    /// Name of the backend, rule names and line.
    uses: Vec<(&'t str, Vec<&'t str>, u32)>,
}

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let mut servers: BTreeMap<&str, Vec<(&str, u32)>> = BTreeMap::new();
    let mut sections: Vec<(&str, &str, Rules<'_>)> = Vec::new();
    for (number, line) in file.text.lines().enumerate() {
        let at = number as u32 + 1;
        let line = line.split(" #").next().unwrap_or(line).trim();
        let words: Vec<&str> = line.split_whitespace().collect();
        let Some((keyword, rest)) = words.split_first() else {
            continue;
        };
        if matches!(
            *keyword,
            "global" | "defaults" | "frontend" | "backend" | "listen"
        ) {
            let name = rest.first().copied().unwrap_or_default();
            sections.push((keyword, name, Rules::default()));
            continue;
        }
        let Some((kind, name, rules)) = sections.last_mut() else {
            continue;
        };
        match (*keyword, rest) {
            ("server", [_, address, options @ ..]) if matches!(*kind, "backend" | "listen") => {
                servers.entry(name).or_default().push((address, at));
                if *kind == "listen" && rules.uses.is_empty() {
                    rules.uses.push((name, Vec::new(), at));
                }
                if options.contains(&"check") {
                    let detail = Some(format!("HAProxy checks `{address}`"));
                    mark(acc, file, (at, at), Topic::HealthCheck, *name, detail);
                }
            }
            ("bind", options) => rules.tls |= options.contains(&"ssl"),
            ("acl", [rule, criterion, values @ ..]) => {
                let value = values.iter().find(|v| !v.starts_with('-')).copied();
                let entry = rules.by_name.entry(rule).or_default();
                if criterion.starts_with("hdr") || criterion.starts_with("req.hdr") {
                    entry.0 = value;
                } else if criterion.starts_with("path") || criterion.starts_with("url") {
                    entry.1 = value;
                }
            }
            ("use_backend", [backend, conditions @ ..]) => {
                let rule_names = conditions
                    .iter()
                    .filter(|c| !matches!(**c, "if" | "unless"));
                rules
                    .uses
                    .push((backend, rule_names.copied().collect(), at));
            }
            ("default_backend", [backend, ..]) => rules.uses.push((backend, Vec::new(), at)),
            ("option", ["httpchk", check @ ..]) => {
                let path = check
                    .iter()
                    .find(|w| w.starts_with('/'))
                    .copied()
                    .unwrap_or("/");
                let detail = Some(format!("HAProxy checks `{name}`"));
                mark(acc, file, (at, at), Topic::HealthCheck, path, detail);
            }
            ("timeout", [what, time, ..]) => {
                let detail = Some((*time).to_owned());
                mark(
                    acc,
                    file,
                    (at, at),
                    Topic::Timeout,
                    format!("timeout {what}"),
                    detail,
                );
            }
            ("stick-table", options) if options.join(" ").contains("_rate(") => {
                let detail = Some(options.join(" "));
                mark(acc, file, (at, at), Topic::RateLimit, *name, detail);
            }
            _ => {}
        }
    }
    for (kind, name, rules) in &sections {
        if !matches!(*kind, "frontend" | "listen") {
            continue;
        }
        for (backend, conditions, at) in &rules.uses {
            let mut known = conditions.iter().filter_map(|c| rules.by_name.get(c));
            let host = known.clone().find_map(|(host, _)| *host);
            let path = known.find_map(|(_, path)| *path);
            let targets = servers.get(backend).map_or(&[][..], Vec::as_slice);
            for (target, _) in targets.iter().take(MAX_TARGETS) {
                let route = GatewayRoute {
                    class: None,
                    gateway: "HAProxy".to_owned(),
                    name: Some((*name).to_owned()),
                    host: host.map(str::to_owned),
                    path: path.map(str::to_owned),
                    target: (*target).to_owned(),
                    tls: rules.tls,
                };
                add_route(acc, file, (*at, *at), route);
            }
        }
    }
}
