//! What stands before the handlers of operations: the schemes that contracts name, and functions of code.

use super::interfaces::in_code;
use super::seen::end;
use crate::answer::Answer;
use crate::context::Context;
use crate::subject::Subject;
use crate::text::{bullets, first_places, names};
use crate::tree::{Span, Text};
use crate::words;
use groundplan_model::{Interface, Operation, Provenance, Topic};

/// `; callers of 3 of them may come without it`: of operations for which a contract names a scheme, those that it
/// leaves open all the same.
pub(super) fn optional_ones<'o>(all: impl IntoIterator<Item = &'o Operation>) -> String {
    let (mut open, mut count) = (0, 0);
    for o in all.into_iter().filter(|o| !o.security.is_empty()) {
        count += 1;
        open += usize::from(o.security_optional);
    }
    match open {
        0 => String::new(),
        _ if count == 1 => "; callers may also come without it".to_owned(),
        n if n == count => "; callers of all of them may also come without it".to_owned(),
        n => format!("; callers of {n} of them may also come without it"),
    }
}

/// What stands before the handler of an operation beside what guards it, with a space before.
pub(super) fn before(o: &Operation) -> Text {
    if o.before.is_empty() {
        return Text::default();
    }
    let also = if o.guards.is_empty() { "" } else { "also " };
    let verb = words::verb_for(o.before.len(), "stands", "stand");
    Text::plain(format!(" Before its handler {also}{verb} "))
        .spans(names(o.before.iter().map(String::as_str), 6))
        .then(".")
}

/// The security schemes of an operation: a contract names them, and whether code asks for them is
/// not for it to say.
pub(super) fn schemes_of(c: &Context, i: &Interface, o: &Operation) -> Text {
    let all = o.security.iter().map(|s| Span::Code(s.clone())).collect();
    let schemes = match o.security_all {
        Some(false) => words::list_spans(all, 3, "or"),
        _ => names(o.security.iter().map(String::as_str), 3),
    };
    if c.designed() {
        return Text::plain(" Guarded by ").spans(schemes).then(".");
    }
    let scheme = match (o.security.len(), o.security_all) {
        (1, _) => "security scheme",
        (_, Some(true)) => "security schemes, needed together,",
        (_, Some(false)) => "security schemes, one of which is enough,",
        // How they are joined is told by the contract alone.
        (_, None) => "security schemes",
    };
    let open = optional_ones([o]);
    match i.security_default.as_ref().filter(|_| o.security_inherited) {
        Some(at) => Text::plain(format!(" By the default of its contract: {scheme} "))
            .spans(schemes)
            .then(open)
            .then(".")
            .from(at),
        None => Text::plain(format!(" Its contract names the {scheme} "))
            .spans(schemes)
            .then(open)
            .then("."),
    }
}

/// Where an interface names its schemes: for all operations, else at its head.
pub(super) fn default_or_own(i: &Interface) -> &Provenance {
    i.security_default.as_ref().unwrap_or(&i.provenance)
}

pub(super) fn interface_security<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let mut items = Vec::new();
    for i in &c.primary {
        let guards = |scheme: &String| {
            let of = i.operations.iter();
            of.filter(|o| o.security.contains(scheme)).count()
        };
        let mut schemes: Vec<_> = i.security_schemes.iter().collect();
        schemes.sort_by_cached_key(|(scheme, _)| std::cmp::Reverse(guards(scheme)));
        for (scheme, kind) in schemes {
            let guarded = guards(scheme);
            let of = words::count(i.operations.len(), "operation");
            let text = match c.designed() {
                true => Text::code(scheme)
                    .then(format!(" ({kind}) guards {guarded} of {of} of "))
                    .then_code(&i.name),
                // What a contract names, code may grant to anybody.
                false => Text::plain("The contract of ")
                    .then_code(&i.name)
                    .then(" names ")
                    .then_code(scheme)
                    .then(format!(" ({kind}) for {guarded} of {of}"))
                    .then(optional_ones(
                        (i.operations.iter()).filter(|o| o.security.contains(scheme)),
                    )),
            };
            items.push(end(text.from(default_or_own(i))));
        }
    }
    let open: Vec<_> = c
        .primary_operations()
        .filter(|(i, o)| o.security.is_empty() && !i.security_schemes.is_empty())
        .filter(|(_, o)| c.designed() || !in_code(o))
        .collect();
    if !items.is_empty() && !open.is_empty() {
        let text = Text::plain(match c.designed() {
            true => "Without a scheme: ",
            false => "Without a scheme in the contract: ",
        })
        .spans(names(open.iter().map(|(_, o)| o.id.as_str()), 6));
        items.push(end(
            text.from(&first_places(open.iter().map(|(_, o)| &o.provenance), 2))
        ));
    }
    if items.is_empty() {
        // What a workload may do in its cluster is no check of those who call an interface.
        let marks = |topics: &[Topic]| {
            super::found::found(super::security::marks_and_libraries(
                c,
                topics,
                |n| !super::security::is_cluster_object(n),
                |_| false,
            ))
        };
        let seen = [Topic::Authentication, Topic::Authorization];
        return marks(&seen).unwrap_or_else(|| {
            c.absent_topics(
                &[Topic::Authentication],
                "security scheme or login library",
                &["contracts", "middleware"],
                "authentication",
            )
        });
    }
    Answer::blocks(vec![bullets(items)])
}
