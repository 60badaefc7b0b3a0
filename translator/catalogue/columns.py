"""Findings in the ERP's own files: columns, rows, cells. Nothing is computed."""

from __future__ import annotations

from translator.catalogue.entry import ERROR as _E
from translator.catalogue.entry import WARNING as _W
from translator.catalogue.entry import Entry

COLUMNS: dict[str, Entry] = {
    # --- the ERP's files: columns, rows, cells ---------------------------------------------------------------------
    "file-empty": Entry(
        _E,
        None,
        "The file has no rows: it is empty, or has a header only.",
        "Export it again. Where there is nothing to say, no file is needed.",
    ),
    "file-encoding": Entry(
        _E,
        None,
        "The file holds {value}; the table says {expected}.",
        "Save it in the encoding that the table names, or write the file's encoding into the table.",
    ),
    "file-damaged": Entry(_E, None, "The file holds {value}: it was damaged on its way.", "Export it and hand it over again."),
    "file-mark": Entry(
        _W, None, "The file begins with {expected}.", 'Nothing to do; encoding = "utf-8-sig" in the table takes it for granted.'
    ),
    "file-delimiter": Entry(
        _E,
        None,
        "The cells are divided by {value}; the table says {expected}.",
        "A spreadsheet of another language saves so: export it from the ERP again, or change delimiter in the table.",
    ),
    "file-quotes": Entry(
        _E,
        None,
        "{ref} opens a quotation mark that is not closed as it should be; what follows cannot be told apart.",
        "Double each quotation mark inside a quoted cell, and close the cell with one; then hand in the file again.",
    ),
    "file-unended": Entry(
        _W, None, "The file ends without a line end: perhaps its end was cut off.", "Compare its last row with the ERP's."
    ),
    "column-missing": Entry(
        _E,
        None,
        "Column {ref} is missing: {expected}.",
        "Export the file with the columns of the table, under the same names.",
    ),
    "column-absent": Entry(
        _W,
        None,
        "Column {ref} is not in the file: {expected}.",
        "Nothing to do if it has nothing to say; else export it again with all its columns.",
    ),
    "column-unknown": Entry(
        _E,
        None,
        "The table has no column {ref}; near it is {expected}.",
        "Name the column as the table does, take it out, or add it to the table.",
    ),
    "column-repeated": Entry(_E, None, "Column {ref} is there more than once.", "Leave one of them, the right one."),
    "row-ragged": Entry(
        _E,
        None,
        "{ref} has {value}, not {expected}.",
        "Look for a delimiter or a line end within a value, which must stand in quotation marks, or for a cut row.",
    ),
    "row-stray": Entry(
        _E,
        None,
        "{ref} does not say which document it belongs to; nothing of the file is taken, because it may be missing elsewhere.",
        "Mend that row, and hand in the file again.",
    ),
    "row-unsure": Entry(
        _E,
        None,
        "Column {ref} is empty, but filled in row {expected}, which agrees otherwise: one document or two cannot be told.",
        "Fill the column in all rows of the document; or hand in two files, if they are two.",
    ),
    "row-contradicts": Entry(
        _E,
        None,
        "Column {ref} says {value}, but {expected} of the same document.",
        "Say the same in every row of one document, order or carton; or tell them apart by their key columns.",
    ),
    "row-repeated": Entry(
        _E,
        None,
        "{ref} is {value} a second time in one document; row {expected} has it too.",
        "Take the row out if it was exported twice; else add it to the other.",
    ),
    "row-doubled": Entry(
        _W, None, "{ref} is the same as row {expected}, letter for letter.", "If it was exported twice, take one of them out."
    ),
    "row-merged": Entry(
        _E,
        None,
        "{path} has the keys of another before it ({ref}: {value}); on the way back they would be one.",
        "Tell them apart by what their key columns hold, or make another column a key of the table.",
    ),
    "row-none": Entry(
        _E,
        None,
        "{path} holds nothing, so the file would have no row for it.",
        'Add what is missing; or let the table say without = "skip" or "row".',
    ),
    "cell-missing": Entry(
        _E, None, "Column {ref} is empty; it needs {expected}.", "Fill it in the ERP, and export the file again."
    ),
    "cell-gap": Entry(
        _E, None, "Column {ref} is empty, though one that comes after it in the same list is filled.", "Fill the first one first."
    ),
    "cell-constant": Entry(
        _E,
        None,
        "Column {ref} is {value}; it always says {expected}.",
        "Check that this is the right kind of file, and not another export.",
    ),
    "cell-long": Entry(
        _E,
        None,
        "{ref} holds a value that is too long: {expected}.",
        "Look for a quotation mark that is not closed, or the wrong file.",
    ),
    "cell-error": Entry(
        _E,
        None,
        "Column {ref} holds {value}, the error of a spreadsheet's formula.",
        "Put in the value itself; take it from the ERP.",
    ),
    "cell-wrapped": Entry(
        _E, None, "Column {ref} is {value}, wrapped against a spreadsheet; the value is {expected}.", "Export the bare value."
    ),
    "cell-scientific": Entry(
        _E,
        None,
        "Column {ref} is {value}: a spreadsheet made a number of it and lost its digits; wanted is {expected}.",
        "Take the value from the ERP again; format the column as text before the file is opened or typed.",
    ),
    "cell-zeros": Entry(
        _E,
        None,
        "Column {ref} is {value}, too short: a spreadsheet drops zeros at the front; wanted is {expected}.",
        "Take the value from the ERP again; format the column as text before the file is opened or typed.",
    ),
    "cell-rounded": Entry(
        _E,
        None,
        "Column {ref} is {value}: a spreadsheet keeps 15 digits only, and the others are gone; wanted is {expected}.",
        "Take the value from the ERP again; format the column as text before the file is opened or typed.",
    ),
    "cell-dated": Entry(
        _E,
        None,
        "Column {ref} is {value}: a spreadsheet made a date of it; wanted is {expected}.",
        "Take the value from the ERP again; format the column as text before the file is opened or typed.",
    ),
    "cell-pointed": Entry(
        _E,
        None,
        "Column {ref} is {value}: a program made a number of it; wanted is {expected}.",
        "Export the column as text, without a decimal point.",
    ),
    "cell-length": Entry(
        _E,
        None,
        "Column {ref} is {value}, which has another length; wanted is {expected}.",
        "Correct it in the ERP, and export the file again.",
    ),
    "cell-form": Entry(
        _E,
        None,
        "Column {ref} is {value}, which has another form; wanted is {expected}.",
        "Correct it in the ERP, and export the file again.",
    ),
    "cell-check": Entry(
        _W,
        None,
        "Column {ref} is {value}, whose check digit should be {expected}.",
        "Compare it with the item or the label: a digit is wrong.",
    ),
    "cell-code": Entry(
        _E,
        None,
        "Column {ref} is {value}; the table knows {expected}.",
        "Write one of these words, or add the ERP's word to codes in the table.",
    ),
    "cell-number": Entry(_E, None, "Column {ref} is {value}, no number as wanted: {expected}.", "Write the bare number."),
    "cell-grouped": Entry(
        _E, None, "Column {ref} is {value}, with marks between thousands; wanted are {expected}.", "Export numbers without them."
    ),
    "cell-decimal": Entry(
        _E,
        None,
        "Column {ref} is {value}, with another decimal mark; wanted are {expected}.",
        "Export numbers as the table says, or change decimal in the table.",
    ),
    "cell-date": Entry(
        _E,
        None,
        "Column {ref} is {value}; wanted is {expected}.",
        "Export dates in the form that the table says, or change date in the table.",
    ),
    "cell-time": Entry(
        _E,
        None,
        "Column {ref} is {value}; wanted is {expected}.",
        "Export times in the form that the table says, or change time in the table.",
    ),
    "cell-unfit": Entry(
        _E,
        None,
        "{path} is {value}, which the file cannot say; wanted is {expected}.",
        "Correct the document, or the column's row in the table.",
    ),
    "cell-width": Entry(
        _E,
        None,
        "{path} is {value}, too long for column {ref}: {expected}.",
        "Make the column wider in table and ERP; nothing is cut.",
    ),
    "cell-character": Entry(
        _E,
        None,
        "{path} is {value}, which column {ref} cannot hold: {expected}.",
        "Choose an encoding in the table that has the character, such as utf-8, if the ERP can read it.",
    ),
    "cell-formula": Entry(
        _W,
        None,
        "{path} is {value}, which a spreadsheet would take for a formula; column {ref} holds it as it is.",
        "Nothing to do for an ERP. Do not open the file in a spreadsheet.",
    ),
    "cell-more": Entry(
        _W,
        None,
        "{path} has more entries than the columns of the file show: {expected}.",
        "Look at the document for the others, or add columns to the table.",
    ),
}
