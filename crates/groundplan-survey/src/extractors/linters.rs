//! Settings of linters and formatters.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Mark};
use crate::source::SourceFile;
use groundplan_model::Topic;
use groundplan_syntax::Node;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "linters",
    docs: "\
### What it finds
Linters, type checkers and formatters by their settings: files of their own, and sections of
`package.json`, `pyproject.toml`, `setup.cfg` and `tox.ini`.

### What it does not find
Which rules are on, and whether a pipeline runs them.
",
    reads: &[Reads::Paths(&[
        ".eslintrc*",
        "eslint.config.*",
        ".golangci.y*ml",
        ".golangci.toml",
        "ruff.toml",
        ".ruff.toml",
        ".pylintrc",
        ".flake8",
        "mypy.ini",
        "pyrightconfig.json",
        "checkstyle*.xml",
        "pmd*.xml",
        "spotbugs*.xml",
        "detekt*.y*ml",
        "rustfmt.toml",
        ".rustfmt.toml",
        "clippy.toml",
        ".clippy.toml",
        ".prettierrc*",
        "prettier.config.*",
        "biome.json*",
        ".stylelintrc*",
        ".rubocop.yml",
        "phpcs.xml*",
        "phpstan.neon*",
        ".swiftlint.yml",
        ".clang-format",
        ".clang-tidy",
        ".hadolint.y*ml",
        ".markdownlint*",
        ".yamllint*",
        ".pre-commit-config.yaml",
        "buf.yaml",
        "tslint.json",
        ".scalafmt.conf",
        "mago.toml",
        "commitlint.config.*",
        ".commitlintrc*",
        ".oxlintrc.json",
        "dprint.json",
        ".php-cs-fixer*.php",
        "psalm.xml*",
        "pint.json",
        ".credo.exs",
        ".erb_lint.yml",
        "stylecop.json",
        "package.json",
        "pyproject.toml",
        "setup.cfg",
        "tox.ini",
    ])],
    markers: &[],
    run: extract,
};

/// Beginnings of file names and the tool that they belong to.
const FILES: [(&str, &str); 45] = [
    (".eslintrc", "ESLint"),
    ("eslint.config.", "ESLint"),
    (".golangci.", "golangci-lint"),
    ("ruff.toml", "Ruff"),
    (".ruff.toml", "Ruff"),
    (".pylintrc", "Pylint"),
    (".flake8", "Flake8"),
    ("mypy.ini", "mypy"),
    ("pyrightconfig.json", "Pyright"),
    ("checkstyle", "Checkstyle"),
    ("pmd", "PMD"),
    ("spotbugs", "SpotBugs"),
    ("detekt", "detekt"),
    ("rustfmt.toml", "rustfmt"),
    (".rustfmt.toml", "rustfmt"),
    ("clippy.toml", "Clippy"),
    (".clippy.toml", "Clippy"),
    (".prettierrc", "Prettier"),
    ("prettier.config.", "Prettier"),
    ("biome.json", "Biome"),
    (".stylelintrc", "Stylelint"),
    (".rubocop.yml", "RuboCop"),
    ("phpcs.xml", "PHP_CodeSniffer"),
    ("phpstan.neon", "PHPStan"),
    (".swiftlint.yml", "SwiftLint"),
    (".clang-format", "ClangFormat"),
    (".clang-tidy", "clang-tidy"),
    (".hadolint.", "Hadolint"),
    (".markdownlint", "markdownlint"),
    (".yamllint", "yamllint"),
    (".pre-commit-config.yaml", "pre-commit"),
    ("buf.yaml", "Buf"),
    ("tslint.json", "TSLint"),
    (".scalafmt.conf", "scalafmt"),
    ("mago.toml", "Mago"),
    ("commitlint.config.", "commitlint"),
    (".commitlintrc", "commitlint"),
    (".oxlintrc.json", "oxlint"),
    ("dprint.json", "dprint"),
    (".php-cs-fixer", "PHP CS Fixer"),
    ("psalm.xml", "Psalm"),
    ("pint.json", "Laravel Pint"),
    ("stylecop.json", "StyleCop"),
    (".credo.exs", "Credo"),
    (".erb_lint.yml", "ERB Lint"),
];

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if file
        .path
        .split('/')
        .any(|part| part == "node_modules" || part == "vendor")
    {
        return;
    }
    let name = file.name().to_ascii_lowercase();
    match name.as_str() {
        "package.json" => {
            const KEYS: [(&str, &str); 3] = [
                ("eslintConfig", "ESLint"),
                ("prettier", "Prettier"),
                ("stylelint", "Stylelint"),
            ];
            let root = file.json();
            keys(acc, file, root, &KEYS);
        }
        "pyproject.toml" => {
            const KEYS: [(&str, &str); 8] = [
                ("ruff", "Ruff"),
                ("black", "Black"),
                ("isort", "isort"),
                ("mypy", "mypy"),
                ("pylint", "Pylint"),
                ("flake8", "Flake8"),
                ("pyright", "Pyright"),
                ("bandit", "Bandit"),
            ];
            let tools = file.toml().and_then(|root| root.get("tool"));
            keys(acc, file, tools, &KEYS);
        }
        "setup.cfg" | "tox.ini" => {
            const SECTIONS: [(&str, &str); 4] = [
                ("[flake8]", "Flake8"),
                ("[isort]", "isort"),
                ("[mypy]", "mypy"),
                ("[pylint", "Pylint"),
            ];
            for (number, line) in file.text.lines().enumerate() {
                let found = SECTIONS.iter().find(|(head, _)| line.starts_with(head));
                if let Some((_, tool)) = found {
                    add(acc, file, tool, number as u32 + 1);
                }
            }
        }
        _ => {
            let found = FILES.iter().find(|(start, _)| name.starts_with(start));
            if let Some((_, tool)) = found {
                add(acc, file, tool, 1);
            }
        }
    }
}

fn keys(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    node: Option<&Node>,
    wanted: &[(&str, &'static str)],
) {
    for (key, _) in node.map(Node::entries).unwrap_or_default() {
        if let Some((_, tool)) = wanted.iter().find(|(name, _)| *name == key.text) {
            add(acc, file, tool, key.line);
        }
    }
}

fn add(acc: &mut FileFacts, file: &SourceFile<'_>, tool: &str, line: u32) {
    let mark = Mark {
        topic: Topic::Linter,
        name: tool.to_owned(),
        detail: None,
    };
    acc.add(file, line, line, Claim::Mark(mark));
}
