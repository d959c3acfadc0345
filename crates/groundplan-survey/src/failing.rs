//! What a function does with the failure of the calls that it makes: it hands the error on, logs it, drops it,
//! or puts another value in place of the answer. Only the code of the function is looked at; who calls it, and
//! what becomes of the error there, is joined when all files are known.

mod go;
mod indented;
mod rust;
mod said;
mod thrown;

pub(crate) use indented::swallowing;

use crate::facts::Failing;
use crate::source::SourceFile;
use groundplan_model::Outcome;
use groundplan_syntax::{Call, Code, Language};
use std::ops::Range;
pub(crate) use thrown::catching;

/// Calls of one function at most.
const MOST: usize = 80;

/// How a failure is dealt with, and the tokens that show it.
#[derive(Clone)]
struct Dealt {
    /// Nothing where it was not read what becomes of it.
    outcome: Option<Outcome>,
    with: String,
    at: Range<usize>,
}

impl Dealt {
    fn new(outcome: Outcome, at: Range<usize>) -> Self {
        Dealt {
            outcome: Some(outcome),
            with: String::new(),
            at,
        }
    }

    fn with(outcome: Outcome, with: String, at: Range<usize>) -> Self {
        Dealt {
            with,
            ..Dealt::new(outcome, at)
        }
    }

    fn unread(at: Range<usize>) -> Self {
        Dealt {
            outcome: None,
            with: String::new(),
            at,
        }
    }
}

/// What in a file deals with the errors of more than one call.
pub(crate) struct Guards {
    /// Blocks that are tried, with how what they throw is caught.
    tries: Vec<(Range<usize>, Dealt)>,
    /// Bodies that an annotation names a fallback for.
    replaced: Vec<(usize, Dealt)>,
    /// Whether circuit breakers stand in the file.
    breaks: bool,
    /// Whether what fails may be kept as a value in the file: `runCatching { … }` of Kotlin.
    keeps: bool,
    /// Functions without a name.
    apart: Vec<Range<usize>>,
}

impl Guards {
    pub(crate) fn of(file: &SourceFile<'_>) -> Self {
        let code = file.code();
        let mut guards = Guards {
            tries: Vec::new(),
            replaced: Vec::new(),
            breaks: false,
            keeps: false,
            apart: thrown::lambdas(code),
        };
        match code.language {
            Language::Python | Language::Ruby => guards.tries = indented::tries(code),
            _ if is_thrown(code.language) => {
                if file.says("try") {
                    guards.tries = thrown::tries(code);
                }
                guards.breaks = file.says("reaker");
                guards.keeps = code.language == Language::Kotlin && file.says("runCatching");
                if file.says("fallbackMethod") || file.says("@Async") {
                    guards.replaced = thrown::replaced(code);
                }
            }
            _ => {}
        }
        guards
    }

    /// What the function with a body does with the failure of its calls; a call of which nothing is told lets its
    /// error pass, in languages that throw, and is not known in others.
    pub(crate) fn failing(
        &self,
        file: &SourceFile<'_>,
        body: &Range<usize>,
        calls: &[Call],
    ) -> Vec<Failing> {
        let code = file.code();
        let mut all: Vec<Failing> = Vec::new();
        for call in calls {
            if all.len() >= MOST {
                break;
            }
            if all.iter().any(|known| known.line == call.line) {
                continue;
            }
            let dealt = match code.language {
                Language::Go => go::dealt(code, body, *call),
                Language::Rust => rust::dealt(code, body, *call),
                Language::Python | Language::Ruby => {
                    indented::apart(code, *call).or_else(|| self.tried(code, body, call.open))
                }
                _ if is_thrown(code.language) => self.thrown(code, body, *call),
                _ => None,
            };
            let Some(dealt) = dealt else { continue };
            let first = code.line(dealt.at.start);
            let last = code.line(dealt.at.end.saturating_sub(1)).max(first);
            let Some((lines, hash)) = file.place(first, last) else {
                continue;
            };
            all.push(Failing {
                line: call.line,
                outcome: dealt.outcome,
                with: dealt.with,
                lines,
                hash,
            });
        }
        all
    }

    /// How what is thrown at a token of a function is caught there.
    fn tried(&self, code: &Code<'_>, body: &Range<usize>, at: usize) -> Option<Dealt> {
        let holds =
            |(block, _): &&(Range<usize>, Dealt)| block.contains(&at) && block.end <= body.end;
        // The innermost begins last.
        let before = (self.tries).partition_point(|(block, _)| block.start <= at);
        let near = self.tries[..before].iter().rev();
        let mut near = near.take_while(|(block, _)| block.start + 3 >= body.start);
        let (block, dealt) = near.find(holds)?;
        let own = match code.language {
            Language::Python => code.function_at(block.start) == code.function_at(at),
            Language::Ruby => true,
            _ => crate::caught::tried(code, at) == Some(block.start),
        };
        own.then(|| dealt.clone())
    }

    fn thrown(&self, code: &Code<'_>, body: &Range<usize>, call: Call) -> Option<Dealt> {
        if let Some(dealt) = thrown::chained(code, call) {
            return Some(dealt);
        }
        if self.breaks
            && let Some(dealt) = thrown::around(code, body, call.first)
        {
            return Some(dealt);
        }
        if let Some(dealt) = self.tried(code, body, call.open)
            && !crate::caught::runs_later(code, call.first)
        {
            return Some(dealt);
        }
        let replaced = self.replaced.iter().find(|(start, _)| *start == body.start);
        if let Some((_, dealt)) = replaced {
            return Some(dealt.clone());
        }
        let from = self.apart.partition_point(|r| r.start < body.start);
        let inside = self.apart[from..].iter();
        let inside = inside.take_while(|r| r.start <= call.open);
        // What is written into the registration of a route is such a function itself.
        let own = usize::from(
            body.start
                .checked_sub(1)
                .is_some_and(|at| code.is_byte(at, b'(')),
        );
        if inside.filter(|r| r.contains(&call.open)).count() > own {
            return Some(Dealt::unread(call.first..call.open + 1));
        }
        match self.keeps {
            true => Some(Dealt::unread(call.first..call.open + 1)),
            false => thrown::awaited(code, body, call),
        }
    }
}

/// Whether errors of a language leave their function unless something there catches them.
fn is_thrown(language: Language) -> bool {
    matches!(
        language,
        Language::CSharp
            | Language::Java
            | Language::JavaScript
            | Language::Kotlin
            | Language::Php
            | Language::TypeScript
    )
}

/// Whether an error of which nothing is told leaves the function. What nobody waits for in JavaScript does not.
pub(crate) fn passes(language: Language) -> bool {
    matches!(
        language,
        Language::CSharp
            | Language::Java
            | Language::Kotlin
            | Language::Php
            | Language::Python
            | Language::Ruby
    )
}

#[cfg(test)]
mod tests;
