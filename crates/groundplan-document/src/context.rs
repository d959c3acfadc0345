//! The blueprint with the indexes that answers need.

use crate::answer::{Absence, Answer};
use crate::compose::{Options, Tally};
use crate::named::Names;
use crate::searched;
use crate::tree::{Span, Text};
use crate::words;
use groundplan_model::{
    Audience, BY_LAW, Blueprint, Confidence, DOCUMENTED_COMPOSE, Element, ElementKind, Entity,
    Interface, LAWS_NAMED, Observation, Operation, Provenance, Relationship, RelationshipKind,
    Role, Topic,
};
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

/// What every answer function gets.
pub(crate) struct Context<'a> {
    /// The blueprint itself.
    pub(crate) blueprint: &'a Blueprint,
    /// What the caller wants.
    pub(crate) options: &'a Options,
    /// Containers of the system, most relationships first.
    pub(crate) containers: Vec<&'a Element>,
    /// Systems and containers outside, most relationships first.
    pub(crate) externals: Vec<&'a Element>,
    /// Entities that are kept, most relations first; other structures only if there are no kept ones.
    pub(crate) entities: Vec<&'a Entity>,
    /// Messages and types beside entities that are kept, by name.
    pub(crate) other_entities: Vec<&'a Entity>,
    /// How many structures are only taken and given by operations: part of the interfaces.
    pub(crate) passed: usize,
    /// How many entities are kept in a store.
    pub(crate) kept: usize,
    /// Interfaces that people and other systems use, most operations first.
    pub(crate) primary: Vec<&'a Interface>,
    /// Interfaces between the system's own parts.
    pub(crate) internal: Vec<&'a Interface>,
    /// Connections between own containers to an element without a known interface.
    pub(crate) uncontracted: Vec<&'a Relationship>,
    /// Ids of questions by key.
    pub(crate) ids: BTreeMap<String, String>,
    /// Keys of the questions that were asked while composing.
    pub(crate) asked: RefCell<BTreeSet<&'static str>>,
    /// How well the labels of the document are answered; known in the second pass only.
    tally: Option<Tally>,
    /// Whether an answer looked at it.
    tally_asked: Cell<bool>,
    elements: BTreeMap<&'a str, &'a Element>,
    out: BTreeMap<&'a str, Vec<&'a Relationship>>,
    into: BTreeMap<&'a str, Vec<&'a Relationship>>,
    starts: BTreeMap<&'a str, Vec<&'a Relationship>>,
    topics: BTreeMap<Topic, Vec<&'a Observation>>,
    users: OnceCell<BTreeMap<String, BTreeSet<String>>>,
    names: OnceCell<Names>,
}

impl<'a> Context<'a> {
    /// The names of the elements that use a technology, by its name.
    pub(crate) fn users(&self) -> &BTreeMap<String, BTreeSet<String>> {
        self.users.get_or_init(|| {
            let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
            let mut add = |name: &str, element: &str| {
                let users = all.entry(name.to_owned()).or_default();
                users.insert(element.to_owned());
            };
            for d in &self.blueprint.dependencies {
                let element = d.element.as_deref().and_then(|id| self.element(id));
                if let (Some(name), Some(element)) = (d.technology.as_deref(), element) {
                    add(name, &element.name);
                }
            }
            for e in &self.blueprint.elements {
                for name in &e.technology {
                    add(name, &e.name);
                }
            }
            all
        })
    }

    /// How well the labels of the document are answered; known in the second pass only.
    pub(crate) fn tally(&self) -> Option<Tally> {
        self.tally_asked.set(true);
        self.tally
    }

    /// Whether an answer looked at the tally, so that it says something else in the second pass.
    pub(crate) fn tally_was_asked(&self) -> bool {
        self.tally_asked.get()
    }

    /// Says how well the labels are answered.
    pub(crate) fn set_tally(&mut self, tally: Tally) {
        self.tally = Some(tally);
    }

    pub(crate) fn new(blueprint: &'a Blueprint, options: &'a Options) -> Self {
        let elements: BTreeMap<&str, &Element> = blueprint
            .elements
            .iter()
            .map(|e| (e.id.as_str(), e))
            .collect();
        let mut out: BTreeMap<&str, Vec<&Relationship>> = BTreeMap::new();
        let mut into: BTreeMap<&str, Vec<&Relationship>> = BTreeMap::new();
        let mut starts: BTreeMap<&str, Vec<&Relationship>> = BTreeMap::new();
        for r in &blueprint.relationships {
            // A guess from names is not written down.
            if r.confidence == Confidence::Low || r.from == r.to {
                continue;
            }
            // Who waits for whom at the start is no use of the other.
            if r.kind == RelationshipKind::StartsAfter {
                starts.entry(&r.from).or_default().push(r);
                continue;
            }
            out.entry(&r.from).or_default().push(r);
            into.entry(&r.to).or_default().push(r);
        }
        let mut topics: BTreeMap<Topic, Vec<&Observation>> = BTreeMap::new();
        for o in &blueprint.observations {
            // A service account names a workload and permits nothing; open access is no check.
            let account = o.topic == Topic::Authorization && o.name.starts_with("ServiceAccount ");
            let open = o.topic == Topic::Authentication && o.name == crate::answers::ANONYMOUS;
            if account || open {
                continue;
            }
            topics.entry(o.topic).or_default().push(o);
        }
        let degree = |e: &Element| {
            let of = |map: &BTreeMap<&str, Vec<&Relationship>>| {
                let all = map.get(e.id.as_str()).into_iter().flatten();
                all.filter(|r| r.kind != RelationshipKind::Observes).count()
            };
            of(&out) + of(&into)
        };
        // What watches, registers or loads the others stands after what does the work.
        let is_tool = |e: &Element| {
            matches!(
                e.role,
                Some(
                    Role::Monitoring
                        | Role::LoadGenerator
                        | Role::Registry
                        | Role::Coordinator
                        | Role::ConfigServer
                )
            )
        };
        let by_weight = |mut all: Vec<&'a Element>| {
            // Of two with as many connections, the one that is named in more places stands first.
            let places = |e: &Element| {
                let all = into.get(e.id.as_str()).into_iter().flatten();
                let sites = |r: &&Relationship| r.operations.len() + r.provenance.evidence.len();
                all.map(sites).sum::<usize>()
            };
            all.sort_by_cached_key(|e| {
                let weight = std::cmp::Reverse((degree(e), places(e)));
                (is_tool(e), weight, e.id.clone())
            });
            all
        };
        let mut containers = by_weight(blueprint.containers().collect());
        // Where nothing is deployed, what others build with are the parts.
        if containers.is_empty() {
            let libraries = |e: &&Element| e.role == Some(Role::Library) && !e.external;
            containers = by_weight(blueprint.elements.iter().filter(libraries).collect());
        }
        let externals = by_weight(blueprint.externals().collect());
        let primary_known = blueprint
            .interfaces
            .iter()
            .any(|i| i.audience == Audience::Public);
        // Where no gateway or port says who is meant, what no part of the system uses is for
        // somebody outside.
        let used_inside = |i: &Interface| {
            let users = i.element.as_deref().and_then(|id| into.get(id));
            users.into_iter().flatten().any(|r| {
                r.kind != RelationshipKind::Observes
                    && elements
                        .get(r.from.as_str())
                        .is_some_and(|e| e.kind == ElementKind::Container && !e.external)
            })
        };
        let is_primary = |i: &Interface| match i.audience {
            Audience::Public => true,
            Audience::Internal => !primary_known && !used_inside(i),
            // That no port says who is meant does not make it one of the inside.
            Audience::Unknown => !primary_known || !used_inside(i) && !i.operations.is_empty(),
        };
        // What only a contract speaks of is offered by nobody, unless there is nothing else.
        let any_served = blueprint.interfaces.iter().any(|i| !i.unserved);
        let (mut primary, internal): (Vec<_>, Vec<_>) = blueprint
            .interfaces
            .iter()
            .filter(|i| !any_served || !i.unserved)
            .partition(|i| is_primary(i));
        // What a contract describes leads, then what offers most.
        primary.sort_by_key(|i| std::cmp::Reverse((!i.schemas.is_empty(), i.operations.len())));
        // A contract of the called side is one, whoever else calls it.
        let offering: BTreeSet<&str> = (internal.iter().chain(&primary))
            .filter(|i| !i.operations.is_empty())
            .filter_map(|i| i.element.as_deref())
            .collect();
        let own_service = |id: &str| {
            elements
                .get(id)
                .is_some_and(|e| e.kind == ElementKind::Container && !e.external && !e.is_store())
        };
        // Brokers and collectors have no interface of this system's own: what goes through them is
        // told with its topics, and what they collect with its signals.
        let passes_on = |id: &str| {
            let role = elements.get(id).and_then(|e| e.role);
            matches!(role, Some(Role::Broker | Role::Monitoring))
        };
        let uncontracted = out
            .values()
            .flatten()
            .filter(|r| own_service(&r.from) && own_service(&r.to))
            .filter(|r| !offering.contains(r.to.as_str()))
            .filter(|r| !r.operations.is_empty() || !passes_on(&r.to))
            .copied()
            .collect();
        let kept = |e: &Entity| e.kind.is_kept();
        let any_kept = blueprint.entities.iter().any(kept);
        let mut entities: Vec<&Entity> = blueprint
            .entities
            .iter()
            .filter(|e| !any_kept || kept(e))
            .collect();
        // What operations take and answer with belongs to the interface, not to the data.
        let operations = blueprint.interfaces.iter().flat_map(|i| &i.operations);
        let passed: BTreeSet<&str> = operations
            .flat_map(crate::answers::types)
            .map(|name| name.rsplit('.').next().unwrap_or(name))
            .collect();
        let other_entities: Vec<&Entity> = blueprint
            .entities
            .iter()
            .filter(|e| any_kept && !kept(e) && !passed.contains(e.name.as_str()))
            .collect();
        let passed = blueprint.entities.len() - entities.len() - other_entities.len();
        let kept = if any_kept { entities.len() } else { 0 };
        let mut pointed: BTreeMap<&str, usize> = BTreeMap::new();
        for relation in blueprint.entities.iter().flat_map(|e| &e.relations) {
            *pointed.entry(&relation.to).or_default() += 1;
        }
        entities.sort_by_cached_key(|e| {
            let links = e.relations.len() + pointed.get(e.id.as_str()).copied().unwrap_or(0);
            (std::cmp::Reverse(links), e.id.clone())
        });
        Context {
            blueprint,
            options,
            containers,
            externals,
            entities,
            other_entities,
            kept,
            passed,
            primary,
            internal,
            uncontracted,
            ids: BTreeMap::new(),
            asked: RefCell::default(),
            tally: None,
            tally_asked: Cell::new(false),
            elements,
            out,
            into,
            starts,
            topics,
            users: OnceCell::new(),
            names: OnceCell::new(),
        }
    }

    /// The element with this id.
    pub(crate) fn element(&self, id: &str) -> Option<&'a Element> {
        self.elements.get(id).copied()
    }

    /// The name of an element, or the id if there is no such element.
    pub(crate) fn name_of<'b>(&self, id: &'b str) -> &'b str
    where
        'a: 'b,
    {
        self.element(id).map_or(id, |e| e.name.as_str())
    }

    /// Relationships that start at an element, guesses left out.
    pub(crate) fn outgoing(&self, id: &str) -> &[&'a Relationship] {
        self.out.get(id).map_or(&[], Vec::as_slice)
    }

    /// What an element waits for when it starts, where nothing else joins the two.
    pub(crate) fn starts_after(&self, id: &str) -> &[&'a Relationship] {
        self.starts.get(id).map_or(&[], Vec::as_slice)
    }

    /// Relationships that end at an element, guesses left out.
    pub(crate) fn incoming(&self, id: &str) -> &[&'a Relationship] {
        self.into.get(id).map_or(&[], Vec::as_slice)
    }

    /// All relationships except guesses, by the id of their start.
    pub(crate) fn relationships(&self) -> impl Iterator<Item = &'a Relationship> {
        self.out.values().flatten().copied()
    }

    /// What was seen about a topic.
    pub(crate) fn seen(&self, topic: Topic) -> &[&'a Observation] {
        self.topics.get(&topic).map_or(&[], Vec::as_slice)
    }

    /// What was seen about a topic at one element.
    pub(crate) fn seen_at(&self, topic: Topic, element: &str) -> Vec<&'a Observation> {
        let all = self.seen(topic).iter();
        all.filter(|o| o.element.as_deref() == Some(element))
            .copied()
            .collect()
    }

    /// The containers with one of the roles, most relationships first.
    pub(crate) fn with_role(&self, roles: &[Role]) -> Vec<&'a Element> {
        let fits = |e: &&&Element| e.role.is_some_and(|r| roles.contains(&r));
        let own = self.containers.iter().filter(fits);
        own.chain(self.externals.iter().filter(fits))
            .copied()
            .collect()
    }

    /// Operations that people and other systems use.
    pub(crate) fn primary_operations(
        &self,
    ) -> impl Iterator<Item = (&'a Interface, &'a Operation)> {
        self.primary
            .iter()
            .flat_map(|i| i.operations.iter().map(|o| (*i, o)))
    }

    /// The interfaces of an element.
    pub(crate) fn interfaces_of(&self, id: &str) -> Vec<&'a Interface> {
        let all = self.blueprint.interfaces.iter();
        all.filter(|i| i.element.as_deref() == Some(id)).collect()
    }

    /// Whether files were read at all, so that an absence can be claimed.
    pub(crate) fn surveyed(&self) -> bool {
        self.blueprint.coverage.files > 0
    }

    /// Whether somebody keeps a part of the system running: it is deployed, answers requests or
    /// waits for messages. What people install and start themselves is not operated.
    pub(crate) fn is_operated(&self) -> bool {
        const MARKS: [&str; 5] = ["deployed-by", "exposed", "port", "replicas", "schedule"];
        let operated = |e: &&Element| match e.role {
            Some(Role::Program | Role::Library) => MARKS
                .iter()
                .any(|key| *key != "port" && e.attribute(key).is_some()),
            Some(Role::Service) | None => {
                MARKS.iter().any(|key| e.attribute(key).is_some())
                    || !self.interfaces_of(&e.id).is_empty()
                    || self
                        .outgoing(&e.id)
                        .iter()
                        .any(|r| r.kind == RelationshipKind::Subscribes)
            }
            Some(_) => true,
        };
        // Without any part there is nothing to judge by.
        self.containers.is_empty() || self.containers.iter().any(operated)
    }

    /// Whether a store of the system was found.
    pub(crate) fn has_store(&self) -> bool {
        self.kept > 0 || self.containers.iter().any(|e| e.is_store())
    }

    /// What a document of the repository says about the question with this key, in its own words:
    /// the one nearest to the root of the repository.
    pub(crate) fn stated_in_documents(&self, key: &str) -> Option<Text> {
        let found = self.seen(Topic::Stated).iter().filter(|o| o.name == key);
        let first = found
            .filter_map(|o| Some((o.provenance.first()?, o)))
            .min_by_key(|(p, _)| (p.path.matches('/').count(), p.path.as_str(), p.lines));
        let Some((place, said)) = first else {
            return self.stated_by_law(key);
        };
        // Under several labels stands one question: the document need not speak of each of them.
        let several = matches!(
            key,
            "releases" | "versioning" | "backup" | "rollback" | "glossary"
        );
        let text = Text::plain(if several { "See " } else { "Stated in " }).and(Span::File {
            text: place.path.clone(),
            path: place.path.clone(),
        });
        let words = said.detail.as_deref().unwrap_or_default().trim();
        if key == "roadmap" && words.starts_with("http") && !words.contains(' ') {
            let text = Text::plain("The roadmap is kept at ").then_code(words);
            return Some(text.then(".").from(&said.provenance));
        }
        let text = match words.is_empty() {
            true => text.then("."),
            // The names of what is explained, and no quotation.
            false if key == "glossary" => text.then(format!(", with {words}.")),
            false => text.then(format!(": “{words}”")),
        };
        Some(text.from(&said.provenance))
    }

    /// The pages and sections of documents that are on the topic of the question with this key.
    pub(crate) fn see_pages(&self, key: &str) -> Option<Text> {
        crate::pages::see(&crate::pages::of_question(self.blueprint, key))
    }

    /// A text with what leads to a question and its number, or in their place the pages on its topic.
    pub(crate) fn asked_in(&self, text: Text, lead: &str, key: &'static str) -> Text {
        let Some(pages) = self.see_pages(key) else {
            return text.then(lead).and(self.ask(key)).then(".");
        };
        let text = if lead.starts_with(';') {
            text.then(".")
        } else {
            text
        };
        if text.is_empty() {
            return pages;
        }
        text.then(" ").append(pages)
    }

    /// The first of what was stated under this key, which speaks of every installation.
    pub(crate) fn said(&self, key: &str) -> Option<&'a Observation> {
        let mut all = self.seen(Topic::Stated).iter().copied();
        all.find(|o| o.name == key)
    }

    /// What a privacy policy or terms of service say of a question: they speak of the service that their
    /// authors run, and not of each installation.
    pub(crate) fn stated_by_law(&self, key: &str) -> Option<Text> {
        let laws = (key == "compliance").then(|| self.laws_named()).flatten();
        let Some(said) = self.said(&format!("{BY_LAW}{key}")) else {
            return laws;
        };
        let (kind, words) = said.detail.as_deref()?.split_once('\n')?;
        let (are, says) = match kind.ends_with("terms of service") {
            true => ("The terms of service, which speak", "say"),
            false => ("The privacy policy, which speaks", "says"),
        };
        let words = words.trim_end_matches('.');
        let text = format!("{are} of the service that the authors run, {says}: “{words}”.");
        let text = Text::plain(text).from(&said.provenance);
        Some(match laws {
            Some(laws) => laws.then(" ").append(text),
            None => text,
        })
    }

    /// The laws that a policy of the authors names.
    fn laws_named(&self) -> Option<Text> {
        let said = self.said(&format!("{BY_LAW}{LAWS_NAMED}"))?;
        let (kind, names) = said.detail.as_deref()?.split_once('\n')?;
        let names: Vec<&str> = names.split(", ").collect();
        let name = match kind.ends_with("terms of service") {
            true => " name ",
            false => " names ",
        };
        let text = format!(
            "The {kind} of the authors{name}the {}.",
            words::list(&names, "and the")
        );
        Some(Text::plain(text).from(&said.provenance))
    }

    /// What documents say of how long an old version lives, where none says how interfaces are versioned.
    pub(crate) fn stated_of_versions(&self) -> Option<Text> {
        let of_interfaces = ["versioning", "deprecation-policy"];
        let mut of_interfaces = of_interfaces.iter();
        let stated = of_interfaces.find_map(|key| self.stated_in_documents(key));
        // Which releases get fixes says nothing of the interface alone.
        stated.or_else(|| {
            let said = self.stated_in_documents("supported-versions")?;
            Some(Text::plain("Of releases as a whole: ").append(said))
        })
    }

    /// All that documents and manifests of the repository say about the question with this key, the file
    /// nearest to the root first, each file once.
    pub(crate) fn all_stated(&self, key: &str, most: usize) -> Vec<Text> {
        let found = self.seen(Topic::Stated).iter().filter(|o| o.name == key);
        let mut found: Vec<_> = found
            .filter_map(|o| Some((o.provenance.first()?, *o)))
            .collect();
        found.sort_by_key(|(p, _)| (p.path.matches('/').count(), p.path.as_str(), p.lines));
        // Several images name the same people.
        let mut told: Vec<&str> = Vec::new();
        found.retain(|(_, o)| {
            let said = o.detail.as_deref().unwrap_or_default();
            let new = !told.contains(&said);
            told.push(said);
            new
        });
        found.dedup_by_key(|(p, _)| p.path.as_str());
        let all = found.into_iter().take(most).map(|(_, said)| {
            let words = said.detail.as_deref().unwrap_or_default().trim();
            Text::plain(format!("“{}”", words.trim_end_matches('.'))).from(&said.provenance)
        });
        all.collect()
    }

    /// What the head of the README says of the state of the project: that it is archived, has moved or is no
    /// longer kept.
    pub(crate) fn status(&self) -> Option<Text> {
        let said = self.said("status")?;
        let words = said.detail.as_deref()?.trim();
        let text = Text::plain("Its authors say of its state: ").then(format!("“{words}”"));
        Some(text.from(&said.provenance))
    }

    /// None of `noun` was found, or, where no file was read, the question with this key.
    ///
    /// Languages of the repository that are not read in these places are named; where the main one
    /// is among them, nothing is known and the question stands instead.
    pub(crate) fn absent(&self, noun: &str, searched: &[&str], question: &'static str) -> Answer {
        let scope = searched::of_places(&self.blueprint.coverage, searched);
        // A design says of some things that it does without them, or who chooses them.
        if self.designed()
            && let Some(text) = declared(self, &format!("{question}.{}", noun.replace(' ', "-")))
        {
            return Answer::text(text);
        }
        if !self.surveyed() || scope.main_unread {
            return Answer::Gap(question);
        }
        let mut unread = scope.unread;
        // Of files that describe the same parts twice one set was read as a whole, the others by name.
        let deploys = |place: &&str| {
            let files = ["Compose", "Kubernetes", "Ingress", "gateway", "Helm"];
            files.iter().any(|word| place.contains(word))
        };
        let mut parts = self.containers.iter();
        // What every set says of these stands at the part.
        let joined = ["autoscaler", "health-check", "resources", "retry"];
        let topics = groundplan_knowledge::absence_topics_of(noun);
        let joined = !topics.is_empty() && topics.iter().all(|t| joined.contains(&t.id.as_str()));
        if !joined
            && searched.iter().any(deploys)
            && parts.any(|e| e.attribute("variant").is_some())
        {
            unread.push("alternative sets of these files".to_owned());
        }
        let mut absence = self.unless_spoken(Absence::of(noun, searched).without(unread));
        // What was only looked for in documents is what they have a page on.
        let in_documents = !searched.is_empty() && searched.iter().all(|s| s.contains("documents"));
        let told = in_documents || absence.nouns.is_empty() && absence.open.is_empty();
        if let Some(text) = absence.documented.as_ref().filter(|_| told) {
            return Answer::text(text.clone());
        }
        absence.documented = self.documented(noun).or(absence.documented);
        Answer::Absent(absence)
    }

    /// Where documents tell those who run the system how to set up what is not among the files.
    pub(crate) fn documented(&self, noun: &str) -> Option<Text> {
        let text = self.documented_by_key(noun);
        let deployed = matches!(
            noun,
            "deployment file" | "environment" | "production environment"
        );
        text.or_else(|| deployed.then(|| self.documented_installation()).flatten())
    }

    /// The Compose file that a document shows to those who install the system.
    fn documented_installation(&self) -> Option<Text> {
        let all = self.seen(Topic::Stated).iter();
        let all = all.filter(|o| o.name == DOCUMENTED_COMPOSE);
        let services = |o: &'_ Observation| -> Vec<(String, String)> {
            let lines = o.detail.as_deref().unwrap_or_default().lines();
            let pair = |line: &str| {
                line.split_once(' ')
                    .map(|(n, i)| (n.to_owned(), i.to_owned()))
            };
            lines.filter_map(pair).collect()
        };
        let own = |o: &Observation| {
            services(o)
                .iter()
                .any(|(_, image)| self.is_called_after_it(image))
        };
        let (place, said) = all
            .filter_map(|o| Some((o.provenance.first()?, o)))
            .filter(|(_, o)| own(o))
            .min_by_key(|(p, _)| (p.path.matches('/').count(), p.path.as_str(), p.lines))?;
        let mut text = Text::default()
            .and(Span::Code(place.path.clone()))
            .then(" shows a Compose file to those who install it: ");
        let shown = services(said);
        for (at, (name, image)) in shown.iter().enumerate() {
            let lead = match at {
                0 => "",
                _ if at + 1 == shown.len() => " and ",
                _ => ", ",
            };
            text = text.then(lead).then_code(name.as_str()).then(" (");
            text = text.then_code(image.as_str()).then(")");
        }
        Some(text.then(".").from(&said.provenance))
    }

    fn documented_by_key(&self, noun: &str) -> Option<Text> {
        let key = match noun {
            n if n.contains("gateway") || n.contains("load balancer") => "documented-front",
            n if n.contains("Kubernetes") => "documented-kubernetes",
            n if n.starts_with("container image") => "documented-image",
            n if n.contains("environment") && !n.contains("variable") => "deployment-repository",
            _ => return None,
        };
        let all = self.seen(Topic::Stated).iter().filter(|o| o.name == key);
        let (place, said) = all
            .filter_map(|o| Some((o.provenance.first()?, o)))
            .filter(|(_, o)| key != "deployment-repository" || self.is_named_after_it(o))
            .filter(|(_, o)| key != "documented-image" || self.is_image_of_it(o))
            .min_by_key(|(p, _)| (p.path.matches('/').count(), p.path.as_str(), p.lines))?;
        let file = Text::default().and(Span::Code(place.path.clone()));
        let detail = said.detail.as_deref().unwrap_or_default();
        let text = match key {
            "documented-front" => file.then(" shows how to put a reverse proxy in front of it."),
            "documented-image" => file
                .then(" shows how to run the image ")
                .then_code(detail)
                .then("."),
            "documented-kubernetes" => {
                file.then(" shows manifests of Kubernetes for those who run it.")
            }
            _ => file
                .then(" leads to ")
                .then_code(detail)
                .then(", a repository that by its name deploys it."),
        };
        Some(text.from(&said.provenance))
    }

    /// Whether a repository is called after the system and what it deploys it with: `acme-helm`.
    fn is_named_after_it(&self, said: &Observation) -> bool {
        let address = said.detail.as_deref().unwrap_or_default();
        let name = address.rsplit('/').next().unwrap_or_default();
        let head = words::letters(name.rsplit_once('-').map_or(name, |(head, _)| head));
        let own = words::letters(&self.blueprint.system.name);
        head.len() > 2 && own == head
    }

    /// Whether an image is called after the system: `ghcr.io/acme/shop:1`.
    fn is_image_of_it(&self, said: &Observation) -> bool {
        self.is_called_after_it(said.detail.as_deref().unwrap_or_default())
    }

    fn is_called_after_it(&self, image: &str) -> bool {
        let last = image.rsplit('/').next().unwrap_or_default();
        let name = words::letters(last.split([':', '@']).next().unwrap_or_default());
        name.len() > 2 && name == words::letters(&self.blueprint.system.name)
    }

    /// The absence with the words of files and the names in the blueprint that speak against it.
    pub(crate) fn unless_spoken(&self, mut absence: Absence) -> Absence {
        for noun in &mut absence.nouns {
            if let Some(rest) = self.without_known(noun) {
                *noun = rest;
            }
        }
        let of_part = absence.of_part;
        if !of_part && absence.documented.is_none() {
            let nouns = absence.nouns.join(", ");
            absence.documented = crate::pages::see(&crate::pages::of_noun(self.blueprint, &nouns));
        }
        let mut absence = absence.heard(|noun| {
            // Words anywhere say nothing about one part.
            let heard = match of_part {
                true => Vec::new(),
                false => crate::spoken::heard(&self.blueprint.coverage, noun),
            };
            if !heard.is_empty() {
                return heard;
            }
            let names = self.names.get_or_init(|| Names::of(self.blueprint));
            let topics = groundplan_knowledge::absence_topics_of(noun);
            topics.iter().filter_map(|t| names.speaking(t)).collect()
        });
        // A page on it is told, and need not be said to have been read no further.
        let led = |noun: &String| !crate::pages::of_noun(self.blueprint, noun).is_empty();
        let told = absence.documented.is_some() && absence.open.iter().all(led);
        if told && absence.spoken.iter().all(|s| s.documents) {
            absence.open.clear();
            absence.spoken.clear();
        }
        absence
    }

    /// `audit record or security scan` of `audit record, alert rule or security scan`, where other sections
    /// tell of alert rules: what is known is neither denied nor left open.
    fn without_known(&self, nouns: &str) -> Option<String> {
        let known = |noun: &str| match noun {
            "alert rule" => !self.seen(Topic::AlertRule).is_empty(),
            "dashboard" => !self.seen(Topic::Dashboard).is_empty(),
            _ => false,
        };
        let all = nouns.replace(" or ", ", ");
        let all: Vec<&str> = all.split(", ").collect();
        let rest: Vec<String> = (all.iter().filter(|noun| !known(noun)))
            .map(|noun| (*noun).to_owned())
            .collect();
        (rest.len() < all.len() && !rest.is_empty()).then(|| words::list(&rest, "or"))
    }

    /// A sentence that ends the paragraph of an absence in words of its own: where words stand that
    /// speak against it. Empty if there are none.
    pub(crate) fn heard(&self, noun: &str) -> Text {
        let heard = crate::spoken::heard(&self.blueprint.coverage, noun);
        let all: Vec<&crate::spoken::Spoken> = heard.iter().collect();
        match crate::spoken::clause(&all) {
            Some(clause) => Text::plain(" But ").append(clause).then("."),
            None => Text::default(),
        }
    }

    /// None of `noun` was found at one part: only the languages of that part count as not searched,
    /// and where none of them is read, that is all that is said.
    pub(crate) fn absent_at(
        &self,
        e: &Element,
        noun: &str,
        searched: &[&str],
        question: &'static str,
    ) -> Answer {
        if !self.surveyed() {
            return Answer::Gap(question);
        }
        let (read, unread) = searched::languages_of(&e.technology);
        if read.is_empty() && !unread.is_empty() {
            let text = Text::plain(format!(
                "No {noun} can be named, because its code in {} was not searched.",
                words::list(&unread, "and")
            ));
            return Answer::Absent(Absence::because(text.from(&e.provenance)));
        }
        // What has no code here leaves no language out; where the language of code is not known,
        // those of the repository count.
        let unread = match read.is_empty() && unread.is_empty() && e.source.is_some() {
            true => searched::of_places(&self.blueprint.coverage, searched).unread,
            false => unread,
        };
        Answer::Absent(Absence::of(noun, searched).without(unread).of_part())
    }

    /// None of `noun` was found in these places and in the code that is read for all of the topics;
    /// the question where the main language of the repository is not read for them.
    pub(crate) fn absent_topics(
        &self,
        topics: &[Topic],
        noun: &str,
        places: &[&str],
        question: &'static str,
    ) -> Answer {
        let scope = searched::of_topics(&self.blueprint.coverage, topics);
        if !self.surveyed() || scope.main_unread {
            return Answer::Gap(question);
        }
        let code = format!("code in {}", words::list(&scope.read, "and"));
        let mut all = places.to_vec();
        if !scope.read.is_empty() {
            all.push(&code);
        }
        Answer::Absent(self.unless_spoken(Absence::of(noun, &all).without(scope.unread)))
    }

    /// Whether the system is described from a brief and does not exist yet.
    pub(crate) fn designed(&self) -> bool {
        self.blueprint.origin == "designed"
    }

    /// A number with its sum, by its path.
    pub(crate) fn calculation(&self, path: &str) -> Option<&'a groundplan_model::Calculation> {
        self.blueprint.calculations.iter().find(|c| c.id == path)
    }

    /// A question in the middle of a sentence.
    pub(crate) fn ask(&self, key: &'static str) -> Span {
        self.asked.borrow_mut().insert(key);
        match self.ids.get(key) {
            Some(id) => Span::Question(id.clone()),
            // While questions are collected they have no numbers yet.
            None => Span::Plain("an open question".to_owned()),
        }
    }

    /// The view with this id, if it exists.
    pub(crate) fn has_view(&self, id: &str) -> bool {
        self.blueprint.views.iter().any(|v| v.id == id)
    }
}

/// What a person declared under a dotted key of `groundplan.yaml`, as a sentence.
pub(crate) fn declared(context: &Context, key: &str) -> Option<Text> {
    context
        .blueprint
        .system
        .answers
        .get(key)
        .map(crate::text::stated)
}

/// What a person declared, or the question that asks for it.
pub(crate) fn declared_or(context: &Context, key: &str, question: &'static str) -> Answer {
    declared(context, key).map_or(Answer::Gap(question), Answer::text)
}

/// A sentence that was counted, with its formula and what went in.
pub(crate) fn counted(text: Text, formula: &str, inputs: impl IntoIterator<Item = String>) -> Text {
    text.from(&Provenance::computed(formula, inputs))
}
