//! Clients in code: whom the code of a unit calls.

use super::invoked::Stub;
use super::key_words::is_stand_in;
use super::{End, Found, Graph, Wiring};
use crate::extractors::java_dubbo::DUBBO;
use crate::facts::{Claim, Fact};
use crate::paths;
use crate::resolve::address::{Address, addresses, is_local};
use crate::resolve::routers::Routers;
use crate::resolve::settings::fill;
use crate::resolve::units::Unit;
use crate::resolve::world::folder_of;
use groundplan_model::{Confidence, Evidence, RelationshipKind, Role};
use std::collections::{BTreeMap, BTreeSet};

impl<'f> Wiring<'_, 'f> {
    /// The clients of a unit: those that its own code opens while it runs, and those that it gets
    /// from a shared module.
    pub(super) fn clients(&self, unit: usize) -> Vec<&'f Fact> {
        let mut all: Vec<&'f Fact> = Vec::new();
        if let Some(project) = self.units[unit].project {
            let own = self.world.facts_of(project);
            all.extend(own.filter(|fact| {
                matches!(fact.claim, Claim::Client(_))
                    && self.runs[unit].holds(&fact.at.path)
                    && !self.made.is_unused(fact)
                    && !self.made.is_of_others(fact, project)
                    && !self.is_shared_constant(fact, project)
                    && !self.constants.is_unused(fact)
            }));
        }
        all.extend(self.made.of_unit(unit));
        all
    }

    /// Whether an address that nothing here calls stands in a package of several programs and is told with
    /// another one: a list of addresses says of none who uses which.
    fn is_shared_constant(&self, fact: &Fact, project: usize) -> bool {
        let Claim::Client(client) = &fact.claim else {
            return false;
        };
        let called = client.library.as_deref().is_some_and(|l| !l.is_empty());
        !called
            && client.method.is_none()
            && client.operation.is_none()
            && self.world.is_shared(&fact.at.path)
            && self.world.project_of(&fact.at.path) != Some(project)
    }

    pub(super) fn join_code(&mut self, unit: usize) {
        let Some(project) = self.units[unit].project else {
            return;
        };
        let facts = self.clients(unit);
        // Programs of one module share what lies at its root.
        let folder = self.world.projects[project].folder.as_str();
        let beside = self.units.iter().filter(|other| {
            let reach = other.project.filter(|p| *p != project);
            reach.is_some_and(|p| self.world.projects[p].reach.as_deref() == Some(folder))
        });
        let sharing = self.leaders.sharing(project) + beside.count();
        let leads = self.leaders.leads(unit, Some(project));
        let defaults = self.defaults(project);
        for fact in facts {
            let Claim::Client(client) = &fact.claim else {
                continue;
            };
            let code = paths::holds_code(&fact.at.path);
            // Which of several containers of one source makes a call is told by what each is given;
            // an address that only the code knows is told once.
            let given = |t: &String| t.contains("{env:") || t.contains("${");
            // A branch, a job or a file of one process is none of the others.
            let own = self
                .portions
                .own(self.units, unit, &fact.at.path, fact.at.lines[0]);
            if own == Some(false) || self.is_in_browser(unit, &fact.at.path) {
                continue;
            }
            let leads = leads || own == Some(true);
            // What the one that leads does not run is this one's own.
            let leads = leads || sharing > 1 && self.runs_alone_in(unit, project, &fact.at.path);
            if !leads && code && !client.target.as_ref().is_some_and(given) {
                continue;
            }
            // Configuration that many units share says of none what it uses.
            if sharing > 3 && !code {
                continue;
            }
            let target = client.target.as_deref();
            let Some(target) = &target.map(|t| self.constants.fill(project, &fact.at.path, t))
            else {
                if code && client.protocol.starts_with("http") {
                    self.graph.unresolved.push((unit, fact.at.clone()));
                }
                continue;
            };
            // A file that others mount is theirs, wherever it lies.
            if !code
                && self
                    .holders
                    .placed(&fact.at.path)
                    .is_some_and(|u| !u.contains(&unit))
            {
                continue;
            }
            if self.handed_out.contains_key(&fact.at.path) {
                continue;
            }
            // What a deployment file gives this unit says that it is this one that calls; a value
            // that stands in the code says it of none in particular.
            let from_code = std::cell::Cell::new(!target.contains("{env:"));
            let text = fill(target, &|name| {
                let set = self.lookup(unit, name);
                let set = set.or_else(|| {
                    // What is given holds, whatever it is, and not the default in the code.
                    self.is_hidden(unit, name).then(|| "{given}".to_owned())
                });
                set.or_else(|| {
                    from_code.set(true);
                    (*defaults.get(name)?).map(str::to_owned)
                })
            });
            let text = with_own_host(text);
            // Where a browser comes back to after it has signed in elsewhere, nobody calls.
            if client.library.as_deref().is_none_or(str::is_empty) && comes_back(&text) {
                continue;
            }
            let this_calls = leads || !from_code.get();
            // A block that all containers of the source get tells none of them from the others.
            let common = !leads
                && target.contains("{env:")
                && self.values[unit].iter().any(|v| {
                    target.contains(&format!("{{env:{}}}", v.key)) && self.is_of_the_block(unit, v)
                });
            let protocol = match client.protocol.as_str() {
                "http" | "https" => Some("HTTP".to_owned()),
                "grpc" => Some("gRPC".to_owned()),
                "ws" | "wss" | "websocket" => Some("WebSocket".to_owned()),
                other => {
                    let known = self.world.knowledge;
                    let product = known.by_id(other).or_else(|| known.by_scheme(other));
                    product.and_then(|t| t.protocol.clone())
                }
            };
            let mut answered = false;
            for address in addresses(&text) {
                let to = match self.answer(&address.host, address.port.as_deref(), unit) {
                    // An address that nothing calls is that of a client, where tokens are issued.
                    Some(to)
                        if client.library.as_deref().is_none_or(str::is_empty)
                            && self.units[to].project.is_some()
                            && self.issues_tokens(unit) =>
                    {
                        continue;
                    }
                    Some(to) => End::Unit(to),
                    // Which of several parts with one code base calls it, nobody has followed.
                    None if code && !this_calls => continue,
                    None if self.is_public(&address)
                        && (client.protocol.starts_with("http")
                            || client.protocol == "websocket") =>
                    {
                        End::Outside(address.host.clone())
                    }
                    None => continue,
                };
                answered = true;
                let secure = address.scheme.as_deref() == Some("https");
                let protocol = match &protocol {
                    Some(name) if name == "HTTP" && secure => Some("HTTPS".to_owned()),
                    other => other.clone(),
                };
                // What a collector's file does with a neighbour its section says.
                let section = client.library.as_deref().filter(|_| !code);
                let kind = match (&to, section) {
                    (End::Unit(to), Some(section)) => self.kind_of_file(unit, *to, Some(section)),
                    _ => None,
                };
                let calls = match &to {
                    End::Unit(to) => self.calls_of(unit, *to, project, client),
                    End::Outside(_) => Stub::Open,
                };
                let asked = match calls {
                    // The part answers in another way, and nothing asks it in this one.
                    Stub::Unused => continue,
                    Stub::Open => client
                        .operation
                        .clone()
                        .or_else(|| operation(client, &text)),
                    Stub::Called(places) => {
                        for (operation, at) in places {
                            let found = Found {
                                kind,
                                at: &at.at,
                                protocol: protocol.clone(),
                                technology: client.library.clone(),
                                operation: Some(operation),
                                confidence: Confidence::High,
                            };
                            self.add(unit, to.clone(), found);
                        }
                        None
                    }
                };
                let found = Found {
                    kind,
                    at: &fact.at,
                    protocol,
                    technology: client.library.clone().filter(|_| code),
                    operation: asked,
                    confidence: match common && !self.is_data(&to) {
                        true => Confidence::Low,
                        false => Confidence::High,
                    },
                };
                self.add(unit, to, found);
            }
            // A path alone goes to where the page came from, and a complete address says where to.
            let first = target.split('/').next().unwrap_or("");
            let own = first.is_empty() || target.contains('/') && !first.contains(['.', ':', '{']);
            let open = text.contains('{');
            if !answered && client.protocol.starts_with("http") && code && !own && open {
                self.graph.unresolved.push((unit, fact.at.clone()));
            }
        }
    }

    /// What a unit calls of the stub that a client is; a stub that nothing calls leads to whoever serves it.
    fn calls_of(
        &self,
        unit: usize,
        to: usize,
        project: usize,
        client: &crate::facts::Client,
    ) -> Stub<'f> {
        let serves = |fact: &Fact| matches!((&fact.claim, &client.operation), (Claim::GrpcServer(one), Some(wanted)) if one == wanted);
        match self.invoked(unit, project, client) {
            Stub::Unused => {
                let of = self.units[to].project;
                let answers = of.is_none_or(|p| self.world.facts_of(p).any(serves));
                match answers {
                    true => Stub::Open,
                    false => Stub::Unused,
                }
            }
            other => other,
        }
    }

    /// Whether a file belongs to what a unit runs, and to nothing that the leading unit of the same source runs.
    fn runs_alone_in(&self, unit: usize, project: usize, path: &str) -> bool {
        let runs = |other: &usize| self.runs[*other].holds(path);
        let leads = |other: &usize| self.leaders.leads(*other, Some(project));
        let mut others = (0..self.units.len())
            .filter(|other| *other != unit && self.units[*other].project == Some(project));
        runs(&unit) && !others.any(|other| leads(&other) && runs(&other))
    }

    /// Whether an end is a store or broker, which all containers of one source are taken to use.
    fn is_data(&self, end: &End) -> bool {
        match end {
            End::Unit(unit) => {
                let role = self.units[*unit].role;
                role.is_store() || role == Role::Broker
            }
            End::Outside(_) => false,
        }
    }

    /// What the code of a project takes for variables that nothing sets: each with its default if all
    /// reads agree on it and it names another machine.
    fn defaults(&self, project: usize) -> BTreeMap<&'f str, Option<&'f str>> {
        let mut all: BTreeMap<&str, Option<&str>> = BTreeMap::new();
        for fact in self.world.facts_of(project) {
            let Claim::EnvRead(read) = &fact.claim else {
                continue;
            };
            let Some(default) = read.default.as_deref() else {
                continue;
            };
            let host = default.rsplit("://").next().unwrap_or(default);
            let host = host.split([':', '/']).next().unwrap_or(host);
            let usable = (!host.is_empty() && !is_local(host)).then_some(default);
            all.entry(&read.name)
                .and_modify(|known| *known = known.filter(|k| Some(*k) == usable))
                .or_insert(usable);
        }
        all
    }

    /// Databases that code opens without a part of the system that is one: a file beside the program,
    /// or a server that whoever runs it brings along.
    pub(super) fn note_opened(&mut self) {
        let mut opened: Vec<(usize, &str, &Evidence)> = Vec::new();
        for unit in 0..self.units.len() {
            let Some(project) = self.units[unit].project else {
                continue;
            };
            if !self.leaders.leads(unit, Some(project)) {
                continue;
            }
            let from = self.graph.edges.range((unit, End::Unit(0))..);
            let ends: Vec<usize> = from
                .take_while(|((from, _), _)| *from == unit)
                .filter_map(|((_, to), _)| match to {
                    End::Unit(to) => Some(*to),
                    End::Outside(_) => None,
                })
                .collect();
            for fact in self.clients(unit) {
                let Claim::Client(client) = &fact.claim else {
                    continue;
                };
                let known = self.world.knowledge;
                let product = known
                    .by_id(&client.protocol)
                    .or_else(|| known.by_scheme(&client.protocol))
                    .filter(|t| t.category == groundplan_knowledge::Category::Database);
                let code = paths::holds_code(&fact.at.path);
                let Some(product) = product.filter(|_| code) else {
                    continue;
                };
                let reached = ends.iter().any(|&to| self.serves(to, &product.id));
                // What is opened by an address that nothing shows is the only store of its kind, unless
                // others are given the address of that one.
                let unknown = client.target.as_deref().is_none_or(|t| {
                    t.contains("env:") && addresses(&fill(t, &|n| self.lookup(unit, n))).is_empty()
                });
                if !reached
                    && unknown
                    && let Some(to) = self.only_store(unit, &product.id)
                    && !self.keeps_elsewhere(unit, to)
                {
                    let found = Found {
                        protocol: product.protocol.clone(),
                        technology: client.library.clone(),
                        ..Found::guess(None, &fact.at)
                    };
                    self.add(unit, End::Unit(to), found);
                    continue;
                }
                if !reached {
                    opened.push((unit, product.name.as_str(), &fact.at));
                }
            }
        }
        self.keep_own(&opened);
    }

    /// Notes what is opened: unit, product and place. Where the files of one folder open many kinds of
    /// stores, they talk to what users point them to: what is watched or asked is no store of the program.
    fn keep_own(&mut self, opened: &[(usize, &str, &Evidence)]) {
        const MANY: usize = 4;
        let mut kinds: BTreeMap<(usize, &str), BTreeSet<&str>> = BTreeMap::new();
        for (unit, product, at) in opened {
            let key = (*unit, folder_of(&at.path));
            kinds.entry(key).or_default().insert(product);
        }
        for (unit, product, at) in opened {
            let key = (*unit, folder_of(&at.path));
            if kinds.get(&key).map_or(0, BTreeSet::len) < MANY {
                let entry = self.graph.opened.entry((*unit, (*product).to_owned()));
                entry.or_insert_with(|| (*at).clone());
            }
        }
    }

    /// A page calls by a path alone where it came from: the one part that offers operations, or
    /// the only one that offers this.
    pub(super) fn join_pages(&mut self) {
        let mut offered: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
        for (index, unit) in self.units.iter().enumerate() {
            let Some(project) = unit.project else {
                continue;
            };
            for fact in self.world.facts_of(project) {
                if let Claim::Endpoint(endpoint) = &fact.claim
                    && self.runs[index].holds(&fact.at.path)
                {
                    offered
                        .entry(index)
                        .or_default()
                        .insert(shape(&endpoint.path));
                }
            }
        }
        let mut whole: Option<BTreeMap<usize, BTreeSet<String>>> = None;
        for unit in 0..self.units.len() {
            if self.units[unit].role != Role::Ui || offered.contains_key(&unit) {
                continue;
            }
            for fact in self.clients(unit) {
                let Claim::Client(client) = &fact.claim else {
                    continue;
                };
                let path = client.target.as_deref().unwrap_or_default();
                let path = path.split('?').next().unwrap_or(path);
                let path = match based(path) {
                    Some(rest) => format!("/{rest}"),
                    None => path.to_owned(),
                };
                let path = path.as_str();
                let http = client.protocol.starts_with("http");
                let with_base = client
                    .target
                    .as_deref()
                    .is_some_and(|t| !t.starts_with('/'));
                let spoken = http || client.protocol == "websocket" && with_base;
                if !spoken || !path.starts_with('/') || path.len() < 2 {
                    continue;
                }
                let mut owners: Vec<usize> = offered.keys().copied().collect();
                // Where a base stands in a variable, only an operation of that path says whose it is.
                if owners.len() > 1 || with_base {
                    let wanted = shape(path);
                    owners.retain(|o| offered.get(o).is_some_and(|all| all.contains(&wanted)));
                    // The router of an operation may be mounted below another path elsewhere.
                    if owners.is_empty() && wanted.contains('/') {
                        let whole = whole.get_or_insert_with(|| self.served_paths());
                        let serve = |(unit, all): (&usize, &BTreeSet<String>)| {
                            all.contains(&wanted).then_some(*unit)
                        };
                        owners.extend(whole.iter().filter_map(serve));
                    }
                }
                let [owner] = owners.as_slice() else {
                    continue;
                };
                // What a gateway leads to, a page that knows the gateway reaches through it.
                let to = self
                    .graph
                    .gateway_between(self.units, unit, *owner)
                    .unwrap_or(*owner);
                let found = Found {
                    protocol: Some(if http { "HTTP" } else { "WebSocket" }.to_owned()),
                    technology: client.library.clone().filter(|l| !l.is_empty()),
                    operation: client
                        .method
                        .as_ref()
                        .map(|m| format!("{m} {}", named(path))),
                    ..Found::guess(Some(RelationshipKind::Calls), &fact.at)
                };
                self.add(unit, End::Unit(to), found);
            }
        }
    }

    /// The whole paths of the operations that the code of each unit offers, with the prefixes under which
    /// routers are mounted.
    fn served_paths(&self) -> BTreeMap<usize, BTreeSet<String>> {
        let routers = Routers::of(self.world);
        let mut all: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
        for (index, unit) in self.units.iter().enumerate() {
            for fact in unit
                .project
                .into_iter()
                .flat_map(|p| self.world.facts_of(p))
            {
                if let Claim::Endpoint(endpoint) = &fact.claim
                    && self.runs[index].holds(&fact.at.path)
                {
                    let placed = routers.placed(endpoint.clone(), &fact.at.path, self.world);
                    let paths = placed.iter().map(|e| shape(&e.path));
                    all.entry(index).or_default().extend(paths);
                }
            }
        }
        all
    }

    pub(super) fn is_public(&self, address: &Address) -> bool {
        let host = &address.host;
        address
            .scheme
            .as_deref()
            .is_some_and(|s| s.starts_with("http") || matches!(s, "ws" | "wss"))
            && host.contains('.')
            && !is_local(host)
            && !is_stand_in(host)
            && !host.bytes().all(|b| b.is_ascii_digit() || b == b'.')
            && ![
                "example.com",
                "example.org",
                "w3.org",
                "schemas.",
                "localhost",
                ".local",
                ".internal",
                ".svc",
            ]
            .iter()
            .any(|w| host.contains(w))
    }

    /// Calls of procedures by the name of the interface that the other end offers.
    pub(super) fn join_procedures(&mut self) {
        let mut servers: BTreeMap<(&str, &str), BTreeMap<usize, &'f Evidence>> = BTreeMap::new();
        for (index, unit) in self.units.iter().enumerate() {
            let Some(project) = unit.project else {
                continue;
            };
            for fact in self.world.facts_of(project) {
                let offered = match &fact.claim {
                    Claim::GrpcServer(service) => ("grpc", service.as_str()),
                    Claim::RpcServer(service) => (DUBBO, service.as_str()),
                    _ => continue,
                };
                let of_service = servers.entry(offered).or_default();
                of_service.entry(index).or_insert(&fact.at);
            }
        }
        for unit in 0..self.units.len() {
            for fact in self.clients(unit) {
                let Claim::Client(client) = &fact.claim else {
                    continue;
                };
                let Some(service) = &client.operation else {
                    continue;
                };
                let key = (client.protocol.as_str(), service.as_str());
                let Some(owners) = servers.get(&key) else {
                    continue;
                };
                if let (1, Some((&to, &served))) = (owners.len(), owners.first_key_value()) {
                    let project = self.units[unit].project;
                    let asked = project.and_then(|p| self.made.asked_at(fact, p));
                    let protocol = match client.protocol.as_str() {
                        "grpc" => Some("gRPC".to_owned()),
                        other => {
                            (self.world.knowledge.by_id(other)).and_then(|t| t.protocol.clone())
                        }
                    };
                    // Where the client is asked for, where it is made, and where the other end answers.
                    let made = (&fact.at, asked.is_none());
                    let mut places: Vec<(&Evidence, Option<String>)> = Vec::new();
                    let called = project.map_or(Stub::Open, |p| self.invoked(unit, p, client));
                    if let Stub::Called(all) = called {
                        places.extend(all.into_iter().map(|(name, at)| (&at.at, Some(name))));
                    }
                    let told = !places.is_empty();
                    let own = |calls: bool| (calls && !told).then(|| service.clone());
                    places.extend(asked.map(|at| (at, own(true))));
                    places.extend([(made.0, own(made.1)), (served, None)]);
                    for (at, operation) in places {
                        let found = Found {
                            kind: Some(RelationshipKind::Calls),
                            at,
                            protocol: protocol.clone(),
                            technology: client.library.clone(),
                            operation,
                            confidence: Confidence::High,
                        };
                        self.add(unit, End::Unit(to), found);
                    }
                }
            }
        }
    }
}

/// Whether an address is one of those at which programs take back who was sent to sign in:
/// `https://shop.example.org/auth/callback`.
fn comes_back(address: &str) -> bool {
    let Some((_, rest)) = address.split_once("://") else {
        return false;
    };
    let path = rest.split(['?', '#']).next().unwrap_or(rest);
    let last = path
        .trim_end_matches('/')
        .rsplit('/')
        .next()
        .unwrap_or_default();
    path.contains('/')
        && matches!(
            last,
            "callback"
                | "oauth2callback"
                | "signin-oidc"
                | "signout-callback-oidc"
                | "silent-renew.html"
        )
}

/// The host that a page came from is the machine on which ports are published.
fn with_own_host(mut text: String) -> String {
    for name in ["location.hostname", "location.host"] {
        for owner in ["window.", "document.", "self.", "globalThis.", ""] {
            let placeholder = format!("{{{owner}{name}}}:");
            if text.contains(&placeholder) {
                text = text.replace(&placeholder, "localhost:");
            }
        }
    }
    text
}

/// The path behind a base that a variable of the page holds: `{config.url}user/{id}`. A variable of the
/// environment may be the address of anybody.
fn based(target: &str) -> Option<&str> {
    let (name, rest) = target.strip_prefix('{')?.split_once('}')?;
    let rest = rest.trim_start_matches('/');
    let plain = !name.contains("env:") && !name.contains(['$', '|']);
    let begins = rest.starts_with(|c: char| c.is_ascii_alphabetic());
    (plain && begins && !rest.contains("://")).then_some(rest)
}

impl Graph {
    /// A gateway that a part is told the address of and that has routes to another.
    pub(crate) fn gateway_between(
        &self,
        units: &[Unit<'_>],
        from: usize,
        to: usize,
    ) -> Option<usize> {
        let mut gateways = (0..units.len()).filter(|&unit| units[unit].role == Role::Gateway);
        gateways.find(|&gateway| {
            let known = self.edges.get(&(from, End::Unit(gateway)));
            let routes = self.edges.get(&(gateway, End::Unit(to)));
            known.is_some_and(super::Edge::is_sure)
                && routes.is_some_and(|r| r.sides.contains_key(&RelationshipKind::Routes))
        })
    }
}

/// A path with all its parameters alike.
pub(crate) fn shape(path: &str) -> String {
    let part = |p: &str| {
        let open = p.contains('{') || p.starts_with(':') || p.starts_with('<');
        if open { "{}".to_owned() } else { p.to_owned() }
    };
    let parts: Vec<String> = path.trim_matches('/').split('/').map(part).collect();
    parts.join("/")
}

/// `GET /carts/{id}` of an HTTP call.
fn operation(client: &crate::facts::Client, text: &str) -> Option<String> {
    let method = client.method.as_deref()?;
    let path = text.split("://").nth(1)?;
    let at = path.find('/')?;
    Some(format!("{method} {}", named(&path[at..])))
}

/// A path whose parameters have names and no expressions: `/bot{settings.TOKEN}/send` is
/// `/bot{TOKEN}/send`.
fn named(path: &str) -> String {
    let mut out = String::new();
    let mut rest = path;
    while let Some((head, (inner, tail))) = rest
        .split_once('{')
        .and_then(|(h, t)| Some((h, t.split_once('}')?)))
    {
        let bare = inner.trim_end_matches("()");
        let last = bare.rsplit('.').next().unwrap_or(bare);
        let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
        let is_dotted = bare.contains('.') && bare.chars().all(plain) && !last.is_empty();
        out.push_str(head);
        out.push_str(&format!("{{{}}}", if is_dotted { last } else { inner }));
        rest = tail;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn parameters_have_names_and_no_expressions() {
        assert_eq!(
            named("/bot{settings.BOT_TOKEN}/send"),
            "/bot{BOT_TOKEN}/send"
        );
        assert_eq!(
            named("/repos/{self.channel.repo}/{id}"),
            "/repos/{repo}/{id}"
        );
        assert_eq!(named("/a/{f(x)}/{open"), "/a/{f(x)}/{open");
    }
}
