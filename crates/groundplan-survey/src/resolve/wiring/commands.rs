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
            let text = self.expand(unit, &command);
            let waited = waited_for(&text);
            for address in addresses(&text)
                .into_iter()
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
