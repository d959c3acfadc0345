#!/usr/bin/env python3
"""Tables and columns of the projects in `projects.txt`, from what the survey does not see.

A dump or snapshot that a project keeps is read line by line, as its tool writes it. Migrations in SQL
are replayed in a real PostgreSQL or SQLite, those of Django, Alembic, Knex and TypeORM by these tools
themselves. Each truth is a file with a table and a column in each line, in lower case. Those of
Django have the names of models and fields, without the tables of many-to-many fields, which have no
model. What tools of migration keep for themselves is left out.

`--python` names an interpreter that has Django, Alembic and the packages of the projects, `--node` a
folder with `node_modules` that has `knex` and `pg`.
"""

import argparse
import os
import pathlib
import re
import sqlite3
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
OWN = {
    "__diesel_schema_migrations",
    "__efmigrationshistory",
    "alembic_version",
    "ar_internal_metadata",
    "knex_migrations",
    "knex_migrations_lock",
    "migrations",
    "migrations_lock",
    "schema_migrations",
    "schema_version",
    "sqlite_sequence",
}
COLUMNS = """select table_name, column_name from information_schema.columns join information_schema.tables
using (table_schema, table_name) where table_schema not in ('pg_catalog', 'information_schema')
and table_type = 'BASE TABLE'"""


def numbers(path):
    """A key that sorts the numbers of a name as numbers, as tools of migration do."""
    name = path.parent.name if path.name in ("up.sql", "migration.sql") else path.name
    if date := re.match(r"(\d{4})-(\d\d)-(\d\d)-(\d{6})", name):
        return [int("".join(date.groups()))], name
    version = name.partition("__")[0] if re.match(r"V\d", name) else name
    return [int(part) for part in re.findall(r"\d+", version)], name


def of_rails(root, file):
    """`create_table "orders"` and `t.string "name"` of a `schema.rb`."""
    table = None
    for line in (root / file).read_text().splitlines():
        if begin := re.match(r'\s*create_table "([^"]+)"(.*)', line):
            table = begin[1]
            key = re.search(r'primary_key: "([^"]+)"', begin[2])
            if "id: false" not in begin[2] and "primary_key: [" not in begin[2]:
                yield table, key[1] if key else "id"
        elif column := re.match(r'\s*t\.(\w+) "([^"]+)"', line):
            if column[1] not in ("index", "check_constraint", "foreign_key", "unique_constraint"):
                yield table, column[2]


def of_diesel(root, file):
    """`users (id) { id -> Int4, #[sql_name = "type"] type_ -> Text, }` of the `schema.rs` of Diesel."""
    table, called = None, None
    for line in (root / file).read_text().splitlines():
        if name := re.match(r'\s+#\[sql_name = "([^"]+)"\]', line):
            called = name[1]
        elif begin := re.match(r"\s+(?:\w+\.)?(\w+) \([^)]*\) \{", line):
            table, called = called or begin[1], None
        elif table and (column := re.match(r"\s+(\w+) -> ", line)):
            yield table, called or column[1]
            called = None
        elif line.startswith("}"):
            table = None


def of_pg_dump(root, file):
    table = None
    for line in (root / file).read_text().splitlines():
        if begin := re.match(r"CREATE TABLE (?:\w+\.)?\"?(\w+)\"? \(", line):
            table = begin[1]
        elif line.startswith(")"):
            table = None
        elif table and (column := re.match(r'    "?(\w+)"? ', line)):
            if column[1] != "CONSTRAINT":
                yield table, column[1]


def of_mysqldump(root, file):
    table = None
    for line in (root / file).read_text().splitlines():
        if begin := re.match(r"CREATE TABLE `(\w+)`", line):
            table = begin[1]
        elif line.startswith(")"):
            table = None
        elif table and (column := re.match(r"  `(\w+)` ", line)):
            yield table, column[1]


def psql(command, database="postgres", text=None):
    command = ["psql", "-qAtX", "-F", " ", "-d", database] + (["-c", command] if command else [])
    made = subprocess.run(command, input=text, capture_output=True, text=True)
    if made.stderr.strip() and "NOTICE" not in made.stderr:
        print(made.stderr.strip()[:400], file=sys.stderr)
    return made.stdout


def fresh():
    psql("drop database if exists tables_bench")
    psql("create database tables_bench")


def of_postgres(root, pattern):
    fresh()
    for file in sorted(root.glob(pattern), key=numbers):
        psql(None, "tables_bench", file.read_text())
    for line in psql(COLUMNS, "tables_bench").splitlines():
        yield tuple(line.split(" ", 1))


def of_connection(connection):
    tables = connection.execute("select name from sqlite_master where type = 'table'").fetchall()
    for (table,) in tables:
        for column in connection.execute(f'select name from pragma_table_xinfo("{table}")'):
            yield table, column[0]


def of_sqlite(root, pattern):
    connection = sqlite3.connect(":memory:")
    # Functions that a program gives to SQLite; they change rows alone.
    for function in ("durationToTinyInt", "basename"):
        connection.create_function(function, 1, lambda value: value)
    for file in sorted(root.glob(pattern), key=numbers):
        if ".down." not in file.name:
            try:
                connection.executescript(file.read_text())
            except sqlite3.Error as error:
                print(file, error, file=sys.stderr)
    yield from of_connection(connection)


def of_sqldump(root, file):
    """Statements of SQLite, each in one line, run in one."""
    connection = sqlite3.connect(":memory:")
    for line in (root / file).read_text().splitlines():
        if line.startswith("CREATE TABLE"):
            connection.executescript(line)
    yield from of_connection(connection)


def of_ef(root, file):
    """Tables and columns of a snapshot of Entity Framework; heirs share the table of their base."""
    tables, bases, fields, keys = {}, {}, {}, {}
    blocks = re.split(r"\n(?=\s+(?:modelBuilder\.Entity|b\.Owns(?:One|Many))\()", (root / file).read_text())
    for block in blocks:
        begin = re.match(r'\s+(?:modelBuilder|b)\.\w+\("([^"]+)"', block)
        if not begin:
            continue
        name = begin[1]
        if base := re.search(r'b\.HasBaseType\("([^"]+)"\)', block):
            bases[name] = base[1]
        if key := re.search(r'b\.HasKey\(([^)]*)\)', block):
            keys[name] = re.findall(r'"([^"]+)"', key[1])
        table = re.search(r'\.ToTable\("([^"]+)"', block)
        if table:
            tables[name] = table[1]
        for column in re.finditer(r'b1?\.(?:Indexer)?Property<[^;]*?>\("([^"]+)"\)([^;]*);', block):
            called = re.search(r'HasColumnName\("([^"]+)"\)', column[2])
            fields.setdefault(name, []).append(called[1] if called else column[1])
    # An heir with a table of its own has the key of its base there.
    for name in [name for name in bases if name in tables]:
        base = bases[name]
        while base not in keys and base in bases:
            base = bases[base]
        fields.setdefault(name, []).extend(keys.get(base, []))
    for name, columns in fields.items():
        stored = name
        while stored not in tables and stored in bases:
            stored = bases[stored]
        for column in columns:
            yield tables.get(stored, stored.rsplit(".", 1)[-1]), column


DJANGO = """
import sys, django
from django.conf import settings
django.setup()
from django.apps import apps
from django.db.migrations.loader import MigrationLoader
from pathlib import Path
root = Path(sys.argv[1]).resolve()
state = MigrationLoader(None).project_state().apps
own = {a.label for a in apps.get_app_configs() if root in Path(a.path).resolve().parents}
for model in state.get_models(include_auto_created=False):
    if model._meta.app_label in own and model._meta.managed:
        for field in model._meta.local_concrete_fields:
            print(model.__name__, field.name)
"""


def of_django(root, settings, folder, python):
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": settings, "PYTHONPATH": str(root / folder)}
    made = subprocess.run([python, "-c", DJANGO, str(root)], cwd=root / folder, env=environment, capture_output=True, text=True)
    if made.returncode:
        print(made.stderr[-1500:], file=sys.stderr)
    for line in made.stdout.splitlines():
        if re.fullmatch(r"\w+ \w+", line):
            yield tuple(line.split())


ALEMBIC = """
import sys, importlib.util, pathlib, re, sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
import importlib.abc, importlib.machinery, types
class Own(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    # What a migration takes from its project are types of SQLAlchemy, or changes of rows.
    def find_spec(self, name, path=None, target=None):
        if (pathlib.Path.cwd() / name.split(".")[0] / "__init__.py").exists():
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
    def create_module(self, spec):
        made = types.ModuleType(spec.name)
        made.__getattr__ = lambda name: sa if name == "db" else str
        return made
    def exec_module(self, module): pass
sys.meta_path.insert(0, Own())
engine = sa.create_engine("postgresql+psycopg2://postgres@/tables_bench")
found = {}
for file in pathlib.Path(sys.argv[1]).glob("*.py"):
    spec = importlib.util.spec_from_file_location(file.stem, file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found[module.revision] = module
done = []
def go(revision):
    module = found[revision]
    for before in [module.down_revision] if isinstance(module.down_revision, str) else module.down_revision or []:
        if before not in done: go(before)
    done.append(revision)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        with context.begin_transaction(), Operations.context(context):
            module.upgrade()
        connection.commit()
for revision in sorted(found):
    if revision not in done: go(revision)
"""


def of_alembic(root, folder, package, python):
    fresh()
    made = subprocess.run([python, "-c", ALEMBIC, str(root / folder)], cwd=root / package, env=os.environ, capture_output=True, text=True)
    if made.returncode:
        print(made.stderr[-1500:], file=sys.stderr)
    for line in psql(COLUMNS, "tables_bench").splitlines():
        yield tuple(line.split(" ", 1))


KNEX = """
const path = require('path'), fs = require('fs')
global.WIKI = { config: { db: { type: 'postgres' } }, logger: { info() {}, warn() {} } }
const folder = process.argv[2]
const knex = require('knex')({ client: 'pg', connection: { host: '/var/run/postgresql', user: 'postgres', database: 'tables_bench' } })
const key = n => n.replace(/\\.js$/, '').split('.').map(p => p.padStart(6, '0')).join('.')
;(async () => {
  for (const name of fs.readdirSync(folder).filter(n => n.endsWith('.js')).sort((a, b) => key(a) < key(b) ? -1 : 1)) {
    try { await (await import(path.resolve(folder, name))).up(knex) } catch (error) { console.error(name, error.message) }
  }
  await knex.destroy()
})()
"""


def of_knex(root, folder, node):
    fresh()
    environment = {**os.environ, "NODE_PATH": f"{node}/node_modules"}
    made = subprocess.run(["node", "-e", KNEX, "-", str(root / folder)], env=environment, capture_output=True, text=True)
    if made.stderr:
        print(made.stderr[-1500:], file=sys.stderr)
    for line in psql(COLUMNS, "tables_bench").splitlines():
        yield tuple(line.split(" ", 1))


TYPEORM = """
const path = require('path'), ts = require('typescript'), Module = require('module'), fs = require('fs')
require.extensions['.ts'] = (module, file) => {
  const out = ts.transpileModule(fs.readFileSync(file, 'utf8'), { compilerOptions: { module: 'commonjs', target: 'es2020' } })
  module._compile(out.outputText, file)
}
const load = Module._load
Module._load = function (name, ...rest) {
  try { return load.call(this, name, ...rest) } catch (error) { if (path.isAbsolute(name) || /^\\.\\/\\d|migrations/.test(name)) throw error; return new Proxy({}, { get: () => () => 'x' }) }
}
const statements = []
const runner = new Proxy(
  { query: async text => { statements.push(text); return [] }, hasColumn: async () => false, hasTable: async () => false },
  { get: (own, name) => own[name] || (async () => undefined) }
)
;(async () => {
  const at = path.resolve(process.argv[2])
  const files = fs.statSync(at).isDirectory() ? fs.readdirSync(at).sort() : []
  const all = files.length
    ? files.flatMap(name => Object.values(require(path.join(at, name))))
    : Object.values(require(at))[0]
  for (const one of all) {
    try { await new one().up(runner) } catch (error) { console.error(one.name, error.message) }
  }
  console.log(JSON.stringify(statements))
})()
"""


def of_typeorm(root, file, node):
    import json

    environment = {**os.environ, "NODE_PATH": f"{node}/node_modules"}
    made = subprocess.run(["node", "-e", TYPEORM, "-", str(root / file)], env=environment, capture_output=True, text=True)
    if made.stderr:
        print(made.stderr[-1500:], file=sys.stderr)
    connection = sqlite3.connect(":memory:")
    for statement in json.loads(made.stdout):
        try:
            connection.executescript(statement)
        except sqlite3.Error as error:
            print(statement[:90].replace("\n", " "), error, file=sys.stderr)
    yield from of_connection(connection)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("inputs", type=pathlib.Path, help="folder with a checkout of each project")
    parser.add_argument("truth", type=pathlib.Path, help="folder for the lists")
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--node", default=".")
    parser.add_argument("--only", help="name of one project")
    options = parser.parse_args()
    options.truth.mkdir(parents=True, exist_ok=True)
    for line in (HERE / "projects.txt").read_text().splitlines():
        if line.startswith("#") or not line.strip():
            continue
        name, _, _, how = (part.strip() for part in line.split("|")[:4])
        if "#" in name or options.only and name != options.only:
            continue
        kind, *words = how.split()
        root = (options.inputs / name).resolve()
        found = {
            "schema.rb": lambda: of_rails(root, *words),
            "diesel": lambda: of_diesel(root, *words),
            "pg_dump": lambda: of_pg_dump(root, *words),
            "mysqldump": lambda: of_mysqldump(root, *words),
            "postgres": lambda: of_postgres(root, *words),
            "sqlite": lambda: of_sqlite(root, *words),
            "sqldump": lambda: of_sqldump(root, *words),
            "ef": lambda: of_ef(root, *words),
            "django": lambda: of_django(root, *words, options.python),
            "alembic": lambda: of_alembic(root, *words, options.python),
            "knex": lambda: of_knex(root, *words, options.node),
            "typeorm": lambda: of_typeorm(root, *words, options.node),
        }[kind]()
        lines = sorted({f"{t} {c}".lower() for t, c in found if t.lower() not in OWN})
        tables = {line.split()[0] for line in lines}
        print(f"{name}: {len(tables)} tables, {len(lines)} columns", file=sys.stderr)
        (options.truth / f"{name}.txt").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
