//! The neutral form that `groundplan diagram` reads: a view can be changed by hand and drawn again.

use super::TextForm;
use crate::neutral::Neutral;
use groundplan_model::View;
use std::fmt::Write;

pub(super) const FORM: TextForm = TextForm {
    name: "json",
    help: "The form that `groundplan diagram` reads: change it and draw it again",
    extension: "json",
    counts_further: true,
    write,
};

fn write(view: &View) -> String {
    // Texts and lists always have a form in JSON.
    let text = serde_json::to_string_pretty(&Neutral::of(view)).unwrap_or_default();
    let mut out = String::with_capacity(text.len() + 1);
    for letter in text.chars() {
        // What turns the direction of writing would show other code than there is.
        if matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') {
            let _ = write!(out, "\\u{:04x}", u32::from(letter));
        } else {
            out.push(letter);
        }
    }
    out.push('\n');
    out
}
