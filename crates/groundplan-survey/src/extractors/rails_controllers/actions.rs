//! What methods of controllers of Rails read of a request, answer, ask of the caller and call
//! (<https://guides.rubyonrails.org/action_controller_overview.html>).

use super::params;
use crate::facts::{Handler, Input};
use crate::ruby::Kind;
use crate::ruby::members::Members;
use crate::script_marks::{asks_what, asks_who};
use crate::statuses;
use groundplan_model::Response;
use std::collections::BTreeSet;
use std::ops::Range;

/// What stands before the name of a template in place of a type of answer, until the files are known;
/// behind `|` stands its format. Without a name it is that of the action, if there is one.
pub(crate) const TEMPLATE: char = '@';

/// The call of the method of the same name that a class inherits.
pub(crate) const SUPER: &str = "super";

/// The exception of a record that is not there.
pub(crate) const NO_RECORD: &str = "ActiveRecord::RecordNotFound";

/// What stands before a status that a method is given: `=status/0/422` is that of a parameter by its name and
/// place, with the usual one behind it.
pub(crate) const GIVEN: char = '=';

/// Words of names of methods that answer for others.
const ANSWERS: [&str; 8] = [
    "error",
    "fail",
    "head",
    "json",
    "render",
    "respon",
    "success",
    "unauthorized",
];

/// Words that are no methods of the class, or whose doing is known to answer nothing.
const PLAIN: [&str; 74] = [
    "BEGIN",
    "alias",
    "and",
    "authorize",
    "authorize!",
    "begin",
    "binding",
    "break",
    "byebug",
    "case",
    "catch",
    "class",
    "cookies",
    "current_user",
    "def",
    "defined?",
    "do",
    "else",
    "elsif",
    "end",
    "ensure",
    "expires_in",
    "expires_now",
    "fail",
    "false",
    "flash",
    "for",
    "format",
    "headers",
    "helpers",
    "if",
    "in",
    "instance_variable_set",
    "lambda",
    "logger",
    "loop",
    "module",
    "next",
    "nil",
    "no_store",
    "not",
    "or",
    "p",
    "params",
    "performed?",
    "policy_scope",
    "pp",
    "print",
    "proc",
    "puts",
    "raise",
    "rand",
    "redo",
    "request",
    "require",
    "rescue",
    "reset_session",
    "response",
    "retry",
    "return",
    "self",
    "session",
    "sign_in",
    "sign_out",
    "skip_authorization",
    "skip_policy_scope",
    "sleep",
    "tap",
    "then",
    "throw",
    "true",
    "undef",
    "unless",
    "until",
];

/// Reads one method.
pub(super) struct Reader<'m, 't> {
    pub(super) members: &'m Members<'t>,
    /// Methods of the same file.
    pub(super) own: &'m BTreeSet<&'t str>,
    pub(super) handler: Handler,
    /// Variables of the method.
    locals: BTreeSet<&'t str>,
    /// Parameters that may be a status: name, place and usual status.
    given: Vec<(&'t str, usize, String)>,
    /// Blocks of formats of the answer.
    formats: Vec<(Range<usize>, &'t str)>,
    /// The variable that formats are asked of.
    asked: Vec<&'t str>,
    /// Whether it answers in any case.
    ends: bool,
    /// Exceptions that it catches itself; empty text for all.
    caught: Vec<&'t str>,
}

impl<'m, 't> Reader<'m, 't> {
    pub(super) fn new(members: &'m Members<'t>, own: &'m BTreeSet<&'t str>) -> Self {
        Reader {
            members,
            own,
            handler: Handler::default(),
            locals: BTreeSet::new(),
            given: Vec::new(),
            formats: Vec::new(),
            asked: Vec::new(),
            ends: false,
            caught: Vec::new(),
        }
    }

    /// Reads a body with its parameters; of an action its template too.
    pub(super) fn read(&mut self, given: Range<usize>, body: Range<usize>, action: bool) {
        let m = self.members;
        for (index, part) in m.arguments(given.clone()).into_iter().enumerate() {
            let (name, from) = match (m.keyed(&part), m.token(part.start)) {
                (Some((key, value)), _) => (key, value.start),
                (None, Some(t)) if t.kind == Kind::Label => (t.text, part.end),
                (None, Some(t)) if t.kind == Kind::Word => (t.text, part.start + 2),
                _ => continue,
            };
            let usual = match from < part.end {
                true => self.code(from).unwrap_or_default(),
                false => String::new(),
            };
            self.given.push((name, index, usual));
        }
        for at in given {
            if let Some(token) = m.token(at)
                && matches!(token.kind, Kind::Word | Kind::Label)
            {
                self.locals.insert(token.text);
            }
        }
        self.variables(body.clone());
        self.catches(body.clone());
        for at in body.clone() {
            let word = m.word(at);
            if word.is_empty() || m.is_behind_point(at) {
                self.called(at, word);
                continue;
            }
            self.word(at, word, &body);
        }
        if action && !self.ends {
            self.answer("200", Some(TEMPLATE.to_string()));
        }
    }

    /// Names that are given a value, also by blocks.
    fn variables(&mut self, body: Range<usize>) {
        let m = self.members;
        for at in body {
            let word = m.word(at);
            let sets = m.is_mark(at + 1, "=")
                || m.is_mark(at + 1, "||") && m.is_mark(at + 2, "=")
                || m.is_mark(at + 1, "+=")
                || m.is_mark(at + 1, "=>") && m.is_line(at + 2);
            let of_block = at > 0
                && (m.is_mark(at - 1, "|") || m.is_mark(at - 1, ",") || m.is_mark(at - 1, "=>"))
                && (m.is_mark(at + 1, "|") || m.is_mark(at + 1, ",") || m.is_line(at + 1))
                && !word.is_empty();
            if !word.is_empty() && (sets || of_block) && !m.is_behind_point(at) {
                self.locals.insert(word);
            }
        }
    }

    fn catches(&mut self, body: Range<usize>) {
        let m = self.members;
        for at in body.filter(|&at| m.word(at) == "rescue") {
            if at > 0 && !m.is_line(at - 1) {
                continue;
            }
            let end = (at..m.tokens.len()).find(|&i| m.is_line(i)).unwrap_or(at);
            let names = (at + 1..end).map(|i| m.word(i));
            let names = names.filter(|w| w.starts_with(|c: char| c.is_ascii_uppercase()));
            let before = self.caught.len();
            self.caught.extend(names);
            if self.caught.len() == before {
                self.caught.push("");
            }
        }
    }

    /// Whether the method catches an exception itself.
    fn is_caught(&self, name: &str) -> bool {
        self.caught.iter().any(|caught| {
            matches!(*caught, "" | "StandardError" | "Exception")
                || name.ends_with(caught)
                || *caught == "ActiveRecord::ActiveRecordError" && name.starts_with("ActiveRecord")
        })
    }

    fn raise(&mut self, name: &str) {
        if !self.is_caught(name) && !self.handler.throws.iter().any(|n| n == name) {
            self.handler.throws.push(name.to_owned());
        }
    }

    /// A method that is called on something.
    fn called(&mut self, at: usize, word: &'t str) {
        let m = self.members;
        let direct = || m.is_mark(at + 1, "(") && m.word(at + 2) == "params";
        let finds = match word {
            // `find` of a list takes a block.
            "find" => direct() && m.is_mark(at + 3, "["),
            "find_by!" | "first!" | "last!" | "take!" | "sole" | "find_sole_by" => true,
            _ => false,
        };
        if finds && at >= 2 && m.word(at - 2) != "params" {
            self.raise(NO_RECORD);
        }
    }

    fn word(&mut self, at: usize, word: &'t str, body: &Range<usize>) {
        let m = self.members;
        if self.locals.contains(word) && !matches!(word, "redirect_to" | "render") {
            if word == "params" {
                return;
            }
            if let Some(format) = self.format(at, word) {
                self.asks(at, format);
            }
            return;
        }
        match word {
            "params" => params::read(m, at, &mut self.handler),
            "cookies" => self.cookie(at),
            "request" => self.request(at),
            "render" => self.render(at),
            "head" => self.head(at),
            "redirect_to" | "redirect_back" | "redirect_back_or_to" => {
                let status = self.status(&m.given(at), "302");
                self.give(at, status, None);
            }
            "send_file" | "send_data" | "send_stream" => {
                let status = self.status(&m.given(at), "200");
                self.give(at, status, Some("file".to_owned()));
            }
            "fresh_when" | "stale?" => self.answer("304", None),
            "respond_to" => self.respond(at),
            "respond_with" | "instance_eval" | "send" | "public_send" | "yield" => {
                self.handler.leaves = true;
            }
            "raise" => self.raised(at),
            // <https://guides.rubyonrails.org/action_controller_advanced_topics.html#http-authentications>
            "authenticate_or_request_with_http_basic"
            | "authenticate_or_request_with_http_digest"
            | "authenticate_or_request_with_http_token"
            | "request_http_basic_authentication"
            | "request_http_digest_authentication"
            | "request_http_token_authentication" => self.answer("401", None),
            "authorize" | "authorize!" | "authorize_resource" | "load_and_authorize_resource" => {
                self.guard(at, word);
            }
            "super" => self.call(SUPER),
            _ => self.other(at, word, body),
        }
    }

    /// The format that is asked of a variable: `format.json`.
    fn format(&self, at: usize, word: &str) -> Option<&'t str> {
        let m = self.members;
        let asked = self.asked.contains(&word) && m.is_mark(at + 1, ".");
        asked.then(|| m.word(at + 2)).filter(|w| !w.is_empty())
    }

    fn respond(&mut self, at: usize) {
        let m = self.members;
        let open = m.given(at).end.max(at + 1);
        let first = if m.is_mark(open, "{") || m.word(open) == "do" {
            open
        } else {
            // `respond_to :html` of a class says nothing of an answer.
            return;
        };
        if m.is_mark(first + 1, "|") {
            self.asked.push(m.word(first + 2));
        }
        self.ends |= self.always(at);
    }

    fn asks(&mut self, at: usize, format: &'t str) {
        let m = self.members;
        let mut open = at + 3;
        if m.is_mark(open, "(") {
            open = m.partner(open).map_or(open, |close| close + 1);
        }
        let block = m.block(open);
        let empty = |r: &Range<usize>| r.clone().all(|i| m.is_line(i));
        match block.filter(|r| !empty(r)) {
            Some(range) => self.formats.push((range, format)),
            None if format != "none" => {
                let kind = match format {
                    "any" | "all" => TEMPLATE.to_string(),
                    _ => format!("{TEMPLATE}|{format}"),
                };
                self.answer("200", Some(kind));
            }
            None => {}
        }
    }

    fn render(&mut self, at: usize) {
        let m = self.members;
        let given = m.given(at);
        let status = self.status(&given, "200");
        let parts = m.arguments(given);
        let mut kind: Option<String> = None;
        let mut named = false;
        for part in &parts {
            let Some((key, value)) = m.keyed(part) else {
                let first = m.token(part.start);
                match first.map(|t| (t.kind, t.text)) {
                    Some((Kind::Symbol | Kind::Text, name)) if part.len() == 1 => {
                        kind = Some(self.template(at, name, false));
                    }
                    // What a variable or a call says to be shown stands elsewhere.
                    Some((Kind::Word, name))
                        if !name.starts_with(|c: char| c.is_ascii_uppercase() || c == '@') =>
                    {
                        self.handler.leaves = true;
                        return;
                    }
                    Some((Kind::Mark, "*" | "**")) => {
                        self.handler.leaves = true;
                        return;
                    }
                    _ => {}
                }
                named = true;
                continue;
            };
            let one = m.token(value.start).filter(|_| value.len() == 1);
            let text = one.filter(|t| matches!(t.kind, Kind::Symbol | Kind::Text));
            named |= !matches!(
                key,
                "status" | "layout" | "locals" | "content_type" | "formats"
            );
            match (key, text) {
                ("json" | "jsonapi", _) => {
                    kind.get_or_insert_with(|| self.made(&value).unwrap_or("JSON".to_owned()));
                }
                ("serializer" | "each_serializer", _) => {
                    let name = m.word(value.start);
                    kind = Some(name.to_owned()).filter(|n| !n.is_empty());
                }
                ("xml", _) => kind = Some("XML".to_owned()),
                ("plain" | "text", _) => kind = Some("text".to_owned()),
                ("html", _) => kind = Some("HTML".to_owned()),
                ("js", _) => kind = Some("JavaScript".to_owned()),
                ("turbo_stream", _) => kind = Some("Turbo Stream".to_owned()),
                ("pdf", _) => kind = Some("PDF".to_owned()),
                ("action" | "template", Some(name)) => {
                    kind = Some(self.template(at, name.text, false));
                }
                ("partial", Some(name)) => kind = Some(self.template(at, name.text, true)),
                _ => {}
            }
        }
        if !named {
            kind = Some(match self.within(at) {
                Some(format) => format!("{TEMPLATE}|{format}"),
                None => TEMPLATE.to_string(),
            });
        }
        self.give(at, status, kind);
    }

    /// A class whose name says that it makes answers of records: `render json: OrderSerializer.new(x)`.
    fn made(&self, value: &Range<usize>) -> Option<String> {
        let name = self.members.word(value.start);
        let last = name.rsplit("::").next().unwrap_or(name);
        let shows = ["Serializer", "Blueprint", "Presenter", "Resource"];
        let whole = last.len() > 10 && shows.iter().any(|end| last.ends_with(end));
        whole.then(|| last.to_owned())
    }

    fn template(&self, at: usize, name: &str, partial: bool) -> String {
        let name = match (partial, name.rsplit_once('/')) {
            (false, _) => name.to_owned(),
            (true, Some((folder, last))) => format!("{folder}/_{last}"),
            (true, None) => format!("_{name}"),
        };
        match self.within(at) {
            Some(format) => format!("{TEMPLATE}{name}|{format}"),
            None => format!("{TEMPLATE}{name}"),
        }
    }

    /// The format in whose block something stands.
    fn within(&self, at: usize) -> Option<&'t str> {
        let all = self.formats.iter().filter(|(range, _)| range.contains(&at));
        let one = all.min_by_key(|(range, _)| range.len())?;
        Some(one.1).filter(|format| !matches!(*format, "any" | "all"))
    }

    fn head(&mut self, at: usize) {
        let m = self.members;
        let given = m.given(at);
        let first = m.arguments(given.clone()).into_iter().next();
        let status = match first {
            Some(part) if m.keyed(&part).is_some() => self.status(&given, ""),
            Some(part) => self.codes(&part),
            None => return,
        };
        self.give(at, status, None);
    }

    /// The statuses that `status:` of some arguments names, else the usual one; none where it is not
    /// written out.
    fn status(&self, given: &Range<usize>, usual: &str) -> Vec<String> {
        let m = self.members;
        let parts = m.arguments(given.clone());
        let named = parts.iter().find_map(|part| {
            let (key, value) = m.keyed(part)?;
            (key == "status").then_some(value)
        });
        match named {
            Some(value) => self.codes(&value),
            None if usual.is_empty() => Vec::new(),
            None => vec![usual.to_owned()],
        }
    }

    /// The status that a token is.
    fn code(&self, at: usize) -> Option<String> {
        let token = self.members.token(at)?;
        let named = matches!(token.kind, Kind::Symbol | Kind::Text)
            || token.kind == Kind::Word && token.text.bytes().all(|b| b.is_ascii_digit());
        let three = token.text.len() == 3 && token.text.bytes().all(|b| b.is_ascii_digit());
        match (named, three) {
            (true, true) => Some(token.text.to_owned()),
            (true, false) => statuses::code(token.text).map(str::to_owned),
            _ => None,
        }
    }

    fn codes(&self, value: &Range<usize>) -> Vec<String> {
        let m = self.members;
        let code = |at: usize| self.code(at);
        if value.len() == 1 {
            let word = m.word(value.start);
            let own = self.given.iter().find(|(name, ..)| *name == word);
            if let Some((name, index, usual)) = own.filter(|_| !word.is_empty()) {
                return vec![format!("{GIVEN}{name}/{index}/{usual}")];
            }
            return code(value.start).into_iter().collect();
        }
        // `ok ? :created : :conflict`
        let asked = value.clone().find(|&at| m.is_mark(at, "?"));
        let Some(asked) = asked else {
            return Vec::new();
        };
        let all: Vec<String> = (asked + 1..value.end).filter_map(code).collect();
        if all.len() == 2 { all } else { Vec::new() }
    }

    fn give(&mut self, at: usize, statuses: Vec<String>, kind: Option<String>) {
        if statuses.is_empty() {
            self.handler.leaves = true;
        }
        for status in statuses {
            let kind = kind
                .clone()
                .filter(|_| status != "204" && !status.starts_with('3'));
            self.answer(&status, kind);
        }
        self.ends |= self.always(at);
    }

    fn answer(&mut self, status: &str, schema: Option<String>) {
        let response = Response {
            status: status.to_owned(),
            description: None,
            schema,
            origin: None,
        };
        if !self.handler.responses.contains(&response) {
            self.handler.responses.push(response);
        }
    }

    /// Whether a statement is one of the method itself, which nothing decides on.
    fn always(&self, at: usize) -> bool {
        let m = self.members;
        let first = match at.checked_sub(1) {
            Some(before) if m.word(before) == "return" => before,
            _ => at,
        };
        if m.depth.get(at) != Some(&0) || first > 0 && !m.is_line(first - 1) {
            return false;
        }
        let mut end = m.given(at).end;
        while !m.is_line(end) {
            if matches!(m.word(end), "if" | "unless") {
                return false;
            }
            if m.word(end) == "do" {
                break;
            }
            end += 1;
        }
        // Brackets of a block over several lines.
        !(0..at)
            .rev()
            .take(400)
            .any(|i| m.is_mark(i, "{") && m.partner(i).is_some_and(|close| close > at))
    }

    fn cookie(&mut self, at: usize) {
        let m = self.members;
        let mut next = at + 1;
        while m.is_mark(next, ".") {
            match m.word(next + 1) {
                "signed" | "encrypted" | "permanent" => next += 2,
                _ => return,
            }
        }
        let close = m.partner(next).filter(|_| m.is_mark(next, "["));
        if close == Some(next + 2) && !m.is_mark(next + 3, "=") {
            self.input(next + 1, "cookie");
        }
    }

    /// `request.headers["X"]`, `request.env["HTTP_X"]`; a body that is read as a whole.
    fn request(&mut self, at: usize) {
        let m = self.members;
        let Some(asked) = m.called_on(at + 1) else {
            return;
        };
        match m.word(asked) {
            "headers" | "env" => {
                let close = m.partner(asked + 1).filter(|_| m.is_mark(asked + 1, "["));
                if close != Some(asked + 3) || m.is_mark(asked + 4, "=") {
                    return;
                }
                let key = m.token(asked + 2).map_or("", |t| t.text);
                match (m.word(asked), key.strip_prefix("HTTP_")) {
                    ("env", None) => {}
                    (_, Some(name)) => self.named(&name.replace('_', "-"), "header"),
                    _ => self.input(asked + 2, "header"),
                }
            }
            "body" | "raw_post" | "request_parameters" | "query_parameters" | "parameters" => {
                self.handler.more = true;
            }
            _ => {}
        }
    }

    fn input(&mut self, at: usize, place: &str) {
        let literal = |t: &crate::ruby::Token<'t>| matches!(t.kind, Kind::Symbol | Kind::Text);
        let Some(token) = self.members.token(at).filter(literal) else {
            return;
        };
        if !token.text.contains("#{") {
            self.named(token.text, place);
        }
    }

    fn named(&mut self, name: &str, place: &str) {
        let inputs = &mut self.handler.inputs;
        if !inputs.iter().any(|i| i.name == name && i.place == place) {
            inputs.push(Input {
                name: name.to_owned(),
                place: place.to_owned(),
                data_type: None,
                required: false,
            });
        }
    }

    fn raised(&mut self, at: usize) {
        let name = self.members.word(at + 1);
        if name.starts_with(|c: char| c.is_ascii_uppercase()) {
            self.raise(name);
        } else if !self.members.is_line(at + 1) {
            self.handler.leaves = true;
        }
    }

    fn guard(&mut self, at: usize, word: &str) {
        // A guard on a condition is none that may be relied on.
        let m = self.members;
        let known = self.handler.guards.iter().any(|g| g == word);
        if !known
            && m.depth.get(at) == Some(&0)
            && (at == 0 || m.is_line(at - 1) || m.is_mark(at - 1, "="))
        {
            let end = m.given(at).end;
            let end = end + usize::from(m.is_mark(end, ")"));
            let within = (0..at)
                .rev()
                .take(400)
                .any(|i| m.is_mark(i, "{") && m.partner(i).is_some_and(|close| close > at));
            if !within && !matches!(m.word(end), "if" | "unless") {
                self.handler.guards.push(word.to_owned());
                match word {
                    "authorize" => self.raise("Pundit::NotAuthorizedError"),
                    "authorize!" => self.raise("CanCan::AccessDenied"),
                    _ => {}
                }
            }
        }
    }

    fn call(&mut self, name: &str) {
        if !self.handler.calls.iter().any(|c| c == name) {
            self.handler.calls.push(name.to_owned());
        }
    }

    /// The statuses that a method is called with, by name or place.
    fn handed(&mut self, at: usize, word: &str) {
        let m = self.members;
        let mut all = Vec::new();
        for (index, part) in m.arguments(m.given(at)).into_iter().enumerate() {
            let (name, value) = match m.keyed(&part) {
                Some((key, value)) => (key.to_owned(), value),
                None => (index.to_string(), part),
            };
            let word = m.word(value.start);
            let own = self.given.iter().find(|(given, ..)| *given == word);
            match self.code(value.start).filter(|_| value.len() == 1) {
                Some(status) => all.push(format!("{name}={status}")),
                // A parameter that is handed on.
                None if own.is_some() && value.len() == 1 && !word.is_empty() => {
                    let (given, index, usual) = own.map_or(("", 0, ""), |(g, i, u)| (*g, *i, u));
                    all.push(format!("{name}={GIVEN}{given}/{index}/{usual}"));
                }
                // What a variable or a call is, is not known here.
                None if name == "status" => all.push(format!("{name}=")),
                None if m.token(value.start).is_some_and(|t| t.kind == Kind::Word) => {
                    all.push(format!("{name}="));
                }
                None => {}
            }
        }
        let call = (word.to_owned(), all);
        if !self.handler.takes.contains(&call) {
            self.handler.takes.push(call);
        }
    }

    /// A word that is a method of the class, or may be one.
    fn other(&mut self, at: usize, word: &'t str, body: &Range<usize>) {
        let m = self.members;
        let lower = word.starts_with(|c: char| c.is_ascii_lowercase() || c == '_');
        if !lower || PLAIN.binary_search(&word).is_ok() || word == "when" || word == "while" {
            return;
        }
        if word.ends_with("_path") || word.ends_with("_url") {
            return;
        }
        let starts = at == body.start
            || m.is_line(at - 1)
            || ["{", "|", "&&", "||"]
                .iter()
                .any(|mark| m.is_mark(at - 1, mark))
            || matches!(
                m.word(at - 1),
                "return" | "then" | "else" | "and" | "or" | "do"
            );
        let receives = [".", "&.", "[", "=", "::"]
            .iter()
            .any(|mark| m.is_mark(at + 1, mark));
        let params = word.ends_with("_params") || word.ends_with("_parameters");
        if self.own.contains(word) || params || starts && !receives && !word.ends_with('?') {
            self.call(word);
            if ANSWERS.iter().any(|part| word.contains(part)) {
                self.handed(at, word);
            }
        }
        // A method that asks who calls in the midst of an action.
        if starts && !receives && word.ends_with('!') && (asks_who(word) || asks_what(word)) {
            self.guard(at, word);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::PLAIN;

    #[test]
    fn plain_words_are_sorted() {
        assert!(PLAIN.is_sorted());
    }
}
