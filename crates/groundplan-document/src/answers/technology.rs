//! Languages, frameworks and libraries.

use super::found::{found, mark_text, more, short_image};
use super::goals::distinct;
use super::packages;
use super::records;
use super::seen::{Use, end, uses};
use crate::answer::Answer;
use crate::context::Context;
use crate::subject::Subject;
use crate::text::{first_places, names, plain_cell, table};
use crate::tree::{Block, Span, Text};
use crate::words;
use groundplan_knowledge::{Category, Ecosystem, knowledge};
use groundplan_model::{
    DATA_ANNOTATIONS, DependencyScope, Element, LanguageCoverage, Observation, Provenance, Role,
    Topic,
};
use std::collections::BTreeSet;

records! {
    "backend-frameworks": |c, _| backend_frameworks(c), "Frameworks of services.";
    "backend-language": |c, _| backend_language(c), "Languages of services.";
    "build-tools": |c, _| build_tools(c), "What builds the pages of the system.";
    "frontend": frontend, "Frameworks of user interfaces.";
    "language-table": language_table, "Languages with where they are used and why.";
    "orm": |c, _| object_mappers(c), "Libraries between objects and tables.";
    "state-management": |c, _| state_libraries(c), "How the user interface keeps state.";
    "test-libraries": |c, _| test_libraries(c), "What tests are written with.";
    "ui-library": |c, _| ui_libraries(c), "Parts and styles of the user interface.";
    "validation-libraries": |c, _| validation(c), "What checks input.";
}

/// Formats that hold data or text; everything else that was read counts as a language.
const FORMATS: [&str; 24] = [
    "AsciiDoc",
    "CSS",
    "CSV",
    "Dockerfile",
    "Go Template",
    "HCL",
    "HTML",
    "INI",
    "JSON",
    "JSON5",
    "Less",
    "Makefile",
    "Markdown",
    "Other",
    "Properties",
    "Protocol Buffers",
    "reStructuredText",
    "SCSS",
    "SVG",
    "Sass",
    "TOML",
    "Text",
    "XML",
    "YAML",
];

/// The languages that programs are written in, by weight; formats of data and text are none.
pub(super) fn languages<'a>(c: &Context<'a>) -> Vec<&'a LanguageCoverage> {
    let all = c.blueprint.coverage.languages.iter();
    all.filter(|l| !FORMATS.contains(&l.language.as_str()))
        .collect()
}

/// A text with the languages of a site of documents behind it, which is no part of the product.
pub(super) fn with_site(c: &Context, text: Text) -> Text {
    let sites = &c.blueprint.coverage.sites;
    let Some(site) = sites.first() else {
        return text;
    };
    let own = sites.iter().filter(|s| s.folder == site.folder).take(3);
    let own = own.map(|s| {
        let lines = words::count(s.lines as usize, "line");
        format!("{} ({lines})", s.language)
    });
    let own: Vec<String> = own.collect();
    text.then(", its site of documents in ")
        .then_code(&site.folder)
        .then(format!(" in {}", words::list(&own, "and")))
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
        let of = known
            .iter()
            .find(|l| ecosystem.is_some_and(|e| ecosystem_of(l) == Some(e)));
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

/// Languages of a design: nothing of it was read, so that its parts say what they are written in.
fn designed_languages(c: &Context) -> Answer {
    const KNOWN: [&str; 12] = [
        "C#",
        "Elixir",
        "Go",
        "Java",
        "JavaScript",
        "Kotlin",
        "Node.js",
        "PHP",
        "Python",
        "Ruby",
        "Rust",
        "TypeScript",
    ];
    let mut rows = Vec::new();
    for language in KNOWN {
        // `TypeScript on Node.js` is TypeScript.
        let written = |t: &str| {
            t == language
                || t.strip_prefix(language)
                    .is_some_and(|r| r.starts_with(" on "))
        };
        let is = |e: &&&Element| e.technology.iter().any(|t| written(t));
        let users: Vec<&Element> = c.containers.iter().filter(is).copied().collect();
        if users.is_empty() {
            continue;
        }
        let usage = Text::default()
            .spans(names(users.iter().map(|e| e.name.as_str()), 5))
            .from(&first_places(users.iter().map(|e| &e.provenance), 2));
        let decision = c
            .blueprint
            .decisions
            .iter()
            .find(|d| mentions(&d.title, language));
        let why = match decision {
            Some(d) => Text::default()
                .and(Span::Decision(d.id.clone()))
                .from(&d.provenance),
            None => plain_cell(""),
        };
        rows.push(vec![Text::plain(language), usage, why]);
    }
    if rows.is_empty() {
        return c.absent("programming language", &["the brief"], "technology");
    }
    Answer::blocks(vec![table(&["Language", "Usage", "Justification"], rows)])
}

fn language_table<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    if c.designed() {
        return designed_languages(c);
    }
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
            let usage = crate::context::counted(
                usage,
                "lines and files of the language among those read",
                Vec::new(),
            );
            // `SQL` stands in the names of products, `Go` in ordinary sentences.
            let telling = l.language != "SQL";
            let decision = c
                .blueprint
                .decisions
                .iter()
                .find(|d| telling && d.holds() && mentions(&d.title, &l.language));
            let why = match decision {
                Some(d) => Text::default()
                    .and(Span::Decision(d.id.clone()))
                    .from(&d.provenance),
                None => Text::plain("Not known: ").and(c.ask("technology-reasons")),
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
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || ",.;:()/".contains(c))
        .filter(|w| !w.is_empty())
        .collect();
    let verb = wanted == ["Go"] && text.starts_with("Go ");
    !verb
        && words
            .windows(wanted.len().max(1))
            .any(|w| w == wanted.as_slice())
}

fn backend_language(c: &Context) -> Answer {
    let ui = |e: &Element| matches!(e.role, Some(Role::Ui | Role::LoadGenerator | Role::Library));
    let mut items = Vec::new();
    for l in languages(c) {
        let users: Vec<&Element> = written_in(c, &l.language)
            .into_iter()
            .filter(|e| !ui(e))
            .collect();
        if users.is_empty() {
            continue;
        }
        let text = Text::plain(format!("{} in ", l.language));
        let mut text = text.spans(names(users.iter().map(|e| e.name.as_str()), 6));
        let bases: Vec<_> = users
            .iter()
            .flat_map(|e| e.attributes_of("base-image"))
            .collect();
        let images = distinct(
            bases
                .iter()
                .map(|a| short_image(&a.value))
                .filter(|v| !v.contains('$')),
        );
        let mut sources: Vec<&Provenance> = users.iter().map(|e| &e.provenance).take(2).collect();
        // An image holds the part that it is built for, and no other of the language.
        let packed: Vec<&str> = (users.iter())
            .filter(|e| e.attribute("base-image").is_some())
            .map(|e| e.name.as_str())
            .collect();
        if !images.is_empty() {
            text = match packed.len() == users.len() {
                true => text.then(", on "),
                false => text
                    .then("; ")
                    .spans(names(packed.iter().copied(), 4))
                    .then(words::verb_for(packed.len(), " runs on ", " run on ")),
            };
            text = text.spans(names(images, 3));
            sources.extend(bases.first().map(|a| &a.provenance));
        }
        items.push(end(text.from(&first_places(sources, 3))));
    }
    if items.is_empty() {
        items.extend(on_images(c));
    }
    if items.is_empty() {
        let all = languages(c);
        let most: Vec<String> = all
            .iter()
            .take(4)
            .map(|l| {
                format!(
                    "{} ({})",
                    l.language,
                    words::count(l.lines as usize, "line")
                )
            })
            .collect();
        if !most.is_empty() {
            let text = Text::plain(format!("{}.", words::list(&most, "and")));
            return Answer::text(crate::context::counted(
                text,
                "lines per language of the files read",
                Vec::new(),
            ));
        }
    }
    found(items).unwrap_or_else(|| {
        c.absent(
            "service with code of its own",
            &["manifests", "Dockerfiles"],
            "technology",
        )
    })
}

/// What parts that are built here run on, whatever they are.
fn on_images(c: &Context) -> Vec<Text> {
    let built = c.containers.iter().filter(|e| e.source.is_some());
    let told = built.filter_map(|e| {
        let base = e
            .attribute("base-image")
            .filter(|a| !a.value.contains('$'))?;
        let known: Vec<&str> = languages(c).iter().map(|l| l.language.as_str()).collect();
        let language = e.technology.iter().find(|t| known.contains(&t.as_str()));
        let text = match language {
            Some(l) => Text::plain(format!("{l} in ")).and(Span::Code(e.name.clone())),
            None => Text::code(&e.name),
        };
        let text = text.then(", on ").then_code(short_image(&base.value));
        Some(end(text.from(&e.provenance).from(&base.provenance)))
    });
    told.take(4).collect()
}

/// Libraries of categories in manifests, with versions and users.
fn library_texts(c: &Context, categories: &[Category], tests: bool) -> Vec<Text> {
    let mut all: Vec<Use> = uses(c, |k, scope| {
        let fits = k.is_some_and(|k| categories.contains(&k));
        let aside = matches!(
            scope,
            Some(DependencyScope::Test | DependencyScope::Development)
        );
        let tools = categories.contains(&Category::BuildTool);
        fits && (tests || tools || !aside)
    });
    // A product that runs as a container of its own is no library.
    all.retain(|u| !(u.elements.is_empty() && u.sources.is_empty()));
    let server = categories.contains(&Category::WebFramework);
    let ui = categories.contains(&Category::UiFramework);
    if server && !ui {
        all.retain(|u| !makes_pages(c, u));
    }
    if ui && !server {
        let pages = uses(c, |k, scope| {
            k == Some(Category::WebFramework) && scope != Some(DependencyScope::Test)
        });
        all.extend(pages.into_iter().filter(|u| makes_pages(c, u)));
    }
    if server {
        for u in &mut all {
            answering(c, u);
        }
    }
    all.iter().map(library_text).collect()
}

/// Leaves out of the users of a framework that routes requests those that answer none, where others of the
/// same source do: a worker has its code beside and routes nothing.
fn answering(c: &Context, u: &mut Use) {
    let routes = u.about.is_some_and(|about| about.starts_with("routes "));
    let part = |name: &&str| c.containers.iter().find(|e| e.name == **name);
    let answers = |name: &&str| part(name).is_some_and(|e| !c.interfaces_of(&e.id).is_empty());
    if routes && u.elements.iter().any(answers) {
        let source = |name: &&str| part(name).and_then(|e| e.source.as_deref());
        let serving: Vec<Option<&str>> = u
            .elements
            .iter()
            .filter(|n| answers(n))
            .map(source)
            .collect();
        u.elements
            .retain(|name| answers(name) || !serving.contains(&source(name)));
    }
}

/// Whether a framework makes pages from components and only user interfaces have it: whether a server
/// of it runs is another matter, so it stands with what makes pages.
fn makes_pages(c: &Context, u: &Use) -> bool {
    let shows = |name: &&str| {
        let mut all = c.containers.iter().filter(|e| e.name == **name);
        all.any(|e| e.role == Some(Role::Ui))
    };
    let components = u.about.is_some_and(|a| {
        a.starts_with("makes pages")
            || a.starts_with("builds") && !["documentation", "server"].iter().any(|w| a.contains(w))
    });
    components && !u.elements.is_empty() && u.elements.iter().all(shows)
}

/// A library with its users; a version only if the manifest names one, not a range.
fn library_text(u: &Use) -> Text {
    // A package that is only of the family of a product goes by its own name.
    let of_family = !u.own && (1..=3).contains(&u.packages.len());
    let mut text = match of_family {
        true => Text::default().spans(names(u.packages.iter().copied(), 3)),
        false => Text::plain(u.name),
    };
    if let Some(version) = u.version {
        let path = u.sources.first().and_then(|s| s.first());
        let path = path.map_or("", |e| e.path.as_str());
        text = packages::version(text, version, path);
    }
    if of_family {
        text = text.then(format!(" (of the family of {})", u.name));
    }
    if !u.elements.is_empty() {
        text = text
            .then(" in ")
            .spans(names(u.elements.iter().copied(), 4));
    }
    // One place for each part that is named, as far as these are few.
    let most = u.elements.len().clamp(2, 4);
    end(text.from(&first_places(u.sources.iter().copied(), most)))
}

/// Libraries that check input; where none is among the packages, attributes of the platform may.
fn validation(c: &Context) -> Answer {
    if let Some(answer) = found(library_texts(c, &[Category::Validation], false)) {
        return answer;
    }
    let seen = c.seen(Topic::InputValidation).iter();
    let seen: Vec<_> = seen
        .filter(|o| {
            o.detail
                .as_deref()
                .is_some_and(|d| d.starts_with(DATA_ANNOTATIONS))
        })
        .collect();
    let Some(first) = seen.first() else {
        return libraries(c, &[Category::Validation], "validation library");
    };
    let text = Text::plain("Attributes of .NET itself (data annotations) at ")
        .then_code(&first.name)
        .then(match seen.len() {
            1 => String::new(),
            n => format!(" and {} more", words::number((n - 1) as u64)),
        });
    let places = first_places(seen.iter().map(|o| &o.provenance), 2);
    Answer::text(end(text.from(&places)))
}

fn libraries(c: &Context, categories: &[Category], noun: &str) -> Answer {
    let chosen = super::deployment::told(c, &["technology.libraries"]).filter(|_| c.designed());
    found(library_texts(c, categories, false))
        .or_else(|| chosen.map(Answer::text))
        .unwrap_or_else(|| c.absent(noun, &["package manifests"], "technology"))
}

/// Tools that build pages: what builds the rest of the system is none of them.
fn build_tools(c: &Context) -> Answer {
    let of_pages = |name: &str| {
        let known = knowledge().by_name(name);
        known.is_some_and(|t| {
            let locks = ["package-lock.json", "pnpm-lock.yaml", "yarn.lock"];
            t.category == Category::BuildTool
                && (t.packages.contains_key(&Ecosystem::Npm)
                    || t.files.iter().any(|f| locks.contains(&f.as_str())))
        })
    };
    let used = uses(c, |k, _| k == Some(Category::BuildTool));
    let mut used: Vec<Use> = used.into_iter().filter(|u| of_pages(u.name)).collect();
    of_parts_with_pages(c, &mut used);
    let mut items: Vec<Text> = used.iter().map(library_text).collect();
    // A manifest that names nothing but what checks code builds no page.
    let checks = |name: &str| {
        let known = knowledge().by_name(name);
        known.is_some_and(|t| matches!(t.category, Category::Linter | Category::Testing))
    };
    let mut packages = c
        .blueprint
        .dependencies
        .iter()
        .filter(|d| d.ecosystem == "npm");
    let builds = packages.clone().next().is_none()
        || packages.any(|d| !d.technology.as_deref().is_some_and(checks));
    for seen in c.seen(Topic::Technology).iter().filter(|_| builds) {
        if !of_pages(&seen.name) || used.iter().any(|u| u.name == seen.name) {
            continue;
        }
        let mut text = Text::plain(seen.name.as_str());
        if let Some(file) = &seen.detail {
            text = text.then(", by ").then_code(file);
        }
        items.push(end(text.from(&seen.provenance)));
    }
    found(items).unwrap_or_else(|| {
        c.absent(
            "tool that builds pages",
            &["package manifests", "file names"],
            "technology",
        )
    })
}

/// Leaves to each tool the parts that make pages, where some part is a user interface: the same tools build servers,
/// too, and one that builds these alone is left out.
fn of_parts_with_pages(c: &Context, used: &mut Vec<Use>) {
    let is_page = |e: &Element| e.role == Some(Role::Ui);
    if !c.containers.iter().any(|e| is_page(e)) {
        return;
    }
    let of_pages = (c.blueprint.dependencies.iter()).filter(|d| {
        let known = d.technology.as_deref().and_then(|t| knowledge().by_name(t));
        known.is_some_and(|t| t.category == Category::UiFramework)
    });
    let with_pages: BTreeSet<&str> = of_pages.filter_map(|d| d.element.as_deref()).collect();
    let shows: BTreeSet<&str> = (c.containers.iter())
        .filter(|e| is_page(e) || with_pages.contains(&*e.id))
        .map(|e| e.name.as_str())
        .collect();
    for u in used.iter_mut() {
        // The first places are those of the parts, in their order.
        let kept: Vec<bool> = u.elements.iter().map(|name| shows.contains(name)).collect();
        if kept.iter().all(|kept| *kept) {
            continue;
        }
        let (mut of_elements, mut of_places) = (kept.iter(), kept.iter());
        u.elements.retain(|_| of_elements.next() == Some(&true));
        u.sources.retain(|_| of_places.next() == Some(&true));
    }
    used.retain(|u| !u.elements.is_empty() || !u.sources.is_empty());
}

/// Frameworks of pages that bring a library for their state, by the first number of their version, which no manifest
/// names beside them (<https://v2.nuxt.com/docs/directory-structure/store>).
const WITH_STATE: [(&str, &str, &str); 1] = [("Nuxt", "2", "Vuex")];

fn state_libraries(c: &Context) -> Answer {
    let mut items = library_texts(c, &[Category::StateManagement], false);
    for u in uses(c, |k, scope| {
        k == Some(Category::WebFramework) && scope != Some(DependencyScope::Test)
    }) {
        let major = u
            .version
            .unwrap_or_default()
            .trim_start_matches(['^', '~', 'v', '=', ' ']);
        let brings = |(name, first, _): &&(&str, &str, &str)| {
            *name == u.name && major.split('.').next() == Some(first)
        };
        let Some((name, first, library)) = WITH_STATE.iter().find(brings) else {
            continue;
        };
        let named = items
            .iter()
            .any(|t| crate::text::plain(t).starts_with(library));
        if !named {
            let text = Text::plain(format!("{name} {first} brings {library}"));
            let text = match u.elements.is_empty() {
                true => text,
                false => text
                    .then(", in ")
                    .spans(names(u.elements.iter().copied(), 4)),
            };
            items.push(end(text.from(&first_places(u.sources.iter().copied(), 2))));
        }
    }
    found(items).unwrap_or_else(|| c.absent("state library", &["package manifests"], "technology"))
}

/// Frameworks that bring an object mapper of their own, which no manifest names beside them.
const WITH_MAPPER: [(&str, &str); 3] = [
    ("Django", "an object mapper of its own"),
    ("Ruby on Rails", "the object mapper Active Record"),
    ("Laravel", "the object mapper Eloquent"),
];

/// Entity Framework Core where a manifest names no more of it than the provider of a database, which
/// takes it along (<https://learn.microsoft.com/ef/core/providers>).
fn mapper_by_provider(c: &Context) -> Option<Text> {
    let providers: Vec<_> = c
        .blueprint
        .dependencies
        .iter()
        .filter(|d| d.ecosystem == "nuget" && d.scope == DependencyScope::Runtime)
        .filter(|d| d.name.contains("EntityFrameworkCore."))
        .collect();
    let first = providers.first()?;
    let text = Text::plain("Entity Framework Core, which its provider ")
        .then_code(&first.name)
        .then(" takes along");
    Some(end(text.from(&first_places(
        providers.iter().map(|d| &d.provenance),
        2,
    ))))
}

fn object_mappers(c: &Context) -> Answer {
    let mapper = |name: &str| WITH_MAPPER.iter().find(|(framework, _)| *framework == name);
    let mut items: Vec<Text> = Vec::new();
    for u in uses(c, |k, scope| {
        k == Some(Category::WebFramework) && scope != Some(DependencyScope::Test)
    }) {
        let Some((framework, brings)) = mapper(u.name).filter(|_| u.own || u.packages.is_empty())
        else {
            continue;
        };
        let text = Text::plain(format!("{framework}, which brings {brings}"));
        let text = match u.elements.is_empty() {
            true => text,
            false => text
                .then(", in ")
                .spans(names(u.elements.iter().copied(), 4)),
        };
        items.push(end(text.from(&first_places(u.sources.iter().copied(), 2))));
    }
    items.extend(library_texts(c, &[Category::Orm], false));
    if items.is_empty() {
        items.extend(mapper_by_provider(c));
    }
    found(items).unwrap_or_else(|| libraries(c, &[Category::Orm], "object mapper"))
}

/// Libraries of parts that have a user interface. A template engine elsewhere may write mails or
/// files, so it is named without saying what it is for.
fn ui_libraries(c: &Context) -> Answer {
    let templates = |u: &Use| {
        u.about
            .is_some_and(|a| ["render", "template"].iter().any(|w| a.contains(w)))
    };
    let shows = |name: &str| {
        c.containers
            .iter()
            .any(|e| e.name == name && e.role == Some(Role::Ui))
    };
    let all = uses(c, |k, scope| {
        k == Some(Category::UiLibrary)
            && !matches!(
                scope,
                Some(DependencyScope::Test | DependencyScope::Development)
            )
    });
    // Where a part is a user interface, what other parts hold is for mails, templates and the like.
    let pages = c.containers.iter().any(|e| e.role == Some(Role::Ui));
    let serves = |name: &str| {
        let mut others = c.containers.iter().filter(|e| e.name == name);
        !others.any(|e| e.role != Some(Role::Ui))
    };
    let of_pages = |u: &&Use| {
        let part = |e: &&str| match pages {
            true => shows(e) || serves(e),
            false => true,
        };
        let shown = u.elements.is_empty() && !pages || u.elements.iter().any(part);
        shown && (!templates(u) || u.elements.iter().any(|e| shows(e)))
    };
    let (mine, mut beside): (Vec<&Use>, Vec<&Use>) = all.iter().partition(of_pages);
    // What fills templates beside a user interface writes mails and names of files.
    beside.retain(|u| !pages || !templates(u));
    let mut items: Vec<Text> = mine.into_iter().map(library_text).collect();
    if !beside.is_empty() {
        let spans = beside
            .iter()
            .map(|u| Span::Plain(u.name.to_owned()))
            .collect();
        let text = Text::plain(match items.is_empty() {
            true => "Libraries among the packages: ",
            false => "Also among the packages: ",
        });
        let text = text.spans(words::list_spans(spans, 6, "and"));
        let sources = beside.iter().filter_map(|u| u.sources.first().copied());
        items.push(end(text.from(&first_places(sources, 3))));
    }
    found(items).unwrap_or_else(|| c.absent("UI library", &["package manifests"], "technology"))
}

fn backend_frameworks(c: &Context) -> Answer {
    libraries(
        c,
        &[Category::WebFramework, Category::Rpc],
        "server framework",
    )
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
        let rendering = uses(c, |k, scope| {
            k == Some(Category::UiLibrary) && scope != Some(DependencyScope::Test)
        });
        items.extend(
            rendering
                .iter()
                .filter(|u| {
                    u.about
                        .is_some_and(|a| ["render", "template"].iter().any(|w| a.contains(w)))
                })
                .filter(|u| u.elements.iter().any(|e| offering.contains(e)))
                .map(|u| Text::plain("Pages may come from templates: ").append(library_text(u))),
        );
    }
    found(items).unwrap_or_else(|| {
        c.absent(
            "user interface framework",
            &["package manifests", "containers"],
            "technology",
        )
    })
}

fn test_libraries(c: &Context) -> Answer {
    let categories = [
        Category::Testing,
        Category::BrowserTesting,
        Category::LoadTesting,
    ];
    let mut items = library_texts(c, &categories, true);
    if items.is_empty() {
        let seen: Vec<&Observation> = c.seen(Topic::Test).to_vec();
        items = super::seen::groups(c, &seen)
            .iter()
            .map(mark_text)
            .collect();
    }
    found(items).unwrap_or_else(|| {
        c.absent(
            "test library",
            &["package manifests", "test files"],
            "testing",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_named_as_words() {
        assert!(mentions("Write services in Go", "Go"));
        assert!(mentions("Use C# and .NET", "C#"));
        assert!(!mentions("Use JavaScript", "Java"));
        assert!(!mentions("Go with GraphQL", "Go"));
        assert!(!mentions("", "Go"));
    }
}
