//! Answers on the technology stack, as a reader meets them.

mod common;

use common::{at, element, package, say, surveyed};
use groundplan_model::{Dependency, DependencyScope, Pipeline, Role, Setting, SettingSource};

/// A variable that code reads, with its default.
fn given(element: &str, name: &str, value: &str) -> Setting {
    Setting {
        element: Some(element.to_owned()),
        name: name.to_owned(),
        source: SettingSource::Environment,
        value: Some(value.to_owned()),
        secret: false,
        profile: None,
        provenance: at(3),
    }
}

/// A package of npm that only development needs.
fn developing(element: &str, name: &str, technology: &str) -> Dependency {
    let mut one = package(element, "npm", name, technology);
    one.scope = DependencyScope::Development;
    one
}

#[test]
fn a_framework_says_where_jobs_and_caches_are_kept() {
    let mut blueprint = surveyed();
    blueprint.elements = vec![element("shop", Role::Service, &["PHP", "Laravel"])];
    blueprint.settings = vec![
        given("shop", "QUEUE_CONNECTION", "database"),
        given("shop", "CACHE_STORE", "file"),
    ];
    assert_eq!(
        say(&blueprint, "queue-product"),
        "Jobs of Laravel wait in a table of its database: `QUEUE_CONNECTION` is `database`."
    );
    assert_eq!(
        say(&blueprint, "cache-product"),
        "What Laravel caches stands in files: `CACHE_STORE` is `file`."
    );
    // Where files differ nothing is chosen for all, and another framework has other words.
    blueprint
        .settings
        .push(given("shop", "QUEUE_CONNECTION", "sync"));
    assert!(!say(&blueprint, "queue-product").contains("Laravel wait"));
    blueprint.settings.truncate(2);
    // The words are those of anybody: another part chooses nothing for it, nor does a profile.
    blueprint
        .elements
        .push(element("pages", Role::Ui, &["TypeScript"]));
    blueprint.settings[1] = given("pages", "CACHE_STORE", "file");
    assert!(!say(&blueprint, "cache-product").contains("Laravel"));
    blueprint.settings[0].profile = Some("test".to_owned());
    assert!(!say(&blueprint, "queue-product").contains("Laravel wait"));
    blueprint.settings[0].profile = None;
    blueprint.elements = vec![element("shop", Role::Service, &["PHP", "Symfony"])];
    assert!(!say(&blueprint, "queue-product").contains("Laravel"));
}

#[test]
fn pipelines_after_tests_under_load_load_nothing_for_tests() {
    let said = |name: &str| {
        let mut blueprint = surveyed();
        blueprint.pipelines = vec![Pipeline {
            id: "checks".to_owned(),
            name: name.to_owned(),
            product: "GitHub Actions".to_owned(),
            triggers: Vec::new(),
            jobs: Vec::new(),
            provenance: at(3),
        }];
        say(&blueprint, "load-tests").contains("called after a test under load")
    };
    for name in [
        "Load test",
        "nightly-load-tests",
        "Stress testing of the API",
    ] {
        assert!(said(name), "{name}");
    }
    for name in [
        "Load test data",
        "load-testing-fixtures",
        "Load tested image",
    ] {
        assert!(!said(name), "{name}");
    }
}

#[test]
fn tools_are_those_of_parts_with_pages() {
    let mut blueprint = surveyed();
    blueprint.elements = vec![
        element("api", Role::Service, &["TypeScript"]),
        element("web", Role::Ui, &["TypeScript"]),
    ];
    blueprint.dependencies = vec![
        developing("api", "@babel/core", "Babel"),
        developing("api", "@swc/core", "SWC"),
        developing("web", "@babel/core", "Babel"),
        developing("web", "vite", "Vite"),
        package("web", "npm", "vue", "Vue.js"),
    ];
    let said = say(&blueprint, "build-tools");
    assert!(said.contains("Babel 1.0.0 in `web`."), "{said}");
    assert!(said.contains("Vite 1.0.0 in `web`."), "{said}");
    assert!(!said.contains("SWC"), "{said}");
    // Without a part of pages alone any of them may build pages.
    blueprint.elements.pop();
    assert!(say(&blueprint, "build-tools").contains("SWC"));
}

#[test]
fn what_a_page_is_made_of_counts_where_all_of_it_is_for_development() {
    let mut blueprint = surveyed();
    blueprint.elements = vec![element("admin", Role::Ui, &["TypeScript"])];
    blueprint.dependencies = vec![
        developing("admin", "react", "React"),
        developing("admin", "zustand", "Zustand"),
    ];
    assert_eq!(
        say(&blueprint, "state-management"),
        "Zustand 1.0.0 in `admin`."
    );
    // Where the framework is needed at work, the rest of the list is what it says.
    blueprint.dependencies[0].scope = DependencyScope::Runtime;
    assert!(!say(&blueprint, "state-management").contains("Zustand"));
}

#[test]
fn an_older_framework_brings_its_store() {
    let mut blueprint = surveyed();
    blueprint.elements = vec![element("web", Role::Ui, &["JavaScript"])];
    let mut nuxt = package("web", "npm", "nuxt", "Nuxt");
    nuxt.version = "^2.17.3".to_owned();
    blueprint.dependencies = vec![nuxt];
    assert_eq!(
        say(&blueprint, "state-management"),
        "Nuxt 2 brings Vuex, in `web`."
    );
    blueprint.dependencies[0].version = "^3.2.0".to_owned();
    assert!(!say(&blueprint, "state-management").contains("Vuex"));
}
