//! Images that a release makes.

use serde::{Deserialize, Serialize};

/// An image that the repository publishes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedImage {
    /// Owner and name, without registry and tag, in lower case. An owner of `*` is any.
    pub image: String,
    /// The Dockerfile that it is built by, relative to the root, if that is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dockerfile: Option<String>,
    /// The folder of the project whose build makes it, if the build file of that project says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<String>,
    /// The folder that a command makes the image from, relative to the root.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<String>,
    /// Tags that it is published under, as far as they are written out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// The stage of the Dockerfile that is built, if not the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
}
