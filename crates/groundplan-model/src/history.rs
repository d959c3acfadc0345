use crate::Evidence;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An author of the repository, from its commits, with `.mailmap` applied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Author {
    /// Name; addresses are never kept.
    pub name: String,
    /// Number of commits.
    pub commits: u32,
}

/// A tag that looks like a release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Release {
    /// Tag name.
    pub name: String,
    /// ISO date of the commit.
    pub date: String,
    /// Whether its commit is no ancestor of the revision, as on a branch of releases.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub elsewhere: bool,
}

/// What the git history says; stands outside the blueprint id and is pinned by `--as-of`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct History {
    /// Commit that the document describes: the last one that touched a surveyed file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<String>,
    /// ISO date of that commit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// Commits reachable from it.
    #[serde(default)]
    pub commits: u32,
    /// ISO date of the first commit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// Authors, most commits first, then by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<Author>,
    /// Releases, newest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub releases: Vec<Release>,
    /// Tags that are no release of their own: their names are no versions, or another tag of the same
    /// commit has the same one.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub other_tags: u32,
    /// Web address of the repository without credentials, if a remote is set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remote: Option<String>,
    /// Whether the clone is shallow, so that counts are lower bounds.
    #[serde(default)]
    pub shallow: bool,
}

/// How much of one language was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LanguageCoverage {
    /// Display name.
    pub language: String,
    /// Files.
    pub files: u32,
    /// Lines, blank ones included.
    pub lines: u32,
    /// What was taken from it: `parsed`, `lexed` or `counted`.
    pub depth: String,
}

/// Files that were seen and not understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Unread {
    /// Why, for example `larger than 2 MiB`, `Helm template`, `broken YAML`.
    pub reason: String,
    /// How many files.
    pub files: u32,
    /// The first of them, as examples.
    pub examples: Vec<String>,
}

/// Words in files that speak against saying that the system lacks something.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Mention {
    /// What they speak of: the id of a topic such as `backup` or `rate-limit`.
    pub topic: String,
    /// How many files hold such a word, tests left out.
    pub files: u32,
    /// How many of those are documents.
    pub documents: u32,
    /// The first of them: code and configuration before documents.
    pub places: Vec<MentionPlace>,
}

/// A word and the line where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MentionPlace {
    /// The name that holds the word, as it stands in the text, or the name of the file.
    pub word: String,
    /// The line of code, where it is short enough to be quoted; empty for documents and names of files.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub said: String,
    /// Where it stands.
    pub at: Evidence,
}

/// What the survey read, and what it did not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Coverage {
    /// Files found, ignored ones left out.
    pub files: u32,
    /// Bytes of those files.
    pub bytes: u64,
    /// Languages, most lines first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<LanguageCoverage>,
    /// Lines of code in sites of documents, which are among none of the languages above.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sites: Vec<SiteLines>,
    /// What was not understood, by reason.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unread: Vec<Unread>,
    /// Words that speak against an absence, by topic.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<Mention>,
    /// Folders of folders of data of one shape: their words are left out where words are searched for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub catalogues: Vec<Catalogue>,
}

/// Code of one language in the folder of a site that shows documents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SiteLines {
    /// Its folder.
    pub folder: String,
    /// Display name of the language.
    pub language: String,
    /// Lines, blank ones included.
    pub lines: u32,
}

/// A folder of ten or more folders of data of one shape, more than half of those it holds, that no image, mount,
/// import or workspace names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Catalogue {
    /// Its path.
    pub folder: String,
    /// How many folders of that shape it holds.
    pub entries: u32,
    /// The files that each of them holds, by name.
    pub files: Vec<String>,
}

fn is_zero(n: &u32) -> bool {
    *n == 0
}
