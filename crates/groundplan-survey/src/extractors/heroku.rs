//! What an application gets when it is put on Heroku, and that it can be put there.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, ConfiguredStore, FileFacts};
use crate::scan;
use crate::source::SourceFile;
use groundplan_model::Topic;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "heroku",
    docs: "\
### What it finds
Databases, caches, search indexes and brokers among the `addons` of `app.json`
(<https://devcenter.heroku.com/articles/app-json-schema#addons>). What the framework itself is
configured with goes before them. The file itself shows that the application can be put on Heroku, where it
has at least two properties that tell such a manifest, and no others than it may have: `app.json` of mobile
applications and of other platforms has more.

### What it does not find
Processes of a `Procfile`, other add-ons, review applications.
",
    reads: &[Reads::Paths(&["app.json"])],
    // All but one of its properties: of two, one is among them.
    markers: &[
        "\"addons\"",
        "\"buildpacks\"",
        "\"formation\"",
        "\"keywords\"",
        "\"logo\"",
        "\"repository\"",
        "\"stack\"",
        "\"website\"",
    ],
    run: extract,
};

/// Add-ons by the beginning of their name, with the product that they run
/// (<https://elements.heroku.com/addons>).
const ADDONS: [(&str, &str); 17] = [
    ("bonsai", "elasticsearch"),
    ("cleardb", "mysql"),
    ("cloudamqp", "rabbitmq"),
    ("heroku-kafka", "kafka"),
    ("heroku-postgresql", "postgresql"),
    ("heroku-redis", "redis"),
    ("jawsdb-maria", "mariadb"),
    ("jawsdb", "mysql"),
    ("memcachedcloud", "memcached"),
    ("memcachier", "memcached"),
    ("mongolab", "mongodb"),
    ("openredis", "redis"),
    ("ormongo", "mongodb"),
    ("rediscloud", "redis"),
    ("redistogo", "redis"),
    ("searchbox", "elasticsearch"),
    ("stackhero-mysql", "mysql"),
];

/// Properties of a manifest of Heroku (<https://devcenter.heroku.com/articles/app-json-schema>).
const OWN: [&str; 9] = [
    "addons",
    "buildpacks",
    "formation",
    "keywords",
    "logo",
    "repository",
    "stack",
    "success_url",
    "website",
];

/// Other properties that it may have, which say nothing: many manifests have them.
const OTHERS: [&str; 7] = [
    "$schema",
    "description",
    "env",
    "environments",
    "image",
    "name",
    "scripts",
];

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::is_test(file.path) {
        return;
    }
    let Some(root) = file.json() else {
        return;
    };
    let own = OWN.iter().filter(|key| root.get(key).is_some()).count();
    let known = |key: &str| OWN.contains(&key) || OTHERS.contains(&key);
    let whole = || {
        let mut keys = root.entries().into_iter().map(|(key, _)| key);
        keys.all(|key| known(key.text.as_str()))
    };
    if own > 1 && whole() {
        let file_name = Some(file.name().to_owned());
        scan::mark(
            acc,
            file,
            root.first,
            Topic::Technology,
            "Heroku",
            file_name,
        );
    }
    let Some(addons) = root.get("addons") else {
        return;
    };
    for addon in addons.items().iter().take(60) {
        let Some(plan) = addon.str().or_else(|| addon.str_of("plan")) else {
            continue;
        };
        let name = plan.split(':').next().unwrap_or(plan);
        let Some((_, product)) = ADDONS.iter().find(|(addon, _)| *addon == name) else {
            continue;
        };
        let is_database = matches!(*product, "postgresql" | "mysql" | "mariadb");
        let store = ConfiguredStore {
            purpose: if is_database { "database" } else { name }.to_owned(),
            product: (*product).to_owned(),
            ..ConfiguredStore::default()
        };
        acc.add(file, addon.first, addon.last, Claim::Store(Box::new(store)));
    }
}
