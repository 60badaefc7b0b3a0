"""Findings in documents that are written, and in answers beside their orders. Nothing is computed."""

from __future__ import annotations

from translator.catalogue.entry import ERROR as _E
from translator.catalogue.entry import WARNING as _W
from translator.catalogue.entry import Entry

ANSWERED: dict[str, Entry] = {
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
        "Add it to the document; on the command line, `--control N` gives the control numbers, `--order` the ids.",
    ),
    "value-expected": Entry(
        _W,
        None,
        "{path} is missing; it should say {expected}.",
        "Fill it, unless your program does without it.",
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
        "Send none. If you have agreed on one, name its program (`--program`), or add its table to the program in partner.toml.",
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
        "Take it out, or put there what the reason says: what was not asked for does not go back.",
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
