//! The grammar of the lines in capability packs: one record a line, read by `FromStr`.
//!
//! Errors are phrases that name the line; they reach a reader through the tests of the packs.

use crate::capability_parts::*;
use serde::{Deserialize, Deserializer};
use std::str::FromStr;

/// Reads a block of text, one record a line.
pub(crate) fn lines<'de, D, T>(from: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr,
    T::Err: std::fmt::Display,
{
    let text = String::deserialize(from)?;
    let filled = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let read = |line: &str| line.parse().map_err(|e| format!("`{line}`: {e}"));
    let all: Result<Vec<T>, String> = filled.map(read).collect();
    all.map_err(serde::de::Error::custom)
}

/// Lets serde read a value from a string by its `FromStr`.
macro_rules! one {
    ($($type:ident),*) => {
        $(impl TryFrom<String> for $type {
            type Error = String;
            fn try_from(text: String) -> Result<Self, String> {
                text.parse().map_err(|e| format!("`{text}`: {e}"))
            }
        })*
    };
}
pub(crate) use one;

/// Columns between `|`, at least `least`.
fn columns(line: &str, least: usize) -> Result<Vec<String>, String> {
    let found: Vec<String> = line.split(" | ").map(|c| c.trim().to_owned()).collect();
    if found.len() < least || found.iter().take(least).any(String::is_empty) {
        return Err(format!("expected {least} columns between ` | `"));
    }
    Ok(found)
}

/// The parts before and after the first `: `.
fn pair(line: &str) -> Result<(&str, &str), String> {
    line.split_once(": ")
        .map(|(head, rest)| (head.trim(), rest.trim()))
        .ok_or_else(|| "expected `head: text`".to_owned())
}

fn nouns(text: Option<&str>) -> Result<Vec<String>, String> {
    let words = text.into_iter().flat_map(|t| t.split(','));
    let words = words.map(|w| w.trim().to_owned());
    Ok(words.filter(|w| !w.is_empty()).collect())
}

impl FromStr for Constant {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let (number, rest) = text.split_once(' ').ok_or("expected a mark: E, S or M")?;
        let (mark, source) = rest.split_once(' ').unwrap_or((rest, ""));
        let mark = match mark {
            "E" => Mark::Estimate,
            "S" => Mark::Stated,
            "M" => Mark::Measured,
            other => return Err(format!("expected E, S or M, found `{other}`")),
        };
        let source = match (source.trim(), mark) {
            ("", Mark::Estimate) => "engineering estimate",
            ("", _) => return Err("S and M need a source".to_owned()),
            (source, _) => source,
        };
        Ok(Constant {
            value: number
                .replace('_', "")
                .parse()
                .map_err(|_| "not a number")?,
            mark,
            source: source.to_owned(),
        })
    }
}

impl FromStr for Noun {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.is_empty() {
            return Err("expected a noun".to_owned());
        }
        let (singular, plural) = match text.split_once('/') {
            Some((one, many)) => (one.to_owned(), many.to_owned()),
            None => (text.to_owned(), plural(text)),
        };
        Ok(Noun { singular, plural })
    }
}

/// The regular plural of an English noun.
fn plural(noun: &str) -> String {
    let vowel_before_y = ["ay", "ey", "oy", "uy"]
        .iter()
        .any(|end| noun.ends_with(end));
    if let Some(stem) = noun.strip_suffix('y')
        && !vowel_before_y
    {
        return format!("{stem}ies");
    }
    let hissing = ["s", "x", "z", "ch", "sh"]
        .iter()
        .any(|end| noun.ends_with(end));
    format!("{noun}{}", if hissing { "es" } else { "s" })
}

impl FromStr for Actor {
    type Err = String;
    fn from_str(line: &str) -> Result<Self, String> {
        let (id, rest) = pair(line)?;
        let mut parts = rest.splitn(2, " | ");
        let about = parts.next().unwrap_or_default().trim().to_owned();
        let words = nouns(parts.next())?;
        let nouns: Result<Vec<Noun>, String> = words.iter().map(|w| w.parse()).collect();
        Ok(Actor {
            id: id.to_owned(),
            about,
            nouns: nouns?,
        })
    }
}

impl FromStr for External {
    type Err = String;
    fn from_str(line: &str) -> Result<Self, String> {
        let (id, rest) = pair(line)?;
        let mut parts = rest.splitn(2, " | ");
        let about = parts.next().unwrap_or_default().trim().to_owned();
        Ok(External {
            id: id.to_owned(),
            about,
            products: nouns(parts.next())?,
        })
    }
}

fn pii(word: &str) -> Result<PiiClass, String> {
    Ok(match word {
        "identity" => PiiClass::Identity,
        "contact" => PiiClass::Contact,
        "financial" => PiiClass::Financial,
        "health" => PiiClass::Health,
        "location" => PiiClass::Location,
        "credential" => PiiClass::Credential,
        "content" => PiiClass::Content,
        "behaviour" => PiiClass::Behaviour,
        "biometric" => PiiClass::Biometric,
        other => return Err(format!("no class of personal data is called `{other}`")),
    })
}

impl FromStr for Field {
    type Err = String;
    fn from_str(line: &str) -> Result<Self, String> {
        let (body, note) = match line.split_once(" -- ") {
            Some((body, note)) => (body, Some(note.trim().to_owned())),
            None => (line, None),
        };
        let mut words = body.split_whitespace();
        let name = words.next().ok_or("expected `name type`")?.to_owned();
        let data_type = words.next().ok_or("expected a type")?;
        let mut field = Field {
            name,
            data_type: data_type.trim_end_matches('?').to_owned(),
            nullable: data_type.ends_with('?'),
            primary_key: false,
            unique: false,
            pii: None,
            default: None,
            references: None,
            note,
        };
        while let Some(word) = words.next() {
            match word {
                "?" => field.nullable = true,
                "pk" => field.primary_key = true,
                "unique" => field.unique = true,
                "->" => {
                    let target = words.next().ok_or("expected an entity after `->`")?;
                    field.references = Some(target.to_owned());
                }
                other => match other.split_once(':') {
                    Some(("pii", class)) => field.pii = Some(pii(class)?),
                    Some(("default", value)) => field.default = Some(value.to_owned()),
                    _ => return Err(format!("unknown word `{other}`")),
                },
            }
        }
        Ok(field)
    }
}

/// Reads fields between commas; commas in parentheses do not count.
pub(crate) fn fields(text: &str) -> Result<Vec<Field>, String> {
    let mut depth = 0_i32;
    let mut start = 0;
    let mut found = Vec::new();
    let ends = text.char_indices().map(|(at, c)| (at, Some(c)));
    for (at, c) in ends.chain([(text.len(), None)]) {
        match c {
            Some('(') => depth += 1,
            Some(')') => depth -= 1,
            Some(',') | None if depth <= 0 => {
                let part = text.get(start..at).unwrap_or_default().trim();
                if !part.is_empty() {
                    found.push(part.parse().map_err(|e| format!("`{part}`: {e}"))?);
                }
                start = at + 1;
            }
            _ => {}
        }
    }
    Ok(found)
}

impl FromStr for Rule {
    type Err = String;
    fn from_str(line: &str) -> Result<Self, String> {
        let (body, reason) = match line.split_once(" -- ") {
            Some((body, reason)) => (body.trim(), Some(reason.trim().to_owned())),
            None => (line.trim(), None),
        };
        let (word, rest) = body.split_once('(').ok_or("expected `kind(…)`")?;
        let kind = match word {
            "primary" => RuleKind::Primary,
            "unique" => RuleKind::Unique,
            "check" => RuleKind::Check,
            "exclude" => RuleKind::Exclude,
            "index" => RuleKind::Index,
            other => return Err(format!("no rule is called `{other}`")),
        };
        let mut depth = 1_i32;
        let close = rest.char_indices().find(|(_, c)| {
            depth += i32::from(*c == '(') - i32::from(*c == ')');
            depth == 0
        });
        let (close, _) = close.ok_or("expected a closing parenthesis")?;
        let suffix = rest.get(close + 1..).unwrap_or_default().trim();
        Ok(Rule {
            kind,
            over: rest.get(..close).unwrap_or_default().trim().to_owned(),
            suffix: (!suffix.is_empty()).then(|| suffix.to_owned()),
            reason,
        })
    }
}

/// A value that YAML may take for a number: `204`.
#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum TextOrNumber {
    Number(u16),
    Text(String),
}

impl TryFrom<TextOrNumber> for Response {
    type Error = String;
    fn try_from(value: TextOrNumber) -> Result<Self, String> {
        match value {
            TextOrNumber::Number(status) => Ok(Response {
                status,
                fields: Vec::new(),
            }),
            TextOrNumber::Text(text) => text.parse().map_err(|e| format!("`{text}`: {e}")),
        }
    }
}

impl FromStr for Response {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let (status, rest) = text.split_once(' ').unwrap_or((text, ""));
        Ok(Response {
            status: status.parse().map_err(|_| "expected a status")?,
            fields: fields(rest)?,
        })
    }
}

impl FromStr for ErrorCase {
    type Err = String;
    fn from_str(line: &str) -> Result<Self, String> {
        let (head, reason) = pair(line)?;
        let (status, code) = head.split_once(' ').ok_or("expected `409 code: reason`")?;
        Ok(ErrorCase {
            status: status.parse().map_err(|_| "expected a status")?,
            code: code.to_owned(),
            reason: reason.to_owned(),
        })
    }
}

impl FromStr for FlowStep {
    type Err = String;
    fn from_str(line: &str) -> Result<Self, String> {
        let (head, operation) = pair(line)?;
        let waits = head.split_once(" -> ").map(|ends| (ends, false));
        let goes_on = head.split_once(" ~> ").map(|ends| (ends, true));
        let ((from, to), asynchronous) = waits
            .or(goes_on)
            .ok_or("expected `from -> to: operation` or `from ~> to: operation`")?;
        Ok(FlowStep {
            from: from.trim().to_owned(),
            to: to.trim().to_owned(),
            operation: operation.to_owned(),
            asynchronous,
        })
    }
}

impl FromStr for FlowError {
    type Err = String;
    fn from_str(line: &str) -> Result<Self, String> {
        let [step, when, then] = take(columns(line, 3)?)?;
        let step = step.parse().map_err(|_| "expected the number of a step")?;
        Ok(FlowError { step, when, then })
    }
}

impl FromStr for Event {
    type Err = String;
    fn from_str(line: &str) -> Result<Self, String> {
        let (head, payload) = pair(line)?;
        let (source, consumers) = head.split_once(" -> ").unwrap_or((head, ""));
        let (name, producer) = source.split_once(' ').ok_or("expected `event producer`")?;
        Ok(Event {
            name: name.to_owned(),
            producer: producer.trim().to_owned(),
            consumers: nouns(Some(consumers))?,
            payload: fields(payload)?,
        })
    }
}

/// The columns as an array of the wanted length.
fn take<const N: usize>(columns: Vec<String>) -> Result<[String; N], String> {
    <[String; N]>::try_from(columns).map_err(|_| format!("expected {N} columns"))
}

impl FromStr for Slo {
    type Err = String;
    fn from_str(line: &str) -> Result<Self, String> {
        let [id, indicator, target, window] = take(columns(line, 4)?)?;
        Ok(Slo {
            id,
            indicator,
            target,
            window,
        })
    }
}

impl FromStr for Metric {
    type Err = String;
    fn from_str(line: &str) -> Result<Self, String> {
        let mut parts = columns(line, 2)?;
        parts.resize(5, String::new());
        let [name, kind, labels, meaning, alert] = take(parts)?;
        if meaning.is_empty() {
            return Err("expected `name | kind | labels | meaning`".to_owned());
        }
        let labels = if labels == "-" {
            Vec::new()
        } else {
            nouns(Some(&labels))?
        };
        let alert = (!alert.is_empty()).then_some(alert);
        Ok(Metric {
            name,
            kind,
            labels,
            meaning,
            alert,
        })
    }
}

impl FromStr for TestCase {
    type Err = String;
    fn from_str(line: &str) -> Result<Self, String> {
        let [id, level, shows] = take(columns(line, 3)?)?;
        Ok(TestCase { id, level, shows })
    }
}

impl FromStr for CostDriver {
    type Err = String;
    fn from_str(line: &str) -> Result<Self, String> {
        let [driver, grows_with, lever] = take(columns(line, 3)?)?;
        Ok(CostDriver {
            driver,
            grows_with,
            lever,
        })
    }
}

impl FromStr for Cache {
    type Err = String;
    fn from_str(line: &str) -> Result<Self, String> {
        let [what, ttl, invalidation] = take(columns(line, 3)?)?;
        Ok(Cache {
            what,
            ttl,
            invalidation,
        })
    }
}

impl FromStr for Question {
    type Err = String;
    fn from_str(line: &str) -> Result<Self, String> {
        let [text, role, matters] = take(columns(line, 3)?)?;
        Ok(Question {
            text,
            role,
            matters,
        })
    }
}

impl FromStr for Term {
    type Err = String;
    fn from_str(line: &str) -> Result<Self, String> {
        let [term, meaning] = take(columns(line, 2)?)?;
        Ok(Term { term, meaning })
    }
}

impl FromStr for JoinRelation {
    type Err = String;
    fn from_str(line: &str) -> Result<Self, String> {
        let (entity, field) = line.split_once('.').ok_or("expected `entity.field type`")?;
        Ok(JoinRelation {
            entity: entity.to_owned(),
            field: field.parse()?,
        })
    }
}

impl FromStr for JoinStep {
    type Err = String;
    fn from_str(line: &str) -> Result<Self, String> {
        let (place, step) = line
            .split_once(' ')
            .ok_or("expected `flow@2 from -> to: …`")?;
        let (flow, after) = place.split_once('@').ok_or("expected `flow@number`")?;
        Ok(JoinStep {
            flow: flow.to_owned(),
            after: after.parse().map_err(|_| "expected the number of a step")?,
            step: step.parse()?,
        })
    }
}

impl FromStr for Subscription {
    type Err = String;
    fn from_str(line: &str) -> Result<Self, String> {
        let (head, action) = pair(line)?;
        let (component, event) = head.split_once(" on ").ok_or("expected `x on event: …`")?;
        Ok(Subscription {
            component: component.trim().to_owned(),
            event: event.trim().to_owned(),
            action: action.to_owned(),
        })
    }
}
