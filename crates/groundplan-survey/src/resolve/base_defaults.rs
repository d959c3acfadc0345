//! The bases of programs that stand in their settings: what a path begins with unless somebody sets it
//! otherwise.

use crate::extractors::base_defaults::{RAILS, TARGET};
use crate::extractors::nextcloud_http;
use crate::facts::Mount;
use crate::http_paths::{self, BASE, UNREAD};
use std::collections::{BTreeMap, BTreeSet};

/// The defaults of a setting by its section.
type BySection<'f> = BTreeMap<&'f str, BTreeSet<&'f str>>;

/// Ends of keys of the gem `config` that are bases by their name: `path_prefix`, `base_path`.
const BASES: [&str; 5] = ["prefix", "basepath", "rootpath", "contextpath", "mountpath"];

/// Defaults by project and name of the setting, and there by its section.
#[derive(Debug, Default)]
pub(crate) struct BaseDefaults<'f> {
    all: BTreeMap<(Option<usize>, &'f str), BySection<'f>>,
}

/// Whether what stands before the name of a setting says nothing of which it is: nothing, or a word for the
/// settings of the whole program.
fn is_general(section: &str) -> bool {
    const WORDS: [&str; 20] = [
        "app",
        "api",
        "cfg",
        "common",
        "conf",
        "config",
        "configuration",
        "default",
        "env",
        "global",
        "http",
        "options",
        "opts",
        "params",
        "self",
        "server",
        "settings",
        "srv",
        "this",
        "web",
    ];
    section.is_empty() || WORDS.contains(&section)
}

/// Whether what stands before a name in code is the variable that holds the settings: `s.BaseURL`.
fn is_variable(section: &str) -> bool {
    section.len() <= 2 && !matches!(section, "ui" | "s3" | "db")
}

impl<'f> BaseDefaults<'f> {
    /// Takes in a default.
    pub(crate) fn add(&mut self, project: Option<usize>, mount: &'f Mount) {
        let key = mount.target.strip_prefix(TARGET).unwrap_or_default();
        let (section, name) = key.rsplit_once('.').unwrap_or(("", key));
        let of_name = self.all.entry((project, name)).or_default();
        of_name.entry(section).or_default().insert(&mount.prefix);
    }

    /// The only default of a setting: of the same section, or of all that are called so.
    fn get(&self, project: Option<usize>, key: &str) -> Option<&'f str> {
        let (section, name) = key.rsplit_once('.').unwrap_or(("", key));
        let of_name = self.all.get(&(project, name))?;
        let own = of_name.get(section).filter(|_| !section.is_empty());
        // What Rails calls a setting it is nowhere else.
        if section == RAILS && own.is_none() {
            return None;
        }
        let values: BTreeSet<&str> = match own {
            Some(own) => own.iter().copied().collect(),
            // `cfg.Admin.BasePath` is not what the server has.
            None if !is_general(section) && !is_variable(section) => return None,
            // `s.BaseURL` is not `remote.base_url`.
            None => {
                let general = of_name.iter().filter(|(of, _)| is_general(of));
                general.flat_map(|(_, all)| all).copied().collect()
            }
        };
        let mut values = values.into_iter();
        let one = values.next()?;
        values.next().is_none().then_some(one)
    }

    /// A path with the defaults of the settings in it. Where none is known, it is told relative to the base; a
    /// setting of Rails that is no base by its name, and the identifier of an app of Nextcloud that no file gives,
    /// were not read.
    pub(crate) fn filled(&self, project: Option<usize>, path: &str) -> Option<String> {
        if !path.contains(BASE) {
            return None;
        }
        let mut out = String::new();
        let mut rest = path;
        while let Some((before, after)) = rest.split_once(BASE) {
            let (key, after) = after.split_once('}').unwrap_or((after, ""));
            out.push_str(before);
            match self.get(project, key) {
                Some(value) => out.push_str(value.trim_start_matches('/')),
                None if key.starts_with(nextcloud_http::APP) => out = format!("/{UNREAD}"),
                None if key.starts_with(RAILS) && !BASES.iter().any(|end| key.ends_with(end)) => {
                    out = format!("/{UNREAD}");
                }
                None => {}
            }
            // `{API_PREFIX}v1/`: the program sees to the slash.
            if !after.is_empty() && !after.starts_with('/') && !out.ends_with('/') {
                out.push('/');
            }
            rest = after;
        }
        out.push_str(rest);
        let whole = http_paths::join("", &out.replace("//", "/"));
        let whole = match whole.len() > 1 && !path.ends_with('/') {
            true => whole.trim_end_matches('/').to_owned(),
            false => whole,
        };
        Some(http_paths::from_unread(whole))
    }
}
