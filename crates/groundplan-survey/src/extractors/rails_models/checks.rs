//! What validations and enumerations of Active Record say of the columns of their table
//! (<https://guides.rubyonrails.org/active_record_validations.html>).

use crate::ruby::{Statement, Value};

/// The fields that a statement speaks of, and what the program checks of each.
pub(super) fn of<'t>(statement: &Statement<'t>) -> Option<(Vec<&'t str>, Vec<String>)> {
    let (names, checks) = match statement.word {
        "enum" => return enumeration(statement),
        "validates" => (names(statement), checks(statement)),
        "validates_presence_of" => (names(statement), vec!["present".to_owned()]),
        "validates_uniqueness_of" => {
            let within = statement.option("scope").map(Value::names);
            (names(statement), vec![unique(within)])
        }
        "validates_length_of" => {
            let option = |key: &str| statement.option(key);
            (names(statement), length(&option).into_iter().collect())
        }
        _ => return None,
    };
    // What holds for some rows, or on some ways to the table, is none of its rules.
    let open = ["if", "unless", "on", "conditions"]
        .iter()
        .any(|key| statement.option(key).is_some());
    (!open && !names.is_empty() && !checks.is_empty()).then_some((names, checks))
}

fn names<'t>(statement: &Statement<'t>) -> Vec<&'t str> {
    statement.args.iter().filter_map(Value::name).collect()
}

fn word(value: &Value<'_>) -> Option<String> {
    match value {
        Value::Word(text) => Some((*text).to_owned()),
        _ => None,
    }
}

fn checks(statement: &Statement<'_>) -> Vec<String> {
    let mut all = Vec::new();
    for (key, value) in &statement.options {
        let inner = |key: &str| match value {
            Value::Map(pairs) => pairs.iter().find(|(k, _)| *k == key).map(|(_, v)| v),
            _ => None,
        };
        let is_map = matches!(value, Value::Map(_));
        let plain = matches!(value, Value::Word("true"));
        let open = ["if", "unless", "on", "conditions"]
            .iter()
            .any(|key| inner(key).is_some());
        if open {
            continue;
        }
        match *key {
            "presence" if plain || is_map => all.push("present".to_owned()),
            "uniqueness" if plain || is_map => {
                all.push(unique(inner("scope").map(Value::names)));
            }
            "length" => all.extend(length(&inner)),
            "inclusion" => {
                let list = inner("in").or_else(|| inner("within"));
                all.extend(listed(list.or_else(|| (!is_map).then_some(value))));
            }
            "numericality" if plain || is_map => {
                let whole = matches!(inner("only_integer"), Some(Value::Word("true")));
                let mut text = match whole {
                    true => "a whole number".to_owned(),
                    false => "a number".to_owned(),
                };
                for (key, words) in [
                    ("greater_than", "above"),
                    ("greater_than_or_equal_to", "at least"),
                    ("less_than", "below"),
                    ("less_than_or_equal_to", "at most"),
                ] {
                    if let Some(bound) = inner(key).and_then(word) {
                        text.push_str(&format!(" {words} {bound}"));
                    }
                }
                all.push(text);
            }
            _ => {}
        }
    }
    all
}

fn unique(within: Option<Vec<&str>>) -> String {
    match within {
        Some(fields) if !fields.is_empty() => {
            format!("unique among rows of one {}", fields.join(", "))
        }
        _ => "unique".to_owned(),
    }
}

fn length<'v, 't: 'v>(option: &dyn Fn(&str) -> Option<&'v Value<'t>>) -> Option<String> {
    let bound = |key: &str| option(key).and_then(word);
    let text = match (bound("is"), bound("minimum"), bound("maximum")) {
        (Some(exact), ..) => format!("{exact} characters"),
        (None, Some(least), Some(most)) => format!("{least} to {most} characters"),
        (None, Some(least), None) => format!("at least {least} characters"),
        (None, None, Some(most)) => format!("at most {most} characters"),
        _ => return None,
    };
    Some(text)
}

/// The values of a list, or the constant that stands for them.
fn listed(value: Option<&Value<'_>>) -> Option<String> {
    let text = match value? {
        list @ Value::List(all) => {
            let names = list.names();
            if names.len() < all.len() || names.is_empty() || names.len() > 16 {
                return None;
            }
            names.join(", ")
        }
        Value::Word(name) if name.starts_with(|c: char| c.is_ascii_uppercase()) => {
            (*name).to_owned()
        }
        _ => return None,
    };
    Some(format!("one of {text}"))
}

/// `enum :status, { draft: 0, sent: 1 }`, `enum status: %i[draft sent]`: nothing else can be set.
fn enumeration<'t>(statement: &Statement<'t>) -> Option<(Vec<&'t str>, Vec<String>)> {
    let (name, values) = match statement.args.first().and_then(Value::name) {
        Some(name) => (name, statement.args.get(1)?),
        None => {
            let (name, values) = statement.options.first()?;
            (*name, values)
        }
    };
    let all: Vec<&str> = match values {
        Value::Map(pairs) => pairs.iter().map(|(key, _)| *key).collect(),
        list @ Value::List(_) => list.names(),
        _ => return None,
    };
    let told = !all.is_empty() && all.len() <= 16;
    told.then(|| (vec![name], vec![format!("one of {}", all.join(", "))]))
}
