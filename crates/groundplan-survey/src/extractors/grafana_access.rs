//! Who may see dashboards of Grafana without signing in.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Mark};
use crate::source::SourceFile;
use groundplan_model::Topic;
use groundplan_syntax::Language;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "grafana-access",
    docs: "\
### What it finds
Anonymous access that is switched on in `grafana.ini`, with the role that everybody gets.

### What it does not find
The same switched on by a variable or in the user interface.
",
    reads: &[Reads::Languages(&[Language::Properties])],
    markers: &["[auth.anonymous]"],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let mut inside = false;
    let mut enabled: Option<u32> = None;
    let mut role: Option<(String, u32)> = None;
    for (line, text) in (1_u32..).zip(file.text.lines()) {
        let text = text.trim();
        if text.starts_with('[') {
            inside = text.starts_with("[auth.anonymous]");
            continue;
        }
        if !inside || text.starts_with(['#', ';']) {
            continue;
        }
        match text.split_once('=').map(|(k, v)| (k.trim(), v.trim())) {
            Some(("enabled", "true")) => enabled = Some(line),
            Some(("org_role", value)) if !value.is_empty() => role = Some((value.to_owned(), line)),
            _ => {}
        }
    }
    let Some(first) = enabled else {
        return;
    };
    let last = role.as_ref().map_or(first, |(_, line)| *line);
    let mark = Mark {
        topic: Topic::Authentication,
        name: "anonymous access".to_owned(),
        detail: role.map(|(name, _)| name),
    };
    acc.add(file, first.min(last), first.max(last), Claim::Mark(mark));
}
