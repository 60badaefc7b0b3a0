"""What the commands share: finding a file, printing findings, colour, the progress bar. No command is here."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, Any

import click

from translator.findings import ERROR, Finding

FILES = click.argument("files", nargs=-1, required=True, metavar="FILE…")
_LONG = 8 << 20  # bytes from which reading takes about a second


def guide_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The two options that choose tables."""
    command = click.option(
        "--mappings", type=click.Path(exists=True, file_okay=False), help="A directory whose files replace the shipped tables."
    )(command)
    return click.option("--guide", metavar="TABLE", help="Use this table, as in target/850, whatever the file says.")(command)


def limits_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option that sets what is refused before it is parsed; the command gets ``Limits``."""
    return click.option(
        "--limit",
        "limits",
        multiple=True,
        metavar="NAME=N",
        callback=_limits,
        help="segment, element (bytes), segments (in a set), findings (shown of a set); as in segment=2000000.",
    )(command)


def _limits(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> Any:
    from translator.x12.numbers import integer
    from translator.x12.wire import Limits

    limits = Limits()
    for value in values:
        name, _equals, text = value.partition("=")
        number = integer(text)
        if name not in ("segment", "element", "segments", "findings") or number is None or number < 1:
            raise click.BadParameter(
                f"{value!r} is not NAME=N with a NAME of segment, element, segments, findings and a number from 1"
            )
        setattr(limits, name, number)
    return limits


@contextmanager
def opened(name: str, progress: bool = True) -> Iterator[IO[bytes]]:
    """A file to read (``-`` is stdin), with a progress bar on a terminal when it is long."""
    if name == "-":
        yield sys.stdin.buffer
        return
    with open(name, "rb", buffering=0) as stream:
        size = os.fstat(stream.fileno()).st_size
        if progress and size > _LONG and sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import wrap_file

            with wrap_file(stream, size, description=os.path.basename(name), console=Console(stderr=True)) as watched:
                yield watched
        else:
            yield stream


@contextmanager
def each_file(file: str, failed: set[int]) -> Iterator[None]:
    """What keeps one file from being read is said, and the next file is taken; the exit code is kept in ``failed``."""
    from translator.cli import say
    from translator.errors import LimitExceeded, NotX12

    try:
        yield
    except BrokenPipeError:
        raise
    except (NotX12, LimitExceeded) as error:
        failed.add(3)
        say(f"{name_of(file)}: {error}")
    except OSError as error:
        if error.filename is None:
            raise
        failed.add(3)
        say(f"{error.filename}: {error.strerror}")


def tell(finding: Finding, *, err: bool = True) -> None:
    """One finding in one style: severity, code, where, sentence, cure."""
    colour = "red" if finding.severity == ERROR else "yellow"
    head = click.style(f"{finding.severity}", fg=colour, bold=True)
    where = f" {finding.where}:" if finding.where else ""
    click.echo(f"{head} [{finding.code}]{where} {finding.sentence} {finding.cure}", err=err, color=None if _colour(err) else False)


def _colour(err: bool) -> bool:
    return not os.environ.get("NO_COLOR") and (sys.stderr if err else sys.stdout).isatty()


def name_of(file: str) -> str | None:
    """The name that findings carry for a file argument."""
    return "standard input" if file == "-" else file


def dumps(document: Any, pretty: bool = False) -> bytes:
    """A JSON document as one line, or indented."""
    import orjson

    return orjson.dumps(document, option=(orjson.OPT_INDENT_2 if pretty else 0) | orjson.OPT_APPEND_NEWLINE)
