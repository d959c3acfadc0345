use super::require;
use crate::facts::{Claim, FileFacts, Package};
use crate::manifest::scope_of_group;
use crate::source::SourceFile;
use groundplan_model::DependencyScope;
use groundplan_syntax::Code;

/// An entry of an INI file: section, key, and its values with their lines.
struct Entry<'t> {
    section: &'t str,
    key: &'t str,
    values: Vec<(&'t str, u32)>,
}

pub(super) fn config(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let entries = entries(file.text);
    let get = |section: &str, key: &str| {
        entries
            .iter()
            .find(|e| e.section == section && e.key == key)
            .and_then(|e| e.values.first().copied())
    };
    let text = |section: &str, key: &str| {
        let (value, _) = get(section, key)?;
        // `attr:` and `file:` point elsewhere.
        let is_reference = value.starts_with("attr:") || value.starts_with("file:");
        (!is_reference).then(|| value.to_owned())
    };
    if let Some((name, line)) = get("metadata", "name") {
        let binaries: Vec<String> = entries
            .iter()
            .filter(|e| e.section == "options.entry_points" && e.key == "console_scripts")
            .flat_map(|e| &e.values)
            .filter_map(|(value, _)| Some(value.split_once('=')?.0.trim().to_owned()))
            .collect();
        let claim = Package {
            ecosystem: "pypi".to_owned(),
            name: name.to_owned(),
            folder: file.folder().to_owned(),
            version: text("metadata", "version"),
            description: text("metadata", "description"),
            license: text("metadata", "license"),
            runtime: text("options", "python_requires").map(|v| format!("python {v}")),
            application: !binaries.is_empty(),
            binaries,
            ..Package::default()
        };
        acc.add(file, line, line, Claim::Package(claim));
    }
    for entry in &entries {
        let scope = match (entry.section, entry.key) {
            ("options", "install_requires") => DependencyScope::Runtime,
            ("options", "setup_requires") => DependencyScope::Build,
            ("options", "tests_require") => DependencyScope::Test,
            ("options.extras_require", extra) => scope_of_group(extra, DependencyScope::Optional),
            _ => continue,
        };
        for (value, line) in &entry.values {
            require(acc, file, value, *line, scope);
        }
    }
}

fn entries(text: &str) -> Vec<Entry<'_>> {
    let mut found: Vec<Entry<'_>> = Vec::new();
    let mut section = "";
    for (number, line) in text.lines().enumerate() {
        let number = number as u32 + 1;
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with(['#', ';']) {
            continue;
        }
        if line.starts_with([' ', '\t']) {
            if let Some(entry) = found.last_mut().filter(|e| e.section == section) {
                entry.values.push((trimmed, number));
            }
        } else if let Some(name) = trimmed.strip_prefix('[') {
            section = name.trim_end_matches(']');
        } else if let Some((key, value)) = trimmed.split_once('=') {
            let value = value.trim();
            found.push(Entry {
                section,
                key: key.trim(),
                values: (!value.is_empty())
                    .then_some((value, number))
                    .into_iter()
                    .collect(),
            });
        }
    }
    found
}

/// `setup.py`: keyword arguments of `setup(…)` that are literals.
pub(super) fn script(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let code = file.code();
    let Some(open) = (0..code.tokens.len())
        .find(|&at| code.ident(at) == Some("setup") && code.is(at + 1, "("))
        .map(|at| at + 1)
    else {
        return;
    };
    let mut package = Package {
        ecosystem: "pypi".to_owned(),
        folder: file.folder().to_owned(),
        ..Package::default()
    };
    let mut name_line = None;
    let mut lists: Vec<(usize, usize, DependencyScope)> = Vec::new();
    for argument in code.arguments(open) {
        let Some(key) = code
            .ident(argument.start)
            .filter(|_| code.is(argument.start + 1, "="))
        else {
            continue;
        };
        let value = argument.start + 2;
        let text = code.string(value).map(str::to_owned);
        match key {
            "name" => {
                name_line = code.tokens.get(value).map(|t| t.line);
                package.name = text.unwrap_or_default();
            }
            "version" => package.version = text,
            "description" => package.description = text,
            "license" => package.license = text,
            "python_requires" => package.runtime = text.map(|v| format!("python {v}")),
            "install_requires" => lists.push((value, argument.end, DependencyScope::Runtime)),
            "tests_require" => lists.push((value, argument.end, DependencyScope::Test)),
            "setup_requires" => lists.push((value, argument.end, DependencyScope::Build)),
            _ => {}
        }
    }
    if let Some(line) = name_line.filter(|_| !package.name.is_empty()) {
        acc.add(file, line, line, Claim::Package(package));
    }
    for (start, end, scope) in lists {
        let (start, end) = list_bounds(code, start, end);
        for at in start..end {
            if let Some(text) = code.string(at) {
                let line = code.tokens.get(at).map_or(1, |t| t.line);
                require(acc, file, text, line, scope);
            }
        }
    }
}

/// The tokens of a list: the argument itself, or the list that its name was assigned above.
fn list_bounds(code: &Code<'_>, start: usize, end: usize) -> (usize, usize) {
    if code.is(start, "[") || code.is(start, "(") {
        return (start, end);
    }
    let Some(name) = code.ident(start).filter(|_| end == start + 1) else {
        return (start, start);
    };
    (0..start)
        .find(|&at| code.ident(at) == Some(name) && code.is(at + 1, "=") && code.is(at + 2, "["))
        .and_then(|at| Some((at + 2, code.partner(at + 2)?)))
        .unwrap_or((start, start))
}
