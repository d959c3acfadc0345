//! Rules of Traefik routers, as labels, `IngressRoute` objects and dynamic configuration have them.

/// A rule of a thousand hosts is cut.
const MAX_MATCHES: usize = 64;

/// The pairs of host and path that a rule lets through: ``Host(`a`) && PathPrefix(`/b`)`` of
/// version 2 and 3, `Host:a;PathPrefix:/b` of version 1. Negated matchers are left out; a rule
/// without host and path gives one empty pair.
pub(super) fn matches(rule: &str) -> Vec<(Option<String>, Option<String>)> {
    let mut hosts = Vec::new();
    let mut paths = Vec::new();
    let found = if rule.contains('(') {
        calls(rule)
    } else {
        pairs(rule)
    };
    for (name, value) in found {
        match name {
            "Host" | "HostRegexp" | "HostSNI" | "HostHeader" => hosts.push(value),
            "Path" | "PathPrefix" | "PathRegexp" | "PathStrip" | "PathPrefixStrip" => {
                paths.push(value);
            }
            _ => {}
        }
    }
    let options = |mut all: Vec<String>| -> Vec<Option<String>> {
        all.dedup();
        if all.is_empty() {
            vec![None]
        } else {
            all.into_iter().map(Some).collect()
        }
    };
    let (hosts, paths) = (options(hosts), options(paths));
    hosts
        .iter()
        .flat_map(|host| paths.iter().map(|path| (host.clone(), path.clone())))
        .take(MAX_MATCHES)
        .collect()
}

/// `Name(arguments)`; arguments in backticks or quotes.
fn calls(rule: &str) -> Vec<(&str, String)> {
    let mut all = Vec::new();
    let mut rest = rule;
    while let Some(open) = rest.find('(') {
        let head = &rest[..open];
        let name = &head[head
            .trim_end_matches(|c: char| c.is_ascii_alphanumeric())
            .len()..];
        let negated = head[..head.len() - name.len()].trim_end().ends_with('!');
        rest = &rest[open + 1..];
        if name.is_empty() {
            continue;
        }
        let mut inside = rest;
        while let Some(quote) = inside.find(['`', '"', '\'', ')']) {
            let mark = inside.as_bytes()[quote];
            if mark == b')' {
                inside = &inside[quote + 1..];
                break;
            }
            let Some(length) = inside[quote + 1..].find(mark as char) else {
                inside = "";
                break;
            };
            if !negated && all.len() < MAX_MATCHES {
                all.push((name, inside[quote + 1..quote + 1 + length].to_owned()));
            }
            inside = &inside[quote + length + 2..];
        }
        rest = inside;
    }
    all
}

/// `Name:value,value;Name:value`.
fn pairs(rule: &str) -> Vec<(&str, String)> {
    rule.split(';')
        .filter_map(|part| part.split_once(':'))
        .flat_map(|(name, values)| {
            values
                .split(',')
                .map(move |value| (name.trim(), value.trim().to_owned()))
        })
        .take(MAX_MATCHES)
        .collect()
}
