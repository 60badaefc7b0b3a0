"""Spoiled copies of the samples: orders, and all that answers them.

``mutant(seed, n)`` is always the same bytes: a sample order with one to three faults of the kinds in ``FAULTS``, those of
real traffic and those of bad luck; ``mutant(seed, n, "answers")`` one of the other samples. As a program: ``python
tests/mutants.py COUNT [SEED]`` judges so many of each, prints figures, and exits 1 when a law broke.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from random import Random

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # as a program it runs from a clone, installed or not

FAMILIES = ("orders", "answers")
ODD = [
    *(b"NaN", b"Infinity", b"1E9", b"1e-7", b"1_000", b"0x10", "１２３".encode(), b"9" * 400),
    *(b"-0", b"-5", b"-", b".", b"-.5", b"5.", b"+1", b"00", b"20261332", b"20260230", b"00000000", b"2460"),
    *(b"", b" ", b"   ", b" A", b"A ", b">", b"A>B", b"*", b"~", b"SE", b"ISA", b"A\nB", b"A\rB", b"A\r\nB"),
    *(b"\x00", b"\x1a", b"\t", b"\x7f", b"\x85", b"\xa0", b"\xff"),
    *("é".encode(), "é".encode("latin-1"), "€".encode(), "名前".encode()),
    *(b"\\", b'"', b"'; DROP TABLE", b"<b>", b"${x}", b"{}", b"%s", b"__proto__", b"None", b"null", b"True"),
]
STRANGERS = [
    *(b"XYZ*1", b"AMT*TT*12.5", b"SDQ*EA*92*0551*6", b"CUR*BY*USD", b"N1*ZZ*NOBODY", b"REF*ZZ"),
    *(b"ST*850*0009", b"SE*1*0001", b"GE*1*1"),
]
BITS = (b"\x00", b"\x00\x00\x00", b"\r\n", b"\n", b" ", b"*", b"~", b">", b"\xef\xbb\xbf", b"\x1a", b"ISA", b"SE*")
MARKS = (b"|", b"^", b":", b"!", b"*", b"~", b">", b"\x1d", b"\n", b"\r", b"\t", b" ", b"A", b"0", b"\x00", b"\xa7")
ENVELOPE = (b"ISA", b"IEA", b"GS", b"GE", b"ST", b"SE")


@cache
def samples(family: str = "orders") -> tuple[bytes, ...]:
    """The sample orders, or all the other sample files, in the order of their names."""
    paths = [path for path in sorted((ROOT / "samples").glob("*/*.edi")) if (path.name == "1-850.edi") == (family == "orders")]
    return tuple(path.read_bytes() for path in paths)


def mutant(seed: int, n: int, family: str = "orders") -> bytes:
    """The n-th mutant of a seed."""
    chance = Random(f"{seed}/{n}")
    data = chance.choice(samples(family))
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        data = chance.choice(FAULTS)(data, chance)
    return data


def mutants(count: int, seed: int = 0, family: str = "orders") -> Iterator[bytes]:
    """The first ``count`` mutants of a seed."""
    return (mutant(seed, n, family) for n in range(count))


# --- faults ---------------------------------------------------------------------------------------------------------------


def _marks(data: bytes) -> tuple[bytes, bytes, bytes]:
    """Element separator, component separator, terminator: those of the first ISA, or the usual ones."""
    at = data.find(b"ISA")
    element = data[at + 3 : at + 4]
    pieces = data[at : at + 300].split(element) if at >= 0 and element else []
    if len(pieces) < 17 or len(pieces[16]) < 2:
        return b"*", b">", b"~"
    return element, pieces[16][:1], pieces[16][1:2]


def _spot(data: bytes, chance: Random) -> int:
    return chance.randrange(len(data)) if data else 0


def _flip(data: bytes, chance: Random) -> bytes:
    found = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 8))):
        if found:
            found[_spot(data, chance)] ^= 1 << chance.randrange(8)
    return bytes(found)


def _replace_byte(data: bytes, chance: Random) -> bytes:
    at = _spot(data, chance)
    return data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :]


def _insert_bytes(data: bytes, chance: Random) -> bytes:
    at = _spot(data, chance)
    return data[:at] + chance.choice(BITS) + data[at:]


def _cut_out(data: bytes, chance: Random) -> bytes:
    at = _spot(data, chance)
    return data[:at] + data[at + chance.choice((1, 2, 5, 50, 300)) :]


def _truncate(data: bytes, chance: Random) -> bytes:
    return data[: _spot(data, chance)]


def _behead(data: bytes, chance: Random) -> bytes:
    return data[chance.choice((1, 3, 50, 107, _spot(data, chance))) :]


def _other_mark(data: bytes, chance: Random) -> bytes:
    old = chance.choice(_marks(data))
    new = chance.choice(MARKS)
    return data.replace(old, new) if chance.random() < 0.7 else data[:110].replace(old, new) + data[110:]


def _segments(change: Callable[[list[bytes], Random], None]) -> Callable[[bytes, Random], bytes]:
    """A fault of whole segments."""

    def fault(data: bytes, chance: Random) -> bytes:
        mark = _marks(data)[2]
        pieces = data.split(mark)
        change(pieces, chance)
        return mark.join(pieces)

    return fault


def _any(pieces: list[bytes], chance: Random) -> int:
    return chance.randrange(len(pieces))


def _drop(pieces: list[bytes], chance: Random) -> None:
    del pieces[_any(pieces, chance)]


def _double(pieces: list[bytes], chance: Random) -> None:
    at = _any(pieces, chance)
    pieces[at:at] = [pieces[at]] * chance.choice((1, 1, 2, 30))


def _move(pieces: list[bytes], chance: Random) -> None:
    piece = pieces.pop(_any(pieces, chance))
    pieces.insert(chance.randrange(len(pieces) + 1), piece)


def _swap(pieces: list[bytes], chance: Random) -> None:
    a, b = _any(pieces, chance), _any(pieces, chance)
    pieces[a], pieces[b] = pieces[b], pieces[a]


def _swap_neighbours(pieces: list[bytes], chance: Random) -> None:
    at = chance.randrange(max(1, len(pieces) - 1))
    pieces[at : at + 2] = reversed(pieces[at : at + 2])


def _stranger(pieces: list[bytes], chance: Random) -> None:
    tail = b"\n" if len(pieces) > 2 and pieces[1].startswith(b"\n") else b""
    pieces.insert(_any(pieces, chance), tail + chance.choice(STRANGERS))


def _double_trailer(pieces: list[bytes], chance: Random) -> None:
    trailers = [n for n, piece in enumerate(pieces) if piece.strip()[:2] in (b"SE", b"GE", b"IE")]
    if trailers:
        at = chance.choice(trailers)
        pieces.insert(at, pieces[at])


def _empty_segment(pieces: list[bytes], chance: Random) -> None:
    pieces.insert(_any(pieces, chance), chance.choice((b"", b" ", b"\n")))


def _indent(pieces: list[bytes], chance: Random) -> None:
    at = _any(pieces, chance)
    pieces[at] = chance.choice((b" ", b"\t", b"    ", b"\n  ")) + pieces[at]


def _right_count(pieces: list[bytes], chance: Random) -> None:
    """Drop a segment of a set and count anew: a fault that only the table can see."""
    inner = [n for n, piece in enumerate(pieces) if not piece.strip().startswith(ENVELOPE)]
    if len(inner) > 1:
        at = chance.choice(inner[:-1])
        if chance.random() < 0.5:
            del pieces[at]
        else:
            pieces.insert(at, pieces[at])
    count = 0
    for n, piece in enumerate(pieces):
        count = 1 if piece.strip()[:2] == b"ST" else count + 1
        tag = piece.strip()[:3]
        if tag[:2] == b"SE" and len(tag) > 2:
            values = piece.split(tag[2:3])
            values[1:2] = [b"%d" % count]
            pieces[n] = tag[2:3].join(values)


def _elements(change: Callable[[list[bytes], Random], None]) -> Callable[[bytes, Random], bytes]:
    """A fault inside one segment: ``change`` gets its tag and elements."""

    def inside(pieces: list[bytes], chance: Random, mark: bytes) -> None:
        at = _any(pieces, chance)
        values = pieces[at].split(mark)
        change(values, chance)
        pieces[at] = mark.join(values)

    def fault(data: bytes, chance: Random) -> bytes:
        element, _, terminator = _marks(data)
        pieces = data.split(terminator)
        inside(pieces, chance, element)
        return terminator.join(pieces)

    return fault


def _odd_value(values: list[bytes], chance: Random) -> None:
    at = _any(values, chance) if chance.random() < 0.1 else chance.randrange(1, len(values)) if len(values) > 1 else 0
    values[at] = chance.choice(ODD)


def _no_value(values: list[bytes], chance: Random) -> None:
    if len(values) > 1:
        values[chance.randrange(1, len(values))] = b""


def _stretched(values: list[bytes], chance: Random) -> None:
    at = _any(values, chance)
    values[at] *= chance.choice((2, 3, 40))


def _trailing(values: list[bytes], chance: Random) -> None:
    values += [b""] * chance.choice((1, 2, 20))


def _lower_case(values: list[bytes], chance: Random) -> None:
    at = _any(values, chance)
    values[at] = values[at].lower()


def _zeros(values: list[bytes], chance: Random) -> None:
    at = _any(values, chance)
    values[at] = b"00" + values[at] if values[at].isdigit() else values[at] + b".00"


def _wrapped(data: bytes, chance: Random) -> bytes:
    width, end = chance.choice((40, 80, 80, 132)), chance.choice((b"\n", b"\r\n"))
    return end.join(data[n : n + width] for n in range(0, len(data), width))


def _line_ends(data: bytes, chance: Random) -> bytes:
    bare = data.replace(b"\r\n", b"\n")
    mark = _marks(data)[2]
    end = chance.choice((b"\r\n", b"\r", b"\n", b"", b"\n\n", b" \n"))
    return bare.replace(b"\n", end) if chance.random() < 0.5 else bare.replace(b"\n", b"").replace(mark, mark + end)


def _splice(data: bytes, chance: Random) -> bytes:
    other = chance.choice(samples())
    return data[: _spot(data, chance)] + other[_spot(other, chance) :]


def _join(data: bytes, chance: Random) -> bytes:
    return data + chance.choice((b"", b"\n", b"\r\n\r\n", b"\x00\x00", b"\x1a", b"-- next --\n")) + chance.choice(samples())


def _wrap_in_bytes(data: bytes, chance: Random) -> bytes:
    before = chance.choice((b"", b"\xef\xbb\xbf", b"\x00\x00", b"\n \r\n", b"Dear supplier,\n", b"\x0b", b"\xff\xfe", b"UNA"))
    return before + data + chance.choice((b"", b"\x00" * 20, b"\x1a", b"\n\n  ", b"garbage", b"ISA"))


def _encoded(data: bytes, chance: Random) -> bytes:
    return data.decode("latin-1").encode(chance.choice(("utf-16", "utf-16-le", "utf-8", "cp500")))


FAULTS: list[Callable[[bytes, Random], bytes]] = [
    *(_flip, _replace_byte, _insert_bytes, _cut_out, _truncate, _behead, _other_mark),
    *(_wrapped, _line_ends, _splice, _join, _wrap_in_bytes, _encoded),
    *map(_segments, (_drop, _double, _move, _swap, _swap_neighbours, _stranger, _double_trailer, _empty_segment, _indent)),
    *map(_segments, (_right_count, _right_count, _right_count)),
    *map(_elements, (_odd_value, _odd_value, _odd_value, _odd_value, _odd_value, _no_value, _no_value, _no_value)),
    *map(_elements, (_stretched, _trailing, _trailing, _lower_case, _zeros, _zeros)),
    *map(_elements, (_drop, _double, _move, _swap)),
]


def main(arguments: list[str]) -> int:
    """Judge COUNT mutants of SEED of each family, and print the figures."""
    from judged import judge

    if not 1 <= len(arguments) <= 2 or not all(a.isdigit() for a in arguments):
        print("usage: python tests/mutants.py COUNT [SEED]", file=sys.stderr)
        return 2
    count, seed = int(arguments[0]), int(arguments[1]) if len(arguments) > 1 else 0
    broken = 0
    for family in FAMILIES:
        kinds: Counter[str] = Counter()
        slowest = (0.0, 0)
        before = broken
        for n in range(count):
            verdict = judge(mutant(seed, n, family))
            kinds[verdict.kind] += 1
            slowest = max(slowest, (verdict.seconds, n))
            for law in verdict.broken:
                broken += 1
                print(f"mutant({seed}, {n}, {family!r}): {law}")
        print(f"{count} mutants of {family}, seed {seed}")
        for kind in ("accepted", "warnings", "errors", "not X12", "limit", "uncaught"):
            print(f"{kinds[kind]:8} {kind}")
        print(f"{slowest[0] * 1000:8.1f} ms for the slowest, mutant({seed}, {slowest[1]}, {family!r})")
        print(f"{broken - before:8} laws broken")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
