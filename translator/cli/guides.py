"""The commands ``tables`` and ``explain``: what is shipped, a guide in reading form, and what a finding means."""

from __future__ import annotations

import sys

import click

from translator.cli.console import dumps


@click.command()
@click.argument("partner", required=False)
@click.argument("set_id", metavar="[SET]", required=False)
@click.option("--json", "as_json", is_flag=True, help="The list as JSON, one table a line.")
@click.option(
    "--mappings", type=click.Path(exists=True, file_okay=False), help="A directory whose files replace the shipped tables."
)
def tables(partner: str | None, set_id: str | None, as_json: bool, mappings: str | None) -> None:
    """List and check the mapping tables, or print one as the guide that it is.

    \b
    Examples:
      translator tables
      translator tables target 850
    """
    from pathlib import Path

    from translator.tables.guide import printed, shelf
    from translator.tables.load import load
    from translator.tables.partner import guides

    place = Path(mappings) if mappings else None
    if partner and "/" in partner and not set_id:
        partner, _, set_id = partner.partition("/")
    if partner and set_id:
        click.echo(printed(load(f"{partner}/{set_id}", place)))
        return
    if partner and not any(name.startswith(f"{partner}/") for name, _ in shelf(place)):
        raise click.UsageError(f"there are no tables of {partner!r}; `translator tables` lists what is shipped")
    guides(place)  # what is wrong with a partner's file is said here too
    for name, kind in shelf(place):
        if partner and not name.startswith(f"{partner}/"):
            continue
        if kind != "guide":
            if as_json:
                sys.stdout.buffer.write(dumps({"table": name, "kind": kind}))
            else:
                click.echo(f"{name:<24} {kind}")
            continue
        table = load(name, place)
        rows = len(list(table.rows()))
        if as_json:
            about = {"table": name, "kind": kind, "set": table.set_id, "release": table.release, "document": table.document}
            sys.stdout.buffer.write(dumps({**about, "rows": rows, "loops": len(list(table.loops())), "source": table.source}))
        else:
            click.echo(f"{name:<24} {kind:<10} {table.set_id} {table.release}  {table.document:<10} {rows} rows  {table.source}")


@click.command()
@click.argument("code", required=False)
def explain(code: str | None) -> None:
    """Say what a finding means, with segments that keep the rule and segments that break it.

    \b
    Example:
      translator explain check-digit
    """
    from difflib import get_close_matches

    from translator.catalogue import CATALOGUE
    from translator.tables.guide import examples

    if code is None:
        for name, entry in CATALOGUE.items():
            click.echo(f"{name:<22} {entry.severity:<8} {entry.general}")
        return
    found = CATALOGUE.get(code)
    if found is None:
        near = get_close_matches(code, CATALOGUE, n=3, cutoff=0.4)
        raise click.UsageError(f"no finding is called {code!r}" + (f"; did you mean {' or '.join(near)}?" if near else ""))
    click.echo(f"{code} ({found.severity})\n\n{found.general}\n\nWhat to do: {found.cure}")
    for keeps, breaks in examples(code):
        click.echo(f"\nkeeps the rule:   {shown(keeps)}\nbreaks the rule:  {shown(breaks)}")
    acks = {"": found.ack, **found.acks}
    if words := [f"{key + ' ' if key else ''}{ack[0]} {ack[1]}" for key, ack in acks.items() if ack]:
        click.echo(f"\nIn an acknowledgment: {', '.join(words)}")


def shown(text: str) -> str:
    """An example on one line: what does not print is escaped."""
    return "".join(c if c.isprintable() and c.isascii() else c.encode("unicode_escape").decode() for c in text)
