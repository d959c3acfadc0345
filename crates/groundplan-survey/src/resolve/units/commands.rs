//! What the command or the environment of a container makes of its image: a sentinel, an emulator, a
//! replica of another store.

use crate::facts::{Deployable, Placed};
use crate::resolve::world::World;
use groundplan_knowledge::Technology;

/// Variables of images that name the store which is copied
/// (<https://github.com/bitnami/containers>, <https://hub.docker.com/r/bitnami/redis>).
const LEADERS: [&str; 8] = [
    "REDIS_MASTER_HOST",
    "VALKEY_PRIMARY_HOST",
    "POSTGRESQL_MASTER_HOST",
    "POSTGRES_MASTER_HOST",
    "MYSQL_MASTER_HOST",
    "MARIADB_MASTER_HOST",
    "MONGODB_INITIAL_PRIMARY_HOST",
    "MONGODB_PRIMARY_HOST",
];

/// The product that a command starts instead of that of the image: Redis as a sentinel, or an
/// emulator of the tools of Google Cloud (<https://cloud.google.com/sdk/gcloud/reference/beta/emulators>).
pub(crate) fn by_command<'f>(world: &World<'f>, deployable: &Deployable) -> Option<&'f Technology> {
    let command = &deployable.command.as_ref()?.value;
    if is_sentinel(deployable) {
        return world.knowledge.by_id("redis-sentinel");
    }
    if let Some(id) = of_kafka(command) {
        return world.knowledge.by_id(id);
    }
    let mut words = words(command).skip_while(|word| *word != "emulators");
    words.next()?;
    let name = words.next()?;
    world.knowledge.by_id(&format!("google-{name}-emulator"))
}

/// The product that a script starts which comes with Kafka
/// (<https://kafka.apache.org/documentation/>,
/// <https://docs.confluent.io/platform/current/installation/cli-reference.html>).
fn of_kafka(command: &str) -> Option<&'static str> {
    words(command).find_map(|word| {
        let script = word.rsplit('/').next().unwrap_or(word);
        match script.trim_end_matches(".sh") {
            "kafka-server-start" => Some("kafka"),
            "zookeeper-server-start" => Some("zookeeper"),
            "connect-distributed" | "connect-standalone" => Some("kafka-connect"),
            "schema-registry-start" => Some("schema-registry"),
            _ => None,
        }
    })
}

/// Whether a server of Redis or Valkey runs as a sentinel
/// (<https://redis.io/docs/latest/operate/oss_and_stack/management/sentinel/>).
pub(crate) fn is_sentinel(deployable: &Deployable) -> bool {
    let command = deployable.command.as_ref().map_or("", |c| c.value.as_str());
    let mut words = words(command);
    words.any(|word| {
        let program = word.rsplit('/').next().unwrap_or(word);
        matches!(program, "redis-sentinel" | "valkey-sentinel" | "--sentinel")
    })
}

/// Whether a container with the image of a store runs a client of it, which asks another and ends.
pub(crate) fn is_client(deployable: &Deployable) -> bool {
    const CLIENTS: [&str; 28] = [
        "mysql",
        "mysqladmin",
        "mysqldump",
        "psql",
        "createdb",
        "pg_dump",
        "pg_restore",
        "mongosh",
        "mongodump",
        "mongorestore",
        "redis-cli",
        "valkey-cli",
        "clickhouse-client",
        "cqlsh",
        "influx",
        "kcat",
        "kafka-console-consumer",
        "kafka-console-producer",
        "kafka-consumer-perf-test",
        "kafka-producer-perf-test",
        "kafka-topics",
        "mongoimport",
        "mqadmin",
        "nats",
        "pulsar-admin",
        "pulsar-client",
        "pulsar-perf",
        "rabbitmqadmin",
    ];
    let command = deployable.command.as_ref().map_or("", |c| c.value.as_str());
    let words = command.split(|c: char| c.is_whitespace() || "\"';&|()".contains(c));
    let programs = words.map(|word| word.rsplit('/').next().unwrap_or(word));
    let first = programs
        .filter(|word| !word.is_empty())
        .filter(|word| !word.starts_with('-') && !matches!(*word, "bash" | "sh" | "ash"))
        // `PGPASSWORD=… psql`: what the program is given stands in front of it.
        .filter(|word| !word.contains('='))
        .find(|word| !matches!(*word, "exec" | "until" | "while" | "!"));
    // A script of the tree that waits for others and listens to nobody loads or restores what they keep.
    // What is started again whenever it ends does not end by itself.
    let kept = |value: &str| matches!(value, "always" | "unless-stopped" | "any");
    let waits = || {
        deployable.ports.is_empty()
            && !deployable.depends_on.is_empty()
            && !(deployable.attributes.iter()).any(|(key, at)| key == "restart" && kept(&at.value))
    };
    first.is_some_and(|program| {
        CLIENTS.contains(&program)
            || program.ends_with(".sh") && of_kafka(program).is_none() && waits()
    })
}

/// Whether all that a container does in the end is to bring a schema up to date: it starts no server behind.
pub(crate) fn migrates(deployable: &Deployable) -> bool {
    const COMMANDS: [&str; 18] = [
        "alembic upgrade",
        "artisan migrate",
        "db:migrate",
        "dbmate up",
        "diesel migration run",
        "doctrine:migrations:migrate",
        "drizzle-kit migrate",
        "ef database update",
        "flask db upgrade",
        "flyway migrate",
        "goose up",
        "knex migrate:latest",
        "liquibase update",
        "manage.py migrate",
        "migration:run",
        "prisma db push",
        "prisma migrate deploy",
        "sqlx migrate run",
    ];
    let command = deployable.command.as_ref().map_or("", |c| c.value.as_str());
    let last = command.rsplit("&&").next().unwrap_or(command);
    let last = last.rsplit([';', '|']).next().unwrap_or(last);
    // Lines of a script stand behind each other here: what follows beside options and a revision is a program
    // of its own.
    let ends = |rest: &str| {
        let words = rest.split_whitespace().map(|w| w.trim_matches(['"', '\'']));
        words
            .filter(|w| !w.is_empty() && !w.starts_with('-'))
            .count()
            < 2
    };
    let behind = COMMANDS.iter().find_map(|known| last.split_once(known));
    deployable.ports.is_empty() && behind.is_some_and(|(_, rest)| ends(rest))
}

/// Whether a container asks others over and over and does nothing else: a loop of its shell that calls
/// `curl` and the like.
pub(crate) fn asks_in_a_loop(deployable: &Deployable) -> bool {
    let command = deployable.command.as_ref().map_or("", |c| c.value.as_str());
    let words: Vec<&str> = command
        .split(|c: char| c.is_whitespace() || "\"';&|()".contains(c))
        .filter(|word| !word.is_empty())
        .collect();
    let mut behind = words
        .iter()
        .skip_while(|word| **word != "while")
        .skip(1)
        .skip_while(|word| matches!(**word, "true" | ":" | "[" | "1" | "]" | "do"));
    let endless = command.contains("while true") || command.contains("while :");
    endless && (behind.next()).is_some_and(|word| matches!(*word, "curl" | "wget" | "ab" | "hey"))
}

/// The host of the store that a container copies, where its command or environment names it.
pub(crate) fn replica_of(deployable: &Deployable) -> Option<Placed<String>> {
    if is_sentinel(deployable) {
        return None;
    }
    if let Some(command) = &deployable.command
        && let Some(host) = named(&command.value, &["replicaof", "slaveof"], 0)
    {
        return Some(Placed {
            value: host,
            at: command.at.clone(),
        });
    }
    let mut env = deployable.env.iter();
    let found = env.find(|v| LEADERS.contains(&v.name.as_str()))?;
    let host = found.value.as_ref().filter(|v| is_name(v))?;
    // A sentinel of the same family is told the same.
    let image = deployable.image.as_ref().map_or("", |i| i.value.as_str());
    (!image.contains("sentinel") && !image.contains("exporter")).then(|| Placed {
        value: host.to_ascii_lowercase(),
        at: found.at.clone(),
    })
}

/// The host that a sentinel watches: `sentinel monitor main redis 6379 2`.
pub(crate) fn watched(deployable: &Deployable) -> Option<Placed<String>> {
    let command = deployable
        .command
        .as_ref()
        .filter(|_| is_sentinel(deployable))?;
    let host = named(&command.value, &["monitor"], 1)?;
    Some(Placed {
        value: host,
        at: command.at.clone(),
    })
}

/// The word that stands so many words behind a flag or directive.
fn named(command: &str, flags: &[&str], skip: usize) -> Option<String> {
    let all: Vec<&str> = words(command).collect();
    let at = all
        .iter()
        .position(|word| flags.contains(&word.trim_start_matches('-')))?;
    let host = all.get(at + 1 + skip)?;
    is_name(host).then(|| host.to_ascii_lowercase())
}

/// The words of a command, also of one that a shell is given as text.
fn words(command: &str) -> impl Iterator<Item = &str> {
    command
        .split(|c: char| c.is_whitespace() || "\"'=;&|()".contains(c))
        .filter(|word| !word.is_empty())
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
}
