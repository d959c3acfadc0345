//! What functions of Go that answer requests read of a request and answer.

use crate::code_view::CodeView;
use crate::extractor::{Extractor, Reads};
use crate::extractors::go_allowed;
use crate::extractors::go_handed::{self, Binds, Given};
use crate::extractors::js_marks::guards::is_guard;
use crate::facts::{Claim, FileFacts, Handler, Input};
use crate::paths;
use crate::source::SourceFile;
use crate::statuses;
use groundplan_model::Response;
use groundplan_syntax::{Call, Code, Definition, Function, Language};
use std::collections::BTreeMap;
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "go-handlers",
    docs: "\
### What it finds
Of functions with a `http.ResponseWriter` or the context of gin, echo or fiber: form values, query
parameters, path variables and headers that they read, the type that they decode the body into, and
the statuses and kinds of answer that they write, the methods that they go on with
(`if r.Method != http.MethodPost { …; return }`); the functions that they hand the answer, the request or
a context of the program's own on to, with the statuses and variables that these are given: what they read,
answer and refuse is added once all files are known.

### What it does not find
Closures, middleware that is no guard by its name, statuses that are computed.
",
    reads: &[Reads::Own(&[Language::Go])],
    markers: &[
        "ResponseWriter",
        "gin.Context",
        "echo.Context",
        "fiber.Ctx",
        "Context)",
        "http.Request",
        "io.Writer",
    ],
    run: extract,
};

/// Calls of one function that are given anything of its request, at most.
const MOST_HANDS: usize = 200;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) || paths::is_generated(file.path, file.text) {
        return;
    }
    let view = CodeView::of(file);
    let code = view.code;
    let all = code.functions();
    let mut found: BTreeMap<usize, Work<'_>> = BTreeMap::new();
    for (index, function) in all.iter().enumerate() {
        let Some(open) = function.params.filter(|_| !function.name.is_empty()) else {
            continue;
        };
        let close = code.partner(open).unwrap_or(open);
        let holds = |range: Range<usize>| {
            range.clone().any(|at| {
                matches!(code.raw(at), "ResponseWriter" | "Ctx")
                    || code.is(at, "Context")
                        && at >= 2
                        && matches!(code.raw(at - 2), "gin" | "echo" | "fiber")
            })
        };
        // What stands before handlers makes a function that is given the answer.
        let stands_before = || is_guard(function.name) && holds(function.body.clone());
        let given = Given::of(&view, function);
        let sure = holds(open..close) || stands_before();
        if sure || given.answers() || given.only_asks() {
            found.insert(
                index,
                Work {
                    given,
                    sure,
                    calls: Vec::new(),
                },
            );
        }
    }
    if found.is_empty() {
        return;
    }
    for (name, calls) in view.calls() {
        for &call in calls {
            let function = owner(&view, call.open);
            if let Some(work) = function.and_then(|f| found.get_mut(&f)) {
                work.calls.push((name, call));
            }
        }
    }
    for (index, mut work) in found {
        let Some(function) = all.get(index) else {
            continue;
        };
        work.calls.sort_by_key(|(_, call)| call.open);
        let mut handler = work.read(&view, index, function);
        let hands = work.given.own && !handler.handing.hands.is_empty();
        if !work.sure && !hands && is_silent(&handler) {
            continue;
        }
        // Of what writes anywhere only what gives pages and values may be an answer.
        let shown = |r: &Response| matches!(r.schema.as_deref(), Some("HTML" | "JSON"));
        if work.given.any && !work.sure && !handler.responses.iter().any(shown) {
            continue;
        }
        handler.handing.routes = annotated_routes(&view, function);
        handler.summary = annotated(&view, function).or_else(|| view.summary_of(function));
        variables(&view, function.body.clone(), &mut handler);
        handler.only = go_allowed::methods(&view, &function.body);
        handler
            .inputs
            .sort_by(|a, b| (&a.place, &a.name).cmp(&(&b.place, &b.name)));
        handler.inputs.dedup();
        handler
            .responses
            .sort_by(|a, b| (&a.status, &b.schema).cmp(&(&b.status, &a.schema)));
        handler.responses.dedup_by(|a, b| a.status == b.status);
        let line = code.line(function.at);
        acc.add(file, line, line, Claim::Handler(Box::new(handler)));
    }
}

/// Whether nothing shows that a function has to do with requests.
fn is_silent(handler: &Handler) -> bool {
    let tells = |h: &crate::facts::Handed| h.stands || h.asks || !h.statuses.is_empty();
    handler.responses.is_empty()
        && handler.request.is_none()
        && handler.handing.body.is_none()
        && handler.handing.written.is_empty()
        && !handler.handing.hands.iter().any(tells)
}

/// A function that may answer requests, before it is read.
struct Work<'t> {
    given: Given<'t>,
    /// Whether its signature is that of a known framework.
    sure: bool,
    calls: Vec<(&'t str, Call)>,
}

impl Work<'_> {
    /// What it reads, answers and leaves to others.
    fn read(&self, view: &CodeView<'_, '_>, index: usize, function: &Function<'_>) -> Handler {
        let code = view.code;
        let mut handler = Handler {
            name: function.name.to_owned(),
            ..Handler::default()
        };
        let mut hands: go_handed::Hands = Vec::new();
        let mut outputs: Vec<(&str, Call, Handler)> = Vec::new();
        let mut places: Vec<(usize, Binds)> = Vec::new();
        for &(name, call) in &self.calls {
            if reads(name) {
                input(view, name, call, &self.given, &mut handler);
            }
            // A function of the program's own may be called like one of the library.
            let mut written = Handler::default();
            if answers(name) && output(view, name, call, &self.given, &mut written) {
                // `fmt.Fprintln(os.Stderr)` and `io.Copy(file, body)` answer nobody.
                let tells = written.leaves
                    || !written.responses.is_empty()
                    || !written.handing.written.is_empty();
                if tells {
                    places.push((call.open, binds(name)));
                }
                outputs.push((name, call, written));
            } else if let Some(hand) = go_handed::hand(view, name, call, &self.given) {
                let block = go_handed::failure(code, call).unwrap_or_default();
                hands.push((call, hand, block));
            }
        }
        // Each is compared with all others: what is generated has thousands.
        if hands.len() > MOST_HANDS {
            hands.clear();
            handler.leaves = true;
        }
        go_handed::tie(code, function, &mut hands);
        let blocks: Vec<(Call, Range<usize>)> = hands
            .iter()
            .map(|(c, _, block)| (*c, block.clone()))
            .collect();
        let failures = go_handed::settles(code, index, function, &places, &blocks);
        // Fiber sends when the handler ends: the last status counts.
        let at_end = || view.imports_any(&["github.com/gofiber/fiber"]);
        handler.handing.settles = failures.settles.filter(|_| !at_end());
        handler.handing.raises = failures.raises;
        handler.handing.open = failures.open;
        handler.handing.hands = hands.into_iter().map(|(_, hand, _)| hand).collect();
        for (name, call, written) in outputs {
            match blocks
                .iter()
                .position(|(_, block)| block.contains(&call.open))
            {
                Some(by) => go_handed::behind(&mut handler, by, written),
                // A body goes with the status that was written before it.
                None => {
                    output(view, name, call, &self.given, &mut handler);
                }
            }
        }
        handler.handing.method = self.given.method;
        go_handed::settle_status(&self.given, &mut handler);
        handler.handing.written.sort_unstable();
        handler.handing.written.dedup();
        handler
    }
}

/// What `@Router` of swag says in the comment of a function: `@Router /orders/{id} [get]`
/// (<https://github.com/swaggo/swag#api-operation>).
fn annotated_routes(view: &CodeView<'_, '_>, function: &Function<'_>) -> Vec<String> {
    let text = view.code.doc_of(function).unwrap_or_default();
    let all = text.split("@Router").skip(1).filter_map(|after| {
        let (path, rest) = after.trim_start().split_once(char::is_whitespace)?;
        let method = rest.trim_start().strip_prefix('[')?.split(']').next()?;
        Some(format!("{} {path}", method.to_ascii_uppercase()))
    });
    all.collect()
}

/// What `@Summary` of swag says in the comment of a function.
fn annotated(view: &CodeView<'_, '_>, function: &Function<'_>) -> Option<String> {
    let text = view.code.doc_of(function)?;
    let (_, after) = text.split_once("@Summary")?;
    let line = after.lines().next()?.split(" @").next()?.trim();
    (!line.is_empty()).then(|| line.to_owned())
}

fn reads(name: &str) -> bool {
    matches!(
        name,
        "FormValue"
            | "PostFormValue"
            | "Get"
            | "PathValue"
            | "Query"
            | "DefaultQuery"
            | "Param"
            | "PostForm"
            | "DefaultPostForm"
            | "QueryParam"
            | "GetHeader"
            | "Params"
            | "Decode"
            | "Unmarshal"
            | "BindJSON"
            | "ShouldBindJSON"
            | "ShouldBind"
            | "Bind"
            | "BodyParser"
    )
}

fn answers(name: &str) -> bool {
    matches!(
        name,
        "WriteHeader"
            | "Error"
            | "Redirect"
            | "NotFound"
            | "Encode"
            | "ExecuteTemplate"
            | "Execute"
            | "JSON"
            | "String"
            | "HTML"
            | "Status"
            | "NoContent"
            | "IndentedJSON"
            | "Fprint"
            | "Fprintf"
            | "Fprintln"
            | "Write"
            | "AbortWithStatus"
            | "AbortWithStatusJSON"
            | "AbortWithError"
            | "SendStatus"
            | "SendString"
            | "Blob"
            | "HTMLBlob"
            | "JSONBlob"
            | "JSONPretty"
            | "PureJSON"
            | "XML"
            | "Render"
            | "Stream"
            | "Data"
            | "DataFromReader"
            | "File"
            | "Attachment"
            | "Inline"
            | "NewHTTPError"
            | "SendFile"
            | "Copy"
    )
}

/// How what this call answers binds the caller of its function.
fn binds(name: &str) -> Binds {
    match name {
        "NewHTTPError" => Binds::Returned,
        // What only writes a body returns that it could not.
        "Encode" | "ExecuteTemplate" | "Execute" | "Fprint" | "Fprintf" | "Fprintln" | "Write"
        | "Copy" => Binds::Tried,
        _ => Binds::Sent,
    }
}

/// Whether a method is called at what frameworks call the context of a request.
fn of_context(on: &str) -> bool {
    on.rsplit_once('.')
        .is_some_and(|(context, _)| matches!(context, "c" | "ctx" | "ec"))
}

/// The named function around a token; closures in it count as it.
fn owner(view: &CodeView<'_, '_>, at: usize) -> Option<usize> {
    let mut index = view.code.function_at(at)?;
    loop {
        let function = view.code.functions().get(index)?;
        match function.parent {
            Some(parent) => index = parent,
            None => return Some(index),
        }
    }
}

fn input(
    view: &CodeView<'_, '_>,
    name: &str,
    call: Call,
    given: &Given<'_>,
    handler: &mut Handler,
) {
    let code = view.code;
    let receiver = code.dotted(call.first, call.open);
    let place = match name {
        "FormValue" | "PostFormValue" | "PostForm" | "DefaultPostForm" => "form",
        "PathValue" | "Param" | "Params" => "path",
        "GetHeader" => "header",
        "Query" | "DefaultQuery" | "QueryParam" => "query",
        "Get" if receiver.contains("Query()") || receiver.contains("Query.Get") => "query",
        "Get" if receiver.contains("Header.Get") && !is_answer(&receiver) => "header",
        "Get" => return,
        _ => {
            body(view, name, call, given, handler);
            return;
        }
    };
    let first = code.arguments(call.open).into_iter().next();
    let Some(named) = first.and_then(|r| view.constant(r)) else {
        return;
    };
    handler.inputs.push(Input {
        name: named,
        place: place.to_owned(),
        data_type: None,
        required: place == "path",
    });
}

/// Whether a header is read of what another server answered: `resp.Header.Get("Content-Type")`.
fn is_answer(receiver: &str) -> bool {
    let object = receiver.split(".Header.Get").next().unwrap_or_default();
    let object = object
        .rsplit('.')
        .next()
        .unwrap_or(object)
        .to_ascii_lowercase();
    let names = [
        "resp", "response", "res", "rsp", "reply", "answer", "upstream",
    ];
    names.contains(&object.as_str()) || object.ends_with("resp") || object.ends_with("response")
}

/// `json.NewDecoder(r.Body).Decode(&order)`, `c.BindJSON(&order)`.
fn body(view: &CodeView<'_, '_>, name: &str, call: Call, given: &Given<'_>, handler: &mut Handler) {
    let code = view.code;
    let of_request = match name {
        "Decode" => (call.first..call.open).any(|at| code.is(at, "Body")),
        "Unmarshal" => false,
        _ => true,
    };
    if !of_request || handler.request.is_some() {
        return;
    }
    let Some(target) = code.arguments(call.open).into_iter().next_back() else {
        return;
    };
    let at = if code.is(target.start, "&") {
        target.start + 1
    } else {
        target.start
    };
    let Some(variable) = code.ident(at) else {
        return;
    };
    // What a helper decodes into, its caller says.
    if at == target.start
        && let Some(place) = given.place(variable)
    {
        handler.handing.body = Some(place);
        return;
    }
    handler.request = go_handed::type_of(view, at).or_else(|| {
        // A type without a name is told by its variable.
        let mut known = view.visible(variable, at).into_iter().rev();
        let unnamed = |d: &Definition<'_>| {
            d.value
                .clone()
                .chain(d.kind.clone())
                .any(|i| code.is(i, "struct"))
        };
        known
            .next()
            .filter(|d| unnamed(d))
            .map(|_| variable.to_owned())
    });
}

/// A type, or the type that a literal begins with.
pub(super) fn type_text(view: &CodeView<'_, '_>, range: Range<usize>) -> String {
    let code = view.code;
    let mut out = String::new();
    for at in range.take(12) {
        match code.raw(at) {
            "{" | "(" => break,
            "&" => {}
            "struct" => return String::new(),
            word => out.push_str(word),
        }
    }
    out
}

/// Notes what a call answers; whether it is one of those that do.
fn output(
    view: &CodeView<'_, '_>,
    name: &str,
    call: Call,
    given: &Given<'_>,
    handler: &mut Handler,
) -> bool {
    let code = view.code;
    let arguments = code.arguments(call.open);
    let status = |index: usize| -> Option<&'static str> {
        let range = arguments.get(index)?.clone();
        range.rev().find_map(|at| statuses::code(code.raw(at)))
    };
    let on = code.dotted(call.first, call.open);
    // A function of the program, or of a package that is none of these, is followed or not known.
    let package = (call.open == call.first + 3).then(|| view.alias(code.raw(call.first)));
    if call.open == call.first + 1
        || package.flatten().is_some_and(|module| {
            !matches!(module, "net/http" | "fmt" | "io") && !module.contains("labstack/echo")
        })
    {
        return false;
    }
    let of_fiber = given.is_context(code.raw(call.first)) && !given.own;
    let chained = (call.first..call.open).any(|at| code.is(at, "Status"));
    let (status, schema) = match name {
        // Of Fiber (<https://docs.gofiber.io/api/ctx>).
        "JSON" | "SendString" | "SendFile" if of_fiber && arguments.len() == 1 => (
            Some("200").filter(|_| !chained),
            Some("JSON").filter(|_| name == "JSON"),
        ),
        "Status" if of_fiber => (status(0), None),
        "Copy" if on == "io.Copy" => {
            let writer = arguments.first().is_some_and(|r| given.is_writer(code, r));
            (Some("200").filter(|_| writer), None)
        }
        "WriteHeader" | "AbortWithStatus" | "AbortWithError" | "SendStatus" | "NoContent" => {
            (status(0), None)
        }
        "Error" if on.starts_with("http.") => (status(2), None),
        "Redirect" if on.starts_with("http.") => (status(3), None),
        "Redirect" => (status(0), None),
        "NotFound" if on.starts_with("http.") => (Some("404"), None),
        "JSON" | "IndentedJSON" | "AbortWithStatusJSON" => (status(0), Some("JSON")),
        "HTML" => (status(0), Some("HTML")),
        // Of Echo and Gin (<https://echo.labstack.com/docs/response>,
        // <https://gin-gonic.com/en/docs/examples/rendering/>).
        "JSONBlob" | "JSONPretty" | "PureJSON" if of_context(&on) => (status(0), Some("JSON")),
        "HTMLBlob" | "Render" if of_context(&on) => (status(0), Some("HTML")),
        "XML" if of_context(&on) => (status(0), Some("XML")),
        "Blob" | "Stream" | "Data" | "DataFromReader" if of_context(&on) => (status(0), None),
        "File" | "Attachment" | "Inline" if of_context(&on) => (Some("200"), None),
        "NewHTTPError" if on.starts_with("echo.") => (status(0), None),
        "String" if arguments.len() > 1 => (status(0), Some("text")),
        "Encode" if on.contains("NewEncoder") => (Some("200"), Some("JSON")),
        "ExecuteTemplate" if !arguments.is_empty() => (Some("200"), Some("HTML")),
        // `createOrder.Execute(ctx, order)` is no page; one may be made in memory first.
        "Execute"
            if arguments.first().is_some_and(|r| {
                let context = r.len() == 1 && given.is_context(code.raw(r.start));
                given.is_writer(code, r) && !context
                    || matches!(code.raw(r.start), "w" | "&" | "buf" | "buffer")
            }) =>
        {
            (Some("200"), Some("HTML"))
        }
        "Fprint" | "Fprintf" | "Fprintln" => {
            let first = arguments.first().map(|r| code.raw(r.start));
            (Some("200").filter(|_| first == Some("w")), Some("text"))
        }
        "Write" if on == "w.Write" => (Some("200"), None),
        _ => return false,
    };
    let on_it = matches!(
        name,
        "WriteHeader"
            | "JSON"
            | "IndentedJSON"
            | "AbortWithStatusJSON"
            | "AbortWithStatus"
            | "AbortWithError"
    );
    let at = match name {
        "Error" => 2,
        "Redirect" if on.starts_with("http.") => 3,
        _ => 0,
    };
    let named = arguments.get(at).filter(|r| r.len() == 1);
    let place = named.and_then(|r| given.number(code.raw(r.start)));
    if let Some(place) = place.filter(|_| status.is_none()) {
        handler.handing.written.push(place);
        return true;
    }
    handler.leaves |= status.is_none() && on_it && !(of_fiber && arguments.len() == 1);
    // What writes a body answers 200 only where no status was written before it.
    if binds(name) == Binds::Tried
        && status.is_some()
        && let Some(written) = written_before(code, call.first)
    {
        let given = written.and_then(|w| handler.responses.iter_mut().find(|r| r.status == w));
        if let Some(given) = given {
            given.schema = given.schema.take().or(schema.map(str::to_owned));
        }
        return true;
    }
    if let Some(status) = status {
        handler.responses.push(Response {
            status: status.to_owned(),
            description: None,
            schema: schema.map(str::to_owned),
            origin: None,
        });
    }
    true
}

/// The status that `WriteHeader` wrote before a place, in its block or one around it; without a value
/// where a variable or call gives it.
fn written_before(code: &Code<'_>, from: usize) -> Option<Option<&'static str>> {
    let mut depth = 0_i32;
    for at in (from.saturating_sub(400)..from).rev() {
        match code.raw(at) {
            "}" => depth += 1,
            "{" => depth = (depth - 1).max(0),
            "func" if depth == 0 => return None,
            "WriteHeader" if depth == 0 && code.is(at + 1, "(") => {
                let range = code.arguments(at + 1).into_iter().next()?;
                return Some(range.rev().find_map(|i| statuses::code(code.raw(i))));
            }
            _ => {}
        }
    }
    None
}

/// `mux.Vars(r)["id"]` and `chi.URLParam(r, "id")`.
fn variables(view: &CodeView<'_, '_>, body: Range<usize>, handler: &mut Handler) {
    let code = view.code;
    for name in ["Vars", "URLParam"] {
        for call in view
            .calls_of(name)
            .iter()
            .filter(|c| body.contains(&c.open))
        {
            let Some(close) = code.partner(call.open) else {
                continue;
            };
            let given = match name {
                "Vars" => code.is(close + 1, "[").then_some(close + 2),
                _ => Some(close.saturating_sub(1)),
            };
            if let Some(text) = given.and_then(|at| code.string(at)) {
                handler.inputs.push(Input {
                    name: text.to_owned(),
                    place: "path".to_owned(),
                    data_type: None,
                    required: true,
                });
            }
        }
    }
}
