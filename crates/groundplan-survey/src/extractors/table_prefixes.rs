//! Names that Doctrine gives tables when it runs: a listener that puts a prefix before each.

use crate::extractor::{Extractor, Reads};
use crate::facts::FileFacts;
use crate::paths;
use crate::php;
use crate::scan;
use crate::source::SourceFile;
use groundplan_model::{TABLE_PREFIX, Topic};
use groundplan_syntax::Language;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "table-prefixes",
    docs: "\
### What it finds
Listeners of Doctrine that put a prefix before the names of tables as classes are loaded
(`$metadata->setPrimaryTable(['name' => $this->prefix . $metadata->getTableName()])`), with what the prefix is given
by.

### What it does not find
Strategies of naming that are set in the configuration.
",
    reads: &[Reads::Own(&[Language::Php])],
    markers: &["setPrimaryTable("],
    run: extract,
};

/// Tokens of a prefix at most.
const LONGEST: usize = 8;

/// Tokens of what is set at most.
const FAR: usize = 60;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if php::is_foreign(file.path) || paths::is_test(file.path) {
        return;
    }
    let code = file.code();
    for at in 0..code.tokens.len() {
        if !code.is(at, "setPrimaryTable") || !code.is_byte(at + 1, b'(') {
            continue;
        }
        let Some(close) = code.partner(at + 1).filter(|close| *close < at + FAR) else {
            continue;
        };
        // `'name' => $this->prefix . $metadata->getTableName()`
        let named = |i: &usize| code.string(*i) == Some("name") && code.is_byte(i + 1, b'=');
        let Some(name) = (at + 2..close).find(named) else {
            continue;
        };
        let begin = name + 3;
        let dot = (begin..close.min(begin + LONGEST)).find(|&i| code.is_byte(i, b'.'));
        let (Some(dot), true) = (dot, (at..close).any(|i| code.is(i, "getTableName"))) else {
            continue;
        };
        let prefix: String = (begin..dot).map(|i| code.raw(i)).collect();
        // Nothing stands before the name, what does is the name itself, or it hangs on a condition.
        if prefix.is_empty() || prefix.contains("getTableName") || prefix.contains('?') {
            continue;
        }
        let (line, topic) = (code.line(at), Topic::Stated);
        scan::mark(acc, file, line, topic, TABLE_PREFIX, Some(prefix));
        return;
    }
}
