//! Settings: keys of files, and variables that code reads.

use serde::{Deserialize, Serialize};

/// A configuration key in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Property {
    /// Dotted key as written.
    pub key: String,
    /// Value as written, placeholders kept; `None` for a secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Whether it is a secret by name or look.
    #[serde(default)]
    pub secret: bool,
    /// Profile of the file or document, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// Whether it is commented out in a file that is there to be copied: what somebody may set.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub commented: bool,
}

/// An environment variable that code reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnvRead {
    /// Its name.
    pub name: String,
    /// The default in code, if it is no secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// The expression that gives the default where it is no literal, as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub computed: Option<String>,
    /// Whether it is read only where the file itself is started.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub guarded: bool,
    /// The field of a struct of Go that it fills, which other files of the program read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Whether it is a truth value by its type: whatever its name, it is no secret.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub switch: bool,
    /// Whether it is the key of an object of settings, of which the environment is one source among others.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub keyed: bool,
    /// Whether code says that it may be missing: its default is `None`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub optional: bool,
}
