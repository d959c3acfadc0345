//! What a survey of a folder keeps that no single extractor shows.

use groundplan_model::{Blueprint, MentionPlace};
use groundplan_survey::{Options, Progress, survey};
use std::fs;
use std::path::Path;

#[allow(clippy::unwrap_used, reason = "a test may stop where it fails")]
fn surveyed(name: &str, files: &[(&str, &str)]) -> Blueprint {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&root);
    for (path, text) in files {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    survey(&root, &[], &Options::default(), &Progress::default()).0
}

/// Words that speak against an absence are found in files that no extractor reads.
#[test]
fn words_of_files_that_nobody_reads_are_kept_with_their_places() {
    let blueprint = surveyed(
        "mentions",
        &[
            ("infra/main.tf", "# nightly\nbackup_window = \"03:00\"\n"),
            (
                "web/Page.vue",
                "<template>\n<p v-if=\"isAdmin\"/>\n</template>\n",
            ),
            (
                "README.md",
                "# Shop\n\nNightly backup of it.\n\n## How to back up\n\nSee infra.\n",
            ),
            ("src/dog.py", "text = \"a backup of your dog\"  # backup\n"),
            ("third_party/a.tf", "backup = 1\n"),
            ("tests/page.tf", "pg_dump\n"),
        ],
    );
    let coverage = &blueprint.coverage;
    let of = |topic: &str| coverage.mentions.iter().find(|m| m.topic == topic);
    let label = |p: &MentionPlace| format!("{} {}", p.word, p.at.label());
    let places = |topic: &str| -> Vec<String> {
        of(topic).map_or_else(Vec::new, |m| m.places.iter().map(label).collect())
    };
    // Headings of documents that tell of it before configuration; prose, code of others and tests
    // say nothing.
    assert_eq!(
        places("backup"),
        ["back up README.md:5", "backup_window infra/main.tf:2"]
    );
    assert_eq!(of("backup").map(|m| (m.files, m.documents)), Some((2, 1)));
    assert_eq!(places("authorization"), ["isAdmin web/Page.vue:2"]);
    assert!(of("service-mesh").is_none());
    // Parts of pages count as code; their scripts are read.
    let vue = |l: &groundplan_model::LanguageCoverage| l.language == "Vue" && l.lines == 3;
    assert!(coverage.languages.iter().any(vue));
    let kinds: Vec<&str> = coverage.unread.iter().map(|u| u.reason.as_str()).collect();
    assert!(!kinds.iter().any(|kind| kind.contains(".vue")), "{kinds:?}");
}

/// A table of parts describes those without code too.
#[test]
fn a_readme_describes_stores() {
    let blueprint = surveyed(
        "parts",
        &[
            (
                "README.md",
                "# Bank\n\n| Service | Language | Description |\n| --- | --- | --- |\n\
                 | ledger-db | PostgreSQL | Ledger of all transactions. |\n",
            ),
            (
                "compose.yaml",
                "services:\n  ledger-db:\n    image: postgres:16\n",
            ),
        ],
    );
    let store = blueprint.elements.iter().find(|e| e.name == "ledger-db");
    let text = store
        .and_then(|e| e.description.as_ref())
        .map(|d| d.text.as_str());
    assert_eq!(text, Some("Ledger of all transactions."));
}

/// What git keeps is read, also where a `.gitignore` names it; what only lies there is not.
#[test]
#[allow(clippy::unwrap_used, reason = "a test may stop where it fails")]
fn files_that_git_keeps_are_read_although_they_are_ignored() {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("tracked");
    let _ = fs::remove_dir_all(&root);
    let compose = "services:\n  shop:\n    image: acme/shop:1\n";
    for (path, text) in [
        (".gitignore", "deploy\n"),
        ("deploy/compose.yaml", compose),
        (
            "deploy/local.yaml",
            "services:\n  spare:\n    image: acme/spare:1\n",
        ),
    ] {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let repository = gix::init(&root).unwrap();
    let hash = repository.object_hash();
    let mut index = gix::index::State::new(hash);
    index.dangerously_push_entry(
        gix::index::entry::Stat::default(),
        gix::ObjectId::empty_blob(hash),
        gix::index::entry::Flags::empty(),
        gix::index::entry::Mode::FILE,
        "deploy/compose.yaml".into(),
    );
    let mut file = gix::index::File::from_state(index, repository.index_path());
    file.write(gix::index::write::Options::default()).unwrap();
    let (blueprint, _) = survey(&root, &[], &Options::default(), &Progress::default());
    let has = |id: &str| blueprint.elements.iter().any(|e| e.id == id);
    assert!(has("shop"));
    assert!(!has("spare"));
}

/// Where no git is, what patterns leave out and the archive has all the same was kept; what builds and
/// machines leave behind was not.
#[test]
#[allow(clippy::unwrap_used, reason = "a test may stop where it fails")]
fn an_archive_is_read_as_the_checkout_that_it_was_made_of() {
    // A folder below the build folder would lie in the repository of this program.
    let root = std::env::temp_dir().join(format!("groundplan-archive-{}", std::process::id()));
    let _ = fs::remove_dir_all(&root);
    let service = |name: &str| format!("services:\n  {name}:\n    image: acme/{name}:1\n");
    for (path, text) in [
        (".gitignore", "deploy/\n*.yaml\ntarget/\n".to_owned()),
        ("deploy/compose.yaml", service("shop")),
        ("target/compose.yaml", service("spare")),
        ("desk/compose.local.yaml", service("desk")),
    ] {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let (blueprint, _) = survey(&root, &[], &Options::default(), &Progress::default());
    let _ = fs::remove_dir_all(&root);
    let has = |id: &str| blueprint.elements.iter().any(|e| e.id == id);
    assert!(has("shop"));
    assert!(!has("spare"));
    assert!(!has("desk"));
}

/// A `Dockerfile` that is a link stands for the file that it points at.
#[cfg(unix)]
#[test]
#[allow(clippy::unwrap_used, reason = "a test may stop where it fails")]
fn a_linked_dockerfile_is_the_one_that_builds() {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("linked");
    let _ = fs::remove_dir_all(&root);
    for (path, text) in [
        (
            "docker/Dockerfile.debian",
            "FROM debian:12\nEXPOSE 80\nCMD [\"/shop\"]\n",
        ),
        (
            "docker/Dockerfile.alpine",
            "FROM alpine:3\nCMD [\"/shop\"]\n",
        ),
        ("compose.yaml", "services:\n  shop:\n    build: .\n"),
        ("shop.py", "print(1)\n"),
    ] {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    std::os::unix::fs::symlink("docker/Dockerfile.debian", root.join("Dockerfile")).unwrap();
    let (blueprint, _) = survey(&root, &[], &Options::default(), &Progress::default());
    let shop = blueprint.elements.iter().find(|e| e.id == "shop").unwrap();
    let base = shop.attribute("base-image").unwrap();
    assert_eq!(base.value, "debian:12");
    assert_eq!(
        base.provenance.evidence[0].label(),
        "docker/Dockerfile.debian:1"
    );
}

/// Names of types, of tools for those who build, of licences and of languages say nothing of what
/// runs; a word in a longer name that means something else says nothing either.
#[test]
fn words_that_are_not_telling_are_silent() {
    let manifest = "{\n  \"dependencies\": {\n    \"a\": \"1\"\n  },\n  \"devDependencies\": {\n    \"@types/react-dom\": \"1\",\n    \"zustand\": \"1\"\n  }\n}\n";
    let blueprint = surveyed(
        "silent",
        &[
            ("web/package.json", manifest),
            ("LICENSE-3rdparty.csv", "sharding,MIT\n"),
            ("web/intl/el-GR.json", "{\"a\": \"Activity log\"}\n"),
            ("docs/netlify.toml", "key = \"algolia\"\n"),
            ("rds.tf", "iam_database_authenticate = true\n"),
            ("ldap.go", "package a\n\nvar hintsDeprecated = true\n"),
            ("a.go", "package a\n\nfunc limitations() {}\n"),
            ("b.ts", "const newCounter = 1;\n"),
        ],
    );
    let topics: Vec<&str> = blueprint
        .coverage
        .mentions
        .iter()
        .map(|m| m.topic.as_str())
        .collect();
    assert_eq!(topics, Vec::<&str>::new());
}

/// A section of a guide under a heading that is the question is the answer, with its paragraph.
#[test]
fn sections_of_guides_answer() {
    let blueprint = surveyed(
        "guides",
        &[
            (
                "docs/start/upgrade.md",
                "# Upgrade\n\nDo it.\n\n### Rolling back\n\nIt goes one way. Restore the backup first.\n",
            ),
            (
                "docs/traces/otel.md",
                "# Traces\n\n## Known limitations\n\nThere are a few:\n- No JSON.\n",
            ),
        ],
    );
    let stated = blueprint
        .observations_of(groundplan_model::Topic::Stated)
        .map(|o| (o.name.as_str(), o.detail.as_deref().unwrap_or_default()));
    // What a page or a section is on leads to it, beside what it says.
    let (leads, mut stated): (Vec<_>, Vec<(&str, &str)>) =
        stated.partition(|(name, _)| name.contains(" on "));
    assert!(
        leads.iter().any(|(name, _)| *name == "section on rollback"),
        "{leads:?}"
    );
    stated.sort_unstable();
    assert_eq!(
        stated,
        [
            ("limitations", "There are a few: No JSON"),
            ("rollback", "It goes one way. Restore the backup first."),
        ]
    );
}

/// A base path of a program stands before its routes, however its key is written.
#[test]
fn base_paths_hold_in_each_way_to_write_them() {
    let controller = "import org.springframework.web.bind.annotation.*;\n\n@RestController\nclass Carts {\n  @GetMapping(\"/carts\")\n  String carts() { return \"\"; }\n}\n";
    let app = "import org.springframework.boot.SpringApplication;\n\nclass App {\n  public static void main(String[] args) { SpringApplication.run(App.class, args); }\n}\n";
    let pom = "<project><groupId>shop</groupId><artifactId>NAME</artifactId><dependencies><dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-web</artifactId></dependency></dependencies></project>\n";
    for (at, key) in [
        "server.servlet.context-path",
        "server.servlet.contextPath",
        "server.contextPath",
    ]
    .into_iter()
    .enumerate()
    {
        let blueprint = surveyed(
            &format!("base-path-{at}"),
            &[
                ("pom.xml", pom),
                ("src/main/java/Carts.java", controller),
                ("src/main/java/App.java", app),
                (
                    "src/main/resources/application.properties",
                    &format!("{key}=/shop\n"),
                ),
            ],
        );
        let json = serde_json::to_string(&blueprint).unwrap();
        assert!(json.contains("/shop/carts"), "{key}");
    }
}

/// A class of documents that no repository of its program names, while they name others, is a copy
/// of what another program keeps.
#[test]
fn copies_of_the_documents_of_others_are_not_kept() {
    let pom = "<project><groupId>shop</groupId><artifactId>travel</artifactId><dependencies><dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-data-mongodb</artifactId></dependency></dependencies></project>\n";
    let app = "import org.springframework.boot.SpringApplication;\n\nclass App {\n  public static void main(String[] args) { SpringApplication.run(App.class, args); }\n}\n";
    let class = |name: &str| {
        format!(
            "import org.springframework.data.mongodb.core.mapping.Document;\n\n@Document(collection = \"{name}s\")\nclass {name} {{\n  @Id\n  private String id;\n}}\n"
        )
    };
    let (trip, route) = (class("Trip"), class("Route"));
    let blueprint = surveyed(
        "copies",
        &[
            ("pom.xml", pom),
            ("src/main/java/App.java", app),
            ("src/main/java/Trip.java", &trip),
            ("src/main/java/Route.java", &route),
            (
                "src/main/java/TripRepository.java",
                "interface TripRepository extends CrudRepository<Trip, String> {}\n",
            ),
        ],
    );
    let names: Vec<&str> = blueprint.entities.iter().map(|e| e.name.as_str()).collect();
    assert_eq!(names, ["Trips"]);
}

/// Projects of tests name the libraries that tests are made with; what a fuzzer needs, and what else
/// tests need, is no package of the system.
#[test]
fn libraries_of_tests_are_named_by_the_projects_of_tests() {
    let project = |packages: &[&str]| {
        let all = packages.iter();
        let all =
            all.map(|name| format!("<PackageReference Include=\"{name}\" Version=\"1.0\" />"));
        format!(
            "<Project Sdk=\"Microsoft.NET.Sdk\"><ItemGroup>{}</ItemGroup></Project>",
            all.collect::<String>()
        )
    };
    let blueprint = surveyed(
        "test-libraries",
        &[
            ("src/Depot/Depot.csproj", &project(&["Serilog"])),
            (
                "tests/Depot.Tests/Depot.Tests.csproj",
                &project(&["Microsoft.NET.Test.Sdk", "xunit", "Newtonsoft.Json"]),
            ),
            (
                "fuzz/Depot.Fuzz/Depot.Fuzz.csproj",
                &project(&["SharpFuzz", "AutoFixture"]),
            ),
        ],
    );
    let names: Vec<&str> = (blueprint.dependencies.iter())
        .map(|d| d.name.as_str())
        .collect();
    assert_eq!(names, ["Serilog", "xunit"]);
}

/// Packages with routes that others install are started by nothing here, and their routes are told of the
/// whole; those beside a program that answers are not.
#[test]
fn routes_that_no_part_serves_are_those_of_the_system() {
    let routes = "Shop::Engine.add_routes do\n  namespace :api do\n    resources :orders, only: [:index, :show]\n  end\nend\n";
    let gemfile = "source \"https://rubygems.org\"\ngem \"rails\"\n";
    let alone = surveyed(
        "routes-alone",
        &[
            ("api/Gemfile", gemfile),
            ("api/config/routes.rb", routes),
            (
                "api/app/controllers/shop/api/orders_controller.rb",
                "module Shop\n  module Api\n    class OrdersController < ActionController::API\n      def index\n        render json: []\n      end\n    end\n  end\nend\n",
            ),
            ("examples/app/Gemfile", gemfile),
            (
                "examples/app/config/routes.rb",
                "Rails.application.routes.draw do\n  get '/tried', to: 'a#b'\nend\n",
            ),
        ],
    );
    let told = |blueprint: &Blueprint| {
        let all = blueprint
            .interfaces
            .iter()
            .flat_map(|i| &i.operations)
            .map(|o| format!("{} {}", o.method, o.path));
        all.collect::<Vec<_>>()
    };
    // The engine has no action that would show one.
    assert_eq!(told(&alone), ["GET /api/orders"]);
    let beside = surveyed(
        "routes-beside",
        &[
            ("api/Gemfile", gemfile),
            ("api/config/routes.rb", routes),
            (
                "web/package.json",
                "{\"name\": \"web\", \"scripts\": {\"start\": \"node server.js\"}, \"dependencies\": {\"express\": \"5\"}}",
            ),
            (
                "web/server.js",
                "const app = require('express')();\napp.get('/ping', ping);\napp.listen(80);\n",
            ),
        ],
    );
    assert_eq!(told(&beside), ["GET /ping"]);
}

/// A folder of many folders of one shape is data that is shipped: its words say nothing, unless something builds
/// with it.
#[test]
fn words_of_catalogues_are_silent() {
    let entries: Vec<(String, String)> = (0..12)
        .map(|i| {
            let text =
                format!("kind: Template\nname: a{i}\nenv:\n  LOG_FORMAT: json\n  RATE_LIMIT: 5\n");
            (format!("templates/a{i}/app.yaml"), text)
        })
        .collect();
    let with = |name: &str, more: &[(&str, &str)]| {
        let mut files: Vec<(&str, &str)> = (entries.iter())
            .map(|(path, text)| (path.as_str(), text.as_str()))
            .collect();
        files.extend(more);
        surveyed(name, &files).coverage
    };
    let alone = with("catalogue", &[("main.py", "print('a')\n")]);
    let [catalogue] = alone.catalogues.as_slice() else {
        panic!("{:?}", alone.catalogues);
    };
    assert_eq!(
        (catalogue.folder.as_str(), catalogue.entries),
        ("templates", 12)
    );
    assert_eq!(catalogue.files, ["app.yaml"]);
    assert!(alone.mentions.is_empty(), "{:?}", alone.mentions);
    let used = with(
        "taken-in",
        &[("Dockerfile", "FROM scratch\nCOPY templates/ /templates/\n")],
    );
    assert!(used.catalogues.is_empty());
    assert!(!used.mentions.is_empty());
}

/// What the field of a form is called is no word on the system.
#[test]
fn fields_of_forms_are_silent() {
    let field = "export const fields = {\n  domain: {\n    type: 'text',\n    label: 'Domain',\n    name: 'spec.memcached.domain',\n    required: true,\n  },\n};\n";
    let option = "export const options = {\n  name: 'spec.memcached.domain',\n};\n";
    let topics = |name: &str, text: &str| -> Vec<String> {
        let found = surveyed(name, &[("src/cloud.ts", text)]).coverage.mentions;
        found.into_iter().map(|m| m.topic).collect()
    };
    assert_eq!(topics("fields", field), Vec::<String>::new());
    assert_eq!(topics("options", option), ["cache"]);
}

/// A word in a list of many is a rule of something that looks for words; a short list is a setting.
#[test]
fn lists_of_words_are_silent() {
    let many = "- id: keys\n  words: [vault_addr, api_key, one, two, three, four, five, six]\n";
    let few = "- id: keys\n  plugins: [vault_addr, api_key]\n";
    let topics = |name: &str, text: &str| -> Vec<String> {
        let files = [("src/main.go", "package main\n"), ("rules/keys.yaml", text)];
        let found = surveyed(name, &files).coverage.mentions;
        found.into_iter().map(|m| m.topic).collect()
    };
    assert_eq!(topics("many-words", many), Vec::<String>::new());
    assert_eq!(topics("few-words", few), ["secret"]);
}

/// Where scripts make the tables, a struct that none of them knows lends its columns to others.
#[test]
fn structs_without_a_script_are_no_tables() {
    let table = |name: &str| format!("CREATE TABLE {name} (id TEXT PRIMARY KEY, title TEXT);\n");
    let scripts: String = ["books", "loans", "readers"].map(table).concat();
    let models = "package model\n\ntype Base struct {\n\tID string `gorm:\"primaryKey\"`\n}\n\ntype Book struct {\n\tBase\n\tTitle string `gorm:\"not null\"`\n}\n\ntype Loan struct {\n\tBase\n\tTitle string `gorm:\"not null\"`\n}\n\ntype Reader struct {\n\tBase\n\tTitle string `gorm:\"not null\"`\n}\n";
    let names = |name: &str, files: &[(&str, &str)]| -> Vec<String> {
        let entities = surveyed(name, files).entities;
        entities.into_iter().map(|e| e.name).collect()
    };
    let module = ("go.mod", "module acme/library\n");
    let of_scripts = names(
        "scripted-tables",
        &[
            module,
            ("internal/model/model.go", models),
            ("migrations/1_init.up.sql", &scripts),
        ],
    );
    assert_eq!(of_scripts, ["books", "loans", "readers"]);
    let of_structs = names(
        "struct-tables",
        &[module, ("internal/model/model.go", models)],
    );
    assert_eq!(of_structs, ["bases", "books", "loans", "readers"]);
}
