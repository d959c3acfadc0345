//! Databases of one server: parts that use one server, each under another name of a database, share the
//! server and not what they keep.

use crate::context::Context;
use groundplan_model::{Element, Provenance};
use std::collections::{BTreeMap, BTreeSet};

/// For each part the database that its settings name in a server, where all of them name one and no two
/// the same.
pub(super) fn of<'a>(
    c: &Context<'a>,
    server: &Element,
    users: &BTreeSet<&str>,
) -> Option<BTreeMap<String, (String, &'a Provenance)>> {
    let mut all = BTreeMap::new();
    for user in users {
        let mut named: Vec<(String, &Provenance)> = (c.blueprint.settings.iter())
            .filter(|s| s.element.as_deref() == Some(*user) && s.profile.is_none())
            .filter_map(|s| Some((database(server, s.value.as_deref()?)?, &s.provenance)))
            .collect();
        named.sort_by(|a, b| a.0.cmp(&b.0));
        named.dedup_by(|a, b| a.0 == b.0);
        let [(name, at)] = named.as_slice() else {
            return None;
        };
        all.insert((*user).to_owned(), (name.clone(), *at));
    }
    let names: BTreeSet<&str> = all.values().map(|(name, _)| name.as_str()).collect();
    (names.len() > 1 && names.len() == all.len()).then_some(all)
}

/// The database that an address names in a server.
fn database(server: &Element, value: &str) -> Option<String> {
    named(value, |host| {
        let mut known = std::iter::once(&server.name).chain(&server.aliases);
        known.any(|n| n.eq_ignore_ascii_case(host))
    })
}

/// `orders` of `jdbc:postgresql://db:5432/orders?ssl=true`, where `db` is the server.
fn named(value: &str, is_server: impl Fn(&str) -> bool) -> Option<String> {
    let (scheme, rest) = value.split_once("://")?;
    // An index or a number behind another scheme is no database.
    let kinds = [
        "postgres",
        "mysql",
        "mariadb",
        "mongodb",
        "sqlserver",
        "jdbc",
        "cockroach",
        "r2dbc",
    ];
    if !kinds.iter().any(|kind| scheme.starts_with(kind)) {
        return None;
    }
    let (place, path) = rest.split_once('/')?;
    let host = place.rsplit('@').next()?.split(':').next()?;
    let name = path.split(['?', ';', '/']).next()?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    (is_server(host) && !name.is_empty() && name.chars().all(plain)).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn the_database_of_an_address_is_the_one_behind_its_server() {
        let of = |value: &str| named(value, |host| host == "db");
        assert_eq!(
            of("jdbc:postgresql://db:5432/orders?ssl=true").as_deref(),
            Some("orders")
        );
        assert_eq!(of("postgres://shop:***@db/stock").as_deref(), Some("stock"));
        assert_eq!(of("postgres://other/stock"), None);
        assert_eq!(of("postgres://db/${NAME}"), None);
        assert_eq!(of("postgres://db:5432/"), None);
    }
}
