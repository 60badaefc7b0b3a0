"""The exchange: a folder in which an ERP that can only read and write files meets a partner's mailbox.

    setup.py settings.py       a new folder, and its exchange.toml
    room.py                    an exchange that is open: settings, ledger, the moment
    ledger/ series.py          all that ever happened (SQLite), and the names of number series
    files/                     every call to the file system

    run.py alone.py            one pass, and passes on end; one thing dealt with alone
    arrivals.py                files that can be taken
    incoming.py intake.py      an interchange judged and answered; what its sets mean
    revise.py reconcile.py     a change applied to its order; what the partner says of what was sent
    handover.py lists.py       an order for the ERP, with the supplier's own lists (crossref/)
    answers.py origin.py       the ERP's files (columns/), and where in them a value stood
    loads.py send.py paper.py  which cartons travel together; a document judged, numbered, written
    balance.py                 what was ordered, shipped, invoiced, and is open
    dispatch.py                the outbox published
    decide.py drafts.py        what a person decides; answers drafted from the ledger
    problems.py                PROBLEMS.txt

    rules.py deadlines.py preflight.py manifest.py    dated rules: what is due when, what would be charged for
    progress.py status.py log.py evidence.py prune.py privacy.py    what is done, waits, is late; what happened; guests masked
    adopt.py oldfiles.py history.py    what a former provider, or the archive, knows

Everything that others see is recorded before it is published and marked after: a pass that is cut short is finished by the next,
with the same bytes under the same numbers. Nothing of a document becomes a path, a shell word or SQL.
"""
