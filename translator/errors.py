"""Exceptions for the operator: not X12 at all, a limit, a broken table. Bad data never raises; it is a ``Finding``."""

from __future__ import annotations


class NotX12(Exception):
    """The input is no X12: no ISA header. The message says what it looks like instead."""


class LimitExceeded(Exception):
    """A limit on segments, elements or counts was passed. The message names the limit and its setting."""


class TableError(Exception):
    """A mapping table does not load. The message names file, row and element, and what to change."""


class DocumentError(Exception):
    """A JSON document from outside does not fit its classes. The message lists the paths."""
