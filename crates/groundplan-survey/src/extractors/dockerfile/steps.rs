//! Instructions of a Dockerfile with their lines.

use crate::facts::FileFacts;
use crate::source::SourceFile;
use parse_dockerfile::{Command, HealthcheckArguments, Instruction, JsonOrStringArray, parse_iter};
use std::ops::Range;

/// Files beyond this many instructions are cut.
const MAX_STEPS: usize = 5_000;

/// An instruction that says something about the image.
pub(super) struct Step<'t> {
    /// Upper-case keyword.
    pub(super) keyword: &'static str,
    /// Everything behind the keyword, as written.
    pub(super) text: &'t str,
    /// Line on which `text` begins.
    pub(super) text_line: u32,
    pub(super) first: u32,
    pub(super) last: u32,
    /// `\`, or the backtick if the file says so.
    pub(super) escape: char,
}

/// Instructions that are read.
const KEYWORDS: [&str; 13] = [
    "FROM",
    "ARG",
    "ENV",
    "EXPOSE",
    "CMD",
    "ENTRYPOINT",
    "USER",
    "WORKDIR",
    "HEALTHCHECK",
    "COPY",
    "ADD",
    "RUN",
    "VOLUME",
];

/// The instructions of a file; behind a fault they are found line by line.
pub(super) fn read<'t>(acc: &mut FileFacts, file: &SourceFile<'t>) -> Vec<Step<'t>> {
    let text = file.text.strip_prefix('\u{feff}').unwrap_or(file.text);
    let shift = file.text.len() - text.len();
    let escape = escape(text);
    let mut steps = Vec::new();
    let mut fault = None;
    match parse_iter(text) {
        Ok(instructions) => {
            for instruction in instructions.take(MAX_STEPS) {
                match instruction {
                    Ok(instruction) => steps.extend(step(file, &instruction, shift, escape)),
                    Err(error) => fault = Some((error.line() as u32, error.to_string())),
                }
            }
        }
        Err(error) => fault = Some((error.line() as u32, error.to_string())),
    }
    if let Some((line, message)) = fault {
        // The message ends in ` at line 3 column 1`, which the place says.
        let message = message.split(" at line ").next().unwrap_or_default();
        let message = message.replace(['\n', '\r'], " ");
        // A word that is no keyword may be anything, also a secret.
        let message = match message.split_once('\'') {
            Some((head, word))
                if !word
                    .chars()
                    .all(|c| c.is_ascii_uppercase() || "_'".contains(c)) =>
            {
                head.trim_end().to_owned()
            }
            _ => message,
        };
        let help = "instructions behind it were found by their first word only";
        acc.warn(file, line.max(1), "broken-dockerfile", message, help);
        let read = steps.last().map_or(0, |step| step.last);
        steps.extend(scan(file, read + 1, escape));
    }
    steps
}

fn escape(text: &str) -> char {
    let directive = text
        .lines()
        .take_while(|line| line.starts_with('#'))
        .filter_map(|line| line.trim_start_matches('#').trim().split_once('='))
        .find(|(key, _)| key.trim().eq_ignore_ascii_case("escape"));
    match directive {
        Some((_, value)) if value.trim() == "`" => '`',
        _ => '\\',
    }
}

fn step<'t>(
    file: &SourceFile<'t>,
    instruction: &Instruction<'_>,
    shift: usize,
    escape: char,
) -> Option<Step<'t>> {
    let (keyword, head, end) = parts(instruction)?;
    let (start, from) = (head.start + shift, head.end + shift);
    let lines = file.lines();
    let mut end = end;
    if matches!(keyword, "COPY" | "ADD") {
        // The bracket of a list stands behind the last word.
        let rest = file.text.get(end + shift..)?;
        end += rest.find('\n').unwrap_or(rest.len());
    }
    let text = file.text.get(from..end + shift)?;
    Some(Step {
        keyword,
        text,
        text_line: lines.line_of(from),
        first: lines.line_of(start),
        last: lines.line_of((end + shift).saturating_sub(1)),
        escape,
    })
}

/// Keyword, its place, and the end of the arguments.
fn parts(instruction: &Instruction<'_>) -> Option<(&'static str, Range<usize>, usize)> {
    let command = |c: &Command<'_>| match c {
        Command::Exec(words) => Some(words.span.end),
        Command::Shell(text) => Some(text.span.end),
        _ => None,
    };
    Some(match instruction {
        Instruction::From(i) => {
            let end = i.as_.as_ref().map_or(i.image.span.end, |(_, n)| n.span.end);
            ("FROM", i.from.span.clone(), end)
        }
        Instruction::Arg(i) => ("ARG", i.arg.span.clone(), i.arguments.span.end),
        Instruction::Env(i) => ("ENV", i.env.span.clone(), i.arguments.span.end),
        Instruction::Expose(i) => {
            let end = i.arguments.last()?.span.end;
            ("EXPOSE", i.expose.span.clone(), end)
        }
        Instruction::Cmd(i) => ("CMD", i.cmd.span.clone(), command(&i.arguments)?),
        Instruction::Entrypoint(i) => {
            let end = command(&i.arguments)?;
            ("ENTRYPOINT", i.entrypoint.span.clone(), end)
        }
        Instruction::Run(i) => ("RUN", i.run.span.clone(), command(&i.arguments)?),
        Instruction::Volume(i) => {
            let end = match &i.arguments {
                JsonOrStringArray::Json(list) => list.span.end,
                JsonOrStringArray::String(words) => words.last()?.span.end,
            };
            ("VOLUME", i.volume.span.clone(), end)
        }
        Instruction::User(i) => ("USER", i.user.span.clone(), i.arguments.span.end),
        Instruction::Workdir(i) => ("WORKDIR", i.workdir.span.clone(), i.arguments.span.end),
        Instruction::Healthcheck(i) => {
            let end = match &i.arguments {
                HealthcheckArguments::Cmd { arguments, .. } => command(arguments)?,
                HealthcheckArguments::None { none, .. } => none.span.end,
                _ => return None,
            };
            ("HEALTHCHECK", i.healthcheck.span.clone(), end)
        }
        Instruction::Copy(i) => ("COPY", i.copy.span.clone(), i.dest.span.end),
        Instruction::Add(i) => ("ADD", i.add.span.clone(), i.dest.span.end),
        _ => return None,
    })
}

/// Instructions by the first word of a line, from a line on.
fn scan<'t>(file: &SourceFile<'t>, from: u32, escape: char) -> Vec<Step<'t>> {
    let lines = file.lines();
    let mut steps = Vec::new();
    let mut line = from;
    while line <= lines.count() && steps.len() < MAX_STEPS {
        let text = lines.text(line).trim_start();
        let word = text.split([' ', '\t']).next().unwrap_or_default();
        let keyword = KEYWORDS.iter().find(|k| word.eq_ignore_ascii_case(k));
        let first = line;
        // A step goes on while lines end in the escape.
        while line < lines.count() && lines.text(line).trim_end().ends_with(escape) {
            line += 1;
        }
        if let Some(keyword) = keyword {
            let whole = lines.slice(first, line).trim_start();
            steps.push(Step {
                keyword,
                text: &whole[word.len()..],
                text_line: first,
                first,
                last: line,
                escape,
            });
        }
        line += 1;
    }
    steps
}

impl Step<'_> {
    /// Words with their lines: quotes are taken off, escaped line ends and comment lines between
    /// them left out.
    pub(super) fn words(&self) -> Vec<(String, u32)> {
        let mut words = Vec::new();
        let mut word = String::new();
        let (mut line, mut begun, mut quote) = (self.text_line, self.text_line, None);
        let mut open = false;
        let mut chars = self.text.chars().peekable();
        let mut line_start = false;
        while let Some(c) = chars.next() {
            match c {
                '\n' => {
                    line += 1;
                    line_start = true;
                    if open {
                        words.push((std::mem::take(&mut word), begun));
                        open = false;
                    }
                    continue;
                }
                '#' if line_start && quote.is_none() => {
                    while chars.next_if(|c| *c != '\n').is_some() {}
                    continue;
                }
                _ if c == self.escape && quote != Some('\'') => {
                    let mut rest = chars
                        .clone()
                        .skip_while(|c| *c == ' ' || *c == '\t' || *c == '\r');
                    if matches!(rest.next(), None | Some('\n')) {
                        // The escaped end of the line joins; what is open goes on.
                        while chars.next_if(|c| *c != '\n').is_some() {}
                        if chars.next().is_some() {
                            line += 1;
                            line_start = true;
                        }
                        continue;
                    }
                    if let Some(next) = chars.next() {
                        if !open {
                            begun = line;
                            open = true;
                        }
                        word.push(next);
                    }
                }
                '"' | '\'' if quote.is_none() || quote == Some(c) => {
                    quote = if quote.is_some() { None } else { Some(c) };
                    if !open {
                        begun = line;
                        open = true;
                    }
                }
                c if c.is_whitespace() && quote.is_none() => {
                    if open {
                        words.push((std::mem::take(&mut word), begun));
                        open = false;
                    }
                    continue;
                }
                c => {
                    if !open {
                        begun = line;
                        open = true;
                    }
                    word.push(c);
                }
            }
            line_start = false;
        }
        if open {
            words.push((word, begun));
        }
        words
    }

    /// The text with escaped line ends and comment lines taken out.
    pub(super) fn logical(&self) -> String {
        let mut out = String::new();
        for (number, line) in self.text.lines().enumerate() {
            let line = line.trim();
            if number > 0 && line.starts_with('#') {
                continue;
            }
            out.push_str(line.strip_suffix(self.escape).unwrap_or(line));
            out.push(' ');
        }
        out.trim().to_owned()
    }
}
