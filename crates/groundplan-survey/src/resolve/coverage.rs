//! What was read and what was not.

use crate::facts::{FileFacts, Mentioned};
use crate::mention_place;
use crate::mentions::is_by_name;
use crate::paths;
use crate::resolve::catalogues;
use crate::resolve::settled::Settled;
use crate::tree::Tree;
use groundplan_knowledge::{Knowledge, absence_topics};
use groundplan_model::{
    Blueprint, Coverage, Evidence, LanguageCoverage, Mention, MentionPlace, SiteLines, Unread,
};
use groundplan_syntax::Language;
use std::collections::{BTreeMap, BTreeSet};

/// Fills the coverage.
pub(crate) fn fill(blueprint: &mut Blueprint, tree: &Tree, knowledge: &Knowledge) {
    let mut languages: BTreeMap<&str, (u32, u32, bool)> = BTreeMap::new();
    let mut coverage = Coverage {
        files: tree.files.len() as u32,
        ..Coverage::default()
    };
    let mut broken: BTreeSet<String> = BTreeSet::new();
    let folders = sites(tree);
    let site_of = |path: &str| {
        let mut above = path.match_indices('/').filter_map(|(at, _)| path.get(..at));
        above.find_map(|folder| folders.get(folder).copied())
    };
    let mut sites: BTreeMap<(&str, &str), u32> = BTreeMap::new();
    for file in &tree.files {
        coverage.bytes += file.bytes;
        if file.diagnostics.iter().any(|d| d.name == "broken-file") {
            broken.insert(file.path.clone());
        }
        // Nobody writes in a lock file, and what has no language is none.
        let name = file.path.rsplit('/').next().unwrap_or(&file.path);
        // Settings of an editor or a tool are no code of the product, whatever they are written in.
        let of_tools = name.starts_with('.') && file.language.is_code();
        let unwritten = paths::is_lock_file(&file.path)
            || file.language == Language::Other
            || file.vendored
            || of_tools;
        if unwritten {
            continue;
        }
        // What shows documents is no code of the product.
        if let Some(folder) = site_of(&file.path).filter(|_| file.language.is_code()) {
            *sites.entry((folder, name_of(file))).or_default() += file.lines;
            continue;
        }
        let entry = languages.entry(name_of(file)).or_default();
        entry.0 += 1;
        entry.1 += file.lines;
        entry.2 |= !file.says_nothing();
    }
    // Parts of pages are code too, though nobody reads them.
    for file in tree.searched.iter().filter(|f| f.language == Language::Vue) {
        if let Some(folder) = site_of(&file.path) {
            *sites.entry((folder, name_of(file))).or_default() += file.lines;
            continue;
        }
        let entry = languages.entry(name_of(file)).or_default();
        entry.0 += 1;
        entry.1 += file.lines;
    }
    coverage.languages = languages
        .into_iter()
        .map(|(language, (files, lines, read))| LanguageCoverage {
            language: language.to_owned(),
            files,
            lines,
            depth: if read { "read" } else { "counted" }.to_owned(),
        })
        .collect();
    coverage
        .languages
        .sort_by(|a, b| (b.lines, &a.language).cmp(&(a.lines, &b.language)));
    let lines = |((folder, language), lines): ((&str, &str), u32)| SiteLines {
        folder: folder.to_owned(),
        language: language.to_owned(),
        lines,
    };
    coverage.sites = sites.into_iter().map(lines).collect();
    (coverage.sites).sort_by(|a, b| (b.lines, &a.language).cmp(&(a.lines, &b.language)));
    let mut unread = tree.unread.clone();
    if !broken.is_empty() {
        unread.insert("partly broken".to_owned(), broken);
    }
    coverage.unread = unread
        .into_iter()
        .map(|(reason, paths)| Unread {
            reason,
            files: paths.len() as u32,
            examples: paths.into_iter().take(5).collect(),
        })
        .collect();
    let catalogues = catalogues::of(tree);
    let settled = Settled::of(blueprint, &catalogues);
    let system = blueprint.system.name.to_lowercase();
    coverage.mentions = mentions(tree, knowledge, &system, &settled);
    coverage.catalogues = catalogues.all;
    blueprint.coverage = coverage;
}

/// The folders of sites that show documents, by the settings of what makes them: VitePress, VuePress and Astro in a
/// folder for documents, and Docusaurus. A site at the root is the product, and settings beside packages tell of
/// themselves alone.
fn sites(tree: &Tree) -> BTreeSet<&str> {
    let mut all = BTreeSet::new();
    for file in tree.files.iter().chain(&tree.searched) {
        let path = file.path.as_str();
        let made = ["/.vitepress/", "/.vuepress/"];
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let last = folder.rsplit('/').next().unwrap_or_default();
        let of_documents = |last: &str| {
            matches!(
                last,
                "doc" | "docs" | "documentation" | "site" | "website" | "www"
            )
        };
        let at = made.iter().find_map(|mark| Some((path.find(mark)?, mark)));
        if let Some((end, mark)) = at {
            let above = path.get(..end).unwrap_or_default();
            let whole = of_documents(above.rsplit('/').next().unwrap_or_default());
            let inner = path.get(..end + mark.len() - 1).unwrap_or_default();
            all.insert(if whole { above } else { inner });
        } else if !folder.is_empty()
            && (name.starts_with("docusaurus.config.")
                || of_documents(last) && name.starts_with("astro.config."))
        {
            all.insert(folder);
        }
    }
    all
}

/// The language of a file as readers know it: parts of pages are of one reader and two languages.
pub(crate) fn name_of(file: &FileFacts) -> &'static str {
    match file.language {
        Language::Vue if file.path.ends_with(".svelte") => "Svelte",
        Language::Vue => "Vue",
        other => other.name(),
    }
}

/// Whether a file lists the packages that a program is made with.
fn is_manifest(lower: &str) -> bool {
    let name = lower.rsplit('/').next().unwrap_or(lower);
    matches!(
        name,
        "package.json"
            | "go.mod"
            | "cargo.toml"
            | "pyproject.toml"
            | "pom.xml"
            | "build.gradle"
            | "build.gradle.kts"
            | "gemfile"
            | "composer.json"
            | "mix.exs"
    ) || name.ends_with(".csproj")
        || name.ends_with(".txt") && lower.contains("requirements")
}

/// Places that are kept of each topic.
const MOST_PLACES: usize = 3;

/// Where words stand that speak against an absence: files that bear one in their name first, then
/// code and configuration, then documents.
fn mentions(
    tree: &Tree,
    knowledge: &Knowledge,
    system: &str,
    settled: &Settled<'_>,
) -> Vec<Mention> {
    let topics = absence_topics();
    let mut all: Vec<Vec<(u8, &FileFacts, &Mentioned)>> = vec![Vec::new(); topics.len()];
    for file in tree.files.iter().chain(&tree.searched) {
        let is_prose = mention_place::is_document(&file.path, file.language);
        for m in &file.mentions {
            // The name of the system is everywhere and says nothing.
            let text = paths::lower(&m.text);
            if !system.is_empty() && text.starts_with(system)
                || system.len() > 4 && text.contains(system)
            {
                continue;
            }
            let Some(of_topic) = all.get_mut(usize::from(m.topic)) else {
                continue;
            };
            let topic = topics.get(usize::from(m.topic));
            if topic.is_some_and(|topic| settled.settles(&topic.id, &file.path, &m.text)) {
                continue;
            }
            of_topic.push((u8::from(is_prose), file, m));
        }
    }
    let mut out = Vec::new();
    for (topic, mut of_topic) in topics.iter().zip(all) {
        let prose = of_topic.iter().filter(|(rank, ..)| *rank == 1).count() as u32;
        let files = of_topic.len() as u32;
        of_topic.sort_by_cached_key(|(rank, file, m)| {
            let lower = paths::lower(&file.path);
            let unnamed =
                !is_by_name(m.word) && !topic.words.iter().any(|w| lower.contains(w.as_str()));
            // What runs in the system stands before its pipelines and the past of its tables.
            let guide = topic.documented && *rank == 1;
            // A page shows what another part does, and a variable of a service speaks of that service.
            let page = [".jsx", ".svelte", ".tsx", ".vue"];
            let shows = page.iter().any(|end| lower.ends_with(end));
            let foreign = || {
                let variable = !m.text.bytes().any(|b| b.is_ascii_lowercase());
                let known = knowledge.by_env(&m.text).filter(|_| variable);
                known.is_some_and(|t| t.service.is_some())
            };
            let apart = || {
                lower.split('/').any(|part| {
                    matches!(
                        part,
                        ".github"
                            | "alembic"
                            | "migrations"
                            | "migration"
                            | "docs"
                            | "cli"
                            | "output"
                            | "tools"
                            | "scripts"
                            | "hack"
                            | "contrib"
                            | "datastore"
                    )
                })
            };
            let beside = !guide && (shows || foreign() || apart());
            // What is among the packages is surer than any name.
            let packages = is_manifest(&lower);
            let exact = is_by_name(m.word);
            // Of several guides the one whose name says it and that lies nearest to the root is
            // about the system; those below are about a part of it.
            let depth = match guide {
                true => (unnamed, file.path.matches('/').count()),
                false => (false, 0),
            };
            (
                beside,
                !guide,
                *rank,
                !packages,
                depth,
                !exact,
                unnamed,
                m.word,
                file.path.clone(),
                m.line,
            )
        });
        if of_topic.is_empty() {
            continue;
        }
        let places = of_topic
            .iter()
            .take(MOST_PLACES)
            .map(|(_, file, m)| MentionPlace {
                word: m.text.clone(),
                said: m.said.clone(),
                at: Evidence::new(file.path.as_str(), m.line, m.line, m.hash.as_str()),
            });
        out.push(Mention {
            topic: topic.id.clone(),
            files,
            documents: prose,
            places: places.collect(),
        });
    }
    out
}
