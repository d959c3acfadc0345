//! Images that the repository itself publishes: whoever runs one of them runs this code.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, PublishedImage};
use crate::source::{SourceFile, join};
use groundplan_syntax::Node;
use std::collections::{BTreeMap, BTreeSet};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "published-images",
    docs: "\
### What it finds
Names of images that a release publishes, with the Dockerfile if it is named: `dockers`,
`docker_manifests` and `kos` of GoReleaser, `tags` of a `docker-bake` file, `tags` and `images` of
`docker/build-push-action` and `docker/metadata-action` in workflows and composite actions of GitHub Actions,
those with their tags and the stage that is built; inputs are what they are by default. Of GoReleaser also
the folders of the programs that a release hands out.

### What it does not find
Names that scripts compute.
",
    reads: &[Reads::Paths(&[
        ".goreleaser*.yml",
        ".goreleaser*.yaml",
        "goreleaser*.yml",
        "goreleaser*.yaml",
        "docker-bake*.hcl",
        "docker-bake*.json",
        ".github/workflows/*.yml",
        ".github/workflows/*.yaml",
        "**/.github/actions/**/action.yml",
        "**/.github/actions/**/action.yaml",
    ])],
    markers: &[
        "image_templates",
        "name_template",
        "repositories",
        "build-push-action",
        "metadata-action",
        "tags",
        "builds",
    ],
    run: extract,
};

/// Names of one file beyond these are left out.
const MOST: usize = 40;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let name = file.name();
    if name.contains("goreleaser") {
        programs(acc, file);
    }
    let mut all: Found = BTreeMap::new();
    let mut built: Built = BTreeMap::new();
    if name.contains("goreleaser") {
        goreleaser(file, &mut all);
    } else if name.starts_with("docker-bake") {
        bake(file, &mut all);
    } else if ["build-push-action", "metadata-action"]
        .iter()
        .any(|m| file.text.contains(m))
    {
        actions(file, &mut built);
    }
    for ((image, dockerfile), line) in all {
        built
            .entry((image, dockerfile, None))
            .or_insert((line, BTreeSet::new()));
    }
    for ((image, dockerfile, target), (line, tags)) in built.into_iter().take(MOST) {
        acc.add(
            file,
            line,
            line,
            Claim::Publishes(PublishedImage {
                image,
                dockerfile,
                folder: None,
                context: None,
                tags: tags.into_iter().collect(),
                target,
            }),
        );
    }
}

type Found = BTreeMap<(String, Option<String>), u32>;

/// Images by name, Dockerfile and the stage of it that is built, with their line and tags.
type Built = BTreeMap<(String, Option<String>, Option<String>), (u32, BTreeSet<String>)>;

/// Folders of the programs that GoReleaser builds: `main` below `dir`, both the folder of the file unless
/// given (<https://goreleaser.com/customization/builds/go/>).
fn programs(acc: &mut FileFacts, file: &SourceFile<'_>) {
    for root in file.yaml() {
        for build in root.get("builds").map(Node::items).unwrap_or_default() {
            let given = |key: &str| build.str_of(key).unwrap_or(".");
            let (folder, main) = (given("dir"), given("main"));
            let templated = folder.contains("{{") || main.contains("{{");
            let skipped = build.str_of("skip") == Some("true");
            let main = match main.rsplit_once('/') {
                Some((above, name)) if name.ends_with(".go") => above,
                None if main.ends_with(".go") => ".",
                _ => main,
            };
            let place = join(file.folder(), folder).and_then(|folder| join(&folder, main));
            if let Some(place) = place.filter(|_| !templated && !skipped) {
                acc.add(file, build.first, build.first, Claim::Released(place));
            }
        }
    }
}

fn goreleaser(file: &SourceFile<'_>, all: &mut Found) {
    for root in file.yaml() {
        let mut variables: BTreeMap<String, String> = BTreeMap::new();
        for item in root.get("env").map(Node::items).unwrap_or_default() {
            if let Some((name, value)) = item.str().and_then(|t| t.split_once('=')) {
                variables.insert(format!(".Env.{name}"), value.to_owned());
            }
        }
        // Unless it is given, the name of a project is that of what it builds, or of its folder.
        let builds = root.get("builds").map(Node::items).unwrap_or_default();
        let binary = || match builds {
            [only] => only.str_of("binary"),
            _ => None,
        };
        if let Some(name) = root.str_of("project_name").or_else(binary) {
            variables.insert(".ProjectName".to_owned(), name.to_owned());
        }
        let fill = |text: &str| filled(text, "{{", "}}", &variables);
        for section in ["dockers", "dockers_v2", "docker_manifests", "kos"] {
            for item in root.get(section).map(Node::items).unwrap_or_default() {
                let dockerfile = match section {
                    "dockers" | "dockers_v2" => {
                        let named = item.str_of("dockerfile").unwrap_or("Dockerfile");
                        join(file.folder(), named)
                    }
                    _ => None,
                };
                let lists = ["image_templates", "images", "repositories"];
                let listed = lists.iter().filter_map(|key| item.get(key));
                for node in listed
                    .flat_map(Node::items)
                    .map(AsRef::as_ref)
                    .chain(item.get("name_template"))
                {
                    if let Some(image) = node.str().and_then(|t| image(&fill(t))) {
                        all.entry((image, dockerfile.clone())).or_insert(node.first);
                    }
                }
            }
        }
    }
}

fn bake(file: &SourceFile<'_>, all: &mut Found) {
    let mut variables: BTreeMap<String, String> = BTreeMap::new();
    let mut variable: Option<String> = None;
    let mut tags: Vec<(String, u32)> = Vec::new();
    let mut dockerfile: Option<String> = None;
    // Tags with the Dockerfile of their target; variables may follow.
    let mut whole: Vec<(String, u32, Option<String>)> = Vec::new();
    // In JSON no line tells where a target begins.
    let json = file.name().ends_with(".json");
    let several = json && file.text.matches("\"dockerfile\"").count() > 1;
    let mut inside = false;
    for (number, line) in file.text.lines().enumerate() {
        let text = line.trim();
        let quoted: Vec<&str> = text.split('"').skip(1).step_by(2).collect();
        if text.starts_with("variable ") {
            variable = quoted.first().map(|n| (*n).to_owned());
        } else if text.starts_with("target ") {
            variable = None;
            let of = dockerfile.take();
            whole.extend(tags.drain(..).map(|(tag, line)| (tag, line, of.clone())));
        }
        if text.starts_with("default") && !quoted.is_empty() {
            if let (Some(name), Some(value)) = (&variable, quoted.first()) {
                variables.insert(name.clone(), (*value).to_owned());
            }
            continue;
        }
        let key = text.trim_start_matches('"');
        if key.starts_with("dockerfile") {
            let named = quoted.last().filter(|_| !several);
            dockerfile = named.and_then(|d| join(file.folder(), d));
        }
        inside = (inside || key.starts_with("tags")) && variable.is_none();
        if inside {
            tags.extend(quoted.iter().map(|t| ((*t).to_owned(), number as u32 + 1)));
            inside = !text.contains(']');
        }
    }
    whole.extend(
        tags.into_iter()
            .map(|(tag, line)| (tag, line, dockerfile.clone())),
    );
    for (tag, line, dockerfile) in whole {
        if let Some(image) = image(&filled(&tag, "${", "}", &variables)) {
            all.entry((image, dockerfile)).or_insert(line);
        }
    }
}

/// `docker/build-push-action` and `docker/metadata-action` in the steps of all jobs.
fn actions(file: &SourceFile<'_>, all: &mut Built) {
    for root in file.documents() {
        let environment = |node: &Node, variables: &mut BTreeMap<String, String>| {
            for (key, value) in node.get("env").map(Node::entries).unwrap_or_default() {
                if let Some(value) = value.str() {
                    variables.insert(format!("env.{}", key.text), value.to_owned());
                }
            }
        };
        let mut common = BTreeMap::from([("github.workspace".to_owned(), ".".to_owned())]);
        environment(root, &mut common);
        let jobs = root.get("jobs").map(Node::entries).unwrap_or_default();
        let jobs = jobs.into_iter().map(|(_, job)| job);
        let action = root.get("runs").filter(|_| root.get("jobs").is_none());
        // What an input is by default (<https://docs.github.com/actions/reference/workflows-and-actions/metadata-syntax#inputs>).
        let inputs = action.and_then(|_| root.get("inputs"));
        for (name, input) in inputs.map(Node::entries).unwrap_or_default() {
            if let Some(value) = input.str_of("default").filter(|value| !value.is_empty()) {
                common.insert(format!("inputs.{}", name.text), value.to_owned());
            }
        }
        for job in jobs.chain(action) {
            let mut variables = common.clone();
            environment(job, &mut variables);
            of_matrix(job, &mut variables);
            let steps = || {
                let all = job.get("steps").map(Node::items).unwrap_or_default();
                all.iter().map(AsRef::as_ref)
            };
            let uses =
                |step: &Node, action: &str| step.str_of("uses").is_some_and(|u| u.contains(action));
            // The one build of a job is that of the names that the job makes up.
            let mut builds = steps().filter(|s: &&Node| uses(s, "build-push-action"));
            let (first, more) = (builds.next(), builds.next());
            let file_of = |step: &Node| {
                let with = step.get("with")?;
                let context = with.str_of("context").unwrap_or(".");
                let named = with.str_of("file").map(str::to_owned);
                let named = named.unwrap_or_else(|| format!("{context}/Dockerfile"));
                let named = filled(&named, "${{", "}}", &variables);
                join("", &named).filter(|p| !p.contains('$'))
            };
            let built_as = |id: &str| -> Vec<&Node> {
                let tags = format!("steps.{id}.outputs.tags");
                let named = |s: &&Node| {
                    let given = s.get("with").and_then(|with| with.str_of("tags"));
                    uses(s, "build-push-action") && given.is_some_and(|t| t.contains(&tags))
                };
                steps().filter(named).collect()
            };
            for step in steps() {
                let with = step.get("with");
                let target = |step: &Node| {
                    let target = step.get("with")?.str_of("target")?;
                    (!target.contains('$')).then(|| target.to_owned())
                };
                let (key, builds) = if uses(step, "build-push-action") {
                    ("tags", vec![(file_of(step), target(step))])
                } else if uses(step, "metadata-action") {
                    let only = first.filter(|_| more.is_none());
                    // A build that takes the names from here is the one of these names.
                    let mut builds = step.str_of("id").map(built_as).unwrap_or_default();
                    if builds.is_empty() {
                        builds.extend(only);
                    }
                    let mut all: Vec<_> = builds.iter().map(|b| (file_of(b), target(b))).collect();
                    if all.is_empty() {
                        all.push((None, None));
                    }
                    ("images", all)
                } else {
                    continue;
                };
                let Some(node) = with.and_then(|w| w.get(key)) else {
                    continue;
                };
                let plainly = key == "images" && more.is_some() && is_plain(step);
                for name in node.str().unwrap_or_default().split(['\n', ',']) {
                    let name = name.trim();
                    let name = name.strip_prefix("name=").unwrap_or(name);
                    let name = filled(name, "${{", "}}", &variables);
                    let Some(image) = image(&name).or_else(|| of_the_owner(&name)) else {
                        continue;
                    };
                    for (dockerfile, stage) in &builds {
                        let key = (image.clone(), dockerfile.clone(), stage.clone());
                        let made = all.entry(key).or_insert((node.first, BTreeSet::new()));
                        let tag = name.rsplit_once(':').map(|(_, tag)| tag);
                        let known = |tag: &&str| !tag.contains(['/', '$', '{']);
                        made.1.extend(tag.filter(known).map(str::to_owned));
                        if plainly {
                            made.1.insert("latest".to_owned());
                        }
                    }
                }
            }
        }
    }
}

/// Whether `docker/metadata-action` gives the plain names of a release, of which the newest is the latest:
/// nothing is put behind or before the tags.
fn is_plain(step: &Node) -> bool {
    let Some(with) = step.get("with") else {
        return false;
    };
    let flavor = with.str_of("flavor").unwrap_or_default();
    let tags = with.str_of("tags").unwrap_or_default();
    let changes = ["suffix=", "prefix=", "latest=false"];
    !changes.iter().any(|word| flavor.contains(word))
        && !tags.contains("suffix=")
        && (tags.contains("type=semver") || tags.contains("value=latest"))
}

/// An image below the name of whoever owns the repository on GitHub, which no file of it says: `*/api`.
fn of_the_owner(name: &str) -> Option<String> {
    let name: String = name.split_whitespace().collect();
    let (_, rest) = name.split_once("${{github.repository_owner}}/")?;
    let whole = image(&format!("owner/{rest}"))?;
    let last = whole.strip_prefix("owner/")?;
    (!last.contains('/')).then(|| format!("*/{last}"))
}

/// The values of the matrix of a job that have no other: `matrix.dockerfile`.
fn of_matrix(job: &Node, variables: &mut BTreeMap<String, String>) {
    let Some(matrix) = job.at(&["strategy", "matrix"]) else {
        return;
    };
    let mut values: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (key, value) in matrix.entries() {
        let items = value.items().iter();
        if key.text == "include" {
            for (name, value) in items.flat_map(|item| item.entries()) {
                if let Some(value) = value.str() {
                    values.entry(&name.text).or_default().insert(value);
                }
            }
        } else if key.text != "exclude" {
            let known = items.filter_map(|item| item.str());
            values.entry(&key.text).or_default().extend(known);
        }
    }
    for (name, all) in values {
        if let (1, Some(value)) = (all.len(), all.first()) {
            variables.insert(format!("matrix.{name}"), (*value).to_owned());
        }
    }
}

/// What is known of the name of an image.
pub(super) enum Named {
    /// All of it.
    Whole(String),
    /// Its last part; whose it is stands elsewhere.
    OwnerUnknown(String),
    Unknown,
}

/// The name of an image without registry, tag and digest, also of one without an owner.
pub(crate) fn bare(text: &str) -> Option<String> {
    match named(text) {
        Named::Whole(name) => Some(name),
        _ => None,
    }
}

/// As [`bare`], with what stands for an owner that is not known: `${repo}/api:1`.
pub(super) fn named(text: &str) -> Named {
    let text = text.trim().trim_start_matches("docker://");
    let text = text.split('@').next().unwrap_or(text);
    let last = text.rsplit('/').next().unwrap_or(text);
    let name = last.split(':').next().unwrap_or(last);
    if let Some(image) = image(text) {
        return Named::Whole(image);
    }
    let sound = |text: &str| {
        !text.is_empty()
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
    };
    let owner = text.strip_suffix(last).unwrap_or_default();
    let owner = owner.trim_end_matches('/');
    let is_registry = |text: &str| text.contains(['.', ':']) || text == "localhost";
    match (sound(name), owner) {
        (false, _) => Named::Unknown,
        (true, "") => Named::Whole(name.to_ascii_lowercase()),
        (true, owner) if owner.contains('$') => Named::OwnerUnknown(name.to_ascii_lowercase()),
        (true, owner) if is_registry(owner) => Named::Whole(name.to_ascii_lowercase()),
        _ => Named::Unknown,
    }
}

/// The name of an image without registry, tag and digest: `ghcr.io/shop/api:1` is `shop/api`. Nothing
/// for a name without an owner or with a part that nobody knows.
pub(crate) fn image(text: &str) -> Option<String> {
    let text = text.trim().trim_start_matches("docker://");
    let text = text.split('@').next().unwrap_or(text);
    let text = match text.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => name,
        _ => text,
    };
    let text = match text.split_once('/') {
        Some((host, rest)) if host.contains(['.', ':']) || host == "localhost" => rest,
        _ => text,
    };
    let sound = text
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b"/._-".contains(&b));
    (text.contains('/') && sound && !text.starts_with('/') && !text.ends_with('/'))
        .then(|| text.to_ascii_lowercase())
}

/// A text with `open name close` filled in; a name that is not known is kept.
fn filled(text: &str, open: &str, close: &str, variables: &BTreeMap<String, String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once(open) {
        out.push_str(before);
        let Some((name, after)) = behind.split_once(close) else {
            out.push_str(open);
            rest = behind;
            continue;
        };
        match variables.get(name.trim()) {
            Some(value) => out.push_str(value),
            None => {
                out.push_str(open);
                out.push_str(&name.replace(['/', ':', '@'], "_"));
                out.push_str(close);
            }
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::image;

    #[test]
    fn names_without_registry_and_tag() {
        assert_eq!(image("ghcr.io/shop/api:1.2").as_deref(), Some("shop/api"));
        assert_eq!(
            image("shop/api:{{ .Tag }}-amd64").as_deref(),
            Some("shop/api")
        );
        assert_eq!(
            image("localhost:5000/shop/api@sha256:1").as_deref(),
            Some("shop/api")
        );
        assert_eq!(image("postgres:17"), None);
        assert_eq!(image("${OWNER}/api"), None);
    }
}
