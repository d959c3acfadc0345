//! Addresses of other systems in string literals.

use crate::facts::{Claim, FileFacts};
use crate::scan;
use crate::source::SourceFile;
use groundplan_syntax::{Language, TokenKind};
use std::collections::{BTreeMap, BTreeSet};

/// Schemes of connection strings, each with the protocol that a client of it speaks.
const SCHEMES: [(&str, &str); 26] = [
    ("amqp", "amqp"),
    ("amqps", "amqp"),
    ("bolt", "bolt"),
    ("cassandra", "cassandra"),
    ("clickhouse", "clickhouse"),
    ("jdbc:cassandra", "cassandra"),
    ("jdbc:clickhouse", "clickhouse"),
    ("jdbc:db2", "db2"),
    ("jdbc:mariadb", "mariadb"),
    ("jdbc:mysql", "mysql"),
    ("jdbc:oracle", "oracle"),
    ("jdbc:postgresql", "postgresql"),
    ("jdbc:sqlserver", "sqlserver"),
    ("kafka", "kafka"),
    ("ldap", "ldap"),
    ("ldaps", "ldap"),
    ("mongodb", "mongodb"),
    ("mongodb+srv", "mongodb"),
    ("mqtt", "mqtt"),
    ("mysql", "mysql"),
    ("nats", "nats"),
    ("neo4j", "bolt"),
    ("postgres", "postgresql"),
    ("postgresql", "postgresql"),
    ("redis", "redis"),
    ("rediss", "redis"),
];

/// The protocol that an address speaks, by its scheme; `None` for schemes that say nothing.
pub(crate) fn protocol(address: &str) -> Option<&'static str> {
    let (scheme, _) = address.split_once("://")?;
    // Service discovery of .NET writes both schemes at once.
    if matches!(scheme, "http" | "https" | "https+http" | "http+https") {
        return Some("http");
    }
    SCHEMES
        .iter()
        .find(|(name, _)| *name == scheme)
        .map(|(_, protocol)| *protocol)
}

/// Host of an address without user and port.
pub(crate) fn host(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#', ' ', ';']).next().unwrap_or(rest);
    let authority = authority.rsplit('@').next().unwrap_or(authority);
    authority.split([':', ',']).next().unwrap_or(authority)
}

/// Whether the host of a URL can only be meant inside one network.
fn is_inside(host: &str) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let starts = host.starts_with(|c: char| c.is_ascii_alphabetic());
    if host.len() < 2 || !starts || !host.chars().all(word) || host.ends_with('.') {
        return false;
    }
    if matches!(
        host,
        "localhost" | "example" | "host" | "hostname" | "foo" | "bar"
    ) {
        return false;
    }
    if !host.contains('.') {
        return true;
    }
    [".local", ".svc", ".internal", ".cluster.local", ".consul"]
        .iter()
        .any(|end| host.ends_with(end))
        || host.split('.').nth(2) == Some("svc")
}

/// Adds a client for each literal that is the address of a neighbour and that no other claim of
/// this file mentions. Runs after the extractors that know calls.
pub(crate) fn literals(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if file.language != Language::CSharp && !may_begin(file.text) {
        return;
    }
    let code = file.code();
    let camel = file.text.contains("org.apache.camel");
    let mut known = known(acc);
    for index in 0..code.tokens.len() {
        if code.tokens[index].kind != TokenKind::Str {
            continue;
        }
        let Some(text) = code.string(index).filter(|t| t.len() <= 400) else {
            continue;
        };
        if text.contains("{{")
            && camel
            && let Some(target) = of_camel(text)
        {
            if !is_said(file, index) {
                let client = scan::call("http", Some(target), "camel");
                scan::client(acc, file, code.line(index), client);
            }
            continue;
        }
        let Some(protocol) = protocol(text) else {
            pairs(acc, file, index, text);
            continue;
        };
        let name = host(text);
        let inside = if protocol == "http" {
            is_inside(name) || is_base(file, index, text)
        } else {
            let local = matches!(name, "localhost" | "127.0.0.1" | "0.0.0.0");
            !local && name.starts_with(|c: char| c.is_ascii_alphanumeric())
        };
        // On this machine the port tells one neighbour from another.
        let local = protocol == "http" && matches!(name, "localhost" | "127.0.0.1");
        let place = match text.split("://").nth(1).filter(|_| local) {
            Some(rest) => rest.split('/').next().unwrap_or(rest),
            None => name,
        };
        if !inside
            || is_said(file, index)
            || !is_named(file, index)
            || known.mentions(place, code.line(index))
        {
            continue;
        }
        known.hosts.insert(place.to_owned());
        let client = scan::call(protocol, Some(text.to_owned()), "");
        scan::client(acc, file, code.line(index), client);
    }
}

/// The address of an endpoint of Camel whose host is a property: `http4://{{env:STOCK:stock:8080}}/api` as
/// `http://${STOCK:stock:8080}/api` (<https://camel.apache.org/manual/using-propertyplaceholder.html>).
fn of_camel(text: &str) -> Option<String> {
    let (scheme, rest) = text.split_once("://")?;
    let secure = match scheme {
        "http" | "http4" | "netty-http:http" | "netty4-http:http" => "http",
        "https" | "https4" | "netty-http:https" | "netty4-http:https" => "https",
        _ => return None,
    };
    let (name, after) = rest.strip_prefix("{{")?.split_once("}}")?;
    let name = name.strip_prefix("env:").unwrap_or(name);
    let name = name.strip_prefix("sys:").unwrap_or(name);
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-:/".contains(c);
    let path = after.split(['?', '$']).next().unwrap_or(after);
    (!name.is_empty() && name.chars().all(plain)).then(|| format!("{secure}://${{{name}}}{path}"))
}

/// Whether a literal of the text may begin with an address: a quote stands before the scheme. The licence at
/// the head of many a file has an address that none is before.
fn may_begin(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memmem::find_iter(bytes, "://").any(|at| {
        let of_scheme = |b: &&u8| b.is_ascii_alphanumeric() || b"+-._:".contains(b);
        let scheme = bytes[..at].iter().rev().take_while(of_scheme).count();
        let before = (at - scheme).checked_sub(1).and_then(|at| bytes.get(at));
        before.is_some_and(|b| matches!(b, b'"' | b'\'' | b'`'))
    })
}

/// Whether a literal is given a name, where only that says that it is an address to go to: in Go and Python
/// calls are read by what they call.
fn is_named(file: &SourceFile<'_>, index: usize) -> bool {
    if !matches!(file.language, Language::Go | Language::Python) {
        return true;
    }
    let before = index.checked_sub(1).map_or("", |at| file.code().raw(at));
    matches!(before, ":" | "=" | ":=")
}

/// Whether a literal is the address of a neighbour on this machine that a page or a development
/// server calls: `basePath = "http://localhost:3000/api"`, `target: … || "http://localhost:9000"`.
fn is_base(file: &SourceFile<'_>, index: usize, text: &str) -> bool {
    let script = matches!(file.language, Language::JavaScript | Language::TypeScript);
    let Some(rest) = text
        .strip_prefix("http://localhost:")
        .or_else(|| text.strip_prefix("http://127.0.0.1:"))
        .filter(|_| script)
    else {
        return false;
    };
    let code = file.code();
    // Back over `process.env.API_URL ||` to the sign of a value and its name.
    let sign = (index.saturating_sub(12)..index)
        .rev()
        .take_while(|&at| code.line(at) == code.line(index))
        .find(|&at| code.is(at, "=") || code.is(at, ":"));
    // The address at which the program itself is reached is what its links begin with.
    let is_own = |at: usize| {
        let words = ["url", "base_url", "origin"];
        code.ident(at).is_some_and(|name| {
            tells_own_address(name) && !words.iter().any(|w| name.eq_ignore_ascii_case(w))
        })
    };
    if sign.is_some_and(|sign| (sign..index).any(is_own)) {
        return false;
    }
    let name = sign
        .and_then(|at| at.checked_sub(1))
        .and_then(|at| code.ident(at))
        .unwrap_or_default()
        .to_ascii_lowercase();
    rest.starts_with(|c: char| c.is_ascii_digit()) && is_name_of_base(&name)
}

/// Whether a name, in lower case, is that of an address which is called: of an interface, of a server, or of
/// one of the endpoints of whoever signs users in. Pages that one comes back to have names of their own.
fn is_name_of_base(name: &str) -> bool {
    const CALLED: [&str; 9] = [
        "api",
        "authority",
        "backend",
        "endpoint",
        "gateway",
        "graphql",
        "issuer",
        "server",
        "socket",
    ];
    // `websocketurl` is called; `webserver` and `devserver` hand out pages.
    const PAGES: [&str; 14] = [
        "allowed",
        "callback",
        "client",
        "cors",
        "devserver",
        "frontend",
        "home",
        "logout",
        "origin",
        "redirect",
        "return",
        "site",
        "vite",
        "webserver",
    ];
    name == "target"
        || name.starts_with("base")
        || name.contains("api")
        || CALLED.iter().any(|word| name.contains(word))
            && !PAGES.iter().any(|word| name.contains(word))
}

/// Whether a setting tells a program under which address others reach it.
pub(crate) fn tells_own_address(key: &str) -> bool {
    const OWN: [&str; 12] = [
        "app_url",
        "base_url",
        "canonical_url",
        "external_url",
        "frontend_url",
        "nextauth_url",
        "origin",
        "public_url",
        "root_url",
        "site_url",
        "url",
        "web_url",
    ];
    let lower = key.to_ascii_lowercase().replace(['.', '-'], "_");
    OWN.contains(&lower.as_str())
}

/// Whether a setting says for whom tokens are, whom nobody asks: `Jwt:Audience`, `ValidAudiences:0`.
pub(crate) fn names_audience(key: &str) -> bool {
    let lower = key.to_ascii_lowercase();
    let name = lower.trim_end_matches(|c: char| !c.is_ascii_alphabetic());
    name.ends_with("audience") || name.ends_with("audiences")
}

/// A connection string of .NET: `Server=db;Database=shop;…`.
fn pairs(acc: &mut FileFacts, file: &SourceFile<'_>, index: usize, text: &str) {
    let begins = ["Server=", "Host=", "Data Source="]
        .iter()
        .any(|start| text.starts_with(start));
    if file.language != Language::CSharp || !begins || is_said(file, index) {
        return;
    }
    const DRIVERS: [(&str, &str); 3] = [
        ("Npgsql", "postgresql"),
        ("MySql", "mysql"),
        ("SqlConnection", "sqlserver"),
    ];
    let driver = DRIVERS.iter().find(|(name, _)| file.text.contains(name));
    let Some((_, protocol)) = driver else { return };
    let line = file.code().line(index);
    let client = scan::call(protocol, Some(format!("{text};")), "");
    let near = acc.facts.iter().rev().take(200);
    let known = near.into_iter().any(|fact| {
        matches!(&fact.claim, Claim::Client(c) if c.target == client.target)
            && fact.at.lines[0] == line
    });
    if client.target.is_some() && !known {
        scan::client(acc, file, line, client);
    }
}

/// What the claims of the file already say.
struct Known {
    /// Hosts of clients.
    hosts: BTreeSet<String>,
    /// Defaults of variables by line.
    defaults: BTreeMap<u32, Vec<String>>,
}

fn known(acc: &FileFacts) -> Known {
    let mut known = Known {
        hosts: BTreeSet::new(),
        defaults: BTreeMap::new(),
    };
    for fact in &acc.facts {
        match &fact.claim {
            Claim::Client(client) => {
                let target = client.target.as_deref().unwrap_or_default();
                known.hosts.insert(host(target).to_owned());
            }
            Claim::EnvRead(read) => {
                if let Some(default) = &read.default {
                    let line = fact.at.lines[0];
                    known
                        .defaults
                        .entry(line)
                        .or_default()
                        .push(default.clone());
                }
            }
            _ => {}
        }
    }
    known
}

impl Known {
    /// Whether a client speaks of the host, or the default of a variable that is read here does.
    fn mentions(&self, host: &str, line: u32) -> bool {
        let near = self.defaults.range(line.saturating_sub(1)..=line);
        self.hosts.contains(host) || near.flat_map(|(_, all)| all).any(|d| d.contains(host))
    }
}

/// Whether a literal is only said: logged, compared, part of a message or of documentation.
fn is_said(file: &SourceFile<'_>, index: usize) -> bool {
    const TALK: [&str; 18] = [
        "log",
        "logger",
        "console",
        "print",
        "println",
        "printf",
        "debug",
        "info",
        "warn",
        "error",
        "trace",
        "writeline",
        "exception",
        "startswith",
        "replace",
        "describe",
        "allowedorigins",
        "origins",
    ];
    let code = file.code();
    let before = index.checked_sub(1).map_or("", |at| code.raw(at));
    if before == "=" && index >= 2 && code.is(index - 2, "=") {
        return true;
    }
    let Some(open) = file.outline().ancestors(index).find(|&o| !code.is(o, "[")) else {
        return false;
    };
    if !code.is(open, "(") {
        return false;
    }
    let Some(call) = code.call_at(open) else {
        return false;
    };
    let name = code.name(call).to_ascii_lowercase();
    let annotation = call.first > 0 && code.is(call.first - 1, "@");
    annotation && !name.contains("client")
        || name.split('.').any(|part| {
            TALK.contains(&part) || part.ends_with("exception") || part.ends_with("error")
        })
}

#[cfg(test)]
mod tests {
    use super::{is_name_of_base, of_camel};

    #[test]
    fn endpoints_of_camel_have_the_host_of_a_property() {
        let of = |text: &str| of_camel(text);
        assert_eq!(
            of("http4://{{env:STOCK:stock:8080}}/api/items?x=${header.id}").as_deref(),
            Some("http://${STOCK:stock:8080}/api/items")
        );
        assert_eq!(
            of("http://{{stock.host}}").as_deref(),
            Some("http://${stock.host}")
        );
        assert_eq!(of("jms:queue:{{orders}}"), None);
        assert_eq!(of("http://stock:8080"), None);
    }

    #[test]
    fn names_of_what_is_called() {
        for name in [
            "tokenendpoint",
            "server_url",
            "baseurl",
            "target",
            "graphqlurl",
        ] {
            assert!(is_name_of_base(name), "{name}");
        }
        for name in [
            "redirecturi",
            "logoutendpoint",
            "frontendserver",
            "homepage",
            "url",
        ] {
            assert!(!is_name_of_base(name), "{name}");
        }
    }
}
