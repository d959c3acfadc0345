//! Which programs of a module are packed, and into which images.

use super::{Program, first_word, main_name, module_of, started_program};
use crate::extractors::published_images;
use crate::facts::{Claim, Deployable, ImageBuild};
use crate::resolve::builds::{self, is_variant};
use crate::resolve::names::{is_aside, plain};
use crate::resolve::world::{World, folder_of, tail};
use groundplan_model::Evidence;
use std::collections::BTreeMap;

/// A `main` package: its folder and its name.
type Main<'f> = (&'f str, String);

/// Programs that were found, by the folder of their `main` package.
#[derive(Default)]
struct Found<'f>(BTreeMap<&'f str, Program<'f>>);

impl<'f> Found<'f> {
    fn add(&mut self, folder: &'f str, name: &str, image: Option<builds::Image<'f>>) {
        let known = self.0.entry(folder).or_insert_with(|| Program {
            folder,
            name: name.to_owned(),
            images: Vec::new(),
        });
        known.images.extend(image);
    }

    fn add_once(&mut self, folder: &'f str, name: &str, image: Option<builds::Image<'f>>) {
        let known = self.0.get(folder);
        let is_new = |(_, at): &builds::Image<'f>| {
            known.is_none_or(|known| !known.images.iter().any(|(_, other)| other == at))
        };
        let image = image.filter(is_new);
        self.add(folder, name, image);
    }
}

/// Whether the file that an image starts comes with its base, or is a script that starts something else.
fn is_of_the_base(name: &str) -> bool {
    const NAMES: [&str; 12] = [
        "ash", "bash", "caddy", "dash", "env", "java", "nginx", "node", "php", "python", "python3",
        "sh",
    ];
    NAMES.contains(&name) || name.contains("entrypoint") || name.contains('.')
}

/// Whether a file is called like a program, or has its name behind another word.
fn is_called(file: &str, main: &str) -> bool {
    let rest = file.strip_suffix(main);
    !main.is_empty() && rest.is_some_and(|rest| rest.is_empty() || rest.ends_with(['-', '_', '.']))
}

/// The program that a file is called like; of several the one with the longest name.
fn called<'f, 'm>(mains: &'m [Main<'f>], file: &str) -> Option<&'m Main<'f>> {
    let fits = mains.iter().filter(|(_, main)| is_called(file, main));
    fits.max_by_key(|(_, main)| main.len())
}

impl<'f> World<'f> {
    /// The programs of a module that some image starts, each once.
    pub(super) fn packed(
        &self,
        module: usize,
        mains: &std::collections::BTreeSet<&'f str>,
    ) -> Vec<Program<'f>> {
        let of_module = module_of(&self.projects[module]).unwrap_or_default();
        let root = &self.projects[module].folder;
        let name_of = |folder: &'f str| match folder == root {
            true => tail(of_module).unwrap_or_default().to_owned(),
            false
                if folder_of(folder) == root
                    && main_name(folder) != tail(folder).unwrap_or(folder) =>
            {
                tail(of_module).unwrap_or_default().to_owned()
            }
            false => main_name(folder).to_owned(),
        };
        let mains: Vec<Main<'f>> = mains.iter().map(|f| (*f, name_of(f))).collect();
        let mut all = Found::default();
        let mut images: Vec<(&'f ImageBuild, &'f Evidence)> = self
            .all_images()
            .flat_map(|(image, at)| {
                let stages = image.targets.iter().map(move |(_, stage)| (stage, at));
                std::iter::once((image, at)).chain(stages)
            })
            .filter(|(_, at)| {
                let mut words = at.path.split(['/', '.', '-', '_']);
                !is_aside(&at.path) && !words.any(is_variant)
            })
            .collect();
        images.sort_by_key(|(_, at)| (at.path.matches('/').count(), &at.path));
        let inside = |at: &Evidence| root.is_empty() || within(&at.path, root);
        for &(image, at) in images.iter().filter(|(_, at)| inside(at)) {
            let started = started_program(image).and_then(|program| {
                let (folder, _) = called(&mains, program)?;
                Some((*folder, program.to_owned()))
            });
            // What it starts may have a common name; then the command that built it names the folder.
            let built = || {
                let [only] = image.programs.as_slice() else {
                    return None;
                };
                let (folder, main) = at_folder(&mains, only)?;
                Some((*folder, main.clone()))
            };
            // `COPY --from=build /out/orders /bin/server`: what it starts by its path was called otherwise before,
            // unless that is a script or a program of the base.
            let renamed = || {
                let name = started_program(image)?;
                let command = image.command.as_ref().map(|c| c.value.as_str())?;
                if !command.contains(&format!("/{name}")) || is_of_the_base(name) {
                    return None;
                }
                let taken = image.carried.iter().map(|c| c.value.as_str());
                let files = taken.filter(|path| path.starts_with('/')).filter_map(tail);
                let mut all = files.filter_map(|file| mains.iter().find(|(_, main)| main == file));
                let (folder, main) = all.next()?;
                all.all(|(other, _)| other == folder)
                    .then(|| (*folder, main.clone()))
            };
            if let Some((folder, program)) = started.or_else(built).or_else(renamed) {
                all.add(folder, &program, Some((image, at)));
            }
        }
        self.for_developers(root, &mains, &mut all);
        self.taken_in(&images, &mains, &mut all);
        for (folder, image, _) in self.chosen(root, &mains) {
            let name = main_name(folder);
            all.add_once(folder, name, image);
        }
        self.commanded(root, &mains, &mut all);
        self.told(&mains, &mut all);
        self.released(&mains, &mut all);
        all.0.into_values().collect()
    }

    /// Adds the programs that have a build file of their name for developers alone:
    /// `development/docker/orders.Dockerfile`.
    fn for_developers(&self, root: &str, mains: &[Main<'f>], all: &mut Found<'f>) {
        for (image, at) in self.all_images() {
            let within = root.is_empty() || within(&at.path, root);
            let file = tail(&at.path).unwrap_or(&at.path);
            let stem = file.strip_suffix(".Dockerfile");
            let stem = stem.or_else(|| file.strip_prefix("Dockerfile."));
            let main = mains.iter().find(|(_, main)| Some(main.as_str()) == stem);
            if let Some((folder, name)) = main.filter(|_| within && !is_aside(&at.path))
                && all
                    .0
                    .get(folder)
                    .is_none_or(|known| known.images.is_empty())
            {
                all.add(folder, name, Some((image, at)));
            }
        }
    }

    /// Programs that were built before and that images take in as a file, several in one tree: what starts
    /// them is a script (`COPY core/shop_core /shop/`).
    fn taken_in(&self, images: &[builds::Image<'f>], mains: &[Main<'f>], all: &mut Found<'f>) {
        let mut found: BTreeMap<&'f str, Vec<(&'f str, builds::Image<'f>)>> = BTreeMap::new();
        for &(image, at) in images {
            let scripted = image.command.as_ref().is_some_and(|c| {
                let word = c.value.split_whitespace().next().unwrap_or_default();
                word.trim_matches(['"', '\'']).ends_with(".sh")
            });
            let known = |p: &Program<'f>| p.images.iter().any(|(_, other)| *other == at);
            if !scripted || all.0.values().any(known) {
                continue;
            }
            let folder = folder_of(&at.path).rsplit('/').next().unwrap_or_default();
            let mut taken = image.copies.iter().filter_map(|copy| {
                let file = copy.rsplit('/').next().unwrap_or(copy);
                let plain = !file.contains(['.', '*', '$']);
                let main = called(mains, file).filter(|_| plain)?;
                // The file of the program lies where its image is built.
                let beside = folder_of(copy).rsplit('/').next() == Some(folder);
                (file == main.1 || beside).then_some((main.0, file))
            });
            if let (Some((main, file)), None) = (taken.next(), taken.next()) {
                found.entry(main).or_default().push((file, (image, at)));
            }
        }
        if found.len() < 2 {
            return;
        }
        for (folder, images) in found {
            for (file, image) in images {
                all.add_once(folder, file, Some(image));
            }
        }
    }

    /// Adds the programs that containers start by their commands out of one image that holds all of them.
    fn commanded(&self, root: &str, mains: &[Main<'f>], all: &mut Found<'f>) {
        let mut pulled: Vec<&Main<'f>> = Vec::new();
        for (_, fact) in self.facts() {
            let Claim::Deployable(deployable) = &fact.claim else {
                continue;
            };
            let Some(program) = (deployable.command.as_ref()).and_then(|c| first_word(&c.value))
            else {
                continue;
            };
            let Some(main) = mains.iter().find(|(_, main)| program == main) else {
                continue;
            };
            let image = builds::of_deployable(self, deployable);
            let image =
                image.filter(|(_, at)| root.is_empty() || at.path.starts_with(&format!("{root}/")));
            match image {
                Some(image) => all.add_once(main.0, program, Some(image)),
                None if self.pulls_own(deployable) && !is_aside(&fact.at.path) => pulled.push(main),
                None => {}
            }
        }
        // One word may be that of any product; several are the programs of the module.
        pulled.sort();
        pulled.dedup();
        if pulled.len() > 1 {
            for (folder, name) in pulled {
                all.add_once(folder, name, None);
            }
        }
    }

    /// Whether what is deployed pulls an image that is no known product.
    fn pulls_own(&self, deployable: &Deployable) -> bool {
        let image = (deployable.image.as_ref()).filter(|_| deployable.build.is_none());
        image.is_some_and(|image| self.knowledge.by_image(&image.value).is_none())
    }

    /// Adds the programs that a release hands out.
    fn released(&self, mains: &[Main<'f>], all: &mut Found<'f>) {
        for folder in self.released_folders() {
            if let Some((folder, name)) = mains.iter().find(|(main, _)| *main == folder) {
                all.add_once(folder, name, None);
            }
        }
    }

    /// Folders of the programs that a release hands out.
    pub(super) fn released_folders(&self) -> impl Iterator<Item = &'f str> + use<'f> {
        self.facts().filter_map(|(file, fact)| match &fact.claim {
            Claim::Released(folder) if !is_aside(&file.path) => Some(folder.as_str()),
            _ => None,
        })
    }

    /// Adds the programs whose folders arguments of builds name: `CMD_PATH: cmd/orders`.
    fn told(&self, mains: &[Main<'f>], all: &mut Found<'f>) {
        for (_, fact) in self.facts() {
            let Claim::Deployable(deployable) = &fact.claim else {
                continue;
            };
            let Some(image) = builds::of_deployable(self, deployable) else {
                continue;
            };
            if is_aside(&image.1.path) {
                continue;
            }
            for (folder, name) in told_mains(deployable, mains) {
                all.add_once(folder, name, Some(image));
            }
        }
    }

    /// Programs that one build file makes, whichever an argument of the build says (`./cmd/${SVC}`), and
    /// that workloads pull as images of their names, several under one owner: folder, build and image.
    /// Without such a file they are those below `cmd`.
    pub(super) fn chosen(
        &self,
        root: &str,
        mains: &[Main<'f>],
    ) -> Vec<(&'f str, Option<builds::Image<'f>>, String)> {
        let within = |path: &str| root.is_empty() || path.starts_with(&format!("{root}/"));
        let usual = |at: &Evidence| {
            let mut words = at.path.split(['/', '.', '-', '_']);
            within(&at.path) && !is_aside(&at.path) && !words.any(is_variant)
        };
        let mut builders: Vec<(&str, builds::Image<'f>)> = self
            .all_images()
            .filter(|(_, at)| usual(at))
            .flat_map(|(image, at)| {
                let all = image.programs.iter().filter(|p| p.contains('*'));
                all.map(move |pattern| (pattern.as_str(), (image, at)))
            })
            .collect();
        builders.sort_by_key(|(_, (_, at))| (at.path.matches('/').count(), &at.path));
        let inner = |folder: &'f str| match root.is_empty() {
            true => folder,
            false => folder
                .strip_prefix(root)
                .unwrap_or(folder)
                .trim_start_matches('/'),
        };
        let fits = |pattern: &str, folder: &'f str| match pattern.split_once('*') {
            Some(("", "")) => inner(folder).starts_with("cmd/"),
            Some((begin, end)) => {
                let folder = inner(folder);
                folder.len() > begin.len() + end.len()
                    && folder.starts_with(begin)
                    && folder.ends_with(end)
            }
            None => false,
        };
        type One<'f> = (&'f str, Option<builds::Image<'f>>, String);
        let mut found: BTreeMap<String, Vec<One<'f>>> = BTreeMap::new();
        for (_, fact) in self.facts() {
            let Claim::Deployable(deployable) = &fact.claim else {
                continue;
            };
            let pulled = deployable
                .image
                .as_ref()
                .filter(|_| deployable.build.is_none());
            let Some(name) = pulled.and_then(|image| published_images::bare(&image.value)) else {
                continue;
            };
            let (owner, last) = name.rsplit_once('/').unwrap_or(("", &name));
            let Some((folder, _)) = mains.iter().find(|(_, main)| main == last) else {
                continue;
            };
            let builder = builders.iter().find(|(pattern, _)| fits(pattern, folder));
            let builder = builder.map(|(_, image)| *image);
            let told = builder.is_some() || self.is_below_cmd(inner(folder), deployable);
            if told && !owner.is_empty() {
                let of_owner = found.entry(owner.to_owned()).or_default();
                if !of_owner.iter().any(|(known, ..)| known == folder) {
                    of_owner.push((folder, builder, name.clone()));
                }
            }
        }
        found
            .into_values()
            .filter(|all| all.len() > 1)
            .flatten()
            .collect()
    }

    /// Whether a program lies below `cmd` and an image of its name is no known product.
    fn is_below_cmd(&self, folder: &str, deployable: &Deployable) -> bool {
        folder.split('/').any(|part| part == "cmd") && self.pulls_own(deployable)
    }
}

/// Whether a file lies below a folder.
fn within(path: &str, folder: &str) -> bool {
    let rest = path.strip_prefix(folder);
    rest.is_some_and(|rest| rest.starts_with('/'))
}

/// The only program whose folder ends with a path.
fn at_folder<'f, 'm>(mains: &'m [Main<'f>], path: &str) -> Option<&'m Main<'f>> {
    let is_at = |folder: &str| {
        let above = folder.strip_suffix(path);
        above.is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
    };
    let mut fits = mains.iter().filter(|(folder, _)| is_at(folder));
    let first = fits.next()?;
    fits.next().is_none().then_some(first)
}

/// The programs whose folders arguments of a build name.
fn told_mains<'f, 'm>(deployable: &Deployable, mains: &'m [Main<'f>]) -> Vec<&'m Main<'f>> {
    let paths = argument_paths(deployable);
    paths.filter_map(|path| at_folder(mains, path)).collect()
}

/// Paths among the values of the arguments of a build.
pub(crate) fn argument_paths(deployable: &Deployable) -> impl Iterator<Item = &str> {
    let args = deployable.attributes.iter();
    let args = args.filter(|(key, _)| key == "build.args");
    let values = args.flat_map(|(_, args)| args.value.split(' '));
    let paths = values.filter_map(|pair| Some(pair.split_once('=')?.1));
    let paths = paths.map(|path| path.trim_start_matches("./").trim_matches('/'));
    paths.filter(|path| path.contains('/') && !plain(path).is_empty())
}
