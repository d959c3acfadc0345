//! Which package a script of a workspace hands its start on to: the image runs that package.

use super::contexts;
use crate::facts::ImageBuild;
use crate::resolve::world::World;
use crate::source::join;

/// Scripts that call each other at most.
const DEEPEST: usize = 6;

/// What one command of a script starts.
#[derive(Debug, PartialEq, Eq)]
struct Call<'t> {
    /// The package or folder that it is run in, as written; the own one without.
    of: Option<&'t str>,
    /// The folder to go to first.
    folder: Option<&'t str>,
    /// The script.
    script: &'t str,
}

/// The project that an image starts by a script of the manifest above it which only hands on:
/// `pnpm start` where `start` is `pnpm --filter ./apps/server run start:prod`. `None` where the script
/// starts something of its own package.
pub(crate) fn started(world: &World<'_>, image: &ImageBuild) -> Option<usize> {
    let command = image.command.as_ref()?;
    let script = call(&command.value)?.script;
    let own = contexts(&command.at).find_map(|folder| {
        let project = world.project_at(folder)?;
        script_of(world, project, script).map(|_| project)
    })?;
    started_in(world, own, &command.value)
}

/// The project that a command hands its start on to, when it is run in the folder of a project.
pub(crate) fn started_in(world: &World<'_>, own: usize, command: &str) -> Option<usize> {
    let first = call(command)?;
    let mut project = named(world, own, &first)?;
    let mut text = script_of(world, project, first.script);
    for _ in 0..DEEPEST {
        // What `nx` calls need not be a script: the project that it names is meant all the same.
        let Some(next) = text.and_then(call) else {
            return (project != own && world.is_code(project)).then_some(project);
        };
        project = named(world, project, &next)?;
        text = script_of(world, project, next.script);
    }
    None
}

/// A script of a manifest of npm in the folder of a project.
fn script_of<'w>(world: &'w World<'_>, project: usize, name: &str) -> Option<&'w str> {
    let mut packages = world.projects[project].packages.iter();
    packages.find_map(|(package, _)| {
        let mut scripts = package.scripts.iter();
        let found = scripts.find(|(own, _)| own == name && package.ecosystem == "npm")?;
        Some(found.1.as_str())
    })
}

/// The project that a call means: the one it stands in, the one in a folder, or the only one of a name.
fn named(world: &World<'_>, own: usize, call: &Call<'_>) -> Option<usize> {
    let folder = &world.projects[own].folder;
    let moved = match call.folder {
        Some(inner) => Some(join(folder, inner)?),
        None => None,
    };
    let folder = moved.as_deref().unwrap_or(folder);
    let Some(of) = call.of else {
        return match moved.is_some() {
            true => world.project_at(folder),
            false => Some(own),
        };
    };
    // `server...` means the package with all that it needs, and `{apps/server}` one by its folder.
    let of = of.trim_start_matches("...").trim_end_matches("...");
    let of = of.trim_matches(['{', '}']);
    if of.contains(['*', '!', '[', '$']) || of.is_empty() {
        return None;
    }
    if of.starts_with('/') || of.contains('/') && !of.starts_with('@') {
        return world.project_at(&join(folder, of.trim_end_matches('/'))?);
    }
    let is_npm = |p: &usize| {
        let mut packages = world.projects[*p].packages.iter();
        packages.any(|(package, _)| package.ecosystem == "npm")
    };
    let only = |fits: &dyn Fn(&str) -> bool| {
        let is = |p: &usize| {
            let mut packages = world.projects[*p].packages.iter();
            packages.any(|(package, _)| package.ecosystem == "npm" && fits(&package.name))
        };
        let mut found = (0..world.projects.len()).filter(is);
        let first = found.next()?;
        found.next().is_none().then_some(first)
    };
    // Without its scope a name is enough where one package alone ends so.
    let tail = |name: &str| name.rsplit('/').next() == Some(of);
    only(&|name| name == of)
        .or_else(|| only(&tail))
        .or_else(|| {
            let last = |p: &usize| world.projects[*p].folder.rsplit('/').next() == Some(of);
            let mut found = (0..world.projects.len()).filter(|p| is_npm(p) && last(p));
            let first = found.next()?;
            found.next().is_none().then_some(first)
        })
}

/// What the last command of a script calls, where that is a script of a package: `None` for a program.
fn call(text: &str) -> Option<Call<'_>> {
    if text.contains('|') {
        return None;
    }
    let mut folder = None;
    let mut last = "";
    for part in text.split("&&").map(str::trim) {
        match part.strip_prefix("cd ") {
            Some(inner) => folder = Some(inner.trim()),
            None => last = part,
        }
    }
    let mut words = last
        .split_whitespace()
        .map(|word| word.trim_matches(['"', '\'']))
        .skip_while(|word| {
            let set = word.contains('=') && !word.starts_with('-');
            let runner = matches!(
                *word,
                "exec" | "tini" | "dumb-init" | "--" | "-g" | "cross-env" | "npx" | "bunx"
            );
            set || runner
        });
    let tool = words.next()?;
    let rest: Vec<&str> = words.collect();
    let found = match tool.rsplit('/').next().unwrap_or(tool) {
        "turbo" => selected(&rest, &["--filter", "-F"], &[]),
        "lerna" => selected(&rest, &["--scope"], &[]),
        "nx" => nx(&rest),
        "pnpm" => match rest
            .iter()
            .any(|w| matches!(*w, "-r" | "--recursive" | "recursive"))
        {
            true => None,
            false => selected(&rest, &["--filter", "-F"], &["-C", "--dir", "--prefix"]),
        },
        "npm" => selected(&rest, &["--workspace", "-w"], &["--prefix", "-C"]),
        "bun" => selected(&rest, &["--filter", "-F"], &["--cwd"]),
        "yarn" => match rest.as_slice() {
            ["workspace", of, rest @ ..] => {
                let inner = selected(rest, &[], &[])?;
                Some(Call {
                    of: Some(of),
                    ..inner
                })
            }
            _ => selected(&rest, &[], &["--cwd"]),
        },
        _ => None,
    }?;
    Some(Call {
        folder: found.folder.or(folder),
        ..found
    })
}

/// The script of a call of a package manager, with what its options choose.
fn selected<'t>(words: &[&'t str], choose: &[&str], go: &[&str]) -> Option<Call<'t>> {
    let (mut of, mut folder, mut script) = (None, None, None);
    let mut words = words.iter().copied();
    while let Some(word) = words.next() {
        let (name, value) = match word.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (word, None),
        };
        if choose.contains(&name) {
            // Several packages at once are no one's program.
            let value = value.or_else(|| words.next())?;
            if of.replace(value).is_some() {
                return None;
            }
        } else if go.contains(&name) {
            folder = Some(value.or_else(|| words.next())?);
        } else if word == "--" {
            break;
        } else if !word.starts_with('-')
            && script.is_none()
            && !matches!(word, "run" | "run-script")
        {
            script = Some(word);
        }
    }
    let script = script?;
    // What these do is no script of a package.
    let own = matches!(
        script,
        "exec" | "dlx" | "install" | "i" | "ci" | "add" | "build" | "create" | "init" | "x"
    );
    (!own).then_some(Call { of, folder, script })
}

/// `nx run server:serve`, `nx serve server`.
fn nx<'t>(words: &[&'t str]) -> Option<Call<'t>> {
    let mut plain = words.iter().copied().filter(|word| !word.starts_with('-'));
    let (of, script) = match plain.next()? {
        "run" => plain.next()?.split_once(':')?,
        "run-many" | "affected" => return None,
        script => (plain.next()?, script),
    };
    Some(Call {
        of: Some(of),
        folder: None,
        script,
    })
}

#[cfg(test)]
mod tests {
    use super::call;

    #[test]
    fn scripts_that_hand_on() {
        for (text, of, script) in [
            ("pnpm start", "", "start"),
            (
                "pnpm --filter ./apps/server run start:prod",
                "./apps/server",
                "start:prod",
            ),
            ("pnpm -F @shop/server start", "@shop/server", "start"),
            ("npm -w apps/server run serve", "apps/server", "serve"),
            (
                "npm run serve --workspace=apps/server",
                "apps/server",
                "serve",
            ),
            ("yarn workspace @shop/server start", "@shop/server", "start"),
            ("turbo run start --filter=server", "server", "start"),
            (
                "nx run server:serve:production",
                "server",
                "serve:production",
            ),
            ("NODE_ENV=production npx nx serve server", "server", "serve"),
        ] {
            let found = call(text).map(|c| (c.of.unwrap_or_default(), c.script));
            assert_eq!(found, Some((of, script)), "{text}");
        }
        for text in [
            "node dist/main",
            "pnpm -r start",
            "turbo run start --filter=a --filter=b",
            "nx run-many -t serve",
            "concurrently 'npm run a' 'npm run b'",
            "pnpm exec node main.js",
        ] {
            assert_eq!(call(text), None, "{text}");
        }
        let found = call("cd apps/server && npm run serve");
        assert_eq!(found.and_then(|c| c.folder), Some("apps/server"));
    }
}
