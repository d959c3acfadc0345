//! What the methods of Java and Kotlin that answer requests take and give, by their signatures.

mod bodies;
mod declared;

use crate::extractor::{Extractor, Reads};
use crate::extractors::java_entities::parameters as type_parameters;
use crate::facts::{Claim, FileFacts, Handler, Input};
use crate::marks;
use crate::scan::{self, Part};
use crate::secrets;
use crate::source::SourceFile;
use crate::statuses;
use groundplan_model::Response;
use groundplan_syntax::{Annotation, Code, DeclKind, Declared, Language};
use std::collections::BTreeSet;
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "java-handlers",
    docs: "\
### What it finds
Parameters, body, answer and status of methods that answer requests in Spring, Micronaut and JAX-RS,
from their signatures: `@RequestBody`, `@RequestParam`, `@PathVariable`, `@QueryParam` and the like,
the return type without `ResponseEntity`, `Mono` and other wrappers, `@ResponseStatus`, and the
statuses that the body names where it answers with a `ResponseEntity` or refuses with a
`ResponseStatusException`. Exceptions that the body
makes, with what `@ResponseStatus` on their class or an `@ExceptionHandler` answers. Beside these what
`@ApiResponse` of Swagger or `@APIResponse` of MicroProfile declares.

### What it does not find
What filters answer, exceptions of what the body calls, model attributes, functional routes.
",
    reads: &[Reads::Own(&[Language::Java, Language::Kotlin])],
    markers: &[
        "Mapping",
        "@Path",
        "@Controller",
        "@ResponseStatus",
        "@ExceptionHandler",
    ],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own {
        return;
    }
    let marks = of_file(file);
    for declared in &file.outline().declared {
        let answers = declared.annotations.iter().any(|a| {
            let name = a.name.rsplit('.').next().unwrap_or_default();
            name.ends_with("Mapping")
                || matches!(
                    name.to_ascii_uppercase().as_str(),
                    "GET" | "POST" | "PUT" | "DELETE" | "PATCH"
                )
        });
        if declared.kind == DeclKind::Function && answers {
            handler(acc, file, declared, marks);
        } else {
            exception(acc, file, declared, marks);
        }
    }
}

/// What is answered when an exception is thrown: `@ResponseStatus` on its class, or the method that
/// handles it.
fn exception(acc: &mut FileFacts, file: &SourceFile<'_>, declared: &Declared, marks: (bool, bool)) {
    let code = file.code();
    let status = declared.annotation(&["ResponseStatus"]);
    let handles = declared
        .annotation(&["ExceptionHandler"])
        .filter(|_| declared.kind == DeclKind::Function);
    let (names, responses) = if let Some(handles) = handles {
        let body = body(code, declared);
        let range = body.map_or(declared.at..declared.at, |(open, close)| open..close);
        let kind = declared.start..declared.at;
        let listed = handles
            .open
            .and_then(|open| Some(open..code.partner(open)?));
        // Without a list the parameter says which exception it is.
        let parameter = || Some(declared.at + 1..code.partner(declared.at + 1)?);
        let mut all: Vec<&str> = Vec::new();
        for at in listed.or_else(parameter).into_iter().flatten() {
            let name = code.ident(at).filter(|n| is_exception(n));
            if let Some(name) = name.filter(|n| !all.contains(n)) {
                all.push(name);
            }
        }
        (all, responses(code, declared, kind, range, marks))
    } else if declared.kind == DeclKind::Type && status.is_some() && is_exception(&declared.name) {
        let found = responses(
            code,
            declared,
            declared.at..declared.at,
            declared.at..declared.at,
            marks,
        );
        (vec![declared.name.as_str()], found)
    } else {
        return;
    };
    // The usual success is none here: only what is said counts.
    let responses: Vec<Response> = responses
        .into_iter()
        .filter(|r| r.status != "200")
        .map(|r| Response { schema: None, ..r })
        .collect();
    if responses.is_empty() {
        return;
    }
    for name in names {
        let handler = Handler {
            name: name.to_owned(),
            responses: responses.clone(),
            ..Handler::default()
        };
        let claim = Claim::Handler(Box::new(handler));
        acc.add(file, declared.first, declared.line, claim);
    }
}

fn is_exception(name: &str) -> bool {
    name.ends_with("Exception") || name.ends_with("Error")
}

/// Whether a file speaks of JAX-RS, and whether it takes in the makers of answers by name.
fn of_file(file: &SourceFile<'_>) -> (bool, bool) {
    let imported =
        file.text.contains("import static") && file.text.contains("http.ResponseEntity.");
    (file.text.contains(".ws.rs"), imported)
}

/// Functions of `ResponseEntity` whose name is a status.
const MADE: [&str; 8] = [
    "ok",
    "created",
    "accepted",
    "noContent",
    "badRequest",
    "notFound",
    "unprocessableEntity",
    "internalServerError",
];

/// The brackets of the body of a method.
fn body(code: &Code<'_>, declared: &Declared) -> Option<(usize, usize)> {
    let close = code.partner(declared.at + 1)?;
    let open = (close + 1..code.tokens.len().min(close + 40))
        .find(|&at| matches!(code.raw(at), "{" | ";" | "="))
        .filter(|&at| code.is(at, "{"))?;
    Some((open, code.partner(open)?))
}

/// The exceptions that a body makes, in order of their names.
fn thrown(code: &Code<'_>, body: Range<usize>) -> Vec<String> {
    let mut all: Vec<String> = body
        .filter(|&at| code.is(at + 1, "("))
        .filter(|&at| code.is(at.wrapping_sub(1), "new") || code.is(at.wrapping_sub(1), "throw"))
        .filter_map(|at| code.ident(at).filter(|name| is_exception(name)))
        .map(str::to_owned)
        .collect();
    all.sort();
    all.dedup();
    all
}

fn text(code: &Code<'_>, range: Range<usize>) -> String {
    let mut out = String::new();
    for at in range {
        out.push_str(code.raw(at));
        if code.is(at, ",") {
            out.push(' ');
        }
    }
    out
}

fn handler(acc: &mut FileFacts, file: &SourceFile<'_>, declared: &Declared, marks: (bool, bool)) {
    let code = file.code();
    let open = declared.at + 1;
    let Some(close) = code.partner(open).filter(|_| code.is(open, "(")) else {
        return;
    };
    let mut handler = Handler {
        name: declared.name.clone(),
        ..Handler::default()
    };
    let (jax, _) = marks;
    for range in scan::parameters(code, open) {
        parameter(code, range, jax, &mut handler);
    }
    let body = body(code, declared);
    let end = body.map_or(close, |(_, end)| end);
    let kind = match file.language {
        // `fun all(): List<City> {`
        Language::Kotlin if code.is(close + 1, ":") => close + 2..body.map_or(close + 2, |b| b.0),
        Language::Kotlin => close..close,
        _ => declared.start..declared.at,
    };
    handler.responses = responses(code, declared, kind.clone(), close..end, marks);
    if shows_pages(file, declared) {
        as_page(code, close..end, &mut handler);
    }
    handler.throws = thrown(code, close..end);
    bodies::errors(code, close..end, &mut handler);
    let entity = kind.clone().any(|at| {
        matches!(
            code.raw(at),
            "ResponseEntity" | "HttpEntity" | "HttpResponse"
        ) || jax && code.is(at, "Response")
    });
    handler.leaves |= entity && bodies::hands_on(code, &own_methods(code, close..end));
    let reads = ["GetMapping", "GET", "Get", "HEAD"];
    let changes = declared.annotation(&reads).is_none();
    for range in scan::parameters(code, open) {
        let last = range.end.saturating_sub(1);
        // `HttpServletRequest request`, `request: HttpServletRequest` of Kotlin.
        let (name, kind) = match range.clone().find(|&at| code.is(at, ":")) {
            Some(colon) => (colon.saturating_sub(1), last),
            None => (last, last.saturating_sub(1)),
        };
        if is_whole(code.raw(kind)) {
            bodies::of_request(code, code.raw(name), close..end, changes, &mut handler);
        }
    }
    // What stands for a type of those that extend the class is none itself.
    if let Some(class) = declared.owner.and_then(|at| file.outline().types.get(at)) {
        let stands_for = type_parameters(code, class);
        let unknown = |kind: &Option<String>| {
            let kind = kind
                .as_deref()
                .map(|k| k.trim_start_matches("List<").trim_end_matches('>'));
            kind.is_some_and(|kind| stands_for.contains(&kind))
        };
        if unknown(&handler.request) {
            handler.request = None;
            handler.more = true;
        }
        for response in &mut handler.responses {
            if unknown(&response.schema) {
                response.schema = None;
            }
        }
    }
    if jax && let [only] = handler.responses.as_mut_slice() {
        // A method of JAX-RS without a value answers that there is none.
        if only.schema.is_none() && only.status == "200" && code.is(declared.at - 1, "void") {
            only.status = "204".to_owned();
        }
    }
    asked(file, declared, &mut handler);
    declared::answers(code, declared, &mut handler);
    let checked = !jax
        && (open..close)
            .any(|at| code.is(at, "@") && matches!(code.raw(at + 1), "Valid" | "Validated"));
    if checked && handler.request.is_some() {
        handler.throws.push(UNCHECKED.to_owned());
    }
    let last = code.line(close);
    acc.add(file, declared.line, last, Claim::Handler(Box::new(handler)));
}

/// The exception of a body that does not pass the checks of its class, which the framework answers with 400
/// unless the program does
/// (<https://docs.spring.io/spring-framework/reference/web/webmvc/mvc-controller/ann-validation.html>).
pub(crate) const UNCHECKED: &str = "MethodArgumentNotValidException";

/// What annotations of a method, else of its class, ask of the caller: those who are signed in and may not are
/// answered with 403 (<https://docs.spring.io/spring-security/reference/servlet/authorization/method-security.html>).
fn asked(file: &SourceFile<'_>, declared: &Declared, handler: &mut Handler) {
    const ASKING: [&str; 3] = ["PreAuthorize", "RolesAllowed", "Secured"];
    let code = file.code();
    let class = declared
        .owner
        .and_then(|owner| file.outline().of_type(owner));
    elsewhere(code, declared, class, handler);
    let open = ["PermitAll", "DenyAll"];
    let own = declared.annotation(&ASKING);
    let found = own.or_else(|| {
        let free = declared.annotation(&open).is_some();
        class.filter(|_| !free).and_then(|c| c.annotation(&ASKING))
    });
    let Some((found, open)) = found.and_then(|a| Some((a, a.open?))) else {
        return;
    };
    let Some(close) = code.partner(open) else {
        return;
    };
    let name = found.name.rsplit('.').next().unwrap_or(&found.name);
    let given: Vec<&str> = (open + 1..close).filter_map(|at| code.string(at)).collect();
    let rights = given.iter().any(|text| {
        name != "PreAuthorize"
            || ["has", "@", "#", "principal"]
                .iter()
                .any(|w| text.contains(w))
    });
    let all = given.join(", ");
    if !all.is_empty() && all.len() <= 80 && !all.contains("permitAll") {
        handler.guards.push(match marks::is_of_texts(code, open) {
            true => format!("{name}({all})"),
            false => format!("{name}(…)"),
        });
    }
    // What names stand for may ask for rights.
    handler.leaves |= !rights && !marks::is_of_texts(code, open);
    if rights {
        statuses::add(&mut handler.responses, "403");
    }
}

/// What annotations of Shiro and Sa-Token ask of the caller. Whoever lacks it is met by an exception, for which the
/// program has its own answer (<https://shiro.apache.org/java-authorization-guide.html>, <https://sa-token.cc>).
fn elsewhere(
    code: &Code<'_>,
    declared: &Declared,
    class: Option<&Declared>,
    handler: &mut Handler,
) {
    const ASKING: [&str; 7] = [
        "RequiresAuthentication",
        "RequiresPermissions",
        "RequiresRoles",
        "RequiresUser",
        "SaCheckLogin",
        "SaCheckPermission",
        "SaCheckRole",
    ];
    // Such a method asks nothing, whatever its class does.
    if declared.annotation(&["SaIgnore"]).is_some() {
        return;
    }
    let asks = |found: &&Annotation| {
        let name = found.name.rsplit('.').next().unwrap_or_default();
        ASKING.contains(&name) || is_own_guard(name)
    };
    let own = declared.annotations.iter().find(asks);
    let of_class = || class.and_then(|class| class.annotations.iter().find(asks));
    let Some(found) = own.or_else(of_class) else {
        return;
    };
    let name = found.name.rsplit('.').next().unwrap_or(&found.name);
    let arguments = found
        .open
        .map_or_else(Vec::new, |open| code.arguments(open));
    let mut given: Vec<&str> = Vec::new();
    // `logical = Logical.OR` and `mode = SaMode.OR` say that one of them is enough.
    let (mut one, mut more) = (false, false);
    for argument in arguments {
        let key = code
            .ident(argument.start)
            .filter(|_| code.is(argument.start + 1, "="));
        match key {
            Some("logical" | "mode") => one |= argument.clone().any(|at| code.is(at, "OR")),
            // Which login it is of.
            Some("type") => {}
            None | Some("value") => {
                let first = argument.start + if key.is_some() { 2 } else { 0 };
                let named = |at: usize| !code.is(at + 1, ".");
                let words = (first..argument.end).filter_map(|at| {
                    code.string(at)
                        .or_else(|| code.ident(at).filter(|_| named(at)))
                });
                given.extend(words.take(9));
            }
            // `orRole = "admin"` is enough, too.
            Some(_) => more = true,
        }
    }
    let all = given.join(if one { " or " } else { ", " });
    handler.guards.push(match all.len() {
        0 if !more => name.to_owned(),
        1..=80 if !more && given.len() <= 8 => format!("{name}({all})"),
        _ => format!("{name}(…)"),
    });
    handler.leaves = true;
}

/// Annotations of one's own by which programs say what a caller has to have, by the names that they usually have.
fn is_own_guard(name: &str) -> bool {
    const HEADS: [&str; 4] = ["Require", "Requires", "Required", "Has"];
    const OF: [&str; 8] = [
        "Permission",
        "Permissions",
        "Role",
        "Roles",
        "AnyRole",
        "Authority",
        "Authorities",
        "Scope",
    ];
    let heads = HEADS.iter().filter_map(|head| name.strip_prefix(head));
    let ends = ["Required", "Needed"].iter();
    let ends = ends.filter_map(|end| name.strip_suffix(end));
    heads.chain(ends).any(|rest| OF.contains(&rest))
}

/// Whether what a method of Spring gives back is the name of a page: its class is a `@Controller`, and
/// neither has `@ResponseBody`
/// (<https://docs.spring.io/spring-framework/reference/web/webmvc/mvc-controller/ann-methods/return-types.html>).
fn shows_pages(file: &SourceFile<'_>, declared: &Declared) -> bool {
    let outline = file.outline();
    let class = declared.owner.and_then(|owner| outline.of_type(owner));
    file.text
        .contains("org.springframework.stereotype.Controller")
        && class.is_some_and(|c| {
            c.annotation(&["Controller"]).is_some() && c.annotation(&["ResponseBody"]).is_none()
        })
        && declared.annotation(&["ResponseBody"]).is_none()
}

/// Takes the names of pages out of what a method answers; where each begins with `redirect:`, it sends its
/// caller on.
fn as_page(code: &Code<'_>, body: Range<usize>, handler: &mut Handler) {
    let is_name = |kind: &str| {
        matches!(
            kind,
            "String" | "ModelAndView" | "Rendering" | "View" | "RedirectView" | "Model"
        )
    };
    let mut given = body.filter(|&at| code.is(at, "return")).peekable();
    let sends_on = given.peek().is_some()
        && given.all(|at| {
            let text = code.string(at + 1).unwrap_or_default();
            text.starts_with("redirect:")
        });
    for response in &mut handler.responses {
        if response.schema.as_deref().is_some_and(is_name) {
            response.schema = None;
            if response.status == "200" {
                if sends_on {
                    "302".clone_into(&mut response.status);
                } else if response.description.is_none() {
                    response.description = Some("a page".to_owned());
                }
            }
        }
    }
}

fn parameter(code: &Code<'_>, range: Range<usize>, jax: bool, handler: &mut Handler) {
    let mut at = range.start;
    let mut place: Option<(&str, Option<String>, bool)> = None;
    let mut injected = false;
    let mut default = None;
    while at < range.end && (code.is(at, "@") || code.is(at, "final")) {
        if code.is(at, "final") {
            at += 1;
            continue;
        }
        let mut name = code.raw(at + 1);
        at += 2;
        while code.is(at, ".") {
            name = code.raw(at + 1);
            at += 2;
        }
        let open = at;
        let has = code.is(open, "(");
        if has {
            at = code.partner(open).map_or(range.end, |c| c + 1);
        }
        let given = || {
            if !has {
                return None;
            }
            ["value", "name"]
                .iter()
                .find_map(|n| code.named_argument(open, n))
                .map(|r| r.start)
                .or(Some(open + 1))
                .and_then(|at| code.string(at))
                .map(str::to_owned)
        };
        let optional = has
            && (code
                .named_argument(open, "required")
                .is_some_and(|r| code.is(r.start, "false"))
                || code.named_argument(open, "defaultValue").is_some());
        if has && default.is_none() {
            let given = code.named_argument(open, "defaultValue");
            let given = given.or_else(|| (name == "DefaultValue").then(|| open + 1..open + 2));
            default = given.and_then(|r| code.string(r.start));
        }
        match name {
            "RequestBody" | "Body" => place = Some(("body", None, !optional)),
            "RequestParam" | "QueryParam" | "QueryValue" | "RestQuery" => {
                place = Some(("query", given(), !optional && name == "RequestParam"));
            }
            "PathVariable" | "PathParam" | "RestPath" => place = Some(("path", given(), true)),
            "RequestHeader" | "HeaderParam" | "Header" => {
                place = Some(("header", given(), !optional));
            }
            "CookieValue" | "CookieParam" => place = Some(("cookie", given(), !optional)),
            "FormParam" | "RequestPart" => place = Some(("form", given(), !optional)),
            // What checks or describes a parameter does not fill it.
            "Valid" | "Validated" | "NotNull" | "Nullable" | "Parameter" | "Min" | "Max"
            | "NonNull" | "NotBlank" | "NotEmpty" | "Size" | "ApiParam" | "ParameterObject" => {}
            "ModelAttribute" | "BeanParam" | "RequestBean" => {
                handler.more = true;
                injected = true;
            }
            _ => injected = true,
        }
    }
    // `final List<Item> items` of Java, `items: List<Item>` of Kotlin.
    let rest = at..range.end;
    let colon = rest.clone().find(|&i| code.is(i, ":"));
    let (name, kind) = match colon {
        Some(colon) => (code.raw(colon - 1), colon + 1..range.end),
        None => (
            code.raw(range.end.saturating_sub(1)),
            at..range.end.saturating_sub(1),
        ),
    };
    let kind: String = text(code, kind).trim_start_matches("final").to_owned();
    if kind.is_empty() {
        return;
    }
    let whole = kind.split('<').next().unwrap_or_default();
    match place {
        Some(("body", ..)) => handler.request = Some(unwrapped(&kind, jax).unwrap_or(kind)),
        // All headers or all parameters at once are none of a name.
        Some((_, None, _)) if whole == "HttpHeaders" || whole.ends_with("Map") => {}
        // The request as a whole, with its body.
        None if matches!(whole, "HttpEntity" | "RequestEntity") => {
            handler.request = unwrapped(&kind, jax);
            handler.more |= handler.request.is_none();
        }
        Some((place, given, required)) => handler.inputs.push(Input {
            name: {
                let name = given.unwrap_or_else(|| name.to_owned());
                let plain = |d: &str| secrets::keep(&name, d).as_deref() == Some(d);
                if let Some(default) = default.filter(|d| !d.is_empty() && plain(d)) {
                    let said = format!("{DEFAULT}`{default}`");
                    handler.docs.push((name.clone(), said));
                }
                name
            },
            // A file comes as a part of the body.
            place: match place {
                "query" if is_file(&kind) => "form".to_owned(),
                place => place.to_owned(),
            },
            required: required && !kind.starts_with("Optional<") && !kind.ends_with('?'),
            data_type: Some(kind),
        }),
        // A parameter of JAX-RS without annotation is the body.
        None if jax && !injected => handler.request = Some(kind),
        // What has no annotation Spring fills with parameters of the request, if it does not know it.
        None if !jax && !injected => handler.more |= !is_known(whole),
        None => {}
    }
}

/// Whether a type is one of the request as a whole.
fn is_whole(kind: &str) -> bool {
    matches!(
        kind,
        "HttpServletRequest"
            | "ServletRequest"
            | "MultipartHttpServletRequest"
            | "MultipartRequest"
            | "ServerHttpRequest"
            | "ServerRequest"
            | "ServerWebExchange"
            | "InputStream"
            | "Reader"
    )
}

/// Whether a type is a file that a caller sends, or several.
fn is_file(kind: &str) -> bool {
    const FILES: [&str; 4] = [
        "MultipartFile",
        "FilePart",
        "CompletedFileUpload",
        "StreamingFileUpload",
    ];
    FILES.iter().any(|file| kind.contains(file))
}

/// How a text begins that says which default a parameter has in code.
pub(crate) const DEFAULT: &str = "Default in code: ";

/// What Spring gives of itself, which is no input of a caller.
fn is_known(kind: &str) -> bool {
    let kind = kind.trim_end_matches('?');
    matches!(
        kind,
        "HttpServletRequest"
            | "HttpServletResponse"
            | "ServletRequest"
            | "ServletResponse"
            | "MultipartHttpServletRequest"
            | "MultipartRequest"
            | "ServerHttpRequest"
            | "ServerHttpResponse"
            | "ServerRequest"
            | "WebRequest"
            | "NativeWebRequest"
            | "HttpSession"
            | "UriComponentsBuilder"
            | "ServletUriComponentsBuilder"
            | "RedirectAttributes"
            | "BindingResult"
            | "Errors"
            | "Principal"
            | "Authentication"
            | "Model"
            | "ModelMap"
            | "Map"
            | "Locale"
            | "TimeZone"
            | "ZoneId"
            | "ServerWebExchange"
            | "WebSession"
            | "SessionStatus"
            | "HttpMethod"
            | "HttpHeaders"
            | "InputStream"
            | "OutputStream"
            | "Reader"
            | "Writer"
            | "Continuation"
    )
}

fn responses(
    code: &Code<'_>,
    declared: &Declared,
    kind: Range<usize>,
    body: Range<usize>,
    (jax, imported): (bool, bool),
) -> Vec<Response> {
    let words = kind.filter(|&at| {
        !matches!(
            code.raw(at),
            "public"
                | "private"
                | "protected"
                | "final"
                | "static"
                | "synchronized"
                | "abstract"
                | "default"
                | "suspend"
                | "open"
                | "override"
                | "fun"
        )
    });
    let mut kind = String::new();
    for at in words {
        kind.push_str(code.raw(at));
        if code.is(at, ",") {
            kind.push(' ');
        }
    }
    let entity = kind.contains("ResponseEntity")
        || kind.contains("HttpEntity")
        || jax && kind == "Response"
        || kind.contains("HttpResponse");
    let schema = unwrapped(&kind, jax);
    let declared_status = declared
        .annotation(&["ResponseStatus", "Status"])
        .and_then(|a| {
            let open = a.open?;
            let close = code.partner(open)?;
            (open + 1..close)
                .filter_map(|at| code.ident(at))
                .find_map(statuses::code)
        });
    let made = |status: &str, schema: Option<String>| Response {
        status: status.to_owned(),
        description: None,
        schema,
        origin: None,
    };
    if entity {
        // What the body says stands over an annotation
        // (<https://docs.spring.io/spring-framework/reference/web/webmvc/mvc-controller/ann-methods/responseentity.html>).
        // The statuses that the body names: `ResponseEntity.notFound()`, `HttpStatus.CREATED`.
        let mut found: Vec<&str> = Vec::new();
        let mut bodied: BTreeSet<&str> = BTreeSet::new();
        for at in own_methods(code, body.clone()).into_iter().flatten() {
            // `ResponseEntity.ok(all)`, `.map(ResponseEntity::ok)`
            let dots = match (
                code.raw(at.saturating_sub(1)),
                code.raw(at.saturating_sub(2)),
            ) {
                (".", _) => 1,
                (":", ":") => 2,
                _ => 0,
            };
            let owner = at.checked_sub(dots + 1).map_or("", |o| code.raw(o));
            if dots > 0
                && matches!(
                    owner,
                    "ResponseEntity" | "HttpStatus" | "Response" | "Status" | "HttpResponse"
                )
                && let Some(status) = code.ident(at).and_then(statuses::code)
            {
                if dots == 2 || bodies::has_body(code, at) {
                    bodied.insert(status);
                }
                if !found.contains(&status) {
                    found.push(status);
                }
            }
            // `return ok(trip)`, by a static import.
            if imported
                && code.is(at + 1, "(")
                && !code.is(at.saturating_sub(1), ".")
                && let Some(name) = code.ident(at)
                && MADE.contains(&name)
                && let Some(status) = statuses::code(name)
            {
                if bodies::has_body(code, at) {
                    bodied.insert(status);
                }
                if !found.contains(&status) {
                    found.push(status);
                }
            }
        }
        found.sort_unstable();
        if !found.is_empty() || declared_status.is_none() {
            return found
                .into_iter()
                .map(|status| {
                    let told = status.starts_with('2') && bodied.contains(status);
                    made(
                        status,
                        schema.clone().filter(|_| told && !bodies::is_empty(status)),
                    )
                })
                .collect();
        }
    }
    if kind.is_empty() && declared_status.is_none() {
        return Vec::new();
    }
    let answer = declared_status.unwrap_or("200");
    let refused = refused(code, body).into_iter();
    let refused = refused.filter(|status| *status != answer);
    std::iter::once(made(answer, schema.filter(|_| !bodies::is_empty(answer))))
        .chain(refused.map(|status| made(status, None)))
        .collect()
}

/// Methods of the same file that answer for one another, at most.
const DEEPEST: usize = 4;

/// A body with the bodies of the methods of its file whose answers it gives: `return execute(order, true);`.
fn own_methods(code: &Code<'_>, body: Range<usize>) -> Vec<Range<usize>> {
    let mut all = vec![body];
    let mut known: BTreeSet<&str> = BTreeSet::new();
    let mut at = 0;
    while let Some(range) = all.get(at).cloned() {
        at += 1;
        let returns = range.filter(|&at| code.is(at, "return") && code.is(at + 2, "("));
        for name in returns.filter_map(|at| code.ident(at + 1)) {
            if all.len() >= DEEPEST {
                return all;
            }
            if !known.insert(name) {
                continue;
            }
            let defined = method(code, name);
            all.extend(defined.filter(|d| !all.contains(d)));
        }
    }
    all
}

/// The body of the only method of a file that is called so.
fn method(code: &Code<'_>, name: &str) -> Option<Range<usize>> {
    let one = |at: usize| {
        let typed = code
            .ident(at.wrapping_sub(1))
            .is_some_and(|word| word != "return")
            || matches!(code.raw(at.wrapping_sub(1)), ">" | "]");
        let close =
            (code.is(at, name) && code.is(at + 1, "(") && typed).then(|| code.partner(at + 1));
        let open = (close.flatten()? + 1..)
            .take(24)
            .find(|&i| matches!(code.raw(i), "{" | ";" | ""))?;
        Some(open..code.partner(open).filter(|_| code.is(open, "{"))?)
    };
    let mut all = (1..code.tokens.len()).filter_map(one);
    let first = all.next();
    first.filter(|_| all.next().is_none())
}

/// The statuses that a body refuses with: `throw new ResponseStatusException(HttpStatus.NOT_FOUND)` of Spring,
/// `new HttpStatusException(…)` of Micronaut, `new WebApplicationException(…)` of JAX-RS; in order.
fn refused(code: &Code<'_>, body: Range<usize>) -> Vec<&'static str> {
    const KINDS: [&str; 3] = [
        "HttpStatusException",
        "ResponseStatusException",
        "WebApplicationException",
    ];
    let made = body.filter(|&at| KINDS.contains(&code.raw(at)) && code.is(at + 1, "("));
    let status = |at: usize| {
        let first = code.arguments(at + 1).into_iter().next()?;
        first.rev().find_map(|i| statuses::code(code.ident(i)?))
    };
    let mut found: Vec<&str> = made.filter_map(status).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// A type without what only carries it; `None` for nothing.
fn unwrapped(kind: &str, jax: bool) -> Option<String> {
    let mut kind = kind.trim();
    let mut many = false;
    while let Some((wrapper, inner)) = kind.split_once('<') {
        let carries = matches!(
            wrapper,
            "ResponseEntity"
                | "HttpEntity"
                | "RequestEntity"
                | "Mono"
                | "CompletableFuture"
                | "CompletionStage"
                | "Uni"
                | "Optional"
                | "HttpResponse"
                | "Single"
                | "Maybe"
                | "Callable"
                | "DeferredResult"
        );
        let streams = matches!(wrapper, "Flux" | "Multi" | "Flowable" | "Flow");
        if !carries && !streams {
            break;
        }
        many |= streams;
        kind = inner.strip_suffix('>').unwrap_or(inner);
    }
    let nothing = [
        "",
        "void",
        "Void",
        "Unit",
        "?",
        "ResponseEntity",
        "HttpEntity",
        "RequestEntity",
        "HttpResponse",
        "Mono",
        "Object",
        "Any",
    ];
    let kind = kind.strip_prefix("? extends ").unwrap_or(kind);
    let kind = kind.strip_prefix("?extends").unwrap_or(kind);
    // `Response` of JAX-RS is none; a class of the program's own of that name is.
    if nothing.contains(&kind) || jax && kind == "Response" {
        return None;
    }
    Some(if many {
        format!("List<{kind}>")
    } else {
        kind.to_owned()
    })
}
