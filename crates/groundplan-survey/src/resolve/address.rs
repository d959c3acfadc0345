//! Addresses in values: URLs, `host:port`, connection strings.

/// A host that a value names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    /// Scheme, in lower case, without `://`.
    pub(crate) scheme: Option<String>,
    /// Host, in lower case.
    pub(crate) host: String,
    /// Port as written.
    pub(crate) port: Option<String>,
    /// Whether the value is nothing but a name, so that only its key says that it is a host.
    pub(crate) bare: bool,
}

/// All addresses in a value, in order.
pub(crate) fn addresses(value: &str) -> Vec<Address> {
    let mut all = Vec::new();
    if value.len() > 4096 {
        return all;
    }
    if let Some(address) = redis_string(value) {
        return vec![address];
    }
    connection_string(value, &mut all);
    let separators = |c: char| c.is_whitespace() || "\"'`<>()[]{}|;".contains(c);
    let mut scheme_before: Option<String> = None;
    for word in value.split(separators).flat_map(|w| w.split(',')) {
        let word = word.trim_matches(['=', '&']);
        // `--db=postgres:5432`, `url=http://x`
        let word = match word.split_once('=') {
            Some((_, tail)) if !word.contains("://") || tail.contains("://") => tail,
            _ => word,
        };
        if word.is_empty() {
            continue;
        }
        let (scheme, rest) = match word.find("://") {
            Some(at) => (Some(scheme_of(&word[..at])), &word[at + 3..]),
            None => (None, word),
        };
        let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
        let authority = authority.rsplit('@').next().unwrap_or(authority);
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if is_port(port) => (host, Some(port.to_owned())),
            Some((host, "")) => (host, None),
            _ => (authority, None),
        };
        // `https://www.{domain}` is the beginning of a host.
        if !is_host(host) || host.ends_with('.') {
            continue;
        }
        // `amqp://a:1,b:2` names the scheme once.
        let inherited = scheme.is_none() && port.is_some();
        let scheme = scheme.or_else(|| {
            if inherited {
                scheme_before.clone()
            } else {
                None
            }
        });
        let bare = scheme.is_none() && port.is_none();
        if bare && word.len() != value.trim().len() {
            continue;
        }
        scheme_before.clone_from(&scheme);
        all.push(Address {
            scheme,
            host: host.to_ascii_lowercase(),
            port,
            bare,
        });
    }
    all
}

/// `jdbc:postgresql` of `jdbc:postgresql://…`; the last part of what looks like a sentence.
fn scheme_of(text: &str) -> String {
    let end = |c: char| !c.is_ascii_alphanumeric() && !"+.:-_".contains(c);
    let scheme = text.rsplit(end).next().unwrap_or(text);
    scheme.to_ascii_lowercase()
}

/// `Server=db,1433;Database=x`, `Host=db;Port=5432`, `Data Source=db`.
fn connection_string(value: &str, all: &mut Vec<Address>) {
    if !value.contains('=') || !(value.contains(';') || value.contains(' ')) {
        return;
    }
    const KEYS: [&str; 6] = [
        "server",
        "host",
        "data source",
        "hostname",
        "addr",
        "address",
    ];
    let mut port = None;
    let mut host = None;
    for part in value.split(';').flat_map(|p| {
        if value.contains(';') {
            vec![p]
        } else {
            p.split(' ').collect()
        }
    }) {
        let Some((key, text)) = part.split_once('=') else {
            continue;
        };
        let key = key.trim().to_ascii_lowercase();
        if KEYS.contains(&key.as_str()) {
            host = Some(text.trim().trim_start_matches("tcp:"));
        } else if key == "port" {
            port = Some(text.trim().to_owned());
        }
    }
    let Some(host) = host else { return };
    let (name, inner) = host
        .split_once([',', ':'])
        .map_or((host, None), |(h, p)| (h, Some(p.to_owned())));
    if is_host(name) {
        let port = inner.or(port);
        all.push(Address {
            scheme: None,
            host: name.to_ascii_lowercase(),
            port,
            bare: false,
        });
    }
}

/// `cache:6379,password=…`, `cache,ssl=False`: hosts and then options, as StackExchange.Redis reads them
/// (<https://stackexchange.github.io/StackExchange.Redis/Configuration>).
fn redis_string(value: &str) -> Option<Address> {
    const OPTIONS: [&str; 10] = [
        "abortconnect",
        "allowadmin",
        "connectretry",
        "connecttimeout",
        "defaultdatabase",
        "keepalive",
        "name",
        "password",
        "ssl",
        "synctimeout",
    ];
    if value.contains("://") || value.contains(';') {
        return None;
    }
    let mut parts = value.trim().split(',').map(str::trim);
    let first = parts.next()?;
    let is_option = |part: &str| {
        let key = part
            .split_once('=')
            .map(|(key, _)| key.trim().to_ascii_lowercase());
        key.is_some_and(|key| OPTIONS.contains(&key.as_str()))
    };
    let (host, port) = match first.split_once(':') {
        Some((host, port)) if is_port(port) => (host, Some(port.to_owned())),
        Some(_) => return None,
        None => (first, None),
    };
    (is_host(host) && parts.any(is_option)).then(|| Address {
        scheme: Some("redis".to_owned()),
        host: host.to_ascii_lowercase(),
        port,
        bare: false,
    })
}

fn is_port(text: &str) -> bool {
    (1..=5).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
        || (text.starts_with('{') || text.starts_with('$'))
}

fn is_host(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 253
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b))
        && text
            .bytes()
            .next()
            .is_some_and(|b| b.is_ascii_alphanumeric())
        && text.bytes().any(|b| b.is_ascii_alphabetic() || b == b'.')
}

/// Whether a key says that its value is a host or address.
pub(crate) fn is_address_key(key: &str) -> bool {
    let lower = key.to_ascii_lowercase();
    let lower = without_index(&lower);
    let last = lower.rsplit(['.', '_', '-', ':']).next().unwrap_or(lower);
    // `REDIS_HOST0` is the first of several.
    let last = last.trim_end_matches(|c: char| c.is_ascii_digit());
    const LAST: [&str; 31] = [
        "host",
        "hosts",
        "hostname",
        "hostnames",
        "addr",
        "addrs",
        "address",
        "addresses",
        "server",
        "servers",
        "url",
        "urls",
        "uri",
        "uris",
        "endpoint",
        "endpoints",
        "broker",
        "brokers",
        "node",
        "nodes",
        "defaultzone",
        "baseurl",
        "dsn",
        "connect",
        "zookeeper",
        "bootstrap",
        "gateway",
        "peer",
        "peers",
        "upstream",
        "backend",
    ];
    LAST.contains(&last)
        || [
            "host", "addr", "address", "url", "uri", "endpoint", "servers", "brokers",
        ]
        .iter()
        .any(|w| last.ends_with(w))
}

/// The key of a list, of one of its entries: `hostnames` of `hostnames:0`, `brokers` of `brokers[0]`.
pub(crate) fn without_index(key: &str) -> &str {
    let inner = key.strip_suffix(']').and_then(|k| k.rsplit_once('['));
    let (list, index) = match inner.or_else(|| key.rsplit_once(':')) {
        Some(parts) => parts,
        None => return key,
    };
    let is_index = !index.is_empty() && index.bytes().all(|b| b.is_ascii_digit());
    if is_index { list } else { key }
}

/// Whether a host is this machine.
pub(crate) fn is_local(host: &str) -> bool {
    matches!(
        host,
        "localhost" | "127.0.0.1" | "0.0.0.0" | "host.docker.internal" | "::1"
    )
}

#[cfg(test)]
mod tests {
    use super::addresses;

    #[test]
    fn hosts_before_options_of_redis_are_addresses() {
        let found = |value: &str| -> Vec<String> {
            let all = addresses(value).into_iter();
            all.map(|a| format!("{:?} {} {:?}", a.scheme, a.host, a.port))
                .collect()
        };
        let wanted = ["Some(\"redis\") cache None"];
        assert_eq!(found("cache,password=${SECRET}"), wanted);
        let wanted = ["Some(\"redis\") cache Some(\"6379\")"];
        assert_eq!(found("cache:6379,ssl=False,abortConnect=False"), wanted);
        // What stands before a scheme may be a sign of several bytes.
        let wanted = ["Some(\"http\") cache Some(\"80\")"];
        assert_eq!(found("…http://cache:80"), wanted);
        // A list of words with an assignment is none.
        assert!(found("cache,colour=red").is_empty());
    }
}
