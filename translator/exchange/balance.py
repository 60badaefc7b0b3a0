"""Balances: an order, and what documents took from it, go in; per line, what was ordered, shipped, billed and is open comes out.

Exact decimals; no order is changed, no ledger is read. What a new shipment or invoice would take is judged here as well: nothing
is shipped beyond what is ordered now, nothing billed beyond what was shipped and not billed yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from attrs import define

from translator.exchange.ledger import Movement
from translator.exchange.ledger.books import WENT
from translator.findings import Finding, finding
from translator.x12.numbers import decimal

Json = dict[str, Any]
SHIPMENT, INVOICE = "shipment", "invoice"
_NOTHING = Decimal(0)


@define
class Balance:
    """A line in units of the order: ``ordered`` at first, ``revised`` as it stands, ``promised`` in invoices that wait."""

    line: str
    ordered: Decimal
    revised: Decimal
    shipped: Decimal = _NOTHING
    invoiced: Decimal = _NOTHING
    promised: Decimal = _NOTHING
    closed: bool = False

    @property
    def open(self) -> Decimal:
        """What is still to be shipped."""
        return _NOTHING if self.closed else max(_NOTHING, self.revised - self.shipped)

    @property
    def cancelled(self) -> Decimal:
        """What was ordered and is not wanted any more."""
        return max(_NOTHING, self.ordered - self.revised)

    @property
    def billable(self) -> Decimal:
        """What was shipped and not billed."""
        return self.shipped - self.invoiced


def balances(original: Json, current: Json, movements: Iterable[Movement], states: tuple[str, ...] = WENT) -> dict[str, Balance]:
    """The lines of an order by their numbers. Documents count in one of ``states``; an invoice that waits is promised only."""
    first, now = _quantities(original), _quantities(current)
    gone = bool(current.get("cancelled"))
    held = {
        line: Balance(line, first.get(line, _NOTHING), _NOTHING if gone else now.get(line, _NOTHING)) for line in {**first, **now}
    }
    for move in movements:
        balance, quantity = held.get(move.line), decimal(move.quantity) or _NOTHING
        if balance is None:
            continue
        if move.kind == SHIPMENT and move.state in states:
            balance.shipped += quantity
            balance.closed = balance.closed or move.final
        elif move.kind == INVOICE and move.state in WENT:
            balance.invoiced += quantity
        elif move.kind == INVOICE and move.state == "waiting":
            balance.promised += quantity
    return held


def taken(document: Json) -> Iterator[tuple[int, str, str, str, bool]]:
    """What a document takes: which of its orders, JSON path, line, quantity, whether the line is closed with it."""
    if document.get("document") == INVOICE:
        for n, line in enumerate(document.get("lines", ())):
            yield 0, f"lines[{n}].quantity", str(line.get("line", "")), str(line.get("quantity", "")), False
        return
    for i, order in enumerate(document.get("orders", ())):
        for j, pack in enumerate(order.get("packs", ())):
            for k, item in enumerate(pack.get("items", ())):
                path = f"orders[{i}].packs[{j}].items[{k}].quantity"
                yield i, path, str(item.get("line", "")), str(item.get("quantity", "")), bool(item.get("final"))


def judge(document: Json, held: list[dict[str, Balance]]) -> tuple[list[Finding], bool]:
    """What a shipment or an invoice takes too much of, and whether an invoice is only too early.

    ``held`` are the balances of its orders, in its order. Each line is told once, at the place where it goes over.
    """
    found: list[Finding] = []
    early = False
    sums: dict[tuple[int, str], Decimal] = {}
    told: set[tuple[int, str]] = set()
    for n, path, line, text, _ in taken(document):
        balance = held[n].get(line) if n < len(held) else None
        quantity = decimal(text)
        if balance is None or quantity is None:
            continue  # carry rules and table say so
        key = (n, line)
        sums[key] = sums.get(key, _NOTHING) + quantity
        if key in told:
            continue
        if document.get("document") == SHIPMENT:
            if sums[key] > balance.open:
                told.add(key)
                expected = _words(balance)
                found.append(finding("line-overshipped", path=path, value=f"{sums[key]:f}", expected=expected))
        elif balance.invoiced + balance.promised + sums[key] > balance.shipped:
            told.add(key)
            expected = f"{balance.shipped:f} shipped, {balance.invoiced + balance.promised:f} invoiced before"
            if balance.invoiced + balance.promised + sums[key] > max(balance.revised, balance.shipped):
                found.append(finding("line-overbilled", path=path, value=f"{sums[key]:f}", expected=expected))
            else:
                early = True
                found.append(finding("line-unshipped", path=path, value=f"{sums[key]:f}", expected=expected))
    return found, early and all(one.code == "line-unshipped" for one in found)


def _words(balance: Balance) -> str:
    """What is left of a line, and why."""
    said = [f"{balance.ordered:f} ordered", f"{balance.shipped:f} shipped before"]
    if balance.cancelled:
        said.append(f"{balance.cancelled:f} cancelled")
    elif balance.revised != balance.ordered:
        said.append(f"changed to {balance.revised:f}")
    return ", ".join(said + (["then closed as final"] if balance.closed else []))


def _quantities(order: Json) -> dict[str, Decimal]:
    return {str(line.get("line", "")): decimal(str(line.get("quantity", ""))) or _NOTHING for line in order.get("lines", ())}
