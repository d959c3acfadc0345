//! What a part is written in: by its sources, never by its manifest or by what configures its tools.

use crate::resolve::world::World;
use groundplan_syntax::Language;
use std::collections::BTreeMap;

/// How much a file says of the language of the project that it belongs to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    /// What configures a tool says nothing.
    None,
    /// Scripts and what is served as it is say something where nothing else stands.
    Aside,
    /// A source.
    Source,
}

/// The languages of a project, most lines first.
pub(crate) fn languages(world: &World<'_>, project: usize) -> Vec<(Language, u32)> {
    let own = &world.projects[project];
    let mut lines: BTreeMap<(Weight, Language), u32> = BTreeMap::new();
    let mut typed = false;
    // The manifest of a workspace that is no package itself is one of its members.
    let is_workspace = !own.packages.is_empty()
        && (own.packages.iter()).all(|(p, _)| p.ecosystem == "cargo" && p.name.is_empty());
    let prefix = match own.folder.as_str() {
        "" => String::new(),
        folder => format!("{folder}/"),
    };
    let members = (world.projects.iter()).filter(|p| {
        let is_crate = p.packages.iter().any(|(p, _)| p.ecosystem == "cargo");
        is_workspace && p.folder != own.folder && p.folder.starts_with(&prefix) && is_crate
    });
    for &index in own.files.iter().chain(members.flat_map(|p| &p.files)) {
        let file = &world.files[index];
        let inner = inside(&file.path, &own.folder);
        typed |= inner.starts_with("tsconfig") && inner.ends_with(".json");
        if file.language.is_code() && !file.vendored && !world.is_aside(index) {
            let weight = weight(inner, file.language);
            *lines.entry((weight, file.language)).or_default() += file.lines;
        }
    }
    let of = |weight: Weight| -> Vec<(Language, u32)> {
        let all = lines.iter().filter(|((w, _), _)| *w == weight);
        all.map(|((_, language), n)| (*language, *n)).collect()
    };
    let mut all = of(Weight::Source);
    if all.is_empty() {
        all = of(Weight::Aside);
        // Scripts beside the manifest of a workspace are not what is built of its packages, and in a
        // package with a configuration for TypeScript alone they are not its sources.
        let scripts = own.folder.is_empty() && world.projects.len() > 1;
        all.retain(|(l, _)| !(scripts || typed && *l == Language::JavaScript));
    }
    all.sort_by_key(|&(language, lines)| (std::cmp::Reverse(lines), language));
    all
}

/// A path below a folder.
fn inside<'p>(path: &'p str, folder: &str) -> &'p str {
    let inner = path.strip_prefix(folder).unwrap_or(path);
    inner.trim_start_matches('/')
}

fn weight(inner: &str, language: Language) -> Weight {
    let script = matches!(language, Language::JavaScript | Language::TypeScript);
    let (folders, name) = inner.rsplit_once('/').unwrap_or(("", inner));
    if script && configures(name) {
        return Weight::None;
    }
    let generated = |part: &str| matches!(part, "generated" | "__generated__");
    if folders.split('/').any(generated) {
        return Weight::None;
    }
    let served = |part: &str| {
        matches!(
            part,
            "public"
                | "static"
                | "wwwroot"
                | "cypress"
                | "playwright"
                | "scripts"
                | "script"
                | "hack"
                | "ci"
                | "tools"
        )
    };
    if script && folders.split('/').any(served) || folders.is_empty() && is_chore(name, language) {
        return Weight::Aside;
    }
    Weight::Source
}

/// Whether a script directly in the folder of a project is beside its sources: a program has a name for
/// where it starts.
fn is_chore(name: &str, language: Language) -> bool {
    const STARTS: [&str; 9] = [
        "index", "main", "app", "server", "cli", "bot", "worker", "mod", "manage",
    ];
    let stem = name.split('.').next().unwrap_or(name);
    let script = matches!(language, Language::JavaScript | Language::TypeScript);
    script && !STARTS.iter().any(|s| stem.eq_ignore_ascii_case(s))
}

/// Whether a script configures a tool: `vite.config.ts`, `.eslintrc.js`, `gulpfile.js`.
fn configures(name: &str) -> bool {
    const TOOLS: [&str; 9] = [
        "gulpfile",
        "gruntfile",
        "webpack",
        "karma",
        "jest",
        "babel",
        "rollup",
        "craco",
        "dangerfile",
    ];
    let mut words = name.split('.').map(str::to_ascii_lowercase);
    let first = words.next().unwrap_or_default();
    name.starts_with('.')
        || words.any(|w| w == "config" || w == "conf")
        || TOOLS.iter().any(|t| first == *t)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_configures_tools_or_is_served_is_no_source() {
        use Language::{JavaScript, Python, TypeScript};
        for (path, language, expected) in [
            ("src/main.ts", TypeScript, Weight::Source),
            ("index.js", JavaScript, Weight::Source),
            ("server.mjs", JavaScript, Weight::Source),
            ("manage.py", Python, Weight::Source),
            ("jobs.py", Python, Weight::Source),
            ("vite.config.ts", TypeScript, Weight::None),
            ("eslint.config.mjs", JavaScript, Weight::None),
            (".eslintrc.js", JavaScript, Weight::None),
            ("public/resizer.js", JavaScript, Weight::Aside),
            ("check.mjs", JavaScript, Weight::Aside),
            ("scripts/release.js", JavaScript, Weight::Aside),
        ] {
            assert!(weight(path, language) == expected, "{path}");
        }
    }
}
