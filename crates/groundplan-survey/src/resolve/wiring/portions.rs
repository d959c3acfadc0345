//! Which of several processes of one source does what a place in its code does: a branch of the program
//! that a word of the command line leads to, a job that a worker takes out of its queue, a file that only
//! one of the started files imports, a script that runs in a browser.

use super::Wiring;
use crate::facts::{Claim, Fact, FileFacts};
use crate::processes::Process;
use crate::resolve::leaders::process_of;
use crate::resolve::units::Unit;
use crate::resolve::world::{World, folder_of};
use crate::source::join;
use groundplan_model::Role;
use groundplan_syntax::Language;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

/// What each process of a source does alone.
pub(super) struct Portions<'f> {
    /// Branches of programs by file: the lines of each, and the word that leads there.
    branches: BTreeMap<&'f str, Vec<([u32; 2], &'f str)>>,
    /// The words of the commands that start each unit.
    words: Vec<BTreeSet<String>>,
    /// Of sources that a worker shares with others: the workers, and the places of their jobs.
    jobs: BTreeMap<usize, Jobs<'f>>,
    /// Files that each unit alone is built of, of sources whose units all start a file of their own.
    alone: BTreeMap<usize, BTreeSet<&'f str>>,
}

/// The jobs of a source.
struct Jobs<'f> {
    workers: BTreeSet<usize>,
    /// First and last lines by file; a file that holds nothing else is told as a whole.
    places: BTreeMap<&'f str, Vec<[u32; 2]>>,
    /// Files that hold nothing but jobs.
    files: BTreeSet<&'f str>,
}

impl<'f> Portions<'f> {
    pub(super) fn of(world: &World<'f>, units: &[Unit<'f>]) -> Self {
        let mut branches: BTreeMap<&str, Vec<([u32; 2], &str)>> = BTreeMap::new();
        for (file, fact) in world.facts() {
            if let Claim::CommandBranch(word) = &fact.claim {
                let all = branches.entry(&file.path).or_default();
                all.push((fact.at.lines, word));
            }
        }
        let mut sharing: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (index, unit) in units.iter().enumerate() {
            if let Some(project) = unit.project {
                sharing.entry(project).or_default().push(index);
            }
        }
        sharing.retain(|_, all| all.len() > 1);
        let (mut jobs, mut alone) = (BTreeMap::new(), BTreeMap::new());
        let at_once: BTreeSet<&str> = (world.facts())
            .filter_map(|(_, fact)| match &fact.claim {
                Claim::DoneAtOnce(name) => Some(last_word(name)),
                _ => None,
            })
            .collect();
        for (&project, all) in &sharing {
            let own = Jobs::of(world, units, project, all, &at_once);
            let started = started_files(world, units, project, all);
            if let Some(started) = started {
                alone.extend(reached_alone(world, project, &started, own.as_ref()));
            }
            jobs.extend(own.map(|own| (project, own)));
        }
        Portions {
            branches,
            words: units.iter().map(command_words).collect(),
            jobs,
            alone,
        }
    }

    /// Whether a unit does what a place in the code of its source does: `Some(true)` where it alone does
    /// so, `Some(false)` where another one does, `None` where nothing says.
    pub(super) fn own(
        &self,
        units: &[Unit<'_>],
        unit: usize,
        path: &str,
        line: u32,
    ) -> Option<bool> {
        self.by_branch(units, unit, path, line)
            .or_else(|| self.by_job(units, unit, path, Some(line)))
            .or_else(|| self.by_start(units, unit, path))
    }

    /// The same of a file as a whole.
    pub(super) fn own_file(&self, units: &[Unit<'_>], unit: usize, path: &str) -> Option<bool> {
        self.by_job(units, unit, path, None)
            .or_else(|| self.by_start(units, unit, path))
    }

    /// Whether a unit that does not lead its source has files of its own all the same.
    pub(super) fn has_own(&self, units: &[Unit<'_>], unit: usize) -> bool {
        let jobs = units[unit].project.and_then(|p| self.jobs.get(&p));
        jobs.is_some_and(|jobs| jobs.workers.contains(&unit))
            || self.alone.get(&unit).is_some_and(|own| !own.is_empty())
    }

    fn by_branch(&self, units: &[Unit<'_>], unit: usize, path: &str, line: u32) -> Option<bool> {
        let all = self.branches.get(path)?;
        let inside: Vec<&str> = all
            .iter()
            .filter(|(lines, _)| (lines[0]..=lines[1]).contains(&line))
            .map(|(_, word)| *word)
            .collect();
        let starts = |unit: usize| inside.iter().any(|word| self.words[unit].contains(*word));
        let project = units[unit].project?;
        let others = (0..units.len()).filter(|&o| o != unit && units[o].project == Some(project));
        let others: Vec<usize> = others.collect();
        match (starts(unit), others.iter().any(|&o| starts(o))) {
            _ if inside.is_empty() || others.is_empty() => None,
            (true, _) => Some(true),
            (false, true) => Some(false),
            (false, false) => None,
        }
    }

    fn by_job(
        &self,
        units: &[Unit<'_>],
        unit: usize,
        path: &str,
        line: Option<u32>,
    ) -> Option<bool> {
        let jobs = self.jobs.get(&units[unit].project?)?;
        let inside = |lines: &[u32; 2]| line.is_some_and(|l| (lines[0]..=lines[1]).contains(&l));
        let of_job = jobs.files.contains(path)
            || (jobs.places.get(path)).is_some_and(|all| all.iter().any(inside));
        of_job.then(|| jobs.workers.contains(&unit))
    }

    fn by_start(&self, units: &[Unit<'_>], unit: usize, path: &str) -> Option<bool> {
        let project = units[unit].project?;
        let has = |unit: usize| self.alone.get(&unit).is_some_and(|own| own.contains(path));
        if has(unit) {
            return Some(true);
        }
        let mut all = 0..units.len();
        all.any(|o| units[o].project == Some(project) && has(o))
            .then_some(false)
    }
}

impl<'f> Jobs<'f> {
    /// Nothing where no command says that one of the units takes jobs while another does something else.
    fn of(
        world: &World<'f>,
        units: &[Unit<'f>],
        project: usize,
        sharing: &[usize],
        at_once: &BTreeSet<&str>,
    ) -> Option<Self> {
        let is_worker = |unit: &&usize| process_of(&units[**unit]) == Process::Worker;
        let workers: BTreeSet<usize> = sharing.iter().filter(is_worker).copied().collect();
        if workers.is_empty() || workers.len() == sharing.len() {
            return None;
        }
        // Who asks for a job through its queue does not do it.
        let asked: BTreeSet<&str> = (world.facts())
            .filter_map(|(_, fact)| match &fact.claim {
                Claim::Channel(channel) if channel.produces => Some(last_word(&channel.name)),
                _ => None,
            })
            .collect();
        let mut jobs = Jobs {
            workers,
            places: BTreeMap::new(),
            files: BTreeSet::new(),
        };
        for &index in &world.projects[project].own {
            let file: &'f FileFacts = &world.files[index];
            let answers = |fact: &Fact| matches!(fact.claim, Claim::Endpoint(_));
            if file.facts.iter().any(answers) {
                continue;
            }
            for fact in &file.facts {
                let Claim::Channel(channel) = &fact.claim else {
                    continue;
                };
                let known = channel.broker.as_deref();
                let of_queue = matches!(
                    known,
                    Some("active-job" | "celery" | "laravel-queue" | "redis")
                );
                let name = last_word(&channel.name);
                if !channel.consumes || !of_queue || !asked.contains(name) || at_once.contains(name)
                {
                    continue;
                }
                // Ruby and PHP have one class in a file; of Python it is the function that is the job.
                match file.language {
                    Language::Ruby | Language::Php => {
                        jobs.files.insert(&file.path);
                    }
                    _ => {
                        let line = fact.at.lines[0];
                        let spans = file.spans.iter();
                        // The name of the function stands below its decorator.
                        let next = spans
                            .filter(|s| s.name == channel.name && s.first >= line)
                            .min_by_key(|s| s.first);
                        if let Some(span) = next {
                            let places = jobs.places.entry(&file.path).or_default();
                            places.push([span.first, span.last]);
                        }
                    }
                }
            }
        }
        // A second class of the same file may be called by anybody.
        let (files, world_files) = (std::mem::take(&mut jobs.files), world.files);
        let mixed = |path: &&str| {
            let at = world_files.binary_search_by(|f| f.path.as_str().cmp(path));
            let facts = at.map_or(&[][..], |at| world_files[at].facts.as_slice());
            let once = |fact: &Fact| match &fact.claim {
                Claim::Channel(c) if c.consumes => at_once.contains(last_word(&c.name)),
                _ => false,
            };
            facts.iter().any(once)
        };
        jobs.files = files.into_iter().filter(|path| !mixed(path)).collect();
        (!jobs.files.is_empty() || !jobs.places.is_empty()).then_some(jobs)
    }
}

/// The name of a class without the modules around it, of a task without its package.
fn last_word(name: &str) -> &str {
    name.rsplit([':', '.', '\\']).next().unwrap_or(name)
}

/// Words of what starts a unit: of its own commands, else of that of its image.
fn command_words(unit: &Unit<'_>) -> BTreeSet<String> {
    let own = unit.deployables.iter().chain(&unit.others);
    let mut all: Vec<&str> = own
        .filter_map(|(d, _)| Some(d.command.as_ref()?.value.as_str()))
        .collect();
    if all.is_empty() {
        let image = unit.images.iter();
        all.extend(image.filter_map(|(i, _)| Some(i.command.as_ref()?.value.as_str())));
    }
    all.into_iter().flat_map(words).map(str::to_owned).collect()
}

fn words(command: &str) -> impl Iterator<Item = &str> {
    let marks = |c: char| c.is_whitespace() || "\"'[],;&|()".contains(c);
    command.split(marks).filter(|word| !word.is_empty())
}

/// The file that each unit of a source starts, where all of them start one that is known and not all the
/// same one.
fn started_files<'f>(
    world: &World<'f>,
    units: &[Unit<'f>],
    project: usize,
    sharing: &[usize],
) -> Option<BTreeMap<usize, &'f str>> {
    let folder = world.projects[project].folder.as_str();
    let known: BTreeSet<&'f str> = (world.projects[project].own.iter())
        .map(|&index| &world.files[index])
        .filter(|f| has_modules(f.language))
        .map(|f| f.path.as_str())
        .collect();
    let started = |unit: usize| -> Option<&'f str> {
        let own = &units[unit];
        let deployed = own.deployables.iter();
        let deployed = deployed.filter_map(|(d, _)| d.command.as_ref());
        let image = own.images.iter().filter_map(|(i, _)| i.command.as_ref());
        let command = deployed.chain(image).next()?;
        let all: Vec<&str> = words(&command.value).collect();
        let named = all.windows(2).filter_map(|pair| {
            let module = matches!(pair[0], "-A" | "--app" | "-m");
            module.then(|| started_module(folder, pair[1], &known))?
        });
        let named: Vec<&str> = named.collect();
        let paths = all
            .iter()
            .filter_map(|word| started_file(folder, word, &known));
        let mut all = named.into_iter().chain(paths);
        let first = all.next()?;
        all.all(|other| other == first).then_some(first)
    };
    let all: BTreeMap<usize, &str> = sharing
        .iter()
        .map(|&unit| Some((unit, started(unit)?)))
        .collect::<Option<_>>()?;
    let distinct: BTreeSet<&&str> = all.values().collect();
    (distinct.len() == all.len()).then_some(all)
}

fn has_modules(language: Language) -> bool {
    matches!(
        language,
        Language::JavaScript | Language::Python | Language::TypeScript
    )
}

/// The file that a word of a command names: by its path, as what a compiler makes of it (`dist/worker.js`),
/// or as a module with the application in it (`shop.web:app`).
fn started_file<'f>(folder: &str, word: &str, known: &BTreeSet<&'f str>) -> Option<&'f str> {
    let path = word.trim_start_matches("./").trim_start_matches('/');
    let inside = |path: &str| match folder {
        "" => path.to_owned(),
        _ => format!("{folder}/{path}"),
    };
    let is_there = |path: &str| known.get(inside(path).as_str()).copied();
    // An image holds the folder under a name of its own.
    let below = |path: &str| {
        let mut rest = path;
        loop {
            if let Some(found) = is_there(rest) {
                return Some(found);
            }
            rest = rest.split_once('/')?.1;
        }
    };
    if [".py", ".js", ".mjs", ".cjs", ".ts"]
        .iter()
        .any(|end| path.ends_with(end))
    {
        return below(path).or_else(|| {
            let (stem, _) = path.rsplit_once('.')?;
            let (made, rest) = stem.split_once('/')?;
            matches!(made, "dist" | "build" | "out" | "lib").then_some(())?;
            let places = [format!("src/{rest}.ts"), format!("{rest}.ts")];
            places.iter().find_map(|place| is_there(place))
        });
    }
    let (module, application) = path.split_once(':')?;
    let plain = |text: &str| {
        !text.is_empty()
            && (text.bytes()).all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'.')
    };
    if !plain(module)
        || !plain(application)
        || application.starts_with(|c: char| c.is_ascii_digit())
    {
        return None;
    }
    started_module(folder, module, known)
}

/// The file of a module of Python, as `-m shop.importer` and `celery -A shop.tasks` name it.
fn started_module<'f>(folder: &str, module: &str, known: &BTreeSet<&'f str>) -> Option<&'f str> {
    let module = module.split(':').next().unwrap_or(module);
    let place = module.replace('.', "/");
    let base = match folder {
        "" => String::new(),
        _ => format!("{folder}/"),
    };
    let places = [
        format!("{base}{place}.py"),
        format!("{base}{place}/__init__.py"),
        format!("{base}src/{place}.py"),
    ];
    let mut found = places.iter().filter_map(|place| known.get(place.as_str()));
    found.next().copied()
}

/// The files that each unit alone is built of: its started file and what only that imports. A file that
/// anything else imports which no unit reaches is nobody's own, since it may be loaded by its name.
fn reached_alone<'f>(
    world: &World<'f>,
    project: usize,
    started: &BTreeMap<usize, &'f str>,
    jobs: Option<&Jobs<'f>>,
) -> BTreeMap<usize, BTreeSet<&'f str>> {
    let folder = world.projects[project].folder.as_str();
    let files: BTreeMap<&'f str, &'f FileFacts> = (world.projects[project].own.iter())
        .map(|&index| &world.files[index])
        .filter(|f| has_modules(f.language))
        .map(|f| (f.path.as_str(), f))
        .collect();
    let mut imports: BTreeMap<&'f str, BTreeSet<&'f str>> = BTreeMap::new();
    let mut importers: BTreeMap<&'f str, BTreeSet<&'f str>> = BTreeMap::new();
    for (&path, file) in &files {
        for import in file.imports() {
            for to in targets(folder, path, import.module(), &files) {
                imports.entry(path).or_default().insert(to);
                importers.entry(to).or_default().insert(path);
            }
        }
    }
    // What holds nothing but jobs is taken in by its name, and imported by those who ask for them; what has
    // other functions as well may be called by anybody.
    let of_jobs = |path: &str| {
        let within = |lines: &Vec<[u32; 2]>| {
            let spans = files.get(path).map_or(&[][..], |f| f.spans.as_slice());
            let inside = |first: u32| lines.iter().any(|l| (l[0]..=l[1]).contains(&first));
            spans.iter().all(|span| inside(span.first))
        };
        jobs.is_some_and(|jobs| {
            jobs.files.contains(path) || jobs.places.get(path).is_some_and(within)
        })
    };
    let mut reached: BTreeMap<usize, BTreeSet<&'f str>> = BTreeMap::new();
    for (&unit, &first) in started {
        let takes = jobs.is_some_and(|jobs| jobs.workers.contains(&unit));
        let more = files.keys().copied().filter(|path| takes && of_jobs(path));
        let mut edge: Vec<&'f str> = std::iter::once(first).chain(more).collect();
        let mut seen: BTreeSet<&'f str> = BTreeSet::new();
        while let Some(path) = edge.pop() {
            if !takes && of_jobs(path) || !seen.insert(path) {
                continue;
            }
            edge.extend(imports.get(path).into_iter().flatten());
        }
        reached.insert(unit, seen);
    }
    let alone = |unit: usize, path: &str| {
        let others = reached
            .iter()
            .any(|(u, all)| *u != unit && all.contains(path));
        let mut by = importers.get(path).into_iter().flatten();
        !others && by.all(|from| reached.values().any(|all| all.contains(from)))
    };
    let own = reached.iter().map(|(&unit, all)| {
        let own = all.iter().copied().filter(|path| alone(unit, path));
        (unit, own.collect())
    });
    own.collect()
}

/// The files that an import may mean: more rather than fewer.
fn targets<'f>(
    root: &str,
    from: &str,
    module: &str,
    files: &BTreeMap<&'f str, &'f FileFacts>,
) -> Vec<&'f str> {
    let folder = folder_of(from);
    let get = |path: String| files.get_key_value(path.as_str()).map(|(path, _)| *path);
    if !from.ends_with(".py") {
        if !module.starts_with('.') {
            // The usual aliases of the root: every file that ends so may be meant.
            let inner = ["@/", "~/", "src/"];
            let tail = inner.iter().find_map(|head| module.strip_prefix(head));
            let Some(tail) = tail else {
                return Vec::new();
            };
            let meant = |path: &&&str| {
                let stem = path.rsplit_once('.').map_or(**path, |(stem, _)| stem);
                let stem = stem.strip_suffix("/index").unwrap_or(stem);
                stem.strip_suffix(tail)
                    .is_some_and(|before| before.is_empty() || before.ends_with('/'))
            };
            return files.keys().filter(meant).copied().collect();
        }
        let Some(path) = join(folder, module) else {
            return Vec::new();
        };
        let stem = path.rsplit_once('.').map_or(path.as_str(), |(stem, end)| {
            match matches!(end, "js" | "mjs" | "cjs" | "jsx") {
                true => stem,
                false => path.as_str(),
            }
        });
        let ends = [
            "",
            ".ts",
            ".tsx",
            ".js",
            ".jsx",
            ".mjs",
            ".cjs",
            "/index.ts",
            "/index.js",
        ];
        let mut found = ends.iter().filter_map(|end| get(format!("{stem}{end}")));
        let whole = get(path.clone());
        return found.next().into_iter().chain(whole).collect();
    }
    let name = module.trim_start_matches('.');
    let up = module.len() - name.len();
    let mut bases: Vec<&str> = Vec::new();
    let mut base = folder;
    if up > 0 {
        for _ in 1..up {
            base = folder_of(base);
        }
        bases.push(base);
    } else {
        loop {
            bases.push(base);
            if base.len() <= root.len() || base.is_empty() {
                break;
            }
            base = folder_of(base);
        }
    }
    let place = name.replace('.', "/");
    let mut all = Vec::new();
    for base in bases {
        // The last word may be a name of the module before it.
        let mut inner = place.as_str();
        loop {
            let path = match (base.is_empty(), inner.is_empty()) {
                (true, _) => inner.to_owned(),
                (_, true) => base.to_owned(),
                _ => format!("{base}/{inner}"),
            };
            let found = get(format!("{path}.py")).or_else(|| get(format!("{path}/__init__.py")));
            if let Some(found) = found {
                all.push(found);
                // What a package is asked for may be any of its modules.
                if found.ends_with("/__init__.py") {
                    let below = format!("{path}/");
                    let from = (Bound::Included(below.as_str()), Bound::Unbounded);
                    let inside = files.range::<str, _>(from);
                    let inside = inside.take_while(|(p, _)| p.starts_with(&below));
                    all.extend(inside.map(|(p, _)| *p).filter(|p| {
                        let rest = p.strip_prefix(below.as_str());
                        rest.is_some_and(|rest| !rest.contains('/'))
                    }));
                }
                break;
            }
            match inner.rsplit_once('/') {
                Some((shorter, _)) => inner = shorter,
                None => break,
            }
        }
    }
    all
}

/// Folders of what a server of another language hands to browsers.
const BUNDLES: [&str; 10] = [
    "app/assets/javascripts",
    "app/frontend",
    "app/javascript",
    "app/packs",
    "app/webpacker",
    "assets",
    "resources/assets",
    "resources/js",
    "resources/ts",
    "static/js",
];

/// Ecosystems of languages in which servers are written that no browser runs.
const OTHERS: [&str; 4] = ["composer", "gem", "hex", "pypi"];

impl Wiring<'_, '_> {
    /// Whether a script of a part that is written in another language runs in browsers: what it calls, they
    /// call, and not the part.
    pub(super) fn is_in_browser(&self, unit: usize, path: &str) -> bool {
        let language = Language::of(path);
        let script = matches!(language, Language::JavaScript | Language::TypeScript);
        let pages = [".vue", ".svelte"].iter().any(|end| path.ends_with(end));
        if !script && !pages || self.units[unit].role == Role::Ui {
            return false;
        }
        let Some(number) = self.units[unit].project else {
            return false;
        };
        let project = &self.world.projects[number];
        let server = |fact: &Fact| match &fact.claim {
            Claim::Package(p) => OTHERS.contains(&p.ecosystem.as_str()),
            Claim::Dependency(d) => OTHERS.contains(&d.ecosystem.as_str()),
            _ => false,
        };
        let rest = match project.folder.as_str() {
            "" => Some(path),
            folder => path.strip_prefix(folder).and_then(|r| r.strip_prefix('/')),
        };
        let below = |folder: &str| {
            let rest = rest.and_then(|rest| rest.strip_prefix(folder));
            rest.is_some_and(|rest| rest.starts_with('/'))
        };
        BUNDLES.iter().any(|folder| below(folder)) && self.world.facts_of(number).any(server)
    }
}

#[cfg(test)]
mod tests {
    use super::started_file;
    use std::collections::BTreeSet;

    #[test]
    fn words_of_commands_name_files() {
        let known = BTreeSet::from(["shop/api.py", "shop/src/worker.ts", "shop/web/main.py"]);
        let of = |word: &str| started_file("shop", word, &known);
        assert_eq!(of("api.py"), Some("shop/api.py"));
        assert_eq!(of("/app/api.py"), Some("shop/api.py"));
        assert_eq!(of("dist/worker.js"), Some("shop/src/worker.ts"));
        assert_eq!(of("web.main:app"), Some("shop/web/main.py"));
        assert_eq!(of("0.0.0.0:8000"), None);
        assert_eq!(of("gunicorn"), None);
    }
}
