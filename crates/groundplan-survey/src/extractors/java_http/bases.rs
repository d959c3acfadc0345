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
    // Paths of the resources of a package, where a program has several servlets.
    let mut packaged: Vec<(u32, String, String)> = Vec::new();
    let mut left = MOST_NAMES;
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
                let first = code.arguments(call.open).into_iter().next();
                let first = first.filter(|_| file.text.contains(".packages("));
                let all = first.map(|range| packages(file, &range, 0, &mut left));
                for package in all.unwrap_or_default() {
                    packaged.push((call.line, path.to_owned(), package));
                }
            }
        }
    }
    let found = (found.into_iter()).map(|(line, path)| (line, path, "*jax-rs".to_owned()));
    let packaged = packaged.into_iter().map(|(line, path, package)| {
        let folder = package.replace('.', "/");
        (line, path, format!("*{PACKAGE}{folder}"))
    });
    for (line, path, target) in found.chain(packaged) {
        let prefix = http_paths::prefix(path.trim_end_matches('*'));
        if prefix.trim_matches('/').is_empty() {
            continue;
        }
        let mount = Mount {
            prefix,
            target,
            ..Mount::default()
        };
        acc.add(file, line, line, Claim::Mount(mount));
    }
}

/// Names that the tokens of a file are gone through for, to find the packages of its servlets, at most.
const MOST_NAMES: usize = 200;

/// How the name of a base begins that holds for the resources of a package, whose folder follows.
pub(crate) const PACKAGE: &str = "jax-rs@";

/// The same for the controllers of a package of Spring, whose name follows.
pub(crate) const SPRING_PACKAGE: &str = "spring-package:";

/// The packages that the configuration of a servlet scans: `config.packages("shop.api", "shop.filters")` of the
/// variable that the servlet, or the holder of it, is made of.
fn packages(
    file: &SourceFile<'_>,
    given: &Range<usize>,
    depth: u8,
    left: &mut usize,
) -> Vec<String> {
    const MOST: usize = 16;
    /// Tokens of one value at most.
    const LONGEST: usize = 200;
    let code = file.code();
    let mut all = Vec::new();
    // Variables, not types, and as many as a call has.
    let names = given.clone().filter_map(|at| code.ident(at));
    let names = names.filter(|n| n.starts_with(|c: char| c.is_lowercase()) && *n != "new");
    for name in names.take(6) {
        if *left == 0 {
            break;
        }
        *left -= 1;
        let calls = (0..code.tokens.len()).filter(|&at| {
            code.is(at, name)
                && code.is(at + 1, ".")
                && code.is(at + 2, "packages")
                && code.is(at + 3, "(")
        });
        for open in calls.map(|at| at + 3) {
            let named = code.arguments(open).into_iter();
            let named = named.filter_map(|r| code.string(r.start).filter(|_| r.len() == 1));
            all.extend(named.map(str::to_owned));
        }
        if depth < 2 && all.len() < MOST {
            let set =
                (0..code.tokens.len()).filter(|&at| code.is(at, name) && code.is(at + 1, "="));
            let values: Vec<Range<usize>> = set
                .filter_map(|at| {
                    let until = code.tokens.len().min(at + 2 + LONGEST);
                    let end = (at + 2..until).find(|&end| code.is(end, ";"))?;
                    Some(at + 2..end)
                })
                .take(4)
                .collect();
            for value in values {
                all.extend(packages(file, &value, depth + 1, left));
            }
        }
    }
    all.sort();
    all.dedup();
    all.truncate(MOST);
    all
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
