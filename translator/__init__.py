"""Translate supplier EDI: ANSI X12 to canonical JSON documents and back, by mapping tables.

::

    import translator
    for reading in translator.read("in/850.edi"):
        document, findings = reading.document, reading.findings
    writing = translator.write([document])

A dozen names and nothing else; they are imported when they are used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_PLACES = {
    "read": "walk",
    "write": "walk",
    "check": "walk",
    "Reading": "walk",
    "Writing": "walk",
    "Finding": "findings",
    "Limits": "x12.wire",
    "DocumentError": "errors",
    "LimitExceeded": "errors",
    "NotX12": "errors",
    "TableError": "errors",
}

__all__ = [
    "DocumentError",
    "Finding",
    "LimitExceeded",
    "Limits",
    "NotX12",
    "Reading",
    "TableError",
    "Writing",
    "check",
    "read",
    "write",
]

if TYPE_CHECKING:
    from translator.errors import DocumentError, LimitExceeded, NotX12, TableError
    from translator.findings import Finding
    from translator.walk import Reading, Writing, check, read, write
    from translator.x12.wire import Limits


def __getattr__(name: str) -> Any:
    if name in _PLACES:
        return getattr(import_module(f"translator.{_PLACES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
