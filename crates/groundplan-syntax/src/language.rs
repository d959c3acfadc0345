use serde::{Deserialize, Serialize};

/// Languages and formats told apart by file name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Language {
    C,
    Cpp,
    CSharp,
    Css,
    Dart,
    Dockerfile,
    Elixir,
    Go,
    Html,
    Java,
    JavaScript,
    Json,
    Kotlin,
    Lua,
    Markdown,
    Php,
    Properties,
    Proto,
    Python,
    Ruby,
    Rust,
    Scala,
    Shell,
    Sql,
    Swift,
    Terraform,
    Text,
    Toml,
    TypeScript,
    Vue,
    Xml,
    Yaml,
    Other,
}

/// The longest ending that says something.
const LONGEST: usize = 12;

impl Language {
    /// Judged by the path alone.
    pub fn of(path: &str) -> Language {
        let name = path.rsplit('/').next().unwrap_or(path);
        let ending = name.rsplit_once('.').map(|(_, ending)| ending);
        // Asked for every file more than once, so that nothing is allocated; longer endings are of
        // no language.
        let mut lower = [0; LONGEST];
        let ending = ending.map(|ending| match lower.get_mut(..ending.len()) {
            Some(lower) => {
                lower.copy_from_slice(ending.as_bytes());
                lower.make_ascii_lowercase();
                std::str::from_utf8(lower).unwrap_or_default()
            }
            None => "",
        });
        let begins = |word: &str| {
            let head = name.get(..word.len());
            head.is_some_and(|head| head.eq_ignore_ascii_case(word))
        };
        // `Dockerfile.dev` is one; `dockerfile.rs` is a source file about them.
        let source = matches!(
            ending,
            Some(
                "rs" | "go"
                    | "py"
                    | "ts"
                    | "js"
                    | "java"
                    | "rb"
                    | "md"
                    | "txt"
                    | "json"
                    | "yml"
                    | "yaml"
            )
        );
        if name.eq_ignore_ascii_case("dockerfile")
            || (begins("dockerfile.") && !source)
            || ending == Some("dockerfile")
            || name.eq_ignore_ascii_case("containerfile")
        {
            return Language::Dockerfile;
        }
        let Some(ending) = ending else {
            return Language::Other;
        };
        match ending {
            "c" | "h" => Language::C,
            "cc" | "cpp" | "cxx" | "hpp" | "hh" | "hxx" => Language::Cpp,
            "cs" => Language::CSharp,
            "css" | "scss" | "sass" | "less" => Language::Css,
            "dart" => Language::Dart,
            "ex" | "exs" => Language::Elixir,
            "go" => Language::Go,
            "html" | "htm" => Language::Html,
            "java" => Language::Java,
            "js" | "mjs" | "cjs" | "jsx" => Language::JavaScript,
            "json" | "jsonc" | "json5" => Language::Json,
            "kt" | "kts" => Language::Kotlin,
            "lua" => Language::Lua,
            "md" | "markdown" | "mdx" => Language::Markdown,
            "php" => Language::Php,
            "properties" | "env" | "ini" | "cfg" | "conf" => Language::Properties,
            "proto" => Language::Proto,
            "py" | "pyi" => Language::Python,
            "rb" | "rake" | "gemspec" => Language::Ruby,
            "rs" => Language::Rust,
            "scala" | "sc" => Language::Scala,
            "sh" | "bash" | "zsh" => Language::Shell,
            "sql" => Language::Sql,
            "swift" => Language::Swift,
            // Other products write the same form: builds of images, of machines, and jobs.
            "hcl"
                if begins("docker-bake")
                    || name.ends_with(".pkr.hcl")
                    || name.ends_with(".nomad.hcl") =>
            {
                Language::Other
            }
            "tf" | "tfvars" | "hcl" => Language::Terraform,
            "txt" | "rst" | "adoc" => Language::Text,
            "toml" => Language::Toml,
            "ts" | "tsx" | "mts" | "cts" => Language::TypeScript,
            "vue" | "svelte" => Language::Vue,
            "xml" | "csproj" | "fsproj" | "vbproj" | "props" => Language::Xml,
            "yaml" | "yml" => Language::Yaml,
            _ => Language::Other,
        }
    }

    /// As a reader writes it.
    pub fn name(self) -> &'static str {
        match self {
            Language::C => "C",
            Language::Cpp => "C++",
            Language::CSharp => "C#",
            Language::Css => "CSS",
            Language::Dart => "Dart",
            Language::Dockerfile => "Dockerfile",
            Language::Elixir => "Elixir",
            Language::Go => "Go",
            Language::Html => "HTML",
            Language::Java => "Java",
            Language::JavaScript => "JavaScript",
            Language::Json => "JSON",
            Language::Kotlin => "Kotlin",
            Language::Lua => "Lua",
            Language::Markdown => "Markdown",
            Language::Php => "PHP",
            Language::Properties => "Properties",
            Language::Proto => "Protocol Buffers",
            Language::Python => "Python",
            Language::Ruby => "Ruby",
            Language::Rust => "Rust",
            Language::Scala => "Scala",
            Language::Shell => "Shell",
            Language::Sql => "SQL",
            Language::Swift => "Swift",
            Language::Terraform => "Terraform",
            Language::Text => "Text",
            Language::Toml => "TOML",
            Language::TypeScript => "TypeScript",
            Language::Vue => "Vue or Svelte",
            Language::Xml => "XML",
            Language::Yaml => "YAML",
            Language::Other => "Other",
        }
    }

    /// Whether it is a programming language that the lexer reads.
    pub fn is_code(self) -> bool {
        matches!(
            self,
            Language::C
                | Language::Cpp
                | Language::CSharp
                | Language::Dart
                | Language::Elixir
                | Language::Go
                | Language::Java
                | Language::JavaScript
                | Language::Kotlin
                | Language::Lua
                | Language::Php
                | Language::Python
                | Language::Ruby
                | Language::Rust
                | Language::Scala
                | Language::Swift
                | Language::TypeScript
        )
    }
}
