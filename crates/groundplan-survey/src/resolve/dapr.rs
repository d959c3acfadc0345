//! Components of Dapr: which product stands behind a name, and the product as a part of the system where
//! no deployment file starts one.

use crate::extractors::DAPR_SUBSCRIPTION;
use crate::facts::{Claim, DaprComponent};
use crate::resolve::names::is_aside;
use crate::resolve::settings::Value;
use crate::resolve::units::Unit;
use crate::resolve::variants::rank;
use crate::resolve::world::World;
use groundplan_knowledge::{Knowledge, Technology};
use groundplan_model::{Evidence, Role};
use std::collections::{BTreeMap, BTreeSet};

/// A component under its name.
#[derive(Clone)]
pub(crate) struct Component<'f> {
    /// What it says.
    pub(crate) told: &'f DaprComponent,
    /// The product, if its kind names one.
    pub(crate) product: Option<&'f Technology>,
    /// Where it stands.
    pub(crate) at: &'f Evidence,
}

/// What Dapr is told in the main set of files.
#[derive(Default)]
pub(crate) struct Dapr<'f> {
    /// Components by name.
    pub(crate) components: BTreeMap<&'f str, Component<'f>>,
    /// Subscriptions that stand in files of their own.
    pub(crate) subscriptions: Vec<Component<'f>>,
}

/// The end of a kind, and the product that it is. What is not listed is called as the knowledge calls it,
/// with hyphens for points (<https://docs.dapr.io/reference/components-reference/>).
const PRODUCTS: [(&str, &str); 27] = [
    ("aws.dynamodb", "amazon-dynamodb"),
    ("aws.kinesis", "amazon-kinesis"),
    ("aws.s3", "amazon-s3"),
    ("aws.ses", "amazon-ses"),
    ("aws.sns", "amazon-sns"),
    ("aws.snssqs", "amazon-sqs"),
    ("aws.sqs", "amazon-sqs"),
    ("azure.blobstorage", "azure-blob-storage"),
    ("azure.cosmosdb", "cosmosdb"),
    ("azure.eventhubs", "azure-event-hubs"),
    ("azure.keyvault", "azure-key-vault"),
    ("azure.servicebus", "azure-service-bus"),
    ("azure.servicebus.queues", "azure-service-bus"),
    ("azure.servicebus.topics", "azure-service-bus"),
    ("azure.servicebusqueues", "azure-service-bus"),
    ("azure.storagequeues", "azure-queue-storage"),
    ("azure.tablestorage", "azure-table-storage"),
    ("gcp.bucket", "google-cloud-storage"),
    ("gcp.firestore", "google-firestore"),
    ("gcp.pubsub", "google-pubsub"),
    ("hashicorp.consul", "consul"),
    ("hashicorp.vault", "vault"),
    ("jetstream", "nats"),
    ("natsstreaming", "nats"),
    ("postgres", "postgresql"),
    ("sendgrid", "sendgrid"),
    ("twilio.sendgrid", "sendgrid"),
];

fn product<'k>(known: &'k Knowledge, kind: &str) -> Option<&'k Technology> {
    let (_, name) = kind.split_once('.')?;
    let listed = PRODUCTS.iter().find(|(end, _)| *end == name);
    let id = listed.map_or_else(|| name.replace('.', "-"), |(_, id)| (*id).to_owned());
    let found = known.by_id(&id).or_else(|| known.by_scheme(&id));
    found.filter(|t| t.role.is_some())
}

/// All that files tell Dapr. Of several components of one name, each for another place to run, that of the
/// main set counts: one that is not offered beside the system, then the one that lists most users.
pub(crate) fn read<'f>(world: &World<'f>) -> Dapr<'f> {
    let mut dapr = Dapr::default();
    let mut ranks: BTreeMap<&str, (u8, std::cmp::Reverse<usize>)> = BTreeMap::new();
    for (file, fact) in world.facts() {
        let Claim::Dapr(told) = &fact.claim else {
            continue;
        };
        if is_aside(&file.path) {
            continue;
        }
        let component = Component {
            told,
            product: product(world.knowledge, &told.kind),
            at: &fact.at,
        };
        if told.kind == DAPR_SUBSCRIPTION {
            dapr.subscriptions.push(component);
            continue;
        }
        // What lies on the disk of a developer is no product.
        let nowhere = component.product.is_none();
        let own = rank(&file.path).max(u8::from(nowhere));
        let own = (own, std::cmp::Reverse(told.scopes.len()));
        let known = ranks.entry(&told.name).or_insert(own);
        if own < *known || !dapr.components.contains_key(told.name.as_str()) {
            *known = own;
            dapr.components.insert(&told.name, component);
        }
    }
    dapr
}

/// Adds the products behind components that nothing starts: whoever runs the system brings them. A place
/// for secrets and a clock are no parts.
pub(crate) fn add<'f>(
    world: &World<'f>,
    dapr: &Dapr<'f>,
    units: &mut Vec<Unit<'f>>,
    values: &mut Vec<Vec<Value>>,
) {
    let mut missing: BTreeMap<&str, (&'f Technology, Vec<Evidence>)> = BTreeMap::new();
    for component in dapr.components.values() {
        let Some(product) = component.product else {
            continue;
        };
        let served = units.iter().filter_map(|u| u.technology);
        let mut served = served.filter(|t| world.knowledge.serves(&t.id, &product.id));
        let secret = component.told.kind.starts_with("secretstores.");
        // A part of that name from an image that templates leave open is most likely it.
        let open = |u: &Unit<'_>| {
            let pulled = u.deployables.iter().all(|(d, _)| d.build.is_none());
            let bare = u.technology.is_none() && u.project.is_none() && pulled;
            bare && u.name.eq_ignore_ascii_case(&product.id)
        };
        if secret || !product.is_server() || served.next().is_some() || units.iter().any(open) {
            continue;
        }
        let places = missing.entry(&product.id).or_insert((product, Vec::new()));
        places.1.push(component.at.clone());
    }
    for (id, (product, evidence)) in missing {
        units.push(Unit {
            name: id.to_owned(),
            hosts: BTreeSet::new(),
            deployables: Vec::new(),
            others: Vec::new(),
            images: Vec::new(),
            project: None,
            technology: Some(product),
            role: product.role.unwrap_or(Role::External),
            evidence,
            optional: false,
            development: false,
        });
        values.push(Vec::new());
    }
}
