//! Attributes that a program makes itself and that give routes: a subclass of `RouteAttribute`, or a class
//! with a `Template` of `IRouteTemplateProvider`
//! (<https://learn.microsoft.com/aspnet/core/mvc/controllers/routing#custom-route-attributes-using-iroutetemplateprovider>).
//! Each is a router of the name `[Name]`, with its usual template, and one of the name `[Name()]` that
//! ends before what the argument of the attribute says.

use super::verb;
use crate::facts::{Claim, FileFacts, Mount, Router};
use crate::finders::Finders;
use crate::http_paths::{self, UNREAD};
use crate::scan;
use crate::source::SourceFile;
use crate::values::Values;
use groundplan_syntax::{Annotation, Code, TypeDecl};
use std::ops::Range;

/// Attributes that extend one another at most.
const LONGEST: usize = 4;

/// A parameter of a constructor with its default.
struct Parameter {
    name: String,
    default: Option<String>,
}

/// What the constructor of an attribute takes, and the template that it makes of it: names of parameters
/// stand in braces.
struct Made {
    parameters: Vec<Parameter>,
    template: String,
}

/// The router of an attribute of a class which this file does not explain, and what its argument adds.
pub(super) fn router(annotation: &Annotation, argument: Option<String>) -> (String, String) {
    let name = &annotation.name;
    // `[ConfiguredRoute("API_BASE_PATH")]` names what holds a path.
    let setting =
        |text: &String| text.contains('_') && !text.bytes().any(|b| b.is_ascii_lowercase());
    match argument.filter(|text| !setting(text)) {
        Some(path) => (format!("[{name}()]"), scan::path(&path)),
        None => (format!("[{name}]"), String::new()),
    }
}

/// Whether an attribute may be one of the program itself that gives the route of a class.
pub(super) fn may_route(name: &str) -> bool {
    ["Controller", "Route", "Api"]
        .iter()
        .any(|word| name.contains(word))
        && !matches!(
            name,
            "ApiController"
                | "Route"
                | "ApiVersion"
                | "ApiVersionNeutral"
                | "ApiExplorerSettings"
                | "Controller"
                | "NonController"
                | "ApiConventionType"
                | "ApiConventionMethod"
                | "RoutePrefix"
        )
}

/// Whether an attribute may be one of the program itself that gives the method of an action.
pub(super) fn may_act(name: &str) -> bool {
    const VERBS: [&str; 5] = ["Get", "Post", "Put", "Delete", "Patch"];
    verb(name).is_none() && VERBS.iter().any(|word| name.contains(word))
}

/// Adds the routers of the attributes that a file defines.
pub(super) fn classes(acc: &mut FileFacts, file: &SourceFile<'_>, values: &Values<'_, '_>) {
    static GIVES: Finders = Finders::of(&[
        "IRouteTemplateProvider",
        "RouteAttribute",
        "IActionHttpMethodProvider",
        "HttpGetAttribute",
        "HttpPostAttribute",
        "HttpPutAttribute",
        "HttpDeleteAttribute",
        "HttpPatchAttribute",
    ]);
    if !GIVES.any(file.text) {
        return;
    }
    let types = &file.outline().types;
    for class in types.iter().filter(|t| t.keyword == "class") {
        let Some(name) = class.name.strip_suffix("Attribute") else {
            continue;
        };
        let verbs = verbs(file, types, class, 0);
        let made = made(file, values, types, class, 0);
        let mut add = |name: String, prefix: String| {
            let router = Router {
                name: name.clone(),
                prefix: String::new(),
                verbs: verbs.clone(),
            };
            acc.add(file, class.line, class.line, Claim::Router(router));
            let target = format!("#{name}");
            let mount = Mount {
                prefix,
                target,
                ..Mount::default()
            };
            acc.add(file, class.line, class.line, Claim::Mount(mount));
        };
        let Some(Made {
            parameters,
            template,
        }) = made
        else {
            if !verbs.is_empty() {
                add(format!("[{name}]"), String::new());
            } else if class.base(file.code()) == Some("RouteAttribute") {
                // What it makes of its arguments was not read.
                let begin = http_paths::prefix(UNREAD);
                add(format!("[{name}]"), begin.clone());
                add(format!("[{name}()]"), begin);
            }
            continue;
        };
        let mut usual = template.clone();
        for parameter in &parameters {
            if let Some(default) = &parameter.default {
                usual = replaced(&usual, &parameter.name, default);
            }
        }
        let open = |template: &str| {
            let mut all = parameters.iter();
            all.any(|p| {
                template
                    .to_ascii_lowercase()
                    .contains(&placeholder(&p.name))
            })
        };
        if !open(&usual) {
            add(format!("[{name}]"), scan::path(&usual));
        }
        let Some(first) = parameters.first() else {
            continue;
        };
        let last = placeholder(&first.name);
        if template.to_ascii_lowercase().ends_with(&last) {
            let before = &template[..template.len() - last.len()];
            if !open(before) {
                add(format!("[{name}()]"), scan::path(before));
            }
        }
    }
}

fn placeholder(name: &str) -> String {
    format!("{{{}}}", name.to_ascii_lowercase())
}

/// A template with a value in place of a parameter, or of the property that keeps it.
fn replaced(template: &str, name: &str, value: &str) -> String {
    let mark = placeholder(name);
    let Some(at) = template.to_ascii_lowercase().find(&mark) else {
        return template.to_owned();
    };
    format!("{}{value}{}", &template[..at], &template[at + mark.len()..])
}

/// The methods of HTTP that an attribute of an action gives: those in its `HttpMethods`, or that of the
/// attribute of the framework which it extends.
fn verbs(file: &SourceFile<'_>, types: &[TypeDecl], class: &TypeDecl, depth: usize) -> Vec<String> {
    let code = file.code();
    let base = class.base(code).and_then(|b| b.strip_suffix("Attribute"));
    if let Some(of_base) = base.and_then(verb) {
        return vec![of_base.to_owned()];
    }
    let mut found = Vec::new();
    if let Some(at) = (class.open..class.close).find(|&at| code.is(at, "HttpMethods")) {
        let texts = (at..class.close).take_while(|&at| !code.is(at, ";"));
        let texts = texts.filter_map(|at| code.string(at));
        let known = |t: &&str| t.len() <= 7 && t.bytes().all(|b| b.is_ascii_uppercase());
        found.extend(texts.filter(known).map(str::to_owned));
    }
    let above = types
        .iter()
        .find(|t| Some(t.name.as_str()) == class.base(code));
    match above.filter(|_| found.is_empty() && depth < LONGEST) {
        Some(above) => verbs(file, types, above, depth + 1),
        None => found,
    }
}

/// The template of an attribute by its constructor.
fn made(
    file: &SourceFile<'_>,
    values: &Values<'_, '_>,
    types: &[TypeDecl],
    class: &TypeDecl,
    depth: usize,
) -> Option<Made> {
    let code = file.code();
    let base = class.base(code)?;
    let constructor = (class.open + 1..class.close)
        .find(|&at| code.is(at, &class.name) && code.is(at + 1, "(") && !code.is(at - 1, "new"));
    let parameters = constructor.map_or_else(Vec::new, |at| parameters(code, values, at + 1));
    // `: base(3, resource)`
    let handed = constructor.and_then(|at| {
        let close = code.partner(at + 1)?;
        let says = code.is(close + 1, ":") && code.is(close + 2, "base") && code.is(close + 3, "(");
        says.then(|| code.arguments(close + 3))
    });
    let of_framework =
        base == "RouteAttribute" || base.strip_suffix("Attribute").and_then(verb).is_some();
    if let Some(arguments) = handed.as_ref().filter(|_| of_framework) {
        let template = written(code, values, arguments.first()?)?;
        return Some(Made {
            parameters,
            template,
        });
    }
    if let Some(range) = assigned(code, class) {
        let template = written(code, values, &range)?;
        return Some(Made {
            parameters,
            template,
        });
    }
    let above = types
        .iter()
        .find(|t| t.name == base)
        .filter(|_| depth < LONGEST)?;
    let above = made(file, values, types, above, depth + 1)?;
    let arguments = handed.unwrap_or_default();
    let mut template = above.template;
    for (index, parameter) in above.parameters.iter().enumerate() {
        let given = arguments.get(index).and_then(|range| {
            // What is handed on is open, whatever it is by default.
            let own = code.ident(range.start).filter(|_| range.len() == 1);
            let own = own.filter(|name| parameters.iter().any(|p| p.name == **name));
            match own {
                Some(name) => Some(format!("{{{name}}}")),
                None => written(code, values, range),
            }
        });
        if let Some(value) = given.or_else(|| parameter.default.clone()) {
            template = replaced(&template, &parameter.name, &value);
        }
    }
    Some(Made {
        parameters,
        template,
    })
}

/// `Template => "{id:int}";`, `Template = $"api/v{version}/{resource}";`
fn assigned(code: &Code<'_>, class: &TypeDecl) -> Option<Range<usize>> {
    let at = (class.open + 1..class.close)
        .find(|&at| code.is(at, "Template") && (code.is(at + 1, "=") || code.is(at + 1, "=>")))?;
    let end = (at + 2..class.close).find(|&end| code.is(end, ";"))?;
    // The arrow may be read as two signs.
    let first = at + 2 + usize::from(code.is(at + 2, ">"));
    Some(first..end)
}

/// What an expression says: a text, a number, or a name in braces.
fn written(code: &Code<'_>, values: &Values<'_, '_>, range: &Range<usize>) -> Option<String> {
    if range.len() == 1 {
        let raw = code.raw(range.start);
        // The braces of `"{id:int}"` are of the path, those of `$"{id}"` are of the text.
        if let Some(text) = code.string(range.start).filter(|_| !raw.starts_with('$')) {
            return Some(text.to_owned());
        }
        if raw.bytes().all(|b| b.is_ascii_digit()) {
            return Some(raw.to_owned());
        }
        if let Some(name) = code.ident(range.start) {
            return Some(
                values
                    .fold(range.clone())
                    .unwrap_or_else(|| format!("{{{name}}}")),
            );
        }
    }
    values.fold(range.clone())
}

/// `(int version, string resource = "[controller]")`
fn parameters(code: &Code<'_>, values: &Values<'_, '_>, open: usize) -> Vec<Parameter> {
    let one = |range: Range<usize>| {
        let equals = range.clone().find(|&at| code.is(at, "="));
        let name = code.ident(equals.unwrap_or(range.end) - 1)?.to_owned();
        let default = equals.and_then(|at| written(code, values, &(at + 1..range.end)));
        Some(Parameter { name, default })
    };
    code.arguments(open).into_iter().filter_map(one).collect()
}
