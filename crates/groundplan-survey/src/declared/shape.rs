//! What a value of `groundplan.yaml` may be. Validation, reading and the JSON Schema for editors
//! all follow these shapes, so that they cannot disagree.

/// What may stand under a key.
#[derive(Debug)]
pub(crate) enum Shape {
    /// A text; numbers and dates are texts too.
    Text,
    /// A text or a list of texts.
    Texts,
    /// `true` or `false`.
    Truth,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// Known keys.
    Record(&'static [Field]),
    /// A text, or known keys where there is more to say.
    TextOr(&'static [Field]),
    /// A text, a list of texts, or known keys where there is more to say.
    TextsOr(&'static [Field]),
    /// A list.
    List(&'static Shape),
    /// A list, or known keys.
    ListOr(&'static Shape, &'static [Field]),
    /// Keys that the writer chooses; the text says what they are.
    Map(&'static str, &'static Shape),
    /// A text, a list of texts, or known keys and keys that the writer chooses.
    Open(&'static [Field], &'static str, &'static Shape),
    /// Kept for another stage, not looked into.
    Anything,
}

/// A known key.
#[derive(Debug)]
pub(crate) struct Field {
    /// The key as it is written.
    pub(crate) key: &'static str,
    /// What belongs there, one sentence for the editor.
    pub(crate) about: &'static str,
    /// What it may be.
    pub(crate) shape: Shape,
    /// Whether the record means nothing without it.
    pub(crate) required: bool,
}

/// A key that may be left out.
pub(crate) const fn key(key: &'static str, shape: Shape, about: &'static str) -> Field {
    Field {
        key,
        about,
        shape,
        required: false,
    }
}

/// A key that must be there.
pub(crate) const fn needed(key: &'static str, shape: Shape, about: &'static str) -> Field {
    Field {
        key,
        about,
        shape,
        required: true,
    }
}

/// A key with a text or a list of texts.
pub(crate) const fn said(name: &'static str, about: &'static str) -> Field {
    key(name, Shape::Texts, about)
}

impl Shape {
    /// The known keys, if it has any.
    pub(crate) fn fields(&self) -> &'static [Field] {
        match self {
            Shape::Record(fields)
            | Shape::TextOr(fields)
            | Shape::TextsOr(fields)
            | Shape::ListOr(_, fields)
            | Shape::Open(fields, _, _) => fields,
            _ => &[],
        }
    }

    /// The shape under a key of a mapping; `None` if the key is not known.
    pub(crate) fn under(&self, key: &str) -> Option<&'static Shape> {
        let known = self
            .fields()
            .iter()
            .find(|f| f.key == key)
            .map(|f| &f.shape);
        known.or(match self {
            Shape::Map(_, inner) | Shape::Open(_, _, inner) => Some(*inner),
            _ => None,
        })
    }

    /// The shape of the items of a list; `None` if it takes no list, or one of texts.
    pub(crate) fn item(&self) -> Option<&'static Shape> {
        match self {
            Shape::List(inner) | Shape::ListOr(inner, _) => Some(*inner),
            _ => None,
        }
    }

    /// Whether a text may stand for it.
    pub(crate) fn takes_text(&self) -> bool {
        let takes_none = self.item().is_some()
            || matches!(self, Shape::Truth | Shape::Record(_) | Shape::Map(..));
        !takes_none
    }

    /// Whether a list of texts may stand for it.
    pub(crate) fn takes_texts(&self) -> bool {
        matches!(self, Shape::Texts | Shape::TextsOr(_) | Shape::Open(..))
    }

    /// Whether a mapping may stand for it.
    pub(crate) fn takes_mapping(&self) -> bool {
        !self.fields().is_empty() || matches!(self, Shape::Map(..) | Shape::Open(..))
    }

    /// The key that a text alone stands for: the first that must be there, else the first text.
    pub(crate) fn lead(&self) -> Option<&'static str> {
        let fields = match self {
            Shape::TextOr(fields) => *fields,
            _ => return None,
        };
        let is_text = |f: &&Field| matches!(f.shape, Shape::Text | Shape::Texts);
        let lead = fields
            .iter()
            .find(|f| f.required)
            .or_else(|| fields.iter().find(is_text));
        lead.map(|f| f.key)
    }

    /// What was expected, for messages.
    pub(crate) fn expected(&self) -> String {
        match self {
            Shape::Text => "a text".to_owned(),
            Shape::Texts => "a text or a list of texts".to_owned(),
            Shape::Truth => "`true` or `false`".to_owned(),
            Shape::Choice(words) => format!("one of {}", quoted(words)),
            Shape::Record(_) => "a mapping".to_owned(),
            Shape::TextOr(_) => "a text or a mapping".to_owned(),
            Shape::TextsOr(_) => "a text, a list of texts or a mapping".to_owned(),
            Shape::Open(_, keys, _) => format!("a text, a list of texts or a mapping of {keys}"),
            Shape::List(_) => "a list".to_owned(),
            Shape::ListOr(..) => "a list or a mapping".to_owned(),
            Shape::Map(keys, _) => format!("a mapping of {keys}"),
            Shape::Anything => "anything".to_owned(),
        }
    }
}

/// `` `a`, `b`, `c` ``.
pub(crate) fn quoted(words: &[&str]) -> String {
    words
        .iter()
        .map(|w| format!("`{w}`"))
        .collect::<Vec<_>>()
        .join(", ")
}

/// Whether a dotted path leads to a place that the shapes allow; `<id>` and `<name>` stand for a
/// key of the writer's choice.
pub(crate) fn allows(shape: &Shape, path: &[&str]) -> bool {
    let Some((first, rest)) = path.split_first() else {
        return true;
    };
    match shape {
        Shape::List(inner) => allows(inner, path),
        Shape::Anything => true,
        other => other.under(first).is_some_and(|inner| allows(inner, rest)),
    }
}
