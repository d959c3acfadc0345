//! Names of HTTP status codes, as libraries write them.

use groundplan_model::Response;

/// An answer of which only the status is known.
pub(crate) fn response(status: impl Into<String>) -> Response {
    Response {
        status: status.into(),
        description: None,
        schema: None,
        origin: None,
    }
}

/// Adds an answer of which only the status is known, unless it is there.
pub(crate) fn add(responses: &mut Vec<Response>, status: &str) {
    if !responses.iter().any(|r| r.status == status) {
        responses.push(response(status));
    }
}

/// Adds what code answers; what was only declared of the status so far, code gives now.
pub(crate) fn give(all: &mut Vec<Response>, made: Response) {
    match all.iter_mut().find(|r| r.status == made.status) {
        Some(known) if known.only_declared() => {
            known.origin = made.origin;
            known.description = made.description.or(known.description.take());
            known.schema = known.schema.take().or(made.schema);
        }
        Some(known) => known.schema = known.schema.take().or(made.schema),
        None => all.push(made),
    }
}

/// Puts successes before failures, each by number, and behind them what only a declaration names.
pub(crate) fn in_order(responses: &mut [Response]) {
    responses.sort_by_key(|r| (r.only_declared(), r.fails(), r.status.clone()));
}

/// Whether a word is the name of a code with which gRPC tells of a failure, however its language writes it
/// (<https://grpc.io/docs/guides/status-codes/>).
pub(crate) fn is_grpc_error(name: &str) -> bool {
    const CODES: [&str; 17] = [
        "aborted",
        "alreadyexists",
        "canceled",
        "cancelled",
        "dataloss",
        "deadlineexceeded",
        "failedprecondition",
        "internal",
        "invalidargument",
        "notfound",
        "outofrange",
        "permissiondenied",
        "resourceexhausted",
        "unauthenticated",
        "unavailable",
        "unimplemented",
        "unknown",
    ];
    CODES.contains(&letters(name).as_str())
}

/// The letters and digits of a name.
fn letters(name: &str) -> String {
    let all = name.chars().filter(char::is_ascii_alphanumeric);
    all.map(|c| c.to_ascii_lowercase()).collect()
}

/// The code of a name such as `StatusNotFound`, `NOT_FOUND`, `NotFound` or of the number itself.
pub(crate) fn code(name: &str) -> Option<&'static str> {
    const CODES: [(&str, &str); 34] = [
        ("ok", "200"),
        ("created", "201"),
        ("accepted", "202"),
        ("nocontent", "204"),
        ("partialcontent", "206"),
        ("movedpermanently", "301"),
        ("found", "302"),
        ("seeother", "303"),
        ("notmodified", "304"),
        ("temporaryredirect", "307"),
        ("permanentredirect", "308"),
        ("badrequest", "400"),
        ("unauthorized", "401"),
        ("paymentrequired", "402"),
        ("forbidden", "403"),
        ("notfound", "404"),
        ("methodnotallowed", "405"),
        ("notacceptable", "406"),
        ("conflict", "409"),
        ("gone", "410"),
        ("lengthrequired", "411"),
        ("preconditionfailed", "412"),
        ("payloadtoolarge", "413"),
        ("contenttoolarge", "413"),
        ("unsupportedmediatype", "415"),
        ("unprocessableentity", "422"),
        ("unprocessablecontent", "422"),
        ("locked", "423"),
        ("toomanyrequests", "429"),
        ("internalservererror", "500"),
        ("notimplemented", "501"),
        ("badgateway", "502"),
        ("serviceunavailable", "503"),
        ("gatewaytimeout", "504"),
    ];
    let plain = letters(name);
    // `HttpStatus.SC_NOT_FOUND` of Apache, `StatusNotFound` of Go.
    let plain = ["status", "sc"]
        .iter()
        .find_map(|head| plain.strip_prefix(head))
        .unwrap_or(&plain);
    CODES
        .iter()
        .find(|(name, code)| *name == plain || *code == plain)
        .map(|(_, code)| *code)
}
