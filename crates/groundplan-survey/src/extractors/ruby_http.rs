//! Routes of Sinatra and Grape.

use crate::extractor::{Extractor, Reads};
use crate::extractors::rails_routes::CLASS;
use crate::extractors::rails_routes::paths::{expanded, join, template};
use crate::facts::{Claim, Endpoint, FileFacts, Mount};
use crate::paths;
use crate::ruby::{self, Statement, Value};
use crate::scan::{self, Part};
use crate::source::SourceFile;
use groundplan_syntax::Language;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "ruby-http",
    docs: "\
### What it finds
Endpoints of Sinatra, as a program and in subclasses of `Sinatra::Base`, with namespaces; those of
Grape with `resource`, `namespace`, `route_param`, `prefix`, `version` and what an API mounts.

### What it does not find
Applications that `config.ru` maps to a path, versions in headers, classes with a base of their own.
",
    reads: &[Reads::Own(&[Language::Ruby])],
    markers: &["sinatra", "Sinatra::", "Grape::API"],
    run: extract,
};

/// Blocks in blocks at most.
const DEEPEST: u32 = 30;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own || paths::is_test(file.path) {
        return;
    }
    let all = ruby::statements(file.text);
    // `require "sinatra"` makes the file itself the application.
    let program = all.iter().any(|s| {
        let what = s.args.first().and_then(Value::name);
        s.word == "require" && matches!(what, Some("sinatra" | "sinatra/base"))
    });
    let classic = program && !file.text.contains("Sinatra::Base");
    let mut reader = Reader {
        acc,
        file,
        framework: "sinatra",
        class: String::new(),
        depth: 0,
    };
    if classic {
        reader.block(&all, "");
    }
    for class in ruby::classes(&all) {
        let framework = match class.parent {
            "Sinatra::Base" | "Sinatra::Application" => "sinatra",
            "Grape::API" | "Grape::API::Instance" => "grape",
            _ => continue,
        };
        let base = match framework {
            "grape" => base(class.body),
            _ => String::new(),
        };
        reader.framework = framework;
        reader.class = class.name;
        reader.block(class.body, &base);
    }
}

struct Reader<'a, 'f, 's> {
    acc: &'a mut FileFacts,
    file: &'f SourceFile<'s>,
    framework: &'static str,
    /// The class that answers, with its modules; empty for a program of Sinatra.
    class: String,
    depth: u32,
}

impl Reader<'_, '_, '_> {
    fn block(&mut self, all: &[Statement<'_>], path: &str) {
        if self.depth > DEEPEST {
            return;
        }
        self.depth += 1;
        for statement in all {
            self.statement(statement, path);
        }
        self.depth -= 1;
    }

    fn statement(&mut self, statement: &Statement<'_>, path: &str) {
        if !statement.on.is_empty() {
            return;
        }
        let first = statement.args.first().and_then(Value::name);
        let grape = self.framework == "grape";
        match (statement.word, first) {
            ("get" | "post" | "put" | "patch" | "delete" | "options" | "head", _)
                if statement.block =>
            {
                let written = match statement.args.first() {
                    Some(value @ Value::List(_)) => value.names(),
                    Some(value) => match value.name() {
                        Some(name) => vec![name],
                        // A pattern, or what is computed.
                        None => return,
                    },
                    None if grape => vec![""],
                    None => return,
                };
                for end in written {
                    // A symbol of Grape is a word of the path, and one of Sinatra is none.
                    self.add(statement, &join(path, end));
                }
            }
            ("namespace" | "resource" | "resources" | "group" | "segment", Some(name))
                if grape || statement.word == "namespace" =>
            {
                self.block(&statement.body, &join(path, name));
            }
            ("route_param", Some(name)) if grape => {
                self.block(&statement.body, &join(path, &format!(":{name}")));
            }
            ("version", Some(name)) if grape && statement.block && in_path(statement) => {
                self.block(&statement.body, &join(path, name));
            }
            ("mount", _) if grape => self.mount(statement, path),
            ("if" | "unless" | "configure" | "register" | "version", _) => {
                self.block(&statement.body, path);
            }
            _ => {}
        }
    }

    /// `mount Users`, `mount Users => '/users'`
    fn mount(&mut self, statement: &Statement<'_>, path: &str) {
        let plain = statement.args.iter().map(|class| (class, ""));
        let placed = statement.pairs.iter();
        let placed = placed.map(|(class, path)| (class, path.name().unwrap_or_default()));
        for (class, end) in plain.chain(placed) {
            let Value::Word(class) = class else { continue };
            let prefix = join(path, end);
            let mount = Mount {
                router: Some(self.class.clone()),
                prefix: match prefix.is_empty() {
                    true => prefix,
                    false => template(&prefix),
                },
                target: format!("{CLASS}{}", class.trim_start_matches("::")),
                ..Mount::default()
            };
            let line = statement.lines.0;
            scan::add(self.acc, self.file, line, Claim::Mount(mount));
        }
    }

    fn add(&mut self, statement: &Statement<'_>, path: &str) {
        // Sinatra marks optional parts by a question mark behind them.
        let path = path.replace("/?", "");
        for path in expanded(&path) {
            let endpoint = Endpoint {
                method: statement.word.to_uppercase(),
                path: template(&path),
                handler: (!self.class.is_empty()).then(|| self.class.clone()),
                framework: self.framework.to_owned(),
                summary: None,
                router: (self.framework == "grape").then(|| self.class.clone()),
                verbs: Vec::new(),
                given: false,
                mounts: Vec::new(),
                class: None,
                guards: Vec::new(),
            };
            let (first, last) = statement.lines;
            scan::endpoint(self.acc, self.file, first, last, endpoint);
        }
    }
}

/// Whether a version of Grape stands in the path, which it does unless told otherwise
/// (<https://github.com/ruby-grape/grape#versioning>).
fn in_path(statement: &Statement<'_>) -> bool {
    matches!(statement.option_name("using"), None | Some("path"))
}

/// What `prefix` and `version` of an API of Grape put before all of its paths.
fn base(body: &[Statement<'_>]) -> String {
    let named = |word: &str| {
        let mut all = body.iter().filter(|s| s.word == word && !s.block);
        all.find(|s| word != "version" || in_path(s))
            .and_then(|s| s.args.first())
            .and_then(Value::name)
            .unwrap_or_default()
    };
    join(&join("", named("prefix")), named("version"))
}
