//! What functions of Go that answer requests leave to others: calls that are given the request, what answers it or
//! a context of both, and what stands behind the failure of such a call.

use crate::code_view::CodeView;
use crate::extractors::go_handlers::type_text;
use crate::facts::{Handed, Handler};
use crate::scan;
use crate::statuses;
use groundplan_syntax::{Call, Code, Function};
use std::ops::Range;

/// What a function is given of a request, by the names of its parameters.
#[derive(Default)]
pub(super) struct Given<'t> {
    writer: Option<&'t str>,
    /// What holds both, also the receiver of a method of it.
    context: Option<&'t str>,
    request: Option<&'t str>,
    /// The name of the receiver.
    receiver: Option<&'t str>,
    /// Whether the context is of a type that no framework is known for.
    pub(super) own: bool,
    /// Whether what answers may be anything that is written to.
    pub(super) any: bool,
    /// Whether it is the function of a type.
    pub(super) method: bool,
    /// Names of all parameters in order, and whether each is a number.
    parameters: Vec<(&'t str, bool)>,
}

/// Contexts that hold no request: those of the standard library and of command lines.
const OTHERS: [&str; 4] = [
    "context",
    "golang.org/x/net/context",
    "github.com/urfave/cli",
    "go/build",
];

impl<'t> Given<'t> {
    pub(super) fn of(view: &CodeView<'_, 't>, function: &Function<'t>) -> Self {
        let mut given = Given::default();
        let code = view.code;
        let Some(open) = function.params else {
            return given;
        };
        let all = code.arguments(open);
        for (place, range) in all.iter().enumerate() {
            let Some(name) = code.ident(range.start) else {
                continue;
            };
            // Of `a, b int` both are.
            let typed = all.iter().skip(place).find(|r| r.len() > 1);
            let number = typed.is_some_and(|r| r.len() == 2 && code.is(r.end - 1, "int"));
            given.parameters.push((name, number));
            given.takes(view, name, range.start + 1..range.end);
        }
        // `func (ctx *Context) Html(…)`
        given.method = code.is(function.at.wrapping_sub(1), ")");
        if given.method
            && let Some(receiver) = code.partner(function.at - 1)
            && let Some(name) = code.ident(receiver + 1)
        {
            given.receiver = Some(name);
            given.takes(view, name, receiver + 2..function.at - 1);
        }
        given
    }

    fn takes(&mut self, view: &CodeView<'_, 't>, name: &'t str, kind: Range<usize>) {
        let code = view.code;
        if kind.clone().any(|at| matches!(code.raw(at), "func" | "(")) {
            return;
        }
        let Some(last) = kind.clone().rev().find(|&at| code.ident(at).is_some()) else {
            return;
        };
        let package = (last >= 2 && code.is(last - 1, ".") && kind.contains(&(last - 2)))
            .then(|| code.raw(last - 2));
        let module = package.and_then(|p| view.alias(p));
        match code.raw(last) {
            "ResponseWriter" => self.writer = Some(name),
            "Writer" if module == Some("io") && self.writer.is_none() => {
                self.writer = Some(name);
                self.any = true;
            }
            "Request" if module == Some("net/http") => self.request = Some(name),
            word if word.ends_with("Context") || word.ends_with("Ctx") => {
                let other = |module: &str| OTHERS.iter().any(|o| module.starts_with(o));
                if module.is_some_and(other) {
                    return;
                }
                self.context = Some(name);
                let known = matches!(package, Some("gin" | "echo" | "fiber"));
                self.own |= !known && word != "Ctx";
            }
            _ => {}
        }
    }

    /// Whether it is given anything of a request but the request itself.
    pub(super) fn answers(&self) -> bool {
        self.writer.is_some() || self.context.is_some()
    }

    /// Whether it is given a request alone.
    pub(super) fn only_asks(&self) -> bool {
        self.request.is_some() && !self.answers()
    }

    /// The place of the only number that is called a status.
    pub(super) fn status(&self) -> Option<usize> {
        const NAMES: [&str; 6] = [
            "code",
            "httpcode",
            "httpstatus",
            "httpstatuscode",
            "status",
            "statuscode",
        ];
        let named = |p: &&(&str, bool)| p.1 && NAMES.contains(&&*p.0.to_ascii_lowercase());
        let mut all = self.parameters.iter().filter(named);
        let first = all.next()?;
        all.next().is_none().then(|| self.place(first.0)).flatten()
    }

    /// The place of a parameter that is a number.
    pub(super) fn number(&self, name: &str) -> Option<usize> {
        self.place(name)
            .filter(|&at| self.parameters.get(at).is_some_and(|p| p.1))
    }

    /// The place of a parameter.
    pub(super) fn place(&self, name: &str) -> Option<usize> {
        self.parameters.iter().position(|(own, _)| *own == name)
    }

    /// Whether an argument is what answers, and whether it is the request.
    fn kind(&self, code: &Code<'_>, range: &Range<usize>) -> (bool, bool) {
        let first = code.ident(range.start);
        let of = |name: Option<&str>| name.is_some() && name == first;
        if range.len() == 1 {
            return (of(self.writer) || of(self.context), of(self.request));
        }
        // `c.ResponseWriter()`, `c.Request`
        let part = |words: &[&str]| {
            of(self.context)
                && range.len() <= 5
                && code.is(range.start + 1, ".")
                && words.contains(&code.raw(range.start + 2))
        };
        let writer = part(&["ResponseWriter", "Writer", "Response"]);
        (writer, part(&["Request", "Req"]))
    }

    /// Whether this is the name of the context.
    pub(super) fn is_context(&self, name: &str) -> bool {
        self.context == Some(name)
    }

    /// Whether an argument is what answers.
    pub(super) fn is_writer(&self, code: &Code<'_>, range: &Range<usize>) -> bool {
        self.kind(code, range).0
    }

    /// Whether a call is one of a method of the context.
    fn is_own(&self, code: &Code<'_>, call: Call) -> bool {
        self.own && self.context.is_some() && self.context == code.ident(call.first) && {
            call.open == call.first + 3
        }
    }
}

/// What a function with a number called a status does that others write for it: it writes that status.
pub(super) fn settle_status(given: &Given<'_>, handler: &mut Handler) {
    let Some(place) = given.status().filter(|_| given.answers() && !given.any) else {
        return;
    };
    let handing = &mut handler.handing;
    let says = format!("#{place}");
    let passes = |h: &Handed| h.statuses.iter().any(|(_, status)| *status == says);
    let others = handing.hands.iter().any(passes) || !handing.written.is_empty();
    // What gin, echo and fiber are not given, they do not write; a status of an order is none of HTTP.
    if others || !given.own || !handing.hands.iter().any(|h| h.stands) {
        return;
    }
    handing.written.push(place);
    // Their places are counted.
    for hand in handing.hands.iter_mut().filter(|h| h.stands) {
        *hand = Handed::default();
    }
    handing.settles = None;
    handler.leaves = false;
}

/// What takes what answers and answers nothing.
const SILENT: [&str; 8] = [
    "MaxBytesReader",
    "NewResponseController",
    "NewEncoder",
    "Set",
    "SetCookie",
    "Next",
    "WithContext",
    "WithValue",
];

/// What a call is given of the request that its function answers, if anything.
pub(super) fn hand(
    view: &CodeView<'_, '_>,
    name: &str,
    call: Call,
    given: &Given<'_>,
) -> Option<Handed> {
    let code = view.code;
    let arguments = code.arguments(call.open);
    let own = given.is_own(code, call);
    let kinds = arguments.iter().map(|r| given.kind(code, r));
    let (writer, request) = kinds.fold((false, false), |a, b| (a.0 || b.0, a.1 || b.1));
    if !(own || writer || request) || SILENT.contains(&name) {
        return None;
    }
    let mut found = Handed::default();
    for (place, range) in arguments.iter().enumerate() {
        if let Some(status) = status(view, range) {
            found.statuses.push((place, status.to_owned()));
        } else if let Some(at) = alone(code, range).and_then(|name| given.number(name)) {
            found.statuses.push((place, format!("#{at}")));
        } else if code.is(range.start, "&") && range.len() == 2 {
            let kind = type_of(view, range.start + 1).unwrap_or_default();
            found.targets.push((place, kind));
        }
    }
    let before = call.first.checked_sub(1).map_or("", |at| code.raw(at));
    let returned = before == "return";
    let stands = code.starts_line(call.first) || matches!(before, "return" | "{" | ";");
    let dropped = before == "=" && call.first >= 2 && code.is(call.first - 2, "_");
    let by_writer = given.writer.is_some_and(|w| {
        let mut all = arguments.iter();
        all.any(|r| r.len() == 1 && code.is(r.start, w))
    });
    let part = |r: &Range<usize>| r.len() > 1 && given.is_writer(code, r);
    let by_writer = by_writer || arguments.iter().any(part);
    found.stands = match own && !writer {
        // What only sets something in a context answers nothing.
        true => returned || !found.statuses.is_empty(),
        false => by_writer || writer && (stands || dropped),
    };
    // What a field or variable of another type does with a context or request is not told by its name.
    let receives = || {
        let on = code.ident(call.first);
        on.is_some() && on == given.receiver && call.open == call.first + 3
    };
    let method = || match (own || receives(), by_writer || given.own) {
        (true, _) => format!(".{name}"),
        (false, true) => format!("..{name}"),
        (false, false) => "?".to_owned(),
    };
    let package = code.ident(call.first).filter(|_| !receives());
    found.name = match call.open - call.first {
        1 => name.to_owned(),
        3 => match package.and_then(|package| view.alias(package)) {
            Some(module) => format!("{module}.{name}"),
            None => method(),
        },
        _ => method(),
    };
    Some(found)
}

fn alone<'t>(code: &Code<'t>, range: &Range<usize>) -> Option<&'t str> {
    code.ident(range.start).filter(|_| range.len() == 1)
}

/// `http.StatusNotFound`, `404`; a `StatusCreated` of the program's own is no status of HTTP.
fn status(view: &CodeView<'_, '_>, range: &Range<usize>) -> Option<&'static str> {
    let code = view.code;
    let last = code.raw(range.end.checked_sub(1)?);
    let number = range.len() == 1 && last.len() == 3 && last.bytes().all(|b| b.is_ascii_digit());
    let of_http = || {
        let module = view.alias(code.raw(range.start)).unwrap_or_default();
        let others = ["fiber", "fasthttp", "iris"];
        module == "net/http" || others.iter().any(|m| module.contains(m))
    };
    let named = || range.len() == 3 && last.starts_with("Status") && of_http();
    statuses::code(last).filter(|_| number || named())
}

/// The type of a variable, or of what it is made from.
pub(super) fn type_of(view: &CodeView<'_, '_>, at: usize) -> Option<String> {
    let name = view.code.ident(at)?;
    let found = view.visible(name, at).into_iter().next_back()?;
    let range = match found.kind.is_empty() {
        true => found.value.clone(),
        false => found.kind.clone(),
    };
    let code = view.code;
    // `order := newOrder()`: what the function gives.
    let called = code
        .ident(range.start)
        .filter(|_| code.is(range.start + 1, "("));
    if let Some(function) = called.and_then(|name| view.function(name)) {
        let close = code.partner(function.params?)?;
        let text = type_text(view, close + 1..function.body.start.checked_sub(1)?);
        let text = text.trim_start_matches('*');
        let any = matches!(text, "" | "any" | "interface");
        return (!any).then(|| text.to_owned());
    }
    // `order := new(Order)`
    if code.is(range.start, "new") && code.is(range.start + 1, "(") {
        let given = code.arguments(range.start + 1).into_iter().next()?;
        return Some(type_text(view, given)).filter(|text| !text.is_empty());
    }
    // What a function elsewhere gives is not known: `c.New()`; `[]Order(nil)` and `Order{}` are.
    let end = range
        .clone()
        .take(12)
        .find(|&at| matches!(code.raw(at), "(" | "{"));
    if end.is_some_and(|at| {
        code.is(at, "(")
            && code
                .ident(at - 1)
                .is_some_and(|n| n != "new" && n != "make")
    }) {
        return None;
    }
    Some(type_text(view, range)).filter(|text| !text.is_empty())
}

/// The block that is gone through where a call failed: `if err := call(); err != nil {…}`,
/// `if !call() {…}`, and the same on the line behind.
pub(super) fn failure(code: &Code<'_>, call: Call) -> Option<Range<usize>> {
    let close = code.partner(call.open)?;
    let mut at = close + 1;
    let mut denied = code.is(call.first.wrapping_sub(1), "!");
    let header = match denied {
        true => code.is(call.first.wrapping_sub(2), "if"),
        false => {
            let start = (call.first.saturating_sub(8)..call.first).rev();
            let mut start = start.take_while(|&i| !matches!(code.raw(i), "{" | "}"));
            start.any(|i| code.is(i, "if"))
        }
    };
    if !header {
        let assigned = code.is(call.first.wrapping_sub(1), "=");
        if !assigned || !code.is(at, "if") {
            return None;
        }
        let variable = code.raw(call.first.checked_sub(
            if code.is(call.first.wrapping_sub(2), ":") {
                3
            } else {
                2
            },
        )?);
        let condition = (at + 1..at + 6).take_while(|&i| !code.is(i, "{"));
        if !condition.clone().any(|i| code.is(i, variable)) {
            return None;
        }
        at += 1;
    }
    let end = (at..at + 12).find(|&i| code.is(i, "{"))?;
    denied |= (at..end).any(|i| code.raw(i).starts_with('!'));
    let block_end = code.partner(end)?;
    denied.then_some(end + 1..block_end)
}

/// Whether a place stands in the body of a function itself, in no block inside it.
pub(super) fn at_head(code: &Code<'_>, function: &Function<'_>, at: usize) -> bool {
    enclosing(code, at, function.body.start) == Some(function.body.start.wrapping_sub(1))
}

/// The bracket of the innermost block around a place.
fn enclosing(code: &Code<'_>, at: usize, from: usize) -> Option<usize> {
    let mut open = scan::open_around(code, at)?;
    while !code.is(open, "{") {
        open = scan::open_around(code, open)?;
    }
    (open + 1 >= from).then_some(open)
}

/// How an answer of a function binds whoever called it: what binds most comes first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Binds {
    /// It is sent: no other can be.
    Sent,
    /// It is only returned, with its status.
    Returned,
    /// It may not have been written, and is returned as a failure then.
    Tried,
}

/// What is known of the failures that a function returns.
#[derive(Default)]
pub(super) struct Failures {
    /// It answers before each return with one, if these of its calls answer.
    pub(super) settles: Option<Vec<usize>>,
    /// Whether it returns an error for which nothing is answered.
    pub(super) raises: bool,
    /// Whether one of the answers is only returned, or may not have been written.
    pub(super) open: bool,
}

/// Whether a function answers before each return with a failure; the calls which must answer for that. Answers are
/// given by their places.
pub(super) fn settles(
    code: &Code<'_>,
    index: usize,
    function: &Function<'_>,
    outputs: &[(usize, Binds)],
    hands: &[(Call, Range<usize>)],
) -> Failures {
    let close = function.params.and_then(|open| code.partner(open));
    let results = close.unwrap_or(0) + 1..function.body.start.saturating_sub(1);
    let kind = results
        .rev()
        .find_map(|at| code.ident(at))
        .unwrap_or_default();
    let fails: fn(&str) -> bool = match kind {
        "error" => |last| last != "nil",
        "bool" => |last| last != "true",
        _ => return Failures::default(),
    };
    let mut needed = Vec::new();
    let (mut any, mut tried, mut returned) = (false, false, false);
    for at in function.body.clone() {
        if !code.is(at, "return") || code.function_at(at) != Some(index) {
            continue;
        }
        let line = code.line(at);
        let mut end = at + 1;
        while end < function.body.end
            && (code.line(end) == line || end == at + 1)
            && !code.is(end, "}")
        {
            end = match code.raw(end) {
                "(" | "{" | "[" => code.partner(end).unwrap_or(end) + 1,
                _ => end + 1,
            };
        }
        let last = code.raw(end - 1);
        if !fails(last) {
            continue;
        }
        if kind == "bool" && last != "false" {
            return Failures::default();
        }
        any = true;
        let open = enclosing(code, at, function.body.start).unwrap_or(at);
        // What stands in the block of the return itself, and was ended by none before it: what another return
        // belongs to says nothing of this one.
        let start = (open + 1..at)
            .rev()
            .find(|&i| matches!(code.raw(i), "return" | "case" | "default"))
            .unwrap_or(open);
        let here = |place: usize| {
            (start + 1..end).contains(&place)
                && enclosing(code, place, function.body.start) == Some(open)
        };
        let of_return = outputs.iter().filter(|(place, _)| here(*place));
        let best = of_return.map(|(_, binds)| *binds).min();
        if let Some(best) = best {
            tried |= best == Binds::Tried;
            returned |= best == Binds::Returned;
            continue;
        }
        // What is called before the return answers rather than what was asked for it.
        let before = hands.iter().rposition(|(call, _)| here(call.open));
        let by = before.or_else(|| {
            let of_block = |(_, block): &(Call, Range<usize>)| block.start == open + 1;
            hands.iter().position(of_block)
        });
        match by {
            Some(by) => needed.push(by),
            None => {
                return Failures {
                    raises: kind == "error",
                    ..Failures::default()
                };
            }
        }
    }
    needed.dedup();
    Failures {
        settles: (any && !tried).then_some(needed),
        raises: false,
        open: tried || returned,
    }
}

/// The calls of a function that are given anything of its request, each with the block behind its failure.
pub(super) type Hands = Vec<(Call, Handed, Range<usize>)>;

/// Ties what stands behind the failure of a call to it.
pub(super) fn tie(code: &Code<'_>, function: &Function<'_>, hands: &mut Hands) {
    let blocks: Vec<Range<usize>> = hands.iter().map(|(_, _, block)| block.clone()).collect();
    for (call, hand, block) in hands.iter_mut() {
        hand.behind = blocks.iter().position(|b| b.contains(&call.open));
        let ends = block.clone().any(|at| code.is(at, "return"));
        hand.asks = ends && at_head(code, function, call.first);
    }
}

/// Adds what is written behind the failure of a call.
pub(super) fn behind(handler: &mut Handler, by: usize, written: Handler) {
    handler.leaves |= written.leaves;
    for response in written.responses {
        handler.handing.hands.push(Handed {
            statuses: vec![(0, response.status)],
            behind: Some(by),
            ..Handed::default()
        });
    }
}
