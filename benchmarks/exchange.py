"""The exchange: orders from ``in/`` to ``erp/orders/`` with their receipts, then shipments back to ship notices; how it grows.

A folder is made, so many files of one order of ten lines each are put into it, and a pass is timed; then the ERP's shipments, one
file each. Floors measured in the same run: reading the same orders without anything around, and fsync. Printed as a table; nothing
here fails. ``--orders 1000 10000`` says how many; ``--waiting 100000`` times a pass over so many files that are not whole.
"""

from __future__ import annotations

import argparse
import datetime
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import orders  # noqa: E402
import orjson  # noqa: E402
from rich.progress import Progress  # noqa: E402

import translator  # noqa: E402

NOW = datetime.datetime(2026, 4, 1, 12, tzinfo=datetime.UTC)
_LINES = 10


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, nargs="+", default=[100, 1000])
    parser.add_argument("--waiting", type=int, default=0)
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)  # one measurement in a process of its own: its memory is its own
    parser.add_argument("--where", type=Path, help="the disk to measure; the usual temporary folder without it")
    asked = parser.parse_args()
    if asked.one is not None:
        print(orjson.dumps(measured(asked.one, asked.where)).decode())
        return
    print(f"fsync of a new file and its folder: {_fsync(asked.where) * 1000:.2f} ms")
    print(f"{'orders':>7} {'in, a second':>13} {'of reading':>11} {'fsyncs each':>12} {'out, a second':>14} {'memory':>8}")
    for count in asked.orders:
        command = [sys.executable, __file__, "--one", str(count), *(["--where", str(asked.where)] if asked.where else [])]
        found = orjson.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
        ratio = found["read"] / found["in"]
        print(
            f"{count:>7} {count / found['in']:>13.0f} {ratio:>11.3f} {found['fsyncs'] / count:>12.1f} "
            f"{count / found['out']:>14.0f} {found['memory']:>5.0f} MB"
        )
    if asked.waiting:
        print(f"{asked.waiting} files that are not whole: {_waiting(asked.waiting, asked.where)}")


def measured(count: int, where: Path | None) -> dict[str, float]:
    """Seconds for so many orders in and shipments out, for reading alone, and the peak of memory in MB."""
    with tempfile.TemporaryDirectory(dir=where) as folder, Progress(disable=not sys.stderr.isatty()) as bar:
        shop = _shop(Path(folder) / "shop")
        task = bar.add_task("orders", total=5)
        texts = list(_texts(count))
        for n, text in enumerate(texts):
            (shop / "in" / f"{n:06d}.edi").write_bytes(text)
        bar.advance(task)
        begin = time.perf_counter()
        for text in texts:
            list(translator.read(text))
        read = time.perf_counter() - begin
        bar.advance(task)
        calls = _counted()
        taken = _timed(shop)
        fsyncs = calls[0]
        bar.advance(task)
        for n, path in enumerate(sorted((shop / "erp/orders").iterdir())):
            order = orjson.loads(path.read_bytes())
            (shop / "erp/responses" / f"{n:06d}.json").write_bytes(orjson.dumps(_shipment(order, n)))
        bar.advance(task)
        sent = _timed(shop)
        bar.advance(task)
        out = len(list((shop / "out").iterdir()))
        assert out == 2 * count, (out, (shop / "PROBLEMS.txt").read_text()[:2000])
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        return {"in": taken, "read": read, "out": sent, "fsyncs": fsyncs, "memory": memory}


def _counted() -> list[int]:
    """Count what is synced from now on; the ledger's own syncs are not seen."""
    calls, sync = [0], os.fsync

    def counted(fd: int) -> None:
        calls[0] += 1
        sync(fd)

    os.fsync = counted
    return calls


def _timed(shop: Path) -> float:
    from translator.exchange.run import run

    begin = time.perf_counter()
    run(shop, now=NOW)
    return time.perf_counter() - begin


def _shop(folder: Path) -> Path:
    """An exchange folder for the ids of the benchmark's orders."""
    from translator.exchange.setup import init

    init(folder)
    settings = folder / "exchange.toml"
    text = settings.read_text().replace('id        = ""', 'id        = "1234567890"', 1)
    settings.write_text(text.replace("settle_seconds     = 1 ", "settle_seconds     = 0 "))
    return folder


def _texts(count: int) -> list[bytes]:
    """Interchanges of one order each."""
    rng = random.Random(810)
    made = []
    for n in range(1, count + 1):
        segments = [
            f"ISA*00*          *00*          *08*6111470100     *ZZ*1234567890     *260401*0800*U*00401*{n:09d}*0*T*>",
            f"GS*PO*6111470100*1234567890*20260401*0800*{n}*X*004010",
            *orders.order(rng, 1, lines=_LINES),
            f"GE*1*{n}",
            f"IEA*1*{n:09d}",
        ]
        made.append("".join(f"{one}~\n" for one in segments).encode())
    return made


def _shipment(order: dict[str, object], n: int) -> dict[str, object]:
    """What an ERP says of an order that was shipped whole, loose."""
    lines = order["lines"]
    assert isinstance(lines, list)
    items = [{"line": line["line"], "quantity": line["quantity"]} for line in lines]
    return {
        "document": "shipment", "id": f"SH{n:06d}", "ship_date": "2026-04-02", "carrier": {"scac": "NEMF", "mode": "M"},
        "references": {"bill_of_lading": {"id": f"B{n:07d}"}}, "ship_from": {"name": "ACME", "location": "WH01"},
        "orders": [{"number": order["number"], "cartons": 1, "packs": [{"items": items}]}],
    }  # fmt: skip


def _fsync(where: Path | None) -> float:
    """Seconds that it takes to have a small file and its name on disk."""
    with tempfile.TemporaryDirectory(dir=where) as folder:
        fd = os.open(folder, os.O_RDONLY)
        begin = time.perf_counter()
        for n in range(50):
            with open(Path(folder) / str(n), "wb") as file:
                file.write(b"x" * 1000)
                file.flush()
                os.fsync(file.fileno())
            os.fsync(fd)
        os.close(fd)
        return (time.perf_counter() - begin) / 50


def _waiting(count: int, where: Path | None) -> str:
    """A pass over files that are being uploaded: seconds and memory."""
    with tempfile.TemporaryDirectory(dir=where) as folder:
        shop = _shop(Path(folder) / "shop")
        text = _texts(1)[0][:-20]
        for n in range(count):
            (shop / "in" / f"{n:06d}.edi").write_bytes(text)
        begin = time.perf_counter()
        _timed(shop)
        seconds = time.perf_counter() - begin
        return f"{seconds:.1f} s, {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB"


if __name__ == "__main__":
    main()
