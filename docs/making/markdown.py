"""Texts as Markdown: escaped, in backquotes, in tables."""

from __future__ import annotations

import re
from collections.abc import Sequence


def plain(text: str) -> str:
    """A text of ours as Markdown that shows it as it is, but for `code` in backquotes."""
    parts = re.split(r"(`[^`\n]+`)", text)
    special = re.compile(r"([\\*_\[\]<>|#~$])")
    return "".join(part.replace("|", "\\|") if n % 2 else special.sub(r"\\\1", part) for n, part in enumerate(parts))


def code(text: str) -> str:
    """A text in backquotes, such that it may stand in a table."""
    text = text.replace("|", "\\|").replace("\n", " ")
    return f"`{text}`" if text and "`" not in text else text and f"`` {text} ``"


def table(head: list[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """The lines of a table, an empty line before them; none without rows."""
    if not rows:
        return []
    return ["", "| " + " | ".join(head) + " |", "|" + "---|" * len(head), *("| " + " | ".join(row) + " |" for row in rows)]


def said(value: object) -> str:
    """A value of a table as a person says it."""
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def slug(heading: str) -> str:
    """A heading as a link names it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
