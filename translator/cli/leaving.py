"""Every way out that is no success: what went wrong goes in, one line on stderr and an exit code come out.

A line has the shape of a finding: ``error``, where, what, what to do. Words for people only; nothing is decided here.
"""

from __future__ import annotations

import errno
import sys
from difflib import get_close_matches

import click

from translator.cli.colour import coloured
from translator.findings import clean

_CURES = {
    errno.ENOENT: "Is the name spelled right, and are you in the folder from which it counts?",
    errno.EACCES: "Let somebody who may give you the right to it, or copy it to where you have it.",
    errno.EPERM: "Let somebody who may give you the right to it, or copy it to where you have it.",
    errno.EISDIR: "Name the files in it, as in FOLDER/*.",
    errno.ENOTDIR: "A part of this path is a file: name a folder there.",
    errno.ENOSPC: "Make room on the disk, and call again.",
    errno.EDQUOT: "Make room on the disk, and call again.",
    errno.EROFS: "Name a place that can be written.",
    errno.EIO: "The disk or the share fails: copy the file to another, and call again.",
}


def complain(message: object) -> None:
    """An error of the call, on stderr; what does not print is escaped."""
    head = click.style("error", fg="red", bold=True)
    click.echo(f"{head}: {clean(str(message))}", err=True, color=None if coloured(sys.stderr) else False)


def unreadable(error: OSError) -> str:
    """What the operating system would not do, and what to do about it."""
    said = error.strerror or str(error) or type(error).__name__
    place = f"{error.filename}: {said}" if error.filename else f"the output cannot be written: {said}"
    cure = _CURES.get(error.errno or 0, "See what stands in the way, and call again.")
    return f"{place}. {cure}"


def misused(error: click.ClickException) -> str:
    """What is wrong with a command line: which command, what, the near word if there is one, and where help is."""
    context = getattr(error, "ctx", None)
    said = _typo(error, context) or error.format_message()
    said = said[:1].lower() + said[1:]
    if context is None:
        return said
    end = "" if said.endswith((".", "?", "!")) else "."
    path = context.command_path
    called = ""
    if isinstance(error, click.MissingParameter):
        called = f" Call it as `{' '.join([path, *context.command.collect_usage_pieces(context)])}`."
    return f"{path}: {said}{end}{called} See `{path} --help`."


def _typo(error: click.ClickException, context: click.Context | None) -> str | None:
    """An option that there is not, with the nearest that there is."""
    if not isinstance(error, click.NoSuchOption) or context is None:
        return None
    known = [name for param in context.command.get_params(context) for name in (*param.opts, *param.secondary_opts)]
    near = get_close_matches(error.option_name, [name for name in known if name.startswith("--")], n=1)
    return f"there is no option {error.option_name}" + (f"; did you mean {near[0]}?" if near else "")
