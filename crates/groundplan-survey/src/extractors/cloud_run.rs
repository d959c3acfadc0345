//! Services that scripts deploy to Google Cloud Run.

use crate::extractor::{Extractor, Reads};
use crate::extractors::manifests::env_value;
use crate::facts::{Claim, Deployable, FileFacts, Placed, Port};
use crate::source::{SourceFile, join};
use std::collections::BTreeMap;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "cloud-run",
    docs: "\
### What it finds
Services that `gcloud run deploy` starts in shell scripts and Makefiles: name, image or folder, variables
and port (<https://cloud.google.com/sdk/gcloud/reference/run/deploy>). A variable that holds what
`gcloud run services describe` answers is the address of that service.

### What it does not find
Names that a script computes, and services of files that `gcloud run services replace` takes.
",
    reads: &[Reads::Paths(&["*.sh", "Makefile", "*.mk", "justfile"])],
    markers: &["gcloud run deploy"],
    run: extract,
};

/// Services of one file beyond these are left out.
const MOST: usize = 50;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let mut addresses: BTreeMap<String, String> = BTreeMap::new();
    let mut found = 0;
    for (text, first, last) in commands(file.text) {
        if let Some((variable, service)) = described(&text) {
            addresses.insert(variable, format!("https://{service}"));
        }
        let Some((_, rest)) = text.split_once("gcloud run deploy ") else {
            continue;
        };
        let Some(mut made) = deployed(file, rest, &addresses, first, last) else {
            continue;
        };
        made.source = "cloud-run".to_owned();
        made.kind = "service".to_owned();
        acc.add(file, first, last, Claim::Deployable(Box::new(made)));
        found += 1;
        if found >= MOST {
            break;
        }
    }
}

/// The commands of a script, lines that go on put together, each with its first and last line.
fn commands(text: &str) -> Vec<(String, u32, u32)> {
    let mut all = Vec::new();
    let mut whole = String::new();
    let mut first = 0;
    for (number, line) in text.lines().enumerate() {
        let number = number as u32 + 1;
        let line = line.trim();
        if line.starts_with('#') {
            continue;
        }
        if whole.is_empty() {
            first = number;
        }
        if let Some(part) = line.strip_suffix('\\') {
            if whole.len() < 8000 {
                whole.push_str(part);
                whole.push(' ');
            }
            continue;
        }
        whole.push_str(line);
        all.push((std::mem::take(&mut whole), first, number));
    }
    all
}

/// `API_URL=$(gcloud run services describe api …)`: the variable and the service.
fn described(text: &str) -> Option<(String, String)> {
    let (before, rest) = text.split_once("gcloud run services describe ")?;
    let variable = before.trim_end().strip_suffix("$(")?;
    let variable = variable.trim_end_matches('"').strip_suffix('=')?;
    let variable = variable.rsplit([' ', ';']).next()?;
    let service = rest.split_whitespace().next()?;
    is_name(service).then(|| (variable.to_owned(), service.to_owned()))
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

fn deployed(
    file: &SourceFile<'_>,
    rest: &str,
    addresses: &BTreeMap<String, String>,
    first: u32,
    last: u32,
) -> Option<Deployable> {
    let mut made = Deployable::default();
    let plain = |word: &str| word.trim_matches(['"', '\'']).to_owned();
    let mut words = rest.split_whitespace().map(plain).peekable();
    while let Some(word) = words.next() {
        if matches!(word.as_str(), "&&" | "||" | ";" | "|") {
            break;
        }
        if !word.starts_with('-') {
            if made.name.is_empty() {
                made.name = word;
            }
            continue;
        }
        let (option, value) = match word.split_once('=') {
            Some((option, value)) => (option.to_owned(), Some(value.to_owned())),
            None => (word, None),
        };
        let known = matches!(
            option.as_str(),
            "--image" | "--source" | "--port" | "--set-env-vars" | "--update-env-vars"
        );
        if !known {
            // The value of another option is no name; switches have none.
            let switch = ["--quiet", "--async", "--allow-", "--no-"];
            let takes = value.is_none() && !switch.iter().any(|s| option.starts_with(s));
            if takes {
                words.next_if(|next| !next.starts_with('-'));
            }
            continue;
        }
        let value = plain(&value.or_else(|| words.next())?);
        let placed = |text: &str| file.placed(text.to_owned(), first);
        match option.as_str() {
            "--image" => made.image = Some(placed(&value)),
            "--source" => made.build = join(file.folder(), &value).map(|p| placed(&p)),
            "--port" => made.ports.push(Placed {
                value: Port {
                    container: value,
                    ..Port::default()
                },
                at: file.evidence(first, last),
            }),
            _ => {
                for pair in value.split(',') {
                    if let Some((name, value)) = pair.split_once('=') {
                        let value = filled(value, addresses);
                        let at = file.evidence(first, last);
                        made.env.push(env_value(name, &value, at));
                    }
                }
            }
        }
    }
    let told = made.image.is_some() || made.build.is_some();
    (is_name(&made.name) && told).then_some(made)
}

/// A value with the addresses of services that were asked for before.
fn filled(value: &str, addresses: &BTreeMap<String, String>) -> String {
    let mut out = value.to_owned();
    for (name, address) in addresses {
        out = out.replace(&format!("${{{name}}}"), address);
        if out == format!("${name}") {
            out.clone_from(address);
        }
    }
    out
}
