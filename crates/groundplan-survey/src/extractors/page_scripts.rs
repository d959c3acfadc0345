//! What scripts inside of pages call: components of Vue and Svelte, and pages and templates of HTML.

use super::{js_clients, js_code, js_marks};
use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts};
use crate::resolve::address::{addresses, is_local};
use crate::scan::{self, Part};
use crate::source::SourceFile;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "page-scripts",
    docs: "\
### What it finds
Calls, imports, variables of the environment and marks in `<script>` of components of Vue and Svelte, as
js-clients, js-code and js-marks read them; in pages and templates of HTML calls with an address of this
machine or of a part of the system.

### What it does not find
Public addresses in pages of HTML, calls that stand in attributes, and templates that put an address
together.
",
    reads: &[Reads::Paths(&[
        "*.vue",
        "*.svelte",
        "*.html",
        "*.htm",
        "*.cshtml",
        "*.ejs",
        "*.ftl",
        "*.gohtml",
        "*.hbs",
        "*.jinja",
        "*.jinja2",
        "*.jsp",
        "*.tmpl",
    ])],
    markers: &["<script"],
    run: extract,
};

/// Pages beyond this size are what a tool made.
const MOST: usize = 400_000;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let component = file.path.ends_with(".vue") || file.path.ends_with(".svelte");
    if file.text.len() > MOST || scan::part(file) != Part::Own || !component && !calls(file) {
        return;
    }
    let text = scripts(file.text);
    if text.trim().is_empty() {
        return;
    }
    let script = SourceFile::script(file.path, &text);
    let mut found = FileFacts::of(&script);
    if calls(file) {
        js_clients::extract(&mut found, &script);
    }
    if component {
        js_code::imports(&mut found, &script);
        js_code::environment(&mut found, &script);
        js_marks::extract(&mut found, &script);
    }
    for fact in found.facts {
        if matches!(
            fact.claim,
            Claim::Import(_) | Claim::EnvRead(_) | Claim::Mark(_)
        ) {
            let [first, last] = fact.at.lines;
            acc.add(file, first, last, fact.claim);
            continue;
        }
        let Claim::Client(client) = &fact.claim else {
            continue;
        };
        let inner = || {
            let target = client.target.as_deref().unwrap_or_default();
            let known = addresses(target);
            let near = |host: &str| is_local(host) || !host.contains('.');
            target.contains("://") && !known.is_empty() && known.iter().all(|a| near(&a.host))
        };
        if component || inner() {
            let [first, last] = fact.at.lines;
            acc.add(file, first, last, fact.claim);
        }
    }
}

/// Whether a page may call anything.
fn calls(file: &SourceFile<'_>) -> bool {
    [
        "fetch",
        "axios",
        "$http",
        "ajax",
        "WebSocket",
        "EventSource",
        "ky.",
        "got.",
        "socket.io-client",
        "superagent",
    ]
    .iter()
    .any(|word| file.says(word))
}

/// The text with nothing but what stands in scripts, each line at its place.
fn scripts(text: &str) -> String {
    let mut out = String::with_capacity(text.len() / 2);
    let mut rest = text;
    let blank = |out: &mut String, part: &str| {
        out.extend(part.bytes().filter(|b| *b == b'\n').map(|_| '\n'));
    };
    while let Some(start) = rest.find("<script") {
        let Some(open) = rest[start..].find('>').map(|at| start + at + 1) else {
            break;
        };
        let end = rest[open..]
            .find("</script")
            .map_or(rest.len(), |at| open + at);
        blank(&mut out, &rest[..open]);
        if is_script(&rest[start..open]) {
            out.push_str(&rest[open..end]);
        } else {
            blank(&mut out, &rest[open..end]);
        }
        rest = &rest[end..];
    }
    out
}

/// Whether the element holds a script and no data or template
/// (<https://html.spec.whatwg.org/multipage/scripting.html#attr-script-type>).
fn is_script(element: &str) -> bool {
    let Some((_, kind)) = element.split_once("type=") else {
        return true;
    };
    let kind = kind.trim_start_matches(['"', '\'']);
    [
        "module",
        "text/javascript",
        "application/javascript",
        "text/typescript",
    ]
    .iter()
    .any(|known| kind.starts_with(known))
}

#[cfg(test)]
mod tests {
    use super::scripts;

    #[test]
    fn scripts_keep_their_lines() {
        let page = "<div>\n</div>\n<script setup lang=\"ts\">\nlet a = 1\n</script>\n<p/>\n<script type=\"application/json\">\n{}\n</script>";
        assert_eq!(scripts(page), "\n\n\nlet a = 1\n\n\n\n\n");
    }
}
