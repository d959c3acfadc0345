//! Stores that the Ruby files of a Rails application's configuration name, and that mail is sent.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, ConfiguredStore, FileFacts, Property};
use crate::ruby::environment::environment;
use crate::ruby::{self, Statement, Value};
use crate::scan;
use crate::secrets;
use crate::source::SourceFile;
use groundplan_model::Topic;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "rails-settings",
    docs: "\
### What it finds
In `config/application.rb`, `config/environments` and `config/initializers`: where `cache_store` keeps
the cache, the service of Active Storage and the variable that chooses it, a queue in Redis by the adapter of
Active Job or by the set-up of Sidekiq, with the variable that holds the address, and that mail is sent by SMTP.

### What it does not find
Caches that are set only where a variable is, caches in memory, in files or in the database; settings that
methods of the application compute.
",
    reads: &[Reads::Paths(&[
        "**/config/application.rb",
        "**/config/environments/*.rb",
        "**/config/initializers/*.rb",
    ])],
    markers: &[
        "cache_store",
        "active_storage.service",
        "queue_adapter",
        "Sidekiq.configure_",
        "action_mailer",
    ],
    run: extract,
};

/// Blocks in blocks at most.
const DEEPEST: u32 = 12;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::is_test(file.path) {
        return;
    }
    let profile = match file.folder().rsplit('/').next() {
        Some("environments") => file.name().strip_suffix(".rb"),
        _ => None,
    };
    if profile == Some("test") {
        return;
    }
    let all = ruby::statements(file.text);
    visit(acc, file, profile, &all, ("", 0), 0);
}

/// Goes through statements; `owner` is the call in whose block they stand, with the line of the condition around.
fn visit(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    profile: Option<&str>,
    all: &[Statement<'_>],
    owner: (&str, u32),
    depth: u32,
) {
    if depth > DEEPEST {
        return;
    }
    for statement in all {
        if statement.word == "="
            && let [Value::Code(to), given, ..] = statement.args.as_slice()
        {
            assigned(acc, file, profile, (to, given, owner), statement.lines);
        }
        let inner = match statement.word {
            "configure_server" | "configure_client" if statement.on == "Sidekiq" => {
                ("Sidekiq", owner.1)
            }
            "if" => (owner.0, statement.lines.0),
            _ => owner,
        };
        visit(acc, file, profile, &statement.body, inner, depth + 1);
        visit(acc, file, profile, &statement.otherwise, inner, depth + 1);
    }
}

fn assigned(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    profile: Option<&str>,
    (to, given, (owner, condition)): (&str, &Value<'_>, (&str, u32)),
    lines: (u32, u32),
) {
    let code = match given {
        Value::Text(text) | Value::Symbol(text) => Some((*text).to_owned()),
        Value::Code(code) => environment(code),
        Value::List(all) => all.first().and_then(Value::name).map(str::to_owned),
        _ => None,
    };
    let key = to.rsplit_once("config.").map_or(to, |(_, key)| key);
    // Mail goes to a server where people use the system, whatever catches it for developers.
    let told = profile.is_none_or(|p| p == "production");
    let by_smtp = match key {
        // Where mail is handed to something else, the settings stand unused.
        "action_mailer.smtp_settings" => {
            !file.text.contains("delivery_method") || file.text.contains(":smtp")
        }
        "action_mailer.delivery_method" => code.as_deref() == Some("smtp"),
        _ => false,
    };
    if by_smtp && told {
        let client = scan::call("smtp", None, "Action Mailer");
        return scan::client(acc, file, lines.0, client);
    }
    let mut store = ConfiguredStore {
        profile: profile.map(str::to_owned),
        ..ConfiguredStore::default()
    };
    match (key, code.as_deref()) {
        // A cache in memory or in files is none of others, and takes the place of what holds for all.
        ("cache_store", Some(kind)) => {
            store.purpose = "cache".to_owned();
            store.library = "Rails".to_owned();
            store.product = match kind {
                "redis_cache_store" | "redis_store" => "redis",
                "mem_cache_store" | "dalli_store" => "memcached",
                other => other,
            }
            .to_owned();
        }
        ("active_job.queue_adapter", Some(kind)) => {
            store.purpose = "queue".to_owned();
            (store.product, store.library) = match kind {
                "sidekiq" => ("redis".to_owned(), "Sidekiq".to_owned()),
                "resque" => ("redis".to_owned(), "Resque".to_owned()),
                other => (other.to_owned(), "Active Job".to_owned()),
            };
        }
        ("active_storage.service", Some(name)) => {
            let property = Property {
                commented: false,
                key: "config.active_storage.service".to_owned(),
                value: Some(name.replace("{env:", "${")),
                secret: false,
                profile: profile.map(str::to_owned),
            };
            scan::add(acc, file, lines.0, Claim::Property(property));
            // `{env:STORAGE:local}`: what holds where files are kept for users, and who chooses it.
            let inner = name.strip_prefix("{env:").and_then(|n| n.strip_suffix('}'));
            if let Some(inner) = inner.filter(|_| told) {
                let (variable, default) = inner.split_once(':').unwrap_or((inner, ""));
                let unset = match default.is_empty() || default.contains('{') {
                    true => String::new(),
                    false => format!("; unless it is set, `{default}`"),
                };
                let detail =
                    format!("`{variable}` chooses the service of `config/storage.yml`{unset}");
                let topic = Topic::ObjectStorage;
                scan::mark(acc, file, lines.0, topic, "Active Storage", Some(detail));
            }
            return;
        }
        (_, _) if owner == "Sidekiq" && to.ends_with(".redis") => {
            store.purpose = "workers".to_owned();
            store.library = "Sidekiq".to_owned();
            store.product = "redis".to_owned();
        }
        _ => return,
    }
    // `if ENV["CACHE_URL"].present?`: unless somebody sets it, the framework keeps its cache elsewhere.
    let variable =
        |line: u32| address(file, line).and_then(|a| a.split([':', '}']).nth(1).map(str::to_owned));
    if key == "cache_store" && condition > 0 {
        let asked = variable(condition);
        if asked.is_some() && asked == variable(lines.0) {
            return;
        }
    }
    store.targets = address(file, lines.0)
        .map(|target| secrets::without_credentials(&target))
        .into_iter()
        .collect();
    acc.add(file, lines.0, lines.0, Claim::Store(Box::new(store)));
}

/// The variable of a line that holds an address: what `url:` is given, else the first that is read.
fn address(file: &SourceFile<'_>, line: u32) -> Option<String> {
    let text = file.text.lines().nth(line.checked_sub(1)? as usize)?;
    let from = text.find("url:").unwrap_or(0);
    let start = from + text.get(from..)?.find("ENV")?;
    let rest = text.get(start..)?;
    // The shortest text that is a whole expression, and as much as still is one.
    let ends = rest
        .char_indices()
        .filter(|(_, c)| matches!(c, ']' | ')' | '}' | '"' | '\''));
    let mut found = ends.filter_map(|(at, c)| environment(&rest[..at + c.len_utf8()]));
    found.next_back()
}
