//! Diagrams, and how the parts hang together.

use super::found::waits;
use super::goals::distinct;
use super::records;
use super::seen::end;
use crate::answer::{Absence, Answer};
use crate::context::{Context, counted};
use crate::subject::Subject;
use crate::text::{bullets, first_places, name, names, plain_cell, stated, table};
use crate::tree::{Block, DiagramForm, Span, Text};
use crate::words;
use groundplan_model::{
    Element, ElementKind, Mode, Relationship, RelationshipKind, Role, ViewKind,
};
use std::collections::{BTreeMap, BTreeSet};

records! {
    "availability-chart": |c, _| chart(c, "availability"), "Availability as targeted, predicted and measured, drawn.";
    "communication": communication, "Which connections wait and which do not, by protocol.";
    "component-count": component_count, "How many containers there are.";
    "component-diagrams": |c, _| component_views(c, DiagramForm::Drawing), "Component diagrams of the largest containers.";
    "component-diagrams-text": |c, _| component_views(c, DiagramForm::Text), "Component diagrams as text.";
    "component-list": component_list, "Each container in one sentence.";
    "component-names": component_names, "The components inside containers.";
    "component-table": component_table, "All containers with purpose, technology and owner.";
    "container-diagram": |c, _| view(c, "containers", DiagramForm::Drawing), "The container diagram.";
    "container-diagram-text": |c, _| view(c, "containers", DiagramForm::Text), "The container diagram as text.";
    "container-names": container_names, "The containers, by what they do.";
    "context-diagram": |c, _| context(c), "The system context diagram.";
    "context-elements": context_elements, "People, system and systems outside.";
    "cost-chart": |c, _| chart(c, "cost"), "What parts cost, drawn.";
    "data-flow-diagram": |c, _| view(c, "data-flow", DiagramForm::Drawing), "The data flow diagram.";
    "data-flow-text": |c, _| view(c, "data-flow", DiagramForm::Text), "The data flow diagram as text.";
    "dependency-count": dependency_count, "How many connections and packages there are.";
    "dependency-table": dependency_table, "Every connection with protocol and source.";
    "deployment-diagram": |c, _| view(c, "deployment", DiagramForm::Drawing), "The deployment diagram.";
    "diagram-type": diagram_type, "Which diagrams the document shows.";
    "latency-chart": |c, _| chart(c, "latency"), "How long answers may take and take, drawn.";
    "planes": planes, "What serves requests and what controls.";
    "roadmap-chart": |c, _| chart(c, "roadmap"), "The phases, drawn.";
}

/// A drawing.
pub(super) fn drawing(id: &str, form: DiagramForm) -> Block {
    Block::Diagram {
        view: id.to_owned(),
        form,
        caption: Text::default(),
    }
}

/// The system in its surroundings, and before it the landscape where there are several systems.
fn context(c: &Context) -> Answer {
    let context = view(c, "system-context", DiagramForm::Drawing);
    match c.has_view("landscape") {
        true => {
            let landscape = Answer::blocks(drawings(c, "landscape", DiagramForm::Drawing));
            super::seen::joined(landscape, context)
        }
        false => context,
    }
}

/// A view with its parts and its matrix, where one drawing does not show the whole of it. As text
/// only the view itself: lists of relations stand beside it.
fn drawings(c: &Context, id: &str, form: DiagramForm) -> Vec<Block> {
    let mut blocks = vec![drawing(id, form)];
    if form == DiagramForm::Drawing {
        let (part, matrix) = (format!("{id}-part-"), format!("matrix-{id}"));
        for view in &c.blueprint.views {
            let form = match view.kind {
                ViewKind::Matrix if view.id == matrix => DiagramForm::Text,
                _ if view.id.starts_with(&part) => DiagramForm::Drawing,
                _ => continue,
            };
            blocks.push(Block::Paragraph(Text::plain(words::sentence(&view.title))));
            blocks.push(Block::Diagram {
                view: view.id.clone(),
                form,
                caption: Text::default(),
            });
        }
    }
    blocks
}

/// Numbers or phases as a picture; nothing where there are none, since the text beside it says so.
fn chart(c: &Context, id: &str) -> Answer {
    let view = c.blueprint.views.iter().find(|v| v.id == id);
    let block = view.map(|view| Block::Diagram {
        view: view.id.clone(),
        form: match view.kind {
            ViewKind::Roadmap => DiagramForm::Drawing,
            _ => DiagramForm::Text,
        },
        caption: Text::default(),
    });
    Answer::blocks(block.into_iter().collect())
}

/// What a part is, in a word. Of a product that keeps all kinds of data in memory files do not tell that it is
/// a cache: it may be a queue or a store of its own.
pub(super) fn role_word(c: &Context, e: &Element) -> &'static str {
    let known = groundplan_knowledge::knowledge();
    let of_all_kinds = |name: &String| {
        let product = known.by_name(name);
        product.is_some_and(|t| known.serves(&t.id, "redis"))
    };
    let open = e.technology.iter().any(of_all_kinds);
    match e.role {
        Some(Role::Cache) if open && c.surveyed() => "in-memory store",
        role => role.map_or("store", Role::word),
    }
}

fn view(c: &Context, id: &str, form: DiagramForm) -> Answer {
    if c.has_view(id) {
        let drawn = Answer::blocks(drawings(c, id, form));
        // What was decided of it stands above the picture.
        let decided = (super::deployment::told(c, &[id])).filter(|_| c.designed());
        return match decided {
            Some(text) => super::seen::joined(Answer::text(text), drawn),
            None => drawn,
        };
    }
    // Where nothing is deployed, what others build with is what there is to draw.
    if id == "containers"
        && let Some(view) = (c.blueprint.views.iter()).find(|v| v.kind == ViewKind::Component)
    {
        return Answer::blocks(vec![drawing(&view.id, form)]);
    }
    let (noun, question) = match id {
        "deployment" => ("deployment to draw", "deployment"),
        "data-flow" => ("data flow to draw", "flows"),
        "system-context" => ("user or external system to draw", "external-systems"),
        _ => ("separately deployable part to draw", "components"),
    };
    let built: Vec<&Element> = c
        .containers
        .iter()
        .filter(|e| e.attribute("base-image").is_some())
        .copied()
        .collect();
    if id == "deployment" && !built.is_empty() && c.surveyed() {
        let text = Text::plain("No file that starts containers was found, so there is no deployment to draw; a Dockerfile builds an image of ")
            .spans(names(built.iter().map(|e| e.name.as_str()), 4));
        let places = built.iter().filter_map(|e| e.attribute("base-image"));
        let text = text.from(&first_places(places.map(|a| &a.provenance), 2));
        return Answer::Absent(Absence::because(end(text)));
    }
    c.absent(noun, &["deployment files", "manifests", "code"], question)
}

fn component_views(c: &Context, form: DiagramForm) -> Answer {
    let views = c
        .blueprint
        .views
        .iter()
        .filter(|v| v.kind == ViewKind::Component && !v.id.contains("-part-"));
    let blocks: Vec<Block> = views
        .take(3)
        .flat_map(|v| {
            let title = Block::Paragraph(Text::plain(words::sentence(&v.title)));
            std::iter::once(title).chain(drawings(c, &v.id, form))
        })
        .collect();
    match blocks.is_empty() {
        true => c.absent(
            "module structure to draw",
            &["manifests", "source folders"],
            "components",
        ),
        false => Answer::blocks(blocks),
    }
}

/// Whether a description is of this part: what the manifest of a folder says is of all that is built
/// from it, and what is said of the system of none of several.
fn describes(c: &Context, e: &Element, said: &groundplan_model::Statement) -> bool {
    if c.containers.len() < 2 || c.designed() {
        return true;
    }
    let prose = is_prose(said);
    // One that is told twice is no other.
    let same = |o: &&&Element| {
        o.id != e.id && o.source.is_some() && o.source == e.source && o.name != e.name
    };
    // The file that starts it speaks of this part alone.
    let starts = |at: &groundplan_model::Evidence| {
        let by = e.attributes_of("deployed-by");
        by.flat_map(|a| &a.provenance.evidence)
            .any(|by| by.path == at.path)
    };
    let prose = prose || said.provenance.first().is_some_and(starts);
    let shared = !prose && c.containers.iter().find(same).is_some();
    !is_of_system(c, said) && !shared
}

/// Whether a statement is what is said of the whole system.
fn is_of_system(c: &Context, said: &groundplan_model::Statement) -> bool {
    let purpose = c.blueprint.system.purpose.as_ref();
    purpose.is_some_and(|p| p.text == said.text)
}

/// Whether a statement stands in a page, and not in a manifest.
fn is_prose(said: &groundplan_model::Statement) -> bool {
    let place = said.provenance.first().map_or("", |at| at.path.as_str());
    [".md", ".rst", ".adoc", ".mdx", ".txt"]
        .iter()
        .any(|end| place.ends_with(end))
}

/// Whether a command keeps a container alive and does nothing.
fn waits_only(command: &str) -> bool {
    ["sleep inf", "tail -f /dev/null"]
        .iter()
        .any(|w| command.contains(w))
}

/// Whether a part is the only one that runs code of the repository.
fn is_main(c: &Context, e: &Element) -> bool {
    let runs = |o: &&&Element| {
        o.source.is_some()
            && !o.is_store()
            && super::deployment::carriers(o).is_empty()
            && !super::deployment::is_on_demand(o)
    };
    let mut all = c.containers.iter().filter(runs);
    all.next().is_some_and(|first| first.id == e.id) && all.next().is_none()
}

/// Whether a part is the only one with code of the repository that is no user interface and is kept running.
fn serves_all(c: &Context, e: &Element) -> bool {
    let serves = |o: &&&Element| {
        o.source.is_some()
            && matches!(o.role, Some(Role::Service) | None)
            && super::deployment::carriers(o).is_empty()
            && !super::deployment::is_on_demand(o)
    };
    let others = |o: &&&Element| {
        o.source.is_some()
            && !matches!(
                o.role,
                Some(Role::Service | Role::Ui | Role::Program | Role::Library) | None
            )
            && !o.is_store()
    };
    // The one that bears the name of the whole is meant by it.
    let own = |o: &Element| words::letters(&o.name) == words::letters(&c.blueprint.system.name);
    let mut named = c.containers.iter().filter(serves).filter(|o| own(o));
    if named.next().is_some_and(|first| first.id == e.id) && named.next().is_none() {
        return true;
    }
    let mut all = c.containers.iter().filter(serves);
    all.next().is_some_and(|first| first.id == e.id)
        && all.next().is_none()
        && !c.containers.iter().any(|o| others(&o))
}

/// What shows something to users, with what it is built with: no file says more of it.
fn shown_with(c: &Context, e: &Element) -> Text {
    const LANGUAGES: [&str; 6] = ["CSS", "Dart", "HTML", "JavaScript", "TypeScript", "C#"];
    let built = e
        .technology
        .iter()
        .find(|t| !LANGUAGES.contains(&t.as_str()));
    let text = Text::plain(format!("A user interface of {}", c.blueprint.system.name));
    let text = match built {
        Some(framework) => text.then(format!(", built with {framework}")),
        None => text,
    };
    end(text.from(&e.provenance))
}

/// What the manifest says of the code that several containers run: it is said of the code, and of
/// none of them alone.
fn of_shared_code(c: &Context, e: &Element) -> Option<Text> {
    if c.designed() {
        return None;
    }
    let source = e.source.as_deref().filter(|s| !s.is_empty())?;
    let said = (c.containers.iter())
        .filter(|o| o.source.as_deref() == Some(source))
        .find_map(|o| {
            let said = o.description.as_ref()?;
            let path = said.provenance.first()?.path.as_str();
            // The folder's own manifest, and no other.
            let inner = path.strip_prefix(source)?.strip_prefix('/')?;
            let own = !inner.contains('/') && !is_prose(said) && !is_of_system(c, said);
            own.then_some(said)
        })?;
    let folder = source.rsplit('/').next().unwrap_or(source);
    let others =
        (c.containers.iter()).any(|o| o.source.as_deref() == Some(source) && o.name != e.name);
    if !others || e.name.eq_ignore_ascii_case(folder) {
        return Some(stated(said));
    }
    let text = Text::plain("Runs code of ").then_code(source);
    Some(text.then(", by its manifest: ").append(stated(said)))
}

/// The description of an element, or what its image, product and interfaces say of it.
pub(super) fn in_one_sentence(c: &Context, e: &Element) -> Option<Text> {
    if let Some(description) = e.description.as_ref().filter(|d| describes(c, e, d)) {
        return Some(stated(description));
    }
    if let Some(text) = of_shared_code(c, e) {
        return Some(text);
    }
    let image = e
        .attribute("image")
        .map(|a| (a.value.as_str(), &a.provenance));
    if e.is_store() || e.role == Some(Role::Broker) {
        let text = match (image, e.technology.first()) {
            (Some((image, at)), _) => {
                // A job with the image of a store only talks to one.
                let is_job = e
                    .attributes_of("workload")
                    .any(|a| matches!(a.value.as_str(), "Job" | "CronJob"));
                let lead = if is_job { "A job that runs " } else { "Runs " };
                let image = super::found::short_image(image);
                // Deployments that run different versions share the product, not one of them.
                let apart = (e.attributes_of("image"))
                    .any(|other| super::found::short_image(&other.value) != image);
                let text = match e.technology.first().filter(|_| apart) {
                    Some(product) => {
                        let mut text = Text::plain(lead).then(product.as_str());
                        for image in e.attributes_of("image") {
                            text = text.from(&image.provenance);
                        }
                        text
                    }
                    None => Text::plain(lead).then_code(image).from(at),
                };
                match e.role.filter(|_| !is_job) {
                    Some(_) => text.then(", ").then(words::with_article(role_word(c, e))),
                    None => text,
                }
            }
            (None, Some(t)) => Text::plain(words::capital(&words::with_article(&format!(
                "{t} {}",
                role_word(c, e)
            ))))
            .from(&e.provenance),
            (None, None) => Text::plain(words::capital(&words::with_article(
                e.role.map_or("store", Role::word),
            )))
            .from(&e.provenance),
        };
        return Some(end(text));
    }
    // A tool with pages for those who run the system does one thing.
    let tool = e
        .technology
        .first()
        .filter(|_| e.source.is_none())
        .and_then(|t| groundplan_knowledge::knowledge().by_name(t))
        .filter(|t| t.category == groundplan_knowledge::Category::Dashboard && !t.about.is_empty());
    if let (Some(tool), Some((_, at))) = (tool, image) {
        let text = Text::plain(format!("Runs {}, which {}", tool.name, tool.about));
        return Some(end(text.from(at)));
    }
    // A known product goes by its name.
    let product = e
        .technology
        .first()
        .filter(|_| e.source.is_none() && e.attribute("image").is_some())
        .and_then(|t| groundplan_knowledge::knowledge().by_name(t))
        .filter(|t| t.is_server() && !t.about.is_empty());
    if let Some(product) = product {
        // What the product can do is not what it is set up for here.
        let kind = e.role.filter(|r| !matches!(r, Role::Service));
        let mut text = match kind {
            // The image is of a product that does something else: only its client is started.
            Some(role @ (Role::Job | Role::LoadGenerator)) if product.role != kind => {
                let kind = words::capital(&words::with_article(role.word()));
                Text::plain(format!("{kind} that runs in an image of {}", product.name))
            }
            Some(role) => Text::plain(format!(
                "{}, {}",
                product.name,
                words::with_article(match role {
                    Role::Cache => role_word(c, e),
                    role => role.word(),
                })
            )),
            None => Text::plain("Runs ").then(product.name.as_str()),
        };
        if let Some((_, at)) = image {
            text = text.from(at);
        }
        return Some(end(text));
    }
    if super::deployment::is_of_development(e)
        && let Some(command) = e.attributes_of("command").find(|a| !waits_only(&a.value))
        && e.attribute("base-image").is_some()
    {
        let text = Text::plain("Runs ")
            .then_code(words::short(&command.value, 80))
            .then(" for development");
        return Some(end(text.from(&command.provenance)));
    }
    // The one part with code of the system is what the system is for.
    let purpose = c.blueprint.system.purpose.as_ref();
    if let Some(purpose) = purpose.filter(|_| says_system(c, e)) {
        let mut text = stated(purpose);
        text.spans = crate::text::inline(&words::sentence(words::first_sentence(&purpose.text)));
        return Some(text);
    }
    // What is built into another part, is what that shows to its users.
    if e.role == Some(Role::Ui)
        && let Some(into) = e.attribute("built-into")
    {
        let text = Text::plain("User interface of ").then_code(&into.value);
        return Some(end(text
            .then(", which it is built into")
            .from(&into.provenance)));
    }
    if e.role == Some(Role::Ui) && !c.designed() && e.source.is_some() {
        return Some(shown_with(c, e));
    }
    // What stands before others is there to lead to them.
    if e.role == Some(Role::Gateway) && !c.designed() {
        return leads_to(c, e);
    }
    // Who uses it, what it uses and how many operations it has say nothing of what it is for.
    None
}

/// Whether the purpose of the system is that of a part which has no words of its own.
pub(super) fn says_system(c: &Context, e: &Element) -> bool {
    let known = c.blueprint.system.purpose.is_some();
    known && !c.designed() && (is_main(c, e) || serves_all(c, e))
}

/// To which parts a gateway leads requests, where there are several.
fn leads_to(c: &Context, e: &Element) -> Option<Text> {
    let all = c.outgoing(&e.id);
    let own: Vec<_> = all
        .iter()
        .filter(|r| r.kind == RelationshipKind::Routes)
        .filter_map(|r| Some((c.element(&r.to)?, &r.provenance)))
        .filter(|(to, _)| !to.external)
        .collect();
    if own.len() < 2 {
        return None;
    }
    let text = Text::plain("Leads requests to ");
    let text = text.spans(names(own.iter().map(|(to, _)| to.name.as_str()), 6));
    Some(end(
        text.from(&first_places(own.iter().map(|(_, at)| *at), 2))
    ))
}

fn component_list<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let items: Vec<Text> = c
        .containers
        .iter()
        .take(40)
        .map(|e| {
            let text = Text::code(&e.name).then(": ");
            match in_one_sentence(c, e) {
                Some(sentence) => text.append(sentence),
                None => {
                    let built = e
                        .technology
                        .first()
                        .map_or(String::new(), |t| format!("built with {t}; "));
                    text.then(format!("{built}what it is for is asked in "))
                        .and(c.ask("component-purpose"))
                        .then(".")
                        .from(&e.provenance)
                }
            }
        })
        .collect();
    if items.is_empty() {
        return no_components(c);
    }
    let more = c.containers.len() - items.len();
    let mut blocks = vec![bullets(items)];
    if more > 0 {
        blocks.push(Block::Paragraph(crate::text::unlisted(more, "part")));
    }
    Answer::blocks(blocks)
}

/// Why there are no containers.
pub(super) fn no_components(c: &Context) -> Answer {
    c.absent(
        "separately deployable part",
        &[
            "container files",
            "deployment files",
            "manifests",
            "entry points in code",
        ],
        "components",
    )
}

fn component_table<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let of_all = super::people::owners_of_all(c);
    let rows: Vec<Vec<Text>> = c
        .containers
        .iter()
        .map(|e| {
            let purpose = in_one_sentence(c, e)
                .unwrap_or_else(|| Text::default().and(c.ask("component-purpose")));
            vec![
                name(&e.name).from(&e.provenance),
                purpose,
                plain_cell(&e.technology.join(", ")),
                super::people::owner_cell(c, e, of_all.is_some()),
            ]
        })
        .collect();
    if rows.is_empty() {
        return no_components(c);
    }
    let mut blocks = vec![table(
        &["Component", "Purpose", "Technology", "Owner"],
        rows,
    )];
    blocks.extend(of_all.map(|text| Block::Paragraph(end(text))));
    Answer::blocks(blocks)
}

fn component_names<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let mut items = Vec::new();
    for e in c.containers.iter().take(12) {
        let inside: Vec<&Element> = c.blueprint.components_of(&e.id).collect();
        if inside.is_empty() {
            continue;
        }
        let text = Text::code(&e.name)
            .then(format!(
                " holds {}: ",
                words::count(inside.len(), "component")
            ))
            .spans(names(inside.iter().map(|i| i.name.as_str()), 8));
        items.push(end(
            text.from(&first_places(inside.iter().map(|i| &i.provenance), 2))
        ));
    }
    if items.is_empty() {
        let loose: Vec<&Element> = c
            .blueprint
            .elements
            .iter()
            .filter(|e| e.kind == ElementKind::Component)
            .collect();
        if !loose.is_empty() {
            let text = Text::default().spans(names(loose.iter().map(|e| e.name.as_str()), 12));
            return Answer::text(end(
                text.from(&first_places(loose.iter().map(|e| &e.provenance), 3))
            ));
        }
        return c.absent(
            "module structure",
            &["manifests", "source folders"],
            "components",
        );
    }
    Answer::blocks(vec![bullets(items)])
}

fn container_names<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let mut roles: BTreeMap<Role, Vec<&Element>> = BTreeMap::new();
    let mut other: Vec<&Element> = Vec::new();
    for e in &c.containers {
        match e.role {
            Some(role) => roles.entry(role).or_default().push(e),
            None => other.push(e),
        }
    }
    let line = |kind: String, all: Vec<&Element>| {
        let text =
            Text::plain(format!("{kind}: ")).spans(names(all.iter().map(|e| e.name.as_str()), 12));
        end(text.from(&first_places(all.iter().map(|e| &e.provenance), 2)))
    };
    let mut items: Vec<Text> = roles
        .into_iter()
        .map(|(role, all)| {
            line(
                words::capital(&words::noun_for(all.len(), role.word())),
                all,
            )
        })
        .collect();
    if !other.is_empty() {
        items.push(line(
            words::capital(&words::noun_for(other.len(), "container")),
            other,
        ));
    }
    if items.is_empty() {
        no_components(c)
    } else {
        Answer::blocks(vec![bullets(items)])
    }
}

fn context_elements<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let people: Vec<&Element> = c
        .blueprint
        .elements
        .iter()
        .filter(|e| e.kind == ElementKind::Person)
        .collect();
    let mut items = Vec::new();
    if !people.is_empty() {
        let text = Text::plain("People: ").spans(names(people.iter().map(|e| e.name.as_str()), 6));
        items.push(end(
            text.from(&first_places(people.iter().map(|e| &e.provenance), 2))
        ));
    }
    if let Some(parts) = super::identity::parts_sentence(c) {
        items.push(parts);
    }
    if !c.externals.is_empty() {
        let text = Text::plain("Systems outside: ")
            .spans(names(c.externals.iter().map(|e| e.name.as_str()), 10));
        items.push(end(
            text.from(&first_places(c.externals.iter().map(|e| &e.provenance), 2))
        ));
    }
    if items.is_empty() {
        return c.absent(
            "user, deployable part or external system",
            &["code", "deployment files"],
            "external-systems",
        );
    }
    Answer::blocks(vec![bullets(items)])
}

/// The technical way of a relationship: its protocol, else its library.
pub(super) fn way(r: &Relationship) -> Option<&str> {
    r.protocol.as_deref().or(r.technology.as_deref())
}

/// Connections of parts that are deployed or lie outside: what is counted is what is listed.
fn connections<'a>(c: &Context<'a>) -> impl Iterator<Item = &'a Relationship> {
    c.relationships()
        .filter(|r| super::calls::is_connection(c, r))
}

fn communication<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let mut items = Vec::new();
    for (mode, verb) in [
        (Mode::Sync, "The caller waits on"),
        (Mode::Async, "The caller goes on after"),
    ] {
        let fits = |r: &&Relationship| match mode {
            Mode::Sync => waits(c, r),
            Mode::Async => r.mode == Mode::Async && !r.acknowledged,
        };
        let mut ways: BTreeMap<&str, Vec<&Relationship>> = BTreeMap::new();
        for r in connections(c).filter(fits).filter(|r| !r.only_reports()) {
            ways.entry(way(r).unwrap_or("")).or_default().push(r);
        }
        let mut ways: Vec<_> = ways.into_iter().collect();
        ways.sort_by_key(|(word, all)| (std::cmp::Reverse(all.len()), *word));
        for (word, all) in ways.into_iter().take(6) {
            let n = all.len();
            let what = words::noun_for(
                n,
                if mode == Mode::Sync {
                    "connection"
                } else {
                    "message path"
                },
            );
            let pairs = all
                .iter()
                .map(|r| Span::Code(format!("{} → {}", c.name_of(&r.from), c.name_of(&r.to))))
                .collect();
            let which = match word {
                "" => format!("{} {what} whose protocol was not found", words::spelled(n)),
                word => format!("{} {what} over {word}", words::spelled(n)),
            };
            let text =
                Text::plain(format!("{verb} {which}: ")).spans(words::list_spans(pairs, 4, "and"));
            items.push(end(
                text.from(&first_places(all.iter().map(|r| &r.provenance), 3))
            ));
        }
    }
    match items.is_empty() {
        true => no_connection(c),
        false => Answer::blocks(vec![bullets(items)]),
    }
}

fn component_count<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    match super::identity::parts_sentence(c) {
        Some(text) => Answer::text(text),
        None => no_components(c),
    }
}

fn dependency_count<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    // Who uses the system is no system.
    let person = |id: &str| {
        let found = c.element(id);
        found.is_some_and(|e| e.kind == ElementKind::Person)
    };
    let joins: Vec<&Relationship> = connections(c)
        .filter(|r| !person(&r.from) && !person(&r.to))
        .collect();
    let n = joins.len();
    let leaves = |r: &&Relationship| c.element(&r.to).is_some_and(|e| e.external);
    let ends = match joins.iter().any(leaves) {
        true => " between parts and to systems outside",
        false => " between parts",
    };
    // The same package of two manifests is one; what the build alone needs stands beside packages.
    let packages = c.blueprint.dependencies.iter();
    let packages: BTreeSet<(&str, &str)> = packages
        .filter(|d| !super::components::is_build_plugin(d))
        .map(|d| (d.ecosystem.as_str(), d.name.as_str()))
        .collect();
    let packages = packages.len();
    if n + packages == 0 {
        return c.absent(
            "connection or package dependency",
            &["configuration", "code", "manifests"],
            "connections",
        );
    }
    let open = c
        .containers
        .iter()
        .filter_map(|e| e.attribute("unresolved-calls")?.value.parse::<usize>().ok())
        .sum::<usize>();
    // What no address shows is not there for this count.
    let found = match (n, open) {
        (0, 0) => "No connection between parts or to a system outside was resolved".to_owned(),
        (0, _) => "No connection between parts or to a system outside was resolved; where calls over HTTP in code lead was not followed".to_owned(),
        _ => format!(
            "At least {}{ends}",
            words::count(n, "connection")
        ),
    };
    let text = Text::plain(match c.designed() {
        true => format!(
            "{} between parts and to systems outside.",
            words::count(n, "connection")
        ),
        false => format!(
            "{found}; manifests name {}.",
            words::count(packages, "package"),
        ),
    });
    Answer::text(counted(
        text,
        "connections and declared packages of the blueprint, imports inside one program left out",
        Vec::new(),
    ))
}

fn diagram_type<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    // The outline that asks for it shows this one drawing.
    let shown = c.blueprint.views.iter().filter(|v| v.id == "containers");
    let kinds = shown.map(|_| "C4 container diagram");
    let kinds = distinct(kinds);
    match kinds.is_empty() {
        true => c.absent(
            "structure to draw",
            &["deployment files", "manifests", "code"],
            "components",
        ),
        false => {
            let text = Text::plain(format!(
                "{}, drawn from the blueprint.",
                words::capital(&words::list(&kinds, "and"))
            ));
            Answer::text(text)
        }
    }
}

/// Rows of the table of connections at most.
const ROWS: usize = 80;

fn dependency_table<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let mut all: Vec<&Relationship> = connections(c).collect();
    all.sort_by_key(|r| {
        (
            c.name_of(&r.from).to_owned(),
            c.name_of(&r.to).to_owned(),
            r.kind,
        )
    });
    let total = all.len();
    // Where not all fit, those go first of which least is known, or on which no request waits.
    let weight = |r: &Relationship| match r.kind {
        _ if r.only_addressed() || r.kind == RelationshipKind::StartsAfter => 2,
        _ if r.only_reports() || r.kind == RelationshipKind::Observes => 1,
        _ => 0,
    };
    if total > ROWS {
        let mut kept: Vec<usize> = (0..total).collect();
        kept.sort_by_key(|at| all.get(*at).map(|r| weight(r)));
        kept.truncate(ROWS);
        kept.sort_unstable();
        all = kept
            .into_iter()
            .filter_map(|at| all.get(at).copied())
            .collect();
    }
    let rows: Vec<Vec<Text>> = all
        .into_iter()
        .map(|r| {
            let what = if r.description.is_empty() {
                r.verb()
            } else {
                &r.description
            };
            vec![
                name(c.name_of(&r.from)),
                name(c.name_of(&r.to)),
                what_cell(r, what).from(&r.provenance),
                plain_cell(way(r).unwrap_or("")),
                Text::plain(if waits(c, r) {
                    "waits"
                } else if r.mode == Mode::Async {
                    "goes on"
                } else {
                    "–"
                }),
            ]
        })
        .collect();
    if rows.is_empty() {
        return no_connection(c);
    }
    let shown = rows.len();
    let mut blocks = vec![table(&["From", "To", "What", "Protocol", "Caller"], rows)];
    if total > shown {
        blocks.push(Block::Paragraph(crate::text::unlisted(
            total - shown,
            "connection",
        )));
    }
    Answer::blocks(blocks)
}

/// Where calls were seen and not followed, that none was found would say too much.
fn no_connection(c: &Context) -> Answer {
    match super::calls::open_text(c) {
        Some(text) => Answer::text(text),
        None => c.absent(
            "connection between parts",
            &["addresses in configuration", "clients in code"],
            "connections",
        ),
    }
}

/// Whether a connection carries mail: its protocol has no other purpose.
fn is_mail(r: &Relationship) -> bool {
    let protocol = r.protocol.as_deref().unwrap_or_default();
    protocol.eq_ignore_ascii_case("smtp") || protocol.eq_ignore_ascii_case("smtps")
}

/// What a connection does; a bare verb gets the operations that were seen.
fn what_cell(r: &Relationship, what: &str) -> Text {
    if what != r.verb() || r.only_addressed() || r.only_reports() {
        return plain_cell(what);
    }
    if !r.operations.is_empty() {
        let text = Text::plain(format!("{what}: "));
        return text.spans(names(r.operations.iter().map(String::as_str), 2));
    }
    match r.kind {
        RelationshipKind::Calls if is_mail(r) => Text::plain("sends mail"),
        RelationshipKind::Calls => Text::plain("calls"),
        _ => plain_cell(what),
    }
}

fn planes<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let control = |e: &Element| {
        matches!(
            e.role,
            Some(Role::ConfigServer | Role::Registry | Role::Monitoring | Role::Auth)
        )
    };
    // Who steers is known by what it is; that all others serve would be said by elimination.
    let steering: Vec<&Element> = c
        .containers
        .iter()
        .filter(|e| control(e))
        .copied()
        .collect();
    if c.containers.is_empty() {
        return no_components(c);
    }
    let observed = c
        .relationships()
        .filter(|r| r.kind == RelationshipKind::Configures)
        .count();
    let text = match steering.as_slice() {
        [] => Text::plain(
            "No part that steers others was found (searched: configuration servers, registries, monitoring and identity providers among the containers).",
        ),
        some => {
            let kinds = [
                (
                    Role::ConfigServer,
                    "gives configuration",
                    "give configuration",
                ),
                (Role::Registry, "tells addresses", "tell addresses"),
                (Role::Auth, "tells who callers are", "tell who callers are"),
                (Role::Monitoring, "watches", "watch"),
            ];
            let mut text = Text::default();
            for (role, one, many) in kinds {
                let of: Vec<&str> = (some.iter().filter(|e| e.role == Some(role)))
                    .map(|e| e.name.as_str())
                    .collect();
                if of.is_empty() {
                    continue;
                }
                if !text.spans.is_empty() {
                    text = text.then("; ");
                }
                let verb = words::verb_for(of.len(), one, many);
                text = text.spans(names(of, 6)).then(format!(" {verb}"));
            }
            if observed > 0 {
                let takes = words::verb_for(observed, "part takes", "parts take");
                text = text.then(format!(
                    "; {} {takes} configuration from them",
                    words::spelled(observed)
                ));
            }
            end(text.from(&first_places(some.iter().map(|e| &e.provenance), 2)))
        }
    };
    Answer::text(text)
}
