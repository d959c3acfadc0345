//! The colours of drawings, light and dark, and what a theme of one's own may change.

/// The colours that a drawing uses. `ink` and `soft` are texts; `paper` lies under all; `line` are
/// arrows and rules; the others fill and outline people, services, stores, brokers, systems of
/// others, and outline boundaries.
pub const NAMES: [&str; 16] = [
    "paper",
    "ink",
    "soft",
    "line",
    "person",
    "person-line",
    "service",
    "service-line",
    "store",
    "store-line",
    "broker",
    "broker-line",
    "external",
    "external-line",
    "boundary-line",
    "trust-line",
];

/// In both: ink has a contrast of 10 or more on every fill, borders have 3 or more on paper; the fills
/// differ in lightness and hue for colour-blind readers, and shape tells the kind again.
const LIGHT: [(&str, &str); NAMES.len()] = [
    ("paper", "#ffffff"),
    ("ink", "#1b2733"),
    ("soft", "#46535f"),
    ("line", "#4a5866"),
    ("person", "#fde9cf"),
    ("person-line", "#8a5a10"),
    ("service", "#dbe9f6"),
    ("service-line", "#2a5d8f"),
    ("store", "#dff0e1"),
    ("store-line", "#2f6b3a"),
    ("broker", "#ece3f6"),
    ("broker-line", "#6a4796"),
    ("external", "#ececec"),
    ("external-line", "#5c636a"),
    ("boundary-line", "#6b7885"),
    ("trust-line", "#a8321f"),
];

const DARK: [(&str, &str); NAMES.len()] = [
    ("paper", "#12181f"),
    ("ink", "#e8eef4"),
    ("soft", "#b6c2cd"),
    ("line", "#9fb0c0"),
    ("person", "#4a3210"),
    ("person-line", "#d9a860"),
    ("service", "#1b3a57"),
    ("service-line", "#7fb2e0"),
    ("store", "#1d3d24"),
    ("store-line", "#7cc48b"),
    ("broker", "#37265a"),
    ("broker-line", "#b79ae6"),
    ("external", "#2e3338"),
    ("external-line", "#a4adb6"),
    ("boundary-line", "#8593a1"),
    ("trust-line", "#f08a76"),
];

/// A colour for each of [`NAMES`], as `#rrggbb`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Colours(Vec<(&'static str, String)>);

impl Colours {
    fn of(table: [(&'static str, &str); NAMES.len()]) -> Self {
        Colours(table.map(|(name, value)| (name, value.to_string())).into())
    }

    /// The colour of this name; black if there is none of it.
    pub fn get(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(known, _)| *known == name);
        found.map_or("#000000", |(_, value)| value)
    }

    /// Names and colours, in the order of [`NAMES`].
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (*name, value.as_str()))
    }

    /// Changes a colour. `value` is `#rgb` or `#rrggbb`; anything else, and a name that is not one
    /// of [`NAMES`], changes nothing and gives `false`.
    pub fn set(&mut self, name: &str, value: &str) -> bool {
        let place = self.0.iter_mut().find(|(known, _)| *known == name);
        match (place, hex(value)) {
            (Some((_, old)), Some([r, g, b])) => {
                *old = format!("#{r:02x}{g:02x}{b:02x}");
                true
            }
            _ => false,
        }
    }

    /// Pairs of texts and what lies under them, or of lines and paper, that are harder to tell
    /// apart than WCAG 2.2 asks for (1.4.3 level AA: 4.5 for text; 1.4.11: 3 for lines): the two
    /// names, the contrast, and what it should be.
    pub fn weak(&self) -> Vec<(&'static str, &'static str, f64, f64)> {
        let fills = ["paper", "person", "service", "store", "broker", "external"];
        let mut pairs = Vec::new();
        for text in ["ink", "soft"] {
            pairs.extend(fills.map(|fill| (text, fill, 4.5)));
        }
        let lines = NAMES
            .into_iter()
            .filter(|name| *name == "line" || name.ends_with("-line"));
        pairs.extend(lines.map(|line| (line, "paper", 3.0)));
        let judged = pairs.into_iter().map(|(over, under, least)| {
            let found = contrast(self.get(over), self.get(under));
            (over, under, found, least)
        });
        judged
            .filter(|(_, _, found, least)| found < least)
            .collect()
    }
}

/// The colours of drawings by day and by night.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme {
    /// Dark ink on light paper; also what is printed.
    pub light: Colours,
    /// For readers whose system or page is dark.
    pub dark: Colours,
}

impl Default for Theme {
    fn default() -> Self {
        Theme {
            light: Colours::of(LIGHT),
            dark: Colours::of(DARK),
        }
    }
}

/// Red, green and blue of `#rgb` or `#rrggbb`.
fn hex(value: &str) -> Option<[u8; 3]> {
    let digits = value.strip_prefix('#')?;
    let digits: Vec<u32> = digits
        .chars()
        .map(|c| c.to_digit(16))
        .collect::<Option<_>>()?;
    let byte = |high: u32, low: u32| u8::try_from(high * 16 + low).ok();
    match digits[..] {
        [r, g, b] => Some([byte(r, r)?, byte(g, g)?, byte(b, b)?]),
        [r, s, g, h, b, c] => Some([byte(r, s)?, byte(g, h)?, byte(b, c)?]),
        _ => None,
    }
}

/// Contrast of two colours, 1 to 21: WCAG 2.2, "contrast ratio" and "relative luminance".
fn contrast(one: &str, other: &str) -> f64 {
    let luminance = |value: &str| {
        let [r, g, b] = hex(value).unwrap_or_default().map(|c| {
            let c = f64::from(c) / 255.0;
            if c <= 0.04045 {
                c / 12.92
            } else {
                ((c + 0.055) / 1.055).powf(2.4)
            }
        });
        0.2126 * r + 0.7152 * g + 0.0722 * b
    };
    let (a, b) = (luminance(one), luminance(other));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_colours_can_be_told_apart() {
        let theme = Theme::default();
        assert_eq!(theme.light.weak(), []);
        assert_eq!(theme.dark.weak(), []);
        assert!((contrast("#000", "#ffffff") - 21.0).abs() < 0.001);
    }

    #[test]
    fn colours_are_changed_by_name() {
        let mut colours = Theme::default().light;
        assert!(colours.set("service", "#0AF"));
        assert_eq!(colours.get("service"), "#00aaff");
        for (name, value) in [
            ("services", "#fff"),
            ("ink", "red"),
            ("ink", "#ffff"),
            ("ink", "#\"><script>"),
        ] {
            assert!(!colours.set(name, value), "{name} {value}");
        }
        assert!(colours.set("ink", "#888888"));
        let weak = colours.weak();
        assert!(
            weak.iter()
                .any(|(over, under, ..)| (*over, *under) == ("ink", "paper")),
            "{weak:?}"
        );
    }
}
