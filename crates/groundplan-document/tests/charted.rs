//! What is said of charts of Helm: what they make only where a value asks for it, and which values they take.

mod common;

use common::{at, element, read, say, surveyed, with};
use groundplan_model::{Blueprint, Role, Setting, SettingSource, SiteLines};

/// One workload of a chart.
fn herd() -> Blueprint {
    let mut blueprint = surveyed();
    let mut herd = element("herd", Role::Service, &["Go"]);
    herd.attributes.clear();
    for (key, value) in [
        ("deployed-by", "Kubernetes"),
        ("workload", "Deployment"),
        ("replicas", "1"),
        ("rollout.optional", "Recreate; persistence.enabled"),
        (
            "scaling.optional",
            "1 to 8 replicas by cpu 75 %; autoscaling.enabled",
        ),
        (
            "chart.kinds",
            "Deployment, HorizontalPodAutoscaler, Service",
        ),
    ] {
        with(&mut herd, key, value);
    }
    blueprint.elements = vec![herd];
    blueprint
}

#[test]
fn a_strategy_under_a_condition_is_no_absence() {
    let text = say(&herd(), "rolling-update");
    assert_eq!(
        text,
        "`herd` has the strategy `Recreate` only where the chart value `persistence.enabled` is set, which it \
         is not by default."
    );
}

#[test]
fn a_rule_of_scaling_that_is_off_is_told() {
    let text = say(&herd(), "scaling");
    assert_eq!(
        text,
        "An autoscaler of the chart (1 to 8 replicas by cpu 75 %) is made only where `autoscaling.enabled` is \
         set, which it is not by default."
    );
    let text = say(&herd(), "kubernetes");
    assert!(
        text.contains("Deployment, HorizontalPodAutoscaler, Service"),
        "{text}"
    );
}

#[test]
fn nothing_is_said_of_pods_whose_node_is_lost() {
    let text = say(&herd(), "failover");
    assert!(!text.contains("another node"), "{text}");
}

fn setting(name: &str, source: SettingSource, value: Option<&str>) -> Setting {
    Setting {
        element: Some("herd".to_owned()),
        name: name.to_owned(),
        source,
        value: value.map(str::to_owned),
        secret: false,
        profile: None,
        provenance: at(7),
    }
}

#[test]
fn a_value_of_the_chart_goes_by_its_name() {
    let mut blueprint = herd();
    with(
        &mut blueprint.elements[0],
        "chart-value",
        "MAIL_FROM; mail.from",
    );
    blueprint.settings = vec![
        setting("MAIL_FROM", SettingSource::Deployment, Some("")),
        setting("PROXY", SettingSource::Environment, None),
        setting("TITLE", SettingSource::Environment, Some("")),
    ];
    let text = say(&blueprint, "environment-variables");
    assert!(
        text.contains("chart value `mail.from`, empty by default"),
        "{text}"
    );
    assert!(text.contains("| empty by default"), "{text}");
    assert!(!text.contains("not read"), "{text}");
}

#[test]
fn a_site_of_documents_is_told_apart() {
    let mut blueprint = herd();
    blueprint.coverage.sites = vec![SiteLines {
        folder: "docs".to_owned(),
        language: "Vue".to_owned(),
        lines: 90,
    }];
    read(&mut blueprint, &[("Go", 900)]);
    let text = say(&blueprint, "summary");
    assert!(
        text.contains("Go (900 lines), its site of documents in `docs` in Vue (90 lines)"),
        "{text}"
    );
}
