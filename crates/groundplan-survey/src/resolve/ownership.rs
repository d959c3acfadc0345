//! Who owns a part: the last pattern of CODEOWNERS that holds its folder.

use super::world::World;
use crate::facts::Claim;
use globset::GlobBuilder;
use groundplan_model::{Attribute, Blueprint, Evidence, Provenance};

/// Where forges look for the file, the first one that is there counts.
/// <https://docs.github.com/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners>
const PLACES: [&str; 4] = [
    ".github/CODEOWNERS",
    "CODEOWNERS",
    "docs/CODEOWNERS",
    ".gitlab/CODEOWNERS",
];

/// Notes the owners of each part whose folder is known. Who owns everything is no owner of one part, and
/// the code owners among the people say that already.
pub(super) fn fill(blueprint: &mut Blueprint, world: &World<'_>) {
    let mut all: Vec<(&str, &[String], &Evidence)> = Vec::new();
    for (_, fact) in world.facts() {
        if let Claim::Owners(owners) = &fact.claim {
            all.push((owners.pattern.as_str(), &owners.owners, &fact.at));
        }
    }
    let file = PLACES
        .iter()
        .find(|p| all.iter().any(|(_, _, at)| at.path == **p));
    // Files of approvers hold for their folder, the nearest one before others.
    let of_folders =
        |at: &Evidence| at.path.ends_with("OWNERS") && !at.path.ends_with("CODEOWNERS");
    all.retain(|(_, _, at)| {
        file.is_some_and(|file| at.path == *file) || file.is_none() && of_folders(at)
    });
    all.sort_by_key(|(pattern, _, at)| (file.map_or(pattern.len(), |_| 0), at.lines[0]));
    for element in &mut blueprint.elements {
        let Some(folder) = element.source.as_deref().filter(|s| !s.is_empty()) else {
            continue;
        };
        let last = all
            .iter()
            .rev()
            .find(|(pattern, ..)| holds(pattern, folder));
        let Some((pattern, owners, at)) = last else {
            continue;
        };
        if !owners.is_empty() && !is_universal(pattern) {
            element.attributes.push(Attribute {
                key: "code-owner".to_owned(),
                value: owners.join(", "),
                provenance: Provenance::observed([(*at).clone()]),
            });
        }
    }
}

/// Whether a pattern holds every file of the repository.
fn is_universal(pattern: &str) -> bool {
    matches!(pattern.trim_start_matches('/'), "" | "*" | "**" | "**/*")
}

/// Whether a pattern holds all files below a folder. It is one of `.gitignore`, but `docs/*` holds only
/// the files right in `docs`.
fn holds(pattern: &str, folder: &str) -> bool {
    if is_universal(pattern) {
        return true;
    }
    let anchored = pattern.trim_end_matches('/').contains('/');
    let bare = pattern.trim_matches('/').trim_end_matches("/**");
    if bare.ends_with("/*") {
        return false;
    }
    let glob = match anchored {
        true => bare.to_owned(),
        false => format!("**/{bare}"),
    };
    let Ok(glob) = GlobBuilder::new(&glob).literal_separator(true).build() else {
        return false;
    };
    let matcher = glob.compile_matcher();
    let ends = folder.match_indices('/').map(|(at, _)| at);
    ends.chain([folder.len()])
        .any(|end| matcher.is_match(&folder[..end]))
}

#[cfg(test)]
mod tests {
    use super::holds;

    #[test]
    fn patterns_hold_the_folders_below_them() {
        for pattern in [
            "apps/web/",
            "/apps/web",
            "apps/",
            "/apps/**",
            "web",
            "apps/*eb/",
            "*",
        ] {
            assert!(holds(pattern, "apps/web"), "{pattern}");
        }
        for pattern in [
            "apps/*",
            "*.ts",
            "apps/web/src/",
            "/web/",
            "apps/website",
            "[",
            "package.json",
        ] {
            assert!(!holds(pattern, "apps/web"), "{pattern}");
        }
    }
}
