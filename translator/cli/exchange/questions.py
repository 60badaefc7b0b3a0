"""The commands ``exchange status``, ``log``, ``evidence`` and ``prune``: what is asked of an exchange, and what is kept of it."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from translator.cli.exchange import DIR, PATIENCE, now_option

if TYPE_CHECKING:
    from translator.exchange.room import Room
    from translator.exchange.status import Standing

_JSON = click.option("--json", "as_json", is_flag=True, help="One object a line, as JSON.")


@click.command()
@DIR
@_JSON
@click.option("--all", "everything", is_flag=True, help="Orders that are finished, too.")
@now_option
def status(folder: Path, as_json: bool, everything: bool, now: datetime.datetime | None) -> None:
    """Say of each order how far it is, what is due when, what waits and what was refused. Exit code 6 when something is late.

    \b
    Example:
      translator exchange status shop
    """
    from translator.cli.progress import progress
    from translator.exchange.room import read_only
    from translator.exchange.status import other_holds, standings

    late = count = 0
    with read_only(folder, now=now.replace(tzinfo=datetime.UTC) if now else None) as room:
        show = _as_json if as_json else _Table(room).show
        with progress("looking", unit="orders") as saw:
            for one in standings(room, everything=everything):
                count += 1
                late += len(one.late)
                show(one)
                saw(count)
        rest = other_holds(room)
        for hold in rest:
            if as_json:
                _line({"kind": "hold", **_hold(hold)})
        if not as_json:
            _rest(rest)
    orders = f"{count}{'' if everything else ' open'} order{'' if count == 1 else 's'}"
    others = f"{len(rest)} other thing{' waits' if len(rest) == 1 else 's wait'}"
    click.echo(f"{orders}, {late} late, {others}", err=True)
    sys.exit(6 if late else 0)


@click.command()
@DIR
@click.argument("number", metavar="PO")
@_JSON
@click.option("--unmasked", is_flag=True, help="Show guests' names, addresses and telephone numbers.")
def log(folder: Path, number: str, as_json: bool, unmasked: bool) -> None:
    """Tell everything that ever happened to an order, in order of time, with the files, numbers and hashes.

    \b
    Example:
      translator exchange log shop 0009-3300145-1001
    """
    from translator.exchange.log import entries
    from translator.exchange.room import read_only

    with read_only(folder) as room:
        for one in entries(room, number, unmasked=unmasked):
            if as_json:
                _line(one)
                continue
            local = datetime.datetime.fromisoformat(one["local"])
            click.echo(f"{one['at']}  {local:%Y-%m-%d %H:%M:%S %z}  {one['what']}")
            _wrapped(one["sentence"], "  ")
            if file := one.get("file"):
                numbers = [f"interchange {file['interchange']}"] if file["interchange"] else []
                numbers += [f"group {file['group']}, set {file['set']}"] if "group" in file else []
                click.echo(f"  {file['way']}: {file['name']}" + (f" ({', '.join(numbers)})" if numbers else ""))
                click.echo(f"  sha256 {file['sha256']}")


@click.command()
@DIR
@click.argument("number", metavar="PO")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), metavar="FILE.zip", help="The zip to write.")
def evidence(folder: Path, number: str, out: Path) -> None:
    """Collect the dossier of an order for a dispute: every file as it was, hashes, times, what was said of it, in one zip.

    The files are as they were: they name guests. Exit code 1 when one of them is not in the archive any more, or was changed.

    \b
    Example:
      translator exchange evidence shop 0009-3300145-1001 --out dossier.zip
    """
    from translator.cli.leaving import complain
    from translator.cli.progress import progress
    from translator.exchange import files
    from translator.exchange.evidence import evidence as collected
    from translator.exchange.room import read_only

    with read_only(folder) as room, progress("collecting", unit="files") as saw:
        dossier = collected(room, number, saw)
    files.publish(out.absolute().parent, out.name, dossier.data)
    click.echo(f"{out}: {dossier.files} files", err=True)
    for line in dossier.wrong:
        complain(line)
    sys.exit(1 if dossier.wrong else 0)


@click.command()
@DIR
@click.option("--before", required=True, type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="As 2025-01-01, in your zone.")
@click.option("--dry-run", "dry", is_flag=True, help="Only say what would be removed.")
@now_option
def prune(folder: Path, before: datetime.datetime, dry: bool, now: datetime.datetime | None) -> None:
    """Remove what was finished before a day: documents, events, and copies in the archive.

    Numbers that were used stay for ever, carton labels for a year, interchanges as long as one may come again.

    \b
    Example:
      translator exchange prune shop --before 2025-01-01 --dry-run
    """
    from translator.cli.progress import progress
    from translator.exchange.prune import prune as removed
    from translator.exchange.room import opened

    moment = now.replace(tzinfo=datetime.UTC) if now else None
    with opened(folder, now=moment, wait=PATIENCE) as room, progress("pruning", unit="files") as saw:
        found = removed(room, before.date(), dry=dry, saw=saw)
    rows = found.rows
    parts = [
        f"{rows.orders} orders", f"{rows.documents} documents", f"{rows.interchanges} interchanges", f"{rows.events} events",
        f"{rows.holds} settled problems", f"{rows.labels} labels", f"{found.files} files of the archive ({found.size} bytes)",
    ]  # fmt: skip
    click.echo(f"{'would be removed' if dry else 'removed'}: {', '.join(parts)}", err=True)
    if not dry:
        click.echo(f"the ledger is {found.shrunk} bytes smaller", err=True)


# --- how it is shown --------------------------------------------------------------------------------------------------


def _line(one: Any) -> None:
    from translator.cli.console import dumps

    click.echo(dumps(one), nl=False)


def _hold(hold: Any) -> dict[str, Any]:
    """A problem that is open. ``what`` and ``about`` as ``exchange held --json`` has them."""
    return {"id": hold.id, "what": hold.what, "about": hold.about, "since": hold.at, "sentence": hold.sentence, "cure": hold.cure}


def _as_json(one: Standing) -> None:
    order = one.order
    _line(
        {
            "kind": "order", "order": order.number, "type": order.type, "release": order.release, "partner": order.partner,
            "erp_order_number": order.erp_number, "stage": order.stage, "finished": order.finished, "revision": order.revision,
            "change_waiting": one.change_waits, "received": order.received, "handed_over": order.handed, "taken": order.taken,
            "acknowledged": order.acknowledged, "late": len(one.late), "due": order.dues, "documents": one.documents,
            "holds": [_hold(hold) for hold in one.holds],
        }
    )  # fmt: skip


class _Table:
    """The orders for people: a line each, and below it what is late, what waits and what was refused."""

    def __init__(self, room: Room) -> None:
        from translator.exchange.deadlines import zone_named

        self.zone = zone_named(room.settings.zone)
        self.begun = False

    def show(self, one: Standing) -> None:
        from translator.exchange.room import moment
        from translator.findings import clean

        if not self.begun:
            click.echo(f"{'ORDER':<24} {'STAGE':<28} NEXT DUE")
            self.begun = True
        order = one.order
        number = clean(order.number) + (f" R{clean(order.release)}" if order.release else "")
        stage = order.stage.replace("-", " ") + (", change waits" if one.change_waits else "")
        soon = min((due for due in order.dues if not due["late"]), key=lambda due: due["due"], default=None)
        words = f"{moment(soon['due']).astimezone(self.zone):%m-%d %H:%M} {soon['what']}" if soon else ""
        click.echo(f"{number:<24} {stage:<28} {words}".rstrip())
        for due in one.late:
            _wrapped(clean(due["sentence"]), "  ", click.style("LATE", fg="red", bold=True))
        for document in one.documents:
            if document["state"] in ("held", "waiting", "rejected"):
                why = f": {document['why']}" if document["why"] else ""
                _wrapped(clean(f"{document['kind']} {document['name']} {document['state']}{why}"), "  ")
        for hold in one.holds:
            if hold.what != "document":
                _wrapped(clean(f"#{hold.id} {hold.sentence}"), "  ")


def _rest(holds: list[Any]) -> None:
    from translator.exchange.problems import told

    for hold in holds:
        for line in told(hold):
            _wrapped(line, "")


def _wrapped(text: str, indent: str, head: str = "") -> None:
    """A sentence below its line: broken on a terminal, whole in a pipe."""
    import shutil
    import textwrap

    from translator.cli.colour import coloured

    lines = [text]
    if sys.stdout.isatty():
        width = max(40, shutil.get_terminal_size().columns) - len(indent) - (5 if head else 0)
        lines = textwrap.wrap(text, width, break_on_hyphens=False) or [""]
    for n, line in enumerate(lines):
        first = (f"{head} " if n == 0 else "     ") if head else ""
        click.echo(f"{indent}{first}{line}", color=None if coloured(sys.stdout) else False)
