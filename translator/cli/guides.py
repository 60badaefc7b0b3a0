"""The commands ``tables`` and ``explain``: what is shipped, a guide in reading form, and what a finding means."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from translator.cli.console import completed, dumps


@click.command()
@click.argument("partner", required=False, shell_complete=completed("partners"))
@click.argument("set_id", metavar="[SET]", required=False, shell_complete=completed("sets"))
@click.option("--json", "as_json", is_flag=True, help="The list as JSON, one table a line.")
@click.option(
    "--html",
    "page",
    metavar="OUT",
    help="A guide as a page, to the file OUT (- is stdout); without a guide all tables, in the folder OUT.",
)
@click.option("--markdown", is_flag=True, help="A guide as Markdown.")
@click.option("--force", is_flag=True, help="Write over what is not a page of ours.")
@click.option(
    "--mappings", type=click.Path(exists=True, file_okay=False), help="A directory whose files replace the shipped tables."
)
def tables(
    partner: str | None, set_id: str | None, as_json: bool, page: str | None, markdown: bool, force: bool, mappings: str | None
) -> None:
    """List and check the mapping tables, or print one: a guide as such, `partner` with its programs and settings.

    \b
    Examples:
      translator tables
      translator tables target 850
      translator tables target partner
      translator tables target 850 --html 850.html
      translator tables --html site
    """
    from translator.tables.guide import shelf
    from translator.tables.load import load
    from translator.tables.partner import guides

    place = Path(mappings) if mappings else None
    if partner and "/" in partner and not set_id:
        partner, _, set_id = partner.partition("/")
    if (page is not None) + markdown + as_json > 1:
        raise click.UsageError("--html, --markdown and --json: one of the three")
    if (markdown and not set_id) or (page is not None and partner and not set_id):
        raise click.UsageError("a partner and a set name the guide, as in `translator tables PARTNER SET`")
    if page is not None and not partner:
        _site(page, force, place)
        return
    if partner and set_id:
        name = f"{partner}/{set_id}"
        if page is not None:
            from translator.show.spec.pages import alone

            _free([page], force)
            _write([(page, alone(name, place))])
        elif markdown:
            from translator.show.spec.making import guide
            from translator.show.spec.markdown import markdown as laid_out

            click.echo(laid_out(guide(name, place)), nl=False)
        else:
            click.echo(_text(name, place))
        return
    if partner and not any(name.startswith(f"{partner}/") for name, _ in shelf(place)):
        raise click.UsageError(f"there are no tables of {partner!r}; `translator tables` lists what is shipped")
    guides(place)  # what is wrong with a partner's file is said here too
    for name, kind in shelf(place):
        if partner and not name.startswith(f"{partner}/"):
            continue
        if kind in ("fields", "api"):
            _checked(name, kind, place)
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


def _text(name: str, mappings: Path | None) -> str:
    """A table in reading form: a guide, or what is known of a partner; any other as it stands, for it is written to be read."""
    from translator import shipped
    from translator.tables.guide import printed, shelf
    from translator.tables.load import load
    from translator.tables.partner import partner
    from translator.tables.partnership import told

    kind = dict(shelf(mappings)).get(name, "guide")
    if kind == "guide":
        return printed(load(name, mappings))
    if kind == "partner":
        return told(partner(name.rpartition("/")[0], mappings), mappings)
    return shipped.text(f"mappings/{name}.toml", mappings).rstrip("\n")


def _site(folder: str, force: bool, mappings: Path | None) -> None:
    """All tables as a site in a folder, which is made."""
    from translator.show.spec.pages import site

    if folder == "-":
        raise click.UsageError("all tables need a folder: --html DIR")
    root = Path(folder)
    if root.exists() and not root.is_dir():
        raise click.UsageError(f"{folder} is a file; all tables need a folder")
    pages = [(str(root / at), text) for at, text in site(mappings)]
    _free([name for name, _ in pages], force)
    _write(pages)
    click.echo(f"{len(pages)} files in {folder}: open {root / 'index.html'}", err=True)


def _free(names: list[str], force: bool) -> None:
    """Refuse to write over what is not ours; ``-`` is stdout."""
    from translator.show.spec.pages import MARK

    for name in names:
        file = Path(name)
        if name == "-" or not file.exists():
            continue
        if file.is_dir():
            raise click.UsageError(f"{name} is a folder; name a file in it")
        if not force and not (file.is_file() and MARK.encode() in _beginning(file)):
            raise click.UsageError(f"{name} is there, and is no page that `translator tables` wrote; --force writes over it")


def _beginning(file: Path) -> bytes:
    with file.open("rb") as stream:
        return stream.read(500)


def _write(pages: list[tuple[str, str]]) -> None:
    """Write pages; ``-`` is stdout."""
    for name, text in pages:
        if name == "-":
            sys.stdout.buffer.write(text.encode())
            continue
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text, encoding="utf-8")


def _checked(name: str, kind: str, mappings: Path | None) -> None:
    """What is wrong with a table of JSON, or with what is known of an API, is said as of every table."""
    if kind == "api":
        from translator.bodies.calls import api

        api(name.rpartition("/")[0], mappings)
    else:
        from translator.bodies.load import load as load_fields

        load_fields(name, mappings)


@click.command()
@click.argument("code", required=False, shell_complete=completed("codes"))
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
