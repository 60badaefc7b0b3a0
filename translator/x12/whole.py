"""Whether a file has come whole: in go the bytes of a file, out comes yes or no. Nothing in it is judged.

Whoever copies a file into a folder may be slow, and may stop: only the trailer that names the header's control number says
that nothing is missing (X12.5: IEA02 repeats ISA13). The envelope's own reader finds header and trailer, so that delimiters,
wrapped lines and the letters ISA inside a value are seen here as everywhere.
"""

from __future__ import annotations

from io import BytesIO

from translator.errors import NotX12
from translator.x12.envelope import parts
from translator.x12.numbers import integer
from translator.x12.part import Part
from translator.x12.wire import LAYOUT, Limits, Window

_PADDING = LAYOUT + "\x1a"
_NONE = 1 << 62


def ends_whole(data: bytes) -> bool:
    """Whether the last segment is the IEA of the last ISA; blanks, line ends, NULs and a Ctrl-Z may follow it.

    Numbers are compared without their leading zeros. Of several interchanges in a file only the last can be seen to be
    missing its end: one that was not begun yet is seen by looking twice, not here.
    """
    last: Part | None = None
    # No limit on lengths here: a file is whole or not, however odd; what is too long is said by whoever reads it.
    limits = Limits(segment=_NONE, element=_NONE, segments=_NONE, findings=0)
    try:
        for part in parts(Window(BytesIO(data).read), limits):
            if part.text.strip(_PADDING):
                last = part
    except NotX12:
        return False
    if last is None or last.envelope is None or last.values[:1] != ["IEA"] or len(last.values) < 3:
        return False
    said, header = last.values[2], last.envelope.isa[12]
    if said == header:
        return bool(said.strip())
    number = integer(said)
    # Half of the number 000000000 is 0 as well: it has to be there with all its digits.
    return number is not None and number != 0 and number == integer(header)
