"""How Sphinx builds the documentation: the reference is made first, then all of it becomes pages. The network is not asked."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parent
sys.path[:0] = [str(DOCS), str(DOCS.parent)]

import making  # noqa: E402
from translator import __version__  # noqa: E402

making.write(DOCS / "reference")

project = "translator"
version = release = __version__
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["README.md"]
myst_heading_anchors = 4
nitpicky = True
language = "en"

html_theme = "furo"
html_title = f"translator {release}"
html_show_sourcelink = False
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
html_static_path = ["look.css"]
html_css_files = ["look.css"]
html_theme_options = {"navigation_with_keys": True}
highlight_language = "none"


def relinked(app: Any, docname: str, source: list[str]) -> None:
    """Links to pages that stand elsewhere in the project lead to their copies on the site."""
    place = DOCS / f"{docname}.md"
    source[0] = making.relinked(source[0], place, place)


def setup(app: Any) -> None:
    app.connect("source-read", relinked)
