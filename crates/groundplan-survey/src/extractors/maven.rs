//! `pom.xml`.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Package};
use crate::manifest::{depend, dependency};
use crate::markup;
use crate::source::SourceFile;
use groundplan_model::DependencyScope;
use roxmltree::Node;
use std::collections::BTreeMap;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "maven",
    docs: "\
### What it finds
The project of a `pom.xml` by its artifact id, with parent, modules (those of profiles included),
Java version, and dependencies with scope, properties of the file filled in, those of a profile that is
not active by default as optional; plugins as build dependencies. A plugin that makes a program (Spring Boot, Quarkus, Jib …), one that writes the main
class of the program into its archive (jar, shade, assembly) or the packaging `war` marks an
application. Whether integration tests run apart: by Failsafe, or by a plugin that includes their names alone.

### What it does not find
`dependencyManagement` and `pluginManagement`, which pin and do not use; properties and versions
that stand in a parent elsewhere: these stay as `${…}` or empty.
",
    reads: &[Reads::Paths(&["pom.xml", "*.pom", "pom-*.xml"])],
    markers: &["<project"],
    run: extract,
};

/// Plugins that turn a project into a program.
const APPLICATION_PLUGINS: [&str; 8] = [
    "spring-boot-maven-plugin",
    "quarkus-maven-plugin",
    "micronaut-maven-plugin",
    "jib-maven-plugin",
    "wildfly-maven-plugin",
    "liberty-maven-plugin",
    "helidon-maven-plugin",
    "appassembler-maven-plugin",
];

/// Plugins that pack a program where they are told the class that starts it.
const ARCHIVERS: [&str; 3] = [
    "maven-assembly-plugin",
    "maven-jar-plugin",
    "maven-shade-plugin",
];

/// Whether the settings of a plugin name the class that starts a program.
fn names_main_class(plugin: Node<'_, '_>) -> bool {
    plugin.descendants().any(|node| {
        matches!(node.tag_name().name(), "mainClass" | "Main-Class")
            && node.text().is_some_and(|text| !text.trim().is_empty())
    })
}

/// Notes that the build runs integration tests apart from the others: by Failsafe, or where a plugin
/// includes their names alone (<https://maven.apache.org/surefire/maven-failsafe-plugin/>).
fn keeps_integration_apart(acc: &mut FileFacts, file: &SourceFile<'_>, root: Node<'_, '_>) {
    let text =
        |node: &Node<'_, '_>, wanted: &str| node.text().is_some_and(|t| t.trim().ends_with(wanted));
    // With other names beside them they run together.
    let alone = |node: &Node<'_, '_>| {
        let mut all = node.parent().into_iter().flat_map(|p| p.children());
        all.all(|one| !one.has_tag_name("include") || text(&one, "IT.java"))
    };
    let found = root.descendants().find(|node| {
        node.has_tag_name("include") && text(node, "IT.java") && alone(node)
            || node.has_tag_name("artifactId") && text(node, "maven-failsafe-plugin")
    });
    if let Some(node) = found {
        let (first, last) = markup::lines(file, node);
        let mark = crate::facts::Mark {
            topic: groundplan_model::Topic::Test,
            name: crate::extractors::tests::APART.to_owned(),
            detail: None,
        };
        acc.add(file, first, last, Claim::Mark(mark));
    }
}

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let Some(document) = markup::parse(acc, file) else {
        return;
    };
    let root = document.root_element();
    if root.tag_name().name() != "project" {
        return;
    }
    let pom = Pom::new(root);
    let Some(artifact) = pom.text(root, "artifactId") else {
        return;
    };
    keeps_integration_apart(acc, file, root);
    let plugins: Vec<Node<'_, '_>> = plugins(root);
    let packaging = pom.text(root, "packaging").unwrap_or_default();
    let makes_program = plugins.iter().any(|plugin| {
        let name = pom.text(*plugin, "artifactId").unwrap_or_default();
        APPLICATION_PLUGINS.contains(&name.as_str())
            || ARCHIVERS.contains(&name.as_str()) && names_main_class(*plugin)
    });
    let parent = child(root, "parent");
    let claim = Package {
        ecosystem: "maven".to_owned(),
        name: artifact,
        folder: file.folder().to_owned(),
        version: pom
            .text(root, "version")
            .or_else(|| pom.text(parent?, "version")),
        description: pom
            .text(root, "description")
            .or_else(|| pom.text(root, "name").filter(|name| says_purpose(name)))
            .map(|d| d.split_whitespace().collect::<Vec<_>>().join(" ")),
        license: child(root, "licenses")
            .and_then(|l| child(l, "license"))
            .and_then(|l| pom.text(l, "name")),
        runtime: pom.java(),
        members: modules(file, &pom, root),
        aliases: Vec::new(),
        binaries: Vec::new(),
        scripts: Vec::new(),
        application: packaging == "war" || (packaging != "pom" && makes_program),
        library: false,
        group: pom.group(),
        parent: parent.and_then(|p| {
            let artifact = pom.text(p, "artifactId")?;
            Some(format!("{}:{artifact}", pom.text(p, "groupId")?))
        }),
        roots: false,
        version_file: None,
    };
    let lines = ["artifactId", "version", "name", "description"]
        .iter()
        .filter_map(|name| child(root, name))
        .map(|node| markup::lines(file, node));
    let first = lines.clone().map(|(first, _)| first).min().unwrap_or(1);
    let last = lines.map(|(_, last)| last).max().unwrap_or(1);
    acc.add(file, first, last, Claim::Package(claim));

    for node in children(root, "dependencies", "dependency") {
        add_dependency(acc, file, &pom, node, false);
    }
    for profile in profiles(root) {
        // What only a profile brings in is there for who asks for it.
        let usual = child(profile, "activation")
            .is_some_and(|a| pom.text(a, "activeByDefault").as_deref() == Some("true"));
        for node in children(profile, "dependencies", "dependency") {
            add_dependency(acc, file, &pom, node, !usual);
        }
    }
    for plugin in plugins {
        let group = pom.text(plugin, "groupId");
        let group = group.unwrap_or_else(|| "org.apache.maven.plugins".to_owned());
        if let Some(artifact) = pom.text(plugin, "artifactId") {
            let version = pom.text(plugin, "version").unwrap_or_default();
            let name = format!("{group}:{artifact}");
            let claim = dependency("maven", &name, &version, DependencyScope::Build);
            depend(acc, file, markup::lines(file, plugin), claim);
        }
    }
}

/// Whether the name of a project is a text and no path of modules: `Shop HTTP Transport`, unlike
/// `shop-core` and `Shop :: Core`.
fn says_purpose(name: &str) -> bool {
    name.split_whitespace().count() > 1
        && !name.contains([':', '$', '/', '|'])
        && !name.contains(" - ")
}

fn add_dependency(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    pom: &Pom<'_>,
    node: Node<'_, '_>,
    asked: bool,
) {
    let (Some(group), Some(artifact)) = (pom.text(node, "groupId"), pom.text(node, "artifactId"))
    else {
        return;
    };
    let optional = asked || pom.text(node, "optional").as_deref() == Some("true");
    let scope = match pom.text(node, "scope").as_deref() {
        Some("test") => DependencyScope::Test,
        Some("provided") => DependencyScope::Build,
        Some("import") => return,
        _ if optional => DependencyScope::Optional,
        _ => DependencyScope::Runtime,
    };
    let version = pom.text(node, "version").unwrap_or_default();
    let claim = dependency("maven", &format!("{group}:{artifact}"), &version, scope);
    depend(acc, file, markup::lines(file, node), claim);
}

/// The properties of a project, to fill in `${…}`.
pub(super) struct Pom<'d> {
    properties: BTreeMap<String, &'d str>,
}

impl<'d> Pom<'d> {
    pub(super) fn new(root: Node<'d, 'd>) -> Self {
        let mut properties = BTreeMap::new();
        let mut put = |key: String, node: Option<Node<'d, 'd>>| {
            if let Some(text) = node.and_then(|n| n.text()) {
                properties.entry(key).or_insert(text.trim());
            }
        };
        let parent = child(root, "parent");
        for name in ["groupId", "artifactId", "version"] {
            let own = child(root, name);
            let inherited = parent.and_then(|p| child(p, name));
            let own = if name == "artifactId" {
                own
            } else {
                own.or(inherited)
            };
            put(format!("project.{name}"), own);
            put(format!("pom.{name}"), own);
            put(format!("project.parent.{name}"), inherited);
            put(format!("parent.{name}"), inherited);
        }
        for properties in root.children().filter(|n| n.has_tag_name("properties")) {
            for node in properties.children().filter(Node::is_element) {
                put(node.tag_name().name().to_owned(), Some(node));
            }
        }
        Pom { properties }
    }

    /// The text of a child element with properties filled in; `None` if there is none.
    fn text(&self, node: Node<'_, '_>, name: &str) -> Option<String> {
        let text = self.fill(child(node, name)?.text()?.trim());
        (!text.is_empty()).then_some(text)
    }

    pub(super) fn fill(&self, text: &str) -> String {
        // Properties may name each other in a circle or multiply.
        let mut steps = 16;
        self.fill_within(text, 0, &mut steps)
    }

    fn fill_within(&self, text: &str, depth: u32, steps: &mut u32) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some((head, tail)) = rest.split_once("${") {
            let Some((name, after)) = tail.split_once('}') else {
                break;
            };
            out.push_str(head);
            match self.properties.get(name) {
                Some(value) if depth < 8 && *steps > 0 => {
                    *steps -= 1;
                    out.push_str(&self.fill_within(value, depth + 1, steps));
                }
                _ => out.push_str(&format!("${{{name}}}")),
            }
            rest = after;
        }
        out.push_str(rest);
        out
    }

    /// The group of the project, if it stands in the file.
    fn group(&self) -> Option<String> {
        let group = self.fill(self.properties.get("project.groupId")?);
        (!group.is_empty() && !group.contains('$')).then_some(group)
    }

    fn java(&self) -> Option<String> {
        let name = [
            "maven.compiler.release",
            "java.version",
            "maven.compiler.target",
            "maven.compiler.source",
            "jdk.version",
        ]
        .iter()
        .find(|name| self.properties.contains_key(**name))?;
        let version = self.fill(self.properties.get(*name)?);
        Some(format!("java {version}"))
    }
}

fn modules(file: &SourceFile<'_>, pom: &Pom<'_>, root: Node<'_, '_>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut sections = vec![root];
    sections.extend(profiles(root));
    for section in sections {
        for module in children(section, "modules", "module") {
            let text = module.text().map(str::trim).unwrap_or_default();
            if let Some(path) = file.resolve(&pom.fill(text))
                && !path.is_empty()
                && !found.contains(&path)
            {
                found.push(path);
            }
        }
    }
    found
}

fn profiles<'d>(root: Node<'d, 'd>) -> Vec<Node<'d, 'd>> {
    children(root, "profiles", "profile")
}

/// The plugins of the build; those of `pluginManagement` are only pinned.
fn plugins<'d>(root: Node<'d, 'd>) -> Vec<Node<'d, 'd>> {
    let build = child(root, "build");
    build.map_or_else(Vec::new, |b| children(b, "plugins", "plugin"))
}

fn child<'d>(node: Node<'d, 'd>, name: &str) -> Option<Node<'d, 'd>> {
    node.children().find(|n| n.has_tag_name(name))
}

fn children<'d>(node: Node<'d, 'd>, list: &str, name: &str) -> Vec<Node<'d, 'd>> {
    child(node, list).map_or_else(Vec::new, |list| {
        list.children().filter(|n| n.has_tag_name(name)).collect()
    })
}
