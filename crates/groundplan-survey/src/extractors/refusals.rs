//! Code that refuses requests of who may not.

use crate::code_view::rust_tests;
use crate::extractor::{Extractor, Reads, SERVING};
use crate::facts::FileFacts;
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
`http.StatusForbidden`, `StatusCode::FORBIDDEN`, `ForbiddenException`, `Forbid()`.

### What it does not find
By which rule a request is refused.
",
    reads: &[Reads::Own(&SERVING)],
    markers: &MARKS,
    run: extract,
};

/// How programs say it.
const MARKS: [&str; 21] = [
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
];

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own {
        return;
    }
    let mut begin = 0;
    let mut tests = None;
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
        if is_code(file, first + line.find(mark).unwrap_or(0), tests) {
            let line = index as u32 + 1;
            let name = "Code refuses requests with `403`";
            let said = "by which rule was not read".to_owned();
            scan::mark(acc, file, line, Topic::Authorization, name, Some(said));
            return;
        }
    }
}

/// Whether a byte of a file is in its code, not in a text, a comment or a test of Rust beside it.
fn is_code(file: &SourceFile<'_>, at: usize, tests: &[Range<usize>]) -> bool {
    let tokens = &file.code().tokens;
    let next = tokens.partition_point(|token| token.end as usize <= at);
    if tests.iter().any(|range| range.contains(&next)) {
        return false;
    }
    tokens
        .get(next)
        .is_some_and(|token| token.start as usize <= at && token.kind != TokenKind::Str)
}

/// By which mark a line answers so; one that compares an answer with it, or explains it, does not.
fn refuses(line: &str) -> Option<&'static str> {
    let mark = *MARKS.iter().find(|mark| line.contains(**mark))?;
    let line = line.trim_start();
    let conditional = mark.starts_with("abort_");
    let compares = [
        "==",
        "!=",
        "case ",
        "when ",
        "expect",
        "assert",
        "catch",
        "instanceof",
        "throws ",
    ];
    let comment = ["//", "#", "*", "/*", "@", "///"];
    let begins = ["import ", "use ", "class "];
    // An arm of a match, a comparison by method, and the constructor of the class.
    let after = line
        .find(mark)
        .and_then(|at| line.get(at + mark.len()..))
        .unwrap_or_default();
    let matched =
        after.trim_start().starts_with("=>") || line.contains(".equals(") || line.contains(" in (");
    let declared = mark.ends_with("Exception(")
        && !["new ", "throw ", "raise ", "$this->"]
            .iter()
            .any(|word| line.contains(word));
    let no_answer = matched
        || declared
        || comment
            .iter()
            .chain(&begins)
            .any(|begin| line.starts_with(begin))
        || compares.iter().any(|word| line.contains(word))
        || line.contains(" class ");
    (!no_answer && (!conditional || line.contains("403"))).then_some(mark)
}

#[cfg(test)]
mod tests {
    use super::refuses;

    #[test]
    fn refusing_is_neither_comparing_nor_declaring() {
        for line in [
            "        raise PermissionDenied",
            "\treturn c.JSON(http.StatusForbidden, e)",
            "    abort_unless($user->owns($post), 403);",
            "        head :forbidden",
            "    Err(StatusCode::FORBIDDEN)",
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
