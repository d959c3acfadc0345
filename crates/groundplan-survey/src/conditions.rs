//! Under which conditions a place in code is reached, in the words of the code.

use crate::source::SourceFile;
use groundplan_syntax::{Code, Language};
use std::ops::Range;

/// Conditions around a place that are told; a place below more has a rule that no sentence holds.
const MOST: usize = 2;
/// Characters of one condition at most: what is longer is not read at a glance.
const LONGEST: usize = 90;
/// Characters of code that fit into a step.
const SHORT: usize = 60;
/// Tokens before a bracket that are looked at for the word that opens its block.
const HEAD: usize = 72;

/// What has to hold at a place, outermost first, and the line of the first of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Conditions {
    /// One-based line where the outermost stands.
    pub(crate) first: u32,
    /// `if` with what holds, or `unless` with what does not.
    pub(crate) all: Vec<(&'static str, String)>,
}

impl Conditions {
    /// ``if `a` and `b` ``, ``unless `a` ``.
    pub(crate) fn sentence(&self) -> String {
        let mut out = String::new();
        let mut before = "";
        for (word, text) in &self.all {
            let joint = match (out.is_empty(), before == *word) {
                (true, _) => format!("{word} "),
                (false, true) => " and ".to_owned(),
                (false, false) => format!(", {word} "),
            };
            out.push_str(&format!("{joint}`{text}`"));
            before = word;
        }
        out
    }
}

/// The conditions under which the token `at` is reached within its function; `None` where there is
/// none, or one that its own words do not tell: the other branch of something, an arm, an error.
pub(crate) fn around(file: &SourceFile<'_>, at: usize) -> Option<Conditions> {
    let code = file.code();
    let mut all = match code.language {
        Language::Python | Language::Ruby => indented(code, at)?,
        Language::Elixir => return None,
        _ => braced(code, at)?,
    };
    if all.is_empty() || all.len() > MOST {
        return None;
    }
    all.reverse();
    let first = code.line(all.first()?.1.start);
    let told = |(word, range): &(&'static str, Range<usize>)| Some((*word, text(code, range)?));
    let all: Option<Vec<_>> = all.iter().map(told).collect();
    Some(Conditions { first, all: all? })
}

/// The condition right around a token where others stand around it as well, which its words do not tell; the line of
/// it, and a sentence. `None` where [`around`] has nothing to say for another reason.
pub(crate) fn nearest(file: &SourceFile<'_>, at: usize) -> Option<(u32, String)> {
    let code = file.code();
    let unbraced = matches!(
        code.language,
        Language::Python | Language::Ruby | Language::Elixir
    );
    if unbraced || chosen(code, at) {
        return None;
    }
    // What a function asks that is called after a refusal, is how to answer.
    if function_around(code, at).is_some_and(|(_, body)| refuses(code, body)) {
        return None;
    }
    let mut open = at;
    loop {
        open = open.checked_sub(1)?;
        match code.raw(open) {
            "}" | ")" | "]" => open = code.partner(open)?,
            "{" => break,
            _ => {}
        }
    }
    let Some(Opens::Condition((word, range))) = opens(code, open) else {
        return None;
    };
    let said = text(code, &range)?;
    Some((
        code.line(range.start),
        format!("{word} `{said}`, among other conditions"),
    ))
}

/// What did not hold where a statement is reached that stands right behind a condition whose block answers: the
/// line of it, and ``unless `a.hasRole(user)` ``; of one that is too long to be read, the calls in it.
pub(crate) fn passed(file: &SourceFile<'_>, at: usize) -> Option<(u32, String)> {
    let code = file.code();
    if matches!(
        code.language,
        Language::Python | Language::Ruby | Language::Elixir
    ) {
        return None;
    }
    let begin = (at.saturating_sub(HEAD)..at)
        .rev()
        .find(|&i| matches!(code.raw(i), ";" | "{" | "}"))?;
    let open = code.is(begin, "}").then(|| code.partner(begin)).flatten()?;
    let answers = (open..begin)
        .rev()
        .find(|&i| code.is(i, ";") && i + 1 < begin);
    let last = answers.unwrap_or(open) + 1;
    if !matches!(code.raw(last), "return" | "throw") {
        return None;
    }
    let Opens::Condition((word, range)) = opens(code, open)? else {
        return None;
    };
    let word = match word {
        "if" => "unless",
        _ => "if",
    };
    let first = code.line(range.start);
    if let Some(said) = text(code, &range) {
        return Some((first, format!("{word} `{said}`")));
    }
    let calls = range
        .clone()
        .filter(|&i| code.is(i + 1, "(") && code.ident(i).is_some());
    let of = |i: usize| {
        let owned = i >= range.start + 2 && code.is(i - 1, ".") && code.ident(i - 2).is_some();
        code.dotted(if owned { i - 2 } else { i }, i + 1)
    };
    let names: Vec<String> = calls.map(|i| format!("`{}`", of(i))).collect();
    let mixed = range.clone().any(|i| code.is(i, "!") || code.is(i, "&"));
    (!names.is_empty() && names.len() <= 3 && !mixed && word == "unless")
        .then(|| (first, format!("unless {}", names.join(" or "))))
}

type Head = (&'static str, Range<usize>);

/// Whether a token stands under some condition within its function, or nothing can be said of it.
pub(crate) fn is_under_one(file: &SourceFile<'_>, at: usize) -> bool {
    let code = file.code();
    let all = match code.language {
        Language::Python | Language::Ruby => indented(code, at),
        Language::Elixir => return true,
        _ => braced(code, at),
    };
    all.is_none_or(|all| !all.is_empty())
}

/// Tokens as they stand, on one line; `None` where a comment stands among them, or what ends code in a sentence.
pub(crate) fn words(code: &Code<'_>, range: &Range<usize>) -> Option<String> {
    let start = code.tokens.get(range.start)?.start as usize;
    let end = code.tokens.get(range.end.checked_sub(1)?)?.end as usize;
    let text = code.text.get(start..end)?;
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let plain = !["`", "//", "/*"].iter().any(|sign| text.contains(sign));
    plain.then_some(text)
}

/// Whether words of code are read at a glance and hold no secret.
pub(crate) fn is_short_and_open(said: &str) -> bool {
    said.chars().count() <= SHORT && crate::redact::without_secrets(said) == said
}

/// The condition as it stands, on one line; `None` where it says nothing or is too long to be read.
pub(crate) fn text(code: &Code<'_>, range: &Range<usize>) -> Option<String> {
    let text = words(code, range)?;
    // An error or a flag of a call before says nothing of what was asked.
    const SAYS_NOTHING: [&str; 8] = [
        "err != nil",
        "!ok",
        "error",
        "err",
        "e != nil",
        "!isOk",
        "true",
        "nil != err",
    ];
    let whole = text.chars().count() <= LONGEST;
    (whole && !SAYS_NOTHING.contains(&text.as_str())).then_some(text)
}

/// Innermost first, in languages whose blocks stand in brackets.
fn braced(code: &Code<'_>, from: usize) -> Option<Vec<Head>> {
    let mut all: Vec<Head> = Vec::new();
    // What is chosen within a statement has no condition of its own before it.
    if chosen(code, from) {
        return None;
    }
    let mut bare = true;
    let mut at = from;
    while at > 0 {
        at -= 1;
        match code.raw(at) {
            ";" => bare = false,
            // What holds where something else does not.
            "else" if bare => return None,
            "}" => {
                bare = false;
                at = code.partner(at)?;
            }
            ")" | "]" => {
                let open = code.partner(at)?;
                let head = open > 0 && code.is(open - 1, "if");
                if head && bare && is_body(code, at + 1, from) {
                    if open > 1 && code.is(open - 2, "else") {
                        return None;
                    }
                    // `if (a)` on the line before has no brackets either.
                    let stacked = open.checked_sub(2).is_some_and(|before| {
                        let head = code.is(before, ")").then(|| code.partner(before)).flatten();
                        head.is_some_and(|head| {
                            head > 0 && matches!(code.raw(head - 1), "if" | "for" | "while")
                        })
                    });
                    if stacked {
                        return None;
                    }
                    all.push(("if", open + 1..at));
                    bare = false;
                }
                at = open;
            }
            "{" => {
                bare = false;
                match opens(code, at)? {
                    Opens::Condition(head) => all.push(head),
                    Opens::Inner => {}
                    Opens::Function if refuses(code, at) => return None,
                    Opens::Function => return Some(all),
                }
            }
            _ => {}
        }
        if all.len() > MOST {
            return None;
        }
    }
    Some(all)
}

/// Whether a statement between a token and its start chooses: `x ? a : forbidden`, `ok_or(forbidden)`.
fn chosen(code: &Code<'_>, at: usize) -> bool {
    let line = code.line(at);
    let before = (0..at)
        .rev()
        .take_while(|&i| code.line(i) == line && !matches!(code.raw(i), "{" | "}" | ";"));
    let words = [
        "?",
        "??",
        "||",
        "&&",
        "|",
        "&",
        "ok_or",
        "ok_or_else",
        "map_err",
        "orElseThrow",
        "or_else",
        "catch",
        "else",
        "elif",
        "match",
        "when",
        "case",
    ];
    let mut before = before.map(|i| (i, code.raw(i)));
    before.any(|(i, word)| {
        // A condition of its own on the line may stand behind `} else if`.
        words.contains(&word) || word == "=" && code.is_byte(i + 1, b'>')
    })
}

/// Whether the statement that begins at `from` is the one `at` stands in: it begins on its line, or
/// is all that stands before it.
fn is_body(code: &Code<'_>, from: usize, at: usize) -> bool {
    code.line(from) == code.line(at)
        || (from..=at).filter(|&i| code.starts_line(i)).count()
            == usize::from(code.starts_line(from))
}

/// Whether the function of a block is called after a refusal: what it asks is how to answer, not whether.
fn refuses(code: &Code<'_>, open: usize) -> bool {
    let head = (0..open).rev().take(HEAD);
    let head = head.take_while(|&at| !matches!(code.raw(at), ";" | "{" | "}"));
    head.filter_map(|at| code.ident(at)).any(|name| {
        let lower = name.to_ascii_lowercase();
        [
            "forbid",
            "denied",
            "deny",
            "unauthorized",
            "reject",
            "errorhandler",
        ]
        .iter()
        .any(|word| lower.contains(word))
    })
}

/// The condition of a block of `if`, by its first token, in the words of the code.
pub(crate) fn of_block(code: &Code<'_>, start: usize) -> Option<String> {
    let asked = match code.language {
        Language::Python => head(code, start + 1)?,
        Language::Ruby | Language::Elixir => return None,
        _ => match opens(code, start)? {
            Opens::Condition(("if", asked)) => asked,
            _ => return None,
        },
    };
    text(code, &asked).filter(|said| is_short_and_open(said) && !said.contains(';'))
}

enum Opens {
    Condition(Head),
    /// A value, a loop, something that is tried: what holds around it holds in it.
    Inner,
    Function,
}

/// What stands before the bracket of a block; `None` for what holds where something else does not.
fn opens(code: &Code<'_>, open: usize) -> Option<Opens> {
    let before = open.checked_sub(1)?;
    if matches!(
        code.language,
        Language::Go | Language::Rust | Language::Swift
    ) {
        let line = code.line(open);
        let word = |i: &usize| match code.raw(*i) {
            "if" | "else" | "{" | "}" | "func" | "fn" | "|" | "match" | "for" | "while"
            | "switch" | "select" => true,
            ";" | "=" | "," => code.line(*i) < line,
            _ => false,
        };
        let Some(head) = (0..open).rev().take(HEAD).find(word) else {
            return Some(Opens::Function);
        };
        return match code.raw(head) {
            "if" if head > 0 && code.is(head - 1, "else") => None,
            // `if let Some(user) = …` takes something apart.
            "if" if code.is(head + 1, "let") => None,
            "if" => {
                // `if r := []int{1}; …`: the brackets of a value open no block.
                if code.language == Language::Go && code.line(open + 1) == line {
                    return Some(Opens::Inner);
                }
                Some(Opens::Condition(("if", head + 1..open)))
            }
            "else" | "match" | "switch" | "select" => None,
            "func" | "fn" | "|" => Some(Opens::Function),
            _ => Some(Opens::Inner),
        };
    }
    if code.is_byte(before, b')') {
        let at = code.partner(before)?;
        let word = at.checked_sub(1)?;
        return match code.raw(word) {
            "if" if word > 0 && code.is(word - 1, "else") => None,
            "if" => Some(Opens::Condition(("if", at + 1..before))),
            "for" | "foreach" | "while" | "using" | "with" | "synchronized" | "lock" | "try" => {
                Some(Opens::Inner)
            }
            "catch" | "switch" | "when" | "match" | "elseif" => None,
            _ => Some(Opens::Function),
        };
    }
    match code.raw(before) {
        "else" | "catch" | "finally" => None,
        "try" | "do" | "return" | "(" | "," | ":" | "=" | "[" | "?" | "&&" | "||" => {
            Some(Opens::Inner)
        }
        _ => Some(Opens::Function),
    }
}

/// Whether a token stands in a function; in a class alone it does not. Where functions of Ruby end is not known.
pub(crate) fn is_inside(code: &Code<'_>, at: usize) -> bool {
    if !matches!(
        code.language,
        Language::Go | Language::Python | Language::Ruby
    ) {
        return in_function(code, at);
    }
    let mut around = code.function_at(at);
    while let Some(one) = around.and_then(|index| code.functions().get(index)) {
        if !one.class {
            return true;
        }
        around = one.parent;
    }
    false
}

/// Whether a token stands within a function, not among the members of a type or at the top of its file.
pub(crate) fn in_function(code: &Code<'_>, from: usize) -> bool {
    let mut at = from;
    while at > 0 {
        at -= 1;
        match code.raw(at) {
            "}" | ")" | "]" => at = code.partner(at).unwrap_or(at),
            // Among parameters or arguments.
            "(" => return true,
            "{" if is_function(code, at) => return true,
            _ => {}
        }
    }
    false
}

/// The bracket of the parameters and that of the body of the function around a token, in languages whose blocks stand
/// in brackets: also of one without a name, `(res, msg) => {`.
pub(crate) fn function_around(code: &Code<'_>, from: usize) -> Option<(usize, usize)> {
    // Their conditions stand without brackets, and their functions are known.
    if matches!(
        code.language,
        Language::Go | Language::Python | Language::Rust
    ) {
        let mut around = code.function_at(from);
        while let Some(function) = around.and_then(|index| code.functions().get(index)) {
            if let Some(params) = function.params.filter(|_| !function.class) {
                return Some((params, function.body.start.saturating_sub(1)));
            }
            around = function.parent;
        }
        return None;
    }
    let mut at = from;
    while at > 0 {
        at -= 1;
        match code.mark(at) {
            Some(b'}' | b')' | b']') => at = code.partner(at).unwrap_or(at),
            Some(b'{') => {
                let arrow = at > 2 && code.is(at - 1, ">") && code.is(at - 2, "=");
                let close = match arrow {
                    true => arrow_parameters(code, at - 3),
                    false => parameters(code, at),
                };
                let Some(open) = code.is(close, ")").then(|| code.partner(close)).flatten() else {
                    continue;
                };
                let word = open.checked_sub(1).map_or("", |word| code.raw(word));
                let controls = [
                    "if",
                    "for",
                    "while",
                    "switch",
                    "catch",
                    "foreach",
                    "using",
                    "with",
                    "synchronized",
                    "when",
                ];
                // `class A @Inject constructor(x: X) : B {`, `object : B(x) {` of Kotlin; `A::class` is a value.
                let begins = |i: &usize| {
                    matches!(code.raw(*i), "{" | "}" | ";" | "class" | "fun" | "object")
                        && !code.is_byte(i.wrapping_sub(1), b':')
                };
                let begin = || (open.saturating_sub(HEAD)..open).rev().find(begins);
                let is_type = || {
                    matches!(code.raw(open.wrapping_sub(2)), "class" | "record")
                        || code.language == Language::Kotlin
                            && begin().is_some_and(|i| matches!(code.raw(i), "class" | "object"))
                };
                if arrow || !controls.contains(&word) && !is_type() {
                    return Some((open, at));
                }
            }
            _ => {}
        }
    }
    None
}

/// What should close the parameters of the arrow function whose head ends with a token before the arrow: before the
/// type of what it gives, `(role: Role): RequestHandler`, `(id): Promise<Order[]>`.
fn arrow_parameters(code: &Code<'_>, last: usize) -> usize {
    let of_type = |at: &usize| {
        let sign = || matches!(code.raw(*at), "." | "," | "<" | ">" | "|" | "[" | "]");
        code.ident(*at).is_some() || sign()
    };
    let mut back = (last.saturating_sub(HEAD)..=last).rev();
    match back.find(|at| !of_type(at)) {
        Some(at) if at < last && at > 0 && code.is(at, ":") && code.is(at - 1, ")") => at - 1,
        _ => last,
    }
}

/// What should close the parameters of the function whose body opens at a token: before `throws A, B` of Java and
/// the type of the answer of Kotlin.
fn parameters(code: &Code<'_>, open: usize) -> usize {
    let before = open.saturating_sub(1);
    let of_head = |at: &usize| code.ident(*at).is_some() || matches!(code.raw(*at), "." | ",");
    let in_head = |at: &usize| of_head(at) || matches!(code.raw(*at), "<" | ">" | "?");
    let stop = |within: &dyn Fn(&usize) -> bool| {
        let mut back = (open.saturating_sub(HEAD)..open).rev();
        back.find(|at| !within(at)).unwrap_or(before)
    };
    match code.language {
        Language::Java => {
            let at = stop(&of_head);
            if code.is(at + 1, "throws") {
                at
            } else {
                before
            }
        }
        Language::Kotlin => {
            let at = stop(&in_head);
            if code.is(at, ":") {
                at.saturating_sub(1)
            } else {
                before
            }
        }
        _ => before,
    }
}

/// Whether what stands before the bracket of a block is the head of a function: it has brackets or an
/// arrow, and no word of a type.
fn is_function(code: &Code<'_>, open: usize) -> bool {
    let mut called = false;
    let mut at = open;
    for _ in 0..HEAD {
        let Some(before) = at.checked_sub(1) else {
            break;
        };
        at = before;
        match code.raw(at) {
            // The type of what it returns: `Promise<{ id: string }>`.
            "}" if matches!(code.raw(at + 1), ">" | "[" | "|") => {
                at = code.partner(at).unwrap_or(at);
            }
            ";" | "{" | "}" => break,
            ")" => {
                called = true;
                at = code.partner(at).unwrap_or(at);
            }
            "=" if code.is_byte(at + 1, b'>') => called = true,
            "class" | "interface" | "struct" | "enum" | "object" | "namespace" | "record"
            | "module" | "trait" | "impl" => return false,
            _ => {}
        }
    }
    called
}

/// Innermost first, in languages whose blocks are lines further in.
fn indented(code: &Code<'_>, from: usize) -> Option<Vec<Head>> {
    let mut all: Vec<Head> = Vec::new();
    let from = match code.language {
        Language::Python => {
            let open = outermost(code, from);
            // What is chosen within the brackets, and what is told to documents, is no refusal of the whole.
            let chosen = |i: usize| {
                let word = matches!(code.raw(i), "if" | "else" | "lambda" | "and" | "or");
                word || code.is(i, "responses") && code.is(i + 1, "=")
            };
            if (open..code.partner(open).unwrap_or(open)).any(chosen) {
                return None;
            }
            open
        }
        _ => from,
    };
    let line = code.line(from);
    let end_of = |start: usize| {
        let line = code.line(start);
        (start..code.tokens.len())
            .find(|&i| code.line(i) > line)
            .unwrap_or(code.tokens.len())
    };
    let begin = (0..=from)
        .rev()
        .find(|&i| code.starts_line(i) && code.line(i) <= line)?;
    let end = end_of(from);
    // `if not admin: raise …`, `admin? || head(:forbidden)`
    let chooses = (begin..from).any(|i| {
        matches!(
            code.raw(i),
            "if" | "unless"
                | "elif"
                | "else"
                | "except"
                | "lambda"
                | "and"
                | "or"
                | "&&"
                | "||"
                | "?"
        )
    });
    if chooses {
        return None;
    }
    if code.language == Language::Ruby {
        // `head :forbidden unless current_user.admin?`
        let asks = |i: &usize| matches!(code.raw(*i), "if" | "unless");
        if let Some(i) = (from..end).find(asks) {
            let word = if code.is(i, "if") { "if" } else { "unless" };
            all.push((word, i + 1..end));
        }
    } else if (from..end).any(|i| matches!(code.raw(i), "if" | "else")) {
        return None;
    }
    let mut column = code.column(begin);
    let starts = (0..begin).rev().filter(|&i| code.starts_line(i));
    for at in starts {
        if code.column(at) >= column || matches!(code.raw(at), ")" | "]" | "}") {
            continue;
        }
        column = code.column(at);
        match code.raw(at) {
            word @ ("if" | "unless") => {
                let word = if word == "if" { "if" } else { "unless" };
                all.push((word, head(code, at + 1)?));
            }
            "for" | "while" | "with" | "try" | "begin" | "async" => {}
            "elif" | "elsif" | "else" | "except" | "rescue" | "when" | "match" | "case" => {
                return None;
            }
            _ => break,
        }
        if all.len() > MOST {
            return None;
        }
        if column == 0 {
            break;
        }
    }
    Some(all)
}

/// Arguments of one statement at most, in tokens.
const ARGUMENTS: usize = 240;

/// The bracket of Python in which a token stands, the outermost of its statement: what is raised may be written
/// over several lines.
fn outermost(code: &Code<'_>, from: usize) -> usize {
    let opens = |at: &usize| {
        matches!(code.raw(*at), "(" | "[" | "{") && code.partner(*at).is_some_and(|to| to > from)
    };
    let mut all = (from.saturating_sub(ARGUMENTS)..from).filter(opens);
    all.next().unwrap_or(from)
}

/// The condition from a token up to the `:` of Python, `then` or the end of the line.
fn head(code: &Code<'_>, from: usize) -> Option<Range<usize>> {
    let line = code.line(from);
    let mut at = from;
    while at < code.tokens.len() {
        match code.raw(at) {
            "(" | "[" | "{" => at = code.partner(at)?,
            ":" if code.language == Language::Python => return Some(from..at),
            "then" => return Some(from..at),
            _ if code.line(at) > line && code.language == Language::Ruby => return Some(from..at),
            _ => {}
        }
        at += 1;
    }
    None
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop where it fails")]
mod tests {
    use super::around;
    use crate::source::SourceFile;

    /// What has to hold where `HERE` stands.
    fn at(path: &str, text: &str) -> String {
        let file = SourceFile::new(path, text);
        let code = file.code();
        let here = (0..code.tokens.len())
            .find(|&i| code.is(i, "HERE"))
            .unwrap();
        around(&file, here).map_or_else(|| "–".to_owned(), |c| c.sentence())
    }

    #[test]
    fn types_of_kotlin_are_no_functions() {
        let known = |text: &str| {
            let file = SourceFile::new("a.kt", text);
            let code = file.code();
            let here = (0..code.tokens.len()).find(|&i| code.is(i, "HERE"));
            super::function_around(code, here.unwrap()).is_some()
        };
        for head in [
            "class A(x: X) : B(x)",
            "class A<T>(x: X) : B",
            "class A @Inject constructor(x: X) : B",
            "object A : B(x)",
            "val a = object : B(x)",
        ] {
            assert!(
                !known(&format!("{head} {{\n  val a = HERE\n}}\n")),
                "{head}"
            );
        }
        assert!(known("class A(x: X)\nfun f(x: X): Y {\n  HERE\n}\n"));
        assert!(known("val a = load(A::class)\nval b = each(a) { HERE }\n"));
    }

    #[test]
    fn arrow_functions_may_tell_what_they_give() {
        for head in [
            "(role)",
            "(role: Role): RequestHandler",
            "(role: Role): express.RequestHandler",
            "async (id: string): Promise<Order[]>",
        ] {
            let text = format!("const f = {head} => {{\n  HERE\n}}\n");
            let file = SourceFile::new("a.ts", &text);
            let code = file.code();
            let here = (0..code.tokens.len()).find(|&i| code.is(i, "HERE"));
            let around = super::function_around(code, here.unwrap());
            assert!(around.is_some(), "{head}");
        }
    }

    #[test]
    fn conditions_are_those_of_the_blocks_around() {
        for (path, text, told) in [
            (
                "a.go",
                "func f(u *User) {\n\tif !u.Admin {\n\t\tfail(w, HERE)\n\t}\n}",
                "if `!u.Admin`",
            ),
            (
                "a.go",
                "func f() {\n\tif err := may(u); err != nil {\n\t\treturn c.JSON(HERE, gin.H{})\n\t}\n}",
                "if `err := may(u); err != nil`",
            ),
            (
                "a.go",
                "func f() {\n\tif a {\n\t\tif b == 1 {\n\t\t\treturn HERE\n\t\t}\n\t}\n}",
                "if `a` and `b == 1`",
            ),
            (
                "a.ts",
                "function f() {\n  if (!user.admin) return res.status(HERE)\n}",
                "if `!user.admin`",
            ),
            (
                "a.ts",
                "const f = () => {\n  if (!a || !b)\n    throw new HERE()\n}",
                "if `!a || !b`",
            ),
            (
                "a.ts",
                "f(async (c) => {\n  if (c.no) {\n    return c.json({ error: 'x', code: HERE })\n  }\n})",
                "if `c.no`",
            ),
            (
                "A.java",
                "class A { void f() { for (X x : all) { if (!x.may()) { throw new HERE(); } } } }",
                "if `!x.may()`",
            ),
            (
                "a.py",
                "def f(r):\n    if r.owner != r.user and not (\n        r.user.staff\n    ):\n        raise HERE\n",
                "if `r.owner != r.user and not ( r.user.staff )`",
            ),
            (
                "a.rb",
                "def f\n  head HERE unless current_user.admin?\nend",
                "unless `current_user.admin?`",
            ),
            (
                "a.rb",
                "def f\n  unless ok?(x)\n    head HERE\n  end\nend",
                "unless `ok?(x)`",
            ),
            (
                "a.rs",
                "fn f() {\n    if !claims.admin {\n        return Err(HERE);\n    }\n}",
                "if `!claims.admin`",
            ),
            (
                "a.php",
                "<?php function f() { if (!$u->may('x')) { throw new HERE(); } }",
                "if `!$u->may('x')`",
            ),
        ] {
            assert_eq!(at(path, text), told, "{text}");
        }
    }

    #[test]
    fn what_words_do_not_tell_is_left_out() {
        for (path, text) in [
            (
                "a.go",
                "func f() {\n\terr := may(u)\n\tif err != nil {\n\t\treturn HERE\n\t}\n}",
            ),
            (
                "a.go",
                "func f() {\n\tif a {\n\t\tg()\n\t} else {\n\t\treturn HERE\n\t}\n}",
            ),
            (
                "a.go",
                "func f() {\n\tif a {\n\t\tg()\n\t}\n\treturn HERE\n}",
            ),
            (
                "a.go",
                "func f() {\n\tswitch x {\n\tcase 1:\n\t\treturn HERE\n\t}\n}",
            ),
            (
                "a.ts",
                "function f() {\n  if (a) return 1\n  return HERE\n}",
            ),
            ("a.ts", "function f() {\n  return a ? b : HERE\n}"),
            ("a.kt", "fun f() {\n  if (a) return\n  throw HERE()\n}"),
            (
                "a.py",
                "def f():\n    try:\n        g()\n    except X:\n        raise HERE\n",
            ),
            (
                "a.py",
                "def f():\n    if a:\n        pass\n    else:\n        raise HERE\n",
            ),
            ("a.rs", "fn f() {\n    let x = y.ok_or(HERE)?;\n}"),
            (
                "a.rs",
                "fn f() {\n    match x {\n        None => { return Err(HERE) }\n    }\n}",
            ),
            (
                "a.rs",
                "fn f() {\n    let Some(x) = y else {\n        return Err(HERE);\n    };\n}",
            ),
            (
                "a.cs",
                "class A { void F() { if (a) { if (b) { if (c) { Use(HERE); } } } } }",
            ),
            (
                "a.cs",
                "class A { void F() { if (a) { G(); } Use(HERE); } }",
            ),
        ] {
            assert_eq!(at(path, text), "–", "{text}");
        }
    }
}
