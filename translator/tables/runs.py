"""Runs: lists whose objects all looked alike when they were written. A pen notes them, and the plan that reads back looks for them.

A plan that finds in the text, segment for segment, the values of a run where the run is said to be has read its objects, and
need not make them once more. Nothing is done here.
"""

from __future__ import annotations

from typing import Any

from attrs import define

Columns = tuple[str, ...]  # places in the objects of a run, as in "ids.upc", in the order in which their segments have the values


@define(eq=False, repr=False)
class Run:
    """The objects of a list, their values by column, and how many characters their segments are."""

    objects: list[dict[str, Any]]
    columns: Columns
    rows: list[tuple[Any, ...]]
    size: int


Runs = dict[str, list[Run]]  # by the path of the list, in the order in which they were written
