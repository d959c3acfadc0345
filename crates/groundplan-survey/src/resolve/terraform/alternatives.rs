//! What Terraform and its like make in place of what other files start.

use super::{is_cloud, product};
use crate::facts::Deployable;
use crate::resolve::units::Unit;
use crate::resolve::world::folder_of;
use groundplan_knowledge::Knowledge;
use groundplan_model::Role;

/// Words of names of stores that say what the store is and not whose it is.
const STORES: [&str; 21] = [
    "amq",
    "aurora",
    "bucket",
    "cache",
    "cluster",
    "database",
    "db",
    "documentdb",
    "dynamodb",
    "elasticache",
    "kafka",
    "mongo",
    "mongodb",
    "mq",
    "mysql",
    "postgres",
    "postgresql",
    "queue",
    "rabbitmq",
    "rds",
    "redis",
];

/// Where other files start the system, a store that Terraform makes for the same part, or as the only
/// one of its role beside an only one, is that store in another environment. A further one of a role
/// that is there already is a variant. A balancer in front of machines that Terraform gives no code to
/// is no part of the system.
pub(crate) fn join_alternatives(knowledge: &Knowledge, units: &mut Vec<Unit<'_>>) {
    join_by_folder(units);
    let runs = |d: &Deployable| product(knowledge, d).is_some_and(|(_, runs)| runs);
    let own = |u: &Unit<'_>| is_alone(u) && u.deployables.iter().any(|(d, _)| runs(d));
    if !units.iter().any(is_started) || units.iter().any(own) {
        return;
    }
    let hosts = |u: &Unit<'_>| u.deployables.iter().chain(&u.others).any(|(d, _)| runs(d));
    let hosted = units.iter().any(hosts);
    let mut index = 0;
    while index < units.len() {
        let Some(role) = role(&units[index]).filter(|_| is_alone(&units[index])) else {
            index += 1;
            continue;
        };
        if role == Role::Gateway {
            match hosted {
                true => {
                    units[index].optional = true;
                    index += 1;
                }
                false => {
                    units.remove(index);
                }
            }
            continue;
        }
        let others = || {
            let all = units.iter().enumerate();
            all.filter(|(_, u)| is_started(u) && self::role(u) == Some(role))
        };
        let stem = stem(&units[index].name);
        let named = others().find(|(_, u)| !stem.is_empty() && self::stem(&u.name) == stem);
        let rivals = units
            .iter()
            .filter(|u| is_alone(u) && self::role(u) == Some(role));
        let sole = || (rivals.count() == 1 && others().count() == 1).then(|| others().next());
        let same = named.or_else(|| sole().flatten()).map(|(at, _)| at);
        match same {
            Some(at) => {
                let made = units.remove(index);
                let at = at - usize::from(at > index);
                let unit = &mut units[at];
                unit.hosts.extend(made.hosts);
                unit.others.extend(made.deployables);
                unit.evidence.extend(made.evidence);
            }
            None => {
                let known = others().next().is_some();
                units[index].optional |= known;
                index += 1;
            }
        }
    }
}

/// Words that say in which cloud, and as what, a service runs.
const WAYS: [&str; 9] = [
    "aws",
    "azure",
    "faas",
    "function",
    "functions",
    "gcp",
    "lambda",
    "lambdas",
    "serverless",
];

/// What a cloud makes by a file in the folder `shop-orders-aws-lambda`, where other files start
/// `shop-orders`, is that service in another way and none beside it.
fn join_by_folder(units: &mut Vec<Unit<'_>>) {
    let mut index = 0;
    while index < units.len() {
        let folder = (units[index].deployables.first())
            .filter(|_| is_alone(&units[index]))
            .and_then(|(_, at)| folder_of(&at.path).rsplit('/').next());
        let started = |name: &str, folder: &str| {
            let rest = folder.strip_prefix(name).and_then(|r| r.strip_prefix('-'));
            rest.is_some_and(|rest| rest.split('-').all(|word| WAYS.contains(&word)))
        };
        let same = folder.and_then(|folder| {
            let mut all = units.iter();
            all.position(|u| is_started(u) && started(&u.name, folder))
        });
        match same {
            Some(at) => {
                let made = units.remove(index);
                let at = at - usize::from(at > index);
                units[at].others.extend(made.deployables);
                units[at].evidence.extend(made.evidence);
            }
            None => index += 1,
        }
    }
}

fn role(unit: &Unit<'_>) -> Option<Role> {
    unit.technology.and_then(|t| t.role)
}

/// Whether only Terraform makes a unit.
fn is_alone(unit: &Unit<'_>) -> bool {
    let mut all = unit.deployables.iter();
    !unit.deployables.is_empty() && all.all(|(d, _)| is_cloud(&d.source))
}

/// Whether other files start a unit by default.
fn is_started(unit: &Unit<'_>) -> bool {
    !unit.deployables.is_empty() && !unit.optional && !is_alone(unit)
}

/// Whose store a name speaks of.
fn stem(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    let words = lower.split(['-', '_', '.']);
    let kept: Vec<&str> = words
        .filter(|w| !w.is_empty() && !STORES.contains(w))
        .collect();
    kept.join("-")
}
