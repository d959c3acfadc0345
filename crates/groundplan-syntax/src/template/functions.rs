//! The functions that charts call, with those of Sprig
//! (<https://helm.sh/docs/chart_template_guide/function_list/>).

use super::data::{Data, MAX_ITEMS, MAX_TEXT, UNKNOWN, quoted};
use super::versions::fulfils;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// More arguments than this are taken only by what makes collections.
const MAX_GIVEN: usize = 64;

/// The value of a function, and what it cost; what the machine, the clock or chance decides is not
/// known, and neither is a function that is not listed here.
pub(super) fn call(name: &str, given: &[Data]) -> (Data, usize) {
    if given.len() > MAX_GIVEN && !matches!(name, "list" | "tuple" | "dict") {
        return (Data::Unknown(false), given.len());
    }
    let mut cost = given.iter().map(size).sum::<usize>() / 32;
    cost += if name.contains("erge") { 500 } else { 0 };
    let value = choice(name, given)
        .or_else(|| collection(name, given))
        .or_else(|| number(name, given))
        .or_else(|| {
            let shown: Vec<String> = given.iter().map(Data::show).collect();
            cost += shown.iter().map(String::len).sum::<usize>() / 32;
            let texts: Vec<&str> = shown.iter().map(String::as_str).collect();
            text(name, given, &texts)
        });
    let value = value.unwrap_or(match name {
        // They always make something.
        "sha256sum" | "sha1sum" | "randAlphaNum" | "randAlpha" | "randNumeric" | "uuidv4"
        | "genCA" | "genSelfSignedCert" | "genSignedCert" | "genPrivateKey" | "now"
        | "htpasswd" | "derivePassword" | "b64enc" => Data::Unknown(true),
        _ => Data::Unknown(false),
    });
    cost += size(&value) / 32;
    (value, cost)
}

/// How much work a value is.
fn size(value: &Data) -> usize {
    match value {
        Data::Text(text) => text.len(),
        Data::List(held) => held.all.len() * 32,
        Data::Map(held) => held.all.len() * 32,
        _ => 0,
    }
}

/// Conditions and what stands in for missing values.
fn choice(name: &str, given: &[Data]) -> Option<Data> {
    Some(match (name, given) {
        ("and", all @ [.., last]) => {
            let truths: Vec<_> = all.iter().map(Data::truth).collect();
            match truths.iter().position(|t| *t == Some(false)) {
                Some(place) => all[place].clone(),
                None if truths.contains(&None) => Data::Unknown(false),
                None => last.clone(),
            }
        }
        ("or", all @ [.., last]) => {
            let mut open = false;
            for value in all {
                match value.truth() {
                    Some(true) if open => return Some(Data::Unknown(true)),
                    Some(true) => return Some(value.clone()),
                    Some(false) => {}
                    None => open = true,
                }
            }
            if open {
                Data::Unknown(false)
            } else {
                last.clone()
            }
        }
        ("not", [value]) | ("empty", [value]) => opposite(value),
        ("eq", [first, rest @ ..]) if !rest.is_empty() => {
            let all: Vec<_> = rest.iter().map(|other| compare(first, other)).collect();
            match all.contains(&Some(Ordering::Equal)) {
                true => Data::Bool(true),
                false if all.contains(&None) => Data::Unknown(false),
                false => Data::Bool(false),
            }
        }
        ("ne" | "lt" | "le" | "gt" | "ge", [a, b]) => match compare(a, b) {
            Some(order) => Data::Bool(match name {
                "ne" => order.is_ne(),
                "lt" => order.is_lt(),
                "le" => order.is_le(),
                "gt" => order.is_gt(),
                _ => order.is_ge(),
            }),
            None => Data::Unknown(false),
        },
        ("default", [other, value]) => match value.truth() {
            Some(true) => value.clone(),
            Some(false) => other.clone(),
            None => Data::Unknown(other.truth() == Some(true)),
        },
        ("default", [other]) => other.clone(),
        ("coalesce", all) => {
            let open = all.iter().find(|value| value.truth() != Some(false));
            open.cloned().unwrap_or(Data::Null)
        }
        ("ternary", [yes, no, test]) => match test.truth() {
            Some(true) => yes.clone(),
            Some(false) => no.clone(),
            None => Data::Unknown(false),
        },
        ("required", [_, value]) => match value.truth() {
            Some(false) => Data::Unknown(true),
            _ => value.clone(),
        },
        ("fail", _) => Data::Null,
        ("lookup", _) => Data::map(BTreeMap::new()),
        ("kindIs", [kind, value]) => match value {
            Data::Unknown(_) => Data::Unknown(false),
            _ => Data::Bool(kind.show() == kind_of(value)),
        },
        ("typeIs", [kind, value]) => match value {
            Data::Unknown(_) => Data::Unknown(false),
            _ => Data::Bool(kind.show() == type_of(value)),
        },
        ("kindOf", [value]) if !value.is_unknown() => Data::text(kind_of(value)),
        ("typeOf", [value]) if !value.is_unknown() => Data::text(type_of(value)),
        ("semverCompare", [constraint, version]) => {
            if constraint.is_unknown() || version.is_unknown() {
                return Some(Data::Unknown(false));
            }
            fulfils(&constraint.show(), &version.show())
        }
        _ => return None,
    })
}

fn opposite(value: &Data) -> Data {
    value
        .truth()
        .map_or(Data::Unknown(false), |t| Data::Bool(!t))
}

fn kind_of(value: &Data) -> &'static str {
    match value {
        Data::Bool(_) => "bool",
        Data::Int(_) | Data::Number(_) => "float64",
        Data::Text(_) => "string",
        Data::List(_) => "slice",
        Data::Map(_) => "map",
        Data::Null | Data::Unknown(_) => "invalid",
    }
}

fn type_of(value: &Data) -> &'static str {
    match kind_of(value) {
        "slice" => "[]interface {}",
        "map" => "map[string]interface {}",
        kind => kind,
    }
}

/// The order of two values; nothing if one is not known.
fn compare(a: &Data, b: &Data) -> Option<Ordering> {
    if a.is_unknown() || b.is_unknown() {
        return None;
    }
    let collects = |value: &Data| matches!(value, Data::List(_) | Data::Map(_));
    match (a.number(), b.number()) {
        (Some(a), Some(b)) => a.partial_cmp(&b),
        _ if collects(a) || collects(b) => None,
        _ => Some(a.show().cmp(&b.show())),
    }
}

impl Data {
    fn number(&self) -> Option<f64> {
        match self {
            Data::Int(number) => Some(*number as f64),
            Data::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// The number that a value is taken for.
    fn counted(&self) -> Option<i64> {
        match self {
            Data::Int(number) => Some(*number),
            Data::Number(number) => Some(*number as i64),
            Data::Bool(value) => Some(i64::from(*value)),
            Data::Null => Some(0),
            Data::Text(text) => match text.trim() {
                _ if self.is_unknown() => None,
                text => Some(text.parse().unwrap_or(0)),
            },
            _ => None,
        }
    }

    fn items(&self) -> Option<&[Data]> {
        match self {
            Data::List(held) => Some(&held.all),
            Data::Null => Some(&[]),
            _ => None,
        }
    }

    /// The items of a list of texts and numbers that are not too long together.
    fn short_items(&self) -> Option<&[Data]> {
        let items = self.items()?;
        let collects = |item: &Data| matches!(item, Data::List(_) | Data::Map(_));
        let total: usize = items.iter().map(size).sum();
        (total <= MAX_TEXT && !items.iter().any(collects)).then_some(items)
    }

    fn pairs(&self) -> Option<&BTreeMap<String, Data>> {
        match self {
            Data::Map(held) => Some(&held.all),
            _ => None,
        }
    }
}

/// Lists and mappings. One that is not known makes what comes of it unknown.
fn collection(name: &str, given: &[Data]) -> Option<Data> {
    Some(match (name, given) {
        ("list" | "tuple", all) => Data::list(all.to_vec()),
        ("dict", all) => {
            let pairs = all.chunks(2);
            let pairs = pairs.map(|p| (p[0].show(), p.get(1).cloned().unwrap_or(Data::Null)));
            Data::map(pairs.collect())
        }
        ("get", [of, key]) => match (of.get(&key.show()), of) {
            (Data::Null, Data::Map(_)) => Data::text(""),
            (value, _) => value,
        },
        ("set", [of, key, value]) => of.with(&key.show(), value.clone()),
        ("unset", [of, key]) => {
            let mut all = of.pairs()?.clone();
            all.remove(&key.show());
            Data::map(all)
        }
        ("hasKey", [of, key]) => match of {
            Data::Unknown(_) => Data::Unknown(false),
            _ => Data::Bool(of.pairs().is_some_and(|p| p.contains_key(&key.show()))),
        },
        ("keys", [of]) => Data::list(of.pairs()?.keys().map(Data::text).collect()),
        ("values", [of]) => Data::list(of.pairs()?.values().cloned().collect()),
        ("pluck", [key, of @ ..]) => {
            let key = key.show();
            let found = of.iter().filter_map(|o| o.pairs()?.get(&key).cloned());
            Data::list(found.collect())
        }
        ("pick" | "omit", [of, keys @ ..]) => {
            let keys: Vec<String> = keys.iter().map(Data::show).collect();
            let mut all = of.pairs()?.clone();
            all.retain(|key, _| keys.contains(key) == (name == "pick"));
            Data::map(all)
        }
        ("dig", [path @ .., other, of]) => {
            let end = path.iter().fold(of.clone(), |of, key| of.get(&key.show()));
            match end {
                Data::Null => other.clone(),
                end => end,
            }
        }
        ("deepCopy" | "mustDeepCopy", [of]) => of.clone(),
        // The first one given wins, or the last one.
        ("merge" | "mustMerge", [first, rest @ ..]) => {
            let all = rest.iter().rev().chain([first]);
            all.fold(Data::map(BTreeMap::new()), |all, one| all.overlaid(one))
        }
        ("mergeOverwrite" | "mustMergeOverwrite", [first, rest @ ..]) => rest
            .iter()
            .fold(first.clone(), |all, one| all.overlaid(one)),
        ("index", [of, path @ ..]) => path.iter().fold(of.clone(), |of, key| match &of {
            Data::List(held) => {
                let place = key.counted().and_then(|k| usize::try_from(k).ok());
                let found = place.and_then(|p| held.all.get(p));
                found.cloned().unwrap_or(Data::Null)
            }
            of => of.get(&key.show()),
        }),
        ("len", [of]) => Data::Int(match of {
            Data::Text(text) if !of.is_unknown() => text.len() as i64,
            Data::Map(held) => held.all.len() as i64,
            of => of.items()?.len() as i64,
        }),
        ("first", [of]) => of.items()?.first().cloned().unwrap_or(Data::Null),
        ("last", [of]) => of.items()?.last().cloned().unwrap_or(Data::Null),
        ("rest", [of]) => Data::list(of.items()?.iter().skip(1).cloned().collect()),
        ("initial", [of]) => {
            let all = of.items()?;
            Data::list(all[..all.len().saturating_sub(1)].to_vec())
        }
        ("append" | "push" | "mustAppend", [of, value]) => {
            Data::list([of.items()?, std::slice::from_ref(value)].concat())
        }
        ("prepend", [of, value]) => Data::list([std::slice::from_ref(value), of.items()?].concat()),
        ("concat", all) => {
            let mut joined = Vec::new();
            for one in all {
                joined.extend_from_slice(one.items()?);
                if joined.len() > MAX_ITEMS {
                    return None;
                }
            }
            Data::list(joined)
        }
        ("has" | "mustHas", [value, of]) => {
            let all = of.short_items()?.iter().map(|item| compare(item, value));
            let all: Vec<_> = all.collect();
            match all.contains(&Some(Ordering::Equal)) {
                false if all.contains(&None) => Data::Unknown(false),
                found => Data::Bool(found),
            }
        }
        ("without", [of, out @ ..]) => {
            let out: Vec<String> = out.iter().map(Data::show).collect();
            let kept = of
                .short_items()?
                .iter()
                .filter(|item| !out.contains(&item.show()));
            Data::list(kept.cloned().collect())
        }
        ("compact", [of]) => {
            let kept = of
                .short_items()?
                .iter()
                .filter(|item| item.truth() != Some(false));
            Data::list(kept.cloned().collect())
        }
        ("reverse", [of]) => Data::list(of.items()?.iter().rev().cloned().collect()),
        ("uniq" | "sortAlpha", [of]) => {
            let mut all: Vec<Data> = of.short_items()?.to_vec();
            if name == "sortAlpha" {
                all.sort_by_cached_key(Data::show);
            } else {
                let mut seen = std::collections::BTreeSet::new();
                all.retain(|item| seen.insert(item.show()));
            }
            Data::list(all)
        }
        ("until", [end]) => numbers(0, end.counted()?, 1)?,
        ("untilStep", [first, end, step]) => {
            numbers(first.counted()?, end.counted()?, step.counted()?)?
        }
        ("toYaml" | "mustToYaml", [value]) => Data::text(value.yaml()),
        ("toJson" | "mustToJson" | "toPrettyJson" | "toRawJson", [value]) => {
            Data::text(value.json())
        }
        ("fromYaml" | "fromJson" | "fromYamlArray" | "fromJsonArray", [Data::Text(text)]) => {
            let (documents, _) = crate::yaml(text);
            documents.first().map_or(Data::Null, |node| Data::of(node))
        }
        _ => return None,
    })
}

fn numbers(first: i64, end: i64, step: i64) -> Option<Data> {
    let count = end.checked_sub(first)?.checked_div(step)?;
    if count > MAX_ITEMS as i64 {
        return None;
    }
    let all = (0..count.max(0)).map(|n| Data::Int(first + n * step));
    Some(Data::list(all.collect()))
}

/// Texts. Parts that are not known stay so; what would look into them is not known.
fn text(name: &str, given: &[Data], texts: &[&str]) -> Option<Data> {
    let open = given.last().is_some_and(Data::is_unknown);
    let whole = matches!(given.last(), Some(Data::Unknown(_)));
    let bool = |value: bool| match open {
        true => Data::Unknown(false),
        false => Data::Bool(value),
    };
    Some(match (name, texts) {
        ("quote", all) => {
            let all = all
                .iter()
                .zip(given)
                .filter(|(_, g)| !matches!(g, Data::Null));
            Data::text(all.map(|(t, _)| quoted(t)).collect::<Vec<_>>().join(" "))
        }
        ("squote", all) => {
            let all = all.iter().map(|t| format!("'{t}'"));
            Data::text(all.collect::<Vec<_>>().join(" "))
        }
        ("print" | "cat" | "println", all) => {
            Data::text(all.join(if name == "cat" { " " } else { "" }))
        }
        ("printf", [format, ..]) => Data::text(formatted(format, &given[1..])),
        // Blanks before what is not known would make a value of them.
        ("indent" | "nindent", [count, _]) if whole => {
            let _ = count;
            given.last()?.clone()
        }
        ("indent" | "nindent", [_, text]) => {
            let count = given[0].counted()?.clamp(0, 200) as usize;
            let blanks = " ".repeat(count);
            let mut out = String::with_capacity(text.len() + 64);
            for (place, line) in text.split('\n').enumerate() {
                if place > 0 || name == "nindent" {
                    out.push('\n');
                }
                out.push_str(&blanks);
                out.push_str(line);
                if out.len() > MAX_TEXT {
                    return None;
                }
            }
            Data::text(out)
        }
        ("toString", [text]) if !whole => Data::text(text),
        ("toStrings", [_]) => Data::list(
            given[0]
                .short_items()?
                .iter()
                .map(|i| Data::text(i.show()))
                .collect(),
        ),
        ("trim", [text]) => Data::text(text.trim()),
        ("upper", [text]) if !open => Data::text(text.to_uppercase()),
        ("lower", [text]) => Data::text(text.to_lowercase()),
        ("title", [text]) if !open => {
            let mut first = true;
            let change = |c: char| {
                let out = if first { c.to_ascii_uppercase() } else { c };
                first = c == ' ';
                out
            };
            Data::text(text.chars().map(change).collect::<String>())
        }
        ("untitle", [text]) if !open => Data::text(text.to_lowercase()),
        ("snakecase", [text]) if !open => Data::text(text.replace(['-', ' '], "_").to_lowercase()),
        ("kebabcase", [text]) if !open => Data::text(text.replace(['_', ' '], "-").to_lowercase()),
        ("nospace", [text]) => Data::text(text.replace(' ', "")),
        ("trimSuffix", [end, text]) => Data::text(text.strip_suffix(end).unwrap_or(text)),
        ("trimPrefix", [start, text]) => Data::text(text.strip_prefix(start).unwrap_or(text)),
        ("trimAll", [marks, text]) => Data::text(text.trim_matches(|c| marks.contains(c))),
        ("trunc", [_, text]) if open => Data::text(text),
        ("trunc", [_, text]) => {
            let count = given[0].counted()?;
            let length = text.chars().count();
            let kept = usize::try_from(count.unsigned_abs()).ok()?.min(length);
            let skipped = if count < 0 { length - kept } else { 0 };
            Data::text(text.chars().skip(skipped).take(kept).collect::<String>())
        }
        ("substr", [_, _, text]) if !open => {
            let first = usize::try_from(given[0].counted()?).ok()?;
            let end = usize::try_from(given[1].counted()?).ok()?;
            let count = end.saturating_sub(first);
            Data::text(text.chars().skip(first).take(count).collect::<String>())
        }
        ("replace", [from, to, text]) if !(from.is_empty() || open && UNKNOWN.contains(from)) => {
            if text.matches(from).count().checked_mul(to.len())? > MAX_TEXT {
                return None;
            }
            Data::text(text.replace(from, to))
        }
        ("repeat", [_, text]) => {
            let count = usize::try_from(given[0].counted()?).ok()?;
            if text.len().checked_mul(count)? > MAX_TEXT {
                return None;
            }
            Data::text(text.repeat(count))
        }
        ("contains", [part, text]) => bool(text.contains(part)),
        ("hasPrefix", [start, text]) => bool(text.starts_with(start)),
        ("hasSuffix", [end, text]) => bool(text.ends_with(end)),
        ("join", [mark, _]) => match given[1].short_items() {
            Some(items) => {
                let items: Vec<String> = items.iter().map(Data::show).collect();
                Data::text(items.join(mark))
            }
            None => given[1].clone(),
        },
        ("splitList", [mark, text]) if !open => {
            let parts = text.split(mark).take(MAX_ITEMS + 1);
            Data::list(parts.map(Data::text).collect())
        }
        ("split", [mark, text]) if !open => {
            let parts = text.split(mark).take(MAX_ITEMS + 1).enumerate();
            Data::map(
                parts
                    .map(|(i, p)| (format!("_{i}"), Data::text(p)))
                    .collect(),
            )
        }
        ("urlParse", [address]) if !open => {
            let (scheme, rest) = address.split_once("://").unwrap_or(("", address));
            let end = rest.find(['/', '?']).unwrap_or(rest.len());
            let host = rest[..end].rsplit('@').next().unwrap_or("");
            let pairs = [("scheme", scheme), ("host", host), ("path", &rest[end..])];
            Data::map(pairs.map(|(k, v)| (k.to_owned(), Data::text(v))).into())
        }
        ("base", [path]) if !open => Data::text(path.rsplit('/').next().unwrap_or(path)),
        // Versions of the chart are told as they stand.
        ("regexFind", [pattern, text]) if pattern.starts_with("v[0-9]") && !open => {
            Data::text(text)
        }
        _ => return None,
    })
}

/// Numbers.
fn number(name: &str, given: &[Data]) -> Option<Data> {
    let counted: Option<Vec<i64>> = given.iter().map(Data::counted).collect();
    Some(match (name, counted?.as_slice()) {
        ("int" | "int64" | "toDecimal" | "atoi", [value]) => Data::Int(*value),
        ("float64", [_]) => given[0].clone(),
        ("add", all) => Data::Int(all.iter().try_fold(0i64, |sum, n| sum.checked_add(*n))?),
        ("mul", all) => Data::Int(all.iter().try_fold(1i64, |sum, n| sum.checked_mul(*n))?),
        ("add1", [value]) => Data::Int(value.checked_add(1)?),
        ("sub", [a, b]) => Data::Int(a.checked_sub(*b)?),
        ("div", [a, b]) => Data::Int(a.checked_div(*b)?),
        ("mod", [a, b]) => Data::Int(a.checked_rem(*b)?),
        ("max", all @ [_, ..]) => Data::Int(*all.iter().max()?),
        ("min", all @ [_, ..]) => Data::Int(*all.iter().min()?),
        ("ceil" | "floor" | "round", [value, ..]) => Data::Int(*value),
        _ => return None,
    })
}

/// A text with `%s`, `%d`, `%v`, `%q` and `%t` filled in.
fn formatted(format: &str, given: &[Data]) -> String {
    let mut out = String::with_capacity(format.len());
    let mut given = given.iter();
    let mut rest = format;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let end = rest.find(|c: char| c.is_ascii_alphabetic() || c == '%');
        let Some(end) = end else { break };
        let verb = rest.as_bytes()[end];
        let width = &rest[..end];
        rest = &rest[end + 1..];
        if verb == b'%' {
            out.push('%');
            continue;
        }
        let shown = given.next().map(Data::show).unwrap_or_default();
        match verb {
            b'q' => out.push_str(&quoted(&shown)),
            b'd' if width.starts_with('0') => {
                let width = width.parse().unwrap_or(0).min(64);
                out.push_str(&format!("{shown:0>width$}"));
            }
            _ => out.push_str(&shown),
        }
        if out.len() > MAX_TEXT {
            break;
        }
    }
    out.push_str(rest);
    out
}
