//! Phases with what they deliver.

use super::Model;
use groundplan_model::{View, ViewEdge, ViewKind, ViewNode};

/// Phases of the view at most.
const PHASES: usize = 12;
/// Deliverables of a phase that are named.
const DELIVERABLES: usize = 6;

/// The view `roadmap`; `None` with fewer than two phases.
pub(super) fn view(model: &Model<'_>) -> Option<View> {
    let all = &model.blueprint.roadmap;
    if all.len() < 2 {
        return None;
    }
    let mut made = super::view(
        "roadmap",
        ViewKind::Roadmap,
        format!("{}: roadmap", model.name),
    );
    for (n, phase) in all.iter().take(PHASES).enumerate() {
        let mut rows: Vec<(String, String, String)> = Vec::new();
        for deliverable in phase.deliverables.iter().take(DELIVERABLES) {
            rows.push((super::short(deliverable), String::new(), String::new()));
        }
        let more = phase.deliverables.len().saturating_sub(DELIVERABLES);
        if more > 0 {
            rows.push((format!("and {more} more"), String::new(), String::new()));
        }
        made.nodes.push(ViewNode {
            id: id(n),
            name: phase.name.clone(),
            rows,
            ..super::quantity()
        });
        if n > 0 {
            made.edges.push(ViewEdge {
                id: format!("{}->{}", id(n - 1), id(n)),
                from: id(n - 1),
                to: id(n),
                label: String::new(),
                technology: String::new(),
                mode: None,
                ends: None,
            });
        }
    }
    if all.len() > PHASES {
        made.omitted = format!("The first {PHASES} of {} phases are shown.", all.len());
    }
    Some(made)
}

fn id(n: usize) -> String {
    format!("phase-{:02}", n + 1)
}
