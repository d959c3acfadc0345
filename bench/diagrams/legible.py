#!/usr/bin/env python3
"""Smallest text of drawings in points on the sheet that the HTML page prints them on.

    bench/diagrams/legible.py FOLDER-OR-SVG... [--least POINTS] [--all]

Sheets are read from `crates/groundplan-render/src/formats/html/sheet.rs`: margins and caption are
taken off there. Exit code 1 if a drawing has smaller text than LEAST (6) on its sheet.
"""

import argparse
import re
import sys
from collections import Counter
from pathlib import Path

SHEETS = Path(__file__).parents[2] / "crates/groundplan-render/src/formats/html/sheet.rs"


def sheets():
    found = re.findall(r'\("( ?[a-z0-9-]*)", ([\d.]+), ([\d.]+)\)', SHEETS.read_text())
    return [(name.strip() or "a4", float(w), float(h)) for name, w, h in found]


def printed(svg, kinds, least):
    """Sheet, points on it, and points if the figure stood in the text (A4 upright)."""
    head = svg[:svg.index(">")]
    width, height = map(float, re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', head).groups())
    text = float(re.search(r'data-font-min="([\d.]+)"', head)[1])
    on = [(name, text * 0.75 * min(w / width, h / height, 1)) for name, w, h in kinds]
    best = next((one for one in on if one[1] >= least), max(on, key=lambda one: one[1]))
    return (*best, on[0][1], int(width), int(height))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--least", type=float, default=6.0)
    parser.add_argument("--all", action="store_true", help="a row for every drawing")
    arguments = parser.parse_args()
    kinds = sheets()
    files = [file for path in arguments.paths
             for file in (sorted(path.rglob("*.svg")) if path.is_dir() else [path])]
    used, small = Counter(), 0
    print("| drawing | size | sheet | points | in the text |\n| --- | ---: | --- | ---: | ---: |")
    for file in files:
        sheet, points, plain, w, h = printed(file.read_text(), kinds, arguments.least)
        used[sheet] += 1
        low = points < arguments.least
        small += low
        if low or arguments.all:
            shown = f"**{points:.1f}**" if low else f"{points:.1f}"
            print(f"| {file.parent.name}/{file.stem} | {w} x {h} | {sheet} | {shown} | {plain:.1f} |")
    where = ", ".join(f"{count} on {name}" for name, count in sorted(used.items()))
    print(f"\n{len(files)} drawings: {where}; {small} below {arguments.least:g} points.")
    return 1 if small else 0


if __name__ == "__main__":
    sys.exit(main())
