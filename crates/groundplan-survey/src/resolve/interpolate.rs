//! Variables of Compose files, filled from the `.env` file beside them, as Compose does, what services
//! take over from others, and values of Helm charts
//! (<https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/>).

use crate::facts::{Claim, Deployable, FileFacts};
use crate::resolve::holders::below_start;
use crate::resolve::settings::{fill, is_dotenv, is_pattern};
use crate::resolve::world::folder_of;
use crate::resolve::{bicep, charts, commanded, extended, host_names, laravel_config, terraform};
use crate::source::join;
use groundplan_knowledge::Knowledge;
use groundplan_model::Evidence;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// What a `.env` file sets.
#[derive(Default)]
struct Variables {
    values: BTreeMap<String, String>,
    /// Secrets that stand in it, by name; their values are not kept.
    secrets: BTreeMap<String, Evidence>,
}

/// The facts with variables filled; borrowed where there is nothing to fill.
pub(crate) fn interpolate<'f>(
    files: &'f [FileFacts],
    knowledge: &Knowledge,
) -> Cow<'f, [FileFacts]> {
    let mut by_folder: BTreeMap<&str, Variables> = BTreeMap::new();
    for file in files
        .iter()
        .filter(|f| f.path == ".env" || f.path.ends_with("/.env"))
    {
        let variables = by_folder.entry(folder_of(&file.path)).or_default();
        for fact in &file.facts {
            let Claim::Property(property) = &fact.claim else {
                continue;
            };
            let key = property.key.clone();
            match &property.value {
                Some(value) => {
                    variables.values.insert(key, value.clone());
                }
                None => {
                    variables.secrets.insert(key, fact.at.clone());
                }
            }
        }
    }
    let patterns = patterns(files, &by_folder);
    let wanted = |file: &FileFacts| {
        let folder = folder_of(&file.path);
        let set = by_folder.contains_key(folder);
        let pattern = patterns.get(folder);
        (set || pattern.is_some())
            && (file.facts.iter()).any(|f| {
                is_compose(&f.claim) && (set || pattern.is_some_and(|p| is_open(&f.claim, p)))
            })
    };
    let raw = |file: &FileFacts| file.facts.iter().any(|f| terraform::is_raw(&f.claim));
    let made = files.iter().any(raw);
    let templated = charts::any(files);
    let takes = |file: &FileFacts| file.facts.iter().any(|f| bicep::is_module(&f.claim));
    let modules = files.iter().any(takes);
    let extends = |file: &FileFacts| file.facts.iter().any(|f| extended::extends(&f.claim));
    let extended = files.iter().any(extends);
    let commanded = commanded::builds(files);
    let built = !commanded.is_empty() && commanded::any(files, &commanded, knowledge);
    let hosted = |file: &FileFacts| file.facts.iter().any(|f| host_names::named(&f.claim));
    let hosted = files.iter().any(hosted);
    let begun = files.iter().any(|file| {
        (file.facts.iter())
            .any(|f| matches!(&f.claim, Claim::Deployable(d) if of_start(d).is_some()))
    });
    let asks = |file: &FileFacts| file.facts.iter().any(|f| laravel_config::asks(&f.claim));
    let configured = files.iter().any(asks);
    let asked = configured || made || modules || templated || extended || built || hosted || begun;
    if !asked && !files.iter().any(&wanted) {
        return Cow::Borrowed(files);
    }
    let mut all = files.to_vec();
    if hosted {
        host_names::fill_in(files, &mut all);
    }
    if configured {
        laravel_config::fill_in(&mut all);
    }
    if made {
        terraform::fill_in(&mut all, knowledge);
    }
    if modules {
        bicep::keep_reached(&mut all);
    }
    if templated {
        charts::install(files, &mut all);
    }
    for file in all.iter_mut().filter(|f| wanted(f)) {
        let folder = folder_of(&file.path).to_owned();
        for fact in &mut file.facts {
            let Claim::Deployable(deployable) = &mut fact.claim else {
                continue;
            };
            match by_folder.get(folder.as_str()) {
                Some(variables) => fill_in(deployable, &folder, variables),
                None => name_image(deployable, patterns.get(folder.as_str())),
            }
        }
    }
    if begun {
        from_start(files, &mut all);
    }
    if extended {
        extended::fill_in(&mut all);
    }
    if !commanded.is_empty() {
        commanded::fill_in(&mut all, &commanded, knowledge);
    }
    Cow::Owned(all)
}

/// The path of a build folder below the folder from which Compose is started: `$PWD/orders`.
fn of_start(deployable: &Deployable) -> Option<&str> {
    let mut all = deployable.attributes.iter();
    let (_, context) = all.find(|(key, _)| key == "build.context")?;
    let rest = below_start(&context.value)?;
    let open = deployable.build.is_none() && deployable.source == "compose";
    (open && !rest.contains('$')).then(|| rest.trim_matches('/'))
}

/// Fills in such folders: Compose is started in the folder of its file or in one above, the nearest that holds
/// what is built.
fn from_start(files: &[FileFacts], all: &mut [FileFacts]) {
    let holds = |folder: &str| {
        let below = |path: &str| {
            let rest = path.strip_prefix(folder);
            folder.is_empty() || rest.is_some_and(|rest| rest.starts_with('/'))
        };
        files.iter().any(|file| below(&file.path))
    };
    for file in all {
        let own = folder_of(&file.path).to_owned();
        for fact in &mut file.facts {
            let Claim::Deployable(deployable) = &mut fact.claim else {
                continue;
            };
            let Some(path) = of_start(deployable) else {
                continue;
            };
            let above = std::iter::successors(Some(own.as_str()), |folder| {
                (!folder.is_empty()).then(|| folder_of(folder))
            });
            let mut folders = above.filter_map(|folder| join(folder, path));
            let found = folders.find(|folder| holds(folder));
            let mut given = deployable.attributes.iter();
            let context = given.find(|(key, _)| key == "build.context");
            if let (Some(folder), Some((_, context))) = (found, context) {
                let mut placed = context.clone();
                if let Some(build) = &mut deployable.dockerfile
                    && let Some(path) = join(&folder, build)
                {
                    *build = path;
                }
                placed.value = folder;
                deployable.build = Some(placed);
            }
        }
    }
}

/// What patterns for a `.env` file that is not there set, by folder: who runs the system copies them.
fn patterns<'f>(
    files: &'f [FileFacts],
    set: &BTreeMap<&str, Variables>,
) -> BTreeMap<&'f str, BTreeMap<&'f str, &'f str>> {
    let mut all: BTreeMap<&str, BTreeMap<&str, &str>> = BTreeMap::new();
    for file in files {
        let name = file.path.rsplit('/').next().unwrap_or_default();
        let folder = folder_of(&file.path);
        let pattern = is_dotenv(name) && is_pattern(name);
        if !pattern || set.contains_key(folder) {
            continue;
        }
        let known = all.entry(folder).or_default();
        for fact in &file.facts {
            if let Claim::Property(property) = &fact.claim
                && let Some(value) = &property.value
            {
                known.entry(&property.key).or_insert(value);
            }
        }
    }
    all
}

/// Fills an image that only a variable without a default names: which product it is does not depend on who
/// runs it, as other values of a pattern do.
fn name_image(deployable: &mut Deployable, pattern: Option<&BTreeMap<&str, &str>>) {
    let (Some(pattern), Some(image)) = (pattern, &mut deployable.image) else {
        return;
    };
    if open_name(&image.value).is_some_and(|name| pattern.contains_key(name)) {
        image.value = fill(&image.value, &|name| {
            pattern.get(name).map(|v| (*v).to_owned())
        });
    }
}

/// The variable without a default that an image begins with: `APP` of `${APP}:1`.
fn open_name(image: &str) -> Option<&str> {
    let (name, _) = image.strip_prefix("${")?.split_once('}')?;
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    name.chars().all(plain).then_some(name)
}

/// Whether only a variable that a pattern sets names the image of a workload.
fn is_open(claim: &Claim, pattern: &BTreeMap<&str, &str>) -> bool {
    let Claim::Deployable(deployable) = claim else {
        return false;
    };
    let name = deployable.image.as_ref().and_then(|i| open_name(&i.value));
    name.is_some_and(|name| pattern.contains_key(name))
}

fn is_compose(claim: &Claim) -> bool {
    matches!(claim, Claim::Deployable(d) if d.source == "compose")
}

fn fill_in(deployable: &mut Deployable, folder: &str, variables: &Variables) {
    let filled = |text: &str| -> String {
        if text.contains('$') {
            fill(text, &|name| variables.values.get(name).cloned())
        } else {
            text.to_owned()
        }
    };
    if let Some(image) = &mut deployable.image {
        image.value = filled(&image.value);
    }
    if let Some(file) = &mut deployable.dockerfile
        && file.contains('$')
    {
        let text = filled(file);
        // A value of `.env` is relative to the build folder, which stands before it.
        let base = deployable
            .build
            .as_ref()
            .map_or(folder, |b| b.value.as_str());
        let inner = text
            .strip_prefix(base)
            .unwrap_or(&text)
            .trim_start_matches('/');
        *file = join(base, inner).unwrap_or(text);
    }
    if deployable.build.is_none()
        && let Some((_, context)) = deployable
            .attributes
            .iter()
            .find(|(k, _)| k == "build.context")
        && let Some(path) = join(folder, &filled(&context.value))
    {
        let mut placed = context.clone();
        placed.value = path;
        deployable.build = Some(placed);
    }
    if let Some(command) = &mut deployable.command {
        command.value = filled(&command.value);
    }
    for volume in &mut deployable.volumes {
        volume.value = filled(&volume.value);
    }
    for (_, attribute) in &mut deployable.attributes {
        attribute.value = filled(&attribute.value);
    }
    for port in &mut deployable.ports {
        port.value.container = filled(&port.value.container);
        if let Some(host) = &mut port.value.host {
            *host = filled(host);
        }
    }
    for env in &mut deployable.env {
        if let Some(value) = &mut env.value {
            *value = filled(value);
            // A variable that the file sets to a secret is one that stands in the repository.
            let name = value.strip_prefix("${").and_then(|v| v.strip_suffix('}'));
            if let Some(at) = name.and_then(|name| variables.secrets.get(name)) {
                env.value = None;
                env.secret = true;
                env.at = at.clone();
            }
        }
    }
}
