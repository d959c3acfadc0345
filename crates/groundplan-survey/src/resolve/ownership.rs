//! Who owns a part: the last pattern of CODEOWNERS that holds its folder.

use super::world::World;
use crate::facts::Claim;
use globset::{GlobBuilder, GlobMatcher};
use groundplan_model::{Attribute, Blueprint, EVERY_FILE, Evidence, Provenance};

/// Where forges look for the file of code owners, the first one that is there counts.
/// <https://docs.github.com/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners>
const PLACES: [&str; 4] = [
    ".github/CODEOWNERS",
    "CODEOWNERS",
    "docs/CODEOWNERS",
    ".gitlab/CODEOWNERS",
];

/// Patterns with their owners: those of the first of these files, and of files of approvers.
pub(super) fn patterns<'f>(world: &World<'f>) -> Vec<(&'f str, &'f [String], &'f Evidence)> {
    let mut all = Vec::new();
    for (_, fact) in world.facts() {
        if let Claim::Owners(owners) = &fact.claim {
            all.push((owners.pattern.as_str(), owners.owners.as_slice(), &fact.at));
        }
    }
    let is_there = |place: &&&str| all.iter().any(|(_, _, at)| at.path == ***place);
    let first = PLACES.iter().find(is_there);
    all.retain(|(_, _, at)| !names_code_owners(at) || first.is_some_and(|first| at.path == *first));
    all
}

fn names_code_owners(at: &Evidence) -> bool {
    let name = at.path.rsplit('/').next().unwrap_or_default();
    name.eq_ignore_ascii_case("CODEOWNERS")
}

/// Notes the owners of each part whose folder is known. Who owns everything is no owner of one part, and
/// the code owners among the people say that already.
pub(super) fn fill(blueprint: &mut Blueprint, world: &World<'_>) {
    let mut all = patterns(world);
    if all.iter().any(|(_, _, at)| names_code_owners(at)) {
        all.retain(|(_, _, at)| names_code_owners(at));
        all.sort_by_key(|(_, _, at)| at.lines[0]);
    } else {
        // Files of approvers hold for their folder, the nearest one before others.
        all.sort_by_key(|(pattern, _, at)| (pattern.len(), at.lines[0]));
    }
    let all: Vec<_> = (all.into_iter().rev())
        .map(|(pattern, owners, at)| (Reach::of(pattern), owners, at))
        .collect();
    for element in &mut blueprint.elements {
        let Some(folder) = element.source.as_deref().filter(|s| !s.is_empty()) else {
            continue;
        };
        let Some((reach, owners, at)) = all.iter().find(|(reach, ..)| reach.holds(folder)) else {
            continue;
        };
        if !owners.is_empty() && !matches!(reach, Reach::All) {
            element.attributes.push(Attribute {
                key: "code-owner".to_owned(),
                value: owners.join(", "),
                provenance: Provenance::observed([(*at).clone()]),
            });
        }
    }
}

/// Which folders a pattern holds with all their files. It is one of `.gitignore`, but `docs/*` holds only the
/// files right in `docs`.
enum Reach {
    All,
    Below(GlobMatcher),
    Files,
}

impl Reach {
    fn of(pattern: &str) -> Self {
        if EVERY_FILE.contains(&pattern) {
            return Reach::All;
        }
        let anchored = pattern.trim_end_matches('/').contains('/');
        let bare = pattern.trim_matches('/');
        let bare = bare.trim_end_matches("/**/*").trim_end_matches("/**");
        if bare == "*" || bare.ends_with("/*") {
            return Reach::Files;
        }
        let glob = match anchored {
            true => bare.to_owned(),
            false => format!("**/{bare}"),
        };
        let glob = GlobBuilder::new(&glob).literal_separator(true).build();
        glob.map_or(Reach::Files, |glob| Reach::Below(glob.compile_matcher()))
    }

    fn holds(&self, folder: &str) -> bool {
        let mut ends = folder
            .match_indices('/')
            .map(|(at, _)| at)
            .chain([folder.len()]);
        match self {
            Reach::All => true,
            Reach::Below(glob) => ends.any(|end| glob.is_match(&folder[..end])),
            Reach::Files => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Reach;

    #[test]
    fn patterns_hold_the_folders_below_them() {
        for pattern in [
            "apps/web/",
            "/apps/web",
            "apps/",
            "/apps/**",
            "web",
            "apps/*eb/",
            "apps/**/*",
            "**/*",
            "*",
        ] {
            assert!(Reach::of(pattern).holds("apps/web"), "{pattern}");
        }
        for pattern in [
            "apps/*",
            "/*",
            "*.ts",
            "apps/web/src/",
            "/web/",
            "apps/website",
            "[",
            "package.json",
        ] {
            assert!(!Reach::of(pattern).holds("apps/web"), "{pattern}");
        }
    }
}
