//! What controllers of Rails do before their actions, and with exceptions of them
//! (<https://guides.rubyonrails.org/action_controller_overview.html#filters>).

use crate::facts::Before;
use crate::ruby::Kind;
use crate::ruby::members::{Members, Said};
use crate::script_marks::{asks_what, asks_who};
use std::ops::Range;

/// One statement with the block that it gives, if it has one.
pub(super) struct Read {
    pub(super) befores: Vec<Before>,
    pub(super) block: Option<Range<usize>>,
}

/// Reads a statement of a class.
pub(super) fn read(m: &Members<'_>, said: &Said) -> Option<Read> {
    let at = said.tokens.start;
    let word = m.word(at);
    let mut frame = Before {
        depends: said.depends,
        ..Before::default()
    };
    match word {
        "before_action"
        | "prepend_before_action"
        | "append_before_action"
        | "around_action"
        | "before_filter"
        | "prepend_before_filter" => {}
        "skip_before_action" | "skip_before_filter" | "skip_around_action" => frame.off = true,
        "load_and_authorize_resource" | "authorize_resource" | "http_basic_authenticate_with" => {
            frame.asks = true;
        }
        "rescue_from" => {}
        // `allow_unauthenticated_access only: :new` of the generator of Rails, and macros like it.
        _ if opens(word) => {
            frame.off = true;
            frame.name = "*".to_owned();
        }
        _ => return None,
    }
    let given = m.given(at);
    let end = given.end;
    let mut names: Vec<&str> = Vec::new();
    let mut with: Option<&str> = None;
    let mut block: Option<Range<usize>> = None;
    for part in m.arguments(given.clone()) {
        let Some((key, value)) = m.keyed(&part) else {
            let first = m.token(part.start);
            match (m.names(&part), first) {
                (Some(more), _) => names.extend(more),
                (None, Some(t)) if t.kind == Kind::Word && word == "rescue_from" => {
                    names.push(t.text);
                }
                // `-> { doorkeeper_authorize! :read }`
                (None, Some(t)) if t.text == "->" || matches!(t.text, "lambda" | "proc") => {
                    let open = (part.clone()).find(|&i| m.is_mark(i, "{") || m.word(i) == "do");
                    block = open.and_then(|open| m.block(open));
                }
                _ => frame.depends = true,
            }
            continue;
        };
        match key {
            "only" | "except" => match m.names(&value) {
                Some(list) => {
                    let list = list.into_iter().map(str::to_owned).collect();
                    match key {
                        "only" => frame.only = list,
                        _ => frame.except = list,
                    }
                }
                None => frame.depends = true,
            },
            "with" => with = m.token(value.start).map(|t| t.text),
            "if" | "unless" => frame.depends = true,
            _ => {}
        }
    }
    // `before_action :x if Rails.env.production?`
    let behind = end + usize::from(m.is_mark(end, ")"));
    frame.depends |= matches!(m.word(behind), "if" | "unless");
    block = block.or_else(|| m.block(end + usize::from(m.is_mark(end, ")"))));
    let mut befores = Vec::new();
    match word {
        "rescue_from" => {
            for on in names {
                befores.push(Before {
                    name: with.unwrap_or_default().to_owned(),
                    on: Some(on.trim_start_matches("::").to_owned()),
                    ..frame.clone()
                });
            }
        }
        _ if frame.asks => befores.push(Before {
            name: word.to_owned(),
            ..frame
        }),
        _ if frame.name == "*" => befores.push(frame),
        _ => {
            for name in names {
                befores.push(Before {
                    name: name.to_owned(),
                    asks: asks_who(name) || asks_what(name),
                    ..frame.clone()
                });
            }
            if let Some(range) = &block {
                let first = range.clone().find(|&i| !m.is_line(i));
                let name = first.map_or("", |at| m.word(at));
                let asks = asks_who(name) || asks_what(name);
                befores.push(Before {
                    name: if asks { name.to_owned() } else { String::new() },
                    asks,
                    ..frame
                });
            }
        }
    }
    Some(Read { befores, block })
}

/// Whether a macro of the application says that it lets callers in without asking.
fn opens(word: &str) -> bool {
    // Macros of the framework that let nobody in.
    const OTHERS: [&str; 10] = [
        "allow_browser",
        "public_class_method",
        "public_constant",
        "public_instance_method",
        "public_method_defined?",
        "skip_after_action",
        "skip_after_filter",
        "skip_callback",
        "skip_forgery_protection",
        "skip_parameter_encoding",
    ];
    if OTHERS.contains(&word) {
        return false;
    }
    let words = [
        "skip_",
        "allow_",
        "public_",
        "without_",
        "unauthenticated",
        "anonymous",
        "no_auth",
    ];
    words
        .iter()
        .any(|w| word.starts_with(w) || word.contains(w) && w.len() > 8)
}
