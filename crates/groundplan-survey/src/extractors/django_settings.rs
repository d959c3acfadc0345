//! Settings of Django: the stores that they open, the applications that are the modules of the program,
//! and how it logs and checks passwords.

use crate::code_view::CodeView;
use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, ConfiguredStore, FileFacts, Import};
use crate::paths;
use crate::scan;
use crate::secrets;
use crate::source::SourceFile;
use groundplan_model::Topic;
use groundplan_syntax::Code;
use std::collections::BTreeSet;
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "django-settings",
    docs: "\
### What it finds
In `settings.py` and modules of `settings`: `DATABASES` by their engine, also where it is put together or
given as an address (`env.db()`, `dj_database_url`), with the variable that selects one of several;
`CACHES` in Redis and Memcached, `CHANNEL_LAYERS` in Redis, the broker of Celery; the first of
`PASSWORD_HASHERS`, `AUTHENTICATION_BACKENDS`, handlers and levels of `LOGGING`; the applications of
`INSTALLED_APPS`, of which those with code in the repository are the modules of the program.

### What it does not find
Engines that other files choose, settings that are changed after they are written, settings for tests.
",
    reads: &[Reads::Paths(&[
        "**/settings.py",
        "**/settings/**/*.py",
        "**/settings_*.py",
        "**/*_settings.py",
    ])],
    markers: &[
        "DATABASES",
        "CACHES",
        "BROKER_URL",
        "CHANNEL_LAYERS",
        "_APPS",
        "PASSWORD_HASHERS",
        "AUTHENTICATION_BACKENDS",
        "LOGGING",
        "storages.backends.",
    ],
    run: extract,
};

/// Entries at most.
const MOST: usize = 200;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) || scan::is_test(file.path) {
        return;
    }
    let view = CodeView::of(file);
    let sheet = Sheet {
        view: &view,
        profile: profile(file.path),
    };
    if file.text.contains("DATABASES") {
        sheet.databases(acc);
    }
    sheet.backends(acc);
    for name in ["CELERY_BROKER_URL", "BROKER_URL"] {
        sheet.broker(acc, name);
    }
    sheet.hasher(acc);
    sheet.authentication(acc);
    sheet.logging(acc);
    sheet.formats(acc);
    sheet.files(acc);
    sheet.applications(acc);
}

/// The environment that the name of a file says: `settings/production.py`, `settings_dev.py`.
fn profile(path: &str) -> Option<String> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.strip_suffix(".py").unwrap_or(name);
    let words = stem.split('_').filter(|word| *word != "settings");
    let known = |word: &str| {
        matches!(
            word,
            "prod"
                | "production"
                | "live"
                | "staging"
                | "stage"
                | "dev"
                | "development"
                | "local"
                | "test"
                | "tests"
                | "testing"
                | "ci"
        )
    };
    let mut found = words.filter(|word| known(word));
    found.next().map(|word| match word {
        "local" => "development".to_owned(),
        "live" => "production".to_owned(),
        word => word.to_owned(),
    })
}

struct Sheet<'v, 's, 't> {
    view: &'v CodeView<'s, 't>,
    profile: Option<String>,
}

impl<'t> Sheet<'_, '_, 't> {
    fn code(&self) -> &Code<'t> {
        self.view.code
    }

    /// Tokens of the value behind a key of a map.
    fn value(&self, key: usize) -> Range<usize> {
        let code = self.code();
        let start = key + 2;
        let mut at = start;
        while at < code.tokens.len() && !matches!(code.raw(at), "," | "}" | ")" | "]") {
            at = match code.raw(at) {
                "(" | "[" | "{" => code.partner(at).map_or(at + 1, |close| close + 1),
                _ => at + 1,
            };
        }
        start..at
    }

    /// Whether a text is the key of a map.
    fn is_key(&self, at: usize, name: &str) -> bool {
        self.code().string(at) == Some(name) && self.code().is(at + 1, ":")
    }

    /// The bracket that opens around a token.
    fn around(&self, at: usize) -> Option<usize> {
        let code = self.code();
        let mut depth = 0_u32;
        for back in (0..at).rev() {
            match code.raw(back) {
                "}" | ")" | "]" => depth += 1,
                "{" | "(" | "[" if depth == 0 => return Some(back),
                "{" | "(" | "[" => depth -= 1,
                _ => {}
            }
        }
        None
    }

    /// The text of a key in the map that opens at `open`, as far as it is known.
    fn text(&self, open: usize, name: &str) -> Option<String> {
        let close = self.code().partner(open)?;
        let key = (open + 1..close).find(|&at| self.is_key(at, name))?;
        self.known(self.value(key))
    }

    /// A text with `{env:NAME:default}` for variables; nothing where another name is left in it.
    fn known(&self, range: Range<usize>) -> Option<String> {
        let text = self.view.fold(range)?;
        let open = text.replace("{env:", "");
        (!open.contains('{') && !text.is_empty()).then_some(text)
    }

    fn store(&self, acc: &mut FileFacts, at: usize, mut store: ConfiguredStore) {
        for target in &mut store.targets {
            *target = secrets::without_credentials(target);
        }
        store.profile = self.profile.clone();
        let line = self.code().line(at);
        scan::add(acc, self.view.file, line, Claim::Store(Box::new(store)));
    }

    /// `"ENGINE": "django.db.backends.postgresql"` of each connection, and addresses that stand for one.
    fn databases(&self, acc: &mut FileFacts) {
        let code = self.code();
        let engines: Vec<usize> = (0..code.tokens.len())
            .filter(|&at| self.is_key(at, "ENGINE"))
            .filter(|&at| self.is_used(at))
            .take(MOST)
            .collect();
        let outer = engines.iter().any(|&at| !self.is_inner(at));
        let addresses = self.addresses(outer);
        let open = code.tokens.len();
        let changed = (0..open).any(|at| code.is(at, "DATABASES") && code.is(at + 1, "["));
        let several = engines.len() > 1 || !addresses.is_empty() || changed;
        for &at in &engines {
            let Some(map) = self.around(at) else { continue };
            let Some(product) = self.engine(at) else {
                continue;
            };
            let name = match map.checked_sub(2).and_then(|key| code.string(key)) {
                Some("default") | None => "",
                Some(name) => name,
            };
            let chosen = self.choice(at);
            // What holds where nothing is chosen is not known where something may be.
            let embedded = product.starts_with("sqlite");
            if self.is_inner(at) && chosen.is_empty() || embedded && several {
                continue;
            }
            let targets = match self.text(map, "HOST").filter(|_| !embedded) {
                Some(host) => vec![format!("{product}://{host}")],
                None => Vec::new(),
            };
            let store = ConfiguredStore {
                purpose: "database".to_owned(),
                name: name.to_owned(),
                product,
                targets,
                library: "Django".to_owned(),
                ..ConfiguredStore::default()
            };
            if chosen.is_empty() {
                self.store(acc, at, store);
                continue;
            }
            for (choice, value) in chosen {
                let store = ConfiguredStore {
                    name: value,
                    chosen_by: Some(choice),
                    ..store.clone()
                };
                self.store(acc, at, store);
            }
        }
        for (at, target) in addresses {
            let store = ConfiguredStore {
                purpose: "database".to_owned(),
                targets: vec![target],
                library: "Django".to_owned(),
                ..ConfiguredStore::default()
            };
            self.store(acc, at, store);
        }
    }

    /// Whether the map around a token is a setting of Django, or has a name that the file uses.
    fn is_used(&self, at: usize) -> bool {
        let code = self.code();
        let mut outer = at;
        while let Some(open) = self.around(outer) {
            outer = open;
        }
        let mut all = code.definitions().iter();
        let Some(own) = all.find(|d| d.scope.is_none() && d.value.contains(&outer)) else {
            return true;
        };
        let mut others = (0..code.tokens.len()).filter(|&i| i != own.at && code.is(i, own.name));
        matches!(own.name, "DATABASES" | "CACHES" | "CHANNEL_LAYERS")
            || others.any(|i| code.ident(i).is_some() && !code.is(i + 1, "="))
    }

    /// The product of an engine, by the last word of its module.
    fn engine(&self, key: usize) -> Option<String> {
        let text = self.view.fold(self.value(key))?;
        let last = match text.rsplit_once("{env:") {
            // `"django.db.backends." + os.getenv("DB_TYPE", "postgresql")`: the default in the code.
            Some((_, name)) => self.default_of(name.trim_end_matches('}').split(':').next()?)?,
            None => text,
        };
        if last.contains('{') {
            return None;
        }
        let mut words = last
            .rsplit('.')
            .filter(|word| !matches!(*word, "backend" | "base"));
        let word = words.next()?.to_ascii_lowercase();
        let of = |end: &str| word.contains(end).then(|| end.to_owned());
        match word.as_str() {
            "postgis" | "psqlextra" => Some("postgresql".to_owned()),
            "spatialite" => Some("sqlite3".to_owned()),
            _ => of("postgresql")
                .or_else(|| of("sqlite3"))
                .or_else(|| of("mariadb"))
                .or_else(|| of("mysql"))
                .or_else(|| of("oracle"))
                .or_else(|| of("mssql").map(|_| "sqlserver".to_owned()))
                .or_else(|| of("cockroachdb"))
                .or_else(|| of("djongo").map(|_| "mongodb".to_owned())),
        }
    }

    /// What a read of a variable is given beside its name.
    fn default_of(&self, name: &str) -> Option<String> {
        let code = self.code();
        let mut all = 0..code.tokens.len();
        let at = all.find(|&at| code.string(at) == Some(name) && code.is(at + 1, ","))?;
        let next = match code.is(at + 3, "=") {
            true => at + 4,
            false => at + 2,
        };
        code.string(next).map(str::to_owned)
    }

    /// `env.db("DATABASE_URL", default="postgres://…")`, `dj_database_url.config()`. Those in a block count
    /// where no other is known and no engine stands outside of one (`outer`).
    fn addresses(&self, outer: bool) -> Vec<(usize, String)> {
        let code = self.code();
        let mut found = Vec::new();
        let mut inner = Vec::new();
        for name in ["db", "db_url", "config", "parse"] {
            for &call in self.view.calls_of(name) {
                let first = code.raw(call.first);
                let fits = match name {
                    "config" | "parse" => first == "dj_database_url",
                    _ => first == "env" || first == "ENV",
                };
                if !fits {
                    continue;
                }
                let words: Vec<&str> = (code.arguments(call.open).into_iter())
                    .filter(|r| name != "config" || code.is(r.start, "env"))
                    .flatten()
                    .filter_map(|at| code.string(at))
                    .collect();
                let upper = |w: &&&str| w.chars().all(|c| c.is_ascii_uppercase() || c == '_');
                let variable = words.iter().find(upper).copied().unwrap_or("DATABASE_URL");
                let default = code.named_argument(call.open, "default");
                let default = default.and_then(|r| code.string(r.start));
                let target = match default.filter(|d| d.contains("://") && !d.contains('{')) {
                    Some(default) => format!("{{env:{variable}:{default}}}"),
                    None => format!("{{env:{variable}}}"),
                };
                match self.is_inner(call.first) {
                    false => found.push((call.first, target)),
                    true => inner.push((call.first, target)),
                }
            }
        }
        // `if os.environ.get("DATABASE_URL"):` before the only connection that the file names.
        if found.is_empty() && !outer {
            found = inner;
        }
        found.sort();
        found.truncate(MOST);
        found
    }

    /// Whether a statement stands in a block: its line is indented, or a bracket around it begins there.
    fn is_inner(&self, at: usize) -> bool {
        self.indent(self.first_line(at)) > 0
    }

    /// The line on which the statement around a token begins.
    fn first_line(&self, at: usize) -> u32 {
        let mut at = at;
        while let Some(open) = self.around(at) {
            at = open;
        }
        self.code().line(at)
    }

    fn line_of(&self, line: u32) -> &str {
        let mut lines = self.view.file.text.lines();
        lines.nth(line.saturating_sub(1) as usize).unwrap_or("")
    }

    fn indent(&self, line: u32) -> usize {
        let text = self.line_of(line);
        text.len() - text.trim_start().len()
    }

    /// The variable and the values of `if os.getenv("DB") == "mysql":` before the block that a
    /// token stands in.
    fn choice(&self, at: usize) -> Vec<(String, String)> {
        let line = self.first_line(at);
        let own = self.indent(line);
        if own == 0 {
            return Vec::new();
        }
        let lines: Vec<&str> = self.view.file.text.lines().take(line as usize).collect();
        let mut before = lines.iter().rev().skip(1);
        let head = before.find(|text| {
            let trimmed = text.trim_start();
            !trimmed.is_empty() && !trimmed.starts_with('#') && text.len() - trimmed.len() < own
        });
        let head = head.map_or("", |text| text.trim());
        let condition = head.strip_prefix("if ").or(head.strip_prefix("elif "));
        let Some(condition) = condition else {
            return Vec::new();
        };
        let split = condition.split_once("==").or(condition.split_once(" in "));
        let Some((left, right)) = split else {
            return Vec::new();
        };
        let reads = ["getenv(", "environ.get(", "environ[", "env(", "env.str("];
        let alone = !right.contains(" and ") && !left.contains(" and ") && !right.contains(" or ");
        if !reads.iter().any(|read| left.contains(read)) || !alone {
            return Vec::new();
        }
        let names = quoted(left);
        let Some(name) = names.first() else {
            return Vec::new();
        };
        let choice = match names.get(1) {
            Some(default) => format!("{{env:{name}:{default}}}"),
            None => format!("{{env:{name}}}"),
        };
        let values = quoted(right).into_iter();
        values
            .map(|value| (choice.clone(), value.to_owned()))
            .collect()
    }

    /// `"BACKEND": "django.core.cache.backends.redis.RedisCache"`, and layers of Channels.
    fn backends(&self, acc: &mut FileFacts) {
        let code = self.code();
        // Where the file says nothing of caches itself, another takes what it names.
        let has_caches = code.definitions().iter().any(|d| d.name == "CACHES");
        for at in (0..code.tokens.len()).filter(|&at| self.is_key(at, "BACKEND")) {
            let (Some(map), Some(backend)) = (self.around(at), code.string(at + 2)) else {
                continue;
            };
            let lower = backend.to_ascii_lowercase();
            let (purpose, library, product) = match lower {
                _ if lower.contains("cache") && lower.contains("redis") => {
                    ("cache", "Django", "redis")
                }
                _ if is_memcached(&lower) => ("cache", "Django", "memcached"),
                _ if lower.starts_with("channels_redis") => {
                    ("messages", "Django Channels", "redis")
                }
                _ => continue,
            };
            if self.is_inner(at) || has_caches && !self.is_used(at) {
                continue;
            }
            let target = self.text(map, "LOCATION").filter(|t| !t.starts_with('/'));
            let store = ConfiguredStore {
                purpose: purpose.to_owned(),
                product: product.to_owned(),
                targets: target.into_iter().collect(),
                library: library.to_owned(),
                ..ConfiguredStore::default()
            };
            self.store(acc, at, store);
        }
    }

    fn broker(&self, acc: &mut FileFacts, name: &str) {
        let definitions = self.code().definitions().iter();
        let mut own = definitions.filter(|d| d.scope.is_none() && d.name == name && !d.field);
        let Some(definition) = own.next() else {
            return;
        };
        let default = || {
            let mut texts = definition.value.clone();
            texts.find_map(|at| self.code().string(at).filter(|t| t.contains("://")))
        };
        let Some(text) = self.known(definition.value.clone()) else {
            return;
        };
        let text = match (text.strip_prefix("{env:"), default()) {
            (Some(rest), Some(default)) if !rest.contains(':') => {
                format!("{{env:{}:{default}}}", rest.trim_end_matches('}'))
            }
            _ => text,
        };
        let scheme = default().or_else(|| text.contains("://").then_some(text.as_str()));
        let scheme = scheme
            .and_then(|t| t.split("://").next())
            .unwrap_or_default();
        let product = match scheme.rsplit([':', '{']).next().unwrap_or_default() {
            "redis" | "rediss" => "redis",
            "amqp" | "amqps" | "pyamqp" => "rabbitmq",
            _ => return,
        };
        let store = ConfiguredStore {
            purpose: "queue".to_owned(),
            product: product.to_owned(),
            targets: vec![text],
            library: "Celery".to_owned(),
            ..ConfiguredStore::default()
        };
        let at = definition.at;
        self.store(acc, at, store);
    }

    /// The texts of a list that a name of the file is given, in order.
    fn list(&self, name: &str) -> Vec<(usize, &'t str)> {
        let code = self.code();
        let own = code.definitions().iter();
        let own = own.filter(|d| d.scope.is_none() && d.name == name && !self.is_inner(d.at));
        let tokens = own.flat_map(|d| d.value.clone());
        let texts = tokens.filter_map(|at| Some((at, code.string(at)?)));
        texts.take(MOST).collect()
    }

    /// Django hashes new passwords with the first of the list
    /// (<https://docs.djangoproject.com/en/stable/topics/auth/passwords/>).
    fn hasher(&self, acc: &mut FileFacts) {
        let Some((at, class)) = self.list("PASSWORD_HASHERS").into_iter().next() else {
            return;
        };
        let known = [
            ("Argon2", "Argon2 password hashes"),
            ("PBKDF2", "PBKDF2 password hashes"),
            ("BCrypt", "bcrypt password hashes"),
            ("Scrypt", "scrypt password hashes"),
        ];
        let last = class.rsplit('.').next().unwrap_or(class);
        if let Some((_, name)) = known.iter().find(|(word, _)| last.starts_with(word)) {
            let line = self.code().line(at);
            scan::mark(acc, self.view.file, line, Topic::Encryption, *name, None);
        }
    }

    fn authentication(&self, acc: &mut FileFacts) {
        for (at, class) in self.list("AUTHENTICATION_BACKENDS") {
            let name = class.rsplit('.').next().unwrap_or(class);
            let line = self.code().line(at);
            scan::mark(acc, self.view.file, line, Topic::Authentication, name, None);
        }
    }

    /// Handlers and levels of `LOGGING`.
    fn logging(&self, acc: &mut FileFacts) {
        let code = self.code();
        let own = code.definitions().iter();
        let mut own = own.filter(|d| d.scope.is_none() && d.name == "LOGGING");
        let Some(range) = own.next().map(|d| d.value.clone()) else {
            return;
        };
        for at in range {
            let Some(map) = self.around(at) else { continue };
            let name = map.checked_sub(2).and_then(|key| code.string(key));
            let Some(name) = name.filter(|_| code.is(map, "{")) else {
                continue;
            };
            let line = code.line(at);
            if self.is_key(at, "class") && self.group(map) == Some("handlers") {
                let Some(class) = code.string(at + 2) else {
                    continue;
                };
                if !class.ends_with("NullHandler") {
                    let detail = Some(format!("logging {class}"));
                    scan::mark(acc, self.view.file, line, Topic::Logging, name, detail);
                }
            }
            if self.is_key(at, "level")
                && self.group(map) == Some("loggers")
                && let Some(level) = code.string(at + 2)
            {
                let name = if name.is_empty() { "root" } else { name };
                let level = Some(level.to_owned());
                scan::mark(acc, self.view.file, line, Topic::LogLevel, name, level);
            }
        }
    }

    /// Formatters of `LOGGING` that write lines for machines, where a handler has them.
    fn formats(&self, acc: &mut FileFacts) {
        let code = self.code();
        let own = code.definitions().iter();
        let mut own = own.filter(|d| d.scope.is_none() && d.name == "LOGGING");
        let Some(range) = own.next().map(|d| d.value.clone()) else {
            return;
        };
        for at in range.clone() {
            let Some(name) = code
                .string(at)
                .filter(|_| code.is(at + 1, ":") && code.is(at + 2, "{"))
            else {
                continue;
            };
            let formatters = self.around(at).and_then(|map| map.checked_sub(2));
            if formatters.and_then(|key| code.string(key)) != Some("formatters") {
                continue;
            }
            let map = at + 2;
            let close = code.partner(map).unwrap_or(map);
            let class = ["()", "class"].iter().find_map(|key| self.text(map, key));
            let format = (map..close).find(|&key| self.is_key(key, "format"));
            let format: String = (format.map(|key| self.value(key)).into_iter().flatten())
                .filter_map(|at| code.string(at))
                .collect();
            let pairs = format.matches("=%(").count() + format.matches("={").count();
            let last = class
                .as_deref()
                .map_or("", |c| c.rsplit('.').next().unwrap_or(c));
            let form = match last.to_ascii_lowercase().contains("json") || format.starts_with("{\"")
            {
                true => "JSON",
                false if pairs > 2 || last.to_ascii_lowercase().contains("logfmt") => "logfmt",
                false => continue,
            };
            let mut others = range
                .clone()
                .filter(|&i| i != at && code.string(i) == Some(name));
            if others.next().is_none() {
                continue;
            }
            let detail = match class.is_some() && !last.is_empty() {
                true => format!("lines in {form} by {last}"),
                false => format!("lines in {form}"),
            };
            let line = code.line(at);
            scan::mark(
                acc,
                self.view.file,
                line,
                Topic::Logging,
                name,
                Some(detail),
            );
        }
    }

    /// Backends of django-storages by their module, which a setting names as an import would
    /// (<https://django-storages.readthedocs.io>).
    fn files(&self, acc: &mut FileFacts) {
        let code = self.code();
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        for at in 0..code.tokens.len() {
            let class = code
                .string(at)
                .filter(|text| text.starts_with("storages.backends."));
            let Some((module, _)) = class.and_then(|class| class.rsplit_once('.')) else {
                continue;
            };
            if seen.insert(module) {
                let module = module.to_owned();
                scan::add(
                    acc,
                    self.view.file,
                    code.line(at),
                    Claim::Import(Import { module }),
                );
            }
        }
    }

    /// The key of the map around a map.
    fn group(&self, map: usize) -> Option<&'t str> {
        let outer = self.around(map)?;
        self.code().string(outer.checked_sub(2)?)
    }

    /// Applications by their dotted name, in the lists that `INSTALLED_APPS` is made of; the class of
    /// a configuration stands for its module (`shop.apps.ShopConfig`).
    fn applications(&self, acc: &mut FileFacts) {
        let code = self.code();
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let lists = code.definitions().iter();
        let lists = lists.filter(|d| d.scope.is_none() && d.name.ends_with("_APPS"));
        for at in lists.flat_map(|d| d.value.clone()).take(MOST * 10) {
            let Some(name) = code.string(at) else {
                continue;
            };
            let name = name.split(".apps.").next().unwrap_or(name);
            let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
            let foreign = name.starts_with("django.") || name.starts_with("rest_framework");
            if name.is_empty() || !name.chars().all(plain) || foreign || !seen.insert(name) {
                continue;
            }
            let line = code.line(at);
            scan::add(acc, self.view.file, line, Claim::Module(name.to_owned()));
        }
    }
}

/// Whether a backend of caches speaks to Memcached: by the module or the class of one that does.
/// `locmem.LocMemCache` keeps its values within the program
/// (<https://docs.djangoproject.com/en/stable/topics/cache/>).
fn is_memcached(backend: &str) -> bool {
    backend.split('.').any(|word| {
        word.ends_with("memcached")
            || matches!(
                word,
                "memcachedcache" | "pymemcachecache" | "pylibmccache" | "memcache"
            )
    })
}

/// The texts between quotes.
fn quoted(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['"', '\'']) {
        let (quote, after) = (&rest[at..at + 1], &rest[at + 1..]);
        let Some(end) = after.find(quote) else { break };
        found.push(&after[..end]);
        rest = &after[end + 1..];
    }
    found
}
