//! A Compose service.

use super::{labels, ports};
use crate::extractors::manifests::{
    Field, Fields, at_node, command_line, env_from, env_value, fill, join_variables, keep_value,
    mark, one_line, redact_command,
};
use crate::facts::{CHECK_OFF, Claim, Deployable, EnvValue, FileFacts, Placed};
use crate::secrets;
use crate::source::SourceFile;
use groundplan_model::Topic;
use groundplan_syntax::Node;
use std::collections::{BTreeMap, BTreeSet};

/// The name and the default of a value that is nothing but a variable: `${SHOP_IMAGE:-acme/shop:latest}`.
fn chosen(text: &str) -> Option<(&str, &str)> {
    let inner = text.trim().strip_prefix("${")?.strip_suffix('}')?;
    let (name, default) = inner.split_once(":-").or_else(|| inner.split_once('-'))?;
    (!default.contains("${")).then_some((name, default))
}

/// A service with the services of this file that it extends, the remotest base first.
pub(super) struct Layers<'n> {
    layers: Vec<Fields<'n>>,
    outside: Option<(String, String)>,
}

impl<'n> Layers<'n> {
    pub(super) fn new(chain: &[Field<'n>], outside: Option<(String, String)>) -> Self {
        Layers {
            layers: chain.iter().map(|f| Fields::of(f.node)).collect(),
            outside,
        }
    }

    /// The field as the service has it: its own, else that of the nearest base.
    fn get(&self, name: &str) -> Option<Field<'n>> {
        self.layers.iter().rev().find_map(|layer| layer.get(name))
    }

    /// The field of every layer that has it, bases first.
    fn all(&self, name: &str) -> impl Iterator<Item = Field<'n>> {
        self.layers.iter().filter_map(move |layer| layer.get(name))
    }
}

pub(super) struct ServiceReader<'s, 'n, 't> {
    pub(super) file: &'s SourceFile<'t>,
    /// The top level of the file.
    pub(super) root: &'s Fields<'n>,
    pub(super) project: Option<&'s str>,
    /// By service, the names that links of the file give it.
    pub(super) aliases: &'s BTreeMap<String, BTreeSet<String>>,
}

/// Scalars that become an attribute as they stand.
const SCALARS: [(&str, &str); 17] = [
    ("cpus", "limit.cpu"),
    ("hostname", "hostname"),
    ("ipc", "ipc"),
    ("mem_limit", "limit.memory"),
    ("mem_reservation", "request.memory"),
    ("network_mode", "network-mode"),
    ("pids_limit", "limit.pids"),
    ("platform", "platform"),
    ("privileged", "privileged"),
    ("read_only", "read-only-root-filesystem"),
    ("restart", "restart"),
    ("runtime", "runtime"),
    ("scale", "replicas"),
    ("stop_grace_period", "termination-grace-period"),
    ("user", "user"),
    ("pid", "pid"),
    ("working_dir", "working-directory"),
];

/// Scalars of `deploy` and the attribute they become.
const DEPLOY: [(&[&str], &str); 11] = [
    (&["replicas"], "replicas"),
    (&["mode"], "deploy.mode"),
    (&["resources", "limits", "memory"], "limit.memory"),
    (&["resources", "limits", "cpus"], "limit.cpu"),
    (&["resources", "limits", "pids"], "limit.pids"),
    (&["resources", "reservations", "memory"], "request.memory"),
    (&["resources", "reservations", "cpus"], "request.cpu"),
    (&["restart_policy", "condition"], "restart"),
    (&["update_config", "parallelism"], "rollout.parallelism"),
    (&["update_config", "delay"], "rollout.delay"),
    (&["update_config", "order"], "rollout.order"),
];

impl ServiceReader<'_, '_, '_> {
    pub(super) fn read(&self, acc: &mut FileFacts, service: Field<'_>, layers: &Layers<'_>) {
        let name = fill(&service.key.text);
        let mut found = Deployable {
            source: "compose".to_owned(),
            kind: "service".to_owned(),
            name: name.clone(),
            namespace: self.project.map(str::to_owned),
            ..Deployable::default()
        };
        self.image_and_build(&mut found, layers);
        found.command = self.command(layers);
        self.ports(&mut found, layers);
        found.env = self.environment(layers);
        self.relations(&mut found, layers);
        self.volumes(&mut found, layers);
        self.attributes(&mut found, layers);
        self.health_check(&mut found, layers);
        if let Some((path, base)) = &layers.outside
            && let Some(extends) = layers.layers.iter().find_map(|l| l.get("extends"))
        {
            let path = fill(path);
            let path = self.file.resolve(&path).unwrap_or(path);
            let value = extends.place(self.file, format!("{path}#{base}"));
            found.attributes.push(("extends".to_owned(), value));
        }
        found.attributes.sort_by(|a, b| a.0.cmp(&b.0));
        let (first, last) = service.lines();
        acc.add(self.file, first, last, Claim::Deployable(Box::new(found)));
        self.marks(acc, &name, layers);
    }

    fn image_and_build(&self, found: &mut Deployable, layers: &Layers<'_>) {
        if let Some(image) = layers.get("image")
            && let Some(text) = image.str()
        {
            found.image = Some(image.place(self.file, fill(text)));
            // Which version runs is said by whoever starts it, also where there is a default.
            let last = text.rsplit('/').next().unwrap_or(text);
            if let Some((_, tag)) = last.split_once(':').filter(|(_, tag)| tag.contains('$'))
                && !last.starts_with('$')
            {
                let value = image.place(self.file, one_line(tag));
                found.attributes.push(("image.tag".to_owned(), value));
            } else if let Some((_, default)) = chosen(text)
                && default.contains('/')
            {
                let value = image.place(self.file, one_line(text));
                found.attributes.push(("image.tag".to_owned(), value));
            }
        }
        let Some(build) = layers.get("build") else {
            return;
        };
        let fields = Fields::of(build.node);
        let context = build.str().or_else(|| fields.get("context")?.str());
        let context = fill(context.unwrap_or("."));
        let folder = self.file.resolve(&context);
        let lines = fields.get("context").unwrap_or(build);
        match &folder {
            Some(folder) => found.build = Some(lines.place(self.file, folder.clone())),
            None => {
                let context = secrets::without_credentials(&context);
                let value = lines.place(self.file, context);
                found.attributes.push(("build.context".to_owned(), value));
            }
        }
        let text = |name: &str| fields.get(name).and_then(|f| f.str()).map(fill);
        if let Some(path) = text("dockerfile") {
            let path = match folder {
                Some(folder) => join_variables(&folder, &path),
                None => path,
            };
            found.dockerfile = Some(path);
        }
        if let Some(target) = fields.get("target")
            && let Some(stage) = target.str()
        {
            let value = target.place(self.file, fill(stage));
            found.attributes.push(("build.target".to_owned(), value));
        }
        if let Some(args) = fields.get("args") {
            let pairs: Vec<String> = pairs(args)
                .into_iter()
                .filter_map(|(name, value, _)| {
                    let kept = keep_value(&name, &value?)?;
                    Some(format!("{name}={kept}"))
                })
                .collect();
            if !pairs.is_empty() {
                let value = args.place(self.file, pairs.join(" "));
                found.attributes.push(("build.args".to_owned(), value));
            }
        }
    }

    /// Entry point and command, as the container runs them.
    fn command(&self, layers: &Layers<'_>) -> Option<Placed<String>> {
        let parts: Vec<(Field<'_>, String)> = ["entrypoint", "command"]
            .iter()
            .filter_map(|key| layers.get(key))
            .filter_map(|field| Some((field, fill(&command_line(field.node)?))))
            .collect();
        let first = parts.iter().map(|(f, _)| f.lines().0).min()?;
        let last = parts.iter().map(|(f, _)| f.lines().1).max()?;
        let words: Vec<&str> = parts.iter().map(|(_, text)| text.as_str()).collect();
        let at = if parts.len() == 1 || last - first < 20 {
            self.file.evidence(first, last)
        } else {
            // One of them comes from far away (an anchor): cite the command alone.
            parts.last()?.0.evidence(self.file)
        };
        Some(Placed {
            value: redact_command(&words.join(" ")),
            at,
        })
    }

    fn ports(&self, found: &mut Deployable, layers: &Layers<'_>) {
        for item in layers.all("ports").flat_map(|f| f.node.items()) {
            for (port, bind) in ports::published(self.file, item) {
                if let Some(address) = bind {
                    let value = at_node(self.file, item, address);
                    let key = format!("port.{}.bind", port.value.container);
                    found.attributes.push((key, value));
                }
                found.ports.push(port);
            }
        }
        for item in layers.all("expose").flat_map(|f| f.node.items()) {
            for port in ports::exposed(self.file, item) {
                let known = |p: &Placed<_>| {
                    let p: &crate::facts::Port = &p.value;
                    p.container == port.value.container
                };
                if !found.ports.iter().any(known) {
                    found.ports.push(port);
                }
            }
        }
    }

    fn environment(&self, layers: &Layers<'_>) -> Vec<EnvValue> {
        let mut all: Vec<EnvValue> = Vec::new();
        for field in layers.all("env_file") {
            let items = field.node.items().iter().map(AsRef::as_ref);
            for item in items.chain(field.node.str().map(|_| field.node)) {
                let Some(path) = item.str().or_else(|| item.str_of("path")).map(fill) else {
                    continue;
                };
                let path = join_variables(self.file.folder(), &path);
                let at = if field.node.str().is_some() {
                    field.evidence(self.file)
                } else {
                    self.file.node(item)
                };
                all.push(env_from("", format!("env_file:{path}"), false, at));
            }
        }
        let mut places: BTreeMap<String, usize> = BTreeMap::new();
        let mut inner = Vec::new();
        for field in layers.all("environment") {
            for (name, value, (first, last)) in pairs(field) {
                // A name alone takes the value of the shell or of `.env`.
                let value = value.unwrap_or_else(|| format!("${{{name}}}"));
                let at = self.file.evidence(first, last);
                inner.extend(
                    secrets::variables_in(&value)
                        .into_iter()
                        .map(|(variable, default)| (variable.to_owned(), default, at.clone())),
                );
                let entry = env_value(&name, &value, at);
                match places.get(&name) {
                    Some(&place) => all[place] = entry,
                    None => {
                        places.insert(name, all.len());
                        all.push(entry);
                    }
                }
            }
        }
        // A password inside an address is cut out of it, but it has to be given all the same.
        for (name, default, at) in inner {
            if !places.contains_key(&name) {
                places.insert(name.clone(), all.len());
                all.push(EnvValue {
                    value: (!default).then(|| format!("${{{name}}}")),
                    name,
                    from: None,
                    secret: true,
                    at,
                });
            }
        }
        all
    }

    fn relations(&self, found: &mut Deployable, layers: &Layers<'_>) {
        let mut known = BTreeSet::new();
        let mut depend = |name: &str, at: Placed<()>| {
            let name = fill(name);
            if !name.is_empty() && known.insert(name.clone()) {
                found.depends_on.push(Placed {
                    value: name,
                    at: at.at,
                });
            }
        };
        for field in layers.all("depends_on") {
            for entry in field.node.entries() {
                depend(&entry.0.text, self.file.placed((), entry.0.line));
            }
            for (name, line) in field.node.strings() {
                depend(name, self.file.placed((), line));
            }
        }
        for field in layers.all("volumes_from") {
            for (link, line) in field.node.strings() {
                let name = link.strip_prefix("container:").unwrap_or(link);
                let name = name.split(':').next().unwrap_or(name);
                depend(name, self.file.placed((), line));
            }
        }
        for key in ["network_mode", "net", "ipc", "pid"] {
            if let Some(field) = layers.get(key)
                && let Some((kind, name)) = field.str().and_then(|t| t.split_once(':'))
                && matches!(kind, "service" | "container")
            {
                depend(name, field.place(self.file, ()));
            }
        }
        let mut linked = BTreeSet::new();
        for field in ["links", "external_links"]
            .iter()
            .flat_map(|k| layers.all(k))
        {
            for (link, line) in field.node.strings() {
                let name = fill(link.split(':').next().unwrap_or(link));
                if !name.is_empty() && linked.insert(name.clone()) {
                    found.links.push(self.file.placed(name, line));
                }
            }
        }
        let mut aliases: Vec<String> = Vec::new();
        for key in ["container_name", "hostname"] {
            aliases.extend(layers.get(key).and_then(|f| f.str()).map(fill));
        }
        for field in layers.all("networks") {
            for (key, node) in field.node.entries() {
                found.networks.push(fill(&key.text));
                let listed = node.get("aliases").map(Node::strings).unwrap_or_default();
                aliases.extend(listed.into_iter().map(|(alias, _)| fill(alias)));
            }
            let listed = field.node.strings().into_iter();
            found.networks.extend(listed.map(|(name, _)| fill(name)));
        }
        let links = self.aliases.get(&found.name);
        aliases.extend(links.into_iter().flatten().cloned());
        let mut seen = BTreeSet::from([found.name.clone()]);
        aliases.retain(|alias| seen.insert(alias.clone()));
        found.aliases = aliases;
        found.networks.sort();
        found.networks.dedup();
        for field in layers.all("links") {
            for (link, line) in field.node.strings().into_iter() {
                if link.contains(':') {
                    let value = self.file.placed(link.to_owned(), line);
                    found.attributes.push(("link".to_owned(), value));
                }
            }
        }
        for field in layers.all("profiles") {
            let names = field.node.strings().into_iter();
            found.profiles.extend(names.map(|(name, _)| fill(name)));
        }
    }

    fn volumes(&self, found: &mut Deployable, layers: &Layers<'_>) {
        for item in layers.all("volumes").flat_map(|f| f.node.items()) {
            let text = |key: &str| item.str_of(key).map(fill);
            let value = match item.str() {
                Some(short) => fill(short),
                None => match (text("source"), text("target")) {
                    (Some(source), Some(target)) => format!("{source}:{target}"),
                    (None, Some(target)) => {
                        let kind = text("type").unwrap_or_else(|| "volume".to_owned());
                        format!("{kind}:{target}")
                    }
                    _ => continue,
                },
            };
            found.volumes.push(at_node(self.file, item, value));
        }
        // Configuration files of the top level are mounted like volumes.
        for item in layers.all("configs").flat_map(|f| f.node.items()) {
            let name = item.str().or_else(|| item.str_of("source"));
            let Some(name) = name else { continue };
            let configs = self.root.get("configs");
            let source = configs.and_then(|c| c.node.get(name)?.str_of("file"));
            let target = item.str_of("target").map(fill);
            let value = format!(
                "{}:{}",
                source.map_or_else(|| name.to_owned(), fill),
                target.unwrap_or_else(|| format!("/{name}"))
            );
            found.volumes.push(at_node(self.file, item, value));
        }
    }

    fn attributes(&self, found: &mut Deployable, layers: &Layers<'_>) {
        let mut add = |key: &str, value: Placed<String>| {
            if !value.value.is_empty() {
                found.attributes.retain(|(known, _)| known != key);
                found.attributes.push((key.to_owned(), value));
            }
        };
        for (key, attribute) in SCALARS {
            if let Some(field) = layers.get(key)
                && let Some(text) = field.str()
            {
                add(attribute, field.place(self.file, fill(text)));
            }
        }
        for deploy in layers.all("deploy") {
            for (path, attribute) in DEPLOY {
                let [heads @ .., name] = path else { continue };
                let Some(parent) = deploy.node.at(heads) else {
                    continue;
                };
                if let Some(field) = Fields::of(parent).get(name)
                    && let Some(text) = field.str()
                {
                    add(attribute, field.place(self.file, fill(text)));
                    // Whoever starts it chooses how many.
                    let variable = text.strip_prefix("${").and_then(|t| {
                        t.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
                            .next()
                    });
                    if let Some(variable) =
                        variable.filter(|v| attribute == "replicas" && !v.is_empty())
                    {
                        add("replicas-by", field.place(self.file, variable.to_owned()));
                    }
                }
            }
            if let Some(placement) = deploy.node.at(&["placement", "constraints"]) {
                let text: Vec<String> = placement.strings().iter().map(|(t, _)| fill(t)).collect();
                let value = at_node(self.file, placement, text.join(", "));
                add("placement", value);
            }
        }
        let lists = [
            ("cap_add", "capabilities.add"),
            ("cap_drop", "capabilities.drop"),
            ("security_opt", "security-options"),
        ];
        for (key, attribute) in lists {
            if let Some(field) = layers.get(key) {
                let words: Vec<String> =
                    field.node.strings().iter().map(|(t, _)| fill(t)).collect();
                add(attribute, field.place(self.file, words.join(", ")));
            }
        }
    }

    fn health_check(&self, found: &mut Deployable, layers: &Layers<'_>) {
        let Some(check) = layers.get("healthcheck") else {
            return;
        };
        let fields = Fields::of(check.node);
        let disabled = fields
            .get("disable")
            .filter(|f| f.node.truth() == Some(true));
        // A check that is taken away tells nobody that the container is down, and takes that of the image with it.
        if let Some(field) = disabled {
            let place = field.place(self.file, "true".to_owned());
            found.attributes.push((CHECK_OFF.to_owned(), place));
            return;
        }
        if let Some(test) = fields.get("test") {
            let words = test.node.strings();
            let words: Vec<&str> = match words.first() {
                Some(("CMD" | "CMD-SHELL", _)) => words[1..].iter().map(|(w, _)| *w).collect(),
                _ => words.iter().map(|(w, _)| *w).collect(),
            };
            let text = match words.as_slice() {
                // What always succeeds checks nothing.
                ["NONE"] | ["true" | ":" | "exit 0" | "/bin/true"] | ["exit", "0"] => {
                    let place = test.place(self.file, "true".to_owned());
                    found.attributes.push((CHECK_OFF.to_owned(), place));
                    return;
                }
                words => redact_command(&fill(&words.join(" "))),
            };
            if !text.is_empty() {
                let value = test.place(self.file, text);
                found.attributes.push(("health-check".to_owned(), value));
            }
        }
        for key in ["interval", "timeout", "retries", "start_period"] {
            if let Some(field) = fields.get(key)
                && let Some(text) = field.str()
            {
                let name = format!("health-check.{}", key.replace('_', "-"));
                let value = field.place(self.file, one_line(&fill(text)));
                found.attributes.push((name, value));
            }
        }
    }

    fn marks(&self, acc: &mut FileFacts, name: &str, layers: &Layers<'_>) {
        if let Some(logging) = layers.get("logging")
            && let Some(driver) = logging.node.str_of("driver")
        {
            let detail = Some(format!("log driver of `{name}`"));
            mark(
                acc,
                self.file,
                logging.lines(),
                Topic::Logging,
                fill(driver),
                detail,
            );
        }
        for field in layers.all("secrets") {
            for item in field.node.items() {
                let secret = item.str().or_else(|| item.str_of("source"));
                let detail = Some(format!("mounted into `{name}`"));
                let lines = (item.first, item.last);
                let secret = secret.map(fill).unwrap_or_default();
                mark(
                    acc,
                    self.file,
                    lines,
                    Topic::SecretReference,
                    secret,
                    detail,
                );
            }
        }
        let mut all = Vec::new();
        for field in layers.all("labels") {
            all.extend(labels::read(field));
        }
        for deploy in layers.all("deploy") {
            if let Some(field) = Fields::of(deploy.node).get("labels") {
                all.extend(labels::read(field));
            }
        }
        labels::routes(acc, self.file, name, &all);
    }
}

/// `[NAME=value, NAME]` or `{NAME: value, NAME: }` as names, values and lines; later names win
/// where the caller says so.
fn pairs(field: Field<'_>) -> Vec<(String, Option<String>, (u32, u32))> {
    if field.node.is_mapping() {
        return Fields::of(field.node)
            .iter()
            .map(|f| (f.key.text.clone(), f.str().map(fill), f.lines()))
            .collect();
    }
    field
        .node
        .items()
        .iter()
        .filter_map(|item| {
            let text = item.str()?;
            let (name, value) = match text.split_once('=') {
                Some((name, value)) => (name, Some(fill(value))),
                None => (text, None),
            };
            let name = name.trim().to_owned();
            (!name.is_empty()).then_some((name, value, (item.first, item.last)))
        })
        .collect()
}
