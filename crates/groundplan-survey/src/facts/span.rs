//! Functions of a file with whom they call, in the order of its lines.

use groundplan_model::Outcome;
use serde::{Deserialize, Serialize};

/// The lines of a function and whom it calls.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Span {
    /// Its name; empty for what is written into the call that registers a route.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) name: String,
    /// The type that it belongs to, in languages that do not name files after it (Go, Python).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) class: String,
    /// One-based line of its name, or of the call.
    pub(crate) first: u32,
    /// One-based last line.
    pub(crate) last: u32,
    /// What it calls, each where it does so first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) calls: Vec<Called>,
    /// Its branches: first and last line of the block, outer ones first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) branches: Vec<(u32, u32, Branch)>,
    /// What holds in branches of `if`: their first and last line, and the condition as it is written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) asks: Vec<(u32, u32, String)>,
    /// What it does with the failure of calls, in the order of their lines.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) failing: Vec<Failing>,
    /// Its loops: first and last line of the block, and what each round is for, `item` of `items`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) loops: Vec<(u32, u32, String)>,
}

/// The innermost function that holds a line.
pub(crate) fn holding(spans: &[Span], line: u32) -> Option<&Span> {
    let all = spans.iter().filter(|s| (s.first..=s.last).contains(&line));
    all.min_by_key(|s| s.last - s.first)
}

/// What a function does with the failure of a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Failing {
    /// One-based line of the name of the call.
    pub(crate) line: u32,
    /// What becomes of the error; nothing where it is dealt with in a way that was not read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) outcome: Option<Outcome>,
    /// The status that is answered, or the value in place of the answer.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) with: String,
    /// First and last line of what deals with it.
    pub(crate) lines: [u32; 2],
    /// Hash of these lines, as a number.
    pub(crate) hash: u64,
}

/// A call of a function.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Called {
    /// One-based line.
    pub(crate) line: u32,
    /// The name of the function.
    pub(crate) name: String,
    /// The last word before the name (`orders` of `this.orders.place(…)`), or its type where the file
    /// says which one that is; `new` for an object that is handed on, `?` for what another call gives;
    /// empty if there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) of: String,
    /// Hash of the line, as a number.
    pub(crate) hash: u64,
}

/// When a block of code runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Branch {
    /// Behind `if`.
    If,
    /// Behind `else`.
    Else,
    /// Behind `catch` or `except`.
    Caught,
    /// Behind `case` or `default` between brackets: one of several.
    Case,
    /// Behind a block that leaves the function where its condition holds.
    Past,
    /// For requests of one method: `if request.method == "POST"`.
    Asked(Asked),
    /// For requests of all other methods.
    Unasked(Asked),
}

/// The method of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Asked {
    /// `GET`.
    Get,
    /// `POST`.
    Post,
    /// `PUT`.
    Put,
    /// `PATCH`.
    Patch,
    /// `DELETE`.
    Delete,
}

/// What calls of mappers do to records, by their names.
const VERBS: [(&str, &[&str]); 3] = [
    (
        "adds",
        &[
            "bulkCreate",
            "bulk_create",
            "create",
            "createMany",
            "createManyAndReturn",
            "insertMany",
            "insertOne",
        ],
    ),
    (
        "changes",
        &["update", "updateMany", "updateManyAndReturn", "upsert"],
    ),
    (
        "deletes",
        &[
            "delete",
            "deleteMany",
            "deleteOne",
            "deleteQuietly",
            "delete_all",
            "destroy",
            "destroy_all",
            "findByIdAndDelete",
            "forceDelete",
        ],
    ),
];

/// Whether the name of a call says what it does to records.
pub(crate) fn tells_verb(name: &str) -> bool {
    VERBS.iter().any(|(_, names)| names.contains(&name))
}

impl Span {
    /// The verb of what a call on a line does to records, by the method of its mapper: what a name does not tell
    /// apart, and lines with calls of several kinds, only change them.
    pub(crate) fn verb(&self, line: u32) -> &'static str {
        let here = || self.calls.iter().filter(|call| call.line == line);
        let told = VERBS
            .iter()
            .filter(|(_, names)| here().any(|call| names.contains(&call.name.as_str())));
        match told.collect::<Vec<_>>().as_slice() {
            [(verb, _)] => verb,
            _ => "changes",
        }
    }
}
