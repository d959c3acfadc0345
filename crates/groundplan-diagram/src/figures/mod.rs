//! What is not boxes and lines: charts, matrices and roadmaps, one file each.

mod chart;
mod matrix;
mod roadmap;
mod words;

pub(crate) use chart::bars;
pub(crate) use words::{lines, sentences};

use crate::scene::Scene;
use groundplan_model::{View, ViewKind};

/// The body of a view that is drawn as a figure; none of the other kinds.
pub(crate) fn lay_out(view: &View) -> Option<Scene> {
    match view.kind {
        ViewKind::Chart => Some(chart::lay_out(view)),
        ViewKind::Matrix => Some(matrix::lay_out(view)),
        ViewKind::Roadmap => Some(roadmap::lay_out(view)),
        _ => None,
    }
}
