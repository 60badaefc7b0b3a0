"""An exchange folder made, made again, and gone live with; settings that are wrong, each told by file and key."""

from __future__ import annotations

import datetime
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from translator.cli import translator
from translator.errors import Refused, SettingsError
from translator.exchange.files import NotMounted
from translator.exchange.ledger import open_ledger
from translator.exchange.run import run
from translator.exchange.settings import FOLDERS, Party, load
from translator.exchange.setup import golive, init, partners

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
NOW = datetime.datetime(2026, 4, 20, 12, tzinfo=datetime.UTC)
FILES = {"exchange.toml", "items.csv", "locations.csv", "ledger.db"}


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    init(folder)
    edit(folder, ('id        = ""', 'id        = "1234567890"'), ("settle_seconds     = 1", "settle_seconds     = 0"))
    return folder


def edit(folder: Path, *pairs: tuple[str, str]) -> None:
    file = folder / "exchange.toml"
    text = file.read_text()
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new, 1)
    file.write_text(text)


def everything(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {
        str(path.relative_to(folder)): (path.stat().st_mtime_ns, path.read_bytes() if path.is_file() else b"")
        for path in sorted(folder.rglob("*"))
        if "ledger.db-" not in path.name
    }


# --- init ---------------------------------------------------------------------------------------------------------------


def test_a_new_folder_has_all_that_it_needs_for_its_owner_alone(tmp_path: Path) -> None:
    made = init(tmp_path / "shop")
    assert len(made) == len(FILES) + len(FOLDERS) and made[0].endswith("exchange.toml: fill in your id")
    for name in FOLDERS.values():
        assert stat.S_IMODE((tmp_path / "shop" / name).stat().st_mode) == 0o700
    for name in FILES:
        assert stat.S_IMODE((tmp_path / "shop" / name).stat().st_mode) == 0o600, name


def test_a_new_folder_says_what_is_to_be_filled_in(tmp_path: Path) -> None:
    init(tmp_path / "shop")
    with pytest.raises(SettingsError, match=r"exchange\.toml: ours\.id has 1 to 15 characters .* fill it in; it says ''"):
        run(tmp_path / "shop", now=NOW)


def test_made_again_nothing_changes(shop: Path) -> None:
    shutil.copy(SAMPLES / "tcin" / "1-850.edi", shop / "in")
    run(shop, now=NOW)
    before = everything(shop)
    assert init(shop) == []
    assert everything(shop) == before


@pytest.mark.parametrize("name", ["in", "erp", "items.csv", "locations.csv", "rejected"])
def test_made_again_what_is_missing_comes_back(name: str, shop: Path) -> None:
    path = shop / name
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    assert any(name in line for line in init(shop))
    assert path.exists() and init(shop) == []


def test_an_unknown_partner_is_told_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=f"there are for {', '.join(partners())}"):
        init(tmp_path / "shop", "nobody")
    assert list(tmp_path.iterdir()) == []


def test_lists_may_lie_in_a_folder_of_their_own_or_not_be_there(shop: Path) -> None:
    edit(shop, ('"items.csv"', '"lists/items.csv"'), ('"locations.csv"', '""'))
    (shop / "locations.csv").unlink()
    assert init(shop) == [f"{shop / 'lists/items.csv'}"]


def test_a_share_is_marked_while_it_is_mounted_and_never_made(shop: Path, tmp_path: Path) -> None:
    share = tmp_path / "mnt" / "out"
    edit(shop, ('out       = "out"', f'out       = "{share}"'))
    assert init(shop) == [f"{share} is not there: mount the share, or make the folder on it, then run this again"]
    assert not share.exists()
    with pytest.raises(NotMounted):
        run(shop, now=NOW)
    share.mkdir(parents=True)
    with pytest.raises(NotMounted, match="marker"):
        run(shop, now=NOW)
    assert init(shop) == [f"{share}: marked as mounted"] and init(shop) == []
    shutil.copy(SAMPLES / "tcin" / "1-850.edi", shop / "in")
    assert run(shop, now=NOW).received == 1
    assert [path.name for path in share.glob("*.edi")] == ["997_000000001.edi"]


# --- golive -----------------------------------------------------------------------------------------------------------------


def test_golive_copies_settings_and_lists_and_no_numbers(shop: Path, tmp_path: Path) -> None:
    shutil.copy(SAMPLES / "tcin" / "1-850.edi", shop / "in")
    shutil.copy(SAMPLES / "guest" / "1-850.edi", shop / "in" / "guest.edi")
    run(shop, now=NOW)
    with (shop / "items.csv").open("a") as file:
        file.write("049120001,,,,,,,\n")
    before = everything(shop)
    waiting = golive(shop, tmp_path / "live")
    assert everything(shop) == before
    assert (tmp_path / "live" / "exchange.toml").read_text() == (shop / "exchange.toml").read_text().replace('"T"', '"P"', 1)
    assert (tmp_path / "live" / "items.csv").read_bytes() == (shop / "items.csv").read_bytes()
    live = load(tmp_path / "live")
    assert (live.usage, live.ours) == ("P", Party("ZZ", "1234567890"))
    with open_ledger(live.ledger) as ledger:
        assert (ledger.series(), ledger.sequence, list(ledger.orders.rows())) == ({}, 0, [])
    assert all(line.startswith(f"in {shop}: ") for line in waiting) and any("acknowledgment" in line for line in waiting)
    run(tmp_path / "live", now=NOW)


@pytest.mark.parametrize("quote", ['usage = "T"', "usage='T'", '  usage = "T"'])
def test_golive_leaves_no_production_folder_that_is_a_test_folder(quote: str, shop: Path, tmp_path: Path) -> None:
    edit(shop, ('usage = "T"', quote))
    if quote.startswith(" "):
        with pytest.raises(Refused, match="usage"):
            golive(shop, tmp_path / "live")
        assert not (tmp_path / "live").exists()
    else:
        golive(shop, tmp_path / "live")
        assert load(tmp_path / "live").usage == "P"


def test_golive_never_shares_a_folder(shop: Path, tmp_path: Path) -> None:
    share = tmp_path / "share"
    share.mkdir()
    edit(shop, ('in        = "in"', f'in        = "{share}"'))
    init(shop)
    [told] = golive(shop, tmp_path / "live")
    assert f"folders.in is {tmp_path / 'live' / 'in'}, not {share}" in told
    assert load(tmp_path / "live").shares == frozenset()


def test_golive_refuses_what_is_there_and_what_is_no_test_folder(shop: Path, tmp_path: Path) -> None:
    golive(shop, tmp_path / "live")
    before = everything(tmp_path / "live")
    with pytest.raises(Refused, match="already: nothing was copied"):
        golive(shop, tmp_path / "live")
    with pytest.raises(Refused, match="already"):
        golive(shop, shop)
    with pytest.raises(Refused, match="is not a test folder"):
        golive(tmp_path / "live", tmp_path / "third")
    assert everything(tmp_path / "live") == before and not (tmp_path / "third").exists()


def test_the_commands(tmp_path: Path) -> None:
    def said(*words: str | Path) -> tuple[int, str]:
        result = CliRunner().invoke(translator, ["exchange", *map(str, words)])
        return result.exit_code, result.stderr

    assert "fill in your id" in said("init", tmp_path / "shop")[1]
    assert said("init", tmp_path / "shop") == (0, f"{tmp_path / 'shop'}: nothing is missing\n")
    edit(tmp_path / "shop", ('id        = ""', 'id        = "1234567890"'))
    code, words = said("golive", tmp_path / "shop", tmp_path / "live")
    assert code == 0 and "is a production folder now" in words


# --- settings ---------------------------------------------------------------------------------------------------------------

BROKEN: dict[str, tuple[str, str, str]] = {
    "no TOML": ("[ours]", "[ours", r"this is no TOML"),
    "unknown key": ("[labels]", "[label]", r"label is no setting; there are answers, "),
    "unknown key in a table": ("gs1_prefix = ", "prefix = ", r"labels\.prefix is no setting; there are gs1_prefix"),
    "unknown key of a partner": ('name      = "target"', 'nom = "target"', r"partners\[1\]\.nom is no setting"),
    "no usage": ('usage = "T"', "# usage", r"usage is missing"),
    "another usage": ('usage = "T"', 'usage = "test"', r'usage is "T" for a test folder or "P" for production'),
    "a number for a text": ('usage = "T"', "usage = 1", r"usage is a text, in quotation marks, not 1"),
    "a placeholder left in": (
        'id        = ""', 'id        = "<your id>"',
        r"ours\.id has 1 to 15 characters .* it says '<your id>'",
    ),
    "an empty id": ('id        = ""', 'id        = ""  ', r"ours\.id has 1 to 15 characters .* fill it in; it says ''"),
    "an id that is too long": ('id        = ""', 'id = "1234567890123456"', r"ours\.id has 1 to 15 characters"),
    "an id with a delimiter": ('id        = ""', 'id = "12*4"', r"ours\.id has 1 to 15 characters"),
    "a qualifier of one character": ('qualifier = "ZZ"', 'qualifier = "Z"', r"ours\.qualifier has two characters, as in ZZ"),
    "ours no table": ("[ours]", "ours = 1\n[labels2]", r"labels2 is no setting|ours is a table"),
    "the partner is ourselves": ('id        = ""', 'id = "X"', r"partners\[1\]\.id is the same as in ours"),
    "no partner": ("[[partners]]", "[[others]]", r"others is no setting"),
    "partner no list": ("[[partners]]", "[partners]", r"partners is missing: a \[\[partners\]\] table for each partner"),
    "a partner's name that is no folder": (
        'name      = "target"', 'name = "../x"',
        r"partners\[1\]\.name is the name of the partner",
    ),
    "agreements that are no texts": (
        "# settings = { sscc", "settings = { sscc = 1, x",
        r"partners\[1\]\.settings is a table of texts",
    ),
    "two folders in one": ('out       = "out"', 'out = "./in/"', r"folders\.in is, or lies in, the same folder as folders\.out"),
    "a folder in another": ('out       = "out"', 'out = "in/out"', r"folders\.out is, or lies in, the same folder as folders\.in"),
    "the folder itself": ('out       = "out"', 'out = "."', r"folders\.out is this folder itself, or holds it: '\.'"),
    "a folder around it": ('out       = "out"', 'out = "erp/../.."', r"folders\.out is this folder itself, or holds it"),
    "no folder": ('out       = "out"', 'out = ""', r"folders\.out is empty: it names a folder"),
    "a table name that is no text": (
        'orders          = "json"', "orders = true",
        r"erp\.orders is a text, in quotation marks, not True",
    ),
    "a prefix that is none": (
        'gs1_prefix = ""', 'gs1_prefix = "61414"',
        r"labels\.gs1_prefix is your GS1 company prefix, 7 to 10 digits",
    ),
    "a text for a flag": (
        "acknowledge   = true", 'acknowledge = "yes"',
        r"answers\.acknowledge is true or false, without quotation",
    ),
    "none of the values": ('invoice_after = "sent"', 'invoice_after = "never"', r"answers\.invoice_after is one of sent, accepted"),
    "when to say it was received": (
        'ta1           = "asked"', 'ta1 = "yes"',
        r"answers\.ta1 is one of asked, broken, always, never",
    ),
    "a text for a number": (
        "settle_seconds     = 1", 'settle_seconds = "1"',
        r"arrivals\.settle_seconds is a number from 0 to 3600",
    ),
    "a number that is none": (
        "settle_seconds     = 1", "settle_seconds = nan",
        r"arrivals\.settle_seconds is a number from 0 to 3600",
    ),
    "a number out of range": ("file_limit         = 67108864", "file_limit = 1", r"arrivals\.file_limit is a number from 1024 to"),
    "a flag for a number": ("incomplete_minutes = 60", "incomplete_minutes = true", r"arrivals\.incomplete_minutes is a number"),
    "no time zone": ('zone = "America/Chicago"', 'zone = "Chicago"', r"deadlines\.zone is a time zone as in America/Chicago"),
    "a zone that leads elsewhere": ('zone = "America/Chicago"', 'zone = "../../etc/passwd"', r"deadlines\.zone is a time zone"),
    "a mask that is no flag": ("mask = true", "mask = 1", r"log\.mask is true or false"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_wrong_setting_is_told_by_file_and_key(name: str, tmp_path: Path) -> None:
    init(tmp_path)
    old, new, told = BROKEN[name]
    if name == "the partner is ourselves":
        edit(tmp_path, ('id        = "6111470100"', 'id = "X"'), ('qualifier = "08"', 'qualifier = "ZZ"'))
    elif "id        =" not in old:
        edit(tmp_path, ('id        = ""', 'id        = "1234567890"'))
    edit(tmp_path, (old, new))
    before = {path.name for path in tmp_path.iterdir()}
    with pytest.raises(SettingsError, match=rf"^{tmp_path}/exchange\.toml: ({told})"):
        run(tmp_path, now=NOW)
    assert {path.name for path in tmp_path.iterdir()} == before, "nothing is touched"


def test_two_partners_are_told_apart(shop: Path) -> None:
    row = '[[partners]]\nname = "{}"\nqualifier = "{}"\nid = "{}"\n'
    for more, told in (
        (("target", "01", "5"), r"partners\[2\]\.name is the same as in partners\[1\]: 'target'"),
        (("other", "08", "6111470100"), r"partners\[2\]\.id is the same as in partners\[1\]"),
    ):
        text = (shop / "exchange.toml").read_text()
        (shop / "exchange.toml").write_text(text + row.format(*more))
        with pytest.raises(SettingsError, match=told):
            load(shop)
        (shop / "exchange.toml").write_text(text)


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (lambda file: file.unlink(), "is no exchange folder: it has no exchange.toml. `translator exchange init .*` makes one"),
        (lambda file: file.write_bytes(b""), "usage is missing"),
        (lambda file: file.write_bytes(b"\xff\xfe\x00"), "this is no TOML"),
        (lambda file: file.write_bytes(file.read_bytes()[:300]), "this is no TOML|is missing"),
    ],
)
def test_a_file_that_cannot_be_read(harm: Callable[[Path], object], told: str, shop: Path) -> None:
    harm(shop / "exchange.toml")
    with pytest.raises(SettingsError, match=told):
        run(shop, now=NOW)


def test_an_editor_that_marks_its_files_does_no_harm(shop: Path, tmp_path: Path) -> None:
    file = shop / "exchange.toml"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    assert load(shop).usage == "T"
    golive(shop, tmp_path / "live")
    assert load(tmp_path / "live").usage == "P"
