//! What the files of `config/` of Laravel give under the keys by which code asks for them.

use crate::extractor::{Extractor, Reads};
use crate::extractors::laravel_stores::{environment, variables};
use crate::facts::{Claim, FileFacts, Handler};
use crate::paths;
use crate::php;
use crate::secrets;
use crate::source::SourceFile;
use groundplan_syntax::{Code, Language};
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "laravel-config",
    docs: "\
### What it finds
Keys of files of `config/` whose value is a number, an address, or a variable of the environment with its default,
so that `config('billing.url')` in code leads to them. Defaults of secrets are not kept.

### What it does not find
Values that code computes.
",
    reads: &[Reads::Paths(&["**/config/*.php"])],
    markers: &["return [", "return array("],
    run: extract,
};

/// What stands before the name of a file among the names of handlers.
pub(crate) const CONFIG: &str = "config ";

/// Begin of what stands for the value of a key, and for the name of the variable that holds it.
pub(crate) const VALUE: &str = "{config:";
pub(crate) const NAME: &str = "{config-name:";

/// Keys of a file, and lists in lists, at most.
const MOST: usize = 200;
const DEEPEST: u8 = 5;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if php::is_foreign(file.path) || paths::is_test(file.path) {
        return;
    }
    let code = file.code();
    let Some(root) = returned(code) else { return };
    let mut docs = Vec::new();
    read(code, root, "", &mut docs, 0);
    if docs.is_empty() {
        return;
    }
    let stem = file.name().trim_end_matches(".php");
    let handler = Handler {
        name: format!("{CONFIG}{stem}"),
        docs,
        ..Handler::default()
    };
    let line = code.line(root);
    acc.add(file, line, line, Claim::Handler(Box::new(handler)));
}

/// The list that a file of `config/` returns.
pub(super) fn returned(code: &Code<'_>) -> Option<usize> {
    (0..code.tokens.len())
        .filter(|&at| code.is(at, "return"))
        .find_map(|at| php::list_at(code, &(at + 1..code.tokens.len())))
}

fn read(code: &Code<'_>, open: usize, above: &str, docs: &mut Vec<(String, String)>, depth: u8) {
    for (key, value) in php::entries(code, open) {
        let Some(key) = key.and_then(|key| php::text(code, &key)) else {
            continue;
        };
        let whole = format!("{above}{key}");
        if let Some(inner) = php::list_at(code, &value).filter(|_| depth < DEEPEST) {
            read(code, inner, &format!("{whole}."), docs, depth + 1);
        } else if let Some(told) = environment(code, &value, 0).filter(|t| !t.is_empty())
            && docs.len() < MOST
        {
            let kept = match variables(&told) {
                Some((names, value)) => {
                    let name = names.first().copied().unwrap_or_default();
                    // `'password' => env('DB_ADMIN', env('DB_ROOT', 'hunter2'))`: each name tells it, and the key.
                    let mut telling = names.iter().copied().chain([key.as_str()]);
                    let hidden = telling.any(|name| secrets::holds_secret(name, value));
                    let inner = told.strip_prefix("{env:").and_then(|t| t.strip_suffix('}'));
                    match inner.and_then(|inner| inner.split_once(':')) {
                        Some((_, default)) if !hidden && !default.is_empty() => {
                            let open = secrets::without_credentials(default);
                            format!("{{env:{name}:{open}}}")
                        }
                        _ => format!("{{env:{name}}}"),
                    }
                }
                // Of literals those that somebody may be reached at, and numbers.
                None => {
                    let number = told.bytes().all(|b| b.is_ascii_digit());
                    let told = secrets::without_credentials(&told);
                    if !(number || told.contains("://")) || secrets::holds_secret(&key, &told) {
                        continue;
                    }
                    told
                }
            };
            docs.push((whole, kept));
        }
    }
}

/// The placeholder for what `config('a.b')` gives at a token, and the token behind it.
pub(crate) fn asked(code: &Code<'_>, at: usize, begin: &str) -> Option<(String, usize)> {
    let behind = |a: u8, b: u8| at > 1 && code.is_byte(at - 2, a) && code.is_byte(at - 1, b);
    let own = !behind(b'-', b'>') && !behind(b':', b':');
    let open = Some(at + 1).filter(|&open| code.is_byte(open, b'('));
    let open = open.filter(|_| code.is(at, "config") && own)?;
    let close = code.partner(open)?;
    let first: Range<usize> = code.arguments(open).into_iter().next()?;
    let key = php::text(code, &first)?;
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    let sound = code.language == Language::Php && key.contains('.') && key.chars().all(plain);
    sound.then(|| (format!("{begin}{key}}}"), close + 1))
}
