"""The manners of the command line: what a terminal shows that a pipe does not, errors, help, completion; the comparison's table.

Terminals are pseudo-terminals. How long work lasts is decided by who writes to its stdin, never by the machine.
"""

from __future__ import annotations

import fcntl
import importlib.util
import os
import pty
import re
import select
import shutil
import struct
import subprocess
import sys
import termios
import time
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

import click
import pytest
from click.shell_completion import BashComplete

from translator.catalogue import CATALOGUE
from translator.cli import translator as group

ROOT = Path(__file__).resolve().parent.parent
PUBLISHED = ROOT / "samples/published-sample/1-850.edi"
COMPARE = ROOT / "benchmarks/compare"
BAR = re.compile(rb"\r[^\r\n]*\x1b\[K")  # one drawing of the bar, or its end
PATIENCE = 30  # seconds for something that comes
# Makes the terminal the one whose keys a command hears, and becomes that command.
AT_THE_KEYBOARD = "import fcntl, os, sys, termios; fcntl.ioctl(2, termios.TIOCSCTTY, 0); os.execv(sys.argv[1], sys.argv[1:])"


class Screen:
    """A command on a terminal of 80 columns, with a pipe for its stdin: what it shows is read as it comes."""

    def __init__(self, *words: str, out: Path | None = None, **environment: str) -> None:
        clean = {key: value for key, value in os.environ.items() if key not in ("CI", "NO_COLOR", "TERM", "COLUMNS")}
        clean |= {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", "TERM": "xterm"} | environment
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        with open(out or os.devnull, "wb") as file:
            self.child = subprocess.Popen(
                [sys.executable, "-c", AT_THE_KEYBOARD, sys.executable, "-m", "translator", *words],
                stdin=subprocess.PIPE,
                stdout=file if out else slave,
                stderr=slave,
                cwd=ROOT,
                env=clean,
                start_new_session=True,
            )
        os.close(slave)
        self.shown = b""

    def give(self, data: bytes) -> None:
        """Something on its stdin."""
        assert self.child.stdin
        self.child.stdin.write(data)
        self.child.stdin.flush()

    def until(self, pattern: bytes, times: int = 1) -> None:
        """Wait until this was shown so often."""
        end = time.monotonic() + PATIENCE
        while len(re.findall(pattern, self.shown)) < times:
            assert time.monotonic() < end, self.shown
            self._look()

    def press(self, key: bytes) -> None:
        """A key of the keyboard."""
        os.write(self.master, key)

    def end(self) -> tuple[int, bytes]:
        """Nothing more on stdin; the exit code, and all that was shown."""
        assert self.child.stdin
        if not self.child.stdin.closed:
            self.child.stdin.close()
        while self._look():
            pass
        os.close(self.master)
        return self.child.wait(PATIENCE), self.shown

    def _look(self) -> bool:
        ready, _, _ = select.select([self.master], [], [], PATIENCE)
        try:
            data = os.read(self.master, 1 << 16) if ready else b""
        except OSError:  # the last writer is gone
            data = b""
        self.shown += data
        return bool(data)


def piped(*words: str, data: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    """A command as a script runs it."""
    clean = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"} | environment
    command = [sys.executable, "-m", "translator", *words]
    return subprocess.run(command, input=data, capture_output=True, cwd=ROOT, env=clean, timeout=60, check=False)


def plain(shown: bytes) -> bytes:
    """What a screen shows without the bar."""
    return BAR.sub(b"", shown).replace(b"\r\n", b"\n")


# --- the progress bar -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [["check", "-"], ["receipt", "-"], ["verdict", "-"]], ids=lambda words: words[0])
def test_long_work_shows_a_bar_and_nothing_else_differs(words: list[str]) -> None:
    data = PUBLISHED.read_bytes()
    screen = Screen(*words, "--now", "2026-03-09", NO_COLOR="1") if words[0] == "receipt" else Screen(*words, NO_COLOR="1")
    screen.until(rb"\x1b\[K")  # it waits, and says that it does
    screen.give(data)
    screen.until(rb"MB/s")
    screen.give(data)
    code, shown = screen.end()
    more = ["--now", "2026-03-09"] if words[0] == "receipt" else []
    done = subprocess.run(
        [sys.executable, "-m", "translator", *words, *more],
        input=data * 2,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
        timeout=60,
        check=False,
    )
    assert BAR.search(shown)
    assert b"standard input" in shown
    assert code == done.returncode
    assert sorted(plain(shown).splitlines()) == sorted(done.stdout.splitlines())
    assert shown.rstrip(b"\n").rpartition(b"\x1b[K")[2].count(b"MB/s") == 0, "the bar is gone at the end"


def test_documents_in_a_file_are_what_they_are_in_a_pipe(tmp_path: Path) -> None:
    screen = Screen("read", "-", out=tmp_path / "out", NO_COLOR="1")
    screen.until(rb"\x1b\[K")
    data = PUBLISHED.read_bytes()
    screen.give(data)
    screen.until(rb"warning", 6)
    screen.until(rb"MB/s")
    code, shown = screen.end()
    done = piped("read", "-", data=data)
    assert (code, (tmp_path / "out").read_bytes(), plain(shown)) == (done.returncode, done.stdout, done.stderr)


def test_a_bar_knows_its_place() -> None:
    """Where it is plain, and where there is none; all of them wait as long as one that shows it."""
    coloured = Screen("check", "-")
    without = {
        "a build server": Screen("check", "-", CI="true"),
        "a dumb terminal": Screen("check", "-", TERM="dumb"),
    }
    coloured.until(rb"\x1b\[K", 4)
    data = PUBLISHED.read_bytes()
    for screen in (coloured, *without.values()):
        screen.give(data)
    assert b"\x1b[1m" in coloured.end()[1], "findings have colour"
    for name, screen in without.items():
        assert not BAR.search(screen.end()[1]), name
    assert b"\x1b[" not in without["a dumb terminal"].shown


def test_short_work_shows_nothing() -> None:
    """A machine that is busy may make it long: of some tries one is short."""
    for _ in range(5):
        code, shown = Screen("check", str(PUBLISHED), NO_COLOR="1").end()
        if not BAR.search(shown):
            break
    assert (code, BAR.findall(shown)) == (0, [])
    assert b"0 errors, 6 warnings" in shown


def test_a_bar_says_how_far_and_how_fast(monkeypatch: pytest.MonkeyPatch) -> None:
    from translator.cli import progress

    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        monkeypatch.setattr(sys, "stderr", nowhere)
        bar = progress._Bar("in\x1b.edi", 40_000_000, progress.BYTES)
        bar.begun -= 4
        bar.saw(10_000_000)
        assert re.fullmatch(r"in\\x1b.edi  ━{9,10} {28,31}  25%  10.0 MB  2.5 MB/s  0:1[12] left", bar.line(90))
        assert all(len(bar.line(columns)) <= columns for columns in range(1, 120))
        orders = progress._Bar("adopting", None, "files")
        orders.begun -= 2
        assert orders.line(79) == "adopting  0:02"
        orders.saw(100)
        assert orders.line(79) == "adopting  100 files  50 files/s  0:02"


def test_ctrl_c_leaves_a_clean_line() -> None:
    screen = Screen("check", "-", NO_COLOR="1")
    screen.until(rb"\x1b\[K")
    screen.press(b"\x03")
    screen.until(b"Call it again")  # before its stdin ends: the terminal takes its time
    code, shown = screen.end()
    assert code == 130
    left = shown.replace(b"^C", b"").rpartition(b"\x1b[K")[2].strip()
    assert left == b"error: stopped before the end: what came out is not whole. Call it again"


# --- errors -----------------------------------------------------------------------------------------------------------------------

ERRORS: list[tuple[list[str], int, str]] = [
    (
        ["read", "--prety", "x"],
        2,
        "translator read: there is no option --prety; did you mean --pretty? See `translator read --help`.",
    ),
    (["--versoin"], 2, "translator: there is no option --versoin; did you mean --version? See `translator --help`."),
    (["reed"], 2, "translator: no such command 'reed'. Did you mean 'read'? See `translator --help`."),
    (["exchange", "rum"], 2, "translator exchange: no such command 'rum'. Did you mean 'run'? See `translator exchange --help`."),
    (["read"], 2, "Call it as `translator read [OPTIONS] FILE…`."),
    (["read", "x", "--limit", "a=b"], 2, "translator read: invalid value for '--limit'"),
    (["new", "invoice"], 2, "translator new: --order names the order that is answered. See `translator new --help`."),
    (["read", "not-there.edi"], 3, "not-there.edi: No such file or directory. Is the name spelled right"),
    (["read", "samples"], 3, "samples: Is a directory. Name the files in it"),
    (["read", "README.md"], 3, "README.md: this is not X12"),
    (["labels", "not-there.json"], 3, "not-there.json: No such file or directory. Is the name spelled right"),
    (["tables", "target", "999"], 5, "there is no mappings/target/999.toml: `translator tables` lists what is shipped"),
    (["exchange", "status", "samples"], 5, "`translator exchange init samples` makes one"),
    (["verdict", "samples/guest/1-850.edi"], 1, "it holds no acknowledgment. Give a file"),
    (["completion", "install", "tcsh"], 2, "'tcsh' is not one of 'bash', 'zsh', 'fish', 'powershell'"),
]


@pytest.mark.parametrize(("words", "code", "says"), ERRORS, ids=[" ".join(words) for words, _, _ in ERRORS])
def test_every_error_is_one_line_of_one_shape(words: list[str], code: int, says: str) -> None:
    done = piped(*words)
    told = done.stderr.decode()
    assert done.returncode == code, told
    assert re.fullmatch(r"error: [^\n]+\n", told), told
    assert says in told
    assert not done.stdout


def test_colour_is_for_terminals_that_want_it() -> None:
    screens = {
        "wanted": Screen("read", "not-there.edi"),
        "an empty NO_COLOR": Screen("read", "not-there.edi", NO_COLOR=""),
        "NO_COLOR": Screen("read", "not-there.edi", NO_COLOR="0"),
        "dumb": Screen("read", "not-there.edi", TERM="dumb"),
    }
    shown = {name: screen.end()[1] for name, screen in screens.items()}
    assert {name for name, text in shown.items() if b"\x1b[31m\x1b[1merror\x1b[0m: not-there.edi" in text} == {
        "wanted",
        "an empty NO_COLOR",
    }
    assert all(text.startswith(b"error: not-there.edi") for name, text in shown.items() if name in ("NO_COLOR", "dumb"))


# --- the tour and the help --------------------------------------------------------------------------------------------------------


def test_without_a_command_there_is_a_short_tour() -> None:
    done = piped()
    lines = done.stdout.decode().splitlines()
    assert (done.returncode, done.stderr) == (0, b"")
    assert 8 <= len(lines) <= 12
    assert max(map(len, lines)) <= 80
    named = re.findall(r"translator ([a-z]+)", done.stdout.decode())
    assert len(named) >= 5
    assert set(named) <= set(group.list_commands(click.Context(group)))
    assert all((ROOT / file).exists() for file in re.findall(r"samples/\S+", done.stdout.decode()))


def every(command: click.Command, name: str, parent: click.Context | None = None) -> list[tuple[str, click.Command, click.Context]]:
    """A command and all below it, each with its whole name and a context of 80 columns."""
    context = click.Context(command, parent=parent, info_name=name, terminal_width=80)
    found = [(context.command_path, command, context)]
    if isinstance(command, click.Group):
        for inner in command.list_commands(context):
            one = command.get_command(context, inner)
            assert one is not None
            found += every(one, inner, context)
    return found


COMMANDS = every(group, "translator")


@pytest.mark.parametrize(("name", "command", "context"), COMMANDS, ids=[name for name, _, _ in COMMANDS])
def test_help_fits_and_has_an_example(name: str, command: click.Command, context: click.Context) -> None:
    text = command.get_help(context)
    assert [line for line in text.splitlines() if len(line) > 80] == []
    if command is not group:
        examples = re.findall(rf"^ +({re.escape(name)}\b.*|translator .*{re.escape(name)}.*)$", text.partition("Example")[2], re.M)
        assert examples, f"no example calls {name}"
    if isinstance(command, click.Group):
        assert "..." not in text.partition("Commands:")[2], "a sentence was cut off"


# --- completion -------------------------------------------------------------------------------------------------------------------

OFFERED: list[tuple[str, str, list[str], list[str]]] = [
    ("commands", "re", [], ["read", "receipt", "redact"]),
    ("commands below", "re", ["exchange"], ["refuse", "release", "resend"]),
    ("options", "--pr", ["read"], ["--pretty"]),
    ("tables", "target/85", ["read", "--guide"], ["target/850", "target/855", "target/856"]),
    ("partners", "tar", ["tables"], ["target"]),
    ("sets of a partner", "85", ["tables", "target"], ["850", "855", "856"]),
    ("codes", "element-co", ["explain"], sorted(code for code in CATALOGUE if code.startswith("element-co"))),
    ("settings", "acknowledged_d", ["write", "x.json", "--setting"], ["acknowledged_date="]),
    ("values of a setting", "acknowledgment_ship_to=", ["write", "x.json", "--setting"], [
        "acknowledgment_ship_to=no", "acknowledgment_ship_to=yes",
    ]),
    ("values of a setting that is none", "colour=", ["write", "x.json", "--setting"], []),
    ("shells", "f", ["completion", "install"], ["fish"]),
    ("with tables that are not there", "t", ["read", "--mappings", "/nowhere", "--guide"], []),
]  # fmt: skip


@pytest.mark.parametrize(("begun", "words", "items"), [one[1:] for one in OFFERED], ids=[one[0] for one in OFFERED])
def test_a_shell_is_offered(begun: str, words: list[str], items: list[str]) -> None:
    found = BashComplete(group, {}, "translator", "_TRANSLATOR_COMPLETE").get_completions(words, begun)
    if "/nowhere" in words:  # the shipped tables are there all the same
        assert {one.value.partition("/")[0] for one in found} == {"target"}
        return
    assert sorted(one.value for one in found) == items


@pytest.mark.parametrize(
    "words", [["read"], ["check", "--order"], ["verdict", "--sent"], ["labels"], ["new", "invoice", "--shipment"]], ids=" ".join
)
def test_files_are_left_to_the_shell(words: list[str]) -> None:
    found = BashComplete(group, {}, "translator", "_TRANSLATOR_COMPLETE").get_completions(words, "sam")
    assert [(one.value, one.type) for one in found] == [("sam", "file")]


def test_completing_imports_nothing_heavy() -> None:
    at_exit = "import atexit, sys; atexit.register(lambda: print(*sys.modules, file=sys.stderr))"
    asked = {"_TRANSLATOR_COMPLETE": "bash_complete", "COMP_WORDS": "translator tables target 8", "COMP_CWORD": "3"}
    done = subprocess.run(
        [sys.executable, "-c", f"{at_exit}; from translator.cli import main; main()"],
        env=os.environ | {"PYTHONPATH": str(ROOT)} | asked,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "plain,850" in done.stdout.splitlines()
    heavy = {"jsonschema", "cattrs", "rich", "asyncio", "sqlite3", "jinja2", "starlette", "translator.walk", "translator.exchange"}
    assert sorted(heavy & set(done.stderr.split())) == []


SHELLS = {
    "bash": (".local/share/translator/completion.bash", ".bashrc"),
    "zsh": (".local/share/translator/completion.zsh", ".zshrc"),
    "fish": (".config/fish/completions/translator.fish", None),
}


@pytest.mark.parametrize("shell", SHELLS)
def test_completion_is_installed_once_and_taken_away(shell: str, tmp_path: Path) -> None:
    script, start = SHELLS[shell]
    places = {"HOME": str(tmp_path), "SHELL": f"/usr/bin/{shell}", "XDG_DATA_HOME": "", "XDG_CONFIG_HOME": "", "ZDOTDIR": ""}
    if start:
        (tmp_path / start).write_bytes(b"export CITY=\xff\r\n# mine\n")

    def files() -> dict[str, bytes]:
        return {path.relative_to(tmp_path).as_posix(): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}

    before = files()
    printed = piped("completion", "install", shell, "--print", **places)
    assert files() == before, "--print writes nothing"
    first = piped("completion", "install", **places)
    assert first.returncode == 0
    assert str(tmp_path / script) in first.stderr.decode()
    written = files()
    assert written[script] == printed.stdout
    assert set(written) - set(before) == {script}
    if start:
        assert str(tmp_path / start) in first.stderr.decode()
        assert written[start].startswith(before[start])
        assert written[start].count(b"\n") == before[start].count(b"\n") + 1
    again = piped("completion", "install", shell, **places)
    assert (again.returncode, again.stderr.decode().count("as before")) == (0, 2 if start else 1)
    assert files() == written, "nothing twice"
    gone = piped("completion", "uninstall", **places)
    assert gone.returncode == 0
    assert files() == before
    assert b"nothing was installed" in piped("completion", "uninstall", shell, **places).stderr


def test_bash_completes_what_was_installed(tmp_path: Path) -> None:
    places = {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "it's data")}
    assert piped("completion", "install", "bash", **places).returncode == 0
    (tmp_path / "translator").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m translator "$@"\n')
    (tmp_path / "translator").chmod(0o755)
    asked = """. ~/.bashrc; complete -p translator; COMP_WORDS=(translator explain element-cod); COMP_CWORD=2
        _translator_completion translator; echo "${COMPREPLY[@]}" """
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PATH": f"{tmp_path}:{os.environ['PATH']}"} | places
    done = subprocess.run(["bash", "--norc", "-c", asked], env=environment, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.splitlines() == ["complete -o nosort -F _translator_completion translator", "element-code"]


def test_a_shell_that_is_not_known_is_asked_for(tmp_path: Path) -> None:
    for shell, says in (("/bin/csh", "your shell is csh"), ("", "does not say which shell you use")):
        done = piped("completion", "install", HOME=str(tmp_path), SHELL=shell)
        assert done.returncode == 2
        assert says in done.stderr.decode()
        assert "bash, zsh, fish, powershell" in done.stderr.decode()
    assert list(tmp_path.iterdir()) == []


# --- the comparison with others ---------------------------------------------------------------------------------------------------


def module(name: str) -> ModuleType:
    """A module of the comparison."""
    about = importlib.util.spec_from_file_location(f"compare_{name}", COMPARE / f"{name}.py")
    assert about and about.loader
    made = importlib.util.module_from_spec(about)
    about.loader.exec_module(made)
    return made


def peers() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads((COMPARE / "peers.toml").read_text(encoding="utf-8"))["peer"]
    return found


def test_every_driver_compiles_and_is_somebodys() -> None:
    named = {peer["driver"] for peer in peers()}
    assert named == {path.name for path in COMPARE.glob("read_*")}
    for path in COMPARE.glob("*.py"):
        compile(path.read_text(encoding="utf-8"), str(path), "exec")
    node = shutil.which("node")
    for path in COMPARE.glob("*.js"):
        text = path.read_text(encoding="utf-8")
        assert [text.count(one) for one in "([{"] == [text.count(one) for one in ")]}"]
        if node:
            subprocess.run([node, "--check", path], check=True, capture_output=True)


def test_peers_say_what_they_do_and_what_not() -> None:
    kinds = module("table").KINDS
    for peer in peers():
        assert peer["kind"] in kinds
        assert peer["does"] and peer["lacks"]
        assert peer["installer"] in ("none", "pip", "npm")
        assert ("version" in peer) == (peer["installer"] != "none")


def test_the_table_says_figures_ratios_and_what_could_not() -> None:
    ours = {"name": "ours", "installer": "none", "kind": "document", "does": "all", "lacks": "nothing", "version": "1"}
    other = {"name": "other", "installer": "pip", "kind": "segments", "does": "a", "lacks": "b", "version": "2"}
    none = {"name": "none", "installer": "npm", "kind": "envelope", "does": "a", "lacks": "b", "failed": {"all": "it is not there"}}
    every_figure = {"1": (30.0, 30.0), "10": (30.0, 30.0), "peak": (40.0, 40.0), "cold": (100.0, 100.0)}
    some = {"1": (3.0, 30.0), "peak": (80.0, 40.0), "cold": (50.0, 100.0)}
    rows = [{**ours, "measures": every_figure}, {**other, "measures": some, "failed": {"10": "not within 60 seconds"}}, none]
    text = module("table").table(rows, "Measured today.")
    lines = text.splitlines()
    assert lines[0] == "Measured today."
    assert lines[4:7] == [
        "| **this translator** 1 | validated business document | 30.0 | 30.0 | 40 | 100 |",
        "| other 2 | segments | 3.0 (0.10) | could not | 80 (2.00) | 50 (0.50) |",
        "| none | segments, envelope checked | could not | could not | could not | could not |",
    ]
    assert "  With 10 MB it could not: not within 60 seconds" in lines
    assert "  At all, it could not: it is not there" in lines
    assert len({line.count("|") for line in lines if line.startswith("|")}) == 1
