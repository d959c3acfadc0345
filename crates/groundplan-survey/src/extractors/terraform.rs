//! Resources of Terraform and OpenTofu.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Mark};
use crate::source::SourceFile;
use groundplan_model::Topic;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "terraform",
    docs: "\
### What it finds
The resources that Terraform and OpenTofu make: type, name, and the region, location or zone that
stands in the resource as text; defaults of variables and settings of providers that name a region.

### What it does not find
Modules of others, what `for_each` and `count` multiply, values of variables, and JSON syntax.
",
    reads: &[Reads::Paths(&["*.tf", "*.tofu"])],
    markers: &["resource", "provider", "variable"],
    run: extract,
};

/// Resources of one file beyond these are left out.
const MAX_RESOURCES: usize = 400;

/// A block at the top level that is open.
struct Block<'t> {
    kind: &'t str,
    name: &'t str,
    label: &'t str,
    first: u32,
    place: Option<&'t str>,
}

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let mut open: Option<Block<'_>> = None;
    let mut found = 0;
    let mut comment = false;
    for (number, line) in file.text.lines().enumerate() {
        let number = number as u32 + 1;
        comment |= line.trim_start().starts_with("/*");
        if comment {
            comment = !line.contains("*/");
            continue;
        }
        match &mut open {
            Some(block) => {
                if let Some(value) = place(line, block.kind) {
                    block.place.get_or_insert(value);
                }
            }
            None => open = begin(line, number),
        }
        // The formatter of the language puts the end of a block at the margin.
        let ends = line.starts_with('}')
            || open.as_ref().is_some_and(|b| b.first == number) && line.trim_end().ends_with('}');
        if ends
            && let Some(block) = open.take()
            && found < MAX_RESOURCES
        {
            found += usize::from(add(acc, file, &block, number));
        }
    }
}

fn begin(line: &str, first: u32) -> Option<Block<'_>> {
    let kind = ["resource", "provider", "variable"]
        .into_iter()
        .find(|kind| line.starts_with(kind))?;
    let mut quoted = line.split('"').skip(1).step_by(2);
    let name = quoted.next()?;
    Some(Block {
        kind,
        name,
        label: quoted.next().unwrap_or_default(),
        first,
        place: None,
    })
}

/// The text of an argument that says where something lies.
fn place<'t>(line: &'t str, kind: &str) -> Option<&'t str> {
    let (key, value) = line.split_once('=')?;
    let fits = match kind {
        "variable" => key.trim() == "default",
        _ => matches!(
            key.trim(),
            "region" | "location" | "zone" | "availability_zone"
        ),
    };
    let value = value.trim().strip_prefix('"')?;
    let value = value.get(..value.find('"')?)?;
    (fits && !value.is_empty() && !value.contains("${")).then_some(value)
}

fn add(acc: &mut FileFacts, file: &SourceFile<'_>, block: &Block<'_>, last: u32) -> bool {
    let (name, detail) = match block.kind {
        "resource" => {
            let detail = match block.place {
                Some(place) => format!("{} in {place}", block.label),
                None => block.label.to_owned(),
            };
            (block.name.to_owned(), detail)
        }
        "variable" => {
            let lower = block.name.to_ascii_lowercase();
            let speaks = lower
                .split(['_', '-'])
                .any(|w| matches!(w, "region" | "location"));
            match block.place.filter(|_| speaks) {
                Some(place) => (format!("variable {}", block.name), format!("in {place}")),
                None => return false,
            }
        }
        _ => match block.place {
            Some(place) => (format!("provider {}", block.name), format!("in {place}")),
            None => return false,
        },
    };
    let mark = Mark {
        topic: Topic::Infrastructure,
        name,
        detail: Some(detail),
    };
    acc.add(file, block.first, last, Claim::Mark(mark));
    true
}
