//! Other programs that code of .NET starts.

use crate::extractor::{Extractor, Reads};
use crate::facts::FileFacts;
use crate::scan::{self, Part};
use crate::source::SourceFile;
use groundplan_syntax::{Code, Language};
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "csharp-programs",
    docs: "\
### What it finds
Programs with a name that code starts by `Process.Start` or `ProcessStartInfo`: FFmpeg and
LibreOffice, by the text or the name of the variable that says what is started.

### What it does not find
Programs that are started by a path which nothing here names.
",
    reads: &[Reads::Own(&[Language::CSharp])],
    markers: &["ProcessStartInfo", "Process.Start", "StartInfo"],
    run: extract,
};

/// On what side of a technology code stands that starts it as a program.
pub(crate) const STARTS: &str = "starts";

/// Names of programs with the technology that they are.
const PROGRAMS: [(&str, &str); 4] = [
    ("ffmpeg", "ffmpeg"),
    ("ffprobe", "ffmpeg"),
    ("soffice", "libreoffice"),
    ("libreoffice", "libreoffice"),
];

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own {
        return;
    }
    let code = file.code();
    let mut found: Vec<&str> = Vec::new();
    let mut note = |acc: &mut FileFacts, range: Range<usize>, line: u32| {
        if let Some(program) = program(code, range)
            && !found.contains(&program)
        {
            found.push(program);
            scan::uses(acc, file, line, program, STARTS, "`Process`");
        }
    };
    for call in code.calls() {
        let word = code.raw(scan::word_at(code, call));
        let starts =
            word == "ProcessStartInfo" || word == "Start" && code.is(call.first, "Process");
        if let Some(first) = code
            .arguments(call.open)
            .into_iter()
            .next()
            .filter(|_| starts)
        {
            note(acc, first, call.line);
        }
    }
    let of_files = file.text.contains("StartInfo");
    for at in (0..code.tokens.len()).filter(|_| of_files) {
        if code.is(at, "FileName") && code.is(at + 1, "=") && !code.is(at + 2, "=") {
            let end = (at + 2..at + 12).find(|&at| matches!(code.raw(at), "," | ";" | "}" | ""));
            note(acc, at + 2..end.unwrap_or(at + 2), code.line(at));
        }
    }
}

/// The program that a text or the words of a variable name: `"ffmpeg"`, `_options.FfmpegPath`.
fn program(code: &Code<'_>, range: Range<usize>) -> Option<&'static str> {
    let words = range
        .take(12)
        .filter_map(|at| code.string(at).or_else(|| code.ident(at)));
    let words: Vec<String> = words.map(str::to_ascii_lowercase).collect();
    // `ffmpegPath` begins with the name, and `/usr/bin/ffmpeg` and `ffmpeg.exe` have it as a word;
    // `msoffice` is another program.
    let named = |name: &str| {
        let mut all = (words.iter()).flat_map(|w| w.split(|c: char| !c.is_ascii_alphanumeric()));
        all.any(|word| word.starts_with(name))
    };
    let (_, technology) = PROGRAMS.iter().find(|(name, _)| named(name))?;
    Some(technology)
}
