//! Names and versions of packages, as manifests write them.

use crate::tree::Text;
use groundplan_knowledge::Technology;

/// Words of a name in lower case, without what stands in brackets.
fn parts(name: &str) -> Vec<String> {
    let plain = name.split(" (").next().unwrap_or(name);
    let words = plain.split(|c: char| !c.is_alphanumeric());
    words
        .filter(|w| !w.is_empty() && !matches!(*w, "js" | "rs" | "py"))
        .map(|w| w.to_lowercase())
        .map(|w| w.strip_suffix("js").map_or(w.clone(), str::to_owned))
        .filter(|w| !w.is_empty())
        .collect()
}

/// Whether a package is the one that stands first among those of a technology.
fn is_first(package: &str, technology: &Technology) -> bool {
    let mut first = technology.packages.values().filter_map(|all| all.first());
    first.any(|first| first == package)
}

/// Frameworks and libraries whose packages for a product are not the product: `django-htmx`,
/// `strawberry-graphql`, `spring-kafka`.
const HOSTS: [&str; 14] = [
    "angular",
    "django",
    "express",
    "fastapi",
    "flask",
    "graphene",
    "laravel",
    "nest",
    "nestjs",
    "nuxt",
    "rails",
    "spring",
    "strawberry",
    "symfony",
];

/// Whether a package goes by the name of a technology: it has its words, or is the one that stands
/// first among those of the technology. Any other is only of its family, such as `env_logger` of
/// `log`, and is called by its own name.
pub(super) fn is_own(package: &str, technology: &Technology) -> bool {
    let wanted = parts(&technology.name);
    let words = parts(package);
    // What joins a product with a framework has versions of its own; a starter only brings the product.
    let starter = words.iter().any(|w| w == "starter");
    let joins = |w: &String| HOSTS.contains(&w.as_str()) && !wanted.contains(w);
    if !starter && words.iter().any(joins) && parts(&technology.id) != words {
        return false;
    }
    let joined = wanted.concat();
    let same = |a: &str| parts(a) == words;
    // `@acme/codemirror-theme` is what somebody else makes for the product, with versions of its own.
    if let Some((scope, rest)) = package.strip_prefix('@').and_then(|p| p.split_once('/')) {
        let scope = parts(scope);
        let theirs = |w: &String| wanted.contains(w) || wanted.concat().starts_with(w.as_str());
        if !scope.iter().any(theirs) && parts(rest) != wanted && !is_first(package, technology) {
            return false;
        }
    }
    (words.windows(wanted.len().max(1))).any(|w| w == wanted.as_slice())
        || words.contains(&joined)
        || words.concat() == joined
        || parts(&technology.id) == words
        || technology
            .packages
            .values()
            .filter_map(|all| all.first())
            .any(|first| same(first))
}

/// A version as a manifest has it: plain where it is one, as it is written where it is the bound of
/// a range, which says what is allowed and not what is used. Nothing where it stands elsewhere.
pub(super) fn version(text: Text, written: &str, path: &str) -> Text {
    let written = written.trim();
    let has_digit = written.contains(|c: char| c.is_ascii_digit());
    if !has_digit || written.len() > 40 || written.contains(['$', '{', '/', '@']) {
        return text;
    }
    let plain = written.trim_start_matches("==").trim_start_matches('v');
    let file = path.rsplit('/').next().unwrap_or(path);
    // A bare version of Cargo is the lower bound of a range, and one of npm with a part left out.
    let ranged = file == "Cargo.toml" || file == "package.json" && plain.matches('.').count() < 2;
    let exact = plain.starts_with(|c: char| c.is_ascii_digit())
        && !plain.contains([',', ' ', '|', '*', '<', '>', '^', '~', '['])
        && !plain.split('.').any(|part| part == "x");
    match exact && !ranged {
        true => text.then(format!(" {plain}")),
        false => text.then(" ").then_code(written),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::Span;
    use groundplan_knowledge::knowledge;

    #[test]
    fn a_package_of_a_family_is_not_its_head() {
        let is = |package: &str, name: &str| knowledge().by_name(name).map(|t| is_own(package, t));
        assert_eq!(is("env_logger", "log (Rust)"), Some(false));
        assert_eq!(is("log", "log (Rust)"), Some(true));
        assert_eq!(is("whitenoise", "Django"), Some(false));
        assert_eq!(is("django-filter", "Django"), Some(true));
        assert_eq!(is("chart.js", "Chart.js"), Some(true));
        assert_eq!(is("@uiw/codemirror-theme-dark", "CodeMirror"), Some(false));
        assert_eq!(is("@codemirror/view", "CodeMirror"), Some(true));
        assert_eq!(
            is(
                "org.springframework.boot:spring-boot-starter-web",
                "Spring Boot"
            ),
            Some(true)
        );
    }

    #[test]
    fn what_joins_a_product_with_a_framework_is_not_the_product() {
        let is = |package: &str, name: &str| {
            let known = knowledge().by_name(name);
            known.is_some_and(|t| is_own(package, t))
        };
        assert!(!is("django-htmx", "htmx"));
        assert!(!is("strawberry-graphql", "GraphQL"));
        assert!(is("htmx.org", "htmx"));
        assert!(is("flask", "Flask"));
        assert!(is("django", "Django"));
    }

    #[test]
    fn a_bound_is_no_version() {
        let said = |written: &str, path: &str| {
            let text = version(Text::plain("X"), written, path);
            let words = text.spans.iter().map(|span| match span {
                Span::Plain(t) | Span::Code(t) => t.as_str(),
                _ => "?",
            });
            words.collect::<String>()
        };
        assert_eq!(said("^4.4.1", "package.json"), "X ^4.4.1");
        assert_eq!(said("4.4.1", "package.json"), "X 4.4.1");
        assert_eq!(said("==2.0", "requirements.txt"), "X 2.0");
        assert_eq!(said("~=5.2.17", "pyproject.toml"), "X ~=5.2.17");
        assert_eq!(said(">=3.1,<4", "pyproject.toml"), "X >=3.1,<4");
        assert_eq!(said("workspace:*", "package.json"), "X");
        assert_eq!(said("v1.2.3", "go.mod"), "X 1.2.3");
    }
}
