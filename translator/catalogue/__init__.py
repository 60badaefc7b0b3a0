"""The catalogue of findings: code -> severity, X12 acknowledgment code, sentence, cure. Nothing here is computed.

Codes are words and stable for ever. ``ack`` is what a 997 or TA1 calls it: AK3 (DE 720), AK4 (DE 723), AK5 (DE 718),
AK9 (DE 716), TA1 (DE I18), or None where X12 itself is not broken. Segments that keep a rule and segments that break it
are data: ``mappings/PARTNER/examples.toml``.

    received.py    X12 that came, or is read back: interchange, structure, elements, notes of a guide
    answered.py    documents that are written, and answers beside their orders
    exchanged.py   balances, dated rules, the supplier's lists, changes of orders
    columns.py     the ERP's own files
    bodies.py      the JSON of an API, and the requests that answer it
"""

from __future__ import annotations

from translator.catalogue.answered import ANSWERED
from translator.catalogue.bodies import BODIES
from translator.catalogue.columns import COLUMNS
from translator.catalogue.entry import Entry
from translator.catalogue.exchanged import EXCHANGED
from translator.catalogue.received import RECEIVED

CATALOGUE: dict[str, Entry] = {**RECEIVED, **ANSWERED, **EXCHANGED, **COLUMNS, **BODIES}

# What to do about findings of what was just written: there is no sender to ask, and only the document can be mended. By code,
# else by severity; {path} is the place in the document.
_FILL = "Fill {path}."
_MAYBE = "Fill {path}, if there is something to say."
_MENDS = {
    "error": "Correct {path}; nothing is written as long as it is so.",
    "warning": "Check {path}; it can be sent as it is.",
    "amount-small": "Leave so small an amount out, or add it to another: {path}.",
    "check-digit": "Check {path}: a digit was mistyped, or a leading zero lost.",
    "element-missing": _FILL,
    "loop-missing": _FILL,
    "qualifier-expected": _MAYBE,
    "segment-expected": _MAYBE,
    "segment-missing": _FILL,
    "syntax-conditional": _FILL,
    "syntax-paired": "Fill {path}, or leave out what goes with it.",
    "syntax-required": _FILL,
    "total-differs": "Correct {path}, or leave it out: it is worked out.",
    "tree-empty": "Say what is in {path}, or leave it out.",
    "usage-missing": _MAYBE,
    "values-disagree": "Check {path}: which of the two is meant.",
}


def mend(code: str, severity: str) -> str:
    """What to do about a finding of what was written."""
    return _MENDS.get(code) or _MENDS[severity]


# What an acknowledgment calls a breach in an element of the envelope, whatever the breach: no AK4 can speak of one.
HEADERS: dict[str, tuple[str, str]] = {
    "ISA01": ("TA1", "010"),
    "ISA02": ("TA1", "011"),
    "ISA03": ("TA1", "012"),
    "ISA04": ("TA1", "013"),
    "ISA05": ("TA1", "005"),
    "ISA06": ("TA1", "006"),
    "ISA07": ("TA1", "007"),
    "ISA08": ("TA1", "008"),
    "ISA09": ("TA1", "014"),
    "ISA10": ("TA1", "015"),
    "ISA11": ("TA1", "016"),
    "ISA12": ("TA1", "017"),
    "ISA13": ("TA1", "018"),
    "ISA14": ("TA1", "019"),
    "ISA15": ("TA1", "020"),
    "GS01": ("AK9", "1"),
    "GS02": ("TA1", "024"),
    "GS03": ("TA1", "024"),
    "GS04": ("TA1", "024"),
    "GS05": ("TA1", "024"),
    "GS06": ("AK9", "6"),
    "GS07": ("TA1", "024"),
    "GS08": ("AK9", "2"),
    "ST01": ("AK5", "6"),
    "ST02": ("AK5", "7"),
}
