//! Container image references as people write them: with registries, tags, digests, variables of
//! shells and Compose, and expressions of Helm and other template languages.

/// The repository of an image reference in lower case: without registry host, `library/`, tag and
/// digest. Variables give their default value, or nothing; an empty string means that only
/// variables were there.
///
/// `docker.io/bitnami/kafka:3.4` gives `bitnami/kafka`, `${DB_IMAGE:-postgres:16}` gives
/// `postgres`.
pub fn image_repository(reference: &str) -> String {
    let trimmed = reference.trim().trim_matches(['"', '\'']);
    let plain = without_variables(&without_templates(trimmed), 0);
    let plain = plain.trim();
    // A scheme as in `docker://` of CI files and `oci://` of Helm is no part of the name.
    let plain = plain.split_once("://").map_or(plain, |(_, rest)| rest);
    let plain = plain.split('@').next().unwrap_or_default();
    let name_start = plain.rfind('/').map_or(0, |at| at + 1);
    let plain = match plain[name_start..].find(':') {
        Some(colon) => &plain[..name_start + colon],
        None => plain,
    };
    let mut parts: Vec<&str> = plain.split('/').filter(|p| !p.is_empty()).collect();
    if parts.len() > 1 && is_host(parts[0]) {
        parts.remove(0);
    }
    if parts.len() > 1 && parts[0] == "library" {
        parts.remove(0);
    }
    parts.join("/").to_lowercase()
}

/// Docker takes the first part for a host if it has a dot or a colon, or is `localhost`.
fn is_host(part: &str) -> bool {
    part == "localhost" || part.contains(['.', ':'])
}

/// Replaces `{{ … }}` by the quoted value of its `default`, or by nothing.
fn without_templates(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find("{{") {
        out.push_str(&rest[..open]);
        let inner_start = open + 2;
        let Some(close) = rest[inner_start..].find("}}") else {
            return out;
        };
        let inner = &rest[inner_start..inner_start + close];
        if let Some(at) = inner.find("default") {
            let quoted = inner[at..].split('"').nth(1);
            out.push_str(quoted.unwrap_or_default());
        }
        rest = &rest[inner_start + close + 2..];
    }
    out.push_str(rest);
    out
}

/// How deep defaults may stand in defaults before the rest is dropped.
const MAX_NESTING: usize = 8;

/// Replaces `${NAME:-default}` by its default, `${NAME}`, `$NAME` and `$(NAME)` by nothing.
fn without_variables(text: &str, depth: usize) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(dollar) = rest.find('$') {
        out.push_str(&rest[..dollar]);
        let after = &rest[dollar + 1..];
        if let Some(inner) = after.strip_prefix('{') {
            let Some(close) = closing_brace(inner) else {
                return out;
            };
            if depth < MAX_NESTING
                && let Some(default) = default_of(&inner[..close])
            {
                out.push_str(&without_variables(default, depth + 1));
            }
            rest = &inner[close + 1..];
        } else if let Some(inner) = after.strip_prefix('(') {
            rest = inner.split_once(')').map_or("", |(_, rest)| rest);
        } else {
            let end = after
                .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                .unwrap_or(after.len());
            rest = &after[end..];
        }
    }
    out.push_str(rest);
    out
}

/// Byte offset of the brace that closes an already opened one.
fn closing_brace(text: &str) -> Option<usize> {
    let mut open = 1usize;
    for (at, c) in text.char_indices() {
        match c {
            '{' => open += 1,
            '}' => open -= 1,
            _ => {}
        }
        if open == 0 {
            return Some(at);
        }
    }
    None
}

/// The default in the inside of `${…}`: `NAME:-x`, `NAME-x`, and `NAME:x` as Spring writes it.
fn default_of(inner: &str) -> Option<&str> {
    let end = inner.find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '.')?;
    let rest = &inner[end..];
    if rest.starts_with(":?") || rest.starts_with(":+") {
        return None;
    }
    rest.strip_prefix(":-")
        .or_else(|| rest.strip_prefix('-'))
        .or_else(|| rest.strip_prefix(':'))
}
