//! Code that refuses requests of who may not.

use crate::code_view::rust_tests;
use crate::conditions;
use crate::extractor::{Extractor, Reads, SERVING};
use crate::facts::{Claim, FileFacts, Mark};
use crate::scan::{self, Part};
use crate::source::SourceFile;
use groundplan_model::Topic;
use groundplan_syntax::TokenKind;
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "refusals",
    docs: "\
### What it finds
Answers with the status 403 in code of servers, which say that a caller is known and may not
(<https://www.rfc-editor.org/rfc/rfc9110#section-15.5.4>): `raise PermissionDenied`, `abort(403)`,
`http.StatusForbidden`, `StatusCode::FORBIDDEN`, `ForbiddenException`, `Forbid()`, and calls that are
refused as `PERMISSION_DENIED`, and helpers called `forbidden` and `unauthorized` where the condition asks
what somebody may do; with the conditions that stand around them, up to two, in the words of
the code.

### What it does not find
Rules that stand elsewhere: in what returned an error, in policies.
",
    reads: &[Reads::Own(&SERVING)],
    markers: &MARKS,
    run: extract,
};

/// How programs say it.
const MARKS: [&str; 28] = [
    "raise PermissionDenied",
    "HttpResponseForbidden(",
    "status_code=403",
    "HTTP_403_FORBIDDEN",
    "abort(403",
    "abort_if(",
    "abort_unless(",
    "AccessDeniedException(",
    "AccessDeniedHttpException(",
    "createAccessDeniedException(",
    "status(403)",
    "sendStatus(403)",
    "code(403)",
    "ForbiddenException(",
    "StatusForbidden",
    "HttpStatus.FORBIDDEN",
    "Status403Forbidden",
    "Forbid()",
    ":forbidden",
    "::FORBIDDEN",
    "HttpResponse::Forbidden",
    "codes.PermissionDenied",
    "CodePermissionDenied",
    "Status.PERMISSION_DENIED",
    "StatusCode.PERMISSION_DENIED",
    "return forbidden(",
    "return unauthorized(",
    NAMED,
];

/// What errors and exceptions of HTTP are called that say it: `HTTPForbidden`, `errHTTPForbidden`.
const NAMED: &str = "HTTPForbidden";

/// Helpers that answer by name: they count where the condition around them asks what somebody may do, and
/// one that says `unauthorized` gives 401 also for that.
const HELPERS: [(&str, &str); 2] = [
    ("return forbidden(", "Code refuses requests with `403`"),
    ("return unauthorized(", "Code refuses requests with `401`"),
];

/// Words of conditions that ask what somebody may do.
const ASKS: [&str; 9] = [
    "allowed",
    "can",
    "may",
    "owner",
    "permission",
    "permissions",
    "policy",
    "role",
    "roles",
];

/// Those of gRPC and Connect (<https://grpc.io/docs/guides/status-codes/>).
const CALLS: [&str; 4] = [
    "codes.PermissionDenied",
    "CodePermissionDenied",
    "Status.PERMISSION_DENIED",
    "StatusCode.PERMISSION_DENIED",
];

/// Conditions of one file that are told at most.
const MOST: usize = 6;

/// A refusal whose rule was not read: its line, its mark, and the line and words of a part of it that was.
type Unread<'t> = (u32, &'t str, Option<(u32, String)>);

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own {
        return;
    }
    let mut begin = 0;
    let mut tests = None;
    let mut told: Vec<Mark> = Vec::new();
    let mut unread: Option<Unread<'_>> = None;
    for (index, whole) in file.text.split_inclusive('\n').enumerate() {
        let first = begin;
        begin += whole.len();
        let line = whole.trim_end();
        // A client of files has an exception of this name.
        let of_files =
            line.contains("AccessDeniedException(") && file.text.contains("java.nio.file");
        let Some(mark) = refuses(line).filter(|_| !of_files) else {
            continue;
        };
        // What a text or a comment of several lines tells of is not done.
        let tests = tests.get_or_insert_with(|| rust_tests(file.code()));
        let Some(at) = in_code(file, first + line.find(mark).unwrap_or(0), tests) else {
            continue;
        };
        // A list or a name at the top of a file refuses nobody yet.
        let of_go = file.language == groundplan_syntax::Language::Go;
        if of_go && file.code().function_at(at).is_none() {
            continue;
        }
        let line = index as u32 + 1;
        let helper = HELPERS.iter().find(|(helper, _)| *helper == mark);
        let name = match (CALLS.contains(&mark), helper) {
            (true, _) => "Code refuses calls with `PERMISSION_DENIED`",
            (false, Some((_, name))) => name,
            (false, None) => "Code refuses requests with `403`",
        };
        let (from, said) = match rule(file, at, mark) {
            Some((_, said)) if helper.is_some() && !asks_what_one_may(&said) => continue,
            Some((from, said)) => (from, said),
            None if helper.is_some() || tells_errors(file, at) || is_documentation(file, at) => {
                continue;
            }
            None if let Some((from, said)) = of_constant(file, at) => (from, said),
            None if let Some((from, said)) = conditions::passed(file, at)
                && asks_what_one_may(&said) =>
            {
                (from, said)
            }
            None => {
                let partly = conditions::nearest(file, at);
                let known = unread
                    .as_ref()
                    .is_some_and(|(_, _, partly)| partly.is_some());
                if unread.is_none() || partly.is_some() && !known {
                    unread = Some((line, name, partly));
                }
                continue;
            }
        };
        let mark = Mark {
            topic: Topic::Authorization,
            name: name.to_owned(),
            detail: Some(said),
        };
        if told.len() < MOST && !told.contains(&mark) {
            acc.add(file, from.min(line), line, Claim::Mark(mark.clone()));
            told.push(mark);
        }
    }
    if let Some((line, name, partly)) = unread.filter(|_| told.is_empty()) {
        let (from, detail) = match partly {
            Some((from, said)) => (from, Some(said)),
            None => (line, None),
        };
        let mark = Mark {
            topic: Topic::Authorization,
            name: name.to_owned(),
            detail,
        };
        acc.add(file, from.min(line), line, Claim::Mark(mark));
    }
}

/// Whether a place stands in a function that turns an error into a status for its callers: it is given the
/// answer and an error or its text, and has other statuses beside. Which error it is given is the rule.
fn tells_errors(file: &SourceFile<'_>, at: usize) -> bool {
    const ANSWERS: [&str; 7] = ["c", "ctx", "reply", "res", "response", "rw", "w"];
    const ERRORS: [&str; 9] = [
        "e",
        "err",
        "error",
        "errorMessage",
        "exception",
        "ex",
        "message",
        "msg",
        "reason",
    ];
    let code = file.code();
    let Some((params, body)) = conditions::function_around(code, at) else {
        return false;
    };
    let close = code.partner(params).unwrap_or(params);
    let names: Vec<&str> = (params + 1..close).filter_map(|i| code.ident(i)).collect();
    // Of Go `error` is a type: a function that is given one that may fail is told no error.
    let typed = file.language == groundplan_syntax::Language::Go;
    let has = |all: &[&str]| {
        let mut names = names.iter().filter(|name| !typed || **name != "error");
        names.any(|name| all.contains(name))
    };
    // A handler of errors of a framework takes the request as well.
    if !has(&ANSWERS) || !has(&ERRORS) {
        return false;
    }
    // An error that says that somebody may not is a rule that stands elsewhere.
    let line = code.line(at) as usize;
    let mut above = file.text.lines().skip(line.saturating_sub(4)).take(3);
    let may_not = ["uthoriz", "orbidden", "ermission", "enied"];
    if above.any(|line| may_not.iter().any(|word| line.contains(word))) {
        return false;
    }
    let (from, to) = (
        code.line(params),
        code.line(code.partner(body).unwrap_or(body)),
    );
    let lines = file.text.lines().skip((from as usize).saturating_sub(1));
    let mut lines = lines.take((to.saturating_sub(from) + 1) as usize);
    let others = [
        "404",
        "500",
        "503",
        "400",
        "StatusNotFound",
        "StatusInternalServerError",
    ];
    lines.any(|line| {
        let mut words = line.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
        words.any(|word| others.contains(&word))
    })
}

/// Whether a place describes an answer for documents: `new ResponseMessageBuilder().code(403)`.
fn is_documentation(file: &SourceFile<'_>, at: usize) -> bool {
    let line = file.code().line(at) as usize;
    let near = file.text.lines().skip(line.saturating_sub(2)).take(2);
    let builders = [
        "ResponseMessageBuilder",
        "@ApiResponse",
        "ResponseBuilder().code",
        "@Response",
    ];
    let mut near = near.filter(|line| builders.iter().any(|word| line.contains(word)));
    near.next().is_some()
}

/// The rule of a status that has a name in its file: `role_error = HTTP_403_FORBIDDEN`, and
/// `raise HTTPException(status_code=self.role_error)` below a condition.
fn of_constant(file: &SourceFile<'_>, at: usize) -> Option<(u32, String)> {
    let code = file.code();
    let line = code.line(at);
    let text = file.text.lines().nth(line as usize - 1)?;
    let (name, _) = text.split_once(" = ")?;
    let name = name.trim();
    let sound = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    if !sound || name.len() < 6 || is_local(file, at) {
        return None;
    }
    let uses = (at + 1..code.tokens.len()).filter(|&i| code.ident(i) == Some(name));
    let raises = |i: &usize| {
        let from = i.saturating_sub(12);
        (from..*i).any(|b| matches!(code.raw(b), "raise" | "throw" | "abort"))
    };
    let mut rules = uses
        .filter(raises)
        .filter_map(|i| conditions::around(file, i));
    let first = rules.next()?;
    Some((first.first, first.sentence()))
}

/// Whether a place lies in a function, whose names are no others'.
fn is_local(file: &SourceFile<'_>, at: usize) -> bool {
    // Where a function of Ruby ends is not told by brackets.
    file.language == groundplan_syntax::Language::Ruby || conditions::is_inside(file.code(), at)
}

/// Whether a condition asks what somebody may do: `if !(await canUpdateTeam(auth, team))`.
fn asks_what_one_may(said: &str) -> bool {
    let parts = said.split(|c: char| !c.is_ascii_alphanumeric());
    parts.filter(|part| !part.is_empty()).any(|part| {
        // The words of `canUpdateTeam`.
        let ends = part
            .char_indices()
            .skip(1)
            .filter(|(_, c)| c.is_ascii_uppercase())
            .map(|(at, _)| at);
        let mut from = 0;
        let mut all: Vec<&str> = Vec::new();
        for end in ends.chain([part.len()]) {
            all.extend(part.get(from..end));
            from = end;
        }
        all.iter()
            .any(|word| ASKS.iter().any(|asks| asks.eq_ignore_ascii_case(word)))
    })
}

/// By which rule the code at a token refuses, and the line where that stands.
fn rule(file: &SourceFile<'_>, at: usize, mark: &str) -> Option<(u32, String)> {
    let code = file.code();
    if let Some(word) = match mark {
        "abort_if(" => Some("if"),
        "abort_unless(" => Some("unless"),
        _ => None,
    } {
        // Under another condition this one alone is not the rule.
        if conditions::is_under_one(file, at) {
            return None;
        }
        let asked = code.arguments(at + 1).into_iter().next()?;
        let line = code.line(asked.start);
        let text = conditions::text(code, &asked)?;
        return Some((line, format!("{word} `{text}`")));
    }
    let around = conditions::around(file, at)?;
    Some((around.first, around.sentence()))
}

/// The token at a byte of a file, if that is in its code and not in a text, a comment or a test of Rust
/// beside it.
fn in_code(file: &SourceFile<'_>, at: usize, tests: &[Range<usize>]) -> Option<usize> {
    let tokens = &file.code().tokens;
    let next = tokens.partition_point(|token| token.end as usize <= at);
    if tests.iter().any(|range| range.contains(&next)) {
        return None;
    }
    let token = tokens.get(next)?;
    // The mark may begin between two words: `::FORBIDDEN`.
    (token.start as usize <= at && token.kind != TokenKind::Str).then_some(next)
}

/// By which mark a line answers so; one that compares an answer with it, or explains it, does not.
fn refuses(line: &str) -> Option<&'static str> {
    let mark = *MARKS.iter().find(|mark| line.contains(**mark))?;
    let line = line.trim_start();
    let conditional = mark.starts_with("abort_");
    let asks = [
        "case ",
        "when ",
        "expect",
        "assert",
        "catch",
        "instanceof",
        "throws ",
    ];
    let comment = ["//", "#", "*", "/*", "@", "///"];
    let begins = ["import ", "use ", "class ", "from "];
    // An arm of a match, a comparison by method, and the constructor of the class.
    let (before, after) = line.split_once(mark).unwrap_or_default();
    let behind = after.trim_start();
    // `status == http.StatusForbidden`
    let path = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | ':');
    let held = before.trim_end_matches(path).trim_end();
    let matched = behind.starts_with("=>")
        || behind.starts_with("==")
        || held.ends_with("==")
        || held.ends_with("!=")
        || line.contains(".equals(")
        || line.contains(" in (");
    let declared = mark.ends_with("Exception(")
        && !["new ", "throw ", "raise ", "$this->"]
            .iter()
            .any(|word| line.contains(word));
    let kept = mark == NAMED && !line.starts_with("return ") && !line.starts_with("raise ");
    let no_answer = matched
        || declared
        || kept
        || comment
            .iter()
            .chain(&begins)
            .any(|begin| line.starts_with(begin))
        || asks.iter().any(|word| before.contains(word))
        || line.contains(" class ");
    (!no_answer && (!conditional || line.contains("403"))).then_some(mark)
}

#[cfg(test)]
mod tests {
    use super::refuses;

    #[test]
    fn refusing_is_neither_comparing_nor_declaring() {
        assert!(super::asks_what_one_may(
            "if `!(await canUpdateTeam(auth, id))`"
        ));
        assert!(!super::asks_what_one_may("if `!session` and `scanned`"));
        for line in [
            "        raise PermissionDenied",
            "\treturn c.JSON(http.StatusForbidden, e)",
            "    abort_unless($user->owns($post), 403);",
            "        head :forbidden",
            "    Err(StatusCode::FORBIDDEN)",
            "  if (user.id === post.owner) return res.sendStatus(403)",
        ] {
            assert!(refuses(line).is_some(), "{line}");
        }
        for line in [
            "if resp.StatusCode == http.StatusForbidden {",
            "    case http.StatusForbidden:",
            "// sends http.StatusForbidden",
            "abort_if($x, 404);",
            "        StatusCode::FORBIDDEN => Err(Error::Denied),",
            "        if (status.equals(HttpStatus.FORBIDDEN)) {",
            "    public ForbiddenException(String message) {",
            "public class ForbiddenException() extends RuntimeException {",
        ] {
            assert!(refuses(line).is_none(), "{line}");
        }
    }
}
