"""What a form sent: a request goes in, its fields as text and its file as bytes come out, all in memory and within limits.

The names and values are whatever somebody sent: nothing here is believed, and the name of a file is not looked at.
"""

from __future__ import annotations

import base64
import secrets

from attrs import define, field
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from translator.serve.guard import LARGEST

_FIELDS = 6000  # as many as a form for the longest order has
CARRIED = "source"  # the field in which a form carries the file that it is about
_TEXT = LARGEST  # bytes of a field: what is pasted is one


class Unfit(Exception):
    """What was sent is not what this page's forms send; the sentence says so."""


@define(eq=False)
class Sent:
    """``texts`` are the fields; of a name that came twice the first. ``data`` is the file, or what was pasted instead."""

    texts: dict[str, str] = field(factory=dict)
    data: bytes = b""


class _Parser(MultiPartParser):
    spool_max_size = LARGEST + 1  # no file of what was sent is ever made


async def sent(request: Request, token: str) -> Sent:
    """The form of a request. Raises ``Unfit``, and what the guard raises while the body comes."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise Unfit("The page's own forms send multipart/form-data.")
    parser = _Parser(request.headers, request.stream(), max_files=1, max_fields=_FIELDS, max_part_size=_TEXT)
    try:
        form = await parser.parse()
    except (MultiPartException, ValueError) as error:
        raise Unfit("The form did not arrive whole, or has more fields than any of this page.") from error
    made = Sent()
    try:
        for name, value in form.multi_items():
            if not isinstance(value, UploadFile):
                made.texts.setdefault(name, value.encode("utf-8", "replace").decode())  # whatever its charset was said to be
            elif name == "file":
                made.data = await value.read()
    finally:
        await form.close()
    if not secrets.compare_digest(made.texts.pop("token", "").encode(), token.encode()):
        raise Unfit("This form is from before the program was started again. Begin at the start page: what you gave is not kept.")
    if text := made.texts.pop(CARRIED, ""):
        try:
            made.data = base64.b64decode(text, validate=True)
        except ValueError as error:
            raise Unfit("What this form carries was changed on its way. Begin at the start page.") from error
    elif not made.data:
        made.data = pasted(made.texts.pop("text", ""))
    return made


def carried(data: bytes) -> str:
    """A file as a form carries it from page to page: byte for byte, which the text of a form is not."""
    return base64.b64encode(data).decode("ascii")


def pasted(text: str) -> bytes:
    """What was pasted, as a file would have it: a browser makes every line end CR LF, and X12 is bytes.

    A character is one byte, as X12 is read; text with others is UTF-8, and findings say what X12 does not take.
    """
    text = text.replace("\r\n", "\n").lstrip("\ufeff")
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace")
