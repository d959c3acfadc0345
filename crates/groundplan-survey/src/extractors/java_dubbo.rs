//! Services of Apache Dubbo in Java and Kotlin: who offers an interface and who calls through it.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, Client, FileFacts};
use crate::scan::{self, Part};
use crate::source::SourceFile;
use groundplan_syntax::{Code, DeclKind, Declared, Language};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "java-dubbo",
    docs: "\
### What it finds
Classes that offer their interfaces through Dubbo (`@DubboService`, and `@Service` of its packages) and
fields and setters through which code calls such an interface (`@DubboReference`, `@Reference`)
(<https://cn.dubbo.apache.org/en/overview/mannual/java-sdk/reference-manual/config/annotation/>).

### What it does not find
Services and references in XML, in YAML or through the programming interface.
",
    reads: &[Reads::Own(&[Language::Java, Language::Kotlin])],
    markers: &["dubbo"],
    run: extract,
};

/// The protocol of its clients.
pub(crate) const DUBBO: &str = "dubbo";

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own {
        return;
    }
    let code = file.code();
    for declared in &file.outline().declared {
        match declared.kind {
            DeclKind::Type if is_marked(file, declared, ["DubboService", "Service"]) => {
                for name in interfaces(file, declared) {
                    scan::add(acc, file, declared.line, Claim::RpcServer(name));
                }
            }
            DeclKind::Field | DeclKind::Function
                if is_marked(file, declared, ["DubboReference", "Reference"]) =>
            {
                if let Some(name) = kind_of(code, declared) {
                    let client = Client {
                        operation: Some(name.to_owned()),
                        ..scan::call(DUBBO, None, DUBBO)
                    };
                    scan::client(acc, file, declared.line, client);
                }
            }
            _ => {}
        }
    }
}

/// Whether a declaration has the annotation of Dubbo, or one of the older name that the file imports from
/// its packages.
fn is_marked(file: &SourceFile<'_>, declared: &Declared, [own, older]: [&str; 2]) -> bool {
    let imported = || {
        ["com.alibaba.dubbo", "org.apache.dubbo"]
            .iter()
            .any(|from| {
                file.text
                    .contains(&format!("import {from}.config.annotation.{older};"))
            })
    };
    declared.annotation(&[own]).is_some() || declared.annotation(&[older]).is_some() && imported()
}

/// The interfaces that a class implements, without packages and type parameters.
fn interfaces(file: &SourceFile<'_>, declared: &Declared) -> Vec<String> {
    let code = file.code();
    let own = file.outline().types.iter().find(|t| t.at == declared.at);
    let Some(own) = own else { return Vec::new() };
    let mark = match code.language {
        Language::Kotlin => ":",
        _ => "implements",
    };
    let mut heritage = own.heritage.clone();
    let Some(begin) = heritage.find(|&at| code.is(at, mark)) else {
        return Vec::new();
    };
    let mut all = Vec::new();
    let mut depth = 0_i32;
    for at in begin + 1..own.heritage.end {
        match code.raw(at) {
            "<" | "(" => depth += 1,
            ">" | ")" => depth -= 1,
            _ => {}
        }
        // The last word of a dotted name is the interface.
        if depth == 0
            && let Some(name) = code.ident(at)
            && !code.is(at + 1, ".")
            && !code.is(at + 1, "(")
        {
            all.push(name.to_owned());
        }
    }
    all
}

/// The type of a field, or of what a setter takes.
fn kind_of<'t>(code: &Code<'t>, declared: &Declared) -> Option<&'t str> {
    let at = match (declared.kind, code.language) {
        (DeclKind::Function, Language::Java) => declared.at + 2,
        (DeclKind::Function, _) => return None,
        (_, Language::Kotlin) if code.is(declared.at + 1, ":") => declared.at + 2,
        (_, Language::Kotlin) => return None,
        _ => declared.at.checked_sub(1)?,
    };
    code.ident(at)
}
