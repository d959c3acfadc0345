//! Rules of validation of Laravel (<https://laravel.com/docs/validation#available-validation-rules>).

use crate::facts::Input;
use crate::php;
use groundplan_syntax::Code;

/// Rules that say what a value is.
const KINDS: [&str; 16] = [
    "array", "boolean", "date", "decimal", "email", "file", "image", "integer", "ip", "json",
    "list", "numeric", "string", "ulid", "url", "uuid",
];

/// The fields of a list of rules, and whether all of them are written out.
pub(crate) fn of(code: &Code<'_>, open: usize) -> (Vec<Input>, bool) {
    let mut all = Vec::new();
    let mut whole = true;
    for (key, value) in php::entries(code, open).into_iter().take(300) {
        let Some(name) = key.and_then(|key| php::text(code, &key)) else {
            whole = false;
            continue;
        };
        let written: Vec<String> = match php::list_at(code, &value) {
            Some(list) => php::entries(code, list)
                .into_iter()
                .filter_map(|(_, one)| php::text(code, &one))
                .collect(),
            None => php::text(code, &value).into_iter().collect(),
        };
        let words: Vec<&str> = written
            .iter()
            .flat_map(|w| w.split('|'))
            .map(str::trim)
            .collect();
        let sometimes = words.contains(&"sometimes") || words.contains(&"nullable");
        let kind = words.iter().map(|w| w.split(':').next().unwrap_or(w));
        let kind = kind.into_iter().find(|w| KINDS.contains(w));
        // A field of each of many is there where its list is.
        let required = words.contains(&"required") && !sometimes && !name.contains('.');
        all.push(Input {
            name,
            place: "form".to_owned(),
            data_type: kind.map(str::to_owned),
            required,
        });
    }
    (all, whole)
}
