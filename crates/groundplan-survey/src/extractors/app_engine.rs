//! Services of Google App Engine and what its clock calls.

use crate::extractor::{Extractor, Reads};
use crate::extractors::manifests::{Fields, env_value};
use crate::facts::{Claim, Deployable, FileFacts, Mark};
use crate::source::SourceFile;
use groundplan_model::Topic;
use groundplan_syntax::Node;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "app-engine",
    docs: "\
### What it finds
A service of `app.yaml` with its runtime, entry point, variables, instance class, scaling and health
check (<https://cloud.google.com/appengine/docs/standard/reference/app-yaml>), and the calls that
`cron.yaml` schedules.

### What it does not find
Handlers of paths, `dispatch.yaml`, `queue.yaml`, and descriptors in XML.
",
    reads: &[Reads::Paths(&[
        "app.yaml",
        "app.*.yaml",
        "*-app.yaml",
        "cron.yaml",
    ])],
    markers: &["runtime", "cron"],
    run: extract,
};

/// Beginnings of the names of runtimes.
const RUNTIMES: [&str; 9] = [
    "python",
    "nodejs",
    "java",
    "go",
    "php",
    "ruby",
    "dotnet",
    "aspnetcore",
    "custom",
];

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    for root in file.documents() {
        match file.name() {
            "cron.yaml" => clock(acc, file, root),
            _ => service(acc, file, root),
        }
    }
}

fn service(acc: &mut FileFacts, file: &SourceFile<'_>, root: &Node) {
    let fields = Fields::of(root);
    let Some(runtime) = fields.get("runtime") else {
        return;
    };
    let text = runtime.str().unwrap_or_default();
    let known = RUNTIMES.iter().any(|name| text.starts_with(name));
    if !known || fields.get("apiVersion").is_some() || fields.get("kind").is_some() {
        return;
    }
    let own = root.str_of("service").or_else(|| root.str_of("module"));
    let folder = file.folder().rsplit('/').next().filter(|f| !f.is_empty());
    let name = match own.filter(|name| *name != "default") {
        Some(name) => name,
        None => folder.unwrap_or("default"),
    };
    let mut made = Deployable {
        source: "app-engine".to_owned(),
        kind: "service".to_owned(),
        name: name.to_owned(),
        build: Some(file.placed(file.folder().to_owned(), runtime.lines().0)),
        ..Deployable::default()
    };
    let command = fields.get("entrypoint").and_then(|f| {
        let text = f.str().or_else(|| f.node.str_of("shell"))?;
        Some(f.place(file, text.to_owned()))
    });
    made.command = command;
    for (path, key) in [
        (&["runtime"][..], "runtime"),
        (&["instance_class"], "instance"),
        (&["manual_scaling", "instances"], "replicas"),
        (&["automatic_scaling", "min_instances"], "scaling.min"),
        (&["automatic_scaling", "max_instances"], "scaling.max"),
        (&["automatic_scaling", "max_num_instances"], "scaling.max"),
        (&["liveness_check", "path"], "health-check"),
    ] {
        if let Some((last, heads)) = path.split_last()
            && let Some(node) = root.at(heads)
            && let Some(field) = Fields::of(node).get(last)
            && let Some(text) = field.str()
            && !made.attributes.iter().any(|(known, _)| known == key)
        {
            let value = field.place(file, text.to_owned());
            made.attributes.push((key.to_owned(), value));
        }
    }
    let variables = fields.get("env_variables").map(|f| Fields::of(f.node));
    for variable in variables.iter().flat_map(Fields::iter) {
        if let Some(value) = variable.str() {
            let at = variable.evidence(file);
            made.env.push(env_value(&variable.key.text, value, at));
        }
    }
    acc.add(
        file,
        root.first,
        root.last,
        Claim::Deployable(Box::new(made)),
    );
}

fn clock(acc: &mut FileFacts, file: &SourceFile<'_>, root: &Node) {
    for job in root.get("cron").map(Node::items).unwrap_or_default() {
        let (Some(url), Some(when)) = (job.str_of("url"), job.str_of("schedule")) else {
            continue;
        };
        let mark = Mark {
            topic: Topic::ScheduledJob,
            name: url.to_owned(),
            detail: Some(when.to_owned()),
        };
        acc.add(file, job.first, job.last, Claim::Mark(mark));
    }
}
