//! Symfony: who is let in, by the settings of its security bundle.

use crate::extractor::{Extractor, Reads};
use crate::facts::FileFacts;
use crate::paths;
use crate::php;
use crate::scan;
use crate::source::SourceFile;
use groundplan_model::Topic;
use groundplan_syntax::Node;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "symfony-security",
    docs: "\
### What it finds
Of `security.yaml`: each firewall with the paths that it stands before and the ways to sign in that it
takes, the rules of `access_control` in their order with paths, roles and methods, roles that include
others, and how passwords are hashed.

### What it does not find
Settings in XML and PHP, those for one environment alone (`when@test`), what authenticators and voters
decide.
",
    reads: &[Reads::Paths(&["**/security.yaml", "**/security.yml"])],
    markers: &["firewalls:", "access_control:", "role_hierarchy:"],
    run: extract,
};

/// Rules and firewalls of one file at most.
const MOST: usize = 60;

/// Groups of rules and roles that are told, at most; of rules always the last.
const SHOWN: usize = 6;

/// Ways to sign in (<https://symfony.com/doc/current/reference/configuration/security.html>).
const WAYS: [(&str, &str); 16] = [
    ("access_token", "access token"),
    ("fos_oauth", "OAuth"),
    ("form_login", "login form"),
    ("form_login_ldap", "login form with LDAP"),
    ("guard", "authenticators"),
    ("http_basic", "HTTP Basic"),
    ("http_basic_ldap", "HTTP Basic with LDAP"),
    ("http_digest", "HTTP Digest"),
    ("json_login", "login by JSON"),
    ("json_login_ldap", "login by JSON with LDAP"),
    ("jwt", "JWT"),
    ("login_link", "login link"),
    ("oauth", "OAuth"),
    ("oauth2", "OAuth 2"),
    ("remote_user", "user of the web server"),
    ("x509", "client certificate"),
];

/// What everybody is.
const OPEN: [&str; 3] = [
    "PUBLIC_ACCESS",
    "IS_AUTHENTICATED_ANONYMOUSLY",
    "IS_ANONYMOUS",
];

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) || php::is_foreign(file.path) {
        return;
    }
    for root in file.documents() {
        let Some(security) = root.get("security") else {
            continue;
        };
        firewalls(acc, file, security);
        rules(acc, file, security);
        roles(acc, file, security);
        hashers(acc, file, security);
    }
}

fn firewalls(acc: &mut FileFacts, file: &SourceFile<'_>, security: &Node) {
    let Some(all) = security.get("firewalls") else {
        return;
    };
    for (key, firewall) in all.entries().iter().take(MOST) {
        let off = firewall.str_of("security") == Some("false");
        let mut ways: Vec<String> = Vec::new();
        for (name, set) in firewall.entries() {
            let refused = matches!(set.str(), Some("false"));
            let known = WAYS.iter().find(|(way, _)| *way == name.text);
            if let Some((_, way)) = known.filter(|_| !refused) {
                ways.push((*way).to_owned());
            }
            if matches!(
                name.text.as_str(),
                "custom_authenticator" | "custom_authenticators"
            ) {
                let named = set.str().map(str::to_owned).into_iter();
                let listed = set.strings().into_iter().map(|(text, _)| text.to_owned());
                let classes = named.chain(listed);
                ways.extend(
                    classes
                        .map(|class| format!("`{}`", class.rsplit('\\').next().unwrap_or(&class))),
                );
            }
        }
        // One that takes nobody's word guards nothing by itself.
        if off || ways.is_empty() {
            continue;
        }
        ways.dedup();
        // One for some hosts or requests alone takes no whole paths.
        if firewall.get("host").is_some() || firewall.get("request_matcher").is_some() {
            continue;
        }
        let paths = match firewall.str_of("pattern") {
            Some(pattern) => format!("paths like `{pattern}`"),
            None => "all paths that no firewall before it takes".to_owned(),
        };
        let detail = format!("firewall for {paths}: {}", ways.join(", "));
        let topic = Topic::Authentication;
        scan::mark(acc, file, key.line, topic, key.text.clone(), Some(detail));
    }
}

/// `- { path: ^/admin, roles: ROLE_ADMIN }`: the first that fits counts.
fn rules(acc: &mut FileFacts, file: &SourceFile<'_>, security: &Node) {
    let Some((key, all)) = entry(security, "access_control") else {
        return;
    };
    let rules = all.items();
    // Rules that ask for more than the path are not told, and without them the order of the rest is wrong.
    let more = [
        "ip",
        "ips",
        "host",
        "port",
        "route",
        "attributes",
        "request_matcher",
    ];
    let asks_more = |rule: &Node| more.iter().any(|key| rule.get(key).is_some());
    if rules.len() > MOST || rules.iter().any(|rule| asks_more(rule)) {
        return;
    }
    // Neighbours of one kind are told together: their order among themselves changes nothing.
    let mut groups: Vec<(String, Vec<&str>)> = Vec::new();
    for rule in rules {
        let Some(path) = rule.str_of("path").filter(|p| !p.is_empty()) else {
            continue;
        };
        let mut roles = list(rule, "roles");
        roles.extend(list(rule, "role"));
        let open = roles.iter().any(|role| OPEN.contains(&role.as_str()));
        let who = match (roles.as_slice(), open) {
            (_, true) => "open to everybody".to_owned(),
            ([], _) if rule.get("allow_if").is_some() => "by an expression".to_owned(),
            // A rule without roles lets everybody in.
            ([], _) => "open to everybody".to_owned(),
            (roles, _) => format!("only {}", roles.join(" or ")),
        };
        let methods = list(rule, "methods");
        let on = match methods.is_empty() {
            true => String::new(),
            false => format!(" for {}", methods.join(", ")),
        };
        let secure = match rule.str_of("requires_channel") {
            Some("https") => " over HTTPS",
            _ => "",
        };
        let who = format!("{who}{on}{secure}");
        match groups.last_mut().filter(|(known, _)| *known == who) {
            Some((_, paths)) => paths.push(path),
            None => groups.push((who, vec![path])),
        }
    }
    if groups.is_empty() {
        return;
    }
    // The last decides over all that no rule before it takes.
    let left = groups.len().saturating_sub(SHOWN);
    let first = groups.len().saturating_sub(left + 1);
    let shown = groups.iter().take(first).chain(groups.last());
    let mut told: Vec<String> = shown
        .map(|(who, paths)| {
            let shown: Vec<String> = paths.iter().take(3).map(|p| format!("`{p}`")).collect();
            let more = match paths.len().saturating_sub(3) {
                0 => String::new(),
                n => format!(" and {n} more"),
            };
            format!("{}{more} {who}", shown.join(", "))
        })
        .collect();
    if left > 0 {
        told.insert(first, format!("{left} more"));
    }
    let detail = match rules.len() {
        1 => told.concat(),
        n => format!(
            "{n} rules, the first that fits counts: {}",
            told.join("; then ")
        ),
    };
    let topic = Topic::Authorization;
    scan::mark(acc, file, key, topic, "access_control", Some(detail));
}

/// The texts of a list, or the one text in place of it.
fn list(node: &Node, key: &str) -> Vec<String> {
    let Some(node) = node.get(key) else {
        return Vec::new();
    };
    texts(node)
}

fn texts(node: &Node) -> Vec<String> {
    let all: Vec<String> = match node.str() {
        Some(one) => one.split(',').map(|r| r.trim().to_owned()).collect(),
        None => {
            let listed = node.strings().into_iter();
            listed.map(|(text, _)| text.to_owned()).collect()
        }
    };
    all.into_iter().filter(|text| !text.is_empty()).collect()
}

/// `ROLE_ADMIN: [ROLE_USER]`
fn roles(acc: &mut FileFacts, file: &SourceFile<'_>, security: &Node) {
    let Some((key, all)) = entry(security, "role_hierarchy") else {
        return;
    };
    let told: Vec<String> = (all.entries().iter())
        .map(|(role, node)| (role, texts(node)))
        .filter(|(_, included)| !included.is_empty())
        .map(|(role, included)| format!("{} includes {}", role.text, included.join(", ")))
        .take(SHOWN)
        .collect();
    if !told.is_empty() {
        let detail = Some(told.join("; "));
        let topic = Topic::Authorization;
        scan::mark(acc, file, key, topic, "role_hierarchy", detail);
    }
}

/// An entry with the line of its key.
fn entry<'n>(node: &'n Node, name: &str) -> Option<(u32, &'n Node)> {
    let all = node.entries();
    let found = all.into_iter().find(|(key, _)| key.text == name);
    found.map(|(key, node)| (key.line, node))
}

/// `password_hashers: { App\Entity\User: auto }`, `encoders` before Symfony 5.3.
fn hashers(acc: &mut FileFacts, file: &SourceFile<'_>, security: &Node) {
    let all = security
        .get("password_hashers")
        .or(security.get("encoders"));
    for (key, node) in all.map(Node::entries).into_iter().flatten().take(MOST) {
        let algorithm = node.str().or_else(|| node.str_of("algorithm"));
        let class = key.text.rsplit('\\').next().unwrap_or(&key.text);
        // What is kept as it is written is not protected.
        if let Some(algorithm) = algorithm.filter(|a| !matches!(*a, "plaintext" | "")) {
            let detail = format!("passwords of `{class}` with the hasher `{algorithm}`");
            let topic = Topic::Encryption;
            scan::mark(acc, file, key.line, topic, "password hashes", Some(detail));
        }
    }
}
