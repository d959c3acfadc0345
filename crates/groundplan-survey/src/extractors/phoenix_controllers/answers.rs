//! What a function that is handed a connection reads of it, answers and hands on
//! (<https://hexdocs.pm/phoenix/Phoenix.Controller.html>, <https://hexdocs.pm/plug/Plug.Conn.html>).

use super::calls::{self, Call};
use super::{BESIDE, SETS, UNLESS};
use crate::elixir::{self, Statement};
use crate::facts::{Handler, Input};
use crate::statuses;
use groundplan_model::Response;
use std::collections::{BTreeMap, BTreeSet};

/// Blocks in blocks at most.
const DEEPEST: u32 = 30;

/// Functions of the frameworks that neither answer nor set a status.
const PLAIN: [&str; 60] = [
    "action_name",
    "allow_upload",
    "assign",
    "clear_flash",
    "clear_session",
    "configure_session",
    "controller_module",
    "current_path",
    "current_url",
    "delete_csrf_token",
    "delete_req_header",
    "delete_resp_cookie",
    "delete_resp_header",
    "delete_session",
    "fetch_cookies",
    "fetch_flash",
    "fetch_query_params",
    "fetch_session",
    "get_csrf_token",
    "get_flash",
    "get_format",
    "get_http_protocol",
    "get_peer_data",
    "get_req_header",
    "get_resp_header",
    "get_session",
    "halt",
    "inspect",
    "is_nil",
    "layout",
    "merge_assigns",
    "merge_flash",
    "merge_private",
    "merge_resp_headers",
    "path",
    "prepend_resp_headers",
    "put_flash",
    "put_format",
    "put_layout",
    "put_layout_formats",
    "put_new_layout",
    "put_new_view",
    "put_private",
    "put_req_header",
    "put_resp_content_type",
    "put_resp_cookie",
    "put_resp_header",
    "put_root_layout",
    "put_secure_browser_headers",
    "put_session",
    "put_view",
    "read_body",
    "register_before_send",
    "request_url",
    "router_module",
    "scrub_params",
    "static_path",
    "then",
    "update_resp_header",
    "view_module",
];

/// Modules whose functions answer nothing.
const LIBRARIES: [&str; 13] = [
    "Access",
    "Application",
    "Enum",
    "Enumerable",
    "Integer",
    "Jason",
    "Keyword",
    "List",
    "Logger",
    "Map",
    "Stream",
    "String",
    "URI",
];

/// Words that are written as calls and are none: `if(…)`, `case(…)`.
const WORDS: [&str; 13] = [
    "and", "case", "cond", "fn", "for", "if", "in", "not", "or", "raise", "unless", "when", "with",
];

/// Reads one clause of a function.
pub(super) struct Reader<'m> {
    /// Functions of the module with how many parameters they have.
    own: &'m BTreeSet<(String, usize)>,
    aliases: &'m BTreeMap<String, String>,
    pub(super) handler: Handler,
    /// What the second parameter of an action is called.
    params: Option<String>,
    /// Whether a status was set that a later expression answers with.
    pending: bool,
}

impl<'m> Reader<'m> {
    pub(super) fn new(
        own: &'m BTreeSet<(String, usize)>,
        aliases: &'m BTreeMap<String, String>,
    ) -> Self {
        Reader {
            own,
            aliases,
            handler: Handler::default(),
            params: None,
            pending: false,
        }
    }

    /// Reads the parameters of a clause: `conn, %{"id" => id} = params`.
    pub(super) fn given(&mut self, parameters: &[&str]) {
        if let Some(first) = parameters.first() {
            for (kind, place) in [("body_params: ", "body"), ("query_params: ", "query")] {
                if let Some((_, rest)) = first.split_once(kind) {
                    self.pattern(rest, place);
                }
            }
        }
        let [_, second] = parameters else {
            // `action/2` of the controller may give its actions more, and which of them the parameters are.
            self.handler.more |= parameters.len() > 2;
            return;
        };
        if second.len() > calls::LONGEST / 4 {
            self.handler.more = true;
            return;
        }
        // One outside of what the pattern itself holds.
        let outside = second.match_indices(" = ").find_map(|(at, mark)| {
            let (left, right) = (second.get(..at)?, second.get(at + mark.len()..)?);
            (left.matches('{').count() == left.matches('}').count()).then_some((left, right))
        });
        let (left, right) = outside.unwrap_or((*second, ""));
        for part in [left.trim(), right.trim()] {
            if part.starts_with("%{") {
                self.pattern(part, "form");
            } else if part.starts_with(|c: char| c.is_ascii_lowercase())
                && part.chars().all(|c| c.is_alphanumeric() || c == '_')
            {
                self.params = Some(part.to_owned());
            }
        }
    }

    /// `%{"id" => id, "order" => params}`: the first keys only, what they hold is theirs.
    fn pattern(&mut self, text: &str, place: &str) {
        let Some(inner) = text.strip_prefix("%{").and_then(elixir::closed) else {
            return;
        };
        for part in elixir::parts(inner) {
            let key = match part.split_once("=>") {
                Some((key, _)) => calls::literal(key),
                // What was checked against a description has atoms for keys.
                None => part.split_once(": ").map(|(key, _)| key),
            };
            if let Some(key) = key {
                self.input(key, place, true);
            }
        }
    }

    fn input(&mut self, name: &str, place: &str, required: bool) {
        // Phoenix puts a body there that is no object.
        self.handler.more |= name == "_json";
        let plain = !name.is_empty()
            && name != "_json"
            && name.len() < 80
            && name
                .chars()
                .all(|c| c.is_alphanumeric() || "_-.?".contains(c));
        if !plain
            || self
                .handler
                .inputs
                .iter()
                .any(|i| i.name == name && i.place == place)
        {
            return;
        }
        self.handler.inputs.push(Input {
            name: name.to_owned(),
            place: place.to_owned(),
            data_type: None,
            required,
        });
    }

    /// Reads the body of a function of one line: `do: json(conn, %{})`.
    pub(super) fn one_line(&mut self, text: &str) {
        if !text.is_empty() {
            self.expression(text, false);
        }
    }

    pub(super) fn body(&mut self, all: &[Statement], assigned: bool, depth: u32) {
        if depth > DEEPEST {
            self.handler.leaves = true;
            return;
        }
        for statement in all {
            if matches!(statement.word.as_str(), "quote" | "defmodule") {
                continue;
            }
            let text = elixir::written(statement);
            let assigned = assigned || assigns(&text);
            self.expression(&text, assigned);
            self.body(&statement.body, assigned, depth + 1);
        }
    }

    fn expression(&mut self, text: &str, assigned: bool) {
        if text.len() > calls::LONGEST {
            self.handler.leaves = true;
            self.handler.more = true;
            return;
        }
        self.read(text);
        for (segment, pattern) in calls::segments(text) {
            self.segment(segment.trim(), assigned, pattern);
        }
    }

    /// Reads what stands for itself: a call, a pipeline, or the pattern of a clause.
    fn segment(&mut self, text: &str, assigned: bool, pattern: bool) {
        // `render conn, :show` without brackets.
        let bare = text.split_once(' ').filter(|(word, rest)| {
            let named = word.chars().all(|c| c.is_ascii_lowercase() || c == '_');
            named
                && (rest.starts_with("conn, ") || rest.starts_with("conn |> "))
                && !WORDS.contains(word)
        });
        let made = bare.map(|(word, rest)| format!("{word}({rest})"));
        let text = made.as_deref().unwrap_or(text);
        if let Some(rest) = text.trim_end_matches(',').strip_prefix("{:error, :")
            && let Some(reason) = rest.strip_suffix('}')
            && reason.chars().all(|c| c.is_alphanumeric() || c == '_')
        {
            // What a clause takes is no error that it gives.
            if !pattern {
                self.throw(reason);
            }
            return;
        }
        // What is raised is answered elsewhere.
        self.handler.leaves |= text.starts_with("raise ") || text.starts_with("raise(");
        let all = calls::all(text);
        let sets: Vec<&Call<'_>> = all.iter().filter(|c| c.last() == "put_status").collect();
        if !sets.is_empty() && !self.handler.only.iter().any(|m| m == SETS) {
            self.handler.only.push(SETS.to_owned());
        }
        let status = match sets.as_slice() {
            [] => None,
            [one] => Some(one.arguments.last().and_then(|a| status(a))),
            _ => Some(None),
        };
        let root = text.split("|>").next().unwrap_or_default();
        let of_conn = calls::has_word(root, "conn");
        let mut stages: Vec<String> = Vec::new();
        let mut answered = false;
        let last_piped = all.iter().rposition(|c| c.piped);
        for (index, call) in all.iter().enumerate() {
            if call.last() == "put_status" {
                continue;
            }
            let handed = match call.piped {
                true => of_conn,
                false => call
                    .arguments
                    .first()
                    .is_some_and(|a| calls::has_word(a, "conn")),
            };
            if !handed {
                continue;
            }
            if !self.is_own(call)
                && let Some((fixed, schema)) = answer(call)
            {
                self.answer(fixed, status.clone(), schema, &stages);
                answered = true;
                continue;
            }
            let module = elixir::expanded(call.module(), self.aliases);
            let known = PLAIN.contains(&call.last()) && !self.is_own(call);
            let foreign = LIBRARIES.contains(&module.as_str())
                || module.ends_with("Plug.Conn")
                || module.ends_with("Routes");
            let word = WORDS.contains(&call.name);
            let exact = call.piped || call.arguments.first() == Some(&"conn");
            if known || foreign || word || !exact {
                continue;
            }
            stages.push(call.last().to_owned());
            let ends = !assigned
                && match call.piped {
                    true => last_piped == Some(index),
                    false => text.starts_with(call.name) && last_piped.is_none(),
                };
            let name = match module.is_empty() {
                true => call.last().to_owned(),
                false => format!("{module}.{}", call.last()),
            };
            let mark = match ends {
                true => name,
                false => format!("{BESIDE}{name}"),
            };
            if !self.handler.calls.contains(&mark) {
                self.handler.calls.push(mark);
            }
        }
        // A status that another expression answers with, or nobody.
        if !sets.is_empty() && !answered {
            self.pending |= assigned;
            self.handler.leaves = true;
        }
    }

    fn is_own(&self, call: &Call<'_>) -> bool {
        call.module().is_empty() && self.own.contains(&(call.name.to_owned(), call.arity()))
    }

    fn throw(&mut self, reason: &str) {
        if !self.handler.throws.iter().any(|known| known == reason) {
            self.handler.throws.push(reason.to_owned());
        }
    }

    /// Adds an answer: with the status that it names itself, else that of `put_status` before it, else the usual one.
    fn answer(
        &mut self,
        fixed: Fixed<'_>,
        set: Option<Option<String>>,
        schema: Option<&'static str>,
        stages: &[String],
    ) {
        let usual = matches!(fixed, Fixed::Usual(_)) && set.is_none();
        let status = match (fixed, set) {
            (Fixed::Written(text), _) => status(text),
            (Fixed::Usual(_), Some(set)) => set,
            // An earlier expression may have set another.
            (Fixed::Usual(_), None) if self.pending => None,
            (Fixed::Usual(usual), None) => Some(usual.to_owned()),
        };
        let Some(status) = status else {
            self.handler.leaves = true;
            return;
        };
        let status = match usual && !stages.is_empty() {
            true => format!("{UNLESS}{status}/{}", stages.join(",")),
            false => status,
        };
        let response = Response {
            schema: schema.map(str::to_owned),
            ..statuses::response(status)
        };
        if !self.handler.responses.contains(&response) {
            self.handler.responses.push(response);
        }
    }

    /// Reads what an expression asks of the request.
    fn read(&mut self, text: &str) {
        for (at, _) in text.match_indices('[') {
            let (Some(before), Some(after)) = (text.get(..at), text.get(at + 1..)) else {
                continue;
            };
            let Some(place) = self.place(before) else {
                continue;
            };
            let key = after.split(']').next().unwrap_or_default();
            let key = calls::literal(key).or_else(|| key.strip_prefix(':'));
            match key {
                Some(key) => self.input(key, place, false),
                None => self.handler.more = true,
            }
        }
        for call in calls::all(text) {
            let of = call.arguments.first().copied().unwrap_or_default();
            let reads = matches!(
                call.name,
                "Map.get" | "Map.fetch" | "Map.fetch!" | "Map.has_key?" | "get_in" | "Map.take"
            );
            if reads && !call.piped {
                if let Some(place) = self.place(of) {
                    let key = call.arguments.get(1).copied().unwrap_or_default();
                    let list = elixir::list(key).unwrap_or_else(|| vec![key.to_owned()]);
                    let keys = if call.last() == "take" { list.len() } else { 1 };
                    for key in list.iter().take(keys) {
                        match calls::literal(key).or_else(|| key.strip_prefix(':')) {
                            Some(key) => self.input(key, place, false),
                            None => self.handler.more = true,
                        }
                    }
                }
                continue;
            }
            if call.last() == "get_req_header"
                && let Some(name) = call.arguments.last().and_then(|a| calls::literal(a))
            {
                self.input(name, "header", false);
            }
            // Handed on as a whole, it has whatever is asked of it there.
            let whole = |a: &&str| self.place(a).is_some() && !a.contains(['[', '(', '{']);
            self.handler.more |= call.arguments.iter().any(whole);
        }
        let root = text.split("|>").next().unwrap_or_default().trim();
        let root = root.rsplit("= ").next().unwrap_or(root).trim();
        if text.contains("|>") && self.place(root).is_some() && !root.contains(['[', '(']) {
            self.handler.more = true;
        }
    }

    /// Where the parameters come from that an expression ends with.
    fn place(&self, text: &str) -> Option<&'static str> {
        let start = text
            .rfind(|c: char| !(c.is_alphanumeric() || "_.".contains(c)))
            .map_or(0, |at| at + 1);
        let name = text.get(start..).unwrap_or_default();
        match name {
            "conn.params" => Some("form"),
            "conn.query_params" => Some("query"),
            "conn.body_params" => Some("body"),
            name => (self.params.as_deref() == Some(name)).then_some("form"),
        }
    }
}

/// Whether an expression gives a name to what it makes.
fn assigns(text: &str) -> bool {
    text.split_once(" = ")
        .is_some_and(|(left, _)| !left.contains('(') && !left.contains("|>"))
}

/// The status that an answer has.
enum Fixed<'t> {
    Written(&'t str),
    Usual(&'static str),
}

/// The status and type of what a call answers, if it answers.
fn answer<'t>(call: &Call<'t>) -> Option<(Fixed<'t>, Option<&'static str>)> {
    let module = call.module().rsplit('.').next().unwrap_or_default();
    if !matches!(module, "" | "Conn" | "Controller") {
        return None;
    }
    let skipped = usize::from(!call.piped);
    let given = call.arguments.get(skipped..).unwrap_or_default();
    let first = given.first().copied();
    Some(match (call.last(), given.len()) {
        ("send_resp", 2) | ("resp", 2) => (Fixed::Written(first?), None),
        ("send_file", 2..) => (Fixed::Written(first?), Some("file")),
        ("send_chunked", 1) => (Fixed::Written(first?), None),
        ("send_download", 1..) => (Fixed::Usual("200"), Some("file")),
        ("json", 1) => (Fixed::Usual("200"), Some("JSON")),
        ("text", 1) => (Fixed::Usual("200"), Some("text")),
        ("html", 1) => (Fixed::Usual("200"), Some("HTML")),
        ("render", 0..=3) => (Fixed::Usual("200"), template(given)),
        ("live_render", 1..) => (Fixed::Usual("200"), Some("HTML")),
        ("redirect", 1) if first?.starts_with("to: ") || first?.starts_with("external: ") => {
            (Fixed::Usual("302"), None)
        }
        _ => return None,
    })
}

/// The type of a template by its name: `"show.json"`.
fn template(given: &[&str]) -> Option<&'static str> {
    let name = given.iter().take(2).find_map(|a| calls::literal(a))?;
    Some(match name.rsplit_once('.')?.1 {
        "json" => "JSON",
        "html" => "HTML",
        "xml" => "XML",
        "txt" | "text" => "text",
        "csv" => "CSV",
        _ => return None,
    })
}

/// The status that is written as a number or an atom: `404`, `:not_found`.
pub(super) fn status(text: &str) -> Option<String> {
    let text = text.trim();
    if text.len() == 3 && text.bytes().all(|b| b.is_ascii_digit()) {
        return Some(text.to_owned());
    }
    statuses::code(text.strip_prefix(':')?).map(str::to_owned)
}
