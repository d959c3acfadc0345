//! Caches that a program keeps in its own memory.

use crate::conditions;
use crate::extractor::{Extractor, Reads};
use crate::facts::FileFacts;
use crate::scan::{self, Part};
use crate::source::SourceFile;
use groundplan_model::Topic;
use groundplan_syntax::{Code, Language};
use std::cell::LazyCell;
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "memory-caches",
    docs: "\
### What it finds
Maps that a program keeps beyond one call and calls a cache: a variable of the file, a field of a
class or of a structure (`private final Map<String, Price> priceCache = new ConcurrentHashMap<>()`,
`noteCache sync.Map`, `self.cache = {}`), and a type whose name ends with `Cache` and that holds one; of Go also one
that holds something else and has methods that put into it and take out of it. How long an entry is kept, where the
only constant of the file that is named so says it with its unit (`PRICE_TTL_MS = 60 * 1000`).

### What it does not find
What fills and empties them, caches of libraries (their own extractors do), maps that end with their
call, with an object of Ruby or whose entries end with their keys (`WeakMap`), and PHP, whose memory ends
with the request.
",
    reads: &[Reads::Own(&[
        Language::CSharp,
        Language::Go,
        Language::Java,
        Language::JavaScript,
        Language::Kotlin,
        Language::Python,
        Language::Ruby,
        Language::Rust,
        Language::TypeScript,
    ])],
    markers: &["Cache", "cache", "CACHE"],
    run: extract,
};

/// Caches of one file that are told at most.
const MOST: usize = 6;
/// Tokens of a type that are searched for a map.
const BODY: usize = 400;

/// Types of maps, by their names.
const MAPS: [&str; 18] = [
    "Map",
    "HashMap",
    "LinkedHashMap",
    "ConcurrentHashMap",
    "ConcurrentMap",
    "ConcurrentSkipListMap",
    "WeakHashMap",
    "TreeMap",
    "Dictionary",
    "ConcurrentDictionary",
    "DashMap",
    "BTreeMap",
    "LruCache",
    "OrderedDict",
    "defaultdict",
    "WeakValueDictionary",
    "mutableMapOf",
    "TTLCache",
];

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own || file.is_test() {
        return;
    }
    let code = file.code();
    let types = types(code);
    let lasting = LazyCell::new(|| lasting(code));
    let mut told: Vec<&str> = Vec::new();
    let mut mark = |name, at| {
        if told.len() < MOST && !told.contains(&name) {
            told.push(name);
            let line = code.line(at);
            scan::mark(acc, file, line, Topic::CacheUse, name, lasting.clone());
        }
    };
    for (name, at, _) in types.iter().filter(|(name, ..)| !stands_in(name)) {
        mark(name, *at);
    }
    for (name, at) in kept(code, file.text) {
        mark(name, at);
    }
    // In a function a variable ends with its call.
    let inside = |at: usize| match code.language {
        // So does a parameter.
        Language::Go => conditions::in_function(code, at),
        _ => conditions::is_inside(code, at),
    };
    for at in 0..code.tokens.len() {
        let Some(name) = code.ident(at).filter(|name| is_cache(name)) else {
            continue;
        };
        let of_type = types.iter().any(|(_, _, body)| body.contains(&at));
        if of_type || !holds_map(code, at) {
            continue;
        }
        // What an object of Ruby holds ends with it, as a rule with one request or job.
        let of_class = |at: usize| {
            code.language != Language::Ruby
                || code.raw(at - 1).ends_with("@@")
                || code.raw(at - 2).ends_with('@')
                || of_class_itself(code, at)
                || file.text.contains("class << self")
        };
        let own = at > 1
            && (code.is_byte(at - 1, b'.') && matches!(code.raw(at - 2), "this" | "self")
                || code.raw(at - 1).ends_with('@') && of_class(at));
        if own || !inside(at) {
            mark(name, at);
        }
    }
}

/// Whether a variable of Ruby is that of a class and not of its objects: it stands in no method, or in one of the class
/// (`def self.of`).
fn of_class_itself(code: &Code<'_>, at: usize) -> bool {
    let mut before = (at.saturating_sub(600)..at).rev();
    let method = before.find(|&i| code.is(i, "def"));
    method.is_none_or(|i| code.is(i + 1, "self"))
}

/// What a constant of the file says of how long an entry is kept, if one alone does: a product of whole numbers
/// under a name that tells its unit.
fn lasting(code: &Code<'_>) -> Option<String> {
    const UNITS: [(&str, &str); 7] = [
        ("_MS", "ms"),
        ("_MILLIS", "ms"),
        ("_SECONDS", "s"),
        ("_SECS", "s"),
        ("_MINUTES", "min"),
        ("_HOURS", "h"),
        ("_DAYS", "days"),
    ];
    let mut all = (0..code.tokens.len()).filter_map(|at| {
        let name = code.ident(at).filter(|n| n.len() > 5)?.as_bytes();
        let ends = |end: &str| {
            let tail = name
                .len()
                .checked_sub(end.len())
                .and_then(|at| name.get(at..));
            tail.is_some_and(|tail| tail.eq_ignore_ascii_case(end.as_bytes()))
        };
        let (_, unit) = UNITS.iter().find(|(end, _)| ends(end))?;
        if !name
            .windows(3)
            .any(|part| part.eq_ignore_ascii_case(b"TTL"))
        {
            return None;
        }
        let n = scan::product(code, at + 2).filter(|_| code.is(at + 1, "="))?;
        Some(format!("{n} {unit}"))
    });
    let first = all.next()?;
    all.next().is_none().then_some(first)
}

/// Whether a name has the word: `noteCache`, `_cache`, `PRICE_CACHE`, but not `cached_at`, `cacheKey`.
fn is_cache(name: &str) -> bool {
    let end = name.trim_end_matches('_').trim_end_matches(['s', 'S']);
    let word = end.len().checked_sub("cache".len());
    word.and_then(|at| end.get(at..))
        .is_some_and(|word| word.eq_ignore_ascii_case("cache"))
        && !name.eq_ignore_ascii_case("usecache")
}

/// Whether a name says that it stands in for a cache: such a one keeps nothing.
fn stands_in(name: &str) -> bool {
    const WORDS: [&str; 9] = [
        "disabled", "dummy", "fake", "mock", "no_op", "noop", "nop", "null", "stub",
    ];
    let lower = name.to_ascii_lowercase();
    // A word ends where the next begins: `NullCache`, not `NullableCache`.
    let ends = |word: &str| {
        let next = name.as_bytes().get(word.len());
        !next.is_some_and(u8::is_ascii_lowercase)
    };
    (WORDS.iter()).any(|word| lower.starts_with(word) && ends(word))
}

/// Types that are called a cache and hold a map: the name, its token and the tokens between the brackets.
fn types<'t>(code: &Code<'t>) -> Vec<(&'t str, usize, Range<usize>)> {
    let mut all = Vec::new();
    for at in 1..code.tokens.len() {
        let declares = || matches!(code.raw(at - 1), "class" | "struct" | "type" | "object");
        let name = code
            .ident(at)
            .filter(|n| n.ends_with("Cache") && declares());
        let Some(name) = name else { continue };
        let Some(open) = (at..at + 24).find(|&i| code.is_byte(i, b'{')) else {
            continue;
        };
        let between = |word: &str| (at..open).any(|i| code.is(i, word));
        if code.is(at - 1, "type") && !between("struct") || between(";") {
            continue;
        }
        let Some(close) = code.partner(open) else {
            continue;
        };
        if (open + 1..close.min(open + BODY)).any(|i| is_map(code, i)) {
            all.push((name, at, open..close));
        }
    }
    all
}

/// Types of Go that are called a cache and have methods that put into it and take out of it: what they hold
/// may be a table or a folder.
fn kept<'t>(code: &Code<'t>, text: &str) -> Vec<(&'t str, usize)> {
    if code.language != Language::Go {
        return Vec::new();
    }
    const PUTS: [&str; 6] = ["Add", "Insert", "Put", "Set", "Store", "Write"];
    const TAKES: [&str; 7] = ["Delete", "Expire", "Find", "Get", "Load", "Read", "Remove"];
    let mut all = Vec::new();
    for at in 1..code.tokens.len() {
        let declares = code.is(at - 1, "type") && (at + 1..at + 8).any(|i| code.is(i, "struct"));
        let Some(name) = code.ident(at).filter(|name| declares && is_cache(name)) else {
            continue;
        };
        if stands_in(name) {
            continue;
        }
        let has = |verbs: &[&str]| {
            let methods = text.lines().filter_map(|line| line.strip_prefix("func ("));
            let mut own = methods.filter_map(|line| {
                let (receiver, rest) = line.split_once(") ")?;
                let kind = receiver.rsplit([' ', '*']).next()?.split('[').next()?;
                (kind == name).then_some(rest)
            });
            // `Set(`, `SetRate(`, not `Settings(`.
            let ends = |c: char| c == '(' || c.is_ascii_uppercase();
            let says = |rest: &str, verb: &str| {
                rest.strip_prefix(verb).is_some_and(|r| r.starts_with(ends))
            };
            own.any(|rest| verbs.iter().any(|verb| says(rest, verb)))
        };
        if has(&PUTS) && has(&TAKES) {
            all.push((name, at));
        }
    }
    all
}

/// Whether a token names a map: `map[` of Go, `sync.Map`, `new Map`, `ConcurrentHashMap`.
fn is_map(code: &Code<'_>, at: usize) -> bool {
    if code.language == Language::Go {
        return code.is(at, "map") && code.is_byte(at + 1, b'[')
            || code.is(at, "Map") && at > 1 && code.is(at - 2, "sync");
    }
    MAPS.contains(&code.raw(at))
}

/// Whether the statement in which a name stands gives it a map, or declares it as one.
fn holds_map(code: &Code<'_>, at: usize) -> bool {
    let line = code.line(at);
    let same = |i: &usize| code.line(*i) == line;
    let first = (0..at).rev().take_while(same).last().unwrap_or(at);
    let end = (at..code.tokens.len())
        .take_while(same)
        .last()
        .unwrap_or(at)
        + 1;
    let next = code.raw(at + 1);
    match code.language {
        Language::Go => {
            // `cache map[string]T`, `cache sync.Map`, `cache = make(map[…]…)`, `cache := …` of a call.
            let typed = matches!(next, "map" | "sync");
            let given = next == "=" && (at..end.min(at + 6)).any(|i| is_map(code, i));
            typed && is_map(code, if next == "map" { at + 1 } else { at + 3 }) || given
        }
        Language::Python | Language::Ruby => {
            let Some(equals) = (at + 1..end).find(|&i| code.is(i, "=") || code.is(i, "||=")) else {
                return false;
            };
            // `cache: dict[str, Price] = {}`, not `get(cache=x)`.
            let plain = equals == at + 1 || code.is_byte(at + 1, b':') || code.is(at + 1, "|");
            let empty = code.is_byte(equals + 1, b'{') && code.is_byte(equals + 2, b'}');
            let made = matches!(code.raw(equals + 1), "dict" | "OrderedDict" | "defaultdict")
                || code.is(equals + 1, "Hash") && code.is(equals + 3, "new")
                || code.is(equals + 1, "Concurrent") && (equals..end).any(|i| code.is(i, "Map"));
            plain && (empty || made)
        }
        Language::Rust => {
            // A field or a static: `cache: Mutex<HashMap<String, Price>>`.
            code.is_byte(at + 1, b':') && (at + 2..end).any(|i| is_map(code, i))
        }
        _ => {
            let declared = matches!(next, "=" | ":" | ";");
            let declared = declared && !(first..at).any(|i| matches!(code.raw(i), "(" | "return"));
            let after = (at..end).any(|i| is_map(code, i) && made(code, i));
            let before = (first..at).any(|i| is_map(code, i)) && matches!(next, "=" | ";");
            declared && (after || before)
        }
    }
}

/// Whether a map is made or is the type of what is declared, not one that is handed on.
fn made(code: &Code<'_>, at: usize) -> bool {
    let before = code.raw(at.wrapping_sub(1));
    before == "new" || code.is(at, "mutableMapOf") || matches!(before, ":" | "=" | "readonly")
}

#[cfg(test)]
mod tests {
    use super::is_cache;

    #[test]
    fn names_of_caches_end_with_the_word() {
        for name in ["noteCache", "_cache", "PRICE_CACHE", "caches", "cache_"] {
            assert!(is_cache(name), "{name}");
        }
        for name in ["cachedAt", "cacheKey", "cache_ttl", "useCache"] {
            assert!(!is_cache(name), "{name}");
        }
    }
}
