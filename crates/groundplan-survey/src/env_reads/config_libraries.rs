//! Variables that a library of configuration derives from keys and fields: viper of Go, envy and config of Rust.

use super::{EnvCall, is_variable, plain};
use crate::code_view::CodeView;
use std::collections::BTreeSet;

/// Methods of viper that name a key which it also looks for in the environment.
const KEYED: [&str; 11] = [
    "SetDefault",
    "Get",
    "GetBool",
    "GetDuration",
    "GetFloat64",
    "GetInt",
    "GetInt64",
    "GetString",
    "GetStringSlice",
    "GetUint",
    "IsSet",
];

/// `viper.BindEnv("port")`, and with `AutomaticEnv` every key that the file names.
pub(super) fn of_go(view: &CodeView<'_, '_>, all: &mut Vec<EnvCall>) {
    let text = view.file.text;
    if !text.contains("spf13/viper") {
        return;
    }
    let code = view.code;
    let literal = |open: usize| code.string(open + 1);
    let prefix = match view.calls_of("SetEnvPrefix").first() {
        None => String::new(),
        Some(call) => {
            let given = code.arguments(call.open).first().cloned();
            match given.and_then(|range| plain(view, range)) {
                Some(prefix) => prefix,
                // Which variables there are only the prefix would tell.
                None => return dotted_defaults(view, all),
            }
        }
    };
    let replaces = text.contains("SetEnvKeyReplacer");
    let variable = |key: &str| {
        let key = match replaces {
            true => key.replace(['.', '-'], "_"),
            false => key.to_owned(),
        };
        let name = match prefix.as_str() {
            "" => key,
            prefix => format!("{prefix}_{key}"),
        };
        Some(name.to_ascii_uppercase()).filter(|name| is_variable(name))
    };
    let mut add = |open: usize, key: &str, default: Option<String>| {
        let name = variable(key).filter(|name| all.iter().all(|r| r.name != *name));
        if let Some(name) = name {
            all.push(EnvCall {
                switch: false,
                at: open,
                name,
                default,
                computed: None,
                field: None,
                line: code.line(open),
                default_line: None,
            });
        }
    };
    for call in view.calls_of("BindEnv") {
        // A second argument is the name itself.
        if code.arguments(call.open).len() == 1
            && let Some(key) = literal(call.open)
        {
            add(call.open, key, None);
        }
    }
    if !text.contains("AutomaticEnv(") {
        return dotted_defaults(view, all);
    }
    for (name, at, key) in typed_keys(view) {
        // `DatabaseType.setDefault("sqlite")`
        let of_key = |call: &&groundplan_syntax::Call| {
            code.is(call.first, name) && call.first + 3 == call.open
        };
        let all = ["setDefault", "SetDefault"].iter();
        let call = all.flat_map(|word| view.calls_of(word)).find(of_key);
        let given = call.and_then(|call| code.arguments(call.open).first().cloned());
        add(at, key, given.and_then(|range| plain(view, range)));
    }
    for method in KEYED {
        for call in view.calls_of(method) {
            let name = code.name(*call);
            let on_viper = name
                .split('.')
                .next()
                .is_some_and(|on| matches!(on, "viper" | "v"));
            if let Some(key) = literal(call.open).filter(|_| on_viper) {
                let default = code.arguments(call.open).get(1).cloned();
                let default = default.filter(|_| method == "SetDefault");
                add(call.open, key, default.and_then(|r| plain(view, r)));
            }
        }
    }
}

/// Constants of a type of text that are keys: `const DatabaseType Key = "database.type"`. Each with its
/// name, the place of its value, and the key.
fn typed_keys<'t>(view: &CodeView<'_, 't>) -> Vec<(&'t str, usize, &'t str)> {
    let code = view.code;
    let last = code.tokens.len();
    let types: BTreeSet<&str> = (0..last)
        .filter(|&at| code.is(at, "type") && code.is(at + 2, "string"))
        .filter_map(|at| code.ident(at + 1))
        .filter(|name| name.to_ascii_lowercase().contains("key"))
        .collect();
    if types.is_empty() {
        return Vec::new();
    }
    (3..last)
        .filter(|&at| code.is(at - 1, "=") && types.contains(code.raw(at - 2)))
        .filter(|&at| code.function_at(at).is_none())
        .filter_map(|at| Some((code.ident(at - 3)?, at, code.string(at)?)))
        .collect()
}

/// Keys that a program gives a default and looks for in its files alone: `viper.SetDefault("http.port",
/// 80)`. One without a point would read like a variable of the environment.
fn dotted_defaults(view: &CodeView<'_, '_>, all: &mut Vec<EnvCall>) {
    let code = view.code;
    for call in view.calls_of("SetDefault") {
        let name = code.name(*call);
        let on_viper = name.split('.').next().is_some_and(|on| on == "viper");
        let key = code.string(call.open + 1);
        let Some(key) = key.filter(|key| on_viper && key.contains('.')) else {
            continue;
        };
        let given = code.arguments(call.open).get(1).cloned();
        all.push(EnvCall {
            at: call.open,
            name: key.to_owned(),
            default: given.and_then(|range| plain(view, range)),
            computed: None,
            field: None,
            switch: false,
            line: code.line(call.open),
            default_line: None,
        });
    }
}

/// `envy::from_env::<Config>()` and `envy::prefixed("SHOP_").from_env::<Config>()`: every field of
/// the struct, in capitals.
pub(super) fn of_rust(view: &CodeView<'_, '_>, all: &mut Vec<EnvCall>) {
    of_config(view, all);
    if !view.file.says("envy::") {
        return;
    }
    let code = view.code;
    for &call in view.calls_of("from_env") {
        let start = (call.first..call.open).find(|&at| code.is(at, "<"));
        let Some(class) = start.and_then(|at| code.ident(at + 1)) else {
            continue;
        };
        let prefixed = (call.first..call.open).find(|&at| code.is(at, "prefixed"));
        let prefix = prefixed
            .and_then(|at| code.string(at + 2))
            .unwrap_or_default();
        let declared = (1..code.tokens.len())
            .find(|&at| code.is(at, class) && code.is(at - 1, "struct") && code.is(at + 1, "{"));
        let body = declared.and_then(|at| Some(at + 1..code.partner(at + 1)?));
        let fields = code.definitions().iter();
        let inside = |at: usize| body.as_ref().is_some_and(|body| body.contains(&at));
        for field in fields.filter(|d| d.field && inside(d.at)) {
            let line = code.line(field.at);
            let above = view.file.lines().slice(line.saturating_sub(1).max(1), line);
            // Another name stands in an attribute.
            if above.contains("rename") || above.contains("flatten") {
                continue;
            }
            all.push(EnvCall {
                switch: false,
                at: field.at,
                name: format!("{prefix}{}", field.name).to_ascii_uppercase(),
                default: None,
                computed: None,
                field: Some(field.name.to_owned()),
                line,
                default_line: None,
            });
        }
    }
}

/// Keys of one file at most.
const MOST_KEYS: usize = 1_000;

/// Keys with a default of a builder of `config` that also asks the environment:
/// `.set_default("http.port", 80)` beside `Environment::with_prefix("shop").separator("__")`
/// (<https://docs.rs/config/latest/config/struct.Environment.html>).
fn of_config(view: &CodeView<'_, '_>, all: &mut Vec<EnvCall>) {
    if !view.imports_any(&["config"]) {
        return;
    }
    let code = view.code;
    let source = |at: usize| {
        code.is(at.wrapping_sub(4), "Environment")
            && code.is(at.wrapping_sub(3), ":")
            && code.is(at.wrapping_sub(2), ":")
    };
    let made = ["with_prefix", "default"].iter();
    let mut made = made
        .flat_map(|word| view.calls_of(word))
        .filter(|call| source(call.open));
    // Which of several reads a key is not told.
    let (Some(one), None) = (made.next(), made.next()) else {
        return;
    };
    let prefix = match code.is(one.open - 1, "default") {
        true => None,
        false => match code
            .arguments(one.open)
            .first()
            .cloned()
            .and_then(|range| plain(view, range))
        {
            Some(prefix) => Some(prefix),
            None => return,
        },
    };
    let mut between = None;
    let mut behind = None;
    let mut at = code.partner(one.open).map_or(one.open, |close| close + 1);
    while code.is(at, ".") && code.is(at + 2, "(") {
        let given = code.string(at + 3).map(str::to_owned);
        match code.raw(at + 1) {
            "separator" => between = given,
            "prefix_separator" => behind = given,
            _ => {}
        }
        at = code.partner(at + 2).map_or(at + 3, |close| close + 1);
    }
    let behind = behind.or(between.clone()).unwrap_or_else(|| "_".to_owned());
    for call in view.calls_of("set_default").iter().take(MOST_KEYS) {
        let arguments = code.arguments(call.open);
        let [key, value] = arguments.as_slice() else {
            continue;
        };
        let Some(key) = code.string(key.start).filter(|_| key.len() == 1) else {
            continue;
        };
        // Without a separator nothing of the environment reaches what stands in a table.
        let key = match between.as_deref() {
            Some(between) => key.replace('.', between),
            None => key.to_owned(),
        };
        let name = match prefix.as_deref() {
            Some(prefix) => format!("{prefix}{behind}{key}"),
            None => key,
        };
        let name = name.to_ascii_uppercase();
        if is_variable(&name) && all.iter().all(|known| known.name != name) {
            all.push(EnvCall {
                at: call.open,
                name,
                default: plain(view, value.clone()),
                computed: None,
                field: None,
                switch: false,
                line: code.line(call.open),
                default_line: None,
            });
        }
    }
}
