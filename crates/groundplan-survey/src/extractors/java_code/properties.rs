//! Classes of `@ConfigurationProperties`: each field is a property below the prefix.

use crate::facts::FileFacts;
use crate::members::members;
use crate::scan;
use crate::source::SourceFile;
use groundplan_syntax::{Language, TokenKind, TypeDecl};

/// Types of fields that hold properties of their own, by the end of their names.
const NESTED: [&str; 5] = ["Properties", "Config", "Configuration", "Settings", "Options"];

/// Adds a property for every field of plain type. Fields that are classes of the file, or are called
/// after what they hold, have properties of their own, whose names are not made here.
pub(super) fn add(acc: &mut FileFacts, file: &SourceFile<'_>, class: &TypeDecl, prefix: &str) {
    if file.language != Language::Java || prefix.is_empty() || prefix.contains('$') {
        return;
    }
    let code = file.code();
    let types = &file.outline().types;
    for member in members(file, class) {
        let kind = code.raw(member.kind.start);
        let nested = types.iter().any(|t| t.name == kind)
            || NESTED.iter().any(|end| kind.ends_with(end))
            || member.mark(&["NestedConfigurationProperty"]).is_some();
        if nested || kind == "Map" {
            continue;
        }
        let at = member.kind.end + 1;
        let plain = |at: usize| {
            let number = code.tokens.get(at).is_some_and(|t| t.kind == TokenKind::Number);
            let word = number || matches!(code.raw(at), "true" | "false");
            code.string(at).or_else(|| word.then(|| code.raw(at)))
        };
        let default = (code.is(at, "=") && code.is(at + 2, ";")).then(|| plain(at + 1));
        let name = format!("{prefix}.{}", kebab(member.name));
        scan::env(acc, file, member.last, &name, default.flatten());
    }
}

/// `useAbsolutePermalink` as Spring writes it: `use-absolute-permalink`.
fn kebab(name: &str) -> String {
    scan::snake(name).replace('_', "-")
}
