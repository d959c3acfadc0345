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
Symfony, and the front controller (`public/index.php`, `web/index.php`) that a web server hands all
requests to, with the framework that it starts.

### What it does not find
Pages of PHP that a web server runs one by one, scripts of the command line.
",
    reads: &[Reads::Paths(&[
        "artisan",
        "**/bin/console",
        "**/public/index.php",
        "**/web/index.php",
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
    let (at, kind) = match (found, file.name()) {
        (Some(found), _) => found,
        // `artisan` is a name of the framework's own.
        (None, "artisan") => (0, "laravel"),
        (None, "console") => return,
        (None, _) => (0, "php"),
    };
    let line = file.text[..at].matches('\n').count() as u32 + 1;
    let claim = Claim::Entry(Entry {
        kind: kind.to_owned(),
        name: file.name().to_owned(),
    });
    acc.add(file, line, line, claim);
}
