//! Configuration of nginx.

mod directives;
mod routes;

use crate::extractor::{Extractor, Reads};
use crate::facts::FileFacts;
use crate::source::SourceFile;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "nginx",
    docs: "\
### What it finds
Routes of nginx: `proxy_pass`, `grpc_pass`, `fastcgi_pass`, `uwsgi_pass` and `scgi_pass` by
location, with the servers of an upstream and values of `set` filled in; rate limits, security
headers, caches, certificates, authentication, time-outs, retries, address rules and health
locations.

### What it does not find
What `include` brings in, targets that are known only at run time, and what Lua blocks do.
",
    reads: &[Reads::Paths(&[
        "*.conf",
        "*.nginx",
        "*.conf.template",
        "*.conf.tmpl",
        "*.conf.tpl",
        "*.conf.j2",
        "*.conf.erb",
        "*.conf.sample",
        "**/nginx/**/*.template",
        "**/sites-available/*",
        "**/sites-enabled/*",
    ])],
    markers: &[
        "proxy_pass",
        "grpc_pass",
        "fastcgi_pass",
        "uwsgi_pass",
        "scgi_pass",
        "upstream",
        "server_name",
        "location",
    ],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    embedded(acc, file, file.text, 0);
}

/// Reads a text that stands in `file` behind `offset` lines: all of it, or a value inside it.
pub(super) fn embedded(acc: &mut FileFacts, file: &SourceFile<'_>, text: &str, offset: u32) {
    let all = directives::parse(text, offset);
    // Other programs have `.conf` files with other words.
    let known = ["http", "server", "upstream", "location", "stream", "events"];
    if all
        .iter()
        .any(|d| d.block && known.contains(&d.name.as_str()))
    {
        routes::read(acc, file, &all);
    }
}
