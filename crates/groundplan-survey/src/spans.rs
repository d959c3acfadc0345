//! Functions of a file that answers others, calls them, reads or writes records or is named after what
//! stands between: which lines they have and whom they call, so that what happens on a request can be
//! followed in the order of its code.

mod branches;
mod loops;

pub(crate) use branches::blocks;

use crate::facts::{Branch, Called, Claim, Failing, FileFacts, Span, tells_verb};
use crate::failing::Guards;
use crate::source::SourceFile;
use groundplan_syntax::{Call, Code, Language};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

/// Functions of a file, and calls of a function, at most.
const MOST: usize = 400;
const MOST_CALLS: usize = 80;

/// Tokens between the brackets of parameters and the body at most: types of results, what is thrown.
const LONGEST: usize = 24;

/// Words that stand before brackets and are no names of functions.
const KEYWORDS: [&str; 20] = [
    "async",
    "function",
    "if",
    "for",
    "while",
    "switch",
    "catch",
    "return",
    "foreach",
    "elseif",
    "using",
    "lock",
    "when",
    "match",
    "synchronized",
    "with",
    "await",
    "throw",
    "typeof",
    "sizeof",
];

/// Adds the functions of a file that a request may lead through.
pub(crate) fn fill(facts: &mut FileFacts, file: &SourceFile<'_>) {
    let of_ways = |claim: &Claim| {
        matches!(
            claim,
            Claim::Endpoint(_)
                | Claim::Handler(_)
                | Claim::Client(_)
                | Claim::Invoked(_)
                | Claim::Channel(_)
                | Claim::RecordUse(_)
        )
    };
    if !facts.language.is_code() || file.is_test() {
        return;
    }
    let wanted = facts.facts.iter().any(|fact| of_ways(&fact.claim)) || is_between(file.path);
    if !wanted {
        return;
    }
    let code = file.code();
    let mut bodies = bodies(code);
    for fact in &facts.facts {
        if let Claim::Endpoint(_) = &fact.claim {
            bodies.extend(inline(code, fact.at.lines));
        }
    }
    bodies.sort_by_key(|(name, first, range)| (*first, range.start, *name));
    bodies.dedup();
    // Both are in the order of the file, so that each function finds its own without a search of all.
    let all_calls: Vec<_> = code.calls().collect();
    let blocks = blocks(code);
    let loops = loops::loops(code);
    let dealing = Guards::of(file);
    let types = implemented(code);
    let guards = guards(file, &types, &bodies);
    let span = |(name, first, range): (&str, u32, Range<usize>)| {
        let from = all_calls.partition_point(|call| call.open < range.start);
        let called = all_calls[from..].iter();
        let called = called.take_while(|call| call.open < range.end);
        let mut calls: Vec<Called> = needed(file, range.start);
        let before = guards.iter().filter(|(start, _)| *start == range.start);
        calls.extend(before.map(|(_, called)| called.clone()));
        // What is handed over in brackets is called before what it is handed to.
        let mut called: Vec<Call> = called.copied().collect();
        let failing = dealing.failing(file, &range, &called);
        called.sort_by_key(|call| (call.line, code.partner(call.open)));
        for call in called {
            let Some(name) = code.ident(call.open - 1) else {
                continue;
            };
            if KEYWORDS.contains(&name) {
                continue;
            }
            let of = receiver(file, call);
            // `mediator.send(command)` hands the command to what handles it.
            let handed = matches!(
                name,
                "Send" | "SendAsync" | "send" | "dispatch" | "handle" | "execute"
            )
            .then(|| file.only_type(code.ident(call.open + 1)?))
            .flatten();
            let (name, of) = match handed {
                Some(typed) if typed.name.ends_with("Command") || typed.name.ends_with("Query") => {
                    (typed.name, Cow::Borrowed("new"))
                }
                _ => (name, of),
            };
            // Chains of a mapper tell by their last call what each of them does, however many there are.
            let ends_chain = code.language == Language::Php && of == "?" && tells_verb(name);
            let is = |known: &Called| {
                known.name == name && known.of == of && (!ends_chain || known.line == call.line)
            };
            if calls.len() < MOST_CALLS && !calls.iter().any(is) {
                let hash = file.place(call.line, call.line).map_or(0, |(_, hash)| hash);
                calls.push(Called {
                    line: call.line,
                    name: name.to_owned(),
                    of: of.into_owned(),
                    hash,
                });
            }
        }
        let from = blocks.partition_point(|(block, _)| block.start < range.start);
        let inner = blocks[from..].iter();
        let inner = inner.take_while(|(block, _)| block.start < range.end);
        let line = |at: usize| code.line(at.min(code.tokens.len().saturating_sub(1)));
        let asks: Vec<(u32, u32, String)> = (inner.clone())
            .filter(|(_, kind)| *kind == Branch::If)
            .filter_map(|(b, _)| {
                let (first, last) = (line(b.start), line(b.end.saturating_sub(1)));
                let asked = crate::conditions::of_block(code, b.start).filter(|_| last > first)?;
                Some((first + 1, last, asked))
            })
            .take(MOST_CALLS)
            .collect();
        // What stands in the head is done before the branch is known.
        let branches = inner.filter_map(|(b, kind)| {
            let (first, last) = (line(b.start), line(b.end.saturating_sub(1)));
            let more = last > first;
            // Behind an exit on the last line nothing stands.
            (more || *kind != Branch::Past).then_some((
                if more { first + 1 } else { first },
                last,
                *kind,
            ))
        });
        Span {
            name: name.to_owned(),
            class: class_of(code, &types, range.start)
                .unwrap_or_default()
                .to_owned(),
            first,
            last: line(range.end.saturating_sub(1)).max(first),
            calls,
            branches: branches.take(MOST_CALLS).collect(),
            asks,
            failing,
            loops: {
                let from = loops.partition_point(|(block, _)| block.start < range.start);
                let inner = loops[from..].iter();
                let inner = inner.take_while(|(block, _)| block.start < range.end);
                inner
                    .map(|(b, said)| {
                        let last = line(b.end.saturating_sub(1));
                        (line(b.start) + 1, last, said.clone())
                    })
                    .filter(|(first, last, _)| first <= last)
                    .collect()
            },
        }
    };
    let mut spans: Vec<Span> = bodies.into_iter().take(MOST).map(span).collect();
    spans.extend(declared(code, facts));
    facts.spans = spans;
}

/// What a function of Python is given by the framework, which calls for it before: `Depends(current_user)`.
fn needed(file: &SourceFile<'_>, body: usize) -> Vec<Called> {
    let code = file.code();
    if code.language != Language::Python || !file.says("Depends(") {
        return Vec::new();
    }
    let all = code.functions();
    let found = all.binary_search_by_key(&body, |f| f.body.start).ok();
    let params = found.and_then(|at| all.get(at)?.params);
    let Some((open, close)) = params.and_then(|open| Some((open, code.partner(open)?))) else {
        return Vec::new();
    };
    let asks = |at: &usize| code.is(*at, "Depends") && code.is_byte(at + 1, b'(');
    let called = |at: usize| {
        let name = code.ident(at + 2).filter(|_| code.is_byte(at + 3, b')'))?;
        let line = code.line(at + 2);
        Some(Called {
            line,
            name: name.to_owned(),
            of: String::new(),
            hash: file.place(line, line).map_or(0, |(_, hash)| hash),
        })
    };
    (open..close).filter(asks).filter_map(called).collect()
}

/// What Nest asks before it calls a method, or each of a class: `@UseGuards(TokenGuard)`; by the
/// tokens at which the bodies begin for which it does so. A method that it does not call itself, because no decorator gives it a
/// route or message, nobody guards (<https://docs.nestjs.com/faq/request-lifecycle>).
fn guards(
    file: &SourceFile<'_>,
    types: &[(Range<usize>, &str)],
    bodies: &[(&str, u32, Range<usize>)],
) -> Vec<(usize, Called)> {
    let code = file.code();
    let mut all = Vec::new();
    if code.language != Language::TypeScript || !file.says("@UseGuards(") {
        return all;
    }
    let asked = asked(file, bodies);
    for at in (1..code.tokens.len()).filter(|&at| code.is(at, "UseGuards")) {
        let Some(close) = code.partner(at + 1).filter(|_| code.is_byte(at - 1, b'@')) else {
            continue;
        };
        // What else is said of it may stand between.
        let mut next = close + 1;
        while code.is_byte(next, b'@') {
            next += 2;
            if let Some(close) = code.partner(next).filter(|_| code.is_byte(next, b'(')) {
                next = close + 1;
            }
        }
        let of_class = (next..next + 4).find(|&at| code.is(at, "class"));
        let of_class =
            of_class.and_then(|class| types.iter().find(|(range, _)| range.start > class));
        let holds: Vec<usize> = match of_class {
            Some((range, _)) => {
                let own = asked.iter().filter(|start| range.contains(start));
                own.copied().collect()
            }
            None => {
                let later = bodies.iter().map(|(.., body)| body.start);
                let first = later.filter(|start| *start > next).min();
                first
                    .filter(|start| asked.contains(start))
                    .into_iter()
                    .collect()
            }
        };
        let line = code.line(at);
        for name in (at + 2..close).filter_map(|at| code.ident(at)) {
            if name.starts_with(char::is_uppercase) {
                let called = Called {
                    line,
                    name: "canActivate".to_owned(),
                    of: name.to_owned(),
                    hash: file.place(line, line).map_or(0, |(_, hash)| hash),
                };
                all.extend(holds.iter().map(|start| (*start, called.clone())));
            }
        }
    }
    all
}

/// Where the bodies of the methods begin that Nest calls: a decorator gives them a route or a message.
/// Before fields of GraphQL guards do not stand
/// (<https://docs.nestjs.com/graphql/other-features#executing-enhancers-at-the-field-resolver-level>).
fn asked(file: &SourceFile<'_>, bodies: &[(&str, u32, Range<usize>)]) -> BTreeSet<usize> {
    const CALLED: [&str; 19] = [
        "All",
        "Delete",
        "EventPattern",
        "Get",
        "GrpcMethod",
        "GrpcStreamCall",
        "GrpcStreamMethod",
        "Head",
        "MessagePattern",
        "Mutation",
        "Options",
        "Patch",
        "Post",
        "Put",
        "Query",
        "Search",
        "Sse",
        "SubscribeMessage",
        "Subscription",
    ];
    let declared = file.outline().declared.iter();
    let called = declared.filter(|d| d.annotation(&CALLED).is_some());
    let body = |at: usize| {
        let starts = bodies.iter().map(|(.., body)| body.start);
        starts.filter(|start| *start > at).min()
    };
    called.filter_map(|d| body(d.at)).collect()
}

/// The class around a method of Python, the type of the receiver of one of Go or of the `impl` of one of
/// Rust, the class of one of TypeScript; `body` is its first token.
fn class_of<'t>(
    code: &Code<'t>,
    types: &[(Range<usize>, &'t str)],
    body: usize,
) -> Option<&'t str> {
    if !types.is_empty() {
        let mut around = types.iter().filter(|(range, _)| range.contains(&body));
        return around.next_back().map(|(_, name)| *name);
    }
    if !matches!(code.language, Language::Go | Language::Python) {
        return None;
    }
    let all = code.functions();
    let found = all.binary_search_by_key(&body, |f| f.body.start).ok()?;
    let function = all.get(found)?;
    if code.language == Language::Python {
        let around = all.get(function.parent?)?;
        return around.class.then_some(around.name);
    }
    let close = function
        .at
        .checked_sub(1)
        .filter(|at| code.is_byte(*at, b')'))?;
    let open = code.partner(close)?;
    // `(s *Store)`, `(s *Store[K])`.
    (open..close).filter_map(|at| code.ident(at)).nth(1)
}

/// The blocks with the methods of a type: `class Orders` of TypeScript, `impl Orders` and
/// `impl Store for Orders` of Rust.
fn implemented<'t>(code: &Code<'t>) -> Vec<(Range<usize>, &'t str)> {
    let mut all = Vec::new();
    if matches!(code.language, Language::TypeScript | Language::JavaScript) {
        for at in (0..code.tokens.len()).filter(|&at| code.is(at, "class")) {
            let opens = || (at..at + LONGEST).find(|&at| code.is_byte(at, b'{'));
            if let (Some(name), Some(open)) = (code.ident(at + 1), opens())
                && let Some(close) = code.partner(open)
            {
                all.push((open..close, name));
            }
        }
        return all;
    }
    if code.language != Language::Rust {
        return all;
    }
    for at in (0..code.tokens.len()).filter(|&at| code.is(at, "impl") && code.starts_line(at)) {
        let mut name = None;
        let mut depth = 0_i32;
        for next in at + 1..(at + LONGEST * 3).min(code.tokens.len()) {
            match code.raw(next) {
                "{" => {
                    if let (Some(close), Some(name)) = (code.partner(next), name) {
                        all.push((next..close, name));
                    }
                    break;
                }
                ";" => break,
                "<" => depth += 1,
                ">" if !code.is_byte(next - 1, b'-') => depth -= 1,
                "where" => depth = i32::MAX / 2,
                "for" if depth == 0 => name = None,
                _ if depth == 0 => name = code.ident(next).or(name),
                _ => {}
            }
        }
    }
    all
}

/// Whether a file is named after what stands between those who ask and what is kept: nothing in it may
/// tell what it is for.
fn is_between(path: &str) -> bool {
    const NAMES: [&str; 12] = [
        "guard",
        "controller",
        "resolver",
        "service",
        "usecase",
        "use_case",
        "use-case",
        "handler",
        "interactor",
        "manager",
        "facade",
        "repositor",
    ];
    const FOLDERS: [&str; 9] = [
        "api",
        "services",
        "actions",
        "usecases",
        "use_cases",
        "handlers",
        "queries",
        "repos",
        "controllers",
    ];
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    let name = name.to_ascii_lowercase();
    // A name is short: to make a search ready for each word takes longer than to look at each place.
    let begins = |at: usize| {
        let rest = name.as_bytes().get(at..).unwrap_or_default();
        NAMES.iter().any(|word| rest.starts_with(word.as_bytes()))
    };
    let named = |folder: &str| {
        FOLDERS
            .iter()
            .any(|known| folder.eq_ignore_ascii_case(known))
    };
    (0..name.len()).any(begins) || folders.split('/').any(named)
}

/// Whose function a call names: the type of the variable before it, or the last word before its name.
fn receiver<'t>(file: &SourceFile<'t>, call: Call) -> Cow<'t, str> {
    let code = file.code();
    let name = call.open - 1;
    let Some(dot) = name.checked_sub(1) else {
        return Cow::Borrowed("");
    };
    // `send(new PlaceOrder(…))` hands on what its handler takes.
    if code.is(dot, "new") {
        return Cow::Borrowed("new");
    }
    let before = match code.raw(dot) {
        "." => dot.checked_sub(1),
        ">" | ":" => dot.checked_sub(2),
        _ => None,
    };
    let Some(mut word) = before else {
        return Cow::Borrowed("");
    };
    if matches!(code.raw(word), "?" | "!") {
        word = word.saturating_sub(1);
    }
    if code.is_byte(word, b')') {
        // `super().create(…)` of Python.
        if code.is_byte(word - 1, b'(') && code.is(word.saturating_sub(2), "super") {
            return Cow::Borrowed("super");
        }
        return Cow::Borrowed(made_before(code, word).unwrap_or("?"));
    }
    let Some(name) = code.ident(word) else {
        return Cow::Borrowed("?");
    };
    let name = name.trim_start_matches(['$', '@']);
    let go = code.language == Language::Go;
    match file.only_type(name) {
        Some(typed) => match typed.package.filter(|_| go) {
            Some(package) => Cow::Owned(format!("{package}.{}", typed.name)),
            None => Cow::Borrowed(typed.name),
        },
        // `artifact.Ctl.List(…)`: a variable of another package.
        None if go && name.starts_with(char::is_uppercase) => {
            let package = word.checked_sub(2).filter(|_| code.is_byte(word - 1, b'.'));
            match package.and_then(|at| code.ident(at)) {
                Some(package) => Cow::Owned(format!("{package}.{name}")),
                None => Cow::Borrowed(name),
            }
        }
        None => Cow::Borrowed(name),
    }
}

/// The type of an object that is made where its function is called: `new Order(…).place()`,
/// `(new Order(…))->place()`, `Order.new(…).place`.
fn made_before<'t>(code: &Code<'t>, close: usize) -> Option<&'t str> {
    let open = code.partner(close)?;
    if code.is(open + 1, "new") {
        return code.ident(open + 2);
    }
    let name = open.checked_sub(1)?;
    if code.is(name, "new") {
        return code.ident(name.checked_sub(2)?);
    }
    let is_new = name.checked_sub(1).is_some_and(|at| code.is(at, "new"));
    is_new.then(|| code.ident(name)).flatten()
}

/// Methods without a body that call somebody else or read records, as an annotation says: those of Feign,
/// Retrofit, Refit, and queries of repositories.
fn declared(code: &Code<'_>, facts: &FileFacts) -> Vec<Span> {
    if !matches!(
        code.language,
        Language::Java | Language::Kotlin | Language::CSharp
    ) {
        return Vec::new();
    }
    let mut all = Vec::new();
    let replaces = code.text.contains("fallback");
    for fact in &facts.facts {
        if !matches!(fact.claim, Claim::Client(_) | Claim::RecordUse(_)) {
            continue;
        }
        let from = code.tokens.partition_point(|t| t.line < fact.at.lines[0]);
        let mut opens = (from..code.tokens.len())
            .take(LONGEST * 4)
            .filter(|&at| code.is_byte(at, b'('));
        let method = opens.find_map(|open| {
            let name = open.checked_sub(1)?;
            let marked = name
                .checked_sub(1)
                .is_some_and(|at| matches!(code.raw(at), "@" | "[" | "."));
            let ends = code
                .partner(open)
                .is_some_and(|close| code.is_byte(close + 1, b';'));
            (ends && !marked).then(|| Some((code.ident(name)?, code.line(open))))?
        });
        // A call in a body ends in the same way and stands on the line of its fact.
        let annotated = match fact.claim {
            Claim::RecordUse(_) => code.is_byte(from, b'@') && code.is(from + 1, "Query"),
            _ => matches!(code.raw(from), "@" | "["),
        };
        let known = |first: u32| all.iter().any(|s: &Span| s.first == first);
        if let Some((name, last)) = method.filter(|_| annotated && !known(fact.at.lines[0])) {
            all.push(Span {
                name: name.to_owned(),
                class: String::new(),
                first: fact.at.lines[0],
                last,
                calls: Vec::new(),
                branches: Vec::new(),
                asks: Vec::new(),
                // A class that stands in for the other side takes its errors.
                failing: match replaces {
                    true => vec![Failing {
                        line: fact.at.lines[0],
                        outcome: None,
                        with: String::new(),
                        lines: fact.at.lines,
                        hash: 0,
                    }],
                    false => Vec::new(),
                },
                loops: Vec::new(),
            });
        }
    }
    all
}

/// The functions with a name: its name, the line of it, the tokens of its body.
fn bodies<'t>(code: &Code<'t>) -> Vec<(&'t str, u32, Range<usize>)> {
    if matches!(
        code.language,
        Language::Go | Language::Rust | Language::Python
    ) {
        let all = code.functions().iter();
        return all
            .filter(|f| !f.class && !f.name.is_empty())
            .map(|f| (f.name, code.line(f.at), f.body.clone()))
            .collect();
    }
    if matches!(code.language, Language::Ruby | Language::Elixir) {
        return ended(code);
    }
    let mut all = Vec::new();
    for open in 1..code.tokens.len() {
        if !code.is_byte(open, b'(') {
            continue;
        }
        let Some(close) = code.partner(open) else {
            continue;
        };
        let Some(body) = body_behind(code, close) else {
            continue;
        };
        let Some(end) = code.partner(body) else {
            continue;
        };
        if let Some(at) = name_before(code, open) {
            all.push((code.raw(at), code.line(at), body + 1..end));
        }
    }
    all
}

/// The functions of languages in which `end` closes what `def` opens, at the same column.
fn ended<'t>(code: &Code<'t>) -> Vec<(&'t str, u32, Range<usize>)> {
    let mut all = Vec::new();
    let mut open: Vec<(usize, usize)> = Vec::new();
    for at in (0..code.tokens.len()).filter(|&at| code.starts_line(at)) {
        let column = code.column(at);
        match code.raw(at) {
            "def" | "defp" => open.push((at, column)),
            "end" => {
                if let Some((def, _)) = open.pop_if(|(_, from)| *from == column) {
                    let named = if code.is(def + 1, "self") {
                        def + 3
                    } else {
                        def + 1
                    };
                    if let Some(name) = code.ident(named) {
                        all.push((name, code.line(def), named + 1..at));
                    }
                }
            }
            _ => {}
        }
    }
    all
}

/// The bracket of the body behind the parameters of a function.
fn body_behind(code: &Code<'_>, close: usize) -> Option<usize> {
    let mut at = close + 1;
    while at < (close + LONGEST).min(code.tokens.len()) {
        match code.raw(at) {
            "{" => return Some(at),
            // What ends a statement or opens another call is no result of a function.
            ";" | ")" | "}" | "(" | "&" | "+" => return None,
            "=" if !code.is_byte(at + 1, b'>') => return None,
            "." if !code.is_byte(at + 1, b'.') && code.ident(at + 1).is_none() => return None,
            _ => at += 1,
        }
    }
    None
}

/// The token of the name of the function whose parameters open at `open`: before the bracket, or before
/// the sign that gives the function to it.
fn name_before(code: &Code<'_>, open: usize) -> Option<usize> {
    let before = open.checked_sub(1)?;
    let mut at = before;
    // `name = async function (…)`, `name: async (…) => …`.
    while matches!(code.raw(at), "function" | "async" | "*") {
        at = at.checked_sub(1)?;
    }
    if code.is_byte(at, b'=') || (code.is_byte(at, b':') && !code.is_byte(at.checked_sub(1)?, b':'))
    {
        let mut name = at.checked_sub(1)?;
        // `const pay: Handler<Order> = async (…) => …`.
        if code.is_byte(at, b'=') && code.is_byte(name, b'>') {
            let opens = (name.saturating_sub(LONGEST)..name).rev();
            let first = opens.into_iter().find(|&i| code.is_byte(i, b':'))?;
            name = first + 1;
        }
        if code.is_byte(at, b'=') && name > 1 && code.is_byte(name - 1, b':') {
            name -= 2;
        }
        return code.ident(name).map(|_| name);
    }
    let word = code.ident(before)?;
    let before_it = |back: usize| before.checked_sub(back).map(|i| code.raw(i));
    let is_call = match before_it(1).unwrap_or_default() {
        // `Mono<Owner> owner(…)` has a type before it, `$this->owner(…)` an arrow.
        ">" => before_it(2) == Some("-"),
        // Methods of an object of JavaScript stand behind commas.
        "," if matches!(code.language, Language::JavaScript | Language::TypeScript) => false,
        receiver => matches!(receiver, "." | "new" | "->" | "return" | "=" | "(" | ","),
    };
    (!is_call && !KEYWORDS.contains(&word)).then_some(before)
}

/// The call that a route is registered by, if what answers is written into it.
fn inline<'t>(code: &Code<'t>, lines: [u32; 2]) -> Option<(&'t str, u32, Range<usize>)> {
    let mut calls = code.calls().filter(|call| {
        let line = code.line(call.open);
        line >= lines[0] && line <= lines[1]
    });
    // What is on one line was written for a name; the outermost call of several lines holds the others.
    let (open, close) = calls.find_map(|call| {
        let close = code.partner(call.open)?;
        (code.line(close) > lines[0]).then_some((call.open, close))
    })?;
    let holds = (open..close).any(|at| code.is_byte(at, b'{'));
    holds.then(|| ("", lines[0], open + 1..close))
}
