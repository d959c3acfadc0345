//! What functions and methods of Django and Django REST framework ask of a request and answer, by
//! their bodies: `request.GET.get("page")`, `return JsonResponse(doc, status=400)`, `raise Http404`.

mod decorators;
mod options;

pub(crate) use decorators::DECORATED;
pub(crate) use options::{EXCEPTIONS, OF_SELF, OF_SUPER, WITH, WITHOUT, answered};

use crate::code_view::CodeView;
use crate::extractor::{Extractor, Reads};
use crate::extractors::flask_handlers::{self, Answer, parts, statement, status_at};
use crate::facts::{ANSWERED_BY, Asked, Branch, Claim, FileFacts, Handler, Input};
use crate::paths;
use crate::scan;
use crate::source::SourceFile;
use crate::spans;
use crate::statuses;
use groundplan_model::Response;
use groundplan_syntax::{Function, Language};
use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "django-handlers",
    docs: "\
### What it finds
What views of Django and Django REST framework, functions of a request and methods of classes, take
(`request.GET`, `request.POST`, `request.data`, headers, cookies, files, forms and serializers that are
given them) and answer (`render`, `redirect`, the classes of responses, `Response(status=…)`, `Http404`,
`get_object_or_404`, exceptions of the frameworks), of branches for one method or for a parameter that the path may
leave out (`if pk:`) those of it alone; the functions that a view hands the request to or whose answer it returns
(`return form_of(request)`, `self.paginate(…)`, `super().update(…)`); decorators of the program as they are written;
functions that raise such exceptions for those that call them; and what a function `handler(exc, context)`
answers exceptions with.

### What it does not find
What functions that are not handed the request answer whose result a view returns.
",
    reads: &[Reads::Own(&[Language::Python])],
    markers: &[
        "(request",
        ", request",
        " request,",
        "return extend_schema(",
        "return swagger_auto_schema(",
        "(exc, context",
        "_or_404",
        "Http404",
        "PermissionDenied",
    ],
    run: extract,
};

/// Functions of one file at most.
const MOST: usize = 400;

/// Functions that one calls, at most.
const MOST_CALLED: usize = 24;

/// Variables that an answer is followed through, and calls through which what raises is known.
const DEEPEST: u8 = 3;

/// The name that the handler of every method has behind the name of its function.
pub(crate) const ANY: &str = "any";

/// Decorators that answer nothing by themselves but what is said elsewhere.
const SILENT: [&str; 26] = [
    "api_view",
    "atomic",
    "action",
    "authentication_classes",
    "cache_control",
    "cache_page",
    "classmethod",
    "condition",
    "csrf_exempt",
    "csrf_protect",
    "detail_route",
    "ensure_csrf_cookie",
    "extend_schema",
    "list_route",
    "method_decorator",
    "never_cache",
    "override",
    "parser_classes",
    "permission_classes",
    "renderer_classes",
    "schema",
    "sensitive_post_parameters",
    "sensitive_variables",
    "swagger_auto_schema",
    "vary_on_cookie",
    "vary_on_headers",
];

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) || paths::is_generated(file.path, file.text) {
        return;
    }
    let view = CodeView::of(file);
    if !view.imports_any(&["django", "rest_framework", "drf_spectacular", "drf_yasg"]) {
        return;
    }
    let code = view.code;
    let all = code.functions();
    // Most files with views have none that tell methods apart.
    let blocks = LazyCell::new(|| match code.text.contains(".method") {
        true => spans::blocks(code),
        false => Vec::new(),
    });
    let mut made = 0;
    // Methods that read what is sent, for those that call them.
    let readers = options::readers(&view);
    let raising = raising(&view, &readers);
    for (index, function) in all.iter().enumerate() {
        if function.class || made >= MOST {
            continue;
        }
        let line = code.line(function.at);
        let class = function.parent.and_then(|p| all.get(p));
        if let Some(handler) = options::of_exceptions(&view, function) {
            acc.add(file, line, line, Claim::Handler(Box::new(handler)));
        }
        // What raises, does so for those that call it.
        if let Some(Raises { responses, leaves }) = raising.get(&index) {
            let handler = Handler {
                name: raiser(function.name, class.is_some_and(|c| c.class)),
                responses: responses.clone(),
                leaves: *leaves,
                throws: called(&view, function, &|_| true),
                more: true,
                ..Handler::default()
            };
            acc.add(file, line, line, Claim::Handler(Box::new(handler)));
            made += 1;
        }
        let Some(name) = name_of(&view, function, class) else {
            continue;
        };
        let blocks: Option<&[_]> = match class {
            Some(_) => None,
            None => Some(blocks.as_slice()),
        };
        for handler in read(&view, index, function, &name, &readers, blocks) {
            acc.add(file, line, line, Claim::Handler(Box::new(handler)));
            made += 1;
        }
    }
}

/// The name under which what raises is known to those that call it: a method is called at its object.
fn raiser(name: &str, method: bool) -> String {
    match method {
        true => format!("!.{name}"),
        false => format!("!{name}"),
    }
}

/// What a function answers for those that call it or are decorated with it.
#[derive(Default)]
struct Raises {
    responses: Vec<Response>,
    /// Whether it may answer more.
    leaves: bool,
}

/// The functions that end a request of those that call them or are decorated with them, with what they
/// answer then themselves: by exceptions, by functions of the file that raise, by functions in them that
/// answer in place of what they decorate.
fn raising(view: &CodeView<'_, '_>, readers: &BTreeSet<&str>) -> BTreeMap<usize, Raises> {
    let code = view.code;
    let all = code.functions();
    let mut found: BTreeMap<usize, Raises> = BTreeMap::new();
    for (index, function) in all.iter().enumerate().filter(|(_, f)| !f.class) {
        let mut handler = Handler::default();
        for at in function.body.clone() {
            if let Some(status) = raised(view, index, function, at) {
                statuses::add(&mut handler.responses, status);
            }
        }
        let mut decorates = decorators::describes(view, index);
        let mut leaves = false;
        if function.parent.is_none() {
            for inner in decorators::wrappers(view, index) {
                let Some(wrapper) = all.get(inner) else {
                    continue;
                };
                decorates = true;
                leaves |= !decorators::goes_on(view, inner);
                let answered = one(view, inner, wrapper, readers, &|_| true).responses;
                for response in answered {
                    if response.status.starts_with(['4', '5']) {
                        statuses::add(&mut handler.responses, &response.status);
                    }
                }
            }
        }
        if decorates || !handler.responses.is_empty() {
            let responses = handler.responses;
            found.insert(index, Raises { responses, leaves });
        }
    }
    // Those that call one of them, through few.
    for _ in 0..DEEPEST {
        let names: BTreeSet<&str> = found
            .keys()
            .filter_map(|i| Some(all.get(*i)?.name))
            .collect();
        let calls = |f: &Function<'_>| {
            let mut body = f.body.clone();
            body.any(|at| {
                let member =
                    code.is(at.saturating_sub(1), ".") && !code.is(at.saturating_sub(2), "self");
                code.is(at + 1, "(") && !member && code.ident(at).is_some_and(|n| names.contains(n))
            })
        };
        let more: Vec<usize> = (all.iter().enumerate())
            .filter(|(i, f)| !f.class && !found.contains_key(i) && calls(f))
            .map(|(i, _)| i)
            .collect();
        if more.is_empty() {
            break;
        }
        found.extend(more.into_iter().map(|i| (i, Raises::default())));
    }
    found
}

/// The name of a view: that of a function whose first parameter is the request, `Class.method` of a
/// method that is given one, or that is called as requests are.
fn name_of(
    view: &CodeView<'_, '_>,
    function: &Function<'_>,
    class: Option<&Function<'_>>,
) -> Option<String> {
    let code = view.code;
    let given = code.arguments(function.params?);
    let is_request = |range: &Range<usize>| code.is(range.start, "request");
    match class {
        None => (function.parent.is_none() && given.first().is_some_and(is_request))
            .then(|| function.name.to_owned()),
        Some(class) if class.class && class.parent.is_none() => {
            let verb = matches!(function.name, "get" | "post" | "put" | "patch" | "delete");
            let asked = given.get(1).is_some_and(is_request);
            let own = given.first().is_some_and(|r| code.is(r.start, "self"));
            // A method that is not called from outside is no view.
            let open = !function.name.starts_with('_') && function.name != "dispatch"
                || function.name == "__init__" && asked;
            (own && open && (asked || verb && given.len() < 4))
                .then(|| format!("{}.{}", class.name, function.name))
        }
        Some(_) => None,
    }
}

/// The handlers of a function: one for all methods, and where its code tells methods apart, in blocks of a
/// function that is no method of a class, one for each.
fn read(
    view: &CodeView<'_, '_>,
    index: usize,
    function: &Function<'_>,
    name: &str,
    readers: &BTreeSet<&str>,
    blocks: Option<&[(Range<usize>, Branch)]>,
) -> Vec<Handler> {
    let one = |holds: &dyn Fn(usize) -> bool| one(view, index, function, readers, holds);
    let Some(blocks) = blocks else {
        let handler = one(&|_| true);
        let mut all = vec![named(handler, name.to_owned())];
        if let Some((parameter, block, ends)) = options::optional(view, index, function) {
            let with = |at: usize| !ends || at < block.end;
            let handler = one(&with);
            all.push(named(handler, format!("{name}{WITH}{parameter}")));
            let handler = one(&|at| !block.contains(&at));
            all.push(named(handler, format!("{name}{WITHOUT}{parameter}")));
        }
        return all;
    };
    let body = &function.body;
    let mut told: BTreeSet<Asked> = BTreeSet::new();
    for (block, branch) in blocks {
        if let Branch::Asked(asked) | Branch::Unasked(asked) = branch
            && block.start >= body.start
            && block.start < body.end
        {
            told.insert(*asked);
        }
    }
    if told.is_empty() {
        let handler = one(&|_| true);
        return vec![named(handler, format!("{name}.{ANY}"))];
    }
    told.insert(Asked::Get);
    told.into_iter()
        .map(|own| {
            let holds = |at: usize| {
                blocks.iter().all(|(block, branch)| match branch {
                    Branch::Asked(asked) if block.contains(&at) => *asked == own,
                    Branch::Unasked(asked) if block.contains(&at) => *asked != own,
                    _ => true,
                })
            };
            let handler = one(&holds);
            named(handler, format!("{name}.{}", own.name()))
        })
        .collect()
}

fn named(mut handler: Handler, name: String) -> Handler {
    handler.name = name;
    handler
}

/// What a function takes and answers at the places that count.
fn one(
    view: &CodeView<'_, '_>,
    index: usize,
    function: &Function<'_>,
    readers: &BTreeSet<&str>,
    holds: &dyn Fn(usize) -> bool,
) -> Handler {
    let code = view.code;
    let mut handler = Handler::default();
    // What decorates it, and whose answers it gives away.
    let mut around: Vec<String> = Vec::new();
    let mut by: Vec<String> = Vec::new();
    for note in code.annotations() {
        if !(function.first..=function.at).contains(&note.next) {
            continue;
        }
        let last = note.name.rsplit('.').next().unwrap_or(&note.name);
        match last {
            // Who is not signed in, is sent to sign in
            // (<https://docs.djangoproject.com/en/stable/topics/auth/default/#the-login-required-decorator>).
            "login_required" if is_of_framework(view, &note.name, note.next) => {
                statuses::add(&mut handler.responses, "302");
            }
            _ if last.starts_with("require_") && is_of_framework(view, &note.name, note.next) => {}
            _ if SILENT.contains(&last) => {}
            _ => {
                // Of several of the name the module tells which one it is.
                let whole = view.canonical(&note.name, note.next);
                let whole = whole.filter(|w| w.ends_with(last));
                around.push(format!("{DECORATED}{}", whole.as_deref().unwrap_or(last)));
                handler.guards.extend(decorators::written(view, &note));
            }
        }
    }
    for at in function.body.clone().filter(|&at| holds(at)) {
        if !code.is(at, "return") || code.function_at(at) != Some(index) {
            continue;
        }
        match statement(view, at + 1, function.body.end) {
            Some(range) if !range.is_empty() => match answer(view, index, range.clone(), 0) {
                Answer::Status(status) => statuses::add(&mut handler.responses, &status),
                Answer::Unread => match delegated(view, range) {
                    Some(name) => {
                        let name = format!("{ANSWERED_BY}{name}");
                        if !by.contains(&name) {
                            by.push(name);
                        }
                    }
                    None => handler.leaves = true,
                },
            },
            _ => {}
        }
    }
    for at in function.body.clone().filter(|&at| holds(at)) {
        if let Some(status) = raised(view, index, function, at) {
            statuses::add(&mut handler.responses, status);
        }
        // `response.status_code = 404` after it was made.
        handler.leaves |=
            code.is(at, "status_code") && code.is(at + 1, "=") && !code.is(at + 2, "=");
        takes(view, index, function, at, &mut handler);
        options::handed(view, at, readers, &mut handler);
        // A record that is not there (<https://docs.djangoproject.com/en/stable/ref/models/querysets/#get>).
        let asked = code.is(at, "get") && code.is(at + 1, "(") && code.is(at - 1, ".");
        if asked
            && code.is(at.wrapping_sub(2), "objects")
            && !is_caught(view, function, at, &["DoesNotExist", MISSING])
            && !by.iter().any(|name| name == MISSING)
        {
            by.push(MISSING.to_owned());
        }
    }
    handler.throws = called(view, function, holds);
    handler.throws.extend(around);
    handler.throws.extend(by);
    handler.responses.sort_by(|a, b| a.status.cmp(&b.status));
    handler
}

/// What is thrown where a record is not there.
pub(crate) const MISSING: &str = "ObjectDoesNotExist";

/// The function whose answer is given away: `return form_of(request, order)`, `return self.paginate(…)`,
/// `return super().update(request)`.
fn delegated(view: &CodeView<'_, '_>, range: Range<usize>) -> Option<String> {
    let code = view.code;
    let first = range.start + usize::from(code.is(range.start, "await"));
    let name = code.ident(first)?;
    if let Some(name) = options::of_own(view, first, range.end) {
        return Some(name);
    }
    let whole =
        code.is(first + 1, "(") && code.partner(first + 1).map(|c| c + 1) == Some(range.end);
    let given = || {
        code.arguments(first + 1)
            .iter()
            .any(|r| code.is(r.start, "request"))
    };
    // A name that holds a function here is another function each time.
    let held = || !view.visible(name, first).is_empty();
    (whole && given() && !held()).then(|| name.to_owned())
}

/// Whether a name stands for something of the frameworks.
fn is_of_framework(view: &CodeView<'_, '_>, name: &str, at: usize) -> bool {
    view.canonical(name, at)
        .is_some_and(|whole| whole.starts_with("django.") || whole.starts_with("rest_framework"))
}

/// The status that an answer has.
fn answer(view: &CodeView<'_, '_>, scope: usize, range: Range<usize>, depth: u8) -> Answer {
    let code = view.code;
    let range = match code.is(range.start, "await") {
        true => range.start + 1..range.end,
        false => range,
    };
    let first = range.start;
    let whole = |open: usize| code.partner(open).map(|close| close + 1) == Some(range.end);
    if code.is(first, "(") && whole(first) {
        return answer(view, scope, first + 1..range.end - 1, depth);
    }
    if parts(view, range.clone()).len() != 1
        || range.clone().any(|at| code.is(at, "if")) && !whole_call(view, &range)
    {
        return Answer::Unread;
    }
    let Some(name) = code.ident(first) else {
        return Answer::Unread;
    };
    let mut open = first + 1;
    while code.is(open, ".") && code.ident(open + 1).is_some() {
        open += 2;
    }
    if open == range.end && open == first + 1 {
        let known = view.visible(name, first);
        let mut own = known.iter().filter(|d| d.scope == Some(scope) && !d.param);
        let value = own.next().map(|d| d.value.clone());
        return match (value, own.next()) {
            (Some(value), None) if depth < DEEPEST && !value.is_empty() => {
                answer(view, scope, value, depth + 1)
            }
            _ => Answer::Unread,
        };
    }
    if !code.is(open, "(") || !whole(open) {
        return Answer::Unread;
    }
    let dotted = code.dotted(first, open);
    let last = dotted.rsplit('.').next().unwrap_or(&dotted);
    let status = |default: &str, position: usize| {
        let given = code
            .named_argument(open, "status")
            .or_else(|| view.argument(open, position));
        match given {
            Some(given) => status_at(view, given),
            None => Answer::Status(default.to_owned()),
        }
    };
    const NONE: usize = usize::MAX;
    if matches!(
        dotted.as_str(),
        "self.render_to_response" | "self.get_paginated_response"
    ) {
        return Answer::Status("200".to_owned());
    }
    if !is_of_framework(view, &dotted, first) {
        return Answer::Unread;
    }
    match last {
        // The fifth argument of `render` is the status
        // (<https://docs.djangoproject.com/en/stable/topics/http/shortcuts/#render>).
        "render" => status("200", 4),
        "redirect" => {
            let forever = code.named_argument(open, "permanent");
            Answer::Status(match forever {
                None => "302".to_owned(),
                Some(r) if code.is(r.start, "False") => "302".to_owned(),
                Some(r) if code.is(r.start, "True") => "301".to_owned(),
                Some(_) => return Answer::Unread,
            })
        }
        "HttpResponse" => status("200", 2),
        "Response" => status("200", 1),
        "JsonResponse"
        | "FileResponse"
        | "StreamingHttpResponse"
        | "TemplateResponse"
        | "SimpleTemplateResponse" => status("200", NONE),
        _ => match fixed(last) {
            Some(code) => Answer::Status(code.to_owned()),
            None => Answer::Unread,
        },
    }
}

/// Whether an expression is one call with nothing around it.
fn whole_call(view: &CodeView<'_, '_>, range: &Range<usize>) -> bool {
    let code = view.code;
    let open = range.clone().find(|&at| code.is(at, "("));
    open.and_then(|open| code.partner(open)).map(|c| c + 1) == Some(range.end)
}

/// The status of the responses of Django that are called after it
/// (<https://docs.djangoproject.com/en/stable/ref/request-response/#httpresponse-subclasses>).
fn fixed(name: &str) -> Option<&'static str> {
    Some(match name {
        "HttpResponseRedirect" => "302",
        "HttpResponsePermanentRedirect" => "301",
        "HttpResponseNotModified" => "304",
        "HttpResponseBadRequest" => "400",
        "HttpResponseForbidden" => "403",
        "HttpResponseNotFound" => "404",
        "HttpResponseNotAllowed" => "405",
        "HttpResponseGone" => "410",
        "HttpResponseServerError" => "500",
        _ => return None,
    })
}

/// The status of an exception of the frameworks
/// (<https://docs.djangoproject.com/en/stable/ref/exceptions/>,
/// <https://www.django-rest-framework.org/api-guide/exceptions/>).
fn exception(whole: &str) -> Option<&'static str> {
    let (module, name) = whole.rsplit_once('.')?;
    let rest = module.starts_with("rest_framework");
    if !rest && !module.starts_with("django.") {
        return None;
    }
    Some(match name {
        "Http404" => "404",
        "PermissionDenied" => "403",
        "BadRequest" | "SuspiciousOperation" if !rest => "400",
        "ValidationError" | "ParseError" if rest => "400",
        "NotAuthenticated" | "AuthenticationFailed" if rest => "401",
        "NotFound" if rest => "404",
        "MethodNotAllowed" if rest => "405",
        "NotAcceptable" if rest => "406",
        "UnsupportedMediaType" if rest => "415",
        "Throttled" if rest => "429",
        _ => return None,
    })
}

/// The status that a statement at `at` of a function ends its request with.
fn raised(
    view: &CodeView<'_, '_>,
    index: usize,
    function: &Function<'_>,
    at: usize,
) -> Option<&'static str> {
    let code = view.code;
    let caught = |name: &str| is_caught(view, function, at, &[name]);
    match code.raw(at) {
        "raise" if code.function_at(at) == Some(index) => {
            let first = at + 1;
            let mut end = first + 1;
            while code.is(end, ".") && code.ident(end + 1).is_some() {
                end += 2;
            }
            let name = code.dotted(first, end);
            let last = name.rsplit('.').next().unwrap_or(&name);
            let status = exception(&view.canonical(&name, first)?)?;
            (!caught(last)).then_some(status)
        }
        "get_object_or_404" | "get_list_or_404" | "aget_object_or_404"
            if code.is(at + 1, "(") && !caught("Http404") =>
        {
            Some("404")
        }
        // (<https://www.django-rest-framework.org/api-guide/serializers/#raising-an-exception-on-invalid-data>)
        "is_valid" if code.is(at + 1, "(") => {
            let raises = code.named_argument(at + 1, "raise_exception")?;
            (code.is(raises.start, "True") && !caught("ValidationError")).then_some("400")
        }
        _ => None,
    }
}

/// Tokens before and behind a call among which the `try` around it and its clauses are looked for.
const FARTHEST: usize = 4_000;

/// Exceptions that a helper may end a request with.
const ENDING: [&str; 5] = [
    "Http404",
    "NotFound",
    "ObjectDoesNotExist",
    "PermissionDenied",
    "ValidationError",
];

/// Whether an exception of one of these names that is raised at `at` is caught there: by an `except` of the
/// `try` around it that names it, all exceptions, or none.
fn is_caught(view: &CodeView<'_, '_>, function: &Function<'_>, at: usize, names: &[&str]) -> bool {
    let code = view.code;
    let first = function.body.start.max(at.saturating_sub(FARTHEST));
    let mut column = usize::MAX;
    // From here outwards: each line that is further out than all behind it holds what follows.
    for line in (first..=at).rev().filter(|&i| code.starts_line(i)) {
        if code.column(line) >= column {
            continue;
        }
        column = code.column(line);
        if !code.is(line, "try") {
            continue;
        }
        let last = function.body.end.min(at + FARTHEST);
        let after = (at + 1..last).filter(|&i| code.starts_line(i));
        for clause in after {
            if code.column(clause) > column {
                continue;
            }
            if code.column(clause) < column || !code.is(clause, "except") {
                break;
            }
            let head = (clause + 1..clause + 24).take_while(|&i| !code.is(i, ":"));
            let words: Vec<&str> = head.filter_map(|i| code.ident(i)).collect();
            let all = ["Exception", "BaseException", "APIException"];
            if words.is_empty() || words.iter().any(|w| all.contains(w) || names.contains(w)) {
                return true;
            }
        }
    }
    false
}

/// The functions of this file, of its class and of its imports that a function calls: what they raise
/// ends its request too.
fn called(
    view: &CodeView<'_, '_>,
    function: &Function<'_>,
    holds: &dyn Fn(usize) -> bool,
) -> Vec<String> {
    let code = view.code;
    let mut found: BTreeSet<String> = BTreeSet::new();
    for at in function
        .body
        .clone()
        .filter(|&at| code.is(at + 1, "(") && holds(at))
    {
        let Some(name) = code.ident(at).filter(|n| *n != function.name) else {
            continue;
        };
        let of_self = at >= 2 && code.is(at - 1, ".") && code.is(at - 2, "self");
        let plain = at >= 1 && !code.is(at - 1, ".");
        let all = code.functions();
        let own = |method: bool| {
            let of_class =
                |f: &Function<'_>| f.parent.and_then(|p| all.get(p)).is_some_and(|c| c.class);
            all.iter()
                .any(|f| f.name == name && !f.class && of_class(f) == method)
        };
        let foreign = || {
            let whole = view.alias(name).unwrap_or_default();
            !whole.is_empty()
                && !whole.starts_with("django")
                && !whole.starts_with("rest_framework")
        };
        let known = of_self && own(true) || plain && (own(false) || foreign());
        // What is caught around the call ends nothing; which of its exceptions that is, was not read.
        if known && !is_caught(view, function, at, &ENDING) {
            found.insert(raiser(name, of_self));
        }
    }
    found.into_iter().take(MOST_CALLED).collect()
}

/// What a use of the request at `at` takes.
fn takes(
    view: &CodeView<'_, '_>,
    index: usize,
    function: &Function<'_>,
    at: usize,
    handler: &mut Handler,
) {
    let code = view.code;
    let own = code.is(at, "request") && code.is(at + 1, ".");
    let of_self = at > 1 && code.is(at - 1, ".") && code.is(at - 2, "self");
    if !own || at > 0 && code.is(at - 1, ".") && !of_self {
        return;
    }
    let place = match code.raw(at + 2) {
        "GET" | "query_params" => "query",
        "POST" | "FILES" => "form",
        "data" => "body",
        "headers" => "header",
        "COOKIES" => "cookie",
        "body" => {
            handler.more |= !documents(view, index, function, at, handler);
            return;
        }
        "META" => {
            if let Some(mut input) = flask_handlers::keyed(view, "header", at + 3)
                && let Some(name) = input.name.strip_prefix("HTTP_")
            {
                input.name = name.replace('_', "-");
                input.required = false;
                flask_handlers::add(handler, input);
            }
            return;
        }
        "read" | "stream" => {
            handler.more = true;
            return;
        }
        _ => return,
    };
    if let Some(input) = flask_handlers::keyed(view, place, at + 3) {
        flask_handlers::add(handler, input);
        return;
    }
    // `"refresh" in request.GET`
    if at > 1
        && code.is(at - 1, "in")
        && let Some(name) = code.string(at - 2).filter(|n| !n.is_empty())
    {
        let input = Input {
            name: name.to_owned(),
            place: place.to_owned(),
            data_type: None,
            required: false,
        };
        flask_handlers::add(handler, input);
        return;
    }
    // `form = SignUpForm(request.POST)`, `OrderSerializer(data=request.data)`.
    if let Some(kind) = given_to(view, at)
        && place != "query"
    {
        handler.request = handler.request.take().or(Some(kind));
        return;
    }
    if variable(view, index, function, at, place, at, handler) {
        return;
    }
    handler.more |= !matches!(place, "header" | "cookie");
}

/// The class that a part of the request is given to, if it is one for forms or serializers.
fn given_to(view: &CodeView<'_, '_>, at: usize) -> Option<String> {
    let code = view.code;
    let open = scan::bracket_around(code, at, 12)?;
    let name = code.ident(open.checked_sub(1)?)?;
    let form = ["Form", "Serializer", "FormSet", "Schema"]
        .iter()
        .any(|end| name.ends_with(end) && name.starts_with(char::is_uppercase));
    form.then(|| name.to_owned())
}

/// `doc = json.loads(request.body)` and then `doc["name"]`; whether that was so.
fn documents(
    view: &CodeView<'_, '_>,
    index: usize,
    function: &Function<'_>,
    at: usize,
    handler: &mut Handler,
) -> bool {
    let code = view.code;
    let from = function.body.start.max(at.saturating_sub(8));
    let loads = (from..at)
        .rev()
        .find(|&i| code.is(i, "loads") && code.is(i + 1, "("));
    loads.is_some_and(|loads| variable(view, index, function, at, "body", loads, handler))
}

/// Adds what is taken of the variable that a part of the request is assigned to.
fn variable(
    view: &CodeView<'_, '_>,
    index: usize,
    function: &Function<'_>,
    at: usize,
    place: &str,
    first: usize,
    handler: &mut Handler,
) -> bool {
    let code = view.code;
    let here = |d: &&groundplan_syntax::Definition<'_>| {
        d.scope == Some(index) && d.value.contains(&at) && !d.field
    };
    let Some(variable) = code.definitions().iter().find(here) else {
        return false;
    };
    let plain = |i: usize| matches!(code.raw(i), "await" | "(" | "json" | "." | "self" | "copy");
    if !(variable.value.start..first).all(plain) {
        return false;
    }
    let mut taken = false;
    for i in variable.value.end..function.body.end {
        if !code.is(i, variable.name) || i > 0 && code.is(i - 1, ".") {
            continue;
        }
        match flask_handlers::keyed(view, place, i + 1) {
            Some(input) => {
                flask_handlers::add(handler, input);
                taken = true;
            }
            // Who is handed it whole takes more.
            None => handler.more |= matches!(code.raw(i + 1), "," | ")"),
        }
    }
    taken
}
