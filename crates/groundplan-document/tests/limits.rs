//! What is known of one stage, event or example is not told of all.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{at, element, json, of_each, say, seen, surveyed, with};
use groundplan_model::{
    Attribute, Environment, EnvironmentTier, Evidence, Job, JobStage, Pipeline, Provenance, Role,
    Setting, SettingSource, Topic,
};

fn composed(name: &str, comment: Option<&str>) -> Environment {
    let comment = comment.map(|text| Attribute {
        key: "comment".to_owned(),
        value: text.to_owned(),
        provenance: at(1),
    });
    Environment {
        id: name.to_owned(),
        name: name.to_owned(),
        tier: EnvironmentTier::Other,
        mechanism: "Docker Compose".to_owned(),
        attributes: comment.into_iter().collect(),
        provenance: at(1),
    }
}

/// What a file says of itself is quoted where its stage is not settled.
#[test]
fn comments_of_compose_files_are_quoted() {
    let mut blueprint = surveyed();
    let preset = "A preset for those who run it themselves.";
    blueprint.environments = vec![
        composed("compose.yaml", Some(preset)),
        composed("b.yml", None),
    ];
    let text = say(&blueprint, "environment-development");
    assert!(
        text.contains("say for which stage `compose.yaml` and `b.yml` are meant"),
        "{text}"
    );
    assert!(
        text.ends_with("`compose.yaml` says of itself “A preset for those who run it themselves”."),
        "{text}"
    );
    let text = say(&blueprint, "environments");
    assert!(
        text.contains("; “A preset for those who run it themselves”"),
        "{text}"
    );
}

fn job(name: &str, stage: JobStage, events: &[&str]) -> Job {
    Job {
        id: name.to_owned(),
        name: name.to_owned(),
        stages: vec![stage],
        needs: Vec::new(),
        steps: Vec::new(),
        step_stages: Vec::new(),
        environment: None,
        events: events.iter().map(|e| (*e).to_owned()).collect(),
        limits: Vec::new(),
        condition: None,
        provenance: at(3),
    }
}

/// Steps that run on some events of their pipeline are not told to run on all.
#[test]
fn steps_have_events_of_their_own() {
    let mut blueprint = surveyed();
    blueprint.pipelines = vec![Pipeline {
        id: "woodpecker".to_owned(),
        name: ".woodpecker.yml".to_owned(),
        product: "Woodpecker CI".to_owned(),
        triggers: vec![
            "cron".to_owned(),
            "pull request".to_owned(),
            "tag".to_owned(),
        ],
        jobs: vec![
            job("check", JobStage::Test, &["pull request"]),
            job("image", JobStage::Package, &["cron", "tag"]),
            job("crates", JobStage::Release, &["tag"]),
        ],
        provenance: at(1),
    }];
    assert_eq!(
        say(&blueprint, "pipelines"),
        "`.woodpecker.yml` (Woodpecker CI) runs on cron, on pull request and on tag: test, package and \
         release; package only on cron and on tag; test only on pull request; release only on tag."
    );
    assert_eq!(
        say(&blueprint, "release-process"),
        "`.woodpecker.yml` runs on tag: `crates`."
    );
    let text = say(&blueprint, "tests");
    assert!(!text.contains("cron"), "{text}");
    // An event has the name that the product gives it.
    let pipeline = &mut blueprint.pipelines[0];
    pipeline.triggers = ["manual", "pull request", "tag"].map(str::to_owned).into();
    pipeline.jobs[1] = job("image", JobStage::Package, &["manual", "tag"]);
    pipeline.jobs[2] = job(
        "crates",
        JobStage::Release,
        &["all events but pull request and tag"],
    );
    let text = say(&blueprint, "pipelines");
    assert!(text.contains("package only by hand and on tag;"), "{text}");
    assert!(text.contains("release only by hand"), "{text}");
}

/// Developers may start a part by another file: what that of a platform says is said of the platform.
#[test]
fn platforms_do_what_their_own_files_say() {
    let mut blueprint = surveyed();
    let mut shop = element("shop", Role::Service, &["Go"]);
    for (key, value) in [
        ("deployed-by", "Fly.io"),
        ("region", "cdg"),
        ("region", "ams"),
        ("deploy-strategy", "canary"),
        ("release-command", "bin/migrate up"),
    ] {
        with(&mut shop, key, value);
        if let Some(last) = shop.attributes.last_mut() {
            last.provenance = Provenance::observed([Evidence::new("fly.toml", 3, 3, "")]);
        }
    }
    blueprint.elements = vec![shop];
    for (key, told) in [
        ("regions", "Fly.io runs `shop` in the region `ams`."),
        ("regions", "Fly.io runs `shop` in the region `cdg`."),
        (
            "blue-green",
            "Fly.io replaces the machines of `shop` with the strategy `canary`.",
        ),
        (
            "release-process",
            "Before Fly.io starts a release it runs `bin/migrate up`.",
        ),
        (
            "environment-production",
            "The files for Fly.io describe `shop`; none of them names a stage.",
        ),
    ] {
        let text = say(&blueprint, key);
        assert!(text.contains(told), "{text}");
    }
    assert!(!json(&blueprint, "environment-production").contains("compose.yaml"));
}

fn setting(name: &str, source: SettingSource, value: Option<&str>, path: &str) -> Setting {
    Setting {
        element: None,
        name: name.to_owned(),
        source,
        value: value.map(str::to_owned),
        secret: false,
        profile: None,
        provenance: Provenance::observed([Evidence::new(path, 3, 3, "")]),
    }
}

/// What an example proposes is nothing that code takes by itself.
#[test]
fn examples_are_no_defaults() {
    let mut blueprint = surveyed();
    blueprint.settings = vec![
        setting("API_URL", SettingSource::Environment, None, "src/api.ts"),
        setting(
            "API_URL",
            SettingSource::Deployment,
            Some("http://localhost:3170/v1"),
            ".env.example",
        ),
        setting(
            "PAGE_SIZE",
            SettingSource::Environment,
            Some("20"),
            "src/list.ts",
        ),
        setting(
            "PAGE_SIZE",
            SettingSource::Deployment,
            Some("50"),
            ".env.example",
        ),
    ];
    let text = say(&blueprint, "environment-variables");
    assert!(
        text.contains("`API_URL` | no part | `http://localhost:3170/v1` in an example"),
        "{text}"
    );
    assert!(
        text.contains("`PAGE_SIZE` | no part | default `20`"),
        "{text}"
    );
}

/// Keys that are called as secrets are, in a file that is not read whole, are not all of it.
#[test]
fn keys_of_secrets_are_no_whole_file() {
    let mut blueprint = surveyed();
    let mut key = setting(
        "db_password",
        SettingSource::File,
        None,
        "config/shop.hjson",
    );
    key.secret = true;
    blueprint.settings = vec![key];
    assert_eq!(
        say(&blueprint, "configuration-files"),
        "`config/shop.hjson` holds at least 1 secret; its other keys were not read."
    );
    let text = say(&blueprint, "configuration-file-count");
    assert!(text.contains("with at least 1 setting"), "{text}");
}

/// A part that runs the program of another is not said to lack what stands in its code.
#[test]
fn one_program_in_two_parts_is_told_once() {
    let mut blueprint = surveyed();
    let mut second = element("api-2", Role::Service, &["Rust"]);
    with(&mut second, "program-of", "api");
    let mut worker = element("worker", Role::Job, &["Rust"]);
    with(&mut worker, "code-of", "api");
    blueprint.elements = vec![element("api", Role::Service, &["Rust"]), second, worker];
    let text = of_each(&blueprint, "component", "component-monitoring");
    assert!(
        text.contains("Runs the same program as `api`: what was read in its code is told there."),
        "{text}"
    );
    assert!(
        text.contains(
            "Runs code of the same source as `api`: what was read in its code is told there."
        ),
        "{text}"
    );
    let text = of_each(&blueprint, "component", "component-dependencies");
    assert_eq!(text.matches("is told there").count(), 2, "{text}");
}

/// What an image names is no port of a container that a deployment gives another.
#[test]
fn ports_of_images_are_told_apart() {
    let mut blueprint = surveyed();
    let mut api = element("api", Role::Service, &["Rust"]);
    with(&mut api, "port", "8541");
    api.attributes.push(Attribute {
        key: "port".to_owned(),
        value: "8536".to_owned(),
        provenance: Provenance::observed([Evidence::new("docker/Dockerfile", 7, 7, "")]),
    });
    blueprint.elements = vec![api];
    let text = of_each(&blueprint, "component", "component-interfaces");
    assert!(text.contains("Port `8541`."), "{text}");
    assert!(
        text.contains(
            "Its image names port `8536` too; whether anything listens there was not followed."
        ),
        "{text}"
    );
}

/// What code deletes by its age is a rule of retention, with its time where that is written.
#[test]
fn deletions_by_age_are_retention() {
    let mut blueprint = surveyed();
    blueprint.observations = vec![
        seen(Topic::Stated, "deleted after a time", "entries"),
        seen(
            Topic::Stated,
            "deleted after a time",
            "sent_activity\n7 days",
        ),
    ];
    assert_eq!(
        say(&blueprint, "data-retention-seen"),
        "Code deletes rows of `sent_activity` that are older than 7 days and of `entries` by their age, with \
         a time that is given to it."
    );
    let text = say(&blueprint, "data-lifecycle");
    assert!(
        text.contains("Rows of `sent_activity` | 7 days | deleted by code"),
        "{text}"
    );
}
