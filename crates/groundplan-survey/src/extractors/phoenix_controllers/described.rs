//! What `operation` of OpenApiSpex says of an action
//! (<https://hexdocs.pm/open_api_spex/OpenApiSpex.ControllerSpecs.html>).

use super::answers::status;
use super::calls;
use super::{SECURITY, TAG};
use crate::elixir::{self, Statement};
use crate::facts::{Handler, Input};
use crate::sentence;
use groundplan_model::{Origin, Response};

/// What is said of an action, under its name, with the lines; nothing of one that is hidden.
pub(super) fn operation(statement: &Statement) -> Option<(Handler, (u32, u32))> {
    let (first, rest) = statement.arguments.split_first()?;
    let name = elixir::name(first.strip_prefix(':')?)?;
    let listed = rest.first().and_then(|one| elixir::list(one));
    let given = listed.as_deref().unwrap_or(rest);
    if given.first().is_none_or(|first| first == "false") {
        return None;
    }
    let mut made = Handler {
        name: name.to_owned(),
        ..Handler::default()
    };
    let text = |key: &str| {
        let text = elixir::option(given, key).and_then(calls::literal)?;
        sentence::first(text.trim(), 200)
    };
    made.summary = text("summary").or_else(|| text("description"));
    made.deprecated = elixir::option(given, "deprecated") == Some("true");
    if let Some(all) = elixir::option(given, "parameters") {
        parameters(&mut made, all);
    }
    if let Some(body) = elixir::option(given, "request_body") {
        made.request = schema(body);
        made.more |= made.request.is_none();
    }
    if let Some(all) = elixir::option(given, "responses") {
        responses(&mut made, all);
    }
    for (key, option) in [(TAG, "tags"), (SECURITY, "security")] {
        let said = elixir::option(given, option).unwrap_or_default();
        let names = match key {
            TAG => calls::texts(said),
            _ => calls::keys(said),
        };
        made.docs
            .extend(names.into_iter().map(|n| (key.to_owned(), n)));
    }
    Some((made, statement.lines))
}

/// The parts of a list or map with their keys.
fn pairs(text: &str) -> Option<Vec<(String, String)>> {
    let text = text.trim();
    let inner = match text.strip_prefix("%{") {
        Some(rest) => rest.strip_suffix('}')?,
        None => text.strip_prefix('[')?.strip_suffix(']')?,
    };
    let one = |part: &str| {
        // `{:ok, …}` is `ok: …` of a list.
        if let Some(tuple) = part.strip_prefix('{').and_then(|p| p.strip_suffix('}')) {
            let (key, value) = tuple.split_once(',')?;
            return Some((key.trim().to_owned(), value.trim().to_owned()));
        }
        let arrow = part
            .split_once("=>")
            .filter(|(key, _)| !key.contains(['{', '[']));
        let (key, value) = arrow.or_else(|| part.split_once(": "))?;
        Some((
            key.trim().trim_matches('"').to_owned(),
            value.trim().to_owned(),
        ))
    };
    elixir::parts(inner).into_iter().map(one).collect()
}

/// `[id: [in: :path, type: :string, description: "…"]]`
fn parameters(made: &mut Handler, text: &str) {
    let Some(all) = pairs(text) else {
        made.more = true;
        return;
    };
    for (name, said) in all {
        let Some(options) = elixir::list(&said) else {
            made.more = true;
            continue;
        };
        let option = |key: &str| elixir::option(&options, key);
        let place = option("in").and_then(elixir::name).unwrap_or_default();
        if !matches!(place, "path" | "query" | "header" | "cookie") {
            made.more = true;
            continue;
        }
        let inner = option("schema").unwrap_or_default();
        let inner_type = || {
            let (_, rest) = inner.split_once("type: :")?;
            let end = rest
                .find(|c: char| !c.is_alphanumeric())
                .unwrap_or(rest.len());
            rest.get(..end).map(str::to_owned)
        };
        let kind = option("type")
            .and_then(|t| t.strip_prefix(':'))
            .map(str::to_owned);
        let kind = kind.or_else(|| module(inner)).or_else(inner_type);
        let called = option("name").and_then(|n| calls::literal(n).or(n.strip_prefix(':')));
        let name = called.unwrap_or(name.trim_start_matches(':')).to_owned();
        if let Some(said) = option("description").and_then(calls::literal)
            && let Some(said) = sentence::first(said.trim(), 200)
        {
            made.docs.push((name.clone(), said));
        }
        made.inputs.push(Input {
            name,
            place: place.to_owned(),
            data_type: kind,
            required: place == "path" || option("required") == Some("true"),
        });
    }
}

/// `[ok: {"Order", "application/json", Schemas.Order}]`, `%{204 => "It is gone."}`
fn responses(made: &mut Handler, text: &str) {
    let Some(all) = pairs(text) else {
        made.leaves = true;
        return;
    };
    for (key, value) in all {
        let written = match key.starts_with(|c: char| c.is_ascii_digit() || c == ':') {
            true => status(&key),
            false => status(&format!(":{key}")),
        };
        let Some(status) = written else {
            made.leaves = true;
            continue;
        };
        let description = match value.strip_prefix('{') {
            Some(_) => elixir::parts(value.trim_matches(['{', '}']))
                .first()
                .copied()
                .and_then(calls::literal),
            None => calls::literal(&value),
        };
        made.responses.push(Response {
            status,
            description: description.and_then(|d| sentence::first(d.trim(), 200)),
            schema: schema(&value),
            origin: Some(Origin::Declared),
        });
    }
}

/// The schema of `{"Order", "application/json", Schemas.Order}` and of `Operation.response("Order",
/// "application/json", Order)`.
fn schema(text: &str) -> Option<String> {
    if let Some(rest) = text.strip_prefix('{') {
        let all = elixir::parts(rest.strip_suffix('}')?);
        return all.get(2).and_then(|one| module(one));
    }
    let (word, given) = elixir::call(text)?;
    // `Schemas.Order.response()` of the program's own is named after what it is of.
    if given.is_empty() {
        return module(word.rsplit_once('.')?.0);
    }
    let made = matches!(word.rsplit('.').next(), Some("response" | "request_body"));
    given.get(2).filter(|_| made).and_then(|one| module(one))
}

fn module(text: &str) -> Option<String> {
    let text = text.trim();
    let plain = text.starts_with(|c: char| c.is_ascii_uppercase())
        && text
            .chars()
            .all(|c| c.is_alphanumeric() || "._".contains(c));
    plain.then(|| text.to_owned())
}
