//! Queues and exchanges that the configuration of a Symfony application names.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Channel, Claim, FileFacts};
use crate::scan;
use crate::source::SourceFile;
use groundplan_syntax::Node;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "symfony-queues",
    docs: "\
### What it finds
Of RabbitMqBundle (`old_sound_rabbit_mq` in `config/packages` or `config.yml`): the exchange that each producer sends to, and the
queue that each consumer takes from, by name
(<https://github.com/php-amqplib/RabbitMqBundle>).

### What it does not find
Names that are parameters, `multiple_consumers` whose queues code provides, entries for one environment alone.
",
    reads: &[Reads::Paths(&[
        "**/config/packages/*.yaml",
        "**/config/packages/*.yml",
        "**/config/config.yaml",
        "**/config/config.yml",
    ])],
    markers: &["old_sound_rabbit_mq"],
    run: extract,
};

/// Entries of one kind at most.
const MOST: usize = 200;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::is_test(file.path) {
        return;
    }
    for root in file.documents() {
        let Some(bundle) = root.get("old_sound_rabbit_mq") else {
            continue;
        };
        for (kind, produces) in [
            ("producers", true),
            ("consumers", false),
            ("multiple_consumers", false),
        ] {
            let all = bundle.get(kind).map(Node::entries).unwrap_or_default();
            for (key, entry) in all.into_iter().take(MOST) {
                let lines = (key.line, entry.last.max(key.line));
                for name in names(entry, produces) {
                    let channel = Channel {
                        name,
                        produces,
                        consumes: !produces,
                        broker: Some("rabbitmq".to_owned()),
                        awaited: false,
                    };
                    acc.add(file, lines.0, lines.1, Claim::Channel(channel));
                }
            }
        }
    }
}

/// What a producer sends to, and what a consumer takes from.
fn names(entry: &Node, produces: bool) -> Vec<String> {
    let name = |key: &str| entry.get(key)?.str_of("name");
    let one = match produces {
        true => name("exchange_options"),
        false => name("queue_options").or_else(|| name("exchange_options")),
    };
    let mut all: Vec<&str> = one.into_iter().collect();
    let queues = entry.get("queues").map(Node::entries).unwrap_or_default();
    if !queues.is_empty() && !produces {
        let named = queues
            .iter()
            .take(MOST)
            .filter_map(|(_, queue)| queue.str_of("name"));
        all = named.collect();
    }
    let plain = |name: &&str| !name.is_empty() && !name.contains(['%', '$']);
    all.into_iter().filter(plain).map(str::to_owned).collect()
}
