//! Routes of Phoenix.

use crate::elixir;
use crate::extractor::{Extractor, Reads};
use crate::extractors::elixir_marks;
use crate::facts::{Claim, Endpoint, FileFacts, Handler, WITH};
use crate::paths;
use crate::scan;
use crate::source::SourceFile;
use groundplan_model::{LIVE_PAGES, Topic};
use std::collections::BTreeMap;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "phoenix-routes",
    docs: "\
### What it finds
Routes of a router of Phoenix: `get`, `post` and the like, `match`, `resources` with `only`,
`except`, `param`, `singleton` and what is nested in it, `live` and `socket`, below the paths of
their scopes (<https://hexdocs.pm/phoenix/routing.html>). The handler is the controller with its
action, in the module that scopes name. Pipelines with their plugs, and which of them and of plugs a scope sends
its requests through (`pipe_through`). Sockets of an endpoint, but for that of live views, and how many routes are pages of these.

### What it does not find
Routes that a macro of the program or of a library makes, what `forward` hands over to a plug, and
the path that a proxy puts in front.
",
    reads: &[Reads::Paths(&["*.ex"])],
    markers: &[":router", "Phoenix.Router", "Phoenix.Endpoint"],
    run: extract,
};

/// Lines at most.
const MOST: usize = 20_000;

/// What stands open, with the path that routes inside stand below.
#[derive(Clone, Default)]
struct Block {
    path: String,
    /// The module that controllers inside stand in, if a scope names one.
    module: String,
    /// What requests to it go through: pipelines (`:api`) and plugs.
    through: Vec<String>,
}

/// Begins the name of a pipeline among handlers.
pub(crate) const PIPELINE: &str = "ex|";

/// Begins, among the guards of a route, a plug that stands before it, with its module.
pub(crate) const PLUG: &str = "!plug ";

/// Stands among the guards of a route that takes and answers nothing but JSON.
pub(crate) const ACCEPTS_JSON: &str = "!accepts json";

/// A router with what its routes go through.
struct Router<'a, 's, 't> {
    acc: &'a mut FileFacts,
    file: &'s SourceFile<'t>,
    pipelines: BTreeMap<String, Vec<Plug>>,
    aliases: BTreeMap<String, String>,
}

/// A plug of a pipeline: its name with the module, `:authenticate`, `Shop.Auth`, and what it is given.
struct Plug {
    name: String,
    given: String,
}

/// A pipeline: its name, its plugs, whether there is more in it, under a condition or by a macro, and its lines.
type Pipeline = (String, Vec<Plug>, bool, (u32, u32));

/// The pipelines of a router, and what it calls other modules.
fn pipelines(text: &str) -> (Vec<Pipeline>, BTreeMap<String, String>) {
    let all = elixir::statements(text);
    let (mut found, mut aliases) = (Vec::new(), BTreeMap::new());
    for (name, module) in elixir::modules(&all) {
        aliases.extend(elixir::aliases(&module.body, &name));
        for pipeline in module.body.iter().filter(|s| s.word == "pipeline") {
            let Some(name) = pipeline.arguments.first().and_then(|a| a.strip_prefix(':')) else {
                continue;
            };
            let plugs = pipeline.body.iter().filter(|s| s.word == "plug");
            let plugs = plugs.filter_map(|plug| {
                let (first, rest) = plug.arguments.split_first()?;
                Some(Plug {
                    name: elixir::expanded(first, &aliases),
                    given: rest.join(", "),
                })
            });
            found.push((
                name.to_owned(),
                plugs.take(MOST_PLUGS).collect(),
                pipeline.body.len() > MOST_PLUGS || pipeline.body.iter().any(|s| s.word != "plug"),
                pipeline.lines,
            ));
        }
    }
    (found, aliases)
}

/// Plugs of one pipeline, and pipelines and plugs that one scope goes through, at most.
const MOST_PLUGS: usize = 30;

/// What one route goes through, at most.
const MOST_GUARDS: usize = 80;

/// The last word of a module or atom.
pub(crate) fn short(name: &str) -> &str {
    let last = name.rsplit('.').next().unwrap_or(name);
    // `Shop.Meta.Plug` and the like are called after what stands before.
    let of = name
        .strip_suffix(".Plug")
        .and_then(|n| n.rfind('.'))
        .and_then(|at| name.get(at + 1..));
    of.unwrap_or(last).trim_start_matches(':')
}

impl Router<'_, '_, '_> {
    /// What the guards of a route say of what it goes through.
    fn guards(&self, through: &[String]) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        let mut add = |text: String| {
            if all.len() < MOST_GUARDS && !all.contains(&text) {
                all.push(text);
            }
        };
        let mut json = false;
        for name in through {
            let own = name
                .strip_prefix(':')
                .and_then(|n| self.pipelines.get(n).map(|p| (n, p)));
            let Some((name, plugs)) = own else {
                // A module, or a function or pipeline that stands elsewhere: the file does not say which.
                let asks = elixir_marks::asks(name.trim_start_matches(':'));
                match (asks, name.starts_with(':')) {
                    (true, _) => add(short(name).to_owned()),
                    (false, true) => add(format!("{WITH}{name}")),
                    (false, false) => add(format!("{WITH}{}", short(name))),
                }
                add(format!("{PLUG}{name}"));
                continue;
            };
            add(format!("{WITH}pipeline :{name}"));
            for plug in plugs {
                if plug.name == ":accepts" {
                    json = plug.given.replace(' ', "") == "[\"json\"]";
                }
                if elixir_marks::asks(plug.name.trim_start_matches(':')) {
                    add(short(&plug.name).to_owned());
                }
                add(format!("{PLUG}{}", plug.name));
            }
        }
        if json {
            add(ACCEPTS_JSON.to_owned());
        }
        all
    }
}

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) || !routes(file.text) {
        return;
    }
    let (pipelines, aliases) = pipelines(file.text);
    let mut known = BTreeMap::new();
    for (name, plugs, more, (first, last)) in pipelines {
        let handler = Handler {
            name: format!("{PIPELINE}{name}"),
            calls: plugs.iter().map(|p| short(&p.name).to_owned()).collect(),
            more,
            ..Handler::default()
        };
        acc.add(file, first, last, Claim::Handler(Box::new(handler)));
        known.insert(name, plugs);
    }
    let mut router = Router {
        acc,
        file,
        pipelines: known,
        aliases,
    };
    let mut open: Vec<Block> = Vec::new();
    // What a reader would take for operations of an API.
    let (mut lives, mut first_live) = (0_u32, None);
    let mut lines = file.text.lines().enumerate().take(MOST);
    while let Some((number, first)) = lines.next() {
        let at = number as u32 + 1;
        let mut call = bare(first).to_owned();
        if call.is_empty() {
            continue;
        }
        let mut last = at;
        // A call goes on in the next line where this one ends in a comma.
        while call.ends_with(',') || call.ends_with('(') {
            let Some((number, more)) = lines.next() else {
                break;
            };
            last = number as u32 + 1;
            call.push(' ');
            call.push_str(bare(more));
        }
        let block = call == "do" || call.ends_with(" do");
        if call == "end" {
            open.pop();
            continue;
        }
        let (word, rest) = call.split_once([' ', '(']).unwrap_or((&call, ""));
        let arguments = elixir::parts(rest.trim_end_matches(" do").trim_end_matches(')'));
        let outer = open.last().cloned().unwrap_or_default();
        let mut inner = outer.clone();
        match word {
            "scope" => {
                let path = arguments.first().and_then(|a| text(a));
                let path = path.or_else(|| option(&arguments, "path").and_then(text));
                inner.path = scan::below(&outer.path, path.unwrap_or_default());
                let named = arguments
                    .get(1)
                    .or(arguments.first().filter(|_| path.is_none()));
                let module = option(&arguments, "alias").or(named.copied());
                let module = module.filter(|m| {
                    m.starts_with(|c: char| c.is_ascii_uppercase()) && !m.contains(": ")
                });
                if let Some(module) = module {
                    inner.module = match outer.module.is_empty() {
                        true => elixir::expanded(module, &router.aliases),
                        false => format!("{}.{module}", outer.module),
                    };
                }
                if option(&arguments, "alias") == Some("false") {
                    inner.module.clear();
                }
            }
            "pipe_through" => {
                let text = arguments.join(", ");
                let names = elixir::list(&text).unwrap_or_else(|| vec![text]);
                if let Some(block) = open.last_mut() {
                    let names = names.iter().map(|name| match name.starts_with(':') {
                        true => name.clone(),
                        false => elixir::expanded(name, &router.aliases),
                    });
                    let plain = |n: &String| {
                        !n.is_empty()
                            && n.chars()
                                .all(|c| c.is_alphanumeric() || "_.:?!".contains(c))
                    };
                    let free = MOST_PLUGS.saturating_sub(block.through.len());
                    block.through.extend(names.filter(plain).take(free));
                }
            }
            "resources" => inner = router.resources((at, last), &outer, &arguments),
            // Pages of the framework come with a socket of their own.
            "socket"
                if arguments
                    .get(1)
                    .is_some_and(|m| *m == "Phoenix.LiveView.Socket") => {}
            // What a live view shows is a page; its socket is the framework's.
            "live" => {
                first_live.get_or_insert(at);
                lives += 1;
                // The action names what the view shows, and is no function of it.
                let shown = arguments.get(..2).unwrap_or(&arguments);
                router.add((at, last), "GET", &outer, shown);
            }
            "socket" => router.add((at, last), "WEBSOCKET", &outer, &arguments),
            "match" => {
                if let Some((verb, rest)) = arguments.split_first() {
                    let method = match verb.trim_start_matches(':') {
                        "*" => "ANY".to_owned(),
                        verb => verb.to_ascii_uppercase(),
                    };
                    router.add((at, last), &method, &outer, rest);
                }
            }
            "get" | "post" | "put" | "patch" | "delete" | "options" | "head" => {
                let method = word.to_ascii_uppercase();
                router.add((at, last), &method, &outer, &arguments);
            }
            _ => {}
        }
        if block {
            open.push(inner);
        }
    }
    let Router { acc, .. } = router;
    if let Some(line) = first_live {
        let detail = Some(lives.to_string());
        scan::mark(acc, file, line, Topic::Stated, LIVE_PAGES, detail);
        let answers = Some("answers".to_owned());
        scan::mark(acc, file, line, Topic::MediaType, "text/html", answers);
    }
}

/// Whether a file is a router or an endpoint: `use ShopWeb, :router`, `use Phoenix.Router`.
fn routes(text: &str) -> bool {
    text.lines().map(str::trim).any(|line| {
        line.strip_prefix("use ").is_some_and(|used| {
            used.ends_with(", :router")
                || used.starts_with("Phoenix.Router")
                || used.starts_with("Phoenix.Endpoint")
        })
    })
}

/// A line without its comment and the blanks around.
fn bare(line: &str) -> &str {
    let mut quoted = false;
    for (at, c) in line.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '#' if !quoted => return line[..at].trim(),
            _ => {}
        }
    }
    line.trim()
}

fn text(argument: &str) -> Option<&str> {
    argument.strip_prefix('"')?.strip_suffix('"')
}

/// `only: [:index]` among the arguments: what stands behind the name.
fn option<'a>(arguments: &[&'a str], name: &str) -> Option<&'a str> {
    arguments
        .iter()
        .find_map(|a| a.strip_prefix(name)?.strip_prefix(':'))
        .map(str::trim)
}

impl Router<'_, '_, '_> {
    /// `"/orders/:id", OrderController, :show`.
    fn add(&mut self, lines: (u32, u32), method: &str, outer: &Block, arguments: &[&str]) {
        let Some(path) = arguments.first().and_then(|a| text(a)) else {
            return;
        };
        let controller = arguments.get(1).copied().unwrap_or_default();
        let action = arguments.get(2).and_then(|a| a.strip_prefix(':'));
        let handler = match action {
            Some(action) => format!("{controller}.{action}"),
            None => controller.to_owned(),
        };
        self.endpoint(
            lines,
            method,
            scan::below(&outer.path, path),
            handler,
            (controller, outer),
        );
    }

    fn endpoint(
        &mut self,
        (first, last): (u32, u32),
        method: &str,
        path: String,
        handler: String,
        (controller, outer): (&str, &Block),
    ) {
        let class = match outer.module.is_empty() {
            true => elixir::expanded(controller, &self.aliases),
            false => format!("{}.{controller}", outer.module),
        };
        let named = handler.starts_with(|c: char| c.is_ascii_uppercase());
        let endpoint = Endpoint {
            method: method.to_owned(),
            path,
            handler: Some(handler).filter(|_| named),
            framework: "phoenix".to_owned(),
            summary: None,
            router: None,
            verbs: Vec::new(),
            given: false,
            mounts: Vec::new(),
            class: Some(class).filter(|_| named),
            guards: self.guards(&outer.through),
        };
        scan::endpoint(self.acc, self.file, first, last, endpoint);
    }

    /// `resources "/orders", OrderController, only: [:index, :show]` and the path of what is nested in it
    /// (<https://hexdocs.pm/phoenix/Phoenix.Router.html#resources/4>).
    fn resources(&mut self, lines: (u32, u32), outer: &Block, arguments: &[&str]) -> Block {
        let written = arguments.first().and_then(|a| text(a)).unwrap_or_default();
        let controller = arguments.get(1).copied().unwrap_or_default();
        let list = |name: &str| -> Option<Vec<&str>> {
            let inner = option(arguments, name)?
                .strip_prefix('[')?
                .strip_suffix(']')?;
            let words = inner
                .split(',')
                .map(|word| word.trim().trim_start_matches(':'));
            Some(words.collect())
        };
        let (only, except) = (list("only"), list("except").unwrap_or_default());
        let singleton = option(arguments, "singleton") == Some("true");
        let param = option(arguments, "param").and_then(text).unwrap_or("id");
        let all = scan::below(&outer.path, written);
        let one = match singleton {
            true => all.clone(),
            false => scan::below(&all, &format!(":{param}")),
        };
        let new = scan::below(&all, "new");
        let edit = scan::below(&one, "edit");
        let actions = [
            ("index", "GET", &all),
            ("new", "GET", &new),
            ("create", "POST", &all),
            ("show", "GET", &one),
            ("edit", "GET", &edit),
            ("update", "PATCH", &one),
            ("update", "PUT", &one),
            ("delete", "DELETE", &one),
        ];
        for (action, method, path) in actions {
            let wanted = only.as_ref().is_none_or(|only| only.contains(&action));
            if wanted && !except.contains(&action) && !(singleton && action == "index") {
                let handler = format!("{controller}.{action}");
                self.endpoint(lines, method, path.clone(), handler, (controller, outer));
            }
        }
        // Below one of them its name stands before that of its parameter: `/orders/{order_id}/items`.
        let name = controller.rsplit('.').next().unwrap_or_default();
        let name = scan::snake(name.strip_suffix("Controller").unwrap_or(name));
        let path = match singleton {
            true => all,
            false => scan::below(&all, &format!(":{name}_{param}")),
        };
        Block {
            path,
            ..outer.clone()
        }
    }
}
