"""An order answered: canonical orders and a partner's rules go in, drafts of canonical answers and findings come out.

    acknowledgment.acknowledge(order, rules)      every line accepted as ordered
    shipment.ship(orders, rules, serials=…)       cartons by case pack, with the numbers of their labels
    invoice.bill(order, rules, shipment)          what was shipped, or what was ordered, and what it comes to
    missing.missing(document, rules)              what only the supplier knows, in one list
    labels.labels(shipment, orders)               one row a carton, for a label program; a packing list
    sscc.Serials(prefix, serial)                  issues SSCCs, none twice
    receipt.receipts(readings)                    what a partner is told of what it sent: groups, sets, interchanges
    verdict.explain(acknowledgment, sent)         what a partner says of what it was sent

A draft holds what names the order and its lines, and what has to be worked out. Everything else comes from the order by
``walk.answer``: its table, the envelope, and what goes back as it came (item numbers, references, parties, terms). Every
code that is looked for is in ``mappings/PARTNER/derive.toml``. With an error among the findings there is no draft. What is
given is not changed; nothing is read or stored.
"""
