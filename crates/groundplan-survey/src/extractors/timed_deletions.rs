//! What code deletes because of its age.

use crate::extractor::{Extractor, Reads};
use crate::facts::FileFacts;
use crate::scan::{self, Part};
use crate::source::SourceFile;
use groundplan_model::{DELETED_AFTER, EXPIRED, Topic};
use groundplan_syntax::Language;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "timed-deletions",
    docs: "\
### What it finds
Deletions of what is older than some time: `DELETE FROM … WHERE created_at < now() - interval '7 days'` or
`… < ?` in string literals, `diesel::delete(…)` with `.lt(now() - days(7))`, and chains and calls of Django,
SQLAlchemy, Rails, Laravel, Knex, Prisma, Sequelize, Mongoose, GORM and Entity Framework that compare a column
of time and delete; each with the table or model and the time, or that the time is given to it.

### What it does not find
Deletions whose time is compared in other functions, those of a range between two times, and those that change rows
in place of deleting them.
",
    reads: &[Reads::Own(&[
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
    ])],
    markers: &[
        "DELETE FROM",
        "delete from",
        "diesel::delete",
        ".delete_all",
        ".destroy_all",
        ".delete()",
        "->delete()",
        ".del()",
        "deleteMany(",
        ".destroy({",
        ".Delete(&",
        "ExecuteDelete",
        "delete(",
    ],
    run: extract,
};

/// Statements longer than this are not looked through.
const LONGEST: usize = 2000;

/// Deletions of one file at most.
const MOST: usize = 20;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own || file.path.to_ascii_lowercase().contains("migrat") {
        return;
    }
    let mut found = in_literals(file);
    found.extend(in_chains(file));
    found.sort();
    found.dedup();
    for (line, what, after) in found.into_iter().take(MOST) {
        let detail = match after {
            Some(after) => format!("{what}\n{after}"),
            None => what,
        };
        scan::mark(acc, file, line, Topic::Stated, DELETED_AFTER, Some(detail));
    }
}

/// Line, table or model, and time.
type Deletion = (u32, String, Option<String>);

/// `DELETE FROM` in string literals that compare a time with one before now.
fn in_literals(file: &SourceFile<'_>) -> Vec<Deletion> {
    let code = file.code();
    let mut found = Vec::new();
    for (index, _) in code.tokens.iter().enumerate() {
        let Some(text) = code.string(index).filter(|text| text.len() <= LONGEST) else {
            continue;
        };
        let lower = text.to_ascii_lowercase();
        let Some(at) = lower.find("delete from ") else {
            continue;
        };
        let now = [
            "now()",
            "current_timestamp",
            "now('",
            "datetime('now",
            "sysdate",
            "getdate()",
        ];
        let told = now.iter().any(|word| lower.contains(word)) && compares_age(&lower);
        let given = compared(&lower);
        if !told && given.is_none() || is_range(&lower) {
            continue;
        }
        let table = text.get(at + "delete from ".len()..).unwrap_or_default();
        let table = table.split_whitespace().next().unwrap_or_default();
        let table = table.trim_matches(['"', '`', '[', ']', ';', ')', '\\']);
        let plain = |c: char| c.is_alphanumeric() || "_.".contains(c);
        if !table.is_empty() && table.chars().all(plain) {
            let expires = given.is_some_and(|name| name.contains("expir"));
            let after = match told {
                true => time(&lower),
                false => expires.then(|| EXPIRED.to_owned()),
            };
            found.push((code.line(index), table.to_owned(), after));
        }
    }
    found
}

/// Whether a name is that of a column that holds a time: `created_at`, `expiresAt`, `lastSeen`, `timestamp`.
fn is_time(name: &str) -> bool {
    const WHOLE: [&str; 13] = [
        "created",
        "date",
        "deleted",
        "expire",
        "expires",
        "expiry",
        "expiration",
        "modified",
        "time",
        "timestamp",
        "ts",
        "updated",
        "lastseen",
    ];
    const ENDS: [&str; 9] = [
        "_at",
        "_date",
        "created_on",
        "updated_on",
        "_timestamp",
        "_expiry",
        "_expiration",
        "_expires",
        "last_seen",
    ];
    // A `play_time` and a `response_time` are how long something takes.
    const TIMES: [&str; 20] = [
        "access",
        "add",
        "create",
        "created",
        "delete",
        "deleted",
        "end",
        "event",
        "expiration",
        "expire",
        "expired",
        "expires",
        "expiry",
        "insert",
        "login",
        "modified",
        "modify",
        "start",
        "update",
        "updated",
    ];
    let snake = scan::snake(name);
    let snake = snake.trim_matches('_');
    let plain = snake.replace('_', "");
    let timed = snake.strip_suffix("_time").is_some_and(|before| {
        let word = before.rsplit('_').next().unwrap_or(before);
        TIMES.contains(&word)
    });
    timed || WHOLE.contains(&plain.as_str()) || ENDS.iter().any(|end| snake.ends_with(end))
}

/// Whether a condition, in SQL or in code without blanks, also asks what is later or greater than something other
/// than a number: what lies between two times is not deleted because of its age.
fn is_range(text: &str) -> bool {
    const WORDS: [&str; 11] = [
        "__gt",
        "gt:",
        "gte:",
        "Op.gt",
        ".gt(",
        ".ge(",
        "MoreThan",
        "GreaterThan",
        "Between(",
        "between ",
        "between(",
    ];
    let greater = text.match_indices('>').any(|(at, _)| {
        let before = text.get(..at).unwrap_or_default();
        let behind = text.get(at + 1..).unwrap_or_default();
        let number = behind.trim_start_matches('=').trim_start();
        // `=>`, `->`, `<>`, `->>` and the end of a type.
        !before.ends_with(['=', '-', '<', '>', '?'])
            && !behind.starts_with(['>', '('])
            && !number.starts_with(|c: char| c.is_ascii_digit())
    });
    greater || WORDS.iter().any(|word| text.contains(word))
}

/// Whether a library only says of a row that it is deleted, as far as the file tells it
/// (<https://gorm.io/docs/delete.html#Soft-Delete>, <https://sequelize.org/docs/v6/core-concepts/paranoid/>).
fn is_soft(file: &SourceFile<'_>, end: &str, plain: &str) -> bool {
    let says = |words: &[&str]| words.iter().any(|word| file.text.contains(word));
    match file.language {
        Language::Go => says(&["gorm.Model", "DeletedAt"]) && !plain.contains(".Unscoped()"),
        _ => end == ".destroy({" && says(&["paranoid"]),
    }
}

/// The column of time that SQL compares with what it is given: `created_at < ?`, `expires <= $1`,
/// `time < ` at the end of a text that goes on elsewhere.
fn compared(lower: &str) -> Option<&str> {
    let at = lower.find("where")?;
    let condition = lower.get(at + "where".len()..)?;
    // What a subquery asks is no age of the row.
    if condition.contains("select ") || !condition.starts_with(char::is_whitespace) {
        return None;
    }
    let mut rest = condition;
    while let Some((before, behind)) = rest.split_once('<') {
        rest = behind;
        let part = |c: char| c.is_alphanumeric() || "_`\"[]".contains(c);
        let name = before.trim_end().rsplit(|c| !part(c)).next();
        let name = name.unwrap_or_default();
        let name = name.trim_matches(['`', '"', '[', ']']);
        let given = behind.trim_start_matches('=').trim_start();
        let placed = given.is_empty() || given.starts_with(['?', '$', ':', '@', '%', '{']);
        if placed && is_time(name) {
            return Some(name);
        }
    }
    None
}

/// Whether SQL compares a column with what lies before now: `< now() - …`, `< datetime('now', '-7 days')`.
fn compares_age(lower: &str) -> bool {
    let plain: String = lower.split_whitespace().collect();
    [
        "<now()-",
        "<=now()-",
        "<current_timestamp-",
        "<(now()-",
        "<datetime('now','-",
        "<date_sub(",
    ]
    .iter()
    .any(|mark| plain.contains(mark))
}

/// Chains and calls that compare a time with one before now and delete what fits.
fn in_chains(file: &SourceFile<'_>) -> Vec<Deletion> {
    // The words with which a deletion ends or begins, and whether the rest stands behind them.
    let ends: &[(&str, bool)] = match file.language {
        Language::Rust => &[("diesel::delete", true)],
        Language::Ruby => &[(".delete_all", false), (".destroy_all", false)],
        Language::Python => &[(".delete()", false), ("delete(", true)],
        Language::Php => &[("->delete()", false)],
        Language::JavaScript | Language::TypeScript => &[
            (".del()", false),
            (".delete()", false),
            (".deleteMany(", true),
            (".destroy({", true),
        ],
        Language::Go => &[(".Delete(&", false)],
        Language::CSharp => &[(".ExecuteDelete", false)],
        _ => return Vec::new(),
    };
    let mut found = Vec::new();
    for (end, behind) in ends {
        let (mut line, mut counted) = (1_u32, 0_usize);
        for (at, _) in file.text.match_indices(end).take(MOST * 4) {
            let between = file.text.as_bytes().get(counted..at).unwrap_or_default();
            line += memchr::memchr_iter(b'\n', between).count() as u32;
            counted = at;
            let statement = match (file.language, behind) {
                (Language::Rust, _) => forward(file.text, at),
                (language, true) => call(file.text, at, language == Language::Python),
                (_, false) => backward(file.text, at),
            };
            let Some(statement) = statement else { continue };
            let plain: String = statement.split_whitespace().collect();
            if is_range(&plain) || is_soft(file, end, &plain) {
                continue;
            }
            let told = match file.language {
                Language::Rust => plain.contains(".lt(now") || plain.contains(".le(now"),
                Language::Ruby => {
                    // What is older: `< ?`, `created_at: ...30.days.ago`.
                    let before = ["<?", "<:", "<=?", ":...", ":.."];
                    plain.contains(".ago") && before.iter().any(|mark| plain.contains(mark))
                }
                Language::Python => plain.contains("__lt") && plain.contains("-timedelta("),
                Language::Php => plain.contains("'<") && plain.contains("->sub"),
                _ => false,
            };
            let after = time(&plain.to_ascii_lowercase()).filter(|_| told);
            let column = older(&plain, file.language);
            if after.is_none() && column.is_none() {
                continue;
            }
            let expires = column.is_some_and(|name| name.to_ascii_lowercase().contains("expir"));
            let after = after.or_else(|| expires.then(|| EXPIRED.to_owned()));
            let what = match behind {
                true if file.language == Language::Python => deleted(&plain),
                true if file.language != Language::Rust => above(file.text, at),
                _ if file.language == Language::Go => given_to(file.text, at + end.len()),
                _ => model(&plain, file.language),
            };
            if let Some(what) = what {
                found.push((line, what, after));
            }
        }
    }
    found
}

/// The column of time that a chain without blanks compares with something that must lie behind it, by the
/// words of its library.
fn older<'t>(plain: &'t str, language: Language) -> Option<&'t str> {
    let named = |before: &'t str| {
        let name = before.trim_end_matches(['\'', '"', '`', ' ', ':', ',', '{', '(', '[']);
        let name = name
            .rsplit(|c: char| !(c.is_alphanumeric() || c == '_'))
            .next();
        name.filter(|name| is_time(name))
    };
    let any = |marks: &[&str]| {
        let mut all = marks.iter().flat_map(|mark| plain.match_indices(mark));
        all.find_map(|(at, _)| plain.get(..at).and_then(named))
    };
    match language {
        Language::Python => {
            let mut keys = plain.match_indices("__lt");
            let keyed = keys.find_map(|(at, mark)| {
                let behind = plain.get(at + mark.len()..).unwrap_or_default();
                let is = behind.starts_with('=') || behind.starts_with("e=");
                plain.get(..at).filter(|_| is).and_then(named)
            });
            keyed.or_else(|| any(&["<="])).or_else(|| any(&["<"]))
        }
        Language::Php => any(&["','<'", "\",\"<\"", "','<='", "\",\"<=\""]),
        // `.where("time", "<", t)`, `{ createdAt: { lt: t } }`, `{ $lt: t }`, `[Op.lt]: t`, `LessThan(t)`
        Language::JavaScript | Language::TypeScript => any(&[
            "','<'",
            "\",\"<\"",
            "','<='",
            "\",\"<=\"",
            ":{lt:",
            ":{lte:",
            ":{$lt:",
            ":{$lte:",
            ":{[Op.lt]:",
            ":{[Op.lte]:",
            ":LessThan(",
        ]),
        Language::Go => any(&["<?", "<=?", "<@", "<=@"]),
        Language::CSharp => any(&["<=", "<"]),
        _ => None,
    }
}

/// A call from its words to where its brackets close: `delete(Session).where(…)`, with what is called on it where that
/// `chains`; what is done after it, `.then(…)`, is none of it.
fn call(text: &str, at: usize, chains: bool) -> Option<&str> {
    let mut end = at + LONGEST.min(text.len().checked_sub(at)?);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let rest = text.get(at..end)?;
    let mut depth = 0_i32;
    for (index, byte) in rest.bytes().enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' => {
                depth -= 1;
                let goes_on = chains && rest.get(index + 1..)?.trim_start().starts_with('.');
                if depth == 0 && !goes_on {
                    return rest.get(..=index);
                }
            }
            _ => {}
        }
    }
    None
}

/// The model in `delete(Session).where(…)` of SQLAlchemy.
fn deleted(plain: &str) -> Option<String> {
    let (name, rest) = plain.strip_prefix("delete(")?.split_once(')')?;
    let name = name.rsplit('.').next()?;
    let is_model = name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    (is_model && rest.starts_with(".where(")).then(|| name.to_owned())
}

/// The model right before a call: `prisma.session` of `prisma.session.deleteMany(`.
fn above(text: &str, at: usize) -> Option<String> {
    let before = text.get(..at)?.trim_end();
    let name = before
        .rsplit(|c: char| !(c.is_alphanumeric() || c == '_'))
        .next()?;
    let own = !matches!(
        name,
        "" | "this" | "self" | "repository" | "model" | "Model" | "collection"
    );
    own.then(|| name.to_owned())
}

/// The model that is given to `.Delete(&Session{})`.
fn given_to(text: &str, at: usize) -> Option<String> {
    let (name, _) = text.get(at..)?.split_once('{')?;
    let name = name.trim_start_matches("[]").rsplit('.').next()?;
    let sound = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    sound.then(|| name.to_owned())
}

/// A statement from its begin to the semicolon.
fn forward(text: &str, at: usize) -> Option<&str> {
    let rest = text.get(at..)?;
    let end = memchr::memchr(
        b';',
        rest.as_bytes().get(..LONGEST).unwrap_or(rest.as_bytes()),
    )?;
    rest.get(..end)
}

/// A statement up to its end: the lines above that belong to the same chain.
fn backward(text: &str, at: usize) -> Option<&str> {
    // Longer statements are not read.
    let mut from = at.saturating_sub(LONGEST);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let before = text.get(from..at)?;
    let mut begin = before.rfind('\n').map_or(0, |n| n + 1);
    for _ in 0..12 {
        let line = before.get(begin..)?.trim_start();
        let open = line.matches([')', ']']).count() > line.matches(['(', '[']).count();
        let goes_on = open || line.starts_with(['.', '-']) || line.is_empty();
        if !goes_on || begin == 0 {
            break;
        }
        begin = before.get(..begin - 1)?.rfind('\n').map_or(0, |n| n + 1);
    }
    before.get(begin..).filter(|text| text.len() <= LONGEST)
}

/// The table or model of a chain without blanks.
fn model(plain: &str, language: Language) -> Option<String> {
    let quoted = |rest: &str| {
        let quote = rest.chars().next().filter(|c| "'\"`".contains(*c))?;
        let name = rest.get(1..)?.split(quote).next()?;
        let sound = !name.is_empty()
            && name
                .chars()
                .all(|c| c.is_alphanumeric() || "_.".contains(c));
        sound.then(|| name.to_owned())
    };
    if matches!(language, Language::JavaScript | Language::TypeScript) {
        // `knex("sessions").where(…).del()`, `db.from("sessions")`
        let (before, _) = plain.split_once(".where")?;
        let at = before.rfind('(')?;
        return quoted(before.get(at + 1..)?);
    }
    if language == Language::Php
        && let Some((_, rest)) = plain.split_once("::table(")
    {
        return quoted(rest);
    }
    if language == Language::Python
        && let Some((_, rest)) = plain.split_once(".query(")
    {
        let name = rest.split(')').next()?.rsplit('.').next()?;
        let is_model = name.starts_with(|c: char| c.is_ascii_uppercase());
        return is_model.then(|| name.to_owned());
    }
    let (before, _) = match language {
        Language::Rust => plain.split_once("::table")?,
        Language::Python => plain.split_once(".objects")?,
        Language::Php => plain
            .split_once("::where")
            .or_else(|| plain.split_once("::query"))?,
        Language::CSharp => plain.split_once(".Where(")?,
        _ => plain.split_once(".where")?,
    };
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let name = before.rsplit(|c: char| !is_name(c)).next()?;
    (!name.is_empty() && name.starts_with(|c: char| c.is_alphabetic())).then(|| name.to_owned())
}

/// The time in a statement, lower case: `interval '7 days'`, `days(7)`, `7.days`, `timedelta(days=7)`,
/// `subdays(7)`, `'-7 days'`, `interval 7 day`.
fn time(lower: &str) -> Option<String> {
    const UNITS: [&str; 6] = ["minute", "hour", "day", "week", "month", "year"];
    for unit in UNITS {
        for (at, _) in lower.match_indices(unit) {
            let before = lower
                .get(..at)?
                .trim_end_matches([' ', '.', '_', '\'', '"']);
            let digits = before
                .chars()
                .rev()
                .take_while(char::is_ascii_digit)
                .count();
            let behind = lower.get(at + unit.len()..)?.strip_prefix('s');
            let behind = behind.or_else(|| lower.get(at + unit.len()..))?;
            let argument = behind.strip_prefix(['(', '=']).unwrap_or_default();
            let given: String = argument.chars().take_while(char::is_ascii_digit).collect();
            let number = match digits {
                0 => given,
                n => before.get(before.len() - n..)?.to_owned(),
            };
            // `$2 * interval '1 day'` counts by what it is given.
            let many = before.get(..before.len() - digits)?;
            let times = many
                .trim_end_matches(['\'', ' '])
                .trim_end_matches("interval");
            if !number.is_empty() && number.len() <= 5 && !times.trim_end().ends_with('*') {
                return Some(scan::many(&number, unit));
            }
        }
    }
    None
}
