//! Settings with the address of a part that their program does not use: copied from another program, given
//! to all, or the program's own.

use super::{Wiring, relaxed};
use crate::addresses::tells_own_address;
use crate::facts::Claim;
use crate::resolve::address::{Address, is_local};
use crate::resolve::needed::Needed;
use crate::resolve::settings::Value;
use crate::resolve::stores::has_driver;
use std::collections::BTreeSet;

impl Wiring<'_, '_> {
    /// Whether a setting of a program of .NET names a store of this machine that nothing it is built with can
    /// open: it was copied from another program.
    pub(super) fn is_left_over(
        &self,
        unit: usize,
        value: &Value,
        address: &Address,
        to: usize,
    ) -> bool {
        let file = value.at.path.rsplit('/').next().unwrap_or_default();
        if value.is_env
            || !is_local(&address.host)
            || !file.starts_with("appsettings")
            || self.names(&value.key, to)
        {
            return false;
        }
        self.cannot_open(unit, to)
    }

    /// Whether no package of a program has to do with a store or broker for which others have a driver.
    pub(super) fn has_no_driver_for(&self, unit: usize, to: usize) -> bool {
        self.cannot_open(unit, to)
            && !self.has_package_for(unit, to)
            && self.is_opened_by_others(unit, to)
    }

    /// Whether a package of a program is called after what a store or broker is or speaks: a starter brings
    /// drivers of its own (`spring-cloud-starter-turbine-amqp`).
    fn has_package_for(&self, unit: usize, to: usize) -> bool {
        let Some(product) = self.units[to].technology else {
            return false;
        };
        let words = std::iter::once(&product.id).chain(&product.schemes);
        let words: Vec<&String> = words.filter(|w| w.len() > 3).collect();
        let project = self.units[unit].project;
        let mut facts = project.into_iter().flat_map(|p| self.world.facts_of(p));
        facts.any(|fact| {
            matches!(&fact.claim, Claim::Dependency(d) if words.iter().any(|w| d.name.contains(w.as_str())))
        })
    }

    /// Whether the manifests of other programs, written by the same people, name a driver for a store.
    fn is_opened_by_others(&self, unit: usize, to: usize) -> bool {
        let product = self.units[to].technology;
        let others = (0..self.units.len()).filter(|&other| other != unit);
        let mut projects = others.filter_map(|other| self.units[other].project);
        projects.any(|p| product.is_some_and(|t| has_driver(self.world, p, t)))
    }

    /// Whether nothing that a program is built with can open a store or broker.
    fn cannot_open(&self, unit: usize, to: usize) -> bool {
        let (Some(project), Some(product)) = (self.units[unit].project, self.units[to].technology)
        else {
            return false;
        };
        let needed = self.needed.get_or_init(|| Needed::of(self.world));
        let built = needed.all(self.world, project);
        !(built.into_iter()).any(|p| has_driver(self.world, p, product))
    }

    /// Whether a variable with the address of a store was given for no use: settings of the program refer
    /// to others of its variables and not to this one, and nothing that it is built with can open the store.
    pub(super) fn is_given_in_vain(
        &self,
        unit: usize,
        value: &Value,
        reads: &BTreeSet<String>,
        to: usize,
    ) -> bool {
        let refers = |key: &str| {
            let (plain, with_default) = (format!("${{{key}}}"), format!("${{{key}:"));
            let files = self.values[unit].iter().filter(|v| !v.is_env);
            files
                .into_iter()
                .any(|v| v.value.contains(&plain) || v.value.contains(&with_default))
        };
        let others = || {
            let given = self.values[unit].iter();
            given.filter(|v| v.is_env && v.at.path == value.at.path && v.key != value.key)
        };
        value.is_env
            && !self.is_read(unit, &value.key, reads)
            && !refers(&value.key)
            && others().any(|v| refers(&v.key))
            && self.cannot_open(unit, to)
    }

    /// Whether a key is the name of another part than the one that answers, and a word for an address:
    /// `OrdersAddress`.
    pub(super) fn names_other(&self, key: &str, unit: usize, to: usize) -> bool {
        let last = relaxed(key.rsplit(['.', ':']).next().unwrap_or(key));
        let ends = ["baseurl", "url", "uri", "address", "endpoint", "host"];
        let name = ends.iter().find_map(|end| last.strip_suffix(end));
        name.is_some_and(|name| {
            name.len() > 3
                && (0..self.units.len()).any(|other| {
                    let own = &self.units[other];
                    let mut names = std::iter::once(&own.name).chain(&own.hosts);
                    other != unit
                        && other != to
                        && own.project.is_some()
                        && names.any(|n| relaxed(n) == name)
                })
        })
    }

    /// Whether a program writes and reads tokens of its own: issuer and audience are the same name, which
    /// nobody is asked for.
    pub(super) fn is_own_issuer(&self, unit: usize, value: &Value) -> bool {
        let key = value.key.to_ascii_lowercase();
        let Some(stem) = key.strip_suffix("issuer") else {
            return false;
        };
        let audience = format!("{stem}audience");
        let mut all = self.values[unit].iter();
        all.any(|v| v.key.eq_ignore_ascii_case(&audience) && v.value == value.value)
    }

    /// Whether a key tells a program its own address under its own name: `files.base-url` of `files`.
    pub(super) fn is_own_section(&self, unit: usize, key: &str) -> bool {
        let Some((section, rest)) = key.split_once('.') else {
            return false;
        };
        let own = &self.units[unit];
        let mut names = std::iter::once(&own.name).chain(&own.hosts);
        tells_own_address(rest) && names.any(|name| relaxed(name) == relaxed(section))
    }
}
