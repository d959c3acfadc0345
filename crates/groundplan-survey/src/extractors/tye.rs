//! Applications of Tye.

use crate::extractor::{Extractor, Reads};
use crate::extractors::manifests::add_route;
use crate::extractors::manifests::{Fields, env_value};
use crate::facts::{Claim, Deployable, FileFacts, GatewayRoute, Placed, Port};
use crate::source::{SourceFile, join};
use groundplan_syntax::Node;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "tye",
    docs: "\
### What it finds
Services of `tye.yaml`: project, image or Dockerfile, ports of their bindings, variables and replicas, and
the rules of its ingress (<https://github.com/dotnet/tye/blob/main/docs/reference/schema.md>).

### What it does not find
Services that live in another repository, what `include` brings in, and extensions.
",
    reads: &[Reads::Paths(&["tye.yaml", "tye.yml"])],
    markers: &["services"],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    for root in file.documents() {
        for service in root.get("services").map(Node::items).unwrap_or_default() {
            if let Some(made) = service_of(file, service) {
                let claim = Claim::Deployable(Box::new(made));
                acc.add(file, service.first, service.last, claim);
            }
        }
        for ingress in root.get("ingress").map(Node::items).unwrap_or_default() {
            for rule in ingress.get("rules").map(Node::items).unwrap_or_default() {
                let Some(target) = rule.str_of("service") else {
                    continue;
                };
                let route = GatewayRoute {
                    class: None,
                    gateway: "Ingress".to_owned(),
                    name: ingress.str_of("name").map(str::to_owned),
                    host: rule.str_of("host").map(str::to_owned),
                    path: rule.str_of("path").map(str::to_owned),
                    target: target.to_owned(),
                    tls: false,
                };
                add_route(acc, file, (rule.first, rule.last), route);
            }
        }
    }
}

fn service_of(file: &SourceFile<'_>, node: &Node) -> Option<Deployable> {
    let fields = Fields::of(node);
    let mut made = Deployable {
        source: "tye".to_owned(),
        kind: "service".to_owned(),
        name: node.str_of("name")?.to_owned(),
        ..Deployable::default()
    };
    let field = |key: &str| {
        let field = fields.get(key)?;
        Some((field.str()?.to_owned(), field.lines().0))
    };
    if let Some((image, line)) = field("image") {
        made.image = Some(file.placed(image, line));
    } else if let Some((project, line)) = field("project") {
        let project = project.replace('\\', "/");
        let folder = project.rsplit_once('/').map_or("", |(folder, _)| folder);
        let folder = join(file.folder(), folder)?;
        made.build = Some(file.placed(folder, line));
    } else if let Some((path, line)) = field("dockerFile") {
        let path = join(file.folder(), &path)?;
        let (context, _) = path.rsplit_once('/').unwrap_or_default();
        let given = field("dockerFileContext");
        let given = given.and_then(|(context, _)| join(file.folder(), &context));
        let context = given.unwrap_or_else(|| context.to_owned());
        made.build = Some(file.placed(context, line));
        made.dockerfile = Some(path);
    } else if let Some((folder, line)) = field("workingDirectory") {
        // Whatever program is started there.
        made.build = Some(file.placed(join(file.folder(), &folder)?, line));
    } else {
        return None;
    }
    if let Some((count, line)) = field("replicas") {
        let value = file.placed(count, line);
        made.attributes.push(("replicas".to_owned(), value));
    }
    if let Some((args, line)) = field("args") {
        made.command = Some(file.placed(args, line));
    }
    for binding in node.get("bindings").map(Node::items).unwrap_or_default() {
        let inner = binding.str_of("containerPort");
        let outer = binding.str_of("port");
        if let Some(container) = inner.or(outer) {
            let port = Port {
                container: container.to_owned(),
                host: outer.map(str::to_owned),
                name: binding.str_of("name").map(str::to_owned),
                ..Port::default()
            };
            made.ports.push(Placed {
                value: port,
                at: file.node(binding),
            });
        }
    }
    for variable in node.get("env").map(Node::items).unwrap_or_default() {
        if let (Some(name), Some(value)) = (variable.str_of("name"), variable.str_of("value")) {
            let at = file.evidence(variable.first, variable.last);
            made.env.push(env_value(name, value, at));
        }
    }
    Some(made)
}
