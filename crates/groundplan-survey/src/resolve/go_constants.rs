//! Constants of Go that stand in one file and are part of paths in others.

use crate::facts::PathConstant;
use crate::http_paths::{self, CONSTANT, UNREAD};
use crate::resolve::world::folder_of;
use std::collections::BTreeMap;

/// Constants that lead to constants at most.
const DEEPEST: u8 = 8;

/// Values of constants by name: of each the package, the folder and the value.
#[derive(Debug, Default)]
pub(crate) struct GoConstants<'f>(BTreeMap<&'f str, Vec<(&'f str, &'f str, &'f str)>>);

impl<'f> GoConstants<'f> {
    pub(crate) fn add(&mut self, path: &'f str, constant: &'f PathConstant) {
        let known = self.0.entry(&constant.name).or_default();
        known.push((&constant.class, folder_of(path), &constant.value));
    }

    /// A path of a file with the values of the constants in it; what has none is not read.
    pub(crate) fn filled(&self, path: &str, file: &str) -> String {
        let Some(text) = self.text(path, file, 0) else {
            return path.to_owned();
        };
        let whole = http_paths::template(&text);
        match whole.find(UNREAD) {
            // Behind what was not read stands a slash or nothing.
            Some(at) => whole[at..].to_owned(),
            None => whole,
        }
    }

    /// `None` if there is no constant in it.
    fn text(&self, path: &str, file: &str, depth: u8) -> Option<String> {
        let mark = format!("{{{CONSTANT}");
        if depth > DEEPEST || !path.contains(&mark) {
            return None;
        }
        let mut out = String::new();
        let mut rest = path;
        while let Some((before, after)) = rest.split_once(&mark) {
            out.push_str(before);
            let (name, behind) = after.split_once('}').unwrap_or((after, ""));
            match self.value(name, file) {
                Some((value, folder)) => {
                    let at = format!("{folder}/");
                    let text = self.text(value, &at, depth + 1);
                    out.push_str(text.as_deref().unwrap_or(value));
                }
                // What a parameter is called says little: `"/:" + util.IDKey`.
                None if out.ends_with("/:") => {
                    out.push_str(name.rsplit('.').next().unwrap_or(name));
                }
                // A variable of the package itself holds what the package makes of a base.
                None if out.trim_matches('/').is_empty()
                    && http_paths::is_base(name)
                    && name.split('.').next() != folder_of(file).rsplit('/').next() =>
                {
                    out = http_paths::open_base(name);
                }
                None => {
                    out.clear();
                    out.push_str(UNREAD);
                }
            }
            rest = behind;
        }
        out.push_str(rest);
        Some(out)
    }

    /// The value of `paths.Users` as a file means it, with the folder of its package.
    fn value(&self, name: &str, file: &str) -> Option<(&'f str, &'f str)> {
        let (package, name) = name.split_once('.')?;
        let all = self.0.get(name)?;
        let of_package: Vec<_> = all.iter().filter(|(p, ..)| *p == package).collect();
        let found = match of_package.is_empty() {
            // A package may have another name than its folder.
            true => all.iter().collect(),
            false => of_package,
        };
        let (_, folder, value) = found.first()?;
        if found.iter().all(|(_, _, other)| other == value) {
            return Some((value, folder));
        }
        let own = folder_of(file);
        let common = |folder: &str| {
            let pairs = folder.split('/').zip(own.split('/'));
            (folder == own, pairs.take_while(|(a, b)| a == b).count())
        };
        let most = found.iter().map(|(_, folder, _)| common(folder)).max()?;
        let mut nearest = found.iter().filter(|(_, f, _)| common(f) == most);
        let (_, folder, value) = nearest.next()?;
        nearest
            .all(|(_, _, other)| other == value)
            .then_some((*value, *folder))
    }
}
