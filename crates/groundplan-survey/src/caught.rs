//! Calls over a network whose errors the function that makes them catches.

use crate::facts::{Claim, FileFacts};
use crate::failing::catching;
use crate::scan;
use crate::source::SourceFile;
use groundplan_model::{CAUGHT_CALL, Topic};
use groundplan_syntax::{Code, Language};

/// Calls of one file at most.
const MOST: usize = 40;

/// Notes of the calls of a file that were read which of them stand in a `try` with a `catch` of the same
/// function: what becomes of the error there is another question.
pub(crate) fn note(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let braced = matches!(
        file.language,
        Language::CSharp
            | Language::Java
            | Language::JavaScript
            | Language::Kotlin
            | Language::Php
            | Language::TypeScript
    );
    if !braced && file.language != Language::Python {
        return;
    }
    let calls = acc.facts.iter().filter_map(|fact| match &fact.claim {
        Claim::Client(client) if client.protocol == "http" => Some(fact.at.lines[0]),
        _ => None,
    });
    let mut lines: Vec<u32> = calls.collect();
    lines.sort_unstable();
    lines.dedup();
    if lines.is_empty() || !file.text.contains("try") {
        return;
    }
    let code = file.code();
    lines.truncate(MOST);
    let mut at = 0;
    for line in lines {
        while at < code.tokens.len() && code.line(at) < line {
            at += 1;
        }
        let call = called(code, at);
        let caught = match braced {
            true => !runs_later(code, at) && tried(code, call).is_some(),
            false => by_lines(file.text, line),
        };
        if caught {
            scan::mark(acc, file, line, Topic::Stated, CAUGHT_CALL, None);
        }
    }
}

/// The name of the last call of the line that begins at a token, or the line's last token.
fn called(code: &Code<'_>, from: usize) -> usize {
    let line = code.line(from);
    let all = from..code.tokens.len();
    let mut last = from;
    let mut found = None;
    for at in all.take_while(|&at| code.line(at) == line) {
        last = at;
        if code.ident(at).is_some() && code.is(at + 1, "(") {
            found = Some(at);
        }
    }
    found.unwrap_or(last)
}

/// Whether the call on the line that begins at a token may fail after the block around it has ended: nothing waits
/// for it, or a function without a block makes it.
pub(crate) fn runs_later(code: &Code<'_>, from: usize) -> bool {
    let has = |line: u32, test: &dyn Fn(usize) -> bool| {
        let before = (0..from).rev().take_while(|&at| code.line(at) >= line);
        let behind = (from..code.tokens.len()).take_while(|&at| code.line(at) == code.line(from));
        before
            .chain(behind)
            .any(|at| code.line(at) == line && test(at))
    };
    let line = code.line(from);
    let arrow = |at: usize| match code.language {
        Language::Java => code.is(at, "-") && code.is(at + 1, ">"),
        Language::Kotlin | Language::Php => false,
        _ => code.is(at, "=") && code.is(at + 1, ">"),
    };
    let awaits = |at: usize| code.is(at, "await");
    let tasks = match code.language {
        Language::JavaScript | Language::TypeScript => true,
        Language::CSharp => has(line, &|at| {
            code.ident(at).is_some_and(|name| name.ends_with("Async"))
        }),
        _ => false,
    };
    if has(line, &arrow) || !tasks || has(line, &awaits) {
        return has(line, &arrow);
    }
    // `await Promise.all([` stands on a line before.
    let mut at = from;
    while at > 0 {
        at -= 1;
        match code.raw(at) {
            "}" | ")" | "]" => at = code.partner(at).unwrap_or(at),
            "(" | "[" if has(code.line(at), &arrow) => return true,
            "(" | "[" if has(code.line(at), &awaits) => return false,
            "{" | ";" => return true,
            _ => {}
        }
    }
    true
}

/// Whether a name is that of an error of what is read or written, and not of a call: who catches only these lets the
/// error of a call pass.
fn is_of_values(name: &str) -> bool {
    matches!(
        name,
        "AssertionError"
            | "AttributeError"
            | "FormatException"
            | "IndexError"
            | "InterruptedException"
            | "JSONDecodeError"
            | "JSONException"
            | "JsonException"
            | "JsonProcessingException"
            | "KeyError"
            | "MalformedURLException"
            | "NumberFormatException"
            | "ParseException"
            | "TypeError"
            | "URISyntaxException"
            | "ValueError"
    )
}

/// Whether some of the types that are caught may be that of a failed call; where none is named, all are caught.
pub(crate) fn may_be_of_calls<'t>(names: impl Iterator<Item = &'t str>) -> bool {
    let mut types = names
        .filter(|name| name.starts_with(|c: char| c.is_ascii_uppercase()))
        .peekable();
    types.peek().is_none() || types.any(|name| !is_of_values(name))
}

/// The bracket of the innermost block around a token of which what may be the error of a call is caught, within
/// its function.
pub(crate) fn tried(code: &Code<'_>, from: usize) -> Option<usize> {
    let mut at = from;
    while at > 0 {
        at -= 1;
        match code.raw(at) {
            "}" | ")" | "]" => at = code.partner(at).unwrap_or(at),
            "{" => {
                let before = at.checked_sub(1).map_or("", |before| code.raw(before));
                // `try (resource) {` of Java.
                let with = code.is(at.saturating_sub(1), ")")
                    && code.partner(at - 1).is_some_and(|open| {
                        open.checked_sub(1).is_some_and(|word| code.is(word, "try"))
                    });
                // What is only tried to end well lets the error pass.
                let catches = |close: usize| catching(code, close + 1).is_some();
                if (before == "try" || with) && code.partner(at).is_some_and(catches) {
                    return Some(at);
                }
                // A closure may run after the function has ended.
                let arrow = before == ">";
                let head = before == ")" && {
                    let open = code.partner(at - 1).unwrap_or(at);
                    let word = open.checked_sub(1).map_or("", |word| code.raw(word));
                    !matches!(
                        word,
                        "if" | "for"
                            | "foreach"
                            | "while"
                            | "using"
                            | "switch"
                            | "synchronized"
                            | "try"
                    )
                };
                // So may what Kotlin hands over in brackets: `launch { … }`.
                let handed = code.language == Language::Kotlin
                    && !matches!(before, "else" | "try" | "finally" | "do")
                    && at.checked_sub(1).is_some_and(|i| code.ident(i).is_some());
                if arrow || head || handed {
                    return None;
                }
            }
            _ => {}
        }
    }
    None
}

/// Whether a line of Python stands below a `try:` of its function that an `except` follows.
fn by_lines(text: &str, line: u32) -> bool {
    let lines: Vec<&str> = text.lines().collect();
    let column = |text: &str| text.len() - text.trim_start().len();
    let index = (line as usize).saturating_sub(1);
    let Some(mut own) = lines.get(index).map(|text| column(text)) else {
        return false;
    };
    for above in (0..index).rev() {
        let Some(text) = lines.get(above) else { break };
        if text.trim().is_empty() || column(text) >= own {
            continue;
        }
        own = column(text);
        let head = text.trim_start();
        if head.starts_with("try:") {
            let below = lines.get(index + 1..).unwrap_or_default().iter();
            let at_same = below.filter(|text| !text.trim().is_empty() && column(text) <= own);
            let heads = at_same.map(|text| text.trim_start());
            let mut heads = heads.take_while(|text| text.starts_with("except"));
            return heads.any(|text| {
                let head = text.split(" as ").next().unwrap_or(text);
                may_be_of_calls(head.split(|c: char| !(c.is_alphanumeric() || c == '_')))
            });
        }
        if head.starts_with("def ")
            || head.starts_with("async def ")
            || head.starts_with("class ")
            || own == 0
        {
            return false;
        }
    }
    false
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop where it fails")]
mod tests {
    use super::{by_lines, called, runs_later, tried};
    use crate::source::SourceFile;
    use groundplan_syntax::Language;

    /// Whether the call on the line with `load` is caught.
    fn caught(path: &str, text: &str) -> bool {
        let file = SourceFile::new(path, text);
        let line = text.lines().position(|l| l.contains("load")).unwrap() as u32 + 1;
        if file.language == Language::Python {
            return by_lines(text, line);
        }
        let code = file.code();
        let at = (0..code.tokens.len())
            .find(|&at| code.line(at) == line)
            .unwrap();
        !runs_later(code, at) && tried(code, called(code, at)).is_some()
    }

    #[test]
    fn what_is_caught_is_waited_for_and_may_be_the_error_of_a_call() {
        for (path, text) in [
            (
                "a.ts",
                "async function f() {\n try {\n await load(u)\n } catch (e) {}\n}",
            ),
            (
                "b.ts",
                "async function f() {\n try {\n await Promise.all([\n load(u)\n ])\n } catch {}\n}",
            ),
            (
                "a.kt",
                "fun f() {\n try {\n load(u)\n } catch (e: IOException) {}\n}",
            ),
            (
                "A.java",
                "void f() {\n try {\n load(u);\n } catch (ParseException e) {} catch (IOException e) {}\n}",
            ),
            (
                "B.java",
                "void f() {\n try {\n try {\n load(u);\n } catch (ParseException e) {}\n } catch (IOException e) {}\n}",
            ),
            (
                "a.py",
                "def f():\n    try:\n        load(u)\n    except Exception as e:\n        pass\n",
            ),
        ] {
            assert!(caught(path, text), "{text}");
        }
        for (path, text) in [
            (
                "a.ts",
                "async function f() {\n try {\n load(u)\n } catch (e) {}\n}",
            ),
            (
                "b.ts",
                "function f() {\n try {\n all.forEach(async (u) => await load(u))\n } catch (e) {}\n}",
            ),
            (
                "c.ts",
                "async function f() {\n try {\n g()\n } catch (e) { await load(e) }\n}",
            ),
            (
                "a.kt",
                "fun f() {\n try {\n scope.launch {\n load(u)\n }\n } catch (e: IOException) {}\n}",
            ),
            (
                "A.java",
                "void f() {\n try {\n load(u);\n } catch (InterruptedException e) {}\n}",
            ),
            (
                "a.py",
                "def f():\n    try:\n        load(u)\n    except (KeyError, json.JSONDecodeError):\n        pass\n",
            ),
        ] {
            assert!(!caught(path, text), "{text}");
        }
    }
}
