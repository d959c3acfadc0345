//! The threat model: stories that follow from what was seen.

use super::records;
use crate::answer::Answer;
use crate::context::Context;
use crate::subject::Subject;
use crate::tree::Text;

records! {
    "threat-model": threat_model, "Threats as stories, the worst first.";
}

fn threat_model<'a>(_: &Context<'a>, _: Subject<'a>) -> Answer {
    let _ = Text::default();
    Answer::Gap("threat-review")
}
