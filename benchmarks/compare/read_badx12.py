"""badx12: ``Parser().parse_document``, as its README shows it. One name that newer Pythons lack is put back first."""

import collections
import collections.abc

collections.Iterable = collections.abc.Iterable  # gone since Python 3.10; badx12 imports it

from badx12 import Parser  # noqa: E402
from timing import measured  # noqa: E402


def read(path):
    """The number of orders in a file."""
    document = Parser().parse_document(path)
    return sum(len(group.transaction_sets) for group in document.interchange.groups)


if __name__ == "__main__":
    measured("badx12", read)
