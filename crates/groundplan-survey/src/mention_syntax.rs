//! What a place of a file makes of a word by its syntax: a name that serves something else, an item of a build,
//! the name of a logger, the header of a request, a copy that a script keeps for a moment. Such words say
//! nothing of what the system has.

use crate::extractors::is_template;
use crate::paths;
use crate::secrets;
use crate::source::SourceFile;
use groundplan_syntax::Language;

/// Last words of names of what writes, reads, shows or describes a thing and is none itself: `searchSerializer`
/// writes what it is given, `alertDialog` is drawn.
const SERVES: [&str; 22] = [
    "Button",
    "Component",
    "Description",
    "Deserializer",
    "Dialog",
    "Dto",
    "DTO",
    "Formatter",
    "Href",
    "Icon",
    "Label",
    "Link",
    "Links",
    "Modal",
    "Page",
    "Parser",
    "Placeholder",
    "Props",
    "Serializer",
    "Text",
    "Title",
    "Tooltip",
];

/// Whether a name of code is that of something which only writes, reads or shows the thing that the word at
/// `at` means: one of [`SERVES`] ends it behind that word.
pub(crate) fn is_of_service(name: &str, at: usize, word: usize) -> bool {
    // The word itself may be the last one.
    let rest = name.get(at + word..).unwrap_or_default();
    SERVES.iter().any(|end| rest.ends_with(end)) || {
        let snake = rest.rsplit('_').next().unwrap_or_default();
        rest.contains('_') && SERVES.iter().any(|end| end.eq_ignore_ascii_case(snake))
    }
}

/// Whether the value on the line before `at` is that of a key which holds a secret: whatever it says is
/// nobody's business.
pub(crate) fn is_secret(before: &str) -> bool {
    let Some(cut) = before.rfind(['=', ':']) else {
        return false;
    };
    let key = before.get(..cut).unwrap_or_default();
    // The key that stands right before the mark: `ENV A=1 B_PASSWORD=`.
    let key = key.trim_end_matches(['"', '\'', '`', ' ', ')', ']', ':', '=', '>']);
    let part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    let key = key.rsplit(|c: char| !part(c)).next().unwrap_or_default();
    !key.is_empty() && secrets::is_secret_name(key)
}

/// Whether a place of configuration, with its line and what stands on it before, says nothing of the system.
pub(crate) fn is_idle(file: &SourceFile, before: &str, line: &str) -> bool {
    let path = file.path;
    is_secret(before)
        || is_of_template(path, before, line)
        || is_logger(line)
        || is_version(before, line)
        || is_item_of_project(path, line)
        || keeps_copies(file) && is_ending(before, line)
        || is_request(before)
}

/// Whether a word in a template of a chart is a text that a value is compared with, or a field that holds only
/// for one type of Service: `{{- if eq .Values.service.type "LoadBalancer" }}`, `loadBalancerIP:`.
fn is_of_template(path: &str, before: &str, line: &str) -> bool {
    if !is_template(path) || !path.ends_with("yaml") && !path.ends_with("yml") {
        return false;
    }
    let compares = before.rsplit_once("{{").is_some_and(|(_, action)| {
        !action.contains("}}")
            && action.ends_with(['"', '`'])
            && action.split([' ', '(']).any(|w| matches!(w, "eq" | "ne"))
    });
    compares || line.trim_start().starts_with("loadBalancer")
}

/// Whether a comment of markup that may run over lines is open at `at`.
pub(crate) fn is_in_comment(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    let Some(open) = memchr::memmem::rfind(before.as_bytes(), b"<!--") else {
        return false;
    };
    !before.get(open..).unwrap_or_default().contains("-->")
}

/// Whether a line names a logger, which is called after a package and declares nothing.
fn is_logger(line: &str) -> bool {
    const KEYS: [&str; 5] = [
        "logging.level.",
        "logger.",
        "log4j.logger.",
        "quarkus.log.category.",
        "log.level.",
    ];
    const TAGS: [&str; 3] = ["<logger ", "<Logger ", "<AsyncLogger "];
    const LEVELS: [&str; 6] = ["trace", "debug", "info", "warn", "error", "off"];
    let line = line.trim_start();
    // `org.hibernate.SQL: WARN` below `logging.level`.
    let level = line.split_once(':').is_some_and(|(key, value)| {
        let value = value.trim().trim_matches(['"', '\'']);
        key.contains('.') && LEVELS.iter().any(|level| value.eq_ignore_ascii_case(level))
    });
    level
        || TAGS.iter().any(|tag| line.starts_with(tag))
        || KEYS.iter().any(|key| line.starts_with(key))
}

/// Whether a line holds the version of what is declared elsewhere: `<kafka.version>3.1</kafka.version>`.
fn is_version(before: &str, line: &str) -> bool {
    let (key, value) = match line.trim().strip_prefix('<') {
        Some(tag) => match tag.split_once('>') {
            Some((key, rest)) => (key, rest),
            None => return false,
        },
        None => match line.split_once('=') {
            Some((key, value)) => (key.trim(), value.trim()),
            None => return false,
        },
    };
    let value = value.trim_start_matches(['"', '\'']);
    let lower = paths::lower(key);
    // Only the key names what has the version.
    let of_key = !before.contains('=') && before.matches('>').count() == 0;
    of_key
        && (lower.ends_with("version") || lower.starts_with("version."))
        && value.starts_with(|c: char| c.is_ascii_digit() || c == 'v')
}

/// Whether a word stands in what the field of a form is called or shows: an object with a type beside its label.
pub(crate) fn is_form_field(text: &str, at: usize) -> bool {
    const SHOWN: [&str; 6] = [
        "description",
        "help",
        "hint",
        "label",
        "name",
        "placeholder",
    ];
    const AROUND: usize = 6;
    let key = |line: &str| -> Option<String> {
        let (key, rest) = line.trim_start().split_once(':')?;
        let rest = rest.trim_start();
        let key = key.trim_matches(['"', '\'']);
        // A text, also one that is translated or put together.
        let begins = ["\"", "'", "`", "t(", "f\"", "f'"];
        let shown = begins.iter().any(|begin| rest.starts_with(begin));
        shown.then(|| key.to_owned())
    };
    let start = text
        .get(..at)
        .and_then(|before| before.rfind('\n'))
        .map_or(0, |n| n + 1);
    let (Some(before), Some(here)) = (text.get(..start), text.get(start..)) else {
        return false;
    };
    let shown = here.lines().next().and_then(key);
    if !shown.is_some_and(|k| SHOWN.contains(&k.as_str())) {
        return false;
    }
    // The object is that between the lines that open and close it.
    let edge = |line: &&str| !line.trim_end().ends_with('{') && !line.trim_start().starts_with('}');
    let above = before.lines().rev().take(AROUND).take_while(edge);
    let beside: Vec<String> = above
        .chain(here.lines().take(AROUND).take_while(edge))
        .filter_map(key)
        .collect();
    let has = |wanted: &str| beside.iter().any(|k| k == wanted);
    has("type") && has("label")
}

/// Whether a line of a project of .NET is about files that it takes in or leaves out.
fn is_item_of_project(path: &str, line: &str) -> bool {
    const ENDS: [&str; 6] = [
        ".csproj", ".fsproj", ".vbproj", ".props", ".targets", ".sqlproj",
    ];
    const ITEMS: [&str; 10] = [
        "<None ",
        "<Content ",
        "<Compile ",
        "<EmbeddedResource ",
        "<Folder ",
        "<Resource ",
        "<Page ",
        "<TypeScriptCompile ",
        "<InternalsVisibleTo ",
        "<NoWarn>",
    ];
    let line = line.trim_start();
    ENDS.iter().any(|end| path.ends_with(end))
        && (line.contains(" Remove=\"") || ITEMS.iter().any(|item| line.starts_with(item)))
}

/// Whether a file has commands in which names with dots are those of files; elsewhere they may name anything:
/// `aws_s3_bucket.backup`.
fn keeps_copies(file: &SourceFile) -> bool {
    let name = file.name();
    matches!(file.language, Language::Shell | Language::Dockerfile)
        || name == "Makefile"
        || name.ends_with(".mk")
}

/// Whether the word ends the name of a file, as of one that a script keeps while it writes another:
/// `mv index.yaml index.yaml.backup`.
fn is_ending(before: &str, line: &str) -> bool {
    let rest = line.get(before.len()..).unwrap_or_default();
    let word = rest
        .bytes()
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
        .count();
    let after = rest.as_bytes().get(word).copied();
    let ends = after.is_none_or(|b| b.is_ascii_whitespace() || b"\"'`);,]}".contains(&b));
    before.ends_with('.') && ends
}

/// Whether the word is in a header that a client sends along: `-H 'Cache-Control: no-cache'`.
fn is_request(before: &str) -> bool {
    let option = |option: &str| Some(before.rfind(option)? + option.len());
    let behind = option(" -H").max(option(" --header"));
    let value = behind
        .and_then(|from| before.get(from..))
        .unwrap_or_default();
    let value = value.trim_start_matches([' ', '=']);
    // Behind its quotes stands what the request is sent to.
    let mut quotes = ["'", "\""]
        .into_iter()
        .filter(|quote| value.starts_with(quote));
    quotes.any(|quote| value.matches(quote).count() % 2 == 1)
}

/// Whether a file tells a compiler what a program may look at when it runs: whatever is on its class path.
pub(crate) fn is_hint_for_compiler(path: &str) -> bool {
    path.contains("META-INF/native-image/")
        || [
            "jni-config.json",
            "proxy-config.json",
            "reachability-metadata.json",
            "reflect-config.json",
            "resource-config.json",
            "serialization-config.json",
        ]
        .iter()
        .any(|name| path.ends_with(name))
}

/// Whether a document lies where tools for those who write code look: templates for what they report, rules
/// for their assistants.
pub(crate) fn is_for_tools(path: &str, language: Language) -> bool {
    let document = matches!(language, Language::Markdown | Language::Text);
    document
        && (paths::parts(path).any(|part| part.starts_with('.') && part.len() > 2)
            || paths::lower(path).contains("pull_request_template"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_serves_a_thing_is_none() {
        let is = |name: &str, word: &str| {
            let at = name.find(word).unwrap_or_default();
            is_of_service(name, at, word.len())
        };
        assert!(is("_xmlOpenSearchSerializer", "OpenSearch"));
        assert!(is("OpenSearchDescription", "OpenSearch"));
        assert!(is("alert_rule_dialog", "alert_rule"));
        assert!(!is("OpenSearchClient", "OpenSearch"));
        assert!(!is("connectOpenSearch", "OpenSearch"));
        assert!(!is("KafkaMessage", "Kafka"));
        assert!(!is("serializer_cache", "cache"));
    }

    #[test]
    fn lines_that_declare_nothing_are_idle() {
        let idle = |path: &str, text: &str, word: &str| {
            let file = SourceFile::new(path, text);
            let at = text.find(word).unwrap_or_default();
            let start = text[..at].rfind('\n').map_or(0, |n| n + 1);
            let end = text[at..].find('\n').map_or(text.len(), |n| at + n);
            is_idle(&file, &text[start..at], &text[start..end])
        };
        for (path, text, word) in [
            (
                "compose.yml",
                "  - PROXY_PASSWORD=proxy_pass\n",
                "proxy_pass",
            ),
            ("app.yml", "api-key: \"mailgun-1\"\n", "mailgun"),
            (
                "logback.xml",
                "<logger name=\"org.hibernate\" level=\"WARN\"/>",
                "hibernate",
            ),
            (
                "app.properties",
                "logging.level.org.hibernate=WARN\n",
                "hibernate",
            ),
            (
                "app.yml",
                "    org.apache.activemq.audit: WARN\n",
                "activemq",
            ),
            (
                "pom.xml",
                "<json-validator.version>1.5</json-validator.version>",
                "validator",
            ),
            ("A.csproj", "<None Remove=\"backups\\**\" />", "backup"),
            ("release.sh", "mv index.yaml index.yaml.backup\n", "backup"),
            (
                "up.sh",
                "curl -H 'Cache-Control: no-cache' $URL\n",
                "Cache-Control",
            ),
        ] {
            assert!(idle(path, text, word), "{path} {text}");
        }
        for (path, text, word) in [
            ("compose.yml", "  - QUEUE_DRIVER=rabbitmq\n", "rabbitmq"),
            (
                "pom.xml",
                "<artifactId>json-validator</artifactId>",
                "validator",
            ),
            (
                "A.csproj",
                "<PackageReference Include=\"Backup.Net\" />",
                "Backup",
            ),
            ("app.properties", "shop.backup=daily\n", "backup"),
            (
                "nginx.conf",
                "add_header Cache-Control no-store;\n",
                "Cache-Control",
            ),
            ("save.sh", "tar cf backup.tar /data\n", "backup"),
            ("a.tf", "bucket = aws_s3_bucket.backup\n", "backup"),
            ("up.sh", "docker -H tcp://a:1 run redis\n", "redis"),
            (
                "up.sh",
                "curl -H 'A: b' https://rabbitmq:15672\n",
                "rabbitmq",
            ),
        ] {
            assert!(!idle(path, text, word), "{path} {text}");
        }
    }

    #[test]
    fn comments_of_markup_end() {
        let text = "<a>\n<!--\n <b name=\"x.Y\"/>\n-->\n<c name=\"x.Z\"/></a>";
        let inside = |word: &str| is_in_comment(text, text.find(word).unwrap_or_default());
        assert!(inside("x.Y"));
        assert!(!inside("x.Z"));
    }

    #[test]
    fn files_for_compilers_and_tools_are_known() {
        assert!(is_hint_for_compiler(
            "src/main/resources/META-INF/native-image/a.json"
        ));
        assert!(!is_hint_for_compiler("src/main/resources/META-INF/a.json"));
        assert!(is_for_tools(
            ".claude/skills/describe.md",
            Language::Markdown
        ));
        assert!(!is_for_tools("docs/describe.md", Language::Markdown));
        assert!(!is_for_tools(".github/workflows/a.yml", Language::Yaml));
    }
}
