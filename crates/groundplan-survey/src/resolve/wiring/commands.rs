//! Addresses in the command that starts a part.

use super::{End, Found, Wiring};
use crate::resolve::address::{Address, addresses, is_local};
use groundplan_model::{Confidence, Evidence, Role};

impl Wiring<'_, '_> {
    pub(super) fn join_commands(&mut self, unit: usize) {
        let mut commands: Vec<(String, Evidence)> = Vec::new();
        for (deployable, _) in &self.units[unit].deployables {
            if let Some(command) = &deployable.command {
                commands.push((command.value.clone(), command.at.clone()));
            }
        }
        self.join_leaders(unit);
        for (command, at) in commands {
            let text = without_own_names(&self.expand(unit, &command));
            let waited = waited_for(&text);
            let relayed = relayed_to(&text);
            for address in addresses(&text)
                .into_iter()
                .chain(relayed)
                .filter(|a| !a.bare && !is_local(&a.host))
            {
                if let Some(to) = self.answer(&address.host, address.port.as_deref(), unit) {
                    // What a script waits for is not yet called.
                    let plain = matches!(
                        self.units[to].role,
                        Role::Service | Role::Gateway | Role::Ui
                    );
                    // Pages register themselves nowhere: their script waits for the registry.
                    let page = self.units[unit].role == Role::Ui
                        && matches!(self.units[to].role, Role::Registry | Role::ConfigServer);
                    if plain && waited.contains(&address) || page {
                        continue;
                    }
                    let end = End::Unit(to);
                    let protocol = self.protocol(&address, &end);
                    let found = Found {
                        kind: None,
                        at: &at,
                        protocol,
                        technology: None,
                        operation: None,
                        confidence: Confidence::High,
                    };
                    self.add(unit, end, found);
                }
            }
        }
    }
}

/// A command without the arguments by which a part tells others under which address they reach it:
/// `--advertise-kafka-addr PLAINTEXT://kafka:9092`, `--hostname=https://id.shop.example`.
fn without_own_names(command: &str) -> String {
    let own = |flag: &str| {
        let flag = flag.trim_start_matches(['"', '\'']);
        flag.starts_with('-')
            && (flag.contains("advertise")
                || flag.contains("public-url")
                || flag.trim_start_matches('-') == "hostname")
    };
    let mut kept: Vec<&str> = Vec::new();
    let mut skips = false;
    for word in command.split(' ') {
        let (flag, value) = word.split_once('=').unwrap_or((word, ""));
        let value_follows = std::mem::take(&mut skips);
        if own(flag) {
            skips = value.is_empty();
        } else if !value_follows || word.starts_with('-') {
            kept.push(word);
        }
    }
    kept.join(" ")
}

/// The addresses that a relay hands on to: `tcp-listen:80,fork tcp-connect:cart:8080` of socat
/// (<http://www.dest-unreach.org/socat/doc/socat.html#ADDRESS_TCP_CONNECT>).
fn relayed_to(command: &str) -> Vec<Address> {
    const CONNECTS: [&str; 9] = [
        "openssl",
        "openssl-connect",
        "ssl",
        "tcp",
        "tcp-connect",
        "tcp4",
        "tcp4-connect",
        "udp",
        "udp-connect",
    ];
    let marks = |c: char| c.is_whitespace() || "\"'[],".contains(c);
    let words = command.split(marks).filter(|word| !word.is_empty());
    let listens = |word: &str| {
        let kind = word.split(':').next().unwrap_or(word).to_ascii_lowercase();
        kind.ends_with("-listen") || kind.ends_with("-l")
    };
    if !words.clone().any(listens) {
        return Vec::new();
    }
    let target = |word: &str| {
        let (kind, rest) = word.split_once(':')?;
        let connects = CONNECTS.contains(&kind.to_ascii_lowercase().as_str());
        connects.then(|| addresses(rest))
    };
    words.filter_map(target).flatten().collect()
}

/// The addresses that a command waits for before it starts something:
/// `./wait-for-it.sh gateway:8080 -- java …`, `dockerize -wait tcp://gateway:8080 java …`.
fn waited_for(command: &str) -> Vec<Address> {
    const SCRIPTS: [&str; 5] = ["wait-for", "wait_for", "waitfor", "wait4x", "-wait"];
    let mut all = Vec::new();
    let mut waits = false;
    for word in command.split_whitespace() {
        if SCRIPTS.iter().any(|script| word.contains(script)) {
            waits = true;
        } else if matches!(word, "--" | "&&" | ";" | "java" | "node" | "python" | "sh") {
            waits = false;
        } else if waits {
            all.extend(addresses(word));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::relayed_to;

    #[test]
    fn the_address_of_oneself_is_no_call() {
        let told = |command: &str| super::without_own_names(command);
        assert_eq!(
            told("start --kafka-addr a:1 --advertise-kafka-addr PLAINTEXT://kafka:2 --db b:3"),
            "start --kafka-addr a:1 --db b:3"
        );
        assert_eq!(
            told("start --hostname=https://id:8 --db=b:3"),
            "start --db=b:3"
        );
        assert_eq!(told("run --host db --port 1"), "run --host db --port 1");
    }

    #[test]
    fn a_relay_hands_on_to_what_it_connects() {
        let to = |command: &str| -> Vec<String> {
            let all = relayed_to(command).into_iter();
            all.map(|a| format!("{}:{}", a.host, a.port.unwrap_or_default()))
                .collect()
        };
        assert_eq!(
            to("tcp-listen:9191,fork,bind=127.0.0.1 tcp-connect:issuer:9191"),
            ["issuer:9191"]
        );
        assert_eq!(
            to("socat TCP4-LISTEN:80,fork TCP4:cart:8080"),
            ["cart:8080"]
        );
        assert_eq!(
            to("[\"UNIX-LISTEN:/run/a.sock,fork\", \"TCP:db:5432\"]"),
            ["db:5432"]
        );
        // Without a place to listen it is no relay.
        assert!(to("wait tcp:db:5432").is_empty());
    }
}
