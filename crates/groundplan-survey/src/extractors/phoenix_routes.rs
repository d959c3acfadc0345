//! Routes of Phoenix.

use crate::elixir;
use crate::extractor::{Extractor, Reads};
use crate::facts::{Endpoint, FileFacts};
use crate::paths;
use crate::scan;
use crate::source::SourceFile;
use groundplan_model::{LIVE_PAGES, Topic};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "phoenix-routes",
    docs: "\
### What it finds
Routes of a router of Phoenix: `get`, `post` and the like, `match`, `resources` with `only`,
`except`, `param`, `singleton` and what is nested in it, `live` and `socket`, below the paths of
their scopes (<https://hexdocs.pm/phoenix/routing.html>). The handler is the controller with its
action. Sockets of an endpoint, but for that of live views, and how many routes are pages of these.

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
struct Block {
    path: String,
}

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) || !routes(file.text) {
        return;
    }
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
        let outer = open.last().map_or("", |b| b.path.as_str()).to_owned();
        let mut inner = Block {
            path: outer.clone(),
        };
        match word {
            "scope" => {
                let path = arguments.first().and_then(|a| text(a));
                let path = path.or_else(|| option(&arguments, "path").and_then(text));
                inner.path = scan::below(&outer, path.unwrap_or_default());
            }
            "resources" => inner = resources(acc, file, (at, last), &outer, &arguments),
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
                add(acc, file, (at, last), "GET", &outer, shown);
            }
            "socket" => add(acc, file, (at, last), "WEBSOCKET", &outer, &arguments),
            "match" => {
                if let Some((verb, rest)) = arguments.split_first() {
                    let method = match verb.trim_start_matches(':') {
                        "*" => "ANY".to_owned(),
                        verb => verb.to_ascii_uppercase(),
                    };
                    add(acc, file, (at, last), &method, &outer, rest);
                }
            }
            "get" | "post" | "put" | "patch" | "delete" | "options" | "head" => {
                let method = word.to_ascii_uppercase();
                add(acc, file, (at, last), &method, &outer, &arguments);
            }
            _ => {}
        }
        if block {
            open.push(inner);
        }
    }
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

/// `"/orders/:id", OrderController, :show`.
fn add(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    lines: (u32, u32),
    method: &str,
    outer: &str,
    arguments: &[&str],
) {
    let Some(path) = arguments.first().and_then(|a| text(a)) else {
        return;
    };
    let controller = arguments.get(1).copied().unwrap_or_default();
    let action = arguments.get(2).and_then(|a| a.strip_prefix(':'));
    let handler = match action {
        Some(action) => format!("{controller}.{action}"),
        None => controller.to_owned(),
    };
    endpoint(acc, file, lines, method, scan::below(outer, path), handler);
}

fn endpoint(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    (first, last): (u32, u32),
    method: &str,
    path: String,
    handler: String,
) {
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
        class: None,
        guards: Vec::new(),
    };
    scan::endpoint(acc, file, first, last, endpoint);
}

/// `resources "/orders", OrderController, only: [:index, :show]` and the path of what is nested in it
/// (<https://hexdocs.pm/phoenix/Phoenix.Router.html#resources/4>).
fn resources(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    lines: (u32, u32),
    outer: &str,
    arguments: &[&str],
) -> Block {
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
    let all = scan::below(outer, written);
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
            endpoint(acc, file, lines, method, path.clone(), handler);
        }
    }
    // Below one of them its name stands before that of its parameter: `/orders/{order_id}/items`.
    let name = controller.rsplit('.').next().unwrap_or_default();
    let name = scan::snake(name.strip_suffix("Controller").unwrap_or(name));
    let path = match singleton {
        true => all,
        false => scan::below(&all, &format!(":{name}_{param}")),
    };
    Block { path }
}
