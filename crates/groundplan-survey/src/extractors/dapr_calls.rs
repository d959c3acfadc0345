//! Uses of the building blocks of Dapr in code.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Client, FileFacts};
use crate::scan::{self, Part};
use crate::source::SourceFile;
use crate::values::Values;
use groundplan_syntax::{Call, Code, Language, TokenKind};
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "dapr-calls",
    docs: "\
### What it finds
Calls that go through Dapr, in C#, Go, Java, Kotlin, JavaScript, TypeScript and Python: applications that
are invoked by their id, also in the header of a plain request, components that state, messages, bindings and secrets go to by their name, and
subscriptions, by the SDKs and by paths of the HTTP interface (`/v1.0/invoke/orders/method/…`).

### What it does not find
Names that come from another file: they count where there is one component of the kind.
",
    reads: &[Reads::Own(&[
        Language::CSharp,
        Language::Go,
        Language::Java,
        Language::Kotlin,
        Language::JavaScript,
        Language::TypeScript,
        Language::Python,
    ])],
    markers: &["dapr", "Dapr", "v1.0/"],
    run: extract,
};

/// The protocol of what goes to a component by its name.
pub(crate) const DAPR: &str = "dapr";
/// What is done with a component: the method of the client.
pub(crate) const PUBLISH: &str = "publish";
pub(crate) const SUBSCRIBE: &str = "subscribe";
pub(crate) const READ: &str = "read";
pub(crate) const WRITE: &str = "write";
pub(crate) const BINDING: &str = "binding";
pub(crate) const SECRET: &str = "secret";
const INVOKE: &str = "invoke";

/// The header by which a plain request names the application that it is for
/// (<https://docs.dapr.io/developing-applications/building-blocks/service-invocation/howto-invoke-discover-services/>).
const APP_HEADER: &str = "dapr-app-id";

/// Methods of the SDKs in lower case, without `Async` and underscores.
const METHODS: [(&str, &str); 27] = [
    ("bulkpublishevent", PUBLISH),
    ("createinvokehttpclient", INVOKE),
    ("createinvokemethodrequest", INVOKE),
    ("deletestate", WRITE),
    ("executestatetransaction", WRITE),
    ("getbulksecret", SECRET),
    ("getbulkstate", READ),
    ("getsecret", SECRET),
    ("getstate", READ),
    ("getstateandetag", READ),
    ("getstateentry", READ),
    ("invokebinding", BINDING),
    ("invokemethod", INVOKE),
    ("invokemethodgrpc", INVOKE),
    ("invokemethodwithcontent", INVOKE),
    ("invokemethodwithcustomcontent", INVOKE),
    ("publishbyteevent", PUBLISH),
    ("publishevent", PUBLISH),
    ("publisheventfromcustomcontent", PUBLISH),
    ("publishevents", PUBLISH),
    ("querystate", READ),
    ("savebulkstate", WRITE),
    ("savestate", WRITE),
    ("savestatewithetag", WRITE),
    ("trydeletestate", WRITE),
    ("trysavestate", WRITE),
    ("withtopic", SUBSCRIBE),
];

/// Clients of the JavaScript SDK by the end of their chain.
const CHAINS: [(&str, &str); 8] = [
    (".binding.send", BINDING),
    (".invoker.invoke", INVOKE),
    (".pubsub.publish", PUBLISH),
    (".pubsub.subscribe", SUBSCRIBE),
    (".secret.get", SECRET),
    (".state.delete", WRITE),
    (".state.get", READ),
    (".state.save", WRITE),
];

/// Paths of the HTTP interface (<https://docs.dapr.io/reference/api/>).
const PATHS: [(&str, &str); 5] = [
    ("v1.0/bindings/", BINDING),
    ("v1.0/invoke/", INVOKE),
    ("v1.0/publish/", PUBLISH),
    ("v1.0/secrets/", SECRET),
    ("v1.0/state/", WRITE),
];

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own {
        return;
    }
    let code = file.code();
    let sdk = file.text.contains("dapr") || file.text.contains("Dapr");
    if sdk {
        let values = Values::new(file);
        for call in code.calls() {
            called(acc, file, &values, call);
        }
        for note in code.annotations() {
            if note.name == "Topic"
                && let Some(open) = note.open
            {
                topic(acc, file, &values, note.line, open);
            }
        }
        fields(acc, file, &values);
    }
    if file.text.contains("v1.0/") {
        paths(acc, file);
    }
}

fn called(acc: &mut FileFacts, file: &SourceFile<'_>, values: &Values<'_, '_>, call: Call) {
    let code = file.code();
    if scan::is_definition(code, call) {
        return;
    }
    let word = code.raw(scan::word_at(code, call));
    let plain = word.strip_suffix("Async").unwrap_or(word);
    let plain = plain.replace('_', "").to_ascii_lowercase();
    let known = METHODS.binary_search_by(|(name, _)| (*name).cmp(plain.as_str()));
    let what = match known {
        Ok(row) => METHODS[row].1,
        Err(_) if plain == "subscribe" && code.language == Language::Python => {
            let named = |name: &str| values.fold(code.named_argument(call.open, name)?);
            let pubsub = named("pubsub").or_else(|| named("pubsub_name"));
            if let Some(pubsub) = pubsub {
                emit(acc, file, call.line, SUBSCRIBE, &pubsub, named("topic"));
            }
            return;
        }
        Err(_) => {
            let name = code.name(call);
            let Some((_, what)) = CHAINS.iter().find(|(end, _)| name.ends_with(end)) else {
                return;
            };
            what
        }
    };
    let all: Vec<Range<usize>> = code.arguments(call.open);
    // A context comes first in Go, and in C# perhaps the method of the request.
    let skip = all.first().is_some_and(|first| {
        let text = code.raw(first.start);
        code.language == Language::Go || text == "HttpMethod"
    });
    let at = |position: usize| values.fold(all.get(position + usize::from(skip))?.clone());
    let named = |names: &[&str]| {
        let mut found = names.iter();
        found.find_map(|n| values.fold(code.named_argument(call.open, n)?))
    };
    let (own, further): (&[&str], &[&str]) = match what {
        INVOKE => (&["app_id"], &["method_name"]),
        PUBLISH | SUBSCRIBE => (&["pubsub_name"], &["topic_name"]),
        BINDING => (&["binding_name"], &["operation"]),
        _ => (&["store_name"], &[]),
    };
    let more = named(further).or_else(|| at(1));
    match named(own).or_else(|| at(0)) {
        Some(target) => emit(acc, file, call.line, what, &target, more),
        // A name from elsewhere: of several components of a kind it may be any.
        None if all.len() > 1 && matches!(what, PUBLISH | READ | WRITE) => {
            let client = Client {
                protocol: DAPR.to_owned(),
                target: None,
                method: Some(what.to_owned()),
                library: Some(DAPR.to_owned()),
                operation: more.filter(|m| what == PUBLISH && !m.contains(['{', '$'])),
            };
            scan::client(acc, file, call.line, client);
        }
        None => {}
    }
}

/// `[Topic("pubsub", "orders")]`, `@Topic(pubsubName = "pubsub", name = "orders")`.
fn topic(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    values: &Values<'_, '_>,
    line: u32,
    open: usize,
) {
    let code = file.code();
    let named = |name: &str| values.fold(code.named_argument(open, name)?);
    let pubsub = named("pubsubName").or_else(|| values.argument(open, 0));
    let name = named("name").or_else(|| values.argument(open, 1));
    if let Some(pubsub) = pubsub {
        emit(acc, file, line, SUBSCRIBE, &pubsub, name);
    }
}

/// Subscriptions as data: `Subscription{PubsubName: "pubsub", Topic: "orders"}` of Go,
/// `{"pubsubname": "pubsub", "topic": "orders"}` of what is answered at `/dapr/subscribe`; bindings of Go,
/// `InvokeBindingRequest{Name: "mail"}`.
fn fields(acc: &mut FileFacts, file: &SourceFile<'_>, values: &Values<'_, '_>) {
    let code = file.code();
    for at in 1..code.tokens.len() {
        let word = code
            .string(at)
            .or_else(|| code.ident(at))
            .unwrap_or_default();
        let subscription = word.eq_ignore_ascii_case("pubsubname") && code.is(at + 1, ":");
        let binding = word == "InvokeBindingRequest" && code.is(at + 1, "{");
        if binding
            && let Some(range) = values.property(at + 1, "Name")
            && let Some(name) = values.fold(range)
        {
            emit(acc, file, code.line(at), BINDING, &name, None);
        }
        if word == APP_HEADER
            && let Some(open) = file.outline().parent(at)
        {
            let target = match code.raw(at + 1) {
                ":" => values.folded_property(open, &[APP_HEADER]),
                "," => values.argument(open, 1),
                _ => None,
            };
            if let Some(target) = target {
                proxied(acc, file, code.line(at), &target);
            }
        }
        if !subscription {
            continue;
        }
        let Some(open) = file.outline().parent(at).filter(|o| code.is(*o, "{")) else {
            continue;
        };
        let property = |names: &[&str]| values.folded_property(open, names);
        let pubsub = property(&["pubsubname", "pubsubName", "PubsubName"]);
        if let Some(pubsub) = pubsub {
            let topic = property(&["topic", "Topic"]);
            emit(acc, file, code.line(at), SUBSCRIBE, &pubsub, topic);
        }
    }
}

/// A request that the sidecar hands on to the application that a header names.
fn proxied(acc: &mut FileFacts, file: &SourceFile<'_>, line: u32, target: &str) {
    let is_name = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let given = |t: &str| t.starts_with("{env:") && t.find('}') == Some(t.len() - 1);
    if !target.is_empty() && (target.chars().all(is_name) || given(target)) {
        let client = scan::call("http", Some(format!("http://{target}/")), DAPR);
        scan::client(acc, file, line, client);
    }
}

fn paths(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let code: &Code<'_> = file.code();
    for at in 0..code.tokens.len() {
        if code.tokens[at].kind != TokenKind::Str {
            continue;
        }
        let text = code.raw(at);
        for (start, what) in PATHS {
            let Some((_, rest)) = text.split_once(start) else {
                continue;
            };
            let rest = rest.trim_end_matches(['"', '\'', '`']);
            let mut parts = rest.split(['/', '?']);
            let Some(name) = parts.next() else { continue };
            let more = match what {
                INVOKE => {
                    (parts.next() == Some("method")).then(|| parts.collect::<Vec<_>>().join("/"))
                }
                PUBLISH => parts.next().map(str::to_owned),
                _ => None,
            };
            emit(acc, file, code.line(at), what, name, more);
        }
    }
}

fn emit(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    line: u32,
    what: &str,
    target: &str,
    more: Option<String>,
) {
    let is_name = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if target.is_empty() || !target.chars().all(is_name) {
        return;
    }
    let open = |text: &String| text.is_empty() || text.contains(['{', '$']);
    let client = if what == INVOKE {
        let path = more.unwrap_or_default();
        Client {
            operation: Some(path.clone()).filter(|p| !open(p)),
            ..scan::call("http", Some(format!("http://{target}/{path}")), DAPR)
        }
    } else {
        Client {
            protocol: DAPR.to_owned(),
            target: Some(target.to_owned()),
            method: Some(what.to_owned()),
            library: Some(DAPR.to_owned()),
            operation: more.filter(|m| !open(m)),
        }
    };
    scan::client(acc, file, line, client);
}
