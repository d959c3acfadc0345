//! Comments that say that something is left to do.

use crate::code_view::CodeView;
use crate::facts::{Claim, FileFacts, Mark};
use crate::finders::Finders;
use groundplan_model::Topic;

const WORDS: [&str; 4] = ["TODO", "FIXME", "HACK", "XXX"];

/// One mark per comment; the name is the text from the word on, at most 120 characters.
pub(crate) fn claims(acc: &mut FileFacts, view: &CodeView<'_, '_>) {
    static ALL: Finders = Finders::of(&WORDS);
    if !ALL.any(view.file.text) {
        return;
    }
    // Few comments have one of the words, which one search tells before their lines are looked at.
    let comments = view.code.comments();
    for (line, comment) in comments.filter(|(_, comment)| ALL.any(comment)) {
        for (offset, text) in comment.lines().enumerate() {
            let Some(found) = todo(text) else {
                continue;
            };
            let at = line + offset as u32;
            let claim = Claim::Mark(Mark {
                topic: Topic::Todo,
                name: found,
                detail: None,
            });
            acc.add(view.file, at, at, claim);
            break;
        }
    }
}

fn todo(line: &str) -> Option<String> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    let at = WORDS
        .iter()
        .filter_map(|word| {
            let at = line.find(word)?;
            let before = line[..at].chars().next_back();
            let rest = &line[at + word.len()..];
            let after = rest.chars().next();
            let alone = !before.is_some_and(|c| is_word(c) || c == '"' || c == '`' || c == '\'')
                && !after.is_some_and(|c| is_word(c) || c == '"' || c == '`' || c == '\'');
            alone.then_some(at)
        })
        .min()?;
    let text = line[at..].trim_end_matches("*/").trim();
    let says = text.chars().filter(|c| c.is_lowercase()).count() >= 3;
    says.then(|| text.chars().take(120).collect())
}
