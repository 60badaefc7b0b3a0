"""What the commands share: arguments and their completion, opening a file, printing findings, colour. No command is here."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any

import click

from translator.cli.colour import coloured
from translator.findings import ERROR, Finding

_SNIFFED = 1 << 16  # bytes of blanks after which a file is not JSON

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


def completed(kind: str) -> Callable[[click.Context, click.Parameter, str], list[CompletionItem]]:
    """What a shell offers for an argument: a function of ``complete``, which is imported when a shell asks."""

    def offered(context: click.Context, parameter: click.Parameter, begun: str) -> list[CompletionItem]:
        from translator.cli import complete

        found: list[CompletionItem] = getattr(complete, kind)(context, begun)
        return found

    return offered


FILES = click.argument("files", nargs=-1, required=True, metavar="FILE…", shell_complete=completed("files"))


def guide_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The two options that choose tables."""
    command = click.option(
        "--mappings", type=click.Path(exists=True, file_okay=False), help="A directory whose files replace the shipped tables."
    )(command)
    return click.option(
        "--guide",
        metavar="TABLE",
        shell_complete=completed("guides"),
        help="Use this table, as in target/850, whatever the file says.",
    )(command)


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
    """A file to read (``-`` is stdin), with a progress bar on a terminal when it takes long."""
    if name == "-":
        with _counted(sys.stdin.buffer, "standard input", None, progress) as watched:
            yield watched
        return
    with (
        open(name, "rb", buffering=0) as stream,
        _counted(stream, os.path.basename(name), os.fstat(stream.fileno()).st_size or None, progress) as watched,
    ):
        yield watched


@contextmanager
def _counted(stream: IO[bytes], what: str, size: int | None, progress: bool) -> Iterator[IO[bytes]]:
    if not (progress and sys.stderr.isatty()):
        yield stream
        return
    from translator.cli.progress import counted

    with counted(stream, what, size) as watched:
        yield watched


def sniffed(stream: IO[bytes]) -> tuple[bool, IO[bytes]]:
    """Whether a file is JSON, by its first bytes, and the same file from its beginning."""
    head = b""
    read = getattr(stream, "read1", stream.read)  # a pipe gives what it has
    while not head.lstrip(b"\xef\xbb\xbf \t\r\n") and len(head) < _SNIFFED and (more := read(_SNIFFED)):
        head += more
    return head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["), io.BufferedReader(Again(head, stream))


class Again(io.RawIOBase):
    """A stream with what was read of it before it."""

    def __init__(self, head: bytes, stream: IO[bytes]) -> None:
        self.head = head
        self.read_more = getattr(stream, "read1", stream.read)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self.head[: len(buffer)] if self.head else self.read_more(len(buffer)) or b""
        self.head = self.head[len(data) :] if self.head else b""
        buffer[: len(data)] = data
        return len(data)


@contextmanager
def each_file(file: str, failed: set[int]) -> Iterator[None]:
    """What keeps one file from being read is said, and the next file is taken; the exit code is kept in ``failed``."""
    from translator.errors import DocumentError, LimitExceeded, NotX12

    try:
        yield
    except BrokenPipeError:
        raise
    except (NotX12, LimitExceeded) as error:
        failed.add(3)
        said = f"{name_of(file)}: {error}"
    except DocumentError as error:  # some name their file
        failed.add(3)
        said = str(error) if (name_of(file) or "") in str(error) else f"{name_of(file)}: {error}"
    except OSError as error:
        from translator.cli.leaving import unreadable

        if error.filename is None:
            raise
        failed.add(3)
        said = unreadable(error)
    else:
        return
    from translator.cli.leaving import complain

    complain(said)


def tell(finding: Finding, *, err: bool = True) -> None:
    """One finding in one style: severity, code, where, sentence, cure."""
    red = "red" if finding.severity == ERROR else "yellow"
    head = click.style(f"{finding.severity}", fg=red, bold=True)
    where = f" {finding.where}:" if finding.where else ""
    wanted = None if coloured(sys.stderr if err else sys.stdout) else False
    click.echo(f"{head} [{finding.code}]{where} {finding.sentence} {finding.cure}", err=err, color=wanted)


def name_of(file: str) -> str | None:
    """The name that findings carry for a file argument."""
    return "standard input" if file == "-" else file


def dumps(document: Any, pretty: bool = False) -> bytes:
    """A JSON document as one line, or indented."""
    import orjson

    return orjson.dumps(document, option=(orjson.OPT_INDENT_2 if pretty else 0) | orjson.OPT_APPEND_NEWLINE)
