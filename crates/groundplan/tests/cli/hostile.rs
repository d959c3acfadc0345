//! Repositories that are broken or mean harm.

use crate::sample::grocer;
use crate::support::{Folder, Ran, lossy};

const EVERYTHING: [&str; 3] = ["generate", "--outline=all", "--to=md,html,json"];

/// Runs the whole and expects it to say something about the sound part.
#[track_caller]
fn sound_part_counts(folder: &Folder) -> Ran {
    let ran = folder.good(&EVERYTHING);
    let blueprint = folder.read("docs/architecture/blueprint.json");
    assert!(
        blueprint.contains("\"id\": \"orders\""),
        "the sound part is lost: {}",
        ran.err
    );
    ran
}

#[test]
fn files_that_are_no_text() {
    let folder = grocer();
    let mut huge = b"services:\n".to_vec();
    for n in 0..400_000 {
        huge.extend_from_slice(format!("  s{n}:\n    image: x\n").as_bytes());
    }
    assert!(huge.len() > 2 * 1024 * 1024);
    folder.write("huge/compose.yaml", &huge);
    folder.write(
        "binary/compose.yaml",
        b"services:\n  a:\n    image: \0\0\0\x01",
    );
    folder.write(
        "binary/main.go",
        (0..=255).cycle().take(70_000).collect::<Vec<u8>>(),
    );
    folder.write(
        "latin/compose.yaml",
        b"services:\n  caf\xe9:\n    image: redis:7 # caf\xe9\n",
    );
    folder.write(
        "latin/main.py",
        b"# \xff\xfe\nimport os\nX = os.environ['CAF\xe9']\n",
    );
    folder.write("empty/compose.yaml", "");
    folder.write("empty/package.json", "");
    folder.write(
        "bom/compose.yaml",
        "\u{feff}services:\r\n  bommed:\r\n    image: redis:7\r\n",
    );
    folder.write(
        "utf16/compose.yaml",
        b"\xff\xfes\0e\0r\0v\0i\0c\0e\0s\0:\0\n\0",
    );
    sound_part_counts(&folder);
    let json = folder.read("docs/architecture/blueprint.json");
    assert!(
        json.contains("huge/compose.yaml"),
        "what was not read is not told"
    );
    assert!(
        json.contains("\"bommed\""),
        "a mark at the start hides a file"
    );
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    use std::os::unix::fs::symlink;
    let folder = grocer();
    let outside = folder.beside("outside");
    std::fs::create_dir(&outside).unwrap();
    let planted = "services:\n  planted-outside:\n    image: planted/outside:1\n";
    std::fs::write(outside.join("compose.yaml"), planted).unwrap();
    let technology = "id: planted-outside\nname: planted-outside\n";
    std::fs::write(outside.join("planted.yaml"), technology).unwrap();
    symlink(&outside, folder.repo.join("linked")).unwrap();
    symlink(
        outside.join("compose.yaml"),
        folder.repo.join("compose.override.yaml"),
    )
    .unwrap();
    symlink("..", folder.repo.join("orders/up")).unwrap();
    symlink("round", folder.repo.join("round")).unwrap();
    symlink("/nowhere/at/all", folder.repo.join("dead.yaml")).unwrap();
    std::fs::create_dir(folder.repo.join(".groundplan")).unwrap();
    symlink(&outside, folder.repo.join(".groundplan/technologies")).unwrap();
    let ran = sound_part_counts(&folder);
    let survey = folder.good(&["survey"]);
    for (name, bytes) in folder.outputs() {
        assert!(!lossy(&bytes).contains("planted-outside"), "{name}");
    }
    for text in [&ran.out, &ran.err, &survey.out, &survey.err] {
        assert!(!text.contains("planted-outside"), "{text}");
    }
    // A declaration that is a link is not read either.
    std::fs::remove_file(folder.repo.join("groundplan.yaml")).unwrap();
    std::fs::write(outside.join("d.yaml"), "system: {planted: 1}\n").unwrap();
    symlink(outside.join("d.yaml"), folder.repo.join("groundplan.yaml")).unwrap();
    let ran = folder
        .run(&["generate"])
        .ended(2)
        .says(&["groundplan.yaml", "link"]);
    assert!(!ran.err.contains("planted"));
}

#[test]
fn deep_and_exploding_documents() {
    let folder = grocer();
    let deep = |open: &str, close: &str, n: usize| open.repeat(n) + &close.repeat(n);
    folder.write("deep/package.json", deep("[", "]", 100_000));
    folder.write("deep/openapi.json", deep("{\"a\":", "}", 100_000));
    folder.write("deep/compose.yaml", deep("[", "]", 100_000));
    folder.write(
        "deep/k8s/a.yaml",
        format!("kind: Deployment\na: {}", deep("{a: ", "}", 50_000)),
    );
    folder.write("deep/Cargo.toml", format!("a = {}", deep("[", "]", 50_000)));
    folder.write(
        "deep/main.go",
        format!("package a\nvar x = {}", deep("(", ")", 200_000)),
    );
    folder.write("deep/a.py", deep("(", ")", 200_000));
    folder.write(
        "deep/A.java",
        format!("class A {}", deep("{", "}", 200_000)),
    );
    folder.write("deep/a.ts", deep("<a>{", "}", 200_000));
    folder.write("deep/pom.xml", deep("<a>", "</a>", 50_000));
    folder.write(
        "deep/a.sql",
        format!("CREATE TABLE t (a INT DEFAULT {});", deep("(", ")", 50_000)),
    );
    folder.write(
        "deep/a.proto",
        format!("syntax=\"proto3\";\n{}", deep("message A {", "}", 20_000)),
    );
    folder.write("deep/nginx.conf", deep("http {", "}", 50_000));
    folder.write(
        "deep/README.md",
        deep("> ", "\n", 50_000) + &"[".repeat(50_000),
    );
    folder.write(
        "deep/list/README.md",
        (0..2_000)
            .map(|n| " ".repeat(n * 2) + "- x\n")
            .collect::<String>(),
    );
    folder.write(".github/workflows/deep.yml", deep("{a: ", "}", 50_000));
    let path: String = (0..100).map(|_| "d/").collect();
    folder.write(
        &format!("{path}compose.yaml"),
        "services:\n  far:\n    image: redis:7\n",
    );
    sound_part_counts(&folder);
}

#[test]
fn aliases_that_multiply_end() {
    let folder = grocer();
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for n in 1..30 {
        let uses = vec![format!("*a{}", n - 1); 10].join(", ");
        bomb.push_str(&format!("a{n}: &a{n} [{uses}]\n"));
    }
    let services = format!("{bomb}services:\n  bomb:\n    image: redis:7\n    environment: *a29\n");
    folder.write("bomb/compose.yaml", &services);
    folder.write("bomb/values.yaml", &bomb);
    folder.write("bomb/application.yml", &bomb);
    folder.write(
        "bomb/openapi.yaml",
        format!("openapi: 3.0.0\n{bomb}paths: *a29\n"),
    );
    folder.write(
        "bomb/k8s.yaml",
        format!("apiVersion: v1\nkind: ConfigMap\n{bomb}data: *a29\n"),
    );
    folder.write(
        ".github/workflows/bomb.yml",
        format!("on: push\n{bomb}jobs: *a29\n"),
    );
    let entities: String = (1..40)
        .map(|n| format!("<!ENTITY e{n} \"&e{};&e{};\">", n - 1, n - 1))
        .collect();
    folder.write(
        "bomb/pom.xml",
        format!("<!DOCTYPE p [<!ENTITY e0 \"x\">{entities}]><project><name>&e39;</name></project>"),
    );
    sound_part_counts(&folder);
    let declared = Folder::with([("README.md", "# A\n")]);
    declared.write("groundplan.yaml", format!("{bomb}system: *a29\n"));
    declared.run(&["generate"]).ended(2);
}

#[test]
fn three_thousand_small_files() {
    let folder = grocer();
    for n in 0..3_000 {
        let text = match n % 3 {
            0 => format!("package p{n}\n\nfunc F{n}() {{}}\n"),
            1 => format!("import os\n\ndef f{n}():\n    return os.environ['KEY_{n}']\n"),
            _ => format!("export const a{n} = process.env.KEY_{n};\n"),
        };
        let end = ["go", "py", "ts"][n % 3];
        folder.write(&format!("many/{}/f{n}.{end}", n / 100), text);
    }
    sound_part_counts(&folder);
}

#[test]
fn a_broken_file_beside_a_sound_one() {
    let folder = grocer();
    folder.write(
        "other/compose.yaml",
        "services:\n  a:\n    image: redis:7\n   b: {]\n",
    );
    folder.write("web/tsconfig.json", "{\"a\": }");
    folder.write("broken/package.json", "{\"name\": \"x\", ");
    folder.write("broken/Cargo.toml", "[package\nname=");
    folder.write("broken/pom.xml", "<project><artifactId>x</project>");
    folder.write("broken/a.sql", "CREATE TABLE (((;");
    folder.write("broken/a.proto", "syntax = ; message {");
    folder.write("broken/schema.prisma", "model {{{");
    folder.write("broken/nginx.conf", "http { server {");
    folder.write("broken/Dockerfile", "FRMO x\nRUN <<EOF\n");
    let ran = sound_part_counts(&folder).says(&["warning", "other/compose.yaml:4", "^"]);
    assert!(ran.err.contains("help:"), "{}", ran.err);
    let json = folder.good(&["survey", "--diagnostics", "json"]).err;
    let all: Vec<serde_json::Value> = json
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let broken = all
        .iter()
        .find(|d| d["place"]["path"] == "other/compose.yaml")
        .unwrap();
    assert_eq!(broken["severity"], "warning");
    assert_eq!(broken["place"]["lines"][0], 4);
}

#[test]
fn without_git_and_with_a_broken_one() {
    let folder = grocer();
    folder.good(&["generate"]);
    folder.write(".git", "gitdir: /nowhere\n");
    folder.good(&["generate"]);
    std::fs::remove_file(folder.repo.join(".git")).unwrap();
    folder.git(&["init", "-q"]);
    folder.good(&["generate"]);
    folder.git(&["add", "."]);
    folder.git(&["commit", "-qm", "a"]);
    folder.write(".git/HEAD", "ref: refs/heads/none\n");
    folder.good(&["generate"]);
    folder.write(".git/HEAD", "nonsense\n");
    folder.good(&["generate"]);
    folder.write(".git/config", "[core\n");
    folder.good(&["generate"]);
}

/// Names and texts that mean something to Markdown, HTML, SVG and Mermaid.
const ATTACKS: [&str; 7] = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(2)>",
    "\"><svg onload=alert(3)>",
    "`code` | cell | [a](javascript:alert(4))",
    "]]><!-- --></text><script>alert(5)</script>",
    "${alert(6)} {{7*7}} <%= 8 %>",
    "'\"--></style></script><iframe src=//x>",
];

/// The sample with attacks in every text that gets into documents.
fn attacked() -> Folder {
    let folder = grocer();
    let json = |text: &str| serde_json::to_string(text).unwrap();
    let mut compose = "services:\n".to_owned();
    let mut sql = String::new();
    let mut paths = String::new();
    let mut features = String::new();
    let mut code = "const app = require('express')();\n".to_owned();
    for (n, attack) in ATTACKS.iter().enumerate() {
        let quoted = json(attack);
        compose.push_str(&format!(
            "  {quoted}:\n    image: {quoted}\n    container_name: {quoted}\n    environment: {{URL: {}, {quoted}: {quoted}}}\n    labels: {{{quoted}: {quoted}}}\n    networks: [{quoted}]\n    ports: [{quoted}]\n    command: {quoted}\n    depends_on: [{quoted}, orders]\n",
            json(&format!("http://orders:9000/{attack}"))
        ));
        sql.push_str(&format!(
            "CREATE TABLE \"{}\" (\"{n}{}\" TEXT);\n",
            attack.replace('"', "\"\""),
            attack.replace('"', "\"\"")
        ));
        paths.push_str(&format!("  {}:\n    get: {{operationId: {quoted}, summary: {quoted}, tags: [{quoted}], responses: {{'200': {{description: {quoted}}}}}}}\n", json(&format!("/{attack}"))));
        features.push_str(&format!("- {attack}\n"));
        code.push_str(&format!(
            "app.get({}, f); // TODO: {attack}\n",
            json(&format!("/{attack}"))
        ));
        let file = attack.replace('/', "\u{2215}");
        folder.write(&format!("dir {file}/compose.yaml"), &compose);
        folder.write(&format!("web/{file}.js"), &code);
        folder.write(&format!("docs/adr/000{}-{file}.md", n + 2), format!("# {attack}\n\n## Status\n\nAccepted\n\n## Context\n\n{attack}\n\n## Decision\n\n{attack}\n"));
        folder.write(&format!("k8s/{file}\nx.yaml"), format!("apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {quoted}, namespace: {quoted}}}\nspec: {{template: {{spec: {{containers: [{{name: {quoted}, image: {quoted}, env: [{{name: {quoted}, value: {quoted}}}]}}]}}}}}}\n"));
    }
    folder.write("bad/compose.yaml", compose);
    folder.write("orders/migrations/002.sql", sql);
    folder.write(
        "openapi.yaml",
        format!(
            "openapi: 3.0.3\ninfo: {{title: {}, description: {}, version: '1'}}\npaths:\n{paths}",
            json(ATTACKS[0]),
            json(ATTACKS[1])
        ),
    );
    folder.write(
        "README.md",
        format!(
            "# Shop {}\n\nSells {} and {}.\n\n## Features\n\n{features}",
            ATTACKS[0], ATTACKS[1], ATTACKS[3]
        ),
    );
    folder.write("web/package.json", format!("{{\"name\": {0}, \"description\": {0}, \"version\": {0}, \"license\": {0}, \"dependencies\": {{{0}: {0}, \"express\": {0}}}, \"scripts\": {{\"test\": {0}}}}}", json(ATTACKS[4])));
    folder.write(
        "CODEOWNERS",
        format!("* @{}\n", ATTACKS[0].replace(' ', "")),
    );
    folder.write(".github/workflows/ci.yml", format!("name: {0}\non: push\njobs:\n  {0}:\n    name: {0}\n    steps: [{{name: {0}, run: {0}}}]\n", json(ATTACKS[0])));
    let declared: String = ATTACKS
        .iter()
        .map(|attack| format!("  {0}: {0}\n", json(attack)))
        .collect();
    let list: String = ATTACKS
        .iter()
        .map(|attack| format!("  - {}\n", json(attack)))
        .collect();
    folder.write(
        "groundplan.yaml",
        format!(
            "system:\n  name: {0}\n  purpose: {1}\ngoals:\n{list}glossary:\n{declared}",
            json(ATTACKS[0]),
            json(ATTACKS[6])
        ),
    );
    folder.git(&["init", "-q"]);
    folder.git(&[
        "remote",
        "add",
        "origin",
        "https://example.org/<script>alert(1)</script>/\"><img src=x>",
    ]);
    folder.git(&["add", "."]);
    folder.git(&[
        "commit",
        "-qm",
        "<script>alert(9)</script>",
        "--author",
        "x\" onload=alert(9)&b <a\"&b@example.org>",
    ]);
    folder
}

#[cfg(unix)]
#[test]
fn texts_of_the_repository_do_not_act_in_the_documents() {
    let folder = attacked();
    folder.good(&EVERYTHING);
    let mut pages = 0;
    for (name, bytes) in folder.outputs() {
        let text = lossy(&bytes);
        if name.ends_with(".html") || name.ends_with(".svg") {
            pages += 1;
            tags(&name, &text);
        }
        if name.ends_with(".md") {
            pages += 1;
            markdown(&name, &text);
        }
    }
    assert!(pages > 10, "only {pages} pages");
}

/// Tags and attributes that our own pages are made of; everything else came from the repository.
fn tags(name: &str, text: &str) {
    let is_drawing = name.ends_with(".svg");
    let mut rest = text;
    let mut scripts = 0;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        let word: String = rest
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || "/!?-".contains(*c))
            .collect();
        let word = word.trim_start_matches('/').to_ascii_lowercase();
        let end = tag_end(rest).unwrap_or_else(|| panic!("{name}: `<{word}` is not closed"));
        let tag = &rest[..end];
        let around: String = tag.chars().take(160).collect();
        assert!(
            !["iframe", "object", "embed", "base", "form"].contains(&word.as_str()),
            "{name}: {around}"
        );
        scripts += usize::from(word == "script");
        assert!(
            !(is_drawing && (word == "script" || word == "foreignobject")),
            "{name}: {around}"
        );
        for (attribute, value) in attributes(tag) {
            assert!(!attribute.starts_with("on"), "{name}: {around}");
            let link = ["href", "src", "xlink:href", "action"].contains(&attribute.as_str());
            let scheme = value.trim().to_ascii_lowercase();
            assert!(
                !(link && scheme.starts_with("javascript")),
                "{name}: {around}"
            );
            let tells = attribute
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"-:_/?.".contains(&b));
            assert!(tells, "{name}: attribute `{attribute}` in {around}");
        }
        rest = &rest[end..];
        if word == "script" || word == "style" {
            // What stands in our own scripts and styles is text up to the end tag.
            let close = rest.find(&format!("</{word}>"));
            if !tag.starts_with('/')
                && let Some(close) = close
            {
                // Data may quote anything that does not end the element.
                let inner = rest[..close].trim_start_matches('>');
                let is_data = tag.contains("application/json")
                    && serde_json::from_str::<serde_json::Value>(inner).is_ok();
                assert!(is_data || !inner.contains("alert("), "{name}: <{tag}>");
                rest = &rest[close..];
            }
        }
    }
    let most = if is_drawing { 0 } else { 8 };
    assert!(scripts <= most, "{name}: {scripts} script tags");
}

/// Offset of the `>` that ends a tag; quotes count.
fn tag_end(text: &str) -> Option<usize> {
    if text.starts_with("!--") {
        return text.find("-->").map(|at| at + 2);
    }
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match quote {
            Some(q) if q == c => quote = None,
            Some(_) => {}
            None if c == '"' || c == '\'' => quote = Some(c),
            None if c == '>' => return Some(at),
            None => {}
        }
    }
    None
}

fn attributes(tag: &str) -> Vec<(String, String)> {
    let mut all = Vec::new();
    if tag.starts_with('!') {
        return all;
    }
    let mut rest = tag.trim_start_matches(|c: char| !c.is_whitespace());
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            return all;
        }
        let name: String = rest
            .chars()
            .take_while(|c| !c.is_whitespace() && *c != '=')
            .collect();
        rest = &rest[name.len()..];
        let mut value = String::new();
        if let Some(after) = rest.strip_prefix('=') {
            match after.chars().next() {
                Some(q @ ('"' | '\'')) => {
                    let inner = &after[1..];
                    let end = inner.find(q).unwrap_or(inner.len());
                    value = inner[..end].to_owned();
                    rest = inner.get(end + 1..).unwrap_or_default();
                }
                _ => {
                    let end = after.find(char::is_whitespace).unwrap_or(after.len());
                    value = after[..end].to_owned();
                    rest = &after[end..];
                }
            }
        }
        all.push((name.to_ascii_lowercase(), value));
        if rest.starts_with('=') {
            rest = &rest[1..];
        }
    }
}

/// Outside of code no `<` may open a tag that is not ours, and no link may run a script.
fn markdown(name: &str, text: &str) {
    let mut fence: Option<String> = None;
    for line in text.lines() {
        let bare = line.trim_start().trim_start_matches("> ");
        let ticks: String = bare.chars().take_while(|c| *c == '`').collect();
        match &fence {
            Some(open) => {
                if bare.trim_end() == *open {
                    fence = None;
                }
                continue;
            }
            None if ticks.len() >= 3 => {
                fence = Some(ticks);
                continue;
            }
            None => {}
        }
        let prose = without_code(line);
        let lower = prose.to_ascii_lowercase();
        for bad in [
            "<script",
            "<img",
            "<svg",
            "<iframe",
            "<style",
            "</script",
            "](javascript:",
            "<!--",
        ] {
            let ours = bad == "<!--" && !lower.contains("alert");
            let hit = find_unescaped(&lower, bad);
            assert!(!hit || ours, "{name}: {bad} in {line}");
        }
    }
    assert!(fence.is_none(), "{name}: a fence is left open");
}

/// Whether `bad` occurs with an even number of backslashes before it.
fn find_unescaped(text: &str, bad: &str) -> bool {
    text.match_indices(bad).any(|(at, _)| {
        let before = text[..at].bytes().rev().take_while(|b| *b == b'\\').count();
        before % 2 == 0
    })
}

/// A line without its code spans.
fn without_code(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some(at) = rest.find('`') {
        let escaped = rest[..at].bytes().rev().take_while(|b| *b == b'\\').count() % 2 == 1;
        let ticks = rest[at..].bytes().take_while(|b| *b == b'`').count();
        out.push_str(&rest[..at]);
        let after = &rest[at + ticks..];
        let close = if escaped { None } else { closing(after, ticks) };
        match close {
            Some(end) => rest = &after[end + ticks..],
            None => {
                out.push_str(&rest[at..at + ticks]);
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

/// Offset of the next run of exactly `ticks` backticks.
fn closing(text: &str, ticks: usize) -> Option<usize> {
    let mut at = 0;
    while let Some(next) = text[at..].find('`') {
        let run = text[at + next..].bytes().take_while(|b| *b == b'`').count();
        if run == ticks {
            return Some(at + next);
        }
        at += next + run;
    }
    None
}

#[test]
fn the_sample_itself_is_sound() {
    let folder = grocer();
    sound_part_counts(&folder);
    assert_eq!(
        folder.good(&["survey"]).err,
        "",
        "the sample gives diagnostics"
    );
}
