//! Versions in paths of Django REST framework: a pattern has a parameter for it, and the settings of the
//! description say which one is served.

use crate::extractors::DRF_SERVER;
use crate::facts::Claim;
use crate::resolve::world::World;
use std::collections::BTreeSet;

/// The paths of the servers of some projects.
pub(crate) struct Versions<'f>(BTreeSet<&'f str>);

impl<'f> Versions<'f> {
    pub(crate) fn of(world: &World<'f>, projects: impl Iterator<Item = usize>) -> Self {
        let facts = projects.flat_map(|project| world.facts_of(project));
        let servers = facts.filter_map(|fact| match &fact.claim {
            Claim::Mount(mount) if mount.target == DRF_SERVER => Some(mount.prefix.as_str()),
            _ => None,
        });
        Versions(servers.collect())
    }

    /// A path with the version of the server that it stands below, where only one fits.
    pub(crate) fn filled(&self, path: &str) -> Option<String> {
        if !path.contains("{version}") {
            return None;
        }
        let mut found = self.0.iter().filter_map(|server| below(server, path));
        let first = found.next()?;
        found.all(|other| other == first).then_some(first)
    }
}

/// The path below a server whose parts it has, but for the version.
fn below(server: &str, path: &str) -> Option<String> {
    let mut parts = path.split('/');
    let mut out: Vec<&str> = Vec::new();
    for wanted in server.split('/') {
        let part = parts.next()?;
        let version = || {
            let (before, after) = part.split_once("{version}")?;
            let number = wanted.strip_prefix(before)?.strip_suffix(after)?;
            let plain = number.bytes().all(|b| b.is_ascii_digit() || b == b'.');
            (plain && !number.is_empty()).then_some(())
        };
        if part != wanted && version().is_none() {
            return None;
        }
        out.push(wanted);
    }
    out.extend(parts);
    Some(out.join("/"))
}

#[cfg(test)]
mod tests {
    use super::Versions;

    #[test]
    fn a_server_says_the_version() {
        let all = Versions(["/orders/api/v1", "/stock/v2.1"].into());
        for (path, wanted) in [
            ("/orders/api/v{version}/lines", Some("/orders/api/v1/lines")),
            ("/stock/v{version}", Some("/stock/v2.1")),
            ("/orders/api/v{version}/{id}", Some("/orders/api/v1/{id}")),
            ("/other/v{version}/lines", None),
            ("/orders/api/v1/lines", None),
        ] {
            assert_eq!(all.filled(path).as_deref(), wanted, "{path}");
        }
    }
}
