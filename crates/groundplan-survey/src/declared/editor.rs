//! The JSON Schema of `groundplan.yaml` for editors, made from the table that validates.

use super::shape::{Field, Shape};
use super::table::ROOT;
use serde_json::{Map, Value, json};

/// The JSON Schema (draft 7, which editors know best) of `groundplan.yaml`.
pub fn declaration_schema() -> Value {
    let mut schema = shape(&ROOT);
    schema.insert(
        "$schema".to_owned(),
        json!("http://json-schema.org/draft-07/schema#"),
    );
    schema.insert("title".to_owned(), json!("groundplan.yaml"));
    schema.insert(
        "description".to_owned(),
        json!("What code cannot say about a system; it beats what is observed."),
    );
    Value::Object(schema)
}

/// What a scalar may be: numbers and dates are texts too.
const SCALARS: [&str; 3] = ["string", "number", "boolean"];

fn shape(shape: &Shape) -> Map<String, Value> {
    let mut schema = Map::new();
    let mut types: Vec<&str> = Vec::new();
    match shape {
        Shape::Anything => return schema,
        Shape::Truth => types.push("boolean"),
        Shape::Choice(words) => {
            let mut all: Vec<Value> = words.iter().map(|w| json!(w)).collect();
            all.push(Value::Null);
            schema.insert("enum".to_owned(), Value::Array(all));
            return schema;
        }
        _ => {
            if let Some(inner) = shape.item() {
                types.push("array");
                schema.insert("items".to_owned(), Value::Object(item(inner)));
            }
            if shape.takes_text() {
                types.extend(SCALARS);
            }
            if shape.takes_texts() {
                types.push("array");
                schema.insert("items".to_owned(), json!({ "type": SCALARS }));
            }
            if shape.takes_mapping() {
                types.push("object");
                mapping(shape, &mut schema);
            }
        }
    }
    types.push("null");
    schema.insert("type".to_owned(), json!(types));
    schema
}

/// An item of a list, which cannot be empty.
fn item(inner: &Shape) -> Map<String, Value> {
    let mut schema = shape(inner);
    if let Some(Value::Array(types)) = schema.get_mut("type") {
        types.retain(|t| t != "null");
    }
    schema
}

fn mapping(shape: &Shape, schema: &mut Map<String, Value>) {
    let fields = shape.fields();
    let properties: Map<String, Value> = fields
        .iter()
        .map(|f| (f.key.to_owned(), property(f)))
        .collect();
    if !properties.is_empty() {
        schema.insert("properties".to_owned(), Value::Object(properties));
    }
    let required: Vec<&str> = fields
        .iter()
        .filter(|f| f.required)
        .map(|f| f.key)
        .collect();
    if !required.is_empty() {
        schema.insert("required".to_owned(), json!(required));
    }
    let others = match shape {
        Shape::Map(_, inner) | Shape::Open(_, _, inner) => Value::Object(self::shape(inner)),
        _ => Value::Bool(false),
    };
    schema.insert("additionalProperties".to_owned(), others);
}

fn property(field: &Field) -> Value {
    let mut schema = shape(&field.shape);
    if field.required {
        // A key that must be there must say something.
        if let Some(Value::Array(types)) = schema.get_mut("type") {
            types.retain(|t| t != "null");
        }
    }
    schema.insert("description".to_owned(), json!(field.about));
    Value::Object(schema)
}
