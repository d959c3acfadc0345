//! Compose services that extend one of another file: what they take over from it, as Compose does
//! (<https://docs.docker.com/reference/compose-file/services/#extends>).

use crate::extractors::is_compose_name;
use crate::facts::{Claim, Deployable, Fact, FileFacts};
use crate::resolve::world::folder_of;
use crate::source::join;
use std::collections::{BTreeMap, BTreeSet};

/// Services above a service at most; also ends cycles.
const HIGHEST: usize = 8;

/// File and name of a service.
type Key = (String, String);

/// Whether a service extends one of another file.
pub(super) fn extends(claim: &Claim) -> bool {
    matches!(claim, Claim::Deployable(d) if d.source == "compose" && base_of(d).is_some())
}

fn base_of(deployable: &Deployable) -> Option<Key> {
    let mut all = deployable.attributes.iter();
    let (_, value) = all.find(|(key, _)| key == "extends")?;
    let (path, name) = value.value.split_once('#')?;
    Some((path.to_owned(), name.to_owned()))
}

fn compose(fact: &Fact) -> Option<&Deployable> {
    match &fact.claim {
        Claim::Deployable(d) if d.source == "compose" => Some(d),
        _ => None,
    }
}

/// Gives services what those that they extend say. A service that stands only in a file of such, which
/// nobody starts by itself, is then none of its own.
pub(super) fn fill_in(files: &mut [FileFacts]) {
    let mut named: BTreeSet<Key> = BTreeSet::new();
    for fact in files.iter().flat_map(|f| &f.facts) {
        let mut next = compose(fact).and_then(base_of);
        for _ in 0..HIGHEST {
            let Some(key) = next.filter(|key| !named.contains(key)) else {
                break;
            };
            next = find(files, &key).and_then(base_of);
            named.insert(key);
        }
    }
    let bases: BTreeMap<Key, Deployable> = named
        .into_iter()
        .filter_map(|key| {
            let found = find(files, &key)?.clone();
            Some((key, found))
        })
        .collect();
    for file in files.iter_mut() {
        let folder = folder_of(&file.path).to_owned();
        for fact in &mut file.facts {
            let Claim::Deployable(own) = &mut fact.claim else {
                continue;
            };
            let mut next = base_of(own).filter(|_| own.source == "compose");
            for _ in 0..HIGHEST {
                let Some((key, base)) = next.and_then(|key| bases.get_key_value(&key)) else {
                    break;
                };
                take_over(own, base, &folder, folder_of(&key.0));
                next = base_of(base);
            }
        }
        let path = &file.path;
        let name = path.rsplit('/').next().unwrap_or(path);
        if !is_compose_name(name) {
            file.facts.retain(|fact| {
                compose(fact).is_none_or(|d| !bases.contains_key(&(path.clone(), d.name.clone())))
            });
        }
    }
}

fn find<'f>(files: &'f [FileFacts], key: &Key) -> Option<&'f Deployable> {
    let file = files
        .binary_search_by(|file| file.path.as_str().cmp(&key.0))
        .ok()?;
    let mut all = files[file].facts.iter().filter_map(compose);
    all.find(|d| d.name == key.1)
}

fn take_over(own: &mut Deployable, base: &Deployable, folder: &str, of_base: &str) {
    own.image = own.image.take().or_else(|| base.image.clone());
    if own.build.is_none() && own.dockerfile.is_none() {
        own.build = base.build.clone();
        own.dockerfile = base.dockerfile.clone();
    }
    own.command = own.command.take().or_else(|| base.command.clone());
    for port in &base.ports {
        let same = |p: &&_| {
            let p: &&crate::facts::Placed<crate::facts::Port> = p;
            p.value.container == port.value.container
        };
        if !own.ports.iter().any(|p| same(&p)) {
            own.ports.push(port.clone());
        }
    }
    // What the service says itself comes last and holds.
    let said: BTreeSet<&str> = own.env.iter().map(|e| e.name.as_str()).collect();
    let mut env: Vec<_> = (base.env.iter())
        .filter(|e| e.name.is_empty() || !said.contains(e.name.as_str()))
        .cloned()
        .collect();
    env.append(&mut own.env);
    own.env = env;
    let target = |volume: &str| volume.split(':').nth(1).map(str::to_owned);
    for volume in &base.volumes {
        let same = |v: &str| target(v).is_some() && target(v) == target(&volume.value);
        if !own.volumes.iter().any(|v| same(&v.value)) {
            let mut volume = volume.clone();
            volume.value = seen_from(folder, of_base, &volume.value);
            own.volumes.push(volume);
        }
    }
    for (mine, theirs) in [
        (&mut own.depends_on, &base.depends_on),
        (&mut own.links, &base.links),
        (&mut own.sidecars, &base.sidecars),
    ] {
        for one in theirs {
            if !mine.iter().any(|known| known.value == one.value) {
                mine.push(one.clone());
            }
        }
    }
    for (mine, theirs) in [
        (&mut own.networks, &base.networks),
        (&mut own.labels, &base.labels),
    ] {
        mine.extend(theirs.iter().cloned());
        mine.sort();
        mine.dedup();
    }
    if own.profiles.is_empty() {
        own.profiles = base.profiles.clone();
    }
    for (key, value) in &base.attributes {
        if key != "extends" && !own.attributes.iter().any(|(known, _)| known == key) {
            own.attributes.push((key.clone(), value.clone()));
        }
    }
    own.attributes.sort_by(|a, b| a.0.cmp(&b.0));
}

/// A bind mount of a file in the folder `of_base` as one of a file in `folder`: paths are relative to
/// the file that they stand in. What starts with a variable is relative to neither.
fn seen_from(folder: &str, of_base: &str, volume: &str) -> String {
    let Some((source, rest)) = volume.split_once(':') else {
        return volume.to_owned();
    };
    let Some(path) = join(of_base, source).filter(|_| source.starts_with('.')) else {
        return volume.to_owned();
    };
    let mut up = String::new();
    let mut base = folder;
    loop {
        let inner = match base {
            "" => Some(path.as_str()),
            _ => path
                .strip_prefix(base)
                .and_then(|inner| inner.strip_prefix('/')),
        };
        match inner {
            Some(inner) if up.is_empty() => return format!("./{inner}:{rest}"),
            Some(inner) => return format!("{up}{inner}:{rest}"),
            None => {
                up.push_str("../");
                base = folder_of(base);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::seen_from;

    #[test]
    fn mounts_are_relative_to_the_file_that_they_stand_in() {
        let cases = [
            (
                "",
                "docker/base",
                "./conf:/etc/conf:ro",
                "./docker/base/conf:/etc/conf:ro",
            ),
            ("docker", "docker/base", "../conf:/c", "./conf:/c"),
            ("docker/shop", "docker/base", "./conf:/c", "../base/conf:/c"),
            ("", "docker", "data:/data", "data:/data"),
            ("", "docker", "${PWD}/conf:/c", "${PWD}/conf:/c"),
        ];
        for (folder, base, volume, expected) in cases {
            assert_eq!(seen_from(folder, base, volume), expected);
        }
    }
}
