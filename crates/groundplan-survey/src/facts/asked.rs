//! Paths that a file asks a program for.

use serde::{Deserialize, Serialize};

/// What a file of tests, pages or documentation asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedPaths {
    /// The paths, each once.
    pub paths: Vec<AskedPath>,
    /// What stands before paths that a client of this file asks for: `baseURL: '/api/v1'`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bases: Vec<String>,
    /// Whether it has a proxy cut off or put in place of something the begin of what it hands on.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub rewrites: bool,
}

/// A path that is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedPath {
    /// Parts of the path; what is not fixed is `{}`.
    #[serde(rename = "p")]
    pub path: String,
    /// Method in capitals, if it stands beside it.
    #[serde(rename = "m", default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Whether it stands behind something that is not known, or is handed to a client that may put
    /// something before it.
    #[serde(rename = "o", default, skip_serializing_if = "std::ops::Not::not")]
    pub open: bool,
    /// Its line, from 1.
    #[serde(rename = "l")]
    pub line: u32,
    /// Hash of that line, as in evidence.
    #[serde(rename = "h", default)]
    pub hash: String,
}
