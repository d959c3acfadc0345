//! Values of secrets stay in the files they stand in.

use crate::support::{Folder, files, lossy};
use std::collections::BTreeMap;

/// Standard base64, as Kubernetes writes secrets.
fn base64(text: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in text.as_bytes().chunks(3) {
        let mut bits = 0u32;
        for at in 0..3 {
            bits = bits << 8 | u32::from(chunk.get(at).copied().unwrap_or(0));
        }
        for at in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * at) & 63) as usize];
            out.push(if at <= chunk.len() {
                char::from(digit)
            } else {
                '='
            });
        }
    }
    out
}

/// A repository whose every `@name@` is a planted value, and those values by name.
struct Planted {
    folder: Folder,
    values: BTreeMap<String, String>,
}

impl Planted {
    fn new() -> Planted {
        Planted {
            folder: Folder::new(),
            values: BTreeMap::new(),
        }
    }

    /// Writes a file; `@name@` becomes a value that occurs nowhere else, `@name=shape@` one with
    /// that shape before it, `@name~@` base64 of one.
    fn write(&mut self, path: &str, text: &str) {
        let mut out = String::new();
        for (index, part) in text.split('@').enumerate() {
            if index % 2 == 0 {
                out.push_str(part);
                continue;
            }
            if part.is_empty() {
                out.push('@');
                continue;
            }
            let (name, shape) = part.split_once('=').unwrap_or((part, ""));
            let plain = name.trim_end_matches('~');
            let number = 7_919 * (self.values.len() as u32 + 11);
            // A plain word with a number: what hides it must not be the look of it.
            let value = format!("{shape}kumquat{number}plum");
            let written = if plain == name {
                value.clone()
            } else {
                base64(&value)
            };
            if plain != name {
                self.values
                    .insert(format!("{path} {plain} base64"), written.clone());
            }
            self.values.insert(format!("{path} {plain}"), value);
            out.push_str(&written);
        }
        self.folder.write(path, out);
    }

    /// Expects no planted value in `text`.
    fn absent(&self, text: &str, place: &str, leaks: &mut Vec<String>) {
        for (name, value) in &self.values {
            if let Some(at) = text.find(value.as_str()) {
                let line = text[..at].rsplit('\n').next().unwrap_or_default();
                let near: String = line
                    .chars()
                    .rev()
                    .take(90)
                    .collect::<Vec<_>>()
                    .into_iter()
                    .rev()
                    .collect();
                leaks.push(format!("{place}: {name} after `{near}`"));
            }
        }
    }
}

fn planted() -> Planted {
    let mut p = Planted::new();
    p.write("README.md", "# Vault\n\nKeeps things.\n\n## Usage\n\nRun with `DB_PASSWORD=@readme@ ./run`.\n\n```sh\nexport API_TOKEN=@export@\ncurl -H 'Authorization: Bearer @bearer@' https://ann:@curl@@@api.example.org/\n```\n");
    p.write("compose.yaml", "services:\n  api:\n    build: .\n    environment:\n      DB_PASSWORD: @env@\n      DATABASE_URL: postgres://ann:@url@@@db:5432/vault\n      REDIS_URL: \"redis://:@redis@@@cache:6379/0\"\n      AMQP: amqp://guest:@amqp@@@broker:5672\n      CONN: \"Server=sql;Database=x;User Id=sa;Password=@conn@\"\n      AZURE: \"DefaultEndpointsProtocol=https;AccountName=acc;AccountKey=@azure@==;EndpointSuffix=core.windows.net\"\n      AWS_SECRET_ACCESS_KEY: @aws@\n      KEY_ID: @keyid=AKIA@\n      GH: @gh=ghp_@\n      STRIPE: @stripe=sk_live_@\n      SMTP_PASS: '@smtp@'\n    command: [\"./api\", \"--password=@command@\", \"--db\", \"mysql://root:@cmdurl@@@db2/x\", \"--token\", \"@argument@\"]\n    healthcheck: {test: [\"CMD\", \"mysqladmin\", \"-p@health@\", \"ping\"]}\n    labels:\n      traefik.http.middlewares.a.basicauth.users: \"ann:@basic@\"\n  listed:\n    image: x\n    environment:\n      - MYSQL_ROOT_PASSWORD=@list@\n      - \"JWT_SECRET=@jwt@\"\n      - TOKEN=@token@\n  cache:\n    image: redis:7\n    command: redis-server --requirepass @requirepass@\n  db:\n    image: postgres:16\n    environment: {POSTGRES_PASSWORD: @flow@, POSTGRES_USER: ann}\n");
    p.write(".env", "DB_PASSWORD=@a@\nexport SECRET_KEY='@b@'\nSENTRY_DSN=https://@dsn@@@sentry.example.org/1\nDATABASE_URL=mysql://root:@c@@@db/app\nSLASH=postgres://ann:a/@slash@@@db:5432/x\nWEBHOOK=https://hooks.slack.com/services/T0AAAAAAA/B0AAAAAAA/@hook@\n");
    p.write("config/.env.production", "API_KEY=@a@\nPGPASSWORD=@b@\n");
    p.write("src/main/resources/application.yml", "spring:\n  datasource:\n    url: jdbc:postgresql://db:5432/app?user=ann&password=@query@\n    username: ann\n    password: @pw@\n  data:\n    mongodb:\n      uri: mongodb://ann:@mongo@@@mongo:27017/app\n  rabbitmq: {host: broker, password: '@rabbit@'}\n  security:\n    oauth2:\n      client:\n        registration:\n          github:\n            client-secret: @client@\njwt:\n  secret: @jwt@\nfolded:\n  password: >\n    @folded@\n");
    p.write("src/main/resources/application.properties", "spring.datasource.password=@pw@\napi.key=@key@\njwt.signing-key=@signing@\nspring.datasource.url=jdbc:mysql://root:@url@@@db/app\n");
    p.write("k8s/all.yaml", "apiVersion: v1\nkind: Secret\nmetadata:\n  name: vault\ndata:\n  password: @password~@\n  url: @plainurl~@\n  tls.key: @tls~@\n  innocent: @innocent~@\nstringData:\n  dsn: postgres://ann:@dsn@@@db/x\n  anything: @anything@\n  file.yaml: |\n    inner: @inner@\n---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: conf\ndata:\n  DB_PASSWORD: @cm@\n  application.yml: |\n    spring:\n      datasource:\n        password: @cminner@\n        url: jdbc:postgresql://ann:@cmurl@@@db/x\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: api\nspec:\n  template:\n    spec:\n      containers:\n        - name: api\n          image: vault/api\n          args: [\"--password\", \"@arg@\", \"--api-key=@arg2@\"]\n          env:\n            - name: DB_PASSWORD\n              value: @env@\n            - name: BROKER\n              value: amqp://ann:@broker@@@mq:5672\n            - {name: CLIENT_SECRET, value: \"@flow@\"}\n");
    p.write("Dockerfile", "FROM node:22\nARG NPM_TOKEN=@arg@\nENV DB_PASSWORD=@env@ OTHER=1\nENV API_KEY @old@\nENV DATABASE_URL=postgres://ann:@url@@@db/x\nRUN echo //registry.example.org/:_authToken=@run@ > .npmrc\nLABEL secret=@label@\nHEALTHCHECK CMD curl -f http://ann:@health@@@localhost/healthz\nCMD [\"node\", \"server.js\", \"--token=@cmd@\"]\n");
    p.write("infra/main.tf", "provider \"aws\" {\n  access_key = \"@key=AKIA@\"\n  secret_key = \"@secret@\"\n}\nresource \"aws_db_instance\" \"db\" {\n  engine = \"postgres\"\n  username = \"ann\"\n  password = \"@db@\"\n}\nvariable \"db_password\" {\n  default = \"@default@\"\n}\noutput \"url\" { value = \"postgres://ann:@url@@@db/x\" }\nlocals {\n  db = { user = \"ann\", password = \"@local@\" }\n  token = \"@token@\"\n  text = <<-EOT\n    password = @heredoc@\n  EOT\n}\nvariable \"creds\" {\n  default = {\n    password = \"@object@\"\n  }\n}\nmodule \"m\" {\n  source = \"./m\"\n  settings = { api_key = \"@argument@\" }\n  password = \"@plain@\"\n  list = [{ name = \"DB_PASSWORD\", value = \"@listed@\" }]\n  made = jsonencode({ secret = \"@call@\" })\n  filled = \"${jsonencode({ secret = \"@filled@\" })}\"\n}\noutput \"x\" { value = { secret = \"@output@\" } }\nresource \"aws_lambda_function\" \"f\" {\n  function_name = \"f\"\n  image_uri = \"https://ann:@image@@@registry.example.org/x\"\n  environment { variables = merge({ DB_PASSWORD = \"@env@\" }, { API_TOKEN = \"@merged@\" }) }\n}\nresource \"aws_ecs_task_definition\" \"t\" {\n  container_definitions = jsonencode([{ name = \"a\", image = \"b\", environment = [{ name = \"API_TOKEN\", value = \"@task@\" }] }])\n}\n");
    p.write(
        "infra/m/main.tf",
        "variable \"settings\" {}\nresource \"aws_sqs_queue\" \"q\" { name = \"q\" }\n",
    );
    p.write(
        "infra/prod.tfvars",
        "db_password = \"@a@\"\napi_token = \"@b@\"\n",
    );
    p.write("nginx.conf", "http {\n  upstream api { server api:8080; }\n  server {\n    listen 80;\n    location / {\n      proxy_set_header Authorization \"Bearer @bearer@\";\n      proxy_set_header X-Api-Key \"@apikey@\";\n      proxy_pass http://ann:@url@@@api/x?token=@query@;\n    }\n  }\n}\n");
    p.write("app/main.py", "import os\nDB_PASSWORD = os.getenv(\"DB_PASSWORD\", \"@default@\")\nSECRET_KEY = os.environ.get('SECRET_KEY', '@two@')\nAPI_TOKEN = \"@literal@\"\nURL = os.getenv(\"DATABASE_URL\", \"postgres://ann:@url@@@db:5432/x\")\nGH = os.getenv(\"THING\", \"@gh=ghp_@\")\nrequests.get(\"https://ann:@req@@@api.example.org/v1?api_key=@query@\")\n# TODO: rotate password=@todo@ and @gh=ghp_@\nDATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql', 'HOST': 'db', 'PASSWORD': '@django@'}}\n");
    p.write("app/main.go", "package main\n\nimport \"os\"\n\nfunc main() {\n\tpassword := getenv(\"DB_PASSWORD\", \"@default@\")\n\tdb, _ := sql.Open(\"postgres\", \"postgres://ann:@url@@@db/x\")\n\tsql.Open(\"mysql\", \"root:@dsn@@@tcp(db:3306)/x\")\n\tsql.Open(\"postgres\", \"host=db user=ann password=@kv@ dbname=x\")\n\tredis.NewClient(&redis.Options{Addr: \"cache:6379\", Password: \"@redis@\"})\n\tconst token = \"@const@\"\n\thttp.Get(\"http://api/x?access_token=@query@\")\n}\n");
    p.write("app/server.js", "const pw = process.env.DB_PASSWORD || \"@default@\";\nconst key = process.env.API_KEY ?? '@key@';\nconst pool = new Pool({host: \"db\", password: \"@pool@\"});\nmongoose.connect(\"mongodb://ann:@mongo@@@mongo/x\");\nconst app = express();\napp.use(session({secret: \"@session@\"}));\naxios.get(\"https://api.example.org/v1\", {headers: {Authorization: \"Bearer @bearer@\"}});\nnew Redis(\"redis://:@redis@@@cache:6379\");\n");
    p.write("app/Main.java", "class Main {\n  @@Value(\"${db.password:@value@}\") String password;\n  String p = System.getenv().getOrDefault(\"DB_PASSWORD\", \"@default@\");\n  Connection c = DriverManager.getConnection(\"jdbc:postgresql://db/x?user=ann&password=@jdbc@\", \"ann\", \"@third@\");\n}\n");
    p.write("app/Program.cs", "var password = Environment.GetEnvironmentVariable(\"DB_PASSWORD\") ?? \"@default@\";\nvar c = new SqlConnection(\"Server=sql;Database=x;User Id=sa;Password=@conn@\");\n");
    p.write("app/appsettings.json", "{\"ConnectionStrings\": {\"Default\": \"Server=sql;Database=x;User Id=sa;Password=@conn@;\", \"Redis\": \"cache:6379,password=@redis@\", \"Rabbit\": \"amqp://ann:@amqp@@@mq\"}, \"Jwt\": {\"Key\": \"@key@\", \"Secret\": \"@secret@\"}, \"ApiKey\": \"@api@\"}\n");
    p.write("app/main.rs", "fn main() {\n    let p = std::env::var(\"DB_PASSWORD\").unwrap_or(\"@default@\".into());\n    let url = \"postgres://ann:@url@@@db/x\";\n}\n");
    p.write(".github/workflows/ci.yml", "name: CI\non: [push]\nenv:\n  API_TOKEN: @token@\njobs:\n  test:\n    runs-on: ubuntu-latest\n    services:\n      db:\n        image: postgres:16\n        env: {POSTGRES_PASSWORD: @service@}\n    steps:\n      - name: login\n        run: docker login -u ann -p @login@ registry.example.org\n      - run: curl -H 'Authorization: token @curl@' https://ann:@url@@@api.example.org\n      - uses: example/deploy@@v1\n        with:\n          password: @with@\n          token: @gh=ghs_@\n");
    p.write("package.json", "{\"name\": \"vault\", \"version\": \"1.0.0\", \"repository\": \"https://ann:@repo@@@git.example.org/vault\", \"scripts\": {\"start\": \"DB_PASSWORD=@script@ node server.js\", \"test\": \"API_TOKEN=@test@ jest --token @arg@\"}, \"dependencies\": {\"pg\": \"^8\", \"private\": \"git+https://ann:@dep@@@git.example.org/private.git\"}}\n");
    p.write("requirements.txt", "--index-url https://ann:@index@@@pypi.example.org/simple\nflask==3.0\nprivate @@ git+https://ann:@dep@@@git.example.org/private.git\n");
    p.write(
        "keys/server.pem",
        "-----BEGIN RSA PRIVATE KEY-----\n@body@\n@more@\n-----END RSA PRIVATE KEY-----\n",
    );
    p.write("config/settings.yaml", "key: |\n  -----BEGIN PRIVATE KEY-----\n  @body@\n  -----END PRIVATE KEY-----\naws: @aws=AKIA@\ngithub: @gh=github_pat_@\nnested:\n  credentials:\n    user: ann\n    value: @value@\n");
    p.write("openapi.yaml", "openapi: 3.0.3\ninfo: {title: Vault, version: 1.0.0}\nservers:\n  - url: https://ann:@server@@@api.example.org/v1\npaths:\n  /login:\n    post:\n      requestBody: {content: {application/json: {example: {password: @example@}}}}\n      responses: {'200': {description: ok}}\n");
    p.write("db/001.sql", "CREATE TABLE users (id INT PRIMARY KEY, password TEXT DEFAULT '@default@');\nCREATE USER ann WITH PASSWORD '@user@';\nINSERT INTO users VALUES (1, '@insert@');\n");
    p.write("prometheus.yml", "scrape_configs:\n  - job_name: api\n    basic_auth: {username: ann, password: @pw@}\n    static_configs: [{targets: ['api:8080']}]\n");
    p.write("values.yaml", "postgresql:\n  auth:\n    password: @pw@\n    postgresPassword: @pg@\nredis:\n  url: redis://:@url@@@cache:6379\n");
    p.write("charts/vault/Chart.yaml", "apiVersion: v2\nname: vault\nversion: 1.0.0\ndependencies:\n  - {name: redis, version: 1.0.0, repository: \"https://ann:@repo@@@charts.example.org\"}\n");
    p.write("charts/vault/values.yaml", "# password: @comment@\nauth:\n  password: @pw@\n  accessKey: \"@key@\"\nenv:\n  - name: DB_PASSWORD\n    value: @env@\n  - {value: @flow@, name: API_TOKEN}\nurl: postgres://ann:@url@@@db/x\nconfig: |\n  secret = \"@block@\"\n  url: amqp://ann:@blockurl@@@mq\ncredentials:\n  ann: @below@\n  list: [@listed@]\nargs: [\"--password=@arg@\", --api-token, \"@arg2@\"]\nfolded:\n  token: >\n    @folded@\n");
    p.write("charts/vault/templates/_helpers.tpl", "{{/* the password is @comment@ */}}\n{{- define \"vault.password\" -}}{{ .Values.password | default \"@default@\" }}{{- end -}}\n{{- define \"vault.dict\" -}}{{ dict \"password\" \"@dict@\" \"user\" \"ann\" | toJson }}{{- end -}}\n{{- $token := \"@variable@\" -}}\n{{- define \"vault.url\" -}}{{ printf \"postgres://ann:@printf@@@%s/x\" \"db\" }}{{- end -}}\n");
    p.write("charts/vault/templates/probe.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: mysql}\nspec:\n  template:\n    spec:\n      containers:\n        - name: mysql\n          image: mysql:9\n          command:\n            - mysql -p@short@\n          livenessProbe: {exec: {command: [\"sh\", \"-c\", \"mysqladmin ping -uroot -p${MYSQL_ROOT_PASSWORD}\"]}}\n");
    p.write("charts/vault/templates/all.yaml", "apiVersion: v1\nkind: Secret\nmetadata:\n  name: {{ .Release.Name }}\ndata:\n  anything: @data~@\n  made: {{ \"@made@\" | b64enc | quote }}\n  {{- if .Values.x }}\n  inner: @inner~@\n  {{- end }}\nstringData:\n  file.yaml: |\n    innocent: @file@\n    @line@\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: conf}\ndata:\n  DB_PASSWORD: {{ .Values.pw | default \"@fallback@\" }}\n  app.py: |\n    PASSWORD = \"@py@\"\n    \"password\": \"@json@\",\n    url = \"redis://:@confurl@@@{{ .Release.Name }}-redis-master:6379\"\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: vault}\nspec:\n  template:\n    spec:\n      containers:\n        - name: vault\n          image: \"acme/vault:{{ .Chart.Version }}\"\n          command: [\"vault\", \"--password\", \"@command@\"]\n          args:\n            - --token\n            - @arg@\n            - --api-key=@arg2@\n            - mysql -p@mysql@ x\n          env:\n            - name: DB_PASSWORD\n              value: @env@\n            - value: \"@before@\"\n              name: CLIENT_SECRET\n            - {name: API_KEY, value: \"@flow@\"}\n            - name: BROKER\n              value: amqp://ann:@broker@@@mq:5672\n            - name: SECOND_PASSWORD\n              value: {{ .Values.second | default \"@second@\" | quote }}\n            - name: GH\n              value: @gh=ghp_@\n            - name: ADMIN_PASSWORD\n              value: >-\n                @folded@\n            {{- toYaml .Values.env | nindent 12 }}\n");
    p.write(
        "broken/compose.yaml",
        "services:\n  a:\n    environment:\n      DB_PASSWORD: \"@unclosed@\n",
    );
    p.write(
        "broken/application.yml",
        "password: @before@ : [\nsecret: {@inside@: ]\n",
    );
    p.write(
        "broken/appsettings.json",
        "{\"Password\": \"@json@\" \"x\"}\n",
    );
    p.write("broken/config.toml", "password = \"@toml@\nx\n");
    p.write("docs/adr/0001-keys.md", "# 1. Keys\n\n## Status\n\nAccepted\n\n## Context\n\nThe API key is `@gh=ghp_@` for now.\n\n## Decision\n\nUse postgres://ann:@url@@@db/x.\n");
    p.write(
        "CHANGELOG.md",
        "# Changelog\n\n## 1.0.0 - 2024-01-02\n\n- Rotated token @gh=ghp_@\n",
    );
    p.write("groundplan.yaml", "system:\n  name: Vault\noperations:\n  runbooks: https://ann:@url@@@wiki.example.org/runbook\nsource_url: https://ann:@source@@@git.example.org/vault\n");
    p.folder.git(&["init", "-q"]);
    p.write(
        "origin.txt",
        "https://ann:@remote@@@git.example.org/vault.git",
    );
    let remote = p.folder.read("origin.txt");
    std::fs::remove_file(p.folder.repo.join("origin.txt")).unwrap();
    p.folder.git(&["remote", "add", "origin", &remote]);
    p.folder.git(&["add", "."]);
    p.folder.git(&["commit", "-qm", "all"]);
    p
}

#[test]
fn planted_values_stay_where_they_are() {
    let p = planted();
    assert!(p.values.len() > 100, "only {} values", p.values.len());
    let mut leaks = Vec::new();
    let folder = &p.folder;
    let generate = folder.good(&["generate", "--outline=all", "--to=md,html,json"]);
    let blueprint = folder.read("docs/architecture/blueprint.json");
    for kind in ["\"orders", "DB_PASSWORD", "postgres"] {
        assert!(
            kind == "\"orders" || blueprint.contains(kind),
            "{kind} was not even seen"
        );
    }
    for (name, bytes) in folder.outputs() {
        p.absent(&lossy(&bytes), &name, &mut leaks);
    }
    for (name, bytes) in files(&folder.home()) {
        p.absent(&lossy(&bytes), &format!("cache {name}"), &mut leaks);
    }
    let mut runs = vec![("generate", generate)];
    runs.push(("survey", folder.good(&["survey"])));
    runs.push((
        "survey as JSON",
        folder.good(&["survey", "--diagnostics", "json"]),
    ));
    std::fs::remove_file(folder.repo.join("groundplan.yaml")).unwrap();
    runs.push(("init", folder.good(&["init", "--yes"])));
    p.absent(
        &folder.read("groundplan.yaml"),
        "groundplan.yaml of init",
        &mut leaks,
    );
    for (name, ran) in runs {
        p.absent(&ran.out, &format!("stdout of {name}"), &mut leaks);
        p.absent(&ran.err, &format!("stderr of {name}"), &mut leaks);
    }
    leaks.sort();
    assert!(
        leaks.is_empty(),
        "{} leaks:\n{}",
        leaks.len(),
        leaks.join("\n")
    );
}

#[test]
fn explaining_shows_no_planted_value() {
    let p = planted();
    let blueprint = p.folder.good(&["survey"]).json();
    let mut leaks = Vec::new();
    let mut explained = 0;
    for list in [
        "elements",
        "relationships",
        "entities",
        "interfaces",
        "decisions",
    ] {
        for item in blueprint[list].as_array().unwrap() {
            let id = item["id"].as_str().unwrap();
            let ran = p.folder.good(&["explain", id]);
            p.absent(&ran.out, &format!("explain {id}"), &mut leaks);
            p.absent(&ran.err, &format!("stderr of explain {id}"), &mut leaks);
            explained += 1;
        }
    }
    assert!(explained > 8, "only {explained} things");
    p.absent(
        &p.folder.run(&["explain", "nothing"]).err,
        "explain of the unknown",
        &mut leaks,
    );
    assert!(
        leaks.is_empty(),
        "{} leaks:\n{}",
        leaks.len(),
        leaks.join("\n")
    );
}

#[test]
fn base64_is_that_of_kubernetes() {
    assert_eq!(
        ["", "f", "fo", "foo", "foobar"].map(base64),
        ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYmFy"]
    );
}
