//! Fields of records that code encrypts before they are stored.

use crate::extractor::{Extractor, Reads};
use crate::facts::FileFacts;
use crate::paths;
use crate::scan::{self, Part};
use crate::source::SourceFile;
use groundplan_model::{ENCRYPTED_FIELD, Topic};
use groundplan_syntax::Language;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "encrypted-fields",
    docs: "\
### What it finds
Fields of records that are encrypted before they are stored, with their class and with what does it:
`encrypts :token` of Active Record, `attr_encrypted` and `has_encrypted`, casts of Laravel
(`'token' => 'encrypted'`) and setters of its models that call `encrypt`, converters of JPA whose name says that they encrypt, fields of Python whose type is
called `Encrypted…`, fields of Ecto with such a type. What they stand below in a condition of their class.

### What it does not find
Values that code encrypts by a call before it stores them; where their keys are kept.
",
    reads: &[Reads::Own(&[
        Language::Elixir,
        Language::Java,
        Language::Kotlin,
        Language::Php,
        Language::Python,
        Language::Ruby,
    ])],
    markers: &[
        "encrypts :",
        "attr_encrypted :",
        "has_encrypted :",
        "'encrypted",
        "\"encrypted",
        "AsEncrypted",
        "@Convert(",
        "Encrypted",
        "encrypt(",
        "encryptString(",
    ],
    run: extract,
};

/// Fields of one file at most.
const MOST: usize = 60;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    // What a step of a schema says of a field, its class says for all.
    // Steps of Alembic lie in a folder of a name that much else has.
    let alembic = file.language == Language::Python && file.text.contains("down_revision");
    let step = file
        .folder()
        .split('/')
        .any(|part| matches!(part, "migrations" | "migrate") || part == "versions" && alembic);
    if scan::part(file) != Part::Own || paths::is_test(file.path) || step {
        return;
    }
    let mut class = "";
    let mut found = 0;
    let lines: Vec<&str> = file.text.lines().collect();
    for (index, line) in lines.iter().enumerate() {
        let text = line.trim();
        if text.starts_with(['#', '*', '/']) {
            continue;
        }
        if let Some(name) = class_of(text, file.language) {
            class = name;
        }
        let fields =
            match file.language {
                Language::Ruby => ruby(text),
                Language::Php => php(text)
                    .or_else(|| php_setter(text, lines.get(index + 1..).unwrap_or_default())),
                Language::Python => python(text)
                    .or_else(|| python_below(text, lines.get(..index).unwrap_or_default())),
                Language::Elixir => elixir(text),
                _ => java(text, lines.get(index + 1..).unwrap_or_default()),
            };
        let Some((fields, by)) = fields else {
            continue;
        };
        if class.is_empty() {
            continue;
        }
        let when = match file.language {
            Language::Ruby => condition(&lines, index),
            _ => None,
        };
        let detail = match when {
            Some(when) => format!("{by}; {when}"),
            None => by.to_owned(),
        };
        for field in fields {
            if found < MOST {
                found += 1;
                let name = format!("{ENCRYPTED_FIELD}{class}.{field}");
                let line = u32::try_from(index + 1).unwrap_or(u32::MAX);
                scan::mark(
                    acc,
                    file,
                    line,
                    Topic::Encryption,
                    name,
                    Some(detail.clone()),
                );
            }
        }
    }
}

fn word(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    &text[..end.unwrap_or(text.len())]
}

fn class_of(text: &str, language: Language) -> Option<&str> {
    let head = match language {
        Language::Elixir => return text.strip_prefix("schema \"").map(word),
        Language::Ruby | Language::Python => text.strip_prefix("class ")?,
        _ => {
            let at = text.find("class ")?;
            let before = text[..at].trim();
            const WORDS: [&str; 8] = [
                "public", "final", "abstract", "data", "open", "readonly", "internal", "static",
            ];
            if !before.split_whitespace().all(|w| WORDS.contains(&w)) {
                return None;
            }
            &text[at + 6..]
        }
    };
    let end = head.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == ':'));
    let name = &head[..end.unwrap_or(head.len())];
    let name = name.trim_end_matches(':');
    (!name.is_empty()).then_some(name)
}

/// `encrypts :token, :secret, deterministic: true`
/// (<https://guides.rubyonrails.org/active_record_encryption.html>).
fn ruby(text: &str) -> Option<(Vec<&str>, &'static str)> {
    let (head, rest) = text.split_once(' ')?;
    let by = match head {
        "encrypts" => "Active Record",
        "attr_encrypted" => "attr_encrypted",
        "has_encrypted" => "Lockbox",
        _ => return None,
    };
    let names = rest.split(',').map(str::trim);
    let names = names.map_while(|part| part.strip_prefix(':'));
    let names: Vec<&str> = names.map(word).filter(|n| !n.is_empty()).collect();
    (!names.is_empty()).then_some((names, by))
}

/// `'token' => 'encrypted:array'`, `'token' => AsEncryptedCollection::class`
/// (<https://laravel.com/docs/eloquent-mutators#encrypted-casting>).
fn php(text: &str) -> Option<(Vec<&str>, &'static str)> {
    let (key, value) = text.split_once("=>")?;
    let key = key.trim().trim_matches(['\'', '"']);
    let value = value.trim().trim_end_matches(',');
    let plain = value.trim_matches(['\'', '"']);
    let is = plain.len() + 2 == value.len()
        && (plain == "encrypted" || plain.starts_with("encrypted:"))
        || plain.starts_with("AsEncrypted") && plain.ends_with("::class");
    (is && !key.is_empty() && word(key) == key).then(|| (vec![key], "a cast of Laravel"))
}

/// `token = EncryptedCharField(…)`, `token = Column(EncryptedType(String, key))`.
fn python(text: &str) -> Option<(Vec<&str>, &'static str)> {
    let (name, value) = text.split_once(" = ").or_else(|| text.split_once(": "))?;
    let name = name.split(':').next().unwrap_or(name).trim();
    let at = value.find("Encrypted")?;
    let kind = word(&value[at..]);
    let calls = value[at + kind.len()..].starts_with('(');
    let of_field = ["Field", "Type"].iter().any(|end| kind.ends_with(end));
    (calls && of_field && word(name) == name).then(|| (vec![name], "the type of the field"))
}

/// `StringEncryptedType(key=…, …)` in a line of its own, below `token = Column(`.
fn python_below<'t>(text: &str, above: &[&'t str]) -> Option<(Vec<&'t str>, &'static str)> {
    let kind = word(text);
    let of_field = kind.contains("Encrypted")
        && ["Field", "Type"].iter().any(|end| kind.ends_with(end))
        && text[kind.len()..].starts_with('(');
    let head = above.last()?.trim();
    let (name, value) = head.split_once(" = ").filter(|_| of_field)?;
    let name = name.split(':').next().unwrap_or(name).trim();
    let made = value.ends_with("olumn(");
    (made && word(name) == name).then(|| (vec![name], "the type of the field"))
}

/// How far into a setter its call is looked for.
const SETTER: usize = 14;

/// `public function setTokenAttribute($value) { $this->attributes['token'] = encrypt($value); }`
/// (<https://laravel.com/docs/5.8/eloquent-mutators#defining-a-mutator>), by the attribute that is set.
fn php_setter<'t>(text: &str, below: &[&'t str]) -> Option<(Vec<&'t str>, &'static str)> {
    let head = text.split_once("function set")?.1;
    head.split_once("Attribute(")?;
    let body = below.iter().take(SETTER).map(|line| line.trim());
    let mut body = body.take_while(|line| !line.contains("function "));
    let calls = ["= encrypt(", "= Crypt::encrypt", "= \\Crypt::encrypt"];
    let set = body.find(|line| {
        !line.starts_with(['/', '*', '#']) && calls.iter().any(|call| line.contains(call))
    })?;
    let (_, field) = set.split_once("attributes[")?;
    let field = word(field.trim_start_matches(['\'', '"']));
    (!field.is_empty()).then(|| (vec![field], "a setter of the model"))
}

/// `field :token, MyApp.Encrypted.Binary` (<https://hexdocs.pm/cloak_ecto>).
fn elixir(text: &str) -> Option<(Vec<&str>, &'static str)> {
    let rest = text
        .strip_prefix("field :")
        .or(text.strip_prefix("field(:"))?;
    let (name, kind) = rest.split_once(',')?;
    let kind = kind.trim();
    (kind.contains(".Encrypted.") || kind.starts_with("Encrypted."))
        .then(|| (vec![name.trim()], "the type of the field"))
}

/// `@Convert(converter = TokenEncryptor.class)` with the field below it.
fn java<'t>(text: &str, below: &[&'t str]) -> Option<(Vec<&'t str>, &'static str)> {
    let rest = text.strip_prefix("@Convert(")?;
    let lower = rest.to_ascii_lowercase();
    let encrypts = lower.contains("crypt") && !lower.contains("decryptonly");
    let field = below
        .iter()
        .map(|l| l.trim())
        .find(|l| !l.is_empty() && !l.starts_with('@') && !l.starts_with(['/', '*']))?;
    let head = field.split(['=', ';']).next()?.trim();
    let name = match head.split_once(':') {
        // `var token: String`
        Some((before, _)) => before.split_whitespace().next_back()?,
        None => head.split_whitespace().next_back()?,
    };
    (encrypts && word(name) == name).then(|| (vec![name], "a converter"))
}

/// The condition of a block around a line, by how far lines are indented.
fn condition(lines: &[&str], index: usize) -> Option<String> {
    let depth = |line: &str| line.len() - line.trim_start().len();
    let mut own = depth(lines.get(index)?);
    for line in lines.get(..index)?.iter().rev() {
        if line.trim().is_empty() || depth(line) >= own {
            continue;
        }
        own = depth(line);
        let text = line.trim();
        if text.starts_with("class ") || own == 0 {
            return None;
        }
        if (text.starts_with("if ") || text.starts_with("unless ")) && text.len() <= 90 {
            return Some(text.to_owned());
        }
        if text.starts_with("else") || text.starts_with("if ") {
            return Some("under a condition".to_owned());
        }
    }
    None
}
