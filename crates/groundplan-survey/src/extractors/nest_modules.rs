//! NestJS: paths that `RouterModule` puts before all controllers of a module
//! (<https://docs.nestjs.com/recipes/router-module>).

use crate::facts::{Claim, FileFacts, Mount};
use crate::http_paths::UNREAD;
use crate::scan;
use crate::source::SourceFile;
use crate::values::Values;
use groundplan_syntax::{Code, DeclKind};

/// Begin of the target of a mount whose prefix stands before the module that follows.
pub(crate) const ROUTED: &str = "*nestjs-routed:";
/// Begin of the target of a mount that says that the module which follows holds the controller `router`.
pub(crate) const HOLDS: &str = "*nestjs-holds:";
/// Begin of the target of a mount that says that a file has the controller which follows.
pub(crate) const CONTROLLER: &str = "*nestjs-controller:";

/// Modules inside of modules at most, and those of one list.
const DEEPEST: u8 = 8;
const MOST: usize = 200;

pub(super) fn add(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let code = file.code();
    let outline = file.outline();
    let mut found: Vec<(u32, Mount)> = Vec::new();
    for declared in outline.declared.iter().filter(|d| d.kind == DeclKind::Type) {
        if declared.annotation(&["Controller"]).is_some() {
            let mount = Mount {
                target: format!("{CONTROLLER}{}", declared.name),
                ..Mount::default()
            };
            found.push((declared.line, mount));
        }
        let Some(open) = declared.annotation(&["Module"]).and_then(|note| note.open) else {
            continue;
        };
        let values = Values::new(file);
        let object = code.arguments(open).into_iter().next();
        let list = object
            .and_then(|range| values.literal_at(&range))
            .and_then(|open| values.property(open, "controllers"))
            .and_then(|range| values.literal_at(&range));
        for item in list.map(|open| code.arguments(open)).unwrap_or_default() {
            let Some(controller) = code.ident(item.start).filter(|_| item.len() == 1) else {
                continue;
            };
            let mount = Mount {
                router: Some(controller.to_owned()),
                target: format!("{HOLDS}{}", declared.name),
                ..Mount::default()
            };
            found.push((declared.line, mount));
        }
    }
    if file.says("RouterModule") {
        let values = Values::new(file);
        for call in code.calls() {
            let registers = call.open >= 3
                && code.is(call.open - 1, "register")
                && code.is(call.open - 3, "RouterModule");
            if !registers {
                continue;
            }
            let first = code.arguments(call.open).into_iter().next();
            if let Some(list) = first.and_then(|range| values.literal_at(&range)) {
                routed(code, &values, list, "", 0, &mut found);
            }
        }
    }
    for (line, mount) in found {
        acc.add(file, line, line, Claim::Mount(mount));
    }
}

/// `[{ path: "admin", module: AdminModule, children: [StatsModule] }]`.
fn routed(
    code: &Code<'_>,
    values: &Values<'_, '_>,
    list: usize,
    outer: &str,
    depth: u8,
    found: &mut Vec<(u32, Mount)>,
) {
    for item in code.arguments(list) {
        if depth > DEEPEST || found.len() > MOST {
            return;
        }
        let mut add = |name: &str, prefix: &str| {
            let mount = Mount {
                prefix: prefix.to_owned(),
                target: format!("{ROUTED}{name}"),
                ..Mount::default()
            };
            found.push((code.line(item.start), mount));
        };
        // A module alone among children stands where they do.
        if let Some(name) = code
            .ident(item.start)
            .filter(|_| item.len() == 1 && depth > 0)
        {
            add(name, outer);
            continue;
        }
        if !code.is(item.start, "{") {
            continue;
        }
        let path = values.property(item.start, "path").map(|range| {
            let name = code.dotted(range.start, range.end);
            let named = code.ident(range.start).is_some() && !name.contains('(');
            values.fold(range).unwrap_or_else(|| match named {
                true => format!("{{{name}}}"),
                false => UNREAD.to_owned(),
            })
        });
        let whole = scan::below(outer, &path.unwrap_or_default());
        let module = values.property(item.start, "module");
        if let Some(name) = module.and_then(|range| code.ident(range.start)) {
            add(name, &whole);
        }
        let children = values.property(item.start, "children");
        if let Some(open) = children.and_then(|range| values.literal_at(&range)) {
            routed(code, values, open, &whole, depth + 1, found);
        }
    }
}
