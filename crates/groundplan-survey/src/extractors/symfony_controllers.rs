//! Controllers of Symfony: what their methods take, answer and ask.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Before, Claim, FileFacts, Handler};
use crate::paths;
use crate::php;
use crate::php_actions::{self, Class, Framework, METHOD};
use crate::php_annotations;
use crate::source::SourceFile;
use groundplan_syntax::Code;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "symfony-controllers",
    docs: "\
### What it finds
Of each method of a controller of Symfony what it reads (`$request->query->get`, `->request->get`,
`->headers->get`, `#[MapQueryParameter]`, `#[MapRequestPayload]`, the type of its form), what it answers
(`JsonResponse`, `$this->json`, `$this->render`, redirects, exceptions of HTTP) and what it asks
(`#[IsGranted]`, `@IsGranted`, `denyAccessUnlessGranted`), also the class.

### What it does not find
Statuses that are computed, what listeners and services read and answer, views of FOSRestBundle.
",
    reads: &[Reads::Paths(&["**/Controller/**/*.php", "**/*Controller.php"])],
    markers: &["Symfony\\Component\\HttpFoundation", "Symfony\\Bundle\\FrameworkBundle"],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    // Controllers of Laravel answer with classes of Symfony too.
    let laravel =
        file.text.contains("Illuminate\\") || file.folder().split('/').any(|p| p == "Controllers");
    if laravel || php::is_foreign(file.path) || paths::is_test(file.path) {
        return;
    }
    let code = file.code();
    let Some(class) = php_actions::class(code) else {
        return;
    };
    let handler = Handler {
        name: class.name.to_owned(),
        bases: class.base.iter().cloned().collect(),
        methods: php_actions::methods(code, &class)
            .iter()
            .map(|method| method.name.to_owned())
            .collect(),
        ..Handler::default()
    };
    let (first, last) = (code.line(class.at), code.line(class.body.start - 1));
    acc.add(file, first, last, Claim::Handler(Box::new(handler)));
    asked(acc, file, &class);
    php_actions::add(acc, file, &class, Framework::Symfony);
}

/// What the attributes of the class and the annotations of comments ask of the caller.
fn asked<'t>(acc: &mut FileFacts, file: &SourceFile<'t>, class: &Class<'t>) {
    let code = file.code();
    let head = code.line(class.at);
    let mut found: Vec<(u32, u32, Vec<String>, Option<String>)> = Vec::new();
    for open in attributes(code, class.at) {
        let mut names = Vec::new();
        for mark in php_annotations::of_attribute(code, open) {
            php_actions::asked(&mark, &mut names);
        }
        let last = code.partner(open).unwrap_or(open);
        found.push((code.line(open), code.line(last), names, None));
    }
    if file.text.contains("@IsGranted") || file.text.contains("@Security") {
        let methods = php_actions::methods(code, class);
        for (line, text) in code.comments() {
            let end = line + text.matches('\n').count() as u32;
            let marks = php_annotations::of_comment(text, line, |name| {
                matches!(name.rsplit('\\').next(), Some("IsGranted" | "Security"))
            });
            let mut names = Vec::new();
            for mark in &marks {
                php_actions::asked(mark, &mut names);
            }
            // A comment belongs to what follows it.
            let next = methods.iter().find(|m| code.line(m.at) > end);
            let of_method = (line > head)
                .then(|| next.map(|m| m.name.to_owned()))
                .flatten();
            if end < head || of_method.is_some() {
                found.push((line, end, names, of_method));
            }
        }
    }
    for (first, last, names, method) in found {
        if names.is_empty() {
            continue;
        }
        let befores = names.into_iter().map(|name| Before {
            name,
            only: method.iter().cloned().collect(),
            asks: true,
            ..Before::default()
        });
        let handler = Handler {
            name: format!("{}{METHOD}", class.name),
            befores: befores.collect(),
            ..Handler::default()
        };
        acc.add(file, first, last, Claim::Handler(Box::new(handler)));
    }
}

/// The brackets of the attributes before a class.
fn attributes(code: &Code<'_>, class: usize) -> Vec<usize> {
    let from = (0..class)
        .rev()
        .find(|&i| code.is_byte(i, b';') || code.is_byte(i, b'}'))
        .map_or(0, |i| i + 1);
    let mut all = Vec::new();
    let mut at = from;
    while at < class {
        if code.is_byte(at, b'#') && code.is_byte(at + 1, b'[') {
            all.push(at + 1);
            at = code.partner(at + 1).unwrap_or(at + 1);
        }
        at += 1;
    }
    all
}
