//! Paths as Rails writes them.

/// Paths that the optional parts of one make, at most.
const MOST: usize = 8;

/// Two parts of a path with one slash between them.
pub(in crate::extractors) fn join(before: &str, after: &str) -> String {
    let (before, after) = (before.trim_end_matches('/'), after.trim_matches('/'));
    match after.is_empty() {
        true => before.to_owned(),
        // `(/:page)` and `(.:format)` bring their own.
        false if after.starts_with("(/") || after.starts_with("(.") => format!("{before}{after}"),
        false => format!("{before}/{after}"),
    }
}

/// A path without its optional parts.
pub(in crate::extractors) fn required(path: &str) -> String {
    let mut depth = 0_u32;
    let mut out = String::new();
    for c in path.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

/// All paths that a path with optional parts stands for, the shortest first: `/a(/:b)` is `/a` and
/// `/a/:b`. The format at the end says how to answer and is none.
pub(in crate::extractors) fn expanded(path: &str) -> Vec<String> {
    let mut open = vec![path.replace("(.:format)", "")];
    let mut done: Vec<String> = Vec::new();
    while let Some(next) = open.pop() {
        if done.len() + open.len() >= MOST {
            done.push(required(&next));
            continue;
        }
        let Some((start, end)) = innermost(&next) else {
            done.push(next);
            continue;
        };
        let (before, inner, after) = (&next[..start], &next[start + 1..end], &next[end + 1..]);
        open.push(format!("{before}{inner}{after}"));
        open.push(format!("{before}{after}"));
    }
    done.sort_by_key(|p| (p.len(), p.clone()));
    done.dedup();
    done
}

/// The first bracket of an optional part that holds no other, and where it closes.
fn innermost(path: &str) -> Option<(usize, usize)> {
    let end = path.find(')')?;
    let start = path[..end].rfind('(')?;
    Some((start, end))
}

/// A path as a template: `/users/:id.json` is `/users/{id}.json`, `/*rest` is `/{rest}`.
pub(in crate::extractors) fn template(path: &str) -> String {
    let mut out = String::from("/");
    let mut rest = path;
    while let Some(at) = rest.find([':', '*']) {
        let (before, marked) = rest.split_at(at);
        let name = &marked[1..];
        let end = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let (name, after) = name.split_at(end.unwrap_or(name.len()));
        add(&mut out, before);
        match name.is_empty() {
            true => add(&mut out, &marked[..1]),
            false => add(&mut out, &format!("{{{name}}}")),
        }
        rest = after;
    }
    add(&mut out, rest);
    match out.len() > 1 {
        true => out.trim_end_matches('/').to_owned(),
        false => out,
    }
}

/// Adds to a path without making two slashes.
fn add(out: &mut String, part: &str) {
    for c in part.chars() {
        if c != '/' || !out.ends_with('/') {
            out.push(c);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{expanded, join, template};

    #[test]
    fn optional_parts() {
        assert_eq!(
            expanded("/top(/:length(/page/:page))(.:format)"),
            ["/top", "/top/:length", "/top/:length/page/:page"]
        );
        assert_eq!(expanded("/s/:id/(:title)"), ["/s/:id/", "/s/:id/:title"]);
        assert_eq!(join("/a", "(/:b)"), "/a(/:b)");
    }

    #[test]
    fn parameters() {
        assert_eq!(template("~:username/c.rss"), "/~{username}/c.rss");
        assert_eq!(template("/s/:id/"), "/s/{id}");
        assert_eq!(template("/files/*path"), "/files/{path}");
        assert_eq!(template(""), "/");
    }
}
