"""Every call to the file system that the exchange makes, and the only place that depends on POSIX.

    folders.py   folders made, marked as shares, found fit to be worked in
    scan.py      what waits in a folder, oldest first; what is no file to be taken
    claims.py    a file taken by one process only, read, and removed or given back
    placing.py   a file published, replaced, archived: whole, on disk, or not there at all
    reading.py   files read
    locks.py     locks that die with their process
    names.py     safe names from untrusted text; names shown to people
    faults.py    what the operator is told: path, what was tried, what to do

Bytes are carried, never understood. Anything the operating system refuses is a ``FileFault``.
"""

from translator.exchange.files.claims import Claimed, claim, claimed_left, done, leave, read_claimed, unclaim
from translator.exchange.files.faults import Busy, Changed, FileFault, Forbidden, NameTaken, NotMounted, TooLarge
from translator.exchange.files.folders import check_folder, ensure_folders, marked, private, real
from translator.exchange.files.locks import lock
from translator.exchange.files.names import safe_name, shown
from translator.exchange.files.placing import archive, archive_all, mark, publish, publish_all, remove, replace, sweep
from translator.exchange.files.reading import age, below, content, exists, names, peek, read, size
from translator.exchange.files.scan import Look, Odd, Waiting, look, unchanged

__all__ = [
    "Busy",
    "Changed",
    "Claimed",
    "FileFault",
    "Forbidden",
    "Look",
    "NameTaken",
    "NotMounted",
    "Odd",
    "TooLarge",
    "Waiting",
    "age",
    "archive",
    "archive_all",
    "below",
    "check_folder",
    "claim",
    "claimed_left",
    "content",
    "done",
    "ensure_folders",
    "exists",
    "leave",
    "lock",
    "look",
    "mark",
    "marked",
    "names",
    "peek",
    "private",
    "publish",
    "publish_all",
    "read",
    "read_claimed",
    "real",
    "remove",
    "replace",
    "safe_name",
    "shown",
    "size",
    "sweep",
    "unchanged",
    "unclaim",
]
