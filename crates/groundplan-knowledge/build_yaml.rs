//! YAML of `data/` as JSON, for build scripts: a parser without what only documents of others need (pictures of
//! errors, foreign encodings, limits), because what a build script depends on is built a second time.

use saphyr::{LoadableYamlNode as _, Scalar, Yaml};
use serde_json::{Map, Number, Value};
use std::error::Error;
use std::fs;
use std::path::Path;

/// The one document of a file. Errors name the file.
pub(crate) fn read(path: &Path) -> Result<Value, Box<dyn Error>> {
    let text = fs::read_to_string(path)?;
    let named = |said: String| format!("{}: {said}", path.display());
    let all = Yaml::load_from_str(&text).map_err(|e| named(e.to_string()))?;
    match all.as_slice() {
        [one] => value(one).map_err(|said| named(said).into()),
        other => Err(named(format!("{} documents, expected one", other.len())).into()),
    }
}

fn value(node: &Yaml<'_>) -> Result<Value, String> {
    Ok(match node {
        Yaml::Value(Scalar::Null) => Value::Null,
        Yaml::Value(Scalar::Boolean(truth)) => Value::Bool(*truth),
        Yaml::Value(Scalar::Integer(number)) => Value::Number((*number).into()),
        Yaml::Value(Scalar::FloatingPoint(number)) => {
            let number = Number::from_f64(number.into_inner());
            Value::Number(number.ok_or("a number that JSON does not have")?)
        }
        Yaml::Value(Scalar::String(text)) => Value::String(text.to_string()),
        Yaml::Sequence(items) => Value::Array(items.iter().map(value).collect::<Result<_, _>>()?),
        Yaml::Mapping(pairs) => {
            let mut map = Map::new();
            for (key, inner) in pairs {
                let key = match value(key)? {
                    Value::String(key) => key,
                    other => other.to_string(),
                };
                if map.insert(key.clone(), value(inner)?).is_some() {
                    return Err(format!("`{key}` stands twice"));
                }
            }
            Value::Object(map)
        }
        other => {
            return Err(format!(
                "neither a value nor a list nor a mapping: {other:?}"
            ));
        }
    })
}
