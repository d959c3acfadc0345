//! Libraries that pages load from networks of others.

use crate::extractor::{Extractor, Reads};
use crate::facts::FileFacts;
use crate::manifest::{depend, dependency};
use crate::scan;
use crate::source::SourceFile;
use groundplan_model::DependencyScope;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "html-scripts",
    docs: "\
### What it finds
Packages of npm that pages and templates load by `src` or `href` from jsDelivr, unpkg, cdnjs, the networks of
Bootstrap, Google, jQuery and Tailwind, with their versions.

### What it does not find
Libraries under addresses of one's own, packages that scripts load while they run.
",
    reads: &[Reads::Paths(&[
        "*.html",
        "*.htm",
        "*.cshtml",
        "*.ejs",
        "*.erb",
        "*.eex",
        "*.heex",
        "*.ftl",
        "*.gohtml",
        "*.hbs",
        "*.jinja",
        "*.jinja2",
        "*.jsp",
        "*.php",
        "*.pug",
        "*.tmpl",
        "*.tpl",
        "*.twig",
    ])],
    markers: &[
        "cdn.jsdelivr.net",
        "unpkg.com/",
        "cdnjs.cloudflare.com",
        "code.jquery.com/",
        "cdn.tailwindcss.com",
        "maxcdn.bootstrapcdn.com/",
        "stackpath.bootstrapcdn.com/",
        "netdna.bootstrapcdn.com/",
        "ajax.googleapis.com/",
    ],
    run: extract,
};

/// Packages of one page beyond these are left out.
const MOST: usize = 60;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::is_test(file.path) {
        return;
    }
    let mut seen: Vec<&str> = Vec::new();
    for (number, line) in file.text.lines().enumerate() {
        let loads = line.contains("<script") || line.contains("<link") || line.contains("src=");
        if !loads || line.trim_start().starts_with("<!--") {
            continue;
        }
        for address in line.split(['"', '\'']) {
            let Some((name, version)) = package(address) else {
                continue;
            };
            if seen.contains(&name) || seen.len() >= MOST {
                continue;
            }
            seen.push(name);
            let number = number as u32 + 1;
            let found = dependency("npm", name, version, DependencyScope::Runtime);
            depend(acc, file, (number, number), found);
        }
    }
}

/// The package and version of an address.
fn package(address: &str) -> Option<(&str, &str)> {
    let at = address.find("//")?;
    let rest = &address[at + 2..];
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    match host {
        "cdn.jsdelivr.net" => versioned(path.strip_prefix("npm/")?),
        "unpkg.com" => versioned(path),
        "cdnjs.cloudflare.com" | "ajax.googleapis.com" => {
            let mut parts = path.strip_prefix("ajax/libs/")?.split('/');
            let name = parts.next()?;
            // There libraries have names of their own: `jquery`, `font-awesome`, `vue`.
            let version = parts.next().unwrap_or_default();
            sound(name).then_some((name.trim_end_matches(".js"), version))
        }
        "maxcdn.bootstrapcdn.com" | "stackpath.bootstrapcdn.com" | "netdna.bootstrapcdn.com" => {
            let mut parts = path.split('/');
            let name = parts.next()?;
            let version = parts.next().unwrap_or_default();
            sound(name).then_some((name, version))
        }
        "code.jquery.com" => {
            let file = path.strip_prefix("jquery-")?;
            let end = file.find(|c: char| !(c.is_ascii_digit() || c == '.'))?;
            Some(("jquery", file[..end].trim_end_matches('.')))
        }
        "cdn.tailwindcss.com" => Some(("tailwindcss", "")),
        _ => None,
    }
}

/// `@popperjs/core@2.11.8/dist/popper.js` or `vue@3`.
fn versioned(path: &str) -> Option<(&str, &str)> {
    let scope = match path.starts_with('@') {
        true => path.find('/')? + 1,
        false => 0,
    };
    let end = path[scope..].find('/').map_or(path.len(), |at| scope + at);
    let whole = &path[..end];
    let whole = whole.split(['?', '#', ',']).next().unwrap_or(whole);
    let (name, version) = match whole[scope.min(whole.len())..].find('@') {
        Some(at) => (&whole[..scope + at], &whole[scope + at + 1..]),
        None => (whole, ""),
    };
    sound(name).then_some((name, version))
}

fn sound(name: &str) -> bool {
    let part = |b: u8| b.is_ascii_alphanumeric() || b"@/._-".contains(&b);
    !name.is_empty() && name.bytes().all(part)
}
