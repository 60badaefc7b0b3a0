"""The supplier's own cross references: two lists that an analyst keeps in a spreadsheet, and what documents gain by them.

    rules.rules(partner)                      which item numbers and locations a partner has: mappings/PARTNER/crossref.toml
    items.read(data, rules)                   items.csv: the buyer's item numbers -> own sku, unit, factor, price
    items.applied(order, items)               an order with the ERP's sku, quantity and unit beside its own
    items.back(document, orders, items)       an answer in the ERP's skus and units -> the order's lines and units
    locations.read(data, rules)               locations.csv: location -> name, address, ERP customer, ERP ship-to
    locations.applied(order, locations)       an order with the ERP's customer and ship-to; locations not met before
    locations.added(data, rows, rules)        the file's bytes with those locations at its end
    items.template(rules), locations.template()   the files to begin with

Bytes and documents go in, documents, bytes and findings come out. No file is read or written, nothing given is changed. An
empty list of items converts nothing: a supplier without own numbers needs none. A list that cannot be read holds whatever
needs it: a finding of severity error says so at each order.

For the spreadsheet: open both files by importing them (Data, From Text/CSV) with every column as text, and save them as
CSV; a double click turns 0551 into 551. Rows whose first cell begins with # are remarks, and stay.
"""
