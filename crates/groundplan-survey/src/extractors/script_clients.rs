//! Public addresses that HTTP clients of Ruby, PHP and Elixir are given.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, Client, FileFacts};
use crate::paths;
use crate::scan::{self, Part};
use crate::script_lines;
use crate::secrets;
use crate::source::SourceFile;
use groundplan_syntax::Language;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "script-clients",
    docs: "\
### What it finds
Systems outside by the address that a client is given in code: base addresses of Tesla, Faraday, HTTParty
and Guzzle, calls of Req, HTTPoison, Finch, Net::HTTP, RestClient, the HTTP client of Laravel and curl, and
constants and attributes that are named for an address in files that use one of them, or a module of the
program's own that is called after HTTP, also where a variable may take their place. Addresses of sockets
(`wss://…`) in files that open some with WebSockex, Mint.WebSocket, gun, Slipstream, Fresh, faye-websocket,
websocket-client-simple, websocket-php or Pawl.

### What it does not find
Addresses that settings give, links that are only shown, tests, tasks of Mix and sample code in texts of
several lines.
",
    reads: &[Reads::Own(&[
        Language::Elixir,
        Language::Php,
        Language::Ruby,
    ])],
    markers: &[
        "https://", "http://", "wss://", "ws://", "Faraday", "HTTParty", "HTTPoison", "Net::HTTP", "RestClient", "Tesla",
        "Req.", "GuzzleHttp", "Http::", "curl_exec",
    ],
    run: extract,
};

/// What a line or file must hold, with the name of the library.
const ELIXIR: &[(&str, &str)] = &[
    ("Tesla.", "Tesla"),
    ("use Tesla", "Tesla"),
    ("HTTPoison.", "HTTPoison"),
    ("Req.", "Req"),
    ("Finch.build", "Finch"),
    ("HTTPotion.", "HTTPotion"),
    (":httpc.", "httpc"),
    (":hackney.", "hackney"),
];

/// The same of libraries that keep a socket of a server open.
const SOCKETS: &[(&str, &str)] = &[
    ("use WebSockex", "WebSockex"),
    ("WebSockex.start", "WebSockex"),
    ("Mint.WebSocket", "Mint.WebSocket"),
    (":gun.ws_upgrade", "gun"),
    ("use Slipstream", "Slipstream"),
    ("use Fresh", "Fresh"),
    ("Faye::WebSocket::Client", "faye-websocket"),
    ("WebSocket::Client::Simple", "websocket-client-simple"),
    ("WebSocket\\Client", "websocket-php"),
    ("Ratchet\\Client", "Pawl"),
];
const RUBY: &[(&str, &str)] = &[
    ("Faraday", "Faraday"),
    ("HTTParty", "HTTParty"),
    ("RestClient", "RestClient"),
    ("Net::HTTP", "Net::HTTP"),
    ("Typhoeus", "Typhoeus"),
    ("Excon", "Excon"),
    ("HTTPX.", "HTTPX"),
];
const PHP: &[(&str, &str)] = &[
    ("GuzzleHttp", "Guzzle"),
    ("Facades\\Http", "Laravel HTTP client"),
    ("Http::", "Laravel HTTP client"),
    ("Symfony\\Contracts\\HttpClient", "Symfony HttpClient"),
    ("curl_init", "curl"),
];

/// Words of a line that hand an address to a client.
const HANDED: [&str; 21] = [
    "process_url",
    "process_request_url",
    "BaseUrl",
    "base_url",
    "base_uri",
    "baseUrl(",
    "Faraday.new",
    "->request(",
    "->get(",
    "->post(",
    "->put(",
    "curl_init(",
    "Http::",
    "Tesla.get",
    "Tesla.post",
    "HTTPoison.",
    "Req.",
    "Finch.build",
    "Net::HTTP",
    "HTTParty.",
    "RestClient",
];

/// Calls that surely send a request.
const CALLS: [&str; 20] = [
    "Faraday.new",
    "Faraday.get",
    "Faraday.post",
    "HTTParty.get",
    "HTTParty.post",
    "HTTPoison.get",
    "HTTPoison.post",
    "HTTPoison.request",
    "Net::HTTP.get",
    "Net::HTTP.post",
    "Net::HTTP.start",
    "Net::HTTP.new",
    "RestClient.",
    "Req.get",
    "Req.post",
    "Tesla.client(",
    "new Client(",
    "Http::get(",
    "Http::post(",
    "curl_exec(",
];

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own
        || paths::is_test(file.path)
        || paths::is_generated(file.path, file.text)
        || crate::php::is_foreign(file.path)
        || file.path.ends_with(".blade.php")
        // What is built for a release has no tasks of Mix.
        || file.path.contains("lib/mix/tasks/")
    {
        return;
    }
    let libraries = match file.language {
        Language::Elixir => ELIXIR,
        Language::Ruby => RUBY,
        _ => PHP,
    };
    sockets(acc, file);
    let used = libraries.iter().find(|(mark, _)| file.text.contains(mark));
    let used = used.map(|(_, library)| *library);
    let Some(library) = used.or_else(|| own_client(file)) else {
        return;
    };
    let mut unknown = None;
    for line in script_lines::lines(file.text, file.language) {
        let called = !line.quoted && CALLS.iter().any(|call| line.text.contains(call));
        if unknown.is_none() && called {
            unknown = Some(line.number);
        }
        if line.quoted || !line.text.contains("://") {
            continue;
        }
        let Some((at, address)) = address(line.text) else {
            continue;
        };
        let head = line.text.get(..at).unwrap_or_default();
        if HANDED.iter().any(|word| head.contains(word))
            || is_named(head, file.language)
            || is_default(head)
        {
            let client = Client {
                protocol: "http".to_owned(),
                target: Some(secrets::without_credentials(address)),
                method: None,
                library: Some(library.to_owned()),
                operation: None,
            };
            scan::add(acc, file, line.number, Claim::Client(client));
            unknown = Some(0);
        }
    }
    // Somebody is called, and the file does not tell whom.
    if let Some(line) = unknown.filter(|&line| line > 0) {
        let client = scan::call("http", None, library);
        scan::add(acc, file, line, Claim::Client(client));
    }
}

/// The module of the program's own that code of Elixir sends its requests with: `alias Shop.HTTP`, `HTTP.get(url)`.
fn own_client<'t>(file: &SourceFile<'t>) -> Option<&'t str> {
    if file.language != Language::Elixir {
        return None;
    }
    file.text.lines().find_map(|line| {
        let module = line.trim().strip_prefix("alias ")?.trim();
        let (_, last) = module.rsplit_once('.')?;
        let named = matches!(last, "HTTP" | "Http" | "HTTPClient" | "HttpClient");
        let calls = |name: &str| {
            let call = format!("{name}.");
            let mut found = file.text.match_indices(&call);
            found.any(|(at, _)| file.text[at + call.len()..].starts_with(char::is_lowercase))
        };
        (named && calls(last)).then_some(module)
    })
}

/// Addresses of sockets (`wss://…`) in code that opens some.
fn sockets(acc: &mut FileFacts, file: &SourceFile<'_>) {
    const SCHEMES: [&str; 2] = ["wss://", "ws://"];
    // Hardly any file has such an address.
    if !SCHEMES.iter().any(|scheme| file.text.contains(scheme)) {
        return;
    }
    let used = SOCKETS.iter().find(|(mark, _)| file.text.contains(mark));
    let Some((_, library)) = used else { return };
    for line in script_lines::lines(file.text, file.language) {
        let found = Some(&line).filter(|l| !l.quoted);
        let found = found.and_then(|l| between(l.text, &SCHEMES));
        if let Some((_, address)) = found {
            let target = Some(secrets::without_credentials(address));
            let client = scan::call("websocket", target, library);
            scan::add(acc, file, line.number, Claim::Client(client));
        }
    }
}

/// The first address of HTTP between quotes.
fn address(line: &str) -> Option<(usize, &str)> {
    between(line, &["https://", "http://"])
}

/// The first address between quotes that is whole up to its path, with where it starts.
fn between<'t>(line: &'t str, schemes: &[&str]) -> Option<(usize, &'t str)> {
    let quoted = |at: &usize| line.get(..*at).is_some_and(|t| t.ends_with(['"', '\'']));
    let at = (schemes.iter())
        .flat_map(|scheme| line.match_indices(scheme))
        .map(|(at, _)| at)
        .filter(quoted)
        .min()?
        .checked_sub(1)?;
    let text = line.get(at + 1..)?;
    let end = text.find(['"', '\'', '#', '$', '{', '?', ' ', '\\'])?;
    let text = text.get(..end)?;
    let host = text.split("://").nth(1)?.split('/').next()?;
    let host = host.split(':').next()?;
    let public = host.contains('.')
        && host
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || ".-".contains(c))
        && host
            .rsplit('.')
            .next()
            .is_some_and(|end| end.len() > 1 && end.chars().all(|c| c.is_ascii_alphabetic()))
        && !host.contains("example.")
        && !host.ends_with(".local");
    // `https://api.#{region}.x.com` is not whole.
    let whole = !text.ends_with(['.', '-']) || text.contains(&format!("{host}/"));
    (public && whole).then_some((at, text))
}

/// Whether an address takes the place of a variable that is named for one: `ENV["RATES_URL"] || "https://…"`,
/// `System.get_env("RATES_HOST", "https://…")`.
fn is_default(head: &str) -> bool {
    let head = head.trim_end_matches(['"', '\'', ' ', ',', '|', '{', '?', ':', '(', ')', ']']);
    let read = ["ENV", "env(", "getenv(", "get_env("];
    let name = head.rsplit(['"', '\'']).next().unwrap_or_default();
    let (_, last) = name.rsplit_once('_').unwrap_or(("", name));
    let named = matches!(last, "URL" | "URI" | "HOST" | "ENDPOINT" | "BASE");
    // Where its own pages are, a program tells those whom it writes to.
    let own = [
        "APP_", "ASSET", "CALLBACK", "CANON", "CDN", "DOC", "DOMAIN", "FRONTEND", "HELP", "LOGO",
        "PHX_", "PRIVACY", "PUBLIC", "REDIRECT", "ROOT", "SELF_", "SERVER_", "SITE", "SUPPORT",
        "TERMS", "WEB_",
    ];
    // `BASE_URL` alone is that of the program.
    let bare = [
        "BASE", "BASE_URI", "BASE_URL", "ENDPOINT", "HOST", "URI", "URL",
    ];
    let named = named && !bare.contains(&name);
    named && read.iter().any(|r| head.contains(r)) && !own.iter().any(|word| name.contains(word))
}

/// Whether what stands before names a constant or attribute that holds the address of an API.
fn is_named(head: &str, language: Language) -> bool {
    let head = head.trim_end().trim_end_matches(['=', '>', ' ']);
    let apart = |c: char| !(c.is_ascii_alphanumeric() || "_@$'\"".contains(c));
    let name = head.rsplit(apart).next().unwrap_or_default();
    let constant = match language {
        Language::Elixir => name.starts_with('@'),
        Language::Php => {
            head.contains("const ") || name.starts_with('$') && head.contains("static")
        }
        _ => name.starts_with(|c: char| c.is_ascii_uppercase()),
    };
    let lower = name
        .trim_matches(['@', '$', '\'', '"'])
        .to_ascii_lowercase();
    let words = ["url", "uri", "endpoint", "host", "base", "api"];
    let named = lower.split('_').any(|word| words.contains(&word));
    let shown = [
        "docs", "help", "link", "website", "homepage", "image", "avatar", "icon", "schema",
    ];
    constant && named && !shown.iter().any(|word| lower.contains(word))
}
