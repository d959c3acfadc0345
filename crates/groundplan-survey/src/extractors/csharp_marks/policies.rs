//! Policies of authorisation with what they ask for, the roles that they name, and servers that issue
//! tokens.

use crate::facts::FileFacts;
use crate::marks;
use crate::scan;
use crate::source::SourceFile;
use crate::values::Values;
use groundplan_model::Topic;
use groundplan_syntax::{Call, Code};
use std::ops::Range;

/// Adds what the calls of a file say.
pub(super) fn add(acc: &mut FileFacts, file: &SourceFile<'_>, values: &Values<'_, '_>) {
    let code = file.code();
    let guards = file.text.contains("Authoriz");
    if file.text.contains("FallbackPolicy") {
        fallback(acc, file);
    }
    for call in code.calls() {
        match code.raw(scan::word_at(code, call)) {
            "AddPolicy" if guards => policy(acc, file, values, call),
            "RequireRole" | "IsInRole" => {
                for range in code.arguments(call.open) {
                    role(acc, file, call.line, &range);
                }
            }
            "RequireClaim" => claim(acc, file, call),
            "AddIdentityServer" => issuer(acc, file, call, "identityserver"),
            "AddServer" if file.text.contains("OpenIddict") => {
                issuer(acc, file, call, "openiddict");
            }
            _ => {}
        }
    }
}

/// `options.FallbackPolicy = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build();`: what is asked where
/// an endpoint says nothing itself (<https://learn.microsoft.com/aspnet/core/security/authorization/secure-data>).
fn fallback(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let code = file.code();
    for at in 1..code.tokens.len() {
        let set = code.is(at, "FallbackPolicy") && code.is(at - 1, ".") && code.is(at + 1, "=");
        if !set {
            continue;
        }
        let asked = requirements(code, &(at + 2..scan::end_of_expression(code, at + 2)));
        if !asked.is_empty() {
            let asked = asked.join(" and ");
            let detail = format!("asks for {asked} where an endpoint says nothing itself");
            let (line, topic) = (code.line(at), Topic::Authorization);
            scan::mark(acc, file, line, topic, "FallbackPolicy", Some(detail));
        }
    }
}

/// A program that issues tokens itself.
fn issuer(acc: &mut FileFacts, file: &SourceFile<'_>, call: Call, technology: &str) {
    let word = file.code().raw(scan::word_at(file.code(), call));
    scan::uses(
        acc,
        file,
        call.line,
        technology,
        "server",
        format!("`{word}`"),
    );
}

/// `options.AddPolicy("Librarians", policy => policy.RequireRole("Librarian"))`
fn policy(acc: &mut FileFacts, file: &SourceFile<'_>, values: &Values<'_, '_>, call: Call) {
    let code = file.code();
    let arguments = code.arguments(call.open);
    let Some(first) = arguments.first() else {
        return;
    };
    // Policies of origins, of limits and of caches are made by calls of the same name.
    const OTHERS: [&str; 12] = [
        "AllowAnyHeader",
        "AllowAnyMethod",
        "AllowAnyOrigin",
        "CorsPolicyBuilder",
        "Expire",
        "NoCache",
        "RateLimitPartition",
        "SetIsOriginAllowed",
        "SetVaryByQuery",
        "WithHeaders",
        "WithMethods",
        "WithOrigins",
    ];
    let made = arguments.get(1).cloned().unwrap_or_default();
    if made.into_iter().any(|at| OTHERS.contains(&code.raw(at))) {
        return;
    }
    let Some(name) = values
        .fold(first.clone())
        .or_else(|| last_word(code, first))
    else {
        return;
    };
    let asked = arguments
        .get(1)
        .map(|range| requirements(code, range))
        .unwrap_or_default();
    let detail = (!asked.is_empty()).then(|| format!("asks for {}", asked.join(" and ")));
    scan::mark(acc, file, call.line, Topic::Authorization, name, detail);
}

/// What a policy asks of a caller, in words.
fn requirements(code: &Code<'_>, range: &Range<usize>) -> Vec<String> {
    let mut found = Vec::new();
    for at in range.clone() {
        let open = at + 1;
        // `new UserPermissionRequirement(PermissionKind.Download)`
        let made = code.is(at.saturating_sub(1), "new")
            && code.ident(at).is_some_and(|w| w.ends_with("Requirement"));
        if !code.is_byte(open, b'(') {
            continue;
        }
        let all = code.arguments(open);
        let words = |from: usize| -> Vec<String> {
            let words = all.iter().skip(from).filter_map(|r| last_word(code, r));
            words.take(4).collect()
        };
        match code.raw(at) {
            "RequireAuthenticatedUser" => found.push("a signed-in user".to_owned()),
            "RequireRole" => found.push(format!("the role {}", words(0).join(" or "))),
            "RequireUserName" => found.push("one user by name".to_owned()),
            "RequireClaim" => {
                let (kind, of) = (words(0), words(1));
                let kind = kind.first().cloned().unwrap_or_default();
                found.push(match (of.is_empty(), kind == "Role") {
                    (true, _) => format!("a claim {kind}"),
                    (false, true) => format!("the role {}", of.join(" or ")),
                    (false, false) => format!("the claim {kind} {}", of.join(" or ")),
                });
            }
            "RequireAssertion" => found.push("what a function of its own decides".to_owned()),
            word if made => {
                let given = words(0).join(", ");
                found.push(match given.is_empty() {
                    true => word.to_owned(),
                    false => format!("{word} ({given})"),
                });
            }
            _ => {}
        }
        if found.len() > 3 {
            break;
        }
    }
    found
}

/// `RequireClaim(ClaimTypes.Role, UserRoles.Administrator)`, `RequireClaim("role", "librarian")`
fn claim(acc: &mut FileFacts, file: &SourceFile<'_>, call: Call) {
    let code = file.code();
    let arguments = code.arguments(call.open);
    let Some((first, rest)) = arguments.split_first() else {
        return;
    };
    let kind = last_word(code, first).unwrap_or_default();
    if kind.eq_ignore_ascii_case("role") || kind.eq_ignore_ascii_case("roles") {
        for range in rest {
            role(acc, file, call.line, range);
        }
    }
}

/// A role by its text, or by the name of its constant: `UserRoles.Administrator`.
pub(super) fn role(acc: &mut FileFacts, file: &SourceFile<'_>, line: u32, range: &Range<usize>) {
    // What an account of the machine may do says nothing of users of the system.
    let code = file.code();
    let of_machine = code.is(range.start, "WindowsBuiltInRole");
    // `user.Role` is whatever somebody has; constants of classes begin with capitals.
    let mut words = range.clone().filter_map(|at| code.ident(at));
    let fixed = words.all(|word| word.starts_with(char::is_uppercase));
    if let Some(name) = last_word(code, range).filter(|_| fixed && !of_machine) {
        marks::role_name(acc, file, line, &name);
    }
}

/// A text, or the last word of `Class.Constant`.
fn last_word(code: &Code<'_>, range: &Range<usize>) -> Option<String> {
    let mut plain = range.clone();
    let named = plain.all(|at| code.ident(at).is_some() || code.is_byte(at, b'.'));
    match range.len() {
        1 => code.string(range.start).map(str::to_owned),
        3.. if named => code.ident(range.end - 1).map(str::to_owned),
        _ => None,
    }
}
