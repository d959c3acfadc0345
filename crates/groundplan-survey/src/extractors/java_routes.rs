//! Routes of Spring Cloud Gateway that code builds.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, GatewayRoute};
use crate::scan::{self, Part};
use crate::secrets;
use crate::source::SourceFile;
use crate::values::Values;
use groundplan_syntax::Language;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "java-routes",
    docs: "\
### What it finds
Routes of a `RouteLocatorBuilder` of Spring Cloud Gateway in Java and Kotlin: for each `uri(…)` the paths
and the host that its route matches on. `lb://name` is the name that a registry looks up.

### What it does not find
Routes whose address another file holds.
",
    reads: &[Reads::Own(&[Language::Java, Language::Kotlin])],
    markers: &["RouteLocatorBuilder"],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own {
        return;
    }
    let code = file.code();
    let values = Values::new(file);
    let mut paths: Vec<String> = Vec::new();
    let mut host = None;
    let mut first = None;
    for call in code.calls() {
        let method = code.raw(call.open - 1);
        match method {
            // A route begins, in Kotlin as `route("id") {`.
            "route" => {
                paths.clear();
                host = None;
                first = Some(call.line);
            }
            "path" if first.is_some() => {
                let all = code.arguments(call.open);
                let texts = all.into_iter().filter_map(|range| values.fold(range));
                paths.extend(texts.filter(|text| text.starts_with('/')));
            }
            "host" if first.is_some() => host = values.argument(call.open, 0),
            "uri" => {
                let (Some(begin), Some(target)) = (first, values.argument(call.open, 0)) else {
                    continue;
                };
                let target = ["lb:ws://", "lb:wss://", "lb://"]
                    .iter()
                    .find_map(|start| target.strip_prefix(start))
                    .unwrap_or(&target)
                    .to_owned();
                if target.is_empty() || target.starts_with("forward:") || target.starts_with("no:")
                {
                    continue;
                }
                let several = std::mem::take(&mut paths).into_iter().map(Some);
                let mut several: Vec<Option<String>> = several.collect();
                if several.is_empty() {
                    several.push(None);
                }
                for path in several {
                    let claim = Claim::Route(GatewayRoute {
                        class: None,
                        gateway: "Spring Cloud Gateway".to_owned(),
                        name: None,
                        host: host.clone(),
                        path,
                        target: secrets::without_credentials(&target),
                        tls: false,
                    });
                    acc.add(file, begin.min(call.line), call.line, claim);
                }
            }
            _ => {}
        }
    }
}
