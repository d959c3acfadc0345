//! Types and files that list the roles of users.

use crate::extractor::{Extractor, Reads};
use crate::facts::FileFacts;
use crate::marks;
use crate::scan::{self, Part};
use crate::source::SourceFile;
use groundplan_syntax::{Code, Language};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "role-types",
    docs: "\
### What it finds
Roles of users that a type lists: an `enum Role`, `UserRole` or `TeamAccessRole` of C#, Java, Kotlin, PHP,
Prisma, Rust and TypeScript, a class of constants of C#, an enumeration of Python, `enum :role` of a model
of Rails, constants of a type of Go, constants that are called `ROLE_ADMIN` and `ROLE_USER`, the names of
rows that code puts into the table of roles, and the keys under `roles:` of files such as `rbac.yaml` and
`permissions.yml`.

### What it does not find
Roles whose rows people make, what each may do, and lists in which no usual role stands: a `Role` of
messages, replicas or parties of a connection is none of users.
",
    reads: &[
        Reads::Own(&[
            Language::CSharp,
            Language::Go,
            Language::Java,
            Language::JavaScript,
            Language::Kotlin,
            Language::Php,
            Language::Python,
            Language::Ruby,
            Language::Rust,
            Language::TypeScript,
        ]),
        Reads::Paths(&[
            "*.prisma",
            "*rbac*.yaml",
            "*rbac*.yml",
            "roles.yaml",
            "roles.yml",
            "permissions.yaml",
            "permissions.yml",
        ]),
    ],
    markers: &["enum Role", "enum UserRole", "enum class Role", "enum class UserRole", "enum :role", "enum :user_role", "enum role:", "enum user_role:", "class Role", "class UserRole", "type Role", "type UserRole", "Role enum", "roles:", "Role {", "Roles {", "Role\n", "Role(", "Role string", "ROLE_", "role.upsert(", "role.create(", "Role.create(", "Role.create!(", "Role.find_or_create", "Role::create(", "Role::firstOrCreate(", "Role::findOrCreate("],
    run: extract,
};

/// Names of types that list roles of users.
const TYPES: [&str; 8] = [
    "MemberRole",
    "OrganizationRole",
    "Role",
    "RoleName",
    "RoleType",
    "Roles",
    "UserRole",
    "UserRoles",
];

/// Whether a type is called as one that lists roles of users: one of [`TYPES`], or `TeamAccessRole`.
fn is_type(name: &str) -> bool {
    // Roles of machines and of elements of pages.
    const FOREIGN: [&str; 12] = [
        "Aria", "Chat", "Cluster", "Database", "Device", "Message", "Node", "Peer", "Replica",
        "Server", "Socket", "System",
    ];
    let ends = ["Role", "Roles", "RoleName", "RoleType"]
        .iter()
        .any(|end| name.ends_with(end));
    let whole = name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.bytes().all(|b| b.is_ascii_alphanumeric());
    TYPES.contains(&name) || ends && whole && !FOREIGN.iter().any(|word| name.starts_with(word))
}

/// Roles of which a list of those of users has one.
const USUAL: [&str; 12] = [
    "admin",
    "administrator",
    "customer",
    "editor",
    "guest",
    "manager",
    "member",
    "moderator",
    "owner",
    "staff",
    "superadmin",
    "viewer",
];

/// Roles of others: of messages to a language model, of replicas, of parties of a connection.
const OTHERS: [&str; 14] = [
    "assistant",
    "client",
    "follower",
    "leader",
    "learner",
    "master",
    "primary",
    "replica",
    "secondary",
    "server",
    "slave",
    "system",
    "tool",
    "voter",
];

/// Roles of one list at most.
const MOST: usize = 30;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    // What a client of others calls roles are those of the others.
    let of_others = file.path.split('/').any(|part| match part {
        // Ktor calls so what sets up one's own server.
        "plugins" => file.language != Language::Kotlin,
        "plugin" | "integrations" | "integration" | "connectors" | "sdk" => true,
        _ => false,
    });
    if scan::part(file) != Part::Own || of_others && file.language != Language::Yaml {
        return;
    }
    let mut found = match file.language {
        Language::Python => of_python(file.text),
        Language::Go => of_go(file.code()),
        Language::Yaml => of_file(file),
        _ if file.path.ends_with(".prisma") => of_prisma(file.text),
        Language::CSharp => {
            let found = of_enum(file.code());
            match found.is_empty() {
                true => of_constants(file.code()),
                false => found,
            }
        }
        Language::JavaScript => Vec::new(),
        Language::Ruby => of_rails(file.text),
        _ => of_enum(file.code()),
    };
    if found.is_empty() && file.text.contains("ROLE_") {
        found = of_prefix(file.code());
    }
    if found.is_empty() && file.language.is_code() {
        found = of_rows(file.code());
    }
    let plain = |name: &str| name.to_lowercase().replace(['_', '-'], "");
    let has = |words: &[&str]| {
        found
            .iter()
            .any(|(name, _)| words.contains(&plain(name).as_str()))
    };
    if found.len() < 2 || found.len() > MOST || has(&OTHERS) || !has(&USUAL) {
        return;
    }
    for (name, line) in &found {
        marks::role_name(acc, file, *line, name);
    }
}

/// The names of rows that code puts into the table of roles: `prisma.role.upsert({ where: { name: "admin" }, … })`,
/// `Role::firstOrCreate(['name' => 'admin'])`.
fn of_rows(code: &Code<'_>) -> Vec<(String, u32)> {
    // Of `create!` the mark is a token of its own.
    const MAKERS: [&str; 5] = [
        "create",
        "findOrCreate",
        "find_or_create_by",
        "firstOrCreate",
        "upsert",
    ];
    let mut found: Vec<(String, u32)> = Vec::new();
    for at in 0..code.tokens.len() {
        if !matches!(code.raw(at), "role" | "Role") {
            continue;
        }
        let Some(open) = (at + 1..at + 6).find(|&open| code.is(open, "(")) else {
            continue;
        };
        let made = (at + 1..open).any(|word| MAKERS.contains(&code.raw(word)));
        let Some(close) = code.partner(open).filter(|_| made) else {
            continue;
        };
        let named = (open + 1..close).find_map(|key| {
            let is_name = code.raw(key) == "name" || code.string(key) == Some("name");
            let value = (key + 1..key + 4).find(|&v| code.string(v).is_some())?;
            let joined = (key + 1..value).all(|v| matches!(code.raw(v), ":" | "=" | ">"));
            (is_name && joined && value > key + 1).then(|| (code.string(value), code.line(value)))
        });
        if let Some((Some(name), line)) = named
            && !found.iter().any(|(known, _)| known == name)
        {
            found.push((name.to_owned(), line));
        }
    }
    found
}

/// The keys of `enum :role, { member: "member", admin: "admin" }` of a model of Rails, also those of a list
/// (<https://api.rubyonrails.org/classes/ActiveRecord/Enum.html>).
fn of_rails(text: &str) -> Vec<(String, u32)> {
    const OPTIONS: [&str; 6] = [
        "default",
        "instance_methods",
        "prefix",
        "scopes",
        "suffix",
        "validate",
    ];
    let mut lines = (1_u32..).zip(text.lines());
    let Some((number, mut rest)) = lines.find_map(|(n, line)| Some((n, after_role(line)?))) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let mut at = number;
    let opens = |text: &str| {
        let text = text.trim_start();
        ["{", "[", "%i[", "%w["].iter().any(|b| text.starts_with(b))
    };
    // `enum :role, ROLES` lists none here.
    let bracket = opens(rest);
    if !bracket && !rest.contains(": ") {
        return found;
    }
    // A table or a list goes on up to where it is closed, pairs without a bracket behind a comma.
    loop {
        rest = match rest.starts_with('#') {
            true => "",
            false => rest.split(" #").next().unwrap_or(rest),
        };
        let goes_on = bracket || rest.trim_end().ends_with(',');
        let inner = rest.trim_start_matches(['{', '[', ' ']);
        let inner = inner
            .strip_prefix("%i[")
            .or(inner.strip_prefix("%w["))
            .unwrap_or(inner);
        let (part, closed) = match inner.find(['}', ']']) {
            Some(end) => (inner.get(..end).unwrap_or_default(), true),
            None => (inner, false),
        };
        let sign = |c: char| c == ',' || c == ' ' && !part.contains(':');
        for word in part.split(sign) {
            let word = word.trim().trim_start_matches(':');
            let name = word.split([':', '=', ' ']).next().unwrap_or_default();
            let name = name.trim_matches(['"', '\'']);
            let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
            // Options of the enumeration itself.
            let option = !bracket && OPTIONS.contains(&name.trim_start_matches('_'));
            if !name.is_empty() && name.chars().all(plain) && !option {
                found.push((name.to_owned(), at));
            }
        }
        let next = lines
            .next()
            .filter(|_| !closed && goes_on && at < number + 40);
        let Some((line, text)) = next else { break };
        (at, rest) = (line, text);
    }
    found
}

/// What follows the name of an enumeration of Rails that is called after roles.
fn after_role(line: &str) -> Option<&str> {
    let rest = line.trim_start().strip_prefix("enum ")?;
    let names = [":role, ", ":user_role, ", "role: ", "user_role: "];
    names.iter().find_map(|name| rest.strip_prefix(name))
}

/// The constants of `enum Role { Admin, Member }`, by their texts where each has one.
fn of_enum(code: &Code<'_>) -> Vec<(String, u32)> {
    let begins = |at: &usize| {
        let at = *at;
        let next = at + 1 + usize::from(code.is(at + 1, "class"));
        code.is(at, "enum") && code.ident(next).is_some_and(is_type)
    };
    let Some(at) = (0..code.tokens.len()).find(begins) else {
        return Vec::new();
    };
    let limit = code.tokens.len().min(at + 16);
    let Some(open) = (at..limit).find(|&at| code.is(at, "{")) else {
        return Vec::new();
    };
    let close = code.partner(open).unwrap_or(open);
    if code.language == Language::Php {
        let cases = (open..close).filter(|&at| code.is(at, "case"));
        let of = |at: usize| {
            let name = code.ident(at + 1)?;
            // `self::ADMIN => …` of a match is no case.
            let ends =
                code.is(at + 2, ";") || code.is(at + 2, "=") && code.string(at + 3).is_some();
            let text = code.string(at + 3).unwrap_or(name);
            ends.then(|| (text.to_owned(), code.line(at)))
        };
        return cases.filter_map(of).collect();
    }
    let constants = code.arguments(open).into_iter();
    let of = |part: std::ops::Range<usize>| {
        let mut at = part.start;
        // `#[serde(rename = "admin")] Admin`, `@JsonProperty("admin") ADMIN`, `[Display] Admin`
        while code.is(at, "#") || code.is(at, "@") || code.is(at, "[") {
            at += match () {
                () if code.is(at, "[") => 0,
                () if code.is(at, "@") => 2,
                () => 1,
            };
            if code.is(at, "(") || code.is(at, "[") {
                at = code.partner(at)? + 1;
            }
        }
        let name = code.ident(at)?;
        let said = code.string(at + 2).filter(|_| code.is(at + 1, "="));
        let ends = at + 1 >= part.end || !code.is(at + 1, "(") || code.language != Language::Rust;
        ends.then(|| (said.unwrap_or(name).to_owned(), code.line(at)))
    };
    constants.filter_map(of).collect()
}

/// The constants of `static class UserRoles { public const string Guest = "Guest"; }`.
fn of_constants(code: &Code<'_>) -> Vec<(String, u32)> {
    let begins = |at: &usize| code.is(*at, "class") && code.ident(at + 1).is_some_and(is_type);
    let Some(at) = (0..code.tokens.len()).find(begins) else {
        return Vec::new();
    };
    let open = (at..at + 16).find(|&at| code.is_byte(at, b'{'));
    let Some((open, close)) = open.and_then(|open| Some((open, code.partner(open)?))) else {
        return Vec::new();
    };
    let all = (open..close).filter(|&at| code.is(at, "const") && code.is(at + 1, "string"));
    let constant = |at: usize| {
        let text = code.string(at + 4).filter(|_| code.is(at + 3, "="))?;
        Some((text.to_owned(), code.line(at)))
    };
    all.filter_map(constant).collect()
}

/// Constants of a type of Go: `RoleAdmin Role = "admin"`, `RoleAdmin = Role("admin")`.
fn of_go(code: &Code<'_>) -> Vec<(String, u32)> {
    let all = (1..code.tokens.len()).filter(|&at| is_type(code.raw(at)));
    let constant = |at: usize| {
        let named = code.ident(at - 1).is_some() && code.is(at + 1, "=");
        let made = code.is(at - 1, "=") && code.is(at + 1, "(") && code.is(at + 3, ")");
        // Inside of a function it is the value of a variable.
        let made = made && code.function_at(at).is_none();
        let text = code.string(at + 2).filter(|_| named || made)?;
        Some((text.to_owned(), code.line(at)))
    };
    all.filter_map(constant).collect()
}

/// Constants that say of themselves that they are roles: `const ROLE_ADMIN = 2;`. Their names count, unless
/// they are texts.
fn of_prefix(code: &Code<'_>) -> Vec<(String, u32)> {
    let mut found: Vec<(String, u32)> = Vec::new();
    for at in 1..code.tokens.len() {
        let Some(name) = code.ident(at).and_then(|name| name.strip_prefix("ROLE_")) else {
            continue;
        };
        let constant = name.bytes().all(|b| b.is_ascii_uppercase() || b == b'_');
        // An argument and a comparison are none; what is given must be a literal.
        let value = code.raw(at + 2);
        let literal = code.string(at + 2).is_some() || value.bytes().all(|b| b.is_ascii_digit());
        let ends = !code.is_byte(at + 3, b'.') && !code.is(at + 3, "+");
        let declared = code.is(at + 1, "=") && !matches!(code.raw(at - 1), "," | "(" | ".");
        if !constant || !declared || !literal || !ends || name.is_empty() {
            continue;
        }
        let said = code
            .string(at + 2)
            .map(|text| text.trim_start_matches("ROLE_"));
        let role = said.map_or_else(|| name.to_lowercase(), str::to_owned);
        if found.iter().all(|(known, _)| *known != role) {
            found.push((role, code.line(at)));
        }
    }
    found
}

/// The members of `class Role(str, Enum)` and `class Role(models.TextChoices)`.
fn of_python(text: &str) -> Vec<(String, u32)> {
    let mut lines = (1_u32..).zip(text.lines());
    let begins = |line: &str| {
        let head = line.trim_start().strip_prefix("class ");
        let parts = head.and_then(|head| head.split_once('('));
        parts.is_some_and(|(name, bases)| {
            is_type(name.trim()) && (bases.contains("Enum") || bases.contains("Choices"))
        })
    };
    let Some((_, head)) = lines.find(|(_, line)| begins(line)) else {
        return Vec::new();
    };
    let depth = head.len() - head.trim_start().len();
    let mut found = Vec::new();
    for (number, line) in lines {
        let inner = line.trim_start();
        if inner.is_empty() || inner.starts_with('#') {
            continue;
        }
        if line.len() - inner.len() <= depth || inner.starts_with("def ") {
            break;
        }
        let Some((name, value)) = inner.split_once('=') else {
            continue;
        };
        let name = name.split(':').next().unwrap_or(name).trim();
        let quote = value.trim_start().chars().next();
        let text = quote
            .filter(|q| "\"'".contains(*q))
            .and_then(|q| value.trim_start()[1..].split(q).next());
        // Members in lower case are texts: `owner = "Owner"`.
        let constant = name.bytes().all(|b| {
            b.is_ascii_uppercase()
                || b"_0123456789".contains(&b)
                || text.is_some() && b.is_ascii_lowercase()
        });
        if constant && !name.is_empty() {
            found.push((text.unwrap_or(name).to_owned(), number));
        }
    }
    found
}

/// The values of `enum Role { ADMIN USER }` of a schema of Prisma.
fn of_prisma(text: &str) -> Vec<(String, u32)> {
    let mut lines = (1_u32..).zip(text.lines());
    let begins = |line: &str| {
        let head = line.trim().strip_prefix("enum ");
        let name = head.and_then(|head| head.strip_suffix('{'));
        name.is_some_and(|name| is_type(name.trim()))
    };
    if !lines.any(|(_, line)| begins(line)) {
        return Vec::new();
    }
    let inside = lines.take_while(|(_, line)| line.trim() != "}");
    let value = |(number, line): (u32, &str)| {
        let word = line.split_whitespace().next()?;
        let name = word.starts_with(|c: char| c.is_ascii_alphabetic());
        name.then(|| (word.to_owned(), number))
    };
    inside.filter_map(value).collect()
}

/// The keys under `roles:` at the top of a file about permissions.
fn of_file(file: &SourceFile<'_>) -> Vec<(String, u32)> {
    // Roles of Kubernetes and of Ansible are others.
    if file.text.contains("apiVersion:") {
        return Vec::new();
    }
    let roots = file.yaml().iter();
    let roles = roots.filter_map(|root| root.get("roles"));
    let keys = roles.flat_map(groundplan_syntax::Node::entries);
    keys.map(|(key, _)| (key.text.clone(), key.line)).collect()
}
