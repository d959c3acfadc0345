//! Connections over which a program only tells of itself: nobody waits for what takes it.

use crate::resolve::units::Unit;
use crate::resolve::wiring::{End, Graph};
use groundplan_knowledge::Category;
use groundplan_model::{Mode, Relationship, Role};

/// Calls a connection by what it does where its end takes telemetry, with the protocol of that.
pub(super) fn name(
    found: &mut Relationship,
    units: &[Unit<'_>],
    graph: &Graph,
    from: usize,
    end: &End,
) {
    if reports(graph, end) {
        Relationship::REPORTS.clone_into(&mut found.description);
        found.mode = Mode::Async;
    }
    if collects(units, from, end) {
        Relationship::EXPORTS.clone_into(&mut found.description);
        found.mode = Mode::Async;
        let protocol = match found.protocol.as_deref() {
            Some("gRPC") => "OTLP/gRPC",
            Some("HTTP" | "HTTPS") => "OTLP/HTTP",
            _ => "OTLP",
        };
        found.protocol = Some(protocol.to_owned());
    }
}

/// Whether a foreign system takes what libraries tell of a running program: nobody waits for it.
fn reports(graph: &Graph, end: &End) -> bool {
    let End::Outside(host) = end else {
        return false;
    };
    let known = graph.services.get(host);
    let product = known.and_then(|id| groundplan_knowledge::knowledge().by_id(id));
    product.is_some_and(|t| {
        matches!(
            t.category,
            Category::Metrics | Category::Tracing | Category::ErrorTracking
        )
    })
}

/// Whether a part takes telemetry from whoever has its address: its own protocol is that of OpenTelemetry.
fn collects(units: &[Unit<'_>], from: usize, end: &End) -> bool {
    let End::Unit(to) = end else {
        return false;
    };
    // What shows telemetry asks for it.
    if units.get(from).is_some_and(|u| u.role == Role::Monitoring) {
        return false;
    }
    let product = units.get(*to).and_then(|u| u.technology);
    product.is_some_and(|t| t.protocol.as_deref() == Some("OTLP"))
}
