"""pyx12: its reader of segments. Its validator has no map of an 850 (see peers.toml)."""

import pyx12.x12file
from timing import measured


def read(path):
    """The number of orders in a file."""
    with pyx12.x12file.X12Reader(path) as segments:
        sets = sum(segment.get_seg_id() == "ST" for segment in segments)
        if wrong := segments.pop_errors():
            raise ValueError(wrong[0])
    return sets


if __name__ == "__main__":
    measured("pyx12", read)
