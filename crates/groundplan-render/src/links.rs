//! Where links lead: files of the repository, diagrams, web addresses.

use std::fmt::Write;

/// Where links of a document lead.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Links {
    /// Web base for code, such as `https://host/owner/repo/blob/REV`; wins over `relative_root`.
    pub source_base: Option<String>,
    /// Relative path from the folder of the output to the root of the repository, such as `../..`;
    /// `None` if the output lies outside of it.
    pub relative_root: Option<String>,
    /// Folder of the drawings relative to the output, such as `diagrams`.
    pub diagrams: String,
}

impl Links {
    /// The address of a file, with `#L3-L9` if lines are given; `None` if nothing can be linked.
    pub(crate) fn file(&self, path: &str, lines: Option<[u32; 2]>) -> Option<String> {
        let base = match (&self.source_base, &self.relative_root) {
            (Some(base), _) if web(base).is_some() => web(base)?,
            (_, Some(root)) => match encode_path(root) {
                root if root.is_empty() => ".".to_string(),
                root => root,
            },
            _ => return None,
        };
        let mut target = base.trim_end_matches('/').to_string();
        let mut empty = true;
        for part in path
            .split('/')
            .filter(|part| !part.is_empty() && *part != ".")
        {
            // A path that leaves the repository is no path of the repository.
            if part == ".." {
                return None;
            }
            target.push('/');
            target.push_str(&encode_path(part));
            empty = false;
        }
        match lines {
            _ if empty => return None,
            Some([first, last]) if first > 0 && last > first => {
                let _ = write!(target, "#L{first}-L{last}");
            }
            Some([first, _]) if first > 0 => {
                let _ = write!(target, "#L{first}");
            }
            _ => {}
        }
        Some(target)
    }

    /// The address of the drawing of a view.
    pub(crate) fn drawing(&self, view: &str) -> String {
        let folder = encode_path(self.diagrams.trim_end_matches('/'));
        let file = encode_path(view).replace('/', "%2F");
        match folder.is_empty() {
            true => format!("./{file}.svg"),
            false => format!("{folder}/{file}.svg"),
        }
    }
}

/// A web or mail address that is safe to link, encoded; `None` for every other scheme.
pub(crate) fn web(url: &str) -> Option<String> {
    let url = url.trim();
    let scheme = url.get(..url.find(':')?)?.to_ascii_lowercase();
    let rest = url.get(scheme.len() + 1..)?;
    let sound = match scheme.as_str() {
        "http" | "https" => rest.len() > 2 && rest.starts_with("//"),
        "mailto" => !rest.is_empty(),
        _ => false,
    };
    if !sound || rest.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return None;
    }
    let keep = |b: u8| b.is_ascii_graphic() && !b"\"'()*<>[\\]^`{|}".contains(&b);
    Some(format!("{scheme}:{}", encode(rest, keep)))
}

/// A path with everything but `/` and unreserved characters as `%XX`.
pub(crate) fn encode_path(path: &str) -> String {
    encode(path, |b| {
        b.is_ascii_alphanumeric() || b"/-._~@+,=".contains(&b)
    })
}

fn encode(text: &str, keep: impl Fn(u8) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if keep(byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(base: Option<&str>, root: Option<&str>) -> Links {
        Links {
            source_base: base.map(String::from),
            relative_root: root.map(String::from),
            diagrams: "diagrams".into(),
        }
    }

    #[test]
    fn files_are_linked_by_base_then_by_root() {
        let web = links(Some("https://host/o/r/blob/abc/"), Some("../.."));
        assert_eq!(
            web.file("a b/c#d.go", Some([3, 9])).as_deref(),
            Some("https://host/o/r/blob/abc/a%20b/c%23d.go#L3-L9")
        );
        let near = links(None, Some("../.."));
        assert_eq!(
            near.file("compose.yaml", Some([12, 12])).as_deref(),
            Some("../../compose.yaml#L12")
        );
        assert_eq!(
            near.file("compose.yaml", None).as_deref(),
            Some("../../compose.yaml")
        );
        assert_eq!(links(None, None).file("compose.yaml", None), None);
    }

    #[test]
    fn a_path_cannot_become_another_address() {
        for root in ["", ".", "./"] {
            let here = links(None, Some(root));
            assert_eq!(
                here.file("javascript:alert(1)", None).as_deref(),
                Some("./javascript%3Aalert%281%29")
            );
            assert_eq!(
                here.file("//evil.example/x", None).as_deref(),
                Some("./evil.example/x")
            );
            assert_eq!(here.file("../../etc/passwd", None), None);
            assert_eq!(here.file("", None), None);
        }
        assert_eq!(
            links(Some("javascript:alert(1)//"), None).file("a", None),
            None
        );
        assert_eq!(
            links(None, None).drawing("../x/\"y").as_str(),
            "diagrams/..%2Fx%2F%22y.svg"
        );
    }

    #[test]
    fn only_web_and_mail_are_linked() {
        assert_eq!(
            web("HTTPS://a.example/x?y=(1)").as_deref(),
            Some("https://a.example/x?y=%281%29")
        );
        assert_eq!(
            web("mailto:a@b.example").as_deref(),
            Some("mailto:a@b.example")
        );
        for bad in [
            "javascript:alert(1)",
            "java\nscript:x",
            "data:text/html,x",
            "//x",
            "http:",
            "",
            "é:x",
            "https://a b",
            "vbscript:x",
            " javascript:x",
            "http:\u{0}//x",
        ] {
            assert_eq!(web(bad), None, "{bad}");
        }
    }
}
