//! Stores that repositories of Ecto and their configuration name.

use crate::elixir::{self, Statement};
use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, ConfiguredStore, FileFacts};
use crate::paths;
use crate::scan;
use crate::secrets;
use crate::source::SourceFile;
use std::collections::BTreeMap;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "ecto-stores",
    docs: "\
### What it finds
Repositories of Ecto (`use Ecto.Repo`) with the product of their adapter, and where `config/*.exs` says
that their database is: `url`, `hostname` and `port` with the variables of the environment behind them.
`prod.exs` and blocks for `:prod` go before the rest. Connections of Redix.

### What it does not find
Settings that functions of the program give when it starts; repositories made by a macro.
",
    reads: &[Reads::Paths(&["*.ex", "**/config/*.exs"])],
    markers: &["Ecto.Repo", "Ecto.Adapters", "Repo", "Redix"],
    run: extract,
};

/// Blocks in blocks at most.
const DEEPEST: u32 = 12;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) || scan::is_test(file.path) {
        return;
    }
    let is_configuration = file.path.ends_with(".exs");
    // Most code speaks of a repository without being one.
    if !is_configuration
        && !["Ecto.Repo,", "Ecto.Repo\n", "Redix"]
            .iter()
            .any(|m| file.text.contains(m))
    {
        return;
    }
    let all = elixir::statements(file.text);
    if !is_configuration {
        repositories(acc, file, &all, "", 0);
        return;
    }
    let profile = match file.name() {
        "prod.exs" => Some("production"),
        "dev.exs" => Some("development"),
        "test.exs" => return,
        _ => None,
    };
    let mut sheet = Sheet {
        acc,
        file,
        variables: BTreeMap::new(),
    };
    sheet.visit(&all, profile, 0);
}

/// `use Ecto.Repo, otp_app: :shop, adapter: Ecto.Adapters.Postgres`
fn repositories(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    all: &[Statement],
    module: &str,
    depth: u32,
) {
    if depth > DEEPEST {
        return;
    }
    for statement in all {
        let lines = statement.lines;
        let first = statement.arguments.first().map_or("", String::as_str);
        match statement.word.as_str() {
            "defmodule" => {
                let name = match module.is_empty() {
                    true => first.to_owned(),
                    false => format!("{module}.{first}"),
                };
                repositories(acc, file, &statement.body, &name, depth + 1);
            }
            "use" if first == "Ecto.Repo" => {
                let store = ConfiguredStore {
                    purpose: "database".to_owned(),
                    name: module.to_owned(),
                    product: statement
                        .option("adapter")
                        .and_then(adapter)
                        .unwrap_or_default(),
                    library: "Ecto".to_owned(),
                    ..ConfiguredStore::default()
                };
                acc.add(file, lines.0, lines.1, Claim::Store(Box::new(store)));
            }
            // A macro makes modules of others.
            "quote" => {}
            _ => {
                let says = statement.arguments.iter().any(|a| a.contains("{Redix,"));
                if says || statement.word == "Redix.start_link" {
                    redix(acc, file, statement);
                }
                repositories(acc, file, &statement.body, module, depth + 1);
            }
        }
    }
}

/// `{Redix, {System.get_env("REDIS_URL"), name: :redix}}`, `Redix.start_link("redis://cache")`
fn redix(acc: &mut FileFacts, file: &SourceFile<'_>, statement: &Statement) {
    let text = statement.arguments.join(", ");
    let read = text.find("System.").and_then(|at| {
        let rest = &text[at..];
        let end = rest.find(')')?;
        environment(&rest[..=end], &BTreeMap::new())
    });
    let literal = statement.arguments.first().and_then(|a| elixir::name(a));
    let target = read.or_else(|| literal.filter(|t| t.contains("://")).map(str::to_owned));
    let store = ConfiguredStore {
        purpose: "cache".to_owned(),
        product: "redis".to_owned(),
        targets: target
            .iter()
            .map(|t| secrets::without_credentials(t))
            .collect(),
        library: "Redix".to_owned(),
        ..ConfiguredStore::default()
    };
    let (first, last) = statement.lines;
    acc.add(file, first, last, Claim::Store(Box::new(store)));
}

/// The product by the last word of an adapter: `Ecto.Adapters.MyXQL`, `Ecto.Adapters.SQLite3`.
fn adapter(text: &str) -> Option<String> {
    let plain = text.starts_with(char::is_uppercase)
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '.');
    let last = text.rsplit('.').next().filter(|_| plain)?;
    let lower = last.to_ascii_lowercase();
    Some(lower.strip_suffix("ecto").unwrap_or(&lower).to_owned())
}

/// A file of configuration.
struct Sheet<'a, 's, 't> {
    acc: &'a mut FileFacts,
    file: &'s SourceFile<'t>,
    /// What variables were last set to.
    variables: BTreeMap<String, String>,
}

impl Sheet<'_, '_, '_> {
    fn visit(&mut self, all: &[Statement], profile: Option<&str>, depth: u32) {
        if depth > DEEPEST {
            return;
        }
        for statement in all {
            match statement.word.as_str() {
                "config" => self.config(statement, profile),
                // `if config_env() == :prod do`
                "if" => {
                    let condition = statement.arguments.join(", ");
                    let inner = match condition.as_str() {
                        c if c.contains("!=") || c.contains(" not ") => profile,
                        c if c.contains(":prod") => Some("production"),
                        c if c.contains(":dev") => Some("development"),
                        c if c.contains(":test") => Some("test"),
                        _ => profile,
                    };
                    self.visit(&statement.body, inner, depth + 1);
                }
                word => {
                    self.assigned(word, statement);
                    self.visit(&statement.body, profile, depth + 1);
                }
            }
        }
    }

    fn assigned(&mut self, word: &str, statement: &Statement) {
        let text = statement.arguments.join(", ");
        if let Some(value) = text.strip_prefix("= ")
            && let Some(value) = environment(value, &self.variables)
        {
            self.variables.insert(word.to_owned(), value);
        }
    }

    /// `config :shop, Shop.Repo, url: database_url`
    fn config(&mut self, statement: &Statement, profile: Option<&str>) {
        let Some(name) = statement.arguments.get(1) else {
            return;
        };
        let is_module = name.starts_with(char::is_uppercase)
            && name
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "._".contains(c));
        if !is_module || !name.contains("Repo") {
            return;
        }
        let text = |key: &str| environment(statement.option(key)?, &self.variables);
        let mut targets: Vec<String> = text("url").into_iter().collect();
        if let Some(host) = text("hostname") {
            let port = text("port").map(|port| format!(":{port}"));
            targets.push(format!("{host}{}", port.unwrap_or_default()));
        }
        let product = statement.option("adapter").and_then(adapter);
        if targets.is_empty() && product.is_none() {
            return;
        }
        let store = ConfiguredStore {
            purpose: "database".to_owned(),
            name: name.clone(),
            library: product
                .as_ref()
                .map(|_| "Ecto".to_owned())
                .unwrap_or_default(),
            product: product.unwrap_or_default(),
            targets: targets
                .iter()
                .map(|t| secrets::without_credentials(t))
                .collect(),
            chosen_by: None,
            profile: profile.map(str::to_owned),
        };
        let (first, last) = statement.lines;
        self.acc
            .add(self.file, first, last, Claim::Store(Box::new(store)));
    }
}

/// What an expression gives: a literal, a variable that was set above, `System.get_env("NAME")` with
/// what takes its place; helpers of the program are asked by the name of a variable, too, and what they put in its
/// place where the system runs for its users stands under `prod` (`Env.fetch_env!("NAME", prod: "db", dev: "localhost")`).
pub(super) fn environment(code: &str, variables: &BTreeMap<String, String>) -> Option<String> {
    /// What is longer is no setting; it bounds how deep the calls inside of it are, too.
    const LONGEST: usize = 400;
    let mut code = code.trim();
    if code.len() > LONGEST {
        return None;
    }
    for plain in [
        "|> String.to_integer()",
        "|> String.to_charlist()",
        "|> String.trim()",
    ] {
        code = code.strip_suffix(plain).unwrap_or(code).trim_end();
    }
    if let Some((_, arguments)) =
        elixir::call(code).filter(|(word, _)| *word == "String.to_integer")
    {
        return environment(arguments.first()?, variables);
    }
    if let Some(value) = variables.get(code) {
        return Some(value.clone());
    }
    if !code.is_empty() && code.bytes().all(|b| b.is_ascii_digit()) {
        return Some(code.to_owned());
    }
    let (read, other) = match code.split_once("||") {
        Some((read, other)) => (read.trim(), Some(other.trim())),
        None => (code, None),
    };
    if other.is_none() && read.starts_with('"') {
        return elixir::name(read)
            .filter(|t| !t.contains(['{', '}']))
            .map(str::to_owned);
    }
    let (word, arguments) = elixir::call(read)?;
    let own = helper(word);
    if !own
        && !matches!(
            word,
            "System.get_env" | "System.fetch_env!" | "System.get_env!"
        )
    {
        return None;
    }
    let name = elixir::name(arguments.first()?)?;
    if !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        return None;
    }
    // `get_env(:shop, :host)` of a helper asks the settings of an application.
    let is_text = arguments.first().is_some_and(|a| a.starts_with('"'));
    if own && (!is_text || name.contains(|c: char| c.is_ascii_lowercase())) {
        return None;
    }
    let given = match own {
        true => elixir::option(&arguments, "prod"),
        false => arguments.get(1).map(String::as_str),
    };
    let default = given.or(other);
    let default = default.and_then(|d| environment(d, variables));
    Some(match default.filter(|d| !d.is_empty()) {
        Some(default) => format!("{{env:{name}:{default}}}"),
        None => format!("{{env:{name}}}"),
    })
}

/// Whether a call is that of a function of the program which reads a variable: `Util.fetch_env!`, `get_env`.
fn helper(word: &str) -> bool {
    let (of, last) = word.rsplit_once('.').unwrap_or(("", word));
    let last = last.trim_end_matches(['!', '?']);
    let reads = matches!(
        last,
        "env" | "fetch_env" | "get_env" | "require_env" | "required_env"
    );
    reads && !matches!(of, "System" | "Application")
}
