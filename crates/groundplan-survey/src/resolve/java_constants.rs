//! Text constants of Java that stand in one file and are used in others.

use crate::extractors::java_path_constants;
use crate::facts::{Claim, FileFacts};
use crate::resolve::world::{World, folder_of};
use groundplan_model::Entity;
use std::collections::{BTreeMap, BTreeSet};

/// Constants of one name among which one is looked for, at most.
const MOST: usize = 2_000;

/// Values of constants by name, and by class and name, each with its file.
type Values<'f> = BTreeMap<(Option<&'f str>, &'f str), BTreeSet<(&'f str, &'f str)>>;

/// Values of constants of classes that are named for holding some, and of all other classes.
#[derive(Debug, Default)]
pub(crate) struct JavaConstants<'f> {
    named: Values<'f>,
    others: Values<'f>,
}

impl<'f> JavaConstants<'f> {
    pub(crate) fn of(world: &World<'f>) -> Self {
        let mut all = JavaConstants::default();
        for (file, fact) in world.facts() {
            if let Claim::PathConstant(constant) = &fact.claim
                && !file.path.ends_with(".go")
                && !file.path.ends_with(".py")
            {
                all.add_of(&file.path, &constant.class, &constant.name, &constant.value);
            }
        }
        all
    }

    pub(crate) fn add(&mut self, class: &'f str, name: &'f str, value: &'f str) {
        self.add_of("", class, name, value);
    }

    fn add_of(&mut self, path: &'f str, class: &'f str, name: &'f str, value: &'f str) {
        let all = match java_path_constants::is_named(class) {
            true => &mut self.named,
            false => &mut self.others,
        };
        for class in [None, Some(class)] {
            all.entry((class, name)).or_default().insert((value, path));
        }
    }

    /// The value of `ORDERS` or `ApiPaths.ORDERS`, if all constants of that name have one.
    pub(crate) fn value(&self, name: &str) -> Option<&'f str> {
        let mut parts = name.rsplit('.');
        let last = parts.next()?;
        let key = (parts.next(), last);
        let values = self.named.get(&key).or_else(|| self.others.get(&key))?;
        one(values.iter()).map(|(value, _)| value)
    }

    /// The value of a constant, and its file, as the file that names it sees it: classes of several packages may
    /// have one name, and what the file imports or has beside it counts before all others. A name without its class
    /// is no constant of a class beside.
    pub(crate) fn seen(&self, name: &str, from: &Seeing<'f>) -> Option<(&'f str, &'f str)> {
        let mut parts = name.rsplit('.');
        let last = parts.next()?;
        let key = (parts.next(), last);
        let all = || [&self.named, &self.others].into_iter();
        let near = || all().filter_map(|values| values.get(&key)).flatten();
        if near().nth(MOST).is_some() {
            return None;
        }
        let least = match key.0 {
            Some(_) => Sight::Package,
            None => Sight::Import,
        };
        let seen: Vec<_> = near().map(|found| (from.sees(found.1), found)).collect();
        let nearest = seen.iter().map(|(sight, _)| *sight).max()?;
        if nearest >= least {
            let nearest = seen.iter().filter(|(sight, _)| *sight == nearest);
            return one(nearest.map(|(_, found)| *found));
        }
        let values = all().find_map(|values| values.get(&key))?;
        one(values.iter())
    }

    /// Fills in the names of tables and columns that the extractor left as `{ModelConstants.ID}`; one
    /// that is not known stays as it is written.
    pub(crate) fn fill_in(&self, entity: &mut Entity) {
        let fill = |text: &mut String| {
            let inner = text.strip_prefix('{').and_then(|t| t.strip_suffix('}'));
            if let Some(name) = inner {
                *text = self.value(name).unwrap_or(name).to_owned();
            }
        };
        fill(&mut entity.name);
        for field in &mut entity.fields {
            fill(&mut field.name);
        }
        for relation in &mut entity.relations {
            relation.fields.iter_mut().for_each(fill);
        }
    }
}

/// What all constants of a name say, if they say one thing; what is put together from others says it of one file.
fn one<'v, 'f: 'v>(
    mut all: impl Iterator<Item = &'v (&'f str, &'f str)>,
) -> Option<(&'f str, &'f str)> {
    let first = all.next()?;
    let same = |(value, path): &'v (&'f str, &'f str)| {
        *value == first.0 && (!value.contains('{') || *path == first.1)
    };
    all.all(same).then_some(*first)
}

/// How a file knows a class of another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Sight {
    None,
    /// `import org.acme.shop.*`
    Package,
    /// It lies beside it.
    Beside,
    /// `import org.acme.shop.Paths`
    Import,
    Itself,
}

/// A file that names constants.
#[derive(Debug, Default)]
pub(crate) struct Seeing<'f> {
    path: &'f str,
    imports: Vec<&'f str>,
}

impl<'f> Seeing<'f> {
    pub(crate) fn of(file: &'f FileFacts) -> Self {
        Seeing {
            path: &file.path,
            imports: file.import_lines().map(|(_, module)| module).collect(),
        }
    }

    fn sees(&self, path: &str) -> Sight {
        if path == self.path {
            return Sight::Itself;
        }
        let Some((class, _)) = path.rsplit_once('.') else {
            return Sight::None;
        };
        let is_below = |dotted: &str, module: &str| {
            let rest = dotted.strip_suffix(module);
            rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        };
        let class = class.replace('/', ".");
        // `import static org.acme.Paths.ORDERS` and `import org.acme.Paths.Orders` name what is inside of it.
        let named = |module: &&str| {
            let inner = std::iter::successors(Some(*module), |m| m.rsplit_once('.').map(|m| m.0));
            let mut inner = inner.take(3).filter(|m| m.contains('.'));
            inner.any(|module| is_below(&class, module))
        };
        if self.imports.iter().any(named) {
            return Sight::Import;
        }
        if folder_of(path) == folder_of(self.path) {
            return Sight::Beside;
        }
        let package = class.rsplit_once('.').map_or("", |(package, _)| package);
        let mut wild = self.imports.iter().filter_map(|m| m.strip_suffix(".*"));
        match wild.any(|module| is_below(package, module)) {
            true => Sight::Package,
            false => Sight::None,
        }
    }
}
