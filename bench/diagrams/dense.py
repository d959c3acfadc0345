#!/usr/bin/env python3
"""Writes diagrams for `run.py --diagrams`: dense ones, and graphs of a given size for timing.

    dense.py FOLDER [--count 40]     dense-<seed>.json, 10 to 27 boxes
    dense.py FOLDER --plain          plain-<seed>.json, 8 to 22 boxes or tables, for changes
    dense.py FOLDER --sizes          boxes-<n>.json and areas-<n>.json: 20, 100, 500 and 2,000 boxes

The same arguments give the same files.
"""

import argparse
import json
import random
from pathlib import Path

NAMES = ("Order Catalogue Payment Stock Search Basket Mail Price Event Ledger Invoice Report Audit "
         "Session Token Media Route Quota Alert Import Export Batch Vault Index Relay Shift Depot").split()
TECHNOLOGIES = ["Go", "Java", "Rust", "Python", "TypeScript"]
STORES = [("database", "PostgreSQL"), ("cache", "Redis"), ("queue", "Kafka")]
VERBS = "Reads Writes Calls Asks Stores Notifies Loads Sends".split()
NOUNS = "orders stock prices events invoices sessions media reports".split()


def edge(rng, number, a, b, words=True):
    return {"id": f"e{number}", "from": a, "to": b,
            "label": f"{rng.choice(VERBS)} {rng.choice(NOUNS)}" if words else "",
            "technology": rng.choice(["", "HTTPS", "gRPC", "SQL"]) if words else "",
            "mode": rng.choice(["sync", "sync", "async"])}


def dense(seed):
    """10 to 27 boxes with 1.2 to 2.4 lines each, in none to three boundaries."""
    rng = random.Random(seed)
    count = rng.randint(10, 27)
    lines = int(count * rng.uniform(1.2, 2.4))
    areas = rng.randint(0, 3)
    nodes, pairs = [], set()
    people = rng.randint(0, 2)
    outside = rng.randint(0, 4)
    for n in range(count):
        node = {"id": f"n{n:02}", "name": NAMES[n % len(NAMES)]}
        if n < people:
            node |= {"kind": "person", "name": ["Customer", "Clerk"][n]}
        elif n >= count - outside:
            node |= {"kind": "external", "name": f"{node['name']} provider"}
        else:
            store = rng.random() < 0.25
            kind, technology = rng.choice(STORES) if store else ("container", rng.choice(TECHNOLOGIES))
            node |= {"kind": kind, "technology": technology}
            if not store:
                node["name"] += " service"
                node["description"] = f"Keeps {rng.choice(NOUNS)} up to date"
            if areas:
                node["parent"] = f"b{rng.randrange(areas)}"
        nodes.append(node)
    for _ in range(lines * 20):
        if len(pairs) == lines:
            break
        a, b = rng.randrange(count), rng.randrange(count)
        # One line in eight points back.
        if a > b and rng.random() > 0.125:
            a, b = b, a
        if a != b and (a, b) not in pairs and not (a >= count - outside and b >= count - outside):
            pairs.add((a, b))
    edges = [edge(rng, n, nodes[a]["id"], nodes[b]["id"]) for n, (a, b) in enumerate(sorted(pairs))]
    used = {node.get("parent") for node in nodes}
    boundaries = [{"id": f"b{n}", "name": f"Area {n + 1}", "kind": "Boundary", "parent": None}
                  for n in range(areas) if f"b{n}" in used]
    return {"type": "container", "title": f"Dense {seed}", "nodes": nodes,
            "boundaries": boundaries, "edges": edges}


def plain(seed):
    """8 to 22 boxes, or tables if the seed is odd, with 0.9 to 1.5 lines each."""
    rng = random.Random(1000 + seed)
    count = rng.randint(8, 22)
    lines = int(count * rng.uniform(0.9, 1.5))
    tables = seed % 2 == 1
    areas = 0 if tables else rng.randint(0, 2)
    nodes = []
    for n in range(count):
        name = NAMES[n % len(NAMES)]
        if tables:
            columns = [{"name": "id", "type": "uuid", "key": "PK"}]
            columns += [{"name": f"{rng.choice(NOUNS)}_{k}", "type": "text", "key": ""}
                        for k in range(rng.randint(1, 5))]
            nodes.append({"id": name.lower(), "kind": "table", "name": name.lower(),
                          "columns": columns})
            continue
        node = {"id": name.lower(), "kind": "container", "name": f"{name} service",
                "technology": rng.choice(TECHNOLOGIES)}
        if areas:
            node["parent"] = f"b{rng.randrange(areas)}"
        nodes.append(node)
    # Most boxes hang on one before them, as a real system grows; ids tell nothing of it.
    pairs = set()
    for b in range(1, count):
        if rng.random() < 0.9:
            pairs.add((rng.randrange(max(0, b - 6), b), b))
    while len(pairs) < lines:
        a, b = sorted(rng.sample(range(count), 2))
        pairs.add((a, b))
    edges = [edge(rng, n, nodes[a]["id"], nodes[b]["id"]) for n, (a, b) in enumerate(sorted(pairs))]
    for line in edges if tables else []:
        line |= {"card_from": rng.choice(["1", "0..1"]), "card_to": "0..n", "technology": "",
                 "label": rng.choice(["has", "owns", "is in", "contains"])}
    used = {node.get("parent") for node in nodes}
    boundaries = [{"id": f"b{n}", "name": f"Area {n + 1}", "kind": "Boundary", "parent": None}
                  for n in range(areas) if f"b{n}" in used]
    return {"type": "er" if tables else "container", "title": f"Plain {seed}", "nodes": nodes,
            "boundaries": boundaries, "edges": edges}


def sized(count, areas):
    """`count` boxes, half as many lines again, boundaries of eight boxes, 3 % of lines point back."""
    rng = random.Random(count)
    nodes = []
    for n in range(count):
        node = {"id": f"n{n:04}", "kind": "container", "name": f"{NAMES[n % len(NAMES)]} {n}",
                "technology": TECHNOLOGIES[n % 5], "description": f"Keeps {NOUNS[n % 8]} up to date"}
        if areas:
            node["parent"] = f"b{n // 8:03}"
        nodes.append(node)
    pairs = set()
    while len(pairs) < count * 3 // 2:
        a = rng.randrange(count - 1)
        b = min(count - 1, a + 1 + int(rng.expovariate(1 / 6)))
        pair = (b, a) if rng.random() < 0.03 else (a, b)
        if pair[::-1] not in pairs:
            pairs.add(pair)
    edges = [edge(rng, n, nodes[a]["id"], nodes[b]["id"]) for n, (a, b) in enumerate(sorted(pairs))]
    boundaries = [{"id": f"b{n:03}", "name": f"Area {n + 1}", "kind": "Boundary", "parent": None}
                  for n in range((count + 7) // 8)] if areas else []
    return {"type": "container", "title": f"{count} boxes", "nodes": nodes,
            "boundaries": boundaries, "edges": edges}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--first", type=int, default=1, help="the first seed")
    parser.add_argument("--plain", action="store_true")
    parser.add_argument("--sizes", action="store_true")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)

    def write(name, diagram):
        (arguments.folder / f"{name}.json").write_text(json.dumps(diagram, indent=1) + "\n")

    if arguments.sizes:
        for count in (20, 100, 500, 2000):
            write(f"boxes-{count}", sized(count, False))
            write(f"areas-{count}", sized(count, True))
        return
    for seed in range(arguments.first, arguments.first + arguments.count):
        if arguments.plain:
            write(f"plain-{seed:02}", plain(seed))
        else:
            write(f"dense-{seed:02}", dense(seed))


if __name__ == "__main__":
    main()
