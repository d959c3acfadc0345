#!/usr/bin/env python3
"""The five documents of real repositories, held against a contract of headings and labels.

Every repository of `repositories.txt` that lies in the folder given is surveyed and described in
all five outlines; the checker (a program that gets OUTLINE FILE --blueprint FILE and prints one
line of counts) says which labels are cited, filled, absent with a reason, or open questions.
Prints one Markdown table: shares are means over the five documents of a repository.
"""

import argparse
import pathlib
import re
import resource
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
OUTLINES = ["proposal", "technical", "reference", "standard", "module"]
COUNTS = re.compile(r"labels cited (\d+) filled (\d+) absent (\d+) gap (\d+) missing (\d+).*faults (\d+)")


def listed():
    lines = (HERE / "repositories.txt").read_text().splitlines()
    return [[part.strip() for part in line.split("|")] for line in lines if line and line[0] != "#"]


def described(program, root, folder):
    """CPU seconds of one run that writes all five documents into the folder."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [program, "generate", str(root), "--outline", "all", "--to", "md,json", "--quiet"]
    subprocess.run([*command, "--out", str(folder)], check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def checked(checker, folder):
    """Faults, and the shares of labels that are cited, and that are anything but open questions."""
    faults, cited, answered = 0, [], []
    for outline in OUTLINES:
        command = [sys.executable, checker, outline, str(folder / f"{outline}.md")]
        command += ["--blueprint", str(folder / "blueprint.json")]
        output = subprocess.run(command, stdout=subprocess.PIPE, text=True).stdout
        found = COUNTS.search(output)
        if not found:
            sys.exit(f"{outline}: the checker said {output!r}")
        cite, fill, absent, gap, missing, fault = map(int, found.groups())
        every = cite + fill + absent + gap + missing
        faults += fault
        cited.append(cite / every)
        answered.append((cite + fill + absent) / every)
    return faults, sum(cited) / len(cited), sum(answered) / len(answered)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("inputs", type=pathlib.Path, help="folder that holds the checkouts by name")
    parser.add_argument("--groundplan", default="target/release/groundplan")
    parser.add_argument("--checker", required=True, help="check_document.py of the contract")
    parser.add_argument("--output", type=pathlib.Path)
    options = parser.parse_args()
    rows = []
    for name, _, kind in listed():
        root = options.inputs / name
        if not root.is_dir():
            print(f"{name}: no checkout in {options.inputs}", file=sys.stderr)
            continue
        with tempfile.TemporaryDirectory() as folder:
            seconds = described(options.groundplan, root, pathlib.Path(folder))
            faults, cited, answered = checked(options.checker, pathlib.Path(folder))
        rows.append(
            f"| {name} | {kind} | {faults} | {cited:.0%} | {answered:.0%} | {seconds:.1f} |"
        )
    table = [
        "# Documents of twelve repositories",
        "",
        "Written by `bench/documents/run.py`.",
        "",
        "| Repository | Kind | Faults | Labels cited | Cited, filled or absent with a reason | CPU seconds for all five |",
        "| --- | --- | ---: | ---: | ---: | ---: |",
        *rows,
    ]
    text = "\n".join(table) + "\n"
    print(text, end="")
    if options.output:
        options.output.write_text(text)


if __name__ == "__main__":
    main()
