//! What code does again and again by a timer of its own: `time.NewTicker`, `setInterval`, jobs of a
//! scheduler. Of these only what removes data is told, by the name of what is called. And what an expression of cron
//! is.

use crate::secrets::words_of;
use groundplan_syntax::Code;
use std::ops::Range;

/// Tokens behind a timer that are looked at.
pub(crate) const REACH: usize = 160;

/// The first function in a range that removes data by its name.
pub(crate) fn removal<'t>(code: &Code<'t>, range: Range<usize>) -> Option<&'t str> {
    range
        .filter(|&at| code.is(at + 1, "(") || code.is(at + 1, ",") || code.is(at + 1, ")"))
        .filter_map(|at| code.ident(at))
        .find(|name| removes(name))
}

/// Whether a name says that data is removed: what a process keeps in its memory is none.
fn removes(name: &str) -> bool {
    const MEMORY: [&str; 14] = [
        "buffer",
        "buffers",
        "cache",
        "caches",
        "connections",
        "limiter",
        "limiters",
        "lock",
        "memory",
        "pool",
        "timer",
        "timers",
        "visitor",
        "visitors",
    ];
    const ALONE: [&str; 5] = ["cleanup", "expire", "prune", "purge", "sweep"];
    const VERBS: [&str; 4] = ["clean", "clear", "delete", "remove"];
    const OLD: [&str; 6] = [
        "expired", "obsolete", "old", "orphaned", "outdated", "stale",
    ];
    let words = words_of(name);
    let has = |all: &[&str]| words.iter().any(|w| all.contains(&w.as_str()));
    let first = words.first().map_or("", String::as_str);
    // `cleanup()` alone may stop a server.
    words.len() > 1
        && !has(&MEMORY)
        && (ALONE.contains(&first) || VERBS.contains(&first) && has(&OLD))
}

/// Whether a text is an expression of cron, with or without seconds, or one of its names.
pub(crate) fn is_cron(text: &str) -> bool {
    let fields: Vec<&str> = text.split(' ').filter(|f| !f.is_empty()).collect();
    let plain = |f: &&str| {
        f.chars()
            .all(|c| c.is_ascii_alphanumeric() || "*/,-?#".contains(c))
    };
    let named = matches!(
        text,
        "@hourly" | "@daily" | "@weekly" | "@monthly" | "@yearly" | "@midnight" | "@annually"
    );
    named
        || matches!(fields.len(), 5 | 6)
            && fields.iter().all(plain)
            // A sentence begins with a letter.
            && text.trim_start().starts_with(|c: char| c == '*' || c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::{is_cron, removes};

    #[test]
    fn expressions_of_cron() {
        for text in ["0 3 * * *", "*/5 * * * * *", "0 12 ? * MON-FRI", "@daily"] {
            assert!(is_cron(text), "{text}");
        }
        for text in ["close all orders every day", "0 3 *", "@orders"] {
            assert!(!is_cron(text), "{text}");
        }
    }

    #[test]
    fn names_that_remove_data() {
        for name in ["CleanupExpiredClients", "purge_sends", "deleteOldEvents"] {
            assert!(removes(name), "{name}");
        }
        for name in ["cleanupVisitors", "cleanup", "deleteUser", "expireCache"] {
            assert!(!removes(name), "{name}");
        }
    }
}
