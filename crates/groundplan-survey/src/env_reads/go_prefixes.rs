//! What a loader of Go puts before the names of all variables that the tags of its file name.

use super::plain;
use crate::code_view::CodeView;
use std::collections::BTreeSet;

/// The prefix of the only loader of a file that has one, as it stands before a name:
/// `envconfig.PrefixLookuper("SHOP_", …)` (<https://pkg.go.dev/github.com/sethvargo/go-envconfig#PrefixLookuper>),
/// `envconfig.Process("shop", &c)` (<https://github.com/kelseyhightower/envconfig#usage>),
/// `env.ParseWithOptions(&c, env.Options{Prefix: "SHOP_"})` (<https://github.com/caarlos0/env#prefix>).
pub(super) fn prefix(view: &CodeView<'_, '_>) -> Option<String> {
    let code = view.code;
    let first = |open: usize| {
        let given = code.arguments(open).into_iter().next()?;
        plain(view, given)
    };
    let mut all: BTreeSet<String> = BTreeSet::new();
    let of = |word: &'static str, module: &'static str| {
        let calls = view.calls_of(word).iter();
        calls.filter(move |call| {
            let package = view.alias(code.raw(call.first)).unwrap_or_default();
            call.open == call.first + 3 && package.starts_with(module)
        })
    };
    // One whose prefix was not read says that there is one, and not which.
    let mut unread = false;
    for call in of("PrefixLookuper", "github.com/sethvargo/go-envconfig") {
        let given = first(call.open);
        unread |= given.is_none();
        all.extend(given);
    }
    for word in ["Process", "MustProcess"] {
        for call in of(word, "github.com/kelseyhightower/envconfig") {
            let prefix = first(call.open);
            unread |= prefix.is_none();
            // One without a prefix is one more, so that none is sure.
            all.extend(prefix.map(|prefix| match prefix.is_empty() {
                true => prefix,
                false => format!("{}_", prefix.to_ascii_uppercase()),
            }));
        }
    }
    for call in of("Options", "github.com/caarlos0/env") {
        let prefix = view
            .field(call.open, "Prefix")
            .and_then(|given| plain(view, given));
        unread |= prefix.is_none();
        all.extend(prefix);
    }
    // One that puts nothing before them reads its names as they stand.
    for word in ["Parse", "ParseAs"] {
        unread |= of(word, "github.com/caarlos0/env").next().is_some();
    }
    let prefix = all.pop_first()?;
    let sure = all.is_empty()
        && !unread
        && prefix
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
    sure.then_some(prefix)
}

/// A name behind the prefix; what the file reads itself under its own name keeps it.
pub(super) fn behind(view: &CodeView<'_, '_>, prefix: Option<&str>, name: String) -> String {
    let code = view.code;
    let reads = ["Getenv", "LookupEnv"]
        .iter()
        .flat_map(|word| view.calls_of(word));
    let bare = |call: &groundplan_syntax::Call| code.string(call.open + 1) == Some(name.as_str());
    match prefix {
        Some(prefix) if !name.starts_with(prefix) && !reads.clone().any(bare) => {
            format!("{prefix}{name}")
        }
        _ => name,
    }
}
