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
    "show": "showing",
    "write": "writing",
    "roundtrip": "writing",
    "new": "responding",
    "labels": "responding",
    "receipt": "receipts",
    "verdict": "receipts",
    "tables": "guides",
    "explain": "guides",
    "trace": "tracing",
    "redact": "tracing",
    "exchange": "exchange",
    "completion": "completion",
    "connect": "connecting",
    "simulate": "simulating",
    "serve": "serving",
}

HELP = """Translate supplier EDI (ANSI X12) to canonical JSON and back.

`translator` alone shows the first steps; `translator COMMAND --help` says all
of a command, with an example.

`-` is stdin. Data goes to stdout, talk to stderr. Exit codes: 0 clean (warnings
may be), 1 errors were found, 2 usage, 3 not X12, not JSON or unreadable,
4 refused (the order takes no such answer), 5 a table, a setting or a ledger
cannot be used, 6 something is late, 70 a fault of this program, 75 try again
later."""

TOUR = """\
Supplier EDI (ANSI X12) to JSON and back. The first steps, with a sample:

  translator show samples/guest/1-850.edi           an order, as people read it
  translator check samples/guest/1-850.edi          what is wrong, what to do
  translator read samples/guest/1-850.edi --pretty  the order as JSON
  translator read samples/guest/1-850.edi > order.json
  translator new acknowledgment --order order.json  the answer, as a draft
  translator receipt samples/guest/1-850.edi > 997.edi
  translator exchange init shop                     a folder for an ERP
  translator completion install                     your shell completes words

All commands: translator --help      One of them: translator read --help"""


class Commands(click.Group):
    """A group whose commands are imported when they are used; called without one it shows its tour (``short_help``), or its help.

    ``homes`` is the module of each command, below ``package``.
    """

    homes: dict[str, str] = _COMMANDS
    package = "translator.cli"

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.homes)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in self.homes:
            return None
        command = getattr(import_module(f"{self.package}.{self.homes[name]}"), name)
        return command if isinstance(command, click.Command) else None

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if args and args[0] not in self.homes and not args[0].startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(args[0], self.homes, n=1)
            ctx.fail(f"No such command {args[0]!r}." + (f" Did you mean {near[0]!r}?" if near else ""))
        return super().resolve_command(ctx, args)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args and not ctx.resilient_parsing:
            click.echo(self.short_help or ctx.get_help())
            ctx.exit()
        return super().parse_args(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Every command with its whole first sentence."""
        found = [(name, self.get_command(ctx, name)) for name in self.homes]
        with formatter.section("Commands"):
            formatter.write_dl([(name, command.get_short_help_str(1000)) for name, command in found if command])


@click.command(
    cls=Commands,
    help=HELP,
    short_help=TOUR,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="translator")
def translator() -> None:
    """The group of all commands."""


def main() -> None:
    """Run a command; every way out has its code, and nobody sees a traceback for bad data."""
    from translator.errors import (
        Declined,
        DocumentError,
        LedgerError,
        LimitExceeded,
        NotX12,
        Refused,
        SettingsError,
        TableError,
        Unreachable,
    )
    from translator.shipped import Missing

    try:
        if sys.stdout is None or sys.stderr is None:
            sys.exit(74)  # nowhere to write to, so nothing to say
        sys.exit(translator.main(prog_name="translator", standalone_mode=False))
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.ClickException as error:
        from translator.cli.leaving import misused

        leave(error.exit_code, misused(error))
    except (NotX12, LimitExceeded, DocumentError) as error:
        leave(3, error)
    except (TableError, Missing, SettingsError, LedgerError) as error:
        leave(5, error)
    except (Refused, Declined) as error:
        leave(4, error)
    except Unreachable as error:
        leave(75, error)
    except BrokenPipeError:
        quiet()
    except (KeyboardInterrupt, click.Abort):
        leave(130, "stopped before the end: what came out is not whole. Call it again")
    except OSError as error:
        from translator.cli.leaving import unreadable

        leave(3, unreadable(error))
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
    """Leave with a sentence, in the shape of a finding."""
    from translator.cli.leaving import complain

    try:
        complain(message)
    except BrokenPipeError:
        quiet()
    sys.exit(code)


def say(message: object) -> None:
    """A note to the operator on stderr: what was done, or goes on; what does not print is escaped."""
    from translator.findings import clean

    click.echo(f"translator: {clean(str(message))}", err=True)
