//! Names as files write them, made comparable.

use crate::finders::Finders;

/// A stable id from a name: lower case, everything outside `[a-z0-9._-]` becomes one hyphen.
pub(crate) fn slug(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.trim().chars() {
        let c = c.to_ascii_lowercase();
        if c.is_ascii_alphanumeric() || c == '.' || c == '_' {
            out.push(c);
        } else if !out.ends_with('-') {
            out.push('-');
        }
    }
    let out = out.trim_matches(['-', '.', '_']).to_owned();
    if out.is_empty() {
        "unnamed".to_owned()
    } else {
        out
    }
}

/// Letters and digits only, in lower case.
pub(crate) fn plain(name: &str) -> String {
    name.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

/// Words that say what kind of thing it is, not which one.
const GENERIC: [&str; 14] = [
    "service",
    "svc",
    "server",
    "srv",
    "app",
    "application",
    "microservice",
    "webservice",
    "api",
    "ms",
    "backend",
    "container",
    "image",
    "docker",
];

/// The name without generic words; the plain name if nothing else is left.
pub(crate) fn loose(name: &str) -> String {
    let spaced: String = split_camel(name);
    let words: Vec<&str> = spaced.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    let kept: String = words
        .iter()
        .filter(|w| !w.is_empty() && !GENERIC.contains(w))
        .copied()
        .collect();
    let text = if kept.is_empty() { plain(name) } else { kept };
    for word in GENERIC {
        if let Some(rest) = text.strip_suffix(word)
            && rest.len() >= 3
        {
            return rest.to_owned();
        }
    }
    text
}

fn split_camel(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    let mut lower = false;
    for c in name.chars() {
        if c.is_ascii_uppercase() && lower {
            out.push(' ');
        }
        lower = c.is_ascii_lowercase() || c.is_ascii_digit();
        out.push(c.to_ascii_lowercase());
    }
    out
}

/// The last part of an image reference without tag and digest: `gcr.io/shop/cart:1.2` is `cart`.
pub(crate) fn image_name(image: &str) -> &str {
    let image = image.split('@').next().unwrap_or(image);
    let last = image.rsplit('/').next().unwrap_or(image);
    last.split(':').next().unwrap_or(last)
}

/// The tag of an image reference, if it has one.
pub(crate) fn image_tag(image: &str) -> Option<&str> {
    let last = image.split('@').next()?.rsplit('/').next()?;
    last.split_once(':').map(|(_, tag)| tag)
}

/// Whether a path lies in a folder that holds tests, samples or documentation, so that what it
/// describes is not the system itself.
pub(crate) fn is_aside(path: &str) -> bool {
    Asides::default().holds(path)
}

/// Asks of many paths whether each [`is_aside`]: files of one folder stand beside each other, and in
/// most folders the name of the file alone decides.
#[derive(Default)]
pub(crate) struct Asides<'p> {
    /// The last folder of which that is so, and the last in which every file is aside.
    plain: Option<&'p str>,
    whole: Option<&'p str>,
}

impl<'p> Asides<'p> {
    pub(crate) fn holds(&mut self, path: &'p str) -> bool {
        let Some((folders, name)) = crate::paths::split_name(path) else {
            return is_test_file(path);
        };
        if self.plain == Some(folders) {
            return is_test_file(name);
        }
        if self.whole == Some(folders) {
            return true;
        }
        // A pipeline is one whatever it is called for: `test_readme.yml`.
        if folders.ends_with(".github/workflows") {
            return false;
        }
        let inner = crate::paths::outside_packages(folders);
        let plain =
            !crate::paths::parts(inner).any(is_aside_folder) && !holds_integration_tests(inner);
        if plain {
            self.plain = Some(folders);
            return is_test_file(name);
        }
        // Below a folder that is no subject whatever its files are called, the name decides nothing.
        if crate::paths::parts(inner).any(|part| is_aside_folder(part) && !may_be_subject(part)) {
            self.whole = Some(folders);
            return true;
        }
        is_aside_in(inner, name)
    }
}

fn is_aside_in(folders: &str, name: &str) -> bool {
    let mut parts = crate::paths::parts(folders).filter(|f| is_aside_folder(f));
    let first = parts.next();
    first.is_some_and(|first| {
        !is_subject(folders, first, name) || !parts.all(|part| is_subject(folders, part, name))
    }) || is_test_file(name)
        || holds_integration_tests(folders)
}

/// Whether folders lead through `src/it`, where builds of Java keep integration tests and their
/// settings (<https://maven.apache.org/plugins/maven-invoker-plugin/usage.html>).
fn holds_integration_tests(folders: &str) -> bool {
    let parts = crate::paths::parts(folders);
    let mut pairs = parts.clone().zip(parts.skip(1));
    pairs.any(|pair| pair == ("src", "it"))
}

/// Whether a folder is called so that it may be a subject.
fn may_be_subject(part: &str) -> bool {
    let lower = crate::paths::lower(part);
    matches!(
        lower.as_ref(),
        "benchmark"
            | "benchmarks"
            | "example"
            | "examples"
            | "sample"
            | "samples"
            | "doc"
            | "docs"
            | "documentation"
    ) || lower.ends_with("-docs")
        || lower.ends_with("-examples")
}

/// Whether a folder that could hold benchmarks or samples is a subject of the system: one deep in
/// its source that speaks of benchmarks, or one whose files have its name and a role in a program,
/// as `documentation/documentation.controller.ts` and `public-docs/public-docs.service.ts` have.
pub(crate) fn is_subject(folders: &str, part: &str, name: &str) -> bool {
    if !may_be_subject(part) {
        return false;
    }
    let lower = crate::paths::lower(part);
    let benchmark = matches!(lower.as_ref(), "benchmark" | "benchmarks");
    let deep = || {
        let mut all = folders.split('/').skip_while(|f| *f != "src").skip(1);
        all.next().is_some_and(|first| {
            first != part && !matches!(first, "test" | "main" | "jmh") && all.any(|f| f == part)
        })
    };
    let role = || {
        let mut words = name.split('.');
        words
            .next()
            .is_some_and(|stem| stem.eq_ignore_ascii_case(part))
            && matches!(
                words.next(),
                Some(
                    "controller"
                        | "entity"
                        | "guard"
                        | "model"
                        | "module"
                        | "resolver"
                        | "router"
                        | "routes"
                        | "service"
                )
            )
    };
    benchmark && deep() || role()
}

/// Whether a folder is for the editors and assistants of those who work on a repository: what its
/// files call, forward or run happens on their machines.
pub(crate) fn is_workbench_folder(folder: &str) -> bool {
    matches!(
        folder,
        ".devcontainer"
            | ".vscode"
            | ".idea"
            | ".fleet"
            | ".zed"
            | ".vs"
            | ".claude"
            | ".cursor"
            | ".codex"
            | ".gemini"
            | ".agents"
            | ".agent"
            | ".windsurf"
            | ".continue"
            | ".roo"
            | ".clinerules"
            | ".opencode"
            | ".kiro"
            | ".junie"
            | ".aider"
            | ".semgrep"
            | ".husky"
            | ".githooks"
            | ".gitpod"
            | ".changeset"
    )
}

/// Whether a folder's name says that it holds tests, samples or documentation.
fn is_aside_folder(folder: &str) -> bool {
    let lower = crate::paths::lower(folder);
    // `_integration-test` sorts before what it tests.
    let word = match lower.strip_prefix('_') {
        Some(word) if !word.starts_with('_') => word,
        _ => lower.as_ref(),
    };
    matches!(
        word,
        "test"
            | "tests"
            | "testing"
            | "testdata"
            | "testfiles"
            | "testcases"
            | "testutil"
            | "testutils"
            | "__tests__"
            | "__mocks__"
            | "spec"
            | "specs"
            | "fixture"
            | "fixtures"
            | "__fixtures__"
            | "fuzz"
            | "cypress"
            | "e2e"
            | "playwright"
            | "integration-test"
            | "integration-tests"
            | "integration_tests"
            | "example"
            | "examples"
            | "sample"
            | "samples"
            | "demo-data"
            | "docs"
            | "doc"
            | "documentation"
            | "benchmark"
            | "benchmarks"
            | "bench"
            | "mocks"
            | "mock"
            | "e2e-tests"
            | "site-docs"
            | "playground"
            | "tutorial"
            | "tutorials"
    ) || is_of_samples(word)
        || lower.ends_with("-docs")
        || lower.ends_with("-examples")
        || is_of_test_kind(&lower)
        || crate::paths::holds_inputs(word)
        || crate::paths::is_dunder_of_tests(&lower)
        || crate::paths::is_project_of_tests(&lower)
        || is_put_away(&lower)
        || word.starts_with('.') && is_workbench_folder(word)
}

/// Whether a folder is called so that what is no longer in use sorts away from the rest: `src/_archive`. Without
/// the mark before it the word may be a subject: `archive`, `old`.
fn is_put_away(folder: &str) -> bool {
    const WORDS: [&str; 8] = [
        "archive",
        "archived",
        "archives",
        "attic",
        "graveyard",
        "obsolete",
        "old",
        "unused",
    ];
    let word = folder.strip_prefix("__").or(folder.strip_prefix('_'));
    word.is_some_and(|word| WORDS.contains(&word.trim_end_matches('_')))
}

/// Whether a folder is called after a kind of tests: `system-test`, `api_tests`.
fn is_of_test_kind(folder: &str) -> bool {
    let word = folder.strip_suffix('s').unwrap_or(folder);
    word.ends_with("-test") || word.ends_with("_test")
}

/// Whether a folder is one of tests, or lies in one.
pub(crate) fn is_in_tests(folder: &str) -> bool {
    crate::paths::parts(folder).any(|part| {
        let lower = crate::paths::lower(part);
        let word = lower.trim_start_matches('_');
        is_of_test_kind(word)
            || crate::paths::is_project_of_tests(word)
            || (is_test_word(word) && !matches!(word, "integration" | "testing"))
    })
}

/// Whether a name says that what it names stands in for another part while tests run: `mock-server`.
pub(crate) fn is_double(name: &str) -> bool {
    let mut words = name.split(['-', '_', '.', '/']);
    words.any(|word| {
        matches!(
            word,
            "mock" | "mocks" | "mocker" | "stub" | "stubs" | "fake" | "fakes"
        )
    })
}

/// Whether a folder holds sample settings: `example_configs`, `sample-config`.
fn is_of_samples(word: &str) -> bool {
    let Some((first, rest)) = word.split_once(['_', '-']) else {
        return false;
    };
    matches!(first, "example" | "examples" | "sample" | "samples")
        && matches!(
            rest,
            "config" | "configs" | "configuration" | "configurations" | "deployments" | "settings"
        )
}

fn is_test_file(name: &str) -> bool {
    let lower = crate::paths::lower(name);
    let behind_dot = |at: usize| {
        let rest = &lower.as_bytes()[at + 1..];
        let words: [&[u8]; 4] = [b"test.", b"spec.", b"example", b"sample"];
        words.iter().any(|word| rest.starts_with(word))
            || (lower[at + 1..].split_once('.'))
                .is_some_and(|(word, _)| crate::paths::is_level_of_tests(word))
    };
    static RARE: Finders = Finders::of(&["smoke", "compose", "docker-stack"]);
    lower.ends_with("_test.go")
        || lower.starts_with("test_")
        || lower.starts_with("test-")
        || memchr::memchr_iter(b'.', lower.as_bytes()).any(behind_dot)
        || name.ends_with("Test.java")
        || name.ends_with("Tests.java")
        || name.ends_with("IT.java")
        || name.ends_with("Tests.cs")
        || lower.ends_with("_test.py")
        || lower == "conftest.py"
        || lower.ends_with(".dist")
        || RARE.any(&lower) && has_rare_word(&lower)
}

/// What a name says beside its ending: a test of the whole, or a Compose file of tests.
fn has_rare_word(lower: &str) -> bool {
    ["smoketest", "smoke_test", "smoke-test"]
        .iter()
        .any(|word| lower.contains(word))
        || (lower.contains("compose") || lower.contains("docker-stack"))
            && (lower.split(['.', '-', '_']))
                .any(|w| is_test_word(w) || matches!(w, "ci" | "bench" | "benchmark" | "loadtest"))
}

/// Whether a word of a name says that what it names is there to test the system.
pub(crate) fn is_test_word(word: &str) -> bool {
    matches!(
        word,
        "test"
            | "tests"
            | "testing"
            | "e2e"
            | "unittest"
            | "unittests"
            | "itest"
            | "itests"
            | "integration"
            | "playwright"
            | "cypress"
            | "selenium"
            | "pact"
    )
}

#[cfg(test)]
mod tests {
    use super::is_aside;

    #[test]
    fn a_pipeline_is_no_test_file() {
        assert!(!is_aside(".github/workflows/test_readme.yml"));
        assert!(!is_aside(".github/workflows/test_image-push.yaml"));
        assert!(is_aside("pkg/test_readme.py"));
        assert!(is_aside("src/_archive/Shop.Api/Program.cs"));
        assert!(is_aside("__old__/app.py"));
        assert!(!is_aside("src/archive/store.rs"));
        assert!(!is_aside("app/_legacy/routes.ts"));
        assert!(is_aside("docker/test-images/parcels/Dockerfile"));
    }
}
