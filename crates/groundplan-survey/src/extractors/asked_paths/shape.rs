//! Paths in one form: what is not fixed is `{}`.

use crate::imports::is_version;
use crate::secrets;

/// First parts of paths of files.
const FILES: [&str; 24] = [
    "bin",
    "boot",
    "dev",
    "etc",
    "home",
    "lib",
    "lib64",
    "media",
    "mnt",
    "node_modules",
    "opt",
    "path",
    "proc",
    "root",
    "run",
    "sbin",
    "src",
    "srv",
    "sys",
    "target",
    "tmp",
    "usr",
    "var",
    "workspace",
];

/// Endings of files that are handed out or lie on a disk.
const ENDINGS: [&str; 40] = [
    "bin", "cfg", "conf", "crt", "css", "csv", "db", "exe", "gif", "go", "gz", "html", "ico",
    "java", "jpeg", "jpg", "js", "jsx", "key", "log", "map", "md", "mjs", "pem", "php", "png",
    "py", "rb", "rs", "scss", "sh", "sock", "sql", "svg", "ts", "tsx", "txt", "vue", "yaml", "yml",
];

/// Parts of one path at most.
const MOST: usize = 14;

/// The hole that stands for what is not fixed.
pub(crate) const HOLE: &str = "{}";

/// A path with a hole in each part that is not fixed; none for what is no path of HTTP.
pub(super) fn path(raw: &str) -> Option<String> {
    let holed = with_holes(without_query(raw))?;
    let mut out = String::new();
    let (mut count, mut telling) = (0, false);
    for part in holed.split('/').filter(|part| !part.is_empty()) {
        count += 1;
        let one = one(part)?;
        if count == 1 && FILES.contains(&one) {
            return None;
        }
        telling |= tells(one);
        out.push('/');
        out.push_str(one);
    }
    let last = out.rsplit('/').next().unwrap_or_default();
    let file = last
        .rsplit_once('.')
        .is_some_and(|(_, end)| ENDINGS.iter().any(|known| known.eq_ignore_ascii_case(end)));
    (telling && !file && count <= MOST).then_some(out)
}

/// A path without what is asked of it: values behind `?` may be secrets. `#{id}` is a hole of Ruby.
fn without_query(raw: &str) -> &str {
    let mut depth = 0_u32;
    for (at, c) in raw.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            '?' if depth == 0 => return raw.get(..at).unwrap_or_default(),
            '#' if depth == 0 && raw.get(at + 1..).is_none_or(|rest| !rest.starts_with('{')) => {
                return raw.get(..at).unwrap_or_default();
            }
            _ => {}
        }
    }
    raw
}

/// A base that clients put before paths: fixed parts only.
pub(super) fn base(raw: &str) -> Option<String> {
    let raw = raw.trim_end_matches('/');
    let mut parts = raw.split('/').skip(1);
    let plain = |part: &str| {
        !part.is_empty()
            && part.len() < 40
            && !secrets::is_secret_value(part)
            && part
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
    };
    let fixed = raw.starts_with('/') && parts.clone().all(plain) && parts.clone().count() <= 5;
    let first = parts.next().unwrap_or_default();
    let name = raw.rsplit('/').next().unwrap_or_default();
    let ending = name.rsplit_once('.').map_or("", |(_, end)| end);
    (fixed && !FILES.contains(&first) && !ENDINGS.contains(&ending)).then(|| raw.to_owned())
}

/// A part, or a hole for a number or an identifier.
fn one(part: &str) -> Option<&str> {
    // Values in a path (`;token=…`), addresses of people, and what secrets look like, stand for a value.
    let value = part.contains(['=', ';', '&'])
        || part.find('@').is_some_and(|at| at > 0)
        || secrets::is_secret_value(part);
    if part.contains(HOLE) || value {
        return Some(HOLE);
    }
    let fits = part.len() <= 80
        && part
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-_.~@!:,+*".contains(&b));
    if !fits {
        return None;
    }
    let digits = part.bytes().filter(u8::is_ascii_digit).count();
    let number = digits == part.len();
    let hex = part.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
    let id = hex && part.len() >= 16 || part.len() >= 20 && digits > 3;
    let parameter = part.starts_with(':') && part.len() > 1;
    Some(if number || id || parameter {
        HOLE
    } else {
        part
    })
}

/// Puts a hole in the place of everything that the text itself fills in.
fn with_holes(raw: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = raw;
    while let Some(at) = rest.find(['$', '#', '{', '<', '%', '[', '(']) {
        out.push_str(rest.get(..at)?);
        let from = rest.get(at..)?;
        let mut chars = from.chars();
        let (first, second) = (chars.next()?, chars.next());
        let skipped = match (first, second) {
            ('$' | '#', Some('{')) => closed(from, '{', '}')?,
            ('{', _) => closed(from, '{', '}')?,
            ('<', _) => closed(from, '<', '>')?,
            ('[', _) => closed(from, '[', ']')?,
            ('$', Some('(')) => closed(from, '(', ')')?,
            // `%2F` is one character; `%s`, `%-5d` stand for a value.
            ('%', Some(c)) if c.is_ascii_alphabetic() && !c.is_ascii_hexdigit() => 2,
            ('%', Some('d')) => 2,
            ('$', Some(c)) if c.is_ascii_alphabetic() || c == '_' => {
                let name = from.get(1..)?;
                let end = name.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
                1 + end.unwrap_or(name.len())
            }
            _ => return None,
        };
        out.push_str(HOLE);
        rest = from.get(skipped..)?;
    }
    out.push_str(rest);
    Some(out)
}

/// Where what opens in the text closes, behind the bracket.
fn closed(text: &str, open: char, close: char) -> Option<usize> {
    let mut depth = 0_u32;
    for (at, c) in text.char_indices().take(200) {
        if c == open {
            depth += 1;
        } else if c == close {
            depth = depth.saturating_sub(1);
            if depth == 0 {
                return Some(at + 1);
            }
        }
    }
    None
}

/// Whether a part says more than bases do: `assets`, and not `api` or `v2`.
pub(crate) fn tells(part: &str) -> bool {
    const PLAIN: [&str; 8] = [
        "api", "apis", "graphql", "public", "rest", "rpc", "web", "www",
    ];
    part.len() > 2 && !part.contains('{') && !is_version(part) && !PLAIN.contains(&part)
}

#[cfg(test)]
mod tests {
    use super::{base, path};

    #[test]
    fn holes() {
        let is = |raw, wanted: &str| assert_eq!(path(raw).as_deref(), Some(wanted), "{raw}");
        is("/api/v1/orders/17", "/api/v1/orders/{}");
        is(
            "/api/orders/${order.id}/lines?full=1",
            "/api/orders/{}/lines",
        );
        is("/api/orders/#{id}", "/api/orders/{}");
        is("/orders/%s/lines/%d", "/orders/{}/lines/{}");
        is("/orders/:id/", "/orders/{}");
        is(
            "/orders/#{order.id}/lines?token=abc#top",
            "/orders/{}/lines",
        );
        is("/orders/${id ? id : 1}/lines", "/orders/{}/lines");
        is("/orders/ada@shop.test/lines;token=abc", "/orders/{}/{}");
        is("/orders/$id/lines", "/orders/{}/lines");
        is("/orders/7b0c2a54-2a3f-4f6e-9df1-000000000001", "/orders/{}");
        assert_eq!(path("/etc/shop/orders"), None);
        assert_eq!(path("/static/app.js"), None);
        assert_eq!(path("/api/v1"), None);
        assert_eq!(path("/orders are here"), None);
        assert_eq!(base("/api/v1/").as_deref(), Some("/api/v1"));
        assert_eq!(base("/usr/lib"), None);
    }
}
