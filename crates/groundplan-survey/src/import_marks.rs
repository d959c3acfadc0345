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
                && !seen.contains(&(*topic, *name))
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

/// Whether a file tells a client of TLS to take any certificate, and does not look at it itself.
fn checks_nobody(text: &str) -> bool {
    const MARKS: [&str; 6] = [
        "InsecureSkipVerify:true",
        "verify_mode=ssl.CERT_NONE",
        "verify_mode=CERT_NONE",
        "cert_reqs=ssl.CERT_NONE",
        "cert_reqs=CERT_NONE",
        "_create_unverified_context",
    ];
    let own = ["VerifyPeerCertificate", "VerifyConnection"];
    !own.iter().any(|word| text.contains(word))
        && statements(text).any(|line| {
            let plain: String = line.split_whitespace().collect();
            MARKS.iter().any(|mark| plain.contains(mark))
        })
}

/// The lines of a file that are neither comments nor comparisons.
fn statements(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| {
        let start = line.trim_start();
        let comment = ["//", "#", "*", "/*"].iter().any(|c| start.starts_with(c));
        !comment && !line.contains("==")
    })
}

/// Whether a file that imports a library of TLS sets something of it up: an import of its errors, of its
/// versions or of a type that is handed on does not.
fn sets_up_tls(text: &str) -> bool {
    const USES: [&str; 17] = [
        "_create_unverified_context",
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
    statements(text).any(|line| USES.iter().any(|mark| line.contains(mark)))
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
    use super::{checks_nobody, only_issues};

    #[test]
    fn only_what_takes_any_certificate_checks_nobody() {
        for text in [
            "c := &tls.Config{InsecureSkipVerify: true}",
            "ctx.verify_mode = ssl.CERT_NONE\n",
            "ctx = ssl._create_unverified_context()",
        ] {
            assert!(checks_nobody(text), "{text}");
        }
        for text in [
            "// InsecureSkipVerify: true",
            "ctx.check_hostname = False\nctx.verify_mode = ssl.CERT_REQUIRED\n",
            "if ctx.verify_mode == ssl.CERT_NONE:\n    raise Unsafe\n",
            "&tls.Config{InsecureSkipVerify: true, VerifyPeerCertificate: pinned}",
        ] {
            assert!(!checks_nobody(text), "{text}");
        }
    }

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
