//! Which function answers an operation.

use super::{COMMON, Place, Ways, belongs};
use crate::facts::holding;
use crate::inflect::singular;
use crate::resolve::names::plain;
use crate::resolve::world::folder_of;
use groundplan_model::Operation;
use groundplan_syntax::Language;
use std::collections::{BTreeMap, BTreeSet};

impl<'w> Ways<'w> {
    /// The function that answers an operation: by its name in the file of the route, of the class that the
    /// route names or alone in its project, or what is written into the route.
    pub(super) fn handler(&self, operation: &Operation) -> Option<Place<'w>> {
        let whole = operation.handler.as_deref().unwrap_or_default();
        let cut = [':', '.', '\\', '#', '@'];
        let mut words = whole.rsplit(cut).filter(|w| !w.is_empty());
        let name = words.next().unwrap_or_default();
        let class = words.next().unwrap_or_default();
        let routes = operation.provenance.evidence.iter();
        for at in routes.filter(|at| Language::of(&at.path).is_code()) {
            if let Some((path, spans)) = self.of_file.get_key_value(at.path.as_str()) {
                // Routes that are files export a function called by the method.
                let exported = spans.iter().find(|s| s.name == operation.method);
                let named = |s: &&'w super::Span| !name.is_empty() && s.name == name;
                // A method stands below its route, another of its name above or far below it.
                let below = (spans.iter().filter(named)).find(|s| s.first >= at.lines[0]);
                let written = || {
                    let here = |s: &&'w super::Span| s.name.is_empty() && s.first == at.lines[0];
                    spans.iter().find(here)
                };
                // Of Next.js a file exports one function, which tells the methods apart.
                let of_file = || {
                    if !name.is_empty() || !path.contains("pages/api/") {
                        return None;
                    }
                    let around = holding(spans, at.lines[0]).filter(|s| !s.name.is_empty());
                    let mut named = spans.iter().filter(|s| !s.name.is_empty());
                    let only = || named.next().filter(|_| named.next().is_none());
                    let called = || spans.iter().find(|s| s.name == "handler");
                    around.or_else(only).or_else(called)
                };
                let found = below
                    .or_else(|| spans.iter().find(named))
                    .or(exported.filter(|_| name.is_empty()))
                    .or_else(written)
                    .or_else(of_file);
                if let Some(found) = found {
                    return Some((path, found));
                }
            }
            if name.is_empty() {
                continue;
            }
            let all = self.named(&at.path, name);
            if !class.is_empty() {
                // `orders#show` of Rails names the controller by its path.
                let named = [class.to_owned(), format!("{class}_controller")];
                let of_class = |p: &Place<'w>| {
                    let rest = p.0.split_once("controllers/").map_or("", |(_, rest)| rest);
                    match class.contains('/') {
                        true => rest.strip_suffix("_controller.rb") == Some(class),
                        false => named.iter().any(|n| belongs(*p, n)) || is_module(p.0, class),
                    }
                };
                let mut owned: Vec<Place<'w>> = all.iter().copied().filter(of_class).collect();
                // `views.archived` of Python is that of the module beside the routes.
                let near = |p: &&Place<'w>| folder_of(&at.path) == folder_of(p.0);
                if let [_, _, ..] = owned.as_slice()
                    && owned.iter().filter(near).count() == 1
                {
                    owned.retain(|p| near(&p));
                }
                match owned.as_slice() {
                    [] => {}
                    [only] => return Some(*only),
                    several => {
                        if let Some(place) = by_folders(several, operation, class) {
                            return Some(place);
                        }
                    }
                }
            }
            let words = name.contains('_') || name.chars().skip(1).any(char::is_uppercase);
            let plain_name = COMMON.contains(&name.to_ascii_lowercase().as_str());
            if let [only] = all
                && (class.is_empty() || words && !plain_name)
            {
                return Some(*only);
            }
            // A class with one method for all that it is asked: `ShowAlbumController`.
            if name.starts_with(char::is_uppercase) {
                let all = self.named(&at.path, "__invoke");
                let mut owned = all.iter().filter(|place| belongs(**place, name));
                if let Some(place) = owned.next()
                    && owned.next().is_none()
                {
                    return Some(*place);
                }
            }
        }
        None
    }

    /// The function that a procedure of a contract is carried out by: the only one of its name in the
    /// project of the part, however its language writes it (`PlaceOrder`, `place_order`, `placeOrder`).
    pub(super) fn procedure(&self, element: &str, operation: &Operation) -> Option<Place<'w>> {
        let element = self.elements.get(element)?;
        let project = self.world.project_at(element.source.as_deref()?)?;
        let name = operation.id.rsplit(['.', '/']).next().unwrap_or_default();
        let by_letters = self.by_letters.get_or_init(|| {
            let mut all: BTreeMap<(usize, String), Vec<Place<'w>>> = BTreeMap::new();
            for ((project, name), places) in &self.by_name {
                all.entry((*project, plain(name)))
                    .or_default()
                    .extend(places);
            }
            all
        });
        match by_letters.get(&(project, plain(name)))?.as_slice() {
            [only] => Some(*only),
            _ => None,
        }
    }
}

/// Whether a name is that of a module of Python with its package: `orders_views` of `views/orders.py` or
/// `orders/views.py`.
fn is_module(path: &str, name: &str) -> bool {
    let Some((folders, file)) = path.strip_suffix(".py").and_then(|p| p.rsplit_once('/')) else {
        return false;
    };
    let folder = folders.rsplit('/').next().unwrap_or(folders);
    let name = plain(name);
    name == plain(folder) + &plain(file) || name == plain(file) + &plain(folder)
}

/// Of controllers of one name that one whose folders the path of the route names, the most of them:
/// `/admin/badges` is answered by `admin/badge_controller`.
fn by_folders<'w>(all: &[Place<'w>], operation: &Operation, class: &str) -> Option<Place<'w>> {
    let letters = |word: &str| plain(&singular(word));
    let asked: BTreeSet<String> = operation.path.split('/').map(letters).collect();
    let folders = |path: &'w str| -> Option<Vec<String>> {
        let (_, rest) = path.rsplit_once("ontrollers/")?;
        let (folders, _) = rest.rsplit_once('/').unwrap_or(("", rest));
        Some(
            folders
                .split('/')
                .filter(|f| !f.is_empty())
                .map(letters)
                .collect(),
        )
    };
    // `orders#show` of Rails says the whole path.
    if class.starts_with(char::is_lowercase) {
        let mut top = all
            .iter()
            .filter(|p| folders(p.0).is_some_and(|f| f.is_empty()));
        return top.next().filter(|_| top.next().is_none()).copied();
    }
    let fits = |place: &Place<'w>| {
        let folders = folders(place.0)?;
        (folders.iter().all(|f| asked.contains(f))).then_some((folders.len(), *place))
    };
    let fitting: Vec<(usize, Place<'w>)> = all.iter().filter_map(fits).collect();
    let most = fitting.iter().map(|(count, _)| *count).max()?;
    let mut best = fitting.iter().filter(|(count, _)| *count == most);
    let found = best.next()?.1;
    best.next().is_none().then_some(found)
}
