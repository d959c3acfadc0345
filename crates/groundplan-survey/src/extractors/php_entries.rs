//! PHP: where an application starts.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, Entry, FileFacts};
use crate::paths;
use crate::php;
use crate::source::SourceFile;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "php-entries",
    docs: "\
### What it finds
The scripts that start an application of PHP: `artisan` of Laravel and Lumen, `bin/console` of
Symfony, and the front controller (`public/index.php`, `web/index.php`, any `index.php` in which a framework
handles the request) that a web server hands all requests to, with the framework that it starts.

### What it does not find
Pages of PHP that a web server runs one by one, scripts of the command line.
",
    reads: &[Reads::Paths(&[
        "artisan",
        "**/bin/console",
        "index.php",
        "**/index.php",
    ])],
    markers: &["<?php"],
    run: extract,
};

/// What a front controller or command says of its framework, by its knowledge id; the first that
/// fits.
const MARKS: &[(&str, &str)] = &[
    ("Laravel\\Lumen", "lumen"),
    ("LARAVEL_START", "laravel"),
    ("Illuminate\\", "laravel"),
    ("App\\Kernel", "symfony"),
    ("Symfony\\Component\\HttpKernel", "symfony"),
    ("Symfony\\Bundle", "symfony"),
    ("Symfony\\Component\\HttpFoundation\\Request", "symfony"),
    ("AppFactory", "slim"),
    ("Slim\\", "slim"),
    ("Cake\\", "cakephp"),
    ("CodeIgniter", "codeigniter"),
    ("yii\\web", "yii"),
    ("Laminas\\", "laminas"),
];

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if php::is_foreign(file.path) || paths::is_test(file.path) {
        return;
    }
    let found = MARKS
        .iter()
        .find_map(|(mark, framework)| Some((file.text.find(mark)?, *framework)));
    // Of other pages only those count that hand the request on.
    let runs = ["->handle(", "->run("];
    let hands_on = || runs.iter().any(|call| file.text.contains(call));
    if file.name() == "index.php" && !is_front(file.path) && !(found.is_some() && hands_on()) {
        return;
    }
    let (at, kind) = match (found, file.name()) {
        (Some(found), _) => found,
        // `artisan` is a name of the framework's own.
        (None, "artisan") => (0, "laravel"),
        (None, "console") => return,
        (None, _) if is_front(file.path) => (0, "php"),
        (None, _) => return,
    };
    let line = file.text[..at].matches('\n').count() as u32 + 1;
    let claim = Claim::Entry(Entry {
        kind: kind.to_owned(),
        name: file.name().to_owned(),
    });
    acc.add(file, line, line, claim);
}

/// Whether a page lies where frameworks have their front controller.
fn is_front(path: &str) -> bool {
    let folder = path.rsplit('/').nth(1).unwrap_or_default();
    matches!(folder, "public" | "web")
}
