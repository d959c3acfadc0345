//! Resources of Terraform, CloudFormation and their like, once for each call of the module in which they
//! stand, with variables filled in and with what they say of each other
//! (<https://developer.hashicorp.com/terraform/language/modules>).
//!
//! A module of Terraform is a folder, and a template of CloudFormation is a module by itself; a nested
//! stack is a call of another one. What one stack exports another may ask for by name.

mod alternatives;
mod joins;
mod names;

pub(crate) use alternatives::join_alternatives;
pub(crate) use joins::{LINK, OPERATION, kinds_of_link};

use crate::extractors::{
    CLOUDFLARE, CLOUDFORMATION, SERVERLESS, TERRAFORM, TERRAFORM_EXPRESSION as EXPRESSION,
};
use crate::facts::{Claim, Deployable, EnvValue, Fact, FileFacts, ModuleValue, Placed, ValueKind};
use crate::resolve::names::is_aside;
use crate::resolve::world::folder_of;
use crate::source::join;
use groundplan_knowledge::{Knowledge, Technology};
use groundplan_model::Evidence;
use groundplan_syntax::hcl;
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

/// Instances of modules and resources beyond these are left out, and so are calls inside of calls.
const MAX_MODULES: usize = 400;
const MAX_PARTS: usize = 1_500;
const MAX_CALLS: usize = 6;

/// Steps from one reference to the next, and all of them together: names that double what they stand
/// for would never end.
const MAX_STEPS: usize = 12;
const ALL_STEPS: usize = 500_000;

/// A folder of Terraform or a template: what it says.
#[derive(Default)]
struct Module<'f> {
    /// Variables, locals, outputs and shared values by kind and name.
    values: BTreeMap<(u8, &'f str), &'f ModuleValue>,
    /// Resources and calls of modules.
    parts: Vec<(&'f Deployable, &'f Evidence)>,
}

/// A module as somebody calls it.
struct Instance<'f> {
    /// The folder or the file of the module.
    module: String,
    /// What the caller hands over: expression and the instance in which it is to be read.
    given: BTreeMap<String, (String, usize)>,
    /// Modules that it calls, by the name of the call.
    calls: BTreeMap<&'f str, usize>,
}

/// A resource of an instance, or what the call of a known module of others makes.
struct Part<'f> {
    instance: usize,
    made: &'f Deployable,
    at: &'f Evidence,
    /// Name by which the rest knows it, where it is a part of the system.
    name: Option<String>,
}

struct Plan<'f> {
    modules: BTreeMap<String, Module<'f>>,
    /// What modules share by name: the expression and the module in which it stands.
    shared: BTreeMap<&'f str, Vec<(&'f str, String)>>,
    instances: Vec<Instance<'f>>,
    parts: Vec<Part<'f>>,
    /// How many names may still be followed.
    left: Cell<usize>,
}

/// Whether a fact is something that such a tool makes, as its extractor leaves it.
pub(crate) fn is_raw(claim: &Claim) -> bool {
    matches!(claim, Claim::Deployable(d) if is_cloud(&d.source))
}

/// Whether a source makes resources of a cloud that other resources refer to.
pub(crate) fn is_cloud(source: &str) -> bool {
    [CLOUDFLARE, CLOUDFORMATION, SERVERLESS, TERRAFORM].contains(&source)
}

/// The module that a file belongs to.
fn module_of(path: &str) -> &str {
    match path.ends_with(".tf") || path.ends_with(".tofu") {
        true => folder_of(path),
        false => path,
    }
}

/// The folder that paths in a module are relative to.
fn base_of(module: &str) -> &str {
    let name = module.rsplit('/').next().unwrap_or(module);
    let is_file = [".yaml", ".yml", ".json", ".template", ".toml", ".jsonc"];
    match is_file.iter().any(|end| name.ends_with(end)) {
        true => folder_of(module),
        false => module,
    }
}

/// What a resource makes and whether it runs code that the user brings. The engine of a database
/// says more than the service that runs it.
pub(crate) fn product<'k>(
    knowledge: &'k Knowledge,
    deployable: &Deployable,
) -> Option<(&'k Technology, bool)> {
    if !is_cloud(&deployable.source) {
        return None;
    }
    let (technology, runs) = knowledge.by_resource(&deployable.kind)?;
    let engine = deployable.attributes.iter().find(|(k, _)| k == "engine");
    let engine = engine.and_then(|(_, value)| knowledge.by_name(&value.value));
    Some((engine.unwrap_or(technology), runs))
}

/// Replaces the resources of all files by what they make.
pub(crate) fn fill_in(files: &mut [FileFacts], knowledge: &Knowledge) {
    let (made, roots) = {
        let mut plan = Plan::of(files);
        let roots = plan.instantiate();
        plan.name(knowledge);
        (plan.deployables(knowledge), roots)
    };
    // What a caller gives is no setting that people make.
    for file in files.iter_mut() {
        let root = roots.contains(module_of(&file.path));
        file.facts.retain(|fact| match &fact.claim {
            Claim::ModuleValue(value) => root && value.kind == ValueKind::Variable,
            claim => !is_raw(claim),
        });
        // What another stack hands over is no default.
        for fact in &mut file.facts {
            if let Claim::ModuleValue(value) = &mut fact.claim
                && value
                    .value
                    .as_deref()
                    .is_some_and(|v| v.starts_with("shared."))
            {
                value.value = None;
            }
        }
    }
    let places: BTreeMap<String, usize> = (files.iter().enumerate())
        .map(|(at, file)| (file.path.clone(), at))
        .collect();
    for (deployable, at) in made {
        if let Some(file) = places.get(&at.path).and_then(|&i| files.get_mut(i)) {
            let claim = Claim::Deployable(Box::new(deployable));
            file.facts.push(Fact { at, claim });
        }
    }
}

impl<'f> Plan<'f> {
    fn of(files: &'f [FileFacts]) -> Self {
        let mut modules: BTreeMap<String, Module<'f>> = BTreeMap::new();
        for file in files {
            let name = module_of(&file.path);
            for fact in &file.facts {
                match &fact.claim {
                    Claim::ModuleValue(value) => {
                        let module = modules.entry(name.to_owned()).or_default();
                        module.values.insert((value.kind as u8, &value.name), value);
                    }
                    Claim::Deployable(made) if is_cloud(&made.source) => {
                        let module = modules.entry(name.to_owned()).or_default();
                        module.parts.push((made, &fact.at));
                    }
                    _ => {}
                }
            }
        }
        // A name that several stacks share is that of nobody.
        let mut shared: BTreeMap<&'f str, Vec<(&'f str, String)>> = BTreeMap::new();
        for (name, module) in &modules {
            for ((kind, key), value) in &module.values {
                if *kind == ValueKind::Shared as u8
                    && let Some(value) = value.value.as_deref()
                {
                    let all = shared.entry(key).or_default();
                    all.push((value, name.clone()));
                }
            }
        }
        Self {
            modules,
            shared,
            instances: Vec::new(),
            parts: Vec::new(),
            left: Cell::new(ALL_STEPS),
        }
    }

    /// The module that a call means, if it lies in the repository. A template may be called from the
    /// folder that it is packed into, or from a bucket, so that of its path the end counts.
    fn source(&self, module: &str, call: &Deployable) -> Option<String> {
        let written = call.kind.starts_with('.').then_some(call.kind.as_str())?;
        let path = join(base_of(module), written);
        if let Some(path) = path.filter(|path| self.modules.contains_key(path)) {
            return Some(path);
        }
        if call.source == TERRAFORM {
            return None;
        }
        let end = written.trim_start_matches(['.', '/']);
        let named = |path: &&String| {
            let before = path.strip_suffix(end);
            !end.is_empty() && before.is_some_and(|b| b.is_empty() || b.ends_with('/'))
        };
        let mut found = self.modules.keys().filter(named);
        let only = found.next().filter(|path| path.as_str() != module)?;
        found.next().is_none().then(|| only.clone())
    }

    /// Makes an instance of each module that nobody calls and of those that it calls; gives the
    /// folders of the former.
    fn instantiate(&mut self) -> BTreeSet<String> {
        // An example calls the modules of a library without being part of what uses them.
        let mut called: BTreeSet<String> = BTreeSet::new();
        for (folder, module) in &self.modules {
            for (call, at) in &module.parts {
                if let Some(path) = self.source(folder, call)
                    && (!is_aside(&at.path) || is_aside(&format!("{path}/x")))
                {
                    called.insert(path);
                }
            }
        }
        let roots: BTreeSet<String> = (self.modules.keys())
            .filter(|folder| !called.contains(*folder))
            .cloned()
            .collect();
        for folder in &roots {
            self.add(folder.clone(), BTreeMap::new(), 0);
        }
        roots
    }

    fn add(
        &mut self,
        module: String,
        given: BTreeMap<String, (String, usize)>,
        depth: usize,
    ) -> Option<usize> {
        if depth > MAX_CALLS || self.instances.len() >= MAX_MODULES {
            return None;
        }
        let instance = self.instances.len();
        let parts = self.modules.get(&module)?.parts.clone();
        self.instances.push(Instance {
            module: module.clone(),
            given,
            calls: BTreeMap::new(),
        });
        for (made, at) in parts {
            if self.parts.len() >= MAX_PARTS {
                break;
            }
            let Some(path) = self.source(&module, made) else {
                self.parts.push(Part {
                    instance,
                    made,
                    at,
                    name: None,
                });
                continue;
            };
            let given = (made.attributes.iter())
                .filter_map(|(key, value)| {
                    let name = key.strip_prefix(EXPRESSION)?;
                    Some((name.to_owned(), (value.value.clone(), instance)))
                })
                .collect();
            if let Some(inner) = self.add(path, given, depth + 1)
                && let Some(own) = self.instances.get_mut(instance)
            {
                own.calls.insert(&made.name, inner);
            }
        }
        Some(instance)
    }

    /// The folder that paths in an instance are relative to.
    fn base(&self, instance: usize) -> &str {
        let instance = self.instances.get(instance);
        instance.map_or("", |i| base_of(&i.module))
    }

    fn module(&self, instance: usize) -> Option<&Module<'f>> {
        self.modules.get(&self.instances.get(instance)?.module)
    }

    /// The expression that a name stands for, and the instance in which it is to be read:
    /// `var.name`, `local.name`, `module.call.output`.
    fn behind(&self, reference: &str, instance: usize) -> Option<(&str, usize)> {
        self.left.set(self.left.get().checked_sub(1)?);
        let mut words = reference.split('.');
        let (kind, name) = (words.next()?, words.next()?);
        if kind == "shared" {
            let [(value, module)] = self.shared.get(name)?.as_slice() else {
                return None;
            };
            let mut all = self.instances.iter();
            return Some((value, all.position(|i| i.module == *module)?));
        }
        let value = |kind: ValueKind, name: &str, of: usize| {
            let found = self.module(of)?.values.get(&(kind as u8, name))?;
            Some((found.value.as_deref()?, of))
        };
        match kind {
            "var" => {
                // `var.size.memory` is a part of what the caller gives, or of its default.
                let part = words.next();
                match self.instances.get(instance)?.given.get(name) {
                    Some((expression, outer)) => {
                        let whole = expression.starts_with("var.");
                        let whole = whole && expression.matches('.').count() == 1;
                        part.filter(|_| whole)
                            .and_then(|part| self.behind(&format!("{expression}.{part}"), *outer))
                            .or(Some((expression, *outer)))
                    }
                    None => part
                        .and_then(|p| value(ValueKind::Local, &format!("{name}.{p}"), instance))
                        .or_else(|| value(ValueKind::Variable, name, instance)),
                }
            }
            "local" => value(ValueKind::Local, name, instance),
            "module" => {
                let inner = *self.instances.get(instance)?.calls.get(name)?;
                value(ValueKind::Output, words.next()?, inner)
            }
            _ => None,
        }
    }

    /// The text of an expression; `None` for a part of it that is not known.
    fn text(&self, expression: &str, instance: usize, steps: usize) -> Vec<Option<String>> {
        if steps > MAX_STEPS {
            return vec![None];
        }
        if let Some(text) = hcl::literal(expression) {
            return vec![Some(text.to_owned())];
        }
        let follow = |reference: &str| match self.behind(reference.trim(), instance) {
            Some((behind, of)) => self.text(behind, of, steps + 1),
            None => vec![None],
        };
        let Some(quoted) = expression
            .strip_prefix('"')
            .and_then(|e| e.strip_suffix('"'))
        else {
            return follow(expression);
        };
        let mut out = Vec::new();
        let mut rest = quoted;
        while let Some((before, after)) = rest.split_once("${") {
            if !before.is_empty() {
                out.push(Some(before.to_owned()));
            }
            let Some((inner, behind)) = after.split_once('}') else {
                return vec![None];
            };
            out.extend(follow(inner));
            rest = behind;
            if out.len() > MAX_STEPS {
                return vec![None];
            }
        }
        if !rest.is_empty() {
            out.push(Some(rest.to_owned()));
        }
        out
    }

    /// The whole text of an argument, if all of it is known.
    fn whole(&self, part: &Part<'f>, path: &str) -> Option<Placed<String>> {
        let found = argument(part.made, path)?;
        let pieces = self.text(&found.value, part.instance, 0);
        let value: Option<String> = pieces.into_iter().collect();
        let value = value.filter(|v| !v.is_empty())?;
        Some(Placed {
            value,
            at: found.at.clone(),
        })
    }
}

/// The argument at a path of blocks: `image`, `template.containers.image`.
fn argument<'d>(made: &'d Deployable, path: &str) -> Option<&'d Placed<String>> {
    let mut all = made.attributes.iter();
    let found = all.find(|(key, _)| key.strip_prefix(EXPRESSION) == Some(path));
    found.map(|(_, value)| value)
}

/// All arguments at a path, of blocks that are repeated.
fn arguments<'d>(made: &'d Deployable, path: &str) -> Vec<&'d Placed<String>> {
    let all = made.attributes.iter();
    let found = all.filter(|(key, _)| key.strip_prefix(EXPRESSION) == Some(path));
    found.map(|(_, value)| value).collect()
}

/// The first argument of this name at whatever depth.
fn anywhere<'d>(made: &'d Deployable, name: &str) -> Option<(&'d str, &'d Placed<String>)> {
    made.attributes.iter().find_map(|(key, value)| {
        let path = key.strip_prefix(EXPRESSION)?;
        (path.rsplit('.').next() == Some(name)).then_some((path, value))
    })
}

impl<'f> Plan<'f> {
    fn deployables(&self, knowledge: &Knowledge) -> Vec<(Deployable, Evidence)> {
        let joined = self.joins(knowledge);
        let mut all = Vec::new();
        for (index, part) in self.parts.iter().enumerate() {
            let Some(name) = &part.name else {
                continue;
            };
            let mut made = Deployable {
                source: part.made.source.clone(),
                kind: part.made.kind.clone(),
                name: name.clone(),
                ..Deployable::default()
            };
            // What a service runs stands in the definition that it names.
            let sources = self.told_by(index);
            for source in &sources {
                self.describe(&mut made, source);
            }
            for join in joined.get(&index).into_iter().flatten() {
                made.links.push(join.to.clone());
                if let Some(kind) = join.kind {
                    made.attributes.push((kind.to_owned(), join.to.clone()));
                }
                if let Some(operation) = &join.operation {
                    let value = format!("{} {operation}", join.to.value);
                    let at = join.to.at.clone();
                    made.attributes
                        .push((OPERATION.to_owned(), Placed { value, at }));
                }
            }
            let granted = joined.get(&index).map(Vec::as_slice).unwrap_or_default();
            for source in &sources {
                for env in &source.made.env {
                    // What all functions of a template are given says of none that it uses it; what
                    // the policies of one allow does.
                    let lines = source.at.lines;
                    let shared = source.made.source != TERRAFORM
                        && (env.at.lines[0] < lines[0] || env.at.lines[1] > lines[1])
                        && granted.iter().any(|join| join.granted);
                    let known = |name: &str| granted.iter().any(|join| join.to.value == name);
                    self.variable(&mut made, env, source.instance, &|name| {
                        !shared || known(name)
                    });
                }
            }
            made.links
                .retain(|link| link.value != *name && !link.value.is_empty());
            let mut seen = BTreeSet::new();
            made.links.retain(|link| seen.insert(link.value.clone()));
            all.push((made, part.at.clone()));
        }
        all
    }

    fn describe(&self, made: &mut Deployable, source: &Part<'f>) {
        if made.image.is_none()
            && let Some((path, _)) =
                anywhere(source.made, "image").or_else(|| anywhere(source.made, "image_uri"))
        {
            made.image = self.whole(source, path);
        }
        if made.build.is_none()
            && let Some(context) = self.whole(source, "docker_context")
            && let Some(path) = join(self.base(source.instance), &context.value)
        {
            let file = self.whole(source, "dockerfile");
            made.dockerfile = file.and_then(|file| join(&path, &file.value));
            let at = context.at;
            made.build = Some(Placed { value: path, at });
        }
        if made.build.is_none() {
            made.build = self.folder(source);
        }
        for (key, name) in [
            ("desired_count", "replicas"),
            ("replicas", "replicas"),
            ("memory_size", "limit.memory"),
            ("memory", "limit.memory"),
            ("runtime", "runtime"),
            ("handler", "handler"),
            ("tracing", "tracing"),
            ("tracing_enabled", "tracing"),
            ("engine_version", "engine.version"),
        ] {
            if let Some((path, _)) = anywhere(source.made, key)
                && !made.attributes.iter().any(|(k, _)| k == name)
                && let Some(mut value) = self.whole(source, path)
            {
                if name == "limit.memory" && value.value.bytes().all(|b| b.is_ascii_digit()) {
                    value.value.push_str("Mi");
                }
                made.attributes.push((name.to_owned(), value));
            }
        }
        if !made.attributes.iter().any(|(k, _)| k == "engine")
            && let Some(engine) = self.engine(source)
        {
            made.attributes.push(("engine".to_owned(), engine));
        }
    }

    /// The product that a database service runs: `aurora-postgresql`, `POSTGRES_15`, `redis`.
    fn engine(&self, part: &Part<'f>) -> Option<Placed<String>> {
        let found = self
            .whole(part, "engine")
            .or_else(|| self.whole(part, "database_version"))?;
        let lower = found.value.to_ascii_lowercase();
        let product = lower.strip_prefix("aurora-").unwrap_or(&lower);
        let end = product.find(['_', '-']).filter(|&at| {
            product
                .as_bytes()
                .get(at + 1)
                .is_some_and(|b| b.is_ascii_digit())
        });
        let product = end.map_or(product, |at| &product[..at]);
        let value = match product {
            "aurora" => "mysql",
            p if p.starts_with("sqlserver") => "sqlserver",
            p if p.starts_with("oracle") => "oracle",
            p => p,
        };
        Some(Placed {
            value: value.to_owned(),
            at: found.at,
        })
    }

    /// The folder whose code a function runs: that of the archive which it is given.
    fn folder(&self, part: &Part<'f>) -> Option<Placed<String>> {
        let given = ["filename", "source_dir", "source", "code_uri", "code"];
        // Where a module of others comes from is not what it runs.
        let called = part.made.kind.contains('/') && part.made.source == TERRAFORM;
        let mut given = given.iter().filter(|name| !called || **name != "source");
        let found = given.find_map(|name| argument(part.made, name))?;
        // A template may lie in the folder of its code.
        let here = part.made.source != TERRAFORM;
        let of = |value: &str, folder: &str| -> Option<String> {
            let path = value.trim_matches('"');
            let path = path.strip_prefix("${path.module}/").unwrap_or(path);
            join(folder, path).filter(|p| (here || !p.is_empty()) && !p.contains('$'))
        };
        for (reference, instance) in self.references(&found.value, part.instance, 0) {
            let mut words = reference.splitn(4, '.');
            if (words.next(), words.next()) == (Some("data"), Some("archive_file"))
                && let Some(name) = words.next()
                && let Some(archive) = self.parts.iter().find(|p| {
                    p.instance == instance && p.made.kind == "archive_file" && p.made.name == name
                })
                && let Some(folder) = argument(archive.made, "source_dir")
                && let Some(path) = of(&folder.value, self.base(instance))
            {
                return Some(Placed {
                    value: path,
                    at: folder.at.clone(),
                });
            }
        }
        let written = self.written(&found.value, part.instance, 0)?;
        let (text, instance) = written;
        let path = of(text, self.base(instance))?;
        // An archive is built elsewhere; the folder in which it is left is mostly that of its code.
        let path = match path.rsplit_once('/') {
            Some((folder, name)) if name.contains('.') => folder.to_owned(),
            _ => path,
        };
        let out = ["/dist", "/build", "/target", "/bin", "/out"];
        let path = (out.iter())
            .find_map(|end| path.strip_suffix(end))
            .unwrap_or(&path);
        Some(Placed {
            value: path.to_owned(),
            at: found.at.clone(),
        })
    }

    /// The path below the module that an expression holds as text, also as one choice of several, and
    /// the instance in which it stands.
    fn written<'e>(
        &'e self,
        expression: &'e str,
        instance: usize,
        steps: usize,
    ) -> Option<(&'e str, usize)> {
        const HERE: &str = "\"${path.module}/";
        if steps > MAX_STEPS {
            return None;
        }
        if let Some(at) = expression.find(HERE) {
            let text = expression.get(at + 1..)?;
            let end = text.find('"')?;
            return Some((text.get(..end)?, instance));
        }
        if hcl::literal(expression).is_some() {
            return expression
                .starts_with('"')
                .then_some((expression, instance));
        }
        hcl::references(expression)
            .into_iter()
            .find_map(|reference| {
                let (behind, of) = self.behind(&reference, instance)?;
                self.written(behind, of, steps + 1)
            })
    }

    fn variable(
        &self,
        made: &mut Deployable,
        env: &EnvValue,
        instance: usize,
        uses: &dyn Fn(&str) -> bool,
    ) {
        let mut env = env.clone();
        let written = env.from.as_deref().and_then(|f| f.strip_prefix(EXPRESSION));
        if let Some(expression) = written {
            let whole: Option<String> = self.text(expression, instance, 0).into_iter().collect();
            let named = self.called(expression, instance);
            for name in named.iter().filter(|name| uses(name)) {
                made.links.push(Placed {
                    value: name.clone(),
                    at: env.at.clone(),
                });
            }
            env.from = named.first().map(|name| format!("endpoint:{name}"));
            env.value = whole.filter(|_| !env.secret && env.from.is_none());
            // What a reference stands for is no secret in the file.
            if env.secret && env.from.is_none() {
                env.from = Some("secret:".to_owned());
            }
        }
        if !made.env.iter().any(|known| known.name == env.name) {
            made.env.push(env);
        }
    }
}
