//! Commands that build images: which folder becomes which image.

use super::compose_commands::{assignment, filled};
use super::published_images::{Named, named};
use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, PublishedImage};
use crate::source::{SourceFile, join};
use groundplan_syntax::Node;
use std::collections::BTreeMap;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "build-commands",
    docs: "\
### What it finds
Which folder and Dockerfile become which image: `docker build -t` (also of buildx, podman, nerdctl) in
Makefiles, shell scripts, workflows of GitHub Actions, GitLab CI and Jenkinsfiles, with variables of the
file filled in and loops over words unrolled; `build.artifacts` of `skaffold.yaml`
(<https://skaffold.dev/docs/references/yaml/>), with the module of Jib, the package of Bazel and the program
of ko below their context; `docker_build` and `custom_build` of a `Tiltfile`
(<https://docs.tilt.dev/api.html#api.docker_build>). Who runs such an image runs that folder.

### What it does not find
Names and folders that a script computes, profiles of Skaffold, and builds inside of functions of Tilt.
",
    reads: &[Reads::Paths(&[
        "Makefile",
        "GNUmakefile",
        "*.mk",
        "*.sh",
        "justfile",
        "Taskfile.yml",
        "Taskfile.yaml",
        "Jenkinsfile",
        ".gitlab-ci.yml",
        ".github/workflows/*.yml",
        ".github/workflows/*.yaml",
        "skaffold.yaml",
        "skaffold.yml",
        "skaffold-*.yaml",
        "Tiltfile",
        "*.tiltfile",
    ])],
    markers: &[
        "docker build",
        "buildx build",
        "podman build",
        "nerdctl build",
        "docker_build",
        "custom_build",
        "artifacts:",
    ],
    run: extract,
};

/// Builds of one file beyond these are left out.
const MOST: usize = 100;

/// Rounds of one loop beyond these are left out.
const MOST_ROUNDS: usize = 60;

/// A build: the image as written, the folder, the Dockerfile if it is named, and the line.
struct Build {
    image: String,
    context: String,
    dockerfile: Option<String>,
    line: u32,
    /// Whether a tool makes the image of what lies in the folder, without a Dockerfile.
    made: bool,
}

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let name = file.name();
    let found = if name.starts_with("skaffold") {
        skaffold(file)
    } else if name.ends_with("iltfile") {
        tilt(file)
    } else {
        commands(file)
    };
    for build in found.into_iter().take(MOST) {
        let image = match named(&build.image) {
            Named::Whole(name) => name,
            Named::OwnerUnknown(name) => format!("*/{name}"),
            Named::Unknown => continue,
        };
        let (folder, context) = match build.made {
            true => (Some(build.context), None),
            false => (None, Some(build.context)),
        };
        let claim = PublishedImage {
            image,
            dockerfile: build.dockerfile,
            folder,
            context,
            tags: Vec::new(),
            target: None,
        };
        acc.add(file, build.line, build.line, Claim::Publishes(claim));
    }
}

fn skaffold(file: &SourceFile<'_>) -> Vec<Build> {
    let mut all = Vec::new();
    for root in file.yaml() {
        let artifacts = root.at(&["build", "artifacts"]);
        for artifact in artifacts.map(Node::items).unwrap_or_default() {
            let Some(image) = artifact.get("image") else {
                continue;
            };
            let context = artifact.str_of("context").unwrap_or(".");
            let Some(context) = join(file.folder(), context) else {
                continue;
            };
            let dockerfile = ["docker", "kaniko"]
                .iter()
                .find_map(|builder| artifact.at(&[builder, "dockerfile"])?.str());
            let narrowed = narrowed(artifact, &context);
            all.push(Build {
                image: image.str().unwrap_or_default().to_owned(),
                dockerfile: dockerfile.and_then(|path| join(&context, path)),
                made: narrowed.is_some(),
                context: narrowed.unwrap_or(context),
                line: image.first,
            });
        }
    }
    all
}

/// The folder below a context that a builder without a Dockerfile makes the image of: the module of Jib, the
/// package of Bazel, the program of ko (<https://skaffold.dev/docs/builders/builder-types/>).
fn narrowed(artifact: &Node, context: &str) -> Option<String> {
    if let Some(jib) = artifact.get("jib") {
        // `-pl` of Maven takes a folder or `:artifact`, Gradle a path of projects: `:shop:cart`.
        let project = jib.str_of("project").unwrap_or(".");
        return join(
            context,
            project.trim_start_matches(':').replace(':', "/").as_str(),
        );
    }
    if let Some(bazel) = artifact.get("bazel") {
        let target = bazel.str_of("target")?.strip_prefix("//")?;
        return join(context, target.split(':').next()?);
    }
    if let Some(ko) = artifact.get("ko") {
        let folder = join(context, ko.str_of("dir").unwrap_or("."))?;
        return join(&folder, ko.str_of("main").unwrap_or("."));
    }
    artifact.get("buildpacks").map(|_| context.to_owned())
}

/// `docker_build('shop/cart', './cart', dockerfile='cart/Dockerfile.dev')`.
fn tilt(file: &SourceFile<'_>) -> Vec<Build> {
    let mut all = Vec::new();
    let text = file.text;
    for call in ["docker_build", "custom_build"] {
        for (at, _) in text.match_indices(call) {
            let before = text[..at].chars().next_back();
            let rest = &text[at + call.len()..];
            // `docker_build_with_restart` of an extension takes the same.
            let rest = rest.strip_prefix("_with_restart").unwrap_or(rest);
            let Some(inner) = rest.strip_prefix('(') else {
                continue;
            };
            let begun = text[..at].rfind('\n').map_or(0, |end| end + 1);
            let is_other = before.is_some_and(|c| c.is_alphanumeric() || c == '_');
            if is_other || text[begun..at].contains('#') {
                continue;
            }
            let line = file.lines().line_of(at);
            all.extend(tilt_call(file, call, inner, line));
        }
    }
    all
}

fn tilt_call(file: &SourceFile<'_>, call: &str, inner: &str, line: u32) -> Option<Build> {
    let mut placed: Vec<&str> = Vec::new();
    let mut keyed: BTreeMap<&str, &str> = BTreeMap::new();
    for argument in arguments(inner) {
        match argument.split_once('=') {
            Some((key, value))
                if key
                    .trim()
                    .bytes()
                    .all(|b| b == b'_' || b.is_ascii_lowercase()) =>
            {
                keyed.insert(key.trim(), value.trim());
            }
            _ => placed.push(argument.trim()),
        }
    }
    let text = |written: &str| literal(written).map(str::to_owned);
    let image = text(keyed.get("ref").or(placed.first())?)?;
    let context = match call {
        "docker_build" => text(keyed.get("context").or(placed.get(1))?)?,
        // What a command of one's own builds from stands only in what it watches.
        _ => {
            let deps = keyed.get("deps").or(placed.get(2))?;
            let only = deps.strip_prefix('[')?.strip_suffix(']')?.trim();
            text(only.trim_end_matches(','))?
        }
    };
    let dockerfile = keyed.get("dockerfile").and_then(|d| text(d));
    Some(Build {
        image,
        context: join(file.folder(), &context)?,
        dockerfile: dockerfile.and_then(|path| join(file.folder(), &path)),
        line,
        made: false,
    })
}

/// What stands between quotes, if nothing else does.
fn literal(written: &str) -> Option<&str> {
    let quote = written.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let inner = written.strip_prefix(quote)?.strip_suffix(quote)?;
    (!inner.contains(quote)).then_some(inner)
}

/// The arguments of a call whose opening parenthesis has been read.
fn arguments(text: &str) -> Vec<&str> {
    let (mut depth, mut from, mut quote) = (0, 0, None);
    let mut all = Vec::new();
    for (at, c) in text.char_indices().take(4000) {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')') if depth == 0 => {
                all.push(&text[from..at]);
                return all;
            }
            (None, ')' | ']' | '}') => depth -= 1,
            (None, ',') if depth == 0 => {
                all.push(&text[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    Vec::new()
}

fn commands(file: &SourceFile<'_>) -> Vec<Build> {
    let mut variables: BTreeMap<&str, &str> = BTreeMap::new();
    let mut all = Vec::new();
    let mut open: Option<(&str, Vec<&str>)> = None;
    let mut whole = String::new();
    let mut begun = 0;
    for (number, line) in file.text.lines().enumerate() {
        if let Some((name, value)) = assignment(line) {
            variables.insert(name, value.trim().trim_matches(['"', '\'']));
            continue;
        }
        let text = line.trim();
        if text.starts_with('#') {
            continue;
        }
        if whole.is_empty() {
            begun = number as u32 + 1;
        }
        if let Some(part) = text.strip_suffix('\\') {
            if whole.len() < 8000 {
                whole.push_str(part);
                whole.push(' ');
            }
            continue;
        }
        // `for part in cart orders; do`
        if let Some((name, words)) = loop_over(text) {
            open = Some((name, words));
        }
        whole.push_str(text);
        let command = std::mem::take(&mut whole);
        if command.contains(" build") {
            let rounds = open.as_ref().filter(|(name, _)| uses(&command, name));
            match rounds {
                None => all.extend(build(file, &filled_in(&command, &variables), begun)),
                Some((name, words)) => {
                    for word in words.iter().take(MOST_ROUNDS) {
                        let mut round = variables.clone();
                        round.insert(name, word);
                        all.extend(build(file, &filled_in(&command, &round), begun));
                    }
                }
            }
        }
        if text == "done" || text.ends_with("; done") || text.ends_with(" done") {
            open = None;
        }
        if all.len() > MOST {
            break;
        }
    }
    all
}

/// The variable and the words of a loop of the shell.
fn loop_over(text: &str) -> Option<(&str, Vec<&str>)> {
    let text = text.trim_start_matches(['@', '-']).strip_prefix("for ")?;
    let (name, rest) = text.split_once(" in ")?;
    let words = rest.split([';', '\n']).next()?.trim_end_matches(" do");
    let words: Vec<&str> = words.split_whitespace().collect();
    let plain = |w: &str| !w.contains(['$', '*', '`', '(', '{']);
    words
        .iter()
        .all(|w| plain(w))
        .then_some((name.trim(), words))
}

fn uses(command: &str, name: &str) -> bool {
    command
        .match_indices(name)
        .any(|(at, _)| command[..at].ends_with(['$', '{', '(']))
}

/// With variables of all forms filled in: `$(NAME)`, `${NAME}`, `$NAME` and, in Makefiles, `$$NAME`.
fn filled_in(command: &str, variables: &BTreeMap<&str, &str>) -> String {
    let mut text = command.replace("$$", "$");
    // Expressions of GitHub Actions are one word, and nobody here knows their value.
    while let Some((before, rest)) = text.split_once("${{") {
        let after = rest.split_once("}}").map_or("", |(_, after)| after);
        text = format!("{before}${{}}{after}");
    }
    for (name, _) in variables.iter().rev() {
        let bare = format!("${name}");
        if text.contains(&bare) && text.len() < 20_000 {
            let mut out = String::with_capacity(text.len());
            let mut rest = text.as_str();
            while let Some((before, after)) = rest.split_once(&bare) {
                out.push_str(before);
                let more = after.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
                out.push_str(if more { bare.as_str() } else { "${" });
                if !more {
                    out.push_str(name);
                    out.push('}');
                }
                rest = after;
            }
            out.push_str(rest);
            text = out;
        }
    }
    filled(&text, variables, 0)
}

/// Options of `docker build` that stand without a value.
const BARE: &[&str] = &[
    "--check",
    "--debug",
    "-D",
    "--load",
    "--no-cache",
    "--pull",
    "--push",
    "-q",
    "--quiet",
    "--rm",
    "--force-rm",
    "--squash",
    "--compress",
    "--tls-verify",
    "--layers",
];

/// The build that a command makes.
fn build(file: &SourceFile<'_>, command: &str, line: u32) -> Option<Build> {
    let mut folder = base(file);
    let mut rest = command;
    // What stands before the command on its line may change the folder.
    let (before, after) = loop {
        let at = rest.find(" build ")?;
        let (before, after) = rest.split_at(at);
        let program = before
            .trim_end()
            .rsplit([' ', '\t', '@', '(', '"', '\''])
            .next()?;
        if matches!(
            program,
            "docker" | "podman" | "nerdctl" | "buildx" | "image"
        ) {
            break (
                &command[..command.len() - after.len()],
                &after[" build ".len()..],
            );
        }
        rest = &after[" build ".len()..];
    };
    for part in before.split(['&', ';', '(']) {
        if let Some(path) = part.trim().trim_start_matches('@').strip_prefix("cd ") {
            folder = folder.and_then(|f| join(&f, path.trim().trim_matches(['"', '\''])));
        }
    }
    let mut words = after
        .split_whitespace()
        .map(|w| w.trim_matches(['"', '\'']));
    let (mut image, mut dockerfile, mut context) = (None, None, None);
    while let Some(word) = words.next() {
        let value = |words: &mut dyn Iterator<Item = &'_ str>| -> Option<String> {
            words.next().map(str::to_owned)
        };
        match word.split_once('=') {
            Some(("-t" | "--tag", tag)) => image = image.or(Some(tag.to_owned())),
            Some(("-f" | "--file", path)) => dockerfile = Some(path.to_owned()),
            Some((option, _)) if option.starts_with('-') => {}
            _ => match word {
                "-t" | "--tag" => image = image.or(value(&mut words)),
                "-f" | "--file" => dockerfile = value(&mut words),
                word if BARE.contains(&word) => {}
                word if word.starts_with('-') => {
                    words.next();
                }
                word if word.starts_with(['&', '|', ';', '>', '<', '#']) => break,
                word => {
                    context = context.or(Some(word.trim_end_matches([';', ')']).to_owned()));
                    if word.ends_with([';', ')']) {
                        break;
                    }
                }
            },
        }
    }
    let folder = folder?;
    let sound = |path: &String| !path.contains(['$', '`', '*', '?']);
    let context = join(&folder, &context.filter(sound)?)?;
    let dockerfile = match dockerfile {
        Some(path) => Some(join(&folder, &Some(path).filter(sound)?)?),
        None => None,
    };
    Some(Build {
        image: image?,
        context,
        dockerfile,
        line,
        made: false,
    })
}

/// The folder that commands of a file start in: of a Makefile its own, of pipelines the root, if no
/// other is given in the file. Where a script of the shell starts nobody knows, but what builds
/// lies at the root or beside the tree it builds.
fn base(file: &SourceFile<'_>) -> Option<String> {
    let name = file.name();
    if name.ends_with(".yml") || name.ends_with(".yaml") || name == "Jenkinsfile" {
        let moved = file.text.contains("working-directory") || file.text.contains("dir(");
        return (!moved).then(String::new);
    }
    if name.ends_with(".sh") {
        let here = ["dirname", "BASH_SOURCE", "${0%"];
        let at_root = file.folder().is_empty();
        let moved = here.iter().any(|w| file.text.contains(w)) || file.text.contains("pushd");
        return (at_root || !moved).then(String::new);
    }
    Some(file.folder().to_owned())
}
