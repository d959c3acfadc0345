//! Stores and brokers that operators make of objects of their own.

use super::object::Object;
use super::workload::field_at;
use crate::facts::{Claim, Deployable, FileFacts};

/// What an operator makes of one kind of object.
struct Made {
    kind: &'static str,
    /// End of the group of the API.
    group: &'static str,
    /// Knowledge id of the product.
    engine: &'static str,
    /// What stands behind the name of the object in the names of the Services that the operator adds.
    services: &'static [&'static str],
    /// Where the number of instances stands below `spec`.
    replicas: &'static [&'static str],
    /// Where the version stands below `spec`.
    version: &'static [&'static str],
}

/// Kinds by name; the names of Services are those that the manual of each operator gives.
const KINDS: [Made; 22] = [
    made("Cassandra", "k8ssandra.io", "cassandra", &[], &[], &[]),
    made(
        "CassandraDatacenter",
        "datastax.com",
        "cassandra",
        &["-service"],
        &["size"],
        &["serverVersion"],
    ),
    made(
        "ClickHouseInstallation",
        "altinity.com",
        "clickhouse",
        &[],
        &[],
        &[],
    ),
    made(
        "Cluster",
        "cnpg.io",
        "postgresql",
        &["-rw", "-ro", "-r"],
        &["instances"],
        &[],
    ),
    made(
        "CouchbaseCluster",
        "couchbase.com",
        "couchbase",
        &[],
        &[],
        &[],
    ),
    made(
        "CrdbCluster",
        "cockroachlabs.com",
        "cockroachdb",
        &["-public"],
        &["nodes"],
        &["cockroachDBVersion"],
    ),
    made(
        "Dragonfly",
        "dragonflydb.io",
        "dragonfly",
        &[],
        &["replicas"],
        &[],
    ),
    made(
        "Elasticsearch",
        "k8s.elastic.co",
        "elasticsearch",
        &["-es-http"],
        &[],
        &["version"],
    ),
    made(
        "InnoDBCluster",
        "oracle.com",
        "mysql",
        &[],
        &["instances"],
        &["version"],
    ),
    made(
        "Kafka",
        "strimzi.io",
        "kafka",
        &["-kafka-bootstrap", "-kafka-brokers"],
        &["kafka", "replicas"],
        &["kafka", "version"],
    ),
    made(
        "Kibana",
        "k8s.elastic.co",
        "kibana",
        &["-kb-http"],
        &["count"],
        &["version"],
    ),
    made(
        "MariaDB",
        "mmontes.io",
        "mariadb",
        &["-primary"],
        &["replicas"],
        &[],
    ),
    made(
        "MongoDBCommunity",
        "mongodb.com",
        "mongodb",
        &["-svc"],
        &["members"],
        &["version"],
    ),
    made(
        "OpenSearchCluster",
        "opster.io",
        "opensearch",
        &[],
        &[],
        &["general", "version"],
    ),
    made(
        "PerconaServerMongoDB",
        "percona.com",
        "mongodb",
        &["-rs0", "-mongos"],
        &[],
        &[],
    ),
    made(
        "PerconaXtraDBCluster",
        "percona.com",
        "mysql",
        &["-haproxy", "-proxysql", "-pxc"],
        &["pxc", "size"],
        &[],
    ),
    made(
        "PostgresCluster",
        "crunchydata.com",
        "postgresql",
        &["-primary", "-replicas", "-pgbouncer"],
        &[],
        &["postgresVersion"],
    ),
    made(
        "RabbitmqCluster",
        "rabbitmq.com",
        "rabbitmq",
        &[],
        &["replicas"],
        &[],
    ),
    made("Redis", "opstreelabs.in", "redis", &[], &[], &[]),
    made(
        "RedisCluster",
        "opstreelabs.in",
        "redis",
        &["-leader", "-follower"],
        &["clusterSize"],
        &[],
    ),
    made(
        "RedisFailover",
        "spotahome.com",
        "redis",
        &[],
        &["redis", "replicas"],
        &[],
    ),
    made(
        "postgresql",
        "zalan.do",
        "postgresql",
        &["-repl", "-pooler"],
        &["numberOfInstances"],
        &["postgresql", "version"],
    ),
];

const fn made(
    kind: &'static str,
    group: &'static str,
    engine: &'static str,
    services: &'static [&'static str],
    replicas: &'static [&'static str],
    version: &'static [&'static str],
) -> Made {
    Made {
        kind,
        group,
        engine,
        services,
        replicas,
        version,
    }
}

pub(super) fn read(acc: &mut FileFacts, object: &Object<'_, '_>) {
    let known = |m: &&Made| m.kind == object.kind && object.group.ends_with(m.group);
    let Some(known) = KINDS.iter().find(known) else {
        return;
    };
    let file = object.file;
    let mut found = Deployable {
        source: "kubernetes".to_owned(),
        kind: object.kind.to_owned(),
        name: object.name.to_owned(),
        namespace: object.namespace.map(str::to_owned),
        ..Deployable::default()
    };
    let names = known.services.iter();
    found.aliases = names.map(|end| format!("{}{end}", object.name)).collect();
    if known.engine == "redis" && known.kind == "RedisFailover" {
        found.aliases = vec![
            format!("rfs-{}", object.name),
            format!("rfr-{}", object.name),
        ];
    }
    let place = file.placed(known.engine.to_owned(), object.node.first);
    found.attributes.push(("engine".to_owned(), place));
    if let Some(spec) = object.node.get("spec") {
        for (path, key) in [
            (known.replicas, "replicas"),
            (known.version, "engine.version"),
        ] {
            if let Some(field) = field_at(spec, path)
                && let Some(text) = field.str()
            {
                let value = field.place(file, text.to_owned());
                found.attributes.push((key.to_owned(), value));
            }
        }
        for path in [
            &["storage", "size"][..],
            &["volume", "size"],
            &["persistence", "storage"],
        ] {
            if let Some(field) = field_at(spec, path)
                && let Some(text) = field.str()
            {
                let value = field.place(file, text.to_owned());
                found.attributes.push(("volume-claim".to_owned(), value));
            }
        }
    }
    object.claim(acc, Claim::Deployable(Box::new(found)));
}
