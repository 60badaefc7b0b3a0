"""Which documents there are: a document goes in, what it says it is comes out as the place of its class, or what is wrong.

A document names itself under ``document``; its schema has the same name. Nothing else of it is looked at, and no class
is loaded here.
"""

from __future__ import annotations

from typing import Any

from translator.documents.problems import Problem, path, shown

KINDS = {
    "order": ("order", "Order"),
    "acknowledgment": ("acknowledgment", "Acknowledgment"),
    "shipment": ("shipment", "Shipment"),
    "invoice": ("invoice", "Invoice"),
    "functional_acknowledgment": ("functional_acknowledgment", "FunctionalAcknowledgment"),
    "interchange_acknowledgment": ("functional_acknowledgment", "InterchangeAcknowledgment"),
    "change": ("change", "Change"),
}
"""What ``document`` may say: the module of its class, and the class."""


def unknown(document: dict[str, Any]) -> Problem | None:
    """What is wrong with the name that a document gives itself; None for one of ``KINDS``."""
    names = " or ".join(map(shown, KINDS))
    if "document" not in document:
        return path(["document"]), f"missing; it says what the document is: {names}"
    name = document["document"]
    return None if isinstance(name, str) and name in KINDS else (path(["document"]), f"expected {names}, got {shown(name)}")
