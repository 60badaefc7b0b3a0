"""The canonical documents: what an ERP's programmer reads and writes, as JSON and as typed classes.

In go and out come documents; partner knowledge and X12 stay outside. The names below are loaded when first used, so
that importing this package costs neither cattrs nor jsonschema.

    order = structure(document)              a class from canonical JSON, or DocumentError with every wrong place
    document = unstructure(order)            and back
    violations(document)                     where JSON from outside breaks its schema
    derived(document, rules)                 what it comes to, for reading: amounts, cartons, ship-to, window
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from translator.errors import DocumentError

if TYPE_CHECKING:
    from translator.documents.convert import structure, unstructure
    from translator.documents.derive import derived
    from translator.documents.order import Order
    from translator.documents.schema import violations

__all__ = ["DocumentError", "Order", "derived", "structure", "unstructure", "violations"]

_HOMES = {
    "Order": "order",
    "derived": "derive",
    "structure": "convert",
    "unstructure": "convert",
    "violations": "schema",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
