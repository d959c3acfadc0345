#!/usr/bin/env python3
"""Imports that a survey reads, beside those that tree-sitter's parse of the same files holds.

Both sides are sets of (file, line, module), and an import counts only where all three agree. What
an import is, and how its module is written, stands with each language below. Only files that the
survey reads count: how many it leaves out, and why, is said beside the figures. `--list` writes what
was missed (-) and what is extra (+) to look at.
"""

import argparse
import collections
import functools
import hashlib
import json
import pathlib
import subprocess
import sys

from tree_sitter import Query, QueryCursor
from tree_sitter_language_pack import get_language, get_parser

HERE = pathlib.Path(__file__).parent
ENDS = {
    "C": ["c", "h"],
    "C++": ["cc", "cpp", "cxx", "hpp", "hh", "hxx"],
    "C#": ["cs"],
    "Dart": ["dart"],
    "Elixir": ["ex", "exs"],
    "Go": ["go"],
    "Java": ["java"],
    "JavaScript": ["js", "mjs", "cjs", "jsx"],
    "Kotlin": ["kt", "kts"],
    "Lua": ["lua"],
    "PHP": ["php"],
    "Python": ["py", "pyi"],
    "Ruby": ["rb", "rake", "gemspec"],
    "Rust": ["rs"],
    "Scala": ["scala", "sc"],
    "Swift": ["swift"],
    "TypeScript": ["ts", "tsx", "mts", "cts"],
}
LANGUAGE = {end: name for name, ends in ENDS.items() for end in ends}
GRAMMAR = {"C++": "cpp", "C#": "csharp"}


def text(node):
    return node.text.decode("utf-8", "replace")


def line(node):
    return node.start_point[0] + 1


def named(node, *kinds):
    return [child for child in node.named_children if child.type in kinds]


def one(node, *kinds):
    return next(iter(named(node, *kinds)), None)


def plain(words):
    """A path without blanks and comments between its parts."""
    return "".join(words.split())


def literal(node):
    """The text of a string without anything computed in it."""
    if node is None or node.type not in ("string", "encapsed_string", "string_literal"):
        return None
    if any(child.type not in CONTENT for child in node.named_children):
        return None
    found = text(node)
    for quote in ("[[", "'''", '"""', "'", '"'):
        if found.startswith(quote):
            return found[len(quote):-len(quote)]
    return None


CONTENT = {"string_fragment", "string_content", "escape_sequence"}


def alone(node):
    """The only argument of a call."""
    inner = node.child_by_field_name("arguments") if node is not None else None
    if inner is None or len([c for c in inner.named_children if c.type != "comment"]) != 1:
        return None
    return next(c for c in inner.named_children if c.type != "comment")


def c(node):
    """`#include` with a written path."""
    if node.type == "preproc_include":
        path = node.child_by_field_name("path")
        if path.type in ("system_lib_string", "string_literal"):
            yield line(path), text(path)[1:-1]


def csharp(node):
    """`using`: the namespace or type, of an alias what it stands for; generic arguments left out."""
    if node.type == "using_directive":
        name = node.named_children[-1]
        if name.type != "tuple_type":
            yield line(name), plain(text(name)).split("<")[0]


def dart(node):
    """`import`, `export` and `part`: the address."""
    if node.type == "part_directive" or node.type in ("library_export", "import_specification"):
        holder = one(node, "configurable_uri") or node
        uri = one(holder, "uri")
        if uri is not None:
            yield line(uri), text(uri)[1:-1]


def elixir(node):
    """`alias`, `import`, `require` and `use` of a module by its name; `A.{B, C}` is two."""
    if node.type != "call" or text(node.named_children[0]) not in (
        "alias", "import", "require", "use",
    ):
        return
    inner = one(node, "arguments")
    if inner is None or not inner.named_children:
        return
    module = inner.named_children[0]
    many = one(module, "tuple") if module.type == "dot" else None
    if many is not None:
        head = text(module.named_children[0])
        for name in named(many, "alias"):
            yield line(name), plain(f"{head}.{text(name)}")
    elif module.type in ("alias", "atom") or module.type == "dot" and "(" not in text(module):
        if not plain(text(module)).startswith("@"):
            yield line(module), plain(text(module))


def go(node):
    if node.type == "import_spec":
        path = node.child_by_field_name("path")
        yield line(path), text(path)[1:-1]


def java(node):
    """`import`, static ones too, with `*`."""
    if node.type == "import_declaration":
        name = one(node, "scoped_identifier", "identifier")
        star = ".*" if one(node, "asterisk") is not None else ""
        yield line(name), plain(text(name)) + star


def javascript(node):
    """`import` and `export … from`, `import x = require()`, and `import()` and `require()` with a
    literal and nothing else."""
    if node.type in ("import_statement", "export_statement"):
        source = node.child_by_field_name("source")
        if source is not None:
            yield line(source), text(source)[1:-1]
    elif node.type == "import_require_clause":
        source = one(node, "string")
        yield line(source), text(source)[1:-1]
    elif node.type == "call_expression":
        function = node.child_by_field_name("function")
        if function.type in ("identifier", "import") and text(function) in ("require", "import"):
            module = literal(alone(node))
            if module is not None:
                yield line(alone(node)), module


def kotlin(node):
    """`import` with `*`, without alias."""
    if node.type == "import_header":
        name = one(node, "identifier")
        star = ".*" if one(node, "wildcard_import") is not None else ""
        yield line(name), plain(text(name)).replace("`", "") + star


def lua(node):
    """`require` with a literal and nothing else."""
    if node.type == "function_call" and text(node.child_by_field_name("name")) == "require":
        module = literal(alone(node))
        if module is not None:
            yield line(alone(node)), module


def php(node):
    """`use` of namespaces, one for each name of a group, and `include` and `require` of a literal."""
    if node.type == "namespace_use_clause":
        name = one(node, "qualified_name", "name")
        group = node.parent if node.parent.type == "namespace_use_group" else None
        head = one(group.parent, "namespace_name") if group is not None else None
        before = text(head) + "\\" if head is not None else ""
        yield line(name), (before + text(name)).lstrip("\\")
    elif node.type in (
        "require_expression", "require_once_expression", "include_expression",
        "include_once_expression",
    ):
        path = node.named_children[0]
        if path.type == "parenthesized_expression":
            path = path.named_children[0]
        module = literal(path)
        if module is not None:
            yield line(path), module


def python(node):
    """`import` and `from`: the module; where it is dots alone, one for each name."""
    if node.type == "future_import_statement":
        yield line(node), "__future__"
    elif node.type == "import_statement":
        for name in named(node, "dotted_name", "aliased_import"):
            name = name if name.type == "dotted_name" else one(name, "dotted_name")
            yield line(name), plain(text(name))
    elif node.type == "import_from_statement":
        module = node.child_by_field_name("module_name")
        path = plain(text(module))
        if path.strip("."):
            yield line(module), path
        elif one(node, "wildcard_import") is not None:
            yield line(module), path
        else:
            for name in node.children_by_field_name("name"):
                name = name if name.type == "dotted_name" else one(name, "dotted_name")
                yield line(name), path + plain(text(name))


def ruby(node):
    """`require`, `require_relative` (as `./x`) and `load` with a literal and nothing else."""
    if node.type == "call" and node.child_by_field_name("receiver") is None:
        method = text(node.child_by_field_name("method"))
        if method in ("require", "require_relative", "load"):
            path = alone(node)
            module = literal(path)
            if module is not None:
                if method == "require_relative" and not module.startswith("."):
                    module = "./" + module
                yield line(path), module


def rust(node):
    """`use`, one for each leaf of its tree and without `*`; `mod x;` as `self::x`; `extern crate`.
    What stands inside of a macro is no syntax to the parser, and counts on neither side."""
    if node.type == "use_declaration":
        yield from rust_leaves(node.child_by_field_name("argument"), "")
    elif node.type == "mod_item" and node.child_by_field_name("body") is None:
        name = node.child_by_field_name("name")
        yield line(name), "self::" + text(name)
    elif node.type == "extern_crate_declaration":
        name = node.child_by_field_name("name")
        yield line(name), text(name)


def rust_leaves(node, before):
    def joined(path):
        return f"{before}::{path}" if before else path

    kind = node.type
    if kind == "use_as_clause":
        yield from rust_leaves(node.child_by_field_name("path"), before)
    elif kind == "use_list":
        for child in node.named_children:
            if child.type not in ("line_comment", "block_comment"):
                yield from rust_leaves(child, before)
    elif kind == "scoped_use_list":
        path = node.child_by_field_name("path")
        head = joined(plain(text(path))) if path is not None else before
        yield from rust_leaves(node.child_by_field_name("list"), head)
    elif kind == "use_wildcard":
        path = next(iter(node.named_children), None)
        whole = joined(plain(text(path))) if path is not None else before
        star = node.children[-1]
        if whole:
            yield line(star), whole.removeprefix("::")
    elif kind == "self" and before:
        yield line(node), before
    else:
        last = node.child_by_field_name("name") or node
        yield line(last), joined(plain(text(node))).removeprefix("::")


def scala(node):
    """`import`, one for each name of a list; a wildcard is `*`, what is hidden (`X => _`) is none."""
    if node.type != "import_declaration":
        return
    path, place, last = [], None, None
    for child in node.children:
        if child.type in ("identifier", "operator_identifier"):
            path.append(text(child))
            place = child
        elif child.type == ",":
            if place is not None and last is None:
                yield line(place), ".".join(path)
            path, place, last = [], None, None
        elif child.type in ("namespace_wildcard", "as_renamed_identifier"):
            last = child
            yield from scala_leaf(child, ".".join(path))
        elif child.type == "namespace_selectors":
            last = child
            for name in child.named_children:
                yield from scala_leaf(name, ".".join(path))
    if place is not None and last is None:
        yield line(place), ".".join(path)


def scala_leaf(node, before):
    if node.type == "namespace_wildcard":
        star = "given" if text(node).startswith("given") else "*"
        yield line(node), f"{before}.{star}"
    elif node.type in ("arrow_renamed_identifier", "as_renamed_identifier"):
        names = node.named_children
        if len(names) > 1 and names[-1].type != "wildcard":
            yield line(node), f"{before}.{text(names[0])}"
    elif node.type in ("identifier", "operator_identifier"):
        yield line(node), f"{before}.{text(node)}"


def swift(node):
    """`import`, of a declaration (`import struct A.B`) with its path."""
    if node.type == "import_declaration":
        name = one(node, "identifier")
        yield line(name), plain(text(name))


FIND = {
    "C": c, "C++": c, "C#": csharp, "Dart": dart, "Elixir": elixir, "Go": go, "Java": java,
    "JavaScript": javascript, "Kotlin": kotlin, "Lua": lua, "PHP": php, "Python": python,
    "Ruby": ruby, "Rust": rust, "Scala": scala, "Swift": swift, "TypeScript": javascript,
}
# The nodes that each function above looks at.
NODES = {
    c: ["preproc_include"],
    csharp: ["using_directive"],
    dart: ["part_directive", "library_export", "import_specification"],
    elixir: ["call"],
    go: ["import_spec"],
    java: ["import_declaration"],
    javascript: ["import_statement", "export_statement", "call_expression"],
    kotlin: ["import_header"],
    lua: ["function_call"],
    php: [
        "namespace_use_clause", "require_expression", "require_once_expression",
        "include_expression", "include_once_expression",
    ],
    python: ["future_import_statement", "import_statement", "import_from_statement"],
    ruby: ["call"],
    rust: ["use_declaration", "mod_item", "extern_crate_declaration"],
    scala: ["import_declaration"],
    swift: ["import_declaration"],
}
# What these hold is text to the parser: no node for what is declared in there.
MACRO = {"Rust": ["token_tree"]}


@functools.cache
def tools(language, grammar):
    kinds = NODES[FIND[language]] + MACRO.get(language, []) + ["ERROR"]
    if grammar in ("typescript", "tsx"):
        kinds.append("import_require_clause")
    query = Query(get_language(grammar), " ".join(f"({kind}) @found" for kind in kinds))
    return get_parser(grammar), query


def parsed(path, language):
    """The imports of a file, the lines that a macro holds, and the lines the parser did not get."""
    grammar = GRAMMAR.get(language, language.lower())
    if path.suffix == ".tsx":
        grammar = "tsx"
    # A header may be of either language, and the grammar of C++ reads both.
    if path.suffix == ".h":
        grammar = "cpp"
    parser, query = tools(language, grammar)
    found, macros, faults = set(), set(), set()
    tree = parser.parse(path.read_bytes())
    for node in QueryCursor(query).captures(tree.root_node).get("found", []):
        lines = range(node.start_point[0] + 1, node.end_point[0] + 2)
        if node.type in MACRO.get(language, ()):
            macros.update(lines)
        elif node.type == "ERROR":
            faults.update(lines)
        else:
            found.update(FIND[language](node))
    return found, macros, faults


def kept(folder, root, name, language):
    """As `parsed`, from an earlier run over the same file where there was one."""
    if folder is None:
        return parsed(root / name, language)
    source = (root / name).read_bytes()
    file = folder / root.name / hashlib.sha1(name.encode() + b"\0" + source).hexdigest()
    if file.is_file():
        found, macros, faults = json.loads(file.read_text())
        return {tuple(one) for one in found}, set(macros), set(faults)
    result = parsed(root / name, language)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps([sorted(part) for part in result]))
    return result


def surveyed(program, root):
    files, name, now = {}, "", None
    output = subprocess.run([program, str(root)], stdout=subprocess.PIPE, check=True).stdout
    for row in output.decode().splitlines():
        kind, first, second = row.split("\t", 2)
        if kind == "file":
            name, now = first, files.setdefault(first, (second, set()))
        # Of Java, Kotlin and C# the survey also notes which package a file belongs to.
        elif not second.startswith("package:") or name.endswith(".dart"):
            now[1].add((int(first), second))
    return files


class Score:
    def __init__(self):
        self.files = self.left = self.both = self.missed = self.extra = self.macro = self.fault = 0

    def add(self, other):
        for key, value in vars(other).items():
            setattr(self, key, getattr(self, key) + value)

    def row(self, *names):
        precision = self.both / max(1, self.both + self.extra)
        recall = self.both / max(1, self.both + self.missed)
        low = min(precision, recall) < 0.995
        figures = [f"{100 * v:.2f}" for v in (precision, recall)]
        if low:
            figures = [f"**{f}**" for f in figures]
        cells = [*names, self.files, self.both + self.missed, self.missed, self.extra, *figures]
        return "| " + " | ".join(str(cell) for cell in [*cells, self.left, self.macro]) + " |"


def measure(program, root, list_to, keep):
    scores = collections.defaultdict(Score)
    differences = []
    for name, (how, ours) in sorted(surveyed(program, root).items()):
        path = root / name
        language = LANGUAGE.get(path.suffix.removeprefix(".").lower())
        if language is None or not path.is_file():
            continue
        score = scores[language]
        if how != "read":
            score.left += 1
            continue
        score.files += 1
        theirs, macros, faults = kept(keep, root, name, language)
        inside = {found for found in ours - theirs if found[0] in macros}
        ours -= inside
        score.macro += len(inside)
        score.both += len(ours & theirs)
        score.missed += len(theirs - ours)
        score.extra += len(ours - theirs)
        for sign, some in (("-", theirs - ours), ("+", ours - theirs)):
            for at, module in sorted(some):
                note = "  (not parsed)" if at in faults else ""
                differences.append(f"{sign} {language} {name}:{at} {module}{note}")
    if list_to:
        list_to.mkdir(parents=True, exist_ok=True)
        (list_to / f"{root.name}.txt").write_text("\n".join(sorted(differences)) + "\n")
    return scores


HEAD = (
    "Files | Imports | Missed | Extra | Precision % | Recall % | Files left out | In macros |\n"
)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("inputs", type=pathlib.Path, help="folder with a checkout of each project")
    parser.add_argument("--program", default="target/release/examples/imports")
    parser.add_argument("--list", type=pathlib.Path, help="folder for what was missed and is extra")
    parser.add_argument("--keep", type=pathlib.Path, help="folder for what the parser found")
    parser.add_argument("--only", nargs="*", help="names of projects")
    options = parser.parse_args()
    languages = collections.defaultdict(Score)
    rows = []
    for entry in (HERE / "projects.txt").read_text().splitlines():
        name = entry.split("|")[0].strip()
        if entry.startswith("#") or not name or options.only and name not in options.only:
            continue
        root = options.inputs / name
        if not root.is_dir():
            print(f"{name}: no checkout at {root}", file=sys.stderr)
            continue
        for language, score in sorted(measure(options.program, root, options.list, options.keep).items()):
            languages[language].add(score)
            if score.both + score.missed + score.extra:
                rows.append(score.row(name, language))
    print("| Language | " + HEAD + "|---|" + "--:|" * 8)
    for language, score in sorted(languages.items()):
        print(score.row(language))
    print("\n| Project | Language | " + HEAD + "|---|---|" + "--:|" * 8)
    print("\n".join(rows))


if __name__ == "__main__":
    main()
