//! Views of a blueprint and their pictures: views from a blueprint, layout to a [`Scene`], SVG,
//! Mermaid, box-drawing text, and a description in sentences.
//!
//! Invariants: everything is a pure function of its argument; the order in which a view lists its
//! nodes, edges and groups does not matter; the work is bounded by counted steps. What is kept between
//! calls (`looked`) is the result of such a function, and changes none.

mod bare;
mod card;
mod content;
mod description;
mod figures;
mod frame;
mod hints;
mod layered;
mod looked;
mod measure;
mod mermaid;
mod neutral;
mod normal;
mod numbers;
mod page;
mod pins;
mod scene;
mod sequence;
mod svg;
mod text;
mod texts;
mod theme;
mod views;

use groundplan_model::{Blueprint, View, ViewKind};

pub use hints::Hints;
pub use neutral::{Neutral, NeutralBoundary, NeutralColumn, NeutralEdge, NeutralNode};
pub use pins::{Pin, can_be_pinned, pins};
pub use scene::{
    Anchor, End, Figure, KeyEntry, Lifeline, Mark, Point, Rect, Sample, Scene, SceneBoundary,
    SceneBox, SceneEdge, SceneLabel, Shape, Stroke, TextLine, TextStyle, Tone,
};
pub use svg::Look;
pub use texts::{TEXT_FORMS, TextForm};
pub use theme::{Colours, NAMES as COLOUR_NAMES, Theme};

/// The views of a blueprint in the order in which documents show them: context, containers,
/// components, deployment, data flow, entities, flows, pipelines, roadmap, charts. A view without
/// nodes is left out; what does not fit into one is followed by its parts and a matrix.
pub fn views(blueprint: &Blueprint) -> Vec<View> {
    views::all(blueprint, views::Budget::DEFAULT)
}

/// As [`views`], with at most `boxes` boxes in each view and half as many lines again.
pub fn views_of(blueprint: &Blueprint, boxes: usize) -> Vec<View> {
    views::all(blueprint, views::Budget::of(boxes))
}

/// `view` with at most `boxes` boxes and half as many lines again; what is drawn together or left
/// out is said. A sequence stays whole, entities are cut, everything else is collapsed by boundary.
pub fn within(view: &View, boxes: usize) -> View {
    views::within(&normal::normal(view), views::Budget::of(boxes))
}

/// As [`within`], and after it the parts that show what it leaves out, if any.
pub fn split(view: &View, boxes: usize) -> Vec<View> {
    views::split(&normal::normal(view), views::Budget::of(boxes))
}

/// Places everything a view shows, in whole pixels. No two boxes overlap, no text leaves its box,
/// no edge passes through a box that it does not belong to.
///
/// Where the words of edges make a drawing so large that no sheet shows it legibly, edges have
/// numbers, and their words stand in a list below, if that helps; if it does not help enough, boxes
/// stand without their descriptions, and the scene's notes say so.
///
/// A view of more than 2,000 boxes, 5,000 lines or 600 messages is drawn in part, and the scene's
/// notes say so; one whose lines pass very many others on their way has at most 400 and 1,500.
pub fn lay_out(view: &View) -> Scene {
    lay_out_after(view, &Hints::default())
}

/// As [`lay_out`], with everything that was drawn before left where it was as far as can be, and what a
/// person placed where that is;
/// sequences and pipelines that run sideways have their order from the view alone.
pub fn lay_out_after(view: &View, hints: &Hints) -> Scene {
    if *hints == Hints::default()
        && let Some(scene) = looked::find(view)
    {
        return scene;
    }
    let (scene, searched) = lay_out_as_it_is(view, hints);
    if page::is_legible((scene.width, scene.height)) {
        return scene;
    }
    let Some(bare) = bare::bare(view) else {
        return scene;
    };
    // First with everything at its place, then anew.
    let kept = searched.and_then(|searched| in_same_order(searched, hints));
    let is_legible = |scene: &Scene| page::is_legible((scene.width, scene.height));
    let kept = kept.filter(is_legible);
    let shorter = kept.or_else(|| Some(lay_out_as_it_is(&bare, hints).0).filter(is_legible));
    let Some(mut shorter) = shorter else {
        return scene;
    };
    bare::speak(&mut shorter, scene);
    shorter
}

/// What was found out about a view of which no drawing before it decides.
struct Searched {
    /// In normal form, and in the order in which it was searched.
    whole: View,
    ordered: View,
    found: layered::Found,
}

/// A view with shorter boxes, in the layers and orders that were found for it, with words or numbers at
/// its lines.
fn in_same_order(searched: Searched, hints: &Hints) -> Option<Scene> {
    let bare = bare::bare(&searched.whole)?;
    let ordered = bare::bare(&searched.ordered)?;
    let found = searched.found.said_as(&ordered);
    let drawn = |numbered| {
        let placed = layered::place(&ordered, &found, numbered, None);
        frame::frame(&bare, placed.drawn())
    };
    let has_words = layered::has_words(&ordered);
    let scene = drawn(hints.is_numbered() && has_words);
    if has_words && !page::is_legible((scene.width, scene.height)) {
        return Some(drawn(true));
    }
    Some(scene)
}

/// The drawing, and what was searched for it.
fn lay_out_as_it_is(view: &View, hints: &Hints) -> (Scene, Option<Searched>) {
    let whole = normal::bounded(normal::normal(view), normal::LIMITS);
    if let Some(body) = figures::lay_out(&whole) {
        return (frame::frame(&whole, body), None);
    }
    if whole.kind == ViewKind::Sequence {
        let body = sequence::lay_out(&whole);
        return (frame::frame(&whole, body), None);
    }
    let pinned;
    let hints = if hints.is_pinned() {
        pinned = hints.with_pins(&whole, || lay_out_as_it_is(view, &Hints::default()).0);
        &pinned
    } else {
        hints
    };
    let ordered = content::ordered(&whole);
    let has_words = layered::has_words(&ordered);
    let numbered = hints.is_numbered() && has_words;
    let framed = |body| frame::frame(&whole, body);
    let is_legible = |scene: &Scene| page::is_legible((scene.width, scene.height));
    let better = |a: (i32, i32), b: (i32, i32)| page::points(a) > page::points(b);
    let after = |numbered| layered::lay_out_after(&ordered, hints, layered::LONGEST, numbered);
    if let Some(scene) = after(numbered).map(framed) {
        if numbered || !has_words || is_legible(&scene) {
            return (scene, None);
        }
        let shorter = after(true).map(framed);
        let size = |scene: &Scene| (scene.width, scene.height);
        let shorter = shorter.filter(|s| better(size(s), size(&scene)));
        return (shorter.unwrap_or(scene), None);
    }
    let Some(found) = layered::search(&ordered, layered::LONGEST) else {
        let part = normal::bounded(whole, normal::TANGLED);
        let ordered = content::ordered(&part);
        let body = layered::search(&ordered, usize::MAX)
            .map(|found| layered::place(&ordered, &found, false, None).drawn());
        return (frame::frame(&part, body.unwrap_or_default()), None);
    };
    let scene = placed(&whole, &ordered, &found, numbered);
    let is_free = hints.is_empty();
    let searched = is_free.then_some(Searched {
        whole,
        ordered,
        found,
    });
    (scene, searched)
}

/// The drawing of what was found, with numbers at its lines if that is asked for or helps.
fn placed(whole: &View, ordered: &View, found: &layered::Found, numbered: bool) -> Scene {
    let has_words = layered::has_words(ordered);
    let numbered = numbered || has_words && layered::needs_numbers(ordered, found);
    let placed = layered::place(ordered, found, numbered, None);
    let framed = |placed: layered::Placed<'_>| frame::frame(whole, placed.drawn());
    if numbered || !has_words {
        return framed(placed);
    }
    let (size, best) = (placed.size(), placed.candidate());
    let shorter = || layered::place(ordered, found, true, best);
    if !page::is_legible(size) {
        let shorter = shorter();
        return match page::points(shorter.size()) > page::points(size) {
            true => framed(shorter),
            false => framed(placed),
        };
    }
    // The size was about right: now it is known.
    let scene = framed(placed);
    if page::is_legible((scene.width, scene.height)) {
        return scene;
    }
    framed(shorter())
}

/// A complete SVG of a view: title, description, key; no script, no outside reference. Several of
/// them can stand inline in one page.
pub fn svg(view: &View) -> String {
    svg_in(view, &Hints::default(), &Look::default())
}

/// As [`svg`], with everything that was drawn before left where it was as far as can be, and in the
/// colours of `look`.
pub fn svg_in(view: &View, hints: &Hints, look: &Look) -> String {
    svg::write(&normal::normal(view), &lay_out_after(view, hints), look)
}

/// Mermaid text of a view: `flowchart`, `erDiagram` or `sequenceDiagram`.
pub fn mermaid(view: &View) -> String {
    mermaid::write(&normal::normal(view))
}

/// A view in box-drawing characters, at most 100 columns wide.
pub fn text(view: &View) -> String {
    text::write(&normal::bounded(normal::normal(view), normal::LIMITS))
}

/// A view in sentences, in reading order; the first one says what it contains, the last one what
/// was left out.
pub fn description(view: &View) -> Vec<String> {
    description::lines(&normal::normal(view))
}
