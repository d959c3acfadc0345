//! The tables that answer the lookups, built once from the marks of all entries.

use crate::pattern::PatternTable;
use crate::{Ecosystem, Language, Technology};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

/// A name as it stands in an embedded table, or one that a user gave.
pub(crate) type Name = Cow<'static, str>;

/// What a mark is a mark in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Id,
    /// Display name, id or alias, in lower case.
    Name,
    Image,
    Package(Ecosystem),
    Driver(Ecosystem),
    Scheme,
    Port,
    Import(Language),
    Env,
    File,
    /// Type of a resource or source of a module of Terraform, or type of CloudFormation.
    Resource,
    /// The same, of what runs code that is handed to it.
    Runs,
}

impl Kind {
    /// The kind with this word, as the build script writes it.
    fn from_words(kind: &str, place: &str) -> Option<Kind> {
        Some(match kind {
            "id" => Kind::Id,
            "name" => Kind::Name,
            "image" => Kind::Image,
            "package" => Kind::Package(Ecosystem::from_word(place)?),
            "driver" => Kind::Driver(Ecosystem::from_word(place)?),
            "scheme" => Kind::Scheme,
            "port" => Kind::Port,
            "import" => Kind::Import(Language::from_word(place)?),
            "env" => Kind::Env,
            "file" => Kind::File,
            "resource" => Kind::Resource,
            "runs" => Kind::Runs,
            _ => return None,
        })
    }
}

/// The embedded marks by kind, as the build script writes them.
pub(crate) struct Section {
    pub(crate) kind: Kind,
    /// How many marks there are.
    pub(crate) count: usize,
    lines: &'static str,
}

impl Section {
    /// The sections of a table.
    pub(crate) fn all(mut text: &'static str) -> Vec<Section> {
        let mut sections = Vec::new();
        while let Some((head, rest)) = text.split_once('\n') {
            let end = rest.find("\n\t").map_or(rest.len(), |at| at + 1);
            let (lines, next) = rest.split_at(end);
            text = next;
            let mut parts = head.split('\t').skip(1);
            let (kind, place) = (parts.next(), parts.next());
            if let Some(kind) =
                Kind::from_words(kind.unwrap_or_default(), place.unwrap_or_default())
            {
                let count = parts.next().and_then(|count| count.parse().ok());
                sections.push(Section {
                    kind,
                    count: count.unwrap_or_default(),
                    lines,
                });
            }
        }
        sections
    }

    /// The marks with the positions of their entries.
    pub(crate) fn marks(&self) -> impl Iterator<Item = (&'static str, usize)> + use<> {
        self.lines.split('\n').filter_map(|line| {
            let (mark, at) = line.rsplit_once('\t')?;
            Some((mark, at.parse().ok()?))
        })
    }
}

/// The marks of an entry.
pub(crate) fn marks_of(technology: &Technology) -> Vec<(Kind, String)> {
    let mut marks = vec![(Kind::Id, technology.id.clone())];
    for name in [&technology.name, &technology.id]
        .into_iter()
        .chain(&technology.aliases)
    {
        marks.push((Kind::Name, name.to_lowercase()));
    }
    let mut add = |kind: Kind, names: &[String]| {
        marks.extend(names.iter().map(|name| (kind, name.clone())));
    };
    add(Kind::Image, &technology.images);
    add(Kind::Scheme, &technology.schemes);
    add(Kind::Env, &technology.env);
    add(Kind::File, &technology.files);
    add(Kind::Resource, &technology.resources);
    add(Kind::Runs, &technology.runs);
    for (&ecosystem, names) in &technology.packages {
        add(Kind::Package(ecosystem), names);
    }
    for (&ecosystem, names) in &technology.drivers {
        add(Kind::Driver(ecosystem), names);
    }
    for (&language, modules) in &technology.imports {
        add(Kind::Import(language), modules);
    }
    let ports = technology.ports.iter();
    marks.extend(ports.map(|port| (Kind::Port, port.to_string())));
    marks
}

/// Who claims a name: the technology itself, and the one that its driver talks to.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Claim {
    pub(crate) owner: Option<usize>,
    pub(crate) driver_of: Option<usize>,
}

/// Tables from names to positions in the list of entries. The hash maps are only asked for keys,
/// never walked, so that their order shows nowhere.
#[derive(Clone, Default)]
pub(crate) struct Index {
    pub(crate) ids: HashMap<Name, usize>,
    pub(crate) names: HashMap<Name, usize>,
    pub(crate) images: PatternTable<usize>,
    pub(crate) packages: BTreeMap<Ecosystem, PatternTable<Claim>>,
    pub(crate) schemes: HashMap<Name, usize>,
    pub(crate) ports: BTreeMap<u16, Vec<usize>>,
    pub(crate) imports: BTreeMap<Language, PatternTable<usize>>,
    pub(crate) env: PatternTable<usize>,
    pub(crate) resources: HashMap<Name, usize>,
    pub(crate) runs: HashMap<Name, usize>,
    /// File names without `/`.
    pub(crate) file_names: PatternTable<Vec<usize>>,
    /// Globs over whole paths, by their last segment.
    pub(crate) file_paths: PatternTable<Vec<(Name, usize)>>,
}

impl Index {
    /// Makes room for marks of a kind, so that the tables need not grow.
    pub(crate) fn reserve(&mut self, kind: Kind, count: usize) {
        match kind {
            Kind::Id => self.ids.reserve(count),
            Kind::Name => self.names.reserve(count),
            Kind::Scheme => self.schemes.reserve(count),
            Kind::Image => self.images.reserve(count),
            Kind::Env => self.env.reserve(count),
            Kind::File => self.file_names.reserve(count),
            Kind::Import(language) => self.imports.entry(language).or_default().reserve(count),
            Kind::Package(ecosystem) | Kind::Driver(ecosystem) => {
                self.packages.entry(ecosystem).or_default().reserve(count);
            }
            Kind::Resource => self.resources.reserve(count),
            Kind::Runs => self.runs.reserve(count),
            Kind::Port => {}
        }
    }

    /// Puts in a mark of the entry at a position. The first entry that claims a name keeps it,
    /// except ports and files, which several may show.
    pub(crate) fn add(&mut self, kind: Kind, mark: Name, at: usize) {
        match kind {
            Kind::Id => {
                self.ids.entry(mark).or_insert(at);
            }
            Kind::Name => {
                self.names.entry(mark).or_insert(at);
            }
            Kind::Scheme => {
                self.schemes.entry(mark).or_insert(at);
            }
            Kind::Resource => {
                self.resources.entry(mark).or_insert(at);
            }
            Kind::Runs => {
                self.runs.entry(mark).or_insert(at);
            }
            Kind::Image => {
                self.images.entry(mark, at);
            }
            Kind::Env => {
                self.env.entry(mark, at);
            }
            Kind::Import(language) => {
                let table = self.imports.entry(language).or_default();
                table.entry(mark, at);
            }
            Kind::Package(ecosystem) => {
                self.claim(ecosystem, mark).owner.get_or_insert(at);
            }
            Kind::Driver(ecosystem) => {
                self.claim(ecosystem, mark).driver_of.get_or_insert(at);
            }
            Kind::Port => {
                if let Ok(port) = mark.parse() {
                    push_new(self.ports.entry(port).or_default(), at);
                }
            }
            Kind::File => match mark.rsplit_once('/') {
                None => push_new(self.file_names.entry(mark, Vec::new()), at),
                Some((_, last)) => {
                    let last = Cow::Owned(last.to_owned());
                    let globs = self.file_paths.entry(last, Vec::new());
                    push_new(globs, (Cow::Owned(format!("*/{mark}")), at));
                    push_new(globs, (mark, at));
                }
            },
        }
    }

    fn claim(&mut self, ecosystem: Ecosystem, mark: Name) -> &mut Claim {
        let table = self.packages.entry(ecosystem).or_default();
        table.entry(package_key(ecosystem, mark), Claim::default())
    }
}

fn push_new<T: PartialEq>(list: &mut Vec<T>, value: T) {
    if !list.contains(&value) {
        list.push(value);
    }
}

/// The form under which a package name is compared: registries differ in what they call equal.
pub(crate) fn package_key<'a>(ecosystem: Ecosystem, name: Cow<'a, str>) -> Cow<'a, str> {
    match ecosystem {
        Ecosystem::Pypi => pypi_key(name),
        Ecosystem::Cargo if name.contains('_') => Cow::Owned(name.replace('_', "-")),
        Ecosystem::Nuget | Ecosystem::Composer if name.contains(char::is_uppercase) => {
            Cow::Owned(name.to_lowercase())
        }
        Ecosystem::Maven => maven_key(name),
        _ => name,
    }
}

/// PEP 503: runs of `-`, `_` and `.` are one `-`, case does not count; extras, versions and markers
/// are no part of the name.
fn pypi_key(name: Cow<'_, str>) -> Cow<'_, str> {
    let normal = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '*';
    if name.chars().all(normal) && !name.contains("--") {
        return name;
    }
    let end = name.find(['[', ' ', ';', '<', '>', '=', '!', '~', '@', '(']);
    let bare = &name[..end.unwrap_or(name.len())];
    let mut key = String::with_capacity(bare.len());
    for c in bare.chars() {
        match c {
            '-' | '_' | '.' if key.ends_with('-') => {}
            '-' | '_' | '.' => key.push('-'),
            _ => key.extend(c.to_lowercase()),
        }
    }
    Cow::Owned(key)
}

/// `group:artifact:version` is cut; a Gradle plugin id stands for its marker artifact.
fn maven_key(name: Cow<'_, str>) -> Cow<'_, str> {
    match name.match_indices(':').nth(1) {
        Some((second, _)) => Cow::Owned(name[..second].to_owned()),
        None if name.contains(':') || name.is_empty() => name,
        None => Cow::Owned(format!("{name}:{name}.gradle.plugin")),
    }
}
