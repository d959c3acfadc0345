#!/usr/bin/env python3
"""Measures `groundplan survey` against `tokei` (cold) and `git status` (warm), and how it scales.

    bench/survey/run.py TREE... [--groundplan BIN] [--tokei BIN] [--rounds N]
                        [--scale TREE] [--times N] [--output FILE]

Each number is the CPU time of one process (user and system, all threads), the lowest of N rounds.
Rounds are interleaved: every round runs each command once, so that other work on the machine
falls on all of them alike. Wall time is not measured. Peak memory is the highest of all rounds.
"""

import argparse
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

WARM_BAR = COLD_BAR = 1.5


class Case:
    """One command and what its runs took."""

    def __init__(self, command, folder=None):
        self.command = [str(part) for part in command]
        self.folder = folder
        self.cpu = []
        self.memory = []

    def run(self):
        """Runs the command once; a failure ends the benchmark, since its time means nothing."""
        pid = os.fork()
        if pid == 0:
            try:
                if self.folder:
                    os.chdir(self.folder)
                sink = os.open(os.devnull, os.O_WRONLY)
                os.dup2(sink, 1)
                os.dup2(sink, 2)
                os.execvp(self.command[0], self.command)
            finally:
                os._exit(127)
        _, status, used = os.wait4(pid, 0)
        code = os.waitstatus_to_exitcode(status)
        if code != 0:
            sys.exit(f"exit status {code}: {' '.join(self.command)}")
        self.cpu.append(used.ru_utime + used.ru_stime)
        # Kibibytes on Linux, bytes on macOS.
        unit = 1024 * 1024 if platform.system() == "Darwin" else 1024
        self.memory.append(used.ru_maxrss / unit)

    @property
    def best(self):
        return min(self.cpu)

    @property
    def peak(self):
        return max(self.memory)


def interleaved(cases, rounds):
    """Runs each case once to fill the page cache, then `rounds` times in turn."""
    for case in cases:
        case.run()
        case.cpu.clear()
        case.memory.clear()
    for _ in range(rounds):
        for case in cases:
            case.run()


def measure(tree):
    """Files and MiB of a tree without its history."""
    count = size = 0
    for folder, names, files in os.walk(tree):
        names[:] = [name for name in names if name != ".git"]
        for name in files:
            path = os.path.join(folder, name)
            if not os.path.islink(path):
                count += 1
                size += os.path.getsize(path)
    return count, size / 1024 / 1024


def survey(binary, tree, *more):
    return [binary, "survey", tree, "--no-history", "--quiet", *more]


def seconds(value):
    return f"{value:.3f}"


def ratio(value, bar=None):
    if bar is None:
        return f"{value:.2f}"
    return f"{value:.2f} ({'met' if value <= bar else 'missed'})"


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |"]
    lines.append("| --- |" + " ---: |" * (len(head) - 1))
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def cold(arguments):
    rows = []
    for tree in arguments.trees:
        count, size = measure(tree)
        ours = Case(survey(arguments.groundplan, tree, "--no-cache"))
        theirs = Case([arguments.tokei, tree])
        interleaved([ours, theirs], arguments.rounds)
        rows.append([
            tree.name, f"{count:,}", f"{size:.0f}", seconds(ours.best), seconds(theirs.best),
            ratio(ours.best / theirs.best, COLD_BAR), f"{size / ours.best:.0f}",
            f"{ours.peak:.0f}", f"{theirs.peak:.0f}",
        ])
    head = ["tree", "files", "MiB", "groundplan s", "tokei s", f"ratio (at most {COLD_BAR})",
            "MiB per CPU s", "groundplan peak MiB", "tokei peak MiB"]
    return table(head, rows)


def warm(arguments, scratch):
    rows = []
    for tree in arguments.trees:
        if not (tree / ".git").exists():
            print(f"{tree.name}: no git repository, left out of the warm runs", file=sys.stderr)
            continue
        ours = Case(survey(arguments.groundplan, tree, "--cache", scratch / f"{tree.name}.cache"))
        status = Case(["git", "-c", "core.fsmonitor=false", "status", "--porcelain"], tree)
        uncached = Case(survey(arguments.groundplan, tree, "--no-cache"))
        interleaved([ours, status, uncached], arguments.rounds)
        rows.append([
            tree.name, seconds(ours.best), seconds(status.best),
            ratio(ours.best / status.best, WARM_BAR), ratio(ours.best / uncached.best),
            f"{ours.peak:.0f}",
        ])
    head = ["tree", "groundplan s", "git status s", f"ratio (at most {WARM_BAR})",
            "part of a cold run", "groundplan peak MiB"]
    return table(head, rows)


def scaling(arguments, scratch):
    tree, times = arguments.scale, arguments.times
    many = scratch / "many"
    for index in range(times):
        ignored = shutil.ignore_patterns(".git")
        shutil.copytree(tree, many / f"copy{index}", symlinks=True, ignore=ignored)
    one = Case(survey(arguments.groundplan, many / "copy0", "--no-cache"))
    all_of_them = Case(survey(arguments.groundplan, many, "--no-cache"))
    interleaved([one, all_of_them], arguments.rounds)
    shutil.rmtree(many)
    rows = []
    for label, case in [(tree.name, one), (f"{times} copies of {tree.name}", all_of_them)]:
        rows.append([
            label, seconds(case.best), ratio(case.best / one.best), f"{case.peak:.0f}",
            ratio(case.peak / one.peak),
        ])
    return table(["tree", "groundplan s", "times", "peak MiB", "times"], rows)


def version(binary):
    ran = subprocess.run([str(binary), "--version"], capture_output=True, text=True, check=False)
    words = ran.stdout.split()
    number = next((word for word in words if word[0].isdigit()), "of unknown version")
    return f"{Path(binary).name} {number}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("trees", nargs="+", type=lambda text: Path(text).resolve(), metavar="TREE")
    parser.add_argument("--groundplan", default="groundplan", help="program to measure")
    parser.add_argument("--tokei", default="tokei", help="program to measure against")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--scale", type=lambda text: Path(text).resolve(),
                        help="tree to copy; default: the first")
    parser.add_argument("--times", type=int, default=10, help="copies of it; 0 for none")
    parser.add_argument("--output", help="file for the tables; default: standard output")
    arguments = parser.parse_args()
    arguments.scale = arguments.scale or arguments.trees[0]
    for name in ["groundplan", "tokei"]:
        found = shutil.which(getattr(arguments, name))
        if not found:
            sys.exit(f"{getattr(arguments, name)} is not there; use --{name}")
        setattr(arguments, name, os.path.abspath(found))
    load = os.getloadavg()[0]
    names = " ".join(tree.name for tree in arguments.trees)
    parts = [
        "# Survey: time and memory\n",
        f"Made by `bench/survey/run.py {names} --rounds {arguments.rounds} "
        f"--scale {arguments.scale.name} --times {arguments.times}`.\n",
        f"{version(arguments.groundplan)}, {version(arguments.tokei)}, {version('git')} on "
        f"{platform.system()} {platform.machine()} with {os.cpu_count()} processors, load average "
        f"{load:.1f} at the start. CPU seconds are user and system time of all threads, the "
        f"lowest of {arguments.rounds} interleaved rounds; memory is the highest resident set.\n",
    ]
    with tempfile.TemporaryDirectory(prefix="groundplan-bench-") as scratch:
        scratch = Path(scratch)
        parts += ["## Cold, without cache\n", cold(arguments)]
        parts += ["## Warm, nothing changed\n", warm(arguments, scratch)]
        if arguments.times > 0:
            parts += ["## Scaling\n", scaling(arguments, scratch)]
    text = "\n".join(parts)
    if arguments.output:
        Path(arguments.output).write_text(text, encoding="utf-8")
    else:
        print(text, end="")


if __name__ == "__main__":
    main()
