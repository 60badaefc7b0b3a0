"""The settings of an exchange folder: ``exchange.toml`` goes in, ``Settings`` come out, or a sentence that names the key.

Who we are and who our partners are, test or production, which folders, which form the ERP wants. Strict: an unknown key, a
wrong type or a placeholder left in is refused before anything is touched. Nothing is created here, and no value of a document
ever gets here.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from posixpath import normpath
from typing import Any

from attrs import define, field

from translator import shipped
from translator.errors import SettingsError
from translator.exchange import files

FILE = "exchange.toml"
FOLDERS = {
    "in": "in",
    "out": "out",
    "orders": "erp/orders",
    "responses": "erp/responses",
    "other": "erp/other",
    "archive": "archive",
    "rejected": "rejected",
    "not_ours": "not-ours",
}
KINDS = ("orders", "changes", "acknowledgments", "shipments", "invoices")  # of files that go to the ERP, and come from it
_SECTIONS = {
    "usage", "mappings", "ours", "partners", "folders", "erp", "labels", "answers", "arrivals", "deadlines", "log", "connection",
}  # fmt: skip
_AFTER = ("sent", "accepted")
_TA1 = ("asked", "broken", "always", "never")


@define(frozen=True)
class Party:
    """Somebody in an envelope: qualifier and id of the ISA, and the id of the GS where it is another."""

    qualifier: str
    id: str
    group: str = ""

    @property
    def code(self) -> str:
        """As ``write`` takes it: ``QUALIFIER/ID`` or ``QUALIFIER/ID/GROUP``."""
        return f"{self.qualifier}/{self.id}" + (f"/{self.group}" if self.group else "")


@define(eq=False)
class Partner:
    """A partner of this exchange: whose tables, by which ids it sends and receives, what was agreed with it."""

    name: str
    party: Party
    program: str | None = None
    settings: dict[str, str] = field(factory=dict)
    api: bool = False  # it speaks JSON through an API, and has no ids


@define(eq=False)
class Connection:
    """How a partner's API is reached: under which of its hosts, whether for real, and how often orders are asked for."""

    partner: str
    host: str = "staging"
    live: bool = False
    every_minutes: int = 10


@define(eq=False)
class Settings:
    """What ``exchange.toml`` says. Paths are absolute; times are in seconds, minutes and hours as their names say."""

    folder: Path
    usage: str
    ours: Party
    partners: tuple[Partner, ...]
    folders: dict[str, Path]
    shares: frozenset[str] = frozenset()  # folders outside this one: they may be shares that are not mounted
    mappings: Path | None = None
    gs1_prefix: str = ""
    acknowledge: bool = True
    invoice_after: str = "sent"
    repeat_answer: bool = True
    ta1: str = "asked"
    tables: dict[str, str] = field(factory=dict)  # kind of file -> column table; JSON where there is none
    items: str = "items.csv"
    locations: str = "locations.csv"
    zone: str = "America/Chicago"
    settle_seconds: float = 1.0
    incomplete_minutes: int = 60
    file_limit: int = 64 << 20
    mask: bool = True
    connection: Connection | None = None

    @property
    def ledger(self) -> Path:
        """The ledger's file: on the local disk, in the exchange's own folder."""
        return self.folder / "ledger.db"

    def partner(self, name: str) -> Partner:
        """The partner of this name. Raises ``SettingsError``."""
        for one in self.partners:
            if one.name == name:
                return one
        raise SettingsError(f"{self.folder / FILE} has no [[partners]] row with name = {name!r}")


def load(folder: Path, *, draft: bool = False) -> Settings:
    """The settings of an exchange folder. Raises ``SettingsError``, which names file and key, and ``files.FileFault``.

    A ``draft`` may still lack the ids that its owner has to fill in.
    """
    file = folder / FILE
    if not files.exists(file):
        raise SettingsError(f"{folder} is no exchange folder: it has no {FILE}. `translator exchange init {folder}` makes one")
    try:
        raw = tomllib.loads(files.read(file).decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file}: this is no TOML: {error}") from error
    return _Loading(file, files.real(folder), draft).settings(raw)


@define(eq=False)
class _Loading:
    file: Path
    folder: Path
    draft: bool

    def settings(self, raw: dict[str, Any]) -> Settings:
        self.keys(raw, _SECTIONS, "")
        usage = self.text(raw, "usage", "")
        if usage not in ("T", "P"):
            self.fail("usage", 'is "T" for a test folder or "P" for production; test and production are two folders')
        folders = self.table(raw, "folders")
        self.keys(folders, set(FOLDERS), "folders.")
        places = {name: self.place(folders, name, usual) for name, usual in FOLDERS.items()}
        for name, place in places.items():
            for other, outer in places.items():
                if name != other and place.is_relative_to(outer):
                    self.fail(f"folders.{name}", f"is, or lies in, the same folder as folders.{other}: give each its own")
        rows = raw.get("partners")
        if not isinstance(rows, list) or not rows:
            self.fail("partners", "is missing: a [[partners]] table for each partner")
        mappings = self.path(raw, "mappings", "")
        partners = tuple(self.partner(row, n, mappings) for n, row in enumerate(rows or [], 1))
        nobody = all(one.api for one in partners) and "ours" not in raw
        ours = Party("", "") if nobody else self.party(self.table(raw, "ours"), "ours.")
        self.apart(ours, partners)
        erp, labels, answers = self.table(raw, "erp"), self.table(raw, "labels"), self.table(raw, "answers")
        arrivals, deadlines, log = self.table(raw, "arrivals"), self.table(raw, "deadlines"), self.table(raw, "log")
        self.keys(erp, {*KINDS, "items", "locations"}, "erp.")
        self.keys(labels, {"gs1_prefix"}, "labels.")
        self.keys(answers, {"acknowledge", "invoice_after", "repeat", "ta1"}, "answers.")
        self.keys(arrivals, {"settle_seconds", "incomplete_minutes", "file_limit"}, "arrivals.")
        self.keys(deadlines, {"zone"}, "deadlines.")
        self.keys(log, {"mask"}, "log.")
        return Settings(
            folder=self.folder,
            usage=usage,
            ours=ours,
            partners=partners,
            folders=places,
            shares=frozenset(name for name, place in places.items() if not place.is_relative_to(self.folder)),
            mappings=mappings,
            gs1_prefix=self.like(
                labels, "gs1_prefix", "labels.", r"(?:[0-9]{7,10})?", "is your GS1 company prefix, 7 to 10 digits"
            ),
            acknowledge=self.flag(answers, "acknowledge", "answers.", True),
            invoice_after=self.one_of(answers, "invoice_after", "answers.", _AFTER),
            repeat_answer=self.flag(answers, "repeat", "answers.", True),
            ta1=self.one_of(answers, "ta1", "answers.", _TA1),
            tables={kind: name for kind in KINDS if (name := self.text(erp, kind, "erp.", "json")) != "json"},
            items=self.text(erp, "items", "erp.", "items.csv"),
            locations=self.text(erp, "locations", "erp.", "locations.csv"),
            zone=self.zone(deadlines),
            settle_seconds=self.number(arrivals, "settle_seconds", 1, 0, 3600),
            incomplete_minutes=int(self.number(arrivals, "incomplete_minutes", 60, 1, 100_000)),
            file_limit=int(self.number(arrivals, "file_limit", 64 << 20, 1 << 10, 1 << 32)),
            mask=self.flag(log, "mask", "log.", True),
            connection=self.connection(self.table(raw, "connection"), partners) if "connection" in raw else None,
        )

    def connection(self, row: dict[str, Any], partners: tuple[Partner, ...]) -> Connection:
        self.keys(row, {"partner", "host", "live", "every_minutes"}, "connection.")
        names = [one.name for one in partners if one.api]
        name = self.text(row, "partner", "connection.", names[0] if len(names) == 1 else None)
        if name not in names:
            known = ", ".join(names) or "none"
            self.fail("connection.partner", f"is a partner of [[partners]] that has an API ({known}), not {name!r}")
        every = self.number(row, "every_minutes", 10, 1, 1440, "connection.")
        return Connection(
            name, self.text(row, "host", "connection.", "staging"), self.flag(row, "live", "connection.", False), int(every)
        )

    def partner(self, row: Any, n: int, mappings: Path | None) -> Partner:
        where = f"partners[{n}]."
        if not isinstance(row, dict):
            self.fail(where[:-1], "is a table, [[partners]]")
        self.keys(row, {"name", "qualifier", "id", "group", "program", "settings"}, where)
        name = self.like(row, "name", where, r"[a-z0-9][a-z0-9_-]*", "is the name of the partner's folder in mappings/")
        held = row.get("settings", {})
        if not isinstance(held, dict) or not all(isinstance(value, str) for value in held.values()):
            self.fail(f"{where}settings", 'is a table of texts, as in sscc = "GM"')
        program = self.text(row, "program", where, "") or None
        sides = {key: row[key] for key in ("qualifier", "id", "group") if key in row}
        if not sides and _has_api(name, mappings):
            return Partner(name, Party("", ""), program, held, api=True)
        return Partner(name, self.party(sides, where), program, held)

    def party(self, row: Mapping[str, Any], where: str) -> Party:
        self.keys(row, {"qualifier", "id", "group"}, where)
        qualifier = self.like(row, "qualifier", where, r"[A-Z0-9]{2}", "has two characters, as in ZZ, 01, 08 or 12")
        least = 0 if self.draft else 1
        id_ = self.like(
            row, "id", where, rf"[!-)+-=?-}}]{{{least},15}}", "has 1 to 15 characters without blanks, `*`, `>` and `~`: fill it in"
        )
        return Party(
            qualifier, id_, self.like(row, "group", where, r"[!-)+-=?-}]{0,15}", "has at most 15 characters without blanks")
        )

    def apart(self, ours: Party, partners: tuple[Partner, ...]) -> None:
        """Nobody stands in the settings twice: whose an interchange is must follow from its ids."""
        seen = {(ours.qualifier, ours.id): "ours"}
        names: dict[str, str] = {}
        for n, one in enumerate(partners, 1):
            who = (one.party.qualifier, one.party.id)
            if one.party.id and who in seen:
                self.fail(f"partners[{n}].id", f"is the same as in {seen[who]}: each has its own qualifier and id")
            if one.name in names:
                self.fail(f"partners[{n}].name", f"is the same as in {names[one.name]}: {one.name!r}")
            seen[who], names[one.name] = f"partners[{n}]", f"partners[{n}]"

    def place(self, folders: Mapping[str, Any], name: str, usual: str) -> Path:
        """One of the folders: below this one, or elsewhere; never this one itself, or one that it lies in."""
        text = self.text(folders, name, "folders.", usual)
        if not text or "\0" in text:
            self.fail(f"folders.{name}", "is empty: it names a folder")
        place = Path(normpath(self.folder / text))
        if self.folder.is_relative_to(place):
            self.fail(f"folders.{name}", f"is this folder itself, or holds it: {text!r}")
        return place

    # --- values -------------------------------------------------------------------------------------------------------

    def fail(self, key: str, words: str) -> None:
        raise SettingsError(f"{self.file}: {key} {words}")

    def keys(self, raw: Mapping[str, Any], known: set[str], where: str) -> None:
        if strange := sorted(set(raw) - known):
            self.fail(f"{where}{strange[0]}", f"is no setting; there are {', '.join(sorted(known))}")

    def table(self, raw: Mapping[str, Any], key: str) -> dict[str, Any]:
        value = raw.get(key, {})
        if not isinstance(value, dict):
            self.fail(key, f"is a table, [{key}]")
        return dict(value)

    def text(self, raw: Mapping[str, Any], key: str, where: str, usual: str | None = None) -> str:
        value = raw.get(key, usual)
        if value is None:
            self.fail(f"{where}{key}", "is missing")
        if not isinstance(value, str):
            self.fail(f"{where}{key}", f"is a text, in quotation marks, not {value!r}")
        return str(value)

    def like(self, raw: Mapping[str, Any], key: str, where: str, pattern: str, words: str) -> str:
        value = self.text(raw, key, where, "")
        if not re.fullmatch(pattern, value):
            self.fail(f"{where}{key}", f"{words}; it says {value!r}")
        return value

    def one_of(self, raw: Mapping[str, Any], key: str, where: str, values: tuple[str, ...]) -> str:
        value = self.text(raw, key, where, values[0])
        if value not in values:
            self.fail(f"{where}{key}", f"is one of {', '.join(values)}; it says {value!r}")
        return value

    def flag(self, raw: Mapping[str, Any], key: str, where: str, usual: bool) -> bool:
        value = raw.get(key, usual)
        if not isinstance(value, bool):
            self.fail(f"{where}{key}", f"is true or false, without quotation marks, not {value!r}")
        return bool(value)

    def number(self, raw: Mapping[str, Any], key: str, usual: int, least: int, most: int, where: str = "arrivals.") -> float:
        value = raw.get(key, usual)
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            self.fail(f"{where}{key}", f"is a number from {least} to {most}, not {value!r}")
        return float(value)

    def path(self, raw: Mapping[str, Any], key: str, where: str) -> Path | None:
        value = self.text(raw, key, where, "")
        return self.folder / value if value else None

    def zone(self, raw: Mapping[str, Any]) -> str:
        from zoneinfo import ZoneInfo

        name = self.text(raw, "zone", "deadlines.", "America/Chicago")
        try:
            ZoneInfo(name)
        except (ValueError, OSError, LookupError):
            self.fail(
                "deadlines.zone", f"is a time zone as in America/Chicago; this machine does not know {name!r} (pip install tzdata)"
            )
        return name


def _has_api(name: str, mappings: Path | None) -> bool:
    """Whether a partner's tables are of JSON: then no envelope names it."""
    return f"mappings/{name}/api.toml" in shipped.names("mappings", "api.toml", mappings)
