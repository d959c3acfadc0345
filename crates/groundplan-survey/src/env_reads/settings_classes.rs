//! Fields of a pydantic `BaseSettings`: each is a variable, unless its code always gives it.

use super::{EnvCall, NOTHING, plain, written};
use crate::code_view::CodeView;
use std::collections::BTreeSet;
use std::ops::Range;

/// Adds the fields of settings classes of a file.
pub(super) fn find(view: &CodeView<'_, '_>, all: &mut Vec<EnvCall>) {
    if !view.file.says("Settings") {
        return;
    }
    let code = view.code;
    let pydantic = view.file.says("pydantic");
    let mut settings: BTreeSet<&str> = BTreeSet::new();
    let mut found: Vec<EnvCall> = Vec::new();
    for (index, class) in code.functions().iter().enumerate() {
        let is = class.class
            && class.params.is_some_and(|open| {
                code.arguments(open).iter().any(|r| {
                    let base = code.dotted(r.start, r.end);
                    // A base of this file comes before its heirs; one of another file says what it
                    // is by its name.
                    settings.contains(base.as_str())
                        || view.canonical(&base, r.start).is_some_and(|c| {
                            c.starts_with("pydantic") && c.ends_with("BaseSettings")
                                || pydantic
                                    && base.ends_with("Settings")
                                    && view.function(&base).is_none()
                        })
                })
            });
        if !is {
            continue;
        }
        settings.insert(class.name);
        let prefix = (class.body.start..class.body.end)
            .find(|&at| code.is(at, "env_prefix"))
            .and_then(|at| code.string(at + 2).or_else(|| code.string(at + 3)))
            .unwrap_or_default();
        let mut at = class.body.start;
        while at < class.body.end {
            // Its own methods and classes hold no settings.
            if let Some(inner) = code
                .functions()
                .iter()
                .find(|f| f.first == at && f.parent == Some(index))
            {
                at = inner.body.end.max(at + 1);
                continue;
            }
            if code.starts_line(at)
                && code.is(at + 1, ":")
                && let Some(name) = code.ident(at)
                && name != "model_config"
                && !name.starts_with('_')
                && code.function_at(at) == Some(index)
                && !code.raw(at + 2).starts_with("ClassVar")
            {
                field(view, prefix, name, at, &mut found);
            }
            at += 1;
        }
    }
    if found.is_empty() {
        return;
    }
    let given = given(view, &settings);
    found.retain(|read| !read.field.as_deref().is_some_and(|f| given.contains(f)));
    all.extend(found);
}

fn field(view: &CodeView<'_, '_>, prefix: &str, name: &str, at: usize, found: &mut Vec<EnvCall>) {
    let code = view.code;
    let value = code
        .definitions()
        .iter()
        .find(|d| d.at == at && !d.value.is_empty())
        .map(|d| d.value.clone());
    let open = value
        .as_ref()
        .filter(|r| code.is(r.start, "Field") && code.is(r.start + 1, "("))
        .map(|r| r.start + 1);
    // Another name that the field is read by takes the place of its own.
    let mut names = vec![format!("{prefix}{name}").to_ascii_uppercase()];
    if let Some(open) = open {
        if code.named_argument(open, "env").is_some() {
            // Read as `Field(env="X")` of any class.
            return;
        }
        let alias = ["validation_alias", "alias"]
            .iter()
            .find_map(|n| code.named_argument(open, n));
        if let Some(alias) = alias {
            let strings: Vec<String> = alias
                .filter_map(|at| code.string(at))
                .map(str::to_ascii_uppercase)
                .collect();
            if !strings.is_empty() {
                names = strings;
            }
        }
    }
    for name_read in names {
        found.push(EnvCall {
            switch: false,
            at,
            name: name_read,
            default: value.clone().and_then(|r| plain(view, r)),
            computed: value.clone().and_then(|r| default_of_field(view, r)),
            field: Some(name.to_owned()),
            line: code.line(at),
            default_line: None,
        });
    }
}

/// The default of a field of a settings class: an expression, or that of `Field(default=…)`.
fn default_of_field(view: &CodeView<'_, '_>, value: Range<usize>) -> Option<String> {
    let code = view.code;
    if code.is(value.start, "Field") && code.is(value.start + 1, "(") {
        let open = value.start + 1;
        let given = code.named_argument(open, "default").or_else(|| {
            view.argument(open, 0)
                .filter(|r| !code.is(r.start + 1, "="))
        })?;
        return nothing(view, &given).or_else(|| written(view, given));
    }
    nothing(view, &value).or_else(|| written(view, value))
}

/// What stands for a field that may be missing.
fn nothing(view: &CodeView<'_, '_>, value: &Range<usize>) -> Option<String> {
    let at = match view.code.is(value.start + 1, "=") {
        true => value.start + 2,
        false => value.start,
    };
    (at + 1 == value.end && view.code.raw(at) == NOTHING).then(|| NOTHING.to_owned())
}

/// The keys of a dictionary that is unpacked into a call: `**given` with `given = {"X": …}`.
fn unpacked<'t>(view: &CodeView<'_, 't>, argument: Range<usize>) -> Vec<&'t str> {
    let code = view.code;
    let stars = argument
        .clone()
        .all(|at| code.raw(at).starts_with('*') || at + 1 == argument.end);
    let Some(name) = code.ident(argument.end - 1).filter(|_| stars) else {
        return Vec::new();
    };
    let all = view.visible(name, argument.start);
    let [one] = all.as_slice() else {
        return Vec::new();
    };
    if one.param || !code.is(one.value.start, "{") {
        return Vec::new();
    }
    let keys = code.arguments(one.value.start).into_iter();
    keys.filter(|r| code.is(r.start + 1, ":"))
        .filter_map(|r| code.string(r.start))
        .collect()
}

/// Fields that the file gives whatever the environment says: keywords of every call that makes the
/// settings, which outrank the environment
/// (<https://docs.pydantic.dev/latest/concepts/pydantic_settings/#field-value-priority>), and
/// assignments beside that call.
fn given<'t>(view: &CodeView<'_, 't>, settings: &BTreeSet<&str>) -> BTreeSet<&'t str> {
    let code = view.code;
    let mut all = BTreeSet::new();
    let column = |at: usize| {
        let start = code.tokens.get(at).map_or(0, |t| t.start as usize);
        let before = view.file.text.get(..start).unwrap_or_default();
        start - before.rfind('\n').map_or(0, |line| line + 1)
    };
    for class in settings {
        let mut always: Option<BTreeSet<&str>> = None;
        for call in view.calls_of(class) {
            // The bases of another class are no call.
            if call.first > 0 && code.is(call.first - 1, "class") {
                continue;
            }
            let mut keywords: BTreeSet<&str> = BTreeSet::new();
            for argument in code.arguments(call.open) {
                match code.ident(argument.start) {
                    Some(word) if code.is(argument.start + 1, "=") => {
                        keywords.insert(word);
                    }
                    Some(_) => {}
                    None => keywords.extend(unpacked(view, argument)),
                }
            }
            always = Some(match always {
                None => keywords,
                Some(known) => known.intersection(&keywords).copied().collect(),
            });
            let holder = code
                .definitions()
                .iter()
                .find(|d| d.value.start == call.first && !d.param);
            let Some(holder) = holder else { continue };
            let indent = column(holder.at);
            let end = code
                .function_at(call.first)
                .and_then(|f| code.functions().get(f))
                .map_or(code.tokens.len(), |f| f.body.end);
            for at in call.open..end {
                // A deeper line stands under a condition.
                if code.is(at, holder.name)
                    && code.is(at + 1, ".")
                    && code.is(at + 3, "=")
                    && !code.is(at + 4, "=")
                    && code.starts_line(at)
                    && column(at) <= indent
                    && let Some(field) = code.ident(at + 2)
                {
                    all.insert(field);
                }
            }
        }
        all.extend(always.into_iter().flatten());
    }
    all
}
