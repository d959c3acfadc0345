//! Calls that Java and Kotlin services make to others.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, Client, FileFacts};
use crate::scan::{self, Part};
use crate::source::SourceFile;
use crate::values::Values;
use groundplan_syntax::{Annotation, Call, DeclKind, Declared, Language};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "java-clients",
    docs: "\
### What it finds
HTTP calls of `RestTemplate`, `WebClient`, `RestClient`, `HttpClient`, OkHttp, Apache HttpClient,
JAX-RS clients and Retrofit; OpenFeign, MicroProfile and Micronaut interfaces with one client per method.
Addresses are folded: constants, fields with `@Value` (`${key}`), reads of the environment
(`{env:NAME}`), local variables and one-line helpers of the same file, services that a registry
looks up by name (`getInstances`).

### What it does not find
Addresses that come from another file, except as the name of a constant or getter; clients that a
framework builds from configuration alone.
",
    reads: &[Reads::Own(&[Language::Java, Language::Kotlin])],
    markers: &[
        "RestTemplate",
        "restTemplate",
        "WebClient",
        "webClient",
        "RestClient",
        "FeignClient",
        "RegisterRestClient",
        "micronaut.http.client",
        "HttpRequest",
        "HttpGet",
        "HttpPost",
        "HttpPut",
        "HttpDelete",
        "okhttp",
        "etrofit",
        "ws.rs.client",
        "openConnection",
    ],
    run: extract,
};

/// Methods of `RestTemplate` that nothing else has, with their HTTP method.
const TEMPLATE: [(&str, &str); 12] = [
    ("delete", "DELETE"),
    ("exchange", ""),
    ("execute", ""),
    ("getForEntity", "GET"),
    ("getForObject", "GET"),
    ("headForHeaders", "HEAD"),
    ("optionsForAllow", "OPTIONS"),
    ("patchForObject", "PATCH"),
    ("postForEntity", "POST"),
    ("postForLocation", "POST"),
    ("postForObject", "POST"),
    ("put", "PUT"),
];

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own {
        return;
    }
    let values = Values::new(file);
    for call in file.code().calls() {
        http(acc, file, &values, call);
    }
    interfaces(acc, file, &values);
}

/// A client at the line of a call.
fn emit(acc: &mut FileFacts, file: &SourceFile<'_>, line: u32, client: Client) {
    scan::client(acc, file, line, client);
}

fn http(acc: &mut FileFacts, file: &SourceFile<'_>, values: &Values<'_, '_>, call: Call) {
    let code = file.code();
    let method = code.raw(call.open - 1);
    let receiver = |hint: &str| {
        let Some(at) = call
            .open
            .checked_sub(3)
            .filter(|_| code.is(call.open - 2, "."))
        else {
            return false;
        };
        let name = code.raw(at);
        let kind = file.variable_type(name);
        name.to_ascii_lowercase().contains(hint)
            || kind.is_some_and(|k| k.to_ascii_lowercase().contains(hint))
            || code
                .dotted(call.first, call.open)
                .to_ascii_lowercase()
                .contains(hint)
    };
    if let Ok(row) = TEMPLATE.binary_search_by(|row| row.0.cmp(method)) {
        let own = method.contains("For");
        if (own && call.first + 1 < call.open) || receiver("resttemplate") {
            let verb = match TEMPLATE[row].1 {
                "" => named_method(file, call),
                verb => Some(verb.to_owned()),
            };
            if let Some(target) = values.argument(call.open, 0) {
                let client = Client {
                    method: verb,
                    ..scan::call("http", Some(target), "spring-web")
                };
                emit(acc, file, call.line, client);
            }
        }
        return;
    }
    let chain = || code.name(call);
    let (library, verb) = match method {
        "uri" | "target" | "baseUrl" | "rootUri" | "url" => {
            let name = chain().to_ascii_lowercase();
            let reactive = receiver("client") || name.contains("client");
            match method {
                "uri" if reactive || verb_of(&name).is_some() => ("spring-web", verb_of(&name)),
                "uri" if name.contains("httprequest") => ("java-http-client", None),
                "target" if file.says("ws.rs.client") => ("jax-rs", None),
                "baseUrl" if name.contains("retrofit") => ("retrofit", None),
                "baseUrl" | "rootUri" if reactive || name.contains("builder") => {
                    ("spring-web", None)
                }
                "url" if name.contains("request") && file.says("okhttp") => ("okhttp", None),
                _ => return,
            }
        }
        "newBuilder" if chain() == "HttpRequest.newBuilder" => ("java-http-client", None),
        "HttpGet" | "HttpPost" | "HttpPut" | "HttpDelete" | "HttpPatch"
            if code.is(call.first.wrapping_sub(1), "new") =>
        {
            ("apache-httpclient", Some(method[4..].to_ascii_uppercase()))
        }
        "URL" if file.says("openConnection") => ("java-http-client", None),
        _ => return,
    };
    let Some(target) = values.argument(call.open, 0) else {
        return;
    };
    // A path alone belongs to a base address that stands elsewhere.
    if target.starts_with('{') && !target.contains("env:") && !target.contains('/') {
        return;
    }
    let client = Client {
        method: verb,
        ..scan::call("http", Some(target), library)
    };
    emit(acc, file, call.line, client);
}

/// `HttpMethod.POST` among the arguments.
fn named_method(file: &SourceFile<'_>, call: Call) -> Option<String> {
    let code = file.code();
    let close = code.partner(call.open)?;
    (call.open..close)
        .find(|&at| code.is(at, "HttpMethod") && code.is(at + 1, "."))
        .and_then(|at| code.ident(at + 2))
        .map(str::to_owned)
}

/// The HTTP method of a chain such as `webclient.get().uri`.
fn verb_of(chain: &str) -> Option<String> {
    ["get", "post", "put", "delete", "patch", "head"]
        .into_iter()
        .find(|verb| {
            chain
                .split('.')
                .any(|part| part.strip_suffix("()") == Some(*verb))
        })
        .map(str::to_ascii_uppercase)
}

/// Interfaces that a framework makes clients of.
fn interfaces(acc: &mut FileFacts, file: &SourceFile<'_>, values: &Values<'_, '_>) {
    for declared in &file.outline().declared {
        let mut found = declared.annotation(&["FeignClient", "RegisterRestClient"]);
        // Many have a class of this name; Micronaut makes one of an interface.
        if found.is_none() && file.says("micronaut.http.client") {
            found = declared.annotation(&["Client"]);
        }
        if let (DeclKind::Type, Some(found)) = (declared.kind, found) {
            feign(acc, file, values, declared, found);
        }
    }
}

fn feign(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    values: &Values<'_, '_>,
    declared: &Declared,
    found: &Annotation,
) {
    let code = file.code();
    let micro = found.name.ends_with("RegisterRestClient");
    let micronaut = found.name == "Client";
    let library = match found.name.as_str() {
        _ if micro => "microprofile-rest-client",
        "Client" => "micronaut-http-client",
        _ => "openfeign",
    };
    let argument = |name: &str| {
        let range = code.named_argument(found.open?, name)?;
        values.fold(range).filter(|text| !text.is_empty())
    };
    let first = || {
        let range = code.arguments(found.open?).into_iter().next()?;
        (!code.is(range.start + 1, "=")).then(|| values.fold(range))?
    };
    let names: &[&str] = match (micro, micronaut) {
        (true, _) => &["baseUri", "configKey"],
        (_, true) => &["id", "value"],
        _ => &["url", "name", "value", "serviceId"],
    };
    let said = names.iter().find_map(|n| argument(n)).or_else(first);
    let said = match micro {
        true => Some(configured(file, declared, said)),
        false => said,
    };
    let Some(mut target) = said else { return };
    // Where settings give the address, the name says which service is meant.
    if library == "openfeign"
        && target.starts_with("${")
        && !target.contains(':')
        && let Some(name) = argument("name").or_else(|| argument("value"))
        && !name.contains("${")
        && let Some(key) = target.strip_suffix('}')
    {
        target = format!("{key}:http://{name}}}");
    }
    if micronaut {
        // `/orders` is the service of that id, `/` the server of the test itself.
        target = target.trim_start_matches('/').to_owned();
        if target.is_empty() {
            return;
        }
    }
    emit(
        acc,
        file,
        found.line,
        scan::call("http", Some(target.clone()), library),
    );
    let base = if target.contains("://") || target.starts_with("${") {
        target.trim_end_matches('/').to_owned()
    } else {
        format!("http://{target}")
    };
    let class_path = declared.annotation(&["RequestMapping", "Path"]);
    let prefix = class_path
        .and_then(|a| path_of(file, values, a))
        .or_else(|| argument("path"))
        .unwrap_or_default();
    let members =
        file.outline().declared.iter().filter(|d| {
            d.kind == DeclKind::Function && d.owner.is_some() && d.owner == declared.owner
        });
    for method in members {
        let verb = method
            .annotations
            .iter()
            .find_map(|a| verb_of_mapping(file, a));
        let Some((verb, annotation)) = verb else {
            continue;
        };
        let path = method.annotation(&["Path"]).unwrap_or(annotation);
        let own = path_of(file, values, path).unwrap_or_default();
        let path = scan::below(&prefix, &own);
        let client = Client {
            method: Some(verb),
            operation: Some(method.name.clone()),
            ..scan::call("http", Some(format!("{base}{path}")), library)
        };
        let at = file.evidence(method.first, method.line);
        let claim = Claim::Client(client);
        acc.facts.push(crate::facts::Fact { at, claim });
    }
}

/// The base address of a client of MicroProfile: the settings give it under the key that the annotation
/// names, or under the whole name of the interface
/// (<https://download.eclipse.org/microprofile/microprofile-rest-client-3.0/microprofile-rest-client-spec-3.0.html#mpconfig>).
fn configured(file: &SourceFile<'_>, declared: &Declared, said: Option<String>) -> String {
    if let Some(base) = said.as_deref().filter(|text| text.contains("://")) {
        return base.to_owned();
    }
    let package = file.text.lines().find_map(|line| {
        let name = line.trim().strip_prefix("package ")?;
        Some(name.trim_end_matches(';').trim())
    });
    let (key, known) = match said {
        Some(key) => (key.clone(), format!(":http://{key}")),
        None => {
            let name = declared.name.as_str();
            let whole = package.map(|package| format!("{package}.{name}"));
            let whole = whole.unwrap_or_else(|| name.to_owned());
            (whole, format!(":{{{name}}}"))
        }
    };
    // Quarkus reads a key of its own first, and quotes what has points.
    format!("${{quarkus.rest-client.{key}.url:${{{key}/mp-rest/url{known}}}}}")
}

fn path_of(file: &SourceFile<'_>, values: &Values<'_, '_>, found: &Annotation) -> Option<String> {
    let code = file.code();
    let open = found.open?;
    let range = ["value", "path"]
        .iter()
        .find_map(|name| code.named_argument(open, name))
        .or_else(|| {
            let first = code.arguments(open).into_iter().next()?;
            (!code.is(first.start + 1, "=")).then_some(first)
        })?;
    let range = if code.is(range.start, "{") {
        code.arguments(range.start).into_iter().next()?
    } else {
        range
    };
    values.fold(range)
}

fn verb_of_mapping<'a>(
    file: &SourceFile<'_>,
    annotation: &'a Annotation,
) -> Option<(String, &'a Annotation)> {
    let code = file.code();
    let name = annotation.name.rsplit('.').next()?;
    let upper = name
        .strip_suffix("Mapping")
        .unwrap_or(name)
        .to_ascii_uppercase();
    let verb = match (name, upper.as_str()) {
        ("RequestMapping", _) => annotation
            .open
            .and_then(|open| code.named_argument(open, "method"))
            .and_then(|range| {
                code.ident(range.end - 1)
                    .or(code.ident(range.end.checked_sub(2)?))
            })
            .unwrap_or("GET")
            .to_owned(),
        ("GET" | "POST" | "PUT" | "DELETE" | "PATCH", _)
        | ("Get" | "Post" | "Put" | "Delete" | "Patch", _) => upper,
        (_, "GET" | "POST" | "PUT" | "DELETE" | "PATCH") if name.ends_with("Mapping") => upper,
        // `@RequestLine("GET /x")` of plain Feign says both in one string.
        _ => return None,
    };
    Some((verb, annotation))
}
