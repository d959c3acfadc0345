//! Classes of Django and Django REST framework that answer: by a method of their own or of a base of the
//! program, or by one of the framework, which reads and writes the records of their query set.

use super::{Act, MOST_FUNCTIONS, Passed, Place, RecordAct, Use, Ways, When};
use crate::facts::Called;
use crate::resolve::django::of_base;
use crate::resolve::handlers::{Handlers, Seen};
use crate::resolve::record_uses::RecordPlace;
use groundplan_model::{Evidence, Operation};
use groundplan_syntax::Language;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// Bases of the framework that keep no records of their own.
const PLAIN: [&str; 8] = [
    "TemplateView",
    "RedirectView",
    "FormView",
    "LoginView",
    "LogoutView",
    "SpectacularAPIView",
    "SpectacularSwaggerView",
    "SpectacularRedocView",
];

/// A class that answers, with its bases in the program, and what of it answers.
pub(super) struct View<'w> {
    line: Vec<Seen<'w>>,
    foreign: BTreeSet<&'w str>,
    word: String,
}

impl<'w> Ways<'w> {
    /// The class that answers an operation, and the word by which it is asked for.
    pub(super) fn class_view(&self, operation: &Operation) -> Option<View<'w>> {
        let name = operation.handler.as_deref()?;
        let last = name.rsplit('.').next()?;
        let mut routes = operation.provenance.evidence.iter();
        let at = routes.find(|at| Language::of(&at.path) == Language::Python)?;
        if !last.starts_with(char::is_uppercase) {
            return None;
        }
        let handlers = self.handlers.get_or_init(|| Handlers::of(self.world));
        let (line, foreign) = handlers.line(name, &at.path);
        let is_set = (line.iter().map(|c| c.handler.name.as_str()))
            .chain(foreign.iter().copied())
            .any(|n| n.to_ascii_lowercase().ends_with("viewset"));
        let method = operation.method.to_ascii_lowercase();
        let path = operation.path.trim_end_matches('/');
        let tail = path.rsplit('/').next().unwrap_or_default();
        // `pay` of `/orders/{id}/pay/` is an action of its own.
        let action = tail.replace('-', "_");
        let is_action = line
            .iter()
            .flat_map(|c| &c.handler.methods)
            .any(|m| m.strip_prefix('@').and_then(|m| m.rsplit(':').next()) == Some(tail));
        let one = tail.ends_with('}');
        let word = match (is_set, method.as_str()) {
            (true, _) if is_action => action,
            (true, "get") if one => "retrieve".to_owned(),
            (true, "get") => "list".to_owned(),
            (true, "post") => "create".to_owned(),
            (true, "put") => "update".to_owned(),
            (true, "patch") => "partial_update".to_owned(),
            (true, "delete") => "destroy".to_owned(),
            // A route that any method may be asked of tells no one of them.
            (_, "get" | "post" | "put" | "patch" | "delete") => method,
            _ => return None,
        };
        (!line.is_empty()).then_some(View {
            line,
            foreign,
            word,
        })
    }

    /// A method of a class or of the nearest of its bases behind the first `above`.
    fn method(&self, view: &View<'w>, word: &str, above: usize) -> Option<(usize, Place<'w>)> {
        view.line
            .iter()
            .enumerate()
            .skip(above)
            .find_map(|(nth, class)| {
                let (path, spans) = self.of_file.get_key_value(class.at.path.as_str())?;
                let name = class.handler.name.as_str();
                let span = spans.iter().find(|s| s.class == name && s.name == word)?;
                Some((nth, (*path, span)))
            })
    }

    /// What a class does when it is asked.
    pub(super) fn walk_view(
        &self,
        element: &str,
        view: &View<'w>,
        outer: When<'w>,
        seen: &mut Passed<'w>,
        out: &mut Vec<Use<'w>>,
    ) {
        self.answer(element, view, &view.word, 0, outer, seen, out);
    }

    /// The method `word` of a class, from the base `above` on, or what the framework does instead.
    #[expect(
        clippy::too_many_arguments,
        reason = "the way so far is handed on as a whole"
    )]
    fn answer(
        &self,
        element: &str,
        view: &View<'w>,
        word: &str,
        above: usize,
        outer: When<'w>,
        seen: &mut Passed<'w>,
        out: &mut Vec<Use<'w>>,
    ) {
        let Some((nth, place)) = self.method(view, word, above) else {
            self.by_framework(element, view, word, outer, seen, out);
            return;
        };
        let (_, span) = place;
        // Where no more is followed, nothing else would end methods that call each other.
        let known = seen.get(&(place.0, span.first));
        let again = known.is_some_and(|all| all.contains(&outer.fate.outcome));
        if seen.len() >= MOST_FUNCTIONS || again {
            return;
        }
        let asks = |c: &&Called| {
            let of = c.of.as_str();
            // Another serializer than that of the view may write anything.
            let standard = [
                "create",
                "update",
                "partial_update",
                "perform_create",
                "perform_update",
            ];
            let serializer = of == "serializer" && standard.contains(&word);
            of == "super" && c.name == word
                || serializer && c.name == "save"
                || of == "form" && c.name == "save"
                || matches!(of, "self" | "this")
                    && matches!(
                        c.name.as_str(),
                        "get_object"
                            | "get_queryset"
                            | "perform_create"
                            | "perform_update"
                            | "perform_destroy"
                    )
        };
        let mut by_line: Vec<&Called> = span.calls.iter().filter(asks).collect();
        by_line.sort_by_key(|c| c.line);
        // What the class itself does, with what it hands to the framework in its place.
        let before = out.len();
        self.walk(element, place, outer, seen, out);
        let own = out.split_off(before);
        let mut own = own.into_iter().peekable();
        for called in by_line {
            while let Some(used) =
                own.next_if(|u| u.path != place.0 || u.at.lines[0] <= called.line)
            {
                out.push(used);
            }
            let Some(when) = outer.within(place.0, span, [called.line; 2]) else {
                continue;
            };
            match called.name.as_str() {
                "save" => self.kept_by(view, true, when, out, Some((place.0, called))),
                "get_object" => self.read(element, view, when, seen, out),
                name if name == word => {
                    self.answer(element, view, word, nth + 1, when, seen, out);
                }
                name => self.answer(element, view, name, 0, when, seen, out),
            }
        }
        out.extend(own);
    }

    /// What the framework does where a class says nothing of its own
    /// (<https://www.django-rest-framework.org/api-guide/generic-views/>).
    fn by_framework(
        &self,
        element: &str,
        view: &View<'w>,
        word: &str,
        when: When<'w>,
        seen: &mut Passed<'w>,
        out: &mut Vec<Use<'w>>,
    ) {
        if matches!(
            word,
            "perform_create" | "perform_update" | "perform_destroy" | "form_valid"
        ) {
            self.kept_by(view, true, when, out, None);
            return;
        }
        if word == "get_queryset" {
            self.kept_by(view, false, when, out, None);
            return;
        }
        let bases = view
            .foreign
            .iter()
            .filter(|b| !PLAIN.contains(b) && of_base(b).contains(&word));
        let bases: Vec<&str> = bases.copied().collect();
        let Some(base) = bases.first() else {
            return;
        };
        let (reads, hook) = match (word, *base) {
            ("list" | "retrieve" | "get", "CreateView") => (false, None),
            ("list" | "retrieve" | "get", _) => (true, None),
            ("create", _) | ("post", "CreateAPIView" | "ListCreateAPIView") => {
                (false, Some("perform_create"))
            }
            ("post", "CreateView") => (false, Some("form_valid")),
            ("post", "UpdateView") => (true, Some("form_valid")),
            ("post" | "delete", "DeleteView") => (true, Some("form_valid")),
            ("update" | "partial_update" | "put" | "patch", _) => (true, Some("perform_update")),
            ("destroy" | "delete", _) => (true, Some("perform_destroy")),
            _ => return,
        };
        if reads {
            self.read(element, view, when, seen, out);
        }
        if let Some(hook) = hook {
            self.answer(element, view, hook, 0, when, seen, out);
        }
    }

    /// The records that are asked for: those of the method that makes the query set, else of the set itself.
    fn read(
        &self,
        element: &str,
        view: &View<'w>,
        when: When<'w>,
        seen: &mut Passed<'w>,
        out: &mut Vec<Use<'w>>,
    ) {
        let before = out.len();
        if let Some((_, place)) = self.method(view, "get_queryset", 0) {
            self.walk(element, place, when, seen, out);
        }
        let reads = |u: &Use<'_>| matches!(u.act, Act::Record(_, RecordAct::Reads));
        if !out.iter().skip(before).any(reads) {
            self.kept_by(view, false, when, out, None);
        }
    }

    /// The records of the query set of a class.
    fn kept_by(
        &self,
        view: &View<'w>,
        writes: bool,
        when: When<'w>,
        out: &mut Vec<Use<'w>>,
        at: Option<(&'w str, &Called)>,
    ) {
        let Some((path, place)) = view.line.iter().find_map(|c| self.shown(c)) else {
            return;
        };
        let (path, at) = match at {
            Some((path, called)) => {
                let hash = format!("{:016x}", called.hash);
                (
                    path,
                    Cow::Owned(Evidence::new(path, called.line, called.line, hash)),
                )
            }
            None => (path, Cow::Borrowed(place.at)),
        };
        let act = match writes {
            true => RecordAct::Writes("changes"),
            false => RecordAct::Reads,
        };
        let act = Act::Record(vec![place.entity], act);
        out.push(Use {
            act,
            at,
            path,
            when,
        });
    }

    /// What a class says of its own records: `queryset = Order.objects`.
    fn shown(&self, class: &Seen<'w>) -> Option<(&'w str, RecordPlace<'w>)> {
        let key = (class.at.path.as_str(), class.at.lines[0]);
        self.shown
            .get_key_value(&key)
            .map(|((path, _), place)| (*path, *place))
    }
}
