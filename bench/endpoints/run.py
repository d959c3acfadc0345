#!/usr/bin/env python3
"""Endpoints that `groundplan survey` finds in code, beside those that the project publishes.

The survey gets a copy of the checkout without any OpenAPI or Swagger file, by its name or by how it
begins; a description may say what stands before its own paths (`file@/base`), or what a gateway puts
before them (`file@-/base`). An endpoint is a method
with a path whose parameters count as alike. Recall says how many of the published ones were found.
Precision counts what was found and is not published as wrong, though most of it is real: health
checks, pages, sockets and routes that nobody described. Where a description says that it is of one
part only, what is found outside of that part does not count. `--list` writes both lists to look at.
"""

import argparse
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
from urllib.parse import unquote

import yaml

VERBS = {"get", "post", "put", "delete", "patch", "head", "options"}
HERE = pathlib.Path(__file__).parent
BEGIN = re.compile(r"""^[\s{]*["']?(openapi|swagger)["']?\s*:\s*["']?[23]\.""", re.MULTILINE)
DESCRIPTION = re.compile(r"(swagger|open-?api).*\.(json|ya?ml)$", re.IGNORECASE)


def endpoint(method, path):
    path = re.sub(r"\{[^}]*\}|:[A-Za-z_]+\*?|<[^>]*>", "{}", path.split("?")[0])
    return method.upper(), "/" + path.strip("/")


def read(file):
    text = file.read_text(encoding="utf-8-sig")
    if file.suffix == ".html":
        return json.JSONDecoder().raw_decode(text, text.index('{"openapi"'))[0]
    if file.suffix == ".json":
        return json.loads(text)
    if file.suffix == ".snap":
        return json.loads(text.split("\n---\n", 1)[1])
    try:
        return load(text)
    except yaml.YAMLError:
        # A mistake among the schemas takes nothing from the paths.
        paths = re.search(r"^paths:.*?(?=^[^\s#]|\Z)", text, re.DOTALL | re.MULTILINE)
        if not paths:
            raise
        return load(paths[0])


def load(text):
    try:
        return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except ValueError:
        # What looks like a date and is none takes nothing from the paths: all values are texts then.
        return yaml.load(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))


def describes(file):
    """Whether a file is a description, by its name or by how it begins."""
    if DESCRIPTION.search(file.name):
        return True
    if file.suffix not in (".json", ".yaml", ".yml"):
        return False
    with file.open(errors="replace") as text:
        return bool(BEGIN.search(text.read(4096)))


def published(root, files, base):
    found = set()
    for name in files:
        name, _, own = name.partition("@")
        description = read(root / name)
        before = own or base or description.get("basePath") or ""
        # What a gateway puts before all paths, and no code of the repository knows.
        gateway = before[1:] if before.startswith("-") else ""
        before = "" if gateway else before
        paths = description["paths"]
        if isinstance(paths.get("$ref"), str):
            paths = read((root / name).parent / paths["$ref"])
        for path, operations in paths.items():
            if "$ref" in operations and not operations["$ref"].startswith("#"):
                other = (root / name).parent / operations["$ref"].partition("#")[0]
                # What another service serves is no part of this one.
                if not other.is_file():
                    continue
                pointer = operations["$ref"].partition("#/")[2]
                operations = read(other)
                for key in filter(None, pointer.split("/")):
                    operations = operations[unquote(key).replace("~1", "/").replace("~0", "~")]
            for method in VERBS & {str(key).lower() for key in operations}:
                found.add(endpoint(method, before.rstrip("/") + path.removeprefix(gateway)))
    return found


def surveyed(groundplan, root, hidden):
    with tempfile.TemporaryDirectory() as folder:
        copy = pathlib.Path(folder) / "copy"
        shutil.copytree(root, copy, symlinks=True, ignore=shutil.ignore_patterns(".git"))
        for file in sorted(copy.rglob("*")):
            if file.is_file() and not file.is_symlink() and describes(file):
                file.unlink()
        for name in hidden:
            (copy / name.partition("@")[0]).unlink(missing_ok=True)
        command = [groundplan, "survey", str(copy), "--no-history", "--no-cache", "--quiet"]
        output = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
    return {
        endpoint(operation.get("method") or "ANY", operation.get("path") or "")
        for interface in json.loads(output)["interfaces"]
        if interface["kind"] == "http"
        for operation in interface["operations"]
    }


def score(truth, found):
    used = {e for e in found if e in truth or e[0] == "ANY" and any(t[1] == e[1] for t in truth)}
    known = {t for t in truth if t in found or ("ANY", t[1]) in found}
    precision = len(used) / max(1, len(found))
    recall = len(known) / max(1, len(truth))
    both = precision + recall
    return precision, recall, 2 * precision * recall / both if both else 0.0, known, used


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("inputs", type=pathlib.Path, help="folder with a checkout of each project")
    parser.add_argument("--groundplan", default="target/release/groundplan")
    parser.add_argument("--list", type=pathlib.Path, help="folder for what was missed and is extra")
    options = parser.parse_args()
    print("| Project | Published | Found | Precision | Recall | F1 |")
    print("|---|--:|--:|--:|--:|--:|")
    sums = [0.0, 0.0, 0.0]
    count = 0
    for line in (HERE / "projects.txt").read_text().splitlines():
        if line.startswith("#") or not line.strip():
            continue
        name, files, base, scope = (part.strip() for part in (line + " ").split("|"))
        root = options.inputs / name
        if not root.is_dir():
            print(f"{name}: no checkout at {root}", file=sys.stderr)
            continue
        truth = published(root, files.split(), base)
        found = surveyed(options.groundplan, root, files.split())
        found = {e for e in found if e[1].startswith(scope)}
        precision, recall, both, known, used = score(truth, found)
        print(f"| {name} | {len(truth)} | {len(found)} | {precision:.3f} | {recall:.3f} | {both:.3f} |")
        sums = [a + b for a, b in zip(sums, (precision, recall, both))]
        count += 1
        if options.list:
            options.list.mkdir(parents=True, exist_ok=True)
            lines = [f"- {m} {p}" for m, p in sorted(truth - known, key=lambda e: e[1])]
            lines += [f"+ {m} {p}" for m, p in sorted(found - used, key=lambda e: e[1])]
            (options.list / f"{name}.txt").write_text("\n".join(lines) + "\n")
    if count:
        means = " | ".join(f"{s / count:.3f}" for s in sums)
        print(f"| **Mean** | | | {means} |")


if __name__ == "__main__":
    main()
