//! How capabilities are shared out among services.

use super::Maker;
use groundplan_knowledge::Capability;

/// The services with the packs that they hold: one, or one per capability while there are enough
/// engineers, the smaller capabilities together.
pub(crate) fn groups<'a>(m: &Maker<'a>) -> Vec<(String, Vec<&'a Capability>)> {
    let many = matches!(m.option("style"), "services" | "microservices")
        || m.option("style") == "pipeline" && m.design.inputs.engineers() >= 20.0;
    if !many {
        return vec![("app".to_owned(), m.packs.clone())];
    }
    // The worker, the stream's parts and the front end are not services of their own capability.
    let most = (m.design.outcome.deployables as usize)
        .saturating_sub(1)
        .max(1);
    let mut own: Vec<&'a Capability> = m
        .packs
        .iter()
        .copied()
        .filter(|p| p.always_if.is_none())
        .collect();
    own.sort_by(|a, b| {
        let weight = |p: &Capability| p.requests.value * p.cpu.value + p.effort.value;
        weight(b).total_cmp(&weight(a)).then(a.id.cmp(&b.id))
    });
    let apart: Vec<&'a Capability> = own.iter().copied().take(most.saturating_sub(1)).collect();
    let rest: Vec<&'a Capability> = m
        .packs
        .iter()
        .copied()
        .filter(|p| !apart.iter().any(|a| a.id == p.id))
        .collect();
    let mut all = vec![("core-service".to_owned(), rest)];
    all.extend(
        apart
            .into_iter()
            .map(|p| (format!("{}-service", p.id), vec![p])),
    );
    all
}
