//! Roda: the routing tree of an application.

use crate::extractor::{Extractor, Reads};
use crate::extractors::rails_routes::CLASS;
use crate::extractors::rails_routes::paths::{join, template};
use crate::facts::{Claim, Endpoint, FileFacts, Mount, Router};
use crate::http_paths;
use crate::paths;
use crate::ruby::{self, Statement, Value};
use crate::scan::{self, Part};
use crate::source::SourceFile;
use groundplan_syntax::Language;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "roda-http",
    docs: "\
### What it finds
Endpoints of Roda: the tree of `route do |r|` and of `hash_branch`, with what `r.on`, `r.is`, `r.root` and the
methods (`r.get \"orders\", Integer do |id|`) match, and branches of other files where `r.hash_branches` takes them in.

### What it does not find
Applications that `r.run` and `r.multi_run` hand requests to, routes of plugins (Rodauth), matchers that are
computed (one note says that there are more).
",
    reads: &[Reads::Own(&[Language::Ruby])],
    markers: &["Roda", "hash_branch"],
    run: extract,
};

/// Begins the name of the branches of one name in a class: any number of files have some.
pub(crate) const BRANCHES: &str = "roda ";

/// Blocks in blocks at most.
const DEEPEST: u32 = 40;

/// Routes of one file at most.
const MOST: u32 = 1000;

/// Statements and matchers that are looked at in one file: those of a block are once for each path that leads to
/// it, so that blocks in blocks double them with each.
const MOST_WALKED: usize = 100_000;

/// Bytes of a path.
const LONGEST: usize = 1000;

/// Paths that the matchers of one block make at most, and matchers of one block.
const MOST_PATHS: usize = 40;

const VERBS: [&str; 6] = ["get", "post", "put", "patch", "delete", "head"];

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own || paths::is_test(file.path) {
        return;
    }
    let mut reader = Reader {
        acc,
        file,
        class: String::new(),
        router: None,
        depth: 0,
        made: 0,
        walked: 0,
    };
    let all = ruby::statements(file.text);
    for class in ruby::classes(&all) {
        let own = class.parent == "Roda" || class.parent.starts_with("Roda(");
        reader.class = class.name;
        reader.members(class.body, own);
    }
    let ended = reader.made > MOST || reader.walked > MOST_WALKED;
    if ended {
        // What was not looked at may hold more.
        scan::endpoint(acc, file, 1, 1, http_paths::unread("roda"));
    }
}

struct Reader<'a, 'f, 's> {
    acc: &'a mut FileFacts,
    file: &'f SourceFile<'s>,
    class: String,
    /// The branches that are read; `None` in the tree that the class itself begins with.
    router: Option<String>,
    depth: u32,
    made: u32,
    walked: usize,
}

/// Where a block of the tree stands.
#[derive(Clone)]
struct Place<'t> {
    path: String,
    /// The request, as the block calls it.
    request: &'t str,
    /// Methods that conditions above leave; empty for all.
    methods: Vec<String>,
}

impl<'t> Place<'t> {
    fn below(&self, path: &str) -> Place<'t> {
        Place {
            path: path.to_owned(),
            ..self.clone()
        }
    }
}

impl Reader<'_, '_, '_> {
    /// The trees that a class begins: its own, and its branches.
    fn members(&mut self, all: &[Statement<'_>], own: bool) {
        for statement in all.iter().filter(|s| s.on.is_empty()) {
            match statement.word {
                "route" if own && statement.block && statement.args.is_empty() => {
                    self.router = None;
                    self.begin(statement, String::new());
                }
                "hash_branch" if statement.block => {
                    let names: Vec<&str> = statement.args.iter().filter_map(Value::name).collect();
                    let (space, branch) = match names.as_slice() {
                        [branch] => ("", *branch),
                        [space, branch] => (*space, *branch),
                        _ => continue,
                    };
                    self.router = Some(self.branches(space));
                    self.serve(statement.lines.0);
                    self.begin(statement, join("", branch));
                }
                "if" | "unless" => {
                    for part in outside_tests(statement) {
                        self.members(part, own);
                    }
                }
                _ => {}
            }
        }
    }

    fn branches(&self, space: &str) -> String {
        format!("{BRANCHES}{} {}", self.class, space.replace('.', "_"))
    }

    /// Branches that nothing takes in answer nowhere that is known.
    fn serve(&mut self, line: u32) {
        if let Some(name) = self.router.clone() {
            let router = Router {
                name,
                ..Router::default()
            };
            self.acc.add(self.file, line, line, Claim::Router(router));
        }
    }

    fn begin(&mut self, statement: &Statement<'_>, path: String) {
        let place = Place {
            path,
            request: statement.params.first().copied().unwrap_or("r"),
            methods: Vec::new(),
        };
        self.block(&statement.body, &place);
    }

    /// The statements of a block; whether any of them tells requests apart.
    fn block(&mut self, all: &[Statement<'_>], place: &Place<'_>) -> bool {
        self.walked += all.len() + 1;
        if self.depth > DEEPEST || self.made > MOST || self.walked > MOST_WALKED {
            return true;
        }
        self.depth += 1;
        let mut any = false;
        for statement in all {
            any |= self.statement(statement, place);
        }
        self.depth -= 1;
        any
    }

    fn statement(&mut self, statement: &Statement<'_>, place: &Place<'_>) -> bool {
        if statement.on.is_empty() {
            return match statement.word {
                "if" | "unless" => {
                    let mut any = false;
                    for part in outside_tests(statement) {
                        any |= self.block(part, place);
                    }
                    any
                }
                // `access = r.on "x" do` and a branch that a variable decides.
                "case" | "when" | "begin" | "else" => self.block(&statement.body, place),
                _ => false,
            };
        }
        if statement.on != place.request {
            return false;
        }
        match statement.word {
            "root" if statement.block => {
                self.add(statement, &["GET".to_owned()], &place.path);
                true
            }
            "on" | "is" if statement.block => {
                let Some((paths, methods)) = self.matched(statement, place) else {
                    return true;
                };
                for path in paths {
                    let mut inner = place.below(&path);
                    if !methods.is_empty() {
                        inner.methods.clone_from(&methods);
                    }
                    // What is left for some methods only is answered here.
                    let answers = statement.word == "is" || methods != place.methods;
                    if !self.block(&statement.body, &inner) && answers {
                        self.add(statement, &inner.methods, &path);
                    }
                }
                true
            }
            verb if VERBS.contains(&verb) && statement.block => {
                let Some((paths, _)) = self.matched(statement, place) else {
                    return true;
                };
                let methods = vec![verb.to_ascii_uppercase()];
                for path in paths {
                    let mut inner = place.below(&path);
                    inner.methods.clone_from(&methods);
                    // `r.get do` may hold a tree of its own.
                    if !self.block(&statement.body, &inner) {
                        self.add(statement, &methods, &path);
                    }
                }
                true
            }
            "hash_branches" | "hash_routes" => {
                self.taken_in(statement, place);
                true
            }
            // `r.web do`: a condition of the program's own.
            _ if statement.block && statement.args.is_empty() => self.block(&statement.body, place),
            _ => false,
        }
    }

    /// `r.hash_branches(:orders)`
    fn taken_in(&mut self, statement: &Statement<'_>, place: &Place<'_>) {
        let space = match statement.args.as_slice() {
            [] if place.path.contains(['{', ':']) => return,
            [] => place.path.as_str(),
            [one] => match one.name() {
                Some(name) => name,
                None => return,
            },
            _ => return,
        };
        let mount = Mount {
            router: self.router.clone(),
            prefix: match place.path.is_empty() {
                true => String::new(),
                false => template(&place.path),
            },
            target: format!("{CLASS}{}", self.branches(space)),
            ..Mount::default()
        };
        let line = statement.lines.0;
        scan::add(self.acc, self.file, line, Claim::Mount(mount));
    }

    /// The paths below a place that the matchers of a block take, and the methods among them; `None` after a note
    /// that there are more, where one of them was not read.
    fn matched(
        &mut self,
        statement: &Statement<'_>,
        place: &Place<'_>,
    ) -> Option<(Vec<String>, Vec<String>)> {
        let found = self.read(statement, place);
        if found.is_none() {
            self.more(statement);
        }
        found
    }

    fn read(
        &mut self,
        statement: &Statement<'_>,
        place: &Place<'_>,
    ) -> Option<(Vec<String>, Vec<String>)> {
        let size = |value: &Value<'_>| match value {
            Value::List(all) => all.len(),
            Value::Code(text) => text.len(),
            _ => 1,
        };
        self.walked += statement.args.iter().map(size).sum::<usize>();
        let many = statement.args.len() > MOST_PATHS;
        if many || !statement.pairs.is_empty() || hides_a_text(statement) {
            return None;
        }
        let mut captured = statement.params.iter();
        let mut paths = vec![place.path.clone()];
        for value in &statement.args {
            let ends = matcher(value, &mut captured)?;
            if ends.len() * paths.len() > MOST_PATHS {
                self.more(statement);
            }
            if !ends.is_empty() {
                let all = paths
                    .iter()
                    .flat_map(|path| ends.iter().map(|end| join(path, end)));
                paths = all.take(MOST_PATHS).collect();
            }
            if paths.iter().any(|path| path.len() > LONGEST) {
                return None;
            }
        }
        let mut methods: Vec<String> = place.methods.clone();
        for (key, value) in &statement.options {
            if *key != "method" {
                return None;
            }
            methods = value
                .names()
                .iter()
                .map(|m| m.to_ascii_uppercase())
                .collect();
            // Of a constant nothing is known, which is not that it takes all of them.
            let listed = match value {
                Value::List(all) => all.len(),
                _ => 1,
            };
            if methods.is_empty() || methods.len() != listed {
                return None;
            }
        }
        Some((paths, methods))
    }

    fn more(&mut self, statement: &Statement<'_>) {
        self.made += 1;
        if self.made > MOST {
            return;
        }
        let (first, last) = statement.lines;
        scan::endpoint(self.acc, self.file, first, last, http_paths::unread("roda"));
    }

    fn add(&mut self, statement: &Statement<'_>, methods: &[String], path: &str) {
        let any = ["ANY".to_owned()];
        let methods = if methods.is_empty() { &any } else { methods };
        for method in methods {
            self.made += 1;
            if self.made > MOST {
                return;
            }
            let endpoint = Endpoint {
                method: method.clone(),
                path: template(path),
                handler: (!self.class.is_empty()).then(|| self.class.clone()),
                framework: "roda".to_owned(),
                summary: None,
                router: self.router.clone(),
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

/// The branches of a condition that run outside tests: not what stands below `if Config.test?`.
fn outside_tests<'a, 't>(statement: &'a Statement<'t>) -> Vec<&'a [Statement<'t>]> {
    let tests = statement.args.iter().any(|value| match value {
        Value::Code(text) | Value::Word(text) => {
            let inner = text.trim().strip_prefix('(');
            let text = inner
                .and_then(|i| i.strip_suffix(')'))
                .unwrap_or(text.trim());
            let other = text.contains('!') || text.contains("||") || text.contains("not ");
            // `client.latest?` asks for something else.
            let before = text.strip_suffix("test?").filter(|_| !other);
            before.is_some_and(|before| before.is_empty() || before.ends_with('.'))
        }
        _ => false,
    });
    match (tests, statement.word) {
        (true, "if") => vec![&statement.otherwise[..]],
        (true, _) => vec![&statement.body[..]],
        _ => vec![&statement.body[..], &statement.otherwise[..]],
    }
}

/// Whether a constant among matchers may be a text: of `API_PREFIX, Integer do |id|` one of them gives nothing to
/// the block, and which one is not told.
fn hides_a_text(statement: &Statement<'_>) -> bool {
    let named = |name: &str| name.starts_with(|c: char| c.is_ascii_uppercase());
    let constant = |value: &Value<'_>| match value {
        Value::Word(name) => named(name) && !matches!(*name, "String" | "Integer" | "Float"),
        _ => false,
    };
    let gives = |value: &Value<'_>| match value {
        Value::Symbol(_) | Value::List(_) => true,
        Value::Word(name) => named(name),
        Value::Code(text) => text.trim_start().starts_with(['%', '/']),
        _ => false,
    };
    let given = statement.args.iter().filter(|value| gives(value)).count();
    statement.args.iter().any(constant) && given > statement.params.len()
}

/// What a matcher takes of the path: nothing for a condition, several for a list; `None` where that is not told.
/// What captures is named after the parameter of the block that gets it.
fn matcher<'t>(
    value: &Value<'t>,
    captured: &mut std::slice::Iter<'_, &'t str>,
) -> Option<Vec<String>> {
    let mut capture = |name: Option<&str>| {
        let own = captured.next().copied();
        let name = name.or(own)?;
        Some(vec![format!(":{name}")])
    };
    match value {
        Value::Text(text) if text.contains("#{") => None,
        Value::Text(text) => Some(vec![(*text).to_owned()]),
        Value::Symbol(name) => capture(Some(name)),
        Value::Word("true") => Some(Vec::new()),
        Value::Word("String" | "Integer" | "Float") => {
            capture(None).or_else(|| capture(Some("value")))
        }
        // A constant matches what it matches: the block is given a part of the path.
        Value::Word(name) if name.starts_with(|c: char| c.is_ascii_uppercase()) => capture(None),
        Value::Word(name) if name.ends_with('?') => Some(Vec::new()),
        Value::List(all) => {
            // The block gets the one that was found.
            let own = captured.next().copied();
            let parts = all.iter().map(|part| match part {
                Value::Text(text) if !text.contains("#{") => Some((*text).to_owned()),
                Value::Symbol(name) => Some(format!(":{name}")),
                Value::Word("String" | "Integer") => Some(format!(":{}", own.unwrap_or("value"))),
                _ => None,
            });
            parts.collect()
        }
        Value::Code(text) => code_matcher(text, captured),
        _ => None,
    }
}

fn code_matcher(text: &str, captured: &mut std::slice::Iter<'_, &str>) -> Option<Vec<String>> {
    let text = text.trim();
    // `%w[start stop].freeze`
    let plain = text.strip_suffix(".freeze").unwrap_or(text);
    if let Some(words) = plain
        .strip_prefix("%w")
        .or_else(|| plain.strip_prefix("%i"))
    {
        let inner = words.get(1..words.len().saturating_sub(1))?;
        let _ = captured.next();
        let fits = |word: &str| {
            word.chars()
                .all(|c| c.is_ascii_alphanumeric() || "_-".contains(c))
        };
        let all: Vec<String> = inner.split_whitespace().map(str::to_owned).collect();
        return (all.iter().all(|word| fits(word)) && !all.is_empty()).then_some(all);
    }
    // `/(\d+)/` takes one part, which the block is given. What stands beside the group is part of the path, and
    // `(?:…)` gives nothing.
    if text.starts_with('/') {
        let whole = text.starts_with("/(")
            && text.ends_with(")/")
            && !text.starts_with("/(?")
            && !text.contains("\\/")
            && text.matches('(').count() == 1;
        let name = captured.next().filter(|_| whole);
        return name.map(|name| vec![format!(":{name}")]);
    }
    // `r.accepts_json?`, `kind != :direct`: conditions.
    let condition = text.ends_with('?') || text.contains(" != ") || text.contains(" == ");
    condition.then(Vec::new)
}
