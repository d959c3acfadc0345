//! Who owns, keeps and uses the system, and what its legal pages say.

mod common;

use common::{at, element, say, seen_at, surveyed, with};
use groundplan_model::{
    Author, Blueprint, Evidence, Job, JobStage, Pipeline, Provenance, Role, Stakeholder, Topic,
};

fn owner(name: &str, patterns: &str) -> Stakeholder {
    Stakeholder {
        name: name.to_owned(),
        role: "code owner".to_owned(),
        concern: Some(patterns.to_owned()),
        provenance: in_file("CODEOWNERS"),
    }
}

fn in_file(path: &str) -> Provenance {
    Provenance::observed([Evidence::new(path, 1, 1, "")])
}

fn stated(blueprint: &mut Blueprint, key: &str, path: &str, detail: &str) {
    let mut seen = seen_at(Topic::Stated, "shop", key, path, 3);
    seen.element = None;
    seen.detail = Some(detail.to_owned());
    blueprint.observations.push(seen);
}

#[test]
fn owners_stand_beside_their_parts_and_products_have_none() {
    let mut blueprint = surveyed();
    let mut shop = element("shop", Role::Service, &["Go"]);
    shop.source = Some("shop".to_owned());
    with(&mut shop, "code-owner", "@ann");
    shop.attributes[1].provenance = in_file(".github/CODEOWNERS");
    let mut stock = element("stock", Role::Service, &["Go"]);
    stock.source = Some("stock".to_owned());
    let db = element("db", Role::Database, &["PostgreSQL"]);
    blueprint.elements = vec![shop, stock, db];
    blueprint.stakeholders = vec![owner("@ann", "shop/")];
    let text = say(&blueprint, "component-table");
    assert!(text.contains("@ann, by `CODEOWNERS`"), "{text}");
    assert!(
        text.lines()
            .any(|l| l.starts_with("`stock`") && l.contains("OQ-")),
        "{text}"
    );
    assert!(
        text.lines()
            .any(|l| l.starts_with("`db`") && l.ends_with("–")),
        "{text}"
    );
    // Who owns everything is said once, and nobody is asked.
    blueprint.elements[0]
        .attributes
        .retain(|a| a.key != "code-owner");
    blueprint.stakeholders = vec![owner("@ann", "*"), owner("@bo", "*")];
    let text = say(&blueprint, "component-table");
    assert!(
        text.contains(
            "By `CODEOWNERS` the changes of what no later pattern names are reviewed by @ann and @bo."
        ),
        "{text}"
    );
    assert!(
        text.lines()
            .all(|l| !l.starts_with("`stock`") || l.ends_with("–")),
        "{text}"
    );
    let team = say(&blueprint, "development-team");
    assert!(
        team.starts_with("Code owners: @ann (`*`), @bo (`*`)"),
        "{team}"
    );
    // A file of approvers is called as it is.
    with(&mut blueprint.elements[0], "code-owner", "@cy");
    blueprint.elements[0].attributes[1].provenance = in_file("shop/OWNERS");
    blueprint.stakeholders = vec![owner("@ann", "/"), owner("@cy", "/shop/")];
    blueprint.stakeholders[0].provenance = in_file("OWNERS");
    let text = say(&blueprint, "component-table");
    assert!(text.contains("@cy, by `OWNERS`"), "{text}");
    assert!(
        text.contains("By `OWNERS` the changes of what no nearer file names are reviewed by @ann."),
        "{text}"
    );
}

#[test]
fn roles_of_two_parts_stand_for_those_of_all() {
    let mut blueprint = surveyed();
    blueprint.elements = ["shop", "stock", "vans"]
        .map(|id| element(id, Role::Service, &["Go"]))
        .to_vec();
    for id in ["shop", "stock", "vans"] {
        let seen = seen_at(Topic::Role, id, "admin", "roles.go", 1);
        blueprint.observations.push(seen);
    }
    let text = say(&blueprint, "target-users");
    assert!(
        text.contains("The code of 1 more part does so, too."),
        "{text}"
    );
}

#[test]
fn who_committed_is_told_where_nobody_is_named() {
    let mut blueprint = surveyed();
    blueprint.history.authors = vec![
        Author {
            name: "Ann".to_owned(),
            commits: 12,
        },
        Author {
            name: "Bo".to_owned(),
            commits: 1,
        },
    ];
    let text = say(&blueprint, "stakeholders");
    assert!(text.starts_with("2 people committed in the whole history: most of all Ann (12 commits) and Bo (1 commit)"), "{text}");
    blueprint.stakeholders = vec![owner("@ann", "*")];
    let text = say(&blueprint, "stakeholders");
    assert!(!text.contains("committed"), "{text}");
}

#[test]
fn lists_of_people_and_users_are_counted() {
    let mut blueprint = surveyed();
    stated(
        &mut blueprint,
        "people-listed",
        "MAINTAINERS.md",
        "3 under “Maintainers”\n2 under “Code Owners”",
    );
    stated(
        &mut blueprint,
        "adopters",
        "ADOPTERS.md",
        "35\nGlobex, Initech\nend user (30), consultancy (5)",
    );
    let team = say(&blueprint, "team");
    assert!(
        team.starts_with(
            "`MAINTAINERS.md` lists 3 under “Maintainers” and 2 under “Code Owners”; how many"
        ),
        "{team}"
    );
    let users = say(&blueprint, "target-users");
    assert!(users.starts_with("`ADOPTERS.md` lists 35 that use it, first Globex, Initech; by their own kind: end user (30), consultancy (5); how many"), "{users}");
}

#[test]
fn a_policy_speaks_of_the_service_of_its_authors() {
    let mut blueprint = surveyed();
    stated(
        &mut blueprint,
        "legal:data-retention",
        "site/Privacy.tsx",
        "privacy policy\nWe delete backups after 30 days.",
    );
    let text = say(&blueprint, "data-retention");
    let said = "The privacy policy, which speaks of the service that the authors run, says: “We delete backups after 30 days”. What holds elsewhere is asked in OQ-";
    assert!(text.starts_with(said), "{text}");
    // What a document says of the system goes before.
    stated(
        &mut blueprint,
        "data-retention",
        "docs/retention.md",
        "Orders are kept for ten years.",
    );
    let text = say(&blueprint, "data-retention");
    assert!(text.starts_with("Stated in docs/retention.md"), "{text}");
}

#[test]
fn operation_of_what_others_install_is_decided_there() {
    let mut blueprint = surveyed();
    blueprint.elements = vec![element("shop", Role::Service, &["Go"])];
    stated(
        &mut blueprint,
        "adopters",
        "ADOPTERS.md",
        "35\nGlobex, Initech\n",
    );
    let pipeline = |stages: Vec<JobStage>| Pipeline {
        id: "release".to_owned(),
        name: "Release".to_owned(),
        product: "GitHub Actions".to_owned(),
        triggers: vec!["manual".to_owned()],
        jobs: vec![Job { stages, ..job() }],
        provenance: at(1),
    };
    blueprint.pipelines = vec![pipeline(vec![JobStage::Release])];
    let text = say(&blueprint, "incident-response");
    assert!(text.starts_with("Each installation decides"), "{text}");
    // Whoever deploys it answers for it.
    blueprint.pipelines = vec![pipeline(vec![JobStage::Release, JobStage::Deploy])];
    let text = say(&blueprint, "incident-response");
    assert!(!text.contains("Each installation decides"), "{text}");
}

fn job() -> Job {
    Job {
        id: "release".to_owned(),
        name: "release".to_owned(),
        stages: Vec::new(),
        needs: Vec::new(),
        environment: None,
        steps: Vec::new(),
        step_stages: Vec::new(),
        condition: None,
        events: Vec::new(),
        limits: Vec::new(),
        provenance: Provenance::observed([]),
    }
}

#[test]
fn build_files_in_the_folder_of_a_part_are_of_it() {
    let mut blueprint = surveyed();
    let mut shop = element("shop", Role::Service, &["Go"]);
    shop.source = Some("apps/shop".to_owned());
    blueprint.elements = vec![shop];
    for path in ["apps/shop/docker/Dockerfile.dev", "tools/Dockerfile"] {
        let mut file = seen_at(Topic::Infrastructure, "shop", "Dockerfile", path, 1);
        file.element = None;
        blueprint.observations.push(file);
    }
    let text = say(&blueprint, "container-runtime");
    assert!(
        text.contains("not tied to a part: `tools/Dockerfile`"),
        "{text}"
    );
    assert!(
        text.contains("in the folder of `shop`: `apps/shop/docker/Dockerfile.dev`"),
        "{text}"
    );
}
