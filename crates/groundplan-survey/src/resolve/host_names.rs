//! Names of resources of an application host of .NET Aspire that stand in constants of another file.

use crate::facts::{Claim, Deployable, FileFacts, Placed};
use crate::resolve::java_constants::JavaConstants;

/// Whether a resource is named by a constant.
pub(crate) fn named(claim: &Claim) -> bool {
    let open = |name: &str| name.starts_with('{');
    matches!(claim, Claim::Deployable(d) if d.source == "aspire"
        && (open(&d.name) || d.links.iter().chain(&d.depends_on).any(|l| open(&l.value))))
}

/// Fills in the names; one that is not known is that of its constant.
pub(crate) fn fill_in(files: &[FileFacts], all: &mut [FileFacts]) {
    let mut constants = JavaConstants::default();
    for file in files.iter().filter(|f| f.path.ends_with(".cs")) {
        for fact in &file.facts {
            if let Claim::PathConstant(constant) = &fact.claim {
                constants.add(&constant.class, &constant.name, &constant.value);
            }
        }
    }
    for fact in all.iter_mut().flat_map(|f| &mut f.facts) {
        if !named(&fact.claim) {
            continue;
        }
        if let Claim::Deployable(deployable) = &mut fact.claim {
            fill(deployable, &constants);
        }
    }
}

fn fill(deployable: &mut Deployable, constants: &JavaConstants<'_>) {
    let filled = |text: &mut String| {
        let Some((before, rest)) = text.split_once('{') else {
            return;
        };
        let Some((name, after)) = rest.split_once('}') else {
            return;
        };
        let last = name.rsplit('.').next().unwrap_or(name);
        let value = constants.value(name).unwrap_or(last);
        *text = format!("{before}{value}{after}");
    };
    filled(&mut deployable.name);
    let lists = deployable.links.iter_mut();
    let lists = lists.chain(&mut deployable.depends_on);
    for Placed { value, .. } in lists {
        filled(value);
    }
    for variable in &mut deployable.env {
        if let Some(from) = &mut variable.from {
            filled(from);
        }
    }
}
