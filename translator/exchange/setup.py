"""A new exchange folder: a path goes in; folders, settings with remarks, lists and an empty ledger come out.

What is there already is left as it is, so the same command mends a folder that lacks something. A production folder is made from
a test folder's settings, never from its numbers.
"""

from __future__ import annotations

import re
from pathlib import Path

from translator import shipped
from translator.bodies.calls import load as api
from translator.errors import Refused
from translator.exchange import files
from translator.exchange.crossref import items, locations, rules
from translator.exchange.ledger import create, open_ledger
from translator.exchange.settings import FILE, FOLDERS, load


def partners() -> list[str]:
    """The partners for whom there are settings to begin with: ``mappings/PARTNER/exchange.toml``."""
    return sorted(name.split("/")[1] for name in shipped.names("mappings", f"/{FILE}"))


def init(folder: Path, partner: str | None = None) -> list[str]:
    """Make what is missing; answers what was made, a line each. ``partner`` is whose orders come, the first there is without it.

    Raises ``Refused``, ``SettingsError``, ``files.FileFault``.
    """
    known = partners()
    if partner is not None and partner not in known:
        raise Refused(f"there are no settings for a partner {partner!r} to begin with; there are for {', '.join(known)}")
    files.private()
    made = []
    files.ensure_folders(folder)
    if not files.exists(folder / FILE):
        files.publish(folder, FILE, shipped.text(f"mappings/{partner or known[0]}/{FILE}").encode())
        made.append(f"{folder / FILE}: {_unfinished(folder)}")
    settings = load(folder, draft=True)
    for name, place in settings.folders.items():
        if name in settings.shares:
            made += _marked(place)
        elif not files.exists(place):
            files.ensure_folders(place)
            made.append(f"{place}")
    first = settings.partners[0].name
    for name, data in (
        (settings.items, items.template(rules.rules(first, settings.mappings))),
        (settings.locations, locations.template()),
    ):
        if name and not files.exists(folder / name):
            _put(folder / name, data)
            made.append(f"{folder / name}")
    if not files.exists(settings.ledger):
        create(settings.ledger).close()
        made.append(f"{settings.ledger}")
    return made


def _unfinished(folder: Path) -> str:
    """What the owner of a new folder does next."""
    settings = load(folder, draft=True)
    if settings.connection is None:
        return "fill in your id"
    names = ", ".join(one.variable for one in api(settings.connection.partner, settings.mappings).credentials.values())
    return f"nothing to fill in. Put {names} into the environment or the keyring, then `translator connect test {folder}`"


def golive(folder: Path, production: Path) -> list[str]:
    """Make a production folder with the settings of a test folder; answers what is unfinished, a line each.

    Folders elsewhere (shares) are not taken along: two exchanges in one folder would take each other's files.
    Raises ``Refused``, ``SettingsError``, ``LedgerError``, ``files.FileFault``.
    """
    if files.exists(production / FILE):
        raise Refused(f"{production} has an {FILE} already: nothing was copied over it. Name a folder that is not there yet")
    settings = load(folder)
    if settings.usage != "T":
        raise Refused(f'{folder} is not a test folder: name the one whose {FILE} says usage = "T"')
    with open_ledger(settings.ledger) as ledger:
        waiting = [f"in {folder}: #{hold.id}: {hold.sentence}" for hold in ledger.holds.open()]
        states = ("sent", "waiting", "held")
        waiting += [f"in {folder}: {one.kind} {one.name} is {one.state}" for one in ledger.documents.in_state(*states)]
    text = files.read(folder / FILE).decode("utf-8-sig")
    text, changed = re.subn(r"""(?m)^(usage\s*=\s*)(?:"T"|'T')""", r'\1"P"', text, count=1)
    if not changed:
        raise Refused(f'{folder / FILE}: no line of it says usage = "T"; write it so, then try again')
    for name in sorted(settings.shares):
        text = re.sub(rf"(?m)^({name}\s*=\s*)(?:\"[^\"\n]*\"|'[^'\n]*')", rf'\1"{FOLDERS[name]}"', text, count=1)
        here = production / FOLDERS[name]
        waiting.append(
            f"in {production / FILE}: folders.{name} is {here}, not {settings.folders[name]}: name production's own share"
        )
    if (wired := settings.connection) is not None:
        state = f"host is {wired.host!r} and live {str(wired.live).lower()}, as in the test folder"
        waiting.append(
            f"in {production / FILE}: connection.{state}: write the host that is the real one (mappings/{wired.partner}/api.toml) "
            f"and live = true, put production's credentials into its environment, then `translator connect test {production}`"
        )
    files.ensure_folders(production)
    for name in (settings.items, settings.locations):
        data = files.content(folder, name) if name else None
        if data is not None and not files.exists(production / name):
            _put(production / name, data)
    files.publish(production, FILE, text.encode())
    if (made := load(production)).usage != "P" or made.shares:
        raise Refused(f"{production / FILE} still has usage or folders of the test folder: correct it by hand before anything runs")
    init(production)
    return waiting


def _marked(place: Path) -> list[str]:
    """A share gets a marker while it is mounted. It is never made: where nothing is mounted, it would be made on the local disk."""
    if not files.exists(place):
        return [f"{place} is not there: mount the share, or make the folder on it, then run this again"]
    if files.marked(place):
        return []
    files.mark(place)
    return [f"{place}: marked as mounted"]


def _put(path: Path, data: bytes) -> None:
    files.ensure_folders(path.parent)
    files.publish(path.parent, path.name, data)
