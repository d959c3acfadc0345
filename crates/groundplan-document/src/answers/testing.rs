//! Tests by level and part.

use super::goals::distinct;
use super::records;
use super::seen::end;
use super::tools::{lines, package_texts, told, tools};
use super::traces::with_code;
use crate::answer::Answer;
use crate::context::{Context, counted};
use crate::subject::Subject;
use crate::text::{first_places, name, names, plain_cell, table};
use crate::tree::{Block, Span, Text};
use crate::words;
use groundplan_knowledge::{Category, knowledge};
use groundplan_model::{
    CALLED, Element, Job, JobStage, Observation, Pipeline, Provenance, Role, Topic,
};
use std::collections::BTreeMap;

records! {
    "end-to-end-tests": |c, _| level(c, Level::EndToEnd), "Tests of the whole system.";
    "integration-tests": |c, _| level(c, Level::Integration), "Tests of parts together.";
    "tests": tests, "How many test files each part has, and what runs them.";
    "unit-tests": |c, _| level(c, Level::Unit), "Tests of single parts.";
}

/// Level of a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Unit,
    Integration,
    EndToEnd,
    /// Files of which neither path nor imports prove a level.
    Unknown,
}

impl Level {
    const ALL: [Level; 4] = [
        Level::Unit,
        Level::Integration,
        Level::EndToEnd,
        Level::Unknown,
    ];

    /// Name of the observations that speak of the level.
    fn of(name: &str) -> Option<Level> {
        match name {
            "unit" => Some(Level::Unit),
            "integration" => Some(Level::Integration),
            "e2e" => Some(Level::EndToEnd),
            "unsorted" => Some(Level::Unknown),
            _ => None,
        }
    }

    fn noun(self) -> &'static str {
        match self {
            Level::Unit => "unit test",
            Level::Integration => "integration test",
            Level::EndToEnd => "end-to-end test",
            Level::Unknown => "test",
        }
    }

    /// The head of a column with the number of its files.
    fn head(self) -> String {
        match self {
            Level::Unknown => "Test files of all levels".to_owned(),
            level => words::capital(&format!("{} files", level.noun())),
        }
    }

    fn declared(self) -> &'static str {
        match self {
            Level::Unit => "testing.unit",
            Level::Integration => "testing.integration",
            Level::EndToEnd => "testing.end_to_end",
            Level::Unknown => "testing",
        }
    }
}

/// Files with tests of one level in one part of the repository.
struct Files<'a> {
    /// Name of the element; `None` outside of all elements.
    element: Option<&'a str>,
    level: Level,
    files: usize,
    provenance: &'a Provenance,
}

/// Number of files at the beginning of a detail: `24 files`.
fn files(o: &Observation) -> usize {
    let detail = o.detail.as_deref().unwrap_or("");
    let number = detail.split_whitespace().next().unwrap_or("");
    match detail.contains("file") {
        true => number.parse().unwrap_or(1),
        false => 1,
    }
}

/// Test files by part and level. One extractor sorts files by level, others name the framework of
/// the same files: a part that has the first does not need the second.
fn test_files<'a>(c: &Context<'a>) -> Vec<Files<'a>> {
    let all = c.seen(Topic::Test);
    let sorted: Vec<Option<&str>> = all
        .iter()
        .filter(|o| Level::of(&o.name).is_some())
        .map(|o| o.element.as_deref())
        .collect();
    let mut out: Vec<Files> = Vec::new();
    for o in all {
        let element = o.element.as_deref();
        let level = match Level::of(&o.name) {
            Some(level) => level,
            None if sorted.contains(&element) => continue,
            None => by_framework(&o.name),
        };
        let name = element.map(|id| c.name_of(id));
        match out
            .iter_mut()
            .find(|f| f.element == name && f.level == level)
        {
            Some(found) => found.files += files(o),
            None => out.push(Files {
                element: name,
                level,
                files: files(o),
                provenance: &o.provenance,
            }),
        }
    }
    out
}

fn by_framework(name: &str) -> Level {
    let browser = knowledge()
        .by_name(name)
        .is_some_and(|t| t.category == Category::BrowserTesting);
    if browser {
        Level::EndToEnd
    } else {
        Level::Unknown
    }
}

/// Names of test libraries, most used first.
fn libraries<'a>(c: &Context<'a>, categories: &[Category]) -> (Vec<&'a str>, Vec<&'a Provenance>) {
    let all = tools(c, |t| categories.contains(&t.category));
    let named: Vec<&str> = all.iter().map(|t| t.name).collect();
    let wanted =
        |technology: &Option<String>| technology.as_deref().is_some_and(|t| named.contains(&t));
    let sources = c
        .blueprint
        .dependencies
        .iter()
        .filter(|d| wanted(&d.technology))
        .map(|d| &d.provenance);
    let sources = sources.take(2).collect();
    (named, sources)
}

fn library_text(c: &Context, categories: &[Category]) -> Option<Text> {
    let (all, sources) = libraries(c, categories);
    if all.is_empty() {
        return None;
    }
    let spans = all.iter().map(|n| Span::Plain((*n).to_owned())).collect();
    let text = Text::plain("Test libraries: ").spans(words::list_spans(spans, 8, "and"));
    Some(end(text.from(&first_places(sources, 2))))
}

/// Jobs of a stage with their pipelines.
fn jobs<'a>(c: &Context<'a>, stage: JobStage) -> Vec<(&'a Pipeline, &'a Job)> {
    let all = c
        .blueprint
        .pipelines
        .iter()
        .flat_map(|p| p.jobs.iter().map(move |j| (p, j)));
    // A job that calls a workflow of the repository is told by the jobs of that workflow.
    let calls = |j: &Job| matches!(j.steps.as_slice(), [step] if step.starts_with("uses ./"));
    all.filter(|(_, j)| j.stages.contains(&stage) && !calls(j))
        .collect()
}

/// `` Job `test` of `CI` runs tests on pull_request ``.
fn job_text(p: &Pipeline, j: &Job, does: &str) -> Text {
    let text = Text::plain("Job ")
        .then_code(&j.name)
        .then(" of ")
        .then_code(&p.name)
        .then(format!(" {does}"));
    let text = match super::delivery::triggers_of(p, &[j]).as_slice() {
        [] => text,
        [only] if only.as_str() == CALLED => text.then(" where another workflow calls it"),
        some => text.then(" on ").spans(words::list_spans(
            some.iter()
                .map(|t| Span::Plain(words::short(t, 60)))
                .collect(),
            3,
            "and",
        )),
    };
    end(text.from(&j.provenance))
}

/// Which pipelines run tests; names the jobs if there are few.
fn runs_text(c: &Context) -> Option<Text> {
    let all = jobs(c, JobStage::Test);
    match all.as_slice() {
        [] => None,
        [(p, j)] => Some(job_text(p, j, "runs tests")),
        many => {
            let pipelines = distinct(many.iter().map(|(p, _)| p.name.as_str()));
            let text = Text::plain(words::capital(&words::spelled_count(many.len(), "job")));
            let text = text.then(" run tests, in ").spans(names(pipelines, 5));
            Some(end(text.from(&first_places(
                many.iter().map(|(_, j)| &j.provenance),
                3,
            ))))
        }
    }
}

/// Languages whose files of tests are known by path, annotation or call.
const TESTED: [&str; 11] = [
    "C#",
    "Go",
    "Java",
    "JavaScript",
    "Kotlin",
    "PHP",
    "Python",
    "Ruby",
    "Rust",
    "Scala",
    "TypeScript",
];

fn no_test(c: &Context, noun: &str) -> Answer {
    let read = &c.blueprint.coverage.languages;
    let known: Vec<&str> = TESTED
        .iter()
        .filter(|t| read.iter().any(|l| l.language == **t))
        .copied()
        .collect();
    let place = match known.is_empty() {
        true => "file names".to_owned(),
        false => format!("files in {}", words::list(&known, "and")),
    };
    c.absent(noun, &[&place], "testing")
}

/// `38 files with tests in 5 of 7 services; `a` and `b` have none.`
fn summary(c: &Context, all: &[Files]) -> Text {
    let total: usize = all.iter().map(|f| f.files).sum();
    let own = with_code(c);
    let named = |e: &Element| all.iter().any(|f| f.element == Some(e.name.as_str()));
    // Processes of one source share its tests.
    let tested = |e: &&Element| {
        let shares = |o: &&Element| o.source.is_some() && o.source == e.source && named(o);
        named(e) || own.iter().any(shares)
    };
    let (with, without): (Vec<&Element>, Vec<&Element>) = own.iter().copied().partition(tested);
    // Where all are of one level, they are called by it: end-to-end tests are no unit tests.
    let tests = match all.split_first() {
        Some((one, rest)) if rest.iter().all(|f| f.level == one.level) => {
            words::plural(one.level.noun())
        }
        _ => "tests".to_owned(),
    };
    let mut text = Text::plain(match c.designed() {
        true => format!(
            "{} with {tests}, to be written",
            words::count(total, "file")
        ),
        false => {
            let unsorted = all.iter().all(|f| f.level == Level::Unknown);
            let aside = match unsorted {
                true => " (levels not told apart)",
                false => "",
            };
            format!("{} with {tests}{aside}", words::count(total, "file"))
        }
    });
    // Tests that stand apart may be about any part: nobody can be said to have none.
    let apart: usize = all
        .iter()
        .filter(|f| f.element.is_none())
        .map(|f| f.files)
        .sum();
    // So may those of libraries, which parts are built with.
    let libraries = c.blueprint.elements.iter();
    let libraries: Vec<&str> = libraries
        .filter(|e| e.role == Some(Role::Library))
        .map(|e| e.name.as_str())
        .collect();
    let shared: Vec<&Files> = (all.iter())
        .filter(|f| f.element.is_some_and(|e| libraries.contains(&e)))
        .collect();
    let in_libraries: usize = shared.iter().map(|f| f.files).sum();
    if in_libraries > 0 {
        let of = distinct_owned(shared.iter().filter_map(|f| f.element).map(str::to_owned));
        let verb = words::verb_for(in_libraries, "stands", "stand");
        let noun = if of.len() == 1 {
            "library"
        } else {
            "libraries"
        };
        text = text
            .then(format!(", {in_libraries} of which {verb} in the {noun} "))
            .spans(names(of.iter().map(String::as_str), 4));
        if apart > 0 {
            text = text.then(format!(" and {apart} outside of parts and libraries"));
        }
    } else if own.len() > 1 && !with.is_empty() {
        text = match without.len() {
            _ if apart > 0 => {
                let verb = words::verb_for(apart, "stands", "stand");
                text.then(format!(
                    ", {apart} of which {verb} outside of the parts told here"
                ))
            }
            0 => text.then(format!(
                " in all {} parts with code here",
                words::spelled(own.len())
            )),
            n => {
                let lead = format!(" in {} of {} parts with code here; ", with.len(), own.len());
                let text = text
                    .then(lead)
                    .spans(names(without.iter().map(|e| e.name.as_str()), 6));
                text.then(words::verb_for(n, " has none", " have none"))
            }
        };
    }
    let text = text.from(&first_places(all.iter().map(|f| f.provenance), 3));
    let inputs = all.iter().filter_map(|f| f.element).map(str::to_owned);
    end(counted(
        text,
        "sum of the files that define tests",
        distinct_owned(inputs),
    ))
}

fn distinct_owned(all: impl Iterator<Item = String>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for word in all {
        if !out.contains(&word) {
            out.push(word);
        }
    }
    out
}

fn tests<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let all = test_files(c);
    if all.is_empty() {
        return told(c, &["testing.strategy", "testing"], no_test(c, "test"));
    }
    let mut rows: BTreeMap<Option<&str>, Vec<&Files>> = BTreeMap::new();
    for f in &all {
        rows.entry(f.element).or_default().push(f);
    }
    let mut rows: Vec<(Option<&str>, Vec<&Files>)> = rows.into_iter().collect();
    let total = |files: &[&Files]| files.iter().map(|f| f.files).sum::<usize>();
    rows.sort_by_key(|(_, files)| std::cmp::Reverse(total(files)));
    let mut blocks = vec![Block::Paragraph(summary(c, &all))];
    let levels: Vec<Level> = Level::ALL
        .into_iter()
        .filter(|l| all.iter().any(|f| f.level == *l))
        .collect();
    if rows.len() > 1 {
        let cells = rows.iter().take(12).map(|(element, files)| {
            let place = match element {
                Some(e) => name(e),
                None => Text::plain("tied to no part"),
            };
            let mut row = vec![place.from(&first_places(files.iter().map(|f| f.provenance), 1))];
            row.extend(levels.iter().map(|l| {
                let n: usize = files
                    .iter()
                    .filter(|f| f.level == *l)
                    .map(|f| f.files)
                    .sum();
                plain_cell(&if n == 0 {
                    String::new()
                } else {
                    words::number(n as u64)
                })
            }));
            row
        });
        let heads: Vec<String> = levels.iter().map(|l| l.head()).collect();
        let columns: Vec<&str> = std::iter::once("Component")
            .chain(heads.iter().map(String::as_str))
            .collect();
        blocks.push(table(&columns, cells.collect()));
        if rows.len() > 12 {
            let more = rows.len() - 12;
            let text = format!(
                "{} {} tests too.",
                words::count(more, "more component"),
                words::verb_for(more, "has", "have")
            );
            blocks.push(Block::Paragraph(Text::plain(text)));
        }
    }
    blocks.extend(
        library_text(c, &[Category::Testing, Category::BrowserTesting]).map(Block::Paragraph),
    );
    blocks.extend(runs_text(c).map(Block::Paragraph));
    told(c, &["testing.strategy", "testing"], Answer::blocks(blocks))
}

/// `309 files with tests in `api`; their levels were not told apart.`
fn unsorted(all: &[&Files]) -> Text {
    let total: usize = all.iter().map(|f| f.files).sum();
    let text = Text::plain(format!("{} with tests", words::count(total, "file")));
    let parts = distinct(all.iter().filter_map(|f| f.element));
    let text = match parts.is_empty() {
        true => text,
        false => {
            let text = text.then(match all.iter().any(|f| f.element.is_none()) {
                true => ", among others in ",
                false => " in ",
            });
            text.spans(names(parts, 4))
        }
    };
    let text = text.then(words::verb_for(
        total,
        "; its level was not told by path or imports",
        "; their levels were not told apart by path or imports",
    ));
    end(text.from(&first_places(all.iter().map(|f| f.provenance), 3)))
}

fn level(c: &Context, level: Level) -> Answer {
    let all = test_files(c);
    let mut mine: Vec<&Files> = all.iter().filter(|f| f.level == level).collect();
    mine.sort_by_key(|f| std::cmp::Reverse(f.files));
    let total: usize = mine.iter().map(|f| f.files).sum();
    let mut out: Vec<Text> = Vec::new();
    if total > 0 {
        let mut text = Text::plain(words::count(total, "file"));
        let named: Vec<&&Files> = mine.iter().filter(|f| f.element.is_some()).collect();
        if !named.is_empty() {
            let mut spans: Vec<Span> = Vec::new();
            for (i, f) in named.iter().take(5).enumerate() {
                let last = i + 1 == named.len();
                let joint = match i {
                    0 => "",
                    _ if last => " and ",
                    _ => ", ",
                };
                if !joint.is_empty() {
                    spans.push(Span::Plain(joint.to_owned()));
                }
                spans.push(Span::Code(f.element.unwrap_or("").to_owned()));
                // One number alone is that of the part only where nothing stands outside of it.
                if named.len() > 1 || f.files < total {
                    spans.push(Span::Plain(format!(" ({})", f.files)));
                }
            }
            if named.len() > 5 {
                spans.push(Span::Plain(format!(" and {} more", named.len() - 5)));
            }
            text = text.then(" in ").spans(spans);
        }
        let outside: usize = mine
            .iter()
            .filter(|f| f.element.is_none())
            .map(|f| f.files)
            .sum();
        text = match (outside, named.is_empty()) {
            (0, _) => text,
            (_, true) => text.then(" outside of the parts told here"),
            (n, false) => text.then(format!(", {n} outside of the parts told here")),
        };
        out.push(end(
            text.from(&first_places(mine.iter().map(|f| f.provenance), 3))
        ));
        // Most tests of single parts carry no word for it.
        let open: Vec<&Files> = all.iter().filter(|f| f.level == Level::Unknown).collect();
        if level == Level::Unit && !open.is_empty() {
            out.push(unsorted(&open));
        }
    }
    if level == Level::EndToEnd {
        let browsers = tools(c, |t| t.category == Category::BrowserTesting);
        out.extend(browsers.iter().flat_map(package_texts).take(3));
    }
    // Where levels were not told apart, none of them can be denied.
    let open: Vec<&Files> = all.iter().filter(|f| f.level == Level::Unknown).collect();
    let answer = lines(out).unwrap_or_else(|| match (open.is_empty(), level) {
        (true, _) => no_test(c, level.noun()),
        // A test of the whole from outside needs something that drives it.
        (false, Level::EndToEnd) => {
            let text = Text::plain(
                "No tool that drives a browser was found among the packages, nor a folder or file named after \
                 such tests; ",
            );
            let total: usize = open.iter().map(|f| f.files).sum();
            let rest = words::verb_for(
                total,
                " with tests is of a level that was not told",
                " with tests are of levels that were not told apart",
            );
            let text = text.then(format!("{}{rest}", words::count(total, "file")));
            Answer::text(end(text.from(&first_places(open.iter().map(|f| f.provenance), 2))))
        }
        (false, _) => Answer::text(unsorted(&open)),
    });
    told(c, &[level.declared()], answer)
}

#[cfg(test)]
mod details {
    use super::*;

    fn observation(detail: Option<&str>) -> Observation {
        Observation {
            topic: Topic::Test,
            element: None,
            name: "unit".to_owned(),
            detail: detail.map(str::to_owned),
            provenance: Provenance::observed([]),
        }
    }

    #[test]
    fn files_are_counted_from_the_detail() {
        for (detail, wanted) in [
            (Some("24 files"), 24),
            (Some("1 file"), 1),
            (Some("JUnit 5"), 1),
            (None, 1),
        ] {
            assert_eq!(files(&observation(detail)), wanted, "{detail:?}");
        }
    }
}
