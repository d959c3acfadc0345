//! In which forms servers take requests and give answers.

use crate::extractor::{Extractor, Reads};
use crate::facts::FileFacts;
use crate::scan::{self, Part};
use crate::source::SourceFile;
use groundplan_model::Topic;
use groundplan_syntax::{Annotation, Call, Code, Language};
use std::collections::BTreeSet;
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "media-types",
    docs: "\
### What it finds
Media types of requests and answers where code of a server names them: `produces` and `consumes` of Spring and
JAX-RS, `[Produces]` and `[Consumes]` of ASP.NET Core, `@Header(\"Content-Type\", …)`, `@ApiConsumes` and
`@ApiProduces` of NestJS, parsers of bodies of Express, `res.json`, `Content-Type` set in answers,
`c.JSON` of Gin, Echo and Fiber, `media_type`, `content_type` and `mimetype` of answers in Python,
`jsonify`, and parsers and renderers of Django REST framework.

### What it does not find
What frameworks answer in by themselves; types that are computed; what clients send.
",
    reads: &[Reads::Own(&[
        Language::CSharp,
        Language::Go,
        Language::Java,
        Language::JavaScript,
        Language::Kotlin,
        Language::Python,
        Language::TypeScript,
    ])],
    markers: &[
        "Content-Type",
        "content-type",
        "express.json",
        "express.urlencoded",
        "bodyParser.",
        "produces",
        "consumes",
        "Produces",
        "Consumes",
        "media_type",
        "content_type",
        "mimetype",
        "jsonify",
        "JsonResponse",
        "JSONResponse",
        "JSONRenderer",
        "JSONParser",
        "MultiPartParser",
        "FormParser",
        "res.json",
        "response.json",
        ".JSON(",
    ],
    run: extract,
};

/// What a server gives.
const ANSWERS: &str = "answers";
/// What a server takes.
const TAKES: &str = "takes";

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";
const PARTS: &str = "multipart/form-data";

/// Calls whose name says what they read or write: name, direction, type.
const CALLS: [(&str, &str, &str); 10] = [
    ("express.json", TAKES, JSON),
    ("express.urlencoded", TAKES, FORM),
    ("bodyParser.json", TAKES, JSON),
    ("bodyParser.urlencoded", TAKES, FORM),
    ("res.json", ANSWERS, JSON),
    ("response.json", ANSWERS, JSON),
    ("jsonify", ANSWERS, JSON),
    ("JsonResponse", ANSWERS, JSON),
    ("JSONResponse", ANSWERS, JSON),
    ("ORJSONResponse", ANSWERS, JSON),
];

/// Classes of Django REST framework.
const CLASSES: [(&str, &str, &str); 5] = [
    ("JSONRenderer", ANSWERS, JSON),
    ("BrowsableAPIRenderer", ANSWERS, "text/html"),
    ("JSONParser", TAKES, JSON),
    ("FormParser", TAKES, FORM),
    ("MultiPartParser", TAKES, PARTS),
];

/// Answers of Python that may be given a type.
const RESPONSES: [&str; 7] = [
    "FileResponse",
    "HttpResponse",
    "Response",
    "StreamingHttpResponse",
    "StreamingResponse",
    "make_response",
    "send_file",
];

/// What answers are called in handlers.
const WRITERS: [&str; 10] = [
    "c", "context", "ctx", "reply", "res", "resp", "response", "rw", "w", "writer",
];

struct Found<'a, 'f> {
    acc: &'a mut FileFacts,
    file: &'a SourceFile<'f>,
    seen: BTreeSet<(String, &'static str)>,
}

impl Found<'_, '_> {
    fn add(&mut self, line: u32, direction: &'static str, media: &str) {
        let media = media
            .split(';')
            .next()
            .unwrap_or(media)
            .trim()
            .to_ascii_lowercase();
        if is_media_type(&media) && self.seen.insert((media.clone(), direction)) {
            let detail = Some(direction.to_owned());
            scan::mark(self.acc, self.file, line, Topic::MediaType, media, detail);
        }
    }
}

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own {
        return;
    }
    let code = file.code();
    let mut found = Found {
        acc,
        file,
        seen: BTreeSet::new(),
    };
    for call in code.calls() {
        of_call(&mut found, code, call);
    }
    for annotation in code.annotations() {
        of_annotation(&mut found, code, &annotation);
    }
    if file.language == Language::Python && file.text.contains("rest_framework") {
        of_classes(&mut found, code);
    }
}

fn of_call(found: &mut Found<'_, '_>, code: &Code<'_>, call: Call) {
    let language = code.language;
    let name = code.name(call);
    let script = matches!(language, Language::JavaScript | Language::TypeScript);
    let fits = |wanted: &str| match wanted.contains('.') {
        true => script && name == wanted,
        false => language == Language::Python && name.rsplit('.').next() == Some(wanted),
    };
    if let Some((wanted, direction, media)) = CALLS.iter().find(|(wanted, ..)| fits(wanted)) {
        // `await response.json()` of a client reads what a server has answered.
        let reads = wanted.ends_with(".json") && *direction == ANSWERS;
        if reads && code.arguments(call.open).is_empty() {
            return;
        }
        found.add(call.line, direction, media);
        return;
    }
    let (on, last) = name.rsplit_once('.').unwrap_or(("", &name));
    let first = on.split(['.', '(']).next().unwrap_or_default();
    let writes = WRITERS.contains(&first);
    if language == Language::Python {
        if RESPONSES.contains(&last) {
            for key in ["media_type", "content_type", "mimetype"] {
                let value = code.named_argument(call.open, key);
                let value = value.and_then(|range| code.string(range.start));
                if let Some(media) = value {
                    found.add(call.line, ANSWERS, media);
                }
            }
        }
        return;
    }
    // `c.JSON(200, order)`
    if language == Language::Go && writes && matches!(last, "JSON" | "JSONPretty" | "IndentedJSON")
    {
        found.add(call.line, ANSWERS, JSON);
        return;
    }
    if writes
        && matches!(
            last,
            "header" | "set" | "setHeader" | "Set" | "Add" | "Header"
        )
    {
        let mut arguments = code.arguments(call.open).into_iter();
        let key = arguments.next().and_then(|r| code.string(r.start));
        let value = arguments.next().and_then(|r| code.string(r.start));
        if let (Some(key), Some(media)) = (key, value)
            && key.eq_ignore_ascii_case("content-type")
        {
            found.add(call.line, ANSWERS, media);
        }
    }
}

fn of_annotation(found: &mut Found<'_, '_>, code: &Code<'_>, annotation: &Annotation) {
    let Some(open) = annotation.open else { return };
    let last = annotation.name.rsplit('.').next().unwrap_or_default();
    let direction = match last {
        "Produces" | "ApiProduces" => ANSWERS,
        "Consumes" | "ApiConsumes" => TAKES,
        "Header" => {
            let mut arguments = code.arguments(open).into_iter();
            let key = arguments.next().and_then(|r| code.string(r.start));
            let value = arguments.next().and_then(|r| code.string(r.start));
            if let (Some("Content-Type" | "content-type"), Some(media)) = (key, value) {
                found.add(annotation.line, ANSWERS, media);
            }
            return;
        }
        name if name.ends_with("Mapping") => {
            for (key, direction) in [("produces", ANSWERS), ("consumes", TAKES)] {
                if let Some(range) = code.named_argument(open, key) {
                    of_range(found, code, range, annotation.line, direction);
                }
            }
            return;
        }
        _ => return,
    };
    let all = code.arguments(open);
    if let (Some(first), Some(end)) = (all.first(), all.last()) {
        of_range(
            found,
            code,
            first.start..end.end,
            annotation.line,
            direction,
        );
    }
}

/// Literals and constants (`MediaType.APPLICATION_JSON_VALUE`).
fn of_range(
    found: &mut Found<'_, '_>,
    code: &Code<'_>,
    range: Range<usize>,
    line: u32,
    direction: &'static str,
) {
    for at in range {
        if let Some(text) = code.string(at) {
            found.add(line, direction, text);
        } else if let Some(media) = code.ident(at).and_then(of_constant) {
            found.add(line, direction, &media);
        }
    }
}

/// `APPLICATION_JSON_VALUE` is `application/json`.
fn of_constant(name: &str) -> Option<String> {
    let name = name.strip_suffix("_VALUE").unwrap_or(name);
    if name.ends_with("_UTF8") || name.chars().any(|c| c.is_ascii_lowercase()) {
        return None;
    }
    let (kind, rest) = name.split_once('_')?;
    let kind = kind.to_ascii_lowercase();
    let media = match rest {
        "FORM_URLENCODED" => FORM.to_owned(),
        _ => {
            // `APPLICATION_PROBLEM_JSON` is `application/problem+json`.
            let lower = rest.to_ascii_lowercase();
            let form = ["json", "xml"]
                .iter()
                .find_map(|form| Some((lower.strip_suffix(form)?.strip_suffix('_')?, form)));
            match form {
                Some((of, form)) => format!("{kind}/{}+{form}", of.replace('_', "-")),
                None => format!("{kind}/{}", lower.replace('_', "-")),
            }
        }
    };
    is_media_type(&media).then_some(media)
}

fn of_classes(found: &mut Found<'_, '_>, code: &Code<'_>) {
    let mut given = false;
    for at in 0..code.tokens.len() {
        let word = code
            .ident(at)
            .or_else(|| code.string(at))
            .unwrap_or_default();
        match word {
            "parser_classes"
            | "renderer_classes"
            | "DEFAULT_PARSER_CLASSES"
            | "DEFAULT_RENDERER_CLASSES" => given = true,
            _ if given => {
                let last = word.rsplit('.').next().unwrap_or(word);
                match CLASSES.iter().find(|(class, ..)| *class == last) {
                    Some((_, direction, media)) => found.add(code.line(at), direction, media),
                    // The list ends where something else is named.
                    None => given = word.is_empty() || word.starts_with("rest_framework"),
                }
            }
            _ => {}
        }
    }
}

fn is_media_type(text: &str) -> bool {
    const KINDS: [&str; 8] = [
        "application",
        "audio",
        "font",
        "image",
        "model",
        "multipart",
        "text",
        "video",
    ];
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | '.' | '*');
    text.split_once('/').is_some_and(|(kind, rest)| {
        // `"application/x-git-" + service` is the begin of one.
        let begins = rest.ends_with(['-', '+', '.']);
        KINDS.contains(&kind) && !rest.is_empty() && !begins && rest.chars().all(plain)
    })
}

#[cfg(test)]
mod tests {
    use super::of_constant;

    #[test]
    fn constants_are_spelled_like_their_types() {
        let of = |name| of_constant(name);
        assert_eq!(
            of("APPLICATION_JSON_VALUE").as_deref(),
            Some("application/json")
        );
        assert_eq!(
            of("MULTIPART_FORM_DATA").as_deref(),
            Some("multipart/form-data")
        );
        assert_eq!(of("MediaType"), None);
        assert_eq!(of("MAX_SIZE"), None);
    }
}
