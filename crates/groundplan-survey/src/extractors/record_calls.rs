//! Calls of object mappers that read and write records.

use super::sql_queries;
use crate::extractor::{Extractor, Reads, SERVING};
use crate::facts::{Claim, FileFacts, KEEPERS, NamedBy, RecordUse};
use crate::finders::Finders;
use crate::source::SourceFile;
use crate::typed_names::Typed;
use groundplan_syntax::{Call, Code, Language};
use std::cell::LazyCell;
use std::collections::BTreeSet;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "record-calls",
    docs: "\
### What it finds
Calls that read or write the records of a class: of repositories whose type the file says
(`orders.save(…)` with `OrderRepository orders`), of classes of records (`Order.objects.filter`,
`Order::find`, `Order.where`, `Order.findOne`, `select(Order)`), of sets of a context of Entity
Framework (`_context.Orders`), of clients of Prisma (`prisma.order.create`) and ent, of diesel, SeaORM,
Ecto, GORM, xorm and JPA, and `order.save()` of a variable. Whether there are such records at all is
decided when those of the program are known.

### What it does not find
Variables that are named after something else, and classes whose name a variable holds.
",
    reads: &[Reads::Own(&SERVING)],
    markers: &[
        "Repository", "Repo.", "Repo ", "Dao ", "DAO ", "Mapper ", ".objects", ".query", "::find", "::where",
        "::create", "::query", "::table", "::all", ".find", ".where", ".create", ".save", "->save",
        "->delete", "->find", "->persist", ".destroy", ".update", ".insert", ".delete", ".count(", "select(",
        "ontext.", "prisma.", ".Find(", ".Create(", ".Query()", ".Save(", ".First(", "::Entity", ".persist(",
        ".all", "pool(", "&mut conn", "&pool", "&db", "Model.",
    ],
    run: extract,
};

/// Uses in one file at most.
const MOST: usize = 600;

/// How calls that read begin, of what keeps records.
const READING: [&str; 17] = [
    "all", "any", "contains", "count", "exist", "fetch", "find", "first", "get", "list", "load",
    "lookup", "query", "read", "search", "select", "single",
];

/// How calls that write begin, of what keeps records.
const WRITING: [&str; 14] = [
    "add", "bulk", "create", "delete", "destroy", "insert", "merge", "persist", "put", "remove",
    "replace", "save", "store", "upsert",
];

/// Calls of classes of records that read, in any language.
const READS: [&str; 46] = [
    "aggregate",
    "all",
    "annotate",
    "any",
    "count",
    "countDocuments",
    "dates",
    "distinct",
    "exclude",
    "exists",
    "exists?",
    "filter",
    "find",
    "findAll",
    "findAndCountAll",
    "findBy",
    "findById",
    "findByPk",
    "findFirst",
    "findFirstOrThrow",
    "findMany",
    "findOne",
    "findOneBy",
    "findOrFail",
    "findUnique",
    "findUniqueOrThrow",
    "find_by",
    "find_by!",
    "find_each",
    "first",
    "firstOrFail",
    "first!",
    "get",
    "groupBy",
    "in_bulk",
    "includes",
    "iterator",
    "joins",
    "latest",
    "order",
    "orderBy",
    "order_by",
    "pluck",
    "query",
    "where",
    "with",
];

/// Calls of classes of records that write.
const WRITES: [&str; 41] = [
    "bulkCreate",
    "bulk_create",
    "bulk_update",
    "create",
    "create!",
    "createMany",
    "delete",
    "deleteMany",
    "deleteOne",
    "deleteQuietly",
    "delete_all",
    "destroy",
    "destroy!",
    "destroy_all",
    "findAndModify",
    "findByIdAndDelete",
    "findByIdAndUpdate",
    "findOneAndUpdate",
    "find_or_create_by",
    "find_or_create_by!",
    "firstOrCreate",
    "forceDelete",
    "get_or_create",
    "increment",
    "insert",
    "insertMany",
    "insertOne",
    "insert_all",
    "save",
    "save!",
    "truncate",
    "update",
    "update!",
    "updateMany",
    "updateOne",
    "updateOrCreate",
    "update_all",
    "update_or_create",
    "upsert",
    "upsert_all",
    "persist",
];

/// How calls of a set of Entity Framework begin that read it.
const OF_SETS: [&str; 16] = [
    "All",
    "Any",
    "AsNoTracking",
    "AsQueryable",
    "Count",
    "FirstAsync",
    "FirstOrDefault",
    "FromSql",
    "Include",
    "LongCount",
    "Max",
    "OrderBy",
    "Select",
    "Single",
    "ToList",
    "Where",
];

/// Classes of languages and frameworks that are no records and have calls of such names.
const OTHERS: [&str; 30] = [
    "App",
    "Array",
    "Auth",
    "Cache",
    "Config",
    "Date",
    "Dir",
    "ENV",
    "Event",
    "File",
    "Http",
    "JSON",
    "Log",
    "Map",
    "Math",
    "NestFactory",
    "Object",
    "Promise",
    "Rails",
    "Reflect",
    "Request",
    "Response",
    "Route",
    "Schema",
    "Session",
    "Set",
    "Storage",
    "String",
    "Time",
    "URI",
];

/// Calls of classes of records in Java and Kotlin (Panache): their other classes have the others too.
const OF_PANACHE: [&str; 9] = [
    "count",
    "deleteById",
    "find",
    "findAll",
    "findById",
    "findByIdOptional",
    "list",
    "listAll",
    "persist",
];

/// Of these calls of a variable it is plain that it holds a record.
const OF_VARIABLE: [&str; 12] = [
    "save",
    "save!",
    "destroy",
    "destroy!",
    "delete",
    "update!",
    "update_attributes",
    "update_columns",
    "update_column",
    "forceDelete",
    "update",
    "touch",
];

/// Whether a call is one of those by which mappers read and write.
pub(crate) fn is_call(name: &str) -> bool {
    READS.contains(&name) || WRITES.contains(&name)
}

/// Whether what begins with a word reads by its name.
pub(crate) fn reads(word: &str) -> bool {
    READING.contains(&word)
}

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if !sql_queries::runs(file) {
        return;
    }
    let of_jvm = matches!(file.language, Language::Java | Language::Kotlin);
    if of_jvm && !may_keep(file.text) {
        return;
    }
    let code = file.code();
    let mut found: BTreeSet<(u32, String, NamedBy, bool)> = BTreeSet::new();
    if matches!(code.language, Language::Ruby) {
        of_ruby(code, &mut found);
    } else {
        // Types that keep records have one of these in their names; most files name none of them.
        static KEPT: Finders = Finders::of(&["Repo", "Dao", "DAO", "Mapper", "Model"]);
        let keepers = LazyCell::new(|| KEPT.any(file.text));
        for call in code.calls() {
            // `select(Order).where(…)`, `insert_into(orders::table).values(…)` say it at their begin.
            let begins = matches!(
                code.raw(call.open - 1),
                "select" | "insert" | "update" | "delete" | "insert_into" | "replace_into"
            ) && matches!(code.language, Language::Python | Language::Rust);
            if (begins || !is_followed(code, call))
                && let Some((of, by, writes)) = used(file, call, || *keepers)
                && !(by == NamedBy::Table && !writes && is_handed_over(code, call))
            {
                found.insert((call.line, of, by, writes));
            }
        }
    }
    for (line, of, by, writes) in found.into_iter().take(MOST) {
        acc.add(
            file,
            line,
            line,
            Claim::RecordUse(RecordUse { of, by, writes }),
        );
    }
}

/// Whether a text of Java or Kotlin may have a call of what keeps records: a type of such a name, a
/// manager of objects, or a call of Panache. Most have none and need not be split into tokens.
fn may_keep(text: &str) -> bool {
    static WORDS: Finders = Finders::of(&[
        ".count",
        ".deleteById",
        ".find",
        ".list",
        ".persist",
        "DAO",
        "Dao",
        "Mapper",
        "Model",
        "Repo",
        "anager",
        "emplate",
        "perations",
        "ession",
    ]);
    let bytes = text.as_bytes();
    let is_letter = |b: &u8| b.is_ascii_alphanumeric() || *b >= 128;
    // `em.find(…)`, `_db.find(…)`, `ordersDb.get(…)`.
    let is_word = |word: &str, alone: bool| {
        memchr::memmem::find_iter(bytes, word).any(|at| {
            let before = at.checked_sub(1).and_then(|at| bytes.get(at));
            let after = bytes.get(at + word.len());
            !(after.is_some_and(is_letter) || alone && before.is_some_and(is_letter))
        })
    };
    WORDS.any(text)
        || [
            ("em", true),
            ("db", true),
            ("Em", false),
            ("Db", false),
            ("EM", true),
            ("DB", true),
        ]
        .into_iter()
        .any(|(word, alone)| is_word(word, alone))
}

/// Whether what a call makes is given to a function, which may do with it what it likes:
/// `update(orders::table.find(id))`.
fn is_handed_over(code: &Code<'_>, call: Call) -> bool {
    let Some(open) = call
        .first
        .checked_sub(1)
        .filter(|at| code.is_byte(*at, b'('))
    else {
        return false;
    };
    let name = open.checked_sub(1).and_then(|at| code.ident(at));
    let method = open.checked_sub(2).is_some_and(|at| code.is_byte(at, b'.'));
    let reads = [
        "exists", "select", "not", "Ok", "Some", "if", "match", "in", "return",
    ];
    code.language == Language::Rust && !method && name.is_some_and(|name| !reads.contains(&name))
}

/// Whether another call of the same chain follows, which says more.
fn is_followed(code: &Code<'_>, call: Call) -> bool {
    let Some(close) = code.partner(call.open) else {
        return false;
    };
    let mut at = close + 1;
    while matches!(code.raw(at), "?" | "!") {
        at += 1;
    }
    let dot = code.is_byte(at, b'.') || code.is_byte(at, b'-') && code.is_byte(at + 1, b'>');
    let word = if code.is_byte(at, b'.') {
        at + 1
    } else {
        at + 2
    };
    dot && code.ident(word).is_some() && code.is_byte(word + 1, b'(')
}

type Found = (String, NamedBy, bool);

/// What a call does to records: the words of its chain tell whose, and whether one of them writes;
/// `keepers` whether the file may name a type that keeps some.
fn used(file: &SourceFile<'_>, call: Call, keepers: impl Fn() -> bool) -> Option<Found> {
    let code = file.code();
    // A name of one word is that of a function.
    if call.first + 1 == call.open && !matches!(code.language, Language::Python | Language::Rust) {
        return None;
    }
    let name = code.name(call);
    let mut words: Vec<&str> = name.split('.').collect();
    if matches!(
        words.first(),
        Some(&("this" | "self" | "await" | "$this" | "super"))
    ) {
        words.remove(0);
    }
    let method = words.pop()?;
    let all: Vec<&str> = words
        .iter()
        .map(|word| bare(word))
        .chain([method])
        .collect();
    let writes = || all.iter().skip(1).any(|w| WRITES.contains(w));
    let reads = || all.iter().skip(1).any(|w| READS.contains(w));
    let Some(root) = words.first().map(|r| r.trim_start_matches('$')) else {
        return match code.language {
            Language::Rust => of_rust(code, call, &words, method),
            _ => of_function(code, call, method),
        };
    };
    let capital = |word: &str| word.starts_with(|c: char| c.is_ascii_uppercase());
    match code.language {
        Language::Elixir => return of_ecto(code, call, &words, method),
        Language::Rust => return of_rust(code, call, &words, method),
        Language::Go => return of_go(file, call, &words, method),
        Language::CSharp => {
            // `context.Orders`, `services.Context.Orders`.
            let is_context = |word: &&str| {
                let word = word.to_ascii_lowercase();
                // That of a request has users and sessions too, which are no records.
                !matches!(
                    word.as_str(),
                    "httpcontext" | "requestcontext" | "actioncontext"
                ) && (word.ends_with("context") || word.ends_with("db"))
            };
            let at = words.iter().take(3).position(is_context);
            if let Some(at) = at
                && let Some(set) = words
                    .get(at + 1)
                    .filter(|w| capital(w) && !w.ends_with(')'))
            {
                let writing = [
                    "Add",
                    "Remove",
                    "Update",
                    "ExecuteDelete",
                    "ExecuteUpdate",
                    "Attach",
                ];
                let called = |words: &[&str]| {
                    all.iter()
                        .skip(at + 2)
                        .any(|w| words.iter().any(|x| w.starts_with(x)))
                };
                let writes = called(&writing);
                // `context.User.FindFirst` asks for a claim of who is logged in.
                let reads = all.iter().skip(at + 2).any(|w| {
                    matches!(*w, "Find" | "FindAsync") || OF_SETS.iter().any(|x| w.starts_with(x))
                });
                return (writes || reads).then(|| ((*set).to_owned(), NamedBy::Class, writes));
            }
        }
        Language::JavaScript | Language::TypeScript => {
            let client = root.to_ascii_lowercase();
            if (client.ends_with("prisma")
                || client == "db"
                || client == "tx"
                || client.ends_with("prismaservice"))
                && words.len() == 2
                && let Some(model) = words.get(1).filter(|w| !w.ends_with(')'))
                && (writes() || reads())
            {
                return Some(((*model).to_owned(), NamedBy::Class, writes()));
            }
        }
        // `DB::table('orders')->where(…)->update(…)`
        Language::Php if root == "DB" => {
            let table = (call.first..call.open).find(|&at| code.is(at, "table"))?;
            let of = code.string(table + 2)?;
            return Some((of.to_owned(), NamedBy::Table, writes()));
        }
        _ => {}
    }
    // What keeps records by its type: `orders.findById(id).orElseThrow()`.
    let chain = words
        .iter()
        .position(|w| w.ends_with(')'))
        .unwrap_or(words.len());
    let first = words.get(chain).map_or(method, |w| bare(w));
    if let Some(holder) = chain.checked_sub(1).and_then(|at| words.get(at))
        && keepers()
    {
        let plain = holder.trim_start_matches(['$', '_']);
        let typed = file.only_type(plain).or_else(|| file.only_type(holder));
        let keeps =
            |t: &Typed<'_>| KEEPERS.iter().any(|k| t.name.ends_with(k)) || t.name == "Model";
        if let Some(typed) = typed.filter(keeps) {
            let lower = first.to_ascii_lowercase();
            let begins = |all: &[&str]| all.iter().any(|w| lower.starts_with(w));
            let writes = begins(&WRITING) || lower.starts_with("update");
            let (of, by) = match typed.of {
                Some(of) => (of, NamedBy::Class),
                None => (typed.name, NamedBy::Keeper),
            };
            return (writes || begins(&READING)).then(|| (of.to_owned(), by, writes));
        }
    }
    if let Some(found) = of_manager(file, call, root, method) {
        return Some(found);
    }
    if capital(root) && !root.ends_with(')') && !OTHERS.contains(&root) && (writes() || reads()) {
        let java = matches!(code.language, Language::Java | Language::Kotlin);
        if java && (words.len() > 1 || !OF_PANACHE.contains(&method)) {
            return None;
        }
        let named = match words.get(1) {
            // `Order.objects.filter`, `Order.query.filter_by`.
            Some(&("objects" | "query")) => true,
            // `Database.orderModel.create(…)`
            Some(word) if words.len() == 2 && word.ends_with("Model") => {
                let of = word.trim_end_matches("Model");
                return (!of.is_empty()).then(|| (of.to_owned(), NamedBy::Class, writes()));
            }
            Some(word) => word.ends_with(')') || code.language == Language::Python,
            None => true,
        };
        return named.then(|| (root.to_owned(), NamedBy::Class, writes()));
    }
    // `app.delete("/orders")` is a route or a request.
    let path = code.string(call.open + 1).is_some();
    // `sockets.delete(id)` and `hash.update(text)` are of other things.
    let given = code
        .partner(call.open)
        .is_some_and(|close| close > call.open + 1);
    let plain = method == "save" || !given || method == "update" && code.language == Language::Php;
    let variable =
        words.len() == 1 && OF_VARIABLE.contains(&method) && !root.ends_with(')') && !path && plain;
    let dynamic = matches!(
        code.language,
        Language::JavaScript | Language::TypeScript | Language::Php | Language::Python
    );
    (variable && dynamic).then(|| (root.to_owned(), NamedBy::Variable, true))
}

/// A word without the brackets of a call on the way.
fn bare(mut word: &str) -> &str {
    while let Some(rest) = word.strip_suffix("()") {
        word = rest;
    }
    word
}

/// The class that an argument names: `Order`, `Order.class`, `Order::class`, `models.Order`, `Order.id`.
fn class_of<'t>(code: &Code<'t>, call: Call, nth: usize) -> Option<&'t str> {
    let range = code.arguments(call.open).into_iter().nth(nth)?;
    let mut words = range.filter_map(|at| code.ident(at)).take(4);
    words.find(|w| w.starts_with(|c: char| c.is_ascii_uppercase()))
}

/// The class of the variable that is the first argument: `order`, `&order`.
fn held<'t>(file: &SourceFile<'t>, call: Call) -> Option<&'t str> {
    let code = file.code();
    let range = code.arguments(call.open).into_iter().next()?;
    let name = code.ident(range.end.checked_sub(1)?)?;
    file.only_type(name).map(|typed| typed.name)
}

/// `select(Order)`, `insert(Order)` of SQLAlchemy.
fn of_function(code: &Code<'_>, call: Call, method: &str) -> Option<Found> {
    if code.language != Language::Python {
        return None;
    }
    let writes = match method {
        "select" => false,
        "insert" | "update" | "delete" => true,
        "get_object_or_404" | "get_list_or_404" => false,
        _ => return None,
    };
    Some((class_of(code, call, 0)?.to_owned(), NamedBy::Class, writes))
}

/// Managers of objects: `em.find(Order.class, id)`, `session.query(Order)`, `session.add(order)`.
fn of_manager(file: &SourceFile<'_>, call: Call, root: &str, method: &str) -> Option<Found> {
    let code = file.code();
    // The last word of the name: an `item` is no manager for its `em`.
    let name = root.trim_matches('_');
    let from = name
        .rfind(|c: char| c.is_uppercase() || c == '_')
        .unwrap_or(0);
    let last = name.get(from..).unwrap_or(name).trim_start_matches('_');
    let ends = ["manager", "em", "session", "template", "operations", "db"];
    let of_requests = name.eq_ignore_ascii_case("resttemplate");
    if of_requests || !ends.iter().any(|end| last.eq_ignore_ascii_case(end)) {
        return None;
    }
    let writes = match method {
        "find" | "findById" | "findOne" | "findAll" | "get" | "load" | "getReference" | "query"
        | "exists" | "count" | "aggregate" | "scalar" | "scalars" | "getRepository" => false,
        "persist" | "merge" | "remove" | "save" | "insert" | "upsert" | "updateFirst"
        | "updateMulti" | "findAndModify" | "delete" | "add" | "saveOrUpdate" => true,
        _ => return None,
    };
    let named = (0..3).find_map(|nth| class_of(code, call, nth));
    let held = || held(file, call);
    let of = named.or_else(held).filter(|of| !OTHERS.contains(of))?;
    Some((of.to_owned(), NamedBy::Class, writes))
}

/// `Repo.all(Order)`.
fn of_ecto(code: &Code<'_>, call: Call, words: &[&str], method: &str) -> Option<Found> {
    if words.last()? != &"Repo" {
        return None;
    }
    let writes = ["insert", "update", "delete"]
        .iter()
        .any(|w| method.starts_with(w));
    let reads = [
        "all",
        "get",
        "one",
        "exists",
        "aggregate",
        "preload",
        "stream",
        "paginate",
    ];
    if !writes && !reads.iter().any(|w| method.starts_with(w)) {
        return None;
    }
    let range = code.arguments(call.open).into_iter().next()?;
    // `%Order{}`, `Shop.Order`, `from(o in Order)`.
    let mut classes = range.filter_map(|at| code.ident(at));
    let of = classes.rfind(|w| w.starts_with(|c: char| c.is_ascii_uppercase()))?;
    let name = of.rsplit('.').next()?;
    // `TagChanges.Tag` is not the `Tag` of another module.
    let mut range = code.arguments(call.open).into_iter().next()?;
    let at = range.rfind(|&at| code.ident(at) == Some(of))?;
    let module = at.checked_sub(2).filter(|_| code.is_byte(at - 1, b'.'));
    let of = match module.and_then(|at| code.ident(at)) {
        Some(module) => format!("{module}.{name}"),
        None => name.to_owned(),
    };
    Some((of, NamedBy::Class, writes))
}

/// `orders::table.filter(…)`, `insert_into(orders::table)`, `order::Entity::find()`.
fn of_rust(code: &Code<'_>, call: Call, words: &[&str], method: &str) -> Option<Found> {
    let table_at = |range: std::ops::Range<usize>| {
        range.clone().find_map(|at| {
            let is = code.is(at, "table") && code.is_byte(at.checked_sub(1)?, b':');
            is.then(|| code.ident(at.checked_sub(3)?)).flatten()
        })
    };
    if matches!(method, "insert_into" | "update" | "delete" | "replace_into") {
        let range = code.arguments(call.open).into_iter().next()?;
        let of = table_at(range)?;
        return Some((of.to_owned(), NamedBy::Table, true));
    }
    let Some(at) = words.iter().position(|w| matches!(*w, "table" | "Entity")) else {
        return of_type(code, call, words, method);
    };
    let of = words.get(at.checked_sub(1)?)?;
    let next = words
        .get(at + 1)
        .map_or(method, |w| w.trim_end_matches("()"));
    let writes = words[at] == "Entity"
        && ["insert", "update", "delete"]
            .iter()
            .any(|w| next.starts_with(w));
    Some(((*of).to_owned(), NamedBy::Table, writes))
}

/// `Order::read(&mut pool, id)`: a type that is given the connection, by a method that says what it does.
fn of_type(code: &Code<'_>, call: Call, words: &[&str], method: &str) -> Option<Found> {
    let [of] = words else {
        return None;
    };
    if !of.starts_with(|c: char| c.is_ascii_uppercase()) || of.ends_with(')') {
        return None;
    }
    let begins = |all: &[&str]| {
        all.iter().any(|word| {
            let rest = method.strip_prefix(word);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
        })
    };
    let writes = begins(&["create", "insert", "update", "upsert", "delete", "save"]);
    if !writes && !begins(&["read", "find", "get", "list", "fetch", "load", "count"]) {
        return None;
    }
    let first = code.arguments(call.open).into_iter().next()?;
    let mut words = first.filter_map(|at| code.ident(at));
    words
        .any(|w| matches!(w, "pool" | "conn" | "connection" | "db" | "tx" | "executor"))
        .then(|| ((*of).to_owned(), NamedBy::Class, writes))
}

/// `db.Where(…).Find(&orders)`, `db.Create(order)`, `client.Order.Query()`.
fn of_go(file: &SourceFile<'_>, call: Call, words: &[&str], method: &str) -> Option<Found> {
    let code = file.code();
    if file.says("/ent\"") || file.says("/ent/") {
        let at = words
            .iter()
            .position(|w| w.starts_with(|c: char| c.is_ascii_uppercase()))?;
        let begin = words
            .get(at + 1)
            .map_or(method, |w| w.trim_end_matches("()"));
        let writes = ["Create", "Update", "Delete"]
            .iter()
            .any(|w| begin.starts_with(w));
        let known = writes || matches!(begin, "Query" | "Get" | "GetX");
        return (known && at > 0).then(|| (words[at].to_owned(), NamedBy::Class, writes));
    }
    let mapper = [
        "gorm.io/",
        "jinzhu/gorm",
        "xorm.io/",
        "uptrace/bun",
        "go-pg/pg",
    ];
    if !mapper.into_iter().any(|m| file.says(m)) {
        return None;
    }
    let writes = match method {
        "Find" | "First" | "Take" | "Last" | "Scan" | "Count" | "Get" | "Exist" | "Preload"
        | "FindAndCount" => false,
        "Create" | "Save" | "Delete" | "Updates" | "Insert" | "Update" | "FirstOrCreate"
        | "UpdateColumn" => true,
        _ => return None,
    };
    let named = class_of(code, call, 0);
    let held = || held(file, call);
    // `db.Model(&Order{}).Update(…)` says the class before.
    let before = || {
        let chain = (call.first..call.open)
            .rev()
            .find(|&at| code.is(at, "Model"))?;
        class_of(
            code,
            Call {
                open: chain + 1,
                ..call
            },
            0,
        )
    };
    Some((
        before().or(named).or_else(held)?.to_owned(),
        NamedBy::Class,
        writes,
    ))
}

/// Ruby, whose calls need no brackets: `Order.where(…).update_all(…)`, `@order.save`.
fn of_ruby(code: &Code<'_>, found: &mut BTreeSet<(u32, String, NamedBy, bool)>) {
    let mut at = 0;
    while at < code.tokens.len() {
        let start = at;
        at += 1;
        let Some(word) = code.ident(start) else {
            continue;
        };
        if !code.is_byte(start + 1, b'.') || start > 0 && code.is_byte(start - 1, b'.') {
            continue;
        }
        let line = code.line(start);
        let mut methods: Vec<String> = Vec::new();
        let mut next = start + 1;
        while code.is_byte(next, b'.') && code.line(next) <= line + 6 {
            let Some(method) = code.ident(next + 1) else {
                break;
            };
            let mark = matches!(code.raw(next + 2), "!" | "?");
            let mark = if mark { code.raw(next + 2) } else { "" };
            methods.push(format!("{method}{mark}"));
            next += 2 + mark.len();
            if code.is_byte(next, b'(') {
                next = code.partner(next).map_or(next, |close| close + 1);
            }
        }
        let is = |all: &[&str]| methods.iter().any(|m| all.contains(&m.as_str()));
        if word.starts_with(|c: char| c.is_ascii_uppercase()) {
            // `Shop::Order.find` names the module before.
            let writes = is(&WRITES);
            if !OTHERS.contains(&word) && (writes || is(&READS)) {
                found.insert((line, word.to_owned(), NamedBy::Class, writes));
            }
        } else if methods.len() == 1 && is(&OF_VARIABLE) && !is(&["delete"]) {
            let name = word.trim_start_matches('@').to_owned();
            found.insert((line, name, NamedBy::Variable, true));
        }
        at = next.max(at);
    }
}
