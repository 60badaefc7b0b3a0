"""The canonical documents: what an ERP's programmer reads and writes, as JSON and as typed classes.

In go and out come documents; partner knowledge and X12 stay outside. The names below are loaded when first used, so
that importing this package costs neither cattrs nor jsonschema.

    order = structure(document)              a class from canonical JSON, or DocumentError with every wrong place
    document = unstructure(order)            and back
    violations(document)                     where JSON from outside breaks its schema
    derived(document, rules)                 what an order comes to, for reading: amounts, cartons, ship-to, window

What a document says under ``document`` decides which class and which schema it has: ``kinds``.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from translator.errors import DocumentError

if TYPE_CHECKING:
    from translator.documents.acknowledgment import Acknowledgment
    from translator.documents.change import Change
    from translator.documents.convert import structure, unstructure
    from translator.documents.derive import derived
    from translator.documents.functional_acknowledgment import FunctionalAcknowledgment, InterchangeAcknowledgment
    from translator.documents.invoice import Invoice
    from translator.documents.order import Order
    from translator.documents.schema import violations
    from translator.documents.shipment import Shipment

__all__ = [
    "Acknowledgment",
    "Change",
    "DocumentError",
    "FunctionalAcknowledgment",
    "InterchangeAcknowledgment",
    "Invoice",
    "Order",
    "Shipment",
    "derived",
    "structure",
    "unstructure",
    "violations",
]

_HOMES = {
    "Acknowledgment": "acknowledgment",
    "Change": "change",
    "FunctionalAcknowledgment": "functional_acknowledgment",
    "InterchangeAcknowledgment": "functional_acknowledgment",
    "Invoice": "invoice",
    "Order": "order",
    "Shipment": "shipment",
    "derived": "derive",
    "structure": "convert",
    "unstructure": "convert",
    "violations": "schema",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
