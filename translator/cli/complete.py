"""What a shell offers while a command is typed: the word so far goes in, items come out. Nothing heavy is imported here.

Each function is named by an argument through ``console.completed``. What cannot be found (a table that does not load, a folder
that is not there) offers nothing: a shell is no place for errors.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from translator.errors import TableError
from translator.shipped import Missing


def files(_: click.Context, begun: str) -> list[CompletionItem]:
    """Files, which the shell itself knows."""
    return [CompletionItem(begun, type="file")]


def guides(context: click.Context, begun: str) -> list[CompletionItem]:
    """Tables that read and write documents: ``target/850``."""
    return _words(_guides(context), begun)


def partners(context: click.Context, begun: str) -> list[CompletionItem]:
    """Partners, and their tables once a name is whole: both name a guide to be printed."""
    names = _guides(context)
    return _words(names if "/" in begun else dict.fromkeys(name.partition("/")[0] for name in names), begun)


def sets(context: click.Context, begun: str) -> list[CompletionItem]:
    """The sets of the partner that was named."""
    partner = f"{context.params.get('partner') or ''}/"
    return _words((name.removeprefix(partner) for name in _guides(context) if name.startswith(partner)), begun)


def codes(_: click.Context, begun: str) -> list[CompletionItem]:
    """Codes of findings, with what they mean."""
    from translator.catalogue import CATALOGUE

    return [CompletionItem(code, help=entry.general) for code, entry in CATALOGUE.items() if code.startswith(begun)]


def settings(context: click.Context, begun: str) -> list[CompletionItem]:
    """``NAME=`` of the partners' settings, and the values of one whose name is whole."""
    from translator.tables.partner import partner

    place = _mappings(context)
    try:
        known = {
            name: one
            for owner in dict.fromkeys(name.partition("/")[0] for name in _guides(context))
            if owner != "x12"
            for name, one in partner(owner, place).settings.items()
        }
    except (TableError, Missing):
        return []
    name, equals, _value = begun.partition("=")
    if equals:
        return _words((f"{name}={value}" for value in known[name].values) if name in known else (), begun)
    return [CompletionItem(f"{key}=", help=one.about) for key, one in known.items() if key.startswith(begun)]


def programs(context: click.Context, begun: str) -> list[CompletionItem]:
    """The partners' programs."""
    from translator.tables.partner import partner

    owners = dict.fromkeys(name.partition("/")[0] for name in _guides(context))
    try:
        found = [one.name for owner in owners if owner != "x12" for one in partner(owner, _mappings(context)).programs]
    except (TableError, Missing):
        return []
    return _words(dict.fromkeys(found), begun)


def _guides(context: click.Context) -> list[str]:
    """The tables that partners' files name."""
    from translator.tables.partner import guides

    try:
        return sorted({one.table for one in guides(_mappings(context)) if one.table})
    except (TableError, Missing):
        return []


def _mappings(context: click.Context) -> Path | None:
    named = context.params.get("mappings")
    return Path(named) if named else None


def _words(words: Iterable[str], begun: str) -> list[CompletionItem]:
    return [CompletionItem(word) for word in words if word.startswith(begun)]
