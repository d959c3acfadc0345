//! Which stage a step belongs to, judged from a table of actions, commands and words.

use super::Step;
use groundplan_model::JobStage;
use groundplan_model::JobStage::{Build, Deploy, Lint, Package, Release, Security, Test};

/// Lines and words of a script that are looked at.
const MAX_LINES: usize = 400;
const MAX_WORDS: usize = 80;

/// Parts of the name of an action.
const ACTIONS: [(&str, JobStage); 73] = [
    ("golangci", Lint),
    ("super-linter", Lint),
    ("eslint", Lint),
    ("pre-commit", Lint),
    ("hadolint", Lint),
    ("reviewdog", Lint),
    ("ruff-action", Lint),
    ("shellcheck", Lint),
    ("markdownlint", Lint),
    ("yamllint", Lint),
    ("psf/black", Lint),
    ("buf-lint", Lint),
    ("commitlint", Lint),
    ("semantic-pull-request", Lint),
    ("rubocop", Lint),
    ("typos", Lint),
    ("sonarqube", Lint),
    ("sonarcloud", Lint),
    ("codecov", Test),
    ("coveralls", Test),
    ("test-reporter", Test),
    ("publish-unit-test-result", Test),
    ("cypress-io/", Test),
    ("playwright", Test),
    ("grafana/k6", Test),
    ("run-k6", Test),
    ("codeql", Security),
    ("trivy", Security),
    ("snyk", Security),
    ("gitleaks", Security),
    ("trufflehog", Security),
    ("dependency-review", Security),
    ("scorecard", Security),
    ("zizmor", Security),
    ("checkov", Security),
    ("tfsec", Security),
    ("semgrep", Security),
    ("anchore/", Security),
    ("grype", Security),
    ("govulncheck", Security),
    ("cargo-deny", Security),
    ("build-push-action", Package),
    ("bake-action", Package),
    ("kaniko", Package),
    ("buildah", Package),
    ("cosign", Package),
    ("docker-build", Package),
    ("deploy-pages", Deploy),
    ("actions-gh-pages", Deploy),
    ("ecs-deploy", Deploy),
    ("k8s-deploy", Deploy),
    ("deploy-cloudrun", Deploy),
    ("webapps-deploy", Deploy),
    ("helm-deploy", Deploy),
    ("vercel-action", Deploy),
    ("actions-netlify", Deploy),
    ("wrangler-action", Deploy),
    ("ssh-action", Deploy),
    ("action-gh-release", Release),
    ("create-release", Release),
    ("bump-version", Release),
    ("release-please", Release),
    ("semantic-release", Release),
    ("goreleaser", Release),
    ("gh-action-pypi-publish", Release),
    ("changesets/action", Release),
    ("chart-releaser", Release),
    ("upload-release", Release),
    ("release-action", Release),
    ("npm-publish", Release),
    ("nuget-push", Release),
    ("publish-docker", Package),
    ("flyctl-actions", Deploy),
];

/// Commands: words that stand in this order in a line, options between them left out.
const COMMANDS: [(&[&str], JobStage); 190] = [
    (&["lint"], Lint),
    (&["eslint"], Lint),
    (&["golangci-lint"], Lint),
    (&["cargo", "clippy"], Lint),
    (&["cargo", "fmt"], Lint),
    (&["ruff"], Lint),
    (&["flake8"], Lint),
    (&["black"], Lint),
    (&["isort"], Lint),
    (&["mypy"], Lint),
    (&["pylint"], Lint),
    (&["prettier"], Lint),
    (&["gofmt"], Lint),
    (&["go", "vet"], Lint),
    (&["staticcheck"], Lint),
    (&["rubocop"], Lint),
    (&["mvn", "checkstyle"], Lint),
    (&["gradle", "spotlessCheck"], Lint),
    (&["gradle", "checkstyleMain"], Lint),
    (&["ktlint"], Lint),
    (&["detekt"], Lint),
    (&["shellcheck"], Lint),
    (&["hadolint"], Lint),
    (&["tflint"], Lint),
    (&["pre-commit", "run"], Lint),
    (&["biome"], Lint),
    (&["phpstan"], Lint),
    (&["dotnet", "format"], Lint),
    (&["terraform", "fmt"], Lint),
    (&["terraform", "validate"], Lint),
    (&["errcheck"], Lint),
    (&["goimports"], Lint),
    (&["revive"], Lint),
    (&["typos"], Lint),
    (&["taplo"], Lint),
    (&["shfmt"], Lint),
    (&["clippy"], Lint),
    (&["npm", "build"], Build),
    (&["yarn", "build"], Build),
    (&["pnpm", "build"], Build),
    (&["bun", "build"], Build),
    (&["cargo", "build"], Build),
    (&["go", "build"], Build),
    (&["mvn", "compile"], Build),
    (&["mvn", "package"], Build),
    (&["mvn", "package"], Package),
    (&["mvn", "install"], Build),
    (&["mvn", "install"], Package),
    (&["mvn", "verify"], Build),
    (&["mvn", "verify"], Package),
    (&["mvn", "deploy"], Build),
    (&["mvn", "deploy"], Package),
    (&["mvn", "deploy"], Release),
    (&["python", "build"], Package),
    (&["python3", "build"], Package),
    (&["poetry", "build"], Package),
    (&["uv", "build"], Package),
    (&["hatch", "build"], Package),
    (&["flit", "build"], Package),
    (&["npm", "pack"], Package),
    (&["dotnet", "pack"], Package),
    (&["gradle", "build"], Build),
    (&["gradle", "assemble"], Build),
    (&["dotnet", "build"], Build),
    (&["dotnet", "publish"], Build),
    (&["make", "build"], Build),
    (&["tsc"], Build),
    (&["vite", "build"], Build),
    (&["cmake"], Build),
    (&["bazel", "build"], Build),
    (&["npm", "test"], Test),
    (&["yarn", "test"], Test),
    (&["pnpm", "test"], Test),
    (&["bun", "test"], Test),
    (&["cargo", "test"], Test),
    (&["cargo", "nextest"], Test),
    (&["go", "test"], Test),
    (&["pytest"], Test),
    (&["tox"], Test),
    (&["mvn", "test"], Test),
    (&["mvn", "verify"], Test),
    (&["gradle", "test"], Test),
    (&["gradle", "check"], Test),
    (&["dotnet", "test"], Test),
    (&["make", "test"], Test),
    (&["jest"], Test),
    (&["vitest"], Test),
    (&["rspec"], Test),
    (&["rails", "test"], Test),
    (&["manage.py", "test"], Test),
    (&["phpunit"], Test),
    (&["playwright", "test"], Test),
    (&["cypress", "run"], Test),
    (&["skaffold", "test"], Test),
    (&["skaffold", "verify"], Test),
    (&["bats"], Test),
    (&["k6", "run"], Test),
    (&["locust"], Test),
    (&["newman", "run"], Test),
    (&["npm", "audit"], Security),
    (&["cargo", "audit"], Security),
    (&["cargo", "deny"], Security),
    (&["pip-audit"], Security),
    (&["trivy"], Security),
    (&["snyk"], Security),
    (&["gitleaks"], Security),
    (&["govulncheck"], Security),
    (&["bandit"], Security),
    (&["grype"], Security),
    (&["semgrep"], Security),
    (&["brakeman"], Security),
    (&["osv-scanner"], Security),
    (&["docker", "build"], Package),
    (&["docker", "push"], Package),
    (&["docker", "bake"], Package),
    (&["docker", "imagetools", "create"], Release),
    (&["docker-compose", "build"], Package),
    (&["skaffold", "build"], Package),
    (&["podman", "build"], Package),
    (&["helm", "package"], Package),
    (&["gradle", "bootBuildImage"], Package),
    (&["gradle", "jib"], Package),
    (&["mvn", "jib"], Package),
    (&["kubectl", "apply"], Deploy),
    (&["kubectl", "set", "image"], Deploy),
    (&["helm", "upgrade"], Deploy),
    (&["helm", "install"], Deploy),
    (&["helm", "unittest"], Test),
    (&["helm", "lint"], Lint),
    (&["ct", "lint"], Lint),
    (&["terraform", "apply"], Deploy),
    (&["pulumi", "up"], Deploy),
    (&["deploy"], Deploy),
    (&["docker", "stack", "deploy"], Deploy),
    (&["ansible-playbook"], Deploy),
    (&["skaffold", "run"], Deploy),
    (&["gcloud", "deploy"], Deploy),
    (&["firebase", "deploy"], Deploy),
    (&["gcloud", "builds", "submit"], Package),
    (&["fly", "deploy"], Deploy),
    (&["flyctl", "deploy"], Deploy),
    (&["serverless", "deploy"], Deploy),
    (&["sam", "deploy"], Deploy),
    (&["cdk", "deploy"], Deploy),
    (&["aws", "ecs", "update-service"], Deploy),
    (&["aws", "s3", "sync"], Deploy),
    (&["az", "webapp", "deploy"], Deploy),
    (&["kubectl", "rollout"], Deploy),
    (&["task", "test"], Test),
    (&["npm", "publish"], Release),
    (&["cargo", "publish"], Release),
    (&["twine", "upload"], Release),
    (&["gh", "release"], Release),
    (&["goreleaser"], Release),
    (&["semantic-release"], Release),
    (&["poetry", "publish"], Release),
    (&["gradle", "publish"], Release),
    (&["vp", "build"], Build),
    (&["vp", "test"], Test),
    (&["nx", "build"], Build),
    (&["nx", "test"], Test),
    (&["turbo", "build"], Build),
    (&["turbo", "test"], Test),
    (&["rush", "build"], Build),
    (&["rush", "test"], Test),
    (&["moon", "build"], Build),
    (&["moon", "test"], Test),
    (&["just", "build"], Build),
    (&["just", "test"], Test),
    (&["task", "build"], Build),
    (&["lerna", "build"], Build),
    (&["lerna", "test"], Test),
    (&["deno", "build"], Build),
    (&["deno", "test"], Test),
    (&["mise", "build"], Build),
    (&["mise", "test"], Test),
    (&["ng", "build"], Build),
    (&["ng", "test"], Test),
    (&["yarn", "publish"], Release),
    (&["pnpm", "publish"], Release),
    (&["bun", "publish"], Release),
    (&["vp", "publish"], Release),
    (&["lerna", "publish"], Release),
    (&["rush", "publish"], Release),
    (&["nx", "publish"], Release),
    (&["deno", "publish"], Release),
    (&["changeset", "publish"], Release),
    (&["uv", "publish"], Release),
    (&["flit", "publish"], Release),
    (&["hatch", "publish"], Release),
];

/// Words of a title.
const TITLES: [(&str, JobStage); 21] = [
    ("lint", Lint),
    ("linting", Lint),
    ("linter", Lint),
    ("formatting", Lint),
    ("build", Build),
    ("compile", Build),
    ("test", Test),
    ("tests", Test),
    ("testing", Test),
    ("e2e", Test),
    ("unittest", Test),
    ("coverage", Test),
    ("security", Security),
    ("audit", Security),
    ("codeql", Security),
    ("vulnerabilities", Security),
    ("deploy", Deploy),
    ("deployment", Deploy),
    ("rollout", Deploy),
    ("release", Release),
    ("publish", Release),
];

/// Titles that begin so prepare something, or tell of it, and say nothing of a stage.
const PREPARES: [&str; 22] = [
    "collect",
    "comment",
    "generate",
    "notify",
    "prepare",
    "print",
    "report",
    "show",
    "summar",
    "wait",
    "set up",
    "setup",
    "install",
    "checkout",
    "check out",
    "cache",
    "log in",
    "login",
    "download",
    "upload",
    "configure",
    "authenticate",
];

/// The stages that a step shows.
pub(super) fn of_step(step: &Step<'_>) -> Vec<JobStage> {
    let mut found = stages_of(step);
    found.sort_unstable();
    found.dedup();
    found
}

fn stages_of(step: &Step<'_>) -> Vec<JobStage> {
    if step.uses.is_some_and(prepares) {
        return Vec::new();
    }
    let mut found = Vec::new();
    if let Some(uses) = step.uses {
        let lower = uses.to_ascii_lowercase();
        let known = ACTIONS.iter().filter(|(part, _)| lower.contains(part));
        found.extend(known.map(|(_, stage)| *stage));
        if found.is_empty() {
            found.extend(of_workflow(&lower));
        }
    }
    for line in lines(step) {
        found.extend(commands(&line));
    }
    // What an action is told to run: `with: run: errcheck`.
    let told = ["run", "args", "command", "script"];
    let told = told
        .iter()
        .filter_map(|key| step.node.at(&["with", key])?.str());
    for line in told.clone().flat_map(str::lines).take(MAX_LINES) {
        found.extend(commands(line));
    }
    let ships = |line: &str| {
        let words = [
            "publish",
            "release",
            "deploy",
            "upload",
            "apply",
            "push",
            "--snapshot",
        ];
        is_dry(line) && words.iter().any(|word| line.contains(word))
    };
    // A linter that is told to change nothing (`php-cs-fixer fix --dry-run`) tries no release.
    if told.clone().flat_map(str::lines).any(ships) || lines(step).iter().any(|line| ships(line)) {
        // It is tried, and nothing leaves the pipeline.
        found.retain(|stage| !matches!(stage, Deploy | Release));
        found.push(Build);
        return found;
    }
    if step.name.is_some_and(is_of_pages) {
        found.retain(|stage| !matches!(stage, Deploy | Release));
    }
    if found.is_empty() && is_opaque(step) {
        let title = step.name.or(step.uses).unwrap_or_default();
        found = of_title(title.split("${{").next().unwrap_or_default());
    }
    found
}

/// Whether a job shows results of tests and does nothing else that could run one: no command, no action beside
/// those that prepare it.
pub(super) fn only_reports(steps: &[Step<'_>]) -> bool {
    const REPORTS: [&str; 6] = [
        "action-junit-report",
        "codecov/",
        "coverage-comment",
        "coveralls",
        "publish-unit-test-result",
        "test-reporter",
    ];
    let reports = |uses: &str| {
        let lower = uses.to_ascii_lowercase();
        REPORTS.iter().any(|part| lower.contains(part))
    };
    let mut shows = false;
    steps.iter().all(|step| {
        let reporting = step.uses.is_some_and(reports);
        shows |= reporting;
        reporting || step.uses.is_some_and(prepares)
    }) && shows
}

/// What the name of a workflow of another repository says that a job calls:
/// `acme/actions/.github/workflows/build-push-image.yaml@v1`.
fn of_workflow(uses: &str) -> Vec<JobStage> {
    let Some((owner, path)) = uses.split_once("/.github/workflows/") else {
        return Vec::new();
    };
    let file = path.split('@').next().unwrap_or(path);
    let name = file.rsplit_once('.').map_or(file, |(name, _)| name);
    let words: Vec<&str> = name.split(|c: char| !c.is_alphanumeric()).collect();
    let has = |wanted: &[&str]| words.iter().any(|word| wanted.contains(word));
    if owner == "." {
        return Vec::new();
    }
    let image = has(&["image", "images", "docker", "container", "containers"]);
    match image && has(&["build", "push", "publish"]) {
        true => vec![Package],
        false => of_title(&words.join(" ")),
    }
}

/// Whether an action only prepares the runner, whatever it prepares it for: `actions/cache`,
/// `docker/setup-buildx-action`, `docker/login-action`.
fn prepares(uses: &str) -> bool {
    let lower = uses.to_ascii_lowercase();
    let name = lower.split('@').next().unwrap_or_default();
    let mut parts = name.split('/').skip(1);
    !name.starts_with("./")
        && parts.any(|part| {
            matches!(
                part,
                "cache" | "checkout" | "login-action" | "metadata-action"
            ) || ["setup-", "cache-", "configure-", "download-", "install-"]
                .iter()
                .any(|start| part.starts_with(start))
                || part.ends_with("-login")
                || part.ends_with("-cache")
                || part.ends_with("-installer")
        })
}

/// Whether what a step does stands elsewhere, in a script, a target or an action of the repository:
/// then its name is the best that is known. What only prints, asks or moves files has no stage,
/// whatever it is called.
pub(super) fn is_opaque(step: &Step<'_>) -> bool {
    const PLAIN: [&str; 40] = [
        "echo", "printf", "exit", "git", "if", "fi", "then", "else", "elif", "for", "do", "done",
        "while", "case", "esac", "cd", "mkdir", "cp", "mv", "rm", "export", "set", "[", "[[",
        "test", "cat", "grep", "sed", "awk", "jq", "sleep", "true", "local", "ls", "chmod", "tee",
        "source", "wait", "}", "{",
    ];
    if let Some(uses) = step.uses {
        return uses.starts_with("./");
    }
    lines(step).iter().any(|line| {
        let first = line.split_whitespace().next().unwrap_or_default();
        let assigned = first
            .split_once('=')
            .is_some_and(|(name, _)| name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'));
        !PLAIN.contains(&first) && !assigned && !first.starts_with(['#', '"', '\''])
    })
}

/// The stages that a title shows.
pub(in crate::extractors) fn of_title(title: &str) -> Vec<JobStage> {
    let lower = title.trim().to_lowercase();
    if PREPARES.iter().any(|word| lower.starts_with(word)) {
        return Vec::new();
    }
    let tools = ACTIONS.iter().filter(|(part, _)| lower.contains(part));
    let words = lower
        .split(|c: char| !c.is_alphanumeric())
        .take(MAX_WORDS)
        .filter_map(|word| TITLES.iter().find(|(known, _)| *known == word));
    let mut found: Vec<JobStage> = tools.chain(words).map(|(_, stage)| *stage).collect();
    if is_of_pages(&lower) {
        found.retain(|stage| !matches!(stage, Deploy | Release));
    }
    // What is put up for a test is no deployment, and to put it up is no test.
    if found.contains(&Test) {
        if is_for_tests(&lower) {
            found.retain(|stage| *stage != Test);
        }
        found.retain(|stage| *stage != Deploy);
    }
    found
}

/// Whether a title speaks of pages about the system, which are not the system.
pub(super) fn is_of_pages(title: &str) -> bool {
    const PAGES: [&str; 5] = ["documentation", "docs", "mkdocs", "storybook", "wiki"];
    let mut words = title.split(|c: char| !c.is_alphanumeric());
    words.any(|word| PAGES.iter().any(|page| word.eq_ignore_ascii_case(page)))
}

/// The condition under which a step puts an image into a registry; `true` for always.
pub(super) fn push_of(step: &Step<'_>) -> Option<String> {
    let action = step
        .uses
        .is_some_and(|uses| uses.contains("build-push-action"));
    let lines = lines(step);
    // What a script or a target of a Makefile is told to push, where the step signs in at a registry.
    let signs_in = |line: &String| {
        ["docker login", "podman login"]
            .iter()
            .any(|c| line.contains(c))
    };
    let of_git = |line: &String| line.contains("git push") || line.contains("git remote");
    let told_to = |line: &String| is_told_to_push(line) && !of_git(line);
    let hands_on = || lines.iter().any(signs_in) && lines.iter().any(told_to);
    let always = || Some("true".to_owned());
    if lines.iter().any(|line| pushes_image(line)) || hands_on() {
        return always();
    }
    let with = step.node.get("with").filter(|_| action)?;
    // An exporter of BuildKit pushes as well (<https://docs.docker.com/build/exporters/image-registry>).
    let outputs = with.str_of("outputs").unwrap_or_default();
    let mut words = outputs.split([',', '\n', ' ']).map(str::trim);
    if words.any(|word| matches!(word, "push=true" | "type=registry")) {
        return always();
    }
    let push = with.get("push")?;
    match push.truth() {
        Some(true) => always(),
        Some(false) => None,
        None => push.str().and_then(super::truth::inside).map(str::to_owned),
    }
}

/// Whether a command puts an image into a registry: `docker push`, `docker buildx build --push`.
pub(in crate::extractors) fn pushes_image(line: &str) -> bool {
    line.contains("docker push ") || line.contains("buildx build") && is_told_to_push(line)
}

/// Whether a command has the switch `--push`, also in what it hands on (`ARGS="--load --push"`): `--push=false` says
/// the opposite, and `--push-option` of Git something else.
fn is_told_to_push(line: &str) -> bool {
    let plain = |c: char| !c.is_ascii_alphanumeric() && c != '-';
    let switch = |word: &str| {
        let word = word.trim_matches(plain);
        let word = word.strip_suffix("=true").unwrap_or(word);
        let last = word.rsplit('=').next().unwrap_or(word);
        last.trim_matches(plain) == "--push"
    };
    line.split_whitespace().any(switch)
}

/// Whether a title speaks of tests only as what something else is for: `publish for load test`,
/// `trigger load test deployment`.
fn is_for_tests(title: &str) -> bool {
    let words: Vec<&str> = title
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let place = |stages: &[JobStage]| {
        words.iter().position(|word| {
            let mut known = TITLES.iter();
            known.any(|(name, stage)| name == word && stages.contains(stage))
        })
    };
    let (Some(test), Some(other)) = (place(&[Test]), place(&[Deploy, Release, Build])) else {
        return false;
    };
    let between = words
        .get(other.min(test)..other.max(test))
        .unwrap_or_default();
    match other < test {
        true => between.contains(&"for"),
        false => test + 1 == other && matches!(words[other], "deploy" | "deployment" | "rollout"),
    }
}

/// The lines of a script, continued lines joined, comments left out.
pub(super) fn lines(step: &Step<'_>) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let mut goes_on = false;
    for line in step.run.unwrap_or_default().lines().take(MAX_LINES) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            goes_on = false;
            continue;
        }
        let text = line.strip_suffix('\\').unwrap_or(line);
        match all.last_mut() {
            Some(last) if goes_on => {
                last.push(' ');
                last.push_str(text);
            }
            _ => all.push(text.to_owned()),
        }
        goes_on = line.ends_with('\\');
    }
    all
}

/// The stages that a line of a script shows, of each of its commands.
pub(in crate::extractors) fn commands(line: &str) -> Vec<JobStage> {
    parts(line).into_iter().flat_map(command).collect()
}

/// The commands of a line: `a && b; c | d`. What stands in quotes belongs to its command.
fn parts(line: &str) -> Vec<&str> {
    let mut all = Vec::new();
    let (mut from, mut quote) = (0, None);
    for (at, c) in line.char_indices() {
        match c {
            '"' | '\'' if quote.is_none() => quote = Some(c),
            _ if quote == Some(c) => quote = None,
            '&' | '|' | ';' if quote.is_none() => {
                all.push(line[from..at].trim());
                from = at + 1;
            }
            _ => {}
        }
    }
    all.push(line[from..].trim());
    all.retain(|part| !part.is_empty());
    all
}

/// The stages that one command shows.
fn command(line: &str) -> Vec<JobStage> {
    // What is printed is not run.
    if line.starts_with("echo ") {
        return Vec::new();
    }
    let split = line
        .split(|c: char| c.is_whitespace() || "\"'();|&".contains(c))
        // An address names a tool and does not run it.
        .filter(|word| !word.is_empty() && !word.contains("://"))
        .take(MAX_WORDS);
    // What Gradle is told to leave out: `-x test`.
    let (mut words, mut left_out): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
    let mut leaves_out = false;
    for word in split {
        if leaves_out {
            left_out.push(word.rsplit(':').next().unwrap_or(word));
        } else if !word.starts_with('-') {
            words.push(word);
        }
        leaves_out = matches!(word, "-x" | "--exclude-task");
    }
    if installs(&words) {
        return Vec::new();
    }
    let named: Vec<Named<'_>> = words.iter().map(|word| Named::of(word)).collect();
    let mut found: Vec<JobStage> = COMMANDS
        .iter()
        .filter(|(pattern, _)| stands_in(pattern, &named))
        .map(|(_, stage)| *stage)
        .collect();
    // A phase of Maven and the task `build` of Gradle run the tests on their way.
    let skips = left_out
        .iter()
        .any(|task| matches!(*task, "test" | "check"))
        || line.split_whitespace().any(leaves_tests_out);
    if skips {
        found.retain(|stage| *stage != Test);
    }
    let tested = [
        ["mvn", "package"],
        ["mvn", "install"],
        ["mvn", "deploy"],
        ["gradle", "build"],
    ];
    if !skips && tested.iter().any(|pattern| stands_in(pattern, &named)) {
        found.push(Test);
    }
    // Maven deploys artifacts into a registry of packages
    // (<https://maven.apache.org/plugins/maven-deploy-plugin>).
    if stands_in(&["mvn", "deploy"], &named) {
        found.retain(|stage| *stage != Deploy);
    }
    found.extend(targets(&words));
    // The rules of a scanner are tried on samples: nothing of the program is searched.
    if tries_rules(line) {
        found.retain(|stage| *stage != Security);
        found.push(Test);
    }
    if is_dry(line) {
        found.retain(|stage| !matches!(stage, Deploy | Release));
    }
    // `docker build --check` judges the file and builds nothing.
    if line.contains("docker") && line.contains(" --check") {
        found.retain(|stage| *stage != Package);
        found.push(Lint);
    }
    found
}

/// Whether a command only puts a tool on the runner: `pip install pytest`, `rustup component add`.
pub(super) fn installs(words: &[&str]) -> bool {
    const MANAGERS: [&str; 22] = [
        "apk", "apt", "apt-get", "brew", "bun", "cargo", "choco", "composer", "conda", "dnf",
        "gem", "go", "npm", "pip", "pip3", "pipx", "pnpm", "poetry", "rustup", "uv", "yarn", "yum",
    ];
    let at = words
        .iter()
        .take(4)
        .position(|word| MANAGERS.contains(word));
    let behind = at.and_then(|at| words.get(at + 1..)).unwrap_or_default();
    behind
        .iter()
        .take(2)
        .any(|word| matches!(*word, "install" | "add" | "i" | "ci" | "sync"))
        || words.starts_with(&["helm", "plugin"])
        || words.starts_with(&["helm", "repo"])
}

/// Whether a command tries the rules of a scanner on samples of their own: `semgrep --test`
/// (<https://semgrep.dev/docs/writing-rules/testing-rules>).
pub(super) fn tries_rules(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let scans = words.any(|word| matches!(word.rsplit('/').next(), Some("semgrep" | "opengrep")));
    scans && words.any(|word| matches!(word, "--test" | "test"))
}

/// Whether an option says that no test is run: `-DskipTests`, `-Dmaven.test.skip=true`,
/// `--skip-tests`, `--no-test`.
fn leaves_tests_out(option: &str) -> bool {
    let (name, value) = option.split_once('=').unwrap_or((option, "true"));
    let name = name.trim_start_matches('-').to_ascii_lowercase();
    let name = name.strip_prefix(['d', 'p']).unwrap_or(&name);
    option.starts_with('-')
        && !value
            .trim_matches(['"', '\''])
            .eq_ignore_ascii_case("false")
        && matches!(
            name,
            "skiptests"
                | "skiptest"
                | "maven.test.skip"
                | "skip-tests"
                | "skip-test"
                | "no-test"
                | "no-tests"
        )
}

/// What the names of the targets of a Makefile and its like say: `make build-docker`,
/// `just test-unit`. A target that only prepares says nothing.
fn targets(words: &[&str]) -> Vec<JobStage> {
    const IMAGES: [&str; 4] = ["docker", "image", "images", "container"];
    let named = |w: &&str| {
        w.split_once('=')
            .is_some_and(|(name, _)| !name.contains('/'))
    };
    let mut rest = words.iter().copied().skip_while(|w| named(w));
    if !rest
        .next()
        .is_some_and(|program| ["make", "just", "task", "mage", "rake"].contains(&program))
    {
        return Vec::new();
    }
    let mut found = Vec::new();
    for target in rest.filter(|w| !named(w)).take(8) {
        let parts = || target.split(['-', '_', ':', '/']);
        let prepares = parts()
            .any(|part| PREPARES.contains(&part) || matches!(part, "deps" | "clean" | "require"));
        if prepares {
            continue;
        }
        found.extend(of_title(&parts().collect::<Vec<_>>().join(" ")));
        if parts().any(|part| IMAGES.contains(&part)) {
            found.retain(|stage| *stage != Build);
            found.push(Package);
        }
    }
    found
}

/// Whether a command only tries what it would do.
fn is_dry(line: &str) -> bool {
    [
        "--snapshot",
        "--dry-run",
        "--skip-publish",
        "--skip=publish",
    ]
    .iter()
    .any(|option| line.contains(option))
}

/// A word of a command with what is asked of it for each of the patterns.
struct Named<'t> {
    word: &'t str,
    /// Without its folders and the ending of a batch file.
    program: &'t str,
    /// Whether it has parts: `test:unit`.
    parted: bool,
}

impl<'t> Named<'t> {
    fn of(word: &'t str) -> Named<'t> {
        let program = word.rsplit('/').next().unwrap_or(word);
        Named {
            word,
            program: program.strip_suffix(".bat").unwrap_or(program),
            parted: word.contains(':'),
        }
    }
}

fn stands_in(pattern: &[&str], words: &[Named<'_>]) -> bool {
    let Some((program, rest)) = pattern.split_first() else {
        return false;
    };
    let Some(at) = words.iter().position(|word| is_program(word, program)) else {
        return false;
    };
    // A word alone is a program or the task of one: it must not stand deep in a line.
    if rest.is_empty() && at > 3 {
        return false;
    }
    let mut from = at + 1;
    for wanted in rest {
        let behind = words.get(from..).unwrap_or_default();
        match behind
            .iter()
            .position(|n| is_task(n.word, n.parted, wanted))
        {
            Some(at) => from += at + 1,
            None => return false,
        }
    }
    true
}

/// `./gradlew` runs Gradle, `test:unit` and `:app:test` are tests.
fn is_program(named: &Named<'_>, program: &str) -> bool {
    let name = named.program;
    let wrapped = matches!(program, "mvn" | "gradle") && name.strip_suffix('w') == Some(program);
    wrapped || is_task(name, named.parted, program)
}

fn is_task(word: &str, parted: bool, wanted: &str) -> bool {
    word == wanted || parted && word.split(':').any(|part| part == wanted)
}
