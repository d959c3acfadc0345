//! Small repositories in, what the resolver joins out: elements, dependencies and settings.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use groundplan_model::{Blueprint, ElementKind, Provenance};
use groundplan_survey::{Options, Progress, Surroundings, read_tree, resolve};
use std::fmt::Write;
use std::path::Path;

fn blueprint(root: &Path) -> Blueprint {
    let options = Options {
        history: false,
        ..Options::default()
    };
    let (tree, _) = read_tree(root, &options, &Progress::default()).facts();
    let around = Surroundings {
        fallback_name: "shop".to_owned(),
    };
    resolve(&tree, groundplan_knowledge::knowledge(), &around).0
}

fn places(provenance: &Provenance) -> String {
    let all: Vec<String> = provenance
        .evidence
        .iter()
        .take(3)
        .map(|e| e.label())
        .collect();
    all.join(", ")
}

/// One line per element, dependency, table, setting and observation.
fn listing(blueprint: &Blueprint) -> String {
    let mut out = String::new();
    for e in blueprint
        .elements
        .iter()
        .filter(|e| e.kind != ElementKind::Component)
    {
        let role = e.role.map(|r| format!("{r:?}")).unwrap_or_default();
        let source = e.source.as_deref().unwrap_or("-");
        let technology = e.technology.join(", ");
        writeln!(
            out,
            "{:?} {} | {role} | {source} | {technology} | {}",
            e.kind,
            e.id,
            e.tags.join(" ")
        )
        .unwrap();
        // What may be told of several sets of files.
        let varies = e.attribute("variant").is_some();
        let limits = |key: &str| {
            let families = ["health-check", "limit.", "probe.", "replicas", "request."];
            key == "restart" || families.iter().any(|f| key.starts_with(f))
        };
        let shown = [
            "base-image",
            "gives-root-up",
            "built-into",
            "can-call",
            "exposed",
            "generated-routes",
            "command",
            "user",
            "image-source",
            "keeps",
            "kept-by",
            "selected-by",
            "program-of",
            "code-of",
            "rollout.optional",
            "scaling.optional",
        ];
        for a in e
            .attributes
            .iter()
            .filter(|a| shown.contains(&a.key.as_str()) || varies && limits(&a.key))
        {
            writeln!(out, "    {} = {}", a.key, a.value).unwrap();
        }
    }
    for r in &blueprint.relationships {
        writeln!(
            out,
            "{} | {} | {} | {:?} | {}",
            r.id,
            r.protocol.as_deref().unwrap_or("-"),
            match (r.only_addressed(), r.only_reports()) {
                (true, _) => "address only".to_owned(),
                (_, true) => r.description.clone(),
                _ => r.operations.join(", "),
            },
            r.confidence,
            places(&r.provenance)
        )
        .unwrap();
        for f in &r.failures {
            let asked = f.asked.as_deref().unwrap_or("-");
            let during = f.during.as_deref().unwrap_or("-");
            let answer = f.answer.as_deref().unwrap_or("-");
            let at = places(&f.provenance);
            let outcome = f.outcome;
            writeln!(
                out,
                "    {asked} fails in {during}: {outcome:?} {answer} | {at}"
            )
            .unwrap();
        }
        if r.acknowledged {
            writeln!(out, "    acknowledged").unwrap();
        }
        for o in &r.limits {
            let detail = o.detail.as_deref().unwrap_or("-");
            writeln!(out, "    limited by {:?} {detail}", o.topic).unwrap();
        }
    }
    for flow in &blueprint.flows {
        writeln!(out, "flow {} | {}", flow.title, places(&flow.provenance)).unwrap();
        for step in &flow.steps {
            let at = places(&step.provenance);
            writeln!(
                out,
                "    {} -> {} {} | {at}",
                step.from, step.to, step.action
            )
            .unwrap();
        }
        for error in &flow.errors {
            writeln!(out, "    fails: {}", error.text).unwrap();
        }
    }
    for e in &blueprint.entities {
        let (owner, store) = (e.owner.as_deref(), e.store.as_deref());
        writeln!(
            out,
            "kept {} by {} in {}",
            e.name,
            owner.unwrap_or("-"),
            store.unwrap_or("-")
        )
        .unwrap();
    }
    for s in &blueprint.coverage.sites {
        writeln!(out, "site {} {} {}", s.folder, s.language, s.lines).unwrap();
    }
    for t in &blueprint.glossary {
        writeln!(out, "term {}: {}", t.term, t.meaning).unwrap();
    }
    for s in &blueprint.settings {
        writeln!(
            out,
            "setting {} {} = {:?}{} | {:?} {}| {}",
            s.element.as_deref().unwrap_or("-"),
            s.name,
            s.value,
            if s.secret { " (secret)" } else { "" },
            s.source,
            s.profile
                .as_deref()
                .map(|p| format!("{p} "))
                .unwrap_or_default(),
            places(&s.provenance)
        )
        .unwrap();
    }
    for o in &blueprint.observations {
        writeln!(
            out,
            "seen {:?} {} {} {}",
            o.topic,
            o.element.as_deref().unwrap_or("-"),
            o.name,
            o.detail.as_deref().unwrap_or_default()
        )
        .unwrap();
    }
    out
}

#[test]
fn fixtures() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/resolve");
    groundplan_testing::run(&root, |case| listing(&blueprint(&case.path.join("input"))));
}

/// The projects that a workspace declares are the components, not the folders that group them.
#[test]
fn projects_of_a_workspace_are_components() {
    let folder = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/fixtures/resolve/images/server-with-its-pages/input"
    );
    let found = blueprint(Path::new(folder));
    let components = found.elements.iter();
    let sources: Vec<&str> = components
        .filter(|e| e.kind == ElementKind::Component)
        .filter_map(|e| e.source.as_deref())
        .collect();
    assert_eq!(sources, ["apps/api", "apps/client"]);
}

/// Routes of Rails go to the container that answers, drawn files below the path that draws them, and
/// an application that is only an API has no forms.
#[test]
fn routes_of_rails_are_those_of_the_web_process() {
    let folder = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/fixtures/resolve/images/rails-with-image/input"
    );
    let found = blueprint(Path::new(folder));
    let routes: Vec<String> = (found.interfaces.iter())
        .flat_map(|i| i.operations.iter().map(move |o| (i, o)))
        .map(|(i, o)| {
            let element = i.element.as_deref().unwrap_or("-");
            format!("{element} {} {}", o.method, o.path)
        })
        .collect();
    assert_eq!(
        routes,
        [
            "web GET /api/partners/{id}",
            "web GET /desk",
            "web ANY /jobs",
            "web GET /orders",
            "web POST /orders",
            "web GET /orders/{id}",
            "web PATCH /orders/{id}",
            "web PUT /orders/{id}",
            "web GET /stock/v1/shelves",
        ]
    );
}

fn operations(case: &str) -> Vec<String> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/resolve/monoliths");
    let found = blueprint(&Path::new(root).join(case).join("input"));
    let all = found.interfaces.iter().flat_map(|i| &i.operations);
    all.map(|o| o.id.clone()).collect()
}

/// A function of another file gets the application and takes the blueprints in.
#[test]
fn blueprints_of_a_handed_application_stand_at_its_root() {
    assert_eq!(
        operations("blueprints-of-a-handed-application"),
        ["POST /api/v1/orders", "GET /cart"]
    );
}

/// A server that also runs in a window of Windows answers in the program that runs anywhere.
#[test]
fn routes_of_a_library_go_to_the_program_that_runs_anywhere() {
    let folder = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/fixtures/resolve/deployment/dotnet-in-a-window/input"
    );
    let found = blueprint(Path::new(folder));
    let told = found.interfaces.iter().flat_map(|i| {
        let element = i.element.as_deref().unwrap_or("-");
        i.operations
            .iter()
            .map(move |o| format!("{element} {}", o.id))
    });
    let told: Vec<String> = told.collect();
    assert_eq!(told, ["depot.console GET /api/parcels"]);
}

/// A title that repeats the name of a part does not say what it is for.
#[test]
fn names_are_no_purposes() {
    let folder = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/fixtures/resolve/monoliths/servers-and-tools/input"
    );
    let found = blueprint(Path::new(folder));
    let told: Vec<(&str, &str)> = (found.elements.iter())
        .filter_map(|e| Some((e.id.as_str(), e.description.as_ref()?.text.as_str())))
        .collect();
    assert_eq!(
        told,
        [(
            "settings",
            "Hands settings out to programs and tells them of changes."
        )]
    );
}

/// What a class answers for an interface that the build makes stands in the contract, with the method.
#[test]
fn routes_of_generated_interfaces_stand_in_the_contract() {
    let folder = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/fixtures/resolve/monoliths/generated-interfaces/input"
    );
    let found = blueprint(Path::new(folder));
    let told: Vec<String> = (found.interfaces.iter())
        .flat_map(|i| i.operations.iter().map(move |o| (i, o)))
        .map(|(i, o)| {
            let element = i.element.as_deref().unwrap_or("-");
            let handler = o.handler.as_deref().unwrap_or("-");
            format!("{element} {} {handler} {}", o.id, places(&o.provenance))
        })
        .collect();
    let class = "orders/src/main/java/shop/OrdersController.java";
    assert_eq!(
        told,
        [
            format!("orders GET /orders listOrders api/orders.yaml:7-12, {class}:12"),
            format!("orders POST /orders placeOrder api/orders.yaml:13-18, {class}:17"),
            format!("orders GET /orders/{{id}} getOrder api/orders.yaml:20-27, {class}:22"),
        ]
    );
}

/// Older editions of a contract, inputs of tests and templates are no interfaces; two versions that are
/// offered side by side are, and so is what a test keeps of the own interface.
#[test]
fn editions_and_inputs_of_tests_are_no_interfaces() {
    let folder = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/fixtures/resolve/monoliths/editions-and-inputs/input"
    );
    let found = blueprint(Path::new(folder));
    let told: Vec<String> = (found.interfaces.iter())
        .map(|i| {
            let operations: Vec<&str> = i.operations.iter().map(|o| o.id.as_str()).collect();
            format!("{}: {}", i.name, operations.join(", "))
        })
        .collect();
    assert_eq!(
        told,
        [
            "Mocker API v1: GET /v1/services, GET /v1/services/{id}",
            "Mocker API v1.10: GET /api/services, GET /api/services/{id}, DELETE /api/services/{id}",
            "Mocker API v2: GET /v2/services, GET /v2/services/{id}",
        ]
    );
}

/// A route names a function of a module: that of the file called after it, and no other of the name.
#[test]
fn controllers_of_node_are_found_by_their_files() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/resolve/monoliths");
    let found = blueprint(&Path::new(root).join("express-controllers/input"));
    let told: Vec<String> = (found.interfaces.iter())
        .flat_map(|i| &i.operations)
        .map(|o| {
            let takes: Vec<&str> = o.parameters.iter().map(|p| p.name.as_str()).collect();
            let answers: Vec<&str> = o.responses.iter().map(|r| r.status.as_str()).collect();
            format!("{}: {}; {}", o.id, takes.join(" "), answers.join(" "))
        })
        .collect();
    assert_eq!(
        told,
        [
            // The module has no function of the name.
            "GET /orders: ; ",
            "POST /orders: items idempotency-key; 202",
            "GET /users: page X-Tenant; 200",
            "POST /users: name email; 201",
            "DELETE /users/{id}: id; 204",
        ]
    );
}

/// What a handler answers and its contract does not declare stands beside what it declares.
#[test]
fn answers_beside_a_contract_are_kept_apart() {
    let folder = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/fixtures/resolve/monoliths/answers-beside-a-contract/input"
    );
    let found = blueprint(Path::new(folder));
    let told: Vec<String> = (found.interfaces.iter())
        .flat_map(|i| &i.operations)
        .map(|o| {
            let declared: Vec<&str> = o.responses.iter().map(|r| r.status.as_str()).collect();
            format!(
                "{}: {}; {}",
                o.id,
                declared.join(" "),
                o.undeclared.join(" ")
            )
        })
        .collect();
    assert_eq!(
        told,
        ["GET /boats/{name}: 200; 404", "POST /boats: default; "]
    );
}

/// A route to a controller of the repository is one only where something has the action.
#[test]
fn routes_of_rails_are_held_against_actions() {
    assert_eq!(
        operations("actions-of-controllers"),
        [
            "GET /admin/feeds",
            "DELETE /admin/feeds/{id}",
            "GET /admin/users",
            "POST /admin/users",
            "GET /admin/users/new",
            "DELETE /admin/users/{id}",
            "GET /admin/users/{id}",
            "PATCH /admin/users/{id}",
            "PUT /admin/users/{id}",
            "GET /admin/users/{id}/edit",
            "GET /pages",
            "GET /pages/{id}",
            "POST /sessions",
            "GET /v2/feeds/{id}",
        ]
    );
}

/// A list that is included below two paths counts below both, with the methods of its views.
#[test]
fn lists_of_django_count_below_each_path() {
    assert_eq!(
        operations("django"),
        [
            "GET /api/v1/products/",
            "POST /api/v1/products/",
            "GET /api/v2/products/",
            "POST /api/v2/products/",
            "ANY /live/{product}/live",
        ]
    );
}

/// The applications of Django are the modules of a program, and not the folders beside them.
#[test]
fn applications_of_django_are_components() {
    let root = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/fixtures/resolve/monoliths/django"
    );
    let found = blueprint(&Path::new(root).join("input"));
    let components = found
        .elements
        .iter()
        .filter(|e| e.kind == ElementKind::Component);
    let names: Vec<&str> = components.map(|e| e.name.as_str()).collect();
    assert_eq!(names, ["catalog", "orders"]);
    let uses = found.relationships.iter().map(|r| r.id.as_str());
    let inner: Vec<&str> = uses.filter(|id| id.contains("orders")).collect();
    assert_eq!(
        inner,
        ["shop.shop/shop.orders->shop.shop/shop.catalog:calls"]
    );
}

/// Columns as text: type, what the database says, then what the program does.
fn columns(found: &Blueprint, table: &str) -> Vec<String> {
    let entity = found.entities.iter().find(|e| e.name == table).unwrap();
    let line = |f: &groundplan_model::Field| {
        let mut words = vec![f.name.clone(), f.data_type.clone()];
        words.extend((!f.nullable).then(|| "not null".to_owned()));
        words.extend(f.default.as_ref().map(|d| format!("default {d}")));
        words.extend(f.constraints.iter().cloned());
        words.extend(f.description.as_ref().map(|d| format!("-- {d}")));
        words.join(" ")
    };
    let keys = entity.relations.iter().map(|r| {
        let rule = r.on_delete.as_deref().unwrap_or("-");
        format!("{} -> {} {rule}", r.fields.join(", "), r.to)
    });
    entity.fields.iter().map(line).chain(keys).collect()
}

/// What migrations make of a table holds, whatever its model says of it; the model adds what the program
/// does, and what its comments say.
#[test]
fn tables_of_migrations_hold_against_their_models() {
    let folder = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/fixtures/resolve/stores/tables-of-sequelize/input"
    );
    let found = blueprint(Path::new(folder));
    assert_eq!(
        columns(&found, "pins"),
        [
            "id UUID not null default in the program: UUIDV4",
            "index STRING checked by the program: at most 256 characters \
             -- Where the pin stands among its neighbours",
            "state STRING not null default open",
            "boardId UUID not null",
            "createdAt DATE not null",
            "note STRING nullability not read",
            "boardId -> boards cascade",
        ]
    );
    let view = found.entities.iter().find(|e| e.name == "cards").unwrap();
    assert_eq!(view.kind, groundplan_model::EntityKind::View);
    assert_eq!(view.over, ["pins"]);
    assert_eq!(view.fields.len(), 5);
}

/// The last pattern that holds the folder of a part names its owners, and what bears the name of the whole
/// does not describe a part.
#[test]
fn parts_have_owners_and_purposes_of_their_own() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/resolve/observations");
    let found = blueprint(&Path::new(root).join("owners-of-parts/input"));
    let told: Vec<String> = (found.elements.iter())
        .filter(|e| e.kind == ElementKind::Container)
        .map(|e| {
            let owner = e.attribute("code-owner").map_or("-", |a| &*a.value);
            let purpose = e.description.as_ref().map_or("-", |d| &*d.text);
            format!("{}: {owner}; {purpose}", e.id)
        })
        .collect();
    assert_eq!(
        told,
        [
            "api: @acme/apps; API server behind the shop",
            "db: -; -",
            "mail: @dee; -",
            "quiet: -; -",
            "web: @ann, @bo; The pages of the shop",
            "worker: @acme/apps; -",
        ]
    );
    // What an example says of its owners holds nowhere else.
    assert!(found.stakeholders.iter().all(|s| s.name != "@zed"));
}

/// Where a build runs integration tests apart, what else is named a test is of units, and nowhere else.
#[test]
fn builds_tell_the_levels_of_tests() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/resolve/observations");
    let found = blueprint(&Path::new(root).join("levels-by-the-build/input"));
    let told: Vec<String> = (found.observations.iter())
        .filter(|o| o.topic == groundplan_model::Topic::Test && o.name != "junit")
        .map(|o| format!("{} {}", o.name, places(&o.provenance)))
        .collect();
    assert_eq!(
        told,
        [
            "integration orders/src/test/java/shop/OrderIT.java:4",
            "unit orders/src/test/java/shop/OrderTest.java:4",
            "unsorted stock/src/test/java/shop/StockTest.java:4",
        ]
    );
}

/// What an action or a workflow of the repository does belongs to the job that calls it, as far as its inputs let
/// it.
#[test]
fn stages_of_what_is_called_belong_to_the_jobs_that_call() {
    let folder = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/fixtures/resolve/deployment/called-actions/input"
    );
    let found = blueprint(Path::new(folder));
    let mut told = String::new();
    for (pipeline, job) in (found.pipelines.iter()).flat_map(|p| p.jobs.iter().map(move |j| (p, j)))
    {
        let (name, id) = (&pipeline.name, &job.id);
        writeln!(told, "{name} {id}: {:?} {:?}", job.stages, job.limits).unwrap();
    }
    assert_eq!(
        told,
        "CI test: [Test] []\n\
         CI image: [Security, Package, Release] [(Security, \"on all events but pull request\"), (Release, \"on all events but pull request\")]\n\
         CI pages: [Build] []\n\
         Deep both: [Test, Release] [(Release, \"for tags v*\")]\n\
         Late check: [Security, Package, Release] [(Release, \"for tags v*\")]\n\
         Late tagged: [Security, Package] [(Security, \"for tags v*\"), (Package, \"for tags v*\")]\n\
         Late deep: [Test, Release] [(Release, \"for tags v*\")]\n\
         Release image: [Security, Package, Release] []\n\
         Release site: [Build, Release] []\n\
         Ship image: [Security, Package, Release] [(Security, \"on all events but pull request\"), (Release, \"where its input push says so\")]\n\
         Site build: [Build] []\n\
         Site publish: [Release] []\n\
         Tried image: [Package] []\n"
    );
}

/// Where the begin of routes was not read, those who ask for them tell it. Two bases, interfaces of others, and
/// clients of pages that put something before routes whose begin was read, tell nothing.
#[test]
fn bases_are_told_by_those_who_ask() {
    let told = |case: &str| {
        let folder = format!(
            "{}/fixtures/resolve/asked-bases/{case}/input",
            env!("CARGO_MANIFEST_DIR")
        );
        let found = blueprint(Path::new(&folder));
        let mut all = Vec::new();
        for interface in &found.interfaces {
            all.extend(interface.operations.iter().map(|o| o.id.clone()));
            all.extend(interface.description.clone());
        }
        all
    };
    assert_eq!(
        told("tests-of-an-unread-begin"),
        [
            "GET /api/v1/parcels",
            "GET /api/v1/parcels/{id}/stops",
            "GET /api/v1/vans",
            "GET /api/v1/vans/{id}/tours",
            "Callers in the repository ask for its operations below `/api/v1` (`test/parcels.test.js:6`); what puts that before its routes was not read."
        ]
    );
    let unread = [
        "GET …/parcels",
        "GET …/parcels/{id}/stops",
        "GET …/vans",
        "GET …/vans/{id}/tours",
    ];
    assert_eq!(told("two-bases"), unread);
    let others = told("interface-of-others");
    assert_eq!(others.len(), 6);
    assert!(others.iter().all(|o| o.starts_with("GET …/")), "{others:?}");
    for case in ["root-with-a-base-in-pages", "root-that-is-asked"] {
        assert_eq!(
            told(case),
            [
                "GET /health",
                "GET /parcels",
                "GET /parcels/{id}/stops",
                "POST /vans"
            ],
            "{case}"
        );
    }
}
