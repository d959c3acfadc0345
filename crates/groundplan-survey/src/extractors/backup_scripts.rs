//! Scripts that copy data away.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Mark};
use crate::scan::{self, Part};
use crate::source::SourceFile;
use groundplan_model::{ARCHIVE_BY_CODE, DATABASE_BY_CODE, Topic};
use groundplan_syntax::{Code, Language};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "backup-scripts",
    docs: "\
### What it finds
Commands in shell scripts, Makefiles and pipelines that copy data away: dumps of databases
(`pg_dump`, `pg_dumpall`, `pg_basebackup`, `mysqldump`, `mariadb-dump`, `mongodump`, `BACKUP DATABASE` of SQL
Server, also in scripts of SQL), restic, borg, Velero, WAL-G, pgBackRest, Barman; commands of Django that
are called after backups; calls of the tools that dump databases in code; functions of shell scripts that are called
after backups and pack or copy files; and code called so that writes a copy of a SQLite file, or an archive with the
files that it names.

### What it does not find
Who runs a script and how often, plain `cp` or `rsync` outside of such functions, and archives of what belongs to one
user.
",
    reads: &[
        Reads::Languages(&[Language::Shell, Language::Sql]),
        Reads::Own(&[
            Language::CSharp,
            Language::Go,
            Language::Java,
            Language::JavaScript,
            Language::Php,
            Language::Python,
            Language::Ruby,
            Language::TypeScript,
        ]),
        Reads::Paths(&[
            "Makefile",
            "*.mk",
            "Justfile",
            "Taskfile.yml",
            ".gitlab-ci.yml",
            ".woodpecker.yml",
            "**/.github/workflows/*.yml",
            "**/.github/workflows/*.yaml",
            ".github/workflows/*.yml",
            "**/management/commands/*backup*.py",
        ]),
    ],
    markers: &[
        "pg_dump",
        "pg_basebackup",
        "mysqldump",
        "mariadb-dump",
        "mongodump",
        "restic ",
        "borg create",
        "velero ",
        "wal-g",
        "pgbackrest",
        "barman ",
        "BACKUP DATABASE",
        "backup database",
        "BaseCommand",
        "ackup",
    ],
    run: extract,
};

/// The command as it stands in a line, and the name under which it is told.
const COMMANDS: [(&str, &str); 13] = [
    ("pg_dumpall", "pg_dumpall"),
    ("pg_dump", "pg_dump"),
    ("pg_basebackup", "pg_basebackup"),
    ("mysqldump", "mysqldump"),
    ("mariadb-dump", "mariadb-dump"),
    ("mongodump", "mongodump"),
    ("restic backup", "restic"),
    ("borg create", "Borg"),
    ("velero backup", "Velero"),
    ("wal-g backup-push", "WAL-G"),
    ("pgbackrest", "pgBackRest"),
    ("barman backup", "Barman"),
    ("backup database ", "BACKUP DATABASE"),
];

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    // <https://docs.djangoproject.com/en/stable/howto/custom-management-commands/>
    let of_django = file.path.contains("management/commands/") && file.name().contains("backup");
    if file.language == Language::Python && of_django {
        let mut lines = (1_u32..).zip(file.text.lines());
        let class = lines.find(|(_, line)| line.starts_with("class Command"));
        if let Some((line, _)) = class {
            let name = file.name().trim_end_matches(".py").to_owned();
            let mark = Mark {
                topic: Topic::Backup,
                name,
                detail: Some("a command of the program".to_owned()),
            };
            acc.add(file, line, line, Claim::Mark(mark));
        }
        return;
    }
    if matches!(
        file.language,
        Language::CSharp
            | Language::Go
            | Language::Java
            | Language::JavaScript
            | Language::Php
            | Language::Python
            | Language::Ruby
            | Language::TypeScript
    ) {
        return in_code(acc, file);
    }
    if file.language == Language::Shell
        && let Some((line, name, detail)) = packing_function(file)
    {
        scan::mark(acc, file, line, Topic::Backup, name, Some(detail));
    }
    let mut seen: Vec<&str> = Vec::new();
    for (number, line) in file.text.lines().enumerate() {
        let text = line.trim();
        let quiet = ["#", "--", "echo ", "grep "];
        if quiet.iter().any(|begin| text.starts_with(begin)) {
            continue;
        }
        let lower = text.to_ascii_lowercase();
        let Some((_, name)) = COMMANDS.iter().find(|(command, _)| {
            // `command -v pg_dump` asks whether it is there.
            lower.contains(command)
                && !["command -v", "which ", "--version", "--help"]
                    .iter()
                    .any(|asks| text.contains(asks))
        }) else {
            continue;
        };
        // A schema alone is no backup of data.
        if seen.contains(name) || text.contains("--schema-only") {
            continue;
        }
        seen.push(name);
        let number = number as u32 + 1;
        let mark = Mark {
            topic: Topic::Backup,
            name: (*name).to_owned(),
            detail: Some(format!("by `{}`", file.name())),
        };
        acc.add(file, number, number, Claim::Mark(mark));
    }
}

/// Tools that code starts to dump a database: `pg_dump(…)` of a library that calls programs, and
/// `run(["pg_dump", …])`, `exec("mysqldump --all-databases")`.
fn in_code(acc: &mut FileFacts, file: &SourceFile<'_>) {
    const TOOLS: [&str; 5] = [
        "pg_dump",
        "pg_dumpall",
        "mysqldump",
        "mariadb-dump",
        "mongodump",
    ];
    if scan::part(file) != Part::Own || file.is_test() || file.text.contains("schema-only") {
        return;
    }
    let code = file.code();
    for at in 1..code.tokens.len() {
        let called = code.ident(at).filter(|_| code.is(at + 1, "("));
        let started = code.string(at).filter(|text| {
            let rest = text.split_once(' ').map(|(_, rest)| rest.trim_start());
            rest.is_none_or(|rest| rest.starts_with(['-', '$', '{', '%']))
        });
        let word = called.or(started).and_then(|text| text.split(' ').next());
        let Some(tool) = word.and_then(|word| TOOLS.iter().find(|tool| **tool == word)) else {
            continue;
        };
        let open = match called {
            Some(_) => (!is_defined(code, at)).then_some(at + 1),
            None => runner(code, at),
        };
        if open.is_none_or(|open| only_asks(code, open)) {
            continue;
        }
        let line = code.line(at);
        let detail = Some(format!("by `{}`", file.name()));
        scan::mark(acc, file, line, Topic::Backup, *tool, detail);
        return;
    }
    if let Some((line, name, detail)) = archive(file) {
        scan::mark(acc, file, line, Topic::Backup, name, Some(detail));
    }
}

/// Whether a name is that of something which takes backups: it lists none, reads none back, and holds no codes of a
/// second factor.
fn takes_backups(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    lower.contains("backup")
        && ![
            "restore", "list", "code", "delete", "clean", "remove", "find", "test",
        ]
        .iter()
        .any(|not| lower.contains(not))
}

/// The function of a shell script that is called after backups and packs or copies files: its line, its name and how
/// it does.
fn packing_function<'t>(file: &SourceFile<'t>) -> Option<(u32, &'t str, String)> {
    const TOOLS: [&str; 6] = ["tar ", "docker cp ", "rsync ", "zip ", "mc mirror ", "cp -"];
    let mut open: Option<(u32, &str)> = None;
    for (number, line) in (1_u32..).zip(file.text.lines()) {
        let text = line.trim();
        if let Some(name) = function_name(text) {
            open = Some((number, name));
        }
        let quiet = text.starts_with('#') || text.starts_with("echo ");
        // The name of a tool may end that of another.
        let begins = |tool: &str| {
            let mut all = text.match_indices(tool);
            all.any(|(at, _)| {
                !text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '-' || c == '.')
            })
        };
        if let Some((number, name)) = open.filter(|(_, name)| !quiet && takes_backups(name))
            && let Some(tool) = TOOLS.into_iter().find(|tool| begins(tool))
        {
            let tool = tool.trim_end_matches([' ', '-']);
            return Some((number, name, format!("by `{}`, with `{tool}`", file.name())));
        }
        if line.starts_with('}') {
            open = None;
        }
    }
    None
}

/// `save` of `function save() {` and `save() {`.
fn function_name(line: &str) -> Option<&str> {
    let name = match line.strip_prefix("function ") {
        Some(rest) => rest.split(['(', ' ', '{']).next()?,
        None => line.split_once("()").map(|(name, _)| name)?,
    };
    let sound = !name.is_empty()
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
    sound.then_some(name)
}

/// Calls that write archives, by the word before and the word of the call.
const ARCHIVES: [(&str, &str); 10] = [
    ("", "ZipOutputStream"),
    ("", "archiver"),
    ("", "make_archive"),
    ("ZipFile", "CreateFromDirectory"),
    ("tar", "NewWriter"),
    ("tar", "create"),
    ("tarfile", "open"),
    ("zip", "NewWriter"),
    ("zipfile", "ZipFile"),
    ("", "ZipArchive"),
];

/// Calls of [`ARCHIVES`] that read archives, too.
const BOTH_WAYS: [&str; 3] = ["ZipArchive", "ZipFile", "open"];

/// Whether the arguments of a call say that it writes: `"w:gz"`, `ZipArchiveMode.Create`.
fn is_to_write(code: &Code<'_>, open: usize) -> bool {
    // <https://www.php.net/manual/en/ziparchive.open.php>
    if code.language == Language::Php {
        return code.text.contains("ZipArchive::CREATE");
    }
    // <https://docs.python.org/3/library/tarfile.html#tarfile.open>
    let writes = |mode: &str| {
        matches!(
            mode.as_bytes(),
            [b'w' | b'x'] | [b'w' | b'x', b':' | b'|', ..]
        )
    };
    let close = code.partner(open).unwrap_or(open);
    (open..close).any(|at| code.is(at, "Create") || code.string(at).is_some_and(writes))
}

/// Code that is called after backups and writes an archive, or a copy of a SQLite file.
fn archive<'t>(file: &SourceFile<'t>) -> Option<(u32, String, String)> {
    let code = file.code();
    let stem = file.name().split('.').next().unwrap_or_default();
    let packs = |at: usize| {
        let before = match at.checked_sub(2) {
            Some(before) if code.is(at - 1, ".") => code.raw(before),
            _ => "",
        };
        code.ident(at)
            .filter(|_| code.is(at + 1, "("))
            .is_some_and(|word| {
                let known =
                    |(of, name): &(&str, &str)| *name == word && (of.is_empty() || *of == before);
                ARCHIVES.iter().any(known)
                    && !is_import(code, at)
                    && (!BOTH_WAYS.contains(&word) || is_to_write(code, at + 1))
            })
    };
    let copies = |at: usize| {
        let begin = code.string(at).and_then(|text| text.trim_start().get(..11));
        begin.is_some_and(|begin| begin.eq_ignore_ascii_case("VACUUM INTO"))
    };
    let (at, packed) = (1..code.tokens.len()).find_map(|at| {
        let packed = packs(at);
        (packed || copies(at)).then_some((at, packed))
    })?;
    let around = crate::conditions::function_around(code, at);
    let function = around.and_then(|(params, _)| code.ident(params.checked_sub(1)?));
    let name = [function, Some(stem)]
        .into_iter()
        .flatten()
        .find(|name| takes_backups(name))?;
    let detail = match packed {
        true => contents(file)?,
        false => DATABASE_BY_CODE.to_owned(),
    };
    Some((code.line(at), name.to_owned(), detail))
}

fn is_import(code: &Code<'_>, at: usize) -> bool {
    at > 0 && matches!(code.raw(at - 1), "import" | "function" | "def" | "func")
}

/// What an archive holds, as far as the file names it; `None` of what belongs to one user, which is no copy of the data
/// of all.
fn contents(file: &SourceFile<'_>) -> Option<String> {
    const ENDS: [&str; 6] = [".db", ".sqlite", ".sqlite3", ".db3", ".mdb", ".json"];
    const MOST: usize = 4;
    let code = file.code();
    let mut files: Vec<&str> = Vec::new();
    for at in 0..code.tokens.len() {
        let text = code.string(at).unwrap_or_default();
        let named = ENDS
            .iter()
            .any(|end| text.len() > end.len() && text.ends_with(end));
        if named && !text.contains(['/', ' ', '*', '{', '$']) && !files.contains(&text) {
            files.push(text);
        }
    }
    let database = |name: &&str| !name.ends_with(".json");
    // A file of data alone is what somebody takes away.
    if !files.iter().any(database) {
        let owner = ["userId", "user_id", "user.id", "UserId"];
        let personal: usize = owner
            .iter()
            .map(|word| file.text.matches(word).count())
            .sum();
        return (personal <= 2).then(|| ARCHIVE_BY_CODE.to_owned());
    }
    files.sort_by_key(|name| !database(name));
    files.truncate(MOST);
    let named: Vec<String> = files.iter().map(|name| format!("`{name}`")).collect();
    Some(format!("{ARCHIVE_BY_CODE}, with {}", named.join(", ")))
}

/// Whether the name of a tool before a bracket is that of a function of one's own.
fn is_defined(code: &Code<'_>, at: usize) -> bool {
    let here = code.line(at - 1) == code.line(at);
    let before = code.ident(at - 1).filter(|_| here);
    // `void pg_dump(File file) {`, `func (s *Store) pg_dump() {`
    const GOES_ON: [&str; 7] = ["return", "await", "yield", "and", "or", "not", "if"];
    let typed = before.is_some_and(|word| !GOES_ON.contains(&word));
    let close = code.partner(at + 1).unwrap_or(at + 1);
    typed || here && code.is(at - 1, ")") || code.is(close + 1, "{")
}

/// The bracket of the call that starts the program whose name stands at `at`.
fn runner(code: &Code<'_>, at: usize) -> Option<usize> {
    const RUNNERS: [&str; 18] = [
        "run",
        "Popen",
        "call",
        "check_call",
        "check_output",
        "create_subprocess_exec",
        "exec",
        "execFile",
        "execFileSync",
        "execSync",
        "spawn",
        "spawnSync",
        "system",
        "shell_exec",
        "passthru",
        "Process",
        "ProcessBuilder",
        "ProcessStartInfo",
    ];
    let open = match code.raw(at - 1) {
        "(" => at - 1,
        // `run(["pg_dump", …])`
        "[" if at > 1 && code.is(at - 2, "(") => at - 2,
        // `exec.CommandContext(ctx, "pg_dump")`
        "," if at > 3 && code.is(at - 3, "(") && code.is(at - 4, "CommandContext") => at - 3,
        _ => return None,
    };
    let callee = code.raw(open.checked_sub(1)?);
    let of = |name: &str| open > 2 && code.is(open - 3, name);
    let starts = RUNNERS.contains(&callee)
        || matches!(callee, "Command" | "CommandContext") && of("exec")
        || callee == "Start" && of("Process");
    starts.then_some(open)
}

/// Whether a call asks a tool for its version, or for a schema without data.
fn only_asks(code: &Code<'_>, open: usize) -> bool {
    const ASKS: [&str; 4] = ["--version", "--help", "schema-only", "--no-data"];
    let close = code.partner(open).unwrap_or(open);
    (open..close).any(|at| {
        let text = code.string(at).unwrap_or_default();
        matches!(text, "-V" | "-?") || ASKS.iter().any(|asks| text.contains(asks))
    })
}

#[cfg(test)]
mod tests {
    use super::COMMANDS;
    use groundplan_model::DUMPS;

    #[test]
    fn each_command_dumps_databases_or_copies_files() {
        for (_, name) in COMMANDS {
            let known = DUMPS.contains(&name) || ["restic", "Borg", "Velero"].contains(&name);
            assert!(known, "{name}");
        }
    }
}
