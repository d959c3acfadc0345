//! Entries of users: `.groundplan/technologies/*.yaml`, read by the caller.

use crate::lint::lint_technology;
use crate::{Category, Ecosystem, Knowledge, Language, Technology, nearest};
use groundplan_model::{Diagnostic, Evidence, Severity};
use serde_json::{Map, Value};

/// A file larger than this is no entry.
const LARGEST: usize = 256 * 1024;

impl Knowledge {
    /// This knowledge with the entries of `files`, pairs of path and text, in the order of their
    /// paths. An entry with a new id is added. An entry with a known id extends that one: its
    /// single values replace, its lists add. Where an entry of the user claims a name that a
    /// built-in one claims too, the user's wins. What cannot be read is left out with a
    /// diagnostic.
    pub fn with_user(&self, files: &[(String, String)]) -> (Knowledge, Vec<Diagnostic>) {
        let mut diagnostics = Vec::new();
        let mut own = self.own();
        let mut sorted: Vec<&(String, String)> = files.iter().collect();
        sorted.sort();
        for (path, text) in sorted {
            let source = Source { path, text };
            let id = source.id().unwrap_or_default();
            let before = own.iter().position(|t| t.id == id);
            let base = match before {
                Some(at) => own.get(at),
                None => self.by_id(&id),
            };
            if let Some(technology) = source.read(base, &mut diagnostics) {
                match before.and_then(|at| own.get_mut(at)) {
                    Some(old) => *old = technology,
                    None => own.push(technology),
                }
            }
        }
        (Knowledge::with(own), diagnostics)
    }
}

struct Source<'a> {
    path: &'a str,
    text: &'a str,
}

impl Source<'_> {
    /// The id that the name of the file gives.
    fn id(&self) -> Option<String> {
        let name = self.path.rsplit('/').next()?;
        let id = name
            .strip_suffix(".yaml")
            .or_else(|| name.strip_suffix(".yml"))?;
        Some(id.to_owned())
    }

    fn place(&self, line: u32) -> Evidence {
        let line = line.max(1);
        let text = self.text.lines().nth(line as usize - 1).unwrap_or_default();
        let hash = blake3::hash(text.as_bytes()).to_hex();
        Evidence::new(self.path, line, line, &hash.as_str()[..16])
    }

    /// The line on which a key stands, at any depth; the first one.
    fn line_of(&self, key: &str) -> u32 {
        let line = self.text.lines().position(|line| {
            let line = line.trim_start().trim_start_matches(['-', ' ', '"', '\'']);
            line.strip_prefix(key)
                .is_some_and(|rest| rest.trim_start_matches(['"', '\'']).starts_with(':'))
        });
        u32::try_from(line.unwrap_or(0)).map_or(1, |l| l.saturating_add(1))
    }

    fn error(&self, name: &str, message: impl Into<String>, line: u32) -> Diagnostic {
        Diagnostic::new(Severity::Error, name, message).at(self.place(line))
    }

    fn read(
        &self,
        base: Option<&Technology>,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<Technology> {
        let Some(id) = self.id() else {
            diagnostics.push(
                self.error(
                    "technology-file-name",
                    "expected a file name that ends with `.yaml`",
                    1,
                )
                .help("name the file after the id of the technology"),
            );
            return None;
        };
        let mut given = self.parse(diagnostics)?;
        self.check_keys(&mut given, diagnostics);
        match given.get("id").map(|v| v.as_str().map(str::to_owned)) {
            None => {
                given.insert("id".to_owned(), Value::String(id));
            }
            Some(Some(inner)) if inner == id => {}
            Some(inner) => {
                let inner = inner.unwrap_or_default();
                diagnostics.push(
                    self.error(
                        "technology-file-name",
                        format!("the id is `{inner}`, but the file is named `{id}.yaml`"),
                        self.line_of("id"),
                    )
                    .help(format!("write `id: {id}`, or rename the file")),
                );
                return None;
            }
        }
        let mut entry = match base.map(serde_json::to_value) {
            Some(Ok(Value::Object(base))) => base,
            _ => Map::new(),
        };
        for (key, value) in given {
            let merged = merge(entry.remove(&key), value);
            entry.insert(key, merged);
        }
        match serde_json::from_value::<Technology>(Value::Object(entry)) {
            Ok(technology) => {
                diagnostics.extend(lint_technology(&technology).into_iter().map(|d| {
                    let place = self.place(1);
                    d.at(place)
                }));
                Some(technology)
            }
            Err(error) => {
                diagnostics.push(self.error("technology-entry", plain(&error.to_string()), 1));
                None
            }
        }
    }

    fn parse(&self, diagnostics: &mut Vec<Diagnostic>) -> Option<Map<String, Value>> {
        if self.text.len() > LARGEST {
            diagnostics.push(self.error(
                "technology-file-size",
                format!(
                    "expected at most {LARGEST} bytes, found {}",
                    self.text.len()
                ),
                1,
            ));
            return None;
        }
        match serde_saphyr::from_str::<Value>(self.text) {
            Ok(Value::Object(map)) => Some(map),
            Ok(_) => {
                diagnostics.push(
                    self.error("technology-entry", "expected a mapping of keys", 1)
                        .help("start with `name:`, `category:` and `about:`"),
                );
                None
            }
            Err(error) => {
                let line = error.location().map_or(1, |l| l.line());
                let line = u32::try_from(line).unwrap_or(1);
                diagnostics.push(self.error(
                    "broken-yaml",
                    plain(&error.without_snippet().to_string()),
                    line,
                ));
                None
            }
        }
    }

    /// Takes out what no entry has, each with a message.
    fn check_keys(&self, given: &mut Map<String, Value>, diagnostics: &mut Vec<Diagnostic>) {
        self.keep_known(given, "key", Technology::KEYS, diagnostics);
        let ecosystems: Vec<&str> = Ecosystem::ALL.iter().map(|e| e.word()).collect();
        let languages: Vec<&str> = Language::ALL.iter().map(|l| l.word()).collect();
        for (key, kind, words) in [
            ("packages", "ecosystem", &ecosystems),
            ("drivers", "ecosystem", &ecosystems),
            ("imports", "language", &languages),
        ] {
            if let Some(Value::Object(names)) = given.get_mut(key) {
                self.keep_known(names, kind, words, diagnostics);
            }
        }
        let category = given.get("category").and_then(Value::as_str);
        if let Some(word) = category
            && Category::from_word(word).is_none()
        {
            let words = Category::ALL.iter().map(|c| c.word());
            let line = self.line_of("category");
            let mut diagnostic = self.error(
                "technology-category",
                format!("`{word}` is no category"),
                line,
            );
            diagnostic = match nearest(word, words.clone()) {
                Some(meant) => diagnostic.help(format!("did you mean `{meant}`?")),
                None => diagnostic.help(format!(
                    "the categories are {}",
                    words.collect::<Vec<_>>().join(", ")
                )),
            };
            diagnostics.push(diagnostic);
            given.remove("category");
        }
    }

    fn keep_known(
        &self,
        map: &mut Map<String, Value>,
        kind: &str,
        known: &[&str],
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let unknown: Vec<String> = map
            .keys()
            .filter(|k| !known.contains(&k.as_str()))
            .cloned()
            .collect();
        for key in unknown {
            map.remove(&key);
            let line = self.line_of(&key);
            let diagnostic = self.error(
                "technology-unknown-key",
                format!("`{key}` is no {kind} of a technology"),
                line,
            );
            diagnostics.push(match nearest(&key, known.iter().copied()) {
                Some(meant) => diagnostic.help(format!("did you mean `{meant}`?")),
                None => diagnostic.help(format!("known are {}", known.join(", "))),
            });
        }
    }
}

/// Lists grow, mappings merge, all else is replaced.
fn merge(old: Option<Value>, new: Value) -> Value {
    match (old, new) {
        (Some(Value::Array(mut all)), Value::Array(more)) => {
            for value in more {
                if !all.contains(&value) {
                    all.push(value);
                }
            }
            Value::Array(all)
        }
        (Some(Value::Object(mut all)), Value::Object(more)) => {
            for (key, value) in more {
                let merged = merge(all.remove(&key), value);
                all.insert(key, merged);
            }
            Value::Object(all)
        }
        (_, new) => new,
    }
}

/// The first line of a parser's message in the form of ours.
fn plain(message: &str) -> String {
    let line = message.lines().next().unwrap_or_default().trim();
    line.trim_end_matches('.').to_owned()
}
