use super::Input;
use serde::{Deserialize, Serialize};

/// What stands before a name of the same file in a reference.
pub(crate) const HERE: char = '#';
/// What stands before a function or class that a framework calls beforehand and gives the result of.
pub(crate) const DEPENDS: char = '@';
/// What stands for a dependency that no file of the program can be.
pub(crate) const UNKNOWN: char = '?';
/// What stands before a type that may be an alias of such a dependency.
pub(crate) const TYPED: char = '~';
/// What stands before the class that a method answers for.
pub(crate) const OF_CLASS: char = '^';
/// What stands before a dependency of a router in the guards of an endpoint, with the path of its file and a blank.
pub(crate) const ROUTER_DEPENDS: &str = "!depends ";

/// Which functions of a file of Python fail with which status of HTTP and call which others, as far as the
/// file itself names them.
///
/// A reference is `self.load`, `#Orders.load` for a name of the same file, or the name as the imports of the
/// file have it: `shop.orders.Orders.load`, `.orders.load`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PythonCode {
    /// Functions and methods that fail, call or are given something.
    #[serde(rename = "f", default, skip_serializing_if = "Vec::is_empty")]
    pub functions: Vec<PythonFunction>,
    /// Its classes.
    #[serde(rename = "c", default, skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<PythonClass>,
    /// Variables of the module that hold an object, with a reference to its class.
    #[serde(rename = "v", default, skip_serializing_if = "Vec::is_empty")]
    pub variables: Vec<(String, String)>,
}

/// A function of Python.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PythonFunction {
    /// `place`, or `Orders.place` of a method.
    #[serde(rename = "n")]
    pub name: String,
    /// Statuses that its own code raises and lets pass.
    #[serde(rename = "s", default, skip_serializing_if = "Vec::is_empty")]
    pub fails: Vec<String>,
    /// References to what it calls where nothing catches what that raises, and to what it depends on.
    #[serde(rename = "r", default, skip_serializing_if = "Vec::is_empty")]
    pub calls: Vec<String>,
    /// What it takes of a request where it is a dependency.
    #[serde(rename = "i", default, skip_serializing_if = "Vec::is_empty")]
    pub inputs: Vec<Input>,
    /// Whether functions stand in it, one of which it may give.
    #[serde(rename = "l", default, skip_serializing_if = "std::ops::Not::not")]
    pub lends: bool,
}

/// A class of Python.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PythonClass {
    /// Its name.
    #[serde(rename = "n")]
    pub name: String,
    /// References to its bases, also to those of packages.
    #[serde(rename = "b", default, skip_serializing_if = "Vec::is_empty")]
    pub bases: Vec<String>,
    /// Attributes and properties with a reference to the class of what they hold.
    #[serde(rename = "k", default, skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<(String, String)>,
    /// Attributes with what they depend on; of a router with what it asks for all of its routes.
    #[serde(rename = "d", default, skip_serializing_if = "Vec::is_empty")]
    pub depends: Vec<(String, String)>,
    /// Its fields as parameters of a request.
    #[serde(rename = "i", default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<Input>,
}
