//! Stores and brokers that a part is by the image it is built on or by the password it is given: builds that
//! add nothing but scripts and settings to a product.

use super::Unit;
use crate::facts::ImageBuild;
use crate::resolve::address::is_address_key;
use crate::resolve::world::World;
use groundplan_knowledge::Technology;
use groundplan_model::Role;

/// The product of the base image, where the build adds no code to it.
pub(super) fn built_base<'f>(world: &World<'f>, unit: &Unit<'f>) -> Option<Option<&'f Technology>> {
    let (image, _) = unit.images.first()?;
    let base = image.bases.last()?;
    let technology = world.knowledge.by_image(&base.value)?;
    let role = technology.role?;
    // A store that starts as its image does is that store, whatever scripts fill it.
    let keeps = role.is_store() || role == Role::Broker;
    let starts_store = keeps && (starts_as(image, technology) || prepares(image));
    let has_code = unit.project.is_some_and(|p| world.is_code(p));
    (starts_store || !has_code).then_some(Some(technology))
}

/// The store that an unknown image is by the variable in which that store takes its first password, where it
/// listens on that store's port: a build of the store under another name.
pub(super) fn by_own_password<'f>(world: &World<'f>, unit: &Unit<'f>) -> Option<&'f Technology> {
    const FIRST: [(&str, &str); 6] = [
        ("POSTGRES_PASSWORD", "postgresql"),
        ("MYSQL_ROOT_PASSWORD", "mysql"),
        ("MARIADB_ROOT_PASSWORD", "mariadb"),
        ("MONGO_INITDB_ROOT_PASSWORD", "mongodb"),
        ("RABBITMQ_DEFAULT_PASS", "rabbitmq"),
        ("NEO4J_AUTH", "neo4j"),
    ];
    let told = || unit.deployables.iter().map(|(d, _)| d);
    let env = || {
        let built = unit.images.iter().flat_map(|(image, _)| &image.env);
        told().flat_map(|d| &d.env).chain(built)
    };
    // A client is told where its server is.
    if env().any(|e| is_address_key(&e.name)) {
        return None;
    }
    let (_, id) = (FIRST.iter()).find(|(name, _)| env().any(|e| e.name == *name))?;
    let technology = world.knowledge.by_id(id)?;
    let listens = |port: &str| technology.ports.iter().any(|p| p.to_string() == port);
    let published = told().flat_map(|d| d.ports.iter().map(|p| p.value.container.as_str()));
    let exposed = unit.images.iter().flat_map(|(image, _)| &image.ports);
    let mut ports = published
        .map(str::to_owned)
        .chain(exposed.map(|p| p.value.to_string()));
    ports.any(|port| listens(&port)).then_some(technology)
}

/// Whether an image starts as the product that it is based on does: without a command, or with the program of
/// that product (`CMD ["postgres"]`).
fn starts_as(image: &ImageBuild, product: &Technology) -> bool {
    let Some(command) = &image.command else {
        return true;
    };
    // Of several commands the last is what goes on running.
    let last = command.value.rsplit("&&").next().unwrap_or_default();
    let mut words = last.split_whitespace().filter(|word| *word != "exec");
    let word = words.find(|word| !word.ends_with("docker-entrypoint.sh"));
    // The entry point of the product alone starts it.
    word.is_none_or(|word| {
        let name = word.rsplit('/').next().unwrap_or(word);
        let short = name.strip_suffix("-server").unwrap_or(name);
        let short = short.strip_suffix('d').unwrap_or(short);
        short.len() > 3 && (product.id.starts_with(short) || name.starts_with(&product.id))
    })
}

/// Whether an image starts by a script of its own and takes nothing but scripts and settings from the
/// repository: the script prepares the store on which the image is based, and nothing else is in it.
fn prepares(image: &ImageBuild) -> bool {
    let script = |word: &str| {
        let word = word.trim_matches(['[', ']', '"', '\'', ',']);
        let name = word.rsplit('/').next().unwrap_or(word);
        name.ends_with(".sh") && image.copies.iter().any(|c| c.ends_with(name) || c == ".")
    };
    let command = image.command.as_ref();
    command.is_some_and(|c| c.value.split_whitespace().any(script))
        && image.copies.iter().all(|c| is_data(c))
}

/// Whether a file that an image takes is a script or settings by its ending.
fn is_data(path: &str) -> bool {
    let end = path.rsplit_once('.').map_or("", |(_, end)| end);
    matches!(
        end,
        "sql" | "sh" | "conf" | "cnf" | "ini" | "js" | "json" | "csv" | "yml" | "yaml" | "xml"
    )
}

/// Whether a part is a store whose image takes nothing but scripts and settings from the repository.
pub(super) fn keeps_data_alone(unit: &Unit<'_>) -> bool {
    let store = unit
        .technology
        .is_some_and(|t| t.role.is_some_and(|r| r.is_store()));
    let mut images = unit.images.iter();
    store && images.all(|(image, _)| image.copies.iter().all(|c| is_data(c)))
}
