"""A partner's file: in goes ``mappings/PARTNER/partner.toml``, out come its guides, programs, settings and accepted sets.

``[[guides]]`` say which table reads which set, ``[[bodies]]`` which reads which JSON, ``[[programs]]`` which tables answer
which order, ``[settings.NAME]`` what no public guide decides, ``accepted`` which sets are kept as text and nobody is told,
``alarms`` which of these a person must read. Which guide a set gets is for ``choose``. Loading is strict, and errors name file
and row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from attrs import define

from translator import shipped
from translator.errors import TableError
from translator.tables.paths import Condition, conditions
from translator.tables.standard import parsed

_TOP = {"partner", "name", "guides", "bodies", "programs", "settings", "accepted", "alarms"}
_GUIDE = {"set", "senders", "receivers", "when", "table", "why"}
_BODY = {"table", "fields", "why"}
_PROGRAM = {"name", "when", "why"}  # and each kind of document that answers an order
_SETTING = {"default", "values", "about", "source"}
ANSWERS = ("acknowledgment", "shipment", "invoice")


@define(repr=False)
class Guide:
    """A row of ``[[guides]]``: when it fits, and the table it names ("" keeps the set raw).

    ``senders`` are those of the partner's sets, ``receivers`` those of ours to the partner. ``accepted``: raw, and nobody is told.
    """

    set_id: str
    senders: tuple[str, ...]
    when: tuple[str, ...]
    table: str
    why: str
    receivers: tuple[str, ...] = ()
    accepted: bool = False


@define(eq=False, repr=False)
class Body:
    """A row of ``[[bodies]]``: the table that reads the JSON objects in which all of these ``fields`` stand."""

    table: str
    fields: tuple[str, ...]


@define(eq=False, repr=False)
class Program:
    """A row of ``[[programs]]``: the orders that it takes, and the table that writes each kind of answer to them."""

    name: str
    when: tuple[Condition, ...]
    tables: dict[str, str]
    why: str


@define(eq=False, repr=False)
class Setting:
    """What no public guide decides: its value unless somebody says otherwise, and where that comes from."""

    name: str
    default: str
    values: dict[str, str]
    about: str
    source: str


@define(eq=False, repr=False)
class Partner:
    """A partner's file."""

    file: str
    guides: tuple[Guide, ...]
    programs: tuple[Program, ...]
    settings: dict[str, Setting]
    alarms: tuple[str, ...] = ()
    bodies: tuple[Body, ...] = ()


def guides(mappings: Path | None = None) -> tuple[Guide, ...]:
    """The guides of all partners, in order; accepted sets come after a partner's own rows. Raises ``TableError``."""
    return tuple(guide for one in _all(mappings) for guide in one.guides)


def bodies(mappings: Path | None = None) -> tuple[Body, ...]:
    """The tables of JSON of all partners, in order. Raises ``TableError``."""
    return tuple(body for one in _all(mappings) for body in one.bodies)


def partner(name: str, mappings: Path | None = None) -> Partner:
    """One partner's file. Raises ``TableError``."""
    file = f"mappings/{name}/partner.toml"
    if file not in shipped.names("mappings", "partner.toml", mappings):
        raise TableError(f"there is no {file}: `translator tables` lists what is shipped")
    return _partner(file, mappings)


def by_api(documents: Iterable[Any], mappings: Path | None = None) -> bool:
    """Whether documents, or the orders that they answer, are of a partner whose orders are JSON. Raises ``TableError``."""
    known = shipped.names("mappings", "partner.toml", mappings)
    said = [one for one in documents if isinstance(one, dict)]
    names = {str(one.get("partner") or str(one.get("guide", "")).rpartition("/")[0]) for one in said}
    return any(f"mappings/{name}/partner.toml" in known and bool(partner(name, mappings).bodies) for name in names)


def settings(name: str, mappings: Path | None = None, overrides: Mapping[str, str] | None = None) -> dict[str, str]:
    """The partner's settings: each default, or what ``overrides`` says. Raises ``TableError`` for a name or value there is not."""
    about = partner(name, mappings)
    found = {key: one.default for key, one in about.settings.items()}
    for key, value in (overrides or {}).items():
        setting = about.settings.get(key)
        if setting is None:
            raise TableError(f"{about.file} has no setting {key!r}; it has {', '.join(about.settings) or 'none'}")
        if setting.values and value not in setting.values:
            raise TableError(f"{about.file}: setting {key} has no value {value!r}; it may be {', '.join(setting.values)}")
        found[key] = value
    return found


def program(order: Mapping[str, Any], mappings: Path | None = None, named: str | None = None) -> Program | None:
    """The program that an order belongs to: the first of its partner's that takes it, or the one that is ``named``.

    None where none takes it. Raises ``TableError``.
    """
    about = partner(str(order.get("partner", "")), mappings)
    if named is not None:
        found = next((one for one in about.programs if one.name == named), None)
        if found is None:
            known = ", ".join(dict.fromkeys(one.name for one in about.programs))
            raise TableError(f"{about.file} has no program {named!r}; it has {known or 'none'}")
        return found
    return next((one for one in about.programs if all(condition.holds(order) for condition in one.when)), None)


@lru_cache(maxsize=8)
def _all(mappings: Path | None) -> tuple[Partner, ...]:
    return tuple(_partner(name, mappings) for name in shipped.names("mappings", "partner.toml", mappings))


@lru_cache(maxsize=32)
def _partner(file: str, mappings: Path | None) -> Partner:
    raw = parsed(file, mappings)
    _keys(raw, _TOP, file)
    found = [_guide(row, where) for row, where in _rows(raw, "guides", file)]
    known = {
        name: tuple(dict.fromkeys(one for guide in found for one in getattr(guide, name))) for name in ("senders", "receivers")
    }
    for set_id in _texts(raw, "accepted", file):
        found.append(Guide(set_id, known["senders"], (), "", "accepted", known["receivers"], accepted=True))
    programs = tuple(_program(row, where) for row, where in _rows(raw, "programs", file))
    held = raw.get("settings", {})
    if not isinstance(held, dict):
        raise TableError(f"{file}: [settings.NAME] is a table for each setting")
    settings = {key: _setting(key, row, file) for key, row in held.items()}
    bodies = tuple(_body(row, where) for row, where in _rows(raw, "bodies", file))
    return Partner(file, tuple(found), programs, settings, _texts(raw, "alarms", file), bodies)


def _body(row: dict[str, Any], where: str) -> Body:
    _keys(row, _BODY, where)
    fields = _texts(row, "fields", where)
    if not fields:
        raise TableError(f"{where}: `fields` names what stands in every such object: nothing else tells it from others")
    return Body(_need(row, "table", where), fields)


def _guide(row: dict[str, Any], where: str) -> Guide:
    _keys(row, _GUIDE, where)
    when = _text(row, "when", where).split()
    if when and (len(when) < 2 or not re.fullmatch(r"[A-Z][A-Z0-9]{1,2}[0-9]{2}", when[0])):
        raise TableError(f'{where}: `when` is an element of the set\'s second segment and codes, as in "BEG02 SA"')
    set_id, senders, receivers = _need(row, "set", where), _texts(row, "senders", where), _texts(row, "receivers", where)
    return Guide(set_id, senders, tuple(when), _text(row, "table", where), _text(row, "why", where), receivers)


def _program(row: dict[str, Any], where: str) -> Program:
    _keys(row, _PROGRAM | set(ANSWERS), where)
    try:
        when = conditions(row.get("when", []))
    except ValueError as error:
        raise TableError(f"{where}: {error}") from error
    tables = {kind: _text(row, kind, where) for kind in ANSWERS if kind in row}
    why = _text(row, "why", where)
    if len(tables) < len(ANSWERS) and not why:
        raise TableError(f"{where}: `why` says why there is no {' and no '.join(k for k in ANSWERS if k not in tables)}")
    return Program(_need(row, "name", where), when, tables, why)


def _setting(name: str, row: Any, file: str) -> Setting:
    where = f"{file}, [settings.{name}]"
    if not isinstance(row, dict):
        raise TableError(f"{where}: a setting is a table with {', '.join(sorted(_SETTING))}")
    _keys(row, _SETTING, where)
    values, default = row.get("values", {}), row.get("default")
    if not isinstance(values, dict) or not all(isinstance(meaning, str) for meaning in values.values()):
        raise TableError(f"{where}: `values` is a table of values and what they mean")
    if not isinstance(default, str) or (values and default not in values):
        raise TableError(f"{where}: `default` must be a text, and one of `values` where there are any")
    return Setting(name, default, values, _need(row, "about", where), _need(row, "source", where))


# --- small things -----------------------------------------------------------------------------------------------------


def _rows(raw: dict[str, Any], key: str, file: str) -> list[tuple[dict[str, Any], str]]:
    rows = raw.get(key, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise TableError(f"{file}: {key} are rows, [[{key}]]")
    return [(row, f"{file}, [[{key}]] row {n}") for n, row in enumerate(rows, 1)]


def _keys(raw: dict[str, Any], known: set[str], where: str) -> None:
    if strange := sorted(set(raw) - known):
        raise TableError(f"{where}: unknown key {strange[0]!r}; the keys are {', '.join(sorted(known))}")


def _text(row: dict[str, Any], key: str, where: str) -> str:
    value = row.get(key, "")
    if not isinstance(value, str):
        raise TableError(f"{where}: `{key}` must be a text")
    return value


def _need(row: dict[str, Any], key: str, where: str) -> str:
    if not row.get(key):
        raise TableError(f"{where}: `{key}` is missing")
    return _text(row, key, where)


def _texts(row: dict[str, Any], key: str, where: str) -> tuple[str, ...]:
    value = row.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise TableError(f"{where}: `{key}` must be a list of texts")
    return tuple(value)
