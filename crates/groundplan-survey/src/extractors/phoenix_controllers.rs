//! Functions of Elixir that are handed the connection of a request: actions of controllers of Phoenix, plugs and
//! what these call.

mod answers;
mod calls;
mod described;
mod plugs;

use crate::elixir::{self, Statement};
use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Handler};
use crate::paths;
use crate::scan;
use crate::sentence;
use crate::source::SourceFile;
use answers::Reader;
use std::collections::{BTreeMap, BTreeSet};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "phoenix-controllers",
    docs: "\
### What it finds
Functions whose first parameter is the connection of a request: what they read of it (patterns of the head,
`conn.params`, `conn.query_params`, `conn.body_params`, `get_req_header`), what they answer (`json`, `render`,
`send_resp`, `redirect` and the like with `put_status`) and which functions they hand it on to
(<https://hexdocs.pm/phoenix/controllers.html>). Plugs of controllers with the actions that they stand before,
`action_fallback`. What `operation` of OpenApiSpex says of an action: summary, parameters, body, answers, tags
and security (<https://hexdocs.pm/open_api_spex/OpenApiSpex.ControllerSpecs.html>).

### What it does not find
Statuses that are computed, what functions of libraries answer, what macros make.
",
    reads: &[Reads::Paths(&["*.ex"])],
    markers: &["conn"],
    run: extract,
};

/// Begins the name of all that this extractor tells of a module.
pub(crate) const MODULE: &str = "ex:";

/// Stands between a module and one of its functions.
pub(crate) const FUNCTION: char = '#';

/// Stands between a module and what is said beside one of its functions.
pub(crate) const DESCRIBED: char = '@';

/// Begins a status that functions before it in the pipeline may set to another: behind `/` stand their names.
pub(crate) const UNLESS: char = '=';

/// Begins a call whose value is not the answer.
pub(crate) const BESIDE: char = '?';

/// Stands among the marks of a function that sets the status of an answer and leaves it to others to answer.
pub(crate) const SETS: &str = "status";

/// Stands among the marks of a function that other modules may call.
pub(crate) const PUBLIC: &str = "public";

/// Keys of what a module or an action says beside itself.
pub(crate) const TAG: &str = "tag";
pub(crate) const SECURITY: &str = "security";

/// Functions of one module at most.
const MOST: usize = 300;

/// Files longer than this are not read.
const LONGEST: usize = 400_000;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    const SIGNS: [&str; 6] = [
        "(conn",
        "= conn",
        "(_conn",
        "Conn{",
        "action_fallback",
        "operation",
    ];
    let speaks = SIGNS.iter().any(|sign| file.text.contains(sign));
    if !speaks || file.text.len() > LONGEST || paths::is_test(file.path) || scan::is_test(file.path)
    {
        return;
    }
    let all = elixir::statements(file.text);
    let lines: Vec<&str> = file.text.lines().collect();
    for (name, module) in elixir::modules(&all) {
        of_module(acc, file, &lines, (&name, module));
    }
}

/// A function with all of its clauses.
struct Function {
    handler: Handler,
    lines: (u32, u32),
    public: bool,
}

fn of_module(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    lines: &[&str],
    (name, module): (&str, &Statement),
) {
    let aliases = elixir::aliases(&module.body, name);
    let own: BTreeSet<(String, usize)> = (module.body.iter())
        .filter(|s| matches!(s.word.as_str(), "def" | "defp"))
        .filter_map(|s| {
            let (word, parameters, _) = head(s)?;
            Some((word.to_owned(), parameters.len()))
        })
        .collect();
    let mut functions: BTreeMap<String, Function> = BTreeMap::new();
    let mut summary: Option<String> = None;
    for statement in &module.body {
        match statement.word.as_str() {
            "@doc" => {
                let text = statement.arguments.join(", ");
                let text = calls::literal(&text).map(|t| t.trim().to_owned());
                summary = text.and_then(|t| sentence::first(&t, 200));
            }
            "def" | "defp" => {
                let said = summary.take();
                let Some((word, parameters, rest)) = head(statement) else {
                    continue;
                };
                let takes = parameters
                    .first()
                    .is_some_and(|first| calls::is_connection(first));
                if !takes || functions.len() >= MOST && !functions.contains_key(word) {
                    continue;
                }
                let mut reader = Reader::new(&own, &aliases);
                reader.given(&parameters);
                reader.one_line(&rest);
                reader.body(&statement.body, false, 0);
                let first = statement.lines.0;
                let last = last_line(statement, 0);
                let mut made = reader.handler;
                let body = lines.get(first as usize..last as usize);
                made.leaves |= body.is_none_or(is_left);
                if word == "call"
                    && let Some(reason) = parameters.get(1).and_then(|p| reason(p))
                {
                    let all = made.responses.iter().map(|r| r.status.clone());
                    let plain: Vec<String> = all.filter(|s| !s.starts_with(UNLESS)).collect();
                    made.takes.push((reason, plain));
                }
                match functions.get_mut(word) {
                    Some(known) => {
                        merge(&mut known.handler, made);
                        known.lines.1 = last;
                    }
                    None => {
                        let function = Function {
                            handler: made,
                            lines: (first, last),
                            public: statement.word == "def",
                        };
                        functions.insert(word.to_owned(), function);
                    }
                }
                if let Some(function) = functions.get_mut(word) {
                    function.handler.summary = function.handler.summary.take().or(said);
                }
            }
            // What is said of a macro is not said of the function below it.
            word if word.starts_with("def") => summary = None,
            _ => {}
        }
    }
    let mut class = Handler {
        name: format!("{MODULE}{name}"),
        methods: functions.keys().cloned().collect(),
        ..Handler::default()
    };
    let mut said: Vec<(Handler, (u32, u32))> = Vec::new();
    for statement in &module.body {
        match statement.word.as_str() {
            "plug" if class.befores.len() < MOST => {
                class.befores.extend(plugs::before(statement, &aliases));
            }
            "action_fallback" => {
                let first = statement.arguments.first();
                class
                    .bases
                    .extend(first.map(|m| elixir::expanded(m, &aliases)));
            }
            "tags" | "security" => {
                let text = statement.arguments.join(", ");
                let (key, names) = match statement.word.as_str() {
                    "tags" => (TAG, calls::texts(&text)),
                    _ => (SECURITY, calls::keys(&text)),
                };
                class
                    .docs
                    .extend(names.into_iter().map(|n| (key.to_owned(), n)));
            }
            "operation" => said.extend(described::operation(statement)),
            _ => {}
        }
    }
    let silent = class.methods.is_empty() && class.befores.is_empty() && class.bases.is_empty();
    if silent && said.is_empty() {
        return;
    }
    let (first, last) = module.lines;
    acc.add(file, first, last, Claim::Handler(Box::new(class)));
    for (word, function) in functions {
        let mut handler = function.handler;
        if function.public {
            handler.only.push(PUBLIC.to_owned());
        }
        handler.name = format!("{MODULE}{name}{FUNCTION}{word}");
        let (first, last) = function.lines;
        acc.add(file, first, last, Claim::Handler(Box::new(handler)));
    }
    for (mut handler, (first, last)) in said {
        handler.name = format!("{MODULE}{name}{DESCRIBED}{}", handler.name);
        acc.add(file, first, last, Claim::Handler(Box::new(handler)));
    }
}

/// Whether lines of a function hold a `with` without `else`, which gives what did not fit for others to answer, or
/// hand on what a block gives: `end |> json(…)`.
fn is_left(lines: &[&str]) -> bool {
    const MOST: usize = 20;
    let depth = |line: &str| line.len() - line.trim_start().len();
    let handed = lines.iter().enumerate().any(|(at, line)| {
        let line = line.trim_start();
        let next = lines.get(at + 1).map_or("", |next| next.trim_start());
        line.starts_with("end |>") || line == "end" && next.starts_with("|>")
    });
    let begins = |line: &&str| line.trim_start().starts_with("with ") || line.contains("= with ");
    let mut all = lines.iter().enumerate().filter(|(_, line)| begins(line));
    let falls = all.by_ref().take(MOST).any(|(at, line)| {
        let own = depth(line);
        let mut below = (lines.iter().skip(at + 1))
            .filter(|line| depth(line) == own)
            .map(|line| line.trim());
        below.find(|line| *line == "else" || line.starts_with("end")) != Some("else")
    });
    handed || falls || all.next().is_some()
}

/// The reason of `{:error, :not_found}`, which a module that others fall back to answers.
fn reason(parameter: &str) -> Option<String> {
    let rest = parameter.trim().strip_prefix("{:error, :")?;
    Some(rest.strip_suffix('}')?.to_owned())
}

/// The name of a function, its parameters and, where it is written in one line, its body: `do: json(conn, %{})`.
fn head(statement: &Statement) -> Option<(&str, Vec<&str>, String)> {
    let first = statement.arguments.first()?;
    let (word, rest) = first.split_once('(')?;
    let plain = !word.is_empty()
        && word
            .chars()
            .all(|c| c.is_alphanumeric() || "_?!".contains(c));
    let inner = elixir::closed(rest).filter(|_| plain)?;
    let more = statement.arguments.get(1..).unwrap_or_default();
    let body = match more.iter().any(|a| a.starts_with("do: ")) {
        true => more.join(", "),
        false => String::new(),
    };
    Some((word, elixir::parts(inner), body))
}

fn last_line(statement: &Statement, depth: u32) -> u32 {
    let inner = (statement.body.iter())
        .filter(|_| depth < 40)
        .map(|s| last_line(s, depth + 1))
        .max();
    inner.map_or(statement.lines.1, |line| line + 1)
}

/// Adds what a further clause does; what only some of them ask for is not asked for in any case.
fn merge(known: &mut Handler, made: Handler) {
    let has = |all: &[crate::facts::Input], name: &str| all.iter().any(|i| i.name == name);
    for input in &mut known.inputs {
        input.required &= has(&made.inputs, &input.name);
    }
    for mut input in made.inputs {
        match known.inputs.iter_mut().find(|i| i.name == input.name) {
            Some(same) => same.required &= input.required,
            None => {
                input.required = false;
                known.inputs.push(input);
            }
        }
    }
    for response in made.responses {
        if !known.responses.contains(&response) {
            known.responses.push(response);
        }
    }
    for (all, more) in [
        (&mut known.calls, made.calls),
        (&mut known.throws, made.throws),
        (&mut known.only, made.only),
    ] {
        for one in more {
            if !all.contains(&one) {
                all.push(one);
            }
        }
    }
    known.takes.extend(made.takes);
    known.more |= made.more;
    known.leaves |= made.leaves;
}
