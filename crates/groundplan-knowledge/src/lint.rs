//! What a good entry is, as messages for the one who writes it. The built-in entries pass in the
//! tests; the entries of users are checked when they are read.

use crate::index::package_key;
use crate::{Ecosystem, Technology};
use groundplan_model::{Diagnostic, Severity};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Words that are true of every product and so say nothing; see `docs/concepts/prose.md`, rule 7.
const FILLER: &[&str] = &[
    "robust",
    "scalable",
    "modern",
    "seamless",
    "industry standard",
    "industry-standard",
    "best practice",
    "leverag",
    "ensures",
    "powerful",
    "flexible",
    "easy",
    "blazing",
    "lightweight",
    "world-class",
    "next-generation",
    "state-of-the-art",
    "cutting-edge",
    "enterprise-grade",
];

/// Licences of entries, as SPDX spells them.
const LICENCES: &[&str] = &[
    "0BSD",
    "AGPL-3.0-only",
    "AGPL-3.0-or-later",
    "Apache-2.0",
    "Artistic-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "BUSL-1.1",
    "CC0-1.0",
    "CDDL-1.0",
    "CDDL-1.1",
    "CPL-1.0",
    "Elastic-2.0",
    "EPL-1.0",
    "EPL-2.0",
    "FSL-1.1-ALv2",
    "FSL-1.1-MIT",
    "GPL-2.0-only",
    "GPL-2.0-or-later",
    "GPL-3.0-only",
    "GPL-3.0-or-later",
    "HPND",
    "ISC",
    "LGPL-2.1-only",
    "LGPL-2.1-or-later",
    "LGPL-3.0-only",
    "LGPL-3.0-or-later",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "MS-PL",
    "OLDAP-2.8",
    "OSL-3.0",
    "PHP-3.01",
    "PostgreSQL",
    "PSF-2.0",
    "Python-2.0",
    "Ruby",
    "SSPL-1.0",
    "Unlicense",
    "UPL-1.0",
    "Zlib",
    "ZPL-2.1",
    "blessing",
    "curl",
];

fn warning(name: &str, id: &str, message: String) -> Diagnostic {
    Diagnostic::new(Severity::Warning, name, format!("`{id}`: {message}"))
}

/// What is wrong with one entry by itself.
pub fn lint_technology(technology: &Technology) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let id = technology.id.as_str();
    let mut say = |name: &str, message: String, help: &str| {
        found.push(warning(name, id, message).help(help));
    };
    if !is_kebab(id) {
        say(
            "technology-id",
            "expected an id of lower-case letters, digits and single dashes".to_owned(),
            "write it like `spring-boot`",
        );
    }
    if technology.name.trim().is_empty() {
        say(
            "technology-name",
            "the display name is empty".to_owned(),
            "write the name as its makers do",
        );
    }
    for message in lint_about(&technology.about) {
        say(
            "technology-about",
            message,
            "write what it does in the third person: `keeps rows in tables`",
        );
    }
    if let Some(unknown) = unknown_licence(&technology.licence) {
        say(
            "technology-licence",
            format!("`{unknown}` is no SPDX id of this list"),
            "see https://spdx.org/licenses, or write `proprietary`",
        );
    }
    if !technology.homepage.starts_with("https://") || technology.homepage.len() < 12 {
        say(
            "technology-homepage",
            format!("expected an https address, found `{}`", technology.homepage),
            "give the address of the project",
        );
    }
    for message in lint_marks(technology) {
        say(
            "technology-mark",
            message,
            "write it as files have it; `*` stands for any run of characters",
        );
    }
    found
}

fn lint_about(about: &str) -> Vec<String> {
    let mut found = Vec::new();
    let lower = about.to_lowercase();
    if about.trim().is_empty() {
        return vec!["`about` is empty".to_owned()];
    }
    if about.ends_with('.') {
        found.push("`about` is a phrase and ends without a period".to_owned());
    }
    if about.chars().count() > 110 {
        found.push("`about` is longer than 110 characters".to_owned());
    }
    let first = about.split_whitespace().next().unwrap_or_default();
    let first = first.trim_end_matches(',');
    if !first.ends_with('s') || first.chars().any(char::is_uppercase) {
        found.push(format!(
            "`about` starts with `{first}`, no verb in the third person"
        ));
    }
    for word in FILLER {
        if lower.contains(word) {
            found.push(format!("`{word}` in `about` is true of every product"));
        }
    }
    found
}

/// The first part of a licence expression that is no known id.
fn unknown_licence(expression: &str) -> Option<&str> {
    if expression == "proprietary" {
        return None;
    }
    if expression.trim().is_empty() {
        return Some(expression);
    }
    expression
        .split([' ', '(', ')'])
        .filter(|part| !part.is_empty() && !matches!(*part, "OR" | "AND" | "WITH"))
        .find(|part| {
            !LICENCES.contains(part)
                && !part.starts_with("LicenseRef-")
                && !part.contains("-exception")
        })
}

fn lint_marks(technology: &Technology) -> Vec<String> {
    let mut found = Vec::new();
    let mut marks = 0usize;
    let mut check = |kind: &str, mark: &str, good: bool| {
        marks += 1;
        if !good || mark.trim_matches(['*', '/', '.', '-', ':']).is_empty() {
            found.push(format!("`{mark}` is no {kind}"));
        }
    };
    for image in &technology.images {
        let plain = !image.contains([':', '@', ' ', '$']) && *image == image.to_lowercase();
        check("image repository", image, plain);
    }
    for (&ecosystem, names) in technology.packages.iter().chain(&technology.drivers) {
        for name in names {
            let kind = format!("package name of {}", ecosystem.word());
            check(&kind, name, is_package(ecosystem, name));
        }
    }
    for scheme in &technology.schemes {
        let plain = scheme
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "+-.:".contains(c));
        check("scheme", scheme, plain && !scheme.ends_with(':'));
    }
    for file in &technology.files {
        check("file glob", file, !file.contains(['\\', ' ']));
    }
    for modules in technology.imports.values() {
        for module in modules {
            check("module prefix", module, !module.contains(' '));
        }
    }
    for kind in technology.resources.iter().chain(&technology.runs) {
        check("resource type", kind, !kind.contains(' '));
    }
    for name in &technology.env {
        let plain = name
            .chars()
            .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_' || c == '*');
        check("environment variable", name, plain);
    }
    if marks == 0 && technology.ports.is_empty() {
        found.push("the entry has no mark by which a file could show it".to_owned());
    }
    found
}

fn is_package(ecosystem: Ecosystem, name: &str) -> bool {
    let shape = match ecosystem {
        Ecosystem::Pypi => package_key(ecosystem, Cow::Borrowed(name)) == name,
        Ecosystem::Maven => {
            name.contains(':') && package_key(ecosystem, Cow::Borrowed(name)) == name
        }
        Ecosystem::Go => name.contains('.') && !name.ends_with('/'),
        // `php` and `ext-json` are packages of the platform.
        Ecosystem::Composer => {
            let platform = name == "php" || name.starts_with("ext-");
            (platform || name.contains('/')) && name.to_lowercase() == name
        }
        // Names of before 2017 may have capitals; none of them is in use here.
        Ecosystem::Npm => name.to_lowercase() == name,
        _ => true,
    };
    shape && !name.contains(' ')
}

fn is_kebab(id: &str) -> bool {
    !id.is_empty()
        && id.split('-').all(|part| {
            !part.is_empty()
                && part
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        })
}

/// What is wrong with entries taken together: two that claim the same mark, and references to
/// entries that do not exist. Includes [`lint_technology`] of each.
pub fn lint_all(technologies: &[&Technology]) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = technologies
        .iter()
        .flat_map(|t| lint_technology(t))
        .collect();
    let ids: BTreeMap<&str, ()> = technologies.iter().map(|t| (t.id.as_str(), ())).collect();
    let mut claims: BTreeMap<(String, String), &str> = BTreeMap::new();
    for technology in technologies {
        let id = technology.id.as_str();
        for (kind, mark) in claims_of(technology) {
            let key = (kind, mark);
            match claims.get(&key) {
                Some(other) => {
                    let (kind, mark) = key;
                    found.push(
                        warning(
                            "technology-claimed-twice",
                            id,
                            format!("{kind} `{mark}` is claimed by `{other}` too"),
                        )
                        .help("leave it with the one that it names"),
                    );
                }
                None => {
                    claims.insert(key, id);
                }
            }
        }
        let single = [
            ("client_of", &technology.client_of),
            ("compatible_with", &technology.compatible_with),
        ];
        let single = single
            .into_iter()
            .filter_map(|(k, t)| Some((k, t.as_ref()?)));
        let stores = technology.jobs_in.iter().map(|t| ("jobs_in", t));
        for (key, target) in single.chain(stores) {
            if !ids.contains_key(target.as_str()) || target == id {
                let mut diagnostic = warning(
                    "technology-unknown-target",
                    id,
                    format!("`{key}` names `{target}`, which is no other entry"),
                );
                if let Some(meant) = crate::nearest(target, ids.keys().copied()) {
                    diagnostic = diagnostic.help(format!("did you mean `{meant}`?"));
                }
                found.push(diagnostic);
            }
        }
    }
    found
}

fn claims_of(technology: &Technology) -> Vec<(String, String)> {
    let mut claims = vec![("id".to_owned(), technology.id.clone())];
    let mut names: Vec<String> = technology
        .aliases
        .iter()
        .chain([&technology.name, &technology.id])
        .map(|n| n.to_lowercase())
        .collect();
    names.sort();
    names.dedup();
    claims.extend(names.into_iter().map(|n| ("name".to_owned(), n)));
    let mut add = |kind: String, marks: &[String]| {
        claims.extend(marks.iter().map(|mark| (kind.clone(), mark.clone())));
    };
    add("image".to_owned(), &technology.images);
    add("scheme".to_owned(), &technology.schemes);
    add("resource".to_owned(), &technology.resources);
    add("resource".to_owned(), &technology.runs);
    add("variable".to_owned(), &technology.env);
    for (ecosystem, names) in &technology.packages {
        add(format!("{} package", ecosystem.word()), names);
    }
    for (ecosystem, names) in &technology.drivers {
        add(format!("{} driver", ecosystem.word()), names);
    }
    for (language, modules) in &technology.imports {
        add(format!("{} module", language.word()), modules);
    }
    claims
}
