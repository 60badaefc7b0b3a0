"""mock-edi: its server in this process, and what it says of a file, as its README shows it (validate only)."""

from pathlib import Path

from mockedi.testing import Mock
from timing import measured


def main():
    """The server starts once; what is timed is a call."""
    with Mock.start() as mock:

        def read(path):
            """The number of orders in a file: each has a line of its own."""
            said = mock.findings(Path(path).read_text(encoding="ascii"))
            return sum(line.startswith("850/") for line in said)

        measured("mock-edi", read)


if __name__ == "__main__":
    main()
