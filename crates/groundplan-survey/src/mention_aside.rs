//! Places where a word is about something else than how the system is run: what it offers to its users, what
//! serves those who build and release it, and how it is used.

use crate::paths;

/// Topics that are about how the system itself is run: where the product does the same for others, its
/// words say nothing of it.
const OPERATED: [&str; 18] = [
    "alert-channel",
    "alerting",
    "backup",
    "canary",
    "cdn",
    "chaos",
    "cloud",
    "dashboard",
    "events",
    "expiry-for-browsers",
    "exporter",
    "gateway",
    "health-check",
    "log-collector",
    "metric",
    "region",
    "rollback",
    "tracing",
];

/// Topics that only a server can have: a page that speaks of one shows what somebody may set there.
const OF_SERVERS: [&str; 17] = [
    "audit",
    "autoscaler",
    "backup",
    "cache",
    "cdn",
    "events",
    "exporter",
    "gateway",
    "object-storage",
    "partition",
    "quota",
    "read-replica",
    "rented-service",
    "retention",
    "retry",
    "rollback",
    "search-index",
];

/// Whether words of a topic in the file of this path say nothing about the system.
pub(crate) fn is_aside(topic: &str, path: &str, document: bool) -> bool {
    let lower = paths::lower(path);
    let (folders, name) = paths::split_name(&lower).unwrap_or(("", &lower));
    if OPERATED.contains(&topic) {
        if paths::parts(folders).any(is_feature) {
            return true;
        }
        if document && (paths::parts(folders).any(is_of_use) || is_of_use(stem(name))) {
            return true;
        }
    }
    if OF_SERVERS.contains(&topic) && is_of_pages(folders, name) {
        return true;
    }
    paths::parts(folders).any(is_of_releases) && !groundplan_knowledge::is_of_delivery(topic)
}

fn stem(name: &str) -> &str {
    name.split('.').next().unwrap_or(name)
}

/// Folders of siblings that each connect the product with something else.
fn is_feature(folder: &str) -> bool {
    matches!(folder, "notifiers" | "notifier")
        || ["-providers", "_providers"]
            .iter()
            .any(|end| folder.ends_with(end))
}

/// Documents on how the product is used.
fn is_of_use(part: &str) -> bool {
    matches!(
        part,
        "examples"
            | "features"
            | "integrations"
            | "settings"
            | "tutorial"
            | "tutorials"
            | "usage"
            | "user-guide"
            | "user_guide"
            | "userguide"
    )
}

/// Files of pages, and code that runs in them.
fn is_of_pages(folders: &str, name: &str) -> bool {
    let end = name.rsplit_once('.').map_or("", |(_, end)| end);
    if matches!(end, "vue" | "jsx" | "tsx" | "svelte") {
        return true;
    }
    let page = |part: &str| {
        matches!(
            part,
            "clientapp" | "frontend" | "front-end" | "webapp" | "static"
        )
    };
    // Settings of pages by environment, as Angular lays them down.
    let set = folders.ends_with("environments") && name.starts_with("environment.");
    matches!(end, "js" | "mjs" | "ts") && (set || paths::parts(folders).any(page))
}

fn is_of_releases(folder: &str) -> bool {
    matches!(
        folder,
        "release" | "releasing" | "ci" | ".ci" | "build-tools" | "dev-tools"
    )
}

#[cfg(test)]
mod tests {
    use super::is_aside;

    #[test]
    fn what_the_product_offers_is_no_word_on_how_it_runs() {
        for (topic, path, document) in [
            (
                "alerting",
                "server/notification-providers/pagerduty.js",
                false,
            ),
            (
                "rollback",
                "docs/administration/settings/runbooks.mdx",
                true,
            ),
            ("alerting", "docs/examples.md", true),
            ("backup", "extra/release/install-deps.mjs", false),
            ("gateway", "frontend/mixins/socket.js", false),
            ("retention", "src/components/settings/History.vue", false),
            (
                "rented-service",
                "ui/src/environments/environment.prod.ts",
                false,
            ),
        ] {
            assert!(is_aside(topic, path, document), "{topic} {path}");
        }
        for (topic, path, document) in [
            ("alerting", "deploy/alertmanager.yml", false),
            ("authorization", "src/shop/plugins/auth/roles.py", false),
            ("backup", "docs/admin/backup.md", true),
            ("deployment", "ci/release/deploy.sh", false),
            ("gateway", "server/proxy.js", false),
            (
                "audit",
                "src/common/interceptors/audit.interceptor.ts",
                false,
            ),
            ("backup", "src/components/backup/service.ts", false),
            ("tracing", "src/plugins/tracing.ts", false),
            ("events", "com/acme/shop/integration/EventBus.java", false),
            ("retention", "server/jobs/clear-old-data.js", false),
        ] {
            assert!(!is_aside(topic, path, document), "{topic} {path}");
        }
    }
}
