//! What a section or label gets for an answer.

use crate::tree::{Block, State, Text};

/// The answer to one label or section of an outline.
///
/// Every answer function is pure: blueprint (and subject) in, answer out. It never invents: what
/// the blueprint does not hold is an [`Answer::Absent`] with what was searched, or an
/// [`Answer::Gap`] with the key of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It says something. The first text stands on the line of the label.
    Said {
        /// On the line of the label; may be empty if `blocks` say it all.
        text: Text,
        /// What follows.
        blocks: Vec<Block>,
    },
    /// There is none, and the text says why: what was searched, or what would change it.
    Absent(Text),
    /// Nobody said; the key of a question in the catalogue, for example `rto`.
    Gap(&'static str),
}

impl Answer {
    /// A sentence with its source.
    pub fn text(text: Text) -> Self {
        Answer::Said {
            text,
            blocks: Vec::new(),
        }
    }

    /// Blocks without a sentence before them.
    pub fn blocks(blocks: Vec<Block>) -> Self {
        Answer::Said {
            text: Text::default(),
            blocks,
        }
    }

    /// How well it answers.
    pub fn state(&self) -> State {
        match self {
            Answer::Gap(_) => State::Gap,
            Answer::Absent(_) => State::Absent,
            Answer::Said { text, blocks } => {
                let cited = !text.sources.is_empty() || blocks.iter().any(Block::is_cited);
                if cited { State::Cited } else { State::Filled }
            }
        }
    }
}
