//! Code that refuses requests of who may not.

use crate::extractor::{Extractor, Reads};
use crate::facts::FileFacts;
use crate::scan::{self, Part};
use crate::source::SourceFile;
use groundplan_model::Topic;
use groundplan_syntax::Language;

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
    reads: &[Reads::Own(&[
        Language::CSharp,
        Language::Elixir,
        Language::Go,
        Language::Java,
        Language::JavaScript,
        Language::Kotlin,
        Language::Php,
        Language::Python,
        Language::Ruby,
        Language::Rust,
        Language::TypeScript,
    ])],
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
    for (index, line) in file.text.lines().enumerate() {
        if refuses(line) {
            let name = "Code refuses requests with `403`";
            let name = name.to_owned();
            scan::mark(
                acc,
                file,
                index as u32 + 1,
                Topic::Authorization,
                name,
                None,
            );
            return;
        }
    }
}

/// Whether a line answers so; one that compares an answer with it, or explains it, does not.
fn refuses(line: &str) -> bool {
    let Some(mark) = MARKS.iter().find(|mark| line.contains(**mark)) else {
        return false;
    };
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
    let no_answer = comment
        .iter()
        .chain(&begins)
        .any(|begin| line.starts_with(begin))
        || compares.iter().any(|word| line.contains(word))
        || line.contains(" class ");
    !no_answer && (!conditional || line.contains("403"))
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
            assert!(refuses(line), "{line}");
        }
        for line in [
            "if resp.StatusCode == http.StatusForbidden {",
            "    case http.StatusForbidden:",
            "// sends http.StatusForbidden",
            "abort_if($x, 404);",
            "public class ForbiddenException() extends RuntimeException {",
        ] {
            assert!(!refuses(line), "{line}");
        }
    }
}
