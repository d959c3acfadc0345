//! What is mounted where: which mounts hold what a container writes.

use super::seen::end;
use crate::text::first_places;
use crate::tree::Text;
use groundplan_model::{Attribute, Element};

/// Where the official image of a product, and that of Bitnami, keeps its data unless it is told
/// otherwise: by the volumes that their Dockerfiles declare.
const DATA: [(&str, &[&str]); 26] = [
    ("Apache Cassandra", &["/var/lib/cassandra", "/bitnami"]),
    (
        "Apache Kafka",
        &[
            "/var/lib/kafka",
            "/tmp/kafka-logs",
            "/tmp/kraft-combined-logs",
            "/kafka",
            "/bitnami",
        ],
    ),
    (
        "Apache ZooKeeper",
        &["/data", "/datalog", "/var/lib/zookeeper", "/bitnami"],
    ),
    ("ClickHouse", &["/var/lib/clickhouse", "/bitnami"]),
    ("CockroachDB", &["/cockroach/cockroach-data"]),
    ("Apache CouchDB", &["/opt/couchdb/data", "/bitnami"]),
    (
        "Elasticsearch",
        &["/usr/share/elasticsearch/data", "/bitnami"],
    ),
    (
        "InfluxDB",
        &[
            "/var/lib/influxdb",
            "/var/lib/influxdb2",
            "/var/lib/influxdb3",
            "/bitnami",
        ],
    ),
    ("KeyDB", &["/data", "/bitnami"]),
    ("MariaDB", &["/var/lib/mysql", "/bitnami", "/config"]),
    ("Meilisearch", &["/meili_data"]),
    ("Microsoft SQL Server", &["/var/opt/mssql"]),
    ("MinIO", &["/data", "/export", "/bitnami"]),
    ("MongoDB", &["/data/db", "/data/configdb", "/bitnami"]),
    ("MySQL", &["/var/lib/mysql", "/bitnami"]),
    ("Neo4j", &["/data", "/bitnami"]),
    ("OpenSearch", &["/usr/share/opensearch/data", "/bitnami"]),
    ("PostGIS", &["/var/lib/postgresql", "/bitnami"]),
    (
        "PostgreSQL",
        &["/var/lib/postgresql", "/bitnami", "/home/postgres/pgdata"],
    ),
    ("Qdrant", &["/qdrant"]),
    ("RabbitMQ", &["/var/lib/rabbitmq", "/bitnami"]),
    ("Redis", &["/data", "/bitnami", "/var/lib/redis"]),
    (
        "TimescaleDB",
        &["/var/lib/postgresql", "/home/postgres/pgdata"],
    ),
    ("Typesense", &["/data"]),
    ("Valkey", &["/data", "/bitnami"]),
    ("Weaviate", &["/var/lib/weaviate"]),
];

/// Source and target of a mount as the survey writes it: `data:/data`, `./db:/data:ro`,
/// `claim:data:/data`, `/data`.
fn ends(value: &str) -> (&str, &str) {
    let parts: Vec<&str> = value.split(':').collect();
    let inner = parts.iter().skip(1).rposition(|p| p.starts_with('/'));
    match inner {
        Some(at) => {
            let source = parts.get(at).copied().unwrap_or_default();
            (source, parts.get(at + 1).copied().unwrap_or_default())
        }
        None => ("", parts.first().copied().unwrap_or_default()),
    }
}

fn within(inner: &str, outer: &str) -> bool {
    let outer = outer.trim_end_matches('/');
    let rest = inner.trim_end_matches('/').strip_prefix(outer);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Whether a mount could hold what a container writes: no temporary, read-only or configuration
/// mount, and none of folders that belong to the machine.
fn is_lasting(value: &str) -> bool {
    const TEMPORARY: [&str; 6] = [
        "empty_dir:",
        "config_map:",
        "secret:",
        "projected:",
        "downward",
        "tmpfs",
    ];
    // Logs, sockets and state of the machine are read there, not kept.
    const MACHINE: [&str; 10] = [
        "/proc",
        "/sys",
        "/dev",
        "/etc",
        "/run",
        "/var/run",
        "/var/log",
        "/var/lib/docker",
        "/var/lib/containerd",
        "/lib/modules",
    ];
    let (source, target) = ends(value);
    let file = target
        .rsplit('/')
        .next()
        .is_some_and(|n| n.contains('.') && !n.starts_with('.'));
    let read_only = value
        .rsplit(':')
        .next()
        .is_some_and(|mode| mode.split(',').any(|word| word == "ro"));
    !TEMPORARY.iter().any(|t| value.starts_with(t))
        && !read_only
        // What is laid under `/etc` is configuration, unless it is called data.
        && (!within(target, "/etc") || target.trim_end_matches('/').ends_with("/data"))
        // Logs are no data.
        && !within(target, "/var/log")
        && !target.starts_with("/docker-entrypoint")
        && !value.contains("docker.sock")
        && source != "/"
        && !is_of_settings(source)
        && !(source.starts_with('/') && MACHINE.iter().any(|m| within(source, m)))
        && !file
}

/// Whether a folder of the checkout that is mounted holds settings, certificates or logs by its name:
/// `./docker/ci-config`, `../nginx/conf.d`, `${PWD}/build/logs`.
fn is_of_settings(source: &str) -> bool {
    let bound = ["./", "../", "${PWD}", "$PWD"]
        .iter()
        .any(|start| source.starts_with(start));
    let last = source
        .trim_end_matches('/')
        .rsplit('/')
        .next()
        .unwrap_or_default();
    let lower = last.to_ascii_lowercase();
    let mut words = lower.split(['-', '_', '.']);
    bound
        && words.any(|word| {
            matches!(
                word,
                "cert"
                    | "certs"
                    | "certificates"
                    | "conf"
                    | "config"
                    | "configs"
                    | "configuration"
                    | "dashboards"
                    | "datasources"
                    | "extensions"
                    | "log"
                    | "logs"
                    | "plugins"
                    | "provisioning"
                    | "scripts"
                    | "settings"
                    | "ssl"
                    | "templates"
            )
        })
}

/// Where the image of the product of a container keeps its data, unless it is told otherwise.
fn folders(e: &Element) -> Option<&'static [&'static str]> {
    let product = e.technology.first()?;
    let (_, folders) = DATA.iter().find(|(name, _)| name == product)?;
    Some(folders)
}

/// Where the product of a container keeps its data, if that is known and nothing that was read may
/// say otherwise: a file of configuration, or a command with a folder.
fn home(e: &Element) -> Option<&'static [&'static str]> {
    let folders = folders(e)?;
    let configured = e.attributes_of("volume").any(|a| {
        let (_, target) = ends(&a.value);
        within(target, "/etc")
            || a.value.starts_with("config_map:")
            || [".conf", ".cnf", ".yml", ".yaml", ".toml"]
                .iter()
                .any(|kind| target.ends_with(kind))
    });
    let told = e
        .attributes_of("command")
        .any(|a| a.value.contains("dir") || a.value.contains("conf") || a.value.contains('/'));
    (!configured && !told).then_some(folders)
}

/// Whether a product writes elsewhere than to this mount.
fn misses(e: &Element, value: &str) -> bool {
    let (_, target) = ends(value);
    home(e).is_some_and(|folders| {
        !folders
            .iter()
            .any(|f| within(target, f) || within(f, target))
    })
}

/// Whether a mount lies where the image of a product keeps its data.
fn holds_data(e: &Element, value: &str) -> bool {
    let (_, target) = ends(value);
    folders(e).is_some_and(|all| all.iter().any(|f| within(target, f)))
}

/// Mounts that outlive a container and hold what it writes.
pub(super) fn kept_volumes(e: &Element) -> Vec<&Attribute> {
    let lasting = || e.attributes_of("volume").filter(|a| is_lasting(&a.value));
    let mut all: Vec<&Attribute> = lasting().filter(|a| !misses(e, &a.value)).collect();
    // Of several mounts the one of the data comes first.
    all.sort_by_key(|a| !holds_data(e, &a.value));
    let mounted = lasting().next().is_some();
    // A claim is used where it is mounted.
    if !mounted || !all.is_empty() {
        all.extend(e.attributes_of("volume-claim"));
    }
    all
}

/// Says of a store that its volume is mounted where its image writes nothing.
pub(super) fn misplaced(e: &Element) -> Option<Text> {
    if !kept_volumes(e).is_empty() {
        return None;
    }
    let volume = e
        .attributes_of("volume")
        .find(|a| is_lasting(&a.value) && misses(e, &a.value))?;
    let folders = home(e)?;
    // An image of Bitnami has the data of every product below one folder.
    let of_bitnami = |a: &Attribute| {
        a.value
            .split('/')
            .any(|part| matches!(part, "bitnami" | "bitnamilegacy" | "bitnamisecure"))
    };
    let bitnami = e.attributes_of("image").any(of_bitnami);
    let folder = match bitnami {
        true => folders
            .iter()
            .find(|f| **f == "/bitnami")
            .or(folders.first())?,
        false => folders.first()?,
    };
    let (_, target) = ends(&volume.value);
    let text = Text::code(&e.name)
        .then(" has a volume at ")
        .then_code(target)
        .then(", but its image keeps data in ")
        .then_code(*folder)
        .then(", and no setting that was read says otherwise");
    Some(end(text.from(&first_places([&volume.provenance], 1))))
}

/// Whether no file that starts a container, of whatever variant, keeps what it writes.
pub(super) fn lacks_volume(e: &Element) -> bool {
    !is_elsewhere(e) && kept_volumes(e).is_empty() && e.attribute("variant-volume").is_none()
}

/// Tools that ask a cloud for services.
const CLOUD: [&str; 5] = [
    "AWS SAM",
    "CloudFormation",
    "Serverless Framework",
    "Terraform",
    "Wrangler",
];

/// Whether a chart that lies elsewhere or an operator starts a container, or a cloud runs the service
/// that a tool asks it for: what it is given there was not read.
pub(super) fn is_elsewhere(e: &Element) -> bool {
    let managed = e
        .attributes_of("deployed-by")
        .any(|a| CLOUD.contains(&a.value.as_str()));
    let elsewhere = ["chart", "engine"];
    let elsewhere = elsewhere.iter().any(|key| e.attribute(key).is_some());
    (managed || elsewhere) && e.attribute("image").is_none()
}

/// Whether nothing at all is mounted into a container that is started from an image.
pub(super) fn keeps_nothing(e: &Element) -> bool {
    let mounts = ["volume", "volume-claim", "variant-volume"];
    !e.external
        && !is_elsewhere(e)
        && e.attribute("deployed-by").is_some()
        && !e
            .attributes
            .iter()
            .any(|a| mounts.contains(&a.key.as_str()))
}

/// What says that the container of a part, with what it wrote, outlives the host that started it.
pub(super) fn persistent(e: &Element) -> Option<&Attribute> {
    e.attribute("lifetime").filter(|a| a.value == "persistent")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::Span;
    use groundplan_model::{ElementKind, Provenance};

    fn store(product: &str, volumes: &[&str], command: Option<&str>) -> Element {
        let nowhere = || Provenance::observed([]);
        let mut e = Element::new("store", ElementKind::Container, "store", nowhere());
        e.technology = vec![product.to_owned()];
        let keys = volumes.iter().map(|v| ("volume", *v));
        for (key, value) in keys.chain(command.map(|c| ("command", c))) {
            e.attributes.push(Attribute {
                key: key.to_owned(),
                value: value.to_owned(),
                provenance: nowhere(),
            });
        }
        e
    }

    /// The folder in which the image keeps data, by the sentence.
    fn folder(text: &Text) -> Option<&str> {
        let mut codes = text.spans.iter().filter_map(|s| match s {
            Span::Code(code) => Some(code.as_str()),
            _ => None,
        });
        codes.next_back()
    }

    #[test]
    fn a_volume_holds_data_where_the_image_writes() {
        for (product, volume, command, kept) in [
            ("Redis", "claim:data:/mnt/redis", None, false),
            (
                "Redis",
                "claim:data:/mnt/redis",
                Some("redis-server --dir /mnt/redis"),
                true,
            ),
            ("Redis", "cache:/data", None, true),
            ("PostgreSQL", "db:/var/lib/postgresql/data", None, true),
            ("PostgreSQL", "db:/var/lib", None, true),
            ("PostgreSQL", "./backup:/backup", None, false),
            ("Unknown", "files:/anywhere", None, true),
            ("Fluentd", "host_path:/var/log:/var/log", None, false),
            ("Fluentd", "buffer:/buffer", None, true),
            ("Unknown", "./shop.yaml:/shop.yaml", None, false),
            ("Unknown", "files:/files:ro", None, false),
        ] {
            let e = store(product, &[volume], command);
            assert_eq!(!kept_volumes(&e).is_empty(), kept, "{product} {volume}");
        }
        let several = [
            "./pg.conf:/etc/pg.conf",
            "pg:/var/lib/postgresql/data",
            "./log:/var/log/postgresql",
        ];
        for order in [[0, 1, 2], [2, 0, 1]] {
            let e = store("PostgreSQL", &order.map(|at| several[at]), None);
            let first = kept_volumes(&e).first().map(|a| a.value.as_str());
            assert_eq!(first, Some("pg:/var/lib/postgresql/data"));
        }
        let mut varied = store("PostgreSQL", &[], None);
        assert!(lacks_volume(&varied));
        varied.attributes.push(Attribute {
            key: "variant-volume".to_owned(),
            value: "pg:/var/lib/postgresql/data".to_owned(),
            provenance: Provenance::observed([]),
        });
        assert!(!lacks_volume(&varied));
        let told = misplaced(&store("Redis", &["claim:data:/mnt/redis"], None));
        assert!(told.is_some_and(|t| folder(&t) == Some("/data")));
        let mut bitnami = store("Redis", &["claim:data:/mnt/redis"], None);
        bitnami.attributes.push(Attribute {
            key: "image".to_owned(),
            value: "docker.io/bitnamilegacy/redis:7".to_owned(),
            provenance: Provenance::observed([]),
        });
        let told = misplaced(&bitnami);
        assert!(told.is_some_and(|t| folder(&t) == Some("/bitnami")));
        assert!(misplaced(&store("Redis", &["cache:/data"], None)).is_none());
    }
}
