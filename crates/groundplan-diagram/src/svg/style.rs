//! The style sheet of a drawing: rules over the colours of a [`Theme`].

use crate::theme::{Colours, Theme};

/// The rules of a drawing, valid for every drawing on a page; `$name` is a colour of the theme.
const RULES: &str = "
.gp-diagram .gp-paper{fill:$paper}
.gp-diagram text{fill:$ink}
.gp-diagram .gp-title{font-size:16px;font-weight:bold}
.gp-diagram .gp-name{font-size:13px;font-weight:bold}
.gp-diagram .gp-kind,.gp-diagram .gp-technology,.gp-diagram .gp-body,.gp-diagram .gp-label,\
.gp-diagram .gp-note{font-size:11px}
.gp-diagram .gp-heading{font-size:12px;font-weight:bold}
.gp-diagram .gp-kind,.gp-diagram .gp-technology,.gp-diagram .gp-note,.gp-diagram .gp-heading\
{fill:$soft}
.gp-diagram .gp-tone-person{fill:$person;stroke:$person-line}
.gp-diagram .gp-tone-service{fill:$service;stroke:$service-line}
.gp-diagram .gp-tone-store{fill:$store;stroke:$store-line}
.gp-diagram .gp-tone-broker{fill:$broker;stroke:$broker-line}
.gp-diagram .gp-tone-external{fill:$external;stroke:$external-line;\
stroke-dasharray:5 3}
.gp-diagram .gp-shape{stroke-width:1.4}
.gp-diagram .gp-open{fill:none}
.gp-diagram .gp-rule{stroke-width:.5}
.gp-diagram .gp-boundary{fill:none;stroke:$boundary-line;\
stroke-dasharray:7 4}
.gp-diagram .gp-trust{fill:none;stroke:$trust-line;\
stroke-width:1.5;stroke-dasharray:10 4}
.gp-diagram .gp-edge{fill:none;stroke:$line;stroke-width:1.3}
.gp-diagram .gp-dashed{stroke-dasharray:6 4}
.gp-diagram .gp-lifeline{fill:none;stroke:$boundary-line;stroke-dasharray:3 4}
.gp-diagram .gp-target{fill:none;stroke:$ink;stroke-width:2.2}
.gp-diagram .gp-head{fill:$line;stroke:$line;stroke-width:1}
.gp-diagram .gp-mark{fill:none;stroke:$line;stroke-width:1.3}
.gp-diagram .gp-ring{fill:$paper;stroke:$line;stroke-width:1.3}
.gp-diagram .gp-plate{fill:$paper;fill-opacity:.94}
";

/// Font families of a drawing; their letters share the widths that texts are measured with.
const FAMILIES: &str = "Helvetica,Arial,\"Liberation Sans\",sans-serif";

/// The rules with colours as variables, light or dark by the reader's system. Each colour stands
/// before its variable once more: programs that know no variables (librsvg, Inkscape) would paint
/// everything black.
pub(super) fn sheet(theme: &Theme) -> String {
    let variables = |colours: &Colours| -> String {
        colours
            .iter()
            .map(|(name, value)| format!("--gp-{name}:{value};"))
            .collect()
    };
    format!(
        "\n.gp-diagram{{{}font-family:{FAMILIES}}}\n\
         @media (prefers-color-scheme:dark){{.gp-diagram{{{}}}}}{}",
        variables(&theme.light),
        variables(&theme.dark),
        rules(|property, name| {
            let value = theme.light.get(name);
            format!("{property}:{value};{property}:var(--gp-{name})")
        })
    )
}

/// The rules with the colours written out, for what is drawn once and has no reader's system.
pub(super) fn fixed(colours: &Colours) -> String {
    format!(
        "\n.gp-diagram{{font-family:{FAMILIES}}}{}",
        rules(|property, name| format!("{property}:{}", colours.get(name)))
    )
}

/// [`RULES`] with every `property:$name` replaced by what `write` makes of it.
fn rules(write: impl Fn(&str, &str) -> String) -> String {
    let mut out = String::with_capacity(RULES.len() * 2);
    let mut rest = RULES;
    while let Some((before, after)) = rest.split_once(":$") {
        let start = before.rfind(['{', ';']).map_or(0, |at| at + 1);
        let end = after
            .find(|c: char| !c.is_ascii_lowercase() && c != '-')
            .unwrap_or(after.len());
        out.push_str(&before[..start]);
        out.push_str(&write(&before[start..], &after[..end]));
        rest = &after[end..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theme::NAMES;

    #[test]
    fn rules_use_every_colour_and_no_other() {
        let sheet = sheet(&Theme::default());
        for name in NAMES {
            assert!(sheet.contains(&format!("var(--gp-{name})")), "{name}");
        }
        assert!(!sheet.contains('$') && !sheet.contains(":;"), "{sheet}");
        let fixed = fixed(&Theme::default().dark);
        assert!(!fixed.contains('$') && !fixed.contains("var(") && !fixed.contains('@'));
        assert!(fixed.contains(".gp-paper{fill:#12181f}"), "{fixed}");
    }
}
