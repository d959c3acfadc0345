//! Resources of Terraform and OpenTofu.

pub(super) mod marks;
pub(super) mod parts;

pub(crate) use parts::EXPRESSION;

use crate::extractor::{Extractor, Reads};
use crate::facts::{
    Claim, FileFacts, Mark, ModuleValue, Overlay, Package, PackageDependency, ValueKind,
};
use crate::secrets;
use crate::source::{SourceFile, join};
use groundplan_model::{DependencyScope, Topic};
use groundplan_syntax::hcl::{self, Block};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "terraform",
    docs: "\
### What it finds
Resources that Terraform and OpenTofu make: type, name, and the region, location or zone that stands
in the resource as text; defaults of variables and settings of providers that name a region. What a
resource says of names, images, engines, sizes, variables of the environment and of other resources
is kept as it is written and filled in when all files of a module are known: stores, queues,
functions, services of containers, what joins them (event sources, subscriptions, integrations,
listeners). Variables, locals and outputs of modules; the providers and modules that a folder needs,
with their versions. Backups, encryption, TLS versions, alarms, schedules, secrets, roles, firewall
rules and how long logs are kept. Files of values by the stage that they are for (`*.tfvars`).

### What it does not find
Modules of others apart from well known ones, what `for_each` and `count` multiply, values of
variables that the repository does not hold, templates of files, and JSON syntax.
",
    reads: &[Reads::Paths(&["*.tf", "*.tofu", "*.tfvars"])],
    markers: &[],
    run: extract,
};

/// Blocks of one file beyond these are left out.
const MAX_RESOURCES: usize = 400;

/// Longest expression that is kept, in bytes.
const MAX_EXPRESSION: usize = 400;

/// Parts of one variable beyond these are left out.
const MAX_PARTS: usize = 40;

/// Source of what Terraform makes, and ecosystem of its providers and modules.
pub(crate) const TERRAFORM: &str = "terraform";

/// Mechanism of a file of values for one stage.
pub(crate) const STAGE: &str = "Terraform variables";

/// Values for a stage: `prod.tfvars`, `envs/staging/terraform.tfvars`. The name is the path, of which
/// the last part that names a stage counts.
fn stage(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let lines = file.text.lines().count().max(1) as u32;
    let overlay = Overlay {
        mechanism: STAGE.to_owned(),
        name: file.path.to_owned(),
        ..Overlay::default()
    };
    acc.add(file, 1, lines, Claim::Overlay(overlay));
}

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if file.path.ends_with(".tfvars") {
        stage(acc, file);
        return;
    }
    let blocks = hcl::hcl(file.text);
    for block in blocks.iter().take(MAX_RESOURCES) {
        match (block.kind, block.labels.as_slice()) {
            ("resource", [kind, name]) => {
                resource(acc, file, block, kind, name);
                marks::read(acc, file, block, kind, name);
                parts::read(acc, file, block, TERRAFORM, kind, name);
            }
            ("data", ["archive_file", name]) => {
                parts::read(acc, file, block, TERRAFORM, "archive_file", name);
            }
            ("module", [name]) => module(acc, file, block, name),
            ("provider", [name]) => {
                if let Some(place) = place(block) {
                    let detail = format!("in {place}");
                    mark(acc, file, block, format!("provider {name}"), detail);
                }
            }
            ("variable", [name]) => variable(acc, file, block, name),
            ("output", [name]) => value(acc, file, block, ValueKind::Output, name, "value"),
            ("locals", []) => {
                for local in &block.attributes {
                    let claim = ModuleValue {
                        kind: ValueKind::Local,
                        name: local.name.to_owned(),
                        value: expression(local.name, local.value),
                    };
                    let (first, last) = local.lines;
                    acc.add(file, first, last, Claim::ModuleValue(claim));
                }
            }
            ("terraform", []) => requirements(acc, file, block),
            _ => {}
        }
    }
}

pub(super) fn mark(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    block: &Block<'_>,
    name: String,
    text: String,
) {
    let mark = Mark {
        topic: Topic::Infrastructure,
        name,
        detail: Some(text),
    };
    let (first, last) = block.lines;
    acc.add(file, first, last, Claim::Mark(mark));
}

pub(super) fn resource(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    block: &Block<'_>,
    kind: &str,
    name: &str,
) {
    let detail = match place(block) {
        Some(place) => format!("{name} in {place}"),
        None => name.to_owned(),
    };
    mark(acc, file, block, kind.to_owned(), detail);
}

/// The text of an argument that says where something lies.
fn place<'t>(block: &Block<'t>) -> Option<&'t str> {
    let named = ["region", "location", "zone", "availability_zone"];
    let mut own = (block.attributes.iter()).filter(|a| named.contains(&a.name));
    own.find_map(|a| hcl::literal(a.value).filter(|v| !v.is_empty()))
}

fn variable(acc: &mut FileFacts, file: &SourceFile<'_>, block: &Block<'_>, name: &str) {
    value(acc, file, block, ValueKind::Variable, name, "default");
    parts_of_object(acc, file, block, name);
    let lower = name.to_ascii_lowercase();
    let mut words = lower.split(['_', '-']);
    let default = block.get("default").and_then(|a| hcl::literal(a.value));
    if words.any(|w| matches!(w, "region" | "location"))
        && let Some(place) = default.filter(|d| !d.is_empty())
    {
        let text = format!("in {place}");
        mark(acc, file, block, format!("variable {name}"), text);
    }
}

/// Numbers and truth values that a variable of several parts has unless its caller gives others: what
/// stands in its default, else behind `optional` in its type
/// (<https://developer.hashicorp.com/terraform/language/expressions/type-constraints#optional-object-type-attributes>).
/// They are kept as `name.part`, which no name of the language is.
fn parts_of_object(acc: &mut FileFacts, file: &SourceFile<'_>, block: &Block<'_>, name: &str) {
    if block.get("sensitive").is_some_and(|a| a.value == "true") {
        return;
    }
    let mut seen: Vec<&str> = Vec::new();
    let given = block.get("default").into_iter();
    let given = given.flat_map(|a| hcl::object(a.value, a.lines.0));
    let given = given.map(|part| (part.name, part.value, part.lines));
    let typed = block.get("type").into_iter();
    let typed = typed.filter_map(|a| hcl::call(a.value, a.lines.0));
    let typed = typed.filter(|(kind, ..)| *kind == "object");
    let typed = typed.flat_map(|(_, inner, line)| hcl::object(inner, line));
    let typed = typed.filter_map(|part| {
        let (kind, inner, line) = hcl::call(part.value, part.lines.0)?;
        let (default, _) = *hcl::arguments(inner, line).get(1)?;
        (kind == "optional").then_some((part.name, default, part.lines))
    });
    for (part, text, (first, last)) in given.chain(typed) {
        let plain = hcl::literal(text).filter(|_| !text.starts_with('"'));
        if seen.contains(&part) || plain.is_none() || seen.len() >= MAX_PARTS {
            continue;
        }
        seen.push(part);
        let claim = ModuleValue {
            kind: ValueKind::Local,
            name: format!("{name}.{part}"),
            value: plain.map(str::to_owned),
        };
        acc.add(file, first, last, Claim::ModuleValue(claim));
    }
}

/// An expression as it may be kept: of objects, lists and calls only what they refer to, since any of
/// their keys may hold a secret; `…` for those that refer to nothing.
pub(super) fn expression(name: &str, value: &str) -> Option<String> {
    if value.starts_with("<<") {
        return None;
    }
    // A request of a gateway has parameters in braces.
    if name == "operation" && hcl::literal(value).is_some() {
        return Some(value.to_owned());
    }
    let opens = |(at, c): (usize, char)| c == '{' && !value[..at].ends_with(['$', '%']);
    let composed =
        value.starts_with('[') || value.char_indices().any(opens) || hcl::call(value, 0).is_some();
    let kept = match composed {
        true if matches!(value, "[]" | "{}") => value.to_owned(),
        true => match hcl::references(value) {
            all if all.is_empty() => "…".to_owned(),
            all => format!("[{}]", all.join(", ")),
        },
        false => secrets::keep(name, value)?,
    };
    (kept.len() <= MAX_EXPRESSION).then_some(kept)
}

/// A variable or output of a module; what is sensitive or looks like a secret has no value.
fn value(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    block: &Block<'_>,
    kind: ValueKind,
    name: &str,
    argument: &str,
) {
    let sensitive = block.get("sensitive").is_some_and(|a| a.value == "true");
    let text = block.get(argument).map(|a| a.value);
    let claim = ModuleValue {
        kind,
        name: name.to_owned(),
        value: text
            .filter(|_| !sensitive)
            .and_then(|text| expression(name, text)),
    };
    let (first, last) = block.lines;
    acc.add(file, first, last, Claim::ModuleValue(claim));
}

/// A call of a module: what it is given, and what it is when others wrote it.
fn module(acc: &mut FileFacts, file: &SourceFile<'_>, block: &Block<'_>, name: &str) {
    let Some(source) = block.get("source").and_then(|a| hcl::literal(a.value)) else {
        return;
    };
    parts::read(acc, file, block, TERRAFORM, source, name);
    let local = source.starts_with('.');
    let path = join(file.folder(), source).filter(|_| local);
    if local && path.is_none() {
        return;
    }
    let version = block.get("version").and_then(|a| hcl::literal(a.value));
    let (first, last) = block.lines;
    let needs = PackageDependency {
        ecosystem: TERRAFORM.to_owned(),
        name: source.to_owned(),
        version: version.unwrap_or_default().to_owned(),
        scope: DependencyScope::Runtime,
        path,
    };
    acc.add(file, first, last, Claim::Dependency(needs));
}

/// `terraform { required_version, required_providers }`: the folder is a module with these needs.
fn requirements(acc: &mut FileFacts, file: &SourceFile<'_>, block: &Block<'_>) {
    let (first, last) = block.lines;
    let runtime = block
        .get("required_version")
        .and_then(|a| hcl::literal(a.value));
    let folder = file.folder();
    let needs = block.inner("required_providers").next();
    if needs.is_none() && runtime.is_none() {
        return;
    }
    let package = Package {
        ecosystem: TERRAFORM.to_owned(),
        name: folder.rsplit('/').next().unwrap_or_default().to_owned(),
        folder: folder.to_owned(),
        version: None,
        description: None,
        license: None,
        runtime: runtime.map(|v| format!("terraform {v}")),
        members: Vec::new(),
        aliases: Vec::new(),
        binaries: Vec::new(),
        scripts: Vec::new(),
        application: false,
        library: true,
        parent: None,
        group: None,
        roots: false,
        version_file: None,
    };
    acc.add(file, first, last, Claim::Package(package));
    for provider in needs.iter().flat_map(|b| &b.attributes) {
        let keys = hcl::object(provider.value, provider.lines.0);
        let text = |name: &str| {
            let found = keys.iter().find(|k| k.name == name)?;
            hcl::literal(found.value)
        };
        // Providers of the publisher of the program need no source.
        let source = text("source").map_or_else(
            || format!("hashicorp/{}", provider.name),
            |source| source.to_ascii_lowercase(),
        );
        let version = text("version").or_else(|| hcl::literal(provider.value));
        let needs = PackageDependency {
            ecosystem: TERRAFORM.to_owned(),
            name: source,
            version: version.unwrap_or_default().to_owned(),
            scope: DependencyScope::Runtime,
            path: None,
        };
        let (first, last) = provider.lines;
        acc.add(file, first, last, Claim::Dependency(needs));
    }
}
