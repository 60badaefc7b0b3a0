"""Second opinion: what we write is read by readers that nobody here wrote, and they find nothing but known false alarms.

x12-doctor and x12-tidy know the envelope and some arithmetic, not the partner's guide; each interchange is shown to
them alone, since neither takes a file of several with delimiters of their own.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from translator.walk import read, write

SAMPLES = Path(__file__).parents[1] / "samples"
BIN = Path(sys.executable).parent

# What they say that is not so: (reader, its code) -> why.
FALSE_ALARMS = {
    # A hash total drops the decimal points (DE 347): 37.5 counts 375.
    ("x12-doctor", "B04"): {"confirmation", "everything"},
    # It holds other delimiters than * > ~ to be wrong, which X12 leaves to each interchange's ISA.
    ("x12-doctor", "A05"): {"delimiters"},
}
INTERCHANGES = [
    pytest.param(path.parent.name, n, id=f"{path.parent.name}-{n}")
    for path in sorted(SAMPLES.glob("*/2-order.json"))
    for n in range(len(json.loads(path.read_text())) if path.parent.name == "delimiters" else 1)
]


def written(story: str, n: int, folder: Path) -> Path:
    """One interchange of a story, as we write it."""
    documents = [r.document for r in read(SAMPLES / story / "1-850.edi") if r.document]
    writing = write(documents[n] if story == "delimiters" else documents)
    assert writing.data
    path = folder / "out.edi"
    path.write_bytes(writing.data)
    return path


@pytest.mark.parametrize(("story", "n"), INTERCHANGES)
def test_x12_doctor_finds_nothing_new(story: str, n: int, tmp_path: Path) -> None:
    command = [str(BIN / "x12-doctor"), "check", str(written(story, n, tmp_path)), "--format", "json"]
    report = json.loads(subprocess.run(command, capture_output=True, text=True, check=False).stdout)
    found = {f["code"] for entry in (report if isinstance(report, list) else [report]) for f in _findings(entry)}
    assert {code for code in found if story not in FALSE_ALARMS.get(("x12-doctor", code), ())} == set()


@pytest.mark.parametrize(("story", "n"), INTERCHANGES)
def test_x12_tidy_finds_it_clean(story: str, n: int, tmp_path: Path) -> None:
    command = [str(BIN / "x12-tidy"), "check", str(written(story, n, tmp_path))]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout + said.stderr
    assert "was_clean: yes" in said.stdout


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
    doctor = subprocess.run([str(BIN / "x12-doctor"), "check", str(path)], capture_output=True, check=False)
    tidy = subprocess.run([str(BIN / "x12-tidy"), "check", str(path)], capture_output=True, check=False)
    assert doctor.returncode == 1
    assert tidy.returncode == 1
