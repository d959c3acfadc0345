//! Stores that the YAML files of a Rails application name.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, ConfiguredStore, FileFacts, Property};
use crate::resolve::rails::MIGRATIONS;
use crate::ruby::environment::{expanded, template};
use crate::scan;
use crate::secrets;
use crate::source::SourceFile;
use groundplan_syntax::Node;
use std::collections::BTreeSet;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "rails-stores",
    docs: "\
### What it finds
Databases of `config/database.yml` and of patterns for it, those of `config/mongoid.yml`, the Redis of
`config/cable.yml` and the services of `config/storage.yml`, as they stand for production: adapter,
host or URL, each with the variables of ERB and their defaults. Where `database.yml` has a section for
developers and none for production, only the adapter is taken from it. The first database is also reached by
`DATABASE_URL`, others by `NAME_DATABASE_URL`, as Rails has it.

### What it does not find
Settings that code puts together; databases of tests; services that keep files on the disk.
",
    reads: &[Reads::Paths(&[
        "**/config/database.yml",
        "**/config/database.yml.*",
        "**/config/cable.yml",
        "**/config/mongoid.yml",
        "**/config/storage.yml",
    ])],
    markers: &["adapter:", "url:", "service:", "clients:"],
    run: extract,
};

/// Entries at most.
const MOST: usize = 60;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::is_test(file.path) {
        return;
    }
    let (text, values) = template(file.text);
    let (documents, _) = groundplan_syntax::yaml(&text);
    let Some(root) = documents.first() else {
        return;
    };
    let sheet = Sheet {
        values: &values,
        root,
    };
    let name = file.name();
    match name.split('.').next().unwrap_or(name) {
        "database" => databases(acc, file, &sheet),
        "cable" => cable(acc, file, &sheet),
        "mongoid" => mongoid(acc, file, &sheet),
        _ => storage(acc, file, &sheet),
    }
}

/// A file with what its expressions give.
struct Sheet<'n> {
    values: &'n [Option<String>],
    root: &'n Node,
}

impl<'n> Sheet<'n> {
    /// The text of a setting, if all of it is known and it is not empty.
    fn text(&self, node: &Node, key: &str) -> Option<String> {
        let text = expanded(node.str_of(key)?, self.values)?;
        (!text.is_empty() && text != "nil").then_some(text)
    }

    /// What is written for production, or else for the first environment that serves nobody but
    /// those who look at the system before its users, or develop it.
    fn environment(&self) -> Option<(Option<&'static str>, &'n Node)> {
        ["production", "staging", "development"]
            .into_iter()
            .find_map(|name| Some((Some(name), self.root.get(name)?)))
    }
}

fn add(acc: &mut FileFacts, file: &SourceFile<'_>, lines: (u32, u32), mut store: ConfiguredStore) {
    for target in &mut store.targets {
        *target = secrets::without_credentials(target);
    }
    acc.add(file, lines.0, lines.1, Claim::Store(Box::new(store)));
}

/// One database, or one for each name: `primary`, `cache`, `queue`
/// (<https://guides.rubyonrails.org/active_record_multiple_databases.html>).
fn databases(acc: &mut FileFacts, file: &SourceFile<'_>, sheet: &Sheet<'_>) {
    let Some((profile, node)) = sheet.environment() else {
        return;
    };
    // Where only developers have a section, production has its address from `DATABASE_URL`.
    let profile = profile.filter(|name| *name != "development");
    let is_one = ["adapter", "url", "database", "host"]
        .iter()
        .any(|key| node.get(key).is_some_and(|n| n.str().is_some()));
    if is_one {
        database(acc, file, sheet, ("", profile), node);
        return;
    }
    for (name, inner) in node.entries().into_iter().take(MOST) {
        if inner.is_mapping() {
            migrations(acc, file, sheet, inner);
            database(acc, file, sheet, (&name.text, profile), inner);
        }
    }
}

/// `migrations_paths: db/cache_migrate`: one folder, or several.
fn migrations(acc: &mut FileFacts, file: &SourceFile<'_>, sheet: &Sheet<'_>, node: &Node) {
    let Some(paths) = node.get(MIGRATIONS) else {
        return;
    };
    let one = sheet.text(node, MIGRATIONS).into_iter();
    let all = one.chain(paths.strings().into_iter().map(|(path, _)| path.to_owned()));
    for path in all.collect::<BTreeSet<String>>() {
        let property = Property {
            commented: false,
            key: MIGRATIONS.to_owned(),
            value: Some(path),
            secret: false,
            profile: None,
        };
        acc.add(file, paths.first, paths.last, Claim::Property(property));
    }
}

fn database(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    sheet: &Sheet<'_>,
    (name, profile): (&str, Option<&str>),
    node: &Node,
) {
    // The line of the adapter may be that of an anchor on which the environment is built.
    let said = ["adapter", "url", "host", "database"];
    let Some(at) = said.iter().find_map(|key| node.get(key)) else {
        return;
    };
    let told = profile.is_some();
    // What developers keep in a file, production seldom does.
    let adapter = sheet.text(node, "adapter");
    let adapter = adapter.filter(|a| told || !a.starts_with("sqlite"));
    let url = sheet.text(node, "url").filter(|_| told);
    // An adapter that code decides is not known, and neither is what it reaches.
    if told && adapter.is_none() && node.get("adapter").is_some() && url.is_none() {
        return;
    }
    let product = adapter.unwrap_or_default();
    let variable = match name {
        "" | "primary" => "{env:DATABASE_URL}".to_owned(),
        name => format!("{{env:{}_DATABASE_URL}}", name.to_ascii_uppercase()),
    };
    let mut targets = vec![variable];
    targets.extend(url.filter(|u| *u != targets[0]));
    if let Some(host) = sheet.text(node, "host").filter(|_| told) {
        let scheme = match product.is_empty() || product.contains('{') {
            true => String::new(),
            false => format!("{product}://"),
        };
        targets.push(match sheet.text(node, "port") {
            Some(port) => format!("{scheme}{host}:{port}"),
            None => format!("{scheme}{host}"),
        });
    }
    let store = ConfiguredStore {
        purpose: "database".to_owned(),
        name: name.to_owned(),
        product,
        targets,
        library: "Active Record".to_owned(),
        chosen_by: None,
        profile: profile.map(str::to_owned),
    };
    add(acc, file, (at.first, at.last), store);
}

/// The server through which processes pass on messages of Action Cable; what keeps them in the
/// database or in memory needs none.
fn cable(acc: &mut FileFacts, file: &SourceFile<'_>, sheet: &Sheet<'_>) {
    let Some(node) = sheet.root.get("production") else {
        return;
    };
    let (Some(product), Some(at)) = (sheet.text(node, "adapter"), node.get("adapter")) else {
        return;
    };
    if product != "redis" {
        return;
    }
    let store = ConfiguredStore {
        purpose: "messages".to_owned(),
        product,
        targets: sheet.text(node, "url").into_iter().collect(),
        library: "Action Cable".to_owned(),
        profile: Some("production".to_owned()),
        ..ConfiguredStore::default()
    };
    add(acc, file, (at.first, at.last), store);
}

fn mongoid(acc: &mut FileFacts, file: &SourceFile<'_>, sheet: &Sheet<'_>) {
    let Some((profile, node)) = sheet.environment() else {
        return;
    };
    let Some(clients) = node.get("clients") else {
        return;
    };
    for (name, client) in clients.entries().into_iter().take(MOST) {
        let hosts = client.get("hosts").map(Node::strings).unwrap_or_default();
        let hosts = hosts.iter().filter_map(|(h, _)| expanded(h, sheet.values));
        let mut targets: Vec<String> = sheet.text(client, "uri").into_iter().collect();
        targets.extend(hosts.map(|host| format!("mongodb://{host}")));
        let store = ConfiguredStore {
            purpose: "documents".to_owned(),
            name: name.text.clone(),
            product: "mongodb".to_owned(),
            targets,
            library: "Mongoid".to_owned(),
            chosen_by: None,
            profile: profile.map(str::to_owned),
        };
        add(acc, file, (name.line, name.line), store);
    }
}

/// Services of Active Storage; which of them is used, the environment says.
fn storage(acc: &mut FileFacts, file: &SourceFile<'_>, sheet: &Sheet<'_>) {
    for (name, node) in sheet.root.entries().into_iter().take(MOST) {
        let Some(service) = node.get("service") else {
            continue;
        };
        let product = match service.str() {
            // Another endpoint is that of another product with the same protocol.
            Some("S3") if node.get("endpoint").is_none() => "amazon-s3",
            Some("GCS") => "google-cloud-storage",
            Some("AzureStorage" | "AzureBlob") => "azure-blob-storage",
            _ => continue,
        };
        let store = ConfiguredStore {
            purpose: "files".to_owned(),
            name: name.text.clone(),
            product: product.to_owned(),
            library: "Active Storage".to_owned(),
            chosen_by: Some("{env:config.active_storage.service}".to_owned()),
            ..ConfiguredStore::default()
        };
        add(acc, file, (name.line, service.last), store);
    }
}
