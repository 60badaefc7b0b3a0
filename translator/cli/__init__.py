"""The commands: parse arguments, call the library, print. A module a group of commands, imported when it is used.

Data goes to stdout, talk to stderr. Exit codes: 0 clean, 1 error findings, 2 usage, 3 not X12, not JSON or unreadable,
4 refused, 5 table, configuration or ledger, 6 something is late, 70 a fault of ours, 75 try later.
"""

from __future__ import annotations

import gc

gc.disable()  # before anything else is imported: a command makes no cycles worth looking for, and starts sooner

import os  # noqa: E402
import sys  # noqa: E402
from importlib import import_module  # noqa: E402
from typing import Any  # noqa: E402

import click  # noqa: E402

from translator import __version__  # noqa: E402

_COMMANDS = {
    "read": "reading",
    "check": "reading",
    "write": "writing",
    "roundtrip": "writing",
    "new": "responding",
    "labels": "responding",
    "receipt": "receipts",
    "verdict": "receipts",
    "tables": "guides",
    "explain": "guides",
    "exchange": "exchange",
}

TOUR = """Translate supplier EDI (ANSI X12) to canonical JSON and back.

\b
  translator read in.edi --pretty     an interchange as JSON documents
  translator check in.edi             what is wrong with it, and what to do
  translator read in.edi > o.json     one document a line, for an ERP
  translator write o.json > out.edi   and back to X12
  translator roundtrip in.edi         prove that nothing is lost
  translator new shipment --order o.json   the answer to an order, as a draft
  translator labels s.json            what stands on carton labels, as CSV
  translator receipt in.edi > 997.edi     acknowledge what was received
  translator verdict 997.edi --sent out.edi     what a partner says of what was sent
  translator tables target 850        the partner's guide, printed from its table
  translator explain check-digit      what a finding means
  translator exchange init shop       a folder between a partner's mailbox and an ERP

`-` is stdin. Exit codes: 0 clean (warnings may be), 1 errors were found, 2 usage, 3 not X12, not JSON or unreadable,
4 refused (the order takes no such answer), 5 a table, a setting or a ledger cannot be used, 6 something is late,
70 a fault of this program, 75 try again later."""


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
@click.version_option(__version__, prog_name="translator")
def translator() -> None:
    """The group of all commands."""


def main() -> None:
    """Run a command; every way out has its code, and nobody sees a traceback for bad data."""
    from translator.errors import DocumentError, LedgerError, LimitExceeded, NotX12, Refused, SettingsError, TableError
    from translator.shipped import Missing

    try:
        if sys.stdout is None or sys.stderr is None:
            sys.exit(74)  # nowhere to write to, so nothing to say
        sys.exit(translator.main(standalone_mode=False))
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (NotX12, LimitExceeded, DocumentError) as error:
        leave(3, error)
    except (TableError, Missing, SettingsError, LedgerError) as error:
        leave(5, error)
    except Refused as error:
        leave(4, error)
    except BrokenPipeError:
        quiet()
    except (KeyboardInterrupt, click.Abort):
        leave(130, "stopped")
    except OSError as error:
        leave(3, f"{error.filename}: {error.strerror}" if error.filename else f"the output cannot be written: {error.strerror}")
    except Exception as error:
        if type(error).__module__.startswith("translator.exchange.files"):
            leave(75, error)  # a folder, a disk or another process: nothing was lost, and the next pass goes on
        from traceback import extract_tb

        spot = extract_tb(error.__traceback__)[-1]
        leave(70, f"a fault of this program ({type(error).__name__}: {error}, {spot.name}, line {spot.lineno}). Please report it.")


def quiet() -> None:
    """Whoever read our output has seen enough; say nothing, and let no flush at exit say it either."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(0)


def leave(code: int, message: object) -> None:
    """Leave with a sentence; what does not print is escaped."""
    say(message)
    sys.exit(code)


def say(message: object) -> None:
    """A sentence to the operator on stderr."""
    from translator.findings import clean

    click.echo(f"translator: {clean(str(message))}", err=True)
