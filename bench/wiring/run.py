#!/usr/bin/env python3
"""The graphs of real systems of many services, held against truths that were read by hand.

Every system of `repositories.txt` that lies in the folder given is surveyed; the scorer (score.py
of a recovery benchmark, which reads truths and predictions of one form) compares its components and
connections with `truth/`. Prints one Markdown table and, with --verbose, what is missed and extra.
"""

import argparse
import importlib.util
import json
import pathlib
import resource
import subprocess
import sys

HERE = pathlib.Path(__file__).parent


def listed():
    lines = (HERE / "repositories.txt").read_text().splitlines()
    return [[part.strip() for part in line.split("|")] for line in lines if line and line[0] != "#"]


def surveyed(program, root):
    """The blueprint of a folder, and the CPU seconds that it took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [program, "survey", str(root), "--no-history", "--no-cache"]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return json.loads(output.stdout), after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def predicted(blueprint):
    """Containers and external systems, with the relationships of what lies inside lifted to them."""
    elements = {e["id"]: e for e in blueprint["elements"]}

    def holder(name):
        seen = set()
        while name in elements and name not in seen:
            seen.add(name)
            if elements[name]["kind"] in ("container", "software_system"):
                return name
            name = elements[name].get("parent")
        return None

    def is_part(e):
        return e["kind"] == "container" or (e["kind"] == "software_system" and e.get("external"))

    parts = [e for e in blueprint["elements"] if is_part(e)]
    ids = {e["id"] for e in parts}
    ends = {(holder(r["from"]), holder(r["to"])) for r in blueprint["relationships"]}
    return {
        "components": [
            {
                "id": e["id"],
                "kind": e["kind"],
                "aliases": [e["name"], e["id"].rsplit("/", 1)[-1], *(e.get("aliases") or [])],
            }
            for e in parts
        ],
        "connections": [
            {"from": a, "to": z} for a, z in sorted(ends, key=str) if a in ids and z in ids and a != z
        ],
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("inputs", type=pathlib.Path, help="folder that holds the checkouts as NAME or OWNER+NAME")
    parser.add_argument("--groundplan", default="target/release/groundplan")
    parser.add_argument("--scorer", type=pathlib.Path, required=True, help="score.py of the recovery benchmark")
    parser.add_argument("--only", help="names, with commas between them")
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--output", type=pathlib.Path)
    options = parser.parse_args()
    spec = importlib.util.spec_from_file_location("score", options.scorer)
    score = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(score)
    wanted = options.only.split(",") if options.only else None
    rows, lines, notes, total = {}, [], [], 0.0
    for name, repository, _, folder, kind in listed():
        # Two repositories of one name lie beside each other with their owners.
        owned = options.inputs / repository.replace("/", "+")
        root = (owned if owned.is_dir() else options.inputs / repository.split("/")[1]) / folder
        truth = HERE / "truth" / f"{name}.json"
        if (wanted and name not in wanted) or not root.is_dir() or not truth.is_file():
            continue
        truth = json.loads(truth.read_text())
        blueprint, seconds = surveyed(options.groundplan, root)
        found = score.score_app(truth, predicted(blueprint))
        rows[name] = found
        total += seconds
        part, edge = score.prf(*found["components"]), score.prf(*found["connections"])
        cells = [f"{x:.2f}" for x in (*part, *edge)]
        lines.append(f"| {name} | {kind} | {' | '.join(cells)} | {seconds:.1f} |")
        for key in ("missed_components", "extra_components", "missed_connections", "extra_connections"):
            if options.verbose and found[key]:
                notes.append(f"{name}: {key.replace('_', ' ')}: {', '.join(found[key])}")
    if not rows:
        sys.exit(f"no system of the list lies in {options.inputs}")
    macro = score.summary(rows)
    mean = [f"{x:.2f}" for key in ("components", "connections") for x in macro[key]["macro"]]
    text = "\n".join(
        [
            "| System | Kind | Components P | R | F1 | Connections P | R | F1 | CPU seconds |",
            "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
            *lines,
            f"| mean | {len(rows)} systems | {' | '.join(mean)} | {total:.1f} |",
        ]
    )
    print(text)
    print("\n".join(notes), file=sys.stderr)
    if options.output:
        options.output.write_text(text + "\n")


if __name__ == "__main__":
    main()
