//! What a program stands below unless somebody sets it otherwise: defaults of settings that hold a base.

use crate::code_view::CodeView;
use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Mount};
use crate::http_paths;
use crate::paths;
use crate::scan;
use crate::secrets;
use crate::source::SourceFile;
use groundplan_syntax::{Language, Node, Value};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "base-defaults",
    docs: "\
### What it finds
Defaults of settings that hold the path which a program stands below: in the tag of a field of Go
(`default:\"/api\"`), beside its name in a call (`viper.SetDefault(\"server.base_path\", \"/api\")`,
`flag.String(\"base-path\", \"/\", …)`, `getenv(\"URL_PREFIX\", \"/shop\")`), as a field or variable of a file or
function that is named after settings, servers or defaults (`BaseURL: \"/api/v3\"`), and in files of settings
(`config.yaml`, `settings.toml`, `config/settings.yml` of Rails). Routes
that are added below such a setting stand below its default, if the project has one only.

### What it does not find
Bases that are addresses with a host, defaults in tests and examples, and those that are computed.
",
    reads: &[
        Reads::Own(&[Language::Go, Language::Python]),
        Reads::Paths(&[
            "**/*config*.json",
            "**/*config*.yaml",
            "**/*config*.yml",
            "**/*config*.toml",
            "**/*settings*.json",
            "**/*settings*.yaml",
            "**/*settings*.yml",
            "**/*settings*.toml",
        ]),
    ],
    markers: &[
        "ase", "refix", "oot", "REFIX", "ASE", "ROOT", "SUB", "ub", "ontext", "CONTEXT",
    ],
    run: extract,
};

/// Defaults of a file at most.
const MOST: usize = 100;

const LONGEST: usize = 64 * 1024;
const DEEPEST: u32 = 6;

/// Ends of what settings call a word that is a part of a path: `app_name`, `api_version`.
const PARTS: [&str; 8] = [
    "base",
    "name",
    "namespace",
    "path",
    "prefix",
    "scope",
    "slug",
    "version",
];

/// Begins the target of a mount that says a default: `*base=server.basepath`.
pub(crate) const TARGET: &str = "*base=";

/// What a setting of the gem `config` is called here, by its key: nothing else is meant by `Settings.prefix`.
pub(crate) fn of_rails(key: &str) -> String {
    format!("{RAILS}.{}", key.replace('.', "_"))
}

/// The section of all settings of the gem `config`.
pub(crate) const RAILS: &str = "railssettings";

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::is_test(file.path)
        || is_aside(file.path)
        || paths::is_example(file.path)
        || paths::is_generated(file.path, file.text)
    {
        return;
    }
    let found = match file.language {
        Language::Go | Language::Python => of_code(&CodeView::of(file)),
        _ => of_settings(file),
    };
    for (line, name, value) in found.into_iter().take(MOST) {
        let mount = Mount {
            prefix: http_paths::prefix(&value),
            target: format!("{TARGET}{}", http_paths::base_key(&name)),
            ..Mount::default()
        };
        acc.add(file, line, line, Claim::Mount(mount));
    }
}

/// Whether a path or a name speaks of what is not the program's own base: clients, pages, documents.
fn is_aside(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let mut words = secrets::words_of(of_type(name)).into_iter();
    lower.contains("client")
        || lower.contains("swagger")
        || words.any(|word| matches!(word.as_str(), "ui" | "doc" | "docs"))
}

/// The section that the name of a type stands for: `Admin` of `AdminConfig`, nothing of `Config`.
fn of_type(name: &str) -> &str {
    let ends = ["Configuration", "Config", "Settings", "Options"];
    let mut short = ends.iter().filter_map(|end| name.strip_suffix(end));
    short.next().unwrap_or(name)
}

/// The section of a field at a token: what the literal, the structure or the class around it is called; `None`
/// where that is not told, or is not of the program itself.
fn section_of(view: &CodeView<'_, '_>, at: usize) -> Option<String> {
    let code = view.code;
    let kind = match code.language {
        Language::Go => {
            let open = view.file.outline().parent(at)?;
            let of = open.checked_sub(1)?;
            // `System struct { RouterPrefix string }`
            let of = if code.is(of, "struct") {
                of.checked_sub(1)?
            } else {
                of
            };
            let kind = code.ident(of).filter(|_| code.is(open, "{"))?;
            let package = match of > 1 && code.is(of - 1, ".") {
                true => code.ident(of - 2)?,
                false => "",
            };
            if is_aside(package) || is_aside(kind) {
                return None;
            }
            // `admin.Config{…}`
            match of_type(kind) {
                "" => package,
                kind => kind,
            }
        }
        _ => {
            let functions = code.functions();
            let mut of = code.function_at(at).and_then(|f| functions.get(f));
            while let Some(inner) = of.filter(|f| !f.class) {
                of = inner.parent.and_then(|p| functions.get(p));
            }
            let class = of.map_or("", |class| class.name);
            if is_aside(class) {
                return None;
            }
            of_type(class)
        }
    };
    Some(kind.to_owned())
}

/// A name of code that is set at a token, with its section; `None` where nothing is set for the program.
fn set_at(view: &CodeView<'_, '_>, name_at: usize, sign: &str) -> Option<String> {
    let code = view.code;
    let name = code.ident(name_at)?;
    let mut first = name_at;
    while first > 1 && code.is(first - 1, ".") && code.ident(first - 2).is_some() {
        first -= 2;
    }
    let python = code.language == Language::Python;
    // What a call is given is no setting.
    let begins = first == 0 || code.line(first - 1) != code.line(first) || code.is(first - 1, ";");
    if python && (sign != "=" || !begins || view.file.outline().parent(first).is_some()) {
        return None;
    }
    let left = code.dotted(first, name_at + 1);
    let section = match left.rsplit_once('.') {
        Some((left, _)) if left != "self" => Some(left.to_owned()).filter(|l| !is_aside(l)),
        None if !python && sign != ":" => Some(String::new()),
        _ => section_of(view, name_at),
    }?;
    Some(whole(&section, name))
}

fn whole(section: &str, name: &str) -> String {
    match section.is_empty() {
        true => name.to_owned(),
        false => format!("{section}.{name}"),
    }
}

/// Whether a text is a path below which something may stand, or the root.
pub(super) fn is_path(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/_-.".contains(c);
    (text.is_empty() || text.starts_with('/'))
        && text.len() < 80
        && !text.starts_with("//")
        && text.chars().all(plain)
        // `/tmp`, `/var/lib/shop`: a folder.
        && !["/tmp", "/var", "/usr", "/opt", "/etc", "/home", "/data", "/mnt", "/root", "/srv", "/proc", "/dev"]
            .iter()
            .any(|folder| text.strip_prefix(folder).is_some_and(|r| r.is_empty() || r.starts_with('/')))
}

fn of_code(view: &CodeView<'_, '_>) -> Vec<(u32, String, String)> {
    let code = view.code;
    let mut all = Vec::new();
    for at in 2..code.tokens.len() {
        let Some(text) = code.string(at) else {
            continue;
        };
        let line = code.line(at);
        // `BasePath string `env:"BASE_PATH" default:"/api"``
        if let Some(value) = ["default:\"", "envDefault:\""]
            .iter()
            .find_map(|tag| text.split_once(tag))
            .and_then(|(_, rest)| rest.split('"').next())
        {
            let name = code.ident(at - 2).filter(|name| http_paths::is_base(name));
            let section = name.and_then(|_| section_of(view, at - 2));
            if let (Some(name), Some(section), true) = (name, section, is_path(value)) {
                all.push((line, whole(&section, name), value.to_owned()));
            }
            continue;
        }
        if !is_path(text) {
            continue;
        }
        if code.is(at - 1, ",") {
            let key = code.string(at - 2).filter(|key| http_paths::is_base(key));
            let key = key.filter(|key| !is_aside(key));
            let plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
            if let Some(key) = key.filter(|key| key.chars().all(plain)) {
                all.push((line, key.to_owned(), text.to_owned()));
            }
            continue;
        }
        // `env("API_PATH_PREFIX", default="/api")`
        if at > 4 && code.is(at - 1, "=") && code.is(at - 2, "default") && code.is(at - 3, ",") {
            let key = code.string(at - 4).filter(|key| http_paths::is_base(key));
            all.extend(key.map(|key| (line, key.to_owned(), text.to_owned())));
            continue;
        }
        let sets = matches!(code.raw(at - 1), ":" | "=" | ":=") && !code.is(at - 2, "=");
        // `base_path: str = "/api"`
        let typed = at > 3 && code.is(at - 1, "=") && code.is(at - 3, ":");
        let name_at = if typed { at - 4 } else { at - 2 };
        let name = code.ident(name_at).filter(|name| http_paths::is_base(name));
        if name.is_some() && sets && of_settings_by_name(view, at) {
            let named = set_at(view, name_at, code.raw(at - 1));
            all.extend(named.map(|name| (line, name, text.to_owned())));
        }
    }
    all
}

/// Whether the file or the function around is named after settings, servers or defaults.
fn of_settings_by_name(view: &CodeView<'_, '_>, at: usize) -> bool {
    const WORDS: [&str; 5] = ["config", "setting", "default", "option", "server"];
    let speaks = |text: &str| {
        let lower = text.to_ascii_lowercase();
        WORDS.iter().any(|word| lower.contains(word)) && !lower.contains("client")
    };
    let functions = view.code.functions();
    let around = view.code.function_at(at).and_then(|f| functions.get(f));
    let file = view.file.path.rsplit('/').next().unwrap_or_default();
    speaks(file) || around.is_some_and(|f| speaks(f.name))
}

/// Settings of files: their key with the section before it.
fn of_settings(file: &SourceFile<'_>) -> Vec<(u32, String, String)> {
    if file.text.len() > LONGEST
        || paths::is_translation(file.path)
        || paths::is_lock_file(file.path)
    {
        return Vec::new();
    }
    let gem = file.path.ends_with("config/settings.yml");
    let mut all = Vec::new();
    let mut add = |node: &Node| section(node, "", gem, 0, &mut all);
    match file.name().rsplit('.').next() {
        Some("json") => file.json().into_iter().for_each(&mut add),
        Some("toml") => {
            if let Ok(root) = groundplan_syntax::toml(file.text) {
                add(&root);
            }
        }
        _ => file.yaml().iter().for_each(|root| add(root)),
    }
    all
}

fn section(node: &Node, name: &str, gem: bool, depth: u32, all: &mut Vec<(u32, String, String)>) {
    if depth > DEEPEST || all.len() >= MOST {
        return;
    }
    for (key, value) in node.entries() {
        let key = key.text.as_str();
        let whole = match name.is_empty() {
            true => key.to_owned(),
            false => format!("{name}.{key}"),
        };
        match &value.value {
            Value::Scalar { text, .. } if gem || http_paths::is_base(key) => {
                let plain = |c: char| c.is_ascii_alphanumeric() || "_-".contains(c);
                let part = PARTS.iter().any(|end| key.ends_with(end));
                let fits = match gem {
                    true if secrets::holds_secret(&whole, text) => false,
                    true if part => is_path(text) || text.chars().all(plain),
                    true => is_path(text) && text.starts_with('/'),
                    false => is_path(text),
                };
                if fits {
                    let whole = if gem { of_rails(&whole) } else { whole };
                    all.push((value.first, whole, text.clone()));
                }
            }
            Value::Mapping(_) => section(value, &whole, gem, depth + 1, all),
            _ => {}
        }
    }
}
