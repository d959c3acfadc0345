//! What the key of a setting says: whose address its value is, and on which port.

use super::{End, Found, Wiring, relaxed};
use crate::addresses::names_audience;
use crate::resolve::address::{Address, is_local, without_index};
use crate::resolve::settings::Value;
use groundplan_model::Role;

impl Wiring<'_, '_> {
    /// The part that a key is called after, with an address of this machine that tells none, or none but one by
    /// its port: `destinations.orderServiceUrl` and `clients.order-service.base-url` are where `order-service` is
    /// found.
    pub(super) fn named_by_key(
        &self,
        unit: usize,
        value: &Value,
        address: &Address,
    ) -> Option<usize> {
        if !is_local(&address.host) || address.port.is_none() || value.is_env {
            return None;
        }
        let mut sections = value.key.rsplit(['.', ':']);
        let last = relaxed(sections.next().unwrap_or_default());
        let ends = ["baseurl", "url", "uri", "address", "endpoint", "host"];
        let name = ends.iter().find_map(|end| last.strip_suffix(end))?;
        let section = relaxed(sections.next().unwrap_or_default());
        let name = match name.is_empty() {
            true => section.as_str(),
            false => name,
        };
        if name.len() < 5 {
            return None;
        }
        let fits = |other: &usize| {
            let own = &self.units[*other];
            let mut names = std::iter::once(&own.name).chain(&own.hosts);
            *other != unit
                && matches!(own.role, Role::Service | Role::Gateway | Role::Auth)
                && names.any(|n| relaxed(n) == name)
        };
        let mut all = (0..self.units.len()).filter(fits);
        match (all.next(), all.next()) {
            (Some(to), None) => Some(to),
            _ => None,
        }
    }

    /// Adds a call of the part that a key is called after.
    pub(super) fn add_named(&mut self, unit: usize, value: &Value, to: usize) {
        let found = Found {
            protocol: Some("HTTP".to_owned()),
            ..Found::guess(None, &value.at)
        };
        self.add(unit, End::Unit(to), found);
    }

    /// The port that stands beside a host under a key of its own: `elastic.host` and `elastic.port`.
    pub(super) fn port_beside(&self, unit: usize, key: &str) -> Option<String> {
        let lower = key.to_ascii_lowercase();
        // `hostnames:0` and `port`: one port for all.
        let list = without_index(&lower);
        let lower = match list.len() < lower.len() {
            true => list.strip_suffix('s').unwrap_or(list),
            false => lower.as_str(),
        };
        let names = ["hostname", "host", "address", "server"];
        let name = names.iter().find(|name| lower.ends_with(**name))?;
        let value = self.lookup(unit, &format!("{}port", &lower[..lower.len() - name.len()]))?;
        let port = self.expand(unit, &value);
        (!port.is_empty() && port.bytes().all(|b| b.is_ascii_digit())).then_some(port)
    }

    /// The usual port of a product that a section of the key is called after, where a part of the system is
    /// that product and answers on it: `Messaging:RabbitMQ:HostName`.
    pub(super) fn port_of_section(&self, key: &str) -> Option<String> {
        let mut sections = key.split([':', '.']).rev().skip(1);
        let product = sections.find_map(|word| {
            let product = self.world.knowledge.by_name(&word.to_ascii_lowercase())?;
            (!product.ports.is_empty()).then_some(product)
        })?;
        let ports = product.ports.iter().map(ToString::to_string);
        let mut answered = ports.filter(|port| {
            let owners = self.ports.get(port);
            owners.is_some_and(|all| all.iter().any(|&unit| self.serves(unit, &product.id)))
        });
        answered.next()
    }

    /// What stands for `Provider` in a section: in a variable of the environment before the files.
    pub(super) fn provider(&self, unit: usize, section: &str) -> Option<String> {
        let wanted = relaxed(&format!("{section}:Provider"));
        let told = |env: bool| {
            let mut all = self.values[unit].iter();
            let found = all.find(|v| v.is_env == env && relaxed(&v.key) == wanted)?;
            Some(found.value.clone())
        };
        told(true).or_else(|| told(false))
    }

    /// Whether a switch of .NET beside a section selects another one: `Messaging:Provider` is `Fake`, and
    /// the key is `Messaging:RabbitMQ:HostName`.
    pub(super) fn is_switched_off(&self, unit: usize, key: &str) -> bool {
        let key = key.replace("__", ":");
        let mut at = 0;
        while let Some(end) = key[at..].find(':').map(|e| at + e) {
            let rest = &key[end + 1..];
            let section = rest.split(':').next().filter(|s| s.len() < rest.len());
            let chosen = section.and_then(|_| self.provider(unit, &key[..end]));
            if let (Some(section), Some(chosen)) = (section, chosen)
                && !chosen.is_empty()
                && !chosen.contains('$')
                && relaxed(section) != relaxed(&chosen)
            {
                return true;
            }
            at = end + 1;
        }
        false
    }
}

/// Keys that give a unit its own name rather than that of another.
pub(super) fn is_own_name(key: &str) -> bool {
    let lower = key.to_ascii_lowercase().replace(['.', '-'], "_");
    const OWN: [&str; 12] = [
        "applicationurl",
        "aspnetcore_urls",
        "spring_application_name",
        "otel_service_name",
        "hostname",
        "eureka_instance_hostname",
        "server_name",
        "virtual_host",
        "service_name",
        "eureka_instance_instance_id",
        "server_host",
        "advertised_host_name",
    ];
    OWN.contains(&lower.as_str()) || lower.contains("advertised")
}

/// Whether a setting tells a program under which address the public reaches it, whatever section it stands
/// in: `shop.publicUrl`.
pub(super) fn tells_public_address(key: &str) -> bool {
    let last = key.rsplit(['.', ':']).next().unwrap_or(key);
    let plain: String = (last.chars())
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    matches!(
        plain.as_str(),
        "publicurl" | "externalurl" | "canonicalurl" | "rooturl"
    )
}

/// Keys that list who may call, where a browser is sent back to, or for whom a token is: `AllowedOrigins:0`,
/// `cors.urls`, `Jwt:Audience`.
pub(super) fn is_of_callers(key: &str) -> bool {
    let plain: String = (key.chars())
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    let word = |wanted: &str| {
        let mut words = key.split(|c: char| !c.is_ascii_alphanumeric());
        words.any(|w| w.eq_ignore_ascii_case(wanted))
    };
    plain.contains("allowedorigin")
        || plain.contains("alloworigin")
        || plain.contains("allowed")
            && plain
                .trim_end_matches(char::is_numeric)
                .ends_with("origins")
        || plain.contains("corsorigin")
        || word("cors")
        || plain.contains("redirecturi")
        || plain.contains("redirecturl")
        || plain.ends_with("redirect")
        || names_audience(key)
        || returns(&plain)
}

/// Whether a setting says where others, whom the program sends somewhere, come back to:
/// `payments.return-url`, `CHECKOUT_SUCCESS_URL`.
fn returns(plain: &str) -> bool {
    const WAYS: [&str; 5] = ["callback", "cancel", "failure", "return", "success"];
    let stem = plain
        .strip_suffix("url")
        .or_else(|| plain.strip_suffix("uri"));
    stem.is_some_and(|stem| WAYS.iter().any(|way| stem.ends_with(way)))
}

/// Whether a variable lists what has to answer before a program starts: `WAIT_HOSTS`, `WAIT_FOR_SERVICES`.
pub(super) fn is_of_waiting(key: &str) -> bool {
    key.split(['_', '-', '.'])
        .next()
        .is_some_and(|first| first.eq_ignore_ascii_case("wait"))
}

/// Whether a setting names pages that people open: `BUYER_WEB_BASE_URL`, `app.frontend-url`.
pub(super) fn names_pages(key: &str) -> bool {
    let lower = key.to_ascii_lowercase();
    let mut words: Vec<&str> = lower
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|w| !w.is_empty())
        .collect();
    let mut speaks = false;
    while words
        .last()
        .is_some_and(|w| matches!(*w, "url" | "uri" | "base" | "origin" | "link"))
    {
        words.pop();
        speaks = true;
    }
    let pages = [
        "web", "frontend", "site", "website", "portal", "webapp", "ui",
    ];
    speaks && words.last().is_some_and(|w| pages.contains(w))
}

/// Whether a key says that its address holds outside of the system, where browsers are:
/// `ApiUrlExternal`, `PUBLIC_API_URL`.
pub(super) fn is_outer_key(key: &str) -> bool {
    let plain: String = (key.chars())
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    // Where browsers send measurements says nothing of the work.
    (plain.contains("external") || plain.contains("public")) && !plain.contains("otel")
}

/// Whether a property names who issues or checks the tokens that a program takes (Spring Security, Quarkus,
/// Keycloak).
pub(super) fn names_issuer(key: &str) -> bool {
    let ends = ["auth-server-url", "issuer-uri", "jwk-set-uri"];
    ends.iter().any(|end| key.ends_with(end))
}

/// Whether a setting names the server that takes mail: `SMTP_HOST`, `MAILER_HOST`, `Email:Host`.
pub(super) fn names_mail_server(key: &str) -> bool {
    let lower = key.to_ascii_lowercase();
    let mut words = lower
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|w| !w.is_empty());
    let Some(last) = words.next_back() else {
        return false;
    };
    let mail = |word: &str| matches!(word, "smtp" | "mail" | "mailer" | "email");
    matches!(last, "smtphost" | "smtpserver" | "mailserver")
        || matches!(last, "host" | "hostname" | "server") && words.any(mail)
}

/// Whether a host belongs to a service that takes mail of programs which are tried out, and delivers none.
pub(super) fn only_catches_mail(host: &str) -> bool {
    let services = ["mailtrap.io", "ethereal.email", "mailosaur.net"];
    services.iter().any(|service| host.ends_with(service))
}

/// Whether a host waits for somebody to fill it in (`teamXXXXXX.chat.io`), or is a tunnel to the machine of a
/// developer.
pub(super) fn is_stand_in(host: &str) -> bool {
    const TUNNELS: [&str; 5] = [
        ".loca.lt",
        ".ngrok.io",
        ".ngrok.app",
        ".ngrok-free.app",
        ".trycloudflare.com",
    ];
    let host = host.to_ascii_lowercase();
    host.contains("xxxx") || TUNNELS.iter().any(|end| host.ends_with(end))
}

/// Whether a host is a stand-in, or one of those for documentation (<https://www.rfc-editor.org/rfc/rfc2606>).
pub(super) fn is_made_up(host: &str) -> bool {
    if is_stand_in(host) {
        return true;
    }
    let parts: Vec<&str> = host.rsplit('.').take(2).collect();
    matches!(
        parts.as_slice(),
        ["com" | "org" | "net", "example"] | ["example" | "test" | "invalid", ..]
    )
}

/// Whether a setting is shown by pages that document an interface: a browser follows it.
pub(super) fn is_of_documentation(key: &str) -> bool {
    let mut words = key.split(|c: char| !c.is_ascii_alphanumeric());
    words.any(|word| {
        let word = word.to_ascii_lowercase();
        matches!(
            word.as_str(),
            "springdoc"
                | "swagger"
                | "swaggerui"
                | "openapi"
                | "knife4j"
                | "changelog"
                | "docs"
                | "terms"
                | "tos"
                | "privacy"
                | "homepage"
                | "logo"
        )
    })
}

/// Whether settings hold for tests alone: `.env.test`, `application-test.yml`,
/// `appsettings.Testing.json`.
pub(crate) fn is_of_tests(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    let settings = name.contains(".env")
        || name.ends_with("env")
        || name.starts_with("application")
        || name.starts_with("bootstrap")
        || name.starts_with("appsettings");
    settings
        && name.split(['.', '-', '_']).any(|word| {
            matches!(
                word,
                "test" | "tests" | "testing" | "e2e" | "ci" | "cypress"
            )
        })
}

/// Whether the name of a variable says that sockets are opened at its address, whatever the scheme:
/// clients of socket.io and SignalR begin with HTTP (`WS_URL=http://…`).
pub(super) fn is_socket_key(key: &str) -> bool {
    key.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| {
        matches!(
            word.to_ascii_lowercase().as_str(),
            "ws" | "wss" | "socket" | "sockets" | "websocket" | "websockets" | "signalr"
        )
    })
}

/// Whether the name of a variable says that its value is the host of another server.
pub(super) fn is_host_key(key: &str) -> bool {
    let lower = key.to_ascii_lowercase();
    let last = lower.rsplit(['.', '_', '-', ':']).next();
    let last = last.map(|word| word.trim_end_matches(|c: char| c.is_ascii_digit()));
    matches!(
        last,
        Some("host" | "hosts" | "nodes" | "peers" | "seeds" | "upstream" | "upstreams")
    )
}
