//! Languages, frameworks, libraries, and what builds and runs the system.

use super::found::{found, mark_text, more, product_text, products, short_image};
use super::goals::distinct;
use super::records;
use super::seen::{Use, end, uses};
use crate::answer::Answer;
use crate::context::{Context, declared};
use crate::subject::Subject;
use crate::text::{first_places, names, table};
use crate::tree::{Block, Span, Text};
use crate::words;
use groundplan_knowledge::Category;
use groundplan_model::{
    DependencyScope, Element, LanguageCoverage, Observation, Pipeline, Provenance, Role, Topic,
};
use std::collections::BTreeMap;

records! {
    "backend-frameworks": |c, _| backend_frameworks(c), "Frameworks of services.";
    "backend-language": |c, _| backend_language(c), "Languages of services.";
    "build-tools": |c, _| libraries(c, &[Category::BuildTool], "build tool"), "What builds the code.";
    "ci-product": ci_product, "What runs the pipelines.";
    "cloud": cloud, "Cloud provider and its services.";
    "container-platform": container_platform, "Images, and what runs them.";
    "container-runtime": |c, _| container_runtime(c), "Images and their bases.";
    "frontend": frontend, "Frameworks of user interfaces.";
    "key-services": key_services, "Services of providers that the system needs.";
    "language-table": language_table, "Languages with where they are used and why.";
    "orchestration": |c, _| orchestration(c), "What starts and places containers.";
    "orm": |c, _| libraries(c, &[Category::Orm], "object mapper"), "Libraries between objects and tables.";
    "service-mesh": service_mesh, "Whether a mesh carries the traffic between services.";
    "state-management": |c, _| libraries(c, &[Category::StateManagement], "state library"), "How the user interface keeps state.";
    "test-libraries": |c, _| test_libraries(c), "What tests are written with.";
    "ui-library": |c, _| libraries(c, &[Category::UiLibrary], "UI library"), "Parts and styles of the user interface.";
    "validation-libraries": |c, _| libraries(c, &[Category::Validation], "validation library"), "What checks input.";
}

/// Formats that hold data or text; everything else that was read counts as a language.
const FORMATS: [&str; 24] = [
    "AsciiDoc", "CSS", "CSV", "Dockerfile", "Go Template", "HCL", "HTML", "INI", "JSON", "JSON5", "Less",
    "Makefile", "Markdown", "Other", "Properties", "Protocol Buffers", "reStructuredText", "SCSS", "SVG",
    "Sass", "TOML", "Text", "XML", "YAML",
];

fn languages<'a>(c: &Context<'a>) -> Vec<&'a LanguageCoverage> {
    let all = c.blueprint.coverage.languages.iter();
    all.filter(|l| !FORMATS.contains(&l.language.as_str())).collect()
}

/// The containers whose main language this is; where none was told, the one whose packages the
/// manifest takes.
fn written_in<'a>(c: &Context<'a>, language: &str) -> Vec<&'a Element> {
    let known: Vec<&str> = languages(c).iter().map(|l| l.language.as_str()).collect();
    let is = |e: &&&Element| {
        if e.technology.iter().any(|t| known.contains(&t.as_str())) {
            return e.technology.iter().any(|t| t == language);
        }
        let ecosystem = c
            .blueprint
            .dependencies
            .iter()
            .find(|d| d.element.as_deref() == Some(e.id.as_str()))
            .map(|d| d.ecosystem.as_str());
        // The first of the languages that was read most.
        let of = known.iter().find(|l| ecosystem.is_some_and(|e| ecosystem_of(l) == Some(e)));
        of == Some(&language)
    };
    c.containers.iter().filter(is).copied().collect()
}

/// The registry from which packages of a language come.
fn ecosystem_of(language: &str) -> Option<&'static str> {
    Some(match language {
        "Java" | "Kotlin" | "Scala" | "Groovy" => "maven",
        "JavaScript" | "TypeScript" => "npm",
        "Python" => "pypi",
        "Go" => "go",
        "Rust" => "cargo",
        "C#" | "F#" => "nuget",
        "Ruby" => "gem",
        "PHP" => "composer",
        "Elixir" => "hex",
        "Dart" => "pub",
        _ => return None,
    })
}

fn language_table<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let all = languages(c);
    if all.is_empty() {
        return c.absent("programming language", &["file names"], "technology");
    }
    let rows = all
        .iter()
        .take(12)
        .map(|l| {
            let users = written_in(c, &l.language);
            let lines = format!(
                "{} in {}",
                words::count(l.lines as usize, "line"),
                words::count(l.files as usize, "file")
            );
            let usage = match users.as_slice() {
                [] => Text::plain(lines),
                some => Text::default()
                    .spans(names(some.iter().map(|e| e.name.as_str()), 5))
                    .then(format!("; {lines}"))
                    .from(&first_places(some.iter().map(|e| &e.provenance), 2)),
            };
            let usage = crate::context::counted(usage, "lines and files of the language among those read", Vec::new());
            // `SQL` stands in the names of products, `Go` in ordinary sentences.
            let telling = l.language != "SQL";
            let decision =
                c.blueprint.decisions.iter().find(|d| telling && mentions(&d.title, &l.language));
            let why = match decision {
                Some(d) => Text::default().and(Span::Decision(d.id.clone())).from(&d.provenance),
                None => Text::plain("Not recorded: ").and(c.ask("technology-reasons")),
            };
            vec![Text::plain(l.language.as_str()), usage, why]
        })
        .collect();
    let mut blocks = vec![table(&["Language", "Usage", "Justification"], rows)];
    if all.len() > 12 {
        blocks.push(Block::Paragraph(more(all.len() - 12)));
    }
    Answer::blocks(blocks)
}

/// Whether a text names a language as a word of its own.
fn mentions(text: &str, language: &str) -> bool {
    let wanted: Vec<&str> = language.split_whitespace().collect();
    let words: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || ",.;:()/".contains(c)).filter(|w| !w.is_empty()).collect();
    let verb = wanted == ["Go"] && text.starts_with("Go ");
    !verb && words.windows(wanted.len().max(1)).any(|w| w == wanted.as_slice())
}

fn backend_language(c: &Context) -> Answer {
    let ui = |e: &Element| matches!(e.role, Some(Role::Ui | Role::LoadGenerator | Role::Library));
    let mut items = Vec::new();
    for l in languages(c) {
        let users: Vec<&Element> =
            written_in(c, &l.language).into_iter().filter(|e| !ui(e)).collect();
        if users.is_empty() {
            continue;
        }
        let text = Text::plain(format!("{} in ", l.language));
        let mut text = text.spans(names(users.iter().map(|e| e.name.as_str()), 6));
        let bases: Vec<_> = users.iter().flat_map(|e| e.attributes_of("base-image")).collect();
        let images = distinct(bases.iter().map(|a| short_image(&a.value)).filter(|v| !v.contains('$')));
        let mut sources: Vec<&Provenance> = users.iter().map(|e| &e.provenance).take(2).collect();
        if !images.is_empty() {
            text = text.then(", on ").spans(names(images, 3));
            sources.extend(bases.first().map(|a| &a.provenance));
        }
        items.push(end(text.from(&first_places(sources, 3))));
    }
    if items.is_empty() {
        let all = languages(c);
        let most: Vec<String> = all
            .iter()
            .take(4)
            .map(|l| format!("{} ({})", l.language, words::count(l.lines as usize, "line")))
            .collect();
        if !most.is_empty() {
            let text = Text::plain(format!("{}.", words::list(&most, "and")));
            return Answer::text(crate::context::counted(text, "lines per language of the files read", Vec::new()));
        }
    }
    found(items).unwrap_or_else(|| c.absent("service with code of its own", &["manifests", "Dockerfiles"], "technology"))
}

/// Libraries of categories in manifests, with versions and users.
fn library_texts(c: &Context, categories: &[Category], tests: bool) -> Vec<Text> {
    let mut all: Vec<Use> = uses(c, |k, scope| {
        let fits = k.is_some_and(|k| categories.contains(&k));
        fits && (tests || scope != Some(DependencyScope::Test))
    });
    // A product that runs as a container of its own is no library.
    all.retain(|u| !(u.elements.is_empty() && u.sources.is_empty()));
    all.iter().map(library_text).collect()
}

/// A library with its users; a version only if the manifest names one, not a range.
fn library_text(u: &Use) -> Text {
    let version = u.version.map(|v| v.trim_start_matches(['^', '~', '=', 'v', ' ']));
    let exact = version.filter(|v| v.starts_with(|c: char| c.is_ascii_digit()) && !v.contains([',', ' ', '|', '$']));
    let mut text = Text::plain(u.name);
    if let Some(version) = exact {
        text = text.then(format!(" {version}"));
    }
    if !u.elements.is_empty() {
        text = text.then(" in ").spans(names(u.elements.iter().copied(), 4));
    }
    end(text.from(&first_places(u.sources.iter().copied(), 2)))
}

fn libraries(c: &Context, categories: &[Category], noun: &str) -> Answer {
    found(library_texts(c, categories, false))
        .unwrap_or_else(|| c.absent(noun, &["package manifests"], "technology"))
}

fn backend_frameworks(c: &Context) -> Answer {
    libraries(c, &[Category::WebFramework, Category::Rpc], "server framework")
}

fn frontend<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let mut items = library_texts(c, &[Category::UiFramework], false);
    if items.is_empty() {
        let ui = c.with_role(&[Role::Ui]);
        items.extend(ui.iter().filter(|e| !e.external).map(|e| {
            let text = Text::code(&e.name).then(" is a user interface");
            let text = match e.technology.is_empty() {
                true => text.then("; its framework was not found in a manifest"),
                false => text.then(format!(" built with {}", words::list(&e.technology, "and"))),
            };
            end(text.from(&e.provenance))
        }));
    }
    if items.is_empty() {
        // Pages need somebody who answers HTTP.
        let offering: Vec<&str> = c
            .blueprint
            .interfaces
            .iter()
            .filter(|i| i.kind == groundplan_model::InterfaceKind::Http)
            .filter_map(|i| i.element.as_deref())
            .map(|id| c.name_of(id))
            .collect();
        let rendering = uses(c, |k, scope| k == Some(Category::UiLibrary) && scope != Some(DependencyScope::Test));
        items.extend(
            rendering
                .iter()
                .filter(|u| u.about.is_some_and(|a| ["render", "template"].iter().any(|w| a.contains(w))))
                .filter(|u| u.elements.iter().any(|e| offering.contains(e)))
                .map(|u| Text::plain("Pages come from templates: ").append(library_text(u))),
        );
    }
    found(items).unwrap_or_else(|| {
        c.absent("user interface framework", &["package manifests", "containers"], "technology")
    })
}

fn test_libraries(c: &Context) -> Answer {
    let categories = [Category::Testing, Category::BrowserTesting, Category::LoadTesting];
    let mut items = library_texts(c, &categories, true);
    if items.is_empty() {
        let seen: Vec<&Observation> = c.seen(Topic::Test).to_vec();
        items = super::seen::groups(c, &seen).iter().map(mark_text).collect();
    }
    found(items)
        .unwrap_or_else(|| c.absent("test library", &["package manifests", "test files"], "testing"))
}

/// Attribute values with how many elements have each, most first.
fn tally<'a>(c: &Context<'a>, key: &'a str) -> Vec<(&'a str, Vec<&'a Element>, Vec<&'a Provenance>)> {
    let mut all: BTreeMap<&str, (Vec<&Element>, Vec<&Provenance>)> = BTreeMap::new();
    for e in &c.containers {
        for a in e.attributes_of(key) {
            let entry = all.entry(&a.value).or_default();
            if !entry.0.iter().any(|known| known.id == e.id) {
                entry.0.push(e);
            }
            entry.1.push(&a.provenance);
        }
    }
    let mut all: Vec<_> = all.into_iter().map(|(v, (e, s))| (v, e, s)).collect();
    all.sort_by_key(|(_, elements, _)| std::cmp::Reverse(elements.len()));
    all
}

fn runtime_text(c: &Context) -> Option<Text> {
    let bases = tally(c, "base-image");
    let built: Vec<&Element> = c
        .containers
        .iter()
        .filter(|e| e.attribute("base-image").is_some() || e.attribute("build").is_some())
        .copied()
        .collect();
    let taken = c
        .containers
        .iter()
        .filter(|e| e.attribute("image").is_some() && !built.iter().any(|b| b.id == e.id))
        .count();
    if built.is_empty() && taken == 0 {
        return None;
    }
    let mut text = Text::default();
    if !built.is_empty() {
        let n = words::spelled_count(built.len(), "container");
        let verb = words::verb_for(built.len(), " is built from a Dockerfile", " are built from Dockerfiles");
        text = text.then(format!("{}{verb}", words::capital(&n)));
        let named = distinct(bases.iter().map(|(v, _, _)| short_image(v)).filter(|v| !v.contains('$')));
        if !named.is_empty() {
            text = text.then(", on ").spans(names(named, 4));
        }
        let sources = bases.iter().filter_map(|(_, _, s)| s.first().copied());
        let built_from = built.iter().filter_map(|e| e.attribute("build")).map(|a| &a.provenance);
        text = text.from(&first_places(sources.chain(built_from), 3));
    }
    if taken > 0 {
        let joint = if built.is_empty() { "" } else { "; " };
        let n = words::spelled_count(taken, "container");
        let n = if built.is_empty() { words::capital(&n) } else { n };
        let verb = words::verb_for(taken, " runs a ready image", " run ready images");
        let sources = c.containers.iter().filter_map(|e| e.attribute("image")).map(|a| &a.provenance);
        text = text.then(format!("{joint}{n}{verb}")).from(&first_places(sources, 2));
    }
    Some(end(text))
}

fn container_runtime(c: &Context) -> Answer {
    match runtime_text(c) {
        Some(text) => Answer::text(text),
        None => c.absent("container image", &["Dockerfiles", "Compose and Kubernetes files"], "deployment"),
    }
}

fn orchestration_texts(c: &Context) -> Vec<Text> {
    let mut items = Vec::new();
    for (platform, elements, sources) in tally(c, "deployed-by") {
        let n = words::count(elements.len(), "container");
        let mut text = Text::plain(format!("{platform} runs {n}"));
        if platform == "Kubernetes" {
            let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
            for a in elements.iter().flat_map(|e| e.attributes_of("workload").take(1)) {
                *kinds.entry(&a.value).or_default() += 1;
            }
            let kinds: Vec<String> = kinds.iter().map(|(k, n)| words::count(*n, k)).collect();
            if kinds.len() > 1 {
                text = text.then(format!(" ({})", words::list(&kinds, "and")));
            }
        }
        items.push(end(text.from(&first_places(sources, 3))));
    }
    for (mechanism, all) in mechanisms(c) {
        let text = Text::plain(format!("{mechanism}: ")).spans(names(all.iter().map(|e| e.name.as_str()), 4));
        items.push(end(text.from(&first_places(all.iter().map(|e| &e.provenance), 2))));
    }
    let tools = products(c, |t| matches!(t.category, Category::Orchestrator | Category::Iac));
    items.extend(tools.iter().map(product_text));
    items
}

/// Environments by what makes them, for mechanisms of deployment.
fn mechanisms<'a>(c: &Context<'a>) -> BTreeMap<&'a str, Vec<&'a groundplan_model::Environment>> {
    let mut all: BTreeMap<&str, Vec<_>> = BTreeMap::new();
    for e in &c.blueprint.environments {
        for mechanism in e.mechanism.split(", ").filter(|m| m.contains("Kustomize") || m.contains("Helm")) {
            all.entry(mechanism).or_default().push(e);
        }
    }
    all
}

fn orchestration(c: &Context) -> Answer {
    found(orchestration_texts(c)).unwrap_or_else(|| {
        c.absent("Compose file, Kubernetes manifest or other orchestration", &["deployment files", "package manifests"], "deployment")
    })
}

fn container_platform<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let mut items: Vec<Text> = runtime_text(c).into_iter().collect();
    items.extend(orchestration_texts(c));
    found(items).unwrap_or_else(|| {
        c.absent("container image or orchestration", &["Dockerfiles", "Compose and Kubernetes files"], "deployment")
    })
}

/// The provider whose name stands at the beginning of a product's name.
fn provider(product: &str) -> Option<&'static str> {
    let first = product.split(' ').next().unwrap_or("");
    Some(match first {
        "Amazon" | "AWS" => "Amazon Web Services",
        "Google" => "Google Cloud",
        "Azure" | "Microsoft" if product.contains("Azure") || product.contains("Entra") => "Microsoft Azure",
        "Firebase" => "Google Cloud",
        "Cloudflare" => "Cloudflare",
        "DigitalOcean" => "DigitalOcean",
        _ => return None,
    })
}

/// The provider of an image registry.
fn registry_provider(registry: &str) -> Option<&'static str> {
    let lower = registry.to_lowercase();
    let rules = [
        ("pkg.dev", "Google Cloud"),
        ("gcr.io", "Google Cloud"),
        ("amazon ecr", "Amazon Web Services"),
        ("amazonaws.com", "Amazon Web Services"),
        ("azurecr.io", "Microsoft Azure"),
        ("registry.digitalocean.com", "DigitalOcean"),
    ];
    rules.iter().find(|(part, _)| lower.contains(part)).map(|(_, name)| *name)
}

/// What shows a provider: services by library, registries, deployment jobs.
#[derive(Default)]
struct Cloud<'a> {
    services: Vec<&'a str>,
    registries: Vec<&'a str>,
    sources: Vec<&'a Provenance>,
}

fn clouds<'a>(c: &Context<'a>) -> BTreeMap<&'static str, Cloud<'a>> {
    let mut all: BTreeMap<&'static str, Cloud<'a>> = BTreeMap::new();
    for p in products(c, |t| t.category == Category::Cloud || provider(&t.name).is_some()) {
        let t = p.technology;
        if t.id == "localstack" {
            continue;
        }
        let owner = provider(&t.name).unwrap_or(t.name.as_str());
        let entry = all.entry(owner).or_default();
        if t.name != owner && !entry.services.contains(&t.name.as_str()) {
            entry.services.push(&t.name);
        }
        entry.sources.extend(p.sources.iter().copied());
    }
    for o in c.seen(Topic::ImageRegistry) {
        if let Some(owner) = registry_provider(&o.name) {
            let entry = all.entry(owner).or_default();
            if !entry.registries.contains(&o.name.as_str()) {
                entry.registries.push(&o.name);
            }
            entry.sources.push(&o.provenance);
        }
    }
    all
}

fn cloud<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    if let Some(text) = declared(c, "deployment.cloud") {
        return Answer::text(text);
    }
    let items: Vec<Text> = clouds(c)
        .into_iter()
        .map(|(owner, cloud)| {
            let mut text = Text::plain(owner);
            if !cloud.services.is_empty() {
                let spans = cloud.services.iter().map(|s| Span::Plain((*s).to_owned())).collect();
                text = text.then(": ").spans(words::list_spans(spans, 6, "and"));
            }
            if !cloud.registries.is_empty() {
                text = text.then("; images go to ").spans(names(cloud.registries, 3));
            } else if cloud.services.is_empty() {
                text = text.then(", by its libraries in manifests");
            }
            end(text.from(&first_places(cloud.sources, 3)))
        })
        .collect();
    found(items).unwrap_or_else(|| {
        c.absent("cloud provider", &["package manifests", "images", "image registries of pipelines"], "cloud")
    })
}

fn key_services<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let all = products(c, |t| {
        let own = t.category == Category::Cloud && provider(&t.name).is_none_or(|p| p == t.name);
        let rented = [Category::Payment, Category::Sms, Category::Email, Category::Ml, Category::ErrorTracking, Category::Analytics];
        !own && (provider(&t.name).is_some() || rented.contains(&t.category) && t.licence == "proprietary")
    });
    let items = all
        .iter()
        .map(|p| {
            let users = distinct(p.users.iter().copied().chain(p.runs.iter().map(|e| e.name.as_str())));
            let text = Text::plain(format!("{} {}", p.technology.name, p.technology.about));
            let text = match users.is_empty() {
                true => text,
                false => text.then("; used by ").spans(names(users, 4)),
            };
            end(text.from(&first_places(p.sources.iter().copied(), 2)))
        })
        .collect();
    found(items).unwrap_or_else(|| {
        c.absent("rented service", &["package manifests", "images", "foreign hosts in configuration"], "cloud")
    })
}

fn service_mesh<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let mut items: Vec<Text> =
        products(c, |t| t.category == Category::ServiceMesh).iter().map(product_text).collect();
    let resources = ["PeerAuthentication ", "DestinationRule ", "AuthorizationPolicy ", "RequestAuthentication "];
    let seen = [Topic::Tls, Topic::Authorization, Topic::Authentication, Topic::CircuitBreaker];
    let mesh: Vec<&Observation> = seen
        .iter()
        .flat_map(|t| c.seen(*t))
        .filter(|o| resources.iter().any(|r| o.name.starts_with(r)))
        .copied()
        .collect();
    for g in super::seen::groups(c, &mesh).into_iter().take(4) {
        let mut words_of = g.name.split(' ');
        let kind = words_of.next().unwrap_or("");
        let object = g.name.split('`').nth(1).unwrap_or("");
        let text = Text::plain(format!("Istio's {kind} ")).then_code(object);
        let text = match g.detail.filter(|d| !d.trim().is_empty()) {
            Some(d) => text.then(format!(" sets {}", words::short(d, 120))),
            None => text.then(" is set"),
        };
        items.push(end(text.from(&first_places(g.sources, 2))));
    }
    found(items).unwrap_or_else(|| {
        c.absent(
            "service mesh",
            &["images", "mesh resources in Kubernetes manifests", "package manifests"],
            "technology",
        )
    })
}

fn ci_product<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let mut by_product: BTreeMap<&str, Vec<&Pipeline>> = BTreeMap::new();
    for p in &c.blueprint.pipelines {
        by_product.entry(&p.product).or_default().push(p);
    }
    let items: Vec<Text> = by_product
        .iter()
        .map(|(product, all)| {
            let jobs: usize = all.iter().map(|p| p.jobs.len()).sum();
            let text = Text::plain(format!(
                "{product} runs {} with {}: ",
                words::count(all.len(), "pipeline"),
                words::count(jobs, "job")
            ));
            let text = text.spans(names(distinct(all.iter().map(|p| p.name.as_str())), 6));
            end(text.from(&first_places(all.iter().map(|p| &p.provenance), 3)))
        })
        .collect();
    found(items).unwrap_or_else(|| {
        let known = products(c, |t| t.category == Category::Ci);
        found(known.iter().map(product_text).collect())
            .unwrap_or_else(|| c.absent("pipeline", &["GitHub Actions workflows", "package manifests"], "pipeline"))
    })
}
