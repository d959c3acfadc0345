//! Nextcloud: HTTP routes of an app.

use crate::call_rules::METHODS;
use crate::extractor::{Extractor, Reads};
use crate::extractors::base_defaults;
use crate::facts::{Claim, Endpoint, FileFacts, Mount};
use crate::http_paths;
use crate::paths;
use crate::php;
use crate::php_actions;
use crate::php_annotations::{self, Mark};
use crate::source::SourceFile;
use groundplan_syntax::{Code, Language};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "nextcloud-http",
    docs: "\
### What it finds
Routes of an app of Nextcloud: those of `appinfo/routes.php` (`routes`, `ocs`, `resources`, `ocs-resources`) and of
the attributes `#[FrontpageRoute]` and `#[ApiRoute]`, below the path that the server gives to the app by the
identifier in `appinfo/info.xml` (`/index.php/apps/tables`, `/ocs/v2.php/apps/tables`).

### What it does not find
Routes that a list of another file adds, answers to the preflight of CORS, tests; what one of them has that is
no text or that holds for some apps only (a note says that there are more).
",
    reads: &[
        Reads::Own(&[Language::Php]),
        Reads::Paths(&["**/appinfo/info.xml", "appinfo/info.xml"]),
    ],
    markers: &["FrontpageRoute", "ApiRoute", "'url'", "\"url\"", "<id>"],
    run: extract,
};

/// Routes of one file at most.
const MOST: usize = 1000;

/// The setting that stands for the identifier of the app.
pub(crate) const APP: &str = "nextcloudapp";

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if file.path.ends_with(".xml") {
        return identifier(acc, file);
    }
    if php::is_foreign(file.path) || paths::is_test(file.path) {
        return;
    }
    let code = file.code();
    let listed = file.path == "appinfo/routes.php" || file.path.ends_with("/appinfo/routes.php");
    let mut found = Vec::new();
    match listed {
        true => lists(code, &mut found),
        false if file.text.contains("OCP\\AppFramework") => attributes(code, &mut found),
        false => {}
    }
    for (line, endpoint) in found.into_iter().take(MOST) {
        http_paths::add(acc, file, line, line, endpoint);
    }
}

/// `<id>tables</id>` of the description of an app.
fn identifier(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let lines = (1..).zip(file.text.lines());
    let id = lines.take(200).find_map(|(line, text)| {
        let inner = text.trim().strip_prefix("<id>")?.strip_suffix("</id>")?;
        Some((line, inner.trim()))
    });
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-".contains(c);
    let Some((line, id)) = id.filter(|(_, id)| !id.is_empty() && id.chars().all(plain)) else {
        return;
    };
    let mount = Mount {
        prefix: format!("/apps/{id}"),
        target: format!("{}{APP}.path", base_defaults::TARGET),
        ..Mount::default()
    };
    acc.add(file, line, line, Claim::Mount(mount));
}

/// What the server puts before a route: the pages and interfaces of an app stand below one file, those of OCS
/// below another (<https://docs.nextcloud.com/server/latest/developer_manual/basics/routing.html>).
fn whole(ocs: bool, root: Option<&str>, url: &str) -> String {
    let server = if ocs { "/ocs/v2.php" } else { "/index.php" };
    let app = match root {
        Some(root) => http_paths::prefix(root),
        None => http_paths::open_base(&format!("{APP}.path")),
    };
    let url = http_paths::prefix(url);
    format!("{server}{app}{url}")
}

fn endpoint(method: &str, path: String, handler: String) -> Endpoint {
    Endpoint {
        method: method.to_owned(),
        path,
        handler: Some(handler),
        framework: "nextcloud".to_owned(),
        summary: None,
        router: None,
        verbs: Vec::new(),
        given: false,
        mounts: Vec::new(),
        class: None,
        guards: Vec::new(),
    }
}

/// `page#show_all` is `PageController::showAll`.
fn handler(name: &str) -> String {
    let (class, method) = name.split_once('#').unwrap_or((name, "__invoke"));
    let camel = |text: &str, mut upper: bool| {
        let mut out = String::new();
        for c in text.chars() {
            match c {
                '_' | '-' => upper = true,
                _ if upper => {
                    out.push(c.to_ascii_uppercase());
                    upper = false;
                }
                _ => out.push(c),
            }
        }
        out
    };
    format!("{}Controller::{}", camel(class, true), camel(method, false))
}

/// The lists of `appinfo/routes.php`.
fn lists(code: &Code<'_>, found: &mut Vec<(u32, Endpoint)>) {
    for at in 0..code.tokens.len() {
        let section = code.string(at).unwrap_or_default();
        let ocs = section.starts_with("ocs");
        let arrow = code.is_byte(at + 1, b'=') && code.is_byte(at + 2, b'>');
        if !arrow || !matches!(section, "routes" | "ocs" | "resources" | "ocs-resources") {
            continue;
        }
        let Some(open) = php::list_at(code, &(at + 3..code.tokens.len())) else {
            continue;
        };
        for (key, value) in php::entries(code, open) {
            let Some(inner) = php::list_at(code, &value) else {
                continue;
            };
            let line = code.line(value.start);
            let text = |key| php::value_of(code, inner, key).map(|range| php::text(code, &range));
            let url = text("url");
            let root = text("root");
            // Outside OCS the server takes a root from some apps only.
            let open = root.as_ref().is_some_and(|root| !ocs || root.is_none());
            let root = root.flatten();
            if section.ends_with("resources") {
                let name = key.and_then(|range| php::text(code, &range));
                match (name, url) {
                    (Some(name), Some(Some(url))) if !open => {
                        resource(ocs, root.as_deref(), &name, &url, line, found);
                    }
                    (_, Some(_)) => found.push((line, http_paths::unread("nextcloud"))),
                    _ => {}
                }
                continue;
            }
            let (Some(name), Some(url)) = (text("name"), url) else {
                continue;
            };
            let Some(name) = name else {
                found.push((line, http_paths::unread("nextcloud")));
                continue;
            };
            let verb = match text("verb") {
                Some(Some(verb)) => verb.to_ascii_uppercase(),
                Some(None) => {
                    found.push((line, http_paths::unread("nextcloud")));
                    continue;
                }
                None => "GET".to_owned(),
            };
            // The base class of the framework answers it.
            if !METHODS.contains(&verb.as_str()) || name.ends_with("#preflighted_cors") {
                continue;
            }
            found.push(match url.filter(|_| !open) {
                Some(url) => {
                    let path = whole(ocs, root.as_deref(), &url);
                    (line, endpoint(&verb, path, handler(&name)))
                }
                None => (line, http_paths::unread("nextcloud")),
            });
        }
    }
}

/// The five routes of a resource.
fn resource(
    ocs: bool,
    root: Option<&str>,
    name: &str,
    url: &str,
    line: u32,
    found: &mut Vec<(u32, Endpoint)>,
) {
    let ways = [
        ("GET", "", "index"),
        ("GET", "/{id}", "show"),
        ("POST", "", "create"),
        ("PUT", "/{id}", "update"),
        ("DELETE", "/{id}", "destroy"),
    ];
    for (method, end, action) in ways {
        let path = whole(ocs, root, &format!("{}{end}", url.trim_end_matches('/')));
        let answers = handler(&format!("{name}#{action}"));
        found.push((line, endpoint(method, path, answers)));
    }
}

/// `#[ApiRoute(verb: 'GET', url: '/api/2/tables')]` of a method.
fn attributes(code: &Code<'_>, found: &mut Vec<(u32, Endpoint)>) {
    let Some(class) = php_actions::class(code) else {
        return;
    };
    for method in php_actions::methods(code, &class) {
        let marks = method.attributes.iter();
        let marks = marks.flat_map(|&open| php_annotations::of_attribute(code, open));
        for mark in marks.filter(|m| matches!(m.name.as_str(), "ApiRoute" | "FrontpageRoute")) {
            let told = match path_of(&mark) {
                Some((verb, path)) => {
                    endpoint(&verb, path, format!("{}::{}", class.name, method.name))
                }
                None => http_paths::unread("nextcloud"),
            };
            found.push((mark.first, told));
        }
    }
}

/// The method and the path of an attribute whose arguments are named and written out.
fn path_of(mark: &Mark) -> Option<(String, String)> {
    let (verb, url) = (mark.get("verb")?.to_ascii_uppercase(), mark.get("url")?);
    let ocs = mark.name == "ApiRoute";
    let root = mark.get("root").filter(|root| *root != "null");
    // What is no text is told as it is written: `self::BASE . '/x'`.
    let written = |text: &str| !text.contains(['$', ':', '(', '\\', '\'', '"']);
    // Outside OCS the server takes a root from some apps only.
    let rooted = |root: &str| ocs && written(root) && (root.is_empty() || root.starts_with('/'));
    let sound = METHODS.contains(&verb.as_str()) && written(url) && root.is_none_or(rooted);
    sound.then(|| {
        let path = whole(ocs, root, url);
        (verb, path)
    })
}
