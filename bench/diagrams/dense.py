#!/usr/bin/env python3
"""Writes diagrams for `run.py --diagrams`: dense ones, and graphs of a given size for timing.

    dense.py FOLDER [--count 40]     dense-<seed>.json, 10 to 27 boxes
    dense.py FOLDER --plain          plain-<seed>.json, 8 to 22 boxes or tables, for changes
    dense.py FOLDER --mixed          mixed-<seed>.json, 10 to 27 boxes or tables of many makes: nested
                                     boundaries, words of one or eight, hubs, islands, loops
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


def mixed(seed):
    """10 to 27 boxes, or tables if three divides the seed; every other property is drawn by lot."""
    rng = random.Random(2000 + seed)
    count = rng.randint(10, 27)
    tables = seed % 3 == 0
    lines = int(count * rng.uniform(0.8, 1.3 if tables else 2.2))
    wordy = rng.choice([0.1, 0.4, 0.8])
    names = [NAMES[n % len(NAMES)] for n in range(count)]
    rng.shuffle(names)
    boundaries = []
    if not tables and rng.random() < 0.8:
        for n in range(rng.randint(1, 5)):
            inside = [b["id"] for b in boundaries] if rng.random() < 0.6 else []
            boundaries.append({"id": f"area{n}", "name": f"{rng.choice(NAMES)} area", "kind": "Boundary",
                               "parent": rng.choice(inside) if inside else None})
    nodes = []
    for n, name in enumerate(names):
        word = name.lower()
        if tables:
            columns = [{"name": "id", "type": rng.choice(["uuid", "bigint"]), "key": "PK"}]
            columns += [{"name": f"{rng.choice(NOUNS)}_{k}", "type": rng.choice(["text", "timestamptz"]),
                         "key": rng.choice(["", "", "FK", "UK"])} for k in range(rng.randint(0, 9))]
            nodes.append({"id": word, "kind": "table", "name": word, "columns": columns})
            continue
        kind, technology = rng.choice([("container", rng.choice(TECHNOLOGIES))] * 4 + STORES
                                      + [("external", ""), ("person", "")])
        node = {"id": word, "kind": kind, "technology": technology,
                "name": f"{name} management service" if rng.random() < wordy / 2 else name,
                "description": f"Keeps {rng.choice(NOUNS)} up to date"
                               + " for all other teams of the house" * (rng.random() < wordy)}
        if boundaries and kind not in ("external", "person") and rng.random() < 0.85:
            node["parent"] = rng.choice(boundaries)["id"]
        nodes.append(node)
    hubs = rng.sample(range(count), rng.randint(0, 2))
    islands = rng.randint(0, 2)
    pairs = []
    for _ in range(lines * 20):
        if len(pairs) == lines:
            break
        a, b = sorted(rng.sample(range(count - islands), 2))
        if hubs and rng.random() < 0.35:
            a, b = rng.choice([(a, hubs[0]), (hubs[-1], b)])
        if rng.random() < 0.1:
            a, b = b, a
        if a != b and (a, b) not in pairs:
            pairs.append((a, b))
    if rng.random() < 0.3:
        # A line back, a second one, a loop.
        pairs += [pairs[0][::-1], pairs[1], (pairs[2][0], pairs[2][0])]
    edges = []
    for n, (a, b) in enumerate(pairs):
        line = edge(rng, n, nodes[a]["id"], nodes[b]["id"], rng.random() < 0.85)
        if line["label"] and rng.random() < wordy:
            line["label"] += f" and {rng.choice(NOUNS)} whenever something has changed"
        if tables:
            line |= {"card_from": rng.choice(["1", "0..1"]), "card_to": rng.choice(["0..n", "1..n"]),
                     "technology": "", "label": rng.choice(["has", "owns", "", "is contained in"])}
        edges.append(line)
    used = {node.get("parent") for node in nodes}
    for boundary in reversed(boundaries):
        if boundary["id"] in used:
            used.add(boundary["parent"])
    return {"type": "er" if tables else "container", "title": f"Mixed {seed}", "nodes": nodes,
            "boundaries": [b for b in boundaries if b["id"] in used], "edges": edges}


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
    parser.add_argument("--mixed", action="store_true")
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
        elif arguments.mixed:
            write(f"mixed-{seed:02}", mixed(seed))
        else:
            write(f"dense-{seed:02}", dense(seed))


if __name__ == "__main__":
    main()
