//! What C# files import, read and start.

use crate::environment::environment_at;
use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Import, Router};
use crate::finders::Finders;
use crate::prose;
use crate::scan::{self, Part};
use crate::source::SourceFile;
use groundplan_syntax::{Call, Code, Language, TokenKind};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "csharp-code",
    docs: "\
### What it finds
In C#: `using` directives and the namespace of the file, variables of the environment and keys of
the configuration that code reads (`GetEnvironmentVariable`, `Configuration[\"A:B\"]`,
`GetConnectionString`, `GetValue`, `GetSection`), with the default `Production` of the framework for its
environment, whether a program clears its sources of settings and then takes them from files alone, entry points,
and comments that say that work is left. Of tests only imports and the number of cases are kept.

### What it does not find
Keys that options classes bind by their property names, global usings of a project file.
",
    reads: &[Reads::Languages(&[Language::CSharp])],
    markers: &[],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let part = scan::part(file);
    if part == Part::Foreign {
        return;
    }
    imports(acc, file);
    if part == Part::Test {
        cases(acc, file);
        return;
    }
    reads(acc, file);
    starts(acc, file);
    prose::todos(acc, file);
}

/// Directives stand at the head of the file or of a namespace, so the search ends at a type.
fn imports(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let code = file.code();
    let mut at = 0;
    while at < code.tokens.len() {
        match code.raw(at) {
            word @ ("using" | "namespace") => {
                let mut first = at + 1;
                if code.is(first, "static") {
                    first += 1;
                }
                // `using Alias = Name.Space;`
                if code.is(first + 1, "=") {
                    first += 2;
                }
                let mut end = first;
                while code.ident(end).is_some() || matches!(code.raw(end), "." | ":") {
                    end += 1;
                }
                let name = scan::joined(code, first..end);
                let closed = match word {
                    // `using Prices = List<decimal>;` stands for the type without its arguments.
                    "using" => code.is(end, ";") || first > at + 1 && generic(code, end),
                    _ => matches!(code.raw(end), ";" | "{"),
                };
                if closed && !name.is_empty() && name.len() < 300 {
                    let line = code.line(at);
                    let module = if word == "namespace" {
                        format!("package:{name}")
                    } else {
                        name
                    };
                    acc.add(file, line, line, Claim::Import(Import { module }));
                }
                at = end.max(at + 1);
            }
            "class" | "interface" | "enum" | "record" | "struct" => return,
            _ => at += 1,
        }
    }
}

/// Whether arguments of a type stand from `at` to the end of the statement.
fn generic(code: &Code<'_>, at: usize) -> bool {
    let mut end = at;
    while code.ident(end).is_some() || "<>,.[]()?".contains(code.raw(end)) {
        end += 1;
        if end > at + 64 || code.raw(end).is_empty() {
            return false;
        }
    }
    end > at && code.is(end, ";")
}

fn reads(acc: &mut FileFacts, file: &SourceFile<'_>) {
    // Few files have a word of those that reads begin with.
    static BEGINNINGS: Finders = Finders::of(&["onfig", "ONFIG", "Onfig", "Environment"]);
    if !BEGINNINGS.any(file.text) {
        return;
    }
    // What a file says that has the configuration of the framework.
    static KNOWN: Finders = Finders::of(&[
        "IConfiguration",
        "ConfigurationBuilder",
        "ConfigurationManager",
        "Extensions.Configuration",
        "builder.Configuration",
        "ontext.Configuration",
        "app.Configuration",
    ]);
    let mut has_framework: Option<bool> = None;
    let code = file.code();
    for at in 0..code.tokens.len() {
        if code.tokens[at].kind != TokenKind::Ident {
            continue;
        }
        let Some((Some(found), next)) = environment_at(code, at) else {
            continue;
        };
        let name = found.trim_start_matches("{env:").trim_end_matches('}');
        // `config["folder"]` may be any dictionary.
        let short = matches!(code.raw(at), "config" | "_config") && code.is(at + 1, "[");
        if short && !*has_framework.get_or_insert_with(|| KNOWN.any(file.text)) {
            continue;
        }
        let written = code.is(next, "=") && !code.is(next + 1, "=");
        if written {
            continue;
        }
        let default = match code.raw(next) {
            "?" if code.is(next + 1, "?") => literal(code, next + 2),
            _ => (at..next)
                .find(|&i| code.is(i, "("))
                .and_then(|open| code.arguments(open).get(1).cloned())
                .filter(|range| range.len() == 1)
                .and_then(|range| literal(code, range.start)),
        };
        // (<https://learn.microsoft.com/aspnet/core/fundamentals/environments>)
        let of_framework = matches!(name, "ASPNETCORE_ENVIRONMENT" | "DOTNET_ENVIRONMENT");
        let default = default.or(of_framework.then_some("Production"));
        let known = acc.facts.len();
        scan::env(acc, file, code.line(at), name, default);
        if let Some(Claim::EnvRead(read)) = acc.facts.get_mut(known).map(|f| &mut f.claim) {
            read.keyed = !code.is(at, "Environment");
        }
    }
    // `config.Sources.Clear()`, and then files alone
    // (<https://learn.microsoft.com/aspnet/core/fundamentals/configuration/>).
    let cleared = (2..code.tokens.len())
        .find(|&at| code.is(at, "Clear") && code.is(at - 1, ".") && code.is(at - 2, "Sources"));
    if let Some(at) = cleared.filter(|_| !file.text.contains("AddEnvironmentVariables")) {
        let router = Router {
            name: FILES_ALONE.to_owned(),
            ..Router::default()
        };
        scan::add(acc, file, code.line(at), Claim::Router(router));
    }
}

/// The router that says that a program takes its settings from files and from nothing else.
pub(crate) const FILES_ALONE: &str = "=files alone";

fn literal<'t>(code: &Code<'t>, at: usize) -> Option<&'t str> {
    let number = code
        .tokens
        .get(at)
        .is_some_and(|t| t.kind == TokenKind::Number);
    let truth = matches!(code.raw(at), "true" | "false");
    code.string(at)
        .or_else(|| (number || truth).then(|| code.raw(at)))
}

fn starts(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let code = file.code();
    let name = file.name();
    let name = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let may_start = |call: &Call| {
        scan::plain_word(code, *call)
            .is_none_or(|word| word.starts_with("Create") || word.ends_with("HostBuilder"))
    };
    let mut runs: Option<bool> = None;
    for call in code.calls().filter(may_start) {
        let kind = match code.name(call).as_str() {
            "WebApplication.CreateBuilder"
            | "WebApplication.CreateSlimBuilder"
            | "WebHost.CreateDefaultBuilder" => "server",
            "Host.CreateDefaultBuilder" | "Host.CreateApplicationBuilder" => "host",
            "DistributedApplication.CreateBuilder" => "aspire",
            "WebAssemblyHostBuilder.CreateDefault" | "MauiApp.CreateBuilder" => "ui",
            // `new HostBuilder()…ConfigureWebHost(…)` that is run in the same file.
            "HostBuilder" | "WebHostBuilder"
                if call.first > 0
                    && code.is(call.first - 1, "new")
                    && *runs.get_or_insert_with(|| runs_web(file)) =>
            {
                "server"
            }
            _ => continue,
        };
        scan::entry(acc, file, call.line, kind, name);
        return;
    }
    for at in 2..code.tokens.len() {
        let is_static = || (at.saturating_sub(6)..at).any(|i| code.is(i, "static"));
        if code.is(at, "Main") && code.is(at + 1, "(") && is_static() && !code.is(at - 1, ".") {
            scan::entry(acc, file, code.line(at), "main", name);
            return;
        }
    }
}

/// Whether a file sets up a web server and runs what it builds.
fn runs_web(file: &SourceFile<'_>) -> bool {
    let any = |words: &[&str]| words.iter().any(|word| file.text.contains(word));
    any(&["ConfigureWebHost", "UseKestrel", "UseStartup"]) && any(&[".Run(", ".RunAsync("])
}

fn cases(acc: &mut FileFacts, file: &SourceFile<'_>) {
    const KINDS: [(&str, &str); 6] = [
        ("Fact", "xunit"),
        ("Theory", "xunit"),
        ("Test", "nunit"),
        ("TestCase", "nunit"),
        ("TestMethod", "mstest"),
        ("DataTestMethod", "mstest"),
    ];
    let mut lines = Vec::new();
    let mut framework = "xunit";
    for declared in &file.outline().declared {
        let found = KINDS
            .iter()
            .find(|(name, _)| declared.annotation(&[name]).is_some());
        if let Some((_, name)) = found {
            lines.push(declared.first);
            framework = name;
        }
    }
    scan::tests(acc, file, framework, &lines);
}
