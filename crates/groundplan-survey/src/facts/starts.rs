//! What files of Go that start programs ask of each other.

use serde::{Deserialize, Serialize};

/// Functions of a `main` package, or of a package of commands: which of them a program asks for says
/// which files of a package that several programs import it is built of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Starts {
    /// Functions that the file has at its top level.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub makes: Vec<String>,
    /// Functions and types that it names, each with the module as imported; without one, those of its own
    /// package.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub asks: Vec<(String, String)>,
}
