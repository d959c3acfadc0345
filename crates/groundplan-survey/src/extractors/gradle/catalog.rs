use crate::facts::{Claim, FileFacts, ManagedVersion};
use crate::manifest::text_of;
use crate::source::SourceFile;
use groundplan_syntax::Node;

/// A version catalogue: its libraries under the aliases of build files.
pub(super) fn read(acc: &mut FileFacts, file: &SourceFile<'_>, catalog: &str) {
    let Some(root) = file.toml() else {
        return;
    };
    let versions = root.get("versions");
    let version_of = |node: &Node| match node.get("version") {
        Some(version) => match version.str_of("ref") {
            Some(name) => versions.and_then(|v| text_of(v, name)),
            None => version.str().map(str::to_owned),
        },
        None => None,
    };
    for (key, node) in root.get("libraries").map(Node::entries).unwrap_or_default() {
        let (name, version) = match node.str() {
            Some(text) => {
                let mut parts = text.splitn(3, ':');
                let group = parts.next().unwrap_or_default();
                let name = format!("{group}:{}", parts.next().unwrap_or_default());
                (Some(name), parts.next().map(str::to_owned))
            }
            None => {
                let name = text_of(node, "module").or_else(|| {
                    Some(format!(
                        "{}:{}",
                        text_of(node, "group")?,
                        text_of(node, "name")?
                    ))
                });
                (name, version_of(node))
            }
        };
        let Some(name) = name else {
            continue;
        };
        let claim = ManagedVersion {
            ecosystem: "maven".to_owned(),
            name,
            version: version.unwrap_or_default(),
            alias: Some(format!("{catalog}.{}", key.text.replace(['-', '_'], "."))),
            path: None,
        };
        let last = node.last.max(key.line);
        acc.add(file, key.line, last, Claim::ManagedVersion(claim));
    }
}
