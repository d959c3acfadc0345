//! Stores that the configuration files of Laravel and Lumen name.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, ConfiguredStore, FileFacts};
use crate::php;
use crate::scan;
use crate::secrets;
use crate::source::SourceFile;
use groundplan_syntax::Code;
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "laravel-stores",
    docs: "\
### What it finds
Connections of `config/database.php`, stores of `config/cache.php`, connections of `config/queue.php`,
disks of `config/filesystems.php` and the driver of `config/session.php`, each with what selects it:
`env('DB_CONNECTION', 'mysql')`. A skeleton lists many; the one that is selected by default, by
`.env.example` or by a deployment file is a store.

### What it does not find
Connections that models choose by name beside the default; drivers that keep what they get in files, in
memory or in the database; values that code computes.
",
    reads: &[Reads::Paths(&[
        "**/config/cache.php",
        "**/config/database.php",
        "**/config/filesystems.php",
        "**/config/queue.php",
        "**/config/session.php",
    ])],
    markers: &["'driver'", "\"driver\""],
    run: extract,
};

/// Drivers of the framework that need no store of their own.
pub(crate) const INSIDE: [&str; 13] = [
    "apc",
    "array",
    "background",
    "cookie",
    "database",
    "deferred",
    "failover",
    "file",
    "local",
    "null",
    "octane",
    "session",
    "sync",
];

/// Entries at most.
const MOST: usize = 60;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if php::is_foreign(file.path) || scan::is_test(file.path) {
        return;
    }
    let code = file.code();
    // What the file itself returns ends it; closures in the list return as well.
    let returned = (0..code.tokens.len()).find(|&at| {
        let ends = |close: usize| close + 2 >= code.tokens.len();
        code.is(at, "return")
            && code.is_byte(at + 1, b'[')
            && code.partner(at + 1).is_some_and(ends)
    });
    let Some(root) = returned.map(|at| at + 1) else {
        return;
    };
    let sheet = Sheet { file, code, root };
    match file.name() {
        "database.php" => {
            sheet.listed(acc, "database", "connections", "Eloquent");
            sheet.redis(acc);
        }
        "cache.php" => sheet.listed(acc, "cache", "stores", "Laravel"),
        "queue.php" => sheet.listed(acc, "queue", "connections", "Laravel"),
        "filesystems.php" => sheet.listed(acc, "files", "disks", "Flysystem"),
        _ => sheet.session(acc),
    }
}

/// A file that returns a list.
struct Sheet<'s, 't> {
    file: &'s SourceFile<'t>,
    code: &'s Code<'t>,
    root: usize,
}

impl Sheet<'_, '_> {
    /// What a setting gives, with `{env:NAME:default}` for variables.
    fn text(&self, open: usize, key: &str) -> Option<String> {
        let range = php::value_of(self.code, open, key)?;
        environment(self.code, &range, 0).filter(|t| !t.is_empty())
    }

    fn list(&self, open: usize, key: &str) -> Option<usize> {
        php::list_at(self.code, &php::value_of(self.code, open, key)?)
    }

    /// The entries of a list by name, of which `default` selects one.
    fn listed(&self, acc: &mut FileFacts, purpose: &str, list: &str, library: &str) {
        let (Some(open), Some(chosen_by)) =
            (self.list(self.root, list), self.text(self.root, "default"))
        else {
            return;
        };
        for (key, value) in php::entries(self.code, open).into_iter().take(MOST) {
            let Some((name, key_at)) = key.and_then(|k| Some((php::text(self.code, &k)?, k.start)))
            else {
                continue;
            };
            let Some(inner) = php::list_at(self.code, &value) else {
                continue;
            };
            let Some(product) = self.text(inner, "driver") else {
                continue;
            };
            if INSIDE.contains(&product.as_str()) {
                continue;
            }
            let product = match (purpose, product.as_str()) {
                // Another endpoint is that of another product with the same protocol.
                ("files", "s3") if self.literal(inner, "endpoint") => continue,
                ("files", "s3") => "amazon-s3".to_owned(),
                ("queue", "sqs") => "amazon-sqs".to_owned(),
                _ => product,
            };
            let last = php::value_of(self.code, inner, "driver");
            let last = last.map_or(key_at, |range| range.start);
            let store = ConfiguredStore {
                purpose: purpose.to_owned(),
                name,
                targets: self.targets(inner, &product),
                product,
                library: library.to_owned(),
                chosen_by: Some(chosen_by.clone()),
                profile: None,
            };
            self.add(acc, (key_at, last), store);
        }
    }

    fn literal(&self, open: usize, key: &str) -> bool {
        let text = self.text(open, key);
        text.is_some_and(|t| !t.contains("{env:") || t.contains("://"))
    }

    fn targets(&self, open: usize, product: &str) -> Vec<String> {
        let mut all: Vec<String> = self.text(open, "url").into_iter().collect();
        // Of a host for reading and one for writing either is the database.
        let write = self.list(open, "write");
        let host = self
            .text(open, "host")
            .or_else(|| self.text(write?, "host"));
        if let Some(host) = host {
            all.push(match self.text(open, "port") {
                Some(port) => format!("{product}://{host}:{port}"),
                None => format!("{product}://{host}"),
            });
        }
        all
    }

    /// Where the Redis is that caches, queues and sessions of this name are in.
    fn redis(&self, acc: &mut FileFacts) {
        let Some(section) = self.list(self.root, "redis") else {
            return;
        };
        let found = ["cache", "default"].into_iter().find_map(|name| {
            let range = php::value_of(self.code, section, name)?;
            Some((range.start, php::list_at(self.code, &range)?))
        });
        let Some((at, open)) = found else { return };
        let targets = self.targets(open, "redis");
        if targets.is_empty() {
            return;
        }
        for purpose in ["cache", "queue", "session"] {
            let store = ConfiguredStore {
                purpose: purpose.to_owned(),
                name: "redis".to_owned(),
                targets: targets.clone(),
                ..ConfiguredStore::default()
            };
            self.add(acc, (at, at), store);
        }
    }

    fn session(&self, acc: &mut FileFacts) {
        let Some(product) = self.text(self.root, "driver") else {
            return;
        };
        let Some(at) = php::value_of(self.code, self.root, "driver").map(|r| r.start) else {
            return;
        };
        let store = ConfiguredStore {
            purpose: "session".to_owned(),
            product,
            library: "Laravel".to_owned(),
            ..ConfiguredStore::default()
        };
        self.add(acc, (at, at), store);
    }

    fn add(&self, acc: &mut FileFacts, at: (usize, usize), mut store: ConfiguredStore) {
        for target in &mut store.targets {
            *target = secrets::without_credentials(target);
        }
        let (first, last) = (self.code.line(at.0), self.code.line(at.1));
        acc.add(self.file, first, last, Claim::Store(Box::new(store)));
    }
}

/// What an expression gives: a literal, `env('NAME', 'default')`, or a helper that is given a variable
/// and what takes its place where it is empty.
pub(super) fn environment(code: &Code<'_>, range: &Range<usize>, depth: u8) -> Option<String> {
    if depth > 4 {
        return None;
    }
    if let Some(text) = php::text(code, range) {
        return (!text.contains(['{', '}'])).then_some(text);
    }
    // `(int) env('PORT', 3306)`
    let cast = code.is_byte(range.start, b'(') && code.is_byte(range.start + 2, b')');
    let start = range.start + if cast { 3 } else { 0 };
    if start + 1 == range.end {
        let number = code.raw(start);
        let is_number = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
        return is_number.then(|| number.to_owned());
    }
    code.ident(start)?;
    let open = start + 1;
    let whole = code.is_byte(open, b'(') && code.partner(open).is_some_and(|c| c + 1 == range.end);
    if !whole {
        return None;
    }
    let arguments = code.arguments(open);
    let first = arguments.first()?;
    let default = arguments
        .get(1)
        .and_then(|range| environment(code, range, depth + 1));
    if code.is(start, "env") {
        let name = php::text(code, first)?;
        let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if name.is_empty() || !name.chars().all(word) {
            return None;
        }
        return Some(match default.filter(|d| !d.is_empty()) {
            Some(default) => format!("{{env:{name}:{default}}}"),
            None => format!("{{env:{name}}}"),
        });
    }
    let variable = environment(code, first, depth + 1)?;
    let bare = variable.strip_prefix("{env:")?.strip_suffix('}')?;
    match default.filter(|d| !d.is_empty()) {
        Some(default) if !bare.contains(':') => Some(format!("{{env:{bare}:{default}}}")),
        _ => Some(variable.clone()),
    }
}

/// The variables of what [`environment`] gives, from the outer to the inner, and the default of the last one: of
/// `{env:A:{env:B:x}}` `A`, `B` and `x`.
pub(super) fn variables(told: &str) -> Option<(Vec<&str>, &str)> {
    let rest = told.strip_prefix("{env:")?.trim_end_matches('}');
    let mut names: Vec<&str> = rest.split(":{env:").collect();
    let last = names.pop()?;
    let (name, default) = last.split_once(':').unwrap_or((last, ""));
    names.push(name);
    Some((names, default))
}
