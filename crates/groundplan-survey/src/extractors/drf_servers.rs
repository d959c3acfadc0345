//! Django REST framework: where the settings of drf-spectacular say that an API is served.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Mount};
use crate::http_paths;
use crate::paths;
use crate::source::SourceFile;
use groundplan_syntax::Language;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "drf-servers",
    docs: "\
### What it finds
Paths of servers in the settings of drf-spectacular (`\"SERVERS\": [{\"url\": \"/orders/api/v1\"}]`,
<https://drf-spectacular.readthedocs.io/en/latest/settings.html>): they say which version stands where
the patterns of URLs have a parameter for it.

### What it does not find
Servers with a host, and those that are put together when the program starts.
",
    reads: &[Reads::Languages(&[Language::Python])],
    markers: &["\"SERVERS\"", "'SERVERS'"],
    run: extract,
};

/// Target of a mount that says where an API is served.
pub(crate) const SERVER: &str = "*drf-server";

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) {
        return;
    }
    let code = file.code();
    for at in 0..code.tokens.len() {
        let list = at + 2;
        if code.string(at) != Some("SERVERS") || !code.is(at + 1, ":") || !code.is(list, "[") {
            continue;
        }
        let close = code.partner(list).unwrap_or(list);
        for key in list..close {
            let url = code.string(key) == Some("url") && code.is(key + 1, ":");
            let Some(path) = code.string(key + 2).filter(|p| url && p.starts_with('/')) else {
                continue;
            };
            let mount = Mount {
                prefix: http_paths::prefix(path),
                target: SERVER.to_owned(),
                ..Mount::default()
            };
            let line = code.line(key);
            acc.add(file, line, line, Claim::Mount(mount));
        }
    }
}
