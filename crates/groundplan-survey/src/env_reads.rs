//! Which environment variables code reads, with the defaults it gives them.

use crate::code_view::CodeView;
use crate::facts::{Claim, EnvRead, FileFacts};
use crate::finders::Finders;
use crate::scan;
use crate::secrets;
use groundplan_syntax::{Call, Language, TokenKind};
use std::collections::BTreeSet;
use std::ops::Range;
mod config_libraries;
mod defaults;
mod env_tables;
mod go_defaults;
mod go_fields;
mod go_prefixes;
mod go_structs;
mod settings_classes;

pub(crate) use defaults::unset;

/// One read of the environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct EnvCall {
    /// Index of the bracket of the call or index.
    pub(crate) at: usize,
    /// Name of the variable.
    pub(crate) name: String,
    /// Default as in code, not yet judged for secrets.
    default: Option<String>,
    /// The default as an expression, where it is no literal.
    computed: Option<String>,
    /// Field or variable that the call fills through a pointer, or that a tag belongs to.
    pub(crate) field: Option<String>,
    /// Whether what is read is a truth value by its type, and no text.
    switch: bool,
    /// One-based line.
    line: u32,
    /// The line of the default, where that stands elsewhere.
    default_line: Option<u32>,
}

impl EnvCall {
    /// The default as in code, if it is a literal.
    pub(crate) fn default(&self) -> Option<&str> {
        self.default.as_deref()
    }
}

/// The default of what may be missing.
const NOTHING: &str = "None";

/// How sure the form of a read is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// `os.Getenv`: whatever is named is a variable.
    Sure,
    /// A helper whose name speaks of the environment: the literal must look like a variable.
    Likely,
}

/// Adds a claim for every read.
pub(crate) fn claims(acc: &mut FileFacts, view: &CodeView<'_, '_>) {
    let mut seen = BTreeSet::new();
    let mut reads: Vec<&EnvCall> = view.env().values().collect();
    if reads.is_empty() {
        return;
    }
    let guard = main_guard(view);
    reads.sort_by_key(|r| (r.line, r.at));
    for read in reads {
        if !seen.insert((read.line, read.name.as_str())) {
            continue;
        }
        // Cargo sets these for whatever it builds
        // (<https://doc.rust-lang.org/cargo/reference/environment-variables.html>).
        if view.code.language == Language::Rust
            && (read.name.starts_with("CARGO_") || read.name == "OUT_DIR")
        {
            continue;
        }
        // `password = os.getenv("SHOP_DOOR", …)`
        let keep_under = |value: String| {
            let key = scan::secret_key(view.file, read.line, &read.name);
            match key.filter(|_| !read.switch) {
                Some(key) => secrets::keep(key, &value),
                None => Some(value),
            }
        };
        let given = read.default.as_deref();
        crate::open_defaults::note(acc, view.file, read.line, &read.name, given);
        let default = read
            .default
            .as_deref()
            .filter(|d| d.len() <= 300)
            .and_then(|d| secrets::keep(&read.name, d))
            .and_then(keep_under);
        let computed = read
            .computed
            .clone()
            .filter(|_| default.is_none() && read.default.is_none())
            .filter(|text| text != NOTHING)
            .filter(|_| !secrets::is_secret_name(&read.name))
            .and_then(|text| secrets::keep(&read.name, &text))
            .and_then(keep_under);
        let claim = |default: Option<String>| {
            Claim::EnvRead(EnvRead {
                field: (read.field.clone()).filter(|_| view.code.language == Language::Go),
                name: read.name.clone(),
                default,
                computed: computed.clone(),
                guarded: guard.contains(&read.line),
                switch: read.switch,
                keyed: false,
                optional: read.computed.as_deref() == Some(NOTHING),
            })
        };
        // Each of the two is told with the place that says it.
        if let (Some(line), Some(_)) = (read.default_line, &default) {
            acc.add(view.file, line, line, claim(default));
            acc.add(view.file, read.line, read.line, claim(None));
            continue;
        }
        let claim = claim(default);
        acc.add(view.file, read.line, read.line, claim);
    }
}

/// The lines under `if __name__ == "__main__":`, which run only where the file itself is started.
fn main_guard(view: &CodeView<'_, '_>) -> Range<u32> {
    let none = 0..0;
    let text = view.file.text;
    if view.code.language != Language::Python || !text.contains("\nif __name__") {
        return none;
    }
    let mut lines = (1_u32..).zip(text.lines());
    let Some((first, _)) = lines.find(|(_, line)| line.starts_with("if __name__")) else {
        return none;
    };
    let outside =
        |line: &str| !line.is_empty() && !line.starts_with([' ', '\t', ')', ']', '}', '#']);
    let end = lines
        .find(|(_, line)| outside(line))
        .map_or(u32::MAX, |(n, _)| n);
    first + 1..end
}

/// All reads of a file, in no order.
pub(crate) fn find(view: &CodeView<'_, '_>) -> Vec<EnvCall> {
    let mut all = Vec::new();
    let mut wrappers: BTreeSet<(&str, usize)> = BTreeSet::new();
    for (last, calls) in view.calls() {
        let Some(suspect) = suspicion(view.code.language, last) else {
            continue;
        };
        for &call in calls {
            if let Some(form) = form(view, call, last, suspect) {
                read_call(view, call, form, &mut all, &mut wrappers);
            }
        }
    }
    for (name, index) in wrappers {
        for &call in view.calls_of(name) {
            if all.iter().all(|r| r.at != call.open) {
                let arguments = view.code.arguments(call.open);
                // A method's own object is no argument of the call.
                for at in [Some(index), index.checked_sub(1)].into_iter().flatten() {
                    let Some(range) = arguments.get(at) else {
                        continue;
                    };
                    if let Some(variable) = variable(view, range.clone(), Form::Likely) {
                        all.push(made(view, call, variable, &arguments, at));
                        break;
                    }
                }
            }
        }
    }
    by_index(view, &mut all);
    match view.code.language {
        Language::Go => {
            go_tags(view, &mut all);
            go_fields::add(view, &mut all);
            go_defaults::add(view, &mut all);
            if view.code.text.contains("urfave/cli") {
                for call in all.iter_mut().filter(|c| c.default.is_none()) {
                    call.default = go_structs::flag_value(view, call.at);
                }
            }
            env_tables::of_go(view, &mut all);
            config_libraries::of_go(view, &mut all);
        }
        Language::Rust => {
            rust_attributes(view, &mut all);
            config_libraries::of_rust(view, &mut all);
        }
        _ => {
            python_settings(view, &mut all);
            in_f_strings(view, &mut all);
        }
    }
    all
}

/// Whether the last word of a call may read the environment at all.
fn suspicion(language: Language, last: &str) -> Option<Form> {
    // This is asked of every call, and a `v` is rare.
    let speaks = |name: &str| {
        let (name, is) = (name.as_bytes(), |b: u8, letter| b | 0x20 == letter);
        (2..name.len())
            .any(|at| is(name[at], b'v') && is(name[at - 1], b'n') && is(name[at - 2], b'e'))
    };
    let lower = match speaks(last) {
        true => last.to_ascii_lowercase(),
        false => String::new(),
    };
    let writes = [
        "setenv",
        "set_env",
        "delenv",
        "del_env",
        "putenv",
        "clear",
        "remove",
        "environment",
        "prepend_env",
        "without_env",
        "env_remove",
        "with_env",
        "withenv",
        "addenv",
        "add_env",
    ];
    if lower.contains("env") && !writes.iter().any(|w| lower.contains(w)) && !is_writer(last) {
        return Some(match last {
            "Getenv" | "LookupEnv" | "getenv" => Form::Sure,
            _ => Form::Likely,
        });
    }
    let more: &[&str] = match language {
        Language::Rust => &["var", "var_os"],
        Language::Python => &[
            "get",
            "str",
            "int",
            "bool",
            "float",
            "list",
            "tuple",
            "dict",
            "json",
            "url",
            "db",
            "db_url",
            "cache",
            "cache_url",
            "path",
            "config",
            "Field",
            "option",
            "Option",
        ],
        _ => &[],
    };
    more.contains(&last).then_some(Form::Sure)
}

/// Whether a helper hands variables on, by the verb that its name begins with: `setNonEmptyEnvVar`
/// and `copyEnv` fill the environment of a child.
pub(crate) fn is_writer(name: &str) -> bool {
    const VERBS: [&str; 24] = [
        "add", "append", "apply", "assign", "build", "clear", "copy", "define", "delete", "drop",
        "export", "fill", "inject", "insert", "make", "merge", "pass", "put", "remove", "set",
        "unset", "update", "with", "write",
    ];
    let word = secrets::words_of(name).into_iter().next();
    word.is_some_and(|word| VERBS.contains(&word.as_str()))
}

fn form(view: &CodeView<'_, '_>, call: Call, last: &str, suspect: Form) -> Option<Form> {
    let name = view.code.name(call);
    match (view.code.language, last) {
        (Language::Rust, "var" | "var_os") => {
            let on = view.callee(call).on?;
            ["std.env", "dotenvy", "dotenv", "env"]
                .contains(&on.as_str())
                .then_some(Form::Sure)
        }
        // `env!` is read when the program is built; `Command::env` sets for a child.
        (Language::Rust, "env" | "option_env") => {
            let built = view.code.is(call.open - 1, "!");
            let one = view.code.arguments(call.open).len() == 1;
            (!built && one && name.contains('.')).then_some(Form::Likely)
        }
        (Language::Python, "get") => name.ends_with("environ.get").then_some(Form::Sure),
        (Language::Python, "config") => {
            let on = view
                .callee(call)
                .on
                .or_else(|| view.canonical(&name, call.first))?;
            (on.starts_with("decouple") || on.starts_with("starlette.config"))
                .then_some(Form::Likely)
        }
        (Language::Python, "Field" | "option" | "Option") => None,
        (Language::Python, _) if suspect == Form::Sure && last != "getenv" => {
            let receiver = name.strip_suffix(last)?.trim_end_matches('.');
            let receiver = receiver.rsplit('.').next()?;
            matches!(receiver, "env" | "ENV" | "Env").then_some(Form::Likely)
        }
        _ => Some(suspect),
    }
}

fn read_call<'f>(
    view: &CodeView<'f, '_>,
    call: Call,
    form: Form,
    all: &mut Vec<EnvCall>,
    wrappers: &mut BTreeSet<(&'f str, usize)>,
) {
    let arguments = view.code.arguments(call.open);
    for (index, range) in arguments.iter().take(3).enumerate() {
        if let Some(name) = variable(view, range.clone(), form) {
            all.push(made(view, call, name, &arguments, index));
            return;
        }
        // The name comes from the callers of the function around.
        if range.len() == 1
            && let Some(word) = view.code.ident(range.start)
            && let Some(scope) = view.parameter_of(word, range.start)
            && let Some(function) = view.code.functions().get(scope)
            && !function.name.is_empty()
            && let Some(open) = function.params
        {
            let place = view
                .code
                .arguments(open)
                .iter()
                .position(|r| r.clone().any(|at| view.code.is(at, word)));
            if let Some(place) = place {
                wrappers.insert((function.name, place));
            }
        }
        if form == Form::Sure {
            return;
        }
    }
}

/// The variable that an argument names.
fn variable(view: &CodeView<'_, '_>, range: Range<usize>, form: Form) -> Option<String> {
    let name = match view.code.string(range.start) {
        Some(text) if range.len() == 1 => text.to_owned(),
        Some(_) => return None,
        None => {
            view.code.ident(range.start)?;
            if range.len() > 5 {
                return None;
            }
            view.constant(range)?
        }
    };
    let fits = match form {
        Form::Sure => {
            name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
                && name.len() > 1
                && !name.ends_with('_')
                && !name.as_bytes()[0].is_ascii_digit()
        }
        Form::Likely => is_variable(&name),
    };
    fits.then_some(name)
}

/// Upper case with digits and underscores, at least three characters.
fn is_variable(name: &str) -> bool {
    name.len() >= 3
        && name
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
        && name.as_bytes()[0].is_ascii_uppercase()
        // What many names begin with is none itself.
        && !name.ends_with('_')
}

fn made(
    view: &CodeView<'_, '_>,
    call: Call,
    name: String,
    arguments: &[Range<usize>],
    index: usize,
) -> EnvCall {
    let code = view.code;
    let field = arguments.first().filter(|_| index > 0).and_then(|range| {
        let pointer = code.is(range.start, "&");
        pointer
            .then(|| code.ident(range.end - 1).map(str::to_owned))
            .flatten()
    });
    let named = ["default", "fallback", "default_value"]
        .iter()
        .find_map(|n| code.named_argument(call.open, n));
    let default = named
        .or_else(|| {
            let next = arguments.get(index + 1)?;
            let keyword = code.is(next.start + 1, "=") && code.ident(next.start).is_some();
            let fits = !keyword && defaults::is_one(view, call, index + 1);
            fits.then(|| next.clone())
        })
        .and_then(|range| plain(view, range))
        .filter(|text| !defaults::is_other_variable(&name, text))
        .or_else(|| default_after(view, call.open))
        .or_else(|| defaults::of_match(view, call))
        .or_else(|| default_of_variable(view, call.first))
        .or_else(|| {
            let end = code.partner(call.open)? + 1;
            unset(code, end).map(str::to_owned)
        });
    let mut computed = expression(view, call, arguments, index);
    let mut default = default;
    // A default of nothing is one.
    if default.is_none()
        && computed
            .as_deref()
            .is_some_and(|c| matches!(c, "\"\"" | "''"))
    {
        computed = None;
        default = Some(String::new());
    }
    // `bool(int(os.getenv("X", False)))` takes 0 and 1.
    if let Some(number) = default.as_deref().and_then(as_number)
        && defaults::is_whole_number(view, call)
    {
        default = Some(number.to_owned());
    }
    EnvCall {
        switch: false,
        at: call.open,
        name,
        default,
        computed,
        field,
        line: code.line(call.open),
        default_line: None,
    }
}

/// The number that a truth value of Python is.
fn as_number(text: &str) -> Option<&'static str> {
    match text {
        "True" => Some("1"),
        "False" => Some("0"),
        _ => None,
    }
}

/// The expression that gives the default where it is no literal: `CWD / "model"`, `base_url or x`.
fn expression(
    view: &CodeView<'_, '_>,
    call: Call,
    arguments: &[Range<usize>],
    index: usize,
) -> Option<String> {
    let code = view.code;
    if code.language != Language::Python {
        return None;
    }
    let second = || {
        let name = code.name(call);
        let sure = name.ends_with("getenv") || name.ends_with("environ.get");
        arguments.get(index + 1).cloned().filter(|_| sure)
    };
    let after = || {
        let from = code.partner(call.open)? + 1;
        if !code.is(from, "or") {
            return None;
        }
        let line = code.line(from);
        let mut end = from + 1;
        while code.line(end) == line && !matches!(code.raw(end), ")" | "," | "]" | "}" | "#" | "") {
            end = code.partner(end).map_or(end, |close| close.max(end)) + 1;
        }
        Some(from + 1..end)
    };
    let range = ["default", "fallback", "default_value"]
        .iter()
        .find_map(|n| code.named_argument(call.open, n))
        .or_else(second)
        .or_else(after)?;
    written(view, range)
}

/// An expression as it is written, if it is short and gives a value.
fn written(view: &CodeView<'_, '_>, range: Range<usize>) -> Option<String> {
    let code = view.code;
    let (first, last) = (range.start, range.end.checked_sub(1)?);
    if first > last || code.is(first + 1, "=") || matches!(code.raw(first), "None" | "lambda" | ".")
    {
        return None;
    }
    let from = code.tokens.get(first)?.start as usize;
    let to = code.tokens.get(last)?.end as usize;
    let text = view.file.text.get(from..to)?;
    let reads = text.contains("environ") || text.contains("getenv");
    (text.len() <= 60 && !text.contains('\n') && !text.is_empty() && !reads)
        .then(|| text.to_owned())
}

/// A literal or constant as text.
fn plain(view: &CodeView<'_, '_>, range: Range<usize>) -> Option<String> {
    let code = view.code;
    let at = range.start;
    if range.len() == 1 {
        let token = code.tokens.get(at)?;
        if token.kind == TokenKind::Number
            || matches!(code.raw(at), "true" | "false" | "True" | "False")
        {
            return Some(code.raw(at).to_owned());
        }
    }
    if range.len() > 12 {
        return None;
    }
    view.constant(range)
}

/// `.unwrap_or("x")`, `or "x"`, `cmp.Or(…, "x")` after the read.
fn default_after(view: &CodeView<'_, '_>, open: usize) -> Option<String> {
    let code = view.code;
    let mut at = code.partner(open)? + 1;
    if code.is(at, "or") {
        return plain(view, at + 1..at + 2);
    }
    if code.is(at, ",") && code.language == Language::Go {
        return None;
    }
    for _ in 0..6 {
        if code.is(at, "?") {
            at += 1;
            continue;
        }
        if !(code.is(at, ".") && code.is(at + 2, "(")) {
            return None;
        }
        let close = code.partner(at + 2)?;
        if matches!(code.raw(at + 1), "unwrap_or" | "unwrap_or_else") {
            let inside: Vec<usize> = (at + 3..close)
                .filter(|&i| code.string(i).is_some())
                .collect();
            return match inside.as_slice() {
                [one] => code.string(*one).map(str::to_owned),
                _ => plain(view, at + 3..close),
            };
        }
        at = close + 1;
    }
    None
}

/// The literal that the same variable has when the environment does not give one:
/// `port := "8080"; if v := os.Getenv("PORT"); v != "" { port = v }`.
fn default_of_variable(view: &CodeView<'_, '_>, first: usize) -> Option<String> {
    let code = view.code;
    let scope = code.function_at(first);
    let all = code.definitions();
    let until = all.partition_point(|d| d.at < first);
    let holder = all[..until]
        .iter()
        .rev()
        .take(4)
        .find(|d| d.value.start == first && !d.field)?;
    let others = all
        .iter()
        .skip(until.saturating_sub(40))
        .take(80)
        .filter(|d| d.name == holder.name && d.scope == scope && d.at != holder.at && !d.field);
    let mut values = others.filter_map(|d| plain(view, d.value.clone()));
    values.find(|v| !v.is_empty())
}

/// `os.environ["X"]`; an assignment to it is no read.
fn by_index(view: &CodeView<'_, '_>, all: &mut Vec<EnvCall>) {
    let code = view.code;
    if code.language != Language::Python || !view.file.says("environ") {
        return;
    }
    for open in 1..code.tokens.len() {
        // `"X" in os.environ` asks whether it is set.
        let asked = code.is(open, "in") && (1..4).any(|at| code.is(open + at, "environ"));
        if let Some(name) = code.string(open - 1).filter(|n| asked && is_variable(n)) {
            all.push(EnvCall {
                switch: false,
                at: open,
                name: name.to_owned(),
                default: None,
                computed: None,
                field: None,
                line: code.line(open),
                default_line: None,
            });
        }
        if !code.is(open, "[") || !code.is(open - 1, "environ") {
            continue;
        }
        let Some(close) = code.partner(open) else {
            continue;
        };
        if code.is(close + 1, "=") && !code.is(close + 2, "=")
            || code.is(open.wrapping_sub(4), "del")
        {
            continue;
        }
        if let Some(name) = variable(view, open + 1..close, Form::Sure) {
            all.push(EnvCall {
                switch: false,
                at: open,
                name,
                default: None,
                computed: None,
                field: None,
                line: code.line(open),
                default_line: None,
            });
        }
    }
}

/// `Addr string `env:"ADDR" envDefault:":80"`` and fields `EnvVars: []string{"X"}` of urfave/cli.
fn go_tags(view: &CodeView<'_, '_>, all: &mut Vec<EnvCall>) {
    let code = view.code;
    // Most files have neither such a field nor such a tag.
    static MARKS: Finders = Finders::of(&["EnvVar", "Envar", "env:\"", "envconfig:\""]);
    if !MARKS.any(code.text) {
        return;
    }
    let namespaces = go_structs::namespaces(view);
    let prefix = go_prefixes::prefix(view);
    for at in 0..code.tokens.len() {
        if matches!(code.raw(at), "EnvVars" | "EnvVar" | "Envar") && code.is(at + 1, ":") {
            for inside in at + 2..at + 12 {
                match code.string(inside) {
                    Some(name) if is_variable(name) => all.push(EnvCall {
                        switch: false,
                        at: inside,
                        name: name.to_owned(),
                        default: None,
                        computed: None,
                        field: None,
                        line: code.line(inside),
                        default_line: None,
                    }),
                    _ if matches!(code.raw(inside), "}" | "")
                        || code.is(inside, ",") && code.line(inside) != code.line(inside + 1) =>
                    {
                        break;
                    }
                    _ => {}
                }
            }
        }
        let Some(tag) = code.string(at).filter(|_| code.raw(at).starts_with('`')) else {
            continue;
        };
        if !tag.contains("env") {
            continue;
        }
        let Some(name) = tag_value(tag, "env").or_else(|| tag_value(tag, "envconfig")) else {
            continue;
        };
        let (name, options) = name.split_once(',').unwrap_or((name, ""));
        let names = go_structs::names(view, &namespaces, at, name);
        if !names.iter().any(|name| is_variable(name)) {
            continue;
        }
        let inline = options.split_once("default=").map(|(_, value)| {
            // `env:"RETRIES,default=2,strict"` (<https://github.com/joeshaw/envdecode#usage>).
            let mut value = value;
            for option in [",strict", ",required", ",unset", ",expand", ",notEmpty"] {
                value = value.strip_suffix(option).unwrap_or(value);
            }
            value
        });
        let default = ["envDefault", "env-default", "default"]
            .iter()
            .find_map(|k| tag_value(tag, k))
            .or(inline)
            .map(str::to_owned);
        let mut first = at;
        while first > 0 && !code.starts_line(first) {
            first -= 1;
        }
        for name in names {
            all.push(EnvCall {
                switch: false,
                at,
                name: go_prefixes::behind(view, prefix.as_deref(), name),
                default: default.clone(),
                computed: None,
                field: code.ident(first).map(str::to_owned),
                line: code.line(at),
                default_line: None,
            });
        }
    }
}

/// The value of a key in a struct tag.
fn tag_value<'s>(tag: &'s str, key: &str) -> Option<&'s str> {
    let mut from = 0;
    while let Some(found) = tag.get(from..)?.find(key) {
        let at = from + found;
        let starts = at == 0 || tag.as_bytes().get(at - 1) == Some(&b' ');
        if starts && let Some(rest) = tag.get(at + key.len()..)?.strip_prefix(":\"") {
            return rest.split('"').next();
        }
        from = at + key.len();
    }
    None
}

/// `#[arg(env = "X", default_value = "y")]`, `#[envconfig(from = "X", default = "y")]`.
fn rust_attributes(view: &CodeView<'_, '_>, all: &mut Vec<EnvCall>) {
    let code = view.code;
    for note in code.annotations() {
        let Some(open) = note.open else { continue };
        let key = match note.name.as_str() {
            "arg" | "clap" | "structopt" | "argh" => "env",
            "envconfig" => "from",
            _ => continue,
        };
        let field = declared_field(view, note.next);
        let given = view.field(open, key);
        // A bare `env` means the name of the field in upper case.
        let bare = key == "env"
            && code
                .arguments(open)
                .into_iter()
                .any(|r| r.len() == 1 && code.is(r.start, "env"));
        let at = given.as_ref().map_or(open, |r| r.start);
        let name = match given {
            Some(range) => variable(view, range, Form::Sure),
            None if bare => field.map(str::to_ascii_uppercase),
            None => None,
        };
        let Some(name) = name else {
            continue;
        };
        let default = [
            "default_value",
            "default_value_t",
            "default_value_os_t",
            "default_values_t",
            "default",
        ]
        .iter()
        .find_map(|k| view.field(open, k))
        .and_then(|r| plain(view, r.clone()).or_else(|| defaults::of_rust(view, r)))
        .or_else(|| told_default(view, note.line));
        all.push(EnvCall {
            switch: is_switch(view, note.next),
            at,
            name,
            default,
            computed: None,
            field: field.map(str::to_owned),
            line: code.line(at),
            default_line: None,
        });
    }
}

/// Whether the field that is declared from `at` on is a truth value: `bool`, `Option<bool>`.
fn is_switch(view: &CodeView<'_, '_>, at: usize) -> bool {
    let code = view.code;
    let Some(colon) = (at..at + 60).find(|&i| {
        let single = !code.is(i + 1, ":") && !code.is(i.wrapping_sub(1), ":");
        code.is(i, ":") && single
    }) else {
        return false;
    };
    let inner = match code.is(colon + 1, "Option") {
        true => colon + 3,
        false => colon + 1,
    };
    code.is(inner, "bool")
}

/// The default that the comment above an option says at its end: `/// Port of LDAP. Default: 3890`.
fn told_default(view: &CodeView<'_, '_>, line: u32) -> Option<String> {
    let (_, _, text) = view.code.comment_above(line)?;
    let at = ["Default: ", "default: ", "Defaults to ", "defaults to "]
        .iter()
        .find_map(|word| Some(text.find(word)? + word.len()))?;
    let said = text.get(at..)?.lines().next()?.trim();
    let said = said
        .trim_end_matches(['.', ')'])
        .trim_matches(['`', '"', '\'']);
    let plain = said.bytes().all(|b| b.is_ascii_graphic());
    (plain && !said.is_empty() && said.len() <= 100).then(|| said.to_owned())
}

/// The name of the field that is declared from `at` on, after further attributes and `pub`.
fn declared_field<'t>(view: &CodeView<'_, 't>, at: usize) -> Option<&'t str> {
    let code = view.code;
    let mut at = at;
    while code.is(at, "#") {
        at = code.partner(at + 1)? + 1;
    }
    if code.is(at, "pub") {
        at += 1;
        if code.is(at, "(") {
            at = code.partner(at)? + 1;
        }
    }
    code.ident(at)
}

/// `envvar="X"` of click and typer, and settings classes.
fn python_settings(view: &CodeView<'_, '_>, all: &mut Vec<EnvCall>) {
    let code = view.code;
    for last in ["option", "argument", "Option", "Argument", "Field"] {
        for call in view.calls_of(last) {
            let Some(range) = ["envvar", "env"]
                .iter()
                .find_map(|n| code.named_argument(call.open, n))
            else {
                continue;
            };
            if let Some(name) = variable(view, range.clone(), Form::Likely) {
                all.push(EnvCall {
                    switch: false,
                    at: range.start,
                    name,
                    default: code
                        .named_argument(call.open, "default")
                        .and_then(|r| plain(view, r)),
                    computed: None,
                    field: None,
                    line: code.line(range.start),
                    default_line: None,
                });
            }
        }
    }
    settings_classes::find(view, all);
}

/// Reads inside the placeholders of f-strings.
fn in_f_strings(view: &CodeView<'_, '_>, all: &mut Vec<EnvCall>) {
    let code = view.code;
    if !view.file.says("environ") && !view.file.says("getenv(") {
        return;
    }
    for at in 0..code.tokens.len() {
        let Some(text) = code.string(at) else {
            continue;
        };
        if !text.contains("environ") && !text.contains("getenv(") {
            continue;
        }
        for piece in text.split('{').skip(1) {
            let inner = piece.split('}').next().unwrap_or(piece);
            let Some(name) = in_text(inner) else {
                continue;
            };
            // `getenv('X', 'default')`: what stands in quotes after the name.
            let rest = inner.split_once(name).map_or("", |(_, rest)| rest);
            let default = rest
                .get(1..)
                .and_then(|r| r.trim_start().strip_prefix(','))
                .map(|r| {
                    r.trim()
                        .trim_end_matches(')')
                        .trim_matches(['"', '\''])
                        .to_owned()
                })
                .filter(|d| d.bytes().all(|b| b.is_ascii_graphic()) && !d.contains('('));
            all.push(EnvCall {
                switch: false,
                // The index of the literal: no bracket stands there.
                at: at + code.tokens.len() * (all.len() + 1),
                name: name.to_owned(),
                default,
                computed: None,
                field: None,
                line: code.line(at),
                default_line: None,
            });
        }
    }
}

/// The variable that a piece of Python text inside an f-string reads.
pub(crate) fn in_text(text: &str) -> Option<&str> {
    if !text.contains("environ") && !text.contains("getenv") && !text.contains("env(") {
        return None;
    }
    let quote = text.find(['"', '\''])?;
    let mark = text.get(quote..quote + 1)?;
    let rest = text.get(quote + 1..)?;
    let name = rest.split(mark).next()?;
    is_variable(name).then_some(name)
}
