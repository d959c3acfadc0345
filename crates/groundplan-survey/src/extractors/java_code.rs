//! What Java and Kotlin files import, read, switch on and start.

mod properties;

use crate::code_lines;
use crate::environment::{is_own_reader, placeholder_keys};
use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Import, Purpose};
use crate::finders::Finders;
use crate::prose;
use crate::scan::{self, Part};
use crate::source::SourceFile;
use crate::values::Values;
use groundplan_model::Topic;
use groundplan_syntax::{Annotation, Code, DeclKind, Declared, Language, TokenKind};
use std::cell::OnceCell;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "java-code",
    docs: "\
### What it finds
In Java and Kotlin: imports and the package of the file, variables of the environment and keys of
the configuration that code reads (`System.getenv`, `@Value`,
`@ConfigProperty`, `Environment.getProperty`, fields of `@ConfigurationProperties`), properties that switch a class on, entry points, what
an application class or a package says it is for, and comments that say that work is left. Of tests
only imports and the number of cases are kept.

### What it does not find
Keys that are put together at run time, entry points that a build tool sets, and configuration
classes of other files.
",
    reads: &[Reads::Languages(&[Language::Java, Language::Kotlin])],
    markers: &[],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let part = scan::part(file);
    if part == Part::Foreign {
        return;
    }
    if part == Part::Test {
        tested(acc, file);
        return;
    }
    // Half of the files of large trees have nothing but imports for this, and are not split into tokens
    // beyond them.
    static ANNOTATIONS: Finders = Finders::of(&[
        "@Value",
        ".Value",
        "ConfigProperty",
        "ConfigurationProperties",
        "ConditionalOnProperty",
        "ConditionalOnBooleanProperty",
        "SpringBootApplication",
        "SpringBootConfiguration",
        "SpringCloudApplication",
        "EnableAutoConfiguration",
        "QuarkusMain",
    ]);
    if let Some(end) = imports_end(file.text) {
        file.with_code_up_to(end, |code| imports(acc, file, code));
    }
    if may_read(file.text) {
        reads(acc, file);
    }
    if ANNOTATIONS.any(file.text) {
        let values = OnceCell::new();
        for declared in &file.outline().declared {
            for annotation in &declared.annotations {
                injected(acc, file, &values, declared, annotation);
            }
            entries(acc, file, declared);
        }
    }
    starts(acc, file);
    if file.name() == "package-info.java" {
        package_purpose(acc, file);
    }
    prose::todos(acc, file);
}

/// Imports and cases of a test file, by its lines: half of the files of many trees are tests, and
/// to read each of them whole would cost a tenth of a survey.
fn tested(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let mut body = None;
    let mut cases: Vec<u32> = Vec::new();
    for (at, text) in code_lines::lines(file) {
        if text.starts_with('@') {
            cases.extend(is_case(text).then_some(at));
        }
        let word = |word: &str| text.strip_prefix(word)?.strip_prefix([' ', '\t']);
        if let Some(name) = word("import") {
            named(acc, file, at, "", name);
        } else if let Some(name) = word("package") {
            named(acc, file, at, "package:", name);
        } else if text
            .split_ascii_whitespace()
            .any(|word| matches!(word, "class" | "interface" | "enum" | "record"))
        {
            body = Some(at + 1);
            break;
        }
    }
    // Of what follows nothing but annotations is wanted.
    for (at, text) in body.map_or_else(Vec::new, |at| code_lines::lines_with(file, at, b'@')) {
        cases.extend(is_case(text).then_some(at));
    }
    let framework = if file.says("org.testng") {
        "testng"
    } else {
        "junit"
    };
    scan::tests(acc, file, framework, &cases);
}

/// An import as its line gives it: `static a.b.C.d;`, `a.b.C as D`.
fn named(acc: &mut FileFacts, file: &SourceFile<'_>, line: u32, kind: &str, text: &str) {
    let text = text.trim();
    let text = text.strip_prefix("static ").unwrap_or(text);
    // A name is short: to look at its bytes one by one takes less than a search.
    let end = text.bytes().position(|b| matches!(b, b';' | b'/'));
    let name = &text[..end.unwrap_or(text.len())];
    let name = match name.bytes().any(|b| b == b' ') {
        true => name.split(" as ").next().unwrap_or_default().trim(),
        false => name,
    };
    let has_blanks = match name.is_ascii() {
        true => name.bytes().any(|b| b.is_ascii_whitespace() || b == 11),
        false => name.contains(char::is_whitespace),
    };
    if !name.is_empty() && name.len() < 300 && !has_blanks {
        let module = [kind, name].concat();
        acc.add(file, line, line, Claim::Import(Import { module }));
    }
}

/// Whether a line of annotations has one that marks a test case.
fn is_case(line: &str) -> bool {
    const CASES: [&str; 5] = [
        "Test",
        "ParameterizedTest",
        "RepeatedTest",
        "TestFactory",
        "Scenario",
    ];
    line.split('@').skip(1).any(|written| {
        let end = written.find(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '.'));
        let name = &written[..end.unwrap_or(written.len())];
        CASES.contains(&name.rsplit('.').next().unwrap_or(name))
    })
}

/// Where the last line ends that has the word of an import or of a package.
fn imports_end(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let is_part = |b: &u8| b.is_ascii_alphanumeric() || matches!(*b, b'_' | b'$') || *b >= 128;
    let last = |word: &str| {
        // From the front, since only that way many bytes are looked at at once.
        let places = memchr::memmem::find_iter(bytes, word);
        let whole = places.filter(|at| {
            let before = at.checked_sub(1).and_then(|at| bytes.get(at));
            !before.is_some_and(is_part) && !bytes.get(at + word.len()).is_some_and(is_part)
        });
        whole.last().map(|at| at + word.len())
    };
    let from = last("import").max(last("package"))?;
    let rest = bytes.get(from..).unwrap_or_default();
    Some(memchr::memchr(b'\n', rest).map_or(text.len(), |end| from + end))
}

/// Imports of the file. They stand in its head, so the search ends at the first type.
fn imports(acc: &mut FileFacts, file: &SourceFile<'_>, code: &Code<'_>) {
    let mut at = 0;
    while at < code.tokens.len() {
        let begins = at == 0
            || code.line(at) > code.line(at - 1)
            || matches!(code.raw(at - 1), ";" | "}" | ")");
        match code.raw(at) {
            word @ ("import" | "package") if begins => {
                let first = if code.is(at + 1, "static") {
                    at + 2
                } else {
                    at + 1
                };
                let line = code.line(at);
                let mut end = first;
                while end < code.tokens.len()
                    && code.line(end) == line
                    && !matches!(code.raw(end), ";" | "as")
                {
                    end += 1;
                }
                // Kotlin writes names that are words of its own in backticks.
                let mut name = scan::joined(code, first..end);
                if name.contains('`') {
                    let parts = (first..end).map(|i| code.raw(i));
                    name = parts.filter(|part| *part != "`").collect();
                }
                if !name.is_empty() && name.len() < 300 {
                    let module = if word == "package" {
                        format!("package:{name}")
                    } else {
                        name
                    };
                    acc.add(file, line, line, Claim::Import(Import { module }));
                }
                at = end;
            }
            // `@file:OptIn(Wire::class)` names a type and begins none.
            "class" | "interface" | "enum" | "record" if at == 0 || !code.is(at - 1, ":") => return,
            _ => at += 1,
        }
    }
}

/// Whether a text may have a call that reads the environment or configuration by name: one that is known,
/// or one with a name of its own that is given the name of a variable.
fn may_read(text: &str) -> bool {
    static KNOWN: Finders = Finders::of(&["getenv", "getProperty", "getRequiredProperty"]);
    static OWN: Finders = Finders::of(&["env", "Env", "ENV"]);
    let bytes = text.as_bytes();
    let is_part = |b: &&u8| b.is_ascii_uppercase() || b.is_ascii_digit() || **b == b'_';
    let variable = || {
        memchr::memchr2_iter(b'"', b'\'', bytes).any(|at| {
            let rest = &bytes[at + 1..];
            let name = rest.iter().take_while(is_part).count();
            // What a line leaves open ends with it.
            name > 2 && matches!(rest.get(name), None | Some(b'"' | b'\'' | b'\r' | b'\n'))
        })
    };
    KNOWN.any(text) || OWN.any(text) && variable()
}

/// Calls that read the environment or configuration by name.
fn reads(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let code = file.code();
    for call in code.calls() {
        let last = call.open - 1;
        let own = is_own_reader(code, last, code.raw(last));
        let known = matches!(
            code.raw(last),
            "getenv" | "getOrDefault" | "getProperty" | "getRequiredProperty" | "get"
        );
        if !own && !known {
            continue;
        }
        let Some(name) = code.string(call.open + 1) else {
            continue;
        };
        let receiver = last.checked_sub(2).map_or("", |at| code.raw(at));
        let default = code
            .arguments(call.open)
            .get(1)
            .and_then(|range| code.string(range.start));
        let by_name = own
            || match code.raw(last) {
                "getenv" => receiver == "System",
                "getOrDefault" => code.name(call) == "System.getenv().getOrDefault",
                "getProperty" | "getRequiredProperty" => {
                    receiver.eq_ignore_ascii_case("env")
                        || receiver.eq_ignore_ascii_case("environment")
                }
                "get" => code.name(call) == "System.getenv().get",
                _ => false,
            };
        if by_name {
            scan::env(acc, file, call.line, name, default);
        }
    }
}

/// Annotations that inject configuration.
fn injected<'f, 't>(
    acc: &mut FileFacts,
    file: &'f SourceFile<'t>,
    values: &OnceCell<Values<'f, 't>>,
    declared: &Declared,
    annotation: &Annotation,
) {
    let code = file.code();
    let Some(open) = annotation.open else { return };
    // Few files inject anything, so values are read when the first does.
    let fold = |range| values.get_or_init(|| Values::new(file)).fold(range);
    let text = |names: &[&str]| -> Option<String> {
        let named = names.iter().find_map(|n| code.named_argument(open, n));
        let range = named.or_else(|| {
            let first = code.arguments(open).into_iter().next()?;
            (!code.is(first.start + 1, "=")).then_some(first)
        })?;
        let range = if code.is(range.start, "{") {
            code.arguments(range.start).into_iter().next()?
        } else {
            range
        };
        fold(range)
    };
    let line = annotation.line;
    match annotation.name.rsplit('.').next().unwrap_or_default() {
        "Value" => {
            // Of a concatenation or an expression every placeholder counts.
            let close = code.partner(open).unwrap_or(open);
            for at in open..close {
                for (key, default) in code.string(at).map(placeholder_keys).unwrap_or_default() {
                    scan::env(acc, file, code.line(at), &key, default.as_deref());
                }
            }
        }
        "ConfigProperty" => {
            let default = code
                .named_argument(open, "defaultValue")
                .and_then(|range| code.string(range.start));
            if let Some(name) = text(&["name"]) {
                scan::env(acc, file, line, &name, default);
            }
        }
        "ConfigurationProperties" => {
            let class = declared.owner.and_then(|at| file.outline().types.get(at));
            let class = class.filter(|_| declared.kind == DeclKind::Type);
            if let (Some(class), Some(prefix)) = (class, text(&["prefix", "value"])) {
                properties::add(acc, file, class, &prefix);
            }
        }
        kind @ ("ConditionalOnProperty" | "ConditionalOnBooleanProperty") => {
            let named = |n: &str| code.named_argument(open, n);
            let names = named("name").or_else(|| named("value")).or_else(|| {
                let first = code.arguments(open).into_iter().next()?;
                (!code.is(first.start + 1, "=")).then_some(first)
            });
            // Several names must all have the value.
            let names = match names {
                Some(r) if code.is(r.start, "{") || code.is(r.start, "[") => {
                    code.arguments(r.start)
                }
                other => other.into_iter().collect(),
            };
            let prefix = named("prefix").and_then(fold);
            let full = |name: String| match &prefix {
                Some(prefix) => format!("{}.{name}", prefix.trim_end_matches('.')),
                None => name,
            };
            let wanted = names.len();
            let names: Vec<String> = names.into_iter().filter_map(fold).map(full).collect();
            // A name that is put together elsewhere is a condition too.
            if names.len() != wanted {
                return;
            }
            let having = named("havingValue").map(|range| {
                let word = code.raw(range.start);
                fold(range).unwrap_or_else(|| word.to_owned())
            });
            let missing = named("matchIfMissing").is_some_and(|range| code.is(range.start, "true"));
            let Some(subject) = switched(file, declared, line) else {
                return;
            };
            for name in &names {
                let Some(value) = flag_value(kind, name, having.as_deref()) else {
                    continue;
                };
                let others: Vec<String> = names
                    .iter()
                    .filter(|other| *other != name)
                    .map(|other| format!("`{other}`"))
                    .collect();
                let detail = flag_words(value, &subject, &others, missing);
                scan::mark(
                    acc,
                    file,
                    line,
                    Topic::FeatureFlag,
                    name.clone(),
                    Some(detail),
                );
            }
        }
        _ => {}
    }
}

/// What a condition on a property decides about.
enum Switched {
    /// A class or bean; whether other conditions stand beside this one.
    Part(String, bool),
    /// A condition that other classes name, of one part, or of several that must hold together.
    Condition(String, bool),
}

/// What the condition in `line` decides about; `None` where it is turned round.
fn switched(file: &SourceFile<'_>, declared: &Declared, line: u32) -> Option<Switched> {
    let outline = file.outline();
    let types = &outline.types;
    let class = declared.owner.and_then(|at| types.get(at));
    let around = match declared.kind {
        DeclKind::Type => declared.owner.and_then(|at| {
            let open = types.get(at)?.at;
            outline.owner(open)
        }),
        _ => None,
    };
    let code = file.code();
    if let Some(outer) = around.and_then(|at| types.get(at)) {
        let of = |name: &str| outer.heritage.clone().any(|at| code.is(at, name));
        if of("NoneNestedConditions") {
            return None;
        }
        if of("AnyNestedCondition") {
            return Some(Switched::Condition(outer.name.clone(), false));
        }
        if of("AllNestedConditions") {
            let inside = types
                .iter()
                .filter(|t| outer.open < t.at && t.at < outer.close);
            return Some(Switched::Condition(outer.name.clone(), inside.count() > 1));
        }
    }
    let conditional = |d: &Declared| {
        d.annotations.iter().any(|a| {
            let name = a.name.rsplit('.').next().unwrap_or_default();
            a.line != line && (name.starts_with("Conditional") || name == "Profile")
        })
    };
    // A bean of a class that has conditions of its own.
    let of_class = match declared.kind {
        DeclKind::Type => false,
        _ => outline.declared.iter().any(|d| {
            d.kind == DeclKind::Type
                && class.is_some_and(|class| class.at == d.at)
                && conditional(d)
        }),
    };
    let more = conditional(declared) || of_class;
    Some(Switched::Part(declared.name.clone(), more))
}

/// What a value of a property does, as it follows its name and a colon.
fn flag_words(value: &str, subject: &Switched, others: &[String], missing: bool) -> String {
    let mut also: Vec<String> = Vec::new();
    if !others.is_empty() {
        also.push(format!("{} must be `{value}` too", others.join(" and ")));
    }
    let said = match subject {
        Switched::Part(name, more) => {
            if *more {
                also.push("other conditions stand beside it".to_owned());
            }
            match (missing, value) {
                (true, "true") => format!("on by default; `false` leaves {name} out"),
                (true, _) => format!("on by default; `true` leaves {name} out"),
                (false, _) if also.is_empty() => {
                    format!("`{value}` brings in {name}; it is out unless set")
                }
                (false, _) => format!("{name} is out unless this is `{value}`"),
            }
        }
        Switched::Condition(name, several) => {
            if *several {
                also.push("all parts of it must hold".to_owned());
            }
            match missing {
                true => {
                    format!("met by default; any value but `{value}` fails the condition {name}")
                }
                false if *several => format!("`{value}` meets a part of the condition {name}"),
                false => format!("`{value}` meets the condition {name}"),
            }
        }
    };
    match also.is_empty() {
        true => said,
        false => format!("{said}; {}", also.join("; ")),
    }
}

/// The value at which a condition on a property holds, if the property is a switch with two values:
/// a condition on any other value chooses between kinds, and one on being there asks for a setting
/// (<https://docs.spring.io/spring-boot/api/java/org/springframework/boot/autoconfigure/condition/ConditionalOnProperty.html>).
fn flag_value(kind: &str, name: &str, having: Option<&str>) -> Option<&'static str> {
    match having {
        Some("false") => Some("false"),
        Some("true") => Some("true"),
        Some("") | None => {
            let last = name.rsplit('.').next().unwrap_or(name);
            let boolean = kind == "ConditionalOnBooleanProperty"
                || last.ends_with("enabled")
                || last.ends_with("Enabled")
                || last.ends_with("enable");
            boolean.then_some("true")
        }
        Some(_) => None,
    }
}

/// Annotations of applications.
fn entries(acc: &mut FileFacts, file: &SourceFile<'_>, declared: &Declared) {
    let mut spring = false;
    for annotation in &declared.annotations {
        match annotation.name.rsplit('.').next().unwrap_or_default() {
            "SpringBootApplication"
            | "SpringBootConfiguration"
            | "SpringCloudApplication"
            | "EnableAutoConfiguration" => {
                if !spring {
                    application(acc, file, declared);
                }
                spring = true;
            }
            "QuarkusMain" => scan::entry(acc, file, annotation.line, "quarkus", &declared.name),
            _ => {}
        }
    }
}

fn application(acc: &mut FileFacts, file: &SourceFile<'_>, declared: &Declared) {
    let code = file.code();
    // `@EnableAutoConfiguration` also stands on classes that are no application.
    let starts = (declared.at..code.tokens.len()).any(|at| {
        code.is(at, "SpringApplication")
            || code.is(at, "runApplication")
            || code.is(at, "SpringApplicationBuilder")
    });
    if !starts {
        return;
    }
    let first = declared.first;
    scan::entry(acc, file, first, "spring-boot", &declared.name);
    if let Some(text) = prose::summary(file, first).filter(|t| prose::says_purpose(t)) {
        let (begin, end, _) = code
            .comment_above(first)
            .unwrap_or((first, first, String::new()));
        let subject = file.path.to_owned();
        acc.add(file, begin, end, Claim::Purpose(Purpose { subject, text }));
    }
}

/// `public static void main(String…)`, `fun main(`.
fn starts(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let known = acc.facts.iter().any(|f| matches!(f.claim, Claim::Entry(_)));
    let calls_main = |at: usize| {
        let rest = file.text.get(at + "main".len()..).unwrap_or_default();
        rest.trim_start().starts_with('(')
    };
    let mut mains = memchr::memmem::find_iter(file.text.as_bytes(), "main");
    if known || !mains.any(calls_main) {
        return;
    }
    let code = file.code();
    for at in 1..code.tokens.len() {
        if !code.is(at, "main") || !code.is(at + 1, "(") {
            continue;
        }
        let java = code.is(at - 1, "void") && at >= 3 && code.is(at - 2, "static");
        let kotlin = code.is(at - 1, "fun");
        if java || kotlin {
            let owner = file
                .outline()
                .owner(at)
                .map(|o| file.outline().types[o].name.as_str());
            let name = owner.unwrap_or_else(|| stem(file));
            scan::entry(acc, file, code.line(at), "main", name);
            return;
        }
    }
}

fn stem<'t>(file: &SourceFile<'t>) -> &'t str {
    let name = file.name();
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

fn package_purpose(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let code = file.code();
    let Some(at) = (0..code.tokens.len()).find(|&at| package_at(code, at)) else {
        return;
    };
    let Some((first, last, text)) = code.comment_above(code.line(at)) else {
        return;
    };
    if let Some(text) = prose::sentence(&text) {
        let subject = file.folder().to_owned();
        acc.add(file, first, last, Claim::Purpose(Purpose { subject, text }));
    }
}

fn package_at(code: &Code<'_>, at: usize) -> bool {
    code.is(at, "package")
        && code
            .tokens
            .get(at)
            .is_some_and(|t| t.kind == TokenKind::Ident)
}
