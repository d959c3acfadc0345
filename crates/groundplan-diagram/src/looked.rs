//! Drawings that were made to see whether a view can be read on paper, kept until the view is drawn: they are
//! the same, and to lay them out is most of what a small document costs.

use crate::scene::Scene;
use groundplan_model::View;
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

/// More views are not kept: the oldest goes first.
const MOST: usize = 48;

static LOOKED: Mutex<VecDeque<(View, Scene)>> = Mutex::new(VecDeque::new());

/// Keeps the drawing of a view, laid out without anything that was drawn before.
pub(crate) fn keep(view: &View, scene: Scene) {
    let mut looked = LOOKED.lock().unwrap_or_else(PoisonError::into_inner);
    if looked.iter().any(|(known, _)| known == view) {
        return;
    }
    if looked.len() >= MOST {
        looked.pop_front();
    }
    looked.push_back((view.clone(), scene));
}

/// The drawing that was kept of just this view.
pub(crate) fn find(view: &View) -> Option<Scene> {
    let looked = LOOKED.lock().unwrap_or_else(PoisonError::into_inner);
    let same = looked.iter().find(|(known, _)| known == view);
    same.map(|(_, scene)| scene.clone())
}
