//! Workers of Cloudflare.

use crate::extractor::{Extractor, Reads};
use crate::extractors::cloudformation::shape::{Shape, quoted};
use crate::extractors::terraform::parts;
use crate::extractors::{CLOUDFLARE, cloudformation::sam};
use crate::facts::FileFacts;
use crate::source::SourceFile;
use groundplan_syntax::Node;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "wrangler",
    docs: "\
### What it finds
The worker of `wrangler.toml` or `wrangler.json` with its variables, and what is bound to it:
namespaces of KV, databases of D1, buckets of R2, queues that it fills and works off; when a clock
starts it (<https://developers.cloudflare.com/workers/wrangler/configuration/>).

### What it does not find
Environments (`[env.staging]`), durable objects, other workers that are bound, and routes.
",
    reads: &[Reads::Paths(&[
        "wrangler.toml",
        "wrangler.json",
        "wrangler.jsonc",
    ])],
    markers: &["name"],
    run: extract,
};

/// Bindings of stores: the key, the property that names what is bound, and what that is.
const STORES: [(&str, &str, &str, &str); 3] = [
    (
        "kv_namespaces",
        "binding",
        "binding",
        "cloudflare_workers_kv_namespace",
    ),
    (
        "d1_databases",
        "binding",
        "database_name",
        "cloudflare_d1_database",
    ),
    (
        "r2_buckets",
        "binding",
        "bucket_name",
        "cloudflare_r2_bucket",
    ),
];

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let toml = file.name().ends_with(".toml");
    let root = if toml { file.toml() } else { file.json() };
    let Some(root) = root else {
        return;
    };
    let Some(worker) = root.str_of("name").filter(|_| root.get("main").is_some()) else {
        return;
    };
    let lines = (root.first, root.last);
    let mut shape = Shape::new("resource", lines);
    shape.set("code_uri", "\"./\"".to_owned(), lines);
    let mut variables = Shape::new("variables", lines);
    for (key, value) in root.get("vars").iter().flat_map(|n| n.entries()) {
        if let Some(text) = value.str().and_then(quoted) {
            variables.set(&key.text, text, (key.line, value.last.max(key.line)));
        }
    }
    let list = |path: &[&str]| root.at(path).map(Node::items).unwrap_or_default();
    for (key, binding, name, kind) in STORES {
        for one in list(&[key]) {
            let Some(bound) = one.str_of(binding) else {
                continue;
            };
            let label = one.str_of(name).unwrap_or(bound);
            let place = (one.first, one.last);
            parts::read(
                acc,
                file,
                &Shape::new("resource", place).block(),
                CLOUDFLARE,
                kind,
                label,
            );
            variables.set(bound, format!("resource.{label}"), place);
        }
    }
    let queue = |acc: &mut FileFacts, name: &str, place: (u32, u32)| {
        let block = Shape::new("resource", place);
        parts::read(
            acc,
            file,
            &block.block(),
            CLOUDFLARE,
            "cloudflare_queue",
            name,
        );
    };
    for one in list(&["queues", "producers"]) {
        if let Some(name) = one.str_of("queue") {
            let place = (one.first, one.last);
            queue(acc, name, place);
            shape.add("grant_publishes", format!("resource.{name}"), place);
        }
    }
    for one in list(&["queues", "consumers"]) {
        if let Some(name) = one.str_of("queue") {
            let waker = waker(worker, name, (one.first, one.last));
            if !list(&["queues", "producers"])
                .iter()
                .any(|p| p.str_of("queue") == Some(name))
            {
                queue(acc, name, waker.lines);
            }
            waker.fetches(acc, file, format!("resource.{name}"));
        }
    }
    for (when, line) in root
        .at(&["triggers", "crons"])
        .map(Node::strings)
        .unwrap_or_default()
    {
        waker(worker, "clock", (line, line)).scheduled(acc, file, when);
    }
    shape.nest(variables);
    parts::read(
        acc,
        file,
        &shape.block(),
        CLOUDFLARE,
        "cloudflare_workers_script",
        worker,
    );
}

fn waker<'w>(worker: &'w str, by: &str, lines: (u32, u32)) -> sam::Waker<'w> {
    sam::Waker {
        source: CLOUDFLARE,
        function: worker,
        name: format!("{worker}-{by}"),
        lines,
    }
}
