"""The exchange: a folder in which an ERP that can only read and write files meets a partner's mailbox.

    setup.py       a new folder                      run.py        one pass, and passes on end
    settings.py    exchange.toml                     arrivals.py   files that can be taken
    room.py        an exchange that is open          incoming.py   an interchange judged and answered
    ledger/        all that ever happened (SQLite)   intake.py     what its sets mean
    files/         every call to the file system     handover.py   an order for the ERP
    columns/       the ERP's CSV and fixed width     answers.py    the ERP's files
    crossref/      items.csv and locations.csv       loads.py      which cartons travel together
    revise.py      a change applied to its order     send.py       a document judged, numbered, written
    balance.py     ordered, shipped, invoiced        reconcile.py  what the partner says of it
    rules.py       dated rules of a partner          dispatch.py   the outbox published
    deadlines.py   what is due when                  decide.py     what a person decides
    preflight.py   what would be charged for         problems.py   PROBLEMS.txt
    progress.py    how far an order is            status.py     what is done, waits, is late
    log.py         what happened to an order      evidence.py   all of an order in one zip
    privacy.py     guests masked                  prune.py      what is finished for long is removed

Everything that others see is recorded before it is published and marked after: a pass that is cut short is finished by the next,
with the same bytes under the same numbers. Nothing of a document becomes a path, a shell word or SQL.
"""
