//! What functions of Go that answer requests read of a request and answer.

use crate::code_view::CodeView;
use crate::extractor::{Extractor, Reads};
use crate::extractors::go_allowed;
use crate::extractors::js_marks::guards::is_guard;
use crate::facts::{ANSWERED_BY, Claim, FileFacts, Handler, Input};
use crate::paths;
use crate::source::SourceFile;
use crate::statuses;
use groundplan_model::Response;
use groundplan_syntax::{Call, Code, Function, Language};
use std::collections::BTreeMap;
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "go-handlers",
    docs: "\
### What it finds
Of functions with a `http.ResponseWriter` or the context of gin, echo or fiber: form values, query
parameters, path variables and headers that they read, the type that they decode the body into, and
the statuses and kinds of answer that they write, the methods that they go on with
(`if r.Method != http.MethodPost { …; return }`); the functions that they hand the answer on to,
whose statuses are added once all files are known.

### What it does not find
What functions called by them read, what those of other packages write, closures, middleware that is no
guard by its name.
",
    reads: &[Reads::Own(&[Language::Go])],
    markers: &["ResponseWriter", "gin.Context", "echo.Context", "fiber.Ctx"],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) || paths::is_generated(file.path, file.text) {
        return;
    }
    let view = CodeView::of(file);
    let code = view.code;
    let all = code.functions();
    let mut found: BTreeMap<usize, Handler> = BTreeMap::new();
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
        if holds(open..close) || stands_before() {
            let handler = Handler {
                name: function.name.to_owned(),
                summary: annotated(&view, function).or_else(|| view.summary_of(function)),
                ..Handler::default()
            };
            found.insert(index, handler);
        }
    }
    if found.is_empty() {
        return;
    }
    for (name, calls) in view.calls() {
        for &call in calls {
            let Some(function) = owner(&view, call.open) else {
                continue;
            };
            let Some(handler) = found.get_mut(&function) else {
                continue;
            };
            if reads(name) {
                input(&view, name, call, handler);
            }
            // A function of the program's own may be called like one of the library.
            if !answers(name) || !output(&view, name, call, handler) {
                handed(&view, name, call, all.get(function), handler);
            }
        }
    }
    for (index, mut handler) in found {
        let Some(function) = all.get(index) else {
            continue;
        };
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
    )
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

/// Notes a function that the answer is handed on to: one that takes the writer, or the context where
/// nothing is made of what it gives.
fn handed(
    view: &CodeView<'_, '_>,
    name: &str,
    call: Call,
    function: Option<&Function<'_>>,
    handler: &mut Handler,
) {
    let code = view.code;
    let parameters = function
        .and_then(|f| f.params)
        .map(|open| code.arguments(open));
    let (mut writer, mut context) = (None, None);
    for range in parameters.into_iter().flatten() {
        let of = |words: &[&str]| {
            range
                .clone()
                .skip(1)
                .any(|at| words.contains(&code.raw(at)))
        };
        if of(&["ResponseWriter"]) {
            writer = code.ident(range.start);
        } else if of(&["Context", "Ctx"]) {
            context = code.ident(range.start);
        }
    }
    let arguments = code.arguments(call.open);
    let given = |name: Option<&str>| {
        let alone = |r: &Range<usize>| r.len() == 1 && code.ident(r.start) == name;
        name.is_some() && arguments.iter().any(alone)
    };
    let before = call.first.checked_sub(1).map_or("", |at| code.raw(at));
    let stands = code.starts_line(call.first) || matches!(before, "return" | "{" | ";");
    let dropped = before == "=" && call.first >= 2 && code.is(call.first - 2, "_");
    let used = given(writer) || given(context) && (stands || dropped);
    // What only reads the body, bounds it or makes an encoder answers nothing.
    let silent = [
        "MaxBytesReader",
        "NewResponseController",
        "NewEncoder",
        "Set",
        "Next",
    ];
    if !used || silent.contains(&name) {
        return;
    }
    if call.first + 1 == call.open {
        let by = format!("{ANSWERED_BY}{name}");
        if !handler.throws.contains(&by) {
            handler.throws.push(by);
        }
    } else {
        handler.leaves = true;
    }
}

fn input(view: &CodeView<'_, '_>, name: &str, call: Call, handler: &mut Handler) {
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
            body(view, name, call, handler);
            return;
        }
    };
    let first = code.arguments(call.open).into_iter().next();
    let Some(given) = first.and_then(|r| view.constant(r)) else {
        return;
    };
    handler.inputs.push(Input {
        name: given,
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
fn body(view: &CodeView<'_, '_>, name: &str, call: Call, handler: &mut Handler) {
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
    let kind = view.visible(variable, at).into_iter().next_back().map(|d| {
        let range = if d.kind.is_empty() {
            d.value.clone()
        } else {
            d.kind.clone()
        };
        type_text(view, range)
    });
    handler.request = Some(
        kind.filter(|k| !k.is_empty())
            .unwrap_or_else(|| variable.to_owned()),
    );
}

/// A type, or the type that a literal begins with.
fn type_text(view: &CodeView<'_, '_>, range: Range<usize>) -> String {
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
fn output(view: &CodeView<'_, '_>, name: &str, call: Call, handler: &mut Handler) -> bool {
    let code = view.code;
    let arguments = code.arguments(call.open);
    let status = |index: usize| -> Option<&'static str> {
        let range = arguments.get(index)?.clone();
        range.rev().find_map(|at| statuses::code(code.raw(at)))
    };
    let on = code.dotted(call.first, call.open);
    let (status, schema) = match name {
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
        "ExecuteTemplate" | "Execute" if !arguments.is_empty() => (Some("200"), Some("HTML")),
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
    handler.leaves |= status.is_none() && on_it;
    // What writes a body answers 200 only where no status was written before it.
    let implied = matches!(
        name,
        "Encode" | "ExecuteTemplate" | "Execute" | "Fprint" | "Fprintf" | "Fprintln" | "Write"
    );
    if implied
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
