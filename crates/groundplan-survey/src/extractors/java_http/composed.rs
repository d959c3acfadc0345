//! Annotations of a program's own that make a class a controller of Spring, since they are marked as one
//! themselves, and prefixes that the configuration gives to the classes with an annotation.

use super::bases::SPRING_PACKAGE;
use super::{methods, owner_of_class, paths};
use crate::facts::{Claim, FileFacts, Mount, Router};
use crate::http_paths;
use crate::source::SourceFile;
use crate::values::Values;
use groundplan_syntax::{Annotation, Call, Code, DeclKind};
use std::collections::BTreeSet;
use std::ops::Range;

/// Begins the name of a router that is an annotation.
const NOTE: char = '@';

pub(super) fn add(acc: &mut FileFacts, file: &SourceFile<'_>, values: &Values<'_, '_>) {
    if file.text.contains("addPathPrefix") || file.text.contains("RequestMappingInfo") {
        configured(acc, file, values);
    }
    if !file.text.contains("web.bind.annotation") {
        return;
    }
    if file.text.contains("@interface") || file.text.contains("annotation class") {
        declared(acc, file, values);
    }
    marked(acc, file, values);
}

/// `@RestController @interface AdminController`: what the classes with it stand below.
fn declared(acc: &mut FileFacts, file: &SourceFile<'_>, values: &Values<'_, '_>) {
    let code = file.code();
    let notes = code.annotations();
    for at in 1..code.tokens.len() {
        let java = code.is(at, "interface") && code.is(at - 1, "@");
        let kotlin = code.is(at, "class") && code.is(at - 1, "annotation");
        let Some(name) = code.ident(at + 1).filter(|_| java || kotlin) else {
            continue;
        };
        let before: Vec<&Annotation> = (notes.iter())
            .filter(|note| note.next <= at && note.next > begin(code, at - 1))
            .collect();
        let named = |wanted: &str| {
            let mut all = before.iter();
            all.find(|note| note.name.rsplit('.').next() == Some(wanted))
        };
        if named("RestController").or(named("Controller")).is_none() {
            continue;
        }
        let mapped = named("RequestMapping").map(|note| paths(file, values, note));
        let prefix = mapped.and_then(|all| all.into_iter().next());
        let name = format!("{NOTE}{name}");
        let line = code.line(at);
        let mount = Mount {
            target: format!("#{name}"),
            // Unless the configuration says where.
            alias: true,
            ..Mount::default()
        };
        let router = Router {
            name,
            prefix: http_paths::prefix(&prefix.unwrap_or_default()),
            ..Router::default()
        };
        acc.add(file, line, line, Claim::Router(router));
        acc.add(file, line, line, Claim::Mount(mount));
    }
}

/// Where a declaration begins: behind the end of what stands before it.
fn begin(code: &Code<'_>, at: usize) -> usize {
    let mut at = at;
    while let Some(before) = at.checked_sub(1) {
        match code.raw(before) {
            ";" | "}" | "{" => break,
            ")" => at = code.partner(before).unwrap_or(before),
            _ => at = before,
        }
    }
    at
}

/// Classes that are no controllers by an annotation of Spring, but may be by one of their own.
fn marked(acc: &mut FileFacts, file: &SourceFile<'_>, values: &Values<'_, '_>) {
    let outline = file.outline();
    for (index, class) in outline.types.iter().enumerate() {
        let Some(marks) = outline.of_type(index).filter(|_| class.keyword == "class") else {
            continue;
        };
        let answers = outline.declared.iter().any(|declared| {
            let of_it = declared.kind == DeclKind::Function && declared.owner == Some(index);
            let mut notes = declared.annotations.iter();
            of_it && notes.any(|note| !methods(file, note, "spring-web").is_empty())
        });
        if !answers || owner_of_class(file, values, index).is_some() {
            continue;
        }
        let mapped = marks.annotation(&["RequestMapping"]);
        let mut prefixes = mapped.map_or_else(Vec::new, |note| paths(file, values, note));
        if prefixes.is_empty() {
            prefixes.push(String::new());
        }
        for note in &marks.annotations {
            let name = note.name.rsplit('.').next().unwrap_or(&note.name);
            for prefix in prefixes.iter().filter(|_| name != "RequestMapping") {
                let mount = Mount {
                    router: Some(format!("={NOTE}{name}")),
                    prefix: http_paths::prefix(prefix),
                    target: format!("#{}", class.name),
                    ..Mount::default()
                };
                acc.add(file, class.line, class.line, Claim::Mount(mount));
            }
        }
    }
}

/// `configurer.addPathPrefix("/api", HandlerTypePredicate.forAnnotation(AdminController.class))`, and a
/// mapping that puts `RequestMappingInfo.paths("/api")` before what classes with an annotation map.
fn configured(acc: &mut FileFacts, file: &SourceFile<'_>, values: &Values<'_, '_>) {
    let code = file.code();
    for call in code.calls() {
        let name = code.raw(call.open - 1);
        let combined = || code.is(call.open.wrapping_sub(3), "RequestMappingInfo");
        let whole = match name {
            "addPathPrefix" => call.open..code.partner(call.open).unwrap_or(call.open),
            "paths" if combined() && file.text.contains(".combine(") => 0..code.tokens.len(),
            _ => continue,
        };
        // Where more than the annotation is asked, nobody knows which classes are meant.
        let more = |at: usize| {
            matches!(
                code.raw(at),
                "&" | "|"
                    | "!"
                    | "and"
                    | "or"
                    | "negate"
                    | "not"
                    | "basePackage"
                    | "forBasePackageClass"
                    | "getPackage"
                    | "getPackageName"
            )
        };
        if name == "addPathPrefix" && whole.clone().any(more) {
            continue;
        }
        let first = code.arguments(call.open).into_iter().next();
        let Some(prefix) = first.and_then(|range| values.fold(range)) else {
            continue;
        };
        if name == "addPathPrefix" && whole.clone().any(|at| code.is(at, "forBasePackage")) {
            packages(acc, file, call, &prefix, whole);
            continue;
        }
        let asked: BTreeSet<&str> = whole
            .filter(|&at| {
                matches!(
                    code.raw(at),
                    "forAnnotation" | "isAnnotationPresent" | "hasAnnotation" | "findAnnotation"
                )
            })
            .filter_map(|at| {
                let last = code.partner(at + 1).filter(|_| code.is(at + 1, "("))?;
                // `Admin.class`, and `Admin::class.java` of Kotlin.
                let class = (at + 1..last).rev().find(|&i| code.is(i, "class"))?;
                (at + 1..class).rev().find_map(|i| code.ident(i))
            })
            .collect();
        let mut asked = asked.into_iter();
        let (Some(note), None) = (asked.next(), asked.next()) else {
            continue;
        };
        let mount = Mount {
            prefix: http_paths::prefix(&prefix),
            target: match note {
                "RestController" | "Controller" => "*spring-web".to_owned(),
                note => format!("{NOTE}{note}"),
            },
            ..Mount::default()
        };
        acc.add(file, call.line, call.line, Claim::Mount(mount));
    }
}

/// `configurer.addPathPrefix("/api", HandlerTypePredicate.forBasePackage("com.acme.shop.api"))`.
fn packages(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    call: Call,
    prefix: &str,
    whole: Range<usize>,
) {
    let code = file.code();
    let asks = |at: usize| {
        let word = code.raw(at);
        word == "isAnnotationPresent" || word.ends_with("nnotation") || word == "builder"
    };
    if whole.clone().any(asks) {
        return;
    }
    let opens = whole.filter(|&at| code.is(at, "forBasePackage") && code.is(at + 1, "("));
    for name in opens
        .flat_map(|at| code.arguments(at + 1))
        .filter_map(|r| code.string(r.start))
    {
        let mount = Mount {
            prefix: http_paths::prefix(prefix),
            target: format!("*{SPRING_PACKAGE}{name}"),
            ..Mount::default()
        };
        acc.add(file, call.line, call.line, Claim::Mount(mount));
    }
}
