//! Symfony: limiters of its rate limiter component.

use crate::extractor::{Extractor, Reads};
use crate::facts::FileFacts;
use crate::paths;
use crate::php;
use crate::scan;
use crate::source::SourceFile;
use groundplan_model::Topic;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "symfony-limits",
    docs: "\
### What it finds
Limiters of `framework.rate_limiter` with their policy, number and time, for code that names them.

### What it does not find
Limiters in PHP and those for one environment alone (`when@test`).
",
    reads: &[Reads::Paths(&[
        "**/config/packages/*.yaml",
        "**/config/packages/*.yml",
    ])],
    markers: &["rate_limiter:"],
    run: extract,
};

/// Limiters at most.
const MOST: usize = 40;

/// <https://symfony.com/doc/current/rate_limiter.html#configuration>
fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) || php::is_foreign(file.path) {
        return;
    }
    for root in file.documents() {
        let all = root.get("framework").and_then(|f| f.get("rate_limiter"));
        let Some(all) = all else { continue };
        for (name, limiter) in all.entries().iter().take(MOST) {
            let policy = limiter.str_of("policy").unwrap_or("token_bucket");
            // A bucket is filled again while it is emptied.
            let (of, key) = match (limiter.get("rate"), policy) {
                (Some(rate), "token_bucket") => (rate, "amount"),
                _ => (*limiter, "limit"),
            };
            let (Some(most), Some(often)) = (of.str_of(key), of.str_of("interval")) else {
                continue;
            };
            if most.contains('%') || often.contains('%') {
                continue;
            }
            let once = limiter.str_of("limit").filter(|_| key == "amount");
            let once = once.map(|n| format!(" and {n} at once"));
            let detail = format!(
                "at most {most} in {often}{}, for code that names it",
                once.unwrap_or_default()
            );
            scan::mark(
                acc,
                file,
                name.line,
                Topic::RateLimit,
                &name.text,
                Some(detail),
            );
        }
    }
}
