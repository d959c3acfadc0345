//! Rules of Spring Security by path: which requests need which roles
//! (<https://docs.spring.io/spring-security/reference/servlet/authorization/authorize-http-requests.html>).

use crate::conditions;
use crate::extractor::{Extractor, Reads};
use crate::extractors::java_refusals::FILTER;
use crate::facts::{Before, Claim, FileFacts, Handler, Mark};
use crate::scan::{self, Part};
use crate::secrets;
use crate::source::SourceFile;
use crate::statuses;
use crate::values::Values;
use groundplan_model::Topic;
use groundplan_syntax::{Call, Code, Language};
use std::collections::BTreeSet;
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "spring-access",
    docs: "\
### What it finds
The rules of a `SecurityFilterChain` or `SecurityWebFilterChain` in their order, with the methods and patterns of
paths that each holds for, what it asks (`hasAnyRole(…)`, `authenticated()`, `permitAll()`), the paths that the chain
itself is for (`securityMatcher`), whether the program decides between several sets of them, and what callers are
answered who are not known, by the ways of signing in that the chain names.

### What it does not find
Rules of the DSL of Kotlin, what `access(…)` decides, and what an entry point of the program answers.
",
    reads: &[Reads::Own(&[Language::Java, Language::Kotlin])],
    markers: &["authorizeHttpRequests", "authorizeRequests", "authorizeExchange"],
    run: extract,
};

/// What stands before the name of the method among the names of handlers that are sets of rules.
pub(crate) const CHAIN: &str = "security chain ";

/// The pattern of a rule whose paths were not read, and of one for all requests.
pub(crate) const UNREAD: &str = "?";
pub(crate) const ALL: &str = "/**";

/// The method around a set of rules, the set, and its first and last line.
type Found = (Option<(usize, usize)>, Handler, u32, u32);

/// Rules of one chain at most.
const MOST: usize = 200;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own {
        return;
    }
    let code = file.code();
    let values = Values::new(file);
    let mut known: Vec<Found> = Vec::new();
    for call in code.calls() {
        let word = code.raw(call.open - 1);
        let begins = [
            "authorizeHttpRequests",
            "authorizeRequests",
            "authorizeExchange",
        ];
        if !begins.contains(&word) {
            continue;
        }
        let Some(range) = rules_of(code, call) else {
            continue;
        };
        let rules = rules(code, &values, range.clone());
        if rules.is_empty() {
            continue;
        }
        let function = conditions::function_around(code, call.open);
        let last = code.line(range.end.saturating_sub(1));
        let open = rules.iter().all(|rule| rule.name == "permitAll()");
        match known.iter_mut().find(|(of, ..)| *of == function) {
            // The one that asks for something stands beside one for when it is switched off.
            Some((_, handler, first, until)) => {
                handler.leaves = true;
                if handler
                    .befores
                    .iter()
                    .all(|rule| rule.name == "permitAll()")
                    && !open
                {
                    handler.befores = rules;
                    (*first, *until) = (call.line, last);
                }
            }
            None => {
                let name = function.and_then(|(params, _)| code.ident(params.checked_sub(1)?));
                let body = function.and_then(|(_, open)| Some(open..code.partner(open)?));
                let body = body.unwrap_or_default();
                let handler = Handler {
                    name: format!("{CHAIN}{}", name.unwrap_or_default()),
                    methods: matched(code, &values, body.clone()),
                    calls: filters(file, body.clone()),
                    befores: rules,
                    responses: unknown(code, body, word)
                        .map(statuses::response)
                        .into_iter()
                        .collect(),
                    ..Handler::default()
                };
                known.push((function, handler, call.line, last));
            }
        }
    }
    for (_, handler, first, last) in known {
        marks(acc, file, &handler, (first, last));
        acc.add(file, first, last, Claim::Handler(Box::new(handler)));
    }
}

/// What a chain answers callers who are not known, by the ways of signing in that its method names: nothing where
/// the program itself decides that or several ways ask for different answers
/// (<https://docs.spring.io/spring-security/reference/servlet/architecture.html#servlet-exceptiontranslationfilter>).
fn unknown(code: &Code<'_>, body: Range<usize>, begins: &str) -> Option<&'static str> {
    let mut found: BTreeSet<&'static str> = BTreeSet::new();
    let known = !body.is_empty();
    for at in body.filter(|&at| code.is(at + 1, "(")) {
        let status = match code.raw(at) {
            "httpBasic" | "oauth2ResourceServer" => "401",
            "formLogin" | "oauth2Login" | "saml2Login" => "302",
            "authenticationEntryPoint" | "defaultAuthenticationEntryPointFor" => return None,
            // What another class sets up.
            "apply" | "with" => return None,
            _ => continue,
        };
        let close = code.partner(at + 1)?;
        let off = (at..close).any(|i| code.is(i, "disable")) || code.is(close + 2, "disable");
        if !off {
            found.insert(status);
        }
    }
    let mut all = found.into_iter();
    match (all.next(), all.next()) {
        (Some(one), None) => Some(one),
        // Nothing asks for who calls; servers that react do by a password
        // (<https://docs.spring.io/spring-security/site/docs/current/api/org/springframework/security/web/server/authorization/ExceptionTranslationWebFilter.html>).
        (None, _) if begins == "authorizeExchange" => Some("401").filter(|_| known),
        (None, _) => Some("403").filter(|_| known),
        _ => None,
    }
}

/// The filters that a chain puts before its own, by the names of their classes; without one where it was not read.
fn filters(file: &SourceFile<'_>, body: Range<usize>) -> Vec<String> {
    const CALLS: [&str; 4] = [
        "addFilter",
        "addFilterAfter",
        "addFilterAt",
        "addFilterBefore",
    ];
    let code = file.code();
    let mut all = Vec::new();
    for at in body.filter(|&at| CALLS.contains(&code.raw(at)) && code.is(at + 1, "(")) {
        let name = match code.is(at + 2, "new") {
            true => code.ident(at + 3),
            false => code
                .ident(at + 2)
                .filter(|_| code.is(at + 3, ",") || code.is(at + 3, ")"))
                // `JwtFilter filter`, as a field or a parameter; of two types called alike it is not known which.
                .and_then(|given| file.only_type(given))
                .map(|typed| typed.name),
        };
        all.push(format!("{FILTER}{}", name.unwrap_or_default()));
    }
    all
}

/// Rules of one chain that are told, and patterns of one of them, at most.
const MOST_TOLD: usize = 6;
const MOST_PATTERNS: usize = 3;

/// Tells the rules of a chain by what they ask.
fn marks(acc: &mut FileFacts, file: &SourceFile<'_>, chain: &Handler, (first, last): (u32, u32)) {
    let mut asked: Vec<(&str, Vec<&str>)> = Vec::new();
    for rule in &chain.befores {
        let paths = rule.only.iter().map(String::as_str);
        match asked.iter_mut().find(|(name, _)| *name == rule.name) {
            Some((_, all)) => all.extend(paths),
            None => asked.push((&rule.name, paths.collect())),
        }
    }
    let strict = asked.iter().any(|(name, _)| *name != "permitAll()");
    let chosen = match chain.leaves {
        true => ", unless the program chooses its other rules",
        false => "",
    };
    let other = if chain.befores.len() > 1 {
        " other"
    } else {
        ""
    };
    // The requests that the chain is for.
    let of = match chain.methods.as_slice() {
        [] => String::new(),
        all if all.iter().any(|path| path == UNREAD) => " that its chain is for".to_owned(),
        all => {
            let all: Vec<String> = all.iter().map(|path| format!("`{path}`")).collect();
            format!(" to {}", all.join(", "))
        }
    };
    // What code decides that is asked, is not known.
    let told = asked.into_iter().filter(|(name, _)| !name.ends_with("(…)"));
    for (name, paths) in told.take(MOST_TOLD) {
        let topic = match name {
            "authenticated()" | "fullyAuthenticated()" => Topic::Authentication,
            _ => Topic::Authorization,
        };
        let free = name == "permitAll()";
        let whole = paths.contains(&ALL);
        let detail = match (free, whole) {
            (true, true) if strict => format!("lets all other requests{of} through{chosen}"),
            (true, _) => continue,
            (false, true) => format!("guards all{other} requests{of}{chosen}"),
            (false, false) => {
                let known = paths.iter().filter(|path| !path.ends_with(UNREAD));
                let known: Vec<String> = known.map(|path| format!("`{path}`")).collect();
                let more = known.len().saturating_sub(MOST_PATTERNS);
                let few = known.get(..MOST_PATTERNS).unwrap_or(&known).join(", ");
                match more {
                    _ if known.is_empty() => continue,
                    0 => format!("guards {few}{chosen}"),
                    n => format!("guards {few} and {n} more{chosen}"),
                }
            }
        };
        let claim = Claim::Mark(Mark {
            topic,
            name: name.to_owned(),
            detail: Some(detail),
        });
        acc.add(file, first, last, claim);
    }
}

/// The tokens in which the rules stand: the lambda, or of the older form the chain behind the call.
fn rules_of(code: &Code<'_>, call: Call) -> Option<Range<usize>> {
    let close = code.partner(call.open)?;
    if close > call.open + 1 {
        return Some(call.open + 1..close);
    }
    let end = (close..code.tokens.len()).find(|&at| code.is(at, ";"))?;
    Some(close + 1..end)
}

/// The paths that a chain is for, if it says so.
fn matched(code: &Code<'_>, values: &Values<'_, '_>, body: Range<usize>) -> Vec<String> {
    let mut all = Vec::new();
    for at in body.filter(|&at| code.is(at + 1, "(") && code.is(at.wrapping_sub(1), ".")) {
        // `AntPathRequestMatcher.antMatcher("/orders")` is a pattern of one rule.
        let of = code.ident(at.wrapping_sub(2)).unwrap_or_default();
        let is_of = match code.raw(at) {
            "securityMatcher" | "securityMatchers" => true,
            "antMatcher" => !of.starts_with(char::is_uppercase),
            _ => false,
        };
        if is_of {
            all.extend(patterns(code, values, at + 1).1);
        }
    }
    all
}

/// `requestMatchers(HttpMethod.GET, "/orders/*").hasRole("CLERK")`, one after the other.
fn rules(code: &Code<'_>, values: &Values<'_, '_>, range: Range<usize>) -> Vec<Before> {
    const MATCHERS: [&str; 5] = [
        "requestMatchers",
        "antMatchers",
        "mvcMatchers",
        "pathMatchers",
        "regexMatchers",
    ];
    let mut all = Vec::new();
    let mut at = range.start;
    while at < range.end && all.len() < MOST {
        let word = code.raw(at);
        let any = matches!(word, "anyRequest" | "anyExchange");
        let close = ((any || MATCHERS.contains(&word)) && code.is(at + 1, "("))
            .then(|| code.partner(at + 1))
            .flatten();
        let Some(close) = close else {
            at += 1;
            continue;
        };
        let (method, paths) = match any {
            true => (String::new(), vec![ALL.to_owned()]),
            false if word == "regexMatchers" => (String::new(), vec![UNREAD.to_owned()]),
            false => patterns(code, values, at + 1),
        };
        let asked = close + 2;
        if let Some(end) = code.partner(asked + 1).filter(|_| code.is(close + 1, ".")) {
            all.push(Before {
                name: asks(code, asked, end),
                only: paths
                    .into_iter()
                    .map(|path| format!("{method} {path}").trim_start().to_owned())
                    .collect(),
                ..Before::default()
            });
            at = end;
        }
        at += 1;
    }
    all
}

/// Bytes of what a rule asks that is told, at most.
const LONGEST: usize = 100;

/// Lists that one is made of, at most.
const MOST_LISTS: usize = 8;

/// The patterns of a list that the file makes, `requestMatchers(OPEN)`, `requestMatchers(open.toArray(new String[0]))`.
fn listed(code: &Code<'_>, given: &Range<usize>) -> Option<Vec<String>> {
    let name = code.ident(given.start)?;
    let whole =
        given.len() == 1 || code.is(given.start + 1, ".") && code.is(given.start + 2, "toArray");
    let (mut seen, mut all) = (Vec::new(), Vec::new());
    (whole && collect(code, name, &mut seen, &mut all) && !all.is_empty()).then_some(all)
}

/// Methods of a list that take something out of it.
const CHANGES: [&str; 7] = [
    "clear",
    "remove",
    "removeAll",
    "removeIf",
    "replaceAll",
    "retainAll",
    "set",
];

/// Adds the texts of a list that the file gives a name and what it adds to it; whether it is made of nothing else.
///
/// The order of rules and their paths decide who may call: what may differ from what is read is not told.
fn collect<'t>(
    code: &Code<'t>,
    name: &'t str,
    seen: &mut Vec<&'t str>,
    all: &mut Vec<String>,
) -> bool {
    // Each is read once, so that lists of lists take no longer than the file.
    if seen.contains(&name) {
        return true;
    }
    if seen.len() >= MOST_LISTS {
        return false;
    }
    seen.push(name);
    // The bracket around its assignment.
    let mut made = None;
    let mut added = 0;
    for at in 0..code.tokens.len() {
        if !code.is(at, name) {
            continue;
        }
        let own = code.is(at.wrapping_sub(1), ".");
        let first = if own { at.wrapping_sub(2) } else { at };
        if own && !code.is(first, "this") {
            continue;
        }
        let before = first.wrapping_sub(1);
        // `Collections.addAll(open, "/x")`
        if code.is(before, "(") && code.is(at + 1, ",") && code.is(before.wrapping_sub(1), "addAll")
        {
            return false;
        }
        let array = code.is(at + 1, "[") && code.is(at + 2, "]");
        let equals = at + 1 + 2 * usize::from(array);
        let range = if code.is(equals, "=") && !code.is(equals + 1, "=") {
            // Another one is of another method, or takes its place.
            if made.is_some() {
                return false;
            }
            made = Some(scan::open_around(code, at));
            let end = (equals..code.tokens.len()).find(|&i| code.is(i, ";"));
            equals + 1..end.unwrap_or(equals + 1)
        } else if code.is(at + 1, ".") && matches!(code.raw(at + 2), "add" | "addAll") {
            // What stands behind a condition is not always added.
            let plain = matches!(code.raw(before), ";" | "{" | "}");
            added += 1;
            if added > MOST || !plain || made != Some(scan::open_around(code, at)) {
                return false;
            }
            at + 4..code.partner(at + 3).unwrap_or(at + 4)
        } else if code.is(at + 1, ".") && CHANGES.contains(&code.raw(at + 2)) {
            return false;
        } else {
            continue;
        };
        for i in range {
            if let Some(text) = code.string(i) {
                if !text.starts_with('/') || code.is(i + 1, "+") || code.is(i - 1, "+") {
                    return false;
                }
                all.push(text.to_owned());
                continue;
            }
            let Some(word) = code.ident(i) else { continue };
            let plain = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
            let constant = word.chars().all(plain) && !code.is(i + 1, ".");
            // Makers of lists beside the texts: `new ArrayList<>(Arrays.asList(OPEN))`.
            let maker = matches!(
                word,
                "new" | "ArrayList" | "Arrays" | "asList" | "List" | "of" | "String" | "Set"
            );
            if maker {
                continue;
            }
            if !constant || !collect(code, word, seen, all) {
                return false;
            }
        }
    }
    made.is_some()
}

/// What a rule asks, `hasAnyRole(CLERK, "OWNER")`; `access(…)` of what code decides.
fn asks(code: &Code<'_>, at: usize, close: usize) -> String {
    let word = code.raw(at);
    let mut texts = (at + 2..close).filter_map(|at| code.string(at));
    // An expression may stand in one text: `access("hasRole('CLERK')")`.
    let decides = word == "access" && (close != at + 3 || code.string(at + 2).is_none());
    let name = format!("{word}{}", scan::spoken(code, at + 1..close + 1));
    match decides || name.len() > LONGEST || texts.any(secrets::is_secret_value) {
        true => format!("{word}(…)"),
        false => name,
    }
}

/// The method and the patterns that a matcher is given.
fn patterns(code: &Code<'_>, values: &Values<'_, '_>, open: usize) -> (String, Vec<String>) {
    let mut method = String::new();
    let mut paths = Vec::new();
    for range in code.arguments(open) {
        if code.is(range.start, "HttpMethod") && code.is(range.start + 1, ".") {
            method = code.raw(range.end - 1).to_owned();
            continue;
        }
        // `new AntPathRequestMatcher("/orders/**")`, `antMatcher("/orders/**")`
        let inner = range.clone().find(|&at| code.is(at, "("));
        let text = match inner.map(|open| code.arguments(open)) {
            // A second one is a method.
            Some(given) if given.len() > 1 => None,
            Some(given) => given.first().and_then(|r| values.fold(r.clone())),
            None => values.fold(range.clone()),
        };
        if text.is_none()
            && let Some(all) = listed(code, &range)
        {
            paths.extend(all);
            continue;
        }
        paths.push(match text {
            Some(text) if text.starts_with('/') => text,
            _ => UNREAD.to_owned(),
        });
    }
    if paths.is_empty() {
        paths.push(if method.is_empty() { UNREAD } else { ALL }.to_owned());
    }
    (method, paths)
}
