"""The stories in samples/ are golden files: each interchange with the documents and findings that it makes, both ways.

``GOLDEN=write pytest tests/test_stories.py`` writes the files anew; look at the difference before you keep it.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from translator.documents import structure, unstructure, violations
from translator.walk import read, restore, write

SAMPLES = Path(__file__).parents[1] / "samples"
STORIES = sorted(path.parent.name for path in SAMPLES.glob("*/1-850.edi"))
ODD = {"published-sample"}  # not in normal form: its ISA lost blanks, and it writes 65 as 065


def documents(story: str, exact: bool = False) -> list[dict[str, Any]]:
    """The documents of a story's order file."""
    return [r.document for r in read(SAMPLES / story / "1-850.edi", exact=exact) if r.document]


def golden(path: Path, made: str) -> str:
    """The golden text, written first when that is asked for."""
    if os.environ.get("GOLDEN") == "write":
        path.write_text(made, encoding="utf-8")
    return path.read_text(encoding="utf-8")


def pretty(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def test_there_are_stories() -> None:
    assert len(STORIES) >= 20


@pytest.mark.parametrize("story", STORIES)
def test_the_order_file_makes_the_order_document(story: str) -> None:
    made = documents(story)
    text = golden(SAMPLES / story / "2-order.json", pretty(made[0] if len(made) == 1 else made))
    assert text == pretty(made[0] if len(made) == 1 else made)


@pytest.mark.parametrize("story", STORIES)
def test_it_earns_the_findings_that_stand_beside_it(story: str) -> None:
    said = [f.having(file=None).as_dict() for r in read(SAMPLES / story / "1-850.edi") for f in r.findings]
    path = SAMPLES / story / "1-findings.json"
    if said or path.exists():
        assert golden(path, pretty(said)) == pretty(said)
    assert bool(said) == (story in ODD)


@pytest.mark.parametrize("story", STORIES)
def test_the_order_document_makes_the_order_file(story: str) -> None:
    held = json.loads((SAMPLES / story / "2-order.json").read_text(encoding="utf-8"))
    writing = write(held)
    assert writing.ok
    assert (writing.data == (SAMPLES / story / "1-850.edi").read_bytes()) == (story not in ODD)


@pytest.mark.parametrize("story", STORIES)
def test_exactly_it_comes_back_byte_for_byte(story: str) -> None:
    text = json.dumps(documents(story, exact=True))
    assert b"".join(restore(json.loads(text))) == (SAMPLES / story / "1-850.edi").read_bytes()


@pytest.mark.parametrize("story", STORIES)
def test_schema_classes_and_table_describe_the_same_document(story: str) -> None:
    for document in documents(story):
        assert violations(document) == []
        assert unstructure(structure(document)) == document
