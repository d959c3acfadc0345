//! What a path says about a file: test, example, generated.

use crate::finders::Finders;
pub(crate) use groundplan_syntax::paths::{lower, parts, split_name};

/// Whether the file belongs to tests by its path: what it calls and offers is no part of the
/// system.
pub fn is_test(path: &str) -> bool {
    let lower = lower(path);
    let (folder, name) = split_name(&lower).unwrap_or(("", &lower));
    if parts(folder).any(|part| {
        matches!(
            part,
            "test"
                | "tests"
                | "__tests__"
                | "__mocks__"
                | "testing"
                | "testdata"
                | "testutil"
                | "testutils"
                | "spec"
                | "specs"
                | "cypress"
                | "e2e"
                | "playwright"
                | "mock"
                | "mocks"
                | "fixtures"
                | "benches"
        ) || holds_inputs(part)
            || is_dunder_of_tests(part)
            || is_project_of_tests(part)
    }) {
        return true;
    }
    if name.ends_with(".go") && parts(folder).any(is_package_for_tests) {
        return true;
    }
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    stem == "conftest"
        || stem == "tests"
        || stem == "test"
        || matches!(stem, "testutil" | "testutils")
        || stem.starts_with("test_")
        || stem.starts_with("test-")
        || stem.starts_with("tests_")
        || stem.starts_with("mock_")
        || ["_test", "_tests", ".test", ".spec", "-test", "_mock"]
            .iter()
            .any(|end| stem.ends_with(end))
        || stem.split('.').skip(1).any(is_level_of_tests)
}

/// Whether a package of Go is called after what it helps to test, as `httptest`, `iotest` and
/// `fstest` of the standard library are (<https://pkg.go.dev/std>): `dbtest`, `testx`.
fn is_package_for_tests(folder: &str) -> bool {
    // Words that end so, and tests that are the subject of a program.
    const WORDS: [&str; 12] = [
        "abtest",
        "attest",
        "backtest",
        "contest",
        "fastest",
        "greatest",
        "hottest",
        "latest",
        "loadtest",
        "pentest",
        "protest",
        "speedtest",
    ];
    matches!(
        folder,
        "testx" | "testhelper" | "testhelpers" | "testkit" | "testenv"
    ) || folder.len() > 4 && folder.ends_with("test") && !WORDS.contains(&folder)
}

/// Whether a folder is set apart for tests as those of Jest are: `__e2e__`, `__integration__`.
pub(crate) fn is_dunder_of_tests(folder: &str) -> bool {
    let inner = (folder.strip_prefix("__")).and_then(|rest| rest.strip_suffix("__"));
    inner.is_some_and(|word| {
        matches!(
            word,
            "e2e" | "integration" | "spec" | "specs" | "test" | "tests" | "unit"
        )
    })
}

/// Whether a folder is one of a project of tests as .NET names them, in lower case:
/// `ordering.unittests`, `shop.core.test`, `shop.tests.common`.
pub(crate) fn is_project_of_tests(folder: &str) -> bool {
    // Hardly any folder has a dot in its name.
    if !folder.bytes().any(|b| b == b'.') {
        return false;
    }
    let mut words = folder.split('.');
    words.next().is_some_and(|first| !first.is_empty())
        && words.any(|word| {
            let kind = word.strip_suffix('s').unwrap_or(word).strip_suffix("test");
            kind.is_some_and(|kind| {
                matches!(
                    kind,
                    "" | "acceptance"
                        | "api"
                        | "architecture"
                        | "component"
                        | "contract"
                        | "e2e"
                        | "endtoend"
                        | "functional"
                        | "integration"
                        | "performance"
                        | "smoke"
                        | "unit"
                )
            }) || matches!(
                word,
                "testing" | "testutilities" | "testutils" | "testhelpers"
            )
        })
}

/// Whether a word between the dots of a file's name tells at which level it tests: `api.servertest.ts`,
/// `orders.e2e-spec.ts`, `login.e2e.ts`.
pub(crate) fn is_level_of_tests(word: &str) -> bool {
    if matches!(word, "e2e" | "cy" | "itest") {
        return true;
    }
    let level = ["test", "tests", "spec"]
        .iter()
        .find_map(|end| word.strip_suffix(end));
    level.is_some_and(|level| {
        matches!(
            level.trim_end_matches('-'),
            "api"
                | "browser"
                | "client"
                | "component"
                | "e2e"
                | "functional"
                | "int"
                | "integration"
                | "server"
                | "smoke"
                | "unit"
        )
    })
}

/// Whether a folder is called after what it gives to tests: `test-files`, `test_schemas`,
/// `test-fixtures`.
pub(crate) fn holds_inputs(word: &str) -> bool {
    let rest = (word.strip_prefix("test")).and_then(|w| w.strip_prefix(['-', '_']));
    rest.is_some_and(|rest| {
        matches!(
            rest,
            "app"
                | "apps"
                | "assets"
                | "case"
                | "cases"
                | "config"
                | "configs"
                | "data"
                | "env"
                | "files"
                | "fixture"
                | "fixtures"
                | "helpers"
                | "image"
                | "images"
                | "infra"
                | "input"
                | "inputs"
                | "project"
                | "projects"
                | "repo"
                | "repos"
                | "resources"
                | "schemas"
                | "setup"
                | "suite"
                | "suites"
                | "util"
                | "utils"
        )
    })
}

/// Whether the file is an example by its path.
pub fn is_example(path: &str) -> bool {
    let path = outside_packages(path);
    let lower = lower(path);
    let folder = split_name(&lower).map_or("", |(folder, _)| folder);
    parts(folder).any(|part| {
        matches!(
            part,
            "example" | "examples" | "_examples" | "sample" | "samples" | "demo" | "demos"
        )
    })
}

/// Whether a file holds what an interface says in some language: it lies in a folder of such texts,
/// or is named for a language (`de.json`, `messages_de.properties`, `en-US/common.json`). Its words
/// are shown to people and configure nothing.
pub(crate) fn is_translation(path: &str) -> bool {
    const FOLDERS: [&str; 15] = [
        "_locales",
        "i18n",
        "intl",
        "l10n",
        "lang",
        "langs",
        "languages",
        "locale",
        "locales",
        "localisation",
        "localization",
        "localizations",
        "nls",
        "translation",
        "translations",
    ];
    const BUNDLES: [&str; 8] = [
        "messages",
        "strings",
        "labels",
        "translation",
        "translations",
        "locale",
        "i18n",
        "lang",
    ];
    const ENDS: [&str; 19] = [
        "arb",
        "ftl",
        "ini",
        "json",
        "json5",
        "jsonc",
        "yml",
        "yaml",
        "properties",
        "ts",
        "js",
        "mjs",
        "php",
        "po",
        "pot",
        "resx",
        "strings",
        "xlf",
        "toml",
    ];
    // Most files end otherwise, which tells before the path is put in small letters.
    let end = path.rsplit_once('.').map_or("", |(_, end)| end);
    if !ENDS.iter().any(|known| known.eq_ignore_ascii_case(end)) {
        return false;
    }
    let lower = lower(path);
    let (folders, name) = split_name(&lower).unwrap_or(("", &lower));
    let Some((stem, end)) = name.rsplit_once('.') else {
        return false;
    };
    let folders = outside_packages(folders);
    if parts(folders).any(|part| FOLDERS.contains(&part) || part.ends_with(".lproj")) {
        return true;
    }
    // Code is often named with two letters.
    let data = !matches!(end, "ts" | "js" | "mjs" | "php" | "toml");
    // Short names of other things: a search engine, machine learning, a load balancer.
    const OTHERS: [&str; 16] = [
        "av", "ca", "es", "ha", "ia", "id", "kv", "lb", "ml", "my", "os", "pa", "ps", "sc", "se",
        "to",
    ];
    if is_language(stem) {
        return data && !OTHERS.contains(&stem);
    }
    // Java looks for `login_de` beside `login`
    // (<https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/util/ResourceBundle.html>), and
    // Thymeleaf beside the template (its StandardMessageResolver).
    if end == "properties" {
        let tongue = |at: usize| is_language(&stem[at + 1..]) && !OTHERS.contains(&&stem[at + 1..]);
        let named = stem.match_indices('_').any(|(at, _)| tongue(at));
        // `ResourceBundle` is the name of what reads them.
        let has = |words: &[&str]| parts(folders).any(|part| words.contains(&part));
        let kept = has(&["templates"]) || has(&["bundles", "messages"]) && has(&["resources"]);
        if !stem.starts_with("application") && (named || kept) {
            return true;
        }
    }
    // `eu-west` is a region.
    let parent = folders.rsplit('/').next().unwrap_or("");
    let land = parent.rsplit(['-', '_']).next().unwrap_or("");
    if data && land.len() < parent.len() && land.len() < 4 && is_language(parent) {
        return true;
    }
    // `ValidationMessages_de`, `strings.fr`, `messages`
    let bundle = |stem: &str| BUNDLES.iter().any(|b| stem.ends_with(b));
    let of_language = stem.match_indices(['_', '-', '.']).any(|(at, _)| {
        is_language(&stem[at + 1..])
            && (bundle(&stem[..at]) || matches!(end, "arb" | "resx" | "strings"))
    });
    data && (of_language || BUNDLES.contains(&stem) || end == "properties" && bundle(stem))
}

/// Whether a text, in lower case, is the code of a language, with or without script and land:
/// `de`, `pt-br`, `zh_hans_cn` (ISO 639-1 and BCP 47).
pub(crate) fn is_language(text: &str) -> bool {
    const CODES: &str = "aa ab af ak am ar as av ay az ba be bg bn bo br bs ca ce ch co cs cv cy da \
        de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi hr ht hu hy \
        ia id ie ig ii ik is it iu ja jv ka kg ki kk kl km kn ko kr ks ku kv kw ky la lb lg li ln \
        lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os \
        pa pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te \
        tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu";
    let mut parts = text.split(['-', '_']);
    let language = parts.next().unwrap_or("");
    language.len() == 2
        && CODES.split(' ').any(|code| code == language)
        && parts.clone().count() <= 2
        && parts.all(|part| {
            matches!(part.len(), 2 | 4) && part.bytes().all(|b| b.is_ascii_alphabetic())
                || part.len() == 3 && part.bytes().all(|b| b.is_ascii_digit())
        })
}

/// Whether no build of the program takes in this file of Go: its constraint asks for a tag that is
/// set by hand only, as generators, lists of tools and the targets of Mage do
/// (<https://pkg.go.dev/cmd/go>, <https://magefile.org/magefiles/>).
pub(crate) fn is_never_built(text: &str) -> bool {
    text.lines()
        .map(str::trim)
        .take_while(|line| line.is_empty() || line.starts_with("//") || line.starts_with("/*"))
        .take(60)
        .filter_map(|line| {
            line.strip_prefix("//go:build ")
                .or_else(|| line.strip_prefix("// +build "))
        })
        .any(|rule| {
            let mut terms = rule.split("&&").map(str::trim);
            terms.any(|term| {
                matches!(term, "ignore" | "tools" | "never" | "generate" | "mage")
                    || is_tag_of_tests(term)
            })
        })
}

/// Whether a tag of a build stands for tests: `e2etest`, `integration`, `test_mocks`.
fn is_tag_of_tests(term: &str) -> bool {
    // `attest` and `contest` are none.
    const KINDS: [&str; 12] = [
        "",
        "acceptance",
        "api",
        "e2e",
        "func",
        "functional",
        "int",
        "integration",
        "load",
        "smoke",
        "system",
        "unit",
    ];
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let word = |part: &str| {
        let kind = part
            .strip_suffix("tests")
            .or_else(|| part.strip_suffix("test"));
        matches!(
            part,
            "acceptance" | "e2e" | "integration" | "mock" | "mocks"
        ) || kind.is_some_and(|kind| KINDS.contains(&kind))
    };
    term.chars().all(plain) && term.split('_').any(word)
}

/// Whether a generator wrote the file, by its path or the head of its text.
pub fn is_generated(path: &str, text: &str) -> bool {
    if is_generated_by_name(path) {
        return true;
    }
    let mut end = text.len().min(4096);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    // Each mark has this in it, and hardly any file that people write.
    static SIGNS: Finders = Finders::of(&["enerated", "ENERATED"]);
    if !SIGNS.any(&text[..end]) {
        return false;
    }
    // A licence often stands before the mark, so the head is longer than one comment.
    let (mut warned, mut generated) = (false, false);
    for line in text[..end].lines().take(30).map(str::trim_start) {
        let comment = ["//", "#", "/*", "*", "--", "<!--", ";", "\"\"\""]
            .iter()
            .any(|mark| line.starts_with(mark));
        if !comment {
            continue;
        }
        if line.contains("@generated") || line.contains("<auto-generated") {
            return true;
        }
        let line = line.to_ascii_lowercase();
        if line.contains("generated by the protocol buffer compiler")
            || line.contains("generated protocol buffer code")
        {
            return true;
        }
        warned |= line.contains("do not edit") || line.contains("do not modify");
        generated |= line.contains("generated");
    }
    warned && generated
}

/// Whether name or folder are those of a generator's output.
pub(crate) fn is_generated_by_name(path: &str) -> bool {
    let lower = lower(path);
    let (folder, name) = split_name(&lower).unwrap_or(("", &lower));
    [
        ".pb.go",
        ".pb.gw.go",
        ".pb.h",
        ".pb.cc",
        "_pb2.py",
        "_pb2_grpc.py",
        "_pb2.pyi",
        "_pb.js",
        "_pb.ts",
        "_pb.d.ts",
        ".gen.go",
        "_generated.go",
        ".g.cs",
        ".designer.cs",
        ".g.dart",
    ]
    .iter()
    .any(|end| name.ends_with(end))
        || folder.ends_with("build/generated")
        || folder.contains("build/generated/")
}

/// Whether a file is a step of a schema of Entity Framework: `20240102030405_AddLoans.cs`, without what stands
/// beside it for the tool alone.
pub(crate) fn is_schema_step(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let digits = name.bytes().take_while(u8::is_ascii_digit).count();
    let rest = name.get(digits..).unwrap_or_default();
    digits == 14 && rest.starts_with('_') && rest.ends_with(".cs") && rest.matches('.').count() == 1
}

/// Whether a package manager wrote the file to pin versions: nobody writes in it.
pub(crate) fn is_lock_file(path: &str) -> bool {
    const LONGEST: usize = "npm-shrinkwrap.json".len();
    let name = split_name(path).map_or(path, |(_, name)| name);
    if name.len() > LONGEST {
        return false;
    }
    let lower = lower(name);
    matches!(
        &*lower,
        "package-lock.json"
            | "npm-shrinkwrap.json"
            | "packages.lock.json"
            | "pnpm-lock.yaml"
            | "yarn.lock"
            | "bun.lock"
            | "cargo.lock"
            | "poetry.lock"
            | "uv.lock"
            | "pdm.lock"
            | "pipfile.lock"
            | "gemfile.lock"
            | "composer.lock"
            | "go.sum"
            | "mix.lock"
            | "pubspec.lock"
            | "gradle.lockfile"
    )
}

/// The folders of a path without those that only spell a Java or Kotlin package: `com/example/…`
/// below `src/main/java` is a name, not a sample.
pub(crate) fn outside_packages(folders: &str) -> &str {
    let mut at = 0;
    // The last three folders up to here.
    let mut before = ["", ""];
    for part in parts(folders) {
        let end = at + part.len();
        let is_root = matches!(part, "java" | "kotlin" | "scala" | "groovy")
            && before[0] == "src"
            && end < folders.len();
        if is_root {
            return &folders[..end];
        }
        before = [before[1], part];
        at = end + 1;
    }
    folders
}

/// Whether a file holds code of a program: one of a language that is read, or a page with scripts in it.
pub(crate) fn holds_code(path: &str) -> bool {
    use groundplan_syntax::Language;
    let name = split_name(path).map_or(path, |(_, name)| name);
    let page = || {
        let end = name.rsplit_once('.').map_or("", |(_, end)| end);
        matches!(
            end,
            "cshtml"
                | "ejs"
                | "ftl"
                | "gohtml"
                | "hbs"
                | "htm"
                | "html"
                | "jinja"
                | "jinja2"
                | "jsp"
                | "svelte"
                | "tmpl"
                | "vue"
        )
    };
    Language::of(path).is_code() || page()
}

#[cfg(test)]
mod tests {
    use super::{is_generated, is_never_built, is_test, is_translation};

    #[test]
    fn generated_files_say_so_below_their_licence() {
        let licence = "// Copyright the authors\n".repeat(14);
        let head = |text: &str| format!("{licence}\n{text}\n\npackage demo\n");
        assert!(is_generated(
            "x.go",
            &head("// Code generated by protoc-gen-go. DO NOT EDIT.")
        ));
        assert!(!is_generated(
            "x.go",
            &head("// Writes code; do not edit the result.")
        ));
        assert!(!is_generated(
            "x.go",
            "package x\n\nvar mark = \"// Code generated. DO NOT EDIT.\"\n"
        ));
        assert!(is_generated("build/generated/demo.h", ""));
    }

    #[test]
    fn folders_of_tests_are_told_by_their_names() {
        for path in [
            "pkg/validation/test_schemas/orders.yaml",
            "test-app/compose.yaml",
            "docker/test-images/shop-kafka/Dockerfile",
            "src/testdata/a.json",
        ] {
            assert!(is_test(path), "{path}");
        }
        for path in [
            "testimonials/list.go",
            "test-takers/app.py",
            "contest/data.go",
        ] {
            assert!(!is_test(path), "{path}");
        }
    }

    #[test]
    fn what_an_interface_says_is_told_by_folder_or_language() {
        for path in [
            "web/locales/en.json",
            "app/src/main/resources/messages_de.properties",
            "src/main/resources/ValidationMessages.properties",
            "public/zh-CN/common.json",
            "ui/pt_BR.yml",
            "lib/app_en.arb",
            "ios/de.lproj/Localizable.strings",
            "web/strings.fr.json",
            "src/main/resources/templates/login.properties",
            "src/main/resources/mail/welcome_pt_BR.properties",
        ] {
            assert!(is_translation(path), "{path}");
        }
        for path in [
            "config/db.yml",
            "deploy/es.yml",
            "src/application-de.properties",
            "src/main/resources/messages/application.properties",
            "services/messages/broker.properties",
            "src/main/java/org/lang/config.properties",
            "src/is.ts",
            "conf/messages-broker.yml",
            "config/eu-west/app.yml",
            "deploy/us-east/values.json",
            "conf/cluster_lb.properties",
        ] {
            assert!(!is_translation(path), "{path}");
        }
    }

    #[test]
    fn a_file_that_is_never_built_is_told_by_its_constraint() {
        assert!(is_never_built(
            "// Licence\n\n//go:build ignore\n\npackage main\n"
        ));
        assert!(is_never_built("//go:build tools && linux\npackage tools\n"));
        assert!(is_never_built("//go:build e2etest\n\npackage seed\n"));
        assert!(!is_never_built("//go:build attest\n\npackage seed\n"));
        assert!(!is_never_built(
            "//go:build !e2etest || latest\n\npackage seed\n"
        ));
        assert!(!is_never_built("//go:build linux\n\npackage main\n"));
        assert!(!is_never_built(
            "package main\n// the line //go:build ignore is told\n"
        ));
    }
}
