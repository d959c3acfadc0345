//! Test files.

use crate::extractor::{Extractor, PROGRAMS, Reads};
use crate::facts::{Claim, FileFacts, Mark};
use crate::finders::{Finders, both, firsts};
use crate::source::SourceFile;
use groundplan_model::Topic;
use groundplan_syntax::Language;
use memchr::memmem::Finder;
use std::cell::LazyCell;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "tests",
    docs: "\
### What it finds
One mark per file that defines tests, named `unit`, `integration` or `e2e` where its path or the
tools that it uses tell the level, else `unsorted`; one per load test, named by its tool, with the scenarios of k6.

### What it does not find
How many tests a file has, whether they pass, and files with helpers only.
",
    reads: &[Reads::Languages(&PROGRAMS), Reads::Paths(&["*.jmx"])],
    markers: &[
        "test", "Test", "it(", "describe", "locust", "k6", "gatling", "jmeter", "[Fact", "scenario",
    ],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let path = file.path.to_ascii_lowercase();
    if path
        .split('/')
        .any(|part| part == "node_modules" || part == "vendor")
    {
        return;
    }
    if let Some((said, first, last)) = scenarios(file) {
        let claim = Mark {
            topic: Topic::Stated,
            name: "load-tests".to_owned(),
            detail: Some(said),
        };
        acc.add(file, first, last, Claim::Mark(claim));
        return mark(acc, file, Topic::LoadTest, "k6", None, first);
    }
    if let Some((tool, line)) = load_test(file, &path) {
        return mark(acc, file, Topic::LoadTest, tool, None, line);
    }
    if sets_up(file.language, &path) || is_sample(file) {
        return;
    }
    let Some(line) = first_test(file, &path) else {
        // What tests stand on tells their level.
        if matches!(file.language, Language::Java | Language::Kotlin)
            && class_of(file.text).is_some()
            && kind(file.text, &path) == "integration"
            && file.text.contains("@SpringBootTest")
        {
            mark(acc, file, Topic::Test, BASE, None, 1);
        }
        return;
    };
    let kind = match begins_with_it(file) {
        true => "integration",
        false => kind(file.text, &path),
    };
    let above = class_of(file.text).and_then(|(_, above)| above);
    match (kind, above) {
        ("unsorted", Some(above)) if matches!(file.language, Language::Java | Language::Kotlin) => {
            let name = format!("{ABOVE}{above}");
            mark(acc, file, Topic::Test, kind, Some(&name), line);
        }
        _ => mark(acc, file, Topic::Test, kind, framework(file), line),
    }
}

/// The name of marks of classes that tests stand on and that start the program.
pub(crate) const BASE: &str = "base of integration tests";

/// The name of marks of builds that run integration tests apart from the others.
pub(crate) const APART: &str = "integration tests apart";

/// Begins the detail of a mark of a test of no level that stands on another class, with the name of that.
pub(crate) const ABOVE: &str = "stands on ";

/// The first class of a file of Java or Kotlin, and the one that it stands on.
fn class_of(text: &str) -> Option<(&str, Option<&str>)> {
    const HEADS: [&str; 5] = ["public ", "abstract ", "open ", "class ", "internal "];
    // Most files have no such line: only those are cut out in which the word stands.
    let mut lines = memchr::memmem::find_iter(text.as_bytes(), b"class ").filter_map(|at| {
        let begin = text.get(..at)?.rfind('\n').map_or(0, |end| end + 1);
        text.get(begin..)?.lines().next()
    });
    let line = lines.find(|line| {
        let line = line.trim_start();
        HEADS.iter().any(|word| line.starts_with(word))
    })?;
    let word = |rest: &str| {
        rest.find(|c: char| !(c.is_alphanumeric() || c == '_'))
            .unwrap_or(rest.len())
    };
    let (_, rest) = line.split_once("class ")?;
    let own = rest.get(..word(rest))?;
    let above = match rest.split_once(" extends ") {
        Some((_, above)) => Some(above),
        None => rest.split_once(" : ").map(|(_, above)| above),
    };
    let above = above
        .and_then(|above| above.get(..word(above)))
        .filter(|above| !above.is_empty());
    Some((own, above))
}

/// Whether a file is the test that a generator makes beside its first page or handler, as nobody has
/// changed it: its name, and what it expects.
pub(crate) fn is_sample(file: &SourceFile<'_>) -> bool {
    const SAMPLES: [(&str, &[&str]); 5] = [
        // https://github.com/nestjs/schematics, application
        ("app.e2e-spec", &["Hello World!"]),
        ("app.controller.spec", &["Hello World!"]),
        // https://github.com/facebook/create-react-app, cra-template
        ("App.test", &["learn react"]),
        // https://github.com/angular/angular-cli, schematics
        (
            "app.component.spec",
            &["should create the app", "app is running!"],
        ),
        ("app.component.spec", &["should create the app", "Hello, "]),
    ];
    // A file of one's own has more than the few cases that come with it.
    const MOST_LINES: u32 = 40;
    let name = file.name();
    SAMPLES.iter().any(|(stem, texts)| {
        let rest = name.strip_prefix(stem);
        rest.is_some_and(|rest| matches!(rest, ".ts" | ".tsx" | ".js" | ".jsx"))
            && texts.iter().all(|text| file.text.contains(text))
            && file.lines().count() <= MOST_LINES
    })
}

/// Whether a file holds the settings or commands of a test runner: tests read them, and they are
/// none. A file that is named a test is one wherever it lies.
fn sets_up(language: Language, path: &str) -> bool {
    if !matches!(language, Language::JavaScript | Language::TypeScript) {
        return false;
    }
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let named = [".spec.", ".test.", ".cy."]
        .iter()
        .any(|mark| name.contains(mark));
    let folders: Vec<&str> = folder.split('/').collect();
    let of_runner = folders.windows(2).any(|pair| {
        matches!(pair, [runner, "support"]
            if matches!(*runner, "cypress" | "e2e" | "playwright" | "end-to-end"))
    });
    !named && (name.contains(".config.") || of_runner)
}

fn mark(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    topic: Topic,
    name: &str,
    detail: Option<&str>,
    line: u32,
) {
    let mark = Mark {
        topic,
        name: name.to_owned(),
        detail: detail.map(str::to_owned),
    };
    acc.add(file, line, line, Claim::Mark(mark));
}

/// The tool of a load test and the line that shows it.
fn load_test(file: &SourceFile<'_>, path: &str) -> Option<(&'static str, u32)> {
    if path.ends_with(".jmx") {
        static PLAN: Finders = Finders::of(&["<jmeterTestPlan"]);
        let line = line_with(file.text, &PLAN)?;
        return Some(("JMeter", line));
    }
    static LOCUST: Finders = Finders::of(&["from locust import", "import locust"]);
    static K6: Finders = Finders::of(&["from 'k6", "from \"k6", "require('k6", "require(\"k6"]);
    static GATLING: Finders = Finders::of(&["import io.gatling"]);
    // One word tells more quickly that hardly any file has one of the marks.
    let (tool, word, marks) = match file.language {
        Language::Python => ("Locust", "locust", &LOCUST),
        Language::JavaScript | Language::TypeScript => ("k6", "k6", &K6),
        Language::Scala | Language::Java | Language::Kotlin => ("Gatling", "gatling", &GATLING),
        _ => return None,
    };
    if !file.says(word) || !marks.any(file.text) {
        return None;
    }
    line_with(file.text, marks).map(|line| (tool, line))
}

/// The load that the options of k6 put on, as they are written: `browse: vus 20, duration 1m`
/// (<https://grafana.com/docs/k6/latest/using-k6/scenarios/>). What is commented out is left out.
fn scenarios(file: &SourceFile<'_>) -> Option<(String, u32, u32)> {
    const KEYS: [&str; 6] = [
        "vus",
        "iterations",
        "duration",
        "rate",
        "timeUnit",
        "maxDuration",
    ];
    let script = matches!(file.language, Language::JavaScript | Language::TypeScript);
    let words = ["scenario", "executor:", " options = {"];
    if !script || !words.iter().all(|word| file.text.contains(word)) {
        return None;
    }
    let mut all: Vec<(&str, bool, Vec<String>)> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let (mut commented, mut from, mut to) = (false, None, 0);
    for (number, line) in (1_u32..).zip(file.text.lines()) {
        let line = line.trim();
        commented |= line.starts_with("/*");
        let out = commented || line.starts_with("//");
        commented &= !line.ends_with("*/");
        if out {
            continue;
        }
        if line.starts_with("export ") && line.contains(" options = {") {
            from = Some(number);
        }
        if line.starts_with('}') {
            open.pop();
        }
        let Some((key, value)) = line.split_once(':').filter(|_| from.is_some()) else {
            continue;
        };
        let value = value.split("//").next().unwrap_or_default().trim();
        let value = value.trim_end_matches(',').trim_matches(['\'', '"']);
        let key = key.trim();
        if value == "{" {
            open.push(all.len());
            all.push((key, false, Vec::new()));
        } else if let Some((_, starts, told)) = open.last().and_then(|at| all.get_mut(*at)) {
            *starts |= key == "executor";
            if KEYS.contains(&key)
                && value.len() < 12
                && value.starts_with(|c: char| c.is_ascii_digit())
            {
                told.push(format!("{key} {value}"));
                to = number;
            }
        }
    }
    let told: Vec<String> = all
        .into_iter()
        .filter(|(_, starts, told)| *starts && !told.is_empty())
        .take(6)
        .map(|(name, _, told)| format!("{name}: {}", told.join(", ")))
        .collect();
    (!told.is_empty()).then(|| (told.join("; "), from.unwrap_or(1), to))
}

fn line_with(text: &str, marks: &Finders) -> Option<u32> {
    let at = marks.places(text).flatten().min()?;
    Some(memchr::memchr_iter(b'\n', &text.as_bytes()[..at]).count() as u32 + 1)
}

/// The line of the first test, if path and text say that the file has tests.
fn first_test(file: &SourceFile<'_>, path: &str) -> Option<u32> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let below = |folders: &[&str]| path.split('/').any(|part| folders.contains(&part));
    static GO: Finders = Finders::of(&[
        "func Test",
        "func Benchmark",
        "func Fuzz",
        "func Example",
        "Describe(",
    ]);
    static PYTHON: Finders =
        Finders::of(&["def test_", "async def test_", "class Test", "TestCase)"]);
    static JAVA: Finders = Finders::of(&[
        "@Test",
        "@ParameterizedTest",
        "@RunWith(Cucumber",
        "AnyFlatSpec",
        "AnyFunSuite",
        "StringSpec(",
    ]);
    static JAVASCRIPT: Finders =
        Finders::of(&["it(", "test(", "describe(", "test.describe", "it.each"]);
    static RUST: Finders = Finders::of(&[
        "#[test]",
        "#[tokio::test",
        "#[sqlx::test",
        "#[actix_web::test",
        "#[actix_rt::test",
        "#[test_log::test",
        "#[async_test",
        "#[test_case",
        "#[rstest",
        "#[async_std::test",
    ]);
    static CSHARP: Finders = Finders::of(&[
        "[Fact",
        "[Theory",
        "[Test]",
        "[TestMethod]",
        "[TestCase(",
        "[Binding]",
    ]);
    static ELIXIR: Finders = Finders::of(&["test \"", "property \""]);
    static RUBY: Finders = Finders::of(&[
        "describe ",
        "def test_",
        "test \"",
        "test '",
        "it \"",
        "it '",
        "scenario ",
    ]);
    static PHP: Finders = Finders::of(&[
        "function test",
        "#[Test]",
        "/** @test",
        "* @test",
        "@test",
        "it('",
        " it(\"",
        "\nit(\"",
        // The functions of Pest; `latest('` ends alike.
        " test('",
        "\ntest('",
        " test(\"",
        "\ntest(\"",
    ]);
    let (by_path, marks): (bool, &Finders) = match file.language {
        Language::Go => (name.ends_with("_test.go"), &GO),
        Language::Python => (
            name.starts_with("test") || name.ends_with("_test.py") || below(&["tests", "test"]),
            &PYTHON,
        ),
        Language::Java | Language::Kotlin | Language::Scala => (true, &JAVA),
        Language::JavaScript | Language::TypeScript => (
            name.contains(".test.")
                || name.contains(".spec.")
                || name.contains(".cy.")
                || name.contains(".e2e.")
                || name.ends_with("_test.js")
                || below(&["__tests__", "test", "tests", "e2e", "cypress"]),
            &JAVASCRIPT,
        ),
        Language::Rust => (true, &RUST),
        Language::CSharp => (true, &CSHARP),
        Language::Elixir => (name.ends_with("_test.exs"), &ELIXIR),
        Language::Ruby => (
            name.ends_with("_spec.rb") || name.ends_with("_test.rb"),
            &RUBY,
        ),
        Language::Php => (name.ends_with("test.php") || below(&["tests"]), &PHP),
        _ => return None,
    };
    if !by_path {
        return None;
    }
    // A class that others take tests from, in a file that is not named a test, tests nothing itself.
    let by_name = name.starts_with("test") || name.trim_end_matches(".py").ends_with("test");
    if file.language == Language::Python
        && !by_name
        && memchr::memmem::find(file.text.as_bytes(), b"def test").is_none()
    {
        return None;
    }
    // Most files that have a word of the markers have no test.
    let mut found: Option<u32> = None;
    if marks.any(file.text) {
        for (mark, finder) in marks.each() {
            // What stands further down is not the first.
            let text = match found {
                Some(line) => file.lines().slice(1, line),
                None => file.text,
            };
            found = line_at_start(file, text, mark, finder).or(found);
        }
    }
    found.or_else(|| inherits(file))
}

/// Whether `integration` in a path speaks of the test: in the name of the file beside the word for a
/// test, or as a folder right below one of tests. Elsewhere it names what the code is about, as
/// `spec/models/integrations` and the package `integration` do, and its tests are of units.
fn in_test_folder(path: &str) -> bool {
    if !path.contains("integration") {
        return false;
    }
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    let parts: Vec<&str> = folders.split('/').collect();
    let words = |text: &str, wanted: &[&str]| {
        text.split(['-', '_', '.'])
            .any(|word| wanted.contains(&word))
    };
    let tests = |part: &str| {
        words(
            part,
            &["test", "tests", "spec", "specs", "testing", "cypress"],
        )
    };
    let by_folder = parts.iter().enumerate().any(|(at, part)| {
        let above = at.checked_sub(1).and_then(|above| parts.get(above));
        // In Python nothing but tests lies below a folder of tests.
        let below = path.ends_with(".py") && parts[..at].iter().any(|part| tests(part));
        words(part, &["integration"]) && tests(part)
            || *part == "integration" && (below || above.is_none_or(|above| tests(above)))
    });
    if by_folder {
        return true;
    }
    // In Ruby the word before `_spec` is that of the class.
    let ruby = name.ends_with(".rb");
    let own_package = parts.last() == Some(&"integration") && name.starts_with("integration_test.");
    let beside = [
        "integration_test",
        "integration-test",
        "integration.test",
        "integration.spec",
        "integration-spec",
        "integration_spec",
        "test_integration",
        "tests_integration",
        "test-integration",
        "integrationtest",
        "integrationspec",
        "testintegration",
    ];
    !ruby && !own_package && beside.iter().any(|word| name.contains(word))
}

/// Whether a file of Rust lies in the folder `tests` of a package, beside `src`: each is a program that
/// uses the package from outside
/// (<https://doc.rust-lang.org/book/ch11-03-test-organization.html#integration-tests>).
fn is_cargo_test(path: &str) -> bool {
    let folders = path.rsplit_once('/').map_or("", |(folders, _)| folders);
    let mut before = folders.split('/').take_while(|part| *part != "tests");
    folders.split('/').any(|part| part == "tests")
        && !before.any(|part| matches!(part, "src" | "test"))
}

/// The first class of Python that takes its tests from a base: `class RackTest(ViewTests.Standard)`.
fn inherits(file: &SourceFile<'_>) -> Option<u32> {
    if file.language != Language::Python {
        return None;
    }
    let is_test = |line: &str| {
        let bases = line
            .strip_prefix("class ")
            .and_then(|rest| rest.split_once('('));
        bases.is_some_and(|(_, bases)| bases.contains("Test"))
    };
    let at = file.text.lines().position(is_test)?;
    Some(at as u32 + 1)
}

/// The first line that begins with a mark, modifiers before it allowed: a mark inside a string or
/// in the middle of an expression is no test. `text` is what the file begins with.
fn line_at_start(
    file: &SourceFile<'_>,
    text: &str,
    mark: &str,
    finder: &Finder<'_>,
) -> Option<u32> {
    for at in finder.find_iter(text.as_bytes()).take(64) {
        let line = file.lines().line_of(at);
        let text = file.lines().text(line).trim_start();
        let before = text
            .find(mark)
            .map_or("", |at| text.get(..at).unwrap_or_default());
        let plain = before
            .chars()
            .all(|c| c.is_alphanumeric() || " _.:<>,[]".contains(c));
        let after = file.text.get(at + mark.len()..).unwrap_or_default();
        // `@TestConfiguration` configures and tests nothing.
        let whole = mark != "@Test" || !after.starts_with(|c: char| c.is_alphanumeric());
        let is_comment =
            ["//", "#", "*"].iter().any(|c| text.starts_with(c)) && !mark.starts_with(['#', '*']);
        // A fixture of pytest may be called like a test.
        let is_fixture = file.language == Language::Python
            && line > 1
            && file.lines().text(line - 1).contains("fixture");
        if plain && whole && !is_comment && !is_fixture {
            return Some(line);
        }
    }
    None
}

fn kind(text: &str, path: &str) -> &'static str {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.split('.').next().unwrap_or(name);
    let parts: Vec<&str> = path.split(['/', '-', '_', '.']).collect();
    let has = |words: &[&str]| parts.iter().any(|part| words.contains(part));
    const BROWSERS: [&str; 13] = [
        "@playwright/test",
        "cy.visit(",
        "org.openqa.selenium",
        "from selenium",
        "playwright.sync_api",
        "Microsoft.Playwright",
        "from 'playwright'",
        "from \"playwright\"",
        "from 'puppeteer",
        "from \"puppeteer",
        "require('puppeteer",
        "require(\"puppeteer",
        "chromedp/chromedp",
    ];
    const SERVICES: [&str; 15] = [
        "testcontainers",
        "@SpringBootTest",
        "@MicronautTest",
        "@QuarkusTest",
        "@QuarkusIntegrationTest",
        "@EmbeddedKafka",
        "ApplicationContext.run(EmbeddedServer",
        "ory/dockertest",
        "WebApplicationFactory",
        "supertest",
        // A client of the whole program, or a test case with a database
        // (<https://docs.djangoproject.com/en/5.2/topics/testing/tools/>).
        "rest_framework.test",
        "django.test import Client",
        "django.test import LiveServerTestCase",
        "django.test import TestCase",
        "django.test import TransactionTestCase",
    ];
    static OF_BROWSERS: Finders = Finders::of(&BROWSERS);
    static OF_SERVICES: Finders = Finders::of(&SERVICES);
    // Most tests have none of either, and one search tells so.
    static OF_EITHER: Finders = Finders::of(&const { both::<13, 15, 28>(&BROWSERS, &SERVICES) });
    let either = LazyCell::new(|| OF_EITHER.any(text));
    // A test that opens a store with its own client does not stand alone.
    static OF_STORES: Finders = Finders::of(&[
        "sql.Open(\"mysql",
        "sql.Open(\"pgx",
        "sql.Open(\"postgres",
        "sqlx.Connect(",
        "pgxpool.New(",
        "firestore.NewClient(",
        "mongo.Connect(",
    ]);
    // A client that calls the whole program in its process, and a session of its database.
    let whole = |text: &str| {
        path.ends_with(".py")
            && text.contains("testclient import TestClient")
            && [
                "sqlmodel import",
                "sqlalchemy",
                "import Session",
                "database",
            ]
            .iter()
            .any(|store| text.contains(store))
    };
    if has(&[
        "e2e",
        "cypress",
        "playwright",
        "endtoend",
        "acceptance",
        "acceptancetests",
    ])
        || path.contains("end-to-end")
        // Rails keeps tests of the browser there
        // (<https://guides.rubyonrails.org/testing.html#system-testing>).
        || path.ends_with("_test.rb") && format!("/{path}").contains("/test/system/")
        || path.ends_with("_spec.rb")
            && ["/spec/system/", "/spec/features/"]
                .iter()
                .any(|folder| format!("/{path}").contains(folder))
        || name.contains(".cy.")
        || *either && OF_BROWSERS.any(text)
    {
        "e2e"
    } else if in_test_folder(path)
        || path.ends_with(".rs") && is_cargo_test(path)
        || has(&[
            "integrationtest",
            "integrationtests",
            "inttest",
            "it",
            "functional",
            "functionaltests",
        ])
        || stem.ends_with("functionaltests")
        || is_of_application(text, path)
        || path.ends_with("_test.go") && OF_STORES.any(text)
        || (stem.ends_with("it")
            && (name.ends_with(".java") || name.ends_with(".kt"))
            && ends_in_it(path, text))
        || *either && OF_SERVICES.any(text)
        || whole(text)
    {
        "integration"
    } else if has(&["unit", "units", "unittest", "unittests"])
        || stands_alone(text, path)
        // Tests of Rust beside the code are of units
        // (<https://doc.rust-lang.org/book/ch11-03-test-organization.html>).
        || path.ends_with(".rs")
    {
        "unit"
    } else {
        // That no other tool was seen does not make it a test of one unit.
        "unsorted"
    }
}

/// Whether a test of Java, Kotlin or C# gives what it tests stand-ins for its collaborators and starts
/// nothing (<https://javadoc.io/doc/org.mockito/mockito-core/latest/org.mockito/org/mockito/Mockito.html>).
fn stands_alone(text: &str, path: &str) -> bool {
    static MOCKS: Finders = Finders::of(&[
        "MockitoExtension",
        "MockitoJUnitRunner",
        "@InjectMocks",
        "MockKExtension",
        "new Mock<",
        "Substitute.For<",
    ]);
    [".java", ".kt", ".cs"]
        .iter()
        .any(|end| path.ends_with(end))
        && MOCKS.any(text)
}

/// Whether a test of Ruby or PHP sends requests to the whole application: request specs
/// (<https://rspec.info/features/8-0/rspec-rails/request-specs/request-spec/>), the integration tests of
/// Rails, and what stands on the test case of Laravel or Symfony that boots the application
/// (<https://laravel.com/docs/testing>), but for what is kept as a unit test.
fn is_of_application(text: &str, path: &str) -> bool {
    if !path.ends_with(".rb") && !path.ends_with(".php") {
        return false;
    }
    let path = format!("/{path}");
    if path.ends_with("_spec.rb") {
        return path.contains("/spec/requests/");
    }
    if path.ends_with("_test.rb") {
        return text.contains("ActionDispatch::IntegrationTest");
    }
    let boots = || {
        let own = text.contains("namespace Tests") && text.contains("extends TestCase");
        let plain = text.contains("PHPUnit\\Framework\\TestCase");
        text.contains("use Tests\\TestCase;")
            || own && !plain
            || [
                "extends WebTestCase",
                "extends KernelTestCase",
                "extends ApiTestCase",
            ]
            .iter()
            .any(|base| text.contains(base))
    };
    path.ends_with(".php")
        && !path.contains("/unit/")
        && (path.contains("/tests/feature/") || boots())
}

/// Whether a class of Java or Kotlin is named `IT…`, as Failsafe takes it for an integration test
/// (<https://maven.apache.org/surefire/maven-failsafe-plugin/examples/inclusion-exclusion.html>).
fn begins_with_it(file: &SourceFile<'_>) -> bool {
    let stem = file.name().split('.').next().unwrap_or_default();
    let mut rest = stem.strip_prefix("IT").unwrap_or_default().chars();
    matches!(file.language, Language::Java | Language::Kotlin)
        && rest.next().is_some_and(|c| c.is_ascii_uppercase())
        && rest.next().is_some_and(|c| c.is_ascii_lowercase())
}

/// Whether the class is named `…IT`, and not by a word that ends in "it".
fn ends_in_it(path: &str, text: &str) -> bool {
    let stem = path.rsplit('/').next().unwrap_or(path);
    let stem = stem.split('.').next().unwrap_or(stem);
    text.match_indices("class ").take(8).any(|(at, _)| {
        let name: String = text[at + 6..]
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect();
        name.ends_with("IT") && name.eq_ignore_ascii_case(stem)
    })
}

/// The framework that the file names.
fn framework(file: &SourceFile<'_>) -> Option<&'static str> {
    const FRAMEWORKS: [(&str, &str); 22] = [
        ("org.junit.jupiter", "JUnit 5"),
        ("org.junit", "JUnit 4"),
        ("org.testng", "TestNG"),
        ("io.kotest", "Kotest"),
        ("@playwright/test", "Playwright"),
        ("cy.visit(", "Cypress"),
        ("from 'vitest'", "Vitest"),
        ("from \"vitest\"", "Vitest"),
        ("node:test", "node:test"),
        ("@jest/globals", "Jest"),
        ("jest.", "Jest"),
        ("import pytest", "pytest"),
        ("from pytest", "pytest"),
        ("django.test", "Django"),
        ("import unittest", "unittest"),
        ("from unittest", "unittest"),
        ("using Xunit", "xUnit"),
        ("using NUnit", "NUnit"),
        ("Microsoft.VisualStudio.TestTools", "MSTest"),
        ("RSpec.describe", "RSpec"),
        ("ActiveSupport::TestCase", "Minitest"),
        ("github.com/onsi/ginkgo", "Ginkgo"),
    ];
    static MARKS: Finders = Finders::of(&const { firsts(&FRAMEWORKS) });
    let found = MARKS.first(file.text).and_then(|at| FRAMEWORKS.get(at));
    found.map(|(_, name)| *name)
}
