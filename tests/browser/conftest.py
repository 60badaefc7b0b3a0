"""A browser for the tests of this folder: Debian's Chromium, driven by Playwright. `make browser` sees to both."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent.parent
FOUND = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests. CHROMIUM names another than the one that is found."""
    assert FOUND, "there is no Chromium: run `make browser`, or name one: CHROMIUM=/path/to/chromium"
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=FOUND, args=["--disable-gpu", "--disable-background-networking"])
        yield started
        started.close()


class Desk:
    """Pages of one test. What goes wrong in them is kept in ``wrong``: errors of scripts, what the console says, requests."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.wrong: list[str] = []

    def open(self, address: str, *, width: int = 1280, height: int = 900, own: str = "file://", **more: Any) -> Page:
        """A page at an address, in a context of its own; requests to anywhere but ``own`` are wrong."""
        context = self.browser.new_context(viewport={"width": width, "height": height}, **more)
        page = context.new_page()
        page.on("console", lambda said: self.wrong.append(said.text))
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("request", lambda request: None if request.url.startswith(own) else self.wrong.append(request.url))
        page.goto(address)
        return page


@pytest.fixture
def desk(browser: Browser) -> Iterator[Desk]:
    """Pages that may make no sound."""
    made = Desk(browser)
    yield made
    for context in browser.contexts:
        context.close()
    assert made.wrong == []
