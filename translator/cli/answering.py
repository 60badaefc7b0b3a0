"""What ``write`` and ``check`` share about orders that are answered: their options, their files, the report for people."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import click

from translator.cli.console import completed, name_of, opened
from translator.findings import Finding, shown

if TYPE_CHECKING:
    from pathlib import Path

    from translator.tables.carry import Compared
    from translator.tables.table import Table

_HEAD = ("element", "the order says", "goes back", "verdict", "source")
_CELL = 40  # characters of a value that agrees
_SILENT = "not asked for"
ORDER = "order"
_QUIET = ("agrees", "filled", "changed", _SILENT)


def order_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that name the orders that are answered, and choose what no guide decides."""
    command = click.option(
        "--setting",
        "settings",
        multiple=True,
        metavar="NAME=VALUE",
        callback=_settings,
        shell_complete=completed("settings"),
        help="Another value of a setting in the partner's partner.toml.",
    )(command)
    return click.option(
        "--order",
        "orders",
        multiple=True,
        metavar="FILE",
        shell_complete=completed("files"),
        help="An order that is answered: JSON, one or several; - is stdin. Its acknowledgment, too, for items sent instead.",
    )(command)


def ours_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option that says who we are."""
    return click.option(
        "--ours",
        metavar="QUALIFIER/ID[/GROUP]",
        callback=_ours,
        help="Who you are in the envelope, instead of whom the order was sent to.",
    )(command)


def _settings(_: click.Context, __: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise click.BadParameter(f"{text!r} is not NAME=VALUE, as in acknowledged_date=068")
        found[name] = value
    return found


def _ours(_: click.Context, __: click.Parameter, text: str | None) -> str | None:
    from translator.walk.answer import correspondent

    if text is not None:
        try:
            correspondent(text)
        except ValueError as error:
            raise click.BadParameter(str(error)) from error
    return text


def orders_of(files: Iterable[str]) -> tuple[list[dict[str, Any]], list[Finding]]:
    """The orders in JSON files, with acknowledgments of them, and what is wrong with them by their schema.

    An acknowledgment may be as short as the ERP gives it. Raises ``DocumentError``, ``OSError``.
    """
    from translator.documents.given import by_schema, read_documents

    orders, said = [], []
    for file in files:
        with opened(file) as stream:
            for n, order in enumerate(read_documents(stream, file)):
                orders.append(order)
                found = [_no_order(order)]
                if order.get("document") == ORDER:
                    found = by_schema(order, "")
                elif order.get("document") == "acknowledgment":
                    found = [one for one in by_schema(order, "") if one.expected != "missing"]
                said += [one.having(file=name_of(file), path=f"[{n}].{one.path}" if n else one.path) for one in found]
    return orders, said


def exit_code(found: Iterable[Finding]) -> int:
    """4 where an order takes no such answer, 1 for any other error."""
    from translator.findings import ERROR
    from translator.walk.answer import REFUSALS

    codes = {one.code for one in found if one.severity == ERROR}
    return 4 if codes & REFUSALS else 1 if codes else 0


def _no_order(document: dict[str, Any]) -> Finding:
    from translator.findings import finding

    said = f"it is {shown(str(document.get('document', 'of no kind')))}, and orders belong here, or acknowledgments of them"
    return finding("document-invalid", path="document", value=str(document.get("document")), expected=said)


def report_lines(report: Iterable[Compared]) -> list[str]:
    """The report as a plain table, order by order: a line for each rule, and one more for each place where it does not hold."""
    orders: dict[str, dict[tuple[str, ...], list[Compared]]] = {}
    for one in report:
        place = "" if one.verdict in _QUIET else one.path
        orders.setdefault(one.order, {}).setdefault((one.ref, one.rule, one.source, one.verdict, place), []).append(one)
    lines = []
    for order, found in orders.items():
        said = {key[:3] for key in found if key[3] != _SILENT}
        rows = [_HEAD, *(_row(held) for key, held in found.items() if key[3] != _SILENT or key[:3] not in said)]
        widths = [max(len(row[n]) for row in rows) for n in range(4)]
        lines.append(f"order {shown(order, quote=False)}")
        for row in rows:
            cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
            lines.append("  ".join(["", *cells, row[4]]).rstrip())
    return lines


def _row(held: list[Compared]) -> tuple[str, str, str, str, str]:
    """A line of the table; what several lines of the order share is said once."""
    first = held[0]
    quiet = first.verdict in _QUIET
    asked, here = (_cell([getattr(one, name) for one in held], quiet) for name in ("asked", "here"))
    if first.verdict == _SILENT:
        asked = here = ""
    times = f" ({len(held)} times)" if len(held) > 1 and first.verdict != _SILENT else ""
    return first.ref, asked, here, first.verdict + times, first.source if quiet else f"{first.path}: {first.source}"


def _cell(held: list[Any], quiet: bool) -> str:
    """The first of the values, and the last where they differ. Where the rule does not hold, nothing is cut off."""
    from translator.tables.spots import word

    words = list(dict.fromkeys(shown(word(value), quote=False, most=1000) for value in held))
    if quiet:
        words = [text if len(text) <= _CELL else f"{text[: _CELL - 1]}…" for text in words]
    return words[0] if len(words) == 1 else f"{words[0]} … {words[-1]}"


def assumption_lines(tables: Iterable[Table], mappings: Path | None) -> list[str]:
    """The settings that documents of these tables rest on, each once."""
    from translator.walk.answer import assumptions

    lines = []
    for table in tables:
        for setting, value in assumptions(table, mappings):
            means = f" ({setting.values[value]})" if setting.values.get(value) else ""
            lines.append(f"{setting.name} = {value}{means}: {setting.about}. {setting.source}")
    return list(dict.fromkeys(lines))
