//! What methods of controllers of PHP read of a request, answer, ask of the caller and call: what
//! Laravel and Symfony have in common.

mod answers;
mod inputs;
pub(crate) mod rules;

use crate::extractors::js_inline::INLINE;
use crate::facts::{Before, Claim, FileFacts, Handler};
use crate::php;
use crate::php_annotations;
use crate::source::SourceFile;
use groundplan_syntax::Code;
use std::collections::BTreeMap;
use std::ops::Range;

/// What stands between a class and one of its methods.
pub(crate) const METHOD: &str = "::";

/// What stands before a method whose answer is that of its caller.
pub(crate) const RETURNED: char = '>';

/// What stands before a method of the class above.
pub(crate) const PARENT: &str = "parent::";

/// What stands before a class that a parameter is made of, with its namespace.
pub(crate) const GIVEN: char = '=';

/// What stands before a trait among the bases of a class.
pub(crate) const TRAIT: &str = "use:";

/// Stands among what a method throws where it checks what it is given by rules
/// (<https://laravel.com/docs/validation#quick-writing-the-validation-logic>).
pub(crate) const INVALID: &str = "ValidationException";

/// Begins, among what a method of Symfony throws, the status of an exception: listeners may answer another.
pub(crate) const THROWN_STATUS: char = '#';

pub(crate) use answers::status_of;

/// Which framework the controller is one of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Framework {
    Laravel,
    Symfony,
}

/// Names of classes that a file uses, by the name it has for them: `use App\Models\Order as Row`.
pub(crate) fn imports<'t>(code: &Code<'t>) -> BTreeMap<&'t str, String> {
    let mut all = BTreeMap::new();
    let mut at = 0;
    while at < code.tokens.len() {
        if code.is_byte(at, b'{') {
            // `use` within a class takes in traits; a namespace may have brackets.
            let named = (at.saturating_sub(12)..at).any(|i| code.is(i, "namespace"));
            at = match code.partner(at).filter(|_| !named) {
                Some(close) => close + 1,
                None => at + 1,
            };
            continue;
        }
        let starts = at == 0 || !code.is_byte(at - 1, b')');
        if !(code.is(at, "use") && starts) {
            at += 1;
            continue;
        }
        let end = (at..code.tokens.len()).find(|&i| code.is_byte(i, b';'));
        let Some(end) = end else { break };
        match (at..end).find(|&i| code.is_byte(i, b'{')) {
            Some(open) => {
                let (head, _) = named(code, at + 1..open);
                for part in code.arguments(open) {
                    let (name, own) = named(code, part);
                    let whole = format!("{}\\{name}", head.trim_end_matches('\\'));
                    all.extend(own.map(|own| (own, whole)));
                }
            }
            None => {
                let (name, own) = named(code, at + 1..end);
                all.extend(own.map(|own| (own, name)));
            }
        }
        at = end + 1;
    }
    all
}

/// A name with its namespace and what it is called in the file.
fn named<'t>(code: &Code<'t>, range: Range<usize>) -> (String, Option<&'t str>) {
    let alias = range.clone().find(|&i| code.is(i, "as"));
    let end = alias.unwrap_or(range.end);
    let name: String = (range.start..end).map(|i| code.raw(i)).collect();
    let last = alias.map_or(end.saturating_sub(1), |at| at + 1);
    let own = code.ident(last).map(|w| w.rsplit('\\').next().unwrap_or(w));
    (name.trim_start_matches('\\').to_owned(), own)
}

/// The namespace of a file.
fn namespace(code: &Code<'_>) -> String {
    let Some(at) = (0..code.tokens.len().min(60)).find(|&i| code.is(i, "namespace")) else {
        return String::new();
    };
    let end = (at..at + 30).find(|&i| code.is_byte(i, b';') || code.is_byte(i, b'{'));
    (at + 1..end.unwrap_or(at + 1))
        .map(|i| code.raw(i))
        .collect()
}

/// A class of a file and where its body stands.
pub(crate) struct Class<'t> {
    pub(crate) name: &'t str,
    pub(crate) at: usize,
    pub(crate) body: Range<usize>,
    /// Its parent, the last word of it.
    pub(crate) base: Option<String>,
}

/// The first class or trait of a file.
pub(crate) fn class<'t>(code: &Code<'t>) -> Option<Class<'t>> {
    let at = (0..code.tokens.len()).find(|&at| {
        let begins = at == 0
            || matches!(
                code.raw(at - 1),
                ";" | "}" | "abstract" | "final" | "readonly" | "]" | "php"
            );
        (code.is(at, "class") || code.is(at, "trait")) && begins && code.ident(at + 1).is_some()
    })?;
    let open = (at..at + 60).find(|&i| code.is_byte(i, b'{'))?;
    let close = code.partner(open)?;
    let extends = (at..open).find(|&i| code.is(i, "extends"));
    let base = extends.and_then(|from| {
        let end = (from + 1..=open).find(|&i| matches!(code.raw(i), "implements" | "{"))?;
        code.ident(end - 1)
    });
    Some(Class {
        name: code.ident(at + 1)?,
        at,
        body: open + 1..close,
        base: base.map(|b| b.rsplit('\\').next().unwrap_or(b).to_owned()),
    })
}

/// A method of a class.
pub(crate) struct Method<'t> {
    pub(crate) name: &'t str,
    pub(crate) at: usize,
    pub(crate) params: Range<usize>,
    pub(crate) body: Range<usize>,
    /// Brackets of the attributes before it.
    pub(crate) attributes: Vec<usize>,
}

/// The methods of a class that have a body.
pub(crate) fn methods<'t>(code: &Code<'t>, class: &Class<'t>) -> Vec<Method<'t>> {
    let mut all = Vec::new();
    let mut attributes = Vec::new();
    let mut at = class.body.start;
    while at < class.body.end {
        if code.is_byte(at, b'#') && code.is_byte(at + 1, b'[') {
            attributes.push(at + 1);
            at = code.partner(at + 1).unwrap_or(at + 1) + 1;
            continue;
        }
        match code.raw(at) {
            ";" => attributes.clear(),
            "{" | "(" | "[" => at = code.partner(at).unwrap_or(at),
            "function" => {
                let found = method(code, at, class.body.end, std::mem::take(&mut attributes));
                if let Some(method) = found {
                    at = method.body.end;
                    all.push(method);
                }
            }
            _ => {}
        }
        at += 1;
    }
    all
}

fn method<'t>(
    code: &Code<'t>,
    at: usize,
    end: usize,
    attributes: Vec<usize>,
) -> Option<Method<'t>> {
    let name = code.ident(at + 1)?;
    let params = Some(at + 2).filter(|&i| code.is_byte(i, b'('))?;
    let close = code.partner(params)?;
    let open = (close..end).find(|&i| code.is_byte(i, b'{') || code.is_byte(i, b';'))?;
    let last = code.partner(open).filter(|_| code.is_byte(open, b'{'))?;
    Some(Method {
        name,
        at,
        params: params..close,
        body: open + 1..last,
        attributes,
    })
}

/// Reads a method.
pub(super) struct Reader<'c, 't> {
    pub(super) code: &'c Code<'t>,
    pub(super) framework: Framework,
    pub(super) imports: &'c BTreeMap<&'t str, String>,
    pub(super) namespace: &'c str,
    pub(super) method: &'c Method<'t>,
    /// The variables that hold the request.
    pub(super) requests: Vec<&'t str>,
    /// Whether what the request holds is told by rules of a class.
    pub(super) ruled: bool,
    /// Whether exceptions of any kind are caught in it.
    pub(super) catches: bool,
    pub(super) handler: Handler,
}

/// Adds what each method of a controller does.
pub(crate) fn add<'t>(
    acc: &mut FileFacts,
    file: &SourceFile<'t>,
    class: &Class<'t>,
    framework: Framework,
) {
    let code = file.code();
    let imports = imports(code);
    let namespace = namespace(code);
    for method in &methods(code, class) {
        if method.name == "__construct" {
            if framework == Framework::Laravel {
                middleware(acc, file, class, method);
            }
            continue;
        }
        let catches = ["Exception", "Throwable", "HttpException"];
        let catches = method.body.clone().any(|at| {
            code.is(at, "catch")
                && (at..at + 12).any(|i| code.ident(i).is_some_and(|w| catches.contains(&w)))
        });
        let mut reader = Reader {
            code,
            framework,
            imports: &imports,
            namespace: &namespace,
            method,
            requests: Vec::new(),
            ruled: false,
            catches,
            handler: Handler {
                name: format!("{}{METHOD}{}", class.name, method.name),
                ..Handler::default()
            },
        };
        reader.parameters();
        reader.walk();
        reader.returns();
        for &open in &method.attributes {
            for mark in php_annotations::of_attribute(code, open) {
                asked(&mark, &mut reader.handler.guards);
            }
        }
        // The comment stands above the attributes.
        let above = method.attributes.iter().map(|&open| code.line(open)).min();
        let line = above.unwrap_or(u32::MAX).min(code.line(method.at));
        reader.handler.summary = crate::prose::summary(file, line);
        let handler = reader.handler;
        let plain = Handler {
            name: handler.name.clone(),
            ..Handler::default()
        };
        // A method that does nothing of this is known by its class.
        if handler == plain {
            continue;
        }
        let (first, last) = (code.line(method.at), code.line(method.body.end));
        acc.add(file, first, last, Claim::Handler(Box::new(handler)));
    }
}

/// What a closure that answers a route takes and answers, `function (Request $request) {…}` or `fn () => …`
/// with the brackets of its parameters at `open`.
pub(crate) fn of_closure<'t>(
    file: &SourceFile<'t>,
    open: usize,
    body: Range<usize>,
    framework: Framework,
) -> Option<Handler> {
    let code = file.code();
    let imports = imports(code);
    let namespace = namespace(code);
    let arrow = (open.saturating_sub(2)..open).any(|at| code.is(at, "fn"));
    let method = Method {
        name: "",
        at: open,
        params: open..code.partner(open)?,
        body: body.clone(),
        attributes: Vec::new(),
    };
    let mut reader = Reader {
        code,
        framework,
        imports: &imports,
        namespace: &namespace,
        method: &method,
        requests: Vec::new(),
        ruled: false,
        catches: body.clone().any(|at| code.is(at, "catch")),
        handler: Handler {
            name: INLINE.to_owned(),
            ..Handler::default()
        },
    };
    reader.parameters();
    reader.walk();
    match arrow {
        true => reader.value(body, 0),
        false => reader.returns(),
    }
    let mut handler = reader.handler;
    // Methods of a class are not its own.
    handler.leaves |= !handler.calls.is_empty() || !handler.throws.is_empty();
    handler.calls.clear();
    handler.throws.clear();
    Some(handler)
}

/// What an attribute of Symfony asks of the caller: `#[IsGranted('ROLE_ADMIN')]`.
pub(crate) fn asked(mark: &php_annotations::Mark, guards: &mut Vec<String>) {
    if !matches!(mark.name.as_str(), "IsGranted" | "Security") {
        return;
    }
    let given = match mark.plain() {
        Some(php_annotations::Value::Text(text)) => Some(text.as_str()),
        _ => mark.get("attribute").or(mark.get("expression")),
    };
    // What everybody has asks nobody.
    let open = |g: &&str| matches!(*g, "PUBLIC_ACCESS" | "IS_AUTHENTICATED_ANONYMOUSLY");
    if let Some(name) = given.filter(|g| !g.is_empty() && g.len() <= 80 && !open(g)) {
        let name = match mark.get("statusCode") {
            Some(status) => format!("{}('{name}', {status})", mark.name),
            None => format!("{}('{name}')", mark.name),
        };
        if !guards.contains(&name) {
            guards.push(name);
        }
    }
}

/// `$this->middleware('auth')->except(['index', 'show'])` of a constructor
/// (<https://laravel.com/docs/controllers#controller-middleware>).
fn middleware(acc: &mut FileFacts, file: &SourceFile<'_>, class: &Class<'_>, method: &Method<'_>) {
    let code = file.code();
    let mut at = method.body.start;
    while at < method.body.end {
        let next = at + 1;
        let chain = php::chain_at(code, at).filter(|chain| {
            code.is(at, "$this") && chain.links.first().is_some_and(|l| l.name == "middleware")
        });
        let Some(chain) = chain else {
            at = next;
            continue;
        };
        let mut before = Before::default();
        let mut names = Vec::new();
        for link in &chain.links {
            let texts = php::all_texts(code, link.open);
            match link.name {
                "middleware" => names = texts,
                "only" => before.only = texts,
                "except" => before.except = texts,
                _ => before.depends = true,
            }
        }
        // One in a condition of the constructor is not always there.
        let inner = (method.body.start..at)
            .rev()
            .any(|i| code.is_byte(i, b'{') && code.partner(i).is_some_and(|close| close > at));
        before.depends |= inner;
        let befores: Vec<Before> = names
            .into_iter()
            .filter(|name| crate::extractors::is_laravel_guard(name))
            .map(|name| Before {
                name,
                asks: true,
                ..before.clone()
            })
            .collect();
        if !befores.is_empty() {
            let handler = Handler {
                name: format!("{}{METHOD}", class.name),
                befores,
                ..Handler::default()
            };
            let (first, last) = (code.line(at), code.line(chain.end.saturating_sub(1)));
            acc.add(file, first, last, Claim::Handler(Box::new(handler)));
        }
        at = chain.end.max(next);
    }
}

impl<'t> Reader<'_, 't> {
    /// A class with its namespace, as the file means it.
    pub(super) fn whole(&self, written: &str) -> String {
        let bare = written.trim_start_matches('\\');
        let (first, rest) = bare.split_once('\\').unwrap_or((bare, ""));
        match self.imports.get(first) {
            Some(whole) if rest.is_empty() => whole.clone(),
            Some(whole) => format!("{whole}\\{rest}"),
            None if written.starts_with('\\') => bare.to_owned(),
            None => format!("{}\\{bare}", self.namespace),
        }
    }

    /// The word behind `->`, `?->` or `::` at `at`, and where it stands.
    pub(super) fn behind(&self, at: usize) -> Option<(&'t str, usize)> {
        let at = at + usize::from(self.code.is_byte(at, b'?'));
        let is = |a: u8, b: u8| self.code.is_byte(at, a) && self.code.is_byte(at + 1, b);
        let arrow = is(b'-', b'>') || is(b':', b':');
        let word = self.code.ident(at + 2).filter(|_| arrow)?;
        Some((word, at + 2))
    }

    /// Whether an arrow stands before a token, so that it is a method of something else.
    pub(super) fn is_behind(&self, at: usize) -> bool {
        at > 1
            && (self.code.is_byte(at - 1, b'>') && self.code.is_byte(at - 2, b'-')
                || self.code.is_byte(at - 1, b':') && self.code.is_byte(at - 2, b':'))
    }

    /// Whether a statement stands in the method itself, which nothing decides on.
    pub(super) fn is_plain(&self, at: usize) -> bool {
        let inner = |i: usize| {
            self.code.is_byte(i, b'{') && self.code.partner(i).is_some_and(|close| close > at)
        };
        let braced = (self.method.body.start..at).rev().any(inner);
        // `if (…) statement;`
        let mut first = at;
        while first > self.method.body.start && !matches!(self.code.raw(first - 1), ";" | "{" | "}")
        {
            first -= 1;
        }
        let head = self.code.raw(first);
        // `$strict && $this->authorize('x')`
        let chosen = (first..at).any(|i| {
            matches!(
                self.code.raw(i),
                "&&" | "||" | "?" | "and" | "or" | "&" | "|"
            ) && !self.code.is_byte(i + 1, b'-')
        });
        !braced
            && !chosen
            && !matches!(head, "if" | "else" | "elseif" | "foreach" | "while" | "for")
    }

    pub(super) fn call(&mut self, name: String) {
        if !self.handler.calls.contains(&name) {
            self.handler.calls.push(name);
        }
    }

    pub(super) fn guard(&mut self, name: String) {
        if name.len() <= 80 && !self.handler.guards.contains(&name) {
            self.handler.guards.push(name);
        }
    }
}
