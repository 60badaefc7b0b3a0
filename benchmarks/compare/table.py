"""The table of a comparison, as Markdown: what was measured of each tool goes in, text comes out. Nothing is measured here."""

from __future__ import annotations

from typing import Any

KINDS = {
    "segments": "segments",
    "envelope": "segments, envelope checked",
    "validated": "validated",
    "document": "validated business document",
}
_HEAD = ("tool", "what it does", "1 MB, MB/s", "10 MB, MB/s", "peak memory, MB", "cold start, ms")
_NOTE = (
    "In brackets: how many times this translator's own figure, measured right before in the same run. Peak memory is that "
    "of 10 MB, of 1 MB where 10 could not be read; a cold start is a process that reads one small order."
)
Row = dict[str, Any]


def table(rows: list[Row], about: str) -> str:
    """The table and, below it, each tool in words.

    A row is an entry of ``peers.toml`` with what was measured: ``version``, and ``measures``, where each of ``1``, ``10``,
    ``peak`` and ``cold`` is a pair (the figure, the same figure of this translator in the same minute), and ``failed``: by the
    name of a measure, or ``all``, why there is none.
    """
    lines = [about, "", f"| {' | '.join(_HEAD)} |", f"|{'---|' * 2}{'---:|' * 4}"]
    for row in rows:
        figures = [_cell(row, name, digits) for name, digits in (("1", 1), ("10", 1), ("peak", 0), ("cold", 0))]
        name = "**this translator**" if row["name"] == "ours" else row["name"]
        lines.append(f"| {name} {row.get('version', '')} | {KINDS[row['kind']]} | {' | '.join(figures)} |".replace("  ", " "))
    lines += ["", _NOTE, ""]
    for row in rows:
        name = "This translator" if row["name"] == "ours" else f"**{row['name']}**"
        how = "" if row["installer"] == "none" else f" ({row['installer']})"
        lines.append(f"- {name}{how}: {row['does']}. What it does not do: {row['lacks']}.")
        lines += [f"  {_place(where)} it could not: {why}" for where, why in row.get("failed", {}).items()]
    return "\n".join(lines) + "\n"


def _cell(row: Row, name: str, digits: int) -> str:
    """A figure and its ratio; where there is none, that it could not."""
    pair = row.get("measures", {}).get(name)
    if pair is None:
        return "could not"
    figure, ours = pair
    ratio = "" if row["name"] == "ours" else f" ({figure / ours:.2f})"
    return f"{figure:.{digits}f}{ratio}"


def _place(where: str) -> str:
    return {"1": "With 1 MB", "10": "With 10 MB", "peak": "For memory", "cold": "With one small order"}.get(where, "At all,")
