#!/usr/bin/env python3
"""Compares the layout of `groundplan diagram` with that of Graphviz (dot) and ELK.

    bench/diagrams/run.py FOLDER [--blueprints FILE...] [--diagrams FILE...] [--views FILE...]
                          [--changed FILE...] [--groundplan BIN] [--timed BIN] [--elkjs FILE] [--rounds N] [--keep FOLDER] [--output FILE]

FOLDER holds the layout benchmark: diagrams (`c4.json`, `er.json`, with one node more
`*_plus1.json`), `layout_metrics.py`, and `peers/` that lays them out by others in one skin.
Each contender draws every input in this run, and `layout_metrics.py` measures all drawings.
Of each blueprint the container, component, deployment, data-flow and entity views are taken.
"""

import argparse
import collections
import importlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HARD = ["node_overlaps", "label_overlaps", "label_on_node", "label_on_edge", "label_on_title",
        "label_off_edge", "edge_node", "edge_title", "containment", "intruders",
        "boundary_overlaps", "edge_shared", "detached_ends", "missing"]
VIEWS = ["containers", "components", "deployment", "data-flow", "entities"]
# Bars of the two inputs of the benchmark.
BARS = {"c4": {"edge_crossings": 6, "score": 45}, "er": {"score": 16}}
FLIPS = 0.03


def plain(doc):
    """The diagram as the peers' skin reads it: its kinds, all fields, ids that no markup breaks."""
    def kind(node):
        word = (node.get("kind") or "").lower()
        if doc.get("type") == "er" or node.get("columns"):
            return "table"
        if word in ("person", "container", "database", "queue", "external", "table"):
            return word
        role = node.get("role") or ""
        if node.get("person"):
            return "person"
        if node.get("external") or word.startswith("external"):
            return "external"
        stores = ("database", "cache", "search_index", "object_storage")
        return "database" if role in stores else "queue" if role == "broker" else "container"

    def text(value):
        return (value or "").replace("&", "+").replace("<", "(").replace('"', "'")

    nodes = {node["id"]: f"n{n}" for n, node in enumerate(doc["nodes"])}
    groups = {group["id"]: f"g{n}" for n, group in enumerate(doc.get("boundaries") or [])}
    out = {"type": doc.get("type") or "", "title": text(doc.get("title")), "nodes": [],
           "boundaries": [], "edges": []}
    for node in doc["nodes"]:
        columns = [{key: text(column.get(key)) for key in ("name", "type", "key")}
                   for column in node.get("columns") or []]
        out["nodes"].append({
            "id": nodes[node["id"]], "kind": kind(node), "columns": columns,
            "name": text(node.get("name") or node["id"]),
            "technology": text(node.get("technology")),
            "description": text(node.get("description")),
            "parent": groups.get(node.get("parent")),
        })
    for group in doc.get("boundaries") or []:
        out["boundaries"].append({
            "id": groups[group["id"]], "name": text(group.get("name") or group["id"]),
            "kind": group.get("kind") or "", "parent": groups.get(group.get("parent")),
        })
    for n, edge in enumerate(doc["edges"]):
        out["edges"].append({
            "id": f"e{n}", "from": nodes[edge["from"]], "to": nodes[edge["to"]],
            "label": text(edge.get("label")), "technology": text(edge.get("technology")),
            "card_from": edge.get("card_from") or "0..n", "card_to": edge.get("card_to") or "1",
        })
    return out


class Bench:
    """Tools, folders and what was measured."""

    def __init__(self, arguments, scratch):
        self.arguments = arguments
        self.scratch = scratch
        sys.path[:0] = [str(arguments.folder), str(arguments.folder / "peers")]
        self.metrics = importlib.import_module("layout_metrics")
        self.skin = importlib.import_module("skin")
        worded = self.skin.elabel

        def elabel(edge):
            """The skin's label; of an edge without words one without size."""
            return worded(edge) if edge["label"] or edge["technology"] else ([], 1, 1)

        self.skin.elabel = elabel
        self.to_dot = importlib.import_module("to_dot") if shutil.which("dot") else None
        self.to_elk = importlib.import_module("to_elk") if arguments.elkjs else None

    def measured(self, svg, path=None, base=None):
        drawing = self.metrics.load(str(svg))
        result = self.metrics.measure(drawing)
        result["missing"] = self.metrics.missing(drawing, str(svg), str(path)) if path else 0
        if base:
            result.update(self.metrics.stability(drawing, self.metrics.load(str(base))))
        result["hard"] = sum(result[name] for name in HARD)
        return result

    def groundplan(self, path, previous=None):
        out = self.scratch / f"{path.stem}{'.hinted' if previous else ''}.groundplan.svg"
        if Path(self.arguments.groundplan).name == "draw":
            command = [self.arguments.groundplan, path, "1"] + ([previous] if previous else [])
            with open(out, "w") as file:
                subprocess.run(command, check=True, stdout=file)
            return out
        command = [self.arguments.groundplan, "diagram", path, "--to", "svg", "--out", out]
        command += ["--previous", previous] if previous else []
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return out

    def skinned(self, path, geometry, engine):
        doc = plain(json.loads(path.read_text()))
        silent = {edge["id"] for edge in doc["edges"] if not (edge["label"] or edge["technology"])}
        for edge in geometry["edges"]:
            if edge["id"] in silent:
                edge.pop("label", None)
        out = self.scratch / f"{path.stem}.{engine}.svg"
        out.write_text(self.skin.svg(doc, geometry, engine))
        return out

    def dot(self, path):
        doc = plain(json.loads(path.read_text()))
        return self.skinned(path, self.to_dot.geo(doc), "dot")

    def elk(self, path):
        doc = plain(json.loads(path.read_text()))
        graph, answer = self.scratch / "graph.json", self.scratch / "answer.json"
        graph.write_text(json.dumps(self.to_elk.graph(doc)))
        environment = dict(os.environ, ELKJS=str(self.arguments.elkjs))
        subprocess.run(["node", self.arguments.folder / "peers" / "elk.cjs", graph, answer],
                       check=True, env=environment)
        return self.skinned(path, self.to_elk.geo(doc, json.loads(answer.read_text())), "elk")

    def contenders(self):
        out = {"groundplan": self.groundplan}
        if self.to_dot:
            out["dot"] = self.dot
        if self.to_elk:
            out["elk"] = self.elk
        return out

    def compared(self, path):
        """Measures of one input by contender; a peer that fails is left out and said."""
        found = {}
        for name, draw in self.contenders().items():
            try:
                svg = draw(path)
            except (subprocess.CalledProcessError, KeyError, ValueError) as why:
                if name == "groundplan":
                    raise
                print(f"{path.stem}: {name} failed: {why}", file=sys.stderr)
                continue
            found[name] = self.measured(svg, path if name == "groundplan" else None)
        return found


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "| --- |" + " ---: |" * (len(head) - 1)]
    return "\n".join(lines + ["| " + " | ".join(map(str, row)) + " |" for row in rows]) + "\n"


def worse(found, name):
    """Whether Groundplan is worse than the better of the peers."""
    peers = [result[name] for who, result in found.items() if who != "groundplan"]
    return bool(peers) and found["groundplan"][name] > min(peers)


def figure(found, who, name, bars):
    if who not in found:
        return "-"
    value = found[who][name]
    bad = who == "groundplan" and (
        value > bars[name] if name in bars else worse(found, name)) or (
        who == "groundplan" and name == "hard" and value > 0)
    return f"**{value}**" if bad else str(value)


def comparison(results, names):
    """One row per input; Groundplan's figures in bold where a bar is missed."""
    measures = [("hard", "hard"), ("edge_crossings", "crossings"), ("score", "score"),
                ("aspect", "aspect")]
    head = ["input", "boxes", "lines"]
    head += [f"{who} {word}" for _, word in measures for who in names]
    rows = []
    for label, found in results:
        own, bars = found["groundplan"], BARS.get(label, {})
        row = [label, own["nodes"], own["edges"]]
        for name, _ in measures:
            for who in names:
                row.append(str(found[who][name]) if name == "aspect" and who in found
                           else figure(found, who, name, bars))
        rows.append(row)
    return table(head, rows)


def summary(results):
    worse_in = collections.Counter()
    for _, found in results:
        worse_in["hard"] += found["groundplan"]["hard"] > 0
        for name in ["edge_crossings", "score"]:
            worse_in[name] += worse(found, name)
    totals = collections.Counter()
    for _, found in results:
        for who, result in found.items():
            for name in ["hard", "edge_crossings", "score"]:
                totals[who, name] += result[name]
    names = [who for who in ["groundplan", "dot", "elk"] if (who, "score") in totals]
    rows = [[who, totals[who, "hard"], totals[who, "edge_crossings"], round(totals[who, "score"])]
            for who in names]
    text = (f"{len(results)} drawings: a hard zero is broken in {worse_in['hard']}, crossings are "
            f"more than those of the better peer in {worse_in['edge_crossings']}, the score is "
            f"worse in {worse_in['score']}.\n\n")
    return text + table(["sum of all", "hard", "crossings", "score"], rows)


def stability(bench):
    """One node more: how the others move, with the drawing before as hint and without."""
    rows = []
    for path in sorted(bench.arguments.folder.glob("*_plus1.json")):
        before = path.with_name(path.name.replace("_plus1", ""))
        if not before.exists():
            continue
        base = bench.groundplan(before)
        draws = {"groundplan, with hint": (base, lambda p=path, b=base: bench.groundplan(p, b))}
        for who, draw in bench.contenders().items():
            draws[who] = (draw(before), lambda p=path, d=draw: d(p))
        for who, (old, draw) in draws.items():
            own = who.startswith("groundplan")
            result = bench.measured(draw(), path if own else None, old)
            flips = result["order_flips"]
            missed = who == "groundplan, with hint" and flips > FLIPS
            rows.append([path.stem, who, result["moved_mean"], result["moved_max"],
                         f"**{flips}**" if missed else flips, result["hard"]])
    return table(["input", "contender", "moved mean", "moved max", "flips", "hard"], rows)


def changed(path, scratch, change):
    """The diagram with one box more, or with one box under another name and id."""
    diagram = json.loads(path.read_text())
    nodes, edges = diagram["nodes"], diagram["edges"]
    degree = collections.Counter(end for edge in edges for end in (edge["from"], edge["to"]))
    # One that is well, but not best connected.
    chosen = sorted(nodes, key=lambda node: (-degree[node["id"]], node["id"]))[len(nodes) // 3]
    if change == "added":
        other = nodes[len(nodes) // 2]["id"]
        nodes.append(dict(chosen, id="added", name="Added service"))
        edges.append({"id": "added-1", "from": chosen["id"], "to": "added", "label": "Asks"})
        if other != chosen["id"]:
            edges.append({"id": "added-2", "from": "added", "to": other, "label": "Tells"})
    else:
        before, after = chosen["id"], "a-" + chosen["id"][::-1]
        chosen |= {"id": after, "name": "Renamed " + chosen["name"]}
        for edge in edges:
            for end in ("from", "to"):
                edge[end] = after if edge[end] == before else edge[end]
    out = scratch / f"{path.stem}.{change}.json"
    out.write_text(json.dumps(diagram))
    return out


def changes(bench, paths):
    """How far the other boxes move when one is added or renamed, on the average of all diagrams."""
    rows = []
    for change in ("added", "renamed"):
        found = collections.defaultdict(list)
        for path in paths:
            after = changed(path, bench.scratch, change)
            base = bench.groundplan(path)
            draws = {"groundplan, with hint": (base, lambda: bench.groundplan(after, base))}
            for who, draw in bench.contenders().items():
                draws[who] = (draw(path), lambda d=draw: d(after))
            for who, (old, draw) in draws.items():
                result = bench.measured(draw(), None, old)
                found[who].append((result["moved_mean"], result["order_flips"], result["hard"]))
        for who, all_of in found.items():
            mean = lambda n: sum(one[n] for one in all_of) / len(all_of)
            rows.append([change, who, len(all_of), f"{mean(0):.3f}", f"{mean(1):.3f}",
                         sum(one[2] for one in all_of)])
    return table(["one box", "contender", "diagrams", "moved mean", "flips", "hard"], rows)


def used(command):
    """CPU time in seconds and greatest memory in MiB of one process."""
    pid = os.fork()
    if pid == 0:
        try:
            sink = os.open(os.devnull, os.O_WRONLY)
            os.dup2(sink, 1)
            os.execvp(str(command[0]), [str(part) for part in command])
        finally:
            os._exit(127)
    _, status, spent = os.wait4(pid, 0)
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit(f"failed: {command}")
    return spent.ru_utime + spent.ru_stime, spent.ru_maxrss / 1024


# How many of the diagrams are drawn with one box changed.
CHANGED = 8
# Goals D1 and D2: milliseconds and MiB by number of boxes.
GOALS = {20: (5, None), 100: (25, None), 500: (250, 40), 2000: (3000, 100)}
# Beyond this dot takes minutes.
MOST_OF_DOT = 500


def times(bench, paths):
    """Time, memory, crossings and length of lines beside dot, in interleaved rounds."""
    rows = []
    for path in paths:
        diagram = json.loads(path.read_text())
        boxes = len(diagram["nodes"])
        milliseconds, mib = GOALS.get(boxes, (None, None))
        many = max(2, 400 // boxes)
        own, dots = [], []
        source = bench.scratch / f"{path.stem}.dot"
        beside = bench.to_dot and boxes <= MOST_OF_DOT
        if beside:
            source.write_text(bench.to_dot.dot(plain(diagram)))
        for _ in range(bench.arguments.rounds if boxes < 1000 else 1):
            one, memory = used([bench.arguments.timed, path, "1"])
            more = used([bench.arguments.timed, path, str(1 + many)])[0] if boxes < 500 else 0
            own.append(((more - one) / many if more else one, memory))
            if beside:
                dots.append(used(["dot", "-Tsvg", "-o", bench.scratch / "timed.svg", source]))
        time, memory = min(own)[0] * 1000, max(m for _, m in own)
        result = bench.measured(bench.groundplan(path)) if boxes <= MOST_OF_DOT else None
        peer = bench.measured(bench.dot(path)) if beside else None
        bold = lambda value, goal, text: f"**{text}**" if goal and value > goal else text
        rows.append([
            path.stem, bold(time, milliseconds, f"{time:.1f}"), milliseconds or "-",
            f"{min(dots)[0] * 1000:.1f}" if dots else "-",
            bold(memory, mib, f"{memory:.0f}"), mib or "-",
            f"{max(m for _, m in dots):.0f}" if dots else "-",
            result["edge_crossings"] if result else "-", peer["edge_crossings"] if peer else "-",
            f"{result['length'] / peer['length']:.2f}" if result and peer else "-"])
    return table(["input", "groundplan ms", "goal", "dot ms", "groundplan MiB", "goal", "dot MiB",
                  "groundplan crossings", "dot crossings", "length by dot's"], rows)


def views_of(bench, blueprint):
    """Files of the views of a blueprint in the form that everyone reads."""
    folder = bench.scratch / f"views-{blueprint.stem}"
    # With the budget of the documents; a file is drawn whole otherwise.
    subprocess.run([bench.arguments.groundplan, "diagram", blueprint, "--budget", "20", "--to",
                    "json", "--out", folder], check=True, stdout=subprocess.DEVNULL)
    out = []
    for path in sorted(folder.glob("*.json")):
        if any(path.stem.startswith(view) for view in VIEWS):
            named = bench.scratch / f"{blueprint.stem}.{path.stem}.json"
            shutil.copy(path, named)
            out.append(named)
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    file = lambda text: Path(text).resolve()
    parser.add_argument("folder", type=file, help="the layout benchmark")
    parser.add_argument("--blueprints", type=file, nargs="*", default=[], metavar="FILE")
    parser.add_argument("--diagrams", type=file, nargs="*", default=[], metavar="FILE")
    parser.add_argument("--views", type=file, nargs="*", default=[], metavar="FILE",
                        help="views that were written before, as `--to json` does")
    parser.add_argument("--changed", type=file, nargs="*", default=[], metavar="FILE",
                        help="diagrams that are drawn with one box changed; default: the first "
                             "of --diagrams")
    parser.add_argument("--groundplan", default="groundplan", help="program that draws")
    parser.add_argument("--timed", help="the example `draw`, a release build; no times without")
    parser.add_argument("--sizes", type=file, nargs="*", default=[], metavar="FILE",
                        help="diagrams for times; `dense.py --sizes` writes them")
    parser.add_argument("--elkjs", type=file, help="elk.bundled.js of elkjs; ELK is left out without")
    parser.add_argument("--rounds", type=int, default=5, help="rounds of timing; 0 for none")
    parser.add_argument("--keep", type=file, help="folder for the drawings")
    parser.add_argument("--output", help="file for the tables; default: standard output")
    arguments = parser.parse_args()
    found = shutil.which(arguments.groundplan)
    if not found:
        sys.exit(f"{arguments.groundplan} is not there; use --groundplan")
    arguments.groundplan = os.path.abspath(found)
    arguments.timed = arguments.timed and os.path.abspath(arguments.timed)
    with tempfile.TemporaryDirectory(prefix="groundplan-bench-") as scratch:
        if arguments.keep:
            arguments.keep.mkdir(parents=True, exist_ok=True)
        text = report(arguments, arguments.keep or Path(scratch))
    if arguments.output:
        Path(arguments.output).write_text(text)
    else:
        print(text)


def versions(arguments):
    """What drew, with numbers where the tools say them."""
    def said(command, error=False):
        ran = subprocess.run([str(part) for part in command], capture_output=True, text=True,
                             check=False)
        return (ran.stderr if error else ran.stdout).strip()

    out = [said([arguments.groundplan, "--version"]) or Path(arguments.groundplan).name]
    if shutil.which("dot"):
        out.append(said(["dot", "-V"], error=True))
    if arguments.elkjs:
        package = arguments.elkjs.parent.parent / "package.json"
        number = json.loads(package.read_text())["version"] if package.exists() else ""
        out.append(f"elkjs {number}".strip())
    return ", ".join(out)


def report(arguments, scratch):
    bench = Bench(arguments, scratch)
    names = list(bench.contenders())
    own = [path for path in sorted(arguments.folder.glob("*.json"))
           if "edges" in json.loads(path.read_text() or "{}") and path.stem != "baseline"]
    inputs = [(path.stem, bench.compared(path)) for path in own]
    dense = [(path.stem, bench.compared(path)) for path in arguments.diagrams]
    views = [(path.stem, bench.compared(path)) for path in arguments.views]
    for blueprint in arguments.blueprints:
        views += [(path.stem, bench.compared(path)) for path in views_of(bench, blueprint)]
    absent = {"dot": "Graphviz", "elk": "ELK"}
    absent = [word for who, word in absent.items() if who not in names]
    parts = [
        "# Diagrams: layout beside Graphviz and ELK\n",
        "Made by `bench/diagrams/run.py`. `hard` is the sum of the counts that must be zero ("
        + ", ".join(f"`{name}`" for name in HARD) + "; of the peers without `missing`). "
        "Bold is what misses its bar.\n",
    ]
    if absent:
        parts.append(f"Not at hand in this run, so not compared: {', '.join(absent)}.\n")
    parts.append(f"{versions(arguments)}. Load average {os.getloadavg()[0]:.1f} at the end.\n")
    parts += ["## Inputs of the benchmark\n", comparison(inputs, names),
              "## One node more\n", stability(bench)]
    if dense:
        parts += ["## Dense diagrams\n", "Written by `bench/diagrams/dense.py`: 10 to 27 boxes with 1.2 "
                  "to 2.4 lines each.\n", summary(dense), comparison(dense, names)]
    if arguments.changed:
        parts += ["## One box added or renamed\n", "In each of the diagrams of `bench/diagrams/dense.py "
                  "--plain`. The peers read the boxes in the order of the file, Groundplan in any.\n",
                  changes(bench, arguments.changed)]
    elif dense:
        parts += ["## One box added or renamed\n", "In each of the first dense diagrams.\n",
                  changes(bench, arguments.diagrams[:CHANGED])]
    if views:
        parts += ["## Views of repositories\n", summary(views), comparison(views, names)]
    if arguments.timed and arguments.rounds:
        parts += ["## Time and memory beside dot\n",
                  "CPU time, the lowest of interleaved rounds: of Groundplan in process (lay out, route, "
                  "label, write; from 500 boxes on the whole process), of dot the whole process. Memory "
                  "of the whole process. Length is the sum of all lines by that of dot.\n",
                  times(bench, own + arguments.sizes)]
    return "\n".join(parts)


if __name__ == "__main__":
    main()
