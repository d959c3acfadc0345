//! Builds that take what another folder builds: pages that are put into the program that serves them.

mod copied_pages;

use crate::extractor::{Extractor, Reads};
use crate::extractors::rust_code::package_folder;
use crate::facts::{Claim, Embeds, FileFacts};
use crate::source::{SourceFile, join};
use groundplan_syntax::Language;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "embedded-pages",
    docs: "\
### What it finds
Folders whose files a build takes into what it makes: `//go:embed`, `#[folder = \"…\"]` of RustEmbed,
`include_dir!`, `SpaRoot` of a .NET project, `from project(':ui')` and folders outside its own in a
Gradle build, `<directory>` and `<workingDirectory>` in a Maven build, `outDir` of Vite and
`outputPath` of Angular outside the own folder, also as options in scripts of npm, `express.static` with a path from `__dirname`; what a
Makefile, justfile or shell script copies from one folder into another, and folders that it packs into
a program with stuffbin, go-bindata, statik or rice.

### What it does not find
Folders whose names are computed.
",
    reads: &[
        Reads::Languages(&[
            Language::Go,
            Language::Rust,
            Language::JavaScript,
            Language::TypeScript,
        ]),
        Reads::Paths(&[
            "*.csproj",
            "build.gradle",
            "build.gradle.kts",
            "pom.xml",
            "angular.json",
            "package.json",
            "Makefile",
            "GNUmakefile",
            "*.mk",
            "justfile",
            "*.sh",
        ]),
    ],
    markers: &[
        "//go:embed",
        "RustEmbed",
        "include_dir!",
        "SpaRoot",
        "outDir",
        "outputPath",
        "--out-dir",
        "--output-path",
        "express.static",
        "workingDirectory>",
        "<directory>",
        "from project(",
        "from(project(",
        "file('../",
        "file(\"../",
        "from('../",
        "from(\"../",
        "from '../",
        "from \"../",
        "cp -",
        "rsync ",
        "stuffbin",
        "go-bindata",
        "statik ",
    ],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if copied_pages::reads(file.name()) {
        copied_pages::extract(acc, file);
        return;
    }
    let kind = kind(file);
    if kind == Kind::None || crate::paths::is_test(file.path) {
        return;
    }
    for (number, line) in file.text.lines().enumerate() {
        let text = line.trim();
        if text.len() > 400 {
            continue;
        }
        for found in paths(kind, text) {
            add(acc, file, number as u32 + 1, kind, &found);
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    None,
    Go,
    Rust,
    Express,
    Scripts,
    Vite,
    Csproj,
    Gradle,
    Maven,
}

fn kind(file: &SourceFile<'_>) -> Kind {
    let name = file.name();
    match file.language {
        Language::Go if file.says("//go:embed") => Kind::Go,
        Language::Rust
            if ["RustEmbed", "include_dir!"]
                .iter()
                .any(|m| file.text.contains(m)) =>
        {
            Kind::Rust
        }
        Language::JavaScript | Language::TypeScript => {
            if name.starts_with("vite.config.") {
                Kind::Vite
            } else if file.says("express.static") {
                Kind::Express
            } else {
                Kind::None
            }
        }
        _ if name == "angular.json" => Kind::Vite,
        _ if name == "package.json" => Kind::Scripts,
        _ if name.ends_with(".csproj") => Kind::Csproj,
        _ if name.starts_with("build.gradle") => Kind::Gradle,
        _ if name == "pom.xml" => Kind::Maven,
        _ => Kind::None,
    }
}

/// Paths of folders in a line, as written.
fn paths(kind: Kind, text: &str) -> Vec<String> {
    let all: Vec<&str> = match kind {
        Kind::Go => match text.strip_prefix("//go:embed") {
            Some(rest) => rest
                .split_whitespace()
                .map(|p| p.trim_matches(['"', '`']).trim_start_matches("all:"))
                .collect(),
            None => Vec::new(),
        },
        Kind::Rust => {
            let folder = text
                .split_once("folder")
                .filter(|(_, rest)| rest.trim_start().starts_with('='))
                .and_then(|(_, rest)| quoted(rest).next());
            let included = text
                .split_once("include_dir!")
                .and_then(|(_, rest)| quoted(rest).next());
            let base = "$CARGO_MANIFEST_DIR/";
            let all = folder.into_iter().chain(included);
            all.map(|p| p.trim_start_matches(base)).collect()
        }
        Kind::Express => match text.split_once("express.static(") {
            Some((_, rest)) if rest.contains("__dirname") => {
                // `path.join(__dirname, "..", "client", "dist")`
                let parts: Vec<&str> = quoted(rest).collect();
                return vec![parts.join("/").trim_start_matches('/').to_owned()];
            }
            _ => Vec::new(),
        },
        Kind::Vite => {
            let key = ["outDir", "outputPath"]
                .iter()
                .find_map(|key| text.split_once(key));
            let value = key.map(|(_, rest)| rest.trim_start_matches(['"', '\'']));
            let value = value.filter(|rest| rest.trim_start().starts_with(':'));
            value
                .and_then(|rest| quoted(rest).next())
                .filter(|p| p.starts_with("../"))
                .into_iter()
                .collect()
        }
        // `"release": "vite build --outDir=../server/dist"`
        Kind::Scripts => ["--outDir", "--out-dir", "--output-path"]
            .iter()
            .filter_map(|option| text.split_once(option))
            // What a tool writes that is no build of pages is no part of a program.
            .filter(|(before, _)| {
                const BUILDS: [&str; 12] = [
                    "build", "vite", "webpack", "rollup", "esbuild", "parcel", "tsc", "swc",
                    "babel", "astro", "bundle", "ng ",
                ];
                BUILDS.iter().any(|word| before.contains(word))
            })
            .filter_map(|(_, rest)| rest.strip_prefix([' ', '=']))
            .filter_map(|rest| rest.split([' ', '"', '\'', '\\']).next())
            .filter(|path| path.starts_with("../"))
            .collect(),
        Kind::Csproj => between(text, "<SpaRoot>", "</SpaRoot>")
            .into_iter()
            .collect(),
        Kind::Maven => {
            let directory = between(text, "<directory>", "</directory>");
            let work = between(text, "<workingDirectory>", "</workingDirectory>");
            directory.or(work).into_iter().collect()
        }
        Kind::Gradle => {
            let project = ["project(':", "project(\":"].iter().find_map(|mark| {
                let (before, rest) = text.split_once(mark)?;
                // What a module depends on is no folder that is copied.
                before.trim().starts_with("from").then_some(rest)
            });
            match project.and_then(|rest| rest.split(['\'', '"']).next()) {
                Some(name) => vec![name],
                None => quoted(text).filter(|p| p.contains("../")).collect(),
            }
        }
        Kind::None => Vec::new(),
    };
    all.into_iter().map(str::to_owned).collect()
}

fn add(acc: &mut FileFacts, file: &SourceFile<'_>, line: u32, kind: Kind, path: &str) {
    let path = path.replace('\\', "/");
    let path = path.trim_end_matches('/');
    let variables = [
        "${project.basedir}/",
        "${basedir}/",
        "$projectDir/",
        "$rootDir/",
    ];
    let plain = variables
        .iter()
        .find_map(|v| path.strip_prefix(v))
        .unwrap_or(path);
    // The part before the first wildcard is a folder.
    let plain = match plain.find(['*', '?', '[']) {
        Some(at) => plain[..at].trim_end_matches('/'),
        None => plain,
    };
    if plain.is_empty() || plain.contains(['$', '{', ' ', '<']) || plain.starts_with('/') {
        return;
    }
    // A crate's folder is that of its manifest, which lies above its sources.
    let base = match kind {
        Kind::Rust if file.path.starts_with("src/") || file.path.contains("/src/") => {
            package_folder(file.path)
        }
        Kind::Gradle if path.starts_with("$rootDir/") => "",
        _ => file.folder(),
    };
    let base = base.trim_end_matches('/');
    let found = match kind {
        // `:web:ui` is the project in `web/ui` unless the settings say otherwise.
        Kind::Gradle if !path.contains('/') => Some(plain.replace(':', "/")),
        _ => join(base, plain),
    };
    let Some(found) = found.filter(|f| !f.is_empty() && f != file.path) else {
        return;
    };
    let (from, into) = match kind {
        Kind::Vite | Kind::Scripts => (file.folder().to_owned(), format!("{found}/x")),
        _ => (found, file.path.to_owned()),
    };
    let known = acc
        .facts
        .iter()
        .any(|f| matches!(&f.claim, Claim::Embeds(e) if e.from == from && e.into == into));
    if !known && !from.is_empty() {
        acc.add(file, line, line, Claim::Embeds(Embeds { from, into }));
    }
}

fn quoted(text: &str) -> impl Iterator<Item = &str> {
    let single = !text.contains('"');
    let parts = text.split(if single { '\'' } else { '"' });
    parts.skip(1).step_by(2)
}

fn between<'t>(text: &'t str, open: &str, close: &str) -> Option<&'t str> {
    let (_, rest) = text.split_once(open)?;
    Some(rest.split(close).next().unwrap_or(rest).trim())
}
