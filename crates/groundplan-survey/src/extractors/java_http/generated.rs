//! Classes that implement an interface which the build makes from a contract: `OrdersApi` of
//! openapi-generator has the mappings, and no file of the repository has `OrdersApi`
//! (<https://openapi-generator.tech/docs/generators/spring>).

use super::methods;
use crate::facts::{Claim, FileFacts, Implements, Placed};
use crate::source::SourceFile;
use groundplan_syntax::{Code, DeclKind, TypeDecl};

/// Annotations of a class that make it answer requests, and of one that another may hand them to.
const SERVERS: &[&str] = &["RestController", "Controller", "Path"];
const OTHERS: &[&str] = &[
    "Service",
    "Component",
    "ApplicationScoped",
    "RequestScoped",
    "Singleton",
];

/// What each class of a file implements of such interfaces.
pub(super) fn classes(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if !file.text.contains("Api") {
        return;
    }
    let code = file.code();
    for (index, class) in file.outline().types.iter().enumerate() {
        let of_class = file.outline().of_type(index);
        let has = |names: &[&str]| of_class.is_some_and(|c| c.annotation(names).is_some());
        let serves = has(SERVERS);
        if class.keyword != "class" || !serves && !has(OTHERS) {
            continue;
        }
        for interface in interfaces(code, class) {
            let methods = overridden(file, index, class);
            if methods.is_empty() {
                continue;
            }
            let claim = Implements {
                class: class.name.clone(),
                interface: interface.to_owned(),
                serves,
                methods,
            };
            acc.add(file, class.line, class.line, Claim::Implements(claim));
        }
    }
}

/// The interfaces behind `implements`, or behind `:` in Kotlin, that are called as generators call them.
fn interfaces<'t>(code: &Code<'t>, class: &TypeDecl) -> Vec<&'t str> {
    let mut depth = 0_i32;
    let mut behind = false;
    let mut all = Vec::new();
    for at in class.heritage.clone() {
        match code.raw(at) {
            "<" | "(" => depth += 1,
            ">" | ")" => depth -= 1,
            "implements" | ":" => behind = true,
            _ => {}
        }
        let name = code.ident(at).filter(|_| behind && depth == 0);
        let stem = name.and_then(|n| n.strip_suffix("Delegate").unwrap_or(n).strip_suffix("Api"));
        if let (Some(name), Some(stem)) = (name, stem)
            && !stem.is_empty()
            && !code.is(at + 1, ".")
        {
            all.push(name);
        }
    }
    all
}

/// The methods of a class that override others and that have no mapping of their own.
fn overridden(file: &SourceFile<'_>, index: usize, class: &TypeDecl) -> Vec<Placed<String>> {
    let code = file.code();
    let mut all = Vec::new();
    let mut add = |name: &str, line: u32| {
        all.push(Placed {
            value: name.to_owned(),
            at: file.evidence(line, line),
        });
    };
    for declared in &file.outline().declared {
        let own = declared.owner == Some(index) && declared.kind == DeclKind::Function;
        let maps = || {
            let mut all = declared.annotations.iter();
            all.any(|a| !methods(file, a, "spring-web").is_empty())
        };
        if own && declared.annotation(&["Override"]).is_some() && !maps() {
            add(&declared.name, declared.line);
        }
    }
    for at in class.open..class.close {
        if code.is(at, "override")
            && let Some(name) = (at + 1..at + 4)
                .find(|&i| code.is(i, "fun"))
                .and_then(|i| code.ident(i + 1))
        {
            add(name, code.line(at));
        }
    }
    all
}
