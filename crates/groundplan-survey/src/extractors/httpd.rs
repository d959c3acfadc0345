//! Configuration of the Apache HTTP Server.

use crate::extractor::{Extractor, Reads};
use crate::extractors::manifests::add_route;
use crate::facts::{Claim, FileFacts, GatewayRoute};
use crate::source::SourceFile;
use std::collections::BTreeMap;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "httpd",
    docs: "\
### What it finds
Routes of the Apache HTTP Server: `ProxyPass`, `ProxyPassMatch` and `RewriteRule` with the flag `P`,
by path, with the members of a balancer and values of `Define` filled in. A site that only serves a
`DocumentRoot`.

### What it does not find
What `Include` brings in, `RewriteMap`, and targets that are known only at run time.
",
    reads: &[Reads::Paths(&[
        "*.conf",
        "*.conf.*",
        "*.vhost",
        ".htaccess",
        "**/sites-available/*",
        "**/sites-enabled/*",
    ])],
    markers: &["ProxyPass", "RewriteRule", "DocumentRoot"],
    run: extract,
};

/// The name of the product, as the knowledge base has it.
const PRODUCT: &str = "Apache HTTP Server";

/// What holds at one place of the file.
#[derive(Default)]
struct Place {
    host: Option<String>,
    tls: bool,
    /// Of a `Location`.
    path: Option<String>,
    /// Of a `Proxy balancer://name`.
    balancer: Option<String>,
}

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let lines = joined(file.text);
    let mut defined: BTreeMap<String, String> = BTreeMap::new();
    let mut members: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut place = Place::default();
    let mut found: Vec<(GatewayRoute, u32)> = Vec::new();
    let mut root = None;
    // What hands requests on may stand in what is included, or in a form that is not read.
    let mut more = false;
    for (at, line) in &lines {
        let words = words(line, &defined);
        let Some((keyword, rest)) = words.split_first() else {
            continue;
        };
        let argument = |at: usize| rest.get(at).map(|w| w.trim_end_matches('>').to_owned());
        let mut route = |path: Option<String>, target: &str| {
            let route = GatewayRoute {
                class: None,
                gateway: PRODUCT.to_owned(),
                name: None,
                host: place.host.clone(),
                path: path.filter(|p| !p.is_empty()),
                target: target.to_owned(),
                tls: place.tls,
            };
            found.push((route, *at));
        };
        let keyword = keyword.to_ascii_lowercase();
        more |= keyword.starts_with("include") || hands_on(&keyword, rest);
        match keyword.as_str() {
            "documentroot" => root = root.or(Some(*at)),
            "define" => {
                if let [name, value, ..] = rest {
                    defined.insert(name.clone(), value.clone());
                }
            }
            "<virtualhost" => {
                let tls = argument(0).is_some_and(|a| a.ends_with(":443"));
                place = Place {
                    tls,
                    ..Place::default()
                };
            }
            "</virtualhost>" => place = Place::default(),
            "servername" => place.host = argument(0).filter(|h| !h.is_empty()),
            "sslengine" => place.tls = argument(0).is_some_and(|a| a.eq_ignore_ascii_case("on")),
            "<location" | "<locationmatch" => place.path = argument(0),
            "</location>" | "</locationmatch>" => place.path = None,
            "<proxy" => {
                let name =
                    argument(0).and_then(|a| Some(a.strip_prefix("balancer://")?.to_owned()));
                place.balancer = name.map(|n| n.trim_end_matches('/').to_owned());
            }
            "</proxy>" => place.balancer = None,
            "balancermember" => {
                if let (Some(name), Some(member)) = (&place.balancer, rest.first()) {
                    members
                        .entry(name.clone())
                        .or_default()
                        .push(member.clone());
                }
            }
            "proxypass" | "proxypassmatch" => match rest {
                [path, target, ..] if target.contains("://") => route(Some(path.clone()), target),
                [target, ..] if target.contains("://") => route(place.path.clone(), target),
                _ => {}
            },
            "rewriterule" => {
                if let [path, target, flags, ..] = rest
                    && target.contains("://")
                    && is_proxied(flags)
                {
                    route(Some(path.clone()), target);
                }
            }
            _ => {}
        }
    }
    if let Some(at) = root.filter(|_| !more && found.is_empty()) {
        acc.add(file, at, at, Claim::ServesFiles);
    }
    for (route, at) in found {
        let name = route.target.strip_prefix("balancer://");
        let name = name.map(|n| n.split('/').next().unwrap_or(n));
        let targets = match name {
            Some(name) => members.get(name).cloned().unwrap_or_default(),
            None => vec![route.target.clone()],
        };
        for target in targets {
            let target = target.rsplit('|').next().unwrap_or(&target).to_owned();
            add_route(
                acc,
                file,
                (at, at),
                GatewayRoute {
                    class: None,
                    target,
                    ..route.clone()
                },
            );
        }
    }
}

/// Whether a directive sends requests to another program, whatever its target
/// (<https://httpd.apache.org/docs/2.4/mod/mod_proxy.html>).
fn hands_on(keyword: &str, rest: &[String]) -> bool {
    let proxied = |word: &String| is_proxied(word) || word.contains("proxy:");
    match keyword {
        "proxypass" | "proxypassmatch" | "proxypassinherit" | "proxyremote" | "jkmount"
        | "balancermember" | "wsgiscriptalias" | "passengerenabled" => true,
        "proxyrequests" => rest.first().is_some_and(|w| w.eq_ignore_ascii_case("on")),
        "rewriterule" | "sethandler" | "addhandler" => rest.iter().any(proxied),
        _ => false,
    }
}

/// Whether the flags of a rule hand the request on (<https://httpd.apache.org/docs/2.4/rewrite/flags.html>).
fn is_proxied(flags: &str) -> bool {
    let mut all = flags.trim_matches(['[', ']']).split(',');
    all.any(|flag| matches!(flag.trim(), "P" | "proxy"))
}

/// Directives with the number of their first line; a backslash at the end of a line joins the next.
fn joined(text: &str) -> Vec<(u32, String)> {
    let mut all: Vec<(u32, String)> = Vec::new();
    let mut open = false;
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        let (line, more) = match line.strip_suffix('\\') {
            Some(line) => (line, true),
            None => (line, false),
        };
        match all.last_mut().filter(|_| open) {
            Some((_, last)) => {
                last.push(' ');
                last.push_str(line);
            }
            None if line.is_empty() || line.starts_with('#') => {}
            None => all.push((number as u32 + 1, line.to_owned())),
        }
        open = more && !line.starts_with('#');
    }
    all
}

/// The words of a directive without quotes, with defined values filled in.
fn words(line: &str, defined: &BTreeMap<String, String>) -> Vec<String> {
    let mut all = Vec::new();
    let mut rest = line.trim();
    while !rest.is_empty() {
        let (word, tail) = match rest.strip_prefix('"') {
            Some(inner) => inner.split_once('"').unwrap_or((inner, "")),
            None => rest.split_once(char::is_whitespace).unwrap_or((rest, "")),
        };
        let mut word = word.to_owned();
        if word.contains("${") {
            for (name, value) in defined {
                word = word.replace(&format!("${{{name}}}"), value);
            }
        }
        all.push(word);
        rest = tail.trim_start();
    }
    all
}
