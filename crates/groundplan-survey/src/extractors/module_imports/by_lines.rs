//! Languages in which an import has a line of its own.

use super::Found;

/// `#include` with its path, comments and raw strings left out. Nothing is read behind the last.
pub(super) fn c(text: &str) -> Vec<Found> {
    let mut all = Vec::new();
    let Some(last) = memchr::memmem::rfind(text.as_bytes(), b"include") else {
        return all;
    };
    let mut comment = false;
    // What ends the raw string that is open.
    let mut raw: Option<String> = None;
    let mut offset = 0;
    for (line, number) in text.split_inclusive('\n').zip(1..) {
        if offset > last {
            break;
        }
        offset += line.len();
        let mut rest = line;
        if let Some(end) = &raw {
            let Some((_, after)) = rest.split_once(end.as_str()) else {
                continue;
            };
            rest = after;
            raw = None;
        }
        if comment {
            let Some((_, after)) = rest.split_once("*/") else {
                continue;
            };
            rest = after;
        }
        if let Some(path) = included(rest) {
            all.push((number, path.to_owned()));
            // `<sys/*.h>` is no path; a comment may begin behind one.
            rest = rest.split_once(path).map_or("", |(_, after)| after);
        }
        (comment, raw) = opened(rest);
    }
    all
}

/// The path of `#include <x>` or `#include "x"`.
fn included(line: &str) -> Option<&str> {
    let mut line = line.trim_start();
    while let Some((_, after)) = line.strip_prefix("/*").and_then(|l| l.split_once("*/")) {
        line = after.trim_start();
    }
    let path = line.strip_prefix('#')?.trim_start();
    let path = path.strip_prefix("include")?.trim_start();
    let close = match path.as_bytes().first()? {
        b'<' => '>',
        b'"' => '"',
        _ => return None,
    };
    path[1..].split_once(close).map(|(path, _)| path)
}

/// Whether a comment is open at the end of a line, and what ends the raw string that is.
fn opened(line: &str) -> (bool, Option<String>) {
    if !line.contains("/*") && !line.contains("R\"") {
        return (false, None);
    }
    let bytes = line.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'/' if bytes.get(at + 1) == Some(&b'/') => return (false, None),
            b'/' if bytes.get(at + 1) == Some(&b'*') => match line[at + 2..].find("*/") {
                Some(end) => at += end + 3,
                None => return (true, None),
            },
            b'R' if bytes.get(at + 1) == Some(&b'"') => {
                let inner = &line[at + 2..];
                if let Some((mark, inside)) = inner.split_once('(') {
                    let end = format!("){mark}\"");
                    match inside.find(&end) {
                        Some(close) => at += 2 + mark.len() + 1 + close + end.len() - 1,
                        None => return (false, Some(end)),
                    }
                }
            }
            quote @ (b'"' | b'\'') => {
                at += 1;
                while at < bytes.len() && bytes[at] != quote {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
            }
            _ => {}
        }
        at += 1;
    }
    (false, None)
}

/// `require`, `require_relative` and `load` at the begin of a statement, here-documents and
/// comments of blocks left out.
pub(super) fn ruby(text: &str) -> Vec<Found> {
    let mut all = Vec::new();
    let mut comment = false;
    let mut heredoc: Option<&str> = None;
    for (line, number) in text.lines().zip(1..) {
        if comment {
            comment = !line.starts_with("=end");
            continue;
        }
        if let Some(word) = heredoc {
            if line.trim() == word {
                heredoc = None;
            }
            continue;
        }
        match line {
            "__END__" => break,
            _ if line.starts_with("=begin") => comment = true,
            _ => {
                all.extend(required(line).map(|module| (number, module)));
                heredoc = heredoc_of(line);
            }
        }
    }
    all
}

/// The word that ends the here-document which begins on a line.
fn heredoc_of(line: &str) -> Option<&str> {
    let (_, after) = line.split_once("<<")?;
    let word = after.trim_start_matches(['~', '-']);
    let bare = word.len() == after.len();
    let word = word.trim_start_matches(['"', '\'', '`']);
    let end = word.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let word = &word[..end.unwrap_or(word.len())];
    // `list <<ITEM` is hardly written without a blank, `class << self` with one.
    let first = word.chars().next()?;
    let is_word = first.is_ascii_uppercase() || !bare && (first.is_alphabetic() || first == '_');
    is_word.then_some(word)
}

fn required(line: &str) -> Option<String> {
    let mut line = line.trim_start();
    if let Some(rest) = line.strip_prefix("begin") {
        line = rest.trim_start_matches([' ', ';']);
    }
    let (relative, rest) = if let Some(rest) = line.strip_prefix("require_relative") {
        (true, rest)
    } else if let Some(rest) = line.strip_prefix("require") {
        (false, rest)
    } else {
        (false, line.strip_prefix("load")?)
    };
    let rest = match rest.strip_prefix([' ', '\t', '(', '"', '\'']) {
        Some(_) => rest.trim_start_matches([' ', '\t', '(']),
        None => return None,
    };
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (module, after) = rest[1..].split_once(quote)?;
    let after = after.trim_start();
    let alone = after.is_empty()
        || after.starts_with([')', '#', ';', '&', '|', '}'])
        || ["if ", "unless ", "rescue ", "and ", "or ", "end"]
            .iter()
            .any(|word| after.starts_with(word));
    if !alone || quote == '"' && module.contains("#{") {
        return None;
    }
    Some(if relative && !module.starts_with('.') {
        format!("./{module}")
    } else {
        module.to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::{c, ruby};

    #[test]
    fn comments_and_raw_strings_include_nothing() {
        let text = "/* one\n#include \"a.h\"\n*/ int x = '\"'; /*\n#include <b.h>\n*/\n\
                    auto t = R\"x(\n#include <c.h>\n)x\";\n  #  include <d.h> // why\n";
        assert_eq!(c(text), [(9, "d.h".to_owned())]);
    }

    #[test]
    fn documents_in_code_require_nothing() {
        let text = "x = <<~TEXT\n  require \"a\"\nTEXT\n=begin\nrequire 'b'\n=end\n\
                    require_relative 'c' if d\nrequire \"e/#{f}\"\nclass << self\n";
        assert_eq!(ruby(text), [(7, "./c".to_owned())]);
    }
}
