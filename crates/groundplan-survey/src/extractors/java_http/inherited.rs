//! Routes that a class gives to those that extend it: its methods have mappings, but only an heir
//! has the path that they stand below. The class is a router, and an heir takes it in.

use super::{methods, owner_of_class};
use crate::facts::{Claim, FileFacts, Mount, Router};
use crate::http_paths;
use crate::source::SourceFile;
use crate::values::Values;
use groundplan_syntax::{Annotation, Code, TypeDecl};

/// What a class takes from the one that it extends, and that it may lend routes itself.
pub(super) fn classes(acc: &mut FileFacts, file: &SourceFile<'_>, values: &Values<'_, '_>) {
    if !["ws.rs", "web.bind.annotation"]
        .iter()
        .any(|package| file.text.contains(package))
    {
        return;
    }
    for (index, class) in file.outline().types.iter().enumerate() {
        if class.keyword != "class" {
            continue;
        }
        let served = owner_of_class(file, values, index);
        if served.is_none() {
            let router = Router {
                name: class.name.clone(),
                prefix: String::new(),
                ..Router::default()
            };
            acc.add(file, class.line, class.line, Claim::Router(router));
        }
        let Some(base) = base(file, class) else {
            continue;
        };
        let router = served.is_none().then(|| class.name.clone());
        let mut prefixes = served.map_or_else(Vec::new, |(_, prefixes)| prefixes);
        if prefixes.is_empty() {
            prefixes.push(String::new());
        }
        for prefix in prefixes {
            let mount = Mount {
                router: router.clone(),
                prefix: match prefix.is_empty() {
                    true => prefix,
                    false => http_paths::join("", &prefix),
                },
                target: base.clone(),
                ..Mount::default()
            };
            acc.add(file, class.line, class.line, Claim::Mount(mount));
        }
    }
}

/// The framework that a mapping of a method is of, where its class says nothing.
pub(super) fn framework(file: &SourceFile<'_>, annotation: &Annotation) -> Option<&'static str> {
    [("jax-rs", "ws.rs"), ("spring-web", "web.bind.annotation")]
        .into_iter()
        .find(|(framework, package)| {
            file.text.contains(package) && !methods(file, annotation, framework).is_empty()
        })
        .map(|(framework, _)| framework)
}

/// The class that another extends, with its package where an import names it.
fn base(file: &SourceFile<'_>, class: &TypeDecl) -> Option<String> {
    let code = file.code();
    let name = class.base(code)?;
    let first = file.outline().types.first().map_or(0, |t| t.at);
    Some(imported(code, first, name).unwrap_or_else(|| name.to_owned()))
}

/// The import in front of the token `end` whose last word is `name`.
fn imported(code: &Code<'_>, end: usize, name: &str) -> Option<String> {
    (0..end).filter(|&at| code.is(at, "import")).find_map(|at| {
        let line = code.line(at);
        let words = (at + 1..end).take_while(|&i| code.line(i) == line && !code.is(i, ";"));
        let whole: String = words.map(|i| code.raw(i)).collect();
        (whole.rsplit('.').next() == Some(name)).then_some(whole)
    })
}
