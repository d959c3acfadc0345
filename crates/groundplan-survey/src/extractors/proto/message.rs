//! Messages and their fields.

use super::{Places, full, place, short};
use crate::facts::{Claim, FileFacts};
use crate::source::SourceFile;
use groundplan_model::{Cardinality, Entity, EntityKind, EntityRelation, Field, Provenance};
use prost_types::field_descriptor_proto::{Label, Type};
use prost_types::{DescriptorProto, FieldDescriptorProto, FileDescriptorProto};
use std::collections::BTreeSet;

/// Adds the messages of a file, nested ones after those that hold them.
pub(super) fn add_all(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    package: &str,
    parsed: &FileDescriptorProto,
    places: &Places,
) {
    let mut messages = Vec::new();
    for (index, message) in parsed.message_type.iter().enumerate() {
        collect(message, "", vec![4, index as i32], &mut messages);
    }
    let known: BTreeSet<String> = messages.iter().map(|m| m.name.clone()).collect();
    for message in &messages {
        add_message(acc, file, package, message, &known, places);
    }
}

/// A message with the name that it has inside the package.
struct Message<'p> {
    name: String,
    path: Vec<i32>,
    descriptor: &'p DescriptorProto,
}

fn collect<'p>(
    descriptor: &'p DescriptorProto,
    outer: &str,
    path: Vec<i32>,
    all: &mut Vec<Message<'p>>,
) {
    let is_map = descriptor.options.as_ref().is_some_and(|o| o.map_entry());
    if is_map {
        return;
    }
    let name = full(outer, descriptor.name());
    all.push(Message {
        name: name.clone(),
        path: path.clone(),
        descriptor,
    });
    // The parser bounds the nesting.
    for (index, nested) in descriptor.nested_type.iter().enumerate() {
        let mut path = path.clone();
        path.extend([3, index as i32]);
        collect(nested, &name, path, all);
    }
}

fn add_message(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    package: &str,
    message: &Message<'_>,
    known: &BTreeSet<String>,
    places: &Places,
) {
    let ((first, last), description) = place(places, &message.path);
    let id = |name: &str| full(package, name).to_lowercase();
    let mut entity = Entity {
        id: id(&message.name),
        name: message.name.clone(),
        kind: EntityKind::Message,
        description,
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
        provenance: Provenance::observed([file.evidence(first, last)]),
    };
    for (index, field) in message.descriptor.field.iter().enumerate() {
        let mut path = message.path.clone();
        path.extend([2, index as i32]);
        let ((first, last), description) = place(places, &path);
        let provenance = Provenance::observed([file.evidence(first, last)]);
        let map = map_entry(message.descriptor, field);
        let target = map.map_or(field, |(_, value)| value);
        let repeated = field.label() == Label::Repeated;
        let data_type = match map {
            Some((key, value)) => {
                let (key, value) = (type_name(key, package), type_name(value, package));
                format!("map<{key}, {value}>")
            }
            None if repeated => format!("repeated {}", type_name(field, package)),
            None => type_name(field, package),
        };
        if let Some(to) = resolve(target.type_name(), &message.name, package, known) {
            entity.relations.push(EntityRelation {
                fields: vec![field.name().to_owned()],
                to: id(to),
                to_fields: Vec::new(),
                cardinality: if repeated {
                    Cardinality::OneToMany
                } else {
                    Cardinality::OneToOne
                },
                on_delete: None,
                through: None,
                provenance: provenance.clone(),
            });
        }
        entity.fields.push(Field {
            name: field.name().to_owned(),
            data_type,
            nullable: field.proto3_optional() || field.oneof_index.is_some(),
            default: field.default_value.clone(),
            primary_key: false,
            unique: false,
            constraints: Vec::new(),
            description,
            provenance,
        });
    }
    acc.add(file, first, last, Claim::Entity(Box::new(entity)));
}

/// Key and value of the entry message that the parser makes for a map field.
fn map_entry<'p>(
    message: &'p DescriptorProto,
    field: &FieldDescriptorProto,
) -> Option<(&'p FieldDescriptorProto, &'p FieldDescriptorProto)> {
    let name = field.type_name().rsplit('.').next()?;
    let entry = message.nested_type.iter().find(|nested| {
        nested.name() == name && nested.options.as_ref().is_some_and(|o| o.map_entry())
    })?;
    Some((entry.field.first()?, entry.field.get(1)?))
}

fn type_name(field: &FieldDescriptorProto, package: &str) -> String {
    if let Some(name) = &field.type_name {
        return short(name, package).to_owned();
    }
    let name = field.r#type().as_str_name();
    match field.r#type() {
        Type::Message | Type::Enum | Type::Group => String::new(),
        _ => name.trim_start_matches("TYPE_").to_ascii_lowercase(),
    }
}

/// The message of this file that a type name means, looked up from the inside to the outside.
fn resolve<'k>(
    name: &str,
    scope: &str,
    package: &str,
    known: &'k BTreeSet<String>,
) -> Option<&'k String> {
    if name.is_empty() {
        return None;
    }
    if name.starts_with('.') {
        return known.get(short(name, package));
    }
    let mut scope = Some(scope);
    while let Some(inner) = scope {
        if let Some(found) = known.get(&full(inner, name)) {
            return Some(found);
        }
        scope = inner.rsplit_once('.').map(|(outer, _)| outer);
    }
    known.get(short(name, package))
}
