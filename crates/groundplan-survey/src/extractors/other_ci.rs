//! Pipelines of Woodpecker, Drone, GitLab, Travis, CircleCI, Azure, Bitbucket, Buildkite, Cloud
//! Build, CodeBuild and Jenkins.

mod cloud_build;
mod jenkins;

use crate::extractor::{Extractor, Reads};
use crate::extractors::github_actions::stages;
use crate::extractors::manifests::{Field, Fields, one_line, redact_command};
use crate::facts::{Claim, FileFacts};
use crate::source::SourceFile;
use groundplan_model::{Evidence, Job, JobStage, Pipeline, Provenance};
use groundplan_syntax::Node;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "other-ci",
    docs: "\
### What it finds
Pipelines of Woodpecker, Drone, GitLab CI, Travis CI, CircleCI, Azure Pipelines, Bitbucket, Buildkite,
Google Cloud Build, AWS CodeBuild and Jenkins: their jobs, steps or stages with commands, and the stages
that the commands show. Plug-ins of Woodpecker and Drone that build images count as packaging, those
that make a release as releasing.

### What it does not find
What starts them, apart from the events of Woodpecker and Drone, also of single steps; templates, included files and
shared libraries.
",
    reads: &[Reads::Paths(&[
        ".woodpecker.yml",
        ".woodpecker.yaml",
        "**/.woodpecker/*.yml",
        "**/.woodpecker/*.yaml",
        ".drone.yml",
        ".gitlab-ci.yml",
        ".travis.yml",
        "**/.circleci/config.yml",
        "**/.buildkite/*.yml",
        "**/.buildkite/*.yaml",
        "azure-pipelines.yml",
        "**/.azure-pipelines/*.yml",
        "bitbucket-pipelines.yml",
        "cloudbuild.yaml",
        "cloudbuild.yml",
        "cloudbuild-*.yaml",
        "cloudbuild.*.yaml",
        "**/cloudbuild/*.yaml",
        "**/cloudbuild/*.yml",
        "**/.cloudbuild/*.yaml",
        "**/.cloudbuild/*.yml",
        "buildspec.yml",
        "buildspec.yaml",
        "Jenkinsfile",
        "Jenkinsfile.*",
        "*.jenkinsfile",
    ])],
    markers: &[],
    run: extract,
};

/// Jobs beyond these are cut.
const MAX_JOBS: usize = 200;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let product = product(file.path);
    // These run nothing but what stands at the root of a repository; files like it deeper down are
    // samples and inputs of tests.
    let rooted = matches!(
        product,
        "Woodpecker CI" | "Drone" | "Travis CI" | "CircleCI" | "Bitbucket Pipelines" | "Buildkite"
    );
    let folder = (file.folder().trim_end_matches(".woodpecker")).trim_end_matches(".circleci");
    let folder = folder.trim_end_matches(".buildkite");
    if rooted && !folder.is_empty() {
        return;
    }
    let mut jobs: Vec<Job> = Vec::new();
    let mut triggers: Vec<String> = Vec::new();
    let mut places: Option<(u32, u32)> = None;
    if product == "Jenkins" {
        jobs = jenkins::jobs(file);
        places = Some((1, file.lines().count()));
    }
    let documents = match product {
        "Jenkins" => Vec::new(),
        _ => file.documents(),
    };
    for root in documents {
        if !root.is_mapping() {
            continue;
        }
        let (first, last) = places.unwrap_or((root.first, root.last));
        places = Some((first.min(root.first), last.max(root.last)));
        let before = jobs.len();
        match product {
            "Travis CI" => travis(file, root, &mut jobs),
            "GitLab CI" => {
                for field in Fields::of(root).iter() {
                    if field.node.get("script").is_some() {
                        jobs.push(job(file, &field));
                    }
                }
            }
            "Google Cloud Build" => jobs.extend(cloud_build::jobs(file, root)),
            "AWS CodeBuild" => {
                let phases = root.get("phases");
                for field in phases.map(Fields::of).iter().flat_map(Fields::iter) {
                    jobs.push(job(file, &field));
                }
            }
            _ => nested(file, root, &mut jobs, 0),
        }
        events(root, &mut triggers, 0);
        if matches!(product, "Woodpecker CI" | "Drone") {
            let whole = root.get("when").or_else(|| root.get("trigger"));
            let whole = whole.and_then(events_of).unwrap_or_default();
            for job in jobs.iter_mut().skip(before) {
                // A step without a condition runs whenever its pipeline does.
                if job.events.is_empty() {
                    job.events.clone_from(&whole);
                }
            }
        }
    }
    jobs.truncate(MAX_JOBS);
    triggers.sort();
    triggers.dedup();
    let Some((first, last)) = places.filter(|_| !jobs.is_empty()) else {
        return;
    };
    // Several files of one name, one in each folder, are several pipelines.
    let path = file.path.replace('/', "-");
    let stem = match product {
        "Google Cloud Build" | "AWS CodeBuild" | "Jenkins" => path.as_str(),
        _ => file.name(),
    };
    let stem = stem.trim_start_matches('.');
    let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
    let pipeline = Pipeline {
        id: format!("{}/{stem}", product.to_lowercase().replace(' ', "-")),
        // Its path tells it from others of the same name.
        name: file.path.to_owned(),
        product: product.to_owned(),
        triggers,
        jobs,
        provenance: Provenance::observed([file.evidence(first, last)]),
    };
    acc.add(file, first, last, Claim::Pipeline(Box::new(pipeline)));
}

/// The product by the name of the file, else by the folder that it lies in.
fn product(path: &str) -> &'static str {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let folder = folder.rsplit('/').next().unwrap_or(folder);
    let by_name = [
        ("cloudbuild", "Google Cloud Build"),
        ("buildspec.", "AWS CodeBuild"),
        ("Jenkinsfile", "Jenkins"),
        (".woodpecker.", "Woodpecker CI"),
        (".drone.", "Drone"),
        (".gitlab-ci.", "GitLab CI"),
        (".travis.", "Travis CI"),
        ("azure-pipelines.", "Azure Pipelines"),
        ("bitbucket-pipelines.", "Bitbucket Pipelines"),
    ];
    by_name
        .iter()
        .find(|(begin, _)| name.starts_with(begin))
        .map(|(_, product)| *product)
        .unwrap_or(match folder {
            ".woodpecker" => "Woodpecker CI",
            ".buildkite" => "Buildkite",
            ".circleci" => "CircleCI",
            "cloudbuild" | ".cloudbuild" => "Google Cloud Build",
            ".azure-pipelines" => "Azure Pipelines",
            // `deploy.jenkinsfile`
            _ => "Jenkins",
        })
}

/// `script`, and `jobs: include:` with a script of their own.
fn travis(file: &SourceFile<'_>, root: &Node, jobs: &mut Vec<Job>) {
    let fields = Fields::of(root);
    for name in ["script", "deploy"] {
        if let Some(field) = fields.get(name) {
            let mut made = made(name, field.node, field.evidence(file));
            if name == "deploy" {
                made.stages = vec![JobStage::Deploy];
            }
            jobs.push(made);
        }
    }
    for key in ["jobs", "matrix"] {
        let include = root.at(&[key, "include"]).map_or(&[][..], Node::items);
        for (number, item) in include.iter().enumerate() {
            let name = item.str_of("name").or_else(|| item.str_of("stage"));
            let name = name.map_or_else(|| format!("job {}", number + 1), str::to_owned);
            if item.get("script").is_some() {
                jobs.push(made(&name, item, file.node(item)));
            }
        }
    }
}

/// Jobs and steps wherever they stand: mappings below `jobs`, lists and mappings below `steps`.
fn nested(file: &SourceFile<'_>, node: &Node, jobs: &mut Vec<Job>, depth: u8) {
    if depth > 8 || jobs.len() >= MAX_JOBS {
        return;
    }
    for field in Fields::of(node).iter() {
        let key = field.key.text.as_str();
        let listed = matches!(key, "steps" | "pipeline" | "step");
        if key == "jobs" && field.node.is_mapping() {
            for field in Fields::of(field.node).iter() {
                if field.node.get("steps").is_some() {
                    jobs.push(job(file, &field));
                }
            }
        } else if listed && field.node.is_mapping() && key != "step" {
            for field in Fields::of(field.node).iter() {
                jobs.push(job(file, &field));
            }
        } else if key == "step" && field.node.get("script").is_some() {
            let name = field.node.str_of("name").unwrap_or("step");
            jobs.push(made(name, field.node, field.evidence(file)));
        } else if listed {
            for item in field.node.items() {
                let name = ["name", "displayName", "label", "group", "task", "script"];
                let name = name.iter().find_map(|key| item.str_of(key));
                if let Some(name) = name {
                    let name = redact_command(name);
                    jobs.push(made(&name, item, file.node(item)));
                } else {
                    nested(file, item, jobs, depth + 1);
                }
            }
        } else {
            nested(file, field.node, jobs, depth + 1);
        }
    }
    for item in node.items() {
        nested(file, item, jobs, depth + 1);
    }
}

/// The events that a condition of Woodpecker or Drone names, each once: of several conditions one is enough.
/// `None` where one of them names no event.
fn events_of(when: &Node) -> Option<Vec<String>> {
    let one = |condition: &Node| -> Option<Vec<String>> {
        let event = condition.get("event")?;
        let names = |node: &Node| -> Vec<String> {
            let all = node.strings().into_iter();
            all.map(|(event, _)| event.replace('_', " ")).collect()
        };
        if !event.is_mapping() {
            return Some(names(event));
        }
        if let Some(included) = event.get("include") {
            return Some(names(included));
        }
        // What it leaves out says that it runs on the others.
        let left = names(event.get("exclude")?).join(" and ");
        Some(vec![format!("all events but {left}")])
    };
    let mut found: Vec<String> = match when.is_mapping() {
        true => one(when)?,
        false => {
            let all: Option<Vec<Vec<String>>> = when.items().iter().map(|item| one(item)).collect();
            all?.concat()
        }
    };
    found.sort();
    found.dedup();
    Some(found)
}

/// Events of `when: event:` and `trigger: event:`.
fn events(node: &Node, triggers: &mut Vec<String>, depth: u8) {
    if depth > 8 {
        return;
    }
    for field in Fields::of(node).iter() {
        if field.key.text == "event" {
            let found = field.node.strings();
            triggers.extend(found.into_iter().map(|(event, _)| event.replace('_', " ")));
        } else {
            events(field.node, triggers, depth + 1);
        }
    }
    for item in node.items() {
        events(item, triggers, depth + 1);
    }
}

fn job(file: &SourceFile<'_>, field: &Field<'_>) -> Job {
    let name = field.key.text.as_str();
    made(name, field.node, field.evidence(file))
}

fn made(name: &str, node: &Node, at: Evidence) -> Job {
    let mut lines: Vec<String> = Vec::new();
    commands(node, &mut lines, 0);
    let mut found: Vec<JobStage> = lines.iter().flat_map(|l| of_line(l)).collect();
    let image = node.str_of("image").unwrap_or_default();
    if ["docker-buildx", "plugins/docker", "kaniko", "plugin-docker"]
        .iter()
        .any(|plugin| image.contains(plugin))
    {
        found.push(JobStage::Package);
    }
    if ["plugin-release", "github-release", "gitea-release"]
        .iter()
        .any(|plugin| image.contains(plugin))
    {
        found.push(JobStage::Release);
    }
    // Who is called so and puts an image into a registry releases it.
    let called = name.split(|c: char| !c.is_alphanumeric()).any(|word| {
        ["deploy", "publish", "release"]
            .iter()
            .any(|w| word.eq_ignore_ascii_case(w))
    });
    if called && lines.iter().any(|line| stages::pushes_image(line)) {
        found.push(JobStage::Release);
    }
    found.sort_unstable();
    found.dedup();
    if found.is_empty() {
        found.push(JobStage::Other);
    }
    let needs = ["needs", "depends_on", "requires", "dependsOn"];
    let needs = needs.iter().find_map(|key| node.get(key));
    let environment = node.get("environment");
    let environment = environment.and_then(|e| e.str().or_else(|| e.str_of("name")));
    Job {
        id: name.to_owned(),
        name: one_line(name),
        stages: found,
        needs: needs
            .map(Node::strings)
            .unwrap_or_default()
            .into_iter()
            .map(|(need, _)| need.to_owned())
            .collect(),
        step_stages: first_lines(&lines).map(shown).collect(),
        steps: first_lines(&lines).map(redact_command).collect(),
        environment: environment.map(str::to_owned),
        events: node.get("when").and_then(events_of).unwrap_or_default(),
        limits: Vec::new(),
        condition: due(node),
        provenance: Provenance::observed([at]),
    }
}

/// When a job of GitLab is due, in the words of its file: `only`, the conditions of `rules`, and whether somebody
/// starts it (<https://docs.gitlab.com/ci/yaml/#rules>).
fn due(node: &Node) -> Option<String> {
    let rules = node.get("rules").map(Node::items).unwrap_or_default();
    let mut all: Vec<String> = Vec::new();
    for rule in rules {
        // What never runs the job does not say when it runs.
        if rule.str_of("when") == Some("never") {
            continue;
        }
        let by_hand = rule.str_of("when") == Some("manual");
        let text = match rule.str_of("if") {
            Some(text) if by_hand => format!("{} (by hand)", one_line(text)),
            Some(text) => one_line(text),
            None if by_hand => "by hand".to_owned(),
            // A rule without a condition holds whatever those before it say.
            None => return None,
        };
        if !all.contains(&text) {
            all.push(text);
        }
    }
    let only = node.get("only").map(Node::strings).unwrap_or_default();
    let only: Vec<&str> = only.into_iter().map(|(word, _)| word).collect();
    if all.is_empty() && !only.is_empty() {
        all.push(format!("only: {}", only.join(", ")));
    }
    if node.str_of("when") == Some("manual") {
        all.push("by hand".to_owned());
    }
    let text = all.join(" || ");
    (!text.is_empty() && text.len() <= 110).then_some(text)
}

/// The first line of each script that becomes a step.
fn first_lines(scripts: &[String]) -> impl Iterator<Item = &str> {
    scripts
        .iter()
        .filter_map(|l| l.lines().map(str::trim).find(|l| !l.is_empty()))
        .take(40)
}

/// The stages of one step, each once.
fn shown(line: &str) -> Vec<JobStage> {
    let mut found = of_line(line);
    found.sort_unstable();
    found.dedup();
    found
}

/// The stages that a line shows; a script of the repository is known by its name alone.
fn of_line(line: &str) -> Vec<JobStage> {
    let found = stages::commands(line);
    if !found.is_empty() {
        return found;
    }
    let script = line
        .split_whitespace()
        .take(3)
        .find(|word| word.ends_with(".sh"));
    let name = script.and_then(|word| word.rsplit('/').next());
    name.map(|name| stages::of_title(name.trim_end_matches(".sh")))
        .unwrap_or_default()
}

/// A job of lines of a script.
fn scripted(name: &str, lines: &[String], needs: Vec<String>, at: Evidence) -> Job {
    let mut found: Vec<JobStage> = lines.iter().flat_map(|l| of_line(l)).collect();
    found.sort_unstable();
    found.dedup();
    if found.is_empty() {
        found.push(JobStage::Other);
    }
    Job {
        id: name.to_owned(),
        name: one_line(name),
        stages: found,
        needs,
        steps: lines.iter().take(40).map(|l| redact_command(l)).collect(),
        step_stages: lines.iter().take(40).map(|l| shown(l)).collect(),
        environment: None,
        events: Vec::new(),
        limits: Vec::new(),
        condition: None,
        provenance: Provenance::observed([at]),
    }
}

/// The commands of a script: a line that ends in a backslash goes on in the next.
fn whole_lines(text: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let mut open = false;
    for line in text.lines() {
        let goes_on = line.trim_end().ends_with('\\');
        let part = line.trim_end().trim_end_matches('\\').trim_end();
        match all.last_mut().filter(|_| open) {
            Some(last) => {
                last.push(' ');
                last.push_str(part.trim_start());
            }
            None => all.push(part.to_owned()),
        }
        open = goes_on;
    }
    all
}

/// The lines of all scripts of a job.
fn commands(node: &Node, lines: &mut Vec<String>, depth: u8) {
    if depth > 5 || lines.len() > 200 {
        return;
    }
    if let Some(text) = node.str().filter(|_| depth == 0) {
        lines.extend(whole_lines(text));
    }
    if depth == 0 {
        for item in node.items() {
            lines.extend(item.str().into_iter().flat_map(whole_lines));
        }
    }
    for field in Fields::of(node).iter() {
        let is_script = matches!(
            field.key.text.as_str(),
            "script" | "commands" | "command" | "run" | "before_script" | "bash" | "pwsh"
        );
        if is_script {
            for (text, _) in field.node.strings() {
                lines.extend(whole_lines(text));
            }
        }
        if is_script || field.key.text == "steps" {
            let items = field.node.items().iter().map(std::ops::Deref::deref);
            for item in std::iter::once(field.node).chain(items) {
                commands(item, lines, depth + 1);
            }
        }
    }
}
