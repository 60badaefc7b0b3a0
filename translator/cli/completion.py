"""The commands ``completion install`` and ``uninstall``: a shell learns to complete commands, options, tables and codes.

What is written is said, and nothing is written twice. The script itself is click's; what it offers is for ``complete``.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable
from pathlib import Path

import click
from attrs import define

from translator.cli import Commands

_SHELLS = ("bash", "zsh", "fish", "powershell")
_MARK = "# completion of the command translator"
_ZSH = "(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }\n"  # the script needs it, and may come first


@define
class _Home:
    """Where the script of a shell stands, and the file that must name it, if the shell does not look there by itself."""

    script: Path
    start: Path | None = None

    @property
    def line(self) -> str:
        """What the start file says."""
        file = shlex.quote(str(self.script))
        return f"[ -r {file} ] && . {file}  {_MARK}\n"


class _Completion(Commands):
    homes = dict.fromkeys(("install", "uninstall"), "completion")


@click.command(cls=_Completion)
def completion() -> None:
    """Teach your shell to complete the commands.

    \b
    Example:
      translator completion install bash
    """


def _shell(command: Callable[..., None]) -> Callable[..., None]:
    return click.argument("shell", required=False, type=click.Choice(_SHELLS))(command)


@click.command()
@_shell
@click.option("--print", "only_print", is_flag=True, help="Print the script; write nothing.")
def install(shell: str | None, only_print: bool) -> None:
    """Write the script that completes commands, and let the shell find it.

    Without SHELL it is the one that you use (from SHELL in the environment).
    For bash and zsh one line is added to the file that they start with. Called
    again nothing changes. For PowerShell the script is only printed.

    \b
    Example:
      translator completion install zsh
    """
    chosen = _chosen(shell)
    script = _script(chosen)
    if only_print or chosen == "powershell":
        click.echo(script, nl=False)
        if not only_print:
            click.echo("Put this into your profile: translator completion install powershell >> $PROFILE", err=True)
        return
    home = _home(chosen)
    _say(_write(home.script, script), home.script, "the completions")
    if home.start is not None:
        _say(_add(home.start, home.line), home.start, "one line that reads them")
    click.echo("New shells complete `translator`. In this one: exec " + chosen, err=True)


@click.command()
@_shell
def uninstall(shell: str | None) -> None:
    """Take away what install wrote: the script, and the line in the start file.

    \b
    Example:
      translator completion uninstall zsh
    """
    chosen = _chosen(shell)
    if chosen == "powershell":
        raise click.UsageError("nothing was written for PowerShell: take the lines out of your profile, which $PROFILE names")
    home = _home(chosen)
    gone = False
    if home.start is not None and home.start.is_file():
        data = home.start.read_bytes()
        kept = b"".join(line for line in data.splitlines(keepends=True) if not line.rstrip().endswith(_MARK.encode()))
        if kept != data:
            home.start.write_bytes(kept)
            click.echo(f"{home.start}: the line is out", err=True)
            gone = True
    if home.script.is_file():
        home.script.unlink()
        click.echo(f"{home.script}: removed", err=True)
        gone = True
    if not gone:
        click.echo(f"nothing was installed for {chosen}", err=True)


def _chosen(shell: str | None) -> str:
    """The shell that was named, or the one that is used."""
    if shell is not None:
        return shell
    used = Path(os.environ.get("SHELL", "")).name
    if used not in _SHELLS:
        said = f"your shell is {used}" if used else "the environment does not say which shell you use (SHELL)"
        raise click.UsageError(f"{said}: name one of {', '.join(_SHELLS)}")
    return used


def _script(shell: str) -> str:
    """The script of a shell, as click makes it."""
    from click.shell_completion import get_completion_class

    from translator.cli import translator

    maker = get_completion_class(shell)
    if maker is None:
        raise click.UsageError(f"completion for {shell} needs click 8.5 or newer: pip install --upgrade click")
    made = maker(translator, {}, "translator", "_TRANSLATOR_COMPLETE")
    text = made.source_template % made.source_vars()  # not source(), which calls the shell to ask for its version
    return (_ZSH if shell == "zsh" else "") + text.strip("\n") + "\n"


def _home(shell: str) -> _Home:
    """Where a shell's script belongs."""
    home = Path.home()
    if shell == "fish":
        return _Home(_place("XDG_CONFIG_HOME", home / ".config") / "fish" / "completions" / "translator.fish")
    start = home / ".bashrc" if shell == "bash" else _place("ZDOTDIR", home) / ".zshrc"
    return _Home(_place("XDG_DATA_HOME", home / ".local" / "share") / "translator" / f"completion.{shell}", start)


def _place(name: str, usual: Path) -> Path:
    """A folder that the environment names, or the usual one."""
    named = os.environ.get(name, "")
    return Path(named) if os.path.isabs(named) else usual


def _write(path: Path, text: str) -> bool:
    """Write a file of ours; whether it was otherwise before."""
    if path.is_file() and path.read_text(encoding="utf-8", errors="replace") == text:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return True


def _add(path: Path, line: str) -> bool:
    """Add a line to the end of somebody's file, unless it is there; whether it was added. Nothing else of it changes."""
    data, added = (path.read_bytes() if path.is_file() else b""), os.fsencode(line)
    if added in data.splitlines(keepends=True):
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        file.write((b"\n" if data and not data.endswith(b"\n") else b"") + added)
    return True


def _say(changed: bool, path: Path, what: str) -> None:
    click.echo(f"{path}: {what}" + ("" if changed else ", as before"), err=True)
