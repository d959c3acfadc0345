//! Settings that a table in code names, which the whole environment is matched with.

use super::{EnvCall, is_variable};
use crate::code_view::CodeView;
use groundplan_syntax::TokenKind;

/// A table of fewer entries may be one of anything.
const FEWEST: usize = 8;

/// `map[string]*option{"LOG_LEVEL": {raw: "info"}, …}` of Go in a file about configuration: keys
/// in capitals, each with a literal of fields. Viper's `BindEnv("PORT")` and
/// `SetDefault("PORT", …)` are not tables.
pub(super) fn of_go(view: &CodeView<'_, '_>, all: &mut Vec<EnvCall>) {
    constants(view, all);
    let path = view.file.path.to_ascii_lowercase();
    if !["config", "option", "setting", "env"]
        .iter()
        .any(|word| path.contains(word))
        || !view.file.says("\": {") && !view.file.says("\":{")
    {
        return;
    }
    let code = view.code;
    let mut found = Vec::new();
    // Names of one word may be those of anything.
    let mut of_words = 0;
    for at in 0..code.tokens.len() {
        let Some(name) = code.string(at).filter(|name| is_variable(name)) else {
            continue;
        };
        if !code.is(at + 1, ":") || !code.is(at + 2, "{") {
            continue;
        }
        of_words += usize::from(name.contains('_'));
        found.push(EnvCall {
            switch: false,
            at,
            name: name.to_owned(),
            default: default_in(view, at + 2),
            computed: None,
            field: None,
            line: code.line(at),
            default_line: None,
        });
    }
    if of_words >= FEWEST {
        all.append(&mut found);
    }
}

/// Constants that hold the names of variables, which other files of the package read through a
/// helper: `EnvServerPort = "SHOP_SERVER_PORT"`. All carry the word in the name of the constant and
/// begin with the same word, so that a table of error codes is none.
fn constants(view: &CodeView<'_, '_>, all: &mut Vec<EnvCall>) {
    if !view.file.says("const") || !view.file.says("nv") {
        return;
    }
    let code = view.code;
    let mut found: Vec<EnvCall> = Vec::new();
    for at in 2..code.tokens.len() {
        if !code.is(at - 1, "=") {
            continue;
        }
        let Some(name) = code.string(at).filter(|name| is_variable(name)) else {
            continue;
        };
        let holder = code.ident(at - 2);
        let speaks = holder.is_some_and(|word| {
            let env = |end: &str| word.starts_with(end) || word.ends_with(end);
            env("Env") || env("env") || env("ENV") || word.ends_with("EnvVar")
        });
        let file_level = code.function_at(at).is_none();
        if !speaks || !file_level || !name.contains('_') {
            continue;
        }
        found.push(EnvCall {
            switch: false,
            at,
            name: name.to_owned(),
            default: None,
            computed: None,
            field: None,
            line: code.line(at),
            default_line: None,
        });
    }
    let first = |read: &EnvCall| read.name.split('_').next().map(str::to_owned);
    let same = found
        .iter()
        .all(|r| first(r) == found.first().and_then(first));
    found.retain(|r| all.iter().all(|known| known.name != r.name));
    if same && found.len() >= FEWEST {
        all.append(&mut found);
    }
}

/// The literal of the field that is named after the default or the raw value.
fn default_in(view: &CodeView<'_, '_>, open: usize) -> Option<String> {
    let code = view.code;
    let close = code.partner(open)?;
    for wanted in ["default", "defaultvalue", "raw", "rawvalue", "value"] {
        let field = (open + 1..close).find(|&at| {
            code.is(at + 1, ":")
                && code
                    .ident(at)
                    .is_some_and(|name| name.to_ascii_lowercase() == wanted)
        });
        let Some(at) = field.map(|at| at + 2) else {
            continue;
        };
        let number = code
            .tokens
            .get(at)
            .is_some_and(|t| t.kind == TokenKind::Number);
        let plain = number || matches!(code.raw(at), "true" | "false");
        let text = code.string(at).or_else(|| plain.then(|| code.raw(at)));
        return text.map(str::to_owned);
    }
    None
}
