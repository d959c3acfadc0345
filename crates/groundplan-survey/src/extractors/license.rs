//! Licence files.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Mark};
use crate::source::SourceFile;
use groundplan_model::Topic;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "license",
    docs: "\
### What it finds
The SPDX identifier of a licence file, judged by its first lines.

### What it does not find
Licences in headers of source files, and texts that were changed; those are not named at all.
",
    reads: &[Reads::Paths(&[
        "LICENSE",
        "LICENSE.*",
        "LICENSE-*",
        "LICENCE",
        "LICENCE.*",
        "COPYING",
        "COPYING.*",
        "UNLICENSE",
    ])],
    markers: &[],
    run: extract,
};

/// What the beginning of a licence must say, in lower case, and its identifier; the first that
/// fits wins, so the narrower ones come first.
const LICENSES: [(&[&str], &str); 19] = [
    (
        &["gnu affero general public license", "version 3"],
        "AGPL-3.0",
    ),
    (
        &["gnu lesser general public license", "version 3"],
        "LGPL-3.0",
    ),
    (
        &["gnu lesser general public license", "version 2.1"],
        "LGPL-2.1",
    ),
    (&["gnu general public license", "version 3"], "GPL-3.0"),
    (&["gnu general public license", "version 2"], "GPL-2.0"),
    (&["apache license", "version 2.0"], "Apache-2.0"),
    (&["mozilla public license", "2.0"], "MPL-2.0"),
    (&["eclipse public license", "2.0"], "EPL-2.0"),
    (&["european union public licence", "1.2"], "EUPL-1.2"),
    (&["business source license 1.1"], "BUSL-1.1"),
    (&["functional source license"], "FSL-1.1"),
    (&["server side public license"], "SSPL-1.0"),
    (
        &[
            "redistribution and use in source and binary forms",
            "neither the name",
        ],
        "BSD-3-Clause",
    ),
    (
        &["redistribution and use in source and binary forms"],
        "BSD-2-Clause",
    ),
    (
        &["permission to use, copy, modify, and/or distribute this software"],
        "ISC",
    ),
    (
        &["permission to use, copy, modify, and distribute this software"],
        "ISC",
    ),
    (&["this is free and unencumbered software"], "Unlicense"),
    (&["cc0 1.0 universal"], "CC0-1.0"),
    (&["permission is hereby granted, free of charge"], "MIT"),
];

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let foreign = ["node_modules", "vendor", "third_party"];
    let name = file.name().to_ascii_lowercase();
    let is_pattern = name.contains("header") || name.contains("template");
    if is_pattern || file.path.split('/').any(|part| foreign.contains(&part)) {
        return;
    }
    let head: Vec<&str> = file.text.lines().take(60).collect();
    let words: Vec<String> = head
        .iter()
        .flat_map(|line| line.split_whitespace())
        .take(600)
        .map(str::to_lowercase)
        .collect();
    let text = words.join(" ");
    let Some((marks, name)) = LICENSES
        .iter()
        .find(|(marks, _)| marks.iter().all(|mark| text.contains(mark)))
    else {
        return;
    };
    // The line on which the first mark begins to stand.
    let start = marks
        .first()
        .and_then(|mark| mark.split(' ').next())
        .unwrap_or_default();
    let line = head
        .iter()
        .position(|line| line.to_lowercase().contains(start))
        .map_or(1, |at| at as u32 + 1);
    let mark = Mark {
        topic: Topic::License,
        name: (*name).to_owned(),
        detail: Some(file.path.to_owned()),
    };
    acc.add(file, line, line, Claim::Mark(mark));
}
