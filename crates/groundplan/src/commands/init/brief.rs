//! `groundplan init` where nothing is built yet: six answers become a brief in `groundplan.yaml`.

use super::SCHEMA;
use super::skeleton::{plain, scalar};
use crate::arguments::Init;
use anyhow::{Context, Result, bail};
use groundplan_design::brief::KEYS;
use groundplan_design::capabilities::choose;
use groundplan_design::{Brief, Field, facts, read_brief};
use groundplan_model::{Diagnostic, Severity};

/// A question of the dialogue and what was answered.
pub(super) struct Question {
    field: Field,
    prompt: &'static str,
    example: &'static str,
    /// What holds while nobody answers.
    open: &'static str,
    answer: Option<String>,
}

/// The six questions with the answers of the command line; `purpose` is what a README says.
pub(super) fn questions(command: &Init, purpose: Option<String>) -> Vec<Question> {
    let given = |said: &Option<String>| said.clone().filter(|t| !t.trim().is_empty());
    let one = |field, prompt, example, open, said: &Option<String>| Question {
        field,
        prompt,
        example,
        open,
        answer: given(said),
    };
    let said = given(&command.purpose).or(purpose);
    vec![
        one(
            Field::Purpose,
            "Who does what with the system? One or two sentences.",
            "Guests reserve a table in one of 900 restaurants and pay a deposit by card",
            "without a purpose there is no design",
            &said,
        ),
        one(
            Field::Scale,
            "How much load: users, requests per second, devices, data?",
            "250k users, 120 rps peak, 80 GB/yr",
            "1,000 users a month are assumed",
            &command.scale,
        ),
        one(
            Field::Team,
            "How many engineers build and run it?",
            "5 engineers",
            "4 engineers are assumed",
            &command.team,
        ),
        one(
            Field::Timeline,
            "When must it be live?",
            "7 months",
            "26 weeks are assumed",
            &command.timeline,
        ),
        one(
            Field::Stack,
            "Which technologies are mandatory, welcome or excluded?",
            "PostgreSQL, prefer Kotlin, no Kubernetes",
            "the choice is free",
            &command.stack,
        ),
        one(
            Field::Constraints,
            "What else binds it: budget, availability, compliance, places, systems to integrate with?",
            "GDPR, $3k/month, 99.9%, P99 < 400 ms, integrate with Adyen",
            "nothing binds it",
            &command.constraints,
        ),
    ]
}

/// Asks what no option has answered; an answer that cannot be read is asked again.
pub(super) fn dialogue(name: &str, all: &mut [Question]) -> Result<()> {
    cliclack::intro(format!("A brief for {name}"))?;
    cliclack::log::remark("Enter keeps what is shown, `-` leaves a question open.")?;
    for at in 0..all.len() {
        let before: Vec<(Field, String)> = answers(&all[..at]);
        let Some(question) = all.get_mut(at) else {
            continue;
        };
        let field = question.field;
        let known = before.clone();
        let mut input = cliclack::input(question.prompt)
            .required(false)
            .placeholder(question.example)
            .validate(move |said: &String| fault(&known, field, said).map_or(Ok(()), Err));
        if let Some(offer) = &question.answer {
            input = input.default_input(offer);
        }
        let said: String = match input.interact() {
            Ok(said) => said,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {
                bail!("cancelled; nothing was written")
            }
            Err(error) => return Err(error).context("cannot ask on this terminal"),
        };
        let said = said.trim();
        question.answer = (!said.is_empty() && said != "-").then(|| said.to_owned());
        let heard = match &question.answer {
            Some(said) => understood(&before, field, said),
            None => question.open.to_owned(),
        };
        cliclack::log::info(heard)?;
    }
    cliclack::outro("Thank you.")?;
    Ok(())
}

fn answers(all: &[Question]) -> Vec<(Field, String)> {
    let said = |q: &Question| Some((q.field, q.answer.clone()?));
    all.iter().filter_map(said).collect()
}

/// Why an answer cannot stand; `None` if it can.
fn fault(before: &[(Field, String)], field: Field, said: &str) -> Option<String> {
    let said = said.trim();
    if said.is_empty() || said == "-" {
        return None;
    }
    let (brief, found) = read(before, field, said);
    let about = field.key().to_uppercase();
    let of_field = |d: &&Diagnostic| {
        d.name.starts_with("V-") && d.name.contains(&about) && d.severity >= Severity::Warning
    };
    if field == Field::Purpose && !choose(&brief).recognised {
        return Some(
            "say who does what: `patients book slots`, `sellers list products`".to_owned(),
        );
    }
    let first = found.iter().find(of_field)?;
    let help = first
        .help
        .first()
        .map_or(String::new(), |h| format!("; {h}"));
    Some(format!("{}{help}", first.message))
}

/// What was read out of an answer, in words.
fn understood(before: &[(Field, String)], field: Field, said: &str) -> String {
    let (brief, _) = read(before, field, said);
    let mut parts: Vec<String> = Vec::new();
    if field == Field::Purpose {
        let chosen = choose(&brief);
        let own = chosen.packs().into_iter().filter(|p| p.always_if.is_none());
        parts.extend(own.map(|p| p.name.clone()));
    }
    let prefix = format!("{}.", field.key());
    for (key, stated) in brief
        .numbers
        .iter()
        .filter(|(key, _)| key.starts_with(&prefix))
    {
        let about = KEYS
            .iter()
            .find(|(k, ..)| k == key)
            .map_or("", |(.., about)| about);
        parts.push(format!("{about}: {}", facts::number(stated.value)));
    }
    if field == Field::Stack {
        let wishes = brief.wishes.iter();
        parts.extend(wishes.map(|w| format!("{} ({})", w.name, w.force.word())));
    }
    if field == Field::Constraints {
        parts.extend(brief.packs.keys().map(|p| p.to_uppercase()));
        let places = brief.residency.keys().chain(brief.hosting.keys());
        parts.extend(places.map(|p| p.to_uppercase()));
        parts.extend(brief.partners.iter().map(|p| p.name.clone()));
    }
    match parts.is_empty() {
        true => "kept as words".to_owned(),
        false => format!("understood: {}", parts.join("; ")),
    }
}

fn read(before: &[(Field, String)], field: Field, said: &str) -> (Brief, Vec<Diagnostic>) {
    let mut text = String::new();
    for (field, said) in before {
        text.push_str(&format!("{}: {}\n", field.key(), scalar(said)));
    }
    text.push_str(&format!("{}: {}\n", field.key(), scalar(said)));
    read_brief("groundplan.yaml", &text)
}

/// The whole file.
pub(super) fn text(name: &str, all: &[Question]) -> String {
    let mut out = format!(
        "# yaml-language-server: $schema={SCHEMA}\n#\n\
         # What {} is for and what binds it. `groundplan generate` designs the system from it and\n\
         # writes the documents; `groundplan design . --what-if team.engineers=9` shows what changes.\n\
         # Lines that begin with `#` are questions that nobody has answered yet.\n\nbrief:\n",
        plain(name)
    );
    out.push_str(&format!("  title: {}\n", scalar(&plain(name))));
    for question in all {
        let key = question.field.key();
        match &question.answer {
            Some(said) => out.push_str(&format!("  {key}: {}\n", scalar(&plain(said)))),
            None => {
                out.push_str(&format!(
                    "  # {} Until then: {}.\n",
                    question.prompt, question.open
                ));
                out.push_str(&format!("  # {key}: {}\n", question.example));
            }
        }
    }
    out.push_str(
        "  # What an outage costs: low, normal, high or life.\n  # criticality: high\n  \
         # The most sensitive data: public, internal, personal, location, health, card, ledger, credentials.\n  \
         # data_classes: [personal]\n  \
         # What happens most or matters most.\n  # flows:\n  \
         #   - name: Reserve a table\n  #     share: 5%\n  \
         #     steps: [guest chooses a table, app stores the reservation]\n",
    );
    out
}

/// What the brief says as a whole, as diagnostics.
pub(super) fn checked(text: &str, name: &str) -> Vec<Diagnostic> {
    let (brief, read) = read_brief(name, text);
    groundplan_design::design(&brief, read).1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_back() {
        let purpose = [(Field::Purpose, "guests reserve a table".to_owned())];
        assert_eq!(fault(&[], Field::Purpose, "guests reserve a table"), None);
        assert!(fault(&[], Field::Purpose, "mumble wobble").is_some());
        assert!(fault(&purpose, Field::Scale, "heaps").is_some());
        assert!(fault(&purpose, Field::Team, "-3 engineers").is_some());
        assert_eq!(fault(&purpose, Field::Scale, "-"), None);
        let heard = understood(&purpose, Field::Scale, "250k users, 120 rps peak");
        assert_eq!(
            heard,
            "understood: monthly active users: 250,000; requests per second at peak: 120"
        );
        let heard = understood(&purpose, Field::Constraints, "GDPR, integrate with Adyen");
        assert_eq!(heard, "understood: GDPR; Adyen");
    }
}
