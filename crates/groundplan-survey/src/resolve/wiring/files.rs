//! What configuration files of products and gateways say of the units that hold them.

use super::{End, Found, Wiring};
use crate::extractors::config_addresses::{CONSUMER, EXPORTER, EXTENSION, RECEIVER};
use crate::extractors::is_template;
use crate::facts::{Claim, Placed};
use crate::resolve::address::addresses;
use crate::resolve::names::is_aside;
use crate::resolve::units::{Unit, is_cluster_route};
use crate::resolve::world::folder_of;
use groundplan_knowledge::Category;
use groundplan_model::{Confidence, RelationshipKind, Role};
use std::collections::{BTreeMap, BTreeSet};

impl Wiring<'_, '_> {
    /// Configuration of products: the file is mounted into the unit, or copied into its image.
    pub(super) fn join_product_files(&mut self) {
        let found: Vec<_> = self
            .world
            .facts()
            .filter_map(|(file, fact)| match &fact.claim {
                // Scripts that are put into a ready image are its configuration.
                Claim::Client(client)
                    if (!file.language.is_code() || self.is_script_of_product(file))
                        && !self.is_aside(&file.path) =>
                {
                    Some((
                        file,
                        fact,
                        client.target.as_deref()?,
                        client.library.as_deref(),
                    ))
                }
                _ => None,
            })
            .collect();
        let mut last: (&str, Vec<usize>) = ("", Vec::new());
        for (file, fact, target, library) in found {
            // Facts stand file by file.
            if last.0 != file.path {
                last = (&file.path, self.holders(&file.path));
            }
            let holders = &last.1;
            // A file that everybody gets says of nobody what it uses.
            if holders.len() > 3 {
                continue;
            }
            for &unit in holders {
                let from_source = self.units[unit].project.is_some()
                    && self.units[unit].project == self.world.project_of(&file.path);
                if from_source && !self.handed_out.contains_key(&file.path) {
                    continue;
                }
                let text = self.expand(unit, target);
                for address in addresses(&text) {
                    let Some(to) = self.answer(&address.host, address.port.as_deref(), unit) else {
                        continue;
                    };
                    // Where spans go a configuration server tells all; only some send any.
                    let told_to_all = holders.len() > 1 && self.handed_out.contains_key(&file.path);
                    if told_to_all
                        && self.units[to].role == Role::Monitoring
                        && !self.has_driver(unit, to)
                    {
                        continue;
                    }
                    let end = End::Unit(to);
                    let kind = self.kind_of_file(unit, to, library);
                    let observes = kind == Some(RelationshipKind::Observes);
                    // Whoever scrapes or probes does so over HTTP unless it says otherwise.
                    let protocol = self
                        .protocol(&address, &end)
                        .or_else(|| observes.then(|| "HTTP".to_owned()));
                    let found = Found {
                        kind,
                        at: &fact.at,
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

    /// Files that a ConfigMap mounts into a pod name its neighbours.
    pub(super) fn join_mounted(&mut self) {
        let mut data: BTreeMap<&str, Vec<(&str, &Placed<String>)>> = BTreeMap::new();
        for (file, fact) in self.world.facts() {
            if let Claim::ConfigData(config) = &fact.claim
                && !is_aside(&file.path)
            {
                let all = data.entry(&config.name).or_default();
                all.extend(config.addresses.iter().map(|a| (file.path.as_str(), a)));
            }
        }
        data.retain(|_, addresses| !addresses.is_empty());
        let mut holders: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
        for (unit, own) in self.units.iter().enumerate() {
            for (deployable, _) in &own.deployables {
                for volume in &deployable.volumes {
                    let name = volume.value.strip_prefix("config_map:");
                    let name = name.and_then(|n| n.split(':').next());
                    if let Some((name, _)) = name.and_then(|n| data.get_key_value(n)) {
                        holders.entry(name).or_default().insert(unit);
                    }
                }
            }
        }
        let image = |unit: &usize| {
            let image = self.units[*unit].deployables.first()?.0.image.as_ref();
            image.map(|i| i.value.as_str())
        };
        for (name, units) in holders {
            // A file that everybody gets says of nobody what it uses, unless all are one program.
            let one: BTreeSet<_> = units.iter().map(image).collect();
            if units.len() > 3 && one.len() > 1 {
                continue;
            }
            for (path, found) in data.get(name).into_iter().flatten() {
                for &unit in &units {
                    // Sets of manifests that are alternatives may have the same names.
                    let beside = self.units[unit].deployables.iter().any(|(_, at)| {
                        self.world.variants.of(&at.path).set == self.world.variants.of(path).set
                            || super::shares_root(&at.path, path)
                    });
                    if !beside {
                        continue;
                    }
                    for mut address in addresses(&found.value) {
                        address.bare = false;
                        let port = address.port.as_deref();
                        let Some(to) = self.answer(&address.host, port, unit) else {
                            continue;
                        };
                        // Parts of one program are told where all of it is, not whom each calls.
                        if units.len() > 3 && image(&to) == image(&unit) {
                            continue;
                        }
                        // An address for a driver that the program has not.
                        let of_java = ["jdbc:", "r2dbc:"]
                            .iter()
                            .any(|s| found.value.starts_with(s));
                        if of_java && self.has_no_driver_for(unit, to) {
                            continue;
                        }
                        let end = End::Unit(to);
                        let found = Found {
                            kind: self.kind_of_file(unit, to, None),
                            at: &found.at,
                            protocol: self.protocol(&address, &end),
                            technology: None,
                            operation: None,
                            confidence: match units.len() > 3 {
                                true => Confidence::Medium,
                                false => Confidence::High,
                            },
                        };
                        self.add(unit, end, found);
                    }
                }
            }
        }
    }

    /// Routes of a gateway lead from the unit that holds the configuration.
    pub(super) fn join_routes(&mut self) {
        let routes: Vec<_> = self
            .world
            .facts()
            .filter_map(|(file, fact)| match &fact.claim {
                Claim::Route(route) if !self.is_aside(&file.path) => Some((file, fact, route)),
                _ => None,
            })
            .collect();
        for (file, fact, route) in routes {
            // Routes among the parts of a deployment are served by the gateway among them.
            let listed = file
                .facts
                .iter()
                .any(|f| matches!(f.claim, Claim::Deployable(_)));
            let holders = if is_cluster_route(&route.gateway) {
                let named = self.named(&route.gateway);
                match named.is_empty() {
                    true => self
                        .cluster_gateway(route.class.as_deref())
                        .into_iter()
                        .collect(),
                    false => named,
                }
            } else if listed {
                self.named(&route.gateway)
            } else {
                let holders = self.holders(&file.path);
                let product = self.named(&route.gateway);
                match holders.is_empty() && product.len() == 1 && is_template(&file.path) {
                    true => product,
                    false => holders,
                }
            };
            for from in holders {
                let text = self.expand(from, &route.target);
                for address in addresses(&text) {
                    let to = self.answer(&address.host, address.port.as_deref(), from);
                    // Who is looked up by name registers itself, often as its source is called.
                    let to = to.or_else(|| self.called(&address.host, from));
                    if let Some(to) = to {
                        let found = Found {
                            kind: Some(RelationshipKind::Routes),
                            at: &fact.at,
                            protocol: Some("HTTP".to_owned()),
                            technology: Some(route.gateway.clone()),
                            operation: route.path.clone(),
                            confidence: Confidence::High,
                        };
                        self.add(from, End::Unit(to), found);
                    }
                }
            }
        }
    }

    /// What a product does to a neighbour that its configuration names; `None` where the neighbour's
    /// role says it.
    pub(super) fn kind_of_file(
        &self,
        unit: usize,
        to: usize,
        library: Option<&str>,
    ) -> Option<RelationshipKind> {
        let (unit, to) = (&self.units[unit], &self.units[to]);
        let store = to.role.is_store();
        let dashboards = unit.technology.is_some_and(|t| t.id == "grafana");
        match library {
            Some(EXPORTER) => (!store).then_some(RelationshipKind::Calls),
            // What a collector reports to or takes part in watches it, not the other way round.
            Some(EXTENSION) => Some(RelationshipKind::Calls),
            Some(CONSUMER) => Some(RelationshipKind::Subscribes),
            // Figures about a store are no data in it.
            Some(RECEIVER) => Some(RelationshipKind::Observes),
            _ if store && dashboards => Some(RelationshipKind::Reads),
            _ => {
                let watched =
                    unit.role == Role::Monitoring && !store && to.role != Role::Monitoring;
                watched.then_some(RelationshipKind::Observes)
            }
        }
    }

    /// The only unit whose source has a name, a plain one without points.
    fn called(&self, name: &str, from: usize) -> Option<usize> {
        let has = |&unit: &usize| {
            let project = self.units[unit].project.filter(|_| unit != from);
            project.is_some_and(|p| {
                let mut names = self.world.projects[p].names.iter();
                names.any(|own| own.eq_ignore_ascii_case(name))
            })
        };
        let mut all = (0..self.units.len()).filter(has);
        let first = all.next().filter(|_| !name.contains('.'))?;
        all.next().is_none().then_some(first)
    }

    /// Whether a file of code is mounted into the image of a server that runs scripts.
    fn is_script_of_product(&self, file: &crate::facts::FileFacts) -> bool {
        file.language == groundplan_syntax::Language::Lua
            && (self.holders.placed(&file.path))
                .is_some_and(|units| units.iter().all(|&u| self.units[u].project.is_none()))
    }

    /// The units that run a product of this name.
    fn named(&self, product: &str) -> Vec<usize> {
        let runs = |unit: &usize| {
            self.units[*unit]
                .technology
                .is_some_and(|t| t.name.eq_ignore_ascii_case(product))
        };
        // What prepares a product runs and ends; it serves nothing.
        let serves = |unit: &usize| self.units[*unit].role != Role::Job;
        (0..self.units.len())
            .filter(|u| runs(u) && serves(u))
            .collect()
    }

    /// The only gateway product that the cluster runs: it serves the routes that are objects of the
    /// cluster (<https://kubernetes.io/docs/concepts/services-networking/ingress-controllers/>).
    ///
    /// A class that is called after another product leaves the route to a controller that somebody else
    /// installs.
    fn cluster_gateway(&self, class: Option<&str>) -> Option<usize> {
        let serves = |unit: &usize| {
            let unit = &self.units[*unit];
            let product = unit
                .technology
                .is_some_and(|t| t.category == Category::Gateway);
            let told = unit.deployables.iter();
            product
                && unit.role == Role::Gateway
                && unit.project.is_none()
                && told.clone().any(|(d, _)| d.source == "kubernetes")
        };
        let mut all = (0..self.units.len()).filter(serves);
        let only = all.next()?;
        let fits = class.is_none_or(|class| may_serve(&self.units[only], class));
        (fits && all.next().is_none()).then_some(only)
    }

    /// Whether a file is a test, a sample or documentation. In the folder that an image of a
    /// deployed unit is built from only what lies below counts: `shop-docs` may be a service.
    fn is_aside(&self, path: &str) -> bool {
        if !is_aside(path) {
            return false;
        }
        // What a deployment beside it mounts belongs to that deployment, wherever both lie, and so does what a
        // deployment mounts that is none of tests itself.
        let beside = |unit: &usize| {
            let mut all = self.units[*unit].deployables.iter();
            all.any(|(_, at)| folder_of(&at.path) == folder_of(path) || !is_aside(&at.path))
        };
        let mut holders = self.holders.mounted_file(path).into_iter().flatten();
        if holders.any(beside) {
            return false;
        }
        let mut folder = folder_of(path);
        while !folder.is_empty() {
            if self.built.contains(folder) {
                return is_aside(path[folder.len()..].trim_start_matches('/'));
            }
            folder = folder_of(folder);
        }
        true
    }

    /// The units that hold a configuration file, or that a configuration server hands it to.
    fn holders(&self, path: &str) -> Vec<usize> {
        match self.handed_out.get(path) {
            Some(units) => units.clone(),
            None => self.holders.with_values(self.world, self.values, path),
        }
    }
}

/// Whether a gateway may be the controller of a class: the class is called after no product, or after that of
/// the gateway.
fn may_serve(unit: &Unit<'_>, class: &str) -> bool {
    const CONTROLLERS: [&str; 17] = [
        "alb",
        "ambassador",
        "apisix",
        "azure",
        "caddy",
        "cilium",
        "contour",
        "envoy",
        "gce",
        "gloo",
        "haproxy",
        "higress",
        "istio",
        "kong",
        "nginx",
        "openshift",
        "traefik",
    ];
    let class = class.to_ascii_lowercase();
    let product = unit.technology.map_or("", |t| t.id.as_str());
    let mut names = std::iter::once(product).chain(unit.hosts.iter().map(String::as_str));
    let named = CONTROLLERS.iter().filter(|word| class.contains(**word));
    let named: Vec<&&str> = named.collect();
    named.is_empty() || names.any(|name| named.iter().any(|word| name.contains(**word)))
}
