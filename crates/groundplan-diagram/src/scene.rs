//! A laid-out view: rectangles, lines and texts with whole-pixel coordinates.

use crate::measure;
use serde::Serialize;

/// A point; x to the right, y down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Point {
    pub x: i32,
    pub y: i32,
}

/// A rectangle by its upper left corner and size.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Rect {
    pub x: i32,
    pub y: i32,
    pub w: i32,
    pub h: i32,
}

impl Rect {
    /// x of the right side.
    pub fn right(&self) -> i32 {
        self.x + self.w
    }

    /// y of the lower side.
    pub fn bottom(&self) -> i32 {
        self.y + self.h
    }

    /// x of the middle.
    pub fn middle(&self) -> i32 {
        self.x + self.w / 2
    }

    /// Whether the two share an area, not only a border.
    pub fn overlaps(&self, other: &Rect) -> bool {
        self.x < other.right()
            && other.x < self.right()
            && self.y < other.bottom()
            && other.y < self.bottom()
    }

    /// Whether `inner` lies wholly inside, borders included.
    pub fn contains(&self, inner: &Rect) -> bool {
        self.x <= inner.x
            && self.y <= inner.y
            && self.right() >= inner.right()
            && self.bottom() >= inner.bottom()
    }

    /// Whether the axis-parallel or slanted segment `a`-`b` enters the open rectangle.
    pub fn crossed_by(&self, a: Point, b: Point) -> bool {
        let area = Rect {
            x: a.x.min(b.x),
            y: a.y.min(b.y),
            w: (a.x - b.x).abs(),
            h: (a.y - b.y).abs(),
        };
        let strict = area.x < self.right()
            && area.right() > self.x
            && area.y < self.bottom()
            && area.bottom() > self.y;
        if !strict || a.x == b.x || a.y == b.y {
            return strict;
        }
        let side = |x: i32, y: i32| {
            let cross = i64::from(b.x - a.x) * i64::from(y - a.y)
                - i64::from(b.y - a.y) * i64::from(x - a.x);
            cross.signum()
        };
        let corners = [
            side(self.x, self.y),
            side(self.right(), self.y),
            side(self.x, self.bottom()),
            side(self.right(), self.bottom()),
        ];
        corners.contains(&1) && corners.contains(&-1)
    }
}

/// How a text line is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TextStyle {
    /// Title of the drawing.
    Title,
    /// Name of a box.
    Name,
    /// Kind and technology of a box, in brackets.
    Kind,
    /// Description of a box, a table row.
    Body,
    /// What happens on an edge.
    Label,
    /// Technology of an edge, in brackets.
    Technology,
    /// Title of a boundary.
    Boundary,
    /// Legend and remarks.
    Note,
}

impl TextStyle {
    /// Font size in pixels.
    pub fn size(self) -> i32 {
        match self {
            TextStyle::Title => 16,
            TextStyle::Name => 13,
            TextStyle::Boundary => 12,
            // The smallest text decides how small a page may make the drawing.
            TextStyle::Body
            | TextStyle::Label
            | TextStyle::Note
            | TextStyle::Kind
            | TextStyle::Technology => 11,
        }
    }

    /// Whether the weight is bold.
    pub fn bold(self) -> bool {
        matches!(
            self,
            TextStyle::Title | TextStyle::Name | TextStyle::Boundary
        )
    }

    /// Width of `text` in this style, in pixels.
    pub fn width(self, text: &str) -> i32 {
        measure::width(text, self.size(), self.bold())
    }

    /// Height of one line, in pixels.
    pub fn height(self) -> i32 {
        measure::line_height(self.size())
    }

    /// `text` in lines of at most `limit` pixels.
    pub fn wrap(self, text: &str, limit: i32) -> Vec<String> {
        measure::wrap(text, self.size(), self.bold(), limit)
    }

    /// `text` in as few lines as [`TextStyle::wrap`] makes, of about one length.
    pub(crate) fn wrap_evenly(self, text: &str, limit: i32) -> Vec<String> {
        measure::wrap_evenly(text, self.size(), self.bold(), limit)
    }
}

/// Which point of a line its x names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Anchor {
    Start,
    Middle,
}

/// One line of text; `rect` is the room it takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TextLine {
    /// What it says, plain text.
    pub text: String,
    /// How it is set.
    pub style: TextStyle,
    /// Whether it is centred in its room.
    pub anchor: Anchor,
    /// The room it takes.
    pub rect: Rect,
}

impl TextLine {
    /// A line whose upper left corner is `at`.
    pub(crate) fn left(text: &str, style: TextStyle, at: Point) -> TextLine {
        let rect = Rect {
            x: at.x,
            y: at.y,
            w: style.width(text),
            h: style.height(),
        };
        TextLine {
            text: text.to_owned(),
            style,
            anchor: Anchor::Start,
            rect,
        }
    }

    /// A line centred at `at.x` whose upper side is `at.y`.
    pub(crate) fn centred(text: &str, style: TextStyle, at: Point) -> TextLine {
        let w = style.width(text);
        let rect = Rect {
            x: at.x - w / 2,
            y: at.y,
            w,
            h: style.height(),
        };
        TextLine {
            text: text.to_owned(),
            style,
            anchor: Anchor::Middle,
            rect,
        }
    }

    pub(crate) fn shift(&mut self, dx: i32, dy: i32) {
        self.rect.x += dx;
        self.rect.y += dy;
    }
}

/// The outline of a box.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// Rounded rectangle: a service, a component, a job.
    Card,
    /// Head and shoulders.
    Person,
    /// Upright cylinder: a store.
    Cylinder,
    /// Lying cylinder: a broker.
    Pipe,
    /// Header and rows: an entity.
    Table,
    /// Several elements drawn as one.
    Stack,
    /// A disc: a value on a scale.
    Dot,
    /// A bare rectangle: a bar, a cell.
    Bar,
}

/// What colour a box takes; never the only sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Tone {
    Person,
    Service,
    Store,
    Broker,
    External,
}

/// A box with its texts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SceneBox {
    /// Id of the view's node.
    pub id: String,
    /// Boundary it stands in.
    pub parent: Option<String>,
    /// Its place.
    pub rect: Rect,
    /// Its outline.
    pub shape: Shape,
    /// Its colour.
    pub tone: Tone,
    /// What a screen reader says.
    pub spoken: String,
    /// Its texts, inside `rect`.
    pub lines: Vec<TextLine>,
    /// Heights of horizontal rules (between the rows of a table).
    pub rules: Vec<i32>,
}

/// A boundary with its title.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SceneBoundary {
    /// Id of the view's group.
    pub id: String,
    /// Boundary it stands in.
    pub parent: Option<String>,
    /// Its place.
    pub rect: Rect,
    /// Its title, inside `rect`.
    pub title: TextLine,
    /// Whether it is a trust boundary.
    pub trust: bool,
}

/// How an edge ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// Nothing.
    Plain,
    /// Filled arrow head.
    Arrow,
    /// Two lines of an arrow: an asynchronous message.
    Open,
    /// Exactly one.
    One,
    /// None or one.
    ZeroOrOne,
    /// At least one.
    OneOrMore,
    /// Any number.
    ZeroOrMore,
}

/// A routed edge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SceneEdge {
    /// Id of the view's edge, or `step-<n>` of a sequence.
    pub id: String,
    /// Box at the first point.
    pub from: String,
    /// Box at the last point.
    pub to: String,
    /// Corners, from start to end.
    pub points: Vec<Point>,
    /// Whether it is dashed.
    pub dashed: bool,
    /// Mark at the first point.
    pub start: End,
    /// Mark at the last point.
    pub end: End,
}

/// The words of an edge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SceneLabel {
    /// Edge it belongs to.
    pub edge: String,
    /// Plate behind the words.
    pub rect: Rect,
    /// The words, inside `rect`, or the number.
    pub lines: Vec<TextLine>,
    /// What the number stands for; empty where the words stand on the plate.
    pub words: String,
}

/// The vertical line below a participant of a sequence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Lifeline {
    pub id: String,
    pub x: i32,
    pub top: i32,
    pub bottom: i32,
}

/// What a line of a figure is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stroke {
    /// Something to read values by.
    Grid,
    /// A value that is aimed at.
    Target,
}

/// A stroke of the pen in a chart, a matrix or a roadmap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// An outline with its colour.
    Outline(Shape, Tone, Rect),
    /// A straight line.
    Line(Stroke, Point, Point),
    /// Words.
    Words(TextLine),
}

impl Mark {
    /// The room it takes.
    pub fn rect(&self) -> Rect {
        match self {
            Mark::Outline(_, _, rect) => *rect,
            Mark::Line(_, a, b) => Rect {
                x: a.x.min(b.x),
                y: a.y.min(b.y),
                w: (a.x - b.x).abs(),
                h: (a.y - b.y).abs(),
            },
            Mark::Words(line) => line.rect,
        }
    }
}

/// A shape or a line of a figure, and its meaning.
pub type Sample = (Option<(Shape, Tone)>, Option<Stroke>, &'static str);

/// A row of a chart or matrix, a phase of a roadmap, or what stands around all of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Figure {
    /// Id of the view's node; empty for scales and heads.
    pub id: String,
    /// What a screen reader says.
    pub spoken: String,
    /// What is drawn, in order.
    pub marks: Vec<Mark>,
}

/// An entry of the key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KeyEntry {
    /// Sample, if it stands for a box.
    pub sample: Option<(Shape, Tone)>,
    /// Sample, if it stands for a line: dashed or not.
    pub line: Option<bool>,
    /// Sample, if it stands for a line of a figure.
    pub stroke: Option<Stroke>,
    /// Where the sample is drawn.
    pub rect: Rect,
    /// What it means.
    pub text: TextLine,
}

/// Everything a writer needs to draw a view.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Scene {
    /// Width of the drawing in pixels.
    pub width: i32,
    /// Height of the drawing in pixels.
    pub height: i32,
    /// Title over the drawing, and remarks and key texts that are no box's.
    pub title: Vec<TextLine>,
    /// Boxes, sorted by id.
    pub boxes: Vec<SceneBox>,
    /// Boundaries, outer ones first.
    pub boundaries: Vec<SceneBoundary>,
    /// Edges, sorted by id; of a sequence in order.
    pub edges: Vec<SceneEdge>,
    /// Labels, in the order of the edges.
    pub labels: Vec<SceneLabel>,
    /// Charts, matrices and roadmaps.
    pub figures: Vec<Figure>,
    /// What the key says of figures: a sample of a shape or of a line, and its meaning.
    #[serde(skip)]
    pub samples: Vec<Sample>,
    /// Lifelines of a sequence.
    pub lifelines: Vec<Lifeline>,
    /// The key: only what is used.
    pub key: Vec<KeyEntry>,
    /// The numbers of edges with their words, where these do not stand at the edges.
    pub list: Vec<TextLine>,
    /// What was left out.
    pub notes: Vec<TextLine>,
}

impl Scene {
    pub(crate) fn shift(&mut self, dx: i32, dy: i32) {
        let rect = |r: &mut Rect| {
            r.x += dx;
            r.y += dy;
        };
        for b in &mut self.boxes {
            rect(&mut b.rect);
            b.lines.iter_mut().for_each(|l| l.shift(dx, dy));
            b.rules.iter_mut().for_each(|y| *y += dy);
        }
        for b in &mut self.boundaries {
            rect(&mut b.rect);
            b.title.shift(dx, dy);
        }
        for point in self.edges.iter_mut().flat_map(|e| &mut e.points) {
            point.x += dx;
            point.y += dy;
        }
        for label in &mut self.labels {
            rect(&mut label.rect);
            label.lines.iter_mut().for_each(|l| l.shift(dx, dy));
        }
        for mark in self.figures.iter_mut().flat_map(|f| &mut f.marks) {
            match mark {
                Mark::Outline(_, _, r) => rect(r),
                Mark::Line(_, a, b) => {
                    for point in [a, b] {
                        point.x += dx;
                        point.y += dy;
                    }
                }
                Mark::Words(line) => line.shift(dx, dy),
            }
        }
        for line in &mut self.lifelines {
            line.x += dx;
            line.top += dy;
            line.bottom += dy;
        }
    }
}
