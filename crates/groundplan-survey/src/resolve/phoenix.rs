//! What an action of Phoenix takes, answers and asks: what its function does with those that it calls, the plugs
//! before it, what its controller falls back to, and what is said of it beside the code.

use crate::extractors::elixir_marks;
use crate::extractors::phoenix_controllers::{
    BESIDE, DESCRIBED, FUNCTION, MODULE, PUBLIC, SECURITY, SETS, TAG, UNLESS,
};
use crate::extractors::phoenix_routes::{ACCEPTS_JSON, PIPELINE, PLUG, short};
use crate::facts::{Claim, Endpoint, Handler, Input, WITH};
use crate::resolve::names::is_aside;
use crate::resolve::world::World;
use crate::statuses;
use groundplan_model::{Evidence, Operation};
use groundplan_syntax::Language;
use std::collections::{BTreeMap, BTreeSet};

/// Functions that one action calls, at most.
const MOST: usize = 60;

/// Pipelines that one interface tells of, at most.
const MOST_PIPELINES: usize = 4;

type Read<'f> = (&'f Handler, &'f Evidence);

/// All functions of Elixir that are handed a connection, by their whole names.
#[derive(Default)]
pub(crate) struct Phoenix<'f> {
    modules: BTreeMap<&'f str, Read<'f>>,
    functions: BTreeMap<&'f str, Read<'f>>,
    described: BTreeMap<&'f str, Read<'f>>,
    /// Functions by their file and the last word of their name.
    placed: BTreeMap<(&'f str, &'f str), &'f str>,
    /// Modules that have a function which others may call, by its name.
    public: BTreeMap<&'f str, BTreeSet<&'f str>>,
    /// Functions that set a status and may leave it to others to answer.
    setters: BTreeSet<&'f str>,
    /// Parameters in paths of all routes that lead to an action, by its module and name.
    in_paths: BTreeMap<(&'f str, &'f str), BTreeSet<&'f str>>,
    /// Pipelines by the file of their router.
    pipelines: BTreeMap<&'f str, Vec<Read<'f>>>,
}

/// What is put together of one action.
struct Whole<'r, 'f> {
    all: &'r Phoenix<'f>,
    made: Handler,
    places: Vec<Evidence>,
    seen: BTreeSet<String>,
}

/// Whether a framework is this one.
pub(crate) fn is_phoenix(framework: &str) -> bool {
    framework == "phoenix"
}

impl<'f> Phoenix<'f> {
    pub(crate) fn of(world: &World<'f>) -> Self {
        let mut found = Phoenix::default();
        for (file, fact) in world.facts() {
            if let Claim::Endpoint(endpoint) = &fact.claim
                && is_phoenix(&endpoint.framework)
                && let (Some(class), Some(handler)) = (&endpoint.class, &endpoint.handler)
            {
                let names = endpoint.path.split('{').skip(1);
                let names = names.filter_map(|part| Some(part.split_once('}')?.0));
                let all = found.in_paths.entry((class, handler)).or_default();
                all.extend(names);
            }
            let Claim::Handler(handler) = &fact.claim else {
                continue;
            };
            if file.language != Language::Elixir || is_aside(&file.path) {
                continue;
            }
            let read = (handler.as_ref(), &fact.at);
            if handler.name.starts_with(PIPELINE) {
                found.pipelines.entry(&file.path).or_default().push(read);
                continue;
            }
            let Some(name) = handler.name.strip_prefix(MODULE) else {
                continue;
            };
            if let Some((module, word)) = name.split_once(FUNCTION) {
                let marked = |mark: &str| handler.only.iter().any(|m| m == mark);
                if marked(PUBLIC) {
                    found.public.entry(word).or_default().insert(module);
                }
                if marked(SETS) {
                    found.setters.insert(word);
                }
                found.functions.entry(name).or_insert(read);
            } else if name.contains(DESCRIBED) {
                found.described.entry(name).or_insert(read);
            } else {
                found.modules.entry(name).or_insert(read);
            }
        }
        for (&name, &(_, at)) in &found.functions {
            let word = name.rsplit(FUNCTION).next().unwrap_or(name);
            found.placed.entry((&at.path, word)).or_insert(name);
        }
        found
    }

    /// The module of a controller as a route names it, and the action.
    fn named<'e>(&self, endpoint: &'e Endpoint) -> Option<(&'f str, &'e str)> {
        let (written, action) = endpoint.handler.as_deref()?.rsplit_once('.')?;
        if !is_phoenix(&endpoint.framework) || !action.starts_with(|c: char| c.is_ascii_lowercase())
        {
            return None;
        }
        let whole = endpoint.class.as_deref().unwrap_or(written);
        if let Some((name, _)) = self.modules.get_key_value(whole) {
            return Some((name, action));
        }
        // The one module that is called so, where the scope of the route was not read.
        let mut fits = self.modules.keys().filter(|name| {
            let before = name.strip_suffix(whole);
            before.is_some_and(|before| before.ends_with('.'))
        });
        let one = fits.next()?;
        fits.next().is_none().then_some((*one, action))
    }

    /// What the action of an endpoint takes, answers and asks, with the places that say so, the function first.
    pub(crate) fn action(
        &self,
        endpoint: &Endpoint,
        at: &Evidence,
    ) -> Option<(Handler, Vec<Evidence>)> {
        let (module, action) = self.named(endpoint)?;
        let function = self
            .functions
            .get(format!("{module}{FUNCTION}{action}").as_str());
        let said = self
            .described
            .get(format!("{module}{DESCRIBED}{action}").as_str());
        if function.is_none() && said.is_none() {
            return None;
        }
        let mut whole = Whole {
            all: self,
            made: Handler::default(),
            places: Vec::new(),
            seen: BTreeSet::new(),
        };
        if let Some((handler, place)) = function {
            whole.made.summary.clone_from(&handler.summary);
            whole.made.inputs.clone_from(&handler.inputs);
            whole.made.more = handler.more;
            whole.places.push((*place).clone());
            whole.take(handler, false);
            whole.follow(module, handler, false);
            whole.fall_back(module, &handler.throws);
        }
        whole.before(module, action, endpoint, &at.path);
        let (mut made, mut places) = (whole.made, whole.places);
        // Clauses for other routes of the action ask for what stands in the paths of those.
        if let (Some(class), Some(name)) = (&endpoint.class, &endpoint.handler)
            && let Some(all) = self.in_paths.get(&(class.as_str(), name.as_str()))
        {
            made.inputs.retain(|input| {
                let own = endpoint.path.contains(&format!("{{{}}}", input.name));
                own || !all.contains(input.name.as_str())
            });
        }
        // Only a form sends its fields as one.
        let json = endpoint.guards.iter().any(|g| g == ACCEPTS_JSON);
        for input in made.inputs.iter_mut().filter(|i| json && i.place == "form") {
            input.place = match endpoint.method.as_str() {
                "GET" | "HEAD" | "DELETE" => "query".to_owned(),
                _ => "body".to_owned(),
            };
        }
        if let Some((handler, place)) = said {
            describe(&mut made, handler);
            places.push((*place).clone());
        }
        made.name = action.to_owned();
        statuses::in_order(&mut made.responses);
        let mut known = BTreeSet::new();
        places.retain(|p| known.insert((p.path.clone(), p.lines)));
        Some((made, places))
    }

    /// Adds what is said of an action for lists of operations: its tag and its security schemes, and takes away
    /// what only seems to ask.
    pub(crate) fn tell(&self, operation: &mut Operation, endpoint: &Endpoint) {
        self.let_pass(operation, endpoint);
        let Some((module, action)) = self.named(endpoint) else {
            return;
        };
        let Some((said, _)) = self
            .described
            .get(format!("{module}{DESCRIBED}{action}").as_str())
        else {
            return;
        };
        let class = self.modules.get(module).map(|(class, _)| *class);
        let of = |key: &str| -> Vec<String> {
            let own = said.docs.iter().chain(class.iter().flat_map(|c| &c.docs));
            own.filter(|(k, _)| k == key)
                .map(|(_, v)| v.clone())
                .collect()
        };
        operation.tag = operation.tag.take().or_else(|| of(TAG).into_iter().next());
        for scheme in of(SECURITY) {
            if !operation.security.contains(&scheme) {
                operation.security.push(scheme);
            }
        }
    }

    /// What the pipelines of the routers of some files consist of, in one sentence, with where they stand.
    pub(crate) fn pipelines(&self, paths: &BTreeSet<&str>) -> Option<(String, Vec<Evidence>)> {
        let all = paths.iter().filter_map(|path| self.pipelines.get(path));
        let all: Vec<&Read<'f>> = (all.flatten())
            .filter(|(handler, _)| !handler.calls.is_empty())
            .collect();
        let told = all.iter().take(MOST_PIPELINES).map(|(handler, _)| {
            let name = handler.name.strip_prefix(PIPELINE).unwrap_or_default();
            let plugs: Vec<String> = (handler.calls.iter())
                .map(|plug| format!("`{plug}`"))
                .collect();
            let more = if handler.more { " and others" } else { "" };
            format!("`{name}` ({}{more})", plugs.join(", "))
        });
        let told: Vec<String> = told.collect();
        let more = match all.len().saturating_sub(told.len()) {
            0 => String::new(),
            n => format!(" and {n} more"),
        };
        let places = all.iter().take(MOST_PIPELINES).map(|(_, at)| (*at).clone());
        let word = if all.len() == 1 {
            "Pipeline"
        } else {
            "Pipelines"
        };
        let text = format!("{word} of plugs: {}{more}.", told.join("; "));
        (!all.is_empty()).then(|| (text, places.collect()))
    }

    /// The function that a module calls by a name: its own, that of the module before it, or the only one that other
    /// modules may call so.
    fn called(&self, module: &str, name: &str) -> Called<'f> {
        let (of, word) = match name.rsplit_once('.') {
            Some((of, word)) => (of, word),
            None => (module, name),
        };
        if let Some((key, read)) = self
            .functions
            .get_key_value(format!("{of}{FUNCTION}{word}").as_str())
        {
            let module = key.split(FUNCTION).next().unwrap_or(key);
            return Called::Here(module, *read);
        }
        if name.contains('.') {
            // A function without a connection does nothing with it.
            return Called::Foreign;
        }
        let Some(all) = self.public.get(word) else {
            return Called::Foreign;
        };
        // Actions of other controllers are not taken in.
        let mut all = all
            .iter()
            .filter(|m| !m.ends_with("Controller") && !m.ends_with("Live"));
        match (all.next(), all.next()) {
            (Some(one), None) => {
                let key = format!("{one}{FUNCTION}{word}");
                match self.functions.get_key_value(key.as_str()) {
                    Some((_, read)) => Called::Here(one, *read),
                    None => Called::Foreign,
                }
            }
            _ => Called::Foreign,
        }
    }
}

impl<'f> Phoenix<'f> {
    /// The function of a plug that a module names, or a router in a file: its own functions stand there.
    fn stage(&self, module: &'f str, name: &str, path: &str) -> Called<'f> {
        match name.strip_prefix(':') {
            Some(word) if module.is_empty() => {
                let own = self.placed.get(&(path, word));
                match own.and_then(|key| self.functions.get_key_value(key)) {
                    Some((key, read)) => {
                        Called::Here(key.split(FUNCTION).next().unwrap_or(key), *read)
                    }
                    None => self.called("", word),
                }
            }
            Some(word) => self.called(module, word),
            None => self.called("", &format!("{name}.call")),
        }
    }

    /// Whether the code of a plug turns nobody away, whatever its name says: `login` may only load who has signed in.
    fn lets_pass(&self, found: &Called<'f>) -> bool {
        let Called::Here(module, (handler, _)) = found else {
            return false;
        };
        let mut open: Vec<(&'f str, &'f Handler)> = vec![(*module, *handler)];
        let mut seen: BTreeSet<String> = BTreeSet::new();
        while let Some((module, handler)) = open.pop() {
            let answers = !handler.responses.is_empty() || !handler.throws.is_empty();
            if handler.leaves || answers {
                return false;
            }
            for mark in &handler.calls {
                let name = mark.strip_prefix(BESIDE).unwrap_or(mark);
                match self.called(module, name) {
                    Called::Here(of, (inner, _)) if seen.len() < MOST => {
                        if seen.insert(format!("{of} {name}")) {
                            open.push((of, inner));
                        }
                    }
                    _ => return false,
                }
            }
        }
        true
    }

    /// Takes plugs that turn nobody away from what an operation asks of its callers.
    fn let_pass(&self, operation: &mut Operation, endpoint: &Endpoint) {
        let Some(router) = operation.provenance.first().map(|at| at.path.clone()) else {
            return;
        };
        let (mut passed, mut asked) = (BTreeSet::new(), BTreeSet::new());
        let plugs = endpoint.guards.iter().filter_map(|g| g.strip_prefix(PLUG));
        for name in plugs.filter(|name| elixir_marks::asks(name)) {
            match self.lets_pass(&self.stage("", name, &router)) {
                true => passed.insert(short(name)),
                false => asked.insert(short(name)),
            };
        }
        for name in passed.difference(&asked) {
            operation.guards.retain(|guard| guard != name);
            if !operation.before.iter().any(|known| known == name) {
                operation.before.push((*name).to_owned());
            }
        }
    }
}

enum Called<'f> {
    Here(&'f str, Read<'f>),
    Foreign,
}

impl<'f> Whole<'_, 'f> {
    /// Takes in what a function answers; of one that stands before the action only what it answers in place of it.
    fn take(&mut self, handler: &Handler, before: bool) -> bool {
        let mut added = false;
        for response in &handler.responses {
            let mut made = response.clone();
            if let Some(rest) = response.status.strip_prefix(UNLESS) {
                let (status, stages) = rest.split_once('/').unwrap_or((rest, ""));
                if stages
                    .split(',')
                    .any(|stage| self.all.setters.contains(stage))
                {
                    self.made.leaves = true;
                    continue;
                }
                made.status = status.to_owned();
            }
            if before && made.status.starts_with('2') {
                self.made.leaves = true;
                continue;
            }
            if before {
                made.schema = None;
            }
            match self
                .made
                .responses
                .iter_mut()
                .find(|r| r.status == made.status)
            {
                Some(known) => {
                    if known.schema != made.schema {
                        // Two kinds of an answer are told as none.
                        known.schema = known
                            .schema
                            .take()
                            .filter(|_| before || made.schema.is_none());
                    }
                }
                None => {
                    self.made.responses.push(made);
                    added = true;
                }
            }
        }
        self.made.leaves |= handler.leaves;
        added
    }

    /// Takes in what the functions do that a function hands the connection on to.
    fn follow(&mut self, module: &'f str, handler: &'f Handler, before: bool) {
        let mut open: Vec<(&'f str, &'f Handler)> = vec![(module, handler)];
        while let Some((module, handler)) = open.pop() {
            for mark in &handler.calls {
                let name = mark.strip_prefix(BESIDE);
                let (name, ends) = (name.unwrap_or(mark), name.is_none());
                if self.seen.len() >= MOST {
                    self.made.leaves = true;
                    return;
                }
                if !self.seen.insert(format!("{module} {name} {before}")) {
                    continue;
                }
                match self.all.called(module, name) {
                    Called::Here(of, (found, at)) => {
                        if self.take(found, before) {
                            self.places.push(at.clone());
                        }
                        if !before {
                            let made = &mut self.made;
                            for input in &found.inputs {
                                let known = made.inputs.iter().any(|i| i.name == input.name);
                                if !known && of == module {
                                    made.inputs.push(Input {
                                        required: false,
                                        ..input.clone()
                                    });
                                }
                            }
                        }
                        open.push((of, found));
                    }
                    Called::Foreign => self.made.leaves |= ends && !before,
                }
            }
        }
    }

    /// Takes in what the controller falls back to for the errors that its action names.
    fn fall_back(&mut self, module: &str, reasons: &[String]) {
        let base = self
            .all
            .modules
            .get(module)
            .and_then(|(class, _)| class.bases.first());
        // What is no connection goes to what the controller falls back to, which a macro may name.
        self.made.leaves |= !reasons.is_empty();
        let Some(base) = base else { return };
        self.made.leaves = true;
        let Called::Here(_, (found, at)) = self.all.called("", &format!("{base}.call")) else {
            return;
        };
        let mut added = false;
        for reason in reasons {
            let clause = found.takes.iter().find(|(of, _)| of == reason);
            for status in clause.map(|(_, all)| all.as_slice()).unwrap_or_default() {
                added |= !self.made.responses.iter().any(|r| r.status == *status);
                statuses::add(&mut self.made.responses, status);
            }
        }
        if added {
            self.places.push(at.clone());
        }
    }

    /// What stands before an action: plugs of its route and of its controller.
    fn before(&mut self, module: &'f str, action: &str, endpoint: &Endpoint, router: &str) {
        for name in endpoint.guards.iter().filter_map(|g| g.strip_prefix(PLUG)) {
            let found = self.all.stage("", name, router);
            self.plug(found, elixir_marks::asks(name));
        }
        let Some((class, at)) = self.all.modules.get(module) else {
            return;
        };
        for before in class.befores.iter().filter(|b| b.is_for(action)) {
            if before.depends {
                self.made.leaves = true;
                continue;
            }
            let last = short(&before.name);
            let found = self.all.stage(module, &before.name, &at.path);
            let asks = before.asks && !self.all.lets_pass(&found);
            let told = match asks {
                true => last.to_owned(),
                false => format!("{WITH}{last}"),
            };
            if !self.made.guards.contains(&told) {
                self.made.guards.push(told);
                self.places.extend(asks.then(|| (*at).clone()));
            }
            self.plug(found, asks);
        }
    }

    /// Takes in what a plug answers in place of the action.
    fn plug(&mut self, found: Called<'f>, asks: bool) {
        match found {
            Called::Here(of, (handler, at)) => {
                let mut added = self.take(handler, true);
                let known = self.made.responses.len();
                self.follow(of, handler, true);
                added |= self.made.responses.len() > known;
                if added {
                    self.places.push(at.clone());
                }
            }
            Called::Foreign => self.made.leaves |= asks,
        }
    }
}

/// Adds what is said of an action beside its code: of answers those that no code was seen to give are only declared.
fn describe(made: &mut Handler, said: &Handler) {
    made.summary = said.summary.clone().or(made.summary.take());
    made.deprecated |= said.deprecated;
    made.request.clone_from(&said.request);
    made.docs.extend(
        said.docs
            .iter()
            .filter(|(k, _)| k != TAG && k != SECURITY)
            .cloned(),
    );
    let own = std::mem::replace(&mut made.inputs, said.inputs.clone());
    // What a body has, its schema says.
    let own = own
        .into_iter()
        .filter(|i| said.request.is_none() || !matches!(i.place.as_str(), "body" | "form"));
    for input in own {
        let same = |name: &str| name == input.name || name.trim_end_matches("[]") == input.name;
        if !made.inputs.iter().any(|i| same(&i.name)) {
            made.inputs.push(input);
        }
    }
    made.more = said.more;
    made.leaves |= said.leaves;
    for response in &said.responses {
        let known = made
            .responses
            .iter_mut()
            .find(|r| r.status == response.status);
        match known {
            Some(known) => {
                known.schema = response.schema.clone().or(known.schema.take());
                known.description.clone_from(&response.description);
            }
            None => made.responses.push(response.clone()),
        }
    }
}
