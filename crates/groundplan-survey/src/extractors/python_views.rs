//! Classes of Python that answer requests: their bases and the methods they define.

use crate::code_view::CodeView;
use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Handler};
use crate::paths;
use crate::source::SourceFile;
use groundplan_syntax::Language;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "python-views",
    docs: "\
### What it finds
Classes of Django and Django REST framework that answer requests: views, view sets, and the mixins
that they are made of, with their bases and the methods (`get`, `list` …) that they define.

### What it does not find
Function views, methods that are added when the program runs, the bodies of requests.
",
    reads: &[Reads::Languages(&[Language::Python])],
    markers: &["View", "Mixin"],
    run: extract,
};

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
    for (index, class) in all.iter().enumerate() {
        let Some(open) = class
            .params
            .filter(|_| class.class && class.parent.is_none())
        else {
            continue;
        };
        let answers = |name: &str| {
            ["View", "ViewSet", "Mixin", "Viewset"]
                .iter()
                .any(|end| name.ends_with(end))
        };
        let bases: Vec<String> = code
            .arguments(open)
            .into_iter()
            .filter(|r| !code.is(r.start + 1, "="))
            .filter_map(|r| (r.start..r.end).rev().find_map(|at| code.ident(at)))
            .map(str::to_owned)
            .collect();
        if !answers(class.name) && !bases.iter().any(|base| answers(base)) {
            continue;
        }
        let methods: Vec<String> = all
            .iter()
            .skip(index + 1)
            .take_while(|f| f.at < class.body.end)
            .filter(|f| f.parent == Some(index) && METHODS.contains(&f.name))
            .map(|f| f.name.to_owned())
            .collect();
        // A class without either says nothing that its name does not.
        if methods.is_empty() && bases.is_empty() {
            continue;
        }
        let handler = Handler {
            name: class.name.to_owned(),
            bases,
            methods,
            ..Handler::default()
        };
        let line = code.line(class.at);
        acc.add(file, line, line, Claim::Handler(Box::new(handler)));
    }
}
