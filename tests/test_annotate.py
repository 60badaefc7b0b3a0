"""Every segment with its meaning: each element stands where it is said to stand, in the file and in the JSON document."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from translator.errors import NotX12
from translator.show.annotate import Annotated, annotated
from translator.x12.elements import to_json

ROOT = Path(__file__).resolve().parent.parent
OTHERS = [ROOT.parent / "shared" / name for name in ("corpus", "guides/examples")]
FILES = sorted(ROOT.glob("samples/*/*.edi")) + [file for folder in OTHERS for file in sorted(folder.rglob("*.edi"))]


def at(document: Any, path: str) -> Any:
    """What stands at a path such as ``lines[0].ids.upc``."""
    for name, number in re.findall(r"([^.\[\]]+)|\[(\d+)\]", path):
        document = document[int(number)] if number else document[name]
    return document


def pieces(file: Path) -> list[Annotated]:
    try:
        return list(annotated(file.read_bytes()))
    except NotX12:
        return []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parent.name + "/" + file.name)
def test_each_element_stands_where_it_is_said_to_stand(file: Path) -> None:
    data = file.read_bytes().decode("latin-1")
    for one in pieces(file):
        assert [line.line for line in one.lines] == [data.count("\n", 0, line.offset) + 1 for line in one.lines]
        for spot in (spot for line in one.lines for each in line.spots for spot in each.all):
            bytes_ = data[spot.offset : spot.offset + len(spot.value) + 2].replace("\r", "").replace("\n", "")
            assert bytes_.startswith(spot.value) or "\n" in data[spot.offset : spot.offset + len(spot.value)]
            if not spot.path or spot.path.startswith("envelope."):
                continue
            held = at(one.reading.document, spot.path)
            prefix = spot.element.prefix if spot.element else ""
            bare = spot.value.removeprefix(prefix)
            assert held in (spot.value, bare) or held == to_json(spot.type, bare), f"{spot.ref} at {spot.path}"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parent.name + "/" + file.name)
def test_no_finding_is_lost_on_the_way(file: Path) -> None:
    for_all = [found for one in pieces(file) for found in one.reading.findings]
    placed = []
    for one in pieces(file):
        placed += one.findings
        for line in one.lines:
            placed += line.findings
            placed += [found for each in line.spots for spot in each.all for found in spot.findings]
    assert sorted(map(repr, placed)) == sorted(map(repr, for_all))


def test_a_code_has_its_meaning_and_a_finding_its_element() -> None:
    data = (ROOT / "samples/guest/1-850.edi").read_bytes().replace(b"CSH*N~", b"CSH*Q~")
    lines = [line for one in annotated(data) for line in one.lines]
    begin = next(line for line in lines if line.tag == "BEG")
    assert [spot.ref for spot in begin.spots][:2] == ["BEG01", "BEG02"]
    assert (begin.spots[2].path, begin.spots[1].meaning != "") == ("number", True)
    wrong = next(line for line in lines if line.tag == "CSH")
    assert [found.code for found in wrong.spots[0].findings] == ["element-code"]
    item = next(line for line in lines if line.tag == "PO1")
    assert item.loops == ("PO1",)
    assert item.spots[6].path.startswith("lines[0].ids.")


@pytest.mark.parametrize(("old", "new"), [(b"GE*1", b"GE\nGE*1"), (b"GS*PO*6111470100", b"GS*PO*61114701\r\n00")])
def test_elements_of_odd_headers_stand_where_they_are_said_to(old: bytes, new: bytes) -> None:
    data = (ROOT / "samples/guest/1-850.edi").read_bytes().replace(old, new)
    spots = [spot for one in annotated(data) for line in one.lines for spot in line.spots]
    assert len(spots) > 80
    for spot in spots:
        assert data.decode()[spot.offset :].startswith(spot.value), spot.ref
