//! Observations that are seen by what a file imports or how its functions are decorated.

use crate::code_view::{CodeView, is_below};
use crate::facts::{Claim, FileFacts, Mark};
use groundplan_model::{Topic, UNCHECKED};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// What the import of a module says: module, topic, name.
pub(crate) type ImportMark = (&'static str, Topic, &'static str);

/// One mark per row and file, where the import stands.
pub(crate) fn imports(acc: &mut FileFacts, view: &CodeView<'_, '_>, table: &[ImportMark]) {
    let mut seen = BTreeSet::new();
    for import in view.imports() {
        let dotted = import.module.replace("::", ".");
        let whole = crate::imports::without_version(&dotted);
        for (module, topic, name) in table {
            let plain = match module.contains("::") {
                true => Cow::Owned(module.replace("::", ".")),
                false => Cow::Borrowed(*module),
            };
            if (is_below(&dotted, &plain) || is_below(&whole, &plain))
                && !(*name == TOKENS && only_issues(view.file.text))
                && !(*name == TLS
                    && matches!(*module, "ssl" | "crypto/tls")
                    && !sets_up_tls(view.file.text))
                && seen.insert((*topic, *name))
            {
                let detail = match *name == TLS && checks_nobody(view.file.text) {
                    true => format!("{module}{UNCHECKED}"),
                    false => (*module).to_owned(),
                };
                let claim = Claim::Mark(Mark {
                    topic: *topic,
                    name: (*name).to_owned(),
                    detail: Some(detail),
                });
                acc.add(view.file, import.line, import.line, claim);
            }
        }
    }
}

/// The name of libraries that make and check tokens.
const TOKENS: &str = "JSON Web Tokens";

/// Whether a file that imports such a library makes tokens and checks none: a token in a link that
/// is sent by mail lets nobody in.
fn only_issues(text: &str) -> bool {
    const ISSUES: [&str; 8] = [
        "jwt.encode(",
        "JWT.encode",
        "JWT::encode(",
        "encode(&Header",
        "jwt.sign(",
        "jsonwebtoken.sign(",
        "NewWithClaims",
        "Jwts.builder(",
    ];
    // As tokens are checked, not as any text is decoded.
    const CHECKS: [&str; 15] = [
        "jwt.decode",
        "jwt.get_unverified",
        "jwt.verify",
        "JWT.decode",
        "JWT::decode",
        "jsonwebtoken.verify",
        "Jwts.parser",
        "JWT.require",
        "decode::<",
        "jwtVerify(",
        " verify(",
        "(verify(",
        "ParseWithClaims",
        ".Parse(",
        "jwt_required",
    ];
    ISSUES.iter().any(|mark| text.contains(mark)) && !CHECKS.iter().any(|mark| text.contains(mark))
}

/// The name of what sets up TLS.
const TLS: &str = "TLS settings in code";

/// Whether a file tells a client of TLS to take any certificate.
fn checks_nobody(text: &str) -> bool {
    [
        "InsecureSkipVerify: true",
        "check_hostname = False",
        "CERT_NONE",
    ]
    .iter()
    .any(|mark| text.contains(mark))
}

/// Whether a file that imports a library of TLS sets something of it up: an import of its errors, of its
/// versions or of a type that is handed on does not.
fn sets_up_tls(text: &str) -> bool {
    const USES: [&str; 16] = [
        "create_default_context",
        "SSLContext",
        "wrap_socket",
        "ssl.CERT_",
        "CERT_REQUIRED",
        "CERT_NONE",
        "ssl.PROTOCOL_",
        "tls.Config{",
        "tls.Listen(",
        "tls.NewListener(",
        "tls.Dial",
        "tls.Server(",
        "tls.Client(",
        "tls.LoadX509KeyPair",
        "tls.X509KeyPair",
        "tls.Certificate{",
    ];
    USES.iter().any(|mark| text.contains(mark))
}

/// What a decorator or attribute says: the last word of its name, topic.
pub(crate) type NoteMark = (&'static str, Topic);

/// One mark per name and file, where it stands first; the detail is its first literal.
pub(crate) fn notes(acc: &mut FileFacts, view: &CodeView<'_, '_>, table: &[NoteMark]) {
    let mut seen = BTreeSet::new();
    for note in view.code.annotations() {
        let last = note.name.rsplit('.').next().unwrap_or(&note.name);
        let Some((_, topic)) = table.iter().find(|(name, _)| *name == last) else {
            continue;
        };
        let detail = note
            .open
            .and_then(|open| view.argument(open, 0))
            .filter(|r| view.code.string(r.start).is_some())
            .and_then(|r| view.constant(r));
        if seen.insert((note.name.clone(), detail.clone())) {
            let claim = Claim::Mark(Mark {
                topic: *topic,
                name: note.name,
                detail,
            });
            acc.add(view.file, note.line, note.line, claim);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::only_issues;

    #[test]
    fn a_library_that_only_makes_tokens_lets_nobody_in() {
        assert!(only_issues(
            "import jwt\ntoken = jwt.encode({\"a\": 1}, key)\n"
        ));
        assert!(!only_issues(
            "import jwt\nclaims = jwt.decode(token, key)\n"
        ));
        assert!(!only_issues("class A:\n    name = s.encode('utf-8')\n"));
        assert!(!only_issues("import jwt\nraise jwt.InvalidTokenError\n"));
        assert!(!only_issues(
            "t, err := jwt.ParseWithClaims(s, c, f)\njwt.NewWithClaims(m, c)"
        ));
    }
}
