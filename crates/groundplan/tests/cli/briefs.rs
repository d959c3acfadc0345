//! Briefs in `groundplan.yaml`: alone, beside a repository, asked for, drawn and simulated.

use crate::support::{Folder, same};

const BRIEF: &str = "\
brief:
  title: Table guide
  purpose: Guests reserve a table in one of 900 restaurants and pay a deposit by card.
  scale: 250k users, 120 rps peak, 80 GB/yr
  team: 5 engineers
  timeline: 7 months
  stack: PostgreSQL, Go
  constraints: GDPR, $3k/month, 99.9%, integrate with Adyen
  criticality: high
  data_classes: [personal]
  flows:
    - name: Reserve a table
      share: 10%
      steps: [guest chooses a table, api reads the free tables, api stores the reservation]
";

const COMPOSE: &str = "\
services:
  api:
    build: ./api
    environment: {DATABASE_URL: 'postgres://db:5432/tables', REDIS_URL: 'redis://cache:6379'}
    deploy: {replicas: 2}
  db: {image: 'postgres:16'}
  search: {image: 'elasticsearch:8.13.0'}
";

fn repository() -> Folder {
    Folder::with([
        ("groundplan.yaml", BRIEF),
        ("compose.yaml", COMPOSE),
        ("api/Dockerfile", "FROM golang:1.22\nCMD [\"/api\"]\n"),
        (
            "api/go.mod",
            "module example.org/api\n\ngo 1.22\n\nrequire github.com/go-chi/chi/v5 v5.0.0\n",
        ),
        (
            "api/main.go",
            "package main\n\nimport \"github.com/go-chi/chi/v5\"\n\nfunc main() {\n\tr := chi.NewRouter()\n\tr.Post(\"/bookings\", book)\n}\n",
        ),
    ])
}

#[test]
fn a_folder_with_only_a_brief_is_designed() {
    let folder = Folder::with([("groundplan.yaml", BRIEF)]);
    let ran = folder.good(&["generate", "--to", "md", "--no-history"]);
    assert!(ran.out.contains("proposal.md"), "{}", ran.out);
    let first = folder.outputs();
    let text = folder.read("docs/architecture/proposal.md");
    assert!(
        text.contains("groundplan.yaml:3"),
        "a citation of the brief"
    );
    assert!(text.contains("Reserve a table"), "the flow of the brief");
    let blueprint: serde_json::Value =
        serde_json::from_str(&folder.read("docs/architecture/blueprint.json")).unwrap();
    assert_eq!(blueprint["origin"], "designed");
    let flow = &blueprint["flows"][0];
    assert_eq!(flow["id"], "reserve-a-table");
    let steps: Vec<(&str, &str)> = flow["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| (s["from"].as_str().unwrap(), s["to"].as_str().unwrap()))
        .collect();
    let main = steps[0].1;
    assert_eq!(
        steps,
        [
            ("person.guest", main),
            (main, "database"),
            (main, "database")
        ]
    );
    let facts: serde_json::Value =
        serde_json::from_str(&folder.read("docs/architecture/facts.json")).unwrap();
    assert_eq!(facts["flow.reserve-a-table.per_day"]["unit"], "a day");
    folder.good(&["generate", "--to", "md", "--no-history"]);
    same(&first, &folder.outputs(), "a second run");
}

#[test]
fn a_brief_beside_a_repository_is_compared_with_it() {
    let folder = repository();
    folder.good(&["generate", "--to", "md", "--no-history", "--outline", "all"]);
    let blueprint: serde_json::Value =
        serde_json::from_str(&folder.read("docs/architecture/blueprint.json")).unwrap();
    assert_eq!(blueprint["origin"], "built");
    let target = |id: &str| {
        let all = blueprint["targets"].as_array().unwrap();
        let found = all.iter().find(|t| t["id"] == id);
        found
            .cloned()
            .unwrap_or_else(|| panic!("no {id} in {all:#?}"))
    };
    let database = target("store.database");
    assert_eq!(database["agrees"], true, "{database}");
    let place = &database["found"]["provenance"]["evidence"][0]["path"];
    assert_eq!(place, "compose.yaml");
    assert_eq!(target("language")["agrees"], true);
    assert_eq!(
        target("store.found.search")["designed"],
        serde_json::Value::Null
    );
    let platform = target("platform");
    assert_eq!(platform["designed"]["text"], "managed containers");
    assert_eq!(platform["found"]["text"], "Docker Compose (api)");
    assert_eq!(platform["agrees"], false);
    assert_eq!(target("api-style")["found"]["text"], "HTTP (1 operation)");
    let both = target("operations.both");
    assert_eq!(both["designed"]["text"], "POST /v1/bookings");
    assert_eq!(both["found"]["text"], "POST /bookings");
    assert_eq!(
        target("operations.missing")["found"],
        serde_json::Value::Null
    );
    let adyen = target("partner.adyen");
    assert_eq!(adyen["found"], serde_json::Value::Null);
    assert_eq!(
        adyen["designed"]["provenance"]["evidence"][0]["path"],
        "groundplan.yaml"
    );
    for name in ["proposal", "technical", "reference", "standard", "module"] {
        let text = folder.read(&format!("docs/architecture/{name}.md"));
        assert!(
            text.contains("| Part | Designed | Found | State |"),
            "no table in {name}"
        );
    }
    let text = folder.read("docs/architecture/proposal.md");
    assert!(
        text.contains("designed and not found: Adyen"),
        "no question about Adyen: {text}"
    );
    let told = folder
        .good(&["explain", "store.database", ".", "--no-history"])
        .out;
    assert!(told.contains("designed: database (PostgreSQL)"), "{told}");
    assert!(told.contains("compose.yaml:"), "{told}");
    // Without the brief nothing is compared.
    folder.write("groundplan.yaml", "system: {name: Tables}\n");
    folder.good(&["generate", "--to", "md", "--no-history", "--force"]);
    let text = folder.read("docs/architecture/blueprint.json");
    assert!(!text.contains("\"targets\""));
}

#[test]
fn faults_of_a_brief_are_shown_in_its_lines() {
    let folder = Folder::with([(
        "groundplan.yaml",
        "brief:\n  purpose: Guests reserve a table\n  skale: 5 users\n  criticality: hihg\n  flows:\n    - {name: A, share: 80%}\n    - {name: B, share: 0.5}\n    - {name: C, step: [x]}\n",
    )]);
    folder.run(&["generate"]).ended(2).says(&[
        "expected a key of a brief, found `skale`",
        "groundplan.yaml:3",
        "did you mean `scale`?",
        "did you mean `high`?",
        "at most 100 % of the requests, found 130 %",
        "expected `name`, `share` or `steps`, found `step`",
    ]);
    assert!(folder.outputs().is_empty());
}

#[test]
fn criticality_and_data_classes_change_the_design() {
    let folder = Folder::with([(
        "groundplan.yaml",
        "brief:\n  purpose: Guests reserve a table and pay a deposit by card.\n  scale: 120 rps peak\n  team: 9 engineers\n",
    )]);
    let what_if = |change: &str| {
        folder
            .good(&["design", ".", "--quiet", "--what-if", change])
            .out
    };
    let life = what_if("criticality=life");
    assert!(life.contains("slo.availability_target"), "{life}");
    assert!(life.contains("99.99"), "{life}");
    assert_eq!(what_if("criticality=normal").trim(), "nothing changes");
    folder
        .run(&["design", ".", "--quiet", "--what-if", "criticality=hihg"])
        .ended(2)
        .says(&["expected one of `low`"]);
    folder
        .run(&[
            "design",
            ".",
            "--quiet",
            "--what-if",
            "criticality=high life",
        ])
        .ended(2)
        .says(&["expected one of `low`", "found `high life`"]);
    let faulty = "  criticality: high life\n";
    let both = Folder::with([(
        "groundplan.yaml",
        &*format!("{}{faulty}", folder.read("groundplan.yaml")),
    )]);
    both.run(&["design", ".", "--quiet"]).ended(2).says(&[
        "V-VALUE-UNKNOWN",
        "expected one word of `low`",
        "found `high life`",
    ]);
    let threats = |text: &str| {
        let blueprint: serde_json::Value = serde_json::from_str(text).unwrap();
        blueprint["threats"].to_string()
    };
    let before = threats(&folder.good(&["design", ".", "--quiet"]).out);
    let text = folder.read("groundplan.yaml");
    folder.write(
        "groundplan.yaml",
        format!("{text}  data_classes: [health]\n"),
    );
    let after = threats(&folder.good(&["design", ".", "--quiet"]).out);
    assert_ne!(before, after);
}

#[test]
fn init_writes_a_brief_where_nothing_is_built() {
    let folder = Folder::named("tables");
    folder
        .run(&[
            "init",
            "--yes",
            "--purpose",
            "Guests reserve a table: and pay",
            "--scale",
            "120 rps peak",
        ])
        .ended(0)
        .says(&["V-MISSING-TEAM"]);
    let text = folder.read("groundplan.yaml");
    assert!(text.contains("\nbrief:\n  title: tables\n"), "{text}");
    assert!(text.contains("  # team: 5 engineers\n"), "{text}");
    let schema: serde_json::Value =
        serde_json::from_str(&folder.read(".groundplan/groundplan.schema.json")).unwrap();
    assert!(schema["properties"]["brief"]["properties"]["criticality"]["enum"].is_array());
    folder.good(&["generate", "--to", "md", "--quiet"]);
    let text = folder.read("docs/architecture/proposal.md");
    assert!(
        text.contains("tables: Technical Architecture Document"),
        "{text}"
    );
    // Every comment that shows a key can be taken as an answer.
    let answered: Vec<String> = folder
        .read("groundplan.yaml")
        .lines()
        .map(|line| match line.trim_start().strip_prefix("# ") {
            Some(rest) if line.starts_with("  # ") && is_example(rest) => {
                line.replacen("# ", "", 1)
            }
            _ => line.to_owned(),
        })
        .collect();
    folder.write("groundplan.yaml", answered.join("\n"));
    folder.good(&["design", "."]);
}

fn is_example(rest: &str) -> bool {
    let nested = rest.starts_with("  ");
    let key = rest.trim_start().trim_start_matches("- ");
    let word = key.split(':').next().unwrap_or_default();
    key.contains(':')
        && !word.contains(' ')
        && (nested || word.chars().all(|c| c.is_lowercase() || c == '_'))
}

#[test]
fn views_of_a_brief_are_listed_and_drawn() {
    let folder = Folder::with([
        ("groundplan.yaml", BRIEF),
        (
            "brief.yaml",
            "purpose: Guests reserve a table\nscale: 120 rps peak\n",
        ),
    ]);
    for source in [".", "brief.yaml"] {
        let list = folder.good(&["diagram", source, "--quiet"]).out;
        assert!(list.starts_with("system-context"), "{list}");
        let text = folder
            .good(&["diagram", source, "--quiet", "--view", "containers"])
            .out;
        assert!(text.contains("database"), "{text}");
        let text = folder
            .good(&[
                "diagram",
                source,
                "--quiet",
                "--view",
                "containers",
                "--to",
                "mermaid",
            ])
            .out;
        assert!(text.contains("flowchart"), "{text}");
    }
    folder.good(&["diagram", "brief.yaml", "--quiet", "--out", "pictures"]);
    assert!(folder.read("pictures/containers.svg").starts_with("<svg"));
    folder
        .run(&["diagram", "brief.yaml", "--quiet", "--view", "container"])
        .ended(2)
        .says(&["did you mean `containers`?"]);
}

#[test]
fn a_simulation_says_the_same_for_the_same_seed() {
    let folder = Folder::with([("groundplan.yaml", BRIEF)]);
    let arguments = [
        "simulate",
        ".",
        "--requests",
        "20000",
        "--years",
        "200",
        "--quiet",
    ];
    let first = folder.good(&arguments).out;
    assert!(first.contains("Reserve a table"), "{first}");
    assert!(first.contains("20,000 generated = "), "{first}");
    assert!(first.contains("Predicted met"), "{first}");
    assert_eq!(first, folder.good(&arguments).out);
    let other = folder
        .good(&[&arguments[..], &["--seed", "2"]].concat())
        .out;
    assert_ne!(first, other);
    folder.write("measured.json", r#"{"reserve-a-table": {"p99_ms": 9000}}"#);
    let json = folder
        .good(&[&arguments[..], &["--json", "--measured", "measured.json"]].concat())
        .json();
    let rows = json["rows"].as_array().unwrap();
    let row = rows.iter().find(|r| r["id"] == "reserve-a-table").unwrap();
    assert_eq!(row["verdict"], "Measured missed");
    assert_eq!(
        (&json["scenario"], &json["profile"]),
        (&"steady".into(), &"peak".into())
    );
    let failed = folder
        .good(&[&arguments[..], &["--scenario", "database-failover"]].concat())
        .out;
    assert!(failed.contains("lost"), "{failed}");
}

#[test]
fn impossible_simulations_are_refused() {
    let folder = Folder::with([("groundplan.yaml", BRIEF)]);
    let bad = |more: &[&str], words: &[&str]| {
        folder
            .run(&[&["simulate", "."], more].concat())
            .ended(2)
            .says(words);
    };
    bad(&["--requests", "5"], &["1000..=20000000"]);
    bad(&["--scenario", "meteor"], &["possible values"]);
    bad(
        &["--what-if", "scale.peek_rps=4"],
        &["did you mean `scale.peak_rps`?"],
    );
    folder.write("measured.json", "{\"read\": {\"p98_ms\": 3}}");
    bad(
        &["--measured", "measured.json"],
        &["unknown field `p98_ms`"],
    );
    folder.write("measured.json", "{\"read\": {\"p99_ms\": -3}}");
    bad(
        &["--measured", "measured.json"],
        &["expected positive milliseconds for `read`"],
    );
    folder
        .run(&["simulate", "nowhere"])
        .ended(2)
        .says(&["give the file of a brief"]);
    folder.write("groundplan.yaml", "system: {name: X}\n");
    folder
        .run(&["simulate", "."])
        .ended(2)
        .says(&["V-MISSING-PURPOSE"]);
}

#[test]
fn the_schema_of_a_brief_takes_what_is_read() {
    let folder = Folder::new();
    let schema = folder.good(&["schema", "brief"]).json();
    let check = jsonschema::validator_for(&schema).unwrap();
    let good = serde_json::json!({
        "title": "T", "purpose": "Guests reserve a table", "scale": {"mau": "120k", "peak_rps": 2000},
        "team": {"engineers": 8}, "timeline": "40 weeks", "stack": {"must": ["Java"], "avoid": ["MongoDB"]},
        "constraints": {"budget_per_month": "$20k/month", "compliance": ["GDPR"]},
        "criticality": "life", "data_classes": ["health", "card"], "tenants": 40,
        "flows": [{"name": "A", "share": "30%", "steps": ["guest asks"]}],
        "entities": ["table", {"name": "guest", "fields": ["name"], "pii": true}],
    });
    assert!(
        check.is_valid(&good),
        "{:?}",
        check.iter_errors(&good).next()
    );
    folder.write("brief.json.yaml", good.to_string());
    folder.good(&["design", "brief.json.yaml", "--quiet"]);
    for (key, value) in [("skale", "5"), ("criticality", "hihg")] {
        let mut bad = good.clone();
        bad[key] = value.into();
        assert!(!check.is_valid(&bad), "{key}");
        folder.write("brief.json.yaml", bad.to_string());
        folder.run(&["design", "brief.json.yaml"]).ended(2);
    }
}

#[test]
fn a_brief_with_errors_gives_documents_only_if_allowed() {
    let brief = BRIEF.replace("5 engineers", "0 engineers");
    let folder = Folder::with([("groundplan.yaml", brief.as_str())]);
    let refused = folder.run(&["generate", "--to", "md", "--no-history"]);
    assert_eq!(refused.code, Some(2));
    assert!(folder.outputs().is_empty());
    let ran = folder.run(&[
        "generate",
        "--to",
        "md",
        "--no-history",
        "--allow-invalid",
        "--outline",
        "all",
    ]);
    assert_eq!(ran.code, Some(2), "{}", ran.err);
    let text = folder.read("docs/architecture/proposal.md");
    let (head, rest) = text.split_at(text.find("**Purpose and scope:**").unwrap());
    assert!(head.contains("`V-TEAM-INVALID`: "), "{head}");
    assert!(rest.contains("reserve a table in one of 900 restaurants"));
    assert!(rest.contains("Blocked by `V-TEAM-INVALID`."), "{rest}");
    assert!(
        !rest.contains("$"),
        "a cost of a design that nobody can make"
    );
    let facts: serde_json::Value =
        serde_json::from_str(&folder.read("docs/architecture/facts.json")).unwrap();
    assert_eq!(facts["status"]["value"], "rejected");
}

#[test]
fn a_file_of_measured_values_goes_before_the_brief() {
    let brief = format!("{BRIEF}  measured: {{p99_ms: 210}}\n");
    let folder = Folder::with([
        ("groundplan.yaml", &*brief),
        (
            "measured.yaml",
            "p99_ms: 190\naudit-completeness: 99.8\naudit-completness: 1\nreserve-a-table:\n  p99_ms: 180\n",
        ),
        ("wrong.json", "{\"reserve-a-table\": {\"p99ms\": 180}}"),
    ]);
    let command = |file: &str| -> Vec<String> {
        let path = folder.repo.join(file).display().to_string();
        let all = [
            "generate",
            "--to",
            "md",
            "--no-history",
            "--outline",
            "technical",
        ];
        let all = all.iter().map(|a| (*a).to_owned());
        all.chain(["--measured".to_owned(), path]).collect()
    };
    let run = |file: &str| {
        let all = command(file);
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        folder.run(&all)
    };
    let ran = run("measured.yaml");
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(
        ran.err.contains("did you mean `audit-completeness`?"),
        "{}",
        ran.err
    );
    let text = folder.read("docs/architecture/technical.md");
    let row = |name: &str| {
        let found = text.lines().find(|l| l.starts_with(&format!("| {name}")));
        found.unwrap_or_else(|| panic!("no {name} in {text}"))
    };
    assert!(row("response time at peak, P99").ends_with("| 190 ms |"));
    // This one stands in no table of the outline.
    let blueprint: serde_json::Value =
        serde_json::from_str(&folder.read("docs/architecture/blueprint.json")).unwrap();
    let objectives = blueprint["slos"].as_array().unwrap();
    let audit = objectives
        .iter()
        .find(|o| o["id"].as_str().unwrap().ends_with("audit-completeness"));
    assert_eq!(audit.unwrap()["achieved"], "99.8 %");
    assert!(row("response time of \"Reserve a table\", P99").ends_with("| 180 ms |"));
    let ran = run("wrong.json");
    assert_eq!(ran.code, Some(2), "{}", ran.err);
    assert!(ran.err.contains("did you mean `p99_ms`?"), "{}", ran.err);
}

#[test]
fn measured_values_stand_beside_targets_and_predictions() {
    let measured = "  measured: {availability: 99.87%, p99_ms: 210, reserve-a-table: {p99_ms: 180}, reserve: {p99_ms: 1}}\n";
    let folder = Folder::with([("groundplan.yaml", &*format!("{BRIEF}{measured}"))]);
    let ran = folder.good(&["generate", "--to", "md", "--no-history", "--outline", "all"]);
    assert!(ran.err.contains("V-FLOW-UNKNOWN"), "{}", ran.err);
    let text = folder.read("docs/architecture/technical.md");
    let row = |name: &str| {
        let found = text.lines().find(|l| l.starts_with(&format!("| {name}")));
        found.unwrap_or_else(|| panic!("no {name} in {text}"))
    };
    let availability = row("availability");
    assert!(
        availability.ends_with("| 99.87 % |"),
        "the last column is what was measured: {availability}"
    );
    assert!(row("response time at peak, P99").ends_with("| 210 ms |"));
    assert!(row("response time of \"Reserve a table\", P99").ends_with("| 180 ms |"));
    assert!(row("response time at peak, P50").ends_with("| not measured |"));
    assert!(!text.contains("nothing of it is built or measured"));
}
