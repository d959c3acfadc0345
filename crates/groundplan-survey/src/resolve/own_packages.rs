//! Packages that the repository makes itself: who needs one needs a part of the repository.

use crate::facts::{Claim, PackageDependency};
use crate::resolve::names::is_aside;
use crate::resolve::world::World;
use std::collections::BTreeSet;

/// The packages of all manifests, by ecosystem and name.
pub(crate) struct Own<'f> {
    names: BTreeSet<(&'f str, &'f str)>,
}

impl<'f> Own<'f> {
    pub(crate) fn of(world: &World<'f>) -> Self {
        let packages = world.facts().filter_map(|(file, fact)| match &fact.claim {
            Claim::Package(p) if !p.name.is_empty() && !is_aside(&file.path) => {
                Some((p.ecosystem.as_str(), p.name.as_str()))
            }
            _ => None,
        });
        Own {
            names: packages.collect(),
        }
    }

    /// Whether a dependency is one on a part of the repository: by a path, by what says that a
    /// workspace has it, or by its name.
    pub(crate) fn holds(&self, d: &PackageDependency) -> bool {
        const INSIDE: [&str; 4] = ["workspace:", "file:", "link:", "portal:"];
        d.path.is_some()
            || INSIDE.iter().any(|scheme| d.version.starts_with(scheme))
            || self
                .names
                .contains(&(d.ecosystem.as_str(), d.name.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use groundplan_model::DependencyScope;

    #[test]
    fn parts_of_the_repository_are_no_packages() {
        let own = Own {
            names: [("npm", "@shop/shared")].into(),
        };
        for (name, version, path, expected) in [
            ("@shop/shared", "^2.0.0", None, true),
            ("shared", "workspace:*", None, true),
            ("Core", "", Some("src/Core/Core.csproj"), true),
            ("express", "4.19.2", None, false),
        ] {
            let d = PackageDependency {
                ecosystem: "npm".to_owned(),
                name: name.to_owned(),
                version: version.to_owned(),
                scope: DependencyScope::Runtime,
                path: path.map(str::to_owned),
            };
            assert_eq!(own.holds(&d), expected, "{name}");
        }
    }
}
