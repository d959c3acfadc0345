//! What programs say of themselves on their command line.

use crate::code_view::CodeView;
use crate::extractor::{Extractor, Reads};
use crate::facts::{COMMAND_LINE, Claim, FileFacts, Purpose};
use crate::paths;
use crate::source::SourceFile;
use groundplan_syntax::Language;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "command-lines",
    docs: "\
### What it finds
What a program says of itself to those who call it: `Usage` of an application of urfave/cli, `Short` of the root
command of cobra, `description` of `argparse`, `help` of Typer and `description` of FastAPI in a file that starts a
program, `description` of the program of commander; else the line that begins with `Usage:`.

### What it does not find
Texts of sub-commands, and those that are put together or translated.
",
    reads: &[Reads::Own(&[
        Language::Go,
        Language::Python,
        Language::JavaScript,
        Language::TypeScript,
    ])],
    markers: &[
        "cli.App",
        "cobra.Command",
        "ArgumentParser(",
        "Typer(",
        "FastAPI(",
        ".description(",
        "\"Usage: ",
        "'Usage: ",
        "`Usage: ",
    ],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) || aside(file.path) {
        return;
    }
    match file.language {
        Language::Go => of_go(acc, file),
        Language::Python => of_python(acc, file),
        _ => of_script(acc, file),
    }
}

/// Whether a file lies among tools that are no part of what runs.
fn aside(path: &str) -> bool {
    path.split('/').any(|part| {
        matches!(
            part,
            "scripts" | "script" | "tools" | "hack" | "examples" | "docs" | "ci" | "benchmarks"
        )
    })
}

fn add(acc: &mut FileFacts, file: &SourceFile<'_>, line: u32, text: &str) {
    let text = text.trim();
    let words = text.split_whitespace().count();
    let sound = (2..=40).contains(&words) && !text.contains(['%', '{', '\n']) && text.len() < 300;
    if sound {
        let claim = Purpose {
            subject: COMMAND_LINE.to_owned(),
            text: text.to_owned(),
        };
        acc.add(file, line, line, Claim::Purpose(claim));
    }
}

/// How a program is called, where that is all that it says.
fn usage(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let known = |acc: &FileFacts| {
        acc.facts
            .iter()
            .any(|f| matches!(&f.claim, Claim::Purpose(p) if p.subject == COMMAND_LINE))
    };
    let starts = file.says("func main()") || file.text.starts_with("#!") || file.says("__main__");
    if known(acc) || !starts {
        return;
    }
    for (number, line) in file.text.lines().enumerate() {
        let found = ["\"Usage: ", "'Usage: ", "`Usage: "]
            .iter()
            .find_map(|m| Some((line.find(m)?, m)));
        if let Some((at, mark)) = found
            && let Some(text) = literal(&line[at..])
        {
            let call = text[mark.len() - 1..].trim();
            if !call.is_empty() && call.len() < 120 && !call.contains(['%', '$', '`']) {
                add(acc, file, number as u32 + 1, &format!("Called as `{call}`"));
                return;
            }
        }
    }
}

/// The text of a literal at the beginning; `None` where it goes on over lines or has a place for a value.
fn literal(text: &str) -> Option<String> {
    let text = text.trim_start();
    let quote = text
        .chars()
        .next()
        .filter(|c| matches!(c, '"' | '\'' | '`'))?;
    // Three marks hold a text of several lines.
    let triple = text.starts_with("\"\"\"") || text.starts_with("'''");
    if triple {
        let mark = &text[..3];
        let inner = text[3..].split(mark).next()?;
        return (!inner.trim().contains('\n')).then(|| inner.trim().to_owned());
    }
    let mut out = String::new();
    let mut all = text[1..].chars();
    while let Some(c) = all.next() {
        match c {
            '\\' => out.push(match all.next()? {
                'n' | 'r' => '\n',
                't' => ' ',
                c => c,
            }),
            '\n' => return None,
            c if c == quote => return Some(out),
            c => out.push(c),
        }
    }
    None
}

fn of_go(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let view = CodeView::of(file);
    let code = view.code;
    let root_file = matches!(file.name(), "root.go" | "main.go");
    for at in 4..code.tokens.len() {
        if !code.is(at, "{") {
            continue;
        }
        let (app, command) = (code.is(at - 1, "App"), code.is(at - 1, "Command"));
        if !app && !command {
            continue;
        }
        let Some(name) = view.canonical(&code.dotted(at - 3, at), at - 3) else {
            continue;
        };
        let before = (at.saturating_sub(9)..at).any(|t| {
            let word = code.raw(t).to_ascii_lowercase();
            matches!(word.as_str(), "rootcmd" | "rootcommand" | "root")
        });
        let key = match () {
            () if app && name.contains("urfave/cli") => "Usage",
            () if command && name == "github.com/spf13/cobra.Command" && (root_file || before) => {
                "Short"
            }
            () => continue,
        };
        let text = view.field(at, key).and_then(|range| {
            let line = code.line(range.start);
            Some((view.fold(range)?, line))
        });
        if let Some((text, line)) = text {
            add(acc, file, line, &text);
            break;
        }
    }
    usage(acc, file);
}

/// The literal that a keyword of a call has, and its line.
fn keyword(file: &SourceFile<'_>, call: &str, key: &str) -> Option<(String, u32)> {
    const FARTHEST: usize = 600;
    let at = file.text.find(call)?;
    let rest = file.text.get(at + call.len()..)?;
    let end = rest
        .char_indices()
        .map(|(i, _)| i)
        .find(|i| *i > FARTHEST)
        .unwrap_or(rest.len());
    let rest = &rest[..end];
    let place = argument(rest, key)?;
    let text = literal(&rest[place + key.len()..])?;
    let line = file.text[..at + call.len() + place].matches('\n').count() as u32 + 1;
    Some((text, line))
}

/// Where a keyword stands among the arguments of a call itself, not among those of calls within or behind it.
fn argument(rest: &str, key: &str) -> Option<usize> {
    let (mut depth, mut quote, mut before) = (0u32, None, '(');
    let mut skips = false;
    for (at, c) in rest.char_indices() {
        match (quote, c) {
            _ if skips => skips = false,
            (Some(_), '\\') => skips = true,
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '#') => quote = Some('\n'),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => depth = depth.checked_sub(1)?,
            (None, c) => {
                let border = !before.is_alphanumeric() && before != '_';
                if depth == 0 && border && rest[at..].starts_with(key) {
                    return Some(at);
                }
                before = c;
                continue;
            }
        }
        before = c;
    }
    None
}

fn of_python(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let starts = matches!(
        file.name(),
        "main.py" | "app.py" | "cli.py" | "__main__.py" | "server.py" | "manage.py" | "api.py"
    );
    if starts {
        for (call, key) in [
            ("FastAPI(", "description="),
            ("Typer(", "help="),
            ("ArgumentParser(", "description="),
        ] {
            if let Some((text, line)) = keyword(file, call, key) {
                add(acc, file, line, &text);
                break;
            }
        }
    }
    usage(acc, file);
}

fn of_script(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if (file.says("commander") || file.says("'cac'") || file.says("\"cac\""))
        && let Some(at) = file.text.find(".description(")
    {
        let from = file.text[..at].rfind("program").unwrap_or(0);
        let near = at - from < 160 && from > 0 && !file.text[from..at].contains(".command(");
        let text = file
            .text
            .get(at + ".description(".len()..)
            .and_then(literal);
        if let Some(text) = text.filter(|_| near) {
            let line = file.text[..at].matches('\n').count() as u32 + 1;
            add(acc, file, line, &text);
        }
    }
    usage(acc, file);
}

#[cfg(test)]
mod tests {
    use super::argument;

    #[test]
    fn keywords_are_those_of_the_call_itself() {
        let key = "description=";
        assert!(argument("title=\"a (b\", description=\"c\")", key).is_some());
        for other in [
            ")\n\n@app.get(\"/\", description=\"Lists all\")",
            "routes=[get(description=\"Lists all\")])",
            "long_description=\"a\")",
        ] {
            assert_eq!(argument(other, key), None, "{other}");
        }
    }
}
