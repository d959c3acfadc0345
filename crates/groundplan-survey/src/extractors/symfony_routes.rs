//! Symfony: routes of YAML configuration, and prefixes of folders of controllers.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, Endpoint, FileFacts, Mount};
use crate::http_paths::{self, UNREAD};
use crate::paths;
use crate::php;
use crate::source::SourceFile;
use groundplan_syntax::Node;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "symfony-routes",
    docs: "\
### What it finds
Of `config/routes.yaml`, `config/routes/*.yaml` and `config/routing.yml`: routes with their path, methods and
controller, and the prefix that an entry gives to the attributes of a folder of controllers or of all of them. Where
routes of a bundle are taken in, that there are more.

### What it does not find
Routes of XML and PHP configuration, the paths of routes of bundles, entries for one environment alone
(`when@dev`).
",
    reads: &[Reads::Paths(&[
        "**/config/routes.yaml",
        "**/config/routes.yml",
        "**/config/routes/*.yaml",
        "**/config/routes/*.yml",
        "**/config/routing.yaml",
        "**/config/routing.yml",
    ])],
    markers: &["controller", "resource:", "path:"],
    run: extract,
};

/// Begin of the target of a mount that gives a prefix to the controllers of a folder, which follows;
/// without one to all of the project.
pub(crate) const FOLDER: &str = "*symfony-folder:";

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    // What a bundle brings stands where an application takes it in.
    let of_bundle = file.folder().split('/').any(|part| part == "Resources");
    if of_bundle || paths::is_test(file.path) || php::is_foreign(file.path) {
        return;
    }
    for root in file.documents() {
        for (key, entry) in root.entries() {
            if !entry.is_mapping() || key.text.starts_with("when@") {
                continue;
            }
            let lines = (key.line, entry.last.max(key.line));
            let resource = entry.get("resource");
            // What has no controller a firewall answers: `check_path` of a login, the path of a logout.
            if controller_of(entry).is_some()
                || resource.is_none() && entry.get("path").is_some() && is_route(entry)
            {
                route(acc, file, entry, lines);
            } else if let Some(resource) = resource {
                folder(acc, file, entry, resource, lines);
            }
        }
    }
}

/// Whether all that a mapping says is what routes of Symfony may say: gateways have a `path` too.
fn is_route(entry: &Node) -> bool {
    const KEYS: [&str; 13] = [
        "path",
        "methods",
        "host",
        "schemes",
        "requirements",
        "defaults",
        "options",
        "condition",
        "locale",
        "format",
        "utf8",
        "stateless",
        "priority",
    ];
    entry
        .entries()
        .iter()
        .all(|(key, _)| KEYS.contains(&key.text.as_str()))
}

/// The controller of a route; older files name it among the defaults.
fn controller_of(entry: &Node) -> Option<&str> {
    let of_default = || entry.get("defaults")?.str_of("_controller");
    entry.str_of("controller").or_else(of_default)
}

/// `path: /orders/{id}`, `controller: App\Controller\Orders::show`, `methods: [GET]`.
fn route(acc: &mut FileFacts, file: &SourceFile<'_>, entry: &Node, (first, last): (u32, u32)) {
    // A path for each language is a mapping.
    let paths: Vec<&str> = match entry.get("path") {
        Some(node) if node.is_mapping() => {
            node.entries().iter().filter_map(|(_, n)| n.str()).collect()
        }
        Some(node) => node.str().into_iter().collect(),
        None => return,
    };
    let listed = match entry.get("methods") {
        Some(node) => match node.str() {
            Some(one) => one.split('|').map(str::to_ascii_uppercase).collect(),
            None => {
                let all = node.strings().into_iter();
                all.map(|(m, _)| m.to_ascii_uppercase()).collect()
            }
        },
        None => Vec::new(),
    };
    let methods = if listed.is_empty() {
        vec!["ANY".to_owned()]
    } else {
        listed
    };
    let controller = controller_of(entry).unwrap_or_default();
    let handler = controller.rsplit('\\').next().unwrap_or(controller);
    let class = controller.split("::").next().filter(|c| c.contains('\\'));
    for path in paths {
        for method in &methods {
            let endpoint = Endpoint {
                method: method.clone(),
                path: http_paths::template(&super::symfony_http::bare(path)),
                handler: Some(handler.to_owned()).filter(|h| !h.is_empty()),
                class: class.map(|c| c.trim_start_matches('\\').to_owned()),
                ..http_paths::unread("symfony")
            };
            http_paths::add(acc, file, first, last, endpoint);
        }
    }
}

/// Whether a resource is a file of routes.
fn is_file(named: &str) -> bool {
    let ends = [".yaml", ".yml", ".php", ".xml"];
    ends.iter().any(|end| named.ends_with(end))
}

/// `resource: ../src/Controller/` with `prefix: /api`; `routing.controllers` means all.
fn folder(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    entry: &Node,
    resource: &Node,
    (first, last): (u32, u32),
) {
    let Some(named) = resource.str().or_else(|| resource.str_of("path")) else {
        return;
    };
    let folder = match named {
        "routing.controllers" | "attributes" => String::new(),
        // What a bundle brings is no folder of the repository, but answers below this application.
        // A folder of controllers of a bundle of the program's own is read as code.
        _ if named.starts_with('@') && !is_file(named) => return,
        _ if named.starts_with('@') => {
            let endpoint = Endpoint {
                method: "ANY".to_owned(),
                ..http_paths::unread("symfony")
            };
            return http_paths::add(acc, file, first, last, endpoint);
        }
        _ if !named.contains('/') => return,
        _ if is_file(named) => return,
        _ => match file.resolve(named) {
            Some(folder) => folder,
            None => return,
        },
    };
    let prefix = match entry.get("prefix") {
        Some(node) => match node.str() {
            Some(text) => http_paths::prefix(&super::symfony_http::bare(text)),
            None => format!("/{UNREAD}"),
        },
        None => String::new(),
    };
    let mount = Mount {
        prefix,
        target: format!("{FOLDER}{folder}"),
        ..Mount::default()
    };
    acc.add(file, first, last, Claim::Mount(mount));
}
