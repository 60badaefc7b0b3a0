"""Files segment by segment on a terminal or in a pipe, one set at a time."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from translator.cli.colour import coloured
from translator.cli.console import each_file, name_of, opened

if TYPE_CHECKING:
    from translator.x12.wire import Limits

# How a style of ``show.segments`` looks on a terminal.
_LOOKS: dict[str, dict[str, object]] = {
    "title": {"bold": True, "underline": True},
    "segment": {"fg": "cyan", "bold": True},
    "value": {"bold": True},
    "meaning": {"fg": "green"},
    "path": {"dim": True},
    "error": {"fg": "red", "bold": True},
    "warning": {"fg": "yellow", "bold": True},
}


def show_segments(
    files: tuple[str, ...],
    only: tuple[str, ...],
    findings: bool,
    paths: bool,
    limits: Limits,
    guide: str | None,
    mappings: Path | None,
) -> int:
    """Print the segments of files, one set at a time; the exit code."""
    from translator.findings import has_errors
    from translator.show.annotate import annotated
    from translator.show.segments import Filter, printed, wanted

    try:
        chosen = Filter(wanted(only), findings)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--only") from error
    width = max(shutil.get_terminal_size((80, 24)).columns, 60)
    plain = not coloured(sys.stdout)
    failed: set[int] = set()
    for file in files:
        shown = 0
        if len(files) > 1:
            click.echo(click.style(f"{name_of(file)}:", bold=not plain), color=not plain)
        with each_file(file, failed), opened(file) as stream:
            for one in annotated(stream, guide=guide, mappings=mappings, limits=limits, name=name_of(file)):
                for spans in printed(one, width, chosen=chosen, paths=paths):
                    styled = "".join(text if plain else click.style(text, **_LOOKS.get(style, {})) for text, style in spans)  # type: ignore[arg-type]
                    click.echo(styled.rstrip() if plain else styled, color=not plain)
                    shown += 1
                if has_errors(one.all_findings):
                    failed.add(1)
            if not shown:
                click.echo("No segment here is as was asked." if only or not findings else "No finding: nothing to show.", err=True)
    return max(failed, default=0)
