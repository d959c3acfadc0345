//! Calls of methods of gRPC stubs: `carts.GetCart(ctx, …)` of a field `carts pb.CartServiceClient`.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Invoked};
use crate::paths;
use crate::source::SourceFile;
use groundplan_syntax::{Code, Language};
use std::collections::BTreeSet;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "grpc-invoked",
    docs: "\
### What it finds
Methods that code calls of a gRPC stub, with the service of the stub: by a variable, field or parameter
whose type is the stub or that is made as one (Go, Python, Java, Kotlin, C#, TypeScript, JavaScript, Rust),
and right where the stub is made (`pb.NewCartServiceClient(conn).GetCart(…)`). Whether a contract has the
service and the method is asked when all files are known.

### What it does not find
Stubs that another file declares or gives, or that are made of a file of the contract when the program
starts, calls of what a stub gives first (`stub.withDeadlineAfter(…).get(…)`, `client.clone().get(…)`), calls
by reflection, generated code and tests.
",
    reads: &[Reads::Own(&[
        Language::Go,
        Language::Python,
        Language::Rust,
        Language::Java,
        Language::Kotlin,
        Language::CSharp,
        Language::JavaScript,
        Language::TypeScript,
    ])],
    markers: &["Client", "Stub"],
    run: extract,
};

/// Words of which one stands in every file that speaks gRPC.
const MARKS: [&str; 5] = ["grpc", "Grpc", "pb.", "pb2", "tonic"];

/// Calls of one file at most.
const MOST: usize = 200;

/// A name with a stub in it: where it is given, and the service.
struct Bound<'t> {
    name: &'t str,
    at: usize,
    service: &'t str,
}

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let told = MARKS.iter().any(|mark| file.text.contains(mark));
    if !told || paths::is_test(file.path) || paths::is_generated(file.path, file.text) {
        return;
    }
    let code = file.code();
    let mut bound: Vec<Bound<'_>> = Vec::new();
    let mut found: BTreeSet<(u32, Invoked)> = BTreeSet::new();
    for at in 0..code.tokens.len() {
        let Some((service, last)) = stub(code, at) else {
            continue;
        };
        let begin = qualified(code, at);
        if code.is_byte(last + 1, b'(') {
            // `NewCartServiceClient(conn).GetCart(…)`
            let close = code.partner(last + 1).unwrap_or(last + 1);
            if code.is_byte(close + 1, b'.') && code.is_byte(close + 3, b'(') {
                push(code, close + 2, service, &mut found);
                continue;
            }
            bound.extend(given(code, begin).map(|name| Bound { name, at, service }));
        } else {
            bound.extend(typed(code, begin, at).map(|name| Bound { name, at, service }));
        }
    }
    others(code, &mut bound);
    if !bound.is_empty() {
        for call in code.calls() {
            let method = call.open - 1;
            let receiver = match code.raw(method.wrapping_sub(1)) {
                "." => method.checked_sub(2),
                _ => None,
            };
            let Some(name) = receiver.and_then(|at| code.ident(at)) else {
                continue;
            };
            let mut same = bound.iter().filter(|b| b.name == name);
            let nearest = same.clone().rev().find(|b| b.at < call.open);
            let service = match (nearest, same.next()) {
                (Some(near), _) => near.service,
                (None, Some(first)) if same.all(|b| b.service == first.service) => first.service,
                _ => continue,
            };
            push(code, method, service, &mut found);
        }
    }
    for (line, invoked) in found.into_iter().take(MOST) {
        acc.add(file, line, line, Claim::Invoked(invoked));
    }
}

fn push(code: &Code<'_>, method: usize, service: &str, found: &mut BTreeSet<(u32, Invoked)>) {
    if let Some(name) = code.ident(method) {
        let invoked = Invoked {
            service: service.to_owned(),
            method: name.to_owned(),
        };
        found.insert((code.line(method), invoked));
    }
}

/// The service of a token that names a stub, and the last token of the name of what makes one.
fn stub<'t>(code: &Code<'t>, at: usize) -> Option<(&'t str, usize)> {
    let word = code.ident(at)?;
    // `CartServiceGrpc.newBlockingStub(channel)`
    if let Some(service) = word.strip_suffix("Grpc").filter(|s| !s.is_empty())
        && code.is_byte(at + 1, b'.')
        && let Some(next) = code.ident(at + 2)
    {
        // The type is read at its own token.
        let makes = next.starts_with("new") && next.ends_with("Stub");
        return makes.then_some((service, at + 2));
    }
    let word = match code.language {
        Language::Go => word.strip_prefix("New").unwrap_or(word),
        _ => word,
    };
    let ends = [
        "BlockingStub",
        "FutureStub",
        "CoroutineStub",
        "Stub",
        "Client",
    ];
    let service = ends.iter().find_map(|end| word.strip_suffix(end))?;
    if service.is_empty() || !service.starts_with(|c: char| c.is_ascii_uppercase()) {
        return None;
    }
    // `CartServiceClient::connect(…)`
    let makes = code.language == Language::Rust
        && code.is_byte(at + 1, b':')
        && code.is_byte(at + 2, b':')
        && code.is_byte(at + 4, b'(');
    Some((service, if makes { at + 3 } else { at }))
}

/// The first token of a dotted name that ends at a token.
fn qualified(code: &Code<'_>, at: usize) -> usize {
    let mut begin = at;
    while let Some(before) = begin.checked_sub(2) {
        let dot = code.is_byte(before + 1, b'.') && code.ident(before).is_some();
        let colons = code.is_byte(before + 1, b':')
            && code.is_byte(before, b':')
            && before > 0
            && code.ident(before - 1).is_some();
        begin = match (dot, colons) {
            (true, _) => before,
            (_, true) => before - 1,
            _ => break,
        };
    }
    begin
}

/// The name to which what begins at a token is given: `carts := …`, `self.carts = …`, `carts: …`.
fn given<'t>(code: &Code<'t>, begin: usize) -> Option<&'t str> {
    let mut at = begin.checked_sub(1)?;
    while matches!(code.raw(at), "new" | "await" | "&" | "(") {
        at = at.checked_sub(1)?;
    }
    match code.raw(at) {
        "=" => {
            let mut name = at.checked_sub(1)?;
            if code.is_byte(name, b':') {
                name = name.checked_sub(1)?;
            }
            code.ident(name)
        }
        ":" if !code.is_byte(at.wrapping_sub(1), b':') => code.ident(at.checked_sub(1)?),
        _ => None,
    }
}

/// The name whose type is the one that ends at a token.
fn typed<'t>(code: &Code<'t>, begin: usize, at: usize) -> Option<&'t str> {
    let before = begin.checked_sub(1)?;
    match code.language {
        Language::Go => {
            let name = match code.is_byte(before, b'*') {
                true => before.checked_sub(1)?,
                false => before,
            };
            let same = code.line(name) == code.line(at);
            code.ident(name)
                .filter(|word| same && !matches!(*word, "type" | "return" | "struct" | "interface"))
        }
        Language::Java | Language::CSharp => {
            let mut next = at + 1;
            while code.is_byte(next, b'?') {
                next += 1;
            }
            code.ident(next)
        }
        _ => {
            let mut colon = before;
            while matches!(
                code.raw(colon),
                "&" | "mut" | "<" | "Arc" | "Box" | "Option"
            ) {
                colon = colon.checked_sub(1)?;
            }
            let alone = !code.is_byte(colon.wrapping_sub(1), b':');
            (code.is_byte(colon, b':') && alone)
                .then(|| code.ident(colon.checked_sub(1)?))
                .flatten()
        }
    }
}

/// Other names of the same stubs: `payments := s.paymentClient`.
fn others<'t>(code: &Code<'t>, bound: &mut Vec<Bound<'t>>) {
    let known: Vec<(&str, &str)> = bound.iter().map(|b| (b.name, b.service)).collect();
    for at in 2..code.tokens.len() {
        let Some(name) = code.ident(at) else { continue };
        let ends = code.is_byte(at + 1, b';') || code.starts_line(at + 1);
        if !ends || !known.iter().any(|(known, _)| *known == name) {
            continue;
        }
        let services: BTreeSet<&str> = known
            .iter()
            .filter(|(known, _)| *known == name)
            .map(|(_, service)| *service)
            .collect();
        let begin = qualified(code, at);
        if let (1, Some(service)) = (services.len(), services.first())
            && begin < at
            && begin > 0
            && code.is_byte(begin - 1, b'=')
            && let Some(other) = given(code, begin)
        {
            bound.push(Bound {
                name: other,
                at,
                service,
            });
        }
    }
    bound.sort_by_key(|b| b.at);
}
