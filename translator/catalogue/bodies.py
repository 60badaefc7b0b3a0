"""Findings in the JSON of an API, and in the requests that answer it. Nothing is computed."""

from __future__ import annotations

from translator.catalogue.entry import ERROR as _E
from translator.catalogue.entry import WARNING as _W
from translator.catalogue.entry import Entry

BODIES: dict[str, Entry] = {
    # --- what an API says ------------------------------------------------------------------------------------------
    "body-unknown": Entry(
        _E,
        None,
        "The entry {value} is no order that a table knows.",
        "Hand in what the API returned for orders, as it came; an error of the API's says what to mend.",
    ),
    "order-twice": Entry(
        _E,
        None,
        "{path}: order {value} stands in the file a second time; {expected}.",
        "The same word for word is taken once. Where the two differ, fetch the order anew: which one holds cannot be told.",
    ),
    "field-missing": Entry(
        _E,
        None,
        "{path} is missing, or empty, and nothing can be done without it.",
        "Received so, fetch the order again or ask the partner; in a document of yours, fill it.",
    ),
    "field-type": Entry(
        _E,
        None,
        "{path} is {value}; expected {expected}.",
        "Received so, fetch the order again or ask the partner; in a document of yours, correct it.",
    ),
    "field-code": Entry(
        _E,
        None,
        "{path} is {value}; the table knows {expected}.",
        "Write one of these words, or add the new one to the codes of the table once you know what it means.",
    ),
    "field-form": Entry(_W, None, "{path} is {value}; expected {expected}.", "Nothing to do if the partner means it so."),
    "field-number": Entry(
        _W,
        None,
        "{path} is the number {value}, where a text was expected; zeros before it may be lost.",
        "Compare it with what the partner shows. If numbers are meant, say so in the table.",
    ),
    "field-unknown": Entry(
        _W,
        None,
        "{path} is in no row of the table: {value}.",
        "Nothing to do. `--exact` keeps it; to take it, add a row to the table.",
    ),
    # --- what answers it -------------------------------------------------------------------------------------------
    "status-unfit": Entry(
        _E,
        None,
        "{path} is {value}, for which the partner has no word; expected {expected}.",
        "Accept, or reject with a reason: another date, price or item cannot be said there.",
    ),
    "reason-missing": Entry(
        _E,
        None,
        "{path} has no reason, and nothing is cancelled without one; expected {expected}, here or in the setting {value}.",
        "Give the reason with the answer, or choose one for all in the setting of partner.toml.",
    ),
    "cancel-late": Entry(
        _E,
        None,
        "{path} cancels {value}, but {expected}.",
        "What was shipped is not cancelled any more: it comes back as a return. Correct the quantities.",
    ),
    "cancel-undone": Entry(
        _E,
        None,
        "{path} cancels {value}, but {expected}.",
        "What was cancelled stays so: nobody can take it back. Correct the quantities.",
    ),
    "ship-early": Entry(
        _E,
        None,
        "{path} is {value}, before the order was made: {expected}.",
        "Correct the date: the partner refuses a shipment that is older than its order.",
    ),
    "carrier-unmapped": Entry(
        _E,
        None,
        "{path} is {value}, whose row in {expected} has no shipping method.",
        "Name the service too (a row that has `method`), or add `method` to that row, as the partner's list of methods has it.",
    ),
    # --- tracking numbers -------------------------------------------------------------------------------------------
    "tracking-missing": Entry(
        _E,
        None,
        "{path} is missing: line {value} has left without a tracking number.",
        "Put the carrier's number on the pack, or on the order where one number stands for all of it.",
    ),
    "tracking-damaged": Entry(
        _E,
        None,
        "{path} is {value}: a spreadsheet made a number of it, and its digits are lost; expected {expected}.",
        "Take the number from the carrier's label or file again; format the column as text before a file is opened.",
    ),
    "tracking-written": Entry(
        _W, None, "{path} is {value}; it is taken as {expected}.", "Nothing to do: blanks and hyphens are for people to read."
    ),
    "tracking-form": Entry(
        _E,
        None,
        "{path} is {value}, no tracking number of this carrier's: {expected}.",
        "Take the number from the label; if the carrier is another one, name it. New forms belong in carriers/tracking.toml.",
    ),
    "tracking-digit": Entry(
        _E,
        None,
        "{path} is {value}: {expected}.",
        "Compare it with the label: a digit is wrong or missing.",
    ),
    "tracking-unchecked": Entry(
        _W,
        None,
        "{path} is {value}, of a carrier whose tracking numbers no table describes: {expected}.",
        "Compare it with the label. To have it checked, add the carrier to carriers/tracking.toml.",
    ),
}
