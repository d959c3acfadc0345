//! The JSON Schema of a brief for editors, made from the tables that reading uses.

use super::keys::KEYS;
use super::read::{LISTS, MORE, WORDS};
use super::{CRITICALITY, DATA_CLASSES, Field};
use crate::blueprint::capital;
use serde_json::{Map, Value, json};

/// What a scalar may be: the shorthand grammar reads numbers out of texts.
const SCALARS: [&str; 2] = ["string", "number"];

/// Other names of keys that stand in structured fields, as people write them.
const SHORT: [(&str, &str); 5] = [
    ("scale.users", "monthly active users"),
    (
        "scale.registered",
        "registered users, taken as monthly ones",
    ),
    ("scale.rps", "requests per second at peak"),
    ("team.size", "engineers who build and run it"),
    ("constraints.budget", "money for hosting, per month"),
];

/// The JSON Schema (draft 7, which editors know best) of a brief: a file of its own, or what stands
/// under `brief:` in `groundplan.yaml`.
pub fn brief_schema() -> Value {
    let mut properties = Map::new();
    for field in Field::ALL {
        properties.insert(field.key().to_owned(), six(field));
    }
    for name in WORDS {
        properties.insert(name.to_owned(), words(name));
    }
    for name in MORE {
        if let Some(schema) = more(name) {
            properties.insert(name.to_owned(), schema);
        }
    }
    for (key, unit, about) in KEYS {
        if !key.contains('.') {
            properties.insert(key.to_owned(), number(unit, about));
        }
    }
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "brief",
        "description": "What a system is for and what binds it, in six fields; `groundplan generate` designs the system from it.",
        "type": "object",
        "properties": properties,
        "required": ["purpose"],
        "additionalProperties": false,
    })
}

/// The schema of `groundplan.yaml` with that of the brief under its key `brief`.
pub fn with_brief(mut declaration: Value) -> Value {
    let mut brief = brief_schema();
    if let Some(all) = brief.as_object_mut() {
        all.remove("$schema");
        all.insert("type".to_owned(), json!(["object", "null"]));
    }
    if let Some(place) = declaration.pointer_mut("/properties/brief") {
        *place = brief;
    }
    declaration
}

/// A field: text, a list of texts, or its structured form.
fn six(field: Field) -> Value {
    let about = match field {
        Field::Purpose => "Who does what with it, in one or two sentences.",
        Field::Scale => {
            "Users, requests per second, devices, data: `250k users, 120 rps peak, 80 GB/yr`."
        }
        Field::Team => "How many engineers build and run it: `5 engineers`.",
        Field::Timeline => {
            "When it must be live: `7 months`, or `by 2027-05` together with `as_of_date`."
        }
        Field::Stack => {
            "Technologies: a bare language or store is a demand, a bare platform or style a preference."
        }
        Field::Constraints => {
            "Budget, availability, latency, compliance, places of data, systems to integrate with."
        }
    };
    let mut properties = Map::new();
    let prefix = format!("{}.", field.key());
    for (key, unit, about) in KEYS {
        if let Some(name) = key.strip_prefix(&prefix) {
            properties.insert(name.to_owned(), number(unit, about));
        }
    }
    for (key, about) in SHORT {
        if let Some(name) = key.strip_prefix(&prefix) {
            properties.insert(name.to_owned(), number("", about));
        }
    }
    for key in LISTS {
        if let Some(name) = key.strip_prefix(&prefix) {
            properties.insert(name.to_owned(), texts(listed(key)));
        }
    }
    let mut schema = json!({
        "description": about,
        "type": ["string", "number", "array", "null"],
        "items": {"type": SCALARS},
    });
    if let (Some(all), false) = (schema.as_object_mut(), properties.is_empty()) {
        all.insert(
            "type".to_owned(),
            json!(["string", "number", "array", "object", "null"]),
        );
        all.insert("properties".to_owned(), Value::Object(properties));
        all.insert("additionalProperties".to_owned(), json!(false));
    }
    schema
}

fn listed(key: &str) -> &'static str {
    match key {
        "stack.must" => "Technologies that must be used.",
        "stack.prefer" => "Technologies that would be welcome.",
        "stack.avoid" => "Technologies that must not be used.",
        "stack.languages" => "Languages.",
        "stack.cloud" => "Provider, or `on-premises`.",
        "constraints.compliance" => "GDPR, HIPAA, PCI DSS, SOC 2, ISO 27001.",
        "constraints.integrations" => "Systems to integrate with.",
        "constraints.hosting" => "Where it may run.",
        "constraints.regions" => "Regions in which it runs.",
        "constraints.residency" => "Regions in which data must stay.",
        "constraints.currency" => "Currency of the budget.",
        _ => "Further words.",
    }
}

fn number(unit: &str, about: &str) -> Value {
    let unit = match unit {
        "" | "per month" | "per year" => String::new(),
        unit => format!(" ({unit})"),
    };
    json!({"description": format!("{}{unit}.", capital(about)), "type": SCALARS})
}

fn texts(about: &str) -> Value {
    json!({
        "description": about,
        "type": ["string", "number", "array", "null"],
        "items": {"type": SCALARS},
    })
}

fn words(name: &str) -> Value {
    let about = match name {
        "schema" => "Version of this format.",
        "id" => "Id of the brief.",
        "title" => "Name of the system.",
        "criticality" => {
            return json!({
                "description": "What an outage costs: it decides the availability target where none is stated, and the weight of threats.",
                "enum": CRITICALITY,
            });
        }
        "data_classes" => {
            return json!({
                "description": "The most sensitive kinds of data that the system holds; they decide the impact of threats and which compliance is asked about.",
                "type": ["string", "array"],
                "items": {"enum": DATA_CLASSES},
            });
        }
        "business_hours" => "When people work with it.",
        "locale" => "Locale of numbers: `de` reads 1.000 as a thousand.",
        "currency" => "Currency of amounts, ISO code.",
        "as_of_date" => "The day from which dates are counted, YYYY-MM-DD.",
        "regions" => "Regions in which it runs.",
        "language_skills" => "Languages that the team knows.",
        "existing_systems" => "Systems that it replaces or lives beside.",
        "actors" => "Kinds of people who use it.",
        _ => "Words.",
    };
    texts(about)
}

/// The schema of a key that holds more than words; `None` for keys of checks.
fn more(name: &str) -> Option<Value> {
    let record = |properties: Value, required: &[&str]| {
        json!({"anyOf": [
            {"type": "string"},
            {"type": "object", "properties": properties, "required": required, "additionalProperties": false},
        ]})
    };
    let text = json!({"type": SCALARS});
    let list = json!({"type": ["array", "string"], "items": {"type": SCALARS}});
    Some(match name {
        "entities" => json!({
            "description": "Entities that the brief describes itself.",
            "type": "array",
            "items": record(json!({"name": text, "fields": list, "pii": {"type": "boolean"}}), &["name"]),
        }),
        "flows" => json!({
            "description": "What happens most or matters most, step by step.",
            "type": "array",
            "items": {"type": "object", "properties": {
                "name": text,
                "share": {"description": "Share of all requests: `30%` or 0.3.", "type": SCALARS},
                "steps": {"description": "One sentence each, beginning with who acts: `visitor holds a seat`.", "type": "array", "items": {"type": "string"}},
            }, "required": ["name"], "additionalProperties": false},
        }),
        "integrations" => json!({
            "description": "Systems to integrate with.",
            "type": "array",
            "items": record(json!({"name": text, "what": text, "protocol": text, "auth": text}), &["name"]),
        }),
        "payload" => {
            let mut properties = Map::new();
            for (key, unit, about) in KEYS {
                if let Some(name) = key.strip_prefix("payload.") {
                    properties.insert(name.to_owned(), number(unit, about));
                }
            }
            json!({"description": "Sizes of requests, answers and records.", "type": "object", "properties": properties, "additionalProperties": false})
        }
        "measured" => json!({
            "description": "What was measured, once the system runs: `availability` in percent, `p50_ms` and `p99_ms` of all requests, or of one flow below its id; any service level by its id (`audit-completeness: 100 %`).",
            "type": "object",
            "additionalProperties": {"type": ["string", "number", "object"]},
        }),
        "capabilities" => texts("Capabilities to add (`+booking`) or to strike (`-analytics`)."),
        _ => return None,
    })
}
