#!/usr/bin/env python3
"""Tables and columns that `groundplan survey` finds, beside what `truth.py` lists.

The survey gets a copy of the checkout without the files that the truth of the project comes from, and,
where a dump of MySQL names the migrations that had been run, without later ones. Tables and their
columns are compared by name in lower case; views are left out. `--list` writes what was missed and
what is extra.
"""

import argparse
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from truth import OWN

HERE = pathlib.Path(__file__).parent


def surveyed(groundplan, root, hidden, beyond, how):
    with tempfile.TemporaryDirectory() as folder:
        copy = pathlib.Path(folder) / root.name
        shutil.copytree(root, copy, symlinks=True, ignore=shutil.ignore_patterns(".git"))
        kind, *words = how.split()
        if kind == "mysqldump":
            run = set(re.findall(r"\(\d+,'([^']+)',\d+\)", (copy / words[0]).read_text()))
            for file in copy.glob("database/migrations/*.php"):
                if file.stem not in run:
                    file.unlink()
        for pattern in hidden:
            for file in list(copy.glob(pattern)):
                if file.is_file():
                    file.unlink()
        command = [groundplan, "survey", str(copy), "--no-history", "--no-cache", "--quiet"]
        output = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
    found = set()
    for entity in json.loads(output)["entities"]:
        places = [place["path"] for place in entity["provenance"].get("evidence", [])]
        if entity["kind"] == "table" and not any(places[:1] and places[0].startswith(b) for b in beyond):
            table = entity["name"].lower().rsplit(".", 1)[-1]
            if table in OWN:
                continue
            found.update((table, field["name"].lower()) for field in entity.get("fields", []))
            found.add((table, ""))
    return found


def score(truth, found):
    both = len(truth & found)
    precision, recall = both / max(1, len(found)), both / max(1, len(truth))
    return precision, recall, 2 * precision * recall / (precision + recall) if both else 0.0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("inputs", type=pathlib.Path, help="folder with a checkout of each project")
    parser.add_argument("truth", type=pathlib.Path, help="folder with the lists of truth.py")
    parser.add_argument("--groundplan", default="target/release/groundplan")
    parser.add_argument("--list", type=pathlib.Path, help="folder for what was missed and is extra")
    parser.add_argument("--only", help="names of projects, with commas between")
    options = parser.parse_args()
    print("| Project | Tables | found | P | R | F1 | Columns | found | P | R | F1 |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
    sums, count = [0.0] * 6, 0
    for line in (HERE / "projects.txt").read_text().splitlines():
        if line.startswith("#") or not line.strip():
            continue
        name, _, _, how, hidden, beyond, _ = (part.strip() for part in line.split("|"))
        if options.only and name not in options.only.split(","):
            continue
        checkout = name.partition("#")[0]
        root, list_ = options.inputs / checkout, options.truth / f"{checkout}.txt"
        if not root.is_dir() or not list_.is_file():
            print(f"{name}: no checkout or no truth", file=sys.stderr)
            continue
        columns = {tuple(pair.split(" ", 1)) for pair in list_.read_text().splitlines()}
        tables = {(table, "") for table, _ in columns}
        found = surveyed(options.groundplan, root, hidden.split(), beyond.split(), how)
        found_tables = {pair for pair in found if not pair[1]}
        found_columns = found - found_tables
        scores = score(tables, found_tables) + score(columns, found_columns)
        cells = [f"{value:.3f}" for value in scores]
        row = [name, len(tables), len(found_tables), *cells[:3], len(columns), len(found_columns), *cells[3:]]
        print("| " + " | ".join(map(str, row)) + " |", flush=True)
        sums, count = [a + b for a, b in zip(sums, scores)], count + 1
        if options.list:
            options.list.mkdir(parents=True, exist_ok=True)
            truth = tables | columns
            lines = [f"- {t} {c}" for t, c in sorted(truth - found)]
            lines += [f"+ {t} {c}" for t, c in sorted(found - truth)]
            (options.list / f"{name}.txt").write_text("\n".join(lines) + "\n")
    if count:
        means = [f"{value / count:.3f}" for value in sums]
        print("| " + " | ".join(["**Mean**", "", "", *means[:3], "", "", *means[3:]]) + " |")


if __name__ == "__main__":
    main()
