//! Versions in paths: `[Route("v{version:apiVersion}/orders")]` is `/v2/orders` for `[ApiVersion(2)]`
//! (<https://github.com/dotnet/aspnet-api-versioning/wiki/Versioning-via-the-URL-Path>).

use crate::source::SourceFile;
use groundplan_syntax::{Annotation, Declared};

/// The constraint of a part of a path that is the version.
const CONSTRAINT: &str = ":apiVersion}";

/// The versions that an action answers for: its own, else those of its class.
pub(super) fn of(
    file: &SourceFile<'_>,
    action: &Declared,
    class: Option<&Declared>,
) -> Vec<String> {
    let own = given(file, &action.annotations, "MapToApiVersion");
    match own.is_empty() {
        true => of_class(file, class),
        false => own,
    }
}

/// The versions of a class.
pub(super) fn of_class(file: &SourceFile<'_>, class: Option<&Declared>) -> Vec<String> {
    class.map_or_else(Vec::new, |c| given(file, &c.annotations, "ApiVersion"))
}

fn given(file: &SourceFile<'_>, marks: &[Annotation], name: &str) -> Vec<String> {
    let code = file.code();
    let one = |mark: &Annotation| {
        let arguments = code.arguments(mark.open?);
        let first = arguments.first()?;
        let text = match code.string(first.start) {
            Some(text) => text.to_owned(),
            None => first.clone().map(|at| code.raw(at)).collect(),
        };
        // `[ApiVersion(1, 5)]`
        let second = arguments.get(1).filter(|r| r.len() == 1);
        let minor = second.map(|r| code.raw(r.start));
        let minor = minor.filter(|m| m.bytes().all(|b| b.is_ascii_digit()));
        let text = minor.map_or_else(|| text.clone(), |minor| format!("{text}.{minor}"));
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-';
        let number = text.starts_with(|c: char| c.is_ascii_digit()) && text.chars().all(plain);
        // A minor version of nothing is left out of paths.
        number.then(|| text.strip_suffix(".0").unwrap_or(&text).to_owned())
    };
    let mut all: Vec<String> = (marks.iter())
        .filter(|mark| mark.name.rsplit('.').next() == Some(name))
        .filter_map(one)
        .collect();
    all.sort();
    all.dedup();
    all
}

/// A template once for each version, with the version in its place; as it is where it has no place for
/// one, or where no version is known.
pub(super) fn filled(template: &str, versions: &[String]) -> Vec<String> {
    let place = template.find(CONSTRAINT).and_then(|end| {
        let begin = template.get(..end)?.rfind('{')?;
        Some((
            template.get(..begin)?,
            template.get(end + CONSTRAINT.len()..)?,
        ))
    });
    match place {
        Some((before, after)) if !versions.is_empty() => (versions.iter())
            .map(|version| format!("{before}{version}{after}"))
            .collect(),
        _ => vec![template.to_owned()],
    }
}
