//! Clients that take any certificate.

use crate::extractor::{Extractor, Reads};
use crate::facts::FileFacts;
use crate::scan::{self, Part};
use crate::source::SourceFile;
use groundplan_model::{Topic, UNCHECKED};
use groundplan_syntax::{Code, Language};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "unchecked-certificates",
    docs: "\
### What it finds
Code that switches the check of the other side's certificate off: callbacks of .NET that answer `true`, host
name verifiers and trust strategies of Java that take everybody, `rejectUnauthorized: false` of Node.js and
`verify=False` of clients in Python.

### What it does not find
Checks that a setting switches off, and Go, whose settings of TLS are read with its marks.
",
    reads: &[Reads::Own(&[
        Language::CSharp,
        Language::Java,
        Language::JavaScript,
        Language::Kotlin,
        Language::Python,
        Language::TypeScript,
    ])],
    markers: &[
        "CertificateCustomValidationCallback",
        "CertificateValidationCallback",
        "DangerousAcceptAnyServerCertificateValidator",
        "NoopHostnameVerifier",
        "TrustAllStrategy",
        "ALLOW_ALL_HOSTNAME_VERIFIER",
        "rejectUnauthorized",
        "verify=False",
    ],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own || file.is_test() {
        return;
    }
    let code = file.code();
    let found = (0..code.tokens.len()).find_map(|at| taken(code, at).map(|by| (at, by)));
    if let Some((at, by)) = found {
        let detail = Some(format!("{by}{UNCHECKED}"));
        scan::mark(
            acc,
            file,
            code.line(at),
            Topic::Tls,
            "TLS settings in code",
            detail,
        );
    }
}

/// What makes the code at `at` take any certificate.
fn taken<'t>(code: &Code<'t>, at: usize) -> Option<&'t str> {
    let word = code.ident(at)?;
    let sets =
        |value: &str| (code.is(at + 1, "=") || code.is(at + 1, ":")) && code.is(at + 2, value);
    let yes = match word {
        "DangerousAcceptAnyServerCertificateValidator" => true,
        // Imports name it too.
        "NoopHostnameVerifier" | "TrustAllStrategy" => {
            code.is(at + 1, ".") && !code.is(at + 2, "*") && code.is(at + 2, "INSTANCE")
                || at > 0 && code.is(at - 1, "new")
        }
        "ALLOW_ALL_HOSTNAME_VERIFIER" => true,
        "rejectUnauthorized" => sets("false"),
        "verify" => code.language == Language::Python && sets("False"),
        "ServerCertificateCustomValidationCallback"
        | "ServerCertificateValidationCallback"
        | "RemoteCertificateValidationCallback" => says_yes(code, at),
        _ => false,
    };
    yes.then_some(word)
}

/// Whether a callback answers `true` whatever it is given: `= (_, _, _, _) => true`, `= delegate { return true; }`.
fn says_yes(code: &Code<'_>, at: usize) -> bool {
    const LONGEST: usize = 40;
    let end = (at..at + LONGEST).find(|&i| code.is(i, ";")).unwrap_or(at);
    let given = code.is(at + 1, "=") || code.is(at + 2, "=");
    let arrow = (at..end).any(|i| {
        code.is(i, "true")
            && (code.is(i - 1, ">") || code.is(i - 1, "=>") || code.is(i - 1, "return"))
            && !matches!(code.raw(i + 1), "&&" | "||" | "&" | "|")
    });
    let asks = (at..end).any(|i| code.is(i, "if") || code.is(i, "?"));
    let before = at.checked_sub(1).map_or("", |i| code.raw(i));
    given && arrow && !asks && before != "//"
}
