//! Rules of Spring Security by path: which requests need which roles
//! (<https://docs.spring.io/spring-security/reference/servlet/authorization/authorize-http-requests.html>).

use crate::extractor::{Extractor, Reads};
use crate::facts::{Before, Claim, FileFacts, Handler, Mark};
use crate::scan::{self, Part};
use crate::source::SourceFile;
use crate::values::Values;
use groundplan_model::Topic;
use groundplan_syntax::{Call, Code, Language};
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "spring-access",
    docs: "\
### What it finds
The rules of a `SecurityFilterChain` or `SecurityWebFilterChain` in their order, with the methods and patterns of
paths that each holds for, what it asks (`hasAnyRole(…)`, `authenticated()`, `permitAll()`), the paths that the chain
itself is for (`securityMatcher`), and whether the program decides between several sets of them.

### What it does not find
Rules of the DSL of Kotlin, and what `access(…)` decides.
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
        let function = method_around(code, call.open);
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
                let handler = Handler {
                    name: format!("{CHAIN}{}", name.unwrap_or_default()),
                    methods: matched(code, &values, body.unwrap_or_default()),
                    befores: rules,
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

/// The brackets of the parameters and of the body of the method around a token, also behind `throws Exception`.
fn method_around(code: &Code<'_>, from: usize) -> Option<(usize, usize)> {
    let mut at = from;
    while at > 0 {
        at -= 1;
        match code.raw(at) {
            "}" | ")" | "]" => at = code.partner(at)?,
            "{" if at > 0 => {
                let head = |&i: &usize| !matches!(code.raw(i), ")" | ";" | "{" | "}" | ">");
                let close = at - 1 - (0..at).rev().take(12).take_while(head).count().min(at - 1);
                let open = code.is(close, ")").then(|| code.partner(close)).flatten();
                let name = open.and_then(|open| code.ident(open.checked_sub(1)?));
                let controls = [
                    "if",
                    "for",
                    "while",
                    "switch",
                    "catch",
                    "synchronized",
                    "when",
                ];
                if let (Some(open), Some(name)) = (open, name)
                    && !controls.contains(&name)
                {
                    return Some((open, at));
                }
            }
            _ => {}
        }
    }
    None
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
    for (name, paths) in asked.into_iter().take(MOST_TOLD) {
        let topic = match name {
            "authenticated()" | "fullyAuthenticated()" => Topic::Authentication,
            _ => Topic::Authorization,
        };
        let free = name == "permitAll()";
        let whole = paths.contains(&ALL);
        let detail = match (free, whole) {
            (true, true) if strict => format!("lets all other requests through{chosen}"),
            (true, _) => continue,
            (false, true) => format!("guards all other requests{chosen}"),
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
    for at in body {
        if matches!(
            code.raw(at),
            "securityMatcher" | "securityMatchers" | "antMatcher"
        ) && code.is(at.wrapping_sub(1), ".")
            && code.is(at + 1, "(")
        {
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
            let given = scan::joined(code, asked + 1..end + 1).replace(',', ", ");
            all.push(Before {
                name: format!("{}{}", code.raw(asked), given.replace(",  ", ", ")),
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
        let text = match inner {
            Some(open) => code
                .arguments(open)
                .first()
                .and_then(|r| values.fold(r.clone())),
            None => values.fold(range.clone()),
        };
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
