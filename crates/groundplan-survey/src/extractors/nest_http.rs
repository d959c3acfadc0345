//! HTTP endpoints of NestJS controllers.

mod health;

use crate::extractor::{Extractor, Reads};
use crate::extractors::{nest_above, nest_bootstrap, nest_handlers, nest_modules};
use crate::facts::{Endpoint, FileFacts};
use crate::http_paths::{self, UNREAD};
use crate::prose;
use crate::scan::{self, Part};
use crate::source::SourceFile;
use crate::values::Values;
use groundplan_syntax::{Annotation, Code, DeclKind, Language};
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "nest-http",
    docs: "\
### What it finds
Endpoints of NestJS controllers with the prefix of the class, and the summary of `@ApiOperation` or
of the comment, gateways of WebSockets, what handlers take and give by the types of their
parameters and of their answer, the global prefix with what it excludes (`setGlobalPrefix`), what health
endpoints check by Terminus, the paths that `RouterModule` gives to modules, versions in paths (`enableVersioning`, `@Version`, the version of a controller).

### What it does not find
Versions in headers and media types, what decorators of other packages stand below.
",
    reads: &[Reads::Own(&[
        Language::JavaScript,
        Language::TypeScript,
    ])],
    markers: &[
        "@Controller",
        "@WebSocketGateway",
        "setGlobalPrefix",
        "enableVersioning",
        "@Module(",
        "RouterModule.register(",
    ],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) == Part::Own {
        nest(acc, file);
        health::note(acc, file);
        gateways(acc, file);
        nest_bootstrap::add(acc, file);
        nest_modules::add(acc, file);
    }
}

/// The HTTP method of a decorator.
fn verb(word: &str) -> Option<&'static str> {
    Some(match word {
        "All" => "ANY",
        "Delete" => "DELETE",
        "Get" => "GET",
        "Head" => "HEAD",
        "Options" => "OPTIONS",
        "Patch" => "PATCH",
        "Post" => "POST",
        "Put" => "PUT",
        "Sse" => "GET",
        _ => return None,
    })
}

/// Whether `Controller` is imported from another package than those of NestJS: `routing-controllers`,
/// `tsoa`, one of the repository.
fn is_foreign(code: &Code<'_>) -> bool {
    let mut from = (0..code.tokens.len()).filter(|&at| code.is(at, "from"));
    from.any(|at| {
        let module = code.string(at + 1).filter(|m| !m.starts_with("@nestjs/"));
        let named = || {
            let mut back = (at.saturating_sub(80)..at).rev();
            back.by_ref()
                .take_while(|&i| !code.is(i, "import") && !code.is(i, "from"))
                .any(|i| code.is(i, "Controller"))
        };
        module.is_some() && named()
    })
}

/// `@WebSocketGateway({ namespace: 'chat' })` with the messages that its methods take.
fn gateways(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if !file.text.contains("@WebSocketGateway") {
        return;
    }
    let code = file.code();
    let values = Values::new(file);
    let outline = file.outline();
    for declared in &outline.declared {
        let Some(gateway) = declared.annotation(&["WebSocketGateway"]) else {
            continue;
        };
        if declared.kind != DeclKind::Type {
            continue;
        }
        let arguments = gateway.open.map(|open| code.arguments(open));
        let object = (arguments.into_iter().flatten())
            .find_map(|range| values.literal_at(&range).filter(|&at| code.is(at, "{")));
        let of = |key: &str| object.and_then(|at| values.folded_property(at, &[key]));
        let messages: Vec<String> = (outline.declared.iter())
            .filter(|d| d.kind == DeclKind::Function && d.owner == declared.owner)
            .filter_map(|d| d.annotation(&["SubscribeMessage"])?.open)
            .filter_map(|open| values.argument(open, 0))
            .map(|name| format!("`{name}`"))
            .collect();
        let summary = match messages.as_slice() {
            [] => None,
            [one] => Some(format!("Takes the message {one}.")),
            [some @ .., last] if some.len() < 6 => Some(format!(
                "Takes the messages {} and {last}.",
                some.join(", ")
            )),
            all => Some(format!("Takes {} messages, such as {}.", all.len(), all[0])),
        };
        let endpoint = Endpoint {
            method: "WEBSOCKET".to_owned(),
            path: scan::below(
                "",
                &of("namespace").or_else(|| of("path")).unwrap_or_default(),
            ),
            handler: Some(declared.name.clone()),
            framework: "nestjs-websockets".to_owned(),
            summary,
            router: None,
            verbs: Vec::new(),
            given: false,
            mounts: Vec::new(),
            class: None,
            guards: Vec::new(),
        };
        scan::endpoint(acc, file, declared.first, declared.line, endpoint);
    }
}

fn nest(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let code = file.code();
    let values = Values::new(file);
    let outline = file.outline();
    let first_path = |annotation: &Annotation| -> Vec<String> {
        let Some(open) = annotation.open else {
            return vec![String::new()];
        };
        let Some(first) = code.arguments(open).into_iter().next() else {
            return vec![String::new()];
        };
        let first = match code.is(first.start, "{") {
            true => match values.property(first.start, "path") {
                Some(path) => path,
                None => return vec![String::new()],
            },
            false => first,
        };
        let parts = if code.is(first.start, "[") {
            code.arguments(first.start)
        } else {
            vec![first]
        };
        let one = |part: Range<usize>| {
            let name = code.dotted(part.start, part.end);
            match code.string(part.start) {
                Some(text) if part.len() == 1 => text.to_owned(),
                _ => values.fold(part).unwrap_or_else(|| format!("{{{name}}}")),
            }
        };
        parts.into_iter().map(one).collect()
    };
    let foreign = is_foreign(code);
    for declared in &outline.declared {
        if declared.kind != DeclKind::Function {
            continue;
        }
        let class = declared.owner.and_then(|owner| outline.of_type(owner));
        let controller = class.and_then(|class| class.annotation(&["Controller"]));
        let (Some(class), Some(controller)) = (class, controller) else {
            continue;
        };
        let of = class.owner.and_then(|of| outline.types.get(of));
        let inherits = of.and_then(|of| of.base(code));
        let described = declared.annotation(&["ApiOperation"]).and_then(|a| {
            let first = code.arguments(a.open?).into_iter().next()?;
            values.folded_property(values.literal_at(&first)?, &["summary"])
        });
        if !foreign && declared.annotations.iter().any(|a| verb(&a.name).is_some()) {
            nest_handlers::add(acc, file, &values, declared);
        }
        let summary = described.or_else(|| prose::summary(file, declared.first));
        for annotation in &declared.annotations {
            let Some(method) = verb(&annotation.name) else {
                continue;
            };
            let versions = nest_bootstrap::versions(code, &values, declared, controller, class);
            for prefix in first_path(controller) {
                for (path, version) in first_path(annotation)
                    .into_iter()
                    .flat_map(|p| versions.iter().map(move |v| (p.clone(), v.clone())))
                {
                    let whole = scan::below(&prefix, &path);
                    let endpoint = Endpoint {
                        method: method.to_owned(),
                        // What such decorators are taken in below stands in code that they alone know.
                        path: match foreign {
                            true => http_paths::join(UNREAD, &whole),
                            false => whole,
                        },
                        handler: Some(declared.name.clone()),
                        framework: if foreign { "decorators" } else { "nestjs" }.to_owned(),
                        summary: summary.clone(),
                        router: version,
                        verbs: Vec::new(),
                        given: false,
                        mounts: Vec::new(),
                        class: None,
                        guards: match foreign {
                            true => Vec::new(),
                            false => {
                                let mut all = nest_above::before(code, class, declared);
                                all.extend(inherits.map(|_| nest_above::INHERITS.to_owned()));
                                all
                            }
                        },
                    };
                    scan::endpoint(acc, file, declared.first, declared.line, endpoint);
                }
            }
        }
    }
}
