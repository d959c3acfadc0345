//! What stands before all resources of JAX-RS of a program.

use super::paths;
use crate::facts::{Claim, FileFacts, Mount};
use crate::http_paths;
use crate::source::SourceFile;
use crate::values::Values;
use groundplan_syntax::DeclKind;
use std::ops::Range;

/// The servlet of Jersey, which answers for all resources.
const SERVLET: &str = "ServletContainer";

/// Adds the path of an application (`@ApplicationPath("/api")`), of the servlet of Jersey
/// (`context.addServlet(holder, "/api/*")`) and of Jersey in Dropwizard (`jersey().setUrlPattern("/api/*")`).
pub(super) fn add(acc: &mut FileFacts, file: &SourceFile<'_>, values: &Values<'_, '_>) {
    let mut found: Vec<(u32, String)> = Vec::new();
    if file.text.contains("@ApplicationPath") {
        let types = file.outline().declared.iter();
        for declared in types.filter(|d| d.kind == DeclKind::Type) {
            let annotation = declared.annotation(&["ApplicationPath"]);
            if let Some([path]) = annotation.map(|a| paths(file, values, a)).as_deref() {
                found.push((declared.first, path.clone()));
            }
        }
    }
    let served = file.text.contains(SERVLET) && file.text.contains("addServlet");
    if served || file.text.contains("setUrlPattern(") {
        let code = file.code();
        for call in code.calls() {
            let given = match code.raw(call.open - 1) {
                "addServlet" if served => match code.arguments(call.open).as_slice() {
                    [servlet, path] if is_jersey(file, servlet, 0) => Some(path.clone()),
                    _ => None,
                },
                "setUrlPattern" if code.dotted(call.first, call.open).contains("jersey") => {
                    code.arguments(call.open).into_iter().next()
                }
                _ => None,
            };
            let path = given.and_then(|range| values.fold(range));
            if let Some(path) = path.as_deref().and_then(|path| path.strip_suffix("/*")) {
                found.push((call.line, path.to_owned()));
            }
        }
    }
    for (line, path) in found {
        let prefix = http_paths::prefix(path.trim_end_matches('*'));
        if prefix.trim_matches('/').is_empty() {
            continue;
        }
        let mount = Mount {
            prefix,
            target: "*jax-rs".to_owned(),
            ..Mount::default()
        };
        acc.add(file, line, line, Claim::Mount(mount));
    }
}

/// Whether an argument is the servlet of Jersey, or a variable of the file that holds it, also in a holder.
fn is_jersey(file: &SourceFile<'_>, given: &Range<usize>, depth: u8) -> bool {
    let code = file.code();
    if given.clone().any(|at| code.is(at, SERVLET)) {
        return true;
    }
    if depth > 1 {
        return false;
    }
    let named = given.clone().filter_map(|at| code.ident(at));
    let mut held = named.flat_map(|name| {
        let set = move |at: &usize| code.is(*at, name) && code.is(at + 1, "=");
        (0..code.tokens.len()).filter(set)
    });
    held.any(|at| {
        let end = (at + 2..code.tokens.len()).find(|&end| code.is(end, ";"));
        end.is_some_and(|end| is_jersey(file, &(at + 2..end), depth + 1))
    })
}
