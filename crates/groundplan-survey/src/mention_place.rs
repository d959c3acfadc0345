//! What a word that was found in a file is there: a name in code or configuration, the heading of
//! a document, or prose that says nothing about what the program does.

use crate::mention_syntax;
use crate::paths;
use crate::source::SourceFile;
use groundplan_knowledge::is_list_of_packages;
use groundplan_syntax::{Language, TokenKind};

/// How surely a word is a name: less is surer. `None` where it stands in prose: comments, sentences
/// in strings, text of pages, and paragraphs of documents unless documents are where the thing
/// stands (`told`).
pub(crate) fn rank(file: &SourceFile, at: usize, end: usize, told: bool) -> Option<u8> {
    if is_document(file.path, file.language) {
        return match is_heading(file.text, at) {
            true => Some(0),
            false => (told && !is_denied(file.text, at)).then_some(1),
        };
    }
    if file.language.is_code() {
        return in_code(file, at, end);
    }
    in_configuration(file, at).then_some(0)
}

/// Whether a sentence says that it has none of what the word at `at` means: `without feature
/// fragmentation or limitations`, `no known issues`, `free of limits`.
fn is_denied(text: &str, at: usize) -> bool {
    const FARTHEST: usize = 120;
    const WORDS: usize = 8;
    let mut from = at.saturating_sub(FARTHEST);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let before = text.get(from..at).unwrap_or_default();
    let clause = before
        .rsplit(['.', ';', ':', '!', '?', '('])
        .next()
        .unwrap_or(before);
    let clause = clause.rsplit("\n\n").next().unwrap_or(clause);
    let words = clause
        .split(|c: char| !c.is_alphanumeric() && c != '\'')
        .filter(|w| !w.is_empty());
    words.rev().take(WORDS).enumerate().any(|(back, word)| {
        let word = word.to_ascii_lowercase();
        match word.as_str() {
            "without" | "no" | "zero" | "never" | "nor" | "neither" | "lacks" => true,
            // Only what stands right after it: `X is not done and has limitations` denies nothing.
            "not" | "free" | "don't" | "doesn't" | "isn't" => back < 3,
            _ => false,
        }
    })
}

/// The name that the word is part of, as it stands in the text; the word alone where more could be
/// a value.
pub(crate) fn name<'t>(file: &SourceFile<'t>, at: usize, end: usize) -> &'t str {
    const LONGEST: usize = 48;
    let word = file.text.get(at..end).unwrap_or_default();
    let bytes = file.text.as_bytes();
    let is_name = match file.language.is_code() {
        true => word_of(file, at).is_some_and(|(is_text, _, _)| !is_text),
        // A key, never a value.
        false => {
            let line = line_end(file.text, end);
            let rest = file.text.get(end..line).unwrap_or_default();
            let rest = rest.trim_start_matches(|c: char| c.is_ascii_alphabetic() || c == '_');
            let before = file.text.get(line_start(file.text, at)..at);
            !is_document(file.path, file.language)
                && rest.trim_start().starts_with([':', '='])
                && !before.is_some_and(|b| b.contains([':', '=']))
        }
    };
    if !is_name {
        return word;
    }
    let part = |b: &u8| b.is_ascii_alphabetic() || *b == b'_';
    let before = bytes[..at].iter().rev().take_while(|b| part(b)).count();
    let after = bytes[end..].iter().take_while(|b| part(b)).count();
    match file.text.get(at - before..end + after) {
        Some(name) if name.len() <= LONGEST => name,
        _ => word,
    }
}

/// Whether a file is written for people.
pub(crate) fn is_document(path: &str, language: Language) -> bool {
    if language == Language::Text && is_list_of_packages(path) {
        return false;
    }
    matches!(language, Language::Markdown | Language::Text)
        || ["rst", "adoc"].iter().any(|end| {
            let of = path.rsplit_once('.');
            of.is_some_and(|(_, e)| e.eq_ignore_ascii_case(end))
        })
}

/// `external`, `externals`, `external-crates`, `external_libs`.
fn is_external(folder: &str) -> bool {
    let rest = folder.strip_prefix("external");
    rest.is_some_and(|rest| {
        let of = rest.trim_start_matches(['-', '_']);
        matches!(rest, "" | "s")
            || of.len() < rest.len()
                && [
                    "crate", "lib", "dep", "module", "package", "project", "source", "vendor",
                ]
                .iter()
                .any(|what| of.starts_with(what))
    })
}

/// Folders and files whose words say nothing about the system: code and texts of others, samples,
/// settings of tools for the one who writes code, and forms for reports.
pub(crate) fn is_foreign(path: &str) -> bool {
    let lower = paths::lower(path);
    let (folders, name) = paths::split_name(&lower).unwrap_or(("", &lower));
    let foreign = |part: &str| {
        matches!(
            part,
            "sample"
                | "samples"
                | "sample-data"
                | "sample_data"
                | "vendored"
                | "vendor"
                | "vendors"
                | "third_party"
                | "third-party"
                | "thirdparty"
                | "3rdparty"
                | "node_modules"
                | "bower_components"
                | "stories"
                | "storybook"
                | "seeds"
                | "demo-data"
                | "release-notes"
                | "release_notes"
                | "releases"
                | "changelogs"
                | "issue_template"
                | "discussion_template"
                | "tutorial"
                | "tutorials"
                | ".vscode"
                | ".idea"
                | "versioned_docs"
                | "versioned_sidebars"
                | ".cspell"
                | "spelling"
        ) || is_external(part)
    };
    // The folders of a package of Java are part of its name.
    let folders = paths::outside_packages(folders);
    // Configuration of the site that shows the documents, and what its pages are made with.
    let of_site = ["docs", "doc", "website"].contains(&paths::parts(folders).next().unwrap_or(""));
    paths::is_translation(path)
        || is_translated(name)
        || paths::parts(folders).any(|part| part == "dist") && is_of_browsers(name)
        || of_site && !is_page(name)
        || paths::parts(folders).any(foreign)
        || paths::is_example(path)
        || name.starts_with("tsconfig")
        || name.starts_with(".eslintrc")
        || name.starts_with("eslint.config")
        || name.ends_with(".xlf")
        || name.ends_with(".po")
        || name.contains(".stories.")
        || name.contains(".bundle.")
        || name.contains(".min.")
        || name.starts_with("mkdocs.")
        || name.starts_with("funding.")
        || matches!(name, "nuget.config" | ".npmrc" | "pip.conf")
        || is_spelling(name)
}

/// Whether a page says what another says in a language that the words looked for are not of: `README.ja.md`,
/// `readme_zh-CN.md`.
fn is_translated(name: &str) -> bool {
    let Some((stem, _)) = name.rsplit_once('.').filter(|_| is_page(name)) else {
        return false;
    };
    let tongue = stem.rsplit_once('.').map(|(_, tongue)| tongue);
    let tongue = tongue.or_else(|| {
        stem.strip_prefix("readme")
            .map(|rest| rest.trim_start_matches(['_', '-']))
    });
    tongue.is_some_and(|t| paths::is_language(t) && !t.starts_with("en"))
}

/// Whether a file is one that browsers load: below `dist` it was made from others.
fn is_of_browsers(name: &str) -> bool {
    [".css", ".html", ".js", ".mjs"]
        .iter()
        .any(|end| name.ends_with(end))
}

/// Whether a file is a page of text by its name.
pub(crate) fn is_page(name: &str) -> bool {
    let end = name.rsplit_once('.').map_or("", |(_, end)| end);
    matches!(end, "md" | "mdx" | "markdown" | "rst" | "adoc" | "txt")
}

/// Words that a spell-checker knows, which stand for nothing that runs.
fn is_spelling(name: &str) -> bool {
    const TOOLS: [&str; 5] = ["cspell", "codespell", "typos", "_typos", "aspell"];
    // Code may be called so too.
    const LISTS: [&str; 5] = [
        "wordlist",
        "dictionary",
        "spelling",
        "project-words",
        "words",
    ];
    let bare = name.trim_start_matches('.');
    let (stem, end) = bare.split_once('.').unwrap_or((bare, ""));
    let listed = matches!(end, "" | "txt" | "json" | "yaml" | "yml" | "dic" | "lst");
    TOOLS.contains(&stem)
        || stem.starts_with("codespell")
        || name.ends_with(".dic")
        || listed && LISTS.contains(&stem)
}

/// Whether the line of the place begins as a comment: most words that stand in code stand in such
/// lines, and a file need not be split into tokens for them.
fn is_comment_line(file: &SourceFile, at: usize) -> bool {
    let line = file.text.get(line_start(file.text, at)..at);
    let line = line.unwrap_or_default().trim_start();
    let hash = matches!(
        file.language,
        Language::Python | Language::Ruby | Language::Shell
    );
    ["//", "/*", "* "].iter().any(|mark| line.starts_with(mark)) || hash && line.starts_with('#')
}

/// Whether the line brings in what stands elsewhere: the name is used below if it is used at all, and a
/// package shows in the manifest.
fn is_import_line(file: &SourceFile, at: usize) -> bool {
    let line = file.text.get(line_start(file.text, at)..at);
    let line = line.unwrap_or_default().trim_start();
    let begins = match file.language {
        Language::CSharp => &["using ", "global using "][..],
        Language::Java | Language::Kotlin | Language::Scala => &["import ", "package "],
        Language::Python => &["import ", "from "],
        Language::Php | Language::Rust => &["use ", "pub use ", "namespace "],
        _ if file.language.is_code() => &["import "],
        _ => &[],
    };
    begins.iter().any(|word| line.starts_with(word))
}

/// Whether a place is in a string, and where the string or the name around it begins and ends;
/// `None` in a comment.
fn word_of(file: &SourceFile, at: usize) -> Option<(bool, usize, usize)> {
    // Languages whose comments show in each of their lines need no tokens for this where all strings
    // end on theirs: in large trees of them most files are otherwise never split into any.
    let by_line = matches!(
        file.language,
        Language::Java | Language::Kotlin | Language::CSharp
    );
    if by_line && !file.has_long_strings() {
        return word_of_line(file.text, at);
    }
    let tokens = &file.code().tokens;
    let next = tokens.partition_point(|t| t.start as usize <= at);
    let token = tokens.get(next.checked_sub(1)?)?;
    let inside = at < token.end as usize;
    let is_text = token.kind == TokenKind::Str;
    inside.then_some((is_text, token.start as usize, token.end as usize))
}

fn word_of_line(text: &str, at: usize) -> Option<(bool, usize, usize)> {
    let bytes = text.as_bytes();
    // A comment over lines whose inner lines begin with no mark.
    if let Some(open) = text.get(..at).and_then(|before| before.rfind("/*"))
        && !text[open..at].contains("*/")
        && !text[line_start(text, open)..open].contains(['"', '\'', '/'])
    {
        return None;
    }
    let (mut quote, mut place) = (None, line_start(text, at));
    while place < at {
        match (bytes[place], quote) {
            (b'\\', Some(_)) => place += 1,
            (b'"', Some(_)) => quote = None,
            (b'"', None) => quote = Some(place),
            (b'/', None) if bytes.get(place + 1) == Some(&b'/') => return None,
            _ => {}
        }
        place += 1;
    }
    let end = line_end(text, at);
    if let Some(start) = quote {
        let close = memchr::memchr(b'"', &bytes[at..end]).map_or(end, |n| at + n);
        return Some((true, start + 1, close));
    }
    let part = |b: &&u8| b.is_ascii_alphanumeric() || **b == b'_';
    let before = bytes[..at].iter().rev().take_while(part).count();
    let after = bytes[at..end].iter().take_while(part).count();
    Some((false, at - before, at + after))
}

fn in_code(file: &SourceFile, at: usize, word_end: usize) -> Option<u8> {
    if is_comment_line(file, at) || is_import_line(file, at) {
        return None;
    }
    let (is_text, start, end) = word_of(file, at)?;
    if !is_text {
        // How long an annotation is kept has nothing to do with data (`java.lang.annotation`).
        const OF_JAVA: [&str; 2] = ["Retention", "RetentionPolicy"];
        let jvm = matches!(
            file.language,
            Language::Java | Language::Kotlin | Language::Scala
        );
        if jvm
            && file
                .text
                .get(start..end)
                .is_some_and(|name| OF_JAVA.contains(&name))
        {
            return None;
        }
        // A variable may have such a name for anything.
        const ANYTHING: [&str; 4] = ["backup", "backups", "cleanup", "canary"];
        let name = file.text.get(start..end)?;
        if mention_syntax::is_of_service(name, at - start, word_end - at) {
            return None;
        }
        let called = file.text.get(end..)?.starts_with('(');
        let any = ANYTHING.iter().any(|word| word.eq_ignore_ascii_case(name));
        return (called || !any).then_some(0);
    }
    let before = file.text.get(line_start(file.text, at)..at)?;
    if mention_syntax::is_secret(before) || mention_syntax::is_form_field(file.text, at) {
        return None;
    }
    let text = file.text.get(start..end)?;
    let bare = text.trim_matches(['"', '\'', '`']);
    let lead = text.len() - text.trim_start_matches(['"', '\'', '`']).len();
    let offset = (at - start).saturating_sub(lead);
    if !bare.contains(' ') && mention_syntax::is_of_service(bare, offset, word_end - at) {
        return None;
    }
    // The name of a kind of files: `.env.backup`, `*.bak`, `state.json.backup`.
    let bare = text.trim_matches(['"', '\'', '`', '*']);
    let ends = bare.rsplit('.').next().unwrap_or_default();
    let after = file.text.get(at..end).unwrap_or_default();
    let is_ending = file.text.as_bytes().get(at.wrapping_sub(1)) == Some(&b'.')
        && after.trim_end_matches(['"', '\'', '`']) == ends;
    if bare.starts_with('.') || is_ending {
        return None;
    }
    let text = text.trim_matches(|c: char| !c.is_ascii_alphanumeric() && c != '/');
    if !text.contains(char::is_whitespace) {
        // The path of an address is of those who offer it.
        let path = file.text.as_bytes().get(at) == Some(&b'/');
        if path && text.starts_with("http") {
            return None;
        }
        return Some(1);
    }
    is_statement(text).then_some(1)
}

/// Whether a text is a statement of SQL: a sentence may begin with `Create` or `Update` too.
fn is_statement(text: &str) -> bool {
    const MADE: [&str; 14] = [
        "database",
        "extension",
        "function",
        "if",
        "index",
        "materialized",
        "or",
        "policy",
        "role",
        "schema",
        "table",
        "temporary",
        "trigger",
        "unique",
    ];
    let lower = text
        .get(..text.len().min(400))
        .unwrap_or(text)
        .to_ascii_lowercase();
    let mut words = lower.split_whitespace();
    let (first, second) = (
        words.next().unwrap_or_default(),
        words.next().unwrap_or_default(),
    );
    match first {
        "create" | "alter" | "drop" => MADE.contains(&second) || second == "view",
        "insert" | "replace" => matches!(second, "into" | "or" | "ignore"),
        "delete" => second == "from",
        "update" => lower.contains(" set "),
        "select" => lower.contains(" from ") || lower.contains('('),
        "with" => lower.contains(" as ("),
        "pragma" => true,
        _ => false,
    }
}

pub(crate) fn line_start(text: &str, at: usize) -> usize {
    memchr::memrchr(b'\n', &text.as_bytes()[..at]).map_or(0, |n| n + 1)
}

pub(crate) fn line_end(text: &str, at: usize) -> usize {
    memchr::memchr(b'\n', &text.as_bytes()[at..]).map_or(text.len(), |n| at + n)
}

/// Whether a line of a manifest of npm stands below a key that only sets versions, or says what may be
/// built: of packages that others bring (<https://pnpm.io/settings>).
fn is_pin(file: &SourceFile, start: usize) -> bool {
    const KEYS: [&str; 11] = [
        "allowBuilds",
        "allowedDeprecatedVersions",
        "ignoredBuiltDependencies",
        "minimumReleaseAgeExclude",
        "neverBuiltDependencies",
        "onlyBuiltDependencies",
        "overrides",
        "packageExtensions",
        "patchedDependencies",
        "peerDependencyRules",
        "resolutions",
    ];
    if !matches!(file.name(), "package.json" | "pnpm-workspace.yaml") {
        return false;
    }
    let indent = |line: &str| line.len() - line.trim_start().len();
    let line = file.text.get(start..line_end(file.text, start));
    let mut depth = indent(line.unwrap_or_default());
    let before = file.text.get(..start).unwrap_or_default();
    for line in before.lines().rev() {
        if depth == 0 {
            return false;
        }
        if line.trim().is_empty() || indent(line) >= depth {
            continue;
        }
        depth = indent(line);
        let key = line.trim().split(':').next().unwrap_or_default();
        if KEYS.contains(&key.trim_matches('"')) {
            return true;
        }
    }
    false
}

/// Whether a line gives the rules of a scanner or speller a list of many plain words: a word among them sets nothing.
/// A list under another key may be of packages, plugins or services.
fn is_word_list(line: &str) -> bool {
    const MANY: usize = 8;
    const KEYS: [&str; 7] = [
        "dictionary",
        "flagwords",
        "ignorewords",
        "keywords",
        "stopwords",
        "userwords",
        "words",
    ];
    let Some((key, value)) = line.split_once([':', '=']) else {
        return false;
    };
    let mut key = key.to_ascii_lowercase();
    key.retain(|c| c.is_ascii_alphanumeric());
    let list = value.trim().trim_end_matches(',');
    let list = list
        .strip_prefix('[')
        .and_then(|value| value.strip_suffix(']'));
    let Some(items) = list.filter(|_| KEYS.contains(&key.as_str())) else {
        return false;
    };
    let plain =
        |item: &str| !item.is_empty() && !item.starts_with('-') && !item.contains(['=', '{', '$']);
    let items: Vec<&str> = items
        .split(',')
        .map(|item| item.trim().trim_matches(['"', '\'']))
        .collect();
    items.len() >= MANY && items.iter().all(|item| plain(item))
}

/// Whether the word is a key, a product, a command or the like, and no comment or sentence.
fn in_configuration(file: &SourceFile, at: usize) -> bool {
    let (start, end) = (line_start(file.text, at), line_end(file.text, at));
    let (Some(before), Some(line)) = (file.text.get(start..at), file.text.get(start..end)) else {
        return false;
    };
    let trimmed = line.trim_start();
    // What a script tells whoever runs it.
    let shown = |mark: &str| file.language == Language::Shell && trimmed.starts_with(mark);
    if shown("echo ") || shown("printf ") {
        return false;
    }
    if mention_syntax::is_idle(file, before, line) {
        return false;
    }
    let comment = [
        "#", "//", ";", "--", "<!--", "/*", "* ", "{{/*", "{#", "rem ", "REM ",
    ];
    if comment.iter().any(|mark| trimmed.starts_with(mark)) {
        return false;
    }
    let markup = matches!(
        file.language,
        Language::Html | Language::Vue | Language::Xml | Language::Other
    ) && file.text.contains("</");
    if markup {
        if mention_syntax::is_in_comment(file.text, at) {
            return false;
        }
        // What people read stands between tags.
        let open = before.rfind('<');
        let closed = before.rfind('>');
        let inside = match (open, closed) {
            (Some(open), Some(closed)) => open > closed,
            (Some(_), None) => true,
            (None, _) => false,
        };
        let code = line.contains(['=', '(', '{', ';']);
        // A product of a manifest is the whole text of its tag.
        let whole = file.language == Language::Xml && closed.is_some();
        return inside || whole && !is_prose(line) || closed.is_none() && code && !is_prose(line);
    }
    if before.contains(" #") || before.contains(" // ") || is_prose(line) || is_off(before, line) {
        return false;
    }
    if is_pin(file, start) || is_word_list(line) {
        return false;
    }
    let key = trimmed
        .trim_start_matches("- ")
        .split([':', '='])
        .next()
        .unwrap_or_default();
    let key = key.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    // What texts of others are compared with runs nothing here: `regex`, `user_agent_regex`.
    let last = key.rsplit(['_', '-', '.']).next().unwrap_or(key);
    if ["regex", "regexp"]
        .iter()
        .any(|k| k.eq_ignore_ascii_case(last))
    {
        return false;
    }
    let told = [
        "description",
        "summary",
        "title",
        "help",
        "message",
        "label",
        "text",
        "example",
        "name",
        "placeholder",
        "note",
        "comment",
        "about",
        "body",
        "default",
        "echo",
    ];
    let value = before.find([':', '=']).and_then(|cut| line.get(cut + 1..));
    let spaced = value.is_some_and(|v| v.trim().contains(' '));
    !(spaced && told.iter().any(|t| t.eq_ignore_ascii_case(key)))
}

/// Whether a line switches off what its key names: `export.datadog.enabled=false`. `before` is what
/// stands before the word.
fn is_off(before: &str, line: &str) -> bool {
    let of_key = !before.contains([':', '=']);
    let value = line.split_once(['=', ':']).map_or("", |(_, value)| value);
    let value = value.split(" #").next().unwrap_or_default().trim();
    let value = value.trim_end_matches(',').trim_matches(['"', '\'']);
    of_key
        && ["false", "off", "no", "none", "disabled"]
            .iter()
            .any(|off| value.eq_ignore_ascii_case(off))
}

/// Whether a file of code offers operations to others, so that what is marked in it may be one.
pub(crate) fn offers_operations(file: &SourceFile) -> bool {
    const ANNOTATED: [&str; 5] = ["Mapping(", "@Path", "Controller", "Resolver", "@Query"];
    const OTHERS: [&str; 12] = [
        "@Get",
        "@Post",
        "@Put",
        "@Delete",
        "[Http",
        "MapGet(",
        ".get(",
        ".post(",
        ".GET(",
        ".POST(",
        "HandleFunc(",
        "#[get",
    ];
    let text = file.text.as_bytes();
    let has = |mark: &&str| memchr::memmem::find(text, mark.as_bytes()).is_some();
    // Large trees are of these, and their operations have annotations.
    let annotated = matches!(file.language, Language::Java | Language::Kotlin);
    !file.language.is_code() || ANNOTATED.iter().any(&has) || !annotated && OTHERS.iter().any(has)
}

/// Whether a line reads as a sentence: five words or more, nearly all of them of letters only.
fn is_prose(line: &str) -> bool {
    let (mut all, mut plain) = (0, 0);
    for word in line.split_whitespace() {
        let word = word.trim_matches(|c: char| c.is_ascii_punctuation() && c != '-' && c != '$');
        if word.is_empty() {
            continue;
        }
        all += 1;
        plain += usize::from(
            word.chars()
                .all(|c| c.is_alphabetic() || c == '\'' || c == '’'),
        );
    }
    all >= 5 && plain * 5 >= all * 4
}

/// Whether the line of a document is a heading, outside of quoted code.
fn is_heading(text: &str, at: usize) -> bool {
    let (start, end) = (line_start(text, at), line_end(text, at));
    let line = text.get(start..end).unwrap_or_default().trim_end();
    let marks = line
        .bytes()
        .take_while(|b| matches!(b, b'#' | b'='))
        .count();
    if (1..=6).contains(&marks) && line.as_bytes().get(marks) == Some(&b' ') {
        let before = text.get(..start).unwrap_or_default();
        let fences = before.lines().filter(|l| l.trim_start().starts_with("```"));
        return fences.count() % 2 == 0;
    }
    let next = text.get(end + 1..).and_then(|rest| rest.lines().next());
    let under = next.map_or("", str::trim_end);
    !line.trim().is_empty()
        && under.len() >= 3
        && ["=", "-", "~"]
            .iter()
            .any(|mark| under.trim_matches(|c| mark.contains(c)).is_empty())
        && !line.trim_start().starts_with(['|', '-', '*'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranked(path: &str, text: &str, word: &str) -> Option<u8> {
        let at = text.find(word).unwrap_or_default();
        rank(&SourceFile::new(path, text), at, at + word.len(), false)
    }

    #[test]
    fn lists_of_words_set_nothing_and_others_may() {
        let eight = "[\"a\", \"redis\", \"c\", \"d\", \"e\", \"f\", \"g\", \"h\"]";
        assert!(is_word_list(&format!("stopwords = {eight}")));
        assert!(is_word_list(&format!("  \"ignoreWords\": {eight},")));
        assert!(!is_word_list(&format!("dependencies = {eight}")));
        assert!(!is_word_list("words = [\"a\", \"b\"]"));
    }

    #[test]
    fn lines_of_java_tell_names_from_prose() {
        let of = |text: &str, word: &str| ranked("A.java", text, word);
        assert_eq!(of("void backupAll() {}", "backup"), Some(0));
        assert_eq!(of("/**\n * Takes a backup.\n */", "backup"), None);
        assert_eq!(of("int a = 1; // the backup", "backup"), None);
        assert_eq!(of("f(\"a\", backup());", "backup"), Some(0));
        assert_eq!(of("f(\"x \\\" take a backup\");", "backup"), None);
        assert_eq!(of("h.set(\"X-Frame-Options\", v);", "X-Frame"), Some(1));
        assert_eq!(of("String backup = old;", "backup"), None);
        assert_eq!(of("Set.of(\".env\", \".env.backup\");", "backup"), None);
        assert_eq!(of("Set.of(\"tf.state.backup\");", "backup"), None);
        assert_eq!(of("Set.of(\"shop.backup.on\");", "backup"), Some(1));
    }

    #[test]
    fn what_is_switched_off_is_not_there() {
        let path = "app.properties";
        let of = |text: &str| ranked(path, text, "datadog");
        assert_eq!(of("export.datadog.enabled=false\n"), None);
        assert_eq!(of("export.datadog.enabled=true\n"), Some(0));
        assert_eq!(ranked("a.yml", "datadog: 'off' # later\n", "datadog"), None);
    }

    #[test]
    fn names_count_and_prose_does_not() {
        assert_eq!(ranked("a.py", "def backup_all(): pass", "backup"), Some(0));
        assert_eq!(ranked("a.py", "backup = old", "backup"), None);
        assert_eq!(ranked("a.py", "backup()", "backup"), Some(0));
        assert_eq!(
            ranked("a.py", "u = \"https://a.io/api/v1/b\"", "/api/v1"),
            None
        );
        assert_eq!(ranked("a.py", "x = 1  # the backup", "backup"), None);
        assert_eq!(ranked("a.rs", "// backup\nfn a() {}", "backup"), None);
        assert_eq!(
            ranked("a.rs", "let s = \"Unleash your dog\";", "Unleash"),
            None
        );
        assert_eq!(
            ranked("a.go", "h.Set(\"X-Frame-Options\", v)", "X-Frame"),
            Some(1)
        );
        assert_eq!(
            ranked("a.go", "q(`CREATE INDEX a ON b`)", "CREATE"),
            Some(1)
        );
        assert_eq!(
            ranked("a.tf", "retention_in_days = 30", "retention"),
            Some(0)
        );
        assert_eq!(ranked("a.tf", "# nightly backup", "backup"), None);
        assert_eq!(
            ranked("a.yml", "image: prom/alertmanager", "alertm"),
            Some(0)
        );
        assert_eq!(
            ranked("a.yml", "description: a backup of it", "backup"),
            None
        );
        assert_eq!(ranked("a.vue", "<p v-if=\"isAdmin\"/>", "isAdmin"), Some(0));
        assert_eq!(ranked("a.vue", "<p>Make a backup</p>", "backup"), None);
        assert_eq!(ranked("a.md", "# Backup\n\ntext", "Backup"), Some(0));
        assert_eq!(ranked("a.md", "The backup of it.", "backup"), None);
        assert_eq!(ranked("a.md", "```\n# backup\n```", "backup"), None);
        assert_eq!(ranked("a.rst", "Backup\n======\n", "Backup"), Some(0));
    }

    #[test]
    fn the_whole_name_is_told_and_no_value() {
        let told = |path: &str, text: &str, word: &str| {
            let file = SourceFile::new(path, text);
            let at = text.find(word).unwrap_or_default();
            name(&file, at, at + word.len()).to_owned()
        };
        assert_eq!(
            told("a.py", "def backup_all(): pass", "backup"),
            "backup_all"
        );
        assert_eq!(
            told("a.tf", "retention_in_days = 30", "retention"),
            "retention_in_days"
        );
        assert_eq!(told("a.env", "KEY=backupsecret", "backup"), "backup");
    }

    #[test]
    fn versions_that_are_set_for_others_are_no_mention() {
        let workspace = "packages:\n  - apps/*\noverrides:\n  '@otel/core': 2.9.0\n\n  b: 1\n";
        let at = |path: &str, text: &str, word: &str| {
            let place = text.find(word).unwrap_or_default();
            rank(
                &SourceFile::new(path, text),
                place,
                place + word.len(),
                false,
            )
        };
        assert_eq!(at("pnpm-workspace.yaml", workspace, "otel"), None);
        assert_eq!(at("pnpm-workspace.yaml", workspace, "apps"), Some(0));
        let manifest = "{\n  \"dependencies\": {\n    \"otel\": \"1\"\n  },\n  \"pnpm\": {\n    \
                        \"overrides\": {\n      \"audit\": \"2\"\n    }\n  }\n}\n";
        assert_eq!(at("package.json", manifest, "otel"), Some(0));
        assert_eq!(at("package.json", manifest, "audit"), None);
    }

    #[test]
    fn what_others_wrote_is_foreign() {
        for path in [
            "external-crates/openai/src/audit_log.rs",
            "third_party/a.go",
            "sample-data/a.json",
            "web/tsconfig.json",
            "examples/a.py",
            "static/bootstrap.bundle.js",
            ".cspell.json",
            "_typos.toml",
            "docs/versioned_docs/version-2.8/backup.md",
            "README.ja.md",
            "README_zh-CN.md",
            "web/dist/index.html",
        ] {
            assert!(is_foreign(path), "{path}");
        }
        for path in [
            "src/backup.rs",
            "src/readme/words.rs",
            "src/external-payments/retry.go",
            "docs/notes.v2.md",
            "README.en.md",
            "README.md",
            "dist/systemd/shop.service",
        ] {
            assert!(!is_foreign(path), "{path}");
        }
    }
}
