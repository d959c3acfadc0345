//! Applications of Rails and of Rack.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, Entry, FileFacts, Package, Property};
use crate::paths;
use crate::resolve::rails::API_ONLY;
use crate::ruby::{self, Statement, Value};
use crate::scan;
use crate::source::SourceFile;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "rails-app",
    docs: "\
### What it finds
Applications of Rails by the class in `config/application.rb`, named for its module, and whether they
are only an API; other applications of Rack by `config.ru`.

### What it does not find
Engines, and applications that only start in tests.
",
    reads: &[Reads::Paths(&["**/config/application.rb", "config.ru"])],
    markers: &["Rails::Application", "run "],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) || scan::is_test(file.path) {
        return;
    }
    let all = ruby::statements(file.text);
    match file.name() {
        "application.rb" => rails(acc, file, &all, ""),
        _ => rack(acc, file, &all),
    }
}

/// `module Shop class Application < Rails::Application`
fn rails<'t>(acc: &mut FileFacts, file: &SourceFile<'_>, all: &[Statement<'t>], module: &'t str) {
    for statement in all {
        let name = match statement.args.first() {
            Some(Value::Word(name)) => *name,
            _ => "",
        };
        let parent = match statement.args.get(1) {
            Some(Value::Code(parent)) => *parent,
            _ => "",
        };
        match statement.word {
            "module" => rails(acc, file, &statement.body, name),
            "class" if parent.trim_start_matches("::") == "Rails::Application" => {
                // `class Shop::Application` has its module before its name.
                let module = name.rsplit_once("::").map_or(module, |(module, _)| module);
                application(acc, file, statement.lines.0, &scan::snake(module), "rails");
                api_only(acc, file, &statement.body);
            }
            _ => {}
        }
    }
}

/// `config.api_only = true`: there are no forms, and no routes to them.
fn api_only(acc: &mut FileFacts, file: &SourceFile<'_>, body: &[Statement<'_>]) {
    for statement in body {
        let set = [Value::Code("config.api_only"), Value::Word("true")];
        if statement.word == "=" && statement.args == set {
            let property = Property {
                commented: false,
                key: API_ONLY.to_owned(),
                value: Some("true".to_owned()),
                secret: false,
                profile: None,
            };
            scan::add(acc, file, statement.lines.0, Claim::Property(property));
        }
    }
}

/// `run Shop.new` of an application that is none of Rails, which starts from its own class.
fn rack(acc: &mut FileFacts, file: &SourceFile<'_>, all: &[Statement<'_>]) {
    let whole = ["config/environment", "Rails.application", "Combustion"];
    if whole.iter().any(|mark| file.text.contains(mark)) {
        return;
    }
    let run = all.iter().find(|s| s.word == "run" && s.on.is_empty());
    let Some(run) = run else { return };
    let code = match run.args.first() {
        Some(Value::Word(code) | Value::Code(code)) => *code,
        _ => return,
    };
    let name = code.split(['.', '(', ' ']).next().unwrap_or(code);
    let name = name.split("::").next().unwrap_or(name);
    let named = name.starts_with(|c: char| c.is_ascii_uppercase());
    let folder = file.folder().rsplit('/').next().unwrap_or_default();
    let name = match (folder.is_empty(), named) {
        (false, _) => folder.to_owned(),
        (true, true) => scan::snake(name),
        (true, false) => return,
    };
    application(acc, file, run.lines.0, &name, "rack");
}

fn application(acc: &mut FileFacts, file: &SourceFile<'_>, line: u32, name: &str, kind: &str) {
    let folder = match file.name() {
        "config.ru" => file.folder(),
        _ => file
            .folder()
            .rsplit_once('/')
            .map_or("", |(folder, _)| folder),
    };
    let package = Package {
        ecosystem: "gem".to_owned(),
        name: name.to_owned(),
        folder: folder.to_owned(),
        application: true,
        ..Package::default()
    };
    acc.add(file, line, line, Claim::Package(package));
    let entry = Entry {
        kind: kind.to_owned(),
        name: name.to_owned(),
    };
    acc.add(file, line, line, Claim::Entry(entry));
}
