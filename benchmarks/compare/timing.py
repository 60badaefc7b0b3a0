"""What the Python drivers share: a reader in, one line of JSON out.

Called as ``driver FILE ROUNDS SECONDS [WARM]``: WARM is read first and not counted, then FILE, ROUNDS times or as often as fits
into SECONDS. The reader gives the number of transaction sets that it saw; what it cannot read is said, not raised. ``peak`` is
the most memory that this process held, in kB (Linux says it of the program alone; what the starting process held is not in it).
"""

import importlib.metadata
import json
import re
import sys
import time
from pathlib import Path


def measured(name, read):
    """Run ``read(path)``, which returns a number of transaction sets, and print what was seen; ``name`` is the distribution's."""
    path, rounds, budget, *warm = sys.argv[1:]
    seconds, seen, failed = [], 0, None
    try:
        for one in warm:
            read(one)
        while len(seconds) < int(rounds) and sum(seconds) + max(seconds, default=0) <= float(budget):
            begin = time.perf_counter()
            seen = read(path)
            seconds.append(time.perf_counter() - begin)
    except Exception as error:  # of somebody else's program: anything
        failed = f"{type(error).__name__}: {error}"
    try:
        version = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        version = sys.modules[name].__version__
    peak = int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1])
    print(json.dumps({"version": version, "sets": seen, "seconds": seconds, "peak": peak, "failed": failed}))
