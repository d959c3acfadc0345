//! What the files of a Helm chart say; the chart as a whole is evaluated when facts are joined.

use super::Placed;
use serde::{Deserialize, Serialize};

/// The manifest of a chart (<https://helm.sh/docs/topics/charts/#the-chartyaml-file>).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chart {
    /// Name; empty where only `requirements.yaml` was read.
    #[serde(default)]
    pub name: String,
    /// Version of the chart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Version of what it installs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app_version: Option<String>,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Whether it makes nothing by itself (`type: library`).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub library: bool,
    /// Charts that it brings along.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dependencies: Vec<Placed<ChartDependency>>,
}

/// A chart that another brings along.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChartDependency {
    /// Name of the chart.
    pub name: String,
    /// Version as asked for; empty if none.
    #[serde(default)]
    pub version: String,
    /// Where it is kept: an address, `file://../folder`, or empty for the folder `charts`.
    #[serde(default)]
    pub repository: String,
    /// Paths of values, divided by commas, of which the first that is set switches it on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
    /// Name under which it is installed, if that is another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alias: Option<String>,
}

impl ChartDependency {
    /// The name under which it is installed, and under which its values stand.
    pub fn called(&self) -> &str {
        self.alias.as_deref().unwrap_or(&self.name)
    }
}

/// The text of a template or of default values, without secrets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChartFile {
    /// Whether it holds values, as one line of JSON; else it is a template, line for line.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub values: bool,
    /// The text, with `…` for what was cut out.
    pub text: String,
    /// Of values each that is a text or a number, outside of lists.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub settings: Vec<Placed<ChartValue>>,
    /// Lines of a template of which something was cut out, each with its hash as in evidence.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hidden: Vec<(u32, String)>,
}

/// A default value of a chart.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChartValue {
    /// Keys from the root on, with dots between them.
    pub path: String,
    /// The value; `None` for a secret, and for what is longer than a line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Whether it is a secret that is not empty.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub secret: bool,
}
