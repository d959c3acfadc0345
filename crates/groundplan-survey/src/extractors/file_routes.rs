//! HTTP endpoints whose paths are those of their files: SvelteKit, Nuxt and Nitro, Astro, Medusa.

use crate::extractor::{Extractor, Reads};
use crate::extractors::{js_inline, js_responses};
use crate::facts::{Claim, Endpoint, FileFacts, Handler};
use crate::http_paths;
use crate::prose;
use crate::scan::{self, Part};
use crate::source::SourceFile;
use groundplan_syntax::Code;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "file-routes",
    docs: "\
### What it finds
Endpoints of SvelteKit (`+server.ts` with the methods that it exports;
<https://svelte.dev/docs/kit/routing#server>), of Nuxt and Nitro (`server/api/orders/[id].get.ts`;
<https://nitro.build/guide/routing>), of Astro (`src/pages/api/orders.ts`) and of Medusa
(`src/api/store/orders/route.ts`), with folders in brackets as parameters.

### What it does not find
Pages, actions of forms, middleware, the base path of the configuration.
",
    reads: &[Reads::Paths(&[
        "**/+server.ts",
        "**/+server.js",
        "**/server/api/**/*.ts",
        "**/server/api/**/*.js",
        "**/server/routes/**/*.ts",
        "**/server/routes/**/*.js",
        "**/src/pages/**/*.ts",
        "**/src/pages/**/*.js",
        "**/src/api/**/route.ts",
        "**/src/api/**/route.js",
    ])],
    markers: &["export"],
    run: extract,
};

const METHODS: [&str; 7] = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"];

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own {
        return;
    }
    let Some((stem, _)) = file.path.rsplit_once('.') else {
        return;
    };
    let parts: Vec<&str> = stem.split('/').collect();
    let Some((name, folders)) = parts.split_last() else {
        return;
    };
    let after = |names: &[&str]| {
        let at = folders.windows(names.len()).rposition(|w| w == names)?;
        Some(&folders[at + names.len()..])
    };
    let code = file.code();
    if *name == "+server" {
        if let Some(inner) = after(&["src", "routes"]).or_else(|| after(&["routes"])) {
            exported(acc, file, inner, "sveltekit");
        }
    } else if *name == "route" && file.text.contains("@medusajs/") {
        // Folders of `app` are those of Next.js.
        if let Some(inner) = after(&["src", "api"]).filter(|inner| !inner.contains(&"app")) {
            exported(acc, file, inner, "medusa");
        }
    } else if let Some(inner) = after(&["src", "pages"]) {
        if file.text.contains("APIRoute") || file.text.contains("\"astro\"") {
            let mut inner = inner.to_vec();
            inner.extend((*name != "index").then_some(*name));
            exported(acc, file, &inner, "astro");
        }
    } else if let Some((at, kind)) = (folders.windows(2))
        .enumerate()
        .find_map(|(at, w)| match w {
            ["server", kind @ ("api" | "routes")] => Some((at + 2, *kind)),
            _ => None,
        })
    {
        let handles = ["defineEventHandler", "eventHandler", "EventHandler("];
        if !handles.iter().any(|word| file.text.contains(word)) {
            return;
        }
        let Some(place) =
            (1..code.tokens.len()).find(|&i| code.is(i, "default") && code.is(i - 1, "export"))
        else {
            return;
        };
        let mut inner: Vec<&str> = Vec::new();
        inner.extend((kind == "api").then_some("api"));
        inner.extend(&folders[at..]);
        let (stem, method) = match name.rsplit_once('.') {
            Some((stem, method)) if METHODS.contains(&method.to_ascii_uppercase().as_str()) => {
                (stem, method.to_ascii_uppercase())
            }
            _ => (*name, "ANY".to_owned()),
        };
        inner.extend((stem != "index").then_some(stem));
        let framework = match file.text.contains("nitropack") || file.text.contains("\"nitro\"") {
            true => "nitro",
            false => "nuxt",
        };
        add(
            acc,
            file,
            code.line(place),
            &path(&inner),
            method,
            framework,
        );
    }
}

/// Folders as a path: `[id]`, `[[lang]]`, `[...rest]` and `[id=integer]` are parameters, `(group)` is none.
fn path(parts: &[&str]) -> String {
    let mut out = String::new();
    for part in parts {
        if part.starts_with('(') && part.ends_with(')') {
            continue;
        }
        out.push('/');
        let mut rest = *part;
        while let Some(open) = rest.find('[') {
            out.push_str(&rest[..open]);
            let inner = rest[open..].trim_start_matches('[');
            let end = inner.find(']').unwrap_or(inner.len());
            let name = inner[..end].trim_start_matches("...");
            let name = name.split('=').next().unwrap_or(name);
            out.push_str(&format!(
                "{{{}}}",
                if name.is_empty() { "path" } else { name }
            ));
            rest = inner[end..].trim_start_matches(']');
        }
        out.push_str(rest);
    }
    if out.is_empty() { "/".to_owned() } else { out }
}

/// One endpoint for each method that the file gives away under its name.
fn exported(acc: &mut FileFacts, file: &SourceFile<'_>, inner: &[&str], framework: &str) {
    let code = file.code();
    let path = path(inner);
    let mut known: Vec<&str> = Vec::new();
    for at in 1..code.tokens.len() {
        let Some(word) = code.ident(at).filter(|word| METHODS.contains(word)) else {
            continue;
        };
        let declared = matches!(code.raw(at - 1), "function" | "const" | "let")
            && (at.saturating_sub(3)..at).any(|before| code.is(before, "export"));
        if (declared || listed(code, at)) && !known.contains(&word) {
            known.push(word);
            add(acc, file, code.line(at), &path, word.to_owned(), framework);
            // What is only listed stands elsewhere.
            if declared {
                answers(acc, file, at);
            }
        }
    }
}

/// What a function answers that is given away as a method: `export const GET = () => new Response(…)`.
fn answers(acc: &mut FileFacts, file: &SourceFile<'_>, at: usize) {
    let code = file.code();
    let body = (at + 1..at + 8).find_map(|open| {
        let close = code.is(open, "(").then(|| code.partner(open)).flatten()?;
        Some(js_inline::body(code, close)?.1)
    });
    let Some(body) = body else { return };
    let mut handler = Handler {
        name: js_inline::INLINE.to_owned(),
        ..Handler::default()
    };
    js_responses::answers(code, body, &mut handler);
    if !handler.responses.is_empty() {
        let line = code.line(at);
        acc.add(file, line, line, Claim::Handler(Box::new(handler)));
    }
}

/// `export { list as GET, POST }`.
fn listed(code: &Code<'_>, at: usize) -> bool {
    let ends = matches!(code.raw(at + 1), "," | "}");
    let begins = matches!(code.raw(at - 1), "," | "{" | "as");
    let open = (at.saturating_sub(60)..at).rev().find(|&i| code.is(i, "{"));
    ends && begins && open.is_some_and(|open| open > 0 && code.is(open - 1, "export"))
}

fn add(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    line: u32,
    path: &str,
    method: String,
    framework: &str,
) {
    let endpoint = Endpoint {
        method,
        path: path.to_owned(),
        summary: prose::summary(file, line),
        ..http_paths::unread(framework)
    };
    scan::endpoint(acc, file, line, line, endpoint);
}
