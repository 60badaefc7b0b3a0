"""Second opinion: the samples, and orders as we write them, are read by readers that nobody here wrote, and they find nothing
but known false alarms.

x12-doctor and x12-tidy know the envelope and some arithmetic, not the partner's guide; each interchange is shown to
them alone, since neither takes a file of several with delimiters of their own.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

from translator.walk import read, write

SAMPLES = Path(__file__).parents[1] / "samples"
BIN = Path(sys.executable).parent

# What they say that is not so: (reader, its code) -> the files, as patterns.
FALSE_ALARMS = {
    # A hash total drops the decimal points (DE 347): 37.5 counts 375. CTT01 of a ship notice counts HL, not items. A line of
    # an invoice is rounded to the cent, its price may be for a dozen, and charges and allowances are part of TDS01.
    ("x12-doctor", "B04"): {
        "confirmation/1-850.edi",
        "everything/1-850.edi",
        "*/6*-856.edi",
        *(f"{story}-810.edi" for story in ("allowance-and-charge/8", "confirmation/8", "part-shipment/8[ab]", "pharmacy/8")),
        "stand-alone/8-810.edi",
    },
    # It holds other delimiters than * > ~ to be wrong, which X12 leaves to each interchange's ISA.
    ("x12-doctor", "A05"): {"delimiters/*"},
    # It knows a few codes of DE 668 only; DR is a changed date.
    ("x12-doctor", "B06"): {"changes/4-855.edi"},
    # It knows no TA1.
    ("x12-doctor", "A11"): {"several-orders/1r-997.edi", "several-orders/9-ta1.edi"},
    ("x12-tidy", "FATAL isa"): {"several-orders/1r-997.edi", "several-orders/9-ta1.edi"},
    # No alarms: it tells what these acknowledgments say.
    ("x12-doctor", "C01"): {"allowance-and-charge/9-997.edi", "published-sample/9-997.edi"},
    ("x12-doctor", "C03"): {"allowance-and-charge/9-997.edi", "published-sample/9-997.edi"},
}
INTERCHANGES = [
    pytest.param(path.parent.name, n, id=f"{path.parent.name}-{n}")
    for path in sorted(SAMPLES.glob("*/1-850.edi"))
    for n in range(len(json.loads(path.with_name("2-order.json").read_text())) if path.parent.name == "delimiters" else 1)
]


def written(story: str, n: int, folder: Path) -> Path:
    """One interchange of a story, as we write it."""
    documents = [r.document for r in read(SAMPLES / story / "1-850.edi") if r.document]
    writing = write(documents[n] if story == "delimiters" else documents)
    assert writing.data
    path = folder / "out.edi"
    path.write_bytes(writing.data)
    return path


# Everything but the orders, which are shown as we write them: our answers, and what the partner says of them.
ANSWERS = sorted(str(path.relative_to(SAMPLES)) for path in SAMPLES.glob("*/*.edi") if path.name != "1-850.edi")


def interchanges(name: str, folder: Path) -> Iterator[Path]:
    """The interchanges of a sample file, each in a file of its own.

    x12-doctor checks the digit of an SSCC when it stands alone, so the application identifier 00 before it is taken away.
    """
    for n, data in enumerate(re.split(rb"(?=ISA[^A-Za-z0-9]00)", (SAMPLES / name).read_bytes())[1:]):
        path = folder / f"{n}.edi"
        path.write_bytes(re.sub(rb"(MAN(.)GM\2)00([0-9]{18})", rb"\1\3", data))
        yield path


def known(reader: str, code: str, name: str) -> bool:
    """Whether a reader says this of a file without reason."""
    return any(fnmatch(name, pattern) for pattern in FALSE_ALARMS.get((reader, code), ()))


def doctor(path: Path, name: str) -> set[str]:
    """What x12-doctor finds in a file, but for false alarms."""
    command = [str(BIN / "x12-doctor"), "check", str(path), "--format", "json"]
    report = json.loads(subprocess.run(command, capture_output=True, text=True, check=False).stdout)
    found = {f["code"] for entry in (report if isinstance(report, list) else [report]) for f in _findings(entry)}
    return {code for code in found if not known("x12-doctor", code, name)}


def tidy(path: Path, name: str) -> str:
    """What x12-tidy says against a file."""
    said = subprocess.run([str(BIN / "x12-tidy"), "check", str(path)], capture_output=True, text=True, check=False)
    if said.returncode == 0 and "was_clean: yes" in said.stdout:
        return ""
    text = said.stdout + said.stderr
    return "" if "FATAL isa" in text and known("x12-tidy", "FATAL isa", name) else text


@pytest.mark.parametrize(("story", "n"), INTERCHANGES)
def test_x12_doctor_finds_nothing_new(story: str, n: int, tmp_path: Path) -> None:
    assert doctor(written(story, n, tmp_path), f"{story}/1-850.edi") == set()


@pytest.mark.parametrize(("story", "n"), INTERCHANGES)
def test_x12_tidy_finds_it_clean(story: str, n: int, tmp_path: Path) -> None:
    assert tidy(written(story, n, tmp_path), f"{story}/1-850.edi") == ""


@pytest.mark.parametrize("name", ANSWERS)
def test_neither_finds_anything_in_an_answer(name: str, tmp_path: Path) -> None:
    paths = list(interchanges(name, tmp_path))
    assert paths
    for path in paths:
        assert doctor(path, name) == set()
        assert tidy(path, name) == ""


def _findings(entry: dict[str, object]) -> list[dict[str, str]]:
    """Every finding in a report, wherever it nests them."""
    found: list[dict[str, str]] = []
    for value in entry.values():
        for item in value if isinstance(value, list) else []:
            if isinstance(item, dict) and "code" in item:
                found.append(item)
            elif isinstance(item, dict):
                found += _findings(item)
    return found


def test_they_do_find_what_is_broken(tmp_path: Path) -> None:
    """A reader that never says anything would be no second opinion."""
    path = written("stand-alone", 0, tmp_path)
    path.write_bytes(path.read_bytes().replace(b"SE*27*0001", b"SE*26*0001"))
    for reader in ("x12-doctor", "x12-tidy"):
        assert subprocess.run([str(BIN / reader), "check", str(path)], capture_output=True, check=False).returncode == 1


def test_it_does_look_at_the_digits_of_cartons(tmp_path: Path) -> None:
    [path] = interchanges("guest/6-856.edi", tmp_path)
    path.write_bytes(path.read_bytes().replace(b"MAN*GM*006141410000704019", b"MAN*GM*006141410000704018"))
    assert doctor(path, "guest/6-856.edi") == {"D02"}
