//! Avro schemas: records as messages.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts};
use crate::paths;
use crate::secrets;
use crate::sentence;
use crate::source::SourceFile;
use groundplan_model::{Cardinality, Entity, EntityKind, EntityRelation, Field, Provenance};
use groundplan_syntax::Node;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "avro",
    docs: "\
### What it finds
Records of Avro schemas (`*.avsc`) as messages: fields with type, whether they may be null, default and
documentation, references to other records; records in records are messages of their own.

### What it does not find
Enumerations and fixed types by themselves, Avro IDL and protocols, which topic carries a record.
",
    reads: &[Reads::Paths(&["*.avsc"])],
    markers: &["\"record\""],
    run: extract,
};

/// Types in types at most.
const DEEPEST: u8 = 12;

/// Records of a file and fields of a record at most.
const MOST: usize = 1_000;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) {
        return;
    }
    let Some(root) = file.json() else {
        return;
    };
    let mut records = Records {
        file,
        all: Vec::new(),
    };
    records.type_of(root, "", 0);
    for record in records.all {
        let lines = record.provenance.first().map_or([1, 1], |at| at.lines);
        acc.add(file, lines[0], lines[1], Claim::Entity(Box::new(record)));
    }
}

struct Records<'f, 't> {
    file: &'f SourceFile<'t>,
    all: Vec<Entity>,
}

/// A type as it is written down.
#[derive(Default)]
struct Written {
    text: String,
    nullable: bool,
    /// The full name of a type that is no plain one.
    named: Option<String>,
    many: bool,
}

/// A name with the namespace in which it stands.
fn full(name: &str, namespace: &str) -> String {
    match name.contains('.') || namespace.is_empty() {
        true => name.to_owned(),
        false => format!("{namespace}.{name}"),
    }
}

fn is_plain(name: &str) -> bool {
    matches!(
        name,
        "null" | "boolean" | "int" | "long" | "float" | "double" | "bytes" | "string"
    )
}

impl Records<'_, '_> {
    /// A type in words; records that are met are added.
    fn type_of(&mut self, node: &Node, namespace: &str, depth: u8) -> Written {
        if depth > DEEPEST {
            return Written::default();
        }
        if let Some(name) = node.str() {
            let last = name.rsplit('.').next().unwrap_or(name);
            return Written {
                text: last.to_owned(),
                named: (!is_plain(name)).then(|| full(name, namespace)),
                ..Written::default()
            };
        }
        let choices = node.items();
        if !choices.is_empty() {
            let choices = choices.iter().take(64);
            let all: Vec<Written> = choices
                .map(|c| self.type_of(c, namespace, depth + 1))
                .collect();
            let nullable = all.iter().any(|w| w.text == "null");
            let rest: Vec<Written> = all.into_iter().filter(|w| w.text != "null").collect();
            let texts: Vec<&str> = rest.iter().map(|w| w.text.as_str()).collect();
            let text = texts.join(" | ");
            let mut first = rest.into_iter();
            let one = first.next().filter(|_| first.next().is_none());
            return Written {
                text,
                nullable,
                ..one.unwrap_or_default()
            };
        }
        let Some(inner) = node.get("type") else {
            return Written::default();
        };
        match inner.str() {
            Some("record" | "error") => {
                let name = self.record(node, namespace, depth);
                let last = name.rsplit('.').next().unwrap_or(&name).to_owned();
                Written {
                    text: last,
                    named: Some(name),
                    ..Written::default()
                }
            }
            Some("enum" | "fixed") => Written {
                text: node.str_of("name").unwrap_or("enum").to_owned(),
                ..Written::default()
            },
            Some(kind @ ("array" | "map")) => {
                let of = node.get(if kind == "array" { "items" } else { "values" });
                let of = of
                    .map(|of| self.type_of(of, namespace, depth + 1))
                    .unwrap_or_default();
                Written {
                    text: format!("{kind}<{}>", of.text),
                    many: true,
                    nullable: false,
                    ..of
                }
            }
            Some(plain) => Written {
                text: match node.str_of("logicalType") {
                    Some(logical) => format!("{plain} ({logical})"),
                    None => return self.type_of(inner, namespace, depth + 1),
                },
                ..Written::default()
            },
            None => self.type_of(inner, namespace, depth + 1),
        }
    }

    /// Adds a record; gives its full name.
    fn record(&mut self, node: &Node, outer: &str, depth: u8) -> String {
        let own = node.str_of("name").unwrap_or_default();
        let namespace = node.str_of("namespace").unwrap_or(outer);
        let name = full(own, namespace);
        if own.is_empty() || self.all.len() >= MOST {
            return name;
        }
        let namespace = name
            .rsplit_once('.')
            .map_or("", |(namespace, _)| namespace)
            .to_owned();
        let doc = |node: &Node| node.str_of("doc").and_then(|d| sentence::one(d, 200));
        let place = self.all.len();
        self.all.push(Entity {
            id: name.to_lowercase(),
            name: name.rsplit('.').next().unwrap_or(&name).to_owned(),
            kind: EntityKind::Message,
            description: doc(node),
            owner: None,
            store: None,
            over: Vec::new(),
            materialized: false,
            partial: false,
            fields: Vec::new(),
            relations: Vec::new(),
            indexes: Vec::new(),
            partitioning: None,
            retention: None,
            provenance: Provenance::observed([self.file.evidence(node.first, node.last)]),
        });
        let (mut fields, mut relations) = (Vec::new(), Vec::new());
        let items = node.get("fields").map(Node::items).unwrap_or_default();
        for item in items.iter().take(MOST) {
            let (Some(name), Some(kind)) = (item.str_of("name"), item.get("type")) else {
                continue;
            };
            let written = self.type_of(kind, &namespace, depth + 1);
            let seen = Provenance::observed([self.file.evidence(item.first, item.last)]);
            if let Some(to) = &written.named {
                relations.push(EntityRelation {
                    fields: vec![name.to_owned()],
                    to: to.to_lowercase(),
                    to_fields: Vec::new(),
                    cardinality: match written.many {
                        true => Cardinality::OneToMany,
                        false => Cardinality::OneToOne,
                    },
                    on_delete: None,
                    through: None,
                    provenance: seen.clone(),
                });
            }
            let default = item
                .str_of("default")
                .and_then(|value| secrets::keep(name, value));
            fields.push(Field {
                name: name.to_owned(),
                data_type: written.text,
                nullable: written.nullable,
                default,
                primary_key: false,
                unique: false,
                constraints: Vec::new(),
                description: doc(item),
                provenance: seen,
            });
        }
        if let Some(made) = self.all.get_mut(place) {
            (made.fields, made.relations) = (fields, relations);
        }
        name
    }
}
