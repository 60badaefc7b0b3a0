"""draftedi: ``parse_edi_file`` and the check that needs no specification, as its README shows them."""

from pathlib import Path

from draftedi.parser import parse_edi_file
from draftedi.validate import check_envelope
from timing import measured


def read(path):
    """The number of orders in a file."""
    sets = 0
    for interchange in parse_edi_file(Path(path).read_bytes(), source=path)["interchanges"]:
        for group in interchange["groups"]:
            for transaction in group["transactions"]:
                sets += 1
                if wrong := check_envelope(transaction, transaction["segments"]):
                    raise ValueError(wrong[0])
    return sets


if __name__ == "__main__":
    measured("draftedi", read)
