use serde::{Deserialize, Serialize};

/// A step of a Liquibase changelog. Steps and the changes of the schema ([`super::SqlChange`]) stand
/// in the order of the file: a change belongs to the last set before it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangelogStep {
    /// What it does.
    pub kind: StepKind,
    /// Database products for which alone it runs, in lower case as written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub only: Vec<String>,
    /// Database products for which it does not run.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub never: Vec<String>,
}

/// What a step of a changelog does (<https://docs.liquibase.com/concepts/changelogs/home.html>).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// A set of changes begins.
    Set,
    /// Another changelog or a script of SQL runs at this place.
    Include {
        /// Its path as written, without `classpath:`.
        path: String,
        /// Whether the path begins at the folder of this file and not at a root of resources.
        relative: bool,
    },
    /// All changelogs and scripts below a folder run at this place, in the order of their paths.
    IncludeAll {
        /// The folder as written, without `classpath:`.
        path: String,
        /// Whether the path begins at the folder of this file.
        relative: bool,
    },
    /// A text that stands for `${name}` in the changes.
    Property {
        /// Its name.
        name: String,
        /// What stands for it.
        value: String,
    },
}
