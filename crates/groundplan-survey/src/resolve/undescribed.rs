//! What stands where nobody has described a part yet.

use crate::resolve::names::plain;
use groundplan_model::Blueprint;

/// Takes away descriptions that say nothing: `TBD`, `TODO`, `...`, and the name of the part once more.
pub(crate) fn leave_out(blueprint: &mut Blueprint) {
    for element in &mut blueprint.elements {
        let name = plain(&element.name);
        let silent = |text: &str| is_mark(text) || !name.is_empty() && plain(text) == name;
        element.description.take_if(|d| silent(&d.text));
    }
}

fn is_mark(text: &str) -> bool {
    let plain: String = text.chars().filter(|c| c.is_alphanumeric()).collect();
    let lower = plain.to_lowercase();
    matches!(
        lower.as_str(),
        "" | "na" | "none" | "tba" | "tbd" | "todo" | "description" | "projectdescription"
    )
}

#[cfg(test)]
mod tests {
    use super::is_mark;

    #[test]
    fn a_mark_describes_nothing() {
        let marks = ["TBD", "TODO.", "…", "n/a", "Project description"];
        assert!(marks.iter().all(|mark| is_mark(mark)));
        assert!(!is_mark("Todo lists of teams"));
    }
}
