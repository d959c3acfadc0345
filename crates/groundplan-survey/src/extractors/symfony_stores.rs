//! Stores that the packages of a Symfony application are configured with.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, ConfiguredStore, FileFacts};
use crate::scan;
use crate::secrets;
use crate::source::SourceFile;
use groundplan_syntax::Node;
use std::rc::Rc;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "symfony-stores",
    docs: "\
### What it finds
In `config/packages`: connections of Doctrine with their URL or driver and host, those of its mapper for
MongoDB, transports of Messenger, the server of caches and of sessions. `%env(…)%` is the variable that
`.env` or a deployment file sets; what stands below `when@prod` or in `prod/` goes before the rest.

### What it does not find
Configuration in PHP or XML; parameters of other files.
",
    reads: &[Reads::Paths(&[
        "**/config/packages/*.yaml",
        "**/config/packages/*.yml",
        "**/config/packages/*/*.yaml",
        "**/config/packages/*/*.yml",
    ])],
    markers: &["dbal:", "doctrine_mongodb:", "transports:", "cache:", "handler_id:"],
    run: extract,
};

/// Entries at most.
const MOST: usize = 60;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::is_test(file.path) {
        return;
    }
    let folder = file.folder().rsplit('/').next().unwrap_or_default();
    let profile = (folder != "packages").then(|| environment_name(folder));
    let documents: Vec<Rc<Node>> = file.yaml().to_vec();
    for root in &documents {
        for (key, node) in root.entries().into_iter().take(MOST) {
            match key.text.strip_prefix("when@") {
                Some(name) => {
                    let name = environment_name(name);
                    for (key, inner) in node.entries().into_iter().take(MOST) {
                        package(acc, file, (&key.text, inner), Some(&name));
                    }
                }
                None => package(acc, file, (&key.text, node), profile.as_deref()),
            }
        }
    }
}

/// The environments of the framework by the names that others have.
fn environment_name(name: &str) -> String {
    match name {
        "prod" => "production",
        "dev" => "development",
        other => other,
    }
    .to_owned()
}

fn package(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    (key, node): (&str, &Node),
    profile: Option<&str>,
) {
    let mut sheet = Sheet { acc, file, profile };
    match key {
        "doctrine" => {
            if let Some(dbal) = node.get("dbal") {
                sheet.doctrine(dbal);
            }
        }
        "doctrine_mongodb" => {
            for (name, connection) in children(node.get("connections")) {
                sheet.address(
                    ("documents", &name, "mongodb", "Doctrine"),
                    connection.get("server"),
                );
            }
        }
        "framework" => sheet.framework(node),
        _ => {}
    }
}

fn children(node: Option<&Node>) -> Vec<(String, &Node)> {
    let all = node.map(Node::entries).unwrap_or_default().into_iter();
    all.take(MOST)
        .map(|(key, node)| (key.text.clone(), node))
        .collect()
}

/// What is written for one environment.
struct Sheet<'a, 's, 't> {
    acc: &'a mut FileFacts,
    file: &'s SourceFile<'t>,
    profile: Option<&'a str>,
}

impl Sheet<'_, '_, '_> {
    fn add(&mut self, lines: (u32, u32), mut store: ConfiguredStore) {
        for target in &mut store.targets {
            *target = secrets::without_credentials(target);
        }
        store.profile = self.profile.map(str::to_owned);
        let claim = Claim::Store(Box::new(store));
        self.acc.add(self.file, lines.0, lines.1, claim);
    }

    /// A store of which a setting is the address.
    fn address(&mut self, what: (&str, &str, &str, &str), node: Option<&Node>) {
        let Some((node, text)) = node.and_then(|n| Some((n, n.str()?))) else {
            return;
        };
        let Some(target) = variable(text) else { return };
        let (purpose, name, product, library) = what;
        let store = ConfiguredStore {
            purpose: purpose.to_owned(),
            name: name.to_owned(),
            product: product.to_owned(),
            targets: vec![target],
            library: library.to_owned(),
            ..ConfiguredStore::default()
        };
        self.add((node.first, node.last), store);
    }

    /// One connection, or several by name
    /// (<https://symfony.com/doc/current/reference/configuration/doctrine.html>).
    fn doctrine(&mut self, dbal: &Node) {
        let several = children(dbal.get("connections"));
        if several.is_empty() {
            return self.connection("", dbal);
        }
        for (name, node) in several {
            self.connection(&name, node);
        }
    }

    fn connection(&mut self, name: &str, node: &Node) {
        let Some(at) = ["url", "driver", "host"]
            .iter()
            .find_map(|key| node.get(key))
        else {
            return;
        };
        let text = |key: &str| node.str_of(key).and_then(variable);
        let product = text("driver").unwrap_or_default();
        let mut targets: Vec<String> = text("url").into_iter().collect();
        if let Some(host) = text("host") {
            let port = text("port").map(|port| format!(":{port}"));
            targets.push(format!("{host}{}", port.unwrap_or_default()));
        }
        if product.is_empty() && targets.is_empty() {
            return;
        }
        let store = ConfiguredStore {
            purpose: "database".to_owned(),
            name: name.to_owned(),
            product,
            targets,
            library: "Doctrine".to_owned(),
            ..ConfiguredStore::default()
        };
        self.add((at.first, at.last), store);
    }

    fn framework(&mut self, node: &Node) {
        for (name, transport) in children(node.at(&["messenger", "transports"])) {
            let dsn = transport.get("dsn").unwrap_or(transport);
            self.address(("queue", &name, "", "Symfony Messenger"), Some(dsn));
        }
        let session = node.at(&["session", "handler_id"]);
        let session = session.filter(|n| {
            n.str()
                .is_some_and(|t| t.contains("://") || t.contains("%env("))
        });
        self.address(("session", "", "", "Symfony"), session);
        if let Some(cache) = node.get("cache") {
            self.cache(cache);
        }
    }

    /// Adapters that keep what they get in a server, and the server of all of one kind.
    fn cache(&mut self, cache: &Node) {
        let pools = children(cache.get("pools"));
        let named = pools.iter().filter_map(|(_, pool)| {
            let first = pool
                .get("adapters")
                .and_then(|a| a.items().first().cloned());
            let adapter = pool.str_of("adapter").map(str::to_owned);
            adapter.or_else(|| first?.str().map(str::to_owned))
        });
        let mut adapters: Vec<String> = named.collect();
        adapters.extend(cache.str_of("app").map(str::to_owned));
        for (kind, key) in [
            ("redis", "default_redis_provider"),
            ("memcached", "default_memcached_provider"),
        ] {
            let marks = [
                format!("cache.adapter.{kind}"),
                format!("cache.adapter.{kind}_tag_aware"),
            ];
            if adapters.iter().any(|adapter| marks.contains(adapter)) {
                self.address(("cache", kind, kind, "Symfony"), cache.get(key));
            }
        }
    }
}

/// A setting with `{env:NAME}` for what `%env(…)%` reads, whatever turns it into something else on the
/// way: `%env(resolve:DATABASE_URL)%`. Nothing where it is a parameter of another file.
fn variable(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some((head, tail)) = rest.split_once("%env(") {
        out.push_str(head);
        let (inner, after) = tail.split_once(")%")?;
        let name = inner.rsplit(':').next().unwrap_or(inner);
        out.push_str(&format!("{{env:{name}}}"));
        rest = after;
    }
    out.push_str(rest);
    (!out.is_empty() && !out.contains('%')).then_some(out)
}
