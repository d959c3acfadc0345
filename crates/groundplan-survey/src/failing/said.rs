//! What code that deals with an error says: a status, a value, a line of a log.

use crate::conditions;
use crate::extractors::csharp_handlers::results;
use crate::extractors::python_handlers::status_of;
use crate::statuses;
use groundplan_model::Outcome;
use groundplan_syntax::{Code, Language};
use std::ops::Range;

/// The status of a failure that stands among tokens: `http.StatusBadGateway`, `codes.Internal`, `500`.
pub(super) fn status(code: &Code<'_>, range: Range<usize>) -> Option<String> {
    range.into_iter().find_map(|at| one(code, at))
}

fn one(code: &Code<'_>, at: usize) -> Option<String> {
    let raw = code.raw(at);
    if raw.len() == 3 && raw.starts_with(['4', '5']) && raw.bytes().all(|b| b.is_ascii_digit()) {
        return is_answer(code, at).then(|| raw.to_owned());
    }
    let word = code.ident(at)?;
    // `status.HTTP_502_BAD_GATEWAY`, `StatusCodes.Status502BadGateway`
    if word.starts_with("HTTP_") {
        return status_of(word).filter(|s| fails(s));
    }
    if let Some(rest) = word.strip_prefix("Status").and_then(|rest| rest.get(..3))
        && rest.bytes().all(|b| b.is_ascii_digit())
    {
        return fails(rest).then(|| rest.to_owned());
    }
    // `return NotFound();`, `Results.Problem()`
    if code.language == Language::CSharp
        && let Some(status) = results::result(code, at)
    {
        return Some(status).filter(|s| fails(s));
    }
    let dot = at.checked_sub(1)?;
    let on = match code.raw(dot) {
        "." => dot.checked_sub(1),
        ":" => dot.checked_sub(2),
        _ => None,
    };
    let on = on.and_then(|at| code.ident(at))?;
    let says = |word: &str| code.text.contains(word);
    let of_grpc = match on {
        "codes" | "Code" => true,
        // The codes of Rust are called `Code`.
        "StatusCode" => code.language != Language::Rust && says("rpc"),
        // `Status::internal(…)` of tonic, `Status.INTERNAL` of gRPC for Java.
        "Status" => says("tonic") || says("io.grpc.*") || names(code, "io.grpc.Status"),
        _ => false,
    };
    match on {
        _ if of_grpc && statuses::is_grpc_error(word) => Some(word.to_owned()),
        // A system has states of its own, `Status.LOCKED`; those of HTTP are of JAX-RS or Rocket.
        "Status" if !says("ws.rs") && !says("rocket") => None,
        "http" | "HttpStatus" | "HttpStatusCode" | "StatusCode" | "StatusCodes" | "fiber"
        | "iris" | "Response" | "ResponseEntity" | "HttpResponse" | "Results" | "TypedResults"
        | "Status" => statuses::code(word).filter(|s| fails(s)).map(str::to_owned),
        _ => None,
    }
}

/// Whether a file has a path that ends there: `io.grpc.Status`, not `io.grpc.StatusException`.
fn names(code: &Code<'_>, path: &str) -> bool {
    let mut behind = code.text.split(path).skip(1);
    behind.any(|rest| !rest.starts_with(char::is_alphanumeric))
}

fn fails(status: &str) -> bool {
    status.starts_with(['4', '5'])
}

/// Whether a number is handed to what answers: `res.status(502)`, `status_code=502`, `abort(502)`.
fn is_answer(code: &Code<'_>, at: usize) -> bool {
    const WORDS: [&str; 14] = [
        "abort",
        "answer",
        "code",
        "error",
        "exception",
        "fail",
        "head",
        "json",
        "problem",
        "render",
        "reply",
        "respond",
        "response",
        "status",
    ];
    let tells = |at: Option<usize>| {
        let word = at.and_then(|at| code.ident(at)).unwrap_or_default();
        let lower = word.to_ascii_lowercase();
        WORDS.iter().any(|known| lower.contains(known))
    };
    let mut before = at;
    for _ in 0..40 {
        let Some(next) = before.checked_sub(1) else {
            return false;
        };
        before = next;
        match code.raw(before) {
            "=" | ":" if before + 1 == at => return tells(before.checked_sub(1)),
            "(" => return tells(before.checked_sub(1)),
            // `return jsonify(error), 502` of Flask.
            "return" => return true,
            ")" | "]" | "}" => before = code.partner(before).unwrap_or(before),
            ";" | "{" => return false,
            _ => {}
        }
    }
    false
}

/// Whether something among tokens is written to a log.
pub(super) fn logs(code: &Code<'_>, range: Range<usize>) -> bool {
    const WORDS: [&str; 22] = [
        "console", "debugf", "eprintln", "errorf", "fprintf", "glog", "infof", "klog", "log",
        "logf", "logger", "logging", "logrus", "logs", "print", "printf", "println", "puts",
        "slog", "warn", "warnf", "warning",
    ];
    range.into_iter().any(|at| {
        let Some(word) = code.ident(at) else {
            return false;
        };
        let snake = crate::scan::snake(word);
        // `fmt.Errorf(…)` makes an error, `fmt.Fprintf(w, …)` answers.
        let on = at.checked_sub(2).map_or("", |on| code.raw(on));
        let other = match snake.as_str() {
            "errorf" => matches!(on, "errors" | "fmt" | "status" | "xerrors"),
            "fprintf" => on == "fmt" && !code.is(at + 2, "os"),
            _ => false,
        };
        !other && snake.split('_').any(|part| WORDS.contains(&part))
    })
}

/// Whether the program ends here: `os.Exit(1)`, `panic(err)`; of Go also `log.Fatal(err)`.
fn exits(code: &Code<'_>, at: usize) -> bool {
    let dotted = at.checked_sub(1).is_some_and(|dot| code.is_byte(dot, b'.'));
    let called = code.is_byte(at + 1, b'(');
    let name = code.raw(at);
    called
        && match dotted {
            true => {
                matches!(
                    name,
                    "Fatal" | "Fatalf" | "Fatalln" | "Panic" | "Panicf"
                        if code.language == Language::Go
                ) || matches!(name, "Exit" | "exit" | "exitProcess")
            }
            false => matches!(name, "panic" | "exitProcess"),
        }
}

/// A value as it is written, if a reader takes it in at a glance.
pub(super) fn value(code: &Code<'_>, range: &Range<usize>) -> Option<String> {
    let text = conditions::words(code, range)?;
    let text = text.trim_end_matches(';').trim();
    (!text.is_empty() && conditions::is_short_and_open(text)).then(|| text.to_owned())
}

/// What a statement does that deals with an error.
enum Does {
    /// It leaves or ends in one of several cases: that is not what is done in all.
    Depends,
    Stops,
    /// It gives something another value that was known before.
    Sets,
    /// It keeps what tells of the error.
    Keeps,
    /// It gives a name of the block itself its value: `const m = …`, `String m = …`.
    Declares,
    /// It writes to a log, or does nothing.
    Quiet,
    Other,
}

fn does(code: &Code<'_>, statement: &Range<usize>, error: &str) -> Does {
    let first = statement.start;
    let leaves = |at: usize| matches!(code.raw(at), "return" | "throw" | "raise");
    let ends = statement.clone().any(|at| exits(code, at));
    let is_case = matches!(
        code.raw(first),
        "catch"
            | "elif"
            | "else"
            | "elsif"
            | "except"
            | "for"
            | "foreach"
            | "if"
            | "rescue"
            | "select"
            | "switch"
            | "try"
            | "unless"
            | "when"
            | "while"
    );
    if !leaves(first) && statement.clone().any(leaves) || ends && is_case {
        return Does::Depends;
    }
    if ends {
        return Does::Stops;
    }
    if let Some(sign) = assigns(code, statement) {
        // A type stands before a name that is declared.
        let typed = sign.checked_sub(2).filter(|at| *at >= first);
        let typed = typed.is_some_and(|at| match code.raw(at) {
            ">" => !code.is_byte(at.wrapping_sub(1), b'-'),
            word => matches!(word, "]" | "?") || code.ident(at).is_some(),
        });
        let declares = matches!(code.raw(first), "const" | "let" | "val" | "var");
        return match (typed || declares, tells(code, statement, error)) {
            (true, _) => Does::Declares,
            (_, true) => Does::Keeps,
            _ => Does::Sets,
        };
    }
    let quiet = matches!(code.raw(first), "pass" | "continue" | "break" | "next");
    let quiet = quiet && !code.is_byte(first + 1, b'(');
    match quiet || logs(code, statement.clone()) {
        true => Does::Quiet,
        false => Does::Other,
    }
}

/// The sign by which a statement gives something a value.
fn assigns(code: &Code<'_>, statement: &Range<usize>) -> Option<usize> {
    let mut at = statement.start;
    while at < statement.end {
        match code.raw(at) {
            "(" | "[" | "{" => at = code.partner(at).unwrap_or(at),
            "=" => {
                // `+=` counts; what stands behind may have a sign: `stock = -1`.
                let before = code.raw(at.wrapping_sub(1));
                let other = ["=", "!", "<", ">", ":", "+", "-", "*", "/"].contains(&before)
                    || matches!(code.raw(at + 1), "=" | ">");
                return (!other && at > statement.start).then_some(at);
            }
            _ => {}
        }
        at += 1;
    }
    None
}

/// Whether something among tokens is made of an error of a name.
pub(super) fn tells(code: &Code<'_>, range: &Range<usize>, error: &str) -> bool {
    !error.is_empty() && range.clone().any(|at| code.is(at, error))
}

/// The statements between two tokens, each up to where it is said to end.
pub(super) fn statements(
    code: &Code<'_>,
    body: Range<usize>,
    end: fn(&Code<'_>, usize, usize) -> usize,
) -> impl Iterator<Item = Range<usize>> {
    let mut at = body.start;
    std::iter::from_fn(move || {
        let from = at + usize::from(code.is_byte(at, b';'));
        at = end(code, from, body.end).max(from + 1);
        (from < body.end).then_some(from..at)
    })
}

/// What the block does that takes an error.
pub(super) struct Clause {
    /// Its last statement; empty where it has none.
    pub(super) last: Range<usize>,
    /// Whether something gets another value.
    pub(super) assigns: bool,
    /// Whether something keeps the error.
    pub(super) keeps: bool,
    /// Whether all that it does is to give values and to write to a log.
    pub(super) plain: bool,
    /// Whether all that it does before its last statement is to write to a log.
    pub(super) quiet_before: bool,
    pub(super) logs: bool,
    pub(super) status: Option<String>,
}

impl Clause {
    /// Reads the statements of a block with these tokens. Where the program ends in it, or something leaves it in
    /// one of several cases, gives that outcome or none.
    pub(super) fn read(
        code: &Code<'_>,
        body: Range<usize>,
        statements: impl Iterator<Item = Range<usize>>,
        error: &str,
    ) -> Result<Clause, Option<Outcome>> {
        let mut clause = Clause {
            last: body.start..body.start,
            assigns: false,
            keeps: false,
            plain: true,
            quiet_before: true,
            logs: logs(code, body.clone()),
            status: status(code, body),
        };
        for statement in statements {
            clause.quiet_before = clause.plain && !clause.assigns;
            match does(code, &statement, error) {
                Does::Depends => return Err(None),
                Does::Stops => return Err(Some(Outcome::Stops)),
                Does::Sets => clause.assigns = true,
                Does::Declares => clause.plain &= clause.logs,
                Does::Quiet => {}
                Does::Keeps => (clause.keeps, clause.plain) = (true, false),
                Does::Other => clause.plain = false,
            }
            clause.last = statement;
        }
        Ok(clause)
    }

    /// What becomes of an error behind which a function goes on as if nothing had been.
    pub(super) fn gone_on(&self) -> Outcome {
        match self.logs {
            true => Outcome::Logged,
            false => Outcome::Ignored,
        }
    }
}
