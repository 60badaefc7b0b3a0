"""Segments for people: everything that stands in a file is shown once, where it stands, in lines that fit a terminal."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from walked import REAL, ROOT

from translator.cli import translator
from translator.errors import NotX12
from translator.show.annotate import annotated
from translator.show.segments import STYLES, Filter, Span, printed, wanted

FILES = [*sorted(ROOT.glob("samples/*/*.edi")), *REAL]
GUEST = ROOT / "samples/guest/1-850.edi"
INNER = ROOT / "samples/inner-packs/6-856.edi"


def shown(data: bytes, width: int = 80, **options: object) -> list[list[Span]]:
    try:
        return [spans for one in annotated(data) for spans in printed(one, width, **options)]  # type: ignore[arg-type]
    except NotX12:
        return []


def text(lines: list[list[Span]]) -> list[str]:
    return ["".join(word for word, _ in spans) for spans in lines]


def run(*words: str | Path, data: bytes | None = None) -> tuple[int, str, str]:
    done = CliRunner().invoke(translator, ["show", *map(str, words), "--segments"], input=data)
    return done.exit_code, done.stdout, done.stderr


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_every_value_and_every_finding_is_shown(file: Path) -> None:
    lines = shown(file.read_bytes(), 200)
    said = text(lines)
    assert all(style in STYLES for spans in lines for _, style in spans)
    assert all(line.isprintable() for line in said)
    try:
        pieces = list(annotated(file.read_bytes()))
    except NotX12:
        assert not said
        return
    values = [spot for one in pieces for line in one.lines for spot in line.spots if spot.value]
    beside = [line for line in said if re.match(r" +[A-Z0-9]{2,3}[0-9]{2} ", line)]
    told = [line for line in said if re.match(r" *(error|warning) \[[a-z0-9-]+\] ", line)]
    assert len(beside) >= len(values)
    for spot in values:
        if len(spot.value.strip()) and spot.value.isprintable() and len(spot.value) < 100:
            assert any(line.split()[0] == spot.ref and spot.value in line for line in beside), spot.ref
    assert len(told) == sum(len(one.all_findings) for one in pieces)


def test_codes_that_a_guide_only_lists_have_the_words_of_the_standard() -> None:
    held = text(shown((ROOT / "samples" / "guest" / "6-856.edi").read_bytes(), 200))
    for words in ("856  = Ship Notice/Manifest", "ZZ  = mutually defined", "92  = number given by the buyer", "T  = test"):
        assert any(words in line for line in held), words


@pytest.mark.parametrize("width", [80, 120])
def test_lines_fit(width: int) -> None:
    for file in FILES[::3]:
        for line in text(shown(file.read_bytes(), width)):
            long = max(map(len, re.split(r" {2,}| = | -> ", line)))  # a name, a value, a path: they are never broken
            assert len(line) <= width or len(line) - long <= 50, line


def test_a_finding_stands_under_its_element() -> None:
    said = text(shown(GUEST.read_bytes().replace(b"CSH*N~", b"CSH*Q~")))
    n = next(n for n, line in enumerate(said) if line.lstrip().startswith("CSH01"))
    assert said[n + 1].lstrip().startswith("error [element-code] CSH01 is")
    assert len(said[n + 1]) - len(said[n + 1].lstrip()) > len(said[n]) - len(said[n].lstrip())


def test_loops_are_indented_and_named() -> None:
    said = text(shown(INNER.read_bytes()))
    depths = [len(line) - len(line[4:].lstrip()) - 4 for line in said if re.match(r" *[0-9]+ +HL ", line)]
    assert sorted(set(depths)) == [3, 5, 7, 9]
    assert any(line.endswith("loop S/O/P: pack: a carton") for line in said)


def test_a_code_has_its_meaning_and_a_value_its_place() -> None:
    said = text(shown(GUEST.read_bytes()))
    assert any("BEG02" in line and "SA  = stand-alone order  -> type" in line for line in said)
    assert not any("->" in line for line in text(shown(GUEST.read_bytes(), paths=False)))


def test_foreign_text_and_unknown_segments_are_said() -> None:
    data = b"hello there\n" + GUEST.read_bytes().replace(b"CSH*N~", b"QQQ*x\x1by~")
    said = text(shown(data))
    assert "hello there" in said[0] and said[0].startswith("text that is no X12")
    assert any("QQQ" in line and "not in the standard" in line for line in said)
    assert any("x\\x1by" in line for line in said)


def test_only_what_was_asked_for() -> None:
    code, out, _ = run(INNER, "--only", "po414")
    refs = {line.split()[0] for line in out.splitlines() if re.match(r" +[A-Z]+[0-9]", line) and "->" not in line.split()[0]}
    assert (code, "PO414" in refs, refs <= {"PO414"}) == (0, True, True)
    assert run(INNER, "--only", "BSN")[1].count("BSN0") == 5
    assert run(GUEST, "--findings")[1:] == ("", "No finding: nothing to show.\n")
    assert run(GUEST, "--only", "SLN05")[2] == "No segment here is as was asked.\n"
    assert run(GUEST, "--only", "what?")[0] == 2
    code, out, _ = run("-", "--findings", data=GUEST.read_bytes().replace(b"CSH*N~", b"CSH*Q~"))
    assert (code, out.count("CSH01"), "BEG" in out) == (1, 2, False)


def test_what_a_filter_takes() -> None:
    assert wanted(["po1", "SLN05-01", "N104"]) == ("PO1", "SLN05-01", "N104")
    with pytest.raises(ValueError, match="no segment or element"):
        wanted(["PO1.4"])
    assert not text(shown(GUEST.read_bytes(), chosen=Filter(findings=True)))


def test_one_set_at_a_time() -> None:
    def endless() -> bytes:
        raise AssertionError("more was read than is shown")

    class Stream:
        def __init__(self) -> None:
            self.head = GUEST.read_bytes().partition(b"GE*")[0]

        def read(self, size: int) -> bytes:
            data, self.head = self.head[:size], self.head[size:]
            return data or endless()

    first = next(iter(annotated(Stream())))  # type: ignore[arg-type]
    assert text(list(printed(first)))[0].split()[0] == "ISA"
