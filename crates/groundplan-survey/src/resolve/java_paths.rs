//! Mappings of Java that are written with constants of other files and with properties:
//! `@RequestMapping(ApiPaths.ORDERS)`, `@GetMapping("${shop.base:/api}/orders")`.

use crate::facts::{Claim, FileFacts};
use crate::http_paths::{self, UNREAD};
use crate::resolve::java_constants::{JavaConstants, Seeing};
use crate::resolve::world::World;
use std::collections::BTreeMap;

/// Constants in constants at most.
const DEEPEST: u8 = 6;
/// Parts of one constant at most.
const MOST_PARTS: usize = 8;

/// What names in mappings stand for.
#[derive(Debug, Default)]
pub(crate) struct JavaPaths<'f> {
    constants: JavaConstants<'f>,
    /// Files of Java and Kotlin by path.
    files: BTreeMap<&'f str, &'f FileFacts>,
    /// Properties that hold in every profile, by project.
    properties: BTreeMap<(Option<usize>, &'f str), Option<&'f str>>,
}

impl<'f> JavaPaths<'f> {
    pub(crate) fn of(world: &World<'f>) -> Self {
        let mut all = JavaPaths::default();
        let needed = world.facts().any(|(_, fact)| {
            matches!(&fact.claim, Claim::Endpoint(e) if is_java(&e.framework) && e.path.contains('{'))
        });
        if !needed {
            return all;
        }
        all.constants = JavaConstants::of(world);
        let sources = world.files.iter();
        let sources = sources.filter(|f| f.path.ends_with(".java") || f.path.ends_with(".kt"));
        all.files = sources.map(|f| (f.path.as_str(), f)).collect();
        for (file, fact) in world.facts() {
            if let Claim::Property(property) = &fact.claim
                && property.profile.is_none()
            {
                let key = (world.project_of(&file.path), property.key.as_str());
                let value = property.value.as_deref();
                let known = all.properties.entry(key).or_insert(value);
                // Two files that disagree decide nothing.
                *known = known.filter(|known| Some(*known) == value);
            }
        }
        all
    }

    /// The path of a mapping in a file with constants and properties filled in, as far as one value of each is
    /// known; what is not known is no parameter of a caller, so the path begins with `…` there.
    pub(crate) fn whole(&self, path: &str, file: &str, project: Option<usize>) -> String {
        let mut out = String::new();
        let mut rest = path;
        let mut lost = false;
        while let Some(open) = rest.find('{') {
            let is_property = rest[..open].ends_with('$');
            out.push_str(&rest[..open - usize::from(is_property)]);
            let Some(length) = closing(&rest[open..]) else {
                return path.to_owned();
            };
            let name = &rest[open + 1..open + length];
            rest = &rest[open + length + 1..];
            let constant;
            let known = if is_property {
                self.property(name, project)
            } else if is_constant(name) {
                constant = self.constant(name, file, 0);
                constant.as_deref()
            } else {
                out.push_str(&format!("{{{name}}}"));
                continue;
            };
            match known {
                Some(value) => {
                    if out.ends_with('/') && value.starts_with('/') {
                        out.pop();
                    }
                    out.push_str(value);
                }
                None => {
                    out.clear();
                    lost = true;
                }
            }
        }
        out.push_str(rest);
        let whole = http_paths::template(&out);
        if lost {
            format!("{UNREAD}{whole}")
        } else {
            whole
        }
    }

    /// The value of a constant that may be put together from others: `API_ADMINISTRATION + "signup/{userId}"`.
    fn constant(&self, name: &str, file: &str, depth: u8) -> Option<String> {
        let from = self.files.get(file).copied().map(Seeing::of);
        let (mut rest, file) = self.constants.seen(name, &from.unwrap_or_default())?;
        if rest.matches('{').count() > MOST_PARTS {
            return None;
        }
        let mut out = String::new();
        while let Some(open) = rest.find('{') {
            let length = closing(&rest[open..])?;
            let inner = &rest[open + 1..open + length];
            out.push_str(&rest[..open]);
            match is_constant(inner) {
                true if depth < DEEPEST => out.push_str(&self.constant(inner, file, depth + 1)?),
                true => return None,
                false => out.push_str(&rest[open..=open + length]),
            }
            rest = &rest[open + length + 1..];
        }
        out.push_str(rest);
        Some(out)
    }

    /// `key:default`: the value of the key, else the default.
    fn property<'p>(&self, written: &'p str, project: Option<usize>) -> Option<&'p str>
    where
        'f: 'p,
    {
        let (key, default) = match written.split_once(':') {
            Some((key, default)) => (key, Some(default)),
            None => (written, None),
        };
        let plain = |value: &&str| !value.contains("${") && !value.contains("://");
        match self.properties.get(&(project, key)) {
            Some(value) => (*value).filter(plain),
            None => default.filter(plain),
        }
    }
}

/// Frameworks whose mappings are annotations of Java.
pub(crate) fn is_java(framework: &str) -> bool {
    matches!(
        framework,
        "spring-web" | "micronaut" | "armeria" | "jax-rs" | "servlet" | "spring-data-rest"
    )
}

/// `ORDERS`, `ApiPaths.ORDERS`: what the extractor leaves of a name that it could not follow.
fn is_constant(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or(name);
    let upper = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    last.len() > 1 && last.chars().all(upper) && last.starts_with(|c: char| c.is_ascii_uppercase())
}

/// The offset of the bracket that closes the one `text` begins with.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_and_properties_are_filled_in() {
        let mut paths = JavaPaths::default();
        paths.constants.add("ApiPaths", "ADMIN", "/api/admin");
        paths.constants.add("ApiPaths", "TWICE", "/a");
        paths.constants.add("OtherPaths", "TWICE", "/b");
        paths
            .constants
            .add("AdminPaths", "SIGNUP", "{ADMIN}/signup/{user}");
        paths.constants.add("AdminPaths", "GONE", "{NOWHERE}/gone");
        paths.properties.insert((Some(0), "shop.base"), Some("/v2"));
        for (path, wanted) in [
            ("/{ADMIN}/{id}", "/api/admin/{id}"),
            ("/{ApiPaths.ADMIN}", "/api/admin"),
            ("/{TWICE}/orders", "…/orders"),
            ("/x/{OTHER}/orders", "…/orders"),
            ("/${shop.base:/v1}/orders", "/v2/orders"),
            ("/${a.b:/api/x}/{id}", "/api/x/{id}"),
            ("/${a.b}/orders/{id}", "…/orders/{id}"),
            ("/plain/{id}", "/plain/{id}"),
            ("/{AdminPaths.SIGNUP}/x", "/api/admin/signup/{user}/x"),
            ("/{GONE}/x", "…/x"),
        ] {
            assert_eq!(paths.whole(path, "", Some(0)), wanted, "{path}");
        }
    }

    #[test]
    fn a_constant_is_that_of_the_class_which_the_file_sees() {
        let commons = |package: &str, base: &str| {
            format!(
                "package org.acme.{package}\n\nobject ApiCommons {{\n    const val BASE = \"{base}\"\n    \
                 const val ORDERS = \"$BASE/orders\"\n}}\n"
            )
        };
        let api = |package: &str, import: &str| {
            format!(
                "package org.acme.{package}\n\n{import}import org.springframework.web.bind.annotation.GetMapping\n\
                 \n@RestController\nclass Api {{\n    @GetMapping(value = [ApiCommons.ORDERS])\n    \
                 fun list() = orders.all()\n}}\n"
            )
        };
        let texts = [
            ("org/acme/shop/ApiCommons.kt", commons("shop", "/v1")),
            (
                "org/acme/tasks/ApiCommons.kt",
                commons("tasks", "/v1/tasks"),
            ),
            ("org/acme/shop/Api.kt", api("shop", "")),
            (
                "org/acme/shelf/Api.kt",
                api("shelf", "import org.acme.tasks.ApiCommons\n"),
            ),
            ("org/acme/other/Api.kt", api("other", "")),
        ];
        let files: Vec<FileFacts> = (texts.iter())
            .map(|(path, text)| crate::extract_file(path, text))
            .collect();
        let world = World::new(&files, groundplan_knowledge::knowledge());
        let paths = JavaPaths::of(&world);
        for (file, wanted) in [
            ("org/acme/shop/Api.kt", "/v1/orders"),
            ("org/acme/shelf/Api.kt", "/v1/tasks/orders"),
            ("org/acme/other/Api.kt", "…/"),
        ] {
            let whole = paths.whole("/{ApiCommons.ORDERS}", file, None);
            assert_eq!(whole, wanted, "{file}");
        }
    }
}
