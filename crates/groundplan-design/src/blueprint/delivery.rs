//! Environments, pipeline and settings.

use super::elements::{Parts, capital};
use super::{Maker, slug};
use crate::brief::{Field, mentions, tokens};
use groundplan_model::{
    Attribute, Blueprint, Environment, EnvironmentTier, Job, JobStage, Pipeline, Setting,
    SettingSource,
};

/// Everything about the way from a commit to production.
pub(crate) fn delivery(m: &Maker, parts: &Parts, b: &mut Blueprint) {
    environments(m, b);
    pipeline(m, b);
    settings(m, parts, b);
}

fn environments(m: &Maker, b: &mut Blueprint) {
    let platform = m.design.outcome.name("platform").to_owned();
    let mut add = |id: &str, tier, mechanism: &str, attributes: &[(&str, &str, &str)]| {
        b.environments.push(Environment {
            id: id.to_owned(),
            name: id.to_owned(),
            tier,
            mechanism: mechanism.to_owned(),
            attributes: attributes
                .iter()
                .map(|(key, value, path)| Attribute {
                    key: (*key).to_owned(),
                    value: m.tell(value),
                    provenance: m.computed("sizing", &[path]),
                })
                .collect(),
            provenance: m.decided("platform"),
        });
    };
    add(
        "development",
        EnvironmentTier::Development,
        "Compose on each engineer's machine",
        &[
            (
                "data",
                "generated, never copied from production",
                "compliance.packs",
            ),
            ("partners", "recorded answers", "integrations.count"),
        ],
    );
    add(
        "staging",
        EnvironmentTier::Staging,
        &platform,
        &[
            (
                "data",
                "one month of {things}, generated",
                "data.gb_per_year",
            ),
            ("size", "a third of production", "compute.instances"),
        ],
    );
    add(
        "production",
        EnvironmentTier::Production,
        &platform,
        &[
            (
                "instances",
                "{compute.instances} of {compute.instance_vcpu}",
                "compute.instances",
            ),
            ("region", &region(m), "regions.demanded"),
            ("tier", "{region_tier}", "region_tier"),
        ],
    );
}

/// The place of a region: the country that the brief names, else the region as a whole.
fn site(m: &Maker, region: &str) -> Option<&'static groundplan_knowledge::Site> {
    let all = groundplan_knowledge::design_tables()
        .vocabulary
        .sites
        .iter();
    let mut of_region = all.filter(|s| s.region == region);
    let mut texts = Vec::new();
    for field in [Field::Stack, Field::Constraints] {
        texts.extend(tokens(m.brief.text(field)));
    }
    let named = of_region
        .clone()
        .find(|s| !s.alias.is_empty() && mentions(&texts, &s.alias));
    named.or_else(|| of_region.find(|s| s.alias.is_empty()))
}

/// Where it runs, in words of the chosen provider.
pub(crate) fn region(m: &Maker) -> String {
    let (tier, on_premises) = (m.design.outcome.tier, m.design.inputs.on_premises);
    let place = demanded(m);
    if on_premises {
        let sites = match m.design.inputs.has("two_sites") {
            true => "the organisation's own two sites",
            false => "the organisation's own site",
        };
        return match place {
            Some(place) => format!("{sites} in {}", super::place_name(place)),
            None => sites.to_owned(),
        };
    }
    // Two regions that the brief names are the two that run.
    if let Some([first, second]) = hosts(m) {
        let how = match tier {
            3 => "the second as warm standby",
            _ => "both active, each replicated to the other",
        };
        return format!(
            "{} and {}, {how}",
            in_region(m, first),
            in_region(m, second)
        );
    }
    let place = usual(m);
    let standby = match (tier, place) {
        (3, "eu") => "; standby in a second EU region",
        (4, "eu") => "; active in a second EU region too",
        (3, _) => "; standby in a second region",
        (4, _) => "; active in a second region too",
        _ => "",
    };
    format!("{}{standby}", in_region(m, place))
}

/// The regions or sites in which it runs, the first one first: two from tier T3 on.
pub(super) fn regions(m: &Maker) -> Vec<String> {
    let two = m.design.outcome.tier >= 3;
    if m.design.inputs.on_premises {
        let place =
            demanded(m).map_or_else(String::new, |p| format!(" in {}", super::place_name(p)));
        return match two {
            true => vec![
                format!("First own site{place}"),
                format!("Second own site{place}"),
            ],
            false => vec![format!("Own site{place}")],
        };
    }
    if let Some(named) = hosts(m) {
        return named.map(|place| titled(&in_region(m, place))).to_vec();
    }
    let mut all = vec![titled(&in_region(m, usual(m)))];
    if two {
        let second = match usual(m) {
            "eu" => "A second EU region",
            _ => "A second region",
        };
        all.push(second.to_owned());
    }
    all
}

/// A region as a title. `eu-central-1` is a name as it is.
fn titled(region: &str) -> String {
    match region.starts_with("the ") || region.starts_with("a ") {
        true => capital(region),
        false => region.to_owned(),
    }
}

/// The place that the brief demands for data or for machines.
fn demanded<'a>(m: &Maker<'a>) -> Option<&'a str> {
    let mut places = m.brief.residency.keys().chain(m.brief.hosting.keys());
    places.next().map(String::as_str)
}

/// The place that the brief demands, else that of its law; empty where there is none.
fn usual<'a>(m: &Maker<'a>) -> &'a str {
    let gdpr = m.design.inputs.packs.contains("gdpr");
    demanded(m).unwrap_or(if gdpr { "eu" } else { "" })
}

/// What the chosen provider calls its region in a place.
fn in_region(m: &Maker, place: &str) -> String {
    let provider = m.design.outcome.choice("cloud");
    let name = site(m, place).map(|site| site.provider.get(provider).unwrap_or(&site.name));
    name.map_or_else(
        || m.tell("the region nearest to most {persons}"),
        Clone::clone,
    )
}

/// The two places that the brief names for machines, in its order, where two regions run.
fn hosts<'a>(m: &Maker<'a>) -> Option<[&'a str; 2]> {
    let mut hosts: Vec<_> = m.brief.hosting.iter().collect();
    hosts.sort_by_key(|(_, said)| (said.evidence.as_ref().map(|e| e.lines), said.columns));
    let hosts: Vec<&str> = hosts.into_iter().map(|(place, _)| place.as_str()).collect();
    let two = m.brief.residency.is_empty() && m.design.outcome.tier >= 3;
    <[&str; 2]>::try_from(hosts).ok().filter(|_| two)
}

fn pipeline(m: &Maker, b: &mut Blueprint) {
    let reason = m.decided("ci_cd");
    let job = |id: &str,
               name: &str,
               stages: &[JobStage],
               needs: &[&str],
               steps: &[&str],
               environment: Option<&str>| Job {
        id: id.to_owned(),
        name: name.to_owned(),
        stages: stages.to_vec(),
        needs: needs.iter().map(|n| (*n).to_owned()).collect(),
        steps: steps.iter().map(|s| m.tell(s)).collect(),
        environment: environment.map(str::to_owned),
        events: Vec::new(),
        limits: Vec::new(),
        condition: None,
        step_stages: Vec::new(),
        provenance: reason.clone(),
    };
    let canary = m.option("release") == "canary";
    let mut production: Vec<&str> =
        vec!["expand the schema; contracting waits for the next release"];
    if canary {
        production.push("a tenth of the users for 10 min; stop if errors exceed {slo.burn_fast_pct} or P99 exceeds {latency.p99_target_ms}");
    }
    production.push("replace the rest one by one, each after its health check");
    b.pipelines.push(Pipeline {
        id: "delivery".to_owned(),
        name: format!("{}-delivery", slug(&b.system.name)),
        product: m.design.outcome.name("ci_cd").to_owned(),
        triggers: vec![
            "pull request".to_owned(),
            "push to the main branch".to_owned(),
        ],
        jobs: vec![
            job(
                "check",
                "Check",
                &[JobStage::Lint, JobStage::Build],
                &[],
                &[
                    "format and lint",
                    "build once; the artefact is what is deployed",
                ],
                None,
            ),
            job(
                "test",
                "Test",
                &[JobStage::Test],
                &["check"],
                &[
                    "unit and property tests, 80 % of the lines of domain modules",
                    "integration tests against a real database in a container",
                    "contract tests against the recorded answers of partners",
                ],
                None,
            ),
            job(
                "scan",
                "Scan",
                &[JobStage::Security],
                &["check"],
                &["dependencies, secrets and image; no finding above medium"],
                None,
            ),
            job(
                "package",
                "Package",
                &[JobStage::Package],
                &["test", "scan"],
                &["image with signature and bill of materials"],
                None,
            ),
            job(
                "staging",
                "Deploy to staging",
                &[JobStage::Deploy],
                &["package"],
                &["migrate", "deploy", "end-to-end tests of the main flows"],
                Some("staging"),
            ),
            job(
                "production",
                "Deploy to production",
                &[JobStage::Release, JobStage::Deploy],
                &["staging"],
                &production,
                Some("production"),
            ),
        ],
        provenance: reason.clone(),
    });
}

fn settings(m: &Maker, parts: &Parts, b: &mut Blueprint) {
    let f = |path: &str| crate::facts::number(m.design.facts.number(path));
    let mut add = |name: &str, value: Option<String>, secret: bool, path: &str| {
        for service in parts.services.iter().take(1) {
            b.settings.push(Setting {
                element: Some(service.clone()),
                name: name.to_owned(),
                source: SettingSource::Environment,
                value: value.clone(),
                secret,
                profile: None,
                provenance: m.computed("value of the design", &[path]),
            });
        }
    };
    add("DATABASE_URL", None, true, "primary_db");
    add(
        "DATABASE_POOL_SIZE",
        Some(f("db.pool_per_instance")),
        false,
        "db.pool_per_instance",
    );
    add("HTTP_PORT", Some("8080".to_owned()), false, "platform");
    add("LOG_LEVEL", Some("info".to_owned()), false, "observability");
    add(
        "REQUEST_TIMEOUT_MS",
        Some(f("latency.p99_target_ms")),
        false,
        "latency.p99_target_ms",
    );
    add(
        "RATE_LIMIT_USER_RPS",
        Some(f("limits.user_rps")),
        false,
        "limits.user_rps",
    );
    add(
        "RATE_LIMIT_USER_BURST",
        Some(f("limits.user_burst")),
        false,
        "limits.user_burst",
    );
    add(
        "WORKERS",
        Some(f("compute.instance_vcpu")),
        false,
        "compute.instance_vcpu",
    );
    add(
        "AUDIT_RETENTION_MONTHS",
        Some(f("compliance.audit_retention_months")),
        false,
        "compliance.audit_retention_months",
    );
    if parts.cache.is_some() {
        add("CACHE_URL", None, true, "cache");
    }
    if parts.queue.is_some() {
        add("QUEUE_URL", None, true, "queue");
    }
    for partner in &m.brief.partners {
        let name = format!(
            "{}_CREDENTIALS",
            slug(&partner.name).replace('-', "_").to_uppercase()
        );
        add(&name, None, true, "integrations.count");
    }
}
