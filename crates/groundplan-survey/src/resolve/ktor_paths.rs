//! Paths of classes of resources of Ktor that stand in one file and are named by routes of others.

use crate::facts::PathConstant;
use crate::http_paths::{self, CONSTANT, UNREAD};
use std::collections::BTreeMap;

/// Paths by the whole name of their class; none of a name that several files give different paths.
#[derive(Debug, Default)]
pub(crate) struct KtorPaths<'f>(BTreeMap<String, Option<&'f str>>);

impl<'f> KtorPaths<'f> {
    pub(crate) fn add(&mut self, constant: &'f PathConstant) {
        let name = match constant.class.as_str() {
            "" => constant.name.clone(),
            package => format!("{package}.{}", constant.name),
        };
        let value = Some(constant.value.as_str());
        let known = self.0.entry(name).or_insert(value);
        *known = known.filter(|known| Some(*known) == value);
    }

    /// A path with that of the class in it; what no file says is not read.
    pub(crate) fn filled(&self, path: &str) -> String {
        let mark = format!("{{{CONSTANT}");
        let Some((before, after)) = path.split_once(&mark) else {
            return path.to_owned();
        };
        let (names, behind) = after.split_once('}').unwrap_or((after, ""));
        let mut found = names.split('|').filter_map(|name| *self.0.get(name)?);
        let value = found.next().unwrap_or(UNREAD);
        http_paths::join(&http_paths::join(before, value), behind)
    }
}

#[cfg(test)]
mod tests {
    use super::KtorPaths;
    use crate::facts::PathConstant;

    #[test]
    fn the_first_package_that_has_the_class_counts() {
        let constant = |class: &str, name: &str, value: &str| PathConstant {
            class: class.to_owned(),
            name: name.to_owned(),
            value: value.to_owned(),
        };
        let all = [
            constant("shop.orders", "Orders", "/orders"),
            constant("shop.orders", "Orders.ById", "/orders/{id}"),
            constant("", "Ping", "/ping"),
        ];
        let mut paths = KtorPaths::default();
        all.iter().for_each(|one| paths.add(one));
        for (path, wanted) in [
            ("/api/{const:shop.Orders|shop.orders.Orders}", "/api/orders"),
            ("/{const:shop.orders.Orders.ById}", "/orders/{id}"),
            ("/{const:Ping}", "/ping"),
            ("/{const:shop.Other}", "/…"),
        ] {
            assert_eq!(paths.filled(path), wanted, "{path}");
        }
    }
}
