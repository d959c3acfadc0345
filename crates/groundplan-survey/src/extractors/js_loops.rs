//! JavaScript and TypeScript: routers that a loop takes in, from a list that the maker of the application gives,
//! or from the files of a folder.

use crate::extractors::js_imports::imports;
use crate::extractors::js_own_paths;
use crate::extractors::js_routers::Routers;
use crate::facts::{Claim, FileFacts, Mount, Router};
use crate::http_paths;
use crate::scan;
use crate::source::SourceFile;
use crate::values::Values;
use groundplan_syntax::{Call, Code};
use std::collections::BTreeMap;
use std::ops::Range;

/// Begin of the target of a mount that takes in each file of a folder, which follows it.
pub(crate) const FILES: &str = "*files:";

/// What stands in the prefix of such a mount for the name of the file.
pub(crate) const STEM: &str = "@file@";

/// Adds what loops of a file take in.
pub(super) fn add(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    values: &Values<'_, '_>,
    routers: &Routers,
) {
    let code = file.code();
    let reads = file.text.contains("readdirSync");
    for call in code.calls() {
        if code.is(call.open - 1, "use") {
            listed(acc, file, values, routers, call);
            if reads {
                of_folder(acc, file, values, routers, call);
            }
        }
    }
}

/// Adds what a file gives to the classes of applications of other files.
pub(super) fn fill(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let code = file.code();
    let imports = imports(code);
    for call in code.calls() {
        if call.first > 0 && code.is(call.first - 1, "new") {
            made(acc, file, &imports, call);
        }
    }
}

/// The name that a class has as a router that others fill: `[App]`.
fn slot(class: &str) -> String {
    format!("[{class}]")
}

/// `routes.forEach(route => { this.app.use('/api', route.router) })` in a class: what those give who make an object
/// of the class.
fn listed(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    values: &Values<'_, '_>,
    routers: &Routers,
    call: Call,
) {
    let code = file.code();
    let arguments = code.arguments(call.open);
    let Some(last) = arguments.last().filter(|range| range.len() >= 3) else {
        return;
    };
    let part = code.is(last.start + 1, ".")
        && code
            .ident(last.start + 2)
            .is_some_and(|word| word.to_ascii_lowercase().contains("route"));
    let Some(name) = code.ident(last.start).filter(|_| part) else {
        return;
    };
    let Some(of) = loop_of(code, name, call.first) else {
        return;
    };
    let Some(prefix) = prefix(code, values, name, &arguments) else {
        return;
    };
    let (receiver, at) = super::js_routers::receiver(code, call.first);
    let stand = routers.stand(file, receiver, at, 0);
    let prefix = http_paths::prefix(&http_paths::join(&stand.prefix, &prefix));
    let items = list_of(code, of).map(|open| code.arguments(open));
    let imports = imports(code);
    let mut listed = false;
    for item in items.into_iter().flatten() {
        let word = item.start + usize::from(code.is(item.start, "new"));
        let target = code.ident(word).and_then(|name| imports.get(name));
        if let Some(target) = target {
            listed = true;
            let mount = Mount {
                router: stand.router.clone(),
                prefix: prefix.clone(),
                target: target.clone(),
                ..Mount::default()
            };
            acc.add(file, call.line, call.line, Claim::Mount(mount));
        }
    }
    let outline = file.outline();
    let class = outline.owner(call.first);
    let Some(class) = class
        .and_then(|at| outline.types.get(at))
        .filter(|_| !listed)
    else {
        return;
    };
    let router = Router {
        name: slot(&class.name),
        ..Router::default()
    };
    acc.add(file, call.line, call.line, Claim::Router(router));
    let mount = Mount {
        router: stand.router,
        prefix,
        target: format!("#{}", slot(&class.name)),
        ..Mount::default()
    };
    acc.add(file, call.line, call.line, Claim::Mount(mount));
}

/// What a call in a loop puts before the routes of what it takes in, also where that has the path itself:
/// `/v1/${route.path}`.
fn prefix(
    code: &Code<'_>,
    values: &Values<'_, '_>,
    name: &str,
    arguments: &[Range<usize>],
) -> Option<String> {
    let [path, .., _] = arguments else {
        return Some(String::new());
    };
    // `route.path` alone is no text that is put together.
    let text = match code.ident(path.start) {
        Some(_) => format!("{{{}}}", code.dotted(path.start, path.end)),
        None => values.fold(path.clone())?,
    };
    let begin = format!("{{{name}.");
    let mut whole = String::new();
    let mut rest = text.as_str();
    while let Some((before, behind)) = rest.split_once(&begin) {
        let (property, after) = behind.split_once('}')?;
        whole.push_str(before);
        whole.push_str(&js_own_paths::mark(property));
        rest = after;
    }
    whole.push_str(rest);
    match whole.starts_with('/') {
        true => Some(whole),
        false if whole.contains(js_own_paths::OWN) => Some(format!("/{whole}")),
        false => None,
    }
}

/// The list that a loop goes through, where this file writes it: `[new Users(), new Orders()]`, also what a
/// variable or a field is given.
fn list_of(code: &Code<'_>, of: usize) -> Option<usize> {
    if code.is(of, "]") {
        return code.partner(of);
    }
    let name = code.ident(of)?;
    (2..code.tokens.len())
        .find(|&at| code.is(at, "[") && code.is(at - 1, "=") && code.is(at - 2, name))
}

/// The last token of what a loop goes through each thing of which has the name: `routes` of
/// `routes.forEach((route) => {` and of `for (const route of routes)`.
fn loop_of(code: &Code<'_>, name: &str, at: usize) -> Option<usize> {
    (at.saturating_sub(60)..at).find_map(|back| {
        let each = code.is(back, "forEach") && code.is(back + 1, "(");
        let first = back + 2 + usize::from(code.is(back + 2, "("));
        let of = code.is(back, "for") && code.is(back + 1, "(") && code.is(back + 4, "of");
        if each && code.is(first, name) {
            return back.checked_sub(2);
        }
        let close = code.partner(back + 1).filter(|_| of);
        close.filter(|_| code.is(back + 3, name))?.checked_sub(1)
    })
}

/// `new App([new UserRoute(), new AuthRoute()])`: what fills the class of another file.
fn made(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    imports: &BTreeMap<String, String>,
    call: Call,
) {
    let code = file.code();
    if call.open != call.first + 1 {
        return;
    }
    let class = code.raw(call.first);
    let Some((module, _)) = imports.get(class).and_then(|t| t.rsplit_once('#')) else {
        return;
    };
    for argument in code.arguments(call.open) {
        let list = match code.is(argument.start, "[") {
            true => Some(argument.start),
            // `const routes = [new UserRoute()]`
            false => code
                .ident(argument.start)
                .filter(|_| argument.len() == 1)
                .and_then(|name| {
                    (2..code.tokens.len()).find(|&at| {
                        code.is(at, "[") && code.is(at - 1, "=") && code.is(at - 2, name)
                    })
                }),
        };
        let items = list.map(|open| code.arguments(open)).unwrap_or_default();
        for item in items {
            let target = code
                .ident(item.start + 1)
                .filter(|_| code.is(item.start, "new"))
                .and_then(|name| imports.get(name));
            if let Some(target) = target {
                let mount = Mount {
                    router: Some(format!("={module}#{}", slot(class))),
                    target: target.to_owned(),
                    ..Mount::default()
                };
                acc.add(file, call.line, call.line, Claim::Mount(mount));
            }
        }
    }
}

/// `fs.readdirSync('./routes').forEach(file => app.use(`/api/${name}`, require(`./routes/${file}`)))`.
fn of_folder(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    values: &Values<'_, '_>,
    routers: &Routers,
    call: Call,
) {
    let code = file.code();
    let arguments = code.arguments(call.open);
    let [path @ .., module] = arguments.as_slice() else {
        return;
    };
    let open = module.start + 1;
    if !code.is(module.start, "require") || !code.is(open, "(") {
        return;
    }
    // Which files a filter leaves, is not read.
    let reads = (0..call.first)
        .rev()
        .take(200)
        .find(|&at| code.is(at, "readdirSync"));
    let filtered = |from: usize| {
        (from..call.first).any(|at| matches!(code.raw(at), "filter" | "if" | "continue"))
    };
    if reads.is_some_and(filtered) {
        return;
    }
    let Some(folder) = code
        .arguments(open)
        .first()
        .and_then(|range| folder(code, values, range))
    else {
        return;
    };
    let prefix = match path {
        [] => String::new(),
        [path, ..] => {
            let Some(text) = values.fold(path.clone()) else {
                return;
            };
            // What stands for the name of the file is the only part that is not written.
            match (text.find('{'), text.rfind('}')) {
                (Some(from), Some(to)) if from < to && !text[from + 1..to].contains(['{', '/']) => {
                    format!("{}{STEM}{}", &text[..from], &text[to + 1..])
                }
                (None, None) => text,
                _ => return,
            }
        }
    };
    let (receiver, at) = super::js_routers::receiver(code, call.first);
    let stand = routers.stand(file, receiver, at, 0);
    let mount = Mount {
        router: stand.router,
        prefix: scan::below(&stand.prefix, &prefix),
        target: format!("{FILES}{folder}"),
        ..Mount::default()
    };
    acc.add(file, call.line, call.line, Claim::Mount(mount));
}

/// The folder of what is required in a loop: `./routes` of `./routes/${file}`, `.` of `path.join(__dirname, file)`.
fn folder(code: &Code<'_>, values: &Values<'_, '_>, range: &Range<usize>) -> Option<String> {
    if let Some(open) = range
        .clone()
        .find(|&at| code.is(at, "join") || code.is(at, "resolve"))
    {
        let parts = code.arguments(open + 1);
        let (last, before) = parts.split_last()?;
        code.ident(last.start)?;
        let mut whole = ".".to_owned();
        for part in before {
            match code.string(part.start) {
                Some(text) => whole = format!("{whole}/{}", text.trim_start_matches("./")),
                None if code.is(part.start, "__dirname") => {}
                None => return None,
            }
        }
        return Some(whole);
    }
    let text = values.fold(range.clone())?;
    let (before, after) = text.split_once('{')?;
    let plain = before.starts_with('.') && before.ends_with('/') && after.matches('{').count() == 0;
    plain.then(|| before.trim_end_matches('/').to_owned())
}
