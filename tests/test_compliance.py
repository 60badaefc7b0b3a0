"""Dated rules: the table that holds them, what is due when by them, and what is said before a document goes out.

Cases are data: ``cases/deadlines.toml`` and ``cases/preflight.toml``. The rules are those shipped.
"""

from __future__ import annotations

import copy
import datetime
import json
import random
import re
import sys
import tomllib
import zoneinfo
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from changing import changed

from translator import read, shipped
from translator.catalogue import CATALOGUE
from translator.documents.derive import derived
from translator.errors import TableError
from translator.exchange import rules as table
from translator.exchange.deadlines import Awaited, Dispatch, State, UnknownZone, begins, due, ends, zone_named
from translator.exchange.preflight import _CHECKS, preflight
from translator.exchange.rules import CHECKS, KEYS, Rules, load
from translator.findings import Finding, has_errors
from translator.tables.standard import parsed

CASES = Path(__file__).parent / "cases"
SAMPLES = Path(__file__).parents[1] / "samples"
PREFLIGHT = tomllib.loads((CASES / "preflight.toml").read_text(encoding="utf-8"))
DEADLINES = tomllib.loads((CASES / "deadlines.toml").read_text(encoding="utf-8"))["deadline"]
DERIVE = parsed("mappings/target/derive.toml")
ANSWERS = [file for name in ("4*-855", "6*-856", "8*-810") for file in sorted(SAMPLES.glob(f"*/{name}.edi"))]
FILE = "mappings/target/compliance.toml"
TEXT = shipped.text(FILE)
CHICAGO = zoneinfo.ZoneInfo("America/Chicago")


def rules_from(text: str, folder: Path) -> Rules:
    """The rules of another text of the table."""
    place = folder / "target" / "compliance.toml"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8")
    return load("target", folder)


# --- before a document goes out ---------------------------------------------------------------------------------------------


def flown(case: dict[str, Any], folder: Path) -> list[Finding]:
    """What is found for a case."""
    text = TEXT
    for change in case.get("mappings", []):
        assert text.count(change["old"]) == 1, change["old"]
        text = text.replace(change["old"], change["new"])
    documents = PREFLIGHT["documents"]
    order = changed(json.loads(documents["order"]), case.get("order", {}))
    original = changed(order, case.get("original", {}))
    for one in (order, original):
        one["derived"] = derived(one, DERIVE)
    document = changed(json.loads(documents[case.get("document", "shipment")]), case.get("change", {}))
    before = copy.deepcopy((document, order, original))
    found = preflight(
        document,
        [order],
        rules_from(text, folder) if "mappings" in case else load("target"),
        datetime.date.fromisoformat(case.get("today", "2026-03-16")),
        shipped={(order["number"], "", line): Decimal(many) for line, many in case.get("shipped", {}).items()},
        originals=[original],
        program=case.get("program", ""),
        price_bases=DERIVE["derive"]["price_basis"],
    )
    assert (document, order, original) == before
    return found


@pytest.mark.parametrize("case", PREFLIGHT["case"], ids=lambda case: case["name"])
def test_preflight(case: dict[str, Any], tmp_path: Path) -> None:
    found = flown(case, tmp_path)
    assert [one.code for one in found] == [want["code"] for want in case["find"]], [one.sentence for one in found]
    for one, want in zip(found, case["find"], strict=True):
        assert want.get("says", "") in one.sentence
        fields = {key: value for key, value in want.items() if key not in ("code", "says")}
        assert {key: getattr(one, key) if getattr(one, key) is not None else "(none)" for key in fields} == fields
        assert one.path and one.path in one.sentence
        assert one.rule and one.rule.startswith(f"{FILE}, ")
        assert not re.search(r"None|[{}]|\s\s|\.\.|\s\.$", re.sub(r'"[^"]*"', "X", one.sentence)), one.sentence


@pytest.mark.parametrize("file", ANSWERS, ids=lambda file: "/".join(file.parts[-2:]))
def test_no_rule_holds_a_document_of_the_samples(file: Path) -> None:
    """What is right by the guides is not held by a rule: at most a warning, of goods that come short or in odd numbers."""
    orders = [r.document for one in file.parent.glob("1*-850.edi") for r in read(one) if r.document]
    for order in orders:
        order["derived"] = derived(order, DERIVE)
    documents = [r.document for r in read(file) if r.document]
    assert documents
    for document in documents:
        today = datetime.date.fromisoformat(document.get("ship_date", "2026-03-16"))
        said = [r.document for one in file.parent.glob("4*-855.edi") for r in read(one) if r.document]
        bases = DERIVE["derive"]["price_basis"]
        found = preflight(document, orders, load("target"), today, acknowledgments=said, price_bases=bases)
        assert {one.code for one in found} <= {"preflight-fill-rate", "preflight-multiple", "preflight-cartons"}
        assert not has_errors(found)


def test_every_check_of_the_table_is_made_and_shipped() -> None:
    assert set(_CHECKS) == set(CHECKS)
    assert {rule.what for rule in load("target").of("check")} == set(CHECKS)
    made = {want["code"] for case in PREFLIGHT["case"] for want in case["find"]}
    assert made == {code for code in CATALOGUE if code.startswith("preflight-")}


def test_preflight_survives_any_shape() -> None:
    """Whatever stands where something else is expected, nothing raises."""
    documents = {kind: json.loads(text) for kind, text in PREFLIGHT["documents"].items()}
    chance = random.Random(4)
    odd: list[Any] = [None, "", "x", 0, -1, True, [], {}, [[]], [None], {"x": []}, "9" * 60, "-1", "2026-99-99"]
    odd += [10**500, 1e308, float("nan")]

    def spoil(value: Any) -> Any:
        if chance.random() < 0.06:
            return chance.choice(odd)
        if isinstance(value, dict):
            return {key: spoil(inner) for key, inner in value.items()}
        return [spoil(inner) for inner in value] if isinstance(value, list) else value

    for _ in range(600):
        document = spoil(documents[chance.choice(["shipment", "acknowledgment", "invoice"])])
        order = spoil(documents["order"])
        if isinstance(document, dict) and isinstance(order, dict):
            for one in preflight(document, [order], load("target"), datetime.date(2026, 3, 18)):
                assert one.sentence


# --- deadlines ----------------------------------------------------------------------------------------------------------------


def state_of(raw: dict[str, Any]) -> State:
    lists = {"dispatches": Dispatch, "awaited": Awaited}
    made = {key: [lists[key](**one) for one in value] if key in lists else value for key, value in raw.items()}
    return State(**{**made, "answers": frozenset(raw.get("answers", []))})


@pytest.mark.parametrize("case", DEADLINES, ids=lambda case: case["name"])
def test_deadlines(case: dict[str, Any]) -> None:
    order = {"number": "0055-1199001-0551", "type": case.get("type", "SA"), "dates": case.get("dates", {})}
    order["derived"] = derived(order, DERIVE)
    zone = zone_named(case.get("zone", "America/Chicago"))
    found = due(order, state_of(case.get("state", {})), load("target"), zone, case["now"])
    assert [one.what for one in found] == [want["what"] for want in case["due"]]
    for one, want in zip(found, case["due"], strict=True):
        assert (one.due, one.done, one.opens) == (want["by"], want.get("done"), want.get("opens")), one.sentence
        assert (one.late, one.early) == (want.get("late", False), want.get("early", False)), one.sentence
        assert one.rule == want.get("rule", one.rule)
        assert want.get("says", "") in one.sentence
        moments = [moment for moment in (one.due, one.done, one.opens) if moment is not None]
        assert all(moment.utcoffset() == datetime.timedelta() for moment in moments)
        assert one.sentence.endswith(".") and one.sentence.isprintable()


def test_a_deadline_is_that_of_its_day_and_program(tmp_path: Path) -> None:
    later = TIME.replace('"5 d"', '"2 d"') + "effective_from = 2026-04-01\n"
    scoped = TIME.replace('"d"', '"e"').replace('"5 d"', '"1 d"')
    scoped += 'applies_to = { program = ["drop ship"], delivery = ["guest"] }\n'
    rules = rules_from(f'partner = "target"\n{scoped}{TIME}{later}', tmp_path)

    def days(shipped_on: int, program: str, delivery: str) -> int:
        sent = Dispatch(ship_date=datetime.date(2026, 3, shipped_on) if shipped_on else datetime.date(2026, 4, 1))
        state = State(program=program, answers=frozenset({"invoice"}), dispatches=[sent])
        now = datetime.datetime(2026, 3, 1, tzinfo=datetime.UTC)
        [one] = due({"derived": {"delivery": delivery}}, state, rules, datetime.UTC, now)
        assert sent.ship_date is not None
        return (one.due.date() - sent.ship_date).days

    assert [days(31, "", ""), days(0, "", ""), days(31, "drop ship", "guest")] == [5, 2, 1]
    assert [days(31, "drop ship", "direct"), days(0, "acknowledged retail", "guest")] == [5, 2]


def test_every_deadline_shipped_has_a_case() -> None:
    asked = {want["rule"] for case in DEADLINES for want in case["due"] if "rule" in want}
    assert asked == {rule.id for rule in load("target").of("deadline")}


@pytest.mark.parametrize("zone", ["America/Chicago", "America/Sao_Paulo", "Asia/Beirut", "Africa/Cairo", "Australia/Lord_Howe"])
def test_days_follow_each_other_without_gap(zone: str) -> None:
    """The end of a day and the beginning of the next are one microsecond apart, on days of any length."""
    place, day = zoneinfo.ZoneInfo(zone), datetime.date(2009, 12, 1)
    for _ in range(9 * 366):
        after = day + datetime.timedelta(days=1)
        assert begins(after, place) - ends(day, place) == datetime.timedelta(microseconds=1), day
        day = after


def test_a_moment_without_a_zone_is_refused() -> None:
    bare = datetime.datetime(2026, 3, 6, 14, 0)
    with pytest.raises(ValueError, match="received_at needs a time zone"):
        State(received_at=bare)
    with pytest.raises(ValueError, match="now needs a time zone"):
        due({}, State(), load("target"), CHICAGO, bare)


@pytest.mark.parametrize("name", ["America/Chicag0", "", "America", "../../etc/passwd", "/etc/localtime", "CST\x00"])
def test_a_zone_that_there_is_not(name: str) -> None:
    with pytest.raises(UnknownZone, match=r"there is no time zone .*: name one as America/Chicago does"):
        zone_named(name)


def test_a_machine_without_time_zones(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in {"tzdata", "tzdata.zoneinfo", *(one for one in sys.modules if one.startswith("tzdata."))}:
        monkeypatch.setitem(sys.modules, name, None)
    zoneinfo.reset_tzpath(to=[])
    zoneinfo.ZoneInfo.clear_cache()
    try:
        with pytest.raises(UnknownZone, match="install the package tzdata"):
            zone_named("America/Chicago")
        assert zone_named("UTC") is datetime.UTC
    finally:
        zoneinfo.reset_tzpath()


# --- the table ------------------------------------------------------------------------------------------------------------------


def test_the_head_of_the_table_teaches_every_key_and_word() -> None:
    head = TEXT.partition("\npartner = ")[0]
    words = set().union(*KEYS.values()) | set(table.CONFIDENCE) | set(table.SCOPE) | set(table.PER) | set(table.SEVERITIES)
    words |= {*CHECKS, *table.TIMED, *table.BY_DATES, *(event for events in table.TIMED.values() for event in events)}
    assert sorted(word for word in words if not re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", head)) == []


def test_every_charge_is_marked_second_hand() -> None:
    assert {rule.confidence for rule in load("target").of("charge")} == {"second-hand"}


def test_of_one_id_the_newest_row_counts(tmp_path: Path) -> None:
    rules = load("target")

    def rates(day: str, name: str) -> list[str]:
        return [f"{rule.rate} {rule.per}" for rule in rules.on(datetime.date.fromisoformat(day)).of("charge") if rule.id == name]

    assert rates("2025-05-03", "charge-notice-late") == ["3 cost"]
    assert rates("2025-05-04", "charge-notice-late") == ["0.75 carton"]
    assert rates("2024-08-03", "charge-fill-rate") == []
    assert rates("2024-08-04", "charge-fill-rate") == ["5 cost"]
    begun = "effective_from = 2024-08-04"
    ended = rules_from(TEXT.replace(begun, f"{begun}\neffective_until = 2026-01-31"), tmp_path)
    days = (datetime.date(2026, 1, 31), datetime.date(2026, 2, 1))
    assert ["charge-fill-rate" in {rule.id for rule in ended.on(day).of("charge")} for day in days] == [True, False]


def test_a_partner_without_rules(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    assert load("other", tmp_path).rows == ()


ABOUT = 'source = "s"\nas_of = 2026-01-01\nconfidence = "open"\n'
RULE = f'[[rule]]\nid = "x"\nkind = "check"\nwhat = "sscc"\nseverity = "error"\n{ABOUT}'
FEE = f'[[rule]]\nid = "c"\nkind = "charge"\nrate = "1"\nper = "carton"\ncurrency = "USD"\n{ABOUT}'
TIME = f'[[rule]]\nid = "d"\nkind = "deadline"\nwhat = "invoice"\nafter = "shipped"\nvalue = "5 d"\n{ABOUT}'
BROKEN = [
    ("an unknown key at the top", "rules = 1\n", "the keys are partner, rule"),
    ("rules that are no rows", "rule = 1\n", "rules are rows"),
    ("no id", RULE.replace('id = "x"\n', ""), "row 1: `id` is missing"),
    ("no kind", RULE.replace('kind = "check"\n', ""), "row 1 (x): `kind` is missing"),
    ("an unknown kind", RULE.replace('"check"', '"chek"'), "row 1 (x): `kind` is 'chek'; it may be deadline, check, charge"),
    ("a key of another kind", RULE + 'rate = "1"\n', "unknown key 'rate'; the keys of a check are"),
    ("an unknown check", RULE.replace('"sscc"', '"ssc"'), "`what` is 'ssc'; it may be case pack"),
    ("no severity", RULE.replace('severity = "error"\n', ""), "`severity` is missing"),
    ("no source", RULE.replace('source = "s"\n', ""), "`source` is missing"),
    ("an empty source", RULE.replace('source = "s"', 'source = " "'), "`source` must be a text, and not empty"),
    ("a date in quotation marks", RULE.replace("as_of = 2026-01-01", 'as_of = "2026-01-01"'), "`as_of` is a day without"),
    ("a moment for a day", RULE + "effective_from = 2026-01-01T00:00:00Z\n", "`effective_from` is a day without"),
    ("an unknown confidence", RULE.replace('"open"', '"sure"'), "`confidence` is 'sure'"),
    ("a check with a value", RULE + 'value = "1"\n', "'sscc' takes no `value`"),
    ("a check without its values", RULE.replace('"sscc"', '"barcode"'), "'barcode' needs `values`"),
    ("values that are none", RULE.replace('"sscc"', '"barcode"') + "values = []\n", "`values` must be a list of texts"),
    ("a fill rate that is no number", RULE.replace('"sscc"', '"fill rate"') + 'value = "all"\n', "`value` is 'all'"),
    ("a form that is none", RULE.replace('"sscc"', '"bill of lading form"') + 'value = "["\n', "`value` is no regular expression"),
    ("a charge that there is not", RULE + 'charge = "c"\n', "`charge` names 'c', and there is no charge of that id"),
    ("an unknown program", RULE + 'applies_to = { program = ["moon"] }\n', "names the program 'moon'; there are drop ship"),
    ("an unknown delivery", RULE + 'applies_to = { delivery = ["moon"] }\n', "names the delivery 'moon'"),
    ("an unknown document", RULE + 'applies_to = { document = ["order"] }\n', "names the document 'order'"),
    ("an unknown scope", RULE + 'applies_to = { store = ["1"] }\n', "`applies_to` is a table with program, delivery, document"),
    ("an end before the beginning", RULE + "effective_from = 2026-02-01\neffective_until = 2026-01-31\n", "is before"),
    ("twice on one day", RULE + RULE, "row 2 (x): another row of this id begins on the same day"),
    ("one id, two checks", RULE + RULE.replace('"sscc"', '"cartons"') + "effective_from = 2026-02-01\n", "another kind"),
    ("a rate that is a number", FEE.replace('"1"', "0.75"), "`rate` must be a text"),
    ("a rate below nothing", FEE.replace('"1"', '"-1"'), "`rate` is '-1'; expected a number in quotation marks"),
    ("a currency that is none", FEE.replace('"USD"', '"$"'), "`currency` is '$'; expected three letters"),
    ("an unknown measure", FEE.replace('"carton"', '"truck"'), "`per` is 'truck'; it may be carton, cost"),
    ("a span without unit", TIME.replace('"5 d"', '"5"'), "`value` is '5'; expected a number and"),
    ("an event that starts another clock", TIME.replace('"shipped"', '"handed over"'), "`after` is 'handed over'; it may be"),
    ("an unknown event", TIME.replace('"shipped"', '"gone"'), "`after` is 'gone'; it may be received"),
    ("a window with a span", TIME.replace('"invoice"', '"ship"'), "takes neither `after` nor `value`"),
    ("not TOML", "[[rule", FILE),
]


@pytest.mark.parametrize(("text", "says"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_a_table_that_does_not_load(text: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(TableError) as caught:
        rules_from(f'partner = "target"\n{text}', tmp_path)
    assert str(caught.value).startswith(FILE)
    assert says in str(caught.value)


def test_the_rows_that_are_broken_above_load_as_they_are(tmp_path: Path) -> None:
    assert [rule.id for rule in rules_from(f'partner = "target"\n{RULE}{FEE}{TIME}', tmp_path).rows] == ["x", "c", "d"]


def test_another_partner_s_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TableError, match='`partner` must be "target"'):
        rules_from('partner = "other"\n', tmp_path)


@pytest.mark.parametrize(
    ("rate", "per", "least", "cartons", "cost", "money"),
    [
        ("0.75", "carton", "100", 133, None, "100.00"),
        ("0.75", "carton", "100", 134, None, "100.50"),
        ("0.75", "carton", "0", 0, None, "0.00"),
        ("0.75", "carton", "100", None, "10", None),
        ("0.333", "carton", "0", 5, None, "1.67"),  # 1.665
        ("3", "cost", "0", None, "10.50", "0.32"),  # 0.315
        ("3", "cost", "0", None, "10.49", "0.31"),  # 0.3147
        ("5", "cost", "0", 3, None, None),
    ],
)
def test_estimates_are_rounded_once_to_the_cent(
    rate: str, per: str, least: str, cartons: int | None, cost: str | None, money: str | None, tmp_path: Path
) -> None:
    text = FEE.replace('rate = "1"\nper = "carton"', f'rate = "{rate}"\nper = "{per}"\nleast = "{least}"')
    [rule] = rules_from(f'partner = "target"\n{text}', tmp_path).rows
    found = rule.estimate(cartons, None if cost is None else Decimal(cost))
    assert (None if found is None else f"{found:f}") == money
