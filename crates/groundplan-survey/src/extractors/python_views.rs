//! Classes of Python that answer requests: their bases and the methods they define.

mod rules;

pub(crate) use rules::{COUNTS, LOOKED_UP, SIGNS_IN};

use crate::call_rules::METHODS as HTTP;
use crate::code_view::CodeView;
use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Handler, NamedBy, RecordUse};
use crate::http_paths;
use crate::paths;
use crate::source::SourceFile;
use groundplan_syntax::{Code, Function, Language};
use std::collections::{BTreeMap, BTreeSet};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "python-views",
    docs: "\
### What it finds
Classes of Django, Django REST framework and flask-restful that answer requests: views, view sets,
resources, and the mixins that they are made of, with their bases, the methods (`get`, `list` …)
that they define, of view sets and mixins all public ones, and the extra actions of view sets
(`@POST:one:pay`), what their methods take, and the only methods that they allow
(`http_method_names`); functions with the methods that their decorator allows (`@api_view([GET])`,
`@require_POST`, a decorator of the repository that is given nothing but methods, such as `@allow('GET')`), or
that their body asks for (`if request.method == 'POST'`, and GET otherwise); the class of the records of
a class (`queryset = Order.objects.all()`, `model = Order`); of routers the methods that they add to every list (`put:bulk_update`). What classes of Django REST framework say of
all their methods: permissions, limits, serializers, the parameter that one record is looked up by, and what
exceptions are answered with.

### What it does not find
Other function views, methods that are added when the program runs, and of the bodies of requests what no
serializer of the class says.
",
    reads: &[Reads::Own(&[Language::Python])],
    markers: &[
        "View",
        "Mixin",
        "mapping",
        "Resource)",
        "api_view",
        "require_http_methods",
        "require_GET",
        "require_POST",
        "require_safe",
        "\"GET\"",
        "\"POST\"",
        "'GET'",
        "'POST'",
    ],
    run: extract,
};

/// What answers without a word of a router of the program.
const METHODS: [&str; 11] = [
    "get",
    "post",
    "put",
    "patch",
    "delete",
    "list",
    "create",
    "retrieve",
    "update",
    "partial_update",
    "destroy",
];

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) {
        return;
    }
    let view = CodeView::of(file);
    let code = view.code;
    let all = code.functions();
    let limits = [
        "api_view", "require_", "\"GET\"", "\"POST\"", "'GET'", "'POST'",
    ];
    if limits.iter().any(|w| file.text.contains(w)) {
        functions(acc, &view);
    }
    let marks = ["@action", "decorators.action"];
    let acts = marks.iter().any(|mark| file.text.contains(mark));
    for (index, class) in all.iter().enumerate() {
        if !class.class || class.parent.is_some() {
            continue;
        }
        let answers = |name: &str| {
            ["View", "ViewSet", "Mixin", "Viewset", "Resource"]
                .iter()
                .any(|end| name.ends_with(end))
        };
        let bases = view.bases(class);
        let router = bases.iter().any(|base| base.ends_with("Router"));
        let called = answers(class.name) || bases.iter().any(|base| answers(base));
        // What lends actions to view sets is one of these, whatever it is called.
        let actions = match acts {
            true => actions(&view, index),
            false => Vec::new(),
        };
        if !router && !called && actions.is_empty() {
            continue;
        }
        // A router may name any public method of a view set, and stands in another file.
        let routed = |name: &str| {
            ["ViewSet", "Viewset", "Mixin"]
                .iter()
                .any(|end| name.ends_with(end))
        };
        let is_set = routed(class.name) || bases.iter().any(|b| routed(b) && !b.ends_with("Mixin"));
        let own = || {
            let inside = all.iter().skip(index + 1);
            inside
                .take_while(|f| f.at < class.body.end)
                .filter(|f| f.parent == Some(index) && !f.class)
        };
        let docs = own()
            .filter(|f| matches!(f.name, "get" | "post" | "put" | "patch" | "delete"))
            .filter_map(|f| Some((f.name.to_owned(), view.summary_of(f)?)))
            .collect();
        let mut methods: Vec<String> = own()
            .filter(|f| METHODS.contains(&f.name) || is_set && !f.name.starts_with('_'))
            .map(|f| f.name.to_owned())
            .collect();
        if router {
            methods.extend(added(&view, class.body.clone()));
        }
        methods.extend(actions);
        // A class without either says nothing that its name does not.
        if methods.is_empty() && bases.is_empty() {
            continue;
        }
        let takes = own()
            .filter(|f| methods.iter().any(|m| m == f.name))
            .map(|f| (f.name.to_owned(), parameters(&view, f)))
            .collect();
        let mut handler = Handler {
            name: class.name.to_owned(),
            bases,
            methods,
            docs,
            takes,
            only: allowed(&view, index),
            ..Handler::default()
        };
        rules::fill(&view, index, &mut handler);
        let line = code.line(class.at);
        acc.add(file, line, line, Claim::Handler(Box::new(handler)));
        // `queryset = Order.objects.all()`, `model = Order`.
        let own = code.definitions().iter().filter(|d| d.scope == Some(index));
        let kept = own.filter(|d| matches!(d.name, "queryset" | "model"));
        for definition in kept {
            let mut words = definition.value.clone().filter_map(|at| code.ident(at));
            if let Some(of) = words.find(|w| w.starts_with(char::is_uppercase)) {
                let line = code.line(definition.at);
                let of = of.to_owned();
                let by = NamedBy::View;
                let writes = false;
                acc.add(
                    file,
                    line,
                    line,
                    Claim::RecordUse(RecordUse { of, by, writes }),
                );
            }
        }
    }
}

/// The parameters of a method apart from the instance and the request.
fn parameters(view: &CodeView<'_, '_>, function: &Function<'_>) -> Vec<String> {
    let code = view.code;
    let given = function.params.map(|open| code.arguments(open));
    let mut found = Vec::new();
    for range in given.into_iter().flatten().skip(2) {
        if code.is(range.start, "*") && range.len() > 1 {
            // What comes by position is not followed either.
            found.push("**".to_owned());
        } else if let Some(name) = code.ident(range.start) {
            let optional = range.clone().any(|at| code.is(at, "="));
            found.push(format!("{name}{}", if optional { "?" } else { "" }));
        }
    }
    found
}

/// `http_method_names = ["get", "head"]` of a class.
fn allowed(view: &CodeView<'_, '_>, class: usize) -> Vec<String> {
    let code = view.code;
    let of_class = code.definitions().iter();
    let mut found = of_class.filter(|d| d.scope == Some(class) && d.name == "http_method_names");
    let list = found.next().map(|d| d.value.clone());
    let list = list.filter(|r| code.is(r.start, "[") || code.is(r.start, "("));
    let words = list.into_iter().flatten();
    words
        .filter_map(|at| code.string(at))
        .map(str::to_ascii_lowercase)
        .collect()
}

/// Functions whose decorator or body says which methods they answer.
fn functions(acc: &mut FileFacts, view: &CodeView<'_, '_>) {
    let code = view.code;
    let all = code.functions();
    let mut known: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    let mut others: BTreeSet<usize> = BTreeSet::new();
    for note in code.annotations() {
        let index = all.partition_point(|f| f.first < note.next);
        let Some(function) = all.get(index) else {
            continue;
        };
        if function.class || function.parent.is_some() {
            continue;
        }
        let last = note.name.rsplit('.').next().unwrap_or(&note.name);
        let methods: Vec<String> = match (last, note.open) {
            ("require_GET", _) => vec!["get".to_owned()],
            ("require_safe", _) => vec!["get".to_owned()],
            ("require_POST", _) => vec!["post".to_owned()],
            ("api_view", None) => vec!["get".to_owned()],
            ("api_view", Some(open)) if code.arguments(open).is_empty() => vec!["get".to_owned()],
            ("api_view" | "require_http_methods", Some(open)) => {
                let list = view
                    .argument(open, 0)
                    .or_else(|| code.named_argument(open, "http_method_names"))
                    .or_else(|| code.named_argument(open, "request_method_list"));
                let words = list.into_iter().flatten().filter_map(|at| code.string(at));
                words.map(str::to_ascii_lowercase).collect()
            }
            // A route of another framework is told where it is read.
            ("route" | "api_route" | "get" | "post" | "put" | "patch" | "delete", _) => {
                others.insert(index);
                continue;
            }
            (_, Some(open)) => only_methods(code, open),
            _ => continue,
        };
        if !methods.is_empty() {
            known.entry(index).or_insert(methods);
        }
    }
    for (index, function) in all.iter().enumerate() {
        if function.class || function.parent.is_some() || others.contains(&index) {
            continue;
        }
        let methods = match known.remove(&index) {
            Some(methods) => methods,
            None => asked(code, function),
        };
        if methods.is_empty() {
            continue;
        }
        let handler = Handler {
            name: function.name.to_owned(),
            methods,
            ..Handler::default()
        };
        let line = code.line(function.at);
        acc.add(view.file, line, line, Claim::Handler(Box::new(handler)));
    }
}

/// The methods that a decorator is given, if it is given nothing else: `@cors("GET", "POST")`.
fn only_methods(code: &Code<'_>, open: usize) -> Vec<String> {
    let mut found = Vec::new();
    for argument in code.arguments(open) {
        let listed = code.is(argument.start, "[") || code.is(argument.start, "(");
        for at in argument {
            match code.string(at) {
                Some(word) if HTTP.contains(&word) => found.push(word.to_ascii_lowercase()),
                Some("HEAD" | "OPTIONS") => {}
                Some(_) => return Vec::new(),
                None if listed && matches!(code.raw(at), "[" | "]" | "(" | ")" | ",") => {}
                None => return Vec::new(),
            }
        }
    }
    found
}

/// The methods that a view asks for: those that it compares the method of the request with, and GET for
/// what is left; one alone where all others are turned away at once.
fn asked(code: &Code<'_>, function: &Function<'_>) -> Vec<String> {
    let mut found: BTreeSet<String> = BTreeSet::new();
    let mut alone = None;
    let takes = |open: usize| {
        let first = code.arguments(open).into_iter().next();
        first.and_then(|r| code.ident(r.start)) == Some("request")
    };
    if !function.params.is_some_and(takes) {
        return Vec::new();
    }
    for at in function.body.clone() {
        let compared = code.is(at, "request") && code.is(at + 1, ".") && code.is(at + 2, "method");
        if !compared {
            continue;
        }
        let (same, next) = match (code.raw(at + 3), code.raw(at + 4)) {
            ("==", _) => (true, at + 4),
            ("!=", _) => (false, at + 4),
            ("=", "=") => (true, at + 5),
            ("!", "=") => (false, at + 5),
            // What is done otherwise with the method is not followed.
            _ => return Vec::new(),
        };
        let Some(word) = code.string(next).filter(|word| HTTP.contains(word)) else {
            return Vec::new();
        };
        let word = word.to_ascii_lowercase();
        let refused = code.is(next + 1, ":") && code.is(next + 2, "return") && {
            let answer = (next + 3..next + 16).take_while(|&at| at < function.body.end);
            answer.into_iter().any(|at| {
                let raw = code.raw(at);
                matches!(raw, "405" | "400")
                    || raw.contains("NotAllowed")
                    || raw.contains("BadRequest")
            })
        };
        if !same && refused {
            alone = Some(word.clone());
        }
        found.insert(word);
    }
    if let Some(word) = alone {
        return vec![word];
    }
    if !found.is_empty() {
        found.insert("get".to_owned());
    }
    found.into_iter().collect()
}

/// `@action(detail=True, methods=["post"], url_path="pay")` on a method of a view set: `@POST:one:pay`
/// (<https://www.django-rest-framework.org/api-guide/viewsets/#marking-extra-actions-for-routing>).
fn actions(view: &CodeView<'_, '_>, class: usize) -> Vec<String> {
    let code = view.code;
    let all = code.functions();
    let mut found = Vec::new();
    let Some(body) = all.get(class).map(|f| f.body.clone()) else {
        return found;
    };
    // Where each action stands, by its name.
    let mut places: BTreeMap<&str, String> = BTreeMap::new();
    for note in code.annotations() {
        // `@pay.mapping.delete`: another method at the path of the action `pay`.
        if let Some((action, verb)) = note.name.split_once(".mapping.")
            && let Some(place) = places.get(action).filter(|_| body.contains(&note.next))
        {
            found.push(format!("@{}:{place}", verb.to_ascii_uppercase()));
            continue;
        }
        let named = matches!(note.name.as_str(), "action" | "decorators.action");
        let Some(open) = note.open.filter(|o| named && body.contains(o)) else {
            continue;
        };
        let Some(function) = all.get(all.partition_point(|f| f.first < note.next)) else {
            continue;
        };
        if function.parent != Some(class) {
            continue;
        }
        let one = code
            .named_argument(open, "detail")
            .is_some_and(|r| code.is(r.start, "True"));
        let path = match code.named_argument(open, "url_path") {
            Some(range) => match view.fold(range) {
                Some(path) => http_paths::from_regex(&path),
                // What the path is, another file says.
                None => continue,
            },
            None => function.name.to_owned(),
        };
        let methods: Vec<String> = code
            .named_argument(open, "methods")
            .or_else(|| view.argument(open, 0))
            .into_iter()
            .flatten()
            .filter_map(|at| code.string(at))
            .map(str::to_ascii_uppercase)
            .filter(|m| HTTP.contains(&m.as_str()))
            .collect();
        let methods = match methods.is_empty() {
            true => vec!["GET".to_owned()],
            false => methods,
        };
        let place = if one { "one" } else { "all" };
        let place = format!("{place}:{}", path.trim_matches('/'));
        found.extend(methods.iter().map(|m| format!("@{m}:{place}")));
        places.insert(function.name, place);
    }
    found
}

/// `self.routes[0].mapping.update({"put": "bulk_update"})` of a router: `put:bulk_update`.
fn added(view: &CodeView<'_, '_>, body: std::ops::Range<usize>) -> Vec<String> {
    let code = view.code;
    let mut all = Vec::new();
    for call in view
        .calls_of("update")
        .iter()
        .filter(|c| body.contains(&c.open))
    {
        // The first route of a router is that of the list.
        let from = call.first.saturating_sub(8);
        let of_list = (from..call.open).any(|at| code.is(at, "mapping"))
            && (from..call.open).any(|at| code.is(at, "0"));
        if !of_list || !code.is(call.open + 1, "{") {
            continue;
        }
        for pair in code.arguments(call.open + 1) {
            if let (Some(method), Some(action)) =
                (code.string(pair.start), code.string(pair.end - 1))
            {
                all.push(format!("{method}:{action}"));
            }
        }
    }
    all
}
