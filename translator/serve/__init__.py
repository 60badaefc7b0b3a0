"""The local page: a browser on this computer asks; X12 with its meaning, answers to orders, the state of an exchange come out.

    app.py       the pages and their addresses
    guard.py     who is let in: this computer, this page's own forms, so many bytes
    upload.py    what a form sent, in memory, within limits
    inspect.py   X12 read within limits of size and time
    asks.py      what a form asks for, kind by kind
    offers.py    which answers an order takes
    answer.py    an order and what was filled in: the form again, or the X12 of the answer
    form.py      the form itself; places.py: which field is which place of a document
    folder.py    the state of an exchange folder, its ledger opened for reading only

Nothing is sent, nothing is kept: what a page needs again it carries in its own form. No text of a request becomes a path.
"""
