//! Products that a framework has built in and that a setting chooses by a word of the framework's own.

use super::seen::{end, uses};
use crate::context::Context;
use crate::text::first_places;
use crate::tree::Text;
use groundplan_model::{Element, LARAVEL_CHOICES, Provenance, Setting};

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

/// The setting that chooses where a framework keeps something, its value and its places.
pub(super) struct Chosen<'a> {
    pub(super) name: &'static str,
    pub(super) value: &'a str,
    pub(super) places: Vec<&'a Provenance>,
}

/// What settings choose for parts, of which `is_of` says whether the setting is theirs; nothing where files differ
/// about it. Names like `CACHE_STORE` are words of anybody: that of another part and of a profile choose nothing,
/// but may belong to the same program, so that one which differs leaves it open.
fn chosen<'a>(
    c: &Context<'a>,
    choice: &Choice,
    is_of: impl Fn(&Setting) -> bool,
) -> Option<Chosen<'a>> {
    let called = |name: &'static str| {
        let all = c.blueprint.settings.iter().filter(move |s| s.name == name);
        all.filter_map(|s| Some((s, s.value.as_deref()?)))
    };
    let chooses = |s: &Setting| s.profile.is_none() && is_of(s);
    let mut names = choice.settings.iter().copied();
    let name = names.find(|name| called(name).any(|(s, _)| chooses(s)))?;
    let own: Vec<_> = called(name).filter(|(s, _)| chooses(s)).collect();
    let (_, value) = *own.first()?;
    // A reference to where the value stands is none.
    if value.contains([':', '$']) || called(name).any(|(_, other)| other != value) {
        return None;
    }
    Some(Chosen {
        name,
        value,
        places: own.iter().map(|(s, _)| &s.provenance).collect(),
    })
}

/// What the settings of one part choose.
pub(super) fn chosen_by<'a>(c: &Context<'a>, kept: Kept, part: &str) -> Option<Chosen<'a>> {
    let choice = CHOICES.iter().find(|choice| choice.kept == kept)?;
    chosen(c, choice, |s| s.element.as_deref() == Some(part))
}

/// Where a framework keeps something that needs no product beside; nothing where files differ about it, or choose a
/// product.
pub(super) fn text(c: &Context, kept: Kept) -> Option<Text> {
    let choice = CHOICES.iter().find(|choice| choice.kept == kept)?;
    // Looking at all packages takes longer than looking at all settings.
    chosen(c, choice, |_| true)?;
    let used = uses(c, |_, _| true);
    let used = used.iter().find(|u| u.name == choice.framework)?;
    let chosen = chosen(c, choice, |s| {
        let part = s.element.as_deref().and_then(|id| c.element(id));
        let uses = |e: &Element| used.elements.is_empty() || used.elements.contains(&&*e.name);
        part.is_none_or(uses)
    })?;
    let (_, said) = choice
        .words
        .iter()
        .find(|(word, _)| *word == chosen.value)?;
    let text = Text::plain(format!("{said}: "))
        .then_code(chosen.name)
        .then(" is ")
        .then_code(chosen.value);
    Some(end(text.from(&first_places(chosen.places, 2))))
}

/// Whether a setting only chooses what a framework has inside, or belongs to what comes with a new program of one and
/// is not chosen: its name says nothing of what is there. A new program has no replicas: who names one has written
/// it.
pub(crate) fn is_idle(setting: &Setting) -> bool {
    let of = |choice: &&Choice| choice.settings.contains(&&*setting.name);
    if let Some(choice) = CHOICES.iter().find(of) {
        let value = setting.value.as_deref();
        return choice.words.iter().any(|(word, _)| value == Some(*word));
    }
    let Some(at) = setting.provenance.first() else {
        return false;
    };
    let mut parts = at.path.rsplit('/');
    let (name, folder) = (parts.next().unwrap_or_default(), parts.next());
    folder == Some("config") && LARAVEL_CHOICES.contains(&name) && !setting.name.contains("REPLICA")
}
