//! Stages by the files that frameworks keep for each.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Overlay};
use crate::scan;
use crate::source::SourceFile;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "stage-files",
    docs: "\
### What it finds
The stages that a program of Rails (`config/environments/production.rb`), of Elixir
(`config/prod.exs`) or of Django (`settings/prod.py`, `settings_dev.py`) has settings of its own for.

### What it does not find
What the stages are used for, and stages of other frameworks.
",
    reads: &[Reads::Paths(&[
        "**/config/environments/*.rb",
        "**/config/dev.exs",
        "**/config/prod.exs",
        "**/config/staging.exs",
        "**/config/test.exs",
        "**/settings/dev.py",
        "**/settings/development.py",
        "**/settings/local.py",
        "**/settings/staging.py",
        "**/settings/prod.py",
        "**/settings/production.py",
        "**/settings_dev.py",
        "**/settings_local.py",
        "**/settings_staging.py",
        "**/settings_prod.py",
        "**/settings_production.py",
    ])],
    markers: &[
        "configure do",
        "import Config",
        "use Mix.Config",
        "ALLOWED_HOSTS",
        "DEBUG =",
    ],
    run: extract,
};

/// How the stage comes about.
pub(crate) const STAGE_FILE: &str = "settings of the framework for a stage";

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::is_test(file.path) {
        return;
    }
    let name = file.name();
    let name = name.trim_end_matches(".exs").trim_end_matches(".rb");
    let name = name.trim_end_matches(".py").trim_start_matches("settings_");
    let overlay = Overlay {
        mechanism: STAGE_FILE.to_owned(),
        name: name.to_owned(),
        ..Overlay::default()
    };
    acc.add(
        file,
        1,
        file.text.lines().count().max(1) as u32,
        Claim::Overlay(overlay),
    );
}
