//! What documents show to those who set the system up: a proxy in front, manifests of Kubernetes, Compose files,
//! images to run, and the repository that deploys it.

use super::chapters::Page;
use super::{mark, said};
use crate::facts::{Claim, FileFacts, Mark};
use crate::source::SourceFile;
use groundplan_model::{DOCUMENTED_COMPOSE, Topic};

/// Endings of names of repositories that deploy what stands before them.
const DEPLOYS: [&str; 11] = [
    "ansible",
    "chart",
    "charts",
    "compose",
    "deploy",
    "deployment",
    "docker",
    "helm",
    "infra",
    "k8s",
    "kubernetes",
];

/// How many images or repositories of one page are kept.
const MOST: usize = 8;

/// Kinds of manifests that run something.
const KINDS: [&str; 5] = [
    "Deployment",
    "StatefulSet",
    "DaemonSet",
    "Ingress",
    "Service",
];

/// A block of code between two fences.
#[derive(Default)]
struct Fence {
    first: u32,
    kind: bool,
    version: bool,
    front: bool,
    /// Whether a command that takes an image goes on.
    running: bool,
    compose: Compose,
}

/// The services of a Compose file that a page shows.
#[derive(Default)]
struct Compose {
    /// How far `services:` and the names below it are indented.
    top: Option<usize>,
    names: Option<usize>,
    /// How far what stands before `services:` is indented at least: below a key it is that of something else.
    before: Option<usize>,
    /// Whether another key of the top level followed.
    ended: bool,
    services: Vec<(String, Option<String>)>,
}

impl Compose {
    /// Services of one file that are kept.
    const MOST: usize = 12;

    fn read(&mut self, line: &str) {
        let text = line.trim();
        if text.is_empty() || text.starts_with('#') {
            return;
        }
        let indent = line.len() - line.trim_start().len();
        let Some(top) = self.top else {
            if text == "services:" {
                self.top = Some(indent);
                self.ended = self.before.is_some_and(|before| before < indent);
            }
            let before = self.before.map_or(indent, |before| before.min(indent));
            self.before = Some(before);
            return;
        };
        self.ended |= indent <= top && text != "services:";
        if self.ended || indent <= top {
            return;
        }
        let names = *self.names.get_or_insert(indent);
        // Comments behind a value are none of it.
        let text = text.split(" #").next().unwrap_or(text).trim_end();
        let name = text
            .strip_suffix(':')
            .map(|name| name.trim_matches(['"', '\'']));
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        match name.filter(|name| indent == names && !name.is_empty() && name.chars().all(plain)) {
            Some(name) if self.services.len() < Self::MOST => {
                self.services.push((name.to_owned(), None));
            }
            Some(_) => self.ended = true,
            None => {
                let image = text.strip_prefix("image:").map(str::trim);
                let image = image.map(|image| image.trim_matches(['"', '\'']));
                if let Some(image) = image.filter(|i| !i.is_empty() && !i.contains(' '))
                    && let Some((_, known @ None)) = self.services.last_mut()
                {
                    *known = Some(image.to_owned());
                }
            }
        }
    }

    /// A line for each service that runs an image: its name and, behind a blank, the image.
    fn told(&self) -> Option<String> {
        let line = |(name, image): &(String, Option<String>)| {
            let image = image.as_deref().filter(|image| !image.contains('<'))?;
            Some(format!("{name} {image}"))
        };
        let lines: Vec<String> = self.services.iter().filter_map(line).collect();
        (!lines.is_empty()).then(|| lines.join("\n"))
    }
}

/// Adds a mark for each of them that the page has.
pub(crate) fn add(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let fits = |page: Page| {
        matches!(
            page,
            Page::Readme | Page::Install | Page::Index | Page::Faq | Page::Other
        )
    };
    let Some(page) = Page::of(file.path).filter(|page| fits(*page)) else {
        return;
    };
    // Elsewhere such lines show how something else is set up.
    let fronted = matches!(page, Page::Readme | Page::Install);
    let mut open: Option<Fence> = None;
    for (number, line) in file.text.lines().enumerate() {
        let at = number as u32 + 1;
        let trimmed = line.trim();
        if trimmed.starts_with("```") || trimmed.starts_with("~~~") {
            match open.take() {
                None => {
                    open = Some(Fence {
                        first: at,
                        ..Fence::default()
                    });
                }
                Some(fence) => {
                    let found = [
                        ("documented-kubernetes", fence.kind && fence.version),
                        ("documented-front", fence.front && fronted),
                    ];
                    for (key, _) in found.into_iter().filter(|(_, found)| *found) {
                        mark(acc, file, (fence.first, at), key, String::new());
                    }
                    if let Some(told) = fence.compose.told() {
                        mark(acc, file, (fence.first, at), DOCUMENTED_COMPOSE, told);
                    }
                }
            }
        } else if let Some(fence) = &mut open {
            fence.compose.read(line);
            fence.version |= trimmed.starts_with("apiVersion:");
            let kind = trimmed.strip_prefix("kind:").map(str::trim);
            fence.kind |= kind.is_some_and(|kind| KINDS.contains(&kind));
            fence.front |= leads_here(trimmed);
            fence.running |= starts_image(trimmed);
            if fence.running {
                if let Some(image) = image(trimmed).filter(|_| fronted) {
                    each(acc, file, at, "documented-image", image);
                    fence.running = false;
                }
                fence.running &= trimmed.ends_with('\\');
            }
        }
        if let Some(address) = repository(line) {
            each(acc, file, at, "deployment-repository", &address);
        }
    }
}

/// Adds one of several that a page may name: which of them is the system's own is seen by its name later.
fn each(acc: &mut FileFacts, file: &SourceFile<'_>, at: u32, key: &str, said: &str) {
    let said = Mark {
        topic: Topic::Stated,
        name: key.to_owned(),
        detail: Some(said::without_addresses(said)),
    };
    let marks = acc.facts.iter().filter_map(|fact| match &fact.claim {
        Claim::Mark(mark) if mark.topic == Topic::Stated && mark.name == key => Some(mark),
        _ => None,
    });
    let known: Vec<&Mark> = marks.collect();
    if known.len() < MOST && !known.contains(&&said) {
        acc.add(file, at, at, Claim::Mark(said));
    }
}

/// Whether a line begins a command that runs an image or fetches it.
fn starts_image(line: &str) -> bool {
    let line = line.trim_start_matches("$ ").trim_start_matches("sudo ");
    ["docker", "podman"].iter().any(|tool| {
        let rest = line.strip_prefix(tool).and_then(|r| r.strip_prefix(' '));
        rest.is_some_and(|rest| rest.starts_with("run ") || rest.starts_with("pull "))
    })
}

/// The image among the words of such a command: with an owner, and neither a folder, a mount, a platform nor a
/// value.
fn image(line: &str) -> Option<&str> {
    let named = |word: &&str| {
        word.starts_with(|c: char| c.is_ascii_alphanumeric())
            && word.contains('/')
            && !word.contains(['=', '$', '<', '{', '"', '\'', ','])
            && !word.contains(":/")
            && !word.ends_with('/')
            && !word.starts_with("linux/")
            && !word.ends_with(".env")
    };
    line.split_whitespace().find(named)
}

/// Whether a line of a web server leads requests to a program on the same machine.
fn leads_here(line: &str) -> bool {
    let leads = ["proxy_pass ", "ProxyPass ", "reverse_proxy "];
    let here = ["localhost", "127.0.0.1", "[::1]"];
    leads.iter().any(|l| line.starts_with(l)) && here.iter().any(|h| line.contains(h))
}

/// `github.com/acme/shop-helm`, where a line leads to a repository that by its name deploys something.
fn repository(line: &str) -> Option<String> {
    const HOST: &str = "github.com/";
    let (_, rest) = line.split_once(HOST)?;
    let end = |c: char| !c.is_alphanumeric() && !matches!(c, '-' | '_' | '.');
    let (owner, rest) = rest.split_once('/')?;
    let name = rest.split(end).next().unwrap_or(rest);
    let name = name.trim_end_matches(".git").trim_end_matches('.');
    let (head, last) = name.rsplit_once('-')?;
    let sound = !owner.contains(end) && !owner.is_empty() && head.len() > 2;
    (sound && DEPLOYS.contains(&last)).then(|| format!("{HOST}{owner}/{name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_of_a_shown_compose_file_have_images() {
        let told = |text: &str| {
            let mut compose = Compose::default();
            text.lines().for_each(|line| compose.read(line));
            compose.told()
        };
        let shown = "services:\n  shop:\n    image: \"acme/shop:1\" # newest\n    ports:\n      - 80:80\n\n  db:\n    image: postgres:18\n\nvolumes:\n  data:\n";
        assert_eq!(
            told(shown).as_deref(),
            Some("shop acme/shop:1\ndb postgres:18")
        );
        assert_eq!(told("services:\n  shop:\n    build: .\n"), None);
        assert_eq!(told("shop:\n  image: acme/shop:1\n"), None);
        let tested = "jobs:\n  test:\n    services:\n      db:\n        image: postgres:18\n";
        assert_eq!(told(tested), None);
    }

    #[test]
    fn repositories_and_proxies_are_told_by_their_words() {
        let found = repository("git clone https://github.com/acme/shop-docker.git");
        assert_eq!(found.as_deref(), Some("github.com/acme/shop-docker"));
        for other in [
            "https://github.com/acme/shop",
            "https://github.com/acme/shop-docs",
            "https://github.com/acme/shop/tree/main/my-docker",
            "https://hub.docker.com/r/acme/shop-docker",
        ] {
            assert_eq!(repository(other), None, "{other}");
        }
        let run = "docker run -d -p 80:80 -v data:/data --name shop ghcr.io/acme/shop:1 serve";
        assert!(starts_image(run));
        assert_eq!(image(run), Some("ghcr.io/acme/shop:1"));
        assert_eq!(image("docker run -v ./data:/data --env A=b/c shop"), None);
        let run = "docker run --platform linux/amd64 --env-file conf/app.env acme/shop:1";
        assert_eq!(image(run), Some("acme/shop:1"));
        assert!(!starts_image("docker build -t acme/shop ."));
        assert!(leads_here("proxy_pass http://127.0.0.1:8000;"));
        assert!(!leads_here("proxy_pass http://$upstream;"));
        assert!(!leads_here("See proxy_pass at localhost."));
    }
}
