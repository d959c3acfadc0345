//! Middleware of Laravel that stands before routes.

use crate::facts::FileFacts;
use crate::scan;
use crate::source::SourceFile;
use groundplan_model::Topic;
use std::collections::BTreeMap;

/// Middleware that was seen, with the first line that names it and how many routes it stands before.
#[derive(Debug, Default)]
pub(super) struct Guards {
    all: BTreeMap<String, (u32, usize)>,
}

impl Guards {
    /// Takes in one route with what stands before it.
    pub(super) fn count(&mut self, guards: &[(String, u32)]) {
        for (index, (name, line)) in guards.iter().enumerate() {
            let again = guards[..index].iter().any(|(n, _)| n == name);
            if again || topic(name).is_none() {
                continue;
            }
            let known = self.all.entry(name.clone()).or_insert((*line, 0));
            known.0 = known.0.min(*line);
            known.1 += 1;
        }
    }

    /// One observation for each.
    pub(super) fn add(self, acc: &mut FileFacts, file: &SourceFile<'_>) {
        for (name, (line, routes)) in self.all {
            let Some(topic) = topic(&name) else {
                continue;
            };
            let verb = match topic {
                Topic::RateLimit => "limits",
                _ => "guards",
            };
            let noun = if routes == 1 { "route" } else { "routes" };
            let detail = format!("{verb} {routes} {noun} of `{}`", file.path);
            scan::mark(acc, file, line, topic, name, Some(detail));
        }
    }
}

/// Notes what stands before the routes of a file that another one takes in.
pub(super) fn before(acc: &mut FileFacts, file: &SourceFile<'_>, line: u32, name: &str, of: &str) {
    if let Some(topic) = topic(name) {
        let verb = match topic {
            Topic::RateLimit => "limits",
            _ => "guards",
        };
        let detail = format!("{verb} the routes of `{of}`");
        scan::mark(acc, file, line, topic, name, Some(detail));
    }
}

/// What middleware does by its name: `auth:sanctum`, `can:update,post`, `throttle:60,1`.
pub(super) fn topic(name: &str) -> Option<Topic> {
    let base = name.split(':').next().unwrap_or(name).to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|w| base.contains(w));
    if has(&["throttl", "ratelimit", "rate_limit", "rate-limit"]) {
        return Some(Topic::RateLimit);
    }
    // What a caller has to have done before: verified the address, given the password once more.
    if matches!(
        &*base,
        "can" | "verified" | "password.confirm" | "requirepassword"
    ) || has(&[
        "emailisverified",
        "emailverified",
        "role",
        "permission",
        "abilit",
        "scope",
        "admin",
        "authoriz",
        "polic",
        "owner",
    ]) {
        return Some(Topic::Authorization);
    }
    let who = has(&[
        "auth", "jwt", "sanctum", "passport", "token", "api_key", "apikey", "api-key", "secret",
        "login", "signed",
    ]);
    // `RedirectIfAuthenticated` turns away those who are known.
    let known = has(&[
        "ifauthenticated",
        "ensureunauthenticated",
        "isunauthenticated",
        "onlyunauthenticated",
    ]);
    (who && !known && !has(&["csrf"])).then_some(Topic::Authentication)
}
