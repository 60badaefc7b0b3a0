"""Mapping tables: what is wrong in one is refused with its file and row; what the code itself may not know.

Broken tables are the shipped one with a text replaced. The dictionary of the standard is asked where it stands beside the
project; the house rules are read from the syntax trees of the package.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from translator import shipped
from translator.errors import TableError
from translator.tables.load import load
from translator.tables.partner import guides
from translator.tables.standard import standard
from translator.walk import read

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "translator"
GUIDE = "target/850"
TABLE = shipped.text(f"mappings/{GUIDE}.toml")
STANDARD = shipped.text("mappings/x12/004010.toml")
LATER = {"EO"}  # EAN-8: the guide has it in release 004010, though the standard took it in later
DICTIONARY = Path(__file__).parents[2] / "shared" / "guides" / "x12-4010-dictionary.json"

CSH = '[[heading]]\nsegment = "CSH"\npos = "110"\nuse = "O"\nmax = 5\n'
SECOND = CSH.replace('"110"', '"111"') + 'CSH01 = { codes = "back_order", json = "more[]" }\n\n' + CSH
LOOP = 'loop = "PO1/CTP"\nsegment = "CTP"\npos = "040"\nuse = "M"'
MESSAGE = 'MSG01 = { use = "M", max = 80, json = "text[]" }'

# what is broken: (old text, new text, words that the error must hold beside the file)
BROKEN: dict[str, tuple[str, str, list[str]]] = {
    "unknown key of the table": ('partner  = "target"', 'partner = "target"\ncolour = "red"', ["colour"]),
    "unknown key of a row": (CSH, CSH + "maximum = 5\n", ["heading", "CSH", "maximum"]),
    "unknown key of an element": ("CSH01 = { codes", "CSH01 = { code", ["CSH", "CSH01", "'code'"]),
    "unknown key of a loop": ('SAC          = { use = "O"', 'SAC = { colour = "red", use = "O"', ["SAC", "colour"]),
    "unknown key of pairs": ("need = 1 }", "needs = 1 }", ["PO1", "pairs", "needs"]),
    "unknown key of a rule": ('when = ["PO105 UM"]', 'if = ["PO105 UM"]', ["PO1", "PO103", "'if'"]),
    "unknown key of a value": ("[values.items]\nCB = { like", "[values.items]\nCB = { pattern", ["PO1", "pattern"]),
    "partner missing": ('partner  = "target"', "", ["partner"]),
    "release missing": ('release  = "004010"', "", ["release"]),
    "release that nobody describes": ('release  = "004010"', 'release = "005010"', ["005010"]),
    "lists that lead back to themselves": ('lists    = "target/lists"', 'lists = "target/860"', ["lists"]),
    "set that the standard's file does not have": ('set      = "850"', 'set = "999"', ["999"]),
    "segment that the standard does not have": ('segment = "CSH"', 'segment = "CSX"', ["CSX"]),
    "element that does not exist": ("CSH01 = {", "CSH11 = {", ["CSH", "CSH11", "10"]),
    "element of another segment": ("CSH01 = {", "FOB01 = {", ["CSH", "FOB01"]),
    "component that does not exist": ("SLN05-01 = {", "SLN05-16 = {", ["SLN", "SLN05-16", "15"]),
    "component of a simple element": ("SLN04 = {", "SLN04-01 = {", ["SLN", "SLN04"]),
    "composite without component": ("SLN05-01 = {", "SLN05 = {", ["SLN", "SLN05", "SLN05-01"]),
    "longer than the standard": (MESSAGE, MESSAGE.replace("80", "300"), ["MSG", "MSG01", "300", "264"]),
    "shorter than the standard": ("N104 = { max = 4", "N104 = { min = 1, max = 4", ["N1", "N104"]),
    "least above most": ("N104 = { max = 4", "N104 = { min = 5, max = 4", ["N1", "N104"]),
    "names that are no codes": ('IA = "vendor"\n', 'IA = "vendor"\nZZ = "other"\n', ["REF", "REF01", "ZZ"]),
    "pair names that are no codes": ('VA = "vendor_style"\n', 'VA = "vendor_style"\nSK = "sku"\n', ["PO1", "SK"]),
    "missing list of codes": ('CSH01 = { codes = "back_order"', 'CSH01 = { codes = "back_orders"', ["CSH", "back_orders"]),
    "missing list of names": ('names = "references"', 'names = "reference"', ["REF", "reference"]),
    "codes that are no texts": ('CSH01 = { codes = "back_order"', "CSH01 = { codes = [1, 2]", ["CSH", "CSH01"]),
    "code of a wrong length": ('CSH01 = { codes = "back_order"', 'CSH01 = { codes = ["NEVER"]', ["CSH", "CSH01", "NEVER"]),
    "bad pattern": ("like = '[0-9A-Z]{4}'", "like = '[0-9A-Z{4}'", ["N1", "[0-9A-Z{4}"]),
    "bad pattern of a form": ("'\\d{4}-\\d{7}-\\d{4}'", "'\\d{4}-(\\d{7}-\\d{4}'", ["(\\\\d{7}"]),
    "two rows that could take one segment": (CSH, SECOND, ["CSH"]),
    "loop without row": ('BY           = {', 'BS = { use = "O", max = 1, json = "store" }\nBY = {', ["[loops]", "BS"]),
    "row of a loop that is not declared": ('loop = "CTT"', 'loop = "TOTALS"', ["CTT", "TOTALS"]),
    "loop that an optional row begins": (LOOP, LOOP.replace('"M"', '"O"'), ["PO1/CTP", "CTP"]),
    "max zero": ('pos = "110"\nuse = "O"\nmax = 5', 'pos = "110"\nuse = "O"\nmax = 0', ["CSH", "max"]),
    "max that is no number": ('pos = "110"\nuse = "O"\nmax = 5', 'pos = "110"\nuse = "O"\nmax = "5"', ["CSH", "max"]),
    "max that is a truth": ('pos = "110"\nuse = "O"\nmax = 5', 'pos = "110"\nuse = "O"\nmax = true', ["CSH", "max"]),
    "max above the standard's": ('PO1          = { use = "M", max = ">1"', 'PO1 = { use = "M", max = 100001', ["PO1", "100000"]),
    "use that is neither": ('pos = "110"\nuse = "O"', 'pos = "110"\nuse = "X"', ["CSH", "use"]),
    "optional where the standard has it mandatory": ('BEG03 = { use = "M"', 'BEG03 = { use = "O"', ["BEG", "BEG03"]),
    "use of an element that is neither": ('BEG03 = { use = "M"', 'BEG03 = { use = "must"', ["BEG", "BEG03"]),
    "unknown check digit": ('check = "upc"', 'check = "gtin"', ["gtin", "upc", "sscc"]),
    "unknown check digit of an element": ("N104 = { max = 4", 'N104 = { check = "luhn", max = 4', ["N1", "N104", "luhn"]),
    "condition without codes": ('only = "BEG02 RL"', 'only = "BEG02"', ["BEG", "BEG04", "BEG02"]),
    "condition on another segment": ('only = "BEG02 RL"', 'only = "REF01 RL"', ["BEG", "BEG04", "REF01"]),
    "condition on an element that does not exist": ('only = "BEG02 RL"', 'only = "BEG99 RL"', ["BEG", "BEG04", "BEG99"]),
    "condition that is no element": ('when = ["PO105 UM"]', 'when = ["UM PO105"]', ["PO1", "PO103", "UM PO105"]),
    "unknown form": ('classify = "number_format"', 'classify = "number_form"', ["BEG", "BEG03", "number_form"]),
    "key without codes": ('N101 = { use = "M", codes = ["BY"], key = true }', 'N101 = { use = "M", key = true }', ["N1", "N101"]),
    "unknown level": ('level = "warning"', 'level = "notice"', ["ITD", "ITD02", "level"]),
    "total of nothing known": ('make = "count PO1"', 'make = "sum PO1"', ["CTT", "CTT01", "make"]),
    "path that is none": ('json = "back_order[]"', 'json = "Back-Order[]"', ["CSH", "Back-Order"]),
    "pairs beyond the segment": ("from = 6, to = 13", "from = 6, to = 27", ["PO1", "27"]),
    "pairs of odd number": ("from = 6, to = 13", "from = 6, to = 12", ["PO1", "12"]),
    "element that is no table": ('CSH01 = { codes = "back_order", json = "back_order[]" }', 'CSH01 = "N"', ["CSH", "CSH01"]),
    "no TOML": ("[[heading]]", "[[heading]", []),
}  # fmt: skip


def changed(folder: Path, old: str, new: str, name: str = GUIDE) -> Path:
    """A directory with one shipped file, in which one text is replaced."""
    text = shipped.text(f"mappings/{name}.toml")
    assert old in text
    file = folder / f"{name}.toml"
    file.parent.mkdir(parents=True)
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_table_is_refused_with_file_and_row(name: str, tmp_path: Path) -> None:
    old, new, words = BROKEN[name]
    with pytest.raises(TableError) as caught:
        load(GUIDE, mappings=changed(tmp_path, old, new))
    said = str(caught.value)
    assert "/".join((GUIDE,)) in said or ("005010" in words and "x12/005010.toml" in said)
    for word in words:
        assert word in said.replace("\\\\", "\\") or word in said, (word, said)
    assert "Traceback" not in said and "\n" not in said


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ('instead = "ids"', "instead = true", "`instead`"),
        ('instead = "ids"', 'instead = "numbers"', "`instead`"),
        ('instead = "ids"', 'instaed = "ids"', "'instaed'"),
        ('alone   = "purpose 01 05"', 'alone   = "BSN01 01 05"', "alone"),
        ('"ship_from.location or ship_from.name" =', '"ship_from.location or N104" =', "N104"),
        ('= "where the goods come from"', "= true", "words"),
    ],
)
def test_a_broken_answer_is_refused(old: str, new: str, word: str, tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"target/856\.toml, \[(answer|wanted)\]") as caught:
        load("target/856", mappings=changed(tmp_path, old, new, "target/856"))
    assert word in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('notes = ["C0203", "P0607", "P0910"]', 'notes = ["C0213", "P0607", "P0910"]'),
        ('notes = ["C0203", "P0607", "P0910"]', 'notes = ["X0203", "P0607", "P0910"]'),
        ('elements = ["563", "306"', 'elements = ["99563", "306"'),
        ("[segments.CSH]", "[segments.CSH"),
        ('563  = { name = "Sales Requirement Code", type = "ID",', '563  = { name = "Sales Requirement Code",'),
    ],
)
def test_a_broken_standard_is_refused(old: str, new: str, tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"x12/004010\.toml"):
        load(GUIDE, mappings=changed(tmp_path, old, new, "x12/004010"))


def test_a_table_that_is_not_there() -> None:
    with pytest.raises(TableError, match="is not the guide of a transaction set"):
        load("target/partner")
    for name in ("target/999", "nobody/850", "../850", "/etc/passwd", "target/850.toml", ""):
        with pytest.raises(TableError):
            load(name)


@pytest.mark.parametrize(
    "text",
    ['[[guides]]\nset = "850"\nsender = ["X"]\n', '[[guides]]\ntable = "target/850"\n', "[[guides]\n", "[[guides]]\nset = 850\n"],
)
def test_a_broken_partner_file_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "target").mkdir()
    (tmp_path / "target" / "partner.toml").write_text(text, encoding="utf-8")
    with pytest.raises(TableError, match=r"target/partner\.toml"):
        guides(tmp_path)


def test_the_shipped_table_loads() -> None:
    table = load(GUIDE)
    assert (table.partner, table.set_id, table.release, table.group) == ("target", "850", "004010", "PO")
    assert [row.segment for row in table.rows()][:3] == ["BEG", "REF", "PER"]
    assert {loop.name for loop in table.loops()} >= {"BY", "PO1", "PO1/SLN", "CTT"}


# --- a directory of one's own -----------------------------------------------------------------------------------------


def test_mappings_replace_file_by_file(tmp_path: Path) -> None:
    data = (ROOT / "samples/stand-alone/1-850.edi").read_bytes()
    own = changed(tmp_path / "own", 'json = "number", classify', 'json = "order_number", classify')
    [order] = [r.document for r in read(data, mappings=own) if r.document]
    assert order["order_number"] == "0071-4120087-0551"
    assert "number" not in order
    assert guides(own) == guides()  # partner.toml is still the shipped one
    assert standard("004010", own).segments.keys() == standard("004010").segments.keys()
    [order] = [r.document for r in read(data) if r.document]
    assert order["number"] == "0071-4120087-0551"


def test_mappings_may_add_a_partner(tmp_path: Path) -> None:
    folder = tmp_path / "acme"
    folder.mkdir()
    (folder / "850.toml").write_text(TABLE.replace('partner  = "target"', 'partner = "acme"'), encoding="utf-8")
    (folder / "partner.toml").write_text('[[guides]]\nset = "850"\nsenders = ["ACME"]\ntable = "acme/850"\n', encoding="utf-8")
    data = (ROOT / "samples/stand-alone/1-850.edi").read_bytes()
    theirs = data.replace(b"6111470100     ", b"ACME           ").replace(b"GS*PO*6111470100", b"GS*PO*ACME")
    readings = list(read(theirs, mappings=tmp_path))
    [order] = [r.document for r in readings if r.document]
    assert (order["partner"], order["guide"]) == ("acme", "acme/850")
    assert [f.code for r in readings for f in r.findings] == []
    [order] = [r.document for r in read(data, mappings=tmp_path) if r.document]
    assert order["partner"] == "target"


def test_mappings_cannot_leave_their_folder(tmp_path: Path) -> None:
    (tmp_path / "850.toml").write_text(TABLE, encoding="utf-8")
    inner = tmp_path / "inner"
    inner.mkdir()
    with pytest.raises(TableError):
        load("../850", inner)


# --- the standard -----------------------------------------------------------------------------------------------------


def dictionary() -> dict[str, Any]:
    """The public dictionary of the standard, or nothing where it does not stand beside the project."""
    found: dict[str, Any] = json.loads(DICTIONARY.read_text(encoding="utf-8")) if DICTIONARY.exists() else {}
    return found


def test_every_code_of_the_table_is_a_code_of_the_standard() -> None:
    lists = dictionary().get("codes", {})
    wrong = [
        (e.ref, code)
        for row in load(GUIDE).rows()
        for e in row.elements.values()
        for code in e.codes
        if (known := lists.get(_number(row.standard, e.number, e.component))) and code not in known
    ]
    pairs = {
        code
        for row in load(GUIDE).rows()
        if row.pairs
        for code in row.pairs.codes
        if (known := lists.get(row.standard.elements[row.pairs.first - 1].number)) and code not in known
    }
    assert wrong == []
    assert pairs <= LATER


def _number(segment: Any, number: int, component: int) -> str:
    piece = segment.elements[number - 1]
    return str(piece.components[component - 1].number if component else piece.number)


def test_the_standards_file_agrees_with_the_dictionary() -> None:
    ours = standard("004010")
    for tag, theirs in dictionary().get("segments", {}).items():
        segment = ours.segments.get(tag)
        if segment is None:
            continue
        mine = [(p.number, p.mandatory, p.type, *((p.least, p.most) if p.type != "C" else ("", ""))) for p in segment.elements]
        wanted = [(de, use == "M", type_.replace("comp", "C"), *sizes) for _, de, use, type_, *sizes in theirs["elements"]]
        assert mine == wanted, tag
        notes = {f"{n.kind}{''.join(f'{i:02d}' for i in n.numbers)}" for n in segment.notes}
        # The dictionary gives a composite's own notes at the composite's place, as in P0404: they are not the segment's.
        assert notes == {note for note in theirs["syntax"] if len(set(_places(note))) == len(_places(note))}, tag


def _places(note: str) -> list[str]:
    return re.findall("..", note[1:])


# --- the table itself -------------------------------------------------------------------------------------------------


def test_every_pattern_has_words() -> None:
    """A pattern says nothing to the person who reads the finding: a note must stand beside it."""
    bare = []
    for row in load(GUIDE).rows():
        for e in row.elements.values():
            bare += [e.ref for rule in (e, *e.rules) if rule.like and not rule.note]
        values = row.pairs.values if row.pairs else {}
        bare += [code for code, rule in values.items() if rule.like and not rule.note]
    assert bare == []


def test_every_list_of_the_table_is_used() -> None:
    body = TABLE[TABLE.index("[loops]") :]
    named = re.findall(r"^\[(codes|names|values|forms)\.(\w+)\]", TABLE, re.M)
    assert [name for kind, name in named if kind != "values" and f'"{name}"' not in body] == []
    items = {name for kind, name in named if kind == "names"}
    assert {name for kind, name in named if kind == "values"} <= items


# --- the house --------------------------------------------------------------------------------------------------------

WORDS = ("target", "dpci", "tcin")
SETS = re.compile(r"(?<![0-9])(?:850|855|856|810|860|997)(?![0-9])")
FLOORS = {
    "findings": 0, "catalogue": 0, "errors": 0, "shipped": 0, "x12": 1, "tables": 2, "documents": 3, "walk": 4, "respond": 5,
    "bodies": 5, "connect": 6, "exchange": 7, "show": 8, "serve": 9, "cli": 10,
}  # fmt: skip
MODULES = sorted(PACKAGE.rglob("*.py"))


def words_of(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Names and literals of a module; not docstrings, not comments, not help texts."""
    skipped: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            first = node.body[0] if node.body else None
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
                skipped.add(id(first.value))
        if isinstance(node, ast.keyword) and node.arg in ("help", "epilog", "short_help"):
            skipped |= {id(inner) for inner in ast.walk(node.value)}
            if isinstance(node.value, ast.Name):
                skipped |= {id(inner) for inner in _assigned(tree, node.value.id)}
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        line = getattr(node, "lineno", 0)
        if isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes, int)) and not isinstance(node.value, bool):
            yield line, node.value.decode("latin-1") if isinstance(node.value, bytes) else str(node.value)
        for field in ("id", "attr", "name", "arg", "asname", "module", "rest"):
            if isinstance(name := getattr(node, field, None), str):
                yield line, name


def _assigned(tree: ast.Module, name: str) -> Iterator[ast.AST]:
    """The literal that a module gives to a name: a help text may stand there."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == name for t in node.targets):
            yield from ast.walk(node.value)


@pytest.mark.parametrize("file", MODULES, ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_the_code_knows_no_partner_and_no_set(file: Path) -> None:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    known = [
        (line, word)
        for line, word in words_of(tree)
        if SETS.search(word) or any(re.search(rf"(?<![a-z]){one}(?![a-z])", word.lower()) for one in WORDS)
    ]
    assert known == []


def test_the_search_finds_what_it_looks_for() -> None:
    code = '"""850 dpci"""\nx = "850"\ndef tcin(): "target"\nopt(help="850")\n# 850\ny = b"TCIN"'
    assert {word for _, word in words_of(ast.parse(code))} == {"x", "850", "tcin", "opt", "help", "y", "TCIN"}
    assert SETS.search("X12-850 order")
    assert not SETS.search("18500")


@pytest.mark.parametrize("file", MODULES, ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_imports_go_one_way(file: Path) -> None:
    parts = file.relative_to(PACKAGE).with_suffix("").parts
    if parts[0] in ("__init__", "__main__"):
        floor = max(FLOORS.values()) + 1
    else:
        assert parts[0] in FLOORS, f"{parts[0]} is on no floor"
        floor = FLOORS[parts[0]]
    for line, module in imports(ast.parse(file.read_text(encoding="utf-8")), file):
        other = module.split(".")[1] if "." in module else ""
        if module == "translator.__version__":
            continue
        assert other in FLOORS, f"{file.name}:{line} imports {module}"
        if other != parts[0]:
            assert FLOORS[other] < floor or FLOORS[other] == 0, f"{file.name}:{line} imports {module}, which stands below it"


def imports(tree: ast.Module, file: Path) -> Iterator[tuple[int, str]]:
    """What a module imports of the package, as ``translator.floor…``."""
    package = ("translator", *file.relative_to(PACKAGE).parts[:-1])
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] == "translator":
                    yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(word for word in (base, node.module or "") if word)
            if module == "translator":
                for alias in node.names:
                    yield node.lineno, f"translator.{alias.name}"
            elif module.split(".")[0] == "translator":
                yield node.lineno, module
