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
`verify=False` of requests and httpx in Python.

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
        ".verify = False",
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
        "DangerousAcceptAnyServerCertificateValidator" | "ALLOW_ALL_HOSTNAME_VERIFIER" => true,
        "NoopHostnameVerifier" | "TrustAllStrategy" => {
            code.is(at + 1, ".") && code.is(at + 2, "INSTANCE") || at > 0 && code.is(at - 1, "new")
        }
        "rejectUnauthorized" => sets("false"),
        "verify" => {
            code.language == Language::Python
                && code.is(at + 1, "=")
                && code.is(at + 2, "False")
                && asks(code, at)
        }
        "ServerCertificateCustomValidationCallback"
        | "ServerCertificateValidationCallback"
        | "RemoteCertificateValidationCallback" => says_yes(code, at),
        _ => false,
    };
    // Imports name it too.
    let line = code.line(at);
    let imported = || code.is(code.tokens.partition_point(|t| t.line < line), "import");
    (yes && !imported()).then_some(word)
}

/// Whether `verify` is that of a client of HTTP, and not of tokens: `requests.get(url, verify=False)`,
/// `session.verify = False`.
fn asks(code: &Code<'_>, at: usize) -> bool {
    const CALLS: [&str; 10] = [
        "AsyncClient",
        "Client",
        "Session",
        "delete",
        "get",
        "head",
        "patch",
        "post",
        "put",
        "request",
    ];
    if !["httpx", "requests"]
        .iter()
        .any(|library| code.text.contains(library))
    {
        return false;
    }
    let set = at > 0 && code.is(at - 1, ".");
    let called = scan::open_around(code, at).filter(|open| *open > 0 && code.is(*open, "("));
    set || called.is_some_and(|open| CALLS.contains(&code.raw(open - 1)))
}

/// Whether a callback answers `true` whatever it is given: `= (_, _, _, _) => true`, `= delegate { return true; }`.
fn says_yes(code: &Code<'_>, at: usize) -> bool {
    const LONGEST: usize = 40;
    let given = code.is(at + 1, "=") || code.is(at + 2, "=");
    let mut end = at;
    while !matches!(code.raw(end), "," | ";" | "}" | ")" | "") {
        end = match code.raw(end) {
            "(" | "[" | "{" => code.partner(end).unwrap_or(end) + 1,
            _ => end + 1,
        };
        if end > at + LONGEST {
            return false;
        }
    }
    let arrow = (at + 1..end).any(|i| {
        code.is(i, "true")
            && (code.is(i - 1, ">") || code.is(i - 1, "return"))
            && !matches!(code.raw(i + 1), "&" | "|")
    });
    let asks = (at..end).any(|i| code.is(i, "if") || code.is(i, "?"));
    given && arrow && !asks
}
