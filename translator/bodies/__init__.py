"""Partners that send JSON through an API: their bodies in, canonical documents out, and requests for what answers them.

    load.py, fields.py    tables of fields (table.py): place in their JSON ⇄ place in the canonical document
    calls.py              what is known of the API: hosts, calls, paging, limits, states
    text.py, values.py    JSON text strictly, and one value between both worlds
    read.py, write.py     orders both ways (entry.py one of them); residue.py what an order's document cannot say
    answer.py             acknowledgments and shipments completed from their orders
    requests.py, split.py the requests that say them

Nothing is sent here: a request is a method, a path and a body.
"""
