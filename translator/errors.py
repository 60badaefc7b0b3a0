"""Exceptions for the operator: not X12 at all, a limit, a broken table, a broken exchange. Bad data is a ``Finding``."""

from __future__ import annotations


class NotX12(Exception):
    """The input is no X12: no ISA header. The message says what it looks like instead."""


class LimitExceeded(Exception):
    """A limit on segments, elements or counts was passed. The message names the limit and its setting."""


class TableError(Exception):
    """A mapping table does not load. The message names file, row and element, and what to change."""


class DocumentError(Exception):
    """A JSON document from outside does not fit its classes. The message lists the paths."""


class SettingsError(Exception):
    """The settings of an exchange folder cannot be used. The message names file and key, and what to write there."""


class LedgerError(Exception):
    """The ledger of an exchange cannot be trusted or opened. Nothing is sent; the message says how to restore it."""


class Refused(Exception):
    """What the operator asked for cannot be done as things stand (no such order, a held document). The message says why."""


class Unreachable(Exception):
    """An API could not be asked, or gave no answer that can be used. Nothing is lost: the next try goes on."""


class Declined(Exception):
    """An API will not do what it was asked, and asking again changes nothing. The message says what was sent and what it said."""
