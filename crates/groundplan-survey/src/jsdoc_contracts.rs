//! Operations that comments of JavaScript describe as OpenAPI does: `@swagger` and `@openapi`
//! (<https://github.com/Surnet/swagger-jsdoc>).

use groundplan_syntax::{Code, Node, yaml};

/// What a comment says of an operation.
#[derive(Debug, Default)]
pub(crate) struct Told {
    /// One line on what it does.
    pub(crate) summary: Option<String>,
    /// Whether callers should no longer use it.
    pub(crate) deprecated: bool,
    /// What it takes, properties of its body among it.
    pub(crate) parameters: Vec<Given>,
    /// Statuses, and what they mean if that is said in place.
    pub(crate) responses: Vec<(String, Option<String>)>,
}

/// A parameter, or a property of a body.
#[derive(Debug)]
pub(crate) struct Given {
    pub(crate) name: String,
    pub(crate) place: String,
    pub(crate) data_type: Option<String>,
    pub(crate) description: Option<String>,
}

const METHODS: [&str; 7] = ["get", "put", "post", "delete", "patch", "head", "options"];

/// Comments of a file, and operations of these, that are read at most.
const MOST: usize = 300;

/// An operation that a comment describes: method, path and what is said of it, with the line of the comment.
pub(crate) struct Described {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) line: u32,
    pub(crate) told: Told,
}

/// The operations that the comments of a file describe.
pub(crate) fn all(code: &Code<'_>) -> Vec<Described> {
    let mut found = Vec::new();
    let comments = code.comments().filter(|(_, text)| is_one(text));
    for (line, text) in comments.take(MOST) {
        let (documents, _) = yaml(&body(text));
        for root in documents {
            let paths = root.get("paths");
            let items = paths.map_or_else(|| root.entries(), Node::entries);
            for (path, item) in items
                .into_iter()
                .filter(|(key, _)| key.text.starts_with('/'))
            {
                for (method, operation) in item.entries() {
                    if METHODS.contains(&method.text.as_str()) && found.len() < MOST {
                        found.push(Described {
                            method: method.text.to_ascii_uppercase(),
                            path: path.text.clone(),
                            line,
                            told: told(operation),
                        });
                    }
                }
            }
        }
    }
    found
}

/// The only operation that the comments of a file describe.
pub(crate) fn only(code: &Code<'_>) -> Option<Told> {
    let mut found = all(code);
    match found.len() {
        1 => found.pop().map(|one| one.told),
        _ => None,
    }
}

fn is_one(text: &str) -> bool {
    text.contains("@swagger") || text.contains("@openapi")
}

/// The text of a comment behind its mark, with its lines as they are indented.
fn body(comment: &str) -> String {
    let behind = ["@swagger", "@openapi"]
        .iter()
        .find_map(|mark| comment.split_once(mark));
    let rest = behind.map_or("", |(_, rest)| rest).trim_end_matches("*/");
    let lines = rest.lines().skip(1).map(|line| {
        let bare = line.trim_start();
        bare.strip_prefix('*').unwrap_or(bare)
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn told(operation: &Node) -> Told {
    let line = |text: &str| {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let text = text.trim_end_matches('.').to_owned();
        (!text.is_empty() && text.len() <= 200).then_some(text)
    };
    let described = |node: &Node| node.str_of("description").and_then(line);
    let mut made = Told {
        summary: operation.str_of("summary").and_then(line),
        deprecated: operation.get("deprecated").and_then(Node::truth) == Some(true),
        ..Told::default()
    };
    let kind = |node: &Node| node.str_of("type").map(str::to_owned);
    for parameter in operation
        .get("parameters")
        .map(Node::items)
        .unwrap_or_default()
    {
        if let (Some(name), Some(place)) = (parameter.str_of("name"), parameter.str_of("in")) {
            made.parameters.push(Given {
                name: name.to_owned(),
                place: place.to_owned(),
                data_type: parameter.get("schema").and_then(kind),
                description: described(parameter),
            });
        }
    }
    let contents = operation.at(&["requestBody", "content"]);
    for (_, content) in contents.map(Node::entries).unwrap_or_default() {
        let properties = content.at(&["schema", "properties"]);
        for (name, property) in properties.map(Node::entries).unwrap_or_default() {
            made.parameters.push(Given {
                name: name.text.clone(),
                place: "form".to_owned(),
                data_type: kind(property),
                description: described(property),
            });
        }
    }
    let responses = operation.get("responses").map(Node::entries);
    for (status, response) in responses.unwrap_or_default() {
        let status = status.text.as_str();
        if status.len() == 3 && status.bytes().all(|b| b.is_ascii_digit()) {
            made.responses
                .push((status.to_owned(), described(response)));
        }
    }
    made
}
