"""The command ``serve``: the local page, for this computer only."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import click

_PORT = 8765
_CURE = "`translator serve` needs packages that are not installed: pip install 'supplier-edi[web]'"


@click.command()
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(file_okay=False, path_type=Path))
@click.option("--port", type=click.IntRange(0, 65535), help=f"The port: {_PORT} if nothing is said and it is free; 0 for any.")
@click.option(
    "--mappings",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A directory whose files replace the shipped tables.",
)
def serve(folder: Path | None, port: int | None, mappings: Path | None) -> None:
    """Open a page on this computer: drop X12 to see what it says, answer an order with a form, see a folder's state.

    Nobody else can reach it. It sends nothing and keeps nothing; a folder is only looked at. Ctrl+C ends it.

    \b
    Examples:
      translator serve
      translator serve shop
    """
    import gc

    from translator.cli import leave

    try:
        import python_multipart  # noqa: F401
        import uvicorn

        from translator.serve.app import application
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] == "translator":
            raise
        leave(5, _CURE)
    if folder is not None:
        from translator.exchange.settings import load

        load(folder)  # what is wrong with it is said before anybody looks
    gc.enable()  # a page stays
    listening = _listening(port)
    port = listening.getsockname()[1]
    config = uvicorn.Config(
        application(port, folder=folder, mappings=mappings), log_level="warning", access_log=False, server_header=False,
        limit_concurrency=64, timeout_keep_alive=5, timeout_graceful_shutdown=2, lifespan="off", ws="none", http="h11",
        proxy_headers=False,
    )  # fmt: skip
    click.echo(f"The page is at http://127.0.0.1:{port}/ for this computer only. Ctrl+C ends it.", err=True)
    try:
        uvicorn.Server(config).run(sockets=[listening])
    except KeyboardInterrupt:
        sys.exit(0)


def _listening(port: int | None) -> socket.socket:
    """A socket of this computer's own address; another port where the usual one is taken and none was asked for."""
    from translator.cli import leave

    for number in (port,) if port is not None else (_PORT, 0):
        made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            made.bind(("127.0.0.1", number))
            made.listen(128)  # from now on nobody is turned away
            return made
        except OSError as error:
            made.close()
            why = error.strerror
    leave(75, f"port {port} cannot be used ({why}): choose another one with --port, or 0 for any that is free")
    raise AssertionError
