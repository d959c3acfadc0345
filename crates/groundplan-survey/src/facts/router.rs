use serde::{Deserialize, Serialize};

/// A router, blueprint or group of routes that answers only where something else takes it in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Router {
    /// Name in its file: of the variable, or of the function that makes or fills it.
    pub name: String,
    /// Prefix that it gives to its routes itself, as a path template; empty if none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub prefix: String,
    /// Methods of HTTP of an attribute of a program's own that marks actions, in capitals; of `!Class` the
    /// actions of its bases that a class takes away; of a described route its method and path, and what it does.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub verbs: Vec<String>,
}

/// One router takes in another, usually of another file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mount {
    /// The router of this file that takes in; `None` for one that serves by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub router: Option<String>,
    /// Path template below which it does so; empty if none is added.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub prefix: String,
    /// What is taken in, as imports of this file name it: `.users.router`,
    /// `github.com/acme/shop/users.Routes`, `crate.users.routes`, `./routes/users#default`;
    /// `$routes` for a variable of a package of Go; `*nestjs` for all routes of that framework in the project.
    pub target: String,
    /// Whether the name only leads on: an import that is given away again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub alias: bool,
    /// The condition under which it does so, as the file has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
    /// Whether the prefix stands in place of the router's own, as in Flask.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub replaces: bool,
    /// References to what FastAPI calls before each route of it, as [`super::PythonCode`] has them;
    /// the middleware of Laravel that stands before them, as among the guards of an endpoint; the functions of Node
    /// that a router is taken in behind, without a name where they have none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub depends: Vec<String>,
}
