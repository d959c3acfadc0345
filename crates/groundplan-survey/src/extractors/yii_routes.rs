//! Yii: HTTP routes.

use crate::call_rules::METHODS;
use crate::extractor::{Extractor, Reads};
use crate::facts::{Endpoint, FileFacts};
use crate::http_paths;
use crate::inflect;
use crate::php;
use crate::scan;
use crate::source::SourceFile;
use groundplan_syntax::{Code, Language};
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "yii-routes",
    docs: "\
### What it finds
Rules of the URL manager of Yii 2: `'GET orders/<id:\\\\d+>' => 'order/view'`, rules with `pattern`, `route` and
`verb`, and those of `yii\\\\rest\\\\UrlRule` with its controllers, prefix and extra patterns
(<https://www.yiiframework.com/doc/guide/2.0/en/runtime-routing>).

### What it does not find
Routes by the name of a controller, rules for hosts, rules that classes of the program make.
",
    reads: &[Reads::Languages(&[Language::Php])],
    markers: &["urlManager", "addRules", "UrlRule"],
    run: extract,
};

/// Actions of a controller of `yii\rest\UrlRule`: name, method, whether it is of one record.
const REST: [(&str, &str, bool); 6] = [
    ("update", "PUT", true),
    ("update", "PATCH", true),
    ("delete", "DELETE", true),
    ("view", "GET", true),
    ("create", "POST", false),
    ("index", "GET", false),
];

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if php::is_foreign(file.path) || scan::is_test(file.path) {
        return;
    }
    let code = file.code();
    let mut found: Vec<(u32, Endpoint)> = Vec::new();
    for at in 1..code.tokens.len() {
        // `'rules' => [ … ]` of the URL manager, and `$manager->addRules([ … ])`
        let open = if code.string(at) == Some("rules") && code.is_byte(at + 1, b'=') {
            php::list_at(code, &(at + 3..at + 5))
        } else if code.is(at, "addRules") && code.is_byte(at + 1, b'(') {
            code.arguments(at + 1)
                .first()
                .and_then(|first| php::list_at(code, first))
        } else {
            None
        };
        let Some(open) = open else { continue };
        for (key, value) in php::entries(code, open) {
            rule(code, key, &value, &mut found);
        }
    }
    for (line, endpoint) in found {
        http_paths::add(acc, file, line, line, endpoint);
    }
}

fn rule(
    code: &Code<'_>,
    key: Option<Range<usize>>,
    value: &Range<usize>,
    found: &mut Vec<(u32, Endpoint)>,
) {
    let line = code.line(value.start);
    let mut add = |methods: &[String], pattern: &str, route: &str| {
        for method in methods {
            let endpoint = Endpoint {
                method: method.clone(),
                path: http_paths::template(&parameters(pattern)),
                handler: Some(route.to_owned()),
                ..http_paths::unread("yii")
            };
            found.push((line, endpoint));
        }
    };
    let Some(open) = php::list_at(code, value) else {
        let pattern = key.and_then(|key| php::text(code, &key));
        if let (Some(pattern), Some(route)) = (pattern, php::text(code, value)) {
            // Validation rules have no slash in what they name.
            let (methods, path) = methods(&pattern);
            let known = route.contains('/') && !path.contains("://");
            if known {
                add(&methods, path, &route);
            }
        }
        return;
    };
    let of = |name: &str| php::value_of(code, open, name);
    let word = |name: &str| of(name).and_then(|range| php::text(code, &range));
    if let (Some(pattern), Some(route)) = (word("pattern"), word("route")) {
        let verbs = of("verb")
            .map(|range| php::texts(code, &range))
            .unwrap_or_default();
        let mut verbs: Vec<String> = verbs
            .iter()
            .flat_map(|v| v.split(','))
            .map(|v| v.trim().to_ascii_uppercase())
            .collect();
        // What answers `GET` answers `HEAD` as well.
        if verbs.iter().any(|verb| verb == "GET") {
            verbs.retain(|verb| verb != "HEAD");
        }
        let (mut given, path) = methods(&pattern);
        if !verbs.is_empty() {
            given = verbs;
        }
        add(&given, path, &route);
        return;
    }
    let rest = php::value_of(code, open, "class").is_some_and(|range| {
        range.clone().any(|at| code.is(at, "UrlRule"))
            || php::text(code, &range).is_some_and(|t| t.ends_with("rest\\UrlRule"))
    });
    let Some(controllers) = of("controller").filter(|_| rest) else {
        return;
    };
    let plural = of("pluralize").is_none_or(|range| !code.is(range.start, "false"));
    let prefix = word("prefix").unwrap_or_default();
    let only = of("only").map(|range| php::texts(code, &range));
    let except = of("except")
        .map(|range| php::texts(code, &range))
        .unwrap_or_default();
    let named: Vec<(Option<String>, String)> = match php::list_at(code, &controllers) {
        Some(list) => php::entries(code, list)
            .into_iter()
            .filter_map(|(key, value)| {
                Some((
                    key.and_then(|k| php::text(code, &k)),
                    php::text(code, &value)?,
                ))
            })
            .collect(),
        None => php::text(code, &controllers)
            .map(|c| (None, c))
            .into_iter()
            .collect(),
    };
    let extra: Vec<(String, String)> = of("extraPatterns")
        .and_then(|range| php::list_at(code, &range))
        .map(|list| php::entries(code, list))
        .unwrap_or_default()
        .into_iter()
        .filter_map(|(key, value)| Some((php::text(code, &key?)?, php::text(code, &value)?)))
        .collect();
    for (alias, controller) in named {
        let path = alias.unwrap_or_else(|| match controller.rsplit_once('/') {
            _ if !plural => controller.clone(),
            Some((before, last)) => format!("{before}/{}", inflect::plural(last)),
            None => inflect::plural(&controller),
        });
        let base = format!("{prefix}/{path}");
        for (pattern, action) in &extra {
            let (verbs, own) = methods(pattern);
            add(
                &verbs,
                &format!("{base}/{own}"),
                &format!("{controller}/{action}"),
            );
        }
        for (action, method, one) in REST {
            let asked = only
                .as_ref()
                .is_none_or(|only| only.iter().any(|o| o == action));
            if asked && !except.iter().any(|e| e == action) {
                let whole = match one {
                    true => format!("{base}/{{id}}"),
                    false => base.clone(),
                };
                add(
                    &[method.to_owned()],
                    &whole,
                    &format!("{controller}/{action}"),
                );
            }
        }
    }
}

/// The methods before a pattern, `GET,HEAD orders`, and the pattern alone.
fn methods(pattern: &str) -> (Vec<String>, &str) {
    if let Some((words, rest)) = pattern.split_once(' ') {
        let mut all: Vec<String> = words.split(',').map(str::to_ascii_uppercase).collect();
        if all.iter().all(|word| METHODS.contains(&word.as_str())) {
            if all.iter().any(|word| word == "GET") {
                all.retain(|word| word != "HEAD");
            }
            return (all, rest.trim());
        }
    }
    (vec!["ANY".to_owned()], pattern)
}

/// `<id:\d+>` is the parameter `id`, `{id}` as well.
fn parameters(pattern: &str) -> String {
    let mut out = String::new();
    let mut rest = pattern;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        let end = rest[at..].find('>').map_or(rest.len(), |close| at + close);
        let name = rest[at + 1..end].split(':').next().unwrap_or_default();
        out.push_str(&format!("{{{name}}}"));
        rest = rest.get(end + 1..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}
