//! What functions of Go do with a request by other functions.

use serde::{Deserialize, Serialize};

/// What a function of Go leaves to others: the answer, the body, whether a request goes on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handing {
    /// Calls that are given the request, what answers it, or a context of both.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hands: Vec<Handed>,
    /// Whether it is a method.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub method: bool,
    /// Whether it returns a failure for which nothing is answered: what stands around it decides.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub raises: bool,
    /// Methods and paths that its annotations for a contract name (`@Router /orders [get]`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub routes: Vec<String>,
    /// Parameters whose value is written as the status, by place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub written: Vec<usize>,
    /// The parameter that the body is decoded into, by place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<usize>,
    /// Whether it answers before it returns a failure, wherever it does: then whoever called it cannot answer
    /// any more. It holds if these of its calls answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settles: Option<Vec<usize>>,
    /// Whether one of its answers to a failure is only returned with it, or may not have been written: whoever
    /// called it may still give another.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub open: bool,
}

impl Handing {
    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        *self == Handing::default()
    }
}

/// Such a call; or, without a name, a status that is written where one of them failed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handed {
    /// `module/of/package.Name`, `.Name` of a method of the same type, `..Name` of one of another type, which must
    /// be the only one called so, `Name` of a function of the same package, `?` of one that its name does not tell.
    pub name: String,
    /// Statuses that it is given, by place; `#2` is what the function around was given in that place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub statuses: Vec<(usize, String)>,
    /// Types of variables whose address it is given, by place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<(usize, String)>,
    /// Whether it may answer, as far as the call itself shows it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub stands: bool,
    /// Whether the function ends where it fails, whatever was asked of it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub asks: bool,
    /// The call among those of its function behind whose failure it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub behind: Option<usize>,
}
