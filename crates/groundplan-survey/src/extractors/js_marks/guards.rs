//! Guards of NestJS: what stands before the handlers of a controller.

use super::composed;
use crate::facts::FileFacts;
use crate::scan;
use crate::source::SourceFile;
use groundplan_model::Topic as T;
use groundplan_syntax::{Code, DeclKind};
use std::collections::BTreeMap;
use std::ops::Range;

/// Handlers that are named at most.
const NAMED: usize = 3;

/// Handlers behind the same guards: the first line, and their names; the whole class without one.
pub(crate) struct Behind<'f> {
    pub(crate) line: u32,
    pub(crate) handlers: Vec<&'f str>,
    pub(crate) whole: bool,
}

/// Adds, for each controller, an observation for each set of guards: those that ask who somebody is
/// as authentication, others as authorization.
pub(super) fn add(acc: &mut FileFacts, file: &SourceFile<'_>) {
    strategies(acc, file);
    composed::add(acc, file);
    if !file.says("UseGuards") {
        return;
    }
    let code = file.code();
    let outline = file.outline();
    let mut all: BTreeMap<(&str, T, String, String), Behind<'_>> = BTreeMap::new();
    for declared in &outline.declared {
        let of_class = declared.kind == DeclKind::Type;
        let owner = declared.owner.and_then(|at| outline.types.get(at));
        let owner = owner.map_or("", |class| class.name.as_str());
        let guards: Vec<(String, u32)> = declared
            .annotations
            .iter()
            .filter(|a| a.name == "UseGuards")
            .filter_map(|a| Some((a.open?, a.line)))
            .flat_map(|(open, line)| code.arguments(open).into_iter().map(move |r| (r, line)))
            .filter_map(|(range, line)| Some((name_of(code, range)?, line)))
            .collect();
        let of = |wanted: T| -> Vec<&str> {
            let mut all: Vec<&str> = Vec::new();
            for (name, _) in guards
                .iter()
                .filter(|(name, _)| topic(name) == Some(wanted))
            {
                // Two annotations may name the same guard.
                if !all.contains(&name.as_str()) {
                    all.push(name);
                }
            }
            all
        };
        for (wanted, other) in [
            (T::Authentication, T::Authorization),
            (T::Authorization, T::Authentication),
        ] {
            let own = of(wanted);
            let Some((_, line)) = guards.first().filter(|_| !own.is_empty()) else {
                continue;
            };
            let key = (owner, wanted, own.join(", "), of(other).join(", "));
            let behind = all.entry(key).or_insert_with(|| Behind {
                line: *line,
                handlers: Vec::new(),
                whole: false,
            });
            match of_class {
                true => behind.whole = true,
                false => behind.handlers.push(&declared.name),
            }
        }
    }
    for ((owner, topic, own, beside), behind) in all {
        let open = match behind.whole {
            true => composed::exempt(file, owner),
            false => Vec::new(),
        };
        let mut detail = described(owner, &beside, &behind);
        composed::note_exempt(&mut detail, &open);
        // By the name alone it need not be about who may do what.
        if topic == T::Authorization && own.split(", ").all(|name| !asks_by_name(name)) {
            detail = format!("a guard whose rule was not read; {detail}");
        }
        scan::mark(acc, file, behind.line, topic, own, Some(detail));
    }
}

/// `class JwtStrategy extends PassportStrategy(Strategy, "jwt")`: how callers prove who they are.
fn strategies(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if !file.says("PassportStrategy(") {
        return;
    }
    let code = file.code();
    for class in &file.outline().types {
        if class
            .heritage
            .clone()
            .any(|at| code.is(at, "PassportStrategy"))
        {
            let detail = Some("by Passport".to_owned());
            let name = class.name.as_str();
            scan::mark(acc, file, class.line, T::Authentication, name, detail);
        }
    }
}

/// ``guards `list` and `create` of `CartsController`, beside `RolesGuard` ``.
pub(crate) fn described(owner: &str, beside: &str, behind: &Behind<'_>) -> String {
    let of = match owner {
        "" => String::new(),
        owner => format!(" of `{owner}`"),
    };
    let coded: Vec<String> = behind.handlers.iter().map(|h| format!("`{h}`")).collect();
    let mut text = match coded.as_slice() {
        _ if behind.whole => format!("guards all handlers{of}"),
        [one] => format!("guards {one}{of}"),
        [some @ .., last] if coded.len() <= NAMED => {
            format!("guards {} and {last}{of}", some.join(", "))
        }
        [first, ..] => format!("guards {} handlers{of}, such as {first}", coded.len()),
        [] => "guards handlers".to_owned(),
    };
    if !beside.is_empty() {
        text.push_str(&format!(", beside `{beside}`"));
    }
    text
}

/// `AuthGuard(jwt)` of `AuthGuard("jwt")`, `RolesGuard` of `new RolesGuard(…)`.
pub(crate) fn name_of(code: &Code<'_>, range: Range<usize>) -> Option<String> {
    let at = range.start + usize::from(code.is(range.start, "new"));
    let name = code.ident(at)?;
    let strategy = code.is(at + 1, "(").then(|| code.string(at + 2)).flatten();
    Some(match strategy {
        Some(strategy) => format!("{name}({strategy})"),
        None => name.to_owned(),
    })
}

/// Whether the name of a guard says that it is about rights or about who somebody is.
fn asks_by_name(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    RIGHTS
        .iter()
        .chain(&["auth"])
        .any(|word| lower.contains(word))
}

/// Words of names of guards that are about what somebody may do.
const RIGHTS: [&str; 14] = [
    "role",
    "permission",
    "polic",
    "owner",
    "admin",
    "abilit",
    "acl",
    "access",
    "scope",
    "member",
    "casl",
    "team",
    "editor",
    "viewer",
];

/// Whether a function that stands before handlers lets only some callers pass, by its name: others parse,
/// store, count or look at what a request has to look like.
pub(crate) fn is_guard(name: &str) -> bool {
    const WORDS: [&str; 16] = [
        "admin",
        "apikey",
        "auth",
        "checktoken",
        "jwt",
        "loggedin",
        "login",
        "permission",
        "polic",
        "require",
        "restrict",
        "role",
        "signedin",
        "superuser",
        "validatetoken",
        "verifytoken",
    ];
    // What a request has to look like is not who may send it.
    const FORMS: [&str; 11] = [
        "csrf",
        "limit",
        "requiredparam",
        "requireaccept",
        "requirebody",
        "requirecontent",
        "requireheader",
        "requirehttps",
        "requirejson",
        "requiremethod",
        "requiretls",
    ];
    // `MustPush`, `EnsureMember`: a demand, and a right or a kind of caller behind it.
    const DEMANDS: [&str; 6] = ["must", "ensure", "need", "only", "can", "check"];
    const RIGHTS: [&str; 9] = [
        "access", "edit", "member", "owner", "pull", "push", "read", "user", "write",
    ];
    // `logInfo` is no login.
    let lower = name.to_ascii_lowercase().replace("loginfo", "");
    let whole = scan::snake(name);
    let mut parts = whole.split('_');
    let demands = parts.next().is_some_and(|first| DEMANDS.contains(&first))
        && parts.any(|part| RIGHTS.contains(&part));
    let asks = (demands || WORDS.iter().any(|word| lower.contains(word)))
        && !FORMS.iter().any(|form| lower.contains(form));
    // What reads, renews or hands on a token lets all pass.
    const PASSES: [&str; 6] = ["inject", "optional", "parse", "refresh", "renew", "trace"];
    let demands = demands || lower.contains("require");
    // `jwtauth.Verifier` only looks for a token, and another asks for it; `VerifyJWT` does both.
    let passes = lower.ends_with("verifier") || PASSES.iter().any(|word| lower.contains(word));
    if !demands && passes {
        return false;
    }
    let wrote = lower.contains("author") && !lower.contains("authori");
    // `protect` alone is how many call it.
    (asks && !wrote) || name == "protect"
}

/// What a guard asks for by its name; one that counts requests asks for nothing.
pub(crate) fn topic(name: &str) -> Option<T> {
    let lower = name.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|w| lower.contains(w));
    if has(&["throttl", "ratelimit"]) {
        return None;
    }
    if has(&RIGHTS[..8]) {
        return Some(T::Authorization);
    }
    let who = has(&[
        "auth",
        "jwt",
        "passport",
        "login",
        "session",
        "apikey",
        "token",
        "oidc",
        "oauth",
        "mustuser",
        "requireuser",
        "ensureuser",
    ]);
    let who = who || name.contains("SSO") || name.contains("Sso");
    Some(match who && !has(&["authoriz", "authoris"]) {
        true => T::Authentication,
        false => T::Authorization,
    })
}
