"""Findings of the exchange: balances, dated rules, the supplier's lists, changes of orders. Nothing is computed."""

from __future__ import annotations

from translator.catalogue.entry import ERROR as _E
from translator.catalogue.entry import WARNING as _W
from translator.catalogue.entry import Entry

EXCHANGED: dict[str, Entry] = {
    # --- before a document goes out: the partner's dated rules (compliance.toml), which overrule the severity -----------------
    "preflight-casepack": Entry(
        _E,
        None,
        "{path} is {value}; the order has a case pack of {expected}.",
        "Correct it, or ask the buyer to change the order: the case pack is compared on receipt.",
    ),
    "preflight-inner-pack": Entry(
        _E,
        None,
        "{path} is {value}; the inner pack of the order is {expected}.",
        "Send the inner pack exactly when the order has one, and then the order's.",
    ),
    "preflight-quantity": Entry(
        _E,
        None,
        "{path} brings the line to {value}; the order has {expected}.",
        "Correct the quantity, or have the order raised first: what was not ordered is charged back or sent back.",
    ),
    "preflight-multiple": Entry(
        _W,
        None,
        "{path} brings the line to {value}, which does not fill cartons of {expected}.",
        "Nothing to do when the last carton really goes short; otherwise correct the quantity.",
    ),
    "preflight-barcode": Entry(
        _E,
        None,
        "{path} is {value}; the order has {expected}.",
        "Send the item number of the order; if the goods bear another one, ask the buyer before they leave.",
    ),
    "preflight-bol-missing": Entry(
        _W,
        None,
        "{path} is missing; expected {expected}.",
        "Take it from the carrier's papers; goods that go as parcels may have none.",
    ),
    "preflight-bol-form": Entry(
        _E, None, "{path} is {value}; expected {expected}.", "Write it as on the bill of lading, without other characters."
    ),
    "preflight-early": Entry(
        _W,
        None,
        "{path} is {value}, before the first day of the order's window, {expected}.",
        "Hold the goods, or ask the buyer for another window. Goods that have left are announced all the same.",
    ),
    "preflight-late": Entry(
        _W,
        None,
        "{path} is {value}, after the last day of the order's window, {expected}.",
        "Ask the buyer for another window. Goods that have left are announced all the same.",
    ),
    "preflight-fill-rate": Entry(
        _W,
        None,
        "{path}: nothing more comes, and {value} is shipped; expected at least {expected}.",
        "Ship the rest in time, or tell the buyer: the order as it first came is the measure, also after a change.",
    ),
    "preflight-cartons": Entry(
        _W,
        None,
        "{path} is {value}; cartons with a label of their own are {expected}.",
        "Count the cartons again: each has a label, and each label goes on one carton.",
    ),
    "preflight-sscc": Entry(
        _E, None, "{path} is {value}; its check digit would be {expected}.", "Read the number from the label again, all 18 digits."
    ),
    # --- the exchange: what an ERP's document takes from its orders ------------------------------------------
    "line-overshipped": Entry(
        _E,
        None,
        "{path} is {value}: more than is left to ship of the line ({expected}).",
        "Ship what is open. If more was wanted, ask the buyer for a change of the order first.",
    ),
    "line-overbilled": Entry(
        _E,
        None,
        "{path} is {value}: more than was shipped of the line and not billed ({expected}).",
        "Bill what was shipped. If more was shipped, send its ship notice first.",
    ),
    "line-unshipped": Entry(
        _W,
        None,
        "{path} is {value}, and so much was not shipped yet ({expected}).",
        "Nothing to do: the invoice waits for its ship notice. If goods left, send the ship notice.",
    ),
    "document-repeated": Entry(
        _E,
        None,
        "{path} {value} was used before, for another document ({expected}).",
        "Numbers are used once and never again, not even next year: give it another. "
        "To send the first again: `translator exchange resend`.",
    ),
    "label-reused": Entry(
        _E,
        None,
        "{path}: the label {value} stands on a carton of shipment {expected}.",
        "Give the carton a label of its own: a number is not used again within twelve months.",
    ),
    # --- the supplier's own lists: items.csv and locations.csv --------------------------------------------------
    "list-unreadable": Entry(
        _E,
        None,
        "{path}: this list cannot be read: {expected}.",
        "Save it again as CSV. Until then nothing that needs it is handed on.",
    ),
    "list-awaited": Entry(
        _E,
        None,
        "{path} cannot be looked up in {expected}, which cannot be read.",
        "Mend the list: what is wrong with it is told of the list itself. Nothing that needs it is handed on before.",
    ),
    "list-header": Entry(
        _E,
        None,
        "{path}, the header: {expected}.",
        "Correct the header. A column for your own remarks is called note.",
    ),
    "list-row": Entry(
        _E,
        None,
        "{path} has {value} cells, more than the header, which has {expected}: a comma or semicolon stands inside a cell.",
        "Put that cell into quotation marks, as saving from a spreadsheet does. The row was not read.",
    ),
    "list-cell": Entry(
        _E,
        None,
        "{path} is {value}: {expected}.",
        "Format the column as text before you type into it, and open the file by importing it with all columns as text.",
    ),
    "list-doubtful": Entry(
        _W,
        None,
        "{path} is {value}; expected {expected}.",
        "It is used as it stands, or with its zeros put back. Check what was meant.",
    ),
    "item-ambiguous": Entry(
        _E,
        None,
        "{path} is {value}, which items.csv has for more than one item, or in different ways: {expected}.",
        "Give each item a row with numbers that are its own; take out rows that no longer hold.",
    ),
    "item-unknown": Entry(
        _E,
        None,
        "{path}: items.csv has no row for {value}; add the row {expected} and complete it.",
        "Add the row to items.csv. What needs it waits; an order is received and acknowledged all the same.",
    ),
    "item-conflict": Entry(
        _E,
        None,
        "{path}: by items.csv {value}, but {expected}.",
        "Find out which item is ordered: correct items.csv, or ask the buyer.",
    ),
    "item-unit": Entry(
        _E,
        None,
        "{path} is {value}; items.csv has the item for other units: {expected}.",
        "Add a row for this unit, with its own factor.",
    ),
    "item-broken": Entry(
        _E,
        None,
        "{path} is {value}, which is in items.csv with a fault: {expected}.",
        "Mend the row: what is wrong with it is told of items.csv itself.",
    ),
    "quantity-uneven": Entry(
        _E,
        None,
        "{path} is {value}, which does not come out even: {expected}.",
        "Correct the quantity or the factor in items.csv; nothing is rounded.",
    ),
    "quantity-disagrees": Entry(
        _E,
        None,
        "{path} is {value}, but the quantity beside it is {expected}.",
        "Say it once, or the same in both units.",
    ),
    "price-differs": Entry(
        _W,
        None,
        "{path} is {value}; agreed on is {expected}.",
        "Settle it with the buyer before you ship, or correct the price in items.csv.",
    ),
    "price-uneven": Entry(
        _E,
        None,
        "{path} is {value} for one {expected}; in the unit of the order that is no exact price.",
        "Give the price as the order has it, or leave it out: what the order says is then filled in.",
    ),
    "unit-unknown": Entry(
        _E,
        None,
        "{path} is {value}; expected {expected}.",
        "Count in the unit of the order, or in the one that items.csv has for the item.",
    ),
    "sku-unknown": Entry(
        _E,
        None,
        "{path} is {value}, which is on no line of the order: {expected}.",
        "Correct the sku, or name the line as the order does.",
    ),
    "sku-ambiguous": Entry(
        _E,
        None,
        "{path} is {value}, which is on more than one line of the order: {expected}.",
        "Name the line beside the sku.",
    ),
    "sku-differs": Entry(
        _E,
        None,
        "{path} is {value}, but the line that is named has another: {expected}.",
        "Correct the line or the sku.",
    ),
    "location-new": Entry(
        _W,
        None,
        "{path} is {value}, a location that locations.csv did not have; it is added there.",
        "Complete its row: customer, ship-to, kind. Until then your ERP is not told which customer it is.",
    ),
    "location-open": Entry(
        _W,
        None,
        "{path} is {value}, for which locations.csv lacks {expected}.",
        "Complete the row: until then your ERP is not told which customer it is.",
    ),
    "location-ambiguous": Entry(
        _E,
        None,
        "{path} is {value}, which locations.csv has more than once, with different numbers: {expected}.",
        "Leave one row for each location.",
    ),
    # --- a change applied to its order: errors were not applied, warnings were -------------------------------
    "change-unknown": Entry(
        _E,
        None,
        "{path} is {value}: no change that the rules know ({expected}); nothing was done about it.",
        "Ask the buyer what is meant. If the partner has announced it, add it to [derive.change] of derive.toml.",
    ),
    "change-after-cancel": Entry(
        _E,
        None,
        "{path} is {value}, but the order was cancelled before: nothing was changed.",
        "Ask the buyer whether the order is wanted after all; a new order may be on its way.",
    ),
    "change-order-differs": Entry(
        _W,
        None,
        "{path} is {value}; the order says {expected}.",
        "Number and release are the same, and a change cannot change this: check that it is the order that is meant.",
    ),
    "change-lines-idle": Entry(
        _W,
        None,
        "{path}: the whole order is cancelled, and {value} of its lines are named besides.",
        "Ask the buyer whether the other lines are still wanted. All of it is held as cancelled until then.",
    ),
    "change-lines-missing": Entry(
        _E,
        None,
        "{path}: the order is to be replaced, and no line says by what; its lines were left as they are.",
        "Ask the buyer whether the lines stay, or the order is cancelled.",
    ),
    "change-line-unknown": Entry(
        _E,
        None,
        "{path} is {value}, which names no one line of the order; its lines are {expected}. Nothing was done about it.",
        "Ask the buyer which line is meant, or whether it should have been added.",
    ),
    "change-line-repeated": Entry(
        _E,
        None,
        "{path} is {value}: the line is to be added, and the order has it already. It was left as it is.",
        "Ask the buyer whether it is a line of its own, or stands for the one there is.",
    ),
    "change-line-added": Entry(
        _W, None, "{path} is {value}: a line was added.", "Check that the item can be delivered with the rest of the order."
    ),
    "change-line-omitted": Entry(
        _W,
        None,
        "{path}: the order is replaced, and line {value} is not in it any more: it was cancelled.",
        "Check that nothing of it has left yet.",
    ),
    "change-item-differs": Entry(
        _E,
        None,
        "{path} is {value}; the order's line has {expected}. Nothing was changed in it.",
        "Line number and item do not belong together: ask the buyer which of the two is meant.",
    ),
    "change-unit-differs": Entry(
        _E,
        None,
        "{path} is {value}; the order's line is in {expected}. Nothing was changed in it.",
        "Ask the buyer for the quantity in the unit of the order; nothing is converted.",
    ),
    "change-quantity-unclear": Entry(
        _E,
        None,
        "{path} is {value}; expected {expected}. It looks like the difference, not the new quantity, and was not applied.",
        "Ask the buyer how much is wanted now. If the partner always sends differences, say so in [derive.change] of derive.toml.",
    ),
    "change-value-unusable": Entry(
        _E, None, "{path} is {value}; expected {expected}. It was not applied.", "Ask the buyer for it."
    ),
    "change-beside": Entry(
        _W,
        None,
        "{path} is {value}, the order says {expected}; the kind of change does not name it, so it was not applied.",
        "Ask the buyer which of the two holds, above all before you bill.",
    ),
}
