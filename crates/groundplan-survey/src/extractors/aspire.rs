//! Application hosts of .NET Aspire: C# that says what is deployed together.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, Deployable, EnvValue, FileFacts, INSIDE, Port};
use crate::http_paths::UNREAD;
use crate::scan::{self, Part};
use crate::secrets;
use crate::source::{SourceFile, join};
use crate::values::Values;
use groundplan_syntax::{Call, Code, Language};
use std::collections::BTreeMap;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "aspire",
    docs: "\
### What it finds
Resources of an application host (`DistributedApplication`): projects, executables, containers,
stores and brokers with their names, images, variables and replicas, and what refers to what
(`WithReference`, `WaitFor`); a variable that holds the address of another resource has
`endpoint:name` as its origin. Of several databases of a server each is a resource inside of it, and an only one
is the server itself. Whether endpoints are reached from outside, a container outlives the host, data has a
volume, and a resource is a process or a container; the name of a resource is also that of a constant of
another file; the platform that the host publishes to is a mark of its own;
the resources that routes of a YARP proxy name are what it refers to.

### What it does not find
References that another file or a loop adds.
",
    reads: &[Reads::Own(&[Language::CSharp])],
    markers: &["DistributedApplication.CreateBuilder"],
    run: extract,
};

/// The kind of a reverse proxy that an application host configures itself.
pub(crate) const PROXY: &str = "Yarp";

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own {
        return;
    }
    let code = file.code();
    let values = Values::new(file);
    let mut found: Vec<(Deployable, u32, u32)> = Vec::new();
    // The variable of a resource, and where the resource stands in `found`.
    let mut variables: BTreeMap<&str, usize> = BTreeMap::new();
    for call in code.calls() {
        let word = code.raw(scan::word_at(code, call));
        let root = code.raw(call.first);
        let before = || {
            call.first
                .checked_sub(2)
                .filter(|_| code.is(call.first - 1, "="))
        };
        if word == "GetEndpoint"
            && let Some(&index) = variables.get(root)
            && let Some(variable) = before().and_then(|at| code.ident(at))
        {
            // An endpoint in a variable stands for its resource.
            variables.insert(variable, index);
            continue;
        }
        if word.starts_with("Add") && word.len() > 3 && starts_chain(code, call) {
            let parent = variables.get(root).copied();
            // What the operator gives runs nowhere, and a file of SQLite is no server.
            if matches!(word, "AddParameter" | "AddSqlite") {
                continue;
            }
            // Where it is all published to is no resource of the system.
            if let Some(platform) = platform(word) {
                scan::uses(
                    acc,
                    file,
                    call.line,
                    platform,
                    "publish",
                    format!("`{word}`"),
                );
                continue;
            }
            if word.ends_with("Environment") {
                continue;
            }
            // The only database of a server is what the server is there for: what refers to it reaches the
            // server, under its name.
            if let Some(index) = parent.filter(|_| is_database(word))
                && databases(code, root) == 1
            {
                if let Some(name) = name(code, &values, call.open) {
                    let server = &mut found[index].0;
                    server.aliases.push(name.clone());
                    let value = file.placed(name, call.line);
                    server.attributes.push(("database".to_owned(), value));
                }
                if let Some(variable) = before().and_then(|at| code.ident(at)) {
                    variables.insert(variable, index);
                }
                continue;
            }
            if !root.to_ascii_lowercase().contains("builder") && parent.is_none() {
                continue;
            }
            let Some(name) = name(code, &values, call.open) else {
                continue;
            };
            let mut made = Deployable {
                source: "aspire".to_owned(),
                kind: word["Add".len()..].to_owned(),
                name,
                build: project(file, call).or_else(|| folder(file, &values, call, word)),
                ..Deployable::default()
            };
            if let Some(parent) = parent {
                let server = &found[parent].0;
                let at = file.placed(server.name.clone(), call.line);
                // Each of several databases is a store of its own, inside of one server.
                if is_database(word) {
                    made.kind = format!("{}Database", server.kind);
                    made.attributes.push((INSIDE.to_owned(), at.clone()));
                }
                made.depends_on = vec![at];
            }
            if is_process(word) {
                let value = file.placed("process".to_owned(), call.line);
                made.attributes.push(("started-as".to_owned(), value));
            }
            if word == "AddContainer"
                && let Some(image) = values.argument(call.open, 1)
            {
                let tag = values.argument(call.open, 2).filter(|tag| !tag.is_empty());
                let image = tag.map_or(image.clone(), |tag| format!("{image}:{tag}"));
                made.image = Some(file.placed(image, call.line));
            }
            if let Some(variable) = before().and_then(|at| code.ident(at)) {
                variables.insert(variable, found.len());
            }
            let last = chain(file, &values, call, &mut made, &found, &variables);
            found.push((made, call.line, last));
        } else if let Some(&index) = variables.get(root)
            && starts_chain(code, call)
            && found
                .get(index)
                .is_some_and(|(_, first, _)| *first < call.line)
        {
            // `basket.WithReference(redis);` in a statement of its own.
            let mut made = std::mem::take(&mut found[index].0);
            step(file, &values, call, &mut made, &found, &variables);
            chain(file, &values, call, &mut made, &found, &variables);
            found[index].0 = made;
        }
    }
    for (made, first, last) in found {
        acc.add(file, first, last, Claim::Deployable(Box::new(made)));
    }
}

/// The platform that a host publishes to
/// (<https://learn.microsoft.com/dotnet/aspire/deployment/overview>).
fn platform(word: &str) -> Option<&'static str> {
    Some(match word {
        "AddAzureAppServiceEnvironment" => "azure-app-service",
        "AddAzureContainerAppEnvironment" => "azure-container-apps",
        "AddDockerComposeEnvironment" => "docker-compose",
        "AddKubernetesEnvironment" => "kubernetes",
        _ => return None,
    })
}

/// The name of a resource: of `$"{prefix}-api"` what does not hang on the variable; a constant of
/// another file, `Services.WebApi`, is filled in later.
fn name(code: &Code<'_>, values: &Values<'_, '_>, open: usize) -> Option<String> {
    let first = code.arguments(open).into_iter().next()?;
    let word = |at: usize| code.ident(at);
    if first.len() == 3
        && let (Some(class), Some(constant)) = (word(first.start), word(first.start + 2))
        && code.is(first.start + 1, ".")
    {
        let known = values.fold(first).filter(|v| !v.contains(['{', '.']));
        return Some(known.unwrap_or_else(|| format!("{{{class}.{constant}}}")));
    }
    if first.len() == 1 && word(first.start).is_some() {
        return values.fold(first).filter(|v| !v.contains('{'));
    }
    let text = first.clone().find_map(|at| code.string(at))?;
    let made = text.contains('{');
    let rest = match text.rsplit_once('}') {
        Some((_, rest)) => rest.trim_start_matches(['-', '.', '_']),
        None => text,
    };
    (first.len() <= 2 && !rest.is_empty() && (!made || !rest.contains('{')))
        .then(|| rest.to_owned())
}

/// How many databases a server in a variable has.
fn databases(code: &Code<'_>, server: &str) -> usize {
    let of = |call: &Call| {
        is_database(code.raw(scan::word_at(code, *call))) && code.is(call.first, server)
    };
    code.calls().filter(of).count()
}

/// Whether a call makes a database inside a server: `postgres.AddDatabase("stock")`.
fn is_database(word: &str) -> bool {
    matches!(word, "AddDatabase" | "AddCosmosDatabase")
}

/// Whether what a call adds is started as a process of the machine, without an image
/// (<https://learn.microsoft.com/dotnet/aspire/fundamentals/app-host-overview>).
fn is_process(word: &str) -> bool {
    matches!(word, "AddProject" | "AddExecutable")
        || word.ends_with("App") && !word.contains("Container")
}

/// Whether the call is the first one of its chain: `builder.AddX(`, not `builder.AddX().WithY(`.
fn starts_chain(code: &Code<'_>, call: Call) -> bool {
    scan::word_at(code, call) == call.first + 2
}

/// The project in `AddProject<Projects.Basket_API>`, with dots for underscores.
fn project(file: &SourceFile<'_>, call: Call) -> Option<crate::facts::Placed<String>> {
    let code = file.code();
    let at = (call.first..call.open).find(|&at| code.is(at, "Projects") && code.is(at + 1, "."))?;
    let name = code.ident(at + 2)?.replace('_', ".");
    Some(file.placed(name, call.line))
}

/// The folder of an application in another language, or of a project that is named by its path
/// (<https://learn.microsoft.com/dotnet/aspire/get-started/build-aspire-apps-with-nodejs>).
fn folder(
    file: &SourceFile<'_>,
    values: &Values<'_, '_>,
    call: Call,
    word: &str,
) -> Option<crate::facts::Placed<String>> {
    let at = match word {
        "AddExecutable" => 2,
        "AddProject" | "AddCSharpApp" | "AddDockerfile" | "AddSpringApp" => 1,
        _ if word.ends_with("App") => 1,
        _ => return None,
    };
    let path = values.argument(call.open, at)?.replace('\\', "/");
    let path = match path.rsplit_once('/') {
        Some((folder, name)) if name.ends_with("proj") => folder,
        _ => path.as_str(),
    };
    let own = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    Some(file.placed(join(own, path)?, call.line)).filter(|p| !p.value.is_empty())
}

/// The further calls of a chain; gives its last line.
fn chain(
    file: &SourceFile<'_>,
    values: &Values<'_, '_>,
    call: Call,
    made: &mut Deployable,
    found: &[(Deployable, u32, u32)],
    variables: &BTreeMap<&str, usize>,
) -> u32 {
    let code = file.code();
    let mut close = match code.partner(call.open) {
        Some(close) => close,
        None => return call.line,
    };
    for _ in 0..60 {
        if !code.is(close + 1, ".") {
            break;
        }
        let Some(open) = (close + 2..close + 16).find(|&o| code.is(o, "(")) else {
            break;
        };
        let next = Call {
            first: close + 2,
            open,
            line: code.line(close + 2),
        };
        step(file, values, next, made, found, variables);
        close = match code.partner(open) {
            Some(close) => close,
            None => break,
        };
    }
    code.line(close)
}

fn step(
    file: &SourceFile<'_>,
    values: &Values<'_, '_>,
    call: Call,
    made: &mut Deployable,
    found: &[(Deployable, u32, u32)],
    variables: &BTreeMap<&str, usize>,
) {
    let code = file.code();
    let word = code.raw(scan::word_at(code, call));
    let line = call.line;
    let argument = |at: usize| values.argument(call.open, at);
    let resource = |at: usize| {
        let &index = variables.get(code.ident(at)?)?;
        Some(found.get(index)?.0.name.clone()).filter(|name| !name.is_empty())
    };
    match word {
        // A reference hands the other's address over; waiting is start order alone.
        "WithReference" | "WaitFor" | "WaitForCompletion" => {
            let first = code.arguments(call.open).into_iter().next();
            let target = first.and_then(|range| resource(range.start));
            let list = if word == "WithReference" {
                &mut made.links
            } else {
                &mut made.depends_on
            };
            if let Some(target) = target
                && !list.iter().any(|known| known.value == target)
            {
                list.push(file.placed(target, line));
            }
        }
        "WithEnvironment" => {
            if let Some(name) = argument(0) {
                let second = code.arguments(call.open).get(1).cloned();
                let from = second.and_then(|range| resource(range.start));
                let value = argument(1).filter(|_| from.is_none());
                let value = value.and_then(|v| secrets::keep(&name, &v));
                made.env.push(EnvValue {
                    secret: secrets::is_secret_name(&name),
                    name,
                    value,
                    from: from.map(|name| format!("endpoint:{name}")),
                    at: file.evidence(line, line),
                });
            }
        }
        "WithImage" => {
            if let Some(image) = argument(0) {
                made.image = Some(file.placed(image, line));
            }
        }
        "WithImageTag" => {
            if let (Some(tag), Some(image)) = (argument(0), made.image.as_mut()) {
                image.value = format!("{}:{tag}", image.value);
            }
        }
        "WithEndpoint" | "WithHttpEndpoint" | "WithHttpsEndpoint" => {
            let named = |name: &str| values.fold(code.named_argument(call.open, name)?);
            let (host, inside) = (named("port"), named("targetPort"));
            if let Some(container) = inside.or_else(|| host.clone()) {
                let port = Port {
                    container,
                    host,
                    dynamic: false,
                    protocol: None,
                    name: named("name"),
                };
                made.ports.push(file.placed(port, line));
            }
        }
        "WithExternalHttpEndpoints" => {
            let value = file.placed("dynamic".to_owned(), line);
            made.attributes.push(("exposed".to_owned(), value));
        }
        "WithLifetime" => {
            let close = code.partner(call.open).unwrap_or(call.open);
            if (call.open..close).any(|at| code.is(at, "Persistent")) {
                let value = file.placed("persistent".to_owned(), line);
                made.attributes.push(("lifetime".to_owned(), value));
            }
        }
        // Where the image keeps its data is known to the integration, and not said by the host.
        "WithDataVolume" => {
            let named = code.named_argument(call.open, "name");
            let name = named
                .and_then(|range| values.fold(range))
                .or_else(|| argument(0));
            // A name that the host makes begins with its own
            // (<https://learn.microsoft.com/dotnet/api/aspire.hosting.utils.volumenamegenerator>).
            let name = name.unwrap_or_else(|| format!("{UNREAD}-{}-data", made.name));
            made.attributes
                .push(("volume-claim".to_owned(), file.placed(name, line)));
        }
        "WithDataBindMount" => {
            let source = argument(0).unwrap_or_else(|| UNREAD.to_owned());
            made.attributes
                .push(("volume-claim".to_owned(), file.placed(source, line)));
        }
        "WithVolume" | "WithBindMount" => {
            if let (Some(source), Some(target)) = (argument(0), argument(1)) {
                made.volumes
                    .push(file.placed(format!("{source}:{target}"), line));
            }
        }
        "WithReplicas" => {
            if let Some(count) = argument(0) {
                let value = file.placed(count, line);
                made.attributes.push(("replicas".to_owned(), value));
            }
        }
        "WithHttpHealthCheck" => {
            if let Some(path) = argument(0) {
                let value = file.placed(path, line);
                made.attributes.push(("health-check".to_owned(), value));
            }
        }
        // Routes of a proxy name the resources that they lead to, in whatever shape they are made.
        _ if made.kind == PROXY && !word.starts_with("WithParent") => {
            let close = code.partner(call.open).unwrap_or(call.open);
            for at in call.open + 1..close {
                if !code.is(at - 1, ".")
                    && let Some(target) = resource(at)
                    && !made.links.iter().any(|known| known.value == target)
                {
                    made.links.push(file.placed(target, code.line(at)));
                }
            }
        }
        _ => {}
    }
}
