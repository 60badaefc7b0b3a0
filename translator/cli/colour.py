"""Whether a stream wants colour. It knows no command, and prints nothing."""

from __future__ import annotations

import os
from typing import Any


def coloured(stream: Any) -> bool:
    """Whether colour is wanted on a stream: a terminal that knows it, and no ``NO_COLOR`` (any value but an empty one)."""
    return bool(stream.isatty()) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
