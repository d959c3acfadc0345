//! How data is read where no connection only reads: the requests that read, beside the stores of the
//! parts that answer them.

use super::goals::distinct;
use super::seen::end;
use crate::answer::Answer;
use crate::context::Context;
use crate::text::{bullets, first_places, names};
use crate::tree::Text;
use crate::words;
use groundplan_model::{Element, Operation, RelationshipKind};

/// Parts that are told; of more only their number.
const PARTS: usize = 8;

/// The parts that answer GET requests and use a store, with both; which request reads what is not
/// known. GET reads and changes nothing: RFC 9110, section 9.2.1.
pub(super) fn by_requests(c: &Context) -> Option<Answer> {
    let mut items: Vec<Text> = c.containers.iter().filter_map(|e| of_part(c, e)).collect();
    if items.is_empty() {
        return None;
    }
    let more = items.len().saturating_sub(PARTS);
    items.truncate(PARTS);
    if more > 0 {
        items.push(super::found::more(more));
    }
    let lead = Text::plain(
        "Parts that answer GET requests and use a store; which request reads what was not followed:",
    );
    Some(Answer::both(lead, vec![bullets(items)]))
}

/// Whether the path of an operation begins a word as what changes something does:
/// `GET /generatedb`, `GET /reset`.
fn changes(operation: &Operation) -> bool {
    speaks_of_change(&operation.id)
}

fn speaks_of_change(id: &str) -> bool {
    const WORDS: [&str; 15] = [
        "add", "clear", "create", "delete", "drop", "generat", "import", "init", "logout", "purge",
        "remove", "reset", "seed", "set", "train",
    ];
    // `generatedb`, `resetall`; `trains`, `important` and `deleted` are what is read.
    let starts = |word: &str| {
        let longer = |w: &str| {
            w.len() > 4
                && !matches!(w, "import" | "train")
                && word.starts_with(w)
                && !word.ends_with(['s'])
                && !word.ends_with("ed")
                && !word.ends_with("ion")
        };
        WORDS.iter().any(|w| *w == word || longer(w))
    };
    let path = id.to_ascii_lowercase();
    // Values in braces are names of records.
    let parts = path.split('/').filter(|part| !part.starts_with(['{', ':']));
    parts
        .skip(1)
        .any(|part| part.split(['-', '_', '.']).any(starts))
}

/// `` `cart` answers five GET requests, for example `GET /cart/{id}`, and uses `redis`. ``
fn of_part(c: &Context, e: &Element) -> Option<Text> {
    let stores: Vec<_> = (c.outgoing(&e.id).iter())
        .filter(|r| matches!(r.kind, RelationshipKind::Reads | RelationshipKind::Writes))
        .filter(|r| c.element(&r.to).is_some_and(Element::is_store))
        .collect();
    let reads: Vec<&Operation> = (c.interfaces_of(&e.id).into_iter())
        .flat_map(|i| &i.operations)
        .filter(|o| o.method == "GET")
        .collect();
    // A GET whose name says that it changes something is no example of reading.
    let first = reads.iter().find(|o| !changes(o)).or(reads.first())?;
    if stores.is_empty() {
        return None;
    }
    let requests = match reads.len() {
        1 => Text::plain(" answers ").then_code(&first.id),
        n => Text::plain(format!(
            " answers {} GET requests, for example ",
            words::spelled(n)
        ))
        .then_code(&first.id),
    };
    let to = distinct(stores.iter().map(|r| c.name_of(&r.to)));
    let text = Text::code(&e.name)
        .append(requests)
        .then(", and uses ")
        .spans(names(to, 4));
    let at = [&first.provenance].into_iter();
    let at = at.chain(stores.iter().map(|r| &r.provenance));
    Some(end(text.from(&first_places(at, 3))))
}

#[cfg(test)]
mod tests {
    use super::speaks_of_change;

    #[test]
    fn a_get_may_be_named_for_a_change() {
        for id in [
            "GET /generatedb",
            "GET /reset",
            "GET /cart/add/{id}",
            "GET /train/isready",
        ] {
            assert!(speaks_of_change(id), "{id}");
        }
        for id in [
            "GET /orders/{id}",
            "GET /settings",
            "GET /addresses",
            "GET /posts",
            "GET /{create}",
        ] {
            assert!(!speaks_of_change(id), "{id}");
        }
    }
}
