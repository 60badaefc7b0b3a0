"""A partner's file in reading form: a loaded partner goes in, plain text comes out. Nothing is judged.

Which table reads and writes what, which documents answer which order (its programs), and what no public text decides (settings).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from textwrap import wrap

from translator.tables.partner import ANSWERS, Guide, Partner, Program, Setting
from translator.tables.standard import parsed

_WIDTH = 80


def told(partner: Partner, mappings: Path | None = None) -> str:
    """The partner, in three parts: tables, programs, settings."""
    name = parsed(partner.file, mappings).get("name", "")
    lines = [f"{name} ({partner.file})".lstrip()]
    lines += ["", "What its documents are read and written by; the first row that fits is taken", ""]
    lines += [*map(_guide, (one for one in partner.guides if not one.accepted)), *_accepted(partner)]
    lines += [f"  JSON with {', '.join(one.fields)}: {one.table}" for one in partner.bodies]
    lines += ["", "Programs: which documents answer an order; the first that takes the order, or the one that is named", ""]
    open_at = next((n for n, one in enumerate(partner.programs) if not one.when), len(partner.programs))
    lines += [line for n, one in enumerate(partner.programs) for line in _program(one, n > open_at)]
    lines += ["", "Settings: what no public text decides; --setting NAME=VALUE chooses, or `settings` in exchange.toml"]
    lines += [line for one in partner.settings.values() for line in ("", *_setting(one))]
    return "\n".join(lines)


def _guide(one: Guide) -> str:
    ends = [f"from {', '.join(one.senders)}" if one.senders else "", f"to {', '.join(one.receivers)}" if one.receivers else ""]
    when = f"when {one.when[0]} is {' or '.join(one.when[1:])}" if one.when else ""
    way = one.table or f"kept as raw text: {one.why}"
    return f"  {one.set_id}  {way:<12}  " + ", ".join(filter(None, (*ends, when)))


def _accepted(partner: Partner) -> Iterator[str]:
    sets = [one.set_id for one in partner.guides if one.accepted]
    if sets:
        read = f"; a person should read {', '.join(partner.alarms)}" if partner.alarms else ""
        yield f"  {', '.join(sets)}  kept as raw text, without a warning{read}"


def _program(one: Program, late: bool) -> Iterator[str]:
    """A program; ``late``: one before it takes every order, so that this one is taken by its name only."""
    answers = [f"{kind} {one.tables[kind]}" for kind in ANSWERS if kind in one.tables]
    when = " and ".join(condition.text for condition in one.when) or "any order that comes this far"
    when = "only orders for which it is named: one before it takes all" if late else when
    yield f"  {one.name}"
    yield f"      takes    {when}"
    yield f"      answers  {', '.join(answers) or 'none'}"
    yield from wrap(one.why, _WIDTH, initial_indent="      because  ", subsequent_indent=" " * 15)


def _setting(one: Setting) -> Iterator[str]:
    yield f"  {one.name}"
    yield from wrap(one.about, _WIDTH, initial_indent=" " * 6, subsequent_indent=" " * 6)
    values = one.values or {one.default: "or any other"}
    aside = max(map(len, values))
    for value in sorted(values, key=lambda value: value != one.default):
        yield f"        {value:<{aside}}  {values[value]}" + (" (the default)" if value == one.default else "")
    yield from wrap(f"source: {one.source}", _WIDTH, initial_indent=" " * 6, subsequent_indent=" " * 14)
