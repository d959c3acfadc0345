//! SVG to PNG, by resvg, with a font of its own.
//!
//! Invariant: the fonts of the machine are never looked at, so the same SVG gives the same bytes
//! everywhere. Liberation Sans (`fonts/`, SIL Open Font License 1.1) has the letter widths that
//! drawings are measured with, and covers Latin, Greek, Cyrillic and Hebrew; for other scripts the
//! caller hands in a font.

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{FontResolver, Options, Tree, fontdb};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

const REGULAR: &[u8] = include_bytes!("../fonts/LiberationSans-Regular.ttf");
const BOLD: &[u8] = include_bytes!("../fonts/LiberationSans-Bold.ttf");

/// Pixels of a picture at most: 100 million take 400 MB while they are painted.
const PIXELS: f32 = 100_000_000.0;

/// A picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// The bytes of a PNG file, eight bits for each of red, green, blue and alpha.
    pub png: Vec<u8>,
    /// Characters that no font at hand has, the first one of each text; they are drawn as empty
    /// boxes.
    pub missing: BTreeSet<char>,
    /// Whether the picture is smaller than asked, because it would have had more than 100 million
    /// pixels.
    pub reduced: bool,
}

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The text is no SVG, or one without a size.
    #[error("expected an SVG: {0}")]
    Svg(#[from] resvg::usvg::Error),
    /// A file that was handed in as a font holds none.
    #[error("expected a TrueType or OpenType font, found none in the file")]
    Font,
    /// The picture could not be packed.
    #[error("cannot write the PNG: {0}")]
    Png(String),
}

/// Paints pictures with fonts that were read once.
#[derive(Debug)]
pub struct Painter {
    fonts: Arc<fontdb::Database>,
}

impl Painter {
    /// A painter with Liberation Sans and `fonts`, the contents of font files for scripts that it
    /// lacks.
    pub fn new(fonts: Vec<Vec<u8>>) -> Result<Self, Fault> {
        let mut known = fontdb::Database::new();
        for own in [REGULAR, BOLD] {
            known.load_font_source(fontdb::Source::Binary(Arc::new(own)));
        }
        known.set_sans_serif_family("Liberation Sans");
        // The family of last resort, which is a serif one unless told.
        known.set_serif_family("Liberation Sans");
        for font in fonts {
            let source = fontdb::Source::Binary(Arc::new(font));
            if known.load_font_source(source).is_empty() {
                return Err(Fault::Font);
            }
        }
        Ok(Painter {
            fonts: Arc::new(known),
        })
    }

    /// Paints `svg` with `scale` pixels for each of its pixels (2 is sharp on most screens and prints
    /// at 192 dpi).
    pub fn png(&self, svg: &str, scale: f32) -> Result<Picture, Fault> {
        paint(svg, scale, &self.fonts, PIXELS)
    }
}

fn paint(
    svg: &str,
    scale: f32,
    fonts: &Arc<fontdb::Database>,
    pixels: f32,
) -> Result<Picture, Fault> {
    let missing = Arc::new(Mutex::new(BTreeSet::new()));
    let options = Options {
        font_resolver: resolver(Arc::clone(&missing)),
        fontdb: Arc::clone(fonts),
        ..Options::default()
    };
    let tree = Tree::from_str(svg, &options)?;
    let (width, height) = (tree.size().width(), tree.size().height());
    let most = (pixels / (width * height)).sqrt();
    let used = scale.min(most);
    let side = |length: f32| (length * used).floor().max(1.0) as u32;
    let mut painted = Pixmap::new(side(width), side(height))
        .ok_or_else(|| Fault::Png(format!("{width} x {height} has no room in memory")))?;
    resvg::render(
        &tree,
        Transform::from_scale(used, used),
        &mut painted.as_mut(),
    );
    let png = painted
        .encode_png()
        .map_err(|why| Fault::Png(why.to_string()))?;
    let missing = missing
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .clone();
    Ok(Picture {
        png,
        missing,
        reduced: used < scale,
    })
}

/// The usual choice of fonts, which notes the characters that no font has.
fn resolver(missing: Arc<Mutex<BTreeSet<char>>>) -> FontResolver<'static> {
    let usual = FontResolver::default_fallback_selector();
    FontResolver {
        select_fallback: Box::new(move |c, used, known| {
            let found = usual(c, used, known);
            if found.is_none() {
                missing
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .insert(c);
            }
            found
        }),
        ..FontResolver::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(svg: &str, scale: f32) -> Result<Picture, Fault> {
        Painter::new(Vec::new())?.png(svg, scale)
    }

    fn svg(text: &str) -> String {
        format!(
            "<svg xmlns='http://www.w3.org/2000/svg' width='120' height='40'>\
             <style>text{{font-family:Helvetica,sans-serif;font-size:16px}}</style>\
             <rect width='120' height='40' fill='#fff'/><text x='4' y='24'>{text}</text></svg>"
        )
    }

    /// Width, height and the bytes of the pixels.
    fn pixels(picture: &Picture) -> (u32, u32, Vec<u8>) {
        let read = Pixmap::decode_png(&picture.png).unwrap();
        (read.width(), read.height(), read.data().to_vec())
    }

    #[test]
    fn text_is_painted_without_a_font_of_the_machine() {
        let empty = pixels(&png(&svg(""), 2.0).unwrap());
        let picture = png(&svg("Order"), 2.0).unwrap();
        let (width, height, painted) = pixels(&picture);
        assert_eq!((width, height), (240, 80));
        let dark = painted.chunks(4).filter(|p| p[0] < 128).count();
        assert!(dark > 200, "{dark}");
        assert_ne!(empty.2, painted);
        assert_eq!(picture, png(&svg("Order"), 2.0).unwrap());
    }

    #[test]
    fn characters_without_a_letter_are_named() {
        let picture = png(&svg("注文 Bestellung Заказ"), 1.0).unwrap();
        assert_eq!(picture.missing, ['注'].into());
    }

    #[test]
    fn no_picture_without_reason() {
        assert!(matches!(png("<svg", 1.0), Err(Fault::Svg(_))));
        let found = Painter::new(vec![b"no font".to_vec()]);
        assert!(matches!(found, Err(Fault::Font)));
        let wide = "<svg xmlns='http://www.w3.org/2000/svg' width='4000' height='1000'/>";
        let picture = paint(
            wide,
            2.0,
            &Painter::new(Vec::new()).unwrap().fonts,
            40_000.0,
        )
        .unwrap();
        assert!(picture.reduced);
        assert_eq!(pixels(&picture).0, 400);
    }
}
