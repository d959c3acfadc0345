//! From instructions to the image of the last stage.

use super::steps::Step;
use crate::extractors::manifests::{env_value, fill_known, redact_command};
use crate::facts::{EnvValue, ImageBuild, Placed};
use crate::source::SourceFile;
use groundplan_syntax::json;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// A file with more stages is cut, since each may carry what the one below has.
const MAX_STAGES: usize = 256;

/// Stages beyond this cannot be asked for.
const MAX_TARGETS: usize = 16;

/// What a stage has by now; a stage that starts from another begins with what that one has.
#[derive(Clone, Default)]
struct Stage {
    name: Option<String>,
    base: String,
    /// Arguments and environment, for values that use them.
    variables: BTreeMap<String, String>,
    /// Names that whoever builds the image may give.
    arguments: BTreeSet<String>,
    ports: Vec<Placed<String>>,
    volumes: Vec<Placed<String>>,
    entrypoint: Option<(Command, u32, u32)>,
    command: Option<(Command, u32, u32)>,
    /// Whether `command` was said in this stage.
    own_command: bool,
    user: Option<Placed<String>>,
    health_check: Option<Placed<String>>,
    env: Vec<EnvValue>,
    /// Where a name stands in `env`.
    places: BTreeMap<String, usize>,
    /// Where its steps work: what `WORKDIR` said, from the root; empty where that is not known.
    folder: String,
    /// What it copies from the build context, with the place it goes to and the lines.
    sources: Vec<(String, String, (u32, u32))>,
    /// What it takes from other stages.
    takes: Vec<Take>,
}

/// What a stage takes from another one.
#[derive(Clone)]
struct Take {
    /// The number of the other stage.
    stage: usize,
    /// The path there.
    path: String,
    /// Where it goes to, from the root; empty if that is not known.
    to: String,
    lines: (u32, u32),
}

#[derive(Clone)]
struct Command {
    text: String,
    exec: bool,
}

/// Variables that the shell of the start command of the last stage fills in, with their defaults
/// and lines. A command in exec form is filled in only where it calls a shell
/// (<https://docs.docker.com/reference/dockerfile/#shell-and-exec-form>).
pub(super) fn read_at_start(
    file: &SourceFile<'_>,
    steps: &[Step<'_>],
) -> Vec<(String, Option<String>, u32)> {
    // What every system or shell sets by itself is no setting.
    const OWN: [&str; 8] = [
        "HOME", "HOSTNAME", "IFS", "OLDPWD", "PATH", "PWD", "SHELL", "USER",
    ];
    let from = steps.iter().rposition(|s| s.keyword == "FROM").unwrap_or(0);
    let mut found: Vec<(String, Option<String>, u32)> = Vec::new();
    let last = |keyword: &str| {
        let step = steps[from..].iter().rfind(|s| s.keyword == keyword)?;
        Some((step, Command::of(step)?))
    };
    let entry = last("ENTRYPOINT");
    // An entry point in shell form takes no command.
    let takes = entry.as_ref().is_none_or(|(_, command)| command.exec);
    let mut started: Vec<(&Step<'_>, Command)> = last("CMD")
        .filter(|_| takes)
        .into_iter()
        .chain(entry)
        .collect();
    started.sort_by_key(|(step, _)| Reverse(step.first));
    let lines: Vec<&str> = file.text.lines().collect();
    for (step, command) in started {
        let first = command.text.split_whitespace().next().unwrap_or_default();
        let first = first.rsplit('/').next().unwrap_or_default();
        if command.exec && !matches!(first, "sh" | "bash" | "ash" | "dash") {
            continue;
        }
        for (name, default) in shell_variables(&command.text) {
            if !OWN.contains(&name.as_str()) && !found.iter().any(|f| f.0 == name) {
                let line = (step.first..=step.last)
                    .find(|n| {
                        let line = (*n as usize).checked_sub(1).and_then(|n| lines.get(n));
                        line.is_some_and(|l| l.contains(&name))
                    })
                    .unwrap_or(step.first);
                found.push((name, default, line));
            }
        }
    }
    found.sort_by(|a, b| (a.2, &a.0).cmp(&(b.2, &b.0)));
    found
}

/// `$NAME`, `${NAME}` and `${NAME:-default}` in upper case.
fn shell_variables(text: &str) -> Vec<(String, Option<String>)> {
    let mut all = Vec::new();
    let plain = |name: &str| {
        name.len() > 1
            && name.starts_with(|c: char| c.is_ascii_uppercase())
            && name
                .bytes()
                .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
    };
    for (at, _) in text.match_indices('$') {
        let rest = &text[at + 1..];
        if let Some(inner) = rest.strip_prefix('{') {
            let inner = inner.split('}').next().unwrap_or_default();
            let end = inner.find([':', '-']).unwrap_or(inner.len());
            let (name, tail) = inner.split_at(end);
            let default = tail.strip_prefix(":-").or_else(|| tail.strip_prefix('-'));
            if plain(name) {
                all.push((name.to_owned(), default.map(str::to_owned)));
            }
            continue;
        }
        let end = rest
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .unwrap_or(rest.len());
        if plain(&rest[..end]) {
            all.push((rest[..end].to_owned(), None));
        }
    }
    all
}

/// The image that a file builds; `None` without `FROM`.
pub(super) fn build(file: &SourceFile<'_>, steps: &[Step<'_>]) -> Option<ImageBuild> {
    let mut globals: BTreeMap<String, String> = BTreeMap::new();
    let mut stages: Vec<Stage> = Vec::new();
    let mut bases = Vec::new();
    let mut copies: Vec<String> = Vec::new();
    let mut programs: Vec<String> = Vec::new();
    let mut crates: Vec<String> = Vec::new();
    let mut assemblies: Vec<String> = Vec::new();
    for step in steps {
        if step.keyword == "RUN" {
            let text = step.logical();
            programs.extend(go_programs(&text));
            crates.extend(cargo_programs(&text));
            assemblies.extend(assemblies_of(&text));
            continue;
        }
        if step.keyword == "FROM" {
            let stage = from(step, &globals, &stages);
            if let Some(stage) = stage {
                if stages.len() >= MAX_STAGES {
                    break;
                }
                let at = file.evidence(step.first, step.last);
                let value = stage.base.clone();
                bases.push(Placed { value, at });
                stages.push(stage);
            }
            continue;
        }
        match stages.last_mut() {
            None if step.keyword == "ARG" => {
                for (name, value, _) in pairs(step) {
                    let value = value.map(|v| fill_known(&v, &globals));
                    globals.extend(value.map(|value| (name, value)));
                }
            }
            None => {}
            Some(stage) => {
                apply(file, step, stage, &globals, &mut copies);
                if matches!(step.keyword, "COPY" | "ADD") {
                    carry(step, &mut stages);
                }
            }
        }
    }
    let mut carried: Vec<_> = (0..stages.len())
        .map(|stage| carried(file, &stages, stage))
        .collect();
    let of_last = carried.pop().unwrap_or_default();
    let maker = maker(file, &stages);
    let last = stages.pop()?;
    copies.sort();
    copies.dedup();
    programs.sort();
    programs.dedup();
    let mut targets = Vec::new();
    for (index, stage) in stages.into_iter().enumerate() {
        if let Some(name) = stage.name.clone()
            && targets.len() < MAX_TARGETS
        {
            let bases = bases[..=index.min(bases.len() - 1)].to_vec();
            let mut build = image(file, stage, bases, copies.clone());
            build.carried = std::mem::take(&mut carried[index]);
            targets.push((name, build));
        }
    }
    let mut build = image(file, last, bases, copies);
    build.programs = programs;
    crates.sort();
    crates.dedup();
    build.crates = crates;
    assemblies.sort();
    assemblies.dedup();
    build.assemblies = assemblies;
    build.targets = targets;
    build.carried = of_last;
    build.maker = maker;
    Some(build)
}

fn image(
    file: &SourceFile<'_>,
    stage: Stage,
    bases: Vec<Placed<String>>,
    copies: Vec<String>,
) -> ImageBuild {
    ImageBuild {
        bases,
        command: command(file, &stage),
        ports: stage.ports,
        volumes: stage.volumes,
        user: stage.user,
        health_check: stage.health_check,
        env: stage.env,
        copies,
        carried: Vec::new(),
        maker: None,
        programs: Vec::new(),
        crates: Vec::new(),
        assemblies: Vec::new(),
        targets: Vec::new(),
    }
}

/// The folders that commands of a step name to `go build` and `go install`
/// (<https://pkg.go.dev/cmd/go#hdr-Compile_packages_and_dependencies>): `./cmd/orders`. A star stands for
/// what an argument of the build says: `./cmd/${SVC}`, and of `make $SVC` nothing else is known.
fn go_programs(text: &str) -> Vec<String> {
    let makes = |text: &str| text.contains("make $");
    if !text.contains("go build") && !text.contains("go install") && !makes(text) {
        return Vec::new();
    }
    let mut all = Vec::new();
    for command in text.split(['&', ';', '|']) {
        let made = command.split_whitespace().collect::<Vec<_>>();
        if let ["make", target] | ["RUN", "make", target] = made.as_slice()
            && with_star(target).as_deref() == Some("*")
        {
            all.push("*".to_owned());
            continue;
        }
        let mut words = command.split_whitespace().skip_while(|word| *word != "go");
        words.next();
        if !matches!(words.next(), Some("build" | "install")) {
            continue;
        }
        // What is built stands last, behind options and their values.
        let Some(last) = words.last().map(|w| w.trim_matches(['"', '\''])) else {
            continue;
        };
        let folder = match last.rsplit_once('/') {
            Some((folder, file)) if file.ends_with(".go") => folder,
            _ => last,
        };
        let folder = folder.trim_start_matches("./").trim_matches('/');
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
        if last.contains('/') && !folder.is_empty() && folder.chars().all(plain) {
            all.push(folder.to_owned());
        } else if let Some(folder) = with_star(folder)
            // The whole folder may be what an argument says: `./${CMD_PATH}`.
            && (folder.contains('/') || last.contains('/'))
        {
            let rest = |c: char| plain(c) || c == '*';
            all.extend(folder.chars().all(rest).then_some(folder));
        }
    }
    all
}

/// A text with its only variable as a star: `cmd/*` of `cmd/${SVC}`.
fn with_star(text: &str) -> Option<String> {
    let (before, behind) = text.trim_matches(['"', '\'']).split_once('$')?;
    let after = match behind.strip_prefix('{') {
        Some(inner) => inner.split_once('}')?.1,
        None => behind.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_'),
    };
    (!after.contains('$') && behind != after).then(|| format!("{before}*{after}"))
}

/// What commands of a step tell Cargo to build: the binaries that they name, or else the packages
/// (<https://doc.rust-lang.org/cargo/commands/cargo-build.html>).
fn cargo_programs(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    for command in text.split(['&', ';', '|']) {
        let mut words = command
            .split_whitespace()
            .skip_while(|word| *word != "cargo")
            .skip(1)
            .skip_while(|word| word.starts_with('+'));
        if !matches!(words.next(), Some("build" | "install" | "b")) {
            continue;
        }
        let (mut binaries, mut packages) = (Vec::new(), Vec::new());
        while let Some(word) = words.next() {
            let (option, value) = match word.split_once('=') {
                Some((option, value)) => (option, Some(value)),
                None => (word, None),
            };
            let list = match option {
                "--bin" => &mut binaries,
                "-p" | "--package" => &mut packages,
                _ => continue,
            };
            list.extend(value.or_else(|| words.next()));
        }
        let named = if binaries.is_empty() {
            packages
        } else {
            binaries
        };
        let plain = |name: &&str| {
            let sound = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
            !name.is_empty() && name.chars().all(sound)
        };
        let named = named.into_iter().map(|n| n.trim_matches(['"', '\'']));
        all.extend(named.filter(plain).map(str::to_owned));
    }
    all
}

/// The projects that commands of a step tell `dotnet publish` to make, by their files or folders
/// (<https://learn.microsoft.com/dotnet/core/tools/dotnet-publish>). Solutions name no project.
fn assemblies_of(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    for command in text.split(['&', ';', '|']) {
        let mut words = command.split_whitespace().skip_while(|w| *w != "dotnet");
        words.next();
        if words.next() != Some("publish") {
            continue;
        }
        // The project stands before the options, or has its ending.
        let words: Vec<&str> = words.map(|w| w.trim_matches(['"', '\''])).collect();
        let file = |word: &&&str| {
            let ending = word.rsplit_once('.').map_or("", |(_, ending)| ending);
            matches!(ending, "csproj" | "fsproj" | "vbproj")
        };
        let named = words.iter().find(file).or_else(|| {
            let first = words.first()?;
            let path = first.starts_with("./") || first.starts_with("../");
            let option = !path && first.starts_with(['-', '.']) || first.contains('=');
            (!option && !first.ends_with(".sln") && !first.ends_with(".slnx")).then_some(first)
        });
        let last = named.and_then(|name| name.trim_end_matches('/').rsplit('/').next());
        let stem = last.map(|last| match last.rsplit_once('.') {
            Some((stem, ending)) if ending.ends_with("proj") => stem,
            _ => last,
        });
        // One that a variable names stays as it is: of several nobody knows then which is meant.
        all.extend(stem.filter(|s| !s.is_empty()).map(str::to_owned));
    }
    all
}

/// Notes what a step brings into the last of `stages`: from the build context or from a stage before.
fn carry(step: &Step<'_>, stages: &mut [Stage]) {
    let Some((stage, before)) = stages.split_last_mut() else {
        return;
    };
    if stage.sources.len() + stage.takes.len() > MAX_STAGES {
        return;
    }
    let words = step.words();
    let from = words.iter().find_map(|(w, _)| w.strip_prefix("--from="));
    let Some(from) = from else {
        // Workspaces copy the manifests of all members, to have their packages before their code.
        let code = sources(step, &stage.variables).into_iter();
        let code = code.filter(|source| !is_manifest(source));
        let lines = (step.first, step.last);
        let to = words
            .last()
            .map_or("", |(word, _)| word.trim_matches(['[', ']', ',', '"']));
        let to = absolute(&stage.folder, &fill_known(to, &stage.variables));
        stage
            .sources
            .extend(code.map(|source| (source, to.clone(), lines)));
        return;
    };
    let named = |s: &Stage| {
        s.name
            .as_deref()
            .is_some_and(|n| n.eq_ignore_ascii_case(from))
    };
    let number = from.parse().ok().filter(|n| *n < before.len());
    let Some(number) = before.iter().rposition(named).or(number) else {
        return;
    };
    let mut paths: Vec<&str> = words
        .iter()
        .map(|(word, _)| word.trim_matches(['[', ']', ',', '"']))
        .filter(|word| !word.is_empty() && !word.starts_with("--"))
        .collect();
    let to = paths.pop().unwrap_or_default();
    let written = fill_known(to, &stage.variables);
    let to = absolute(&stage.folder, &written);
    for path in paths {
        let path = fill_known(path, &stage.variables);
        // `COPY --from=build /src/shop /bin/` and `… .` put the file below what they name.
        let name = path.rsplit('/').next().unwrap_or_default();
        let below = written.ends_with('/') || written == "." || written.ends_with("/.");
        let to = match below && !to.is_empty() {
            true => format!("{}/{name}", to.trim_end_matches('/')),
            false => to.clone(),
        };
        let lines = (step.first, step.last);
        stage.takes.push(Take {
            stage: number,
            path,
            to,
            lines,
        });
    }
}

/// The words of a command without those that only start what is behind them: `exec`, `tini --`.
fn started_words(command: &str) -> impl Iterator<Item = &str> {
    let words = command.split_whitespace();
    words.filter(|w| !matches!(*w, "exec" | "tini" | "dumb-init" | "--" | "-g"))
}

/// Whether a command is a script alone: `/docker-entrypoint.sh`, `sh /app/entrypoint.sh`.
fn is_script(command: &str) -> bool {
    let name = |word: &str| {
        word.rsplit('/')
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase()
    };
    let mut words = started_words(command)
        .skip_while(|w| matches!(name(w).as_str(), "sh" | "bash" | "ash" | "dash"));
    let script = words.next().map(name).unwrap_or_default();
    words.next().is_none() && (script.ends_with(".sh") || script.contains("entrypoint"))
}

/// Where the code lies of which the file was made that the last of `stages` starts: what the stage that
/// the file is taken from had copied to where it worked.
fn maker(file: &SourceFile<'_>, stages: &[Stage]) -> Option<Placed<String>> {
    let last = stages.last()?;
    // A script as the entry point ends with the command that it is given: `exec "$@"`.
    let entry = last.entrypoint.as_ref();
    let entry = entry.filter(|(command, ..)| {
        !(command.exec && last.command.is_some() && is_script(&command.text))
    });
    let (command, ..) = entry.or(last.command.as_ref())?;
    let started = started_words(&command.text).next()?;
    let name = started.rsplit('/').next().filter(|name| !name.is_empty())?;
    let place = absolute(&last.folder, started);
    let is_started = |take: &&Take| {
        let file = take.to.rsplit('/').next();
        take.to == place || !started.contains('/') && file == Some(name)
    };
    let take = last.takes.iter().rfind(is_started)?;
    let made = stages.get(take.stage)?;
    let below = |to: &str| {
        let rest = made.folder.strip_prefix(to.trim_end_matches('/'))?;
        (rest.is_empty() || rest.starts_with('/')).then_some(rest)
    };
    // The innermost of what was copied to above the place of work; single files tell nothing.
    let folders = made.sources.iter().filter(|(source, to, _)| {
        let name = source.rsplit('/').next().unwrap_or_default();
        !to.is_empty() && (source == "." || !name.contains(['.', '*']))
    });
    let (source, to, _) = (folders.filter(|(_, to, _)| below(to).is_some()))
        .max_by_key(|(_, to, _)| to.trim_end_matches('/').len())?;
    let rest = below(to)?.trim_start_matches('/');
    let folder = match (source.trim_matches('/'), rest) {
        ("." | "", rest) => rest.to_owned(),
        (source, "") => source.to_owned(),
        (source, rest) => format!("{source}/{rest}"),
    };
    let (first, last) = take.lines;
    (!folder.is_empty() && !folder.contains('$')).then(|| Placed {
        value: folder,
        at: file.evidence(first, last),
    })
}

/// `path` from the root of a stage that works in `folder`; empty if that is not known.
fn absolute(folder: &str, path: &str) -> String {
    let whole = match (path.starts_with('/'), folder.is_empty()) {
        (true, _) => path.to_owned(),
        (false, false) => format!("{folder}/{path}"),
        (false, true) => return String::new(),
    };
    if whole.contains('$') {
        return String::new();
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in whole.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}

fn is_manifest(path: &str) -> bool {
    const KINDS: [&str; 9] = [
        "json", "yaml", "yml", "lock", "toml", "npmrc", "mod", "sum", "lockb",
    ];
    let name = path.rsplit('/').next().unwrap_or(path);
    let kind = name.rsplit_once('.').map(|(_, kind)| kind);
    kind.is_some_and(|kind| KINDS.contains(&kind) || kind.ends_with('*'))
}

/// What the image of the stage `of` may have of the build context through other stages: what the
/// stages copied that it takes files from. Of one of these that copied all of it, what is taken
/// from where that went, and of the rest the path inside the stage with a slash in front. What the
/// stage itself copied is not among it.
fn carried(file: &SourceFile<'_>, stages: &[Stage], of: usize) -> Vec<Placed<String>> {
    let mut all: BTreeMap<String, (u32, u32)> = BTreeMap::new();
    let mut seen: BTreeSet<usize> = BTreeSet::new();
    let taken = stages.get(of).map(|s| s.takes.clone());
    let mut open: Vec<Take> = taken.unwrap_or_default();
    while let Some(take) = open.pop() {
        let (number, path, lines) = (take.stage, take.path, take.lines);
        let Some(stage) = stages.get(number) else {
            continue;
        };
        for (source, to, _) in &stage.sources {
            let inside = path.strip_prefix(to.as_str());
            let inside = inside.filter(|_| !to.is_empty() && to != "/");
            let value = match (source.as_str(), inside) {
                (".", Some(rest)) if rest.starts_with('/') && rest.len() > 1 => {
                    rest.trim_matches('/').to_owned()
                }
                (".", _) => format!("/{}", path.trim_matches('/')),
                (other, _) => other.to_owned(),
            };
            all.entry(value).or_insert(lines);
        }
        if seen.insert(number) {
            let below = stage.takes.iter().cloned();
            open.extend(below.map(|take| Take { lines, ..take }));
        }
    }
    all.into_iter()
        .map(|(value, (first, last))| Placed {
            value,
            at: file.evidence(first, last),
        })
        .collect()
}

fn from(step: &Step<'_>, globals: &BTreeMap<String, String>, stages: &[Stage]) -> Option<Stage> {
    let words: Vec<String> = step
        .words()
        .into_iter()
        .map(|(word, _)| word)
        .filter(|word| !word.starts_with("--"))
        .collect();
    let image = fill_known(words.first()?, globals);
    let name = match words.get(1) {
        Some(word) if word.eq_ignore_ascii_case("as") => words.get(2).cloned(),
        _ => None,
    };
    let parent = stages.iter().rev().find(|stage| {
        let known = stage.name.as_deref();
        known.is_some_and(|known| known.eq_ignore_ascii_case(&image))
    });
    let mut stage = match parent {
        // Arguments end with their stage; environment goes on.
        Some(parent) => Stage {
            variables: parent
                .env
                .iter()
                .filter_map(|e| Some((e.name.clone(), e.value.clone()?)))
                .collect(),
            own_command: false,
            arguments: BTreeSet::new(),
            ..parent.clone()
        },
        None => Stage {
            base: image,
            ..Stage::default()
        },
    };
    stage.name = name;
    Some(stage)
}

fn apply(
    file: &SourceFile<'_>,
    step: &Step<'_>,
    stage: &mut Stage,
    globals: &BTreeMap<String, String>,
    copies: &mut Vec<String>,
) {
    let at = file.evidence(step.first, step.last);
    match step.keyword {
        "ARG" => {
            for (name, value, _) in pairs(step) {
                let value = value.map(|v| fill_known(&v, &stage.variables));
                stage.arguments.insert(name.clone());
                if let Some(value) = value.or_else(|| globals.get(&name).cloned()) {
                    stage.variables.insert(name, value);
                }
            }
        }
        "ENV" => {
            for (name, value, lines) in pairs(step) {
                let written = value.unwrap_or_default();
                let value = fill_known(&written, &stage.variables);
                let given = as_argument(&written, &value, &stage.arguments);
                let shown = given.as_deref().unwrap_or(&value);
                let entry = env_value(&name, shown, file.evidence(lines.0, lines.1));
                stage.variables.insert(name.clone(), value);
                match stage.places.get(&name) {
                    Some(&place) => stage.env[place] = entry,
                    None => {
                        stage.places.insert(name, stage.env.len());
                        stage.env.push(entry);
                    }
                }
            }
        }
        "WORKDIR" => {
            if let Some((word, _)) = step.words().first() {
                let word = fill_known(word, &stage.variables);
                stage.folder = absolute(&stage.folder, &word);
            }
        }
        "EXPOSE" => {
            for (word, line) in step.words() {
                let value = fill_known(&word, &stage.variables);
                let known = stage.ports.iter().any(|p| p.value == value);
                if !value.is_empty() && !known {
                    stage.ports.push(file.placed(value, line));
                }
            }
        }
        "VOLUME" => {
            // A list in brackets is words with commas.
            for (words, line) in step.words() {
                for word in words.split(',') {
                    let word = word.trim_matches(['[', ']', '"', ' ']);
                    let value = fill_known(word, &stage.variables);
                    let known = stage.volumes.iter().any(|v| v.value == value);
                    if value.starts_with('/') && !known {
                        stage.volumes.push(file.placed(value, line));
                    }
                }
            }
        }
        "CMD" => {
            stage.command = Command::of(step).map(|c| (c, step.first, step.last));
            stage.own_command = true;
        }
        "ENTRYPOINT" => {
            stage.entrypoint = Command::of(step).map(|c| (c, step.first, step.last));
            // A command of the stage below was meant for the entry point there.
            if !stage.own_command {
                stage.command = None;
            }
        }
        "USER" => {
            let words = step.words();
            stage.user = words.first().map(|(user, _)| Placed {
                value: fill_known(user, &stage.variables),
                at,
            });
        }
        "HEALTHCHECK" => {
            stage.health_check = health_check(step).map(|value| Placed { value, at });
        }
        "COPY" | "ADD" => copies.extend(sources(step, &stage.variables)),
        _ => {}
    }
}

/// `ENV VERSION=$VERSION` of an argument: what the file says is only what holds if the build gives
/// nothing. Numbers and addresses stay as they are, since ports and hosts are read from them.
fn as_argument(written: &str, value: &str, arguments: &BTreeSet<String>) -> Option<String> {
    let name = written.strip_prefix('$')?;
    let name = name
        .strip_prefix('{')
        .and_then(|n| n.strip_suffix('}'))
        .unwrap_or(name);
    let value = if value == written { "" } else { value };
    let number = !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit());
    let plain = !number && !value.contains([':', '/', '$', '{', '}']);
    (plain && arguments.contains(name)).then(|| match value {
        "" => format!("${{{name}}}"),
        _ => format!("${{{name}:-{value}}}"),
    })
}

impl Command {
    fn of(step: &Step<'_>) -> Option<Command> {
        let text = step.logical();
        if text.starts_with('[')
            && let Ok(list) = json(&text)
        {
            let words: Vec<&str> = list.strings().into_iter().map(|(word, _)| word).collect();
            let text = words.join(" ");
            return (!text.is_empty()).then_some(Command { text, exec: true });
        }
        (!text.is_empty()).then_some(Command { text, exec: false })
    }
}

/// Entry point with its arguments; an entry point in shell form takes none.
fn command(file: &SourceFile<'_>, stage: &Stage) -> Option<Placed<String>> {
    let (text, first, last) = match (&stage.entrypoint, &stage.command) {
        (Some((entry, first, last)), Some((command, from, to))) if entry.exec => {
            let text = format!("{} {}", entry.text, command.text);
            // Two instructions side by side are cited together, else the entry point alone.
            let near = *from <= last + 3 && *first <= to + 3;
            if near {
                (text, *first.min(from), *last.max(to))
            } else {
                (text, *first, *last)
            }
        }
        (Some((entry, first, last)), _) => (entry.text.clone(), *first, *last),
        (None, Some((command, first, last))) => (command.text.clone(), *first, *last),
        (None, None) => return None,
    };
    Some(Placed {
        value: redact_command(&text),
        at: file.evidence(first, last),
    })
}

/// The command of a health check; `NONE` switches off what a base image checks.
fn health_check(step: &Step<'_>) -> Option<String> {
    let text = step.logical();
    let mut rest = text.as_str();
    while rest.starts_with("--") {
        rest = rest
            .split_once(' ')
            .map_or("", |(_, rest)| rest.trim_start());
    }
    let word = rest.split([' ', '[']).next().unwrap_or_default();
    if !word.eq_ignore_ascii_case("CMD") {
        return None;
    }
    let rest = rest[word.len()..].trim_start();
    let words = json(rest).ok().filter(|_| rest.starts_with('['));
    let words = words.map(|list| {
        let words: Vec<&str> = list.strings().into_iter().map(|(word, _)| word).collect();
        words.join(" ")
    });
    let text = redact_command(words.as_deref().unwrap_or(rest));
    (!text.is_empty()).then_some(text)
}

/// What a step copies from the build context, relative to it.
fn sources(step: &Step<'_>, known: &BTreeMap<String, String>) -> Vec<String> {
    let text = step.logical();
    let list = text.find('[').and_then(|at| {
        // The flags stand before the list.
        let flags = text[..at].split_whitespace().all(|w| w.starts_with("--"));
        json(&text[at..]).ok().filter(|_| flags)
    });
    let mut words: Vec<String> = match &list {
        Some(list) => {
            let flags = text.split_whitespace().take_while(|w| w.starts_with("--"));
            let words = list.strings().into_iter().map(|(word, _)| word);
            flags.chain(words).map(str::to_owned).collect()
        }
        None => step.words().into_iter().map(|(word, _)| word).collect(),
    };
    if words.iter().any(|word| word.starts_with("--from")) {
        return Vec::new();
    }
    words.retain(|word| !word.starts_with("--"));
    words.pop();
    words
        .iter()
        .filter(|word| !word.contains("://") && !word.starts_with("<<") && !word.contains('\n'))
        .map(|word| {
            let path = fill_known(word, known);
            let path = path.trim_start_matches("./").trim_start_matches('/');
            let path = path.trim_end_matches('/');
            if path.is_empty() { "." } else { path }.to_owned()
        })
        .collect()
}

/// `NAME=value NAME=value`, or `NAME the rest` as old files have it, with lines.
fn pairs(step: &Step<'_>) -> Vec<(String, Option<String>, (u32, u32))> {
    let words = step.words();
    let Some((first, line)) = words.first() else {
        return Vec::new();
    };
    if step.keyword == "ENV" && !first.contains('=') {
        let value: Vec<&str> = words[1..].iter().map(|(word, _)| word.as_str()).collect();
        let lines = (*line, step.last);
        return vec![(first.clone(), Some(value.join(" ")), lines)];
    }
    words
        .into_iter()
        .map(|(word, line)| match word.split_once('=') {
            Some((name, value)) => (name.to_owned(), Some(value.to_owned()), (line, line)),
            None => (word, None, (line, line)),
        })
        .filter(|(name, _, _)| !name.is_empty())
        .collect()
}
