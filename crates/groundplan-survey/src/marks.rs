//! Observations by table: which annotation, call or supertype speaks of which topic.

use crate::facts::FileFacts;
use crate::scan;
use crate::secrets;
use crate::source::SourceFile;
use crate::values::Values;
use groundplan_model::Topic;
use groundplan_syntax::{Annotation, Call, Code, DeclKind, Declared, Language};

/// Where the name of an observation comes from.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Name {
    /// It is always this.
    Fixed(&'static str),
    /// The first argument, or the first of these named arguments or properties that is there;
    /// without one there is no observation.
    Argument(&'static [&'static str]),
    /// What carries the annotation, or what the value of the call is assigned to.
    Declared,
    /// The type of the object that is made for the arguments, else the text that names it.
    Made,
}

/// An annotation, or a call, that speaks of a topic.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    /// Last word of the annotation or call; with a dot its last two words.
    pub(crate) word: &'static str,
    /// What the file must mention; empty for nothing.
    pub(crate) hint: &'static str,
    /// Topic.
    pub(crate) topic: Topic,
    /// Name.
    pub(crate) name: Name,
    /// Named arguments or properties that become the detail, as far as they are there.
    pub(crate) detail: &'static [&'static str],
}

/// A row.
pub(crate) const fn row(
    word: &'static str,
    hint: &'static str,
    topic: Topic,
    name: Name,
    detail: &'static [&'static str],
) -> Row {
    Row {
        word,
        hint,
        topic,
        name,
        detail,
    }
}

/// Observations of the annotations in `rows`.
pub(crate) fn annotations(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    values: &Values<'_, '_>,
    rows: &[Row],
) {
    for declared in file.declared() {
        for annotation in &declared.annotations {
            let word = annotation.name.rsplit('.').next().unwrap_or_default();
            for row in rows.iter().filter(|row| row.word == word) {
                if !row.hint.is_empty() && !file.says(row.hint) {
                    continue;
                }
                annotated(acc, file, values, row, declared, annotation);
            }
        }
    }
}

fn annotated(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    values: &Values<'_, '_>,
    row: &Row,
    declared: &Declared,
    annotation: &Annotation,
) {
    let found = match row.name {
        Name::Fixed(name) => Some(name.to_owned()),
        Name::Declared if row.topic == Topic::ScheduledJob => Some(with_class(file, declared)),
        // `[Authorize] async (IOrders orders) => …`: a function without a name.
        Name::Declared if is_lambda(file, declared) => None,
        Name::Declared => Some(declared.name.clone()),
        Name::Argument(names) => annotation
            .open
            .and_then(|o| argument(file, values, o, names)),
        Name::Made => annotation.open.and_then(|open| made(file, open)),
    };
    if let Some(name) = found.filter(|n| !n.is_empty()) {
        let detail = annotation
            .open
            .and_then(|o| details(file, values, o, row.detail));
        // What carries the attribute is guarded, and guards nothing.
        let guarded = row.word == "Authorize" && matches!(row.name, Name::Declared);
        let detail = detail.or_else(|| guarded.then(|| "guarded by `[Authorize]`".to_owned()));
        let detail = detail.or_else(|| asked(file, annotation));
        scan::mark(acc, file, annotation.line, row.topic, name, detail);
    }
}

/// What an annotation of Java asks of the callers of what carries it, by its texts alone.
fn asked(file: &SourceFile<'_>, annotation: &Annotation) -> Option<String> {
    const ASKING: [&str; 4] = ["PreAuthorize", "PostAuthorize", "RolesAllowed", "Secured"];
    let code = file.code();
    let word = annotation.name.rsplit('.').next().unwrap_or_default();
    let open = annotation.open.filter(|_| ASKING.contains(&word))?;
    let texts: Vec<&str> = (open..code.partner(open)?)
        .filter_map(|at| code.string(at))
        .collect();
    let given = texts.join(", ");
    let told = is_of_texts(code, open)
        && !given.is_empty()
        && given.len() <= 100
        && !given.contains(['`', '\n']);
    told.then(|| format!("guarded by `{word}({given})`"))
}

/// Whether an annotation is given texts alone: what is put together of names, or stands beside some, its texts do
/// not tell.
pub(crate) fn is_of_texts(code: &Code<'_>, open: usize) -> bool {
    let close = code.partner(open).unwrap_or(open);
    (open + 1..close).all(|at| match code.string(at) {
        // `"hasAuthority('$ADMIN')"` of Kotlin
        Some(text) => code.language != Language::Kotlin || !text.contains('$'),
        None => matches!(
            code.raw(at),
            "," | "{" | "}" | "[" | "]" | "=" | "value" | "arrayOf" | "(" | ")"
        ),
    })
}

/// A method with its class: many a class has a `run` or `cleanUp` of its own.
fn with_class(file: &SourceFile<'_>, declared: &Declared) -> String {
    let class = declared.owner.and_then(|at| file.outline().types.get(at));
    match class.filter(|_| declared.kind != DeclKind::Type) {
        Some(class) => format!("{}.{}", class.name, declared.name),
        None => declared.name.clone(),
    }
}

/// Whether an attribute of C# stands at a function without a name.
fn is_lambda(file: &SourceFile<'_>, declared: &Declared) -> bool {
    let code = file.code();
    if code.language != Language::CSharp {
        return false;
    }
    let open = match code.is(declared.at + 1, "(") {
        true => Some(declared.at + 1),
        false => file.outline().parent(declared.at),
    };
    let close = open
        .filter(|&at| code.is(at, "("))
        .and_then(|at| code.partner(at));
    let arrow = |at: usize| code.is(at, "=>") || code.is(at, "=") && code.is(at + 1, ">");
    declared.kind != DeclKind::Function && close.is_some_and(|close| arrow(close + 1))
}

/// How many shapes of words are told apart.
const SHAPES: usize = 256;

/// A number that words of the same bytes have in common: it tells without a look at any row that most
/// calls are in none.
fn shape(word: &str) -> usize {
    let bytes = word.as_bytes();
    let (first, last) = (bytes.first(), bytes.last());
    let [first, last] = [first, last].map(|b| usize::from(b.copied().unwrap_or_default()));
    ((first * 31) ^ (last * 7) ^ (bytes.len() * 3)) % SHAPES
}

/// Observations of the calls in `rows`.
pub(crate) fn calls(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    values: &Values<'_, '_>,
    rows: &[Row],
) {
    let code = file.code();
    if code.language == Language::Kotlin {
        blocks(acc, file, rows);
    }
    let mut shapes = [false; SHAPES];
    for row in rows {
        let last = row.word.rsplit_once('.').map_or(row.word, |(_, last)| last);
        shapes[shape(last)] = true;
    }
    for call in code.calls() {
        let word = code.raw(scan::word_at(code, call));
        if !shapes[shape(word)] {
            continue;
        }
        let mut pair = None;
        // Most rows are for other words, and this is asked of every call of every file.
        let ends = |row: &&Row| {
            row.word.as_bytes().last() == word.as_bytes().last() && row.word.ends_with(word)
        };
        for row in rows.iter().filter(ends) {
            let (receiver, last) = row.word.rsplit_once('.').unwrap_or(("", row.word));
            if last != word || (!row.hint.is_empty() && !file.says(row.hint)) {
                continue;
            }
            let name = pair.get_or_insert_with(|| code.name(call));
            let before = name.rsplit('.').nth(1).unwrap_or_default();
            if !receiver.is_empty() && !before.eq_ignore_ascii_case(receiver) {
                continue;
            }
            if scan::is_definition(code, call) || is_switched_off(file, call.open) {
                continue;
            }
            let found = match row.name {
                Name::Fixed(name) => Some(name.to_owned()),
                Name::Argument(names) => argument(file, values, call.open, names),
                // A part of another schema has no name, and the method of a library is none.
                Name::Declared if row.topic == Topic::InputValidation => {
                    assigned_to(file, call).map(str::to_owned)
                }
                Name::Declared => Some(assigned_to(file, call).unwrap_or(word).to_owned()),
                Name::Made => made(file, call.open),
            };
            if let Some(found) = found.filter(|n| !n.is_empty()) {
                let detail = details(file, values, call.open, row.detail);
                // A client without a timeout has none to speak of.
                if row.topic == Topic::Timeout && detail.is_none() {
                    continue;
                }
                let switched = matches!(
                    row.topic,
                    Topic::Cors | Topic::RateLimit | Topic::SecurityHeader | Topic::Tls
                );
                let branch = switched.then(|| branch(file, call.first)).flatten();
                let off = (row.topic == Topic::Authentication)
                    .then(|| off_if(code, call.open))
                    .flatten();
                let detail = detail.or(off);
                let detail = match (detail, branch) {
                    (Some(detail), Some(branch)) => Some(format!("{detail}, {branch}")),
                    (None, Some(branch)) => Some(format!("only {branch}")),
                    (detail, None) => detail,
                };
                scan::mark(acc, file, call.line, row.topic, found, detail);
            }
        }
    }
}

/// The condition under which a block that a call is given switches off what the call is for:
/// `httpBasic(basic -> { if (off) { basic.disable(); } })`.
fn off_if(code: &Code<'_>, open: usize) -> Option<String> {
    /// Calls may stand in one another.
    const LONGEST: usize = 1_000;
    let close = code.partner(open)?.min(open + LONGEST);
    // What the block is given, and not another thing that it has to do with.
    let first = open + 1 + usize::from(code.is(open + 1, "("));
    let given = code.ident(first)?;
    let off = (first + 2..close).find(|&at| {
        code.is(at, "disable")
            && code.is(at + 1, "(")
            && code.is(at - 1, ".")
            && code.ident(at - 2) == Some(given)
            && !code.is(at - 3, ".")
    })?;
    let when = (open + 1..off).rev().find(|&at| code.is(at, "if"))?;
    // Of several conditions the last one tells a part.
    if (open + 1..when).any(|at| code.is(at, "if")) {
        return None;
    }
    let end = code.partner(when + 1)?;
    // The first branch alone: what an `else` switches off, the opposite does.
    let inside = match code.is(end + 1, "{") {
        true => code.partner(end + 1)? > off,
        false => !(end + 1..off).any(|at| code.is(at, ";")),
    };
    let said = scan::spoken(code, when + 2..end);
    let short = !said.is_empty()
        && said.len() <= 100
        && !said.contains('`')
        && !secrets::is_secret_value(&said);
    (inside && short && end < off).then(|| format!("off if `{said}`"))
}

/// Calls of Kotlin that are given a block alone: `http.oauth2Login { … }`. Only of words that the file is told to be of
/// one library by a hint.
fn blocks(acc: &mut FileFacts, file: &SourceFile<'_>, rows: &[Row]) {
    let code = file.code();
    for at in 1..code.tokens.len() {
        let Some(word) = code.ident(at).filter(|_| code.is(at + 1, "{")) else {
            continue;
        };
        let row = rows.iter().find(|row| {
            row.word == word && !row.hint.is_empty() && row.topic == Topic::Authentication
        });
        let Some((row, Name::Fixed(name))) = row.map(|row| (row, row.name)) else {
            continue;
        };
        let declares = matches!(code.raw(at - 1), "class" | "fun" | "interface" | "object");
        if !is_switched_off(file, at + 1) && !declares && file.says(row.hint) {
            scan::mark(acc, file, code.line(at), row.topic, name.to_owned(), None);
        }
    }
}

/// Whether all that the call or block of a bracket does is to switch off what it names, as the builders of Spring
/// Security are told to: `httpBasic(HttpBasicSpec::disable)`, `cors(c -> c.disable())`, `formLogin().disable()`,
/// `httpBasic { it.disable() }`.
fn is_switched_off(file: &SourceFile<'_>, open: usize) -> bool {
    let code = file.code();
    if !matches!(code.language, Language::Java | Language::Kotlin) {
        return false;
    }
    let close = code.partner(open).unwrap_or(open);
    let behind = code.is(close + 1, ".") && code.is(close + 2, "disable");
    let mut last = close.saturating_sub(1);
    if code.is(last, ")") && code.is(last.saturating_sub(1), "(") {
        last = last.saturating_sub(2);
    }
    // More than `c -> c.disable()` may switch off under a condition only.
    let short = last.saturating_sub(open) <= 7;
    behind || short && last > open && code.is(last, "disable")
}

/// The branch in which a token stands, in words: `if production`, `unless production`. Only the
/// innermost one is told.
fn branch(file: &SourceFile<'_>, at: usize) -> Option<String> {
    let code = file.code();
    let told = |word: &str, open: usize, close: usize| {
        const LONGEST: usize = 60;
        let start = code.tokens.get(open)?.end as usize;
        let end = code.tokens.get(close)?.start as usize;
        let text = code.text.get(start..end)?.trim();
        let short = !text.is_empty()
            && text.len() <= LONGEST
            && !text.contains(['\n', '`'])
            && !secrets::is_secret_value(text);
        Some(match short {
            true => format!("{word} `{text}`"),
            false => "in one branch of a condition".to_owned(),
        })
    };
    // `if (a) call()`
    let round = |close: usize, word: &str| {
        let open = code.is(close, ")").then(|| code.partner(close)).flatten()?;
        code.is(open.checked_sub(1)?, "if")
            .then(|| told(word, open, close))?
    };
    if let Some(found) = at.checked_sub(1).and_then(|close| round(close, "if")) {
        return Some(found);
    }
    let blocks = file
        .outline()
        .ancestors(at)
        .filter(|&open| code.is(open, "{"));
    blocks.take(20).find_map(|open| {
        let before = open.checked_sub(1)?;
        if code.is(before, "else") {
            let close = before.checked_sub(1).filter(|&at| code.is(at, "}"))?;
            let first = code.partner(close)?.checked_sub(1)?;
            return round(first, "unless")
                .or_else(|| Some("in one branch of a condition".to_owned()));
        }
        // Go and Rust write no brackets around it.
        let bare = || {
            let from = before.saturating_sub(24);
            let begins = |at: &usize| matches!(code.raw(*at), ";" | "{" | "}" | "if");
            let first = (from..=before).rev().find(begins)?;
            code.is(first, "if").then(|| told("if", first, open))?
        };
        round(before, "if").or_else(bare)
    })
}

/// The name in `name = call(…)` or `name: call(…)`.
fn assigned_to<'t>(file: &SourceFile<'t>, call: Call) -> Option<&'t str> {
    let code = file.code();
    let mut at = call.first.checked_sub(1)?;
    if matches!(code.raw(at), "new" | "await") {
        at = at.checked_sub(1)?;
    }
    (code.is(at, "=") || code.is(at, ":")).then(|| code.ident(at.checked_sub(1)?))?
}

/// The first argument, or a named one, or a property of an object in the first argument.
fn argument(
    file: &SourceFile<'_>,
    values: &Values<'_, '_>,
    open: usize,
    names: &[&str],
) -> Option<String> {
    let code = file.code();
    for name in names {
        if let Some(range) = code.named_argument(open, name) {
            return scalar(file, values, range);
        }
    }
    let first = code.arguments(open).into_iter().next()?;
    if code.is(first.start + 1, "=") {
        return None;
    }
    if let Some(object) = values.literal_at(&first).filter(|&o| code.is(o, "{"))
        && let Some(found) = values.folded_property(object, names)
    {
        return Some(found);
    }
    // `register_counter!(opts!("name", "help"))`: what a macro makes of its first argument.
    if code.is(first.start + 1, "!") && code.is(first.start + 2, "(") {
        let inner = code.arguments(first.start + 2).into_iter().next()?;
        return scalar(file, values, inner);
    }
    scalar(file, values, first)
}

/// A value as it may be shown: folded, or a list of such.
fn scalar(
    file: &SourceFile<'_>,
    values: &Values<'_, '_>,
    range: std::ops::Range<usize>,
) -> Option<String> {
    let code = file.code();
    let text = if matches!(code.raw(range.start), "{" | "[") {
        let parts = code.arguments(range.start).into_iter();
        let all: Vec<String> = parts.filter_map(|part| values.fold(part)).collect();
        all.join(", ")
    } else {
        values.fold(range)?
    };
    let fine = !text.is_empty() && text.len() <= 200 && !secrets::is_secret_value(&text);
    fine.then_some(text)
}

/// `name = value` for those of `names` that are there.
fn details(
    file: &SourceFile<'_>,
    values: &Values<'_, '_>,
    open: usize,
    names: &[&str],
) -> Option<String> {
    let code = file.code();
    if names.is_empty() {
        return None;
    }
    let object = || {
        let parts = code.arguments(open).into_iter();
        parts.take(3).find_map(|part| {
            let open = values.literal_at(&part)?;
            code.is(open, "{").then_some(open)
        })
    };
    let object = object();
    let mut parts = Vec::new();
    for name in names {
        let range = code
            .named_argument(open, name)
            .or_else(|| object.and_then(|o| values.property(o, name)));
        let Some(range) = range.filter(|r| r.len() <= 24) else {
            continue;
        };
        let shown = scalar(file, values, range.clone()).unwrap_or_else(|| {
            let tokens: Vec<&str> = range.map(|at| code.raw(at)).collect();
            tokens.join("")
        });
        if shown.len() <= 120 && !secrets::is_secret_value(&shown) {
            parts.push(format!("{name} = {shown}"));
        }
    }
    // `("purge", job, "0 * * * *")`: the third argument by position.
    if parts.is_empty() && names.contains(&"2") {
        let third = code.arguments(open).into_iter().nth(2)?;
        let dotted = || (third.len() <= 12).then(|| code.dotted(third.start, third.end));
        let shown = values.fold(third.clone()).or_else(dotted)?;
        return (!shown.is_empty() && shown.len() <= 120 && !secrets::is_secret_value(&shown))
            .then_some(shown);
    }
    // `("0 * * * *", job)`, `(key, 3600, value)`: the first or second argument by position.
    let by_position = names.iter().find_map(|name| match *name {
        "0" => Some(0),
        "1" => Some(1),
        _ => None,
    });
    if let Some(position) = by_position.filter(|_| parts.is_empty()) {
        let first = code.arguments(open).into_iter().nth(position)?;
        let raw = || first.clone().map(|at| code.raw(at)).collect::<String>();
        let shown = values
            .fold(first.clone())
            .or_else(|| (first.len() <= 12).then(raw))?;
        let fine = shown.len() <= 120 && !shown.contains("=>") && !secrets::is_secret_value(&shown);
        return fine.then_some(shown);
    }
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// What a call is given: the class of the object that is made as one of its arguments, or that the
/// variable holds which is handed on, else the text that names it.
fn made(file: &SourceFile<'_>, open: usize) -> Option<String> {
    let code = file.code();
    let given = code.arguments(open);
    let class = |at: usize| {
        let first = code.is(at, "new").then_some(at + 1)?;
        code.ident(first)?;
        let mut end = first + 1;
        while code.is(end, ".") && code.ident(end + 1).is_some() {
            end += 2;
        }
        Some(code.dotted(first, end))
    };
    let held = || {
        let alone = given.iter().filter(|range| range.len() == 1);
        let names: Vec<&str> = alone.filter_map(|range| code.ident(range.start)).collect();
        (1..code.tokens.len())
            .find(|&at| {
                code.is(at, "=")
                    && code.is(at + 1, "new")
                    && code.ident(at - 1).is_some_and(|name| names.contains(&name))
            })
            .and_then(|at| class(at + 1))
    };
    // `new Strategy(…)` of a package says less than the text before it.
    let named = || code.string(open + 1).map(str::to_owned);
    match (given.iter().find_map(|range| class(range.start))).or_else(held) {
        Some(class) if class == "Strategy" => Some(named().unwrap_or(class)),
        Some(class) => Some(class),
        None => named(),
    }
}

/// Observations of types by their supertypes: supertype, topic.
pub(crate) fn supertypes(acc: &mut FileFacts, file: &SourceFile<'_>, rows: &[(&str, Topic)]) {
    let code = file.code();
    for found in &file.outline().types {
        for (supertype, topic) in rows {
            if found.heritage.clone().any(|at| code.is(at, supertype)) {
                let detail = Some((*supertype).to_owned());
                scan::mark(acc, file, found.line, *topic, found.name.as_str(), detail);
            }
        }
    }
}

/// The roles in an expression such as `hasAnyRole('ADMIN', 'USER')`.
pub(crate) fn roles(acc: &mut FileFacts, file: &SourceFile<'_>, line: u32, expression: &str) {
    let mut rest = expression;
    while let Some(at) = [
        "hasRole(",
        "hasAnyRole(",
        "hasAuthority(",
        "hasAnyAuthority(",
    ]
    .iter()
    .filter_map(|call| Some(rest.find(call)? + call.len()))
    .min()
    {
        rest = rest.get(at..).unwrap_or_default();
        let end = rest.find(')').unwrap_or(rest.len());
        for role in rest[..end].split(',') {
            let role = role.trim().trim_matches(['\'', '"']);
            let role = role.strip_prefix("ROLE_").unwrap_or(role);
            role_name(acc, file, line, role);
        }
    }
}

/// What is said of a call that applies migrations when a program starts.
pub(crate) const APPLIED: &str = "applied by the program";

/// Adds a role, if the text can be the name of one.
pub(crate) fn role_name(acc: &mut FileFacts, file: &SourceFile<'_>, line: u32, role: &str) {
    let plain = |c: char| c.is_alphanumeric() || "_-.:".contains(c);
    if !role.is_empty()
        && role.len() <= 60
        && !role.starts_with("SCOPE_")
        && role.chars().all(plain)
    {
        scan::mark(acc, file, line, Topic::Role, role, None);
    }
}
