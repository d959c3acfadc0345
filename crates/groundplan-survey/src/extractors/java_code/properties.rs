//! Classes of `@ConfigurationProperties`: each field is a property below the prefix.

use crate::facts::FileFacts;
use crate::members::members;
use crate::scan;
use crate::source::SourceFile;
use groundplan_syntax::{Language, TokenKind, TypeDecl};

/// Types that one property fills. A field of another is a service, or has properties of its own.
const PLAIN: [&str; 32] = [
    "BigDecimal",
    "BigInteger",
    "Boolean",
    "Byte",
    "Charset",
    "Class",
    "Collection",
    "DataSize",
    "Double",
    "Duration",
    "File",
    "Float",
    "InetAddress",
    "Integer",
    "List",
    "Locale",
    "Long",
    "Path",
    "Pattern",
    "Period",
    "Resource",
    "Set",
    "Short",
    "String",
    "URI",
    "URL",
    "UUID",
    "boolean",
    "double",
    "float",
    "int",
    "long",
];

/// Adds a property for every field of plain type.
pub(super) fn add(acc: &mut FileFacts, file: &SourceFile<'_>, class: &TypeDecl, prefix: &str) {
    if file.language != Language::Java || prefix.is_empty() || prefix.contains('$') {
        return;
    }
    let code = file.code();
    for member in members(file, class) {
        let kind = code.raw(member.kind.start);
        // What the field says itself goes before the prefix.
        let other = member.mark(&["Value", "Autowired", "Inject"]).is_some();
        if other || !PLAIN.contains(&kind) {
            continue;
        }
        let at = member.kind.end + 1;
        let plain = |at: usize| {
            let number = code
                .tokens
                .get(at)
                .is_some_and(|t| t.kind == TokenKind::Number);
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
