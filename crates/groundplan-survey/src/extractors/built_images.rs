//! Images that the build of a Java project makes: whoever runs one of them runs that project.

use super::gradle;
use super::maven::Pom;
use super::published_images::{Named, named};
use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, PublishedImage};
use crate::source::SourceFile;
use roxmltree::Node;
use std::collections::BTreeMap;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "built-images",
    docs: "\
### What it finds
Names of the images that a Maven or Gradle project is built into, with the folder of the project: Jib,
`bootBuildImage`, the `image` of `spring-boot-maven-plugin`, the plugins `docker-maven-plugin` of
fabric8 and Spotify and `dockerfile-maven-plugin`, `docker` of Palantir, and calls of `docker build -t`
by `exec-maven-plugin`. Properties of the file are filled in; an owner that stands elsewhere
(`${docker.repo}/shop`) is any owner.

### What it does not find
Names that scripts compute, and those that stand only in a parent.
",
    reads: &[Reads::Paths(&["pom.xml", "build.gradle", "build.gradle.kts"])],
    markers: &["jib", "bootBuildImage", "docker", "spring-boot-maven-plugin"],
    run: extract,
};

/// Names of one file beyond these are left out.
const MOST: usize = 20;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let all = if file.name() == "pom.xml" {
        of_maven(file)
    } else {
        of_gradle(file)
    };
    for (image, line) in all.into_iter().take(MOST) {
        let claim = PublishedImage {
            image,
            dockerfile: None,
            folder: Some(file.folder().to_owned()),
            context: None,
            tags: Vec::new(),
            target: None,
        };
        acc.add(file, line, line, Claim::Publishes(claim));
    }
}

/// Adds a name unless a part of it is not known that is more than the owner.
fn add(all: &mut BTreeMap<String, u32>, text: &str, line: u32) {
    let name = match named(text) {
        Named::Whole(name) => name,
        Named::OwnerUnknown(name) => format!("*/{name}"),
        Named::Unknown => return,
    };
    all.entry(name).or_insert(line);
}

fn of_maven(file: &SourceFile<'_>) -> BTreeMap<String, u32> {
    let mut all = BTreeMap::new();
    let Ok(document) = groundplan_syntax::xml(file.text) else {
        return all;
    };
    let root = document.root_element();
    let pom = Pom::new(root);
    let text = |node: Node<'_, '_>| pom.fill(node.text().unwrap_or_default().trim());
    let line = |node: Node<'_, '_>| crate::markup::lines(file, node).0;
    for plugin in root.descendants().filter(|n| n.has_tag_name("plugin")) {
        let artifact = plugin.children().find(|n| n.has_tag_name("artifactId"));
        let artifact = artifact.and_then(|n| n.text()).unwrap_or_default().trim();
        // What is only pinned is made by whoever names the plugin again.
        if plugin
            .ancestors()
            .any(|n| n.has_tag_name("pluginManagement"))
        {
            continue;
        }
        for node in plugin.descendants().filter(Node::is_element) {
            let parent = node.parent().map_or("", |n| n.tag_name().name());
            let names = match (artifact, parent, node.tag_name().name()) {
                ("jib-maven-plugin", "to", "image")
                | ("spring-boot-maven-plugin" | "docker-maven-plugin", "image", "name")
                | ("docker-maven-plugin", "configuration", "imageName")
                | ("dockerfile-maven-plugin", "configuration", "repository") => true,
                ("exec-maven-plugin", "arguments", "argument") => is_tag_of_build(node),
                _ => false,
            };
            if names {
                add(&mut all, &text(node), line(node));
            }
        }
    }
    let jib = ["jib.to.image", "spring-boot.build-image.imageName"];
    for properties in root.children().filter(|n| n.has_tag_name("properties")) {
        for node in properties
            .children()
            .filter(|n| jib.contains(&n.tag_name().name()))
        {
            add(&mut all, &text(node), line(node));
        }
    }
    all
}

/// Whether an argument is the name of what `docker build -t` makes.
fn is_tag_of_build(node: Node<'_, '_>) -> bool {
    let said = |n: &Node<'_, '_>| n.text().unwrap_or_default().trim().to_owned();
    // The first of its siblings is the node itself.
    let before = node.prev_siblings().skip(1).find(Node::is_element);
    let tag = before.is_some_and(|n| matches!(said(&n).as_str(), "-t" | "--tag"));
    let mut siblings = node.prev_siblings();
    tag && siblings.any(|n| n.is_element() && said(&n) == "build")
}

/// The block that a line stands in decides what `image` or `name` means there.
fn of_gradle(file: &SourceFile<'_>) -> BTreeMap<String, u32> {
    let mut all = BTreeMap::new();
    let variables = gradle::variables(file.text);
    let project = file.folder().rsplit('/').next().unwrap_or_default();
    let mut blocks: Vec<String> = Vec::new();
    for (number, written) in file.text.lines().enumerate() {
        let line = written.trim();
        if line.starts_with("//") || line.starts_with('*') {
            continue;
        }
        let key: String = line
            .chars()
            .take_while(|c| c.is_alphanumeric() || "._".contains(*c))
            .collect();
        let inside = |name: &str| blocks.last().is_some_and(|b| b.contains(name));
        let in_jib = || blocks.iter().any(|b| b == "jib");
        let names = match key.trim_end_matches(".set") {
            "image" => inside("to") && in_jib(),
            "to.image" => in_jib(),
            "jib.to.image" | "bootBuildImage.imageName" => true,
            "imageName" => inside("bootBuildImage") || inside("BootBuildImage"),
            "name" => blocks.len() == 1 && inside("docker"),
            _ => false,
        };
        if names && let Some((value, _)) = gradle::quoted(line).first() {
            let value = ["${project.name}", "$project.name"]
                .iter()
                .fold((*value).to_owned(), |text, name| {
                    text.replace(name, project)
                });
            add(
                &mut all,
                &gradle::fill(&value, &variables),
                number as u32 + 1,
            );
        }
        // Braces in texts come in pairs: `"${version}"`.
        let (open, close) = (line.matches('{').count(), line.matches('}').count());
        for _ in 0..close.saturating_sub(open) {
            blocks.pop();
        }
        for _ in 0..open.saturating_sub(close) {
            let is_task = key.starts_with("tasks") || key == "named";
            let block = if is_task {
                line.to_owned()
            } else {
                key.clone()
            };
            if blocks.len() < 40 {
                blocks.push(block);
            }
        }
    }
    all
}
