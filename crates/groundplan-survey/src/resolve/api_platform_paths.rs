//! Paths of operations of API Platform: what the configuration puts before them, and the segment that the
//! name of a class gives.

use crate::extractors::api_platform::{PREFIX, SEGMENT};
use crate::http_paths::{self, CONSTANT};
use crate::inflect;
use crate::scan;

/// What the configuration of a project says.
#[derive(Debug, Default)]
pub(crate) struct Settings<'s> {
    /// Where the routes of the framework are taken in.
    pub(crate) routes: &'s str,
    /// What resources stand below that do not say so themselves.
    pub(crate) prefix: &'s str,
    /// Whether words of a segment are divided by dashes.
    pub(crate) dashes: bool,
}

/// The whole path of an operation.
pub(crate) fn whole(path: &str, settings: &Settings<'_>) -> String {
    let mark = format!("/{{{CONSTANT}{PREFIX}}}");
    let own = match path.strip_prefix(mark.as_str()) {
        Some(rest) => http_paths::join(settings.prefix, rest),
        None => path.to_owned(),
    };
    let mark = format!("{{{CONSTANT}{SEGMENT}");
    let own = match own.split_once(&mark) {
        Some((before, after)) => {
            let (class, behind) = after.split_once('}').unwrap_or((after, ""));
            let words = inflect::plural(&scan::snake(class));
            let words = match settings.dashes {
                true => words.replace('_', "-"),
                false => words,
            };
            format!("{before}{words}{behind}")
        }
        None => own,
    };
    http_paths::join(settings.routes, &own)
}

#[cfg(test)]
mod tests {
    use super::{Settings, whole};

    #[test]
    fn segments_and_prefixes() {
        let plain = Settings::default();
        let dashed = Settings {
            routes: "/api",
            prefix: "/v2",
            dashes: true,
        };
        for (path, bare, all) in [
            (
                "/{const:api-platform:prefix}/{const:segment:OrderLine}/{id}",
                "/order_lines/{id}",
                "/api/v2/order-lines/{id}",
            ),
            (
                "/{const:api-platform:prefix}/media/{id}",
                "/media/{id}",
                "/api/v2/media/{id}",
            ),
            (
                "/admin/{const:segment:Category}",
                "/admin/categories",
                "/api/admin/categories",
            ),
        ] {
            assert_eq!(whole(path, &plain), bare);
            assert_eq!(whole(path, &dashed), all);
        }
    }
}
