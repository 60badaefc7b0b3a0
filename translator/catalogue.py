"""The catalogue of findings: code -> severity, X12 acknowledgment code, sentence, cure. Nothing here is computed.

Codes are words and stable for ever. ``ack`` is what a 997 or TA1 calls it: AK3 (DE 720), AK4 (DE 723), AK5 (DE 718),
AK9 (DE 716), TA1 (DE I18), or None where X12 itself is not broken. Segments that keep a rule and segments that break it
are data: ``mappings/PARTNER/examples.toml``.
"""

from __future__ import annotations

from attrs import define, field


@define(eq=False, repr=False)
class Entry:
    """One kind of finding. ``sentence`` has places for {ref} {segment} {value} {expected} {path}.

    ``acks`` overrules ``ack`` by the element that the finding speaks of, or by why a set has no table.
    """

    severity: str
    ack: tuple[str, str] | None
    sentence: str
    cure: str
    acks: dict[str, tuple[str, str] | None] = field(factory=dict)

    @property
    def general(self) -> str:
        """The sentence without a case: its places are named, not filled."""
        words = {"ref": "an element", "segment": "…", "value": "…", "expected": "…", "path": "a place in the document"}
        text = self.sentence.format(**words)
        return text[:1].upper() + text[1:]


_E, _W = "error", "warning"
_RESEND = "Ask the sender to send it again, whole."

CATALOGUE: dict[str, Entry] = {
    # --- the interchange -------------------------------------------------------------------------------------
    "isa-width": Entry(
        _W,
        None,
        "ISA has lost or gained blanks in {value}; read by its separators as if padded.",
        "Nothing to do for reading. Ask the sender for fixed widths: other software counts on 106 characters.",
    ),
    "isa-broken": Entry(_E, None, "This ISA cannot be read: {expected}.", "The interchange is skipped. " + _RESEND),
    "lines-wrapped": Entry(
        _W,
        None,
        "Lines are broken inside segments; the line ends were taken out.",
        "Nothing to do for reading. Check the transfer: something wraps lines at a fixed width.",
    ),
    "foreign-text": Entry(
        _W,
        None,
        "Text that is no X12 was skipped: {value}.",
        "Check that nothing was cut from the file; take headers and remarks out of it.",
    ),
    "segment-indented": Entry(
        _W, None, "Blanks stand before segments; they were skipped.", "Nothing to do. They came from an editor or a display."
    ),
    "segment-empty": Entry(
        _W,
        None,
        "There is an empty segment (two terminators in a row).",
        "Nothing to do for reading; the sender should not write it.",
    ),
    "terminator-missing": Entry(
        _W,
        None,
        "The last segment ({segment}) does not end in the segment terminator.",
        "Check that the file is whole: it may have been cut.",
    ),
    "isa-missing": Entry(_E, None, "There is {segment} without an interchange header (ISA) before it.", _RESEND),
    "iea-missing": Entry(
        _E, ("TA1", "023"), "The interchange trailer (IEA) is missing: the file was cut, or another interchange begins.", _RESEND
    ),
    "gs-missing": Entry(_E, ("TA1", "022"), "{segment} stands outside a functional group: its header (GS) is missing.", _RESEND),
    "ge-missing": Entry(_E, ("AK9", "3"), "The functional group trailer (GE) is missing before {segment}.", _RESEND),
    "st-missing": Entry(
        _E, ("TA1", "022"), "{segment} ends a transaction set that never began: its header (ST) is missing.", _RESEND
    ),
    "se-missing": Entry(_E, ("AK5", "2"), "The transaction set trailer (SE) is missing: the set ends before {expected}.", _RESEND),
    "segment-outside": Entry(
        _E,
        ("TA1", "024"),
        "Segment {value} stands outside any transaction set.",
        "It was not read. Ask the sender where it belongs.",
    ),
    "count-differs": Entry(
        _E,
        ("AK5", "4"),
        "{ref} counts {value}, the file has {expected}.",
        "Something was lost, doubled or miscounted. " + _RESEND,
        {"GE01": ("AK9", "5"), "IEA01": ("TA1", "021")},
    ),
    "control-differs": Entry(
        _E,
        ("AK5", "3"),
        "{ref} is {value}, its header says {expected}.",
        "Header and trailer belong to different envelopes, or one was edited. " + _RESEND,
        {"GE02": ("AK9", "4"), "IEA02": ("TA1", "001")},
    ),
    "control-repeated": Entry(
        _E,
        ("AK5", "23"),
        "Control number {value} in {ref} was used before: in the same envelope, or by an interchange of the same sender.",
        "Make sure that nothing is taken twice; ask the sender to number each set, group and interchange anew.",
        {"GS06": ("AK9", "6"), "ISA13": ("TA1", "025")},
    ),
    "group-differs": Entry(
        _E,
        ("AK9", "1"),
        "GS01 {value} does not fit the transaction set in it; expected {expected}.",
        "Ask the sender to put the set into a group of its own kind.",
    ),
    "release-differs": Entry(
        _W, None, "GS08 is {value}; it was read by the table for {expected}.", "Compare the first document with the sender's guide."
    ),
    # --- tables and partners ---------------------------------------------------------------------------------
    "table-missing": Entry(
        _W,
        ("AK5", "1"),
        "No mapping table reads set {value}: {expected}. It is kept as raw text.",
        "Name a table with --guide, or add one: mappings/README.md shows how.",
        {"slip": ("AK5", "6"), "release": ("AK9", "2"), "known": None},
    ),
    "partner-unknown": Entry(
        _W,
        None,
        "{value} ({ref}) is in no partner.toml; the set was read by {expected}, the only guide for it.",
        "If that is the partner, add the id to its partner.toml.",
    ),
    # --- structure of a set ----------------------------------------------------------------------------------
    "segment-unknown": Entry(
        _E,
        ("AK3", "1"),
        "{value} is no segment of the standard that this guide knows.",
        "Check for a lost terminator or separator just before it. The segment was not read.",
    ),
    "segment-unmapped": Entry(
        _W,
        None,
        "The guide has no row for segment {segment}, though the standard allows it.",
        "The segment is kept only by --exact. If the partner means to send it, add a row to the table.",
    ),
    "segment-foreign": Entry(
        _E,
        ("AK3", "6"),
        "Segment {segment} does not belong to this transaction set.",
        "The segment was not read. Ask the sender why it is there.",
    ),
    "segment-stray": Entry(
        _E,
        ("AK3", "2"),
        "Segment {segment} stands outside the loop that it belongs to ({expected}); it was not read.",
        "The segment that begins the loop is missing, mistyped or out of place before it. The same holds for those that follow it.",
    ),
    "segment-order": Entry(
        _E,
        ("AK3", "7"),
        "Segment {segment} is out of place here; by the guide it comes earlier.",
        "It was read all the same, where it could be. Ask the sender to keep the guide's order.",
    ),
    "segment-missing": Entry(
        _E, ("AK3", "3"), "Mandatory segment {segment} is missing.", "Ask the sender for it; the document lacks what it says."
    ),
    "segment-expected": Entry(
        _W,
        None,
        "Segment {segment} is missing here; the guide says: {expected}.",
        "Nothing is broken; find out what it would have said before you need it.",
    ),
    "segment-repeated": Entry(
        _E,
        ("AK3", "5"),
        "Segment {segment} comes more often than {expected} times.",
        "It was read where the document has room. Ask the sender to keep the limit.",
    ),
    "loop-repeated": Entry(
        _E,
        ("AK3", "4"),
        "Loop {ref} comes more often than {expected} times.",
        "The loops after the limit were not read. Ask the sender to keep it.",
    ),
    "loop-missing": Entry(
        _E,
        ("AK3", "3"),
        "Mandatory loop {ref} is missing: no {segment} begins it.",
        "Ask the sender for it; the document lacks what it says.",
    ),
    "loop-unknown": Entry(
        _E,
        ("AK4", "7"),
        "{ref} is {value}: no loop of the guide begins like that; expected {expected}.",
        "The loop was not read. If the partner means to send it, add a loop to the table.",
    ),
    "tree-parent": Entry(
        _E,
        None,
        "{ref} is {value}: no open segment of the tree has that number; open are {expected}.",
        "It was read below the last one where it fits. Ask the sender to number the tree from top to bottom.",
    ),
    "tree-number": Entry(
        _W,
        None,
        "{ref} is {value}, counted: {expected}.",
        "Nothing to do for reading: parents are known by the numbers sent. The sender should count from 1, without gaps.",
    ),
    "pack-unlabeled": Entry(
        _E,
        None,
        "{path} has no label: a pallet has a serial number (SSCC), a carton that or a tracking number.",
        "Give each carton its label's number; goods without carton stand directly below their order.",
    ),
    "tree-empty": Entry(
        _E,
        None,
        "{path} holds nothing.",
        "Say what is in the carton, on the pallet or sent of the order, or leave it out.",
    ),
    "place-taken": Entry(
        _W,
        None,
        "{ref} repeats what the document has one place for.",
        "The first is in the document, this one is kept only by --exact. Ask the sender which one counts.",
    ),
    # --- elements --------------------------------------------------------------------------------------------
    "element-missing": Entry(_E, ("AK4", "1"), "{ref} is missing; it is mandatory.", "Ask the sender to fill it."),
    "element-many": Entry(
        _E,
        ("AK4", "3"),
        "{segment} has more elements than the standard gives it ({expected}): {value}.",
        "Check for a separator inside a value.",
    ),
    "element-unmapped": Entry(
        _W,
        None,
        "The guide does not use {ref}; it holds {value}.",
        "The value is kept only by --exact. If the partner means to send it, add it to the table.",
    ),
    "element-trailing": Entry(
        _W,
        None,
        "{segment} ends in empty elements; X12 leaves their separators out.",
        "Nothing to do for reading; the sender should drop them.",
    ),
    "element-short": Entry(
        _E,
        ("AK4", "4"),
        "{ref} is {value}: too short, expected {expected}.",
        "Ask the sender for the full value; leading zeros may have been lost.",
    ),
    "element-long": Entry(
        _E, ("AK4", "5"), "{ref} is {value}: too long, expected {expected}.", "Ask the sender to keep the length."
    ),
    "element-character": Entry(
        _E,
        ("AK4", "6"),
        "{ref} is {value}: it holds a character that may not stand there; expected {expected}.",
        "A line break here often means a lost segment terminator. Ask the sender for clean text.",
    ),
    "element-foreign": Entry(
        _W,
        None,
        "{ref} is {value}: it holds bytes outside ASCII; expected {expected}.",
        "The bytes are kept as they came, one character a byte. Check how the name is written.",
    ),
    "element-components": Entry(
        _E,
        ("AK4", "6"),
        "{ref} is {value}: it holds the component separator, but is no composite.",
        "The value is kept whole. Ask the sender to choose another separator or text.",
    ),
    "element-code": Entry(
        _E,
        ("AK4", "7"),
        "{ref} is {value}: no code of the guide; expected {expected}.",
        "Ask the sender to correct it, or add the code to the table if the partner has announced it.",
    ),
    "element-date": Entry(
        _E, ("AK4", "8"), "{ref} is {value}: no date of the calendar; expected {expected}.", "Ask the sender for the right date."
    ),
    "element-time": Entry(
        _E, ("AK4", "9"), "{ref} is {value}: no time of the day; expected {expected}.", "Ask the sender for the right time."
    ),
    "element-number": Entry(
        _E,
        ("AK4", "6"),
        "{ref} is {value}: not a number as X12 writes them; expected {expected}.",
        "Ask the sender for digits without blanks, commas or exponents.",
    ),
    "element-empty": Entry(_E, ("AK3", "8"), "{segment} has no element at all.", "Ask the sender what it was to say."),
    "syntax-paired": Entry(
        _E, ("AK4", "2"), "{ref} is missing: {expected} come together or not at all.", "Ask the sender for both, or neither."
    ),
    "syntax-required": Entry(
        _E, ("AK4", "2"), "{segment} has none of {expected}; at least one is required.", "Ask the sender for one of them."
    ),
    "syntax-exclusive": Entry(
        _E, ("AK4", "10"), "{segment} has more than one of {expected}; at most one may be sent.", "Ask the sender which one counts."
    ),
    "syntax-conditional": Entry(
        _E, ("AK4", "2"), "{ref} is missing: {expected}.", "Ask the sender for it, or to leave out what calls for it."
    ),
    "syntax-list": Entry(_E, ("AK4", "2"), "{segment} lacks a companion: {expected}.", "Ask the sender for one of them."),
    # --- what the guide says in its notes --------------------------------------------------------------------
    "qualifier-expected": Entry(
        _W,
        None,
        "{segment} with {ref} {expected} is missing; the guide says that it is always sent.",
        "Find out what it would have said before you need it.",
    ),
    "usage-only": Entry(
        _W, None, "{ref} is {value}; the guide sends it only with {expected}.", "Ask the partner what it means here."
    ),
    "usage-missing": Entry(_W, None, "{ref} is missing; the guide says: {expected}.", "Ask the partner for it if you need it."),
    "usage-code": Entry(_W, None, "{ref} is {value}; the guide has here {expected}.", "Ask the partner what it means."),
    "usage-form": Entry(
        _W,
        None,
        "{ref} is {value}; the guide says: {expected}.",
        "It is kept as it came. Check the item or party in your own records.",
    ),
    "check-digit": Entry(
        _W,
        None,
        "{ref} is {value}: its check digit is wrong, {expected} would be right.",
        "It is kept as it came. A digit was mistyped, or a leading zero lost.",
    ),
    "values-disagree": Entry(
        _W,
        None,
        "{ref} is {value}, which does not agree with {expected}.",
        "Check which of the two is meant before you ship or bill.",
    ),
    "form-unknown": Entry(
        _W,
        None,
        "{ref} is {value}: none of the forms that the guide describes ({expected}).",
        "It goes back exactly as it came. Check that it was not cut or edited.",
    ),
    "value-repeated": Entry(
        _W,
        None,
        "{ref} is {value} a second time; it should tell the lines apart.",
        "Answers cannot say which one they mean: settle it with the buyer before you answer.",
    ),
    "amount-small": Entry(
        _E, None, "{ref} is {value}; the least that is taken is {expected}.", "Leave so small an amount out, or add it to another."
    ),
    "total-differs": Entry(
        _W,
        None,
        "{ref} says {value}; counted: {expected}.",
        "Check that nothing was lost; when you write it, leave it out: it is worked out.",
    ),
    # --- writing ---------------------------------------------------------------------------------------------
    "value-delimiter": Entry(
        _E,
        None,
        "{path} is {value}: it holds {expected}, which X12 cannot carry there.",
        "Take the character out of the value, or choose other delimiters. Nothing was written: it could forge a segment.",
    ),
    "value-type": Entry(
        _E,
        None,
        "{path} is {value}: expected {expected}.",
        "Correct the document: identifiers, quantities and prices are text, counts are integers.",
    ),
    "value-missing": Entry(
        _E,
        None,
        "{path} is missing; the envelope cannot be written without it.",
        "Add it to the document; on the command line, `--control N` gives the control numbers.",
    ),
    "value-replaced": Entry(
        _W,
        None,
        "{path} was {value}; it is written as {expected}, since a delimiter or a control character cannot stand in a value.",
        "Nothing to do, if that reads well. Other delimiters, or another text, avoid it.",
    ),
    "value-twice": Entry(
        _E,
        None,
        "{path} is {value}, and so is {expected}: the same thing would be sent twice.",
        "Leave one out, or give it a number of its own.",
    ),
    "value-lost": Entry(
        _E,
        None,
        "{path} is {value}, but would be read back as {expected}.",
        "The table has no place for this value, or the value does not fit its place. Correct the document or the table.",
    ),
    "name-unknown": Entry(
        _E,
        None,
        "{path} is no name that the table has a qualifier for; expected {expected}.",
        "Correct the name, or add it to the names of the table.",
    ),
    "document-invalid": Entry(
        _E,
        None,
        "The document is not as its schema says: {expected}.",
        "Correct the document: the schema says what every value must be.",
    ),
    "residue-unused": Entry(
        _W,
        None,
        "What came as {value} was not written again: the document no longer says the same there.",
        "Nothing to do if the change was meant.",
    ),
    # --- answering an order: drafts, amounts, labels ---------------------------------------------------------
    "order-empty": Entry(
        _E, None, "{path}: the order has no lines, so there is nothing to answer.", "Check that it was read whole."
    ),
    "line-repeated": Entry(
        _E,
        None,
        "{path} is {value} a second time in its order: an answer could not say which line it means.",
        "Settle it with the buyer, or write the answer by hand.",
    ),
    "order-repeated": Entry(
        _E, None, "{path} is {value} a second time: an order stands in a shipment once.", "Give each order once."
    ),
    "quantity-unusable": Entry(
        _E,
        None,
        "{path} is {value}: not a quantity that can be shipped or billed; expected {expected}.",
        "Correct the quantity: digits, perhaps with a point, as text.",
    ),
    "unit-differs": Entry(
        _E,
        None,
        "{path} is {value}; the order's line is in {expected}.",
        "Ship and bill in the unit of the order; nothing is converted.",
    ),
    "ship-to-differs": Entry(
        _E,
        None,
        "{path} ships to {value}, the first order to {expected}.",
        "One shipment has one ship-to: make a shipment for each.",
    ),
    "carton-short": Entry(
        _W,
        None,
        "{path} is {value} in a case pack of {expected}: the last carton is short.",
        "Check that the buyer takes broken case packs.",
    ),
    "pack-assumed": Entry(
        _W,
        None,
        "{path}: the order has no single case pack for this line, so all of it is in one carton.",
        "Split it if it fills more than one carton.",
    ),
    "pack-unknown": Entry(
        _W,
        None,
        "{path}: cartons do not follow from a quantity in {value}, so the line has a pack without quantity and label.",
        "Say how much is shipped, and in which cartons.",
    ),
    "cartons-many": Entry(
        _E,
        None,
        "{path} is {value}: more cartons than one shipment takes ({expected}).",
        "Check quantity and case pack; make several shipments.",
    ),
    "sscc-exhausted": Entry(
        _E,
        None,
        "{value} cartons need a serial number; {expected} are left for this GS1 prefix and extension digit.",
        "Take another extension digit or prefix; numbers may come again after a year at the earliest.",
    ),
    "sscc-invalid": Entry(
        _E,
        None,
        "{path} is {value}: no SSCC; expected {expected}.",
        "Take the number from the label. With 17 digits, the 0 before a UPC company prefix is often missing.",
    ),
    "sscc-repeated": Entry(
        _E, None, "{path} is {value} a second time: two cartons never have the same SSCC.", "Give every carton its own number."
    ),
    "sscc-missing": Entry(
        _W,
        None,
        "{path}: {value} packs have no SSCC, and so no label.",
        "Give the cartons their numbers first; loose goods have no label.",
    ),
    "label-unsafe": Entry(
        _E,
        None,
        "{path} is {value}: {expected}.",
        "An identifier is never changed: correct it in the document, or make this label by hand.",
    ),
    "nothing-shipped": Entry(
        _E, None, "{path}: nothing of the order {value} is in this shipment.", "Name the shipment that it went with."
    ),
    "price-basis-unfit": Entry(
        _E,
        None,
        "{path}: the line is priced by {value}; expected {expected}.",
        "The invoice is held: a wrong basis overbills many times over. Ask the buyer which price and unit are meant.",
    ),
    "invoice-credit": Entry(
        _E, None, "{path} is {value}: that is a credit, and an invoice holds none.", "Give the credit on the way agreed."
    ),
    "invoice-negative": Entry(
        _E, None, "{path} is {value}: an invoice cannot be negative.", "Check the allowances; give a credit on the way agreed."
    ),
    # --- what must go back as it came ------------------------------------------------------------------------
    "order-unknown": Entry(
        _E,
        None,
        "{path} is {value}, which none of the orders given has: {expected}.",
        "Give the order that is answered, or correct number and release: they go back in the format received.",
    ),
    "line-unknown": Entry(
        _E,
        None,
        "{path} is {value}, which is no line of the order; its lines are {expected}.",
        "Name the line as the order does, by its line number or its item ids.",
    ),
    "order-blocked": Entry(
        _E,
        None,
        "Order {value} takes no such answer: {expected}.",
        "Send nothing for it. Answer the order that the reason names, if it names one, such as a release.",
    ),
    "answer-none": Entry(
        _E,
        None,
        "Order {value} is answered without a document of this kind: {expected}.",
        "Send none. If the partner asks for one, add its table to the program in partner.toml.",
    ),
    "carry-missing": Entry(
        _E,
        None,
        "{path} is missing; by the order it must be {expected}.",
        "Add it, or write with the order given: what it says is then filled in.",
    ),
    "carry-differs": Entry(
        _E,
        None,
        "{path} is {value}; by the order it must be {expected}.",
        "Correct it, or leave it out and give the order: what must go back goes back exactly as it came.",
    ),
    "carry-extra": Entry(
        _E,
        None,
        "{path} is {value}, which may not stand here: {expected}.",
        "Take it out: what was not asked for does not go back.",
    ),
    "carry-ambiguous": Entry(
        _E,
        None,
        "{path} could be {expected}: the order does not say which.",
        "Say in the document which of them is meant.",
    ),
    "carry-default": Entry(
        _W, None, "{path} is {value}; the order says {expected}.", "Nothing to do if the partner has agreed to the change."
    ),
    "quantity-over": Entry(
        _E,
        None,
        "{path} brings the quantity to {value}, which is more than the order has: {expected}.",
        "Correct the quantities; what was not ordered is neither confirmed, shipped nor billed.",
    ),
    "quantity-differs": Entry(
        _E,
        None,
        "{path}: the quantities come to {value}, the order has {expected}.",
        "Say of every unit that was ordered what becomes of it: accepted, rejected, later, replaced.",
    ),
    "carrier-unknown": Entry(
        _E,
        None,
        "{path} is {value}, for which the partner's carriers.toml has no code; near it are {expected}.",
        "Name the carrier by its code (SCAC), or add the name to carriers.toml.",
    ),
    "carrier-differs": Entry(
        _E,
        None,
        "{path} is {value}, but the carrier's name stands for {expected}.",
        "Correct the code or the name: only one of them can be on the truck.",
    ),
    # --- all of it -------------------------------------------------------------------------------------------
    "findings-cut": Entry(
        _W, None, "Not shown: {expected} more findings.", "Mend the first ones; the rest are often their followers."
    ),
}

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
