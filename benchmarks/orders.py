"""Interchanges of 850s for benchmarks: a size in, a file out, the same for the same seed.

Each order has 1 to 60 lines; lines carry a DPCI, a vendor style and a UPC with its check digit, a retail price, two
descriptions and a case pack, some with inner packs. Nothing repeats that would let a cache look fast.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from pathlib import Path

SETS = 500  # in an interchange
WORDS = [
    "SHIRT",
    "SOCK",
    "LAMP",
    "TOWEL",
    "CHAIR",
    "BOWL",
    "VASE",
    "CREW",
    "NECK",
    "KNIT",
    "STRIPE",
    "GLASS",
    "OAK",
    "MINI",
    "GREEN",
    "NAVY",
    "IVORY",
    "RUST",
    "LARGE",
    "SMALL",
]


def interchanges(size: int, seed: int = 850, tail: str = "\n") -> Iterator[bytes]:
    """Whole interchanges until ``size`` bytes are passed."""
    rng = random.Random(seed)
    written = number = 0
    while written < size:
        number += 1
        sets = []
        room = size - written
        while len(sets) < SETS and room > 0:
            one = order(rng, len(sets) + 1)
            sets.append(one)
            room -= sum(len(s) + 1 + len(tail) for s in one)
        head = f"ISA*00*          *00*          *08*6111470100     *ZZ*1234567890     *260401*0800*U*00401*{number:09d}*0*T*>"
        segments = [head, f"GS*PO*6111470100*1234567890*20260401*0800*{number}*X*004010"]
        for one in sets:
            segments += one
        segments += [f"GE*{len(sets)}*{number}", f"IEA*1*{number:09d}"]
        data = "".join(s + "~" + tail for s in segments).encode("ascii")
        written += len(data)
        yield data


def order(rng: random.Random, n: int, *, lines: int | None = None) -> list[str]:
    """The segments of one set, ST to SE, with 1 to 60 lines or as many as asked for."""
    location, department = f"{rng.randint(500, 3999):04d}", f"{rng.randint(1, 299):03d}"
    day = f"2026{rng.randint(4, 9):02d}{rng.randint(1, 28):02d}"
    segments = [
        f"ST*850*{n:04d}",
        f"BEG*00*SA*{rng.randint(10**10, 10**11 - 1)}-{location}**{day}",
        f"REF*IA*{rng.randint(10**6, 10**7 - 1)}*VENDOR {rng.choice(WORDS)}",
        f"REF*DP*{department}",
        f"FOB*DF*DE*{rng.choice(WORDS)} CITY, CA",
        f"CSH*{rng.choice('YN')}",
        f"ITD*01*2*****{rng.randint(10, 90)}",
        f"DTM*063*{day}",
        f"DTM*064*{day}",
        "TD5*B*2*NEMF*M",
        f"N1*BY**92*{location}",
        f"N3*{rng.randint(1, 99999)} {rng.choice(WORDS)} AVE",
        f"N4*FONTANA*CA*{rng.randint(10000, 99999)}*US",
    ]
    count, total = lines or rng.randint(1, 60), 0
    for line in range(1, count + 1):
        quantity = rng.randint(1, 480)
        total += quantity
        item = f"{department}{rng.randint(0, 999999):06d}"
        upc = f"{rng.choice('0678')}{rng.randint(0, 10**10 - 1):010d}"
        style = f"{rng.choice(WORDS)}{rng.randint(1, 99999)}"
        segments += [
            f"PO1*{line:06d}*{quantity}*EA*{rng.randint(50, 99999) / 100:g}*WE*CB*{item}*VA*{style}*UP*{upc}{_check(upc)}",
            f"CTP*RS*RES*{rng.randint(99, 199999) / 100:g}",
            f"PID*F*08***{' '.join(rng.choices(WORDS, k=3))} {rng.randint(1, 999)}",
            f"PID*F*73***{rng.choice(WORDS)} {rng.randint(1, 99)}",
            f"PO4*{rng.randint(1, 48)}" if rng.random() < 0.7 else f"PO4*{rng.randint(2, 12)}*************{rng.randint(2, 12)}",
        ]
    segments.append(f"CTT*{count}*{total}")
    segments.append(f"SE*{len(segments) + 1}*{n:04d}")
    return segments


def _check(digits: str) -> str:
    return str(-(3 * sum(map(int, digits[::2])) + sum(map(int, digits[1::2]))) % 10)


def write(path: Path, size: int) -> None:
    """Write a file of about ``size`` bytes."""
    with path.open("wb") as file:
        for data in interchanges(size):
            file.write(data)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Write a file of 850s.")
    parser.add_argument("path", type=Path)
    parser.add_argument("megabytes", type=float)
    asked = parser.parse_args()
    write(asked.path, int(asked.megabytes * 1e6))
