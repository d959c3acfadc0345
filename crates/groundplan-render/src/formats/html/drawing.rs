//! A drawing inside a page: its style stands once, and its dark colours follow the page's switch.

use super::page::Page;

const DARK: &str = "@media (prefers-color-scheme:dark)";

impl Page<'_> {
    /// The `svg` element of a drawing. The drawer escapes what it draws; a drawing that holds a
    /// script all the same is left out.
    pub(super) fn drawing(&mut self, svg: &str) {
        let lower = svg.to_ascii_lowercase();
        let hostile = ["<script", "<foreignobject", "<iframe"]
            .iter()
            .any(|tag| lower.contains(tag));
        let Some(start) = svg.find("<svg").filter(|_| !hostile) else {
            return;
        };
        let svg = svg[start..].trim();
        let parts = svg.split_once("<style>").and_then(|(head, rest)| {
            rest.split_once("</style>")
                .map(|(style, tail)| (head, style, tail))
        });
        let Some((head, style, tail)) = parts else {
            self.push(svg);
            return;
        };
        self.push(head);
        if self.styles.insert(style.to_string()) {
            self.push(&format!("<style>{}</style>", switched(style)));
        }
        self.push(tail);
    }
}

/// A style whose dark rules hold if the system is dark and the page was not switched to light, or
/// if the page was switched to dark, and never on paper.
fn switched(style: &str) -> String {
    let parts = style.split_once(DARK).and_then(|(head, rest)| {
        let (body, tail) = block(rest.trim_start())?;
        Some((head, body, tail))
    });
    let Some((head, body, tail)) = parts else {
        return style.to_string();
    };
    let system = scoped(body, ":root:not([data-theme=light])");
    let chosen = scoped(body, ":root[data-theme=dark]");
    format!(
        "{head}@media screen and (prefers-color-scheme:dark){{{system}}}@media screen{{{chosen}}}{tail}"
    )
}

/// What stands in the braces at the beginning of `style`, and what follows them.
fn block(style: &str) -> Option<(&str, &str)> {
    let inner = style.strip_prefix('{')?;
    let mut depth = 1;
    for (at, c) in inner.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some((&inner[..at], &inner[at + 1..]));
        }
    }
    None
}

/// Every rule with `scope` before its selector.
fn scoped(rules: &str, scope: &str) -> String {
    let mut out = String::new();
    let mut rest = rules.trim();
    while let Some((selector, after)) = rest.split_once('{') {
        let Some((body, _)) = after.split_once('}') else {
            break;
        };
        for (i, one) in selector.split(',').enumerate() {
            out.push_str(if i > 0 { "," } else { "" });
            out.push_str(&format!("{scope} {}", one.trim()));
        }
        out.push_str(&format!("{{{body}}}"));
        rest = after[body.len() + 1..].trim_start();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dark_rules_follow_the_switch() {
        let style = ".d{--a:#fff}\n@media (prefers-color-scheme:dark){.d{--a:#000}.e,.f{b:c}}\n.d .x{fill:red}";
        assert_eq!(
            switched(style),
            ".d{--a:#fff}\n\
             @media screen and (prefers-color-scheme:dark){:root:not([data-theme=light]) .d{--a:#000}\
             :root:not([data-theme=light]) .e,:root:not([data-theme=light]) .f{b:c}}\
             @media screen{:root[data-theme=dark] .d{--a:#000}\
             :root[data-theme=dark] .e,:root[data-theme=dark] .f{b:c}}\n.d .x{fill:red}"
        );
        for same in [".d{a:b}", "@media (prefers-color-scheme:dark){.d{a:b}", ""] {
            assert_eq!(switched(same), same);
        }
    }
}
