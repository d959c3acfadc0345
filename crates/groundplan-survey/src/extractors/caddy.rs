//! Caddyfiles.

use crate::extractor::{Extractor, Reads};
use crate::extractors::manifests::{add_route, fill, mark};
use crate::facts::{FileFacts, GatewayRoute};
use crate::secrets;
use crate::source::SourceFile;
use groundplan_model::Topic;
use std::collections::BTreeMap;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "caddy",
    docs: "\
### What it finds
Routes of a Caddyfile: `reverse_proxy`, `php_fastcgi` and `proxy` of the first version by site, path and
named matcher; security headers, authentication and compression.

### What it does not find
What `import` brings in from other files, and Caddy's JSON configuration.
",
    reads: &[Reads::Paths(&["Caddyfile", "Caddyfile.*", "*.Caddyfile"])],
    markers: &["reverse_proxy", "php_fastcgi", "proxy", "header", "basic"],
    run: extract,
};

/// Deeper blocks are read as if they stood at this depth.
const MAX_DEPTH: usize = 32;
/// Hosts and targets of a route beyond this are left out.
const MAX_NAMES: usize = 16;

/// A line that opened a block.
struct Block<'t> {
    words: Vec<&'t str>,
}

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let mut stack: Vec<Block<'_>> = Vec::new();
    let mut matchers: BTreeMap<String, String> = BTreeMap::new();
    for (number, line) in file.text.lines().enumerate() {
        let at = number as u32 + 1;
        let mut words: Vec<&str> = line.split_whitespace().collect();
        if let Some(comment) = words.iter().position(|word| word.starts_with('#')) {
            words.truncate(comment);
        }
        let opens = words.last() == Some(&"{");
        if opens {
            words.pop();
        }
        if words.first() == Some(&"}") {
            stack.pop();
            words.remove(0);
        }
        if let Some(name) = words.first().filter(|name| name.starts_with('@')) {
            // `@api path /api/*`, or a block with `path` in it.
            if let Some(path) = words
                .iter()
                .position(|w| *w == "path")
                .and_then(|p| words.get(p + 1))
            {
                matchers.insert((*name).to_owned(), (*path).to_owned());
            }
        }
        if let Some(name) = stack.last().and_then(|b| b.words.first())
            && name.starts_with('@')
            && words.first() == Some(&"path")
            && let Some(path) = words.get(1)
        {
            matchers.insert((*name).to_owned(), (*path).to_owned());
        }
        directive(acc, file, at, &words, &stack, &matchers);
        // The only site of a file needs no braces
        // (<https://caddyserver.com/docs/caddyfile/concepts#structure>).
        let alone = stack.is_empty() && !opens && is_address(&words);
        if alone {
            stack.push(Block { words });
            continue;
        }
        if opens && stack.len() < MAX_DEPTH {
            stack.push(Block { words });
        }
    }
}

/// Whether a line is the address of a site, whole: neither a directive nor the first of several lines.
fn is_address(words: &[&str]) -> bool {
    let site = |word: &&str| {
        let word = word.trim_end_matches(',');
        word.starts_with("http://")
            || word.starts_with("https://")
            || word.starts_with("{$")
            || word == "localhost"
            || word.contains(['.', ':'])
                && !word.contains('/')
                && !word.starts_with(['@', '"', '('])
    };
    !words.is_empty()
        && words.iter().all(site)
        && words.last().is_some_and(|last| !last.ends_with(','))
}

fn directive(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    at: u32,
    words: &[&str],
    stack: &[Block<'_>],
    matchers: &BTreeMap<String, String>,
) {
    let Some((name, arguments)) = words.split_first() else {
        return;
    };
    let lines = (at, at);
    match *name {
        "reverse_proxy" | "php_fastcgi" | "proxy" if !stack.is_empty() => {
            route(acc, file, at, arguments, stack, matchers);
        }
        "to" if stack
            .last()
            .is_some_and(|b| b.words.first() == Some(&"reverse_proxy")) =>
        {
            route(acc, file, at, arguments, stack, matchers);
        }
        "basicauth" | "basic_auth" | "forward_auth" | "jwtauth" => {
            mark(acc, file, lines, Topic::Authentication, *name, None);
        }
        "encode" => {
            mark(
                acc,
                file,
                lines,
                Topic::CacheUse,
                *name,
                Some(arguments.join(" ")),
            );
        }
        "rate_limit" => mark(acc, file, lines, Topic::RateLimit, *name, None),
        "tls" => mark(
            acc,
            file,
            lines,
            Topic::Tls,
            *name,
            Some(arguments.join(" ")),
        ),
        _ => header(acc, file, lines, words, stack),
    }
}

fn header(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    lines: (u32, u32),
    words: &[&str],
    stack: &[Block<'_>],
) {
    const HEADERS: [&str; 7] = [
        "content-security-policy",
        "permissions-policy",
        "referrer-policy",
        "strict-transport-security",
        "x-content-type-options",
        "x-frame-options",
        "x-xss-protection",
    ];
    let inside = stack
        .last()
        .is_some_and(|b| b.words.first() == Some(&"header"));
    if words.first() != Some(&"header") && !inside {
        return;
    }
    let bare = |word: &str| word.trim_start_matches(['+', '?']).to_ascii_lowercase();
    let found = words
        .iter()
        .position(|word| HEADERS.contains(&bare(word).as_str()));
    if let Some(index) = found {
        let name = words[index].trim_start_matches(['+', '?']);
        let value = words[index + 1..].join(" ");
        let value = value.trim_matches('"').to_owned();
        mark(acc, file, lines, Topic::SecurityHeader, name, Some(value));
    }
}

fn route(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    at: u32,
    arguments: &[&str],
    stack: &[Block<'_>],
    matchers: &BTreeMap<String, String>,
) {
    let path_of = |word: &str| match word.strip_prefix('@') {
        Some(_) => matchers.get(word).cloned(),
        None if word.starts_with('/') => Some(word.to_owned()),
        None => None,
    };
    let mut path = arguments.first().and_then(|word| path_of(word));
    for block in stack.iter().skip(1).rev() {
        let inner = block.words.iter().skip(1).find_map(|word| path_of(word));
        path = path.or(inner);
    }
    let site = stack.first().map_or(&[][..], |block| &block.words[..]);
    let mut hosts: Vec<(Option<String>, bool)> = site
        .iter()
        .flat_map(|word| word.split(','))
        .filter(|word| !word.is_empty() && !word.starts_with('('))
        .map(|address| {
            let plain = address.starts_with("http://");
            let host = address.split_once("://").map_or(address, |(_, rest)| rest);
            let host = host.split('/').next().unwrap_or(host);
            let name = if host.starts_with('{') || host.starts_with('$') {
                host
            } else {
                host.split(':').next().unwrap_or(host)
            };
            let known = !name.is_empty() && name != "localhost";
            let tls = !plain && !name.is_empty() && !host.ends_with(":80");
            (known.then(|| name.to_owned()), tls)
        })
        .take(MAX_NAMES)
        .collect();
    if hosts.is_empty() {
        hosts.push((None, false));
    }
    let targets = arguments.iter().filter(|word| {
        !word.starts_with(['/', '@', '*', '{'])
            || word.starts_with("{$")
            || word.starts_with("{env.")
    });
    for target in targets.take(MAX_NAMES) {
        let target = secrets::without_credentials(target);
        let target = target
            .split_once("://")
            .map_or(target.as_str(), |(_, rest)| rest);
        // `{$NAME:default}` and `{env.NAME}` are variables.
        let target = target.replace("{$", "${").replace("{env.", "${");
        let has_default = target.starts_with("${") && target.find(':') < target.find('}');
        let target = if has_default {
            fill(&target.replacen(':', ":-", 1))
        } else {
            target
        };
        for (host, tls) in &hosts {
            let route = GatewayRoute {
                class: None,
                gateway: "Caddy".to_owned(),
                name: None,
                host: host.clone(),
                path: path.clone(),
                target: target.clone(),
                tls: *tls,
            };
            add_route(acc, file, (at, at), route);
        }
    }
}
