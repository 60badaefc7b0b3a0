"""The pages of the command: every option of every command, from click, and the exit codes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from inspect import cleandoc
from pathlib import Path
from typing import Any

import click

from making.markdown import plain, table
from translator.cli import translator


def options() -> str:
    lines = ["# Every option of every command", "", "As `translator COMMAND --help` has them."]
    for name, command in _commands(translator, ""):
        usage = " ".join(command.collect_usage_pieces(click.Context(command)))
        about = cleandoc((command.help or "").partition("\b")[0])
        if not about:
            raise LookupError(f"the command {name} says nothing of itself")
        lines += ["", f"## {name}", "", f"`translator {name} {usage}`", "", plain(about)]
        rows = [(f"`{_option(p)}`", plain(_help(p, name))) for p in command.params if isinstance(p, click.Option)]
        lines += table(["option", "says"], rows)
    return "\n".join(lines) + "\n"


def _commands(group: click.Group, above: str) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is None:
            raise LookupError(f"there is no command {above}{name}")
        yield f"{above}{name}", command
        if isinstance(command, click.Group):
            yield from _commands(command, f"{above}{name} ")


def _option(option: click.Option) -> str:
    name = ", ".join([*option.opts, *option.secondary_opts])
    if option.is_flag or option.count:
        return name
    return f"{name} {option.metavar or _value(option.type)}".replace("|", "\\|")


_VALUES = {
    "directory": "DIR", "file": "FILE", "path": "PATH", "filename": "FILE", "integer range": "N", "integer": "N",
    "float range": "N", "datetime": "TIME", "text": "TEXT",
}  # fmt: skip


def _value(kind: click.ParamType[Any]) -> str:
    if isinstance(kind, click.Choice):
        return "|".join(str(choice) for choice in kind.choices)
    if kind.name not in _VALUES:
        raise LookupError(f"how is an option of the type {kind.name!r} called?")
    return _VALUES[kind.name]


def _help(option: click.Option, name: str) -> str:
    if not option.help:
        raise LookupError(f"the option {option.opts[0]} of {name} says nothing of itself")
    many = " May be given more than once." if option.multiple and "more than once" not in option.help else ""
    plainly = isinstance(option.default, str | int | float) and not isinstance(option.default, bool) and not option.is_flag
    usual = f" When not given: {option.default}." if plainly else ""
    return option.help.rstrip(".") + "." + usual + many


def exit_codes(readme: Path) -> str:
    codes = (translator.help or "").partition("Exit codes:")[2]
    rows = re.findall(r"^\| (\d+) \| (.*) \|$", readme.read_text(encoding="utf-8"), re.M)
    if {code for code, _ in rows} != set(re.findall(r"\b(\d+) [a-z]", codes)):
        raise LookupError("README.md and the help do not have the same exit codes")
    return "# Exit codes\n" + "\n".join(table(["code", "meaning"], rows)) + "\n"
