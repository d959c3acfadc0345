//! Parts that settings name by what they are called in a registry or in a set of pods.

use super::{End, Found, Wiring};
use crate::facts::{Claim, Deployable};
use crate::resolve::charts::HELM_CHART;
use crate::resolve::needed::Needed;
use crate::resolve::settings::Value;
use groundplan_model::RelationshipKind;

impl Wiring<'_, '_> {
    /// Whether what is set for several parts tells one of them to take its configuration from a server, and
    /// the manifests of that one name no client which would ask it
    /// (<https://docs.spring.io/spring-cloud-config/reference/client.html>).
    pub(super) fn imports_in_vain(&self, unit: usize, value: &Value) -> bool {
        let key = super::relaxed(&value.key);
        let Some(project) = self.units[unit].project else {
            return false;
        };
        if key != "springconfigimport" || !value.value.contains("configserver:") {
            return false;
        }
        let world = self.world;
        let needed = self.needed.get_or_init(|| Needed::of(world));
        let mut all = needed.all(world, project);
        // What a manifest above brings, all below it have.
        let folder = &world.projects[project].folder;
        all.extend((0..world.projects.len()).filter(|&p| {
            let above = &world.projects[p].folder;
            let rest = folder.strip_prefix(above.as_str());
            above.is_empty() || rest.is_some_and(|rest| rest.starts_with('/'))
        }));
        let packages = all.into_iter().flat_map(|p| world.facts_of(p));
        let mut names = packages.filter_map(|fact| match &fact.claim {
            Claim::Dependency(d) if d.ecosystem == "maven" => Some(d.name.as_str()),
            _ => None,
        });
        let mut any = false;
        let client = names.any(|name| {
            any = true;
            name.contains("spring-cloud") && name.contains("config")
        });
        any && !client
    }

    /// Who answers as one pod of a set, by the Service that governs it or by the name of the set:
    /// `mongo-0.mongo`, `eureka-1.discovery.default.svc.cluster.local`
    /// (<https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-network-id>).
    pub(super) fn of_pod(&self, host: &str) -> Option<&Vec<usize>> {
        if self.book.contains_key(host) {
            return None;
        }
        let (pod, rest) = host.split_once('.')?;
        let (set, number) = pod.rsplit_once('-')?;
        let service = rest.split('.').next()?;
        if number.is_empty() || !number.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let found = self.book.get(service).or_else(|| self.book.get(set));
        let found = found.or_else(|| self.of_chart(service))?;
        let of_cluster = |d: &Deployable| d.source == "kubernetes" || d.kind == HELM_CHART;
        let mut all = found.iter();
        all.any(|&unit| self.is_started(unit, of_cluster))
            .then_some(found)
    }

    /// The chart of others whose Service a name is, of the release, the chart and what the Service is for:
    /// `shop-kafka-controller-headless` (<https://github.com/bitnami/charts>).
    fn of_chart(&self, service: &str) -> Option<&Vec<usize>> {
        const USES: [&str; 6] = [
            "-headless",
            "-controller",
            "-broker",
            "-master",
            "-primary",
            "-hl",
        ];
        let mut name = service;
        while let Some(rest) = USES.iter().find_map(|part| name.strip_suffix(part)) {
            name = rest;
        }
        if name == service {
            return None;
        }
        // A release may have dashes: the longest that a part has is the chart.
        let mut rests = name
            .match_indices('-')
            .filter_map(|(at, _)| name.get(at + 1..));
        let found = rests.find_map(|rest| self.book.get(rest))?;
        let chart = |d: &Deployable| d.kind == HELM_CHART;
        let mut all = found.iter();
        all.all(|&unit| self.is_started(unit, chart))
            .then_some(found)
    }

    /// Who answers at the host that OpenShift gives a route which names none, of the route, its project and
    /// the domain of the cluster: `orders-shop.apps.cluster.example.com`
    /// (<https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/networking/configuring-routes>).
    pub(super) fn of_open_shift(&self, host: &str) -> Option<&Vec<usize>> {
        let (first, rest) = host.split_once('.')?;
        if !rest.starts_with("apps.") || self.book.contains_key(host) {
            return None;
        }
        // Both names may have dashes: the longest that a part has is the route.
        let mut names = first
            .rmatch_indices('-')
            .filter_map(|(at, _)| first.get(..at));
        let found = names.find_map(|name| self.book.get(name))?;
        let of_cluster = |d: &Deployable| matches!(d.source.as_str(), "kubernetes" | "helm");
        let mut all = found.iter();
        all.all(|&unit| self.is_started(unit, of_cluster))
            .then_some(found)
    }

    /// Whether one of what starts a part is such.
    fn is_started(&self, unit: usize, such: impl Fn(&Deployable) -> bool) -> bool {
        let own = &self.units[unit];
        let mut all = own.deployables.iter().chain(&own.others);
        all.any(|(d, _)| such(d))
    }

    /// Joins clients with the configuration server that they look up in the registry, and Turbine with the
    /// services whose streams it gathers
    /// (<https://docs.spring.io/spring-cloud-config/reference/client.html#discovery-first-bootstrap>).
    pub(super) fn join_registered(&mut self) {
        let values = self.values;
        for (unit, values) in values.iter().enumerate() {
            for value in values {
                let key = value.key.to_ascii_lowercase().replace('-', "");
                let kind = match key.as_str() {
                    "spring.cloud.config.discovery.serviceid" => None,
                    "turbine.appconfig" => Some(RelationshipKind::Observes),
                    _ => continue,
                };
                for name in value.value.split(',') {
                    let name = name.trim().to_ascii_lowercase();
                    let Some(found) = self.book.get(name.as_str()) else {
                        continue;
                    };
                    let to = self.nearest(found, unit);
                    if to == unit {
                        continue;
                    }
                    let found = Found {
                        kind,
                        at: &value.at,
                        protocol: Some("HTTP".to_owned()),
                        technology: None,
                        operation: None,
                        confidence: groundplan_model::Confidence::High,
                    };
                    self.add(unit, End::Unit(to), found);
                }
            }
        }
    }
}
