"""Speed and memory, printed as ratios to floors measured in the same run: nothing goes in, a table comes out.

Two floors: splitting the same text into segments and elements (``str.split`` twice, keeping nothing), and reading the
bytes. Ratios hold where single times drift; the aims stand beside them and nothing here fails. ``--quick`` leaves out
what takes 100 MB.
"""

from __future__ import annotations

import argparse
import compileall
import gc
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import orders  # noqa: E402

import translator  # noqa: E402

COMMAND = [sys.executable, "-m", "translator"]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="10 MB instead of 100 MB")
    parser.add_argument("--rounds", type=int, default=7)
    asked = parser.parse_args()
    compileall.compile_dir(HERE.parent / "translator", quiet=1)  # as an installed command has it
    with tempfile.TemporaryDirectory() as folder:
        sizes = (1, 10) if asked.quick else (1, 10, 100)
        files = {size: Path(folder) / f"{size}.edi" for size in sizes}
        for size, path in files.items():
            orders.write(path, size * 1_000_000)
        as_command(files, Path(folder))  # first: a child's peak counts its parent's memory at the fork
        in_process(files[10], asked.rounds)
        writing(files[1], asked.rounds)


def in_process(path: Path, rounds: int) -> None:
    """Documents and JSON lines against both floors, one core, in turn."""
    import orjson

    data = path.read_bytes()
    text = data.decode("latin-1")

    def split() -> None:
        for segment in text.split("~"):
            segment.split("*")

    def raw() -> None:
        with path.open("rb", buffering=0) as file:
            while file.read(1 << 17):
                pass

    def documents() -> None:
        for reading in translator.read(path):
            assert reading.document and not reading.findings

    def lines() -> None:
        for reading in translator.read(path):
            orjson.dumps(reading.document, option=orjson.OPT_APPEND_NEWLINE)

    gc.collect()
    gc.freeze()
    gc.disable()  # as the command does
    runs: dict[str, Callable[[], None]] = {"split": split, "read bytes": raw, "documents": documents, "JSON lines": lines}
    times: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(rounds + 1):
        for name, run in runs.items():
            begin = time.process_time()
            run()
            times[name].append(time.process_time() - begin)
    print(f"{path.stat().st_size / 1e6:.0f} MB of orders, one core, median of {rounds} rounds (the first is not counted)")
    print(f"  {'':<12}{'MB/s':>8}{'x split':>10}{'x bytes':>10}   aim")
    aims = {"documents": "at most 5.5 x split, better 4.5", "JSON lines": "at most 7 x split, better 5.5"}
    for name, all_times in times.items():
        seen = all_times[1:]
        ratio = statistics.median(t / f for t, f in zip(seen, times["split"][1:], strict=True))
        other = statistics.median(t / max(f, 1e-9) for t, f in zip(seen, times["read bytes"][1:], strict=True))
        print(f"  {name:<12}{len(data) / statistics.median(seen) / 1e6:>8.1f}{ratio:>10.2f}{other:>10.0f}   {aims.get(name, '')}")


def writing(path: Path, rounds: int) -> None:
    """Documents to X12, read back before they are given out, against reading the orders that they answer.

    The documents were parsed a moment before, as the command and the exchange have them; that is not counted.
    """
    import orjson
    from answers import NOW, answers

    made = {kind: [orjson.dumps(document) for document in documents] for kind, documents in answers(path, 400).items()}
    data = path.read_bytes()

    def read() -> int:
        for reading in translator.read(data):
            assert reading.document
        return len(data)

    def write(documents: list[dict[str, object]]) -> int:
        done = translator.write(documents, control=1, now=NOW)
        assert done.data and not done.findings, [f.sentence for f in done.findings[:3]]
        return len(done.data)

    sizes: dict[str, int] = {}
    times: dict[str, list[float]] = {name: [] for name in ("read orders", *made)}
    for _ in range(rounds + 1):
        begin = time.process_time()
        sizes["read orders"] = read()
        times["read orders"].append(time.process_time() - begin)
        for kind, texts in made.items():
            documents = [orjson.loads(text) for text in texts]
            begin = time.process_time()
            sizes[kind] = write(documents)
            times[kind].append(time.process_time() - begin)
    sizes["all three"] = sum(sizes[kind] for kind in made)
    times["all three"] = [sum(one) for one in zip(*(times[kind] for kind in made), strict=True)]
    many = len(next(iter(made.values())))
    print(f"writing {many} answers of each kind, read back, one core, median of {rounds} rounds")
    print(f"  {'':<16}{'MB/s':>8}{'of reading':>12}{'a second':>10}   aim: at least 0.5 of reading")
    for name, seen in times.items():
        rate = sizes[name] / statistics.median(seen[1:]) / 1e6
        floor = (sizes["read orders"] / t for t in times["read orders"][1:])
        share = statistics.median(sizes[name] / t / f for t, f in zip(seen[1:], floor, strict=True))
        each = f"{many / statistics.median(seen[1:]):>10.0f}" if name in made else ""
        print(f"  {name:<16}{rate:>8.1f}{share:>12.2f}{each}")


def as_command(files: dict[int, Path], folder: Path) -> None:
    """The command as its users run it: memory, time against size, start, two jobs against two processes."""
    print("the command `translator read FILE`, output to a file")
    used = {}
    for size, path in files.items():
        seconds, peak = run([*COMMAND, "read", str(path)], folder / "out")
        used[size] = (seconds, peak)
        print(f"  {size:>4} MB  {seconds:7.2f} s  {size / seconds:6.1f} MB/s  peak {peak:6.1f} MB")
    big, small = max(files), 10
    if big > small:
        print(f"  memory, {big} MB against {small} MB: {used[big][1] / used[small][1]:.2f}   aim: at most 1.3, under 48 MB")
        each = [used[size][0] / size for size in files if size >= small]
        print(f"  seconds a MB, {big} MB against {small} MB: {each[-1] / each[0]:.2f}   aim: 1 (linear)")
    sample = HERE.parent / "samples" / "stand-alone" / "1-850.edi"
    starts = {"python -c pass": [sys.executable, "-c", "pass"], "one small file": [*COMMAND, "read", str(sample)]}
    best: dict[str, list[float]] = {name: [] for name in starts}
    for _ in range(15):
        for name, command in starts.items():
            best[name].append(run(command, folder / "out")[0])
    extra = statistics.median(a - b for a, b in zip(best["one small file"], best["python -c pass"], strict=True))
    print(f"  one small file: {extra * 1000:.0f} ms more than `python -c pass`   aim: at most 90")
    if (os.cpu_count() or 1) < 2:
        print("  one processor only: --jobs 2 was not measured")
        return
    path = files[big]
    rates = []
    for _ in range(3):
        begin = time.perf_counter()
        both = [subprocess.Popen([*COMMAND, "read", str(path)], stdout=(folder / f"o{n}").open("wb")) for n in range(2)]
        for process in both:
            process.wait()
        two = 2 * path.stat().st_size / (time.perf_counter() - begin)
        seconds, _ = run([*COMMAND, "read", "--jobs", "2", str(path)], folder / "out")
        rates.append(path.stat().st_size / seconds / two)
    print(f"  --jobs 2 against two separate processes: {statistics.median(rates):.2f} of their rate   aim: at least 0.8")


def run(command: list[str], out: Path) -> tuple[float, float]:
    """(seconds, peak memory in MB) of one process and those it waited for."""
    begin = time.perf_counter()
    with out.open("wb") as file:
        process = subprocess.Popen(command, stdout=file)
        _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, command
    return seconds, usage.ru_maxrss / (1024 if sys.platform != "darwin" else 1024 * 1024)


if __name__ == "__main__":
    main()
