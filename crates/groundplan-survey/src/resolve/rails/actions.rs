//! What an action of Rails takes, answers and asks: what its method does, what the methods that it calls
//! and those before it do, and what its template is.

use super::{Rails, Read};
use crate::extractors::rails_controllers::METHOD;
use crate::extractors::rails_controllers::actions::{GIVEN, SUPER, TEMPLATE};
use crate::facts::{Before, Endpoint, Handler};
use crate::statuses;
use groundplan_model::{Evidence, Response};
use std::collections::BTreeSet;

/// Classes and modules of one controller at most.
const WIDEST: usize = 40;

/// Methods that one action calls, at most.
const MOST: usize = 200;

/// What the framework answers to exceptions that nobody handles
/// (<https://guides.rubyonrails.org/configuring.html#config-action-dispatch-rescue-responses>).
const USUAL: [(&str, &str); 11] = [
    ("AbstractController::ActionNotFound", "404"),
    ("ActionController::BadRequest", "400"),
    ("ActionController::InvalidAuthenticityToken", "422"),
    ("ActionController::MethodNotAllowed", "405"),
    ("ActionController::NotImplemented", "501"),
    ("ActionController::ParameterMissing", "400"),
    ("ActionController::RoutingError", "404"),
    ("ActionController::UnknownFormat", "406"),
    ("ActiveRecord::RecordInvalid", "422"),
    ("ActiveRecord::RecordNotFound", "404"),
    ("ActiveRecord::StaleObjectError", "409"),
];

/// Parents of classes that bring nothing of their own before actions.
const ROOTS: [&str; 3] = [
    "ActionController::Base",
    "ActionController::API",
    "ActionController::Metal",
];

/// The statuses that a method is called with, one list for each call of it in the caller.
type Given = Vec<Vec<String>>;

fn given(caller: &Handler, called: &str) -> Given {
    let calls = caller.takes.iter().filter(|(name, _)| name == called);
    calls.map(|(_, all)| all.clone()).collect()
}

/// A method with the statuses that it is called with in place of its parameters, also where it hands them on;
/// of one that nobody is known to give a status, the marks stay.
fn bound(mut method: Handler, given: &Given) -> Handler {
    if given.is_empty() {
        return method;
    }
    let mut responses: Vec<Response> = Vec::new();
    for response in &method.responses {
        let Some(mark) = response.status.strip_prefix(GIVEN) else {
            responses.push(response.clone());
            continue;
        };
        for call in given {
            match meant(mark, call) {
                "" => method.leaves = true,
                status => responses.push(Response {
                    status: status.to_owned(),
                    ..response.clone()
                }),
            }
        }
    }
    method.responses = responses;
    let mut takes: Vec<(String, Vec<String>)> = Vec::new();
    for (called, with) in &method.takes {
        for call in given {
            let with = with.iter().map(|one| match one.split_once('=') {
                Some((key, value)) if value.starts_with(GIVEN) => {
                    format!("{key}={}", meant(value.trim_start_matches(GIVEN), call))
                }
                _ => one.clone(),
            });
            let one = (called.clone(), with.collect());
            if !takes.contains(&one) {
                takes.push(one);
            }
        }
    }
    method.takes = takes;
    method
}

/// The status that a call gives a parameter, `status/0/422`, by its name or place, else the usual one.
fn meant<'s>(mark: &'s str, call: &'s [String]) -> &'s str {
    let mut parts = mark.splitn(3, '/');
    let (name, index) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
    let by = |key: &str| {
        let mut all = call.iter().filter_map(|one| one.split_once('='));
        all.find(|(known, _)| *known == key)
            .map(|(_, status)| status)
    };
    let found = by(name).or_else(|| by(index));
    let found = found.unwrap_or_else(|| parts.next().unwrap_or(""));
    // What was handed on and never given is not known.
    match found.starts_with(GIVEN) {
        true => "",
        false => found,
    }
}

/// A controller with all that it stands on, nearest first.
struct Line {
    names: Vec<String>,
    /// Whether a class or module of it stands in no file here.
    foreign: bool,
}

/// Where a method stands that something is taken in of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Action,
    /// One that the action calls.
    Called,
    /// One that is called before the action, by its own controller or for it alone.
    Before {
        own: bool,
    },
}

/// What is put together of one action.
struct Whole<'r, 'f> {
    rails: &'r Rails<'f>,
    root: &'r str,
    controller: &'r str,
    action: &'r str,
    line: Line,
    made: Handler,
    seen: BTreeSet<String>,
}

impl<'f> Rails<'f> {
    /// What the action of an endpoint takes, answers and asks, with the places that say so, the
    /// method first; nothing where no method of it was read.
    pub(crate) fn action(
        &self,
        endpoint: &Endpoint,
        at: &Evidence,
    ) -> Option<(Handler, Vec<Evidence>)> {
        if !matches!(endpoint.framework.as_str(), super::FORM | "rails") {
            return None;
        }
        let (controller, action) = endpoint.handler.as_deref()?.split_once('#')?;
        if let Some(handler) = of_framework(controller, action) {
            return Some((handler, vec![at.clone()]));
        }
        let root = (at.path.split_once("config/")).map_or("", |(root, _)| root);
        let line = self.line(root, &format!("{controller}_controller"));
        let mut whole = Whole {
            rails: self,
            root,
            controller,
            action,
            line,
            made: Handler::default(),
            seen: BTreeSet::new(),
        };
        let (handler, place) = whole.method(action, 0)?;
        let mut places = vec![place.clone()];
        whole.take(&handler.1, Place::Action);
        whole.follow(action, handler.0, &handler.1, &mut places);
        whole.before(action, &mut places);
        whole.fail(&mut places);
        let mut made = whole.made;
        made.leaves |= whole.line.foreign;
        made.name = action.to_owned();
        statuses::in_order(&mut made.responses);
        Some((made, places))
    }

    /// A controller with its modules and parents.
    fn line(&self, root: &str, name: &str) -> Line {
        let mut line = Line {
            names: Vec::new(),
            foreign: false,
        };
        self.climb(root, name, &mut line);
        line
    }

    fn climb(&self, root: &str, name: &str, line: &mut Line) {
        let Some(handler) = self.controllers.get(&(root, name)) else {
            line.foreign = true;
            return;
        };
        if line.names.len() >= WIDEST || line.names.iter().any(|n| n == name) {
            return;
        }
        line.names.push(name.to_owned());
        // What is made while the program runs may answer as well.
        line.foreign |= handler.more;
        // Modules stand before the parent, the last one first.
        let (included, parents): (Vec<_>, Vec<_>) = (handler.bases.iter())
            .map(|base| self.meant(root, name, base))
            .partition(|(included, ..)| *included);
        for (included, constant, found) in included.into_iter().rev().chain(parents) {
            match found {
                Some(found) => self.climb(root, &found, line),
                None => {
                    // Those of views and of policies do nothing before an action.
                    let plain = ["Helper", "Helpers", "Pundit"];
                    let helps = included && plain.iter().any(|w| constant.contains(w));
                    line.foreign |= !helps && !ROOTS.contains(&constant);
                }
            }
        }
    }

    /// The types of the templates that are shown for a name, by their endings: `show.html.erb`.
    fn types(
        &self,
        root: &str,
        folder: &str,
        name: &str,
        format: Option<&str>,
    ) -> Vec<Option<&'static str>> {
        let path = match name.contains('/') {
            true => name.trim_start_matches('/').to_owned(),
            false => format!("{folder}/{name}"),
        };
        let start = format!("{root}app/views/{path}.");
        let from = self
            .files
            .partition_point(|f| f.path.as_str() < start.as_str());
        let mut found: Vec<Option<&'static str>> = Vec::new();
        for file in self.files.get(from..).into_iter().flatten() {
            let Some(ends) = file.path.strip_prefix(&start) else {
                break;
            };
            let first = ends.split(['.', '+']).next().unwrap_or(ends);
            if format.is_some_and(|f| f != first && kind(f).is_some() && kind(first).is_some()) {
                continue;
            }
            let kind = kind(first);
            if !found.contains(&kind) {
                found.push(kind);
            }
        }
        found
    }
}

impl<'f> Whole<'_, 'f> {
    /// The method of a name from one class of the line on, and which class has it.
    fn method(&self, name: &str, from: usize) -> Option<((usize, Handler), &'f Evidence)> {
        let all = self.line.names.iter().enumerate().skip(from);
        for (index, class) in all {
            let key = format!("{class}{METHOD}{name}");
            if let Some((handler, at)) = self.rails.methods.get(&(self.root, key.as_str())) {
                return Some(((index, (*handler).clone()), at));
            }
            if self.is_in(class, name) {
                return None;
            }
        }
        None
    }

    fn is_in(&self, class: &str, name: &str) -> bool {
        let handler = self.rails.controllers.get(&(self.root, class));
        handler.is_some_and(|h| h.methods.iter().any(|m| m == name))
    }

    /// Whether some class of the line has a method.
    fn is_here(&self, name: &str) -> bool {
        self.line.names.iter().any(|class| self.is_in(class, name))
    }

    /// Takes in what a method reads and asks, and of its answers those that need no template of an action.
    fn take(&mut self, handler: &Handler, place: Place) {
        let halts = matches!(place, Place::Before { .. });
        // What is read before all actions of many controllers is no input of one of them.
        let reads = !matches!(place, Place::Before { own: false });
        for input in handler.inputs.iter().filter(|_| reads) {
            let same =
                |i: &&mut crate::facts::Input| i.name == input.name && i.place == input.place;
            match self.made.inputs.iter_mut().find(same) {
                Some(known) => known.required |= input.required && !halts,
                None => self.made.inputs.push(input.clone()),
            }
        }
        for response in &handler.responses {
            // The status that a caller gives, of which nothing is known.
            if response.status.starts_with(GIVEN) {
                self.made.leaves = true;
                continue;
            }
            let template = (response.schema.as_deref()).and_then(|s| s.strip_prefix(TEMPLATE));
            // What a method that is called shows without a name is nothing.
            let unnamed = template.is_some_and(|name| name.is_empty() || name.starts_with('|'));
            if unnamed && place != Place::Action {
                continue;
            }
            // What stands before an action answers in place of it, not for it.
            if halts && response.status.starts_with('2') {
                self.made.leaves = true;
                continue;
            }
            self.templates(response);
        }
        for name in &handler.throws {
            if !self.made.throws.contains(name) {
                self.made.throws.push(name.clone());
            }
        }
        for name in handler.guards.iter().filter(|_| !halts) {
            if !self.made.guards.contains(name) {
                self.made.guards.push(name.clone());
            }
        }
        self.made.more |= handler.more && reads;
        self.made.leaves |= handler.leaves;
    }

    fn answer(&mut self, response: Response) {
        if !self.made.responses.contains(&response) {
            self.made.responses.push(response);
        }
    }

    /// Puts the types of templates in place of their names.
    fn templates(&mut self, response: &Response) {
        let (controller, action) = (self.controller, self.action);
        let Some(named) = response
            .schema
            .as_deref()
            .and_then(|s| s.strip_prefix(TEMPLATE))
        else {
            self.answer(response.clone());
            return;
        };
        let (name, format) = match named.split_once('|') {
            Some((name, format)) => (name, Some(format)),
            None => (named, None),
        };
        let own = if name.is_empty() { action } else { name };
        // Parents lend their templates.
        let mut folders = vec![controller.to_owned()];
        let lent = self.line.names.iter().skip(1);
        folders.extend(lent.filter_map(|n| Some(n.strip_suffix("_controller")?.to_owned())));
        let types = folders
            .iter()
            .map(|folder| self.rails.types(self.root, folder, own, format))
            .find(|types| !types.is_empty())
            .unwrap_or_default();
        let with = |schema: Option<&str>| Response {
            schema: schema.map(str::to_owned),
            ..response.clone()
        };
        match (types.as_slice(), name.is_empty()) {
            // Nothing is shown where there is no template.
            ([], true) => {}
            ([], false) => self.answer(with(format.and_then(kind))),
            (all, _) => {
                for one in all {
                    self.answer(with(format.and_then(kind).or(*one)));
                }
            }
        }
    }

    /// Takes in what the methods do that an action calls.
    fn follow(&mut self, name: &str, class: usize, method: &Handler, places: &mut Vec<Evidence>) {
        let mut open: Vec<(String, String, usize, Given)> = Vec::new();
        let push = |open: &mut Vec<_>, method: &Handler, from: &str, class: usize| {
            let calls = method.calls.iter();
            open.extend(calls.map(|c| (c.clone(), from.to_owned(), class, given(method, c))));
        };
        push(&mut open, method, name, class);
        while let Some((called, from, class, given)) = open.pop() {
            if self.seen.len() >= MOST {
                self.made.leaves = true;
                return;
            }
            let (wanted, start) = match called.as_str() {
                SUPER => (from.as_str(), class + 1),
                name => (name, 0),
            };
            let key = format!("{start} {wanted} {given:?}");
            if !self.seen.insert(key) {
                continue;
            }
            match self.method(wanted, start) {
                Some(((index, handler), at)) => {
                    let handler = bound(handler, &given);
                    let before = (self.made.inputs.len(), self.made.responses.len());
                    let guards = self.made.guards.len();
                    self.take(&handler, Place::Called);
                    let now = (self.made.inputs.len(), self.made.responses.len());
                    if (before, guards) != (now, self.made.guards.len()) {
                        places.push(at.clone());
                    }
                    push(&mut open, &handler, wanted, index);
                }
                None if called != SUPER && self.is_here(wanted) => {}
                None => {
                    // A method of a package, or a variable that looks like one.
                    let params = wanted.ends_with("_params") || wanted.ends_with("_parameters");
                    self.made.more |= params || called == SUPER;
                    self.made.leaves |= !params;
                }
            }
        }
    }

    /// What is done before an action.
    fn before(&mut self, action: &str, places: &mut Vec<Evidence>) {
        let mut all: Vec<(Before, Read<'f>, bool)> = Vec::new();
        for (index, class) in self.line.names.clone().iter().enumerate().rev() {
            let said = self.rails.befores.get(&(self.root, class.as_str()));
            for (handler, at) in said.into_iter().flatten().copied() {
                for before in handler.befores.iter().filter(|b| b.on.is_none()) {
                    // The same name again takes the place of the one before, whatever that was for.
                    if !before.off && !before.name.is_empty() {
                        all.retain(|(b, ..)| b.name != before.name);
                    }
                    if !before.is_for(action) {
                        continue;
                    }
                    match (before.off, before.name.as_str()) {
                        (true, "*") => all.retain(|(b, ..)| !b.asks),
                        (true, name) => all.retain(|(b, ..)| b.name != name),
                        _ => {
                            let own = (index == 0 || !before.only.is_empty()) && !before.asks;
                            all.push((before.clone(), (handler, at), own));
                        }
                    }
                }
            }
        }
        for (before, (block, at), own) in all {
            if block.befores.len() == 1 {
                self.take(block, Place::Before { own });
            }
            let before_it = (self.made.responses.len(), self.made.throws.len());
            let mut halts = before.name.is_empty() || !self.is_here(&before.name);
            // What a block or a method of a package does is not known.
            let known = !before.name.is_empty() && !self.of_package(&before.name).is_empty();
            self.made.leaves |= halts && !known;
            let kept = std::mem::take(&mut self.made.leaves);
            self.halting(&before.name, own);
            halts |= self.made.leaves
                || before_it != (self.made.responses.len(), self.made.throws.len());
            self.made.leaves |= kept;
            let known = self.made.guards.contains(&before.name);
            if before.asks && before.depends {
                self.made.leaves = true;
            } else if before.asks && !known && (halts || self.answers(&before.name)) {
                self.made.guards.push(before.name.clone());
                if !places.contains(at) {
                    places.push(at.clone());
                }
            }
        }
    }

    /// Takes in what a method before an action and those that it calls do.
    fn halting(&mut self, name: &str, own: bool) {
        let mut open: Vec<(String, usize, Given)> = vec![(name.to_owned(), 0, Given::new())];
        let mut seen: BTreeSet<String> = BTreeSet::new();
        while let Some((name, from, with)) = open.pop() {
            if !seen.insert(format!("{from} {name} {with:?}")) || seen.len() > MOST {
                continue;
            }
            match self.method(&name, from) {
                Some(((index, handler), _)) => {
                    let handler = bound(handler, &with);
                    self.take(&handler, Place::Before { own });
                    let calls = handler.calls.iter().map(|call| match call.as_str() {
                        SUPER => (name.clone(), index + 1, Given::new()),
                        call => (call.to_owned(), 0, given(&handler, call)),
                    });
                    open.extend(calls.collect::<Vec<_>>());
                }
                None if self.is_here(&name) => {}
                None => match self.of_package(&name) {
                    [] => self.made.leaves = true,
                    all => {
                        for status in all {
                            self.fails_with(status);
                        }
                    }
                },
            }
        }
    }

    /// What well-known packages answer before an action where they do not know the caller.
    fn of_package(&self, name: &str) -> &'static [&'static str] {
        let mut kinds = self
            .made
            .responses
            .iter()
            .filter_map(|r| r.schema.as_deref());
        let data = kinds.any(|kind| matches!(kind, "JSON" | "XML" | "CSV"));
        let mut kinds = self.made.responses.iter();
        let pages = kinds.any(|r| r.schema.as_deref() == Some("HTML") || r.status.starts_with('3'));
        let of_devise = name.starts_with("authenticate_") && name.ends_with('!');
        match name {
            // Devise sends those on who want a page, and refuses all others
            // (<https://github.com/heartcombo/devise/blob/main/lib/devise/failure_app.rb>).
            _ if of_devise && self.rails.has_devise(self.root) => match (pages, data) {
                (true, false) => &["302"],
                (false, true) => &["401"],
                _ => &["302", "401"],
            },
            // <https://github.com/doorkeeper-gem/doorkeeper/wiki/API-endpoint-descriptions-and-examples>
            "doorkeeper_authorize!" => &["401", "403"],
            "http_basic_authenticate_with" => &["401"],
            _ => &[],
        }
    }

    fn fails_with(&mut self, status: &str) {
        if !self.made.responses.iter().any(|r| r.status == status) {
            self.answer(statuses::response(status));
        }
    }

    /// Whether a method before an action may answer in place of it, also what it answers is known already.
    fn answers(&self, name: &str) -> bool {
        let mut open = vec![name.to_owned()];
        let mut seen: BTreeSet<String> = BTreeSet::new();
        while let Some(name) = open.pop() {
            if !seen.insert(name.clone()) || seen.len() > MOST {
                continue;
            }
            if let Some(((_, handler), _)) = self.method(&name, 0) {
                let named =
                    |r: &Response| (r.schema.as_deref()).is_none_or(|s| s != TEMPLATE.to_string());
                if handler.responses.iter().any(named)
                    || !handler.throws.is_empty()
                    || handler.leaves
                {
                    return true;
                }
                open.extend(handler.calls.iter().cloned());
            }
        }
        false
    }

    /// What is answered to the exceptions that were found.
    fn fail(&mut self, places: &mut Vec<Evidence>) {
        for name in std::mem::take(&mut self.made.throws) {
            if self.handled(&name, places) {
                continue;
            }
            match USUAL.iter().find(|(known, _)| *known == name) {
                Some((_, status)) => self.answer(statuses::response(*status)),
                None => self.made.leaves = true,
            }
        }
    }

    /// Whether a controller handles an exception itself; then its answers are taken in.
    fn handled(&mut self, name: &str, places: &mut Vec<Evidence>) -> bool {
        let rails = self.rails;
        for class in self.line.names.clone() {
            let said = rails.befores.get(&(self.root, class.as_str()));
            for (handler, at) in said.into_iter().flatten().rev().copied() {
                let fits = |b: &&Before| {
                    b.on.as_deref().is_some_and(|on| {
                        on == name
                            || matches!(on, "StandardError" | "Exception")
                            || on == "ActiveRecord::ActiveRecordError"
                                && name.starts_with("ActiveRecord")
                    })
                };
                let Some(before) = handler.befores.iter().find(fits) else {
                    continue;
                };
                if before.depends {
                    self.made.leaves = true;
                }
                match before.name.is_empty() {
                    true => {
                        let answers = Handler {
                            throws: Vec::new(),
                            inputs: Vec::new(),
                            more: false,
                            ..handler.clone()
                        };
                        self.take(&answers, Place::Called);
                    }
                    false => {
                        let throws = std::mem::take(&mut self.made.throws);
                        self.halting(&before.name.clone(), false);
                        // An exception that a handler raises again ends elsewhere.
                        self.made.leaves |= !self.made.throws.is_empty();
                        self.made.throws = throws;
                    }
                }
                places.push(at.clone());
                return true;
            }
        }
        false
    }
}

/// What controllers answer that Rails brings itself
/// (<https://api.rubyonrails.org/classes/Rails/HealthController.html>).
fn of_framework(controller: &str, action: &str) -> Option<Handler> {
    let statuses: &[&str] = match (controller, action) {
        ("rails/health", "show") => &["200", "500"],
        ("rails/pwa", "manifest" | "service_worker") => &["200"],
        _ => return None,
    };
    let response = |status: &&str| statuses::response(*status);
    Some(Handler {
        name: action.to_owned(),
        responses: statuses.iter().map(response).collect(),
        ..Handler::default()
    })
}

/// What a format of an answer is called.
fn kind(format: &str) -> Option<&'static str> {
    Some(match format {
        "html" | "erb" | "haml" | "slim" => "HTML",
        "json" | "jbuilder" | "rabl" => "JSON",
        "xml" | "builder" => "XML",
        "rss" => "RSS",
        "atom" => "Atom",
        "csv" => "CSV",
        "js" => "JavaScript",
        "pdf" => "PDF",
        "ics" => "iCalendar",
        "text" | "txt" | "md" => "text",
        "turbo_stream" => "Turbo Stream",
        _ => return None,
    })
}
