//! Files of Ehcache: how long its caches keep what.

use crate::extractor::{Extractor, Reads};
use crate::facts::FileFacts;
use crate::scan;
use crate::source::SourceFile;
use groundplan_model::Topic;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "ehcache",
    docs: "\
### What it finds
Caches of `ehcache*.xml` by their names, with how long an entry lives and how many there are at most
(<https://www.ehcache.org/documentation/2.8/configuration/configuration.html>, and `alias` with `ttl` of version 3).

### What it does not find
Templates of caches, and who puts what into them.
",
    reads: &[Reads::Paths(&["ehcache*.xml", "*-ehcache.xml"])],
    markers: &["<cache"],
    run: extract,
};

/// Caches of one file at most.
const MOST: usize = 60;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::is_test(file.path) {
        return;
    }
    let text = without_comments(file.text);
    let mut found = 0;
    for (at, _) in text.match_indices("<cache ") {
        let Some(rest) = text.get(at..) else { break };
        let Some(end) = rest.find('>').filter(|_| found < MOST) else {
            break;
        };
        let head = rest.get(..end).unwrap_or_default();
        let body = match head.ends_with('/') {
            true => "",
            false => rest
                .get(end..)
                .and_then(|b| b.split("</cache>").next())
                .unwrap_or_default(),
        };
        let third = attribute(head, "alias");
        let Some(name) = third.or_else(|| attribute(head, "name")) else {
            continue;
        };
        let lives = match third {
            Some(_) => of_third(head, body),
            None => of_second(head),
        };
        // What has no place in memory goes to the disk, and is kept all the same.
        let overflows = ["overflowToDisk", "overflowToOffHeap"]
            .iter()
            .any(|key| attribute(head, key).is_some_and(|value| value != "false"))
            || body.contains("<persistence");
        let most = ["maxElementsInMemory", "maxEntriesLocalHeap"];
        let most = most
            .iter()
            .find_map(|key| attribute(head, key))
            .filter(|n| is_whole(n) && *n != "0" && !overflows);
        let most = most.map(|most| format!("{most} entries at most"));
        let parts: Vec<String> = lives.into_iter().chain(most).collect();
        let detail = (!parts.is_empty()).then(|| parts.join(", "));
        found += 1;
        let line = file.lines().line_of(at);
        scan::mark(acc, file, line, Topic::CacheUse, name, detail);
    }
}

/// The text with blanks in place of its comments.
fn without_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("<!--") {
        out.push_str(before);
        let (comment, after) = behind.split_once("-->").unwrap_or((behind, ""));
        let blank = comment.bytes().map(|b| if b == b'\n' { '\n' } else { ' ' });
        out.push_str("    ");
        out.extend(blank);
        out.push_str("   ");
        rest = after;
    }
    out.push_str(rest);
    out
}

/// The value of an attribute of a tag.
fn attribute<'t>(head: &'t str, key: &str) -> Option<&'t str> {
    let mut all = head.match_indices(key);
    let at = all.find_map(|(at, _)| {
        let own = head.get(..at)?.ends_with(char::is_whitespace);
        let rest = head
            .get(at + key.len()..)?
            .trim_start()
            .strip_prefix('=')?
            .trim_start();
        own.then_some(rest)
    })?;
    let quote = at.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    at.get(1..)?.split(quote).next()
}

fn is_whole(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// How long an entry of Ehcache 2 lives; nothing where a file tells it in a way that is not read here.
fn of_second(head: &str) -> Option<String> {
    match attribute(head, "eternal") {
        // Then no time counts.
        Some("true") => return Some("for ever".to_owned()),
        None | Some("false") => {}
        Some(_) => return None,
    }
    let set = |key| attribute(head, key).filter(|n| *n != "0");
    match (set("timeToLiveSeconds"), set("timeToIdleSeconds")) {
        (Some(n), _) => is_whole(n).then(|| format!("{n} s")),
        (None, Some(n)) => is_whole(n).then(|| format!("{n} s after it was last asked for")),
        // Without a time an entry does not expire.
        (None, None) => Some("for ever".to_owned()),
    }
}

/// How long an entry of Ehcache 3 lives: `<expiry><ttl unit="minutes">20</ttl></expiry>`.
fn of_third(head: &str, body: &str) -> Option<String> {
    let time = |tag: &str| {
        let (_, rest) = body.split_once(tag)?;
        let (head, rest) = rest.split_once('>')?;
        let n = rest.split('<').next()?.trim();
        let unit = attribute(head, "unit").unwrap_or("seconds");
        is_whole(n).then(|| format!("{n} {unit}"))
    };
    let idle = || time("<tti").map(|time| format!("{time} after it was last asked for"));
    let told = body.contains("<expiry") && !body.contains("<none");
    let told = told || attribute(head, "uses-template").is_some();
    time("<ttl")
        .or_else(idle)
        .or_else(|| (!told).then(|| "for ever".to_owned()))
}
