//! Which variables a unit reads, and which store a switch among them selects.

use super::{End, Wiring};
use crate::call_rules::protocol_of;
use crate::extractors::PRISMA_SOURCE;
use crate::extractors::default_stores::DEFAULT_STORE;
use crate::facts::Claim;
use crate::resolve::environments::stage_of_settings;
use crate::resolve::leaders::Leaders;
use crate::resolve::names::is_aside;
use crate::resolve::needed::Needed;
use crate::resolve::settings::fill;
use crate::scan;
use crate::secrets::is_of_bundle;
use groundplan_knowledge::{Category, Technology};
use groundplan_model::{Evidence, Role, Topic};
use std::collections::BTreeSet;

impl Wiring<'_, '_> {
    /// The variables that a unit's code reads.
    pub(super) fn reads(&self, unit: usize) -> BTreeSet<String> {
        let Some(project) = self.units[unit].project else {
            return BTreeSet::new();
        };
        self.world
            .facts_of(project)
            .filter_map(|fact| match &fact.claim {
                Claim::EnvRead(read) => Some(read.name.clone()),
                _ => None,
            })
            .collect()
    }

    /// Whether code, or a library that reads its own variables, reads a variable that many are
    /// given.
    pub(super) fn is_read(&self, unit: usize, key: &str, reads: &BTreeSet<String>) -> bool {
        if reads.contains(key) {
            return true;
        }
        let Some(project) = self.units[unit].project else {
            return false;
        };
        let ecosystem = |wanted: &str| {
            let packages = &self.world.projects[project].packages;
            packages.iter().any(|(p, _)| p.ecosystem == wanted)
        };
        // Relaxed binding and the configuration of .NET read variables by their names
        // (<https://docs.spring.io/spring-boot/reference/features/external-config.html>).
        let java = ["SPRING_", "QUARKUS_", "MICRONAUT_"];
        if java.iter().any(|p| key.starts_with(p)) {
            return ecosystem("maven");
        }
        if key.contains("__") {
            return ecosystem("nuget");
        }
        // A bundle takes in what its pages are made of, with the variables of that.
        if is_of_bundle(key) && self.units[unit].role == Role::Ui {
            let needed = self.needed.get_or_init(|| Needed::of(self.world));
            let own = needed.all(self.world, project);
            let mut facts = own.into_iter().flat_map(|p| self.world.facts_of(p));
            return facts
                .any(|fact| matches!(&fact.claim, Claim::EnvRead(read) if read.name == key));
        }
        // Client libraries of Google's clouds go to an emulator if this is set
        // (<https://cloud.google.com/firestore/native/docs/emulator>).
        key.strip_suffix("_EMULATOR_HOST").is_some_and(|product| {
            let word = product.to_ascii_lowercase();
            let word = word.rsplit('_').next().unwrap_or(&word).to_owned();
            self.clients(unit).iter().any(|fact| match &fact.claim {
                Claim::Client(client) => client.protocol.contains(&word),
                _ => false,
            })
        })
    }

    /// Whether a switch of the unit (`DB_ENGINE=sqlite`) selects another product than the store
    /// whose address it is given as well.
    pub(super) fn is_not_selected(&self, unit: usize, to: usize) -> bool {
        let Some(product) = self.units[to].technology else {
            return false;
        };
        if !matches!(product.category, Category::Database) {
            return false;
        }
        let engine = |text: &str| -> Option<&Technology> {
            let word = text.trim().to_ascii_lowercase();
            let word = word
                .rsplit('.')
                .next()
                .unwrap_or(&word)
                .replace("_psycopg2", "");
            let known = self.world.knowledge;
            known
                .by_scheme(&word)
                .or_else(|| known.by_id(protocol_of(&word)))
                .filter(|t| matches!(t.category, Category::Database))
        };
        let chosen: Vec<&Technology> = self.values[unit]
            .iter()
            .filter(|v| is_engine_key(&v.key))
            .filter_map(|v| engine(&fill(&v.value, &|name| self.lookup(unit, name))))
            .collect();
        let serves = |t: &&Technology| self.world.knowledge.serves(&product.id, &t.id);
        if !chosen.is_empty() {
            return !chosen.iter().any(serves);
        }
        // The default in code holds where no file sets the switch.
        let set = self.values[unit].iter().any(|v| is_engine_key(&v.key));
        let Some(project) = self.units[unit].project.filter(|_| !set) else {
            return false;
        };
        let defaults: Vec<&Technology> = self
            .world
            .facts_of(project)
            .filter_map(|fact| match &fact.claim {
                Claim::EnvRead(read)
                    if is_engine_key(&read.name) && stage_of_settings(&fact.at.path).is_none() =>
                {
                    read.default.as_deref()
                }
                _ => None,
            })
            .filter_map(engine)
            .collect();
        !defaults.is_empty() && !defaults.iter().any(serves)
    }

    /// Databases without a server that a program keeps its data in unless a setting says otherwise
    /// (`DB_ENGINE` that is `sqlite`, `DATABASE_URL` that is `sqlite:///…`), where no server is joined
    /// to it.
    pub(super) fn keep_defaults(&mut self) {
        let leaders = Leaders::of(self.units);
        for unit in 0..self.units.len() {
            let project = self.units[unit].project;
            let Some(project) = project.filter(|p| leaders.leads(unit, Some(*p))) else {
                continue;
            };
            if self.has_database(unit) {
                continue;
            }
            if let Some((product, at, switch)) = self.default_database(unit, project) {
                let key = (unit, product.name.clone());
                // The schema of Prisma fixes the product; a variable that no code reads selects nothing.
                let fixed = self.fixed_by_schema(project, &product.id);
                let fixed = fixed.filter(|_| !self.is_read(unit, &switch, &self.reads(unit)));
                let kept = fixed.map_or((at, Some(switch)), |at| (at, None));
                // That code can open it says less.
                self.graph.opened.remove(&key);
                self.graph.kept.entry(key).or_insert(kept);
            }
        }
    }

    /// Where a schema of Prisma names this product: its provider is a literal
    /// (<https://www.prisma.io/docs/orm/reference/prisma-schema-reference#datasource>).
    fn fixed_by_schema(&self, project: usize, product: &str) -> Option<Evidence> {
        let mut found = self.world.facts_of(project).filter_map(|fact| {
            let Claim::Uses(uses) = &fact.claim else {
                return None;
            };
            (uses.mark == PRISMA_SOURCE && uses.technology == product).then(|| fact.at.clone())
        });
        found.next()
    }

    fn has_database(&self, unit: usize) -> bool {
        // What only a variant or developers bring in is none that holds by default.
        let stores = self.graph.edges.keys();
        let stores =
            stores.filter(|key| key.0 == unit && !self.graph.conditions.contains_key(*key));
        let mut stores = stores.filter_map(|(_, end)| match end {
            End::Unit(to) => self.units[*to].technology,
            _ => None,
        });
        stores.any(|t| t.category == Category::Database) || self.keeps(unit)
    }

    /// Whether a program keeps its data in some store by default.
    pub(super) fn keeps(&self, unit: usize) -> bool {
        let mut kept = self.graph.kept.keys();
        kept.any(|(owner, _)| *owner == unit)
    }

    /// The database without a server that holds by default, with the setting that may select another.
    fn default_database(
        &self,
        unit: usize,
        project: usize,
    ) -> Option<(&Technology, Evidence, String)> {
        let known = self.world.knowledge;
        let product = |text: &str| {
            let word = text.trim().to_ascii_lowercase();
            let word = word.rsplit("backends.").next().unwrap_or(&word);
            known
                .by_scheme(word)
                .or_else(|| known.by_id(word))
                .filter(|t| t.category == Category::Database)
        };
        let own = || {
            let given = self.values[unit].iter();
            // What developers alone are given says nothing of where the program runs.
            given.filter(|v| {
                let name = v.at.path.rsplit('/').next().unwrap_or_default();
                let aside = crate::open_defaults::is_for_developers(name);
                !v.example && !v.value.is_empty() && !aside
            })
        };
        let chosen = own().filter(|v| is_engine_key(&v.key)).find_map(|v| {
            let value = fill(&v.value, &|name| self.lookup(unit, name));
            Some((product(&value)?, v.at.clone(), v.key.clone()))
        });
        if let Some(chosen) = chosen {
            return Some(chosen).filter(|(product, ..)| !product.is_server());
        }
        let reads = self.world.facts_of(project).filter_map(|fact| {
            let Claim::EnvRead(read) = &fact.claim else {
                return None;
            };
            let default = read.default.as_deref()?;
            let file = is_database_file(&read.name, default);
            let speaks = is_engine_key(&read.name) || default.contains(":/") || file;
            let path = &fact.at.path;
            let aside = scan::is_test(path) || is_aside(path) || stage_of_settings(path).is_some();
            (speaks && !aside).then_some((read, default, &fact.at))
        });
        let mut reads = reads.filter_map(|(read, default, at)| {
            // What a deployment file sets holds in place of the default.
            if own().any(|v| v.key == read.name) {
                return None;
            }
            // Of the products that take such an address, all keep a file of SQLite there.
            let word = match is_database_file(&read.name, default) {
                true => "sqlite",
                false => default,
            };
            Some((product(word)?, at, read))
        });
        // A second default of another product leaves it open.
        let Some((first, at, read)) = reads.next() else {
            let assigned = self.assigned_database(unit, project);
            return assigned.or_else(|| self.configured_database(project));
        };
        let one = reads.all(|(other, ..)| other.id == first.id);
        (one && !first.is_server()).then(|| (first, at.clone(), read.name.clone()))
    }

    /// The database without a server that code gives a setting which nothing else gives a value.
    fn assigned_database(
        &self,
        unit: usize,
        project: usize,
    ) -> Option<(&Technology, Evidence, String)> {
        let mut found = self.world.facts_of(project).filter_map(|fact| {
            let Claim::Mark(mark) = &fact.claim else {
                return None;
            };
            let stated = mark.topic == Topic::Stated && mark.name == DEFAULT_STORE;
            let (scheme, setting) = mark.detail.as_deref()?.split_once('\n')?;
            let product = self.world.knowledge.by_scheme(scheme)?;
            let own = self.runs[unit].holds(&fact.at.path) && !is_aside(&fact.at.path);
            (stated && own).then_some((product, &fact.at, setting))
        });
        let (first, at, setting) = found.next()?;
        let one = found.all(|(other, ..)| other.id == first.id);
        (one && !first.is_server()).then(|| (first, at.clone(), setting.to_owned()))
    }

    /// The database without a server whose address a setting has that holds without a profile
    /// (`spring.r2dbc.url` that is `r2dbc:h2:file:…`), if all such settings name one.
    fn configured_database(&self, project: usize) -> Option<(&Technology, Evidence, String)> {
        let mut found = self.world.facts_of(project).filter_map(|fact| {
            let Claim::Property(property) = &fact.claim else {
                return None;
            };
            let key = property.key.to_ascii_lowercase();
            let address = key.ends_with("url") || key.ends_with("uri");
            let value = property.value.as_deref().filter(|v| v.contains(':'))?;
            let product = self.world.knowledge.by_scheme(value)?;
            let path = &fact.at.path;
            let own = !scan::is_test(path) && !is_aside(path) && property.profile.is_none();
            (own && address && product.category == Category::Database).then_some((
                product,
                &fact.at,
                &property.key,
            ))
        });
        let (first, at, key) = found.next()?;
        let one = found.all(|(other, ..)| other.id == first.id);
        (one && !first.is_server()).then(|| (first, at.clone(), key.clone()))
    }
}

/// Whether a variable has the address of a database that is a file, as libSQL and Prisma write it: `file:./data/shop.db`
/// (<https://docs.turso.tech/sdk/ts/reference#local-development>).
fn is_database_file(name: &str, value: &str) -> bool {
    let Some(path) = value.strip_prefix("file:") else {
        return false;
    };
    let lower = name.to_ascii_lowercase();
    let address = ["url", "uri"].iter().any(|end| lower.ends_with(end));
    let end = path.rsplit('.').next().unwrap_or_default();
    address && matches!(end, "db" | "db3" | "sqlite" | "sqlite3")
}

/// Whether a key says which product keeps the data.
pub(super) fn is_engine_key(key: &str) -> bool {
    let plain: String = key
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    const KIND: [&str; 8] = [
        "engine",
        "type",
        "driver",
        "dialect",
        "client",
        "vendor",
        "connection",
        "backend",
    ];
    KIND.iter().any(|kind| {
        plain
            .strip_suffix(kind)
            .is_some_and(|rest| rest.ends_with("db") || rest.ends_with("database"))
    }) || plain == "kcdb"
}

#[cfg(test)]
mod tests {
    use super::{is_database_file, is_engine_key};

    #[test]
    fn addresses_of_files() {
        assert!(is_database_file("DATABASE_URL", "file:./data/shop.db"));
        assert!(is_database_file("JOBS_LIBSQL_URL", "file:jobs.sqlite"));
        assert!(!is_database_file("LOGO_URL", "file:./logo.svg"));
        assert!(!is_database_file("DATABASE_URL", "libsql://shop.turso.io"));
        assert!(!is_database_file("DATABASE_FILE", "shop.db"));
    }

    #[test]
    fn keys_of_switches() {
        for key in [
            "DB_ENGINE",
            "GITEA__database__DB_TYPE",
            "GF_DATABASE_TYPE",
            "db.driver",
            "KC_DB",
        ] {
            assert!(is_engine_key(key), "{key}");
        }
        for key in ["DB_HOST", "STORAGE_TYPE", "DATABASE_URL", "ENGINE"] {
            assert!(!is_engine_key(key), "{key}");
        }
    }
}
