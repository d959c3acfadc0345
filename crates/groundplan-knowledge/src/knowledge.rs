use crate::index::{Claim, Index, Kind, Section, marks_of, package_key};
use crate::pattern::matches;
use crate::{Ecosystem, Language, Technology, image_repository};
use std::borrow::Cow;
use std::cell::LazyCell;
use std::fmt;
use std::sync::OnceLock;

/// The embedded entries as JSON, sorted by id.
static ENTRIES: &[&str] = &include!(concat!(env!("OUT_DIR"), "/entries.rs"));

/// The marks of the embedded entries.
static MARKS: &str = include_str!(concat!(env!("OUT_DIR"), "/marks.txt"));

/// All technologies with the tables that find them.
#[derive(Clone)]
pub struct Knowledge {
    entries: Vec<Entry>,
    /// The marks of entries that users gave.
    own: Vec<(Kind, String, usize)>,
    index: OnceLock<Index>,
    /// Files alone: they are asked about by runs that ask for nothing else.
    files: OnceLock<Index>,
}

/// An entry, decoded when it is first asked for: a run needs some dozens of them.
#[derive(Clone)]
struct Entry {
    /// Empty if a user gave the entry.
    json: &'static str,
    decoded: OnceLock<Option<Box<Technology>>>,
}

impl Entry {
    fn get(&self) -> Option<&Technology> {
        // The tests decode every embedded entry; an error cannot occur in a program that passes
        // them.
        let decode = || serde_json::from_str(self.json).ok();
        self.decoded.get_or_init(decode).as_deref()
    }
}

impl fmt::Debug for Knowledge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Knowledge of {} technologies", self.entries.len())
    }
}

/// The built-in technologies. The tables are built at the first call.
pub fn knowledge() -> &'static Knowledge {
    static BUILT_IN: OnceLock<Knowledge> = OnceLock::new();
    BUILT_IN.get_or_init(|| Knowledge::with(Vec::new()))
}

impl Knowledge {
    /// The embedded entries with `own` ones put over those of the same id, or added. Where two
    /// claim the same name, the one of `own` wins, and among these the first.
    pub(crate) fn with(own: Vec<Technology>) -> Knowledge {
        let mut entries: Vec<Entry> = ENTRIES
            .iter()
            .map(|json| Entry {
                json,
                decoded: OnceLock::new(),
            })
            .collect();
        let mut marks = Vec::new();
        let ids = LazyCell::new(|| Section::all(MARKS));
        for technology in own {
            let mut ids = ids.iter().filter(|s| s.kind == Kind::Id);
            let known = ids.find_map(|s| s.marks().find(|(id, _)| *id == technology.id));
            let at = known.map_or(entries.len(), |(_, at)| at);
            let of = marks_of(&technology).into_iter();
            marks.extend(of.map(|(kind, mark)| (kind, mark, at)));
            let entry = Entry {
                json: "",
                decoded: OnceLock::from(Some(Box::new(technology))),
            };
            match entries.get_mut(at) {
                Some(old) => *old = entry,
                None => entries.push(entry),
            }
        }
        Knowledge {
            entries,
            own: marks,
            index: OnceLock::new(),
            files: OnceLock::new(),
        }
    }

    /// The tables of everything but files.
    fn index(&self) -> &Index {
        self.index.get_or_init(|| self.indexed(false))
    }

    fn indexed(&self, files: bool) -> Index {
        let wanted = |kind: Kind| (kind == Kind::File) == files;
        let mut index = Index::default();
        for (kind, mark, at) in self.own.iter().filter(|(kind, ..)| wanted(*kind)) {
            index.add(*kind, Cow::Owned(mark.clone()), *at);
        }
        let sections = Section::all(MARKS).into_iter();
        for section in sections.filter(|section| wanted(section.kind)) {
            index.reserve(section.kind, section.count);
            for (mark, at) in section.marks() {
                index.add(section.kind, Cow::Borrowed(mark), at);
            }
        }
        index
    }

    /// The entries that users gave, in the order of their ids.
    pub(crate) fn own(&self) -> Vec<Technology> {
        let own = self.entries.iter().filter(|entry| entry.json.is_empty());
        let mut own: Vec<Technology> = own.filter_map(|e| e.get().cloned()).collect();
        own.sort_by(|a, b| a.id.cmp(&b.id));
        own
    }

    /// All technologies, sorted by id. Decodes every entry, some milliseconds at the first call.
    pub fn technologies(&self) -> Vec<&Technology> {
        let mut all: Vec<&Technology> = self.entries.iter().filter_map(Entry::get).collect();
        all.sort_by(|a, b| a.id.cmp(&b.id));
        all
    }

    /// The technology with this id.
    pub fn by_id(&self, id: &str) -> Option<&Technology> {
        self.at(*self.index().ids.get(id)?)
    }

    /// The technology that people call so: id, display name or alias, in any case.
    pub fn by_name(&self, name: &str) -> Option<&Technology> {
        self.at(*self
            .index()
            .names
            .get(name.trim().to_lowercase().as_str())?)
    }

    /// The technology of a container image. Takes a reference as files have it, with registry,
    /// tag, digest, variables and template expressions (see [`image_repository`]); a mirror's
    /// folders before a known name do not matter.
    pub fn by_image(&self, image: &str) -> Option<&Technology> {
        /// No reference has more folders; a longer one is not searched folder by folder.
        const MOST_FOLDERS: usize = 12;
        let repository = image_repository(image);
        if repository.is_empty() {
            return None;
        }
        if let Some(&at) = self.index().images.exact(&repository) {
            return self.at(at);
        }
        let mut rest = repository.as_str();
        for _ in 0..MOST_FOLDERS {
            let Some((_, inner)) = rest.split_once('/') else {
                break;
            };
            rest = inner;
            let official = rest.strip_prefix("library/");
            let known = if rest.contains('/') { Some(rest) } else { None };
            if let Some(&at) = official
                .or(known)
                .and_then(|name| self.index().images.exact(name))
            {
                return self.at(at);
            }
        }
        let rebuilt = rebuilt(&repository).and_then(|name| {
            let images = &self.index().images;
            (images.exact(name)).or_else(|| images.exact(&format!("bitnami/{name}")))
        });
        self.at(*rebuilt.or_else(|| self.index().images.find(&repository))?)
    }

    /// What a resource of Terraform or CloudFormation makes, by its type, or a module of Terraform by
    /// its source; the flag tells whether it runs code that the user brings.
    pub fn by_resource(&self, kind: &str) -> Option<(&Technology, bool)> {
        let index = self.index();
        let made = index.resources.get(kind).map(|&at| (at, false));
        let (at, runs) = made.or_else(|| Some((*index.runs.get(kind)?, true)))?;
        Some((self.at(at)?, runs))
    }

    /// The technology of a package, and whether the package is a driver, that is, talks to the
    /// technology, which runs elsewhere. A package that is a technology of its own and a driver
    /// gives the former; see [`Knowledge::server_of`]. `ecosystem` is a word of [`Ecosystem`] or
    /// a common name (`crates.io`, `gradle`).
    pub fn by_package(&self, ecosystem: &str, name: &str) -> Option<(&Technology, bool)> {
        let claim = self.claim(Ecosystem::from_name(ecosystem)?, name)?;
        match (claim.owner, claim.driver_of) {
            (Some(owner), _) => Some((self.at(owner)?, false)),
            (None, Some(server)) => Some((self.at(server)?, true)),
            (None, None) => None,
        }
    }

    /// The technology that a package talks to, if it is a driver or the client of a server.
    pub fn server_of(&self, ecosystem: &str, name: &str) -> Option<&Technology> {
        let claim = self.claim(Ecosystem::from_name(ecosystem)?, name)?;
        if let Some(server) = claim.driver_of {
            return self.at(server);
        }
        let owner = self.at(claim.owner?)?;
        self.by_id(owner.client_of.as_deref()?)
    }

    /// The technology whose foreign system a package uses: see [`Technology::service`].
    pub fn service_of(&self, ecosystem: &str, name: &str) -> Option<&Technology> {
        let found = self.server_of(ecosystem, name);
        let found = found.or_else(|| Some(self.by_package(ecosystem, name)?.0));
        found.filter(|t| t.service.is_some())
    }

    fn claim(&self, ecosystem: Ecosystem, name: &str) -> Option<Claim> {
        let table = self.index().packages.get(&ecosystem)?;
        let key = package_key(ecosystem, Cow::Borrowed(name.trim()));
        if ecosystem == Ecosystem::Npm && is_side_work(&key) {
            return table.exact(&key).copied();
        }
        if ecosystem != Ecosystem::Go {
            return table.find(&key).copied();
        }
        // A Go module path is the prefix of the paths of its packages and later major versions.
        ancestors(&key, "/").find_map(|path| table.find(path).copied())
    }

    /// The technology that an address with this scheme reaches: `postgresql`, `jdbc:mysql`,
    /// `postgresql+asyncpg`, or a whole address.
    pub fn by_scheme(&self, scheme: &str) -> Option<&Technology> {
        let scheme = scheme.trim().to_lowercase();
        let scheme = scheme.split("://").next().unwrap_or_default();
        let mut name = scheme.trim_end_matches([':', '/']);
        loop {
            if let Some(&at) = self.index().schemes.get(name) {
                return self.at(at);
            }
            // `jdbc:tc:postgresql:16` of Testcontainers, `jdbc:sqlserver:…`, `r2dbc:pool:mysql`.
            if let Some((wrapper, inner)) = name.split_once(':') {
                let wraps = matches!(
                    wrapper,
                    "jdbc" | "r2dbc" | "tc" | "pool" | "tracing" | "p6spy"
                );
                if wraps {
                    name = inner;
                    continue;
                }
                if let Some(&at) = self.index().schemes.get(wrapper) {
                    return self.at(at);
                }
            }
            // `dialect+driver` of SQLAlchemy.
            let (dialect, _) = name.split_once('+')?;
            name = dialect;
        }
    }

    /// The technologies that serve on a port by default: first those whose protocol is their own,
    /// then those that are compatible with another, each by id. A port alone cannot tell more.
    pub fn by_port(&self, port: u16) -> Vec<&Technology> {
        let found = self.index().ports.get(&port);
        let mut found: Vec<&Technology> = found
            .into_iter()
            .flatten()
            .filter_map(|&at| self.at(at))
            .collect();
        found.sort_by(|a, b| {
            let key = |t: &Technology| (t.compatible_with.is_some(), t.id.clone());
            key(a).cmp(&key(b))
        });
        found
    }

    /// The technology of a module in an import statement, and whether the module is a driver: the
    /// entry knows drivers in that language and no packages of its own. The longest known prefix
    /// of the module counts. Names that the language's registry knows are found through their package.
    pub fn by_import(&self, language: &str, module: &str) -> Option<(&Technology, bool)> {
        let language = Language::from_name(language)?;
        let module = module.trim();
        let separator = language.separator();
        if let Some(table) = self.index().imports.get(&language) {
            let found = ancestors(module, separator).find_map(|name| table.find(name));
            if let Some(&at) = found {
                let technology = self.at(at)?;
                let ecosystem = language.ecosystem();
                let driver = technology.drivers.contains_key(&ecosystem)
                    && !technology.packages.contains_key(&ecosystem);
                return Some((technology, driver));
            }
        }
        let ecosystem = language.ecosystem();
        match language {
            Language::Go => self.by_package("go", module),
            Language::Javascript => {
                let package = npm_package(module)?;
                self.by_package("npm", package)
            }
            Language::Python | Language::Rust | Language::Dart => {
                let module = module.trim_start_matches("package:");
                let first = module.split(separator).next()?;
                self.by_package(ecosystem.word(), first)
            }
            Language::Ruby => {
                let first = module.split(separator).next()?;
                self.by_package("gem", module)
                    .or_else(|| self.by_package("gem", first))
            }
            Language::Csharp => {
                ancestors(module, ".").find_map(|name| self.by_package("nuget", name))
            }
            Language::Java | Language::Php | Language::Elixir => None,
        }
    }

    /// All file marks with their technologies: globs over the path or, without `/`, over the file
    /// name; sorted by id of the technology. To ask for one file, use [`Knowledge::by_file`].
    pub fn files(&self) -> Vec<(&str, &Technology)> {
        self.technologies()
            .into_iter()
            .flat_map(|t| t.files.iter().map(move |file| (file.as_str(), t)))
            .collect()
    }

    /// The technologies that a file shows by its path, relative to the repository with `/`: first
    /// those of marks over the path, then those of marks over the file name.
    pub fn by_file(&self, path: &str) -> Vec<&Technology> {
        let name = path.bytes().rposition(|b| b == b'/');
        let name = name.map_or(path, |at| &path[at + 1..]);
        let files = self.files.get_or_init(|| self.indexed(true));
        let globs = files.file_paths.all(name).into_iter().flatten();
        let by_path = globs.filter(|(glob, _)| matches(glob, path)).map(|g| g.1);
        let by_name = files.file_names.all(name).into_iter().flatten();
        let mut found: Vec<usize> = Vec::new();
        for at in by_path.chain(by_name.copied()) {
            if !found.contains(&at) {
                found.push(at);
            }
        }
        found.into_iter().filter_map(|at| self.at(at)).collect()
    }

    /// The technology of which an environment variable is typical; a weak hint.
    pub fn by_env(&self, name: &str) -> Option<&Technology> {
        self.at(*self.index().env.find(name.trim())?)
    }

    /// Whether a driver of technology `wanted` can reach a server of technology `actual`: it is
    /// the same, or speaks its protocol (Valkey serves drivers of Redis). Both are ids.
    pub fn serves(&self, actual: &str, wanted: &str) -> bool {
        let family = |id: &str| -> String {
            self.by_id(id)
                .and_then(|t| t.compatible_with.clone())
                .unwrap_or_else(|| id.to_owned())
        };
        actual == wanted || family(actual) == family(wanted)
    }

    fn at(&self, position: usize) -> Option<&Technology> {
        self.entries.get(position)?.get()
    }
}

/// A path and its prefixes at separators, longest first. At most 24 are given: no real module has
/// more, and a hostile one costs no more.
fn ancestors<'a>(path: &'a str, separator: &'static str) -> impl Iterator<Item = &'a str> {
    std::iter::successors(Some(path), move |p| p.rfind(separator).map(|at| &p[..at])).take(24)
}

/// The package of an import specifier: `@scope/name/x` gives `@scope/name`; relative paths and
/// modules of the runtime give nothing.
fn npm_package(specifier: &str) -> Option<&str> {
    if specifier.starts_with(['.', '/']) || specifier.contains(':') {
        return None;
    }
    let segments = if specifier.starts_with('@') { 2 } else { 1 };
    let end = specifier
        .match_indices('/')
        .nth(segments - 1)
        .map_or(specifier.len(), |(at, _)| at);
    Some(&specifier[..end])
}

/// The product in an image of those who build the images of others anew: `chainguard/minio`,
/// `bitnamilegacy/redis-cluster`.
fn rebuilt(repository: &str) -> Option<&str> {
    let (vendor, name) = repository.rsplit_once('/')?;
    let vendor = vendor.rsplit('/').next().unwrap_or(vendor);
    let builds = matches!(
        vendor,
        "bitnami" | "bitnamilegacy" | "bitnamisecure" | "chainguard" | "rapidfort"
    );
    let kinds = ["-cluster", "-fips", "-ha"];
    let plain = kinds.iter().find_map(|kind| name.strip_suffix(kind));
    builds.then_some(plain.unwrap_or(name))
}

/// Whether a package of a scope is what its makers publish beside their product: rules of linters, grammars of
/// editors, instruments for the products of others. It is no sign of the product.
fn is_side_work(name: &str) -> bool {
    const SIDE: [&str; 9] = [
        "babel-",
        "commitlint-",
        "eslint-",
        "lang-",
        "opentelemetry-instrumentation-",
        "prettier-",
        "stylelint-",
        "tsconfig",
        "tslint-",
    ];
    let inner = name.strip_prefix('@').and_then(|n| n.split_once('/'));
    inner.is_some_and(|(_, rest)| SIDE.iter().any(|word| rest.starts_with(word)))
}
