//! Turns the YAML of `data/` into tables, because a YAML parser would take a hundred times as long
//! at every start of the program. Files are read in the order of their names.
//!
//! - `entries.rs`: an array of JSON texts, one per technology, decoded when first asked for.
//! - `marks.txt`: the marks by kind: a line `<TAB>kind<TAB>registry or language<TAB>count`, then one
//!   line `mark<TAB>position` for each.
//! - `capabilities.rs`: an array of JSON texts, one per capability pack.
//! - `absences.json`: the words that speak against an absence, as one JSON text.
//! - `pages.json`: the topics that pages of documents are on, as one JSON text.
//! - `domain.json`: the template of the records that only a brief knows.
//! - `accounts-federated.json`: the pack `accounts` where a provider signs people in.
//! - `variants.rs`: an array of JSON texts, one per pack that takes the place of another.
//! - `perf.json`, `availability.json`, `prices.json`, `vocabulary.json`: the tables of the design.
//! - `controls.json`, `decisions.json`: compliance packs, and decisions in the order in which they are taken.

mod build_yaml;

use serde_json::Value;
use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

#[allow(
    clippy::print_stdout,
    reason = "a build script talks to cargo this way"
)]
fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=build_yaml.rs");
    println!("cargo::rerun-if-changed=data");
    let data = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("data");
    let out = PathBuf::from(env::var("OUT_DIR")?);

    let files = yaml_files(&data.join("technologies"))?;

    let mut entries = String::from("[\n");
    let mut marks = Marks::new();
    for (at, path) in files.iter().enumerate() {
        let entry = build_yaml::read(path)?;
        writeln!(entries, "{:?},", serde_json::to_string(&entry)?)?;
        add_marks(&mut marks, &entry, at);
    }
    entries.push_str("]\n");
    fs::write(out.join("entries.rs"), entries)?;
    fs::write(out.join("marks.txt"), marks_text(&marks)?)?;

    let mut packs = String::from("[\n");
    for path in yaml_files(&data.join("capabilities"))? {
        writeln!(
            packs,
            "{:?},",
            serde_json::to_string(&build_yaml::read(&path)?)?
        )?;
    }
    packs.push_str("]\n");
    fs::write(out.join("capabilities.rs"), packs)?;

    let mut variants = String::from("[\n");
    for path in yaml_files(&data.join("variants"))? {
        writeln!(
            variants,
            "{:?},",
            serde_json::to_string(&build_yaml::read(&path)?)?
        )?;
    }
    variants.push_str("]\n");
    fs::write(out.join("variants.rs"), variants)?;

    let absences = build_yaml::read(&data.join("absences.yaml"))?;
    fs::write(out.join("absences.json"), serde_json::to_string(&absences)?)?;
    let pages = build_yaml::read(&data.join("pages.yaml"))?;
    fs::write(out.join("pages.json"), serde_json::to_string(&pages)?)?;
    let domain = build_yaml::read(&data.join("design/domain.yaml"))?;
    fs::write(out.join("domain.json"), serde_json::to_string(&domain)?)?;
    let federated = build_yaml::read(&data.join("design/accounts-federated.yaml"))?;
    let federated = serde_json::to_string(&federated)?;
    fs::write(out.join("accounts-federated.json"), federated)?;
    for table in ["perf", "availability", "prices", "vocabulary"] {
        let read = build_yaml::read(&data.join(format!("design/{table}.yaml")))?;
        let json = serde_json::to_string(&read)?;
        fs::write(out.join(format!("{table}.json")), json)?;
    }
    let controls = worded(build_yaml::read(&data.join("design/controls.yaml"))?);
    fs::write(out.join("controls.json"), serde_json::to_string(&controls)?)?;
    let mut decisions = Vec::new();
    for family in ["structure", "data", "platform", "access", "delivery"] {
        match build_yaml::read(&data.join(format!("design/decisions/{family}.yaml")))? {
            Value::Array(all) => decisions.extend(all.into_iter().map(worded)),
            _ => return Err(format!("{family}: expected a list of decisions").into()),
        }
    }
    fs::write(
        out.join("decisions.json"),
        serde_json::to_string(&decisions)?,
    )?;

    Ok(())
}

/// The same with words where YAML may have written a number or a flag for one: `0.8` is a curve, `true` the
/// value of an option.
fn worded(value: Value) -> Value {
    match value {
        Value::Bool(flag) => Value::String(flag.to_string()),
        Value::Number(number) => Value::String(number.to_string()),
        Value::Array(all) => Value::Array(all.into_iter().map(worded).collect()),
        Value::Object(pairs) => {
            let inner = |(key, value): (String, Value)| {
                let value = match key.as_str() {
                    "weights" | "economy" | "effort_weeks" | "audit_months" => value,
                    _ => worded(value),
                };
                (key, value)
            };
            Value::Object(pairs.into_iter().map(inner).collect())
        }
        other => other,
    }
}

/// The YAML files of a folder.
fn yaml_files(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)?
        .map(|entry| entry.map(|e| e.path()))
        .collect::<Result<_, _>>()?;
    files.retain(|path| path.extension().is_some_and(|e| e == "yaml"));
    // By id, not by file name: `a-b.yaml` sorts before `a.yaml`, but `a` before `a-b`.
    files.sort_by_key(|path| path.with_extension(""));
    Ok(files)
}

/// Marks with the positions of their entries, by kind and registry or language.
type Marks = BTreeMap<(&'static str, String), Vec<(String, usize)>>;

fn marks_text(marks: &Marks) -> Result<String, std::fmt::Error> {
    let mut text = String::new();
    for ((kind, place), list) in marks {
        writeln!(text, "\t{kind}\t{place}\t{}", list.len())?;
        for (mark, at) in list {
            writeln!(text, "{mark}\t{at}")?;
        }
    }
    Ok(text)
}

fn add_marks(marks: &mut Marks, entry: &Value, at: usize) {
    let mut add = |kind: &'static str, place: &str, mark: String| {
        let list = marks.entry((kind, place.to_owned())).or_default();
        list.push((mark, at));
    };
    for key in ["id", "name"] {
        let name = entry.get(key).map_or_else(String::new, text);
        add("name", "", name.to_lowercase());
    }
    add("id", "", entry.get("id").map_or_else(String::new, text));
    for (key, kind) in [
        ("aliases", "name"),
        ("images", "image"),
        ("schemes", "scheme"),
        ("ports", "port"),
        ("files", "file"),
        ("env", "env"),
        ("resources", "resource"),
        ("runs", "runs"),
    ] {
        for mark in list(entry.get(key)) {
            let mark = text(mark);
            let lower = kind == "name";
            add(kind, "", if lower { mark.to_lowercase() } else { mark });
        }
    }
    for (key, kind) in [
        ("packages", "package"),
        ("drivers", "driver"),
        ("imports", "import"),
    ] {
        let places = entry.get(key).and_then(Value::as_object);
        for (place, names) in places.into_iter().flatten() {
            for mark in list(Some(names)) {
                add(kind, place, text(mark));
            }
        }
    }
}

fn list(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    value.and_then(Value::as_array).into_iter().flatten()
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}
