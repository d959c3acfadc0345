//! Foreign systems that no address names: the code of a part uses the client library of a service
//! that somebody else runs.

use super::guesses::{is_for_tests, is_runtime};
use super::libraries::Libraries;
use super::{End, Found, Wiring};
use crate::extractors::STARTS;
use crate::facts::{Claim, EnvValue, Fact, FileFacts};
use crate::resolve::names::is_aside;
use crate::resolve::settings::is_pattern;
use crate::resolve::units::Unit;
use crate::resolve::world::{Project, World, folder_of};
use groundplan_knowledge::{Category, Knowledge, Technology};
use groundplan_model::{Confidence, Evidence, Role};
use groundplan_syntax::Language;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Where the code of a project uses a service.
#[derive(Clone)]
struct Use<'f> {
    technology: &'f Technology,
    /// The import or call.
    at: Evidence,
    /// The library, where no package of a manifest names it.
    library: String,
}

/// What the manifest of a project names.
struct Declared<'f> {
    technology: &'f Technology,
    ecosystem: &'f str,
    package: &'f str,
    at: &'f Evidence,
}

/// A service that a part uses and that something sets up.
struct Candidate<'f> {
    technology: &'f Technology,
    host: Option<String>,
    library: String,
    places: [Option<Evidence>; 3],
    condition: Option<String>,
    /// Whether a file of the deployment gives the part what it needs for it.
    given: bool,
    /// Whether code tells by a setting of its own whether it is used: others that do the same may be, too.
    switched: bool,
}

/// Whether a program that has clients for several services of a category chooses one of them.
fn is_chosen(category: Category) -> bool {
    matches!(
        category,
        Category::Email
            | Category::Ml
            | Category::ObjectStorage
            | Category::Payment
            | Category::Secrets
            | Category::Sms
    )
}

/// A project whose code runs in a part.
struct Place {
    unit: usize,
    unit_project: usize,
    project: usize,
    /// Whether no other part runs it.
    alone: bool,
}

/// Libraries that speak to a store which is only alike.
const ALIKE: [&str; 3] = ["minio", "minio-go", "minio-py"];

/// Systems that a client finds by itself where it runs.
const AMBIENT: [&str; 1] = ["kubernetes-api"];

/// How the names of settings end without which a service is not used. An address of a service that has one of its
/// own changes where it is reached, not whether.
const NEEDED: [&str; 11] = [
    "_API_KEY",
    "_KEY",
    "_TOKEN",
    "_HOST",
    "_SERVER",
    "_DSN",
    "_SERVER_URL",
    "_WEBHOOK_URL",
    "_CLIENT_ID",
    "_BUCKET",
    "_BUCKET_NAME",
];

/// How a program is reached that is started beside another.
const PROCESS: &str = "child process";

impl<'f> Wiring<'_, 'f> {
    /// Joins each part with the services whose client libraries its manifest names and its code uses.
    pub(super) fn join_services(&mut self) {
        let known = self.world.knowledge;
        let mut products: BTreeSet<String> = BTreeSet::new();
        // What developers start beside it stands in for a service, and is not the one that is used.
        for unit in (0..self.units.len()).filter(|&unit| !self.units[unit].development) {
            products.extend(self.products(unit));
        }
        // What imitates a cloud as a whole stands there for each of its services.
        let imitated = self.units.iter().any(|u| {
            let imitates = |t: &Technology| t.role.is_some() && known.serves(&t.id, "aws");
            !u.development && u.technology.is_some_and(imitates)
        });
        let signs_in = self.units.iter().any(|u| u.role == Role::Auth);
        // An image that nobody knows stands in for the service that its part is called after where a
        // variable says so: `FIRESTORE_EMULATOR_HOST=firestore:8080`.
        let names = |value: &str, name: &str| value.split([':', '/']).any(|part| part == name);
        let emulates = |name: &str| {
            let mut told = self.values.iter().flatten();
            told.any(|v| v.key.contains("EMULATOR") && names(&v.value, name))
        };
        let bare = |u: &&Unit<'_>| u.technology.is_none() && u.project.is_none();
        let emulators: Vec<&str> = (self.units.iter().filter(bare))
            .map(|u| u.name.as_str())
            .filter(|name| emulates(name))
            .collect();
        let stands_in = |technology: &Technology| {
            emulators.iter().any(|name| {
                let before = technology.id.strip_suffix(name);
                before.is_some_and(|b| b.is_empty() || b.ends_with('-'))
            })
        };
        let served = |technology: &Technology| {
            if stands_in(technology) {
                return true;
            }
            let of_cloud = |t: &Technology| t.id.starts_with("amazon-") || t.id.starts_with("aws-");
            let own = products.iter().any(|p| known.serves(p, &technology.id))
                || imitated && of_cloud(technology);
            // A protocol for sign-in is spoken by whatever signs in.
            own || signs_in && technology.category == Category::AuthLibrary
        };
        let libraries = Libraries::of(self.world, self.units.iter().filter_map(|u| u.project));
        let mut memo = Memo::default();
        for unit in 0..self.units.len() {
            let own = &self.units[unit];
            let Some(project) = own.project else { continue };
            let folder = &self.world.projects[project].folder;
            if own.development
                || own.role == Role::LoadGenerator
                || !self.leaders.leads(unit, Some(project))
                    && !self.portions.has_own(self.units, unit)
                || is_for_tests(folder)
            {
                continue;
            }
            let mut joined: BTreeSet<&str> = BTreeSet::new();
            let mut all: Vec<Candidate<'f>> = Vec::new();
            let mut own = vec![(project, true)];
            if self.leaders.leads(unit, Some(project)) {
                own.extend(libraries.below(project));
            }
            for (at, alone) in own {
                let place = Place {
                    unit,
                    unit_project: project,
                    project: at,
                    alone,
                };
                self.join_used(&place, &served, &mut memo, &mut joined, &mut all);
            }
            self.add_candidates(unit, all);
        }
    }

    /// Programs that the code of a part starts beside itself, that of libraries which it alone is built
    /// with among it.
    pub(super) fn join_programs(&mut self) {
        let libraries = Libraries::of(self.world, self.units.iter().filter_map(|u| u.project));
        for unit in 0..self.units.len() {
            let Some(project) = self.units[unit].project else {
                continue;
            };
            if self.units[unit].development || !self.leaders.leads(unit, Some(project)) {
                continue;
            }
            let alone = libraries
                .below(project)
                .into_iter()
                .filter(|(_, alone)| *alone);
            let own = std::iter::once(project).chain(alone.map(|(library, _)| library));
            for fact in own
                .flat_map(|at| self.world.facts_of(at))
                .collect::<Vec<_>>()
            {
                let Claim::Uses(uses) = &fact.claim else {
                    continue;
                };
                let known = self.world.knowledge.by_id(&uses.technology);
                if let Some(technology) = known.filter(|_| uses.side == STARTS) {
                    let places = [Some(fact.at.clone()), None, None];
                    self.use_service(unit, technology, None, PROCESS.to_owned(), places);
                }
            }
        }
    }

    fn join_used(
        &mut self,
        place: &Place,
        served: &dyn Fn(&Technology) -> bool,
        memo: &mut Memo<'f>,
        joined: &mut BTreeSet<&'f str>,
        all: &mut Vec<Candidate<'f>>,
    ) {
        let world = self.world;
        let unit = place.unit;
        let runs = (place.project == place.unit_project).then_some(unit);
        let declared = declared(world, place.project);
        let used = match memo.shared.get(&place.project).filter(|_| runs.is_none()) {
            Some(known) => known.clone(),
            None => self.used(place.project, runs, &declared, memo),
        };
        // What is used of a library does not depend on who is built with it.
        if runs.is_none() {
            memo.shared.insert(place.project, used.clone());
        }
        for one in used.values() {
            let id = one.technology.id.as_str();
            if served(one.technology) || self.is_own(one.technology) || joined.contains(id) {
                continue;
            }
            let setting = self.setting_for(unit, place, one.technology, place.alone);
            let ambient = AMBIENT.contains(&id) && (runs.is_some() || place.alone);
            // What several parts share says of none of them alone what it uses of it.
            if !place.alone && setting.is_none() {
                continue;
            }
            let manifest = declared.iter().find(|d| d.technology.id == id);
            let manifest = manifest.map(|d| (d.package.to_owned(), d.at.clone()));
            let manifest = manifest.or_else(|| outer_manifest(world, place.project, id));
            // What comes with the language needs no package; else who declares nothing is not sure to
            // have it.
            if manifest.is_none() && !is_given(&one.at.path, &one.library) {
                continue;
            }
            joined.insert(id);
            let (library, more) = match manifest {
                Some((package, at)) => (package, Some(at)),
                None => (one.library.clone(), None),
            };
            // Code may be able to call what nobody gives it the keys of, and then need not.
            let host = self.host_of(unit, one.technology, memo);
            let switch = match host {
                None => (self.switch_of(unit, place, one.technology))
                    .or_else(|| self.left_empty(unit, one.technology)),
                Some(_) => None,
            };
            let other = || {
                self.has_other(unit, one.technology)
                    || switch.is_none() && self.has_address(unit, place, one.technology)
            };
            if host.is_none() && !ambient && (setting.is_none() || other()) {
                let places = std::iter::once(one.at.clone()).chain(more).collect();
                self.note_service(unit, one.technology, places);
                continue;
            }
            let (given, setting) = match setting {
                Some((_, at, given)) => (given, Some(at)),
                None => (false, None),
            };
            let (condition, setting) = match switch {
                Some((condition, at)) => (Some(condition), Some(at)),
                None => (None, setting),
            };
            all.push(Candidate {
                technology: one.technology,
                host,
                library,
                places: [Some(one.at.clone()), more, setting],
                switched: condition.is_some(),
                condition,
                given,
            });
        }
        if runs.is_none() || !self.leaders.leads(unit, Some(place.unit_project)) {
            return;
        }
        for d in &declared {
            let id = d.technology.id.as_str();
            if joined.contains(id) || served(d.technology) || self.is_own(d.technology) {
                continue;
            }
            let Some((name, at, given)) = self.setting_for(unit, place, d.technology, false) else {
                continue;
            };
            // What code has to name to use it is not used where no file does.
            if d.ecosystem == "npm" && d.technology.role.is_none_or(|r| r == Role::External) {
                continue;
            }
            joined.insert(id);
            if self.has_other(unit, d.technology) {
                continue;
            }
            let host = self.host_of(unit, d.technology, memo);
            all.push(Candidate {
                technology: d.technology,
                host,
                library: d.package.to_owned(),
                places: [Some(at), Some(d.at.clone()), None],
                condition: match self.on_disk(unit, place.unit_project, d.technology) {
                    Some(found) => found.map(|(condition, _)| condition),
                    None => (!self.has_default(place, &name) && !self.is_set(unit, &name))
                        .then(|| format!("when {name} is set")),
                },
                given,
                switched: false,
            });
        }
    }

    /// Adds the edges of a part. Of several services that do the same, one is chosen, and only what
    /// deployment files give says which.
    fn add_candidates(&mut self, unit: usize, all: Vec<Candidate<'f>>) {
        let optional = self.units[unit].optional;
        let mut rivals: BTreeMap<Category, (usize, usize)> = BTreeMap::new();
        for one in &all {
            let (count, given) = rivals.entry(one.technology.category).or_default();
            *count += 1;
            *given += usize::from(one.given);
        }
        for one in all {
            let category = one.technology.category;
            let (count, given) = rivals.get(&category).copied().unwrap_or_default();
            let chosen =
                count < 2 || given == 1 && one.given || one.switched || !is_chosen(category);
            if one.host.is_none() && (optional || !chosen) {
                let places = one.places.into_iter().flatten().collect();
                self.note_service(unit, one.technology, places);
                continue;
            }
            let end = self.use_service(unit, one.technology, one.host, one.library, one.places);
            if let Some(condition) = one.condition {
                self.graph
                    .conditions
                    .entry((unit, end))
                    .or_insert(condition);
            }
        }
    }

    /// The host under which a service is known already: by its domain, or because the part speaks its
    /// protocol to it.
    fn host_of(&self, unit: usize, technology: &Technology, memo: &mut Memo<'f>) -> Option<String> {
        let known = self.world.knowledge;
        let common = matches!(
            technology.protocol.as_deref(),
            None | Some("HTTP" | "HTTPS" | "gRPC")
        );
        self.graph.edges.iter().find_map(|((from, end), edge)| {
            let End::Outside(host) = end else { return None };
            let speaks = || {
                let mut sides = edge.sides.values();
                sides.any(|s| s.protocol == technology.protocol)
            };
            let mail = || technology.category == Category::Email && is_mail_host(host);
            let issuers = &self.graph.issuers;
            let signs = technology.category == Category::IdentityProvider && issuers.contains(host);
            let site = *(memo.sites.entry(host.clone()))
                .or_insert_with(|| site_of(known, host).map(|t| t.id.as_str()));
            let is = site == Some(technology.id.as_str())
                || *from == unit && (!common && speaks() || mail())
                || signs && (*from == unit || issuers.len() == 1);
            is.then(|| host.clone())
        })
    }

    /// Whether a part reaches a store or broker of the system that does what a service would: one of
    /// the two is an alternative, and files show which one is there.
    fn has_other(&self, unit: usize, technology: &Technology) -> bool {
        let kind = |role: Role| match role {
            Role::Database | Role::Cache => Some(Role::Database),
            Role::Broker | Role::SearchIndex | Role::ObjectStorage => Some(role),
            _ => None,
        };
        let Some(wanted) = technology.role.and_then(kind) else {
            return false;
        };
        let mut ends = self.graph.edges.keys();
        ends.any(|(from, end)| match end {
            End::Unit(to) => *from == unit && kind(self.units[*to].role) == Some(wanted),
            End::Outside(_) => false,
        })
    }

    /// Whether a part may be told the address of another server that answers like a service: many
    /// models of language are served behind the interface of one maker.
    fn has_address(&self, unit: usize, place: &Place, technology: &Technology) -> bool {
        if technology.category != Category::Ml {
            return false;
        }
        let words = telling_words(technology);
        let is = |name: &str| is_base_address(name, &words);
        let mut facts = self.world.facts_of(place.unit_project);
        self.values[unit].iter().any(|v| is(&v.key))
            || facts.any(|fact| match &fact.claim {
                Claim::EnvRead(read) => is(&read.name),
                Claim::Property(property) => is(&property.key),
                _ => false,
            })
    }

    /// Notes a service that the code of a part can call.
    fn note_service(&mut self, unit: usize, technology: &Technology, places: Vec<Evidence>) {
        let name = technology.service.clone().unwrap_or_default();
        self.graph.callable.entry((unit, name)).or_insert(places);
    }

    /// Adds the edge, to the host of the service where one is known, and returns its end.
    pub(super) fn use_service(
        &mut self,
        unit: usize,
        technology: &'f Technology,
        host: Option<String>,
        library: String,
        places: [Option<Evidence>; 3],
    ) -> End {
        let name = host.unwrap_or_else(|| {
            let name = technology.service.clone();
            name.unwrap_or_else(|| technology.name.clone())
        });
        let services = &mut self.graph.services;
        services
            .entry(name.clone())
            .or_insert_with(|| technology.id.clone());
        let end = End::Outside(name);
        for at in places.iter().flatten() {
            let found = Found {
                kind: technology.role.map(super::kind_by_role),
                at,
                protocol: technology.protocol.clone(),
                technology: Some(library.clone()).filter(|l| !l.is_empty()),
                operation: None,
                confidence: Confidence::Medium,
            };
            self.add(unit, end.clone(), found);
        }
        end
    }

    /// Whether a technology is what the repository itself makes.
    fn is_own(&self, technology: &Technology) -> bool {
        let plain = crate::resolve::names::plain(&technology.id);
        let server = technology.compatible_with.as_deref();
        let server = server.map(crate::resolve::names::plain);
        let named = |names: &[String]| {
            names.contains(&plain) || server.as_ref().is_some_and(|s| names.contains(s))
        };
        // The package of the product itself is what the knowledge names it by: `shop-server`.
        let makes = |p: &Project<'_>| {
            p.packages.iter().any(|(package, _)| {
                let found = self
                    .world
                    .knowledge
                    .by_package(&package.ecosystem, &package.name);
                found.is_some_and(|(t, driver)| !driver && t.id == technology.id)
            })
        };
        let mut projects = self.world.projects.iter();
        projects.any(|p| !p.is_aside && (named(&p.plain_names) || makes(p)))
    }

    /// What the code of a project uses, by id: modules that it imports, and clients of a common
    /// library that are made for one service.
    fn used(
        &self,
        project: usize,
        runs: Option<usize>,
        declared: &[Declared<'f>],
        memo: &mut Memo<'f>,
    ) -> BTreeMap<&'f str, Use<'f>> {
        let world = self.world;
        let mut all: BTreeMap<&str, Use<'f>> = BTreeMap::new();
        let groups: Vec<(&str, &'f Technology)> = declared
            .iter()
            .filter(|d| d.ecosystem == "maven")
            .filter_map(|d| Some((d.package.split_once(':')?.0, d.technology)))
            .collect();
        let runs_here = |path: &str| {
            runs.is_none_or(|unit| {
                let leads = self.leaders.leads(unit, self.units[unit].project);
                let own = self
                    .portions
                    .own_file(self.units, unit, path)
                    .unwrap_or(leads);
                own && self.runs[unit].holds(path) && !self.is_in_browser(unit, path)
            })
        };
        for &index in &world.projects[project].own {
            let file: &'f FileFacts = &world.files[index];
            let types = file.path.ends_with(".d.ts");
            if !file.language.is_code() || file.vendored || types || !runs_here(&file.path) {
                continue;
            }
            for import in file.imports() {
                let module = import.module();
                let below = |group: &str| {
                    let rest = module.strip_prefix(group);
                    rest.is_some_and(|rest| rest.starts_with('.'))
                };
                let by_group = || groups.iter().find(|(g, _)| below(g)).map(|(_, t)| *t);
                let found = memo.technology(world.knowledge, file.language, module);
                let Some(technology) = found.or_else(by_group) else {
                    continue;
                };
                if technology.service.is_some() {
                    let known = all.get(technology.id.as_str());
                    // The file that is named after the service tells more than one that handles its faults.
                    let better = known.is_none_or(|known| {
                        !is_named_after(&known.at.path, technology)
                            && is_named_after(&file.path, technology)
                    });
                    if better {
                        let one = Use {
                            technology,
                            at: import.evidence(),
                            library: module.to_owned(),
                        };
                        all.insert(&technology.id, one);
                    }
                }
            }
            for fact in &file.facts {
                if let Some(one) = made(world.knowledge, fact) {
                    all.entry(&one.technology.id).or_insert(one);
                }
            }
        }
        all
    }

    /// Whether a variable has a value where nobody sets it: `${OPENAI_API_KEY:demo}`, a default in code.
    fn has_default(&self, place: &Place, name: &str) -> bool {
        let filled = format!("${{{name}:");
        let holds = |value: &str| {
            let mut rest = value.split(filled.as_str()).skip(1);
            rest.any(|rest| !rest.trim_start_matches('-').starts_with('}'))
        };
        let mut facts = self.world.facts_of(place.unit_project);
        facts.any(|fact| match &fact.claim {
            Claim::EnvRead(read) => read.name == name && read.default.is_some(),
            Claim::Property(property) => property.value.as_deref().is_some_and(holds),
            _ => false,
        })
    }

    /// Whether a variable or key speaks of a service.
    fn speaks_of(&self, name: &str, technology: &Technology, words: &[String]) -> bool {
        let variable = name.replace(['.', '-', ':'], "_").to_ascii_uppercase();
        let typical = self.world.knowledge.by_env(&variable);
        typical.is_some_and(|t| t.service == technology.service)
            || !words.is_empty() && {
                let parts: Vec<&str> = variable.split('_').collect();
                // `OPENAI_API_KEY` is that of OpenAI, and not of what a cloud offers of it.
                let maker = typical.and_then(|t| technology.id.strip_suffix(&t.id));
                let maker = maker.and_then(|rest| rest.strip_suffix('-'));
                let of_maker =
                    maker.is_none_or(|m| parts.iter().any(|part| part.eq_ignore_ascii_case(m)));
                of_maker
                    && words.iter().all(|w| parts.contains(&w.as_str()))
                    && !is_of_other(&parts, technology)
            }
    }

    /// The setting without which code does not use a service, as a condition: a switch that is off by
    /// default, or a key or address that may be missing by its definition; none where a file of the
    /// deployment gives it.
    fn switch_of(
        &self,
        unit: usize,
        place: &Place,
        technology: &Technology,
    ) -> Option<(String, Evidence)> {
        let words = telling_words(technology);
        let typical = technology.env.iter().filter_map(|e| e.strip_suffix("_*"));
        let mut named: Vec<&str> = typical
            .chain(["ENABLE", "ENABLED", "AUTH", "LOGIN"])
            .collect();
        named.extend(words.iter().map(String::as_str));
        let is_switch = |name: &str| {
            (name.ends_with("_ENABLED") || name.starts_with("ENABLE_"))
                && name.split('_').all(|part| named.contains(&part))
        };
        let mut projects = vec![place.unit_project];
        if place.alone && place.project != place.unit_project {
            projects.push(place.project);
        }
        let facts = projects.into_iter().flat_map(|p| self.world.facts_of(p));
        if let Some(found) = self.on_disk(unit, place.unit_project, technology) {
            return found;
        }
        let reads = facts.filter_map(|fact| match &fact.claim {
            Claim::EnvRead(read) if self.speaks_of(&read.name, technology, &words) => {
                Some((read, &fact.at))
            }
            _ => None,
        });
        let found = reads.filter_map(|(read, at)| {
            let off = || {
                read.default
                    .as_deref()
                    .is_some_and(|d| d.eq_ignore_ascii_case("false"))
            };
            if is_switch(&read.name) && off() {
                return Some((0, read, format!("when {} is true", read.name), at));
            }
            let rank = NEEDED.iter().position(|end| read.name.ends_with(end))?;
            read.optional
                .then(|| (rank + 1, read, format!("when {} is set", read.name), at))
        });
        let (_, read, condition, at) = found.min_by_key(|(rank, ..)| *rank)?;
        (!self.is_set(unit, &read.name)).then(|| (condition, at.clone()))
    }

    /// The key or address of a service that the files of a part name and leave empty, as a condition: without it
    /// the service is not used.
    fn left_empty(&self, unit: usize, technology: &Technology) -> Option<(String, Evidence)> {
        let words = telling_words(technology);
        // A key beside the address of another who answers like the service is for that one.
        let elsewhere = technology.category == Category::Ml
            && (self.values[unit].iter())
                .any(|v| is_base_address(&v.key, &words) && self.is_set(unit, &v.key));
        if elsewhere {
            return None;
        }
        let empty = self.values[unit].iter().find(|v| {
            let open = v.value.is_empty() && !v.secret && !v.example;
            open && v.profile.is_none()
                && NEEDED.iter().any(|end| v.key.ends_with(end))
                && self.speaks_of(&v.key, technology, &words)
                && !self.is_set(unit, &v.key)
        })?;
        Some((format!("when {} is set", empty.key), empty.at.clone()))
    }

    /// Whether files of the deployment set a variable of a part, as a value that does not switch off or as a
    /// secret, of which it is known that it is given and not what it is. What only passes on what somebody else
    /// sets (`${X_TOKEN}`) sets nothing.
    fn is_set(&self, unit: usize, name: &str) -> bool {
        let off = |v: &str| ["false", "0", "no", "off"].contains(&v.to_ascii_lowercase().as_str());
        let by_value = self.values[unit].iter().any(|v| {
            if v.key != name || v.example || is_aside(&v.at.path) {
                return false;
            }
            let text = self.expand(unit, &v.value);
            match text.is_empty() {
                // A pattern holds no secret, only the place of one.
                true => v.secret && !is_pattern(&v.at.path),
                false => !off(&text) && !text.contains("${"),
            }
        });
        let hidden = |e: &EnvValue| {
            let from = e.from.as_deref();
            let given = from.is_none_or(|from| from.starts_with("secret:"));
            e.name == name && e.secret && e.value.is_none() && given && !is_aside(&e.at.path)
        };
        let deployables = &self.units[unit].deployables;
        by_value || deployables.iter().any(|(d, _)| d.env.iter().any(hidden))
    }

    /// A variable or key that speaks of a service and that a part is given or reads.
    fn setting_for(
        &self,
        unit: usize,
        place: &Place,
        technology: &Technology,
        anywhere: bool,
    ) -> Option<(String, Evidence, bool)> {
        let words = telling_words(technology);
        let is = |name: &str| self.speaks_of(name, technology, &words);
        let tests = |path: &str| {
            let name = path.rsplit('/').next().unwrap_or(path);
            is_aside(path) || name.contains("test")
        };
        let own = self.values[unit].iter();
        let mut values = own.filter(|v| !v.shared && is(&v.key) && !tests(&v.at.path));
        if let Some(value) = values.next() {
            return Some((value.key.clone(), value.at.clone(), !value.example));
        }
        let mut projects = vec![place.unit_project];
        if place.alone {
            projects.push(place.project);
        }
        let mut facts = projects.into_iter().flat_map(|p| self.world.facts_of(p));
        let named = |fact: &Fact| match &fact.claim {
            Claim::EnvRead(read) if is(&read.name) => {
                Some((read.name.clone(), fact.at.clone(), false))
            }
            // A key without a value is there to be filled in.
            Claim::Property(property)
                if is(&property.key)
                    && property.value.as_deref().is_some_and(|v| !v.is_empty()) =>
            {
                Some((property.key.clone(), fact.at.clone(), false))
            }
            _ => None,
        };
        if let Some(found) = facts.find_map(named) {
            return Some(found);
        }
        // What only one part uses is set for that part, wherever the setting stands.
        if !anywhere {
            return None;
        }
        let mut values = self.values.iter().flatten();
        let value = values.find(|v| is(&v.key) && !tests(&v.at.path));
        let value = value.map(|v| (v.key.clone(), v.at.clone(), false));
        let read = || {
            let all = self.world.facts_by_kind();
            let all = all.filter(|(file, fact, _)| {
                let reads = matches!(&fact.claim, Claim::EnvRead(_) | Claim::Property(_));
                reads && !tests(&file.path)
            });
            all.map(|(_, fact, _)| fact).collect()
        };
        value.or_else(|| {
            let all = self.read.get_or_init(read).iter();
            all.copied().find_map(named)
        })
    }
}

/// Words of the id of a service that settings for it hold; none where all of them are common.
fn telling_words(technology: &Technology) -> Vec<String> {
    const COMMON: [&str; 19] = [
        "amazon", "api", "apis", "app", "aws", "azure", "client", "cloud", "config", "event", "go",
        "google", "io", "js", "public", "service", "storage", "web", "ai",
    ];
    // What speaks like a service is told by its name, too: `S3_BUCKET` of MinIO.
    let like = technology.compatible_with.as_deref().unwrap_or_default();
    let all = technology.id.split('-').chain(like.split('-'));
    let all = all.filter(|w| !w.is_empty() && !COMMON.contains(w));
    all.map(str::to_ascii_uppercase).collect()
}

/// Whether a variable or key holds the base address of a model of language, or of the service with these words.
fn is_base_address(name: &str, words: &[String]) -> bool {
    let variable = name.replace(['.', '-', ':'], "_").to_ascii_uppercase();
    let address = ["BASE_URL", "API_BASE", "BASE_PATH"];
    let mut parts = variable.split('_');
    address.iter().any(|end| variable.ends_with(end))
        && parts.any(|part| part == "LLM" || words.iter().any(|w| w == part))
}

/// Whether words of a variable name another cloud than the one that a service is of: what is called
/// `AWS_STORAGE_BUCKET_NAME` is none of Google.
fn is_of_other(parts: &[&str], technology: &Technology) -> bool {
    const CLOUDS: [(&str, &str); 7] = [
        ("AWS", "amazon"),
        ("AMAZON", "amazon"),
        ("AZURE", "azure"),
        ("GCP", "google"),
        ("GCS", "google"),
        ("GOOGLE", "google"),
        ("GS", "google"),
    ];
    let makers = CLOUDS.iter().filter(|(word, _)| parts.contains(word));
    let own = |maker: &str| technology.id.split('-').any(|word| word == maker);
    let named: Vec<&str> = makers.map(|(_, maker)| *maker).collect();
    !named.is_empty() && CLOUDS.iter().any(|(_, maker)| own(maker)) && !named.iter().any(|m| own(m))
}

/// Whether a host is called like a mail server: `smtp.shop.test`.
fn is_mail_host(host: &str) -> bool {
    let first = host.split('.').next().unwrap_or(host);
    matches!(first, "smtp" | "mail" | "email" | "mailer")
}

/// Whether a path holds a word of the name of a service, or of what it carries.
fn is_named_after(path: &str, technology: &Technology) -> bool {
    let lower = path.to_ascii_lowercase();
    if lower.contains("test") || lower.contains("mock") {
        return false;
    }
    let mut words = technology.id.split('-');
    let mail = technology.category == Category::Email && lower.contains("mail");
    mail || words.any(|word| word.len() > 3 && word != "google" && lower.contains(word))
}

/// A client of a library for many services, made for one of them: `boto3.client("s3")`.
fn made<'f>(known: &'f Knowledge, fact: &Fact) -> Option<Use<'f>> {
    let Claim::Client(client) = &fact.claim else {
        return None;
    };
    let library = client.library.as_deref().unwrap_or_default();
    let code = Language::of(&fact.at.path).is_code();
    if !code || library.is_empty() || ALIKE.contains(&library) {
        return None;
    }
    let protocol = client.protocol.as_str();
    let technology = match protocol.split_once('-') {
        Some(("aws", service)) => known
            .by_id(&format!("amazon-{service}"))
            .or_else(|| known.by_id(protocol))
            .or_else(|| known.server_of("maven", &format!("software.amazon.awssdk:{service}"))),
        Some(("gcp", service)) => known
            .by_id(&format!("google-{service}"))
            .or_else(|| known.by_id(&format!("google-cloud-{service}")))
            .or_else(|| known.by_id(service)),
        _ => known.by_id(protocol),
    }?;
    (technology.service.is_some() && technology.category != Category::Cloud).then(|| Use {
        technology,
        at: fact.at.clone(),
        library: library.to_owned(),
    })
}

/// The services whose packages the manifests of a project name for what runs.
fn declared<'f>(world: &World<'f>, project: usize) -> Vec<Declared<'f>> {
    let mut all: Vec<Declared<'f>> = Vec::new();
    for fact in world.facts_of(project) {
        if let Claim::Dependency(d) = &fact.claim
            && is_runtime(d.scope)
            && let Some(technology) = world.knowledge.service_of(&d.ecosystem, &d.name)
        {
            all.push(Declared {
                technology,
                ecosystem: &d.ecosystem,
                package: &d.name,
                at: &fact.at,
            });
        }
    }
    all
}

/// The line of a manifest in or above a project that brings the library of a service: of a workspace,
/// or the common library that has the service among others.
fn outer_manifest(world: &World<'_>, project: usize, id: &str) -> Option<(String, Evidence)> {
    let known = world.knowledge;
    let wanted = known.by_id(id)?;
    let mut folder = world.projects[project].folder.as_str();
    loop {
        if let Some(at) = world.project_at(folder) {
            let found = world.facts_of(at).find_map(|fact| {
                let Claim::Dependency(d) = &fact.claim else {
                    return None;
                };
                let technology = known.service_of(&d.ecosystem, &d.name);
                let common = || {
                    let owner = known.server_of(&d.ecosystem, &d.name);
                    let maker = |t: &Technology| {
                        t.category == Category::Cloud && t.role == Some(Role::External)
                    };
                    owner.is_some_and(|t| maker(t) && is_of(t, wanted))
                };
                let is = technology.is_some_and(|t| t.id == id) || technology.is_none() && common();
                // What code that runs uses need not be listed for what runs: extras of Python, what a bundler packs.
                let there = is_runtime(d.scope) || matches!(&*d.ecosystem, "npm" | "pypi");
                (is && there).then(|| (d.name.clone(), fact.at.clone()))
            });
            if found.is_some() {
                return found;
            }
        }
        if folder.is_empty() {
            return None;
        }
        folder = folder_of(folder);
    }
}

/// Whether a service is one of a cloud, by the address of their pages.
fn is_of(cloud: &Technology, service: &Technology) -> bool {
    domain(&cloud.homepage) == domain(&service.homepage)
}

/// Whether a module comes with its language or framework.
fn is_given(path: &str, module: &str) -> bool {
    match Language::of(path) {
        Language::Go => !module.split('/').next().unwrap_or(module).contains('.'),
        Language::CSharp => module.starts_with("System."),
        Language::Python => {
            let first = module.split('.').next().unwrap_or(module);
            matches!(
                first,
                "django" | "ftplib" | "http" | "imaplib" | "poplib" | "smtplib" | "urllib"
            )
        }
        Language::Ruby => module == "Action Mailer",
        _ => false,
    }
}

/// The last two words of a host: `api.stripe.com` and `https://stripe.com` are of `stripe.com`.
fn domain(address: &str) -> &str {
    let host = address.split("://").nth(1).unwrap_or(address);
    let host = host.split(['/', ':']).next().unwrap_or(host);
    let dots: Vec<usize> = host.match_indices('.').map(|(at, _)| at).collect();
    match dots.len().checked_sub(2).and_then(|at| dots.get(at)) {
        Some(at) => &host[at + 1..],
        None => host,
    }
}

/// The service that a host belongs to: the only one whose pages lie in the same domain.
pub(crate) fn site_of<'k>(known: &'k Knowledge, host: &str) -> Option<&'k Technology> {
    if host.contains('/') || !host.contains('.') {
        return None;
    }
    let wanted = domain(host);
    // Most domains are called like what they offer, which spares a look at most addresses.
    let word = wanted.split('.').next().unwrap_or(wanted);
    let mut all = known
        .technologies()
        .into_iter()
        .filter(|t| t.service.is_some() && t.homepage.contains(word))
        // What is only developed on a site is not what the site offers.
        .filter(|t| !t.homepage.starts_with("https://github.com/"))
        .filter(|t| domain(&t.homepage) == wanted);
    let only = all.next()?;
    all.next().is_none().then_some(only)
}

/// What was found once and is asked again.
#[derive(Default)]
struct Memo<'f> {
    /// What imports stand for, since the same stand in many files.
    imports: HashMap<(Language, &'f str), Option<&'f Technology>>,
    /// What the code of libraries uses, by project.
    shared: BTreeMap<usize, BTreeMap<&'f str, Use<'f>>>,
    /// The ids of the services that hosts belong to.
    sites: BTreeMap<String, Option<&'f str>>,
}

impl<'f> Memo<'f> {
    fn technology(
        &mut self,
        known: &'f Knowledge,
        language: Language,
        module: &'f str,
    ) -> Option<&'f Technology> {
        if module.starts_with(['.', '/', '~']) || module.starts_with("@/") {
            return None;
        }
        *self.imports.entry((language, module)).or_insert_with(|| {
            let name = language.name().to_ascii_lowercase();
            known.by_import(&name, module).map(|(t, _)| t)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use groundplan_knowledge::knowledge;

    #[test]
    fn hosts_are_known_by_the_domain_of_the_service() {
        let of = |host| site_of(knowledge(), host).map(|t| t.id.as_str());
        assert_eq!(of("api.stripe.com"), Some("stripe"));
        assert_eq!(of("hooks.slack.com"), Some("slack"));
        assert_eq!(of("api.github.com"), Some("github-api"));
        assert_eq!(of("www.googleapis.com"), None);
        assert_eq!(of("shop.test"), None);
    }

    #[test]
    fn what_comes_with_the_language_needs_no_package() {
        for (path, module, expected) in [
            ("a.go", "net/smtp", true),
            ("a.go", "github.com/stripe/stripe-go/v76", false),
            ("a.py", "smtplib", true),
            ("a.py", "stripe", false),
            ("a.py", "telegram", false),
            ("a.cs", "System.Net.Mail", true),
            ("a.ts", "nodemailer", false),
        ] {
            assert_eq!(is_given(path, module), expected, "{module}");
        }
    }
}
