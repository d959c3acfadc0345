//! Addresses in code of languages that have no reader of their own for clients.

use crate::extractor::{Extractor, Reads};
use crate::extractors::config_addresses::targets;
use crate::facts::{Claim, Client, FileFacts};
use crate::paths;
use crate::secrets;
use crate::source::SourceFile;
use groundplan_syntax::Language;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "code-addresses",
    docs: "\
### What it finds
`scheme://host` and data sources of PDO (`mysql:host=…`) between quotes in code of C++, Dart, Elixir, Lua,
PHP, Ruby and Scala, where the host is a name without dots, as services have inside one network; in Lua a
name before a port (`connect(name .. suffix, 9090)`), in C++ names of sections of a configuration
(`config[name][key]`).
Resolvers keep those that a part of the system answers to.

### What it does not find
Public addresses, addresses that are put together, tests and comments.
",
    reads: &[Reads::Own(&[
        Language::Cpp,
        Language::Dart,
        Language::Elixir,
        Language::Lua,
        Language::Php,
        Language::Ruby,
        Language::Scala,
    ])],
    markers: &["://", ":host=", "connect", "[\""],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) || paths::is_generated(file.path, file.text) {
        return;
    }
    for (number, line) in file.text.lines().enumerate() {
        let text = line.trim();
        let comment = text.starts_with(['#', '*', ';'])
            || text.starts_with("//")
            || text.starts_with("--")
            || text.starts_with("/*");
        if comment || text.len() > 1000 {
            continue;
        }
        let named = match file.language {
            Language::Lua => before_ports(text),
            Language::Cpp => in_configuration(text),
            _ => Vec::new(),
        };
        for (protocol, name) in named {
            let at = number as u32 + 1;
            let client = Client {
                protocol,
                target: Some(name),
                method: None,
                library: None,
                operation: None,
            };
            acc.add(file, at, at, Claim::Client(client));
        }
        if !(text.contains("://") || text.contains(":host=")) {
            continue;
        }
        for target in quoted(text).flat_map(addressed) {
            let at = number as u32 + 1;
            let protocol = target.split_once("://").map_or("tcp", |(scheme, _)| scheme);
            let client = Client {
                protocol: protocol.to_owned(),
                target: Some(secrets::without_credentials(&target)),
                method: None,
                library: None,
                operation: None,
            };
            acc.add(file, at, at, Claim::Client(client));
        }
    }
}

/// `"orders" .. suffix, 9090`: a name and the port of what is connected to.
fn before_ports(line: &str) -> Vec<(String, String)> {
    let mut all = Vec::new();
    let mut rest = line;
    while let Some(start) = rest.find('"') {
        let Some((name, after)) = rest[start + 1..].split_once('"') else {
            break;
        };
        rest = after;
        let mut tail = after.trim_start();
        if let Some(more) = tail.strip_prefix("..") {
            let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
            tail = more.trim_start().trim_start_matches(word).trim_start();
        }
        let Some(port) = tail.strip_prefix(',') else {
            continue;
        };
        let port = port.trim_start();
        let digits = port.bytes().take_while(u8::is_ascii_digit).count();
        if (2..=5).contains(&digits) && is_name(name) {
            all.push(("tcp".to_owned(), format!("{name}:{}", &port[..digits])));
        }
    }
    all
}

/// `config["orders-db"]["port"]`: a section for each service.
fn in_configuration(line: &str) -> Vec<(String, String)> {
    let names = line.match_indices("[\"").filter_map(|(at, _)| {
        let (name, _) = line[at + 2..].split_once("\"][\"")?;
        is_name(name).then(|| ("tcp".to_owned(), name.to_owned()))
    });
    names.collect()
}

/// Whether a text may be the name of a service inside one network.
fn is_name(text: &str) -> bool {
    text.len() > 2
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && (text.bytes())
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_".contains(&b))
}

/// The texts between quotes of one line.
fn quoted(line: &str) -> impl Iterator<Item = &str> {
    let mut rest = line;
    std::iter::from_fn(move || {
        let start = rest.find(['"', '\''])?;
        let quote = rest.as_bytes().get(start).copied()? as char;
        let inner = rest.get(start + 1..)?;
        let end = inner.find(quote).unwrap_or(inner.len());
        rest = inner.get(end + 1..).unwrap_or_default();
        inner.get(..end)
    })
}

/// The address at the beginning of a text.
fn addressed(text: &str) -> Vec<String> {
    // `mysql:host=db;port=3306;dbname=shop` (<https://www.php.net/manual/en/ref.pdo-mysql.connection.php>).
    if let Some((driver, rest)) = text.split_once(":host=") {
        let driver = driver.rsplit(' ').next().unwrap_or(driver);
        let host = rest.split([';', ' ', ',']).next().unwrap_or(rest);
        return targets(&format!("{driver}://{host}"));
    }
    let scheme = text.split("://").next().unwrap_or_default();
    let plain = |c: char| c.is_ascii_alphanumeric() || "+-.".contains(c);
    // Streams of the language itself (<https://www.php.net/manual/en/wrappers.php>).
    let own = matches!(scheme, "php" | "file" | "data" | "glob" | "phar" | "zip");
    match !own && !scheme.is_empty() && scheme.chars().all(plain) && scheme != text {
        true => targets(text),
        false => Vec::new(),
    }
}
