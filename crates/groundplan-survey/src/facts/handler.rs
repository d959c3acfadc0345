use super::Handing;
use groundplan_model::Response;
use serde::{Deserialize, Serialize};

/// A function or class that may answer requests, as its signature and body show it. Whether a route
/// leads to it is another file's to say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handler {
    /// Name of the function, method or class.
    pub name: String,
    /// First sentence of its own comment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// Last words of its base classes, if it is a class.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bases: Vec<String>,
    /// Of a class: the methods that it defines itself, `get`, `list` and the like.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub methods: Vec<String>,
    /// Of a class: what its methods for requests say that they do, by method. Of a method of ASP.NET: what its
    /// comment says of its parameters, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub docs: Vec<(String, String)>,
    /// Of a class: the parameters of its methods by method, `name?` where it may be left out, `**` for
    /// any others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub takes: Vec<(String, Vec<String>)>,
    /// Of a class: the only methods of requests that it allows, if it says so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub only: Vec<String>,
    /// Parameters apart from the path's own and the body.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inputs: Vec<Input>,
    /// Type of the body that it reads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
    /// What it answers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub responses: Vec<Response>,
    /// Whether its code says that callers should no longer use it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deprecated: bool,
    /// Whether it takes more by functions that it depends on, which were not followed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub more: bool,
    /// Whether it hands the answer on to functions that were not followed, or names no status of it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub leaves: bool,
    /// Exceptions that its body makes: what is answered then stands where they are defined or
    /// handled, under their name. Functions that answer for it stand here behind [`ANSWERED_BY`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub throws: Vec<String>,
    /// Of a method of a controller: the methods of its own class that it calls, also inherited ones:
    /// what they read and answer, they do for it. Of a function of FastAPI references as
    /// [`super::PythonCode`] has them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub calls: Vec<String>,
    /// Of a method of a controller: what it asks of the caller by itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub guards: Vec<String>,
    /// Of a controller: what is done before its actions, and with exceptions of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub befores: Vec<Before>,
    /// Of a function of Go: what it leaves to others.
    #[serde(default, skip_serializing_if = "Handing::is_empty")]
    pub handing: Handing,
}

/// What a controller says of what is done before its actions: `before_action :sign_in, only: [:edit]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Before {
    /// The method or middleware; `*` for all that ask, empty where it was not read.
    pub name: String,
    /// The only actions that it stands before, if it says so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub only: Vec<String>,
    /// The actions that it does not stand before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub except: Vec<String>,
    /// Whether it is taken away here.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub off: bool,
    /// Whether its name says that it asks who calls or what they may do.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub asks: bool,
    /// Whether it depends on something else besides, or on names that were not read.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub depends: bool,
    /// The exception that it handles, if it is one for those.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<String>,
}

impl Before {
    /// Whether it is meant for an action.
    pub(crate) fn is_for(&self, action: &str) -> bool {
        let among = |names: &[String]| names.iter().any(|name| name == action);
        (self.only.is_empty() || among(&self.only)) && !among(&self.except)
    }
}

/// What stands before the name of a function that answers for another.
pub(crate) const ANSWERED_BY: char = '>';

/// A parameter of a request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    /// Name as a caller gives it.
    pub name: String,
    /// `path`, `query`, `header`, `cookie`, `form` or `body`.
    pub place: String,
    /// Type as in the source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_type: Option<String>,
    /// Whether the handler asks for it in any case.
    #[serde(default)]
    pub required: bool,
}

/// What stands among the guards of a route whose server ends with the command that makes it.
pub(crate) const PASSING: &str = "!passing";

/// Begins, in the guards of an endpoint, what else stands before its handler, as code writes it.
pub(crate) const WITH: &str = "!with ";
