"""ansi-x12: tokenize, parse, inspect, as its README shows it."""

from pathlib import Path

from timing import measured
from x12 import inspect_x12_interchange, parse_x12_interchange, tokenize_x12


def read(path):
    """The number of orders in a file."""
    interchange = parse_x12_interchange(tokenize_x12(Path(path).read_bytes()))
    inspect_x12_interchange(interchange)
    return sum(len(group.transactions) for group in interchange.groups)


if __name__ == "__main__":
    measured("ansi-x12", read)
