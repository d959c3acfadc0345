//! Words that speak against an absence, found in every text file that was opened.
//!
//! One pass over the bytes, four at every second place: of each word the five bytes that are
//! rarest in text are known by the two blocks of four in them, and a bitmap tells whether a block
//! is one of these. Places do not depend on one another, so that the pass costs about a nanosecond
//! per byte, whatever the number of words.

use crate::facts::{FileFacts, Mentioned};
use crate::mention_aside::is_aside;
use crate::mention_meant::{describes_autoscalers, is_offered, means_other};
use crate::mention_place;
use crate::mention_syntax;
use crate::paths;
use crate::redact;
use crate::source::SourceFile;
use groundplan_knowledge::{SHORTEST_WORD, absence_topics};
use groundplan_syntax::Language;
use groundplan_syntax::blocks::{BITS, Bits, block, folded, next_even, rarest, slot_folded};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// What is longer is data or a bundle, not what somebody wrote.
const MOST_BYTES: usize = 256 * 1024;
/// The same for JSON, which holds messages, dashboards and tests by the megabyte.
const MOST_JSON: usize = 32 * 1024;

/// A word and the topic that it belongs to, both as positions.
struct Word {
    text: &'static [u8],
    /// Where its rarest five bytes begin.
    rarest: usize,
    topic: u16,
    word: u16,
}

struct Table {
    /// A bit for each hash of a block.
    bits: Box<Bits>,
    /// For each hash the first of its blocks, from 1.
    heads: Vec<u16>,
    /// The blocks from 1 on: a word has two, 2 × its position + 1 and + 2.
    blocks: Vec<Block>,
    words: Vec<Word>,
    topics: usize,
}

/// A block of a word with the fifth byte of its rarest, which together tell nearly all of what only
/// looks alike before the word itself is looked at.
#[derive(Clone, Default)]
struct Block {
    /// Its bytes in small letters.
    bytes: u32,
    /// The byte behind it, of the second block that before it, in small letters.
    fifth: u8,
    /// The next block with the same hash; 0 for none.
    next: u16,
}

impl Block {
    /// Whether it stands at `place` of the text; `second` tells which of the two it is.
    fn stands(&self, text: &[u8], place: usize, second: bool) -> bool {
        let fifth = match second {
            true => place.checked_sub(1),
            false => Some(place + 4),
        };
        block(text, place).is_some_and(|here| folded(u32::from_le_bytes(here)) == self.bytes)
            && fifth
                .and_then(|at| text.get(at))
                .is_some_and(|b| b | 0x20 == self.fifth)
    }
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let topics = absence_topics();
        let mut words = Vec::new();
        for (topic, t) in topics.iter().enumerate() {
            for (word, text) in t.words.iter().enumerate() {
                words.push(Word {
                    text: text.as_bytes(),
                    rarest: rarest(text.as_bytes(), SHORTEST_WORD).unwrap_or(0),
                    topic: topic as u16,
                    word: word as u16,
                });
            }
        }
        let mut table = Table {
            bits: Box::new([0; 1 << (BITS - 6)]),
            heads: vec![0; 1 << BITS],
            blocks: vec![Block::default(); 2 * words.len() + 1],
            words,
            topics: topics.len(),
        };
        for (at, word) in table.words.iter().enumerate() {
            for shift in 0..2 {
                let Some(block) = block(word.text, word.rarest + shift) else {
                    continue;
                };
                let (slot, id) = (slot_folded(u32::from_le_bytes(block)), 2 * at + shift + 1);
                table.bits[slot >> 6] |= 1 << (slot & 63);
                let fifth = word.rarest + if shift == 0 { 4 } else { 0 };
                table.blocks[id] = Block {
                    bytes: folded(u32::from_le_bytes(block)),
                    fifth: word.text.get(fifth).copied().unwrap_or_default() | 0x20,
                    next: table.heads[slot],
                };
                table.heads[slot] = id as u16;
            }
        }
        table
    })
}

/// Files whose words say nothing about the system: tests, what machines wrote, legal text, the
/// past, and translations of what the interface says.
fn is_silent(file: &SourceFile) -> bool {
    // Once for all that is asked of the path.
    let lower = paths::lower(file.path);
    let name = paths::split_name(&lower).map_or(&*lower, |(_, name)| name);
    let told = [
        "license",
        "licence",
        "copying",
        "notice",
        "changelog",
        "changes",
        "history",
        "authors",
        "cliff",
    ];
    let stem = name.split('.').next().unwrap_or(name);
    let most = match file.language {
        Language::Json => MOST_JSON,
        _ => MOST_BYTES,
    };
    file.text.len() > most
        || told.contains(&stem)
        || [
            "license",
            "licence",
            "notice",
            "third-party",
            "third_party",
            "3rdparty",
        ]
        .iter()
        .any(|start| stem.starts_with(start))
        || name.contains("issue_template")
        || paths::is_lock_file(&lower)
        || file.is_test()
        || mention_place::is_foreign(file.path)
        || mention_syntax::is_hint_for_compiler(file.path)
        || mention_syntax::is_for_tools(file.path, file.language)
}

/// Whether a word may begin here: after something that is no letter or digit, or at a capital.
fn begins(text: &[u8], at: usize) -> bool {
    let Some(before) = at.checked_sub(1).and_then(|at| text.get(at)) else {
        return true;
    };
    let first = text[at];
    !before.is_ascii_alphanumeric()
        || !first.is_ascii_alphabetic()
        || (first.is_ascii_uppercase() && !before.is_ascii_uppercase())
}

/// Whether a phrase of more than a name begins with a name of its own: `deprecated = true` is no
/// part of `hintsDeprecated = true`.
fn begins_whole(text: &[u8], at: usize, word: &[u8]) -> bool {
    let phrase = word.iter().any(|b| matches!(b, b' ' | b'=' | b':'));
    let before = at.checked_sub(1).and_then(|at| text.get(at));
    !phrase || !before.is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_')
}

/// Whether a word may end here; plurals and the like are the same word.
fn ends(text: &[u8], end: usize) -> bool {
    const MORE: [&[u8]; 10] = [
        b"", b"s", b"d", b"es", b"ed", b"r", b"rs", b"er", b"ers", b"ing",
    ];
    let last = text[end - 1];
    if !last.is_ascii_alphabetic() {
        return true;
    }
    let rest = &text[end..];
    if rest.first().is_some_and(u8::is_ascii_uppercase) && last.is_ascii_lowercase() {
        return true;
    }
    let letters = rest
        .iter()
        .take(5)
        .take_while(|b| {
            b.is_ascii_alphabetic() && (last.is_ascii_uppercase() || b.is_ascii_lowercase())
        })
        .count();
    MORE.iter()
        .any(|m| m.eq_ignore_ascii_case(&rest[..letters]))
}

/// Whether the name around a word means something else by it.
fn is_but(file: &SourceFile, at: usize, end: usize, but: &[String]) -> bool {
    if but.is_empty() {
        return false;
    }
    let text = file.text.as_bytes();
    let part = |b: &&u8| b.is_ascii_alphanumeric() || matches!(**b, b'_' | b'-' | b'.');
    let before = text[..at].iter().rev().take_while(part).count();
    let after = text[end..].iter().take_while(part).count();
    let name = file.text.get(at - before..end + after);
    name.is_some_and(|name| {
        let name = name.to_ascii_lowercase();
        but.iter().any(|b| name.contains(b.as_str()))
    })
}

/// Whether a place in `package.json` names types alone, or what only those who build need: neither
/// is part of what runs.
fn is_of_tools(file: &SourceFile, at: usize) -> bool {
    if file.name() != "package.json" {
        return false;
    }
    let before = file.text.get(..at).unwrap_or_default();
    if before.ends_with("@types/") {
        return true;
    }
    let list = before.rfind("ependencies\"").and_then(|n| before.get(..n));
    list.is_some_and(|b| b.ends_with("\"devD"))
        && !before
            .rfind("ependencies\"")
            .and_then(|n| before.get(n..))
            .is_some_and(|b| b.contains('}'))
}

/// Whether a line of `go.mod` names what only packages of others need, or a module whose packages are about many
/// things: which of them is used, the imports of code say.
fn is_indirect(file: &SourceFile, at: usize) -> bool {
    file.name() == "go.mod"
        && file.text.get(at..).is_some_and(|rest| {
            let line = rest.lines().next().unwrap_or_default();
            let before = file.text.get(..at).unwrap_or_default();
            let before = before.rsplit('\n').next().unwrap_or_default();
            line.ends_with("// indirect") || before.contains("golang.org/x/")
        })
}

/// The topics whose thing a file is by its name, by stem.
fn named() -> &'static BTreeMap<&'static str, Vec<u16>> {
    static NAMED: OnceLock<BTreeMap<&'static str, Vec<u16>>> = OnceLock::new();
    NAMED.get_or_init(|| {
        let mut all: BTreeMap<&'static str, Vec<u16>> = BTreeMap::new();
        for (topic, t) in absence_topics().iter().enumerate() {
            for stem in &t.files {
                all.entry(stem).or_default().push(topic as u16);
            }
        }
        all
    })
}

/// Position of the word where the name of the file is it.
pub(crate) const BY_NAME: u16 = u16::MAX - 1;
/// Position of the word where the folder of the file is it.
pub(crate) const BY_FOLDER: u16 = u16::MAX - 2;
/// Position of the word where the name of the class that the file holds has it among its words.
pub(crate) const BY_PART: u16 = u16::MAX;

/// Whether a mention is by a name of a file or folder.
pub(crate) fn is_by_name(word: u16) -> bool {
    word >= BY_FOLDER
}

/// The topics that the name of a file speaks of, each with how: the name itself, a word of the name of
/// the class, or the folder.
fn by_names(file: &SourceFile) -> Vec<(u16, u16)> {
    let name = file.name();
    let whole = name.split('.').next().unwrap_or_default();
    let mut all: Vec<(u16, u16)> = Vec::new();
    let mut add = |stem: &str, how: u16| {
        for &topic in named().get(stem).map_or(&[][..], Vec::as_slice) {
            let of = absence_topics().get(usize::from(topic));
            let lower = paths::lower(name);
            // What documents say better is in code often what the product is about.
            let but = of
                .is_some_and(|t| t.documented || t.but.iter().any(|b| lower.contains(b.as_str())));
            if !all.iter().any(|(known, _)| *known == topic) && (how == BY_NAME || !but) {
                all.push((topic, how));
            }
        }
    };
    add(&paths::lower(whole), BY_NAME);
    if !file.language.is_code() {
        return all;
    }
    if let Some(folder) = file.path.rsplit('/').nth(1) {
        add(&paths::lower(folder), BY_FOLDER);
    }
    // `PermissionApplicator` of a language where a file is a class.
    let class = whole.starts_with(|c: char| c.is_ascii_uppercase());
    let capitals = whole.match_indices(|c: char| c.is_ascii_uppercase());
    let mut starts: Vec<usize> = capitals.map(|(at, _)| at).collect();
    starts.push(whole.len());
    for pair in starts.windows(2).filter(|_| class) {
        let word = whole.get(pair[0]..pair[1]).unwrap_or_default();
        if word.len() > 4 {
            add(&paths::lower(word), BY_PART);
        }
    }
    all
}

/// Whether a name is set to what switches it off: `authenticate=false`, `backup: off`.
fn is_off(text: &[u8], end: usize) -> bool {
    let part = |b: &u8| b.is_ascii_alphanumeric() || matches!(*b, b'_' | b'-' | b'.');
    let rest = text.get(end..).unwrap_or_default();
    let name = rest.iter().take_while(|b| part(b)).count();
    let rest = rest[name..].iter().take(16);
    let mut rest = rest.filter(|b| !matches!(**b, b' ' | b'"' | b'\''));
    if !rest.next().is_some_and(|b| matches!(*b, b'=' | b':')) {
        return false;
    }
    let value: Vec<u8> = rest
        .take_while(|b| b.is_ascii_alphabetic())
        .map(u8::to_ascii_lowercase)
        .collect();
    matches!(value.as_slice(), b"false" | b"off" | b"disabled")
}

/// Whether a line of `pom.xml` names what is left out of a package.
fn is_excluded(file: &SourceFile, at: usize) -> bool {
    if file.name() != "pom.xml" {
        return false;
    }
    let before = file.text.get(..at).unwrap_or_default();
    let open = before.rfind("<exclusions>");
    open.is_some_and(|open| {
        before
            .rfind("</exclusions>")
            .is_none_or(|close| close < open)
    })
}

/// Notes for each topic the surest word of it that stands in the file as a name, and its line.
pub(crate) fn note(facts: &mut FileFacts, file: &SourceFile) {
    let text = file.text.as_bytes();
    if text.len() < SHORTEST_WORD || facts.vendored || is_silent(file) {
        return;
    }
    // The name of a page or a picture says nothing of what runs.
    let page = [".tsx", ".jsx", ".blade.php"]
        .iter()
        .any(|end| file.path.ends_with(end));
    let document = mention_place::is_document(file.path, file.language);
    let telling = file.language.is_code() && !page
        || matches!(
            file.language,
            Language::Yaml | Language::Shell | Language::Terraform
        )
        || document;
    let by_name = match telling && !is_offered(file) {
        true => by_names(file),
        false => Vec::new(),
    };
    let aside = |topic: u16| {
        let of = absence_topics().get(usize::from(topic));
        of.is_some_and(|t| {
            is_aside(&t.id, file.path, document)
                || t.id == "autoscaler" && describes_autoscalers(file)
        })
    };
    for &(topic, how) in by_name.iter().filter(|(topic, _)| !aside(*topic)) {
        let text = match how {
            BY_FOLDER => {
                let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
                format!("{folder}/")
            }
            _ => file.name().to_owned(),
        };
        facts.mentions.push(Mentioned {
            topic,
            word: how,
            text,
            line: 1,
            hash: file.evidence(1, 1).hash,
            said: String::new(),
        });
    }
    // Tests of Rust stand at the end of the file that they try.
    let tests = || file.text.find("#[cfg(test)]\nmod ");
    let own = (file.language == Language::Rust).then(tests).flatten();
    let text = own.and_then(|end| text.get(..end)).unwrap_or(text);
    let table = table();
    let topics = absence_topics();
    // The surest word of each topic: the first in its list.
    let mut best: Vec<Option<(u8, usize, &Word)>> = vec![None; table.topics];
    let (mut offers, mut whole) = (None, None);
    let mut place = 0;
    while let Some(found) = next_even(&table.bits, text, place) {
        place = found.0;
        let slot = found.1;
        {
            let mut next = usize::from(table.heads[slot]);
            while next > 0 {
                let (block, shift) = (&table.blocks[next], (next - 1) % 2);
                let word = &table.words[(next - 1) / 2];
                next = usize::from(block.next);
                if !block.stands(text, place, shift == 1) {
                    continue;
                }
                let Some(at) = place.checked_sub(word.rarest + shift) else {
                    continue;
                };
                let end = at + word.text.len();
                let kept = &mut best[usize::from(word.topic)];
                let same = kept.is_none_or(|(rank, _, k)| (0, word.word) < (rank, k.word))
                    && text
                        .get(at..end)
                        .is_some_and(|t| t.eq_ignore_ascii_case(word.text));
                if !same
                    || !begins_whole(text, at, word.text)
                    || !begins(text, at)
                    || !ends(text, end)
                    || is_indirect(file, end)
                    || is_off(text, end)
                    || is_excluded(file, at)
                {
                    continue;
                }
                let of = topics.get(usize::from(word.topic));
                let told = of.is_some_and(|t| t.told);
                if of.is_some_and(|t| t.prose)
                    && !mention_place::is_document(file.path, file.language)
                {
                    continue;
                }
                let but = of.map_or(&[][..], |t| t.but.as_slice());
                if is_but(file, at, end, but) || is_of_tools(file, at) {
                    continue;
                }
                // What is marked so in other code is a class or a field.
                if word.text.eq_ignore_ascii_case(b"@deprecated")
                    && !*offers.get_or_insert_with(|| mention_place::offers_operations(file))
                {
                    continue;
                }
                if of.is_some_and(|t| means_other(file, &t.id, at, &mut whole)) {
                    continue;
                }
                let rank = mention_place::rank(file, at, end, told);
                if let Some(rank) = rank
                    && kept.is_none_or(|(r, _, k)| (rank, word.word) < (r, k.word))
                {
                    *kept = Some((rank, at, word));
                }
            }
        }
        place += 2;
    }
    let mut hits: Vec<(usize, &Word)> = best
        .into_iter()
        .flatten()
        .map(|(_, at, word)| (at, word))
        .filter(|(_, word)| !by_name.iter().any(|(topic, _)| *topic == word.topic))
        .filter(|(_, word)| !aside(word.topic))
        .collect();
    hits.sort_by_key(|(at, word)| (*at, word.topic));
    let (mut line, mut counted) = (1, 0);
    for (at, word) in hits {
        line += memchr::memchr_iter(b'\n', &text[counted..at]).count() as u32;
        counted = at;
        facts.mentions.push(Mentioned {
            topic: word.topic,
            word: word.word,
            text: mention_place::name(file, at, at + word.text.len()).to_owned(),
            line,
            hash: file.evidence(line, line).hash,
            said: match document {
                true => String::new(),
                false => quotable(file, at).unwrap_or_default().to_owned(),
            },
        });
    }
}

/// The line around a place, if it is one that a sentence can quote: short, without a mark that would end the
/// quotation, and without anything that may be a secret.
fn quotable<'t>(file: &SourceFile<'t>, at: usize) -> Option<&'t str> {
    const LONGEST: usize = 100;
    let begin = mention_place::line_start(file.text, at);
    let end = mention_place::line_end(file.text, at);
    let line = file.text.get(begin..end)?.trim();
    let plain = |c: char| !c.is_control() && c != '`';
    if line.len() > LONGEST || !line.chars().all(plain) {
        return None;
    }
    // The name of a secret may stand on the line before its value.
    let above = file.text.get(..begin)?.lines().next_back();
    let above = above.unwrap_or_default().trim();
    let both = format!("{above} {line}");
    (above.len() <= 4 * LONGEST && !gives_away(file, line) && !holds_secret(&both)).then_some(line)
}

/// Whether a text holds what looks like a secret, or the name of one and something behind it.
fn holds_secret(text: &str) -> bool {
    redact::without_secrets(text) != text || redact::without_tokens(text) != text
}

/// Whether a line may hold a secret without its name: what a caller signs in with, and values in settings whose
/// name stands elsewhere.
fn gives_away(file: &SourceFile<'_>, line: &str) -> bool {
    const CALLS: [&str; 11] = [
        "auth",
        "basic",
        "cred",
        "htpasswd",
        "identified by",
        "login",
        "passphrase",
        " -a ",
        " -u ",
        "--user",
        "hmac",
    ];
    const ELSEWHERE: [&str; 4] = ["content", "data", "default", "value"];
    let lower = line.to_ascii_lowercase();
    let key = lower.trim_start_matches(['-', ' ', '"', '\'']);
    let key = key.split(|c: char| !c.is_ascii_alphabetic()).next();
    let code = file.language.is_code() && file.language != Language::Shell;
    // Without a literal code has only names.
    let literal = !code || line.contains(['"', '\'']);
    literal && CALLS.iter().any(|call| lower.contains(call))
        || !code
            && (key.is_some_and(|key| ELSEWHERE.contains(&key))
                || file.text.contains("kind: Secret"))
}

/// Text files that no extractor reads and that may still hold a word: templates, infrastructure as
/// code, configuration of other programs, scripts of other shells.
pub(crate) fn is_searched(path: &str) -> bool {
    const ENDS: [&str; 52] = [
        "adoc",
        "bat",
        "bicep",
        "cfg",
        "cmd",
        "conf",
        "config",
        "cshtml",
        "cue",
        "dhall",
        "ejs",
        "erb",
        "ftl",
        "gotmpl",
        "groovy",
        "haml",
        "hbs",
        "hcl",
        "htm",
        "html",
        "ini",
        "j2",
        "jinja",
        "jinja2",
        "jsonnet",
        "jsp",
        "libsonnet",
        "liquid",
        "mk",
        "mustache",
        "nix",
        "nomad",
        "php",
        "pl",
        "ps1",
        "pug",
        "razor",
        "rego",
        "rst",
        "service",
        "slim",
        "svelte",
        "tera",
        "tf",
        "tfvars",
        "timer",
        "tmpl",
        "tpl",
        "template",
        "twig",
        "vcl",
        "vue",
    ];
    const NAMES: [&str; 8] = [
        "Brewfile",
        "Jenkinsfile",
        "Justfile",
        "Makefile",
        "Rakefile",
        "Vagrantfile",
        "crontab",
        "justfile",
    ];
    let name = path.rsplit('/').next().unwrap_or(path);
    match name.rsplit_once('.') {
        Some((_, end)) => ENDS.iter().any(|e| e.eq_ignore_ascii_case(end)),
        None => NAMES.contains(&name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_quoted_without_secrets() {
        let said = |path: &str, text: &str| {
            let at = text.find("cache").unwrap_or_default();
            quotable(&SourceFile::new(path, text), at).map(str::to_owned)
        };
        let kept = "cache.set(key, value, 300)";
        assert_eq!(said("a.py", kept).as_deref(), Some(kept));
        assert_eq!(
            said("a.yml", "x: 1\n  cache: on\n").as_deref(),
            Some("cache: on")
        );
        for (path, text) in [
            ("a.py", "cache = connect(password='hunter2')"),
            ("a.py", "connect(\n  PASSWORD=\n  'cache-hunter2')"),
            ("a.py", "cache.auth('ann', 'hunter2')"),
            ("a.py", "cache = connect('redis://ann:hunter2@cache:6379')"),
            ("a.sh", "redis-cli -a hunter2 -h cache"),
            ("a.yml", "- name: CACHE_PASSWORD\n  value: cache-hunter2"),
            ("a.yml", "value: cache-hunter2"),
            ("a.yml", "kind: Secret\nstringData:\n  cache: hunter2"),
            ("a.yml", "x: y\ncache_api_key: hunter2"),
        ] {
            assert_eq!(said(path, text), None, "{text}");
        }
    }

    fn words(path: &str, text: &str) -> Vec<(&'static str, u32)> {
        let file = SourceFile::new(path, text);
        let mut facts = FileFacts::of(&file);
        note(&mut facts, &file);
        let all = facts.mentions.iter();
        all.filter_map(|m| {
            let topic = absence_topics().get(usize::from(m.topic))?;
            Some((topic.words.get(usize::from(m.word))?.as_str(), m.line))
        })
        .collect()
    }

    #[test]
    fn what_a_skeleton_offers_is_not_chosen() {
        let mail = |chosen: &str| {
            format!(
                "<?php\nreturn [\n'default' => env('LOG_CHANNEL', '{chosen}'),\n'papertrail' => ['handler' => SyslogUdpHandler::class],\n];\n"
            )
        };
        let named = |path: &str, chosen: &str| words(path, &mail(chosen)).len();
        assert_eq!(named("config/logging.php", "stack"), 0);
        // One that stands for several is what it stands for.
        let stack = |channels: &str| {
            let stack = format!(
                "'stack' => ['driver' => 'stack', 'channels' => {channels}],\n'papertrail'"
            );
            let text = mail("stack").replace("'papertrail'", &stack);
            words("config/logging.php", &text).len()
        };
        assert_eq!(stack("['daily', 'single']"), 0);
        assert_eq!(stack("explode(',', env('LOG_STACK', 'single'))"), 0);
        assert_ne!(stack("['daily', 'papertrail']"), 0);
        assert_ne!(stack("[\n'daily',\n'papertrail',\n]"), 0);
        let lines = "'stack' => [\n'driver' => 'stack',\n'channels' => ['daily', 'papertrail'],\n],\n'papertrail'";
        let text = mail("stack").replace("'papertrail'", lines);
        assert_ne!(words("config/logging.php", &text), []);
        // Chosen, or a file of the program's own.
        assert_ne!(named("config/logging.php", "papertrail"), 0);
        assert_ne!(named("config/senders.php", "stack"), 0);
    }

    #[test]
    fn words_are_found_where_they_begin_and_end() {
        assert_eq!(words("a.tf", "x\nrun = \"pg_dump\"\n"), [("pg_dump", 2)]);
        assert_eq!(words("a.ex", "doBackup = 1"), [("backup", 1)]);
        // A page shows what somebody may ask for.
        assert_eq!(words("a.vue", "const doBackup = 1"), []);
        assert_eq!(words("a.tf", "Backups = 1"), [("backup", 1)]);
        assert_eq!(
            words("a.go", "w.Header().Set(\"X-Frame-Options\", v)"),
            [("x-frame-options", 1)]
        );
        // Part of another word is none.
        assert_eq!(words("a.go", "unretentioned purgeable"), []);
        assert_eq!(words("a.go", "MyFORBIDDENTOPIC"), []);
        assert_eq!(
            words("go.mod", "\tgithub.com/minio/md5 v1 // indirect\n"),
            []
        );
        assert_eq!(words("go.mod", "\tgolang.org/x/md5 v1\n"), []);
    }

    #[test]
    fn the_surest_word_of_each_topic_is_noted() {
        let all = words("a.py", "purge()\nretention = 3\nbackup()\n");
        assert_eq!(all, [("retention", 2), ("backup", 3)]);
    }

    #[test]
    fn what_a_sentence_denies_is_no_mention() {
        let boast = "A release every month *without* downtime or *breaking changes*.\n";
        assert_eq!(words("README.md", boast), []);
        assert_eq!(words("README.md", "It has no breaking changes.\n"), []);
        let told = "Not for everybody. It has breaking changes.\n";
        assert_eq!(words("README.md", told), [("breaking change", 1)]);
    }

    #[test]
    fn a_deprecated_class_is_no_operation() {
        assert_eq!(words("A.java", "@Deprecated\nclass Old {}\n"), []);
        let text = "@Deprecated\n@GetMapping(\"/queue\")\nObject old() { }\n";
        assert_eq!(words("A.java", text), [("@deprecated", 1)]);
    }

    #[test]
    fn a_file_is_its_thing_by_its_name() {
        let text = "def require(x):\n    return x\n";
        let file = SourceFile::new("app/permissions.py", text);
        let mut facts = FileFacts::of(&file);
        note(&mut facts, &file);
        let told: Vec<(&str, u16)> = facts
            .mentions
            .iter()
            .map(|m| (m.text.as_str(), m.word))
            .collect();
        assert_eq!(told, [("permissions.py", BY_NAME)]);
    }

    #[test]
    fn a_folder_and_a_class_are_their_things_by_their_names() {
        let told = |path: &str, text: &str| -> Vec<(String, u16)> {
            let file = SourceFile::new(path, text);
            let mut facts = FileFacts::of(&file);
            note(&mut facts, &file);
            let all = facts.mentions.iter();
            all.map(|m| (m.text.clone(), m.word)).collect()
        };
        assert_eq!(
            told("app/Permissions/Joint.php", "<?php class Joint {}"),
            [("app/Permissions/".to_owned(), BY_FOLDER)]
        );
        assert_eq!(
            told("src/PermissionApplicator.php", "<?php class A {}"),
            [("PermissionApplicator.php".to_owned(), BY_PART)]
        );
        // A page draws, and a word inside of another is none.
        assert_eq!(told("views/permissions.blade.php", "<?php a();"), []);
        assert_eq!(told("src/Impermissions.php", "<?php class A {}"), []);
    }

    #[test]
    fn what_is_switched_off_or_left_out_is_no_mention() {
        let off = "-Dcom.sun.jmxremote.authenticate=false";
        assert_eq!(words("compose.yaml", &format!("a: \"{off}\"\n")), []);
        assert_eq!(words("a.yaml", "backup: false\n"), []);
        assert_eq!(words("a.yaml", "backup: daily\n"), [("backup", 1)]);
        let pom = "<project><exclusions><exclusion>\n<artifactId>aws-autoscaling</artifactId>\n\
                   </exclusion></exclusions></project>";
        assert_eq!(words("pom.xml", pom), []);
    }

    #[test]
    fn tests_locks_and_the_past_are_silent() {
        for (silent, heard, text) in [
            ("tests/a.py", "a.py", "backup()"),
            ("Cargo.lock", "a.toml", "backup = 1"),
            ("CHANGELOG.md", "GUIDE.md", "# Backup\n\nx"),
            ("web/locales/de.yml", "web/a.yml", "backup: 1"),
        ] {
            assert_eq!(words(silent, text), [], "{silent}");
            assert_eq!(words(heard, text), [("backup", 1)], "{heard}");
        }
        // The folders of a package of Java are no samples.
        let package = "src/main/java/org/acme/samples/clinic/A.java";
        assert_eq!(words(package, "backup()"), [("backup", 1)]);
        assert!(is_searched("infra/main.tf") && is_searched("Makefile"));
        assert!(!is_searched("a.png") && !is_searched("data"));
    }
}
