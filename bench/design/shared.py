#!/usr/bin/env python3
"""Share of sentences that stand in the documents of two unrelated briefs.

    shared.py [-v] [--all] DIR DIR [DIR ...]

Each DIR holds the five documents of one brief (`groundplan generate --brief FILE --outline all --to md
--out DIR`). A sentence is a text of six words and more of a paragraph, a list item or a cell of a
table. It holds a fact, and does not count, if it has a digit, a name in backticks, a source or a link.
Code, diagrams, headings and tables of contents are no sentences. The share of a pair is that of the sentences
of the shorter set that stand in the other one too (the stricter of two readings of the bar).
Prints ten pairs (--all: every pair), their mean and the greatest; -v lists what most documents share.
"""
import argparse
import collections
import itertools
import pathlib
import re

OUTLINES = ("proposal", "technical", "reference", "standard", "module")
SOURCE = re.compile(r"\s?\((?:source:|`[^`]*`|\[?K\d\d)[^()]*(?:\([^()]*\)[^()]*)*\)")
LABEL = re.compile(r"^\*\*[^*]+:\*\*\s*")


def sentences(folder):
    """The sentences without facts of all documents of a folder."""
    found = set()
    for outline in OUTLINES:
        path = pathlib.Path(folder) / f"{outline}.md"
        if not path.exists():
            continue
        fenced = False
        for line in path.read_text().splitlines():
            if line.lstrip().startswith("```"):
                fenced = not fenced
                continue
            line = line.strip()
            if fenced or line.startswith("#") or re.match(r"^[-\d.]+ \[[^\]]*\]\(#[^)]*\)$", line):
                continue
            cells = line.strip("|").split(" | ") if line.startswith("|") else [line]
            for cell in cells:
                cell = SOURCE.sub("", re.sub(r"^(?:[-*]|\d+\.)\s+", "", cell.strip()))
                cell = LABEL.sub("", cell)
                for text in re.split(r"(?<=[.!?])\s+", cell):
                    text = text.strip(" *_")
                    fact = re.search(r"\d|`|\]\(", text)
                    if len(re.findall(r"[A-Za-z'’-]+", text)) >= 6 and not fact:
                        found.add(text)
    return found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folders", nargs="+")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("-v", action="store_true")
    given = parser.parse_args()
    sets = {folder: sentences(folder) for folder in given.folders}
    # Neighbours first, so that every folder takes part in the ten.
    names = list(given.folders)
    pairs = [(a, b) for step in range(1, len(names)) for a, b in zip(names, names[step:])]
    if not given.all:
        pairs = pairs[:10]
    shares = []
    for a, b in pairs:
        both = len(sets[a] & sets[b])
        share = both / max(1, min(len(sets[a]), len(sets[b])))
        shares.append(share)
        print(f"{pathlib.Path(a).name:24} {pathlib.Path(b).name:24} {len(sets[a]):5} {len(sets[b]):5} {both:4} {share:6.1%}")
    print(f"{len(shares)} pairs: mean {sum(shares) / len(shares):.1%}, greatest {max(shares):.1%}")
    if given.v:
        count = collections.Counter(itertools.chain.from_iterable(sets.values()))
        for text, n in sorted(count.items(), key=lambda e: (-e[1], e[0])):
            if n > 1:
                print(f"{n:3} {text}")


if __name__ == "__main__":
    main()
