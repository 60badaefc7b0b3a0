"""The project as a newcomer meets it: README, docs, help, exit codes, what the command imports, and the wheel far from the clone.

Every `console` and `python` block of README.md, docs/ and mappings/ is run as it stands. Nothing here looks at what a document
says; only that the commands say it in the right place, with the right exit code, and never with a traceback.
"""

from __future__ import annotations

import ast
import importlib
import json
import os
import re
import shlex
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import click
import pytest

import translator
from translator.catalogue import CATALOGUE
from translator.cli import translator as group
from translator.tables import carryrule, elements, load, partner

ROOT = Path(__file__).resolve().parent.parent
GUEST = "samples/guest/1-850.edi"
PUBLISHED = "samples/published-sample/1-850.edi"
ORDER, BLANKET = "samples/stand-alone/2-order.json", "samples/blanket-and-release/2-order.json"
PLACE = {"file", "set", "at", "segment", "ref", "line", "offset"}
FIELDS = PLACE | {"code", "severity", "value", "expected", "rule", "sentence", "cure"}

# What `translator read FILE` imports of ours. Starting costs every call: add a module only because reading needs it.
READ_IMPORTS = """
cli cli.answering cli.colour cli.console cli.reading
errors findings shipped catalogue catalogue.answered catalogue.bodies catalogue.columns catalogue.entry catalogue.exchanged
catalogue.received
tables tables.accuse tables.checks tables.choose tables.elements tables.lint tables.load tables.partner tables.paths tables.placing
tables.read tables.standard tables.table tables.tree
walk walk.bulk walk.inward
x12 x12.elements x12.envelope x12.numbers x12.part x12.wire
"""
ANSWERS = ["acknowledgment", "shipment", "invoice", "functional_acknowledgment", "interchange_acknowledgment", "change"]
KINDS = ["order", *ANSWERS]
# What docs/documents.md names key by key: all but what every document has, which stands in the order's table.
EVERYWHERE = {"document", "partner", "guide", "envelope", "erp", "findings", "residue"}
PARTS = {
    "answered_order",
    "answered_line",
    "answer",
    "shipped_order",
    "carton",
    "packed_item",
    "invoice_line",
    "acknowledged_set",
    "changed_line",
}
# Seconds of start-up between them, and no document needs them to be read.
HEAVY = {"jsonschema", "referencing", "cattrs", "rich", "asyncio", "multiprocessing", "concurrent", "hypothesis", "logging", "ssl"}


def environment(**more: str) -> dict[str, str]:
    """An environment in which commands find this checkout, and print plainly."""
    return os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", "NO_COLOR": "1"} | more


def run(*words: str, data: bytes = b"", cwd: Path = ROOT) -> subprocess.CompletedProcess[bytes]:
    """A command as a user runs it. No command may ever show a traceback."""
    command = [sys.executable, "-m", "translator", *words]
    done = subprocess.run(command, input=data, capture_output=True, cwd=cwd, env=environment(), timeout=60)
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    return done


@cache
def guest() -> bytes:
    return (ROOT / GUEST).read_bytes()


@cache
def broken() -> bytes:
    """The guest's order with a code that there is not."""
    return guest().replace(b"CSH*N~", b"CSH*Q~")


@cache
def files() -> list[Path]:
    """The project's own files: what git knows or would take; without git, what stands in the folders."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        found = [ROOT / name for name in listed.stdout.split("\0") if name]
    else:
        folders = ["translator", "mappings", "schemas", "samples", "docs", "tests", "benchmarks"]
        found = [p for folder in folders for p in (ROOT / folder).rglob("*") if "__pycache__" not in p.parts]
        found += ROOT.glob("*.*")
    return [path for path in found if path.is_file()]


# --- README, docs and help --------------------------------------------------------------------------------------------------


PAGES = ["README.md", *sorted(p.relative_to(ROOT).as_posix() for f in ("docs", "mappings") for p in (ROOT / f).rglob("*.md"))]
PAGES = [name for name in PAGES if not name.startswith("docs/reference/")]  # made, not written
# A block: the file that it is put into, where a line **`file`** stands before it; its kind; its text.
BLOCK = re.compile(r"(?:^\*\*`([^`\n]+)`\*\*\n\n)?^```([^\n]*)\n(.*?)^```$", re.M | re.S)
# Blocks that are not run: a drawing, a line for another program's settings, keys of a table. What else is done with them: tables
# must load (below, and in test_columns), lines that call `translator` must be such as it takes.
SHOWN = {"text", "toml"}


@cache
def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(name: str, kind: str) -> list[str]:
    """The fenced blocks of a kind in a Markdown file."""
    return [text for _, of, text in BLOCK.findall(page(name)) if of == kind]


def steps(block: str) -> list[tuple[str, str]]:
    """The commands of a console block, each with the output shown below it; lines after > go on with a command."""
    parts = re.split(r"^\$ (.*(?:\n> .*)*)\n", block, flags=re.M)
    assert parts[0] == "", "a console block begins with a command"
    commands = [command.replace("\n> ", "\n") for command in parts[1::2]]
    return list(zip(commands, parts[2::2], strict=True))


def prompts(block: str) -> list[str]:
    """The commands of a block; a text block shows what is not run, such as one that goes on until it is stopped."""
    return [command.replace("\n> ", "\n") for command in re.findall(r"^\$ (.*(?:\n> .*)*)$", block, re.M)]


def matches(shown: str, said: str) -> bool:
    """Whether output is what is shown, where … stands for anything."""
    return re.fullmatch(re.escape(shown).replace("…\n", ".*\n").replace("…", ".*"), said, re.S) is not None


# The command on a desk. Nobody is still writing a file there: a new exchange takes files without a pause between two looks.
COMMAND = """#!/bin/sh
[ "$1 $2" = "exchange init" ] || exec PYTHON -m translator "$@"
PYTHON -m translator "$@" && sed -i 's/^settle_seconds .*/settle_seconds = 0/' "$3/exchange.toml"
"""


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """An empty folder with the samples and mappings in it, and `translator` on the PATH."""
    for name in ("samples", "mappings", "schemas"):
        (tmp_path / name).symlink_to(ROOT / name)
    command = tmp_path / "bin" / "translator"
    command.parent.mkdir()
    command.write_text(COMMAND.replace("PYTHON", shlex.quote(sys.executable)))
    command.chmod(0o755)
    return tmp_path


def shown_and_said(block: str, desk: Path) -> Iterator[str]:
    """What is wrong with a console block: output that is not as shown, an exit code that is not asked for."""
    where = environment(PATH=f"{desk / 'bin'}{os.pathsep}{os.environ['PATH']}", HOME=str(desk))
    listed, code = steps(block), 0
    for n, (command, shown) in enumerate(listed):
        asks = n + 1 < len(listed) and listed[n + 1][0] == "echo $?"
        line = ["bash", "-c", f"(exit {code}); {command}"]
        done = subprocess.run(line, cwd=desk, env=where, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
        code, said = done.returncode, done.stdout.decode()
        if "Traceback" in said or not matches(shown, said):
            yield f"$ {command}\n{said}\n--- shown is\n{shown}"
        elif code and not asks:
            yield f"$ {command}\nexit code {code}, and nothing says so"


@pytest.mark.parametrize("name", [name for name in PAGES if BLOCK.search(page(name))])
def test_what_a_page_shows_happens(name: str, desk: Path) -> None:
    """The blocks of a page, one after another on one desk: a user who follows it word for word."""
    wrong: list[str] = []
    for file, kind, text in BLOCK.findall(page(name)):
        if file:
            assert not Path(file).is_absolute() and ".." not in Path(file).parts
            (desk / file).parent.mkdir(parents=True, exist_ok=True)
            (desk / file).write_text(text, encoding="utf-8")
        elif kind == "console":
            wrong += shown_and_said(text, desk)
        elif kind == "python":
            line = [sys.executable, "-c", text]
            done = subprocess.run(line, cwd=desk, env=environment(), capture_output=True, text=True, timeout=60)
            wrong += [done.stderr] if done.returncode or done.stderr else []
        elif kind not in SHOWN and not kind.startswith("{"):
            wrong.append(f"a block of kind {kind!r} is neither run nor put into a file")
        if "\n" in text and kind in SHOWN:
            wrong += [line for line in re.findall(r"\btranslator (?!:)(.*)", text) if not takes(shlex.split(line))]
    assert not wrong, f"{name}\n" + "\n\n".join(wrong)


def takes(words: list[str]) -> bool:
    """Whether these are words of the command: a subcommand and options that there are."""
    command: click.Command | None = group
    while isinstance(command, click.Group):
        command = command.get_command(click.Context(command), words.pop(0)) if words else None
    if command is None:
        return False
    known = {option for p in command.params for option in p.opts}
    return all(word.split("=")[0] in known for word in words if word.startswith("--"))


def commands(of: click.Group = group, above: str = "") -> Iterator[tuple[str, click.Command]]:
    """Every command by its words, as in "exchange run", the groups among them too."""
    context = click.Context(of)
    for name in of.list_commands(context):
        command = of.get_command(context, name)
        assert command is not None
        yield f"{above}{name}", command
        if isinstance(command, click.Group):
            yield from commands(command, f"{above}{name} ")


COMMANDS = [name for name, _ in commands() if " " not in name]


def test_every_command_has_its_page() -> None:
    assert sorted(p.stem for p in (ROOT / "docs/commands").glob("*.md") if p.stem != "index") == sorted(COMMANDS)
    listed = re.findall(r"^\| \[([a-z]+)\]\(docs/commands/\1\.md\) \|", page("README.md"), re.M)
    assert sorted(listed) == sorted(COMMANDS), "README.md lists every command, each with its page"


@pytest.mark.parametrize(("name", "command"), list(commands()), ids=[name for name, _ in commands()])
def test_a_page_and_the_help_agree(name: str, command: click.Command) -> None:
    text = page(f"docs/commands/{name.split()[0]}.md")
    options = {option for p in command.params for option in p.opts if option.startswith("--")}
    assert [option for option in sorted(options) if not re.search(rf"`[^`\n]*{option}\b(?!-)", text)] == []
    assert command.help
    examples = re.findall(r"^\s*translator (.*?)(?:  +\S.*)?$", command.help.partition("Example")[2], re.M)
    assert examples, f"the help of {name} has no example"
    if " " in name:  # of a group: its page shows the way of a whole day, and names the examples
        assert [example for example in examples if example not in text] == []
    else:
        told = [block for kind in ("console", "text") for block in blocks(f"docs/commands/{name}.md", kind)]
        shown = [line for block in told for line in prompts(block)]
        assert [example for example in examples if f"translator {example}" not in shown] == []


def test_pages_name_options_that_there_are() -> None:
    known = {option for _, command in [*commands(), ("", group)] for p in command.params for option in p.opts} | {"--help"}
    for name in PAGES:
        strange = set(re.findall(r"`(?:[\w ]+ )?(--[a-z0-9-]+)", page(name))) - known
        assert not strange, f"{name} names options that no command has: {strange}"


def test_help_is_told() -> None:
    for words in (["--help"], ["-h"], *([name, "--help"] for name in COMMANDS)):
        done = run(*words)
        assert (done.returncode, done.stderr) == (0, b"")
        assert done.stdout.startswith(b"Usage: ")


def test_exit_codes_in_readme_and_help_agree() -> None:
    codes = set(re.findall(r"^\| (\d+) \|", page("README.md"), re.M))
    assert set(re.findall(r"\b(\d+) [a-z]", (group.help or "").partition("Exit codes:")[2])) == codes


@cache
def generated() -> dict[str, str]:
    """The pages that the documentation makes of code, tables and schemas, by their place below docs/reference."""
    sys.path.insert(0, str(ROOT / "docs"))
    try:
        return dict(importlib.import_module("making").pages())
    finally:
        sys.path.remove(str(ROOT / "docs"))


def names(schema: dict[str, Any]) -> Iterator[str]:
    """Every name that a document of this schema may have, at any depth."""
    yield from schema.get("properties", {})
    inner = [schema.get("items"), schema.get("additionalProperties")]
    for part in [*schema.get("properties", {}).values(), *schema.get("$defs", {}).values(), *inner]:
        if isinstance(part, dict):
            yield from names(part)


@pytest.mark.parametrize("kind", KINDS)
def test_the_reference_names_every_part_of_a_document(kind: str) -> None:
    schema = json.loads((ROOT / f"schemas/{kind}.schema.json").read_text(encoding="utf-8"))
    text = generated()[f"{kind}.md"]
    assert len(set(names(schema))) > 9
    assert [name for name in dict.fromkeys(names(schema)) if f"`{name}`" not in text] == []


def test_documents_page_names_what_stands_at_the_top() -> None:
    table = page("docs/documents.md").partition("at a glance")[2].partition("\n## ")[0]
    schema = json.loads((ROOT / "schemas/order.schema.json").read_text(encoding="utf-8"))
    assert [name for name in [*schema["properties"], *schema["$defs"]["line"]["properties"]] if f"`{name}`" not in table] == []
    for kind in KINDS[1:]:
        found = re.search(rf"^\| `{kind}` \|.*?(?=\n\n|\Z)", page("docs/documents.md"), re.M | re.S)
        assert found, f"docs/documents.md has no table for {kind}"
        schema = json.loads((ROOT / f"schemas/{kind}.schema.json").read_text(encoding="utf-8"))
        parts = [schema["properties"], *(about["properties"] for name, about in schema["$defs"].items() if name in PARTS)]
        wanted = dict.fromkeys(name for part in parts for name in part if name not in EVERYWHERE)
        assert [name for name in wanted if f"`{name}`" not in found[0]] == [], kind


def test_the_reference_has_every_finding_and_every_setting() -> None:
    findings, settings = generated()["findings.md"], generated()["settings.md"]
    assert [code for code in CATALOGUE if f"\n### {code}\n" not in findings] == []
    assert [name for name in partner.partner("target").settings if f"`{name}`" not in settings] == []


def test_the_reference_knows_all_that_it_is_made_of(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the generator does not know stops it; it never leaves anything out."""
    assert all(text.startswith("# ") for text in generated().values())
    monkeypatch.setitem(CATALOGUE, "made-up-finding", CATALOGUE["check-digit"])
    generated.cache_clear()
    try:
        with pytest.raises(LookupError, match="made-up-finding"):
            generated()
    finally:
        generated.cache_clear()


def test_the_library_page_names_what_the_library_has() -> None:
    assert [name for name in translator.__all__ if f"`{name}`" not in page("docs/library.md")] == []


def test_mappings_readme_teaches_every_key() -> None:
    text = (ROOT / "mappings/README.md").read_text(encoding="utf-8")
    rows = load._TOP | load._ROW | load._LOOP | load._TREE | carryrule.KEYS | set(carryrule.KINDS)
    parts = elements._PAIRS | elements._ELEMENT | elements._RULE | elements._VALUE | set(elements.TALLIED) | set(elements.RECKONED)
    names = rows | parts | partner._TOP | partner._GUIDE | partner._PROGRAM | partner._SETTING
    shown = set(re.findall(r"[a-z_]+", " ".join(re.findall(r"`[^`\n]+`", text))))
    assert sorted(names - shown) == []
    lines = re.findall(r"^\| ((?:`[a-z_]+` ?)+)\|", text, re.M)
    taught = {name for line in lines for name in re.findall(r"[a-z_]+", line)}
    assert sorted(elements._ELEMENT - taught) == [], "keys of an element without a line of their own"
    assert sorted(taught - elements._ELEMENT - rows) == [], "keys that no table may have"
    assert all(check in text for check in elements.CHECKS)
    assert all(tomllib.loads(block) for block in blocks("mappings/README.md", "toml"))


def test_recipes_of_the_mappings_readme_work(tmp_path: Path) -> None:
    [recipe] = [block for block in blocks("mappings/README.md", "toml") if "N201" in block]
    element = re.search(r"`(N202 = [^`]+)`", (ROOT / "mappings/README.md").read_text(encoding="utf-8"))
    assert element
    table = (ROOT / "mappings/target/850.toml").read_text(encoding="utf-8")
    place = '[[heading]]\nloop = "ST"\nsegment = "N3"\n'
    row = 'N201 = { use = "M", json = "more_names[]" }\n'
    assert table.count(place) == table.count(row) == 1
    (tmp_path / "target").mkdir()
    table = table.replace(row, f"{row}{element[1]}\n").replace(place, f"{recipe}\n{place}")
    (tmp_path / "target/850.toml").write_text(table, encoding="utf-8")
    data = guest().replace(b"N3*100 EXAMPLE AVE", b"N2*CARE OF~\nN3*100 EXAMPLE AVE").replace(b"SE*23*", b"SE*24*")
    done = run("read", "-", "--mappings", str(tmp_path), data=data)
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["parties"]["ship_to"]["more_names"] == ["CARE OF"]
    again = run("write", "-", "--mappings", str(tmp_path), data=done.stdout)
    assert (again.returncode, again.stdout, again.stderr) == (0, data, b"")


# --- the project's files ----------------------------------------------------------------------------------------------------


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    places = re.compile(rb"(?<![\w.*])/(?:work|root|home|Users|tmp)/")  # no such place stands in this line
    assert [str(path.relative_to(ROOT)) for path in files() if places.search(path.read_bytes())] == []


def heading(text: str) -> str:
    """A heading as a link names it: lower case, words joined by hyphens."""
    return re.sub(r"[^\w\- ]", "", text.replace("`", "").strip().lower()).replace(" ", "-")


def test_links_lead_somewhere() -> None:
    made = {ROOT / "docs/reference" / name: text for name, text in generated().items()}
    for path in (p for p in files() if p.suffix == ".md"):
        for link in re.findall(r"\]\(([^)]+)\)", path.read_text(encoding="utf-8")):
            target, _, part = link.partition("#")
            there = Path(os.path.normpath(path.parent / target)) if target else path
            assert there.exists() or there in made, f"{path.relative_to(ROOT)} links to {link}"
            if part:
                text = made.get(there) or there.read_text(encoding="utf-8")
                assert part in map(heading, re.findall(r"^#+ (.+)$", text, re.M)), f"{path.relative_to(ROOT)} links to {link}"


def test_changelog_tells_of_this_version() -> None:
    assert re.search(rf"^## {re.escape(translator.__version__)}\b", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.M)


def test_licence_is_whole() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert text.lstrip().startswith("Apache License")
    assert "END OF TERMS AND CONDITIONS" in text
    assert text.count("\n") > 200


def test_every_dependency_is_declared_and_used() -> None:
    used = set()
    for path in (ROOT / "translator").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Import):
                used |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
                used.add(node.module.split(".")[0])
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [name for extra in ("watch", "web", "connect") for name in project["optional-dependencies"][extra]]
    optional = {re.split(r"[^\w-]", name)[0].replace("-", "_") for name in extras}
    declared = {re.split(r"[^\w-]", name)[0] for name in project["dependencies"]} | optional
    assert {"attrs" if name == "attr" else name for name in used - set(sys.stdlib_module_names) - {"translator"}} == declared


# --- the command --------------------------------------------------------------------------------------------------------------


@cache
def imported() -> tuple[str, ...]:
    """The modules that are there when `translator read` ends."""
    at_exit = "import atexit, sys; atexit.register(lambda: print(*sys.modules, file=sys.stderr))"
    command = [sys.executable, "-c", f"{at_exit}; from translator.cli import main; main()", "read", GUEST]
    done = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True, check=True)
    return tuple(done.stderr.split())


def test_reading_imports_what_it_needs() -> None:
    ours = {name.removeprefix("translator.") for name in imported() if name.startswith("translator.")}
    assert " ".join(sorted(ours)) == " ".join(sorted(READ_IMPORTS.split())), "mend the import, or READ_IMPORTS if reading needs it"


def test_reading_imports_nothing_heavy() -> None:
    assert sorted(HEAVY & {name.split(".")[0] for name in imported()}) == []


BROKEN_TABLE = 'set = "850"\nrelease = "004010"\nsuprise = 1\n'
EXITS: list[tuple[str, int, list[str], bytes, str]] = [
    ("a clean order", 0, ["read", "-"], guest(), ""),
    ("warnings only", 0, ["check", PUBLISHED], b"", "0 errors, 6 warnings"),
    ("warnings that count", 1, ["check", PUBLISHED, "--fail-on", "warning"], b"", "0 errors, 6 warnings"),
    ("an error in an order read", 1, ["read", "-"], broken(), "element-code"),
    ("an error in an order checked", 1, ["check", "-"], broken(), "1 error"),
    ("a document that is none", 1, ["write", "-"], b'{"document": "order"}', "Nothing was written"),
    ("no command", 2, ["reed"], b"", "Did you mean 'read'?"),
    ("no such option", 2, ["read", "--nonsense", GUEST], b"", "--nonsense"),
    ("no file named", 2, ["read"], b"", "FILE"),
    ("no such finding", 2, ["explain", "elment-code"], b"", "did you mean element-code"),
    ("no such directory of tables", 2, ["read", GUEST, "--mappings", "no/such/place"], b"", "no/such/place"),
    ("no such file", 3, ["read", "no/such/file.edi"], b"", "no/such/file.edi"),
    ("a folder", 3, ["check", "samples"], b"", "samples"),
    ("not X12", 3, ["read", "README.md"], b"", "not X12"),
    ("nothing at all", 3, ["check", "-"], b"", "empty"),
    ("JSON where X12 is meant", 3, ["roundtrip", "schemas/order.schema.json"], b"", "JSON"),
    ("a table that does not load", 5, ["read", GUEST, "--mappings", "MAPPINGS"], b"", "suprise"),
    ("a list with a table that does not load", 5, ["tables", "--mappings", "MAPPINGS"], b"", "target/850.toml"),
    ("no such table", 5, ["read", GUEST, "--guide", "target/999"], b"", "target/999"),
    ("a table's name that leads astray", 5, ["read", GUEST, "--guide", "../../etc/passwd"], b"", "no name of a shipped file"),
    ("an answer that the program lacks", 4, ["new", "acknowledgment", "--order", ORDER], b"", "answer-none"),
    ("a shipment of a blanket order", 4, ["new", "shipment", "--order", BLANKET], b"", "order-blocked"),
    ("an order that is answered by nothing", 2, ["new", "invoice"], b"", "--order"),
    ("who we are, and no order", 2, ["write", "-", "--ours", "ZZ/1"], b"{}", "--order"),
    ("no order to be answered", 1, ["new", "invoice", "--order", "-"], b'{"document": "invoice"}', "orders belong here"),
    ("labels of an order", 3, ["labels", ORDER], b"", "a shipment is wanted here"),
    ("no acknowledgment to be told of", 1, ["verdict", GUEST], b"", "it holds no acknowledgment"),
    ("a set that is rejected", 1, ["receipt", "-"], guest().replace(b"0009-3300145-1001", b""), "rejected, 0 of 1 sets"),
    ("no such setting", 5, ["new", "invoice", "--order", ORDER, "--setting", "colour=blue"], b"", "has no setting 'colour'"),
    ("no such program", 5, ["new", "invoice", "--order", ORDER, "--program", "moon"], b"", "has no program 'moon'"),
    ("no such guide to print", 5, ["tables", "target", "999"], b"", "target/999"),
]


@pytest.mark.parametrize(("code", "words", "data", "says"), [case[1:] for case in EXITS], ids=[case[0] for case in EXITS])
def test_exit_code(code: int, words: list[str], data: bytes, says: str, tmp_path: Path) -> None:
    (tmp_path / "target").mkdir()
    (tmp_path / "target/850.toml").write_text(BROKEN_TABLE)
    done = run(*(str(tmp_path) if word == "MAPPINGS" else word for word in words), data=data)
    assert done.returncode == code, done.stderr.decode()
    assert says in done.stderr.decode()
    assert bool(done.stderr) == bool(says)


def test_documents_go_to_stdout_and_findings_to_stderr() -> None:
    done = run("read", PUBLISHED, "-", data=broken())
    first, second = done.stdout.splitlines()
    assert "findings" not in json.loads(first), "only errors are kept inside"
    assert [f["code"] for f in json.loads(second)["findings"]] == ["element-code"]
    lines = done.stderr.decode().splitlines()
    assert len(lines) == 7
    assert all(re.match(r"(?:warning|error) \[[a-z-]+\] ", line) for line in lines)
    assert "standard input" in lines[-1]


def test_check_says_findings_on_stdout() -> None:
    done = run("check", "-", data=broken())
    assert done.stdout.startswith(b"error [element-code] standard input, set 0001, segment 7 CSH, CSH01, byte ")
    assert done.stderr == b"1 set: 1 error, 0 warnings\n"


def test_check_json_has_all_fields() -> None:
    done = run("check", "--json", "-", data=broken())
    [found] = map(json.loads, done.stdout.splitlines())
    assert set(found) == FIELDS
    assert found["code"] == "element-code"
    assert (found["at"], found["ref"], found["value"], found["expected"]) == (7, "CSH01", "Q", "N, Y")
    assert broken()[found["offset"] :].startswith(b"CSH*Q~")
    assert found["line"] == broken()[: found["offset"]].count(b"\n") + 1


def test_pretty_is_the_same_document() -> None:
    plain, pretty = run("read", GUEST).stdout, run("read", GUEST, "--pretty").stdout
    assert plain.count(b"\n") == 1
    assert pretty.startswith(b'{\n  "document": "order",\n')
    assert json.loads(plain) == json.loads(pretty)


def test_derived_is_added_and_not_written() -> None:
    plain, more = (json.loads(run("read", GUEST, *words).stdout) for words in ([], ["--derived"]))
    assert more.pop("derived")["delivery"] == "guest"
    assert more == plain
    assert run("write", "-", data=run("read", GUEST, "--derived").stdout).stdout == guest()


def test_exact_gives_the_file_back() -> None:
    data = b"Dear supplier,\n" + broken().replace(b"PO1*000001*1*", b"PO1*000001*01*") + b"\nregards\n"
    kept = run("read", "--exact", "-", data=data)
    assert kept.returncode == 1
    assert run("write", "--exact", "-", data=kept.stdout).stdout == data


def test_control_and_now_number_and_date_an_interchange() -> None:
    document: dict[str, Any] = json.loads(run("read", GUEST).stdout)
    for name in ("control", "date", "time"):
        del document["envelope"][name]
    done = run("write", "-", "--control", "5", "--now", "2026-03-06T09:30", data=json.dumps(document).encode())
    assert (done.returncode, done.stderr) == (0, b"")
    isa, gs, st = done.stdout.decode().splitlines()[:3]
    assert (isa.split("*")[9:11], isa.split("*")[13]) == (["260306", "0930"], "000000005")
    assert (gs.split("*")[4:7], st) == (["20260306", "0930", "5"], "ST*850*0001~")


def test_tables_as_json() -> None:
    rows = [json.loads(line) for line in run("tables", "--json").stdout.splitlines()]
    kinds = {"api", "columns", "examples", "fields", "guide", "lists", "partner", "rules", "standard"}
    assert {row["kind"] for row in rows} == kinds
    guides = {row["table"]: row for row in rows if row["kind"] == "guide"}
    assert set(guides) == {"target/810", "target/850", "target/855", "target/856", "target/860", "x12/997"}
    assert {row["document"] for row in guides.values()} == {"order", *ANSWERS} - {"interchange_acknowledgment"}
    for guide in guides.values():
        assert set(guide) == {"table", "kind", "set", "release", "document", "rows", "loops", "source"}


def test_explain_lists_every_code() -> None:
    assert [line.split()[0] for line in run("explain").stdout.decode().splitlines()] == list(CATALOGUE)


@pytest.mark.parametrize("command", ["read FILE", "check FILE", "check FILE --json", "read --exact FILE"])
def test_a_reader_that_has_seen_enough_hears_nothing_more(command: str, tmp_path: Path) -> None:
    (tmp_path / "many.edi").write_bytes(broken() * 400)
    words = [str(tmp_path / "many.edi") if word == "FILE" else word for word in command.split()]
    line = f"{shlex.join([sys.executable, '-m', 'translator', *words])} 2>told | head -n 1"
    done = subprocess.run(["bash", "-c", line], cwd=tmp_path, env=environment(), capture_output=True, timeout=60, check=True)
    told = (tmp_path / "told").read_text()
    assert done.stdout.count(b"\n") == 1
    assert "Traceback" not in told
    assert "roken pipe" not in told


# --- the Makefile -----------------------------------------------------------------------------------------------------------------

# Stand-ins for a Python: what they answer to the questions that the Makefile asks. They only print, and write nothing.
FAKES = {
    "no Python at all": ("", "there is no"),
    "a Python that is too old": ('case "$2" in *print*) echo 3.9 ;; *) exit 1 ;; esac', "is Python 3.9; 3.11 or newer is needed"),
    "no venv module": ('case "$2" in *ensurepip*) exit 1 ;; esac', "apt-get install python3-venv"),
    "no index": ('case "$2" in pip) echo ERROR: no route; exit 1 ;; esac', "Can this machine reach a package index?"),
}


@pytest.mark.parametrize("missing", FAKES)
def test_make_says_what_is_missing(missing: str, tmp_path: Path) -> None:
    script, says = FAKES[missing]
    # Where only the index is missing, there is a .venv already.
    python = tmp_path / ("venv/bin/python" if missing == "no index" else "python")
    python.parent.mkdir(parents=True, exist_ok=True)
    if script:
        python.write_text(f"#!/bin/sh\n{script}\n")
        python.chmod(0o755)
    clean = {key: value for key, value in os.environ.items() if not key.startswith("MAKE")}
    command = ["make", "run", f"PYTHON={python}", f"VENV={tmp_path / 'venv'}"]
    done = subprocess.run(command, cwd=ROOT, env=clean, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode != 0
    assert says in done.stderr
    assert len(done.stderr.splitlines()) <= 3


# --- the wheel ------------------------------------------------------------------------------------------------------------------


def test_the_wheel_works_far_from_the_clone(tmp_path: Path) -> None:
    plain = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}

    def done(*words: str | Path) -> str:
        return subprocess.run(words, cwd=tmp_path, env=plain, capture_output=True, text=True, check=True, timeout=120).stdout

    build = (sys.executable, "-m", "build", "--no-isolation", str(ROOT), "--outdir")
    done(*build, tmp_path / "direct", "--wheel")
    done(*build, tmp_path / "through")  # the sdist, and the wheel from what is in it
    [direct], [wheel] = ((tmp_path / name).glob("*.whl") for name in ("direct", "through"))
    contents = [{i.filename: i.CRC for i in zipfile.ZipFile(path).infolist()} for path in (direct, wheel)]
    assert contents[0] == contents[1], "the wheel from the sdist is the wheel from the clone"
    shipped = {"translator/_data/mappings/target/850.toml", "translator/_data/schemas/order.schema.json", "translator/py.typed"}
    shipped |= {f"translator/show/spec/{name}" for name in ("guide.html", "layout.html", "spec.css")}
    assert shipped < set(contents[1])
    assert any(name.endswith("licenses/LICENSE") for name in contents[1])
    assert {name.split("/")[0] for name in contents[1]} == {"translator", f"supplier_edi-{translator.__version__}.dist-info"}

    home = tmp_path / "home"
    venv.create(home, with_pip=False, symlinks=True)
    python = home / "bin" / "python"
    done(sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index", wheel)
    ours = Path(sysconfig.get_path("purelib", vars={"base": str(home), "platbase": str(home)}))
    (ours / "others.pth").write_text(f"{sysconfig.get_path('purelib')}\n{sysconfig.get_path('platlib')}\n")

    def installed(*words: str | Path) -> str:
        return done(home / "bin" / "translator", *words)

    assert installed("--version").strip() == f"translator, version {translator.__version__}"
    assert json.loads(installed("read", ROOT / GUEST))["number"] == "0009-3300145-1001"
    assert "target/850 " in installed("tables")
    assert '<tbody id="BEG-03">' in installed("tables", "target", "850", "--html", "-")
    assert installed("show", ROOT / GUEST, "--html", "-").endswith("</html>\n"), "a page needs its template, style and script"
    (tmp_path / "order.json").write_text(installed("read", ROOT / GUEST))
    assert installed("write", "order.json").encode() == guest(), "write needs the schema"
    where = "import translator, translator.shipped as s; print(translator.__file__); print(*s.names('mappings', '.toml'))"
    file, names = done(python, "-c", where).splitlines()
    assert Path(file).is_relative_to(ours)
    assert sorted(names.split()) == sorted(p.relative_to(ROOT).as_posix() for p in (ROOT / "mappings").rglob("*.toml"))


def test_an_editable_layout_works_from_anywhere(tmp_path: Path) -> None:
    done = run("tables", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"target/850 " in done.stdout
    order = run("read", str(ROOT / GUEST), cwd=tmp_path).stdout
    assert run("write", "-", data=order, cwd=tmp_path).stdout == guest()
