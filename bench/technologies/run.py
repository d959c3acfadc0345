#!/usr/bin/env python3
"""Technologies that a survey names, beside those that `@specfy/stack-analyser` names.

Both are run on the same checkouts. What the peer finds is its list of techs; what a survey finds are
the technologies of its packages, elements and pipelines, the tools and products that it observed, and
the languages it read, wherever their name is one of `data/technologies` (or of a language). Names are
brought together by `names.txt`.

What both name counts as true. What one names alone was looked up in the repository, and stands with
its verdict and the place that decides it in `judged.tsv`: true where the repository uses, builds with
or talks to that technology. Names without a verdict are printed, and count on no side.
"""

import argparse
import collections
import json
import pathlib
import subprocess
import sys

import yaml

HERE = pathlib.Path(__file__).parent
DATA = HERE.parent.parent / "crates/groundplan-knowledge/data/technologies"


def rows(file):
    for line in (HERE / file).read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            yield line


def knowledge():
    """Ids by name and by alias, lower case."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    ids = {}
    for file in sorted(DATA.glob("*.yaml")):
        one = yaml.load(file.read_text(), Loader=loader)
        for name in (one["name"], *one.get("aliases", [])):
            ids.setdefault(name.lower(), one["id"])
    return ids


# What is seen of these is named by its product.
PRODUCTS = {
    "coverage-setting", "frontend-build", "linter", "load-test", "security-scan",
    "state-management", "technology", "telemetry", "test", "tracing", "ui-library",
}
LANGUAGES = {"c#": "csharp", "c++": "cpp", "shell": "bash", "go": "go"}
# Formats of files, which nobody calls a technology of the system.
FORMATS = {"markdown", "json", "yaml", "toml", "text", "properties", "xml", "csv", "dockerfile"}


def surveyed(groundplan, root, folder, ids):
    """Ids with the place and the words that say them."""
    kept = folder / f"{root.name}.json"
    if not kept.is_file():
        command = [groundplan, "survey", str(root), "--no-history", "--no-cache", "--quiet"]
        kept.write_bytes(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
    blueprint = json.loads(kept.read_text())
    found = {}

    def add(name, provenance, words):
        one = ids.get((name or "").lower())
        if one:
            places = provenance.get("evidence") or [{"path": "", "lines": [0, 0]}]
            place = f"{places[0]['path']}:{places[0]['lines'][0]}"
            found.setdefault(one, (place, words))

    for dependency in blueprint["dependencies"]:
        words = f"{dependency['ecosystem']} {dependency['name']}"
        add(dependency.get("technology"), dependency["provenance"], words)
    for element in blueprint["elements"]:
        for name in element.get("technology", []):
            add(name, element["provenance"], f"element {element['id']}")
    for pipeline in blueprint["pipelines"]:
        add(pipeline["product"], pipeline["provenance"], "pipeline")
        for attribute in element.get("attributes", []):
            if attribute["key"] == "deployed-by":
                add(attribute["value"], attribute["provenance"], f"element {element['id']}")
    for observation in blueprint["observations"]:
        if observation["topic"] in PRODUCTS:
            add(observation["name"], observation["provenance"], f"seen {observation['topic']}")
    for language in blueprint["coverage"]["languages"]:
        name = language["language"].lower()
        if name not in FORMATS:
            found.setdefault(LANGUAGES.get(name, name), ("", "language"))
    return found


def plain(name):
    return "".join(c for c in name.lower() if c.isalnum())


def peers(program, root, folder, names, ids):
    kept = folder / f"{root.name}.json"
    if not kept.is_file():
        command = [*program.split(), str(root), f"--output={kept}"]
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    found = {}

    def visit(node):
        for key in [*node.get("techs", []), node.get("tech")]:
            if key:
                found.setdefault(named(key, names, ids), ("", key))
        for child in node.get("childs", []):
            visit(child)

    visit(json.loads(kept.read_text()))
    return found


def named(key, names, ids):
    """What a key of the peer is called here: by the list, else as an id but for its marks."""
    name = names.get(key) or ids.get(plain(key), key)
    return key if name == "-" else name


def score(found, true, false):
    right, wrong = len(found & true), len(found & false)
    return right / max(1, right + wrong), right / max(1, len(true)), wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("inputs", type=pathlib.Path, help="folder with a checkout of each project")
    parser.add_argument("--groundplan", default="target/release/groundplan")
    parser.add_argument("--peer", default="npx @specfy/stack-analyser")
    parser.add_argument("--work", type=pathlib.Path, required=True, help="folder for what both print")
    parser.add_argument("--rules", type=pathlib.Path, help="the peer's keys, one on each line")
    options = parser.parse_args()
    names = dict([part.strip() for part in row.split("|")] for row in rows("names.txt"))
    ids = knowledge()
    plain_ids = {plain(one): one for one in ids.values()}
    keys = options.rules.read_text().split() if options.rules else []
    known = {named(key, names, plain_ids) for key in keys} or None
    judged = collections.defaultdict(dict)
    for row in rows("judged.tsv"):
        project, verdict, name = row.split("\t")[:3]
        judged[project][name] = verdict == "true"
    for side in ("ours", "peer"):
        (options.work / side).mkdir(parents=True, exist_ok=True)
    print(f"Knowledge: {len(list(DATA.glob('*.yaml')))} technologies.\n")
    tables = {"all": [], "of the peer's rules": []}
    sums = {table: collections.Counter() for table in tables}
    for row in rows("projects.txt"):
        project = row.split("|")[0].strip()
        root = options.inputs / project
        if not root.is_dir():
            print(f"{project}: no checkout at {root}", file=sys.stderr)
            continue
        ours = surveyed(options.groundplan, root, options.work / "ours", ids)
        theirs = peers(options.peer, root, options.work / "peer", names, plain_ids)
        both = set(ours) & set(theirs)
        verdicts = judged[project]
        true = both | {n for n in set(ours) | set(theirs) if verdicts.get(n) is True}
        true |= {n for n, verdict in verdicts.items() if verdict}
        false = {n for n, verdict in verdicts.items() if not verdict}
        true -= false
        for name in sorted((set(ours) ^ set(theirs)) - set(verdicts)):
            side, (place, words) = ("ours", ours[name]) if name in ours else ("peer", theirs[name])
            print(f"{project}\t?\t{name}\t{side}\t{place}\t{words}", file=sys.stderr)
        for table, counted in (("all", None), ("of the peer's rules", known)):
            if table != "all" and counted is None:
                continue
            keep = (lambda s: s) if counted is None else (lambda s: s & counted)
            t, f = keep(true), keep(false)
            ours_at, theirs_at = keep(set(ours)), keep(set(theirs))
            cells = []
            for side, found in (("ours", ours_at), ("peer", theirs_at)):
                precision, recall, _ = score(found, t, f)
                cells += [len(found & (t | f)), f"{precision:.3f}", f"{recall:.3f}"]
                sums[table][side, "right"] += len(found & t)
                sums[table][side, "wrong"] += len(found & f)
            sums[table]["true"] += len(t)
            tables[table].append([project, len(t), len(keep(both)), *cells])
    for table, lines in tables.items():
        if not lines:
            continue
        print(f"\n## Technologies {table}\n")
        print("| Project | True | Both | Ours | Precision | Recall | Peer | Precision | Recall |")
        print("|---|" + "--:|" * 8)
        for line in lines:
            print("| " + " | ".join(str(cell) for cell in line) + " |")
        total, cells = sums[table], []
        for side in ("ours", "peer"):
            right, wrong = total[side, "right"], total[side, "wrong"]
            cells += [right + wrong, f"{right / max(1, right + wrong):.3f}"]
            cells.append(f"{right / max(1, total['true']):.3f}")
        print("| " + " | ".join(str(c) for c in ["**All**", total["true"], "", *cells]) + " |")


if __name__ == "__main__":
    main()
