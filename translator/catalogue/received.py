"""Findings in X12 that came, or is read back: interchange, structure, elements, notes of a guide. Nothing is computed."""

from __future__ import annotations

from translator.catalogue.entry import ERROR as _E
from translator.catalogue.entry import RESEND as _RESEND
from translator.catalogue.entry import WARNING as _W
from translator.catalogue.entry import Entry

RECEIVED: dict[str, Entry] = {
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
    "tree-level": Entry(
        _E,
        None,
        "{ref} is {value}, but the guide has level {expected}.",
        "It was read below the last one where it fits; what lies where cannot be told. Ask the sender for another structure.",
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
}
