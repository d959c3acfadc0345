//! Resources of Azure in Bicep.

use crate::extractor::{Extractor, Reads};
use crate::extractors::manifests::{env_value, mark};
use crate::facts::{Claim, Deployable, FileFacts};
use crate::source::SourceFile;
use groundplan_model::Topic;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "bicep",
    docs: "\
### What it finds
Resources of `*.bicep` by type: databases, caches, brokers, storage and gateways as parts with their names;
container apps, container groups and sites with image and variables of the environment as far as texts give
them, under the name of their service (`azd-service-name`) where they have one; all others by type, with the
place that stands as text (<https://learn.microsoft.com/azure/azure-resource-manager/bicep/file>). Modules of
the tree: below a folder with a `main.bicep` only files count that are reached from it.

### What it does not find
Resources that exist already (`existing`), values of parameters, modules of registries, templates of Azure
Resource Manager in JSON.
",
    reads: &[Reads::Paths(&["*.bicep"])],
    markers: &["resource ", "module "],
    run: extract,
};

/// Resources of one file beyond these are left out.
const MOST: usize = 200;

/// Types that are a product, by the knowledge id.
const PRODUCTS: [(&str, &str); 19] = [
    ("Microsoft.ApiManagement/service", "azure-api-management"),
    ("Microsoft.Cache/redis", "azure-cache-redis"),
    ("Microsoft.Cache/redisEnterprise", "azure-cache-redis"),
    ("Microsoft.Cdn/profiles", "azure-front-door"),
    (
        "Microsoft.DBforMySQL/flexibleServers",
        "azure-database-mysql",
    ),
    ("Microsoft.DBforMySQL/servers", "azure-database-mysql"),
    (
        "Microsoft.DBforPostgreSQL/flexibleServers",
        "azure-database-postgresql",
    ),
    (
        "Microsoft.DBforPostgreSQL/servers",
        "azure-database-postgresql",
    ),
    ("Microsoft.DocumentDB/databaseAccounts", "cosmos-db"),
    ("Microsoft.DocumentDB/mongoClusters", "cosmos-db"),
    ("Microsoft.EventGrid/topics", "azure-event-grid"),
    ("Microsoft.EventHub/namespaces", "azure-event-hubs"),
    (
        "Microsoft.Network/applicationGateways",
        "azure-application-gateway",
    ),
    ("Microsoft.Network/frontDoors", "azure-front-door"),
    ("Microsoft.ServiceBus/namespaces", "azure-service-bus"),
    ("Microsoft.SignalRService/signalR", "azure-signalr"),
    ("Microsoft.Sql/managedInstances", "azure-sql"),
    ("Microsoft.Sql/servers", "azure-sql"),
    ("Microsoft.Storage/storageAccounts", "azure-blob-storage"),
];

/// Types that run programs.
const PROGRAMS: [&str; 3] = [
    "Microsoft.App/containerApps",
    "Microsoft.ContainerInstance/containerGroups",
    "Microsoft.Web/sites",
];

/// A resource: its symbol, type, the line and where its body stands.
struct Resource<'t> {
    symbol: &'t str,
    kind: &'t str,
    line: u32,
    last: u32,
    body: &'t str,
    /// Line of the first character of the body.
    body_line: u32,
}

/// What a use of another file is called until it is known which files are reached.
pub(crate) const MODULE: &str = "module";

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    modules(acc, file);
    for resource in resources(file).into_iter().take(MOST) {
        let kind = resource.kind;
        let named = name(&resource);
        let lines = (resource.line, resource.last);
        let product = PRODUCTS
            .iter()
            .find(|(of, _)| of.eq_ignore_ascii_case(kind));
        let program = PROGRAMS.iter().any(|of| of.eq_ignore_ascii_case(kind));
        let mut made = Deployable {
            source: "bicep".to_owned(),
            kind: kind.to_owned(),
            name: named.to_owned(),
            ..Deployable::default()
        };
        if let Some((_, engine)) = product {
            let engine = file.placed((*engine).to_owned(), resource.line);
            made.attributes.push(("engine".to_owned(), engine));
        } else if program {
            runs(file, &resource, &mut made);
        } else {
            let place = text_of(resource.body, "location").map(|(p, _)| format!("in {p}"));
            mark(acc, file, lines, Topic::Infrastructure, kind, place);
            continue;
        }
        acc.add(file, lines.0, lines.1, Claim::Deployable(Box::new(made)));
    }
}

/// `module db './core/db.bicep' = {`: files of the tree that a file takes in.
fn modules(acc: &mut FileFacts, file: &SourceFile<'_>) {
    for (number, line) in file.text.lines().enumerate() {
        let Some(rest) = line.strip_prefix("module ") else {
            continue;
        };
        let mut quoted = rest.split('\'');
        let (Some(symbol), Some(target)) = (quoted.next(), quoted.next()) else {
            continue;
        };
        if !target.ends_with(".bicep") {
            continue;
        }
        let line = number as u32 + 1;
        let made = Deployable {
            source: "bicep".to_owned(),
            kind: MODULE.to_owned(),
            name: symbol.trim().to_owned(),
            attributes: vec![("path".to_owned(), file.placed(target.to_owned(), line))],
            ..Deployable::default()
        };
        acc.add(file, line, line, Claim::Deployable(Box::new(made)));
    }
}

/// Resources at the outermost level: `resource db 'Microsoft.Sql/servers@2023-08-01' = {`. Those
/// inside others are parts of them, and `existing` makes nothing.
fn resources<'t>(file: &SourceFile<'t>) -> Vec<Resource<'t>> {
    let text = file.text;
    let mut all = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let begin = at;
        at += line.len();
        let Some(rest) = line.strip_prefix("resource ") else {
            continue;
        };
        let Some((symbol, rest)) = rest.split_once(' ') else {
            continue;
        };
        let mut quoted = rest.split('\'');
        let (Some(_), Some(kind), Some(after)) = (quoted.next(), quoted.next(), quoted.next())
        else {
            continue;
        };
        if after.trim_start().starts_with("existing") {
            continue;
        }
        let kind = kind.split('@').next().unwrap_or(kind);
        let Some(open) = text[begin..].find('{').map(|o| begin + o) else {
            continue;
        };
        let body = body(&text[open + 1..]);
        let line = file.lines().line_of(begin);
        all.push(Resource {
            symbol,
            kind,
            line,
            last: file.lines().line_of(open + 1 + body.len()),
            body,
            body_line: file.lines().line_of(open),
        });
    }
    all
}

/// What stands before the bracket that closes the one before.
fn body(text: &str) -> &str {
    let (mut depth, mut quoted) = (0, false);
    let mut comment = false;
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        match c {
            '\n' => comment = false,
            _ if comment => {}
            '/' if before == '/' && !quoted => comment = true,
            '\'' if before != '\\' => quoted = !quoted,
            '{' if !quoted => depth += 1,
            '}' if !quoted && depth == 0 => return &text[..at],
            '}' if !quoted => depth -= 1,
            _ => {}
        }
        before = c;
    }
    text
}

/// The text that a key has where it stands first, with the line within the body, from 0; `None` where
/// that is no text or holds what is filled in.
fn text_of<'t>(body: &'t str, key: &str) -> Option<(&'t str, u32)> {
    let (number, value) = body.lines().enumerate().find_map(|(number, line)| {
        let at = line.find(key)?;
        let before = line[..at].trim_end_matches('\'');
        let whole = !before.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '-');
        let rest = line[at + key.len()..].trim_start_matches('\'');
        let value = rest.trim_start().strip_prefix(':').filter(|_| whole)?;
        Some((number, value.trim()))
    })?;
    let value = value.strip_prefix('\'')?.split('\'').next()?;
    let sound = !value.is_empty() && !value.contains('$');
    sound.then_some((value, number as u32))
}

/// The name of a resource: that of the service that it hosts, its own if a text gives it, else the
/// symbol.
fn name<'t>(resource: &Resource<'t>) -> &'t str {
    let tagged = text_of(resource.body, "azd-service-name").map(|(name, _)| name);
    // The first name is that of the resource only where it stands before everything that is inside.
    let outer = resource.body.find('{').unwrap_or(resource.body.len());
    let own = text_of(&resource.body[..outer], "name").map(|(name, _)| name);
    tagged.or(own).unwrap_or(resource.symbol)
}

/// The image and the variables of a program.
fn runs(file: &SourceFile<'_>, resource: &Resource<'_>, made: &mut Deployable) {
    // The sample of the documentation stands in for what is deployed later.
    if let Some((image, line)) = text_of(resource.body, "image")
        && !image.contains("azuredocs/")
    {
        made.image = Some(file.placed(image.to_owned(), resource.body_line + line));
    }
    // `{ name: 'CART_URL', value: 'http://cart' }`, on one line or two.
    let lines: Vec<&str> = resource.body.lines().collect();
    for (number, line) in lines.iter().enumerate() {
        let Some((name, _)) = text_of(line, "name") else {
            continue;
        };
        let same = line.split_once("value:").map(|(_, rest)| rest);
        let next = || lines.get(number + 1)?.trim_start().strip_prefix("value:");
        let Some(value) = same.or_else(next) else {
            continue;
        };
        let value = value
            .trim()
            .strip_prefix('\'')
            .and_then(|v| v.split('\'').next());
        let constant = name
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
        if let Some(value) = value.filter(|v| !v.contains("${"))
            && constant
        {
            let line = resource.body_line + number as u32;
            let at = file.evidence(line, line);
            made.env.push(env_value(name, value, at));
        }
    }
}
