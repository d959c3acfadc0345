//! Products that a framework has built in and that a setting chooses by a word of the framework's own.

use super::seen::{end, uses};
use crate::context::Context;
use crate::text::first_places;
use crate::tree::Text;
use groundplan_model::{Provenance, Setting};

/// What is kept somewhere by the choice of a setting.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kept {
    Cache,
    Jobs,
}

/// A setting of a framework, and what its words choose.
struct Choice {
    framework: &'static str,
    kept: Kept,
    /// Names of the setting, the newer first.
    settings: &'static [&'static str],
    /// Words that need no product beside, with what happens.
    words: &'static [(&'static str, &'static str)],
}

/// Drivers that Laravel has inside (<https://laravel.com/docs/12.x/queues#connections-vs-queues>,
/// <https://laravel.com/docs/12.x/cache#configuration>).
static CHOICES: [Choice; 2] = [
    Choice {
        framework: "Laravel",
        kept: Kept::Cache,
        settings: &["CACHE_STORE", "CACHE_DRIVER"],
        words: &[
            ("array", "What Laravel caches lives as long as the process"),
            (
                "database",
                "What Laravel caches stands in a table of its database",
            ),
            ("file", "What Laravel caches stands in files"),
        ],
    },
    Choice {
        framework: "Laravel",
        kept: Kept::Jobs,
        settings: &["QUEUE_CONNECTION", "QUEUE_DRIVER"],
        words: &[
            (
                "database",
                "Jobs of Laravel wait in a table of its database",
            ),
            (
                "sync",
                "Jobs of Laravel are done at once, with no queue between",
            ),
        ],
    },
];

/// Where a framework keeps something that needs no product beside; nothing where files differ about it, or choose a
/// product.
pub(super) fn text(c: &Context, kept: Kept) -> Option<Text> {
    let choice = CHOICES.iter().find(|choice| choice.kept == kept)?;
    let used = uses(c, |_, _| true);
    if !used.iter().any(|u| u.name == choice.framework) {
        return None;
    }
    let of = |name: &&&str| c.blueprint.settings.iter().any(|s| s.name == **name);
    let name = choice.settings.iter().find(of)?;
    let all: Vec<(&Setting, &str)> = (c.blueprint.settings.iter())
        .filter(|s| s.name == *name)
        .filter_map(|s| Some((s, s.value.as_deref()?)))
        .collect();
    let (_, value) = all.first()?;
    if all.iter().any(|(_, other)| other != value) {
        return None;
    }
    let (_, said) = choice.words.iter().find(|(word, _)| word == value)?;
    let text = Text::plain(format!("{said}: "))
        .then_code(*name)
        .then(" is ")
        .then_code(*value);
    let places: Vec<&Provenance> = all.iter().map(|(s, _)| &s.provenance).collect();
    Some(end(text.from(&first_places(places, 2))))
}

/// Whether a setting only chooses what a framework has inside, or belongs to what comes with a new program of one and
/// is not chosen: its name says nothing of what is there.
pub(crate) fn is_idle(setting: &Setting) -> bool {
    const SHEETS: [&str; 8] = [
        "broadcasting.php",
        "cache.php",
        "database.php",
        "filesystems.php",
        "logging.php",
        "mail.php",
        "queue.php",
        "session.php",
    ];
    let names = CHOICES.iter().flat_map(|choice| choice.settings);
    let words = CHOICES.iter().flat_map(|choice| choice.words);
    let value = setting.value.as_deref().unwrap_or_default();
    if names.clone().any(|name| *name == setting.name) {
        return words.clone().any(|(word, _)| *word == value);
    }
    let Some(at) = setting.provenance.first() else {
        return false;
    };
    let mut parts = at.path.rsplit('/');
    let (name, folder) = (parts.next().unwrap_or_default(), parts.next());
    // What comes with a new program has no replicas.
    folder == Some("config") && SHEETS.contains(&name) && !setting.name.contains("REPLICA")
}
