"""The same orders through this translator and its open peers: peers.toml goes in, out/compare/table.md comes out.

Every peer is installed into an environment of its own below out/compare/ and called by its driver as its README shows it: one
small order to warm up, then the file three times, the best counts. Before each peer this translator reads the same file, so
that what else the machine does weighs on both. What fails to install, to read, or to end within a minute is said in the table.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import shutil
import subprocess
import sys
import time
import tomllib
from pathlib import Path
from typing import Any

from table import Row, table

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
OUT = ROOT / "out" / "compare"
SMALL = ROOT / "samples" / "stand-alone" / "1-850.edi"
SIZES = (1, 10)
MINUTE = 60


def main() -> None:
    """Install, measure, write the table and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("only", nargs="*", metavar="PEER", help="these peers instead of all")
    asked = parser.parse_args()
    OUT.mkdir(parents=True, exist_ok=True)
    for size in SIZES:  # by another process: what this one holds would count as a child's memory
        subprocess.run([sys.executable, HERE.parent / "orders.py", OUT / f"{size}.edi", str(size)], check=True)
    subprocess.run([sys.executable, "-m", "compileall", "-q", ROOT / "translator"], check=False)
    peers = tomllib.loads((HERE / "peers.toml").read_text(encoding="utf-8"))["peer"]
    ours, rows = peers[0], []
    for peer in peers:
        if asked.only and peer is not ours and peer["name"] not in asked.only:
            continue
        print(f"== {peer['name']}", file=sys.stderr)
        row = {**peer, "measures": {}, "failed": {}}
        if why := installed(peer):
            row["failed"]["all"] = why
        else:
            measure(row, ours)
        rows.append(row)
    text = table(rows, about())
    (OUT / "table.md").write_text(text, encoding="utf-8")
    (OUT / "result.json").write_text(json.dumps(rows, indent=2), encoding="utf-8")
    print(text)
    print(f"Also in {OUT / 'table.md'}.", file=sys.stderr)


def about() -> str:
    """When and where this was measured."""
    node = "none"
    if shutil.which("node"):
        node = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout.strip()
    day = datetime.date.today().isoformat()
    where = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, CPython {platform.python_version()}, Node {node}"
    return f"Measured on {day}: {where}; files of benchmarks/orders.py, the best of three after a warm-up."


def installed(peer: Row) -> str | None:
    """Install a peer into its own environment, once; why that failed, if it did."""
    if peer["installer"] == "none":
        return None
    home, wanted = OUT / peer["name"], f"{peer['name']}{'==' if peer['installer'] == 'pip' else '@'}{peer['version']}"
    ready = home / "ready"
    if ready.is_file() and ready.read_text() == wanted:
        return None
    home.mkdir(parents=True, exist_ok=True)
    if peer["installer"] == "pip":
        steps = [
            [sys.executable, "-m", "venv", "--clear", str(home)],
            [str(home / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wanted],
        ]
    else:
        if not shutil.which("npm"):
            return "npm is not on this machine"
        (home / "package.json").write_text('{"private": true}\n')
        steps = [["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", wanted]]
    for step in steps:
        done = subprocess.run(step, cwd=home, capture_output=True, text=True, timeout=5 * MINUTE, check=False)
        if done.returncode:
            said = [line for line in done.stderr.splitlines() if "error" in line.lower()] or ["it does not say why"]
            return f"it does not install: {said[0].strip()}"
    ready.write_text(wanted)
    return None


def measure(row: Row, ours: Row) -> None:
    """Cold start, speed for each size and peak memory, each beside our own."""
    small = [run(peer, SMALL, 1) for _ in range(5) for peer in (ours, row)]
    if not _pair(row, "cold", small[1::2], small[::2], lambda one: one["wall"] * 1000):
        return
    for size in SIZES:
        file = OUT / f"{size}.edi"
        length, wanted = file.stat().st_size, sets_in(file)
        mine, theirs = run(ours, file, 3, SMALL), run(row, file, 3, SMALL)
        if not theirs["failed"] and theirs["sets"] != wanted:
            theirs["failed"] = f"it saw {theirs['sets']} of {wanted} orders"
        for one in (mine, theirs):
            one["rate"] = length / min(one["seconds"]) / 1e6 if one.get("seconds") else 0
        if _pair(row, str(size), [theirs], [mine], lambda one: one["rate"]):  # the peak of the largest file that it can read
            _pair(row, "peak", [run(row, file, 1)], [run(ours, file, 1)], lambda one: one["peak"] / 1e3)


def sets_in(file: Path) -> int:
    """The orders in a file, counted by nobody's reader."""
    with file.open("rb") as lines:
        return sum(line.startswith(b"ST*") for line in lines)


def _pair(row: Row, name: str, theirs: list[Any], mine: list[Any], figure: Any) -> bool:
    """Put down a figure and our own; or why there is none."""
    if failed := next((one["failed"] for one in theirs if one["failed"]), None):
        row["failed"][name] = failed
        return False
    row["version"] = theirs[0]["version"]
    row["measures"][name] = (min(map(figure, theirs)), min(map(figure, mine)))
    return True


def run(peer: Row, file: Path, rounds: int, *warm: Path) -> dict[str, Any]:
    """One process of a driver: what it said, with ``wall`` (seconds) and ``failed``."""
    home = OUT / peer["name"]
    python = str(home / "bin" / "python") if peer["installer"] == "pip" else sys.executable
    command = ["node" if peer["driver"].endswith(".js") else python, str(HERE / peer["driver"])]
    command += [str(file), str(rounds), str(MINUTE * 2 / 3), *map(str, warm)]
    environment = dict(os.environ)
    environment.pop("PYTHONPATH", None)
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    if peer["installer"] == "none":
        environment["PYTHONPATH"] = str(ROOT)
    begin = time.perf_counter()
    place = home if peer["installer"] == "npm" else OUT
    try:
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", cwd=place, env=environment, timeout=MINUTE)
    except subprocess.TimeoutExpired:
        return {"failed": f"not within {MINUTE} seconds"}
    wall = time.perf_counter() - begin
    if done.returncode or not done.stdout:
        words = done.stderr.strip().splitlines() or ["it ended without a word"]
        return {"failed": words[-1][:200]}
    answer = json.loads(done.stdout.splitlines()[-1])
    if answer["failed"]:
        answer["failed"] = answer["failed"].splitlines()[0][:200]
    return {**answer, "wall": wall}


if __name__ == "__main__":
    main()
