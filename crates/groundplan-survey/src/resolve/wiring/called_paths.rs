//! Calls whose base address no file shows: a path behind a name that stands for an address.

use super::Wiring;
use crate::facts::Claim;
use crate::resolve::called_paths::OpenCall;
use groundplan_model::Role;

impl Wiring<'_, '_> {
    /// Notes the calls of each part whose base whoever runs it gives. Those of pages are among them that
    /// `join_pages` has joined by routes of code: what contracts describe adds to these, or finds others.
    pub(super) fn note_open_calls(&mut self) {
        for unit in 0..self.units.len() {
            let role = self.units[unit].role;
            if matches!(role, Role::LoadGenerator | Role::Job) {
                continue;
            }
            let project = self.units[unit].project;
            if !self.leaders.leads(unit, project) {
                continue;
            }
            let page = matches!(role, Role::Ui | Role::Program) || self.shows_pages(unit);
            for fact in self.clients(unit) {
                let Claim::Client(client) = &fact.claim else {
                    continue;
                };
                let http = matches!(client.protocol.as_str(), "http" | "websocket");
                let target = client.target.as_deref().filter(|_| http);
                let Some((base, path)) = target.and_then(open_base) else {
                    continue;
                };
                // A variable that a file sets is joined by its value.
                let set = |name| self.lookup(unit, name).is_some_and(|v| v.contains("://"));
                if base.strip_prefix("env:").is_some_and(set) {
                    continue;
                }
                self.graph.open_calls.push(OpenCall {
                    unit,
                    base: base.to_owned(),
                    path: path.split(['?', '#']).next().unwrap_or(path).to_owned(),
                    method: client.method.clone(),
                    socket: client.protocol == "websocket",
                    library: client.library.clone(),
                    at: fact.at.clone(),
                    page,
                });
            }
        }
    }
}

/// The name in front of a path that stands for an address: `{settings.address}/api/assets`.
fn open_base(target: &str) -> Option<(&str, &str)> {
    let (name, rest) = target.strip_prefix('{')?.split_once('}')?;
    let path = rest.len() > 1 && rest.starts_with('/') && !rest.contains("://");
    let plain = |c: char| c.is_alphanumeric() || "_.:$?!()".contains(c);
    (path && !name.is_empty() && name.chars().all(plain)).then_some((name, rest))
}

#[cfg(test)]
mod tests {
    use super::open_base;

    #[test]
    fn bases_are_names() {
        let found = open_base("{settings.address}/api/assets");
        assert_eq!(found, Some(("settings.address", "/api/assets")));
        assert_eq!(open_base("{base}"), None);
        assert_eq!(open_base("{base}/"), None);
        assert_eq!(open_base("https://a.example/b"), None);
        assert_eq!(open_base("{a + b}/c"), None);
    }
}
