"""The two walks put together: ``inward`` (bytes to documents) and ``outward`` (documents to bytes).

Names are imported when they are used: a command that reads does not pay for writing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from translator.walk.inward import Reading, check, read
    from translator.walk.outward import Writing, restore, write

__all__ = ["Reading", "Writing", "check", "read", "restore", "write"]

_INWARD = {"Reading", "check", "read"}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{'inward' if name in _INWARD else 'outward'}"), name)
