"""The ERP's files under column tables: documents in, CSV or fixed width out, and back; the same table serves both ways.

Bytes and documents only: no file system (but for loading a table), no clock, no ledger. ``mappings/erp/README.md`` teaches
the tables.
"""

from __future__ import annotations

from translator.exchange.columns.load import load
from translator.exchange.columns.read import Delivered, Delivery, read
from translator.exchange.columns.reject import reject
from translator.exchange.columns.sheet import fitting
from translator.exchange.columns.table import Column, ColumnTable, FileForm
from translator.exchange.columns.write import Written, file_name, rows, trigger_name, write

__all__ = [
    "Column", "ColumnTable", "Delivered", "Delivery", "FileForm", "Written",
    "file_name", "fitting", "load", "read", "reject", "rows", "trigger_name", "write",
]  # fmt: skip
