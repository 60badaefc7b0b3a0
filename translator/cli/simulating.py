"""The command ``simulate``: a partner's API, played on this machine."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("name")
@click.option("--port", type=click.IntRange(0, 65535), default=8401, show_default=True, help="Where it listens, on 127.0.0.1 only.")
@click.option(
    "--orders", type=click.Path(exists=True, dir_okay=False), help="The orders that it has: a JSON array as the API gives it."
)
@click.option(
    "--fault", "faults", multiple=True, metavar="CALL:N=WHAT", help="What goes wrong at a call's N-th request, as in ship:1=lost."
)
@click.option(
    "--mappings", type=click.Path(exists=True, file_okay=False), help="A directory whose files replace the shipped tables."
)
def simulate(name: str, port: int, orders: str | None, faults: tuple[str, ...], mappings: str | None) -> None:
    """Play a partner's API on this machine, to try a connection against it.

    \b
    Example:
      translator simulate plus

    It listens until it is stopped (Ctrl-C). What it was asked, and what was done, is shown under /_simulated.
    """
    import json

    from translator.connect.seller import seller
    from translator.errors import DocumentError, SettingsError

    try:
        import uvicorn

        from translator.connect.simulated import application
    except ImportError as error:
        raise SettingsError('this needs the extra "web": pip install "supplier-edi[web]"') from error
    held = None
    if orders is not None:
        try:
            held = json.loads(Path(orders).read_bytes())
        except ValueError as error:
            raise DocumentError(f"{orders}: this is no JSON: {error}") from error
        if not isinstance(held, list) or not all(isinstance(one, dict) for one in held):
            raise DocumentError(f"{orders}: an array of orders is wanted here")
    side = seller(name, orders=held, faults=faults, mappings=Path(mappings) if mappings else None)
    click.echo(f"Listening on http://127.0.0.1:{port} with {len(side.orders)} orders; Ctrl-C ends it. In exchange.toml:", err=True)
    click.echo(f'  [connection]\n  partner = "{side.api.partner}"\n  host = "http://127.0.0.1:{port}"', err=True)
    uvicorn.run(application(side), host="127.0.0.1", port=port, log_level="warning", server_header=False)
