"""The commands: parse arguments, call the library, print. A module a group of commands, imported when it is used.

Data goes to stdout, talk to stderr. Exit codes: 0 clean, 1 error findings, 2 usage, 3 not X12 or unreadable, 5 table or
configuration, 70 a fault of ours.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import click

_COMMANDS = {
    "read": "reading",
    "check": "reading",
    "write": "writing",
    "roundtrip": "writing",
    "tables": "guides",
    "explain": "guides",
}

TOUR = """Translate supplier EDI (ANSI X12) to canonical JSON and back.

\b
  translator read in.edi --pretty     an interchange as JSON documents
  translator check in.edi             what is wrong with it, and what to do
  translator read in.edi > o.json     one document a line, for an ERP
  translator write o.json > out.edi   and back to X12
  translator roundtrip in.edi         prove that nothing is lost
  translator tables target 850        the partner's guide, printed from its table
  translator explain check-digit      what a finding means

`-` is stdin. Exit codes: 0 clean (warnings may be), 1 errors were found, 2 usage, 3 not X12 or unreadable, 5 a table
does not load, 70 a fault of this program."""


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in _COMMANDS:
            return None
        command = getattr(import_module(f"translator.cli.{_COMMANDS[name]}"), name)
        return command if isinstance(command, click.Command) else None

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if args and args[0] not in _COMMANDS and not args[0].startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(args[0], _COMMANDS, n=1)
            ctx.fail(f"No such command {args[0]!r}." + (f" Did you mean {near[0]!r}?" if near else ""))
        return super().resolve_command(ctx, args)


@click.command(cls=_Commands, help=TOUR, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="supplier-edi", prog_name="translator")
def translator() -> None:
    """The group of all commands."""


def main() -> None:
    """Run a command; every way out has its code, and nobody sees a traceback for bad data."""
    from translator.errors import DocumentError, LimitExceeded, NotX12, TableError
    from translator.shipped import Missing

    try:
        sys.exit(translator.main(standalone_mode=True))
    except (NotX12, LimitExceeded) as error:
        _leave(3, error)
    except (TableError, Missing) as error:
        _leave(5, error)
    except DocumentError as error:
        _leave(1, error)
    except BrokenPipeError:
        # Whoever read our output has seen enough; say nothing, and let no flush at exit say it either.
        sys.stdout = None  # type: ignore[assignment]
        sys.exit(0)
    except OSError as error:
        _leave(3, f"{error.filename or 'the input'}: {error.strerror or error}")


def _leave(code: int, message: object) -> None:
    from translator.findings import shown

    text = str(message)
    click.echo(f"translator: {shown(text, quote=False) if not text.isprintable() else text}", err=True)
    sys.exit(code)
