//! Routes files of the Play framework.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, Endpoint, FileFacts, Mount};
use crate::http_paths;
use crate::paths;
use crate::source::SourceFile;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "play-routes",
    docs: "\
### What it finds
Routes of `conf/routes` and `conf/*.routes` of Play: method, path and the action that answers, and which
file takes in which other one below which path (`-> /orders orders.Routes`;
<https://www.playframework.com/documentation/latest/ScalaRouting>).

### What it does not find
Files that are served (`Assets`), routes that code makes (`SimpleRouter`), files that are called after tests,
the path that `play.http.context` puts before all.
",
    reads: &[Reads::Paths(&["**/conf/routes", "**/conf/*.routes"])],
    markers: &["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "->"],
    run: extract,
};

/// The one router of a routes file.
pub(crate) const ROUTES: &str = "routes";

const METHODS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let name = file.name();
    if paths::is_test(file.path) || name.to_ascii_lowercase().starts_with("test") {
        return;
    }
    let mut comment: Option<String> = None;
    for (number, line) in file.text.lines().enumerate() {
        let number = number as u32 + 1;
        let line = line.trim();
        if let Some(text) = line.strip_prefix('#') {
            comment = Some(text.trim().to_owned());
            continue;
        }
        let mut words = line.split_whitespace();
        let (Some(method), Some(path)) = (words.next(), words.next()) else {
            comment = None;
            continue;
        };
        let rest = words.collect::<Vec<_>>().join(" ");
        if method == "->" {
            // `-> /orders orders.Routes`, and routers that a library brings.
            let prefix = http_paths::prefix(path);
            let mount = Mount {
                router: Some(ROUTES.to_owned()),
                prefix,
                target: rest,
                ..Mount::default()
            };
            acc.add(file, number, number, Claim::Mount(mount));
            continue;
        }
        let handler = rest.split('(').next().unwrap_or_default().trim();
        let handler = handler.trim_start_matches('@');
        if !METHODS.contains(&method) || !path.starts_with('/') || !is_action(handler) {
            continue;
        }
        let class = handler.rsplit_once('.').map_or("", |(class, _)| class);
        if class.ends_with("Assets") || class.ends_with("WebJarAssets") {
            comment = None;
            continue;
        }
        let summary = comment
            .take()
            .and_then(|text| crate::sentence::one(&text, 160));
        let endpoint = Endpoint {
            method: method.to_owned(),
            path: http_paths::template(&parameters(path)),
            handler: Some(handler.to_owned()),
            summary: summary.filter(|text| !crate::prose::is_note(text)),
            router: Some(ROUTES.to_owned()),
            ..http_paths::unread("play")
        };
        http_paths::add(acc, file, number, number, endpoint);
    }
}

/// `controllers.Orders.list`.
fn is_action(name: &str) -> bool {
    name.contains('.')
        && (name.chars()).all(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '$' | '`'))
}

/// `$id<[0-9]+>` is a parameter as `:id` is.
fn parameters(path: &str) -> String {
    let parts = path.split('/').map(|part| match part.strip_prefix('$') {
        Some(rest) => format!(":{}", rest.split('<').next().unwrap_or(rest)),
        None => part.to_owned(),
    });
    parts.collect::<Vec<_>>().join("/")
}
