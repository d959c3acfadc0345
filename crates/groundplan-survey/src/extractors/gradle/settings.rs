//! Settings of a Gradle build: its name, the projects that it includes, and where they lie.

use super::quoted;
use crate::facts::{Claim, FileFacts, Package};
use crate::source::SourceFile;
use std::collections::BTreeMap;

/// The lines that say something, from the first to the last.
#[derive(Default)]
struct Lines(Option<(u32, u32)>);

impl Lines {
    fn note(&mut self, number: u32) {
        self.0 = Some(
            self.0
                .map_or((number, number), |(first, _)| (first, number)),
        );
    }
}

pub(super) fn read(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let mut package = Package {
        ecosystem: "maven".to_owned(),
        folder: file.folder().to_owned(),
        ..Package::default()
    };
    // Paths of projects with their folders, in the order of the file.
    let mut projects: Vec<(String, String)> = Vec::new();
    let mut moved: BTreeMap<String, String> = BTreeMap::new();
    let mut pattern: Option<String> = None;
    let mut lines = Lines::default();
    let mut going_on = false;
    for (number, line) in file.text.lines().enumerate() {
        let number = u32::try_from(number).unwrap_or(u32::MAX - 1) + 1;
        let line = line.trim();
        if line.starts_with("//") {
            continue;
        }
        let texts = quoted(line);
        let names = line.starts_with("rootProject.name");
        let includes = line.starts_with("include") && !line.starts_with("includeBuild");
        if let Some((path, folder)) = placed(line, &texts) {
            if let Some(folder) = file.resolve(folder) {
                moved.insert(path.to_owned(), folder);
                lines.note(number);
            }
            continue;
        }
        if let Some(renamed) = renamed(line, &texts) {
            pattern = Some(renamed);
            lines.note(number);
            continue;
        }
        if !names && !includes && !going_on {
            continue;
        }
        if names {
            package.name = texts.first().map_or("", |(t, _)| t).to_owned();
        } else {
            for (text, _) in &texts {
                let path = text.trim_start_matches(':');
                if let Some(folder) = file.resolve(&path.replace(':', "/")) {
                    projects.push((format!(":{path}"), folder));
                }
            }
        }
        // A list may go on after a comma or inside brackets.
        going_on = !names && (line.ends_with([',', '(']) || line == "include");
        lines.note(number);
    }
    let Some((first, last)) = lines.0 else {
        return;
    };
    for (path, usual) in projects {
        // A pattern renames the projects right below the root.
        let called = match (&pattern, path.matches(':').count()) {
            (Some(pattern), 1) => pattern.replacen("{}", &path[1..], 1),
            _ => path[1..].to_owned(),
        };
        let called = format!(":{called}");
        let folder = moved.get(&called).or_else(|| moved.get(&path));
        let folder = folder.cloned().unwrap_or_else(|| usual.clone());
        if folder != usual || called != path {
            package.aliases.push((called, folder.clone()));
        }
        package.members.push(folder);
    }
    acc.add(file, first, last, Claim::Package(package));
}

/// `project(':core').projectDir = file('modules/core')`, with `new File(settingsDir, '…')` as well:
/// the path of the project and its folder.
fn placed<'t>(line: &str, texts: &[(&'t str, usize)]) -> Option<(&'t str, &'t str)> {
    if !line.starts_with("project(") || !line.contains(".projectDir") {
        return None;
    }
    let (path, folder) = (texts.first()?.0, texts.get(1)?.0);
    let folder = [
        "$rootDir/",
        "${rootDir}/",
        "$settingsDir/",
        "${settingsDir}/",
    ]
    .iter()
    .find_map(|own| folder.strip_prefix(own))
    .unwrap_or(folder);
    (path.starts_with(':') && !folder.contains('$')).then_some((path, folder))
}

/// `rootProject.children.each { it.name = "shop-${it.name}" }`: how projects are called, with `{}`
/// for what their folder is called.
fn renamed(line: &str, texts: &[(&str, usize)]) -> Option<String> {
    let (before, _) = line.split_once('=')?;
    let owner = before.trim_end().strip_suffix(".name")?;
    let owner = owner.rsplit([' ', '{', '(', '>']).next()?;
    let text = texts.first()?.0;
    let pattern = text.replacen(&format!("${{{owner}.name}}"), "{}", 1);
    (owner != "rootProject" && pattern != text && !pattern.contains('$')).then_some(pattern)
}
